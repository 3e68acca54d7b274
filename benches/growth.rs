//! How does the time grow with the size? Sessions and slots of a plan, periods of charging profiles, periods of a bill, frames of a
//! capture. `cargo run --release -p evse-ratios -- growth` draws the curves.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros make undocumented items; a failed unwrap is a failed assertion on the input"
)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use evse_gbt27930::analysis::Analyzer;
use evse_gbt27930::candump::Record;
use evse_load_scheduler::{
    Grid, Joules, MicroPerKwh, Problem, Seconds, Session, SessionId, Watts, min_cost,
};
use evse_ocpp::charging::{
    CompositePeriod, CompositeRequest, Cursor, Evse, Micro, Period, Profile, ProfileKind, Purpose,
    RateUnit, Recurrence, compose, scratch_len,
};
use evse_ocpp::message::Version;
use evse_tariff::{
    Band, Calendar, DayTable, FixedOffset, MicroWattHours, Policy, PricePerKwh, Rate, Reading,
    Session as Metered, Tariff, TimeOfUse, Timestamp,
};

/// A day of cars that stay six hours, under a limit of a third of what they could draw together.
fn day(cars: u64, slots: u32) -> Problem {
    let length = 86_400 / i64::from(slots);
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(length), slots).unwrap();
    let sessions = (0..cars).map(|id| {
        let arrive = i64::try_from(id * 7_919 % 64_800).unwrap();
        let [begin, end] = [arrive, arrive + 21_600].map(Seconds::from_raw);
        let (energy, power) = (Joules::from_raw(54_000_000), Watts::from_raw(11_000));
        Session::new(SessionId::from_raw(id), begin, end, energy, power)
    });
    let prices = grid.slot_starts().map(|start| {
        MicroPerKwh::from_raw(match start.raw() / 3_600 {
            0..8 => 260_000,
            10..12 | 14..19 => 1_190_000,
            _ => 780_000,
        })
    });
    let limit = Watts::from_raw(i64::try_from(cars).unwrap() * 3_700);
    let problem = Problem::builder(grid).price(prices.collect::<Vec<_>>()).limit(limit);
    problem.sessions(sessions.collect::<Vec<_>>()).build().unwrap()
}

fn plans(c: &mut Criterion) {
    for (name, sizes) in [
        ("growth: sessions of a least-cost plan, 96 slots", [50, 100, 200, 400, 800]),
        ("growth: slots of a least-cost plan, 200 sessions", [24, 48, 96, 144, 288]),
    ] {
        let mut group = c.benchmark_group(name);
        group.sample_size(10);
        for size in sizes {
            let problem = match name.contains("slots of") {
                false => day(size, 96),
                true => day(200, u32::try_from(size).unwrap()),
            };
            group.bench_function(BenchmarkId::new("evse-load-scheduler", size), |b| {
                b.iter(|| min_cost(black_box(&problem)).unwrap());
            });
        }
        group.finish();
    }
}

fn frames(c: &mut Criterion) {
    let mut group = c.benchmark_group("growth: lines of a capture, analysed");
    group.sample_size(10);
    for size in [1_000, 4_000, 16_000, 64_000] {
        let mut text = String::new();
        for i in 0..size {
            let frame =
                ["181056F4#A510D80E02", "1812F456#910D3E0E0100FD", "181356F4#0D4B014A0700D0"];
            let (seconds, micros) = (1_703_560_127 + i / 50, i % 50 * 20_000);
            text += &format!("({seconds}.{micros:06}) can0 {}\n", frame[i % 3]);
        }
        group.bench_function(BenchmarkId::new("evse-gbt27930", size), |b| {
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
    }
    group.finish();
}

fn bills(c: &mut Criterion) {
    let rate = |electricity| Rate {
        band: Band::Flat,
        electricity: PricePerKwh::from_raw(electricity),
        service: PricePerKwh::from_raw(760_000),
    };
    let rates = [rate(260_000), rate(780_000)];
    let days = [DayTable::from_half_hours(core::array::from_fn(|slot| u8::from(slot % 2 == 0)))];
    let table = TimeOfUse::new(&rates, &days, Calendar::EVERY_DAY).unwrap();
    let tariff = Tariff { table, zone: FixedOffset::CHINA, policy: Policy::YKC };
    let mut group = c.benchmark_group("growth: price changes within a bill");
    for size in [10, 40, 160, 640] {
        let end = Reading {
            at: Timestamp::from_unix_seconds(1_717_372_200 + size * 1_800),
            register: MicroWattHours::from_raw(size * 500_000_007),
        };
        let start = Reading {
            at: Timestamp::from_unix_seconds(1_717_372_200),
            register: MicroWattHours::ZERO,
        };
        group.bench_function(BenchmarkId::new("evse-tariff", size), |b| {
            b.iter(|| {
                let mut session = Metered::new();
                session.handle_reading(&tariff, black_box(start)).unwrap();
                session.handle_reading(&tariff, black_box(end)).unwrap();
                session.bill(&tariff).unwrap()
            });
        });
    }
    group.finish();
}

/// Four daily profiles over a week.
fn schedules(c: &mut Criterion) {
    let mut group = c.benchmark_group("growth: periods of four charging profiles, a week composed");
    group.sample_size(10);
    for size in [16_i64, 64, 256, 1_024] {
        let periods: Vec<Period> = (0..size)
            .map(|n| Period {
                start: n * (86_400 / size),
                limit: Some(Micro::from_units(i32::try_from(6 + n * 7 % 26).unwrap())),
                phases: Some(3),
                ..Period::default()
            })
            .collect();
        let purposes = [
            Purpose::StationMax,
            Purpose::TxDefault,
            Purpose::ExternalConstraints,
            Purpose::LocalGeneration,
        ];
        let profiles = purposes.map(|purpose| Profile {
            purpose,
            kind: ProfileKind::Recurring(Recurrence::Daily),
            start: Some(0),
            unit: RateUnit::Amperes,
            periods: &periods,
            ..Profile::BLANK
        });
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
        let mut out = vec![CompositePeriod::default(); 50_000];
        group.bench_function(BenchmarkId::new("evse-ocpp", size), |b| {
            b.iter(|| compose(black_box(&request), &profiles, &mut scratch, &mut out).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, plans, frames, bills, schedules);
criterion_main!(benches);
