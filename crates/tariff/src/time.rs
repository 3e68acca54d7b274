//! Instants, civil dates and zones. The wall clock comes in as numbers; nothing here reads one.

use core::fmt;

/// Milliseconds of a civil day.
pub(crate) const DAY_MILLIS: i64 = 86_400_000;
/// Milliseconds of a minute.
pub(crate) const MINUTE_MILLIS: i64 = 60_000;

/// An instant of the wall clock in UTC.
///
/// Unit ms since 1970-01-01T00:00:00Z (leap seconds not counted, as in Unix time).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The latest instant.
    pub const MAX: Self = Self(i64::MAX);

    /// From milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_unix_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// From seconds since 1970-01-01T00:00:00Z; saturates at the ends of the range.
    #[must_use]
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.0
    }

    /// This instant moved by some milliseconds; saturates at the ends of the range.
    #[must_use]
    pub const fn saturating_add_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

impl fmt::Display for Timestamp {
    /// Prints UTC as `2024-06-03T07:30:00Z`, with milliseconds where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = Date::from_unix_days(self.0.div_euclid(DAY_MILLIS));
        let millis = self.0.rem_euclid(DAY_MILLIS);
        let (hour, minute) = (millis / 3_600_000, millis / MINUTE_MILLIS % 60);
        let (second, rest) = (millis / 1_000 % 60, millis % 1_000);
        write!(f, "{date}T{hour:02}:{minute:02}:{second:02}")?;
        if rest != 0 {
            write!(f, ".{rest:03}")?;
        }
        f.write_str("Z")
    }
}

/// A day of the proleptic Gregorian calendar, held as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i64);

impl Date {
    /// The day of that year, month (1 to 12) and day of the month (from 1), or `None` if there is none.
    #[must_use]
    pub const fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        if month < 1 || month > 12 || day < 1 || day > days_of_month(year, month) {
            return None;
        }
        // Years are counted from March, so that a leap day ends its year (Hinnant's days-from-civil).
        let year = year as i64 - if month <= 2 { 1 } else { 0 };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month_from_march = (month as i64 + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + day as i64 - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Self(era * 146_097 + day_of_era - 719_468))
    }

    /// From days since 1970-01-01.
    #[must_use]
    pub const fn from_unix_days(days: i64) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn unix_days(self) -> i64 {
        self.0
    }

    /// Year, month (1 to 12), day of the month (from 1).
    #[must_use]
    #[expect(clippy::cast_sign_loss, reason = "masked to five bits")]
    pub const fn year_month_day(self) -> (i64, u8, u8) {
        let days = self.0.saturating_add(719_468);
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        // Both are 1 to 31 by construction.
        (year, (month & 0x1f) as u8, (day & 0x1f) as u8)
    }

    /// Month and day, the year left out.
    #[must_use]
    pub const fn month_day(self) -> MonthDay {
        let (_, month, day) = self.year_month_day();
        MonthDay { month, day }
    }

    /// The weekday, as the one flag that is set.
    #[must_use]
    pub const fn weekday(self) -> Weekdays {
        // 1970-01-01 was a Thursday, the fourth flag.
        let index = (self.0.rem_euclid(7) + 3) % 7;
        Weekdays::from_bits_truncate(1 << index)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.year_month_day();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

const fn days_of_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// A day of the year without its year: what a season begins or ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: u8,
    day: u8,
}

impl MonthDay {
    /// That month (1 to 12) and day (from 1; 29 February is there), or `None` if no year has it.
    #[must_use]
    pub const fn new(month: u8, day: u8) -> Option<Self> {
        // 2000 was a leap year.
        if Date::new(2000, month, day).is_none() { None } else { Some(Self { month, day }) }
    }
}

/// Minutes since local midnight, 0 to 1439.
pub type MinuteOfDay = u16;

