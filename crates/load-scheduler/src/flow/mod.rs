//! Maximum flow on the network source → sessions → tree of limits → slots → sink, without a single edge in memory.
//!
//! A session reaches a contiguous run of slots, and what it may take in each follows from its power and its stay. So the
//! graph is implicit: the only storage per session and slot is the flow itself, 8 bytes. Each limit of the tree is a row
//! with one place per slot; row 0 is the site, whose places drain to the sink. A session may have a private sink, too:
//! energy that is refused at a price.
//!
//! The algorithm is Dinic's (shortest augmenting paths found in layers); an augmenting path may take energy of another
//! session out of a place and move it elsewhere, but never reduces what a sink receives. Capacities of sinks can be
//! raised between two runs, and the flow found so far is kept: that is what the price levels of the cheapest plan and the
//! rising peak of the flattest one need. Everything is `i64`; the problem's ranges keep every sum inside it.

// Indices are made in this module, below the lengths they index, and sessions and places are counted by `u32`.
#![allow(clippy::indexing_slicing, clippy::cast_possible_truncation)]

mod build;
mod dual;
mod kept;
mod search;

use alloc::vec::Vec;

pub(crate) use dual::{Potentials, Sink};
pub(crate) use kept::{Kept, Tier};

use crate::solve::SolveError;

/// Label of a node that the search has not reached.
const UNREACHED: u32 = u32::MAX;
/// Label of a node that the search shall not reach.
const BLOCKED: u32 = u32::MAX - 1;
/// Sessions per block of the column search.
const BLOCK: usize = 16;

/// A session as the network sees it.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// First slot of the stay, and the slot after the last.
    first: u32,
    end: u32,
    /// The row it hangs on.
    row: u32,
    /// Where the session's flows begin in `Network::flow`.
    offset: usize,
    /// The most it can take in its first slot, in its last one, and in each between.
    in_first: i64,
    in_last: i64,
    in_between: i64,
    /// Highest price at which it draws; `i64::MAX` for any.
    ceiling: i64,
    /// Whether it has no such price and nothing is decided of it: the three capacities say all.
    is_plain: bool,
    /// Energy neither served nor refused yet.
    missing: i64,
    /// Energy refused into the private sink.
    refused: i64,
    /// Whether the private sink is open.
    refuses: bool,
    /// Energy asked for.
    energy: i64,
    /// The session's index in the problem.
    index: u32,
}

impl Node {
    /// Whether the private sink takes more (`BACK`: gives up some).
    const fn drains<const BACK: bool>(&self) -> bool {
        self.refuses && (!BACK || self.refused > 0)
    }

    fn at(&self, slot: usize) -> usize {
        self.offset + slot - self.first as usize
    }
}

/// The rows: limits of the tree that can bind, row 0 being the site.
#[derive(Debug, Clone, Default)]
struct Rows {
    /// The row above; 0 for those directly under the site, and for the site itself.
    parent: Vec<u32>,
    /// The most a place of the row can pass on; `i64::MAX` for row 0, which its places bound themselves.
    limit: Vec<i64>,
    /// Where the children of each row begin in `children`, with one more at the end.
    child_begin: Vec<u32>,
    children: Vec<u32>,
    /// Where the sessions of each row begin in `Network::nodes`, with one more at the end.
    node_begin: Vec<u32>,
    /// The problem's node that each row stands for; `None` for row 0.
    node: Vec<Option<u32>>,
}

impl Rows {
    fn children(&self, row: usize) -> &[u32] {
        &self.children[self.child_begin[row] as usize..self.child_begin[row + 1] as usize]
    }
}

/// The network with its present flow.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// Sessions by (row, first slot, end, arrival, id): a column of the flow matrix is found in a part of this order.
    nodes: Vec<Node>,
    rows: Rows,
    slots: usize,
    /// Where the sessions beginning by each slot end, in `nodes`, for every place.
    begun: Vec<u32>,
    /// Latest end within each block of `BLOCK` sessions.
    block_end: Vec<u32>,
    /// Sessions in the order in which they look for energy first: the least slack first.
    order: Vec<u32>,
    flow: Vec<i64>,
    /// What passes through the places of rows 1 and up; unused for row 0.
    load: Vec<i64>,
    /// What each slot can still take.
    free: Vec<i64>,
    capacity: Vec<i64>,
    /// The most that a slot can ever take: the limit of a root node that was merged into the site.
    site_limit: i64,
    /// Slots opened so far; the search does not look at others.
    open: Vec<bool>,
    /// Price per slot, for sessions with a ceiling.
    prices: Vec<i64>,
    /// The most of every cell of `flow`, where some are decided; empty otherwise.
    caps: Vec<i64>,
    /// What is fixed to flow in every cell, beside `flow`; empty where nothing is decided.
    fixed: Vec<i64>,
    /// The sum of what is fixed in every slot; empty where nothing is decided.
    fixed_in_slot: Vec<i64>,
    /// All sessions' energy.
    demand: i64,
    search: Search,
}

