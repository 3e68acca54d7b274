//! A hash-chained ledger: whoever knows the head can tell that no entry before it was changed, and a Merkle root proves one order
//! without showing the others.
//!
//! The hash is any of the `digest` traits of `RustCrypto`; the vectors and the examples use SHA-256. Anchoring the head (a time-stamp
//! service, a blockchain) is the caller's.

use core::fmt;

use digest::{Digest, Output};

use alloc::vec::Vec;

/// What an entry records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerEntry<'a> {
    /// Counts from 0.
    pub sequence: u64,
    /// What it is: `charge`, `refund`, `payout`, ...
    pub kind: &'a str,
    /// What it is about.
    pub reference: &'a str,
    /// Minor units.
    pub amount: i64,
    /// ISO 4217 code.
    pub currency: &'a str,
}

/// The canonical form: `sequence|kind|reference|amount|currency`.
impl fmt::Display for LedgerEntry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sequence, kind, reference, amount, currency } = self;
        write!(f, "{sequence}|{kind}|{reference}|{amount}|{currency}")
    }
}

/// Why an entry was not appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// A text contains `|` or a control character: two entries could have one canonical form.
    #[error("entry {sequence}: a field contains a separator")]
    Separator {
        /// Sequence number the entry would have had.
        sequence: u64,
    },
}

/// The end of a chain: all that is needed to append.
#[derive(Debug, Clone)]
pub struct Ledger<D: Digest> {
    next: u64,
    head: Output<D>,
    balance: i128,
}

impl<D: Digest> Default for Ledger<D> {
    fn default() -> Self {
        Self { next: 0, head: Output::<D>::default(), balance: 0 }
    }
}

impl<D: Digest> Ledger<D> {
    /// An empty ledger; the hash before its first entry is all zeros.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on from a chain that is stored elsewhere.
    #[must_use]
    pub fn resume(next: u64, head: Output<D>, balance: i128) -> Self {
        Self { next, head, balance }
    }

    /// Appends an entry and gives its hash, the new head. Its sequence number is the next one.
    ///
    /// # Errors
    /// [`LedgerError::Separator`]; then nothing was appended.
    pub fn append(
        &mut self,
        kind: &str,
        reference: &str,
        amount: i64,
        currency: &str,
    ) -> Result<&Output<D>, LedgerError> {
        let sequence = self.next;
        let separates = |text: &str| text.chars().any(|c| c == '|' || c.is_control());
        if [kind, reference, currency].into_iter().any(separates) {
            return Err(LedgerError::Separator { sequence });
        }
        let entry = LedgerEntry { sequence, kind, reference, amount, currency };
        self.head = chained::<D>(&self.head, format_args!("{entry}"));
        self.next += 1;
        self.balance += i128::from(amount);
        Ok(&self.head)
    }

    /// Hash of the last entry.
    #[must_use]
    pub const fn head(&self) -> &Output<D> {
        &self.head
    }

    /// Sequence number of the next entry: how many there are.
    #[must_use]
    pub const fn next_sequence(&self) -> u64 {
        self.next
    }

    /// Sum of the amounts.
    #[must_use]
    pub const fn balance(&self) -> i128 {
        self.balance
    }
}

/// Hash of an entry: the previous hash, then the entry's canonical text.
#[must_use]
pub fn chained<D: Digest>(previous: &Output<D>, body: impl fmt::Display) -> Output<D> {
    /// Text goes into the hash as it is formatted, without a buffer.
    struct Hashing<D>(D);

    impl<D: Digest> fmt::Write for Hashing<D> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.update(text.as_bytes());
            Ok(())
        }
    }

    let mut hashing = Hashing(D::new().chain_update(previous));
    // Writing into a hash cannot fail.
    let _ = fmt::Write::write_fmt(&mut hashing, format_args!("{body}"));
    hashing.0.finalize()
}

/// An entry as somebody else states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedEntry<'a> {
    /// Its fields.
    pub entry: LedgerEntry<'a>,
    /// Its canonical text as stated.
    pub body: &'a str,
    /// The previous hash as stated.
    pub previous: &'a [u8],
    /// Its hash as stated.
    pub hash: &'a [u8],
}

/// Checks a chain: sequence numbers from 0, canonical texts, links and hashes. Gives the ledger at its end.
///
/// # Errors
/// Position of the first entry that does not fit.
pub fn verify<'a, D: Digest>(
    entries: impl IntoIterator<Item = StatedEntry<'a>>,
) -> Result<Ledger<D>, usize> {
    let mut ledger = Ledger::<D>::new();
    for (at, stated) in entries.into_iter().enumerate() {
        let LedgerEntry { sequence, kind, reference, amount, currency } = stated.entry;
        let fits = sequence == ledger.next
            && is_canonical(&stated)
            && stated.previous == ledger.head.as_slice()
            && ledger
                .append(kind, reference, amount, currency)
                .is_ok_and(|hash| hash.as_slice() == stated.hash);
        if !fits {
            return Err(at);
        }
    }
    Ok(ledger)
}

/// The stated text is the canonical form of the stated fields.
fn is_canonical(stated: &StatedEntry<'_>) -> bool {
    /// What of the stated text is still to come.
    struct Expect<'a>(&'a str);

    impl fmt::Write for Expect<'_> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 = self.0.strip_prefix(text).ok_or(fmt::Error)?;
            Ok(())
        }
    }

    let mut expect = Expect(stated.body);
    fmt::Write::write_fmt(&mut expect, format_args!("{}", stated.entry)).is_ok()
        && expect.0.is_empty()
}

