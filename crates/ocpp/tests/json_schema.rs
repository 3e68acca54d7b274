//! Agreement with a JSON-Schema validator: strict decoding accepts exactly what the schemas do. Once on changes made at
//! random to the messages of the corpus, and once on every single change of every rule of every schema.
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

use evse_ocpp::message::{Exchange, Mode, Version};
use serde_json::{Value, json};

/// The published schema of a message and a validator for it; `None` without the shared data.
fn published(
    version: Version,
    action: &str,
    suffix: &str,
) -> Option<(Value, jsonschema::Validator)> {
    let schema = common::shared(&format!("schemas/ocpp/{version}/{action}{suffix}.json"))?;
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    // No version asks a receiver to check URIs.
    let options =
        jsonschema::options().should_validate_formats(true).with_format("uri", |_: &str| true);
    let validator = options.build(&schema).expect("a schema");
    Some((schema, validator))
}

/// What the validator says; `None` if it only objects to multiples. It divides binary floats: 3.3 is no multiple of 0.1
/// for it.
fn verdict(validator: &jsonschema::Validator, payload: &Value) -> Option<bool> {
    use jsonschema::error::ValidationErrorKind::MultipleOf;
    let is_valid = validator.is_valid(payload);
    let multiples =
        |error: jsonschema::ValidationError<'_>| matches!(error.kind(), MultipleOf { .. });
    (is_valid || !validator.iter_errors(payload).all(multiples)).then_some(is_valid)
}

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
        let version = Version::parse(&version).expect("a version");
        let (_, validator) = validators
            .entry((version, action.clone(), suffix))
            .or_insert_with(|| published(version, &action, suffix).expect("its schema"));
        let frame: Value = serde_json::from_str(&text("frame")).expect("a valid frame");
        let schema = common::schema(version);
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
            let strict = schema.decode(bytes.as_bytes(), &mut Mode::Strict, &mut |_| pending);
            let Some(theirs) = verdict(validator, &frame[index]) else { continue };
            assert_eq!(strict.is_ok(), theirs, "{action} {version}: {strict:?}\n{bytes}");
            judged += 1;
            accepted += usize::from(theirs);
        }
    }
    assert!(judged > 20_000 && accepted > 1_000, "{judged} judged, {accepted} valid");
}

/// What to do at one place of a message.
enum Change {
    Put(Value),
    Remove(String),
    Insert(&'static str),
}

/// A schema with the definitions that it refers to.
#[derive(Clone, Copy)]
struct Rules<'s> {
    root: &'s Value,
    here: &'s Value,
}

impl<'s> Rules<'s> {
    /// The rules of a part, its reference followed.
    fn at(self, part: &'s Value) -> Self {
        let target = part["$ref"].as_str().and_then(|target| target.strip_prefix('#'));
        let here = target.map_or(part, |target| self.root.pointer(target).expect("defined"));
        Self { here, ..self }
    }

    /// A bound; the schemas write whole ones, some with a fraction of zero.
    fn number(self, name: &str) -> Option<i32> {
        let bound = self.here[name].as_f64()?;
        Some(bound.to_string().parse().expect("a whole bound"))
    }

    /// A valid value with every member there is.
    fn example(self) -> Value {
        if let Some(first) = self.here["enum"].get(0) {
            return first.clone();
        }
        let within = |wanted: i32| {
            let least = self.number("minimum").unwrap_or(wanted);
            wanted.max(least).min(self.number("maximum").unwrap_or(i32::MAX))
        };
        match self.here["type"].as_str() {
            Some("object") => {
                let members = self.here["properties"].as_object().into_iter().flatten();
                members.map(|(name, part)| (name.clone(), self.at(part).example())).collect()
            }
            Some("array") => {
                let least = self.here["minItems"].as_u64().unwrap_or(1).max(1);
                let item = self.at(&self.here["items"]).example();
                (0..least).map(|_| item.clone()).collect()
            }
            Some("string") if self.here["format"] == "date-time" => json!("2026-05-01T10:00:00Z"),
            Some("string") => json!("x"),
            Some("boolean") => json!(true),
            Some("integer" | "number") => json!(within(1)),
            _ => json!({ "any": [null] }),
        }
    }

