//! The application messages: one file per phase of a session, in the order of the standard.
//!
//! [`Message::decode_frame`] reads a single frame, [`Message::decode`] a payload that the
//! [transport protocol](crate::transport) reassembled. Every message has a row in the [table](crate::table); its view
//! borrows the payload and reads a field when asked.
//!
//! The last line under each field is its row: the place as `byte.bit` from 1 (bit 1 is the least significant, numbers are
//! little-endian), the SPN, M for mandatory, O for optional, R for reserved, and the confidence: A for several
//! implementations that agree and captures that fit, B for two sources, C for one, M for memory, X for sources that
//! conflict. Resolution, offset and unit are those of the field's type ([`crate::units`]); `None` is 'not available',
//! all ones on the wire.

mod charging;
mod configuration;
mod diagnostic;
mod ending;
mod handshake;
mod lists;
mod stops;

pub use charging::*;
pub use configuration::*;
pub use diagnostic::*;
pub use ending::*;
pub use handshake::*;
pub use lists::*;
pub use stops::*;

use core::fmt;

use crate::edition::{Edition, Party};
use crate::error::{DecodeError, EncodeError};
use crate::frame::{CanId, Frame, PF_TP_CM, PF_TP_DT};
use crate::table::{MessageInfo, Presence};

/// The list of all messages: the standard's code, the view, and the table row.
macro_rules! messages {
    ($($kind:ident $code:literal $view:ident $info:expr;)+) => {
        /// Which message. Named by the standard's codes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub enum MessageKind {
            $( #[doc = concat!("See [`", stringify!($view), "`].")] #[doc(alias = $code)] $kind, )+
        }

        impl MessageKind {
            /// Every message, in the order of the standard.
            pub const ALL: &'static [Self] = &[ $( Self::$kind ),+ ];

            /// Its row in the table.
            #[must_use]
            pub const fn info(self) -> &'static MessageInfo {
                match self { $( Self::$kind => { const ROW: &MessageInfo = &$info; ROW } )+ }
            }

            /// The message of a PDU format from a sender.
            #[must_use]
            #[inline]
            pub const fn from_pf(pf: u8, sender: Party) -> Option<Self> {
                let kinds = match sender {
                    Party::Charger => &OF_CHARGER,
                    Party::Bms => &OF_BMS,
                };
                if pf < FORMATS as u8 {
                    #[allow(clippy::indexing_slicing, reason = "checked")]
                    kinds[pf as usize]
                } else {
                    None
                }
            }

            /// The message of that code (`BCL`).
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $( $code => Some(Self::$kind), )+ _ => None }
            }

            /// The standard's code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Self::$kind => $code, )+ }
            }
        }

        /// A decoded message: a view of its payload. `Debug` masks identifiers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Message<'a> {
            $( #[doc = $code] $kind($view<'a>), )+
        }

        impl<'a> Message<'a> {
            /// Reads a payload, from a single frame or reassembled.
            ///
            /// Lengths that no edition foresees are accepted as long as the mandatory fields are there;
            /// [`MessageInfo::is_usual_length`] tells.
            ///
            /// # Errors
            /// [`DecodeError::Truncated`].
            #[inline]
            pub const fn decode(kind: MessageKind, payload: &'a [u8], edition: Edition) -> Result<Self, DecodeError> {
                match kind { $(
                    MessageKind::$kind => match $view::new(payload, edition) {
                        Ok(view) => Ok(Self::$kind(view)),
                        Err(error) => Err(error),
                    },
                )+ }
            }

            /// Which message.
            #[must_use]
            pub const fn kind(&self) -> MessageKind {
                match self { $( Self::$kind(_) => MessageKind::$kind, )+ }
            }

            /// The payload as received: encoding a decoded message is copying this.
            #[must_use]
            pub const fn as_bytes(&self) -> &'a [u8] {
                match self { $( Self::$kind(view) => view.as_bytes(), )+ }
            }

            /// The edition whose layout applies.
            #[must_use]
            pub const fn edition(&self) -> Edition {
                match self { $( Self::$kind(view) => view.edition(), )+ }
            }
        }
    };
}

