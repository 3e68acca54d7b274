//! Walking over a decoded value by the names of its schema.

use super::value::{Bytes, Integer, Text};

/// A simple value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Leaf<'a> {
    /// A boolean.
    Boolean(bool),
    /// A value of an enumeration, by its name in the schema.
    Name(&'static str),
    /// An integer that can be negative.
    Signed(i64),
    /// An integer that cannot.
    Unsigned(u64),
    /// An integer of any size.
    Integer(Integer<'a>),
    /// A text.
    Text(Text<'a>),
    /// A binary.
    Bytes(Bytes<'a>),
}

/// Sees the parts of a value in schema order.
///
/// `many` says that the schema allows the element more than once in its place.
pub trait Visitor {
    /// A simple element, an attribute (`@Name`) or text beside attributes (`#text`).
    fn leaf(&mut self, name: &'static str, many: bool, value: Leaf<'_>);
    /// A complex element begins.
    fn open(&mut self, name: &'static str, many: bool);
    /// The complex element ends.
    fn close(&mut self);
}
