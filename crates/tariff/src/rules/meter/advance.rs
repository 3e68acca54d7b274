//! Going on from one reading to the next: the cuts between them and the prices of the pieces.

use super::line::Line;
use super::{Activity, ActivityChange, CutPoint, Meter, MeterError, MeterPiece, MeterReading};
use crate::quantity::{MicroWattHours, MilliAmperes, MilliWatts};
use crate::rules::{AxisKind, Charge, CompiledTariff, Rows, UNKNOWN_ROWS};
use crate::time::{Timestamp, Zone};
use crate::tou::MAX_GAP_MILLIS;

/// The time between two readings.
struct Interval {
    line: Line,
    measured: Measured,
    /// Numbers of the two readings.
    readings: [u32; 2],
}

/// What restrictions on power and current look at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Measured {
    power: Option<MilliWatts>,
    current: Option<MilliAmperes>,
    /// The register falls.
    falling: bool,
}

/// How a piece ends.
#[derive(Debug, Clone, Copy)]
struct Cut {
    at: Timestamp,
    register: MicroWattHours,
    interpolated: bool,
    over_change: bool,
}

impl Meter {
    /// The reading follows the last one without anything happening in between: the usual case, made short.
    pub(super) fn is_within(&self, tariff: &CompiledTariff, reading: &MeterReading) -> bool {
        let (last_at, last_register) = self.cursor;
        let energy = reading.register.raw().saturating_sub(self.first.1.raw());
        reading.at >= last_at
            && reading.at < self.until
            && reading.register >= last_register
            && energy < self.energies.1
            && self.waiting.is_empty()
            && !tariff.is_measured()
            && reading.at.unix_millis().saturating_sub(last_at.unix_millis()) <= MAX_GAP_MILLIS
    }

    /// What [`Meter::is_within`] has found: one piece.
    pub(super) fn go_on(
        &mut self,
        tariff: &CompiledTariff,
        reading: &MeterReading,
        on_piece: &mut impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        let (at, register) = (reading.at, reading.register);
        let cut = Cut { at, register, interpolated: false, over_change: false };
        self.piece_to(tariff, cut, [self.number, reading.number], on_piece)?;
        self.number = reading.number;
        Ok(())
    }

