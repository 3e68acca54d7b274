//! The EXI profile of the three generations: bits, values, and the forms in which the type tables are written.
//!
//! Event-code widths, production order and narrowing at list maxima are computed from the rows of a type
//! ([`productions`]) by the compiler; nothing of the grammar is stored twice.

mod coding;
mod error;
mod expand;
mod info;
mod reader;
mod tables;
mod value;
mod visit;
mod writer;

pub use coding::{
    AnyInteger, Boolean, Coding, Items, Lazy, List, ListShape, NBit, Octets, Signed, Str, Unsigned,
    View,
};
pub(crate) use coding::{decode_list, encode_list};
pub use error::{DecodeError, DecodeErrorKind, EncodeError};
pub(crate) use expand::Expander;
pub use expand::StringEntry;
pub use info::{
    AlternativeInfo, ElementInfo, FieldInfo, FieldKind, TypeInfo, UNBOUNDED, code_width,
    index_width, productions, productions_before,
};
pub use reader::{Failed, Reader};
pub use tables::Wildcard;
pub(crate) use tables::{
    choice, complex, decode_alone, decode_field, elements, encode_alone, encode_field, enumeration,
    field_decode, field_empty, field_encode, field_type, field_visit, first, list_shape,
    visit_alone,
};
pub use value::{Bytes, Chars, Integer, Text};
pub use visit::{Leaf, Visitor};
pub use writer::Writer;
