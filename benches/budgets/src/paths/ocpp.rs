//! OCPP: decode with full strict validation, and encode, over the corpus messages; composition of a large set.
//!
//! The frames are read in place from the shared vectors; without them the paths do nothing and count as 0.

use std::hint::black_box;
use std::path::PathBuf;

use evse_ocpp::charging::{
    CompositePeriod, CompositeRequest, Cursor, Evse, Micro, Period, Profile, ProfileKind, Purpose,
    RateUnit, Recurrence, compose, scratch_len,
};
use evse_ocpp::message::{Action, Mode, Schema, Version};
use evse_ocpp::{v16, v21, v201};

use crate::HotPath;

pub const PATHS: &[HotPath] = &[
    HotPath { name: "short_1_6", passes: 20, run: |n| frames(n, "1.6", "public-fixture") },
    HotPath { name: "short_2_0_1", passes: 20, run: |n| frames(n, "2.0.1", "public-fixture") },
    HotPath { name: "short_2_1", passes: 20, run: |n| frames(n, "2.1", "public-fixture") },
    HotPath { name: "maximal_2_1", passes: 5, run: |n| frames(n, "2.1", "generated-max") },
    HotPath { name: "compose_20x1024_week", passes: 2, run: compose_week },
];

/// One pass takes the next frame of the set; the frames are walked through in whole rounds, so that a pass costs
/// their mean.
fn frames(passes: u32, version: &str, origin: &str) {
    let set = load(version, origin);
    let mut out = String::with_capacity(65_536);
    for _ in 0..passes {
        // `passes` rounds over a fixed number of frames; the report divides by `passes` and by this number.
        for (schema, action, frame) in &set {
            out.clear();
            let frame = schema
                .decode(black_box(frame.as_bytes()), &mut Mode::Strict, &mut |_| Some(action));
            let frame = frame.expect("a valid frame of the corpus");
            frame.write(&mut out).expect("room in a String");
            black_box(&out);
        }
    }
}

/// Frames per pass: 64, the set repeated or cut, so that the budget row is 64 times the mean.
const PER_PASS: usize = 64;

fn load(version: &str, origin: &str) -> Vec<(&'static Schema, &'static Action, String)> {
    let shared = std::env::var_os("EVSE_SHARED").map(PathBuf::from);
    let shared =
        shared.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into());
    let Ok(text) = std::fs::read_to_string(shared.join("vectors/ocpp/messages.jsonl")) else {
        return Vec::new();
    };
    let schema: &'static Schema = match Version::parse(version).expect("a version") {
        Version::V16 => &v16::SCHEMA,
        Version::V201 => &v201::SCHEMA,
        Version::V21 => &v21::SCHEMA,
    };
    let mut set: Vec<_> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|row| row["version"] == version && row["origin"] == origin && row["valid"] == true)
        .filter(|row| row["direction"] == "call")
        .filter_map(|row| {
            Some((
                schema,
                schema.action(row["action"].as_str()?)?,
                row["frame"].as_str()?.to_owned(),
            ))
        })
        .collect();
    let bytes: usize = set.iter().map(|(.., frame)| frame.len()).sum();
    eprintln!("{version} {origin}: {} frames, {} bytes mean", set.len(), bytes / set.len().max(1));
    let all = set.clone();
    while set.len() < PER_PASS && !all.is_empty() {
        set.extend(all.iter().cloned());
    }
    set.truncate(PER_PASS);
    set
}

/// 20 daily profiles of 1,024 periods each, on one EVSE, over 7 days.
fn compose_week(passes: u32) {
    let periods: Vec<Vec<Period>> = (0..20_i64)
        .map(|profile| {
            (0..1024_i64)
                .map(|n| Period {
                    start: if n == 0 { 0 } else { n * 84 + profile },
                    limit: Some(Micro::from_units(
                        i32::try_from(6 + (n * 7 + profile) % 26).unwrap_or(6),
                    )),
                    phases: Some(3),
                    ..Period::default()
                })
                .collect()
        })
        .collect();
    let purposes = [
        Purpose::StationMax,
        Purpose::TxDefault,
        Purpose::ExternalConstraints,
        Purpose::LocalGeneration,
    ];
    let profiles: Vec<Profile<'_>> = periods
        .iter()
        .enumerate()
        .map(|(n, periods)| Profile {
            evse: 0,
            id: n as i64,
            stack_level: n as i64 / 4,
            purpose: purposes[n % 4],
            kind: ProfileKind::Recurring(Recurrence::Daily),
            valid_from: None,
            valid_to: None,
            transaction: None,
            max_offline: None,
            start: Some(0),
            duration: None,
            unit: if n % 2 == 0 { RateUnit::Amperes } else { RateUnit::Watts },
            periods,
            ..Profile::BLANK
        })
        .collect();
    let evses = [Evse { in_transaction: true, ..Evse::default() }];
    let request = CompositeRequest {
        version: Version::V21,
        start: 1_000_000,
        duration: 7 * 86_400,
        evse: 1,
        unit: RateUnit::Amperes,
        evses: &evses,
        assume_transaction: false,
        millivolts: 230_000,
        default_phases: 3,
        default_limit: None,
        offline_since: None,
        soc: None,
        zone: &[],
    };
    let mut scratch = vec![Cursor::default(); scratch_len(&request, &profiles)];
    let mut out = vec![CompositePeriod::default(); 200_000];
    for _ in 0..passes {
        let began = std::time::Instant::now();
        let summary = compose(black_box(&request), &profiles, &mut scratch, &mut out);
        let summary = summary.expect("a sound request");
        eprintln!("compose: {} periods in {:?}", summary.periods, began.elapsed());
        black_box(&out);
    }
}
