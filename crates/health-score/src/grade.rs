//! Grades of a score, what they ask for, and how they are kept from flapping.

/// Grade of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Grade {
    /// 90 and more: nothing to do.
    Good,
    /// 75 to 90: with the next visit.
    Fair,
    /// 60 to 75: within 14 days.
    Attention,
    /// 40 to 60: within 3 days; derate if it is thermal.
    Poor,
    /// Below 40: stop, or send somebody today.
    Stop,
}

/// Lower ends of the grades but the last.
const LEVELS: [(f64, Grade); 4] =
    [(90.0, Grade::Good), (75.0, Grade::Fair), (60.0, Grade::Attention), (40.0, Grade::Poor)];

impl Grade {
    /// The grade of a score.
    #[must_use]
    pub fn of(score: f64) -> Self {
        LEVELS.iter().find(|(level, _)| score >= *level).map_or(Self::Stop, |(_, grade)| *grade)
    }

    /// Days within which to act; `None`: no time set.
    #[must_use]
    pub const fn days(self) -> Option<u8> {
        match self {
            Self::Good | Self::Fair => None,
            Self::Attention => Some(14),
            Self::Poor => Some(3),
            Self::Stop => Some(0),
        }
    }

    /// What to do.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::Good => "nothing",
            Self::Fair => "plan with the next visit",
            Self::Attention => "handle within 14 days",
            Self::Poor => "handle within 3 days; derate if it is thermal",
            Self::Stop => "stop, or send somebody today",
        }
    }
}

/// A grade that changes only when the score is two points beyond a level in three evaluations running; safety bypasses both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GradeTracker {
    current: Option<Grade>,
    candidate: Option<Grade>,
    held: u8,
}

/// Points beyond the level, and evaluations.
const HYSTERESIS: f64 = 2.0;
const HOLD: u8 = 3;

impl GradeTracker {
    /// No grade yet; the first evaluation sets it.
    #[must_use]
    pub const fn new() -> Self {
        Self { current: None, candidate: None, held: 0 }
    }

    pub(crate) const fn parts(&self) -> (Option<Grade>, Option<Grade>, u8) {
        (self.current, self.candidate, self.held)
    }

    pub(crate) const fn from_parts(
        current: Option<Grade>,
        candidate: Option<Grade>,
        held: u8,
    ) -> Self {
        Self { current, candidate, held }
    }

    /// The grade that stands.
    #[must_use]
    pub const fn current(&self) -> Option<Grade> {
        self.current
    }

    /// Takes in an evaluation's score; `safety`: a safety veto is active. `None` (nothing assessed) changes nothing.
    pub fn update(&mut self, score: Option<f64>, safety: bool) -> Option<Grade> {
        let Some(score) = score else { return self.current };
        let (Some(current), false) = (self.current, safety) else {
            *self = Self { current: Some(Grade::of(score)), ..Self::new() };
            return self.current;
        };
        // The grade that the score has beyond doubt: seen from the current one, two points further on.
        let better = Grade::of(score - HYSTERESIS);
        let worse = Grade::of(score + HYSTERESIS);
        let target = if better < current {
            better
        } else if worse > current {
            worse
        } else {
            current
        };
        if target == current {
            self.candidate = None;
            self.held = 0;
            return self.current;
        }
        self.held = if self.candidate == Some(target) { self.held.saturating_add(1) } else { 1 };
        self.candidate = Some(target);
        if self.held >= HOLD {
            *self = Self { current: Some(target), ..Self::new() };
        }
        self.current
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_belong_to_the_better_grade() {
        let grades = [90.0, 89.99, 75.0, 60.0, 40.0, 39.99, 0.0].map(Grade::of);
        use Grade::{Attention, Fair, Good, Poor, Stop};
        assert_eq!(grades, [Good, Fair, Fair, Attention, Poor, Stop, Stop]);
    }

    #[test]
    fn hysteresis_hold_and_safety() {
        let mut tracker = GradeTracker::new();
        assert_eq!(tracker.update(Some(91.0), false), Some(Grade::Good));
        for _ in 0..10 {
            assert_eq!(tracker.update(Some(88.5), false), Some(Grade::Good), "within two points");
        }
        let seen = [80.0, 80.0, 80.0].map(|score| tracker.update(Some(score), false));
        assert_eq!(seen, [Some(Grade::Good), Some(Grade::Good), Some(Grade::Fair)]);
        assert_eq!(tracker.update(Some(0.0), true), Some(Grade::Stop));
        assert_eq!(tracker.update(None, false), Some(Grade::Stop));
    }
}
