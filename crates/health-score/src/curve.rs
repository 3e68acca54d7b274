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
    points: [(f32, f32); MAX_POINTS],
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
        let mut points = [(0.0, 0.0); MAX_POINTS];
        let slots = points.get_mut(..given.len()).filter(|slots| !slots.is_empty());
        let Some(slots) = slots else {
            return Err(CurveError::PointCount { actual: given.len() });
        };
        let mut last = (f32::NEG_INFINITY, 100.0);
        for ((index, slot), (x, score)) in (0u8..).zip(slots).zip(given.iter().copied()) {
            if !x.is_finite() || !(0.0..=100.0).contains(&score) {
                return Err(CurveError::OutOfRange { index });
            }
            if x <= last.0 || score > last.1 {
                return Err(CurveError::NotMonotone { index });
            }
            *slot = (x, score);
            last = (x, score);
        }
        let len = u8::try_from(given.len()).unwrap_or(0);
        Ok(Self { points, len })
    }

    /// A curve of the built-in table, whose test builds every one of them through [`Self::from_levels`].
    pub(crate) const fn of_table(perfect: f32, warning: f32, alarm: f32, failed: f32) -> Self {
        let none = (0.0, 0.0);
        let points = [(perfect, 100.0), (warning, 80.0), (alarm, 40.0), (failed, 0.0), none, none];
        Self { points, len: 4 }
    }

    /// The points (x, score).
    #[must_use]
    pub fn points(&self) -> impl ExactSizeIterator<Item = (f32, f32)> + '_ {
        self.points.iter().copied().take(usize::from(self.len))
    }

    /// Score at x, 0 to 100. NaN scores as the last point: a broken measurement is never good news.
    #[must_use]
    pub fn score(&self, x: f32) -> f64 {
        let mut points = self.points();
        let Some(mut left) = points.next() else { return 0.0 };
        if x <= left.0 {
            return f64::from(left.1);
        }
        for right in points {
            if x <= right.0 {
                let share = f64::from(x - left.0) / f64::from(right.0 - left.0);
                return f64::from(left.1) + share * (f64::from(right.1) - f64::from(left.1));
            }
            left = right;
        }
        f64::from(left.1)
    }

    /// The x at which the score has fallen to `score`, for reports; `None` if it never falls that far.
    #[must_use]
    pub fn level(&self, score: f32) -> Option<f32> {
        self.points().find(|point| point.1 <= score).map(|point| point.0)
    }
}
