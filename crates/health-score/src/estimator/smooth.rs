//! Running levels: exponentially weighted mean, spread, Holt's trend, a Kalman filter with drift.

use core::time::Duration;

use crate::math;

/// Exponentially weighted mean by time: a value's weight halves in `half_life`, however many values come.
///
/// ```
/// use core::time::Duration;
/// use evse_health_score::estimator::Ewma;
///
/// let mut mean = Ewma::new(Duration::from_secs(60));
/// mean.update(Duration::ZERO, 10.0);
/// mean.update(Duration::from_secs(60), 20.0);
/// assert!((mean.mean().ok_or("values came")? - 15.0).abs() < 1e-9);
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ewma {
    half_life_s: f64,
    mean: f64,
    started: bool,
    clip: f64,
    /// Values that were no finite numbers.
    pub refused: u32,
}

impl Ewma {
    /// With a half-life; zero forgets at once.
    #[must_use]
    pub fn new(half_life: Duration) -> Self {
        Self {
            half_life_s: half_life.as_secs_f64(),
            mean: 0.0,
            started: false,
            clip: f64::INFINITY,
            refused: 0,
        }
    }

    /// Robust form: values count as at most `clip` away from the mean (4 spreads, say); what is no positive number clips nothing.
    #[must_use]
    pub fn clipped(mut self, clip: f64) -> Self {
        self.clip = if clip >= 0.0 { clip } else { f64::INFINITY };
        self
    }

    /// Takes in a value that came so long after the one before. A gap only forgets, it never invents a
    /// value; of values of one instant the first counts.
    pub fn update(&mut self, elapsed: Duration, value: f64) {
        if !value.is_finite() {
            self.refused = self.refused.saturating_add(1);
            return;
        }
        if !self.started {
            self.started = true;
            self.mean = value;
            return;
        }
        let kept = if self.half_life_s > 0.0 {
            math::exp2(-elapsed.as_secs_f64() / self.half_life_s)
        } else {
            0.0
        };
        let difference = math::between(value - self.mean, -self.clip, self.clip);
        self.mean += (1.0 - kept) * difference;
    }

    /// The mean, `None` before the first value.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        self.started.then_some(self.mean)
    }
}

/// Running mean absolute deviation, as a standard deviation (times 1.2533); values count as at most four of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    gain: f64,
    mean: f64,
    deviation: f64,
    count: u32,
}

const TO_DEVIATION: f64 = 1.253_3;

impl Spread {
    /// A new value weighs `gain`, 0 to 1.
    #[must_use]
    pub fn new(gain: f64) -> Self {
        Self {
            gain: if gain.is_finite() { gain.clamp(0.0, 1.0) } else { 0.0 },
            mean: 0.0,
            deviation: 0.0,
            count: 0,
        }
    }

    /// Takes in a value.
    pub fn update(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        if self.count == 0 {
            self.mean = value;
        }
        self.count = self.count.saturating_add(1);
        let gain = f64::max(self.gain, 1.0 / f64::from(self.count));
        let limit = if self.count > 8 { 4.0 * self.standard_deviation() } else { f64::INFINITY };
        let difference = math::between(value - self.mean, -limit, limit);
        self.mean += gain * difference;
        self.deviation += gain * (difference.abs() - self.deviation);
    }

    /// The running mean.
    #[must_use]
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// The spread, 0 before the second value.
    #[must_use]
    pub fn standard_deviation(&self) -> f64 {
        TO_DEVIATION * self.deviation
    }
}

/// Holt's linear smoothing: level and slope per step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Holt {
    gains: (f64, f64),
    level: f64,
    slope: f64,
    count: u32,
}

impl Holt {
    /// Gains of level and slope, 0 to 1.
    #[must_use]
    pub fn new(level_gain: f64, slope_gain: f64) -> Self {
        Self {
            gains: (level_gain.clamp(0.0, 1.0), slope_gain.clamp(0.0, 1.0)),
            level: 0.0,
            slope: 0.0,
            count: 0,
        }
    }

    /// Takes in a value.
    pub fn update(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        match self.count {
            0 => self.level = value,
            1 => {
                self.slope = value - self.level;
                self.level = value;
            }
            _ => {
                let expected = self.level + self.slope;
                let level = expected + self.gains.0 * (value - expected);
                self.slope += self.gains.1 * (level - self.level - self.slope);
                self.level = level;
            }
        }
        self.count = self.count.saturating_add(1);
    }

