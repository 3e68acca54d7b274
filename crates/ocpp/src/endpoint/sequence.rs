//! The CSMS's side of transaction messages: is a transaction complete, and has this been seen before.

use crate::message::{Text, Timestamp};

/// `eventType` of a `TransactionEvent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransactionEventKind {
    /// The first event.
    Started,
    /// Any in between.
    Updated,
    /// The last event.
    Ended,
}

/// Which `seqNo`s of one transaction have come (2.x), in whatever order.
///
/// Complete is: Started with a, Ended with o, every number in between. Numbering may begin anywhere: some stations
/// count on per EVSE. `RANGES` is how many gaps, plus one, can be kept track of at a time.
#[derive(Debug, Clone)]
pub struct Sequence<const RANGES: usize> {
    /// Closed intervals of the numbers seen, ascending and apart.
    ranges: [Option<(i64, i64)>; RANGES],
    first: Option<i64>,
    last: Option<i64>,
}

/// Why an event does not fit its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SequenceError {
    /// The number was seen before: a retry. It must not be booked again.
    #[error("seqNo {0} was seen before")]
    Duplicate(i64),
    /// A second first or last event under another number.
    #[error("a second Started or Ended event")]
    SecondEnd,
    /// The number lies before the first or behind the last event.
    #[error("seqNo {0} lies outside the transaction")]
    Outside(i64),
    /// More gaps than can be kept.
    #[error("too many gaps")]
    TooManyGaps,
}

impl<const RANGES: usize> Default for Sequence<RANGES> {
    fn default() -> Self {
        Self { ranges: [None; RANGES], first: None, last: None }
    }
}

impl<const RANGES: usize> Sequence<RANGES> {
    /// Takes an event.
    ///
    /// # Errors
    /// Why it must not be booked; nothing has changed then.
    pub fn record(&mut self, kind: TransactionEventKind, number: i64) -> Result<(), SequenceError> {
        if self.seen().any(|(low, high)| (low..=high).contains(&number)) {
            return Err(SequenceError::Duplicate(number));
        }
        let lowest = self.seen().map(|(low, _)| low).min();
        let highest = self.seen().map(|(_, high)| high).max();
        match kind {
            TransactionEventKind::Started if self.first.is_some() => {
                return Err(SequenceError::SecondEnd);
            }
            TransactionEventKind::Ended if self.last.is_some() => {
                return Err(SequenceError::SecondEnd);
            }
            TransactionEventKind::Started if lowest.is_some_and(|low| low < number) => {
                return Err(SequenceError::Outside(number));
            }
            TransactionEventKind::Ended if highest.is_some_and(|high| high > number) => {
                return Err(SequenceError::Outside(number));
            }
            _ => {}
        }
        if self.first.is_some_and(|first| number < first)
            || self.last.is_some_and(|last| number > last)
        {
            return Err(SequenceError::Outside(number));
        }
        self.insert(number)?;
        match kind {
            TransactionEventKind::Started => self.first = Some(number),
            TransactionEventKind::Ended => self.last = Some(number),
            TransactionEventKind::Updated => {}
        }
        Ok(())
    }

    /// Whether every event has come.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        match (self.first, self.last) {
            (Some(first), Some(last)) => self.seen().any(|range| range == (first, last)),
            _ => false,
        }
    }

    /// The numbers that are known to be missing: gaps between those seen.
    pub fn gaps(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.seen()
            .zip(self.seen().skip(1))
            .map(|((_, high), (low, _))| (high.saturating_add(1), low.saturating_sub(1)))
    }

    fn seen(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.ranges.iter().flatten().copied()
    }

    fn insert(&mut self, number: i64) -> Result<(), SequenceError> {
        // The number joins the interval before it, the one behind it, or both.
        let mut merged = (number, number);
        let mut kept = [None; RANGES];
        let mut count = 0;
        let mut placed = false;
        let mut put = |range: (i64, i64)| -> Result<(), SequenceError> {
            *kept.get_mut(count).ok_or(SequenceError::TooManyGaps)? = Some(range);
            count += 1;
            Ok(())
        };
        for (low, high) in self.ranges.iter().flatten().copied() {
            if high.saturating_add(1) == number {
                merged.0 = low;
            } else if low.saturating_sub(1) == number {
                merged.1 = high;
            } else {
                if !placed && low > number {
                    put(merged)?;
                    placed = true;
                }
                put((low, high))?;
            }
        }
        if !placed {
            put(merged)?;
        }
        kept.sort_unstable_by_key(|range| range.map_or((true, 0), |(low, _)| (false, low)));
        self.ranges = kept;
        Ok(())
    }
}

/// What makes a 1.6 `StartTransaction` the same as an earlier one, whatever its message id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartKey {
    connector: i64,
    meter_start: i64,
    timestamp: Timestamp,
    /// In lower case; 20 characters of up to four bytes.
    id_tag: [u8; 80],
}

impl StartKey {
    /// The key of a start; `None` if the idTag is longer than 1.6 allows.
    #[must_use]
    pub fn new(
        connector: i64,
        id_tag: Text<'_>,
        meter_start: i64,
        timestamp: Timestamp,
    ) -> Option<Self> {
        let mut bytes = [0; 80];
        id_tag.copy_to(&mut bytes)?;
        bytes.make_ascii_lowercase();
        Some(Self { connector, meter_start, timestamp, id_tag: bytes })
    }
}

/// The latest starts of one station and the ids they were given, so that a retry gets the same id and is not billed
/// as a second transaction.
#[derive(Debug, Clone)]
pub struct StartLog<const N: usize> {
    starts: [Option<(StartKey, i64)>; N],
}

impl<const N: usize> Default for StartLog<N> {
    fn default() -> Self {
        Self { starts: [None; N] }
    }
}

impl<const N: usize> StartLog<N> {
    /// The id of this start: that of the same start before, or `fresh`. `true` if it is new and to be booked.
    pub fn transaction(&mut self, key: StartKey, fresh: i64) -> (i64, bool) {
        if let Some((_, id)) = self.starts.iter().flatten().find(|(old, _)| *old == key) {
            return (*id, false);
        }
        self.starts.rotate_right(1);
        if let Some(first) = self.starts.first_mut() {
            *first = Some((key, fresh));
        }
        (fresh, true)
    }
}
