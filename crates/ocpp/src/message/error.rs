//! What can be wrong with a frame, where, and which error code of OCPP-J says so to the peer.

use super::version::Version;

/// Why a frame was refused, and the byte at which the offending token starts.
///
/// The JSON Pointer of the place is not stored: [`DecodeError::path`] finds it again in the same text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{reason} at byte {at}")]
pub struct DecodeError {
    /// What is wrong.
    pub reason: Reason,
    /// Byte offset in the frame: of the value, of the name of an unknown or repeated member, or of the object that
    /// lacks a member.
    pub at: u32,
}

const _: () = assert!(size_of::<DecodeError>() <= 32);

impl DecodeError {
    pub(crate) fn new(reason: Reason, at: usize) -> Self {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        Self { reason, at }
    }

    /// The error code that answers this fault, for [`ErrorCode::as_str`] in the version's own spelling.
    #[must_use]
    pub const fn code(&self, version: Version) -> ErrorCode {
        self.reason.code(version)
    }
}

/// What is wrong with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The text is not JSON (RFC 8259) in UTF-8.
    #[error("not JSON: {0}")]
    Json(Syntax),
    /// The frame is no list, or an empty one.
    #[error("the frame is not a list with elements")]
    NotAList,
    /// The message type is not written as a bare integer.
    #[error("the message type is not an integer")]
    MessageTypeForm,
    /// The version does not define this message type.
    #[error("message type {0} is not defined in this version")]
    MessageTypeUnknown(i64),
    /// The frame has another number of elements than its message type asks for.
    #[error("{expected} elements expected, got {got}")]
    ElementCount {
        /// What the message type asks for.
        expected: u8,
        /// What came; 255 stands for that and more.
        got: u8,
    },
    /// The message id is not a string.
    #[error("the message id is not a string")]
    MessageIdForm,
    /// The message id has not 1 to 36 characters.
    #[error("the message id has {length} characters instead of 1 to 36")]
    MessageIdLength {
        /// Its characters.
        length: u32,
    },
    /// The action is not a string.
    #[error("the action is not a string")]
    ActionForm,
    /// The version has no such action.
    #[error("unknown action")]
    UnknownAction,
    /// The action exists but not for this message type: a SEND action in a CALL or the reverse.
    #[error("{action} does not belong to this message type")]
    WrongMessageType {
        /// The action's name.
        action: &'static str,
    },
    /// The payload, or the details of an error, are no object.
    #[error("an object is expected here")]
    NotAnObject,
    /// The error code is not in the version's table.
    #[error("the error code is not one of this version")]
    UnknownErrorCode,
    /// The error code or description is not a string.
    #[error("a string is expected here")]
    ErrorPartForm,
    /// A required member is absent.
    #[error("{field} is missing")]
    Missing {
        /// The member's name.
        field: &'static str,
    },
    /// The schema allows no member of this name.
    #[error("the schema has no such member")]
    UnknownMember,
    /// A member of this name came before in the same object. No schema forbids it; no reader agrees on its meaning.
    #[error("{field} is repeated")]
    Repeated {
        /// The member's name.
        field: &'static str,
    },
    /// The value has the wrong JSON type.
    #[error("expected {expected}, got {got}")]
    Type {
        /// What the schema asks for.
        expected: JsonType,
        /// What came.
        got: JsonType,
    },
    /// The text is none of the enumeration's values.
    #[error("not a value of {enumeration}")]
    NotInEnumeration {
        /// Name of the enumeration.
        enumeration: &'static str,
    },
    /// More characters (Unicode code points) than allowed.
    #[error("{length} characters, at most {max} allowed")]
    TooLong {
        /// Its characters.
        length: u32,
        /// Most characters allowed.
        max: u32,
    },
    /// The number lies outside its range.
    #[error("out of range")]
    OutOfRange {
        /// Least value, if there is one.
        min: Option<i32>,
        /// Greatest value, if there is one.
        max: Option<i32>,
    },
    /// The number has more than one decimal place (`multipleOf: 0.1`).
    #[error("not a multiple of 0.1")]
    NotAMultiple,
    /// The list is too short or too long.
    #[error("{length} elements in the list, {min} to {max} allowed")]
    ListLength {
        /// Its elements.
        length: u32,
        /// Fewest allowed.
        min: u16,
        /// Most allowed.
        max: u16,
    },
    /// The text is no RFC 3339 date-time with zone and existing calendar day.
    #[error("not an RFC 3339 date-time")]
    DateTime,
}

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Syntax {
    /// The bytes are not UTF-8.
    #[error("invalid UTF-8")]
    Utf8,
    /// The text stops inside a value.
    #[error("unexpected end of text")]
    EndOfText,
    /// Another character than the grammar allows here.
    #[error("unexpected character")]
    Unexpected,
    /// A control character stands unescaped in a string.
    #[error("control character in a string")]
    ControlCharacter,
    /// An unknown or broken escape sequence.
    #[error("bad escape sequence")]
    Escape,
    /// Half of a surrogate pair, which no UTF-8 can express.
    #[error("lone surrogate")]
    LoneSurrogate,
    /// A malformed number.
    #[error("malformed number")]
    Number,
    /// More nested brackets than [`MAX_DEPTH`](crate::message::MAX_DEPTH).
    #[error("nested too deeply")]
    TooDeep,
    /// Something follows the frame.
    #[error("text behind the end")]
    TrailingText,
}

/// The types that a schema and a JSON text distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonType {
    /// A text in quotes.
    String,
    /// A number that is whole, as JSON Schema's `integer`.
    Integer,
    /// Any other number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Members in braces.
    Object,
    /// Items in brackets, JSON's array.
    List,
    /// `null`.
    Null,
}

