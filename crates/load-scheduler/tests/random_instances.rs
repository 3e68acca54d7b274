//! Random instances over all that the format `load-scheduler-instance/1` knows, each feature alone and all mixed: the tool's
//! status and objective against a model of its own, solved by `clarabel` (by `microlp` where powers are semi-continuous),
//! and the printed plan checked by that model to 1e-6.
#![cfg(all(feature = "minilp", feature = "microlp"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_precision_loss,
    clippy::float_cmp
)]

#[path = "../examples/schedule/instance.rs"]
mod instance;
#[path = "random_instances/oracle.rs"]
mod oracle;

use evse_load_scheduler::{Method, OptimiseError, lp, optimise, verify};
use instance::Instance;
use oracle::Oracle;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng as StdRng;
use serde_json::{Value, json};

/// What an instance can have beside sessions, prices and a limit.
const FEATURES: [&str; 13] = [
    "tree",
    "background",
    "demand",
    "sun",
    "storage",
    "export",
    "taper",
    "v2g",
    "phases",
    "orders",
    "least",
    "losses",
    "negative",
];

fn backends() -> [&'static dyn lp::Backend; 2] {
    [
        &lp::Microlp { max_columns: 60_000, max_binaries: 1_000, max_nodes: 2_000 },
        &lp::Minilp { max_columns: 8_192 },
    ]
}

/// A number with up to three decimals.
fn number(random: &mut StdRng, from: f64, to: f64) -> f64 {
    let scale = [1.0, 10.0, 1_000.0][random.random_range(0..3)];
    (random.random_range(from..=to) * scale).round() / scale
}

fn maybe(random: &mut StdRng, share: f64) -> bool {
    random.random_bool(share)
}

fn pick<T: Clone>(random: &mut StdRng, from: &[T]) -> T {
    from[random.random_range(0..from.len())].clone()
}

/// One number for all slots, or one for each.
fn series(random: &mut StdRng, slots: usize, from: f64, to: f64) -> Value {
    if maybe(random, 0.3) {
        return json!(number(random, from, to));
    }
    (0..slots).map(|_| number(random, from, to)).collect()
}

fn instance(random: &mut StdRng, features: &[&str]) -> Value {
    let slots = pick(random, &[1usize, 2, 3, 4, 6, 8, 12]);
    let hours = pick(random, &[0.05, 1.0 / 12.0, 1.0 / 6.0, 0.25, 1.0 / 3.0, 0.5, 1.0]);
    let cars = random.random_range(0..7usize);
    instance_of(random, features, slots, hours, cars)
}

fn instance_of(
    random: &mut StdRng,
    features: &[&str],
    slots: usize,
    hours: f64,
    cars: usize,
) -> Value {
    let has = |name: &str| features.contains(&name);
    let prices: Vec<f64> = (0..slots)
        .map(|_| match maybe(random, 0.3) && has("negative") {
            true => -number(random, 0.0, 0.3),
            false => pick(random, &[0.25, 0.55, 0.78, 1.19, 0.392_17]),
        })
        .collect();
    let size = 8.0 * cars as f64;
    let mut grid =
        json!({"price": prices, "import_limit_kw": series(random, slots, 0.0, 30.0 + size)});
    if has("background") {
        grid["background_kw"] = series(random, slots, 0.0, 30.0 + size / 2.0);
    }
    if has("demand") {
        grid["demand_charge"] = number(random, 0.1, 6.0).into();
        grid["peak_so_far_kw"] = number(random, 0.0, 30.0).into();
    }
    if has("export") {
        grid["export_limit_kw"] = series(random, slots, 0.0, 50.0);
        let below: Vec<f64> =
            prices.iter().map(|price| price - pick(random, &[0.0, 0.05, 0.4])).collect();
        grid["export_price"] = json!(below);
    }
    let mut file = json!({
        "format": "load-scheduler-instance/1", "slots": slots, "dt_h": hours, "grid": grid,
    });
    if has("sun") {
        file["pv_kw"] = series(random, slots, 0.0, 60.0);
    }
    if has("storage") {
        file["storage"] = (0..random.random_range(1..3)).map(|_| storage(random)).collect();
    }
    let nodes = nodes(random, &has);
    if has("orders") {
        file["dr_events"] = (0..2)
            .map(|_| {
                let from = random.random_range(0..=slots);
                json!({
                    "from": from, "to": random.random_range(from..=slots + 1),
                    "import_cap_kw": number(random, 0.0, 50.0),
                    "penalty": if maybe(random, 0.5) { Value::Null } else { number(random, 0.0, 4.0).into() },
                })
            })
            .collect();
    }
    file["semi_continuous"] = has("least").into();
    let sessions = (0..cars).map(|id| session(random, id, slots, hours, &nodes, &has));
    file["sessions"] = sessions.collect();
    file["nodes"] = nodes;
    file
}

