//! **Experimental**: frames of the "2015+" and ChaoJi protocols (GB/T 27930.2, class B): version negotiation, control
//! frames and the kinds of messages.
//!
//! From a 2021 committee draft (CD1) and a 2024 note only; the published standards may differ in numbers. All codes stand
//! in this file. Not here: the contents of the function modules, and their session. Until a version is negotiated the
//! identifier of [`Kind::Long`] from the charger is that of CRM: the negotiated version decides the meaning.

use crate::{CanId, Frame, Party};

/// Kinds of frames: priority and PDU format are fixed by the kind; the parameter group is the first byte of the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Kind {
    /// LM, long message data: frame number, then 7 bytes; frame 0 gives the number of frames and bytes.
    Long,
    /// `SM_RM`, reliable short message: acknowledged, at most 8 bytes.
    #[doc(alias = "SM_RM")]
    Reliable,
    /// `SM_URM`, unreliable short message: sent periodically, at most 8 bytes.
    #[doc(alias = "SM_URM")]
    Unreliable,
    /// Control frames of both: [`Control`].
    Control,
    /// Version negotiation: [`Negotiation`].
    Negotiation,
}

/// Kind, priority, PDU format.
const KINDS: [(Kind, u8, u8); 5] = [
    (Kind::Long, 6, 0x01),
    (Kind::Reliable, 4, 0x02),
    (Kind::Unreliable, 6, 0x03),
    (Kind::Control, 3, 0x04),
    (Kind::Negotiation, 3, 0x3C),
];

impl Kind {
    /// The kind of a frame between charger and vehicle, if the 2015+ protocol is spoken.
    #[must_use]
    pub fn of(id: CanId) -> Option<Self> {
        id.sender()?;
        // An older vendor firmware answers the negotiation with PF 0x3D (sources conflict: accepted, not sent).
        let pf = if id.pf() == 0x3D { 0x3C } else { id.pf() };
        KINDS.iter().find(|(_, _, known)| *known == pf).map(|(kind, _, _)| *kind)
    }

    /// Its identifier from a sender.
    #[must_use]
    pub fn can_id(self, sender: Party) -> CanId {
        let row = KINDS.iter().find(|(kind, _, _)| *kind == self);
        let (priority, pf) = row.map_or((6, 0), |(_, priority, pf)| (*priority, *pf));
        CanId::new(priority, pf, sender)
    }
}

/// A protocol version: major, minor, patch. 1.0.0 is the 2011 edition, 1.1.0 that of 2015, 2.0.0 is 2015+ and class B
/// (confidence B). On the wire the major number comes first, unlike in CHM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Version(pub u8, pub u8, pub u8);

/// A version negotiation frame. Two layouts are known (sources conflict): that of the 2024 note is sent, both are read;
/// the draft's is told by its checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Negotiation {
    /// CAN type: 0 is CAN 2.0, 1 CAN FD, 2 CAN XL.
    pub can_type: u8,
    /// Result: 0 continue, 1 succeeded, 2 failed. The draft's charger frame has none.
    pub result: Option<u8>,
    /// Version offered or agreed; `None` (`FF FF FF`) after a failure.
    pub version: Option<Version>,
    /// Version of the control pilot; not in the draft.
    pub control_pilot: Option<u8>,
    /// Version of the transport layer; not in the draft.
    pub transport: Option<u8>,
}

impl Negotiation {
    /// Reads a frame's 8 bytes; `None` for other lengths.
    #[must_use]
    pub fn decode(data: &[u8], sender: Party) -> Option<Self> {
        let &[can_type, a, b, c, d, e, f, sum] = data else { return None };
        let checksum =
            [can_type, a, b, c, d, e, f].iter().fold(0_u8, |sum, b| sum.wrapping_add(*b));
        let version = |[major, minor, patch]: [u8; 3]| {
            ([major, minor, patch] != [0xFF; 3]).then_some(Version(major, minor, patch))
        };
        let given = |byte: u8| (byte != 0xFF).then_some(byte);
        Some(if checksum == sum && sender == Party::Charger {
            let version = version([a, b, c]);
            Self { can_type, result: None, version, control_pilot: None, transport: None }
        } else if checksum == sum {
            let version = version([b, c, d]);
            Self { can_type, result: Some(a), version, control_pilot: None, transport: None }
        } else {
            let (control_pilot, transport) = (given(e), given(f));
            Self {
                can_type,
                result: given(a),
                version: version([b, c, d]),
                control_pilot,
                transport,
            }
        })
    }

