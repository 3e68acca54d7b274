//! A charging profile as it was installed.

use core::fmt;
use core::num::NonZeroU64;

use crate::message::{DateTime, Number, ObjectView, Open, Read, Text, Timestamp, Value};
use crate::v21::OperationMode;

/// Millionths of an ampere or watt, whichever the schedule counts in; positive towards the vehicle.
///
/// OCPP allows at most six decimal places from the CSMS; a limit with more is cut towards zero.
///
/// Kept in offset binary, which orders as the values do and leaves 0 free, so that `Option<Micro>` takes no more room.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Micro(NonZeroU64);

impl Micro {
    /// From millionths; `i64::MIN` becomes its neighbour.
    #[must_use]
    pub const fn from_raw(raw: i64) -> Self {
        match NonZeroU64::new(raw.cast_unsigned() ^ SIGN) {
            Some(offset) => Self(offset),
            None => Self(NonZeroU64::MIN),
        }
    }

    /// From whole amperes or watts.
    #[must_use]
    pub const fn from_units(units: i32) -> Self {
        Self::from_raw(units as i64 * 1_000_000)
    }

    /// Millionths.
    #[must_use]
    pub const fn raw(self) -> i64 {
        (self.0.get() ^ SIGN).cast_signed()
    }

    /// Cut towards minus infinity to a number of decimal places: a 1.6 message allows one.
    #[must_use]
    pub const fn floor_to(self, places: u32) -> Self {
        let mut step = 1_000_000;
        let mut left = places;
        while left > 0 && step > 1 {
            step /= 10;
            left -= 1;
        }
        Self::from_raw(self.raw().saturating_sub(self.raw().rem_euclid(step)))
    }

    /// The nearest there is.
    pub(super) fn saturating(raw: i128) -> Self {
        let bound = if raw < 0 { i64::MIN } else { i64::MAX };
        Self::from_raw(i64::try_from(raw).unwrap_or(bound))
    }

    /// From a number of a message; `None` if it does not fit.
    #[must_use]
    pub fn from_number(number: Number<'_>) -> Option<Self> {
        i64::try_from(number.scaled(6).units).ok().map(Self::from_raw)
    }
}

/// The bit that offset binary flips.
const SIGN: u64 = 1 << 63;

impl Default for Micro {
    fn default() -> Self {
        Self::from_raw(0)
    }
}

impl fmt::Debug for Micro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Micro({})", self.raw())
    }
}

/// The exact decimal without needless zeros.
impl fmt::Display for Micro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.raw() < 0 { "-" } else { "" };
        let size = self.raw().unsigned_abs();
        write!(f, "{sign}{}", size / 1_000_000)?;
        let mut rest = size % 1_000_000;
        if rest == 0 {
            return Ok(());
        }
        let mut places = 6_usize;
        while rest.is_multiple_of(10) {
            rest /= 10;
            places -= 1;
        }
        write!(f, ".{rest:0places$}")
    }
}

/// What a schedule's limits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateUnit {
    /// Amperes per phase (K01.FR.51).
    Amperes,
    /// Watts over all phases (K01.FR.50).
    Watts,
}

impl RateUnit {
    /// `A` or `W`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Amperes => "A",
            Self::Watts => "W",
        }
    }

    /// The unit that the wire calls so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "A" => Some(Self::Amperes),
            "W" => Some(Self::Watts),
            _ => None,
        }
    }
}

/// What a profile is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Most the station may draw; on id 0. `ChargePointMaxProfile` in 1.6.
    StationMax,
    /// For any transaction.
    TxDefault,
    /// For one transaction.
    Tx,
    /// Set by local systems (2.x).
    ExternalConstraints,
    /// In force while priority charging is active (2.1).
    Priority,
    /// Adds local capacity (2.1).
    LocalGeneration,
}

impl Purpose {
    /// The purpose that the wire calls so, in any version.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "ChargePointMaxProfile" | "ChargingStationMaxProfile" => Self::StationMax,
            "TxDefaultProfile" => Self::TxDefault,
            "TxProfile" => Self::Tx,
            "ChargingStationExternalConstraints" => Self::ExternalConstraints,
            "PriorityCharging" => Self::Priority,
            "LocalGeneration" => Self::LocalGeneration,
            _ => return None,
        })
    }
}

/// How a schedule recurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recurrence {
    /// Every 24 hours from its start.
    Daily,
    /// Every 7 days from its start.
    Weekly,
}

impl Recurrence {
    /// Its length in seconds.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Daily => 86_400,
            Self::Weekly => 604_800,
        }
    }
}