messages! {
    Chm "CHM" ChargerHandshakeView ChargerHandshake::INFO;
    Bhm "BHM" VehicleHandshakeView VehicleHandshake::INFO;
    Crm "CRM" ChargerRecognitionView ChargerRecognition::INFO;
    Brm "BRM" VehicleRecognitionView VehicleRecognition::INFO;
    Bcp "BCP" BatteryParametersView BatteryParameters::INFO;
    Cts "CTS" ChargerTimeView ChargerTime::INFO;
    Cml "CML" ChargerLimitsView ChargerLimits::INFO;
    Bro "BRO" VehicleReadyView VehicleReady::INFO;
    Cro "CRO" ChargerReadyView ChargerReady::INFO;
    Bcl "BCL" ChargeDemandView ChargeDemand::INFO;
    Bcs "BCS" BatteryStatusView BatteryStatus::INFO;
    Ccs "CCS" ChargerStatusView ChargerStatus::INFO;
    Bsm "BSM" BatteryStateView BatteryState::INFO;
    Bmv "BMV" CellVoltagesView CELL_VOLTAGES;
    Bmt "BMT" BatteryTemperaturesView BATTERY_TEMPERATURES;
    Bsp "BSP" BatteryReservedView BATTERY_RESERVED;
    Bst "BST" VehicleStopView VehicleStopCauses::INFO;
    Cst "CST" ChargerStopView ChargerStopCauses::INFO;
    Bsd "BSD" VehicleStatisticsView VehicleStatistics::INFO;
    Csd "CSD" ChargerStatisticsView ChargerStatistics::INFO;
    Bem "BEM" VehicleErrorView VehicleTimeouts::INFO;
    Cem "CEM" ChargerErrorView ChargerTimeouts::INFO;
    Dm1 "DM1" ActiveTroubleCodesView DM1;
    Dm2 "DM2" HistoricTroubleCodesView DM2;
    Dm3 "DM3" ReadinessDiagnosisView DM3;
    Dm4 "DM4" ClearActiveView DM4;
    Dm5 "DM5" ClearHistoricView DM5;
    Dm6 "DM6" FreezeFrameView DM6;
}

impl MessageKind {
    /// The message that a single frame of this identifier carries.
    ///
    /// # Errors
    /// [`DecodeError::Foreign`], [`DecodeError::UnknownMessage`] or [`DecodeError::TransportFrame`].
    #[inline]
    pub const fn of(id: CanId) -> Result<Self, DecodeError> {
        match Self::carried_by(id) {
            Some(kind) => Ok(kind),
            None => Err(Self::why_none(id)),
        }
    }

    #[inline]
    const fn carried_by(id: CanId) -> Option<Self> {
        match id.sender() {
            Some(sender) => Self::from_pf(id.pf(), sender),
            None => None,
        }
    }

    #[cold]
    const fn why_none(id: CanId) -> DecodeError {
        let can_id = id.raw();
        match (id.sender(), id.pf()) {
            (None, _) => DecodeError::Foreign { can_id },
            (_, PF_TP_CM | PF_TP_DT) => DecodeError::TransportFrame { can_id },
            _ => DecodeError::UnknownMessage { can_id },
        }
    }
}

/// The standard's code.
impl fmt::Display for MessageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl<'a> Message<'a> {
    /// Reads a message that is a single frame.
    ///
    /// ```
    /// use evse_gbt27930::{CanId, Edition, Frame, message::Message};
    ///
    /// let id = CanId::from_raw(0x1810_56F4).unwrap();
    /// let frame = Frame::new(id, &[0xA5, 0x10, 0xD8, 0x0E, 0x02]).unwrap();
    /// let Message::Bcl(demand) = Message::decode_frame(&frame, Edition::V2015)? else { panic!() };
    /// assert_eq!(demand.voltage_demand().unwrap().to_string(), "426.1 V");
    /// assert_eq!(demand.current_demand().unwrap().charging_magnitude(), 200);
    /// # Ok::<(), evse_gbt27930::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// [`DecodeError`]: not a single-frame message of this bus, or mandatory fields missing.
    #[inline]
    pub fn decode_frame(frame: &'a Frame, edition: Edition) -> Result<Self, DecodeError> {
        match MessageKind::carried_by(frame.id()) {
            Some(kind) => Self::decode(kind, frame.data(), edition),
            None => Err(MessageKind::why_none(frame.id())),
        }
    }

    /// The fields as the table sees them.
    #[must_use]
    pub const fn fields(&self) -> crate::table::Fields<'a> {
        crate::table::Fields::new(self.kind(), self.as_bytes(), self.edition())
    }
}

