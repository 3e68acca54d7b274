//! From a plan to what chargers can be set to: steps, least powers, falling limits; never above any limit.
//!
//! Also the repair of a plan that ignores some of the model, and so the last resort of the solvers: whatever is wanted,
//! what comes out keeps every limit.

use alloc::vec::Vec;
use core::cmp::Reverse;

use crate::market::{import_cap, in_slot};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::session::Session;
use crate::units::{Joules, Watts};

/// Rounds a plan down to steps of power, slot by slot, and carries what was lost into later slots.
///
/// In each slot every session wants what is planned and what it was owed before. It gets whole steps of `step(session)`,
/// at most its power limit and taper, and none or at least its least power ([`Session::min_power`], if the problem has
/// least powers): who would get less waits, or is lifted to the least power while the site and every node allow, the
/// least laxity first. So no limit is ever passed, and what is lost in the end is less than a step for each session that has
/// room left. Storages and discharging keep what is planned.
///
/// Rounding to the nearest step instead would pass limits: 200 cars by half an ampere on three phases are 69 kW.
#[must_use]
pub fn quantise(problem: &Problem, plan: &Plan, step: impl Fn(&Session) -> Watts) -> Plan {
    let mut pass = Pass::new(problem, plan);
    for slot in 0..problem.grid().slots() {
        pass.slot(slot, &step);
    }
    let storages = (0..plan.storages()).map(|storage| plan.storage(storage).to_vec()).collect();
    Plan::from_runs(pass.runs).with_storages(storages)
}

/// The pass over the slots, from the first to the last.
struct Pass<'p> {
    problem: &'p Problem,
    plan: &'p Plan,
    /// First slot and energies so far, per session.
    runs: Vec<(u32, Vec<Joules>)>,
    /// Planned and not given yet.
    owed: Vec<i64>,
    /// Energy on the battery's side since arrival.
    delivered: Vec<i64>,
    paths: Vec<Vec<usize>>,
    /// What the mean limit leaves to all sessions and storages, by slot; empty where there is none.
    under_mean_limit: Vec<i64>,
    /// What each session has to give in all, at the meter.
    left: Vec<i64>,
}

impl<'p> Pass<'p> {
    fn new(problem: &'p Problem, plan: &'p Plan) -> Self {
        let sessions = problem.sessions();
        let length = problem.grid().slot_length().raw();
        let first = |session: &Session| {
            u32::try_from(problem.grid().clip(session).0 / length).unwrap_or(u32::MAX)
        };
        Self {
            problem,
            plan,
            runs: sessions.iter().map(|session| (first(session), Vec::new())).collect(),
            under_mean_limit: under_mean_limit(problem, plan),
            owed: alloc::vec![0; sessions.len()],
            delivered: alloc::vec![0; sessions.len()],
            paths: (0..sessions.len()).map(|s| problem.nodes_above(s).collect()).collect(),
            left: sessions.iter().map(|session| session.energy_at_meter().raw()).collect(),
        }
    }

