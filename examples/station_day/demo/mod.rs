//! The demonstration day: a station of 55 piles of two guns each, made from a fixed seed, so that the example has input
//! of its own. No measured data is in it.
//!
//! - about 2,000 sessions of taxis and private cars on 110 guns, arriving by an hourly profile with a broad top from late
//!   morning to evening; whoever finds no free gun drives on;
//! - stays of 6 to 48 minutes (mean 27), power limits of 30 to 120 kW, 20 to 70 % of what limit and stay allow as energy;
//! - every tenth driver a VIP;
//! - a background of 60 to 150 kW (lights, cooling, a canteen at noon);
//! - an OCPP 1.6J log of it: register readings every five minutes, one charge point cut off from 11:00 to 11:40 whose
//!   messages come afterwards, some twice, and one overtaken on the way; one that reports a fault and breaks two
//!   sessions off;
//! - the telemetry of the ninety days before (`telemetry.rs`).

mod telemetry;

use std::fmt::Write as _;

use anyhow::Result;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use crate::input::background::Background;
use crate::input::scene::{Car, Scene};
pub use telemetry::Telemetry;

/// The station's limit: one transformer of 2,000 kW.
pub const LIMIT_KW: i64 = 2_000;
/// Local time (China) minus the log's UTC.
pub const UTC_OFFSET_MINUTES: i32 = 480;

const SEED: u64 = 55;
const PILES: usize = 55;
const GUNS_PER_PILE: usize = 2;
const ARRIVALS: usize = 2_150;
/// Arrivals by hour of the day, in no particular unit.
const ARRIVALS_BY_HOUR: [u32; 24] =
    [10, 7, 5, 5, 6, 10, 20, 34, 46, 56, 64, 70, 74, 70, 64, 60, 62, 66, 68, 60, 50, 38, 26, 16];
/// Power limit in kW and how many of 100 cars have it.
const POWER_KW: [(i64, u32); 6] = [(30, 18), (40, 24), (50, 26), (60, 14), (90, 11), (120, 7)];
/// Background in kW at each full hour.
const BACKGROUND_KW: [i64; 24] = [
    62, 60, 60, 60, 61, 64, 72, 86, 98, 108, 118, 138, 150, 132, 120, 118, 118, 122, 128, 126, 112,
    94, 78, 68,
];
const OUTAGE_FROM_MIN: i64 = 11 * 60;
const OUTAGE_UNTIL_MIN: i64 = 11 * 60 + 40;
/// The pile that the outage hits.
const CUT_OFF_PILE: usize = 7;
/// The pile that gets too hot at noon: it says so and breaks off what it is charging.
const HOT_PILE: usize = 19;
const HOT_FROM_MIN: i64 = 12 * 60;
const HOT_UNTIL_MIN: i64 = 13 * 60;

/// The demonstration day.
pub struct Demo {
    pub scene: Scene,
    pub background: Background,
    /// OCPP 1.6J log, JSON Lines.
    pub log: String,
    /// What the chargers measured in the days before.
    pub telemetry: Telemetry,
}

/// Makes the day; the same bytes every time.
pub fn day() -> Result<Demo> {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut arrivals: Vec<i64> = (0..ARRIVALS)
        .map(|_| {
            let hour = pick(&mut random, ARRIVALS_BY_HOUR.iter().copied());
            i64::try_from(hour).unwrap_or(0) * 60 + random.random_range(0..60)
        })
        .collect();
    arrivals.sort_unstable();
    // When each gun of each pile is free again.
    let mut free_at = [[0i64; GUNS_PER_PILE]; PILES];
    let mut cars = Vec::new();
    let mut places = Vec::new();
    for arrive_min in arrivals {
        let stay: i64 = 6 + (0..3).map(|_| random.random_range(0..=14)).sum::<i64>();
        let power_kw = POWER_KW[pick(&mut random, POWER_KW.iter().map(|(_, share)| *share))].0;
        let used_percent: i64 = random.random_range(20..=70);
        let vip = random.random_range(0..10) == 0;
        let busy = |guns: &[i64; GUNS_PER_PILE]| guns.iter().filter(|at| **at > arrive_min).count();
        let Some((pile, guns)) = free_at
            .iter_mut()
            .enumerate()
            .filter(|(_, guns)| busy(guns) < GUNS_PER_PILE)
            .min_by_key(|(pile, guns)| (busy(guns), *pile))
        else {
            continue;
        };
        let Some((gun, until)) = guns.iter_mut().enumerate().find(|(_, at)| **at <= arrive_min)
        else {
            continue;
        };
        *until = arrive_min + stay;
        places.push((pile, gun));
        cars.push(Car {
            arrive_min,
            depart_min: arrive_min + stay,
            energy_wh: power_kw * 1_000 * stay * used_percent / 6_000,
            max_power_w: power_kw * 1_000,
            vip,
        });
    }
    let log = log(&cars, &places, &mut random)?;
    let watts = (0..1_440).map(background_w).collect();
    let scene = Scene { name: "demonstration day".into(), cars, remarks: Vec::new() };
    Ok(Demo { scene, background: Background::new(watts), log, telemetry: telemetry::make()? })
}

