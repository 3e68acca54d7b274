//! The field table as a DBC file, the exchange format of CAN tools.

use core::fmt;

use super::{Field, MessageInfo, Position, Shape};
use crate::edition::{Edition, Party};
use crate::message::MessageKind;
use crate::units::Decimal;

/// Writes, by `Display`, the DBC file of an edition.
///
/// Multi-packet messages are given with their whole length under the identifier they would have as a single frame.
/// Texts and opaque bytes are split into signals of at most 8 bytes. Cells of BMV are two signals each.
#[derive(Debug, Clone, Copy)]
pub struct Dbc(pub Edition);

impl fmt::Display for Dbc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let messages = || {
            let rows = MessageKind::ALL.iter().map(|kind| (*kind, kind.info()));
            // Messages of either party, and those an edition lacks, are left out.
            rows.filter(|(_, info)| info.sender.is_some() && info.length_in(self.0) > 0)
        };
        writeln!(f, "VERSION \"GB/T 27930-{}\"\n\nNS_ :\n\nBS_:\n\nBU_: Charger BMS\n", self.0)?;
        for (kind, info) in messages() {
            let sender = if info.sender == Some(Party::Charger) { "Charger" } else { "BMS" };
            // Bit 31 marks an extended identifier.
            let id = info.can_id().raw() | 1 << 31;
            writeln!(f, "BO_ {id} {kind}: {} {sender}", info.length_in(self.0))?;
            self.each_signal(info, |signal| writeln!(f, " SG_ {signal}"))?;
            writeln!(f)?;
        }
        for (_, info) in messages() {
            let id = info.can_id().raw() | 1 << 31;
            writeln!(f, "CM_ BO_ {id} \"{}\";", info.meaning)?;
        }
        for (_, info) in messages() {
            let id = info.can_id().raw() | 1 << 31;
            for field in info
                .fields
                .iter()
                .filter(|field| field.repeat == 1 && field.position_in(self.0).is_some())
            {
                if let Shape::Code(names) = field.shape {
                    write!(f, "VAL_ {id} {}", field.name)?;
                    names.iter().try_for_each(|(code, name)| write!(f, " {code} \"{name}\""))?;
                    writeln!(f, " ;")?;
                }
            }
        }
        Ok(())
    }
}

impl Dbc {
    fn each_signal(
        self,
        info: &MessageInfo,
        mut put: impl FnMut(Signal) -> fmt::Result,
    ) -> fmt::Result {
        for field in info.fields {
            let Some(first) = field.position_in(self.0) else { continue };
            for index in 0..field.repeat {
                let at = first.repeated(index);
                let number = (field.repeat > 1).then_some(index + 1);
                if at.end() > info.length_in(self.0).into() {
                    break;
                }
                match field.shape {
                    Shape::Cell(_) => {
                        put(Signal {
                            field,
                            number,
                            ending: "_voltage",
                            at: Position { width: 12, ..at },
                        })?;
                        let group = Position { byte: at.byte + 1, bit: 5, width: 4 };
                        put(Signal { field, number, ending: "_group", at: group })?;
                    }
                    _ if at.width <= 64 => put(Signal { field, number, ending: "", at })?,
                    _ => {
                        for part in 0..at.width.div_ceil(64) {
                            let width = (at.width - part * 64).min(64);
                            let at = Position { byte: at.byte + part * 8, bit: 1, width };
                            put(Signal { field, number: Some(part + 1), ending: "", at })?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// One `SG_` line without its keyword.
struct Signal {
    field: &'static Field,
    number: Option<u16>,
    ending: &'static str,
    at: Position,
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = (self.at.byte - 1) * 8 + u16::from(self.at.bit) - 1;
        write!(f, "{}", self.field.name)?;
        if let Some(number) = self.number {
            write!(f, "_{number}")?;
        }
        let (factor, offset, unit) = match self.field.shape {
            Shape::Quantity(scale) | Shape::Cell(scale) if self.ending != "_group" => {
                let factor =
                    ["1", "0.1", "0.01"].get(usize::from(scale.decimals)).copied().unwrap_or("1");
                (factor, Decimal::new(scale.offset.into(), scale.decimals), scale.unit)
            }
            Shape::Ordinal => ("1", Decimal::new(1, 0), ""),
            _ => ("1", Decimal::new(0, 0), ""),
        };
        write!(f, "{} : {start}|{}@1+ ({factor},{offset}) ", self.ending, self.at.width)?;
        match (self.field.range, self.field.shape) {
            (Some(range), Shape::Quantity(scale) | Shape::Cell(scale))
                if self.ending != "_group" =>
            {
                let decimal = |steps| Decimal::new(steps, scale.decimals);
                write!(f, "[{}|{}]", decimal(range.min), decimal(range.max))?;
            }
            _ => write!(f, "[0|0]")?,
        }
        write!(f, " \"{unit}\" Vector__XXX")
    }
}
