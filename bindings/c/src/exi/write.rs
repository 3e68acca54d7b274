//! Messages written part by part.

use core::ffi::c_char;
use core::mem::MaybeUninit;

use evse_iso15118::codec::{Bytes, Integer, Leaf, Text};
use evse_iso15118::{TreeError, TreeWriter};

use super::{form_of, set_of};
use crate::memory::{self, Stored};
use crate::status::evse_status_t::{
    self, EVSE_ARGUMENT, EVSE_NULL, EVSE_ORDER, EVSE_RANGE, EVSE_TOO_SMALL,
};
use crate::status::explain;

/// A message being written. Zero it or initialise it; its content is not for others.
#[repr(C)]
#[derive(Debug)]
pub struct evse_exi_writer_t {
    /// Not for others.
    pub opaque: [u64; 96],
}

struct Writing {
    /// `None` once it is finished.
    tree: Option<TreeWriter<'static>>,
    error: Option<TreeError>,
}

impl From<TreeError> for evse_status_t {
    fn from(error: TreeError) -> Self {
        match error {
            TreeError::NoRoot => EVSE_ARGUMENT,
            TreeError::Kind { .. } | TreeError::Range { .. } | TreeError::Length { .. } => {
                EVSE_RANGE
            }
            TreeError::BufferTooShort { .. } => EVSE_TOO_SMALL,
            _ => EVSE_ORDER,
        }
    }
}

/// Begins a document, or a fragment, at the start of `buffer`, which the writer uses until it is finished.
///
/// # Safety
/// `buffer` points to `size` initialised octets that nobody else uses until [`evse_exi_finish`] or for good.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_begin(
    writer: Option<&mut MaybeUninit<evse_exi_writer_t>>,
    set: i32,
    fragment: bool,
    buffer: *mut u8,
    size: usize,
) -> evse_status_t {
    let begin = || {
        // SAFETY: the caller's promise; the result lives as long as the caller keeps it.
        let buffer: &'static mut [u8] = unsafe { memory::slice_mut(buffer, size) }?;
        let tree = TreeWriter::new(set_of(set)?, form_of(fragment), buffer);
        Ok(Writing { tree: Some(tree), error: None })
    };
    match begin() {
        Ok(writing) => Stored::put(writer, writing),
        Err(status) => status,
    }
}

/// Does a step of a message being written.
///
/// # Safety
/// As for [`Stored::of`].
unsafe fn step(
    writer: *mut evse_exi_writer_t,
    then: impl FnOnce(&mut TreeWriter<'_>) -> Result<Result<(), TreeError>, evse_status_t>,
) -> evse_status_t {
    let step = || {
        // SAFETY: the caller's promise.
        let writing: &mut Writing = unsafe { Stored::of(writer) }?;
        let tree = writing.tree.as_mut().ok_or(EVSE_ORDER)?;
        then(tree)?.map_err(|error| {
            writing.error.get_or_insert(error);
            error.into()
        })
    };
    step().into()
}

/// An element with parts begins, the root first.
///
/// # Safety
/// `writer` is null, zeroed, or begun, and no other thread uses it now; `name` is ended by NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_open(
    writer: *mut evse_exi_writer_t,
    name: *const c_char,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe { step(writer, |tree| Ok(tree.open(memory::text(name)?))) }
}

/// The element opened last ends.
///
/// # Safety
/// As for [`evse_exi_open`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_close(writer: *mut evse_exi_writer_t) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe { step(writer, |tree| Ok(tree.close())) }
}

/// A boolean.
///
/// # Safety
/// As for [`evse_exi_open`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_bool(
    writer: *mut evse_exi_writer_t,
    name: *const c_char,
    value: bool,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe { step(writer, |tree| Ok(tree.leaf(memory::text(name)?, Leaf::Boolean(value)))) }
}

/// An integer.
///
/// # Safety
/// As for [`evse_exi_open`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_int(
    writer: *mut evse_exi_writer_t,
    name: *const c_char,
    value: i64,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe { step(writer, |tree| Ok(tree.leaf(memory::text(name)?, Leaf::Signed(value)))) }
}

/// An integer that can be above 2⁶³.
///
/// # Safety
/// As for [`evse_exi_open`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_uint(
    writer: *mut evse_exi_writer_t,
    name: *const c_char,
    value: u64,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe { step(writer, |tree| Ok(tree.leaf(memory::text(name)?, Leaf::Unsigned(value)))) }
}

/// A text in UTF-8, or a value of an enumeration by its name. `value` is ended by NUL.
///
/// # Safety
/// As for [`evse_exi_open`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_text(
    writer: *mut evse_exi_writer_t,
    name: *const c_char,
    value: *const c_char,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        step(writer, |tree| {
            let text = Text::new(memory::text(value)?);
            Ok(tree.leaf(memory::text(name)?, Leaf::Text(text)))
        })
    }
}

/// A binary.
///
/// # Safety
/// As for [`evse_exi_open`]; `value` points to `len` octets.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_bytes(
    writer: *mut evse_exi_writer_t,
    name: *const c_char,
    value: *const u8,
    len: usize,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        step(writer, |tree| {
            let octets = Bytes::new(memory::slice(value, len)?);
            Ok(tree.leaf(memory::text(name)?, Leaf::Bytes(octets)))
        })
    }
}

/// An integer of zero or more of any size, most significant octet first: a certificate's serial number.
///
/// # Safety
/// As for [`evse_exi_bytes`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_bigint(
    writer: *mut evse_exi_writer_t,
    name: *const c_char,
    value: *const u8,
    len: usize,
) -> evse_status_t {
    // SAFETY: the caller's promise.
    unsafe {
        step(writer, |tree| {
            let number = Integer::from_be_bytes(memory::slice(value, len)?);
            Ok(tree.leaf(memory::text(name)?, Leaf::Integer(number)))
        })
    }
}

/// Ends the message and writes its length to `len`. The writer is of no more use then; the buffer is the caller's again.
///
/// # Safety
/// As for [`evse_exi_open`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_finish(
    writer: *mut evse_exi_writer_t,
    len: Option<&mut usize>,
) -> evse_status_t {
    let finish = || {
        // SAFETY: the caller's promise.
        let writing: &mut Writing = unsafe { Stored::of(writer) }?;
        let len = len.ok_or(EVSE_NULL)?;
        match writing.tree.take().ok_or(EVSE_ORDER)?.finish() {
            Ok(length) => *len = length,
            Err(error) => {
                // The first error says more than that the message is not complete.
                return Err((*writing.error.get_or_insert(error)).into());
            }
        }
        Ok(())
    };
    finish().into()
}

/// What was wrong first with a message being written, as text ended by NUL in `out`, cut where it is longer; empty if nothing
/// was.
///
/// # Safety
/// `writer` as for [`evse_exi_open`]; `out` points to `size` initialised bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_error_text(
    writer: *mut evse_exi_writer_t,
    out: *mut c_char,
    size: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        match Stored::<Writing>::of(writer) {
            Ok(Writing { error: Some(error), .. }) => explain(error, out, size),
            _ => explain(&"", out, size),
        }
    }
}
