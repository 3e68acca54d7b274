//! The four forms in which the type tables are written (`src/generated`), and what each row expands to.
//!
//! - [`enumeration!`]: values in wire order.
//! - [`choice!`]: alternatives with their event codes, and those that keep a code but are refused.
//! - [`complex!`]: rows in schema order: what (`attribute`, `element`, `choice`, `text`, `wildcard`), how often, the
//!   Rust field and its type, the coding, the name in the schema.
//! - [`elements!`]: the roots of documents and fragments with their event codes.

use super::error::{DecodeErrorKind, EncodeErrorKind};
use super::info::{Row, TypeInfo};
use super::reader::Reader;
use super::simple::Coding;
use super::visit::Visitor;
use super::writer::Writer;

/// Content that the schema leaves open (`xs:any`). It has an event code but is neither read nor written, so no value of
/// this type exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wildcard(());

impl Coding for Wildcard {
    type Value<'a> = Self;
    const INFO: &'static TypeInfo = &TypeInfo::Refused(DecodeErrorKind::Wildcard);

    fn decode<'a>(reader: &mut Reader<'a>) -> Self {
        reader.fail(DecodeErrorKind::Wildcard);
        Self(())
    }

    fn encode(_: &Self, writer: &mut Writer<'_>) {
        writer.fail(Row::ELSEWHERE, EncodeErrorKind::NoDocument);
    }

    fn visit(_: &Self, _: &'static str, _: bool, _: &mut dyn Visitor) {}

    #[cfg(test)]
    fn rebuilt(value: &Self) -> Self {
        *value
    }
}

