//! Dinic's two halves: layers by distance, and paths through them.
//!
//! A search goes forward, from a session to sinks with room, or back (`BACK`), from sinks that give up energy to a session:
//! the same walk from the session, in the network in which what flows and what could still flow have changed places.

use super::{BLOCK, Network, Node, Search, UNREACHED};

/// Where a walk goes from a session or a place.
enum Step {
    /// To a sink.
    Sink,
    /// On to this session or place.
    To(usize),
    /// Nowhere in this layering.
    DeadEnd,
}

impl Network {
    /// Augments until nothing more can flow.
    pub(crate) fn augment(&mut self) {
        loop {
            self.begin_search();
            for node in &self.order {
                if self.nodes[*node as usize].missing > 0 {
                    self.search.level[*node as usize] = 0;
                    self.search.queue.push(*node);
                }
            }
            let Some(sink) = self.layer::<false>() else { return };
            for position in 0..self.order.len() {
                let source = self.order[position] as usize;
                loop {
                    let missing = self.nodes[source].missing;
                    if missing == 0 {
                        break;
                    }
                    let sent = self.send_from::<false>(source, sink, missing);
                    self.nodes[source].missing -= sent;
                    if sent == 0 {
                        break;
                    }
                }
            }
        }
    }

    /// The most that a session can take in a slot of its stay.
    pub(super) fn most(&self, node: &Node, slot: usize) -> i64 {
        if !node.is_plain {
            if !self.caps.is_empty() {
                return self.caps[node.at(slot)];
            }
            if node.ceiling < self.prices[slot] {
                return 0;
            }
        }
        if slot == node.first as usize {
            node.in_first
        } else if slot + 1 == node.end as usize {
            node.in_last
        } else {
            node.in_between
        }
    }

    /// Forgets what the last search reached.
    pub(super) fn begin_search(&mut self) {
        let mut search = core::mem::take(&mut self.search);
        search.level.fill(UNREACHED);
        for (row, next) in search.next.chunks_exact_mut(self.slots + 1).enumerate() {
            if self.is_small(row) {
                continue;
            }
            for (slot, next) in next.iter_mut().enumerate() {
                let closed = self.open.get(slot).is_some_and(|open| !open);
                *next = slot as u32 + u32::from(closed);
            }
        }
        search.queue.clear();
        self.search = search;
    }

    /// What can still go from a session to its place in a slot.
    fn spare<const BACK: bool>(&self, node: &Node, slot: usize) -> i64 {
        let flow = self.flow[node.at(slot)];
        if BACK { flow } else { self.most(node, slot) - flow }
    }

    /// What a place could take back from a session.
    fn taken<const BACK: bool>(&self, node: &Node, slot: usize) -> i64 {
        let flow = self.flow[node.at(slot)];
        if BACK { self.most(node, slot) - flow } else { flow }
    }

    /// What a place of a row below the site can still pass on.
    fn spare_load<const BACK: bool>(&self, row: usize, slot: usize) -> i64 {
        let load = self.load[row * self.slots + slot];
        if BACK { load } else { self.rows.limit[row] - load }
    }

    /// Layers sessions and places by distance from those in the queue; the layer of the nearest sink with room, if any.
    pub(super) fn layer<const BACK: bool>(&mut self) -> Option<u32> {
        let mut search = core::mem::take(&mut self.search);
        let sessions = self.nodes.len();
        let (mut begin, mut level) = (0, 0);
        let mut sink = None;
        while begin < search.queue.len() && sink.is_none() {
            let end = search.queue.len();
            let mut reached_sink = false;
            for position in begin..end {
                let id = search.queue[position] as usize;
                reached_sink |= self.reach_from::<BACK>(id, level, &mut search);
            }
            if reached_sink {
                for (cursor, node) in search.cursor.iter_mut().zip(&self.nodes) {
                    *cursor = node.first;
                }
                search.cursor[sessions..].fill(0);
                sink = Some(level);
            }
            begin = end;
            level += 1;
        }
        self.search = search;
        sink
    }

    /// The row and the slot of a place; most are the site's own.
    fn row_and_slot(&self, place: usize) -> (usize, usize) {
        if place < self.slots {
            return (0, place);
        }
        // In 32 bits, which all places fit into: half the time of 64.
        let (place, slots) = (place as u32, self.slots as u32);
        ((place / slots) as usize, (place % slots) as usize)
    }

    /// Whether a row has so few sessions that looking at every slot is quicker than keeping track of the reached ones.
    fn is_small(&self, row: usize) -> bool {
        self.rows.node_begin[row + 1] - self.rows.node_begin[row] <= 6
    }

