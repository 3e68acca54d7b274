//! Which cars the master program sees as a whole.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::market::{import_cap, in_slot};
use crate::problem::Problem;

/// Into about so many parts all cars of the pools are divided; each has a mixture of flows of its own. One mixture needs
/// twice the rounds, and with more parts the program grows without need.
const PARTS: usize = 4;

/// Cars that are a flow and meet nothing else of the site but at one place of the tree.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    /// The node where they meet the rest; `None` for the site itself.
    node: Option<u32>,
    /// Indices of the sessions.
    pub(super) sessions: Vec<usize>,
    /// The same in parts that share no node below that place.
    pub(super) parts: Vec<Vec<usize>>,
    /// The most that they can get in every slot, J.
    pub(super) most: Vec<i64>,
}

impl Pool {
    /// The pools of a problem: all sessions but those that are no flow.
    ///
    /// A node above one of those, or above all sessions, stands in the program itself; all others stay within the flows.
    pub(super) fn all(problem: &Problem) -> Vec<Self> {
        let sessions = problem.sessions();
        let count = u32::try_from(sessions.len()).unwrap_or(u32::MAX);
        let is_flow: Vec<bool> =
            (0..count).map(|session| problem.coupling_of(session).is_none()).collect();
        let mut below = alloc::vec![0; problem.nodes().len()];
        let mut is_shared = alloc::vec![false; problem.nodes().len()];
        for (session, is_flow) in is_flow.iter().enumerate() {
            for node in problem.nodes_above(session) {
                if let Some((count, is_shared)) = below.get_mut(node).zip(is_shared.get_mut(node)) {
                    *count += 1;
                    *is_shared |= !is_flow || *count == sessions.len();
                }
            }
        }
        let mut pools: BTreeMap<Option<u32>, BTreeMap<Unit, Vec<usize>>> = BTreeMap::new();
        for (session, is_flow) in is_flow.iter().enumerate() {
            if !is_flow {
                continue;
            }
            let mut unit = Unit::Session(session);
            let mut at = None;
            for node in problem.tree().path(session) {
                if is_shared.get(node as usize) == Some(&true) {
                    at = Some(node);
                    break;
                }
                unit = Unit::Node(node);
            }
            pools.entry(at).or_default().entry(unit).or_default().push(session);
        }
        let size = is_flow.iter().filter(|is_flow| **is_flow).count().div_ceil(PARTS);
        let pools = pools.into_iter().map(|(node, units)| Self::of(problem, node, units, size));
        pools.collect()
    }

    fn of(
        problem: &Problem,
        node: Option<u32>,
        units: BTreeMap<Unit, Vec<usize>>,
        size: usize,
    ) -> Self {
        // Cars of the same hours together: parts that hardly meet need the fewest flows.
        let place = |session: &usize| {
            problem.sessions().get(*session).map(|session| (session.arrive, session.id))
        };
        let mut units: Vec<Vec<usize>> = units.into_values().collect();
        units.sort_by_key(|unit| unit.iter().map(place).min());
        let mut parts: Vec<Vec<usize>> = Vec::new();
        for unit in units {
            match parts.last_mut().filter(|part| part.len() < size) {
                Some(part) => part.extend(unit),
                None => parts.push(unit),
            }
        }
        let sessions = parts.iter().flatten().copied().collect();
        let mut pool = Self { node, sessions, parts, most: Vec::new() };
        pool.most = pool.most(problem);
        pool
    }

    /// Whether each session of the problem is part of a pool.
    pub(super) fn of_sessions(problem: &Problem, pools: &[Self]) -> Vec<bool> {
        let mut is_pooled = alloc::vec![false; problem.sessions().len()];
        for session in pools.iter().flat_map(|pool| &pool.sessions) {
            if let Some(is_pooled) = is_pooled.get_mut(*session) {
                *is_pooled = true;
            }
        }
        is_pooled
    }

    /// These cars alone, without the limits that the program has itself.
    pub(super) fn alone(&self, problem: &Problem, sessions: &[usize]) -> Problem {
        problem.with_only(sessions, self.nodes(problem))
    }

    /// The nodes between the pool and the site, from below.
    pub(super) fn nodes<'p>(&self, problem: &'p Problem) -> impl Iterator<Item = u32> + use<'p> {
        let parents = &problem.tree().parent;
        core::iter::successors(self.node, |node| parents.get(*node as usize).copied().flatten())
    }

    /// Import behind the background, the sun, and what the batteries give, as far as the nodes let it pass.
    fn most(&self, problem: &Problem) -> Vec<i64> {
        let sessions = problem.sessions();
        let asked = |session: &usize| sessions.get(*session).map(|s| s.energy_at_meter().raw());
        let all: i64 = self.sessions.iter().filter_map(asked).sum();
        let storages = problem.storages().iter().map(|storage| storage.max_discharge);
        let cars = sessions.iter().filter_map(|session| Some(session.v2g?.max_discharge));
        let batteries = storages.chain(cars).map(|power| in_slot(problem, power));
        let batteries = batteries.fold(0, i64::saturating_add);
        // What batteries below a node give does not pass it.
        let limits = self.nodes(problem).filter_map(|node| problem.nodes().get(node as usize));
        let limits = limits.map(|node| in_slot(problem, node.limit).saturating_add(batteries));
        let limit = limits.fold(all, i64::min);
        let of_slot = |slot| {
            let import = import_cap(problem, slot) - in_slot(problem, problem.background(slot));
            let sun = in_slot(problem, problem.pv(slot));
            import.saturating_add(sun).saturating_add(batteries).min(limit)
        };
        (0..problem.grid().slots()).map(of_slot).collect()
    }
}

/// What cannot be divided: a car, or all cars below a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Session(usize),
    Node(u32),
}
