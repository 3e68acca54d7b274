//! Diagnostic messages DM1 to DM6 (GB/T 27930-2015 annex B). Optional, not seen in captures (confidence B). The
//! standard gives DM4 two decimal parameter group numbers, 8906 and 8960; 0x2300 = 8960 is right.

use core::fmt;

use super::lists::list_view;
use crate::edition::Edition;
use crate::error::{DecodeError, EncodeError};
use crate::table::{FieldType, Position, Shape, field, message};

message! {
    pub(crate) DM1 = "DM1" "active trouble codes", clause "B", from Both, pf 0x20, priority 6, period 0, in Diagnostic,
    minimum 0, length 1784, in2011 1784, B, fields &[field! {
        /// Trouble codes that are active now.
        codes: TroubleCode, at 1, spn none, M, B, repeat 446
    }]
}
message! {
    pub(crate) DM2 = "DM2" "historic trouble codes", clause "B", from Both, pf 0x21, priority 6, period 0, in Diagnostic,
    minimum 0, length 1784, in2011 1784, B, fields &[field! {
        /// Trouble codes that were active earlier.
        codes: TroubleCode, at 1, spn none, M, B, repeat 446
    }]
}
message! {
    pub(crate) DM3 = "DM3" "diagnostic readiness", clause "B", from Both, pf 0x22, priority 6, period 0, in Diagnostic,
    minimum 0, length 2, in2011 2, B, fields &[field! {
        /// Readiness of the diagnosis, kept as bytes.
        readiness: [u8; 2], at 1, spn none, M, B
    }]
}
message! {
    pub(crate) DM4 = "DM4" "clear active trouble codes", clause "B", from Both, pf 0x23, priority 6, period 0, in Diagnostic,
    minimum 0, length 0, in2011 0, B, fields &[]
}
message! {
    pub(crate) DM5 = "DM5" "clear historic trouble codes", clause "B", from Both, pf 0x24, priority 6, period 0, in Diagnostic,
    minimum 0, length 0, in2011 0, B, fields &[]
}
message! {
    pub(crate) DM6 = "DM6" "freeze frame", clause "B", from Both, pf 0x25, priority 6, period 0, in Diagnostic,
    minimum 0, length 1785, in2011 1785, B, fields &[field! {
        /// Freeze frame, kept as bytes.
        frame: [u8; 1], at 1, spn none, M, B, repeat 1785
    }]
}

/// A trouble code: 4 bytes, Intel format with conversion bit 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct TroubleCode(u32);

impl TroubleCode {
    /// From its four bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(u32::from_le_bytes(bytes))
    }

    /// From its parts; `None` if one is too wide (19, 5 and 7 bits).
    #[must_use]
    pub const fn new(spn: u32, fmi: u8, occurrences: u8) -> Option<Self> {
        if spn >> 19 != 0 || fmi > 31 || occurrences > 127 {
            return None;
        }
        Some(Self(
            spn & 0xFFFF | (spn >> 16) << 21 | (fmi as u32) << 16 | (occurrences as u32) << 24,
        ))
    }

    /// Its four bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 4] {
        self.0.to_le_bytes()
    }

    /// Suspect parameter number, 19 bits.
    #[must_use]
    pub const fn spn(self) -> u32 {
        self.0 & 0xFFFF | (self.0 >> 21 & 7) << 16
    }

    /// Failure mode identifier, 5 bits.
    #[must_use]
    pub const fn fmi(self) -> u8 {
        (self.0 >> 16) as u8 & 31
    }

    /// How often it occurred, 7 bits.
    #[must_use]
    pub const fn occurrences(self) -> u8 {
        (self.0 >> 24) as u8 & 127
    }

    /// Conversion method, 0 in this standard.
    #[must_use]
    pub const fn conversion(self) -> bool {
        self.0 >> 31 != 0
    }
}

impl FieldType for TroubleCode {
    const WIDTH: u16 = 32;
    const SHAPE: Shape = Shape::Trouble;
    fn read(payload: &[u8], at: Position) -> Self {
        Self(u32::read(payload, at))
    }
    fn write(
        self,
        payload: &mut [u8],
        at: Position,
        name: &'static str,
    ) -> Result<(), EncodeError> {
        self.0.write(payload, at, name)
    }
}

list_view! {
    /// DM1, trouble codes that are active.
    #[doc(alias = "DM1")]
    ActiveTroubleCodesView;
    /// DM2, trouble codes that were active.
    #[doc(alias = "DM2")]
    HistoricTroubleCodesView;
    /// DM3, readiness of the diagnosis: 2 bytes.
    #[doc(alias = "DM3")]
    ReadinessDiagnosisView;
    /// DM4, clear the active trouble codes: no payload.
    #[doc(alias = "DM4")]
    ClearActiveView;
    /// DM5, clear the historic trouble codes: no payload.
    #[doc(alias = "DM5")]
    ClearHistoricView;
    /// DM6, freeze frame: opaque bytes.
    #[doc(alias = "DM6")]
    FreezeFrameView;
}

macro_rules! trouble_codes {
    ($($view:ident)+) => { $(
        impl<'a> $view<'a> {
            /// The trouble codes in order; bytes beyond the last whole one are left out.
            pub fn iter(&self) -> impl ExactSizeIterator<Item = TroubleCode> + Clone + 'a {
                self.as_bytes().as_chunks().0.iter().map(|code| TroubleCode::from_bytes(*code))
            }
        }

        impl fmt::Debug for $view<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_list().entries(self.iter()).finish()
            }
        }
    )+ };
}
trouble_codes! { ActiveTroubleCodesView HistoricTroubleCodesView }

macro_rules! opaque {
    ($($view:ident)+) => { $(
        impl fmt::Debug for $view<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(<{} bytes>)", stringify!($view), self.as_bytes().len())
            }
        }
    )+ };
}
opaque! { ReadinessDiagnosisView ClearActiveView ClearHistoricView FreezeFrameView }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_code_keeps_its_parts() {
        // SPN 0x7FFFF with FMI 0: bits 8..6 of byte 3 are the highest three of the SPN.
        assert_eq!(TroubleCode::new(0x7_FFFF, 0, 0).unwrap().to_bytes(), [0xFF, 0xFF, 0xE0, 0]);
        assert_eq!(TroubleCode::new(3090, 31, 127).unwrap().to_bytes(), [0x12, 0x0C, 0x1F, 0x7F]);
        let code = TroubleCode::from_bytes([0x12, 0x0C, 0x41, 0x85]);
        assert_eq!((code.spn(), code.fmi(), code.occurrences()), (3090 | 2 << 16, 1, 5));
        assert!(code.conversion());
        assert_eq!(TroubleCode::new(1 << 19, 0, 0), None);
    }
}
