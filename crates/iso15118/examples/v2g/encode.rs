//! JSON values to bits, by the type tables: the same rows from which the typed encoder comes.

use anyhow::{Context as _, Result, bail, ensure};
use evse_iso15118::codec::{
    FieldKind, TypeInfo, UNBOUNDED, Writer, code_width, index_width, productions,
};
use evse_iso15118::{Form, SchemaSet};
use num_bigint::{BigInt, Sign};
use serde_json::{Map, Value};

/// Encodes a value in the form of the vectors.
pub(crate) fn encode(set: SchemaSet, form: Form, value: &Value) -> Result<Vec<u8>> {
    let members = value.as_object().context("expected an object")?;
    let mut roots = members.iter();
    let (Some((name, content)), None) = (roots.next(), roots.next()) else {
        bail!("expected an object with the root element as its one member");
    };
    let elements = set.elements();
    let documents = elements.iter().filter(|e| e.document.is_some()).count();
    let (code, codes, info) = elements
        .iter()
        .enumerate()
        .filter(|(_, element)| element.name == name)
        .find_map(|(index, element)| match form {
            Form::Document => Some((usize::from(element.document?), documents, element.info?)),
            Form::Fragment => Some((index, elements.len() + 2, element.info?)),
        })
        .with_context(|| format!("{name} is no root of {} that can be written", set.name()))?;
    let mut buffer = vec![0; 1 << 20];
    let mut writer = Writer::new(&mut buffer);
    writer.bits(0x80, 8);
    let width = code_width(u32::try_from(codes)?);
    writer.bits(code as u64, width);
    if set.name() == "iso15118_2" && form == Form::Fragment && name == "eMAID" {
        emaid(content, &mut writer).context("eMAID")?;
    } else {
        element(info, content, &mut writer).with_context(|| name.clone())?;
    }
    if form == Form::Fragment {
        writer.bits(codes as u64 - 1, width);
    }
    let length = writer.finish()?;
    buffer.truncate(length);
    Ok(buffer)
}

/// The fragment of `eMAID` has the element fragment grammar: states of 258 and 246 event codes.
fn emaid(content: &Value, writer: &mut Writer<'_>) -> Result<()> {
    writer.bits(4, 9);
    simple(&TypeInfo::Text { min: 0, max: UNBOUNDED }, &content["@Id"], writer).context("@Id")?;
    writer.bits(256, 9);
    simple(&TypeInfo::Text { min: 14, max: 15 }, &content["#text"], writer).context("#text")?;
    writer.bits(244, 8);
    Ok(())
}

/// From after an element's start to its end.
fn element(info: &TypeInfo, value: &Value, writer: &mut Writer<'_>) -> Result<()> {
    if let TypeInfo::Complex { fields, mixed, .. } = info {
        let members = value.as_object().context("expected an object")?;
        return complex(fields, *mixed, members, writer);
    }
    writer.bits(0, 1);
    simple(info, value, writer)?;
    writer.bits(0, 1);
    Ok(())
}

fn complex(
    fields: &[evse_iso15118::codec::FieldInfo],
    mixed: bool,
    members: &Map<String, Value>,
    writer: &mut Writer<'_>,
) -> Result<()> {
    let (mut codes, mut code, mut seen) = (productions(fields, 0, mixed), 0, 0);
    for (row, field) in fields.iter().enumerate() {
        let next = productions(fields, row + 1, mixed);
        let mut names = vec![(field.name, field.info)];
        if let (FieldKind::Choice, TypeInfo::Choice { alternatives }) = (field.kind, field.info) {
            names = alternatives.iter().map(|a| (a.name, a.info)).collect();
        }
        let mut items = Vec::new();
        for (index, (name, info)) in names.iter().enumerate() {
            let Some(value) = members.get(*name) else { continue };
            seen += 1;
            if field.max == 1 {
                items.push((u32::try_from(index)?, *name, *info, value));
            } else {
                let array =
                    value.as_array().with_context(|| format!("{name}: expected an array"))?;
                for item in array {
                    items.push((u32::try_from(index)?, *name, *info, item));
                }
            }
        }
        let count = u32::try_from(items.len())?;
        let name = names.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" | ");
        ensure!(count >= field.min, "{name}: {count} given, at least {} needed", field.min);
        ensure!(count <= field.max, "{name}: {count} given, at most {} allowed", field.max);
        if items.is_empty() {
            code += field.span();
            continue;
        }
        for (number, (index, name, info, value)) in (1..).zip(items) {
            writer.bits(u64::from(code + index), code_width(codes));
            match field.kind {
                FieldKind::Attribute | FieldKind::Text => simple(info, value, writer),
                _ => element(info, value, writer),
            }
            .with_context(|| name.to_owned())?;
            (code, codes) = if number < field.min {
                (0, field.span())
            } else if number < field.max {
                (0, field.span() + next)
            } else {
                (0, next)
            };
            // After the last item of a list that could go on, the next row comes after the list's codes.
            if number == count && number < field.max {
                code = field.span();
            }
        }
    }
    if seen != members.len() {
        let known = |name: &str| {
            fields.iter().any(|f| match f.info {
                TypeInfo::Choice { alternatives } => alternatives.iter().any(|a| a.name == name),
                _ => f.name == name,
            })
        };
        let unknown: Vec<_> = members.keys().filter(|name| !known(name)).cloned().collect();
        bail!("unknown members: {}", unknown.join(", "));
    }
    writer.bits(u64::from(code), code_width(codes));
    Ok(())
}

