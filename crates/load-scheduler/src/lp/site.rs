//! The whole model of a site as a linear program, in kWh per slot and currency units.
//!
//! One column per session and slot (two where the car discharges). What a session misses has no column of its own: it is
//! what the row leaves, and its price sits on the energy served, so that the empty plan is a basis to start from. The
//! site's import, export and sun are columns only where they are not plain sums.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::pools::Pool;
use super::program::{Comparison, LinearProgram};
use crate::market::{import_cap, in_slot};
use crate::problem::Problem;
use crate::session::{Package, Phases, Session, V2g};
use crate::site::Storage;
use crate::units::{MicroPerKw, MicroPerKwh, Watts};

use Comparison::{AtLeast, AtMost, Exactly};

/// Joules of a kWh.
pub(super) const KWH: f64 = 3.6e6;

/// Something that can both charge and discharge, by its index in the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Battery {
    Session(usize),
    Storage(usize),
}

/// What is settled before the program is made.
#[derive(Debug, Clone, Default)]
pub(super) struct Settled {
    /// The sessions and slots that draw at least their least power; all others draw nothing. `None`: the program decides.
    pub(super) on: Option<BTreeSet<(usize, u32)>>,
    /// Batteries and slots in which charging and discharging exclude each other.
    pub(super) one_way: BTreeSet<(Battery, u32)>,
}

/// The columns of a session.
#[derive(Debug, Clone, Default)]
pub(super) struct SessionColumns {
    pub(super) first: u32,
    pub(super) charge: Vec<Option<usize>>,
    pub(super) discharge: Vec<Option<usize>>,
    /// Whether the session draws in the slot, where it must draw a least power.
    pub(super) on: Vec<Option<usize>>,
}

/// A site under construction.
pub(super) struct SiteModel<'p> {
    pub(super) problem: &'p Problem,
    settled: &'p Settled,
    pub(super) program: LinearProgram,
    /// Those of the problem, and after them the pools.
    pub(super) sessions: Vec<SessionColumns>,
    /// Charge and discharge columns per storage and slot.
    pub(super) storages: Vec<Vec<(usize, usize)>>,
    /// What the bill has beside the objective; see [`SiteModel::bill_of`](super::reading).
    pub(super) beside: f64,
}

impl<'p> SiteModel<'p> {
    /// The model; sessions that are part of a pool have no columns of their own.
    pub(super) fn new(problem: &'p Problem, settled: &'p Settled, pools: &[Pool]) -> Self {
        let mut model = Self {
            problem,
            settled,
            program: LinearProgram::default(),
            sessions: Vec::new(),
            storages: Vec::new(),
            beside: 0.0,
        };
        for (index, is_pooled) in Pool::of_sessions(problem, pools).into_iter().enumerate() {
            if is_pooled {
                model.sessions.push(SessionColumns::default());
            } else {
                model.add_session(index);
            }
        }
        for pool in pools {
            model.add_pool(pool);
        }
        for (index, storage) in problem.storages().iter().enumerate() {
            model.add_storage(index, storage);
        }
        model.add_nodes(pools);
        model.add_site();
        model
    }

    /// Columns that the sessions, pools and storages of a problem need, before any is made.
    pub(super) fn columns_of(problem: &Problem, pools: &[Pool]) -> usize {
        let length = problem.grid().slot_length().raw();
        let is_pooled = Pool::of_sessions(problem, pools);
        let alone = problem.sessions().iter().zip(is_pooled).filter(|(_, is_pooled)| !is_pooled);
        let of_sessions = alone.map(|(session, _)| {
            let (begin, end) = problem.grid().clip(session);
            let slots = (end - begin).div_euclid(length) + 2;
            if session.v2g.is_some() { 3 * slots } else { slots }
        });
        let count = |of: usize| i64::try_from(of).unwrap_or(i64::MAX / 4);
        let site = i64::from(problem.grid().slots())
            .saturating_mul(4 + 3 * count(problem.storages().len()) + count(pools.len()));
        usize::try_from(of_sessions.fold(site, i64::saturating_add)).unwrap_or(usize::MAX)
    }

