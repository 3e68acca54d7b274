//! How the Rust type of a field is read from and written to a payload.

use super::{Position, Shape};
use crate::codes::Code;
use crate::error::EncodeError;
use crate::text::{AreaCode, BcdTime, Manufacturer, PackSerial, ProductionDate, Vin};
use crate::units::{Quantity, Scale};

/// A type that a row of the field table can name.
///
/// Reading is total: a field that the payload is too short for reads as all ones, which is the standard's own code for
/// 'not available'.
pub trait FieldType: Sized {
    /// Width in bits where the row does not say otherwise.
    const WIDTH: u16;
    /// Its shape in the table.
    const SHAPE: Shape;
    /// Reads the field.
    fn read(payload: &[u8], at: Position) -> Self;
    /// Writes the field; a field behind the end of the payload is left out.
    ///
    /// # Errors
    /// [`EncodeError::OutOfRange`] if the width has no code for the value.
    fn write(self, payload: &mut [u8], at: Position, name: &'static str)
    -> Result<(), EncodeError>;
}

/// Reads up to 32 bits, `None` beyond the end. Compiles to one load, shift and mask for a constant position.
#[inline(always)]
pub(crate) fn read_bits(payload: &[u8], at: Position) -> Option<u32> {
    let first = usize::from(at.byte).checked_sub(1)?;
    let raw = match *payload.get(first..)?.get(..at.span())? {
        [a] => u32::from(a),
        [a, b] => u32::from(u16::from_le_bytes([a, b])),
        [a, b, c] => u32::from_le_bytes([a, b, c, 0]),
        [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
        _ => return None,
    };
    Some((raw >> (at.bit - 1)) & ones(at.width))
}

/// Writes up to 32 bits, leaving the others of the bytes alone. False, and nothing written, if the value does not fit
/// the width.
#[inline(always)]
pub(crate) fn write_bits(payload: &mut [u8], at: Position, value: u32) -> bool {
    let mask = ones(at.width);
    if value & !mask != 0 {
        return false;
    }
    let first = usize::from(at.byte).wrapping_sub(1);
    let Some(window) = payload.get_mut(first..).and_then(|rest| rest.get_mut(..at.span())) else {
        return true;
    };
    let shift = u32::from(at.bit - 1);
    let [keep, value] = [!(mask << shift), value << shift].map(u32::to_le_bytes);
    let ([k0, k1, k2, k3], [v0, v1, v2, v3]) = (keep, value);
    match window {
        [a] => *a = *a & k0 | v0,
        [a, b] => (*a, *b) = (*a & k0 | v0, *b & k1 | v1),
        [a, b, c] => (*a, *b, *c) = (*a & k0 | v0, *b & k1 | v1, *c & k2 | v2),
        [a, b, c, d] => {
            (*a, *b, *c, *d) = (*a & k0 | v0, *b & k1 | v1, *c & k2 | v2, *d & k3 | v3);
        }
        _ => {}
    }
    true
}

/// The greatest number of that many bits, up to 32.
#[inline(always)]
pub(crate) const fn ones(width: u16) -> u32 {
    if width >= 32 { u32::MAX } else { (1 << width) - 1 }
}

#[inline(always)]
fn checked(written: bool, name: &'static str, raw: u32) -> Result<(), EncodeError> {
    if written { Ok(()) } else { Err(EncodeError::OutOfRange { field: name, raw }) }
}

/// Quantities have 'not available': all ones.
impl<Q: Quantity> FieldType for Option<Q> {
    const WIDTH: u16 = Q::WIDTH as u16;
    const SHAPE: Shape = Shape::Quantity(Q::SCALE);
    #[inline(always)]
    fn read(payload: &[u8], at: Position) -> Self {
        read_bits(payload, at).filter(|&raw| raw != ones(at.width)).map(Q::from_bits)
    }
    #[inline(always)]
    fn write(
        self,
        payload: &mut [u8],
        at: Position,
        name: &'static str,
    ) -> Result<(), EncodeError> {
        match self.map(Q::to_bits) {
            // The code for 'not available' cannot carry a value.
            Some(raw) if raw == ones(at.width) => Err(EncodeError::OutOfRange { field: name, raw }),
            Some(raw) => checked(write_bits(payload, at, raw), name, raw),
            None => checked(write_bits(payload, at, ones(at.width)), name, 0),
        }
    }
}

/// Types that are a plain number on the wire.
macro_rules! number_field {
    ($($ty:ty: $width:expr, $shape:expr, |$raw:ident| $read:expr, |$value:ident| $write:expr;)+) => { $(
        impl FieldType for $ty {
            const WIDTH: u16 = $width;
            const SHAPE: Shape = $shape;
            #[inline(always)]
            fn read(payload: &[u8], at: Position) -> Self {
                let $raw = read_bits(payload, at).unwrap_or(ones(at.width));
                $read
            }
            #[inline(always)]
            fn write(self, payload: &mut [u8], at: Position, name: &'static str) -> Result<(), EncodeError> {
                let $value = self;
                let raw: u32 = $write;
                // All ones stay all ones where an edition's field is narrower.
                let raw = if raw == ones(Self::WIDTH) { ones(at.width) } else { raw };
                checked(write_bits(payload, at, raw), name, raw)
            }
        }
    )+ };
}

number_field! {
    u8: 8, Shape::Number, |raw| raw as u8, |value| value.into();
    u16: 16, Shape::Number, |raw| raw as u16, |value| value.into();
    u32: 32, Shape::Number, |raw| raw, |value| value;
    Ordinal: 8, Shape::Ordinal, |raw| Ordinal(raw as u8), |value| value.0.into();
}

impl<C: Code> FieldType for C {
    const WIDTH: u16 = C::WIDTH as u16;
    const SHAPE: Shape = Shape::Code(C::NAMES);
    #[inline(always)]
    fn read(payload: &[u8], at: Position) -> Self {
        C::from_code(read_bits(payload, at).unwrap_or(ones(at.width)) as u8)
    }
    #[inline(always)]
    fn write(
        self,
        payload: &mut [u8],
        at: Position,
        name: &'static str,
    ) -> Result<(), EncodeError> {
        let raw = self.to_code().into();
        checked(write_bits(payload, at, raw), name, raw)
    }
}

/// A number counted from 1 whose raw form is counted from 0 (cells and sensors in BSM). There is no 'not available':
/// raw 255 is number 256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Ordinal(u8);

impl Ordinal {
    /// From the raw byte.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Self {
        Self(raw)
    }

    /// The raw byte.
    #[must_use]
    pub const fn raw(self) -> u8 {
        self.0
    }

    /// From the number, 1 to 256.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        number.checked_sub(1)?.try_into().ok().map(Self)
    }