/// A simple type with named values, coded as their index.
macro_rules! enumeration {
    ($standard:literal; $(
        $(#[$meta:meta])*
        $name:ident = $xsd:literal { $($variant:ident = $xml:literal,)* }
    )*) => { $(
        $(#[$meta])*
        #[doc = concat!("`", $xsd, "` of the schemas of ", $standard, ", in wire order.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $( #[doc = concat!("`", $xml, "`")] $variant, )* }

        impl $name {
            /// All values in wire order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            const NAMES: &'static [&'static str] = &[$($xml),*];

            /// The name in the schema.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $xml,)* }
            }
        }

        impl $crate::codec::Coding for $name {
            type Value<'a> = Self;
            const INFO: &'static $crate::codec::TypeInfo =
                &$crate::codec::TypeInfo::Enumeration { values: Self::NAMES };

            #[inline]
            fn decode(reader: &mut $crate::codec::Reader<'_>) -> Self {
                Self::decode_row(reader, const { $crate::codec::Row::alone(Self::INFO) })
            }

            #[inline]
            fn decode_row(reader: &mut $crate::codec::Reader<'_>, row: $crate::codec::Row) -> Self {
                let index = reader.index(row, const { Self::ALL.len() as u32 });
                match Self::ALL.get(index as usize) {
                    Some(value) => *value,
                    None => const { $crate::codec::first(Self::ALL) },
                }
            }

            #[inline]
            fn encode(value: &Self, writer: &mut $crate::codec::Writer<'_>) {
                Self::encode_row(value, writer, const { $crate::codec::Row::alone(Self::INFO) });
            }

            #[inline]
            fn encode_row(value: &Self, writer: &mut $crate::codec::Writer<'_>, row: $crate::codec::Row) {
                writer.fixed(row, *value as u32, u32::MAX);
            }

            fn visit(
                value: &Self,
                name: &'static str,
                many: bool,
                visitor: &mut dyn $crate::codec::Visitor,
            ) {
                visitor.leaf(name, many, $crate::codec::Leaf::Name(value.name()));
            }

            #[cfg(test)]
            fn rebuilt(value: &Self) -> Self {
                *value
            }
        }
    )* };
}

/// A choice of elements, or the members of a substitution group.
macro_rules! choice {
    ($standard:literal; $(
        $(#[$meta:meta])*
        $name:ident $(<$lt:lifetime>)?, $family:ty, $count:literal {
            $( $code:literal $variant:ident($t:ty) = $c:ty, $xml:literal; )*
            $( refused $refused:literal $why:ident $abstract:literal; )*
        }
    )*) => { $(
        $(#[$meta])*
        #[doc = concat!("One of these elements (", $standard, ").")]
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub enum $name $(<$lt>)? { $( #[doc = concat!("`", $xml, "`")] $variant($t), )* }

        impl $crate::codec::Coding for $family {
            type Value<'a> = $name $(<$lt>)?;
            const INFO: &'static $crate::codec::TypeInfo = &$crate::codec::TypeInfo::Choice {
                alternatives: &{
                    let refused = $crate::codec::AlternativeInfo {
                        name: "",
                        info: &$crate::codec::TypeInfo::Refused(
                            $crate::codec::DecodeErrorKind::Unsupported,
                        ),
                    };
                    let mut all = [refused; $count];
                    $( all[$code] = $crate::codec::AlternativeInfo {
                        name: $xml,
                        info: <$c as $crate::codec::Coding>::INFO,
                    }; )*
                    $( all[$refused] = $crate::codec::AlternativeInfo {
                        name: $abstract,
                        info: &$crate::codec::TypeInfo::Refused($crate::codec::DecodeErrorKind::$why),
                    }; )*
                    all
                },
            };

            fn decode<'a>(reader: &mut $crate::codec::Reader<'a>) -> Self::Value<'a> {
                match reader.code {
                    $( $code => $name::$variant($crate::codec::decode_alternative::<$c>(reader, $count)), )*
                    code => {
                        match code {
                            $( $refused => reader.fail($crate::codec::DecodeErrorKind::$why), )*
                            other => reader.no_alternative(other),
                        }
                        $crate::codec::any_alternative!(reader, $name { $($variant = $c,)* })
                    }
                }
            }

            fn encode(value: &Self::Value<'_>, writer: &mut $crate::codec::Writer<'_>) {
                match value {
                    $( $name::$variant(value) => {
                        $crate::codec::encode_alternative::<$c>(value, writer, $count);
                    } )*
                }
            }

            #[inline]
            fn code(value: &Self::Value<'_>) -> u32 {
                match value { $( $name::$variant(_) => $code, )* }
            }

            fn visit(
                value: &Self::Value<'_>,
                _: &'static str,
                many: bool,
                visitor: &mut dyn $crate::codec::Visitor,
            ) {
                match value {
                    $( $name::$variant(value) => {
                        <$c as $crate::codec::Coding>::visit(value, $xml, many, visitor);
                    } )*
                }
            }

            #[cfg(test)]
            fn rebuilt(value: &Self::Value<'_>) -> Self::Value<'static> {
                match value {
                    $( $name::$variant(value) => {
                        $name::$variant(<$c as $crate::codec::Coding>::rebuilt(value))
                    } )*
                }
            }
        }
    )* };
}

/// How often a row stands, for people.
macro_rules! occurrence {
    (one $min:literal $max:tt) => {
        "Required"
    };
    (optional $min:literal $max:tt) => {
        "Optional: `None` where it is not sent"
    };
    (list $min:literal UNBOUNDED) => {
        concat!("At least ", $min)
    };
    (list $min:literal $max:tt) => {
        concat!($min, " to ", $max)
    };
}

/// The Rust type of a row.
macro_rules! field_type {
    (one, $t:ty, $c:ty) => { $t };
    (optional, $t:ty, $c:ty) => { Option<$t> };
    (list, $t:ty, $c:ty) => { $crate::codec::List<'a, $c> };
}

/// After a failure: some value of a choice.
macro_rules! any_alternative {
    ($reader:ident, $name:ident { $variant:ident = $c:ty, $($rest:tt)* }) => {
        $name::$variant($crate::codec::decode_alternative::<$c>($reader, u32::MAX))
    };
}

/// Decodes a row.
macro_rules! field_decode {
    (one, $c:ty, $reader:ident, $row:expr, $bounds:expr, $mixed:expr) => {{
        if $mixed {
            $reader.required(const { $row });
        }
        <$c as $crate::codec::Coding>::decode_row($reader, const { $row })
    }};
    (optional, $c:ty, $reader:ident, $row:expr, $bounds:expr, $mixed:expr) => {
        $crate::codec::decode_optional::<$c>($reader, const { $row })
    };
    (list, $c:ty, $reader:ident, $row:expr, $bounds:expr, $mixed:expr) => {
        if const { $bounds.0 > 0 } {
            if $mixed {
                $reader.required(const { $row });
            }
            $crate::codec::List::decode_rows($reader, const { $row }, $bounds)
        } else {
            $crate::codec::List::decode_optional_rows($reader, const { $row }, $bounds)
        }
    };
}

/// Encodes a row.
macro_rules! field_encode {
    (one, $c:ty, $value:expr, $writer:ident, $row:expr, $bounds:expr) => {
        <$c as $crate::codec::Coding>::encode_row($value, $writer, const { $row })
    };
    (optional, $c:ty, $value:expr, $writer:ident, $row:expr, $bounds:expr) => {
        $crate::codec::encode_optional::<$c>($value, $writer, const { $row })
    };
    (list, $c:ty, $value:expr, $writer:ident, $row:expr, $bounds:expr) => {
        $value.encode_rows($writer, const { $row }, $bounds)
    };
}

/// Shows a row to a visitor.
macro_rules! field_visit {
    (one, $c:ty, $value:expr, $xml:expr, $visitor:ident) => {
        <$c as $crate::codec::Coding>::visit($value, $xml, false, $visitor)
    };
    (optional, $c:ty, $value:expr, $xml:expr, $visitor:ident) => {
        if let Some(value) = $value {
            <$c as $crate::codec::Coding>::visit(value, $xml, false, $visitor);
        }
    };
    (list, $c:ty, $value:expr, $xml:expr, $visitor:ident) => {
        for item in $value {
            <$c as $crate::codec::Coding>::visit(&item, $xml, true, $visitor);
        }
    };
}

/// A type with attributes and elements.
macro_rules! complex {
    ($standard:literal; $(
        $(#[$meta:meta])*
        $name:ident $(<$lt:lifetime>)?, $family:ty = $xsd:literal, mixed $mixed:literal $(, fused $fused:ident)? $(, whole $whole:ident)? {
            $(
                $(#[$field_meta:meta])*
                $kind:ident $occurs:ident $min:literal $max:tt, $field:ident: $t:ty = $c:ty, $xml:literal
                $(in $namespace:literal)? $(, $meaning:literal)?;
            )*
        }
    )*) => { $(
        $(#[$meta])*
        #[doc = concat!("`", $xsd, "` of the schemas of ", $standard, ".")]
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $name $(<$lt>)? {
            $(
                $(#[$field_meta])*
                #[doc = concat!(
                    "`", $xml, "`", $(": ", $meaning,)? ".\n\n", $crate::codec::occurrence!($occurs $min $max),
                    "; [coding](crate::codec#codings) `", stringify!($c), "`."
                )]
                pub $field: $crate::codec::field_type!($occurs, $t, $c),
            )*
        }

        const _: () = {
            use $crate::codec::{Coding, FieldInfo, FieldKind, Reader, Row, TypeInfo, Visitor, Writer};

            const MIXED: bool = $mixed;
            const FIELDS: &[FieldInfo] = &[$( FieldInfo {
                name: $xml,
                namespace: concat!($($namespace)?),
                kind: FieldKind::$kind,
                min: $min,
                max: $max,
                info: <$c as Coding>::INFO,
            }, )*];

            #[allow(
                non_camel_case_types,
                dead_code,
                clippy::upper_case_acronyms,
                reason = "the place of each field among the rows, under its name; a type may have none"
            )]
            enum Place { $($field,)* }

            impl Coding for $family {
                type Value<'a> = $name $(<$lt>)?;
                const INFO: &'static TypeInfo =
                    &TypeInfo::Complex { name: $xsd, fields: FIELDS, mixed: MIXED };

                fn decode<'a>(reader: &mut Reader<'a>) -> Self::Value<'a> {
                    $( if let Some(value) = $crate::codec::fused::$whole::read(reader) {
                        return value;
                    } )?
                    reader.begin(const { $crate::codec::productions(FIELDS, 0, MIXED) });
                    let value = $name { $(
                        $field: $crate::codec::field_decode!(
                            $occurs, $c, reader,
                            Row::of(FIELDS, Place::$field as usize, MIXED), ($min, $max), MIXED
                        ),
                    )* };
                    if MIXED {
                        reader.ends();
                    }
                    value
                }

                $( $crate::codec::fused_row!(decode $fused); )?
                $( $crate::codec::fused_row!(check $whole); )?

                fn encode(value: &Self::Value<'_>, writer: &mut Writer<'_>) {
                    writer.begin(const { $crate::codec::productions(FIELDS, 0, MIXED) });
                    let $name { $($field),* } = value;
                    $( $crate::codec::field_encode!(
                        $occurs, $c, $field, writer,
                        Row::of(FIELDS, Place::$field as usize, MIXED), ($min, $max)
                    ); )*
                    writer.end();
                }

                $( $crate::codec::fused_row!(encode $fused); )?

                fn visit(
                    value: &Self::Value<'_>,
                    name: &'static str,
                    many: bool,
                    visitor: &mut dyn Visitor,
                ) {
                    visitor.open(name, many);
                    let $name { $($field),* } = value;
                    $( $crate::codec::field_visit!($occurs, $c, $field, $xml, visitor); )*
                    visitor.close();
                }

                #[cfg(test)]
                fn rebuilt(value: &Self::Value<'_>) -> Self::Value<'static> {
                    let $name { $($field),* } = value;
                    $name { $( $field: $crate::rebuilt::field_rebuilt!($occurs, $c, $field), )* }
                }
            }
        };
    )* };
}

/// The elements of a schema set, in the order of the fragment event codes.
macro_rules! elements {
    ($set:ident, $count:literal, $documents:literal {
        $( $code:literal $name:ident: $c:ty = $xml:literal $(, document $document:literal)?; )*
        $( unreached $unreached:literal $unreached_xml:literal $(, document $unreached_document:literal)?; )*
    }) => {
        /// Every element of the set, by fragment event code; the base of error paths and traces.
        pub(crate) static ELEMENTS: [$crate::codec::ElementInfo; $count] = {
            let mut all = [$crate::codec::ElementInfo { name: "", info: None, document: None }; $count];
            $( all[$code] = $crate::codec::ElementInfo {
                name: $xml,
                info: Some(<$c as $crate::codec::Coding>::INFO),
                document: elements!(@document $($document)?),
            }; )*
            $( all[$unreached] = $crate::codec::ElementInfo {
                name: $unreached_xml,
                info: None,
                document: elements!(@document $($unreached_document)?),
            }; )*
            all
        };

        /// How many roots the set has.
        pub(crate) const ROOTS: $crate::set::Roots = $crate::set::Roots {
            set: $crate::SchemaSet::$set,
            documents: $documents,
            fragments: $count,
        };

        /// The elements that can be the root of a document or a fragment.
        pub mod element {
            use super::*;
            use $crate::Element;

            $(
                #[doc = concat!("`", $xml, "`, fragment event code ", $code)]
                pub const $name: Element<$c> = Element::new(
                    ROOTS, $code, elements!(@document $($document)?), $xml,
                );
            )*
        }

        /// Decodes whatever element has that fragment code and shows it to the visitor; tells whether one has.
        pub(crate) fn visit_root(
            code: u16,
            reader: &mut $crate::codec::Reader<'_>,
            visitor: &mut dyn $crate::codec::Visitor,
        ) -> bool {
            match code {
                $( $code => $crate::codec::visit_alone::<$c>(reader, $xml, visitor), )*
                _ => return false,
            }
            true
        }

        /// Decodes whatever element has that fragment code and encodes it; tells whether one has.
        pub(crate) fn reencode_root(
            code: u16,
            reader: &mut $crate::codec::Reader<'_>,
            writer: &mut $crate::codec::Writer<'_>,
        ) -> bool {
            match code {
                $( $code => $crate::codec::reencode_alone::<$c>(reader, writer), )*
                _ => return false,
            }
            true
        }

        /// Decodes whatever element has that fragment code and rebuilds it; tells whether one has.
        #[cfg(test)]
        pub(crate) fn rebuild_root(code: u16, octets: &[u8]) -> bool {
            match code {
                $( $code => $crate::rebuilt::check(element::$name, octets), )*
                _ => return false,
            }
            true
        }
    };
    (@document) => { None };
    (@document $document:literal) => { Some($document) };
}

/// Reads or writes a row of a type in one window where it is plain.
macro_rules! fused_row {
    (decode $with:ident) => {
        fn decode_row<'a>(reader: &mut Reader<'a>, row: Row) -> Self::Value<'a> {
            $crate::codec::fused::$with::read(reader, row)
                .unwrap_or_else(|| $crate::codec::decode_by_rows::<Self>(reader, row))
        }
    };
    (check $with:ident) => {
        fn check(reader: &mut Reader<'_>) {
            if $crate::codec::fused::$with::read(reader).is_none() {
                Self::decode(reader);
            }
        }
    };
    (encode $with:ident) => {
        fn encode_row(value: &Self::Value<'_>, writer: &mut Writer<'_>, row: Row) {
            if !$crate::codec::fused::$with::write(value, writer, row) {
                $crate::codec::encode_by_rows::<Self>(value, writer, row);
            }
        }
    };
}

pub(crate) use {
    any_alternative, choice, complex, elements, enumeration, field_decode, field_encode,
    field_type, field_visit, fused_row, occurrence,
};

/// Decodes a value that is read in one window where it is plain, and is not.
#[cold]
#[inline(never)]
pub(crate) fn decode_by_rows<'a, C: Coding>(reader: &mut Reader<'a>, row: Row) -> C::Value<'a> {
    reader.enter(row);
    let value = C::decode(reader);
    reader.leave(row);
    value
}

