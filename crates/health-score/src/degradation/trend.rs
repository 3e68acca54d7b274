//! Where progress stands and when it ends: a posterior over onset and rate, from the means of a few buckets.
//!
//! The law of growth is `x = a (t - onset)^p` with the part's own exponent p. For each onset on a grid the best rate a and its
//! variance have a closed form, so the posterior is a sum over onsets: no iteration, no random numbers, no memory.
//! A second family has a step at the onset and a straight line after it: failed fans, replaced sensors.

use super::signal::{Shape, Signal, StepMeaning};
use crate::anomaly::Severity;
use crate::life::Weibull;
use crate::math;

/// Mean progress of the sessions of one bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    /// Middle of the bucket, days from now (negative).
    pub(crate) day: f64,
    pub(crate) progress: f64,
    /// Variance of the mean.
    pub(crate) variance: f64,
}

/// Onsets tried: inside the buckets at half their width, before them at their width.
const ONSETS_BEFORE: u16 = 20;
/// Below this even a perfect fit would say nothing.
const QUIET_EVIDENCE: f64 = 4.0;
/// What the free share of a mixed bucket costs in log-likelihood.
const MIXED_COST: f64 = 2.0;
/// Most onsets on the grid.
const MAX_ONSETS: usize = 64;
/// Before the data speak, the end comes so long after the onset, within a factor of e to the shape's `life_spread`; shorter and
/// longer lives than these are not considered.
const USUAL_LIFE_DAYS: f64 = 100.0;
const SHORTEST_LIFE_DAYS: f64 = 25.0;
const LONGEST_LIFE_DAYS: f64 = 900.0;
/// A fan has failed from this step on.
const LEAST_FAN_STEP: f64 = 0.4;
/// Lead in log-likelihood that its step needs over smooth growth: dust that grows fast is no fan.
const FAN_LEAD: f64 = 4.0;
/// Lives of a failed fan that are tried: so many, each longer than the one before by this factor, about the usual life.
const FAN_LIVES: u8 = 13;
const FAN_LIFE_FACTOR: f64 = 1.18;
/// The straight line from a fan's step to its end.
const FAN: Shape = Shape { exponent: 1.0, model_error: 0.02, life_spread: 0.33 };
/// Days back over which the present rate is taken.
const RATE_DAYS: f64 = 4.0;
/// Error of the foreseen growth of dust, progress a day.
const DUST_SLOPE_ERROR: f64 = 0.002;

/// What is believed about one signal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// Progress towards the end of life: 0 as after learning, 1 the end; negative where it got better.
    pub progress: f64,
    /// Lower bound of progress, 10 % quantile.
    pub progress_low: f64,
    /// Upper bound of progress, 90 % quantile.
    pub progress_high: f64,
    /// Days left: quantiles 10, 50 and 90 %. `None`: stable, nothing says that it will end.
    pub remaining_days: Option<[f64; 3]>,
    /// Three-sigma lower bound that alarms look at.
    pub(crate) floor: f64,
    /// Growth of progress a day, of late.
    pub(crate) rate: f64,
    /// Gain in log-likelihood of growth over no change.
    pub(crate) evidence: f64,
    /// Log-likelihood by which a step that stays beats growth; above zero it is the better story.
    pub(crate) step_lead: f64,
    /// Days since that step, and its height.
    pub(crate) step: (f64, f64),
}

impl Outlook {
    pub(crate) const FLAT: Self = Self {
        progress: 0.0,
        progress_low: 0.0,
        progress_high: 0.0,
        remaining_days: None,
        floor: f64::NEG_INFINITY,
        rate: 0.0,
        evidence: 0.0,
        step_lead: 0.0,
        step: (0.0, 0.0),
    };
}

impl Outlook {
    /// Progress a day from now to the end of life, the slope that chargers of a fleet are compared by
    /// ([`crate::life::FleetRank`]); 0 while stable.
    #[must_use]
    pub fn progress_a_day(&self) -> f64 {
        match self.remaining_days {
            Some([_, median, _]) if self.progress > 0.0 => {
                (1.0 - self.progress).max(0.0) / median.max(1.0)
            }
            _ => 0.0,
        }
    }

    /// How grave it is by progress alone: from a fifth of the way a notice, from a half degraded, at the end out of service.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self.progress {
            x if x >= 1.0 => Severity::OutOfService,
            x if x >= 0.5 => Severity::Degraded,
            x if x >= 0.2 => Severity::Notice,
            _ => Severity::None,
        }
    }

    /// Days left, combined with what is known of the part's life in general: the trend's quantiles and those of the Weibull law at
    /// the part's age weighed by their widths; the law alone while the trend is stable.
    #[must_use]
    pub fn remaining_with_prior(&self, prior: &Weibull, age_days: f64) -> [f64; 3] {
        match self.remaining_days {
            Some(trend) => prior.combine(age_days, trend),
            None => [0.1, 0.5, 0.9].map(|share| prior.remaining(age_days, share)),
        }
    }
}

