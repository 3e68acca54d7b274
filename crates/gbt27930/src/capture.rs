//! Reading along: reassembly without taking part, and which edition a capture is.

use crate::message::MessageKind;
use crate::transport::{AbortReason, Control, Reassembly, Stored};
use crate::{CanId, DecodeError, Edition, Frame, PF_TP_CM, PF_TP_DT, Party};

/// Most bytes of a message.
const LONGEST: usize = crate::transport::LONGEST as usize;

/// Puts multi-packet messages together while only listening: announcements and packets are enough, answers are not
/// needed (a capture may have one direction only). One transfer per direction at a time, as on the bus.
#[derive(Clone)]
pub struct Listener {
    directions: [Direction; 2],
}

#[derive(Clone)]
struct Direction {
    transfer: Option<Reassembly>,
    /// The last complete message until it is acknowledged: the responder may have missed what we heard.
    unacknowledged: Option<u32>,
    memory: [u8; LONGEST],
}

/// What a frame of a capture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard<'a> {
    /// A complete application message.
    Message {
        /// Which.
        kind: MessageKind,
        /// Its payload.
        payload: &'a [u8],
        /// Whether it took several packets.
        is_multi_packet: bool,
    },
    /// A frame between charger and BMS of no known parameter group, or a multi-packet message of one.
    Unknown {
        /// The identifier; that of a single frame for a multi-packet message.
        id: CanId,
        /// Its payload.
        payload: &'a [u8],
        /// Whether it took several packets.
        is_multi_packet: bool,
    },
    /// A frame of other addresses.
    Foreign,
    /// A transport frame that completes nothing.
    Transport(TransportNote),
}

/// What a transport frame says about the course of its transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportNote {
    /// As it should be.
    Regular,
    /// A transfer begins; `restarted`: an unfinished one of the same direction is dropped for it.
    Started {
        /// Parameter group number.
        pgn: u32,
        /// Whether an unfinished transfer is dropped.
        restarted: bool,
    },
    /// The responder asks for packets that were sent before.
    Retransmit {
        /// Parameter group number.
        pgn: u32,
        /// First packet asked for.
        from: u8,
    },
    /// Someone aborts.
    Abort {
        /// Who.
        by: Party,
        /// Parameter group number.
        pgn: u32,
        /// Why.
        reason: AbortReason,
    },
    /// An announcement that contradicts itself, a packet out of nowhere, a repeated one, or an unknown control byte.
    Irregular {
        /// Who sent it.
        by: Party,
    },
}

impl Default for Listener {
    fn default() -> Self {
        Self::new()
    }
}

impl core::fmt::Debug for Listener {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.directions.iter().map(|d| &d.transfer)).finish()
    }
}

impl Listener {
    /// A listener that has heard nothing.
    #[must_use]
    pub const fn new() -> Self {
        const SILENT: Direction =
            Direction { transfer: None, unacknowledged: None, memory: [0; LONGEST] };
        Self { directions: [SILENT; 2] }
    }

    /// Takes the next frame of the capture.
    #[inline]
    pub fn handle_frame<'a>(&'a mut self, frame: &'a Frame) -> Heard<'a> {
        let id = frame.id();
        let payload = frame.data();
        match MessageKind::of(id) {
            Ok(kind) => Heard::Message { kind, payload, is_multi_packet: false },
            Err(DecodeError::TransportFrame { .. }) => self.handle_transport(frame),
            Err(DecodeError::UnknownMessage { .. }) => {
                Heard::Unknown { id, payload, is_multi_packet: false }
            }
            Err(_) => Heard::Foreign,
        }
    }

    fn handle_transport<'a>(&'a mut self, frame: &Frame) -> Heard<'a> {
        let Some(by) = frame.id().sender() else { return Heard::Foreign };
        let irregular = Heard::Transport(TransportNote::Irregular { by });
        let Some(data) = frame.full_data() else { return irregular };
        let [charger, bms] = &mut self.directions;
        let (own, other) = match by {
            Party::Charger => (charger, bms),
            Party::Bms => (bms, charger),
        };
        if frame.id().pf() == PF_TP_DT {
            return own.store(by, data).unwrap_or(irregular);
        }
        debug_assert_eq!(frame.id().pf(), PF_TP_CM);
        Heard::Transport(match Control::decode(data) {
            Some(Control::RequestToSend { size, packets, pgn, .. }) => {
                own.unacknowledged = None;
                let restarted = own.transfer.take().is_some_and(|t| t.stored() < t.packets());
                match Reassembly::new(pgn, size, packets, LONGEST) {
                    Ok(transfer) => {
                        own.transfer = Some(transfer);
                        TransportNote::Started { pgn, restarted }
                    }
                    Err(_) => TransportNote::Irregular { by },
                }
            }
            Some(Control::ClearToSend { packets, next, pgn }) => {
                let sent_before = match &other.transfer {
                    Some(transfer) => transfer.pgn() == pgn && next <= transfer.stored(),
                    None => other.unacknowledged == Some(pgn),
                };
                if sent_before && packets > 0 {
                    TransportNote::Retransmit { pgn, from: next }
                } else {
                    TransportNote::Regular
                }
            }
            Some(Control::EndOfMessage { .. }) => {
                other.unacknowledged = None;
                TransportNote::Regular
            }
            Some(Control::Abort { reason, pgn }) => {
                // Either end may abort, so the transfer of this message in either direction is over.
                for direction in [own, other] {
                    direction.transfer.take_if(|t| t.pgn() == pgn);
                    direction.unacknowledged.take_if(|of| *of == pgn);
                }
                TransportNote::Abort { by, pgn, reason }
            }
            None => TransportNote::Irregular { by },
        })
    }
}

