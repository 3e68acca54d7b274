//! Dates, kept as their text with offset and digits, and the UTC time line they are compared on.

use core::fmt;

use super::text::Text;

/// A moment on the UTC time line: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// A moment from its milliseconds.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded towards the past.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Reads an RFC 3339 date-time (or one of the looser forms, see [`DateTime::form`]; without zone it is UTC).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::new(Text::quoted(text, false)).to_timestamp()
    }
}

/// `YYYY-MM-DDTHH:MM:SS[.mmm]Z`, the form every station can read.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.seconds();
        let (year, month, day) = civil(seconds.div_euclid(86_400));
        let second = seconds.rem_euclid(86_400);
        let (h, m, s) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}")?;
        match self.0.rem_euclid(1000) {
            0 => f.write_str("Z"),
            millis => write!(f, ".{millis:03}Z"),
        }
    }
}

/// How a date was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateForm {
    /// RFC 3339 with zone.
    Rfc3339,
    /// Without a zone, as some stations send local time; read as UTC.
    WithoutZone,
    /// With an offset of hours only (`+02`) or without its colon (`+0200`).
    ShortOffset,
}

/// A date-time as it stands in the frame: its offset and its digits are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DateTime<'a>(Text<'a>);

/// The numbers of a date text.
struct Parts {
    form: DateForm,
    /// Seconds since 1970 in the written zone.
    local: i64,
    nanos: u32,
    offset_minutes: Option<i16>,
}

impl<'a> DateTime<'a> {
    pub(crate) const fn new(text: Text<'a>) -> Self {
        Self(text)
    }

    /// The text as received.
    #[must_use]
    pub const fn text(&self) -> Text<'a> {
        self.0
    }

    /// How the date is written; `None` if it cannot be read.
    #[must_use]
    pub fn form(&self) -> Option<DateForm> {
        self.parts().map(|parts| parts.form)
    }

    /// The moment, cut to milliseconds; a date without zone counts as UTC. `None` if it cannot be read.
    #[must_use]
    pub fn to_timestamp(&self) -> Option<Timestamp> {
        let parts = self.parts()?;
        let offset = i64::from(parts.offset_minutes.unwrap_or(0)) * 60;
        let seconds = parts.local - offset;
        Some(Timestamp(seconds * 1000 + i64::from(parts.nanos / 1_000_000)))
    }

    /// The written offset from UTC in minutes, east positive; `None` if there is none.
    #[must_use]
    pub fn offset_minutes(&self) -> Option<i16> {
        self.parts()?.offset_minutes
    }

    /// The date with its offset; a date without zone counts as UTC.
    #[cfg(feature = "chrono")]
    #[must_use]
    pub fn to_chrono(&self) -> Option<chrono::DateTime<chrono::FixedOffset>> {
        let parts = self.parts()?;
        let offset = i32::from(parts.offset_minutes.unwrap_or(0)) * 60;
        let zone = chrono::FixedOffset::east_opt(offset)?;
        let utc = chrono::DateTime::from_timestamp(parts.local - i64::from(offset), parts.nanos)?;
        Some(utc.with_timezone(&zone))
    }

    fn parts(&self) -> Option<Parts> {
        if let Some(text) = self.0.as_str() {
            return parse(text.as_bytes());
        }
        // Somebody escaped the plus sign or a digit: unescape a text of at most a date's length.
        let mut buffer = [0; 64];
        let mut length = 0;
        for c in self.0.chars() {
            *buffer.get_mut(length)? = u8::try_from(c).ok()?;
            length += 1;
        }
        parse(buffer.get(..length)?)
    }
}

impl fmt::Debug for DateTime<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for DateTime<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The rest of a date text. RFC 3339 allows a blank for the `T` by agreement only; JSON Schema's date-time takes the
/// small letters.
struct Digits<'b>(&'b [u8]);

impl Digits<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A number of exactly so many digits.
    fn number(&mut self, digits: u32) -> Option<u32> {
        let mut value = 0;
        for _ in 0..digits {
            let digit = self.byte()?.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            value = value * 10 + u32::from(digit);
        }
        Some(value)
    }

    /// A two-digit number behind this byte.
    fn after(&mut self, separator: u8) -> Option<u32> {
        if !self.byte()?.eq_ignore_ascii_case(&separator) {
            return None;
        }
        self.number(2)
    }

    /// The digits behind a point, as nanoseconds; what is finer is cut.
    fn nanos(&mut self) -> Option<u32> {
        let Some((b'.', fraction)) = self.0.split_first() else {
            return Some(0);
        };
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit());
        let (mut nanos, mut weight, mut length) = (0, 100_000_000, 0);
        for digit in digits {
            nanos += u32::from(digit - b'0') * weight;
            weight /= 10;
            length += 1;
        }
        self.0 = fraction.get(length..)?;
        (length > 0).then_some(nanos)
    }

    /// The zone, and how it is written.
    fn zone(&mut self) -> Option<(DateForm, Option<i16>)> {
        let sign = match self.byte() {
            None => return Some((DateForm::WithoutZone, None)),
            Some(b'Z' | b'z') => return Some((DateForm::Rfc3339, Some(0))),
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return None,
        };
        let hours = self.number(2)?;
        let (form, minutes) = match self.0.first() {
            None => (DateForm::ShortOffset, 0),
            Some(b':') => (DateForm::Rfc3339, self.after(b':')?),
            Some(_) => (DateForm::ShortOffset, self.number(2)?),
        };
        if hours > 23 || minutes > 59 {
            return None;
        }
        Some((form, Some(sign * i16::try_from(hours * 60 + minutes).ok()?)))
    }
}

fn parse(bytes: &[u8]) -> Option<Parts> {
    let mut text = Digits(bytes);
    let year = text.number(4)?;
    let (month, day) = (text.after(b'-')?, text.after(b'-')?);
    let (hour, minute, second) = (text.after(b'T')?, text.after(b':')?, text.after(b':')?);
    let is_day = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    if !is_day || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let nanos = text.nanos()?;
    let (form, offset_minutes) = text.zone()?;
    if !text.0.is_empty() {
        return None;
    }
    let seconds = i64::from(hour * 3600 + minute * 60 + second);
    let local = days(i64::from(year), i64::from(month), i64::from(day)) * 86_400 + seconds;
    // A leap second exists only in the last minute of a UTC day.
    if second == 60 {
        let utc = local - i64::from(offset_minutes.unwrap_or(0)) * 60;
        if utc.rem_euclid(86_400) != 0 {
            return None;
        }
    }
    Some(Parts { form, local, nanos, offset_minutes })
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar; the year starts in March so that the leap day is last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of a day counted from 1970-01-01: the inverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}
