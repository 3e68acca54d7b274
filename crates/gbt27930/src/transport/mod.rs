//! The transport protocol: messages of 9 to 1785 bytes in packets of 7 (GB/T 27930-2015 clause 6.4: J1939-21
//! connection mode, RTS/CTS only).
//!
//! [`Receiver`] is the responder, [`Sender`] the originator, [`Reassembly`] their common store, which a passive
//! listener uses alone. One [`Receiver`] and one [`Sender`] serve one end of the bus, both directions at once. None of
//! them owns a buffer: the caller lends the same memory to each call.
//!
//! One input has at most one outcome, so `handle_frame` and `handle_timeout` return it instead of queueing an event,
//! and there is at most one frame to send, which `poll_transmit` gives.

mod reassembly;
mod receiver;
mod sender;

pub use reassembly::{Reassembly, Stored};
pub use receiver::{Receiver, ReceiverEvent};
pub use sender::{Sender, SenderEvent};

use crate::frame::PF_TP_CM;
use crate::{CanId, Frame, Party};

/// Data bytes of a packet.
pub const PACKET: usize = 7;
/// Most bytes of a multi-packet message: 255 packets.
pub const LONGEST: u16 = 1785;
/// Priority of both transport frames.
const PRIORITY: u8 = 7;

/// The timers of the transport protocol, in milliseconds. Overridable; the default is [`Timing::STANDARD`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// T1: receiver, from a packet to the next one it was promised.
    pub t1: u16,
    /// T2: receiver, from its CTS to the first packet.
    pub t2: u16,
    /// T3: originator, from its RTS or the last packet of a window to CTS or `EndOfMsgACK`.
    pub t3: u16,
    /// T4: originator, from a hold (CTS for 0 packets) to the next CTS.
    pub t4: u16,
    /// Tr: the longest a node may take to respond. This crate responds at once; here for the table's completeness.
    pub tr: u16,
    /// Th: the longest interval between holds. This crate never holds; here for the table's completeness.
    pub th: u16,
    /// Originator: from one packet to the next. At most 200 by J1939; real vehicles use about 10.
    pub spacing: u16,
    /// Most packets granted by one CTS.
    pub window: u8,
    /// Most CTS that ask for packets again, then abort reason 5.
    pub retransmit_requests: u8,
}

impl Timing {
    /// J1939-21 (T1 confirmed by the Linux kernel, the others from memory: confidence M), spacing from captures.
    pub const STANDARD: Self = Self {
        t1: 750,
        t2: 1250,
        t3: 1250,
        t4: 1050,
        tr: 200,
        th: 500,
        spacing: 10,
        window: 255,
        retransmit_requests: 2,
    };
}

impl Default for Timing {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// Why a transfer was aborted (byte 2 of `Conn_Abort`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum AbortReason {
    /// 1: already in a session.
    Busy,
    /// 2: resources are needed for another task, or the message is longer than the buffer.
    Resources,
    /// 3: a timer ran out.
    Timeout,
    /// 4: CTS received while packets are being sent.
    ClearToSendDuringTransfer,
    /// 5: retransmission was asked for too often.
    TooManyRetransmits,
    /// 6: unexpected data packet.
    UnexpectedPacket,
    /// 7: bad sequence number.
    BadSequence,
    /// 8: duplicate sequence number.
    DuplicateSequence,
    /// 9: total size above 1785.
    TooLong,
    /// 250: any other.
    Other,
    /// Another code, as received (255 is seen in practice).
    Unknown(u8),
}

impl AbortReason {
    /// From the code of the wire.
    #[must_use]
    pub const fn from_code(code: u8) -> Self {
        match code {
            1 => Self::Busy,
            2 => Self::Resources,
            3 => Self::Timeout,
            4 => Self::ClearToSendDuringTransfer,
            5 => Self::TooManyRetransmits,
            6 => Self::UnexpectedPacket,
            7 => Self::BadSequence,
            8 => Self::DuplicateSequence,
            9 => Self::TooLong,
            250 => Self::Other,
            code => Self::Unknown(code),
        }
    }

