//! What a charger and a vehicle tell each other, in terms that hold for every generation.

use super::Protocol;
use crate::MilliUnits;

/// How energy is transferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Alternating current.
    Ac,
    /// Direct current.
    Dc,
    /// Without wires.
    Wpt,
    /// Direct current through an automated connection device.
    Acdp,
    /// Alternating current, both directions.
    AcBpt,
    /// Direct current, both directions.
    DcBpt,
    /// Direct current through an automated connection device, both directions.
    AcdpBpt,
}

impl Service {
    /// All of them, by the `ServiceID` of -20, which begins at 1. The numbers are those of public implementations; the
    /// standard's table was not at hand.
    pub const ALL: [Self; 7] =
        [Self::Ac, Self::Dc, Self::Wpt, Self::Acdp, Self::AcBpt, Self::DcBpt, Self::AcdpBpt];

    /// `ServiceID` of -20.
    #[must_use]
    pub const fn id(self) -> u16 {
        self as u16 + 1
    }

    /// The service of a `ServiceID` of -20.
    #[must_use]
    pub fn from_id(id: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.id() == id)
    }

    /// Whether the charger gives direct current.
    #[must_use]
    pub const fn is_dc(self) -> bool {
        matches!(self, Self::Dc | Self::DcBpt | Self::Acdp | Self::AcdpBpt)
    }

    /// Whether the vehicle may give energy back.
    #[must_use]
    pub const fn is_bidirectional(self) -> bool {
        matches!(self, Self::AcBpt | Self::DcBpt | Self::AcdpBpt)
    }

    /// Whether a protocol has it.
    #[must_use]
    pub const fn is_of(self, protocol: Protocol) -> bool {
        matches!(
            (protocol, self),
            (Protocol::Din70121, Self::Dc)
                | (Protocol::Iso2, Self::Ac | Self::Dc)
                | (Protocol::Iso20Ac, Self::Ac | Self::AcBpt)
                | (Protocol::Iso20Dc, Self::Dc | Self::DcBpt)
                | (Protocol::Iso20Wpt, Self::Wpt)
                | (Protocol::Iso20Acdp, Self::Acdp | Self::AcdpBpt)
        )
    }
}

/// Who says how much power flows (-20; before it a schedule binds the vehicle).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ControlMode {
    /// The vehicle, within a schedule of the charger. Parameter set 1 of the offers.
    #[default]
    Scheduled,
    /// The charger. Parameter set 2 of the offers.
    Dynamic,
}

impl ControlMode {
    /// `ParameterSetID` in the offers of [`Station`](super::Station).
    #[must_use]
    pub const fn parameter_set(self) -> u16 {
        match self {
            Self::Scheduled => 1,
            Self::Dynamic => 2,
        }
    }

    pub(super) fn of_parameter_set(id: u16) -> Option<Self> {
        [Self::Scheduled, Self::Dynamic].into_iter().find(|mode| mode.parameter_set() == id)
    }
}

/// How the user identifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Identification {
    /// At the charger: card, app, terminal (EIM).
    #[default]
    External,
    /// By the contract in the vehicle (Plug & Charge).
    Contract,
}

