#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(all(
        feature = "handshake",
        feature = "din70121",
        feature = "iso2",
        feature = "iso20",
        feature = "iso20-ac",
        feature = "iso20-dc",
        feature = "iso20-wpt",
        feature = "iso20-acdp"
    )),
    allow(
        dead_code,
        unreachable_code,
        unused_imports,
        unused_macros,
        unused_mut,
        unused_variables,
        reason = "with few schema sets some forms of the tables have no row"
    )
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::doc_markdown,
    reason = "bits are cut to their width before they are narrowed; names of the standards are no code"
)]

#[cfg(any(test, feature = "alloc"))]
extern crate alloc;
// The unit tests share their generator of messages with the other tests.
#[cfg(test)]
extern crate self as evse_iso15118;
#[cfg(test)]
extern crate std;

pub mod codec;
pub mod discovery;
#[cfg(feature = "iso2")]
mod emaid;
mod generated;
pub mod message;
mod physical;
#[cfg(feature = "pnc")]
pub mod pnc;
#[cfg(test)]
mod rebuilt;
pub mod sdp;
#[cfg(feature = "session")]
pub mod session;
mod set;
pub mod slac;
mod trace;
mod tree;
pub mod v2gtp;

pub use codec::{
    Bytes, DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, Integer, List, Text, View,
};
pub use physical::{MilliUnits, OutOfRange};
pub use set::{Element, Form, Leniency, SchemaSet, reencode, visit};
pub use trace::{Step, TraceRow, expand_value_hits, trace, walk};
pub use tree::{TreeError, TreeWriter};
