//! Time-of-use tariffs as China bills them: electricity and service fee per kWh, by half hour, day type and season.
//!
//! Everything here works without a heap but [`itemise`]; tables are borrowed and can stand in flash.

mod bill;
mod calendar;
mod energy;
#[cfg(feature = "alloc")]
mod itemised;
mod policy;
mod session;
mod table;
mod tariff;

#[cfg(all(test, feature = "alloc"))]
mod reference;

pub use bill::{Bill, RateLine};
pub use calendar::{Calendar, CalendarRule, DateRange, Days};
pub use energy::{ExactEnergy, register_at};
#[cfg(feature = "alloc")]
pub use itemised::{ItemisedBill, Visit, itemise};
pub use policy::{Cut, DayChange, FeeRounding, Fees, Policy};
pub use session::{MAX_TOUCHED_RATES, Reading, Remarks, Session};
pub use table::{Band, DayTable, MAX_PERIODS, Rate, TableError, TimeOfUse};
pub use tariff::{MAX_GAP_MILLIS, Piece, Pieces, PriceNow, Tariff};

#[cfg(feature = "alloc")]
pub(crate) use energy::interpolate_rounded;
