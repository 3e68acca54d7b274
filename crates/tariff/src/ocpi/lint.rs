//! Lint: what is legal in a tariff, decodes cleanly, and still bills something else than its author meant.
//!
//! Overlaps, gaps and elements that can never win are found exactly: conditions are ranges, so the whole space of moments is a
//! finite number of cells, one for each combination of stretches between the cuts of every condition that occurs.

use alloc::vec::Vec;

use super::tariff::{Element, PriceLimit, Tariff, TaxIncluded, Version, charge_of};
use crate::quantity::Price;
use crate::rules::{Charge, Conditions};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// The tariff has no element.
    NoElements,
    /// An element has no price component.
    NoComponents,
    /// No component of the element can ever win: elements before it hold whenever it does.
    UnreachableElement,
    /// This component can never win, though others of its element can.
    UnreachableComponent,
    /// A second component of the same type in one element; the first one counts.
    DuplicateDimension,
    /// Restrictions without any condition.
    EmptyRestrictions,
    /// A condition that nothing meets: a maximum not above its minimum, an end date not after its start.
    ImpossibleRestriction,
    /// A window that begins and ends at the same minute; OCPI does not say what it means.
    UndefinedTimeWindow,
    /// A window that is the whole day.
    WholeDayWindow,
    /// A window over midnight with weekdays: they are those of the moment, so Friday 22:00 to 06:00 is Friday's first and last hours.
    WeekdaysOverMidnight,
    /// All seven days are named; that restricts nothing.
    AllWeekdays,
    /// `step_size` 0 on energy or time: no rounding.
    ZeroStepSize,
    /// A `step_size` on `FLAT` above 1 means nothing.
    FlatStepSize,
    /// `TIME` has a step size and `PARKING_TIME` is priced too: once parking occurs only that is rounded.
    UnusedTimeStepSize,
    /// An element for reservations has a price that no reservation can have.
    ReservationDimension,
    /// `RESERVATION_EXPIRES` without any `RESERVATION`.
    ExpiryWithoutReservation,
    /// Nothing the session consumes has a price.
    NothingPricedByUse,
    /// A component of a type OCPI does not know; it is not priced.
    UnknownComponentType,
    /// `vat` beside `tax_included: N/A`.
    TaxRateWithoutTax,
    /// `tax_included: YES` and no `vat`: the net amount cannot be known.
    TaxIncludedWithoutRate,
    /// A `vat` below 1 % but not 0, or above 50 %: a share written as a percentage, or the other way round.
    ImplausibleVat,
    /// `vat` or limits in a 2.1.1 tariff, which has none.
    NotInThisVersion,
    /// The minimum is above the maximum; the maximum wins.
    PriceLimitsCross,
    /// The bound without tax is above the one with tax.
    LimitTaxContradiction,
    /// The tariff ends before it begins.
    NeverActive,
    /// A negative price.
    NegativePrice,
    /// A number had more decimals than are kept.
    NumberRounded,
    /// There are moments at which no element prices this dimension, though others do.
    Gap,
    /// Several elements hold at the same moment and price the same dimension differently; the first wins.
    Overlap,
    /// The currency is not three capital letters.
    Currency,
    /// The tariff has too many different conditions to look at every combination; gaps and overlaps were not looked for.
    TooComplex,
}

impl FindingKind {
    /// An identifier, as in `unreachable_element`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::NoElements => "no_elements",
            Self::NoComponents => "no_components",
            Self::UnreachableElement => "unreachable_element",
            Self::UnreachableComponent => "unreachable_component",
            Self::DuplicateDimension => "duplicate_dimension",
            Self::EmptyRestrictions => "empty_restrictions",
            Self::ImpossibleRestriction => "impossible_restriction",
            Self::UndefinedTimeWindow => "undefined_time_window",
            Self::WholeDayWindow => "whole_day_window",
            Self::WeekdaysOverMidnight => "weekdays_over_midnight",
            Self::AllWeekdays => "all_weekdays",
            Self::ZeroStepSize => "zero_step_size",
            Self::FlatStepSize => "flat_step_size",
            Self::UnusedTimeStepSize => "unused_time_step_size",
            Self::ReservationDimension => "reservation_dimension",
            Self::ExpiryWithoutReservation => "expiry_without_reservation",
            Self::NothingPricedByUse => "nothing_priced_by_use",
            Self::UnknownComponentType => "unknown_component_type",
            Self::TaxRateWithoutTax => "tax_rate_without_tax",
            Self::TaxIncludedWithoutRate => "tax_included_without_rate",
            Self::ImplausibleVat => "implausible_vat",
            Self::NotInThisVersion => "not_in_this_version",
            Self::PriceLimitsCross => "price_limits_cross",
            Self::LimitTaxContradiction => "limit_tax_contradiction",
            Self::NeverActive => "never_active",
            Self::NegativePrice => "negative_price",
            Self::NumberRounded => "number_rounded",
            Self::Gap => "gap",
            Self::Overlap => "overlap",
            Self::Currency => "currency",
            Self::TooComplex => "too_complex",
        }
    }
}