fn storage(random: &mut StdRng) -> Value {
    let capacity = number(random, 10.0, 200.0);
    let least = number(random, 0.0, 0.3 * capacity).min(capacity);
    let initial = number(random, least, capacity).clamp(least, capacity);
    let mut storage = json!({
        "capacity_kwh": capacity, "min_kwh": least, "initial_kwh": initial,
        "max_charge_kw": number(random, 0.0, 80.0), "max_discharge_kw": number(random, 0.0, 80.0),
        "eta_charge": pick(random, &[1.0, 0.95, 0.937]),
        "eta_discharge": pick(random, &[1.0, 0.95, 0.87]), "wear_per_kwh": pick(random, &[0.02, 0.08]),
    });
    if maybe(random, 0.5) {
        storage["final_min_kwh"] = number(random, 0.0, capacity).min(capacity).into();
    }
    storage
}

fn nodes(random: &mut StdRng, has: &dyn Fn(&str) -> bool) -> Value {
    let mut nodes = vec![json!({"id": "root", "parent": null, "limit_kw": 100_000})];
    if has("tree") || has("phases") {
        nodes[0]["limit_kw"] = number(random, 5.0, 80.0).into();
        for id in 0..random.random_range(0..4) {
            let parent = pick(random, &nodes)["id"].clone();
            let limit = number(random, 0.0, 50.0);
            nodes.push(json!({"id": format!("n{id}"), "parent": parent, "limit_kw": limit}));
        }
    }
    for node in nodes.iter_mut().filter(|_| has("phases")) {
        if maybe(random, 0.6) {
            node["phase_limit_kw"] = number(random, 0.0, 20.0).into();
        }
        if maybe(random, 0.6) {
            node["unbalance_kw"] = number(random, 0.0, 15.0).into();
        }
    }
    nodes.into()
}

fn session(
    random: &mut StdRng,
    id: usize,
    slots: usize,
    hours: f64,
    nodes: &Value,
    has: &dyn Fn(&str) -> bool,
) -> Value {
    let last = i64::try_from(slots).unwrap();
    let arrive = random.random_range(-1..=last);
    let depart = random.random_range(-1..=last + 2);
    let power = pick(random, &[0.0, 3.5, 7.0, 11.0, 22.0, 41.3]);
    let stay = hours * (depart.min(last) - arrive.max(0)).max(0) as f64;
    let energy = number(random, 0.0, (power * stay * 1.3).max(1.0));
    let mut session = json!({
        "id": format!("s{id}"), "arrive": arrive, "depart": depart, "energy_kwh": energy,
        "max_kw": power, "unserved_penalty": pick(random, &[5.0, 8.0, 0.4, 1.37]),
        "priority": random.random_range(0..3),
    });
    if maybe(random, 0.9) {
        session["node"] = pick(random, nodes.as_array().unwrap())["id"].clone();
    }
    if maybe(random, 0.2) {
        session["start_not_before"] = random.random_range(0..=slots).into();
    }
    if has("least") || maybe(random, 0.1) {
        session["min_kw"] = pick(random, &[0.0, 1.38_f64, 4.14, power]).min(power).into();
    }
    if has("losses") {
        session["eta_charge"] = pick(random, &[1.0, 0.95, 0.881]).into();
    }
    if has("phases") && maybe(random, 0.8) {
        let sets: [&[u8]; 7] = [&[0], &[1], &[2], &[0, 1], &[1, 2], &[2, 0], &[0, 1, 2]];
        session["phases"] = json!(pick(random, &sets));
    }
    if has("taper") && maybe(random, 0.7) {
        let lines = (0..random.random_range(1..3)).map(|_| {
            json!({
                "intercept_kw": number(random, 0.5 * power, 2.0 * power),
                "slope_kw_per_kwh": number(random, 0.0, 5.0),
            })
        });
        session["taper"] = lines.collect();
    }
    if has("v2g") && maybe(random, 0.6) {
        let least = number(random, 0.0, 20.0);
        let initial = ((least + number(random, 0.0, 20.0)) * 1e3).round() / 1e3;
        session["v2g"] = json!({
            "max_discharge_kw": pick(random, &[0.0, 7.0, power]), "eta_discharge": pick(random, &[1.0, 0.9]),
            "wear_per_kwh": pick(random, &[0.02, 0.12]), "initial_kwh": initial, "min_kwh": least,
            "max_kwh": ((initial + number(random, 0.0, 1.4 * energy + 1.0)) * 1e3).round() / 1e3,
        });
    }
    session
}

