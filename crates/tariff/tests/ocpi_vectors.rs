//! The OCPI vectors, answered by the tool's own code.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]
#![cfg(all(feature = "json", feature = "chrono-tz"))]

mod common;
#[path = "../examples/tariff/price.rs"]
mod price;
#[path = "../examples/tariff/session.rs"]
mod session;
#[path = "../examples/tariff/text.rs"]
mod text;

use rust_decimal::Decimal;
use serde_json::Value;

fn decimal(value: &Value) -> Option<Decimal> {
    value.as_str().map(|text| text.parse().unwrap())
}

/// Both are 'no such thing', or zero stands for nothing, or they lie within the tolerance.
fn close(expected: &Value, got: &Value, tolerance: Decimal) -> bool {
    match (decimal(expected), decimal(got)) {
        (Some(expected), Some(got)) => (expected - got).abs() <= tolerance,
        (None, got) => got.is_none_or(|got| got.is_zero()),
        (Some(_), None) => false,
    }
}

/// A cost as the README of the vectors judges it.
fn cost_is_right(expected: &Value, got: &Value) -> bool {
    let tolerance = Decimal::new(5, 5);
    if expected.is_null() {
        return got.is_null() || close(&Value::Null, &got["excl"], tolerance);
    }
    let (excl, incl) = (&expected["excl"], &expected["incl"]);
    match (excl.is_null(), incl.is_null()) {
        (true, true) => true,
        (true, false) => got["excl"].is_null() && close(incl, &got["incl"], tolerance),
        (false, true) => close(excl, &got["excl"], tolerance),
        (false, false) => {
            close(excl, &got["excl"], tolerance) && close(incl, &got["incl"], tolerance)
        }
    }
}

fn period_is_right(id: &str, expected: &Value, got: &Value) {
    for (key, expected) in expected.as_object().unwrap() {
        let got = &got[key];
        if let Some(instant) = expected.as_str() {
            assert_eq!(instant, got, "{id}: {key}");
            continue;
        }
        for (field, expected) in expected.as_object().unwrap() {
            let right = if field == "cost" {
                cost_is_right(expected, &got["cost"])
            } else {
                expected.is_null() == got[field].is_null()
                    && close(expected, &got[field], Decimal::new(1, 9))
            };
            assert!(right, "{id}: {key}.{field}: {expected} but {}", got[field]);
        }
    }
}

fn check(file: &str) {
    for (line, case) in common::cases(file) {
        let id = case["id"].as_str().unwrap();
        let answer = price::price(&line).map_err(|error| format!("{id}: {error:#}")).unwrap();
        let result = &answer["result"];
        for (key, expected) in case["expect"].as_object().unwrap() {
            match key.as_str() {
                "periods" => {
                    let (expected, got) =
                        (expected.as_array().unwrap(), result[key].as_array().unwrap());
                    assert_eq!(expected.len(), got.len(), "{id}: periods");
                    for (expected, got) in expected.iter().zip(got) {
                        period_is_right(id, expected, got);
                    }
                }
                "total_excl" => {
                    assert!(close(expected, &result[key], Decimal::ZERO), "{id}: {result}");
                }
                _ if key.ends_with("_cost") => {
                    assert!(
                        cost_is_right(expected, &result[key]),
                        "{id}: {key}: {expected} but {}",
                        result[key]
                    );
                }
                _ => assert!(
                    close(expected, &result[key], Decimal::new(1, 9)),
                    "{id}: {key}: {expected} but {}",
                    result[key]
                ),
            }
        }
        if let Some(warning) = case.get("must_warn") {
            assert!(answer["warnings"].as_array().unwrap().contains(warning), "{id}: no {warning}");
        }
    }
}

#[test]
fn examples_of_the_specification_and_edge_cases() {
    check("ocpi_spec_and_edge");
}

#[test]
fn popular_tariffs() {
    check("ocpi_popular");
}

#[test]
fn real_records() {
    check("ocpi_real_world");
}

#[test]
fn metered_sessions() {
    check("ocpi_sessions");
}
