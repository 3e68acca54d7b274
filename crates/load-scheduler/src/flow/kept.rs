//! A flow of least cost that is kept at least cost while its problem changes.
//!
//! Every session and place has a worth: a price such that energy could only go on to where it is worth at least as much,
//! a sink with room costs at least what its place is worth, and one that holds energy at most that. Worths with these three properties
//! prove the flow the cheapest. A change breaks them at one node alone, and is repaired from there: energy that a newcomer
//! brings goes to the cheapest sink it can reach, energy that a leaver takes away is missed where it cost the most
//! (successive shortest paths). As the costs sit on the sinks alone, a shortest path is one that meets no node of more
//! worth than the sink's cost, so the search walks the nodes in the order of their worth and stops at the first sink; what it
//! passed is from then on worth that much.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::{BLOCKED, Network, Potentials, Sink, UNREACHED};
use crate::problem::Problem;
use crate::solve::SolveError;

/// So much energy of a slot at a cost; a slot's tiers rise in cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tier {
    pub(crate) cost: i64,
    pub(crate) energy: i64,
}

/// Worth of a node that nothing is known of: less than any cost.
const NOTHING: i64 = -i64::MAX;
/// Stands in the search for a sink; of nodes of equal worth it comes first.
const SINK: u32 = u32::MAX;

/// A network with a flow of least cost, and the worths that prove it.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    network: Network,
    /// By position, then place.
    worth: Vec<i64>,
    /// What refusing a joule costs, by position.
    refusal: Vec<i64>,
    tiers: Vec<Vec<Tier>>,
    /// Energy in each slot.
    used: Vec<i64>,
    /// Working memory of a search.
    heap: BinaryHeap<(Reverse<i64>, u32)>,
    passed: Vec<u32>,
}

impl Kept {
    /// Takes over a network that was filled at least cost; `refusals` by the problem's session, `tiers` by slot.
    pub(crate) fn new(
        mut network: Network,
        refusals: &[i64],
        tiers: Vec<Vec<Tier>>,
    ) -> Result<Self, SolveError> {
        let used = network.capacity.iter().zip(&network.free).map(|(all, free)| all - free);
        let used: Vec<i64> = used.collect();
        let refusal = network.nodes.iter().map(|node| refusals[node.index as usize]).collect();
        network.open.fill(true);
        network.free.fill(0);
        network.order = Vec::new();
        let mut kept = Self {
            worth: Vec::new(),
            refusal,
            tiers,
            used,
            network,
            heap: BinaryHeap::new(),
            passed: Vec::new(),
        };
        let slots = (0..kept.used.len())
            .filter_map(|slot| Some((kept.margin::<false>(slot)?.cost, Sink::Slot(slot as u32))));
        let refusals = (0u32..).zip(&kept.refusal);
        let refusals = refusals.map(|(position, cost)| (*cost, Sink::Refusal(position)));
        let mut sinks: Vec<(i64, Sink)> = slots.chain(refusals).collect();
        sinks.sort_unstable();
        kept.worth = kept.network.worths(&sinks)?;
        for worth in &mut kept.worth {
            *worth = (*worth).max(NOTHING);
        }
        Ok(kept)
    }

    /// The problem's last session has come.
    pub(crate) fn insert(&mut self, problem: &Problem, refusal: i64) -> Result<(), SolveError> {
        let position = self.network.insert(problem)?;
        self.worth.insert(position, NOTHING);
        self.refusal.insert(position, refusal);
        let energy = self.network.nodes[position].energy;
        self.route::<false>(position, energy, None);
        Ok(())
    }

    /// The problem's session of this index is gone.
    pub(crate) fn remove(&mut self, index: usize) {
        let Some(position) = self.position(index) else { return };
        let energy = self.network.nodes[position].energy;
        self.route::<true>(position, energy, None);
        self.network.remove(position);
        self.worth.remove(position);
        self.refusal.remove(position);
    }

    /// The problem's session of this index asks for so much in all, at the meter.
    pub(crate) fn ask(&mut self, index: usize, energy: i64) {
        let Some(position) = self.position(index) else { return };
        let node = &mut self.network.nodes[position];
        let more = energy - node.energy;
        node.energy = energy;
        if more > 0 {
            self.route::<false>(position, more, None);
        } else {
            self.route::<true>(position, -more, None);
        }
    }

