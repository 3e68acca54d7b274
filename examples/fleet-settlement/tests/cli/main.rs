//! The program as its users have it: files in, JSON, complaints and exit codes out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod files;
mod fleet;
mod refusals;
mod results;
