//! The message tables, written by `cargo run -p evse-ocpp-codegen`.

pub mod v16;
pub mod v201;
pub mod v21;
#[allow(unreachable_pub, reason = "re-exported by the two versions that share it")]
pub mod v2x;
