//! From a problem to its network: sessions with their capacities, and the limits of the tree that can bind.

use alloc::vec::Vec;

use super::{BLOCK, BLOCKED, Network, Node, Rows, Search, UNREACHED, filled, reserve};
use crate::problem::Problem;
use crate::session::{Session, SessionId};
use crate::solve::SolveError;
use crate::units::Seconds;

impl Network {
    /// The network of a problem with every energy multiplied by `scale`, all slots closed and nothing flowing.
    pub(crate) fn new(problem: &Problem, scale: i64) -> Result<Self, SolveError> {
        Self::build(problem, scale, false)
    }

    /// The network of a problem that will change: no capacity is cut to what the present sessions ask for, and every limit
    /// has its row whether the present sessions can reach it or not.
    pub(crate) fn to_keep(problem: &Problem) -> Result<Self, SolveError> {
        Self::build(problem, 1, true)
    }

    fn build(problem: &Problem, scale: i64, is_kept: bool) -> Result<Self, SolveError> {
        let slots = problem.grid().slots() as usize;
        let mut nodes = reserve(problem.sessions().len())?;
        for (index, _) in (0u32..).zip(problem.sessions()) {
            nodes.push(node(problem, index, scale, is_kept)?);
        }
        let demand = nodes.iter().try_fold(0i64, |sum, n: &Node| sum.checked_add(n.energy));
        let demand = demand.ok_or(SolveError::OutOfRange)?;
        let (rows, row_of_node, site_limit) = rows(problem, scale, demand, is_kept);
        for node in &mut nodes {
            let at = problem.tree().of_session[node.index as usize];
            node.row = at.map_or(0, |at| row_of_node[at as usize]);
        }
        let sessions = problem.sessions();
        nodes.sort_unstable_by_key(|n: &Node| place_of(n, &sessions[n.index as usize]));
        let mut cells = 0usize;
        for node in &mut nodes {
            node.offset = cells;
            cells = cells
                .checked_add((node.end - node.first) as usize)
                .ok_or(SolveError::OutOfMemory { cells: u64::MAX })?;
        }
        let places = places(&nodes, &rows, slots)?;
        let (rows, begun) = with_columns(rows, &nodes, slots, places)?;
        let block_end = nodes.chunks(BLOCK).map(latest_end).collect();
        let mut order = reserve(nodes.len())?;
        order.extend((0u32..).zip(&nodes).map(|(i, _)| i));
        order.sort_unstable_by_key(|i| {
            let node = &nodes[*i as usize];
            (node.end, slack(node), *i)
        });
        let search = Search {
            level: filled(nodes.len() + places, UNREACHED)?,
            cursor: filled(nodes.len() + places, 0)?,
            next: filled(rows.parent.len() * (slots + 1), 0)?,
            queue: reserve(nodes.len() + places)?,
            path: Vec::new(),
        };
        Ok(Self {
            flow: filled(cells, 0i64)?,
            load: filled(places, 0i64)?,
            free: filled(slots, 0i64)?,
            capacity: filled(slots, 0i64)?,
            site_limit,
            demand,
            open: filled(slots, false)?,
            caps: Vec::new(),
            fixed: Vec::new(),
            fixed_in_slot: Vec::new(),
            prices: (0..problem.grid().slots()).map(|slot| problem.price(slot).raw()).collect(),
            nodes,
            rows,
            slots,
            begun,
            block_end,
            order,
            search,
        })
    }
}

/// What orders the sessions of a network.
fn place_of(node: &Node, session: &Session) -> (u32, u32, u32, Seconds, SessionId) {
    (node.row, node.first, node.end, session.arrive, session.id)
}

fn latest_end(block: &[Node]) -> u32 {
    block.iter().map(|node| node.end).max().unwrap_or(0)
}

/// Sessions that come and go in a network that is kept.
impl Network {
    /// Makes room for the problem's last session, which has nothing yet; its position.
    pub(super) fn insert(&mut self, problem: &Problem) -> Result<usize, SolveError> {
        let index = problem.sessions().len().saturating_sub(1);
        let mut node = node(problem, index as u32, 1, true)?;
        node.missing = 0;
        node.row = problem.tree().of_session[index].map_or(0, |at| {
            let is_row = |row: &usize| self.rows.node[*row] == Some(at);
            (1..self.rows.node.len()).find(is_row).map_or(0, |row| row as u32)
        });
        let cells = (node.end - node.first) as usize;
        if self.nodes.len() + self.load.len() + 1 >= BLOCKED as usize {
            return Err(SolveError::OutOfMemory { cells: u64::MAX });
        }
        let no_memory = |_| SolveError::OutOfMemory { cells: cells as u64 };
        self.flow.try_reserve(cells).map_err(no_memory)?;
        node.offset = self.flow.len();
        self.flow.resize(node.offset + cells, 0);
        let sessions = problem.sessions();
        let wanted = place_of(&node, &sessions[index]);
        let before = |n: &Node| place_of(n, &sessions[n.index as usize]) < wanted;
        let position = self.nodes.partition_point(before);
        self.nodes.insert(position, node);
        self.search.level.push(UNREACHED);
        self.search.cursor.push(0);
        self.shift_columns(&node, position, 1);
        Ok(position)
    }

