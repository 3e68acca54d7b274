//! Documents made from the table: the DBC file and the reference page. `docs/REFERENCE.md` is the latter, held to it by
//! a test.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Write;

use super::{Confidence, Field, MessageInfo, Position, Presence, Shape};
use crate::edition::{Edition, Party};
use crate::message::MessageKind;
use crate::session::{SETTINGS, Side};
use crate::units::Scale;

/// Most items of a list that become signals of their own: as many as a single frame would hold.
const LISTED: u16 = 4;

/// The DBC file of an edition: every message under the identifier that it has as a single frame, every number as a
/// signal with its scale, range and value names.
///
/// Multi-packet messages are given with their full length, as DBC readers for J1939 expect them after reassembly; of the
/// lists (BMV, BMT, BSP, trouble codes) the first items only. Text and bytes are left out.
#[must_use]
pub fn dbc(edition: Edition) -> String {
    let mut text = String::new();
    let year = edition.year();
    let _ = write_dbc(&mut text, edition, year);
    text
}

fn write_dbc(out: &mut String, edition: Edition, year: u16) -> core::fmt::Result {
    writeln!(out, "VERSION \"GB/T 27930-{year}\"\n\nNS_ :\n\nBS_:\n\nBU_: Charger BMS\n")?;
    let messages = || {
        MessageKind::ALL.iter().map(|kind| kind.info()).filter(|info| info.length_in(edition) > 0)
    };
    for info in messages() {
        let sender = if info.sender == Some(Party::Bms) { "BMS" } else { "Charger" };
        let receiver = if info.sender == Some(Party::Bms) { "Charger" } else { "BMS" };
        let (id, len) = (dbc_id(info), info.length_in(edition));
        writeln!(out, "BO_ {id} {}: {len} {sender}", info.code)?;
        for (field, index, at) in signals(info, edition) {
            let start = (u32::from(at.byte) - 1) * 8 + u32::from(at.bit) - 1;
            let (factor, offset, unit) = scale_of(field);
            let (min, max) = limits_of(field, edition);
            writeln!(
                out,
                " SG_ {} : {start}|{}@1+ ({factor},{offset}) [{min}|{max}] \"{unit}\" {receiver}",
                signal_name(field, index),
                at.width,
            )?;
        }
        writeln!(out)?;
    }
    for info in messages() {
        writeln!(out, "CM_ BO_ {} \"{}\";", dbc_id(info), plain(info.meaning))?;
        for (field, index, _) in signals(info, edition) {
            let name = signal_name(field, index);
            writeln!(out, "CM_ SG_ {} {name} \"{}\";", dbc_id(info), plain(field.meaning))?;
        }
    }
    for info in messages() {
        for (field, index, _) in signals(info, edition) {
            if let Shape::Code(names) = field.shape {
                write!(out, "VAL_ {} {}", dbc_id(info), signal_name(field, index))?;
                for (code, name) in names {
                    write!(out, " {code} \"{name}\"")?;
                }
                writeln!(out, " ;")?;
            }
        }
    }
    Ok(())
}

/// The extended identifier as DBC files write it: bit 31 set.
const fn dbc_id(info: &MessageInfo) -> u32 {
    info.can_id().raw() | 1 << 31
}

/// The numbers of a message with their positions; a cell is its 12 bits of voltage.
fn signals(
    info: &MessageInfo,
    edition: Edition,
) -> impl Iterator<Item = (&'static Field, u16, Position)> {
    let length = usize::from(info.length_in(edition));
    info.fields.iter().filter(|field| !field.shape.is_bytes()).flat_map(move |field| {
        (0..field.repeat.min(LISTED)).filter_map(move |index| {
            let mut at = field.position_in(edition)?.repeated(index);
            if at.end() > length {
                return None;
            }
            if matches!(field.shape, Shape::Cell(_)) {
                at.width = 12;
            }
            Some((field, index, at))
        })
    })
}

fn signal_name(field: &Field, index: u16) -> String {
    if field.repeat > 1 { format!("{}_{}", field.name, index + 1) } else { field.name.to_string() }
}

/// Factor, offset and unit as text.
fn scale_of(field: &Field) -> (&'static str, String, &'static str) {
    match field.shape {
        Shape::Quantity(scale) | Shape::Cell(scale) => {
            (factor(scale), scale.decimal(0).to_string(), scale.unit)
        }
        Shape::Ordinal => ("1", "1".to_string(), ""),
        _ => ("1", "0".to_string(), ""),
    }
}

const fn factor(scale: Scale) -> &'static str {
    match scale.decimals {
        0 => "1",
        1 => "0.1",
        2 => "0.01",
        _ => "0.001",
    }
}

/// The stated range in the edition as text, `0|0` where none is.
fn limits_of(field: &Field, edition: Edition) -> (String, String) {
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

/// Text without quotation marks and line breaks.
fn plain(meaning: &str) -> String {
    meaning.trim().replace('"', "'").replace('\n', " ")
}

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
