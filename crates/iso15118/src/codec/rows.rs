//! Reading the rows of a type: event codes, and simple values with the events around them in one window.

use super::error::DecodeErrorKind;
use super::info::{Row, code_width};
use super::list::WireList;
use super::reader::Reader;
use super::value::{Bytes, Integer, Text};

impl<'a> Reader<'a> {
    /// Reads the first event code of a type whose first state has so many.
    #[inline]
    pub(crate) fn begin(&mut self, productions: u32) {
        let code = self.bits(code_width(productions)) as u32;
        self.code = code;
        if code >= productions {
            self.undeclared(code, productions);
        }
    }

    /// Whether the event code belongs to that row; if not, it is made relative to the row after it.
    #[inline]
    pub(crate) fn present(&mut self, row: Row) -> bool {
        let present = self.code < row.span();
        if !present {
            self.code -= row.span();
        }
        present
    }

    /// In mixed content: the row's event code, not that of text.
    pub(crate) fn required(&mut self, row: Row) {
        if self.code >= row.span() {
            self.fail(DecodeErrorKind::MixedContent);
        }
    }

    /// In mixed content: the end's event code, not that of text.
    pub(crate) fn ends(&mut self) {
        if self.code != 0 {
            self.fail(DecodeErrorKind::MixedContent);
        }
    }

    /// A complex value has ended: reads the event code after it.
    #[inline]
    pub(crate) fn leave(&mut self, row: Row) {
        self.leave_path();
        let code = self.bits(row.next_width()) as u32;
        self.code = code;
        if code > row.next().saturating_sub(1) {
            self.undeclared(code, row.next());
        }
    }

    /// A value of fixed width up to `last`, and the event code after it; if they are wrong, `kind` makes the error of the
    /// value.
    #[inline]
    fn fixed(
        &mut self,
        row: Row,
        last: u32,
        kind: fn(u32, u32, i32) -> DecodeErrorKind,
        min: i32,
    ) -> u32 {
        let after = row.frame() + row.next_width();
        let all = self.bits_of(row, row.frame() + row.width() + after) as u32;
        let (value, code) = (all >> after, all & ((1 << after) - 1));
        self.code = code;
        if value > last || code > row.next().saturating_sub(1) {
            self.fixed_failed(row, value, code, last, kind(value, last, min));
            return 0;
        }
        value
    }

    /// Finds which part of a simple element was wrong.
    #[cold]
    #[inline(never)]
    fn fixed_failed(&mut self, row: Row, value: u32, code: u32, last: u32, kind: DecodeErrorKind) {
        self.enter_path(row);
        let at_code = self.position().wrapping_sub(row.frame() + row.next_width());
        if value >> row.width() != 0 {
            let begin = at_code.wrapping_sub(row.width() + row.frame());
            self.fail_at(begin, DecodeErrorKind::EventCode { expected: 1, found: 1 });
        } else if value > last {
            self.fail_at(at_code.wrapping_sub(row.width()), kind);
        } else {
            self.bad_end(row, code);
        }
    }

    /// The end event is there and is none, or the event code after it is not declared.
    #[cold]
    #[inline(never)]
    fn bad_end(&mut self, row: Row, code: u32) {
        self.enter_path(row);
        let width = row.next_width();
        if code >> width == 0 {
            self.undeclared(code, row.next());
        } else {
            let bit = self.position().wrapping_sub(width + 1);
            self.fail_at(bit, DecodeErrorKind::EventCode { expected: 1, found: 1 });
        }
    }

    #[cold]
    #[inline(never)]
    fn undeclared(&mut self, code: u32, productions: u32) {
        let bit = self.position().wrapping_sub(code_width(productions));
        let (expected, found) = (productions as u16, code as u16);
        self.fail_at(bit, DecodeErrorKind::EventCode { expected, found });
    }

