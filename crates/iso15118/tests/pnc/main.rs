//! Plug & Charge: signatures, the envelope of contract keys, certificate chains, and the tool that verifies messages.
#![cfg(all(feature = "x509", feature = "ed448"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "../shared/built.rs"]
mod built;
mod certificates;
mod making;
#[path = "../shared/mod.rs"]
mod shared;
mod signatures;
mod tool;
