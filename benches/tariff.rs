//! How long does it take to bill a day's sessions, and to take a meter reading?
//!
//! Beside the engine stands the way a platform is usually written: `chrono` and `rust_decimal`, half hour by half hour.
//! Both bill the same sessions, and are first seen to agree on every one.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros make undocumented items; a failed unwrap is a failed assertion on the input"
)]

use std::hint::black_box;

use chrono::{DateTime, Duration, DurationRound, Timelike, Utc};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evse_tariff::ocpi;
use evse_tariff::rules::{BatchCost, MeterError, MeterPolicy, SessionColumns, price_batch};
use evse_tariff::settlement::{self, ledger::Ledger};
use evse_tariff::{
    Band, Calendar, DayTable, FixedOffset, MicroWattHours, Policy, PosixTz, PricePerKwh, Rate,
    Reading, Rounding, RoundingMode, Session, Tariff, TimeOfUse, Timestamp,
};
use rand::{RngExt, SeedableRng};
use rust_decimal::{Decimal, RoundingStrategy};
use sha2::Sha256;

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

/// A million orders: split four ways, chained into a ledger.
fn orders(criterion: &mut Criterion) {
    const ORDERS: i64 = 1_000_000;
    let mut group =
        criterion.benchmark_group("tariff: a million orders split four ways and hashed");
    group.sample_size(10).throughput(Throughput::Elements(ORDERS.unsigned_abs()));
    group.bench_function("evse-tariff, SHA-256", |bencher| {
        bencher.iter(|| {
            let mut ledger = Ledger::<Sha256>::new();
            let mut parts = [0; 4];
            for order in 0..ORDERS {
                settlement::split(3_000 + order % 977, black_box(&[70, 15, 10, 5]), &mut parts)
                    .unwrap();
                black_box(parts);
                ledger.append("charge", "O202406030001", 3_000 + order % 977, "CNY").unwrap();
            }
            *ledger.head()
        });
    });
    group.finish();
}

/// A million sessions by columns, on one thread and shared out over two.
fn batch(criterion: &mut Criterion) {
    const SESSIONS: usize = 1_000_000;
    let tariff = ocpi::parse_tariff(
        r#"{"elements":[
            {"price_components":[{"type":"ENERGY","price":0.25,"vat":20,"step_size":1}],
             "restrictions":{"start_time":"22:00","end_time":"06:00"}},
            {"price_components":[{"type":"ENERGY","price":0.45,"vat":20,"step_size":1},
                                 {"type":"PARKING_TIME","price":6,"vat":20,"step_size":60},
                                 {"type":"FLAT","price":0.5,"vat":20,"step_size":1}]}]}"#,
        ocpi::Version::V2_2_1,
    );
    let tariffs = [tariff.unwrap().compile().unwrap()];
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(2);
    let midnight = 1_717_344_000i64;
    let start: Vec<_> = (0..SESSIONS).map(|_| midnight + random.random_range(0..86_400)).collect();
    let charged: Vec<_> = start.iter().map(|at| at + random.random_range(300..10_800)).collect();
    let end: Vec<_> = charged.iter().map(|at| at + random.random_range(0..3_600)).collect();
    let energy: Vec<_> = (0..SESSIONS)
        .map(|_| MicroWattHours::from_wh(random.random_range(500..90_000)).unwrap())
        .collect();
    let seconds =
        |list: Vec<i64>| list.into_iter().map(Timestamp::from_unix_seconds).collect::<Vec<_>>();
    let (start, charged, end) = (seconds(start), seconds(charged), seconds(end));
    let tariff = vec![0; SESSIONS];
    let columns = |from: usize, to: usize| SessionColumns {
        start: &start[from..to],
        charged_until: &charged[from..to],
        end: &end[from..to],
        energy: &energy[from..to],
        tariff: &tariff[from..to],
    };
    let zone = PosixTz::parse("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    let price = |from: usize, costs: &mut [Result<BatchCost, MeterError>]| {
        let rounding = Rounding { mode: RoundingMode::HalfUp, places: 2 };
        let sessions = columns(from, from + costs.len());
        price_batch(&tariffs, &zone, MeterPolicy::default(), rounding, &sessions, costs).unwrap();
    };
    let nothing: Result<BatchCost, MeterError> = Ok(BatchCost::default());
    let (mut alone, mut shared) = (vec![nothing; SESSIONS], vec![nothing; SESSIONS]);
    let on_two_threads = |costs: &mut [Result<BatchCost, MeterError>]| {
        let half = costs.len() / 2;
        let (first, second) = costs.split_at_mut(half);
        std::thread::scope(|scope| {
            scope.spawn(|| price(0, first));
            price(half, second);
        });
    };
    price(0, &mut alone);
    on_two_threads(&mut shared);
    assert_eq!(alone, shared, "bit for bit, however the rows are shared out");

    let mut group = criterion.benchmark_group("tariff: a million sessions by columns");
    group.sample_size(10).throughput(Throughput::Elements(SESSIONS.try_into().unwrap()));
    group.bench_function("one thread", |bencher| bencher.iter(|| price(0, black_box(&mut alone))));
    group.bench_function("two threads", |bencher| {
        bencher.iter(|| on_two_threads(black_box(&mut shared)))
    });
    group.finish();
}

criterion_group!(tariff, benches, orders, batch);
criterion_main!(tariff);