    /// The level and the slope per step; `None` before the second value.
    #[must_use]
    pub fn state(&self) -> Option<(f64, f64)> {
        (self.count >= 2).then_some((self.level, self.slope))
    }
}

/// A level with drift: two states, one noisy reading, uneven steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kalman {
    level: f64,
    drift: f64,
    covariance: [f64; 3],
    noise: f64,
    wander: (f64, f64),
    started: bool,
}

impl Kalman {
    /// Variance of a reading, and variances that level and drift gain per unit of time; negative ones count as zero.
    #[must_use]
    pub fn new(reading_variance: f64, level_wander: f64, drift_wander: f64) -> Self {
        Self {
            level: 0.0,
            drift: 0.0,
            covariance: [0.0; 3],
            noise: reading_variance.max(f64::MIN_POSITIVE),
            wander: (level_wander.max(0.0), drift_wander.max(0.0)),
            started: false,
        }
    }

    /// Takes in a reading `elapsed` units of time after the one before.
    pub fn update(&mut self, elapsed: f64, reading: f64) {
        if !(reading.is_finite() && elapsed >= 0.0 && elapsed.is_finite()) {
            return;
        }
        if !self.started {
            self.started = true;
            self.level = reading;
            self.covariance = [self.noise, 0.0, self.noise];
            return;
        }
        let [ll, ld, dd] = self.covariance;
        let predicted = self.level + elapsed * self.drift;
        let ll = ll + 2.0 * elapsed * ld + elapsed * elapsed * dd + elapsed * self.wander.0;
        let ld = ld + elapsed * dd;
        let dd = dd + elapsed * self.wander.1;
        let gain = 1.0 / (ll + self.noise);
        let innovation = reading - predicted;
        self.level = predicted + ll * gain * innovation;
        self.drift += ld * gain * innovation;
        self.covariance = [ll - ll * ll * gain, ld - ll * ld * gain, dd - ld * ld * gain];
    }

    /// Level and drift with their variances; `None` before the first reading.
    #[must_use]
    pub fn state(&self) -> Option<((f64, f64), (f64, f64))> {
        let [level, _, drift] = self.covariance;
        self.started.then_some(((self.level, level), (self.drift, drift)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_is_found_and_a_nan_is_not_kept() {
        let (mut holt, mut kalman) = (Holt::new(0.5, 0.3), Kalman::new(0.01, 1e-6, 1e-6));
        let mut spread = Spread::new(0.05);
        for step in 0..200u32 {
            let wiggle = if step % 2 == 0 { 0.1 } else { -0.1 };
            let value = 3.0 + 0.5 * f64::from(step) + wiggle;
            holt.update(value);
            kalman.update(1.0, value);
            spread.update(wiggle);
            holt.update(f64::NAN);
            kalman.update(1.0, f64::INFINITY);
            spread.update(f64::NAN);
        }
        let (level, slope) = holt.state().unwrap();
        assert!((level - 102.5).abs() < 0.2 && (slope - 0.5).abs() < 0.05, "{level} {slope}");
        let ((level, variance), (drift, _)) = kalman.state().unwrap();
        assert!((level - 102.5).abs() < 0.1 && (drift - 0.5).abs() < 0.01 && variance < 0.01);
        assert!((spread.standard_deviation() - 0.125).abs() < 0.02);
    }

    #[test]
    fn an_outlier_moves_a_clipped_mean_little() {
        let minute = Duration::from_secs(60);
        let (mut plain, mut robust) = (Ewma::new(minute * 10), Ewma::new(minute * 10).clipped(1.0));
        for second in 0..100 {
            let value = if second == 60 { 1_000.0 } else { 5.0 };
            plain.update(minute, value);
            robust.update(minute, value);
            plain.update(minute, f64::NAN);
        }
        assert_eq!(plain.refused, 100);
        assert!((robust.mean().unwrap() - 5.0).abs() < 0.01);
        assert!((plain.mean().unwrap() - 5.0).abs() > 1.0);
        assert_eq!(Ewma::new(minute).mean(), None);
    }
}
