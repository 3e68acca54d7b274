//! The captures, read in place.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is the failed assertion")]

use super::common::shared;

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
