//! Collects the parts of a problem and checks them all before any work.

use alloc::vec::Vec;

use super::{
    Field, Grid, MAX_DEPTH, MAX_ENERGY, MAX_NODES, MAX_POWER, MAX_PRICE, MAX_SESSIONS, MAX_TIME,
    PerSlot, Problem, ProblemError,
};
use crate::session::{NodeId, Session, SessionId, V2g};
use crate::site::{
    DemandCharge, DemandResponse, Export, MeanLimit, Node, Storage, TaperLine, Tree,
};
use crate::units::{Joules, MicroPerKwh, Watts};

/// Collects the parts of a [`Problem`]; everything is checked in [`ProblemBuilder::build`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ProblemBuilder {
    parts: Problem,
}

impl ProblemBuilder {
    /// The parts of a problem, to be checked again.
    pub(super) const fn of(parts: Problem) -> Self {
        Self { parts }
    }

    pub(super) const fn new(grid: Grid) -> Self {
        Self {
            parts: Problem {
                grid,
                limit: None,
                mean_limit: None,
                background: PerSlot::Same(Watts::ZERO),
                price: PerSlot::Same(MicroPerKwh::ZERO),
                export: None,
                pv: PerSlot::Same(Watts::ZERO),
                demand_charge: DemandCharge {
                    price: crate::units::MicroPerKw::ZERO,
                    peak_so_far: Watts::ZERO,
                },
                storages: Vec::new(),
                events: Vec::new(),
                nodes: Vec::new(),
                tree: Tree { parent: Vec::new(), of_session: Vec::new() },
                sessions: Vec::new(),
                tapers: Vec::new(),
                minimum_power: false,
            },
        }
    }

    /// The most the site may import, background included. Unit W (active power: a transformer's kVA times its power
    /// factor). Without this call there is no limit.
    pub fn limit(mut self, limit: impl Into<PerSlot<Watts>>) -> Self {
        self.parts.limit = Some(limit.into());
        self
    }

    /// A limit on the mean import over a sliding window, beside the limit of each slot.
    pub const fn mean_limit(mut self, limit: MeanLimit) -> Self {
        self.parts.mean_limit = Some(limit);
        self
    }

    /// The load that is not a car's. Unit W. Where it passes the limit the cars get nothing, and
    /// [`Problem::background_overloads`] says so.
    pub fn background(mut self, background: impl Into<PerSlot<Watts>>) -> Self {
        self.parts.background = background.into();
        self
    }

    /// The price of energy.
    pub fn price(mut self, price: impl Into<PerSlot<MicroPerKwh>>) -> Self {
        self.parts.price = price.into();
        self
    }

    /// Selling to the grid; without this call nothing flows out.
    pub fn export(mut self, export: Export) -> Self {
        self.parts.export = Some(export);
        self
    }

    /// Power of the sun. Unit W.
    pub fn pv(mut self, pv: impl Into<PerSlot<Watts>>) -> Self {
        self.parts.pv = pv.into();
        self
    }

    /// A price on the highest mean import of a slot.
    pub const fn demand_charge(mut self, charge: DemandCharge) -> Self {
        self.parts.demand_charge = charge;
        self
    }

    /// The stationary batteries; replaces those of an earlier call.
    pub fn storages(mut self, storages: Vec<Storage>) -> Self {
        self.parts.storages = storages;
        self
    }

    /// The grid orders; replaces those of an earlier call.
    pub fn events(mut self, events: Vec<DemandResponse>) -> Self {
        self.parts.events = events;
        self
    }

    /// The tree of limits, in any order; replaces that of an earlier call.
    pub fn nodes(mut self, nodes: Vec<Node>) -> Self {
        self.parts.nodes = nodes;
        self
    }

    /// The sessions; replaces those of an earlier call.
    pub fn sessions(mut self, sessions: Vec<Session>) -> Self {
        self.parts.sessions = sessions;
        self
    }

