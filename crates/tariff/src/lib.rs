#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "alloc", test))]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod bill;
mod calendar;
#[cfg(feature = "chrono")]
mod chrono;
mod decimal_text;
mod energy;
mod error;
#[cfg(feature = "alloc")]
mod itemised;
mod policy;
mod quantity;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;
#[cfg(feature = "serde")]
mod serde;
mod session;
pub mod settlement;
mod table;
mod tariff;
mod time;

#[cfg(all(test, feature = "alloc"))]
mod reference;

pub use bill::{Bill, RateLine};
pub use calendar::{Calendar, CalendarRule, DateRange, Days};
pub use decimal_text::ParseError;
pub use energy::ExactEnergy;
pub use error::Error;
#[cfg(feature = "alloc")]
pub use itemised::{ItemisedBill, Visit, itemise};
pub use policy::{Cut, FeeRounding, Fees, Policy, Rounding, RoundingMode};
pub use quantity::{MicroWattHours, Money, PricePerKwh};
pub use session::{MAX_TOUCHED_RATES, Reading, Remarks, Session};
pub use table::{Band, DayTable, MAX_PERIODS, Rate, TableError, TimeOfUse};
pub use tariff::{MAX_GAP_MILLIS, Piece, Pieces, PriceNow, Tariff};
pub use time::{Date, FixedOffset, MinuteOfDay, MonthDay, OffsetSpan, Timestamp, Weekdays, Zone};