    /// The code of the wire.
    #[must_use]
    pub const fn to_code(self) -> u8 {
        match self {
            Self::Busy => 1,
            Self::Resources => 2,
            Self::Timeout => 3,
            Self::ClearToSendDuringTransfer => 4,
            Self::TooManyRetransmits => 5,
            Self::UnexpectedPacket => 6,
            Self::BadSequence => 7,
            Self::DuplicateSequence => 8,
            Self::TooLong => 9,
            Self::Other => 250,
            Self::Unknown(code) => code,
        }
    }
}

/// A connection management frame (TP.CM), without its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Control {
    /// RTS: a message follows.
    RequestToSend {
        /// Bytes of the message.
        size: u16,
        /// Packets of the message.
        packets: u8,
        /// Most packets that one CTS may grant; 255 is no limit.
        window: u8,
        /// The message's parameter group number.
        pgn: u32,
    },
    /// CTS: send these packets. 0 packets is a hold.
    ClearToSend {
        /// Packets granted.
        packets: u8,
        /// First of them, from 1.
        next: u8,
        /// The message's parameter group number.
        pgn: u32,
    },
    /// `EndOfMsgACK`: all received.
    EndOfMessage {
        /// Bytes of the message.
        size: u16,
        /// Packets of the message.
        packets: u8,
        /// The message's parameter group number.
        pgn: u32,
    },
    /// `Conn_Abort`, from either side.
    Abort {
        /// Why.
        reason: AbortReason,
        /// Parameter group number of the transfer that it refuses.
        pgn: u32,
    },
}

impl Control {
    /// Reads a TP.CM frame's data; `None` for BAM (not used by this standard) and unknown control bytes. Padding is
    /// not checked.
    #[must_use]
    #[inline]
    pub const fn decode(data: &[u8; 8]) -> Option<Self> {
        let [control, a, b, c, d, p0, p1, p2] = *data;
        let pgn = u32::from_le_bytes([p0, p1, p2, 0]);
        Some(match control {
            0x10 => {
                Self::RequestToSend { size: u16::from_le_bytes([a, b]), packets: c, window: d, pgn }
            }
            0x11 => Self::ClearToSend { packets: a, next: b, pgn },
            0x13 => Self::EndOfMessage { size: u16::from_le_bytes([a, b]), packets: c, pgn },
            0xFF => Self::Abort { reason: AbortReason::from_code(a), pgn },
            _ => return None,
        })
    }

    /// The frame by which a party sends it.
    #[must_use]
    pub const fn encode(self, sender: Party) -> Frame {
        Frame::full(CanId::new(PRIORITY, PF_TP_CM, sender), self.to_data())
    }

    /// The frame's data.
    const fn to_data(self) -> [u8; 8] {
        let ([a, b, c, d, e], pgn) = match self {
            Self::RequestToSend { size, packets, window, pgn } => {
                let [low, high] = size.to_le_bytes();
                ([0x10, low, high, packets, window], pgn)
            }
            Self::ClearToSend { packets, next, pgn } => ([0x11, packets, next, 0xFF, 0xFF], pgn),
            Self::EndOfMessage { size, packets, pgn } => {
                let [low, high] = size.to_le_bytes();
                ([0x13, low, high, packets, 0xFF], pgn)
            }
            Self::Abort { reason, pgn } => ([0xFF, reason.to_code(), 0xFF, 0xFF, 0xFF], pgn),
        };
        let [p0, p1, p2, _] = pgn.to_le_bytes();
        [a, b, c, d, e, p0, p1, p2]
    }
}

/// Packets of a message of that many bytes.
#[must_use]
pub const fn packets_of(size: u16) -> u16 {
    size.div_ceil(PACKET as u16)
}

#[cfg(test)]
mod tests;
