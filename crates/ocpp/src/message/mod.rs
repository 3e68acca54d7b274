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
pub use frame::{Call, CallError, CallResult, Frame, MAX_MESSAGE_ID, message_id};
pub use json::MAX_DEPTH;
pub use number::{Number, Scaled};
pub use path::{Path, path};
pub use schema::{Action, Enumeration, Exchange, Field, Kind, Object, Schema, TableSet};
pub use text::{Chars, Identifier, Text};
pub use time::{DateForm, DateTime, Timestamp};
pub use validate::{Deviation, DeviationKind, Mode};
pub use version::Version;
pub use view::{Coded, Elements, List, Members, ObjectView, Open, Read, Value, View, wire_name};
pub(crate) use write::Escaped;
pub use write::{Encode, EncodeError, ListWriter, Slot, Writer, write_call, write_payload};
