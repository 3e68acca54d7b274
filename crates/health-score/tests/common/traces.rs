//! A generator of charging traces with and without a lying battery or charger (facts, section 10).
#![allow(
    dead_code,
    unreachable_pub,
    clippy::cast_precision_loss,
    reason = "each test takes what it needs"
)]

use std::f64::consts::TAU;

use evse_health_score::Instant;
use evse_health_score::defence::{PackLimits, Sample};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub const ANOMALIES: [&str; 13] = [
    "sag_contact",
    "charger_u_drift",
    "bms_u_bias",
    "bms_i_scale",
    "temp_rise",
    "temp_frozen",
    "soc_stuck",
    "overcharge",
    "cell_ov",
    "out_over_req",
    "ureq_over_bcp",
    "bms_u_frozen",
    "bms_all_frozen",
];

pub struct Trace {
    pub limits: PackLimits,
    pub samples: Vec<(Instant, Sample)>,
    pub anomaly: Option<&'static str>,
    pub onset_s: f64,
    /// First second at which a limit is really passed.
    pub crossed_s: Option<f64>,
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (rng.random_range(1e-12..1.0), rng.random_range(0.0..1.0));
    (-2.0 * u.ln()).sqrt() * (TAU * v).cos()
}

fn rounded(x: f64, step: f64) -> Option<f32> {
    #[expect(clippy::cast_possible_truncation, reason = "readings")]
    let narrow = ((x / step).round() * step) as f32;
    Some(narrow)
}

/// What all vehicles of one model share.
#[derive(Debug, Clone, Copy)]
struct Pack {
    lfp: bool,
    cell_max: f64,
    cells: f64,
    nominal: f64,
}

impl Pack {
    fn any(rng: &mut ChaCha8Rng) -> Self {
        let lfp = rng.random_bool(0.5);
        let cell_max = if lfp { 3.65 } else { [4.2, 4.25][rng.random_range(0..2)] };
        let cells = [96.0, 108.0, 120.0, 192.0, 200.0][rng.random_range(0..5)];
        Self { lfp, cell_max, cells, nominal: rng.random_range(40.0..95.0) }
    }
}

/// A session of any vehicle.
pub fn session(seed: u64, anomaly: Option<&'static str>) -> Trace {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let pack = Pack::any(&mut rng);
    session_of(pack, &mut rng, anomaly)
}

/// A session of a vehicle of one model.
pub fn session_of_model(model: u64, seed: u64, anomaly: Option<&'static str>) -> Trace {
    let pack = Pack::any(&mut ChaCha8Rng::seed_from_u64(model));
    session_of(pack, &mut ChaCha8Rng::seed_from_u64(seed), anomaly)
}

