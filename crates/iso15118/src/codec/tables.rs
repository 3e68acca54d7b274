//! The four forms in which the type tables are written (`src/generated`), and what each row expands to.
//!
//! - [`enumeration!`]: values in wire order.
//! - [`choice!`]: alternatives with their event codes, and those that keep a code but are refused.
//! - [`complex!`]: rows in schema order: what (`attribute`, `element`, `choice`, `text`, `wildcard`), how often, the
//!   Rust field and its type, the coding, the name in the schema.
//! - [`elements!`]: the roots of documents and fragments with their event codes.

use super::coding::{Coding, ListShape};
use super::error::DecodeErrorKind;
use super::info::{FieldKind, code_width};
use super::reader::{Failed, Reader};
use super::visit::Visitor;
use super::writer::Writer;

/// Content that the schema leaves open (`xs:any`). It has an event code but is neither read nor written, so no value of
/// this type exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wildcard(());

impl Coding for Wildcard {
    type Value<'a> = Self;
    const INFO: &'static super::info::TypeInfo = &super::info::TypeInfo::Refused;
    const LEAF: bool = false;

    fn empty<'a>() -> Self::Value<'a> {
        Self(())
    }

    fn decode<'a>(reader: &mut Reader<'a>, _: u32) -> Result<Self, Failed> {
        Err(reader.fail(DecodeErrorKind::Wildcard))
    }

    fn encode(_: &Self, _: &mut Writer<'_>, _: &'static str) -> Result<(), Failed> {
        Err(Failed)
    }

    fn visit(_: &Self, _: &'static str, _: bool, _: &mut dyn Visitor) {}
}

/// Decodes one value of a row whose event code has been read, and the event code of the next state, of `next` codes.
#[inline(always)]
pub(crate) fn decode_field<'a, C: Coding>(
    reader: &mut Reader<'a>,
    kind: FieldKind,
    code: &mut u32,
    next: u32,
    key: &'static str,
) -> Result<C::Value<'a>, Failed> {
    if matches!(kind, FieldKind::Attribute | FieldKind::Text) {
        if C::TEXT {
            reader.name(key);
        }
        let value = C::decode(reader, 0)?;
        *code = reader.code(next)?;
        Ok(value)
    } else if C::FIXED > 0 {
        let (bits, after) = reader.fixed_leaf(C::FIXED, next)?;
        *code = after;
        let value = C::from_bits(bits, reader);
        if value.is_err() {
            reader.failed_earlier(C::FIXED + 1 + code_width(next));
        }
        value
    } else if C::LEAF {
        reader.characters()?;
        if C::TEXT {
            reader.name(key);
        }
        let value = C::decode(reader, 0)?;
        *code = reader.end_and_code(next)?;
        Ok(value)
    } else {
        let value = C::decode(reader, *code)?;
        *code = reader.code(next)?;
        Ok(value)
    }
}

/// Decodes an element without what follows: an alternative, or a root.
#[inline]
pub(crate) fn decode_alone<'a, C: Coding>(
    reader: &mut Reader<'a>,
    name: &'static str,
) -> Result<C::Value<'a>, Failed> {
    if C::LEAF {
        reader.characters()?;
        if C::TEXT {
            reader.name(name);
        }
        let value = C::decode(reader, 0)?;
        reader.characters()?;
        Ok(value)
    } else {
        C::decode(reader, 0)
    }
}

/// Encodes one value of a row: its event code in the present state, the value, the end of a simple element.
#[inline(always)]
pub(crate) fn encode_field<C: Coding>(
    value: &C::Value<'_>,
    writer: &mut Writer<'_>,
    kind: FieldKind,
    (productions, code): (u32, u32),
    name: &'static str,
) -> Result<(), Failed> {
    let element = C::LEAF && !matches!(kind, FieldKind::Attribute | FieldKind::Text);
    let width = code_width(productions) + u32::from(element);
    writer.bits(u64::from(code + C::code(value)) << u32::from(element), width);
    C::encode(value, writer, name)?;
    if element {
        writer.bits(0, 1);
    }
    Ok(())
}

/// Encodes an element without its event code: an alternative, or a root.
#[inline]
pub(crate) fn encode_alone<C: Coding>(
    value: &C::Value<'_>,
    writer: &mut Writer<'_>,
    name: &'static str,
) -> Result<(), Failed> {
    if C::LEAF {
        writer.bits(0, 1);
    }
    C::encode(value, writer, name)?;
    if C::LEAF {
        writer.bits(0, 1);
    }
    Ok(())
}