/// What a schedule's start is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProfileKind {
    /// `startSchedule`.
    Absolute,
    /// `startSchedule`, again and again.
    Recurring(Recurrence),
    /// The moment the transaction's power path closed.
    Relative,
    /// One period whose values are replaced while it runs (2.1).
    Dynamic,
}

/// What holds for one phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// Most that may be drawn.
    pub limit: Option<Micro>,
    /// Most that may be fed back, not positive.
    pub discharge_limit: Option<Micro>,
    /// What is to be drawn, negative: fed back.
    pub setpoint: Option<Micro>,
}

impl Rates {
    /// Nothing is stated.
    pub const NONE: Self = Self { limit: None, discharge_limit: None, setpoint: None };
}

/// A period of a schedule: in force from `start` until the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// Seconds from the schedule's start.
    pub start: i64,
    /// Most that may be drawn; on phase 1 only if `l2` or `l3` states one. `None` (2.1): no limit.
    pub limit: Option<Micro>,
    /// Most that may be fed back, not positive (2.1).
    pub discharge_limit: Option<Micro>,
    /// What is to be drawn, negative: fed back (2.1).
    pub setpoint: Option<Micro>,
    /// Phase 2, where it differs: `limit_L2`, `dischargeLimit_L2`, `setpoint_L2` (2.1).
    pub l2: Rates,
    /// Phase 3, where it differs: `limit_L3`, `dischargeLimit_L3`, `setpoint_L3` (2.1).
    pub l3: Rates,
    /// Phases in use, 1 to 3; `None`: unstated.
    pub phases: Option<u8>,
    /// The phase to use when `phases` is 1.
    pub phase_to_use: Option<u8>,
    /// What the period is about (2.1); `None`: `ChargingOnly`.
    pub mode: Option<OperationMode>,
    /// Points of `v2xFreqWattCurve` (2.1).
    pub curve_points: u8,
}

impl Period {
    /// The rates without those of phases 2 and 3.
    #[must_use]
    pub const fn l1(&self) -> Rates {
        Rates { limit: self.limit, discharge_limit: self.discharge_limit, setpoint: self.setpoint }
    }

    /// Whether phases 2 and 3 have rates of their own: the others are then those of phase 1.
    #[must_use]
    pub fn is_split(&self) -> bool {
        self.l2 != Rates::NONE || self.l3 != Rates::NONE
    }
}

/// A limit that binds from a state of charge on (2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitAtSoc {
    /// State of charge in percent from which the limit binds.
    pub soc: i64,
    /// The limit, in the schedule's unit.
    pub limit: Micro,
}

/// A profile as installed, with its first schedule. Times are whole seconds since 1970-01-01T00:00Z.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile<'a> {
    /// EVSE or connector it is installed on; 0: the station.
    pub evse: i64,
    /// `id` or `chargingProfileId`.
    pub id: i64,
    /// Higher hides lower of the same purpose.
    pub stack_level: i64,
    /// What it is for.
    pub purpose: Purpose,
    /// What its start is counted from.
    pub kind: ProfileKind,
    /// First second of validity.
    pub valid_from: Option<i64>,
    /// First second after its validity.
    pub valid_to: Option<i64>,
    /// The transaction of a `TxProfile`.
    pub transaction: Option<Text<'a>>,
    /// Longest time offline in seconds that it outlives (2.1).
    pub max_offline: Option<i64>,
    /// Once that time has passed, the profile is invalid for ever (2.1).
    pub dies_offline: bool,
    /// `startSchedule`.
    pub start: Option<i64>,
    /// Seconds the schedule lasts.
    pub duration: Option<i64>,
    /// What the limits count.
    pub unit: RateUnit,
    /// The periods.
    pub periods: &'a [Period],
    /// Recurs by local wall time (2.1).
    pub use_local_time: bool,
    /// When a dynamic profile's values were last set (2.1).
    pub dynamic_update: Option<i64>,
    /// Seconds after which the values of a dynamic profile are asked for again (2.1).
    pub dynamic_interval: Option<i64>,
    /// Caps the limit from a state of charge on (2.1).
    pub limit_at_soc: Option<LimitAtSoc>,
    /// `randomizedDelay`: most seconds by which the caller may delay the schedule (2.1).
    pub longest_delay: Option<i64>,
    /// Seconds drawn by the caller within `longest_delay`, once per transaction (2.1); 0 without a transaction.
    pub delay: i64,
    /// How many schedules the profile came with; only the first is kept here.
    pub schedules: usize,
}

