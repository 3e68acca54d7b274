//! What is made from the table: the reference page has not drifted, and the DBC file decodes the captures to our values.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    clippy::std_instead_of_alloc,
    reason = "a failed unwrap is the failed assertion"
)]
#![cfg(feature = "alloc")]

mod captures;
mod common;

use can_dbc::Dbc;
use evse_gbt27930::capture::{Heard, Listener};
use evse_gbt27930::message::TroubleCode;
use evse_gbt27930::table::{FieldValue, Fields, Shape};
use evse_gbt27930::transport::Control;
use evse_gbt27930::{Edition, Frame, MessageKind, PF_TP_CM, Party, candump::Record, table};

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

/// Reads a signal of a message the way a DBC reader does, knowing nothing of this crate.
fn read(message: &can_dbc::Message, name: &str, payload: &[u8]) -> f64 {
    let signal = message.signals.iter().find(|signal| signal.name == name);
    let signal = signal.unwrap_or_else(|| panic!("{} {name} is no signal", message.name));
    let raw = (0..signal.size).fold(0_u64, |raw, bit| {
        let at = usize::try_from(signal.start_bit + bit).unwrap();
        raw | u64::from(payload[at / 8] >> (at % 8) & 1) << bit
    });
    raw as f64 * signal.factor + signal.offset
}

fn dbc_of(edition: Edition) -> Dbc {
    Dbc::try_from(table::dbc(edition).as_str()).unwrap()
}

fn message<'a>(dbc: &'a Dbc, name: &str) -> &'a can_dbc::Message {
    dbc.messages.iter().find(|m| m.name == name).unwrap()
}

#[test]
fn the_dbc_file_decodes_captures_to_our_values() {
    for (name, text, expected) in captures::captures() {
        let edition = Edition::from_year(expected["edition"].as_str().unwrap().parse().unwrap());
        let edition = edition.unwrap();
        let dbc = dbc_of(edition);
        let mut listener = Listener::new();
        let mut compared = 0;
        for line in text.lines() {
            let Some(record) = Record::parse(line.as_bytes()).unwrap() else { continue };
            let Some(frame) = record.frame else { continue };
            if let Heard::Message { kind, payload, .. } = listener.handle_frame(&frame) {
                compared += compare(&dbc, kind, payload, edition);
            } else if frame.id().pf() == PF_TP_CM && frame.id().sender().is_some() {
                compared += compare_transport(&dbc, &frame);
            }
        }
        assert!(compared > 400, "{name}: {compared} values compared");
    }
}

/// Lists in full, and what no capture has: every message filled with different bytes, at its length of each edition.
#[test]
fn the_dbc_file_decodes_every_message_to_our_values() {
    for edition in Edition::ALL {
        let dbc = dbc_of(edition);
        for kind in MessageKind::ALL.iter().copied() {
            let length = kind.info().length_in(edition);
            if length == 0 {
                continue;
            }
            for seed in 1..4_u32 {
                let payload: Vec<u8> = (0..u32::from(length))
                    .map(|i| (i * 37 + seed * 101).to_le_bytes()[0])
                    .collect();
                let compared = compare(&dbc, kind, &payload, edition);
                let is_opaque = kind == MessageKind::Dm6;
                assert!((compared > 0) != is_opaque, "{kind} {edition}: {compared}");
                if kind == MessageKind::Bmv {
                    assert_eq!(compared, 512);
                }
            }
        }
    }
}

#[test]
fn the_dbc_file_says_what_j1939_tools_want_to_know() {
    let text = table::dbc(Edition::V2015);
    let dbc = dbc_of(Edition::V2015);
    let id = |name| match message(&dbc, name).id {
        can_dbc::MessageId::Extended(id) => id,
        can_dbc::MessageId::Standard(_) => panic!("{name} has 11 bits"),
    };
    assert_eq!((id("BRM"), id("CHM"), id("BST")), (0x1C02_56F4, 0x1826_F456, 0x1019_56F4));
    assert_eq!((id("TP_CM_BMS"), id("TP_DT_Charger")), (0x1CEC_56F4, 0x1CEB_F456));
    assert_eq!((id("DM1"), id("DM1_BMS")), (0x1820_F456, 0x1820_56F4));
    let bcl = id("BCL") | 1 << 31;
    for line in [
        format!("BA_ \"GenMsgCycleTime\" BO_ {bcl} 50;"),
        format!("BA_ \"SPN\" SG_ {bcl} voltage_demand 3072;"),
        format!("VAL_ {bcl} voltage_demand 65535 \"not_available\" ;"),
        format!("BA_ \"SPN\" SG_ {} cells_256 3356;", id("BMV") | 1 << 31),
    ] {
        assert!(text.lines().any(|l| l == line), "{line}");
    }
    // Names are unique within a message and short enough for every tool.
    for message in &dbc.messages {
        let names: Vec<_> = message.signals.iter().map(|s| &s.name).collect();
        let different: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(names.len(), different.len(), "{}", message.name);
        assert!(names.iter().all(|name| name.len() <= 32), "{}", message.name);
    }
}

fn compare(dbc: &Dbc, kind: MessageKind, payload: &[u8], edition: Edition) -> usize {
    let message = message(dbc, kind.code());
    Fields::new(kind, payload, edition).iter().map(|v| compare_field(message, &v, payload)).sum()
}

