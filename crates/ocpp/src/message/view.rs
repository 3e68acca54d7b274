//! Lazy views of checked JSON: nothing is stored but the text, and nothing in them fails.

use core::fmt;

use super::error::{DecodeError, JsonType, Reason, Syntax};
use super::json::Scanner;
use super::number::Number;
use super::schema::{Enumeration, Object};
use super::text::{Identifier, Text};
use super::time::DateTime;

/// A value of a decoded frame, as it stands there.
#[derive(Clone, Copy)]
pub struct Value<'a>(&'a str);

impl<'a> Value<'a> {
    /// Checks that the text is one JSON value: for JSON that does not come in a frame, such as stored profiles.
    ///
    /// # Errors
    /// The text is not JSON.
    pub fn parse(text: &'a str) -> Result<Self, DecodeError> {
        let mut scanner = Scanner::new(text, 0);
        scanner.token();
        let start = scanner.at();
        let mut whole = || -> Result<Self, Syntax> {
            scanner.value()?;
            let value = Self(scanner.since(start));
            scanner.end()?;
            Ok(value)
        };
        whole().map_err(|syntax| DecodeError::new(Reason::Json(syntax), scanner.at()))
    }

    /// A value that has been checked before.
    #[cfg(feature = "alloc")]
    pub(crate) const fn checked(text: &'a str) -> Self {
        Self(text)
    }

    /// The JSON value at the beginning of a text, and what follows it.
    pub(crate) fn parse_prefix(text: &'a str) -> Result<(Self, &'a str), DecodeError> {
        let mut scanner = Scanner::new(text, 0);
        let checked = scanner.value();
        checked.map_err(|syntax| DecodeError::new(Reason::Json(syntax), scanner.at()))?;
        let value = scanner.since(0);
        let rest = text.get(value.len()..).unwrap_or("");
        Ok((Self(value.trim_ascii_start()), rest))
    }

    /// The value's JSON text, byte for byte.
    #[must_use]
    pub const fn raw(&self) -> &'a str {
        self.0
    }

    /// Its JSON type.
    #[must_use]
    pub fn json_type(&self) -> JsonType {
        JsonType::of(self.first())
    }

    fn first(&self) -> u8 {
        self.0.as_bytes().first().copied().unwrap_or(b'n')
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<Text<'a>> {
        let raw = self.0.strip_prefix('"')?.strip_suffix('"')?;
        Some(Text::quoted(raw, raw.contains('\\')))
    }

    /// The object, if it is one.
    #[must_use]
    pub fn as_object(&self) -> Option<ObjectView<'a>> {
        (self.first() == b'{').then_some(ObjectView(self.0))
    }

    /// The elements, if it is a list.
    #[must_use]
    pub fn elements(&self) -> Option<Elements<'a>> {
        if self.first() != b'[' {
            return None;
        }
        Some(Elements { scanner: Scanner::new(self.0, 1), done: false })
    }

    /// Reads the value as `T`.
    #[must_use]
    pub fn read<T: Read<'a>>(&self) -> Option<T> {
        T::read(*self)
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}, {} bytes>", self.json_type(), self.0.len())
    }
}

/// The values of a list.
#[derive(Clone)]
pub struct Elements<'a> {
    scanner: Scanner<'a>,
    done: bool,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        if self.done || matches!(self.scanner.token(), b']' | 0) {
            self.done = true;
            return None;
        }
        let start = self.scanner.at();
        self.scanner.skip_checked();
        let value = self.scanner.since(start);
        if self.scanner.token() == b',' {
            self.scanner.advance();
        }
        Some(Value(value))
    }
}

impl fmt::Debug for Elements<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Elements")
    }
}

/// An object of a decoded frame.
///
/// `Debug` shows its size only, because a payload may hold identifiers.
#[derive(Clone, Copy)]
pub struct ObjectView<'a>(&'a str);

impl<'a> ObjectView<'a> {
    /// `{}`.
    pub const EMPTY: ObjectView<'static> = ObjectView("{}");

    pub(crate) const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The object's JSON text, byte for byte.
    #[must_use]
    pub const fn raw(&self) -> &'a str {
        self.0
    }

    /// The members in the order of the text.
    #[must_use]
    pub const fn members(&self) -> Members<'a> {
        Members { scanner: Scanner::new(self.0, 1) }
    }

    /// The value of the first member of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        self.members().find(|(key, _)| *key == *name).map(|(_, value)| value)
    }

    /// Reads the member of this name as `T`; `None` if it is absent or something else.
    #[must_use]
    pub fn read<T: Read<'a>>(&self, name: &str) -> Option<T> {
        T::read(self.get(name)?)
    }

    pub(crate) fn debug_as(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{name}(<{} bytes>)", self.0.len())
    }
}

impl fmt::Debug for ObjectView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.debug_as("ObjectView", f)
    }
}

