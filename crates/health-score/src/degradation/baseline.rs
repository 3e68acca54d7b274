//! The explanation of a signal by its features, learned while the charger is taken to be well.

use super::indicator::{FEATURES, Observation, prior};
use super::signal::Signal;

/// Differences beyond this many spreads count as this many.
const CLIP: f64 = 3.0;
/// As many clipped differences in a row on the same side mean that the level, not the sessions, is wrong.
const CLIPPED_IN_A_ROW: i8 = 5;
/// Weight of a new session in the running spread.
const SPREAD_GAIN: f64 = 0.05;
/// Mean absolute deviation to standard deviation.
const TO_DEVIATION: f64 = 1.2533;

/// A small robust recursive least squares with a prior on the coefficients, without forgetting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Baseline {
    coefficients: [f32; FEATURES],
    /// Covariance over noise variance: upper triangle 00 01 02 11 12 22.
    covariance: [f32; 6],
    /// Spread of a session about the explanation, in target units.
    spread: f32,
    pub(crate) sessions: u16,
    clipped: i8,
}

impl Baseline {
    pub(crate) fn new(signal: Signal) -> Self {
        let noise = signal.law().noise;
        let [first, second] = prior(signal);
        let scaled = |deviation: f64| to_f32(deviation * deviation / (noise * noise));
        Self {
            coefficients: [0.0, to_f32(first.0), to_f32(second.0)],
            // The level is unknown: its variance is that of many sessions, so the first one sets it.
            covariance: [1e4, 0.0, 0.0, scaled(first.1), 0.0, scaled(second.1)],
            spread: to_f32(noise),
            sessions: 0,
            clipped: 0,
        }
    }

    /// The explained value for an observation's features.
    pub(crate) fn explain(coefficients: &[f32; FEATURES], observation: &Observation) -> f64 {
        coefficients.iter().zip(observation.features).map(|(c, f)| f64::from(*c) * f).sum()
    }

    pub(crate) fn coefficients(&self) -> [f32; FEATURES] {
        self.coefficients
    }

    /// Whether a stored state could have come about.
    pub(crate) fn is_possible(&self) -> bool {
        let numbers = self.coefficients.iter().chain(&self.covariance);
        numbers.copied().all(f32::is_finite) && self.spread > 0.0 && self.spread.is_finite()
    }

    pub(crate) fn spread(&self) -> f64 {
        f64::from(self.spread)
    }

    /// Takes in a session; gives back its difference from the explanation before it, in spreads.
    pub(crate) fn learn(&mut self, signal: Signal, observation: &Observation) -> f64 {
        let explained = Self::explain(&self.coefficients, observation);
        let difference = observation.target - explained;
        if self.sessions == 0 {
            if let Some(level) = self.coefficients.first_mut() {
                *level = to_f32(f64::from(*level) + difference);
            }
            self.covariance = Self::new(signal).covariance;
            if let Some(variance) = self.covariance.first_mut() {
                *variance = 1.0;
            }
            self.sessions = 1;
            return 0.0;
        }
        let spread = f64::from(self.spread);
        let scaled = difference / spread;
        let clip = scaled.clamp(-CLIP, CLIP);
        if self.count_clipped(scaled) {
            // The level was set by an outlier, or a sensor was replaced: begin again.
            *self = Self { spread: self.spread, ..Self::new(signal) };
            return self.learn(signal, observation);
        }
        self.update(observation, clip * spread);
        let deviation = TO_DEVIATION * clip.abs() * spread;
        let gain = SPREAD_GAIN.max(1.0 / f64::from(self.sessions.saturating_add(10)));
        self.spread = to_f32((spread + gain * (deviation - spread)).max(signal.law().noise * 0.3));
        self.sessions = self.sessions.saturating_add(1);
        scaled
    }

    fn count_clipped(&mut self, scaled: f64) -> bool {
        let side = if scaled > CLIP {
            1
        } else if scaled < -CLIP {
            -1
        } else {
            self.clipped = 0;
            return false;
        };
        self.clipped = if self.clipped.signum() == side { self.clipped + side } else { side };
        self.clipped.abs() >= CLIPPED_IN_A_ROW
    }

    fn update(&mut self, observation: &Observation, difference: f64) {
        let [p00, p01, p02, p11, p12, p22] = self.covariance.map(f64::from);
        let [a, b, c] = observation.features;
        let (pa, pb, pc) =
            (p00 * a + p01 * b + p02 * c, p01 * a + p11 * b + p12 * c, p02 * a + p12 * b + p22 * c);
        let gain = 1.0 / (1.0 / observation.weight.max(1e-3) + a * pa + b * pb + c * pc);
        for (coefficient, direction) in self.coefficients.iter_mut().zip([pa, pb, pc]) {
            *coefficient = to_f32(f64::from(*coefficient) + gain * direction * difference);
        }
        let updated = [
            p00 - gain * pa * pa,
            p01 - gain * pa * pb,
            p02 - gain * pa * pc,
            p11 - gain * pb * pb,
            p12 - gain * pb * pc,
            p22 - gain * pc * pc,
        ];
        self.covariance = updated.map(to_f32);
    }
}

crate::snapshot::stored_fields!(Baseline { coefficients, covariance, spread, sessions, clipped });

#[expect(clippy::cast_possible_truncation, reason = "the nearest f32; state is stored narrow")]
pub(crate) fn to_f32(x: f64) -> f32 {
    x as f32
}
