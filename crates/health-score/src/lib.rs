#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
// `!(x > limit)` sends what is not a number to the refusing branch; `x <= limit` would let it pass.
#![allow(clippy::neg_cmp_op_on_partial_ord)]

#[cfg(any(test, feature = "arbitrary"))]
extern crate std;

mod anomaly;
#[cfg(feature = "arbitrary")]
mod arbitrary;
mod charger;
mod curve;
pub mod defence;
#[cfg(feature = "defmt")]
mod defmt;
pub mod degradation;
pub mod environment;
pub mod estimator;
mod evaluate;
pub mod fault;
mod grade;
mod item;
pub mod life;
pub mod math;
mod params;
#[cfg(feature = "serde")]
mod serde;
mod snapshot;
mod time;
pub mod weighting;

pub use anomaly::{Anomalies, Anomaly, Decision, Severity};
pub use charger::{Charger, ItemBank, Quality, Reason, Scan, Stage, Taken};
pub use curve::{Curve, CurveError, MAX_POINTS};
pub use evaluate::{Assessment, Assessments, Evaluation, Veto, evaluate, score_if_repaired};
pub use grade::{Grade, GradeTracker};
pub use item::{Category, ITEMS, Item, STANDARD_ITEMS, Window};
pub use params::{Model, ParameterError, Parameters};
pub use snapshot::SnapshotError;
pub use time::Instant;