    /// Forgets the session at a position; all it had must have been taken from it.
    pub(super) fn remove(&mut self, position: usize) {
        let node = self.nodes.remove(position);
        let cells = (node.end - node.first) as usize;
        self.flow.drain(node.offset..node.offset + cells);
        for other in &mut self.nodes {
            if other.offset > node.offset {
                other.offset -= cells;
            }
            if other.index > node.index {
                other.index -= 1;
            }
        }
        self.search.level.pop();
        self.search.cursor.pop();
        self.shift_columns(&node, position, 1u32.wrapping_neg());
    }

    /// Counts one session more or less (`by`, wrapping) in all columns that its place in the order has to do with.
    fn shift_columns(&mut self, node: &Node, position: usize, by: u32) {
        let row = node.row as usize;
        for begin in &mut self.rows.node_begin[row + 1..] {
            *begin = begin.wrapping_add(by);
        }
        for begun in &mut self.begun[row * self.slots + node.first as usize..(row + 1) * self.slots]
        {
            *begun = begun.wrapping_add(by);
        }
        for begun in &mut self.begun[(row + 1) * self.slots..] {
            *begun = begun.wrapping_add(by);
        }
        let block = position / BLOCK;
        self.block_end.truncate(block);
        self.block_end.extend(self.nodes[block * BLOCK..].chunks(BLOCK).map(latest_end));
    }
}

/// Number of places; everything is counted by a `u32`.
fn places(nodes: &[Node], rows: &Rows, slots: usize) -> Result<usize, SolveError> {
    let places = rows.parent.len().checked_mul(slots);
    let all = places.and_then(|places| places.checked_add(nodes.len()));
    match (places, all.and_then(|all| u32::try_from(all).ok())) {
        (Some(places), Some(all)) if all < BLOCKED => Ok(places),
        _ => Err(SolveError::OutOfMemory { cells: u64::MAX }),
    }
}

/// Where the sessions of each row begin, and for every place, where those begun by then end.
fn with_columns(
    mut rows: Rows,
    nodes: &[Node],
    slots: usize,
    places: usize,
) -> Result<(Rows, Vec<u32>), SolveError> {
    let mut begun = filled(places, 0u32)?;
    let mut count = 0u32;
    for row in 0..rows.parent.len() {
        rows.node_begin.push(count);
        for (slot, begun) in (0u32..).zip(&mut begun[row * slots..(row + 1) * slots]) {
            let is_begun = |n: &Node| n.row as usize == row && n.first <= slot;
            while nodes.get(count as usize).is_some_and(is_begun) {
                count += 1;
            }
            *begun = count;
        }
    }
    rows.node_begin.push(count);
    Ok((rows, begun))
}

/// The rows, the row that each node of the problem belongs to, and what bounds every slot of the site.
///
/// A limit that its sessions cannot reach together gets no row, nor does a node above all sessions: it bounds the site.
fn rows(problem: &Problem, scale: i64, demand: i64, is_kept: bool) -> (Rows, Vec<u32>, i64) {
    let tree = problem.tree();
    let count = problem.nodes().len();
    let length = i128::from(problem.grid().slot_length().raw());
    // All sessions' power below each node.
    let mut below = alloc::vec![0i128; count];
    let mut with_sessions = alloc::vec![0usize; count];
    for (index, session) in problem.sessions().iter().enumerate() {
        for node in tree.path(index) {
            below[node as usize] += i128::from(session.max_power.raw());
            with_sessions[node as usize] += 1;
        }
    }
    let limit_of = |node: usize| {
        let limit = effective_limit(problem, node);
        let energy = i128::from(limit) * length * i128::from(scale);
        let most = if is_kept { i64::MAX } else { demand };
        i64::try_from(energy).map_or(most, |energy| energy.min(most))
    };
    let mut site_limit = i64::MAX;
    let mut is_row = alloc::vec![false; count];
    for node in 0..count {
        let binds = is_kept || i128::from(effective_limit(problem, node)) < below[node];
        if !is_kept && binds && with_sessions[node] == problem.sessions().len() {
            site_limit = site_limit.min(limit_of(node));
        } else {
            is_row[node] = binds;
        }
    }
    let mut rows = Rows {
        parent: alloc::vec![0],
        limit: alloc::vec![i64::MAX],
        node: alloc::vec![None],
        ..Rows::default()
    };
    let mut row_of_node = alloc::vec![0u32; count];
    for node in (0..count).filter(|node| is_row[*node]) {
        row_of_node[node] = rows.node.len() as u32;
        rows.node.push(Some(node as u32));
        rows.limit.push(limit_of(node));
    }
    // A node without a row stands for the next one above that has one.
    let nearest = |node: u32| {
        let mut above =
            core::iter::successors(Some(node), |n| tree.parent[*n as usize]).map(|n| n as usize);
        above.find(|n| is_row[*n]).map_or(0, |n| row_of_node[n])
    };
    let resolved: Vec<u32> = (0..count as u32).map(nearest).collect();
    for row in 1..rows.node.len() {
        let above = rows.node[row].and_then(|node| tree.parent[node as usize]);
        rows.parent.push(above.map_or(0, |node| resolved[node as usize]));
    }
    let mut children: Vec<u32> = (1..rows.parent.len() as u32).collect();
    children.sort_by_key(|row| rows.parent[*row as usize]);
    for row in 0..=rows.parent.len() as u32 {
        let begin = children.partition_point(|child| rows.parent[*child as usize] < row);
        rows.child_begin.push(begin as u32);
    }
    rows.children = children;
    (rows, resolved, site_limit)
}

