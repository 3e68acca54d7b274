//! The validated problem: a grid of slots, what the site allows and costs in each, the tree of limits, and the sessions.

mod builder;
mod change;
mod error;
mod grid;

use alloc::vec::Vec;

pub use builder::ProblemBuilder;
pub use error::{Field, ProblemError};
pub use grid::{Grid, PerSlot};

use crate::session::{Package, Phases, Session};
use crate::site::{
    DemandCharge, DemandResponse, Export, MeanLimit, Node, Storage, TaperLine, Tree,
};
use crate::units::{Joules, MicroPerKwh, Seconds, Watts};

/// Most slots of a grid.
pub const MAX_SLOTS: u32 = 1_000_000;
/// Longest slot: seven days.
pub const MAX_SLOT_LENGTH: Seconds = Seconds::from_raw(604_800);
/// Most sessions of a problem.
pub const MAX_SESSIONS: u32 = 10_000_000;
/// Most nodes of the tree of limits.
pub const MAX_NODES: u32 = 1_000_000;
/// Most nodes between a session and the site.
pub const MAX_DEPTH: u32 = 64;
/// Highest power of a session, a limit or the background: 10⁹ kW.
pub const MAX_POWER: Watts = Watts::from_raw(1_000_000_000_000);
/// Most energy of one session and of all sessions together: 10¹² kWh.
pub const MAX_ENERGY: Joules = Joules::from_raw(3_600_000_000_000_000_000);
/// Furthest time from the origin, before or after it: about 30 000 years.
pub const MAX_TIME: Seconds = Seconds::from_raw(1_000_000_000_000);
/// Highest magnitude of a price: a million currency units per kWh.
pub const MAX_PRICE: MicroPerKwh = MicroPerKwh::from_raw(1_000_000_000_000);

/// A site and its sessions over a grid of slots, checked once; nothing in it fails afterwards.
///
/// Sessions keep the order in which they were given and are numbered by it (`usize` indices from 0) in every result.
/// That order never decides anything: ties go by arrival, then by [`SessionId`](crate::SessionId).
///
/// ```
/// use evse_load_scheduler::{Grid, Joules, MicroPerKwh, Problem, Seconds, Session, SessionId, Watts};
///
/// let quarter_hours = Grid::new(Seconds::ZERO, Seconds::from_raw(900), 96)?;
/// let car = Session::new(
///     SessionId::from_raw(1),
///     Seconds::from_raw(8 * 3600),
///     Seconds::from_raw(9 * 3600),
///     Joules::from_raw(20_000 * 3600),
///     Watts::from_raw(60_000),
/// );
/// let problem = Problem::builder(quarter_hours)
///     .limit(Watts::from_raw(2_000_000))
///     .background(vec![Watts::from_raw(150_000); 96])
///     .price(MicroPerKwh::from_raw(780_000))
///     .sessions(vec![car])
///     .build()?;
/// assert_eq!(problem.headroom(32), Some(Watts::from_raw(1_850_000)));
/// # Ok::<(), evse_load_scheduler::ProblemError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Problem {
    grid: Grid,
    limit: Option<PerSlot<Watts>>,
    mean_limit: Option<MeanLimit>,
    background: PerSlot<Watts>,
    price: PerSlot<MicroPerKwh>,
    export: Option<Export>,
    pv: PerSlot<Watts>,
    demand_charge: DemandCharge,
    storages: Vec<Storage>,
    events: Vec<DemandResponse>,
    nodes: Vec<Node>,
    tree: Tree,
    sessions: Vec<Session>,
    /// By session, then in the order given.
    tapers: Vec<(u32, TaperLine)>,
    minimum_power: bool,
}

impl Problem {
    /// Begins a problem: no limit, no background, price 0 and no sessions until told otherwise.
    pub const fn builder(grid: Grid) -> ProblemBuilder {
        ProblemBuilder::new(grid)
    }

    /// The grid of slots.
    #[must_use]
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The sessions, in the order given.
    #[must_use]
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// Import limit of a slot; `None` where the problem has no limit (or no such slot). Grid orders are not in it.
    #[must_use]
    pub fn limit(&self, slot: u32) -> Option<Watts> {
        self.limit.as_ref().and_then(|series| series.at(slot))
    }

