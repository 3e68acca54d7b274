//! The tariff object (OCPI `mod_tariffs`) and its compilation.

use alloc::string::String;
use alloc::vec::Vec;

use super::warnings::Warnings;
use crate::exact::ExactMoney;
use crate::quantity::Price;
use crate::rules::{
    Charge, CompileError, CompiledTariff, Component, Conditions, Limit, Limits, Rule, Tax, TaxRate,
};
use crate::time::Timestamp;

/// Version of the protocol: it decides what a missing tax means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 2.1.1: no taxes and no limits; every amount is without tax.
    V2_1_1,
    /// 2.2.1: `vat` per component; where it is absent, no tax applies.
    V2_2_1,
    /// 2.3.0: `tax_included` on the tariff.
    V2_3_0,
}

/// `tax_included` of OCPI 2.3.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaxIncluded {
    /// `YES`: prices are gross.
    Yes,
    /// `NO`: prices are net.
    No,
    /// `N/A`: no tax applies.
    NotApplicable,
}

/// `min_price` or `max_price`: bounds of the total, in currency units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PriceLimit {
    /// Without tax (2.2.1 `excl_vat`, 2.3.0 `before_taxes`, or a plain number as some senders write).
    pub excl: Option<Price>,
    /// With tax (2.2.1 `incl_vat`, 2.3.0 `after_taxes`).
    pub incl: Option<Price>,
}

/// What a restriction to reservations is to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reservation {
    /// `RESERVATION`: the time a place was reserved.
    Reservation,
    /// `RESERVATION_EXPIRES`: a reservation that ran out unused.
    Expires,
}

/// Restrictions of an element (2.2.1 `TariffRestrictions`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Restrictions {
    /// All of them but the reservation.
    pub conditions: Conditions,
    /// Prices a reservation only.
    pub reservation: Option<Reservation>,
}

/// A price (2.2.1 `PriceComponent`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceComponent {
    /// `ENERGY`, `TIME`, `PARKING_TIME` or `FLAT`; `None` for a type OCPI does not know, which is not priced.
    pub charge: Option<Charge>,
    /// Currency units per kWh, hour or session.
    pub price: Price,
    /// VAT; `None` where it is not stated, which is not the same as 0 %.
    pub vat: Option<TaxRate>,
    /// Step size in Wh or s.
    pub step_size: u32,
}

/// An element: prices and when they hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Its prices.
    pub components: Vec<PriceComponent>,
    /// When they hold; `None`: always.
    pub restrictions: Option<Restrictions>,
}

/// A tariff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tariff {
    /// Version whose rules it follows.
    pub version: Version,
    /// Its id, unique within the party that issued it.
    pub id: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Elements in order of precedence.
    pub elements: Vec<Element>,
    /// Least total.
    pub min_price: Option<PriceLimit>,
    /// Greatest total.
    pub max_price: Option<PriceLimit>,
    /// First instant it can be used.
    pub start: Option<Timestamp>,
    /// First instant it can no longer be used.
    pub end: Option<Timestamp>,
    /// Whether prices are gross (2.3.0).
    pub tax_included: Option<TaxIncluded>,
    /// Some number had more decimals than a price holds and was rounded to 10⁻⁹.
    pub rounded_numbers: bool,
}

impl Tariff {
    /// Whether it can be used for a session that begins then: start inclusive, end exclusive.
    #[must_use]
    pub fn is_valid_at(&self, instant: Timestamp) -> bool {
        self.start.is_none_or(|start| start <= instant) && self.end.is_none_or(|end| instant < end)
    }

    /// The tax on a component of this tariff.
    #[must_use]
    pub const fn tax(&self, vat: Option<TaxRate>) -> Tax {
        match (self.version, self.tax_included, vat) {
            (_, Some(TaxIncluded::Yes), Some(rate)) => Tax::Included(rate),
            (_, Some(TaxIncluded::Yes), None) => Tax::IncludedUnknown,
            (_, Some(TaxIncluded::NotApplicable), _) => Tax::NotApplicable,
            (Version::V2_1_1, _, _) => Tax::Unknown,
            (_, _, Some(rate)) => Tax::Added(rate),
            (_, Some(TaxIncluded::No), None) => Tax::Unknown,
            (_, None, None) => Tax::NotApplicable,
        }
    }

