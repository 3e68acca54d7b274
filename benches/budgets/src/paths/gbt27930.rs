//! Hot paths of `evse-gbt27930`. The single-frame figures are sums over one frame of each of the messages that are
//! single frames in a 2015 session; their budgets are those of a mean frame times the number of messages.

use core::hint::black_box;

use evse_gbt27930::analysis::Analyzer;
use evse_gbt27930::candump::Record;
use evse_gbt27930::message::*;
use evse_gbt27930::session::{Bms, Charger, Lists};
use evse_gbt27930::transport::{Receiver, ReceiverEvent, Timing};
use evse_gbt27930::{Edition, Frame, Instant, Party};

use crate::HotPath;

pub const PATHS: &[HotPath] = &[
    HotPath { name: "decode_17_single_frames", passes: 1_000, run: decode_single_frames },
    HotPath { name: "encode_17_single_frames", passes: 1_000, run: encode_single_frames },
    HotPath { name: "receive_brm", passes: 1_000, run: receive_brm },
    HotPath { name: "charger_second_of_charging", passes: 200, run: charger_second },
    HotPath { name: "bms_second_of_charging", passes: 200, run: bms_second },
    HotPath { name: "analyse_1000_lines", passes: 10, run: analyse },
];

const EDITION: Edition = Edition::V2015;

/// One frame of each single-frame message, as captured or made by hand.
const SINGLE: [&str; 17] = [
    "1826F456#010100",
    "182756F4#A510",
    "1801F456#AA01010101313233",
    "1807F456#36240816051520",
    "1808F456#1C257C01DC05A00F",
    "100956F4#AA",
    "100AF456#AA",
    "181056F4#A510D80E02",
    "1812F456#910D3E0E0100FD",
    "181356F4#0D4B014A0700D0",
    "101956F4#40000000",
    "101AF456#0400F0F0",
    "181C56F4#4D6A016B014A4B",
    "181DF456#0000010001010101",
    "081E56F4#F0F0F1FC",
    "081FF456#FDF0C0FC",
    "182756F4#D80F",
];

fn frame(text: &str) -> Frame {
    let record = Record::parse(text.as_bytes()).ok().flatten().expect("a frame");
    record.frame.expect("a data frame")
}

/// Every field of the message is read.
fn read_all(frame: &Frame) {
    match Message::decode_frame(frame, EDITION) {
        Ok(Message::Chm(m)) => {
            black_box(ChargerHandshake::from(m));
        }
        Ok(Message::Bhm(m)) => {
            black_box(VehicleHandshake::from(m));
        }
        Ok(Message::Crm(m)) => {
            black_box(ChargerRecognition::from(m));
        }
        Ok(Message::Cts(m)) => {
            black_box(ChargerTime::from(m));
        }
        Ok(Message::Cml(m)) => {
            black_box(ChargerLimits::from(m));
        }
        Ok(Message::Bro(m)) => {
            black_box(VehicleReady::from(m));
        }
        Ok(Message::Cro(m)) => {
            black_box(ChargerReady::from(m));
        }
        Ok(Message::Bcl(m)) => {
            black_box(ChargeDemand::from(m));
        }
        Ok(Message::Ccs(m)) => {
            black_box(ChargerStatus::from(m));
        }
        Ok(Message::Bsm(m)) => {
            black_box(BatteryState::from(m));
        }
        Ok(Message::Bst(m)) => {
            black_box(m.items());
        }
        Ok(Message::Cst(m)) => {
            black_box(m.items());
        }
        Ok(Message::Bsd(m)) => {
            black_box(VehicleStatistics::from(m));
        }
        Ok(Message::Csd(m)) => {
            black_box(ChargerStatistics::from(m));
        }
        Ok(Message::Bem(m)) => {
            black_box(m.items());
        }
        Ok(Message::Cem(m)) => {
            black_box(m.items());
        }
        other => unreachable!("{other:?}"),
    }
}

fn decode_single_frames(passes: u32) {
    let frames = SINGLE.map(frame);
    for _ in 0..passes {
        black_box(&frames).iter().for_each(read_all);
    }
}

