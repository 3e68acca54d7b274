//! How long does it take to bill a day's sessions, and to take a meter reading?
//!
//! Beside the engine stands the way a platform is usually written: `chrono` and `rust_decimal`, half hour by half hour.
//! Both bill the same sessions, and are first seen to agree on every one.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use chrono::{DateTime, Duration, DurationRound, Timelike, Utc};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evse_tariff::{
    Band, Calendar, DayTable, FixedOffset, MicroWattHours, Policy, PricePerKwh, Rate, Reading,
    Session, Tariff, TimeOfUse, Timestamp,
};
use rand::{RngExt, SeedableRng};
use rust_decimal::{Decimal, RoundingStrategy};

/// 10⁻⁶ CNY per kWh of valley, flat and peak; the service fee is the same at all hours.
const ELECTRICITY: [i64; 3] = [260_000, 780_000, 1_190_000];
const SERVICE: i64 = 760_000;

/// Rate index of each half hour.
fn slots() -> [u8; 48] {
    let mut slots = [1; 48];
    slots[..16].fill(0);
    slots[20..24].fill(2);
    slots[28..38].fill(2);
    slots
}

struct Charged {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    wh: i64,
}

/// A thousand sessions of 5 to 180 minutes over one day.
fn sessions() -> Vec<Charged> {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let midnight = DateTime::from_timestamp(1_717_344_000, 0).unwrap();
    (0..1_000)
        .map(|_| {
            let start = midnight + Duration::minutes(random.random_range(0..1_440));
            let end = start + Duration::minutes(random.random_range(5..180));
            Charged { start, end, wh: random.random_range(500..90_000) }
        })
        .collect()
}

/// Fen.
fn by_engine(tariff: &Tariff<'_, FixedOffset>, charged: &Charged) -> i64 {
    let mut session = Session::new();
    for (at, wh) in [(charged.start, 0), (charged.end, charged.wh)] {
        let register = MicroWattHours::from_wh(wh).unwrap();
        session.handle_reading(tariff, Reading { at: Timestamp::from(at), register }).unwrap();
    }
    session.bill(tariff).unwrap().total.to_minor().unwrap()
}

/// Fen, with decimals of 28 digits.
fn by_decimals(slots: &[u8; 48], charged: &Charged) -> i64 {
    let kwh = Decimal::new(charged.wh, 3);
    let whole = Decimal::from((charged.end - charged.start).num_seconds());
    let mut fee = Decimal::ZERO;
    let mut from = charged.start;
    while from < charged.end {
        let half_hour = Duration::minutes(30);
        let to = (from.duration_trunc(half_hour).unwrap() + half_hour).min(charged.end);
        let slot = from.hour() * 2 + from.minute() / 30;
        let rate = slots[usize::try_from(slot).unwrap()];
        let price = Decimal::new(ELECTRICITY[usize::from(rate)], 6);
        fee += kwh * Decimal::from((to - from).num_seconds()) / whole * price;
        from = to;
    }
    let fen =
        |amount: Decimal| amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    let total = fen(fee) + fen(kwh * Decimal::new(SERVICE, 6));
    i64::try_from(total * Decimal::ONE_HUNDRED).unwrap()
}

fn benches(criterion: &mut Criterion) {
    let rates = ELECTRICITY.map(|electricity| Rate {
        band: Band::Flat,
        electricity: PricePerKwh::from_raw(electricity),
        service: PricePerKwh::from_raw(SERVICE),
    });
    let slots = slots();
    let days = [DayTable::from_half_hours(slots)];
    let table = TimeOfUse::new(&rates, &days, Calendar::EVERY_DAY).unwrap();
    let tariff = Tariff { table, zone: FixedOffset::UTC, policy: Policy::ROUND_ONCE };
    let sessions = sessions();
    for charged in &sessions {
        assert_eq!(by_engine(&tariff, charged), by_decimals(&slots, charged));
    }

    let mut group = criterion.benchmark_group("tariff: bill 1,000 sessions of two readings");
    group.throughput(Throughput::Elements(1_000));
    group.bench_function("evse-tariff, exact", |bencher| {
        bencher
            .iter(|| -> i64 { black_box(&sessions).iter().map(|s| by_engine(&tariff, s)).sum() });
    });
    group.bench_function("chrono + rust_decimal, half hour by half hour", |bencher| {
        bencher
            .iter(|| -> i64 { black_box(&sessions).iter().map(|s| by_decimals(&slots, s)).sum() });
    });
    group.finish();

    let mut group = criterion.benchmark_group("tariff: a session of 3,600 readings");
    group.throughput(Throughput::Elements(3_600));
    group.bench_function("evse-tariff, exact", |bencher| {
        bencher.iter(|| {
            let mut session = Session::new();
            for second in 0..3_600 {
                let at = Timestamp::from_unix_seconds(1_717_369_200 + second);
                let register = MicroWattHours::from_raw(second * 16_666_667);
                session.handle_reading(&tariff, black_box(Reading { at, register })).unwrap();
            }
            session.bill(&tariff).unwrap()
        });
    });
    group.finish();
}

criterion_group!(tariff, benches);
criterion_main!(tariff);