macro_rules! limits {
    ($( $(#[$meta:meta])* $field:ident, )*) => {
        /// Limits of one side, in mV, mA and mW; `None`: not said.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct Limits { $( $(#[$meta])* pub $field: Option<MilliUnits>, )* }

        impl Limits {
            /// Nothing said.
            pub const NONE: Self = Self { $( $field: None, )* };

            /// These limits, and where they say nothing, those of `other`.
            #[must_use]
            pub fn or(self, other: Self) -> Self {
                Self { $( $field: self.$field.or(other.$field), )* }
            }
        }
    };
}

limits! {
    /// Highest voltage; AC of -2: the nominal voltage. mV.
    max_voltage,
    /// Lowest voltage. mV.
    min_voltage,
    /// Highest charge current; AC: of a phase. mA.
    max_current,
    /// Lowest charge current above zero; AC: of a phase. mA.
    min_current,
    /// Highest charge power; AC of -20: of all phases. mW.
    max_power,
    /// Lowest charge power above zero. mW.
    min_power,
    /// Highest discharge current, a positive number. mA.
    max_discharge_current,
    /// Highest discharge power, a positive number. mW.
    max_discharge_power,
    /// Lowest discharge power above zero, a positive number. mW.
    min_discharge_power,
}

impl Limits {
    /// Whether charging is possible within the limits of both: no lowest value of one is above the highest of the other.
    #[must_use]
    pub fn have_common(&self, other: &Self) -> bool {
        let fits = |low: Option<MilliUnits>, high: Option<MilliUnits>| match (low, high) {
            (Some(low), Some(high)) => low <= high,
            _ => true,
        };
        fits(self.min_voltage, other.max_voltage)
            && fits(other.min_voltage, self.max_voltage)
            && fits(self.min_current, other.max_current)
            && fits(other.min_current, self.max_current)
            && fits(self.min_power, other.max_power)
            && fits(other.min_power, self.max_power)
    }
}

/// What the vehicle needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// Seconds until it leaves.
    pub departure: Option<u32>,
    /// Energy it wants, mWh.
    pub energy: Option<MilliUnits>,
    /// State of charge, percent.
    pub soc: Option<u8>,
}

/// A step of a schedule: from `start` on at most `power`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PowerStep {
    /// Seconds since the schedule's begin.
    pub start: u32,
    /// mW.
    pub power: MilliUnits,
}

/// Up to twelve steps of power, as many as a vehicle of -20 must be able to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    steps: [PowerStep; Self::CAPACITY],
    count: u8,
    duration: u32,
}

impl Schedule {
    /// Steps at most; a longer one goes with a message of the host's own ([`Answer::Message`](super::Answer::Message)).
    pub const CAPACITY: usize = 12;
    /// The number under which the schedule is offered.
    pub const TUPLE_ID: u8 = 1;

    /// A schedule of `duration` seconds; `None` unless it has 1 to 12 steps, the first at 0, each later than the one before.
    #[must_use]
    pub fn new(steps: &[PowerStep], duration: u32) -> Option<Self> {
        let begins = steps.first().is_some_and(|step| step.start == 0);
        let rises = steps.iter().zip(steps.iter().skip(1)).all(|(a, b)| a.start < b.start);
        let ends = steps.last().is_some_and(|step| step.start < duration);
        if steps.len() > Self::CAPACITY || !begins || !rises || !ends {
            return None;
        }
        let nothing = PowerStep { start: 0, power: MilliUnits::from_raw(0) };
        let mut all = [nothing; Self::CAPACITY];
        for (slot, step) in all.iter_mut().zip(steps) {
            *slot = *step;
        }
        Some(Self { steps: all, count: steps.len() as u8, duration })
    }

    /// The same power all the time.
    #[must_use]
    pub fn constant(power: MilliUnits, duration: u32) -> Option<Self> {
        Self::new(&[PowerStep { start: 0, power }], duration)
    }

    /// The steps.
    #[must_use]
    pub fn steps(&self) -> &[PowerStep] {
        self.steps.get(..usize::from(self.count)).unwrap_or_default()
    }

    /// Seconds.
    #[must_use]
    pub const fn duration(&self) -> u32 {
        self.duration
    }

    /// Seconds from one step to the next, or to the end.
    pub(super) fn durations(&self) -> impl Iterator<Item = (u32, MilliUnits)> {
        let ends = self.steps().iter().skip(1).map(|step| step.start).chain([self.duration]);
        self.steps().iter().zip(ends).map(|(step, end)| (end - step.start, step.power))
    }

    /// Whether a profile (seconds, mW) begins at 0, rises in time and is nowhere above the schedule.
    pub(super) fn allows(&self, mut profile: impl Iterator<Item = (u32, MilliUnits)>) -> bool {
        let Some((0, mut power)) = profile.next() else { return false };
        let mut start = 0;
        loop {
            let next = profile.next();
            let end = next.map_or(u32::MAX, |(start, _)| start);
            if end <= start || power > self.least(start, end) {
                return false;
            }
            match next {
                Some(entry) => (start, power) = entry,
                None => return true,
            }
        }
    }

