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
mod account;
#[cfg(feature = "alloc")]
mod admission;
#[cfg(feature = "alloc")]
mod flow;
#[cfg(feature = "alloc")]
mod forecast;
#[cfg(feature = "lp")]
pub mod lp;
#[cfg(feature = "alloc")]
mod market;
#[cfg(feature = "alloc")]
mod online;
#[cfg(feature = "lp")]
mod optimise;
#[cfg(feature = "alloc")]
mod plan;
mod policy;
#[cfg(feature = "alloc")]
mod problem;
#[cfg(feature = "alloc")]
mod profile;
#[cfg(feature = "alloc")]
mod quantise;
#[cfg(feature = "alloc")]
mod replay;
mod session;
#[cfg(feature = "alloc")]
mod site;
#[cfg(feature = "alloc")]
mod solve;
mod units;
#[cfg(feature = "alloc")]
mod verify;

#[cfg(feature = "alloc")]
pub use account::{Account, SlotAccount};
#[cfg(feature = "alloc")]
pub use admission::{Admission, AdmissionError, admit, completion, earliest_start, latest_start};
#[cfg(feature = "alloc")]
pub use forecast::{Forecast, SeasonalNaive};
#[cfg(feature = "alloc")]
pub use online::{Controller, Grant, Rules};
#[cfg(feature = "lp")]
pub use optimise::{Method, OptimiseError, Optimised, optimise};
#[cfg(feature = "alloc")]
pub use plan::{Plan, SessionPlan};
pub use policy::{Car, Policy, ROUND, allocate};
#[cfg(feature = "alloc")]
pub use problem::{
    Field, Grid, MAX_DEPTH, MAX_ENERGY, MAX_NODES, MAX_POWER, MAX_PRICE, MAX_SESSIONS,
    MAX_SLOT_LENGTH, MAX_SLOTS, MAX_TIME, PerSlot, Problem, ProblemBuilder, ProblemError,
};
#[cfg(feature = "alloc")]
pub use profile::{Period, deci_amperes, profile};
#[cfg(feature = "alloc")]
pub use quantise::quantise;
#[cfg(feature = "alloc")]
pub use replay::{Replay, ReplayError, SHORT_BY};
pub use session::{Milestone, NodeId, Package, Phases, Priority, Session, SessionId, V2g};
#[cfg(feature = "alloc")]
pub use site::{DemandCharge, DemandResponse, Export, MeanLimit, Node, Storage, TaperLine};
#[cfg(feature = "alloc")]
pub use solve::{
    Bottleneck, Certificate, CertificateError, Cheapest, Coupling, Flexibility, MaxServed, MinCost,
    MinPeak, SolveError, StandingError, StandingPlan, WithMinimumPower, bottleneck, cheapest,
    fairest, flattest, flexibility, max_served, min_cost, min_peak, vips_first, with_minimum_power,
};
pub use units::{Cost, Efficiency, Joules, MeanPower, MicroPerKw, MicroPerKwh, Seconds, Watts};
#[cfg(feature = "alloc")]
pub use verify::{Violation, verify};
