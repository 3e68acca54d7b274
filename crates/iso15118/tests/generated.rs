//! Random values of every element of every schema set: the typed decoder reads them, the typed encoder gives the same
//! octets back, so does the tool's encoder from their JSON form, and the walker over the tables agrees.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "tests"
)]

#[path = "../examples/v2g/encode.rs"]
mod encode;
mod generate;
#[path = "../examples/v2g/json.rs"]
mod json;

use evse_iso15118::{Form, Leniency, SchemaSet, reencode, trace, visit};
use json::{Json, hex};
use proptest::prelude::*;

fn check(set: SchemaSet, form: Form, octets: &[u8]) {
    let said = || format!("{} {form:?} {}", set.name(), hex(octets.iter().copied()));
    let mut value = Json::default();
    visit(set, form, octets, Leniency::STRICT, &mut value)
        .unwrap_or_else(|e| panic!("{e}: {}", said()));
    let mut root = "";
    trace(set, form, octets, Leniency::STRICT, &mut |row| {
        if root.is_empty() && row.depth == 0 && row.name != "header" {
            root = row.name;
        }
    })
    .unwrap_or_else(|e| panic!("{e}: {}", said()));
    let mut again = vec![0; octets.len() + 1];
    let length = reencode(set, form, octets, Leniency::STRICT, &mut again).expect("decodes");
    let length = length.unwrap_or_else(|e| panic!("{e}: {}", said()));
    assert_eq!(again[..length], *octets, "{}", said());
    // The JSON form has one member a name: lists of choices (KeyInfo and the like) lose their order in it, and names that
    // stand in the set twice their namespace.
    let value = value.into_value();
    let twice = set.elements().iter().filter(|e| e.name == root).count() > 1;
    if !twice && !value.to_string().contains("\"KeyInfo\"") && !value.to_string().contains("X509") {
        let from_json = encode::encode(set, form, &value);
        let from_json = from_json.unwrap_or_else(|e| panic!("{e:#}: {value} {}", said()));
        assert_eq!(from_json, octets, "{value}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn any_value_comes_back(
        set in prop::sample::select(SchemaSet::ALL),
        form in prop::sample::select(vec![Form::Document, Form::Fragment]),
        decisions in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        if let Some(octets) = generate::octets(set, form, &decisions) {
            check(set, form, &octets);
        }
    }
}

/// Every root that can be written at all, at its smallest and with some content.
#[test]
fn every_element_comes_back() {
    for set in SchemaSet::ALL {
        for form in [Form::Document, Form::Fragment] {
            for root in generate::roots(*set, form) {
                let contents = [&[][..], &[1; 300], &[3; 200], &[7; 900], &[255; 100]];
                let made = contents.map(|content| generate::octets_of(*set, form, root, content));
                made.iter().flatten().for_each(|octets| check(*set, form, octets));
                // Only a type of open content alone has no value, and `eMAID` a grammar of its own.
                let open = ["Object", "KeyInfo", "SignatureProperty", "SignatureProperties"];
                assert!(
                    made.iter().any(Option::is_some) || open.contains(&root.1) || root.1 == "eMAID",
                    "{} {form:?} {}",
                    set.name(),
                    root.1
                );
            }
        }
    }
}
