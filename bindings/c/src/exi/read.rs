//! Messages read: shown part by part, or one part found by its path.

use core::ffi::{c_char, c_void};

use evse_iso15118::codec::{Leaf, Visitor};
use evse_iso15118::{Leniency, walk};

use super::part::{bare, evse_exi_kind_t, evse_exi_part_t, part_of};
use super::{form_of, set_of};
use crate::memory;
use crate::status::evse_status_t::{
    self, EVSE_ARGUMENT, EVSE_MALFORMED, EVSE_NOT_FOUND, EVSE_NULL,
};
use crate::status::explain;

/// Why a message was refused, and where.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct evse_exi_error_t {
    /// The bit offset from the start.
    pub bit: u32,
    /// The element path and what was expected and found, ended by NUL, cut where it is longer.
    pub text: [c_char; 192],
}

/// Sees a part of a message; `context` is the caller's.
pub type evse_exi_visitor_t =
    Option<unsafe extern "C" fn(context: *mut c_void, part: &evse_exi_part_t)>;

/// Shows a message part by part, in the order of its schema. A message that turns out wrong further on may have been shown
/// in part: believe it when this returns `EVSE_OK`.
///
/// `fragment`: the form in which signed elements are hashed. `scratch` holds one value at a time. `error` may be null.
///
/// # Safety
/// `exi` points to `exi_len` octets, `scratch` to `scratch_len`; `visitor` may be called with `context`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_visit(
    set: i32,
    fragment: bool,
    exi: *const u8,
    exi_len: usize,
    scratch: *mut u8,
    scratch_len: usize,
    visitor: evse_exi_visitor_t,
    context: *mut c_void,
    error: Option<&mut evse_exi_error_t>,
) -> evse_status_t {
    let visitor = visitor.ok_or(EVSE_NULL);
    let show = || {
        let visitor = visitor?;
        // SAFETY: the caller's promise.
        let (exi, scratch) =
            unsafe { (memory::slice(exi, exi_len)?, memory::slice_mut(scratch, scratch_len)?) };
        let mut shower = Shower {
            scratch,
            depth: 0,
            // SAFETY: the caller's promise.
            then: |part: &evse_exi_part_t| unsafe { visitor(context, part) },
        };
        refused(walk(set_of(set)?, form_of(fragment), exi, Leniency::STRICT, &mut shower), error)
    };
    show().into()
}

/// Finds one part of a message by its path from the root, as in
/// `V2G_Message/Body/CurrentDemandReq/EVTargetVoltage/Value`; `Name[2]` is the third of its name. `EVSE_NOT_FOUND` if the
/// message has none.
///
/// The whole message is read each time: with many parts, [`evse_exi_visit`] is faster.
///
/// # Safety
/// As for [`evse_exi_visit`]; `path` is ended by NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evse_exi_find(
    set: i32,
    fragment: bool,
    exi: *const u8,
    exi_len: usize,
    path: *const c_char,
    scratch: *mut u8,
    scratch_len: usize,
    part: Option<&mut evse_exi_part_t>,
    error: Option<&mut evse_exi_error_t>,
) -> evse_status_t {
    let find = || {
        // SAFETY: the caller's promise.
        let (exi, path, scratch) = unsafe {
            (
                memory::slice(exi, exi_len)?,
                memory::text(path)?,
                memory::slice_mut(scratch, scratch_len)?,
            )
        };
        let part = part.ok_or(EVSE_NULL)?;
        let mut finder = Finder {
            path: Path::new(path)?,
            scratch,
            depth: 0,
            matched: 0,
            seen: 0,
            part,
            found: false,
        };
        let outcome = walk(set_of(set)?, form_of(fragment), exi, Leniency::STRICT, &mut finder);
        let found = finder.found;
        refused(outcome, error)?;
        if found { Ok(()) } else { Err(EVSE_NOT_FOUND) }
    };
    find().into()
}

fn refused(
    outcome: Result<(), evse_iso15118::DecodeError>,
    error: Option<&mut evse_exi_error_t>,
) -> Result<(), evse_status_t> {
    let Err(refusal) = outcome else { return Ok(()) };
    if let Some(error) = error {
        error.bit = refusal.bit();
        // SAFETY: the array is that long.
        unsafe { explain(&refusal, error.text.as_mut_ptr(), error.text.len()) };
    }
    Err(EVSE_MALFORMED)
}

