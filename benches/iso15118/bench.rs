//! How long does it take to decode a message and look at it, and to encode one, beside the crate `iso15118`?
//!
//! Both sides have the same octets. First each is seen to encode what it decoded to these octets again, and to see the same
//! schedule and the same certificates. What is owned there is copied out here, too, in the groups that say so. Instruction
//! counts against budgets are in `benches/budgets.toml`.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench: what does not hold stops it; counts are printed"
)]

mod messages;

use core::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evse_iso15118::message::{iso2, iso20_dc};
use iso15118::exi::ExiDocument;
use iso15118::iso2 as peer2;
use iso15118::iso20::dc as peer20;

/// What both do with some octets.
struct Question<'q> {
    name: &'q str,
    octets: &'q [u8],
    ours: &'q dyn Fn(&[u8]),
    theirs: &'q dyn Fn(&[u8]),
}

impl Question<'_> {
    fn ask(&self, criterion: &mut Criterion) {
        for (who, work) in [("evse-iso15118", self.ours), ("iso15118 0.7", self.theirs)] {
            let heap = allocation_counter::measure(|| work(self.octets));
            println!(
                "{}, {who}: {} allocations, {} octets",
                self.name, heap.count_total, heap.bytes_total
            );
        }
        let mut group = criterion.benchmark_group(format!("iso15118: {}", self.name));
        group.throughput(Throughput::Bytes(self.octets.len() as u64));
        group.bench_function("evse-iso15118", |b| b.iter(|| (self.ours)(black_box(self.octets))));
        group.bench_function("iso15118 0.7", |b| b.iter(|| (self.theirs)(black_box(self.octets))));
        group.finish();
    }
}

/// Both encode what they decoded to the same octets.
fn agree<P: ExiDocument>(octets: &[u8], ours: impl FnOnce(&mut [u8]) -> usize) {
    let mut buffer = vec![0; 8_192];
    let length = ours(&mut buffer);
    assert_eq!(buffer.get(..length), Some(octets));
    let theirs = P::from_bytes(octets).expect("the message is right");
    assert_eq!(theirs.to_vec().expect("was decoded"), octets);
}

fn agree_on_iso2(octets: &[u8]) {
    agree::<peer2::Document>(octets, |buffer| {
        let message = iso2::decode(octets).expect("the message is right");
        iso2::encode(&message, buffer).expect("was decoded")
    });
}

fn agree_on_dc(octets: &[u8]) {
    agree::<peer20::Document>(octets, |buffer| {
        let message = iso20_dc::decode(octets).expect("the message is right");
        iso20_dc::encode(&message, buffer).expect("was decoded")
    });
}

fn decode_iso2(octets: &[u8]) {
    black_box(iso2::decode(octets).expect("the message is right"));
}

fn decode_dc(octets: &[u8]) {
    black_box(iso20_dc::decode(octets).expect("the message is right"));
}

fn peer_decodes<P: ExiDocument>(octets: &[u8]) {
    black_box(P::from_bytes(octets).expect("the message is right"));
}

fn decode(criterion: &mut Criterion) {
    for (name, hex) in [
        ("decode CurrentDemandReq of -2", messages::CURRENT_DEMAND_REQ),
        ("decode CurrentDemandRes of -2", messages::CURRENT_DEMAND_RES),
    ] {
        let octets = &messages::octets(hex);
        agree_on_iso2(octets);
        let theirs = &peer_decodes::<peer2::Document>;
        Question { name, octets, ours: &decode_iso2, theirs }.ask(criterion);
    }
    for (name, hex) in [
        ("decode DC_ChargeLoopReq of -20", messages::DC_CHARGE_LOOP_REQ),
        ("decode DC_ChargeLoopRes of -20", messages::DC_CHARGE_LOOP_RES),
    ] {
        let octets = &messages::octets(hex);
        agree_on_dc(octets);
        let theirs = &peer_decodes::<peer20::Document>;
        Question { name, octets, ours: &decode_dc, theirs }.ask(criterion);
    }
}

/// `(start, duration, PMax)` of every entry of a schedule.
type Entry = (u32, Option<u32>, i16);