    /// The index of a value of an enumeration.
    #[inline]
    pub(crate) fn index(&mut self, row: Row, count: u32) -> u32 {
        let kind = |found: u32, last: u32, _| DecodeErrorKind::EnumerationIndex {
            expected: (last + 1) as u16,
            found: found as u16,
        };
        self.fixed(row, count - 1, kind, 0)
    }

    /// An integer coded as the offset from the smallest value.
    #[inline]
    pub(crate) fn n_bit(&mut self, row: Row, min: i32, max: i32) -> i32 {
        let kind = |found: u32, _, min: i32| DecodeErrorKind::IntegerRange {
            negative: false,
            found: (min + found as i32) as u64,
        };
        min + self.fixed(row, (max - min) as u32, kind, min) as i32
    }

    /// The characters event before a simple value and the first bits of the value.
    #[inline]
    fn open(&mut self, row: Row, bits: u32) -> u64 {
        self.enter_path(row);
        let first = self.bits_of(row, row.frame() + bits);
        if first >> bits != 0 {
            let bit = self.position().wrapping_sub(bits + 1);
            self.fail_at(bit, DecodeErrorKind::EventCode { expected: 1, found: 1 });
        }
        first & ((1 << bits) - 1)
    }

    /// The end event after a simple value and the event code of the next state.
    #[inline]
    fn close(&mut self, row: Row) {
        let code = self.bits_of(row, row.frame() + row.next_width()) as u32;
        self.code = code;
        if code > row.next().saturating_sub(1) {
            self.bad_end(row, code);
        }
    }

    /// What opens a simple element, a sign of so many bits, an unsigned integer of at most five octets and what closes the
    /// element, if all is right: the sign and the integer.
    #[inline]
    fn short_integer(&mut self, row: Row, sign: u32, max: u64) -> Option<(bool, u64)> {
        let word = self.word();
        let lead = row.frame() + sign;
        let (value, width) = groups(word << lead);
        let (before, close) = (lead + width, row.frame() + row.next_width());
        let code = (word << before >> 1 >> (63 - close)) as u32;
        let head = word >> 1 >> (63 - lead);
        let wrong = head >> sign != 0 || code > row.next().saturating_sub(1) || value > max;
        if wrong || width == 0 || before + close > self.left() {
            return None;
        }
        self.skip(before + close);
        self.code = code;
        Some((head != 0, value))
    }

    /// An unsigned integer.
    pub(crate) fn unsigned_row(&mut self, row: Row, max: u64) -> u64 {
        match self.short_integer(row, 0, max) {
            Some((_, value)) => value,
            None => self.unsigned_by_parts(row, max),
        }
    }

    #[cold]
    #[inline(never)]
    fn unsigned_by_parts(&mut self, row: Row, max: u64) -> u64 {
        let first = self.open(row, 8);
        let value = self.unsigned_from(first, max);
        self.close(row);
        value
    }

    /// A signed integer.
    pub(crate) fn signed_row(&mut self, row: Row, max: u64) -> i64 {
        match self.short_integer(row, 1, max) {
            Some((false, value)) => value as i64,
            Some((true, value)) => !(value as i64),
            None => self.signed_by_parts(row, max),
        }
    }

    #[cold]
    #[inline(never)]
    fn signed_by_parts(&mut self, row: Row, max: u64) -> i64 {
        let first = self.open(row, 9);
        let value = self.signed_from(first, max);
        self.close(row);
        value
    }