/// Growth from one onset: `mean(t)` and its variance are linear in a Gaussian rate, or step and rate.
#[derive(Debug, Clone, Copy)]
struct Growth {
    onset: f64,
    shape: &'static Shape,
    weight: f64,
    /// Step (zero for smooth growth) and rate with their covariance ss, sr, rr.
    step: f64,
    rate: f64,
    covariance: [f64; 3],
}

impl Growth {
    const NONE: Self =
        Self { onset: 0.0, shape: &FAN, weight: 0.0, step: 0.0, rate: 0.0, covariance: [0.0; 3] };

    /// Mean and variance of progress at a day.
    fn at(&self, day: f64) -> (f64, f64) {
        let elapsed = day - self.onset;
        if elapsed <= 0.0 {
            return (0.0, 1e-6);
        }
        let exponent = self.shape.exponent;
        let f = if exponent > 1.0 { math::pow(elapsed, exponent) } else { elapsed };
        let [ss, sr, rr] = self.covariance;
        (self.step + self.rate * f, ss + 2.0 * sr * f + rr * f * f)
    }
}

/// Looks at a signal's buckets. `width` is their width in days.
pub(crate) fn outlook(signal: Signal, points: &[Point], width: f64) -> Outlook {
    let law = signal.law();
    let mean_sign: f64 = points.iter().map(|p| p.progress / p.variance).sum();
    let sign = if law.two_sided && mean_sign < 0.0 { -1.0 } else { 1.0 };
    let flat: f64 = points.iter().map(|p| p.progress * p.progress / p.variance).sum();
    let oldest = points.iter().map(|p| p.day).fold(0.0, f64::min);

    if 0.5 * flat < QUIET_EVIDENCE {
        let weights: f64 = points.iter().map(|p| 1.0 / p.variance).sum();
        let level = if weights > 0.0 { sign * mean_sign / weights } else { 0.0 };
        let deviation = 1.2816 / math::sqrt(weights.max(1.0));
        return Outlook {
            progress: level,
            progress_low: level - deviation,
            progress_high: level + deviation,
            ..Outlook::FLAT
        };
    }
    let mut growths = [Growth::NONE; MAX_ONSETS];
    let mut used = 0;
    let mut best = (f64::NEG_INFINITY, 0.0);
    let mut best_step = (f64::NEG_INFINITY, (0.0, 0.0));
    let mut best_fan = (f64::NEG_INFINITY, 0.0);
    let mut onset = -width * 0.25;
    let mut before = 0;
    while before < ONSETS_BEFORE {
        let candidate = smooth(points, onset, &law.shape, sign, flat);
        keep(&mut growths, &mut used, candidate, &mut best);
        if onset >= oldest - width {
            let (gain, height) = stay(points, onset, width);
            if gain > best_step.0 {
                best_step = (gain, (-onset, height));
            }
            if law.step == StepMeaning::FanOrCleaning {
                let usual = failed_fan(points, onset, width, USUAL_LIFE_DAYS);
                if let Some((_, gain)) = usual.filter(|(_, gain)| *gain > best_fan.0) {
                    best_fan = (gain, onset);
                }
            }
            onset -= width * 0.5;
        } else {
            onset -= width;
            before += 1;
        }
    }
    // The step says when a fan failed; when it ends is open.
    let is_seen = best_fan.0 > best.1 + FAN_LEAD;
    let lives = (0..FAN_LIVES).filter(|_| is_seen);
    for step in lives.map(|life| f64::from(life) - f64::from(FAN_LIVES / 2)) {
        let life = USUAL_LIFE_DAYS * math::pow(FAN_LIFE_FACTOR, step);
        let candidate = failed_fan(points, best_fan.1, width, life);
        keep(&mut growths, &mut used, candidate, &mut best);
    }
    let growths = growths.get_mut(..used).unwrap_or(&mut []);
    normalise(growths, best.0);
    let mut found = mixture(growths);
    found.remaining_days = remaining(growths);
    found.evidence = best.1;
    found.step_lead = best_step.0 - best.1;
    found.step = best_step.1;
    found
}

/// Adds a candidate (its weight is still a logarithm) and remembers the best weight and the best gain.
fn keep(
    growths: &mut [Growth; MAX_ONSETS],
    used: &mut usize,
    candidate: Option<(Growth, f64)>,
    best: &mut (f64, f64),
) {
    let (Some((growth, gain)), Some(slot)) = (candidate, growths.get_mut(*used)) else { return };
    *slot = growth;
    *used += 1;
    best.0 = best.0.max(growth.weight);
    best.1 = best.1.max(gain);
}

