//! A session being metered: readings and changes of activity in, the cost so far or the bill out.
//!
//! The meter cuts the session wherever another price comes to hold, so that every piece has one price for everything. Its state
//! is a few hundred bytes without a heap, whatever the tariff; it borrows nothing, and the tariff is passed to every call.

use super::clock::LocalClock;
use super::sums::{SumError, Sums};
use super::{AxisKind, Charge, CompiledTariff, Rows, Totals, UNKNOWN_ROWS, Winners};
use crate::quantity::{MicroWattHours, MilliAmperes, MilliWatts};
use crate::rounding::{RoundingMode, divide};
use crate::time::{Timestamp, Zone};
use crate::tou::{MAX_GAP_MILLIS, interpolate_rounded};

/// What the session is doing. Throttling by the station while the vehicle still wants power is charging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Activity {
    /// Charging: OCPI `TIME`, OCPP `chargingTime`.
    #[default]
    Charging,
    /// The vehicle asks for no power: OCPI `PARKING_TIME`, OCPP `idleTime`.
    Idle,
    /// The place is reserved and the session has not begun.
    Reserved,
}

impl Activity {
    const fn charge(self) -> Charge {
        match self {
            Self::Charging => Charge::Time,
            Self::Idle => Charge::Parking,
            Self::Reserved => Charge::ReservationTime,
        }
    }
}

/// What a contract says of metering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeterPolicy {
    /// The cumulative register at a cut between two readings is rounded half-up to a multiple of this.
    pub cut: MicroWattHours,
    /// Step sizes apply to the bill.
    pub step_sizes: bool,
}

impl Default for MeterPolicy {
    /// Cuts at whole Wh; step sizes apply.
    fn default() -> Self {
        Self { cut: MicroWattHours::from_raw(1_000_000), step_sizes: true }
    }
}

/// A register reading, with what was measured since the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeterReading {
    /// When.
    pub at: Timestamp,
    /// Active import energy register.
    pub register: MicroWattHours,
    /// Power since the reading before; if it is not known, the mean that the registers give.
    pub power: Option<MilliWatts>,
    /// Current since the reading before; if it is not known, restrictions on current hold.
    pub current: Option<MilliAmperes>,
}

impl MeterReading {
    /// A reading of the register alone.
    #[must_use]
    pub const fn new(at: Timestamp, register: MicroWattHours) -> Self {
        Self { at, register, power: None, current: None }
    }
}

/// A stretch in which one set of prices held: a charging period of one's own record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeterPiece {
    /// Its begin.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
    /// Register at its begin.
    pub register_from: MicroWattHours,
    /// Register at its end.
    pub register_to: MicroWattHours,
    /// The register at its end lies between two readings and was interpolated.
    pub interpolated: bool,
    /// What the session was doing.
    pub activity: Activity,
    /// Component of the energy.
    pub energy: Option<u16>,
    /// Component of the time.
    pub time: Option<u16>,
}

/// Why an event was not taken, or no cost could be told. The meter is left as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MeterError {
    /// The event lies before the reading taken last, or before a change that already waits.
    #[error("event at {at} after one at {last}")]
    TimeWentBack {
        /// Time of the event before.
        last: Timestamp,
        /// Time of the refused event.
        at: Timestamp,
    },
    /// The register shows less than before.
    #[error("register fell from {last} to {register}")]
    RegisterFell {
        /// The register as taken last.
        last: MicroWattHours,
        /// The refused register.
        register: MicroWattHours,
    },
    /// Two readings lie further apart than 31 days.
    #[error("{millis} ms between two readings")]
    GapTooLong {
        /// The distance.
        millis: i64,
    },
    /// More than five changes of activity since the last reading: read the register at a change.
    #[error("more than five changes of activity without a reading")]
    TooManyChanges,
    /// More than eight different pairs of dimension and tax.
    #[error("more than eight different pairs of dimension and tax")]
    TooManyTaxes,
    /// The session is over.
    #[error("the session has ended")]
    Ended,
    /// No reading has come yet.
    #[error("no reading")]
    NoReading,
    /// Beyond the range of money, energy or time.
    #[error("arithmetic overflow")]
    Overflow,
}

const _: () = assert!(size_of::<MeterError>() <= 32);