/// Encodes a value that is written in one window where it is plain, and is not.
#[cold]
#[inline(never)]
pub(crate) fn encode_by_rows<C: Coding>(value: &C::Value<'_>, writer: &mut Writer<'_>, row: Row) {
    writer.enter(row, C::code(value));
    C::encode(value, writer);
    writer.leave(row);
}

/// Decodes a row that may be absent.
#[inline]
pub(crate) fn decode_optional<'a, C: Coding>(
    reader: &mut Reader<'a>,
    row: Row,
) -> Option<C::Value<'a>> {
    reader.present(row).then(|| C::decode_row(reader, row))
}

/// Encodes a row that may be absent.
#[inline]
pub(crate) fn encode_optional<C: Coding>(
    value: &Option<C::Value<'_>>,
    writer: &mut Writer<'_>,
    row: Row,
) {
    match value {
        Some(value) => C::encode_row(value, writer, row),
        None => writer.absent(row),
    }
}

/// How many alternatives a choice has at least for them not to be inlined: the fields of all messages would be taken apart
/// and put together again.
const MANY: u32 = 9;

/// Decodes an alternative of a choice of so many.
#[inline]
pub(crate) fn decode_alternative<'a, C: Coding>(
    reader: &mut Reader<'a>,
    count: u32,
) -> C::Value<'a> {
    if count < MANY { C::decode(reader) } else { decode_apart::<C>(reader) }
}

