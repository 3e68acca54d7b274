//! `GetCompositeSchedule` as a pure function.
//!
//! Time is swept from edge to edge. A [`Cursor`] per profile (for the whole station: per profile and EVSE) remembers
//! the period in force and when that ends. Cursors are sorted by purpose and, within it, by precedence: the first one
//! in force leads its purpose, and what it hides is not even looked at. All arithmetic is exact: limits are integers
//! over one common denominator, and the only division is the last step.

use core::cmp::Reverse;

use super::profile::{Micro, Period, Profile, ProfileKind, Purpose, RateUnit};
use crate::message::{Text, Version};

/// An EVSE (connector in 1.6) and its transaction.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evse<'a> {
    /// Whether a transaction runs.
    pub in_transaction: bool,
    /// Its id, if it has one yet.
    pub transaction: Option<Text<'a>>,
    /// When its power path closed, seconds since 1970.
    pub power_path_closed: Option<i64>,
    /// Whether priority charging is active (2.1).
    pub priority: bool,
}

/// From `from` on local time is this far ahead of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneOffset {
    /// Seconds since 1970.
    pub from: i64,
    /// Seconds, east positive.
    pub offset: i64,
}

/// What is asked, and what the station knows.
#[derive(Debug, Clone, Copy)]
pub struct CompositeRequest<'a> {
    /// 1.6 lets a `TxProfile` without transaction id stand for the running transaction.
    pub version: Version,
    /// First second of the schedule.
    pub start: i64,
    /// Its length in seconds.
    pub duration: i64,
    /// The EVSE asked for; 0: the station.
    pub evse: i64,
    /// The unit asked for.
    pub unit: RateUnit,
    /// The EVSEs; the first is number 1.
    pub evses: &'a [Evse<'a>],
    /// Report an EVSE without transaction as if one ran on its `TxDefaultProfile` (K08.FR.06 of 2.1).
    pub assume_transaction: bool,
    /// Nominal line-to-neutral voltage in millivolts.
    pub millivolts: i64,
    /// Phases where no profile states them: 3 for AC.
    pub default_phases: u8,
    /// What the station draws without any limit, in the unit asked for.
    pub default_limit: Option<Micro>,
    /// Since when the station has been offline, seconds since 1970.
    pub offline_since: Option<i64>,
    /// State of charge in percent, if known (2.1).
    pub soc: Option<i64>,
    /// Local time, in ascending order of `from`; empty: UTC.
    pub zone: &'a [ZoneOffset],
}

/// A period of the composite schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CompositePeriod {
    /// Seconds from the request's start.
    pub start: i64,
    /// Most that may be drawn; `None`: no limit.
    pub limit: Option<Micro>,
    /// As `limit`, for phase 2, where a profile limits phases apart.
    pub limit_l2: Option<Micro>,
    /// As `limit`, for phase 3, where a profile limits phases apart.
    pub limit_l3: Option<Micro>,
    /// Most that may be fed back, not positive (2.1).
    pub discharge_limit: Option<Micro>,
    /// What is to be drawn, negative: fed back (2.1).
    pub setpoint: Option<Micro>,
    /// Phases, where a profile in force states them.
    pub phases: Option<u8>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// How many periods of the output are in use.
    pub periods: usize,
    /// Seconds the schedule covers: the request's, or less when the output was full.
    pub duration: i64,
}

/// Why no schedule can be composed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ComposeError {
    /// The station has no such EVSE.
    #[error("unknown EVSE {0}")]
    UnknownEvse(i64),
    /// The scratch space is shorter than [`scratch_len`].
    #[error("scratch space for {needed} cursors needed")]
    Scratch {
        /// Cursors needed.
        needed: usize,
    },
    /// The output has no room for a single period.
    #[error("no room for a period")]
    Output,
    /// The voltage is not within 1 mV to 100 kV, or the default phase count is not 1 to 3.
    #[error("voltage or phase count out of range")]
    Supply,
}

