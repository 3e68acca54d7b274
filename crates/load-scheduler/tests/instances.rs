//! The shared instances with proven optima, and the inputs that must be refused, through the reader of the `schedule` tool.
//!
//! Read in place from the shared data; without it the tests print a line and pass.
#![cfg(all(feature = "minilp", feature = "microlp"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::float_cmp
)]

#[path = "../examples/schedule/instance.rs"]
mod instance;

use std::path::{Path, PathBuf};

use evse_load_scheduler::{Method, OptimiseError, lp, optimise, verify};
use instance::Instance;
use serde_json::{Value, json};

/// The folder of the shared instances, unless it is absent and nothing demands it.
fn instances() -> Option<PathBuf> {
    let shared = std::env::var_os("EVSE_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let folder = shared.join("data/load-scheduler");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("EVSE_SHARED_REQUIRED").is_none_or(|v| v != "1"),
        "shared data required but absent: {}",
        folder.display()
    );
    println!("skipped: no shared load-scheduler instances");
    None
}

fn backends() -> [&'static dyn lp::Backend; 2] {
    [
        &lp::Microlp { max_columns: 60_000, max_binaries: 1_000, max_nodes: 2_000 },
        &lp::Minilp { max_columns: 8_192 },
    ]
}

/// Every file of the folder that is an instance, by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .filter(|path| !path.ends_with("bad_inputs.json"))
        .collect();
    files.sort();
    files
}

#[test]
fn every_instance_is_solved_to_its_optimum() {
    let Some(folder) = instances() else { return };
    let files = files(&folder);
    assert!(!files.is_empty());
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let instance = Instance::parse(&text).unwrap();
        let found = match optimise(&instance.problem, &backends()) {
            Err(OptimiseError::Infeasible) => {
                assert_eq!(file["expected"]["status"], "infeasible", "{name}");
                continue;
            }
            found => found.unwrap(),
        };
        assert_eq!(file["expected"]["status"], "optimal", "{name}");
        let expected = file["expected"]["objective"].as_f64().unwrap();
        let tolerance = file["expected"]["tol_rel"].as_f64().unwrap() * expected.abs().max(1.0);
        let objective = instance.currency(found.account.total());
        assert!((objective - expected).abs() <= tolerance, "{name}: {objective}, not {expected}");
        assert!(found.is_optimal, "{name}");
        verify(&instance.problem, &found.plan).unwrap();
        if let Some(certificate) = &found.certificate {
            let gap =
                instance.currency(certificate.gap(&instance.problem, &found.account).unwrap());
            assert!((-1e-9..=1e-9 * expected.abs().max(1.0)).contains(&gap), "{name}: gap {gap}");
        }
        let by_hand = settle(&file, &instance.plan_kw(&found.plan));
        // Storage and sun are not in the printed plan.
        let has_more = file.get("storage").is_some() || file.get("pv_kw").is_some();
        assert!(has_more || (by_hand - expected).abs() <= tolerance, "{name}: {by_hand} by hand");
        // The flow never needs a simplex, and every other one is solved by both, and in sums over cars.
        if let Method::LinearProgram(_) = found.method {
            let again = |again: lp::LpPlan| {
                let again = instance.currency(again.account.total());
                assert!((again - expected).abs() <= tolerance, "{name}: {again}");
            };
            for backend in backends() {
                again(lp::solve(&instance.problem, backend).unwrap());
            }
            if !instance.problem.has_minimum_power() {
                again(lp::solve_pooled(&instance.problem, backends()[0]).unwrap());
            }
        }
    }
}

/// The number of a series in a slot.
fn at(series: &Value, slot: usize) -> f64 {
    series.as_f64().or_else(|| series[slot].as_f64()).unwrap_or(0.0)
}

