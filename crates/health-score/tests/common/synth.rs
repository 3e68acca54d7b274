//! A generator of session data from the equations of the facts, section 9: other seeds, other climates, other parameters.
//!
//! What the equations leave open (dust and cleaning, the controller of the fans, clientele) is drawn wide on purpose.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::cast_precision_loss,
    reason = "each test takes what it needs"
)]

use std::f64::consts::TAU;

use evse_health_score::Instant;
use evse_health_score::degradation::{ChargerData, SessionRecord};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::judge::Fault;

#[derive(Debug, Clone, Copy)]
pub struct Climate {
    pub mean_c: f64,
    pub year_c: f64,
    pub day_c: f64,
    pub noise_c: f64,
    pub humidity: f64,
    pub wet_season: f64,
    /// Growth of the logarithm of flow resistance a day.
    pub dust: f64,
    pub altitudes_m: [f64; 4],
}

pub const TEMPERATE: Climate = Climate {
    mean_c: 17.0,
    year_c: 10.0,
    day_c: 5.0,
    noise_c: 3.0,
    humidity: 60.0,
    wet_season: 14.0,
    dust: 0.0022,
    altitudes_m: [50.0, 800.0, 1_900.0, 3_000.0],
};

pub const HOT_AND_WET: Climate = Climate {
    mean_c: 26.0,
    year_c: 6.0,
    day_c: 4.0,
    noise_c: 2.5,
    humidity: 74.0,
    wet_season: 18.0,
    dust: 0.0024,
    altitudes_m: [10.0, 10.0, 300.0, 600.0],
};

pub const COLD_AND_DRY: Climate = Climate {
    mean_c: 5.0,
    year_c: 16.0,
    day_c: 7.0,
    noise_c: 4.0,
    humidity: 48.0,
    wet_season: 10.0,
    dust: 0.0026,
    altitudes_m: [400.0, 1_200.0, 2_400.0, 3_600.0],
};

const FAULTS: [(&str, f64); 10] = [
    ("capacitor", 1.0),
    ("contactor", 1.5),
    ("connector", 1.6),
    ("filter", 1.2),
    ("fan", 1.0),
    ("meter", 1.0),
    ("efficiency", 1.0),
    ("insulation", 1.0),
    ("can", 1.0),
    ("standby", 1.0),
];

pub struct Made {
    pub name: String,
    pub data: ChargerData,
    pub faults: Vec<Fault>,
    pub records: Vec<SessionRecord>,
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (rng.random_range(1e-12..1.0), rng.random_range(0.0..1.0));
    (-2.0 * u.ln()).sqrt() * (TAU * v).cos()
}

fn around(rng: &mut ChaCha8Rng, mean: f64, deviation: f64) -> f64 {
    mean + deviation * normal(rng)
}

/// What is to happen to every charger of a fleet instead of what is drawn; what is `None` is drawn.
#[derive(Debug, Clone, Default)]
pub struct Fate {
    /// Name, onset and end; an empty list is a healthy fleet.
    pub faults: Option<Vec<Fault>>,
    /// Day on which the sensor of DC+ is replaced, and the difference that this makes, K.
    pub sensor_swap: Option<(f64, f64)>,
    /// Day from which other customers come, and their current over that of those before.
    pub clientele: Option<(f64, f64)>,
}

/// A fleet of `count` chargers over 200 days; every fourth is healthy.
pub fn fleet(seed: u64, climate: &Climate, count: usize) -> Vec<Made> {
    fleet_with(seed, climate, count, &Fate::default())
}

/// The same fleet with another fate: what is not part of it is drawn alike.
pub fn fleet_with(seed: u64, climate: &Climate, count: usize, fate: &Fate) -> Vec<Made> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let offsets: Vec<f64> = (0..12).map(|_| around(&mut rng, 0.0, 0.010)).collect();
    (0..count).map(|index| charger(&mut rng, climate, &offsets, index, fate)).collect()
}

struct Fixed {
    climate: Climate,
    altitude_factor: f64,
    phase: f64,
    module_kw: f64,
    modules: f64,
    ripple: (f64, f64),
    closing: f64,
    inrush: f64,
    contact_k: f64,
    contact_ratio: f64,
    gun_offset: f64,
    contact_tau: f64,
    heat: f64,
    fan_gain: f64,
    meter: f64,
    efficiency: f64,
    curve: (f64, f64),
    insulation: f64,
    insulation_slope: f64,
    can: f64,
    idle: f64,
    current: f64,
    energy_scale: f64,
}