    fn add_session(&mut self, index: usize) {
        let problem = self.problem;
        let Some(session) = problem.sessions().get(index).copied() else { return };
        let grid = problem.grid();
        let (begin, end) = grid.clip(&session);
        let length = grid.slot_length().raw();
        let mut columns = SessionColumns {
            first: u32::try_from(begin / length).unwrap_or(u32::MAX),
            ..SessionColumns::default()
        };
        // What a kWh at the meter saves of the price on unserved energy; with V2G the miss is a column instead.
        let efficiency = f64::from(session.efficiency.ppb()) / 1e9;
        let saved = match session.v2g {
            Some(_) => 0.0,
            None => currency(session.unserved_price) * efficiency,
        };
        let urgency = self.urgency(&session);
        let mut slot = columns.first;
        while begin < end && i64::from(slot) * length < end {
            let at = i64::from(slot) * length;
            let time = end.min(at + length) - begin.max(at);
            let reach = kwh(over(session.max_power, time));
            let may_draw = reach > 0.0 && problem.affordable(&session, slot);
            // Earlier is always better for an urgent session, and never makes refusing better.
            let early = urgency * f64::from(grid.slots() - slot);
            let cost = self.energy_cost(slot) - saved - early;
            let charge = may_draw.then(|| self.program.column(cost, 0.0, reach));
            let discharge = session.v2g.map(|v2g| {
                let cost = currency(v2g.wear) - self.energy_cost(slot);
                self.program.column(cost, 0.0, kwh(over(v2g.max_discharge, time)))
            });
            let least = if problem.has_minimum_power() { over(session.min_power, time) } else { 0 };
            columns.on.push(self.add_switch(index, slot, charge, discharge, kwh(least)));
            columns.charge.push(charge);
            columns.discharge.push(discharge);
            slot += 1;
        }
        self.beside += saved * kwh(session.energy_at_meter().raw());
        match session.v2g {
            Some(v2g) => self.add_battery(&session, &v2g, &columns, index),
            None => {
                let all = columns.charge.iter().flatten().map(|c| (*c, efficiency)).collect();
                self.program.row(all, AtMost, kwh(session.energy.raw()));
                self.add_taper(index, &columns, efficiency);
            }
        }
        self.add_milestone(&session, &columns, efficiency);
        self.sessions.push(columns);
    }

    /// Bounds what a session draws in a slot to none or at least its least energy; a car that draws does not discharge.
    fn add_switch(
        &mut self,
        session: usize,
        slot: u32,
        charge: Option<usize>,
        discharge: Option<usize>,
        least: f64,
    ) -> Option<usize> {
        let charge = charge?;
        if least <= 0.0 {
            if self.settled.one_way.contains(&(Battery::Session(session), slot)) {
                self.add_one_way(charge, discharge?);
            }
            return None;
        }
        if let Some(on) = &self.settled.on {
            let is_on = on.contains(&(session, slot));
            let fixed = if is_on { discharge } else { Some(charge) };
            if let Some(column) = fixed.and_then(|column| self.program.columns.get_mut(column)) {
                column.upper = 0.0;
            }
            if is_on && let Some(column) = self.program.columns.get_mut(charge) {
                column.lower = least;
            }
            return None;
        }
        let on = match discharge {
            Some(discharge) => self.add_one_way(charge, discharge),
            None => {
                let on = self.program.binary();
                self.program.row(
                    alloc::vec![(charge, 1.0), (on, -self.upper(charge))],
                    AtMost,
                    0.0,
                );
                on
            }
        };
        self.program.row(alloc::vec![(charge, 1.0), (on, -least)], AtLeast, 0.0);
        Some(on)
    }

    /// A yes-or-no column: charging where it is 1, discharging where it is 0.
    fn add_one_way(&mut self, charge: usize, discharge: usize) -> usize {
        let (most_in, most_out) = (self.upper(charge), self.upper(discharge));
        let on = self.program.binary();
        self.program.row(alloc::vec![(charge, 1.0), (on, -most_in)], AtMost, 0.0);
        self.program.row(alloc::vec![(discharge, 1.0), (on, most_out)], AtMost, most_out);
        on
    }