/// A node's limit, with its phase limit where all three phases below it are loaded alike.
fn effective_limit(problem: &Problem, node: usize) -> i64 {
    let node = &problem.nodes()[node];
    let by_phase = node.phase_limit.map_or(i64::MAX, |limit| 3 * limit.raw());
    node.limit.raw().min(by_phase)
}

/// The session as a node; one that can draw nothing gets an empty run of slots.
fn node(problem: &Problem, index: u32, scale: i64, is_kept: bool) -> Result<Node, SolveError> {
    let grid = problem.grid();
    let session = &problem.sessions()[index as usize];
    let energy = session.energy_at_meter().raw().checked_mul(scale);
    let energy = energy.ok_or(SolveError::OutOfRange)?;
    let (begin, end) = grid.clip(session);
    let length = grid.slot_length().raw();
    let power = session.max_power.raw();
    let mut node = Node {
        first: 0,
        end: 0,
        row: 0,
        offset: 0,
        in_first: 0,
        in_last: 0,
        in_between: 0,
        ceiling: session.price_ceiling.map_or(i64::MAX, |ceiling| ceiling.raw()),
        is_plain: session.price_ceiling.is_none(),
        missing: energy,
        refused: 0,
        refuses: false,
        energy,
        index,
    };
    if begin == end || power == 0 || (energy == 0 && !is_kept) {
        return Ok(node);
    }
    // Slots are counted by a u32, so these quotients fit.
    let slot_of = |time: i64| u32::try_from(time / length).unwrap_or(u32::MAX);
    node.first = slot_of(begin);
    node.end = slot_of(end - 1) + 1;
    let first_end = (i64::from(node.first) + 1) * length;
    let last_begin = (i64::from(node.end) - 1) * length;
    // No more than the whole energy is ever needed in a slot: this keeps scaled values inside an i64.
    let most = if is_kept { i64::MAX } else { energy };
    let reach = |seconds: i64| {
        let reach = i128::from(power) * i128::from(seconds) * i128::from(scale);
        i64::try_from(reach).map_or(most, |reach| reach.min(most))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Grid;
    use crate::units::{Joules, Watts};

    /// Nothing but the flow itself grows with sessions times slots, and that by 8 bytes each.
    #[test]
    fn a_session_slot_takes_eight_bytes() {
        let bytes = |cars: u64, slots: u32| {
            let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(60), slots).unwrap();
            let stay = |id| {
                let energy = Joules::from_raw(1_000);
                let power = Watts::from_raw(10);
                Session::new(SessionId::from_raw(id), Seconds::ZERO, grid.end(), energy, power)
            };
            let sessions = (0..cars).map(stay).collect();
            let problem =
                Problem::builder(grid).limit(Watts::from_raw(50)).sessions(sessions).build();
            let mut network = Network::new(&problem.unwrap(), 1).unwrap();
            for slot in 0..slots {
                network.open(slot, 100);
            }
            network.augment();
            let (search, rows) = (&network.search, &network.rows);
            let words = [
                network.begun.capacity(),
                network.block_end.capacity(),
                network.order.capacity(),
                search.level.capacity(),
                search.cursor.capacity(),
                search.next.capacity(),
                search.queue.capacity(),
                search.path.capacity(),
                rows.children.capacity() + rows.parent.capacity(),
                rows.child_begin.capacity() + rows.node_begin.capacity(),
            ];
            let longs = [
                network.flow.capacity(),
                network.load.capacity(),
                network.free.capacity(),
                network.capacity.capacity(),
                network.prices.capacity(),
                network.caps.capacity(),
                network.fixed.capacity(),
                network.fixed_in_slot.capacity(),
            ];
            4 * words.iter().sum::<usize>()
                + 8 * longs.iter().sum::<usize>()
                + size_of::<Node>() * network.nodes.capacity()
        };
        // What is left when the sums over sessions and over slots are taken away.
        let (cars, slots) = (400, 300);
        let both = bytes(2 * cars, 2 * slots) + bytes(cars, slots);
        let mixed = both - bytes(2 * cars, slots) - bytes(cars, 2 * slots);
        let cells = usize::try_from(cars).unwrap() * slots as usize;
        assert!(mixed <= 8 * cells + 4_096, "{mixed} bytes for {cells} more session slots");
    }
}