/// Where a profile stands in time. Scratch space of [`compose`]; its content means nothing outside.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cursor {
    /// Index of the profile.
    profile: usize,
    /// Index of the period in force.
    period: Option<usize>,
    /// First second at which that may change.
    until: i64,
}

/// 100 kV: the exact arithmetic is proven up to here.
const MAX_MILLIVOLTS: i64 = 100_000_000;

/// How many cursors [`compose`] needs.
#[must_use]
pub fn scratch_len(request: &CompositeRequest<'_>, profiles: &[Profile<'_>]) -> usize {
    let rows = if request.evse == 0 { request.evses.len() + 1 } else { 1 };
    profiles.len().saturating_mul(rows)
}

/// Composes the schedule of `profiles`, given in the order of their installation, into `out`.
///
/// `out` ought to hold `ChargingScheduleMaxPeriods` (1.6) or `PeriodsPerSchedule` (2.x) periods; when it is full the
/// schedule is cut there and its duration shortened.
///
/// # Errors
/// An unknown EVSE, or space that is too small.
pub fn compose(
    request: &CompositeRequest<'_>,
    profiles: &[Profile<'_>],
    scratch: &mut [Cursor],
    out: &mut [CompositePeriod],
) -> Result<Summary, ComposeError> {
    let evse_count = i64::try_from(request.evses.len()).unwrap_or(i64::MAX);
    if !(0..=evse_count).contains(&request.evse) {
        return Err(ComposeError::UnknownEvse(request.evse));
    }
    let supply = 1..=MAX_MILLIVOLTS;
    if !supply.contains(&request.millivolts) || !(1..=3).contains(&request.default_phases) {
        return Err(ComposeError::Supply);
    }
    let needed = scratch_len(request, profiles);
    let cursors = scratch.get_mut(..needed).ok_or(ComposeError::Scratch { needed })?;
    let mut sweep = Sweep { request, profiles, cursors };
    sweep.reset();

    let end = request.start.saturating_add(request.duration.max(0));
    let mut time = request.start;
    let mut count = 0_usize;
    loop {
        let (mut period, next) = sweep.evaluate(time);
        period.start = time - request.start;
        let last = count.checked_sub(1).and_then(|last| out.get(last));
        let same =
            last.is_some_and(|last| CompositePeriod { start: period.start, ..*last } == period);
        if !same {
            match out.get_mut(count) {
                Some(slot) => *slot = period,
                None if count == 0 => return Err(ComposeError::Output),
                None => {
                    return Ok(Summary { periods: count, duration: time - request.start });
                }
            }
            count += 1;
        }
        if next >= end {
            return Ok(Summary { periods: count, duration: request.duration.max(0) });
        }
        time = next;
    }
}

/// Cursors in rows of one per profile: for one EVSE a single row; for the station a row for id 0, then one per EVSE.
struct Sweep<'r, 'a, 's> {
    request: &'r CompositeRequest<'a>,
    profiles: &'r [Profile<'a>],
    cursors: &'s mut [Cursor],
}

/// The EVSE that a row of cursors stands for.
fn row_evse(request: &CompositeRequest<'_>, row: usize) -> i64 {
    if request.evse == 0 { i64::try_from(row).unwrap_or(0) } else { request.evse }
}

fn evse_state<'a>(request: &CompositeRequest<'a>, evse: i64) -> Evse<'a> {
    let index = usize::try_from(evse - 1).ok();
    index.and_then(|index| request.evses.get(index)).copied().unwrap_or_default()
}

