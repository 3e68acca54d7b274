//! `arbitrary`: payloads that follow the tables, for fuzzers and property tests.
//!
//! Each is valid: every required member is there, texts and lists keep their limits, numbers their ranges. Texts come
//! with escapes and characters of several bytes, numbers with exponents and idle zeros, open objects with strangers.

use alloc::format;
use alloc::string::String;

use arbitrary::{Arbitrary, Error, Result, Unstructured};

use crate::charging::{Micro, Period, Rates};
use crate::message::{Kind, Mode, Object, Payload, Timestamp, Version, View};
use crate::owned::Owned;

impl<'a, T: Payload> Arbitrary<'a> for Owned<T> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let text = payload(u, T::View::SCHEMA)?;
        Self::parse(&text, &mut Mode::Strict).map_err(|_| Error::IncorrectFormat)
    }
}

/// A valid payload of a type known only by its descriptor.
///
/// # Errors
/// The source of bytes refuses to be read.
pub fn payload(u: &mut Unstructured<'_>, schema: &Object) -> Result<String> {
    let mut out = String::new();
    object(u, schema, 0, &mut out)?;
    Ok(out)
}

fn object(u: &mut Unstructured<'_>, schema: &Object, depth: u32, out: &mut String) -> Result<()> {
    let mut separator = '{';
    for (index, field) in schema.fields.iter().enumerate() {
        let required = schema.required >> index & 1 == 1;
        // Deep down and at the end of the bytes only what must be there.
        if !required && (depth > 3 || u.is_empty() || u.ratio(1, 2)?) {
            continue;
        }
        out.push(separator);
        separator = ',';
        out.push_str(&format!("\"{}\":", field.name));
        value(u, &field.kind, depth, out)?;
    }
    if schema.open && u.ratio(1, 2)? {
        out.push(separator);
        separator = ',';
        out.push_str(r#""strang\u0065r":[null,{"a":-1.50e-3}]"#);
    }
    if separator == '{' {
        out.push('{');
    }
    out.push('}');
    Ok(())
}

fn value(u: &mut Unstructured<'_>, kind: &Kind, depth: u32, out: &mut String) -> Result<()> {
    match *kind {
        Kind::Text { max } | Kind::OpaqueText { max } => text(u, max, out)?,
        Kind::Integer { min, max, .. } => out.push_str(&format!("{}", u.int_in_range(min..=max)?)),
        Kind::Number { min, max, tenths } => {
            let number = u.int_in_range(min.max(-1_000_000)..=max)?;
            let inside = number > min && number < max && number != 0;
            let tail = match u.int_in_range(0..=3_u8)? {
                1 if inside => ".50",
                2 if inside && !tenths => ".000001",
                3 => "e0",
                _ => "",
            };
            out.push_str(&format!("{number}{tail}"));
        }
        Kind::Flag => out.push_str(if u.arbitrary()? { "true" } else { "false" }),
        Kind::Time => {
            let moment = Timestamp::arbitrary(u)?;
            out.push_str(&format!("\"{moment}\""));
        }
        Kind::Code(table) => out.push_str(&format!("\"{}\"", u.choose(table.values)?)),
        Kind::Object(schema) => object(u, schema, depth + 1, out)?,
        Kind::List { item, min, max } => {
            let count = u.int_in_range(min..=max.min(min.saturating_add(2)))?;
            for index in 0..count {
                out.push(if index == 0 { '[' } else { ',' });
                value(u, item, depth + 1, out)?;
            }
            out.push_str(if count == 0 { "[]" } else { "]" });
        }
        Kind::Any => out.push_str(u.choose_iter(["null", "0.10", r#"{"x":["\/"]}"#, "\"\""])?),
    }
    Ok(())
}

fn text(u: &mut Unstructured<'_>, max: u32, out: &mut String) -> Result<()> {
    const PIECES: [&str; 8] =
        ["a", "Z", "7", "ü", "\u{1F50C}", "\\u00e9", "\\ud83d\\udd0c", "\\\""];
    let most = if u.ratio(1, 8)? { max.min(600) } else { max.min(8) };
    out.push('"');
    for _ in 0..u.int_in_range(0..=most)? {
        out.push_str(u.choose(&PIECES)?);
    }
    out.push('"');
    Ok(())
}

impl<'a> Arbitrary<'a> for Timestamp {
    /// A moment within the years 0 to 9999, which have a form in RFC 3339.
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::from_millis(u.int_in_range(-62_167_219_200_000..=253_402_300_799_999)?))
    }
}

impl<'a> Arbitrary<'a> for Version {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.choose(&Self::ALL).copied()
    }
}

impl<'a> Arbitrary<'a> for Micro {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::from_raw(u.arbitrary()?))
    }
}

impl<'a> Arbitrary<'a> for Rates {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (limit, discharge_limit, setpoint) = u.arbitrary()?;
        Ok(Self { limit, discharge_limit, setpoint })
    }
}

impl<'a> Arbitrary<'a> for Period {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let Rates { limit, discharge_limit, setpoint } = u.arbitrary()?;
        let phases = u.arbitrary::<Option<u8>>()?.map(|phases| phases % 3 + 1);
        let (start, l2, l3) = (u.int_in_range(0..=604_800)?, u.arbitrary()?, u.arbitrary()?);
        Ok(Self { start, limit, discharge_limit, setpoint, l2, l3, phases, ..Self::default() })
    }
}
