//! How long do a reading, a score and a fleet take, and how do the estimators compare?
//!
//! Beside ours stand those of `nexus-stats` that do the same: CUSUM, Holt, P-square. Both are first seen to give the same
//! answers on the same values.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros make undocumented items; a failed unwrap is a failed assertion on the input"
)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evse_health_score::estimator::{Cusum, Direction, Holt, Quantile};
use evse_health_score::{
    Assessment, Assessments, Charger, Instant, Item, Model, Quality, evaluate,
};
use nexus_stats::detection::CusumF64;
use nexus_stats::smoothing::HoltF64;
use nexus_stats::statistics::PercentileF64;
use rand::{RngExt, SeedableRng};

/// Chargers of the fleet, and how often it is gone through: a million scores.
const FLEET: u64 = 100_000;
const ROUNDS: u64 = 10;

fn standard() -> impl Iterator<Item = Item> {
    Item::ALL.into_iter().filter(|item| item.is_standard())
}

/// Chargers with all twenty items, a third of them perfect.
fn fleet(size: u64) -> Vec<Assessments> {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let charger = |_| {
        let mut found = Assessments::NONE;
        for item in standard() {
            let score = f64::min(random.random_range(0.0..150.0), 100.0);
            found.set(item, Assessment::new(score, random.random_range(0.5..1.0)));
        }
        found
    };
    (0..size).map(charger).collect()
}

fn score(c: &mut Criterion) {
    let model = Model::default();
    let chargers = fleet(FLEET);
    let mut group = c.benchmark_group("score");
    let one = chargers.first().unwrap();
    group.bench_function("one charger, 20 items, lost points", |b| {
        b.iter(|| evaluate(black_box(&model), black_box(one), &[]));
    });
    let mut charger = Charger::<11>::default();
    for item in standard() {
        let level = model.curve(item).level(80.0).unwrap();
        charger.items.record(item, Instant::ZERO, level * 1.05, Quality::Good);
    }
    group.bench_function("one charger from its readings, with reasons", |b| {
        b.iter(|| {
            let result = charger.evaluate(black_box(&model), Instant::from_secs(8), &[]);
            charger.reasons(&result).map(|reason| reason.lost).sum::<f64>()
        });
    });
    group.throughput(Throughput::Elements(FLEET * ROUNDS));
    group.sample_size(10);
    group.bench_function("1,000,000 chargers (aim: 0.5 s)", |b| {
        b.iter(|| {
            let fleet = (0..ROUNDS).flat_map(|_| &chargers);
            fleet.map(|found| evaluate(&model, found, &[]).score.unwrap()).sum::<f64>()
        });
    });
}

fn reading(c: &mut Criterion) {
    let mut group = c.benchmark_group("reading");
    let mut charger = Charger::<11>::default();
    let mut second = 0;
    group.bench_function("one sample of one item", |b| {
        b.iter(|| {
            second += 1;
            let at = Instant::from_secs(second);
            charger.items.record(black_box(Item::BoardTemperature), at, 61.0, Quality::Good)
        });
    });
}

fn estimators(c: &mut Criterion) {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(2);
    let values: Vec<f64> = (0..10_000).map(|_| random.random_range(-1.0..1.0)).collect();
    let theirs_cusum = || CusumF64::builder(0.0).slack(0.1).threshold(8.0).build().unwrap();
    let theirs_holt = || HoltF64::builder().alpha(0.3).beta(0.1).build().unwrap();

    let (mut ours, mut theirs) = (Cusum::new(0.1, 8.0), theirs_cusum());
    let (mut our_holt, mut their_holt) = (Holt::new(0.3, 0.1), theirs_holt());
    let (mut our_quantile, mut their_quantile) =
        (Quantile::new(0.95), PercentileF64::new(0.95).unwrap());
    for value in &values {
        let found = ours.update(*value);
        let expected = match theirs.update(*value).unwrap() {
            Some(nexus_stats::Direction::Rising) => Some(Direction::Up),
            Some(nexus_stats::Direction::Falling) => Some(Direction::Down),
            _ => None,
        };
        assert_eq!(found, expected);
        our_holt.update(*value);
        their_holt.update(*value).unwrap();
        our_quantile.update(*value);
        their_quantile.update(*value).unwrap();
    }
    let (level, slope) = our_holt.state().unwrap();
    assert!((level - their_holt.level().unwrap()).abs() < 1e-9);
    assert!((slope - their_holt.trend().unwrap()).abs() < 1e-9);
    let (found, expected) = (our_quantile.get().unwrap(), their_quantile.percentile().unwrap());
    assert!((found - expected).abs() < 0.02, "{found} {expected}");

    let mut group = c.benchmark_group("estimators, 10,000 values");
    group.throughput(Throughput::Elements(10_000));
    macro_rules! pair {
        ($name:literal, $ours:expr, $theirs:expr) => {
            group.bench_function(concat!($name, ", evse"), |b| {
                b.iter(|| {
                    let mut estimator = $ours;
                    for value in &values {
                        black_box(estimator.update(*value));
                    }
                    black_box(estimator)
                });
            });
            group.bench_function(concat!($name, ", nexus-stats"), |b| {
                b.iter(|| {
                    let mut estimator = $theirs;
                    for value in &values {
                        let _ = black_box(estimator.update(*value));
                    }
                    black_box(estimator)
                });
            });
        };
    }
    pair!("cusum", Cusum::new(0.1, 8.0), theirs_cusum());
    pair!("holt", Holt::new(0.3, 0.1), theirs_holt());
    pair!("quantile", Quantile::new(0.95), PercentileF64::new(0.95).unwrap());
}

criterion_group!(benches, score, reading, estimators);
criterion_main!(benches);
