//! `evse-gbt27930` by questions of its users: a frame, a multi-packet message, a line of a capture.
//!
//! No crate on the registry decodes this standard. Of its transport protocol `j1939` knows the packets but not the
//! conversation: it collects and cuts broadcasts (BAM), without CTS, acknowledgement, timers, or a check for gaps. So the
//! two groups with a peer have the same data packets on both sides, and beside it our parts that do no more than that.
//! Instruction counts against budgets are in `benches/budgets.toml`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a bench: what does not hold stops it"
)]

use core::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evse_gbt27930::analysis::Analyzer;
use evse_gbt27930::candump::Record;
use evse_gbt27930::message::{ChargeDemand, Message, VehicleRecognition};
use evse_gbt27930::transport::{
    Control, Reassembly, Receiver, ReceiverEvent, Sender, SenderEvent, Stored, Timing,
};
use evse_gbt27930::{Edition, Frame, Instant, Party};

fn frame(text: &str) -> Frame {
    Record::parse(text.as_bytes()).unwrap().unwrap().frame.unwrap()
}

fn one_frame(c: &mut Criterion) {
    let mut group = c.benchmark_group("gbt27930: a BCL frame decoded, all fields");
    group.throughput(Throughput::Elements(1));
    let bcl = frame("181056F4#A510D80E02");
    group.bench_function("evse-gbt27930", |b| {
        b.iter(|| match Message::decode_frame(black_box(&bcl), Edition::V2015) {
            Ok(Message::Bcl(view)) => Some(ChargeDemand::from(view)),
            _ => None,
        });
    });
    group.finish();
}

/// RTS and packets of a BRM, as captured.
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
const BRM_PGN: u32 = 0x0200;

fn eight(frame: &Frame) -> [u8; 8] {
    frame.data().try_into().unwrap()
}

/// The whole conversation: grant, acknowledgement, timers.
fn receive(receiver: &mut Receiver, frames: &[Frame], memory: &mut [u8]) -> usize {
    let mut received = 0;
    for frame in frames {
        let event = receiver.handle_frame(Instant::from_millis(0), frame, memory);
        black_box((receiver.poll_transmit(), receiver.poll_timeout()));
        if let Some(ReceiverEvent::Received { size, .. }) = event {
            received = usize::from(size);
        }
    }
    received
}

/// As a listener does it: the packets only, in their places.
fn listen(frames: &[Frame], memory: &mut [u8]) -> usize {
    let Ok(mut message) = Reassembly::new(BRM_PGN, 49, 7, memory.len()) else { return 0 };
    for frame in frames {
        if let [number, packet @ ..] = eight(frame)
            && message.store(number, &packet, memory) == Stored::Complete
        {
            return message.size().into();
        }
    }
    0
}

fn one_transfer(c: &mut Criterion) {
    let frames = BRM.map(frame);
    let [_, packets @ ..] = frames;
    // The peer is announced the same message as a broadcast.
    let theirs: [j1939::Frame; 8] = std::array::from_fn(|i| match i {
        0 => j1939::Frame::from_raw(0x1CEC_FFF4, [0x20, 49, 0, 7, 0xFF, 0, 2, 0]),
        _ => j1939::Frame::from_raw(0x1CEB_FFF4, eight(&frames[i])),
    });
    let mut receiver = Receiver::new(Party::Charger, Timing::STANDARD);
    let mut memory = [0; 1785];
    let mut peer = j1939::transport::BroadcastTransport::new(0xF4, j1939::PGN::from(BRM_PGN));

    let len = receive(&mut receiver, &frames, &mut memory);
    let ours = memory[..len].to_vec();
    memory.fill(0);
    assert_eq!(listen(&packets, &mut memory), len);
    assert_eq!(ours, memory[..len]);
    theirs.iter().for_each(|frame| peer.from_frame(frame));
    assert_eq!(peer.data(), ours);
    assert!(VehicleRecognition::decode(&ours, Edition::V2015).is_ok());

    let mut group = c.benchmark_group("gbt27930: a BRM of 49 bytes put together");
    group.throughput(Throughput::Elements(frames.len() as u64));
    group.bench_function("evse-gbt27930, with answers, timers and all fields decoded", |b| {
        b.iter(|| {
            let len = receive(&mut receiver, black_box(&frames), &mut memory);
            VehicleRecognition::decode(&memory[..len], Edition::V2015)
        });
    });
    group.bench_function("evse-gbt27930, with answers and timers", |b| {
        b.iter(|| receive(&mut receiver, black_box(&frames), &mut memory));
    });
    group.bench_function("evse-gbt27930, packets only", |b| {
        b.iter(|| listen(black_box(&packets), &mut memory));
    });
    group.bench_function("j1939, packets only", |b| {
        b.iter(|| {
            black_box(&theirs).iter().for_each(|frame| peer.from_frame(frame));
            peer.data().len()
        });
    });
    group.finish();
}