impl Direction {
    fn store(&mut self, by: Party, data: &[u8; 8]) -> Option<Heard<'_>> {
        let transfer = self.transfer.as_mut()?;
        let [number, packet @ ..] = data;
        match transfer.store(*number, packet, &mut self.memory) {
            Stored::More => Some(Heard::Transport(TransportNote::Regular)),
            Stored::Complete => {
                let (pgn, size) = (transfer.pgn(), transfer.size());
                self.transfer = None;
                self.unacknowledged = Some(pgn);
                let payload = self.memory.get(..size.into())?;
                let pf = (pgn >> 8) as u8;
                let kind = MessageKind::from_pf(pf, by).filter(|kind| kind.info().pgn() == pgn);
                Some(match kind {
                    Some(kind) => Heard::Message { kind, payload, is_multi_packet: true },
                    None => {
                        Heard::Unknown { id: CanId::new(7, pf, by), payload, is_multi_packet: true }
                    }
                })
            }
            Stored::Duplicate | Stored::NoSuchPacket => None,
        }
    }
}

/// Which edition a capture is: feed all its messages, then ask.
///
/// The first rule that applies over the whole capture: a BHM says 2015 (a CHM alone says nothing about the vehicle); a
/// BRM of 41 bytes or of version 1.0 says 2011, another 2015; then the lengths of CML, CCS and CSD; else 2015. 2023
/// cannot be told from 2015.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EditionEvidence {
    bhm: bool,
    brm: Option<Edition>,
    cml: Option<Edition>,
    ccs: Option<Edition>,
    csd: Option<Edition>,
}

impl EditionEvidence {
    /// Nothing seen.
    #[must_use]
    pub const fn new() -> Self {
        Self { bhm: false, brm: None, cml: None, ccs: None, csd: None }
    }

    /// Takes a message into account.
    #[inline]
    pub const fn observe(&mut self, kind: MessageKind, payload: &[u8]) {
        let len = payload.len();
        match kind {
            MessageKind::Bhm => self.bhm = true,
            MessageKind::Brm if self.brm.is_none() => self.brm = Some(edition_of_brm(payload)),
            MessageKind::Cml if self.cml.is_none() => self.cml = edition_of_length(len, 6, 8),
            MessageKind::Ccs if self.ccs.is_none() => self.ccs = edition_of_length(len, 6, 7),
            MessageKind::Csd if self.csd.is_none() => self.csd = edition_of_length(len, 5, 8),
            _ => {}
        }
    }

    /// The messages that speak for another layout than that of the edition: CML of 6 bytes in 2015, for example.
    pub fn conflicts(&self, edition: Edition) -> impl Iterator<Item = &'static str> {
        let is_old = edition == Edition::V2011;
        let bhm = self.bhm.then_some(Edition::V2015);
        [("BHM", bhm), ("BRM", self.brm), ("CML", self.cml), ("CCS", self.ccs), ("CSD", self.csd)]
            .into_iter()
            .filter(move |(_, says)| says.is_some_and(|says| (says == Edition::V2011) != is_old))
            .map(|(code, _)| code)
    }

    /// What the messages so far say, `None` without evidence.
    #[must_use]
    pub const fn verdict(&self) -> Option<Edition> {
        if self.bhm {
            return Some(Edition::V2015);
        }
        match self {
            Self { brm: Some(edition), .. }
            | Self { cml: Some(edition), .. }
            | Self { ccs: Some(edition), .. }
            | Self { csd: Some(edition), .. } => Some(*edition),
            _ => None,
        }
    }

    /// The edition, 2015 without evidence.
    #[must_use]
    pub const fn edition(&self) -> Edition {
        match self.verdict() {
            Some(edition) => edition,
            None => Edition::V2015,
        }
    }
}

/// The edition that a BRM announces: 2011 if it has 41 bytes or the version bytes `00 01 00`.
#[must_use]
pub const fn edition_of_brm(payload: &[u8]) -> Edition {
    match payload {
        [0, 1, 0, ..] => Edition::V2011,
        _ if payload.len() == 41 => Edition::V2011,
        _ => Edition::V2015,
    }
}

const fn edition_of_length(len: usize, old: usize, new: usize) -> Option<Edition> {
    if len == old {
        Some(Edition::V2011)
    } else if len >= new {
        Some(Edition::V2015)
    } else {
        None
    }
}
