//! The settlement vectors that the time-of-use core answers: `tou_session` and `split`.
//! They are read in place; see `docs/CONVENTIONS.md`, 'Tests, fuzzing, budgets'.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

use std::path::{Path, PathBuf};

use evse_tariff::{
    Band, Calendar, DayTable, FixedOffset, MicroWattHours, Policy, PricePerKwh, Rate, Reading,
    Session, Tariff, TimeOfUse, Timestamp, settlement,
};
use serde_json::Value;

fn shared(file: &str) -> Option<PathBuf> {
    let root = std::env::var_os("EVSE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join(file);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var("EVSE_SHARED_REQUIRED").is_ok_and(|value| value == "1");
    assert!(!required, "{} is missing", path.display());
    println!("skipped: no {}", path.display());
    None
}

fn cases(kind: &str) -> Vec<Value> {
    let Some(path) = shared("vectors/tariff/cn_settlement.jsonl") else {
        return Vec::new();
    };
    let text = std::fs::read_to_string(path).unwrap();
    let all = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let found: Vec<_> = all.filter(|case| case["kind"] == kind).collect();
    assert!(!found.is_empty(), "no case of kind {kind}");
    found
}

fn at(text: &str) -> Timestamp {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap();
    Timestamp::from_unix_millis(local.and_utc().timestamp_millis() - 8 * 3_600_000)
}

#[test]
fn tou_sessions() {
    for case in cases("tou_session") {
        let id = case["id"].as_str().unwrap();
        assert_eq!(case["tz_offset_s"], 28_800, "{id}");
        let model = &case["model"];
        let names: Vec<&str> = model["rates"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["name"].as_str().unwrap())
            .collect();
        let price = |rate: &Value, key: &str| -> PricePerKwh {
            rate[key].as_str().unwrap().parse().unwrap()
        };
        let rates: Vec<Rate> = model["rates"]
            .as_array()
            .unwrap()
            .iter()
            .zip(0..)
            .map(|(rate, number)| Rate {
                band: Band::Numbered(number),
                electricity: price(rate, "elec"),
                service: price(rate, "service"),
            })
            .collect();
        let digits = model["slots"].as_str().unwrap().chars();
        let slots: Vec<u8> = digits.map(|c| c.to_digit(16).unwrap().try_into().unwrap()).collect();
        let days = [DayTable::from_half_hours(slots.try_into().unwrap())];
        let table = TimeOfUse::new(&rates, &days, Calendar::EVERY_DAY).unwrap();
        let loss_bp = model["loss_bp"].as_u64().unwrap().try_into().unwrap();
        let policy = Policy { loss_bp, ..Policy::YKC };
        let tariff = Tariff { table, zone: FixedOffset::CHINA, policy };

        let mut session = Session::new();
        for reading in case["readings"].as_array().unwrap() {
            let register = MicroWattHours::parse_kwh(reading[1].as_str().unwrap()).unwrap();
            let reading = Reading { at: at(reading[0].as_str().unwrap()), register };
            session.handle_reading(&tariff, reading).unwrap();
        }
        let bill = session.bill(&tariff).unwrap();

        let expect = &case["expect"];
        let kwh = |text: &Value| MicroWattHours::parse_kwh(text.as_str().unwrap()).unwrap();
        let by_rate = expect["by_rate"].as_object().unwrap();
        assert_eq!(bill.lines().count(), by_rate.len(), "{id}: rates touched");
        for line in bill.lines() {
            let expected = &by_rate[names[usize::from(line.index)]];
            assert_eq!(line.energy.to_nearest(), kwh(&expected["energy"]), "{id}");
            assert_eq!(line.billed_energy.to_nearest(), kwh(&expected["billed_energy"]), "{id}");
            let money = |key: &str| expected[key].as_str().unwrap().parse().unwrap();
            assert_eq!(line.electricity, money("elec"), "{id}");
            assert_eq!(line.service, money("service"), "{id}");
            assert_eq!(line.electricity.checked_add(line.service), Some(money("amount")), "{id}");
        }
        assert_eq!(bill.energy, kwh(&expect["total_energy"]), "{id}");
        assert_eq!(bill.total.to_minor(), expect["settle_fen"].as_i64(), "{id}");
    }
}

#[test]
fn splits() {
    for case in cases("split") {
        let numbers = |value: &Value| -> Vec<i64> {
            value.as_array().unwrap().iter().map(|n| n.as_i64().unwrap()).collect()
        };
        let weights: Vec<u64> =
            numbers(&case["weights"]).iter().map(|n| u64::try_from(*n).unwrap()).collect();
        let mut parts = vec![0; weights.len()];
        settlement::split(case["total"].as_i64().unwrap(), &weights, &mut parts).unwrap();
        assert_eq!(parts, numbers(&case["expect"]["parts"]), "{}", case["id"]);
    }
}
