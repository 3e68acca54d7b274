//! Charging: BCL, BCS, CCS, BSM (GB/T 27930-2015 clause 10.3). The lists BMV, BMT, BSP are in `lists.rs`, the stops
//! BST and CST in `stops.rs`.

use super::CellVoltage;
use crate::codes::{ChargeMode, Fault, Level, Permit};
use crate::table::{Ordinal, typed_message};
use crate::units::{Celsius, DeciAmps, DeciVolts, Minutes, Percent};

typed_message! {
    /// BCL, charging demand: what the vehicle asks for now. 1 s without it stops the output.
    #[doc(alias = "BCL")]
    ChargeDemand, ChargeDemandView, Bcl = {
        "BCL" "battery charging demand", clause "10.3.1", from Bms, pf 0x10, priority 6, period 50, in Charging,
        minimum 5, length 5, in2011 5, A
    }
    /// Voltage asked for.
    voltage_demand: Option<DeciVolts>, at 1, spn 3072, M, A, range2011 0..=7500;
    /// Current asked for, negative for charging.
    current_demand: Option<DeciAmps>, at 3, spn 3073, M, A, range -4000..=0;
    /// Constant voltage or constant current.
    mode: ChargeMode, at 5, spn 3074, M, A;
}

typed_message! {
    /// BCS, overall state of the battery while charging. One byte too long for a frame, so always multi-packet.
    #[doc(alias = "BCS")]
    BatteryStatus, BatteryStatusView, Bcs = {
        "BCS" "battery charging overall state", clause "10.3.2", from Bms, pf 0x11, priority 7, period 250, in Charging,
        minimum 9, length 9, in2011 9, A
    }
    /// Charging voltage as the vehicle measures it.
    voltage: Option<DeciVolts>, at 1, spn 3075, M, A, range2011 0..=7500;
    /// Charging current as the vehicle measures it, negative for charging.
    current: Option<DeciAmps>, at 3, spn 3076, M, A, range -4000..=0;
    /// Highest cell voltage and the group of that cell.
    max_cell: CellVoltage, at 5, spn 3077, M, A, range 0..=2400;
    /// State of charge; 1 % here, 0.1 % in BCP.
    soc: Option<Percent>, at 7, spn 3078, M, A, range 0..=100;
    /// Estimated remaining time; 600 stands for 600 and more.
    remaining_time: Option<Minutes>, at 8, spn 3079, M, A, range 0..=600;
}

typed_message! {
    /// CCS, state of the charger while charging. 1 s without it makes the vehicle open its contactors. 7 bytes in
    /// practice though the overview table of 2015 says 8 (sources conflict; both are accepted, 7 is sent), 6 in 2011.
    #[doc(alias = "CCS")]
    ChargerStatus, ChargerStatusView, Ccs = {
        "CCS" "charger charging state", clause "10.3.3", from Charger, pf 0x12, priority 6, period 50, in Charging,
        minimum 6, length 7, in2011 6, X
    }
    /// Output voltage.
    voltage: Option<DeciVolts>, at 1, spn 3081, M, A, range2011 0..=7500;
    /// Output current, negative for charging.
    current: Option<DeciAmps>, at 3, spn 3082, M, A, range -4000..=0;
    /// Charging time so far.
    elapsed_time: Option<Minutes>, at 5, spn 3083, M, A, range 0..=600;
    /// Whether the charger permits charging or pauses; absent in the 6 bytes of 2011. The other bits of its byte are sent as ones by some, as zeros by others.
    charge_permit: Permit, at 7, spn 3929, M, A;
}

typed_message! {
    /// BSM, state of the battery. Any abnormal state stops charging; states all normal with the permission withdrawn
    /// pause it (confidence C).
    #[doc(alias = "BSM")]
    BatteryState, BatteryStateView, Bsm = {
        "BSM" "battery state information", clause "10.3.4", from Bms, pf 0x13, priority 6, period 250, in Charging,
        minimum 7, length 7, in2011 7, A
    }
    /// Number of the cell with the highest voltage.
    max_voltage_cell_no: Ordinal, at 1, spn 3085, M, A;
    /// Highest temperature of the battery.
    max_temperature: Option<Celsius>, at 2, spn 3086, M, A, range -50..=200;
    /// Number of the sensor that reads it.
    max_temperature_point_no: Ordinal, at 3, spn 3087, M, A, range 1..=128;
    /// Lowest temperature of the battery.
    min_temperature: Option<Celsius>, at 4, spn 3088, M, A, range -50..=200;
    /// Number of the sensor that reads it.
    min_temperature_point_no: Ordinal, at 5, spn 3089, M, A, range 1..=128;
    /// Cell voltage too high or too low.
    cell_voltage_state: Level, at 6 bit 1, spn 3090, M, A;
    /// State of charge too high or too low.
    soc_state: Level, at 6 bit 3, spn 3091, M, A;
    /// Charging over-current.
    overcurrent_state: Fault, at 6 bit 5, spn 3092, M, A;
    /// Temperature too high.
    overtemperature_state: Fault, at 6 bit 7, spn 3093, M, A;
    /// Insulation of the battery.
    insulation_state: Fault, at 7 bit 1, spn 3094, M, A;
    /// Output connector of the battery.
    connector_state: Fault, at 7 bit 3, spn 3095, M, A;
    /// Whether the vehicle permits charging. The two bits above it are undefined.
    charge_permit: Permit, at 7 bit 5, spn 3096, M, A;
}

impl BatteryStateView<'_> {
    /// Whether a state demands that charging stops: any of SPN 3090 to 3095 abnormal, or too low for the first two.
    /// 'Unreliable' never does.
    #[must_use]
    pub fn demands_stop(&self) -> bool {
        let out_of_band = |level| matches!(level, Level::High | Level::Low);
        out_of_band(self.cell_voltage_state())
            || out_of_band(self.soc_state())
            || self.overcurrent_state() == Fault::Abnormal
            || self.overtemperature_state() == Fault::Abnormal
            || self.insulation_state() == Fault::Abnormal
            || self.connector_state() == Fault::Abnormal
    }
}
