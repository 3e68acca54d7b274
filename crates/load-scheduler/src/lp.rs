//! The same three objectives as plain linear programs, solved by the simplex of `minilp`.
//!
//! One variable per session and slot, one row per session and slot, nothing clever: for small problems, for checking the
//! exact solver, and as the base for what is no flow. `minilp` computes in doubles, cannot be stopped, and can take
//! minutes on a few thousand variables with many ties; hence the size gate [`MAX_VARIABLES`]. Only integers of a
//! validated [`Problem`] go in, so there is no NaN, and every plan that comes out is rounded to whole joules and has
//! passed [`verify`](fn@crate::verify).

use alloc::vec::Vec;

use minilp::{ComparisonOp, OptimizationDirection, Variable};

use crate::plan::Plan;
use crate::problem::Problem;
use crate::units::{Joules, MicroPerKwh};
use crate::verify::{Violation, verify};

/// Most session-slot variables that are handed to the simplex.
pub const MAX_VARIABLES: usize = 8_192;

/// Why the simplex gave no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LpError {
    /// More variables than [`MAX_VARIABLES`]; the exact solver has no such bound.
    #[error("{variables} variables, at most {MAX_VARIABLES} go to the simplex")]
    TooLarge {
        /// The problem's session slots.
        variables: usize,
    },
    /// Not all energy can be served.
    #[error("not all of the energy can be served")]
    Infeasible,
    /// The simplex failed: it panicked, called a bounded problem unbounded, or returned no finite number.
    #[error("the simplex failed")]
    Failed,
    /// The rounded plan breaks a limit; it is withheld.
    #[error("the simplex's plan was rejected: {0}")]
    Rejected(Violation),
}

const _: () = assert!(size_of::<LpError>() <= 32);

/// What the simplex found.
#[derive(Debug, Clone, PartialEq)]
pub struct LpSolution {
    /// The plan: rounded to the nearest joule, or down where the nearest would pass a limit. It keeps every limit; where
    /// it was rounded down it serves up to a joule less per session and slot.
    pub plan: Plan,
    /// The objective as the simplex states it: J served, 10⁻⁶ currency units, or W of peak.
    pub objective_f64: f64,
}

/// Serves as much energy as any plan can within the limit; see [`max_served`](crate::max_served).
///
/// # Errors
/// [`LpError`]; never [`LpError::Infeasible`].
pub fn max_served(problem: &Problem) -> Result<LpSolution, LpError> {
    let mut model = Model::new(problem, OptimizationDirection::Maximize, |_| 1.0)?;
    model.sessions(ComparisonOp::Le)?;
    model.limits();
    model.solve(|unit| unit)
}

/// Serves all energy at the least cost; see [`min_cost`](crate::min_cost).
///
/// # Errors
/// [`LpError`].
pub fn min_cost(problem: &Problem) -> Result<LpSolution, LpError> {
    let price = |slot| to_f64(MicroPerKwh::raw(problem.price(slot)));
    let mut model = Model::new(problem, OptimizationDirection::Minimize, price)?;
    model.sessions(ComparisonOp::Eq)?;
    model.limits();
    model.solve(|unit| unit / 3.6e6)
}

/// Serves all energy with the lowest peak, background included; see [`min_peak`](crate::min_peak).
///
/// # Errors
/// [`LpError`].
pub fn min_peak(problem: &Problem) -> Result<LpSolution, LpError> {
    let mut model = Model::new(problem, OptimizationDirection::Minimize, |_| 0.0)?;
    model.sessions(ComparisonOp::Eq)?;
    model.limits();
    model.peak();
    let length = to_f64(problem.grid().slot_length().raw());
    model.solve(|unit| unit / length)
}

/// The model under construction. Energies are in units of a thousandth of the largest session's, so that the tolerances
/// of the simplex, which are absolute, fit any problem.
struct Model<'p> {
    problem: &'p Problem,
    lp: minilp::Problem,
    unit: f64,
    /// Per session, its first slot and the variables of its stay.
    variables: Vec<(u32, Vec<Variable>)>,
    /// Per slot, the variables of all sessions.
    columns: Vec<Vec<Variable>>,
}

