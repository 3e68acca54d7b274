//! Maximum flow on the network source → sessions → slots → sink, without a single edge in memory.
//!
//! A session reaches a contiguous run of slots, and what it may take in each follows from its power and its stay. So the
//! graph is implicit: the only storage per session and slot is the flow itself, 8 bytes. The algorithm is Dinic's
//! (shortest augmenting paths found in layers); an augmenting path may take energy of another session out of a slot and
//! move it elsewhere, but never reduces what a slot receives. Capacities of slots can be raised between two runs, and
//! the flow found so far is kept: that is what the price levels of the cheapest plan and the rising peak of the flattest
//! one need. Everything is `i64`; the problem's ranges keep every sum inside it.

// Indices are made in this file, below the lengths they index, and sessions and slots are counted by `u32`.
#![allow(clippy::indexing_slicing, clippy::cast_possible_truncation)]

use alloc::vec::Vec;

use crate::problem::Problem;
use crate::solve::SolveError;

/// Label of a node that the search has not reached.
const UNREACHED: u32 = u32::MAX;
/// Sessions per block of the column search.
const BLOCK: usize = 16;

/// A session as the network sees it.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// First slot of the stay, and the slot after the last.
    first: u32,
    end: u32,
    /// Where the session's flows begin in `Network::flow`.
    offset: usize,
    /// The most it can take in its first slot, in its last one, and in each between.
    in_first: i64,
    in_last: i64,
    in_between: i64,
    /// Energy not yet served.
    missing: i64,
    /// Energy asked for.
    energy: i64,
    /// The session's index in the problem.
    index: u32,
}

impl Node {
    /// The most the session can take in a slot of its stay.
    fn capacity(&self, slot: usize) -> i64 {
        if slot == self.first as usize {
            self.in_first
        } else if slot + 1 == self.end as usize {
            self.in_last
        } else {
            self.in_between
        }
    }

    fn at(&self, slot: usize) -> usize {
        self.offset + slot - self.first as usize
    }
}

/// The network with its present flow.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// Sessions by (first slot, end, arrival, id): a column of the flow matrix is found in a prefix of this order.
    nodes: Vec<Node>,
    /// Where the sessions beginning in each slot end, in `nodes`.
    begun: Vec<u32>,
    /// Latest end within each block of `BLOCK` sessions.
    block_end: Vec<u32>,
    /// Sessions in the order in which they look for energy first: the least slack first.
    order: Vec<u32>,
    flow: Vec<i64>,
    /// What each slot can still take.
    free: Vec<i64>,
    capacity: Vec<i64>,
    /// Slots opened so far; the search does not look at others.
    open: Vec<bool>,
    /// All sessions' energy.
    demand: i64,
    search: Search,
}

/// Working memory of one search, kept between searches.
#[derive(Debug, Clone, Default)]
struct Search {
    node_level: Vec<u32>,
    slot_level: Vec<u32>,
    /// The next slot at or after this one that is open and not reached yet (path-compressed).
    next: Vec<u32>,
    /// Where each session and slot goes on looking in the present layering.
    node_cursor: Vec<u32>,
    slot_cursor: Vec<u32>,
    node_queue: Vec<u32>,
    slot_queue: Vec<u32>,
    path: Vec<(u32, u32)>,
}

/// A minimum cut: the sessions and slots that the search still reaches when nothing more can flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Slots on the source's side, in order: all full.
    pub(crate) slots: Vec<u32>,
    /// Sessions on the source's side (indices of the problem), in order.
    pub(crate) sessions: Vec<usize>,
    /// Energy that can only be served inside these slots, as the sessions' own limits are.
    pub(crate) must: i64,
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