/// Smooth growth from an onset, and its gain in log-likelihood over no change.
fn smooth(
    points: &[Point],
    onset: f64,
    shape: &'static Shape,
    sign: f64,
    flat: f64,
) -> Option<(Growth, f64)> {
    let exponent = shape.exponent;
    let (mut ff, mut fy) = (0.0, 0.0);
    for point in points.iter().filter(|point| point.day > onset) {
        let elapsed = point.day - onset;
        let f = if exponent > 1.0 { math::pow(elapsed, exponent) } else { elapsed };
        ff += f * f / point.variance;
        fy += f * sign * point.progress / point.variance;
    }
    let rate = fy / ff;
    if !(ff > 0.0 && rate > 0.0) {
        return None;
    }
    let variance = 1.0 / ff;
    let life = math::pow(rate, -1.0 / exponent);
    if !(SHORTEST_LIFE_DAYS..=LONGEST_LIFE_DAYS).contains(&life) {
        return None;
    }
    let gain = 0.5 * fy * fy / ff;
    debug_assert!(gain <= 0.5 * flat * 1.000_001, "no fit is better than perfect");
    // The prior is flat in the logarithm of life, so a sharp rate weighs less than a vague one.
    let deviation = math::sqrt(variance);
    let usual = math::ln(life / USUAL_LIFE_DAYS) / shape.life_spread;
    let weight = gain + math::ln((deviation / rate).min(1.0)) - 0.5 * usual * usual;
    let covariance = [0.0, 0.0, variance];
    Some((Growth { onset, shape, weight, step: 0.0, rate, covariance }, gain))
}

/// A step that stays: gain in log-likelihood over no change, and its height. The bucket in which it falls may be a mixture of before
/// and after, fitted by a share of its own; without that, a step would look like growth through this bucket.
fn stay(points: &[Point], onset: f64, width: f64) -> (f64, f64) {
    let (mut weights, mut sum, mut mixed) = (0.0, 0.0, None);
    for point in points.iter().filter(|point| point.day > onset) {
        if point.day - onset < 0.5 * width && mixed.is_none() {
            mixed = Some(*point);
        } else {
            weights += 1.0 / point.variance;
            sum += point.progress / point.variance;
        }
    }
    let gain = |weights: f64, sum: f64| if weights > 0.0 { 0.5 * sum * sum / weights } else { 0.0 };
    let height = if weights > 0.0 { sum / weights } else { 0.0 };
    let Some(Point { progress, variance, .. }) = mixed else { return (gain(weights, sum), height) };
    let whole = (weights + 1.0 / variance, sum + progress / variance);
    let shared = gain(weights, sum) + 0.5 * progress * progress / variance - MIXED_COST;
    // A share is between nothing and all.
    let is_between = progress * height > 0.0 && progress.abs() < height.abs();
    if is_between && shared > gain(whole.0, whole.1) {
        (shared, height)
    } else {
        (gain(whole.0, whole.1), whole.1 / whole.0)
    }
}

/// A fan that failed at the onset: a step s, then a straight line that reaches the end of life after `life` days, beside dust
/// that grows by d a day more than was foreseen: `y = s + (1 - s) t / life + d t`, linear in s and d.
///
/// The level says little about the days left, as a wrong guess of the dust adds up in it; the height of the step and how long
/// such fans usually last say more. The bucket in which the step falls is a mixture of before and after; it is fitted by a
/// share of its own.
fn failed_fan(points: &[Point], onset: f64, width: f64, life: f64) -> Option<(Growth, f64)> {
    let (mut gain, mut explained) = (0.0, 0.0);
    let (mut ss, mut sd, mut s, mut d) = (0.0, 0.0, 0.0, 0.0);
    let mut dd = 1.0 / (DUST_SLOPE_ERROR * DUST_SLOPE_ERROR);
    for point in points.iter().filter(|point| point.day > onset) {
        let (weight, elapsed) = (1.0 / point.variance, point.day - onset);
        gain += 0.5 * weight * point.progress * point.progress;
        if elapsed < 0.5 * width {
            gain -= MIXED_COST;
            continue;
        }
        let of_step = 1.0 - elapsed / life;
        let beyond_end = point.progress - elapsed / life;
        explained += weight * beyond_end * beyond_end;
        ss += weight * of_step * of_step;
        sd += weight * of_step * elapsed;
        dd += weight * elapsed * elapsed;
        s += weight * of_step * beyond_end;
        d += weight * elapsed * beyond_end;
    }
    let determinant = ss * dd - sd * sd;
    if !(determinant > 1e-9 * ss * dd) {
        return None;
    }
    let step = (dd * s - sd * d) / determinant;
    let dust = (ss * d - sd * s) / determinant;
    if !(LEAST_FAN_STEP..1.2).contains(&step) {
        return None;
    }
    let misfit = explained - (step * s + dust * d);
    let gain = gain - 0.5 * misfit;
    let step_variance = dd / determinant;
    let usual = math::ln(life / USUAL_LIFE_DAYS) / FAN.life_spread;
    let occam = math::ln(math::sqrt(step_variance).min(1.0))
        + math::ln(math::sqrt(ss / determinant) / DUST_SLOPE_ERROR).min(0.0);
    let growth = Growth {
        onset,
        shape: &FAN,
        weight: gain + occam - 0.5 * usual * usual + math::ln(FAN_LIFE_FACTOR - 1.0),
        step,
        rate: (1.0 - step) / life,
        // All lines meet at the end of life.
        covariance: [step_variance, -step_variance / life, step_variance / (life * life)],
    };
    Some((growth, gain))
}

