//! The vectors of Chinese billing and settlement, answered by the tool's own code.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]
#![cfg(all(feature = "json", feature = "digest"))]

mod common;
#[path = "../examples/tariff/grid.rs"]
mod grid;
#[path = "../examples/tariff/input.rs"]
mod input;
#[path = "../examples/tariff/settle.rs"]
mod settle;
#[path = "../examples/tariff/text.rs"]
mod text;
#[path = "../examples/tariff/time_of_use.rs"]
mod time_of_use;

use serde_json::Value;

/// Keys that `expected` lacks are ignored; lists are compared in order.
fn assert_matches(id: &str, expected: &Value, got: &Value) {
    match expected {
        Value::Object(fields) => {
            for (key, expected) in fields {
                assert_matches(&format!("{id}.{key}"), expected, &got[key]);
            }
        }
        Value::Array(items) => {
            assert_eq!(Some(items.len()), got.as_array().map(Vec::len), "{id}: {got}");
            for (at, expected) in items.iter().enumerate() {
                assert_matches(&format!("{id}[{at}]"), expected, &got[at]);
            }
        }
        _ => assert_eq!(expected, got, "{id}"),
    }
}

#[test]
fn every_case_of_every_kind() {
    for (line, case) in common::cases("cn_settlement") {
        let id = case["id"].as_str().unwrap();
        let answer = settle::settle(&line).map_err(|error| format!("{id}: {error:#}")).unwrap();
        assert_matches(id, &case["expect"], &answer["result"]);
    }
}
