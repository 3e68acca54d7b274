//! The DBC file made from the table.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{Result, Write};

use super::export::{factor, limits_of};
use super::field_type::ones;
use super::{Field, MessageInfo, Position, Shape};
use crate::edition::{Edition, Party};
use crate::message::MessageKind;
use crate::{CanId, PF_TP_CM, PF_TP_DT};

/// Most trouble codes of DM1 and DM2 that have signals: a message can hold 446.
const TROUBLE_CODES: u16 = 32;
/// Most opaque bytes in a row that have signals: the freeze frame of DM6 has none.
const OPAQUE: u16 = 32;

/// The DBC file of an edition: every message under the identifier that it has as a single frame, with all its fields.
///
/// Multi-packet messages have their full length, as readers that know J1939 show them after reassembly (the messages
/// carry `VFrameFormat` J1939PG, their period and SPNs); TP.CM and TP.DT are there too, for readers that do not. Lists
/// are signals item by item: `cells_1` to `cells_256` with `cells_1_group`, and so on. Text is a signal per byte
/// (`vin_1`), dates and the clock are their parts, a decimal digit of the clock's BCD code each, with factors so that
/// their sum is the number. All ones of a quantity have the value name `not_available`.
///
/// What a DBC file cannot say: that lists and BRM may be shorter (a signal behind the payload's end is not there), that a
/// field's layout depends on another message (hence one file per edition), and one signal for the SPN of a trouble code,
/// whose bits are apart. Left out are DM6's freeze frame, which is opaque, and codes of DM1 and DM2 behind the 32nd.
#[must_use]
pub fn dbc(edition: Edition) -> String {
    let mut text = String::new();
    let _ = write_dbc(&mut text, edition);
    text
}

fn write_dbc(out: &mut String, edition: Edition) -> Result {
    writeln!(out, "VERSION \"GB/T 27930-{}\"\n\nNS_ :\n\nBS_:\n", edition.year())?;
    writeln!(out, "BU_: {} {}\n", node(Party::Charger), node(Party::Bms))?;
    let messages = messages(edition);
    for message in &messages {
        message.write_definition(out)?;
    }
    for party in [Party::Charger, Party::Bms] {
        write_transport(out, party)?;
    }
    for message in &messages {
        message.write_comments(out)?;
    }
    out.push_str(ATTRIBUTES);
    for message in &messages {
        message.write_attributes(out)?;
    }
    for message in &messages {
        message.write_value_names(out)?;
    }
    Ok(())
}

/// The attributes that J1939 tools look for.
const ATTRIBUTES: &str = "BA_DEF_ \"ProtocolType\" STRING ;\n\
    BA_DEF_ BO_ \"VFrameFormat\" ENUM \"StandardCAN\",\"ExtendedCAN\",\"reserved\",\"J1939PG\";\n\
    BA_DEF_ BO_ \"GenMsgCycleTime\" INT 0 65535;\n\
    BA_DEF_ SG_ \"SPN\" INT 0 524287;\n\
    BA_DEF_DEF_ \"ProtocolType\" \"\";\n\
    BA_DEF_DEF_ \"VFrameFormat\" \"J1939PG\";\n\
    BA_DEF_DEF_ \"GenMsgCycleTime\" 0;\n\
    BA_DEF_DEF_ \"SPN\" 0;\n\
    BA_ \"ProtocolType\" \"J1939\";\n";

const fn node(party: Party) -> &'static str {
    match party {
        Party::Charger => "Charger",
        Party::Bms => "BMS",
    }
}

/// The extended identifier as DBC files write it: bit 31 set.
const fn dbc_id(id: CanId) -> u32 {
    id.raw() | 1 << 31
}

/// A message of one sender.
struct DbcMessage {
    info: &'static MessageInfo,
    name: String,
    id: u32,
    length: u16,
    sender: Party,
    signals: Vec<Signal>,
}

