//! Power that is either none or at least a least: branch and bound over the flow.
//!
//! A session that is off in a slot loses a capacity, one that is on gets a lower bound, and both leave a flow. So every
//! node of the search is solved in integers in microseconds, and its cost is a bound on all plans below it.

use alloc::vec::Vec;

use super::cheapest::relaxed;
use super::{SolveError, flow_only};
use crate::account::Account;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::verify::verify;

/// A plan with least powers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithMinimumPower {
    /// The best plan found.
    pub plan: Plan,
    /// Its bill.
    pub account: Account,
    /// Whether the search was exhausted: then no plan is cheaper.
    pub is_optimal: bool,
    /// Flows solved.
    pub nodes: u32,
}

/// A session, a slot, whether it is on there, and the least energy then.
type Decision = (u32, u32, bool, i64);

/// The plan of least cost in which every power is none or at least [`Session::min_power`](crate::Session::min_power).
///
/// Exact if the search ends within `max_nodes` flows; that is the work budget, and the same on every machine. Beyond, the
/// best plan found so far is given with `is_optimal` false; there always is one, as refusing everything is one.
///
/// # Errors
/// As [`cheapest`](super::cheapest()).
pub fn with_minimum_power(
    problem: &Problem,
    max_nodes: u32,
) -> Result<WithMinimumPower, SolveError> {
    flow_only(problem)?;
    let most = (0..problem.sessions().len()).map(|session| most(problem, session)).collect();
    let mut search = Search { problem, most, best: None, nodes: 0, max_nodes };
    let is_optimal = search.run()?;
    let nothing = || Plan::from_runs(problem.sessions().iter().map(|_| (0, [])));
    let plan = search.best.map_or_else(nothing, |(plan, _)| plan);
    verify(problem, &plan).map_err(SolveError::Rejected)?;
    let account = Account::of(problem, &plan);
    Ok(WithMinimumPower { plan, account, is_optimal, nodes: search.nodes })
}

/// The most that a session can take: so many whole slots at its least power fit into what it asks for, and at its highest
/// power these take that much. What lies between this and the same with one slot more, no plan can serve.
fn most(problem: &Problem, session: usize) -> i64 {
    let Some(asked) = problem.sessions().get(session) else { return 0 };
    let (energy, grid) = (asked.energy_at_meter().raw(), problem.grid());
    let length = grid.slot_length().raw();
    let (begin, end) = grid.clip(asked);
    let least = i128::from(asked.min_power.raw()) * i128::from(length);
    // Stays with a part of a slot can take other sums.
    if least == 0 || begin % length != 0 || end % length != 0 || !problem.has_minimum_power() {
        return energy;
    }
    let slots = i128::from(energy) / least;
    let most = slots * i128::from(asked.max_power.raw()) * i128::from(length);
    i64::try_from(most).map_or(energy, |most| most.min(energy))
}

struct Search<'p> {
    problem: &'p Problem,
    most: Vec<i64>,
    best: Option<(Plan, i128)>,
    nodes: u32,
    max_nodes: u32,
}

impl Search<'_> {
    /// Depth first, the likelier branch first; whether nothing was left out.
    fn run(&mut self) -> Result<bool, SolveError> {
        let mut stack: Vec<Vec<Decision>> = alloc::vec![Vec::new()];
        while let Some(decisions) = stack.pop() {
            if self.nodes >= self.max_nodes {
                return Ok(false);
            }
            self.nodes += 1;
            let Some((plan, bound)) = relaxed(self.problem, &decisions, &self.most)? else {
                continue;
            };
            if self.best.as_ref().is_some_and(|(_, cost)| bound >= *cost) {
                continue;
            }
            let Some((session, slot, energy, least)) = self.worst(&plan) else {
                self.best = Some((plan, bound));
                continue;
            };
            self.round(&plan)?;
            let likely = 2 * energy >= least;
            for on in [!likely, likely] {
                let mut branch = decisions.clone();
                branch.push((session, slot, on, least));
                stack.push(branch);
            }
        }
        Ok(true)
    }

    /// Least energy of a session in a slot.
    fn least(&self, session: usize, slot: u32) -> i64 {
        let Some(asked) = self.problem.sessions().get(session) else { return 0 };
        asked.min_power.raw().saturating_mul(self.problem.presence(asked, slot))
    }

    /// All cells with energy, with their least: (session, slot, energy, least).
    fn cells<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = (u32, u32, i64, i64)> + 'a {
        (0u32..).zip(plan.sessions()).flat_map(move |(session, run)| {
            (run.first_slot..).zip(run.energy).map(move |(slot, energy)| {
                (session, slot, energy.raw(), self.least(session as usize, slot))
            })
        })
    }

    /// The cell that is furthest from both none and its least: the one to decide.
    fn worst(&self, plan: &Plan) -> Option<(u32, u32, i64, i64)> {
        self.cells(plan).filter(|(.., energy, least)| *energy > 0 && energy < least).max_by_key(
            |(session, slot, energy, least)| {
                (*energy.min(&(least - energy)), core::cmp::Reverse((*slot, *session)))
            },
        )
    }

    /// Every cell as the relaxed plan has it: on where it has its least (or half of it), off elsewhere. If that leaves a
    /// plan it is one to beat.
    fn round(&mut self, plan: &Plan) -> Result<(), SolveError> {
        for share in [1, 2] {
            let decisions: Vec<Decision> = self
                .cells(plan)
                .map(|(session, slot, energy, least)| {
                    let on = energy > 0 && share * energy >= least;
                    (session, slot, on, least)
                })
                .collect();
            self.nodes += 1;
            let Some((plan, cost)) = relaxed(self.problem, &decisions, &self.most)? else {
                continue;
            };
            if self.best.as_ref().is_none_or(|(_, best)| cost < *best) {
                debug_assert!(self.worst(&plan).is_none());
                self.best = Some((plan, cost));
            }
        }
        Ok(())
    }
}