    fn upper(&self, column: usize) -> f64 {
        self.program.columns.get(column).map_or(0.0, |column| column.upper)
    }

    /// What a slot earlier is worth to a session that wants to be first: more than any difference of prices.
    fn urgency(&self, session: &Session) -> f64 {
        if session.package != Package::Fastest {
            return 0.0;
        }
        let prices = || (0..self.problem.grid().slots()).map(|slot| self.problem.price(slot).raw());
        let (least, most) = (prices().min().unwrap_or(0), prices().max().unwrap_or(0));
        currency(MicroPerKwh::from_raw(most - least)) + 0.01
    }

    /// The price on a session's energy itself; zero where import has its own columns.
    fn energy_cost(&self, slot: u32) -> f64 {
        if self.has_import_columns() { 0.0 } else { currency(self.problem.price(slot)) }
    }

    /// Whether import is more than the sum of the background and the sessions.
    fn has_import_columns(&self) -> bool {
        let problem = self.problem;
        let mut slots = 0..problem.grid().slots();
        !problem.storages().is_empty()
            || problem.sessions().iter().any(|session| session.v2g.is_some())
            || slots
                .any(|slot| problem.pv(slot) > Watts::ZERO || problem.export(slot).0 > Watts::ZERO)
    }

    /// The falling limits: power in a slot against the energy before it.
    fn add_taper(&mut self, index: usize, columns: &SessionColumns, efficiency: f64) {
        if !self.problem.taper_binds(index) {
            return;
        }
        let lines: Vec<_> = self.problem.taper(index).collect();
        let hours = self.slot_hours();
        for (place, charge) in columns.charge.iter().enumerate() {
            let Some(charge) = charge else { continue };
            let slot = columns.first + u32::try_from(place).unwrap_or(0);
            let time = self.presence_hours(index, slot).unwrap_or(hours);
            for line in &lines {
                let slope = to_f64(line.slope) / 1e9;
                let mut row = alloc::vec![(*charge, 1.0 / time)];
                let before = columns.charge.get(..place).unwrap_or_default().iter().flatten();
                row.extend(before.map(|c| (*c, slope * efficiency)));
                self.program.row(row, AtMost, to_f64(line.intercept.raw()) / 1e3);
            }
        }
    }

    /// The battery of a car that discharges: its content after every slot, and what it leaves with.
    fn add_battery(
        &mut self,
        session: &Session,
        v2g: &V2g,
        columns: &SessionColumns,
        index: usize,
    ) {
        let (charging, discharging) =
            (f64::from(session.efficiency.ppb()) / 1e9, f64::from(v2g.efficiency.ppb()) / 1e9);
        let lines: Vec<_> = self.problem.taper(index).collect();
        let hours = self.slot_hours();
        let initial = kwh(v2g.initial.raw());
        let mut before: Option<usize> = None;
        for (charge, discharge) in columns.charge.iter().zip(&columns.discharge) {
            if let Some(charge) = charge {
                for line in &lines {
                    let slope = to_f64(line.slope) / 1e9;
                    let intercept = to_f64(line.intercept.raw()) / 1e3;
                    let mut row = alloc::vec![(*charge, 1.0 / hours)];
                    row.extend(before.map(|content| (content, slope)));
                    let delivered = if before.is_some() { slope * initial } else { 0.0 };
                    self.program.row(row, AtMost, intercept + delivered);
                }
            }
            let content = self.program.column(0.0, kwh(v2g.min.raw()), kwh(v2g.max.raw()));
            let mut row = alloc::vec![(content, 1.0)];
            row.extend(before.map(|content| (content, -1.0)));
            row.extend(charge.map(|charge| (charge, -charging)));
            row.extend(discharge.map(|discharge| (discharge, 1.0 / discharging)));
            let start = if before.is_none() { initial } else { 0.0 };
            self.program.row(row, Exactly, start);
            before = Some(content);
        }
        let energy = kwh(session.energy.raw());
        let Some(last) = before else {
            // It is never there: nothing to decide.
            self.beside += currency(session.unserved_price) * energy;
            return;
        };
        let missed = self.program.column(currency(session.unserved_price), 0.0, energy);
        self.program.row(alloc::vec![(last, 1.0), (missed, 1.0)], AtLeast, initial + energy);
        if let Some(cap) = v2g.max_discharged {
            let all = columns.discharge.iter().flatten().map(|c| (*c, 1.0)).collect();
            self.program.row(all, AtMost, kwh(cap.raw()));
        }
    }