fn one_message_sent(c: &mut Criterion) {
    let mut memory = [0; 1785];
    let [_, packets @ ..] = BRM.map(frame);
    let len = listen(&packets, &mut memory);
    let message = &memory[..len];
    let grant = Control::ClearToSend { packets: 7, next: 1, pgn: BRM_PGN }.encode(Party::Charger);
    let end = Control::EndOfMessage { size: 49, packets: 7, pgn: BRM_PGN }.encode(Party::Charger);
    let mut sender = Sender::new(Party::Bms, Timing { spacing: 0, ..Timing::STANDARD });
    let now = Instant::from_millis(0);
    let mut ours = |take: &mut dyn FnMut(Frame)| {
        sender.start(now, BRM_PGN, 49);
        sender.poll_transmit(now, message).into_iter().for_each(&mut *take);
        sender.handle_frame(now, &grant);
        while let Some(frame) = sender.poll_transmit(now, message) {
            take(frame);
        }
        sender.handle_frame(now, &end)
    };
    let theirs = || {
        let pgn = j1939::PGN::from(BRM_PGN);
        j1939::transport::BroadcastTransport::new(0xF4, pgn).with_data(message)
    };

    let mut sent = Vec::new();
    assert_eq!(ours(&mut |frame| sent.push(frame)), Some(SenderEvent::Delivered { pgn: BRM_PGN }));
    let mut peer = theirs();
    // Both announce first, each in its way; the packets are the same.
    assert_eq!(peer.next_frame().pdu()[1..4], sent[0].data()[1..4]);
    for frame in &sent[1..] {
        assert_eq!(peer.next_frame().pdu(), frame.data());
    }
    assert_eq!(sent.len(), 8);

    let mut group = c.benchmark_group("gbt27930: a BRM of 49 bytes cut into packets");
    group.throughput(Throughput::Elements(8));
    group.bench_function("evse-gbt27930, with grant, acknowledgement and timers", |b| {
        b.iter(|| ours(&mut |frame| _ = black_box(frame)));
    });
    group.bench_function("j1939, packets only", |b| {
        b.iter(|| {
            let mut peer = theirs();
            for _ in 0..8 {
                black_box(peer.next_frame());
            }
        });
    });
    group.finish();
}

fn a_capture(c: &mut Criterion) {
    let mut text = String::new();
    for i in 0..1_000 {
        let frame = ["181056F4#A510D80E02", "1812F456#910D3E0E0100FD", "181356F4#0D4B014A0700D0"];
        text +=
            &format!("({}.{:06}) can0 {}\n", 1_703_560_127 + i / 50, i % 50 * 20_000, frame[i % 3]);
    }
    let mut group = c.benchmark_group("gbt27930: 1,000 candump lines analysed");
    group.throughput(Throughput::Elements(1_000));
    group.bench_function("evse-gbt27930", |b| {
        b.iter(|| {
            let mut analyzer = Analyzer::new(None);
            for line in black_box(text.as_bytes()).split(|byte| *byte == b'\n') {
                if let Ok(Some(record)) = Record::parse(line) {
                    analyzer.handle_record(&record);
                }
            }
            analyzer.finish()
        });
    });
    group.finish();
}

criterion_group!(benches, one_frame, one_transfer, one_message_sent, a_capture);
criterion_main!(benches);
