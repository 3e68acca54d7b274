//! The SECC discovery protocol: the datagrams by which a vehicle finds the address of its charger (UDP port 15118).
//!
//! The wireless form stands in one public implementation only and in no capture; it is unverified.

use crate::v2gtp::{FrameError, PayloadType, decode_datagram};

macro_rules! octet {
    ($( $(#[$meta:meta])* $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $raw:literal, )* } )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $( $(#[$variant_meta])* $variant, )* /// Any other octet.
            Unknown(u8) }

        impl $name {
            /// The meaning of an octet.
            #[must_use]
            pub const fn from_raw(raw: u8) -> Self {
                match raw { $( $raw => Self::$variant, )* other => Self::Unknown(other) }
            }

            /// The octet.
            #[must_use]
            pub const fn to_raw(self) -> u8 {
                match self { $( Self::$variant => $raw, )* Self::Unknown(raw) => raw }
            }
        }
    )* };
}

octet! {
    /// Whether the connection is secured.
    Security {
        /// TLS.
        Tls = 0x00,
        /// No transport layer security.
        None = 0x10,
    }
    /// The transport protocol.
    Transport {
        /// TCP.
        Tcp = 0x00,
        /// Reserved for UDP.
        Udp = 0x10,
    }
    /// How far the discovery of a wireless charger is.
    DiagnosticStatus {
        /// Still going on.
        Ongoing = 0x00,
        /// Finished, the EVSEID is given.
        FinishedWithEvseId = 0x01,
        /// Finished without an EVSEID.
        FinishedWithoutEvseId = 0x02,
        /// There is no SECC.
        NoSecc = 0x10,
    }
}

/// The wireless part of a request: 57 octets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WirelessRequest<'a> {
    /// Pairing methods: bit 0 pairing device on the infrastructure, 1 on the vehicle, 2 WPT LF on the infrastructure, 3
    /// WPT LF on the vehicle, 4 WPT camera on the vehicle, 5 ACD-U infrared, 6 directed WLAN.
    pub pairing_methods: u16,
    /// Coupling type: 0..=5 EN 50696 annexes A.2, A.3, A.4, B, C, D; 6 WPT IEC 61980; 0xFF not applicable.
    pub coupling_type: u8,
    /// EVID: 20 characters, right-justified, filled with `0`.
    pub ev_id: &'a [u8; 20],
    /// EVSEID: 36 characters, right-justified, filled with `0`.
    pub evse_id: &'a [u8; 36],
}

impl core::fmt::Debug for WirelessRequest<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "WirelessRequest {{ pairing_methods: {:#x}, ", self.pairing_methods)?;
        write!(f, "coupling_type: {}, ev_id: <masked, 20 bytes> }}", self.coupling_type)
    }
}

/// The wireless part of a response: 38 octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WirelessResponse<'a> {
    /// How far the discovery is.
    pub diagnostic_status: DiagnosticStatus,
    /// As in the request.
    pub coupling_type: u8,
    /// EVSEID: 36 characters, right-justified, filled with `0`.
    pub evse_id: &'a [u8; 36],
}

/// A request of a vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// The security asked for.
    pub security: Security,
    /// The transport asked for.
    pub transport: Transport,
    /// Whether the payload type is the wireless one.
    pub is_wireless: bool,
    /// The wireless part, only in the wireless form, which may come without it.
    pub wireless: Option<WirelessRequest<'a>>,
    /// Octets after the parts known.
    pub rest: &'a [u8],
}

/// A response of a charger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response<'a> {
    /// The IPv6 address of the SECC.
    pub address: core::net::Ipv6Addr,
    /// Its TCP port.
    pub port: u16,
    /// The security it offers.
    pub security: Security,
    /// The transport it offers.
    pub transport: Transport,
    /// Whether the payload type is the wireless one.
    pub is_wireless: bool,
    /// The wireless part, only in the wireless form, which may come without it.
    pub wireless: Option<WirelessResponse<'a>>,
    /// Octets after the parts known.
    pub rest: &'a [u8],
}

/// A datagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datagram<'a> {
    /// From a vehicle.
    Request(Request<'a>),
    /// From a charger.
    Response(Response<'a>),
}

/// Why a datagram is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SdpError {
    /// The V2GTP header is wrong.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The payload type is none of SDP.
    #[error("payload type {found:#06x} is none of SDP")]
    PayloadType {
        /// The payload type.
        found: u16,
    },
    /// The payload has another length than its form.
    #[error("expected a payload of {expected} octets, found {found}")]
    Length {
        /// Octets of the form.
        expected: u16,
        /// Octets found.
        found: u16,
    },
    /// The buffer is too short.
    #[error("need {need} octets, got {got}")]
    BufferTooShort {
        /// Octets due.
        need: u16,
        /// Octets of the buffer.
        got: u16,
    },
}

const _: () = assert!(size_of::<SdpError>() <= 32);

