//! What is between a type of the schema and a type of Rust: one implementation of [`Coding`] per simple type, and the
//! lists and views built on it.

use core::fmt;
use core::marker::PhantomData;

use super::error::{DecodeErrorKind, EncodeError};
use super::info::{TypeInfo, UNBOUNDED, index_width};
use super::reader::{Failed, Reader};
use super::value::{Bytes, Integer, Text};
use super::visit::{Leaf, Visitor};
use super::writer::Writer;

/// How a type of the schema is decoded, encoded and shown.
///
/// A *leaf* (simple type) is coded without the characters event before it and the end event after it, which the owner
/// of the field reads in one window with what follows. A complex type is coded from its first state to its end event.
pub trait Coding: 'static {
    /// The values.
    type Value<'a>: Copy + fmt::Debug + PartialEq + 'a;
    /// The type as data.
    const INFO: &'static TypeInfo;
    /// Whether it is a simple type.
    const LEAF: bool;
    /// Bits of a simple type of fixed width, else 0.
    const FIXED: u32 = 0;
    /// Whether it takes part in the string table.
    const TEXT: bool = false;

    /// What a view gives out in place of a value that cannot be decoded, which cannot be: it was decoded before.
    fn empty<'a>() -> Self::Value<'a>;

    /// The value of `FIXED` bits.
    ///
    /// # Errors
    /// The bits are no value of the type.
    #[inline]
    fn from_bits<'a>(_bits: u32, reader: &mut Reader<'a>) -> Result<Self::Value<'a>, Failed> {
        Err(reader.fail(DecodeErrorKind::Unsupported))
    }

    /// Decodes a value; `code` is the event code relative to the field, which tells the alternative of a choice.
    ///
    /// # Errors
    /// The bits are no value of the type.
    fn decode<'a>(reader: &mut Reader<'a>, code: u32) -> Result<Self::Value<'a>, Failed>;

    /// Encodes a value.
    ///
    /// # Errors
    /// The schema does not allow the value.
    fn encode(
        value: &Self::Value<'_>,
        writer: &mut Writer<'_>,
        name: &'static str,
    ) -> Result<(), Failed>;

    /// The event code of a value relative to its field: 0 but for choices.
    #[inline]
    fn code(_value: &Self::Value<'_>) -> u32 {
        0
    }

    /// Shows a value to a visitor, as one of several items or alone.
    fn visit(value: &Self::Value<'_>, name: &'static str, many: bool, visitor: &mut dyn Visitor);
}

/// A boolean.
#[derive(Debug)]
pub struct Boolean;

impl Coding for Boolean {
    type Value<'a> = bool;
    const INFO: &'static TypeInfo = &TypeInfo::Boolean;
    const LEAF: bool = true;
    const FIXED: u32 = 1;

    fn empty<'a>() -> Self::Value<'a> {
        false
    }

    #[inline]
    fn from_bits<'a>(bits: u32, _: &mut Reader<'a>) -> Result<bool, Failed> {
        Ok(bits & 1 != 0)
    }

    fn decode<'a>(reader: &mut Reader<'a>, _: u32) -> Result<bool, Failed> {
        Ok(reader.bits(1)? != 0)
    }

    #[inline]
    fn encode(value: &bool, writer: &mut Writer<'_>, _: &'static str) -> Result<(), Failed> {
        writer.bits(u64::from(*value), 1);
        Ok(())
    }

    fn visit(value: &bool, name: &'static str, many: bool, visitor: &mut dyn Visitor) {
        visitor.leaf(name, many, Leaf::Boolean(*value));
    }
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
        impl<const MIN: i16, const MAX: i16> Coding for NBit<$t, MIN, MAX> {
            type Value<'a> = $t;
            const INFO: &'static TypeInfo = &TypeInfo::NBit { min: MIN, max: MAX };
            const LEAF: bool = true;
            const FIXED: u32 = index_width((MAX as i32 - MIN as i32 + 1) as u32);

            fn empty<'a>() -> Self::Value<'a> {
                MIN as $t
            }

            #[inline]
            fn from_bits<'a>(bits: u32, reader: &mut Reader<'a>) -> Result<$t, Failed> {
                let value = MIN as i32 + bits as i32;
                if value > MAX as i32 {
                    return Err(reader.fail(DecodeErrorKind::IntegerRange {
                        negative: false,
                        found: value as u64,
                    }));
                }
                Ok(value as $t)
            }

            fn decode<'a>(reader: &mut Reader<'a>, _: u32) -> Result<$t, Failed> {
                let bits = reader.bits(Self::FIXED)? as u32;
                Self::from_bits(bits, reader)
            }

            #[inline]
            fn encode(value: &$t, writer: &mut Writer<'_>, name: &'static str) -> Result<(), Failed> {
                let offset = *value as i32 - MIN as i32;
                if offset < 0 || *value as i32 > MAX as i32 {
                    return Err(writer.fail(EncodeError::IntegerRange { field: name }));
                }
                writer.bits(offset as u64, Self::FIXED);
                Ok(())
            }

            fn visit(value: &$t, name: &'static str, many: bool, visitor: &mut dyn Visitor) {
                visitor.leaf(name, many, Leaf::Signed(i64::from(*value)));
            }
        }
    )* };
}
n_bit!(u8, i8, u16);