/// Working memory of one search, kept between searches. Sessions are numbered from 0, places after them.
#[derive(Debug, Clone, Default)]
struct Search {
    level: Vec<u32>,
    /// Where each session and place goes on looking in the present layering.
    cursor: Vec<u32>,
    /// Per row, the next slot at or after this one that is open and not reached yet (path-compressed).
    next: Vec<u32>,
    queue: Vec<u32>,
    path: Vec<u32>,
}

/// A minimum cut: the sessions and slots that the search still reaches when nothing more can flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Slots on the source's side, in order: all full.
    pub(crate) slots: Vec<u32>,
    /// Sessions on the source's side (indices of the problem), in order.
    pub(crate) sessions: Vec<usize>,
    /// Energy that can only be served inside these slots, as the sessions' own limits and the tree's are.
    pub(crate) must: i64,
    /// Nodes of the problem whose limit binds in the cut, in order.
    pub(crate) nodes: Vec<usize>,
}

impl Network {
    /// Opens a slot to this capacity, or raises it; a capacity never falls.
    pub(crate) fn open(&mut self, slot: u32, capacity: i64) {
        let slot = slot as usize;
        // More than all energy is never needed; so no sum of capacities is needed either.
        let fixed = self.fixed_in_slot.get(slot).copied().unwrap_or(0);
        let most = capacity.min(self.demand).min(self.site_limit - fixed);
        let raise = (most - self.capacity[slot]).max(0);
        self.capacity[slot] += raise;
        self.free[slot] += raise;
        self.open[slot] = true;
    }

    /// Decides that cells are off or on: nothing, or at least their least power. `None` if that leaves no plan at all.
    ///
    /// `decisions` holds the problem's session, the slot, whether it is on, and the least energy then.
    pub(crate) fn decide(&mut self, decisions: &[(u32, u32, bool, i64)]) -> Option<Vec<i64>> {
        let mut caps = alloc::vec![0i64; self.flow.len()];
        let mut fixed = alloc::vec![0i64; self.flow.len()];
        let mut position_of = alloc::vec![0u32; self.nodes.len()];
        for (position, node) in (0u32..).zip(&self.nodes) {
            position_of[node.index as usize] = position;
            for slot in node.first as usize..node.end as usize {
                caps[node.at(slot)] = self.most(node, slot);
            }
        }
        let mut in_slot = alloc::vec![0i64; self.slots];
        for (session, slot, on, least) in decisions {
            let slot = *slot as usize;
            let node = &mut self.nodes[position_of[*session as usize] as usize];
            let cell = node.at(slot);
            if !*on {
                caps[cell] = 0;
                continue;
            }
            if node.missing < *least || caps[cell] < *least {
                return None;
            }
            caps[cell] -= least;
            fixed[cell] = *least;
            node.missing -= least;
            in_slot[slot] += least;
            let mut row = node.row as usize;
            while row != 0 {
                let load = &mut self.load[row * self.slots + slot];
                *load += least;
                if *load > self.rows.limit[row] {
                    return None;
                }
                row = self.rows.parent[row] as usize;
            }
        }
        if in_slot.iter().any(|fixed| *fixed > self.site_limit) {
            return None;
        }
        for node in &mut self.nodes {
            node.is_plain = false;
        }
        (self.caps, self.fixed) = (caps, fixed);
        self.fixed_in_slot.clone_from(&in_slot);
        Some(in_slot)
    }

    /// Whether opening a slot further would let more through at all.
    pub(crate) fn may_open_further(&self, slot: u32) -> bool {
        let fixed = self.fixed_in_slot.get(slot as usize).copied().unwrap_or(0);
        self.capacity[slot as usize] < self.demand.min(self.site_limit - fixed)
    }

