//! EXI messages of DIN 70121 and ISO 15118, read and written by the names of their schema; and the V2GTP header.

use core::ffi::{c_char, c_void};
use core::mem::MaybeUninit;

use evse_iso15118::codec::{Bytes, Integer, Leaf, Text, Visitor};
use evse_iso15118::v2gtp::{HEADER_LEN, Header, PayloadType};
use evse_iso15118::{Form, Leniency, SchemaSet, TreeError, TreeWriter, walk};

use crate::memory::{self, Stored};
use crate::status::evse_status_t::{
    self, EVSE_ARGUMENT, EVSE_MALFORMED, EVSE_NOT_FOUND, EVSE_NULL, EVSE_ORDER, EVSE_RANGE,
    EVSE_TOO_SMALL,
};
use crate::status::explain;

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

fn set_of(set: i32) -> Result<SchemaSet, evse_status_t> {
    usize::try_from(set).ok().and_then(|i| SchemaSet::ALL.get(i).copied()).ok_or(EVSE_ARGUMENT)
}

const fn form_of(fragment: bool) -> Form {
    if fragment { Form::Fragment } else { Form::Document }
}

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

fn bare(kind: evse_exi_kind_t, name: &str, many: bool, depth: u8) -> evse_exi_part_t {
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

fn part_of(
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