struct Signal {
    name: String,
    /// First bit, counted over the payload.
    start: u32,
    width: u16,
    factor: &'static str,
    offset: String,
    limits: (String, String),
    unit: &'static str,
    /// Its raw numbers with a name.
    names: Vec<(u32, &'static str)>,
    spn: Option<u32>,
    /// What it is; for the first item of a list only.
    comment: Option<String>,
}

/// All messages of the edition; those of both senders twice.
fn messages(edition: Edition) -> Vec<DbcMessage> {
    let mut messages = Vec::new();
    for info in MessageKind::ALL.iter().map(|kind| kind.info()) {
        // DM4 and DM5 have no data in any edition.
        if info.length_in(edition) == 0 && info.length > 0 {
            continue;
        }
        let senders: &[_] = match info.sender {
            Some(Party::Charger) => &[Party::Charger],
            Some(Party::Bms) => &[Party::Bms],
            None => &[Party::Charger, Party::Bms],
        };
        for sender in senders.iter().copied() {
            let is_second = info.sender.is_none() && sender == Party::Bms;
            messages.push(DbcMessage {
                info,
                name: if is_second { format!("{}_BMS", info.code) } else { info.code.to_string() },
                id: dbc_id(CanId::new(info.priority, info.pf, sender)),
                length: info.length_in(edition),
                sender,
                signals: signals(info, edition),
            });
        }
    }
    messages
}

impl DbcMessage {
    fn write_definition(&self, out: &mut String) -> Result {
        writeln!(out, "BO_ {} {}: {} {}", self.id, self.name, self.length, node(self.sender))?;
        for signal in &self.signals {
            writeln!(
                out,
                " SG_ {} : {}|{}@1+ ({},{}) [{}|{}] \"{}\" {}",
                signal.name,
                signal.start,
                signal.width,
                signal.factor,
                signal.offset,
                signal.limits.0,
                signal.limits.1,
                signal.unit,
                node(self.sender.peer()),
            )?;
        }
        writeln!(out)
    }

    fn write_comments(&self, out: &mut String) -> Result {
        let info = self.info;
        let meaning = plain(info.meaning);
        writeln!(out, "CM_ BO_ {} \"{meaning} (confidence {:?})\";", self.id, info.confidence)?;
        for signal in &self.signals {
            if let Some(comment) = &signal.comment {
                writeln!(out, "CM_ SG_ {} {} \"{comment}\";", self.id, signal.name)?;
            }
        }
        Ok(())
    }

    fn write_attributes(&self, out: &mut String) -> Result {
        if self.info.period_ms > 0 {
            writeln!(out, "BA_ \"GenMsgCycleTime\" BO_ {} {};", self.id, self.info.period_ms)?;
        }
        for signal in &self.signals {
            if let Some(spn) = signal.spn {
                writeln!(out, "BA_ \"SPN\" SG_ {} {} {spn};", self.id, signal.name)?;
            }
        }
        Ok(())
    }

