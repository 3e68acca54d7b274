//! What both engines are made of: a queue of events, deadlines, periodic sending, and stored message contents.

use super::{ContentError, Event, State};
use crate::message::MessageKind;
use crate::{CanId, Frame, Instant, Party};

/// Never.
const NEVER: Instant = Instant::from_millis(u64::MAX);

/// Events for the host, oldest first. More than fit (only if the host does not drain) push out the oldest.
#[derive(Debug, Clone)]
pub(super) struct Events {
    ring: [Option<Event>; Self::CAPACITY],
    first: u8,
    len: u8,
}

impl Events {
    const CAPACITY: usize = 16;

    pub(super) const fn new() -> Self {
        Self { ring: [None; Self::CAPACITY], first: 0, len: 0 }
    }

    // Called from many places: once is enough for its code.
    #[inline(never)]
    pub(super) fn push(&mut self, event: Event) {
        let last = (self.first + self.len) as usize % Self::CAPACITY;
        if let Some(slot) = self.ring.get_mut(last) {
            *slot = Some(event);
        }
        if usize::from(self.len) < Self::CAPACITY {
            self.len += 1;
        } else {
            self.first = (self.first + 1) % Self::CAPACITY as u8;
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Event> {
        if self.len == 0 {
            return None;
        }
        let event = self.ring.get_mut(usize::from(self.first))?.take();
        self.first = (self.first + 1) % Self::CAPACITY as u8;
        self.len -= 1;
        event
    }
}

/// Deadlines by index. Few run at a time, so the running ones are walked by their bits.
#[derive(Debug, Clone)]
pub(super) struct Deadlines<const N: usize> {
    at: [Instant; N],
    running: u16,
}

/// The indices of the bits that are set, lowest first.
#[inline]
fn bits(mut mask: u16) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let index = mask.trailing_zeros() as usize;
        mask &= mask.checked_sub(1)?;
        Some(index)
    })
}

/// The earliest of the times whose bits are set.
fn earliest(at: &[Instant], running: u16) -> Instant {
    bits(running).fold(NEVER, |least, index| match at.get(index) {
        Some(at) if *at < least => *at,
        _ => least,
    })
}

impl<const N: usize> Deadlines<N> {
    pub(super) const fn new() -> Self {
        Self { at: [NEVER; N], running: 0 }
    }

    pub(super) fn set(&mut self, index: usize, at: Instant) {
        if let Some(slot) = self.at.get_mut(index) {
            *slot = at;
            self.running |= 1 << index;
        }
    }

    pub(super) fn clear(&mut self, index: usize) {
        self.running &= !(1 << index);
    }

    pub(super) fn is_set(&self, index: usize) -> bool {
        self.running & 1 << index != 0
    }

    /// Clears all but one.
    pub(super) fn clear_except(&mut self, index: usize) {
        self.running &= 1 << index;
    }

    /// Takes the earliest deadline that is due; of several at one time the first by index.
    #[inline]
    pub(super) fn take_due(&mut self, now: Instant) -> Option<(usize, Instant)> {
        let at = self.earliest();
        if at > now || at == NEVER {
            return None;
        }
        let index = bits(self.running).find(|index| self.at.get(*index) == Some(&at))?;
        self.clear(index);
        Some((index, at))
    }

    #[inline]
    pub(super) fn earliest(&self) -> Instant {
        earliest(&self.at, self.running)
    }
}

/// Periodic sending: for each message when it is due next, and which are due now.
#[derive(Debug, Clone)]
pub(super) struct Schedule<const N: usize> {
    next: [Instant; N],
    running: u16,
    due: u16,
    /// The earliest of the running ones, so that asking for it and an early tick cost nothing.
    earliest: Instant,
}

impl<const N: usize> Schedule<N> {
    pub(super) const fn new() -> Self {
        Self { next: [NEVER; N], running: 0, due: 0, earliest: NEVER }
    }

    /// Sends now and then with the period.
    pub(super) fn start(&mut self, index: usize, now: Instant, period: u32) {
        if let Some(next) = self.next.get_mut(index) {
            *next = now.plus_millis(period);
            self.running |= 1 << index;
            self.due |= 1 << index;
            self.earliest = earliest(&self.next, self.running);
        }
    }

    pub(super) fn stop(&mut self, index: usize) {
        self.running &= !(1 << index);
        self.due &= !(1 << index);
        self.earliest = earliest(&self.next, self.running);
    }

    pub(super) fn stop_all(&mut self) {
        (self.running, self.due, self.earliest) = (0, 0, NEVER);
    }

    /// Marks what is due; a late call does not make a burst.
    #[inline]
    pub(super) fn tick(&mut self, now: Instant, periods: &[u32; N]) {
        if now < self.earliest {
            return;
        }
        self.earliest = NEVER;
        for index in bits(self.running) {
            let (Some(next), Some(period)) = (self.next.get_mut(index), periods.get(index)) else {
                continue;
            };
            if *next <= now {
                self.due |= 1 << index;
                *next = next.plus_millis(*period);
                if *next <= now {
                    *next = now.plus_millis(*period);
                }
            }
            self.earliest = self.earliest.min(*next);
        }
    }

    /// Takes the first message that is due and in the mask.
    #[inline]
    pub(super) fn take_due(&mut self, mask: u16) -> Option<usize> {
        let ready = self.due & mask;
        if ready == 0 {
            return None;
        }
        let index = ready.trailing_zeros();
        self.due &= !(1 << index);
        Some(index as usize)
    }