macro_rules! unsigned {
    ($($t:ty),*) => { $(
        impl<const MAX: u64> Coding for Unsigned<$t, MAX> {
            type Value<'a> = $t;
            const INFO: &'static TypeInfo = &TypeInfo::Unsigned { max: MAX };
            const LEAF: bool = true;

            fn empty<'a>() -> Self::Value<'a> {
                0
            }

            #[inline]
            fn decode<'a>(reader: &mut Reader<'a>, _: u32) -> Result<$t, Failed> {
                Ok(reader.unsigned(MAX)? as $t)
            }

            #[inline]
            fn encode(value: &$t, writer: &mut Writer<'_>, name: &'static str) -> Result<(), Failed> {
                if u64::from(*value) > MAX {
                    return Err(writer.fail(EncodeError::IntegerRange { field: name }));
                }
                writer.unsigned(u64::from(*value));
                Ok(())
            }

            fn visit(value: &$t, name: &'static str, many: bool, visitor: &mut dyn Visitor) {
                visitor.leaf(name, many, Leaf::Unsigned(u64::from(*value)));
            }
        }
    )* };
}
unsigned!(u16, u32, u64);

macro_rules! signed {
    ($($t:ty),*) => { $(
        impl Coding for Signed<$t> {
            type Value<'a> = $t;
            const INFO: &'static TypeInfo =
                &TypeInfo::Signed { min: <$t>::MIN as i64, max: <$t>::MAX as i64 };
            const LEAF: bool = true;

            fn empty<'a>() -> Self::Value<'a> {
                0
            }

            #[inline]
            fn decode<'a>(reader: &mut Reader<'a>, _: u32) -> Result<$t, Failed> {
                Ok(reader.signed(<$t>::MAX as u64)? as $t)
            }

            #[inline]
            fn encode(value: &$t, writer: &mut Writer<'_>, _: &'static str) -> Result<(), Failed> {
                writer.signed(i64::from(*value));
                Ok(())
            }

            fn visit(value: &$t, name: &'static str, many: bool, visitor: &mut dyn Visitor) {
                visitor.leaf(name, many, Leaf::Signed(i64::from(*value)));
            }
        }
    )* };
}
signed!(i16, i32, i64);

/// An integer of any size.
#[derive(Debug)]
pub struct AnyInteger;

impl Coding for AnyInteger {
    type Value<'a> = Integer<'a>;
    const INFO: &'static TypeInfo = &TypeInfo::Integer;
    const LEAF: bool = true;

    fn empty<'a>() -> Self::Value<'a> {
        Integer::from_i64(0)
    }

    fn decode<'a>(reader: &mut Reader<'a>, _: u32) -> Result<Integer<'a>, Failed> {
        reader.integer()
    }

    fn encode(value: &Integer<'_>, writer: &mut Writer<'_>, _: &'static str) -> Result<(), Failed> {
        writer.bits(u64::from(value.is_negative()), 1);
        let mut groups = value.groups().peekable();
        while let Some(group) = groups.next() {
            let more = if groups.peek().is_some() { 0x80 } else { 0 };
            writer.bits(u64::from(group) | more, 8);
        }
        Ok(())
    }

    fn visit(value: &Integer<'_>, name: &'static str, many: bool, visitor: &mut dyn Visitor) {
        visitor.leaf(name, many, Leaf::Integer(*value));
    }
}

/// A text of `MIN..=MAX` characters; the lower bound is held on encoding only.
#[derive(Debug)]
pub struct Str<const MIN: u32, const MAX: u32>;

