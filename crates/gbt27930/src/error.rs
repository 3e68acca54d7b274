//! What can be wrong with a peer's bytes and with a caller's values.

use crate::message::MessageKind;

/// The peer's bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum DecodeError {
    /// The frame is not between charger and BMS (other addresses, or a page bit set).
    #[error("identifier {can_id:#010x} is not between charger and BMS")]
    Foreign {
        /// The identifier.
        can_id: u32,
    },
    /// No message has this parameter group number, or it is one of the other party's.
    #[error("identifier {can_id:#010x} is no message of the standard")]
    UnknownMessage {
        /// The identifier.
        can_id: u32,
    },
    /// A part of a multi-packet message; feed it to [`crate::transport::Receiver`].
    #[error("identifier {can_id:#010x} carries a part of a multi-packet message")]
    TransportFrame {
        /// The identifier.
        can_id: u32,
    },
    /// The payload ends before the last mandatory field.
    #[error("{message}: mandatory fields need {needed} bytes, got {actual}")]
    Truncated {
        /// The message.
        message: MessageKind,
        /// Bytes up to the end of the last mandatory field.
        needed: u16,
        /// Bytes there are.
        actual: u16,
    },
}

/// The caller's value or buffer does not fit the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum EncodeError {
    /// The field has no code for this raw value: it is wider than the field, or all ones, which means 'not available'.
    #[error("{field}: no code for raw value {raw}")]
    OutOfRange {
        /// Name of the field.
        field: &'static str,
        /// The raw value.
        raw: u32,
    },
    /// The buffer is shorter than the message.
    #[error("buffer of {actual} bytes for a message of {needed}")]
    BufferTooSmall {
        /// Bytes of the message.
        needed: u16,
        /// Bytes of the buffer, 65535 for more.
        actual: u16,
    },
    /// The edition does not have this message (CHM and BHM in 2011).
    #[error("{message} does not exist in edition {edition:?}")]
    NotInEdition {
        /// The message.
        message: MessageKind,
        /// The edition asked for.
        edition: crate::Edition,
    },
    /// More items than the message can list.
    #[error("{message}: {actual} items, at most {most}")]
    TooManyItems {
        /// The message.
        message: MessageKind,
        /// Most items.
        most: u16,
        /// Items given, 65535 for more.
        actual: u16,
    },
}

const _: () = assert!(size_of::<DecodeError>() <= 32 && size_of::<EncodeError>() <= 32);
