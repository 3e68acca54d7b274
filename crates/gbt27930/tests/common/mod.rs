//! Where the captures and vectors are.
#![allow(clippy::print_stdout, reason = "a skipped test says so")]

use std::path::{Path, PathBuf};

/// The folder of captures and vectors, `None` (after a printed line) where it is absent and not required.
pub(crate) fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("EVSE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let folder = root.join("data/gbt27930");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("EVSE_SHARED_REQUIRED").is_none_or(|v| v != "1"),
        "{} is required",
        folder.display()
    );
    println!("{} is absent: skipped", folder.display());
    None
}