impl<const MIN: u32, const MAX: u32> Coding for Str<MIN, MAX> {
    type Value<'a> = Text<'a>;
    const INFO: &'static TypeInfo = &TypeInfo::Text { min: MIN, max: MAX };
    const LEAF: bool = true;
    const TEXT: bool = true;

    fn empty<'a>() -> Self::Value<'a> {
        Text::EMPTY
    }

    #[inline]
    fn decode<'a>(reader: &mut Reader<'a>, _: u32) -> Result<Text<'a>, Failed> {
        reader.text(MAX)
    }

    #[inline]
    fn encode(value: &Text<'_>, writer: &mut Writer<'_>, name: &'static str) -> Result<(), Failed> {
        encode_text(value, writer, MIN, MAX, name)
    }

    fn visit(value: &Text<'_>, name: &'static str, many: bool, visitor: &mut dyn Visitor) {
        visitor.leaf(name, many, Leaf::Text(*value));
    }
}

fn encode_text(
    value: &Text<'_>,
    writer: &mut Writer<'_>,
    min: u32,
    max: u32,
    name: &'static str,
) -> Result<(), Failed> {
    let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
    check_length(length, min, max, writer, name)?;
    writer.unsigned(u64::from(length) + 2);
    for character in value.chars() {
        writer.unsigned(u64::from(u32::from(character)));
    }
    Ok(())
}

fn check_length(
    length: u32,
    min: u32,
    max: u32,
    writer: &mut Writer<'_>,
    field: &'static str,
) -> Result<(), Failed> {
    if (min..=max).contains(&length) {
        return Ok(());
    }
    let small = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
    let error =
        EncodeError::Length { field, minimum: small(min), maximum: small(max), got: small(length) };
    Err(writer.fail(error))
}

/// A binary of `MIN..=MAX` octets.
#[derive(Debug)]
pub struct Octets<const MIN: u32, const MAX: u32>;

impl<const MIN: u32, const MAX: u32> Coding for Octets<MIN, MAX> {
    type Value<'a> = Bytes<'a>;
    const INFO: &'static TypeInfo = &TypeInfo::Octets { min: MIN, max: MAX };
    const LEAF: bool = true;

    fn empty<'a>() -> Self::Value<'a> {
        Bytes::EMPTY
    }

    #[inline]
    fn decode<'a>(reader: &mut Reader<'a>, _: u32) -> Result<Bytes<'a>, Failed> {
        reader.octets(MIN, MAX)
    }

    #[inline]
    fn encode(
        value: &Bytes<'_>,
        writer: &mut Writer<'_>,
        name: &'static str,
    ) -> Result<(), Failed> {
        encode_octets(value, writer, MIN, MAX, name)
    }

    fn visit(value: &Bytes<'_>, name: &'static str, many: bool, visitor: &mut dyn Visitor) {
        visitor.leaf(name, many, Leaf::Bytes(*value));
    }
}

fn encode_octets(
    value: &Bytes<'_>,
    writer: &mut Writer<'_>,
    min: u32,
    max: u32,
    name: &'static str,
) -> Result<(), Failed> {
    let (mut reader, length) = value.words();
    check_length(length, min, max, writer, name)?;
    writer.unsigned(u64::from(length));
    let mut left = length;
    while left >= 7 {
        writer.bits(reader.bits(56).unwrap_or(0), 56);
        left -= 7;
    }
    for _ in 0..left {
        writer.bits(reader.bits(8).unwrap_or(0), 8);
    }
    Ok(())
}

/// A complex type kept as a [`View`] instead of in place.
#[derive(Debug)]
pub struct Lazy<C>(PhantomData<C>);

impl<C: Coding> Coding for Lazy<C> {
    type Value<'a> = View<'a, C>;
    const INFO: &'static TypeInfo = C::INFO;
    const LEAF: bool = false;

    fn empty<'a>() -> Self::Value<'a> {
        View(ViewFrom::Wire { data: &[], bit: 0 })
    }

    #[inline]
    fn decode<'a>(reader: &mut Reader<'a>, code: u32) -> Result<View<'a, C>, Failed> {
        let bit = reader.position();
        C::decode(reader, code)?;
        Ok(View(ViewFrom::Wire { data: reader.data(), bit }))
    }

    fn encode(
        value: &View<'_, C>,
        writer: &mut Writer<'_>,
        name: &'static str,
    ) -> Result<(), Failed> {
        match value.0 {
            ViewFrom::Value(value) => C::encode(value, writer, name),
            ViewFrom::Wire { .. } => C::encode(&value.get(), writer, name),
        }
    }

    fn visit(value: &View<'_, C>, name: &'static str, many: bool, visitor: &mut dyn Visitor) {
        C::visit(&value.get(), name, many, visitor);
    }
}

