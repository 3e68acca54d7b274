//! The EXI profile of the three generations: bits, values, and the forms in which the type tables are written.
//!
//! Event-code widths, production order and narrowing at list maxima are computed from the rows of a type
//! ([`productions`]) by the compiler; nothing of the grammar is stored twice.
//!
//! # Codings
//!
//! What the documentation of a field names as its coding, with its range and its bits:
//!
//! | coding | values | bits |
//! |---|---|---|
//! | [`Boolean`] | `false`, `true` | 1 |
//! | an enumeration | its variants | index in wire order, as many bits as the count needs |
//! | [`NBit<T, MIN, MAX>`](NBit) | `MIN..=MAX` | offset from `MIN`, as many bits as the range needs |
//! | [`Unsigned<T, MAX>`](Unsigned) | `0..=MAX` | 8 for every 7 of the value |
//! | [`Signed<T>`](Signed) | all of `T` | 1 for the sign, 8 for every 7 of the magnitude |
//! | [`AnyInteger`] | any integer | the same |
//! | [`Str<MIN, MAX>`](Str) | texts of `MIN..=MAX` characters; shorter ones are read | a length, 8 or more a character |
//! | [`Octets<MIN, MAX>`](Octets) | `MIN..=MAX` octets | a length, 8 an octet |
//! | [`Lazy<T>`](Lazy) | as `T`, kept in the document behind a [`View`] | as `T` |
//! | another type | of that type of the schema | its rows |

mod error;
mod expand;
pub(crate) mod fused;
mod info;
mod list;
mod reader;
mod rows;
mod simple;
mod tables;
mod value;
mod view;
mod visit;
mod writer;

pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
pub use expand::StringEntry;
pub(crate) use expand::{Expander, Name};
pub use info::{
    AlternativeInfo, ElementInfo, FieldInfo, FieldKind, Row, TypeInfo, UNBOUNDED, code_width,
    index_width, productions, productions_before,
};
pub use list::{Items, List};
pub use reader::Reader;
pub use simple::{AnyInteger, Boolean, Coding, NBit, Octets, Signed, Str, Unsigned};
pub use tables::Wildcard;
pub(crate) use tables::{
    any_alternative, choice, complex, decode_alternative, decode_by_rows, decode_optional,
    elements, encode_alternative, encode_by_rows, encode_optional, enumeration, field_decode,
    field_encode, field_type, field_visit, first, fused_row, occurrence, reencode_alone,
    visit_alone,
};
pub use value::{Bytes, Chars, Integer, Text};
pub use view::{Lazy, View};
pub use visit::{Leaf, Visitor};
pub use writer::Writer;