    /// What a slot offers has changed.
    pub(crate) fn refit(&mut self, slot: usize, tiers: Vec<Tier>) {
        let place = self.network.nodes.len() + slot;
        let most = tiers.iter().fold(0i64, |sum, tier| sum.saturating_add(tier.energy));
        self.tiers[slot] = tiers;
        // What does not fit any more has to go, whatever it costs elsewhere.
        let excess = self.used[slot] - most;
        if excess > 0 {
            self.used[slot] = most;
            self.route::<false>(place, excess, None);
        }
        // What has become dearer goes where it is cheaper now.
        while let Some(last) = self.margin::<true>(slot)
            && last.cost > self.worth[place]
        {
            let gone = self.route::<false>(place, last.energy, Some(last.cost));
            self.used[slot] -= gone;
            if gone < last.energy {
                break;
            }
        }
        // Room that has become free or cheaper is taken by what is dearer elsewhere.
        while let Some(next) = self.margin::<false>(slot)
            && next.cost < self.worth[place]
        {
            let come = self.route::<true>(place, next.energy, Some(next.cost));
            self.used[slot] += come;
            if come < next.energy {
                break;
            }
        }
    }

    /// Energy in every slot.
    pub(crate) fn used(&self) -> &[i64] {
        &self.used
    }

    /// What every session (by the problem's index) is served.
    pub(crate) fn served(&self) -> Vec<i64> {
        self.network.served()
    }

    /// First slot and energies of a session, by the problem's index.
    pub(crate) fn flow(&self, index: usize) -> Option<(u32, &[i64])> {
        let node = &self.network.nodes[self.position(index)?];
        let length = (node.end - node.first) as usize;
        Some((node.first, &self.network.flow[node.offset..node.offset + length]))
    }

    pub(crate) const fn network(&self) -> &Network {
        &self.network
    }

    /// The worths as the proof of a certificate.
    pub(crate) fn potentials(&self) -> Result<Potentials, SolveError> {
        self.network.by_problem(&self.worth)
    }

    fn position(&self, index: usize) -> Option<usize> {
        self.network.nodes.iter().position(|node| node.index as usize == index)
    }

    /// The tier with room for a slot's next joule, and that room; `BACK`: the tier of its last joule, and what that holds.
    fn margin<const BACK: bool>(&self, slot: usize) -> Option<Tier> {
        let mut left = self.used[slot];
        let mut last = None;
        for tier in &self.tiers[slot] {
            let taken = tier.energy.min(left);
            left -= taken;
            if BACK && taken > 0 {
                last = Some(Tier { energy: taken, ..*tier });
            } else if !BACK && taken < tier.energy {
                return Some(Tier { energy: tier.energy - taken, ..*tier });
            }
        }
        last
    }

    /// Sends energy from a session or place to the cheapest sinks with room (`BACK`: takes from the dearest sinks what the session or
    /// place gives up, or can take), as long as they are better than `stop`; how much was sent.
    fn route<const BACK: bool>(&mut self, start: usize, energy: i64, stop: Option<i64>) -> i64 {
        let mut left = energy;
        while left > 0 {
            let Some(cost) = self.explore::<BACK>(start, stop) else { break };
            if Some(cost) == stop {
                break;
            }
            let sent = self.send_at::<BACK>(start, left, cost);
            // A sink that was reached takes something; were it not so, this would never end.
            if sent == 0 {
                break;
            }
            left -= sent;
        }
        energy - left
    }