impl From<SumError> for MeterError {
    fn from(error: SumError) -> Self {
        match error {
            SumError::TooManyTaxes => Self::TooManyTaxes,
            SumError::Overflow => Self::Overflow,
        }
    }
}

/// Changes of activity that can wait for the next reading.
const WAITING: usize = 5;

/// A session being metered under a compiled tariff.
///
/// A call that fails leaves it as it was. It is plain data: it can be copied, stored over a restart and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meter {
    sums: Sums<8>,
    policy: MeterPolicy,
    /// First and last reading: time and register.
    first: (Timestamp, MicroWattHours),
    last: (Timestamp, MicroWattHours),
    /// How far the session has been cut.
    cursor: (Timestamp, MicroWattHours),
    /// The prices that hold at the cursor, and when they may end: at an instant, at an energy since the start.
    winners: Winners,
    until: Timestamp,
    until_energy: i64,
    clock: LocalClock,
    charging_millis: i64,
    idle_millis: i64,
    /// Changes that wait for the register to be known beyond them, in order.
    changes: [(Timestamp, Activity); WAITING],
    waiting: u8,
    activity: Activity,
    /// Components that priced each metered charge last.
    last_priced: [Option<u16>; 4],
    begun: bool,
    ended: bool,
}

const _: () = assert!(size_of::<Meter>() <= 512);

impl Meter {
    /// A session without readings that will begin with that activity.
    #[must_use]
    pub const fn new(policy: MeterPolicy, activity: Activity) -> Self {
        let never = Timestamp::from_unix_millis(0);
        let nothing = (never, MicroWattHours::ZERO);
        Self {
            sums: Sums::new(),
            policy,
            first: nothing,
            last: nothing,
            cursor: nothing,
            winners: Winners::NOTHING,
            until: never,
            until_energy: 0,
            clock: LocalClock::new(),
            charging_millis: 0,
            idle_millis: 0,
            changes: [(never, Activity::Charging); WAITING],
            waiting: 0,
            activity,
            last_priced: [None; 4],
            begun: false,
            ended: false,
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
        mut on_piece: impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        if self.ended {
            return Err(MeterError::Ended);
        }
        if self.is_within(tariff, &reading) {
            self.piece_to(tariff, reading.at, reading.register, false, &mut on_piece)?;
            self.last = self.cursor;
            return Ok(());
        }
        let mut after = *self;
        if self.begun {
            after.advance(tariff, zone, reading, &mut on_piece)?;
        } else {
            after.begun = true;
            let at = (reading.at, reading.register);
            (after.first, after.last, after.cursor) = (at, at, at);
            after.find_prices(tariff, zone, None, None)?;
            if !tariff.is_measured() {
                // For the display; where power decides, the first interval has to show it.
                after.charge_fee(tariff)?;
            }
        }
        *self = after;
        Ok(())
    }

    /// The session goes over to another activity at that instant, from which on its time is priced as such.
    ///
    /// A change after the last reading waits for the next one, as the register there is not known yet.
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
        if self.ended {
            return Err(MeterError::Ended);
        }
        if !self.begun {
            return Err(MeterError::NoReading);
        }
        let waiting = usize::from(self.waiting);
        let latest = self.changes.iter().take(waiting).next_back();
        let last = latest.map_or(self.last.0, |(at, _)| *at);
        if at < last {
            return Err(MeterError::TimeWentBack { last, at });
        }
        if waiting == 0 && at == self.last.0 {
            let mut after = *self;
            after.activity = activity;
            after.find_prices(tariff, zone, None, None)?;
            *self = after;
            return Ok(());
        }
        let free = self.changes.get_mut(waiting).ok_or(MeterError::TooManyChanges)?;
        *free = (at, activity);
        self.waiting += 1;
        Ok(())
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
        if !self.begun {
            return Err(MeterError::NoReading);
        }
        let mut after = *self;
        after.handle_reading_with(tariff, zone, MeterReading::new(at, self.last.1), on_piece)?;
        after.ended = true;
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
        if !self.begun {
            return Err(MeterError::NoReading);
        }
        let mut after = *self;
        after.sums.switch_tariff();
        after.last_priced = [None; 4];
        after.find_prices(tariff, zone, None, None)?;
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
        (self.charging_millis, self.idle_millis)
    }