impl Network {
    /// The network of a problem with every energy multiplied by `scale`, all slots closed and nothing flowing.
    pub(crate) fn new(problem: &Problem, scale: i64) -> Result<Self, SolveError> {
        let slots = problem.grid().slots() as usize;
        let mut nodes = reserve(problem.sessions().len())?;
        for (index, _) in (0u32..).zip(problem.sessions()) {
            nodes.push(node(problem, index, scale)?);
        }
        let demand = nodes.iter().try_fold(0i64, |sum, n: &Node| sum.checked_add(n.energy));
        let demand = demand.ok_or(SolveError::OutOfRange)?;
        let sessions = problem.sessions();
        nodes.sort_unstable_by_key(|n: &Node| {
            let session = &sessions[n.index as usize];
            (n.first, n.end, session.arrive, session.id)
        });
        let mut cells = 0usize;
        for node in &mut nodes {
            node.offset = cells;
            cells = cells
                .checked_add((node.end - node.first) as usize)
                .ok_or(SolveError::OutOfMemory { cells: u64::MAX })?;
        }
        let mut begun = filled(slots, 0u32)?;
        let mut count = 0u32;
        for (slot, begun) in (0u32..).zip(&mut begun) {
            while nodes.get(count as usize).is_some_and(|n| n.first <= slot) {
                count += 1;
            }
            *begun = count;
        }
        let block_end =
            nodes.chunks(BLOCK).map(|b| b.iter().map(|n| n.end).max().unwrap_or(0)).collect();
        let mut order = reserve(nodes.len())?;
        order.extend((0u32..).zip(&nodes).map(|(i, _)| i));
        order.sort_unstable_by_key(|i| {
            let node = &nodes[*i as usize];
            (node.end, slack(node), *i)
        });
        let search = Search {
            node_level: filled(nodes.len(), UNREACHED)?,
            slot_level: filled(slots, UNREACHED)?,
            next: filled(slots + 1, 0)?,
            node_cursor: filled(nodes.len(), 0)?,
            slot_cursor: filled(slots, 0)?,
            node_queue: reserve(nodes.len())?,
            slot_queue: reserve(slots)?,
            path: Vec::new(),
        };
        Ok(Self {
            flow: filled(cells, 0i64)?,
            free: filled(slots, 0i64)?,
            capacity: filled(slots, 0i64)?,
            demand,
            open: filled(slots, false)?,
            nodes,
            begun,
            block_end,
            order,
            search,
        })
    }

    /// Opens a slot to this capacity, or raises it; a capacity never falls.
    pub(crate) fn open(&mut self, slot: u32, capacity: i64) {
        let slot = slot as usize;
        // More than all energy is never needed; so no sum of capacities is needed either.
        let raise = (capacity.min(self.demand) - self.capacity[slot]).max(0);
        self.capacity[slot] += raise;
        self.free[slot] += raise;
        self.open[slot] = true;
    }

    /// Energy not served yet.
    pub(crate) fn missing(&self) -> i64 {
        self.nodes.iter().map(|n| n.missing).sum()
    }

    /// Augments until nothing more can flow.
    pub(crate) fn augment(&mut self) {
        while let Some(sink) = self.layer() {
            self.block(sink);
        }
    }

    /// Layers the nodes by distance from the sessions that miss energy; the layer of the nearest slot with room, if any.
    fn layer(&mut self) -> Option<u32> {
        let Self { nodes, begun, block_end, order, flow, free, open, search, .. } = self;
        let slots = free.len();
        search.node_level.fill(UNREACHED);
        search.slot_level.fill(UNREACHED);
        for (slot, next) in (0u32..).zip(&mut search.next) {
            let closed = open.get(slot as usize).is_some_and(|open| !open);
            *next = slot + u32::from(closed);
        }
        search.node_queue.clear();
        for node in order.iter() {
            if nodes[*node as usize].missing > 0 {
                search.node_level[*node as usize] = 0;
                search.node_queue.push(*node);
            }
        }
        let mut level = 0;
        loop {
            search.slot_queue.clear();
            let mut reached_sink = false;
            for index in &search.node_queue {
                let node = &nodes[*index as usize];
                let end = node.end as usize;
                let mut slot = find(&mut search.next, node.first as usize);
                while slot < end {
                    if node.capacity(slot) > flow[node.at(slot)] {
                        search.slot_level[slot] = level + 1;
                        search.slot_cursor[slot] = 0;
                        search.next[slot] = slot as u32 + 1;
                        search.slot_queue.push(slot as u32);
                        reached_sink |= free[slot] > 0;
                    }
                    slot = find(&mut search.next, slot + 1);
                }
            }
            if reached_sink {
                for (cursor, node) in search.node_cursor.iter_mut().zip(nodes.iter()) {
                    *cursor = node.first;
                }
                return Some(level + 1);
            }
            if search.slot_queue.is_empty() {
                return None;
            }
            level += 2;
            search.node_queue.clear();
            for slot in &search.slot_queue {
                let slot = *slot as usize;
                debug_assert!(slot < slots);
                let mut position = 0;
                while let Some(found) =
                    giver(nodes, block_end, flow, begun[slot], slot, position, |i| {
                        search.node_level[i] == UNREACHED
                    })
                {
                    search.node_level[found] = level;
                    search.node_queue.push(found as u32);
                    position = found + 1;
                }
            }
            if search.node_queue.is_empty() {
                return None;
            }
        }
    }

