//! From a measured quantity to an item's score: straight lines through given points.

use crate::item::ITEMS;

/// Points of a [`Curve`] at most.
pub const MAX_POINTS: usize = 6;
/// Straight lines between them.
const SEGMENTS: usize = MAX_POINTS - 1;

/// A piecewise-linear, non-increasing curve from a measured quantity x to a score.
///
/// At or below the first point the score is that point's, at or above the last one that one's. Where small values are the
/// bad ones, feed the shortfall. Between points the score is right within 0.00001 points: readings are `f32`, and so is this.
///
/// ```
/// use evse_health_score::Curve;
///
/// let deviation = Curve::from_levels(5.0, 10.0, 15.0, 25.0)?;
/// assert_eq!(deviation.score(7.5), 90.0);
/// assert_eq!(deviation.score(20.0), 20.0);
/// assert!(Curve::from_levels(5.0, 15.0, 10.0, 25.0).is_err()); // not in order
/// # Ok::<(), evse_health_score::CurveError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// Growing; the last one is repeated to the end.
    x: [f32; MAX_POINTS],
    /// Not growing; the last one is repeated, too.
    scores: [f32; MAX_POINTS],
    /// Points lost per unit of x after each point.
    slopes: [f32; SEGMENTS],
    len: u8,
}

/// The points make no curve.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CurveError {
    /// No point, or more than [`MAX_POINTS`].
    #[error("{actual} points, 1 to {MAX_POINTS} make a curve")]
    PointCount {
        /// Points given.
        actual: usize,
    },
    /// A coordinate is not finite, or a score is outside 0..=100.
    #[error("point {index} is not a finite x with a score from 0 to 100")]
    OutOfRange {
        /// Which point, from 0.
        index: u8,
    },
    /// x does not grow, or the score grows with x.
    #[error("point {index}: x must grow and the score must not")]
    NotMonotone {
        /// Which point, from 0.
        index: u8,
    },
}

impl Curve {
    /// The levels of the item table: `perfect` scores 100, `warning` (W) 80, `alarm` (A) 40, `failed` (F) 0.
    ///
    /// # Errors
    /// The levels are not finite or do not grow.
    pub fn from_levels(
        perfect: f32,
        warning: f32,
        alarm: f32,
        failed: f32,
    ) -> Result<Self, CurveError> {
        Self::new(&[(perfect, 100.0), (warning, 80.0), (alarm, 40.0), (failed, 0.0)])
    }

    /// Any points (x, score), x growing, the score not.
    ///
    /// # Errors
    /// See [`CurveError`].
    pub fn new(given: &[(f32, f32)]) -> Result<Self, CurveError> {
        let count = given.len();
        let (1..=MAX_POINTS, Ok(len)) = (count, u8::try_from(count)) else {
            return Err(CurveError::PointCount { actual: count });
        };
        let mut last = (f32::NEG_INFINITY, 100.0);
        for (index, (x, score)) in (0u8..).zip(given.iter().copied()) {
            if !x.is_finite() || !(0.0..=100.0).contains(&score) {
                return Err(CurveError::OutOfRange { index });
            }
            if x <= last.0 || score > last.1 {
                return Err(CurveError::NotMonotone { index });
            }
            last = (x, score);
        }
        let point = |at: usize| given.get(at).copied().unwrap_or(last);
        Ok(Self::of_points(core::array::from_fn(point), len))
    }

    /// A curve of the built-in table, whose test builds every one of them through [`Self::from_levels`].
    pub(crate) const fn of_table(perfect: f32, warning: f32, alarm: f32, failed: f32) -> Self {
        let last = (failed, 0.0);
        Self::of_points([(perfect, 100.0), (warning, 80.0), (alarm, 40.0), last, last, last], 4)
    }

    #[expect(clippy::indexing_slicing, reason = "`const`, and all indices are below the lengths")]
    const fn of_points(points: [(f32, f32); MAX_POINTS], len: u8) -> Self {
        let (mut x, mut scores) = ([0.0; MAX_POINTS], [0.0; MAX_POINTS]);
        let mut slopes = [0.0; SEGMENTS];
        let mut at = 0;
        while at < MAX_POINTS {
            (x[at], scores[at]) = points[at];
            if at > 0 && x[at] > x[at - 1] {
                slopes[at - 1] = slope(x[at] - x[at - 1], scores[at - 1] - scores[at]);
            }
            at += 1;
        }
        Self { x, scores, slopes, len }
    }

    /// The points (x, score).
    #[must_use]
    pub fn points(&self) -> impl ExactSizeIterator<Item = (f32, f32)> + '_ {
        self.x.iter().copied().zip(self.scores).take(usize::from(self.len))
    }

    /// Score at x, 0 to 100. NaN scores as the last point: a broken measurement is never good news.
    #[must_use]
    pub fn score(&self, x: f32) -> f64 {
        let [best, ..] = self.scores;
        let lost = |score, segment: Segment| score - segment.lost(x);
        f64::from(not_negative(self.segments().fold(best, lost)))
    }

    fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        let drops = self.scores.iter().zip(self.scores.iter().skip(1)).map(|(from, to)| from - to);
        let rows = self.x.iter().zip(&self.slopes).zip(drops);
        rows.map(|((from, slope), drop)| Segment { from: *from, slope: *slope, drop })
    }

    /// The last point that x has reached; `None` below the first.
    pub(crate) fn reached(&self, x: f32) -> Option<(f32, f32)> {
        let reached: usize = self.x.iter().map(|point| usize::from(x >= *point)).sum();
        let last = reached.checked_sub(1)?;
        Some((*self.x.get(last)?, *self.scores.get(last)?))
    }

    /// The x at which the score has fallen to `score`, for reports; `None` if it never falls that far.
    #[must_use]
    pub fn level(&self, score: f32) -> Option<f32> {
        self.points().find(|point| point.1 <= score).map(|point| point.0)
    }
}