    /// Every change of the value at `place`, and of what lies below it, that some rule might forbid.
    fn changes(self, place: &str, value: &Value, out: &mut Vec<(String, Change)>) {
        let mut put = |value: Value| out.push((place.to_owned(), Change::Put(value)));
        let misfits = [
            json!(null),
            json!(true),
            json!(0),
            json!(-1),
            json!(1.0),
            json!(0.25),
            json!(3.3),
            json!(9_007_199_254_740_993_i64),
            json!("x"),
            json!(""),
            json!("1"),
            json!({}),
            json!([]),
            json!([null]),
            json!([{}]),
            json!(["x"]),
            json!({ "vendorId": "v", "more": 1 }),
        ];
        misfits.into_iter().for_each(&mut put);
        for bound in ["minimum", "maximum"].into_iter().filter_map(|name| self.number(name)) {
            let near = [bound - 1, bound, bound + 1];
            near.into_iter().for_each(|value| put(json!(value)));
            put(json!(f64::from(bound) - 0.5));
            put(json!(f64::from(bound) + 0.5));
        }
        if let Some(most) = self.here["maxLength"].as_u64() {
            let most = usize::try_from(most).expect("small");
            ["a", "\u{fc}", "\u{1F50C}"].into_iter().for_each(|character| {
                put(json!(character.repeat(most)));
                put(json!(character.repeat(most + 1)));
            });
        }
        for text in self.here["enum"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            put(json!(text));
            put(json!(text.to_lowercase()));
            put(json!(format!("{text} ")));
        }
        if self.here["format"] == "date-time" {
            DATES.into_iter().for_each(|text| put(json!(text)));
        }
        match value {
            Value::Array(items) => {
                let item = items.first().expect("an example has one");
                for name in ["minItems", "maxItems"] {
                    let Some(bound) = self.here[name].as_u64() else { continue };
                    for count in [bound.saturating_sub(1), bound, bound + 1] {
                        put((0..count).map(|_| item.clone()).collect());
                    }
                }
                self.at(&self.here["items"]).changes(&format!("{place}/0"), item, out);
            }
            Value::Object(members) => {
                out.push((place.to_owned(), Change::Insert("stranger")));
                out.push((place.to_owned(), Change::Insert("customData")));
                for (name, member) in members {
                    out.push((place.to_owned(), Change::Remove(name.clone())));
                    let part = &self.here["properties"][name];
                    if part.is_object() {
                        self.at(part).changes(&format!("{place}/{name}"), member, out);
                    }
                }
            }
            _ => {}
        }
    }
}

const DATES: [&str; 16] = [
    "2024-02-29T23:59:59.123456789+05:30",
    "2023-02-29T00:00:00Z",
    "2000-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2024-04-31T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T00:60:00Z",
    "2024-01-01T00:00:00",
    "2024-01-01T00:00:00+02",
    "2024-01-01T00:00:00+0200",
    "2024-01-01T00:00:00.Z",
    "2024-01-01T00:00Z",
    "2024-1-1T00:00:00Z",
    "2024-01-01",
    "0001-01-01T00:00:00-23:59",
    "2016-12-31T23:59:60Z",
];

/// Every rule of every message of a version, broken and kept, one at a time.
fn every_rule(version: Version) {
    let schema = common::schema(version);
    let (mut judged, mut accepted) = (0_u32, 0_u32);
    for action in schema.actions {
        let sides: &[&str] = match action.exchange {
            Exchange::Call => &["Request", "Response"],
            Exchange::Send => &[""],
        };
        for suffix in sides {
            let Some((root, validator)) = published(version, action.name, suffix) else { return };
            let rules = Rules { root: &root, here: &root };
            let whole = rules.example();
            assert!(validator.is_valid(&whole), "{} {suffix}: {whole}", action.name);
            let mut changes = vec![(String::new(), Change::Put(whole.clone()))];
            rules.changes("", &whole, &mut changes);
            for (place, change) in changes {
                let mut payload = whole.clone();
                let target = payload.pointer_mut(&place).expect("a place of the example");
                match (change, target) {
                    (Change::Put(value), target) => *target = value,
                    (Change::Remove(name), Value::Object(members)) => drop(members.remove(&name)),
                    (Change::Insert(name), Value::Object(members)) => {
                        members.insert(name.to_owned(), json!({ "vendorId": "v", "x": [null] }));
                    }
                    _ => panic!("{place} is no object"),
                }
                // A payload that is no object is a fault of the frame, not of the schema.
                if !payload.is_object() {
                    continue;
                }
                let Some(theirs) = verdict(&validator, &payload) else { continue };
                let name = action.name;
                let frame = match *suffix {
                    "Request" => format!("[2,\"1\",\"{name}\",{payload}]"),
                    "Response" => format!("[3,\"1\",{payload}]"),
                    _ => format!("[6,\"1\",\"{name}\",{payload}]"),
                };
                let ours =
                    schema.decode(frame.as_bytes(), &mut Mode::Strict, &mut |_| Some(action));
                assert_eq!(
                    ours.is_ok(),
                    theirs,
                    "{version} {name}{suffix} {place}: {ours:?}\n{frame}"
                );
                judged += 1;
                accepted += u32::from(theirs);
            }
        }
    }
    assert!(judged > 5_000 && accepted > 1_000, "{judged} judged, {accepted} valid");
}

#[test]
fn every_rule_of_1_6() {
    every_rule(Version::V16);
}

#[test]
fn every_rule_of_2_0_1() {
    every_rule(Version::V201);
}

#[test]
fn every_rule_of_2_1() {
    every_rule(Version::V21);
}
