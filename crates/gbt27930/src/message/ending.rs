//! End of charging: the statistics BSD and CSD (GB/T 27930-2015 clause 10.4).

use crate::table::typed_message;
use crate::units::{Celsius, CentiVolts, DeciKilowattHours, Minutes, Percent};

typed_message! {
    /// BSD, the vehicle's statistics. Lowest before highest, the opposite order to BSM.
    #[doc(alias = "BSD")]
    VehicleStatistics, VehicleStatisticsView, Bsd = {
        "BSD" "BMS statistics", clause "10.4.1", from Bms, pf 0x1C, priority 6, period 250, in End,
        minimum 7, length 7, in2011 7, A
    }
    /// State of charge at the end.
    soc: Option<Percent>, at 1, spn 3601, M, A, range 0..=100;
    /// Lowest cell voltage.
    min_cell_voltage: Option<CentiVolts>, at 2, spn 3602, M, A, range 0..=2400;
    /// Highest cell voltage.
    max_cell_voltage: Option<CentiVolts>, at 4, spn 3603, M, A, range 0..=2400;
    /// Lowest temperature.
    min_temperature: Option<Celsius>, at 6, spn 3604, M, A, range -50..=200;
    /// Highest temperature.
    max_temperature: Option<Celsius>, at 7, spn 3605, M, A, range -50..=200;
}

typed_message! {
    /// CSD, the charger's statistics.
    #[doc(alias = "CSD")]
    ChargerStatistics, ChargerStatisticsView, Csd = {
        "CSD" "charger statistics", clause "10.4.2", from Charger, pf 0x1D, priority 6, period 250, in End,
        minimum 5, length 8, in2011 5, A
    }
    /// Charging time.
    elapsed_time: Option<Minutes>, at 1, spn 3611, M, A, range 0..=600;
    /// Energy delivered.
    energy: Option<DeciKilowattHours>, at 3, spn 3612, M, A, range 0..=10000;
    /// Number of the charger, the same raw number as in CRM; 1 byte in 2011. (The text speaks of an offset of 1, a capture shows none: sources conflict, no offset is applied.)
    charger_number: u32, at 5, in2011 (at 5 width 8), spn 3613, M, X;
}