    fn add_milestone(&mut self, session: &Session, columns: &SessionColumns, efficiency: f64) {
        let Some(milestone) = session.milestone else { return };
        let grid = self.problem.grid();
        let due = kwh(milestone.energy.min(session.energy).raw());
        let late = self.program.column(currency(milestone.late_price), 0.0, due);
        let mut row = alloc::vec![(late, 1.0)];
        for (slot, (charge, discharge)) in
            (columns.first..).zip(columns.charge.iter().zip(&columns.discharge))
        {
            if grid.start_of(slot + 1) <= milestone.by {
                row.extend(charge.map(|charge| (charge, efficiency)));
                row.extend(discharge.map(|discharge| (discharge, -efficiency)));
            }
        }
        self.program.row(row, AtLeast, due);
    }

    /// What all cars of a pool take: what couples them and what they miss is not in the program.
    fn add_pool(&mut self, pool: &Pool) {
        let mut columns = SessionColumns::default();
        for (slot, most) in (0u32..).zip(&pool.most) {
            let cost = self.energy_cost(slot);
            columns.charge.push(Some(self.program.column(cost, 0.0, kwh(*most))));
            columns.discharge.push(None);
        }
        self.sessions.push(columns);
    }

    fn add_storage(&mut self, index: usize, storage: &Storage) {
        let hours = self.slot_hours();
        let (charging, discharging) = (
            f64::from(storage.charge_efficiency.ppb()) / 1e9,
            f64::from(storage.discharge_efficiency.ppb()) / 1e9,
        );
        let (least, most) = (kwh(storage.min.raw()), kwh(storage.max.raw()));
        let slots = self.problem.grid().slots();
        let mut columns = Vec::new();
        let mut before: Option<usize> = None;
        for slot in 0..slots {
            let power = |power: Watts| to_f64(power.raw()) / 1e3 * hours;
            let charge = self.program.column(0.0, 0.0, power(storage.max_charge));
            let wear = currency(storage.wear);
            let discharge = self.program.column(wear, 0.0, power(storage.max_discharge));
            let floor =
                if slot + 1 == slots { least.max(kwh(storage.final_min.raw())) } else { least };
            if self.settled.one_way.contains(&(Battery::Storage(index), slot)) {
                self.add_one_way(charge, discharge);
            }
            let content = self.program.column(0.0, floor, most);
            let mut row =
                alloc::vec![(content, 1.0), (charge, -charging), (discharge, 1.0 / discharging)];
            row.extend(before.map(|content| (content, -1.0)));
            let start = if before.is_none() { kwh(storage.initial.raw()) } else { 0.0 };
            self.program.row(row, Exactly, start);
            before = Some(content);
            columns.push((charge, discharge));
        }
        self.storages.push(columns);
    }

    /// The columns of a pool, by slot.
    pub(super) fn columns_of_pool(&self, pool: usize) -> Vec<usize> {
        let columns = self.sessions.get(self.problem.sessions().len() + pool);
        columns.iter().flat_map(|columns| columns.charge.iter().copied().flatten()).collect()
    }

    /// The columns of a slot of some sessions, with their weights: the share of each on a phase, or all of it.
    fn column_of_slot(&self, members: &[usize], slot: u32, phase: Option<u8>) -> Vec<(usize, f64)> {
        let mut row = Vec::new();
        for index in members {
            let Some(columns) = self.sessions.get(*index) else { continue };
            // Those of a pool load all phases alike wherever that counts.
            let phases = self.problem.sessions().get(*index).map_or(Phases::ALL, |s| s.phases);
            let share = match phase {
                None => 1.0,
                Some(phase) if phases.contains(phase) => 1.0 / f64::from(phases.count()),
                Some(_) => continue,
            };
            let Some(place) = slot.checked_sub(columns.first) else { continue };
            let at = |columns: &[Option<usize>]| columns.get(place as usize).copied().flatten();
            row.extend(at(&columns.charge).map(|charge| (charge, share)));
            row.extend(at(&columns.discharge).map(|discharge| (discharge, -share)));
        }
        row
    }

