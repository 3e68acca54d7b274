//! The message tables, written by `cargo run -p evse-ocpp-codegen`.

#[allow(unused_imports, reason = "every file starts alike")]
pub mod v16;
#[allow(unused_imports, reason = "every file starts alike")]
pub mod v201;
#[allow(unused_imports, reason = "every file starts alike")]
pub mod v21;
#[allow(unused_imports, unreachable_pub, reason = "re-exported by the two versions that share it")]
pub mod v2x;
