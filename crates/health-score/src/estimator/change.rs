//! Detectors of a change of level.

/// Two-sided cumulative sum: `S+ = max(0, S+ + z - k)`, and the same downwards; a change when either passes `h`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cusum {
    slack: f64,
    threshold: f64,
    above: f64,
    below: f64,
}

/// Which way a level changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

impl Cusum {
    /// Slack `k` and threshold `h`, both in units of the values (0.5 and 8 of standardised ones, say).
    #[must_use]
    pub const fn new(slack: f64, threshold: f64) -> Self {
        Self { slack, threshold, above: 0.0, below: 0.0 }
    }

    /// Takes in a value's distance from its target.
    pub fn update(&mut self, z: f64) -> Option<Direction> {
        if z.is_finite() {
            self.above = f64::max(0.0, self.above + z - self.slack);
            self.below = f64::max(0.0, self.below - z - self.slack);
        }
        if self.above > self.threshold {
            Some(Direction::Up)
        } else if self.below > self.threshold {
            Some(Direction::Down)
        } else {
            None
        }
    }

    /// Begins again.
    pub fn reset(&mut self) {
        self.above = 0.0;
        self.below = 0.0;
    }
}

/// Page-Hinkley test for a rise: `m += z - d`, a change when `m - min m` passes `L`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageHinkley {
    allowance: f64,
    threshold: f64,
    sum: f64,
    least: f64,
}

impl PageHinkley {
    /// Allowance `d` and threshold `L`.
    #[must_use]
    pub const fn new(allowance: f64, threshold: f64) -> Self {
        Self { allowance, threshold, sum: 0.0, least: 0.0 }
    }

    /// Takes in a value's distance from its target; whether the level has risen.
    pub fn update(&mut self, z: f64) -> bool {
        if z.is_finite() {
            self.sum += z - self.allowance;
            self.least = self.least.min(self.sum);
            // Only the difference counts: moving both keeps the sum small for ever.
            self.sum -= self.least;
            self.least = 0.0;
        }
        self.sum > self.threshold
    }

    /// Begins again.
    pub fn reset(&mut self) {
        self.sum = 0.0;
        self.least = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rise_is_found_as_soon_as_it_can_be() {
        let (mut cusum, mut page) = (Cusum::new(0.5, 4.0), PageHinkley::new(0.5, 4.0));
        for _ in 0..1_000 {
            assert_eq!(cusum.update(0.3), None);
            assert!(!page.update(0.3));
        }
        // Each step adds 1.5: beyond 4 at the third.
        let found: [_; 3] = core::array::from_fn(|_| (cusum.update(2.0), page.update(2.0)));
        assert_eq!(found, [(None, false), (None, false), (Some(Direction::Up), true)]);
        cusum.reset();
        assert_eq!(cusum.update(f64::NAN), None);
        assert_eq!(cusum.update(-10.0), Some(Direction::Down));
    }
}
