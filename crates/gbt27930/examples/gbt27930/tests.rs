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

#[path = "../../tests/captures/mod.rs"]
mod captures;
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
    for (name, text, expected) in captures::captures() {
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
    for (name, text, _) in captures::captures() {
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

/// A script and what it has to lead to: the time-out by name, when, and the error message sent with it.
struct TimeOut {
    role: Party,
    waiting_for: &'static str,
    at: u64,
    error: &'static str,
    script: String,
}

/// Frames that repeat from a time until before another.
fn every(millis: usize, from: u64, until: u64, frame: &str) -> String {
    (from..until).step_by(millis).map(|t| rx(t, frame)).collect()
}

fn rx(t: u64, frame: &str) -> String {
    format!("{}\n", json!({"t_ms": t, "rx": frame}))
}

fn host(t: u64, says: Value) -> String {
    format!("{}\n", json!({"t_ms": t, "host": says}))
}

/// A multi-packet message of the vehicle, all at one time.
fn packets(t: u64, pf: u8, payload: &str) -> String {
    let bytes = hex::decode(payload).unwrap();
    let (size, count) = (bytes.len(), bytes.len().div_ceil(7));
    let announcement = format!("1CEC56F4#10{size:02X}00{count:02X}FF00{pf:02X}00");
    let packets = (1..).zip(bytes.chunks(7)).map(|(number, chunk)| {
        let mut data = format!("1CEB56F4#{number:02X}");
        for byte in (0..7).map(|at| chunk.get(at).unwrap_or(&0xFF)) {
            data += &format!("{byte:02X}");
        }
        rx(t, &data)
    });
    rx(t, &announcement) + &packets.collect::<String>()
}

const BRM: &str = "01010003F005400E0100000001000000630B0895000001FF4C314E530550474839384E303030303030000104E707FFFF00";
const BCP: &str = "A401DC055802881373F401A00F";
const BCS: &str = "920DA00F6A71225802";
const BCL: &str = "181056F4#A510D80E02";

/// The charger's script up to a step: connected, tested, BRM, BCP, BRO(AA), ready, BCL and BCS.
fn charger_script(steps: usize) -> String {
    let all = [
        host(0, json!({"type": "connected"})) + &rx(300, "182756F4#D80F"),
        host(600, json!({"type": "insulation", "result": "passed"})),
        packets(700, 2, BRM),
        packets(800, 6, BCP),
        rx(900, "100956F4#AA"),
        host(1000, json!({"type": "ready", "value": true})),
        rx(1100, BCL) + &packets(1150, 0x11, BCS),
    ];
    all[..steps].concat()
}

/// The vehicle's script up to a step: connected, CHM, CRM(00), CRM(AA), CML, ready, CRO(AA).
fn bms_script(steps: usize) -> String {
    let all = [
        host(0, json!({"type": "connected"})),
        rx(10, "1826F456#010100"),
        rx(500, "1801F456#0001000000FFFFFF"),
        rx(900, "1801F456#AA01000000FFFFFF"),
        rx(1100, "1808F456#4C1DDC05DC05A00F"),
        host(1200, json!({"type": "ready", "value": true})),
        rx(1500, "100AF456#AA") + &every(50, 1550, 3000, "1812F456#A00FA00F0000FD"),
    ];
    all[..steps].concat()
}

/// Every row of the table of timers that ends in an error message, with its time to the millisecond.
fn time_outs() -> Vec<TimeOut> {
    let charger = |waiting_for, at, error, script| TimeOut {
        role: Party::Charger,
        waiting_for,
        at,
        error,
        script,
    };
    let bms = |waiting_for, at, error, script| TimeOut {
        role: Party::Bms,
        waiting_for,
        at,
        error,
        script,
    };
    let stop = |cause: &str| host(3000, json!({"type": "stop", "causes": [cause]}));
    let charging = charger_script(7)
        + &{
            let mut steps: Vec<_> = (1200..3000).step_by(50).map(|t| rx(t, BCL)).collect();
            steps.insert(17, packets(2000, 0x11, BCS));
            steps.concat()
        };
    vec![
        charger("BRM", 5600, "FDF0C0FC", charger_script(2)),
        charger("BCP", 5700, "FCF1C0FC", charger_script(3)),
        charger("BRO", 5800, "FCF4C0FC", charger_script(4)),
        // BRO(00) renews the 5 s, but not the 60 s.
        charger("BRO", 7900, "FCF4C0FC", charger_script(4) + &every(250, 900, 3000, "100956F4#00")),
        charger(
            "BRO",
            60_800,
            "FCF4C0FC",
            charger_script(4) + &every(250, 900, 62_000, "100956F4#00"),
        ),
        charger("BCL", 2000, "FCF0C4FC", charger_script(6)),
        charger("BCL", 2100, "FCF0C4FC", charger_script(7)),
        charger("BCS", 6150, "FCF0C1FC", charger_script(7) + &every(50, 1200, 8000, BCL)),
        charger("BST", 8000, "FCF0D0FC", charging.clone() + &stop("manual_stop")),
        charger("BSD", 13_000, "FCF0D0FD", charging.clone() + &stop("manual_stop")),
        charger(
            "BSD",
            13_000,
            "FCF0C0FD",
            charging + &stop("manual_stop") + &rx(6000, "101956F4#40000000"),
        ),
        bms("CRM00", 60_000, "F1F0F0FC", bms_script(1)),
        bms("CRM00", 30_010, "F1F0F0FC", bms_script(2)),
        bms("CRMAA", 5500, "F4F0F0FC", bms_script(3)),
        bms("CTS_CML", 5900, "F0F1F0FC", bms_script(4)),
        bms("CTS_CML", 5900, "F0F1F0FC", bms_script(4) + &rx(1000, "1807F456#FFFFFFFFFFFFFF")),
        bms("CRO", 6200, "F0F4F0FC", bms_script(6)),
        bms("CRO", 6300, "F0F4F0FC", bms_script(6) + &rx(1300, "100AF456#00")),
        bms("CRO", 61_200, "F0F4F0FC", bms_script(6) + &every(250, 1300, 63_000, "100AF456#00")),
        bms("CCS", 3950, "F0F0F1FC", bms_script(7)),
        bms("CST", 8000, "F0F0F4FC", bms_script(7) + &stop("soc_reached")),
        bms("CSD", 13_000, "F0F0F4FD", bms_script(7) + &stop("soc_reached")),
        bms("CSD", 13_000, "F0F0F0FD", bms_script(7) + &rx(3000, "101AF456#0400F0F0")),
    ]
}

#[test]
fn every_timer_runs_out_to_the_millisecond() {
    for case in time_outs() {
        let TimeOut { role, waiting_for, at, error, script } = case;
        let id = if role == Party::Charger { "081FF456" } else { "081E56F4" };
        let script = format!("{script}{{\"t_ms\":{}}}", at.max(63_000));
        let lines = play(role, Edition::V2015, true, &script, "timer");
        let first = lines.iter().position(|l| l["waiting_for"] == waiting_for);
        let first = first.unwrap_or_else(|| panic!("{waiting_for} at {at}: no time-out"));
        assert_eq!(lines[first]["t_ms"], at, "{waiting_for}");
        let sent: Vec<_> = lines.iter().filter(|l| l["tx"] == format!("{id}#{error}")).collect();
        assert_eq!(sent[0]["t_ms"], at, "{waiting_for}");
        assert_eq!(sent[1]["t_ms"], at + 250, "{waiting_for}");
        // The charger stops its power in the same millisecond.
        let off = |l: &&Value| l["event"] == "output_off" && l["t_ms"] == at;
        assert_eq!(lines.iter().filter(off).count(), usize::from(role == Party::Charger));
    }
}

/// Ten minutes of pause, whoever pauses, are a stop with its causes; the vehicle's own state of BSM is another.
#[test]
fn a_pause_has_an_end() {
    let keep = |until: u64, bsm: &str| {
        (1200..until)
            .step_by(50)
            .map(|t| match t % 500 {
                0 => rx(t, BCL) + &rx(t, bsm) + &packets(t, 0x11, BCS),
                _ => rx(t, BCL),
            })
            .collect::<String>()
    };
    let script = charger_script(7) + &keep(601_600, "181356F4#0D4B014A0700C0");
    let lines = play(Party::Charger, Edition::V2015, false, &script, "pause");
    let at = |event: &str| lines.iter().find(|l| l["event"] == event).map(|l| l["t_ms"].clone());
    assert_eq!((at("pause_output"), at("stop")), (Some(json!(1500)), Some(json!(601_500))));
    let stop = lines.iter().find(|l| l["event"] == "stop").unwrap();
    assert_eq!(
        (&stop["by"], &stop["causes"]),
        (&json!("pause_timeout"), &json!(["fault_stop", "other_fault"]))
    );
    assert!(lines.iter().any(|l| l["tx"] == "101AF456#1000F4F0"));
    // Nothing is delivered while it lasts.
    assert!(!lines.iter().any(|l| l["event"] == "set_output" && l["t_ms"].as_u64() > Some(1500)));

    let script = charger_script(7) + &keep(1600, "181356F4#0D4B014A0701C0");
    let lines = play(Party::Charger, Edition::V2015, false, &script, "abnormal");
    let stop = lines.iter().find(|l| l["event"] == "stop").unwrap();
    assert_eq!((&stop["by"], &stop["t_ms"]), (&json!("bsm"), &json!(1500)));
}

/// What an error message does in each phase, and what a second one does.
#[test]
fn error_messages_of_the_peer() {
    let script = charger_script(7)
        + &rx(1200, "081E56F4#F0F0F1FC")
        + &rx(1450, "081E56F4#F0F0F1FC")
        + &rx(2500, "081E56F4#F0F0F1FC")
        + &packets(2600, 2, BRM)
        + &rx(2700, "081E56F4#F0F0F1FC")
        + "{\"t_ms\":4000}";
    let lines = play(Party::Charger, Edition::V2015, false, &script, "bem");
    let of = |key: &str, value: &str| -> Vec<u64> {
        lines.iter().filter(|l| l[key] == value).map(|l| l["t_ms"].as_u64().unwrap()).collect()
    };
    // Reported each time; without effect while in CommError and until the next BRM; no CEM of our own.
    assert_eq!(of("event", "peer_error"), [1200, 1450, 2500, 2700]);
    assert_eq!(of("state", "CommError"), [1200, 2700]);
    assert_eq!(of("event", "reconnect"), [2450, 3950]);
    assert!(!lines.iter().any(|l| l["tx"].as_str().is_some_and(|tx| tx.starts_with("081F"))));

    // In the end phase it is recorded, and the statistics still run to their end.
    let script = charger_script(7)
        + &host(1200, json!({"type": "stop", "causes": ["manual_stop"]}))
        + &rx(1300, "081E56F4#F0F0F1FC")
        + &rx(1500, "181C56F4#4D6A016B014A4B")
        + "{\"t_ms\":4000}";
    let lines = play(Party::Charger, Edition::V2015, false, &script, "bem-end");
    let csd = lines.iter().filter(|l| l["tx"].as_str().is_some_and(|t| t.starts_with("181DF456")));
    assert_eq!(csd.count(), 10);
    let end = lines.last().unwrap();
    assert_eq!((&end["t_ms"], &end["result"]), (&json!(4000), &json!("failed")));
    assert_eq!(end["errors"], json!(["peer_ccs_timeout"]));
}

/// Without BHM the charger speaks 2011, until a BRM says otherwise.
#[test]
fn fallback_to_2011_and_back() {
    let start = host(0, json!({"type": "connected"}))
        + &host(5100, json!({"type": "insulation", "result": "passed"}));
    let of_2011 = format!("000100{}", &BRM[6..82]);
    for (brm, cml) in [(of_2011.as_str(), "4C1DDC05DC05"), (BRM, "4C1DDC05DC05A00F")] {
        let script = start.clone() + &packets(5200, 2, brm) + &packets(5300, 6, BCP);
        let lines = play(Party::Charger, Edition::V2015, false, &script, "fallback");
        let tested = lines.iter().find(|l| l["event"] == "start_insulation_test").unwrap();
        assert_eq!((&tested["t_ms"], tested.get("voltage_dv")), (&json!(5000), None));
        assert!(lines.iter().any(|l| l["tx"] == "1801F456#0001FFFFFFFFFFFF"));
        assert!(lines.iter().any(|l| l["tx"] == format!("1808F456#{cml}")), "{cml}");
    }
}