/// Solves an instance as the tool does, and holds it against the oracle; whether there was something to compare.
fn judge(file: &Value) -> bool {
    let text = file.to_string();
    let instance = Instance::parse(&text).unwrap_or_else(|error| panic!("{error:#} in {text}"));
    let oracle = Oracle::new(file);
    let expected = oracle.objective();
    let found = match optimise(&instance.problem, &backends()) {
        Ok(found) => found,
        Err(OptimiseError::Infeasible) => {
            assert!(expected.is_none(), "called infeasible: {text}");
            return true;
        }
        Err(error) => panic!("{error} in {text}"),
    };
    verify(&instance.problem, &found.plan).unwrap();
    let plan = instance.plan_kw(&found.plan);
    oracle.check(&plan).unwrap_or_else(|broken| panic!("{broken} in {text}"));
    let Some(expected) = expected else { return false };
    let ours = instance.currency(found.account.total());
    let tolerance = 2e-6 * expected.abs().max(1.0);
    if found.is_optimal {
        assert!((ours - expected).abs() <= tolerance, "{ours}, not {expected}: {text}");
    } else {
        assert!(ours >= expected - tolerance, "{ours} below {expected}: {text}");
        assert_ne!(found.method, Method::Flow);
    }
    found.is_optimal
}

#[test]
fn each_feature_alone() {
    for (number, feature) in (0u64..).zip(FEATURES) {
        let mut random = StdRng::seed_from_u64(1_000 + number);
        for _ in 0..25 {
            judge(&instance(&mut random, &[feature]));
        }
    }
}

#[test]
fn features_mixed() {
    let mut random = StdRng::seed_from_u64(7);
    let cases = std::env::var("EVSE_RANDOM_INSTANCES").ok().and_then(|n| n.parse().ok());
    let cases = cases.unwrap_or(400);
    let mut compared = 0;
    for _ in 0..cases {
        let features: Vec<&str> =
            FEATURES.into_iter().filter(|_| random.random_bool(0.3)).collect();
        compared += usize::from(judge(&instance(&mut random, &features)));
    }
    assert!(compared * 10 >= cases * 8, "only {compared} of {cases} compared");
}

/// Days on which the sums over cars are the smaller program.
#[test]
fn many_cars() {
    let mut random = StdRng::seed_from_u64(11);
    let cases = std::env::var("EVSE_RANDOM_INSTANCES").ok().and_then(|n| n.parse().ok());
    for _ in 0..cases.unwrap_or(400) / 40 {
        let features: Vec<&str> =
            FEATURES.into_iter().filter(|f| *f != "least" && random.random_bool(0.3)).collect();
        let (slots, cars) = (random.random_range(12..=24), random.random_range(100..400));
        judge(&instance_of(&mut random, &features, slots, 0.5, cars));
    }
}

/// Instances of your own, in the folder that `EVSE_INSTANCES` names.
#[test]
fn instances_of_a_folder() {
    let Some(folder) = std::env::var_os("EVSE_INSTANCES") else { return };
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files {
        judge(&serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap());
    }
}
