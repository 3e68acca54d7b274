//! How long does it take to decode, check and write back a frame?
//!
//! The same public 1.6 calls through this crate, two typed peers and three JSON libraries. The typed peers check less:
//! neither refuses an over-long text or an unknown member. The JSON libraries check nothing but the JSON. Only frames
//! that both typed peers take are used, and each is first seen to come out with the same members.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::std_instead_of_core,
    clippy::print_stdout,
    reason = "criterion's macros make undocumented items; a failed unwrap is a failed assertion on the input; counts are printed"
)]

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evse_ocpp::message::Mode;
use evse_ocpp::v16;
use ocpp_rs::v16::parse;
use rust_ocpp::v1_6::messages as typed;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// `rust-ocpp` has the payload types and leaves the frame to the caller: this is the least one can write.
fn rust_ocpp(text: &str) -> Option<String> {
    fn through<T: DeserializeOwned + Serialize>(
        id: &str,
        action: &str,
        payload: &str,
    ) -> Option<String> {
        let payload: T = serde_json::from_str(payload).ok()?;
        serde_json::to_string(&(2, id, action, payload)).ok()
    }
    let (_, id, action, payload): (u8, &str, &str, &serde_json::value::RawValue) =
        serde_json::from_str(text).ok()?;
    let payload = payload.get();
    match action {
        "Authorize" => through::<typed::authorize::AuthorizeRequest>(id, action, payload),
        "BootNotification" => {
            through::<typed::boot_notification::BootNotificationRequest>(id, action, payload)
        }
        "ChangeConfiguration" => {
            through::<typed::change_configuration::ChangeConfigurationRequest>(id, action, payload)
        }
        "Heartbeat" => through::<typed::heart_beat::HeartbeatRequest>(id, action, payload),
        "MeterValues" => through::<typed::meter_values::MeterValuesRequest>(id, action, payload),
        "SendLocalList" => {
            through::<typed::send_local_list::SendLocalListRequest>(id, action, payload)
        }
        "SetChargingProfile" => {
            through::<typed::set_charging_profile::SetChargingProfileRequest>(id, action, payload)
        }
        "StartTransaction" => {
            through::<typed::start_transaction::StartTransactionRequest>(id, action, payload)
        }
        "StatusNotification" => {
            through::<typed::status_notification::StatusNotificationRequest>(id, action, payload)
        }
        "StopTransaction" => {
            through::<typed::stop_transaction::StopTransactionRequest>(id, action, payload)
        }
        _ => None,
    }
}

fn ocpp_rs(text: &str) -> Option<String> {
    parse::serialize_message(&parse::deserialize_to_message(text).ok()?).ok()
}

fn ours(text: &str, out: &mut String) -> bool {
    out.clear();
    let frame = v16::SCHEMA.decode(text.as_bytes(), &mut Mode::Strict, &mut |_| None);
    frame.is_ok_and(|frame| frame.write(out).is_ok())
}

/// The same members in the same objects; the peers rewrite dates and numbers.
fn same_shape(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same_shape(a, b)))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_shape(a, b))
        }
        _ => true,
    }
}

fn frames() -> Vec<String> {
    let shared = std::env::var_os("EVSE_SHARED").map(PathBuf::from);
    let shared =
        shared.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared").into());
    let Ok(corpus) = std::fs::read_to_string(shared.join("vectors/ocpp/messages.jsonl")) else {
        println!("skipped: no {}", shared.display());
        return Vec::new();
    };
    let mut frames = Vec::new();
    for line in corpus.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let fits = row["version"] == "1.6"
            && row["origin"] == "public-fixture"
            && row["direction"] == "call";
        if !fits || row["valid"] != true {
            continue;
        }
        let text = row["frame"].as_str().unwrap();
        let mut out = String::new();
        let (Some(one), Some(other), true) = (rust_ocpp(text), ocpp_rs(text), ours(text, &mut out))
        else {
            continue;
        };
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert!(value(&out) == value(text));
        if same_shape(&value(&one), &value(text)) && same_shape(&value(&other), &value(text)) {
            frames.push(text.to_owned());
        }
    }
    frames
}

/// Prints how often each allocates per frame.
fn allocations(frames: &[String]) {
    let mut out = String::with_capacity(8192);
    let count = |name: &str, mut each: Box<dyn FnMut(&str) + '_>| {
        let info = allocation_counter::measure(|| frames.iter().for_each(|text| each(text)));
        let tenths = info.count_total * 10 / frames.len() as u64;
        println!("{name}: {}.{} allocations a frame", tenths / 10, tenths % 10);
    };
    count("evse-ocpp, strict", Box::new(|text| assert!(ours(text, &mut out))));
    count("rust-ocpp", Box::new(|text| drop(rust_ocpp(text))));
    count("ocpp_rs", Box::new(|text| drop(ocpp_rs(text))));
    count(
        "serde_json::Value",
        Box::new(|text| {
            let value: Value = serde_json::from_str(text).unwrap();
            drop(serde_json::to_string(&value).unwrap());
        }),
    );
    count(
        "sonic_rs::Value",
        Box::new(|text| {
            let value: sonic_rs::Value = sonic_rs::from_str(text).unwrap();
            drop(sonic_rs::to_string(&value).unwrap());
        }),
    );
    count(
        "simd_json::OwnedValue",
        Box::new(|text| {
            let value = simd_json::to_owned_value(&mut text.to_owned().into_bytes()).unwrap();
            drop(simd_json::to_string(&value).unwrap());
        }),
    );
}

fn short_calls(criterion: &mut Criterion) {
    let frames = frames();
    if frames.is_empty() {
        return;
    }
    let bytes: usize = frames.iter().map(String::len).sum();
    println!("{} frames of {} bytes mean", frames.len(), bytes / frames.len());
    allocations(&frames);
    let mut group = criterion.benchmark_group("short 1.6 calls, decoded and written back");
    group.throughput(Throughput::Elements(frames.len() as u64));
    let mut out = String::with_capacity(8192);
    group.bench_function("evse-ocpp, strict", |b| {
        b.iter(|| frames.iter().for_each(|text| assert!(ours(black_box(text), &mut out))));
    });
    group.bench_function("rust-ocpp", |b| {
        b.iter(|| frames.iter().for_each(|text| drop(black_box(rust_ocpp(black_box(text))))));
    });
    group.bench_function("ocpp_rs", |b| {
        b.iter(|| frames.iter().for_each(|text| drop(black_box(ocpp_rs(black_box(text))))));
    });
    group.bench_function("serde_json, skipped unread", |b| {
        b.iter(|| {
            for text in &frames {
                serde_json::from_str::<serde::de::IgnoredAny>(black_box(text)).unwrap();
            }
        });
    });
    group.bench_function("serde_json::Value", |b| {
        b.iter(|| {
            for text in &frames {
                let value: Value = serde_json::from_str(black_box(text)).unwrap();
                black_box(serde_json::to_string(&value).unwrap());
            }
        });
    });
    group.bench_function("sonic_rs::Value", |b| {
        b.iter(|| {
            for text in &frames {
                let value: sonic_rs::Value = sonic_rs::from_str(black_box(text)).unwrap();
                black_box(sonic_rs::to_string(&value).unwrap());
            }
        });
    });
    group.bench_function("simd_json::OwnedValue", |b| {
        b.iter(|| {
            for text in &frames {
                let mut bytes = black_box(text).clone().into_bytes();
                let value = simd_json::to_owned_value(&mut bytes).unwrap();
                black_box(simd_json::to_string(&value).unwrap());
            }
        });
    });
    group.finish();
}

criterion_group!(benches, short_calls);
criterion_main!(benches);
