//! The controller's plan: made when a slot of it begins, and repaired while that lasts.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::{Controller, Guest, slot_of};
use crate::problem::{Grid, MAX_POWER, Problem};
use crate::session::{Priority, Session, SessionId};
use crate::solve::StandingPlan;
use crate::units::{Joules, MicroPerKwh, Seconds, Watts};

/// How far a plan reaches beyond the last departure, so that a newcomer seldom needs a new one.
const BEYOND: i64 = 7_200;

/// A plan whose first slot is the present one.
///
/// That slot began before now. What the planned cars have drawn in it since they were planned is part of the plan, so that the
/// rest of their energy there is what is due.
#[derive(Debug, Clone)]
pub(super) struct Ahead {
    plan: StandingPlan,
    /// Room that is kept from every slot.
    kept: i64,
}

impl Ahead {
    /// Whether the first slot is the one that now is in.
    pub(super) fn is_for(&self, now: Seconds) -> bool {
        let grid = self.plan.problem().grid();
        let since = now.raw().saturating_sub(grid.start().raw());
        (0..grid.slot_length().raw()).contains(&since)
    }
}

impl Controller {
    /// Brings the cheapest plan of the cars that are there up to date, or makes it.
    pub(super) fn plan(&mut self, now: Seconds) {
        self.is_outdated = false;
        let ahead = self.ahead.take();
        self.ahead = ahead.and_then(|ahead| self.repaired(ahead, now)).or_else(|| self.made(now));
        let Some(ahead) = &self.ahead else {
            // Without a plan the least laxity alone decides: everybody may take all it misses.
            for guest in &mut self.guests {
                (guest.due, guest.no_cheaper_later) = (guest.missing, Joules::ZERO);
            }
            return;
        };
        let shares = shares(&ahead.plan);
        for guest in &mut self.guests {
            let share = shares.get(&guest.session.id);
            let (in_slot, later) = share.copied().unwrap_or_default();
            guest.due = Joules::from_raw(in_slot.saturating_sub(guest.drawn()).max(0));
            guest.no_cheaper_later = Joules::from_raw(later);
        }
    }

    /// A new plan.
    fn made(&mut self, now: Seconds) -> Option<Ahead> {
        let length = self.rules.plan_slot.raw().max(1);
        let start = now.raw().div_euclid(length).checked_mul(length)?;
        let last = self.guests.iter().map(|guest| guest.session.depart.raw()).max()?;
        let horizon = start.saturating_add(self.rules.horizon.raw());
        let end = last.saturating_add(BEYOND).min(horizon);
        let slots = u32::try_from((end - start).max(1).div_euclid(length) + 1).ok()?;
        let grid = Grid::new(Seconds::from_raw(start), self.rules.plan_slot, slots).ok()?;
        let spare = self.rules.spare_time;
        let sessions = self.guests.iter_mut().filter_map(|guest| guest.begin_plan(now, spare));
        let sessions = sessions.collect();
        let kept = self.kept(now);
        let mut limits = Vec::with_capacity(slots as usize);
        let mut prices = Vec::with_capacity(slots as usize);
        for (slot, begin) in (0i64..).zip(grid.slot_starts()) {
            let (room, price) = self.room_ahead(begin);
            limits.push(Watts::from_raw(room.saturating_sub(kept).max(0)));
            let waiting = self.rules.patience.raw().saturating_mul(slot * length / 3_600);
            prices.push(MicroPerKwh::from_raw(price.saturating_add(waiting)));
        }
        *limits.first_mut()? = self.present_limit(&grid, kept, now);
        let nodes = self.site.nodes().to_vec();
        let builder = Problem::builder(grid).limit(limits).price(prices).nodes(nodes);
        let problem = builder.sessions(sessions).build().ok()?;
        let problem = if problem.coupling().is_some() { problem.as_flow() } else { problem };
        Some(Ahead { plan: StandingPlan::new(problem).ok()?, kept })
    }

    /// The plan with the cars that came, left or changed; `None` where that is not all that has happened.
    fn repaired(&mut self, ahead: Ahead, now: Seconds) -> Option<Ahead> {
        let Ahead { mut plan, kept } = Some(ahead).filter(|ahead| ahead.is_for(now))?;
        let grid = *plan.problem().grid();
        let horizon = grid.start().raw().saturating_add(self.rules.horizon.raw());
        let is_beyond = |guest: &Guest| guest.session.depart.raw().min(horizon) > grid.end().raw();
        if kept != self.kept(now) || self.guests.iter().any(is_beyond) {
            return None;
        }
        let planned = self.guests.iter().filter(|guest| guest.planned.is_some());
        let planned: BTreeSet<SessionId> = planned.map(|guest| guest.session.id).collect();
        let known: Vec<SessionId> = plan.problem().sessions().iter().map(|s| s.id).collect();
        for id in known.into_iter().filter(|id| !planned.contains(id)) {
            plan.remove(id).ok()?;
        }
        let spare = self.rules.spare_time;
        for guest in self.guests.iter_mut().filter(|guest| guest.planned.is_none()) {
            if let Some(session) = guest.begin_plan(now, spare) {
                plan.add(session).ok()?;
            }
        }
        let limit = self.present_limit(&grid, kept, now);
        if plan.problem().limit(0) != Some(limit) {
            plan.set_limit(0, limit).ok()?;
        }
        Some(Ahead { plan, kept })
    }

