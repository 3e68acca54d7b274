//! Prices that prove a plan the cheapest: for every session and place, what one more joule there would cost.

use alloc::vec::Vec;

use super::{Network, UNREACHED};
use crate::solve::SolveError;

/// The cost of the cheapest sink that one more joule could still reach, from every session and every place.
///
/// Together these are the minimum cuts of all price levels: the cut of a level is what lies above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Potentials {
    /// By the problem's session index.
    pub(crate) sessions: Vec<i64>,
    /// By the problem's node and slot; empty where no limit of the tree can bind.
    pub(crate) places: Vec<(u32, Vec<i64>)>,
    /// By slot.
    pub(crate) slots: Vec<i64>,
}

/// A sink that could still take energy, at a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sink {
    /// The slot could take more.
    Slot(u32),
    /// The session at this position could refuse more.
    Refusal(u32),
}

impl Network {
    /// Searches backwards from the sinks that can still take energy, the cheapest first; `sinks` is in the order of the cost
    /// (unit of the caller's choice).
    pub(crate) fn potentials(&self, sinks: &[(i64, Sink)]) -> Result<Potentials, SolveError> {
        self.by_problem(&self.worths(sinks)?)
    }

    /// The same for every session by its position, then every place.
    pub(super) fn worths(&self, sinks: &[(i64, Sink)]) -> Result<Vec<i64>, SolveError> {
        let (sessions, slots) = (self.nodes.len(), self.slots);
        let all = sessions + self.rows.parent.len() * slots;
        let mut cost: Vec<i64> = super::filled(all, i64::MIN)?;
        let mut reached: Vec<u32> = super::filled(all, UNREACHED)?;
        let mut stack: Vec<u32> = Vec::new();
        for (level, sink) in sinks {
            let start = match sink {
                Sink::Slot(slot) => sessions + *slot as usize,
                Sink::Refusal(position) => *position as usize,
            };
            stack.push(start as u32);
            while let Some(id) = stack.pop() {
                let id = id as usize;
                if reached[id] != UNREACHED {
                    continue;
                }
                reached[id] = 0;
                cost[id] = *level;
                self.for_each_before(id, |before| {
                    if reached[before] == UNREACHED {
                        stack.push(before as u32);
                    }
                });
            }
        }
        self.price_dead_ends(&mut cost, &reached);
        Ok(cost)
    }

    /// What was found by position and place, as the problem counts them.
    pub(super) fn by_problem(&self, cost: &[i64]) -> Result<Potentials, SolveError> {
        let (sessions, slots) = (self.nodes.len(), self.slots);
        let mut by_session: Vec<i64> = super::filled(sessions, 0)?;
        for (position, node) in self.nodes.iter().enumerate() {
            by_session[node.index as usize] = cost[position];
        }
        let row = |row: usize| cost[sessions + row * slots..sessions + (row + 1) * slots].to_vec();
        let places = (1..self.rows.parent.len())
            .filter_map(|r| self.rows.node[r].map(|node| (node, row(r))))
            .collect();
        Ok(Potentials { sessions: by_session, places, slots: row(0) })
    }

    /// A place from which nothing goes on (no capacity, no flow) is worth what its dearest session or place below is: then
    /// nobody would pay to get there.
    fn price_dead_ends(&self, cost: &mut [i64], reached: &[u32]) {
        let (sessions, slots) = (self.nodes.len(), self.slots);
        for (position, node) in self.nodes.iter().enumerate() {
            for slot in node.first as usize..node.end as usize {
                let place = sessions + node.row as usize * slots + slot;
                if reached[place] == UNREACHED && self.most(node, slot) > 0 {
                    cost[place] = cost[place].max(cost[position]);
                }
            }
        }
        // From the deepest row up.
        let depth = |row: usize| {
            core::iter::successors(Some(row), |r| (*r != 0).then(|| self.rows.parent[*r] as usize))
                .count()
        };
        let mut rows: Vec<usize> = (1..self.rows.parent.len()).collect();
        rows.sort_by_key(|row| core::cmp::Reverse(depth(*row)));
        for row in rows {
            for slot in 0..slots {
                let above = sessions + self.rows.parent[row] as usize * slots + slot;
                if reached[above] == UNREACHED {
                    cost[above] = cost[above].max(cost[sessions + row * slots + slot]);
                }
            }
        }
    }

    /// Every session and place from which a joule could still go to this one.
    fn for_each_before(&self, id: usize, mut found: impl FnMut(usize)) {
        let (sessions, slots) = (self.nodes.len(), self.slots);
        if id < sessions {
            // A place could take back from the session what it gave.
            let node = &self.nodes[id];
            for slot in node.first as usize..node.end as usize {
                if self.flow[node.at(slot)] > 0 {
                    found(sessions + node.row as usize * slots + slot);
                }
            }
            return;
        }
        let place = id - sessions;
        let (row, slot) = (place / slots, place % slots);
        if row > 0 && self.load[place] > 0 {
            found(sessions + self.rows.parent[row] as usize * slots + slot);
        }
        for child in self.rows.children(row) {
            let below = *child as usize * slots + slot;
            if self.load[below] < self.rows.limit[*child as usize] {
                found(sessions + below);
            }
        }
        for position in self.rows.node_begin[row] as usize..self.begun[place] as usize {
            let node = &self.nodes[position];
            if node.end as usize > slot && self.most(node, slot) > self.flow[node.at(slot)] {
                found(position);
            }
        }
    }

    /// Whether a slot does not take all yet that the limit over all sessions lets through.
    pub(crate) fn may_take_more(&self, slot: u32) -> bool {
        let slot = slot as usize;
        let fixed = self.fixed_in_slot.get(slot).copied().unwrap_or(0);
        self.capacity[slot] - self.free[slot] < self.site_limit - fixed
    }
}
