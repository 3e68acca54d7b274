//! What every function tells, and texts for it.

use core::ffi::c_char;
use core::fmt::{self, Write};

use crate::memory;

/// What became of a call. 0 is success.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum evse_status_t {
    /// Done.
    EVSE_OK = 0,
    /// A pointer that must not be null is, or a state was not initialised.
    EVSE_NULL = 1,
    /// An argument is none of the values it may have: an edition, a message, a field, a schema set, a name.
    EVSE_ARGUMENT = 2,
    /// The memory lent is too small.
    EVSE_TOO_SMALL = 3,
    /// The peer's bytes are not what the standard allows.
    EVSE_MALFORMED = 4,
    /// The value has no code: out of the field's or type's range, or of another kind.
    EVSE_RANGE = 5,
    /// A part of a message comes out of its place, is missing, or may not come at all.
    EVSE_ORDER = 6,
    /// There is no such part in the message.
    EVSE_NOT_FOUND = 7,
    /// A reading lies before the last one, or its register fell.
    EVSE_READING = 8,
    /// An amount beyond its range.
    EVSE_OVERFLOW = 9,
}

use evse_status_t::{
    EVSE_ARGUMENT, EVSE_MALFORMED, EVSE_NOT_FOUND, EVSE_NULL, EVSE_OK, EVSE_ORDER, EVSE_OVERFLOW,
    EVSE_RANGE, EVSE_READING, EVSE_TOO_SMALL,
};

impl From<Result<(), Self>> for evse_status_t {
    fn from(outcome: Result<(), Self>) -> Self {
        outcome.err().unwrap_or(EVSE_OK)
    }
}

/// A text for a status, in English, ended by NUL; of an unknown one `unknown status`.
#[unsafe(no_mangle)]
pub extern "C" fn evse_status_text(status: i32) -> *const c_char {
    let texts = [
        (EVSE_OK, c"done"),
        (EVSE_NULL, c"a pointer is null, or a state was not initialised"),
        (EVSE_ARGUMENT, c"an argument is none of the values it may have"),
        (EVSE_TOO_SMALL, c"the memory lent is too small"),
        (EVSE_MALFORMED, c"the peer's bytes are not what the standard allows"),
        (EVSE_RANGE, c"the value has no code"),
        (EVSE_ORDER, c"a part of the message is out of place or missing"),
        (EVSE_NOT_FOUND, c"there is no such part in the message"),
        (EVSE_READING, c"the reading lies before the last one, or its register fell"),
        (EVSE_OVERFLOW, c"an amount beyond its range"),
    ];
    let known = texts.iter().find(|(known, _)| *known as i32 == status);
    known.map_or(c"unknown status", |(_, text)| text).as_ptr()
}

/// A text in the caller's memory: as much as fits, always ended by NUL.
pub(crate) struct TextOut<'a> {
    room: &'a mut [u8],
    used: usize,
}

impl<'a> TextOut<'a> {
    pub(crate) fn new(room: &'a mut [u8]) -> Self {
        if let Some(first) = room.first_mut() {
            *first = 0;
        }
        Self { room, used: 0 }
    }
}

impl Write for TextOut<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.room.get_mut(self.used..).unwrap_or_default();
        let most = room.len().saturating_sub(1);
        let mut fitting = text.len().min(most);
        while !text.is_char_boundary(fitting) {
            fitting -= 1;
        }
        for (to, from) in room.iter_mut().zip(text.bytes().take(fitting).chain([0])) {
            *to = from;
        }
        self.used += fitting;
        if fitting < text.len() { Err(fmt::Error) } else { Ok(()) }
    }
}

/// Writes what an error says into the caller's memory, cut where it does not fit.
///
/// # Safety
/// `out` points to `size` bytes, or is null.
pub(crate) unsafe fn explain(error: &dyn fmt::Display, out: *mut c_char, size: usize) {
    // SAFETY: the caller's promise.
    if let Ok(room) = unsafe { memory::slice_mut(out.cast::<u8>(), size) } {
        // A text that is cut is still a text.
        let _ = write!(TextOut::new(room), "{error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_a_character() {
        let mut room = [0xFF; 6];
        assert!(TextOut::new(&mut room).write_str("ab").is_ok());
        assert_eq!(&room[..3], b"ab\0");
        assert!(TextOut::new(&mut room).write_str("电动汽车").is_err());
        assert_eq!(room, [0xE7, 0x94, 0xB5, 0, 0xFF, 0xFF]);
        assert!(TextOut::new(&mut []).write_str("a").is_err());
    }
}
