//! The checks of one session, their debounce, and what each alarm asks for.

use super::agreement::Agreement;
use super::band::{BandLimits, CurveWatch};
use super::progress::{EnergyBalance, Heating, Repeats};
use crate::time::Instant;

/// The pack's limits, from BCP.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct PackLimits {
    /// Highest total voltage, V.
    pub voltage_v: f32,
    /// Highest charging current, A.
    pub current_a: f32,
    /// Highest cell voltage, V.
    pub cell_v: f32,
    /// Highest temperature, °C.
    pub temperature_c: f32,
    /// Nominal energy, kWh.
    pub energy_kwh: f32,
    /// State of charge at the start, %.
    pub start_soc_pct: f32,
}

/// One look at a session. What the vehicle did not send is `None`; a single missing frame alarms nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct Sample {
    /// Output voltage by the charger, V.
    pub output_v: Option<f32>,
    /// Output current by the charger, A.
    pub output_a: Option<f32>,
    /// Output voltage by the power modules themselves, V, where they report it: the third voice between charger and vehicle.
    pub module_v: Option<f32>,
    /// Energy delivered so far, kWh.
    pub delivered_kwh: Option<f32>,
    /// Voltage demand (BCL), V.
    pub demand_v: Option<f32>,
    /// Current demand (BCL), A; 0 in a pause.
    pub demand_a: Option<f32>,
    /// Measured voltage (BCS), V.
    pub vehicle_v: Option<f32>,
    /// Measured current (BCS), A.
    pub vehicle_a: Option<f32>,
    /// Highest cell voltage (BCS), V.
    pub cell_v: Option<f32>,
    /// State of charge (BCS), %.
    pub soc_pct: Option<f32>,
    /// Highest temperature (BSM), °C.
    pub hottest_c: Option<f32>,
    /// Lowest temperature (BSM), °C.
    pub coldest_c: Option<f32>,
}

/// What an alarm asks the charger to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Reduce power and report: the two sides disagree, nobody is in danger yet.
    Derate,
    /// Stop unless it clears within the hold (10 s at a state of charge of 80 % or more, else 60 s).
    StopAfterHold,
    /// Stop now: a limit is passed by a live measurement.
    Stop,
}