bitflags::bitflags! {
    /// A set of weekdays.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub struct Weekdays: u8 {
        /// Monday.
        const MONDAY = 1;
        /// Tuesday.
        const TUESDAY = 1 << 1;
        /// Wednesday.
        const WEDNESDAY = 1 << 2;
        /// Thursday.
        const THURSDAY = 1 << 3;
        /// Friday.
        const FRIDAY = 1 << 4;
        /// Saturday.
        const SATURDAY = 1 << 5;
        /// Sunday.
        const SUNDAY = 1 << 6;
        /// Saturday and Sunday.
        const WEEKEND = Self::SATURDAY.bits() | Self::SUNDAY.bits();
    }
}

/// The offset of local time from UTC, and how long it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OffsetSpan {
    /// Local time minus UTC, in seconds; positive east of Greenwich.
    pub offset_seconds: i32,
    /// First instant at which another offset holds; `None` if this one holds for good.
    pub until: Option<Timestamp>,
}

/// The zone of a charging station: all that is needed to read local time, summer time included.
///
/// Time is priced by walking from span to span, so a day of 23 or 25 hours, a skipped or a repeated hour needs no rule of
/// its own. Implement it for whatever knows the zone; [`FixedOffset`] is enough where there is no summer time.
pub trait Zone {
    /// The offset in force at an instant. `until`, if given, must lie after it.
    fn offset_at(&self, instant: Timestamp) -> OffsetSpan;
}

/// A zone without summer time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FixedOffset {
    seconds: i32,
}

impl FixedOffset {
    /// Coordinated universal time.
    pub const UTC: Self = Self { seconds: 0 };
    /// UTC+08:00: all of China, no summer time since 1991.
    pub const CHINA: Self = Self { seconds: 8 * 3_600 };

    /// Local time minus UTC in seconds; `None` beyond ±24 h.
    #[must_use]
    pub const fn east_seconds(seconds: i32) -> Option<Self> {
        if seconds > -86_400 && seconds < 86_400 { Some(Self { seconds }) } else { None }
    }
}

impl Zone for FixedOffset {
    fn offset_at(&self, _: Timestamp) -> OffsetSpan {
        OffsetSpan { offset_seconds: self.seconds, until: None }
    }
}

impl<Z: Zone + ?Sized> Zone for &Z {
    fn offset_at(&self, instant: Timestamp) -> OffsetSpan {
        (**self).offset_at(instant)
    }
}

#[cfg(test)]
mod tests {
    use ::chrono::{DateTime, Datelike, NaiveDate};
    use alloc::string::ToString;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn dates_agree_with_chrono(days in -800_000i32..800_000) {
            let ours = Date::from_unix_days(days.into());
            let theirs = NaiveDate::from_epoch_days(days).unwrap();
            let (year, month, day) = ours.year_month_day();
            prop_assert_eq!(
                (year, u32::from(month), u32::from(day)),
                (i64::from(theirs.year()), theirs.month(), theirs.day())
            );
            prop_assert_eq!(Date::new(theirs.year(), month, day), Some(ours));
            prop_assert_eq!(
                ours.weekday().bits().trailing_zeros(),
                theirs.weekday().num_days_from_monday()
            );
        }

        #[test]
        fn timestamps_print_as_chrono_prints_them(seconds in 0i64..4_000_000_000) {
            let theirs = DateTime::from_timestamp(seconds, 0).unwrap();
            prop_assert_eq!(
                Timestamp::from_unix_seconds(seconds).to_string(),
                theirs.format("%Y-%m-%dT%H:%M:%SZ").to_string()
            );
        }
    }

    #[test]
    fn days_that_do_not_exist() {
        assert_eq!(Date::new(2023, 2, 29), None);
        assert_eq!(Date::new(1900, 2, 29), None);
        assert!(Date::new(2000, 2, 29).is_some());
        assert_eq!(Date::new(2024, 0, 1), None);
        assert_eq!(Date::new(2024, 13, 1), None);
        assert_eq!(Date::new(2024, 4, 31), None);
        assert_eq!(MonthDay::new(2, 30), None);
        assert!(MonthDay::new(2, 29).is_some());
    }

    #[test]
    fn extreme_instants_do_not_overflow() {
        for millis in [i64::MIN, i64::MAX] {
            assert!(!Timestamp::from_unix_millis(millis).to_string().is_empty());
        }
    }
}
