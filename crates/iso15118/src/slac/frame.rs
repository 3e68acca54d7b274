//! Ethernet frames with HomePlug management messages: one row a message in [`messages!`], fields in wire order.

use core::fmt;

/// Ethernet type of HomePlug.
const ETHER_TYPE: [u8; 2] = [0x88, 0xE1];
/// Destination, source, type, version, message type.
const HEAD: usize = 17;
/// The shortest frame; shorter ones are filled with zeros.
const SHORTEST: usize = 60;

/// A MAC address. `Debug` is masked, because the vehicle's is its `EVCCID`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// To everyone.
    pub const BROADCAST: Self = Self([0xFF; 6]);
    /// The modem beside the host, whatever its address.
    pub const LOCAL_MODEM: Self = Self([0x00, 0xB0, 0x52, 0x00, 0x00, 0x01]);
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<masked, 6 bytes>")
    }
}

/// A network membership key. `Debug` is masked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyBytes(pub [u8; 16]);

impl fmt::Debug for KeyBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<masked, 16 bytes>")
    }
}

/// Attenuations of groups of carriers, dB, one octet each, after their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Groups<'a>(pub &'a [u8]);

/// Attenuations of groups of carriers, dB, one octet each, after their number and a reserved octet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReservedGroups<'a> {
    /// The reserved octet.
    pub reserved: u8,
    /// The attenuations; some modems send none.
    pub groups: &'a [u8],
}

/// Why octets are no frame, or a frame does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SlacError {
    /// Shorter than what it must hold.
    #[error("message {kind:#06x}: the frame ends at octet {got}, in a field that goes to {need}")]
    Truncated {
        /// The message type; 0 in the head of the frame.
        kind: u16,
        /// Octets up to the end of the field.
        need: u16,
        /// Octets of the frame.
        got: u16,
    },
    /// The Ethernet type is another.
    #[error("ethernet type {found:#06x} is not that of HomePlug")]
    EtherType {
        /// The type found.
        found: u16,
    },
    /// More groups than one octet can count, or a buffer that is too short.
    #[error("need {need} octets, got {got}")]
    BufferTooShort {
        /// Octets due.
        need: u16,
        /// Octets of the buffer.
        got: u16,
    },
}

const _: () = assert!(size_of::<SlacError>() <= 32);

/// A frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// To whom.
    pub destination: Mac,
    /// From whom.
    pub source: Mac,
    /// Version of the management message: 1 in SLAC.
    pub version: u8,
    /// Fragmentation info, which version 1 has; 0.
    pub fragmentation: [u8; 2],
    /// The message.
    pub body: Body<'a>,
    /// What follows the message: filling, kept as it came. Empty in a frame to send, which is filled to 60 octets.
    pub rest: &'a [u8],
}

