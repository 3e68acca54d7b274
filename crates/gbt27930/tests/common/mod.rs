//! What the test files share: where the captures are.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a failed unwrap is the failed assertion"
)]
#![allow(dead_code, reason = "each test file uses a part")]

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

/// The captures: name, text, expectation.
pub(crate) fn captures() -> Vec<(String, String, serde_json::Value)> {
    let Some(folder) = shared() else {
        return Vec::new();
    };
    let mut captures: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "candump"))
        .map(|path| {
            let expected = std::fs::read_to_string(path.with_extension("expected.json")).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            (name, text, serde_json::from_str(&expected).unwrap())
        })
        .collect();
    captures.sort_by(|a, b| a.0.cmp(&b.0));
    captures
}

/// Bytes from hexadecimal digits.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2));
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}
