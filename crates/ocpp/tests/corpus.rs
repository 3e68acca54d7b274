//! The message corpus: every valid frame accepted and lossless, every invalid one refused with its code, every
//! tolerable one read with its deviation named.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    reason = "a failed expectation is the failed test"
)]

mod common;

use evse_ocpp::message::{Deviation, Frame, Mode, Version, path};
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    id: String,
    version: String,
    action: Option<String>,
    frame: String,
    valid: bool,
    code: Option<String>,
    lenient: Option<String>,
    #[serde(default)]
    ambiguous: bool,
}

fn rows() -> Vec<Row> {
    let text = common::shared("vectors/ocpp/messages.jsonl").unwrap_or_default();
    let rows = text.lines().map(|line| serde_json::from_str(line).expect("a row of the corpus"));
    rows.filter(|row: &Row| !row.ambiguous).collect()
}

fn decode<'a>(
    row: &'a Row,
    mode: &mut Mode<'_>,
) -> Result<Frame<'a>, evse_ocpp::message::DecodeError> {
    let version = Version::parse(&row.version).expect("a version");
    let schema = common::schema(version);
    let action = row.action.as_deref().and_then(|name| schema.action(name));
    schema.decode(row.frame.as_bytes(), mode, &mut |_| action)
}

fn written(frame: &Frame<'_>) -> String {
    let mut out = String::new();
    frame.write(&mut out).expect("room in a String");
    out
}

/// JSON with numbers by their text and members in order: blanks aside, what goes out must be what came in.
fn without_blanks(text: &str) -> String {
    let mut out = String::new();
    let mut in_string = false;
    let mut escaped = false;
    for c in text.chars() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else {
            if c.is_ascii_whitespace() {
                continue;
            }
            in_string = c == '"';
        }
        out.push(c);
    }
    out
}

#[test]
fn strict() {
    for row in rows() {
        let version = Version::parse(&row.version).expect("a version");
        match decode(&row, &mut Mode::Strict) {
            Ok(frame) => {
                assert!(row.valid, "{}: accepted", row.id);
                let out = written(&frame);
                // The action is written without the escapes it may have come with.
                let plain = row.frame.replace("Heart\\u0062eat", "Heartbeat");
                assert_eq!(without_blanks(&out), without_blanks(&plain), "{}", row.id);
            }
            Err(error) => {
                assert!(!row.valid, "{}: {error} at {}", row.id, error.path(row.frame.as_bytes()));
                if let Some(code) = &row.code {
                    assert_eq!(error.code(version).as_str(version), code, "{}: {error}", row.id);
                }
            }
        }
    }
}

#[test]
fn lenient() {
    for row in rows() {
        let mut deviations = Vec::new();
        let mut sink = |deviation: Deviation| deviations.push(deviation);
        let result = decode(&row, &mut Mode::Lenient(&mut sink));
        if row.valid {
            assert!(result.is_ok() && deviations.is_empty(), "{}: {deviations:?}", row.id);
        }
        if row.lenient.as_deref() == Some("tolerant") {
            assert!(result.is_ok() && !deviations.is_empty(), "{}: {result:?}", row.id);
        }
        for deviation in &deviations {
            // Every place can be named.
            assert!(path(row.frame.as_bytes(), deviation.at).to_string().starts_with('/'));
        }
        if serde_json::from_str::<serde::de::IgnoredAny>(&row.frame).is_err() {
            assert!(result.is_err(), "{}: broken JSON was read", row.id);
        }
    }
}

/// Every truncation and every single-byte damage of a few frames returns, and strict never accepts what lenient
/// refuses.
#[test]
fn damage() {
    for row in rows().iter().filter(|row| row.valid && row.frame.len() < 400).take(60) {
        let schema = common::schema(Version::parse(&row.version).expect("a version"));
        let action = row.action.as_deref().and_then(|name| schema.action(name));
        let bytes = row.frame.as_bytes();
        for length in 0..bytes.len() {
            let cut = bytes.get(..length).expect("shorter");
            let result = schema.decode(cut, &mut Mode::Strict, &mut |_| action);
            assert!(result.is_err(), "{}: accepted {length} bytes", row.id);
        }
        for at in 0..bytes.len() {
            for damage in [b'"', b'{', b'0', b'\\', 0xFF] {
                let mut bytes = bytes.to_vec();
                *bytes.get_mut(at).expect("within") = damage;
                let strict = schema.decode(&bytes, &mut Mode::Strict, &mut |_| action).is_ok();
                let mut ignore = |_| {};
                let lenient =
                    schema.decode(&bytes, &mut Mode::Lenient(&mut ignore), &mut |_| action).is_ok();
                assert!(!strict || lenient);
                let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok();
                assert!(!lenient || is_json, "{}", String::from_utf8_lossy(&bytes));
            }
        }
    }
}
