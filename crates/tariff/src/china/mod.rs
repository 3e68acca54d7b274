//! What Chinese operators bill by: the interfaces that carry tariffs and orders, and the fees beside the price of energy.
//!
//! The prices themselves are [`tou`](crate::tou). Two interfaces are here: the binary family of YunKuaiChong ([`ykc`]) between
//! station and platform, and T/CEC 102.3 (`cec`, feature `json`) between platforms.

#[cfg(feature = "json")]
pub mod cec;
mod discount;
mod occupancy;
mod prepaid;
pub mod ykc;

pub use discount::{Applied, Discount, DiscountError, DiscountedFees, MonthlyCap, apply_discounts};
pub use occupancy::{MinuteRounding, OccupancyFee};
pub use prepaid::{StopRule, prepaid_stop};
