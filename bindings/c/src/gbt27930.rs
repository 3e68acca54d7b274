//! Messages of GB/T 27930 and their fields, by the table of the standard.

use evse_gbt27930::message::MessageKind;
use evse_gbt27930::table::{Field, FieldValue, Fields, Shape, Value};
use evse_gbt27930::{CanId, Edition};

use crate::memory;
use crate::status::evse_status_t::{
    self, EVSE_ARGUMENT, EVSE_MALFORMED, EVSE_NOT_FOUND, EVSE_NULL, EVSE_RANGE, EVSE_TOO_SMALL,
};

/// What a payload says about a field.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct evse_gbt_value_t {
    /// Whether there is a value: false if all bits are ones ('not available'). False for a code, too, if they are.
    pub available: bool,
    /// Whether the value lies in the range that the standard states; true where it states none.
    pub in_range: bool,
    /// Quantities in steps of the field's resolution, offset applied (the comment at the field's constant has both);
    /// other numbers as on the wire. 0 for bytes.
    pub value: i64,
    /// The number on the wire.
    pub raw: u32,
    /// Fields of text or bytes: where they begin in the payload given; else null.
    pub bytes: *const u8,
    /// How many.
    pub bytes_len: usize,
}

pub(crate) fn edition_of(year: u16) -> Result<Edition, evse_status_t> {
    Edition::from_year(year).ok_or(EVSE_ARGUMENT)
}

pub(crate) fn kind_of(message: u8) -> Result<MessageKind, evse_status_t> {
    MessageKind::ALL.get(usize::from(message)).copied().ok_or(EVSE_ARGUMENT)
}

fn row_of(message: u8, field: u8) -> Result<(MessageKind, &'static Field), evse_status_t> {
    let kind = kind_of(message)?;
    let row = kind.info().fields.get(usize::from(field)).ok_or(EVSE_ARGUMENT)?;
    Ok((kind, row))
}

/// Which message a frame with this identifier (29 bits) is, whole. Parts of multi-packet messages are
/// `EVSE_NOT_FOUND` here; an engine puts them together.
#[unsafe(no_mangle)]
pub extern "C" fn evse_gbt_message_of(can_id: u32, message: Option<&mut u8>) -> evse_status_t {
    let Some(message) = message else { return EVSE_NULL };
    let kind = CanId::from_raw(can_id)
        .and_then(|id| MessageKind::from_pf(id.pf(), id.sender()?))
        .ok_or(EVSE_NOT_FOUND);
    kind.map(|kind| *message = kind as u8).into()
}

/// Prepares a payload for writing: all ones, 'not available', in the length of the edition, which is written to `len`. Of
/// a list it is the greatest length.
///
/// # Safety
/// `payload` points to `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_begin(
    message: u8,
    edition: u16,
    payload: *mut u8,
    size: usize,
    len: Option<&mut usize>,
) -> evse_status_t {
    let begin = || {
        let needed = usize::from(kind_of(message)?.info().length_in(edition_of(edition)?));
        // SAFETY: the caller's promise.
        let payload = unsafe { memory::slice_mut(payload, size) }?;
        if needed == 0 {
            return Err(EVSE_ARGUMENT);
        }
        payload.get_mut(..needed).ok_or(EVSE_TOO_SMALL)?.fill(0xFF);
        *len.ok_or(EVSE_NULL)? = needed;
        Ok(())
    };
    begin().into()
}

/// Whether a payload is long enough for the message's mandatory fields.
///
/// # Safety
/// `payload` points to `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_check(
    message: u8,
    edition: u16,
    payload: *const u8,
    len: usize,
) -> evse_status_t {
    let check = || {
        // SAFETY: the caller's promise.
        let payload = unsafe { memory::slice(payload, len) }?;
        let decoded = evse_gbt27930::message::Message::decode(
            kind_of(message)?,
            payload,
            edition_of(edition)?,
        );
        decoded.map(|_| ()).map_err(|_| EVSE_MALFORMED)
    };
    check().into()
}

/// Reads a field of a payload; `index` counts the items of a list from 0 and is 0 for others.
///
/// `EVSE_NOT_FOUND` if the edition does not have the field, or the payload ends before it.
///
/// # Safety
/// `payload` points to `len` bytes. `value.bytes` points into them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_get(
    message: u8,
    edition: u16,
    payload: *const u8,
    len: usize,
    field: u8,
    index: u16,
    value: Option<&mut evse_gbt_value_t>,
) -> evse_status_t {
    let get = || {
        let (kind, row) = row_of(message, field)?;
        // SAFETY: the caller's promise.
        let payload = unsafe { memory::slice(payload, len) }?;
        let fields = Fields::new(kind, payload, edition_of(edition)?);
        let found = fields.item(row, index).ok_or(EVSE_NOT_FOUND)?;
        *value.ok_or(EVSE_NULL)? = shown(&found);
        Ok(())
    };
    get().into()
}