macro_rules! checks {
    ($( $(#[doc = $doc:literal])+ $variant:ident = $name:literal, $action:ident; )+) => {
        /// What was seen. Every check alarms once a session.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Check { $( $(#[doc = $doc])+ $variant, )+ }

        impl Check {
            /// All of them.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            /// The name used in files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// What it asks for.
            #[must_use]
            pub const fn action(self) -> Action {
                match self { $( Self::$variant => Action::$action, )+ }
            }
        }
    };
}

checks! {
    /// The voltage demand is above the pack's limit.
    DemandAboveLimit = "demand_above_limit", Stop;
    /// The output voltage is above the pack's limit.
    VoltageAboveLimit = "voltage_above_limit", Stop;
    /// A cell is above its limit.
    CellAboveLimit = "cell_above_limit", Stop;
    /// The battery is above its highest temperature.
    TooHot = "too_hot", Stop;
    /// The output current is above the demand by more than 2 % or 2 A, the demand not having fallen for 18 s.
    CurrentAboveDemand = "current_above_demand", Stop;
    /// Charger's and vehicle's voltage depart from the line learned in the first minute.
    VoltageDisagrees = "voltage_disagrees", Derate;
    /// Charger's and vehicle's current depart from the ratio learned in the first minute.
    CurrentDisagrees = "current_disagrees", Derate;
    /// Charger's and modules' voltage depart while the vehicle agrees with the modules: the charger's sensor drifts.
    ChargerSensorDrifts = "charger_sensor_drifts", Derate;
    /// The vehicle's voltage does not move at all.
    VoltageFrozen = "voltage_frozen", StopAfterHold;
    /// Nothing that the vehicle reports moves: its task is dead.
    VehicleDead = "vehicle_dead", StopAfterHold;
    /// The state of charge does not move while energy goes in.
    SocStuck = "soc_stuck", StopAfterHold;
    /// More energy went in than the battery could take, or it is charged hard while full.
    OverCharge = "over_charge", Stop;
    /// The battery heats faster than it did at this current.
    HeatsTooFast = "heats_too_fast", Derate;
    /// The temperature does not move although the battery heated before.
    TemperatureFrozen = "temperature_frozen", StopAfterHold;
    /// The vehicle's voltage is outside the band of its model in two bins of state of charge.
    CurveOutsideBand = "curve_outside_band", Derate;
}

/// An alarm with what was seen and what was allowed, in the unit of the check.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alarm {
    /// When.
    pub at: Instant,
    /// Which check.
    pub check: Check,
    /// What was seen: V, A, °C, % or frames.
    pub seen: f32,
    /// What was allowed.
    pub allowed: f32,
    /// When to stop if it does not clear; `None` where the action needs no hold.
    pub stop_by: Option<Instant>,
}

/// Alarms that wait to be polled at most; the oldest are dropped first.
const WAITING: usize = 4;
/// Margins over limits: half a step of the resolution, and the charger's own noise.
const DEMAND_MARGIN_V: f32 = 0.05;
const VOLTAGE_MARGIN: f32 = 0.001;
const CELL_MARGIN_V: f32 = 0.005;
/// Gains of the cell-to-pack ratio and of the finer cell voltage, and the samples that the ratio needs.
const RATIO_GAIN: f32 = 0.02;
const FINE_GAIN: f32 = 0.4;
const RATIO_SAMPLES: u8 = 30;
/// Over-current: 2 % or 2 A in 3 samples, the demand not having fallen for 18 s.
const CURRENT_MARGIN: f32 = 0.02;
const CURRENT_MARGIN_A: f32 = 2.0;
const CURRENT_SAMPLES: u8 = 3;
const FALL_SETTLES_MS: u64 = 18_000;
/// A live measurement must be over its limit in this many samples.
const LIMIT_SAMPLES: u8 = 2;
/// Hold of a frozen signal.
const HIGH_SOC_PCT: f32 = 80.0;
const HOLD_HIGH_SOC_MS: u64 = 10_000;
const HOLD_MS: u64 = 60_000;
/// The current is settled after this long without a change of over 2 % and 1 A.
const SETTLES_MS: u64 = 5_000;
/// Longer without any sample: learned lines stay, but nothing is concluded from the gap.
const GAP_MS: u64 = 10_000;

/// Watches one session. Plain data of fixed size; call [`Self::handle_sample`], then [`Self::poll_alarm`] until `None`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guard {
    limits: PackLimits,
    began: Option<Instant>,
    last: Instant,
    last_demand_a: f32,
    demand_fell: Option<Instant>,
    last_current_a: f32,
    current_moved: Instant,
    over: [u8; 5],
    /// Cell voltage over pack voltage, and the finer cell voltage that follows from it.
    cell_ratio: f32,
    ratio_samples: u8,
    fine_cell_v: f32,
    over_current: u8,
    voltage: Agreement,
    current: Agreement,
    modules: Agreement,
    voltage_repeats: Repeats,
    dead_repeats: Repeats,
    energy: EnergyBalance,
    heating: Heating,
    curve: CurveWatch,
    /// Bits of checks that have alarmed.
    raised: u32,
    waiting: [Option<Alarm>; WAITING],
}

impl Guard {
    /// Watches a session of a pack with these limits.
    #[must_use]
    pub fn new(limits: PackLimits) -> Self {
        Self {
            limits,
            began: None,
            last: Instant::ZERO,
            last_demand_a: 0.0,
            demand_fell: None,
            last_current_a: 0.0,
            current_moved: Instant::ZERO,
            over: [0; 5],
            cell_ratio: 0.0,
            ratio_samples: 0,
            fine_cell_v: 0.0,
            over_current: 0,
            voltage: Agreement::voltage(),
            current: Agreement::current(),
            modules: Agreement::voltage(),
            voltage_repeats: Repeats::new(6),
            dead_repeats: Repeats::new(5),
            energy: EnergyBalance::new(limits.energy_kwh, limits.start_soc_pct),
            heating: Heating::new(),
            curve: CurveWatch::new(),
            raised: 0,
            waiting: [None; WAITING],
        }
    }

    /// Takes in a sample. Readings that are not finite count as missing; a sample that is older than the last is ignored.
    pub fn handle_sample(&mut self, now: Instant, sample: &Sample) {
        let sample = sample.finite();
        let began = *self.began.get_or_insert(now);
        if now < self.last {
            return;
        }
        let gap = now.since(self.last).as_millis() > u128::from(GAP_MS);
        self.last = now;
        self.note_changes(now, &sample);
        self.check_limits(now, &sample);
        self.check_current(now, &sample);
        let charging = sample.is_charging();
        let learning = now.since(began).as_millis() < u128::from(Agreement::LEARN_MS);
        if charging && self.is_settled(now) && !gap {
            self.check_agreement(now, &sample, learning);
        }
        if charging {
            self.check_repeats(now, &sample, learning);
        }
        self.check_energy(now, &sample);
        if let Some((check, seen, allowed)) = self.heating.handle(now, &sample) {
            self.raise(now, check, seen, allowed, sample.soc_pct);
        }
    }