/// Where in the tariff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The tariff as a whole.
    Tariff,
    /// An element.
    Element(usize),
    /// The restrictions of an element.
    Restrictions(usize),
    /// A component of an element.
    Component(usize, usize),
    /// An element and a later one.
    Elements(usize, usize),
    /// A dimension.
    Dimension(Charge),
}

impl core::fmt::Display for Place {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Tariff => f.write_str("tariff"),
            Self::Element(element) => write!(f, "elements[{element}]"),
            Self::Restrictions(element) => write!(f, "elements[{element}].restrictions"),
            Self::Component(element, component) => {
                write!(f, "elements[{element}].price_components[{component}]")
            }
            Self::Elements(first, second) => write!(f, "elements[{first}] and elements[{second}]"),
            Self::Dimension(charge) => write!(f, "{charge:?}"),
        }
    }
}

/// A finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: FindingKind,
}

/// Looks a tariff over. Findings come in the order of the tariff.
#[must_use]
pub fn lint(tariff: &Tariff) -> Vec<Finding> {
    let mut lint = Lint { tariff, found: Vec::new() };
    lint.of_tariff();
    for (at, element) in tariff.elements.iter().enumerate() {
        lint.of_element(at, element);
    }
    lint.of_space();
    lint.found.sort_unstable();
    lint.found.dedup();
    lint.found
}

/// A tariff being looked over.
pub(super) struct Lint<'a> {
    pub(super) tariff: &'a Tariff,
    pub(super) found: Vec<Finding>,
}

