//! The fields of a payload as the table sees them: what JSON output, range checks and the DBC test walk over.

use super::field_type::{ones, read_bits, write_bits};
use super::{Field, Position, Presence, Shape};
use crate::edition::Edition;
use crate::message::MessageKind;
use crate::units::Decimal;

/// A payload with the table row that explains it. Total: fields that the payload is too short for are left out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fields<'a> {
    kind: MessageKind,
    payload: &'a [u8],
    edition: Edition,
}

/// A field with what a payload says about it.
#[derive(Clone, Copy)]
pub struct FieldValue<'a> {
    /// The row.
    pub field: &'static Field,
    /// Which repetition, from 0.
    pub index: u16,
    /// The raw value.
    pub value: Value<'a>,
    edition: Edition,
}

/// A raw value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// A number of at most 32 bits.
    Number(u32),
    /// Bytes; fewer than the field has if the payload ends in it.
    Bytes(&'a [u8]),
}

/// Numbers as they are, of bytes the length only: they may be an identifier.
impl core::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Number(raw) => write!(f, "{raw:#x}"),
            Self::Bytes(bytes) => write!(f, "<masked, {} bytes>", bytes.len()),
        }
    }
}

/// A raw value cannot be put into a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The value has more bits or bytes than the field.
    #[error("{field}: value does not fit {width} bits")]
    TooWide {
        /// Name of the field.
        field: &'static str,
        /// Its width.
        width: u16,
    },
    /// The field is a number and got bytes, or the other way round.
    #[error("{field}: wrong kind of value")]
    WrongKind {
        /// Name of the field.
        field: &'static str,
    },
}

impl<'a> Fields<'a> {
    /// The fields of a payload in an edition.
    #[must_use]
    pub const fn new(kind: MessageKind, payload: &'a [u8], edition: Edition) -> Self {
        Self { kind, payload, edition }
    }

    /// Which message.
    #[must_use]
    pub const fn kind(&self) -> MessageKind {
        self.kind
    }

    /// The payload.
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// The edition.
    #[must_use]
    pub const fn edition(&self) -> Edition {
        self.edition
    }

    /// The fields that are there, in the order of the message, lists item by item.
    pub fn iter(&self) -> impl Iterator<Item = FieldValue<'a>> + Clone + 'a {
        let Self { kind, payload, edition } = *self;
        kind.info().fields.iter().flat_map(move |field| {
            (0..field.repeat).map_while(move |index| Self::value_of(field, index, payload, edition))
        })
    }

    /// One field by name; of a list its first item.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<FieldValue<'a>> {
        let field = self.kind.info().field(name)?;
        Self::value_of(field, 0, self.payload, self.edition)
    }

    /// An item of a field: of a list the one with this index from 0, of another field index 0.
    ///
    /// `None` if the edition does not have the field, the payload ends before it, or the field has fewer items.
    #[must_use]
    pub fn item(&self, field: &'static Field, index: u16) -> Option<FieldValue<'a>> {
        (index < field.repeat)
            .then(|| Self::value_of(field, index, self.payload, self.edition))
            .flatten()
    }

    fn value_of(
        field: &'static Field,
        index: u16,
        payload: &'a [u8],
        edition: Edition,
    ) -> Option<FieldValue<'a>> {
        let at = field.position_in(edition)?.repeated(index);
        let value = if field.shape.is_bytes() {
            let first = usize::from(at.byte) - 1;
            Value::Bytes(payload.get(first..)?.get(..at.span())?)
        } else {
            Value::Number(read_bits(payload, at)?)
        };
        Some(FieldValue { field, index, value, edition })
    }

    /// The fields whose value is available and outside the stated range.
    pub fn out_of_range(&self) -> impl Iterator<Item = FieldValue<'a>> + 'a {
        self.iter().filter(|value| !value.is_in_range())
    }

    /// Whether bits that the edition leaves undefined are not ones as the filling rule wants (2015 and later), or the
    /// length is unusual.
    #[must_use]
    pub fn is_unusual(&self) -> bool {
        !self.kind.info().is_usual_length(self.edition, self.payload.len())
            || self.iter().any(|v| v.field.presence == Presence::Reserved && !v.is_ones())
    }
}

