//! A cheapest plan that stays the cheapest while cars come, go and change their minds.

use alloc::vec::Vec;

use super::certificate::{Certificate, Support};
use super::cheapest::{
    LEVELS_PER_MICRO, Level, Refusal, left_for_cars, open_in_order, unserved_level,
};
use super::{SolveError, checked_plan, flow_only};
use crate::account::Account;
use crate::flow::{Kept, Network, Tier};
use crate::plan::Plan;
use crate::problem::{Problem, ProblemError};
use crate::session::{Session, SessionId};
use crate::units::{Cost, Joules, MicroPerKw, Watts};

/// Why a standing plan cannot be had, or cannot follow a change; it is then as it was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StandingError {
    /// The changed problem is not a valid one.
    #[error(transparent)]
    Problem(#[from] ProblemError),
    /// The problem is no flow, or too large.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// A demand charge couples all slots: use [`cheapest`](super::cheapest) each time.
    #[error("a demand charge is not kept up to date")]
    DemandCharge,
    /// There is no session of this id.
    #[error("there is no session {id}")]
    NoSuchSession {
        /// The id.
        id: SessionId,
    },
    /// There is no such slot.
    #[error("there is no slot {slot}")]
    NoSuchSlot {
        /// The slot.
        slot: u32,
    },
}

const _: () = assert!(size_of::<StandingError>() <= 40);

/// The cheapest plan of a problem, kept the cheapest through changes of one car or one slot, each at a fraction of what
/// [`cheapest`](super::cheapest) takes for the whole.
///
/// After every change the bill is that of [`cheapest`](super::cheapest) for the changed problem, and as provable; among plans of
/// equal cost it may be another one, as it depends on the history. Beside the problem it holds 8 bytes for each slot of each
/// session's stay, and for every limit of the tree some words for each slot.
///
/// ```
/// use evse_load_scheduler::{
///     Grid, Joules, MicroPerKwh, Problem, Seconds, Session, SessionId, StandingPlan, Watts,
/// };
///
/// let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(3_600), 2)?;
/// let prices = vec![MicroPerKwh::from_raw(200_000), MicroPerKwh::from_raw(700_000)];
/// let site = Problem::builder(grid).limit(Watts::from_raw(10_000)).price(prices).build()?;
/// let mut plan = StandingPlan::new(site)?;
/// let car = |id| {
///     let energy = Joules::from_raw(10_000 * 3_600);
///     Session::new(SessionId::from_raw(id), Seconds::ZERO, grid.end(), energy, Watts::from_raw(10_000))
/// };
/// plan.add(car(1))?;
/// assert_eq!(plan.account().total().to_string(), "2.000000"); // all while it is cheap
/// plan.add(car(2))?;
/// assert_eq!(plan.account().total().to_string(), "9.000000"); // one of them has to wait
/// plan.remove(SessionId::from_raw(1))?;
/// assert_eq!(plan.account().total().to_string(), "2.000000");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct StandingPlan {
    problem: Problem,
    kept: Kept,
    /// What all sessions ask for at the meter.
    asked: Joules,
}

impl StandingPlan {
    /// Solves the problem. Least powers are ignored.
    ///
    /// # Errors
    /// [`StandingError::Solve`] and [`StandingError::DemandCharge`].
    pub fn new(problem: Problem) -> Result<Self, StandingError> {
        flow_only(&problem)?;
        if problem.demand_charge().price > MicroPerKw::ZERO {
            return Err(StandingError::DemandCharge);
        }
        let mut network = Network::to_keep(&problem)?;
        let levels = Level::all(&problem, &network, Refusal::ByPrice, i64::MAX);
        open_in_order(&mut network, &levels);
        let refusals: Vec<i64> = problem.sessions().iter().map(unserved_level).collect();
        let tiers = (0..problem.grid().slots()).map(|slot| tiers(&problem, slot)).collect();
        let kept = Kept::new(network, &refusals, tiers)?;
        let asked = problem.sessions().iter().map(|session| session.energy_at_meter().raw()).sum();
        Ok(Self { problem, kept, asked: Joules::from_raw(asked) })
    }

    /// The problem as it is now.
    #[must_use]
    pub const fn problem(&self) -> &Problem {
        &self.problem
    }

    /// A car has come; it is the last of the problem's sessions.
    ///
    /// # Errors
    /// [`StandingError::Problem`], and [`StandingError::Solve`] for a session that is no flow or where memory is short.
    pub fn add(&mut self, session: Session) -> Result<(), StandingError> {
        self.problem.push_session(session, self.asked)?;
        let index = self.problem.sessions().len() - 1;
        let added = match self.coupling_of(index) {
            None => self.kept.insert(&self.problem, unserved_level(&session)),
            Some(no_flow) => Err(no_flow),
        };
        if let Err(error) = added {
            self.problem.forget_session(index);
            return Err(error.into());
        }
        let asked = self.asked.raw() + session.energy_at_meter().raw();
        self.asked = Joules::from_raw(asked);
        Ok(())
    }