fn encode_single_frames(passes: u32) {
    use evse_gbt27930::message as m;
    let data = SINGLE.map(frame);
    let of = |index: usize| data[index].data();
    let chm = m::ChargerHandshake::decode(of(0), EDITION).expect("CHM");
    let bhm = m::VehicleHandshake::decode(of(1), EDITION).expect("BHM");
    let crm = m::ChargerRecognition::decode(of(2), EDITION).expect("CRM");
    let cts = m::ChargerTime::decode(of(3), EDITION).expect("CTS");
    let cml = m::ChargerLimits::decode(of(4), EDITION).expect("CML");
    let bro = m::VehicleReady::decode(of(5), EDITION).expect("BRO");
    let cro = m::ChargerReady::decode(of(6), EDITION).expect("CRO");
    let bcl = m::ChargeDemand::decode(of(7), EDITION).expect("BCL");
    let ccs = m::ChargerStatus::decode(of(8), EDITION).expect("CCS");
    let bsm = m::BatteryState::decode(of(9), EDITION).expect("BSM");
    let bst = m::VehicleStopCauses::decode(of(10), EDITION).expect("BST");
    let cst = m::ChargerStopCauses::decode(of(11), EDITION).expect("CST");
    let bsd = m::VehicleStatistics::decode(of(12), EDITION).expect("BSD");
    let csd = m::ChargerStatistics::decode(of(13), EDITION).expect("CSD");
    let bem = m::VehicleTimeouts::decode(of(14), EDITION).expect("BEM");
    let cem = m::ChargerTimeouts::decode(of(15), EDITION).expect("CEM");
    for _ in 0..passes {
        let mut out = [0; 8];
        macro_rules! encode {
            ($($kind:ident $value:expr;)+) => { $( {
                let len = $value.unwrap_or(0);
                let id = const { MessageKind::$kind.info().can_id() };
                black_box(Frame::new(id, out.get(..len).unwrap_or_default()));
            } )+ };
        }
        encode! {
            Chm black_box(&chm).encode(EDITION, &mut out);
            Bhm black_box(&bhm).encode(EDITION, &mut out);
            Crm black_box(&crm).encode(EDITION, &mut out);
            Cts black_box(&cts).encode(EDITION, &mut out);
            Cml black_box(&cml).encode(EDITION, &mut out);
            Bro black_box(&bro).encode(EDITION, &mut out);
            Cro black_box(&cro).encode(EDITION, &mut out);
            Bcl black_box(&bcl).encode(EDITION, &mut out);
            Ccs black_box(&ccs).encode(EDITION, &mut out);
            Bsm black_box(&bsm).encode(EDITION, &mut out);
            Bst black_box(bst).encode(&mut out);
            Cst black_box(cst).encode(&mut out);
            Bsd black_box(&bsd).encode(EDITION, &mut out);
            Csd black_box(&csd).encode(EDITION, &mut out);
            Bem black_box(bem).encode(&mut out);
            Cem black_box(cem).encode(&mut out);
            Bhm black_box(&bhm).encode(EDITION, &mut out);
        }
    }
}

/// RTS, seven packets, both answers, the timers, and all fields of the message.
const BRM: [&str; 8] = [
    "1CEC56F4#10310007FF000200",
    "1CEB56F4#0101010003F00540",
    "1CEB56F4#020E010000000100",
    "1CEB56F4#030000630B089500",
    "1CEB56F4#040001FF4C314E53",
    "1CEB56F4#0550474839384E41",
    "1CEB56F4#0630303030303000",
    "1CEB56F4#070104E707FFFF00",
];

fn receive_brm(passes: u32) {
    let frames = BRM.map(frame);
    let mut receiver = Receiver::new(Party::Charger, Timing::STANDARD);
    let mut memory = [0; 1785];
    for _ in 0..passes {
        for (frame, millis) in black_box(&frames).iter().zip(0..) {
            let now = Instant::from_millis(millis * 10);
            let event = receiver.handle_frame(now, frame, &mut memory);
            if let Some(answer) = receiver.poll_transmit() {
                black_box(answer);
            }
            black_box(receiver.poll_timeout());
            if let Some(ReceiverEvent::Received { size, .. }) = event {
                let payload = memory.get(..size.into()).unwrap_or_default();
                if let Ok(brm) = VehicleRecognition::decode(payload, EDITION) {
                    black_box(&brm);
                }
            }
        }
    }
}

