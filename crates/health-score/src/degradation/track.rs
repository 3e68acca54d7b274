//! The memory of one signal after learning: means of sessions in a few buckets of days.

use super::baseline::to_f32;
use super::indicator::FEATURES;
use super::trend::Point;

/// Days of a bucket at first; doubled while a trend outgrows the buckets.
const FIRST_WIDTH_DAYS: u16 = 4;
/// Widest buckets.
const LAST_WIDTH_DAYS: u16 = 256;
/// Progress is stored in steps of this.
const STEP: f64 = 1.0 / 2_048.0;
/// Sessions further than this many spreads from the running level count as this far.
const CLIP: f64 = 3.0;
/// As many sessions in a row on the same side are no outliers: each further one counts twice as far, and the level follows at once.
const CLIPPED_IN_A_ROW: i8 = 3;
const CLIPPED_MOST: i8 = 8;
const CAUGHT_UP_GAIN: f64 = 0.5;
/// Days over which the running level forgets, and its gain per session at least and at most.
const LEVEL_DAYS: f64 = 3.0;
const LEVEL_GAIN: (f64, f64) = (0.05, 0.4);
const SPREAD_GAIN: f64 = 0.02;
const TO_DEVIATION: f64 = 1.2533;
/// A fall between buckets is abrupt beyond this much progress and this many standard deviations.
const LEAST_FALL: f64 = 0.08;
const FALL_DEVIATIONS: f64 = 2.5;

/// What decides whether a fall is abrupt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Joining {
    /// Scatter of bucket means beside that of their sessions.
    pub(crate) wander: f64,
    /// Growth of progress a day that was going on.
    pub(crate) rate: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Track<const BUCKETS: usize> {
    pub(crate) coefficients: [f32; FEATURES],
    /// Spread of one session's progress, and the running level that clipping goes by.
    pub(crate) spread: f32,
    level: f32,
    /// What steps that were taken as such have added to progress since learning.
    offset: f32,
    /// The bucket being filled: weighted sum of progress, and weights.
    sum: f32,
    weight: f32,
    /// Means in units of `STEP` and weights of the buckets before, oldest first.
    means: [i16; BUCKETS],
    weights: [u8; BUCKETS],
    /// Day on which the bucket being filled began.
    began: u16,
    width: u16,
    len: u8,
    /// Days in a row on which the alarm's condition held (up to 100), and whether the alarm is raised.
    pub(crate) held: u8,
    pub(crate) raised: bool,
    followed: bool,
    /// Progress when a state was last told, in units of `STEP`.
    pub(crate) told: i16,
    /// Sessions in a row that were clipped, negative downwards.
    clipped: i8,
}

impl<const BUCKETS: usize> Track<BUCKETS> {
    pub(crate) fn new(coefficients: [f32; FEATURES], spread: f64, day: u16) -> Self {
        Self {
            coefficients,
            spread: to_f32(spread),
            level: 0.0,
            offset: 0.0,
            sum: 0.0,
            weight: 0.0,
            means: [0; BUCKETS],
            weights: [0; BUCKETS],
            began: day,
            width: FIRST_WIDTH_DAYS,
            len: 0,
            held: 0,
            raised: false,
            followed: false,
            told: 0,
            clipped: 0,
        }
    }

    /// Whether a stored state could have come about.
    pub(crate) fn is_possible(&self) -> bool {
        let numbers = [self.level, self.offset, self.sum, self.weight];
        let finite = numbers.iter().chain(&self.coefficients).copied().all(f32::is_finite);
        let width = self.width.is_power_of_two()
            && (FIRST_WIDTH_DAYS..=LAST_WIDTH_DAYS).contains(&self.width);
        finite
            && width
            && self.spread > 0.0
            && self.spread.is_finite()
            && self.weight >= 0.0
            && usize::from(self.len) <= BUCKETS
    }

    /// Whether there is a trend whose history must be kept.
    pub(crate) fn is_followed(&self) -> bool {
        self.followed
    }

    /// Whether a bucket is over on `day`.
    pub(crate) fn is_full(&self, day: u16) -> bool {
        day >= self.began.saturating_add(self.width)
    }

    pub(crate) fn follow(&mut self, followed: bool) {
        self.followed = followed;
    }

