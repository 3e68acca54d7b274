//! Holding somebody else's record against what its tariff says.

use alloc::vec::Vec;

use super::cdr::{Cdr, StatedCost};
use super::price::PricedCdr;
use super::warnings::Warnings;
use crate::exact::ExactMoney;
use crate::quantity::Money;
use crate::rules::Cost;

/// A total that a record states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DifferenceField {
    /// `total_cost`.
    TotalCost,
    /// `total_fixed_cost`.
    FixedCost,
    /// `total_energy_cost`.
    EnergyCost,
    /// `total_time_cost`.
    TimeCost,
    /// `total_parking_cost`.
    ParkingCost,
    /// `total_reservation_cost`.
    ReservationCost,
    /// `total_energy`, in 10⁻⁹ kWh.
    Energy,
    /// `total_time`, in 10⁻⁶ s.
    Time,
    /// `total_parking_time`, in 10⁻⁶ s.
    ParkingTime,
}

impl DifferenceField {
    /// Its name in OCPI.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TotalCost => "total_cost",
            Self::FixedCost => "total_fixed_cost",
            Self::EnergyCost => "total_energy_cost",
            Self::TimeCost => "total_time_cost",
            Self::ParkingCost => "total_parking_cost",
            Self::ReservationCost => "total_reservation_cost",
            Self::Energy => "total_energy",
            Self::Time => "total_time",
            Self::ParkingTime => "total_parking_time",
        }
    }
}

/// What a difference most likely comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The stated amount is the computed one, rounded more coarsely than the tolerance allows for.
    Rounding,
    /// The stated amount is the computed one with the other sign: a credit, or its absence.
    Sign,
    /// The stated amount without tax is the computed one with tax, or the other way round.
    TaxConfused,
    /// A period runs over a price change, so the record cannot show which energy had which price.
    PeriodSpansPriceChange,
    /// The total before the tariff's bounds is stated.
    LimitsNotApplied,
    /// The record states it, and nothing has a price for it.
    NotPriced,
    /// Something has a price, and the record does not state it.
    NotStated,
    /// None of these is seen.
    Unknown,
}

impl Reason {
    /// An identifier, as in `tax_confused`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Rounding => "rounding",
            Self::Sign => "sign",
            Self::TaxConfused => "tax_confused",
            Self::PeriodSpansPriceChange => "period_spans_price_change",
            Self::LimitsNotApplied => "limits_not_applied",
            Self::NotPriced => "not_priced",
            Self::NotStated => "not_stated",
            Self::Unknown => "unknown",
        }
    }
}

/// A stated total that is not the computed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Which total.
    pub field: DifferenceField,
    /// It is the amount with tax. Quantities have no tax.
    pub with_tax: bool,
    /// What the record states: money as such, quantities in the unit of their field.
    pub stated: Option<ExactMoney>,
    /// What the tariff gives.
    pub computed: Option<ExactMoney>,
    /// What it most likely comes from.
    pub reason: Reason,
}

/// Compares the totals a record states with those computed from it, amounts within `tolerance` and quantities within half of the last
/// decimal OCPI gives them (0.0001). A total that the record does not state is compared only if it must be there: the total cost.
#[must_use]
pub fn verify(cdr: &Cdr<'_>, priced: &PricedCdr, tolerance: Money) -> Vec<Difference> {
    let mut found = Vec::new();
    let totals = &priced.totals;
    let stated = &cdr.stated;
    let costs = [
        (DifferenceField::TotalCost, stated.cost, totals.total),
        (DifferenceField::FixedCost, stated.fixed, totals.fixed),
        (DifferenceField::EnergyCost, stated.energy_cost, totals.energy),
        (DifferenceField::TimeCost, stated.time_cost, totals.time),
        (DifferenceField::ParkingCost, stated.parking_cost, totals.parking),
        (DifferenceField::ReservationCost, stated.reservation_cost, totals.reservation),
    ];
    for (field, stated, computed) in costs {
        compare_cost(field, stated, computed, priced, tolerance, &mut found);
    }
    // Quantities are compared as plain numbers: kWh and hours have four decimals.
    let quantities = [
        (
            DifferenceField::Energy,
            stated.energy.map(|e| e.raw()),
            priced.energy.map(|e| e.raw()),
            50_000,
        ),
        (DifferenceField::Time, stated.time.map(|t| t.raw()), Some(priced.duration.raw()), 180_000),
        (
            DifferenceField::ParkingTime,
            stated.parking.map(|t| t.raw()),
            priced.parking.map(|t| t.raw()),
            180_000,
        ),
    ];
    for (field, stated, computed, tolerance) in quantities {
        let Some(stated) = stated else { continue };
        let computed = computed.unwrap_or(0);
        if stated.abs_diff(computed) > tolerance {
            let plain = |raw: i64| Some(ExactMoney::from_raw(i128::from(raw)));
            found.push(Difference {
                field,
                with_tax: false,
                stated: plain(stated),
                computed: plain(computed),
                reason: Reason::Unknown,
            });
        }
    }
    found
}