    /// The least power allowed between two times; beyond its end the last step holds.
    fn least(&self, from: u32, to: u32) -> MilliUnits {
        let ends = self.steps().iter().skip(1).map(|step| step.start).chain([u32::MAX]);
        let overlapping =
            self.steps().iter().zip(ends).filter(|(step, end)| step.start < to && *end > from);
        let least = overlapping.map(|(step, _)| step.power).min();
        least.unwrap_or(MilliUnits::from_raw(0))
    }
}

/// What a meter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Meter {
    /// Energy delivered so far, Wh.
    pub reading_wh: u64,
    /// The reading must be confirmed by a signed receipt (-2: `ReceiptRequired`).
    pub receipt_required: bool,
}

/// What is measured and reached at the charger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Present {
    /// mV at the outlet.
    pub voltage: MilliUnits,
    /// mA.
    pub current: MilliUnits,
    /// mW, of all phases; AC of -20.
    pub power: Option<MilliUnits>,
    /// mW that the vehicle shall take, of all phases; asked for in dynamic mode and with AC.
    pub target_power: Option<MilliUnits>,
    /// The current limit is reached.
    pub current_limited: bool,
    /// The voltage limit is reached.
    pub voltage_limited: bool,
    /// The power limit is reached.
    pub power_limited: bool,
    /// The meter, where there is one.
    pub meter: Option<Meter>,
}

/// What the charger asks of the vehicle until it is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Notification {
    /// Nothing.
    #[default]
    None,
    /// To stop.
    Stop,
    /// To negotiate limits (-2) or schedule (-20) again; DIN has it in its schema.
    Renegotiate,
    /// -20: to pause; -2: as [`Notification::Stop`].
    Pause,
    /// -20: to negotiate services again; before it as [`Notification::Renegotiate`].
    RenegotiateService,
    /// -20: to confirm the meter reading; before it nothing.
    ConfirmMeter,
}

/// A value rounded toward zero to what sixteen bits and a power of ten hold.
pub(super) fn rounded(value: MilliUnits) -> MilliUnits {
    let (mut raw, mut power) = (value.raw(), 1_i64);
    while raw.unsigned_abs() > 32_767 && power < 1_000_000 {
        raw /= 10;
        power *= 10;
    }
    MilliUnits::from_raw(raw.clamp(-32_767, 32_767) * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watts(watts: i64) -> MilliUnits {
        MilliUnits::from_raw(watts * 1000)
    }

    #[test]
    fn a_profile_must_stay_under_every_step_it_touches() {
        let steps = [(0, 11_000), (3600, 4_000), (7200, 22_000)];
        let steps = steps.map(|(start, power)| PowerStep { start, power: watts(power) });
        let Some(schedule) = Schedule::new(&steps, 86_400) else { unreachable!() };
        let allows = |profile: &[(u32, i64)]| {
            schedule.allows(profile.iter().map(|(start, power)| (*start, watts(*power))))
        };
        assert!(allows(&[(0, 4_000)]));
        assert!(!allows(&[(0, 4_001)]));
        assert!(allows(&[(0, 11_000), (3600, 4_000), (7200, 22_000)]));
        assert!(!allows(&[(0, 11_000), (3601, 4_000)]));
        assert!(!allows(&[(1, 0)]));
        assert!(!allows(&[(0, 0), (0, 0)]));
        assert!(!allows(&[]));
    }

    #[test]
    fn schedules_begin_at_zero_and_rise() {
        let step = |start| PowerStep { start, power: watts(1) };
        assert!(Schedule::new(&[], 1).is_none());
        assert!(Schedule::new(&[step(1)], 2).is_none());
        assert!(Schedule::new(&[step(0), step(0)], 2).is_none());
        assert!(Schedule::new(&[step(0), step(2)], 2).is_none());
        assert!(Schedule::new(&[step(0); 13], 2).is_none());
    }

    #[test]
    fn rounding_keeps_what_fits() {
        for (raw, expected) in [
            (32_767, 32_767),
            (32_768, 32_760),
            (400_123_456, 400_100_000),
            (-99_999, -99_990),
            (i64::MAX, 32_767_000_000),
        ] {
            assert_eq!(rounded(MilliUnits::from_raw(raw)).raw(), expected);
        }
    }
}