    /// The cost of the best sink that can be reached, or `stop` where none is better. All nodes on the way that promised
    /// more are from now on worth that much.
    fn explore<const BACK: bool>(&mut self, start: usize, stop: Option<i64>) -> Option<i64> {
        self.network.begin_search();
        self.heap.clear();
        self.passed.clear();
        self.label(start);
        self.heap.push((Reverse(keyed::<BACK>(self.worth[start])), start as u32));
        self.heap.extend(stop.map(|cost| (Reverse(keyed::<BACK>(cost)), SINK)));
        let mut level = i64::MIN;
        while let Some((Reverse(key), id)) = self.heap.pop() {
            level = level.max(key);
            if id == SINK {
                for id in &self.passed {
                    let worth = &mut self.worth[*id as usize];
                    *worth = keyed::<BACK>(keyed::<BACK>(*worth).max(level));
                }
                return Some(keyed::<BACK>(level));
            }
            self.passed.push(id);
            let sink = self.sink::<BACK>(id as usize);
            self.heap.extend(sink.map(|cost| (Reverse(keyed::<BACK>(cost)), SINK)));
            let mut search = core::mem::take(&mut self.network.search);
            search.queue.clear();
            self.network.reach_from::<BACK>(id as usize, 0, &mut search);
            for found in &search.queue {
                self.heap.push((Reverse(keyed::<BACK>(self.worth[*found as usize])), *found));
            }
            self.network.search = search;
        }
        None
    }

    /// What a session's or place's own sink costs, if it can take more (`BACK`: if it holds something).
    fn sink<const BACK: bool>(&self, id: usize) -> Option<i64> {
        let slots = self.used.len();
        match id.checked_sub(self.network.nodes.len()) {
            None => (!BACK || self.network.nodes[id].refused > 0).then(|| self.refusal[id]),
            Some(place) if place < slots => self.margin::<BACK>(place).map(|tier| tier.cost),
            Some(_) => None,
        }
    }

    /// Sends to the sinks of this cost, through nodes of this worth, as much as there is room for.
    fn send_at<const BACK: bool>(&mut self, start: usize, energy: i64, cost: i64) -> i64 {
        let rooms: Vec<i64> = (0..self.used.len())
            .map(|slot| self.margin::<BACK>(slot).filter(|tier| tier.cost == cost))
            .map(|tier| tier.map_or(0, |tier| tier.energy))
            .collect();
        self.network.free.clone_from(&rooms);
        for (node, refusal) in self.network.nodes.iter_mut().zip(&self.refusal) {
            node.refuses = *refusal == cost;
        }
        let mut left = energy;
        while left > 0 {
            self.block_all_but(cost);
            self.label(start);
            self.network.search.queue.push(start as u32);
            let Some(sink) = self.network.layer::<BACK>() else { break };
            while left > 0 {
                let sent = self.network.send_from::<BACK>(start, sink, left);
                if sent == 0 {
                    break;
                }
                left -= sent;
            }
        }
        for ((used, room), free) in self.used.iter_mut().zip(rooms).zip(&mut self.network.free) {
            *used += if BACK { *free - room } else { room - *free };
            *free = 0;
        }
        energy - left
    }

    /// Begins a search that meets nodes of this worth only.
    fn block_all_but(&mut self, cost: i64) {
        self.network.begin_search();
        let (sessions, slots) = (self.network.nodes.len(), self.used.len());
        let search = &mut self.network.search;
        let (at_sessions, at_places) = self.worth.split_at(sessions);
        for (level, worth) in search.level.iter_mut().zip(at_sessions) {
            *level = if *worth == cost { UNREACHED } else { BLOCKED };
        }
        let rows = search.level[sessions..].chunks_mut(slots).zip(at_places.chunks(slots));
        for ((levels, worths), next) in rows.zip(search.next.chunks_mut(slots + 1)) {
            for (slot, (level, worth)) in levels.iter_mut().zip(worths).enumerate() {
                if *worth != cost {
                    *level = BLOCKED;
                    next[slot] = slot as u32 + 1;
                }
            }
        }
    }

    /// Labels where a search begins.
    fn label(&mut self, start: usize) {
        let (sessions, slots) = (self.network.nodes.len(), self.used.len());
        self.network.search.level[start] = 0;
        if let Some(place) = start.checked_sub(sessions) {
            let (row, slot) = (place / slots, place % slots);
            self.network.search.next[row * (slots + 1) + slot] = slot as u32 + 1;
        }
    }
}

/// A worth as what is looked at first: the cheapest where energy goes to, the dearest where it comes from.
const fn keyed<const BACK: bool>(worth: i64) -> i64 {
    if BACK { -worth } else { worth }
}