impl<'p> Model<'p> {
    fn new(
        problem: &'p Problem,
        direction: OptimizationDirection,
        weight: impl Fn(u32) -> f64,
    ) -> Result<Self, LpError> {
        let grid = problem.grid();
        let length = grid.slot_length().raw();
        let stays = problem.sessions().iter().map(|session| {
            let (begin, end) = grid.clip(session);
            let first = begin.div_euclid(length);
            let last = if end > begin { (end - 1).div_euclid(length) + 1 } else { first };
            (begin, end, first, last)
        });
        let count = stays.clone().map(|(.., first, last)| last - first).sum::<i64>();
        let variables = usize::try_from(count).unwrap_or(usize::MAX);
        if variables > MAX_VARIABLES {
            return Err(LpError::TooLarge { variables });
        }
        let largest = problem.sessions().iter().map(|s| s.energy.raw()).max().unwrap_or(0);
        let unit = to_f64(largest.max(1)) / 1_000.0;
        let mut model = Self {
            problem,
            lp: minilp::Problem::new(direction),
            unit,
            variables: Vec::new(),
            columns: alloc::vec![Vec::new(); grid.slots() as usize],
        };
        for (session, (begin, end, first, last)) in problem.sessions().iter().zip(stays) {
            let mut run = Vec::new();
            for slot in first..last {
                let seconds = end.min((slot + 1) * length) - begin.max(slot * length);
                let most = to_f64(session.max_power.raw()) * to_f64(seconds) / unit;
                let slot = u32::try_from(slot).unwrap_or(u32::MAX);
                let variable = model.lp.add_var(weight(slot), (0.0, most));
                run.push(variable);
                if let Some(column) = model.columns.get_mut(slot as usize) {
                    column.push(variable);
                }
            }
            let first = u32::try_from(first).unwrap_or(u32::MAX);
            model.variables.push((first, run));
        }
        Ok(model)
    }

    /// One row per session: at most, or exactly, the energy it asks for.
    fn sessions(&mut self, comparison: ComparisonOp) -> Result<(), LpError> {
        for (session, (_, run)) in self.problem.sessions().iter().zip(&self.variables) {
            if run.is_empty() {
                if matches!(comparison, ComparisonOp::Eq) && session.energy > Joules::ZERO {
                    return Err(LpError::Infeasible);
                }
                continue;
            }
            let row: Vec<_> = run.iter().map(|v| (*v, 1.0)).collect();
            let energy = to_f64(session.energy.raw()) / self.unit;
            self.lp.add_constraint(row.as_slice(), comparison, energy);
        }
        Ok(())
    }

    /// One row per slot: at most the headroom.
    fn limits(&mut self) {
        for (slot, column) in (0u32..).zip(&self.columns) {
            let Some(headroom) = self.problem.headroom(slot) else { continue };
            if column.is_empty() {
                continue;
            }
            let row: Vec<_> = column.iter().map(|v| (*v, 1.0)).collect();
            let length = to_f64(self.problem.grid().slot_length().raw());
            let room = to_f64(headroom.raw()) * length / self.unit;
            self.lp.add_constraint(row.as_slice(), ComparisonOp::Le, room);
        }
    }

    /// The peak as a variable, and one row per slot: cars and background are at most the peak.
    fn peak(&mut self) {
        let length = to_f64(self.problem.grid().slot_length().raw());
        let unit = self.unit;
        let background = |slot| to_f64(self.problem.background(slot).raw()) * length / unit;
        let slots = 0..self.problem.grid().slots();
        let lowest = slots.map(background).fold(0.0, f64::max);
        let peak = self.lp.add_var(1.0, (lowest, f64::INFINITY));
        for (slot, column) in (0u32..).zip(&self.columns) {
            if column.is_empty() {
                continue;
            }
            let mut row: Vec<_> = column.iter().map(|v| (*v, 1.0)).collect();
            row.push((peak, -1.0));
            self.lp.add_constraint(row.as_slice(), ComparisonOp::Le, -background(slot));
        }
    }

    fn solve(self, scale: impl Fn(f64) -> f64) -> Result<LpSolution, LpError> {
        let lp = &self.lp;
        // minilp unwraps on a singular basis; that must not take the caller down.
        let solved = std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| lp.solve()));
        let solution = match solved {
            Ok(Ok(solution)) => solution,
            Ok(Err(minilp::Error::Infeasible)) => return Err(LpError::Infeasible),
            Ok(Err(minilp::Error::Unbounded)) | Err(_) => return Err(LpError::Failed),
        };
        if !solution.objective().is_finite() {
            return Err(LpError::Failed);
        }
        let plan_rounded = |round: fn(f64) -> f64| {
            Plan::from_runs(self.variables.iter().map(|(first, run)| {
                let energies = run.iter().map(|v| {
                    #[allow(clippy::cast_possible_truncation)] // Saturates; a NaN becomes zero.
                    let joules = round(solution[*v].max(0.0) * self.unit) as i64;
                    Joules::from_raw(joules)
                });
                (*first, energies.collect::<Vec<_>>())
            }))
        };
        let mut plan = plan_rounded(f64::round);
        if verify(self.problem, &plan).is_err() {
            plan = plan_rounded(f64::floor);
            verify(self.problem, &plan).map_err(LpError::Rejected)?;
        }
        Ok(LpSolution { plan, objective_f64: scale(solution.objective() * self.unit) })
    }
}

/// To the nearest double: exact up to 2^53.
#[allow(clippy::cast_precision_loss)]
const fn to_f64(value: i64) -> f64 {
    value as f64
}
