//! The three objectives, solved exactly: serve the most, at the least cost, with the lowest peak.
//!
//! All three are one network: sessions give energy to the slots of their stay, slots pass it to the grid. What the slots
//! can receive together are the independent sets of a polymatroid, so a greedy order is optimal. The theory is
//! Megiddo's (1974) for the sinks of a single-source network and Fujishige's (1980) for the flattest base.

mod certificate;
mod cheapest;
mod flexibility;
mod levels;
mod minimum_power;
mod shape;
#[cfg(feature = "lp")]
mod slot_sums;
mod standing;

use alloc::vec::Vec;

pub use certificate::{Certificate, CertificateError};
pub use cheapest::{Cheapest, cheapest, vips_first};
pub use flexibility::{Flexibility, flexibility};
pub use levels::{fairest, flattest};
pub use minimum_power::{WithMinimumPower, with_minimum_power};
pub use shape::Coupling;
#[cfg(feature = "lp")]
pub(crate) use slot_sums::{Flow, PER_CURRENCY, SlotSums};
pub use standing::{StandingError, StandingPlan};

use crate::flow::{Cut, Network};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::units::{Cost, Joules, MeanPower, Seconds};
use crate::verify::{Violation, verify_but_minimum_power};

/// Why a solver has no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SolveError {
    /// The objective wants all energy served and that is impossible; [`bottleneck`] says which sessions and slots it is.
    #[error("{missing} of the energy asked for cannot be served")]
    NotAllServable {
        /// The least energy that any plan leaves out.
        missing: Joules,
    },
    /// Memory for the sessions' slots could not be had.
    #[error("no memory for {cells} session slots")]
    OutOfMemory {
        /// Values asked for.
        cells: u64,
    },
    /// An intermediate value would not fit in 64 bits.
    #[error("the energies are too large for an exact result")]
    OutOfRange,
    /// The problem is more than a flow; the general linear program can solve it.
    #[error("{coupling} makes the problem more than a flow")]
    NotAFlow {
        /// What couples the sessions or slots.
        coupling: Coupling,
    },
    /// The finished plan failed the independent check. This is a defect of the solver; the plan is withheld.
    #[error("the solver's plan was rejected: {0}")]
    Rejected(Violation),
}

const _: () = assert!(size_of::<SolveError>() <= 32);

/// A plan that serves as much energy as any plan can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaxServed {
    /// The plan.
    pub plan: Plan,
    /// The energy it serves: the optimum.
    pub served: Joules,
}

/// A plan that serves all energy at the least cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinCost {
    /// The plan.
    pub plan: Plan,
    /// Its exact cost: the optimum.
    pub cost: Cost,
}

/// A plan that serves all energy with the lowest peak, background included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinPeak {
    /// The plan, in whole joules per slot.
    pub plan: Plan,
    /// The plan's highest slot mean, background included. No plan of whole joules has a lower one; it is less than
    /// one joule per slot above `bound`.
    pub peak: MeanPower,
    /// The exact optimum over all plans, fractions of a joule included: no plan can go below it, and it is reached.
    pub bound: MeanPower,
    /// The slots that force the bound, in order: energy that must fall inside them, over their time. Empty where the
    /// background alone does.
    pub binding_slots: Vec<u32>,
}

/// Why not all energy can be served: sessions, slots, and the energy that fits nowhere else.
///
/// `must - room` is exactly the least energy that any plan leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bottleneck {
    /// Indices of the sessions that compete, in order.
    pub sessions: Vec<usize>,
    /// The slots they compete for, in order; empty where the sessions' own power limits or stays are too short.
    pub slots: Vec<u32>,
    /// What the sessions need inside these slots, having used everything they can reach outside them.
    pub must: Joules,
    /// What the slots can deliver.
    pub room: Joules,
    /// Indices of the nodes whose limits hold the sessions back as well, in order.
    pub nodes: Vec<usize>,
}

/// Serves as much energy as any plan can within the limit.
///
/// # Errors
/// [`SolveError::OutOfMemory`]; [`SolveError::Rejected`] only for a defect of the solver.
pub fn max_served(problem: &Problem) -> Result<MaxServed, SolveError> {
    flow_only(problem)?;
    let network = filled(problem)?;
    let plan = checked_plan(problem, &network)?;
    let served = plan.total();
    Ok(MaxServed { plan, served })
}

