//! Who is wrong when energies disagree: the billing meter, the modules, the vehicle or the input.

use super::session::SessionRecord;
use crate::math;

/// Whose reading of a session's energy departs from what it used to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
pub enum Witness {
    /// The billing meter.
    Meter,
    /// The sum of the power modules.
    Modules,
    /// The vehicle: integral of BCS voltage and current.
    Vehicle,
    /// The AC input, or the efficiency that leads from it to the output.
    Input,
}

/// Vehicle models whose measuring differs: the median of `ln(E_vehicle / E_modules)` of each, as seen by a whole fleet.
///
/// Gains of vehicles differ by about 1 %, as much as a meter at the end of its life, so they are taken out first. 8 bytes a model;
/// kept where the sessions of many chargers come together, and sent to the chargers with the parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VehicleOffsets<const MODELS: usize> {
    medians: [f32; MODELS],
    sessions: [u16; MODELS],
}

/// Sessions of a model before its offset counts.
const LEAST_SESSIONS: u16 = 10;
/// Largest step of a running median, and its smallest.
const FIRST_STEP: f32 = 0.004;
const LAST_STEP: f32 = 0.000_1;

impl<const MODELS: usize> Default for VehicleOffsets<MODELS> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const MODELS: usize> VehicleOffsets<MODELS> {
    /// Nothing known.
    #[must_use]
    pub const fn new() -> Self {
        Self { medians: [0.0; MODELS], sessions: [0; MODELS] }
    }

    /// Takes in a session of a vehicle model; models are numbered from 0, others are not taken.
    pub fn learn(&mut self, model: usize, record: &SessionRecord) {
        let slots = (self.medians.get_mut(model), self.sessions.get_mut(model));
        let (Some(median), Some(sessions)) = slots else { return };
        let Some(ratio) = log_ratio(record.vehicle_kwh, record.module_kwh) else { return };
        if *sessions == 0 {
            *median = ratio;
        } else {
            // A median is where as many are above as below: a step towards each, shorter and shorter.
            let step = f32::max(FIRST_STEP / f32::from(*sessions), LAST_STEP);
            *median += step.copysign(ratio - *median);
        }
        *sessions = sessions.saturating_add(1);
    }

    /// The offset of a model, logarithmic (0.01 is 1 %); `None` before ten sessions.
    #[must_use]
    pub fn of(&self, model: usize) -> Option<f32> {
        self.sessions.get(model).filter(|sessions| **sessions >= LEAST_SESSIONS)?;
        self.medians.get(model).copied()
    }
}

/// The mean of one witness against the modules: as it was at first, and as it is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Drift {
    first: f32,
    now: f32,
    sessions: u16,
}

/// Sessions that the first mean is taken from, and over which the newest forgets.
const FIRST_SESSIONS: u16 = 40;
const FORGET: f32 = 0.03;
/// A witness has departed from this on: 0.4 %, and 0.8 % where the vehicle or the efficiency is part of it.
const METER_DEPARTS: f32 = 0.004;
const OTHERS_DEPART: f32 = 0.008;
/// Single sessions count as so far off at most.
const CLIP: f32 = 0.02;

impl Drift {
    fn update(&mut self, ratio: f32) {
        self.sessions = self.sessions.saturating_add(1);
        if self.sessions <= FIRST_SESSIONS {
            // The clip follows once a few sessions have set the mean.
            let off = if self.sessions > 5 {
                (ratio - self.first).clamp(-CLIP, CLIP)
            } else {
                ratio - self.first
            };
            self.first += off / f32::from(self.sessions);
            self.now = self.first;
        } else {
            self.now += FORGET * (ratio - self.now).clamp(-CLIP, CLIP);
        }
    }

    fn departed(&self) -> Option<f32> {
        (self.sessions > FIRST_SESSIONS).then_some(self.now - self.first)
    }
}

/// Three witnesses of a session's energy against the fourth, the modules: two that agree name the one that is wrong.
///
/// The signal [`super::Signal::Meter`] says that meter and modules part; this says whose fault it is. 48 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct EnergyVote {
    meter: Drift,
    vehicle: Drift,
    input: Drift,
}

