//! The tool against the captures and against the example of the tool's script format.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a failed unwrap is the failed assertion"
)]

use core::sync::atomic::{AtomicU32, Ordering};
use std::path::PathBuf;

use evse_gbt27930::{Edition, Party};
use serde_json::{Value, json};

#[path = "../../tests/common/mod.rs"]
mod common;

fn scratch(name: &str, text: &[u8]) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let path = std::env::temp_dir().join(format!("gbt27930-{process}-{count}-{name}"));
    std::fs::write(&path, text).unwrap();
    path
}

fn decode(text: &[u8], name: &str, all: bool) -> (bool, Vec<Value>, Vec<u8>) {
    let path = scratch(name, text);
    let mut out = Vec::new();
    let refused = crate::decode::run(None, all, &path, &mut out).unwrap();
    std::fs::remove_file(path).unwrap();
    (refused, json_lines(&out), out)
}

fn json_lines(text: &[u8]) -> Vec<Value> {
    core::str::from_utf8(text).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn play(role: Party, edition: Edition, auto_tp: bool, script: &str, name: &str) -> Vec<Value> {
    let path = scratch(name, script.as_bytes());
    let mut out = Vec::new();
    crate::run::run(role, edition, auto_tp, &path, &mut out).unwrap();
    std::fs::remove_file(path).unwrap();
    json_lines(&out)
}

/// Every message of every capture: payload, count, first and last frame, fields, edition.
#[test]
fn captures_decode_as_expected() {
    for (name, text, expected) in common::captures() {
        let (refused, lines, _) = decode(text.as_bytes(), &name, true);
        assert!(!refused);
        let mut totals = serde_json::Map::new();
        for line in &lines {
            assert_eq!(line["edition"], expected["edition"], "{name}");
            let total = totals.entry(line["message"].as_str().unwrap()).or_insert(json!(0));
            *total = json!(total.as_u64().unwrap() + 1);
        }
        for (message, count) in expected["message_totals"].as_object().unwrap() {
            assert_eq!(totals.get(message), Some(count), "{name} {message}");
        }
        for distinct in expected["distinct_messages"].as_array().unwrap() {
            let same: Vec<_> = lines
                .iter()
                .filter(|l| {
                    l["message"] == distinct["message"]
                        && l["payload_hex"] == distinct["payload_hex"]
                })
                .collect();
            assert_eq!(json!(same.len()), distinct["count"], "{name} {distinct}");
            assert_eq!(same[0]["frame"], distinct["first_frame"]);
            assert_eq!(same.last().unwrap()["frame"], distinct["last_frame"]);
            assert_eq!(same[0]["transport"], distinct["via"]);
            assert_eq!(same[0]["fields"], distinct["fields"]);
        }
    }
}

/// `decode | encode | decode` gives the same messages, from payloads and from fields alone.
#[test]
fn encode_reproduces_what_decode_says() {
    for (name, text, _) in common::captures() {
        let (_, lines, bytes) = decode(text.as_bytes(), &name, true);
        for from_fields in [false, true] {
            let input = if from_fields {
                let lines = lines.iter().map(|line| {
                    let mut line = line.clone();
                    if !line["message"].as_str().unwrap().starts_with('(') {
                        line.as_object_mut().unwrap().remove("payload_hex");
                    }
                    line.to_string() + "\n"
                });
                lines.collect::<String>().into_bytes()
            } else {
                bytes.clone()
            };
            let path = scratch(&format!("{name}.jsonl"), &input);
            let mut frames = Vec::new();
            assert!(!crate::encode::run(Edition::V2015, &path, &mut frames).unwrap());
            std::fs::remove_file(path).unwrap();
            let (_, again, _) = decode(&frames, &format!("{name}.again"), true);
            assert_eq!(again.len(), lines.len());
            for (a, b) in again.iter().zip(&lines) {
                let keys: &[&str] = if from_fields {
                    &["t", "can_id", "message", "transport", "fields"]
                } else {
                    &["t", "can_id", "message", "edition", "transport", "payload_hex", "fields"]
                };
                for key in keys {
                    assert_eq!(a[key], b[key], "{name} {a} {b}");
                }
            }
        }
    }
}

#[test]
fn refused_lines_do_not_end_the_work() {
    let text = b"nonsense\n1826F456#010100\n182756F4#D80F\n1826F456#0101001\n";
    let (refused, lines, _) = decode(text, "refused", false);
    assert!(refused);
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[1]["frame"], &lines[1]["t"]), (&json!(1), &Value::Null));
    let path = scratch("refused.jsonl", b"{}\n{\"message\":\"BRO\",\"fields\":{\"ready\":170}}\n");
    let mut frames = Vec::new();
    assert!(crate::encode::run(Edition::V2015, &path, &mut frames).unwrap());
    std::fs::remove_file(path).unwrap();
    assert_eq!(frames, b"100956F4#AA\n");
}