impl JsonType {
    /// The type that a value with this first byte has; `null` for whatever starts no other value.
    pub(crate) const fn of(first: u8) -> Self {
        match first {
            b'"' => Self::String,
            b'{' => Self::Object,
            b'[' => Self::List,
            b't' | b'f' => Self::Boolean,
            b'-' | b'0'..=b'9' => Self::Number,
            _ => Self::Null,
        }
    }
}

impl core::fmt::Display for JsonType {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::String => "a string",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Object => "an object",
            Self::List => "a list",
            Self::Null => "null",
        })
    }
}

impl Reason {
    /// The error code that answers this fault.
    ///
    /// The standards leave room here; the mapping is: broken JSON, wrong element count, unknown member ->
    /// `FormatViolation`; unknown action -> `NotImplemented`; missing member, list length ->
    /// `OccurrenceConstraintViolation`; wrong JSON type -> `TypeConstraintViolation`; any other constraint on a value
    /// -> `PropertyConstraintViolation`; unknown message type -> `MessageTypeNotSupported` in 2.x, the remaining
    /// framing faults -> `FormatViolation` in 1.6 and `RpcFrameworkError` in 2.x.
    #[must_use]
    pub const fn code(&self, version: Version) -> ErrorCode {
        let framing = match version {
            Version::V16 => ErrorCode::FormatViolation,
            Version::V201 | Version::V21 => ErrorCode::RpcFrameworkError,
        };
        match self {
            Self::Json(_)
            | Self::ElementCount { .. }
            | Self::UnknownMember
            | Self::Repeated { .. } => ErrorCode::FormatViolation,
            Self::MessageTypeUnknown(_) => match version {
                Version::V16 => ErrorCode::FormatViolation,
                Version::V201 | Version::V21 => ErrorCode::MessageTypeNotSupported,
            },
            Self::UnknownAction => ErrorCode::NotImplemented,
            Self::NotAList
            | Self::MessageTypeForm
            | Self::MessageIdForm
            | Self::MessageIdLength { .. }
            | Self::ActionForm
            | Self::WrongMessageType { .. }
            | Self::NotAnObject
            | Self::UnknownErrorCode
            | Self::ErrorPartForm => framing,
            Self::Missing { .. } | Self::ListLength { .. } => {
                ErrorCode::OccurrenceConstraintViolation
            }
            Self::Type { .. } => ErrorCode::TypeConstraintViolation,
            Self::NotInEnumeration { .. }
            | Self::TooLong { .. }
            | Self::OutOfRange { .. }
            | Self::NotAMultiple
            | Self::DateTime => ErrorCode::PropertyConstraintViolation,
        }
    }
}

/// The error codes of CALLERROR and CALLRESULTERROR.
///
/// Source: OCPP-J 1.6 table 7; OCPP 2.0.1 and 2.1 part 4, table of RPC error codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The action is not known.
    NotImplemented,
    /// The action is known but not supported.
    NotSupported,
    /// An internal fault of the receiver.
    InternalError,
    /// 1.6: the payload is incomplete; 2.x: it does not conform to the PDU structure.
    ProtocolError,
    /// A security problem.
    SecurityError,
    /// Syntactically wrong; spelt `FormationViolation` in 1.6.
    FormatViolation,
    /// A field has an invalid value.
    PropertyConstraintViolation,
    /// Too few or too many of something; spelt with one r in 1.6, and errata say to leave it so.
    OccurrenceConstraintViolation,
    /// A field has the wrong data type.
    TypeConstraintViolation,
    /// Anything else.
    GenericError,
    /// 2.x: the message type number is not supported.
    MessageTypeNotSupported,
    /// 2.x: the frame is not a valid RPC request.
    RpcFrameworkError,
}

impl ErrorCode {
    /// Every code, the two of 2.x last.
    pub const ALL: [Self; 12] = [
        Self::NotImplemented,
        Self::NotSupported,
        Self::InternalError,
        Self::ProtocolError,
        Self::SecurityError,
        Self::FormatViolation,
        Self::PropertyConstraintViolation,
        Self::OccurrenceConstraintViolation,
        Self::TypeConstraintViolation,
        Self::GenericError,
        Self::MessageTypeNotSupported,
        Self::RpcFrameworkError,
    ];

    /// The spelling of the version. The two codes that 1.6 lacks are spelt there as `GenericError`.
    #[must_use]
    pub const fn as_str(self, version: Version) -> &'static str {
        let old = matches!(version, Version::V16);
        match self {
            Self::NotImplemented => "NotImplemented",
            Self::NotSupported => "NotSupported",
            Self::InternalError => "InternalError",
            Self::ProtocolError => "ProtocolError",
            Self::SecurityError => "SecurityError",
            Self::FormatViolation if old => "FormationViolation",
            Self::FormatViolation => "FormatViolation",
            Self::PropertyConstraintViolation => "PropertyConstraintViolation",
            Self::OccurrenceConstraintViolation if old => "OccurenceConstraintViolation",
            Self::OccurrenceConstraintViolation => "OccurrenceConstraintViolation",
            Self::TypeConstraintViolation => "TypeConstraintViolation",
            Self::MessageTypeNotSupported if !old => "MessageTypeNotSupported",
            Self::RpcFrameworkError if !old => "RpcFrameworkError",
            Self::GenericError | Self::MessageTypeNotSupported | Self::RpcFrameworkError => {
                "GenericError"
            }
        }
    }

    /// The code that the version spells so.
    #[must_use]
    pub fn parse(text: &str, version: Version) -> Option<Self> {
        let codes = match version {
            Version::V16 => Self::ALL.get(..10),
            Version::V201 | Version::V21 => Some(Self::ALL.as_slice()),
        };
        let mut codes = codes.unwrap_or(&[]).iter();
        codes.find(|code| code.as_str(version) == text).copied()
    }
}