/// Why a profile could not be read. It then counts for nothing, as one that cannot be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// A member that is needed is absent, or one cannot be read: without its end or its limit a profile would allow more
    /// than was meant.
    #[error("{field} is missing or unreadable")]
    Field {
        /// The member.
        field: &'static str,
    },
    /// The caller's buffer holds fewer periods than the schedule.
    #[error("{needed} periods do not fit the buffer")]
    Periods {
        /// Periods of the schedule.
        needed: usize,
    },
}

impl<'a> Profile<'a> {
    /// A default profile of the station without any period: what the others are made from with `..Profile::BLANK`.
    pub const BLANK: Profile<'static> = Profile {
        evse: 0,
        id: 0,
        stack_level: 0,
        purpose: Purpose::TxDefault,
        kind: ProfileKind::Absolute,
        valid_from: None,
        valid_to: None,
        transaction: None,
        max_offline: None,
        dies_offline: false,
        start: None,
        duration: None,
        unit: RateUnit::Amperes,
        periods: &[],
        use_local_time: false,
        dynamic_update: None,
        dynamic_interval: None,
        limit_at_soc: None,
        longest_delay: None,
        delay: 0,
        schedules: 1,
    };

    /// Reads a `ChargingProfile` or `csChargingProfiles` of any version into the caller's buffer of periods.
    ///
    /// Of several schedules the first counts. A date without zone is UTC. `null` and `""` are as good as absent.
    ///
    /// # Errors
    /// A member that is needed and absent, one that cannot be read, or a buffer that is too small.
    pub fn read(
        evse: i64,
        profile: ObjectView<'a>,
        buffer: &'a mut [Period],
    ) -> Result<Self, ProfileError> {
        let id = match integer(profile, "id")? {
            None => integer(profile, "chargingProfileId")?,
            id => id,
        };
        let stack_level = integer(profile, "stackLevel")?.ok_or(unreadable("stackLevel"))?;
        let purpose = word(profile, "chargingProfilePurpose", Purpose::parse)?;
        let recurrence = word(profile, "recurrencyKind", |kind| match kind {
            "Daily" => Some(Recurrence::Daily),
            "Weekly" => Some(Recurrence::Weekly),
            _ => None,
        });
        let kind = word(profile, "chargingProfileKind", |kind| match kind {
            "Absolute" => Some(ProfileKind::Absolute),
            "Recurring" => recurrence.ok().map(ProfileKind::Recurring),
            "Relative" => Some(ProfileKind::Relative),
            "Dynamic" => Some(ProfileKind::Dynamic),
            _ => None,
        })?;
        let schedules = profile.get("chargingSchedule").ok_or(unreadable("chargingSchedule"))?;
        let first = schedules.elements().map_or(Some(schedules), |mut list| list.next());
        let schedule =
            first.and_then(|value| value.as_object()).ok_or(unreadable("chargingSchedule"))?;
        Ok(Self {
            evse,
            id: id.ok_or(unreadable("id"))?,
            stack_level,
            purpose,
            kind,
            valid_from: time(profile, "validFrom")?,
            valid_to: time(profile, "validTo")?,
            transaction: optional(profile, "transactionId", Read::read)?,
            max_offline: integer(profile, "maxOfflineDuration")?,
            dies_offline: flag(profile, "invalidAfterOfflineDuration")?,
            start: time(schedule, "startSchedule")?,
            duration: integer(schedule, "duration")?,
            unit: word(schedule, "chargingRateUnit", RateUnit::parse)?,
            periods: read_periods(schedule, buffer)?,
            use_local_time: flag(schedule, "useLocalTime")?,
            dynamic_update: time(profile, "dynUpdateTime")?,
            dynamic_interval: integer(profile, "dynUpdateInterval")?,
            limit_at_soc: optional(schedule, "limitAtSoC", read_limit_at_soc)?,
            longest_delay: integer(schedule, "randomizedDelay")?,
            delay: 0,
            schedules: schedules.elements().map_or(1, Iterator::count),
        })
    }

    /// Whether the schedule can be run: its first period starts at 0 and no later one starts before its forerunner.
    #[must_use]
    pub fn is_runnable(&self) -> bool {
        self.periods.first().is_some_and(|period| period.start == 0)
            && self.periods.is_sorted_by_key(|period| period.start)
    }
}

fn read_limit_at_soc(value: Value<'_>) -> Option<LimitAtSoc> {
    let cap = value.as_object()?;
    let limit = read_micro(cap.get("limit")?)?;
    Some(LimitAtSoc { soc: read_integer(cap.get("soc")?)?, limit })
}