    /// A car has left; the sessions after it move up by one.
    ///
    /// # Errors
    /// [`StandingError::NoSuchSession`].
    pub fn remove(&mut self, id: SessionId) -> Result<Session, StandingError> {
        let (index, session) = self.find(id)?;
        self.kept.remove(index);
        self.problem.forget_session(index);
        self.asked = self.asked_beside(&session);
        Ok(session)
    }

    /// A car asks for so much in all, on the battery's side. For any other change [`Self::remove`] it and [`Self::add`] it anew.
    ///
    /// # Errors
    /// [`StandingError::NoSuchSession`]; as [`Self::add`].
    pub fn set_energy(&mut self, id: SessionId, energy: Joules) -> Result<(), StandingError> {
        let (index, before) = self.find(id)?;
        let others = self.asked_beside(&before);
        self.problem.set_energy(index, energy, others)?;
        if let Some(no_flow) = self.coupling_of(index) {
            self.problem.set_energy(index, before.energy, others)?;
            return Err(no_flow.into());
        }
        let asked = Session { energy, ..before }.energy_at_meter();
        self.kept.ask(index, asked.raw());
        self.asked = Joules::from_raw(others.raw() + asked.raw());
        Ok(())
    }

    /// The import limit of a slot is another one.
    ///
    /// # Errors
    /// [`StandingError::NoSuchSlot`], [`StandingError::Problem`].
    pub fn set_limit(&mut self, slot: u32, limit: Watts) -> Result<(), StandingError> {
        self.change_slot(slot, |problem| problem.set_limit(slot, limit))
    }

    /// The background of a slot is another one.
    ///
    /// # Errors
    /// [`StandingError::NoSuchSlot`], [`StandingError::Problem`].
    pub fn set_background(&mut self, slot: u32, load: Watts) -> Result<(), StandingError> {
        self.change_slot(slot, |problem| problem.set_background(slot, load))
    }

    /// The bill; [`Account::total`] is the optimum.
    #[must_use]
    pub fn account(&self) -> Account {
        let unserved =
            self.problem.sessions().iter().zip(self.kept.served()).map(|(asked, at_meter)| {
                let delivered = asked.efficiency.of(Joules::from_raw(at_meter)).raw();
                let missing = (asked.energy.raw() - delivered).max(0);
                i128::from(missing) * i128::from(asked.unserved_price.raw())
            });
        let unserved = Cost::from_raw(unserved.sum());
        Account::settle(&self.problem, self.kept.used().iter().copied(), unserved, Cost::ZERO)
    }

    /// What a car is planned to take; `None` if there is no such session.
    #[must_use]
    pub fn session(&self, id: SessionId) -> Option<(u32, impl Iterator<Item = Joules> + '_)> {
        let (first, flow) = self.kept.flow(self.problem.index_of(id)?)?;
        Some((first, flow.iter().map(|energy| Joules::from_raw(*energy))))
    }

    /// First slot and energies of every session, in no order.
    pub(crate) fn flows(&self) -> impl Iterator<Item = (SessionId, u32, &[i64])> {
        let flows = self.kept.network().flows();
        flows.filter_map(|(index, first, run)| {
            Some((self.problem.sessions().get(index)?.id, first, run))
        })
    }

    /// The plan, having passed [`verify`](fn@crate::verify).
    ///
    /// # Errors
    /// [`SolveError::Rejected`], only for a defect of the solver.
    pub fn plan(&self) -> Result<Plan, SolveError> {
        checked_plan(&self.problem, self.kept.network())
    }

    /// The proof that no plan is cheaper.
    ///
    /// # Errors
    /// [`SolveError::OutOfMemory`].
    pub fn certificate(&self) -> Result<Certificate, SolveError> {
        let potentials = self.kept.potentials()?;
        Ok(Certificate::new(alloc::vec![Support { peak: i64::MAX, potentials }]))
    }

    fn change_slot(
        &mut self,
        slot: u32,
        change: impl FnOnce(&mut Problem) -> Result<(), ProblemError>,
    ) -> Result<(), StandingError> {
        if slot >= self.problem.grid().slots() {
            return Err(StandingError::NoSuchSlot { slot });
        }
        change(&mut self.problem)?;
        self.kept.refit(slot as usize, tiers(&self.problem, slot));
        Ok(())
    }

    fn find(&self, id: SessionId) -> Result<(usize, Session), StandingError> {
        let index = self.problem.index_of(id);
        let found = index.and_then(|index| Some((index, *self.problem.sessions().get(index)?)));
        found.ok_or(StandingError::NoSuchSession { id })
    }

    fn coupling_of(&self, index: usize) -> Option<SolveError> {
        let coupling = self.problem.coupling_of(u32::try_from(index).unwrap_or(u32::MAX))?;
        Some(SolveError::NotAFlow { coupling })
    }

    fn asked_beside(&self, session: &Session) -> Joules {
        Joules::from_raw(self.asked.raw() - session.energy_at_meter().raw())
    }
}

/// What a slot offers to the cars.
fn tiers(problem: &Problem, slot: u32) -> Vec<Tier> {
    left_for_cars(problem, slot, i64::MAX)
        .map(|(price, energy)| Tier { cost: price.saturating_mul(LEVELS_PER_MICRO), energy })
        .collect()
}