    /// Energy since the first reading, as far as it has been read.
    #[must_use]
    pub fn energy(&self) -> MicroWattHours {
        self.last.1.checked_sub(self.first.1).unwrap_or_default()
    }

    /// First and last reading: time and register.
    #[must_use]
    pub const fn readings(&self) -> [(Timestamp, MicroWattHours); 2] {
        [self.first, self.last]
    }

    /// The cost so far, bounded by the maximum; once the session has ended, the bill.
    ///
    /// # Errors
    /// [`MeterError::NoReading`], [`MeterError::Overflow`].
    pub fn totals(&self, tariff: &CompiledTariff) -> Result<Totals, MeterError> {
        if !self.begun {
            return Err(MeterError::NoReading);
        }
        if !self.ended || !self.policy.step_sizes {
            return self.sums.totals(&tariff.limits, self.ended).ok_or(MeterError::Overflow);
        }
        let mut sums = self.sums;
        for last in self.last_priced.into_iter().flatten() {
            let component = tariff.component(last).ok_or(MeterError::Overflow)?;
            let surplus = sums.step_surplus(component).ok_or(MeterError::Overflow)?;
            if surplus != 0 {
                sums.add(component, surplus)?;
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
            match ahead.activity {
                Activity::Charging => {
                    ahead.charging_millis = ahead.charging_millis.saturating_add(step);
                }
                Activity::Idle => ahead.idle_millis = ahead.idle_millis.saturating_add(step),
                Activity::Reserved => {}
            }
            ahead.cursor.0 = ahead.until;
            if ahead.find_prices(tariff, zone, None, None).is_err() {
                break;
            }
            if ahead.winners != self.winners {
                next_change = Some(ahead.cursor.0);
                break;
            }
        }
        let energy =
            (self.until_energy != i64::MAX).then(|| MicroWattHours::from_raw(self.until_energy));
        Outlook { prices: self.winners, next_change, next_energy: energy }
    }

    /// The reading follows the last one without anything happening in between: the usual case, made short.
    fn is_within(&self, tariff: &CompiledTariff, reading: &MeterReading) -> bool {
        let (last_at, last_register) = self.last;
        let energy = reading.register.raw().saturating_sub(self.first.1.raw());
        self.begun
            && self.waiting == 0
            && !tariff.is_measured()
            && reading.at >= last_at
            && reading.register >= last_register
            && reading.at < self.until
            && energy < self.until_energy
            && reading.at.unix_millis().saturating_sub(last_at.unix_millis()) <= MAX_GAP_MILLIS
    }

    fn advance<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        reading: MeterReading,
        on_piece: &mut impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        let (last_at, last_register) = self.last;
        if reading.at < last_at {
            return Err(MeterError::TimeWentBack { last: last_at, at: reading.at });
        }
        if reading.register < last_register {
            return Err(MeterError::RegisterFell {
                last: last_register,
                register: reading.register,
            });
        }
        let duration = reading.at.unix_millis().saturating_sub(last_at.unix_millis());
        if duration > MAX_GAP_MILLIS {
            return Err(MeterError::GapTooLong { millis: duration });
        }
        let growth = reading.register.checked_sub(last_register).ok_or(MeterError::Overflow)?.raw();
        let line = Line { at: last_at, register: last_register, duration, growth };
        let mut measured = (reading.power, reading.current);
        if tariff.is_measured() {
            measured.0 = reading.power.or_else(|| line.mean_power());
            self.find_prices(tariff, zone, measured.0, measured.1)?;
        }
        let mut done = 0;
        for (at, activity) in self.changes.into_iter().take(usize::from(self.waiting)) {
            if at > reading.at {
                break;
            }
            self.pieces(tariff, zone, &line, at, measured, on_piece)?;
            self.activity = activity;
            self.find_prices(tariff, zone, measured.0, measured.1)?;
            done += 1;
        }
        self.changes.rotate_left(done);
        self.waiting -= u8::try_from(done).unwrap_or(0);
        self.pieces(tariff, zone, &line, reading.at, measured, on_piece)?;
        self.last = (reading.at, reading.register);
        Ok(())
    }

