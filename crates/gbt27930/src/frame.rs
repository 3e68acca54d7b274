//! CAN identifiers and frames: the link layer's values (GB/T 27930-2015 clause 6 and 7: J1939 PDU1, 250 kbit/s,
//! extended identifiers only).

use core::fmt;

use crate::edition::Party;

/// A 29-bit extended CAN identifier: `priority << 26 | PF << 16 | DA << 8 | SA`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CanId(u32);

/// PDU format of TP.CM, the transport protocol's connection management.
pub const PF_TP_CM: u8 = 0xEC;
/// PDU format of TP.DT, the transport protocol's data packets.
pub const PF_TP_DT: u8 = 0xEB;

impl CanId {
    /// From the low 29 bits of a number, `None` if more are set.
    #[must_use]
    pub const fn from_raw(raw: u32) -> Option<Self> {
        if raw >> 29 == 0 { Some(Self(raw)) } else { None }
    }

    /// The identifier under which a party sends a PDU format to the other one. Only the low 3 bits of the priority
    /// count.
    #[must_use]
    #[inline]
    pub const fn new(priority: u8, pf: u8, sender: Party) -> Self {
        Self(
            ((priority & 7) as u32) << 26
                | (pf as u32) << 16
                | (sender.peer().address() as u32) << 8
                | sender.address() as u32,
        )
    }

    /// The 29 bits.
    #[must_use]
    pub const fn raw(self) -> u32 {
        self.0
    }

    /// Priority, 0 (most urgent) to 7. Arbitration only: receivers ignore it.
    #[must_use]
    pub const fn priority(self) -> u8 {
        (self.0 >> 26) as u8
    }

    /// PDU format, the high byte of the parameter group number.
    #[must_use]
    pub const fn pf(self) -> u8 {
        (self.0 >> 16) as u8
    }

    /// Who sent it, `None` unless the frame is between charger and BMS with both page bits (R, DP) clear.
    #[must_use]
    #[inline]
    pub const fn sender(self) -> Option<Party> {
        match self.0 & 0x0300_FFFF {
            0xF456 => Some(Party::Charger),
            0x56F4 => Some(Party::Bms),
            _ => None,
        }
    }
}

impl CanId {
    /// Whether PDU format and addresses are the same, at any priority.
    #[inline]
    pub(crate) const fn is_same_message(self, other: Self) -> bool {
        (self.0 ^ other.0) & 0x03FF_FFFF == 0
    }
}

impl fmt::Debug for CanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Eight upper-case hexadecimal digits.
impl fmt::Display for CanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08X}", self.0)
    }
}

/// A classic CAN data frame with an extended identifier and at most 8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Frame {
    id: CanId,
    len: u8,
    bytes: [u8; 8],
}

impl Frame {
    /// A frame with this data, `None` if there are more than 8 bytes.
    #[must_use]
    #[inline]
    pub fn new(id: CanId, data: &[u8]) -> Option<Self> {
        let mut bytes = [0xFF; 8];
        bytes.get_mut(..data.len())?.copy_from_slice(data);
        Some(Self { id, len: data.len() as u8, bytes })
    }

    /// A frame with all 8 bytes.
    #[must_use]
    #[inline]
    pub const fn full(id: CanId, bytes: [u8; 8]) -> Self {
        Self { id, len: 8, bytes }
    }

    /// A frame with the first `len` of 8 bytes.
    #[must_use]
    #[inline]
    pub(crate) const fn of_bytes(id: CanId, len: u8, bytes: [u8; 8]) -> Self {
        // Bytes behind the data are ones, so that equal frames compare as equal.
        let unused = match len {
            0..=7 => u64::MAX << (8 * len),
            _ => 0,
        };
        let bytes = (u64::from_le_bytes(bytes) | unused).to_le_bytes();
        Self { id, len: if len < 8 { len } else { 8 }, bytes }
    }

    /// The identifier.
    #[must_use]
    pub const fn id(&self) -> CanId {
        self.id
    }

    /// The data, as many bytes as the DLC says.
    #[must_use]
    #[inline]
    pub fn data(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or(&self.bytes)
    }

    /// All 8 bytes, for frames whose DLC is 8.
    #[must_use]
    #[inline]
    pub(crate) const fn full_data(&self) -> Option<&[u8; 8]> {
        if self.len == 8 { Some(&self.bytes) } else { None }
    }
}

/// As can-utils writes it: `1826F456#010100`.
impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#", self.id)?;
        self.data().iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

/// The identifier and the length: data may carry a VIN, so it is printed by `Display` only.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#<{} bytes>", self.id, self.len)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Frame {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}#<{} bytes>", self.id, self.len);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, string::ToString};

    #[test]
    fn identifiers_of_the_message_table() {
        assert_eq!(CanId::new(6, 0x26, Party::Charger).raw(), 0x1826_F456);
        assert_eq!(CanId::new(7, PF_TP_CM, Party::Bms).raw(), 0x1CEC_56F4);
        assert_eq!(CanId::new(2, 0x1E, Party::Bms).to_string(), "081E56F4");
        let id = CanId::from_raw(0x1C02_56F4).unwrap();
        assert_eq!((id.priority(), id.pf(), id.sender()), (7, 2, Some(Party::Bms)));
        assert_eq!(CanId::from_raw(0x2000_0000), None);
    }

    #[test]
    fn page_bits_and_other_addresses_are_foreign() {
        for raw in [0x1926_F456, 0x1A26_F456, 0x0070_F4B5, 0x1826_F457] {
            assert_eq!(CanId::from_raw(raw).unwrap().sender(), None, "{raw:08X}");
        }
        // The priority is no part of the address.
        assert_eq!(CanId::from_raw(0x0026_F456).unwrap().sender(), Some(Party::Charger));
    }

    #[test]
    fn frames_print_as_can_utils_does_and_hide_data_in_debug() {
        let frame = Frame::new(CanId::new(6, 0x26, Party::Charger), &[1, 1, 0]).unwrap();
        assert_eq!(frame.to_string(), "1826F456#010100");
        assert_eq!(format!("{frame:?}"), "1826F456#<3 bytes>");
        assert_eq!(Frame::new(frame.id(), &[0; 9]), None);
    }
}
