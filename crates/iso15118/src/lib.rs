#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod codec;
#[cfg(feature = "iso2")]
mod emaid;
mod generated;
pub mod message;
mod set;

pub use codec::{Bytes, DecodeError, DecodeErrorKind, EncodeError, Integer, List, Text, View};
pub use set::{Element, Form, Leniency, SchemaSet, expand_value_hits, visit};
