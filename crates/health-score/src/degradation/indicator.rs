//! Physics: what each signal reads from a session, with the covariates that explain most of it away.
//!
//! Every indicator has the same form. A target is explained by up to three features while the charger is known to be
//! well; what later differs from that explanation is turned into progress towards the end of life.

use super::session::{ChargerData, SessionRecord};
use super::signal::Signal;
use crate::math;

/// Features of an explanation; the first is always 1.
pub(crate) const FEATURES: usize = 3;

/// One session's view on one signal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Observation {
    pub(crate) target: f64,
    pub(crate) features: [f64; FEATURES],
    /// How much the session says, 1 for a usual one.
    pub(crate) weight: f64,
    /// The target is a limit of the instrument: the true value is at least this.
    pub(crate) saturated: bool,
    /// Progress per unit of difference, where that depends on the session.
    sensitivity: f64,
}

/// Temperature coefficient of ripple: the equivalent series resistance falls by 1.2 % a kelvin around 45 °C.
const RIPPLE_PER_KELVIN: f64 = 0.012;
const RIPPLE_REFERENCE_C: f64 = 45.0;
/// Ripple current is affine in a module's output current; this offset linearises most of it, the second feature the rest.
const RIPPLE_OFFSET_A: f64 = 35.0;
/// Time constants of heating, in minutes: modules about 7, gun contacts 9 to 16.
const MODULE_TAU_MIN: f64 = 7.0;
const CONTACT_TAU_MIN: f64 = 12.0;
/// Rise of a gun contact at rated current: healthy and at the end of life, K.
const CONTACT_HEALTHY_K: f64 = 15.0;
const CONTACT_END_K: f64 = 50.0;
/// Fan speed enters the rise of the module with this power, negative.
const FAN_EXPONENT: f64 = 0.75;
/// Air flow enters the rise of the module with this power.
const FLOW_EXPONENT: f64 = 0.8;
/// The anti-condensation heater: 0.75 W for each kelvin below 8 °C.
const HEATER_W_PER_KELVIN: f64 = 0.75;
const HEATER_BELOW_C: f64 = 8.0;
/// Ends of life: closing time, meter error, efficiency, log10 of insulation in kohm, log10 of CAN errors, idle power.
const CLOSING_GROWTH: f64 = 0.45;
const METER_END: f64 = 0.01;
const EFFICIENCY_END: f64 = 0.018;
const INSULATION_END_LOG: f64 = 2.0;
const CAN_END_LOG: f64 = -2.0;
const STANDBY_GROWTH: f64 = 0.9;

/// Energies of one session may differ by this factor before the readings are taken as broken.
const ENERGY_DISAGREEMENT: f64 = 1.25;

/// The quantities that several indicators share.
struct Shared<'a> {
    record: &'a SessionRecord,
    charger: &'a ChargerData,
    /// Days since the first session.
    age_days: f64,
}

impl Observation {
    fn new(target: f64, features: [f64; FEATURES]) -> Self {
        Self { target, features, weight: 1.0, saturated: false, sensitivity: 1.0 }
    }

    /// Reads a signal from a session's plausible readings; `None` if they do not suffice.
    pub(crate) fn of(
        signal: Signal,
        record: &SessionRecord,
        charger: &ChargerData,
        age_days: f64,
    ) -> Option<Self> {
        let shared = Shared { record, charger, age_days };
        match signal {
            Signal::Capacitor => shared.capacitor(),
            Signal::Contactor => Some(Self::new(ln(record.closing_ms?), [1.0, 0.0, 0.0])),
            Signal::Connector => shared.connector(),
            Signal::Thermal => shared.thermal(),
            Signal::Meter => shared.meter(),
            Signal::Efficiency => shared.efficiency(),
            Signal::Insulation => shared.insulation(),
            Signal::Can => shared.can(),
            Signal::Standby => shared.standby(),
        }
    }

    /// The same session with another target, for working out what a difference means.
    pub(crate) fn with_target(mut self, target: f64) -> Self {
        self.target = target;
        self.saturated = false;
        self
    }

    /// Progress that a difference from the explanation means; `explained` is the explanation itself.
    pub(crate) fn progress(&self, signal: Signal, explained: f64) -> f64 {
        let difference = self.target - explained;
        match signal {
            // r = ESR / first ESR grows as 1 / (1 - x / 2).
            Signal::Capacitor => 2.0 * (1.0 - math::exp(-difference)),
            Signal::Contactor => (math::exp(difference) - 1.0) / CLOSING_GROWTH,
            Signal::Connector => difference * self.sensitivity,
            // Half of the flow lost is the end.
            Signal::Thermal => 2.0 * (1.0 - math::exp(-difference / FLOW_EXPONENT)),
            Signal::Meter => difference / METER_END,
            Signal::Efficiency => -difference / EFFICIENCY_END,
            Signal::Insulation => {
                let left = f64::max(explained - INSULATION_END_LOG, 0.5);
                let lost = -difference / left;
                if self.saturated { f64::min(lost, 0.0) } else { lost }
            }
            Signal::Can => difference / f64::max(CAN_END_LOG - explained, 0.5),
            Signal::Standby => (math::exp(difference) - 1.0) / STANDBY_GROWTH,
        }
    }
}