    /// What is kept from all slots: the power of chargers that are lost, and while no VIP is there the room of VIPs. With one
    /// there, all room beside theirs is all there is.
    fn kept(&self, now: Seconds) -> i64 {
        let is_vip = |guest: &Guest| guest.session.priority == Priority::Vip;
        let reserved = self.rules.reserved_for_vips.raw();
        let reserved = if self.guests.iter().any(is_vip) { 0 } else { reserved };
        self.lost_power(now).saturating_add(reserved)
    }

    /// The plan's limit of the present slot: what the planned cars have drawn in it, and what is left of it by the meter
    /// instead of the forecast.
    fn present_limit(&self, grid: &Grid, kept: i64, now: Seconds) -> Watts {
        let length = grid.slot_length().raw();
        let left = i128::from((grid.start().raw() + length - now.raw()).clamp(0, length));
        let room = self.room_now(now).min(MAX_POWER.raw()).saturating_sub(kept).max(0);
        let drawn: i128 = self.guests.iter().map(|guest| i128::from(guest.drawn())).sum();
        let mean = (i128::from(room) * left + drawn) / i128::from(length);
        let mean = i64::try_from(mean).unwrap_or(i64::MAX);
        Watts::from_raw(mean.clamp(0, MAX_POWER.raw()))
    }

    /// Room and price of the plan's slot that begins then, over the site's slots in it: the least room, the mean price.
    fn room_ahead(&self, begin: Seconds) -> (i64, i64) {
        let grid = self.site.grid();
        let first = slot_of(grid, begin);
        let count = self.rules.plan_slot.raw().div_euclid(grid.slot_length().raw()).max(1);
        let last = first.saturating_add(u32::try_from(count).unwrap_or(1) - 1);
        let (mut room, mut price) = (i64::MAX, 0i64);
        for slot in first..=last {
            // Beyond its end the grid's last slot goes on.
            let slot = slot.min(grid.slots() - 1);
            let expected = self.expected.get(slot as usize).map_or(0, |watts| watts.raw());
            let free = self.site.headroom(slot).map_or(MAX_POWER.raw(), Watts::raw);
            room = room.min(free.saturating_sub(expected).max(0));
            price = price.saturating_add(self.site.price(slot).raw());
        }
        (room, price.div_euclid(count))
    }
}

impl Guest {
    /// The car as a plan that begins to count it now sees it; `None` if there is nothing to plan.
    fn begin_plan(&mut self, now: Seconds, spare: Seconds) -> Option<Session> {
        self.planned = None;
        if self.is_lost || self.missing <= Joules::ZERO {
            return None;
        }
        self.planned = Some(self.missing);
        let mut session = self.session;
        session.arrive = now;
        session.energy = session.efficiency.of(self.missing);
        session.max_power = self.ceiling();
        let needed = self.missing.raw() / session.max_power.raw().max(1);
        let sooner = session.depart.raw().saturating_sub(spare.raw());
        let earliest = now.raw().saturating_add(needed).saturating_add(1);
        session.depart = session.depart.min(Seconds::from_raw(sooner.max(earliest)));
        Some(session)
    }

    /// What it has drawn since the plan began to count it. Unit J.
    fn drawn(&self) -> i64 {
        self.planned.map_or(0, |planned| (planned.raw() - self.missing.raw()).max(0))
    }
}

/// What a plan has for each car in its first slot, and what it has later at a price that is not below the present one.
fn shares(plan: &StandingPlan) -> BTreeMap<SessionId, (i64, i64)> {
    let problem = plan.problem();
    let now = problem.price(0);
    let share = |(session, first, energies): (SessionId, u32, &[i64])| {
        let (mut in_slot, mut later) = (0, 0);
        for (slot, energy) in (first..).zip(energies) {
            if slot == 0 {
                in_slot = *energy;
            } else if problem.price(slot) >= now {
                later += energy;
            }
        }
        (session, (in_slot, later))
    };
    plan.flows().map(share).collect()
}
