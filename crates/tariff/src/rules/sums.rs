//! The sums of a session, and what makes bills of them: step sizes, taxes, bounds.

use super::cost::{Cost, Limits, Totals, raw_amount};
use super::{Charge, Component};
use crate::tax::Tax;

/// Quantities that are summed: energy, time, parking and reserved time.
pub(crate) const METERED: usize = 4;

/// Why a quantity was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SumError {
    /// More different taxes than there is room for.
    TooManyTaxes,
    /// Beyond the range of money or quantity.
    Overflow,
}

/// Exact amounts by charge and tax, so that taxes are applied to sums; `CELLS` different pairs of the two fit.
///
/// All that finalising needs besides: the priced quantities, and what the step size works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sums<const CELLS: usize> {
    /// Price × quantity.
    amounts: [i128; CELLS],
    /// The tax of each amount, as far as `used` says.
    taxes: [Tax; CELLS],
    /// The metered charge of each amount.
    columns: [u8; CELLS],
    used: u8,
    /// By charge: a component has priced it.
    matched: u8,
    /// A component has priced parking that was not nothing.
    parked: bool,
    /// The fees that fell due, of the session and of a reservation: raw amount and tax.
    fees: [Option<(i64, Tax)>; 2],
    /// Quantity that had a price under the present tariff, by metered charge.
    priced: [i64; METERED],
}

/// Where a metered charge stands in the sums. The time of an expired reservation is reserved time.
pub(crate) const fn column(charge: Charge) -> Option<usize> {
    match charge {
        Charge::Energy => Some(0),
        Charge::Time => Some(1),
        Charge::Parking => Some(2),
        Charge::ReservationTime | Charge::ExpiredTime => Some(3),
        Charge::Flat | Charge::ReservationFlat | Charge::ExpiredFlat => None,
    }
}

const COLUMNS: [Charge; METERED] =
    [Charge::Energy, Charge::Time, Charge::Parking, Charge::ReservationTime];

impl<const CELLS: usize> Sums<CELLS> {
    pub(crate) const fn new() -> Self {
        Self {
            amounts: [0; CELLS],
            taxes: [Tax::NotApplicable; CELLS],
            columns: [0; CELLS],
            used: 0,
            matched: 0,
            parked: false,
            fees: [None; 2],
            priced: [0; METERED],
        }
    }

    /// Another tariff begins: step sizes look at what it prices only.
    pub(crate) fn switch_tariff(&mut self) {
        self.priced = [0; METERED];
    }

    /// Adds a priced quantity.
    pub(crate) fn add(&mut self, component: &Component, quantity: i64) -> Result<(), SumError> {
        let Some(column) = column(component.charge) else {
            return self.add_fee(component);
        };
        self.matched |= 1 << column;
        self.parked |= component.charge == Charge::Parking && quantity != 0;
        let amount = raw_amount(component.price, quantity);
        let priced = self.priced.get_mut(column).ok_or(SumError::Overflow)?;
        *priced = priced.checked_add(quantity).ok_or(SumError::Overflow)?;
        self.add_amount(component.tax, column, amount)
    }

    fn add_amount(&mut self, tax: Tax, column: usize, amount: i128) -> Result<(), SumError> {
        let column = u8::try_from(column).map_err(|_| SumError::Overflow)?;
        let used = usize::from(self.used);
        let mut keys = self.taxes.iter().zip(&self.columns).take(used);
        let known = keys.position(|key| key == (&tax, &column));
        let at = known.unwrap_or(used);
        let cell = self.amounts.get_mut(at).ok_or(SumError::TooManyTaxes)?;
        *cell = cell.checked_add(amount).ok_or(SumError::Overflow)?;
        if known.is_none()
            && let (Some(free_tax), Some(free_column)) =
                (self.taxes.get_mut(at), self.columns.get_mut(at))
        {
            (*free_tax, *free_column) = (tax, column);
            self.used += 1;
        }
        Ok(())
    }

    /// A fee falls due; the second one of its kind does not.
    fn add_fee(&mut self, component: &Component) -> Result<(), SumError> {
        let reservation = component.charge != Charge::Flat;
        let [of_session, of_reservation] = &mut self.fees;
        let fee = if reservation { of_reservation } else { of_session };
        if fee.is_none() {
            *fee = Some((component.price.raw(), component.tax));
        }
        Ok(())
    }

    /// A fee of that kind has fallen due.
    pub(crate) fn has_fee(&self, reservation: bool) -> bool {
        let [of_session, of_reservation] = &self.fees;
        if reservation { of_reservation.is_some() } else { of_session.is_some() }
    }

    /// What the step size adds to the quantity of a charge, whose last price is `last`.
    ///
    /// The total under the present tariff goes up to the next multiple; if parking was priced, charging time does not.
    pub(crate) fn step_surplus(&self, last: &Component) -> Option<i64> {
        let column = column(last.charge)?;
        let total = *self.priced.get(column)?;
        if total <= 0 || (last.charge == Charge::Time && self.parked) {
            return Some(0);
        }
        // Wh or seconds; both are millions of the quantity's unit.
        let step = i64::from(last.step).checked_mul(1_000_000)?;
        match total.checked_rem(step) {
            None | Some(0) => Some(0),
            Some(rest) => Some(step - rest),
        }
    }

    /// The totals of what was added.
    pub(crate) fn totals(&self, limits: &Limits, with_minimum: bool) -> Option<Totals> {
        let mut sums = [None::<Cost>; METERED];
        for (column, sum) in sums.iter_mut().enumerate() {
            *sum = (self.matched & 1 << column != 0).then_some(Cost::ZERO);
        }
        let cells = self.amounts.iter().zip(&self.taxes).zip(&self.columns);
        for ((amount, tax), column) in cells.take(usize::from(self.used)) {
            let column = usize::from(*column);
            let charge = *COLUMNS.get(column)?;
            let sum = sums.get_mut(column)?;
            *sum = Some(sum.unwrap_or(Cost::ZERO).checked_add(Cost::of(charge, *tax, *amount)?)?);
        }
        let [energy, time, parking, reserved] = sums;
        let fee = |fee: Option<(i64, Tax)>| match fee {
            Some((price, tax)) => Cost::of(Charge::Flat, tax, price.into()).map(Some),
            None => Some(None),
        };
        let [of_session, of_reservation] = self.fees;
        let (fixed, reservation_fee) = (fee(of_session)?, fee(of_reservation)?);
        let reservation = sum([reserved, reservation_fee])?;
        let unbounded = sum([energy, time, parking, fixed, reservation])?;
        let bounded = limits.apply(unbounded, with_minimum)?;
        Some(Totals {
            total: bounded.total,
            unbounded,
            energy,
            time,
            parking,
            fixed,
            reservation,
            at_minimum: bounded.at_minimum,
            at_maximum: bounded.at_maximum,
        })
    }
}

/// The sum of those that are there; `None` inside if none is, outside on overflow.
fn sum<const N: usize>(costs: [Option<Cost>; N]) -> Option<Option<Cost>> {
    let mut total = None::<Cost>;
    for cost in costs.into_iter().flatten() {
        total = Some(match total {
            Some(total) => total.checked_add(cost)?,
            None => cost,
        });
    }
    Some(total)
}