/// One more than the greatest PDU format of a message.
const FORMATS: usize = 0x26 + 2;
/// The messages of each sender by PDU format.
static OF_CHARGER: [Option<MessageKind>; FORMATS] = kinds_of(Party::Charger);
static OF_BMS: [Option<MessageKind>; FORMATS] = kinds_of(Party::Bms);

const fn kinds_of(sender: Party) -> [Option<MessageKind>; FORMATS] {
    let mut kinds = [None; FORMATS];
    let mut rest = MessageKind::ALL;
    while let [kind, tail @ ..] = rest {
        let info = kind.info();
        let is_sent = match info.sender {
            Some(by) => by.address() == sender.address(),
            None => true,
        };
        if is_sent {
            #[allow(clippy::indexing_slicing, reason = "in a constant: checked when compiling")]
            {
                kinds[info.pf as usize] = Some(*kind);
            }
        }
        rest = tail;
    }
    kinds
}

/// Puts a payload that is as long as in 2015 into a buffer, as far as the edition has it: `lengths` are those of 2011 and
/// later.
#[inline]
pub(crate) fn put(
    lengths: [u16; 2],
    message: MessageKind,
    edition: Edition,
    payload: &[u8],
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let [in_2011, later] = lengths;
    let needed = if edition == Edition::V2011 { in_2011 } else { later };
    if needed == 0 {
        return Err(EncodeError::NotInEdition { message, edition });
    }
    let len = usize::from(needed);
    let actual = u16::try_from(out.len()).unwrap_or(u16::MAX);
    match (out.get_mut(..len), payload.get(..len)) {
        (Some(to), Some(from)) => to.copy_from_slice(from),
        _ => return Err(EncodeError::BufferTooSmall { needed, actual }),
    }
    Ok(len)
}

/// Copies the fields that a short payload has in full; the bytes behind them stay ones, 'not available'. `ends` are
/// those of [`field_ends`].
#[cold]
#[inline(never)]
pub(crate) fn pad(ends: &[u16], edition: Edition, payload: &[u8], out: &mut [u8]) {
    let (in_2011, later) = ends.split_at_checked(ends.len() / 2).unwrap_or_default();
    let ends = if edition == Edition::V2011 { in_2011 } else { later };
    let end = ends.iter().rfind(|end| usize::from(**end) <= payload.len());
    let end = end.map_or(0, |end| usize::from(*end));
    if let (Some(to), Some(from)) = (out.get_mut(..end), payload.get(..end)) {
        to.copy_from_slice(from);
    }
}

/// Behind which byte each field ends, none before the field in front of it: in 2011 and later.
pub(crate) const fn field_ends<const N: usize>(info: &MessageInfo) -> [[u16; N]; 2] {
    let mut ends = [[0; N]; 2];
    let mut index = 0;
    #[allow(clippy::indexing_slicing, reason = "in a constant: checked when compiling")]
    while index < N {
        let (before_2011, before) =
            if index == 0 { (0, 0) } else { (ends[0][index - 1], ends[1][index - 1]) };
        let field = &info.fields[index];
        ends[0][index] = match field.position_in(Edition::V2011) {
            Some(at) => at.end() as u16,
            None => before_2011,
        };
        ends[1][index] = match field.position_in(Edition::V2015) {
            Some(at) => at.end() as u16,
            None => before,
        };
        index += 1;
    }
    ends
}

/// Refuses, at compile time, a table row whose fields overlap or lie outside the message, or whose minimum does not
/// reach its mandatory fields in the shortest edition.
pub(crate) const fn assert_fits(info: &MessageInfo) {
    let mut rest = info.fields;
    let mut next_bit = 0;
    while let [field, tail @ ..] = rest {
        let first_bit = (field.position.byte as usize - 1) * 8 + field.position.bit as usize - 1;
        assert!(first_bit >= next_bit, "fields overlap or are out of order");
        next_bit = first_bit + field.position.width as usize;
        assert!(field.position.end() <= info.length as usize, "field outside the message");
        if matches!(field.presence, Presence::Optional) {
            assert!(field.spn.is_some(), "an optional field without SPN");
        }
        rest = tail;
    }
    assert!(info.minimum <= info.length, "minimum above the length");
}
