//! Texts, binaries and big integers that stay in the document until they are asked for.

use core::fmt;

use super::reader::Reader;

/// A text: characters of a document, or a `str` of the caller.
///
/// `Debug` tells the length only, because many texts identify a vehicle, a contract or a meter. Two texts are equal if
/// their characters are.
#[derive(Clone, Copy)]
pub struct Text<'a>(TextFrom<'a>);

#[derive(Clone, Copy)]
enum TextFrom<'a> {
    Wire { data: &'a [u8], bit: u32, length: u32 },
    Str(&'a str),
}

impl<'a> Text<'a> {
    /// The empty text.
    pub const EMPTY: Self = Self(TextFrom::Str(""));

    /// A text to encode.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self(TextFrom::Str(text))
    }

    pub(crate) const fn of_wire(data: &'a [u8], bit: u32, length: u32) -> Self {
        Self(TextFrom::Wire { data, bit, length })
    }

    /// Its length in characters.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.0 {
            TextFrom::Wire { length, .. } => length as usize,
            // What begins a character: all octets but the continuations.
            TextFrom::Str(text) => text.bytes().filter(|octet| octet & 0xc0 != 0x80).count(),
        }
    }

    /// Whether it has no character.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its characters in order.
    #[must_use]
    pub fn chars(&self) -> Chars<'a> {
        Chars(match self.0 {
            TextFrom::Wire { data, bit, length } => {
                CharsFrom::Wire { reader: Reader::at(data, bit), left: length }
            }
            TextFrom::Str(text) => CharsFrom::Str(text.chars()),
        })
    }

    /// Whether its characters are those of `other`.
    #[must_use]
    pub fn eq_str(&self, other: &str) -> bool {
        self.chars().eq(other.chars())
    }

    /// Copies the text as UTF-8 to the start of `into`; `None` if it has not enough room.
    #[must_use]
    pub fn copy_into<'b>(&self, into: &'b mut [u8]) -> Option<&'b str> {
        let mut used = 0;
        for character in self.chars() {
            let room = into.get_mut(used..).unwrap_or_default();
            if room.len() < character.len_utf8() {
                return None;
            }
            used += character.encode_utf8(room).len();
        }
        core::str::from_utf8(into.get(..used)?).ok()
    }

    /// The text in a string of its own.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_text(&self) -> alloc::string::String {
        self.chars().collect()
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text)
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.chars().eq(other.chars())
    }
}

impl Eq for Text<'_> {}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<masked, {} characters>", self.len())
    }
}

/// The characters of a [`Text`].
#[derive(Debug)]
pub struct Chars<'a>(CharsFrom<'a>);

#[derive(Debug)]
enum CharsFrom<'a> {
    Wire { reader: Reader<'a>, left: u32 },
    Str(core::str::Chars<'a>),
}

impl Iterator for Chars<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match &mut self.0 {
            CharsFrom::Wire { reader, left } => {
                *left = left.checked_sub(1)?;
                Some(reader.character())
            }
            CharsFrom::Str(text) => text.next(),
        }
    }
}

/// A binary: octets of a document at any bit, or a slice of the caller.
///
/// `Debug` tells the length only, because binaries are certificates, keys and identifiers.
#[derive(Clone, Copy)]
pub struct Bytes<'a> {
    data: &'a [u8],
    bit: u32,
    length: u32,
}

impl<'a> Bytes<'a> {
    /// No octets.
    pub const EMPTY: Self = Self { data: &[], bit: 0, length: 0 };

    /// Octets to encode; a slice is read at bit 0 as one of a document is at another.
    #[must_use]
    pub const fn new(octets: &'a [u8]) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "no schema allows a 32-bit length")]
        Self { data: octets, bit: 0, length: octets.len() as u32 }
    }

    pub(crate) const fn of_wire(data: &'a [u8], bit: u32, length: u32) -> Self {
        Self { data, bit, length }
    }

    /// Its length in octets.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.length as usize
    }

    /// Whether it has no octet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Its octets in order.
    pub fn iter(&self) -> impl Iterator<Item = u8> + use<'a> {
        let mut reader = Reader::at(self.data, self.bit);
        (0..self.length).map(move |_| reader.bits(8) as u8)
    }

    /// Whether its octets are those of `other`.
    #[must_use]
    pub fn eq_slice(&self, other: &[u8]) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter().copied())
    }

    /// Copies the octets to the start of `into`; `None` if it has not enough room.
    #[must_use]
    pub fn copy_into<'b>(&self, into: &'b mut [u8]) -> Option<&'b [u8]> {
        let target = into.get_mut(..self.len())?;
        Reader::at(self.data, self.bit).copy_octets(target);
        Some(target)
    }

    /// The octets in a vector.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_vec(&self) -> alloc::vec::Vec<u8> {
        self.iter().collect()
    }

    /// The octets it lies in, its first bit there and its length.
    pub(crate) const fn parts(&self) -> (&'a [u8], u32, u32) {
        (self.data, self.bit, self.length)
    }
}

