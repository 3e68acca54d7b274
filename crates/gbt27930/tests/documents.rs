//! Documents that are written from the table: `docs/REFERENCE.md` must not drift; the DBC must read the captures as we
//! do.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::std_instead_of_alloc,
    reason = "a test"
)]
#![cfg(feature = "serde")]

mod common;

use std::collections::HashMap;

use can_dbc::Dbc as Parsed;
use evse_gbt27930::candump::Record;
use evse_gbt27930::capture::{Heard, Listener};
use evse_gbt27930::table::{Dbc, Fields, Reference, Shape, Value};
use evse_gbt27930::{Edition, MessageKind};

/// `UPDATE_REFERENCE=1 cargo test -p evse-gbt27930 --all-features --test documents` writes the file anew.
#[test]
fn the_reference_page_is_that_of_the_table() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/REFERENCE.md");
    let text = Reference.to_string();
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(file, &text).unwrap();
    }
    let stored = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        stored == text,
        "docs/REFERENCE.md differs from the table; see the comment on this test"
    );
}

/// Little-endian bits, as the DBC says, by the plainest means.
fn signal_bits(payload: &[u8], start: u64, size: u64) -> Option<u64> {
    (start + size <= payload.len() as u64 * 8).then(|| {
        (0..size).fold(0, |sum, i| {
            let bit = start + i;
            sum | u64::from(payload[(bit / 8) as usize] >> (bit % 8) & 1) << i
        })
    })
}

/// Decodes every message of the captures by the DBC, read by an independent reader, and compares with our values.
#[test]
fn the_dbc_reads_the_captures_as_we_do() {
    for (name, text, expected) in common::captures() {
        let edition =
            Edition::from_year(expected["edition"].as_str().unwrap().parse().unwrap()).unwrap();
        let parsed = Parsed::try_from(Dbc(edition).to_string().as_str()).unwrap();
        let messages: HashMap<_, _> = parsed.messages.iter().map(|m| (m.name.clone(), m)).collect();
        let mut listener = Listener::new();
        let mut compared = 0;
        for line in text.lines() {
            let Some(frame) = Record::parse(line.as_bytes()).unwrap().and_then(|r| r.frame) else {
                continue;
            };
            let Heard::Message { kind, payload, .. } = listener.handle_frame(&frame) else {
                continue;
            };
            let message = messages[kind.code()];
            for value in Fields::new(kind, payload, edition).iter() {
                let Value::Number(_) = value.value else { continue };
                let ending =
                    if matches!(value.field.shape, Shape::Cell(_)) { "_voltage" } else { "" };
                let signal_name = format!("{}{ending}", value.field.name);
                let signal = message.signals.iter().find(|s| s.name == signal_name);
                let signal = signal.unwrap_or_else(|| panic!("{name}: {kind} lacks {signal_name}"));
                let raw = signal_bits(payload, signal.start_bit, signal.size).unwrap();
                assert_eq!(u32::try_from(raw).ok(), value.raw(), "{name}: {kind} {signal_name}");
                if let Some(physical) = value.physical() {
                    let by_dbc =
                        f64::from(u32::try_from(raw).unwrap()) * signal.factor + signal.offset;
                    let ours: f64 = physical.to_string().parse().unwrap();
                    assert!((by_dbc - ours).abs() < 1e-6, "{name}: {kind} {signal_name}");
                }
                compared += 1;
            }
        }
        assert!(compared > 300, "{name}");
    }
}

#[test]
fn the_dbc_lists_every_message_of_the_edition() {
    for edition in Edition::ALL {
        let parsed = Parsed::try_from(Dbc(edition).to_string().as_str()).unwrap();
        let wanted = MessageKind::ALL
            .iter()
            .filter(|k| k.info().sender.is_some() && k.info().length_in(edition) > 0);
        assert_eq!(parsed.messages.len(), wanted.count(), "{edition}");
    }
}