    /// Sends along the layers until every path through them is blocked.
    fn block(&mut self, sink: u32) {
        for position in 0..self.order.len() {
            let source = self.order[position] as usize;
            while self.nodes[source].missing > 0 {
                let sent = self.send_from(source, sink);
                if sent == 0 {
                    break;
                }
            }
        }
    }

    /// Sends along one path from a session to a slot with room; zero if there is none left in this layering.
    fn send_from(&mut self, source: usize, sink: u32) -> i64 {
        let Self { nodes, begun, block_end, flow, free, search, .. } = self;
        search.path.clear();
        let mut current = source;
        'walk: loop {
            // From a session on to a slot of the next layer.
            let node = &nodes[current];
            let level = search.node_level[current] + 1;
            let mut slot = search.node_cursor[current] as usize;
            while slot < node.end as usize {
                let enters =
                    search.slot_level[slot] == level && node.capacity(slot) > flow[node.at(slot)];
                if enters {
                    if free[slot] > 0 {
                        search.node_cursor[current] = slot as u32;
                        search.path.push((current as u32, slot as u32));
                        break 'walk;
                    }
                    if level < sink {
                        // Through the slot to a session of the next layer that can give way there.
                        let cursor = search.slot_cursor[slot] as usize;
                        let next = giver(nodes, block_end, flow, begun[slot], slot, cursor, |i| {
                            search.node_level[i] == level + 1
                        });
                        if let Some(next) = next {
                            search.slot_cursor[slot] = next as u32;
                            search.node_cursor[current] = slot as u32;
                            search.path.push((current as u32, slot as u32));
                            current = next;
                            continue 'walk;
                        }
                    }
                    // Nothing leads on from this slot in this layering.
                    search.slot_level[slot] = UNREACHED;
                }
                slot += 1;
            }
            // A dead end: step back to the slot before and try its next session.
            search.node_cursor[current] = node.end;
            search.node_level[current] = UNREACHED;
            let Some((before, _)) = search.path.pop() else { return 0 };
            current = before as usize;
        }
        // The path alternates sessions and slots; each later session gives way in the slot before it.
        let mut sent = nodes[source].missing;
        let mut left: Option<usize> = None;
        for (index, slot) in &search.path {
            let (node, slot) = (&nodes[*index as usize], *slot as usize);
            if let Some(left) = left {
                sent = sent.min(flow[node.at(left)]);
            }
            sent = sent.min(node.capacity(slot) - flow[node.at(slot)]);
            left = Some(slot);
        }
        if let Some(last) = left {
            sent = sent.min(free[last]);
            free[last] -= sent;
        }
        let mut left: Option<usize> = None;
        for (index, slot) in &search.path {
            let (node, slot) = (&nodes[*index as usize], *slot as usize);
            if let Some(left) = left {
                flow[node.at(left)] -= sent;
            }
            flow[node.at(slot)] += sent;
            left = Some(slot);
        }
        nodes[source].missing -= sent;
        sent
    }

    /// The cut found by the last search, which reached no slot with room.
    pub(crate) fn cut(&self) -> Cut {
        let reached = |slot: usize| self.search.slot_level[slot] != UNREACHED;
        let slots = (0u32..)
            .zip(&self.search.slot_level)
            .filter_map(|(slot, level)| (*level != UNREACHED).then_some(slot))
            .collect();
        let mut sessions = Vec::new();
        let mut must = 0;
        for (node, level) in self.nodes.iter().zip(&self.search.node_level) {
            if *level == UNREACHED {
                continue;
            }
            sessions.push(node.index as usize);
            // What the session can take elsewhere; every such slot it fills to its own limit.
            let elsewhere: i64 = (node.first as usize..node.end as usize)
                .filter(|slot| !reached(*slot))
                .map(|slot| self.flow[node.at(slot)])
                .sum();
            must += node.energy - elsewhere;
        }
        sessions.sort_unstable();
        Cut { slots, sessions, must }
    }

    /// The flow of every session: its index in the problem, its first slot, and its energy in each slot of its stay.
    pub(crate) fn flows(&self) -> impl Iterator<Item = (usize, u32, &[i64])> {
        self.nodes.iter().map(|node| {
            let length = (node.end - node.first) as usize;
            (node.index as usize, node.first, &self.flow[node.offset..node.offset + length])
        })
    }
}

