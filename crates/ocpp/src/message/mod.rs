//! Frames and payloads: decode, check, view and write, for every version, without a heap.

mod error;
mod frame;
mod json;
mod number;
mod path;
#[macro_use]
pub(crate) mod schema;
mod text;
mod time;
mod validate;
mod version;
mod view;
mod write;

pub use error::{DecodeError, ErrorCode, JsonType, Reason, Syntax};
#[cfg(feature = "alloc")]
pub(crate) use frame::check_payload;
pub(crate) use frame::envelope;
pub use frame::{Call, CallError, CallResult, Frame, MAX_MESSAGE_ID, message_id, read_payload};
pub use json::MAX_DEPTH;
pub use number::{Number, Scaled};
pub use path::{Path, path};
pub use schema::{Action, Enumeration, Exchange, Field, Kind, Object, Schema, TableSet};
pub use text::{Chars, Identifier, Text};
pub use time::{DateForm, DateTime, Timestamp};
pub use validate::{Deviation, DeviationKind, Mode};
pub use version::Version;
pub use view::{
    Coded, Elements, List, Members, ObjectView, Open, Payload, Read, Value, View, wire_name,
};
pub(crate) use write::Escaped;
#[cfg(feature = "alloc")]
pub(crate) use write::write_changes;
pub use write::{
    Encode, EncodeError, ErrorFrame, ListWriter, Slot, Writer, write_call, write_error,
    write_payload, write_result,
};
