//! Lists that stay in the document: a thousand items need no more memory than one.

use core::fmt;

use super::info::{Row, code_width};
use super::reader::Reader;
use super::rows::Walked;
use super::simple::Coding;
use super::writer::Writer;

/// A list: items of a document that were checked and are decoded again when asked for, or a slice of the caller.
pub struct List<'a, C: Coding>(ListFrom<'a, C>);

enum ListFrom<'a, C: Coding> {
    Wire(WireList<'a>),
    Slice(&'a [C::Value<'a>]),
}

/// Where the items are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WireList<'a> {
    data: &'a [u8],
    /// Of the first item, after its event code.
    bit: u32,
    count: u16,
    /// The longest list among its items.
    inner: Walked,
    /// The event code of the first item, relative to the list.
    first: u8,
    /// Bits of the event codes between two items, in the low four bits where fewer than the fewest items were read before,
    /// in the high four elsewhere.
    widths: u8,
    /// The fewest items, at most 255.
    min: u8,
}

impl<'a> WireList<'a> {
    pub(super) fn new(
        data: &'a [u8],
        walked: Walked,
        first: u8,
        row: Row,
        min: u32,
        inner: Walked,
    ) -> Self {
        let Walked { begin: bit, count, .. } = walked;
        let (forced, free) = (code_width(row.span()), code_width(row.span() + row.next()));
        let widths = (forced | free << 4) as u8;
        Self { data, bit, count, inner, first, widths, min: min.min(255) as u8 }
    }

    /// A reader of the items.
    fn reader(&self) -> Reader<'a> {
        let mut reader = Reader::at(self.data, self.bit);
        reader.walked = self.inner;
        reader
    }

    /// Reads the event code before item `index`.
    fn event_code(&self, reader: &mut Reader<'_>, index: u16) {
        let width = if index < u16::from(self.min) { self.widths & 0xf } else { self.widths >> 4 };
        reader.code =
            if index == 0 { u32::from(self.first) } else { reader.bits(u32::from(width)) as u32 };
    }
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
            ListFrom::Wire(list) => ItemsFrom::Wire { reader: list.reader(), list, given: 0 },
            ListFrom::Slice(items) => ItemsFrom::Slice(items.iter()),
        })
    }

    /// Decodes the rows of a list, the event code of whose first was read.
    #[inline]
    pub(crate) fn decode_rows(reader: &mut Reader<'a>, row: Row, bounds: (u32, u32)) -> Self {
        Self(ListFrom::Wire(reader.list(row, bounds, C::check)))
    }

    /// Decodes the rows of a list that may have none.
    pub(crate) fn decode_optional_rows(
        reader: &mut Reader<'a>,
        row: Row,
        bounds: (u32, u32),
    ) -> Self {
        if reader.present(row) { Self::decode_rows(reader, row, bounds) } else { Self::EMPTY }
    }

    /// Encodes the rows of a list.
    #[inline(never)]
    pub(crate) fn encode_rows(&self, writer: &mut Writer<'_>, row: Row, bounds: (u32, u32)) {
        match &self.0 {
            ListFrom::Wire(list) => writer.copy_list(row, bounds, list, C::check),
            ListFrom::Slice(items) => {
                writer.begin_list(row, bounds, items.len());
                for (index, item) in items.iter().enumerate() {
                    C::encode_row(item, writer, row);
                    writer.after_item(row, bounds, index + 1, items.len() - index - 1);
                }
            }
        }
    }
}

impl Writer<'_> {
    /// Copies the items of a list, whose event codes depend on what is around it.
    fn copy_list(
        &mut self,
        row: Row,
        bounds: (u32, u32),
        list: &WireList<'_>,
        check: fn(&mut Reader<'_>),
    ) {
        self.begin_list(row, bounds, usize::from(list.count));
        let mut reader = list.reader();
        for index in 0..list.count {
            list.event_code(&mut reader, index);
            self.enter(row, reader.code);
            let begin = reader.position();
            check(&mut reader);
            let (end, short) = (reader.position(), reader.take_short());
            self.copy_checked(list.data, (begin, end), short);
            self.leave(row);
            let count = usize::from(index) + 1;
            self.after_item(row, bounds, count, usize::from(list.count) - count);
        }
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
        write!(f, "Items({} left)", self.len())
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
                list.event_code(reader, *given);
                *given += 1;
                Some(C::decode(reader))
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
