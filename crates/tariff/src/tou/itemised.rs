//! The bill with a line for every visit to a band, for people to check.

use alloc::vec;
use alloc::vec::Vec;

use super::bill::Bill;
use super::energy::ExactEnergy;
use super::session::{Reading, Session};
use super::table::Rate;
use super::tariff::{Piece, Tariff};
use crate::error::Error;
use crate::quantity::{MicroWattHours, Money};
use crate::settlement::{SplitError, split};
use crate::time::{Timestamp, Zone};

/// A stretch of the session in which one rate held: a line of the itemised bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// Its first instant.
    pub from: Timestamp,
    /// First instant after it.
    pub to: Timestamp,
    /// Index of the day table that held at `from`.
    pub day_table: u8,
    /// Index of the rate in the tariff's table.
    pub index: u8,
    /// The rate: band and prices.
    pub rate: Rate,
    /// Register at `from`.
    pub register_from: ExactEnergy,
    /// Register at `to`.
    pub register_to: ExactEnergy,
    /// The register at `from` lies between two readings and was interpolated.
    pub interpolated_from: bool,
    /// The register at `to` lies between two readings and was interpolated.
    pub interpolated_to: bool,
    /// Electricity fee: this visit's part of what the bill says for the rate.
    pub electricity: Money,
    /// Service fee, likewise.
    pub service: Money,
}

impl Visit {
    /// Energy metered in it: the difference of the two registers, each rounded to the nearest µWh, so that the visits add
    /// up to the session.
    #[must_use]
    pub fn energy(&self) -> MicroWattHours {
        let (from, to) = (self.register_from.to_nearest(), self.register_to.to_nearest());
        to.checked_sub(from).unwrap_or(MicroWattHours::ZERO)
    }
}

/// A bill and the visits it is made of.
///
/// The fees of the visits of a rate add up to the fees of that rate's line: where the policy rounds a whole rate or session
/// at once, each visit gets its part by energy, largest remainder first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemisedBill {
    /// The bill.
    pub bill: Bill,
    /// Its visits in order of time.
    pub visits: Vec<Visit>,
}

/// Prices a session from all its readings at once. The bill is the one that [`Session`] gives for the same readings.
///
/// # Errors
/// As [`Session::handle_reading`] and [`Session::bill`].
pub fn itemise<Z: Zone>(
    tariff: &Tariff<'_, Z>,
    readings: &[Reading],
) -> Result<ItemisedBill, Error> {
    let begin = readings.first().ok_or(Error::NoReading)?.at;
    let tariff = &tariff.for_session(begin);
    let mut session = Session::new();
    let mut visits: Vec<Visit> = Vec::new();
    let mut last: Option<Reading> = None;
    for reading in readings {
        session.handle_reading(tariff, *reading)?;
        if let Some(last) = last {
            for piece in tariff.pieces(last, *reading)? {
                extend(&mut visits, tariff, piece, reading.at)?;
            }
            if last.at == reading.at && last.register != reading.register {
                instantaneous(&mut visits, tariff, last, *reading)?;
            }
        }
        last = Some(*reading);
    }
    let bill = session.bill(tariff)?;
    let policy = tariff.policy;
    price(&mut visits, &bill, policy.rates.unwrap_or(policy.total).rounding.step());
    Ok(ItemisedBill { bill, visits })
}

/// Adds a piece: to the last visit if the same rate goes on, else as a new one.
fn extend<Z: Zone>(
    visits: &mut Vec<Visit>,
    tariff: &Tariff<'_, Z>,
    piece: Piece,
    reading_at: Timestamp,
) -> Result<(), Error> {
    let interpolated_to = piece.to != reading_at;
    if let Some(open) = visits.last_mut().filter(|v| v.index == piece.rate && v.to == piece.from) {
        open.to = piece.to;
        open.register_to = piece.register_to;
        open.interpolated_to = interpolated_to;
        return Ok(());
    }
    let interpolated_from = visits.last().is_some_and(|before| before.interpolated_to);
    let rate = *tariff.table.rate(piece.rate).ok_or(Error::UnknownRate { rate: piece.rate })?;
    visits.push(Visit {
        from: piece.from,
        to: piece.to,
        day_table: tariff.day_table_at(piece.from),
        index: piece.rate,
        rate,
        register_from: piece.register_from,
        register_to: piece.register_to,
        interpolated_from,
        interpolated_to,
        electricity: Money::ZERO,
        service: Money::ZERO,
    });
    Ok(())
}