impl Shared<'_> {
    /// Output power of one running module, kW; `None` if current, voltage and energy contradict each other.
    fn module_power(&self) -> Option<f64> {
        let record = self.record;
        let (volts, amperes) = (record.mean_voltage_v?, record.mean_current_a?);
        let kw = f64::from(volts) * f64::from(amperes) / 1_000.0;
        if let (Some(kwh), Some(minutes)) = (record.module_kwh, record.duration_min) {
            let expected = kw * f64::from(minutes) / 60.0;
            agree(expected, f64::from(kwh))?;
        }
        Some(kw / f64::from(record.modules_running?))
    }

    fn load(&self) -> Option<f64> {
        Some((self.module_power()? / f64::from(self.charger.module_kw)).clamp(0.05, 1.5))
    }

    fn capacitor(&self) -> Option<Observation> {
        let per_module =
            f64::from(self.record.mean_current_a?) / f64::from(self.record.modules_running?);
        let hottest = f64::from(self.record.module_hottest_c?);
        let current = per_module + RIPPLE_OFFSET_A;
        let target = ln(self.record.ripple_mv?) - math::ln(current)
            + RIPPLE_PER_KELVIN * (hottest - RIPPLE_REFERENCE_C);
        Some(Observation::new(target, [1.0, 90.0 / current - 1.0, 0.0]))
    }

    fn connector(&self) -> Option<Observation> {
        let record = self.record;
        let share = f64::from(record.rms_current_a?) / f64::from(self.charger.rated_a);
        // Mean and r.m.s. of one session lie close together; a lone outlier of either does not.
        agree(f64::from(record.rms_current_a?), f64::from(record.mean_current_a?))?;
        let heated = 1.0 - math::exp(-f64::from(record.duration_min?) / CONTACT_TAU_MIN);
        let rise = share * share * heated;
        // Weak sessions say next to nothing about contacts and all the more about the sensors.
        if rise < 0.04 {
            return None;
        }
        let target = f64::from(record.gun_positive_c? - record.gun_negative_c?);
        let mut observation = Observation::new(target, [1.0, rise, 0.0]);
        observation.sensitivity = 1.0 / ((CONTACT_END_K - CONTACT_HEALTHY_K) * rise);
        observation.weight = (rise / 0.25) * (rise / 0.25);
        Some(observation)
    }

    fn thermal(&self) -> Option<Observation> {
        let record = self.record;
        let rise = f64::from(record.module_hottest_c? - record.module_inlet_c?);
        if rise < 2.0 {
            return None;
        }
        let heated = 1.0 - math::exp(-f64::from(record.duration_min?) / MODULE_TAU_MIN);
        let fan = math::ln(f64::from(record.fan_pct?) / 60.0);
        let target = math::ln(rise) - math::ln(heated) + FAN_EXPONENT * fan;
        let load = math::ln(self.load()? / 0.75);
        Some(Observation::new(target, [1.0, load, self.age_days / 100.0]))
    }

    fn meter(&self) -> Option<Observation> {
        let (metered, modules) = (self.record.metered_kwh?, self.record.module_kwh?);
        agree(f64::from(metered), f64::from(modules))?;
        Some(Observation::new(ln(metered) - ln(modules), [1.0, 0.0, 0.0]))
    }

    fn efficiency(&self) -> Option<Observation> {
        let efficiency = f64::from(self.record.module_kwh?) / f64::from(self.record.input_kwh?);
        if !(0.6..1.1).contains(&efficiency) {
            return None;
        }
        let load = self.load()? - 0.75;
        Some(Observation::new(efficiency, [1.0, load, load * load]))
    }

    fn insulation(&self) -> Option<Observation> {
        let kohm = self.record.insulation_kohm?;
        let humid = (f64::from(self.record.humidity_pct?) - 60.0) / 30.0;
        let limit = self.charger.insulation_limit_kohm;
        let mut observation =
            Observation::new(math::log10(f64::from(kohm.min(limit))), [1.0, humid, 0.0]);
        observation.saturated = kohm >= limit;
        Some(observation)
    }

    fn can(&self) -> Option<Observation> {
        let (errors, frames) = (self.record.can_errors?, self.record.can_frames?);
        // Half an error stands for 'none seen'.
        let rate = (f64::from(errors) + 0.5) / f64::from(frames);
        Some(Observation::new(math::log10(f64::min(rate, 1.0)), [1.0, 0.0, 0.0]))
    }

    fn standby(&self) -> Option<Observation> {
        let ambient = f64::from(self.record.ambient_c?);
        let heater = HEATER_W_PER_KELVIN * f64::max(HEATER_BELOW_C - ambient, 0.0);
        let idle = f64::from(self.record.idle_w?) - heater;
        (idle > 1.0).then(|| Observation::new(math::ln(idle), [1.0, 0.0, 0.0]))
    }
}

fn ln(x: f32) -> f64 {
    math::ln(f64::from(x))
}

/// Whether two readings of one quantity are of the same size.
fn agree(one: f64, other: f64) -> Option<()> {
    let close = one < other * ENERGY_DISAGREEMENT && other < one * ENERGY_DISAGREEMENT;
    close.then_some(())
}

/// What is believed of the features' coefficients before anything is learned: mean and standard deviation. The first one, the level,
/// comes from the charger alone.
pub(crate) fn prior(signal: Signal) -> [(f64, f64); FEATURES - 1] {
    const UNUSED: (f64, f64) = (0.0, 0.0);
    match signal {
        Signal::Capacitor => [(0.0, 0.3), UNUSED],
        // Difference of the two contacts at rated current, K.
        Signal::Connector => [(0.0, 4.0), UNUSED],
        // Loss grows with load; dust in 100 days.
        Signal::Thermal => [(1.05, 0.2), (0.22, 0.06)],
        // Flat around three quarters of the load, falling to both sides.
        Signal::Efficiency => [(0.0, 0.02), (-0.04, 0.03)],
        Signal::Insulation => [(-0.27, 0.06), UNUSED],
        _ => [UNUSED; FEATURES - 1],
    }
}
