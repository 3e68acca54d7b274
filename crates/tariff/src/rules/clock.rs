//! Local time, with the zone asked only where its offset can have changed.

use crate::time::{DAY_MILLIS, MINUTE_MILLIS, Timestamp, Zone};

/// A local moment in the terms of the axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Local {
    /// Minute of the day.
    pub(crate) minute: i64,
    /// Weekday, Monday 0.
    pub(crate) weekday: i64,
    /// Days since 1970.
    pub(crate) date: i64,
    /// Milliseconds of the day gone.
    pub(crate) of_day: i64,
    /// When the offset may end.
    pub(crate) until: Timestamp,
}

/// The offset found last, good for a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LocalClock {
    offset_millis: i64,
    from: Timestamp,
    until: Timestamp,
}

impl LocalClock {
    pub(crate) const fn new() -> Self {
        // An empty stretch: the zone is asked first.
        let never = Timestamp::from_unix_millis(i64::MIN);
        Self { offset_millis: 0, from: never, until: never }
    }

    pub(crate) fn at<Z: Zone>(&mut self, zone: &Z, instant: Timestamp) -> Local {
        if instant < self.from || instant >= self.until {
            let span = zone.offset_at(instant);
            self.offset_millis = i64::from(span.offset_seconds) * 1_000;
            self.from = instant;
            // An end that does not lie ahead would never be passed.
            let until = span.until.filter(|until| *until > instant);
            self.until = until.unwrap_or(Timestamp::MAX);
        }
        let local = instant.unix_millis().saturating_add(self.offset_millis);
        let date = local.div_euclid(DAY_MILLIS);
        let of_day = local.rem_euclid(DAY_MILLIS);
        Local {
            minute: of_day / MINUTE_MILLIS,
            // 1970-01-01 was a Thursday.
            weekday: date.rem_euclid(7).wrapping_add(3) % 7,
            date,
            of_day,
            until: self.until,
        }
    }
}