/// An instance without storage or sun, checked and settled in doubles from the printed plan alone, sharing nothing with
/// the crate.
fn settle(file: &Value, plan: &serde_json::Map<String, Value>) -> f64 {
    let slots = usize::try_from(file["slots"].as_u64().unwrap()).unwrap();
    let hours = file["dt_h"].as_f64().unwrap();
    let mut load = vec![0.0; slots];
    let mut of_node = std::collections::HashMap::<&str, Vec<[f64; 3]>>::new();
    let parents: std::collections::HashMap<&str, Option<&str>> = file["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["id"].as_str().unwrap(), node["parent"].as_str()))
        .collect();
    let mut cost = 0.0;
    for session in file["sessions"].as_array().unwrap() {
        let number = |name: &str, default: f64| session[name].as_f64().unwrap_or(default);
        let (eta, v2g) = (number("eta_charge", 1.0), &session["v2g"]);
        let phases: Vec<u64> = session["phases"]
            .as_array()
            .map_or_else(|| vec![0, 1, 2], |set| set.iter().map(|p| p.as_u64().unwrap()).collect());
        let (arrive, depart) = (number("arrive", 0.0), number("depart", 0.0));
        let arrive = arrive.max(number("start_not_before", arrive));
        let mut delivered = 0.0;
        for (slot, power) in
            plan[session["id"].as_str().unwrap()].as_array().unwrap().iter().enumerate()
        {
            let power = power.as_f64().unwrap();
            if power == 0.0 {
                continue;
            }
            assert!(slot as f64 >= arrive.max(0.0) && (slot as f64) < depart);
            assert!(power <= number("max_kw", 0.0) + 1e-6);
            for line in session["taper"].as_array().unwrap_or(&Vec::new()) {
                let slope = line["slope_kw_per_kwh"].as_f64().unwrap();
                assert!(power <= line["intercept_kw"].as_f64().unwrap() - slope * delivered + 1e-6);
            }
            if file["semi_continuous"] == json!(true) {
                assert!(power >= number("min_kw", 0.0) - 1e-6);
            }
            load[slot] += power;
            let mut node = session["node"].as_str();
            while let Some(id) = node {
                let sums = of_node.entry(id).or_insert_with(|| vec![[0.0; 3]; slots]);
                for phase in &phases {
                    sums[slot][usize::try_from(*phase).unwrap()] += power / phases.len() as f64;
                }
                node = parents[id];
            }
            if power >= 0.0 {
                delivered += power * hours * eta;
            } else {
                assert!(-power <= v2g["max_discharge_kw"].as_f64().unwrap() + 1e-6);
                delivered += power * hours / v2g["eta_discharge"].as_f64().unwrap();
                cost -= power * hours * v2g["wear_per_kwh"].as_f64().unwrap();
            }
            if v2g.is_object() {
                let content = v2g["initial_kwh"].as_f64().unwrap() + delivered;
                assert!(content >= v2g["min_kwh"].as_f64().unwrap() - 1e-6);
                assert!(content <= v2g["max_kwh"].as_f64().unwrap() + 1e-6);
            }
        }
        let missing = number("energy_kwh", 0.0) - delivered;
        assert!(missing >= -1e-6 || v2g.is_object());
        cost += missing.max(0.0) * number("unserved_penalty", 0.0);
    }
    for node in file["nodes"].as_array().unwrap() {
        let Some(sums) = of_node.get(node["id"].as_str().unwrap()) else { continue };
        for phases in sums {
            let sum: f64 = phases.iter().sum();
            assert!(sum.abs() <= node["limit_kw"].as_f64().unwrap() + 1e-6);
            let most = phases.iter().fold(f64::MIN, |a, b| a.max(*b));
            let least = phases.iter().fold(f64::MAX, |a, b| a.min(*b));
            assert!(most <= node["phase_limit_kw"].as_f64().unwrap_or(f64::MAX) + 1e-6);
            assert!(most - least <= node["unbalance_kw"].as_f64().unwrap_or(f64::MAX) + 1e-6);
        }
    }
    let grid = &file["grid"];
    let mut highest = grid["peak_so_far_kw"].as_f64().unwrap_or(0.0);
    for (slot, load) in load.iter().enumerate() {
        let background = at(&grid["background_kw"], slot);
        let net = background + load;
        let import = net.max(0.0);
        if file.get("pv_kw").is_none() && file.get("storage").is_none() {
            assert!(import <= at(&grid["import_limit_kw"], slot).max(background) + 1e-6);
            assert!(-net <= at(&grid["export_limit_kw"], slot) + 1e-6);
        }
        cost += at(&grid["price"], slot) * hours * (import - background);
        cost -= at(&grid["export_price"], slot) * hours * (-net).max(0.0);
        highest = highest.max(import);
    }
    let so_far = grid["peak_so_far_kw"].as_f64().unwrap_or(0.0);
    cost + grid["demand_charge"].as_f64().unwrap_or(0.0) * (highest - so_far)
}

/// Follows a path of keys and indices.
fn place<'v>(value: &'v mut Value, path: &Value) -> &'v mut Value {
    path.as_array().unwrap().iter().fold(value, |value, step| match step {
        Value::String(key) => &mut value[key.as_str()],
        index => &mut value[usize::try_from(index.as_u64().unwrap()).unwrap()],
    })
}

