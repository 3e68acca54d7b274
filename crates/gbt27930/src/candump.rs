//! The text form of captures: can-utils log lines `(seconds.micros) can0 ID#DATA`, or plain `ID#DATA`.

use crate::{CanId, Frame};

/// One line of a capture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Microseconds since the log's origin (usually 1970), `None` for plain lines.
    pub micros: Option<u64>,
    /// The identifier, 29 or 11 bits.
    pub id: u32,
    /// Whether the identifier has 29 bits (8 digits), not 11.
    pub is_extended: bool,
    /// The data as written: hexadecimal digits (`R` and a length for a remote frame, `#` and flags for CAN FD).
    pub data: &'a [u8],
    /// The frame, `None` for what this standard does not use: 11-bit identifiers, remote and CAN FD frames.
    pub frame: Option<Frame>,
}

/// The length of the data only: it may hold a VIN.
impl core::fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Record")
            .field("micros", &self.micros)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A line is neither a log line nor `ID#DATA`. Columns count bytes from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// The time in parentheses is no decimal number of seconds, or has no end.
    #[error("column {column}: no time in seconds")]
    Time {
        /// Where.
        column: usize,
    },
    /// There is no `ID#DATA` on the line.
    #[error("column {column}: no ID#DATA")]
    NoFrame {
        /// Where it was looked for.
        column: usize,
    },
    /// The identifier is not 3 or 8 hexadecimal digits, or has more than 29 bits.
    #[error("column {column}: identifier is not 3 or 8 hexadecimal digits of at most 29 bits")]
    Identifier {
        /// Where.
        column: usize,
    },
    /// The data is not an even number of hexadecimal digits, or more than 8 bytes.
    #[error("column {column}: data is not 0 to 8 bytes of hexadecimal digits")]
    Data {
        /// Where.
        column: usize,
    },
}

const _: () = assert!(size_of::<LineError>() <= 32);

impl<'a> Record<'a> {
    /// Reads a line; `Ok(None)` for a blank line or a comment (`#`, `;` or `//` first).
    ///
    /// # Errors
    /// [`LineError`] says what is wrong and where.
    pub fn parse(line: &'a [u8]) -> Result<Option<Self>, LineError> {
        let mut at = skip_spaces(line, 0);
        match line.get(at..).unwrap_or_default() {
            [] | [b'#' | b';', ..] | [b'/', b'/', ..] => return Ok(None),
            _ => {}
        }
        let mut micros = None;
        if line.get(at) == Some(&b'(') {
            let (time, end) = parse_time(line, at + 1)?;
            micros = Some(time);
            at = skip_interface(line, end);
        }
        let word = line.get(at..).unwrap_or_default();
        let hash = match word {
            [_, _, _, _, _, _, _, _, b'#', ..] => 8,
            [_, _, _, b'#', ..] => 3,
            _ => return Err(no_identifier(word, at + 1)),
        };
        let (id, data) = word.split_at_checked(hash).unwrap_or_default();
        let data = data.get(1..).unwrap_or_default();
        let bad_id = LineError::Identifier { column: at + 1 };
        let id = parse_hex(id).ok_or(bad_id)?;
        let can_id = CanId::from_raw(id).ok_or(bad_id)?;
        let is_extended = hash == 8;
        let (bytes, len) = parse_data(data);
        let digits = data.get(..2 * usize::from(len)).unwrap_or(data);
        let frame = match data.get(digits.len()) {
            Some(&next) if !is_space(next) => {
                if !matches!(data, [b'R' | b'r' | b'#', ..]) {
                    return Err(LineError::Data { column: at + hash + 2 });
                }
                let data = data.get(..skip_word(data, 0)).unwrap_or(data);
                return Ok(Some(Self { micros, id, is_extended, data, frame: None }));
            }
            _ => Frame::of_bytes(can_id, len, bytes),
        };
        let frame = is_extended.then_some(frame);
        Ok(Some(Self { micros, id, is_extended, data: digits, frame }))
    }
}

/// The place of the frame behind the time: a word that is the interface's name stands between, unless the frame follows
/// at once.
fn skip_interface(line: &[u8], from: usize) -> usize {
    let word = skip_spaces(line, from);
    let rest = line.get(word..).unwrap_or_default();
    for (length, &byte) in rest.iter().enumerate() {
        if is_space(byte) {
            return skip_spaces(line, word + length);
        }
        if byte == b'#' {
            return word;
        }
    }
    line.len()
}

/// Why a word is no frame.
#[cold]
fn no_identifier(word: &[u8], column: usize) -> LineError {
    let word = word.get(..skip_word(word, 0)).unwrap_or(word);
    if word.contains(&b'#') {
        LineError::Identifier { column }
    } else {
        LineError::NoFrame { column }
    }
}

/// A digit's value; 0xFF for other bytes.
const DIGITS: [u8; 256] = {
    let mut table = [0xFF; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        #[allow(clippy::indexing_slicing, reason = "in a constant: checked when compiling")]
        {
            table[byte as usize] = match byte {
                b'0'..=b'9' => byte - b'0',
                b'A'..=b'F' => byte - b'A' + 10,
                b'a'..=b'f' => byte - b'a' + 10,
                _ => 0xFF,
            };
        }
        byte += 1;
    }
    table
};