/// Energy between two readings of one instant: billed, as the session does, at the rate in force then.
fn instantaneous<Z: Zone>(
    visits: &mut Vec<Visit>,
    tariff: &Tariff<'_, Z>,
    last: Reading,
    reading: Reading,
) -> Result<(), Error> {
    let (rate, _) = tariff.period_at(reading.at);
    let register_from = ExactEnergy::from_whole(last.register);
    let register_to = ExactEnergy::from_whole(reading.register);
    let (from, to, energy) = (reading.at, reading.at, ExactEnergy::ZERO);
    let piece = Piece { from, to, rate, register_from, register_to, energy };
    extend(visits, tariff, piece, reading.at)
}

/// Gives each visit its part of its rate's fees, by energy.
fn price(visits: &mut [Visit], bill: &Bill, step: i64) {
    for line in bill.lines() {
        let of_rate: Vec<usize> = visits
            .iter()
            .enumerate()
            .filter(|(_, visit)| visit.index == line.index)
            .map(|(at, _)| at)
            .collect();
        let weights: Vec<u64> = of_rate
            .iter()
            .filter_map(|at| visits.get(*at))
            .map(|visit| u64::try_from(visit.energy().raw()).unwrap_or(0))
            .collect();
        let mut fees = vec![0; weights.len()];
        let mut services = vec![0; weights.len()];
        // A rate of the bill without a visit has no fees: it was touched for no time.
        let shared = split_money(line.electricity, step, &weights, &mut fees)
            .and_then(|()| split_money(line.service, step, &weights, &mut services));
        if shared.is_err() {
            continue;
        }
        for ((at, fee), service) in of_rate.into_iter().zip(fees).zip(services) {
            if let Some(visit) = visits.get_mut(at) {
                visit.electricity = Money::from_raw(fee);
                visit.service = Money::from_raw(service);
            }
        }
    }
}

/// [`split`] for [`Money`] in steps of `step` × 10⁻⁶ of the currency unit; what is no whole step goes to the first party
/// with weight.
fn split_money(
    total: Money,
    step: i64,
    weights: &[u64],
    parts: &mut [i64],
) -> Result<(), SplitError> {
    let step = step.max(1);
    split(total.raw() / step, weights, parts)?;
    for part in parts.iter_mut() {
        *part = part.saturating_mul(step);
    }
    let rest = total.raw() % step;
    let first = weights.iter().position(|weight| *weight != 0).unwrap_or(0);
    if let Some(part) = parts.get_mut(first) {
        *part += rest;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::calendar::{Calendar, CalendarRule, DateRange, Days};
    use super::super::policy::{DayChange, Policy};
    use super::super::table::{Band, DayTable, TimeOfUse};
    use super::*;
    use crate::quantity::PricePerKwh;
    use crate::time::{Date, FixedOffset, Weekdays};

    #[test]
    fn a_new_season_at_midnight_is_split_or_kept() {
        let rate = |yuan: i64| Rate {
            band: Band::Flat,
            electricity: PricePerKwh::from_raw(yuan * 1_000_000),
            service: PricePerKwh::ZERO,
        };
        let rates = [rate(1), rate(3)];
        let days = [0, 1].map(|rate| DayTable::from_edges(&[(0, rate)]).unwrap());
        let july = Date::new(2024, 7, 1).unwrap();
        let summer = CalendarRule {
            dates: DateRange::Dates { from: july, until: Date::new(2024, 10, 1).unwrap() },
            weekdays: Weekdays::all(),
            days: Days::Any,
            table: 1,
        };
        let rules = [summer];
        let calendar = Calendar { rules: &rules, ..Calendar::EVERY_DAY };
        let table = TimeOfUse::new(&rates, &days, calendar).unwrap();
        // From two hours before midnight, 1 kWh an hour, read every hour.
        let midnight = july.unix_days() * 86_400 - 8 * 3_600;
        let readings: Vec<_> = (0..5)
            .map(|hour| Reading {
                at: Timestamp::from_unix_seconds(midnight + (hour - 2) * 3_600),
                register: MicroWattHours::from_wh(hour * 1_000).unwrap(),
            })
            .collect();
        for (day_change, total, tables) in
            [(DayChange::Split, 8, &[0, 1][..]), (DayChange::Keep, 4, &[0][..])]
        {
            let policy = Policy { day_change, ..Policy::ROUND_ONCE };
            let tariff = Tariff { table, zone: FixedOffset::CHINA, policy };
            let mut session = Session::new();
            for reading in &readings {
                session.handle_reading(&tariff, *reading).unwrap();
            }
            let bill = session.bill(&tariff).unwrap();
            assert_eq!(bill.total, Money::from_raw(total * 1_000_000));
            let ends = [readings.first(), readings.last()].map(|reading| *reading.unwrap());
            for readings in [&readings[..], &ends] {
                let items = itemise(&tariff, readings).unwrap();
                assert_eq!(items.bill.total, bill.total);
                let found: Vec<_> = items.visits.iter().map(|visit| visit.day_table).collect();
                assert_eq!(found, tables);
            }
        }
    }
}
