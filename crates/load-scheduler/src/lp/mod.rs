//! The whole model as a linear program, for what is more than a flow.
//!
//! Storage and discharging cars with losses, falling power limits, limits per phase, milestones, and all of them together:
//! one model, solved by a simplex behind the trait [`Backend`]. Only integers of a validated [`Problem`] go in, so there is
//! no NaN; every plan that comes out is made of whole joules and has passed [`verify`](fn@crate::verify); its bill is
//! settled anew in integers. This module is the only one that computes in floating point.

#[cfg(any(feature = "minilp", feature = "microlp"))]
mod backends;
mod program;
mod reference;
mod site;

#[cfg(feature = "microlp")]
pub use backends::Microlp;
#[cfg(feature = "minilp")]
pub use backends::Minilp;
pub use program::{Backend, Column, Comparison, Failure, LinearProgram, Point, Row};
pub use reference::{LpSolution, max_served, min_cost, min_peak};

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

/// The plan of least cost of the whole model.
///
/// # Errors
/// [`LpError`].
pub fn solve(problem: &Problem, backend: &dyn Backend) -> Result<LpPlan, LpError> {
    let variables = site::SiteModel::columns_of(problem);
    if variables > backend.max_columns() {
        return Err(LpError::TooLarge { variables });
    }
    let model = site::SiteModel::new(problem);
    let binaries = model.program.columns.iter().filter(|column| column.is_binary).count();
    if binaries > backend.max_binaries() {
        return Err(LpError::TooManyBinaries { binaries });
    }
    let point = backend.minimise(&model.program).map_err(|failure| match failure {
        Failure::Infeasible => LpError::Infeasible,
        Failure::GaveUp => LpError::Failed,
    })?;
    let plan = model.plan(&point.values);
    verify(problem, &plan).map_err(LpError::Rejected)?;
    let account = Account::of(problem, &plan);
    Ok(LpPlan { plan, account, is_optimal: point.is_optimal })
}