impl<'r> Sweep<'r, '_, '_> {
    /// Fills each row of cursors in order of purpose, then of precedence: the higher stack level, of equals the
    /// profile on the EVSE itself, then the one installed last.
    fn reset(&mut self) {
        let width = self.profiles.len().max(1);
        let rank = |index: usize| {
            let profile = self.profiles.get(index);
            profile.map(|profile| {
                (profile.purpose as u8, Reverse((profile.stack_level, profile.evse != 0, index)))
            })
        };
        for (row, cursors) in self.cursors.chunks_mut(width).enumerate() {
            let evse = row_evse(self.request, row);
            for (index, profile) in self.profiles.iter().enumerate() {
                let ever = applies(self.request, profile, evse);
                let until = if ever { i64::MIN } else { i64::MAX };
                // Inserted from the back into the sorted part: profiles are few.
                let mut place = index;
                while let Some(before) = place.checked_sub(1)
                    && let Some(other) = cursors.get(before).copied()
                    && rank(other.profile) > rank(index)
                {
                    if let Some(slot) = cursors.get_mut(place) {
                        *slot = other;
                    }
                    place = before;
                }
                if let Some(slot) = cursors.get_mut(place) {
                    *slot = Cursor { profile: index, period: None, until };
                }
            }
        }
    }

    /// The leading period of each purpose in a row at `time`. `next` is lowered to the first second at which one of
    /// them may change.
    fn leaders(&mut self, row: usize, time: i64, next: &mut i64) -> Leaders<'r> {
        let width = self.profiles.len();
        let evse = evse_state(self.request, row_evse(self.request, row));
        let mut leaders = Leaders::default();
        let mut hidden = None;
        let cursors = self.cursors.get_mut(row * width..).unwrap_or(&mut []);
        for cursor in cursors.iter_mut().take(width) {
            let Some(profile) = self.profiles.get(cursor.profile) else {
                continue;
            };
            if hidden == Some(profile.purpose) {
                continue;
            }
            if cursor.until <= time {
                (cursor.period, cursor.until) =
                    locate(self.request, profile, &evse, time, cursor.period);
            }
            *next = (*next).min(cursor.until);
            let Some(period) = cursor.period.and_then(|index| profile.periods.get(index)) else {
                continue;
            };
            hidden = Some(profile.purpose);
            let source = Source { profile, period };
            if let Some(slot) = leaders.0.get_mut(profile.purpose as usize) {
                *slot = Some(source);
            }
        }
        leaders
    }

    /// Everything at `time`, and the first second at which anything may change.
    fn evaluate(&mut self, time: i64) -> (CompositePeriod, i64) {
        let request = self.request;
        let scale = Scale::new(request);
        let mut next = i64::MAX;
        let leaders = self.leaders(0, time, &mut next);
        let (mut result, phases) = if request.evse == 0 {
            self.station(&leaders, &scale, time, &mut next)
        } else {
            let sources = [
                leaders.transaction(request, request.evse),
                leaders.of(Purpose::StationMax),
                leaders.of(Purpose::ExternalConstraints),
            ];
            combine(&sources, Joint::default(), &scale)
        };
        if let Some(extra) = leaders.of(Purpose::LocalGeneration)
            && let (Some(limit), Some(added)) = (result.limit, extra.period.limit)
        {
            let n = i128::from(phases.unwrap_or(request.default_phases));
            result.limit = Some(limit + scale.of(added, extra.profile.unit, n));
        }
        let default = request.default_limit.map(|limit| scale.of(limit, request.unit, 1));
        let period = CompositePeriod {
            start: 0,
            limit: result.limit.or(default).map(|value| scale.floor(value)),
            limit_l2: result.limit_l2.map(|value| scale.floor(value)),
            limit_l3: result.limit_l3.map(|value| scale.floor(value)),
            // Towards zero: what is fed back must not grow either.
            discharge_limit: result.discharge.map(|value| scale.towards_zero(value)),
            setpoint: result.capped_setpoint().map(|value| scale.towards_zero(value)),
            phases,
        };
        (period, next)
    }

    /// The station: the sum over its EVSEs, under the station's own limits.
    fn station(
        &mut self,
        own: &Leaders<'r>,
        scale: &Scale,
        time: i64,
        next: &mut i64,
    ) -> (Joint, Option<u8>) {
        let request = self.request;
        let default = request.default_limit.map(|limit| scale.of(limit, request.unit, 1));
        let mut sum = (!request.evses.is_empty()).then_some(0);
        let mut phases = None;
        for row in 1..=request.evses.len() {
            let leaders = self.leaders(row, time, next);
            // What is installed on id 0 limits the station as a whole, not each of its EVSEs. It cannot hide one on
            // the EVSE itself: see `applies`.
            let external = leaders.of(Purpose::ExternalConstraints);
            let sources = [leaders.transaction(request, row_evse(request, row)), external];
            let (joint, own_phases) = combine(&sources, Joint::default(), scale);
            phases = phases.max(own_phases);
            let limit = joint.limit.or(default);
            sum = sum.zip(limit).map(|(sum, limit)| sum + limit);
        }
        let sources = [own.of(Purpose::StationMax), own.of(Purpose::ExternalConstraints)];
        let joint = Joint { limit: sum, phases, ..Joint::default() };
        combine(&sources, joint, scale)
    }
}

