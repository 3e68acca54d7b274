#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Raw numbers of the wire are narrowed to their field's width by masks, shifts and `const` tables throughout; each
// conversion that could lose something a caller sees goes through `try_from`.
#![allow(clippy::cast_possible_truncation)]

#[cfg(any(feature = "alloc", test))]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

#[cfg(feature = "alloc")]
pub mod analysis;
#[cfg(feature = "arbitrary")]
mod arbitrary;
pub mod candump;
pub mod capture;
pub mod codes;
mod edition;
#[cfg(feature = "embedded-can")]
mod embedded_can;
mod error;
#[cfg(feature = "experimental")]
pub mod experimental;
mod frame;
pub mod message;
#[cfg(feature = "serde")]
mod serde;
pub mod session;
pub mod table;
pub mod text;
mod time;
pub mod transport;
pub mod units;

pub use edition::{Edition, Party};
pub use error::{DecodeError, EncodeError};
pub use frame::{CanId, Frame, PF_TP_CM, PF_TP_DT};
pub use message::{Message, MessageKind};
pub use time::Instant;
