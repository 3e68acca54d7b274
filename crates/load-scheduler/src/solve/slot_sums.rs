//! The cars as the rest of the site sees them: what all of them together take in each slot, and what that leaves unserved.
//!
//! Where the cars alone are a flow, the slot sums that they can take are a polymatroid; the cheapest of them at any prices of
//! the slots is one flow. The linear program of storages, sun and tariffs asks for such flows (`lp::master`).

use alloc::vec::Vec;

use super::cheapest::{Level, open_in_order};
use super::{SolveError, plan_of};
use crate::flow::{Network, Sink};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::session::Session;

/// Slot prices are counted in 10⁻¹² of a currency unit per kWh at the meter: a price times an efficiency, to its last but
/// three digits.
pub(crate) const PER_CURRENCY: f64 = 1e12;

/// Cars, with the most that each slot may give them.
pub(crate) struct SlotSums {
    problem: Problem,
    /// All slots closed.
    empty: Network,
    /// J.
    most: Vec<i64>,
}

/// What a flow of all cars means to the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flow {
    /// J per slot.
    pub(crate) sums: Vec<i64>,
    /// What every session takes, J at the meter.
    pub(crate) served: Vec<i64>,
}

impl SlotSums {
    pub(crate) fn new(problem: Problem, most: Vec<i64>) -> Result<Self, SolveError> {
        Ok(Self { empty: Network::new(&problem, 1)?, problem, most })
    }

    /// The cars; not those of the whole site.
    pub(crate) fn sessions(&self) -> &[Session] {
        self.problem.sessions()
    }

    /// The flow of least cost where energy has these prices in the slots, and what is refused those of the sessions.
    pub(crate) fn cheapest_at(&self, prices: &[i64]) -> Flow {
        let network = self.fill(prices.iter().copied().zip(self.most.iter().copied()));
        let mut sums = alloc::vec![0; self.most.len()];
        for (_, first, run) in network.flows() {
            let places = sums.get_mut(first as usize..).unwrap_or_default();
            for (sum, energy) in places.iter_mut().zip(run) {
                *sum += energy;
            }
        }
        Flow { sums, served: network.served() }
    }

    /// The plan that fills slots of so many joules, leaving what is missed to those with the lowest prices on it. Not
    /// verified.
    pub(crate) fn filling(&self, sums: &[i64]) -> Plan {
        plan_of(&self.problem, &self.fill(sums.iter().map(|sum| (i64::MIN, *sum))))
    }

    fn fill(&self, slots: impl Iterator<Item = (i64, i64)>) -> Network {
        let mut network = self.empty.clone();
        let slots = (0u32..).zip(slots);
        let mut levels: Vec<Level> =
            slots.map(|(slot, (cost, most))| Level::new(cost, Sink::Slot(slot), most)).collect();
        for (position, index) in (0u32..).zip(network.sessions()) {
            levels.push(Level::new(self.refusal_cost(index), Sink::Refusal(position), 0));
        }
        Level::sort(&mut levels);
        open_in_order(&mut network, &levels);
        network
    }

    /// What a kWh at the meter costs that a session does not get.
    fn refusal_cost(&self, session: u32) -> i64 {
        let Some(session) = self.problem.sessions().get(session as usize) else { return 0 };
        // 10⁻⁶ per kWh times 10⁻⁹; both are in range.
        let cost =
            i128::from(session.unserved_price.raw()) * i128::from(session.efficiency.ppb()) / 1_000;
        i64::try_from(cost).unwrap_or(i64::MAX)
    }
}