/// The Merkle root of the hashes of a day's entries, after RFC 6962: leaves are hashed behind a byte 0, nodes behind a byte 1. The
/// root of nothing is the hash of nothing.
#[must_use]
pub fn merkle_root<D: Digest>(hashes: &[Output<D>]) -> Output<D> {
    match hashes {
        [] => D::new().finalize(),
        [leaf] => leaf_hash::<D>(leaf),
        _ => {
            let (left, right) = hashes.split_at(split_point(hashes.len()));
            node_hash::<D>(&merkle_root::<D>(left), &merkle_root::<D>(right))
        }
    }
}

/// The hashes that, with the entry at `index`, make the root: from the leaf upwards. `None` if there is no such entry.
#[must_use]
pub fn merkle_proof<D: Digest>(hashes: &[Output<D>], index: usize) -> Option<Vec<Output<D>>> {
    if index >= hashes.len() {
        return None;
    }
    let (mut hashes, mut index) = (hashes, index);
    let mut proof = Vec::new();
    while hashes.len() > 1 {
        let at = split_point(hashes.len());
        let (left, right) = hashes.split_at(at);
        if index < at {
            proof.push(merkle_root::<D>(right));
            hashes = left;
        } else {
            proof.push(merkle_root::<D>(left));
            hashes = right;
            index -= at;
        }
    }
    proof.reverse();
    Some(proof)
}

/// Whether an entry's hash stands at `index` of the `count` under that root.
#[must_use]
pub fn merkle_verify<D: Digest>(
    root: &Output<D>,
    count: usize,
    index: usize,
    hash: &Output<D>,
    proof: &[Output<D>],
) -> bool {
    if index >= count {
        return false;
    }
    // The way down says on which side each hash of the proof, read backwards, stands.
    let mut sides = Vec::new();
    let (mut count, mut index) = (count, index);
    while count > 1 {
        let at = split_point(count);
        let left = index < at;
        sides.push(left);
        (count, index) = if left { (at, index) } else { (count - at, index - at) };
    }
    if sides.len() != proof.len() {
        return false;
    }
    let mut node = leaf_hash::<D>(hash);
    for (left, other) in sides.iter().rev().zip(proof) {
        node = if *left { node_hash::<D>(&node, other) } else { node_hash::<D>(other, &node) };
    }
    node == *root
}

/// The largest power of two below `count`, which is at least 2.
const fn split_point(count: usize) -> usize {
    1 << (count - 1).ilog2()
}

fn leaf_hash<D: Digest>(hash: &Output<D>) -> Output<D> {
    D::new().chain_update([0]).chain_update(hash).finalize()
}

fn node_hash<D: Digest>(left: &Output<D>, right: &Output<D>) -> Output<D> {
    D::new().chain_update([1]).chain_update(left).chain_update(right).finalize()
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::{String, ToString};

    use sha2::Sha256;

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn a_chain_is_appended_and_checked() {
        let mut ledger = Ledger::<Sha256>::new();
        let mut stated = Vec::new();
        for (kind, reference, amount) in
            [("charge", "O7", 2_500), ("refund", "O7", -500), ("payout", "OP2", -1_700)]
        {
            let previous = *ledger.head();
            let entry = LedgerEntry {
                sequence: ledger.next_sequence(),
                kind,
                reference,
                amount,
                currency: "CNY",
            };
            ledger.append(kind, reference, amount, "CNY").unwrap();
            stated.push((entry, entry.to_string(), previous, *ledger.head()));
        }
        assert_eq!(
            hex(ledger.head()),
            "be970fcb930ebd3beb489393695241efa5cfcfdb355cf7d1d505c8b77801ef1a"
        );
        assert_eq!(ledger.balance(), 300);
        let entries = stated.iter().map(|(entry, body, previous, hash)| StatedEntry {
            entry: *entry,
            body,
            previous,
            hash,
        });
        assert_eq!(verify::<Sha256>(entries).map(|ledger| ledger.balance()), Ok(300));
        let mut changed = stated.clone();
        changed[1].0.amount = -501;
        let entries = changed.iter().map(|(entry, body, previous, hash)| StatedEntry {
            entry: *entry,
            body,
            previous,
            hash,
        });
        assert_eq!(verify::<Sha256>(entries).map(|_| ()), Err(1));
        assert_eq!(
            ledger.append("a|b", "", 0, "CNY").unwrap_err(),
            LedgerError::Separator { sequence: 3 }
        );
    }

    /// The test vectors of RFC 6962 implementations: roots over leaves hash to what the definition says, and every proof holds
    /// for its own place only.
    #[test]
    fn one_order_is_proved_without_the_others() {
        let hashes: Vec<Output<Sha256>> = (0u8..13).map(|n| Sha256::digest([n])).collect();
        for count in 0..=hashes.len() {
            let day = &hashes[..count];
            let root = merkle_root::<Sha256>(day);
            for index in 0..count {
                let proof = merkle_proof::<Sha256>(day, index).unwrap();
                assert!(merkle_verify::<Sha256>(&root, count, index, &day[index], &proof));
                let other = (index + 1) % count;
                assert!(
                    count == 1
                        || !merkle_verify::<Sha256>(&root, count, other, &day[index], &proof)
                );
                assert!(!merkle_verify::<Sha256>(
                    &root,
                    count,
                    index,
                    &Sha256::digest([99]),
                    &proof
                ));
            }
            assert_eq!(merkle_proof::<Sha256>(day, count), None);
        }
        assert_eq!(merkle_root::<Sha256>(&[]), Sha256::digest([]));
    }
}