    fn write_value_names(&self, out: &mut String) -> Result {
        for signal in self.signals.iter().filter(|signal| !signal.names.is_empty()) {
            write!(out, "VAL_ {} {}", self.id, signal.name)?;
            for (raw, name) in &signal.names {
                write!(out, " {raw} \"{name}\"")?;
            }
            writeln!(out, " ;")?;
        }
        Ok(())
    }
}

/// The signals of a message, field by field and item by item.
fn signals(info: &MessageInfo, edition: Edition) -> Vec<Signal> {
    let length = usize::from(info.length_in(edition));
    let mut signals = Vec::new();
    for field in info.fields {
        let items = match field.shape {
            Shape::Trouble => field.repeat.min(TROUBLE_CODES),
            Shape::Bytes if field.repeat > OPAQUE => 0,
            _ => field.repeat,
        };
        for index in 0..items {
            let at = field.position_in(edition).map(|at| at.repeated(index));
            if let Some(at) = at.filter(|at| at.end() <= length) {
                field_signals(field, index, at, edition, &mut signals);
            }
        }
    }
    signals
}

/// The signals of one field, or of one item of a list.
fn field_signals(field: &Field, index: u16, at: Position, edition: Edition, out: &mut Vec<Signal>) {
    let name = if field.repeat > 1 {
        format!("{}_{}", field.name, index + 1)
    } else {
        field.name.to_string()
    };
    let first = (u32::from(at.byte) - 1) * 8 + u32::from(at.bit) - 1;
    let part = |suffix: &str, start: u32, width: u16, factor: &'static str, offset: u32| Signal {
        name: format!("{name}{suffix}"),
        start: first + start,
        width,
        factor,
        offset: offset.to_string(),
        limits: ("0".to_string(), "0".to_string()),
        unit: "",
        names: Vec::new(),
        spn: match field.shape {
            Shape::Cell(_) => field.spn.map(|spn| spn + u32::from(index)),
            // Of the reserved bytes sources disagree which belong to which SPN.
            _ => field.spn.filter(|_| field.repeat == 1),
        },
        comment: None,
    };
    let from = out.len();
    match field.shape {
        Shape::Quantity(scale) | Shape::Cell(scale) => {
            let width = if matches!(field.shape, Shape::Cell(_)) { 12 } else { at.width };
            out.push(Signal {
                factor: factor(scale),
                offset: scale.decimal(0).to_string(),
                limits: limits_of(field, edition),
                unit: scale.unit,
                names: [(ones(width), "not_available")].into(),
                ..part("", 0, width, "1", 0)
            });
            if matches!(field.shape, Shape::Cell(_)) {
                out.push(part("_group", 12, 4, "1", 0));
            }
        }
        Shape::Ordinal => out.push(part("", 0, at.width, "1", 1)),
        Shape::Count => out.push(Signal {
            names: [(ones(at.width), "not_available")].into(),
            ..part("", 0, at.width, "1", 0)
        }),
        Shape::Number | Shape::Serial => out.push(part("", 0, at.width, "1", 0)),
        Shape::Code(names) => out.push(Signal {
            names: names.iter().map(|(code, name)| (u32::from(*code), *name)).collect(),
            ..part("", 0, at.width, "1", 0)
        }),
        Shape::Date => {
            out.push(part("_year", 0, 8, "1", 1985));
            out.push(part("_month", 8, 8, "1", 0));
            out.push(part("_day", 16, 8, "1", 0));
        }
        Shape::Clock => {
            for (number, unit) in (0..).zip(["second", "minute", "hour", "day", "month", "year"]) {
                out.push(part(&format!("_{unit}_ones"), number * 8, 4, "1", 0));
                out.push(part(&format!("_{unit}_tens"), number * 8 + 4, 4, "10", 0));
            }
            out.push(part("_year_hundreds", 48, 4, "100", 0));
            out.push(part("_year_thousands", 52, 4, "1000", 0));
        }
        Shape::Trouble => {
            out.push(part("_spn_low", 0, 16, "1", 0));
            out.push(part("_fmi", 16, 5, "1", 0));
            out.push(part("_spn_high", 21, 3, "65536", 0));
            out.push(part("_occurrences", 24, 7, "1", 0));
            out.push(part("_conversion", 31, 1, "1", 0));
        }
        Shape::Bytes if field.repeat > 1 => out.push(part("", 0, 8, "1", 0)),
        Shape::Text | Shape::Bytes => {
            for byte in 0..at.width / 8 {
                out.push(part(&format!("_{}", byte + 1), u32::from(byte) * 8, 8, "1", 0));
            }
        }
    }
    if let (0, Some(signal)) = (index, out.get_mut(from)) {
        let meaning = plain(field.meaning);
        signal.comment = Some(format!("{meaning} (confidence {:?})", field.confidence));
    }
}

/// TP.CM, told apart by its first byte, and TP.DT.
fn write_transport(out: &mut String, by: Party) -> Result {
    let (node, to) = (node(by), node(by.peer()));
    writeln!(out, "BO_ {} TP_CM_{node}: 8 {node}", dbc_id(CanId::new(7, PF_TP_CM, by)))?;
    for (name, which, start, width) in [
        ("control", "M", 0, 8),
        ("rts_size", "m16", 8, 16),
        ("rts_packets", "m16", 24, 8),
        ("rts_window", "m16", 32, 8),
        ("cts_packets", "m17", 8, 8),
        ("cts_next", "m17", 16, 8),
        ("end_size", "m19", 8, 16),
        ("end_packets", "m19", 24, 8),
        ("abort_reason", "m255", 8, 8),
        ("pgn", "", 40, 24),
    ] {
        write_plain(out, name, which, (start, width), to)?;
    }
    writeln!(out, "\nBO_ {} TP_DT_{node}: 8 {node}", dbc_id(CanId::new(7, PF_TP_DT, by)))?;
    write_plain(out, "sequence", "", (0, 8), to)?;
    for (name, start) in ["data_1", "data_2", "data_3", "data_4", "data_5", "data_6", "data_7"]
        .into_iter()
        .zip((8..).step_by(8))
    {
        write_plain(out, name, "", (start, 8), to)?;
    }
    writeln!(out)
}

/// A signal without scale; `which` says for which value of the multiplexor it is there.
fn write_plain(
    out: &mut String,
    name: &str,
    which: &str,
    (start, width): (u8, u8),
    to: &str,
) -> Result {
    let space = if which.is_empty() { "" } else { " " };
    writeln!(out, " SG_ {name}{space}{which} : {start}|{width}@1+ (1,0) [0|0] \"\" {to}")
}

/// Text without quotation marks and line breaks.
fn plain(meaning: &str) -> String {
    meaning.trim().replace('"', "'").replace('\n', " ")
}