fn compare_cost(
    field: DifferenceField,
    stated: Option<StatedCost>,
    computed: Option<Cost>,
    priced: &PricedCdr,
    tolerance: Money,
    found: &mut Vec<Difference>,
) {
    let is_total = field == DifferenceField::TotalCost;
    let Some(stated) = stated else {
        if is_total && let Some(computed) = computed {
            let reason = Reason::NotStated;
            let difference = Difference {
                field,
                with_tax: false,
                stated: None,
                computed: computed.excl,
                reason,
            };
            found.push(difference);
        }
        return;
    };
    let amounts = [
        (false, stated.excl, computed.map(|cost| cost.excl)),
        (true, stated.incl, computed.map(|cost| cost.incl)),
    ];
    for (with_tax, amount, other) in amounts {
        let Some(amount) = amount else { continue };
        let computed = match other {
            Some(Some(computed)) => computed,
            // It cannot be known, so it cannot be wrong.
            Some(None) => continue,
            None if amount == ExactMoney::ZERO => continue,
            None => ExactMoney::ZERO,
        };
        if is_within(amount, computed, tolerance) {
            continue;
        }
        let unbounded = priced.totals.unbounded.filter(|_| is_total);
        let unbounded = unbounded.and_then(|cost| if with_tax { cost.incl } else { cost.excl });
        let crossed =
            if with_tax { stated_excl(priced, field) } else { stated_incl(priced, field) };
        let near = |other: Option<ExactMoney>| {
            other.is_some_and(|other| is_within(amount, other, tolerance))
        };
        let reason = if other.is_none() {
            Reason::NotPriced
        } else if near(computed.checked_neg()) {
            Reason::Sign
        } else if near(unbounded) {
            Reason::LimitsNotApplied
        } else if near(crossed) {
            Reason::TaxConfused
        } else if priced.warnings.contains(Warnings::PERIOD_SPANS_PRICE_CHANGE) {
            Reason::PeriodSpansPriceChange
        } else if is_within(amount, computed, Money::from_raw(10_000)) {
            Reason::Rounding
        } else {
            Reason::Unknown
        };
        found.push(Difference {
            field,
            with_tax,
            stated: Some(amount),
            computed: Some(computed),
            reason,
        });
    }
}

fn of_field(priced: &PricedCdr, field: DifferenceField) -> Option<Cost> {
    let totals = &priced.totals;
    match field {
        DifferenceField::TotalCost => totals.total,
        DifferenceField::FixedCost => totals.fixed,
        DifferenceField::EnergyCost => totals.energy,
        DifferenceField::TimeCost => totals.time,
        DifferenceField::ParkingCost => totals.parking,
        DifferenceField::ReservationCost => totals.reservation,
        DifferenceField::Energy | DifferenceField::Time | DifferenceField::ParkingTime => None,
    }
}

fn stated_excl(priced: &PricedCdr, field: DifferenceField) -> Option<ExactMoney> {
    of_field(priced, field).and_then(|cost| cost.excl)
}

fn stated_incl(priced: &PricedCdr, field: DifferenceField) -> Option<ExactMoney> {
    of_field(priced, field).and_then(|cost| cost.incl)
}

fn is_within(a: ExactMoney, b: ExactMoney, tolerance: Money) -> bool {
    let tolerance = ExactMoney::from_money(tolerance).map_or(0, |money| money.raw().unsigned_abs());
    a.raw().abs_diff(b.raw()) <= tolerance
}