fn simple(info: &TypeInfo, value: &Value, writer: &mut Writer<'_>) -> Result<()> {
    match info {
        TypeInfo::Boolean => {
            writer.bits(u64::from(value.as_bool().context("expected true or false")?), 1);
        }
        TypeInfo::Enumeration { values } => {
            let name = value.as_str().context("expected a name")?;
            let index = values.iter().position(|v| *v == name);
            let index =
                index.with_context(|| format!("{name:?} is no value of the enumeration"))?;
            writer.bits(index as u64, index_width(u32::try_from(values.len())?));
        }
        TypeInfo::NBit { min, max } => {
            let number = integer(value, &BigInt::from(*min), &BigInt::from(*max))?;
            let offset = u64::try_from(number - *min)?;
            writer.bits(offset, index_width(u32::try_from(i32::from(*max) - i32::from(*min) + 1)?));
        }
        TypeInfo::Unsigned { max } => {
            let number = integer(value, &BigInt::from(0), &BigInt::from(*max))?;
            writer.unsigned(u64::try_from(number)?);
        }
        TypeInfo::Signed { min, max } => {
            let number = integer(value, &BigInt::from(*min), &BigInt::from(*max))?;
            writer.signed(i64::try_from(number)?);
        }
        TypeInfo::Integer => {
            let number = parse(value)?;
            let negative = number.sign() == Sign::Minus;
            let magnitude = if negative { -number - 1 } else { number };
            writer.bits(u64::from(negative), 1);
            let (_, groups) = magnitude.to_radix_le(128);
            let last = groups.len().saturating_sub(1);
            for (index, group) in groups.iter().enumerate() {
                writer.bits(u64::from(*group) | if index < last { 0x80 } else { 0 }, 8);
            }
        }
        TypeInfo::Text { min, max } => {
            let text = value.as_str().context("expected a text")?;
            let length = u32::try_from(text.chars().count())?;
            ensure!((*min..=*max).contains(&length), "{length} characters; expected {info}");
            writer.unsigned(u64::from(length) + 2);
            text.chars().for_each(|c| writer.unsigned(u64::from(u32::from(c))));
        }
        TypeInfo::Octets { min, max } => {
            let text = value.as_str().context("expected hexadecimal")?;
            let octets = super::json::from_hex(text).context("expected hexadecimal")?;
            let length = u32::try_from(octets.len())?;
            ensure!((*min..=*max).contains(&length), "{length} octets; expected {info}");
            writer.unsigned(u64::from(length));
            writer.octets(&octets);
        }
        _ => bail!("an abstract element, a wildcard or an unsupported type cannot be written"),
    }
    Ok(())
}

/// An integer as a JSON number or a decimal string.
fn parse(value: &Value) -> Result<BigInt> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => bail!("expected an integer"),
    };
    text.parse().with_context(|| format!("{text} is no integer"))
}

fn integer(value: &Value, min: &BigInt, max: &BigInt) -> Result<BigInt> {
    let number = parse(value)?;
    ensure!(number >= *min && number <= *max, "{number} is not in {min}..={max}");
    Ok(number)
}