    /// A line of the falling power limit of the session with this index; all lines of a session hold together.
    pub fn taper(mut self, session: u32, line: TaperLine) -> Self {
        self.parts.tapers.push((session, line));
        self
    }

    /// Makes power either none or at least [`Session::min_power`].
    pub const fn minimum_power(mut self) -> Self {
        self.parts.minimum_power = true;
        self
    }

    /// Checks everything and hands out the problem.
    ///
    /// # Errors
    /// The first [`ProblemError`] found: the site's series and prices, then the sessions in their order, their sum and
    /// ids, the tree, the falling limits, storages and grid orders.
    pub fn build(self) -> Result<Problem, ProblemError> {
        let mut problem = self.parts;
        check_site(&problem)?;
        check_sessions(&problem.sessions, problem.minimum_power)?;
        problem.tree = tree(&problem.nodes, &problem.sessions)?;
        problem.tapers.sort_by_key(|(session, _)| *session);
        for (session, line) in &problem.tapers {
            if *session as usize >= problem.sessions.len() {
                return Err(ProblemError::NoSuchSession { session: *session });
            }
            check(Field::Taper, *session, line.intercept.raw(), 0, MAX_POWER.raw())?;
            check(Field::Taper, *session, line.slope, 0, MAX_POWER.raw())?;
        }
        (0..).zip(&problem.storages).try_for_each(|(i, storage)| check_storage(i, storage))?;
        check_events(&problem.grid, &problem.events)?;
        Ok(problem)
    }
}

/// `Ok` if the value lies in `min..=max`; a lower bound of 0 makes the error a `Negative`.
pub(super) fn check(
    field: Field,
    index: u32,
    value: i64,
    min: i64,
    max: i64,
) -> Result<(), ProblemError> {
    if min == 0 && value < 0 {
        return Err(ProblemError::Negative { field, index, value });
    }
    if value < min || value > max {
        return Err(ProblemError::OutOfRange { field, index, value });
    }
    Ok(())
}

fn check_series<T: Copy>(
    grid: &Grid,
    series: &PerSlot<T>,
    field: Field,
    raw: fn(T) -> i64,
    min: i64,
    max: i64,
) -> Result<(), ProblemError> {
    match series {
        PerSlot::Same(value) => check(field, 0, raw(*value), min, max),
        PerSlot::Each(values) => {
            let found = u32::try_from(values.len()).unwrap_or(u32::MAX);
            if found != grid.slots() {
                let expected = grid.slots();
                return Err(ProblemError::SeriesLength { field, expected, found });
            }
            (0..).zip(values).try_for_each(|(i, v)| check(field, i, raw(*v), min, max))
        }
    }
}

fn check_site(problem: &Problem) -> Result<(), ProblemError> {
    let grid = &problem.grid;
    let power = |series, field| check_series(grid, series, field, Watts::raw, 0, MAX_POWER.raw());
    let most = MAX_PRICE.raw();
    let price = |series, field| check_series(grid, series, field, MicroPerKwh::raw, -most, most);
    if let Some(limit) = &problem.limit {
        power(limit, Field::Limit)?;
    }
    if let Some(mean) = problem.mean_limit {
        check(Field::MeanLimit, 0, mean.limit.raw(), 0, MAX_POWER.raw())?;
        check(Field::MeanLimit, 0, mean.window.into(), 1, grid.slots().into())?;
    }
    power(&problem.background, Field::Background)?;
    price(&problem.price, Field::Price)?;
    power(&problem.pv, Field::Pv)?;
    let charge = problem.demand_charge;
    check(Field::DemandCharge, 0, charge.price.raw(), 0, most)?;
    check(Field::PeakSoFar, 0, charge.peak_so_far.raw(), 0, MAX_POWER.raw())?;
    let Some(export) = &problem.export else { return Ok(()) };
    power(&export.limit, Field::ExportLimit)?;
    price(&export.price, Field::ExportPrice)?;
    match (0..grid.slots()).find(|slot| {
        let (limit, earned) = problem.export(*slot);
        limit > Watts::ZERO && earned > problem.price(*slot)
    }) {
        Some(slot) => Err(ProblemError::ExportAbovePrice { slot }),
        None => Ok(()),
    }
}

