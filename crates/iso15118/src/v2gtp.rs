//! The V2G transfer protocol: the eight octets before every message, and messages out of a stream in any pieces.

/// Octets of the header.
pub const HEADER_LEN: usize = 8;
const VERSION: u8 = 0x01;

/// What a V2GTP message carries: which grammar decodes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PayloadType {
    /// 0x8001: the handshake, DIN 70121 and ISO 15118-2.
    Sap,
    /// 0x8002: ISO 15118-20 CommonMessages.
    Iso20Common,
    /// 0x8003: ISO 15118-20 AC.
    Iso20Ac,
    /// 0x8004: ISO 15118-20 DC.
    Iso20Dc,
    /// 0x8005: ISO 15118-20 ACDP.
    Iso20Acdp,
    /// 0x8006: ISO 15118-20 WPT.
    Iso20Wpt,
    /// 0x8101: schedule renegotiation beside the main stream (from public implementations).
    ScheduleRenegotiation,
    /// 0x8102: metering confirmation beside the main stream (from public implementations).
    MeteringConfirmation,
    /// 0x8103: ACDP system status beside the main stream (from public implementations).
    AcdpSystemStatus,
    /// 0x8104: parking status beside the main stream (from public implementations).
    ParkingStatus,
    /// 0x9000: SDP request.
    SdpRequest,
    /// 0x9001: SDP response.
    SdpResponse,
    /// 0x9002: SDP request, wireless form.
    SdpRequestWireless,
    /// 0x9003: SDP response, wireless form.
    SdpResponseWireless,
    /// 0xA000..=0xFFFF: of a manufacturer.
    Manufacturer(u16),
    /// Any other; such messages are skipped.
    Unknown(u16),
}

impl PayloadType {
    /// The type of a number.
    #[must_use]
    pub const fn from_raw(raw: u16) -> Self {
        match raw {
            0x8001 => Self::Sap,
            0x8002 => Self::Iso20Common,
            0x8003 => Self::Iso20Ac,
            0x8004 => Self::Iso20Dc,
            0x8005 => Self::Iso20Acdp,
            0x8006 => Self::Iso20Wpt,
            0x8101 => Self::ScheduleRenegotiation,
            0x8102 => Self::MeteringConfirmation,
            0x8103 => Self::AcdpSystemStatus,
            0x8104 => Self::ParkingStatus,
            0x9000 => Self::SdpRequest,
            0x9001 => Self::SdpResponse,
            0x9002 => Self::SdpRequestWireless,
            0x9003 => Self::SdpResponseWireless,
            0xA000.. => Self::Manufacturer(raw),
            _ => Self::Unknown(raw),
        }
    }

    /// The number of the type.
    #[must_use]
    pub const fn to_raw(self) -> u16 {
        match self {
            Self::Sap => 0x8001,
            Self::Iso20Common => 0x8002,
            Self::Iso20Ac => 0x8003,
            Self::Iso20Dc => 0x8004,
            Self::Iso20Acdp => 0x8005,
            Self::Iso20Wpt => 0x8006,
            Self::ScheduleRenegotiation => 0x8101,
            Self::MeteringConfirmation => 0x8102,
            Self::AcdpSystemStatus => 0x8103,
            Self::ParkingStatus => 0x8104,
            Self::SdpRequest => 0x9000,
            Self::SdpResponse => 0x9001,
            Self::SdpRequestWireless => 0x9002,
            Self::SdpResponseWireless => 0x9003,
            Self::Manufacturer(raw) | Self::Unknown(raw) => raw,
        }
    }
}

/// Why a V2GTP stream or header is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// Fewer octets than the header or the length it gives.
    #[error("need {need} octets, got {got}")]
    Truncated {
        /// Octets due.
        need: u32,
        /// Octets there.
        got: u32,
    },
    /// Not version 1 with its complement. The stream cannot be followed further.
    #[error("expected 01 fe, found {version:02x} {inverse:02x}")]
    Version {
        /// The version octet.
        version: u8,
        /// Its complement as sent.
        inverse: u8,
    },
    /// The length is above what the receiver accepts. The stream cannot be followed further.
    #[error("a payload of {length} octets; at most {limit} are accepted")]
    TooLong {
        /// The length of the payload.
        length: u32,
        /// The most that the receiver accepts.
        limit: u32,
    },
}

const _: () = assert!(size_of::<FrameError>() <= 32);

/// The header of a V2GTP message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What follows.
    pub payload_type: PayloadType,
    /// Octets of the payload.
    pub length: u32,
}

impl Header {
    /// Decodes a header.
    ///
    /// # Errors
    /// The version is not 1 with its complement.
    pub const fn decode(octets: [u8; HEADER_LEN]) -> Result<Self, FrameError> {
        let [version, inverse, t0, t1, l0, l1, l2, l3] = octets;
        if version != VERSION || inverse != !VERSION {
            return Err(FrameError::Version { version, inverse });
        }
        let payload_type = PayloadType::from_raw(u16::from_be_bytes([t0, t1]));
        Ok(Self { payload_type, length: u32::from_be_bytes([l0, l1, l2, l3]) })
    }

    /// Encodes the header.
    #[must_use]
    pub const fn encode(&self) -> [u8; HEADER_LEN] {
        let [t0, t1] = self.payload_type.to_raw().to_be_bytes();
        let [l0, l1, l2, l3] = self.length.to_be_bytes();
        [VERSION, !VERSION, t0, t1, l0, l1, l2, l3]
    }
}