    /// Labels and queues what can be reached from a session or place; whether it has a sink of its own.
    pub(super) fn reach_from<const BACK: bool>(
        &self,
        id: usize,
        level: u32,
        search: &mut Search,
    ) -> bool {
        match id.checked_sub(self.nodes.len()) {
            None => self.reach_from_session::<BACK>(id, level, search),
            Some(place) => self.reach_from_place::<BACK>(place, level, search),
        }
    }

    /// Labels what a session can go on to; whether it has a sink of its own.
    fn reach_from_session<const BACK: bool>(
        &self,
        id: usize,
        level: u32,
        search: &mut Search,
    ) -> bool {
        let node = &self.nodes[id];
        let row = node.row as usize;
        let first_place = self.nodes.len() + row * self.slots;
        let next = &mut search.next[row * (self.slots + 1)..(row + 1) * (self.slots + 1)];
        let end = node.end as usize;
        if self.is_small(row) {
            for slot in node.first as usize..end {
                if self.open[slot]
                    && search.level[first_place + slot] == UNREACHED
                    && self.spare::<BACK>(node, slot) > 0
                {
                    search.level[first_place + slot] = level + 1;
                    search.queue.push((first_place + slot) as u32);
                }
            }
            return node.drains::<BACK>();
        }
        let mut slot = find(next, node.first as usize);
        while slot < end {
            if self.spare::<BACK>(node, slot) > 0 {
                search.level[first_place + slot] = level + 1;
                next[slot] = slot as u32 + 1;
                search.queue.push((first_place + slot) as u32);
            }
            slot = find(next, slot + 1);
        }
        node.drains::<BACK>()
    }

    /// Labels what a place can pass energy on to; whether it drains to the sink itself.
    fn reach_from_place<const BACK: bool>(
        &self,
        place: usize,
        level: u32,
        search: &mut Search,
    ) -> bool {
        let (sessions, slots) = (self.nodes.len(), self.slots);
        let (row, slot) = self.row_and_slot(place);
        if row == 0 && self.free[slot] > 0 {
            return true;
        }
        let mut label = |row: usize| {
            let id = sessions + row * slots + slot;
            if search.level[id] == UNREACHED {
                search.level[id] = level + 1;
                search.next[row * (slots + 1) + slot] = slot as u32 + 1;
                search.queue.push(id as u32);
            }
        };
        if row > 0 && self.spare_load::<BACK>(row, slot) > 0 {
            label(self.rows.parent[row] as usize);
        }
        for child in self.rows.children(row) {
            if self.spare_load::<BACK>(*child as usize, slot) < self.rows.limit[*child as usize] {
                label(*child as usize);
            }
        }
        let mut position = self.rows.node_begin[row] as usize;
        let levels = &mut search.level;
        while let Some(found) =
            self.giver::<BACK>(place, slot, position, |i| levels[i] == UNREACHED)
        {
            levels[found] = level + 1;
            search.queue.push(found as u32);
            position = found + 1;
        }
        false
    }

    /// Sends at most so much along one path from a session or place to a sink with room; zero if there is none left in this
    /// layering.
    pub(super) fn send_from<const BACK: bool>(
        &mut self,
        source: usize,
        sink: u32,
        most: i64,
    ) -> i64 {
        self.search.path.clear();
        let mut current = source;
        loop {
            match self.step::<BACK>(current, sink) {
                Step::Sink => break,
                Step::To(next) => {
                    self.search.path.push(current as u32);
                    current = next;
                }
                Step::DeadEnd => {
                    self.search.level[current] = UNREACHED;
                    let Some(before) = self.search.path.pop() else { return 0 };
                    current = before as usize;
                }
            }
        }
        self.search.path.push(current as u32);
        self.push_along_path::<BACK>(most)
    }