/// The states around a list that stands in row `row`.
pub(crate) const fn list_shape(
    fields: &[super::info::FieldInfo],
    row: usize,
    mixed: bool,
    (min, max): (u32, u32),
    span: u32,
) -> ListShape {
    let after = super::info::productions(fields, row + 1, mixed);
    ListShape { min, max, span, between: span + after, after }
}

/// A simple type with named values, coded as their index.
macro_rules! enumeration {
    ($( $(#[$meta:meta])* $name:ident = $xsd:literal { $($variant:ident = $xml:literal,)* } )*) => { $(
        $(#[$meta])*
        #[doc = concat!("`", $xsd, "`: in wire order.")]
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
            const LEAF: bool = true;
            const FIXED: u32 = $crate::codec::index_width(Self::ALL.len() as u32);

            fn empty<'a>() -> Self::Value<'a> {
                const { $crate::codec::first(Self::ALL) }
            }

            #[inline]
            fn from_bits<'a>(
                bits: u32,
                reader: &mut $crate::codec::Reader<'a>,
            ) -> Result<Self, $crate::codec::Failed> {
                match Self::ALL.get(bits as usize) {
                    Some(value) => Ok(*value),
                    None => Err(reader.bad_index(bits, const { Self::ALL.len() as u16 })),
                }
            }

            fn decode<'a>(
                reader: &mut $crate::codec::Reader<'a>,
                _: u32,
            ) -> Result<Self, $crate::codec::Failed> {
                let bits = reader.bits(Self::FIXED)? as u32;
                Self::from_bits(bits, reader)
            }

            #[inline]
            fn encode(
                value: &Self,
                writer: &mut $crate::codec::Writer<'_>,
                _: &'static str,
            ) -> Result<(), $crate::codec::Failed> {
                writer.bits(*value as u64, Self::FIXED);
                Ok(())
            }

            fn visit(
                value: &Self,
                name: &'static str,
                many: bool,
                visitor: &mut dyn $crate::codec::Visitor,
            ) {
                visitor.leaf(name, many, $crate::codec::Leaf::Name(value.name()));
            }
        }
    )* };
}

