//! Bits into octets: most significant first, never past the buffer; the first failure is kept.

use super::error::{EncodeError, EncodeErrorKind};
use super::info::{NOWHERE, Row, UNBOUNDED, code_width};
use super::value::{Bytes, Integer, Text};

/// A cursor that writes bits into a buffer, or only counts them.
///
/// It also keeps the state of the type that is being written: the width of its event code, and the code of the row at hand.
#[derive(Debug)]
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    counting: bool,
    /// Octets written or counted.
    octets: usize,
    /// Bits that do not fill an octet yet, right-aligned.
    window: u64,
    bits: u32,
    /// The event code of the row at hand, and how many bits it has.
    code: u32,
    width: u32,
    depth: u8,
    failed: bool,
    /// The productions on the way to the row at hand.
    path: [u8; 16],
    error: EncodeError,
}

impl<'a> Writer<'a> {
    /// Writes into `buffer`.
    #[must_use]
    pub fn new(buffer: &'a mut [u8]) -> Self {
        let got = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
        Self {
            buffer,
            counting: false,
            octets: 0,
            window: 0,
            bits: 0,
            code: 0,
            width: 0,
            depth: 0,
            failed: false,
            path: [NOWHERE; 16],
            error: EncodeError::new(EncodeErrorKind::BufferTooShort { got }),
        }
    }

    /// Counts what would be written.
    #[must_use]
    pub fn counting() -> Self {
        Self { counting: true, ..Self::new(&mut []) }
    }

    /// Writes the low `count` bits of `value`, at most 56; the higher ones must be 0.
    #[inline]
    pub fn bits(&mut self, value: u64, count: u32) {
        if self.bits + count > 64 {
            self.flush();
        }
        self.window = (self.window << count) | value;
        self.bits += count;
    }

    /// Empties the window but for the bits that do not fill an octet.
    fn flush(&mut self) {
        let whole = (self.bits / 8) as usize;
        let rest = self.bits % 8;
        if self.bits > 0 && !self.counting {
            let word = (self.window << (64 - self.bits)).to_be_bytes();
            let tail = self.buffer.get_mut(self.octets..).unwrap_or_default();
            match tail.first_chunk_mut::<8>() {
                Some(chunk) => *chunk = word,
                None => {
                    for (to, from) in tail.iter_mut().zip(word.iter().take(whole)) {
                        *to = *from;
                    }
                }
            }
        }
        self.octets += whole;
        self.bits = rest;
        self.window &= (1 << rest) - 1;
    }

    /// Writes an unsigned integer.
    #[inline]
    pub fn unsigned(&mut self, value: u64) {
        let mut left = value;
        while left >= 0x80 {
            self.bits(left & 0x7f | 0x80, 8);
            left >>= 7;
        }
        self.bits(left, 8);
    }

    /// Writes a signed integer.
    #[inline]
    pub fn signed(&mut self, value: i64) {
        self.bits(u64::from(value < 0), 1);
        self.unsigned((if value < 0 { !value } else { value }) as u64);
    }

    /// Writes octets.
    pub fn octets(&mut self, octets: &[u8]) {
        self.copy(octets, 0, octets.len());
    }

    /// Writes `length` octets that begin at a bit of `data`: whole words while eight octets follow.
    pub(crate) fn copy(&mut self, data: &[u8], bit: u32, length: usize) {
        self.flush();
        let from = data.get((bit / 8) as usize..).unwrap_or_default();
        let (shift, rest) = (bit % 8, self.bits);
        let mut done = 0;
        if !self.counting {
            let room = self.buffer.get_mut(self.octets..).unwrap_or_default();
            let (words, _) = room.as_chunks_mut::<8>();
            let sources = from.windows(9).step_by(8).take(length / 8);
            for (word, source) in words.iter_mut().zip(sources) {
                let Some((octets, [last])) = source.split_first_chunk::<8>() else { break };
                let octets = u64::from_be_bytes(*octets) << shift | u64::from(*last) >> (8 - shift);
                *word = ((self.window << 1) << (63 - rest) | octets >> rest).to_be_bytes();
                self.window = octets & ((1 << rest) - 1);
                done += 8;
            }
        }
        self.octets += done;
        let mut reader = super::reader::Reader::at(data, bit + done as u32 * 8);
        for _ in done..length {
            self.bits(reader.bits(8), 8);
        }
    }

    /// Writes `count` bits that begin at a bit of `data`.
    pub(crate) fn copy_bits(&mut self, data: &[u8], bit: u32, count: u32) {
        self.copy(data, bit, count as usize / 8);
        let rest = count % 8;
        let value = super::reader::Reader::at(data, bit + (count - rest)).bits(rest);
        self.bits(value, rest);
    }

    /// Writes the bits from one to another of `data`, which were read before: what was accepted has one encoding, and that of
    /// a value does not depend on what is around it. With a text in it below its lower bound it may not be sent on.
    pub(crate) fn copy_checked(&mut self, data: &[u8], (begin, end): (u32, u32), short: bool) {
        if short {
            self.fail(Row::ELSEWHERE, EncodeErrorKind::ShortText);
        }
        self.copy_bits(data, begin, end.saturating_sub(begin));
    }

    /// Bits written so far.
    #[must_use]
    pub fn position(&self) -> usize {
        self.octets * 8 + self.bits as usize
    }

    /// Fills the last octet with 0 and tells the length in octets.
    ///
    /// # Errors
    /// The buffer is too short, or something failed before.
    pub fn finish(&mut self) -> Result<usize, EncodeError> {
        self.flush();
        if self.bits > 0 {
            self.bits(0, 8 - self.bits);
            self.flush();
        }
        if self.failed || self.overflowed() { Err(self.error) } else { Ok(self.octets) }
    }