/// The leading period of each purpose.
#[derive(Clone, Copy, Default)]
struct Leaders<'p>([Option<Source<'p>>; 6]);

impl<'p> Leaders<'p> {
    fn of(&self, purpose: Purpose) -> Option<Source<'p>> {
        self.0.get(purpose as usize).copied().flatten()
    }

    /// The period of the transaction's purpose (step 3): priority charging, else the transaction's own profile, else
    /// the default one.
    fn transaction(&self, request: &CompositeRequest<'_>, evse: i64) -> Option<Source<'p>> {
        let state = evse_state(request, evse);
        if !state.in_transaction && !request.assume_transaction {
            return None;
        }
        let priority = if state.priority { self.of(Purpose::Priority) } else { None };
        priority.or_else(|| self.of(Purpose::Tx)).or_else(|| self.of(Purpose::TxDefault))
    }
}

/// A period in force and the profile it belongs to.
#[derive(Clone, Copy)]
struct Source<'p> {
    profile: &'p Profile<'p>,
    period: &'p Period,
}

/// What several sources come to together, in units of [`Scale`].
#[derive(Clone, Copy, Default)]
struct Joint {
    limit: Option<i128>,
    limit_l2: Option<i128>,
    limit_l3: Option<i128>,
    discharge: Option<i128>,
    setpoint: Option<i128>,
    phases: Option<u8>,
}

impl Joint {
    /// A set-point is held between the discharge limit and the limit (V2X.03, V2X.04).
    fn capped_setpoint(&self) -> Option<i128> {
        self.setpoint.map(|setpoint| {
            if setpoint > 0 {
                self.limit.map_or(setpoint, |limit| setpoint.min(limit))
            } else {
                self.discharge.map_or(setpoint, |limit| setpoint.max(limit))
            }
        })
    }
}