fn read_periods<'b>(
    schedule: ObjectView<'_>,
    buffer: &'b mut [Period],
) -> Result<&'b [Period], ProfileError> {
    const LIST: &str = "chargingSchedulePeriod";
    let list = schedule.get(LIST).ok_or(unreadable(LIST))?;
    let needed = list.elements().ok_or(unreadable(LIST))?.count();
    let room = buffer.get_mut(..needed).ok_or(ProfileError::Periods { needed })?;
    for (slot, value) in room.iter_mut().zip(list.elements().into_iter().flatten()) {
        *slot = read_period(value.as_object().ok_or(unreadable(LIST))?)?;
    }
    Ok(room)
}

fn read_period(object: ObjectView<'_>) -> Result<Period, ProfileError> {
    const START: &str = "startPeriod";
    let mut period = Period::default();
    let mut start = None;
    for (name, value) in object.members() {
        let micro = |field| present(value, field, read_micro);
        // More than three phases there are not, and none (allowed by 2.1) says nothing.
        let phase = |field| -> Result<Option<u8>, ProfileError> {
            let phase = present(value, field, read_integer)?.unwrap_or(0);
            Ok(u8::try_from(phase.min(3)).ok().filter(|phase| *phase > 0))
        };
        match name.as_str().unwrap_or("") {
            START => start = present(value, START, read_integer)?,
            "limit" => period.limit = micro("limit")?,
            "limit_L2" => period.l2.limit = micro("limit_L2")?,
            "limit_L3" => period.l3.limit = micro("limit_L3")?,
            "dischargeLimit" => period.discharge_limit = micro("dischargeLimit")?,
            "dischargeLimit_L2" => period.l2.discharge_limit = micro("dischargeLimit_L2")?,
            "dischargeLimit_L3" => period.l3.discharge_limit = micro("dischargeLimit_L3")?,
            "setpoint" => period.setpoint = micro("setpoint")?,
            "setpoint_L2" => period.l2.setpoint = micro("setpoint_L2")?,
            "setpoint_L3" => period.l3.setpoint = micro("setpoint_L3")?,
            "numberPhases" => period.phases = phase("numberPhases")?,
            "phaseToUse" => period.phase_to_use = phase("phaseToUse")?,
            "operationMode" => {
                period.mode = value.read().and_then(|mode: Open<'_, _>| mode.known());
            }
            "v2xFreqWattCurve" => {
                let points = value.elements().map_or(1, Iterator::count);
                period.curve_points = u8::try_from(points).unwrap_or(u8::MAX);
            }
            _ => {}
        }
    }
    period.start = start.ok_or(unreadable(START))?;
    Ok(period)
}

const fn unreadable(field: &'static str) -> ProfileError {
    ProfileError::Field { field }
}

/// What a member says, if it says anything.
fn present<'a, T>(
    value: Value<'a>,
    field: &'static str,
    read: impl Fn(Value<'a>) -> Option<T>,
) -> Result<Option<T>, ProfileError> {
    if matches!(value.raw(), "null" | "\"\"") {
        return Ok(None);
    }
    read(value).map(Some).ok_or(unreadable(field))
}

fn optional<'a, T>(
    object: ObjectView<'a>,
    field: &'static str,
    read: impl Fn(Value<'a>) -> Option<T>,
) -> Result<Option<T>, ProfileError> {
    object.get(field).map_or(Ok(None), |value| present(value, field, read))
}

fn read_integer(value: Value<'_>) -> Option<i64> {
    value.read::<Number<'_>>()?.to_i64()
}

fn read_micro(value: Value<'_>) -> Option<Micro> {
    Some(Micro::saturating(value.read::<Number<'_>>()?.scaled(6).units))
}

fn integer(object: ObjectView<'_>, field: &'static str) -> Result<Option<i64>, ProfileError> {
    optional(object, field, read_integer)
}

fn flag(object: ObjectView<'_>, field: &'static str) -> Result<bool, ProfileError> {
    Ok(optional(object, field, Read::read)?.unwrap_or(false))
}

fn time(object: ObjectView<'_>, field: &'static str) -> Result<Option<i64>, ProfileError> {
    let read = |value: Value<'_>| value.read::<DateTime<'_>>()?.to_timestamp();
    Ok(optional(object, field, read)?.map(Timestamp::seconds))
}

fn word<T>(
    object: ObjectView<'_>,
    field: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, ProfileError> {
    let text = object.get(field).as_ref().and_then(Value::as_text);
    text.and_then(|text| parse(text.as_str()?)).ok_or(unreadable(field))
}
