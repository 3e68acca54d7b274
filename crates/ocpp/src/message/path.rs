//! The JSON Pointer (RFC 6901) of a place in a frame, found again from its byte offset.

use core::fmt;

use super::error::DecodeError;
use super::json::Scanner;
use super::text::Text;

/// A JSON Pointer into the payload of a frame, for people: `/` is the payload itself (or the frame, where the fault
/// lies outside a payload), `/meterValue/0/timestamp` a value in it.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    text: &'a str,
    at: usize,
}

/// Where a byte offset of a frame (of a [`DecodeError`] or a deviation) lies in its payload.
#[must_use]
pub fn path(bytes: &[u8], at: u32) -> Path<'_> {
    let text = core::str::from_utf8(bytes).unwrap_or("");
    Path { text, at: usize::try_from(at).unwrap_or(usize::MAX) }
}

impl DecodeError {
    /// Where the fault lies in the payload of the frame that was decoded. For an unknown or missing member it is the
    /// object that has or lacks it.
    #[must_use]
    pub fn path<'a>(&self, frame: &'a [u8]) -> Path<'a> {
        path(frame, self.at)
    }
}

/// The element or member that the place lies in.
struct Step<'a> {
    key: Option<Text<'a>>,
    index: usize,
    start: usize,
}

impl<'a> Path<'a> {
    /// The child of the list or object at `start` in which the place lies; `None` if it lies in none.
    fn descend(&self, start: usize) -> Option<Step<'a>> {
        let mut scanner = Scanner::new(self.text, start);
        let is_object = match scanner.token() {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        scanner.advance();
        let mut index = 0;
        loop {
            scanner.token();
            let key = if is_object { Some(scanner.key().ok()?) } else { None };
            scanner.token();
            let start = scanner.at();
            if start > self.at {
                return None;
            }
            // The text may be broken, but only behind the place.
            let closed = scanner.value().is_ok();
            if !closed || self.at < scanner.at() {
                return Some(Step { key, index, start });
            }
            if scanner.token() != b',' {
                return None;
            }
            scanner.advance();
            index += 1;
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A payload without a frame is the payload.
        let is_payload = self.text.trim_ascii_start().starts_with('{');
        let frame = if is_payload { Some(0) } else { self.descend(0).map(|part| part.start) };
        let Some(mut start) = frame else {
            return f.write_str("/");
        };
        if start == self.at {
            return f.write_str("/");
        }
        let mut any = false;
        while start != self.at
            && let Some(step) = self.descend(start)
        {
            any = true;
            match step.key {
                Some(key) => {
                    f.write_str("/")?;
                    for c in key.chars() {
                        match c {
                            '~' => f.write_str("~0")?,
                            '/' => f.write_str("~1")?,
                            c => fmt::Write::write_char(f, c)?,
                        }
                    }
                }
                None => write!(f, "/{}", step.index)?,
            }
            start = step.start;
        }
        if any { Ok(()) } else { f.write_str("/") }
    }
}

impl fmt::Debug for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
