//! What a charger reports of one charging session, and what is known of the charger.

use super::baseline::to_f32;
use crate::environment;
use crate::time::Instant;

macro_rules! readings {
    ($( $(#[doc = $doc:literal])+ $field:ident: $low:literal ..= $high:literal; )+) => {
        /// One charging session. Everything but its start may be missing; what is outside the plausible range given with
        /// each field, or not a number, counts as missing.
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub struct SessionRecord {
            /// Start of the session, the caller's clock.
            pub start: Instant,
            $(
                $(#[doc = $doc])+
                #[doc = concat!("Plausible from ", stringify!($low), " to ", stringify!($high), ".")]
                pub $field: Option<f32>,
            )+
        }

        impl SessionRecord {
            /// The readings that are there and plausible.
            pub(crate) fn plausible(&self) -> Self {
                Self {
                    start: self.start,
                    $( $field: self.$field.filter(|x| ($low..=$high).contains(x)), )+
                }
            }
        }
    };
}

readings! {
    /// Duration, min.
    duration_min: 1.0 ..= 1_440.0;
    /// Ambient air at the enclosure, °C.
    ambient_c: -50.0 ..= 60.0;
    /// Relative humidity of that air, %.
    humidity_pct: 0.0 ..= 100.0;
    /// Mean output current, A.
    mean_current_a: 1.0 ..= 1_500.0;
    /// Root mean square output current, A.
    rms_current_a: 1.0 ..= 1_500.0;
    /// Mean output voltage, V.
    mean_voltage_v: 100.0 ..= 1_100.0;
    /// AC input energy, kWh.
    input_kwh: 0.05 ..= 1_000.0;
    /// Energy by the billing meter, kWh.
    metered_kwh: 0.05 ..= 1_000.0;
    /// Energy by the sum of the power modules, kWh.
    module_kwh: 0.05 ..= 1_000.0;
    /// Energy by the vehicle: integral of BCS voltage times current, kWh.
    vehicle_kwh: 0.05 ..= 1_000.0;
    /// Power modules running.
    modules_running: 1.0 ..= 100.0;
    /// Air at the module's inlet, °C.
    module_inlet_c: -50.0 ..= 90.0;
    /// Hottest module, °C.
    module_hottest_c: -40.0 ..= 180.0;
    /// Fan speed, % of full.
    fan_pct: 5.0 ..= 125.0;
    /// Output ripple in the switching band, mV r.m.s.
    ripple_mv: 1.0 ..= 10_000.0;
    /// Peak current when the contactor closes, A.
    inrush_a: 0.1 ..= 1_000.0;
    /// Closing time of the contactor, ms.
    closing_ms: 1.0 ..= 500.0;
    /// Gun contact DC+ at the end, °C.
    gun_positive_c: -50.0 ..= 200.0;
    /// Gun contact DC- at the end, °C.
    gun_negative_c: -50.0 ..= 200.0;
    /// Insulation resistance from the check before charging, kohm.
    insulation_kohm: 1.0 ..= 1_000_000.0;
    /// CAN error frames of the session.
    can_errors: 0.0 ..= 10_000_000.0;
    /// CAN frames of the session.
    can_frames: 100.0 ..= 100_000_000.0;
    /// Mean idle power before the session, W.
    idle_w: 1.0 ..= 10_000.0;
}

impl SessionRecord {
    /// Inside air over outside air as it would be at sea level, K, for [`crate::Item::CabinetTemperature`]: thin air cools less,
    /// and that is the place's doing, not the charger's.
    #[must_use]
    pub fn cabinet_rise_k(&self, charger: &ChargerData) -> Option<f32> {
        let record = self.plausible();
        let rise = record.module_inlet_c? - record.ambient_c?;
        Some(rise / to_f32(environment::cooling_factor(f64::from(charger.altitude_m))))
    }

    /// The outside air over its dew point, K: how much colder than the air a surface must be for water to settle on it. Below 3 K
    /// look after the drains and seals; a measured surface goes through [`crate::environment::condensation_margin_k`].
    #[must_use]
    pub fn dew_point_margin_k(&self) -> Option<f32> {
        let record = self.plausible();
        let (air, humidity) = (f64::from(record.ambient_c?), f64::from(record.humidity_pct?));
        environment::condensation_margin_k(air, air, humidity).map(to_f32)
    }
}

/// What does not change about a charger.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct ChargerData {
    /// Rated power of one module, kW.
    pub module_kw: f32,
    /// Rated output current of the gun, A.
    pub rated_a: f32,
    /// Largest value that the insulation monitor can show, kohm: a reading there means 'at least this'.
    pub insulation_limit_kohm: f32,
    /// Altitude above the sea, m.
    pub altitude_m: f32,
    /// What the DC contactor can switch.
    pub contactor: ContactorRating,
}

impl Default for ChargerData {
    /// 30 kW modules, 250 A, a monitor up to 9,999 kohm, at sea level.
    fn default() -> Self {
        Self {
            module_kw: 30.0,
            rated_a: 250.0,
            insulation_limit_kohm: 9_999.0,
            altitude_m: 0.0,
            contactor: ContactorRating::default(),
        }
    }
}

/// What wears a DC contactor: an operation takes `(I²t / reference)^exponent / operations` of its life (Miner's sum), one that opens
/// under load `open_load` times as much.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct ContactorRating {
    /// I²t at closing that the number of operations is stated for, A² s.
    pub reference_a2s: f32,
    /// Power with which wear grows with I²t.
    pub exponent: f32,
    /// Operations until the end at the reference.
    pub operations: f32,
    /// How long the peak current at closing counts as flowing, s.
    pub inrush_s: f32,
    /// Wear of opening under load over that of closing at the same current.
    pub open_load: f32,
}

impl Default for ContactorRating {
    /// 100,000 closings at 15 A for 5 ms, wear in proportion to I²t `[D]`, opening under load 50 times as heavy: of usual size, to be
    /// replaced by the data sheet's.
    fn default() -> Self {
        Self {
            reference_a2s: 1.125,
            exponent: 1.0,
            operations: 100_000.0,
            inrush_s: 0.005,
            open_load: 50.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thin_and_damp_air() {
        let record = SessionRecord {
            ambient_c: Some(20.0),
            module_inlet_c: Some(30.0),
            humidity_pct: Some(50.0),
            ..SessionRecord::default()
        };
        let at = |altitude_m| ChargerData { altitude_m, ..ChargerData::default() };
        assert!((record.cabinet_rise_k(&at(0.0)).unwrap() - 10.0).abs() < 1e-4);
        // exp(-0.8 * 3000 / 8300) = 0.749.
        assert!((record.cabinet_rise_k(&at(3_000.0)).unwrap() - 7.49).abs() < 0.01);
        // 9.27 °C by psychrometric tables.
        assert!((record.dew_point_margin_k().unwrap() - 10.73).abs() < 0.02);
    }
}
