//! What must hold for every score: ranges, exact traceability, monotony, independence of order; and one set of bits.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::float_cmp,
    clippy::print_stderr,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "test helpers: a failed unwrap is the failed assertion, and the tool's readers are used as they are"
)]

use evse_health_score::{
    Assessment, Assessments, Category, Charger, ITEMS, Instant, Item, Model, Parameters, Quality,
    Veto, evaluate, score_if_repaired,
};
use proptest::prelude::*;

fn found(values: &[Option<(f64, f64)>]) -> Assessments {
    let mut found = Assessments::NONE;
    for (item, value) in Item::ALL.into_iter().zip(values) {
        found.set(item, value.and_then(|(score, confidence)| Assessment::new(score, confidence)));
    }
    found
}

fn model(alpha: f64, extras: f64) -> Model {
    let mut parameters = Parameters { alpha, ..Parameters::default() };
    for item in Item::ALL.into_iter().filter(|item| !item.is_standard()) {
        parameters.set_weight(item, extras);
    }
    Model::new(parameters).unwrap()
}

/// Scores crowd around the floor and both ends, where the law bends.
fn score() -> impl Strategy<Value = f64> {
    prop_oneof![0.0..=100.0, 0.0..=2.0, Just(0.0), Just(1.0), Just(100.0)]
}

fn values() -> impl Strategy<Value = Vec<Option<(f64, f64)>>> {
    let value = (score(), prop_oneof![0.0..=1.0, Just(1.0), Just(0.0)]);
    prop::collection::vec(prop::option::weighted(0.8, value), ITEMS)
}

proptest! {
    #[test]
    fn ranges_and_traceability(
        values in values(), alpha in 0.0..=1.0, extras in 0.0..0.5, cap in prop::option::of(0.0..=100.0),
    ) {
        let vetoes: Vec<Veto> = cap.into_iter().map(|cap| Veto { cap, reason: "cap" }).collect();
        let result = evaluate(&model(alpha, extras), &found(&values), &vetoes);
        prop_assert!((0.0..=1.0).contains(&result.confidence));
        let Some(score) = result.score else {
            prop_assert!(result.confidence == 0.0);
            return Ok(());
        };
        let mean = result.uncapped.unwrap();
        prop_assert!((0.0..=100.0).contains(&score) && score <= mean);
        let lost: f64 = Item::ALL.iter().filter_map(|item| result.lost(*item)).sum();
        prop_assert!((lost + result.lost_to_veto - (100.0 - score)).abs() < 1e-9);
        let (low, high) = result.interval.unwrap();
        prop_assert!(0.0 <= low && low <= score && score <= high + 1e-9 && high <= 100.0);
        for category in Category::ALL {
            prop_assert!(result.category(category).is_none_or(|mean| (0.0..=100.0).contains(&mean)));
        }
        let worst = result.worst::<3>();
        for pair in worst.windows(2) {
            prop_assert!(pair[1].is_none() || pair[0].unwrap().1 >= pair[1].unwrap().1);
        }
    }

    #[test]
    fn worsening_an_item_never_raises_the_score(
        values in values(), alpha in 0.0..=1.0, at in 0..ITEMS, share in 0.0..=1.0,
    ) {
        let model = model(alpha, 0.05);
        let before = evaluate(&model, &found(&values), &[]);
        let mut worse = values;
        if let Some((score, _)) = worse[at].as_mut() {
            *score *= share;
        }
        let after = evaluate(&model, &found(&worse), &[]);
        let (Some(before), Some(after)) = (before.score, after.score) else { return Ok(()) };
        prop_assert!(after <= before + 1e-9, "{before} rose to {after}");
    }

    #[test]
    fn removing_an_item_lowers_confidence_alone(values in values(), at in 0..ITEMS) {
        let model = Model::default();
        let before = evaluate(&model, &found(&values), &[]);
        let mut fewer = values;
        fewer[at] = None;
        prop_assert!(evaluate(&model, &found(&fewer), &[]).confidence <= before.confidence);
    }

    #[test]
    fn repairing_all_items_gives_100(values in values()) {
        let model = Model::default();
        let repaired = score_if_repaired(&model, &found(&values), &Item::ALL, &[]);
        prop_assert!((repaired.unwrap() - 100.0).abs() < 1e-9);
    }
}

/// A small generator of our own, so that the inputs are the same on every platform.
struct Lcg(u64);

impl Lcg {
    fn unit(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 33).unwrap()) / 2_147_483_648.0
    }
}

/// The bits of ten thousand results of scores and ten thousand of readings. Plain `cargo test` and `cargo test --release` compile the score differently; both,
/// and every other target, must give this number.
#[test]
fn the_same_bits_everywhere() {
    let mut random = Lcg(20);
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut mix = |value: Option<f64>| {
        for byte in value.unwrap_or(-1.0).to_bits().to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for round in 0..10_000 {
        let alpha = if round % 2 == 0 { 0.5 } else { random.unit() };
        let values: Vec<_> = (0..ITEMS)
            .map(|_| (random.unit() < 0.9).then(|| (100.0 * random.unit(), random.unit())))
            .collect();
        let model = model(alpha, if round % 3 == 0 { 0.0 } else { 0.02 });
        let mut charger = Charger::<11>::default();
        for item in Item::ALL {
            let value = 1.3 * model.curve(item).level(0.0).unwrap() * random.unit() as f32;
            let quality = if random.unit() < 0.9 { Quality::Good } else { Quality::Missing };
            charger.items.record(item, Instant::ZERO, value, quality);
        }
        let later = Instant::from_secs((1e6 * random.unit()) as u64);
        for result in [evaluate(&model, &found(&values), &[]), charger.evaluate(&model, later, &[])]
        {
            mix(result.score);
            mix(Some(result.confidence));
            Item::ALL.into_iter().for_each(|item| mix(result.lost(item)));
        }
    }
    assert_eq!(hash, 0xdfce_8ce8_44fd_8a52, "{hash:#x}");
}