/// The law of open-circuit voltage is a plateau with an end rise.
fn session_of(pack: Pack, rng: &mut ChaCha8Rng, anomaly: Option<&'static str>) -> Trace {
    let Pack { lfp, cell_max, cells, nominal } = pack;
    let u_max = cells * cell_max;
    let full = matches!(anomaly, Some("cell_ov" | "overcharge" | "ureq_over_bcp"));
    let soc_start: f64 =
        if full { rng.random_range(86.0..93.0) } else { rng.random_range(17.0..70.0) };
    let power = rng.random_range(0.4..1.1) * nominal;
    let i_max = (power * 1_000.0 / (0.93 * u_max)).min(250.0);
    let duration = rng.random_range(340.0..600.0);
    let onset = rng.random_range(80.0..190.0f64).round();
    let resistance = rng.random_range(0.003..0.008);
    let offset = 0.002 * u_max * normal(rng) * 0.5 + 1.0;
    let gain = 1.0 + 0.008 * normal(rng);
    let set_point = 1.0 + 0.006 * normal(rng);
    let heating = rng.random_range(0.3..2.4) / 60.0 / (i_max * i_max);
    let t_start = rng.random_range(8.0..35.0);
    let t_max = if rng.random_bool(0.5) { 55.0 } else { 60.0 };
    let soh = rng.random_range(0.92..1.03);
    let u_noise = rng.random_range(0.14..0.25);
    let pause_at = rng.random_bool(0.25).then(|| rng.random_range(150.0..300.0));
    let over = rng.random_range(1.06..1.15);
    let bias = rng.random_range(0.018..0.035) * if rng.random_bool(0.5) { 1.0 } else { -1.0 };
    let scale = 1.0 + rng.random_range(0.04..0.08) * if rng.random_bool(0.5) { 1.0 } else { -1.0 };
    let drift = rng.random_range(0.05..0.12) * if rng.random_bool(0.5) { 1.0 } else { -1.0 };
    let rise_factor = rng.random_range(1.8..2.8) / 60.0;
    let sag_rate = rng.random_range(0.006..0.012);

    let (mut soc, mut energy, mut temperature, mut current): (f64, f64, f64, f64) =
        (soc_start + rng.random_range(-0.5..0.5), 0.0, t_start, 0.0);
    let mut taper = 1.0;
    let (mut stuck_soc, mut stuck_t) = (None, None);
    let mut samples = Vec::new();
    let mut crossed = None;
    let mut at = 0.0;
    while at < duration {
        let is = |name: &str| anomaly == Some(name) && at >= onset;
        if at > 110.0 && (at as u64).is_multiple_of(120) {
            taper *= rng.random_range(0.86..1.0);
        }
        let paused = pause_at.is_some_and(|start| at >= start && at < start + 16.0);
        let x = soc / 100.0;
        let knee = if lfp { 0.08 * (x - 0.93).max(0.0) / 0.07 } else { 0.0 };
        let plateau = if lfp { 0.915 + 0.012 * x } else { 0.86 + 0.115 * x };
        let ocv = u_max * (plateau + knee);
        let over_voltage = ocv + 0.05 * current > 0.985 * u_max;
        let keeps_on = is("cell_ov") || is("overcharge");
        if over_voltage && !keeps_on {
            taper *= 0.97;
        }
        let demand = if paused { 0.0 } else { (i_max * taper * 10.0).round() / 10.0 };
        let target = demand * set_point * if is("out_over_req") && !paused { over } else { 1.0 };
        current = target + (current - target) * (-2.0f64 / 2.2).exp();
        let volts = ocv
            + 0.05 * current
            + if is("cell_ov") { 0.0006 * u_max * (at - onset) / 10.0 } else { 0.0 };
        energy += volts * current * 2.0 / 3.6e6;
        soc = (soc + volts * current * 2.0 / 3.6e6 / nominal * 97.0 / soh).min(100.0);
        let extra = if is("temp_rise") { rise_factor * 2.0 } else { 0.0 };
        temperature += heating * current * current * 2.0 + extra;
        let sag = if is("sag_contact") { sag_rate * (at - onset) } else { 0.0 };
        let drifted = if is("charger_u_drift") { drift * (at - onset) } else { 0.0 };
        let biased = if is("bms_u_bias") { bias * u_max } else { 0.0 };
        let scaled = if is("bms_i_scale") { scale } else { 1.0 };
        let demand_v =
            if is("ureq_over_bcp") { u_max * 1.013 + 0.15 * (at - onset) } else { u_max };
        if crossed.is_none() && (volts / cells > cell_max || demand_v > u_max + 0.1) {
            crossed = Some(at);
        }
        if is("soc_stuck") {
            stuck_soc.get_or_insert(soc);
        }
        if is("temp_frozen") {
            stuck_t.get_or_insert(temperature);
        }
        let hottest = stuck_t.unwrap_or(temperature) + 0.08 * normal(rng);
        let sample = Sample {
            output_v: rounded(
                volts + resistance * current + drifted + sag + offset + u_noise * normal(rng) * 0.7,
                0.1,
            ),
            output_a: rounded(current * (1.0 + 0.0015 * normal(rng)), 0.1),
            module_v: None,
            delivered_kwh: rounded(energy, 0.001),
            demand_v: rounded(demand_v, 0.1),
            demand_a: rounded(demand, 0.1),
            vehicle_v: rounded(volts + biased + u_noise * normal(rng), 0.1),
            vehicle_a: rounded(current * gain * scaled + 0.25 * normal(rng), 0.1),
            cell_v: rounded(volts / cells + 0.003 * normal(rng), 0.01),
            soc_pct: rounded(stuck_soc.unwrap_or(soc), 1.0),
            hottest_c: rounded(hottest, 1.0),
            coldest_c: rounded(temperature - rng.random_range(2.0..4.5), 1.0),
        };
        samples.push((Instant::from_millis(at as u64 * 1_000), sample));
        at += 2.0;
    }
    freeze(anomaly, onset, &mut samples);
    for (_, sample) in &mut samples {
        if rng.random_bool(0.003) {
            sample.vehicle_v = None;
            sample.vehicle_a = None;
            sample.cell_v = None;
            sample.soc_pct = None;
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "limits")]
    let limits = PackLimits {
        voltage_v: rounded(u_max, 0.1).unwrap_or(0.0),
        current_a: i_max as f32,
        cell_v: cell_max as f32,
        temperature_c: t_max as f32,
        energy_kwh: nominal as f32,
        start_soc_pct: soc_start.round() as f32,
    };
    Trace {
        limits,
        samples,
        anomaly,
        onset_s: onset,
        crossed_s: crossed.filter(|second| *second >= onset),
    }
}

/// From the onset on the vehicle repeats itself.
fn freeze(anomaly: Option<&str>, onset: f64, samples: &mut [(Instant, Sample)]) {
    let Some(first) = samples.iter().position(|(at, _)| at.raw() as f64 / 1_000.0 >= onset) else {
        return;
    };
    let held = samples[first].1;
    for (_, sample) in samples.iter_mut().skip(first) {
        match anomaly {
            Some("bms_u_frozen") => sample.vehicle_v = held.vehicle_v,
            Some("bms_all_frozen") => {
                sample.vehicle_v = held.vehicle_v;
                sample.vehicle_a = held.vehicle_a;
                sample.cell_v = held.cell_v;
                sample.soc_pct = held.soc_pct;
                sample.hottest_c = held.hottest_c;
                sample.coldest_c = held.coldest_c;
            }
            _ => {}
        }
    }
}
