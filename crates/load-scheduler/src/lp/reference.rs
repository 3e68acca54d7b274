//! The three objectives of the exact solvers as plain linear programs, for small problems and for checking them.
//!
//! One variable per session and slot, one row per session and slot, nothing clever.

use alloc::vec::Vec;

use super::program::{Backend, Comparison, LinearProgram};
use super::{LpError, MAX_VARIABLES};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::units::{Joules, MicroPerKwh};
use crate::verify::verify;

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
pub fn max_served(problem: &Problem, backend: &dyn Backend) -> Result<LpSolution, LpError> {
    let mut model = Model::new(problem, |_| -1.0)?;
    model.sessions(Comparison::AtMost)?;
    model.limits();
    model.solve(backend, |unit| -unit)
}

/// Serves all energy at the least cost; see [`min_cost`](crate::min_cost).
///
/// # Errors
/// [`LpError`].
pub fn min_cost(problem: &Problem, backend: &dyn Backend) -> Result<LpSolution, LpError> {
    let price = |slot| to_f64(MicroPerKwh::raw(problem.price(slot)));
    let mut model = Model::new(problem, price)?;
    model.sessions(Comparison::Exactly)?;
    model.limits();
    model.solve(backend, |unit| unit / 3.6e6)
}

/// Serves all energy with the lowest peak, background included; see [`min_peak`](crate::min_peak).
///
/// # Errors
/// [`LpError`].
pub fn min_peak(problem: &Problem, backend: &dyn Backend) -> Result<LpSolution, LpError> {
    let mut model = Model::new(problem, |_| 0.0)?;
    model.sessions(Comparison::Exactly)?;
    model.limits();
    model.peak();
    let length = to_f64(problem.grid().slot_length().raw());
    model.solve(backend, |unit| unit / length)
}

/// The model under construction. Energies are in units of a thousandth of the largest session's, so that the tolerances
/// of the simplex, which are absolute, fit any problem.
struct Model<'p> {
    problem: &'p Problem,
    lp: LinearProgram,
    unit: f64,
    /// Per session, its first slot and the variables of its stay.
    variables: Vec<(u32, Vec<usize>)>,
    /// Per slot, the variables of all sessions.
    columns: Vec<Vec<usize>>,
}

impl<'p> Model<'p> {
    fn new(problem: &'p Problem, weight: impl Fn(u32) -> f64) -> Result<Self, LpError> {
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
            lp: LinearProgram::default(),
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
                let variable = model.lp.column(weight(slot), 0.0, most);
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
    fn sessions(&mut self, comparison: Comparison) -> Result<(), LpError> {
        for (session, (_, run)) in self.problem.sessions().iter().zip(&self.variables) {
            if run.is_empty() {
                if matches!(comparison, Comparison::Exactly) && session.energy > Joules::ZERO {
                    return Err(LpError::Infeasible);
                }
                continue;
            }
            let row: Vec<_> = run.iter().map(|v| (*v, 1.0)).collect();
            let energy = to_f64(session.energy.raw()) / self.unit;
            self.lp.row(row, comparison, energy);
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
            self.lp.row(row, Comparison::AtMost, room);
        }
    }

    /// The peak as a variable, and one row per slot: cars and background are at most the peak.
    fn peak(&mut self) {
        let length = to_f64(self.problem.grid().slot_length().raw());
        let unit = self.unit;
        let background = |slot| to_f64(self.problem.background(slot).raw()) * length / unit;
        let slots = 0..self.problem.grid().slots();
        let lowest = slots.map(background).fold(0.0, f64::max);
        let peak = self.lp.column(1.0, lowest, f64::INFINITY);
        for (slot, column) in (0u32..).zip(&self.columns) {
            if column.is_empty() {
                continue;
            }
            let mut row: Vec<_> = column.iter().map(|v| (*v, 1.0)).collect();
            row.push((peak, -1.0));
            self.lp.row(row, Comparison::AtMost, -background(slot));
        }
    }

    fn solve(
        self,
        backend: &dyn Backend,
        scale: impl Fn(f64) -> f64,
    ) -> Result<LpSolution, LpError> {
        let point = backend.minimise(&self.lp)?;
        let value = |column: &usize| point.values.get(*column).copied().unwrap_or(0.0);
        let costs = self.lp.columns.iter().zip(&point.values);
        let objective: f64 = costs.map(|(column, value)| column.cost * value).sum();
        // What is added before the fraction is cut off: a half rounds to the nearest.
        let plan_rounded = |more: f64| {
            Plan::from_runs(self.variables.iter().map(|(first, run)| {
                let energies = run.iter().map(|v| {
                    #[allow(clippy::cast_possible_truncation)] // Saturates; a NaN becomes zero.
                    let joules = (value(v).max(0.0) * self.unit + more) as i64;
                    Joules::from_raw(joules)
                });
                (*first, energies.collect::<Vec<_>>())
            }))
        };
        let mut plan = plan_rounded(0.5);
        if verify(self.problem, &plan).is_err() {
            plan = plan_rounded(0.0);
            verify(self.problem, &plan).map_err(LpError::Rejected)?;
        }
        Ok(LpSolution { plan, objective_f64: scale(objective * self.unit) })
    }
}

/// To the nearest double: exact up to 2^53.
#[allow(clippy::cast_precision_loss)]
const fn to_f64(value: i64) -> f64 {
    value as f64
}