/// What is read and written as a field of a message.
trait Field<'a>: Sized {
    fn take(reader: &mut Reader<'a>) -> Result<Self, SlacError>;
    fn put(&self, out: &mut Out<'_>);
}

macro_rules! messages {
    ($( $(#[$meta:meta])* $kind:literal $name:ident $(<$lt:lifetime>)? { $( $(#[$field_meta:meta])* $field:ident: $type:ty, )* } )*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct $name $(<$lt>)? { $( $(#[$field_meta])* pub $field: $type, )* }
        )*

        /// A message by its type.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Body<'a> {
            $( $(#[$meta])* $name($name $(<$lt>)?), )*
            /// Any other message, of another part of HomePlug or of a vendor.
            Other {
                /// The message type.
                kind: u16,
                /// What follows it.
                octets: &'a [u8],
            },
        }

        impl<'a> Body<'a> {
            /// The message type.
            #[must_use]
            pub const fn kind(&self) -> u16 {
                match self {
                    $( Self::$name(_) => $kind, )*
                    Self::Other { kind, .. } => *kind,
                }
            }

            fn take(kind: u16, reader: &mut Reader<'a>) -> Result<Self, SlacError> {
                match kind {
                    $( $kind => Ok(Self::$name($name { $( $field: Field::take(reader)?, )* })), )*
                    kind => Ok(Self::Other { kind, octets: reader.rest() }),
                }
            }

            fn put(&self, out: &mut Out<'_>) {
                match self {
                    $( Self::$name(message) => { $( message.$field.put(out); )* } )*
                    Self::Other { octets, .. } => out.put(octets),
                }
            }
        }
    };
}

messages! {
    /// `CM_SLAC_PARM.REQ`: a vehicle begins.
    0x6064 SlacParmReq {
        /// Application type, 0.
        application: u8,
        /// Security type, 0.
        security: u8,
        /// Drawn by the vehicle; all messages of one matching bear it.
        run_id: [u8; 8],
    }
    /// `CM_SLAC_PARM.CNF`: a charger says how it wants the sounds.
    0x6065 SlacParmCnf {
        /// To whom sounds go: broadcast.
        target: Mac,
        /// How many.
        sounds: u8,
        /// How long they may take, in 100 ms.
        timeout: u8,
        /// Who gets the result: 1, another station.
        response_type: u8,
        /// That station: the vehicle.
        forwarding: Mac,
        /// Application type, 0.
        application: u8,
        /// Security type, 0.
        security: u8,
        /// Of the matching.
        run_id: [u8; 8],
    }
    /// `CM_START_ATTEN_CHAR.IND`: sounds follow.
    0x606A StartAttenCharInd {
        /// Application type, 0.
        application: u8,
        /// Security type, 0.
        security: u8,
        /// How many sounds.
        sounds: u8,
        /// How long they may take, in 100 ms.
        timeout: u8,
        /// Who gets the result: 1, another station.
        response_type: u8,
        /// That station: the vehicle.
        forwarding: Mac,
        /// Of the matching.
        run_id: [u8; 8],
    }
    /// `CM_MNBC_SOUND.IND`: a sound.
    0x6076 MnbcSoundInd {
        /// Application type, 0.
        application: u8,
        /// Security type, 0.
        security: u8,
        /// The vehicle's identifier, zeros.
        sender_id: [u8; 17],
        /// Sounds that follow.
        countdown: u8,
        /// Of the matching.
        run_id: [u8; 8],
        /// Zeros.
        reserved: [u8; 8],
        /// Drawn by the vehicle.
        random: [u8; 16],
    }
    /// `CM_ATTEN_PROFILE.IND`: the charger's modem says how it heard a sound.
    0x6086 AttenProfileInd<'a> {
        /// The vehicle that made it.
        pev: Mac,
        /// How it was heard.
        groups: ReservedGroups<'a>,
    }
    /// `CM_ATTEN_CHAR.IND`: the charger says how it heard all sounds.
    0x606E AttenCharInd<'a> {
        /// Application type, 0.
        application: u8,
        /// Security type, 0.
        security: u8,
        /// The vehicle that made the sounds.
        source: Mac,
        /// Of the matching.
        run_id: [u8; 8],
        /// The vehicle's identifier, zeros.
        source_id: [u8; 17],
        /// The charger's identifier, zeros.
        response_id: [u8; 17],
        /// How many sounds were heard.
        sounds: u8,
        /// Their mean attenuation.
        groups: Groups<'a>,
    }
    /// `CM_ATTEN_CHAR.RSP`: the vehicle has the result.
    0x606F AttenCharRsp {
        /// Application type, 0.
        application: u8,
        /// Security type, 0.
        security: u8,
        /// The vehicle that made the sounds.
        source: Mac,
        /// Of the matching.
        run_id: [u8; 8],
        /// The vehicle's identifier, zeros.
        source_id: [u8; 17],
        /// The charger's identifier, zeros.
        response_id: [u8; 17],
        /// 0: well.
        result: u8,
    }
    /// `CM_VALIDATE.REQ`: the vehicle wants to prove by toggling its pilot that it is plugged in here. Layout unverified.
    0x6078 ValidateReq {
        /// 0: toggles of state B and C.
        signal_type: u8,
        /// How long it toggles.
        timer: u8,
        /// Result code.
        result: u8,
    }
    /// `CM_VALIDATE.CNF`. Layout unverified.
    0x6079 ValidateCnf {
        /// 0: toggles of state B and C.
        signal_type: u8,
        /// Toggles seen.
        toggles: u8,
        /// Result code.
        result: u8,
    }
    /// `CM_SLAC_MATCH.REQ`: the vehicle has chosen the charger.
    0x607C SlacMatchReq {
        /// Application type, 0.
        application: u8,
        /// Security type, 0.
        security: u8,
        /// Octets that follow: 62.
        length: u16,
        /// The vehicle's identifier, zeros.
        pev_id: [u8; 17],
        /// The vehicle.
        pev: Mac,
        /// The charger's identifier, zeros.
        evse_id: [u8; 17],
        /// The charger.
        evse: Mac,
        /// Of the matching.
        run_id: [u8; 8],
        /// Zeros.
        reserved: [u8; 8],
    }
    /// `CM_SLAC_MATCH.CNF`: the charger gives the key of its network.
    0x607D SlacMatchCnf {
        /// Application type, 0.
        application: u8,
        /// Security type, 0.
        security: u8,
        /// Octets that follow: 86.
        length: u16,
        /// The vehicle's identifier, zeros.
        pev_id: [u8; 17],
        /// The vehicle.
        pev: Mac,
        /// The charger's identifier, zeros.
        evse_id: [u8; 17],
        /// The charger.
        evse: Mac,
        /// Of the matching.
        run_id: [u8; 8],
        /// Zeros.
        reserved: [u8; 8],
        /// Network identifier.
        nid: [u8; 7],
        /// Zero.
        reserved2: u8,
        /// Network membership key.
        nmk: KeyBytes,
    }
    /// `CM_SET_KEY.REQ`: a host gives its modem the key.
    0x6008 SetKeyReq {
        /// 1: network membership key.
        key_type: u8,
        /// The host's nonce.
        my_nonce: [u8; 4],
        /// The modem's nonce.
        your_nonce: [u8; 4],
        /// Protocol: 4.
        pid: u8,
        /// Protocol run number.
        prn: [u8; 2],
        /// Protocol message number.
        pmn: u8,
        /// Capability as coordinator.
        cco: u8,
        /// Network identifier.
        nid: [u8; 7],
        /// Which key it is encrypted with: 1, none.
        new_eks: u8,
        /// The key.
        key: KeyBytes,
    }
    /// `CM_SET_KEY.CNF`. Modems answer 1, formally a refusal, although they take the key.
    0x6009 SetKeyCnf {
        /// 0, or 1, which is no failure.
        result: u8,
        /// The modem's nonce.
        my_nonce: [u8; 4],
        /// The host's nonce.
        your_nonce: [u8; 4],
        /// Protocol: 4.
        pid: u8,
        /// Protocol run number.
        prn: [u8; 2],
        /// Protocol message number.
        pmn: u8,
        /// Capability as coordinator.
        cco: u8,
    }
}

impl<'a> Frame<'a> {
    /// A frame to send, of version 1, with nothing after its message.
    #[must_use]
    pub const fn new(destination: Mac, source: Mac, body: Body<'a>) -> Self {
        Self { destination, source, version: 1, fragmentation: [0; 2], body, rest: &[] }
    }

    /// Decodes a frame. Messages that are none of SLAC are kept whole.
    ///
    /// # Errors
    /// It is none of HomePlug, or ends in the middle of a field.
    pub fn decode(octets: &'a [u8]) -> Result<Self, SlacError> {
        let mut reader = Reader { octets, at: 0, kind: 0 };
        let (destination, source) = (Mac::take(&mut reader)?, Mac::take(&mut reader)?);
        let ether_type = <[u8; 2]>::take(&mut reader)?;
        if ether_type != ETHER_TYPE {
            return Err(SlacError::EtherType { found: u16::from_be_bytes(ether_type) });
        }
        let version = u8::take(&mut reader)?;
        let kind = u16::take(&mut reader)?;
        // Version 0 has no fragmentation info, and no message of SLAC.
        if version == 0 {
            let body = Body::Other { kind, octets: reader.rest() };
            return Ok(Self {
                destination,
                source,
                version,
                fragmentation: [0; 2],
                body,
                rest: &[],
            });
        }
        reader.kind = kind;
        let fragmentation = Field::take(&mut reader)?;
        let body = Body::take(kind, &mut reader)?;
        Ok(Self { destination, source, version, fragmentation, body, rest: reader.rest() })
    }

    /// Encodes the frame into the start of `buffer` and gives its length, at least 60 where it bears a message of SLAC.
    ///
    /// # Errors
    /// The buffer is too short.
    pub fn encode(&self, buffer: &mut [u8]) -> Result<usize, SlacError> {
        let mut out = Out { buffer, used: 0 };
        self.destination.put(&mut out);
        self.source.put(&mut out);
        out.put(&ETHER_TYPE);
        out.put(&[self.version]);
        self.body.kind().put(&mut out);
        if self.version != 0 {
            out.put(&self.fragmentation);
        }
        self.body.put(&mut out);
        out.put(self.rest);
        if self.rest.is_empty() && !matches!(self.body, Body::Other { .. }) {
            out.put([0; SHORTEST].get(out.used..).unwrap_or_default());
        }
        let (used, room) = (out.used, out.buffer.len());
        let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        if used > room {
            return Err(SlacError::BufferTooShort { need: small(used), got: small(room) });
        }
        debug_assert!(used >= HEAD);
        Ok(used)
    }
}

struct Reader<'a> {
    octets: &'a [u8],
    at: usize,
    kind: u16,
}

