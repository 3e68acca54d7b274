//! Targets of `evse-health-score`.

use arbitrary::{Arbitrary, Unstructured};
use evse_health_score::defence::{Guard, PackLimits, Sample};
use evse_health_score::degradation::{ChargerData, SessionRecord};
use evse_health_score::{
    Assessment, Assessments, Charger, Instant, Item, Model, Parameters, Quality, evaluate,
};

/// Any JSON as parameters: refused, or a model whose scores keep their promises and whose text gives the same model.
pub(crate) fn parameters(data: &[u8]) {
    let (text, scores) = data.split_at(data.len().saturating_sub(27));
    let Ok(parameters) = serde_json::from_slice::<Parameters>(text) else {
        return weights(data);
    };
    let written = serde_json::to_string(&parameters).expect("parameters are numbers");
    let Ok(model) = Model::new(parameters) else { return };
    let again: Parameters = serde_json::from_str(&written).expect("own text");
    let again = Model::new(again).expect("own text");
    assert_eq!(again.parameters().version, model.parameters().version);
    check(&model, scores);
}

/// The bytes as weights and curves' scores instead of text.
fn weights(data: &[u8]) {
    let mut input = Unstructured::new(data);
    let parameters = Parameters {
        alpha: f64::arbitrary(&mut input).unwrap_or(0.5),
        item_weights: Item::ALL.map(|_| f64::arbitrary(&mut input).unwrap_or(1.0)),
        ..Parameters::default()
    };
    let Ok(model) = Model::new(parameters) else {
        return check(&Model::default(), data);
    };
    check(&model, data);
}

fn check(model: &Model, bytes: &[u8]) {
    let mut found = Assessments::NONE;
    for (item, byte) in Item::ALL.into_iter().zip(bytes) {
        let confidence = f64::from(byte % 4) / 3.0;
        found.set(item, Assessment::new(f64::from(*byte) / 2.55, confidence));
    }
    let result = evaluate(model, &found, &[]);
    assert!((0.0..=1.0).contains(&result.confidence));
    let Some(score) = result.score else { return };
    assert!((0.0..=100.0).contains(&score));
    let lost: f64 = Item::ALL.iter().filter_map(|item| result.lost(*item)).sum();
    assert!((lost + score - 100.0).abs() < 1e-6, "{lost} and {score}");
}

#[derive(Debug, Arbitrary)]
enum Step {
    Reading(u8, u32, f32),
    Session(u32, [Option<f32>; 23]),
    Look(u32),
    Frame(u16, [Option<f32>; 12]),
}

/// Any samples in any order: no panic, every score in its range, and a restart that changes nothing.
pub(crate) fn samples(data: &[u8]) {
    let Ok(steps) = Vec::<Step>::arbitrary(&mut Unstructured::new(data)) else { return };
    let model = Model::default();
    let mut charger = Charger::<11>::default();
    let limits = PackLimits {
        voltage_v: 400.0,
        current_a: 100.0,
        cell_v: 4.2,
        temperature_c: 55.0,
        energy_kwh: 50.0,
        start_soc_pct: 40.0,
    };
    let mut guard = Guard::new(limits);
    let mut clock = 0u64;
    for step in steps {
        match step {
            Step::Reading(item, second, value) => {
                let item = Item::ALL[usize::from(item) % Item::ALL.len()];
                charger.items.record(
                    item,
                    Instant::from_secs(u64::from(second)),
                    value,
                    Quality::Good,
                );
            }
            Step::Session(gap, readings) => {
                clock += u64::from(gap % 200_000);
                let _ =
                    charger.wear.handle_session(&ChargerData::default(), &record(clock, readings));
                while let Some(event) = charger.wear.poll_event() {
                    let _ = event;
                }
            }
            Step::Look(second) => {
                let now = Instant::from_secs(u64::from(second));
                charger.note_wear(now);
                let result = charger.evaluate(&model, now, &[]);
                assert!(result.score.is_none_or(|score| (0.0..=100.0).contains(&score)));
                assert!((0.0..=1.0).contains(&result.confidence));
                assert!(charger.reasons(&result).all(|reason| reason.lost.is_finite()));
            }
            Step::Frame(millis, readings) => {
                clock += u64::from(millis);
                guard.handle_sample(Instant::from_millis(clock), &sample(readings));
                while let Some(alarm) = guard.poll_alarm() {
                    assert!(alarm.seen.is_finite());
                }
            }
        }
    }
    let mut buffer = [0; 2_048];
    let len = charger.save(&mut buffer).expect("large enough");
    assert_eq!(Charger::<11>::load(&buffer[..len]), Ok(charger));
}

