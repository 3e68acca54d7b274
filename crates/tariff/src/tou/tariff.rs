//! A tariff ready to price: table, zone and policy together, and the cutting of time at its price changes.

use super::energy::{ExactEnergy, interpolate_exact, interpolate_rounded};
use super::policy::{Cut, DayChange, Policy};
use super::session::Reading;
use super::table::{Rate, TimeOfUse};
use crate::error::Error;
use crate::time::{DAY_MILLIS, Date, MINUTE_MILLIS, MinuteOfDay, Timestamp, Zone};

/// Longest time between two readings, 31 days: what lies further apart is a fault of the log, not a session.
pub const MAX_GAP_MILLIS: i64 = 31 * DAY_MILLIS;

/// Periods looked ahead for the next price change: more than a week of half hours.
const LOOK_AHEAD_PERIODS: usize = 8 * 48;

/// A price table with the zone its hours are read in and the policy that rounds.
#[derive(Debug, Clone, Copy)]
pub struct Tariff<'a, Z> {
    /// Prices.
    pub table: TimeOfUse<'a>,
    /// Zone of the charging station.
    pub zone: Z,
    /// Arithmetic of the contract.
    pub policy: Policy,
}

/// The price in force and when the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceNow {
    /// The rate in force.
    pub rate: Rate,
    /// First instant of another rate; `None` if none comes within eight days.
    pub next_change: Option<Timestamp>,
}

/// A stretch of time between two readings in which one rate holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its first instant.
    pub from: Timestamp,
    /// First instant after it.
    pub to: Timestamp,
    /// Index of the rate that holds.
    pub rate: u8,
    /// Register at `from`: read if `from` is the first reading's time, else interpolated.
    pub register_from: ExactEnergy,
    /// Register at `to`, likewise.
    pub register_to: ExactEnergy,
    /// Energy in between.
    pub energy: ExactEnergy,
}

impl<'a, Z: Zone> Tariff<'a, Z> {
    /// The tariff as a session that began then is priced by: itself, or with [`DayChange::Keep`] its prices of that day on every date.
    #[must_use]
    pub fn for_session(&self, begin: Timestamp) -> Tariff<'a, &Z> {
        let table = match self.policy.day_change {
            DayChange::Split => self.table,
            DayChange::Keep => self.table.with_day_table(self.day_table_at(begin)),
        };
        Tariff { table, zone: &self.zone, policy: self.policy }
    }

    /// Index of the day table that holds at an instant.
    #[must_use]
    pub fn day_table_at(&self, instant: Timestamp) -> u8 {
        let offset = i64::from(self.zone.offset_at(instant).offset_seconds) * 1_000;
        let local = instant.unix_millis().saturating_add(offset);
        self.table.day_table_on(Date::from_unix_days(local.div_euclid(DAY_MILLIS)))
    }

    /// The rate index that holds at an instant, and the instant at which its period ends (the next one may have the same
    /// rate).
    #[must_use]
    pub fn period_at(&self, instant: Timestamp) -> (u8, Timestamp) {
        let span = self.zone.offset_at(instant);
        let offset = i64::from(span.offset_seconds) * 1_000;
        let local = instant.unix_millis().saturating_add(offset);
        let of_day = local.rem_euclid(DAY_MILLIS);
        let minute = MinuteOfDay::try_from(of_day / MINUTE_MILLIS).unwrap_or(0);
        let date = Date::from_unix_days(local.div_euclid(DAY_MILLIS));
        let (rate, end) = self.table.at(date, minute);
        let mut until = instant.saturating_add_millis(i64::from(end) * MINUTE_MILLIS - of_day);
        if let Some(change) = span.until.filter(|change| *change > instant) {
            until = until.min(change);
        }
        (rate, until)
    }

    /// The price in force at an instant and when it changes, for the display.
    #[must_use]
    pub fn price_at(&self, instant: Timestamp) -> Option<PriceNow> {
        let (index, mut until) = self.period_at(instant);
        let rate = *self.table.rate(index)?;
        let mut next_change = None;
        for _ in 0..LOOK_AHEAD_PERIODS {
            let (following, end) = self.period_at(until);
            if following != index {
                next_change = Some(until);
                break;
            }
            until = end;
        }
        Some(PriceNow { rate, next_change })
    }

    /// Cuts the time between two readings at the price changes.
    ///
    /// # Errors
    /// The readings are out of order, the register fell, or they lie further apart than [`MAX_GAP_MILLIS`].
    pub fn pieces(&self, previous: Reading, next: Reading) -> Result<Pieces<'_, Z>, Error> {
        let duration = check_pair(previous, next)?;
        let growth = next.register.raw().checked_sub(previous.register.raw());
        let register = ExactEnergy::from_whole(previous.register);
        Ok(Pieces {
            tariff: self,
            previous,
            next,
            duration,
            growth: growth.ok_or(Error::Overflow)?,
            from: previous.at,
            register,
        })
    }
}

