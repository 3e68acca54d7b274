//! Decimal text to fixed point and back, with no detour through binary floating point.

use core::fmt;

/// Why a decimal text was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// There was no digit at all.
    #[error("no digits")]
    Empty,
    /// A byte that belongs to no decimal number: only an optional sign, digits and one point are read.
    #[error("unexpected byte {byte:#04x} at offset {at}")]
    Unexpected {
        /// Offset of the byte in the text.
        at: usize,
        /// The byte.
        byte: u8,
    },
    /// More decimals than the quantity holds, and not all zero: taking it would lose digits.
    #[error("more than {places} decimals")]
    TooPrecise {
        /// Decimals that the quantity holds.
        places: u8,
    },
    /// Beyond the range of the quantity.
    #[error("out of range")]
    OutOfRange,
}

/// Parses `[+-]digits[.digits]` as an integer count of `10^-places`.
pub(crate) fn parse_fixed(text: &str, places: u8) -> Result<i64, ParseError> {
    let mut value: i128 = 0;
    let mut negative = false;
    let mut digits = 0u32;
    // Decimals read so far; `None` before the point.
    let mut decimals: Option<u8> = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'-' | b'+' if at == 0 => negative = byte == b'-',
            b'.' if decimals.is_none() => decimals = Some(0),
            b'0'..=b'9' => {
                digits += 1;
                if decimals == Some(places) {
                    if byte != b'0' {
                        return Err(ParseError::TooPrecise { places });
                    }
                    continue;
                }
                value = value * 10 + i128::from(byte - b'0');
                if value > i128::from(u64::MAX) {
                    return Err(ParseError::OutOfRange);
                }
                decimals = decimals.map(|n| n + 1);
            }
            _ => return Err(ParseError::Unexpected { at, byte }),
        }
    }
    if digits == 0 {
        return Err(ParseError::Empty);
    }
    for _ in decimals.unwrap_or(0)..places {
        value *= 10;
    }
    let value = if negative { -value } else { value };
    i64::try_from(value).map_err(|_| ParseError::OutOfRange)
}

/// Reads the number forms of JSON, exponent and all, as a count of `10^-places`; what lies beyond them is rounded half away
/// from zero. The flag says whether anything was rounded.
///
/// # Errors
/// As [`parse_fixed`], but never [`ParseError::TooPrecise`].
#[cfg(feature = "json")]
pub(crate) fn parse_rounded(text: &str, places: u8) -> Result<(i64, bool), ParseError> {
    let (number, exponent) = split_exponent(text)?;
    // At most 30 digits are kept; the exponent says where the point stands after them.
    let (mut digits, mut dropped, mut any, mut point) = (0i128, 0i32, false, None::<i32>);
    let mut negative = false;
    let mut lost = false;
    for (at, byte) in number.bytes().enumerate() {
        match byte {
            b'-' | b'+' if at == 0 => negative = byte == b'-',
            b'.' if point.is_none() => point = Some(0),
            b'0'..=b'9' => {
                any = true;
                if digits < 10i128.pow(29) {
                    digits = digits * 10 + i128::from(byte - b'0');
                    point = point.map(|decimals| decimals + 1);
                } else {
                    lost |= byte != b'0';
                    dropped += i32::from(point.is_none());
                }
            }
            _ => return Err(ParseError::Unexpected { at, byte }),
        }
    }
    if !any {
        return Err(ParseError::Empty);
    }
    let shift = exponent
        .saturating_add(i32::from(places))
        .saturating_add(dropped)
        .saturating_sub(point.unwrap_or(0));
    let power = |shift: i32| u32::try_from(shift).ok().and_then(|n| 10i128.checked_pow(n));
    let magnitude = if digits == 0 {
        0
    } else if shift >= 0 {
        power(shift).and_then(|factor| digits.checked_mul(factor)).ok_or(ParseError::OutOfRange)?
    } else if let Some(divisor) = power(shift.saturating_neg()) {
        let (quotient, rest) = (digits / divisor, digits % divisor);
        lost |= rest != 0;
        quotient + i128::from(rest >= divisor - rest)
    } else {
        lost = true;
        0
    };
    let value = if negative { -magnitude } else { magnitude };
    Ok((i64::try_from(value).map_err(|_| ParseError::OutOfRange)?, lost))
}

