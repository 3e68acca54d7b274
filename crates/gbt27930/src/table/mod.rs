//! The table of messages and fields: what a message is called, who sends it how often, and for every field its
//! position, width, resolution, unit, range, SPN and standing.
//!
//! The rows stand in [`crate::message`], one file per phase of a session, each row once. Reading and writing a field,
//! range checks, JSON names and shapes, the reference page and the DBC file all come from them.

#[cfg(feature = "alloc")]
mod dbc;
pub(crate) mod declare;
#[cfg(feature = "alloc")]
mod export;
mod field_type;
mod fields;

#[cfg(feature = "alloc")]
pub use dbc::dbc;
pub(crate) use declare::{empty_causes, field, message, place_doc, row_doc, typed_message};
#[cfg(feature = "alloc")]
pub use export::reference;
pub(crate) use field_type::CELL_SCALE;
pub use field_type::{FieldType, Ordinal};
pub use fields::{FieldValue, Fields, Value, ValueError};

use crate::codes::Name;
use crate::edition::{Edition, Party};
use crate::frame::CanId;
use crate::units::Scale;

/// Where a field lies in the payload. Bytes and bits are numbered from 1 as in the standard; bit 1 is the least
/// significant. Multi-byte numbers are little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// First byte.
    pub byte: u16,
    /// First bit within that byte.
    pub bit: u8,
    /// Width in bits, counted upwards from there.
    pub width: u16,
}

impl Position {
    /// Payload bytes up to and including the field's last one.
    #[must_use]
    pub const fn end(&self) -> usize {
        self.byte as usize - 1 + self.span()
    }

    /// Bytes that the field touches.
    pub(crate) const fn span(&self) -> usize {
        (self.bit as usize - 1 + self.width as usize).div_ceil(8)
    }

    /// The same field `index` repetitions further on, as in a list of cells.
    pub(crate) const fn repeated(self, index: u16) -> Self {
        Self { byte: self.byte + index * (self.width / 8), ..self }
    }
}

/// How the 2011 edition lays a field out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum In2011 {
    /// As in 2015. (Fields behind the shorter 2011 length are simply absent.)
    Same,
    /// Elsewhere, or with another width.
    At(Position),
    /// Not defined: its bits are sent as ones.
    Undefined,
}

/// Shape of a field: what it holds, and how it is shown in JSON.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// A quantity, all ones are 'not available': `{raw, value, unit}`.
    Quantity(Scale),
    /// A number counted from 1, raw counted from 0, without 'not available': `{raw, value}`.
    Ordinal,
    /// A count, all ones are 'not available': a number or `null`.
    Count,
    /// An identifier or version, shown raw: a number.
    Number,
    /// A code with these names: a number.
    Code(&'static [Name]),
    /// ASCII text, all ones are 'not available': a string or `null`.
    Text,
    /// Opaque bytes: lower-case hexadecimal under the name with `_hex`.
    Bytes,
    /// A 4-byte identifier: a number under the name with `_raw`.
    Serial,
    /// [`crate::text::ProductionDate`]: an ISO date or `null`, and the three raw bytes under the name with `_raw`.
    Date,
    /// [`crate::text::BcdTime`]: its own members.
    Clock,
    /// [`crate::message::CellVoltage`]: 12 bits of voltage and 4 of group number.
    Cell(Scale),
    /// [`crate::message::TroubleCode`].
    Trouble,
}

/// Whether a sender has to fill a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// M.
    Mandatory,
    /// O: sent as ones where not used.
    Optional,
    /// Undefined or reserved: sent as ones.
    Reserved,
}

/// How well a row is supported by public sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Two or more independent implementations agree and real captures fit.
    A,
    /// Two sources agree, no capture.
    B,
    /// One source.
    C,
    /// From memory, unverified.
    M,
    /// Sources conflict; the text says which one is followed.
    X,
}

/// A range in steps of the field's resolution, offset applied (tenths of an ampere for a current).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Least value.
    pub min: i64,
    /// Greatest value.
    pub max: i64,
    /// Stated by the 2011 edition only; dropped or raised since.
    pub only_2011: bool,
}