    fn add_nodes(&mut self, pools: &[Pool]) {
        let problem = self.problem;
        let hours = self.slot_hours();
        let mut members: Vec<Vec<usize>> = alloc::vec![Vec::new(); problem.nodes().len()];
        for session in 0..problem.sessions().len() {
            for node in problem.nodes_above(session) {
                if let Some(members) = members.get_mut(node) {
                    members.push(session);
                }
            }
        }
        for (index, pool) in (problem.sessions().len()..).zip(pools) {
            for node in pool.nodes(problem) {
                if let Some(members) = members.get_mut(node as usize) {
                    members.push(index);
                }
            }
        }
        for (node, members) in problem.nodes().iter().zip(&members) {
            let limit = to_f64(node.limit.raw()) / 1e3 * hours;
            for slot in 0..problem.grid().slots() {
                let row = self.column_of_slot(members, slot, None);
                if self.may_pass(&row, limit) {
                    if row.iter().any(|(_, share)| *share < 0.0) {
                        self.program.row(row.clone(), AtLeast, -limit);
                    }
                    self.program.row(row, AtMost, limit);
                }
                self.add_phases(node.phase_limit, node.unbalance, members, slot);
            }
        }
    }

    fn add_phases(
        &mut self,
        limit: Option<Watts>,
        unbalance: Option<Watts>,
        members: &[usize],
        slot: u32,
    ) {
        let hours = self.slot_hours();
        let phases = [0, 1, 2].map(|phase| self.column_of_slot(members, slot, Some(phase)));
        if let Some(limit) = limit {
            let limit = to_f64(limit.raw()) / 1e3 * hours;
            for row in &phases {
                if self.may_pass(row, limit) {
                    if row.iter().any(|(_, share)| *share < 0.0) {
                        self.program.row(row.clone(), AtLeast, -limit);
                    }
                    self.program.row(row.clone(), AtMost, limit);
                }
            }
        }
        let Some(unbalance) = unbalance else { return };
        let unbalance = to_f64(unbalance.raw()) / 1e3 * hours;
        for (a, b) in [(0, 1), (1, 2), (2, 0)] {
            let (Some(a), Some(b)) = (phases.get(a), phases.get(b)) else { continue };
            let mut difference: Vec<(usize, f64)> = a.clone();
            for (column, share) in b {
                match difference.iter_mut().find(|(c, _)| c == column) {
                    Some((_, weight)) => *weight -= share,
                    None => difference.push((*column, -share)),
                }
            }
            difference.retain(|(_, weight)| *weight != 0.0);
            if self.may_pass(&difference, unbalance) {
                self.program.row(difference.clone(), AtMost, unbalance);
                self.program.row(difference, AtLeast, -unbalance);
            }
        }
    }

    /// Whether columns at their bounds could bring a sum, or its negative, above a limit.
    fn may_pass(&self, row: &[(usize, f64)], limit: f64) -> bool {
        let reach = |sign: f64| -> f64 {
            row.iter().map(|(column, weight)| (weight * sign).max(0.0) * self.upper(*column)).sum()
        };
        reach(1.0) > limit || reach(-1.0) > limit
    }

