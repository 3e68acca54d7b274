//! Zones with summer time: POSIX TZ rules, and `chrono-tz` behind its feature.
//!
//! [`PosixTz`] is what a charger without a time-zone database can hold: 32 bytes of rule for one zone as its law now stands.

use crate::time::{DAY_MILLIS, Date, OffsetSpan, Timestamp, Zone};

/// Why a POSIX TZ text was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("POSIX TZ rule: {expected} expected at byte {at}")]
pub struct PosixTzError {
    /// Offset in the text.
    pub at: usize,
    /// What should stand there.
    pub expected: &'static str,
}

/// Day of the year on which the clock changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChangeDay {
    /// `Mm.w.d`: weekday `d` (0 Sunday) of week `w` (5: the last) of month `m`.
    Weekday { month: u8, week: u8, weekday: u8 },
    /// `Jn`: day 1 to 365, 29 February never counted.
    WithoutLeapDay(u16),
    /// `n`: day 0 to 365, 29 February counted.
    WithLeapDay(u16),
}

/// A day and the local time on it, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    day: ChangeDay,
    seconds: i32,
}

/// A zone by the rule of POSIX (IEEE Std 1003.1, `TZ` variable), for instance `CET-1CEST,M3.5.0,M10.5.0/3`. Names are not kept.
///
/// It knows today's law only, for all years; past changes of law need a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PosixTz {
    /// Local standard time minus UTC, in seconds.
    standard: i32,
    /// Summer time: its offset, and when it begins and ends.
    summer: Option<(i32, Change, Change)>,
}

const _: () = assert!(size_of::<PosixTz>() <= 40);

impl PosixTz {
    /// Reads a POSIX TZ text.
    ///
    /// # Errors
    /// [`PosixTzError`] with the place. A zone with summer time must state its rules: the default of old systems is the
    /// United States' rule and would be a guess.
    pub fn parse(text: &str) -> Result<Self, PosixTzError> {
        let mut reader = Reader { text: text.as_bytes(), at: 0 };
        reader.name()?;
        let standard = -reader.clock(24)?;
        if reader.is_done() {
            return Ok(Self { standard, summer: None });
        }
        reader.name()?;
        let offset =
            if reader.peek() == Some(b',') { standard + 3_600 } else { -reader.clock(24)? };
        reader.take(b',', "a comma and the rule of the begin of summer time")?;
        let begin = reader.change()?;
        reader.take(b',', "a comma and the rule of the end of summer time")?;
        let end = reader.change()?;
        if !reader.is_done() {
            return Err(reader.expected("the end"));
        }
        Ok(Self { standard, summer: Some((offset, begin, end)) })
    }

    /// The instants of the two changes of a year: begin and end of summer time.
    fn changes(&self, year: i64) -> Option<[(Timestamp, i32); 2]> {
        let (summer, begin, end) = self.summer?;
        let at = |change: Change, offset_before: i32| {
            let midnight = change.day.in_year(year)?.unix_days().checked_mul(DAY_MILLIS)?;
            let seconds = i64::from(change.seconds) - i64::from(offset_before);
            Some(Timestamp::from_unix_millis(midnight.checked_add(seconds * 1_000)?))
        };
        Some([(at(begin, self.standard)?, summer), (at(end, summer)?, self.standard)])
    }
}

impl Zone for PosixTz {
    fn offset_at(&self, instant: Timestamp) -> OffsetSpan {
        let local = instant.unix_millis().saturating_add(i64::from(self.standard) * 1_000);
        let (year, _, _) = Date::from_unix_days(local.div_euclid(DAY_MILLIS)).year_month_day();
        // The last change at or before the instant, and the first one after it.
        let (mut last, mut next) = (None::<(Timestamp, i32)>, None::<Timestamp>);
        for year in [year - 1, year, year + 1] {
            for (at, offset) in self.changes(year).into_iter().flatten() {
                if at <= instant && last.is_none_or(|(known, _)| known < at) {
                    last = Some((at, offset));
                }
                if at > instant && next.is_none_or(|known| at < known) {
                    next = Some(at);
                }
            }
        }
        OffsetSpan { offset_seconds: last.map_or(self.standard, |(_, offset)| offset), until: next }
    }
}