/// Splits a datagram into its header and payload.
///
/// # Errors
/// The header is wrong, or the payload shorter than it says. Octets after the payload are refused as a payload that is
/// too long.
pub fn decode_datagram(octets: &[u8]) -> Result<(PayloadType, &[u8]), FrameError> {
    let got = u32::try_from(octets.len()).unwrap_or(u32::MAX);
    let Some((header, payload)) = octets.split_first_chunk::<HEADER_LEN>() else {
        return Err(FrameError::Truncated { need: 8, got });
    };
    let header = Header::decode(*header)?;
    let there = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    if there < header.length {
        return Err(FrameError::Truncated { need: header.length.saturating_add(8), got });
    }
    if there > header.length {
        return Err(FrameError::TooLong { length: there, limit: header.length });
    }
    Ok((header.payload_type, payload))
}

/// A message out of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// What the payload is.
    pub payload_type: PayloadType,
    /// The payload, whole.
    pub payload: &'a [u8],
}

/// Puts messages together from a stream that comes in any pieces, in memory lent by the caller, whose length bounds what
/// is accepted.
#[derive(Debug)]
pub struct Reassembler<'b> {
    buffer: &'b mut [u8],
    header: [u8; HEADER_LEN],
    /// Octets of header and payload received.
    received: usize,
    failed: Option<FrameError>,
}

impl<'b> Reassembler<'b> {
    /// A reassembler at the begin of a stream, for payloads of at most `buffer.len()` octets. 16 kB hold every legal
    /// message met so far; a certificate installation takes 4 to 10 kB.
    #[must_use]
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, header: [0; HEADER_LEN], received: 0, failed: None }
    }

    /// Takes octets from the front of `input` up to the end of the first message in it, and gives that message, or `None`
    /// when `input` is used up before. Call again until `input` is empty.
    ///
    /// # Errors
    /// The stream is no V2GTP, or a message is too long; every later call gives the same error.
    pub fn next_frame(&mut self, input: &mut &[u8]) -> Result<Option<Frame<'_>>, FrameError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if self.received < HEADER_LEN {
            let room = self.header.get_mut(self.received..).unwrap_or_default();
            self.received += take(input, room);
            if self.received < HEADER_LEN {
                return Ok(None);
            }
        }
        let header = Header::decode(self.header).and_then(|header| {
            let limit = u32::try_from(self.buffer.len()).unwrap_or(u32::MAX);
            if header.length > limit {
                return Err(FrameError::TooLong { length: header.length, limit });
            }
            Ok(header)
        });
        let header = header.inspect_err(|error| self.failed = Some(*error))?;
        let length = header.length as usize;
        let room = self.buffer.get_mut(self.received - HEADER_LEN..length).unwrap_or_default();
        self.received += take(input, room);
        if self.received < HEADER_LEN + length {
            return Ok(None);
        }
        self.received = 0;
        let payload = self.buffer.get(..length).unwrap_or_default();
        Ok(Some(Frame { payload_type: header.payload_type, payload }))
    }

    /// Whether a message has begun and not ended: what the end of the connection would cut off.
    #[must_use]
    pub const fn is_inside(&self) -> bool {
        self.received > 0
    }
}

/// Moves as many octets as there is room for.
fn take(input: &mut &[u8], room: &mut [u8]) -> usize {
    let count = room.len().min(input.len());
    let (taken, rest) = input.split_at_checked(count).unwrap_or_default();
    for (to, from) in room.iter_mut().zip(taken) {
        *to = *from;
    }
    *input = rest;
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_payload_type_keeps_its_number() {
        for raw in 0..=u16::MAX {
            assert_eq!(PayloadType::from_raw(raw).to_raw(), raw);
        }
    }

    #[test]
    fn messages_come_out_of_any_pieces() {
        let stream = [
            1, 0xFE, 0x80, 1, 0, 0, 0, 2, 0xAA, 0xBB, 1, 0xFE, 0x90, 0, 0, 0, 0, 0, 1, 0xFE, 0xA0,
            7, 0, 0, 0, 1, 0xCC,
        ];
        for piece in 1..=stream.len() {
            let mut buffer = [0; 2];
            let mut reassembler = Reassembler::new(&mut buffer);
            let (mut types, mut octets) = ([None; 3], 0);
            let mut count = 0;
            for chunk in stream.chunks(piece) {
                let mut input = chunk;
                while !input.is_empty() {
                    if let Ok(Some(frame)) = reassembler.next_frame(&mut input) {
                        if let Some(slot) = types.get_mut(count) {
                            *slot = Some(frame.payload_type);
                        }
                        octets += frame.payload.len();
                        count += 1;
                    }
                }
            }
            assert_eq!((count, octets), (3, 3));
            assert_eq!(
                types,
                [
                    Some(PayloadType::Sap),
                    Some(PayloadType::SdpRequest),
                    Some(PayloadType::Manufacturer(0xA007))
                ]
            );
            assert!(!reassembler.is_inside());
        }
    }

    #[test]
    fn a_bad_stream_stays_bad() {
        let mut buffer = [0; 4];
        let mut reassembler = Reassembler::new(&mut buffer);
        let error = FrameError::TooLong { length: 5, limit: 4 };
        assert_eq!(reassembler.next_frame(&mut &[1, 0xFE, 0x80, 1, 0, 0, 0, 5, 1][..]), Err(error));
        assert_eq!(reassembler.next_frame(&mut &[1, 0xFE][..]), Err(error));
        let version = FrameError::Version { version: 2, inverse: 0xFD };
        assert_eq!(Header::decode([2, 0xFD, 0, 0, 0, 0, 0, 0]), Err(version));
    }
}
