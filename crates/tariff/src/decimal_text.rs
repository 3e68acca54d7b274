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
}
