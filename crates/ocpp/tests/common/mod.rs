//! The shared data: `EVSE_SHARED`, else `shared/` beside the workspace.
#![allow(
    dead_code,
    clippy::print_stdout,
    reason = "each test file uses its part, and skipping is said"
)]

use std::path::PathBuf;

use evse_ocpp::message::{Schema, Version};

/// The file's text; `None`, said once, where the shared data is not there and need not be.
pub(crate) fn shared(path: &str) -> Option<String> {
    let file = folder().join(path);
    match std::fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(error) => {
            let required =
                std::env::var_os("EVSE_SHARED_REQUIRED").is_some_and(|value| value == "1");
            assert!(!required, "{}: {error}", file.display());
            println!("skipped: no {}", file.display());
            None
        }
    }
}

pub(crate) fn folder() -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    std::env::var_os("EVSE_SHARED").map_or_else(|| beside.into(), PathBuf::from)
}

pub(crate) fn schema(version: Version) -> &'static Schema {
    match version {
        Version::V16 => &evse_ocpp::v16::SCHEMA,
        Version::V201 => &evse_ocpp::v201::SCHEMA,
        Version::V21 => &evse_ocpp::v21::SCHEMA,
    }
}