impl EnergyVote {
    /// Nothing heard.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in a session. `vehicle_offset` is that of the vehicle's model ([`VehicleOffsets::of`]); without it, the vehicle is
    /// not heard, as its own gain would pass for a drift.
    pub fn handle_session(&mut self, record: &SessionRecord, vehicle_offset: Option<f32>) {
        let modules = record.module_kwh;
        if let Some(ratio) = log_ratio(record.metered_kwh, modules) {
            self.meter.update(ratio);
        }
        if let (Some(ratio), Some(offset)) =
            (log_ratio(record.vehicle_kwh, modules), vehicle_offset)
        {
            self.vehicle.update(ratio - offset);
        }
        if let Some(ratio) = log_ratio(record.input_kwh, modules) {
            self.input.update(ratio);
        }
    }

    /// Who is wrong; `None` while nobody departs, or while fewer than two witnesses can be heard.
    #[must_use]
    pub fn culprit(&self) -> Option<Witness> {
        let meter = self.meter.departed()?;
        let others = [self.vehicle.departed(), self.input.departed()];
        let heard = others.iter().flatten().count();
        if heard == 0 {
            return None;
        }
        if meter.abs() >= METER_DEPARTS {
            // If the modules are wrong, everything departs from them to the same side and alike.
            let with_meter = |other: &&f32| (**other - meter).abs() < (**other).abs();
            let agreeing = others.iter().flatten().filter(with_meter).count();
            return Some(if agreeing == heard { Witness::Modules } else { Witness::Meter });
        }
        let departs = |other: Option<f32>| other.is_some_and(|other| other.abs() >= OTHERS_DEPART);
        let [vehicle, input] = others;
        if departs(vehicle) {
            Some(Witness::Vehicle)
        } else {
            departs(input).then_some(Witness::Input)
        }
    }
}

/// Logarithm of two energies of one session; `None` where one is missing or they contradict each other grossly.
fn log_ratio(one: Option<f32>, other: Option<f32>) -> Option<f32> {
    let ratio = f64::from(one?) / f64::from(other?);
    (0.7..1.4).contains(&ratio).then(|| super::baseline::to_f32(math::ln(ratio)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Energies of 100 sessions before and 300 after a witness departs by 1 %.
    fn vote(change: fn(&mut SessionRecord), hears_vehicle: bool) -> Option<Witness> {
        let mut offsets = VehicleOffsets::<2>::new();
        let mut vote = EnergyVote::new();
        for index in 0..400u16 {
            let scatter = 1.0 + 0.002 * (f32::from(index * 7 % 5) - 2.0);
            let model = usize::from(index % 2);
            let mut record = SessionRecord {
                module_kwh: Some(20.0),
                metered_kwh: Some(20.03),
                vehicle_kwh: Some(20.0 * scatter * if model == 0 { 1.012 } else { 0.993 }),
                input_kwh: Some(21.0 * scatter),
                ..SessionRecord::default()
            };
            offsets.learn(model, &record);
            if index > 100 {
                change(&mut record);
            }
            vote.handle_session(&record, offsets.of(model).filter(|_| hears_vehicle));
        }
        vote.culprit()
    }

    #[test]
    fn two_of_three_name_the_third() {
        let meter =
            |record: &mut SessionRecord| record.metered_kwh = record.metered_kwh.map(|x| x * 1.01);
        let modules =
            |record: &mut SessionRecord| record.module_kwh = record.module_kwh.map(|x| x * 0.99);
        let vehicle =
            |record: &mut SessionRecord| record.vehicle_kwh = record.vehicle_kwh.map(|x| x * 0.985);
        let input =
            |record: &mut SessionRecord| record.input_kwh = record.input_kwh.map(|x| x * 1.015);
        assert_eq!(vote(|_| {}, true), None);
        assert_eq!(vote(meter, true), Some(Witness::Meter));
        assert_eq!(vote(meter, false), Some(Witness::Meter), "without vehicles the input decides");
        assert_eq!(vote(modules, true), Some(Witness::Modules));
        assert_eq!(vote(vehicle, true), Some(Witness::Vehicle));
        assert_eq!(vote(input, true), Some(Witness::Input));
    }

    #[test]
    fn outliers_and_unknown_models_change_nothing() {
        let mut offsets = VehicleOffsets::<1>::new();
        let record = SessionRecord {
            module_kwh: Some(20.0),
            vehicle_kwh: Some(20.2),
            ..SessionRecord::default()
        };
        (0..50).for_each(|_| offsets.learn(0, &record));
        offsets.learn(7, &record);
        offsets.learn(0, &SessionRecord { vehicle_kwh: Some(60.0), ..record });
        assert!((offsets.of(0).unwrap() - 0.009_95).abs() < 1e-3 && offsets.of(7).is_none());
    }
}
