#![cfg_attr(feature = "alloc", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "alloc"),
    doc = "The allocation of one step among charging cars; the rest needs the feature `alloc`."
)]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "alloc")]
mod flow;
#[cfg(feature = "minilp")]
pub mod lp;
#[cfg(feature = "alloc")]
mod plan;
mod policy;
#[cfg(feature = "alloc")]
mod problem;
#[cfg(feature = "alloc")]
mod replay;
mod session;
#[cfg(feature = "alloc")]
mod solve;
mod units;
#[cfg(feature = "alloc")]
mod verify;

#[cfg(feature = "alloc")]
pub use plan::{Plan, SessionPlan};
pub use policy::{Car, Policy, allocate};
#[cfg(feature = "alloc")]
pub use problem::{
    Field, Grid, MAX_ENERGY, MAX_POWER, MAX_PRICE, MAX_SESSIONS, MAX_SLOT_LENGTH, MAX_SLOTS,
    MAX_TIME, PerSlot, Problem, ProblemBuilder, ProblemError,
};
#[cfg(feature = "alloc")]
pub use replay::{Replay, ReplayError, SHORT_BY};
pub use session::{Priority, Session, SessionId};
#[cfg(feature = "alloc")]
pub use solve::{
    Bottleneck, MaxServed, MinCost, MinPeak, SolveError, bottleneck, max_served, min_cost, min_peak,
};
pub use units::{Cost, Joules, MeanPower, MicroPerKwh, Seconds, Watts};
#[cfg(feature = "alloc")]
pub use verify::{Violation, verify};
