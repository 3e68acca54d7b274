//! What stands between the cars and the grid: the tree of limits, storage, export, demand charge and grid orders.

use alloc::vec::Vec;

use crate::problem::PerSlot;
use crate::session::NodeId;
use crate::units::{Efficiency, Joules, MicroPerKw, MicroPerKwh, Watts};

/// A limit on all sessions below it: a transformer, a feeder, a distribution box, a power stage that two guns share.
///
/// Limits hold for the power of the cars alone, in both directions where cars discharge; the background counts only at
/// the site's import limit. Several transformers are nodes without a parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Node {
    /// Unique within a problem.
    pub id: NodeId,
    /// The node above; `None` for the site itself.
    pub parent: Option<NodeId>,
    /// The most that all sessions below may draw or give. Unit W.
    pub limit: Watts,
    /// The most of each phase. Unit W.
    pub phase_limit: Option<Watts>,
    /// The most by which two phases may differ. Unit W.
    pub unbalance: Option<Watts>,
}

impl Node {
    /// A node directly under the site, without limits on phases.
    #[must_use]
    pub const fn new(id: NodeId, limit: Watts) -> Self {
        Self { id, parent: None, limit, phase_limit: None, unbalance: None }
    }

    /// The same node under another one.
    #[must_use]
    pub const fn under(mut self, parent: NodeId) -> Self {
        self.parent = Some(parent);
        self
    }

    /// The same node with a limit on each phase.
    #[must_use]
    pub const fn with_phase_limit(mut self, limit: Watts) -> Self {
        self.phase_limit = Some(limit);
        self
    }

    /// The same node with a limit on the difference of two phases.
    #[must_use]
    pub const fn with_unbalance(mut self, limit: Watts) -> Self {
        self.unbalance = Some(limit);
        self
    }
}

/// A stationary battery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Storage {
    /// Highest content. Unit J.
    pub max: Joules,
    /// Lowest content. Unit J.
    pub min: Joules,
    /// Content at the start of the grid; between `min` and `max`.
    pub initial: Joules,
    /// Least content at the end of the grid; at most `max`. If it cannot be reached, nothing can be planned.
    pub final_min: Joules,
    /// Most power taken. Unit W, at the meter.
    pub max_charge: Watts,
    /// Most power given. Unit W, at the meter.
    pub max_discharge: Watts,
    /// Content over meter when charging.
    pub charge_efficiency: Efficiency,
    /// Meter over content when discharging.
    pub discharge_efficiency: Efficiency,
    /// Price of wear, per kWh discharged at the meter; not negative.
    pub wear: MicroPerKwh,
}

/// Selling to the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The most that may flow out. Unit W.
    pub limit: PerSlot<Watts>,
    /// What it earns. Where the limit is not 0 it is at most the price of buying: otherwise the site would trade through
    /// its own meter.
    pub price: PerSlot<MicroPerKwh>,
}

/// A price on the highest mean import of a slot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DemandCharge {
    /// Price of each kW.
    pub price: MicroPerKw,
    /// The peak that the billing period has reached already: only what goes beyond costs.
    pub peak_so_far: Watts,
}

/// What a transformer bears for long, beside the limit of each slot, which is what it bears for short.
///
/// Over any `window` consecutive slots of the grid the mean import is at most `limit`. A slot whose background alone is above the
/// limit counts with the limit: like the import limit this one never binds the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeanLimit {
    /// Number of slots; at least 1 and at most those of the grid.
    pub window: u32,
    /// The most to import in the mean over them, background included. Unit W.
    pub limit: Watts,
}

/// An order of the grid operator or a virtual power plant: import less in slots [`from`, `to`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemandResponse {
    /// First slot.
    pub from: u32,
    /// The slot after the last.
    pub to: u32,
    /// The most to import. Unit W. Like the import limit it never binds the background.
    pub cap: Watts,
    /// What each kWh above the cap costs (background included); `None` for a cap that must hold.
    pub price: Option<MicroPerKwh>,
}

/// One line of a power limit that falls with the energy delivered: power in a slot is at most
/// `intercept - slope x energy`, the energy being what the battery has got since arrival, before the slot.
///
/// Several lines of a session hold together, so any concave curve over the state of charge can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaperLine {
    /// Limit while nothing is delivered. Unit W; not negative.
    pub intercept: Watts,
    /// By how much it falls: unit 10⁻⁹ kW per kWh (battery's side); not negative.
    pub slope: i64,
}

/// The tree as the solvers walk it: indices instead of ids, checked to be a tree of bounded depth.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    /// The index of each node's parent.
    pub(crate) parent: Vec<Option<u32>>,
    /// The index of each session's node.
    pub(crate) of_session: Vec<Option<u32>>,
}

impl Tree {
    /// A session's node and all above it, from below.
    pub(crate) fn path(&self, session: usize) -> impl Iterator<Item = u32> + '_ {
        let first = self.of_session.get(session).copied().flatten();
        core::iter::successors(first, |node| self.parent.get(*node as usize).copied().flatten())
    }
}
