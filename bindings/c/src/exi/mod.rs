//! EXI messages of DIN 70121 and ISO 15118, read and written by the names of their schema; and the V2GTP header.

mod part;
mod read;
mod v2gtp;
mod write;

pub use part::*;
pub use read::*;
pub use v2gtp::*;
pub use write::*;

use core::ffi::c_char;

use evse_iso15118::{Form, SchemaSet};

use crate::memory;
use crate::status::evse_status_t::{self, EVSE_ARGUMENT};

/// The schema set of a name (`app_protocol`, `din70121`, `iso15118_2`, `iso20_common`, `iso20_ac`, `iso20_dc`, `xmldsig`), for
/// the functions here; -1 for another.
///
/// # Safety
/// `name` is ended by NUL, or null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_set(name: *const c_char) -> i32 {
    // SAFETY: the caller's promise.
    let Ok(name) = (unsafe { memory::text(name) }) else { return -1 };
    (0..).zip(SchemaSet::ALL).find(|(_, set)| set.name() == name).map_or(-1, |(index, _)| index)
}

pub(super) fn set_of(set: i32) -> Result<SchemaSet, evse_status_t> {
    usize::try_from(set).ok().and_then(|i| SchemaSet::ALL.get(i).copied()).ok_or(EVSE_ARGUMENT)
}

pub(super) const fn form_of(fragment: bool) -> Form {
    if fragment { Form::Fragment } else { Form::Document }
}
