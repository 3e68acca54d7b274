//! Life of parts in a fleet: wear by temperature and use, the Weibull prior, months ahead by grade, rank among the like.

use crate::grade::Grade;
use crate::math;

/// Share of a capacitor's life used in `hours` at a temperature: life halves with every 10 K above the rated one.
#[must_use]
pub fn capacitor_life_used(hours: f64, temperature_c: f64, rated_hours: f64, rated_c: f64) -> f64 {
    if !(rated_hours > 0.0) {
        return 0.0;
    }
    hours.max(0.0)
        / (rated_hours * math::exp2((rated_c - temperature_c).clamp(-100.0, 100.0) / 10.0))
}

/// Share of a contactor's life used by one operation: `(I²t / reference)^m / operations`, times `open_load` (50, or from the
/// data sheet) if it opens under load.
#[must_use]
pub fn contactor_life_used(
    i2t: f64,
    reference: f64,
    m: f64,
    operations: f64,
    open_load: Option<f64>,
) -> f64 {
    let stress = i2t / reference;
    if !(stress > 0.0 && operations > 0.0 && m.is_finite()) {
        return 0.0;
    }
    math::pow(stress, m) / operations * open_load.unwrap_or(1.0).max(0.0)
}

/// Weibull life of a part: `R(t) = exp(-(t / scale)^shape)`; shape 2 to 4 is wear.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weibull {
    scale: f64,
    shape: f64,
}

impl Weibull {
    /// Both positive and finite; `None` otherwise.
    #[must_use]
    pub fn new(scale: f64, shape: f64) -> Option<Self> {
        let legal = |x: f64| x > 0.0 && x < 1e9;
        (legal(scale) && legal(shape)).then_some(Self { scale, shape })
    }

    /// Probability to live at least until `age`.
    #[must_use]
    pub fn survival(&self, age: f64) -> f64 {
        if age <= 0.0 { 1.0 } else { math::exp(-math::pow(age / self.scale, self.shape)) }
    }

    /// Time left at an age after which a share of the survivors has failed: 0.5 gives the median
    /// `scale ((a / scale)^shape + ln 2)^(1 / shape) - a`.
    #[must_use]
    pub fn remaining(&self, age: f64, share: f64) -> f64 {
        let age = age.max(0.0);
        let used = if age > 0.0 { math::pow(age / self.scale, self.shape) } else { 0.0 };
        let hazard = used - math::ln(1.0 - share.clamp(0.0, 1.0 - 1e-12));
        if hazard <= 0.0 {
            return 0.0;
        }
        (self.scale * math::pow(hazard, 1.0 / self.shape) - age).max(0.0)
    }

    /// Probability to fail within `time` at an age: the input of [`crate::fault::SpareDemand`].
    #[must_use]
    pub fn fails_within(&self, age: f64, time: f64) -> f64 {
        let now = self.survival(age);
        if now <= 0.0 {
            1.0
        } else {
            (1.0 - self.survival(age + time.max(0.0)) / now).clamp(0.0, 1.0)
        }
    }

    /// Combines this prior with a measured trend's quantiles 10, 50, 90 % of the time left: mean by inverse variance, the
    /// 80 % interval of both taken as of normal width.
    #[must_use]
    pub fn combine(&self, age: f64, measured: [f64; 3]) -> [f64; 3] {
        let prior = [0.1, 0.5, 0.9].map(|share| self.remaining(age, share));
        let precision = |[low, _, high]: [f64; 3]| {
            let width = (high - low).max(1e-6);
            1.0 / (width * width)
        };
        let (ours, theirs) = (precision(prior), precision(measured));
        let sum = ours + theirs;
        let [_, prior_median, _] = prior;
        let [_, measured_median, _] = measured;
        let median = (ours * prior_median + theirs * measured_median) / sum;
        let half = 0.5 / math::sqrt(sum);
        [(median - half).max(0.0), median, median + half]
    }
}

/// Grade by month: transition counts, and the chance to be poor within some months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GradeChain {
    counts: [[u8; 5]; 5],
}

impl GradeChain {
    /// A month's grade and the next month's. Counters that are full are halved together.
    pub fn note(&mut self, from: Grade, to: Grade) {
        let row = self.counts.get_mut(from as usize);
        let Some(slot) = row.and_then(|row| row.get_mut(to as usize)) else { return };
        *slot = slot.saturating_add(1);
        if *slot == u8::MAX {
            self.counts.iter_mut().flatten().for_each(|count| *count /= 2);
        }
    }