    /// Where to go from a session or place, by the layers; goes on where it stopped last time.
    fn step<const BACK: bool>(&mut self, current: usize, sink: u32) -> Step {
        let level = self.search.level[current];
        let (sessions, slots) = (self.nodes.len(), self.slots);
        if current < sessions {
            let node = &self.nodes[current];
            if node.drains::<BACK>() {
                return Step::Sink;
            }
            let first_place = sessions + node.row as usize * slots;
            for slot in self.search.cursor[current] as usize..node.end as usize {
                if level < sink
                    && self.search.level[first_place + slot] == level + 1
                    && self.spare::<BACK>(node, slot) > 0
                {
                    self.search.cursor[current] = slot as u32;
                    return Step::To(first_place + slot);
                }
            }
            self.search.cursor[current] = node.end;
            return Step::DeadEnd;
        }
        let place = current - sessions;
        let (row, slot) = self.row_and_slot(place);
        if row == 0 && self.free[slot] > 0 {
            return Step::Sink;
        }
        if level >= sink {
            return Step::DeadEnd;
        }
        // The cursor counts: the row above, then the rows below, then the sessions.
        let mut cursor = self.search.cursor[current] as usize;
        let up = sessions + self.rows.parent[row] as usize * slots + slot;
        if cursor == 0 {
            if row > 0
                && self.search.level[up] == level + 1
                && self.spare_load::<BACK>(row, slot) > 0
            {
                return Step::To(up);
            }
            cursor = 1;
        }
        let children = self.rows.children(row);
        while let Some(child) = children.get(cursor - 1) {
            let below = *child as usize * slots + slot;
            let child = *child as usize;
            if self.search.level[sessions + below] == level + 1
                && self.spare_load::<BACK>(child, slot) < self.rows.limit[child]
            {
                self.search.cursor[current] = cursor as u32;
                return Step::To(sessions + below);
            }
            cursor += 1;
        }
        let skipped = 1 + children.len();
        let begin = self.rows.node_begin[row] as usize + cursor - skipped;
        let levels = &self.search.level;
        let found = self.giver::<BACK>(place, slot, begin, |i| levels[i] == level + 1);
        let stop = found.unwrap_or(self.begun[place] as usize);
        self.search.cursor[current] =
            (stop.max(begin) - self.rows.node_begin[row] as usize + skipped) as u32;
        found.map_or(Step::DeadEnd, Step::To)
    }

    /// Sends what the narrowest step of the path allows, at most so much.
    fn push_along_path<const BACK: bool>(&mut self, most: i64) -> i64 {
        let path = core::mem::take(&mut self.search.path);
        let mut sent = most;
        for pair in path.windows(2) {
            if let [from, to] = *pair {
                sent = sent.min(self.residual::<BACK>(from as usize, to as usize));
            }
        }
        let last = path.last().map_or(0, |last| *last as usize);
        if let Some(slot) = last.checked_sub(self.nodes.len()) {
            sent = sent.min(self.free[slot]);
            self.free[slot] -= sent;
        } else if BACK {
            sent = sent.min(self.nodes[last].refused);
            self.nodes[last].refused -= sent;
        } else {
            self.nodes[last].refused += sent;
        }
        let signed = if BACK { -sent } else { sent };
        for pair in path.windows(2) {
            if let [from, to] = *pair {
                *self.carried(from as usize, to as usize).0 += signed * self.direction(from, to);
            }
        }
        self.search.path = path;
        sent
    }

    /// What can still go from one session or place to the next.
    fn residual<const BACK: bool>(&mut self, from: usize, to: usize) -> i64 {
        let forward = self.direction(from as u32, to as u32) > 0;
        let (carried, most) = self.carried(from, to);
        if forward != BACK { most - *carried } else { *carried }
    }

    /// 1 where the step goes the way that energy goes, -1 where it takes energy back.
    fn direction(&self, from: u32, to: u32) -> i64 {
        let sessions = self.nodes.len() as u32;
        let is_forward = if from < sessions || to < sessions {
            from < sessions
        } else {
            let rows = |id: u32| ((id - sessions) as usize / self.slots) as u32;
            let (from, to) = (rows(from), rows(to));
            from != 0 && self.rows.parent[from as usize] == to
        };
        if is_forward { 1 } else { -1 }
    }

    /// What flows between a session and a place or between two places, and the most that can.
    fn carried(&mut self, from: usize, to: usize) -> (&mut i64, i64) {
        let (sessions, slots) = (self.nodes.len(), self.slots);
        if from < sessions || to < sessions {
            let (session, place) = if from < sessions { (from, to) } else { (to, from) };
            let node = &self.nodes[session];
            let slot = place - sessions - node.row as usize * slots;
            let most = self.most(node, slot);
            return (&mut self.flow[node.at(slot)], most);
        }
        let (from, to) = (from - sessions, to - sessions);
        let (from_row, to_row) = (from / slots, to / slots);
        let is_up = from_row != 0 && self.rows.parent[from_row] as usize == to_row;
        let (below, row) = if is_up { (from, from_row) } else { (to, to_row) };
        (&mut self.load[below], self.rows.limit[row])
    }

    /// The next session of a place's row from `position` on that takes energy in this slot and is wanted.
    fn giver<const BACK: bool>(
        &self,
        place: usize,
        slot: usize,
        position: usize,
        wanted: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let begun = self.begun[place] as usize;
        let mut position = position;
        while position < begun {
            let block = position / BLOCK;
            let stop = begun.min((block + 1) * BLOCK);
            if self.block_end[block] as usize > slot {
                for (i, node) in (position..stop).zip(&self.nodes[position..stop]) {
                    if node.end as usize > slot && wanted(i) && self.taken::<BACK>(node, slot) > 0 {
                        return Some(i);
                    }
                }
            }
            position = stop;
        }
        None
    }
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
