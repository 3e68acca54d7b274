//! `GetCompositeSchedule` as a pure function.
//!
//! Time is swept from edge to edge. A [`Cursor`] per profile (for the whole station: per profile and EVSE) remembers
//! the period in force and when that ends. Cursors are sorted by purpose and, within it, by precedence: the first one
//! in force leads its purpose, and what it hides is not even looked at. All arithmetic is exact: limits are integers
//! over one common denominator, and the only division is the last step.

use core::cmp::Reverse;

use super::combine::{Scale, Source, Total, combine, is_plain};
use super::profile::{Micro, Period, Profile, ProfileKind, Purpose, RateUnit, Rates};
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
    /// Most that may be drawn, on phase 1 only if `l2` states a limit; `None`: no limit.
    pub limit: Option<Micro>,
    /// Most that may be fed back, not positive (2.1).
    pub discharge_limit: Option<Micro>,
    /// What is to be drawn, negative: fed back (2.1).
    pub setpoint: Option<Micro>,
    /// Phase 2, where a profile in force has rates for each phase (2.1).
    pub l2: Rates,
    /// Phase 3, where a profile in force has rates for each phase (2.1).
    pub l3: Rates,
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
    /// Place behind the last cursor of the same purpose.
    group_end: usize,
    /// Index of the period in force.
    period: Option<usize>,
    /// When the schedule that `period` belongs to began.
    begun: i64,
    /// First second at which that schedule no longer holds.
    end: i64,
    /// First second at which `period` may change.
    until: i64,
    /// See [`Source::is_plain`].
    is_plain: bool,
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
    let scale = Scale::new(request);

    let end = request.start.saturating_add(request.duration.max(0));
    let mut time = request.start;
    let mut count = 0_usize;
    loop {
        let (mut period, next) = sweep.evaluate(time, &scale);
        // Compared as if it began where the last one did: equal neighbours are one.
        let last = count.checked_sub(1).and_then(|last| out.get(last));
        period.start = last.map_or(0, |last| last.start);
        if last != Some(&period) {
            period.start = time - request.start;
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
        let purpose = |index: usize| self.profiles.get(index).map(|profile| profile.purpose as u8);
        let rank = |index: usize| {
            let profile = self.profiles.get(index);
            let precedence =
                profile.map(|profile| Reverse((profile.stack_level, profile.evse != 0, index)));
            (purpose(index), precedence)
        };
        for (row, cursors) in self.cursors.chunks_mut(width).enumerate() {
            let evse = row_evse(self.request, row);
            for (index, (cursor, profile)) in cursors.iter_mut().zip(self.profiles).enumerate() {
                let never = !applies(self.request, profile, evse);
                let until = if never { i64::MAX } else { i64::MIN };
                let is_plain = never || is_plain(profile);
                *cursor = Cursor { profile: index, until, is_plain, ..Cursor::default() };
            }
            cursors.sort_unstable_by_key(|cursor| rank(cursor.profile));
            let mut behind: Option<Cursor> = None;
            for (place, cursor) in cursors.iter_mut().enumerate().rev() {
                let same = behind.filter(|b| purpose(b.profile) == purpose(cursor.profile));
                cursor.group_end = same.map_or(place + 1, |behind| behind.group_end);
                behind = Some(*cursor);
            }
        }
    }

    /// The leading period of each purpose in a row at `time`. `next` is lowered to the first second at which one of
    /// them may change.
    fn leaders(&mut self, row: usize, time: i64, next: &mut i64) -> Leaders<'r> {
        let width = self.profiles.len();
        let mut leaders = Leaders::default();
        let cursors = self.cursors.get_mut(row * width..).unwrap_or(&mut []);
        let mut place = 0;
        while place < width
            && let Some(cursor) = cursors.get_mut(place)
            && let Some(profile) = self.profiles.get(cursor.profile)
        {
            place += 1;
            if cursor.until <= time {
                cursor.advance(self.request, profile, row, time);
            }
            *next = (*next).min(cursor.until);
            if let Some(period) = cursor.period.and_then(|index| profile.periods.get(index)) {
                // It hides the others of its purpose: they are not even looked at.
                place = cursor.group_end;
                if let Some(slot) = leaders.0.get_mut(profile.purpose as usize) {
                    *slot = Some(Source { profile, period, is_plain: cursor.is_plain });
                }
            }
        }
        leaders
    }

    /// Everything at `time`, and the first second at which anything may change.
    fn evaluate(&mut self, time: i64, scale: &Scale) -> (CompositePeriod, i64) {
        let request = self.request;
        let mut next = i64::MAX;
        let leaders = self.leaders(0, time, &mut next);
        let (transaction, sum) = match request.evse {
            0 => (None, self.sum_of_evses(scale, time, &mut next)),
            evse => (leaders.transaction(request, evse), Total::default()),
        };
        let sources = [
            transaction,
            leaders.of(Purpose::StationMax),
            leaders.of(Purpose::ExternalConstraints),
        ];
        (combine(&sources, sum, leaders.of(Purpose::LocalGeneration), scale), next)
    }

    /// The sum over all EVSEs of what each may draw (no limit if one has none), and the most phases that one states.
    fn sum_of_evses(&mut self, scale: &Scale, time: i64, next: &mut i64) -> Total {
        let request = self.request;
        let mut sum = (!request.evses.is_empty()).then_some(0);
        let mut phases = None;
        for row in 1..=request.evses.len() {
            let leaders = self.leaders(row, time, next);
            let transaction = leaders.transaction(request, row_evse(request, row));
            // What is installed on id 0 limits the station as a whole, not each of its EVSEs. It cannot hide one on
            // the EVSE itself: see `applies`.
            let external = leaders.of(Purpose::ExternalConstraints);
            let total = Total::of(&[transaction, external, None], scale);
            phases = phases.max(total.phases);
            sum = sum.zip(total.limit).map(|(sum, limit)| sum + limit);
        }
        Total { limit: sum, phases }
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

impl Cursor {
    /// Moves to `time`, which is not before `until` (step 1).
    fn advance(
        &mut self,
        request: &CompositeRequest<'_>,
        profile: &Profile<'_>,
        row: usize,
        time: i64,
    ) {
        if self.period.is_none() || time >= self.end {
            let evse = evse_state(request, row_evse(request, row));
            match schedule_at(request, profile, &evse, time) {
                Ok((begun, end)) => (self.begun, self.end, self.period) = (begun, end, Some(0)),
                Err(later) => {
                    (self.period, self.until) = (None, later);
                    return;
                }
            }
        }
        // The last period that has begun. Mostly that is the one behind the last.
        let (begun, periods) = (self.begun, profile.periods);
        let has_begun = |period: &Period| begun.saturating_add(period.start) <= time;
        let mut behind = self.period.unwrap_or(0) + 1;
        if periods.get(behind).is_some_and(has_begun) {
            behind += 1;
            if periods.get(behind).is_some_and(has_begun) {
                behind = periods.partition_point(has_begun);
            }
        }
        self.period = Some(behind - 1);
        let next = periods.get(behind).map(|period| begun.saturating_add(period.start));
        self.until = next.map_or(self.end, |next| next.min(self.end));
    }
}

/// The schedule that runs at `time`, as its first second and the first one after it; or when to look again.
fn schedule_at(
    request: &CompositeRequest<'_>,
    profile: &Profile<'_>,
    evse: &Evse<'_>,
    time: i64,
) -> Result<(i64, i64), i64> {
    let valid_from = profile.valid_from.unwrap_or(i64::MIN);
    let mut valid_to = profile.valid_to.unwrap_or(i64::MAX);
    if let (Some(since), Some(longest)) = (request.offline_since, profile.max_offline) {
        valid_to = valid_to.min(since.saturating_add(longest).saturating_add(1));
    }
    if time >= valid_to {
        return Err(i64::MAX);
    }
    if time < valid_from {
        return Err(valid_from);
    }
    let (start, next_start) = occurrence(request, profile, evse, time);
    let duration_end = profile.duration.map_or(i64::MAX, |duration| start.saturating_add(duration));
    let end = duration_end.min(next_start).min(valid_to);
    match time {
        _ if time < start => Err(start.min(valid_to)),
        _ if time >= end => Err(next_start.min(valid_to)),
        _ => Ok((start, end)),
    }
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