    /// Compiles the tariff. Unknown component types and prices that a reservation cannot have are left out.
    ///
    /// # Errors
    /// [`CompileError`], for a tariff of absurd size.
    pub fn compile(&self) -> Result<CompiledTariff, CompileError> {
        let mut components: Vec<Component> = Vec::new();
        let mut ends = Vec::with_capacity(self.elements.len());
        for (rule, element) in self.elements.iter().enumerate() {
            let reservation = element.restrictions.and_then(|found| found.reservation);
            for (position, component) in element.components.iter().enumerate() {
                let charge = component.charge.and_then(|charge| charge_of(charge, reservation));
                let Some(charge) = charge else { continue };
                components.push(Component {
                    charge,
                    price: component.price,
                    tax: self.tax(component.vat),
                    step: component.step_size,
                    rule: u16::try_from(rule).map_err(|_| CompileError::TooMany)?,
                    position: u16::try_from(position).map_err(|_| CompileError::TooMany)?,
                });
            }
            ends.push(components.len());
        }
        let mut begin = 0;
        let mut rules = Vec::with_capacity(ends.len());
        for (element, end) in self.elements.iter().zip(ends) {
            rules.push(Rule {
                conditions: element.restrictions.map_or_else(Conditions::default, |r| r.conditions),
                components: components.get(begin..end).unwrap_or_default(),
            });
            begin = end;
        }
        CompiledTariff::new(&rules, self.limits(&components))
    }

    fn limits(&self, components: &[Component]) -> Limits {
        let limit = |limit: Option<PriceLimit>| {
            let amount = |price: Price| {
                ExactMoney::from_raw(i128::from(price.raw()) * (ExactMoney::UNITS / 1_000_000_000))
            };
            limit.map_or_else(Limit::default, |limit| Limit {
                excl: limit.excl.map(amount),
                incl: limit.incl.map(amount),
            })
        };
        let first = components.first().map(|component| component.tax);
        let sole_tax = first.filter(|tax| components.iter().all(|other| other.tax == *tax));
        Limits { min: limit(self.min_price), max: limit(self.max_price), sole_tax }
    }
}

/// The charge of a component in an element with that restriction; `None`: it prices nothing there.
pub(crate) const fn charge_of(charge: Charge, reservation: Option<Reservation>) -> Option<Charge> {
    match (charge, reservation) {
        (charge, None) => Some(charge),
        (Charge::Time, Some(Reservation::Reservation)) => Some(Charge::ReservationTime),
        (Charge::Flat, Some(Reservation::Reservation)) => Some(Charge::ReservationFlat),
        (Charge::Time, Some(Reservation::Expires)) => Some(Charge::ExpiredTime),
        (Charge::Flat, Some(Reservation::Expires)) => Some(Charge::ExpiredFlat),
        _ => None,
    }
}

impl Tariff {
    /// What whoever prices with this tariff should know, whatever the record.
    #[must_use]
    pub fn warnings(&self) -> Warnings {
        let mut warnings = Warnings::empty();
        warnings.set(Warnings::NUMBER_ROUNDED, self.rounded_numbers);
        for element in &self.elements {
            let reservation = element.restrictions.and_then(|found| found.reservation);
            let undefined =
                element.restrictions.is_some_and(|r| r.conditions.is_undefined_window());
            if undefined {
                warnings |= Warnings::UNDEFINED_TIME_WINDOW;
            }
            for component in &element.components {
                match component.charge.map(|charge| charge_of(charge, reservation)) {
                    None => warnings |= Warnings::UNKNOWN_COMPONENT,
                    Some(None) => warnings |= Warnings::RESERVATION_COMPONENT,
                    Some(Some(_)) => {}
                }
            }
        }
        warnings
    }
}