fn charger(
    rng: &mut ChaCha8Rng,
    climate: &Climate,
    offsets: &[f64],
    index: usize,
    fate: &Fate,
) -> Made {
    let altitude = climate.altitudes_m[rng.random_range(0..4)];
    let module_kw = [20.0, 30.0][rng.random_range(0..2)];
    let mut fixed = Fixed {
        climate: *climate,
        altitude_factor: (altitude / 8_300.0f64 * 0.8).exp(),
        phase: rng.random_range(0.0..0.2),
        module_kw,
        modules: [2.0, 3.0, 4.0, 6.0][rng.random_range(0..4)],
        ripple: (rng.random_range(30.0..75.0), rng.random_range(1.0..1.9)),
        closing: around(rng, 20.0, 2.0),
        inrush: rng.random_range(8.0..17.0),
        contact_k: around(rng, 15.0, 1.2),
        contact_ratio: around(rng, 1.0, 0.12),
        gun_offset: around(rng, 0.0, 0.8),
        contact_tau: rng.random_range(9.0..16.0),
        heat: rng.random_range(0.9..1.3),
        fan_gain: rng.random_range(0.4..0.8),
        meter: around(rng, 0.001, 0.003),
        efficiency: around(rng, 0.951, 0.003),
        curve: (around(rng, 0.0, 0.008), rng.random_range(-0.06..-0.01)),
        insulation: around(rng, 4.43, 0.06),
        insulation_slope: around(rng, -0.0095, 0.0008),
        can: around(rng, -4.95, 0.12),
        idle: rng.random_range(38.0..85.0),
        current: around(rng, 118.0, 14.0),
        energy_scale: 1.0,
    };
    let mut faults = Vec::new();
    if index % 4 != 3 {
        let mut kinds = vec![rng.random_range(0..FAULTS.len())];
        if rng.random_bool(0.08) {
            kinds.push(rng.random_range(0..FAULTS.len()));
        }
        kinds.dedup();
        for kind in kinds {
            let onset = rng.random_range(35.0..110.0);
            faults.push(Fault {
                name: FAULTS[kind].0,
                onset,
                end: onset + rng.random_range(50.0..155.0),
            });
        }
    }
    let mut swap = rng.random_bool(0.3).then(|| rng.random_range(50.0..180.0));
    let mut swap_height = around(rng, 0.0, 1.6);
    let mut clientele = rng.random_bool(0.35).then(|| rng.random_range(45.0..180.0));
    let (mut clientele_current, clientele_humid) = (around(rng, 1.0, 0.15), around(rng, 1.0, 0.1));
    if let Some(fated) = &fate.faults {
        faults.clone_from(fated);
    }
    if let Some((day, height)) = fate.sensor_swap {
        (swap, swap_height) = (Some(day), height);
    }
    if let Some((day, current)) = fate.clientele {
        (clientele, clientele_current) = (Some(day), current);
    }
    let fan_step = rng.random_range(0.5..0.72);
    let meter_side = if rng.random_bool(0.5) { 1.0 } else { -1.0 };
    let rate = rng.random_range(2.4..5.2);
    let mut dust = rng.random_range(0.0..0.12);
    let dust_rate = climate.dust * rng.random_range(0.5..1.5);
    let mut next_cleaning = rng.random_range(20.0..110.0);
    let silent: Vec<usize> =
        (0..rng.random_range(0..6)).map(|_| rng.random_range(0..200)).collect();

    let mut records = Vec::new();
    for day in 0..200usize {
        dust += dust_rate;
        #[expect(clippy::cast_precision_loss, reason = "days")]
        let morning = day as f64;
        if morning > next_cleaning {
            dust = rng.random_range(0.0..0.03);
            next_cleaning += rng.random_range(45.0..110.0);
        }
        if silent.contains(&day) {
            continue;
        }
        let weather = normal(rng);
        let mut at = morning;
        loop {
            at += -(rng.random_range(1e-9..1.0f64)).ln() / rate;
            if at >= morning + 1.0 {
                break;
            }
            let progress = |name: &str| {
                let found = faults.iter().find(|f| f.name == name && at > f.onset);
                let exponent = FAULTS.iter().find(|(n, _)| *n == name).unwrap().1;
                found.map_or(0.0, |f| ((at - f.onset) / (f.end - f.onset)).powf(exponent))
            };
            let changed = clientele.is_some_and(|day| at > day);
            fixed.energy_scale = if changed { clientele_current } else { 1.0 };
            let swapped = if swap.is_some_and(|day| at > day) { swap_height } else { 0.0 };
            let session = Session {
                at,
                weather,
                dust,
                swapped,
                fan_step,
                meter_side,
                humid: clientele_humid,
            };
            let offset = offsets[rng.random_range(0..12)];
            let mut record = session.record(rng, &fixed, offset, &progress);
            spoil(rng, &mut record);
            if !rng.random_bool(0.01) {
                records.push(record);
            }
            if rng.random_bool(0.003) {
                records.push(record);
            }
        }
    }
    let data = ChargerData {
        module_kw: narrow(fixed.module_kw),
        rated_a: 250.0,
        ..ChargerData::default()
    };
    Made { name: format!("G{index:03}"), data, faults, records }
}