    /// Takes in one session's progress.
    pub(crate) fn add(&mut self, progress: f64, weight: f64, elapsed_days: f64) {
        let progress = progress - f64::from(self.offset);
        let limit = CLIP * f64::from(self.spread) / f64::max(weight, 1e-3).powi_half();
        let found = progress - f64::from(self.level);
        let row = self.count_clipped(found, limit);
        let further = f64::from(1u16 << (row - CLIPPED_IN_A_ROW + 1).max(0));
        let difference = crate::math::between(found, -limit * further, limit * further);
        let clipped = f64::from(self.level) + difference;
        self.sum += to_f32(weight * clipped);
        self.weight += to_f32(weight);
        let gain = (elapsed_days / (elapsed_days + LEVEL_DAYS)).clamp(LEVEL_GAIN.0, LEVEL_GAIN.1);
        let gain = if row < CLIPPED_IN_A_ROW { gain } else { CAUGHT_UP_GAIN };
        let trusted = gain * f64::min(weight, 1.0);
        self.level = to_f32(f64::from(self.level) + trusted * difference);
        let deviation =
            TO_DEVIATION * crate::math::between(found.abs(), 0.0, limit) * weight.powi_half();
        let old = f64::from(self.spread);
        self.spread = to_f32((old + SPREAD_GAIN * (deviation - old)).max(0.01));
    }

    /// How many sessions in a row, this one included, are clipped on the same side.
    fn count_clipped(&mut self, difference: f64, limit: f64) -> i8 {
        let side = i8::from(difference > limit) - i8::from(difference < -limit);
        let goes_on = side != 0 && side == self.clipped.signum();
        let row = if goes_on { self.clipped.abs() + 1 } else { side.abs() };
        self.clipped = side * row.min(CLIPPED_MOST);
        row.min(CLIPPED_MOST)
    }

    /// Closes buckets that are over on `day`. `following` keeps the history, at a coarser grain, instead of the newest alone.
    /// With `joining`, an abrupt fall is taken out of the series.
    pub(crate) fn roll(&mut self, day: u16, following: bool, joining: Option<Joining>) {
        while self.is_full(day) && self.began < u16::MAX - self.width {
            if usize::from(self.len) >= BUCKETS {
                if following && self.width < LAST_WIDTH_DAYS {
                    self.halve();
                    continue;
                }
                self.forget(1);
            }
            let at = usize::from(self.len);
            let mean = if self.weight > 0.0 { self.sum / self.weight } else { 0.0 };
            if let (Some(slot), Some(weight)) = (self.means.get_mut(at), self.weights.get_mut(at)) {
                *slot = quantised(f64::from(mean));
                *weight = if self.weight > 0.0 { small_weight(self.weight) } else { 0 };
                self.len += 1;
            }
            self.sum = 0.0;
            self.weight = 0.0;
            self.began = self.began.saturating_add(self.width);
            if let Some(joining) = joining.filter(|_| self.width <= 4 * FIRST_WIDTH_DAYS) {
                self.join_fall(joining);
            }
        }
    }

    /// Drops the oldest buckets.
    pub(crate) fn forget(&mut self, count: u8) {
        let count = count.min(self.len);
        let places = usize::from(count).min(BUCKETS);
        self.means.rotate_left(places);
        self.weights.rotate_left(places);
        self.len -= count;
    }

    /// Joins buckets in pairs; the one being filled grows to the double width.
    fn halve(&mut self) {
        let odd = self.len % 2 == 1;
        // An odd last bucket goes back into the one being filled.
        if odd {
            self.len -= 1;
            let at = usize::from(self.len);
            let mean = self.means.get(at).copied().unwrap_or(0);
            let weight = f32::from(self.weights.get(at).copied().unwrap_or(0));
            self.sum += to_f32(f64::from(mean) * STEP) * weight;
            self.weight += weight;
            self.began = self.began.saturating_sub(self.width);
        }
        let half = usize::from(self.len / 2);
        for to in 0..half {
            let pair = |index: usize| {
                let mean = self.means.get(index).copied().unwrap_or(0);
                let weight = self.weights.get(index).copied().unwrap_or(0);
                (f64::from(mean), f64::from(weight))
            };
            let ((first, w1), (second, w2)) = (pair(2 * to), pair(2 * to + 1));
            let weight = w1 + w2;
            let mean = if weight > 0.0 { (first * w1 + second * w2) / weight } else { 0.0 };
            if let (Some(slot), Some(old)) = (self.means.get_mut(to), self.weights.get_mut(to)) {
                *slot = quantised(mean * STEP);
                *old = small_weight(to_f32(weight));
            }
        }
        self.len /= 2;
        self.width *= 2;
    }

