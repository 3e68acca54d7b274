//! GB/T 27930: codec, transport protocol, engines and capture analysis.

use std::hint::black_box;

use evse_gbt27930::analysis::Analyzer;
use evse_gbt27930::candump::Record;
use evse_gbt27930::message::*;
use evse_gbt27930::session::{Charger, Event};
use evse_gbt27930::transport::{Control, Receiver, ReceiverEvent, Timing};
use evse_gbt27930::{CanId, Edition, Frame, Instant, PF_TP_DT, Party};

use crate::HotPath;

pub const PATHS: &[HotPath] = &[
    HotPath { name: "decode_single", passes: 1600, run: decode_single },
    HotPath { name: "encode_single", passes: 1000, run: encode_single },
    HotPath { name: "receive_brm", passes: 1000, run: receive_brm },
    HotPath { name: "charger_frame", passes: 1000, run: charger_frame },
    HotPath { name: "analyse_candump", passes: 20, run: analyse_candump },
];

const E: Edition = Edition::V2015;

/// One payload of each single-frame message.
const SINGLES: &[(MessageKind, &[u8])] = &[
    (MessageKind::Chm, &[1, 1, 0]),
    (MessageKind::Bhm, &[0xA5, 0x10]),
    (MessageKind::Crm, &[0, 1, 1, 1, 1, 0x31, 0x32, 0x33]),
    (MessageKind::Cts, &[0x36, 0x24, 0x08, 0x16, 0x05, 0x15, 0x20]),
    (MessageKind::Cml, &[0x1C, 0x25, 0x7C, 1, 0xDC, 5, 0xA0, 0x0F]),
    (MessageKind::Bro, &[0xAA]),
    (MessageKind::Cro, &[0xAA]),
    (MessageKind::Bcl, &[0xA5, 0x10, 0xD8, 0x0E, 2]),
    (MessageKind::Ccs, &[0x24, 0x0B, 0xA0, 0x0F, 0, 0, 0xFD]),
    (MessageKind::Bsm, &[0x1E, 0x36, 6, 0x35, 0x0F, 0, 0xD0]),
    (MessageKind::Bst, &[0x40, 0, 0, 0xF0]),
    (MessageKind::Cst, &[4, 0, 0xF0, 0xF0]),
    (MessageKind::Bsd, &[0x4D, 0x4D, 1, 0x4E, 1, 0x35, 0x36]),
    (MessageKind::Csd, &[0, 0, 1, 0, 1, 1, 1, 1]),
    (MessageKind::Bem, &[0xF0, 0xF0, 0xF1, 0xFC]),
    (MessageKind::Cem, &[0xFD, 0xF0, 0xC0, 0xFC]),
];

fn frames() -> Vec<Frame> {
    let frame = |(kind, payload): &(MessageKind, &[u8])| Frame::new(kind.info().can_id(), payload);
    SINGLES.iter().filter_map(frame).collect()
}

/// Frame to message, and all its fields read into the owned value. A pass is one frame.
fn decode_single(passes: u32) {
    let frames = frames();
    for frame in frames.iter().cycle().take(passes as usize) {
        let Ok(message) = Message::decode_frame(black_box(frame), E) else { return };
        match message {
            Message::Chm(m) => drop(black_box(ChargerHandshake::from(m))),
            Message::Bhm(m) => drop(black_box(VehicleHandshake::from(m))),
            Message::Crm(m) => drop(black_box(ChargerRecognition::from(m))),
            Message::Cts(m) => drop(black_box(ChargerTime::from(m))),
            Message::Cml(m) => drop(black_box(ChargerLimits::from(m))),
            Message::Bro(m) => drop(black_box(VehicleReady::from(m))),
            Message::Cro(m) => drop(black_box(ChargerReady::from(m))),
            Message::Bcl(m) => drop(black_box(ChargeDemand::from(m))),
            Message::Ccs(m) => drop(black_box(ChargerStatus::from(m))),
            Message::Bsm(m) => drop(black_box(BatteryState::from(m))),
            Message::Bst(m) => drop(black_box(m.items())),
            Message::Cst(m) => drop(black_box(m.items())),
            Message::Bsd(m) => drop(black_box(VehicleStatistics::from(m))),
            Message::Csd(m) => drop(black_box(ChargerStatistics::from(m))),
            Message::Bem(m) => drop(black_box(m.items())),
            Message::Cem(m) => drop(black_box(m.items())),
            _ => return,
        }
    }
}