/// The names of the message and the number of its bytes, for the values can identify someone.
impl core::fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}(<{} bytes>)", self.kind, self.payload.len())
    }
}

impl Shape {
    /// Whether the raw value is bytes, not a number.
    #[must_use]
    pub const fn is_bytes(&self) -> bool {
        matches!(self, Self::Text | Self::Bytes | Self::Date | Self::Clock)
    }
}

impl<'a> FieldValue<'a> {
    /// Whether every bit is one.
    #[must_use]
    pub fn is_ones(&self) -> bool {
        let width = self.field.position_in(self.edition).map_or(0, |at| at.width);
        match (self.value, self.field.shape) {
            (Value::Number(raw), Shape::Cell(_)) => raw & 0xFFF == 0xFFF,
            (Value::Number(raw), _) => raw == ones(width),
            (Value::Bytes(bytes), _) => bytes.iter().all(|&byte| byte == 0xFF),
        }
    }

    /// The raw number without a cell's group; `None` for bytes.
    #[must_use]
    pub const fn raw(&self) -> Option<u32> {
        match (self.value, self.field.shape) {
            (Value::Number(raw), Shape::Cell(_)) => Some(raw & 0xFFF),
            (Value::Number(raw), _) => Some(raw),
            (Value::Bytes(_), _) => None,
        }
    }

    /// The physical value, `None` if it is not available or the field is no quantity.
    #[must_use]
    pub fn physical(&self) -> Option<Decimal> {
        let raw = self.raw()?;
        match self.field.shape {
            Shape::Quantity(scale) | Shape::Cell(scale) => {
                (!self.is_ones()).then(|| scale.decimal(raw))
            }
            Shape::Ordinal => Some(Decimal::new(i64::from(raw) + 1, 0)),
            _ => None,
        }
    }

    /// Whether the value lies in the stated range, or is not available, or has no stated range in this edition.
    #[must_use]
    pub fn is_in_range(&self) -> bool {
        let Some(range) = self.field.range else { return true };
        if range.only_2011 && self.edition != Edition::V2011 {
            return true;
        }
        let value = match (self.raw(), self.field.shape) {
            (Some(raw), Shape::Ordinal) => i64::from(raw) + 1,
            (Some(raw), Shape::Quantity(scale) | Shape::Cell(scale)) if !self.is_ones() => {
                scale.value(raw)
            }
            _ => return true,
        };
        (range.min..=range.max).contains(&value)
    }

    /// The bytes of a byte field, empty for numbers.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        match self.value {
            Value::Bytes(bytes) => bytes,
            Value::Number(_) => &[],
        }
    }
}

impl core::fmt::Debug for FieldValue<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}[{}] = ", self.field.name, self.index)?;
        match (self.value, self.field.shape) {
            (_, Shape::Serial) => f.write_str("<masked, 4 bytes>"),
            (Value::Bytes(bytes), _) => write!(f, "<masked, {} bytes>", bytes.len()),
            (Value::Number(raw), _) => write!(f, "{raw:#x}"),
        }
    }
}

impl Field {
    /// Puts a raw value into a payload; fields that the edition does not have and fields behind the payload's end are
    /// left out.
    ///
    /// # Errors
    /// [`ValueError`].
    pub fn put(
        &self,
        payload: &mut [u8],
        edition: Edition,
        index: u16,
        value: Value<'_>,
    ) -> Result<(), ValueError> {
        let Some(at) = self.position_in(edition).map(|at: Position| at.repeated(index)) else {
            return Ok(());
        };
        let too_wide = ValueError::TooWide { field: self.name, width: at.width };
        match value {
            Value::Number(raw) if !self.shape.is_bytes() => {
                write_bits(payload, at, raw).then_some(()).ok_or(too_wide)
            }
            Value::Bytes(bytes) if self.shape.is_bytes() => {
                if bytes.len() > at.span() {
                    return Err(too_wide);
                }
                let first = usize::from(at.byte) - 1;
                for (to, from) in payload.iter_mut().skip(first).zip(bytes) {
                    *to = *from;
                }
                Ok(())
            }
            _ => Err(ValueError::WrongKind { field: self.name }),
        }
    }
}
