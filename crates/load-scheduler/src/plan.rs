//! A plan: how much energy each session and each storage takes, or gives, in each slot.

use alloc::vec::Vec;

use crate::problem::Problem;
use crate::units::{Cost, Efficiency, Joules, MeanPower};

/// Energy of one session over consecutive slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionPlan<'a> {
    /// The slot of the first value.
    pub first_slot: u32,
    /// Energy per slot at the meter from `first_slot` on, discharge negative; nothing before and after.
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
    /// Per storage, energy per slot at the meter, discharge negative.
    storages: Vec<Vec<Joules>>,
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

    /// The same plan with the storages' energy per slot at the meter, charging positive, in the order of the problem.
    #[must_use]
    pub fn with_storages(mut self, storages: Vec<Vec<Joules>>) -> Self {
        self.storages = storages;
        self
    }

    /// Energy of a storage per slot at the meter, discharge negative; empty where the plan leaves it alone.
    #[must_use]
    pub fn storage(&self, storage: usize) -> &[Joules] {
        self.storages.get(storage).map_or(&[], Vec::as_slice)
    }

    /// Number of storages that the plan says something about.
    #[must_use]
    pub const fn storages(&self) -> usize {
        self.storages.len()
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

    /// The cars' and the storages' energy in every slot of the problem's grid.
    #[must_use]
    pub fn net_totals(&self, problem: &Problem) -> Vec<Joules> {
        let mut totals = self.slot_totals(problem);
        for storage in &self.storages {
            for (total, energy) in totals.iter_mut().zip(storage) {
                *total = Joules::from_raw(total.raw().saturating_add(energy.raw()));
            }
        }
        totals
    }

    /// The exact cost of the cars' energy at the problem's prices, as if all of it were imported; see
    /// [`Account`](crate::Account) for the whole bill of a site.
    #[must_use]
    pub fn cost(&self, problem: &Problem) -> Cost {
        let cost = (0u32..)
            .zip(self.slot_totals(problem))
            .map(|(slot, energy)| Cost::of(energy, problem.price(slot)).raw())
            .fold(0i128, i128::saturating_add);
        Cost::from_raw(cost)
    }

    /// The highest mean load of a slot, background included.
    #[must_use]
    pub fn peak(&self, problem: &Problem) -> MeanPower {
        let length = problem.grid().slot_length();
        (0u32..)
            .zip(self.net_totals(problem))
            .filter_map(|(slot, energy)| {
                let background = i128::from(problem.background(slot).raw());
                let joules = i128::from(energy.raw()) + background * i128::from(length.raw());
                MeanPower::new(joules, length)
            })
            .max()
            .unwrap_or(MeanPower::ZERO)
    }

    /// Energy that reaches a session's battery: what is charged less its losses, less what discharging takes out.
    #[must_use]
    pub fn delivered(&self, problem: &Problem, session: usize) -> Joules {
        let (Some(asked), Some(run)) = (problem.sessions().get(session), self.session(session))
        else {
            return Joules::ZERO;
        };
        let (mut charged, mut discharged) = (0i64, 0i64);
        for energy in run.energy {
            charged = charged.saturating_add(energy.raw().max(0));
            discharged = discharged.saturating_add(energy.raw().min(0).saturating_neg());
        }
        let lost = asked.v2g.map_or(Efficiency::ONE, |v2g| v2g.efficiency);
        let charged = asked.efficiency.of(Joules::from_raw(charged)).raw();
        let discharged = lost.for_arriving(Joules::from_raw(discharged)).raw();
        Joules::from_raw(charged.saturating_sub(discharged))
    }

    /// Energy that a session asks for and the plan does not deliver, on the battery's side.
    #[must_use]
    pub fn unserved(&self, problem: &Problem, session: usize) -> Joules {
        let asked = problem.sessions().get(session).map_or(0, |s| s.energy.raw());
        let delivered = self.delivered(problem, session).raw();
        Joules::from_raw(asked.saturating_sub(delivered).max(0))
    }
}
