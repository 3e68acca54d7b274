//! What C lends: bytes as slices, and states in memory whose layout C does not see.

use core::mem::MaybeUninit;

use crate::status::evse_status_t::{self, EVSE_NULL};

/// Bytes to read. Null is allowed for none.
///
/// # Safety
/// `data` points to `len` values that nobody changes while the result lives, or is null.
pub(crate) unsafe fn slice<'a, T>(data: *const T, len: usize) -> Result<&'a [T], evse_status_t> {
    match len {
        0 => Ok(&[]),
        _ if data.is_null() => Err(EVSE_NULL),
        // SAFETY: the caller's promise.
        _ => Ok(unsafe { core::slice::from_raw_parts(data, len) }),
    }
}

/// An array to read.
///
/// # Safety
/// `data` points to `N` values that nobody changes while the result lives, or is null.
pub(crate) unsafe fn array<'a, T, const N: usize>(
    data: *const T,
) -> Result<&'a [T; N], evse_status_t> {
    // SAFETY: the caller's promise.
    unsafe { data.cast::<[T; N]>().as_ref() }.ok_or(EVSE_NULL)
}

/// Memory to write to. Null is allowed for none.
///
/// # Safety
/// `data` points to `len` initialised values that nobody else uses while the result lives, or is null.
pub(crate) unsafe fn slice_mut<'a, T>(
    data: *mut T,
    len: usize,
) -> Result<&'a mut [T], evse_status_t> {
    match len {
        0 => Ok(&mut []),
        _ if data.is_null() => Err(EVSE_NULL),
        // SAFETY: the caller's promise.
        _ => Ok(unsafe { core::slice::from_raw_parts_mut(data, len) }),
    }
}

/// Copies bytes to the start of `to`. (`copy_from_slice` would bring a panic path.)
pub(crate) fn copy(to: &mut [u8], from: &[u8]) -> Result<(), evse_status_t> {
    let room = to.get_mut(..from.len()).ok_or(evse_status_t::EVSE_TOO_SMALL)?;
    for (to, from) in room.iter_mut().zip(from) {
        *to = *from;
    }
    Ok(())
}

/// A text ended by NUL.
///
/// # Safety
/// `text` points to bytes ended by NUL that nobody changes while the result lives, or is null.
pub(crate) unsafe fn text<'a>(text: *const core::ffi::c_char) -> Result<&'a str, evse_status_t> {
    if text.is_null() {
        return Err(EVSE_NULL);
    }
    // SAFETY: the caller's promise.
    let text = unsafe { core::ffi::CStr::from_ptr(text) };
    text.to_str().map_err(|_| evse_status_t::EVSE_ARGUMENT)
}

/// A state that C stores for us: a mark that it was initialised, then the value.
#[repr(C)]
pub(crate) struct Stored<T> {
    mark: u64,
    value: T,
}

/// "evse" twice: memory that was never initialised does not hold it but by a great accident.
const MARK: u64 = 0x6576_7365_6576_7365;

impl<T> Stored<T> {
    /// Puts a value into the caller's memory.
    pub(crate) fn put<S>(into: Option<&mut MaybeUninit<S>>, value: T) -> evse_status_t {
        const { assert!(size_of::<Self>() <= size_of::<S>() && align_of::<Self>() <= align_of::<S>()) };
        let Some(into) = into else { return EVSE_NULL };
        // SAFETY: large enough and aligned, as asserted.
        unsafe { into.as_mut_ptr().cast::<Self>().write(Self { mark: MARK, value }) };
        evse_status_t::EVSE_OK
    }

    /// The value in the caller's memory, if it was put there.
    ///
    /// # Safety
    /// `state` is null, or points to a state of the header's type that was zeroed, or initialised by the function of its
    /// name, and that no other thread uses now.
    pub(crate) unsafe fn of<'a, S>(state: *mut S) -> Result<&'a mut T, evse_status_t> {
        let stored = state.cast::<Self>();
        if stored.is_null() {
            return Err(EVSE_NULL);
        }
        // SAFETY: the caller's promise; the mark is the first field, and any bits are a u64.
        if unsafe { (*stored).mark } != MARK {
            return Err(EVSE_NULL);
        }
        // SAFETY: `put` has written it.
        Ok(unsafe { &mut (*stored).value })
    }
}