/// The lowest limit of all sources (step 4), beginning with `start`.
fn combine(sources: &[Option<Source<'_>>], start: Joint, scale: &Scale) -> (Joint, Option<u8>) {
    let mut joint = start;
    let stated = sources.iter().flatten().filter_map(|source| source.period.phases);
    let phases = stated.chain(start.phases).min();
    let n = i128::from(phases.unwrap_or(scale.default_phases));
    let by_phase =
        |source: &Source<'_>| source.period.limit_l2.is_some() || source.period.limit_l3.is_some();
    let any_by_phase = sources.iter().flatten().any(by_phase);
    for source in sources.iter().flatten() {
        let unit = source.profile.unit;
        let period = source.period;
        // A limit of one phase converts as such, one over all phases is shared by them.
        let n = if by_phase(source) { 1 } else { n };
        let value = |micro: Micro| scale.of(micro, unit, n);
        let cap =
            source.profile.limit_at_soc.filter(|cap| scale.soc.is_some_and(|soc| soc >= cap.soc));
        let limit = [period.limit, cap.map(|cap| cap.limit)].into_iter().flatten().min();
        joint.limit = least(joint.limit, limit.map(value));
        if any_by_phase {
            joint.limit_l2 = least(joint.limit_l2, period.limit_l2.or(limit).map(value));
            joint.limit_l3 = least(joint.limit_l3, period.limit_l3.or(limit).map(value));
        }
        // Discharge limits are not positive: the one nearest to zero binds.
        joint.discharge = joint.discharge.max(period.discharge_limit.map(value));
        joint.setpoint = match (joint.setpoint, period.setpoint.map(value)) {
            (Some(a), Some(b)) if a < 0 && b < 0 => Some(a.max(b)),
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    joint.phases = phases;
    (joint, phases)
}

fn least(a: Option<i128>, b: Option<i128>) -> Option<i128> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Exact conversion to the unit asked for. A value counts `1 / (6000 x millivolts)` of a millionth: that makes every
/// product with millivolts and every quotient by millivolts and 1, 2 or 3 phases whole.
struct Scale {
    unit: RateUnit,
    millivolts: i128,
    default_phases: u8,
    soc: Option<i64>,
}

impl Scale {
    fn new(request: &CompositeRequest<'_>) -> Self {
        Self {
            unit: request.unit,
            millivolts: i128::from(request.millivolts),
            default_phases: request.default_phases,
            soc: request.soc,
        }
    }

    const fn denominator(&self) -> i128 {
        self.millivolts * 6000
    }

    /// W = A x V x n. Within i128: 63 bits of the limit, twice 27 of the voltage, and the figures.
    const fn of(&self, micro: Micro, unit: RateUnit, phases: i128) -> i128 {
        let raw = micro.raw() as i128;
        match (unit, self.unit) {
            (RateUnit::Amperes, RateUnit::Watts) => {
                raw * phases * self.millivolts * self.millivolts * 6
            }
            (RateUnit::Watts, RateUnit::Amperes) => match phases {
                2 => raw * 3_000_000,
                3 => raw * 2_000_000,
                _ => raw * 6_000_000,
            },
            _ => raw * self.denominator(),
        }
    }

    fn floor(&self, value: i128) -> Micro {
        let denominator = self.denominator();
        // Ordinary values divide in 64 bits, which is much faster.
        if let (Ok(value), Ok(denominator)) = (u64::try_from(value), u64::try_from(denominator)) {
            return narrow(i128::from(value.checked_div(denominator).unwrap_or(0)));
        }
        narrow(value.checked_div_euclid(denominator).unwrap_or(0))
    }

    fn towards_zero(&self, value: i128) -> Micro {
        narrow(value.checked_div(self.denominator()).unwrap_or(0))
    }
}

fn narrow(value: i128) -> Micro {
    Micro::from_raw(i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX }))
}

/// Whether a profile can be in force for an EVSE at all.
fn applies(request: &CompositeRequest<'_>, profile: &Profile<'_>, evse: i64) -> bool {
    if !profile.is_runnable() || profile.evse != 0 && profile.evse != evse {
        return false;
    }
    match profile.purpose {
        Purpose::StationMax => profile.evse == 0 && profile.kind != ProfileKind::Relative,
        // In the sum over EVSEs each counts its own; the station's is applied to the sum.
        Purpose::ExternalConstraints if request.evse == 0 => profile.evse == evse,
        Purpose::Tx => {
            let state = evse_state(request, evse);
            let named = match (profile.transaction, state.transaction) {
                (Some(named), Some(running)) => named == running,
                (Some(_), None) => false,
                (None, _) => request.version == Version::V16,
            };
            profile.evse != 0 && state.in_transaction && named
        }
        _ => true,
    }
}

/// The period in force at `time`, and the first second at which that may change (step 1). `hint` is the period that
/// was in force before.
fn locate(
    request: &CompositeRequest<'_>,
    profile: &Profile<'_>,
    evse: &Evse<'_>,
    time: i64,
    hint: Option<usize>,
) -> (Option<usize>, i64) {
    if let Some(from) = profile.valid_from
        && time < from
    {
        return (None, from);
    }
    let mut valid_to = profile.valid_to.unwrap_or(i64::MAX);
    if let (Some(since), Some(longest)) = (request.offline_since, profile.max_offline) {
        valid_to = valid_to.min(since.saturating_add(longest).saturating_add(1));
    }
    if time >= valid_to {
        return (None, i64::MAX);
    }
    let (start, next_start) = occurrence(request, profile, evse, time);
    if time < start {
        return (None, start.min(valid_to));
    }
    let duration_end = profile.duration.map_or(i64::MAX, |duration| start.saturating_add(duration));
    let end = duration_end.min(next_start);
    if time >= end {
        return (None, next_start.min(valid_to));
    }
    let elapsed = time - start;
    let index = period_at(profile.periods, elapsed, hint);
    let next = index.and_then(|index| profile.periods.get(index + 1));
    let next = next.map_or(i64::MAX, |period| start.saturating_add(period.start));
    (index, next.min(end).min(valid_to))
}

/// The last period that has begun. Mostly that is the one behind the last.
fn period_at(periods: &[Period], elapsed: i64, hint: Option<usize>) -> Option<usize> {
    let begun = |index: usize| periods.get(index).is_some_and(|period| period.start <= elapsed);
    if let Some(next) = hint.map(|hint| hint + 1)
        && begun(next)
        && !begun(next + 1)
    {
        return Some(next);
    }
    periods.partition_point(|period| period.start <= elapsed).checked_sub(1)
}

/// Start of the schedule that runs (or will run first) at `time`, and of the one after it.
fn occurrence(
    request: &CompositeRequest<'_>,
    profile: &Profile<'_>,
    evse: &Evse<'_>,
    time: i64,
) -> (i64, i64) {
    let delay = if evse.in_transaction { profile.delay } else { 0 };
    let origin = profile.start.or(profile.valid_from).unwrap_or(request.start);
    let start = match profile.kind {
        ProfileKind::Absolute => origin,
        ProfileKind::Relative => {
            let closed = evse.power_path_closed.filter(|_| evse.in_transaction);
            closed.unwrap_or(request.start)
        }
        ProfileKind::Dynamic => profile.dynamic_update.unwrap_or(request.start),
        ProfileKind::Recurring(recurrence) => {
            let every = recurrence.seconds();
            let origin = origin.saturating_add(delay);
            let zone = if profile.use_local_time { request.zone } else { &[] };
            let local_origin = to_local(zone, origin);
            // A clock change can put the latest start one recurrence off; the guess is corrected below.
            let steps = to_local(zone, time).saturating_sub(local_origin).div_euclid(every).max(0);
            let nth = |n: i64| to_utc(zone, local_origin.saturating_add(n.saturating_mul(every)));
            let steps = if steps > 0 && nth(steps) > time { steps - 1 } else { steps };
            return (nth(steps), nth(steps + 1));
        }
    };
    (start.saturating_add(delay), i64::MAX)
}

fn to_local(zone: &[ZoneOffset], time: i64) -> i64 {
    let index = zone.partition_point(|change| change.from <= time);
    let change = zone.get(index.saturating_sub(1));
    time.saturating_add(change.map_or(0, |change| change.offset))
}

/// The moment of a local time. In the hour that occurs twice it is the earlier one, in the hour that does not exist
/// it is as if the clock had not yet changed.
fn to_utc(zone: &[ZoneOffset], local: i64) -> i64 {
    let mut offset = zone.first().map_or(0, |change| change.offset);
    for change in zone {
        if local.saturating_sub(offset) < change.from {
            break;
        }
        offset = change.offset;
    }
    local.saturating_sub(offset)
}
