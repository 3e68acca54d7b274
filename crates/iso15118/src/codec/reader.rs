//! Bits out of octets: most significant first, never past the end, the first failure kept with its place.

use super::error::{DecodeError, DecodeErrorKind};
use super::expand::Expander;
use super::info::code_width;
use super::value::{Bytes, Integer, Text};

/// Something failed; the reader keeps what and where. Zero-sized, so that results stay in registers.
#[derive(Debug, Clone, Copy)]
pub struct Failed;

/// A cursor over the bits of a document.
///
/// Up to 64 bits wait in `window`, left-aligned, so that one shift takes an event code and a value together.
#[derive(Debug)]
pub struct Reader<'a> {
    data: &'a [u8],
    /// The next octet to load into the window.
    next: usize,
    window: u64,
    /// How many bits of the window are still to be read.
    bits: u32,
    /// The position of a failure is that of the last whole thing begun before it.
    error: DecodeError,
    expander: Option<Expander<'a>>,
    /// The qualified name of the text about to be read, for the string table only.
    name: &'static str,
}

impl<'a> Reader<'a> {
    /// A cursor at the first bit.
    #[must_use]
    pub fn new(data: &'a [u8]) -> Self {
        Self::at(data, 0)
    }

    /// A cursor at a bit that was reached before.
    pub(crate) fn at(data: &'a [u8], bit: u32) -> Self {
        let mut reader = Self {
            data,
            next: 0,
            window: 0,
            bits: 0,
            error: DecodeError::new(DecodeErrorKind::Truncated, 0),
            expander: None,
            name: "",
        };
        reader.seek(bit);
        reader
    }

    pub(crate) fn expanding(data: &'a [u8], expander: Expander<'a>) -> Self {
        let mut reader = Self::new(data);
        reader.expander = Some(expander);
        reader
    }