    /// Moves the zero of progress: what is seen `last_days` back and later is the new zero.
    pub(crate) fn rebase(&mut self, height: f64, last_days: f64) {
        let kept = to_f32(last_days / f64::from(self.width));
        let kept = small_weight(kept.max(0.0)).min(self.len);
        self.forget(self.len - kept);
        for mean in &mut self.means {
            *mean = quantised(f64::from(*mean) * STEP - height);
        }
        self.shift(height);
        self.held = 0;
        self.raised = false;
        self.told = 0;
    }

    /// Takes a step of this height out of all that comes.
    fn shift(&mut self, height: f64) {
        self.offset += to_f32(height);
        self.sum -= to_f32(height) * self.weight;
        self.level -= to_f32(height);
    }

    /// Joins the series again where it fell abruptly between the last three buckets: a cleaned filter takes dust away, not what
    /// a fault has done. Returns whether it did. Neighbouring buckets share season and customers, so they wander half as far apart.
    fn join_fall(&mut self, Joining { wander, rate }: Joining) -> bool {
        let at = |back: u8| {
            let index = usize::from(self.len.checked_sub(back)?);
            let weight = self.weights.get(index).copied().filter(|weight| *weight > 0)?;
            let mean = from_quantised(self.means.get(index).copied()?);
            let spread = f64::from(self.spread);
            let wander = 0.5 * wander;
            Some((mean, spread * spread / f64::from(weight) + wander * wander))
        };
        let (Some(after), Some(before), Some(early)) = (at(1), at(3), at(4)) else { return false };
        // Two buckets before the fall, weighed alike; from their middle to the last bucket it would have grown.
        let level = 0.5 * (before.0 + early.0) + rate * 2.5 * self.width_days();
        let fall = after.0 - level;
        let deviation = crate::math::sqrt(after.1 + 0.25 * (before.1 + early.1));
        if fall > -LEAST_FALL || fall > -FALL_DEVIATIONS * deviation {
            return false;
        }
        let last = usize::from(self.len) - 1;
        if let Some(mean) = self.means.get_mut(last) {
            *mean = quantised(after.0 - fall);
        }
        // The bucket in which it happened says nothing.
        if let Some(weight) = last.checked_sub(1).and_then(|index| self.weights.get_mut(index)) {
            *weight = 0;
        }
        self.shift(fall);
        true
    }

    pub(crate) fn width_days(&self) -> f64 {
        f64::from(self.width)
    }

    /// The buckets as points about `today`; returns how many were written.
    pub(crate) fn points(&self, today: f64, wander: f64, out: &mut [Point]) -> usize {
        let width = f64::from(self.width);
        let spread = f64::from(self.spread);
        let variance = |weight: f64| spread * spread / weight + wander * wander;
        let mut slots = out.iter_mut();
        let mut used = 0;
        let rows = self.means.iter().zip(&self.weights).take(usize::from(self.len));
        for (index, (mean, weight)) in (0u8..).zip(rows) {
            if *weight == 0 {
                continue;
            }
            let buckets_back = f64::from(self.len - index) - 0.5;
            if let Some(slot) = slots.next() {
                let day = f64::from(self.began) - buckets_back * width - today;
                let progress = f64::from(*mean) * STEP;
                *slot = Point { day, progress, variance: variance(f64::from(*weight)) };
                used += 1;
            }
        }
        let filled = today - f64::from(self.began);
        if let Some(slot) = slots.next().filter(|_| self.weight > 0.0) {
            let progress = f64::from(self.sum / self.weight);
            let variance = variance(f64::from(self.weight));
            *slot = Point { day: -0.5 * filled.max(0.2), progress, variance };
            used += 1;
        }
        used
    }
}

crate::snapshot::stored_fields!(Track<BUCKETS>, const BUCKETS {
    coefficients, spread, level, offset, sum, weight, means, weights, began, width, len, held, raised, followed, told,
} since 2 { clipped });

/// Square root by its own name, so that the formulas above read as they are meant.
trait Half {
    fn powi_half(self) -> f64;
}

impl Half for f64 {
    fn powi_half(self) -> f64 {
        crate::math::sqrt(self)
    }
}

/// Rounds progress to its stored form, at the ends of its range where it is beyond.
#[expect(clippy::cast_possible_truncation, reason = "clamped to the range of i16 first")]
pub(crate) fn quantised(progress: f64) -> i16 {
    let steps = progress / STEP;
    let rounded = if steps < 0.0 { steps - 0.5 } else { steps + 0.5 };
    rounded.clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
}

pub(crate) fn from_quantised(stored: i16) -> f64 {
    f64::from(stored) * STEP
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of u8 first"
)]
fn small_weight(weight: f32) -> u8 {
    (weight + 0.5).clamp(1.0, 255.0) as u8
}