/// A choice of elements, or the members of a substitution group.
macro_rules! choice {
    ($(
        $(#[$meta:meta])*
        $name:ident $(<$lt:lifetime>)?, $family:ty, $count:literal {
            $( $code:literal $variant:ident($t:ty) = $c:ty, $xml:literal; )*
            $( refused $refused:literal $why:ident $abstract:literal; )*
        }
    )*) => { $(
        $(#[$meta])*
        #[doc = "One of these elements."]
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub enum $name $(<$lt>)? { $( #[doc = concat!("`", $xml, "`")] $variant($t), )* }

        impl $crate::codec::Coding for $family {
            type Value<'a> = $name $(<$lt>)?;
            const INFO: &'static $crate::codec::TypeInfo = &$crate::codec::TypeInfo::Choice {
                alternatives: &{
                    let refused = $crate::codec::AlternativeInfo {
                        name: "",
                        info: &$crate::codec::TypeInfo::Refused,
                    };
                    let mut all = [refused; $count];
                    $( all[$code] = $crate::codec::AlternativeInfo {
                        name: $xml,
                        info: <$c as $crate::codec::Coding>::INFO,
                    }; )*
                    $( all[$refused].name = $abstract; )*
                    all
                },
            };
            const LEAF: bool = false;

            #[allow(unreachable_code)]
            fn empty<'a>() -> Self::Value<'a> {
                $( return $name::$variant(<$c as $crate::codec::Coding>::empty()); )*
            }

            fn decode<'a>(
                reader: &mut $crate::codec::Reader<'a>,
                code: u32,
            ) -> Result<Self::Value<'a>, $crate::codec::Failed> {
                Ok(match code {
                    $( $code => $name::$variant($crate::codec::decode_alone::<$c>(reader, $xml)?), )*
                    $( $refused => {
                        return Err(reader.fail($crate::codec::DecodeErrorKind::$why));
                    } )*
                    other => return Err(reader.no_alternative(other)),
                })
            }

            fn encode(
                value: &Self::Value<'_>,
                writer: &mut $crate::codec::Writer<'_>,
                _: &'static str,
            ) -> Result<(), $crate::codec::Failed> {
                match value {
                    $( $name::$variant(value) => {
                        $crate::codec::encode_alone::<$c>(value, writer, $xml)
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
        }
    )* };
}

/// The Rust type of a row.
macro_rules! field_type {
    (one, $t:ty, $c:ty) => { $t };
    (optional, $t:ty, $c:ty) => { Option<$t> };
    (list, $t:ty, $c:ty) => { $crate::codec::List<'a, $c> };
}

/// What a view gives out in the place of a row that cannot be decoded, which cannot be.
macro_rules! field_empty {
    (one, $c:ty) => {
        <$c as $crate::codec::Coding>::empty()
    };
    (optional, $c:ty) => {
        None
    };
    (list, $c:ty) => {
        $crate::codec::List::EMPTY
    };
}

/// Decodes a row.
macro_rules! field_decode {
    (one, $c:ty, $reader:ident, $kind:expr, $code:ident, $next:expr, $shape:expr, $xml:expr, $key:expr) => {{
        if $code >= const { $shape.span } {
            return Err($reader.fail($crate::codec::DecodeErrorKind::MixedContent));
        }
        $crate::codec::decode_field::<$c>($reader, $kind, &mut $code, $next, $key)?
    }};
    (optional, $c:ty, $reader:ident, $kind:expr, $code:ident, $next:expr, $shape:expr, $xml:expr, $key:expr) => {{
        if $code < const { $shape.span } {
            Some($crate::codec::decode_field::<$c>($reader, $kind, &mut $code, $next, $key)?)
        } else {
            $code -= const { $shape.span };
            None
        }
    }};
    (list, $c:ty, $reader:ident, $kind:expr, $code:ident, $next:expr, $shape:expr, $xml:expr, $key:expr) => {{
        if $code < const { $shape.span } {
            let (list, after) =
                $crate::codec::decode_list::<$c>($reader, $code, const { $shape }, $key)?;
            $code = after;
            list
        } else if const { $shape.min > 0 } {
            return Err($reader.fail($crate::codec::DecodeErrorKind::MixedContent));
        } else {
            $code -= const { $shape.span };
            $crate::codec::List::EMPTY
        }
    }};
}

/// Encodes a row.
macro_rules! field_encode {
    (one, $c:ty, $value:expr, $writer:ident, $kind:expr, $state:ident, $next:expr, $shape:expr, $xml:expr) => {{
        $crate::codec::encode_field::<$c>($value, $writer, $kind, $state, $xml)?;
        $state = ($next, 0);
    }};
    (optional, $c:ty, $value:expr, $writer:ident, $kind:expr, $state:ident, $next:expr, $shape:expr, $xml:expr) => {
        match $value {
            Some(value) => {
                $crate::codec::encode_field::<$c>(value, $writer, $kind, $state, $xml)?;
                $state = ($next, 0);
            }
            None => $state.1 += const { $shape.span },
        }
    };
    (list, $c:ty, $value:expr, $writer:ident, $kind:expr, $state:ident, $next:expr, $shape:expr, $xml:expr) => {
        if const { $shape.min == 0 } && $value.is_empty() {
            $state.1 += const { $shape.span };
        } else {
            $state =
                $crate::codec::encode_list::<$c>($value, $writer, $state, const { $shape }, $xml)?;
        }
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
    ($(
        $(#[$meta:meta])*
        $name:ident $(<$lt:lifetime>)?, $family:ty = $xsd:literal, mixed $mixed:literal {
            $(
                $(#[$field_meta:meta])*
                $kind:ident $occurs:ident $min:literal $max:expr, $field:ident: $t:ty = $c:ty, $xml:literal
                $(in $namespace:literal)?;
            )*
        }
    )*) => { $(
        $(#[$meta])*
        #[doc = concat!("`", $xsd, "`")]
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $name $(<$lt>)? {
            $(
                $(#[$field_meta])*
                #[doc = concat!("`", $xml, "`, coded as `", stringify!($c), "`")]
                pub $field: $crate::codec::field_type!($occurs, $t, $c),
            )*
        }

        const _: () = {
            use $crate::codec::{Coding, Failed, FieldInfo, FieldKind, Reader, TypeInfo, Visitor, Writer};

            const MIXED: bool = $mixed;
            const FIELDS: &[FieldInfo] = &[$( FieldInfo {
                name: $xml,
                kind: FieldKind::$kind,
                min: $min,
                max: $max,
                info: <$c as Coding>::INFO,
            }, )*];

            #[allow(non_camel_case_types, dead_code, clippy::upper_case_acronyms)]
            enum Row { $($field,)* End }

            impl Coding for $family {
                type Value<'a> = $name $(<$lt>)?;
                const INFO: &'static TypeInfo =
                    &TypeInfo::Complex { name: $xsd, fields: FIELDS, mixed: MIXED };
                const LEAF: bool = false;

                fn empty<'a>() -> Self::Value<'a> {
                    $name { $( $field: $crate::codec::field_empty!($occurs, $c), )* }
                }

                #[allow(unused_mut, unused_assignments, unused_variables)]
                fn decode<'a>(reader: &mut Reader<'a>, _: u32) -> Result<Self::Value<'a>, Failed> {
                    let mut inside = u8::MAX;
                    let mut decode = || {
                        let mut code =
                            reader.code(const { $crate::codec::productions(FIELDS, 0, MIXED) })?;
                        $(
                            inside = const {
                                $crate::codec::productions_before(FIELDS, Row::$field as usize) as u8
                            }.wrapping_add(code as u8);
                            let $field = $crate::codec::field_decode!(
                                $occurs, $c, reader, FieldKind::$kind, code,
                                const { $crate::codec::productions(FIELDS, Row::$field as usize + 1, MIXED) },
                                $crate::codec::list_shape(
                                    FIELDS, Row::$field as usize, MIXED, ($min, $max),
                                    FIELDS[Row::$field as usize].span(),
                                ),
                                $xml, concat!($xml $(, "{", $namespace, "}")?)
                            );
                        )*
                        inside = u8::MAX;
                        if MIXED && code != 0 {
                            return Err(reader.fail($crate::codec::DecodeErrorKind::MixedContent));
                        }
                        Ok($name { $($field),* })
                    };
                    let value = decode();
                    if value.is_err() && inside != u8::MAX {
                        reader.inside(inside);
                    }
                    value
                }

                #[allow(unused_mut, unused_assignments, unused_variables)]
                fn encode(
                    value: &Self::Value<'_>,
                    writer: &mut Writer<'_>,
                    _: &'static str,
                ) -> Result<(), Failed> {
                    let mut state =
                        (const { $crate::codec::productions(FIELDS, 0, MIXED) }, 0_u32);
                    $( $crate::codec::field_encode!(
                        $occurs, $c, &value.$field, writer, FieldKind::$kind, state,
                        const { $crate::codec::productions(FIELDS, Row::$field as usize + 1, MIXED) },
                        $crate::codec::list_shape(
                            FIELDS, Row::$field as usize, MIXED, ($min, $max),
                            FIELDS[Row::$field as usize].span(),
                        ),
                        $xml
                    ); )*
                    writer.bits(u64::from(state.1), $crate::codec::code_width(state.0));
                    Ok(())
                }

                #[allow(unused_variables)]
                fn visit(
                    value: &Self::Value<'_>,
                    name: &'static str,
                    many: bool,
                    visitor: &mut dyn Visitor,
                ) {
                    visitor.open(name, many);
                    $( $crate::codec::field_visit!($occurs, $c, &value.$field, $xml, visitor); )*
                    visitor.close();
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

        /// Decodes whatever element has that fragment code and shows it to the visitor.
        pub(crate) fn visit_root<'a>(
            code: u16,
            reader: &mut $crate::codec::Reader<'a>,
            visitor: Option<&mut dyn $crate::codec::Visitor>,
        ) -> Result<(), $crate::codec::Failed> {
            match code {
                $( $code => $crate::codec::visit_alone::<$c>(reader, $xml, visitor), )*
                found => Err(reader.fail($crate::codec::DecodeErrorKind::UnknownRoot { found })),
            }
        }
    };
    (@document) => { None };
    (@document $document:literal) => { Some($document) };
}

pub(crate) use {
    choice, complex, elements, enumeration, field_decode, field_empty, field_encode, field_type,
    field_visit,
};

/// The first value of an enumeration.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
pub(crate) const fn first<T: Copy>(all: &[T]) -> T {
    all[0]
}

/// Decodes an element and shows it if somebody looks.
pub(crate) fn visit_alone<C: Coding>(
    reader: &mut Reader<'_>,
    name: &'static str,
    visitor: Option<&mut dyn Visitor>,
) -> Result<(), Failed> {
    let value = decode_alone::<C>(reader, name)?;
    if let Some(visitor) = visitor {
        C::visit(&value, name, false, visitor);
    }
    Ok(())
}