#[inline(never)]
fn decode_apart<'a, C: Coding>(reader: &mut Reader<'a>) -> C::Value<'a> {
    C::decode(reader)
}

/// Encodes an alternative of a choice of so many.
#[inline]
pub(crate) fn encode_alternative<C: Coding>(
    value: &C::Value<'_>,
    writer: &mut Writer<'_>,
    count: u32,
) {
    if count < MANY {
        C::encode(value, writer);
    } else {
        encode_apart::<C>(value, writer);
    }
}

#[inline(never)]
fn encode_apart<C: Coding>(value: &C::Value<'_>, writer: &mut Writer<'_>) {
    C::encode(value, writer);
}

/// The first value of an enumeration.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
pub(crate) const fn first<T: Copy>(all: &[T]) -> T {
    all[0]
}

/// Decodes an element and encodes it again.
pub(crate) fn reencode_alone<C: Coding>(reader: &mut Reader<'_>, writer: &mut Writer<'_>) {
    let value = C::decode(reader);
    if !reader.has_failed() {
        C::encode(&value, writer);
    }
}

/// Decodes an element and shows it if it is right.
pub(crate) fn visit_alone<C: Coding>(
    reader: &mut Reader<'_>,
    name: &'static str,
    visitor: &mut dyn Visitor,
) {
    let value = C::decode(reader);
    if !reader.has_failed() {
        C::visit(&value, name, false, visitor);
    }
}