/// The members of an object.
#[derive(Clone)]
pub struct Members<'a> {
    scanner: Scanner<'a>,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Text<'a>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.scanner.token() != b'"' {
            return None;
        }
        let key = self.scanner.key().ok()?;
        self.scanner.token();
        let start = self.scanner.at();
        self.scanner.skip_checked();
        let value = self.scanner.since(start);
        if self.scanner.token() == b',' {
            self.scanner.advance();
            self.scanner.token();
        }
        Some((key, Value(value)))
    }
}

impl fmt::Debug for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Members")
    }
}

/// A typed view of an object.
pub trait View<'a>: Sized {
    /// The descriptor that the object was checked against.
    const SCHEMA: &'static Object;
    /// The view of an object. Members that are absent or unreadable are `None`.
    fn of(object: ObjectView<'a>) -> Self;
    /// The object itself, for members that the schema does not know and for its text.
    fn object(&self) -> ObjectView<'a>;
}

/// A payload type without a lifetime: what names it where nothing is borrowed, as `Owned<v16::ResetRequest<'static>>`.
pub trait Payload: Sized {
    /// The view of a payload of this type.
    type View<'a>: View<'a>;
}

/// What a member can be read as. Reading follows lenient mode: it takes every form that lenient mode lets pass.
pub trait Read<'a>: Sized {
    /// Reads the value; `None` if it is something else.
    fn read(value: Value<'a>) -> Option<Self>;
}

impl<'a> Read<'a> for Value<'a> {
    fn read(value: Value<'a>) -> Option<Self> {
        Some(value)
    }
}

impl<'a> Read<'a> for ObjectView<'a> {
    fn read(value: Value<'a>) -> Option<Self> {
        value.as_object()
    }
}

impl<'a> Read<'a> for Text<'a> {
    fn read(value: Value<'a>) -> Option<Self> {
        match value.first() {
            b'"' => value.as_text(),
            b'-' | b'0'..=b'9' | b'{' => Some(Text::bare(value.0)),
            _ => None,
        }
    }
}

impl<'a> Read<'a> for Identifier<'a> {
    fn read(value: Value<'a>) -> Option<Self> {
        Text::read(value).map(Identifier::new)
    }
}

impl<'a> Read<'a> for Number<'a> {
    fn read(value: Value<'a>) -> Option<Self> {
        match value.first() {
            b'"' => Number::parse(value.as_text()?.as_str()?),
            b'-' | b'0'..=b'9' => Some(Number::new(value.0)),
            _ => None,
        }
    }
}

impl<'a> Read<'a> for bool {
    fn read(value: Value<'a>) -> Option<Self> {
        match value.0 {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }
}

impl<'a> Read<'a> for DateTime<'a> {
    fn read(value: Value<'a>) -> Option<Self> {
        value.as_text().filter(|text| !text.is_empty()).map(DateTime::new)
    }
}

/// An enumeration of the schemas.
pub trait Coded: Copy + 'static {
    /// Its texts.
    const TABLE: &'static Enumeration;
    /// Its values, in the order of the texts.
    const ALL: &'static [Self];
}

/// A value of an enumeration, or a text that the schema does not know and that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open<'a, E> {
    /// A value of the schema.
    Known(E),
    /// Anything else, as received.
    Unknown(Text<'a>),
}

impl<E: Copy> Open<'_, E> {
    /// The value, if the schema knows it.
    #[must_use]
    pub const fn known(&self) -> Option<E> {
        match *self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }
}

impl<'a, E: Coded> Read<'a> for Open<'a, E> {
    fn read(value: Value<'a>) -> Option<Self> {
        let text = value.as_text()?;
        if text.is_empty() {
            return None;
        }
        let mut rows = E::TABLE.values.iter().zip(E::ALL);
        // A value in another case is the value: the standard has no two that differ only so.
        let known = rows.find(|(wire, _)| text.is_ignore_case(wire));
        Some(known.map_or(Open::Unknown(text), |(_, value)| Open::Known(*value)))
    }
}

/// The text of an enumeration's value on the wire.
pub fn wire_name<E: Coded + PartialEq>(value: E) -> &'static str {
    let mut rows = E::TABLE.values.iter().zip(E::ALL);
    rows.find(|(_, each)| **each == value).map_or("", |(wire, _)| wire)
}

/// A list of a decoded frame, read element by element.
///
/// Lenient mode lets a lone value stand for a list of one; it is one here too.
#[derive(Clone, Copy)]
pub struct List<'a, T> {
    value: Value<'a>,
    element: core::marker::PhantomData<T>,
}

impl<'a, T: Read<'a>> List<'a, T> {
    /// The elements.
    pub fn iter(&self) -> impl Iterator<Item = T> + use<'a, T> {
        let elements = self.value.elements();
        let lone = elements.is_none().then_some(self.value);
        elements.into_iter().flatten().chain(lone).filter_map(T::read)
    }

    /// How many elements there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.value.elements().map_or(1, Iterator::count)
    }
}

impl<'a, T: Read<'a>> Read<'a> for List<'a, T> {
    fn read(value: Value<'a>) -> Option<Self> {
        (value.0 != "null").then_some(Self { value, element: core::marker::PhantomData })
    }
}

impl<T> fmt::Debug for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
