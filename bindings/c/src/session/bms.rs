//! The vehicle's battery management system: [`evse_gbt27930::session::Bms`] in memory of the caller.

use core::mem::MaybeUninit;

use evse_gbt27930::Instant;
use evse_gbt27930::message::VehicleStopCauses;
use evse_gbt27930::session::{Bms, Lists};

use super::{amps, evse_can_frame_t, evse_gbt_event_t, frame_of, sent, told, volts};
use crate::gbt27930::{edition_of, kind_of};
use crate::memory::{self, Stored};
use crate::status::evse_status_t::{self, EVSE_NULL};

/// A BMS's session. Zero it or initialise it; its content is not for others.
#[repr(C)]
#[derive(Debug)]
pub struct evse_gbt_bms_t {
    /// Not for others.
    pub opaque: [u64; 132],
}

/// The engine in the caller's memory.
///
/// # Safety
/// As for [`Stored::of`].
unsafe fn with(
    state: *mut evse_gbt_bms_t,
    then: impl FnOnce(&mut Bms) -> Result<(), evse_status_t>,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe { Stored::of(state) }.and_then(then).into()
}

/// Makes a BMS of an edition (2011, 2015 or 2023) with the standard's timers.
#[unsafe(no_mangle)]
pub extern "C" fn evse_gbt_bms_init(
    state: Option<&mut MaybeUninit<evse_gbt_bms_t>>,
    edition: u16,
) -> evse_status_t {
    match edition_of(edition) {
        Ok(edition) => Stored::put(state, Bms::new(edition)),
        Err(status) => status,
    }
}

/// Plugged, locked, auxiliary power on: waits for the charger. Times are in milliseconds since an origin of yours.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_connected(
    state: *mut evse_gbt_bms_t,
    now_ms: u64,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            engine.connected(Instant::from_millis(now_ms));
            Ok(())
        })
    }
}

/// Takes a frame from the bus; those that are not of this session are ignored. `memory` is where multi-packet messages are
/// put together, the same on each call: the session itself has none from the charger, so none is enough.
///
/// # Safety
/// `state` as for the other functions; `memory` points to `memory_len` initialised bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_handle_frame(
    state: *mut evse_gbt_bms_t,
    now_ms: u64,
    frame: Option<&evse_can_frame_t>,
    memory: *mut u8,
    memory_len: usize,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            let memory = memory::slice_mut(memory, memory_len)?;
            engine.handle_frame(Instant::from_millis(now_ms), &frame_of(frame)?, memory);
            Ok(())
        })
    }
}

/// Does what is due at this time; harmless when early.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_handle_timeout(
    state: *mut evse_gbt_bms_t,
    now_ms: u64,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            engine.handle_timeout(Instant::from_millis(now_ms), &mut []);
            Ok(())
        })
    }
}

/// The next event; false for none. After each call drain events and frames until there is none.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_poll_event(
    state: *mut evse_gbt_bms_t,
    event: Option<&mut evse_gbt_event_t>,
) -> bool {
    // SAFETY: the caller's promise.
    let engine: Result<&mut Bms, _> = unsafe { Stored::of(state) };
    event.is_some() && engine.is_ok_and(|engine| told(engine.poll_event(), event))
}

/// Lists that a BMS sends while charging, as payloads; each null with length 0 if it is not sent.
#[repr(C)]
#[derive(Debug)]
pub struct evse_gbt_lists_t {
    /// BMV, cell voltages.
    pub cell_voltages: *const u8,
    /// Its bytes.
    pub cell_voltages_len: usize,
    /// BMT, temperatures.
    pub temperatures: *const u8,
    /// Its bytes.
    pub temperatures_len: usize,
    /// BSP, reserved.
    pub reserved: *const u8,
    /// Its bytes.
    pub reserved_len: usize,
}

/// The next frame to send; false for none. `lists` may be null.
///
/// # Safety
/// `state` as for the other functions; the lists point to as many bytes as they say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_poll_frame(
    state: *mut evse_gbt_bms_t,
    lists: Option<&evse_gbt_lists_t>,
    frame: Option<&mut evse_can_frame_t>,
) -> bool {
    let lent = lists.map_or(Ok(Lists::default()), |lists| {
        // SAFETY: the caller's promise.
        unsafe {
            Ok::<_, evse_status_t>(Lists {
                cell_voltages: memory::slice(lists.cell_voltages, lists.cell_voltages_len)?,
                temperatures: memory::slice(lists.temperatures, lists.temperatures_len)?,
                reserved: memory::slice(lists.reserved, lists.reserved_len)?,
            })
        }
    });
    // SAFETY: the caller's promise.
    let engine: Result<&mut Bms, _> = unsafe { Stored::of(state) };
    let (Ok(engine), Ok(lists)) = (engine, lent) else { return false };
    frame.is_some() && sent(engine.poll_transmit(&lists), frame)
}