    pub(crate) fn overflowed(&self) -> bool {
        !self.counting && self.octets > self.buffer.len()
    }

    /// Records why the value of a row cannot be written.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail(&mut self, row: Row, kind: EncodeErrorKind) {
        if !self.failed {
            self.failed = true;
            self.error = EncodeError::new(kind);
            let open = self.path.iter().take(usize::from(self.depth)).copied();
            let all = open.chain([row.production()]);
            self.error.inside(all.filter(|production| *production != NOWHERE));
        }
    }

    /// The first state of a type, of so many event codes.
    #[inline]
    pub(crate) fn begin(&mut self, productions: u32) {
        self.code = 0;
        self.width = code_width(productions);
    }

    /// A row is absent.
    #[inline]
    pub(crate) fn absent(&mut self, row: Row) {
        self.code += row.span();
    }

    /// Writes the event code of the row at hand and `count` more bits, at most 49.
    #[inline]
    pub(crate) fn event_and(&mut self, value: u64, count: u32) {
        self.bits(u64::from(self.code) << count | value, self.width + count);
    }

    /// The row has been written.
    #[inline]
    pub(crate) fn after(&mut self, row: Row) {
        self.code = 0;
        self.width = row.next_width();
    }

    /// The end of a type.
    #[inline]
    pub(crate) fn end(&mut self) {
        self.bits(u64::from(self.code), self.width);
    }

    /// A complex value of a row begins: the event code of its alternative.
    #[inline]
    pub(crate) fn enter(&mut self, row: Row, alternative: u32) {
        self.bits(u64::from(self.code + alternative), self.width);
        self.begin(0);
        if let Some(slot) = self.path.get_mut(usize::from(self.depth)) {
            *slot = row.production().wrapping_add(alternative as u8);
        }
        self.depth = self.depth.wrapping_add(1);
    }

    /// The complex value has been written.
    #[inline]
    pub(crate) fn leave(&mut self, row: Row) {
        self.depth = self.depth.wrapping_sub(1);
        self.after(row);
    }

    /// A value of fixed width up to `last`.
    #[inline]
    pub(crate) fn fixed(&mut self, row: Row, value: u32, last: u32) {
        if value > last {
            self.fail(row, EncodeErrorKind::IntegerRange);
        }
        self.event_and(u64::from(value) << row.frame(), row.width() + 2 * row.frame());
        self.after(row);
    }

    /// An unsigned integer up to `max`.
    #[inline]
    pub(crate) fn unsigned_row(&mut self, row: Row, value: u64, max: u64) {
        if value > max {
            self.fail(row, EncodeErrorKind::IntegerRange);
        }
        self.event_and(0, row.frame());
        self.unsigned(value);
        self.close(row);
    }

    /// A signed integer.
    #[inline]
    pub(crate) fn signed_row(&mut self, row: Row, value: i64) {
        self.event_and(0, row.frame());
        self.signed(value);
        self.close(row);
    }

    /// An integer of any size.
    pub(crate) fn integer_row(&mut self, row: Row, value: &Integer<'_>) {
        self.event_and(u64::from(value.is_negative()), row.frame() + 1);
        // The last group without a mark that more come.
        let mut before = None;
        for group in value.groups() {
            if let Some(before) = before.replace(group) {
                self.bits(u64::from(before) | 0x80, 8);
            }
        }
        self.bits(u64::from(before.unwrap_or(0)), 8);
        self.close(row);
    }

    /// A string of `min..=max` characters.
    pub(crate) fn text_row(&mut self, row: Row, value: &Text<'_>, min: u32, max: u32) {
        let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
        self.check_length(row, length, min, max);
        self.event_and(0, row.frame());
        self.unsigned(u64::from(length) + 2);
        for character in value.chars() {
            self.unsigned(u64::from(u32::from(character)));
        }
        self.close(row);
    }

    /// A binary of `min..=max` octets.
    pub(crate) fn octets_row(&mut self, row: Row, value: &Bytes<'_>, min: u32, max: u32) {
        let (data, bit, length) = value.parts();
        self.check_length(row, length, min, max);
        self.event_and(0, row.frame());
        self.unsigned(u64::from(length));
        self.copy(data, bit, length as usize);
        self.close(row);
    }

    #[inline]
    fn close(&mut self, row: Row) {
        self.bits(0, row.frame());
        self.after(row);
    }

    fn check_length(&mut self, row: Row, got: u32, minimum: u32, maximum: u32) {
        if got < minimum || got > maximum {
            self.fail(row, EncodeErrorKind::Length { minimum, maximum, got });
        }
    }

    /// Begins a list of so many items.
    pub(crate) fn begin_list(&mut self, row: Row, (min, max): (u32, u32), count: usize) {
        let small = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
        let most = if max == UNBOUNDED { u32::from(u16::MAX) } else { max };
        let got = u32::try_from(count).unwrap_or(u32::MAX);
        if got < min || got > most {
            let (minimum, maximum, got) = (small(min), small(most), small(got));
            self.fail(row, EncodeErrorKind::Items { minimum, maximum, got });
        } else if got == 0 {
            self.absent(row);
        }
    }

    /// The state after `count` items of a list, of which `left` are still to be written.
    pub(crate) fn after_item(
        &mut self,
        row: Row,
        (min, max): (u32, u32),
        count: usize,
        left: usize,
    ) {
        let count = count as u32;
        self.begin(if count < min {
            row.span()
        } else if count < max {
            row.span() + row.next()
        } else {
            row.next()
        });
        if left == 0 && count < max {
            self.absent(row);
        }
    }
}
