//! The one entry for every problem: exact where it can be, and always a plan.
//!
//! The order in which methods are tried is fixed, and so is each one's work budget, in flows and columns and never in
//! time: the same problem gives the same plan on every machine that computes doubles alike (and without the general
//! solver, on every machine).

use crate::account::Account;
use crate::lp::{self, Backend, LpError, LpPlan};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::quantise::quantise;
use crate::solve::{Certificate, SolveError, cheapest, with_minimum_power};
use crate::units::{Joules, Watts};
use crate::verify::{Violation, verify};

/// How a plan was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// Maximum flow, in integers.
    Flow,
    /// Branch and bound over flows, in integers.
    BranchAndBound,
    /// The general linear program, by the backend of this name.
    LinearProgram(&'static str),
    /// The linear program in sums over cars, and flows that carry these out.
    PooledLinearProgram(&'static str),
    /// The linear program with who draws when settled beforehand, as it comes out without least powers.
    SettledLinearProgram(&'static str),
    /// The linear program without least powers, then rounded and repaired.
    RepairedLinearProgram(&'static str),
    /// The flow without what is no flow, then rounded and repaired: for what no backend takes.
    RepairedFlow,
}

impl core::fmt::Display for Method {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Flow => f.write_str("flow"),
            Self::BranchAndBound => f.write_str("branch and bound"),
            Self::LinearProgram(name) => write!(f, "lp {name}"),
            Self::PooledLinearProgram(name) => write!(f, "pooled lp {name}"),
            Self::SettledLinearProgram(name) => write!(f, "settled lp {name}"),
            Self::RepairedLinearProgram(name) => write!(f, "repaired lp {name}"),
            Self::RepairedFlow => f.write_str("repaired flow"),
        }
    }
}

/// A plan and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Optimised {
    /// The plan, verified.
    pub plan: Plan,
    /// Its bill.
    pub account: Account,
    /// How it was made.
    pub method: Method,
    /// Whether no plan is cheaper. Proved in integers for flows and for branch and bound, said by the backend otherwise.
    pub is_optimal: bool,
    /// The proof, for flows.
    pub certificate: Option<Certificate>,
}

/// Why there is no plan at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OptimiseError {
    /// No plan keeps all limits: a storage cannot reach its final content.
    #[error("no plan keeps all limits")]
    Infeasible,
    /// An exact solver failed.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// Not even the last resort keeps all limits.
    #[error("no method found a plan that keeps all limits: {0}")]
    NoPlan(Violation),
}

const _: () = assert!(size_of::<OptimiseError>() <= 40);

/// Session slots that the flows of a branch and bound may see in all: seconds of work.
const MAX_CELLS: u64 = 10_000_000;

/// Flows that the branch and bound may solve: many where each is small.
fn max_flows(problem: &Problem) -> u32 {
    let length = problem.grid().slot_length().raw();
    let stays = problem.sessions().iter().map(|session| {
        let (begin, end) = problem.grid().clip(session);
        (end - begin).div_euclid(length).unsigned_abs() + 1
    });
    let cells = stays.fold(u64::from(problem.grid().slots()), u64::saturating_add);
    // A demand charge takes some flows for each.
    let flows = if problem.demand_charge().price.raw() > 0 { 8 } else { 1 };
    u32::try_from(MAX_CELLS / cells / flows).unwrap_or(u32::MAX).clamp(200, 100_000)
}

/// The plan of least cost of any problem.
///
/// In this order: the exact flow; branch and bound over flows where there are least powers; the backends in the order
/// given, each if the problem is not too large for it and its plan passes [`verify`](fn@verify); where there are least
/// powers, the linear program with who draws when settled by the one without them. The first plan that is optimal is
/// returned, or else the cheapest of these. Where there is none, the linear program without least powers, rounded by
/// [`quantise`], or the flow without what is no flow, rounded likewise.
///
/// # Errors
/// [`OptimiseError`].
pub fn optimise(problem: &Problem, backends: &[&dyn Backend]) -> Result<Optimised, OptimiseError> {
    let mut best: Option<Optimised> = None;
    if problem.coupling().is_none() {
        keep_better(&mut best, exact(problem)?);
    }
    if best.as_ref().is_none_or(|best| !best.is_optimal) {
        by_lp(problem, backends, &mut best)?;
    }
    if let Some(best) = best {
        return Ok(best);
    }
    for backend in backends.iter().filter(|_| problem.has_minimum_power()) {
        let without = problem.clone().without_minimum_power();
        let Ok(found) = lp::solve(&without, *backend) else { continue };
        let method = Method::RepairedLinearProgram(backend.name());
        if let Ok(repaired) = repaired(problem, &found.plan, method) {
            return Ok(repaired);
        }
    }
    let relaxed = problem.as_flow();
    let wanted = cheapest(&relaxed)?.plan.with_storages(idle_storages(problem));
    repaired(problem, &wanted, Method::RepairedFlow).map_err(OptimiseError::NoPlan)
}