    /// As [`Self::handle_sample`], and holds the vehicle's voltage against the band of its model. This sees what is wrong from the
    /// first second, which the other checks take for the way the vehicle is.
    pub fn handle_sample_of_model(&mut self, now: Instant, sample: &Sample, band: &BandLimits) {
        self.handle_sample(now, sample);
        let sample = sample.finite();
        if now < self.last || !sample.is_charging() || !self.is_settled(now) {
            return;
        }
        let (Some(soc), Some(volts)) = (sample.soc_pct, sample.vehicle_v) else { return };
        if let Some((seen, allowed)) = self.curve.handle(soc, volts, band) {
            self.raise(now, Check::CurveOutsideBand, seen, allowed, sample.soc_pct);
        }
    }

    /// Whether the current has not moved of late.
    fn is_settled(&self, now: Instant) -> bool {
        now.since(self.current_moved).as_millis() >= u128::from(SETTLES_MS)
    }

    /// The next alarm.
    pub fn poll_alarm(&mut self) -> Option<Alarm> {
        let slot = self.waiting.iter_mut().find(|slot| slot.is_some())?;
        slot.take()
    }

    fn note_changes(&mut self, now: Instant, sample: &Sample) {
        if let Some(demand) = sample.demand_a {
            if demand < self.last_demand_a - 0.05 {
                self.demand_fell = Some(now);
            }
            self.last_demand_a = demand;
        }
        if let Some(current) = sample.output_a {
            let change = (current - self.last_current_a).abs();
            if change > f32::max(1.0, 0.02 * self.last_current_a) {
                self.current_moved = now;
            }
            self.last_current_a = current;
        }
    }

    fn check_limits(&mut self, now: Instant, sample: &Sample) {
        let limits = self.limits;
        let voltage_limit = limits.voltage_v * (1.0 + VOLTAGE_MARGIN);
        let fine_cell_v = self.fine_cell(sample);
        let rows = [
            (Check::DemandAboveLimit, sample.demand_v, limits.voltage_v + DEMAND_MARGIN_V, 1),
            (Check::VoltageAboveLimit, sample.output_v, voltage_limit, LIMIT_SAMPLES),
            (Check::CellAboveLimit, sample.cell_v, limits.cell_v + CELL_MARGIN_V, LIMIT_SAMPLES),
            (Check::TooHot, sample.hottest_c, limits.temperature_c, LIMIT_SAMPLES),
            (Check::CellAboveLimit, fine_cell_v, limits.cell_v, 1),
        ];
        for (index, (check, seen, limit, samples)) in rows.into_iter().enumerate() {
            let (Some(seen), Some(count)) = (seen, self.over.get_mut(index)) else { continue };
            // A battery is too hot at its limit; the others may reach theirs.
            let over = if check == Check::TooHot { seen >= limit } else { seen > limit };
            *count = if over { count.saturating_add(1) } else { 0 };
            if *count >= samples && limit > 0.0 {
                self.raise(now, check, seen, limit, sample.soc_pct);
            }
        }
    }

    /// The highest cell finer than its steps of 0.01 V: pack voltage times the ratio of the two. A slow rise passes the limit
    /// long before the next step of the reading.
    fn fine_cell(&mut self, sample: &Sample) -> Option<f32> {
        let (pack, cell) = (sample.vehicle_v.filter(|volts| *volts > 1.0)?, sample.cell_v?);
        let ratio = cell / pack;
        let gain = f32::max(RATIO_GAIN, 1.0 / (f32::from(self.ratio_samples) + 1.0));
        self.cell_ratio += gain * (ratio - self.cell_ratio);
        let fine = pack * self.cell_ratio;
        self.fine_cell_v += FINE_GAIN * (fine - self.fine_cell_v);
        self.ratio_samples = self.ratio_samples.saturating_add(1);
        if self.ratio_samples < RATIO_SAMPLES {
            self.fine_cell_v = fine;
            return None;
        }
        // A vehicle voltage that contradicts its own cell reading proves nothing about cells.
        ((self.fine_cell_v - cell).abs() < 0.02).then_some(self.fine_cell_v)
    }