    pub(crate) fn into_expander(self) -> Option<Expander<'a>> {
        self.expander
    }

    /// The octets read from.
    #[must_use]
    pub const fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Bits read so far.
    #[inline]
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "decoding starts with a length check")]
    pub const fn position(&self) -> u32 {
        (self.next as u32).wrapping_mul(8).wrapping_sub(self.bits)
    }

    pub(crate) fn seek(&mut self, bit: u32) {
        self.next = (bit / 8) as usize;
        self.window = 0;
        self.bits = 0;
        self.refill();
        let offset = bit % 8;
        if offset <= self.bits {
            self.window <<= offset;
            self.bits -= offset;
        }
    }

    #[inline(never)]
    fn refill(&mut self) {
        let rest = self.data.get(self.next..).unwrap_or_default();
        if let Some(word) = rest.first_chunk::<8>() {
            self.window |= u64::from_be_bytes(*word) >> self.bits;
            let octets = (63 - self.bits) >> 3;
            self.next += octets as usize;
            self.bits += octets << 3;
        } else {
            self.refill_at_end();
        }
    }

    fn refill_at_end(&mut self) {
        while self.bits <= 56
            && let Some(octet) = self.data.get(self.next)
        {
            self.window |= u64::from(*octet) << (56 - self.bits);
            self.bits += 8;
            self.next += 1;
        }
    }

    /// The next `count` bits, at most 56.
    ///
    /// # Errors
    /// There are fewer.
    #[inline(always)]
    pub fn bits(&mut self, count: u32) -> Result<u64, Failed> {
        if self.bits < count {
            self.refill();
            if self.bits < count {
                return Err(self.fail(DecodeErrorKind::Truncated));
            }
        }
        let value = (self.window >> 1) >> (63 - count);
        self.window <<= count;
        self.bits -= count;
        Ok(value)
    }

    /// Records what failed, at the present position.
    #[cold]
    #[inline(never)]
    pub fn fail(&mut self, kind: DecodeErrorKind) -> Failed {
        let at = self.position();
        self.fail_at(at, kind)
    }

    /// Records what failed, at a position.
    #[cold]
    #[inline(never)]
    pub fn fail_at(&mut self, bit: u32, kind: DecodeErrorKind) -> Failed {
        self.error = DecodeError::new(kind, bit);
        Failed
    }

    /// Notes that the failure happened inside a production of a type.
    #[cold]
    #[inline(never)]
    pub fn inside(&mut self, production: u8) {
        self.error.inside(production);
    }

    /// Moves the place of the failure back by so many bits.
    #[cold]
    #[inline(never)]
    pub(crate) fn failed_earlier(&mut self, bits: u32) {
        let (kind, bit) = (self.error.kind(), self.error.bit());
        self.error = DecodeError::new(kind, bit.saturating_sub(bits));
    }

    /// Records an enumeration index past the last value.
    #[cold]
    #[inline(never)]
    pub(crate) fn bad_index(&mut self, found: u32, expected: u16) -> Failed {
        self.fail(DecodeErrorKind::EnumerationIndex { expected, found: small(found) })
    }

    /// Records an event code that is no alternative.
    #[cold]
    #[inline(never)]
    pub(crate) fn no_alternative(&mut self, found: u32) -> Failed {
        self.fail(DecodeErrorKind::UnknownRoot { found: small(found) })
    }

    pub(crate) fn error(&self) -> DecodeError {
        self.error
    }

    /// An event code among `productions` declared ones.
    ///
    /// # Errors
    /// An escape or a number that is no code.
    #[inline(always)]
    pub fn code(&mut self, productions: u32) -> Result<u32, Failed> {
        let code = self.bits(code_width(productions))? as u32;
        if code >= productions {
            return Err(self.undeclared(code, productions, code_width(productions)));
        }
        Ok(code)
    }

    /// The end of a simple element and the event code of the next state, in one window.
    ///
    /// # Errors
    /// The element does not end, or the code is undeclared.
    #[inline(always)]
    pub fn end_and_code(&mut self, productions: u32) -> Result<u32, Failed> {
        let width = code_width(productions);
        let code = self.bits(1 + width)? as u32;
        if code >= productions {
            return Err(self.bad_end(code, productions));
        }
        Ok(code)
    }

    /// A simple element of fixed width from its characters event to the event code of the next state, in one window:
    /// `(value, code)`.
    ///
    /// # Errors
    /// As for [`Reader::end_and_code`].
    #[inline(always)]
    pub fn fixed_leaf(&mut self, width: u32, productions: u32) -> Result<(u32, u32), Failed> {
        let after = code_width(productions);
        let all = self.bits(2 + width + after)? as u32;
        let code = all & ((1 << (after + 1)) - 1);
        let value = all >> (after + 1);
        if code >= productions || value >> width != 0 {
            return Err(self.bad_leaf(value, width, code, productions));
        }
        Ok((value, code))
    }

    /// The characters event of a simple element.
    ///
    /// # Errors
    /// Another event.
    #[inline(always)]
    pub fn characters(&mut self) -> Result<(), Failed> {
        self.code(1).map(|_| ())
    }

    #[cold]
    #[inline(never)]
    fn undeclared(&mut self, code: u32, productions: u32, width: u32) -> Failed {
        let bit = self.position() - width;
        let kind = DecodeErrorKind::EventCode { expected: small(productions), found: small(code) };
        self.fail_at(bit, kind)
    }

    #[cold]
    #[inline(never)]
    fn bad_end(&mut self, code: u32, productions: u32) -> Failed {
        let width = code_width(productions);
        if code >> width == 0 {
            return self.undeclared(code, productions, width);
        }
        let bit = self.position() - width - 1;
        self.fail_at(bit, DecodeErrorKind::EventCode { expected: 1, found: 1 })
    }

    #[cold]
    #[inline(never)]
    fn bad_leaf(&mut self, value: u32, width: u32, code: u32, productions: u32) -> Failed {
        if value >> width == 0 {
            return self.bad_end(code, productions);
        }
        let bit = self.position() - width - code_width(productions) - 2;
        self.fail_at(bit, DecodeErrorKind::EventCode { expected: 1, found: 1 })
    }

    /// An unsigned integer up to `max`.
    ///
    /// # Errors
    /// It is larger, or has a superfluous last octet.
    #[inline]
    pub fn unsigned(&mut self, max: u64) -> Result<u64, Failed> {
        let octet = self.bits(8)?;
        if octet < 0x80 {
            return if octet <= max { Ok(octet) } else { Err(self.out_of_range(8, false, octet)) };
        }
        self.unsigned_rest(octet & 0x7f, max)
    }

    fn unsigned_rest(&mut self, first: u64, max: u64) -> Result<u64, Failed> {
        let begin = self.position() - 8;
        let (mut value, mut shift) = (first, 7);
        loop {
            let octet = self.bits(8)?;
            let group = octet & 0x7f;
            if shift > 63 || (shift == 63 && group > 1) {
                value = u64::MAX;
                if group != 0 || octet & 0x80 != 0 {
                    return Err(self.fail_at(
                        begin,
                        DecodeErrorKind::IntegerRange { negative: false, found: value },
                    ));
                }
            } else {
                value |= group << shift;
            }
            if octet & 0x80 == 0 {
                if octet == 0 {
                    return Err(self.fail_at(begin, DecodeErrorKind::Overlong));
                }
                break;
            }
            shift += 7;
        }
        if value > max {
            let kind = DecodeErrorKind::IntegerRange { negative: false, found: value };
            return Err(self.fail_at(begin, kind));
        }
        Ok(value)
    }

    #[cold]
    #[inline(never)]
    fn out_of_range(&mut self, back: u32, negative: bool, found: u64) -> Failed {
        let bit = self.position() - back;
        self.fail_at(bit, DecodeErrorKind::IntegerRange { negative, found })
    }

    /// A signed integer whose magnitude as coded is at most `max` (for negative ones `-1 - value`).
    ///
    /// # Errors
    /// As for [`Reader::unsigned`].
    #[inline]
    #[expect(clippy::cast_possible_wrap, reason = "the magnitude is below 2^63")]
    pub fn signed(&mut self, max: u64) -> Result<i64, Failed> {
        let negative = self.bits(1)? != 0;
        match self.unsigned(max) {
            Ok(value) => Ok(if negative { !(value as i64) } else { value as i64 }),
            Err(failed) => {
                if let DecodeErrorKind::IntegerRange { found, .. } = self.error.kind() {
                    let bit = self.error.bit() - 1;
                    self.fail_at(bit, DecodeErrorKind::IntegerRange { negative, found });
                }
                Err(failed)
            }
        }
    }

    /// An integer of any size.
    ///
    /// # Errors
    /// It has a superfluous last octet or no end.
    pub fn integer(&mut self) -> Result<Integer<'a>, Failed> {
        let begin = self.position();
        let negative = self.bits(1)? != 0;
        let bit = self.position();
        let mut octets = 0_u32;
        loop {
            let octet = self.bits(8)?;
            octets += 1;
            if octet & 0x80 == 0 {
                if octet == 0 && octets > 1 {
                    return Err(self.fail_at(begin, DecodeErrorKind::Overlong));
                }
                return Ok(Integer::of_wire(self.data, bit, octets, negative));
            }
        }
    }

    /// Names the text about to be read.
    #[inline]
    pub fn name(&mut self, name: &'static str) {
        self.name = name;
    }

    /// A string of at most `max` characters.
    ///
    /// # Errors
    /// It is longer, holds what is no character, or is a string table hit.
    pub fn text(&mut self, max: u32) -> Result<Text<'a>, Failed> {
        let begin = self.position();
        let coded = self.unsigned(u64::from(u32::MAX))? as u32;
        let Some(length) = coded.checked_sub(2) else {
            return self.value_hit(begin, coded == 0, max);
        };
        if length > max {
            let kind = DecodeErrorKind::Length { minimum: 0, maximum: max, found: length };
            return Err(self.fail_at(begin, kind));
        }
        let bit = self.position();
        self.skip_characters(length)?;
        if self.expander.is_some() && length > 0 {
            self.remember(bit, length)?;
        }
        Ok(Text::of_wire(self.data, bit, length))
    }

    #[cold]
    #[inline(never)]
    fn remember(&mut self, bit: u32, length: u32) -> Result<(), Failed> {
        let name = self.name;
        match self.expander.as_mut().map_or(Ok(()), |e| e.remember(name, bit, length)) {
            Ok(()) => Ok(()),
            Err(kind) => Err(self.fail_at(bit, kind)),
        }
    }

    #[cold]
    #[inline(never)]
    fn value_hit(&mut self, begin: u32, local: bool, max: u32) -> Result<Text<'a>, Failed> {
        let name = self.name;
        let Some(mut expander) = self.expander.take() else {
            return Err(self.fail_at(begin, DecodeErrorKind::ValueHit));
        };
        let found = self.bits(expander.index_bits(local, name));
        let found = found.map(|index| expander.entry(local, name, index as u16));
        let after = self.position();
        let result = match found {
            Err(failed) => Err(failed),
            Ok(Err(kind)) => Err(self.fail_at(begin, kind)),
            Ok(Ok((_, length))) if length > max => {
                let kind = DecodeErrorKind::Length { minimum: 0, maximum: max, found: length };
                Err(self.fail_at(begin, kind))
            }
            Ok(Ok((bit, length))) => {
                match expander.substitute(self.data, begin, after, bit, length) {
                    Ok(()) => Ok(Text::of_wire(self.data, bit, length)),
                    Err(kind) => Err(self.fail_at(begin, kind)),
                }
            }
        };
        self.expander = Some(expander);
        result
    }

    /// Checks that so many characters follow and passes over them, seven at a time while they are ASCII.
    fn skip_characters(&mut self, count: u32) -> Result<(), Failed> {
        let mut left = count;
        while left > 0 {
            if self.bits < 56 {
                self.refill();
            }
            if left >= 7 && self.bits >= 56 && self.window & 0x8080_8080_8080_8000 == 0 {
                self.window <<= 56;
                self.bits -= 56;
                left -= 7;
            } else {
                self.character()?;
                left -= 1;
            }
        }
        Ok(())
    }

    /// One character.
    ///
    /// # Errors
    /// A surrogate or a number past the last code point.
    pub fn character(&mut self) -> Result<char, Failed> {
        let begin = self.position();
        let code = self.unsigned(u64::from(u32::MAX))? as u32;
        match char::from_u32(code) {
            Some(character) => Ok(character),
            None => Err(self.fail_at(begin, DecodeErrorKind::Character { found: code })),
        }
    }

    /// A binary of `min..=max` octets.
    ///
    /// # Errors
    /// Another length, or fewer octets than it says.
    pub fn octets(&mut self, min: u32, max: u32) -> Result<Bytes<'a>, Failed> {
        let begin = self.position();
        let length = self.unsigned(u64::from(u32::MAX))? as u32;
        if length < min || length > max {
            let kind = DecodeErrorKind::Length { minimum: small(min), maximum: max, found: length };
            return Err(self.fail_at(begin, kind));
        }
        let bit = self.position();
        let end = u64::from(bit) + u64::from(length) * 8;
        if end > (self.data.len() as u64) * 8 {
            return Err(self.fail(DecodeErrorKind::Truncated));
        }
        self.seek(end as u32);
        Ok(Bytes::of_wire(self.data, bit, length))
    }

    /// The end of the document: padding bits of 0, and no octet after them but for one 00 if `trailing_zero` says so.
    ///
    /// # Errors
    /// Anything else.
    pub fn finish(&mut self, trailing_zero: bool) -> Result<(), Failed> {
        let bit = self.position();
        let used = bit.div_ceil(8) as usize;
        let padding = used as u32 * 8 - bit;
        if padding > 0 && self.bits(padding)? != 0 {
            return Err(self.fail_at(bit, DecodeErrorKind::Padding));
        }
        match self.data.get(used..).unwrap_or_default() {
            [] => Ok(()),
            [0] if trailing_zero => Ok(()),
            rest => {
                let found = u32::try_from(rest.len()).unwrap_or(u32::MAX);
                Err(self.fail_at(used as u32 * 8, DecodeErrorKind::TrailingOctets { found }))
            }
        }
    }
}

fn small(n: u32) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}