    /// The limit on the mean import over a sliding window.
    #[must_use]
    pub const fn mean_limit(&self) -> Option<MeanLimit> {
        self.mean_limit
    }

    /// The most to import in a slot that is safe whatever the slots around it import: the cap, or the mean limit where that is
    /// less.
    #[must_use]
    pub fn steady_cap(&self, slot: u32) -> Option<Watts> {
        self.mean_limit.map(|mean| mean.limit).into_iter().chain(self.import_cap(slot)).min()
    }

    /// The most to import in a slot: the limit, or the cap of a grid order that must hold where that is less.
    #[must_use]
    pub fn import_cap(&self, slot: u32) -> Option<Watts> {
        let orders = self.events.iter().filter(|e| e.from <= slot && slot < e.to);
        let caps = orders.filter(|e| e.price.is_none()).map(|e| e.cap);
        caps.chain(self.limit(slot)).min()
    }

    /// Background load of a slot; zero beyond the grid.
    #[must_use]
    pub fn background(&self, slot: u32) -> Watts {
        self.background.at(slot).unwrap_or_default()
    }

    /// Price of a slot; zero beyond the grid.
    #[must_use]
    pub fn price(&self, slot: u32) -> MicroPerKwh {
        self.price.at(slot).unwrap_or_default()
    }

    /// What may flow out in a slot, and what that earns.
    #[must_use]
    pub fn export(&self, slot: u32) -> (Watts, MicroPerKwh) {
        let Some(export) = &self.export else { return (Watts::ZERO, MicroPerKwh::ZERO) };
        (export.limit.at(slot).unwrap_or_default(), export.price.at(slot).unwrap_or_default())
    }

    /// Power of the sun in a slot; not using it costs nothing.
    #[must_use]
    pub fn pv(&self, slot: u32) -> Watts {
        self.pv.at(slot).unwrap_or_default()
    }

    /// The price on the highest mean import of a slot.
    #[must_use]
    pub const fn demand_charge(&self) -> DemandCharge {
        self.demand_charge
    }

    /// The stationary batteries.
    #[must_use]
    pub fn storages(&self) -> &[Storage] {
        &self.storages
    }

    /// The grid orders.
    #[must_use]
    pub fn events(&self) -> &[DemandResponse] {
        &self.events
    }