    fn slot(&mut self, slot: u32, step: &impl Fn(&Session) -> Watts) {
        let mut room = Room::new(self.problem, slot);
        if let Some(most) = self.under_mean_limit.get(slot as usize) {
            room.site = room.site.min(*most);
        }
        for storage in 0..self.plan.storages() {
            let energy = self.plan.storage(storage).get(slot as usize).map_or(0, |e| e.raw());
            room.site -= energy;
        }
        // Who is there, with the order in which they are served: the least laxity first, then by id.
        let mut present: Vec<(i64, Reverse<i64>, usize)> = Vec::new();
        for (index, asked) in self.problem.sessions().iter().enumerate() {
            if self.problem.presence(asked, slot) == 0 {
                continue;
            }
            let planned = self.plan.session(index).map_or(0, |run| run.in_slot(slot).raw());
            if planned < 0 {
                self.give(index, slot, planned, &mut room);
                continue;
            }
            if let Some(owed) = self.owed.get_mut(index) {
                *owed += planned;
            }
            let needed = self.left.get(index).copied().unwrap_or(0) / asked.max_power.raw().max(1);
            present.push((asked.depart.raw().saturating_sub(needed), Reverse(planned), index));
        }
        present.sort_unstable_by_key(|(laxity, planned, index)| {
            (*laxity, *planned, self.problem.sessions().get(*index).map(|s| s.id))
        });
        // Least powers first for all, so that one full car does not shut out three that only need to go on.
        let mut given: Vec<i64> = alloc::vec![0; present.len()];
        for lift in [true, false] {
            for ((.., index), given) in present.iter().zip(&mut given) {
                let Some(asked) = self.problem.sessions().get(*index) else { continue };
                let time = self.problem.presence(asked, slot);
                let least =
                    if self.problem.has_minimum_power() { asked.min_power } else { Watts::ZERO };
                let least = least.raw().saturating_mul(time);
                let grain = step(asked).raw().max(1).saturating_mul(time);
                let grain = if step(asked) <= Watts::from_raw(1) { 1 } else { grain };
                let most = self.most(*index, asked, slot, time);
                let wanted = self.owed.get(*index).copied().unwrap_or(0).min(most);
                let free = room.left(asked, self.paths.get(*index).map_or(&[], Vec::as_slice));
                let target = if lift {
                    if wanted > 0 && least > 0 && most >= least {
                        round_up(least, grain)
                    } else {
                        0
                    }
                } else {
                    wanted / grain * grain
                };
                let more = (target - *given).min(free / grain * grain);
                let is_allowed = *given + more >= least && *given + more <= most;
                if more > 0 && is_allowed && (lift || least == 0 || *given > 0) {
                    *given += more;
                    room.take(asked, self.paths.get(*index).map_or(&[], Vec::as_slice), more);
                }
            }
        }
        for ((.., index), given) in present.iter().zip(given) {
            self.record(*index, slot, given);
        }
    }

    /// The most that a session can take in a slot: power, price ceiling, taper, battery, and what it asks for.
    fn most(&self, index: usize, asked: &Session, slot: u32, time: i64) -> i64 {
        if !self.problem.affordable(asked, slot) {
            return 0;
        }
        let delivered = self.delivered.get(index).copied().unwrap_or(0);
        let mut power = i128::from(asked.max_power.raw());
        for line in self.problem.taper(index) {
            let falls = i128::from(delivered.max(0)) * i128::from(line.slope);
            let falls = falls / (3_600 * 1_000_000_000) + i128::from(line.slope > 0);
            power = power.min(i128::from(line.intercept.raw()) - falls);
        }
        let reach = i64::try_from(power.max(0) * i128::from(time.max(0))).unwrap_or(i64::MAX);
        let left = match asked.v2g {
            Some(v2g) => {
                let room = v2g.max.raw() - v2g.initial.raw() - delivered;
                asked.efficiency.for_arriving(Joules::from_raw(room.max(0))).raw() - 1
            }
            None => self.left.get(index).copied().unwrap_or(0),
        };
        reach.min(left.max(0))
    }

    fn give(&mut self, index: usize, slot: u32, energy: i64, room: &mut Room<'_>) {
        if let Some(asked) = self.problem.sessions().get(index) {
            room.take(asked, self.paths.get(index).map_or(&[], Vec::as_slice), energy);
        }
        self.record(index, slot, energy);
    }

