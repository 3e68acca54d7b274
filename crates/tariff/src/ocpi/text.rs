//! Instants, dates and times of day in the forms that documents have.

use crate::time::{DAY_MILLIS, Date, Timestamp};

/// An instant of ISO 8601 as OCPI's documents have it, leniently: no zone means UTC, fields may have one digit, fractions of a
/// second any number of digits (kept to the millisecond).
#[must_use]
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let mut scan = Scan { text: text.as_bytes() };
    let date = scan.date()?;
    let mut millis = date.unix_days().checked_mul(DAY_MILLIS)?;
    if !scan.text.is_empty() {
        scan.take(b'T').or_else(|| scan.take(b't')).or_else(|| scan.take(b' '))?;
        let hour = scan.number(1, 2)?;
        scan.take(b':')?;
        let minute = scan.number(1, 2)?;
        let mut second = 0;
        let mut fraction = 0;
        if scan.take(b':').is_some() {
            second = scan.number(1, 2)?;
            if scan.take(b'.').or_else(|| scan.take(b',')).is_some() {
                fraction = scan.fraction()?;
            }
        }
        if hour > 24 || minute > 59 || second > 60 {
            return None;
        }
        millis += (hour * 3_600 + minute * 60 + second) * 1_000 + fraction;
        millis -= scan.offset()? * 1_000;
    }
    scan.text.is_empty().then_some(Timestamp::from_unix_millis(millis))
}

/// `HH:MM`, seconds of 0 tolerated; `24:00` is the end of the day, 0.
pub(crate) fn parse_minute(text: &str) -> Option<u16> {
    let mut scan = Scan { text: text.as_bytes() };
    let hour = scan.number(1, 2)?;
    scan.take(b':')?;
    let minute = scan.number(1, 2)?;
    if scan.take(b':').is_some() && scan.number(1, 2)? != 0 {
        return None;
    }
    let minutes = u16::try_from(hour * 60 + minute).ok()?;
    (scan.text.is_empty() && minute < 60 && minutes <= 1_440).then_some(minutes % 1_440)
}

/// `YYYY-MM-DD`, month and day also with one digit.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let mut scan = Scan { text: text.as_bytes() };
    scan.date().filter(|_| scan.text.is_empty())
}

/// What is left of a text being read.
struct Scan<'a> {
    text: &'a [u8],
}

impl Scan<'_> {
    fn take(&mut self, byte: u8) -> Option<()> {
        let (first, rest) = self.text.split_first()?;
        (*first == byte).then(|| self.text = rest)
    }

    /// An unsigned number of that many digits.
    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let mut value = 0i64;
        let mut digits = 0;
        while let Some((digit, rest)) = self.text.split_first()
            && digit.is_ascii_digit()
            && digits < most
        {
            value = value * 10 + i64::from(digit - b'0');
            self.text = rest;
            digits += 1;
        }
        (digits >= least).then_some(value)
    }

    fn date(&mut self) -> Option<Date> {
        let year = i32::try_from(self.number(4, 4)?).ok()?;
        self.take(b'-')?;
        let month = u8::try_from(self.number(1, 2)?).ok()?;
        self.take(b'-')?;
        Date::new(year, month, u8::try_from(self.number(1, 2)?).ok()?)
    }

    /// Milliseconds of a fraction of any length.
    fn fraction(&mut self) -> Option<i64> {
        let (mut millis, mut digits) = (0, 0);
        while let Some((digit, rest)) = self.text.split_first()
            && digit.is_ascii_digit()
        {
            if digits < 3 {
                millis = millis * 10 + i64::from(digit - b'0');
            }
            digits += 1;
            self.text = rest;
        }
        for _ in digits..3 {
            millis *= 10;
        }
        (digits > 0).then_some(millis)
    }

    /// Seconds east of UTC: `Z`, `+hh:mm`, `+hhmm`, `+hh` or nothing.
    fn offset(&mut self) -> Option<i64> {
        if self.text.is_empty() || self.take(b'Z').or_else(|| self.take(b'z')).is_some() {
            return Some(0);
        }
        let sign = if self.take(b'-').is_some() { -1 } else { self.take(b'+').map(|()| 1)? };
        let hours = self.number(2, 2)?;
        let _ = self.take(b':');
        let minutes = if self.text.is_empty() { 0 } else { self.number(2, 2)? };
        (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
    }
}
