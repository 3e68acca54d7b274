//! The shared data, read in place; see `docs/CONVENTIONS.md`, 'Tests, fuzzing, budgets'.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::print_stdout,
    reason = "each test takes what it needs"
)]

use std::path::{Path, PathBuf};

/// A file of the shared folder; `None`, with a printed line, where there is none.
pub fn shared(file: &str) -> Option<PathBuf> {
    let root = std::env::var_os("EVSE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join("data/health-score").join(file);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var("EVSE_SHARED_REQUIRED").is_ok_and(|value| value == "1");
    assert!(!required, "{} is missing", path.display());
    println!("skipped: no {}", path.display());
    None
}
