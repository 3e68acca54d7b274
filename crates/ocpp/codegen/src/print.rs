//! Prints the collected types as rows of the macros in `crates/ocpp/src/message/schema.rs`.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::collect::{Kind, Object, Types};
use crate::names::{pascal, screaming, snake};

/// Members that name a person, a card, a vehicle, a certificate or a secret: their view hides the text from `Debug`.
const MASKED: &[&str] = &[
    "additionalIdToken",
    "certificate",
    "certificateChain",
    "chargeBoxSerialNumber",
    "chargePointSerialNumber",
    "csr",
    "customerIdentifier",
    "evccId",
    "exiRequest",
    "exiResponse",
    "iccid",
    "idTag",
    "idToken",
    "imsi",
    "key",
    "meterSerialNumber",
    "parentIdTag",
    "password",
    "serialNumber",
    "vatNumber",
    "vehicleId",
    "vin",
];

pub fn module(types: &Types, version: Option<&str>, title: &str, shares: bool) -> String {
    let body = body(types, version, shares);
    let views = ["DateTime", "Identifier", "List", "Number", "Open", "Text", "Value"];
    let used = views.into_iter().filter(|view| body.contains(&format!(": {view}<")));
    let used = used.collect::<Vec<_>>().join(", ");
    format!(
        "// @generated from the OCPP JSON schemas by `cargo run -p evse-ocpp-codegen`. Do not edit.\n\n\
         //! Messages of {title}: a row per member.\n\n\
         use crate::message::schema::kinds::*;\n\
         use crate::message::{{{used}}};\n{body}"
    )
}

fn body(types: &Types, version: Option<&str>, shares: bool) -> String {
    let mut out = String::new();
    if shares {
        let _ = writeln!(out, "\npub use super::v2x::*;");
    }
    if let Some(version) = version {
        let _ = writeln!(out, "\nactions! {{\n    {version};");
        for action in &types.actions {
            let constant = screaming(&action.name);
            let (name, request) = (&action.name, &action.request);
            let _ = match &action.response {
                Some(response) => {
                    writeln!(out, "    {constant} = \"{name}\": Call({request} -> {response});")
                }
                None => writeln!(out, "    {constant} = \"{name}\": Send({request});"),
            };
        }
        let _ = writeln!(out, "}}");
    }
    let _ = writeln!(out, "\nobjects! {{\n    {};", version.unwrap_or("Both2x"));
    for (name, object) in &types.objects {
        print_object(&mut out, name, object);
    }
    let _ = writeln!(out, "}}\n\nenumerations! {{");
    for (name, values) in &types.codes {
        print_code(&mut out, name, values);
    }
    let _ = writeln!(out, "}}");
    out
}

fn print_object(out: &mut String, name: &str, object: &Object) {
    let _ = writeln!(out, "\n    #[doc = \"{}\"]", title(name));
    let open = if object.open { " (open)" } else { "" };
    let _ = writeln!(out, "    {name}<'a>{open} {{");
    let mut accessors = BTreeSet::new();
    for field in &object.fields {
        let need = if field.required { "req" } else { "opt" };
        let accessor = snake(&field.name);
        assert!(accessors.insert(accessor.clone()), "{name} has two members {accessor}");
        let masked = MASKED.contains(&field.name.as_str());
        let (view, kind) = (view(&field.kind, masked), kind(&field.kind));
        let _ = writeln!(out, "        {need} {accessor}: {view} = \"{}\", {kind};", field.name);
    }
    let _ = writeln!(out, "    }}");
}

fn title(name: &str) -> String {
    if let Some(action) = name.strip_suffix("Request") {
        return format!("Request of `{action}`.");
    }
    match name.strip_suffix("Response") {
        Some(action) => format!("Answer to `{action}`."),
        None => format!("`{name}`."),
    }
}

fn print_code(out: &mut String, name: &str, values: &[String]) {
    let _ = writeln!(out, "\n    #[doc = \"`{name}`.\"]");
    let _ = writeln!(out, "    {name} {{");
    let mut variants = BTreeSet::new();
    for value in values {
        let variant = pascal(value);
        assert!(variants.insert(variant.clone()), "{name} has two values {variant}");
        let _ = writeln!(out, "        {variant} = \"{value}\",");
    }
    let _ = writeln!(out, "    }}");
}

fn view(kind: &Kind, masked: bool) -> String {
    match kind {
        Kind::Text(_) if masked => "Identifier<'a>".into(),
        Kind::Text(_) | Kind::Opaque => "Text<'a>".into(),
        Kind::Integer { .. } | Kind::Number { .. } => "Number<'a>".into(),
        Kind::Flag => "bool".into(),
        Kind::Time => "DateTime<'a>".into(),
        Kind::Code(name) => format!("Open<'a, {name}>"),
        Kind::Object(name) => format!("{name}<'a>"),
        Kind::List { item, .. } => format!("List<'a, {}>", view(item, masked)),
        Kind::Any => "Value<'a>".into(),
    }
}

fn kind(kind: &Kind) -> String {
    let bounds = |min: &Option<i32>, max: &Option<i32>| {
        let (min, max) = (min.map(|n| n.to_string()), max.map(|n| n.to_string()));
        format!("{}, {}", min.unwrap_or("i32::MIN".into()), max.unwrap_or("i32::MAX".into()))
    };
    match kind {
        Kind::Text(None) => "TEXT".into(),
        Kind::Text(Some(max)) => format!("text({max})"),
        Kind::Opaque => "OPAQUE".into(),
        Kind::Integer { min: None, max: None, digits_only: true } => "DIGITS".into(),
        Kind::Integer { min: None, max: None, digits_only: false } => "INTEGER".into(),
        Kind::Integer { digits_only: true, .. } => unreachable!("no such member"),
        Kind::Integer { min, max, .. } => format!("integer({})", bounds(min, max)),
        Kind::Number { tenths: true, .. } => "TENTHS".into(),
        Kind::Number { min: None, max: None, .. } => "NUMBER".into(),
        Kind::Number { min, max, .. } => format!("number({})", bounds(min, max)),
        Kind::Flag => "FLAG".into(),
        Kind::Time => "TIME".into(),
        Kind::Code(name) => format!("code({name}::TABLE)"),
        Kind::Object(name) => format!("object({name}::SCHEMA)"),
        Kind::List { item, min, max } => {
            let max = max.map_or("u16::MAX".into(), |max| max.to_string());
            format!("list(&{}, {min}, {max})", self::kind(item))
        }
        Kind::Any => "ANY".into(),
    }
}