struct Session {
    at: f64,
    weather: f64,
    dust: f64,
    swapped: f64,
    fan_step: f64,
    meter_side: f64,
    humid: f64,
}

impl Session {
    fn record(
        &self,
        rng: &mut ChaCha8Rng,
        fixed: &Fixed,
        vehicle_offset: f64,
        progress: &dyn Fn(&str) -> f64,
    ) -> SessionRecord {
        let climate = &fixed.climate;
        let year = (TAU * (self.at / 365.0 - 0.25 + fixed.phase)).sin();
        let hour = (TAU * (self.at.fract() - 0.35)).sin();
        let ambient = climate.mean_c
            + climate.year_c * year
            + climate.day_c * hour
            + climate.noise_c * 0.7 * self.weather
            + climate.noise_c * 0.5 * normal(rng);
        let wet = climate.humidity + climate.wet_season * (TAU * (self.at / 365.0 + 0.1)).sin();
        let humidity =
            (around(rng, wet * self.humid.clamp(0.9, 1.1), 9.0) - 8.0 * hour).clamp(15.0, 99.0);
        let minutes = (around(rng, 3.35, 0.45).exp()).clamp(6.0, 130.0);
        let volts = around(rng, 375.0, 28.0).clamp(280.0, 480.0);
        let current =
            (fixed.current * fixed.energy_scale * (0.36 * normal(rng)).exp()).clamp(35.0, 245.0);
        let kw = (volts * current / 1_000.0).min(fixed.modules * fixed.module_kw);
        let current = kw * 1_000.0 / volts;
        let running = (kw / (0.92 * fixed.module_kw)).ceil().clamp(1.0, fixed.modules);
        let rms = current * (1.0 + rng.random_range(0.01..0.08));
        let module_energy = kw * minutes / 60.0;
        let per_module = current / running;
        let load = kw / running / fixed.module_kw;

        let r = 1.0 / (1.0 - 0.5 * progress("capacitor").min(1.9));
        let ageing = 0.003 * (r - 1.0);
        let efficiency = fixed.efficiency
            + fixed.curve.0 * (load - 0.75)
            + fixed.curve.1 * (load - 0.75).powi(2)
            - 0.018 * progress("efficiency")
            - ageing;
        let input = module_energy / (efficiency + 0.004 * normal(rng));
        let loss = kw / running * (1.0 / efficiency - 1.0);

        let inlet = ambient + around(rng, 3.7, 0.6);
        let fan_x = progress("fan");
        let fan_flow =
            if fan_x > 0.0 { 0.5 * (self.fan_step + (1.0 - self.fan_step) * fan_x) } else { 0.0 };
        let flow = (1.0 - 0.5 * progress("filter").min(1.8))
            * (1.0 - fan_flow.min(0.9))
            * (-self.dust / 0.8).exp();
        // The controller turns the fans up with temperature; twice round settles it.
        let mut fan = 55.0;
        let heated = 1.0 - (-minutes / 7.0).exp();
        for _ in 0..3 {
            let fan_share: f64 = fan / 60.0;
            let rise = 52.0
                * fixed.heat
                * loss
                * fan_share.powf(-0.7)
                * flow.powf(-0.8)
                * fixed.altitude_factor
                * heated;
            fan = (32.0 + fixed.fan_gain * (inlet + rise - 45.0)).clamp(30.0, 100.0);
        }
        let fan = (fan + 2.0 * normal(rng)).clamp(30.0, 120.0);
        let rise = 52.0
            * fixed.heat
            * loss
            * (fan / 60.0).powf(-0.7)
            * flow.powf(-0.8)
            * fixed.altitude_factor
            * heated;
        let hottest = inlet + rise * (1.0 + 0.045 * normal(rng));

        let ripple = (fixed.ripple.0 + fixed.ripple.1 * per_module)
            * r
            * (-0.012 * (hottest - 45.0)).exp()
            * (0.05 * normal(rng)).exp();
        let share = (rms / 250.0).powi(2) * (1.0 - (-minutes / fixed.contact_tau).exp());
        let worn = (50.0 - fixed.contact_k * fixed.contact_ratio) * progress("connector");
        let positive = ambient
            + (fixed.contact_k * fixed.contact_ratio + worn) * share
            + fixed.gun_offset
            + self.swapped
            + 0.8 * normal(rng);
        let negative = ambient + fixed.contact_k * share + 0.8 * normal(rng);

        let metered = module_energy
            * (fixed.meter + 0.01 * self.meter_side * progress("meter") + 0.003 * normal(rng))
                .exp();
        let vehicle = module_energy * (vehicle_offset + 0.004 * normal(rng)).exp();
        let healthy = fixed.insulation + fixed.insulation_slope * humidity;
        let insulation =
            10f64.powf(healthy - progress("insulation") * (healthy - 2.0) + 0.05 * normal(rng));
        let frames = (minutes * 1_740.0).round();
        let error_rate =
            10f64.powf(fixed.can + (-2.0 - fixed.can) * progress("can") + 0.12 * normal(rng));
        let errors = poisson(rng, frames * error_rate);
        let heater = 0.75 * (8.0 - ambient).max(0.0);
        let idle =
            fixed.idle * (1.0 + 0.9 * progress("standby")) * (1.0 + 0.03 * normal(rng)) + heater;
        SessionRecord {
            start: Instant::from_days_f64((self.at * 1e4).round() / 1e4).unwrap(),
            duration_min: rounded(minutes, 0.1),
            ambient_c: rounded(ambient + 0.3 * normal(rng), 0.1),
            humidity_pct: rounded(humidity, 1.0),
            mean_current_a: rounded(current * (1.0 + 0.003 * normal(rng)), 0.1),
            rms_current_a: rounded(rms, 0.1),
            mean_voltage_v: rounded(volts, 0.1),
            input_kwh: rounded(input, 0.001),
            metered_kwh: rounded(metered, 0.001),
            module_kwh: rounded(module_energy, 0.001),
            vehicle_kwh: rounded(vehicle, 0.001),
            modules_running: rounded(running, 1.0),
            module_inlet_c: rounded(inlet, 0.1),
            module_hottest_c: rounded(hottest, 0.1),
            fan_pct: rounded(fan, 1.0),
            ripple_mv: rounded(ripple, 0.1),
            inrush_a: rounded(
                fixed.inrush * (1.0 + 1.6 * progress("contactor")) * (0.23 * normal(rng)).exp(),
                0.1,
            ),
            closing_ms: rounded(
                fixed.closing * (1.0 + 0.45 * progress("contactor")) * (1.0 + 0.03 * normal(rng)),
                0.1,
            ),
            gun_positive_c: rounded(positive, 0.1),
            gun_negative_c: rounded(negative, 0.1),
            insulation_kohm: rounded(insulation.min(9_999.0), 1.0),
            can_errors: rounded(errors, 1.0),
            can_frames: rounded(frames, 1.0),
            idle_w: rounded(idle, 0.1),
        }
    }
}