    /// The number, 1 to 256.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0 as u16 + 1
    }
}

/// A 24-bit count, all ones are 'not available' (charges in BRM).
impl FieldType for Option<crate::message::ChargeCount> {
    const WIDTH: u16 = 24;
    const SHAPE: Shape = Shape::Count;
    #[inline(always)]
    fn read(payload: &[u8], at: Position) -> Self {
        read_bits(payload, at)
            .filter(|&raw| raw != ones(at.width))
            .and_then(crate::message::ChargeCount::new)
    }
    #[inline(always)]
    fn write(
        self,
        payload: &mut [u8],
        at: Position,
        name: &'static str,
    ) -> Result<(), EncodeError> {
        let raw = self.map_or(ones(at.width), crate::message::ChargeCount::number);
        checked(write_bits(payload, at, raw), name, raw)
    }
}

/// Copies the field's bytes; all ones if the payload ends in or before them.
#[inline(always)]
fn read_bytes<const N: usize>(payload: &[u8], at: Position) -> [u8; N] {
    let first = usize::from(at.byte).saturating_sub(1);
    let rest = payload.get(first..).unwrap_or_default();
    rest.first_chunk().copied().unwrap_or([0xFF; N])
}

#[inline(always)]
fn write_bytes<const N: usize>(payload: &mut [u8], at: Position, bytes: &[u8; N]) {
    let first = usize::from(at.byte).saturating_sub(1);
    if let Some(field) = payload.get_mut(first..).and_then(<[u8]>::first_chunk_mut) {
        *field = *bytes;
    }
}