impl ChangeDay {
    fn in_year(self, year: i64) -> Option<Date> {
        let year = i32::try_from(year).ok()?;
        let first = Date::new(year, 1, 1)?.unix_days();
        let days = match self {
            Self::WithLeapDay(day) => first + i64::from(day),
            Self::WithoutLeapDay(day) => {
                let leap = day >= 60 && Date::new(year, 2, 29).is_some();
                first + i64::from(day) - 1 + i64::from(leap)
            }
            Self::Weekday { month, week, weekday } => {
                let first = Date::new(year, month, 1)?;
                // 1970-01-01 was a Thursday; Sunday is 0 here.
                let of_first = (first.unix_days() + 4).rem_euclid(7);
                let ahead = (i64::from(weekday) - of_first).rem_euclid(7);
                let mut day = first.unix_days() + ahead + 7 * (i64::from(week) - 1);
                while Date::from_unix_days(day).year_month_day().1 != month {
                    day -= 7;
                }
                day
            }
        };
        Some(Date::from_unix_days(days))
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    const fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    const fn expected(&self, expected: &'static str) -> PosixTzError {
        PosixTzError { at: self.at, expected }
    }

    fn take(&mut self, byte: u8, expected: &'static str) -> Result<(), PosixTzError> {
        if self.peek() != Some(byte) {
            return Err(self.expected(expected));
        }
        self.at += 1;
        Ok(())
    }

    /// Three or more letters, or anything between `<` and `>`.
    fn name(&mut self) -> Result<(), PosixTzError> {
        let quoted = self.peek() == Some(b'<');
        self.at += usize::from(quoted);
        let from = self.at;
        let fits = |byte: u8| {
            if quoted {
                byte.is_ascii_alphanumeric() || b"+-".contains(&byte)
            } else {
                byte.is_ascii_alphabetic()
            }
        };
        while self.peek().is_some_and(fits) {
            self.at += 1;
        }
        if self.at - from < 3 {
            return Err(self.expected("a zone name of three letters or more"));
        }
        if quoted { self.take(b'>', "'>'") } else { Ok(()) }
    }

    fn number(&mut self, most: u16, expected: &'static str) -> Result<u16, PosixTzError> {
        let from = self.at;
        let mut value = 0u16;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            value = value.saturating_mul(10).saturating_add(u16::from(digit - b'0'));
            self.at += 1;
        }
        if self.at == from || value > most { Err(self.expected(expected)) } else { Ok(value) }
    }

    /// `[+-]hh[:mm[:ss]]`, in seconds.
    fn clock(&mut self, most_hours: u16) -> Result<i32, PosixTzError> {
        let sign = match self.peek() {
            Some(b'-') => -1,
            _ => 1,
        };
        self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
        let mut seconds = i32::from(self.number(most_hours, "hours")?) * 3_600;
        for unit in [60, 1] {
            if self.peek() != Some(b':') {
                break;
            }
            self.at += 1;
            seconds += i32::from(self.number(59, "minutes or seconds")?) * unit;
        }
        Ok(sign * seconds)
    }

    fn change(&mut self) -> Result<Change, PosixTzError> {
        let day = match self.peek() {
            Some(b'M') => {
                self.at += 1;
                let month = self.small(1, 12, "a month")?;
                self.take(b'.', "a point and the week")?;
                let week = self.small(1, 5, "a week, 1 to 5")?;
                self.take(b'.', "a point and the weekday")?;
                ChangeDay::Weekday { month, week, weekday: self.small(0, 6, "a weekday, 0 to 6")? }
            }
            Some(b'J') => {
                self.at += 1;
                match self.number(365, "a day, 1 to 365")? {
                    0 => return Err(self.expected("a day, 1 to 365")),
                    day => ChangeDay::WithoutLeapDay(day),
                }
            }
            _ => ChangeDay::WithLeapDay(self.number(365, "a day of the year")?),
        };
        let mut seconds = 2 * 3_600;
        if self.peek() == Some(b'/') {
            self.at += 1;
            // A week either way, as RFC 8536 allows.
            seconds = self.clock(167)?;
        }
        Ok(Change { day, seconds })
    }

    fn small(&mut self, least: u16, most: u16, expected: &'static str) -> Result<u8, PosixTzError> {
        let value = self.number(most, expected)?;
        let small = u8::try_from(value).ok().filter(|_| value >= least);
        small.ok_or_else(|| self.expected(expected))
    }
}

