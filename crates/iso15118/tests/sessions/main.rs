//! Sessions in virtual time: the order of the messages, whole charges, every timer, and captured messages in every state.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod captured;
mod charging;
mod coupling;
mod host;
mod link;
mod order;
mod scripts;
mod timers;