    /// Goes from the cursor to `end`, which lies on the line between the last reading and the present one.
    fn pieces<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        line: &Line,
        end: Timestamp,
        measured: (Option<MilliWatts>, Option<MilliAmperes>),
        on_piece: &mut impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        let last = line.end() == Some(end);
        while self.cursor.0 < end || (last && self.cursor.1 < line.last_register()) {
            let threshold =
                MicroWattHours::from_raw(self.first.1.raw().saturating_add(self.until_energy));
            let by_energy = (threshold < line.last_register() && self.until_energy != i64::MAX)
                .then(|| line.instant_of(threshold))
                .flatten()
                .map(|at| at.max(self.cursor.0));
            let next = self.until.min(end).max(self.cursor.0);
            let (at, register) = match by_energy {
                Some(at) if at <= next => (at, threshold.max(self.cursor.1)),
                _ if next == end && last => (next, line.last_register()),
                _ => {
                    let register =
                        line.register_at(next, self.policy.cut).ok_or(MeterError::Overflow)?;
                    (next, register.max(self.cursor.1))
                }
            };
            let interpolated = line.growth != 0 && Some(at) != line.end();
            self.piece_to(tariff, at, register, interpolated, on_piece)?;
            let energy = register.checked_sub(self.first.1).ok_or(MeterError::Overflow)?.raw();
            if at >= self.until || energy >= self.until_energy {
                self.find_prices(tariff, zone, measured.0, measured.1)?;
            }
        }
        Ok(())
    }

    /// Adds what lies between the cursor and there, and moves the cursor.
    fn piece_to(
        &mut self,
        tariff: &CompiledTariff,
        at: Timestamp,
        register: MicroWattHours,
        interpolated: bool,
        on_piece: &mut impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        let (from, register_from) = self.cursor;
        let millis = at.unix_millis().saturating_sub(from.unix_millis());
        let energy = register.checked_sub(register_from).ok_or(MeterError::Overflow)?.raw();
        let reserved = self.activity == Activity::Reserved;
        let energy_price =
            self.winners.component(Charge::Energy).filter(|_| !reserved && energy != 0);
        let time_price = self.winners.component(self.activity.charge()).filter(|_| millis != 0);
        let column = match self.activity {
            Activity::Charging => 1,
            Activity::Idle => 2,
            Activity::Reserved => 3,
        };
        if millis != 0 || energy != 0 {
            self.charge_fee(tariff)?;
        }
        let micros = millis.checked_mul(1_000).ok_or(MeterError::Overflow)?;
        // A component that is missing means another tariff than the one the session began with.
        let of = |index: Option<u16>, quantity: i64| match index {
            Some(index) => tariff
                .component(index)
                .map(|found| Some((found, quantity)))
                .ok_or(MeterError::Overflow),
            None => Ok(None),
        };
        self.sums.add_both(of(energy_price, energy)?, of(time_price, micros)?)?;
        if energy_price.is_some()
            && let Some(last) = self.last_priced.get_mut(0)
        {
            *last = energy_price;
        }
        if time_price.is_some()
            && let Some(last) = self.last_priced.get_mut(column)
        {
            *last = time_price;
        }
        match self.activity {
            Activity::Charging => {
                self.charging_millis = self.charging_millis.saturating_add(millis);
            }
            Activity::Idle => self.idle_millis = self.idle_millis.saturating_add(millis),
            Activity::Reserved => {}
        }
        self.cursor = (at, register);
        on_piece(MeterPiece {
            from,
            to: at,
            register_from,
            register_to: register,
            interpolated,
            activity: self.activity,
            energy: energy_price,
            time: time_price,
        });
        Ok(())
    }

    /// Finds the prices that hold at the cursor and how long they can.
    fn find_prices<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        power: Option<MilliWatts>,
        current: Option<MilliAmperes>,
    ) -> Result<(), MeterError> {
        let (now, register) = self.cursor;
        let origin = self.first.0.unix_millis();
        let energy = register.checked_sub(self.first.1).ok_or(MeterError::Overflow)?.raw();
        let mut rows: Rows = UNKNOWN_ROWS;
        let local = self.clock.at(zone, now);
        let mut until = tariff.local_rows(&mut rows, now, local);
        let elapsed = now.unix_millis().saturating_sub(origin);
        let (power, current) = (power.map(|p| p.raw()), current.map(|c| c.raw()));
        let values = [
            (AxisKind::Elapsed, Some(elapsed)),
            (AxisKind::Charging, Some(self.charging_millis)),
            (AxisKind::Idle, Some(self.idle_millis)),
            (AxisKind::Energy, Some(energy)),
            (AxisKind::PowerAtLeast, power),
            (AxisKind::PowerBelow, power),
            (AxisKind::CurrentAtLeast, current),
            (AxisKind::CurrentBelow, current),
        ];
        for (kind, value) in values {
            if let Some(row) = rows.get_mut(kind as usize) {
                *row = tariff.row(kind, value);
            }
        }
        let runs = |activity| self.activity == activity;
        let counters = [
            (AxisKind::Elapsed, elapsed, true),
            (AxisKind::Charging, self.charging_millis, runs(Activity::Charging)),
            (AxisKind::Idle, self.idle_millis, runs(Activity::Idle)),
        ];
        for (kind, value, runs) in counters {
            if let Some(end) = tariff.end_of(kind, &rows).filter(|_| runs) {
                until = until.min(now.saturating_add_millis(end.saturating_sub(value)));
            }
        }
        self.until = until;
        self.until_energy = tariff.end_of(AxisKind::Energy, &rows).unwrap_or(i64::MAX);
        self.winners = tariff.winners(&rows);
        Ok(())
    }

    /// A fee falls due with the first piece in which a price for it holds.
    fn charge_fee(&mut self, tariff: &CompiledTariff) -> Result<(), MeterError> {
        let reserved = self.activity == Activity::Reserved;
        let fee = if reserved { Charge::ReservationFlat } else { Charge::Flat };
        if !self.sums.has_fee(reserved)
            && let Some(component) = self.winners.component(fee).and_then(|i| tariff.component(i))
        {
            self.sums.add(component, 1)?;
        }
        Ok(())
    }
}