    /// Import, export, the sun, the peak and the grid orders, slot by slot.
    fn add_site(&mut self) {
        let problem = self.problem;
        let hours = self.slot_hours();
        let everybody: Vec<usize> = (0..self.sessions.len()).collect();
        let charge = problem.demand_charge();
        let has_import = self.has_import_columns();
        let so_far = kwh(in_slot(problem, charge.peak_so_far));
        let mut imports = Vec::new();
        let peak = (charge.price > MicroPerKw::ZERO).then(|| {
            let per_kwh_of_slot = to_f64(charge.price.raw()) / 1e6 / hours;
            self.beside -= per_kwh_of_slot * so_far;
            self.program.column(per_kwh_of_slot, so_far, f64::INFINITY)
        });
        for slot in 0..problem.grid().slots() {
            let background = kwh(in_slot(problem, problem.background(slot)));
            let cap = import_cap(problem, slot);
            let cap = if cap == i64::MAX { f64::INFINITY } else { kwh(cap) };
            let mut load = self.column_of_slot(&everybody, slot, None);
            for columns in &self.storages {
                if let Some((charge, discharge)) = columns.get(slot as usize) {
                    load.extend([(*charge, 1.0), (*discharge, -1.0)]);
                }
            }
            let mut import = load.clone();
            let mut beside = background;
            if has_import {
                let price = currency(problem.price(slot));
                let (limit, earned) = problem.export(slot);
                let column = self.program.column(price, 0.0, cap);
                import = alloc::vec![(column, 1.0)];
                beside = 0.0;
                self.beside -= price * background;
                load.push((column, -1.0));
                if limit > Watts::ZERO {
                    let most = kwh(in_slot(problem, limit));
                    load.push((self.program.column(-currency(earned), 0.0, most), 1.0));
                }
                let sun = kwh(in_slot(problem, problem.pv(slot)));
                if sun > 0.0 {
                    load.push((self.program.column(0.0, 0.0, sun), -1.0));
                }
                self.program.row(load, Exactly, -background);
            } else if cap.is_finite() && self.may_pass(&import, cap - background) {
                self.program.row(import.clone(), AtMost, cap - background);
            }
            if problem.mean_limit().is_some() {
                imports.push((import.clone(), beside));
            }
            if let Some(peak) = peak {
                let mut row = import.clone();
                row.push((peak, -1.0));
                self.program.row(row, AtMost, -beside);
            }
            for event in problem.events() {
                let Some(price) = event.price else { continue };
                if event.from <= slot && slot < event.to {
                    let above = self.program.column(currency(price), 0.0, f64::INFINITY);
                    let mut row = import.clone();
                    row.push((above, -1.0));
                    self.program.row(row, AtMost, kwh(in_slot(problem, event.cap)) - beside);
                }
            }
        }
        self.add_mean_limit(&imports);
    }

    /// The mean import over every window of slots: each slot's import, with what of it is no column.
    fn add_mean_limit(&mut self, imports: &[(Vec<(usize, f64)>, f64)]) {
        let Some(mean) = self.problem.mean_limit() else { return };
        for (begin, window) in (0u32..).zip(imports.windows(mean.window as usize)) {
            let counted = (begin..begin + mean.window).map(|slot| {
                kwh(in_slot(self.problem, self.problem.background(slot).max(mean.limit)))
            });
            let beside: f64 = window.iter().map(|(_, beside)| beside).sum();
            let bound = counted.sum::<f64>() - beside;
            let row = window.iter().flat_map(|(import, _)| import.iter().copied()).collect();
            self.program.row(row, AtMost, bound);
        }
    }

    fn slot_hours(&self) -> f64 {
        to_f64(self.problem.grid().slot_length().raw()) / 3_600.0
    }

    /// Hours of a slot in which a session is there.
    fn presence_hours(&self, session: usize, slot: u32) -> Option<f64> {
        let time = self.problem.presence(self.problem.sessions().get(session)?, slot);
        (time > 0).then(|| to_f64(time) / 3_600.0)
    }
}

/// The energy of a power over so many seconds; inside the problem's ranges.
fn over(power: Watts, seconds: i64) -> i64 {
    power.raw().saturating_mul(seconds)
}

/// Joules in kWh.
pub(super) fn kwh(joules: i64) -> f64 {
    to_f64(joules) / KWH
}

pub(super) fn currency(price: MicroPerKwh) -> f64 {
    to_f64(price.raw()) / 1e6
}

/// To the nearest double: exact up to 2^53.
#[allow(clippy::cast_precision_loss)]
const fn to_f64(value: i64) -> f64 {
    value as f64
}
