//! Agreement with a JSON-Schema validator on mutated messages: strict decoding accepts exactly what the schemas do.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    reason = "a failed expectation is the failed test"
)]

mod common;

use std::collections::BTreeMap;

use evse_ocpp::message::{Mode, Version};
use serde_json::{Value, json};

/// A small generator of numbers; the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides.max(1)
    }
}

/// Changes one place of the value, somewhere down in it.
fn mutate(value: &mut Value, dice: &mut Dice) {
    let deeper = dice.roll(4) > 0;
    match value {
        Value::Object(members) if deeper && !members.is_empty() => {
            let key = members.keys().nth(dice.roll(members.len())).expect("within").clone();
            match dice.roll(6) {
                0 => drop(members.remove(&key)),
                1 => drop(members.insert("stranger".into(), json!(1))),
                _ => mutate(&mut members[&key], dice),
            }
        }
        Value::Array(items) if deeper && !items.is_empty() => {
            let index = dice.roll(items.len());
            match dice.roll(6) {
                0 => items.clear(),
                1 => {
                    let item = items[index].clone();
                    items.extend(std::iter::repeat_n(item, dice.roll(12)));
                }
                _ => mutate(&mut items[index], dice),
            }
        }
        Value::String(text) if deeper => match dice.roll(5) {
            0 => text.push_str(&"ü".repeat(dice.roll(600))),
            1 => *text = text.to_uppercase(),
            2 => text.clear(),
            3 => drop(text.pop()),
            _ => *text = "2026-02-28T23:59:59+14:00".into(),
        },
        other => {
            let menu = [
                json!(null),
                json!(true),
                json!(0),
                json!(-1),
                json!(101),
                json!(2.5),
                json!(3.3),
                json!("x"),
                json!({}),
                json!([]),
                json!("Accepted"),
                json!(9_007_199_254_740_993_i64),
                json!([1]),
                json!("2026-02-30T00:00:00Z"),
                json!({"vendorId": "v", "more": [null]}),
            ];
            *other = menu[dice.roll(menu.len())].clone();
        }
    }
}

#[test]
fn mutated_messages() {
    let Some(corpus) = common::shared("vectors/ocpp/messages.jsonl") else { return };
    let mut validators = BTreeMap::new();
    let mut dice = Dice(7);
    let (mut judged, mut accepted) = (0, 0);
    for line in corpus.lines() {
        let row: Value = serde_json::from_str(line).expect("a row");
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let (version, action) = (text("version"), text("action"));
        let (suffix, index) = match text("direction").as_str() {
            "call" => ("Request", 3),
            "callresult" => ("Response", 2),
            "send" => ("", 3),
            _ => continue,
        };
        if row["valid"] != true || action.is_empty() {
            continue;
        }
        let file = format!("schemas/ocpp/{version}/{action}{suffix}.json");
        let validator = validators.entry(file.clone()).or_insert_with(|| {
            let schema = common::shared(&file).expect("its schema");
            let schema: Value = serde_json::from_str(&schema).expect("JSON");
            // No version asks a receiver to check URIs.
            let options = jsonschema::options()
                .should_validate_formats(true)
                .with_format("uri", |_: &str| true);
            options.build(&schema).expect("a schema")
        });
        let frame: Value = serde_json::from_str(&text("frame")).expect("a valid frame");
        let schema = common::schema(Version::parse(&version).expect("a version"));
        let pending = schema.action(&action);
        for _ in 0..80 {
            let mut frame = frame.clone();
            for _ in 0..=dice.roll(2) {
                mutate(&mut frame[index], &mut dice);
            }
            if !frame[index].is_object() {
                continue;
            }
            let bytes = frame.to_string();
            // That validator divides binary floats: 3.3 is no multiple of 0.1 for it.
            let strict = schema.decode(bytes.as_bytes(), &mut Mode::Strict, &mut |_| pending);
            let theirs = validator.is_valid(&frame[index]);
            let only_multiples = !theirs
                && validator.iter_errors(&frame[index]).all(|error| {
                    matches!(
                        error.kind(),
                        jsonschema::error::ValidationErrorKind::MultipleOf { .. }
                    )
                });
            if only_multiples {
                continue;
            }
            assert_eq!(strict.is_ok(), theirs, "{action} {version}: {strict:?}\n{bytes}");
            judged += 1;
            accepted += usize::from(theirs);
        }
    }
    assert!(judged > 20_000 && accepted > 1_000, "{judged} judged, {accepted} valid");
}