    /// What a slot was opened to.
    pub(crate) fn capacity(&self, slot: u32) -> i64 {
        self.capacity[slot as usize]
    }

    /// Lets a session (a position in `sessions()`) refuse energy: all that it misses goes there at once.
    pub(crate) fn refuse(&mut self, position: u32) {
        let node = &mut self.nodes[position as usize];
        node.refuses = true;
        node.refused += node.missing;
        node.missing = 0;
    }

    /// Makes every session (by the problem's index) ask for this much instead, which is no more than before.
    pub(crate) fn ask(&mut self, energies: &[i64]) {
        for node in &mut self.nodes {
            node.energy = energies[node.index as usize].min(node.energy);
            node.missing = node.energy;
        }
    }

    /// What every session is served, by the problem's index.
    pub(crate) fn served(&self) -> Vec<i64> {
        let mut served = alloc::vec![0; self.nodes.len()];
        for node in &self.nodes {
            served[node.index as usize] = node.energy - node.missing - node.refused;
        }
        served
    }

    /// The problem's index of every session of the network, by position.
    pub(crate) fn sessions(&self) -> impl Iterator<Item = u32> {
        self.nodes.iter().map(|node| node.index)
    }

    /// Energy neither served nor refused yet.
    pub(crate) fn missing(&self) -> i64 {
        self.nodes.iter().map(|n| n.missing).sum()
    }

    /// The cut found by the last search, which reached no sink with room.
    pub(crate) fn cut(&self) -> Cut {
        let places = self.nodes.len();
        let level = &self.search.level;
        let reached =
            |row: usize, slot: usize| level[places + row * self.slots + slot] != UNREACHED;
        let slots: Vec<u32> =
            (0..self.slots).filter(|slot| reached(0, *slot)).map(|slot| slot as u32).collect();
        let (mut sessions, mut nodes) = (Vec::new(), Vec::new());
        let mut must = 0;
        for (node, level) in self.nodes.iter().zip(level) {
            if *level == UNREACHED {
                continue;
            }
            sessions.push(node.index as usize);
            // What the session can take elsewhere; every such slot it fills to its own limit.
            let elsewhere: i64 = (node.first as usize..node.end as usize)
                .filter(|slot| !reached(node.row as usize, *slot))
                .map(|slot| self.flow[node.at(slot)])
                .sum();
            must += node.energy - elsewhere;
        }
        for row in 1..self.rows.parent.len() {
            let parent = self.rows.parent[row] as usize;
            let mut binds = false;
            for slot in 0..self.slots {
                if reached(row, slot) && !reached(parent, slot) {
                    // Full, and all of it passes on to slots outside the cut.
                    must -= self.load[row * self.slots + slot];
                    binds = true;
                }
            }
            if binds {
                nodes.extend(self.rows.node[row].map(|node| node as usize));
            }
        }
        sessions.sort_unstable();
        nodes.sort_unstable();
        Cut { slots, sessions, must, nodes }
    }

    /// The energy of every session in each slot of its stay, with what is fixed; only after [`Network::decide`].
    pub(crate) fn total_flows(&self) -> Vec<(usize, u32, Vec<i64>)> {
        let runs = self.nodes.iter().map(|node| {
            let cells = node.offset..node.offset + (node.end - node.first) as usize;
            let flows = self.flow[cells.clone()].iter().zip(&self.fixed[cells]);
            (node.index as usize, node.first, flows.map(|(a, b)| a + b).collect())
        });
        runs.collect()
    }

    /// The flow of every session: its index in the problem, its first slot, and its energy in each slot of its stay.
    pub(crate) fn flows(&self) -> impl Iterator<Item = (usize, u32, &[i64])> {
        self.nodes.iter().map(|node| {
            let length = (node.end - node.first) as usize;
            (node.index as usize, node.first, &self.flow[node.offset..node.offset + length])
        })
    }
}

/// A vector with exactly this room, or a typed error where memory does not reach.
fn reserve<T>(length: usize) -> Result<Vec<T>, SolveError> {
    let mut vector = Vec::new();
    match vector.try_reserve_exact(length) {
        Ok(()) => Ok(vector),
        Err(_) => Err(SolveError::OutOfMemory { cells: length as u64 }),
    }
}

fn filled<T: Clone>(length: usize, value: T) -> Result<Vec<T>, SolveError> {
    let mut vector = reserve(length)?;
    vector.resize(length, value);
    Ok(vector)
}