/// Holds the signals of a field against its value and returns how many there are.
fn compare_field(message: &can_dbc::Message, value: &FieldValue<'_>, payload: &[u8]) -> usize {
    let field = value.field;
    let name = if field.repeat > 1 {
        format!("{}_{}", field.name, value.index + 1)
    } else {
        field.name.to_owned()
    };
    let raw = || value.raw().unwrap();
    let parts: Vec<(String, u32)> = match field.shape {
        Shape::Quantity(_) | Shape::Cell(_) | Shape::Ordinal => {
            // Not available: a DBC has a name for it, but no absence.
            if let Some(decimal) = value.physical() {
                let (theirs, ours) = (read(message, &name, payload), decimal.to_string());
                let ours: f64 = ours.parse().unwrap();
                assert!((theirs - ours).abs() < 1e-6, "{} {name}: {theirs}, {ours}", message.name);
            }
            match field.shape {
                Shape::Cell(_) => {
                    let first = usize::from(field.position.byte) - 1 + 2 * usize::from(value.index);
                    let high = payload[first + 1];
                    vec![(name.clone(), u32::MAX), (format!("{name}_group"), u32::from(high >> 4))]
                }
                _ => vec![(name.clone(), u32::MAX)],
            }
        }
        Shape::Count | Shape::Number | Shape::Serial | Shape::Code(_) => vec![(name, raw())],
        Shape::Trouble => {
            if value.index >= 32 {
                return 0;
            }
            let code = TroubleCode::from_bytes(raw().to_le_bytes());
            let spn = read(message, &format!("{name}_spn_low"), payload)
                + read(message, &format!("{name}_spn_high"), payload);
            assert_eq!(spn as u32, code.spn());
            vec![
                (format!("{name}_spn_low"), u32::MAX),
                (format!("{name}_spn_high"), u32::MAX),
                (format!("{name}_fmi"), code.fmi().into()),
                (format!("{name}_occurrences"), code.occurrences().into()),
                (format!("{name}_conversion"), raw() >> 31),
            ]
        }
        Shape::Date => {
            let [year, month, day] = value.bytes().try_into().unwrap();
            [("year", u32::from(year) + 1985), ("month", month.into()), ("day", day.into())]
                .map(|(part, number)| (format!("{name}_{part}"), number))
                .into()
        }
        Shape::Clock => {
            let digits = [
                ("second", &["ones", "tens"] as &[_]),
                ("minute", &["ones", "tens"]),
                ("hour", &["ones", "tens"]),
                ("day", &["ones", "tens"]),
                ("month", &["ones", "tens"]),
                ("year", &["ones", "tens", "hundreds", "thousands"]),
            ];
            let nibbles = value.bytes().iter().flat_map(|byte| [byte & 15, byte >> 4]);
            let names = digits.iter().flat_map(|(unit, places)| {
                places
                    .iter()
                    .zip([1, 10, 100, 1000])
                    .map(move |(place, power)| (format!("_{unit}_{place}"), power))
            });
            names
                .zip(nibbles)
                .map(|((suffix, power), digit)| (name.clone() + &suffix, u32::from(digit) * power))
                .collect()
        }
        // The freeze frame of DM6 has no signals.
        Shape::Bytes if field.repeat > 32 => return 0,
        Shape::Bytes if field.repeat > 1 => vec![(name, value.bytes()[0].into())],
        Shape::Text | Shape::Bytes => (1..)
            .zip(value.bytes())
            .map(|(place, byte)| (format!("{name}_{place}"), u32::from(*byte)))
            .collect(),
    };
    // `u32::MAX` stands for what was compared above.
    for (name, ours) in parts.iter().filter(|(_, ours)| *ours != u32::MAX) {
        assert_eq!(read(message, name, payload), f64::from(*ours), "{} {name}", message.name);
    }
    parts.len()
}

/// TP.CM by its multiplexed signals.
fn compare_transport(dbc: &Dbc, frame: &Frame) -> usize {
    let by = if frame.id().sender() == Some(Party::Bms) { "TP_CM_BMS" } else { "TP_CM_Charger" };
    let message = message(dbc, by);
    let data: &[u8; 8] = frame.data().try_into().unwrap();
    let (number, parts) = match Control::decode(data).unwrap() {
        Control::RequestToSend { size, packets, window, pgn } => (
            16,
            vec![
                ("rts_size", size.into()),
                ("rts_packets", packets.into()),
                ("rts_window", window.into()),
                ("pgn", pgn),
            ],
        ),
        Control::ClearToSend { packets, next, pgn } => {
            (17, vec![("cts_packets", packets.into()), ("cts_next", next.into()), ("pgn", pgn)])
        }
        Control::EndOfMessage { size, packets, pgn } => {
            (19, vec![("end_size", size.into()), ("end_packets", packets.into()), ("pgn", pgn)])
        }
        Control::Abort { reason, pgn } => {
            (255, vec![("abort_reason", u32::from(reason.to_code())), ("pgn", pgn)])
        }
    };
    for (name, ours) in &parts {
        let signal = message.signals.iter().find(|s| s.name == *name).unwrap();
        let expected = match *name {
            "pgn" => can_dbc::MultiplexIndicator::Plain,
            _ => can_dbc::MultiplexIndicator::MultiplexedSignal(number),
        };
        assert_eq!(signal.multiplexer_indicator, expected);
        assert_eq!(read(message, name, data), f64::from(*ours), "{by} {name}");
    }
    assert_eq!(read(message, "control", data), number as f64);
    parts.len()
}