/// Zones of the IANA database. The database does not tell when an offset ends, so `until` is at most a day ahead: the
/// engines then ask again, and a change within that day is found by halving it.
#[cfg(feature = "chrono-tz")]
impl Zone for chrono_tz::Tz {
    fn offset_at(&self, instant: Timestamp) -> OffsetSpan {
        let offset_at = |millis: i64| -> i32 {
            use ::chrono::{DateTime, Offset, TimeZone};
            DateTime::from_timestamp_millis(millis).map_or(0, |utc| {
                self.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc()
            })
        };
        let from = instant.unix_millis();
        let offset_seconds = offset_at(from);
        let mut until = from.saturating_add(DAY_MILLIS);
        if offset_at(until) != offset_seconds {
            let mut same = from;
            while until - same > 1 {
                let middle = same + (until - same) / 2;
                if offset_at(middle) == offset_seconds { same = middle } else { until = middle }
            }
        }
        OffsetSpan { offset_seconds, until: Some(Timestamp::from_unix_millis(until)) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

    #[test]
    fn berlin_changes_at_one_utc() {
        let berlin = PosixTz::parse(BERLIN).unwrap();
        let spring = Timestamp::from_unix_seconds(1_743_296_400); // 2025-03-30T01:00Z
        let autumn = Timestamp::from_unix_seconds(1_761_440_400); // 2025-10-26T01:00Z
        let before = berlin.offset_at(spring.saturating_add_millis(-1));
        assert_eq!(before, OffsetSpan { offset_seconds: 3_600, until: Some(spring) });
        assert_eq!(
            berlin.offset_at(spring),
            OffsetSpan { offset_seconds: 7_200, until: Some(autumn) }
        );
        assert_eq!(berlin.offset_at(autumn).offset_seconds, 3_600);
    }

    #[test]
    fn other_forms_are_read() {
        let china = PosixTz::parse("CST-8").unwrap();
        assert_eq!(
            china.offset_at(Timestamp::MAX),
            OffsetSpan { offset_seconds: 28_800, until: None }
        );
        let nepal = PosixTz::parse("<+0545>-5:45").unwrap();
        assert_eq!(nepal.offset_at(Timestamp::from_unix_millis(0)).offset_seconds, 20_700);
        assert!(PosixTz::parse("AAA3BBB,J60/2,J300").is_ok());
        assert!(PosixTz::parse("AAA3BBB,0/-24,364/167:30").is_ok());
        for (text, at) in [
            ("", 0),
            ("CE-1", 2),
            ("CET-25", 6),
            ("CET-1CEST", 9),
            ("CET-1CEST,M13.1.0,M1.1.0", 13),
            ("CET-1CEST,M3.5.0,M10.5.0/3x", 26),
        ] {
            assert_eq!(PosixTz::parse(text).unwrap_err().at, at, "{text:?}");
        }
    }

    #[cfg(feature = "chrono-tz")]
    proptest! {
        /// The rule and the database agree on this century's instants, and on where each offset ends.
        #[test]
        fn rules_agree_with_the_database(seconds in 1_200_000_000i64..2_000_000_000) {
            let instant = Timestamp::from_unix_seconds(seconds);
            for (rule, zone) in [
                (BERLIN, chrono_tz::Europe::Berlin),
                ("EST5EDT,M3.2.0,M11.1.0", chrono_tz::America::New_York),
                ("AEST-10AEDT,M10.1.0,M4.1.0/3", chrono_tz::Australia::Sydney),
            ] {
                let (ours, theirs) = (PosixTz::parse(rule).unwrap().offset_at(instant), zone.offset_at(instant));
                prop_assert_eq!(ours.offset_seconds, theirs.offset_seconds, "{} at {}", rule, instant);
                let (ours, theirs) = (ours.until.unwrap(), theirs.until.unwrap());
                prop_assert!(theirs > instant);
                prop_assert!(ours == theirs || (ours > theirs && theirs == instant.saturating_add_millis(DAY_MILLIS)));
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_rule_or_an_error(text in ".{0,40}", at: i64) {
            if let Ok(rule) = PosixTz::parse(&text) {
                let _ = rule.offset_at(Timestamp::from_unix_millis(at));
            }
        }
    }
}