    fn record(&mut self, index: usize, slot: u32, energy: i64) {
        let Some(asked) = self.problem.sessions().get(index) else { return };
        if let Some((first, run)) = self.runs.get_mut(index) {
            let place = slot.saturating_sub(*first) as usize;
            run.resize(place.max(run.len()), Joules::ZERO);
            run.push(Joules::from_raw(energy));
        }
        if let (Some(owed), Some(left), Some(delivered)) =
            (self.owed.get_mut(index), self.left.get_mut(index), self.delivered.get_mut(index))
        {
            if energy > 0 {
                *owed -= energy;
            }
            *left -= energy;
            *delivered += match asked.v2g {
                Some(v2g) if energy < 0 => v2g.efficiency.for_arriving(Joules::from_raw(energy)),
                _ => asked.efficiency.of(Joules::from_raw(energy)),
            }
            .raw();
        }
    }
}

/// What the mean limit leaves in every slot. Where a plan goes above it for a while nothing may be added to any slot; else
/// what is carried on keeps the limit in each.
fn under_mean_limit(problem: &Problem, plan: &Plan) -> Vec<i64> {
    let Some(mean) = problem.mean_limit() else { return Vec::new() };
    let steady = |slot| {
        let background = in_slot(problem, problem.background(slot));
        let sun = in_slot(problem, problem.pv(slot));
        in_slot(problem, mean.limit).max(background) - background + sun
    };
    let steady: Vec<i64> = (0..problem.grid().slots()).map(steady).collect();
    let planned: Vec<i64> = plan.net_totals(problem).iter().map(|total| total.raw()).collect();
    if planned.iter().zip(&steady).any(|(planned, steady)| planned > steady) {
        planned
    } else {
        steady
    }
}

fn round_up(energy: i64, grain: i64) -> i64 {
    energy.saturating_add(grain - 1) / grain * grain
}

/// What a slot still lets through: the site, every node, and every phase of it.
struct Room<'p> {
    problem: &'p Problem,
    site: i64,
    nodes: Vec<i64>,
    /// Sixths of a joule per phase: a third and a half are whole.
    phases: Vec<[i64; 3]>,
}

impl<'p> Room<'p> {
    fn new(problem: &'p Problem, slot: u32) -> Self {
        let background = in_slot(problem, problem.background(slot));
        let sun = in_slot(problem, problem.pv(slot));
        let site = import_cap(problem, slot).saturating_add(sun).saturating_sub(background);
        let nodes = problem.nodes().iter().map(|node| in_slot(problem, node.limit)).collect();
        Self { problem, site, nodes, phases: alloc::vec![[0; 3]; problem.nodes().len()] }
    }

    /// The most that a session may still take.
    fn left(&self, asked: &Session, path: &[usize]) -> i64 {
        let mut left = self.site;
        for node in path {
            left = left.min(self.nodes.get(*node).copied().unwrap_or(0));
            let (Some(limits), Some(loads)) =
                (self.problem.nodes().get(*node), self.phases.get(*node))
            else {
                continue;
            };
            let share = 6 / i64::from(asked.phases.count());
            let on = |phase: u8| asked.phases.contains(phase);
            let loaded = (0u8..).zip(loads).filter(|(p, _)| on(*p)).map(|(_, load)| *load).max();
            let others = (0u8..).zip(loads).filter(|(p, _)| !on(*p)).map(|(_, load)| *load).min();
            let loaded = loaded.unwrap_or(0);
            if let Some(limit) = limits.phase_limit {
                left = left.min((6 * in_slot(self.problem, limit) - loaded).div_euclid(share));
            }
            if let (Some(unbalance), Some(others)) = (limits.unbalance, others) {
                let most = 6 * in_slot(self.problem, unbalance) + others - loaded;
                left = left.min(most.div_euclid(share));
            }
        }
        left.max(0)
    }

    fn take(&mut self, asked: &Session, path: &[usize], energy: i64) {
        self.site -= energy;
        let share = 6 / i64::from(asked.phases.count());
        for node in path {
            if let Some(left) = self.nodes.get_mut(*node) {
                *left -= energy;
            }
            for (phase, load) in (0u8..).zip(self.phases.get_mut(*node).into_iter().flatten()) {
                if asked.phases.contains(phase) {
                    *load += share * energy;
                }
            }
        }
    }
}
