//! The two types that the charge loop is made of, a physical value of -2 and a rational number of -20, in one window of 64
//! bits each: an integer of fixed width or two, then a signed one of 16 bits, with all the events around them.
//!
//! The rows of the tables remain what defines them: whatever is not plain here (a wrong bit, the end of the octets, a
//! superfluous octet) is left to the rows, which say what is wrong, and a test compares the two on every value.

use super::info::Row;
use super::reader::Reader;
use super::rows::groups;
use super::writer::Writer;

impl Reader<'_> {
    /// `fixed` bits, the last of them a sign, an unsigned integer of at most 32,767, two end events and the event code
    /// after them, if all is plain and none of the `events` is 1: the fixed bits and the value.
    #[inline]
    fn fused<T>(
        &mut self,
        row: Row,
        fixed: u32,
        events: u32,
        make: impl FnOnce(u32, i16) -> Option<T>,
    ) -> Option<T> {
        let word = self.word();
        let head = (word >> (64 - fixed)) as u32;
        let (value, width) = groups(word << fixed);
        let before = fixed + width;
        let close = 2 + row.next_width();
        let code = (word << before >> (64 - close)) as u32;
        let wrong = head & events != 0 || code > row.next().saturating_sub(1) || value > 0x7fff;
        if wrong || width == 0 || before + close > self.left() {
            return None;
        }
        let value = value as i16;
        let made = make(head, if head & 1 == 0 { value } else { !value })?;
        self.skip(before + close);
        self.code = code;
        Some(made)
    }
}

impl Writer<'_> {
    /// The event code of a row, `fixed` bits of which the last is left for the sign, the value, two end events.
    #[inline]
    fn fused(&mut self, row: Row, head: u32, fixed: u32, value: i16) {
        let magnitude = u64::from((if value < 0 { !value } else { value }) as u16);
        let (octets, width) = if magnitude < 1 << 7 {
            (magnitude, 8)
        } else if magnitude < 1 << 14 {
            ((magnitude & 0x7f | 0x80) << 8 | magnitude >> 7, 16)
        } else {
            let middle = magnitude >> 7 & 0x7f | 0x80;
            ((magnitude & 0x7f | 0x80) << 16 | middle << 8 | magnitude >> 14, 24)
        };
        let head = u64::from(head) | u64::from(value < 0);
        self.event_and((head << width | octets) << 2, fixed + width + 2);
        self.after(row);
    }
}

/// `PhysicalValue` of -2: multiplier and unit of three bits each, value.
#[cfg(feature = "iso2")]
pub(crate) mod physical_value {
    use super::{Reader, Row, Writer};
    use crate::generated::iso15118_2::{PhysicalValue, UnitSymbol};

    /// Start, characters, three bits, end; the same again; start, characters, sign.
    const BITS: u32 = 15;
    const EVENTS: u32 = 0b110_0011_1000_1110;

    #[inline]
    pub(crate) fn read(reader: &mut Reader<'_>, row: Row) -> Option<PhysicalValue> {
        reader.fused(row, BITS, EVENTS, |head, value| {
            let multiplier = (head >> 10 & 7) as i8 - 3;
            let unit = *UnitSymbol::ALL.get((head >> 4 & 7) as usize)?;
            (multiplier <= 3).then_some(PhysicalValue { multiplier, unit, value })
        })
    }

    /// Tells whether it could.
    #[inline]
    pub(crate) fn write(value: &PhysicalValue, writer: &mut Writer<'_>, row: Row) -> bool {
        let multiplier = i32::from(value.multiplier) + 3;
        let plain = (0..=6).contains(&multiplier);
        if plain {
            let head = (multiplier as u32) << 10 | (value.unit as u32) << 4;
            writer.fused(row, head, BITS, value.value);
        }
        plain
    }
}

/// `RationalNumber` of -20: exponent of eight bits, value.
#[cfg(any(
    feature = "iso20",
    feature = "iso20-ac",
    feature = "iso20-dc",
    feature = "iso20-wpt",
    feature = "iso20-acdp"
))]
pub(crate) mod rational_number {
    use super::{Reader, Row, Writer};
    use crate::generated::iso20_types::RationalNumber;

    /// Start, characters, eight bits, end; start, characters, sign.
    const BITS: u32 = 14;
    const EVENTS: u32 = 0b11_0000_0000_1110;

    #[inline]
    pub(crate) fn read(reader: &mut Reader<'_>, row: Row) -> Option<RationalNumber> {
        reader.fused(row, BITS, EVENTS, |head, value| {
            Some(RationalNumber { exponent: ((head >> 4 & 0xff) as i32 - 128) as i8, value })
        })
    }

    /// Tells whether it could, which it always can.
    #[inline]
    pub(crate) fn write(value: &RationalNumber, writer: &mut Writer<'_>, row: Row) -> bool {
        let head = (i32::from(value.exponent) + 128) as u32;
        writer.fused(row, head << 4, BITS, value.value);
        true
    }
}
