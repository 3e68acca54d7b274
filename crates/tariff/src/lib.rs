#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "alloc", test))]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod carbon;
pub mod china;
#[cfg(feature = "chrono")]
mod chrono;
mod decimal_text;
mod error;
mod exact;
#[cfg(feature = "alloc")]
pub mod ocpi;
#[cfg(feature = "alloc")]
pub mod ocpp;
mod quantity;
pub mod register;
mod rounding;
#[cfg(feature = "alloc")]
pub mod rules;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;
#[cfg(feature = "serde")]
mod serde;
pub mod settlement;
pub mod site;
mod tax;
mod time;
pub mod tou;
pub mod v2g;
mod zone;

pub use decimal_text::ParseError;
pub use error::Error;
pub use exact::{ExactMoney, energy_cost};
pub use quantity::{
    MicroSeconds, MicroWattHours, MilliAmperes, MilliWatts, Money, Price, PricePerKwh,
};
pub use rounding::{Rounding, RoundingMode};
pub use tax::{Tax, TaxRate};
pub use time::{Date, FixedOffset, MinuteOfDay, MonthDay, OffsetSpan, Timestamp, Weekdays, Zone};
pub use tou::{
    Band, Bill, Calendar, CalendarRule, Cut, DateRange, DayChange, DayTable, Days, ExactEnergy,
    FeeRounding, Fees, MAX_GAP_MILLIS, MAX_PERIODS, MAX_TOUCHED_RATES, Piece, Pieces, Policy,
    PriceNow, Rate, RateLine, Reading, Remarks, Session, TableError, Tariff, TimeOfUse,
    register_at,
};
#[cfg(feature = "alloc")]
pub use tou::{ItemisedBill, Visit, itemise};
pub use zone::{PosixTz, PosixTzError};
