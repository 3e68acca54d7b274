//! Changes of activity that wait for the register to be known beyond them.

use super::{Activity, ActivityChange};
use crate::time::Timestamp;

/// Changes that can wait for the next reading.
const MOST: usize = 12;

/// Changes after the last reading, in order of time. They are kept in milliseconds after it, which fit, as two readings lie at most
/// 31 days apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Waiting {
    millis: [u32; MOST],
    activities: [Activity; MOST],
    count: u8,
}

impl Waiting {
    pub(super) const NONE: Self =
        Self { millis: [0; MOST], activities: [Activity::Charging; MOST], count: 0 };

    pub(super) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The changes, for the last reading at `reading`.
    pub(super) fn changes(self, reading: Timestamp) -> impl Iterator<Item = ActivityChange> {
        let all = self.millis.into_iter().zip(self.activities).take(usize::from(self.count));
        all.map(move |(millis, activity)| {
            let at = reading.saturating_add_millis(i64::from(millis));
            ActivityChange { at, activity }
        })
    }

    /// Adds a change that is not before any other; `None` if there is no room, or it lies further off than a reading may.
    pub(super) fn push(&mut self, reading: Timestamp, change: ActivityChange) -> Option<()> {
        let millis = change.at.unix_millis().checked_sub(reading.unix_millis())?;
        let millis = u32::try_from(millis).ok()?;
        let at = usize::from(self.count);
        let (free, activity) = (self.millis.get_mut(at)?, self.activities.get_mut(at)?);
        (*free, *activity) = (millis, change.activity);
        self.count += 1;
        Some(())
    }

    /// What is left to wait after a reading at `next`.
    pub(super) fn after(self, reading: Timestamp, next: Timestamp) -> Self {
        let mut left = Self::NONE;
        for change in self.changes(reading).filter(|change| change.at > next) {
            // It fitted before, and is nearer now.
            let _ = left.push(next, change);
        }
        left
    }
}
