//! A session being metered: readings and changes of activity in, the cost so far or the bill out.
//!
//! The meter cuts the session wherever another price comes to hold, so that every piece has one price for everything. Its state
//! is a few hundred bytes without a heap, whatever the tariff; it borrows nothing, and the tariff is passed to every call.

mod advance;
mod event;
mod line;
#[cfg(test)]
mod tests;
mod waiting;

pub use event::{
    Activity, ActivityChange, CutPoint, MeterError, MeterPiece, MeterPolicy, MeterReading, Outlook,
    RegisterKind,
};

use super::clock::LocalClock;
use super::sums::Sums;
use super::{CompiledTariff, Totals, Winners};
use crate::quantity::MicroWattHours;
use crate::time::{Timestamp, Zone};
use advance::Measured;
pub(super) use line::Line;
use waiting::Waiting;

/// How far a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No reading has come.
    Unread,
    Running,
    Ended,
}

/// A session being metered under a compiled tariff.
///
/// A call that fails leaves it as it was. It is plain data: it can be copied, stored over a restart and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meter {
    sums: Sums<8>,
    policy: MeterPolicy,
    /// First reading: time and register.
    first: (Timestamp, MicroWattHours),
    /// How far the session has been cut; between two calls, the last reading.
    cursor: (Timestamp, MicroWattHours),
    /// Number of the last reading.
    number: u32,
    /// The prices that hold at the cursor, until when, and between which energies since the start.
    winners: Winners,
    until: Timestamp,
    energies: (i64, i64),
    clock: LocalClock,
    /// Milliseconds of each activity, by its number.
    durations: [i64; 3],
    /// Changes that wait for the register to be known beyond them.
    waiting: Waiting,
    activity: Activity,
    phase: Phase,
}

const _: () = assert!(size_of::<Meter>() <= 512);

impl Meter {
    /// A session without readings that will begin with that activity.
    #[must_use]
    pub const fn new(policy: MeterPolicy, activity: Activity) -> Self {
        let nothing = (Timestamp::from_unix_millis(0), MicroWattHours::ZERO);
        Self {
            sums: Sums::new(),
            policy,
            first: nothing,
            cursor: nothing,
            number: 0,
            winners: Winners::NOTHING,
            // Never, until the first reading.
            until: Timestamp::from_unix_millis(i64::MIN),
            energies: (0, 0),
            clock: LocalClock::new(),
            durations: [0; 3],
            waiting: Waiting::NONE,
            activity,
            phase: Phase::Unread,
        }
    }