fn record(second: u64, readings: [Option<f32>; 23]) -> SessionRecord {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w] = readings;
    // Half of the readings where they would be in life.
    let near = |value: Option<f32>, usual: f32| {
        value.map(|x| if x.abs() < 2.0 { usual * (1.0 + 0.1 * x) } else { x })
    };
    SessionRecord {
        start: Instant::from_secs(second),
        duration_min: near(a, 30.0),
        ambient_c: near(b, 18.0),
        humidity_pct: near(c, 60.0),
        mean_current_a: near(d, 120.0),
        rms_current_a: near(e, 124.0),
        mean_voltage_v: near(f, 375.0),
        input_kwh: near(g, 23.7),
        metered_kwh: near(h, 22.5),
        module_kwh: near(i, 22.5),
        vehicle_kwh: near(j, 22.4),
        modules_running: near(k, 2.0),
        module_inlet_c: near(l, 22.0),
        module_hottest_c: near(m, 70.0),
        fan_pct: near(n, 60.0),
        ripple_mv: near(o, 100.0),
        inrush_a: near(p, 12.0),
        closing_ms: near(q, 20.0),
        gun_positive_c: near(r, 24.0),
        gun_negative_c: near(s, 23.0),
        insulation_kohm: near(t, 7_000.0),
        can_errors: near(u, 1.0),
        can_frames: near(v, 52_000.0),
        idle_w: near(w, 50.0),
    }
}

fn sample(readings: [Option<f32>; 12]) -> Sample {
    let [a, b, c, d, e, f, g, h, i, j, k, l] = readings;
    Sample {
        output_v: a,
        output_a: b,
        module_v: c,
        delivered_kwh: d,
        demand_v: e,
        demand_a: f,
        vehicle_v: g,
        vehicle_a: h,
        cell_v: i,
        soc_pct: j,
        hottest_c: k,
        coldest_c: l,
    }
}

/// Any bytes as a snapshot, as they are and with a right header and checksum: an error, or a state that works on and writes
/// the same bytes.
pub(crate) fn snapshot(data: &[u8]) {
    let _ = Charger::<11>::load(data);
    let mut valid = [0; 2_048];
    let len = Charger::<11>::default().save(&mut valid).expect("large enough");
    for (slot, byte) in valid[8..len - 8].iter_mut().zip(data) {
        *slot ^= byte;
    }
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in &valid[..len - 8] {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    valid[len - 8..len].copy_from_slice(&hash.to_le_bytes());
    let Ok(mut charger) = Charger::<11>::load(&valid[..len]) else { return };
    let mut again = [0; 2_048];
    assert_eq!(charger.save(&mut again), Ok(len));
    assert_eq!(again[..len], valid[..len]);
    for day in 0..40u64 {
        let _ = charger
            .wear
            .handle_session(&ChargerData::default(), &record(day * 86_400 * 30, [Some(0.1); 23]));
        while charger.wear.poll_event().is_some() {}
    }
    let result = charger.evaluate(&Model::default(), Instant::from_secs(1 << 32), &[]);
    assert!(result.score.is_none_or(|score| (0.0..=100.0).contains(&score)));
}
