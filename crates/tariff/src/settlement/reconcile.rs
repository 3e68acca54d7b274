//! Comparing two parties' lists of orders, each once, in time proportional to their length.

use alloc::vec::Vec;
use std::collections::HashMap;

use crate::quantity::MicroWattHours;
use crate::time::Timestamp;

/// An order as one party has it. `I` identifies it; status and currency are compared where both sides have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<I> {
    /// The number both parties know it by.
    pub id: I,
    /// Energy.
    pub energy: MicroWattHours,
    /// Amount in minor units.
    pub amount: i64,
    /// Begin.
    pub start: Timestamp,
    /// End, by which the day it belongs to is told.
    pub end: Option<Timestamp>,
    /// ISO 4217 code.
    pub currency: Option<[u8; 3]>,
    /// State of the order, in numbers that both parties agreed on.
    pub status: Option<u16>,
}

/// What counts as no difference, and where the day ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tolerance {
    /// Minor units.
    pub amount: u64,
    /// µWh.
    pub energy: u64,
    /// Milliseconds.
    pub start_millis: u64,
    /// Orders that only one side has and that end this close to an edge of the compared time are carried over, not missing.
    pub carry_over: Option<CarryOver>,
}

/// The compared time and the window at its edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarryOver {
    /// Begin of the compared time.
    pub from: Timestamp,
    /// End of the compared time.
    pub until: Timestamp,
    /// Width of the window either side of each edge, in milliseconds.
    pub window_millis: u64,
}

/// Which side a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Our list.
    Ours,
    /// Their list.
    Theirs,
}

/// What became of an order. Of several that are true, the first of this list counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The id is there more than once on that side.
    Duplicate(Side),
    /// Only that side has it, and it ends at the edge of the day.
    CarriedOver(Side),
    /// Only that side has it.
    Only(Side),
    /// The currencies differ.
    Currency,
    /// Energy and amount differ.
    EnergyAndAmount,
    /// The energy differs.
    Energy,
    /// The amount differs.
    Amount,
    /// The begin differs.
    Time,
    /// The states differ.
    Status,
    /// No difference beyond the tolerance.
    Matched,
}

/// An order and its class; places of its first occurrence in the two lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// What became of it.
    pub class: Class,
    /// Place in our list.
    pub ours: Option<usize>,
    /// Place in their list.
    pub theirs: Option<usize>,
}

/// The result of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// Every id once (one that is duplicate on both sides: twice): first those of our list in its order, then what is only or
    /// duplicate in theirs, in their order.
    pub findings: Vec<Finding>,
    /// Suggestions: an order that only we have and one that only they have, alike in begin, energy and amount.
    pub candidates: Vec<(usize, usize)>,
    /// Sum of our list, duplicates and all, in minor units.
    pub ours_total: i128,
    /// Sum of their list.
    pub theirs_total: i128,
    /// Sum of the single differences, theirs minus ours: the difference of the totals.
    pub explained: i128,
}

/// The occurrences of an id on one side.
#[derive(Clone, Copy)]
struct Seen {
    first: usize,
    count: usize,
    sum: i128,
}

fn index<I: core::hash::Hash + Eq>(orders: &[Order<I>]) -> HashMap<&I, Seen> {
    let mut seen = HashMap::with_capacity(orders.len());
    for (at, order) in orders.iter().enumerate() {
        let entry = seen.entry(&order.id).or_insert(Seen { first: at, count: 0, sum: 0 });
        entry.count += 1;
        entry.sum += i128::from(order.amount);
    }
    seen
}

/// Compares two lists.
#[must_use]
pub fn reconcile<I: core::hash::Hash + Eq>(
    ours: &[Order<I>],
    theirs: &[Order<I>],
    tolerance: &Tolerance,
) -> Reconciliation {
    let (our_ids, their_ids) = (index(ours), index(theirs));
    let mut findings = Vec::with_capacity(ours.len());
    let mut explained = 0;
    for (at, order) in ours.iter().enumerate() {
        let seen = our_ids.get(&order.id).filter(|seen| seen.first == at);
        let Some(seen) = seen else { continue };
        let other = their_ids.get(&order.id);
        explained += other.map_or(0, |other| other.sum) - seen.sum;
        let their_place = other.map(|other| other.first);
        let class = match other {
            _ if seen.count > 1 => Class::Duplicate(Side::Ours),
            // Named with their list below.
            Some(other) if other.count > 1 => continue,
            Some(other) => match theirs.get(other.first) {
                Some(theirs) => compare(order, theirs, tolerance),
                None => continue,
            },
            None => only(order, Side::Ours, tolerance),
        };
        findings.push(Finding { class, ours: Some(at), theirs: their_place });
    }
    for (at, order) in theirs.iter().enumerate() {
        let seen = their_ids.get(&order.id).filter(|seen| seen.first == at);
        let Some(seen) = seen else { continue };
        let our_place = our_ids.get(&order.id).map(|ours| ours.first);
        if our_place.is_none() {
            explained += seen.sum;
        }
        let class = match our_place {
            _ if seen.count > 1 => Class::Duplicate(Side::Theirs),
            None => only(order, Side::Theirs, tolerance),
            Some(_) => continue,
        };
        findings.push(Finding { class, ours: our_place, theirs: Some(at) });
    }
    let sum = |orders: &[Order<I>]| orders.iter().map(|order| i128::from(order.amount)).sum();
    let candidates = candidates(ours, theirs, &findings, tolerance);
    Reconciliation {
        candidates,
        findings,
        ours_total: sum(ours),
        theirs_total: sum(theirs),
        explained,
    }
}

