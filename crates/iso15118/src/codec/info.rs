//! The type tables as data: what documentation, traces, error paths and JSON tools read.

/// How often something may occur without bound.
pub const UNBOUNDED: u32 = u32::MAX;

/// A type of the schema: how its content is coded.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum TypeInfo {
    /// One bit.
    Boolean,
    /// An index of as many bits as the count of values needs.
    Enumeration {
        /// Values in wire order.
        values: &'static [&'static str],
    },
    /// An offset from the minimum in as many bits as the range needs.
    NBit {
        /// Smallest value.
        min: i16,
        /// Largest value.
        max: i16,
    },
    /// Octets of seven bits each, least significant first.
    Unsigned {
        /// Largest value.
        max: u64,
    },
    /// A sign bit and an unsigned integer.
    Signed {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
    },
    /// A sign bit and an unsigned integer of any size.
    Integer,
    /// The count of characters plus 2, then each code point as an unsigned integer.
    Text {
        /// Fewest characters (held on encoding only).
        min: u32,
        /// Most characters.
        max: u32,
    },
    /// The count of octets, then the octets.
    Octets {
        /// Fewest octets.
        min: u32,
        /// Most octets.
        max: u32,
    },
    /// Attributes, then elements in sequence or text.
    Complex {
        /// The schema's name of the type.
        name: &'static str,
        /// Attributes, elements and choices in schema order.
        fields: &'static [FieldInfo],
        /// Text may stand between the elements.
        mixed: bool,
    },
    /// One of several elements: a choice or a substitution group.
    Choice {
        /// Alternatives in event-code order.
        alternatives: &'static [AlternativeInfo],
    },
    /// Content that is not read (wildcards, abstract elements and the like), and the error that says so.
    Refused(super::error::DecodeErrorKind),
}

/// What a row of a complex type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// An attribute.
    Attribute,
    /// An element.
    Element,
    /// A choice of elements.
    Choice,
    /// The text of a type with simple content.
    Text,
    /// A wildcard.
    Wildcard,
}

/// A row of a complex type.
#[derive(Debug, Clone, Copy)]
pub struct FieldInfo {
    /// The name in the schema.
    pub name: &'static str,
    /// The last part of its namespace, for attributes that have one: they are told apart by it in the string table.
    pub namespace: &'static str,
    /// What it is.
    pub kind: FieldKind,
    /// Fewest occurrences.
    pub min: u32,
    /// Most occurrences, or [`UNBOUNDED`].
    pub max: u32,
    /// Its type.
    pub info: &'static TypeInfo,
}

/// An alternative of a choice.
#[derive(Debug, Clone, Copy)]
pub struct AlternativeInfo {
    /// The element's name.
    pub name: &'static str,
    /// Its type; [`TypeInfo::Refused`] for abstract heads and wildcards.
    pub info: &'static TypeInfo,
}

/// An element that can be a root: a row of a schema set's element table, whose index is the fragment event code.
#[derive(Debug, Clone, Copy)]
pub struct ElementInfo {
    /// The local name.
    pub name: &'static str,
    /// Its type; `None` if no message of the set reaches it.
    pub info: Option<&'static TypeInfo>,
    /// The document event code, for global elements.
    pub document: Option<u16>,
}

impl FieldInfo {
    /// How many event codes the row takes.
    #[must_use]
    pub const fn span(&self) -> u32 {
        match self.info {
            TypeInfo::Choice { alternatives } => len(alternatives.len()),
            _ => 1,
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "tables have a few rows")]
const fn len(rows: usize) -> u32 {
    rows as u32
}

/// What the codec needs of a row while it runs, in one word: where the row's event codes begin and how many there are, how
/// many the next state has, how wide the value is.
///
/// Everything here is computed by the compiler from the rows of the type, so that a call per row with one constant is all
/// that a message costs in code.
#[derive(Debug, Clone, Copy)]
pub struct Row(u32);

impl Row {
    /// Row `index` of a type.
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    pub(crate) const fn of(fields: &[FieldInfo], index: usize, mixed: bool) -> Self {
        let field = &fields[index];
        let before = productions_before(fields, index);
        let next = productions(fields, index + 1, mixed);
        assert!(before < NOWHERE as u32 && field.span() < 64 && field.span() + next < 256);
        let element = !matches!(field.kind, FieldKind::Attribute | FieldKind::Text);
        let width = fixed_width(field.info);
        assert!(width < 16);
        let next = next << 14 | code_width(next) << 22;
        Self(before | field.span() << 8 | next | width << 26 | (element as u32) << 30)
    }