/// The milliseconds from one reading to the next, if the two can follow each other.
pub(crate) fn check_pair(previous: Reading, next: Reading) -> Result<i64, Error> {
    if next.at < previous.at {
        return Err(Error::TimeWentBack { last: previous.at, at: next.at });
    }
    if next.register < previous.register {
        return Err(Error::RegisterFell { last: previous.register, register: next.register });
    }
    let millis = next.at.unix_millis().saturating_sub(previous.at.unix_millis());
    if millis > MAX_GAP_MILLIS {
        return Err(Error::GapTooLong { millis });
    }
    Ok(millis)
}

/// The pieces between two readings, in order. They leave no gap, and their energies add up to the energy metered.
///
/// Two readings of the same instant give no piece.
#[derive(Debug, Clone)]
pub struct Pieces<'a, Z> {
    tariff: &'a Tariff<'a, Z>,
    previous: Reading,
    next: Reading,
    duration: i64,
    growth: i64,
    from: Timestamp,
    register: ExactEnergy,
}

impl<Z: Zone> Pieces<'_, Z> {
    /// All pieces have been given.
    pub(crate) fn is_done(&self) -> bool {
        self.from >= self.next.at
    }

    /// The register at that instant, the end of a piece, was interpolated.
    pub(crate) fn is_cut_at(&self, instant: Timestamp) -> bool {
        self.growth != 0 && instant < self.next.at
    }

    fn register_at(&self, instant: Timestamp) -> Option<ExactEnergy> {
        let elapsed = instant.unix_millis().checked_sub(self.previous.at.unix_millis())?;
        let (register, growth, duration) = (self.previous.register, self.growth, self.duration);
        match self.tariff.policy.cut {
            Cut::Exact => interpolate_exact(register, growth, elapsed, duration),
            Cut::Register(step) => interpolate_rounded(register, growth, elapsed, duration, step),
        }
    }

    /// Energy between the last cut and this one; where cuts are exact, straight from the time, so that the fraction
    /// stays over the interval's own duration.
    fn energy_to(&self, to: Timestamp, register_to: ExactEnergy) -> Option<ExactEnergy> {
        match self.tariff.policy.cut {
            Cut::Exact => {
                let millis = to.unix_millis().checked_sub(self.from.unix_millis())?;
                let numerator = i128::from(self.growth).checked_mul(millis.into())?;
                ExactEnergy::new(numerator, self.duration.into())
            }
            Cut::Register(_) => {
                let (from, _) = self.register.to_fraction();
                let (to, _) = register_to.to_fraction();
                ExactEnergy::new(to.checked_sub(from)?, 1)
            }
        }
    }
}

impl<Z: Zone> Iterator for Pieces<'_, Z> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.from >= self.next.at {
            return None;
        }
        let (rate, mut to) = self.tariff.period_at(self.from);
        while to < self.next.at {
            let (following, end) = self.tariff.period_at(to);
            if following != rate || end <= to {
                break;
            }
            to = end;
        }
        let register_to = if to >= self.next.at {
            to = self.next.at;
            ExactEnergy::from_whole(self.next.register)
        } else {
            self.register_at(to)?
        };
        let energy = self.energy_to(to, register_to)?;
        let piece =
            Piece { from: self.from, to, rate, register_from: self.register, register_to, energy };
        (self.from, self.register) = (to, register_to);
        Some(piece)
    }
}
