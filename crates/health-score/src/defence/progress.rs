//! What must move while a battery charges: voltage, state of charge against energy, temperature.

use super::guard::{Check, Sample};
use crate::time::Instant;

/// Counts repetitions of the same readings, and knows how long they repeat normally.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Repeats {
    last: [f32; 6],
    run: u16,
    longest: u16,
    least: u16,
}

impl Repeats {
    /// Alarms from `least` repetitions on, or three times the longest run of the first minute and two, if that is more.
    pub(crate) const fn new(least: u16) -> Self {
        Self { last: [f32::MIN; 6], run: 0, longest: 0, least }
    }

    pub(crate) fn handle(&mut self, readings: [f32; 6], learning: bool) -> Option<(f32, f32)> {
        #[expect(clippy::float_cmp, reason = "the very same bits are what is looked for")]
        let same = readings == self.last;
        self.last = readings;
        self.run = if same { self.run.saturating_add(1) } else { 0 };
        if learning {
            self.longest = self.longest.max(self.run);
            return None;
        }
        let allowed = self.least.max(self.longest.saturating_mul(3).saturating_add(2));
        (self.run >= allowed).then(|| (f32::from(self.run), f32::from(allowed)))
    }
}

/// Energy against state of charge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct EnergyBalance {
    nominal_kwh: f32,
    room_kwh: f32,
    last_soc: f32,
    at_change_kwh: f32,
    longest_kwh: f32,
    changes: u8,
    full_samples: u8,
}

/// Of the nominal energy, without a change of the state of charge (a step of 1 %).
const STUCK_SHARE: f32 = 0.018;
/// Steps of the state of charge vary by this factor.
const STUCK_FACTOR: f32 = 1.6;
/// Delivered over the room left at the start.
const OVER_CHARGE: f32 = 1.1;
/// Charging at more than this rate (1/h) at this state of charge is charging a full battery.
const FULL_SOC_PCT: f32 = 98.0;
const FULL_RATE: f32 = 0.5;
const FULL_SAMPLES: u8 = 5;

impl EnergyBalance {
    pub(crate) fn new(nominal_kwh: f32, start_soc_pct: f32) -> Self {
        // The state of charge is rounded to 1 %: half a step more room there may be.
        let room_kwh = nominal_kwh * (100.5 - start_soc_pct) / 100.0;
        Self {
            nominal_kwh,
            room_kwh,
            last_soc: -1.0,
            at_change_kwh: 0.0,
            longest_kwh: 0.0,
            changes: 0,
            full_samples: 0,
        }
    }

    pub(crate) fn handle(&mut self, sample: &Sample) -> [Option<(Check, f32, f32)>; 2] {
        let (Some(delivered), Some(soc)) = (sample.delivered_kwh, sample.soc_pct) else {
            return [None; 2];
        };
        if !(self.nominal_kwh > 0.0) {
            return [None; 2];
        }
        if (soc - self.last_soc).abs() >= 0.1 {
            // The first step may have begun before the session.
            if self.changes > 1 {
                self.longest_kwh = self.longest_kwh.max(delivered - self.at_change_kwh);
            }
            self.changes = self.changes.saturating_add(1);
            self.last_soc = soc;
            self.at_change_kwh = delivered;
        }
        let since = delivered - self.at_change_kwh;
        let allowed = f32::max(STUCK_SHARE * self.nominal_kwh, STUCK_FACTOR * self.longest_kwh);
        let stuck = since > allowed && soc < 99.5;
        let percent = 100.0 / self.nominal_kwh;
        let stuck = stuck.then_some((Check::SocStuck, since * percent, allowed * percent));
        [stuck, self.over_charge(sample, delivered, soc)]
    }

    fn over_charge(
        &mut self,
        sample: &Sample,
        delivered: f32,
        soc: f32,
    ) -> Option<(Check, f32, f32)> {
        let room = OVER_CHARGE * self.room_kwh;
        let percent = 100.0 / self.nominal_kwh;
        let kw = sample.output_v.unwrap_or(0.0) * sample.output_a.unwrap_or(0.0) / 1_000.0;
        let full = soc >= FULL_SOC_PCT && kw > FULL_RATE * self.nominal_kwh;
        self.full_samples = if full { self.full_samples.saturating_add(1) } else { 0 };
        if delivered > room {
            return Some((Check::OverCharge, delivered * percent, room * percent));
        }
        let hard = self.full_samples >= FULL_SAMPLES;
        hard.then_some((Check::OverCharge, soc, FULL_SOC_PCT))
    }
}