/// Explains why not all energy can be served; `None` if it can.
///
/// # Errors
/// [`SolveError::OutOfMemory`].
pub fn bottleneck(problem: &Problem) -> Result<Option<Bottleneck>, SolveError> {
    flow_only(problem)?;
    let network = filled(problem)?;
    if network.missing() == 0 {
        return Ok(None);
    }
    let cut = network.cut();
    let room = cut.slots.iter().map(|slot| network.capacity(*slot)).sum();
    Ok(Some(Bottleneck {
        sessions: cut.sessions,
        slots: cut.slots,
        nodes: cut.nodes,
        must: Joules::from_raw(cut.must),
        room: Joules::from_raw(room),
    }))
}

/// Serves all energy at the least cost.
///
/// Slots are opened in the order of their price; at each price the flow is augmented to its maximum without ever taking
/// energy out of a slot opened before. The result is optimal for any prices, negative ones included: as all energy must
/// be served, and no more, a negative price never buys more than was asked.
///
/// # Errors
/// [`SolveError::NotAllServable`] with the energy missing; otherwise as [`max_served`].
pub fn min_cost(problem: &Problem) -> Result<MinCost, SolveError> {
    flow_only(problem)?;
    let mut network = Network::new(problem, 1)?;
    let mut slots: Vec<u32> = (0..problem.grid().slots()).collect();
    slots.sort_unstable_by_key(|slot| (problem.price(*slot), *slot));
    for level in slots.chunk_by(|a, b| problem.price(*a) == problem.price(*b)) {
        for slot in level {
            network.open(*slot, capacity(problem, *slot));
        }
        network.augment();
        if network.missing() == 0 {
            break;
        }
    }
    all_served(&network)?;
    let plan = checked_plan(problem, &network)?;
    let cost = plan.cost(problem);
    Ok(MinCost { plan, cost })
}

/// Serves all energy within the limit and with the lowest possible peak, background included.
///
/// The peak rises from a lower bound. Each time the flow under it is not full, the minimum cut names slots that must
/// take more than the peak allows, and the mean over these slots is a higher lower bound (Newton's method on the cuts);
/// when the flow is full, the bound is reached. For the lowest peak regardless of the limit use
/// [`Problem::without_limit`].
///
/// # Errors
/// [`SolveError::NotAllServable`] with the energy missing even without a thought for the peak;
/// [`SolveError::OutOfRange`] where energy times slots passes 63 bits; otherwise as [`max_served`].
pub fn min_peak(problem: &Problem) -> Result<MinPeak, SolveError> {
    flow_only(problem)?;
    all_served(&filled(problem)?)?;
    let slots = problem.grid().slots();
    let mut level = Level::lowest(problem);
    let mut binding_slots = Vec::new();
    // First in whole joules per slot, keeping the flow from one peak to the next. A level between two whole joules is
    // rounded up: a cut that is too small even then is too small for the exact level as well.
    let mut network = Network::new(problem, 1)?;
    loop {
        let peak = level.rounded_up();
        for slot in 0..slots {
            network.open(slot, peak.capacity(problem, slot, 1));
        }
        network.augment();
        if network.missing() == 0 {
            break;
        }
        let cut = network.cut();
        level = peak.raised(problem, &network, &cut, 1)?;
        binding_slots = cut.slots;
    }
    let plan = checked_plan(problem, &network)?;
    // Then exactly, with every energy multiplied by the denominator of the level. Mostly this only confirms the level.
    loop {
        let scale = level.slots;
        let mut network = Network::new(problem, scale)?;
        for slot in 0..slots {
            network.open(slot, level.capacity(problem, slot, scale));
        }
        network.augment();
        if network.missing() == 0 {
            break;
        }
        let cut = network.cut();
        level = level.raised(problem, &network, &cut, scale)?;
        binding_slots = cut.slots;
    }
    let time = problem.grid().slot_length().raw().checked_mul(level.slots);
    let time = Seconds::from_raw(time.ok_or(SolveError::OutOfRange)?);
    Ok(MinPeak {
        peak: plan.peak(problem),
        plan,
        bound: MeanPower::new(level.joules, time).ok_or(SolveError::OutOfRange)?,
        binding_slots,
    })
}

/// A candidate for the peak, background included: joules over a number of slots.
#[derive(Debug, Clone, Copy)]
struct Level {
    joules: i128,
    slots: i64,
}

impl Level {
    /// The highest background: no peak is lower.
    fn lowest(problem: &Problem) -> Self {
        let slots = 0..problem.grid().slots();
        let joules = slots.map(|slot| background(problem, slot)).max().unwrap_or(0);
        Self { joules, slots: 1 }
    }

    /// The next whole number of joules per slot.
    fn rounded_up(self) -> Self {
        let slots = i128::from(self.slots);
        let down = self.joules.div_euclid(slots);
        let up = down + i128::from(self.joules.rem_euclid(slots) > 0);
        Self { joules: up, slots: 1 }
    }

