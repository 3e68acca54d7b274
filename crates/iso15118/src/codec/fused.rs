//! The types that charge loops and schedules are made of (physical values and schedule entries of -2, rational numbers of
//! -20), in one or two windows of 64 bits: the values with all the events around them.
//!
//! The rows of the tables remain what defines them: whatever is not plain here (a wrong bit, the end of the octets, a
//! superfluous octet) is left to the rows, which say what is wrong, and a test compares the two on every value.

use super::info::Row;
use super::reader::Reader;
use super::rows::{MORE, few_groups};
use super::writer::Writer;

/// The bits ahead of a reader, which stays where it is until all of them turned out plain.
struct Ahead<'r, 'a> {
    reader: &'r mut Reader<'a>,
    word: u64,
    bit: u32,
}

impl<'r, 'a> Ahead<'r, 'a> {
    #[inline]
    fn new(reader: &'r mut Reader<'a>) -> Self {
        let (word, bit) = (reader.word(), reader.position());
        Self { reader, word, bit }
    }

    /// Goes on with the next 57 bits.
    #[inline]
    fn refill(&mut self) {
        self.word = self.reader.word_at(self.bit);
    }

    /// The next bits, at least one.
    #[inline]
    fn take(&mut self, count: u32) -> u32 {
        let bits = (self.word >> (u64::BITS - count)) as u32;
        self.word <<= count;
        self.bit += count;
        bits
    }

    /// An unsigned integer of at most three octets.
    #[inline]
    fn short(&mut self) -> Option<u32> {
        let (value, width) = few_groups(self.word);
        if width == 0 || width == MORE {
            return None;
        }
        self.word <<= width;
        self.bit += width;
        Some(value as u32)
    }

    /// All was plain, if it was there: the reader follows; it has read this event code.
    #[inline]
    fn accept(self, code: u32) -> Option<()> {
        self.reader.follow(self.bit, code).then_some(())
    }
}

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
        let mut ahead = Ahead::new(self);
        let head = ahead.take(fixed);
        let value = ahead.short()?;
        let code = ahead.take(2 + row.next_width());
        if head & events != 0 || code > row.next().saturating_sub(1) {
            return None;
        }
        let made = make(head, signed(head, value)?)?;
        ahead.accept(code)?;
        Some(made)
    }
}

/// The value whose sign is the last bit of the fixed ones.
#[inline]
fn signed(head: u32, magnitude: u32) -> Option<i16> {
    let value = i16::try_from(magnitude).ok()?;
    Some(if head & 1 == 0 { value } else { !value })
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
    use super::{Ahead, Reader, Row, Writer, signed};
    use crate::generated::iso15118_2::{PhysicalValue, UnitSymbol};

    /// Start, characters, three bits, end; the same again; start, characters, sign.
    const BITS: u32 = 15;
    const EVENTS: u32 = 0b110_0011_1000_1110;

    #[inline]
    pub(crate) fn read(reader: &mut Reader<'_>, row: Row) -> Option<PhysicalValue> {
        reader.fused(row, BITS, EVENTS, of)
    }

    #[inline]
    fn of(head: u32, value: i16) -> Option<PhysicalValue> {
        let multiplier = (head >> 10 & 7) as i8 - 3;
        let unit = *UnitSymbol::ALL.get((head >> 4 & 7) as usize)?;
        (multiplier <= 3).then_some(PhysicalValue { multiplier, unit, value })
    }

    /// A physical value as the last row of a type: with its event code before it and the end of the type after it.
    #[inline]
    pub(super) fn read_last(ahead: &mut Ahead<'_, '_>) -> Option<PhysicalValue> {
        let head = ahead.take(1 + BITS);
        let value = ahead.short()?;
        let events = head & (1 << BITS | EVENTS) | ahead.take(3);
        if events != 0 { None } else { of(head, signed(head, value)?) }
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

/// `PMaxScheduleEntry` of -2, of which a schedule may have 1,024: a relative time interval and a physical value.
#[cfg(feature = "iso2")]
pub(crate) mod pmax_schedule_entry {
    use super::{Ahead, Reader, physical_value};
    use crate::generated::iso15118_2::{PmaxScheduleEntry, RelativeTimeInterval, TimeInterval};

    /// In the decoder and in the check of a list, which makes no use of the values.
    #[inline(always)]
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<PmaxScheduleEntry> {
        let mut ahead = Ahead::new(reader);
        let interval = interval(&mut ahead)?;
        let pmax = physical_value::read_last(&mut ahead)?;
        ahead.accept(0)?;
        let time_interval = TimeInterval::RelativeTimeInterval(interval);
        Some(PmaxScheduleEntry { time_interval, pmax })
    }

    /// The interval; the window begins anew after its values.
    #[inline(always)]
    fn interval(ahead: &mut Ahead<'_, '_>) -> Option<RelativeTimeInterval> {
        // The event codes of the interval (the first of two) and of its start, characters.
        if ahead.take(2 + 1 + 1) != 0 {
            return None;
        }
        let start = ahead.short()?;
        // The end of the start, and the event code of the duration (0) or of the end of the interval (1).
        match ahead.take(1 + 2) {
            0 => {}
            1 => {
                ahead.refill();
                return Some(RelativeTimeInterval { start, duration: None });
            }
            _ => return None,
        }
        let characters = ahead.take(1);
        // With integers of three octets that is bit 56 of the window.
        let duration = ahead.short()?;
        ahead.refill();
        // The ends of the duration and of the interval.
        if characters | ahead.take(1 + 1) != 0 || duration > 86_400 {
            return None;
        }
        Some(RelativeTimeInterval { start, duration: Some(duration) })
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