/// Temperature against the square of the current.
///
/// Temperatures come in steps of 1 K, so rates are bounded from both sides by half steps, and the heat put in (A² s) since the
/// start, a window ago and the last change is all that is remembered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Heating {
    last: Option<Instant>,
    first_c: f32,
    heat: f32,
    /// Marks each some seconds apart: temperature and heat then.
    marks: [(f32, f32); MARKS],
    marked: u8,
    mark_at: Instant,
    /// The newest change of the reading.
    changed_c: f32,
    changed_heat: f32,
    /// New peaks, and the heat at the first and the newest.
    peak_c: f32,
    peaks: u8,
    first_peak_heat: f32,
    peak_heat: f32,
}

/// A window of the rate: this many marks, each so long after the other.
const MARKS: usize = 7;
const MARK_MS: u64 = 12_000;
/// A window must rise by this much more than the highest rate seen before explains.
const RISE_FACTOR: f32 = 1.25;
const RISE_MARGIN_K: f32 = 1.0;
/// Least rise in a window that is worth an alarm, K.
const LEAST_RISE_K: f32 = 2.5;
/// Peaks that a rate is taken from at least.
const LEAST_PEAKS: u8 = 2;
/// Rise that the lowest rate seen before would have brought by now, without a change.
const FROZEN_K: f32 = 1.7;

impl Heating {
    pub(crate) const fn new() -> Self {
        Self {
            last: None,
            first_c: 0.0,
            heat: 0.0,
            marks: [(0.0, 0.0); MARKS],
            marked: 0,
            mark_at: Instant::ZERO,
            changed_c: 0.0,
            changed_heat: 0.0,
            peak_c: 0.0,
            peaks: 0,
            first_peak_heat: 0.0,
            peak_heat: 0.0,
        }
    }

    pub(crate) fn handle(&mut self, now: Instant, sample: &Sample) -> Option<(Check, f32, f32)> {
        let (Some(amperes), Some(hottest)) = (sample.output_a, sample.hottest_c) else {
            return None;
        };
        let Some(last) = self.last else {
            self.last = Some(now);
            self.first_c = hottest;
            self.changed_c = hottest;
            self.peak_c = hottest;
            self.mark_at = now;
            self.push(hottest);
            return None;
        };
        self.heat += amperes * amperes * now.since(last).as_secs_f32() / 1e6;
        self.last = Some(now);
        if (hottest - self.changed_c).abs() >= 0.5 {
            self.changed_c = hottest;
            self.changed_heat = self.heat;
        }
        // A reading flickers where it rounds: only new peaks say how fast it heats.
        if hottest >= self.peak_c + 0.5 {
            if self.peaks == 0 {
                self.first_peak_heat = self.heat;
            }
            self.peaks = self.peaks.saturating_add(1);
            self.peak_c = hottest;
            self.peak_heat = self.heat;
        }
        if now.since(self.mark_at).as_millis() >= u128::from(MARK_MS) {
            self.mark_at = now;
            self.push(hottest);
        }
        self.rises(hottest).or_else(|| self.frozen(hottest))
    }

    fn push(&mut self, hottest: f32) {
        self.marks.rotate_left(1);
        if let Some(mark) = self.marks.last_mut() {
            *mark = (hottest, self.heat);
        }
        self.marked = self.marked.saturating_add(1);
    }

    /// The rise since the oldest mark against the highest rate that the time before it allows.
    fn rises(&self, hottest: f32) -> Option<(Check, f32, f32)> {
        let [(then_c, then_heat), ..] = self.marks;
        if usize::from(self.marked) < MARKS + 3 || then_heat <= 0.0 {
            return None;
        }
        let rate = (then_c - self.first_c + 1.0) / then_heat;
        let allowed = RISE_FACTOR * rate * (self.heat - then_heat) + RISE_MARGIN_K;
        let rise = hottest - then_c;
        let fast = rise >= f32::max(allowed, LEAST_RISE_K);
        fast.then_some((Check::HeatsTooFast, rise, allowed))
    }

    /// The heat since the last change against the least rate that the changes before it show.
    fn frozen(&self, hottest: f32) -> Option<(Check, f32, f32)> {
        // Between the first and the newest peak lie whole steps, but for their flicker.
        let span = self.peak_heat - self.first_peak_heat;
        if self.peaks < LEAST_PEAKS || span <= 0.0 {
            return None;
        }
        let steps = f32::from(self.peaks) - 1.3;
        let expected = steps / span * (self.heat - self.changed_heat);
        (expected > FROZEN_K).then_some((
            Check::TemperatureFrozen,
            hottest - self.changed_c,
            expected,
        ))
    }
}
