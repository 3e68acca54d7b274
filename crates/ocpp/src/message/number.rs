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

    /// The value in units of `10^-scale`, towards zero.
    #[must_use]
    pub fn scaled(&self, scale: i32) -> Scaled {
        let (negative, text) = match self.0.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, self.0),
        };
        let mut mantissa = text;
        let mut exponent = scale;
        if let Some(at) = text.bytes().position(|b| b | 0x20 == b'e') {
            mantissa = text.get(..at).unwrap_or("");
            let digits = text.get(at + 1..).unwrap_or("");
            let below_zero = digits.starts_with('-');
            let size = digits
                .bytes()
                .filter(u8::is_ascii_digit)
                .fold(0_i32, |n, b| n.saturating_mul(10).saturating_add(i32::from(b - b'0')));
            exponent = exponent.saturating_add(if below_zero { -size } else { size });
        }
        let whole_digits = mantissa.bytes().position(|b| b == b'.').unwrap_or(mantissa.len());
        // How many digits of the mantissa stand before the point once it has been moved.
        let mut before =
            i64::try_from(whole_digits).unwrap_or(i64::MAX).saturating_add(i64::from(exponent));
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
        let value = self.scaled(0);
        if value.inexact {
            return None;
        }
        i64::try_from(value.units).ok()
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
        self.is_plain_integer() || !self.scaled(0).inexact || self.is_huge()
    }

    /// Digits only, perhaps with a sign: what draft-04 of JSON Schema calls an integer.
    pub(crate) fn is_plain_integer(&self) -> bool {
        self.0.bytes().all(|b| b.is_ascii_digit() || b == b'-')
    }

    /// Too large for the arithmetic of [`scaled`](Self::scaled): a number of that size has no fraction in practice.
    fn is_huge(&self) -> bool {
        self.scaled(0).units.unsigned_abs() >= i128::MAX as u128 / 10 && !self.0.contains('.')
    }

    /// Whether the value lies in the closed range; a missing bound does not bind.
    pub(crate) fn within(&self, min: Option<i32>, max: Option<i32>) -> bool {
        let Scaled { units, inexact } = self.scaled(0);
        let negative = self.0.starts_with('-');
        let above = min.is_none_or(|min| {
            units > i128::from(min) || units == i128::from(min) && (!inexact || !negative)
        });
        let below = max.is_none_or(|max| {
            units < i128::from(max) || units == i128::from(max) && (!inexact || negative)
        });
        above && below
    }

    /// Whether the value is a whole number of tenths, decided on its digits.
    pub(crate) fn is_tenths(&self) -> bool {
        !self.scaled(1).inexact || self.is_huge()
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