    /// The nodes of the tree of limits.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(crate) const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The indices of a session's node and of all nodes above it, from below.
    pub fn nodes_above(&self, session: usize) -> impl Iterator<Item = usize> + '_ {
        self.tree.path(session).map(|node| node as usize)
    }

    /// The lines of a session's falling power limit.
    pub fn taper(&self, session: usize) -> impl Iterator<Item = TaperLine> + '_ {
        let session = u32::try_from(session).unwrap_or(u32::MAX);
        let begin = self.tapers.partition_point(|(s, _)| *s < session);
        let lines = self.tapers.get(begin..).unwrap_or_default();
        lines.iter().take_while(move |(s, _)| *s == session).map(|(_, line)| *line)
    }

    /// Whether a session's power is either none or at least [`Session::min_power`].
    #[must_use]
    pub const fn has_minimum_power(&self) -> bool {
        self.minimum_power
    }

    /// What the limit leaves to the cars in a slot: `max(0, limit - background)`; `None` where there is no limit. The sun,
    /// which could add to it, is not counted, and of a mean limit only what can be had in every slot.
    #[must_use]
    pub fn headroom(&self, slot: u32) -> Option<Watts> {
        let limit = self.steady_cap(slot)?.raw();
        // Both are between 0 and MAX_POWER.
        Some(Watts::from_raw((limit - self.background(slot).raw()).max(0)))
    }

    /// Slots in which the background alone passes the limit, with the excess; no plan can help there.
    pub fn background_overloads(&self) -> impl Iterator<Item = (u32, Watts)> + '_ {
        (0..self.grid.slots()).filter_map(|slot| {
            let excess = self.background(slot).raw() - self.limit(slot)?.raw();
            (excess > 0).then_some((slot, Watts::from_raw(excess)))
        })
    }

    /// Energy that all sessions ask for.
    #[must_use]
    pub fn demand(&self) -> Joules {
        // The sum was checked on construction.
        Joules::from_raw(self.sessions.iter().map(|s| s.energy.raw()).sum())
    }

    /// The most that a session could draw at its own power limit within its stay, were it alone and the limit absent;
    /// at most the energy it asks for. What it asks beyond that no plan can serve. `None` if there is no such session.
    #[must_use]
    pub fn reach(&self, session: usize) -> Option<Joules> {
        let session = self.sessions.get(session)?;
        let (begin, end) = self.grid.clip(session);
        let reach = i128::from(session.max_power.raw()) * i128::from(end - begin);
        let asked = session.energy_at_meter().raw();
        Some(i64::try_from(reach).map_or(session.energy, |reach| {
            if reach >= asked {
                session.energy
            } else {
                session.efficiency.of(Joules::from_raw(reach))
            }
        }))
    }

    /// Seconds of a slot in which a session is there.
    pub(crate) fn presence(&self, session: &Session, slot: u32) -> i64 {
        let begin = self.grid.start_of(slot).max(session.arrive);
        let end = self.grid.start_of(slot.saturating_add(1)).min(session.depart);
        (end.raw() - begin.raw()).max(0)
    }

    /// Whether a session may draw in a slot at its price.
    #[must_use]
    pub fn affordable(&self, session: &Session, slot: u32) -> bool {
        session.price_ceiling.is_none_or(|ceiling| self.price(slot) <= ceiling)
    }

    /// The same site with other sessions that are part of a checked problem, or none; falling limits are dropped.
    pub(crate) fn with_sessions(mut self, sessions: Vec<Session>) -> Self {
        self.tree.of_session = alloc::vec![None; sessions.len()];
        self.sessions = sessions;
        self.tapers.clear();
        self
    }

    /// The same site with some of the sessions, by their indices, and without the limits of some nodes; falling limits are
    /// dropped.
    #[cfg(feature = "lp")]
    pub(crate) fn with_only(
        &self,
        sessions: &[usize],
        freed: impl IntoIterator<Item = u32>,
    ) -> Self {
        let of = |index: &usize| {
            let node = self.tree.of_session.get(*index).copied()?;
            Some((*self.sessions.get(*index)?, node))
        };
        let (kept, nodes) = sessions.iter().filter_map(of).unzip();
        let mut part = self.clone().with_sessions(kept);
        part.tree.of_session = nodes;
        for node in freed {
            if let Some(node) = part.nodes.get_mut(node as usize) {
                (node.limit, node.phase_limit, node.unbalance) = (MAX_POWER, None, None);
            }
        }
        part
    }

    /// The problem with one session more, the last.
    ///
    /// # Errors
    /// [`ProblemError`] for what the newcomer breaks.
    pub fn with_newcomer(&self, newcomer: Session) -> Result<Self, ProblemError> {
        let mut parts = self.clone();
        parts.sessions.push(newcomer);
        ProblemBuilder::of(parts).build()
    }

    /// The problem without least powers.
    #[must_use]
    pub const fn without_minimum_power(mut self) -> Self {
        self.minimum_power = false;
        self
    }

    /// The problem without all that makes it more than a flow: what the repair starts from.
    pub(crate) fn as_flow(&self) -> Self {
        let mut flow = self.clone().without_minimum_power();
        if flow.mean_limit.is_some() {
            let cap = |slot| self.steady_cap(slot).unwrap_or(MAX_POWER);
            flow.limit = Some(PerSlot::Each((0..self.grid.slots()).map(cap).collect()));
            flow.mean_limit = None;
        }
        flow.storages.clear();
        flow.tapers.clear();
        for session in &mut flow.sessions {
            if let Some(v2g) = session.v2g.take() {
                let room = Joules::from_raw(v2g.max.raw() - v2g.initial.raw());
                session.energy = session.energy.min(room);
            }
            session.phases = Phases::ALL;
            session.milestone = None;
            session.package = Package::Cheapest;
        }
        for node in &mut flow.nodes {
            (node.phase_limit, node.unbalance) = (None, None);
        }
        if flow.coupling().is_some() {
            flow.demand_charge = DemandCharge::default();
        }
        flow
    }

    /// The problem without its limits on import: for the question how low the peak could be.
    #[must_use]
    pub fn without_limit(mut self) -> Self {
        (self.limit, self.mean_limit) = (None, None);
        self
    }
}