/// From logarithms to weights that sum to 1.
fn normalise(growths: &mut [Growth], best: f64) {
    let mut sum = 0.0;
    for growth in &mut *growths {
        growth.weight = math::exp(growth.weight - best);
        sum += growth.weight;
    }
    for growth in growths {
        growth.weight /= sum;
    }
}

/// Beliefs from the weighted growths.
fn mixture(growths: &[Growth]) -> Outlook {
    if growths.is_empty() {
        return Outlook::FLAT;
    }
    let (mut mean, mut second, mut earlier) = (0.0, 0.0, 0.0);
    for growth in growths {
        let (x, variance) = growth.at(0.0);
        mean += growth.weight * x;
        earlier += growth.weight * growth.at(-RATE_DAYS).0;
        second += growth.weight * (variance + x * x);
    }
    let deviation = math::sqrt(second - mean * mean);
    let low = mean - 1.2816 * deviation;
    Outlook {
        progress: mean,
        progress_low: low,
        progress_high: mean + 1.2816 * deviation,
        floor: mean - 3.0 * deviation,
        rate: (mean - earlier) / RATE_DAYS,
        ..Outlook::FLAT
    }
}

/// Days left, quantiles 10, 50 and 90 %. Alarms are careful and take the scatter of buckets as large; for days left it is taken as
/// two thirds of that variance, which multiplies the logarithm of every weight by one and a half.
fn remaining(growths: &mut [Growth]) -> Option<[f64; 3]> {
    for growth in &mut *growths {
        growth.weight *= math::sqrt(growth.weight);
        growth.covariance = growth.covariance.map(|x| x / 1.5);
    }
    let sum: f64 = growths.iter().map(|growth| growth.weight).sum();
    if !(sum > 0.0) {
        return None;
    }
    growths.iter_mut().for_each(|growth| growth.weight /= sum);
    Some([0.1, 0.5, 0.9].map(|share| quantile_of_end(growths, share)))
}

/// Days from now by which the end has come with a probability of `share`.
fn quantile_of_end(growths: &[Growth], share: f64) -> f64 {
    let ended_by = |day: f64| -> f64 {
        let of_one = |growth: &Growth| {
            let (x, variance) = growth.at(day);
            let error = growth.shape.model_error * x;
            let variance = variance + error * error;
            growth.weight * math::normal_cdf((x - 1.0) / math::sqrt(variance.max(1e-9)))
        };
        growths.iter().map(of_one).sum()
    };
    let (mut low, mut high) = (0.0, LONGEST_LIFE_DAYS);
    if ended_by(low) >= share {
        return 0.0;
    }
    for _ in 0..24 {
        let middle = 0.5 * (low + high);
        if ended_by(middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlooks_are_compared_and_combined() {
        let prior = Weibull::new(1_000.0, 3.0).unwrap();
        let stable = Outlook::FLAT;
        assert!(stable.progress_a_day().abs() < 1e-12 && stable.severity() == Severity::None);
        let [_, by_law, _] = stable.remaining_with_prior(&prior, 600.0);
        assert!((by_law - prior.remaining(600.0, 0.5)).abs() < 1e-12);
        let seen = Outlook { progress: 0.6, remaining_days: Some([35.0, 40.0, 45.0]), ..stable };
        assert!((seen.progress_a_day() - 0.01).abs() < 1e-12);
        assert_eq!(seen.severity(), Severity::Degraded);
        // The sharp trend outweighs the vague law.
        let [low, median, high] = seen.remaining_with_prior(&prior, 600.0);
        assert!(low < median && median < high && (median - 40.0).abs() < 2.0);
    }
}