fn our_entries(octets: &[u8], mut look: impl FnMut(Entry)) {
    let message = iso2::decode(octets).expect("the message is right");
    messages::entries(&message, |entry| {
        let iso2::TimeInterval::RelativeTimeInterval(interval) = entry.time_interval;
        look((interval.start, interval.duration, entry.pmax.value));
    });
}

fn their_body(document: &peer2::Document) -> &peer2::BodyChoice {
    match document {
        peer2::Document::V2GMessage(message) => message.body.choice.as_ref().expect("a body"),
        _ => panic!("another message"),
    }
}

fn their_entries(octets: &[u8], mut look: impl FnMut(Entry)) {
    use peer2::{BodyChoice, ChargeParameterDiscoveryResChoice2, PMaxScheduleEntryChoice};
    let document = peer2::Document::from_bytes(octets).expect("the message is right");
    let BodyChoice::ChargeParameterDiscoveryRes(response) = their_body(&document) else {
        panic!("another message");
    };
    let Some(ChargeParameterDiscoveryResChoice2::SAScheduleList(list)) = &response.choice_2 else {
        panic!("no schedule");
    };
    for schedule in &list.sa_schedule_tuple {
        for entry in &schedule.p_max_schedule.p_max_schedule_entry {
            let PMaxScheduleEntryChoice::RelativeTimeInterval(interval) = &entry.choice else {
                panic!("an abstract interval");
            };
            look((interval.start, interval.duration, entry.p_max.value));
        }
    }
}

fn schedule(criterion: &mut Criterion) {
    for (name, hex) in [
        (
            "decode ChargeParameterDiscoveryRes of -2, look at 12 entries",
            messages::CHARGE_PARAMETER_DISCOVERY_RES,
        ),
        (
            "decode ChargeParameterDiscoveryRes of -2, look at 12 entries with durations",
            messages::CHARGE_PARAMETER_DISCOVERY_RES_WITH_DURATIONS,
        ),
    ] {
        let octets = &messages::octets(hex);
        agree_on_iso2(octets);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        our_entries(octets, |entry| ours.push(entry));
        their_entries(octets, |entry| theirs.push(entry));
        assert_eq!(ours, theirs);
        assert_eq!(ours.len(), 12);
        let look = |entry: Entry| {
            black_box(entry);
        };
        Question {
            name,
            octets,
            ours: &|octets| our_entries(octets, look),
            theirs: &|octets| their_entries(octets, look),
        }
        .ask(criterion);
    }
}

fn certificates(criterion: &mut Criterion) {
    let octets = &messages::certificate_installation_res();
    agree_on_iso2(octets);
    let theirs = &peer_decodes::<peer2::Document>;
    let name = "decode CertificateInstallationRes of 4.6 kB, as views here, owned there";
    Question { name, octets, ours: &decode_iso2, theirs }.ask(criterion);
    let copied = |octets: &[u8]| {
        let mut copy = [0; 800];
        let message = iso2::decode(octets).expect("the message is right");
        messages::copied_out(&message, &mut copy, |octets| {
            black_box(octets);
        });
    };
    let name = "decode CertificateInstallationRes, certificates and keys copied out";
    Question { name, octets, ours: &copied, theirs }.ask(criterion);
}

fn encode(criterion: &mut Criterion) {
    for (name, octets) in [
        ("encode CurrentDemandReq of -2", messages::octets(messages::CURRENT_DEMAND_REQ)),
        ("encode CertificateInstallationRes", messages::certificate_installation_res()),
    ] {
        agree_on_iso2(&octets);
        let ours = iso2::decode(&octets).expect("the message is right");
        let theirs = peer2::Document::from_bytes(&octets).expect("the message is right");
        let buffer = core::cell::RefCell::new([0; 8_192]);
        Question {
            name,
            octets: &octets,
            ours: &|_| {
                let mut buffer = buffer.borrow_mut();
                black_box(iso2::encode(&ours, buffer.as_mut_slice()).expect("was decoded"));
            },
            theirs: &|_| {
                let mut buffer = buffer.borrow_mut();
                black_box(theirs.to_slice(buffer.as_mut_slice()).expect("was decoded"));
            },
        }
        .ask(criterion);
    }
}

criterion_group!(benches, decode, schedule, certificates, encode);
criterion_main!(benches);
