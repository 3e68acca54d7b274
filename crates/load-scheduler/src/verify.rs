//! Checks a plan against a problem, sharing no code with the solvers.

use alloc::vec::Vec;

use crate::plan::Plan;
use crate::problem::Problem;
use crate::units::{Joules, Watts};

/// The first rule that a plan breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// The plan is not for this number of sessions.
    #[error("plan of {found} sessions for a problem of {expected}")]
    SessionCount {
        /// Sessions of the problem.
        expected: usize,
        /// Sessions of the plan.
        found: usize,
    },
    /// A session has energy in a slot that the grid does not have.
    #[error("session {session}: slot {slot} is beyond the grid")]
    BeyondGrid {
        /// Index of the session.
        session: u32,
        /// The slot.
        slot: u32,
    },
    /// Negative energy.
    #[error("session {session}, slot {slot}: negative energy")]
    Negative {
        /// Index of the session.
        session: u32,
        /// The slot.
        slot: u32,
    },
    /// More than the session's power limit allows for the part of the slot in which it is there.
    #[error(
        "session {session}, slot {slot}: {energy} are more than its power limit and stay allow"
    )]
    PowerLimit {
        /// Index of the session.
        session: u32,
        /// The slot.
        slot: u32,
        /// The energy planned.
        energy: Joules,
    },
    /// More than the session asks for.
    #[error("session {session}: {energy} are more than it asks for")]
    Overserved {
        /// Index of the session.
        session: u32,
        /// The energy planned.
        energy: Joules,
    },
    /// The cars together pass the headroom of a slot.
    #[error("slot {slot}: the cars' {energy} pass the headroom of {headroom}")]
    Headroom {
        /// The slot.
        slot: u32,
        /// The energy planned for all cars.
        energy: Joules,
        /// The headroom's mean power.
        headroom: Watts,
    },
}

const _: () = assert!(size_of::<Violation>() <= 32);

/// Whether a plan keeps every hard limit of a problem: stays, power limits, energies and the headroom of each slot.
///
/// This is independent code: it shares nothing with the solvers but the problem and the plan. Every plan that a solver
/// of this crate hands out has passed it.
///
/// # Errors
/// The first [`Violation`], by session and slot, then by slot.
pub fn verify(problem: &Problem, plan: &Plan) -> Result<(), Violation> {
    let (expected, found) = (problem.sessions().len(), plan.len());
    if expected != found {
        return Err(Violation::SessionCount { expected, found });
    }
    let grid = problem.grid();
    let length = i128::from(grid.slot_length().raw());
    let mut totals: Vec<i128> = alloc::vec![0; grid.slots() as usize];
    for (session, (asked, planned)) in (0u32..).zip(problem.sessions().iter().zip(plan.sessions()))
    {
        let mut sum = 0i128;
        for (slot, energy) in (u64::from(planned.first_slot)..).zip(planned.energy) {
            let Ok(slot) = u32::try_from(slot) else {
                return Err(Violation::BeyondGrid { session, slot: u32::MAX });
            };
            let Some(total) = totals.get_mut(slot as usize) else {
                return Err(Violation::BeyondGrid { session, slot });
            };
            if energy.raw() < 0 {
                return Err(Violation::Negative { session, slot });
            }
            let slot_begin = i128::from(grid.start().raw()) + i128::from(slot) * length;
            let begin = slot_begin.max(i128::from(asked.arrive.raw()));
            let end = (slot_begin + length).min(i128::from(asked.depart.raw()));
            let reach = i128::from(asked.max_power.raw()) * (end - begin).max(0);
            if i128::from(energy.raw()) > reach {
                return Err(Violation::PowerLimit { session, slot, energy: *energy });
            }
            *total += i128::from(energy.raw());
            sum += i128::from(energy.raw());
        }
        if sum > i128::from(asked.energy.raw()) {
            return Err(Violation::Overserved { session, energy: saturated(sum) });
        }
    }
    for (slot, total) in (0u32..).zip(totals) {
        if let Some(headroom) = problem.headroom(slot)
            && total > i128::from(headroom.raw()) * length
        {
            return Err(Violation::Headroom { slot, energy: saturated(total), headroom });
        }
    }
    Ok(())
}

fn saturated(joules: i128) -> Joules {
    Joules::from_raw(i64::try_from(joules).unwrap_or(i64::MAX))
}