    /// Chance to reach [`Grade::Stop`] within `months` from a grade, with one transition of each kind assumed beforehand
    /// (Laplace).
    #[must_use]
    pub fn stops_within(&self, from: Grade, months: u16) -> f64 {
        let mut chances = [0.0; 5];
        if let Some(chance) = chances.get_mut(from as usize) {
            *chance = 1.0;
        }
        for _ in 0..months {
            let mut next = [0.0; 5];
            for (grade, (chance, row)) in chances.iter().zip(&self.counts).enumerate() {
                let total: f64 = row.iter().map(|count| f64::from(*count) + 1.0).sum();
                for (to, (slot, count)) in next.iter_mut().zip(row).enumerate() {
                    // Who has reached the last grade stays there: 'within', not 'after'.
                    let share = if grade == Grade::Stop as usize {
                        f64::from(u8::from(to == grade))
                    } else {
                        (f64::from(*count) + 1.0) / total
                    };
                    *slot += chance * share;
                }
            }
            chances = next;
        }
        chances.get(Grade::Stop as usize).copied().unwrap_or(0.0)
    }
}

/// Rank of a slope among chargers of the same model and climate: a histogram of 64 bins between two ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FleetRank {
    low: f64,
    high: f64,
    bins: [u32; 64],
}

impl FleetRank {
    /// Between two ends; `None` if they are not finite and in order.
    #[must_use]
    pub fn new(low: f64, high: f64) -> Option<Self> {
        (low < high && low.is_finite() && high.is_finite()).then_some(Self {
            low,
            high,
            bins: [0; 64],
        })
    }

    fn bin(&self, value: f64) -> usize {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 64")]
        let bin = (share * 64.0) as usize;
        bin.min(63)
    }

    /// Adds a charger's value; what is beyond the ends counts at the ends.
    pub fn add(&mut self, value: f64) {
        if value.is_finite() {
            let bin = self.bin(value);
            if let Some(count) = self.bins.get_mut(bin) {
                *count = count.saturating_add(1);
            }
        }
    }

    /// Share of the fleet below a value, its own bin half; `None` before 20 chargers. Above 0.95 raise the severity by one.
    #[must_use]
    pub fn percentile(&self, value: f64) -> Option<f64> {
        let total: f64 = self.bins.iter().map(|count| f64::from(*count)).sum();
        if !value.is_finite() || total < 20.0 {
            return None;
        }
        let bin = self.bin(value);
        let below: f64 = self.bins.iter().take(bin).map(|count| f64::from(*count)).sum();
        let own = self.bins.get(bin).map_or(0.0, |count| 0.5 * f64::from(*count));
        Some((below + own) / total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        assert!((capacitor_life_used(1_000.0, 95.0, 4_000.0, 105.0) - 0.125).abs() < 1e-12);
        assert!((contactor_life_used(2.0, 1.0, 3.0, 8_000.0, Some(50.0)) - 0.05).abs() < 1e-12);
        let life = Weibull::new(1_000.0, 1.0).unwrap();
        // Without wear the past does not matter: the median left is scale ln 2 at any age.
        for age in [0.0, 500.0, 5_000.0] {
            assert!((life.remaining(age, 0.5) - 693.147).abs() < 0.01);
        }
        assert!((life.fails_within(300.0, 1_000.0) - 0.632).abs() < 1e-3);
        let wear = Weibull::new(1_000.0, 3.0).unwrap();
        assert!(wear.remaining(900.0, 0.5) < wear.remaining(100.0, 0.5));
        let [low, median, high] = wear.combine(500.0, [90.0, 100.0, 110.0]);
        assert!(low < median && median < high && (median - 100.0).abs() < 10.0);
        assert!(Weibull::new(0.0, 1.0).is_none());
    }

    #[test]
    fn chains_and_ranks() {
        let mut chain = GradeChain::default();
        assert!((chain.stops_within(Grade::Good, 1) - 0.2).abs() < 1e-12);
        for _ in 0..300 {
            chain.note(Grade::Good, Grade::Good);
        }
        assert!(chain.stops_within(Grade::Good, 1) < 0.01);
        assert!(chain.stops_within(Grade::Good, 24) > chain.stops_within(Grade::Good, 12));
        let mut rank = FleetRank::new(0.0, 64.0).unwrap();
        assert_eq!(rank.percentile(1.0), None);
        (0..64).for_each(|value| rank.add(f64::from(value)));
        assert!((rank.percentile(60.0).unwrap() - 60.5 / 64.0).abs() < 1e-12);
    }
}