impl<'a> From<&'a [u8]> for Bytes<'a> {
    fn from(octets: &'a [u8]) -> Self {
        Self::new(octets)
    }
}

impl PartialEq for Bytes<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.length == other.length && self.iter().eq(other.iter())
    }
}

impl Eq for Bytes<'_> {}

impl fmt::Debug for Bytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<masked, {} bytes>", self.length)
    }
}

/// An integer of any size, as serial numbers of certificates are.
///
/// `Debug` is masked, because a serial number names a certificate.
#[derive(Clone, Copy)]
pub struct Integer<'a>(IntegerFrom<'a>);

#[derive(Clone, Copy)]
enum IntegerFrom<'a> {
    /// Groups of seven bits in octets, least significant first.
    Wire {
        data: &'a [u8],
        bit: u32,
        octets: u16,
        negative: bool,
    },
    Small(i64),
    /// Big-endian magnitude of a positive number.
    BigEndian(&'a [u8]),
}

impl<'a> Integer<'a> {
    /// A small number.
    #[must_use]
    pub const fn from_i64(value: i64) -> Self {
        Self(IntegerFrom::Small(value))
    }

    /// A number of zero or more, by its octets, most significant first, as in an X.509 serial number.
    #[must_use]
    pub const fn from_be_bytes(octets: &'a [u8]) -> Self {
        Self(IntegerFrom::BigEndian(octets))
    }

    pub(crate) fn of_wire(data: &'a [u8], bit: u32, octets: u32, negative: bool) -> Self {
        let octets = u16::try_from(octets).unwrap_or(u16::MAX);
        Self(IntegerFrom::Wire { data, bit, octets, negative })
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        match self.0 {
            IntegerFrom::Wire { negative, .. } => negative,
            IntegerFrom::Small(value) => value < 0,
            IntegerFrom::BigEndian(_) => false,
        }
    }

    /// The magnitude as it is coded, in groups of seven bits, least significant first: of the number, or of
    /// `-1 - number` for one below zero.
    pub fn groups(&self) -> impl Iterator<Item = u8> + use<'a> {
        let (mut reader, octets, be, small) = match self.0 {
            IntegerFrom::Wire { data, bit, octets, .. } => {
                (Reader::at(data, bit), usize::from(octets), None, 0)
            }
            #[expect(clippy::cast_sign_loss, reason = "made positive")]
            IntegerFrom::Small(value) => {
                let magnitude = (if value < 0 { !value } else { value }) as u64;
                let bits = (u64::BITS - magnitude.leading_zeros()) as usize;
                (Reader::new(&[]), bits.div_ceil(7).max(1), None, magnitude)
            }
            IntegerFrom::BigEndian(octets) => {
                let zeros = octets.iter().take_while(|o| **o == 0).count();
                let octets = octets.get(zeros..).unwrap_or_default();
                let top = octets.first().map_or(0, |o| o.leading_zeros() as usize);
                let bits = octets.len() * 8 - top;
                (Reader::new(&[]), bits.div_ceil(7).max(1), Some(octets), 0)
            }
        };
        (0..octets).map(move |index| match be {
            Some(be) => seven_bits(be, index * 7),
            None if octets_small(&reader) => (small >> (index * 7) & 0x7f) as u8,
            None => reader.bits(8) as u8 & 0x7f,
        })
    }

    /// The number, if it fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        let mut value = 0_i64;
        for (index, group) in self.groups().enumerate() {
            let shift = u32::try_from(index * 7).ok()?;
            if shift >= 63 && group != 0 {
                return None;
            }
            if shift < 63 {
                value |= i64::from(group) << shift;
            }
        }
        Some(if self.is_negative() { !value } else { value })
    }
}

/// A number without a document: its reader has no octets.
fn octets_small(reader: &Reader<'_>) -> bool {
    reader.data().is_empty()
}

/// Seven bits of a big-endian number, from bit `from` counted from the least significant one.
fn seven_bits(octets: &[u8], from: usize) -> u8 {
    (0..7).fold(0, |group, i| {
        let bit = from + i;
        let octet = octets.iter().rev().nth(bit / 8).copied().unwrap_or(0);
        group | (octet >> (bit % 8) & 1) << i
    })
}

impl PartialEq for Integer<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.is_negative() == other.is_negative() && self.groups().eq(other.groups())
    }
}

impl Eq for Integer<'_> {}

impl fmt::Debug for Integer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<masked, {} bytes>", (self.groups().count() * 7).div_ceil(8))
    }
}
