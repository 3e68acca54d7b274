//! Conversions from and to `chrono`.

use chrono::{DateTime, Datelike, FixedOffset as ChronoOffset, NaiveDate, TimeZone, Utc};

use crate::time::{Date, OffsetSpan, Timestamp, Zone};

impl<Tz: TimeZone> From<DateTime<Tz>> for Timestamp {
    /// Digits beyond the millisecond are cut off.
    fn from(instant: DateTime<Tz>) -> Self {
        Self::from_unix_millis(instant.timestamp_millis())
    }
}

impl From<Timestamp> for Option<DateTime<Utc>> {
    /// `None` beyond chrono's range, about 262,000 years either way.
    fn from(instant: Timestamp) -> Self {
        DateTime::from_timestamp_millis(instant.unix_millis())
    }
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        const UNIX_EPOCH_FROM_CE: i32 = 719_163;
        Self::from_unix_days(i64::from(date.num_days_from_ce() - UNIX_EPOCH_FROM_CE))
    }
}

impl Zone for ChronoOffset {
    fn offset_at(&self, _: Timestamp) -> OffsetSpan {
        OffsetSpan { offset_seconds: self.local_minus_utc(), until: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_dates_convert() {
        let noon = Utc.with_ymd_and_hms(2024, 6, 3, 12, 0, 0).unwrap();
        let ours = Timestamp::from(noon);
        assert_eq!(ours.unix_millis(), 1_717_416_000_000);
        assert_eq!(Option::<DateTime<Utc>>::from(ours), Some(noon));
        assert_eq!(Option::<DateTime<Utc>>::from(Timestamp::MAX), None);
        assert_eq!(Date::from(noon.date_naive()), Date::new(2024, 6, 3).unwrap());
        let east = ChronoOffset::east_opt(3_600).unwrap();
        assert_eq!(east.offset_at(ours).offset_seconds, 3_600);
    }
}
