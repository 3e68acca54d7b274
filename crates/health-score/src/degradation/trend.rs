//! Where progress stands and when it ends: a posterior over onset and rate, from the means of a few buckets.
//!
//! The law of growth is `x = a (t - onset)^p` with the part's own exponent p. For each onset on a grid the best rate a and its
//! variance have a closed form, so the posterior is a sum over onsets: no iteration, no random numbers, no memory.
//! A second family has a step at the onset and a straight line after it: failed fans, replaced sensors.

use super::signal::{Signal, StepMeaning};
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
/// Rates between an end of life in this many days and in this many are taken as equally likely on a logarithmic scale.
/// Before the data speak, the end comes so long after the onset, within a factor of e to the `SPREAD`.
const USUAL_LIFE_DAYS: f64 = 100.0;
const USUAL_LIFE_SPREAD: f64 = 0.6;
/// A fan has failed from this step on.
const LEAST_FAN_STEP: f64 = 0.3;
/// However old the failure is, usually so much is left if the end has not come.
const LEAST_USUAL_LEFT_DAYS: f64 = 30.0;
/// Error of the foreseen growth of dust, progress a day.
const DUST_SLOPE_ERROR: f64 = 0.003;
const SHORTEST_LIFE_DAYS: f64 = 25.0;
const LONGEST_LIFE_DAYS: f64 = 900.0;

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
        evidence: 0.0,
        step_lead: 0.0,
        step: (0.0, 0.0),
    };
}

/// Growth from one onset: `mean(t)` and its variance are linear in a Gaussian rate, or step and rate.
#[derive(Debug, Clone, Copy)]
struct Growth {
    onset: f64,
    exponent: f64,
    weight: f64,
    /// Step (zero for smooth growth) and rate with their covariance ss, sr, rr.
    step: f64,
    rate: f64,
    covariance: [f64; 3],
}

impl Growth {
    const NONE: Self =
        Self { onset: 0.0, exponent: 1.0, weight: 0.0, step: 0.0, rate: 0.0, covariance: [0.0; 3] };

