//! Parameter configuration: BCP, CTS, CML, BRO, CRO (GB/T 27930-2015 clause 10.2).

use crate::codes::Readiness;
use crate::table::typed_message;
use crate::text::BcdTime;
use crate::units::{Celsius, CentiVolts, DeciAmps, DeciKilowattHours, DeciVolts, PerMille};

typed_message! {
    /// BCP, battery charging parameters: what the battery can take. Always multi-packet.
    #[doc(alias = "BCP")]
    BatteryParameters, BatteryParametersView, Bcp = {
        "BCP" "battery charging parameters", clause "10.2.1", from Bms, pf 0x06, priority 7, period 500, in Configuration,
        minimum 13, length 13, in2011 13, A
    }
    /// Highest charging voltage of a cell.
    max_cell_voltage: Option<CentiVolts>, at 1, spn 2816, M, A, range 0..=2400;
    /// Highest charging current: the most negative number.
    max_current: Option<DeciAmps>, at 3, spn 2817, M, A, range -4000..=0;
    /// Nominal total energy.
    nominal_energy: Option<DeciKilowattHours>, at 5, spn 2818, M, A, range 0..=10000;
    /// Highest total charging voltage.
    max_total_voltage: Option<DeciVolts>, at 7, spn 2819, M, A, range2011 0..=7500;
    /// Highest allowed temperature.
    max_temperature: Option<Celsius>, at 9, spn 2820, M, A, range -50..=200;
    /// State of charge of the pack; 0.1 % here, 1 % in BCS and BSD.
    soc: Option<PerMille>, at 10, spn 2821, M, A, range 0..=1000;
    /// Present voltage of the pack.
    pack_voltage: Option<DeciVolts>, at 12, spn 2822, M, A, range2011 0..=7500;
}

typed_message! {
    /// CTS, time synchronisation: the charger's clock. (Not the transport protocol's clear-to-send.)
    #[doc(alias = "CTS")]
    ChargerTime, ChargerTimeView, Cts = {
        "CTS" "charger time synchronisation", clause "10.2.2", from Charger, pf 0x07, priority 6, period 500, in Configuration,
        minimum 7, length 7, in2011 7, A
    }
    /// The clock in packed BCD: second, minute, hour, day, month, year low, year high. All ones: not given, which is legal.
    time: BcdTime, at 1, spn 2823, O, A;
}

typed_message! {
    /// CML, the charger's output limits.
    #[doc(alias = "CML")]
    ChargerLimits, ChargerLimitsView, Cml = {
        "CML" "charger maximum output", clause "10.2.3", from Charger, pf 0x08, priority 6, period 250, in Configuration,
        minimum 6, length 8, in2011 6, A
    }
    /// Highest output voltage.
    max_voltage: Option<DeciVolts>, at 1, spn 2824, M, A;
    /// Lowest output voltage.
    min_voltage: Option<DeciVolts>, at 3, spn 2825, M, A;
    /// Highest output current: the most negative number.
    max_current: Option<DeciAmps>, at 5, spn 2826, M, A, range -4000..=0;
    /// Lowest output current; absent in the 6 bytes of 2011.
    min_current: Option<DeciAmps>, at 7, spn 2827, M, A, range -4000..=0;
}

typed_message! {
    /// BRO, the vehicle is ready to charge or not.
    #[doc(alias = "BRO")]
    VehicleReady, VehicleReadyView, Bro = {
        "BRO" "BMS ready", clause "10.2.4", from Bms, pf 0x09, priority 4, period 250, in Configuration,
        minimum 1, length 1, in2011 1, A
    }
    /// Readiness.
    ready: Readiness, at 1, spn 2829, M, A;
}

typed_message! {
    /// CRO, the charger is ready to deliver or not.
    #[doc(alias = "CRO")]
    ChargerReady, ChargerReadyView, Cro = {
        "CRO" "charger output ready", clause "10.2.5", from Charger, pf 0x0A, priority 4, period 250, in Configuration,
        minimum 1, length 1, in2011 1, A
    }
    /// Readiness.
    ready: Readiness, at 1, spn 2830, M, A;
}
