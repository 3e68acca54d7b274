//! Posting each entry once: the same entry again changes nothing, another one under the same key is a conflict.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::string::String;

/// What is posted for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PostingKind {
    /// The order's amount.
    Charge,
    /// Money given back.
    Refund,
    /// An earlier revision taken back.
    Reversal,
    /// The amount that takes the place of a reversed one.
    Replacement,
}

/// What makes an entry the same entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostingKey {
    /// Who runs the station.
    pub operator: String,
    /// The order, as the operator numbers it.
    pub order: String,
    /// 0 for the first version of the order.
    pub revision: u32,
    /// What is posted.
    pub kind: PostingKind,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was posted.
    Applied,
    /// It had been posted before; nothing changed.
    Duplicate,
    /// Something else had been posted under its key; nothing changed.
    Conflict,
}

/// Why an entry could not be corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CorrectionError {
    /// Nothing has been posted under that key.
    #[error("nothing has been posted under that key")]
    NotPosted,
    /// The entry has been corrected already, to another amount.
    #[error("the entry has been corrected to another amount")]
    AlreadyCorrected,
    /// The last revision number has been used, or the amount cannot be negated.
    #[error("out of range")]
    OutOfRange,
}

/// The entries posted, by key. `K` is [`PostingKey`], or whatever identifies an entry.
#[derive(Debug, Clone)]
pub struct Postings<K = PostingKey> {
    amounts: BTreeMap<K, i64>,
    balance: i128,
}

impl<K: Ord> Default for Postings<K> {
    fn default() -> Self {
        Self { amounts: BTreeMap::new(), balance: 0 }
    }
}

impl<K: Ord> Postings<K> {
    /// Posts an amount in minor units.
    pub fn post(&mut self, key: K, amount: i64) -> Outcome {
        match self.amounts.entry(key) {
            Entry::Vacant(free) => {
                free.insert(amount);
                self.balance += i128::from(amount);
                Outcome::Applied
            }
            Entry::Occupied(posted) if *posted.get() == amount => Outcome::Duplicate,
            Entry::Occupied(_) => Outcome::Conflict,
        }
    }

    /// The amount posted under a key.
    #[must_use]
    pub fn amount(&self, key: &K) -> Option<i64> {
        self.amounts.get(key).copied()
    }

    /// The sum of what was posted.
    #[must_use]
    pub const fn balance(&self) -> i128 {
        self.balance
    }

    /// How many entries were posted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.amounts.len()
    }

    /// Nothing was posted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.amounts.is_empty()
    }
}

impl Postings<PostingKey> {
    /// Corrects a posted entry: takes it back with a reversal and posts the right amount as the next revision. Entries are never
    /// edited. The same correction again changes nothing.
    ///
    /// # Errors
    /// [`CorrectionError`].
    pub fn correct(&mut self, wrong: &PostingKey, right: i64) -> Result<Outcome, CorrectionError> {
        let amount = self.amount(wrong).ok_or(CorrectionError::NotPosted)?;
        let revision = wrong.revision.checked_add(1).ok_or(CorrectionError::OutOfRange)?;
        let taken_back = amount.checked_neg().ok_or(CorrectionError::OutOfRange)?;
        let key = |kind| PostingKey { revision, kind, ..wrong.clone() };
        let (reversal, replacement) = (key(PostingKind::Reversal), key(PostingKind::Replacement));
        match self.amount(&replacement) {
            Some(posted) if posted != right => return Err(CorrectionError::AlreadyCorrected),
            Some(_) => return Ok(Outcome::Duplicate),
            None => {}
        }
        if self.post(reversal, taken_back) == Outcome::Conflict {
            return Err(CorrectionError::AlreadyCorrected);
        }
        Ok(self.post(replacement, right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_counts_once() {
        let mut book = Postings::default();
        assert_eq!(book.post("O1/final", 1_104), Outcome::Applied);
        assert_eq!(book.post("O1/final", 1_104), Outcome::Duplicate);
        assert_eq!(book.post("O1/final", 1_105), Outcome::Conflict);
        assert_eq!((book.balance(), book.len()), (1_104, 1));
    }

    #[test]
    fn corrections_are_new_entries() {
        let mut book = Postings::default();
        let key = |kind, revision| PostingKey {
            operator: "op".into(),
            order: "7".into(),
            revision,
            kind,
        };
        let charge = key(PostingKind::Charge, 0);
        assert_eq!(book.correct(&charge, 1), Err(CorrectionError::NotPosted));
        book.post(charge.clone(), 2_500);
        assert_eq!(book.correct(&charge, 2_400), Ok(Outcome::Applied));
        assert_eq!(book.correct(&charge, 2_400), Ok(Outcome::Duplicate));
        assert_eq!(book.correct(&charge, 2_300), Err(CorrectionError::AlreadyCorrected));
        assert_eq!(book.balance(), 2_400);
        assert_eq!(book.amount(&key(PostingKind::Reversal, 1)), Some(-2_500));
        assert_eq!(book.correct(&key(PostingKind::Replacement, 1), 2_450), Ok(Outcome::Applied));
        assert_eq!((book.balance(), book.len()), (2_450, 5));
    }
}