/// A base instance changed as a case of `bad_inputs.json` says, as text.
fn changed(mut base: Value, ops: &Value) -> String {
    for (path, value) in pairs(&ops["append"]) {
        place(&mut base, &path).as_array_mut().unwrap().push(value);
    }
    for (path, value) in pairs(&ops["set"]) {
        *place(&mut base, &path) = value;
    }
    if ops["pop"].is_array() {
        place(&mut base, &ops["pop"]).as_array_mut().unwrap().pop();
    }
    if let Some(count) = ops["chain_nodes"].as_u64() {
        let node = |i: u64| {
            let parent = i.checked_sub(1).map(|i| format!("n{i}"));
            json!({"id": format!("n{i}"), "parent": parent, "limit_kw": 100})
        };
        base["nodes"] = (0..count).map(node).collect();
        for session in base["sessions"].as_array_mut().unwrap() {
            session["node"] = json!(format!("n{}", count - 1));
        }
    }
    if let Some(count) = ops["copies"].as_u64() {
        let first = base["sessions"][0].clone();
        let copy = |i| {
            let mut session = first.clone();
            session["id"] = json!(format!("c{i}"));
            session
        };
        base["sessions"] = (0..count).map(copy).collect();
    }
    let mut text = base.to_string().replace("\"@nan\"", "NaN").replace("\"@inf\"", "1e999");
    if let Some(length) = ops["truncate"].as_u64() {
        text.truncate(usize::try_from(length).unwrap());
    }
    text
}

fn pairs(list: &Value) -> Vec<(Value, Value)> {
    let pairs = list.as_array().map_or(&[][..], Vec::as_slice);
    pairs.iter().map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

fn assert_case(base: &Value, ops: &Value, expect: &Value, name: &str) {
    let parsed = Instance::parse(&changed(base.clone(), ops));
    if expect["error"] == "invalid" {
        assert!(parsed.is_err(), "{name} was accepted");
        return;
    }
    let instance = parsed.unwrap();
    let found = optimise(&instance.problem, &backends()).unwrap();
    let objective = instance.currency(found.account.total());
    let expected = expect["objective"].as_f64().unwrap();
    assert!((objective - expected).abs() <= 1e-6 * expected.abs().max(1.0), "{name}: {objective}");
}

#[test]
fn bad_inputs_are_refused_or_have_their_result() {
    let Some(folder) = instances() else { return };
    let read = |name: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
    };
    let bad = read("bad_inputs.json");
    let base = read(bad["base"].as_str().unwrap());
    for case in bad["cases"].as_array().unwrap() {
        assert_case(&base, &case["ops"], &case["expect"], case["name"].as_str().unwrap());
    }
}

/// A small instance of our own: ten alike sessions, a flat price, exactly 200 kWh.
fn ties() -> Value {
    let sessions: Vec<Value> = (0..10)
        .map(|i| {
            json!({"id": format!("s{i}"), "node": "root", "arrive": 0, "depart": 8, "energy_kwh": 20,
                   "max_kw": 60, "unserved_penalty": 5.0, "priority": 1})
        })
        .collect();
    json!({"format": "load-scheduler-instance/1", "name": "ties", "slots": 8, "dt_h": 0.25,
           "grid": {"price": [1, 1, 1, 1, 1, 1, 1, 1], "import_limit_kw": 100, "background_kw": 0},
           "nodes": [{"id": "root", "parent": null, "limit_kw": 100}], "sessions": sessions})
}

