//! The lists sent while charging: BMV, BMT, BSP (GB/T 27930-2015 clauses 10.3.5 to 10.3.7). All optional; no timeout
//! applies to them.

use core::fmt;

use super::MessageKind;
use crate::edition::Edition;
use crate::error::{DecodeError, EncodeError};
use crate::table::{FieldType, Position, Shape, field, message};
use crate::units::{Celsius, CentiVolts};

message! {
    pub(crate) CELL_VOLTAGES = "BMV" "cell voltages", clause "10.3.5", from Bms, pf 0x15, priority 7, period 10000, in Charging,
    minimum 0, length 512, in2011 512, B, fields &[field! {
        /// Voltage of a cell and its group, one after the other.
        cells: CellVoltage, at 1, spn 3101, O, B, range 0..=2400, repeat 256
    }]
}

message! {
    pub(crate) BATTERY_TEMPERATURES = "BMT" "battery temperatures", clause "10.3.6", from Bms, pf 0x16, priority 7, period 10000, in Charging,
    minimum 0, length 128, in2011 128, B, fields &[field! {
        /// Temperature at a sensor, one after the other.
        temperatures: Option<Celsius>, at 1, spn none, M, B, range -50..=200, repeat 128
    }]
}

message! {
    pub(crate) BATTERY_RESERVED = "BSP" "battery reserved message", clause "10.3.7", from Bms, pf 0x17, priority 7, period 10000, in Charging,
    minimum 0, length 32, in2011 32, X, fields &[field! {
        /// 16 reserved fields of 1 byte (two sources) or 2 bytes (one): sources conflict, kept as opaque bytes.
        reserved: [u8; 1], at 1, spn 3491, O, X, repeat 32
    }]
}

/// Voltage of a cell (12 bits, 0.01 V) and the number of its group (4 bits).
///
/// Groups count from 0 in 2015 by two sources, from 1 in older texts (sources conflict): the raw number is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct CellVoltage(u16);

impl CellVoltage {
    /// From the 16 bits of the wire.
    #[must_use]
    pub const fn from_raw(raw: u16) -> Self {
        Self(raw)
    }

    /// From a voltage (up to 40.94 V, `None` for not available) and a group number (up to 15).
    #[must_use]
    pub const fn new(voltage: Option<CentiVolts>, group: u8) -> Option<Self> {
        let raw = match voltage {
            Some(volts) if volts.raw() < 0xFFF => volts.raw(),
            Some(_) => return None,
            None => 0xFFF,
        };
        if group > 15 { None } else { Some(Self((group as u16) << 12 | raw)) }
    }

    /// The 16 bits of the wire.
    #[must_use]
    pub const fn raw(self) -> u16 {
        self.0
    }

    /// The voltage, `None` if its 12 bits are all ones, whatever the group.
    #[must_use]
    pub const fn voltage(self) -> Option<CentiVolts> {
        match self.0 & 0xFFF {
            0xFFF => None,
            raw => Some(CentiVolts::from_raw(raw)),
        }
    }

    /// The raw group number, 0 to 15.
    #[must_use]
    pub const fn group(self) -> u8 {
        (self.0 >> 12) as u8
    }
}

/// Not available, in group 15: all ones.
impl Default for CellVoltage {
    fn default() -> Self {
        Self(0xFFFF)
    }
}

impl FieldType for CellVoltage {
    const WIDTH: u16 = 16;
    const SHAPE: Shape = Shape::Cell(crate::table::CELL_SCALE);
    #[inline(always)]
    fn read(payload: &[u8], at: Position) -> Self {
        Self(u16::read(payload, at))
    }
    #[inline(always)]
    fn write(
        self,
        payload: &mut [u8],
        at: Position,
        name: &'static str,
    ) -> Result<(), EncodeError> {
        self.0.write(payload, at, name)
    }
}

