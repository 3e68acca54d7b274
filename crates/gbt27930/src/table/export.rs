//! The reference page made from the table: `docs/REFERENCE.md`, held to it by a test.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Write;

use super::{Confidence, Field, Position, Presence, Shape};
use crate::edition::{Edition, Party};
use crate::message::MessageKind;
use crate::session::{SETTINGS, Side};
use crate::units::Scale;

/// The reference page: messages, fields, timers; in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut text = String::new();
    let _ = write_reference(&mut text);
    text
}

fn write_reference(out: &mut String) -> core::fmt::Result {
    out.push_str(
        "# GB/T 27930: messages, fields, timers\n\n\
         Made from the field table of `evse-gbt27930` (`cargo run -p evse-gbt27930 --example gbt27930 -- reference`); a \
         test holds this page to it.\n\n\
         Confidence: **A** two or more independent implementations agree and captures fit; **B** two sources, no \
         capture; **C** one source; **M** from memory, unverified, or a choice where the public text is silent; **X** \
         sources conflict, the meaning says which one is followed. Clause numbers are of the 2015 edition and M \
         throughout.\n\n\
         Positions are `byte.bit` from 1, bit 1 is the least significant; numbers are little-endian. All ones are 'not \
         available', except where a field is a number, a code or an identifier. `-` under 2011: the edition does not \
         define the field; blank: as in 2015.\n\n## Messages\n\n\
         | code | meaning | from | PGN | CAN id | period | length 2011 / 2015 | at least | phase | clause | |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for kind in MessageKind::ALL {
        let info = kind.info();
        let from = match info.sender {
            Some(Party::Charger) => "charger",
            Some(Party::Bms) => "BMS",
            None => "both",
        };
        let period = if info.period_ms == 0 {
            "on event".to_string()
        } else {
            format!("{} ms", info.period_ms)
        };
        let length = |bytes: u16| if bytes == 0 { "-".to_string() } else { bytes.to_string() };
        writeln!(
            out,
            "| {} | {} | {from} | {:#06X} | {} | {period} | {} / {} | {} | {:?} | {} | {:?} |",
            info.code,
            info.meaning,
            info.pgn(),
            info.can_id(),
            length(info.length_2011),
            length(info.length),
            info.minimum,
            info.phase,
            info.clause,
            info.confidence,
        )?;
    }
    for kind in MessageKind::ALL {
        let info = kind.info();
        if info.fields.is_empty() {
            continue;
        }
        writeln!(
            out,
            "\n## {} — {}\n\n| field | at | bits | 2011 | resolution, offset | range | SPN | | | meaning |\n\
             |---|---|---|---|---|---|---|---|---|---|",
            info.code, info.meaning
        )?;
        for field in info.fields {
            write_row(out, field)?;
        }
    }
    out.push_str("\n## Timers and choices of the session engines\n\n| setting | side | value | when | then | |\n|---|---|---|---|---|---|\n");
    for row in SETTINGS {
        let side = match row.side {
            Side::Charger => "charger",
            Side::Bms => "BMS",
            Side::Both => "both",
        };
        writeln!(
            out,
            "| `{}` | {side} | {} {} | {} | {} | {:?} |",
            row.name, row.standard, row.unit, row.starts, row.then, row.confidence
        )?;
    }
    Ok(())
}

fn write_row(out: &mut String, field: &Field) -> core::fmt::Result {
    let place = |at: Position| {
        if at.bit == 1 && at.width >= 8 {
            at.byte.to_string()
        } else {
            format!("{}.{}", at.byte, at.bit)
        }
    };
    let in_2011 = match (field.position_in(Edition::V2011), field.in_2011) {
        (None, _) => "-".to_string(),
        (Some(at), super::In2011::At(_)) => format!("{} ({} bits)", place(at), at.width),
        _ => String::new(),
    };
    let shape = match field.shape {
        Shape::Quantity(scale) | Shape::Cell(scale) => {
            format!("{} {}, {:+}", factor(scale), scale.unit, scale.offset).replace(", +0", ", 0")
        }
        Shape::Ordinal => "1, +1".to_string(),
        Shape::Count => "count".to_string(),
        Shape::Number => "number".to_string(),
        Shape::Code(names) => {
            let names = names.iter().map(|(code, name)| format!("{code} {name}"));
            names.collect::<alloc::vec::Vec<_>>().join("; ")
        }
        Shape::Text => "ASCII".to_string(),
        Shape::Bytes => "bytes".to_string(),
        Shape::Serial => "identifier".to_string(),
        Shape::Date => "year +1985, month, day".to_string(),
        Shape::Clock => "packed BCD".to_string(),
        Shape::Trouble => "trouble code".to_string(),
    };
    let range = match field.range {
        None => String::new(),
        Some(range) => {
            let (min, max) = limits_of(field, Edition::V2011);
            let mark = if range.only_2011 { " (2011)" } else { "" };
            format!("{min} .. {max}{mark}")
        }
    };
    let presence = match field.presence {
        Presence::Mandatory => "M",
        Presence::Optional => "O",
        Presence::Reserved => "reserved",
    };
    let spn = field.spn.map_or(String::new(), |spn| spn.to_string());
    let repeat =
        if field.repeat > 1 { format!(", up to {} times", field.repeat) } else { String::new() };
    let confidence: Confidence = field.confidence;
    writeln!(
        out,
        "| `{}` | {} | {} | {in_2011} | {shape}{repeat} | {range} | {spn} | {presence} | {confidence:?} |{} |",
        field.name,
        place(field.position),
        field.position.width,
        field.meaning.replace('|', "\\|"),
    )
}

pub(super) const fn factor(scale: Scale) -> &'static str {
    match scale.decimals {
        0 => "1",
        1 => "0.1",
        2 => "0.01",
        _ => "0.001",
    }
}

/// The stated range in the edition as text, `0|0` where none is.
pub(super) fn limits_of(field: &Field, edition: Edition) -> (String, String) {
    let decimals = match field.shape {
        Shape::Quantity(scale) | Shape::Cell(scale) => scale.decimals,
        _ => 0,
    };
    match field.range {
        Some(range) if !range.only_2011 || edition == Edition::V2011 => {
            let text = |steps| crate::units::Decimal::new(steps, decimals).to_string();
            (text(range.min), text(range.max))
        }
        _ => ("0".to_string(), "0".to_string()),
    }
}
