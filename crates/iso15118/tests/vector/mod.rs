//! The shared vectors, read in place.

use evse_iso15118::{Form, SchemaSet};
use serde_json::Value;

use crate::shared::shared;

/// The files whose messages are right.
pub(crate) const RIGHT: [&str; 9] = [
    "app_protocol",
    "din70121",
    "iso15118_2",
    "iso20_common",
    "iso20_ac",
    "iso20_dc",
    "iso20_wpt",
    "iso20_acdp",
    "captures",
];

/// The vectors of a file.
pub(crate) fn lines(name: &str) -> Vec<Value> {
    let text = shared(&format!("vectors/iso15118/{name}.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("a vector")).collect()
}

/// The grammar of a vector.
pub(crate) fn grammar(vector: &Value) -> (SchemaSet, Form) {
    let set = SchemaSet::ALL.iter().find(|s| s.name() == vector["generation"]).expect("a set");
    match vector["kind"].as_str() {
        Some("document") => (*set, Form::Document),
        Some("fragment") => (*set, Form::Fragment),
        Some("xmldsig_fragment") => (SchemaSet::XmlDsig, Form::Fragment),
        other => panic!("{other:?}"),
    }
}
