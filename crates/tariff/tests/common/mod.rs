//! The shared vectors, read in place; see `docs/CONVENTIONS.md`, 'Tests, fuzzing, budgets'.

use std::path::{Path, PathBuf};

use serde_json::Value;

fn shared(file: &str) -> Option<PathBuf> {
    let root = std::env::var_os("EVSE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join(file);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var("EVSE_SHARED_REQUIRED").is_ok_and(|value| value == "1");
    assert!(!required, "{} is missing", path.display());
    println!("skipped: no {}", path.display());
    None
}

/// The lines of a file of vectors: text and what it says.
pub(crate) fn cases(file: &str) -> Vec<(String, Value)> {
    let Some(path) = shared(&format!("vectors/tariff/{file}.jsonl")) else {
        return Vec::new();
    };
    let text = std::fs::read_to_string(path).unwrap();
    let cases: Vec<_> =
        text.lines().map(|line| (line.to_owned(), serde_json::from_str(line).unwrap())).collect();
    assert!(!cases.is_empty(), "{file} has no case");
    cases
}
