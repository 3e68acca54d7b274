//! Random documents and fragments of any schema set, from the type tables and some bytes that decide.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "tests"
)]
#![allow(clippy::std_instead_of_alloc, reason = "the crate's own tests use this, too")]

use std::vec;
use std::vec::Vec;

use evse_iso15118::codec::{
    FieldInfo, FieldKind, TypeInfo, UNBOUNDED, Writer, code_width, index_width, productions,
};
use evse_iso15118::{Form, SchemaSet};

/// An element that can be a root: its event code, name and type.
type Root = (u32, &'static str, &'static TypeInfo);

/// The roots of documents or fragments.
pub(crate) fn roots(set: SchemaSet, form: Form) -> Vec<Root> {
    let elements = set.elements().iter().enumerate();
    let roots = elements.filter_map(|(fragment, e)| match form {
        Form::Document => Some((u32::from(e.document?), e.name, e.info?)),
        Form::Fragment => Some((fragment as u32, e.name, e.info?)),
    });
    roots.collect()
}

/// A document or fragment; `None` if the root that the bytes chose has no value that this codec writes.
pub(crate) fn octets(set: SchemaSet, form: Form, decisions: &[u8]) -> Option<Vec<u8>> {
    let mut decide = Decisions(decisions);
    let mut roots = roots(set, form);
    // Most often a whole message where the set has one root for all.
    if decide.below(4) > 0 && roots.iter().any(|root| root.1 == "V2G_Message") {
        roots.retain(|root| root.1 == "V2G_Message");
    }
    let chosen = u32::from(decide.byte()) << 8 | u32::from(decide.byte());
    let root = *roots.get(chosen as usize % roots.len())?;
    octets_of(set, form, root, decide.0)
}

/// The same of a root.
pub(crate) fn octets_of(
    set: SchemaSet,
    form: Form,
    (code, name, info): Root,
    decisions: &[u8],
) -> Option<Vec<u8>> {
    let mut decide = Decisions(decisions);
    // That fragment has a grammar of its own.
    if name == "eMAID" && form == Form::Fragment {
        return None;
    }
    let elements = set.elements();
    let documents = elements.iter().filter(|e| e.document.is_some()).count() as u32;
    let codes = match form {
        Form::Document => documents,
        Form::Fragment => elements.len() as u32 + 2,
    };
    let mut buffer = vec![0; 1 << 13];
    let mut writer = Writer::new(&mut buffer);
    writer.bits(0x80, 8);
    writer.bits(u64::from(code), code_width(codes));
    element(info, &mut decide, &mut writer)?;
    if form == Form::Fragment {
        writer.bits(u64::from(codes) - 1, code_width(codes));
    }
    let length = writer.finish().ok()?;
    buffer.truncate(length);
    Some(buffer)
}

/// Bytes that decide; without more of them, the smallest value of everything.
struct Decisions<'d>(&'d [u8]);

impl Decisions<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn below(&mut self, count: u32) -> u32 {
        u32::from(self.byte()) % count.max(1)
    }

    fn number(&mut self) -> u64 {
        // Small ones and limits more often than others.
        let octets = self.below(10);
        (0..octets).fold(0, |number, _| number << 8 | u64::from(self.byte()))
    }

    fn length(&mut self, min: u32, max: u32) -> u32 {
        let max = if max == UNBOUNDED { min.saturating_add(40) } else { max };
        match self.byte() {
            0..100 => min,
            255 => max,
            byte => min + u32::from(byte) % (max - min + 1),
        }
    }
}

/// From after an element's start to its end.
fn element(info: &TypeInfo, decide: &mut Decisions<'_>, writer: &mut Writer<'_>) -> Option<()> {
    if let TypeInfo::Complex { fields, mixed, .. } = info {
        return complex(fields, *mixed, decide, writer);
    }
    writer.bits(0, 1);
    simple(info, decide, writer)?;
    writer.bits(0, 1);
    Some(())
}

fn complex(
    fields: &[FieldInfo],
    mixed: bool,
    decide: &mut Decisions<'_>,
    writer: &mut Writer<'_>,
) -> Option<()> {
    let (mut codes, mut code) = (productions(fields, 0, mixed), 0);
    for (row, field) in fields.iter().enumerate() {
        let next = productions(fields, row + 1, mixed);
        let alternatives = match (field.kind, field.info) {
            (FieldKind::Choice, TypeInfo::Choice { alternatives }) => {
                alternatives.iter().map(|a| a.info).collect()
            }
            _ => vec![field.info],
        };
        let possible: Vec<_> = alternatives
            .iter()
            .enumerate()
            .filter(|(_, info)| !matches!(info, TypeInfo::Refused(_)))
            .collect();
        let count = match field.max {
            1 => field.min.max(decide.below(2)),
            max => field.min.max(match decide.byte() {
                250.. => max.min(64),
                byte => u32::from(byte % 5).min(max),
            }),
        };
        let count = if possible.is_empty() { 0 } else { count };
        if count < field.min {
            return None;
        }
        for number in 1..=count {
            let (index, info) = possible[decide.below(possible.len() as u32) as usize];
            writer.bits(u64::from(code) + index as u64, code_width(codes));
            match field.kind {
                FieldKind::Attribute | FieldKind::Text => simple(info, decide, writer)?,
                _ => element(info, decide, writer)?,
            }
            (code, codes) = if number < field.min {
                (0, field.span())
            } else if number < field.max {
                (0, field.span() + next)
            } else {
                (0, next)
            };
        }
        if count < field.max {
            code += field.span();
        }
    }
    writer.bits(u64::from(code), code_width(codes));
    Some(())
}

fn simple(info: &TypeInfo, decide: &mut Decisions<'_>, writer: &mut Writer<'_>) -> Option<()> {
    match info {
        TypeInfo::Boolean => writer.bits(u64::from(decide.below(2)), 1),
        TypeInfo::Enumeration { values } => {
            let count = values.len() as u32;
            writer.bits(u64::from(decide.below(count)), index_width(count));
        }
        TypeInfo::NBit { min, max } => {
            let count = (i32::from(*max) - i32::from(*min) + 1) as u32;
            let offset = decide.number() % u64::from(count);
            writer.bits(offset, index_width(count));
        }
        TypeInfo::Unsigned { max } => {
            let number = decide.number();
            writer.unsigned(if number > *max { *max } else { number });
        }
        TypeInfo::Signed { min, max } => {
            let number = decide.number() as i64;
            writer.signed(number.clamp(*min, *max));
        }
        TypeInfo::Integer => {
            writer.bits(u64::from(decide.below(2)), 1);
            let octets = decide.below(24);
            for _ in 0..octets {
                writer.bits(u64::from(decide.byte()) | 0x80, 8);
            }
            writer.bits(u64::from(decide.byte() & 0x7f | u8::from(octets > 0)), 8);
        }
        TypeInfo::Text { min, max } => {
            let length = decide.length(*min, *max);
            writer.unsigned(u64::from(length) + 2);
            for _ in 0..length {
                let character = match decide.byte() {
                    byte @ 0..250 => char::from(b' ' + byte % 95),
                    _ => char::from_u32(decide.number() as u32 & 0xf_ffff).unwrap_or('\u{e9}'),
                };
                writer.unsigned(u64::from(u32::from(character)));
            }
        }
        TypeInfo::Octets { min, max } => {
            let length = decide.length(*min, *max);
            writer.unsigned(u64::from(length));
            for _ in 0..length {
                writer.bits(u64::from(decide.byte()), 8);
            }
        }
        _ => return None,
    }
    Some(())
}
