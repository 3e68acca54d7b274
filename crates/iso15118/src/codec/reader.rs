//! Bits out of octets: most significant first, never past the end.
//!
//! The first failure is kept with its place and starves the reader: from then on it reads zeros. So a type is decoded
//! without a test after each row, every loop over the input ends, and what came of the zeros is thrown away at the end.

use super::error::{DecodeError, DecodeErrorKind, PATH};
use super::info::{NOWHERE, Row};
use super::rows::Walked;
use super::value::{Bytes, Integer, Text};

/// A cursor over the bits of a document.
///
/// One load gives the next 57 bits or more, so that an event code and a value are taken together.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    data: &'a [u8],
    /// Bits read so far.
    bit: u32,
    /// Bits of the document.
    end: u32,
    /// The last 64 bits of the document.
    last: u64,
    /// The event code that was read last and belongs to the row at hand or one after it, relative to the row at hand.
    pub(crate) code: u32,
    /// The longest list so far.
    pub(super) walked: Walked,
    /// How many elements are open, as an index into `path`.
    depth: u8,
    failed: bool,
    /// A text shorter than the schema's lower bound was read.
    short: bool,
    /// The productions on the way to the row at hand.
    path: [u8; 16],
    error: DecodeError,
}

impl<'a> Reader<'a> {
    /// A cursor at the first bit.
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self::at(data, 0)
    }

    /// A cursor at a bit that was reached before.
    pub(crate) fn at(data: &'a [u8], bit: u32) -> Self {
        let last = match data.last_chunk::<8>() {
            Some(word) => u64::from_be_bytes(*word),
            None => data.iter().fold(0, |word, octet| word << 8 | u64::from(*octet)),
        };
        Self {
            data,
            bit,
            end: (data.len() as u32).wrapping_mul(8),
            last,
            code: 0,
            walked: Walked::NONE,
            depth: 0,
            failed: false,
            short: false,
            path: [NOWHERE; 16],
            error: DecodeError::new(DecodeErrorKind::Truncated, 0),
        }
    }

    /// The octets read from.
    pub(crate) const fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Bits read so far.
    #[inline]
    pub(crate) const fn position(&self) -> u32 {
        self.bit
    }

    /// Bits that are left.
    #[inline]
    pub(super) const fn left(&self) -> u32 {
        self.end.saturating_sub(self.bit)
    }

    /// Whether something failed.
    pub(crate) const fn has_failed(&self) -> bool {
        self.failed
    }

    /// The first failure.
    pub(crate) const fn error(&self) -> DecodeError {
        self.error
    }

    /// Whether a text was shorter than the schema's lower bound since this was asked last.
    pub(crate) fn take_short(&mut self) -> bool {
        core::mem::take(&mut self.short)
    }

    pub(crate) fn note_short(&mut self, short: bool) {
        self.short |= short;
    }

    /// The next 57 bits at least, left-aligned; after the end, zeros.
    #[inline]
    pub(super) fn word(&self) -> u64 {
        self.word_at(self.bit)
    }

    /// The 57 bits at least from a bit on, left-aligned; after the end, zeros.
    #[inline]
    pub(super) fn word_at(&self, bit: u32) -> u64 {
        let octet = (bit / 8) as usize;
        match self.data.get(octet..octet + 8).and_then(<[u8]>::first_chunk::<8>) {
            Some(word) => u64::from_be_bytes(*word) << (bit % 8),
            None => self.last.checked_shl(bit + u64::BITS - self.end).unwrap_or(0),
        }
    }

    /// Records that the octets end before so many bits of a row.
    #[cold]
    #[inline(never)]
    fn truncated(&mut self, row: Row) {
        self.enter_path(row);
        self.fail_at(self.end, DecodeErrorKind::Truncated);
    }

    /// The next `count` bits of the document, at most 56; 0 after a failure.
    #[inline]
    pub(crate) fn bits(&mut self, count: u32) -> u64 {
        self.bits_of(Row::ELSEWHERE, count)
    }

    /// The next `count` bits, which belong to a row.
    #[inline]
    pub(super) fn bits_of(&mut self, row: Row, count: u32) -> u64 {
        let after = self.bit + count;
        if after > self.end {
            self.truncated(row);
            return 0;
        }
        let value = (self.word() >> 1) >> (63 - count);
        self.bit = after;
        value
    }

    /// Passes over so many bits that are there.
    #[inline]
    pub(super) fn skip(&mut self, count: u32) {
        self.bit += count;
    }

    /// Goes to a bit after this one and the event code before it, if they are there.
    #[inline]
    pub(super) fn follow(&mut self, bit: u32, code: u32) -> bool {
        let there = bit <= self.end;
        if there {
            (self.bit, self.code) = (bit, code);
        }
        there
    }

    /// Records an event code that is no alternative.
    #[cold]
    pub(crate) fn no_alternative(&mut self, found: u32) {
        self.fail(DecodeErrorKind::UnknownRoot { found: found as u16 });
    }

    /// Records what failed, at the present position.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail(&mut self, kind: DecodeErrorKind) {
        self.fail_at(self.position(), kind);
    }

    /// Records what failed, at a bit, and starves the reader.
    #[cold]
    #[inline(never)]
    pub(crate) fn fail_at(&mut self, bit: u32, kind: DecodeErrorKind) {
        if !self.failed {
            self.failed = true;
            self.error = DecodeError::new(kind, bit);
            let open = self.path.iter().take(usize::from(self.depth) + 1);
            self.error.inside(open.copied().filter(|production| *production != NOWHERE));
        }
        self.data = &[];
        (self.bit, self.end, self.last) = (0, 0, 0);
    }

    /// Names the row at hand, for errors.
    #[inline]
    pub(crate) fn enter_path(&mut self, row: Row) {
        if row.production() != NOWHERE
            && let Some(slot) = self.path.get_mut(usize::from(self.depth))
        {
            *slot = row.production();
        }
    }

    /// A complex value begins, or an item of a list.
    #[inline]
    pub(crate) fn enter(&mut self, row: Row) {
        self.enter_production(row.production().wrapping_add(self.code as u8));
    }

    /// An element of that production begins.
    #[inline]
    pub(crate) fn enter_production(&mut self, production: u8) {
        let depth = usize::from(self.depth);
        if let Some([slot, below]) = self.path.get_mut(depth..).and_then(|p| p.first_chunk_mut()) {
            *slot = production;
            *below = NOWHERE;
        }
        self.depth = self.depth.wrapping_add(1);
    }

    /// The complex value has ended.
    #[inline]
    pub(crate) fn leave_path(&mut self) {
        self.depth = self.depth.wrapping_sub(1);
    }

    /// The root element has ended.
    #[inline]
    pub(crate) fn leave_root(&mut self) {
        self.depth = 0;
        self.path = [NOWHERE; 16];
    }

    /// An unsigned integer up to `max`.
    #[inline]
    pub(crate) fn unsigned(&mut self, max: u64) -> u64 {
        let octet = self.bits(8);
        self.unsigned_from(octet, max)
    }

    /// An unsigned integer up to `max` whose first octet was read.
    #[inline]
    pub(super) fn unsigned_from(&mut self, octet: u64, max: u64) -> u64 {
        if octet < 0x80 && octet <= max {
            octet
        } else {
            self.unsigned_rest(octet, max, Sign::None)
        }
    }

    #[inline(never)]
    fn unsigned_rest(&mut self, first: u64, max: u64, sign: Sign) -> u64 {
        let begin = self.position().wrapping_sub(if sign == Sign::None { 8 } else { 9 });
        let (mut value, mut shift, mut octet) = (first & 0x7f, 7_u32, first);
        while octet & 0x80 != 0 && shift <= 56 {
            octet = self.bits(8);
            value |= (octet & 0x7f) << shift;
            shift += 7;
        }
        if octet & 0x80 != 0 {
            // A tenth octet holds the 64th bit; whatever follows must be nothing.
            octet = self.bits(8);
            value = if octet > 1 { u64::MAX } else { value | octet << 63 };
            let fits = octet <= 1;
            while octet & 0x80 != 0 {
                octet = self.bits(8);
            }
            if octet != 0 && !fits {
                return self.out_of_range(begin, sign, u64::MAX);
            }
        }
        // A last octet of 0 after others; not the only one, which is no more than `max`.
        if octet == 0 {
            self.fail_at(begin, DecodeErrorKind::Overlong);
        } else if value > max {
            return self.out_of_range(begin, sign, value);
        }
        value
    }

    #[cold]
    #[inline(never)]
    fn out_of_range(&mut self, begin: u32, sign: Sign, found: u64) -> u64 {
        let negative = sign == Sign::Negative;
        self.fail_at(begin, DecodeErrorKind::IntegerRange { negative, found });
        0
    }

    /// A signed integer whose magnitude as coded is at most `max` (for negative ones `-1 - value`).
    #[inline]
    pub(crate) fn signed(&mut self, max: u64) -> i64 {
        let first = self.bits(9);
        self.signed_from(first, max)
    }

    /// A signed integer whose sign and first octet were read.
    #[inline]
    pub(super) fn signed_from(&mut self, first: u64, max: u64) -> i64 {
        let sign = if first & 0x100 == 0 { Sign::Positive } else { Sign::Negative };
        let octet = first & 0xff;
        let magnitude =
            if octet < 0x80 && octet <= max { octet } else { self.unsigned_rest(octet, max, sign) }
                as i64;
        if sign == Sign::Negative { !magnitude } else { magnitude }
    }

    /// An integer of any size.
    pub(crate) fn integer(&mut self) -> Integer<'a> {
        let negative = self.bits(1) != 0;
        let bit = self.position();
        let data = self.data;
        let mut octets = 0_u32;
        loop {
            let octet = self.bits(8);
            octets += 1;
            if octet & 0x80 == 0 {
                if octet == 0 && octets > 1 {
                    self.fail_at(bit.wrapping_sub(1), DecodeErrorKind::Overlong);
                }
                return Integer::of_wire(data, bit, octets, negative);
            }
        }
    }

    /// A string of at most `max` characters.
    pub(crate) fn text(&mut self, min: u32, max: u32) -> Text<'a> {
        let begin = self.position();
        let coded = self.unsigned(u64::from(u32::MAX)) as u32;
        let Some(length) = coded.checked_sub(2) else {
            self.fail_at(begin, DecodeErrorKind::ValueHit);
            return Text::EMPTY;
        };
        if length > max {
            let kind = DecodeErrorKind::Length { minimum: 0, maximum: max, found: length };
            self.fail_at(begin, kind);
            return Text::EMPTY;
        }
        self.short |= length < min;
        let (data, bit) = (self.data, self.position());
        self.skip_characters(length);
        if self.failed { Text::EMPTY } else { Text::of_wire(data, bit, length) }
    }

    /// Checks that so many characters follow and passes over them, seven at a time while they are ASCII.
    pub(crate) fn skip_characters(&mut self, count: u32) {
        let mut left = count;
        while left > 0 && !self.failed {
            if left >= 7 && self.left() >= 56 && self.word() & 0x8080_8080_8080_8000 == 0 {
                self.skip(56);
                left -= 7;
            } else {
                self.character();
                left -= 1;
            }
        }
    }

    /// One character.
    pub(crate) fn character(&mut self) -> char {
        let begin = self.position();
        let code = self.unsigned(u64::from(u32::MAX)) as u32;
        if let Some(character) = char::from_u32(code) {
            return character;
        }
        self.fail_at(begin, DecodeErrorKind::Character { found: code });
        '\0'
    }

    /// A binary of `min..=max` octets.
    pub(crate) fn octets(&mut self, min: u32, max: u32) -> Bytes<'a> {
        let begin = self.position();
        let length = self.unsigned(u64::from(u32::MAX)) as u32;
        if length < min || length > max {
            let minimum = u16::try_from(min).unwrap_or(u16::MAX);
            self.fail_at(begin, DecodeErrorKind::Length { minimum, maximum: max, found: length });
            return Bytes::EMPTY;
        }
        let (data, bit) = (self.data, self.position());
        let end = u64::from(bit) + u64::from(length) * 8;
        if end > u64::from(self.end) {
            self.truncated(Row::ELSEWHERE);
            return Bytes::EMPTY;
        }
        self.bit = end as u32;
        Bytes::of_wire(data, bit, length)
    }

    /// Copies octets at any bit: whole words while eight octets follow.
    pub(crate) fn copy_octets(&mut self, into: &mut [u8]) {
        let begin = self.position();
        let from = self.data.get((begin / 8) as usize..).unwrap_or_default();
        let shift = begin % 8;
        let mut done = 0;
        let (words, _) = into.as_chunks_mut::<8>();
        for (word, source) in words.iter_mut().zip(from.windows(9).step_by(8)) {
            if let Some((octets, [last])) = source.split_first_chunk::<8>() {
                let octets = u64::from_be_bytes(*octets) << shift;
                *word = (octets | u64::from(*last) >> (8 - shift)).to_be_bytes();
                done += 8;
            }
        }
        self.bit = begin + done * 8;
        for octet in into.get_mut(done as usize..).unwrap_or_default() {
            *octet = self.bits(8) as u8;
        }
    }

    /// The end of the document: padding bits of 0, and no octet after them but for one 00 if `trailing_zero` says so.
    pub(crate) fn finish(&mut self, trailing_zero: bool) {
        if self.failed {
            return;
        }
        let bit = self.position();
        let used = bit.div_ceil(8) as usize;
        let rest = self.data.get(used..).unwrap_or_default();
        if self.bits(used as u32 * 8 - bit) != 0 {
            self.fail_at(bit, DecodeErrorKind::Padding);
        } else if !(rest.is_empty() || trailing_zero && rest == [0]) {
            let found = u32::try_from(rest.len()).unwrap_or(u32::MAX);
            self.fail_at(used as u32 * 8, DecodeErrorKind::TrailingOctets { found });
        }
    }
}

/// The sign bit before an unsigned integer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    None,
    Positive,
    Negative,
}

const _: () = assert!(PATH <= 16);