/// Types that are bytes on the wire.
macro_rules! bytes_field {
    ($($ty:ty: $len:literal, $shape:expr, $from:path;)+) => { $(
        impl FieldType for $ty {
            const WIDTH: u16 = $len * 8;
            const SHAPE: Shape = $shape;
            #[inline(always)]
            fn read(payload: &[u8], at: Position) -> Self {
                $from(read_bytes(payload, at))
            }
            #[inline(always)]
            fn write(self, payload: &mut [u8], at: Position, _: &'static str) -> Result<(), EncodeError> {
                write_bytes(payload, at, self.as_bytes());
                Ok(())
            }
        }
    )+ };
}

bytes_field! {
    ProductionDate: 3, Shape::Date, ProductionDate::from_bytes;
    BcdTime: 7, Shape::Clock, BcdTime::from_bytes;
    PackSerial: 4, Shape::Serial, PackSerial::from_bytes;
}

/// Identifiers in ASCII have 'not available': all ones.
macro_rules! optional_text {
    ($($ty:ty: $len:literal;)+) => { $(
        impl FieldType for Option<$ty> {
            const WIDTH: u16 = $len * 8;
            const SHAPE: Shape = Shape::Text;
            #[inline(always)]
            fn read(payload: &[u8], at: Position) -> Self {
                Some(read_bytes(payload, at))
                    .filter(|bytes| *bytes != [0xFF; $len])
                    .map(<$ty>::from_bytes)
            }
            #[inline(always)]
            fn write(self, payload: &mut [u8], at: Position, _: &'static str) -> Result<(), EncodeError> {
                let bytes = self.map_or([0xFF; $len], |text| *text.as_bytes());
                write_bytes(payload, at, &bytes);
                Ok(())
            }
        }
    )+ };
}

optional_text! {
    Vin: 17;
    Manufacturer: 4;
}

impl<const N: usize> FieldType for [u8; N] {
    const WIDTH: u16 = N as u16 * 8;
    const SHAPE: Shape = Shape::Bytes;
    #[inline(always)]
    fn read(payload: &[u8], at: Position) -> Self {
        read_bytes(payload, at)
    }
    #[inline(always)]
    fn write(self, payload: &mut [u8], at: Position, _: &'static str) -> Result<(), EncodeError> {
        write_bytes(payload, at, &self);
        Ok(())
    }
}

/// 3 bytes, 6 in 2011: the width of the row decides.
impl FieldType for AreaCode {
    const WIDTH: u16 = 24;
    const SHAPE: Shape = Shape::Bytes;
    #[inline(always)]
    fn read(payload: &[u8], at: Position) -> Self {
        match at.span() {
            3 => Self::from_bytes(&read_bytes::<3>(payload, at)),
            _ => Self::from_bytes(&read_bytes::<6>(payload, at)),
        }
    }
    #[inline(always)]
    fn write(self, payload: &mut [u8], at: Position, _: &'static str) -> Result<(), EncodeError> {
        let [a, b, c, ..] = *self.padded();
        match at.span() {
            3 => write_bytes(payload, at, &[a, b, c]),
            _ => write_bytes(payload, at, self.padded()),
        }
        Ok(())
    }
}

/// The voltage half of a cell, for scales.
pub(crate) const CELL_SCALE: Scale = <crate::units::CentiVolts as Quantity>::SCALE;
