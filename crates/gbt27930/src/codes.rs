//! Coded values: the 2-bit states and the enumerations of the field tables. All keep every code a peer can send.

/// A code with its name, for the reference table and the DBC file.
pub type Name = (u8, &'static str);

/// A coded field value that converts from and to every raw code of its width.
pub trait Code: Copy {
    /// Bits on the wire.
    const WIDTH: u8;
    /// The codes that the standard defines.
    const NAMES: &'static [Name];
    /// From the raw code.
    fn from_code(raw: u8) -> Self;
    /// The raw code.
    fn to_code(self) -> u8;
}

/// 2-bit states: closed enums of four values. Bit groups are read from the low end.
macro_rules! two_bit_state {
    ($( $(#[$doc:meta])+ $name:ident { $( $(#[$vdoc:meta])+ $variant:ident = $code:literal, $text:literal; )+ } )+) => { $(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        #[repr(u8)]
        pub enum $name { $( $(#[$vdoc])+ $variant = $code, )+ }

        impl Code for $name {
            const WIDTH: u8 = 2;
            const NAMES: &'static [Name] = &[ $( ($code, $text) ),+ ];
            #[inline(always)]
            fn from_code(raw: u8) -> Self {
                match raw & 3 { $( $code => Self::$variant, )+ _ => Self::NotAvailable }
            }
            #[inline(always)]
            fn to_code(self) -> u8 { self as u8 }
        }
    )+ };
}

two_bit_state! {
    /// State of an item that is normal or not (BSM, BST, CST, BEM, CEM).
    Fault {
        /// Normal; no; in time.
        Normal = 0, "normal";
        /// Abnormal; yes; timed out.
        Abnormal = 1, "abnormal";
        /// Unreliable: the receiver keeps its previous state for the item (confidence C).
        Unreliable = 2, "unreliable";
        /// Not available or not defined.
        NotAvailable = 3, "not available";
    }
    /// State of a value that may leave its band on either side (BSM, SPN 3090 and 3091).
    Level {
        /// Inside the band.
        Normal = 0, "normal";
        /// Too high.
        High = 1, "too high";
        /// Too low.
        Low = 2, "too low";
        /// Not available.
        NotAvailable = 3, "not available";
    }
    /// Permission to charge (BSM SPN 3096, CCS SPN 3929).
    Permit {
        /// Forbidden: charging pauses.
        Forbidden = 0, "forbidden";
        /// Permitted.
        Permitted = 1, "permitted";
        /// Reserved code.
        Reserved = 2, "reserved";
        /// Not available, or the field is absent (CCS of 6 bytes in 2011).
        NotAvailable = 3, "not available";
    }
}

/// Open byte codes: unknown ones are kept.
macro_rules! byte_code {
    ($( $(#[$doc:meta])+ $name:ident { $( $(#[$vdoc:meta])+ $variant:ident = $code:literal, $text:literal; )+ } )+) => { $(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub enum $name {
            $( $(#[$vdoc])+ $variant, )+
            /// Any other code, as received. Made only by [`Code::from_code`]; a defined code in here encodes as such.
            Unknown(u8),
        }

        impl Code for $name {
            const WIDTH: u8 = 8;
            const NAMES: &'static [Name] = &[ $( ($code, $text) ),+ ];
            #[inline(always)]
            fn from_code(raw: u8) -> Self {
                match raw { $( $code => Self::$variant, )+ _ => Self::Unknown(raw) }
            }
            #[inline(always)]
            fn to_code(self) -> u8 {
                match self { $( Self::$variant => $code, )+ Self::Unknown(raw) => raw }
            }
        }

        #[cfg(feature = "arbitrary")]
        impl<'a> arbitrary::Arbitrary<'a> for $name {
            fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
                Ok(Self::from_code(u.arbitrary()?))
            }
        }
    )+ };
}

byte_code! {
    /// Result of recognition in CRM (SPN 2560).
    Recognition {
        /// BMS not recognised (yet).
        NotRecognised = 0x00, "not recognised";
        /// BMS recognised.
        Recognised = 0xAA, "recognised";
    }
    /// Readiness in BRO and CRO (SPN 2829 and 2830).
    Readiness {
        /// Not ready.
        NotReady = 0x00, "not ready";
        /// Ready.
        Ready = 0xAA, "ready";
        /// Invalid.
        Invalid = 0xFF, "invalid";
    }
    /// Battery type in BRM (SPN 2566).
    BatteryType {
        /// Lead-acid.
        LeadAcid = 0x01, "lead-acid";
        /// Nickel-metal hydride.
        NickelMetalHydride = 0x02, "NiMH";
        /// Lithium iron phosphate.
        LithiumIronPhosphate = 0x03, "LiFePO4";
        /// Lithium manganate.
        LithiumManganate = 0x04, "Li-manganate";
        /// Lithium cobaltate.
        LithiumCobaltate = 0x05, "Li-cobaltate";
        /// Ternary lithium (NCM, NCA).
        Ternary = 0x06, "ternary (NCM/NCA)";
        /// Polymer lithium-ion.
        Polymer = 0x07, "polymer Li-ion";
        /// Lithium titanate.
        LithiumTitanate = 0x08, "Li-titanate";
        /// Another type.
        Other = 0xFF, "other";
    }
    /// Charging mode in BCL (SPN 3074). Some texts swap the two; 1 = constant voltage is right (confidence A).
    ChargeMode {
        /// Constant voltage.
        ConstantVoltage = 1, "constant voltage";
        /// Constant current.
        ConstantCurrent = 2, "constant current";
    }
    /// Who owns the battery in BRM (SPN 2573).
    Ownership {
        /// Leased.
        Leased = 0, "leased";
        /// Owned by the vehicle's owner.
        Owned = 1, "owned by the vehicle";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_codes<C: Code>() {
        for raw in 0..=u8::MAX >> (8 - C::WIDTH) {
            assert_eq!(C::from_code(raw).to_code(), raw);
        }
    }

    #[test]
    fn every_code_survives() {
        all_codes::<Fault>();
        all_codes::<Level>();
        all_codes::<Permit>();
        all_codes::<Recognition>();
        all_codes::<Readiness>();
        all_codes::<BatteryType>();
        all_codes::<ChargeMode>();
        all_codes::<Ownership>();
    }
}