    /// An integer of any size.
    pub(crate) fn integer_row(&mut self, row: Row) -> Integer<'a> {
        self.open(row, 0);
        let value = self.integer();
        self.close(row);
        value
    }

    /// A string.
    pub(crate) fn text_row(&mut self, row: Row, min: u32, max: u32) -> Text<'a> {
        self.open(row, 0);
        let value = self.text(min, max);
        self.close(row);
        value
    }

    /// A binary.
    pub(crate) fn octets_row(&mut self, row: Row, min: u32, max: u32) -> Bytes<'a> {
        self.open(row, 0);
        let value = self.octets(min, max);
        self.close(row);
        value
    }

    /// The items of a list, of which the event code of the first was read.
    pub(crate) fn list(
        &mut self,
        row: Row,
        (min, max): (u32, u32),
        check: fn(&mut Self),
    ) -> WireList<'a> {
        let (data, bit, first) = (self.data(), self.position(), self.code as u8);
        if self.walked.begin == bit {
            let walked = self.walked;
            self.skip(walked.end - bit);
            self.code = u32::from(walked.code);
            return WireList::new(data, walked, first, row, min, Walked::NONE);
        }
        let count = self.items(row, (min, max), check);
        let inner = self.walked;
        let walked = Walked { begin: bit, end: self.position(), count, code: self.code as u8 };
        if !self.has_failed() && walked.end - bit > inner.end - inner.begin {
            self.walked = walked;
        }
        WireList::new(data, walked, first, row, min, inner)
    }

    /// Checks the items of a list and counts them.
    fn items(&mut self, row: Row, (min, max): (u32, u32), check: fn(&mut Self)) -> u16 {
        let state = |productions| (productions, code_width(productions));
        let (forced, free, full) =
            (state(row.span()), state(row.span() + row.next()), state(row.next()));
        let mut count = 0;
        loop {
            self.enter(row);
            check(self);
            self.leave_path();
            count += 1;
            let (productions, width) = match count {
                _ if count == max => full,
                _ if count < min => forced,
                _ => free,
            };
            let code = self.bits(width) as u32;
            self.code = code;
            if code >= productions {
                self.undeclared(code, productions);
            }
            if count == max || self.has_failed() {
                break;
            }
            if count >= min && code >= row.span() {
                self.code = code - row.span();
                break;
            }
            if count == u32::from(u16::MAX) {
                self.fail(DecodeErrorKind::ListLength);
                break;
            }
        }
        count as u16
    }
}

/// A list that was walked over: where its first item begins after its event code, where the event code after it ends and
/// what it is. The longest one inside a list is remembered with that, so that iterating over the list does not walk over it
/// again to find what comes after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walked {
    pub(super) begin: u32,
    pub(super) end: u32,
    pub(super) count: u16,
    code: u8,
}

impl Walked {
    /// No list begins at bit 0.
    pub(super) const NONE: Self = Self { begin: 0, end: 0, count: 0, code: 0 };
}

/// An unsigned integer of at most five octets at the top of a word, and how many bits it takes; 0 if it is longer or has a
/// superfluous last octet.
#[inline]
fn groups(word: u64) -> (u64, u32) {
    let (value, width) = few_groups(word);
    if width == MORE { long_groups(word, value) } else { (value, width) }
}

/// Three octets were not all.
pub(super) const MORE: u32 = 64;

/// The same of at most three octets, else of the first three and [`MORE`].
#[inline]
pub(super) fn few_groups(word: u64) -> (u64, u32) {
    let octet = |index: u32| word >> (56 - 8 * index) & 0xff;
    let (first, second, third) = (octet(0), octet(1), octet(2));
    if first < 0x80 {
        return (first, 8);
    }
    let value = first & 0x7f | (second & 0x7f) << 7;
    if second < 0x80 {
        return (value, if second == 0 { 0 } else { 16 });
    }
    let value = value | (third & 0x7f) << 14;
    let width = match third {
        0 => 0,
        1..0x80 => 24,
        _ => MORE,
    };
    (value, width)
}

/// Four or five octets.
#[inline(never)]
fn long_groups(word: u64, three: u64) -> (u64, u32) {
    let (fourth, fifth) = (word >> 32 & 0xff, word >> 24 & 0xff);
    let value = three | (fourth & 0x7f) << 21;
    match (fourth, fifth) {
        (1..0x80, _) => (value, 32),
        (0x80.., 1..0x80) => (value | fifth << 28, 40),
        _ => (0, 0),
    }
}
