//! The one entry for every problem: exact where it can be, and always a plan.
//!
//! The order in which methods are tried is fixed, and so is each one's work budget, in flows and columns and never in
//! time: the same problem gives the same plan on every machine that computes doubles alike (and without the general
//! solver, on every machine).

use crate::account::Account;
use crate::lp::{self, Backend, LpError};
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

/// Flows that the branch and bound may solve.
const MAX_NODES: u32 = 20_000;

/// The plan of least cost of any problem.
///
/// In this order: the exact flow; branch and bound over flows where there are least powers; the backends in the order
/// given, each if the problem is not too large for it and its plan passes [`verify`](fn@verify); the linear program without
/// least powers, rounded by [`quantise`]; the flow without what is no flow, rounded likewise.
///
/// # Errors
/// [`OptimiseError`].
pub fn optimise(problem: &Problem, backends: &[&dyn Backend]) -> Result<Optimised, OptimiseError> {
    if problem.coupling().is_none() {
        return exact(problem);
    }
    for backend in backends {
        match lp::solve(problem, *backend) {
            Ok(found) => {
                return Ok(Optimised {
                    plan: found.plan,
                    account: found.account,
                    method: Method::LinearProgram(backend.name()),
                    is_optimal: found.is_optimal,
                    certificate: None,
                });
            }
            Err(LpError::Infeasible) => return Err(OptimiseError::Infeasible),
            Err(_) => {}
        }
    }
    if problem.has_minimum_power() {
        let without = problem.clone().without_minimum_power();
        for backend in backends {
            let Ok(found) = lp::solve(&without, *backend) else { continue };
            let method = Method::RepairedLinearProgram(backend.name());
            if let Ok(repaired) = repaired(problem, &found.plan, method) {
                return Ok(repaired);
            }
        }
    }
    let relaxed = problem.as_flow();
    let wanted = cheapest(&relaxed)?.plan.with_storages(idle_storages(problem));
    repaired(problem, &wanted, Method::RepairedFlow).map_err(OptimiseError::NoPlan)
}

fn exact(problem: &Problem) -> Result<Optimised, OptimiseError> {
    if problem.has_minimum_power() {
        let found = with_minimum_power(problem, MAX_NODES)?;
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
