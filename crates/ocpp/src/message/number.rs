//! Numbers, kept as their decimal text: no digit and no trailing zero of a meter reading or a price is lost.

use core::fmt;

/// A JSON number as it stands in the frame.
///
/// `==` compares the text, so that `100.10` and `100.1` differ: signatures and bills may depend on the scale.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Number<'a>(&'a str);

/// What a number comes to, counted in units of `10^-scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scaled {
    /// Whole units, towards zero; saturated when they do not fit.
    pub units: i128,
    /// Whether digits behind the scale were cut off, or the value did not fit.
    pub inexact: bool,
}

impl<'a> Number<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// Reads a text that must be a JSON number, for instance the string in a `value` of OCPP 1.6.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut scanner = super::json::Scanner::new(text, 0);
        let number = scanner.number().ok()?;
        (scanner.at() == text.len()).then_some(Self(number))
    }

    /// The text as received.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }

    /// The sign, the digits with their point, and how many digits stand before the point once the number is counted
    /// in units of `10^-scale`.
    fn parts(&self, scale: i32) -> (bool, &'a str, i64) {
        let (negative, text) = match self.0.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, self.0),
        };
        let mut mantissa = text;
        let mut exponent = i64::from(scale);
        if let Some(at) = text.bytes().position(|b| b | 0x20 == b'e') {
            mantissa = text.get(..at).unwrap_or("");
            let digits = text.get(at + 1..).unwrap_or("");
            let size = digits
                .bytes()
                .filter(u8::is_ascii_digit)
                .fold(0_i64, |n, b| n.saturating_mul(10).saturating_add(i64::from(b - b'0')));
            // Far beyond any number of digits, and far from overflow.
            let size = size.min(1 << 40);
            let size = if digits.starts_with('-') { -size } else { size };
            exponent = exponent.saturating_add(size);
        }
        let whole = mantissa.bytes().position(|b| b == b'.').unwrap_or(mantissa.len());
        (negative, mantissa, i64::try_from(whole).unwrap_or(i64::MAX).saturating_add(exponent))
    }

    /// The value in units of `10^-scale`, towards zero.
    #[must_use]
    pub fn scaled(&self, scale: i32) -> Scaled {
        let (negative, mantissa, mut before) = self.parts(scale);
        let mut units = 0_i128;
        let mut inexact = false;
        for digit in mantissa.bytes().filter(|b| *b != b'.').map(|b| i128::from(b - b'0')) {
            if before > 0 {
                inexact |= units > i128::MAX / 10 - 1;
                units = units.saturating_mul(10).saturating_add(digit);
            } else {
                inexact |= digit != 0;
            }
            before -= 1;
        }
        while before > 0 && units != 0 && !inexact {
            inexact |= units > i128::MAX / 10 - 1;
            units = units.saturating_mul(10);
            before -= 1;
        }
        Scaled { units: if negative { -units } else { units }, inexact }
    }

    /// The value, if it is whole (`5`, `5.0`, `5e1`) and fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        let (value, is_exact) = self.whole();
        is_exact.then_some(value)
    }

    /// The value towards zero, saturated, and whether that is exact.
    fn whole(&self) -> (i64, bool) {
        let (negative, mantissa, before) = self.parts(0);
        let append = |value: Option<i64>, digit: u8| {
            let digit = i64::from(digit - b'0');
            value?.checked_mul(10)?.checked_add(if negative { -digit } else { digit })
        };
        let mut value = Some(0);
        let mut place = 0;
        for digit in mantissa.bytes().filter(|b| *b != b'.') {
            if place < before {
                value = append(value, digit);
            }
            place += 1;
        }
        while place < before && !matches!(value, None | Some(0)) {
            value = append(value, b'0');
            place += 1;
        }
        let limit = if negative { i64::MIN } else { i64::MAX };
        (value.unwrap_or(limit), value.is_some() && self.has_places(0))
    }

    /// The exact value with its scale.
    ///
    /// `None` if it has more digits than `rust_decimal` holds (about 28).
    #[cfg(feature = "rust_decimal")]
    #[must_use]
    pub fn to_decimal(&self) -> Option<rust_decimal::Decimal> {
        if self.0.bytes().any(|b| b | 0x20 == b'e') {
            return rust_decimal::Decimal::from_scientific(self.0).ok();
        }
        rust_decimal::Decimal::from_str_exact(self.0).ok()
    }

    /// Whether the value is whole.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_plain_integer() || self.has_places(0)
    }

    /// Digits only, perhaps with a sign: what draft-04 of JSON Schema calls an integer.
    pub(crate) fn is_plain_integer(&self) -> bool {
        self.0.bytes().all(|b| b.is_ascii_digit() || b == b'-')
    }

    /// Whether none but zeros stand behind this many decimal places, decided on the digits.
    fn has_places(&self, places: i32) -> bool {
        let (_, mantissa, before) = self.parts(places);
        let digits = mantissa.bytes().filter(|b| *b != b'.');
        digits.zip(0_i64..).all(|(digit, place)| place < before || digit == b'0')
    }

    /// Whether the value lies in the closed range; a missing bound does not bind.
    pub(crate) fn within(&self, min: Option<i32>, max: Option<i32>) -> bool {
        let (value, is_exact) = self.whole();
        // What was cut off lies further from zero.
        let negative = self.0.starts_with('-');
        let above = min
            .map(i64::from)
            .is_none_or(|min| value > min || value == min && (is_exact || !negative));
        let below = max
            .map(i64::from)
            .is_none_or(|max| value < max || value == max && (is_exact || negative));
        above && below
    }

    /// Whether the value is a whole number of tenths, decided on its digits.
    pub(crate) fn is_tenths(&self) -> bool {
        self.has_places(1)
    }
}

impl fmt::Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