/// A row of the field table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// Name in this crate and in JSON.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Position in 2015 and 2023.
    pub position: Position,
    /// Position in 2011.
    pub in_2011: In2011,
    /// What it holds.
    pub shape: Shape,
    /// Most repetitions, one after the other; 1 for a plain field.
    pub repeat: u16,
    /// Stated range, if any. A value outside is flagged, never refused.
    pub range: Option<Range>,
    /// Suspect parameter number. Several fields can share one; a list has that of its first item.
    pub spn: Option<u32>,
    /// Mandatory or not.
    pub presence: Presence,
    /// How sure the row is.
    pub confidence: Confidence,
}

impl Field {
    /// Position in an edition, `None` where the edition does not define the field.
    #[must_use]
    pub const fn position_in(&self, edition: Edition) -> Option<Position> {
        match (edition, self.in_2011) {
            (Edition::V2011, In2011::At(position)) => Some(position),
            (Edition::V2011, In2011::Undefined) => None,
            _ => Some(self.position),
        }
    }
}

/// When in a session a message is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Phase {
    /// Handshake start: CHM, BHM and the insulation test.
    Handshake,
    /// Recognition: CRM, BRM.
    Recognition,
    /// Parameter configuration: BCP, CTS, CML, BRO, CRO.
    Configuration,
    /// Charging.
    Charging,
    /// End of charging: statistics.
    End,
    /// Error messages, in any phase.
    Error,
    /// Diagnostics, in any phase (annex B).
    Diagnostic,
}

/// A row of the message table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MessageInfo {
    /// The standard's code (`BCL`).
    pub code: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// Clause of GB/T 27930-2015 (numbers from memory, confidence M).
    pub clause: &'static str,
    /// Who sends it; `None` for both.
    pub sender: Option<Party>,
    /// PDU format: the parameter group number is this times 256.
    pub pf: u8,
    /// Priority of its identifier, 0 to 7.
    pub priority: u8,
    /// Repetition while it is active, in milliseconds; 0 if it is sent on occasion.
    pub period_ms: u16,
    /// When it is sent.
    pub phase: Phase,
    /// Least length with all mandatory fields, in any edition.
    pub minimum: u16,
    /// Length in 2011; 0 if that edition does not have it.
    pub length_2011: u16,
    /// Length in 2015 and 2023; the greatest one for lists.
    pub length: u16,
    /// Its fields.
    pub fields: &'static [Field],
    /// How sure identifier, period and length are.
    pub confidence: Confidence,
}

impl MessageInfo {
    /// Parameter group number.
    #[must_use]
    pub const fn pgn(&self) -> u32 {
        (self.pf as u32) << 8
    }

    /// Length in an edition; 0 if the edition does not have the message.
    #[must_use]
    pub const fn length_in(&self, edition: Edition) -> u16 {
        match edition {
            Edition::V2011 => self.length_2011,
            Edition::V2015 | Edition::V2023 => self.length,
        }
    }

    /// Its lengths in 2011 and later.
    pub(crate) const fn lengths(&self) -> [u16; 2] {
        [self.length_2011, self.length]
    }

    /// Its identifier when it is a single frame; multi-packet messages are shown under it too. Messages of both
    /// parties are given as the charger's.
    #[must_use]
    pub const fn can_id(&self) -> CanId {
        let sender = match self.sender {
            Some(party) => party,
            None => Party::Charger,
        };
        CanId::new(self.priority, self.pf, sender)
    }

    /// Whether a payload of this length is one that the edition foresees. Others are decoded all the same.
    #[must_use]
    pub const fn is_usual_length(&self, edition: Edition, len: usize) -> bool {
        let is_list = self.is_list();
        let expected = self.length_in(edition) as usize;
        if is_list {
            len >= self.minimum as usize && len <= expected
        } else {
            // CCS: the 2015 overview says 8, most chargers send 7.
            len == expected || (self.pf == 0x12 && len == 8 && expected == 7)
        }
    }

    /// Whether the payload is a list of as many items as the sender has.
    #[must_use]
    pub const fn is_list(&self) -> bool {
        match self.fields.last() {
            Some(field) => field.repeat > 1,
            None => false,
        }
    }

    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}