#[test]
fn every_hazard_is_an_error_or_has_its_result() {
    let error = json!({"error": "invalid"});
    let result = |objective: f64| json!({"status": "optimal", "objective": objective});
    let set = |path: Value, value: Value| json!({"set": [[path, value]]});
    let s0 = |key: &str, value: Value| set(json!(["sessions", 0, key]), value);
    let grid = |key: &str, value: Value| set(json!(["grid", key]), value);
    let storage = |key: &str, value: Value| {
        let mut storage = json!({"capacity_kwh": 100, "min_kwh": 10, "initial_kwh": 20,
            "final_min_kwh": 10, "max_charge_kw": 50, "max_discharge_kw": 50, "eta_charge": 0.95,
            "eta_discharge": 0.95, "wear_per_kwh": 0.08});
        storage[key] = value;
        set(json!(["storage"]), json!([storage]))
    };
    let v2g = |key: &str, value: Value| {
        let mut v2g = json!({"max_discharge_kw": 7, "eta_discharge": 0.95, "wear_per_kwh": 0.1,
            "initial_kwh": 15, "min_kwh": 10, "max_kwh": 40});
        v2g[key] = value;
        s0("v2g", v2g)
    };
    for (name, ops, expect) in [
        ("infinite power", s0("max_kw", json!("@inf")), &error),
        ("not a number in energy", s0("energy_kwh", json!("@nan")), &error),
        ("negative energy", s0("energy_kwh", json!(-1)), &error),
        ("text for a number", s0("energy_kwh", json!("much")), &error),
        ("absurd energy", s0("energy_kwh", json!(1e15)), &error),
        ("efficiency 0", s0("eta_charge", json!(0)), &error),
        ("efficiency above 1", s0("eta_charge", json!(1.01)), &error),
        ("negative efficiency", s0("eta_charge", json!(-0.5)), &error),
        ("unknown node", s0("node", json!("nowhere")), &error),
        ("no such phase", s0("phases", json!([3])), &error),
        ("no phase", s0("phases", json!([])), &error),
        ("negative background", grid("background_kw", json!(-1)), &error),
        ("negative demand charge", grid("demand_charge", json!(-1)), &error),
        (
            "export above price",
            json!({"set": [[["grid", "export_limit_kw"], 10], [["grid", "export_price"], 1.5]]}),
            &error,
        ),
        ("negative export limit", grid("export_limit_kw", json!(-1)), &error),
        ("long price", json!({"append": [[["grid", "price"], 1]]}), &error),
        ("no slots", set(json!(["slots"]), json!(0)), &error),
        ("too many slots", set(json!(["slots"]), json!(4_294_967_295u64)), &error),
        ("no slot length", set(json!(["dt_h"]), json!(0)), &error),
        ("negative slot length", set(json!(["dt_h"]), json!(-0.25)), &error),
        ("negative sun", set(json!(["pv_kw"]), json!(-1)), &error),
        ("own parent", set(json!(["nodes", 0, "parent"]), json!("root")), &error),
        ("unknown parent", set(json!(["nodes", 0, "parent"]), json!("x")), &error),
        ("negative node limit", set(json!(["nodes", 0, "limit_kw"]), json!(-1)), &error),
        (
            "node twice",
            json!({"append": [[["nodes"], {"id": "root", "parent": null, "limit_kw": 1}]]}),
            &error,
        ),
        ("storage below its floor", storage("initial_kwh", json!(5)), &error),
        ("storage floor above its top", storage("min_kwh", json!(101)), &error),
        ("storage wear negative", storage("wear_per_kwh", json!(-1)), &error),
        ("storage efficiency", storage("eta_charge", json!(1.5)), &error),
        ("battery above its top", v2g("initial_kwh", json!(50)), &error),
        ("battery below its floor", v2g("initial_kwh", json!(5)), &error),
        ("battery wear negative", v2g("wear_per_kwh", json!(-1)), &error),
        (
            "least power above the most",
            json!({"set": [[["semi_continuous"], true], [["sessions", 0, "min_kw"], 61]]}),
            &error,
        ),
        ("unknown format", set(json!(["format"]), json!("other/1")), &error),
        ("cut off", json!({"truncate": 100}), &error),
        ("empty", json!({"truncate": 0}), &error),
        // Defined results.
        ("nothing asked", s0("energy_kwh", json!(0)), &result(180.0)),
        ("no power", s0("max_kw", json!(0)), &result(280.0)),
        ("arrives before the start", s0("arrive", json!(-5)), &result(200.0)),
        ("leaves after the end", s0("depart", json!(1e9)), &result(200.0)),
        ("no sessions", set(json!(["sessions"]), json!([])), &result(0.0)),
        ("no import", grid("import_limit_kw", json!(0)), &result(1000.0)),
        ("background above the limit", grid("background_kw", json!(150)), &result(1000.0)),
        ("negative price", grid("price", json!(-1)), &result(-200.0)),
        ("more than the window holds", s0("energy_kwh", json!(1_000)), &result(5100.0)),
        (
            "large values",
            json!({"set": [[["sessions", 0, "max_kw"], 1e7], [["sessions", 0, "energy_kwh"], 1e9]]}),
            &result(4_999_999_900.0 + 200.0),
        ),
        ("an export price without export", grid("export_price", json!(9)), &result(200.0)),
        ("a deep tree that is allowed", json!({"chain_nodes": 60}), &result(200.0)),
        (
            "nine orders apart",
            json!({"set": [[["sessions", 0, "max_kw"], 1e-6], [["sessions", 0, "energy_kwh"], 2e-6], [["sessions", 1, "max_kw"], 1e6]]}),
            &result(180.000_002),
        ),
        ("a deep tree", json!({"chain_nodes": 100_000}), &error),
    ] {
        assert_case(&ties(), &ops, expect, name);
    }
    // A hundred thousand copies fit; all but ten are refused their energy.
    assert_case(
        &ties(),
        &json!({"copies": 100_000}),
        &result(5.0 * (2e6 - 200.0) + 200.0),
        "copies",
    );
    // A storage that cannot reach its final content.
    let impossible = json!({"set": [[["storage"], [{"capacity_kwh": 1000, "min_kwh": 0, "initial_kwh": 0,
        "final_min_kwh": 900, "max_charge_kw": 50, "max_discharge_kw": 50, "eta_charge": 0.95,
        "eta_discharge": 0.95}]]]});
    let instance = Instance::parse(&changed(ties(), &impossible)).unwrap();
    assert_eq!(optimise(&instance.problem, &backends()), Err(OptimiseError::Infeasible));
}