/// The general linear program by each backend in turn, until one says that no plan is cheaper: in sums over cars first where
/// that is much smaller, or else where the whole is too much for the backend.
fn by_lp(
    problem: &Problem,
    backends: &[&dyn Backend],
    best: &mut Option<Optimised>,
) -> Result<(), OptimiseError> {
    let is_better_pooled = lp::is_better_pooled(problem);
    for backend in backends {
        let name = backend.name();
        for is_pooled in [is_better_pooled, !is_better_pooled] {
            let (found, method) = if is_pooled {
                (lp::solve_pooled(problem, *backend), Method::PooledLinearProgram(name))
            } else {
                (lp::solve(problem, *backend), Method::LinearProgram(name))
            };
            match found {
                Ok(found) => {
                    let is_optimal = found.is_optimal;
                    keep_better(best, of_lp(found, method));
                    if is_optimal {
                        return Ok(());
                    }
                    if !is_pooled {
                        break;
                    }
                }
                // Refusing everything keeps all limits, so that only a storage can make this true; all else is bad
                // numerics.
                Err(LpError::Infeasible) if !storages_can_do(problem) => {
                    return Err(OptimiseError::Infeasible);
                }
                Err(_) => {}
            }
        }
    }
    for backend in backends.iter().filter(|_| problem.has_minimum_power()) {
        if let Some(found) = lp::solve_settled(problem, *backend) {
            keep_better(best, of_lp(found, Method::SettledLinearProgram(backend.name())));
            return Ok(());
        }
    }
    Ok(())
}

fn of_lp(found: LpPlan, method: Method) -> Optimised {
    let LpPlan { plan, account, is_optimal } = found;
    Optimised { plan, account, method, is_optimal, certificate: None }
}

fn keep_better(best: &mut Option<Optimised>, found: Optimised) {
    let is_better =
        |best: &Optimised| found.is_optimal || found.account.total() < best.account.total();
    if best.as_ref().is_none_or(is_better) {
        *best = Some(found);
    }
}

fn exact(problem: &Problem) -> Result<Optimised, OptimiseError> {
    if problem.has_minimum_power() {
        let found = with_minimum_power(problem, max_flows(problem))?;
        return Ok(Optimised {
            plan: found.plan,
            account: found.account,
            method: Method::BranchAndBound,
            is_optimal: found.is_optimal,
            certificate: None,
        });
    }
    let found = cheapest(problem)?;
    Ok(Optimised {
        plan: found.plan,
        account: found.account,
        method: Method::Flow,
        is_optimal: true,
        certificate: Some(found.certificate),
    })
}

fn repaired(problem: &Problem, wanted: &Plan, method: Method) -> Result<Optimised, Violation> {
    let plan = quantise(problem, wanted, |_| Watts::from_raw(1));
    verify(problem, &plan)?;
    let account = Account::of(problem, &plan);
    Ok(Optimised { plan, account, method, is_optimal: false, certificate: None })
}

/// Whether all storages reach their final content while no car charges: then there is a plan.
fn storages_can_do(problem: &Problem) -> bool {
    let nothing = Plan::from_runs(problem.sessions().iter().map(|_| (0, [])));
    verify(problem, &nothing.with_storages(idle_storages(problem))).is_ok()
}

/// Storages that do nothing, but for what their final content asks for: charged from the first slot on.
fn idle_storages(problem: &Problem) -> alloc::vec::Vec<alloc::vec::Vec<Joules>> {
    let slots = problem.grid().slots();
    let length = problem.grid().slot_length().raw();
    let plans = problem.storages().iter().map(|storage| {
        let missing = Joules::from_raw((storage.final_min.raw() - storage.initial.raw()).max(0));
        let mut left = storage.charge_efficiency.for_arriving(missing).raw();
        let charge = (0..slots).map(|slot| {
            let room = problem.headroom(slot).map_or(i64::MAX, |watts| watts.raw());
            let energy = left.min(storage.max_charge.raw().min(room).saturating_mul(length));
            left -= energy;
            Joules::from_raw(energy)
        });
        charge.collect()
    });
    plans.collect()
}
