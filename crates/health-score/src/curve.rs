//! From a measured quantity to an item's score: straight lines through given points.

/// Points of a [`Curve`] at most.
pub const MAX_POINTS: usize = 6;

/// A piecewise-linear, non-increasing curve from a measured quantity x to a score.
///
/// At or below the first point the score is that point's, at or above the last one that one's. Where small values are the
/// bad ones, feed the shortfall.
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
    /// Growing; the last one is repeated to the end, so that a search needs no length.
    x: [f32; MAX_POINTS],
    /// Not growing; the last one is repeated, too.
    scores: [f32; MAX_POINTS],
    /// Points lost per unit of x after each point.
    slopes: [f64; MAX_POINTS],
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
        let mut slopes = [0.0; MAX_POINTS];
        let mut at = 0;
        while at < MAX_POINTS {
            (x[at], scores[at]) = points[at];
            if at > 0 && x[at] > x[at - 1] {
                let run = x[at] as f64 - x[at - 1] as f64;
                slopes[at - 1] = (scores[at - 1] as f64 - scores[at] as f64) / run;
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
        let ([first, .., last], [best, .., worst]) = (self.x, self.scores);
        if x <= first {
            return f64::from(best);
        }
        if !(x < last) {
            return f64::from(worst);
        }
        // All points are compared, not only those up to x: that has no branches.
        let at = self.x.iter().skip(1).map(|point| usize::from(x >= *point)).sum::<usize>();
        let found = (self.x.get(at), self.scores.get(at), self.slopes.get(at));
        let (Some(left), Some(score), Some(slope)) = found else { return f64::from(worst) };
        let (found, worst) = (f64::from(*score) - f64::from(x - left) * slope, f64::from(worst));
        if found > worst { found } else { worst }
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
