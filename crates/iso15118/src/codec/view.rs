//! Complex values that stay in the document until they are asked for.

use core::fmt;
use core::marker::PhantomData;

use super::info::TypeInfo;
use super::reader::Reader;
use super::simple::Coding;
use super::visit::Visitor;
use super::writer::Writer;

/// A complex type kept as a [`View`] instead of in place.
#[derive(Debug)]
pub struct Lazy<C>(PhantomData<C>);

impl<C: Coding> Coding for Lazy<C> {
    type Value<'a> = View<'a, C>;
    const INFO: &'static TypeInfo = C::INFO;

    fn decode<'a>(reader: &mut Reader<'a>) -> View<'a, C> {
        View(ViewFrom::Wire(reader.view(C::check)))
    }

    fn encode(value: &View<'_, C>, writer: &mut Writer<'_>) {
        match value.0 {
            ViewFrom::Value(value) => C::encode(value, writer),
            ViewFrom::Wire(wire) => wire.copy(writer),
        }
    }

    fn visit(value: &View<'_, C>, name: &'static str, many: bool, visitor: &mut dyn Visitor) {
        C::visit(&value.get(), name, many, visitor);
    }

    #[cfg(test)]
    fn rebuilt(value: &View<'_, C>) -> View<'static, C> {
        View::new(crate::rebuilt::kept(C::rebuilt(&value.get())))
    }
}

/// Where a value is.
#[derive(Debug, Clone, Copy)]
struct WireView<'a> {
    data: &'a [u8],
    bit: u32,
    /// The bit after its end, and [`SHORT`].
    end: u32,
}

/// Marks the end of a value that must not be sent on: a text in it is shorter than the schema's lower bound.
const SHORT: u32 = 1 << 31;

impl<'a> Reader<'a> {
    /// Checks a value and tells where it is.
    fn view(&mut self, check: fn(&mut Self)) -> WireView<'a> {
        let (data, bit) = (self.data(), self.position());
        let outer = self.take_short();
        check(self);
        let short = self.take_short();
        self.note_short(outer | short);
        WireView { data, bit, end: self.position() | if short { SHORT } else { 0 } }
    }
}

impl WireView<'_> {
    fn copy(self, writer: &mut Writer<'_>) {
        writer.copy_checked(self.data, (self.bit, self.end & !SHORT), self.end & SHORT != 0);
    }
}

/// A complex value that was checked and is decoded again when asked for, or a reference to one of the caller.
pub struct View<'a, C: Coding>(ViewFrom<'a, C>);

enum ViewFrom<'a, C: Coding> {
    Wire(WireView<'a>),
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
            ViewFrom::Wire(wire) => C::decode(&mut Reader::at(wire.data, wire.bit)),
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
