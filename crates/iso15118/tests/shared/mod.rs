//! Files of the shared folder, read in place.

use std::path::PathBuf;

/// A file of the shared folder; `None`, said in one line, if it is not there and need not be.
pub(crate) fn shared(file: &str) -> Option<String> {
    let shared = std::env::var_os("EVSE_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = shared.join(file);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        let required = std::env::var_os("EVSE_SHARED_REQUIRED").is_some();
        assert!(!required, "{} is missing", path.display());
        println!("{} is not here; nothing compared", path.display());
    }
    text
}