    /// What the cars may draw in a slot under this peak and the limit, times `scale`; a multiple of the level's
    /// denominator as the scale makes that whole.
    fn capacity(self, problem: &Problem, slot: u32, scale: i64) -> i64 {
        let scale = i128::from(scale);
        let under_peak =
            self.joules * scale / i128::from(self.slots) - background(problem, slot) * scale;
        let room = under_peak.min(i128::from(capacity(problem, slot)) * scale);
        // The network cuts what passes its total energy.
        i64::try_from(room.max(0)).unwrap_or(i64::MAX)
    }

    /// Whether the limit, not this level, is what bounds the cars in a slot.
    fn limit_binds(self, problem: &Problem, slot: u32) -> bool {
        problem.headroom(slot).is_some_and(|headroom| {
            let limit = i128::from(headroom.raw()) * length(problem) + background(problem, slot);
            self.joules >= limit * i128::from(self.slots)
        })
    }

    /// The lowest level at which the slots of a cut could take what they must, no other limit being tighter than it is at
    /// this level: still a lower bound, and higher than this one. The network's energies are multiplied by `scale`.
    fn raised(
        self,
        problem: &Problem,
        network: &Network,
        cut: &Cut,
        scale: i64,
    ) -> Result<Self, SolveError> {
        // Outside the cut's slots the sessions draw all they can, which is a multiple of the scale.
        let mut joules = i128::from(cut.must / scale);
        let mut slots = 0;
        for slot in &cut.slots {
            // Less than this level allows where a node above all sessions bounds the slot, or their energy.
            let opened = network.capacity(*slot);
            if self.limit_binds(problem, *slot) || opened < self.capacity(problem, *slot, scale) {
                joules -= i128::from(opened / scale);
            } else {
                joules += background(problem, *slot);
                slots += 1;
            }
        }
        if slots == 0 {
            let missing = i64::try_from(joules).unwrap_or(i64::MAX);
            return Err(SolveError::NotAllServable { missing: Joules::from_raw(missing) });
        }
        let raised = Self { joules, slots };
        // A violated cut always asks for more; were it not so, the search would never end.
        let rises = raised.joules * i128::from(self.slots) > self.joules * i128::from(slots);
        if rises { Ok(raised) } else { Err(SolveError::OutOfRange) }
    }
}

/// These solvers count the grid alone: no sun, no export, nothing that is not a flow.
fn flow_only(problem: &Problem) -> Result<(), SolveError> {
    problem.coupling().map_or(Ok(()), |coupling| Err(SolveError::NotAFlow { coupling }))
}

/// Length of a slot in seconds.
fn length(problem: &Problem) -> i128 {
    i128::from(problem.grid().slot_length().raw())
}

/// Energy of the background in a slot, in joules.
fn background(problem: &Problem, slot: u32) -> i128 {
    i128::from(problem.background(slot).raw()) * length(problem)
}

/// Joules that the limit leaves to the cars in a slot; without a limit no bound. (The network cuts what passes its total
/// energy.)
fn capacity(problem: &Problem, slot: u32) -> i64 {
    let time = problem.grid().slot_length();
    let headroom = problem.headroom(slot).and_then(|headroom| headroom.checked_over(time));
    headroom.map_or(i64::MAX, Joules::raw)
}

/// The maximum flow with every slot open as far as the limit allows.
fn filled(problem: &Problem) -> Result<Network, SolveError> {
    let mut network = Network::new(problem, 1)?;
    for slot in 0..problem.grid().slots() {
        network.open(slot, capacity(problem, slot));
    }
    network.augment();
    Ok(network)
}

fn all_served(network: &Network) -> Result<(), SolveError> {
    match network.missing() {
        0 => Ok(()),
        missing => Err(SolveError::NotAllServable { missing: Joules::from_raw(missing) }),
    }
}

/// The network's flow as a plan, in the order of the problem, that has passed the independent check. Least powers are not
/// looked at: they are the business of who asks for them.
fn checked_plan(problem: &Problem, network: &Network) -> Result<Plan, SolveError> {
    let plan = plan_of(problem, network);
    verify_but_minimum_power(problem, &plan).map_err(SolveError::Rejected)?;
    Ok(plan)
}

/// The network's flow as a plan, in the order of the problem.
fn plan_of(problem: &Problem, network: &Network) -> Plan {
    let mut flows: Vec<(u32, &[i64])> = alloc::vec![(0, &[]); problem.sessions().len()];
    for (index, first, run) in network.flows() {
        if let Some(place) = flows.get_mut(index) {
            *place = (first, run);
        }
    }
    Plan::from_runs(
        flows.into_iter().map(|(first, run)| (first, run.iter().copied().map(Joules::from_raw))),
    )
}