/// Both engines to charging; then what one side does in a second of it.
fn charging() -> (Charger, Bms, u64, Vec<(Party, u64, Frame)>) {
    let (mut charger, mut bms) = (Charger::new(EDITION), Bms::new(EDITION));
    let mut memory = ([0; 1785], [0; 1785]);
    charger.connected(Instant::from_millis(0));
    bms.connected(Instant::from_millis(0));
    let mut log = Vec::new();
    for millis in 0..10_000 {
        let now = Instant::from_millis(millis);
        charger.handle_timeout(now, &mut memory.0);
        bms.handle_timeout(now, &mut memory.1);
        loop {
            while let Some(event) = charger.poll_event() {
                use evse_gbt27930::session::Event;
                match event {
                    Event::StartInsulationTest { .. } => charger.insulation_result(now, true),
                    Event::PrepareOutput => charger.set_ready(now, true),
                    _ => {}
                }
            }
            while let Some(event) = bms.poll_event() {
                if event == evse_gbt27930::session::Event::CloseContactors {
                    bms.set_ready(now, true);
                }
            }
            if let Some(frame) = charger.poll_transmit() {
                bms.handle_frame(now, &frame, &mut memory.1);
                log.push((Party::Charger, millis, frame));
            } else if let Some(frame) = bms.poll_transmit(&Lists::default()) {
                charger.handle_frame(now, &frame, &mut memory.0);
                log.push((Party::Bms, millis, frame));
            } else {
                break;
            }
        }
    }
    let from = 9_000;
    log.retain(|(_, at, _)| *at >= from);
    (charger, bms, from, log)
}

/// Frames in and out of the charger in a second: what the budget is divided by.
fn charger_second(passes: u32) {
    let (charger, _, start, log) = charging();
    let mut memory = [0; 1785];
    for _ in 0..passes {
        let mut charger = black_box(charger.clone());
        for (by, at, frame) in &log {
            let now = Instant::from_millis(at - start + 10_000);
            if *by == Party::Bms {
                charger.handle_frame(now, frame, &mut memory);
            }
            if charger.poll_timeout().is_some_and(|due| due <= now) {
                charger.handle_timeout(now, &mut memory);
            }
            while let Some(event) = charger.poll_event() {
                black_box(event);
            }
            while let Some(frame) = charger.poll_transmit() {
                black_box(frame);
            }
        }
    }
}

fn bms_second(passes: u32) {
    let (_, bms, start, log) = charging();
    let mut memory = [0; 1785];
    for _ in 0..passes {
        let mut bms = black_box(bms.clone());
        for (by, at, frame) in &log {
            let now = Instant::from_millis(at - start + 10_000);
            if *by == Party::Charger {
                bms.handle_frame(now, frame, &mut memory);
            }
            if bms.poll_timeout().is_some_and(|due| due <= now) {
                bms.handle_timeout(now, &mut memory);
            }
            while let Some(event) = bms.poll_event() {
                black_box(event);
            }
            while let Some(frame) = bms.poll_transmit(&Lists::default()) {
                black_box(frame);
            }
        }
    }
}

/// A thousand lines of a session that the engines made, from text to report.
fn analyse(passes: u32) {
    let (_, _, _, log) = charging();
    let mut text = String::new();
    let mut at = 0_u64;
    'made: loop {
        for (_, millis, frame) in &log {
            use core::fmt::Write;
            let micros = (at + millis) * 1000 + 1_703_560_127_000_000;
            let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
            let _ = writeln!(text, "({seconds}.{rest:06}) can0 {frame}");
            if text.lines().count() == 1_000 {
                break 'made;
            }
        }
        at += 1_000;
    }
    for _ in 0..passes {
        let mut analyzer = Analyzer::new(None);
        for line in black_box(text.as_bytes()).split(|byte| *byte == b'\n') {
            if let Ok(Some(record)) = Record::parse(line) {
                analyzer.handle_record(&record);
            }
        }
        black_box(analyzer.finish());
    }
}
