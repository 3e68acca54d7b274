//! Clearing: who owes whom, netted in pairs and over all.

use alloc::collections::{BTreeMap, BinaryHeap};
use alloc::vec::Vec;
use core::cmp::Reverse;

/// Who owes whom how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Obligation<'a> {
    /// Who pays.
    pub debtor: &'a str,
    /// Who receives.
    pub creditor: &'a str,
    /// Minor units; a negative amount is owed the other way.
    pub amount: i64,
}

/// Why obligations were not netted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount is beyond its range")]
pub struct NettingOverflow;

/// Nets every pair of parties: one obligation a pair, in the order in which pairs first appear; pairs that owe each other nothing
/// are left out.
///
/// # Errors
/// [`NettingOverflow`].
pub fn bilateral<'a>(
    obligations: &[Obligation<'a>],
) -> Result<Vec<Obligation<'a>>, NettingOverflow> {
    let mut places = BTreeMap::new();
    let mut nets: Vec<(Obligation<'a>, i128)> = Vec::new();
    for owed in obligations {
        let forward = owed.debtor <= owed.creditor;
        let pair =
            if forward { (owed.debtor, owed.creditor) } else { (owed.creditor, owed.debtor) };
        let place = *places.entry(pair).or_insert(nets.len());
        let amount = i128::from(owed.amount) * if forward { 1 } else { -1 };
        match nets.get_mut(place) {
            Some((_, net)) => *net += amount,
            None => nets.push((Obligation { debtor: pair.0, creditor: pair.1, amount: 0 }, amount)),
        }
    }
    let net = |(pair, net): (Obligation<'a>, i128)| {
        let amount = i64::try_from(net.abs()).map_err(|_| NettingOverflow)?;
        let (debtor, creditor) =
            if net > 0 { (pair.debtor, pair.creditor) } else { (pair.creditor, pair.debtor) };
        Ok(Obligation { debtor, creditor, amount })
    };
    let owing = |owed: &(Obligation<'a>, i128)| owed.1 != 0 && owed.0.debtor != owed.0.creditor;
    nets.into_iter().filter(owing).map(net).collect()
}

/// What each party is to receive minus what it is to pay. The positions add up to zero.
///
/// # Errors
/// [`NettingOverflow`].
pub fn positions<'a>(
    obligations: &[Obligation<'a>],
) -> Result<BTreeMap<&'a str, i64>, NettingOverflow> {
    let mut sums: BTreeMap<&'a str, i128> = BTreeMap::new();
    for owed in obligations {
        *sums.entry(owed.debtor).or_default() -= i128::from(owed.amount);
        *sums.entry(owed.creditor).or_default() += i128::from(owed.amount);
    }
    let narrow =
        |(party, sum)| i64::try_from(sum).map(|sum| (party, sum)).map_err(|_| NettingOverflow);
    sums.into_iter().map(narrow).collect()
}

/// Payments that bring every position to zero, fewer than there are parties: again and again the largest debtor pays the largest
/// creditor the smaller of both sums; of equals the first by name.
#[must_use]
pub fn payments<'a>(positions: &BTreeMap<&'a str, i64>) -> Vec<Obligation<'a>> {
    let side = |creditors: bool| -> BinaryHeap<(u64, Reverse<&'a str>)> {
        let on_side = positions.iter().filter(|(_, sum)| **sum != 0 && (**sum > 0) == creditors);
        on_side.map(|(party, sum)| (sum.unsigned_abs(), Reverse(*party))).collect()
    };
    let (mut debtors, mut creditors) = (side(false), side(true));
    let mut payments = Vec::new();
    while let (Some((owes, debtor)), Some((gets, creditor))) = (debtors.pop(), creditors.pop()) {
        // A debt of 2^63 takes two payments.
        let paid = owes.min(gets).min(i64::MAX.unsigned_abs());
        if owes > paid {
            debtors.push((owes - paid, debtor));
        }
        if gets > paid {
            creditors.push((gets - paid, creditor));
        }
        let amount = i64::try_from(paid).unwrap_or(i64::MAX);
        payments.push(Obligation { debtor: debtor.0, creditor: creditor.0, amount });
    }
    payments
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_debt_is_paid_whole() {
        let positions = BTreeMap::from([("a", i64::MIN), ("b", i64::MAX), ("c", 1)]);
        let paid = payments(&positions);
        let amounts: Vec<_> = paid.iter().map(|paid| (paid.creditor, paid.amount)).collect();
        assert_eq!(amounts, [("b", i64::MAX), ("c", 1)]);
        let alone = payments(&BTreeMap::from([("a", i64::MIN), ("b", i64::MAX)]));
        assert_eq!(alone.len(), 1);
    }

    proptest! {
        /// Netting in pairs moves no position, and the payments bring all of them to zero.
        #[test]
        fn nothing_is_lost(owed in prop::collection::vec((0usize..6, 0usize..6, -1_000i64..1_000), 0..40)) {
            const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
            let owed: Vec<_> = owed
                .into_iter()
                .map(|(debtor, creditor, amount)| Obligation { debtor: NAMES[debtor], creditor: NAMES[creditor], amount })
                .collect();
            let before = positions(&owed).unwrap();
            prop_assert_eq!(before.values().sum::<i64>(), 0);
            let netted = positions(&bilateral(&owed).unwrap()).unwrap();
            for (party, position) in &before {
                prop_assert_eq!(netted.get(party).copied().unwrap_or(0), *position);
            }
            let paid = payments(&before);
            prop_assert!(paid.len() < NAMES.len());
            let moved = positions(&paid).unwrap();
            for (party, position) in &before {
                prop_assert_eq!(moved.get(party).copied().unwrap_or(0), *position);
            }
        }
    }
}