/// The straight line between two readings.
struct Line {
    at: Timestamp,
    register: MicroWattHours,
    /// Milliseconds to the second reading.
    duration: i64,
    /// µWh to the second reading.
    growth: i64,
}

impl Line {
    fn end(&self) -> Option<Timestamp> {
        Some(self.at.saturating_add_millis(self.duration))
    }

    const fn last_register(&self) -> MicroWattHours {
        MicroWattHours::from_raw(self.register.raw().saturating_add(self.growth))
    }

    /// Rounded half-up to a multiple of `cut`, and within the two readings.
    fn register_at(&self, at: Timestamp, cut: MicroWattHours) -> Option<MicroWattHours> {
        let elapsed = at.unix_millis().checked_sub(self.at.unix_millis())?;
        let found = interpolate_rounded(self.register, self.growth, elapsed, self.duration, cut)?;
        Some(found.to_nearest())
    }

    /// When the register passes a value, half-up to a whole second.
    fn instant_of(&self, register: MicroWattHours) -> Option<Timestamp> {
        let growth = i128::from(self.growth);
        let gone = i128::from(register.raw()) - i128::from(self.register.raw());
        let exact = i128::from(self.at.unix_millis()).checked_mul(growth)?;
        let exact = exact.checked_add(gone.checked_mul(self.duration.into())?)?;
        let seconds = divide(RoundingMode::HalfUp, exact, growth.checked_mul(1_000)?)?;
        let at = Timestamp::from_unix_seconds(i64::try_from(seconds).ok()?);
        Some(at.max(self.at).min(self.end()?))
    }

    /// Energy over time; `None` between two readings of one instant.
    fn mean_power(&self) -> Option<MilliWatts> {
        // 1 µWh in 1 ms is 3.6 W.
        let power = i128::from(self.growth).checked_mul(3_600)?;
        let power = divide(RoundingMode::HalfUp, power, self.duration.into())?;
        i64::try_from(power).ok().map(MilliWatts::from_raw)
    }
}

/// What the display says of prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// The prices that hold now, by component.
    pub prices: Winners,
    /// The next instant at which other prices hold, if the session goes on as it does; `None` if none is near.
    pub next_change: Option<Timestamp>,
    /// Energy since the start at which other prices may hold.
    pub next_energy: Option<MicroWattHours>,
}