fn poisson(rng: &mut ChaCha8Rng, mean: f64) -> f64 {
    if mean > 30.0 {
        return around(rng, mean, mean.sqrt()).round().max(0.0);
    }
    let (mut count, mut left) = (0.0, (-mean).exp());
    let mut product: f64 = rng.random_range(0.0..1.0);
    while product > left {
        count += 1.0;
        product *= rng.random_range(0.0..1.0);
        left = left.max(1e-300);
    }
    count
}

#[expect(clippy::cast_possible_truncation, reason = "readings")]
fn narrow(x: f64) -> f32 {
    x as f32
}

#[expect(clippy::unnecessary_wraps, reason = "fits the fields")]
fn rounded(x: f64, step: f64) -> Option<f32> {
    Some(narrow((x / step).round() * step))
}

/// Lost cells and gross errors: times 0, 3 or -1.
fn spoil(rng: &mut ChaCha8Rng, record: &mut SessionRecord) {
    let cells = [
        &mut record.ambient_c,
        &mut record.humidity_pct,
        &mut record.mean_current_a,
        &mut record.rms_current_a,
        &mut record.mean_voltage_v,
        &mut record.input_kwh,
        &mut record.metered_kwh,
        &mut record.module_kwh,
        &mut record.vehicle_kwh,
        &mut record.modules_running,
        &mut record.module_inlet_c,
        &mut record.module_hottest_c,
        &mut record.fan_pct,
        &mut record.ripple_mv,
        &mut record.inrush_a,
        &mut record.closing_ms,
        &mut record.gun_positive_c,
        &mut record.gun_negative_c,
        &mut record.insulation_kohm,
        &mut record.can_errors,
        &mut record.can_frames,
        &mut record.idle_w,
    ];
    for cell in cells {
        match rng.next_u32() % 1_000 {
            0..18 => *cell = None,
            18..22 => {
                let factor = [0.0, 3.0, -1.0][rng.random_range(0..3)];
                *cell = cell.map(|x| x * factor);
            }
            _ => {}
        }
    }
}
