//! What comes out: the priced record and its lines.

use super::super::warnings::Warnings;
use crate::quantity::{MicroSeconds, MicroWattHours};
use crate::rules::{Charge, CompiledTariff, Cost, Totals, raw_amount};
use crate::time::Timestamp;

/// Why a record was not priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PricingError {
    /// There is no tariff to price with.
    #[error("no tariff")]
    NoTariff,
    /// The record has no charging period.
    #[error("no charging period")]
    NoPeriod,
    /// A window of tariff `tariff` begins and ends at the same minute, and the policy is strict.
    #[error("tariff {tariff}: a window begins and ends at the same minute")]
    UndefinedWindow {
        /// Position of the tariff.
        tariff: usize,
    },
    /// A quantity or an amount is beyond its range.
    #[error("overflow in period {period}")]
    Overflow {
        /// Position of the period in order of time; the number of periods if a sum over all of them is.
        period: usize,
    },
    /// More than 24 different pairs of dimension and tax in one record.
    #[error("more than 24 different pairs of dimension and tax")]
    TooManyTaxes,
}

const _: () = assert!(size_of::<PricingError>() <= 32);

/// A quantity of a period with the price found for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Index of the component in the period's tariff; `None`: it costs nothing.
    pub component: Option<u16>,
    /// What the period states, after the snap: µWh or µs.
    pub volume: i64,
    /// What is billed: the volume, and in the last priced period what the step size adds.
    pub billed: i64,
}

/// A line of the itemised price: one charging period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedPeriod {
    /// Its begin.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
    /// Position of the tariff that priced it.
    pub tariff: u16,
    /// Energy in µWh.
    pub energy: Option<Cell>,
    /// Charging time in µs.
    pub time: Option<Cell>,
    /// Time without demand in µs.
    pub parking: Option<Cell>,
    /// Reserved time in µs.
    pub reservation: Option<Cell>,
    /// Component of the fee that falls due in this period.
    pub flat: Option<u16>,
    /// Component of the reservation fee that falls due in this period.
    pub reservation_flat: Option<u16>,
    /// What is to be said of this period.
    pub warnings: Warnings,
}

impl PricedPeriod {
    pub(super) const EMPTY: Self = Self {
        start: Timestamp::from_unix_millis(0),
        end: Timestamp::from_unix_millis(0),
        tariff: 0,
        energy: None,
        time: None,
        parking: None,
        reservation: None,
        flat: None,
        reservation_flat: None,
        warnings: Warnings::empty(),
    };

    /// The cell of a dimension: energy, time, parking, reservation.
    pub(super) const fn cell_mut(&mut self, column: usize) -> Option<&mut Cell> {
        match column {
            0 => self.energy.as_mut(),
            1 => self.time.as_mut(),
            2 => self.parking.as_mut(),
            _ => self.reservation.as_mut(),
        }
    }

    /// The metered charges of the period and their cells.
    pub fn cells(&self) -> impl Iterator<Item = (Charge, Cell)> {
        let cells = [
            (Charge::Energy, self.energy),
            (Charge::Time, self.time),
            (Charge::Parking, self.parking),
            (Charge::ReservationTime, self.reservation),
        ];
        cells.into_iter().filter_map(|(charge, cell)| cell.map(|cell| (charge, cell)))
    }
}

/// What a record costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedCdr {
    /// The costs.
    pub totals: Totals,
    /// End of the last period minus begin of the first.
    pub duration: MicroSeconds,
    /// Energy stated; `None` if no period states any.
    pub energy: Option<MicroWattHours>,
    /// Charging time, after the snap.
    pub time: Option<MicroSeconds>,
    /// Time without demand.
    pub parking: Option<MicroSeconds>,
    /// Reserved time.
    pub reservation: Option<MicroSeconds>,
    /// Energy with what the step size adds; unpriced energy as stated.
    pub billed_energy: Option<MicroWattHours>,
    /// Charging time likewise.
    pub billed_time: Option<MicroSeconds>,
    /// Time without demand likewise.
    pub billed_parking: Option<MicroSeconds>,
    /// What the reader should know.
    pub warnings: Warnings,
}

/// The cost of a cell, as its line states it.
///
/// `None` if it has no price; the inner overflow cannot happen for a record that was priced.
#[must_use]
pub fn cost_of(tariff: &CompiledTariff, charge: Charge, cell: Cell) -> Option<Cost> {
    let component = tariff.component(cell.component?)?;
    Cost::of(charge, component.tax, raw_amount(component.price, cell.billed))
}

/// The cost of a fee.
#[must_use]
pub fn cost_of_fee(tariff: &CompiledTariff, component: u16) -> Option<Cost> {
    let component = tariff.component(component)?;
    Cost::of(component.charge, component.tax, raw_amount(component.price, 1))
}
