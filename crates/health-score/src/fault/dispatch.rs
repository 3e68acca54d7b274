//! In which order to go there, and what to have in stock.

use crate::anomaly::Severity;
use crate::math;

/// Priority of a work order: `100 (severity / 4) (0.5 + 0.5 utilisation) (1 + redundancy lost) + 10 ln(1 + age in days)`.
///
/// `utilisation` and `redundancy_lost` from 0 to 1, beyond that taken as the nearer end; `age_days` from 0. Travel and
/// assignment are the caller's.
#[must_use]
pub fn priority(severity: Severity, utilisation: f64, redundancy_lost: f64, age_days: f64) -> f64 {
    let share = |x: f64| if x.is_nan() { 0.0 } else { x.clamp(0.0, 1.0) };
    let grave = f64::from(severity.number()) / 4.0;
    let age = if age_days > 0.0 { age_days.min(36_500.0) } else { 0.0 };
    100.0 * grave * (0.5 + 0.5 * share(utilisation)) * (1.0 + share(redundancy_lost))
        + 10.0 * math::ln(1.0 + age)
}

/// Demand for a spare part over its lead time: the sum of the fleet's chances to fail within it (Poisson-binomial).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SpareDemand {
    /// Expected number.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
}

impl SpareDemand {
    /// Adds a charger that fails within the lead time with this probability; other numbers are ignored.
    pub fn add(&mut self, probability: f64) {
        if (0.0..=1.0).contains(&probability) {
            self.mean += probability;
            self.variance += probability * (1.0 - probability);
        }
    }

    /// Parts to stock, so that 95 % of lead times pass without a shortage: mean + 1.64 standard deviations, not rounded.
    #[must_use]
    pub fn stock(&self) -> f64 {
        self.mean + 1.64 * math::sqrt(self.variance)
    }

    /// For another season: electronics fail twice as often per 10 K. `warmer_k` above the season that the chances are of.
    #[must_use]
    pub fn in_season(&self, warmer_k: f64) -> Self {
        let factor = math::exp2(warmer_k / 10.0);
        Self { mean: self.mean * factor, variance: self.variance * factor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        assert!((priority(Severity::Safety, 1.0, 1.0, 0.0) - 200.0).abs() < 1e-12);
        let older = priority(Severity::Degraded, 0.0, 0.0, core::f64::consts::E - 1.0);
        assert!((older - 35.0).abs() < 1e-9);
        let mut demand = SpareDemand::default();
        for _ in 0..100 {
            demand.add(0.1);
        }
        demand.add(f64::NAN);
        assert!(
            (demand.mean - 10.0).abs() < 1e-9
                && (demand.stock() - (10.0 + 1.64 * 3.0)).abs() < 1e-9
        );
        assert!((demand.in_season(10.0).mean - 20.0).abs() < 1e-9);
    }
}
