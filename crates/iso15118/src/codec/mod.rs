//! The EXI profile of the three generations: bits, values, and the forms in which the type tables are written.
//!
//! Event-code widths, production order and narrowing at list maxima are computed from the rows of a type
//! ([`productions`]) by the compiler; nothing of the grammar is stored twice.

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