    /// Takes a reading. The first one begins the session.
    ///
    /// # Errors
    /// [`MeterError`].
    pub fn handle_reading<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        reading: MeterReading,
    ) -> Result<(), MeterError> {
        self.handle_reading_with(tariff, zone, reading, |_| {})
    }

    /// The same; tells of every piece that is finished. Pieces of one price follow each other at every reading and can be
    /// joined.
    ///
    /// # Errors
    /// [`MeterError`]; pieces told of before it do not count.
    pub fn handle_reading_with<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        reading: MeterReading,
        on_piece: impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        self.handle_interval(tariff, zone, &[], reading, on_piece)
    }

    /// The same, with the changes of activity since the last reading, in order of time and as many as there were.
    ///
    /// # Errors
    /// [`MeterError`]; pieces told of before it do not count.
    pub fn handle_interval<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        changes: &[ActivityChange],
        reading: MeterReading,
        mut on_piece: impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        match self.phase {
            Phase::Running if changes.is_empty() && self.is_within(tariff, &reading) => {
                self.go_on(tariff, &reading, &mut on_piece)
            }
            Phase::Running => {
                let mut after = *self;
                after.advance(tariff, zone, changes, &reading, &mut on_piece)?;
                *self = after;
                Ok(())
            }
            Phase::Unread if !changes.is_empty() => Err(MeterError::NoReading),
            Phase::Unread => {
                let mut after = *self;
                after.begin(tariff, zone, &reading)?;
                *self = after;
                Ok(())
            }
            Phase::Ended => Err(MeterError::Ended),
        }
    }

    /// The session goes over to another activity at that instant, from which on its time is priced as such.
    ///
    /// A change after the last reading waits for the next one, as the register there is not known yet; 12 can.
    ///
    /// # Errors
    /// [`MeterError::TimeWentBack`], [`MeterError::TooManyChanges`], [`MeterError::NoReading`], [`MeterError::Ended`].
    pub fn handle_activity<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        at: Timestamp,
        activity: Activity,
    ) -> Result<(), MeterError> {
        match self.phase {
            Phase::Running => {}
            Phase::Unread => return Err(MeterError::NoReading),
            Phase::Ended => return Err(MeterError::Ended),
        }
        let latest = self.waiting.changes(self.cursor.0).last();
        let last = latest.map_or(self.cursor.0, |change| change.at);
        if at < last {
            return Err(MeterError::TimeWentBack { last, at });
        }
        if latest.is_none() && at == last {
            let mut after = *self;
            after.activity = activity;
            after.find_prices(tariff, zone, Measured::default())?;
            *self = after;
            return Ok(());
        }
        let change = ActivityChange { at, activity };
        self.waiting.push(self.cursor.0, change).ok_or(MeterError::TooManyChanges)
    }

    /// Ends the session at an instant, not before the last reading: time goes on until then, the register stays. From here on
    /// the cost is the bill: minimum and step sizes apply.
    ///
    /// # Errors
    /// [`MeterError`].
    pub fn finish<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        at: Timestamp,
    ) -> Result<(), MeterError> {
        self.finish_with(tariff, zone, at, |_| {})
    }

    /// The same; tells of every piece that is finished.
    ///
    /// # Errors
    /// [`MeterError`].
    pub fn finish_with<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        at: Timestamp,
        on_piece: impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        if self.phase == Phase::Unread {
            return Err(MeterError::NoReading);
        }
        let mut after = *self;
        let end = MeterReading { number: self.number, ..MeterReading::new(at, self.cursor.1) };
        after.handle_reading_with(tariff, zone, end, on_piece)?;
        after.phase = Phase::Ended;
        *self = after;
        Ok(())
    }

    /// Goes over to another tariff at the last reading. Fees that have fallen due stay so, thresholds go on counting from the begin of
    /// the session, and step sizes look at what comes now.
    ///
    /// # Errors
    /// [`MeterError`].
    pub fn switch_tariff<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
    ) -> Result<(), MeterError> {
        if self.phase == Phase::Unread {
            return Err(MeterError::NoReading);
        }
        let mut after = *self;
        after.sums.switch_tariff();
        after.find_prices(tariff, zone, Measured::default())?;
        *self = after;
        Ok(())
    }

    /// What the contract says of metering.
    #[must_use]
    pub const fn policy(&self) -> MeterPolicy {
        self.policy
    }

    /// Milliseconds of charging and of idling so far.
    #[must_use]
    pub const fn durations_millis(&self) -> (i64, i64) {
        let [charging, idle, _] = self.durations;
        (charging, idle)
    }

    /// Milliseconds of reservation so far.
    #[must_use]
    pub const fn reserved_millis(&self) -> i64 {
        let [.., reserved] = self.durations;
        reserved
    }

    /// Energy since the first reading, as far as it has been read; negative where a net register shows less than then.
    #[must_use]
    pub fn energy(&self) -> MicroWattHours {
        self.cursor.1.checked_sub(self.first.1).unwrap_or_default()
    }

    /// First and last reading: time and register.
    #[must_use]
    pub const fn readings(&self) -> [(Timestamp, MicroWattHours); 2] {
        [self.first, self.cursor]
    }

    /// The cost so far, bounded by the maximum; once the session has ended, the bill.
    ///
    /// # Errors
    /// [`MeterError::NoReading`], [`MeterError::Overflow`].
    pub fn totals(&self, tariff: &CompiledTariff) -> Result<Totals, MeterError> {
        if self.phase == Phase::Unread {
            return Err(MeterError::NoReading);
        }
        let ended = self.phase == Phase::Ended;
        if !ended || !self.policy.step_sizes {
            return self.sums.totals(&tariff.limits, ended).ok_or(MeterError::Overflow);
        }
        let mut sums = self.sums;
        for last in self.sums.last_priced() {
            let component = tariff.component(last).ok_or(MeterError::Overflow)?;
            let surplus = sums.step_surplus(component).ok_or(MeterError::Overflow)?;
            if surplus != 0 {
                sums.add(last, component, surplus)?;
            }
        }
        sums.totals(&tariff.limits, true).ok_or(MeterError::Overflow)
    }

    /// The prices that hold now, by component of the tariff.
    #[must_use]
    pub const fn prices(&self) -> Winners {
        self.winners
    }

    /// What lies ahead, for the display: when the prices next change, if nothing but time goes on, and at which energy.
    #[must_use]
    pub fn outlook<Z: Zone>(&self, tariff: &CompiledTariff, zone: &Z) -> Outlook {
        let mut ahead = *self;
        let mut next_change = None;
        // Eight days of half hours: longer than any weekly tariff repeats itself.
        for _ in 0..400 {
            if ahead.until == Timestamp::MAX {
                break;
            }
            let step = ahead.until.unix_millis().saturating_sub(ahead.cursor.0.unix_millis());
            ahead.pass(step);
            ahead.cursor.0 = ahead.until;
            if ahead.find_prices(tariff, zone, Measured::default()).is_err() {
                break;
            }
            if ahead.winners != self.winners {
                next_change = Some(ahead.cursor.0);
                break;
            }
        }
        let (_, next) = self.energies;
        let next_energy = (next != i64::MAX).then(|| MicroWattHours::from_raw(next));
        Outlook { prices: self.winners, next_change, next_energy }
    }

    fn begin<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        reading: &MeterReading,
    ) -> Result<(), MeterError> {
        self.phase = Phase::Running;
        self.first = (reading.at, reading.register);
        self.cursor = self.first;
        self.number = reading.number;
        self.find_prices(tariff, zone, Measured::default())?;
        if !tariff.is_measured() {
            // For the display; where power decides, the first interval has to show it.
            self.charge_fee(tariff)?;
        }
        Ok(())
    }
}
