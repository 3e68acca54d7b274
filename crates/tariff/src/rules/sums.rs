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
    /// By metered charge: the component that priced it last under the present tariff.
    recent: [Recent; METERED],
    /// By metered charge: whether a component has priced it ([`MATCHED`]), and a quantity of it that was not nothing ([`USED`]).
    matched: [u8; METERED],
    /// The fees that fell due, of the session and of a reservation: raw amount and tax.
    fees: [Option<(i64, Tax)>; 2],
    /// Quantity that had a price under the present tariff, by metered charge.
    priced: [i64; METERED],
}

/// Flags of [`Sums::matched`].
const MATCHED: u8 = 1;
const USED: u8 = 2;

/// A component and where its amount stands, so that the next quantity at the same price is not looked up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Recent {
    component: Option<u16>,
    place: u8,
}

impl Recent {
    const NONE: Self = Self { component: None, place: 0 };
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
            recent: [Recent::NONE; METERED],
            matched: [0; METERED],
            fees: [None; 2],
            priced: [0; METERED],
        }
    }

    /// Another tariff begins: step sizes look at what it prices only.
    pub(crate) fn switch_tariff(&mut self) {
        self.priced = [0; METERED];
        self.recent = [Recent::NONE; METERED];
    }

    /// Adds a quantity priced by the component with that index. After an error no sum has changed.
    #[inline]
    pub(crate) fn add(
        &mut self,
        index: u16,
        component: &Component,
        quantity: i64,
    ) -> Result<(), SumError> {
        let Some(column) = column(component.charge) else {
            self.add_fee(component);
            return Ok(());
        };
        let (Some(recent), Some(priced), Some(matched)) = (
            self.recent.get_mut(column),
            self.priced.get_mut(column),
            self.matched.get_mut(column),
        ) else {
            return Ok(());
        };
        if recent.component != Some(index) {
            let (taxes, columns) = (&mut self.taxes, &mut self.columns);
            let place = claim(taxes, columns, &mut self.used, component, column, *recent)?;
            *recent = Recent { component: Some(index), place };
        }
        let cell = self.amounts.get_mut(usize::from(recent.place)).ok_or(SumError::TooManyTaxes)?;
        let amount = raw_amount(component.price, quantity);
        let sums = (cell.checked_add(amount), priced.checked_add(quantity));
        let (Some(sum), Some(quantities)) = sums else { return Err(SumError::Overflow) };
        (*cell, *priced) = (sum, quantities);
        *matched |= if quantity == 0 { MATCHED } else { MATCHED | USED };
        Ok(())
    }

    /// Adds two quantities, or neither.
    #[inline(always)]
    pub(crate) fn add_both(
        &mut self,
        first: Option<(u16, &Component, i64)>,
        second: Option<(u16, &Component, i64)>,
    ) -> Result<(), SumError> {
        let marks = (self.matched, self.recent);
        let mut undo = None;
        if let Some((index, component, quantity)) = first {
            let back = quantity.checked_neg().ok_or(SumError::Overflow)?;
            undo = Some((index, component, back));
            self.add(index, component, quantity)?;
        }
        let Some((index, component, quantity)) = second else { return Ok(()) };
        let added = self.add(index, component, quantity);
        if added.is_err()
            && let Some((index, component, back)) = undo
        {
            // What could be added can be taken off again.
            self.add(index, component, back)?;
            (self.matched, self.recent) = marks;
        }
        added
    }

    /// The component that priced a metered charge last, under the present tariff.
    pub(crate) fn last_priced(&self) -> impl Iterator<Item = u16> {
        self.recent.into_iter().filter_map(|recent| recent.component)
    }

    /// A fee falls due; the second one of its kind does not.
    fn add_fee(&mut self, component: &Component) {
        let [of_session, of_reservation] = &mut self.fees;
        let fee = if component.charge == Charge::Flat { of_session } else { of_reservation };
        if fee.is_none() {
            *fee = Some((component.price.raw(), component.tax));
        }
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
        let [_, _, parked, _] = self.matched;
        if total <= 0 || (last.charge == Charge::Time && parked & USED != 0) {
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
        let cells = self.amounts.iter().zip(&self.taxes).zip(&self.columns);
        for ((amount, tax), column) in cells.take(usize::from(self.used)) {
            let column = usize::from(*column);
            if self.matched.get(column) == Some(&0) {
                continue;
            }
            let cost = Cost::of(*COLUMNS.get(column)?, *tax, *amount)?;
            let sum = sums.get_mut(column)?;
            *sum = Some(match sum {
                Some(before) => before.checked_add(cost)?,
                None => cost,
            });
        }
        let [energy, time, parking, reserved] = sums;
        let fee = |fee: Option<(i64, Tax)>| match fee {
            Some((price, tax)) => Cost::of(Charge::Flat, tax, price.into()).map(Some),
            None => Some(None),
        };
        let [of_session, of_reservation] = self.fees;
        let (fixed, reservation_fee) = (fee(of_session)?, fee(of_reservation)?);
        let reservation = sum([&reserved, &reservation_fee])?;
        let unbounded = sum([&energy, &time, &parking, &fixed, &reservation])?;
        let bounded = limits.apply(unbounded, with_minimum)?;
        Some(Totals {
            total: bounded.total,
            unbounded,
            energy,
            time,
            parking,
            fixed,
            reservation,
            reservation_time: reserved,
            reservation_fee,
            at_minimum: bounded.at_minimum,
            at_maximum: bounded.at_maximum,
        })
    }
}

/// Where the amount of a charge and a tax stands; a place that was free is taken.
#[cold]
fn claim(
    taxes: &mut [Tax],
    columns: &mut [u8],
    used: &mut u8,
    component: &Component,
    column: usize,
    recent: Recent,
) -> Result<u8, SumError> {
    // Prices of one charge mostly have one tax.
    let same = taxes.get(usize::from(recent.place)) == Some(&component.tax);
    if same && recent.component.is_some() {
        return Ok(recent.place);
    }
    let column = u8::try_from(column).unwrap_or(u8::MAX);
    let taken = taxes.iter().zip(columns.iter()).take(usize::from(*used));
    let known = taken.into_iter().position(|found| found == (&component.tax, &column));
    let at = known.unwrap_or(usize::from(*used));
    let (Some(free_tax), Some(free_column)) = (taxes.get_mut(at), columns.get_mut(at)) else {
        return Err(SumError::TooManyTaxes);
    };
    (*free_tax, *free_column) = (component.tax, column);
    *used = u8::try_from(at + 1).unwrap_or(u8::MAX).max(*used);
    u8::try_from(at).map_err(|_| SumError::TooManyTaxes)
}

/// The sum of those that are there; `None` inside if none is, outside on overflow.
fn sum<const N: usize>(costs: [&Option<Cost>; N]) -> Option<Option<Cost>> {
    let mut total = None::<Cost>;
    for cost in costs.into_iter().flatten() {
        total = Some(match total {
            Some(total) => total.checked_add(*cost)?,
            None => *cost,
        });
    }
    Some(total)
}