/// A complex value that was checked and is decoded again when asked for, or a reference to one of the caller.
pub struct View<'a, C: Coding>(ViewFrom<'a, C>);

enum ViewFrom<'a, C: Coding> {
    Wire { data: &'a [u8], bit: u32 },
    Value(&'a C::Value<'a>),
}

impl<C: Coding> Clone for ViewFrom<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Coding> Copy for ViewFrom<'_, C> {}

impl<'a, C: Coding> View<'a, C> {
    /// A view of a value to encode.
    #[must_use]
    pub const fn new(value: &'a C::Value<'a>) -> Self {
        Self(ViewFrom::Value(value))
    }

    /// The value. Cannot fail: a view of octets exists only after they were decoded once.
    #[must_use]
    pub fn get(&self) -> C::Value<'a> {
        match self.0 {
            ViewFrom::Wire { data, bit } => {
                C::decode(&mut Reader::at(data, bit), 0).unwrap_or_else(|Failed| C::empty())
            }
            ViewFrom::Value(value) => *value,
        }
    }
}

impl<C: Coding> Clone for View<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Coding> Copy for View<'_, C> {}

impl<C: Coding> fmt::Debug for View<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl<C: Coding> PartialEq for View<'_, C> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

/// A list: items of a document that were checked and are decoded again when asked for, or a slice of the caller.
///
/// A thousand items need no more memory than one.
pub struct List<'a, C: Coding>(ListFrom<'a, C>);

enum ListFrom<'a, C: Coding> {
    Wire(WireList<'a>),
    Slice(&'a [C::Value<'a>]),
}

/// Where the items are.
#[derive(Clone, Copy)]
pub(crate) struct WireList<'a> {
    data: &'a [u8],
    /// Of the first item, after its event code.
    bit: u32,
    count: u16,
    /// The event code of the first item, relative to the list.
    first: u8,
    /// How many event codes the state between two items has (low six bits), and the fewest items, at most 3 (high two).
    between: u8,
}

impl<C: Coding> Clone for ListFrom<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Coding> Copy for ListFrom<'_, C> {}

impl<C: Coding> Clone for List<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Coding> Copy for List<'_, C> {}

impl<'a, C: Coding> List<'a, C> {
    /// No items.
    pub const EMPTY: Self = Self(ListFrom::Slice(&[]));

    /// A list to encode.
    #[must_use]
    pub const fn new(items: &'a [C::Value<'a>]) -> Self {
        Self(ListFrom::Slice(items))
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            ListFrom::Wire(list) => usize::from(list.count),
            ListFrom::Slice(items) => items.len(),
        }
    }

    /// Whether there is no item.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The items in order.
    #[must_use]
    pub fn iter(&self) -> Items<'a, C> {
        Items(match self.0 {
            ListFrom::Wire(list) => {
                ItemsFrom::Wire { reader: Reader::at(list.data, list.bit), list, given: 0 }
            }
            ListFrom::Slice(items) => ItemsFrom::Slice(items.iter()),
        })
    }
}

impl<'a, C: Coding> IntoIterator for &List<'a, C> {
    type Item = C::Value<'a>;
    type IntoIter = Items<'a, C>;

    fn into_iter(self) -> Items<'a, C> {
        self.iter()
    }
}

impl<C: Coding> fmt::Debug for List<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<C: Coding> PartialEq for List<'_, C> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

/// The items of a [`List`].
pub struct Items<'a, C: Coding>(ItemsFrom<'a, C>);

enum ItemsFrom<'a, C: Coding> {
    Wire { reader: Reader<'a>, list: WireList<'a>, given: u16 },
    Slice(core::slice::Iter<'a, C::Value<'a>>),
}

impl<C: Coding> fmt::Debug for Items<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Items({} left)", self.size_hint().0)
    }
}

impl<'a, C: Coding> Iterator for Items<'a, C> {
    type Item = C::Value<'a>;