fn shown(found: &FieldValue<'_>) -> evse_gbt_value_t {
    let raw = found.raw().unwrap_or(0);
    let available = !found.is_ones() || matches!(found.field.shape, Shape::Ordinal);
    let value = match found.field.shape {
        Shape::Quantity(scale) | Shape::Cell(scale) if available => scale.value(raw),
        Shape::Quantity(_) | Shape::Cell(_) => 0,
        Shape::Ordinal => i64::from(raw) + 1,
        _ => i64::from(raw),
    };
    let bytes = found.bytes();
    evse_gbt_value_t {
        available,
        in_range: found.is_in_range(),
        value,
        raw,
        bytes: if bytes.is_empty() { core::ptr::null() } else { bytes.as_ptr() },
        bytes_len: bytes.len(),
    }
}

/// Writes a number to a field of a payload, as [`evse_gbt_value_t::value`] has it. A cell of a list keeps the group number
/// that its payload has.
///
/// `EVSE_RANGE` if the field has no code for the value; the payload is as before then. `EVSE_NOT_FOUND` if the edition does
/// not have the field.
///
/// # Safety
/// `payload` points to `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_set(
    message: u8,
    edition: u16,
    payload: *mut u8,
    len: usize,
    field: u8,
    index: u16,
    value: i64,
) -> evse_status_t {
    let set = || {
        let (kind, row) = row_of(message, field)?;
        let edition = edition_of(edition)?;
        // SAFETY: the caller's promise.
        let payload = unsafe { memory::slice_mut(payload, len) }?;
        let present = Fields::new(kind, payload, edition).item(row, index).ok_or(EVSE_NOT_FOUND)?;
        let width = row.position_in(edition).ok_or(EVSE_NOT_FOUND)?.width;
        // A cell has 12 bits of value below 4 of group number.
        let (bits, above) = match (row.shape, present.value) {
            (Shape::Cell(_), Value::Number(raw)) => (12, raw & !0xFFF),
            _ => (width, 0),
        };
        let raw = match row.shape {
            Shape::Quantity(scale) | Shape::Cell(scale) => {
                value.checked_sub(i64::from(scale.offset)).ok_or(EVSE_RANGE)?
            }
            Shape::Ordinal => value.checked_sub(1).ok_or(EVSE_RANGE)?,
            _ => value,
        };
        let ones = (1_i64 << bits) - 1;
        // All ones say 'not available', but for codes and identifiers, whose reserved values may be sent.
        let most = match row.shape {
            Shape::Quantity(_) | Shape::Cell(_) | Shape::Count => ones - 1,
            _ => ones,
        };
        let raw =
            u32::try_from(raw).ok().filter(|raw| i64::from(*raw) <= most).ok_or(EVSE_RANGE)?;
        row.put(payload, edition, index, Value::Number(raw | above)).map_err(|_| EVSE_RANGE)
    };
    set().into()
}

/// Writes text or bytes to a field of a payload; what they do not fill stays as it is.
///
/// # Safety
/// `payload` points to `len` bytes and `bytes` to `bytes_len` others.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_set_bytes(
    message: u8,
    edition: u16,
    payload: *mut u8,
    len: usize,
    field: u8,
    bytes: *const u8,
    bytes_len: usize,
) -> evse_status_t {
    let set = || {
        let (kind, row) = row_of(message, field)?;
        let edition = edition_of(edition)?;
        // SAFETY: the caller's promise.
        let (payload, bytes) =
            unsafe { (memory::slice_mut(payload, len)?, memory::slice(bytes, bytes_len)?) };
        Fields::new(kind, payload, edition).item(row, 0).ok_or(EVSE_NOT_FOUND)?;
        row.put(payload, edition, 0, Value::Bytes(bytes)).map_err(|_| EVSE_RANGE)
    };
    set().into()
}

/// The length of a message in an edition; 0 if the edition does not have it, of a list the greatest one.
#[unsafe(no_mangle)]
pub extern "C" fn evse_gbt_length(message: u8, edition: u16) -> u16 {
    match (kind_of(message), edition_of(edition)) {
        (Ok(kind), Ok(edition)) => kind.info().length_in(edition),
        _ => 0,
    }
}