    /// Any reading after the first, with the changes of activity that were not told before.
    pub(super) fn advance<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        changes: &[ActivityChange],
        reading: &MeterReading,
        on_piece: &mut impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        let last_at = self.cursor.0;
        let line = Line::new(self.cursor, (reading.at, reading.register))?;
        if line.is_falling() && self.policy.register == super::RegisterKind::Import {
            let (last, register) = (self.cursor.1, reading.register);
            return Err(MeterError::RegisterFell { last, register });
        }
        self.check_order(changes, reading.at)?;
        let mut measured = Measured { falling: line.is_falling(), ..Measured::default() };
        if tariff.is_measured() {
            measured.power = reading.power.or_else(|| line.mean_power());
            measured.current = reading.current;
        }
        if tariff.is_measured() || line.is_falling() {
            self.find_prices(tariff, zone, measured)?;
        }
        let interval = Interval { line, measured, readings: [self.number, reading.number] };
        let waiting = self.waiting;
        let told = changes.iter().copied();
        let changes = waiting.changes(last_at).take_while(|change| change.at <= reading.at);
        match self.policy.cut_at {
            CutPoint::PriceChange => {
                self.cut_at_changes(tariff, zone, &interval, changes.chain(told), on_piece)?;
            }
            CutPoint::Reading => {
                self.keep_prices(tariff, &interval, changes.chain(told), on_piece)?;
            }
        }
        self.waiting = waiting.after(last_at, reading.at);
        self.number = reading.number;
        if measured.falling || self.policy.cut_at == CutPoint::Reading {
            self.find_prices(tariff, zone, Measured { falling: false, ..measured })?;
        }
        Ok(())
    }

    /// Changes come in order of time, none before one that waits and none after the reading.
    fn check_order(&self, changes: &[ActivityChange], end: Timestamp) -> Result<(), MeterError> {
        if changes.is_empty() {
            return Ok(());
        }
        let waiting = self.waiting.changes(self.cursor.0).last();
        let mut last = waiting.map_or(self.cursor.0, |change| change.at);
        for at in changes.iter().map(|change| change.at).chain([end]) {
            if at < last {
                return Err(MeterError::TimeWentBack { last, at });
            }
            last = at;
        }
        Ok(())
    }

    /// Cuts at every change of activity and wherever another price comes to hold.
    fn cut_at_changes<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        interval: &Interval,
        changes: impl Iterator<Item = ActivityChange>,
        on_piece: &mut impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        for change in changes {
            self.pieces(tariff, zone, interval, change.at, on_piece)?;
            self.activity = change.activity;
            self.find_prices(tariff, zone, interval.measured)?;
        }
        self.pieces(tariff, zone, interval, interval.line.end(), on_piece)
    }

    /// Prices everything up to the next reading as it began. Time is cut at changes of activity; all of the energy goes with the last
    /// piece, as the register is not known before.
    fn keep_prices(
        &mut self,
        tariff: &CompiledTariff,
        interval: &Interval,
        changes: impl Iterator<Item = ActivityChange>,
        on_piece: &mut impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        let Interval { line, readings, .. } = interval;
        let register = line.last_register();
        let energy = register.raw().saturating_sub(self.first.1.raw());
        let over_change = line.end() > self.until || self.reaches(energy, line);
        let cut = |at, register| Cut { at, register, interpolated: false, over_change };
        for change in changes {
            self.piece_to(tariff, cut(change.at, self.cursor.1), *readings, on_piece)?;
            self.activity = change.activity;
        }
        self.piece_to(tariff, cut(line.end(), register), *readings, on_piece)
    }

    /// Goes from the cursor to `end`, which lies on the interval's line.
    fn pieces<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        interval: &Interval,
        end: Timestamp,
        on_piece: &mut impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        let Interval { line, measured, readings } = interval;
        let last = line.end() == end;
        while self.cursor.0 < end || (last && self.cursor.1 != line.last_register()) {
            let (at, register) = self.next_cut(line, end).ok_or(MeterError::Overflow)?;
            let interpolated = !line.is_level() && at != line.end();
            let cut = Cut { at, register, interpolated, over_change: false };
            self.piece_to(tariff, cut, *readings, on_piece)?;
            let energy = register.checked_sub(self.first.1).ok_or(MeterError::Overflow)?.raw();
            if at >= self.until || self.reaches(energy, line) {
                self.find_prices(tariff, zone, *measured)?;
            }
        }
        Ok(())
    }

    /// The first of: the end, the instant until which prices hold, the energy until which they do.
    fn next_cut(&self, line: &Line, end: Timestamp) -> Option<(Timestamp, MicroWattHours)> {
        let bound = if line.is_falling() { self.energies.0 } else { self.energies.1 };
        let threshold = MicroWattHours::from_raw(self.first.1.raw().saturating_add(bound));
        let is_bound = bound != i64::MAX && bound != i64::MIN;
        let by_energy = (is_bound && line.passes(threshold))
            .then(|| line.instant_of(threshold))
            .flatten()
            .map(|at| at.max(self.cursor.0));
        let next = self.until.min(end).max(self.cursor.0);
        Some(match by_energy {
            Some(at) if at <= next => (at, line.later(threshold, self.cursor.1)),
            _ if next == line.end() => (next, line.last_register()),
            _ => (next, line.later(line.register_at(next, self.policy.cut)?, self.cursor.1)),
        })
    }

    /// Whether the energies for which prices hold end at this one.
    const fn reaches(&self, energy: i64, line: &Line) -> bool {
        if line.is_falling() { energy <= self.energies.0 } else { energy >= self.energies.1 }
    }

    /// Adds what lies between the cursor and the cut, and moves the cursor.
    fn piece_to(
        &mut self,
        tariff: &CompiledTariff,
        cut: Cut,
        readings: [u32; 2],
        on_piece: &mut impl FnMut(MeterPiece),
    ) -> Result<(), MeterError> {
        let (from, register_from) = self.cursor;
        let millis = cut.at.unix_millis().saturating_sub(from.unix_millis());
        let energy = cut.register.checked_sub(register_from).ok_or(MeterError::Overflow)?.raw();
        if millis != 0 || energy != 0 {
            self.charge_fee(tariff)?;
        }
        let billed = energy != 0 && self.activity != Activity::Reserved;
        let energy_price = self.winners.component(Charge::Energy).filter(|_| billed);
        let time_price = self.winners.component(self.activity.charge()).filter(|_| millis != 0);
        let micros = millis.checked_mul(1_000).ok_or(MeterError::Overflow)?;
        // A component that is missing means another tariff than the one the session began with.
        let of = |index: Option<u16>, quantity: i64| match index {
            None => Ok(None),
            Some(index) => match tariff.component(index) {
                Some(found) => Ok(Some((index, found, quantity))),
                None => Err(MeterError::Overflow),
            },
        };
        self.sums.add_both(of(energy_price, energy)?, of(time_price, micros)?)?;
        self.pass(millis);
        self.cursor = (cut.at, cut.register);
        on_piece(MeterPiece {
            from,
            to: cut.at,
            register_from,
            register_to: cut.register,
            readings,
            interpolated: cut.interpolated,
            over_change: cut.over_change,
            activity: self.activity,
            energy: energy_price,
            time: time_price,
        });
        Ok(())
    }

    /// Time passes in the present activity.
    pub(super) fn pass(&mut self, millis: i64) {
        if let Some(duration) = self.durations.get_mut(self.activity as usize) {
            *duration = duration.saturating_add(millis);
        }
    }

    /// Finds the prices that hold at the cursor and how long they can.
    pub(super) fn find_prices<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        zone: &Z,
        measured: Measured,
    ) -> Result<(), MeterError> {
        let (now, register) = self.cursor;
        let origin = self.first.0.unix_millis();
        let energy = register.checked_sub(self.first.1).ok_or(MeterError::Overflow)?.raw();
        // A register that falls from a threshold is below it from the first µWh on.
        let ahead = if measured.falling { energy.saturating_sub(1) } else { energy };
        let (charging, idle) = self.durations_millis();
        let mut rows: Rows = UNKNOWN_ROWS;
        let local = self.clock.at(zone, now);
        let mut until = tariff.local_rows(&mut rows, now, local);
        let elapsed = now.unix_millis().saturating_sub(origin);
        let power = measured.power.map(|power| power.raw());
        let current = measured.current.map(|current| current.raw());
        let values = [
            (AxisKind::Elapsed, Some(elapsed)),
            (AxisKind::Charging, Some(charging)),
            (AxisKind::Idle, Some(idle)),
            (AxisKind::Energy, Some(ahead)),
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
            (AxisKind::Charging, charging, runs(Activity::Charging)),
            (AxisKind::Idle, idle, runs(Activity::Idle)),
        ];
        for (kind, value, runs) in counters {
            if let Some(end) = tariff.end_of(kind, &rows).filter(|_| runs) {
                until = until.min(now.saturating_add_millis(end.saturating_sub(value)));
            }
        }
        self.until = until;
        self.energies = tariff.energies(&rows);
        self.winners = tariff.winners(&rows);
        Ok(())
    }

    /// A fee falls due with the first piece in which a price for it holds.
    pub(super) fn charge_fee(&mut self, tariff: &CompiledTariff) -> Result<(), MeterError> {
        let reserved = self.activity == Activity::Reserved;
        if self.sums.has_fee(reserved) {
            return Ok(());
        }
        let fee = if reserved { Charge::ReservationFlat } else { Charge::Flat };
        if let Some(index) = self.winners.component(fee)
            && let Some(component) = tariff.component(index)
        {
            self.sums.add(index, component, 1)?;
        }
        Ok(())
    }
}