    /// An element that stands in no row: the item of a list, an alternative, a root. Nothing follows it.
    pub(crate) const fn alone(info: &TypeInfo) -> Self {
        Self(NOWHERE as u32 | fixed_width(info) << 26 | 1 << 30)
    }

    /// A value without events of its own that has that place in its type.
    pub(crate) const fn inside(production: u8) -> Self {
        Self(production as u32)
    }

    /// Bits that belong to no row.
    pub(crate) const ELSEWHERE: Self = Self(NOWHERE as u32);

    /// The first of its event codes, counted over the whole type: what an error path keeps.
    #[inline]
    pub(crate) const fn production(self) -> u8 {
        self.0 as u8
    }

    /// How many event codes it has.
    #[inline]
    pub(crate) const fn span(self) -> u32 {
        self.0 >> 8 & 0x3f
    }

    /// How many event codes the state after it has.
    #[inline]
    pub(crate) const fn next(self) -> u32 {
        self.0 >> 14 & 0xff
    }

    /// Bits of an event code of that state.
    #[inline]
    pub(crate) const fn next_width(self) -> u32 {
        self.0 >> 22 & 0xf
    }

    /// Bits of a value of fixed width.
    #[inline]
    pub(crate) const fn width(self) -> u32 {
        self.0 >> 26 & 0xf
    }

    /// Bits of the characters event before a simple value, and of the end event after it: 0 for attributes and text.
    #[inline]
    pub(crate) const fn frame(self) -> u32 {
        self.0 >> 30
    }
}

/// No production: the end of a path that is shorter than its array.
pub(crate) const NOWHERE: u8 = u8::MAX;

/// Bits of a simple type of fixed width, else 0.
const fn fixed_width(info: &TypeInfo) -> u32 {
    match info {
        TypeInfo::Boolean => 1,
        TypeInfo::Enumeration { values } => index_width(len(values.len())),
        TypeInfo::NBit { min, max } => index_width((*max as i32 - *min as i32 + 1) as u32),
        _ => 0,
    }
}

/// Bits of an event code among `productions` declared ones and one escape.
#[must_use]
pub const fn code_width(productions: u32) -> u32 {
    u32::BITS - productions.leading_zeros()
}

/// Bits of an index among `count` values.
#[must_use]
pub const fn index_width(count: u32) -> u32 {
    u32::BITS - count.saturating_sub(1).leading_zeros()
}

/// How many event codes are declared in the state before row `from`, in production order: all up to and including the
/// first required row, else also the end of the element; in mixed content also characters.
#[must_use]
#[expect(clippy::indexing_slicing, reason = "bounded by the loop")]
pub const fn productions(fields: &[FieldInfo], from: usize, mixed: bool) -> u32 {
    let mut count = 0;
    let mut i = from;
    while i < fields.len() {
        let field = &fields[i];
        count += field.span();
        if field.min > 0 {
            return match field.kind {
                FieldKind::Attribute | FieldKind::Text => count,
                _ => count + mixed as u32,
            };
        }
        i += 1;
    }
    count + 1 + mixed as u32
}

/// The number of event codes of the rows before `index`.
#[must_use]
#[expect(clippy::indexing_slicing, reason = "bounded by the loop")]
pub const fn productions_before(fields: &[FieldInfo], index: usize) -> u32 {
    let mut count = 0;
    let mut i = 0;
    while i < index && i < fields.len() {
        count += fields[i].span();
        i += 1;
    }
    count
}

impl core::fmt::Display for TypeInfo {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Boolean => f.write_str("boolean"),
            Self::Enumeration { values } => write!(f, "one of {} values", values.len()),
            Self::NBit { min, max } => write!(f, "{min}..={max}"),
            Self::Unsigned { max } => write!(f, "0..={max}"),
            Self::Signed { min, max } => write!(f, "{min}..={max}"),
            Self::Integer => f.write_str("an integer"),
            Self::Text { min, max: UNBOUNDED } => write!(f, "text of at least {min} characters"),
            Self::Text { min, max } => write!(f, "text of {min}..={max} characters"),
            Self::Octets { min, max: UNBOUNDED } => write!(f, "at least {min} octets"),
            Self::Octets { min, max } => write!(f, "{min}..={max} octets"),
            Self::Complex { name, .. } => f.write_str(name),
            Self::Choice { .. } => f.write_str("a choice"),
            Self::Refused(_) => f.write_str("content that is not read"),
        }
    }
}