fn digit(byte: u8) -> u8 {
    DIGITS.get(usize::from(byte)).copied().unwrap_or(0xFF)
}

/// At most 8 hexadecimal digits.
#[inline]
fn parse_hex(digits: &[u8]) -> Option<u32> {
    let (mut sum, mut all) = (0, 0);
    for byte in digits {
        let value = digit(*byte);
        all |= value;
        sum = sum << 4 | u32::from(value);
    }
    (all < 16).then_some(sum)
}

/// The bytes of as many pairs of digits as there are, at most 8.
#[inline]
fn parse_data(text: &[u8]) -> ([u8; 8], u8) {
    let mut bytes = [0xFF; 8];
    let mut len = 0;
    for (byte, [high, low]) in bytes.iter_mut().zip(text.as_chunks::<2>().0) {
        let (high, low) = (digit(*high), digit(*low));
        if high | low > 15 {
            break;
        }
        *byte = high << 4 | low;
        len += 1;
    }
    (bytes, len)
}

/// Seconds from `start` to the closing parenthesis; gives microseconds and the place behind it. Nanoseconds and finer are
/// cut.
fn parse_time(line: &[u8], start: usize) -> Result<(u64, usize), LineError> {
    let error = LineError::Time { column: start + 1 };
    let rest = line.get(start..).unwrap_or_default();
    let (whole, whole_digits) = parse_digits(rest, MOST_SECOND_DIGITS);
    let mut at = whole_digits;
    let (mut micros, mut decimals) = (0, 0);
    if rest.get(at) == Some(&b'.') {
        let fraction = rest.get(at + 1..).unwrap_or_default();
        (micros, decimals) = parse_digits(fraction, 6);
        let finer = fraction.get(decimals..).unwrap_or_default();
        at += 1 + decimals + finer.iter().take_while(|byte| byte.is_ascii_digit()).count();
    }
    if rest.get(at) != Some(&b')') || whole_digits + decimals == 0 {
        return Err(error);
    }
    let scale = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1].get(decimals).copied().unwrap_or(1);
    Ok((whole * 1_000_000 + micros * scale, start + at + 1))
}

/// With so many digits of seconds the microseconds fit 64 bits.
const MOST_SECOND_DIGITS: usize = 13;

/// A number of at most so many digits, and how many it has.
#[inline]
fn parse_digits(text: &[u8], most: usize) -> (u64, usize) {
    let mut number = 0;
    let mut digits = 0;
    for &byte in text.iter().take(most) {
        let value = byte.wrapping_sub(b'0');
        if value > 9 {
            break;
        }
        number = number * 10 + u64::from(value);
        digits += 1;
    }
    (number, digits)
}

const fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

fn skip_spaces(line: &[u8], from: usize) -> usize {
    let rest = line.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|&&byte| is_space(byte)).count()
}

fn skip_word(line: &[u8], from: usize) -> usize {
    let rest = line.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|&&byte| !is_space(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};

    fn frame(line: &str) -> (Option<u64>, String) {
        let record = Record::parse(line.as_bytes()).unwrap().unwrap();
        (record.micros, record.frame.unwrap().to_string())
    }

    #[test]
    fn log_lines_and_plain_lines() {
        let text = "1826F456#010100".to_string();
        assert_eq!(
            frame("(1703560127.487397) can0 1826F456#010100"),
            (Some(1_703_560_127_487_397), text.clone())
        );
        assert_eq!(
            frame(" (3256.5) vcan12 1826f456#010100 R\r\n"),
            (Some(3_256_500_000), text.clone())
        );
        assert_eq!(frame("(7) 1826F456#010100"), (Some(7_000_000), text.clone()));
        assert_eq!(frame("(0.123456789) can0 1826F456#010100"), (Some(123_456), text.clone()));
        assert_eq!(frame("1826F456#010100"), (None, text));
        assert_eq!(frame("1823F456#").1, "1823F456#");
    }

    #[test]
    fn what_the_standard_does_not_use_is_no_frame() {
        for line in ["123#00", "1826F456#R3", "1826F456##1AABB"] {
            let record = Record::parse(line.as_bytes()).unwrap().unwrap();
            assert_eq!(record.frame, None, "{line}");
        }
        for line in ["", "   ", "# note", "; note", "// note"] {
            assert_eq!(Record::parse(line.as_bytes()), Ok(None));
        }
    }

    #[test]
    fn errors_name_the_column() {
        let error = |line: &str| Record::parse(line.as_bytes()).unwrap_err();
        assert_eq!(error("(12x) can0 1826F456#01"), LineError::Time { column: 2 });
        assert_eq!(error("(99999999999999999999) can0 1826F456#01"), LineError::Time { column: 2 });
        assert_eq!(error("(1.0) can0"), LineError::NoFrame { column: 11 });
        assert_eq!(error("(1.0) can0 hello"), LineError::NoFrame { column: 12 });
        assert_eq!(error("2826F456#01"), LineError::Identifier { column: 1 });
        assert_eq!(error("1826F45#01"), LineError::Identifier { column: 1 });
        assert_eq!(error("1826F456#0"), LineError::Data { column: 10 });
        assert_eq!(error("1826F456#010203040506070809"), LineError::Data { column: 10 });
        assert_eq!(error("1826F456#0G"), LineError::Data { column: 10 });
    }
}