impl<'a> Datagram<'a> {
    /// Decodes a datagram. In the wireless form the short payload is accepted too, and a longer one keeps its rest.
    ///
    /// # Errors
    /// It is no SDP datagram.
    pub fn decode(octets: &'a [u8]) -> Result<Self, SdpError> {
        let (payload_type, payload) = decode_datagram(octets)?;
        let is_wireless = matches!(
            payload_type,
            PayloadType::SdpRequestWireless | PayloadType::SdpResponseWireless
        );
        let found = u16::try_from(payload.len()).unwrap_or(u16::MAX);
        match payload_type {
            PayloadType::SdpRequest | PayloadType::SdpRequestWireless => {
                let length = SdpError::Length { expected: 2, found };
                let ([security, transport], rest) =
                    payload.split_first_chunk::<2>().ok_or(length)?;
                let (wireless, rest) = match (is_wireless, rest) {
                    (false, []) | (true, []) => (None, rest),
                    (false, _) => return Err(length),
                    (true, _) => WirelessRequest::split(rest)
                        .map(|(part, rest)| (Some(part), rest))
                        .ok_or(SdpError::Length { expected: 61, found })?,
                };
                Ok(Self::Request(Request {
                    security: Security::from_raw(*security),
                    transport: Transport::from_raw(*transport),
                    is_wireless,
                    wireless,
                    rest,
                }))
            }
            PayloadType::SdpResponse | PayloadType::SdpResponseWireless => {
                let length = SdpError::Length { expected: 20, found };
                let (address, rest) = payload.split_first_chunk::<16>().ok_or(length)?;
                let ([p0, p1, security, transport], rest) =
                    rest.split_first_chunk::<4>().ok_or(length)?;
                let (wireless, rest) = match (is_wireless, rest) {
                    (false, []) | (true, []) => (None, rest),
                    (false, _) => return Err(length),
                    (true, _) => WirelessResponse::split(rest)
                        .map(|(part, rest)| (Some(part), rest))
                        .ok_or(SdpError::Length { expected: 58, found })?,
                };
                Ok(Self::Response(Response {
                    address: core::net::Ipv6Addr::from(*address),
                    port: u16::from_be_bytes([*p0, *p1]),
                    security: Security::from_raw(*security),
                    transport: Transport::from_raw(*transport),
                    is_wireless,
                    wireless,
                    rest,
                }))
            }
            other => Err(SdpError::PayloadType { found: other.to_raw() }),
        }
    }

    /// Encodes the datagram and gives its length.
    ///
    /// # Errors
    /// The buffer is too short.
    pub fn encode(&self, buffer: &mut [u8]) -> Result<usize, SdpError> {
        let mut out = Out { buffer, used: 8 };
        let payload_type = match self {
            Self::Request(request) => {
                out.put(&[request.security.to_raw(), request.transport.to_raw()]);
                if let Some(wireless) = &request.wireless {
                    out.put(&wireless.pairing_methods.to_be_bytes());
                    out.put(&[wireless.coupling_type]);
                    out.put(wireless.ev_id);
                    out.put(wireless.evse_id);
                }
                out.put(request.rest);
                if request.is_wireless {
                    PayloadType::SdpRequestWireless
                } else {
                    PayloadType::SdpRequest
                }
            }
            Self::Response(response) => {
                out.put(&response.address.octets());
                out.put(&response.port.to_be_bytes());
                out.put(&[response.security.to_raw(), response.transport.to_raw()]);
                if let Some(wireless) = &response.wireless {
                    out.put(&[wireless.diagnostic_status.to_raw(), wireless.coupling_type]);
                    out.put(wireless.evse_id);
                }
                out.put(response.rest);
                if response.is_wireless {
                    PayloadType::SdpResponseWireless
                } else {
                    PayloadType::SdpResponse
                }
            }
        };
        let length = u32::try_from(out.used - 8).unwrap_or(u32::MAX);
        let header = crate::v2gtp::Header { payload_type, length };
        let used = core::mem::replace(&mut out.used, 0);
        out.put(&header.encode());
        if used > out.buffer.len() {
            let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
            return Err(SdpError::BufferTooShort {
                need: small(used),
                got: small(out.buffer.len()),
            });
        }
        Ok(used)
    }
}

impl<'a> WirelessRequest<'a> {
    fn split(octets: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let ([m0, m1, coupling_type], rest) = octets.split_first_chunk::<3>()?;
        let (ev_id, rest) = rest.split_first_chunk::<20>()?;
        let (evse_id, rest) = rest.split_first_chunk::<36>()?;
        let pairing_methods = u16::from_be_bytes([*m0, *m1]);
        Some((Self { pairing_methods, coupling_type: *coupling_type, ev_id, evse_id }, rest))
    }
}

impl<'a> WirelessResponse<'a> {
    fn split(octets: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let ([status, coupling_type], rest) = octets.split_first_chunk::<2>()?;
        let (evse_id, rest) = rest.split_first_chunk::<36>()?;
        let diagnostic_status = DiagnosticStatus::from_raw(*status);
        Some((Self { diagnostic_status, coupling_type: *coupling_type, evse_id }, rest))
    }
}

/// A buffer filled from the front; what does not fit is only counted.
struct Out<'b> {
    buffer: &'b mut [u8],
    used: usize,
}

impl Out<'_> {
    fn put(&mut self, octets: &[u8]) {
        let room = self.buffer.get_mut(self.used..).unwrap_or_default();
        for (to, from) in room.iter_mut().zip(octets) {
            *to = *from;
        }
        self.used += octets.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_forms_are_those_of_the_captures() {
        let octets = [1, 0xFE, 0x90, 0, 0, 0, 0, 2, 0x10, 0];
        let datagram = Datagram::decode(&octets);
        let Ok(Datagram::Request(request)) = datagram else { unreachable!() };
        assert_eq!((request.security, request.transport), (Security::None, Transport::Tcp));
        let mut buffer = [0; 10];
        assert_eq!(Datagram::Request(request).encode(&mut buffer), Ok(10));
        assert_eq!(buffer, octets);
        let error = SdpError::BufferTooShort { need: 10, got: 9 };
        assert_eq!(Datagram::Request(request).encode(&mut buffer[..9]), Err(error));
    }
}