/// The owned values of all single-frame messages to payloads.
fn encode_single(passes: u32) {
    let values = (
        ChargerHandshake::default(),
        VehicleHandshake::default(),
        ChargerRecognition::default(),
        ChargerTime::default(),
        ChargerLimits::default(),
        ChargeDemand::default(),
        ChargerStatus::default(),
        BatteryState::default(),
        VehicleStatistics::default(),
        ChargerStatistics::default(),
        VehicleReady::default(),
        ChargerReady::default(),
    );
    let sets = (
        VehicleStopCauses::empty(E),
        ChargerStopCauses::empty(E),
        VehicleTimeouts::empty(E),
        ChargerTimeouts::empty(E),
    );
    for _ in 0..passes {
        let v = black_box(&values);
        let out = &mut [0; 8];
        let _ = black_box((v.0.encode(E, out), &out));
        let _ = black_box((v.1.encode(E, out), &out));
        let _ = black_box((v.2.encode(E, out), &out));
        let _ = black_box((v.3.encode(E, out), &out));
        let _ = black_box((v.4.encode(E, out), &out));
        let _ = black_box((v.5.encode(E, out), &out));
        let _ = black_box((v.6.encode(E, out), &out));
        let _ = black_box((v.7.encode(E, out), &out));
        let _ = black_box((v.8.encode(E, out), &out));
        let _ = black_box((v.9.encode(E, out), &out));
        let _ = black_box((v.10.encode(E, out), &out));
        let _ = black_box((v.11.encode(E, out), &out));
        let s = black_box(&sets);
        let _ = black_box((s.0.encode(out), &out));
        let _ = black_box((s.1.encode(out), &out));
        let _ = black_box((s.2.encode(out), &out));
        let _ = black_box((s.3.encode(out), &out));
    }
}

/// The announcement and seven packets of a BRM.
fn brm_frames() -> Vec<Frame> {
    let mut frames = vec![
        Control::RequestToSend { size: 49, packets: 7, window: 0xFF, pgn: 0x200 }
            .encode(Party::Bms),
    ];
    for number in 1..=7 {
        frames.push(Frame::full(
            CanId::new(7, PF_TP_DT, Party::Bms),
            [number, 1, 1, 0, 3, 0xF0, 5, 0x40],
        ));
    }
    frames
}

/// RTS and seven packets in, CTS and acknowledgement out, timers kept and looked at after each, BRM fully decoded.
fn receive_brm(passes: u32) {
    let frames = brm_frames();
    let mut receiver = Receiver::new(Party::Charger, Timing::STANDARD);
    let mut memory = [0; 64];
    for _ in 0..passes {
        for (ms, frame) in frames.iter().enumerate() {
            let event = receiver.handle_frame(
                Instant::from_millis(ms as u64),
                black_box(frame),
                &mut memory,
            );
            black_box(receiver.poll_timeout());
            if let Some(frame) = receiver.poll_transmit() {
                black_box(frame);
            }
            if let Some(ReceiverEvent::Received { size, .. }) = event {
                let payload = memory.get(..usize::from(size)).unwrap_or_default();
                let _ = black_box(VehicleRecognition::decode(payload, E));
            }
        }
    }
}

