#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
// `!(x > limit)` sends what is not a number to the refusing branch; `x <= limit` would let it pass.
#![allow(clippy::neg_cmp_op_on_partial_ord)]

#[cfg(test)]
extern crate std;

mod anomaly;
mod curve;
pub mod defence;
pub mod degradation;
mod evaluate;
pub mod fault;
mod item;
pub mod math;
mod params;
#[cfg(feature = "serde")]
mod serde;
mod time;
pub mod weighting;

pub use anomaly::{Anomalies, Anomaly, Decision, Severity};
pub use curve::{Curve, CurveError, MAX_POINTS};
pub use evaluate::{Assessment, Assessments, Evaluation, Veto, evaluate, score_if_repaired};
pub use item::{Category, ITEMS, Item, STANDARD_ITEMS, Window};
pub use params::{Model, ParameterError, Parameters};
pub use time::Instant;