/// A charger whose vehicle never recognises itself.
#[test]
fn charger_without_recognition() {
    let script = r#"{"t_ms":0,"host":{"type":"connected"}}
        {"t_ms":300,"rx":"182756F4#D80F"}
        {"t_ms":600,"host":{"type":"insulation","result":"passed"}}
        {"t_ms":6000}"#;
    let lines = play(Party::Charger, Edition::V2015, false, script, "run-example");
    let sent = |what: &str| -> Vec<u64> {
        let is = |l: &&Value| l["tx"].as_str().is_some_and(|tx| tx.starts_with(what));
        lines.iter().filter(is).map(|l| l["t_ms"].as_u64().unwrap()).collect()
    };
    assert_eq!(sent("1826F456#010100"), [0, 250, 500]);
    assert_eq!(sent("1801F456#00").first(), Some(&600));
    assert_eq!(sent("1801F456#00").len(), 20);
    assert_eq!(sent("081FF456#FDF0C0FC"), [5600, 5850]);
    let at_300: Vec<_> = lines.iter().filter(|l| l["t_ms"] == 300).cloned().collect();
    assert_eq!(
        at_300,
        [
            json!({"t_ms": 300, "event": "message", "message": "BHM", "payload_hex": "D80F"}),
            json!({"t_ms": 300, "event": "start_insulation_test", "voltage_dv": 4056}),
            json!({"t_ms": 300, "state": "InsulationTest"}),
        ]
    );
    let at_5600: Vec<_> = lines.iter().filter(|l| l["t_ms"] == 5600).cloned().collect();
    assert_eq!(
        at_5600,
        [
            json!({"t_ms": 5600, "event": "timeout", "waiting_for": "BRM"}),
            json!({"t_ms": 5600, "event": "output_off"}),
            json!({"t_ms": 5600, "state": "CommError"}),
            json!({"t_ms": 5600, "tx": "081FF456#FDF0C0FC"}),
        ]
    );
}

#[test]
fn wrong_scripts_name_the_line() {
    for (script, what) in [
        ("{\"t_ms\":0}\nx", ":2"),
        ("{\"t_ms\":5}\n{\"t_ms\":4}", "time goes back"),
        ("{\"t_ms\":0,\"host\":{\"type\":\"dance\"}}", "dance"),
        ("{\"t_ms\":0,\"rx\":\"182756F4\"}", ":1"),
        ("{\"t_ms\":0,\"host\":{\"type\":\"stop\",\"causes\":[\"boredom\"]}}", "boredom"),
    ] {
        let path = scratch("wrong", script.as_bytes());
        let error = crate::run::run(Party::Charger, Edition::V2015, false, &path, &mut Vec::new());
        let text = format!("{:#}", error.unwrap_err());
        assert!(text.contains(what) && text.contains("wrong"), "{text}");
    }
}

/// Four attempts in all, then nothing.
#[test]
fn three_reconnections_at_most() {
    let script = r#"{"t_ms":0,"host":{"type":"connected"}}
        {"t_ms":1,"host":{"type":"insulation","result":"passed"}}
        {"t_ms":60000}"#;
    let lines = play(Party::Charger, Edition::V2011, false, script, "reconnect");
    let attempts: Vec<_> = lines.iter().filter(|l| l["event"] == "reconnect").collect();
    assert_eq!(attempts.len(), 3);
    let end = lines.last().unwrap();
    assert_eq!((&end["event"], &end["t_ms"]), (&json!("session_end"), &json!(1 + 4 * 6250)));
    let errors = lines.iter().filter(|l| l["tx"].as_str().is_some_and(|t| t.starts_with("081F")));
    assert_eq!(errors.count(), 20);
}

/// A vehicle's session with the transport layer played by the tool, to the end.
#[test]
fn bms_charges_and_stops() {
    let script = r#"{"t_ms":0,"host":{"type":"connected"}}
        {"t_ms":10,"rx":"1826F456#010100"}
        {"t_ms":500,"rx":"1801F456#0001000000FFFFFF"}
        {"t_ms":900,"rx":"1801F456#AA01000000FFFFFF"}
        {"t_ms":1100,"rx":"1808F456#4C1DDC05DC05A00F"}
        {"t_ms":1200,"host":{"type":"ready","value":true}}
        {"t_ms":1300,"rx":"100AF456#00"}
        {"t_ms":1500,"rx":"100AF456#AA"}
        {"t_ms":1600,"rx":"1812F456#A00FA00F0000FD"}
        {"t_ms":1700,"host":{"type":"stop","causes":["soc_reached"]}}
        {"t_ms":1750,"rx":"101AF456#4000F0F0"}
        {"t_ms":1900,"rx":"181DF456#0100020001000000"}
        {"t_ms":3000}"#;
    let lines = play(Party::Bms, Edition::V2015, true, script, "bms");
    let states: Vec<_> = lines.iter().filter_map(|l| l["state"].as_str()).collect();
    assert_eq!(
        states,
        [
            "Idle",
            "WaitChm",
            "Handshake",
            "Recognise",
            "Configure",
            "Ready",
            "WaitCharger",
            "Charging",
            "Stopping",
            "Statistics",
            "Done"
        ]
    );
    let tx = |what: &str| {
        lines.iter().filter(|l| l["tx"].as_str().is_some_and(|t| t.starts_with(what))).count()
    };
    assert_eq!(tx("1CEC56F4#10310007FF000200"), 2);
    // At 1750 the BST that is due goes out before the CST of that time is read.
    assert_eq!(tx("101956F4#01"), 6);
    assert!(tx("181C56F4") >= 1);
    assert_eq!(lines.last().unwrap()["result"], "done");
}