fn only<I>(order: &Order<I>, side: Side, tolerance: &Tolerance) -> Class {
    let at_edge = tolerance.carry_over.zip(order.end).is_some_and(|(carry, end)| {
        [carry.from, carry.until]
            .iter()
            .any(|edge| end.unix_millis().abs_diff(edge.unix_millis()) <= carry.window_millis)
    });
    if at_edge { Class::CarriedOver(side) } else { Class::Only(side) }
}

fn compare<I>(ours: &Order<I>, theirs: &Order<I>, tolerance: &Tolerance) -> Class {
    let differ =
        |ours: Option<u32>, theirs: Option<u32>| ours.zip(theirs).is_some_and(|(a, b)| a != b);
    let code =
        |currency: Option<[u8; 3]>| currency.map(|[a, b, c]| u32::from_be_bytes([0, a, b, c]));
    let energy = ours.energy.raw().abs_diff(theirs.energy.raw()) > tolerance.energy;
    let amount = ours.amount.abs_diff(theirs.amount) > tolerance.amount;
    let start =
        ours.start.unix_millis().abs_diff(theirs.start.unix_millis()) > tolerance.start_millis;
    if differ(code(ours.currency), code(theirs.currency)) {
        Class::Currency
    } else if energy && amount {
        Class::EnergyAndAmount
    } else if energy {
        Class::Energy
    } else if amount {
        Class::Amount
    } else if start {
        Class::Time
    } else if differ(ours.status.map(u32::from), theirs.status.map(u32::from)) {
        Class::Status
    } else {
        Class::Matched
    }
}

/// For each order that only we have, the first unused one that only they have and that is alike.
fn candidates<I>(
    ours: &[Order<I>],
    theirs: &[Order<I>],
    findings: &[Finding],
    tolerance: &Tolerance,
) -> Vec<(usize, usize)> {
    // Begins fall into bins as wide as the tolerance, so that those within it lie in neighbouring bins.
    let width = i64::try_from(tolerance.start_millis.max(1)).unwrap_or(i64::MAX);
    let bin = |order: &Order<I>| order.start.unix_millis().div_euclid(width);
    let mut bins: HashMap<i64, Vec<usize>> = HashMap::new();
    for finding in findings {
        if let (Class::Only(Side::Theirs), Some(at)) = (finding.class, finding.theirs)
            && let Some(order) = theirs.get(at)
        {
            bins.entry(bin(order)).or_default().push(at);
        }
    }
    let mut pairs = Vec::new();
    for finding in findings {
        let (Class::Only(Side::Ours), Some(at)) = (finding.class, finding.ours) else { continue };
        let Some(order) = ours.get(at) else { continue };
        let middle = bin(order);
        let near = [middle.saturating_sub(1), middle, middle.saturating_add(1)];
        let alike = |place: &&usize| {
            theirs
                .get(**place)
                .is_some_and(|other| compare(order, other, tolerance) == Class::Matched)
        };
        let found = near
            .iter()
            .filter_map(|bin| bins.get(bin)?.iter().find(alike).copied().map(|place| (place, *bin)))
            .min();
        if let Some((place, bin)) = found {
            pairs.push((at, place));
            if let Some(of_bin) = bins.get_mut(&bin) {
                of_bin.retain(|other| *other != place);
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    fn order(id: u32, amount: i64) -> Order<u32> {
        let start = Timestamp::from_unix_seconds(i64::from(id));
        let energy = MicroWattHours::from_raw(amount);
        Order { id, energy, amount, start, end: Some(start), currency: None, status: None }
    }

    #[test]
    fn every_class_is_told() {
        let base = |id| order(id, 100);
        let ours = [
            base(1),
            Order { currency: Some(*b"CNY"), ..base(2) },
            Order { status: Some(1), ..base(3) },
            base(4),
            base(4),
            base(5),
            base(6_000),
            order(7, 90),
        ];
        let theirs = [
            base(1),
            Order { currency: Some(*b"EUR"), ..base(2) },
            Order { status: Some(2), ..base(3) },
            base(4),
            base(4),
            Order { start: Timestamp::from_unix_seconds(500), ..base(5) },
            order(7, 100),
            base(6_001),
            base(9_000),
        ];
        let edge = Timestamp::from_unix_seconds(9_100);
        let carry_over = Some(CarryOver {
            from: Timestamp::from_unix_millis(0),
            until: edge,
            window_millis: 200_000,
        });
        let tolerance = Tolerance { start_millis: 1_000, carry_over, ..Tolerance::default() };
        let found = reconcile(&ours, &theirs, &tolerance);
        let classes: Vec<_> = found.findings.iter().map(|finding| finding.class).collect();
        use Class::{
            Amount, CarriedOver, Currency, Duplicate, EnergyAndAmount, Matched, Only, Status, Time,
        };
        let _ = Amount;
        assert_eq!(
            classes,
            vec![
                Matched,
                Currency,
                Status,
                Duplicate(Side::Ours),
                Time,
                Only(Side::Ours),
                EnergyAndAmount,
                Duplicate(Side::Theirs),
                Only(Side::Theirs),
                CarriedOver(Side::Theirs),
            ]
        );
        assert_eq!(found.candidates, vec![(6, 7)]);
        assert_eq!(found.explained, found.theirs_total - found.ours_total);
    }
}
