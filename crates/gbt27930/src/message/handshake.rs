//! Handshake start and recognition: CHM, BHM, CRM, BRM (GB/T 27930-2015 clause 10.1).

use crate::codes::{BatteryType, Ownership, Recognition};
use crate::table::typed_message;
use crate::text::{AreaCode, Manufacturer, PackSerial, ProductionDate, Vin};
use crate::units::{DeciAmpHours, DeciVolts};

typed_message! {
    /// CHM, charger handshake: the charger is there and speaks this version. Not in 2011.
    #[doc(alias = "CHM")]
    ChargerHandshake, ChargerHandshakeView, Chm = {
        "CHM" "charger handshake", clause "10.1.1", from Charger, pf 0x26, priority 6, period 250, in Handshake,
        minimum 3, length 3, in2011 0, A
    }
    /// Minor version number; the first byte. V1.1 is `01 01 00`.
    version_minor: u8, at 1, spn 2600, M, A;
    /// Major version number.
    version_major: u16, at 2, spn 2600, M, A;
}

typed_message! {
    /// BHM, vehicle handshake: what the insulation test may use. Not in 2011.
    #[doc(alias = "BHM")]
    VehicleHandshake, VehicleHandshakeView, Bhm = {
        "BHM" "vehicle handshake", clause "10.1.2", from Bms, pf 0x27, priority 6, period 250, in Handshake,
        minimum 2, length 2, in2011 0, A
    }
    /// Highest total voltage allowed. The insulation test uses the lower of this and the charger's rated voltage.
    max_total_voltage: Option<DeciVolts>, at 1, spn 2601, M, A;
}

typed_message! {
    /// CRM, charger recognition: `00` asks the vehicle for BRM, `AA` says that it is recognised.
    #[doc(alias = "CRM")]
    ChargerRecognition, ChargerRecognitionView, Crm = {
        "CRM" "charger recognition", clause "10.1.3", from Charger, pf 0x01, priority 6, period 250, in Recognition,
        minimum 2, length 8, in2011 8, A
    }
    /// Result of recognition.
    recognition: Recognition, at 1, spn 2560, M, A;
    /// Number of the charger; 1 byte (1..100) in 2011.
    charger_number: u32, at 2, in2011 (at 2 width 8), spn 2561, M, A;
    /// Area code of charger or station, ASCII; 6 bytes in 2011.
    area_code: AreaCode, at 6, in2011 (at 3 width 48), spn 2562, O, A;
}

typed_message! {
    /// BRM, recognition of BMS and vehicle. On the bus 49 bytes (2015) or 41 (2011); from 8 bytes on, whatever is
    /// there is read. Always multi-packet, but for one firmware that sends its first 8 bytes as a single frame.
    #[doc(alias = "BRM")]
    VehicleRecognition, VehicleRecognitionView, Brm = {
        "BRM" "BMS and vehicle recognition", clause "10.1.4", from Bms, pf 0x02, priority 7, period 250, in Recognition,
        minimum 8, length 49, in2011 41, A
    }
    /// Minor version number: V1.1 (2015) is `01 01 00`, V1.0 (2011) is `00 01 00`.
    version_minor: u8, at 1, spn 2565, M, A;
    /// Major version number.
    version_major: u16, at 2, spn 2565, M, A;
    /// Battery type.
    battery_type: BatteryType, at 4, spn 2566, M, A;
    /// Rated capacity of the vehicle's battery system.
    rated_capacity: Option<DeciAmpHours>, at 5, spn 2567, M, A, range2011 0..=10000;
    /// Rated total voltage.
    rated_voltage: Option<DeciVolts>, at 7, spn 2568, M, A, range2011 0..=7500;
    /// Battery maker, ASCII (some send other bytes).
    manufacturer: Option<Manufacturer>, at 9, spn 2569, O, A;
    /// Serial number of the pack, in the maker's own form.
    pack_serial: PackSerial, at 13, spn 2570, O, A;
    /// Date of production.
    production_date: ProductionDate, at 17, spn 2571, O, A;
    /// Number of charges so far.
    charge_count: Option<ChargeCount>, at 20, spn 2572, O, A;
    /// Who owns the battery.
    ownership: Ownership, at 23, spn 2573, O, A;
    /// Reserved, ones.
    reserved24: u8, at 24, spn 2574, R, A;
    /// Vehicle identification number.
    vin: Option<Vin>, at 25, spn 2575, O, A;
    /// BMS software: build number. (The order of day and month rests on one implementation and the standard's example as remembered.)
    sw_build_no: u8, at 42, spn 2576, O, C;
    /// BMS software: day of the month.
    sw_day: u8, at 43, spn 2576, O, C;
    /// BMS software: month.
    sw_month: u8, at 44, spn 2576, O, C;
    /// BMS software: year.
    sw_year: u16, at 45, spn 2576, O, C;
    /// Reserved, ones.
    sw_reserved: [u8; 3], at 47, spn 2576, R, C;
}

/// How often a battery was charged (24 bits; all ones are 'not available' and no count).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ChargeCount(u32);

impl ChargeCount {
    /// Up to 16 777 214; `None` above.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        if number < 0xFF_FFFF { Some(Self(number)) } else { None }
    }

    /// The number of charges.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

#[cfg(feature = "arbitrary")]
impl<'a> arbitrary::Arbitrary<'a> for ChargeCount {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(Self(u.int_in_range(0..=0xFF_FFFE)?))
    }
}
