//! The planned time in equal slots, and values per slot.

use alloc::vec::Vec;

use super::{Field, MAX_SLOT_LENGTH, MAX_SLOTS, MAX_TIME, ProblemError};
use crate::session::Session;
use crate::units::Seconds;

/// The planned time, cut into equal slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grid {
    start: Seconds,
    slot_length: Seconds,
    slots: u32,
}

impl Grid {
    /// `slots` slots of `slot_length` each, the first beginning at `start`.
    ///
    /// # Errors
    /// [`ProblemError::SlotCount`] for none or more than [`MAX_SLOTS`], [`ProblemError::OutOfRange`] for a slot length
    /// outside 1 s ..= [`MAX_SLOT_LENGTH`] or a start beyond [`MAX_TIME`].
    pub const fn new(
        start: Seconds,
        slot_length: Seconds,
        slots: u32,
    ) -> Result<Self, ProblemError> {
        if slots == 0 || slots > MAX_SLOTS {
            return Err(ProblemError::SlotCount { slots });
        }
        if slot_length.raw() < 1 || slot_length.raw() > MAX_SLOT_LENGTH.raw() {
            return Err(ProblemError::OutOfRange {
                field: Field::SlotLength,
                index: 0,
                value: slot_length.raw(),
            });
        }
        if start.raw() < -MAX_TIME.raw() || start.raw() > MAX_TIME.raw() {
            return Err(ProblemError::OutOfRange {
                field: Field::GridStart,
                index: 0,
                value: start.raw(),
            });
        }
        Ok(Self { start, slot_length, slots })
    }

    /// When the first slot begins.
    #[must_use]
    pub const fn start(&self) -> Seconds {
        self.start
    }

    /// When the last slot ends.
    #[must_use]
    pub const fn end(&self) -> Seconds {
        self.start_of(self.slots)
    }

    /// Length of every slot.
    #[must_use]
    pub const fn slot_length(&self) -> Seconds {
        self.slot_length
    }

    /// Number of slots.
    #[must_use]
    pub const fn slots(&self) -> u32 {
        self.slots
    }

    /// When a slot begins; continues evenly beyond the last one.
    #[must_use]
    pub const fn start_of(&self, slot: u32) -> Seconds {
        // At most 1e12 + 2^32 * 604 800, far inside an i64.
        Seconds::from_raw(self.start.raw() + slot as i64 * self.slot_length.raw())
    }

    /// When each slot begins, in order: the way to fill a price or limit series.
    #[must_use]
    pub fn slot_starts(&self) -> impl ExactSizeIterator<Item = Seconds> + use<> {
        let grid = *self;
        (0..grid.slots).map(move |slot| grid.start_of(slot))
    }

    /// The stay clipped to the grid: seconds from the start of the grid, `begin <= end`.
    pub(crate) fn clip(&self, session: &Session) -> (i64, i64) {
        let length = i64::from(self.slots) * self.slot_length.raw();
        let begin = (session.arrive.raw() - self.start.raw()).clamp(0, length);
        let end = (session.depart.raw() - self.start.raw()).clamp(begin, length);
        (begin, end)
    }
}

/// A value for every slot: one for all, or one for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PerSlot<T> {
    /// The same in every slot.
    Same(T),
    /// One value per slot, in order; the length must be that of the grid.
    Each(Vec<T>),
}

impl<T> From<T> for PerSlot<T> {
    fn from(value: T) -> Self {
        Self::Same(value)
    }
}

impl<T> From<Vec<T>> for PerSlot<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Each(values)
    }
}

impl<T: Copy> PerSlot<T> {
    /// The value of a slot; `None` beyond the last.
    #[must_use]
    pub fn at(&self, slot: u32) -> Option<T> {
        match self {
            Self::Same(value) => Some(*value),
            Self::Each(values) => values.get(usize::try_from(slot).ok()?).copied(),
        }
    }
}