fn check_sessions(sessions: &[Session], minimum_power: bool) -> Result<(), ProblemError> {
    if u32::try_from(sessions.len()).map_or(true, |count| count > MAX_SESSIONS) {
        return Err(ProblemError::SessionCount);
    }
    let mut total = Joules::ZERO;
    for (index, session) in (0..).zip(sessions) {
        check_session(index, session, minimum_power)?;
        // On the meter's side, which is never less.
        total = match total.checked_add(session.energy_at_meter()) {
            Some(sum) if sum <= MAX_ENERGY => sum,
            _ => return Err(ProblemError::TotalEnergy { index }),
        };
    }
    let mut ids: Vec<(SessionId, u32)> = (0..).zip(sessions).map(|(i, s)| (s.id, i)).collect();
    ids.sort_unstable();
    for pair in ids.windows(2) {
        if let [(id, first), (other, second)] = *pair
            && id == other
        {
            return Err(ProblemError::DuplicateSession { id, first, second });
        }
    }
    Ok(())
}

pub(super) fn check_session(
    index: u32,
    session: &Session,
    minimum_power: bool,
) -> Result<(), ProblemError> {
    let (time, price) = (MAX_TIME.raw(), MAX_PRICE.raw());
    check(Field::Arrive, index, session.arrive.raw(), -time, time)?;
    check(Field::Depart, index, session.depart.raw(), -time, time)?;
    check(Field::Energy, index, session.energy.raw(), 0, MAX_ENERGY.raw())?;
    check(Field::MaxPower, index, session.max_power.raw(), 0, MAX_POWER.raw())?;
    check(Field::MinPower, index, session.min_power.raw(), 0, MAX_POWER.raw())?;
    if minimum_power && session.min_power > session.max_power {
        let value = session.min_power.raw();
        return Err(ProblemError::OutOfRange { field: Field::MinPower, index, value });
    }
    check(Field::UnservedPrice, index, session.unserved_price.raw(), 0, price)?;
    if let Some(ceiling) = session.price_ceiling {
        check(Field::PriceCeiling, index, ceiling.raw(), -price, price)?;
    }
    if let Some(milestone) = session.milestone {
        check(Field::Milestone, index, milestone.by.raw(), -time, time)?;
        check(Field::Milestone, index, milestone.energy.raw(), 0, MAX_ENERGY.raw())?;
        check(Field::Milestone, index, milestone.late_price.raw(), 0, price)?;
    }
    session.v2g.map_or(Ok(()), |v2g| check_v2g(index, &v2g))
}

fn check_v2g(index: u32, v2g: &V2g) -> Result<(), ProblemError> {
    check(Field::MaxDischarge, index, v2g.max_discharge.raw(), 0, MAX_POWER.raw())?;
    check(Field::Wear, index, v2g.wear.raw(), 0, MAX_PRICE.raw())?;
    check(Field::Content, index, v2g.max.raw(), 0, MAX_ENERGY.raw())?;
    check(Field::Content, index, v2g.min.raw(), 0, v2g.max.raw())?;
    // The lower bound is not the literal 0, so that a content below the floor is 'out of range'.
    if v2g.initial < v2g.min || v2g.initial > v2g.max {
        let value = v2g.initial.raw();
        return Err(ProblemError::OutOfRange { field: Field::Content, index, value });
    }
    v2g.max_discharged
        .map_or(Ok(()), |cap| check(Field::MaxDischarged, index, cap.raw(), 0, MAX_ENERGY.raw()))
}

