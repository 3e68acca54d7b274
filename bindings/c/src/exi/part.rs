//! A part of a message as C sees it, and how a value gets into the memory that C lends.

use core::ffi::c_char;

use evse_iso15118::codec::{Integer, Leaf, Text};

/// Room for the longest name of a part with its NUL; a test holds every schema against it.
pub const EVSE_EXI_NAME_SIZE: usize = 64;

/// What a part of a message is.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum evse_exi_kind_t {
    /// An element with parts begins.
    EVSE_EXI_OPEN,
    /// The element opened last ends.
    EVSE_EXI_CLOSE,
    /// A boolean: `number` is 0 or 1.
    EVSE_EXI_BOOL,
    /// A value of an enumeration: its name in `data`.
    EVSE_EXI_NAME,
    /// An integer that can be negative: `number`.
    EVSE_EXI_INT,
    /// An integer that cannot: `natural`.
    EVSE_EXI_UINT,
    /// An integer of any size: `data` has the magnitude, most significant octet first; `number` is -1 if it is negative.
    EVSE_EXI_BIGINT,
    /// A text: UTF-8 in `data`.
    EVSE_EXI_TEXT,
    /// A binary: `data`.
    EVSE_EXI_BYTES,
}

/// A part of a message.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct evse_exi_part_t {
    /// What it is.
    pub kind: evse_exi_kind_t,
    /// Whether the schema allows it more than once in its place.
    pub many: bool,
    /// How many elements are open around it.
    pub depth: u8,
    /// Its name in the schema, ended by NUL; of an attribute with `@` before it, of text beside attributes `#text`.
    pub name: [c_char; EVSE_EXI_NAME_SIZE],
    /// Its value, if it is a boolean or an integer.
    pub number: i64,
    /// Its value, if it is an integer that cannot be negative.
    pub natural: u64,
    /// Its value, if it is a name, text, binary or big integer: in the scratch memory, until the next part. Texts and
    /// names are ended by NUL. Null if the scratch memory has less than `len` (and 1) octets.
    pub data: *const u8,
    /// Octets of the value.
    pub len: usize,
}

pub(super) fn bare(kind: evse_exi_kind_t, name: &str, many: bool, depth: u8) -> evse_exi_part_t {
    let mut part = evse_exi_part_t {
        kind,
        many,
        depth,
        name: [0; EVSE_EXI_NAME_SIZE],
        number: 0,
        natural: 0,
        data: core::ptr::null(),
        len: 0,
    };
    for (to, from) in part.name.iter_mut().take(EVSE_EXI_NAME_SIZE - 1).zip(name.bytes()) {
        *to = c_char::from_ne_bytes([from]);
    }
    part
}

pub(super) fn part_of(
    name: &str,
    many: bool,
    depth: u8,
    value: Leaf<'_>,
    scratch: &mut [u8],
) -> evse_exi_part_t {
    use evse_exi_kind_t::*;
    let mut part = bare(EVSE_EXI_BOOL, name, many, depth);
    let stored = match value {
        Leaf::Boolean(value) => {
            (part.number, part.natural) = (value.into(), value.into());
            return part;
        }
        Leaf::Signed(number) => {
            (part.kind, part.number) = (EVSE_EXI_INT, number);
            return part;
        }
        Leaf::Unsigned(number) => {
            (part.kind, part.natural) = (EVSE_EXI_UINT, number);
            part.number = i64::try_from(number).unwrap_or(i64::MAX);
            return part;
        }
        Leaf::Name(name) => {
            (part.kind, part.len) = (EVSE_EXI_NAME, name.len());
            text_into(&Text::new(name), scratch)
        }
        Leaf::Text(text) => {
            part.kind = EVSE_EXI_TEXT;
            part.len = text.chars().map(char::len_utf8).sum();
            text_into(&text, scratch)
        }
        Leaf::Bytes(bytes) => {
            (part.kind, part.len) = (EVSE_EXI_BYTES, bytes.len());
            bytes.copy_into(scratch).is_some()
        }
        Leaf::Integer(number) => {
            part.kind = EVSE_EXI_BIGINT;
            part.number = if number.is_negative() { -1 } else { 0 };
            part.len = octets_of(&number);
            scratch.get_mut(..part.len).is_some_and(|room| magnitude_into(&number, room))
        }
        _ => false,
    };
    if stored {
        part.data = scratch.as_ptr();
    }
    part
}

/// A text and its NUL, if they fit.
fn text_into(text: &Text<'_>, scratch: &mut [u8]) -> bool {
    let room = scratch.len().saturating_sub(1);
    let (room, _) = scratch.split_at_mut(room);
    let Some(length) = text.copy_into(room).map(str::len) else { return false };
    match scratch.get_mut(length) {
        Some(end) => {
            *end = 0;
            true
        }
        None => false,
    }
}

/// Octets of an integer's magnitude, at least one.
fn octets_of(number: &Integer<'_>) -> usize {
    let (mut bits, mut at) = (0, 0_usize);
    for group in number.groups() {
        if group != 0 {
            bits = at + 8 - group.leading_zeros() as usize;
        }
        at += 7;
    }
    // Of a number below zero the groups code -1 - number: its magnitude is one more, which may need a bit more.
    let all_ones = number.is_negative()
        && (0..bits)
            .all(|bit| number.groups().nth(bit / 7).is_some_and(|g| g >> (bit % 7) & 1 == 1));
    (bits + usize::from(all_ones)).div_ceil(8).max(1)
}

/// The magnitude, most significant octet first, filling `room`.
fn magnitude_into(number: &Integer<'_>, room: &mut [u8]) -> bool {
    room.fill(0);
    for (index, group) in number.groups().enumerate() {
        let word = u16::from(group) << (index * 7 % 8);
        let low = index * 7 / 8;
        for (octet, part) in [(low, word & 0xFF), (low + 1, word >> 8)] {
            if part != 0
                && let Some(place) = room.len().checked_sub(octet + 1)
                && let Some(to) = room.get_mut(place)
            {
                *to |= part.to_be_bytes()[1];
            }
        }
    }
    if number.is_negative() {
        for octet in room.iter_mut().rev() {
            let (sum, carries) = octet.overflowing_add(1);
            *octet = sum;
            if !carries {
                break;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn magnitude(number: Integer<'_>) -> Vec<u8> {
        let mut room = vec![0xAA; octets_of(&number)];
        assert!(magnitude_into(&number, &mut room));
        room
    }

    #[test]
    fn magnitudes_of_any_size() {
        for value in [0_i64, 1, 127, 128, 255, 256, 65_535, 65_536, i64::MAX] {
            let bytes = value.to_be_bytes();
            let expected = bytes.get(bytes.iter().take_while(|b| **b == 0).count().min(7)..);
            assert_eq!(Some(&magnitude(Integer::from_i64(value))[..]), expected, "{value}");
            if value > 0 {
                assert_eq!(Some(&magnitude(Integer::from_i64(-value))[..]), expected, "-{value}");
            }
        }
        assert_eq!(magnitude(Integer::from_i64(i64::MIN)), [0x80, 0, 0, 0, 0, 0, 0, 0]);
        let serial: Vec<u8> = (1..=20).collect();
        assert_eq!(magnitude(Integer::from_be_bytes(&serial)), serial);
        assert_eq!(magnitude(Integer::from_be_bytes(&[0, 0, 9])), [9]);
    }
}
