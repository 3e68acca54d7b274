//! The whole model as a linear program, for what is more than a flow.
//!
//! Storage and discharging cars with losses, falling power limits, limits per phase, milestones, and all of them together:
//! one model, solved by a simplex behind the trait [`Backend`]. Only integers of a validated [`Problem`] go in, so there is
//! no NaN; every plan that comes out is made of whole joules and has passed [`verify`](fn@crate::verify); its bill is
//! settled anew in integers. This module is the only one that computes in floating point.

#[cfg(any(feature = "minilp", feature = "microlp"))]
mod backends;
mod dual;
mod master;
mod pools;
mod program;
mod reading;
mod reference;
mod site;

#[cfg(feature = "microlp")]
pub use backends::Microlp;
#[cfg(feature = "minilp")]
pub use backends::Minilp;
pub use program::{Backend, Column, Comparison, Failure, LinearProgram, Point, Row};
pub use reference::{LpSolution, max_served, min_cost, min_peak};

use alloc::collections::BTreeSet;

use pools::Pool;
use site::{Settled, SiteModel};

use crate::account::Account;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::verify::{Violation, verify};

/// Most columns that [`Minilp`] is handed unless told otherwise.
pub const MAX_VARIABLES: usize = 8_192;

/// Why the simplex gave no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LpError {
    /// More columns than the backend takes.
    #[error("{variables} variables are too many for the simplex")]
    TooLarge {
        /// The program's columns, or an estimate before it is made.
        variables: usize,
    },
    /// Least powers need more yes-or-no columns than the backend takes.
    #[error("{binaries} yes-or-no variables are too many for the solver")]
    TooManyBinaries {
        /// The program's binary columns.
        binaries: usize,
    },
    /// No plan keeps all limits: a storage cannot reach its final content. (Of the three objectives that promise all
    /// energy: it cannot be served.)
    #[error("no plan keeps all limits")]
    Infeasible,
    /// The simplex failed: it panicked, called a bounded problem unbounded, ran out of its budget, or returned no finite
    /// number.
    #[error("the simplex failed")]
    Failed,
    /// The rounded plan breaks a limit; it is withheld.
    #[error("the simplex's plan was rejected: {0}")]
    Rejected(Violation),
}

const _: () = assert!(size_of::<LpError>() <= 32);

impl From<Failure> for LpError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Infeasible => Self::Infeasible,
            Failure::GaveUp => Self::Failed,
        }
    }
}

/// A plan of the general model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LpPlan {
    /// The plan, verified.
    pub plan: Plan,
    /// Its bill, in integers.
    pub account: Account,
    /// Whether the backend says that no plan is cheaper.
    pub is_optimal: bool,
}

/// Times that batteries which charge and discharge at once are told not to.
const ROUNDS: usize = 6;

/// The plan of least cost of the whole model.
///
/// Where energy has a negative price a linear program burns it: it charges and discharges a battery at once. Such slots are
/// solved again with a yes-or-no column each; without a backend for these the plan is freed of it and not called optimal.
///
/// # Errors
/// [`LpError`].
pub fn solve(problem: &Problem, backend: &dyn Backend) -> Result<LpPlan, LpError> {
    solve_but(problem, backend, Settled::default())
}

/// The plan of least cost of the same model without least powers, where only sessions that are no flow have columns of their
/// own: all others are one sum per slot, however many they are.
///
/// What those sums can be is found in rounds, each with the cheapest flow at the prices that the program puts on the slots,
/// until no plan can be cheaper by more than 10⁻⁹ of the cost. Where the rounds run out, or energy is burned at a negative
/// price, the plan is not called optimal.
///
/// # Errors
/// [`LpError`]; [`LpError::TooManyBinaries`] where there are least powers.
pub fn solve_pooled(problem: &Problem, backend: &dyn Backend) -> Result<LpPlan, LpError> {
    if problem.has_minimum_power() {
        return Err(LpError::TooManyBinaries { binaries: problem.sessions().len() });
    }
    master::solve(problem, &Pool::all(problem), backend)
}

/// Whether [`solve_pooled`] has so much smaller a program than [`solve`] that it is the faster, its rounds included.
pub(crate) fn is_better_pooled(problem: &Problem) -> bool {
    /// Where the times were seen to meet: 200 cars have 7 times the columns of their sums, 1000 have 35.
    const TIMES: usize = 16;
    let pools = Pool::all(problem);
    let pooled = SiteModel::columns_of(problem, &pools).saturating_mul(TIMES);
    !problem.has_minimum_power() && pooled <= SiteModel::columns_of(problem, &[])
}

/// The same with some things settled before.
fn solve_but(
    problem: &Problem,
    backend: &dyn Backend,
    mut settled: Settled,
) -> Result<LpPlan, LpError> {
    let mut best = attempt(problem, backend, &settled)?;
    for _ in 0..ROUNDS {
        let is_done = best.plan.as_ref().is_ok_and(|plan| plan.is_optimal);
        if is_done || best.both_ways.is_subset(&settled.one_way) {
            break;
        }
        settled.one_way.append(&mut best.both_ways);
        match attempt(problem, backend, &settled) {
            Ok(found) => best = found,
            Err(_) => break,
        }
    }
    best.plan.map_err(LpError::Rejected)
}

/// A plan with least powers without yes-or-no columns: who draws in which slot is settled as it comes out without least
/// powers, once where at least all of it and once where at least half of it comes out. Keeps the better.
pub(crate) fn solve_settled(problem: &Problem, backend: &dyn Backend) -> Option<LpPlan> {
    let without = solve(&problem.clone().without_minimum_power(), backend).ok()?;
    let mut best: Option<LpPlan> = None;
    for share in [1, 2] {
        let mut on = BTreeSet::new();
        for (index, (session, run)) in
            problem.sessions().iter().zip(without.plan.sessions()).enumerate()
        {
            for (slot, energy) in (run.first_slot..).zip(run.energy) {
                let least = session.min_power.raw().saturating_mul(problem.presence(session, slot));
                if energy.raw() > 0 && energy.raw().saturating_mul(share) >= least {
                    on.insert((index, slot));
                }
            }
        }
        let settled = Settled { on: Some(on), ..Settled::default() };
        let Ok(found) = solve_but(problem, backend, settled) else { continue };
        let is_better = |best: &LpPlan| found.account.total() < best.account.total();
        if best.as_ref().is_none_or(is_better) {
            best = Some(LpPlan { is_optimal: false, ..found });
        }
    }
    best
}

/// A plan, or how it breaks the limits, and where the program would have burned energy.
struct Attempt {
    plan: Result<LpPlan, Violation>,
    both_ways: BTreeSet<(site::Battery, u32)>,
}

fn attempt(
    problem: &Problem,
    backend: &dyn Backend,
    settled: &Settled,
) -> Result<Attempt, LpError> {
    let variables = SiteModel::columns_of(problem, &[]);
    if variables > backend.max_columns() {
        return Err(LpError::TooLarge { variables });
    }
    let model = SiteModel::new(problem, settled, &[]);
    let binaries = model.program.columns.iter().filter(|column| column.is_binary).count();
    if binaries > backend.max_binaries() {
        return Err(LpError::TooManyBinaries { binaries });
    }
    let point = backend.minimise(&model.program)?;
    let plan = model.plan(&point.values);
    let both_ways = model.both_ways(&point.values);
    let plan = verify(problem, &plan).map(|()| {
        let account = Account::of(problem, &plan);
        let keeps = model.keeps(&point.values, &account);
        LpPlan { plan, account, is_optimal: point.is_optimal && keeps }
    });
    Ok(Attempt { plan, both_ways })
}
