//! OCPI 2.1.1, 2.2.1 and 2.3.0: tariffs, charge detail records, sessions from meter readings, verification and lint.
//!
//! The way of a price: a [`Tariff`] (built, or read from JSON with the feature `json`) is [compiled](Tariff::compile) once; a
//! [`Cdr`] is priced by [`Pricer::price`], which cuts nothing and trusts the periods of its sender; a session of one's own is
//! metered by [`Meter`](crate::rules::Meter), which cuts the periods itself.
//!
//! Where OCPI leaves something open, [`Policy`] names it and its default is stated there.

mod cdr;
mod explain;
#[cfg(feature = "json")]
mod json;
mod lint;
mod lint_space;
mod price;
mod tariff;
#[cfg(feature = "json")]
mod text;
mod verify;
mod warnings;

pub use cdr::{Cdr, Dimensions, Period, StatedCost, StatedTotals};
pub use explain::{Explanation, Language, explain, explain_piece};
#[cfg(feature = "json")]
pub use json::{parse_cdr, parse_tariff};
pub use lint::{Finding, FindingKind, Place, lint};
pub use price::{
    Cell, MissingQuantity, NamedTariff, Policy, PricedCdr, PricedPeriod, Pricer, PricingError,
    ReservationOutcome, cost_of, cost_of_fee,
};
pub use tariff::{
    Element, PriceComponent, PriceLimit, Reservation, Restrictions, Tariff, TaxIncluded, Version,
};
#[cfg(feature = "json")]
pub use text::parse_timestamp;
#[cfg(feature = "json")]
pub(crate) use text::{parse_date, parse_minute};
pub use verify::{Difference, DifferenceField, Reason, verify};
pub use warnings::Warnings;
