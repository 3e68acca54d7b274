//! Why bytes were refused, where, and on which way from the root.

use super::info::{ElementInfo, FieldInfo, FieldKind, NOWHERE, TypeInfo};

/// What stood where something else was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The octets end before the document does.
    #[error("the octets end here")]
    Truncated,
    /// The first octet is not the EXI header `80`: no options, version 1.
    #[error("expected header 80, found {found:02x}")]
    Header {
        /// The octet found.
        found: u8,
    },
    /// An event code above those of this state: an escape to undeclared content, or no code at all.
    #[error("expected an event code below {expected}, found {found}")]
    EventCode {
        /// How many codes this state declares.
        expected: u16,
        /// The code found.
        found: u16,
    },
    /// A root element that no message of this schema set has.
    #[error("root code {found} is no element of this schema set that can be read")]
    UnknownRoot {
        /// The code found.
        found: u16,
    },
    /// Another root element than the caller asked for.
    #[error("expected root code {expected}, found {found}")]
    OtherRoot {
        /// The code of the element asked for.
        expected: u16,
        /// The code found.
        found: u16,
    },
    /// The abstract head of a substitution group, which no sender may write.
    #[error("an abstract element")]
    Abstract,
    /// Content that the schema leaves open (`xs:any`), which this codec does not read.
    #[error("wildcard content")]
    Wildcard,
    /// Text between elements (mixed content of XML signatures), which this codec does not read.
    #[error("text between elements")]
    MixedContent,
    /// A DSA key or PGP data inside a signature's KeyInfo, which this codec does not read.
    #[error("an element of XML signatures that is not supported")]
    Unsupported,
    /// An index past the enumeration's last value.
    #[error("expected an index below {expected}, found {found}")]
    EnumerationIndex {
        /// How many values the enumeration has.
        expected: u16,
        /// The index found.
        found: u16,
    },
    /// An integer outside its range; the range stands in the type table (see [`DecodeError::field`]).
    #[error("integer {}{found} is out of range", if *.negative { "-1-" } else { "" })]
    IntegerRange {
        /// The sign bit: the value is `-1 - found`.
        negative: bool,
        /// The magnitude as coded; `u64::MAX` also for all above.
        found: u64,
    },
    /// An unsigned integer with a superfluous last octet 00.
    #[error("integer with a superfluous last octet 00")]
    Overlong,
    /// More characters or octets than the type allows, or for octets fewer.
    #[error("expected a length of {minimum}..={maximum}, found {found}")]
    Length {
        /// The smallest length allowed on reading.
        minimum: u16,
        /// The largest length allowed.
        maximum: u32,
        /// The length found, at most `u32::MAX`.
        found: u32,
    },
    /// A surrogate or a number above U+10FFFF where a character is due.
    #[error("{found:#x} is no character")]
    Character {
        /// The number found.
        found: u32,
    },
    /// A reference into the string table; see [`expand_value_hits`](crate::expand_value_hits).
    #[error("a string table hit")]
    ValueHit,
    /// A string table hit to an entry that does not exist, or more strings than the table has room for.
    #[error("string table hit to entry {found} of {expected}")]
    ValueEntry {
        /// How many entries there are.
        expected: u16,
        /// The entry asked for.
        found: u16,
    },
    /// More items than a list can count (65,535; only where the schema sets no bound).
    #[error("more than 65535 items")]
    ListLength,
    /// Octets after the one that holds the last event.
    #[error("expected the end, found {found} more octets")]
    TrailingOctets {
        /// How many.
        found: u32,
    },
    /// A padding bit that is 1.
    #[error("a padding bit is 1")]
    Padding,
    /// More octets than a bit offset of 32 bits reaches (512 MiB).
    #[error("too long to address by bits")]
    TooLong,
    /// The buffer for the expanded document is too small.
    #[error("the buffer for the expanded document is too small")]
    ExpansionBuffer,
}

/// Marks a document event code.
const DOCUMENT: u16 = 0x8000;

/// The longest element path below a root; a test finds it in the type tables.
pub(crate) const PATH: usize = 9;

/// The way from the root to a row: production numbers, [`NOWHERE`] after the last.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Path {
    /// Which root element: its fragment code, or its document code and [`DOCUMENT`].
    root: u16,
    set: Option<crate::SchemaSet>,
    productions: [u8; PATH],
}

impl Path {
    const EMPTY: Self = Self { root: u16::MAX, set: None, productions: [NOWHERE; PATH] };

    fn inside(&mut self, productions: impl Iterator<Item = u8>) {
        for (slot, production) in self.productions.iter_mut().zip(productions) {
            *slot = production;
        }
    }

    fn of_root(&mut self, set: crate::SchemaSet, form: crate::Form, root: u16) {
        self.set = Some(set);
        self.root = root | if form == crate::Form::Document { DOCUMENT } else { 0 };
    }

    fn root(&self) -> Option<&'static ElementInfo> {
        let elements = self.set?.elements();
        if self.root & DOCUMENT == 0 {
            return elements.get(usize::from(self.root));
        }
        elements.iter().find(|e| e.document == Some(self.root & !DOCUMENT))
    }

    /// The names and types from the root element down.
    fn steps(self) -> impl Iterator<Item = (&'static str, Option<&'static TypeInfo>)> {
        let root = self.root();
        let mut at = root.and_then(|root| root.info);
        let below = self.productions.into_iter().map_while(move |production| {
            let (name, info) = field_of(at.filter(|_| production != NOWHERE)?, production)?;
            at = Some(info);
            Some((name, at))
        });
        root.map(|root| (root.name, root.info)).into_iter().chain(below)
    }

    fn write(self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if let Some(set) = self.set {
            f.write_str(set.name())?;
        }
        for (depth, (name, _)) in self.steps().enumerate() {
            write!(f, "{}{name}", if depth == 0 { ": " } else { "/" })?;
        }
        Ok(())
    }
}

