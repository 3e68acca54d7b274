//! A plan: how much energy each session takes in each slot.

use alloc::vec::Vec;

use crate::problem::Problem;
use crate::units::{Cost, Joules, MeanPower};

/// Energy of one session over consecutive slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionPlan<'a> {
    /// The slot of the first value.
    pub first_slot: u32,
    /// Energy per slot from `first_slot` on; nothing before and after.
    pub energy: &'a [Joules],
}

impl SessionPlan<'_> {
    /// Energy in a slot; zero outside the values.
    #[must_use]
    pub fn in_slot(&self, slot: u32) -> Joules {
        slot.checked_sub(self.first_slot)
            .and_then(|i| self.energy.get(usize::try_from(i).ok()?).copied())
            .unwrap_or_default()
    }

    /// Energy over all slots.
    #[must_use]
    pub fn total(&self) -> Joules {
        Joules::from_raw(self.energy.iter().fold(0, |sum, e| e.raw().saturating_add(sum)))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    first_slot: u32,
    begin: usize,
    end: usize,
}

/// Energy per session and slot: 8 bytes for each slot of a session's stay.
///
/// The solvers make plans that [`verify`](crate::verify) has passed. A plan of other origin is built with
/// [`Plan::from_runs`] and means nothing until it is verified too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    runs: Vec<Run>,
    energy: Vec<Joules>,
}

impl Plan {
    /// From each session's first slot and energies, in the order of the problem's sessions. Nothing is checked here.
    #[must_use]
    pub fn from_runs<I, E>(runs: I) -> Self
    where
        I: IntoIterator<Item = (u32, E)>,
        E: IntoIterator<Item = Joules>,
    {
        let mut plan = Self::default();
        for (first_slot, energies) in runs {
            let begin = plan.energy.len();
            plan.energy.extend(energies);
            let end = plan.energy.len();
            plan.runs.push(Run { first_slot, begin, end });
        }
        plan
    }

    /// Number of sessions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether there is no session in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// One session's energies, by its index in the problem.
    #[must_use]
    pub fn session(&self, session: usize) -> Option<SessionPlan<'_>> {
        let run = self.runs.get(session)?;
        let energy = self.energy.get(run.begin..run.end)?;
        Some(SessionPlan { first_slot: run.first_slot, energy })
    }

    /// Every session's energies, in the order of the problem.
    pub fn sessions(&self) -> impl Iterator<Item = SessionPlan<'_>> {
        (0..self.runs.len()).filter_map(|index| self.session(index))
    }

    /// Energy over all sessions and slots.
    #[must_use]
    pub fn total(&self) -> Joules {
        Joules::from_raw(self.energy.iter().fold(0, |sum, e| e.raw().saturating_add(sum)))
    }

    /// The cars' energy in every slot of the problem's grid.
    #[must_use]
    pub fn slot_totals(&self, problem: &Problem) -> Vec<Joules> {
        let mut totals = alloc::vec![0i64; problem.grid().slots() as usize];
        for run in self.sessions() {
            let from = totals.get_mut(run.first_slot as usize..).unwrap_or_default();
            for (total, energy) in from.iter_mut().zip(run.energy) {
                *total = total.saturating_add(energy.raw());
            }
        }
        totals.into_iter().map(Joules::from_raw).collect()
    }

    /// The exact cost of the cars' energy at the problem's prices.
    #[must_use]
    pub fn cost(&self, problem: &Problem) -> Cost {
        let cost = (0u32..)
            .zip(self.slot_totals(problem))
            .map(|(slot, energy)| Cost::of(energy, problem.price(slot)).raw())
            .fold(0i128, i128::saturating_add);
        Cost::from_raw(cost)
    }

    /// The highest mean power of a slot, background included.
    #[must_use]
    pub fn peak(&self, problem: &Problem) -> MeanPower {
        let length = problem.grid().slot_length();
        (0u32..)
            .zip(self.slot_totals(problem))
            .filter_map(|(slot, energy)| {
                let background = i128::from(problem.background(slot).raw());
                let joules = i128::from(energy.raw()) + background * i128::from(length.raw());
                MeanPower::new(joules, length)
            })
            .max()
            .unwrap_or(MeanPower::ZERO)
    }

    /// Energy that a session asks for and the plan does not deliver.
    #[must_use]
    pub fn unserved(&self, problem: &Problem, session: usize) -> Joules {
        let asked = problem.sessions().get(session).map_or(0, |s| s.energy.raw());
        let served = self.session(session).map_or(0, |s| s.total().raw());
        Joules::from_raw(asked.saturating_sub(served).max(0))
    }
}
