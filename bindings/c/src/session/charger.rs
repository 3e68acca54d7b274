//! The charger: [`evse_gbt27930::session::Charger`] in memory of the caller.

use core::mem::MaybeUninit;

use evse_gbt27930::Instant;
use evse_gbt27930::message::ChargerStopCauses;
use evse_gbt27930::session::Charger;

use super::{amps, evse_can_frame_t, evse_gbt_event_t, frame_of, sent, told, volts};
use crate::gbt27930::{edition_of, kind_of};
use crate::memory::{self, Stored};
use crate::status::evse_status_t::{self, EVSE_NULL};

/// A charger's session. Zero it or initialise it; its content is not for others.
#[repr(C)]
#[derive(Debug)]
pub struct evse_gbt_charger_t {
    /// Not for others.
    pub opaque: [u64; 112],
}

/// The engine in the caller's memory.
///
/// # Safety
/// As for [`Stored::of`].
unsafe fn with(
    state: *mut evse_gbt_charger_t,
    then: impl FnOnce(&mut Charger) -> Result<(), evse_status_t>,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe { Stored::of(state) }.and_then(then).into()
}

/// Makes a charger of an edition (2011, 2015 or 2023) with the standard's timers.
#[unsafe(no_mangle)]
pub extern "C" fn evse_gbt_charger_init(
    state: Option<&mut MaybeUninit<evse_gbt_charger_t>>,
    edition: u16,
) -> evse_status_t {
    match edition_of(edition) {
        Ok(edition) => Stored::put(state, Charger::new(edition)),
        Err(status) => status,
    }
}

/// Plugged, locked, auxiliary power on: the session starts. Times are in milliseconds since an origin of yours.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_charger_connected(
    state: *mut evse_gbt_charger_t,
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
/// put together, the same on each call: 1785 bytes to be ready for any, 49 for all that the session itself needs.
///
/// # Safety
/// `state` as for the other functions; `memory` points to `memory_len` initialised bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_charger_handle_frame(
    state: *mut evse_gbt_charger_t,
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
pub unsafe extern "C" fn evse_gbt_charger_handle_timeout(
    state: *mut evse_gbt_charger_t,
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
pub unsafe extern "C" fn evse_gbt_charger_poll_event(
    state: *mut evse_gbt_charger_t,
    event: Option<&mut evse_gbt_event_t>,
) -> bool {
    // SAFETY: the caller's promise.
    let engine: Result<&mut Charger, _> = unsafe { Stored::of(state) };
    event.is_some() && engine.is_ok_and(|engine| told(engine.poll_event(), event))
}

/// The next frame to send; false for none.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_charger_poll_frame(
    state: *mut evse_gbt_charger_t,
    frame: Option<&mut evse_can_frame_t>,
) -> bool {
    // SAFETY: the caller's promise.
    let engine: Result<&mut Charger, _> = unsafe { Stored::of(state) };
    frame.is_some() && engine.is_ok_and(|engine| sent(engine.poll_transmit(), frame))
}

/// When to call [`evse_gbt_charger_handle_timeout`] next; false for never.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_charger_poll_timeout(
    state: *mut evse_gbt_charger_t,
    at_ms: Option<&mut u64>,
) -> bool {
    // SAFETY: the caller's promise.
    let engine: Result<&mut Charger, _> = unsafe { Stored::of(state) };
    let at = engine.ok().and_then(|engine| engine.poll_timeout());
    let (Some(at), Some(into)) = (at, at_ms) else { return false };
    *into = at.as_millis();
    true
}

/// Copies the payload of the message of the last `EVSE_GBT_MESSAGE` to `out`, and its length to `len`. `memory` is what was
/// lent to [`evse_gbt_charger_handle_frame`].
///
/// # Safety
/// `state` as for the other functions; `memory` points to `memory_len` bytes, `out` to `size` others.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_charger_payload(
    state: *mut evse_gbt_charger_t,
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

/// The insulation test is over, the output discharged and K1/K2 open.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_charger_insulation_result(
    state: *mut evse_gbt_charger_t,
    now_ms: u64,
    passed: bool,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            engine.insulation_result(Instant::from_millis(now_ms), passed);
            Ok(())
        })
    }
}

/// Precharged and K1/K2 closed. May come early.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_charger_set_ready(
    state: *mut evse_gbt_charger_t,
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

/// What the charger measures at its output; goes into CCS. In 0.1 V and 0.1 A, negative for charging.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_charger_measured(
    state: *mut evse_gbt_charger_t,
    voltage: i32,
    current: i32,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            engine.measured(volts(voltage)?, amps(current)?);
            Ok(())
        })
    }
}

/// Content of a message (CHM CRM CTS CML CCS CSD), as [`evse_gbt_begin`](crate::evse_gbt_begin) and
/// [`evse_gbt_set`](crate::evse_gbt_set) make it. `EVSE_NOT_FOUND` for another message.
///
/// # Safety
/// `state` as for the other functions; `payload` points to `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_charger_set_content(
    state: *mut evse_gbt_charger_t,
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

/// Stop, for the causes in the four bytes of CST; null for none. Before charging the session fails at once.
///
/// # Safety
/// `state` is null, zeroed, or initialised, and no other thread uses it now; `causes` is null or points to 4 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_gbt_charger_stop(
    state: *mut evse_gbt_charger_t,
    now_ms: u64,
    causes: *const u8,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        with(state, |engine| {
            let edition = engine.edition();
            let causes = match causes.is_null() {
                true => engine.no_causes(),
                false => ChargerStopCauses::from_bytes(*memory::array(causes)?, edition),
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
pub unsafe extern "C" fn evse_gbt_charger_pause(
    state: *mut evse_gbt_charger_t,
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
pub unsafe extern "C" fn evse_gbt_charger_unplugged(
    state: *mut evse_gbt_charger_t,
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
pub unsafe extern "C" fn evse_gbt_charger_reset(state: *mut evse_gbt_charger_t) -> evse_status_t {
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
pub unsafe extern "C" fn evse_gbt_charger_state(state: *mut evse_gbt_charger_t) -> i32 {
    // SAFETY: the caller's promise.
    let engine: Result<&mut Charger, _> = unsafe { Stored::of(state) };
    engine.map_or(-1, |engine| engine.state() as i32)
}