/// One straight line: from here on, at this rate, down to so many points less.
#[derive(Debug, Clone, Copy)]
struct Segment {
    from: f32,
    slope: f32,
    drop: f32,
}

impl Segment {
    /// Points that x loses on it. Comparisons put NaN on the side of all of them, and cost no branch.
    fn lost(&self, x: f32) -> f32 {
        let lost = (x - self.from) * self.slope;
        not_negative(if lost < self.drop { lost } else { self.drop })
    }
}

fn not_negative(x: f32) -> f32 {
    if x > 0.0 { x } else { 0.0 }
}

/// Points lost per unit of x, rounded so that the whole run loses the whole drop: the next point is met exactly.
const fn slope(run: f32, drop: f32) -> f32 {
    let slope = drop / run;
    if slope * run < drop { slope.next_up() } else { slope }
}

/// The curves of all items, turned on their side: one row of numbers for all items at a time, which takes four in an
/// instruction. The scores have the same bits as [`Curve::score`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CurveTable {
    best: Column,
    segments: [SegmentRow; SEGMENTS],
    /// Segments that the longest curve has.
    used: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct SegmentRow {
    from: Column,
    slope: Column,
    drop: Column,
}

/// A number of every item; begins where a vector may begin, so that arithmetic takes it from memory without a load.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(16))]
struct Column([f32; ITEMS]);

impl CurveTable {
    /// Of curves in the order of [`crate::Item::ALL`].
    pub(crate) fn new(curves: &[Curve; ITEMS]) -> Self {
        let row = |at: usize| {
            let segments = curves.each_ref().map(|curve| curve.segments().nth(at));
            let column =
                |of: fn(Segment) -> f32| Column(segments.map(|found| found.map_or(0.0, of)));
            SegmentRow {
                from: column(|s| s.from),
                slope: column(|s| s.slope),
                drop: column(|s| s.drop),
            }
        };
        let points = curves.iter().map(|curve| usize::from(curve.len)).max().unwrap_or(1);
        Self {
            best: Column(curves.each_ref().map(|Curve { scores: [best, ..], .. }| *best)),
            segments: core::array::from_fn(row),
            used: points - 1,
        }
    }

    /// Scores of the first `N` items at their values.
    pub(crate) fn scores<const N: usize>(&self, values: &[f32; ITEMS]) -> [f32; N] {
        let mut scores = [0.0; N];
        for (score, best) in scores.iter_mut().zip(&self.best.0) {
            *score = *best;
        }
        for SegmentRow { from, slope, drop } in self.segments.iter().take(self.used) {
            let lines = from.0.iter().zip(&slope.0).zip(&drop.0);
            for ((((from, slope), drop), x), score) in lines.zip(values).zip(&mut scores) {
                *score -= Segment { from: *from, slope: *slope, drop: *drop }.lost(*x);
            }
        }
        scores.map(not_negative)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Item;

    #[test]
    fn points_are_met_exactly_and_worse_is_never_better() {
        let odd = [(0.1, 99.9), (0.3, 63.7), (0.31, 63.7), (7.7, 12.3), (1e6, 0.1)];
        let curve = Curve::new(&odd).unwrap();
        for (x, score) in odd {
            assert!((curve.score(x) - f64::from(score)).abs() < 1e-5, "{x}");
        }
        let round = Curve::from_levels(0.1, 0.3, 0.7, 1.1).unwrap();
        let found = [0.1, 0.3, 0.7, 1.1].map(|x| round.score(x));
        assert_eq!(found.map(f64::to_bits), [100.0_f64, 80.0, 40.0, 0.0].map(f64::to_bits));
        for curve in [curve, round] {
            let mut last = 100.0;
            for step in 0..40_000u16 {
                let score = curve.score(f32::from(step) * 0.000_3 - 1.0);
                assert!(score <= last);
                last = score;
            }
            let [.., worst] = curve.scores;
            for x in [f32::INFINITY, f32::NAN] {
                assert!((curve.score(x) - f64::from(worst)).abs() < 1e-5);
            }
            let [best, ..] = curve.scores;
            assert_eq!(curve.score(f32::NEG_INFINITY).to_bits(), f64::from(best).to_bits());
        }
    }

    #[test]
    fn the_table_has_the_same_bits() {
        let mut curves = Item::ALL.map(Item::default_curve);
        curves[3] = Curve::new(&[
            (1.0, 90.0),
            (2.0, 80.0),
            (4.0, 70.0),
            (5.0, 33.3),
            (6.0, 2.0),
            (9.0, 1.0),
        ])
        .unwrap();
        curves[4] = Curve::new(&[(1.0, 90.0)]).unwrap();
        let table = CurveTable::new(&curves);
        for step in -400..4_000i16 {
            let x = f32::from(step) * 0.027;
            let scores = table.scores::<ITEMS>(&[x; ITEMS]);
            for (curve, score) in curves.iter().zip(scores) {
                assert_eq!(curve.score(x).to_bits(), f64::from(score).to_bits());
            }
        }
    }
}