    fn check_current(&mut self, now: Instant, sample: &Sample) {
        let (Some(current), Some(demand)) = (sample.output_a, sample.demand_a) else { return };
        // The current follows a fall of the demand slowly, in every pause, too.
        let falling = self
            .demand_fell
            .is_some_and(|fell| now.since(fell).as_millis() < u128::from(FALL_SETTLES_MS));
        let allowed = demand + f32::max(CURRENT_MARGIN * demand, CURRENT_MARGIN_A);
        self.over_current =
            if current > allowed && !falling { self.over_current.saturating_add(1) } else { 0 };
        if self.over_current >= CURRENT_SAMPLES {
            self.raise(now, Check::CurrentAboveDemand, current, allowed, sample.soc_pct);
        }
    }

    fn check_agreement(&mut self, now: Instant, sample: &Sample, learning: bool) {
        let Some(amperes) = sample.output_a else { return };
        let ours = sample.output_v;
        let difference = |ours: Option<f32>, theirs: Option<f32>| Some(ours? - theirs?);
        let rows = [
            (Check::ChargerSensorDrifts, &mut self.modules, difference(ours, sample.module_v)),
            (Check::VoltageDisagrees, &mut self.voltage, difference(ours, sample.vehicle_v)),
            (
                Check::CurrentDisagrees,
                &mut self.current,
                difference(Some(amperes), sample.vehicle_a),
            ),
        ];
        let departed = rows.map(|(check, line, difference)| {
            line.handle(learning, amperes, difference?).map(|found| (check, found))
        });
        for (check, (seen, allowed)) in departed.into_iter().flatten() {
            self.raise(now, check, seen, allowed, sample.soc_pct);
        }
    }

    fn check_repeats(&mut self, now: Instant, sample: &Sample, learning: bool) {
        let frozen =
            sample.vehicle_v.and_then(|volts| self.voltage_repeats.handle([volts; 6], learning));
        if let Some((seen, allowed)) = frozen {
            self.raise(now, Check::VoltageFrozen, seen, allowed, sample.soc_pct);
        }
        let all = [
            sample.vehicle_v,
            sample.vehicle_a,
            sample.cell_v,
            sample.soc_pct,
            sample.hottest_c,
            sample.coldest_c,
        ];
        if all.iter().flatten().count() >= 4 {
            let all = all.map(|value| value.unwrap_or(0.0));
            if let Some((seen, allowed)) = self.dead_repeats.handle(all, learning) {
                self.raise(now, Check::VehicleDead, seen, allowed, sample.soc_pct);
            }
        }
    }

    fn check_energy(&mut self, now: Instant, sample: &Sample) {
        let found = self.energy.handle(sample);
        for (check, seen, allowed) in found.into_iter().flatten() {
            self.raise(now, check, seen, allowed, sample.soc_pct);
        }
    }

    fn raise(&mut self, at: Instant, check: Check, seen: f32, allowed: f32, soc_pct: Option<f32>) {
        let bit = 1 << (check as u32);
        if self.raised & bit != 0 {
            return;
        }
        self.raised |= bit;
        let hold =
            if soc_pct.is_some_and(|soc| soc >= HIGH_SOC_PCT) { HOLD_HIGH_SOC_MS } else { HOLD_MS };
        let held = check.action() == Action::StopAfterHold;
        let stop_by = held.then(|| Instant::from_millis(at.raw().saturating_add(hold)));
        let alarm = Alarm { at, check, seen, allowed, stop_by };
        match self.waiting.iter_mut().find(|slot| slot.is_none()) {
            Some(slot) => *slot = Some(alarm),
            None => {
                self.waiting.rotate_left(1);
                if let Some(slot) = self.waiting.last_mut() {
                    *slot = Some(alarm);
                }
            }
        }
    }
}

impl Sample {
    /// Whether the vehicle asks for current: a pause is no charging.
    fn is_charging(&self) -> bool {
        self.demand_a.is_none_or(|amperes| amperes > 0.0)
    }

    /// Without what is not a finite number.
    fn finite(&self) -> Self {
        let finite = |value: Option<f32>| value.filter(|value| value.is_finite());
        Self {
            output_v: finite(self.output_v),
            output_a: finite(self.output_a),
            module_v: finite(self.module_v),
            delivered_kwh: finite(self.delivered_kwh),
            demand_v: finite(self.demand_v),
            demand_a: finite(self.demand_a),
            vehicle_v: finite(self.vehicle_v),
            vehicle_a: finite(self.vehicle_a),
            cell_v: finite(self.cell_v),
            soc_pct: finite(self.soc_pct),
            hottest_c: finite(self.hottest_c),
            coldest_c: finite(self.coldest_c),
        }
    }
}