/// A view of a list: any length is legal, so making one cannot fail.
macro_rules! list_view {
    ($($(#[$doc:meta])+ $view:ident;)+) => { $(
        $(#[$doc])+
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub struct $view<'a> {
            payload: &'a [u8],
            edition: Edition,
        }

        impl<'a> $view<'a> {
            /// A view of a payload.
            ///
            /// # Errors
            /// None at present: any length is a list.
            #[inline]
            pub const fn new(payload: &'a [u8], edition: Edition) -> Result<Self, DecodeError> {
                Ok(Self { payload, edition })
            }

            /// The payload as received.
            #[must_use]
            pub const fn as_bytes(&self) -> &'a [u8] {
                self.payload
            }

            /// The edition, which makes no difference to this message.
            #[must_use]
            pub const fn edition(&self) -> Edition {
                self.edition
            }
        }
    )+ };
}
pub(super) use list_view;

list_view! {
    /// BMV, voltages of the cells: up to 256, each 12 bits with a 4-bit group.
    #[doc(alias = "BMV")]
    CellVoltagesView;
    /// BMT, temperatures of the battery: up to 128 sensors.
    #[doc(alias = "BMT")]
    BatteryTemperaturesView;
    /// BSP, reserved: opaque bytes.
    #[doc(alias = "BSP")]
    BatteryReservedView;
}

impl<'a> CellVoltagesView<'a> {
    /// The cells in order; an odd last byte is left to [`Self::remainder`].
    #[must_use]
    pub fn iter(
        &self,
    ) -> impl ExactSizeIterator<Item = CellVoltage> + DoubleEndedIterator + Clone + 'a {
        self.payload.as_chunks().0.iter().map(|pair| CellVoltage(u16::from_le_bytes(*pair)))
    }

    /// Number of whole cells.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.payload.len() / 2
    }

    /// Whether there is no whole cell.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The odd last byte, if there is one.
    #[must_use]
    pub fn remainder(&self) -> Option<u8> {
        self.payload.as_chunks::<2>().1.first().copied()
    }

    /// Writes a list and returns its length in bytes.
    ///
    /// # Errors
    /// More than 256 cells, or a buffer that is too small.
    pub fn encode(
        cells: impl IntoIterator<Item = CellVoltage>,
        out: &mut [u8],
    ) -> Result<usize, EncodeError> {
        encode_items(MessageKind::Bmv, 256, cells.into_iter().map(|c| c.0.to_le_bytes()), out)
    }
}

impl<'a> BatteryTemperaturesView<'a> {
    /// The temperatures in order.
    #[must_use]
    pub fn iter(
        &self,
    ) -> impl ExactSizeIterator<Item = Option<Celsius>> + DoubleEndedIterator + Clone + 'a {
        self.payload.iter().map(|&raw| (raw != 0xFF).then_some(Celsius::from_raw(raw)))
    }

    /// Writes a list and returns its length in bytes.
    ///
    /// # Errors
    /// More than 128 sensors, or a buffer that is too small.
    pub fn encode(
        temperatures: impl IntoIterator<Item = Option<Celsius>>,
        out: &mut [u8],
    ) -> Result<usize, EncodeError> {
        let items = temperatures.into_iter().map(|t| [t.map_or(0xFF, Celsius::raw)]);
        encode_items(MessageKind::Bmt, 128, items, out)
    }
}

fn encode_items<const N: usize>(
    message: MessageKind,
    most: u16,
    items: impl Iterator<Item = [u8; N]>,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let actual_buffer = u16::try_from(out.len()).unwrap_or(u16::MAX);
    let mut slots = out.as_chunks_mut::<N>().0.iter_mut();
    let mut count = 0_u16;
    for item in items {
        count = count.saturating_add(1);
        if count > most {
            return Err(EncodeError::TooManyItems { message, most, actual: count });
        }
        let needed = count * N as u16;
        *slots.next().ok_or(EncodeError::BufferTooSmall { needed, actual: actual_buffer })? = item;
    }
    Ok(usize::from(count) * N)
}

impl fmt::Debug for CellVoltagesView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl fmt::Debug for BatteryTemperaturesView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl fmt::Debug for BatteryReservedView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} reserved bytes>", self.payload.len())
    }
}