/// The charger in charging: a BCL arrives every 50 ms, a CCS leaves. A pass is a frame with time, events and output.
fn charger_frame(passes: u32) {
    let mut charger = Charger::new(E);
    let mut memory = [0; 64];
    let mut now = 0;
    let single = |kind: MessageKind, payload: &[u8]| Frame::new(kind.info().can_id(), payload);
    let mut feed = |charger: &mut Charger, now: u64, frame: Option<Frame>| {
        let at = Instant::from_millis(now);
        charger.handle_timeout(at, &mut memory);
        if let Some(frame) = frame {
            charger.handle_frame(at, black_box(&frame), &mut memory);
        }
        while let Some(event) = charger.poll_event() {
            match black_box(event) {
                Event::StartInsulationTest { .. } => charger.insulation_result(at, true),
                Event::PrepareOutput => charger.set_ready(at, true),
                _ => {}
            }
        }
        while let Some(frame) = charger.poll_transmit() {
            black_box(frame);
        }
        black_box(charger.poll_timeout());
    };
    charger.connected(Instant::from_millis(0));
    feed(&mut charger, now, single(MessageKind::Bhm, &[0xA5, 0x10]));
    for frame in brm_frames() {
        feed(&mut charger, now, Some(frame));
    }
    let transfer = |pgn: u32, size: u16| {
        let packets = size.div_ceil(7) as u8;
        let mut frames =
            vec![Control::RequestToSend { size, packets, window: 0xFF, pgn }.encode(Party::Bms)];
        frames.extend(
            (1..=packets).map(|n| Frame::full(CanId::new(7, PF_TP_DT, Party::Bms), [n; 8])),
        );
        frames
    };
    for frame in transfer(0x600, 13) {
        feed(&mut charger, now, Some(frame));
    }
    feed(&mut charger, now, single(MessageKind::Bro, &[0xAA]));
    let demand = single(MessageKind::Bcl, &[0xA5, 0x10, 0xD8, 0x0E, 2]);
    feed(&mut charger, now, demand);
    let status = transfer(0x1100, 9);
    for frame in &status {
        feed(&mut charger, now, Some(*frame));
    }
    assert_eq!(charger.state(), evse_gbt27930::session::State::Charging);
    for pass in 0..passes {
        // Nine BCL and a BCS in three frames: 12 frames in 450 ms.
        let frame = match pass % 12 {
            slot @ 0..3 => status.get(slot as usize).copied(),
            _ => {
                now += 50;
                demand
            }
        };
        feed(&mut charger, now, frame);
    }
    assert_eq!(charger.state(), evse_gbt27930::session::State::Charging);
}

/// A made capture of 120 frames as in charging: text in, report out. A pass is all of them.
fn analyse_candump(passes: u32) {
    use std::fmt::Write;
    let mut text = String::new();
    for i in 0..120_u64 {
        let (seconds, micros) = (1_703_560_145 + i / 40, i % 40 * 25_000);
        let frame = match i % 12 {
            0 => "1CEC56F4#10090002FF001100",
            1 => "1CECF456#110201FFFF001100",
            2 => "1CEB56F4#01C50EA00F4C614D",
            3 => "1CEB56F4#020000FFFFFFFFFF",
            4 => "1CECF456#13090002FF001100",
            5 => "181356F4#1E3606350F0010",
            6 | 8 | 10 => "181056F4#A510D80E02",
            _ => "1812F456#240BA00F0000FD",
        };
        let _ = writeln!(text, "({seconds}.{micros:06}) can0 {frame}");
    }
    let mut analyzer = Analyzer::new(None);
    for pass in 0..u64::from(passes) {
        for line in black_box(text.as_bytes()).split(|byte| *byte == b'\n') {
            if let Ok(Some(record)) = Record::parse(line) {
                // Three seconds of capture, over and over.
                let micros = record.micros.map(|micros| micros + pass * 3_000_000);
                analyzer.observe(micros, record.frame.as_ref());
            }
        }
    }
    black_box(analyzer.finish());
}
