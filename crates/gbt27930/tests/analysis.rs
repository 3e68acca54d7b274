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

mod captures;
mod common;

use evse_gbt27930::analysis::{Analyzer, CaptureReport, FindingKind, Outcome};
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
    for (name, text, expected) in captures::captures() {
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
    for (name, text, _) in captures::captures() {
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

/// A capture in the making: each line some milliseconds after the one before.
#[derive(Default)]
struct Capture {
    millis: u64,
    text: String,
}

impl Capture {
    fn line(&mut self, after: u64, frame: &str) {
        self.millis += after;
        let (seconds, rest) = (self.millis / 1000, self.millis % 1000);
        self.text += &format!("({seconds}.{rest:03}000) can0 {frame}\n");
    }

    /// A multi-packet message with its answers; one packet may be lost to the responder and is sent again.
    fn packets(&mut self, pf: u8, payload: &str, missed: Option<usize>) {
        let bytes = hex::decode(payload).unwrap();
        let (size, count) = (bytes.len(), bytes.len().div_ceil(7));
        let mut packets: Vec<String> = (1..)
            .zip(bytes.chunks(7))
            .map(|(number, chunk)| {
                let data = (0..7).map(|at| chunk.get(at).unwrap_or(&0xFF));
                let data: String = data.map(|byte| format!("{byte:02X}")).collect();
                format!("1CEB56F4#{number:02X}{data}")
            })
            .collect();
        if let Some(missed) = missed {
            packets.push(format!("1CECF456#1101{:02X}FFFF00{pf:02X}00", missed + 1));
            packets.push(packets[missed].clone());
        }
        self.line(5, &format!("1CEC56F4#10{size:02X}00{count:02X}FF00{pf:02X}00"));
        self.line(5, &format!("1CECF456#11{count:02X}01FFFF00{pf:02X}00"));
        packets.iter().for_each(|frame| self.line(10, frame));
        self.line(5, &format!("1CECF456#13{size:02X}00{count:02X}FF00{pf:02X}00"));
    }

    /// From CRM(00) into charging.
    fn attempt(&mut self, missed: Option<usize>) {
        self.line(250, "1801F456#0001010101313233");
        let brm = "01010003F005400E0100000001000000630B0895000001FF4C314E53505047483938\
                   4E303030303030000104E707FFFF00";
        self.packets(2, brm, missed);
        self.line(50, "1801F456#AA01010101313233");
        self.packets(6, "A401DC055802881373F401A00F", None);
        self.line(50, "1808F456#4C1DDC05DC05A00F");
        self.line(250, "100956F4#AA");
        self.line(50, "100AF456#AA");
        for round in 0..20 {
            self.line(25, "181056F4#A510D80E02");
            self.line(25, "1812F456#920D3E0E0100FD");
            if round % 5 == 0 {
                self.packets(0x11, "920D3E0E6A71225802", None);
                self.line(1, "181356F4#0D4B014A0700D0");
            }
        }
    }
}

#[test]
fn a_reconnection_a_filled_hole_and_a_session_that_begins_midway() {
    let mut capture = Capture::default();
    capture.line(0, "1826F456#010100");
    capture.line(250, "182756F4#A510");
    capture.attempt(None);
    capture.line(1000, "081E56F4#F0F0F1FC");
    capture.line(250, "081E56F4#F0F0F1FC");
    capture.attempt(Some(2));
    capture.line(20, "1CEC56F4#FF03FFFFFF001500");
    capture.line(20, "0070F4B5#00");
    capture.line(20, "101956F4#01000000");
    capture.line(10, "101AF456#4000F0F0");
    capture.line(250, "181C56F4#4D6A016B014A4B");
    capture.line(250, "181DF456#0100020001010101");
    for _ in 0..5 {
        capture.line(3000, "181056F4#A510D80E02");
        capture.line(50, "1812F456#920D3E0E0100FC");
    }
    let report = analyse(&capture.text);
    assert_eq!(report.sessions.len(), 2, "{report}");
    let [first, second] = &report.sessions[..] else { unreachable!() };

    assert_eq!((first.outcome, first.reconnections), (Outcome::Completed, 1));
    assert_eq!((first.starts_midway, second.starts_midway), (false, true));
    let phases: Vec<_> = first.phases.iter().map(|span| span.phase).collect();
    use Phase::{Charging, Configuration, End, Handshake, Recognition};
    assert_eq!(
        phases,
        [
            Handshake,
            Recognition,
            Configuration,
            Charging,
            Recognition,
            Configuration,
            Charging,
            End
        ]
    );
    assert_eq!((first.stops[0].by, &first.stops[0].causes[..]), (Party::Bms, &["soc_reached"][..]));
    assert_eq!(first.errors[0].count, 2);
    assert_eq!(first.errors[0].timed_out[0].silence_us, Some(1_000_000));
    // The listener had every packet, but the charger asked for one again.
    let transport = &first.transport;
    assert_eq!((transport.retransmits, transport.started, transport.completed), (1, 12, 12));
    assert_eq!((transport.aborts[0].pgn, transport.aborts[0].reason), (0x1500, 3));
    assert_eq!(first.missing, [MessageKind::Cts; 0]);
    assert_eq!(first.limits.vehicle_max_cell_voltage_cv, Some(420));
    assert_eq!(first.limits.charger_min_current_da, Some(0));
    assert_eq!(report.foreign.len(), 1);

    // The second is in its pause, and its vehicle too slow.
    assert_eq!(second.outcome, Outcome::Unfinished);
    assert_eq!(second.phases.len(), 1);
    let bcl = second.messages.iter().find(|row| row.message == MessageKind::Bcl).unwrap();
    assert_eq!((bcl.count, bcl.late, bcl.timed_out), (5, 4, 4));
    assert_eq!(second.findings[0].what, FindingKind::Paused);
}

/// A 2015 charger before a 2011 vehicle, with every length that the edition does not foresee counted.
#[test]
fn a_fallback_to_2011_and_odd_lengths() {
    let mut capture = Capture::default();
    for _ in 0..20 {
        capture.line(250, "1826F456#010100");
    }
    capture.line(250, "1801F456#0001000000FFFFFF");
    let brm =
        "00010003F005400E0100000001000000630B0895000001FF4C314E535050474839384E30303030303000";
    capture.packets(2, &brm[..82], None);
    capture.line(250, "1808F456#4C1DDC05DC05");
    for frame in ["920D3E0E0100", "920D3E0E0100FD", "920D3E0E0100", "920D3E0E0100FDFF"] {
        capture.line(50, &format!("1812F456#{frame}"));
    }
    let report = analyse(&capture.text);
    let session = &report.sessions[0];
    assert_eq!((session.edition, session.outcome), (Edition::V2011, Outcome::Unfinished));
    let chm = session.findings.iter().find(|f| f.what == FindingKind::NotInEdition).unwrap();
    assert_eq!((chm.message, chm.count, chm.frame), (MessageKind::Chm, 20, 0));
    let ccs = session.messages.iter().find(|row| row.message == MessageKind::Ccs).unwrap();
    assert_eq!((ccs.count, ccs.unusual_length), (4, 2));
    assert!(session.edition_conflicts.is_empty());
}