impl<'a> Reader<'a> {
    fn octets(&mut self, count: usize) -> Result<&'a [u8], SlacError> {
        let end = self.at.saturating_add(count);
        let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let (kind, got) = (self.kind, small(self.octets.len()));
        let truncated = SlacError::Truncated { kind, need: small(end), got };
        let octets = self.octets.get(self.at..end).ok_or(truncated)?;
        self.at = end;
        Ok(octets)
    }

    fn rest(&mut self) -> &'a [u8] {
        let rest = self.octets.get(self.at..).unwrap_or_default();
        self.at = self.octets.len();
        rest
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

impl<'a, const N: usize> Field<'a> for [u8; N] {
    fn take(reader: &mut Reader<'a>) -> Result<Self, SlacError> {
        let octets = reader.octets(N)?;
        Ok(octets.first_chunk().copied().unwrap_or([0; N]))
    }

    fn put(&self, out: &mut Out<'_>) {
        out.put(self);
    }
}

impl<'a> Field<'a> for u8 {
    fn take(reader: &mut Reader<'a>) -> Result<Self, SlacError> {
        <[Self; 1]>::take(reader).map(|[octet]| octet)
    }

    fn put(&self, out: &mut Out<'_>) {
        out.put(&[*self]);
    }
}

impl<'a> Field<'a> for u16 {
    fn take(reader: &mut Reader<'a>) -> Result<Self, SlacError> {
        <[u8; 2]>::take(reader).map(Self::from_le_bytes)
    }

