//! The field table as a page for readers: `docs/REFERENCE.md` is its output, held against it by a test.

use core::fmt;

use super::{Field, In2011, MessageInfo, Position, Shape};
use crate::edition::Party;
use crate::message::MessageKind;
use crate::session::{SETTINGS, Side};
use crate::units::Decimal;

/// Writes, by `Display`, the reference tables of messages, fields and timers in Markdown.
#[derive(Debug, Clone, Copy)]
pub struct Reference;

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "# Reference of messages, fields and timers\n\n\
             Written by `table::Reference` from the table in the code; a test holds this file against it.\n\n\
             Confidence: A two or more independent implementations agree and captures fit; B two sources agree; C one \
             source; M from memory or a choice of this crate; X sources conflict, the text says which is followed. \
             Clause numbers are those of GB/T 27930-2015, from memory (M). Bytes and bits count from 1, bit 1 is the \
             least significant; numbers are little-endian. All ones are 'not available'.\n\n## Messages\n\n\
             | code | meaning | from | PGN | priority | identifier | bytes (2011) | least | period | clause | conf. |\n\
             |---|---|---|---|---|---|---|---|---|---|---|"
        )?;
        for kind in MessageKind::ALL {
            let i = kind.info();
            let from = match i.sender {
                Some(Party::Charger) => "charger",
                Some(Party::Bms) => "BMS",
                None => "both",
            };
            writeln!(
                f,
                "| {kind} | {} | {from} | {:#08x} | {} | {} | {} ({}) | {} | {} ms | {} | {:?} |",
                i.meaning,
                i.pgn(),
                i.priority,
                i.can_id(),
                i.length,
                i.length_2011,
                i.minimum,
                i.period_ms,
                i.clause,
                i.confidence
            )?;
        }
        for kind in MessageKind::ALL.iter().filter(|kind| !kind.info().fields.is_empty()) {
            write_fields(f, kind.info())?;
        }
        writeln!(
            f,
            "\n## Timers, counts and choices\n\n| name | side | from | standard | then | conf. |\n|---|---|---|---|---|---|"
        )?;
        for row in SETTINGS {
            let side = match row.side {
                Side::Charger => "charger",
                Side::Bms => "BMS",
                Side::Both => "both",
            };
            writeln!(
                f,
                "| {} | {side} | {} | {} {} | {} | {:?} |",
                row.name, row.starts, row.standard, row.unit, row.then, row.confidence
            )?;
        }
        Ok(())
    }
}

fn write_fields(f: &mut fmt::Formatter<'_>, info: &MessageInfo) -> fmt::Result {
    writeln!(
        f,
        "\n### {}: {}\n\n| field | byte.bit | bits | 2011 | resolution, offset, unit | range | SPN | M/O | conf. | meaning |\n\
         |---|---|---|---|---|---|---|---|---|---|",
        info.code, info.meaning
    )?;
    info.fields.iter().try_for_each(|field| write_field(f, field))
}

fn write_field(f: &mut fmt::Formatter<'_>, field: &Field) -> fmt::Result {
    let place = |at: Position| (at.byte, at.bit);
    let (byte, bit) = place(field.position);
    write!(f, "| `{}`", field.name)?;
    if field.repeat > 1 {
        write!(f, " x {}", field.repeat)?;
    }
    write!(f, " | {byte}.{bit} | {} | ", field.position.width)?;
    match field.in_2011 {
        In2011::Same => f.write_str("same")?,
        In2011::At(at) => write!(f, "{}.{}, {} bits", at.byte, at.bit, at.width)?,
        In2011::Undefined => f.write_str("undefined")?,
    }
    match field.shape {
        Shape::Quantity(scale) | Shape::Cell(scale) => {
            let offset = Decimal::new(scale.offset.into(), scale.decimals);
            write!(
                f,
                " | {}, {offset}, {}",
                ["1", "0.1", "0.01"].get(usize::from(scale.decimals)).unwrap_or(&"1"),
                scale.unit
            )?;
        }
        Shape::Ordinal => write!(f, " | 1, 1")?,
        Shape::Code(names) => {
            write!(f, " |")?;
            names.iter().try_for_each(|(code, name)| write!(f, " {code:02X} {name};"))?;
        }
        Shape::Text => write!(f, " | ASCII")?,
        Shape::Clock => write!(f, " | packed BCD")?,
        Shape::Date => write!(f, " | year +1985, month, day")?,
        Shape::Count | Shape::Number | Shape::Serial => write!(f, " | number")?,
        Shape::Bytes => write!(f, " | bytes")?,
        Shape::Trouble => write!(f, " | SPN, FMI, occurrences")?,
    }
    write!(f, " | ")?;
    if let Some(range) = field.range {
        let decimals = match field.shape {
            Shape::Quantity(scale) | Shape::Cell(scale) => scale.decimals,
            _ => 0,
        };
        let only = if range.only_2011 { " (2011)" } else { "" };
        write!(
            f,
            "{}..{}{only}",
            Decimal::new(range.min, decimals),
            Decimal::new(range.max, decimals)
        )?;
    }
    write!(f, " | ")?;
    if let Some(spn) = field.spn {
        write!(f, "{spn}")?;
    }
    let presence = match field.presence {
        super::Presence::Mandatory => "M",
        super::Presence::Optional => "O",
        super::Presence::Reserved => "reserved",
    };
    writeln!(f, " | {presence} | {:?} |{} |", field.confidence, field.meaning)
}
