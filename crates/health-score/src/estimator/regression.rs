//! Lines and covariates.

/// Recursive least squares with `N` regressors (3 to 5) and forgetting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rls<const N: usize> {
    coefficients: [f64; N],
    covariance: [[f64; N]; N],
    forgetting: f64,
}

impl<const N: usize> Rls<N> {
    /// Coefficients start at 0 with this variance; `forgetting` per value, 0.999 say, from 0.5 to 1.
    #[must_use]
    pub fn new(variance: f64, forgetting: f64) -> Self {
        let variance = if variance > 0.0 { variance } else { 1.0 };
        let covariance = core::array::from_fn(|row| {
            core::array::from_fn(|column| if row == column { variance } else { 0.0 })
        });
        Self { coefficients: [0.0; N], covariance, forgetting: forgetting.clamp(0.5, 1.0) }
    }

    /// The coefficients.
    #[must_use]
    pub const fn coefficients(&self) -> &[f64; N] {
        &self.coefficients
    }

    /// The value that these regressors explain.
    #[must_use]
    pub fn explain(&self, regressors: &[f64; N]) -> f64 {
        self.coefficients.iter().zip(regressors).map(|(c, x)| c * x).sum()
    }

    /// Takes in a value with its regressors; gives back the residual before it.
    pub fn update(&mut self, regressors: &[f64; N], value: f64) -> Option<f64> {
        if !value.is_finite() || regressors.iter().any(|x| !x.is_finite()) {
            return None;
        }
        let mut directions = [0.0; N];
        for (direction, row) in directions.iter_mut().zip(&self.covariance) {
            *direction = row.iter().zip(regressors).map(|(c, x)| c * x).sum();
        }
        let scale: f64 = directions.iter().zip(regressors).map(|(d, x)| d * x).sum();
        let gain = 1.0 / (self.forgetting + scale);
        let residual = value - self.explain(regressors);
        for (coefficient, direction) in self.coefficients.iter_mut().zip(&directions) {
            *coefficient += gain * direction * residual;
        }
        for (row, left) in self.covariance.iter_mut().zip(&directions) {
            for (entry, right) in row.iter_mut().zip(&directions) {
                *entry = (*entry - gain * left * right) / self.forgetting;
            }
        }
        Some(residual)
    }
}

/// Theil-Sen slope over the newest `N` points (up to 32): the median of the slopes of all pairs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TheilSen<const N: usize> {
    points: [(f64, f64); N],
    len: usize,
}

/// Pairs that are looked at, at most: 32 points.
const MOST_PAIRS: usize = 496;

impl<const N: usize> Default for TheilSen<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> TheilSen<N> {
    /// No points.
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(N >= 2 && N <= 32, "2 to 32 points") };
        Self { points: [(0.0, 0.0); N], len: 0 }
    }

    /// Takes in a point; beyond `N` the oldest goes.
    pub fn update(&mut self, x: f64, y: f64) {
        if !x.is_finite() || !y.is_finite() {
            return;
        }
        if self.len == N {
            self.points.rotate_left(1);
            self.len -= 1;
        }
        if let Some(slot) = self.points.get_mut(self.len) {
            *slot = (x, y);
            self.len += 1;
        }
    }

    /// The slope; `None` for fewer than two points with different x.
    #[must_use]
    pub fn slope(&self) -> Option<f64> {
        let mut slopes = [0.0; MOST_PAIRS];
        let mut used = 0;
        let points = self.points.get(..self.len)?;
        for (at, (x, y)) in points.iter().enumerate() {
            for (left_x, left_y) in points.iter().take(at) {
                let run = x - left_x;
                if run.abs() > 0.0 {
                    *slopes.get_mut(used)? = (y - left_y) / run;
                    used += 1;
                }
            }
        }
        let slopes = slopes.get_mut(..used).filter(|slopes| !slopes.is_empty())?;
        slopes.sort_unstable_by(f64::total_cmp);
        let upper = *slopes.get(used / 2)?;
        let lower = *slopes.get((used - 1) / 2)?;
        Some(0.5 * (lower + upper))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covariates_are_found() {
        let mut rls = Rls::<3>::new(1e6, 0.999);
        for index in 0..300u32 {
            let (a, b) = (f64::from(index % 7), f64::from(index % 11));
            rls.update(&[1.0, a, b], 2.0 - 0.5 * a + 0.25 * b);
        }
        for (ours, expected) in rls.coefficients().iter().zip([2.0, -0.5, 0.25]) {
            assert!((ours - expected).abs() < 1e-6);
        }
        assert_eq!(rls.update(&[1.0, f64::NAN, 0.0], 1.0), None);
    }

    #[test]
    fn a_third_of_the_points_may_be_wrong() {
        let mut line = TheilSen::<24>::new();
        assert_eq!(line.slope(), None);
        for index in 0..40u32 {
            let wrong = if index % 4 == 0 { 500.0 } else { 0.0 };
            line.update(f64::from(index), 0.3 * f64::from(index) + wrong);
        }
        assert!((line.slope().unwrap() - 0.3).abs() < 0.02, "{:?}", line.slope());
    }
}
