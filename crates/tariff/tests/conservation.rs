//! Nothing is lost between a total, its lines, its parts, the books and the way back.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a failed unwrap is a failed assertion")]
#![cfg(all(feature = "std", feature = "digest"))]

use evse_tariff::settlement::ledger::{self, Ledger};
use evse_tariff::settlement::{Outcome, Postings, apportion, refund, split};
use evse_tariff::{ExactMoney, Money, Rounding};
use proptest::prelude::*;
use sha2::Sha256;

fn sum(parts: &[i64]) -> i128 {
    parts.iter().copied().map(i128::from).sum()
}

proptest! {
    /// Lines = total = parts = books, for any total and up to 64 parties.
    #[test]
    fn lines_total_parts_and_ledger_are_one(
        total in prop_oneof![any::<i64>(), -1_000i64..1_000, Just(i64::MIN), Just(i64::MAX)],
        weights in prop::collection::vec(prop_oneof![0u64..4, any::<u64>()], 1..65),
    ) {
        let mut parts = vec![0; weights.len()];
        split(total, &weights, &mut parts).unwrap();
        prop_assert_eq!(sum(&parts), i128::from(total));

        let mut books = Ledger::<Sha256>::new();
        let mut postings = Postings::<usize>::default();
        let mut hashes = Vec::new();
        for (party, part) in parts.iter().enumerate() {
            books.append("share", "order", *part, "CNY").unwrap();
            hashes.push(*books.head());
            prop_assert_eq!(postings.post(party, *part), Outcome::Applied);
            prop_assert_eq!(postings.post(party, *part), Outcome::Duplicate);
        }
        prop_assert_eq!(books.balance(), i128::from(total));
        prop_assert_eq!(postings.balance(), i128::from(total));
        let root = ledger::merkle_root::<Sha256>(&hashes);
        for (at, hash) in hashes.iter().enumerate() {
            let proof = ledger::merkle_proof::<Sha256>(&hashes, at).unwrap();
            prop_assert!(ledger::merkle_verify::<Sha256>(&root, hashes.len(), at, hash, &proof));
        }

        // Exact lines, each some part of a fen, rounded so that they add up to the rounded total.
        let exact: Vec<ExactMoney> = parts
            .iter()
            .map(|part| ExactMoney::from_raw(i128::from(*part % 1_000_000_000) * (ExactMoney::UNITS / 30_000)))
            .collect();
        let mut lines = vec![Money::ZERO; exact.len()];
        let rounded = apportion(&exact, Rounding::FEN, &mut lines).unwrap();
        prop_assert_eq!(lines.iter().map(|line| line.raw()).sum::<i64>(), rounded.raw());
        let all = exact.iter().try_fold(ExactMoney::ZERO, |sum, line| sum.checked_add(*line));
        prop_assert_eq!(all.unwrap().round(Rounding::FEN), Some(rounded));

        if total > 0 {
            let mut back = vec![0; parts.len()];
            refund(&mut parts, total / 3, &mut back).unwrap();
            prop_assert_eq!(sum(&back), -i128::from(total / 3));
            refund(&mut parts, total - total / 3, &mut back).unwrap();
            prop_assert!(parts.iter().all(|part| *part == 0));
        }
    }
}