/// The digits before an exponent, and the exponent (0 if there is none). One that no `i32` holds saturates.
#[cfg(feature = "json")]
fn split_exponent(text: &str) -> Result<(&str, i32), ParseError> {
    let Some(at) = text.find(['e', 'E']) else { return Ok((text, 0)) };
    let (number, exponent) = text.split_at(at);
    let digits = exponent.get(1..).unwrap_or_default();
    let (negative, unsigned) = match digits.as_bytes().first() {
        Some(b'-') => (true, digits.get(1..)),
        Some(b'+') => (false, digits.get(1..)),
        _ => (false, Some(digits)),
    };
    let unsigned = unsigned.unwrap_or_default();
    if unsigned.is_empty() {
        return Err(ParseError::Empty);
    }
    if let Some(wrong) = unsigned.bytes().position(|byte| !byte.is_ascii_digit()) {
        let byte = unsigned.as_bytes().get(wrong).copied().unwrap_or(0);
        return Err(ParseError::Unexpected { at: text.len() - unsigned.len() + wrong, byte });
    }
    let value = unsigned.parse::<i32>().unwrap_or(i32::MAX);
    Ok((number, if negative { -value } else { value }))
}

/// Writes `value * 10^-places`: at least `at_least` decimals (or the formatter's precision), and never fewer than the
/// value has, so that no digit is hidden.
pub(crate) fn write_fixed(
    f: &mut fmt::Formatter<'_>,
    value: i64,
    places: u8,
    at_least: u8,
) -> fmt::Result {
    let unit = 10u64.pow(u32::from(places));
    let magnitude = value.unsigned_abs();
    let (whole, mut fraction) = (magnitude / unit, magnitude % unit);
    let wanted = f.precision().unwrap_or(usize::from(at_least));
    let mut shown = usize::from(places);
    while shown > wanted && fraction % 10 == 0 {
        fraction /= 10;
        shown -= 1;
    }
    let sign = if value < 0 { "-" } else { "" };
    write!(f, "{sign}{whole}")?;
    if shown > 0 {
        write!(f, ".{fraction:0shown$}")?;
    }
    for _ in shown.max(usize::from(places))..wanted {
        f.write_str("0")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_fixed_point_exactly() {
        for (text, expected) in [
            ("0", Ok(0)),
            ("-0.000001", Ok(-1)),
            ("+1.5", Ok(1_500_000)),
            (".25", Ok(250_000)),
            ("7.", Ok(7_000_000)),
            ("1.2500000000", Ok(1_250_000)),
            ("9223372036854.775807", Ok(i64::MAX)),
            ("-9223372036854.775808", Ok(i64::MIN)),
            ("9223372036854.775808", Err(ParseError::OutOfRange)),
            ("99999999999999999999999999", Err(ParseError::OutOfRange)),
            ("0.0000001", Err(ParseError::TooPrecise { places: 6 })),
            ("", Err(ParseError::Empty)),
            ("-", Err(ParseError::Empty)),
            (".", Err(ParseError::Empty)),
            ("1e3", Err(ParseError::Unexpected { at: 1, byte: b'e' })),
            ("1.2.3", Err(ParseError::Unexpected { at: 3, byte: b'.' })),
            ("1-", Err(ParseError::Unexpected { at: 1, byte: b'-' })),
            ("NaN", Err(ParseError::Unexpected { at: 0, byte: b'N' })),
        ] {
            assert_eq!(parse_fixed(text, 6), expected, "{text:?}");
        }
    }

    #[cfg(feature = "json")]
    #[test]
    fn json_numbers_become_fixed_point() {
        for (text, expected) in [
            ("0.25", Ok((250_000_000, false))),
            ("2.5e-1", Ok((250_000_000, false))),
            ("25E+2", Ok((2_500_000_000_000, false))),
            ("0.2066115702479339", Ok((206_611_570, true))),
            ("-0.0000000005", Ok((-1, true))),
            ("0.33333333333333333333333333333333333333333333", Ok((333_333_333, true))),
            ("1000000000000000000000000000000000000000e-39", Ok((1_000_000_000, false))),
            ("0e999999999999", Ok((0, false))),
            ("1e-999999999999", Ok((0, true))),
            ("1e999999999999", Err(ParseError::OutOfRange)),
            ("9223372036.854775808", Err(ParseError::OutOfRange)),
            ("1e", Err(ParseError::Empty)),
            ("1ex", Err(ParseError::Unexpected { at: 2, byte: b'x' })),
            ("", Err(ParseError::Empty)),
            ("abc", Err(ParseError::Unexpected { at: 0, byte: b'a' })),
        ] {
            assert_eq!(parse_rounded(text, 9), expected, "{text:?}");
        }
    }
}
