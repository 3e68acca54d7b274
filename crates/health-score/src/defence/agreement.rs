//! Two sensors of one quantity: a line learned in the first minute, and a two-sided CUSUM of what departs from it.

use crate::math;

/// Difference of two sensors as `offset + slope * current`.
///
/// For voltages the slope is the resistance of cable and contacts, for currents the difference of the gains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Agreement {
    offset: f32,
    slope: f32,
    /// Covariance of both over the noise variance: offset, both, slope.
    covariance: [f32; 3],
    /// Spread of one sample, and its floor.
    spread: f32,
    least_spread: f32,
    learned: u16,
    above: f32,
    below: f32,
}

/// Samples learned before anything is concluded.
const LEAST_LEARNED: u16 = 10;
/// Departures are counted beyond this many spreads, and each counts as this many at most.
const SLACK: f64 = 0.8;
const CLIP: f64 = 6.0;
/// As many standard deviations of the learned line are allowed on top.
const LINE_ERRORS: f64 = 1.5;
/// Sum of departures that alarms.
const THRESHOLD: f32 = 12.0;
const TO_DEVIATION: f64 = 1.2533;

impl Agreement {
    /// Time from the start of a session in which lines are learned.
    pub(crate) const LEARN_MS: u64 = 60_000;

    /// Voltages in V: resistance 5 milliohm, give or take as much; offsets of some volts.
    pub(crate) const fn voltage() -> Self {
        Self::new(0.005, 0.12, 0.2, [1_000.0, 0.0, 4e-4])
    }

    /// Currents in A: gains within some percent.
    pub(crate) const fn current() -> Self {
        Self::new(0.0, 0.2, 0.4, [6.0, 0.0, 1.4e-3])
    }

    const fn new(slope: f32, least_spread: f32, spread: f32, covariance: [f32; 3]) -> Self {
        Self {
            offset: 0.0,
            slope,
            covariance,
            spread,
            least_spread,
            learned: 0,
            above: 0.0,
            below: 0.0,
        }
    }

    /// Takes in a difference at a current; what is seen and what was allowed once it has departed.
    pub(crate) fn handle(
        &mut self,
        learning: bool,
        amperes: f32,
        difference: f32,
    ) -> Option<(f32, f32)> {
        let amperes = f64::from(amperes);
        let residual =
            f64::from(difference) - f64::from(self.offset) - f64::from(self.slope) * amperes;
        let [oo, os, ss] = self.covariance.map(f64::from);
        let (to, ts) = (oo + os * amperes, os + ss * amperes);
        let uncertain = 1.0 + to + ts * amperes;
        if learning || self.learned < LEAST_LEARNED {
            self.learn(residual, [to, ts], uncertain);
            return None;
        }
        let spread = f64::from(self.spread);
        // An error of the line stays the same from sample to sample: it must not add up.
        let slack = SLACK + LINE_ERRORS * math::sqrt(uncertain - 1.0);
        let scaled = residual / spread;
        let counted = |excess: f64| (excess - slack).min(CLIP);
        self.above = narrow(f64::max(f64::from(self.above) + counted(scaled), 0.0));
        self.below = narrow(f64::max(f64::from(self.below) + counted(-scaled), 0.0));
        let departed = self.above > THRESHOLD || self.below > THRESHOLD;
        departed.then(|| (narrow(residual), narrow(slack * spread)))
    }

    fn learn(&mut self, residual: f64, [to, ts]: [f64; 2], uncertain: f64) {
        // A frame that is far off once the line stands is pulled in, not believed.
        let limit = 4.0 * f64::from(self.spread) * math::sqrt(uncertain);
        let taken =
            if self.learned >= 4 { math::between(residual, -limit, limit) } else { residual };
        let gain = 1.0 / uncertain;
        self.offset = narrow(f64::from(self.offset) + gain * to * taken);
        self.slope = narrow(f64::from(self.slope) + gain * ts * taken);
        let [oo, os, ss] = self.covariance.map(f64::from);
        self.covariance =
            [narrow(oo - gain * to * to), narrow(os - gain * to * ts), narrow(ss - gain * ts * ts)];
        if self.learned >= 4 {
            let deviation = TO_DEVIATION * taken.abs() / math::sqrt(uncertain);
            let spread = f64::from(self.spread);
            let moved = spread + 0.06 * (deviation - spread);
            self.spread = narrow(f64::max(moved, f64::from(self.least_spread)));
        }
        self.learned = self.learned.saturating_add(1);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "state is stored narrow")]
pub(crate) fn narrow(x: f64) -> f32 {
    x as f32
}