    /// The frame in the layout of the 2024 note.
    #[must_use]
    pub fn encode(&self, sender: Party) -> Frame {
        let Version(major, minor, patch) = self.version.unwrap_or(Version(0xFF, 0xFF, 0xFF));
        let or_ones = |byte: Option<u8>| byte.unwrap_or(0xFF);
        let data = [
            self.can_type,
            or_ones(self.result),
            major,
            minor,
            patch,
            or_ones(self.control_pilot),
            or_ones(self.transport),
            0xFF,
        ];
        Frame::full(Kind::Negotiation.can_id(sender), data)
    }
}

/// A control frame of short and long messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Control {
    /// `SM_ACK`: the reliable short message arrived.
    #[doc(alias = "SM_ACK")]
    ShortAck,
    /// `LM_ACK`: send these frames.
    #[doc(alias = "LM_ACK")]
    LongAck {
        /// First frame.
        start: u8,
        /// Frames.
        count: u8,
    },
    /// `LM_NACK`: the long message is given up.
    #[doc(alias = "LM_NACK")]
    LongNack,
    /// `LM_EndACK`: all received.
    #[doc(alias = "LM_EndACK")]
    LongEnd {
        /// Frames, the first one included.
        frames: u8,
        /// Bytes.
        bytes: u16,
    },
}

impl Control {
    /// Reads a frame's data; `None` for unknown first bytes and short frames.
    #[must_use]
    pub const fn decode(data: &[u8]) -> Option<Self> {
        Some(match *data {
            [0, ..] => Self::ShortAck,
            [1, start, count, ..] => Self::LongAck { start, count },
            [2, ..] => Self::LongNack,
            [3, frames, low, high, ..] => {
                Self::LongEnd { frames, bytes: u16::from_le_bytes([low, high]) }
            }
            _ => return None,
        })
    }

    /// The frame by which a party sends it, filled with ones.
    #[must_use]
    pub fn encode(self, sender: Party) -> Frame {
        const F: u8 = 0xFF;
        let data = match self {
            Self::ShortAck => [0, 1, F, F, F, F, F, F],
            Self::LongAck { start, count } => [1, start, count, F, F, F, F, F],
            Self::LongNack => [2, F, F, F, F, F, F, F],
            Self::LongEnd { frames, bytes } => {
                let [low, high] = bytes.to_le_bytes();
                [3, frames, low, high, F, F, F, F]
            }
        };
        Frame::full(Kind::Control.can_id(sender), data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        assert_eq!(Kind::Negotiation.can_id(Party::Charger).raw(), 0x0C3C_F456);
        assert_eq!(Kind::Control.can_id(Party::Bms).raw(), 0x0C04_56F4);
        assert_eq!(Kind::of(Kind::Long.can_id(Party::Bms)), Some(Kind::Long));
        assert_eq!(Kind::of(CanId::new(3, 0x3D, Party::Bms)), Some(Kind::Negotiation));
    }

    #[test]
    fn both_layouts_of_the_negotiation() {
        // 2 + 3 * 255 = 0x2FF.
        let draft = [0, 2, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];
        let note = [0, 1, 2, 0, 0, 1, 1, 0xFF];
        let read = Negotiation::decode(&note, Party::Bms).unwrap();
        assert_eq!(
            (read.result, read.version, read.transport),
            (Some(1), Some(Version(2, 0, 0)), Some(1))
        );
        assert_eq!(read.encode(Party::Bms).data(), note);
        let read = Negotiation::decode(&draft, Party::Charger).unwrap();
        assert_eq!(read.version, Some(Version(2, 0, 0)));
        assert_eq!(Negotiation::decode(&draft[..7], Party::Charger), None);
    }

    #[test]
    fn control_frames_survive() {
        for control in [
            Control::ShortAck,
            Control::LongAck { start: 1, count: 7 },
            Control::LongNack,
            Control::LongEnd { frames: 8, bytes: 49 },
        ] {
            let frame = control.encode(Party::Bms);
            assert_eq!(Control::decode(frame.data()), Some(control));
        }
    }
}