impl Lint<'_> {
    pub(super) fn note(&mut self, place: Place, kind: FindingKind) {
        self.found.push(Finding { place, kind });
    }

    pub(super) fn note_if(&mut self, holds: bool, place: Place, kind: FindingKind) {
        if holds {
            self.note(place, kind);
        }
    }

    fn of_tariff(&mut self) {
        let tariff = self.tariff;
        let whole = Place::Tariff;
        let components = || tariff.elements.iter().flat_map(|element| &element.components);
        let ordinary = || {
            let of_use =
                |element: &&Element| element.restrictions.is_none_or(|r| r.reservation.is_none());
            tariff.elements.iter().filter(of_use).flat_map(|element| &element.components)
        };
        self.note_if(tariff.elements.is_empty(), whole, FindingKind::NoElements);
        let by_use =
            |charge| matches!(charge, Some(Charge::Energy | Charge::Time | Charge::Parking));
        let priced = ordinary().any(|component| by_use(component.charge));
        let free = ordinary().any(|component| component.charge == Some(Charge::Flat));
        self.note_if(!priced && !free, whole, FindingKind::NothingPricedByUse);
        let charges = |charge| ordinary().any(move |component| component.charge == Some(charge));
        let stepped = ordinary().any(|c| c.charge == Some(Charge::Time) && c.step_size > 1);
        self.note_if(stepped && charges(Charge::Parking), whole, FindingKind::UnusedTimeStepSize);
        let rated = components().any(|component| component.vat.is_some());
        let without = components().any(|component| component.vat.is_none());
        match tariff.tax_included {
            Some(TaxIncluded::NotApplicable) => {
                self.note_if(rated, whole, FindingKind::TaxRateWithoutTax);
            }
            Some(TaxIncluded::Yes) => {
                self.note_if(without, whole, FindingKind::TaxIncludedWithoutRate);
            }
            _ => {}
        }
        let limited = tariff.min_price.is_some() || tariff.max_price.is_some();
        let old = tariff.version == Version::V2_1_1;
        self.note_if(old && (rated || limited), whole, FindingKind::NotInThisVersion);
        let crossed = |of: fn(&PriceLimit) -> Option<Price>| {
            let bounds =
                tariff.min_price.as_ref().and_then(of).zip(tariff.max_price.as_ref().and_then(of));
            bounds.is_some_and(|(min, max)| min > max)
        };
        let cross = crossed(|limit| limit.excl) || crossed(|limit| limit.incl);
        self.note_if(cross, whole, FindingKind::PriceLimitsCross);
        for limit in [tariff.min_price, tariff.max_price].into_iter().flatten() {
            let contradicts = limit.excl.zip(limit.incl).is_some_and(|(excl, incl)| excl > incl);
            self.note_if(contradicts, whole, FindingKind::LimitTaxContradiction);
        }
        let never = tariff.start.zip(tariff.end).is_some_and(|(start, end)| start >= end);
        self.note_if(never, whole, FindingKind::NeverActive);
        self.note_if(tariff.rounded_numbers, whole, FindingKind::NumberRounded);
        let code = tariff.currency.as_bytes();
        let currency = code.len() == 3 && code.iter().all(u8::is_ascii_uppercase);
        self.note_if(!currency, whole, FindingKind::Currency);
        let restricted_to = |expires: bool| {
            let reservations = tariff.elements.iter().filter_map(|e| e.restrictions?.reservation);
            reservations.into_iter().any(|r| (r == super::Reservation::Expires) == expires)
        };
        let lonely = restricted_to(true) && !restricted_to(false);
        self.note_if(lonely, whole, FindingKind::ExpiryWithoutReservation);
    }

    fn of_element(&mut self, at: usize, element: &Element) {
        self.note_if(element.components.is_empty(), Place::Element(at), FindingKind::NoComponents);
        let reservation = element.restrictions.and_then(|found| found.reservation);
        for (position, component) in element.components.iter().enumerate() {
            let place = Place::Component(at, position);
            let Some(charge) = component.charge else {
                self.note(place, FindingKind::UnknownComponentType);
                continue;
            };
            let earlier = element.components.iter().take(position);
            let repeated = earlier.into_iter().any(|other| other.charge == Some(charge));
            self.note_if(repeated, place, FindingKind::DuplicateDimension);
            let foreign = charge_of(charge, reservation).is_none();
            self.note_if(foreign, place, FindingKind::ReservationDimension);
            let flat = charge == Charge::Flat;
            self.note_if(!flat && component.step_size == 0, place, FindingKind::ZeroStepSize);
            self.note_if(flat && component.step_size > 1, place, FindingKind::FlatStepSize);
            self.note_if(component.price < Price::ZERO, place, FindingKind::NegativePrice);
            // 1 % and 50 % in 10⁻⁹.
            let odd = component
                .vat
                .is_some_and(|vat| (1..10_000_000).contains(&vat.raw()) || vat.raw() > 500_000_000);
            self.note_if(odd, place, FindingKind::ImplausibleVat);
        }
        if let Some(restrictions) = element.restrictions {
            let conditions = &restrictions.conditions;
            let empty = *conditions == Conditions::default() && reservation.is_none();
            self.note_if(empty, Place::Restrictions(at), FindingKind::EmptyRestrictions);
            self.of_conditions(Place::Restrictions(at), conditions);
        }
    }

    fn of_conditions(&mut self, place: Place, conditions: &Conditions) {
        fn inverted<T: Ord + Copy>(range: crate::rules::Range<T>) -> bool {
            range.min.zip(range.max).is_some_and(|(min, max)| max <= min)
        }
        let impossible = inverted(conditions.dates)
            || inverted(conditions.energy)
            || inverted(conditions.elapsed)
            || inverted(conditions.power)
            || inverted(conditions.current);
        self.note_if(impossible, place, FindingKind::ImpossibleRestriction);
        self.note_if(conditions.is_undefined_window(), place, FindingKind::UndefinedTimeWindow);
        let (start, end) = (conditions.start, conditions.end);
        let midnight = |time: Option<u16>| time.is_none_or(|minute| minute == 0);
        let whole = midnight(start) && midnight(end) && (start.is_some() || end.is_some());
        self.note_if(whole, place, FindingKind::WholeDayWindow);
        let wraps = start.zip(end).is_some_and(|(start, end)| end < start && end != 0);
        let days = !conditions.weekdays.is_all();
        self.note_if(wraps && days, place, FindingKind::WeekdaysOverMidnight);
    }
}