fn check_storage(index: u32, storage: &Storage) -> Result<(), ProblemError> {
    let content = |value: Joules, min: Joules, max: Joules| {
        if value < min || value > max {
            let value = value.raw();
            return Err(ProblemError::OutOfRange { field: Field::StorageContent, index, value });
        }
        Ok(())
    };
    content(storage.max, Joules::ZERO, MAX_ENERGY)?;
    content(storage.min, Joules::ZERO, storage.max)?;
    content(storage.initial, storage.min, storage.max)?;
    content(storage.final_min, Joules::ZERO, storage.max)?;
    check(Field::StoragePower, index, storage.max_charge.raw(), 0, MAX_POWER.raw())?;
    check(Field::StoragePower, index, storage.max_discharge.raw(), 0, MAX_POWER.raw())?;
    check(Field::StorageWear, index, storage.wear.raw(), 0, MAX_PRICE.raw())
}

fn check_events(grid: &Grid, events: &[DemandResponse]) -> Result<(), ProblemError> {
    for (index, event) in (0..).zip(events) {
        if event.from > event.to || event.to > grid.slots() {
            let value = i64::from(event.to);
            return Err(ProblemError::OutOfRange { field: Field::EventSlots, index, value });
        }
        check(Field::EventCap, index, event.cap.raw(), 0, MAX_POWER.raw())?;
        if let Some(price) = event.price {
            check(Field::EventPrice, index, price.raw(), 0, MAX_PRICE.raw())?;
        }
    }
    Ok(())
}

/// The tree by indices, if it is one and not too deep. Walks up from every node, at most [`MAX_DEPTH`] steps; no recursion.
fn tree(nodes: &[Node], sessions: &[Session]) -> Result<Tree, ProblemError> {
    if u32::try_from(nodes.len()).map_or(true, |count| count > MAX_NODES) {
        return Err(ProblemError::NodeCount);
    }
    let mut ids: Vec<(NodeId, u32)> = (0..).zip(nodes).map(|(i, node)| (node.id, i)).collect();
    ids.sort_unstable();
    for pair in ids.windows(2) {
        if let [(id, first), (other, second)] = *pair
            && id == other
        {
            return Err(ProblemError::DuplicateNode { id, first, second });
        }
    }
    let index_of = |wanted: NodeId| {
        let place = ids.binary_search_by_key(&wanted, |(id, _)| *id).ok()?;
        ids.get(place).map(|(_, index)| *index)
    };
    let mut parent = Vec::with_capacity(nodes.len());
    for (index, node) in (0..).zip(nodes) {
        check(Field::NodeLimit, index, node.limit.raw(), 0, MAX_POWER.raw())?;
        if let Some(limit) = node.phase_limit {
            check(Field::NodePhaseLimit, index, limit.raw(), 0, MAX_POWER.raw())?;
        }
        if let Some(limit) = node.unbalance {
            check(Field::NodeUnbalance, index, limit.raw(), 0, MAX_POWER.raw())?;
        }
        parent.push(match node.parent {
            None => None,
            Some(id) => {
                let unknown = ProblemError::UnknownParent { node: index, parent: id };
                Some(index_of(id).ok_or(unknown)?)
            }
        });
    }
    let above = |node: u32| parent.get(node as usize).copied().flatten();
    for (node, _) in (0..).zip(nodes) {
        if core::iter::successors(Some(node), |n| above(*n)).nth(MAX_DEPTH as usize).is_some() {
            // Only a ring is longer than there are nodes.
            let is_ring = core::iter::successors(Some(node), |n| above(*n)).nth(nodes.len());
            return Err(match is_ring {
                Some(_) => ProblemError::CyclicTree { node },
                None => ProblemError::TreeTooDeep { node },
            });
        }
    }
    let mut of_session = Vec::with_capacity(sessions.len());
    for (index, session) in (0..).zip(sessions) {
        of_session.push(match session.node {
            None => None,
            Some(id) => {
                let unknown = ProblemError::UnknownNode { session: index, node: id };
                Some(index_of(id).ok_or(unknown)?)
            }
        });
    }
    Ok(Tree { parent, of_session })
}
