//! A charging session as a streaming accumulator: readings in, exact energy per rate inside, a bill whenever asked for.

use super::bill::Bill;
use super::energy::{ExactEnergy, NotAdded, Share, add_to_share};
use super::table::{DayTable, Rate};
use super::tariff::{Pieces, Tariff, check_pair};
use crate::error::Error;
use crate::quantity::MicroWattHours;
use crate::time::{FixedOffset, Timestamp, Zone};

/// Different rates that one session can touch. A tariff may have more (a row per month and band, say).
pub const MAX_TOUCHED_RATES: usize = 16;

/// An energy register at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// When it was read.
    pub at: Timestamp,
    /// Active import energy register.
    pub register: MicroWattHours,
}

bitflags::bitflags! {
    /// What a bill should say of how its energies came about.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct Remarks: u8 {
        /// At a price change the register was interpolated between two readings.
        const INTERPOLATED = 1;
        /// The register grew between two readings of the same instant; the energy is billed at the rate then in force.
        const ENERGY_WITHOUT_TIME = 1 << 1;
        /// The exact shares have no common denominator up to 2⁴⁰ (readings at odd milliseconds around several price
        /// changes), so some were rounded to less than a millionth of a µWh. They still add up to the energy metered.
        const FINELY_ROUNDED = 1 << 2;
    }
}

/// A session being metered. It borrows nothing; pass the same tariff to every call.
///
/// A call that fails leaves the session as it was, so that a bad reading can be dropped and named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// First and last reading taken.
    readings: Option<(Reading, Reading)>,
    /// Rate in force after the last reading, and when its period ends.
    current: (u8, Timestamp),
    /// Rate indexes touched, in order of first touch.
    rates: [u8; MAX_TOUCHED_RATES],
    touched: u8,
    remarks: Remarks,
    /// Energy of each touched rate; their fractions are over `denominator`.
    shares: [Share; MAX_TOUCHED_RATES],
    denominator: u64,
}

const _: () = assert!(size_of::<Session>() <= 512);

// A static tariff: 16 rates, a day of 48 half hours, and the tariff that refers to them.
const _: () = assert!(
    size_of::<[Rate; 16]>() + size_of::<DayTable>() + size_of::<Tariff<'static, FixedOffset>>()
        <= 1_536
);

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// A session without readings.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            readings: None,
            current: (0, Timestamp::from_unix_millis(i64::MIN)),
            rates: [0; MAX_TOUCHED_RATES],
            touched: 0,
            remarks: Remarks::empty(),
            shares: [Share { whole: 0, numerator: 0 }; MAX_TOUCHED_RATES],
            denominator: 1,
        }
    }

    /// Takes the next reading. The first begins the session; the same reading again changes nothing.
    ///
    /// # Errors
    /// The reading lies before the last one, its register is lower, it comes more than [`crate::MAX_GAP_MILLIS`] later,
    /// or the session outgrows its accumulators.
    pub fn handle_reading<Z: Zone>(
        &mut self,
        tariff: &Tariff<'_, Z>,
        reading: Reading,
    ) -> Result<(), Error> {
        let Some((first, last)) = self.readings else {
            self.readings = Some((reading, reading));
            self.current = tariff.for_session(reading.at).period_at(reading.at);
            return Ok(());
        };
        if reading == last {
            return Ok(());
        }
        check_pair(last, reading)?;
        let growth = reading.register.raw().checked_sub(last.register.raw());
        let growth = MicroWattHours::from_raw(growth.ok_or(Error::Overflow)?);
        let (rate, until) = if last.at >= self.current.1 {
            tariff.for_session(first.at).period_at(last.at)
        } else {
            self.current
        };
        if reading.at <= until {
            self.add(rate, ExactEnergy::from_whole(growth))?;
            if reading.at == last.at {
                self.remarks |= Remarks::ENERGY_WITHOUT_TIME;
            }
            self.current = (rate, until);
        } else {
            let tariff = &tariff.for_session(first.at);
            // Several pieces: worked out on a copy, so that a failure half-way changes nothing.
            let mut after = *self;
            match after.add_pieces(tariff.pieces(last, reading)?, false) {
                Err(NotAdded::DenominatorTooLarge) => {
                    after = *self;
                    after.add_pieces(tariff.pieces(last, reading)?, true)?;
                    after.remarks |= Remarks::FINELY_ROUNDED;
                }
                added => added?,
            }
            after.current = tariff.period_at(reading.at);
            *self = after;
        }
        self.readings = Some((first, reading));
        Ok(())
    }

    /// First and last reading taken.
    #[must_use]
    pub const fn readings(&self) -> Option<(Reading, Reading)> {
        self.readings
    }

    /// The bill for what has been metered so far: the running cost during the session, the final bill at its end.
    ///
    /// # Errors
    /// No reading has come yet, or an amount is beyond its range.
    pub fn bill<Z: Zone>(&self, tariff: &Tariff<'_, Z>) -> Result<Bill, Error> {
        Bill::of(self, tariff)
    }

    /// What has been touched: rate index and exact energy, in order of first touch.
    pub(crate) fn shares(&self) -> impl Iterator<Item = (u8, ExactEnergy)> + '_ {
        let shares = self.shares.iter().map(|share| share.over(self.denominator));
        self.rates.iter().copied().zip(shares).take(usize::from(self.touched))
    }

    pub(crate) const fn denominator(&self) -> u64 {
        self.denominator
    }

    pub(crate) const fn remarks(&self) -> Remarks {
        self.remarks
    }

    /// Adds what was metered between two readings, piece by piece; `rounded`: over the present denominator.
    fn add_pieces<Z: Zone>(
        &mut self,
        mut pieces: Pieces<'_, Z>,
        rounded: bool,
    ) -> Result<(), NotAdded> {
        while let Some(piece) = pieces.next() {
            let energy = if rounded {
                // Differences of the rounded register, so that nothing is lost between the pieces.
                let [from, to] = [piece.register_from, piece.register_to]
                    .map(|register| register.floor_over(self.denominator));
                to.minus(from).ok_or(NotAdded::Overflow)?
            } else {
                piece.energy
            };
            self.add(piece.rate, energy)?;
            if pieces.is_cut_at(piece.to) {
                self.remarks |= Remarks::INTERPOLATED;
            }
        }
        if pieces.is_done() { Ok(()) } else { Err(NotAdded::Overflow) }
    }

    fn add(&mut self, rate: u8, energy: ExactEnergy) -> Result<(), NotAdded> {
        let touched = usize::from(self.touched);
        let known = self.rates.iter().take(touched).position(|r| *r == rate);
        let index = known.unwrap_or(touched);
        add_to_share(&mut self.shares, &mut self.denominator, index, energy)?;
        if index == touched {
            // There is room: `add_to_share` has found the share of the same index.
            if let Some(free) = self.rates.get_mut(index) {
                *free = rate;
            }
            self.touched += 1;
        }
        Ok(())
    }
}
