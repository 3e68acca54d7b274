//! Flat loads and fair shares: the same search for a level, over slots or over sessions.
//!
//! The loads that slots can have together, and the energies that sessions can be served together, are the bases of
//! polymatroids. The lexicographically best one is found by decomposition: the level at which the first minimum cut
//! binds, its members fixed there, and again for the rest. It is best for every symmetric convex measure at once.

use alloc::vec::Vec;

use super::{SolveError, background, capacity, checked_plan, flow_only};
use crate::flow::Network;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::units::Joules;

/// Serves all energy with the flattest load: no slot's load, background included, could be lowered without raising one
/// that is as high (valley filling; the least sum of squares). To the joule per slot.
///
/// Limits hold; prices are not looked at.
///
/// # Errors
/// As [`min_peak`](super::min_peak).
pub fn flattest(problem: &Problem) -> Result<Plan, SolveError> {
    flow_only(problem)?;
    // Joules of the cars in a slot whose level is settled.
    let mut settled: Vec<Option<i64>> = alloc::vec![None; problem.grid().slots() as usize];
    loop {
        let (network, level, binding) = lowest_level(problem, &settled)?;
        if binding.is_empty() {
            return checked_plan(problem, &network);
        }
        settle(problem, &mut settled, level, &binding)?;
    }
}

/// The lowest whole level of the slots that are not settled under which all energy is served, with that flow, and the slots
/// that need it.
fn lowest_level(
    problem: &Problem,
    settled: &[Option<i64>],
) -> Result<(Network, i128, Vec<u32>), SolveError> {
    let is_settled = |slot: u32| settled.get(slot as usize).copied().flatten();
    let mut level = lowest_background(problem, settled);
    let mut binding: Vec<u32> = Vec::new();
    let mut network = Network::new(problem, 1)?;
    loop {
        for slot in 0..problem.grid().slots() {
            network.open(slot, is_settled(slot).unwrap_or_else(|| under(problem, slot, level)));
        }
        network.augment();
        if network.missing() == 0 {
            return Ok((network, level, binding));
        }
        let cut = network.cut();
        let mut joules = i128::from(cut.must);
        let mut free = 0i128;
        binding.clear();
        for slot in cut.slots {
            let (opened, wanted) = (network.capacity(slot), under(problem, slot, level));
            // Less than the level allows where a node above all sessions bounds the slot, or their energy.
            let is_fixed = is_settled(slot).is_some() || opened < wanted;
            if is_fixed || wanted >= capacity(problem, slot) {
                joules -= i128::from(opened);
            } else {
                joules += background(problem, slot);
                free += 1;
                binding.push(slot);
            }
        }
        if free == 0 {
            let missing = i64::try_from(joules).unwrap_or(i64::MAX);
            return Err(SolveError::NotAllServable { missing: Joules::from_raw(missing) });
        }
        // The next whole joule: a level between two cannot be planned.
        let raised = (joules + free - 1).div_euclid(free);
        // A violated cut always asks for more; were it not so, the search would never end.
        if raised <= level {
            return Err(SolveError::OutOfRange);
        }
        level = raised;
    }
}

/// Settles the slots that need a level: as many of them a joule lower as can be.
fn settle(
    problem: &Problem,
    settled: &mut [Option<i64>],
    level: i128,
    binding: &[u32],
) -> Result<(), SolveError> {
    let mut network = Network::new(problem, 1)?;
    for slot in 0..problem.grid().slots() {
        let lower = level - i128::from(binding.contains(&slot));
        let most = settled.get(slot as usize).copied().flatten();
        network.open(slot, most.unwrap_or_else(|| under(problem, slot, lower)));
    }
    network.augment();
    for slot in binding {
        let mut most = under(problem, *slot, level - 1);
        let missing = network.missing();
        if missing > 0 {
            network.open(*slot, under(problem, *slot, level));
            network.augment();
            if network.missing() < missing {
                most = under(problem, *slot, level);
            }
        }
        if let Some(settled) = settled.get_mut(*slot as usize) {
            *settled = Some(most);
        }
    }
    Ok(())
}

/// What the cars may take in a slot under a level and the limit.
fn under(problem: &Problem, slot: u32, level: i128) -> i64 {
    let below = i64::try_from((level - background(problem, slot)).max(0)).unwrap_or(i64::MAX);
    below.min(capacity(problem, slot))
}

/// The lowest background of a slot that is not settled: where the rest begins to fill.
fn lowest_background(problem: &Problem, settled: &[Option<i64>]) -> i128 {
    let slots = (0u32..).zip(settled).filter(|(_, settled)| settled.is_none());
    slots.map(|(slot, _)| background(problem, slot)).min().unwrap_or(0)
}

/// Serves the fairest shares: the least part of what it asked for that any session gets is as large as can be, then the
/// next, and so on (lexicographic max-min of served over asked). To the joule per session.
///
/// Limits hold; prices are not looked at.
///
/// # Errors
/// [`SolveError::NotAFlow`], [`SolveError::OutOfMemory`], [`SolveError::OutOfRange`].
pub fn fairest(problem: &Problem) -> Result<Plan, SolveError> {
    flow_only(problem)?;
    let asked: Vec<i128> =
        problem.sessions().iter().map(|s| i128::from(s.energy_at_meter().raw())).collect();
    let mut settled: Vec<Option<i64>> = alloc::vec![None; asked.len()];
    loop {
        // The share starts at all and falls to what each violated cut allows.
        let (mut share, mut binding) = (Share { part: 1, whole: 1 }, Vec::new());
        let network = loop {
            let wanted: Vec<i64> = asked
                .iter()
                .zip(&settled)
                .map(|(asked, settled)| settled.unwrap_or_else(|| share.of(*asked)))
                .collect();
            let mut network = Network::new(problem, 1)?;
            network.ask(&wanted);
            for slot in 0..problem.grid().slots() {
                network.open(slot, capacity(problem, slot));
            }
            network.augment();
            if network.missing() == 0 {
                break network;
            }
            let reached = network.cut().sessions;
            let served = network.served();
            let (mut room, mut whole) = (0i128, 0i128);
            binding.clear();
            for session in reached {
                room += i128::from(served.get(session).copied().unwrap_or(0));
                match settled.get(session).copied().flatten() {
                    Some(energy) => room -= i128::from(energy),
                    None => {
                        whole += asked.get(session).copied().unwrap_or(0);
                        binding.push(session);
                    }
                }
            }
            let lower = Share { part: room.max(0), whole };
            if whole == 0 || lower >= share {
                return Err(SolveError::OutOfRange);
            }
            share = lower;
        };
        if binding.is_empty() {
            return checked_plan(problem, &network);
        }
        for session in binding {
            let energy = share.of(asked.get(session).copied().unwrap_or(0));
            if let Some(settled) = settled.get_mut(session) {
                *settled = Some(energy);
            }
        }
    }
}

/// A part of a whole.
#[derive(Debug, Clone, Copy)]
struct Share {
    part: i128,
    whole: i128,
}

impl Share {
    /// Rounded down.
    fn of(self, energy: i128) -> i64 {
        i64::try_from(energy * self.part / self.whole.max(1)).unwrap_or(i64::MAX)
    }
}

impl PartialEq for Share {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(core::cmp::Ordering::Equal)
    }
}

impl PartialOrd for Share {
    /// By cross multiplication: energies of all sessions are below 2^62, so that the products fit.
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some((self.part * other.whole).cmp(&(other.part * self.whole)))
    }
}