    fn put(&self, out: &mut Out<'_>) {
        out.put(&self.to_le_bytes());
    }
}

impl<'a> Field<'a> for Mac {
    fn take(reader: &mut Reader<'a>) -> Result<Self, SlacError> {
        <[u8; 6]>::take(reader).map(Self)
    }

    fn put(&self, out: &mut Out<'_>) {
        out.put(&self.0);
    }
}

impl<'a> Field<'a> for KeyBytes {
    fn take(reader: &mut Reader<'a>) -> Result<Self, SlacError> {
        <[u8; 16]>::take(reader).map(Self)
    }

    fn put(&self, out: &mut Out<'_>) {
        out.put(&self.0);
    }
}

impl<'a> Field<'a> for Groups<'a> {
    fn take(reader: &mut Reader<'a>) -> Result<Self, SlacError> {
        let count = u8::take(reader)?;
        reader.octets(usize::from(count)).map(Self)
    }

    fn put(&self, out: &mut Out<'_>) {
        let counted = self.0.get(..255).unwrap_or(self.0);
        out.put(&[counted.len() as u8]);
        out.put(counted);
    }
}

impl<'a> Field<'a> for ReservedGroups<'a> {
    fn take(reader: &mut Reader<'a>) -> Result<Self, SlacError> {
        let (count, reserved) = (u8::take(reader)?, u8::take(reader)?);
        let groups = reader.octets(usize::from(count))?;
        Ok(Self { reserved, groups })
    }

    fn put(&self, out: &mut Out<'_>) {
        let counted = self.groups.get(..255).unwrap_or(self.groups);
        out.put(&[counted.len() as u8, self.reserved]);
        out.put(counted);
    }
}
