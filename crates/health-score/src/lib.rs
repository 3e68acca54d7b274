#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(test)]
extern crate std;

mod curve;
mod evaluate;
mod item;
pub mod math;
mod params;
#[cfg(feature = "serde")]
mod serde;
mod time;
pub mod weighting;

pub use curve::{Curve, CurveError, MAX_POINTS};
pub use evaluate::{Assessment, Assessments, Evaluation, Veto, evaluate, score_if_repaired};
pub use item::{Category, ITEMS, Item, STANDARD_ITEMS, Window};
pub use params::{Model, ParameterError, Parameters};
pub use time::Instant;