/// What a pile is called in log and telemetry.
fn pile_name(pile: usize) -> String {
    format!("DEMO-{:02}", pile + 1)
}

/// Index drawn with the given weights.
fn pick(random: &mut ChaCha8Rng, weights: impl Iterator<Item = u32> + Clone) -> usize {
    let mut left = random.random_range(0..weights.clone().sum());
    for (index, weight) in weights.enumerate() {
        if left < weight {
            return index;
        }
        left -= weight;
    }
    0
}

/// Linear between the full hours, in steps of a quarter of an hour.
fn background_w(minute: usize) -> i64 {
    let (hour, quarter) = (minute / 60, i64::try_from(minute % 60 / 15).unwrap_or(0));
    let from = BACKGROUND_KW[hour % 24];
    let to = BACKGROUND_KW[(hour + 1) % 24];
    from * 1_000 + (to - from) * 250 * quarter
}

/// A message on its way: when it is received, its order among those of the same instant, and its line.
type Sent = (DateTime<Utc>, usize, String);

fn log(cars: &[Car], places: &[(usize, usize)], random: &mut ChaCha8Rng) -> Result<String> {
    let midnight = NaiveDate::from_ymd_opt(2026, 6, 15)
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .map(|local| local.and_utc() - Duration::minutes(UTC_OFFSET_MINUTES.into()))
        .unwrap_or_default();
    let at = |minute: i64| midnight + Duration::minutes(minute);
    let text = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut sent: Vec<Sent> = Vec::new();
    let mut registers = [[1_000_000i64; GUNS_PER_PILE]; PILES];
    for (index, (car, (pile, gun))) in cars.iter().zip(places).enumerate() {
        let charge_point = pile_name(*pile);
        let register = &mut registers[*pile][*gun];
        let transaction = 40_000 + index;
        let (from, to) = (car.arrive_min, car.depart_min);
        let mut own: Vec<(i64, String, &str, serde_json::Value)> = Vec::new();
        own.push((
            from,
            format!("{transaction}-start"),
            "StartTransaction",
            json!({
                "connectorId": gun + 1,
                "idTag": format!("DEMO{:04}", random.random_range(0..600)),
                "meterStart": *register,
                "timestamp": text(at(from)),
            }),
        ));
        for minute in (from + 5..to).step_by(5) {
            let value = *register + car.energy_wh * (minute - from) / (to - from);
            own.push((
                minute,
                format!("{transaction}-{minute}"),
                "MeterValues",
                json!({
                    "connectorId": gun + 1,
                    "transactionId": transaction,
                    "meterValue": [{
                        "timestamp": text(at(minute)),
                        "sampledValue": [{
                            "value": value.to_string(),
                            "measurand": "Energy.Active.Import.Register",
                            "unit": "Wh",
                        }],
                    }],
                }),
            ));
        }
        *register += car.energy_wh;
        let mut stop = json!({
            "transactionId": transaction,
            "meterStop": *register,
            "timestamp": text(at(to)),
        });
        if *pile == HOT_PILE && (HOT_FROM_MIN..HOT_UNTIL_MIN).contains(&to) {
            stop["reason"] = json!("EmergencyStop");
            own.push((
                to,
                format!("{transaction}-fault"),
                "StatusNotification",
                json!({
                    "connectorId": gun + 1,
                    "errorCode": "HighTemperature",
                    "status": "Faulted",
                    "timestamp": text(at(to)),
                }),
            ));
        }
        own.push((to, format!("{transaction}-stop"), "StopTransaction", stop));
        for (minute, id, action, payload) in own {
            let cut_off =
                *pile == CUT_OFF_PILE && (OUTAGE_FROM_MIN..OUTAGE_UNTIL_MIN).contains(&minute);
            // After an outage the queue is sent in its order; one reading of it is overtaken.
            let delay = match (cut_off, action) {
                (false, _) => Duration::seconds(1),
                (true, "MeterValues") if gun == &1 => {
                    Duration::minutes(OUTAGE_UNTIL_MIN - minute + 9)
                }
                (true, _) => Duration::minutes(OUTAGE_UNTIL_MIN - minute),
            };
            let received = at(minute) + delay;
            let call = json!({
                "rx": text(received),
                "cp": charge_point,
                "dir": "up",
                "msg": [2, id, action, payload],
            });
            let answer = match action {
                "StartTransaction" => {
                    json!({ "transactionId": transaction, "idTagInfo": { "status": "Accepted" } })
                }
                _ => json!({}),
            };
            let answer = json!({
                "rx": text(received), "cp": charge_point, "dir": "down", "msg": [3, id, answer],
            });
            sent.push((received, sent.len(), call.to_string()));
            sent.push((received, sent.len(), answer.to_string()));
            if cut_off && action == "StopTransaction" {
                // The answer was lost; the charge point sends once more.
                let again = received + Duration::seconds(30);
                sent.push((again, sent.len(), call.to_string()));
            }
        }
    }
    sent.sort_unstable();
    let mut log = String::new();
    for (_, _, line) in sent {
        writeln!(log, "{line}")?;
    }
    Ok(log)
}
