//! What is made from the table: the reference page has not drifted, and the DBC file decodes the captures to our values.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a failed unwrap is the failed assertion"
)]
#![cfg(feature = "alloc")]

mod common;

use can_dbc::Dbc;
use evse_gbt27930::capture::{Heard, Listener};
use evse_gbt27930::table::{Fields, Shape};
use evse_gbt27930::{Edition, MessageKind, candump::Record, table};

#[test]
fn the_reference_page_is_the_table() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/REFERENCE.md");
    let page = table::reference();
    if std::env::var_os("EVSE_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert!(
        committed == page,
        "docs/REFERENCE.md has drifted: EVSE_BLESS=1 cargo test -p evse-gbt27930 --test documents"
    );
}

/// Reads one signal the way a DBC reader does, knowing nothing of this crate.
fn signal_value(signal: &can_dbc::Signal, payload: &[u8]) -> Option<f64> {
    let raw = (0..signal.size).try_fold(0_u64, |raw, bit| {
        let at = usize::try_from(signal.start_bit + bit).unwrap();
        let byte = payload.get(at / 8)?;
        Some(raw | u64::from(byte >> (at % 8) & 1) << bit)
    })?;
    Some(raw as f64 * signal.factor + signal.offset)
}

#[test]
fn the_dbc_file_decodes_captures_to_our_values() {
    for edition in Edition::ALL {
        Dbc::try_from(table::dbc(edition).as_str()).unwrap();
    }
    for (name, text, expected) in common::captures() {
        let edition = Edition::from_year(expected["edition"].as_str().unwrap().parse().unwrap());
        let edition = edition.unwrap();
        let dbc = Dbc::try_from(table::dbc(edition).as_str()).unwrap();
        let mut listener = Listener::new();
        let mut compared = 0;
        for line in text.lines() {
            let Some(record) = Record::parse(line.as_bytes()).unwrap() else { continue };
            let Some(frame) = record.frame else { continue };
            let Heard::Message { kind, payload, .. } = listener.handle_frame(&frame) else {
                continue;
            };
            compared += compare(&dbc, kind, payload, edition);
        }
        assert!(compared > 100, "{name}: {compared} values compared");
    }
}

fn compare(dbc: &Dbc, kind: MessageKind, payload: &[u8], edition: Edition) -> usize {
    let message = dbc.messages.iter().find(|m| m.name == kind.code()).unwrap();
    let mut compared = 0;
    for value in Fields::new(kind, payload, edition).iter() {
        if value.field.shape.is_bytes() {
            continue;
        }
        let name = if value.field.repeat > 1 {
            format!("{}_{}", value.field.name, value.index + 1)
        } else {
            value.field.name.to_owned()
        };
        let Some(signal) = message.signals.iter().find(|s| s.name == name) else {
            assert!(value.index >= 4, "{kind} {name} is no signal");
            continue;
        };
        let theirs = signal_value(signal, payload).unwrap();
        let ours = match (value.physical(), value.field.shape) {
            (Some(decimal), _) => decimal.to_string().parse().unwrap(),
            // Not available: a DBC has no such thing.
            (None, Shape::Quantity(_) | Shape::Cell(_)) => continue,
            (None, _) => f64::from(value.raw().unwrap()),
        };
        assert!((theirs - ours).abs() < 1e-6, "{kind} {name}: {theirs} and {ours}");
        compared += 1;
    }
    compared
}