/// Passes parts on to a function.
struct Shower<'s, F> {
    scratch: &'s mut [u8],
    depth: u8,
    then: F,
}

impl<F: FnMut(&evse_exi_part_t)> Visitor for Shower<'_, F> {
    fn leaf(&mut self, name: &'static str, many: bool, value: Leaf<'_>) {
        (self.then)(&part_of(name, many, self.depth, value, self.scratch));
    }

    fn open(&mut self, name: &'static str, many: bool) {
        (self.then)(&bare(evse_exi_kind_t::EVSE_EXI_OPEN, name, many, self.depth));
        self.depth = self.depth.saturating_add(1);
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        (self.then)(&bare(evse_exi_kind_t::EVSE_EXI_CLOSE, "", false, self.depth));
    }
}

/// Steps of a path that is looked for, as bytes. (`str::split` would bring a panic path.)
struct Path<'p>(&'p [u8]);

impl<'p> Path<'p> {
    fn new(path: &'p str) -> Result<Self, evse_status_t> {
        let path = Self(path.as_bytes());
        let whole =
            (0..path.len()).all(|step| path.step(step).is_some_and(|(name, _)| !name.is_empty()));
        if whole { Ok(path) } else { Err(EVSE_ARGUMENT) }
    }

    /// A step's name, and which of that name is meant.
    fn step(&self, number: usize) -> Option<(&'p [u8], usize)> {
        let step = self.0.split(|byte| *byte == b'/').nth(number)?;
        let Some(step) = step.strip_suffix(b"]") else {
            return (!step.contains(&b'[')).then_some((step, 0));
        };
        let (name, rest) = step.split_at_checked(step.iter().position(|byte| *byte == b'[')?)?;
        let (_, digits) = rest.split_first()?;
        let index = digits.iter().try_fold(0_usize, |index, digit| {
            let value = digit.checked_sub(b'0').filter(|value| *value < 10)?;
            index.checked_mul(10)?.checked_add(value.into())
        })?;
        (!digits.is_empty()).then_some((name, index))
    }

    fn len(&self) -> usize {
        self.0.iter().filter(|byte| **byte == b'/').count() + 1
    }
}

/// Looks for a part.
struct Finder<'p, 's> {
    path: Path<'p>,
    scratch: &'s mut [u8],
    depth: usize,
    /// How many open elements are those of the path.
    matched: usize,
    /// How many of the next step's name have gone by in the last of them.
    seen: usize,
    part: &'s mut evse_exi_part_t,
    found: bool,
}

impl Finder<'_, '_> {
    /// Whether a part is the next one of the path.
    fn is_next(&mut self, name: &str) -> bool {
        let Some((wanted, index)) = self.path.step(self.matched) else { return false };
        if self.found || self.depth != self.matched || wanted != name.as_bytes() {
            return false;
        }
        self.seen += 1;
        self.seen == index + 1
    }
}

impl Visitor for Finder<'_, '_> {
    fn leaf(&mut self, name: &'static str, many: bool, value: Leaf<'_>) {
        if self.is_next(name) && self.matched + 1 == self.path.len() {
            let depth = u8::try_from(self.depth).unwrap_or(u8::MAX);
            *self.part = part_of(name, many, depth, value, self.scratch);
            self.found = true;
        }
    }

    fn open(&mut self, name: &'static str, many: bool) {
        if self.is_next(name) {
            self.matched += 1;
            self.seen = 0;
            if self.matched == self.path.len() {
                let depth = u8::try_from(self.depth).unwrap_or(u8::MAX);
                *self.part = bare(evse_exi_kind_t::EVSE_EXI_OPEN, name, many, depth);
                self.found = true;
            }
        }
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.matched > self.depth {
            // The one element that the step meant is over; no other is.
            self.matched = self.depth;
            self.seen = usize::MAX / 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_each_step() {
        let path =
            Path::new("Body/ParameterSet[2]/#text").ok().map(|p| [0, 1, 2, 3].map(|n| p.step(n)));
        let steps =
            [Some((&b"Body"[..], 0)), Some((b"ParameterSet", 2)), Some((b"#text", 0)), None];
        assert_eq!(path, Some(steps));
        for wrong in ["", "/", "a//b", "a[", "a]", "a[x]", "a[-1]", "[1]"] {
            assert!(Path::new(wrong).is_err(), "{wrong}");
        }
    }
}