/// When to call [`evse_gbt_bms_handle_timeout`] next; false for never.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_poll_timeout(
    state: *mut evse_gbt_bms_t,
    at_ms: Option<&mut u64>,
) -> bool {
    // SAFETY: the caller's promise.
    let engine: Result<&mut Bms, _> = unsafe { Stored::of(state) };
    let at = engine.ok().and_then(|engine| engine.poll_timeout());
    let (Some(at), Some(into)) = (at, at_ms) else { return false };
    *into = at.as_millis();
    true
}

/// Copies the payload of the message of the last `EVSE_GBT_MESSAGE` to `out`, and its length to `len`. `memory` is what was
/// lent to [`evse_gbt_bms_handle_frame`].
///
/// # Safety
/// `state` as for the other functions; `memory` points to `memory_len` bytes, `out` to `size` others.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_payload(
    state: *mut evse_gbt_bms_t,
    memory: *const u8,
    memory_len: usize,
    out: *mut u8,
    size: usize,
    len: Option<&mut usize>,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            let payload = engine.payload(memory::slice(memory, memory_len)?);
            memory::copy(memory::slice_mut(out, size)?, payload)?;
            *len.ok_or(EVSE_NULL)? = payload.len();
            Ok(())
        })
    }
}

/// K5/K6 closed and able to charge. May come early.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_set_ready(
    state: *mut evse_gbt_bms_t,
    now_ms: u64,
    is_ready: bool,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            engine.set_ready(Instant::from_millis(now_ms), is_ready);
            Ok(())
        })
    }
}

/// What the vehicle measures; goes into BCS. In 0.1 V and 0.1 A, negative for charging.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_measured(
    state: *mut evse_gbt_bms_t,
    now_ms: u64,
    voltage: i32,
    current: i32,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            engine.measured(Instant::from_millis(now_ms), volts(voltage)?, amps(current)?);
            Ok(())
        })
    }
}

/// Content of a message (BHM BRM BCP BCL BCS BSM BSD), as [`evse_gbt_begin`](crate::evse_gbt_begin) and
/// [`evse_gbt_set`](crate::evse_gbt_set) make it. `EVSE_NOT_FOUND` for another message.
///
/// # Safety
/// `state` as for the other functions; `payload` points to `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_set_content(
    state: *mut evse_gbt_bms_t,
    message: u8,
    payload: *const u8,
    len: usize,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            engine.set_content(kind_of(message)?, memory::slice(payload, len)?)?;
            Ok(())
        })
    }
}

/// Stop, for the causes in the four bytes of BST; null for none. Before charging the session fails at once.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now; `causes` is null or points to 4 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_stop(
    state: *mut evse_gbt_bms_t,
    now_ms: u64,
    causes: *const u8,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            let edition = engine.edition();
            let causes = match causes.is_null() {
                true => engine.no_causes(),
                false => VehicleStopCauses::from_bytes(*memory::array(causes)?, edition),
            };
            engine.stop(Instant::from_millis(now_ms), causes);
            Ok(())
        })
    }
}

/// Pause, or its end.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_pause(
    state: *mut evse_gbt_bms_t,
    now_ms: u64,
    pauses: bool,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            let now = Instant::from_millis(now_ms);
            if pauses {
                engine.pause(now)
            } else {
                engine.resume(now)
            }
            Ok(())
        })
    }
}

/// The connector was pulled.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_unplugged(
    state: *mut evse_gbt_bms_t,
    now_ms: u64,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            engine.unplugged(Instant::from_millis(now_ms));
            Ok(())
        })
    }
}

/// From done or failed back to idle.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_reset(state: *mut evse_gbt_bms_t) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            engine.operator_reset();
            Ok(())
        })
    }
}

/// The state, `EVSE_GBT_STATE_...`; -1 for memory that was not initialised.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_bms_state(state: *mut evse_gbt_bms_t) -> i32 {
    // SAFETY: the caller's promise.
    let engine: Result<&mut Bms, _> = unsafe { Stored::of(state) };
    engine.map_or(-1, |engine| engine.state() as i32)
}
