//! The header before every message.

use evse_iso15118::v2gtp::{HEADER_LEN, Header, PayloadType};

use crate::memory;
use crate::status::evse_status_t::{self, EVSE_MALFORMED, EVSE_NULL};

/// Writes the 8 octets that go before a message of `len` octets with that payload type (0x8001 for the handshake, DIN 70121
/// and ISO 15118-2).
///
/// # Safety
/// `header` points to 8 octets.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_v2gtp_write(
    payload_type: u16,
    len: u32,
    header: *mut u8,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    let room = unsafe { memory::slice_mut(header, HEADER_LEN) };
    let made = Header { payload_type: PayloadType::from_raw(payload_type), length: len };
    room.and_then(|room| memory::copy(room, &made.encode())).into()
}

/// Reads the 8 octets before a message: its payload type and its length. `EVSE_MALFORMED` if they are none; the stream cannot
/// be followed further then.
///
/// # Safety
/// `header` points to 8 octets.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_v2gtp_read(
    header: *const u8,
    payload_type: Option<&mut u16>,
    len: Option<&mut u32>,
) -> evse_status_t {
    let read = || {
        // SAFETY: the caller's promise.
        let octets: &[u8; HEADER_LEN] = unsafe { memory::array(header) }?;
        let header = Header::decode(*octets).map_err(|_| EVSE_MALFORMED)?;
        *payload_type.ok_or(EVSE_NULL)? = header.payload_type.to_raw();
        *len.ok_or(EVSE_NULL)? = header.length;
        Ok(())
    };
    read().into()
}
