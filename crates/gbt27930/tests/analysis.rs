//! The analysis against the captures and against sessions made by the engines.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a failed unwrap is the failed assertion"
)]
#![cfg(feature = "serde")]

mod common;

use evse_gbt27930::analysis::{Analyzer, CaptureReport, Outcome};
use evse_gbt27930::candump::Record;
use evse_gbt27930::table::Phase;
use evse_gbt27930::{Edition, MessageKind, Party};

fn analyse(text: &str) -> CaptureReport {
    let mut analyzer = Analyzer::new(None);
    for line in text.lines() {
        if let Some(record) = Record::parse(line.as_bytes()).unwrap() {
            analyzer.handle_record(&record);
        }
    }
    analyzer.finish()
}

#[test]
fn captures() {
    for (name, text, expected) in common::captures() {
        let report = analyse(&text);
        assert_eq!(report.frames, expected["frames"], "{name}");
        assert_eq!(report.sessions.len(), 1, "{name}");
        let session = &report.sessions[0];
        assert_eq!(session.edition.to_string(), expected["edition"].as_str().unwrap());
        assert_eq!(session.missing, [], "{name}");
        assert_eq!(session.edition_conflicts, [""; 0]);
        for row in &session.messages {
            let total = &expected["message_totals"][row.message.code()];
            assert_eq!(total, &serde_json::json!(row.count), "{name} {}", row.message);
        }
        assert_eq!(
            session.transport.started,
            session.transport.completed + u32::from(name.contains("-b-"))
        );
        if name.contains("-a-") {
            assert_eq!(session.outcome, Outcome::Completed);
            assert_eq!(session.stops[0].by, Party::Charger);
            assert_eq!(session.stops[0].causes, ["manual_stop"]);
            assert_eq!(session.stops[1].causes, ["charger_stop"]);
            assert_eq!(session.delivery.energy_dkwh, Some(1));
            assert_eq!(session.delivery.soc_stop, Some(77));
            assert_eq!((report.foreign[0].address, report.foreign[0].frames), (0xB5, 43));
        }
        if name.contains("-b-") {
            assert_eq!(session.outcome, Outcome::CommunicationError);
            let error = &session.errors[0];
            assert_eq!((error.message, error.count), (MessageKind::Bem, 45));
            assert_eq!(error.timed_out[0].item, "ccs_timeout");
            assert_eq!(error.timed_out[0].silence_us, Some(900_000));
        }
        // The VIN is not in the report before it is revealed, nor are the bytes of any frame.
        let vin = session.identity.vin;
        let texts =
            [report.to_string(), format!("{report:?}"), serde_json::to_string(&report).unwrap()];
        if let Some(vin) = vin.as_ref().and_then(|vin| vin.as_str()) {
            assert!(texts.iter().all(|text| !text.contains(vin)), "{name}");
            let mut revealed = report.clone();
            revealed.reveal_identifiers();
            assert!(revealed.to_string().contains(vin));
        }
    }
}

/// A capture cut anywhere, twice in a row, or with half of its frames gone: a report, and what it says is true.
#[test]
fn parts_of_captures() {
    for (name, text, _) in common::captures() {
        let lines: Vec<_> = text.lines().collect();
        for start in (0..lines.len()).step_by(37) {
            let report = analyse(&lines[start..].join("\n"));
            assert!(report.sessions.len() <= 2, "{name} from {start}");
            let thinned: Vec<_> = lines.iter().skip(start).step_by(2).copied().collect();
            let _ = analyse(&thinned.join("\n")).to_string();
        }
    }
}

#[test]
fn a_second_session_and_a_conflict_of_editions() {
    let text = "(0.0) can0 1826F456#010100\n(0.1) can0 182756F4#A510\n(0.2) can0 1801F456#0001000000FFFFFF\n\
                (0.3) can0 1808F456#4C1DDC05DC05\n(0.4) can0 101AF456#0400F0F0\n(0.5) can0 181DF456#0100020001000000\n\
                (0.6) can0 1826F456#010100\n(9.0) can0 1899F456#00";
    let report = analyse(text);
    assert_eq!(report.sessions.len(), 2);
    let first = &report.sessions[0];
    assert_eq!(
        (first.edition, first.edition_conflicts.as_slice()),
        (Edition::V2015, ["CML"].as_slice())
    );
    assert_eq!(first.outcome, Outcome::StoppedWithoutStatistics);
    assert_eq!(first.phases.last().unwrap().phase, Phase::End);
    assert!(first.missing.contains(&MessageKind::Bcl) && first.missing.contains(&MessageKind::Bsd));
    assert_eq!(report.sessions[1].unknown, [(0x99, 1)]);
}