/// A document, fragment or datagram that does not follow its schema: what, at which bit, in which element.
///
/// The element path is kept as production numbers; [`DecodeError::names`] spells it out, and so does `Display`. Firmware
/// that calls neither does not link the names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DecodeError {
    kind: DecodeErrorKind,
    bit: u32,
    path: Path,
}

const _: () = assert!(size_of::<DecodeError>() <= 32);

impl DecodeError {
    pub(crate) const fn new(kind: DecodeErrorKind, bit: u32) -> Self {
        Self { kind, bit, path: Path::EMPTY }
    }

    /// What was found.
    #[must_use]
    pub const fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// The bit offset from the start of the octets at which it was found.
    #[must_use]
    pub const fn bit(&self) -> u32 {
        self.bit
    }

    /// The schema set that was decoded.
    #[must_use]
    pub const fn schema_set(&self) -> Option<crate::SchemaSet> {
        self.path.set
    }

    pub(crate) fn inside(&mut self, productions: impl Iterator<Item = u8>) {
        self.path.inside(productions);
    }

    pub(crate) fn of_root(&mut self, set: crate::SchemaSet, form: crate::Form, root: u16) {
        self.path.of_root(set, form, root);
    }

    /// The names from the root element down to the field in which the error happened.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path.steps().map(|(name, _)| name)
    }

    /// The row of the type table in which the error happened: what was expected there.
    #[must_use]
    pub fn field(&self) -> Option<&'static TypeInfo> {
        self.path.steps().last().and_then(|(_, info)| info)
    }
}

/// The name and type of a type's production: fields in order, each alternative of a choice one production.
fn field_of(info: &'static TypeInfo, production: u8) -> Option<(&'static str, &'static TypeInfo)> {
    let TypeInfo::Complex { fields, .. } = info else { return None };
    let mut left = u32::from(production);
    for field in *fields {
        let span = field.span();
        if left < span {
            return alternative(field, left);
        }
        left -= span;
    }
    None
}

fn alternative(field: &FieldInfo, number: u32) -> Option<(&'static str, &'static TypeInfo)> {
    match (field.kind, field.info) {
        (FieldKind::Choice, TypeInfo::Choice { alternatives }) => {
            let alternative = alternatives.get(usize::try_from(number).ok()?)?;
            Some((alternative.name, alternative.info))
        }
        _ => Some((field.name, field.info)),
    }
}

impl core::fmt::Display for DecodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.path.write(f)?;
        let separator = if self.path.set.is_some() { " " } else { "" };
        write!(f, "{separator}at bit {}: {}", self.bit, self.kind)?;
        if let (DecodeErrorKind::IntegerRange { .. }, Some(info)) = (self.kind, self.field()) {
            write!(f, ", expected {info}")?;
        }
        Ok(())
    }
}

impl core::fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "DecodeError({self})")
    }
}

impl core::error::Error for DecodeError {}

/// Why a value cannot be encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// The buffer is shorter than the document; `encoded_len` tells how long it must be.
    #[error("the buffer of {got} octets is too short")]
    BufferTooShort {
        /// The octets of the buffer.
        got: u32,
    },
    /// A text or binary whose length the schema does not allow.
    #[error("expected a length of {minimum}..={maximum}, got {got}")]
    Length {
        /// The smallest length.
        minimum: u32,
        /// The largest length.
        maximum: u32,
        /// The length of the value.
        got: u32,
    },
    /// A value kept as a view, in which a text is shorter than the schema's lower bound: it was read, and may not be sent.
    #[error("a text in it is shorter than its lower bound")]
    ShortText,
    /// An integer outside the range of its type.
    #[error("out of range")]
    IntegerRange,
    /// A list with fewer or more items than the schema allows.
    #[error("expected {minimum}..={maximum} items, got {got}")]
    Items {
        /// The fewest items.
        minimum: u16,
        /// The most items; 65,535 where the schema has no bound.
        maximum: u16,
        /// The items of the value, at most 65,535.
        got: u16,
    },
    /// An element that is local to a type is no document; it can be a fragment.
    #[error("not the root of a document")]
    NoDocument,
}

/// A value that the schema does not allow, or that has no room: why, and in which element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct EncodeError {
    kind: EncodeErrorKind,
    path: Path,
}

const _: () = assert!(size_of::<EncodeError>() <= 32);

impl EncodeError {
    pub(crate) const fn new(kind: EncodeErrorKind) -> Self {
        Self { kind, path: Path::EMPTY }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> EncodeErrorKind {
        self.kind
    }

    pub(crate) fn inside(&mut self, productions: impl Iterator<Item = u8>) {
        self.path.inside(productions);
    }

    pub(crate) fn of_root(&mut self, set: crate::SchemaSet, form: crate::Form, root: u16) {
        self.path.of_root(set, form, root);
    }

    /// The names from the root element down to the field that is wrong.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path.steps().map(|(name, _)| name)
    }
}

impl core::fmt::Display for EncodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.path.write(f)?;
        write!(f, "{}{}", if self.path.set.is_some() { ": " } else { "" }, self.kind)
    }
}

impl core::fmt::Debug for EncodeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "EncodeError({self})")
    }
}

impl core::error::Error for EncodeError {}