    fn next(&mut self) -> Option<C::Value<'a>> {
        match &mut self.0 {
            ItemsFrom::Slice(items) => items.next().copied(),
            ItemsFrom::Wire { reader, list, given } => {
                if *given == list.count {
                    return None;
                }
                let code = if *given == 0 {
                    u32::from(list.first)
                } else {
                    let forced = *given < u16::from(list.between >> 6);
                    let productions = if forced { 1 } else { u32::from(list.between & 0x3f) };
                    reader.code(productions).ok()?
                };
                *given += 1;
                let item = decode_item::<C>(reader, code).ok()?;
                Some(item)
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match &self.0 {
            ItemsFrom::Slice(items) => items.len(),
            ItemsFrom::Wire { list, given, .. } => usize::from(list.count - given),
        };
        (left, Some(left))
    }
}

impl<C: Coding> ExactSizeIterator for Items<'_, C> {}

/// An item from its first state to its end.
fn decode_item<'a, C: Coding>(reader: &mut Reader<'a>, code: u32) -> Result<C::Value<'a>, Failed> {
    if C::LEAF {
        reader.characters()?;
        let value = C::decode(reader, code)?;
        reader.characters()?;
        Ok(value)
    } else {
        C::decode(reader, code)
    }
}

/// What the state tables say about a list.
#[derive(Debug, Clone, Copy)]
pub struct ListShape {
    /// Fewest items.
    pub min: u32,
    /// Most items.
    pub max: u32,
    /// Event codes of an item.
    pub span: u32,
    /// Event codes after an item if more may follow and none must.
    pub between: u32,
    /// Event codes after the last permitted item.
    pub after: u32,
}

/// Reads the items of a list, the event code of whose first is `code`; gives the list and the event code of what
/// follows, relative to the row after it.
///
/// # Errors
/// An item is wrong, or there are more than 65,535.
pub(crate) fn decode_list<'a, C: Coding>(
    reader: &mut Reader<'a>,
    code: u32,
    shape: ListShape,
    name: &'static str,
) -> Result<(List<'a, C>, u32), Failed> {
    let bit = reader.position();
    let (mut code, first, mut count) = (code, code, 0_u32);
    loop {
        if C::LEAF {
            reader.characters()?;
        }
        if C::TEXT {
            reader.name(name);
        }
        C::decode(reader, code)?;
        count += 1;
        let productions = if count < shape.min {
            shape.span
        } else if count < shape.max {
            shape.between
        } else {
            shape.after
        };
        code =
            if C::LEAF { reader.end_and_code(productions)? } else { reader.code(productions)? };
        if count == shape.max {
            break;
        }
        if count >= shape.min && code >= shape.span {
            code -= shape.span;
            break;
        }
        if count >= u32::from(u16::MAX) {
            return Err(reader.fail(DecodeErrorKind::ListLength));
        }
    }
    let list = WireList {
        data: reader.data(),
        bit,
        count: count as u16,
        first: first as u8,
        between: shape.between as u8 | (shape.min.min(3) as u8) << 6,
    };
    Ok((List(ListFrom::Wire(list)), code))
}

/// Writes the items of a list from a state of `productions` event codes in which the list stands at `code`; gives the
/// number of event codes of the state after it, and the code of the row after it there.
///
/// # Errors
/// An item is wrong, or their number.
pub(crate) fn encode_list<C: Coding>(
    list: &List<'_, C>,
    writer: &mut Writer<'_>,
    (mut productions, mut code): (u32, u32),
    shape: ListShape,
    name: &'static str,
) -> Result<(u32, u32), Failed> {
    let small = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
    let most = if shape.max == UNBOUNDED { u32::from(u16::MAX) } else { shape.max };
    let got = u32::try_from(list.len()).unwrap_or(u32::MAX);
    if got < shape.min || got > most {
        return Err(writer.fail(EncodeError::Items {
            field: name,
            minimum: small(shape.min),
            maximum: small(most),
            got: small(got),
        }));
    }
    let mut count = 0;
    let mut put = |item: &C::Value<'_>, writer: &mut Writer<'_>| {
        let width = super::info::code_width(productions);
        writer.bits(u64::from(code + C::code(item)), width);
        if C::LEAF {
            writer.bits(0, 1);
        }
        C::encode(item, writer, name)?;
        if C::LEAF {
            writer.bits(0, 1);
        }
        count += 1;
        code = 0;
        productions = if count < shape.min {
            shape.span
        } else if count < shape.max {
            shape.between
        } else {
            shape.after
        };
        Ok(())
    };
    match &list.0 {
        ListFrom::Slice(items) => {
            for item in *items {
                put(item, writer)?;
            }
        }
        ListFrom::Wire(_) => {
            for item in list.iter() {
                put(&item, writer)?;
            }
        }
    }
    Ok((productions, if count == 0 || count < shape.max { code + shape.span } else { 0 }))
}
