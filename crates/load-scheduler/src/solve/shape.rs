//! Which problems are flows: where nothing but sums of energies per slot couples the sessions.

use crate::problem::Problem;
use crate::session::{Package, Phases};
use crate::units::{MicroPerKw, MicroPerKwh, Watts};

/// Why a problem is not a flow on a tree, and needs the general linear program (or a branch and bound).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Coupling {
    /// A storage couples the slots.
    Storage,
    /// A limit on a mean couples the slots.
    MeanLimit,
    /// A session discharges.
    V2g {
        /// Index of the session.
        session: u32,
    },
    /// A session's power limit falls with the energy delivered.
    Taper {
        /// Index of the session.
        session: u32,
    },
    /// Sessions of different phases share a limit per phase or of unbalance.
    Phases {
        /// Index of the node.
        node: u32,
    },
    /// A session has a milestone.
    Milestone {
        /// Index of the session.
        session: u32,
    },
    /// A session that wants to be first is served among others.
    Fastest {
        /// Index of the session.
        session: u32,
    },
    /// Import at a negative price competes with the sun while the peak costs, too.
    PaidImport {
        /// The slot.
        slot: u32,
    },
}

impl core::fmt::Display for Coupling {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Storage => f.write_str("a storage"),
            Self::MeanLimit => f.write_str("the limit of a mean"),
            Self::V2g { session } => write!(f, "the discharging session {session}"),
            Self::Taper { session } => write!(f, "the taper of session {session}"),
            Self::Phases { node } => write!(f, "the phases of node {node}"),
            Self::Milestone { session } => write!(f, "the milestone of session {session}"),
            Self::Fastest { session } => write!(f, "the urgent session {session}"),
            Self::PaidImport { slot } => write!(f, "the negative price of slot {slot}"),
        }
    }
}

impl Problem {
    /// What makes the problem more than a flow; `None` where the exact solvers of integers apply. Minimum power is not
    /// looked at here.
    #[must_use]
    pub fn coupling(&self) -> Option<Coupling> {
        if !self.storages().is_empty() {
            return Some(Coupling::Storage);
        }
        let is_bound = |slot| self.steady_cap(slot) != self.import_cap(slot);
        if (0..self.grid().slots()).any(is_bound) {
            return Some(Coupling::MeanLimit);
        }
        let count = u32::try_from(self.sessions().len()).unwrap_or(u32::MAX);
        (0..count).find_map(|session| self.coupling_of(session)).or_else(|| self.paid_import())
    }

    /// What a session makes more than a flow.
    pub(crate) fn coupling_of(&self, session: u32) -> Option<Coupling> {
        let asked = self.sessions().get(session as usize)?;
        if asked.v2g.is_some() {
            Some(Coupling::V2g { session })
        } else if self.taper_binds(session as usize) {
            Some(Coupling::Taper { session })
        } else if asked.milestone.is_some() {
            Some(Coupling::Milestone { session })
        } else if asked.package == Package::Fastest {
            Some(Coupling::Fastest { session })
        } else {
            self.mixed_phases(session as usize)
        }
    }

    /// Whether a falling limit can be what bounds a session: even at its lowest it may lie above the power limit.
    pub(crate) fn taper_binds(&self, session: usize) -> bool {
        let Some(asked) = self.sessions().get(session) else { return false };
        self.taper(session).any(|line| {
            let falls = i128::from(line.slope) * i128::from(asked.energy.raw());
            let falls = falls / (3_600 * 1_000_000_000) + 1;
            let lowest = i128::from(line.intercept.raw()) - if line.slope > 0 { falls } else { 0 };
            lowest < i128::from(asked.max_power.raw())
        })
    }

    /// A node with limits on phases above a session that does not load all three alike.
    fn mixed_phases(&self, session: usize) -> Option<Coupling> {
        if self.sessions().get(session)?.phases == Phases::ALL {
            return None;
        }
        let has_limits = |node: &usize| {
            let node = self.nodes().get(*node);
            node.is_some_and(|node| node.phase_limit.is_some() || node.unbalance.is_some())
        };
        let node = self.nodes_above(session).find(has_limits)?;
        Some(Coupling::Phases { node: u32::try_from(node).unwrap_or(u32::MAX) })
    }

    /// Whether import at a negative price competes with the sun while the peak costs, too.
    pub(crate) fn has_paid_import(&self) -> bool {
        self.paid_import().is_some()
    }

    fn paid_import(&self) -> Option<Coupling> {
        if self.demand_charge().price == MicroPerKw::ZERO {
            return None;
        }
        let mut slots = 0..self.grid().slots();
        let slot = slots
            .find(|slot| self.price(*slot) < MicroPerKwh::ZERO && self.pv(*slot) > Watts::ZERO)?;
        Some(Coupling::PaidImport { slot })
    }
}
