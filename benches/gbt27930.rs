//! `evse-gbt27930` by questions of its users: a frame, a multi-packet message, a line of a capture.
//!
//! No peer on the registry decodes this standard; instruction counts against budgets are in `benches/budgets.toml`.
#![allow(clippy::unwrap_used, missing_docs)]

use core::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evse_gbt27930::analysis::Analyzer;
use evse_gbt27930::candump::Record;
use evse_gbt27930::message::{ChargeDemand, Message, VehicleRecognition};
use evse_gbt27930::transport::{Receiver, ReceiverEvent, Timing};
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

fn one_transfer(c: &mut Criterion) {
    let frames = [
        "1CEC56F4#10310007FF000200",
        "1CEB56F4#0101010003F00540",
        "1CEB56F4#020E010000000100",
        "1CEB56F4#030000630B089500",
        "1CEB56F4#040001FF4C314E53",
        "1CEB56F4#0550474839384E41",
        "1CEB56F4#0630303030303000",
        "1CEB56F4#070104E707FFFF00",
    ]
    .map(frame);
    let mut group = c.benchmark_group("gbt27930: a BRM of 49 bytes received and decoded");
    group.throughput(Throughput::Elements(frames.len() as u64));
    let mut receiver = Receiver::new(Party::Charger, Timing::STANDARD);
    let mut memory = [0; 1785];
    group.bench_function("evse-gbt27930", |b| {
        b.iter(|| {
            let mut decoded = None;
            for frame in black_box(&frames) {
                let event = receiver.handle_frame(Instant::from_millis(0), frame, &mut memory);
                black_box(receiver.poll_transmit());
                if let Some(ReceiverEvent::Received { size, .. }) = event {
                    let payload = memory.get(..size.into()).unwrap_or_default();
                    decoded = VehicleRecognition::decode(payload, Edition::V2015).ok();
                }
            }
            decoded
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

criterion_group!(benches, one_frame, one_transfer, a_capture);
criterion_main!(benches);