/// The session as a node; one that can draw nothing gets an empty run of slots.
fn node(problem: &Problem, index: u32, scale: i64) -> Result<Node, SolveError> {
    let grid = problem.grid();
    let session = &problem.sessions()[index as usize];
    let energy = session.energy.raw().checked_mul(scale).ok_or(SolveError::OutOfRange)?;
    let (begin, end) = grid.clip(session);
    let length = grid.slot_length().raw();
    let power = session.max_power.raw();
    let mut node = Node {
        first: 0,
        end: 0,
        offset: 0,
        in_first: 0,
        in_last: 0,
        in_between: 0,
        missing: energy,
        energy,
        index,
    };
    if begin == end || power == 0 || energy == 0 {
        return Ok(node);
    }
    // Slots are counted by a u32, so these quotients fit.
    let slot_of = |time: i64| u32::try_from(time / length).unwrap_or(u32::MAX);
    node.first = slot_of(begin);
    node.end = slot_of(end - 1) + 1;
    let first_end = (i64::from(node.first) + 1) * length;
    let last_begin = (i64::from(node.end) - 1) * length;
    // No more than the whole energy is ever needed in a slot: this keeps scaled values inside an i64.
    let reach = |seconds: i64| {
        let reach = i128::from(power) * i128::from(seconds) * i128::from(scale);
        i64::try_from(reach).map_or(energy, |reach| reach.min(energy))
    };
    node.in_between = reach(length);
    node.in_first = reach(first_end.min(end) - begin);
    node.in_last = reach(end - last_begin.max(begin));
    Ok(node)
}

/// Energy that the stay could take beyond what is asked: the less, the sooner the session must look.
fn slack(node: &Node) -> i64 {
    let between = i64::from((node.end - node.first).saturating_sub(2));
    node.in_between
        .saturating_mul(between)
        .saturating_add(node.in_first)
        .saturating_add(node.in_last)
        .saturating_sub(node.energy)
}

/// The next session from `position` on that takes energy in this slot and is wanted.
fn giver(
    nodes: &[Node],
    block_end: &[u32],
    flow: &[i64],
    begun: u32,
    slot: usize,
    position: usize,
    wanted: impl Fn(usize) -> bool,
) -> Option<usize> {
    let begun = begun as usize;
    let mut position = position;
    while position < begun {
        let block = position / BLOCK;
        let stop = begun.min((block + 1) * BLOCK);
        if block_end[block] as usize > slot {
            for (i, node) in (position..stop).zip(&nodes[position..stop]) {
                if node.end as usize > slot && wanted(i) && flow[node.at(slot)] > 0 {
                    return Some(i);
                }
            }
        }
        position = stop;
    }
    None
}

/// The next open, unreached slot at or after this one; halves the path on the way.
fn find(next: &mut [u32], slot: usize) -> usize {
    let mut slot = slot;
    loop {
        let parent = next[slot] as usize;
        if parent == slot {
            return slot;
        }
        let grandparent = next[parent];
        next[slot] = grandparent;
        slot = grandparent as usize;
    }
}