    /// Mean and variance of progress at a day.
    fn at(&self, day: f64) -> (f64, f64) {
        let elapsed = day - self.onset;
        if elapsed <= 0.0 {
            return (0.0, 1e-6);
        }
        let f = if self.exponent > 1.0 { math::pow(elapsed, self.exponent) } else { elapsed };
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
    let mut onset = -width * 0.25;
    let mut before = 0;
    while before < ONSETS_BEFORE {
        let candidate = smooth(points, onset, law.exponent, sign, flat);
        keep(&mut growths, &mut used, candidate, &mut best);
        if onset >= oldest - width {
            let (gain, height) = stay(points, onset, flat);
            if gain > best_step.0 {
                best_step = (gain, (-onset, height));
            }
            if law.step == StepMeaning::FanOrCleaning {
                let candidate = stepped(points, onset, width);
                keep(&mut growths, &mut used, candidate, &mut best);
            }
            onset -= width * 0.5;
        } else {
            onset -= width;
            before += 1;
        }
    }
    let growths = growths.get_mut(..used).unwrap_or(&mut []);
    normalise(growths, best.0);
    let mut found = mixture(growths, signal, sign);
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
    exponent: f64,
    sign: f64,
    flat: f64,
) -> Option<(Growth, f64)> {
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
    let usual = math::ln(life / USUAL_LIFE_DAYS) / USUAL_LIFE_SPREAD;
    let weight = gain + math::ln((deviation / rate).min(1.0)) - 0.5 * usual * usual;
    let covariance = [0.0, 0.0, variance];
    Some((Growth { onset, exponent, weight, step: 0.0, rate, covariance }, gain))
}

/// A step that stays: gain in log-likelihood over no change, and its height.
fn stay(points: &[Point], onset: f64, _flat: f64) -> (f64, f64) {
    let after = points.iter().filter(|point| point.day > onset);
    let (weights, sum) = after.fold((0.0, 0.0), |(weights, sum), point| {
        (weights + 1.0 / point.variance, sum + point.progress / point.variance)
    });
    if weights > 0.0 { (0.5 * sum * sum / weights, sum / weights) } else { (0.0, 0.0) }
}

/// A step and a straight line after it.
///
/// The bucket in which the step falls is a mixture of before and after; it is fitted by a share of its own.
fn stepped(points: &[Point], onset: f64, width: f64) -> Option<(Growth, f64)> {
    let mut mixed = 0.0;
    let (mut n, mut t, mut tt, mut y, mut ty) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for point in points.iter().filter(|point| point.day > onset) {
        let (weight, elapsed) = (1.0 / point.variance, point.day - onset);
        if elapsed < 0.5 * width {
            mixed += 0.5 * weight * point.progress * point.progress - MIXED_COST;
            continue;
        }
        n += weight;
        t += weight * elapsed;
        tt += weight * elapsed * elapsed;
        y += weight * point.progress;
        ty += weight * elapsed * point.progress;
    }
    let determinant = n * tt - t * t;
    if !(determinant > 1e-6 * n * tt) {
        return None;
    }
    let step = (tt * y - t * ty) / determinant;
    let of_data = (n * ty - t * y) / determinant;
    if step < LEAST_FAN_STEP || step + of_data * -onset < LEAST_FAN_STEP {
        return None;
    }
    let gain = 0.5 * (step * y + of_data * ty) + mixed;
    // The slope that is seen is that of the fault and of what dust was not foreseen; usual lives say the rest.
    let now = -onset;
    let level = step + of_data * now;
    let left = f64::max(USUAL_LIFE_DAYS - now, LEAST_USUAL_LEFT_DAYS);
    let usual = f64::max(1.0 - level, 0.1) / left;
    let usual_precision = 1.0 / (usual * usual * USUAL_LIFE_SPREAD * USUAL_LIFE_SPREAD);
    let seen_precision = 1.0 / (n / determinant + DUST_SLOPE_ERROR * DUST_SLOPE_ERROR);
    let rr = 1.0 / (usual_precision + seen_precision);
    let rate = f64::max(rr * (usual * usual_precision + of_data * seen_precision), 0.25 * usual);
    let level_variance = (tt - 2.0 * t * now + n * now * now) / determinant;
    let covariance = [level_variance + now * now * rr, -now * rr, rr];
    let step = level - rate * now;
    let occam = math::ln(math::sqrt(level_variance).min(1.0))
        + math::ln(math::sqrt(n / determinant) / usual).min(0.0);
    Some((Growth { onset, exponent: 1.0, weight: gain + occam, step, rate, covariance }, gain))
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
fn mixture(growths: &[Growth], signal: Signal, sign: f64) -> Outlook {
    if growths.is_empty() {
        return Outlook::FLAT;
    }
    let (mut mean, mut second) = (0.0, 0.0);
    for growth in growths {
        let (x, variance) = growth.at(0.0);
        mean += growth.weight * x;
        second += growth.weight * (variance + x * x);
    }
    let deviation = math::sqrt(second - mean * mean);
    let low = mean - 1.2816 * deviation;
    let remaining = |share: f64| quantile_of_end(growths, signal.law().model_error, share);
    Outlook {
        progress: mean,
        progress_low: low,
        progress_high: mean + 1.2816 * deviation,
        remaining_days: Some([remaining(0.1), remaining(0.5), remaining(0.9)]),
        floor: mean - 3.0 * deviation,
        ..Outlook::FLAT
    }
    .signed(sign)
}

impl Outlook {
    /// Progress is a magnitude for two-sided signals, too; the sign only chose the side.
    fn signed(self, _sign: f64) -> Self {
        self
    }
}

/// Days from now by which the end has come with a probability of `share`.
fn quantile_of_end(growths: &[Growth], model_error: f64, share: f64) -> f64 {
    let ended_by = |day: f64| -> f64 {
        let of_one = |growth: &Growth| {
            let (x, variance) = growth.at(day);
            let variance = variance + model_error * model_error * x * x;
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
