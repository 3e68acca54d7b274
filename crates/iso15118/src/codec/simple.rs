//! What is between a type of the schema and a type of Rust: one implementation of [`Coding`] per simple type.

use core::fmt;
use core::marker::PhantomData;

use super::info::{Row, TypeInfo};
use super::reader::Reader;
use super::value::{Bytes, Integer, Text};
use super::visit::{Leaf, Visitor};
use super::writer::Writer;

/// How a type of the schema is decoded, encoded and shown.
///
/// Reading and writing go on after a failure, with zeros; the reader or writer keeps the first one, and who began asks for
/// it at the end.
pub trait Coding: 'static {
    /// The values.
    type Value<'a>: Copy + fmt::Debug + PartialEq + 'a;
    /// The type as data.
    const INFO: &'static TypeInfo;

    /// Decodes an element's content, from after its event code to its end; in a choice, the reader's event code tells the
    /// alternative.
    fn decode<'a>(reader: &mut Reader<'a>) -> Self::Value<'a>;

    /// Decodes an element's content for its errors only.
    fn check(reader: &mut Reader<'_>) {
        Self::decode(reader);
    }

    /// Decodes a row of a type, whose event code was read, and the event code of the next state.
    #[inline]
    fn decode_row<'a>(reader: &mut Reader<'a>, row: Row) -> Self::Value<'a> {
        reader.enter(row);
        let value = Self::decode(reader);
        reader.leave(row);
        value
    }

    /// Encodes an element's content, from after its event code to its end.
    fn encode(value: &Self::Value<'_>, writer: &mut Writer<'_>);

    /// Encodes a row of a type, from its event code on.
    #[inline]
    fn encode_row(value: &Self::Value<'_>, writer: &mut Writer<'_>, row: Row) {
        writer.enter(row, Self::code(value));
        Self::encode(value, writer);
        writer.leave(row);
    }

    /// The event code of a value relative to its row: 0 but for choices.
    #[inline]
    fn code(_value: &Self::Value<'_>) -> u32 {
        0
    }

    /// Shows a value to a visitor, as one of several items or alone.
    fn visit(value: &Self::Value<'_>, name: &'static str, many: bool, visitor: &mut dyn Visitor);

    /// The same value from slices and references of its own, as a caller builds it.
    #[cfg(test)]
    fn rebuilt(value: &Self::Value<'_>) -> Self::Value<'static>;
}

/// A simple type: its rows in one call each, and elements that stand in no row.
macro_rules! simple {
    (
        impl [$($generic:tt)*] $coding:ty: $value:ty = $info:expr, $leaf:ident,
        |$reader:ident, $read_row:ident| $read:expr,
        |$given:ident, $writer:ident, $write_row:ident| $write:expr
    ) => {
        impl<$($generic)*> Coding for $coding {
            type Value<'a> = $value;
            const INFO: &'static TypeInfo = $info;

            #[inline]
            fn decode<'a>(reader: &mut Reader<'a>) -> $value {
                Self::decode_row(reader, const { Row::alone(Self::INFO) })
            }

            #[inline]
            fn decode_row<'a>($reader: &mut Reader<'a>, $read_row: Row) -> $value {
                $read
            }

            #[inline]
            fn encode(value: &Self::Value<'_>, writer: &mut Writer<'_>) {
                Self::encode_row(value, writer, const { Row::alone(Self::INFO) });
            }

            #[inline]
            fn encode_row($given: &Self::Value<'_>, $writer: &mut Writer<'_>, $write_row: Row) {
                $write;
            }

            fn visit(value: &Self::Value<'_>, name: &'static str, many: bool, visitor: &mut dyn Visitor) {
                visitor.leaf(name, many, Leaf::$leaf((*value).into()));
            }

            #[cfg(test)]
            fn rebuilt(value: &Self::Value<'_>) -> Self::Value<'static> {
                crate::rebuilt::Rebuilt::rebuilt(value)
            }
        }
    };
}

/// A boolean.
#[derive(Debug)]
pub struct Boolean;

simple! {
    impl [] Boolean: bool = &TypeInfo::Boolean, Boolean,
    |reader, row| reader.index(row, 2) != 0,
    |value, writer, row| writer.fixed(row, u32::from(*value), 1)
}

/// An integer coded as the offset from the smallest value.
#[derive(Debug)]
pub struct NBit<T, const MIN: i16, const MAX: i16>(PhantomData<T>);

/// An integer coded in octets of seven bits, with its largest value.
#[derive(Debug)]
pub struct Unsigned<T, const MAX: u64>(PhantomData<T>);

/// An integer coded as its sign and magnitude, in the whole range of `T`.
#[derive(Debug)]
pub struct Signed<T>(PhantomData<T>);

macro_rules! n_bit {
    ($($t:ty),*) => { $(
        simple! {
            impl [const MIN: i16, const MAX: i16] NBit<$t, MIN, MAX>: $t = &TypeInfo::NBit { min: MIN, max: MAX }, Signed,
            |reader, row| reader.n_bit(row, MIN as i32, MAX as i32) as $t,
            |value, writer, row| {
                writer.fixed(row, (*value as i32).wrapping_sub(MIN as i32) as u32, (MAX as i32 - MIN as i32) as u32)
            }
        }
    )* };
}
n_bit!(u8, i8, u16);

macro_rules! unsigned {
    ($($t:ty),*) => { $(
        simple! {
            impl [const MAX: u64] Unsigned<$t, MAX>: $t = &TypeInfo::Unsigned { max: MAX }, Unsigned,
            |reader, row| reader.unsigned_row(row, MAX) as $t,
            |value, writer, row| writer.unsigned_row(row, u64::from(*value), MAX)
        }
    )* };
}
unsigned!(u16, u32, u64);

macro_rules! signed {
    ($($t:ty),*) => { $(
        simple! {
            impl [] Signed<$t>: $t = &TypeInfo::Signed { min: <$t>::MIN as i64, max: <$t>::MAX as i64 }, Signed,
            |reader, row| reader.signed_row(row, <$t>::MAX as u64) as $t,
            |value, writer, row| writer.signed_row(row, i64::from(*value))
        }
    )* };
}
signed!(i16, i32, i64);

/// An integer of any size.
#[derive(Debug)]
pub struct AnyInteger;

simple! {
    impl [] AnyInteger: Integer<'a> = &TypeInfo::Integer, Integer,
    |reader, row| reader.integer_row(row),
    |value, writer, row| writer.integer_row(row, value)
}

/// A text of `MIN..=MAX` characters; the lower bound is held on encoding only.
#[derive(Debug)]
pub struct Str<const MIN: u32, const MAX: u32>;

simple! {
    impl [const MIN: u32, const MAX: u32] Str<MIN, MAX>: Text<'a> = &TypeInfo::Text { min: MIN, max: MAX }, Text,
    |reader, row| reader.text_row(row, MIN, MAX),
    |value, writer, row| writer.text_row(row, value, MIN, MAX)
}

/// A binary of `MIN..=MAX` octets.
#[derive(Debug)]
pub struct Octets<const MIN: u32, const MAX: u32>;

simple! {
    impl [const MIN: u32, const MAX: u32] Octets<MIN, MAX>: Bytes<'a> = &TypeInfo::Octets { min: MIN, max: MAX }, Bytes,
    |reader, row| reader.octets_row(row, MIN, MAX),
    |value, writer, row| writer.octets_row(row, value, MIN, MAX)
}
