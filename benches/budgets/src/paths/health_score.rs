//! Hot paths of `evse-health-score`: a reading, a full score with reasons, a session, a sample of the defence.

use core::hint::black_box;

use evse_health_score::defence::{Guard, PackLimits, Sample};
use evse_health_score::degradation::{ChargerData, SessionRecord};
use evse_health_score::{
    Assessment, Assessments, Charger, Instant, Item, Model, Quality, evaluate,
};

use crate::HotPath;

pub const PATHS: &[HotPath] = &[
    HotPath { name: "sample_of_an_item", passes: 10_000, run: sample_of_an_item },
    HotPath { name: "score_of_20_items", passes: 1_000, run: score_of_20_items },
    HotPath { name: "charger_with_reasons", passes: 1_000, run: charger_with_reasons },
    HotPath { name: "session_of_9_signals", passes: 500, run: session_of_9_signals },
    HotPath { name: "defence_sample", passes: 10_000, run: defence_sample },
];

fn sample_of_an_item(passes: u32) {
    let mut charger = Charger::<11>::default();
    for pass in 0..u64::from(passes) {
        let at = Instant::from_secs(pass);
        charger.items.record(black_box(Item::BoardTemperature), at, black_box(61.0), Quality::Good);
    }
    black_box(charger);
}

fn score_of_20_items(passes: u32) {
    let model = Model::default();
    let mut found = Assessments::NONE;
    for (points, item) in (40u8..).zip(Item::ALL.into_iter().filter(|item| item.is_standard())) {
        found.set(item, Assessment::new(f64::from(points) * 1.5, 0.9));
    }
    for _ in 0..passes {
        black_box(evaluate(black_box(&model), black_box(&found), &[]));
    }
}

fn charger_with_reasons(passes: u32) {
    let model = Model::default();
    let mut charger = Charger::<11>::default();
    for item in Item::ALL.into_iter().filter(|item| item.is_standard()) {
        let level = model.curve(item).level(80.0).unwrap_or(0.0);
        charger.items.record(item, Instant::ZERO, level * 1.05, Quality::Good);
    }
    for pass in 0..u64::from(passes) {
        let result = charger.evaluate(black_box(&model), Instant::from_secs(pass % 8), &[]);
        for reason in charger.reasons(&result) {
            black_box(reason);
        }
    }
}

/// A healthy session of all signals, 3.4 a day.
fn record(index: u64) -> SessionRecord {
    let wiggle = [1.0, 1.01, 0.99, 1.02, 0.98][usize::try_from(index % 5).unwrap_or(0)];
    SessionRecord {
        start: Instant::from_secs(index * 25_400),
        duration_min: Some(30.0),
        ambient_c: Some(18.0),
        humidity_pct: Some(60.0),
        mean_current_a: Some(120.0),
        rms_current_a: Some(124.0),
        mean_voltage_v: Some(375.0),
        input_kwh: Some(23.68 * wiggle),
        metered_kwh: Some(22.5 * wiggle),
        module_kwh: Some(22.5),
        vehicle_kwh: Some(22.4),
        modules_running: Some(2.0),
        module_inlet_c: Some(22.0),
        module_hottest_c: Some(70.0 * wiggle),
        fan_pct: Some(60.0),
        ripple_mv: Some(100.0 * wiggle),
        inrush_a: Some(12.0),
        closing_ms: Some(20.0 * wiggle),
        gun_positive_c: Some(23.0 * wiggle),
        gun_negative_c: Some(23.0),
        insulation_kohm: Some(7_000.0),
        can_errors: Some(1.0),
        can_frames: Some(52_000.0),
        idle_w: Some(50.0 * wiggle),
    }
}

fn session_of_9_signals(passes: u32) {
    let data = ChargerData::default();
    let mut charger = Charger::<11>::default();
    for index in 0..u64::from(passes) {
        charger.handle_session(&data, black_box(&record(index))).expect("in order");
        while let Some(event) = charger.wear.poll_event() {
            black_box(event);
        }
    }
}

fn defence_sample(passes: u32) {
    let limits = PackLimits {
        voltage_v: 400.0,
        current_a: 100.0,
        cell_v: 4.2,
        temperature_c: 55.0,
        energy_kwh: 1e6,
        start_soc_pct: 40.0,
    };
    let mut guard = Guard::new(limits);
    for pass in 0..u64::from(passes) {
        let wiggle = if pass % 3 == 0 { 0.1 } else { -0.1 };
        let sample = Sample {
            output_v: Some(370.5 + wiggle),
            output_a: Some(100.0),
            module_v: None,
            delivered_kwh: Some(1.0),
            demand_v: Some(400.0),
            demand_a: Some(100.0),
            vehicle_v: Some(370.0 - wiggle),
            vehicle_a: Some(100.0 + wiggle),
            cell_v: Some(3.9),
            soc_pct: Some(50.0),
            hottest_c: Some(25.0),
            coldest_c: Some(23.0 + wiggle),
        };
        guard.handle_sample(Instant::from_millis(pass * 250), black_box(&sample));
        black_box(guard.poll_alarm());
    }
}