    #[inline]
    pub(super) fn earliest(&self) -> Instant {
        self.earliest
    }
}

/// An enum whose variants number the places of an array, and that array: of the enum itself, or of another enum with
/// variants of the same names.
macro_rules! numbered {
    (
        $(#[doc = $doc:literal])+
        $visibility:vis $name:ident, $all:ident: $of:ident { $( $(#[doc = $variant_doc:literal])* $variant:ident, )+ }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $visibility enum $name { $( $(#[doc = $variant_doc])* $variant, )+ }

        $visibility const $all: [$of; [$( $name::$variant ),+].len()] = [$( $of::$variant ),+];
    };
}
pub(super) use numbered;

/// Columns of the message table for an engine's messages: so that the table itself, with its texts, need not be in the
/// flash of a program that has the engines.
macro_rules! columns {
    ($( $(#[doc = $doc:literal])+ $name:ident: $ty:ty = $none:expr, |$info:ident| $value:expr; )+) => { $(
        $(#[doc = $doc])+
        pub(super) const fn $name<const N: usize>(kinds: &[MessageKind; N]) -> [$ty; N] {
            let mut column = [$none; N];
            let (mut rest, mut to): (&[_], &mut [_]) = (kinds, &mut column);
            while let ([kind, kinds @ ..], [value, values @ ..]) = (rest, to) {
                let $info = kind.info();
                *value = $value;
                (rest, to) = (kinds, values);
            }
            column
        }
    )+ };
}

columns! {
    /// Their periods in milliseconds.
    periods: u32 = 0, |info| info.period_ms as u32;
    /// Their lengths in 2011.
    lengths_2011: u16 = 0, |info| info.length_2011;
    /// Their identifiers.
    identifiers: CanId = CanId::new(0, 0, Party::Charger), |info| info.can_id();
}

/// The message of a reassembled parameter group.
pub(super) fn kind_of(pgn: u32, sender: Party) -> Option<MessageKind> {
    match pgn.to_le_bytes() {
        [0, pf, 0, 0] => MessageKind::from_pf(pf, sender),
        _ => None,
    }
}

/// `None` for never.
pub(super) fn some_time(at: Instant) -> Option<Instant> {
    (at != NEVER).then_some(at)
}

/// Content of a message, set by the host.
#[derive(Clone, Copy)]
pub(super) struct Content<const N: usize> {
    len: u8,
    bytes: [u8; N],
}

impl<const N: usize> Content<N> {
    pub(super) const fn new(content: &[u8]) -> Self {
        let mut bytes = [0xFF; N];
        let mut rest = content;
        let mut len = 0;
        while let [first, tail @ ..] = rest {
            #[allow(clippy::indexing_slicing, reason = "in a constant: checked when compiling")]
            {
                bytes[len as usize] = *first;
            }
            len += 1;
            rest = tail;
        }
        Self { len, bytes }
    }

    pub(super) fn set(&mut self, message: MessageKind, content: &[u8]) -> Result<(), ContentError> {
        let too_long = ContentError::TooLong {
            message,
            most: N as u16,
            actual: u16::try_from(content.len()).unwrap_or(u16::MAX),
        };
        self.bytes = [0xFF; N];
        self.bytes.get_mut(..content.len()).ok_or(too_long)?.copy_from_slice(content);
        self.len = content.len() as u8;
        Ok(())
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len.into()).unwrap_or(&self.bytes)
    }

    /// At most so many bytes, as an edition has them.
    pub(super) fn cut(&self, most: usize) -> &[u8] {
        let bytes = self.as_bytes();
        bytes.get(..most).unwrap_or(bytes)
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8; N] {
        &mut self.bytes
    }
}

impl Content<8> {
    /// A single frame with at most so many bytes, as an edition has them.
    #[inline]
    pub(super) fn frame(&self, id: CanId, most: usize) -> Frame {
        Frame::of_bytes(id, self.len.min(most as u8), self.bytes)
    }

    /// A single frame, `None` without content.
    #[inline]
    pub(super) fn any_frame(&self, id: CanId) -> Option<Frame> {
        (self.len > 0).then(|| self.frame(id, 8))
    }
}

/// Lengths only: BRM holds a VIN.
impl<const N: usize> ::core::fmt::Debug for Content<N> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        write!(f, "<{} bytes>", self.len)
    }
}

/// The last single frame's payload, so that the host can read it after the event.
#[derive(Debug, Clone)]
pub(super) enum Last {
    None,
    Single(Frame),
    /// In the lent memory.
    Reassembled(u16),
}

impl Last {
    pub(super) fn payload<'a>(&'a self, memory: &'a [u8]) -> &'a [u8] {
        match self {
            Self::None => &[],
            Self::Single(frame) => frame.data(),
            Self::Reassembled(len) => memory.get(..(*len).into()).unwrap_or_default(),
        }
    }
}

/// Sets the state and tells the host, once per change.
#[inline]
pub(super) fn enter(state: &mut State, events: &mut Events, next: State) {
    if *state != next {
        *state = next;
        events.push(Event::StateChanged(next));
    }
}

/// Whether a current is small enough to open contactors: at most 5 A either way.
pub(super) fn may_open(current: crate::units::DeciAmps) -> bool {
    current.value().abs() <= 50
}
