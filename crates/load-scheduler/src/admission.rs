//! May another car come? When could it start, when will it be done?

use alloc::vec::Vec;

use crate::plan::Plan;
use crate::problem::{Grid, Problem, ProblemError};
use crate::session::Session;
use crate::solve::{SolveError, max_served};
use crate::units::{Joules, Seconds};

/// The answer to a car that would like to be served beside those who have a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// All its energy fits into its stay, and nobody else loses any.
    Accept,
    /// So much of its energy fits into its stay (battery's side).
    Reduced {
        /// The most that nobody else loses.
        energy: Joules,
    },
    /// All its energy fits if it stays as long, but from this time on.
    Queue {
        /// The earliest start of a slot from which on it fits.
        start: Seconds,
    },
    /// Nothing fits.
    Refuse,
}

/// Why a question about a newcomer has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AdmissionError {
    /// The newcomer is no part of a valid problem: its id is there already, say.
    #[error(transparent)]
    Problem(#[from] ProblemError),
    /// The flow failed.
    #[error(transparent)]
    Solve(#[from] SolveError),
}

/// Whether a newcomer can be served without taking anything from the problem's sessions.
///
/// Exact: the most that all can be served together, less what those present can be served without it. Accepts if all fits;
/// else offers to queue if all would fit after a later start ([`earliest_start`]); else what fits; else refuses.
///
/// # Errors
/// [`AdmissionError`].
pub fn admit(problem: &Problem, newcomer: Session) -> Result<Admission, AdmissionError> {
    let present = max_served(problem)?.served;
    let fits = fits(problem, newcomer, present)?;
    if fits >= newcomer.energy_at_meter() {
        return Ok(Admission::Accept);
    }
    if let Some(start) = earliest_start(problem, newcomer)? {
        return Ok(Admission::Queue { start });
    }
    Ok(if fits > Joules::ZERO {
        Admission::Reduced { energy: newcomer.efficiency.of(fits) }
    } else {
        Admission::Refuse
    })
}

/// The earliest start of a slot, from its arrival on, such that the newcomer could be served in full in a stay of the same
/// length beginning then; `None` if there is none on the grid.
///
/// # Errors
/// [`AdmissionError`].
pub fn earliest_start(
    problem: &Problem,
    newcomer: Session,
) -> Result<Option<Seconds>, AdmissionError> {
    let present = max_served(problem)?.served;
    let stay = newcomer.depart.raw().saturating_sub(newcomer.arrive.raw());
    let grid: &Grid = problem.grid();
    for start in grid.slot_starts().filter(|start| *start >= newcomer.arrive) {
        let depart = Seconds::from_raw(start.raw().saturating_add(stay));
        if depart > grid.end() {
            break;
        }
        let mut later = newcomer;
        (later.arrive, later.depart) = (start, depart);
        if fits(problem, later, present)? >= newcomer.energy_at_meter() {
            return Ok(Some(start));
        }
    }
    Ok(None)
}

/// The latest start of a slot from which on the newcomer could still be served in full by its departure; `None` if not even
/// its whole stay is enough. The longer the stay the better, so bisection finds it.
///
/// # Errors
/// [`AdmissionError`].
pub fn latest_start(
    problem: &Problem,
    newcomer: Session,
) -> Result<Option<Seconds>, AdmissionError> {
    let present = max_served(problem)?.served;
    let within = |start: &Seconds| *start > newcomer.arrive && *start < newcomer.depart;
    let mut starts: Vec<Seconds> = problem.grid().slot_starts().filter(within).collect();
    starts.insert(0, newcomer.arrive);
    let enough = |start: Seconds| -> Result<bool, AdmissionError> {
        let mut later = newcomer;
        later.arrive = start;
        Ok(fits(problem, later, present)? >= newcomer.energy_at_meter())
    };
    let (mut known, mut beyond) = (None, starts.len());
    let mut from = 0;
    while from < beyond {
        let middle = from + (beyond - from) / 2;
        let Some(start) = starts.get(middle).copied() else { break };
        if enough(start)? {
            (known, from) = (Some(start), middle + 1);
        } else {
            beyond = middle;
        }
    }
    Ok(known)
}

/// What the newcomer can be served at the meter without loss to the others.
fn fits(problem: &Problem, newcomer: Session, present: Joules) -> Result<Joules, AdmissionError> {
    let all = problem.with_newcomer(newcomer)?;
    let together = max_served(&all)?.served;
    Ok(Joules::from_raw(together.raw() - present.raw()))
}

/// When a session gets its last energy in a plan: the end of the last slot with any, or its departure in that slot.
/// `None` if it gets none. For a cautious forecast plan with the load of expected cars as background.
#[must_use]
pub fn completion(problem: &Problem, plan: &Plan, session: usize) -> Option<Seconds> {
    let run = plan.session(session)?;
    let last = run.energy.iter().rposition(|energy| *energy > Joules::ZERO)?;
    let slot = run.first_slot.checked_add(u32::try_from(last).ok()?)?;
    let end = problem.grid().start_of(slot.checked_add(1)?);
    Some(end.min(problem.sessions().get(session)?.depart))
}
