//! The rolling-horizon controller: plans with what it knows, acts at once when a car plugs in, and never waits with safety.
//!
//! A state machine without I/O: events go in with the time at which they happen, grants come out. At every event and at
//! every step it first cuts what the limit no longer allows, then re-solves the cheapest plan of the cars that are there
//! from now on, and grants power for the coming step: what the plan wants in its first slot, the least laxity first. Within a
//! slot of the plan an event changes the plan instead of making a new one.

mod planning;

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use planning::Ahead;

use crate::problem::{Grid, Problem};
use crate::session::{Priority, Session, SessionId};
use crate::units::{Joules, MicroPerKwh, Seconds, Watts};

/// What the controller holds to beside the limit. Every rule is off in [`Rules::default`] unless its line says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rules {
    /// Time between two looks at the station; grants are for that long. 60 s.
    pub step: Seconds,
    /// Length of the plan's slots, a multiple of the site's. 300 s.
    pub plan_slot: Seconds,
    /// How far the plan looks ahead. 24 h.
    pub horizon: Seconds,
    /// What waiting for an hour must save at least, 10⁻⁶ per kWh: a cautious planner does not wait for nothing. 100.
    pub patience: MicroPerKwh,
    /// A plan never leaves less time than this unused before departure by waiting for a price. 0 s.
    pub spare_time: Seconds,
    /// A meter reading older than this is not believed: then all cars together get `safe_power`.
    pub meter_stale_after: Option<Seconds>,
    /// What all cars may draw while the meter is silent. Unit W.
    pub safe_power: Watts,
    /// Grants that change by less are not sent, unless they fall because they must. Unit W.
    pub dead_band: Watts,
    /// After a cut, no power is raised for this long.
    pub hold: Seconds,
    /// By how much all cars together may rise within a minute: after a time of want the return shall not be a peak.
    pub ramp_per_minute: Option<Watts>,
    /// Room that is kept free for VIPs: all other cars together get what is left of the limit beside it. Unit W.
    pub reserved_for_vips: Watts,
    /// The least power that a VIP gets while it misses energy; see [`Controller::keeps_guarantees`]. Unit W.
    pub vip_power: Watts,
    /// After so many readings below its grant a car is taken to want no more...
    pub reclaim_after: Option<u32>,
    /// ... but for this margin, by which a rise is noticed. Unit W.
    pub reclaim_margin: Watts,
    /// What a charger falls back to when it has not been heard of until its grant ended. Unit W.
    pub charger_default: Watts,
    /// How long a charger keeps its last grant without hearing of us.
    pub grant_lasts: Seconds,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            step: Seconds::from_raw(60),
            plan_slot: Seconds::from_raw(300),
            horizon: Seconds::from_raw(86_400),
            patience: MicroPerKwh::from_raw(100),
            spare_time: Seconds::ZERO,
            meter_stale_after: None,
            safe_power: Watts::ZERO,
            dead_band: Watts::ZERO,
            hold: Seconds::ZERO,
            ramp_per_minute: None,
            reserved_for_vips: Watts::ZERO,
            vip_power: Watts::ZERO,
            reclaim_after: None,
            reclaim_margin: Watts::from_raw(1_000),
            charger_default: Watts::ZERO,
            grant_lasts: Seconds::from_raw(300),
        }
    }
}

/// A power to send to a charger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Whose charger.
    pub session: SessionId,
    /// The most it may draw from now on. Unit W.
    pub power: Watts,
}

/// A car that is plugged in.
#[derive(Debug, Clone, Copy)]
struct Guest {
    session: Session,
    missing: Joules,
    /// What its charger was told last.
    granted: Watts,
    granted_at: Seconds,
    /// What it may draw by the last look: what is counted against the limit.
    power: Watts,
    /// Readings in a row below the grant, and the highest of them.
    below: u32,
    below_power: Watts,
    /// What it is taken to want at most, after [`Rules::reclaim_after`].
    wants: Option<Watts>,
    is_lost: bool,
    /// What it missed when the plan began to count it; `None` where the plan does not, or counts what it was before.
    planned: Option<Joules>,
    /// Energy in the plan's first slot that is not granted yet.
    due: Joules,
    /// Energy that the plan has later, at a price that is not lower.
    no_cheaper_later: Joules,
}

/// The controller of a station.
///
/// Drain [`Controller::poll_grant`] after each call; call [`Controller::handle_timeout`] at [`Controller::poll_timeout`].
/// Storage grows with the cars that are plugged in and the length of the site's grid, and with nothing else.
#[derive(Debug, Clone)]
pub struct Controller {
    /// Limits, background, prices and nodes; its sessions are not looked at.
    site: Problem,
    rules: Rules,
    /// Load expected of cars that are yet to come, by slot of the site.
    expected: Vec<Watts>,
    guests: Vec<Guest>,
    grants: VecDeque<Grant>,
    /// The plan of the present plan slot, and whether something has happened that it does not know.
    ahead: Option<Ahead>,
    is_outdated: bool,
    /// Last reading of the load that is not a car's.
    meter: Option<(Seconds, Watts)>,
    last_cut: Option<Seconds>,
    last_look: Option<Seconds>,
    /// When something happened that has not been looked at.
    woken: Option<Seconds>,
    /// Whether anything was told since the last look.
    has_news: bool,
    keeps_guarantees: bool,
}

impl Controller {
    /// A controller for the site of a problem, whose sessions are ignored.
    #[must_use]
    pub fn new(site: &Problem, rules: Rules) -> Self {
        Self {
            site: site.clone().with_sessions(Vec::new()),
            rules,
            expected: Vec::new(),
            guests: Vec::new(),
            grants: VecDeque::new(),
            ahead: None,
            is_outdated: true,
            meter: None,
            last_cut: None,
            last_look: None,
            woken: None,
            has_news: true,
            keeps_guarantees: true,
        }
    }

    /// New limits, background forecast or prices.
    pub fn set_site(&mut self, site: &Problem) {
        self.has_news = true;
        self.site = site.clone().with_sessions(Vec::new());
        (self.ahead, self.is_outdated) = (None, true);
    }

    /// The load expected of cars that are yet to come, by slot of the site: plans leave that room.
    pub fn set_expected(&mut self, expected: Vec<Watts>) {
        self.has_news = true;
        self.expected = expected;
        (self.ahead, self.is_outdated) = (None, true);
    }

    /// A car has plugged in; its arrival is now. The same id again replaces what was known of it.
    pub fn handle_plug_in(&mut self, now: Seconds, session: Session) {
        self.has_news = true;
        self.guests.retain(|guest| guest.session.id != session.id);
        let mut session = session;
        session.arrive = now;
        self.guests.push(Guest {
            session,
            missing: session.energy_at_meter(),
            granted: Watts::ZERO,
            granted_at: now,
            power: Watts::ZERO,
            below: 0,
            below_power: Watts::ZERO,
            wants: None,
            is_lost: false,
            planned: None,
            due: Joules::ZERO,
            no_cheaper_later: Joules::ZERO,
        });
        self.guests.sort_by_key(|guest| (guest.session.arrive, guest.session.id));
        (self.woken, self.is_outdated) = (Some(now), true);
    }

    /// A car has left.
    pub fn handle_unplug(&mut self, now: Seconds, session: SessionId) {
        self.has_news = true;
        self.guests.retain(|guest| guest.session.id != session);
        (self.woken, self.is_outdated) = (Some(now), true);
    }

    /// What a car still misses at the meter, by its charger's register.
    pub fn handle_missing(&mut self, session: SessionId, missing: Joules) {
        self.has_news = true;
        if let Some(guest) = self.guests.iter_mut().find(|g| g.session.id == session) {
            guest.missing = missing;
        }
    }

    /// What a car draws: far below its grant for long, the rest is given to others, but for a margin. A charger that tells it
    /// is not lost.
    pub fn handle_power(&mut self, session: SessionId, power: Watts) {
        self.handle_found(session);
        let (Some(after), margin) = (self.rules.reclaim_after, self.rules.reclaim_margin) else {
            return;
        };
        let Some(guest) = self.guests.iter_mut().find(|g| g.session.id == session) else { return };
        if power.raw().saturating_add(margin.raw()) >= guest.power.raw() {
            (guest.below, guest.below_power) = (0, Watts::ZERO);
            // Within the margin above what it took it is left alone, or it would be offered all again and again. Using up
            // the margin it may have half as much more, and so on.
            let Some(wants) = guest.wants else { return };
            if power.raw() > wants.raw().saturating_sub(margin.raw() / 2) {
                let more = wants.raw() + wants.raw() / 2 + margin.raw();
                guest.wants = Some(Watts::from_raw(more)).filter(|w| *w < guest.session.max_power);
                guest.planned = None;
                self.is_outdated = true;
            }
            return;
        }
        guest.below += 1;
        guest.below_power = guest.below_power.max(power);
        if guest.below >= after {
            let wants = guest.below_power.raw().saturating_add(margin.raw());
            guest.wants = Some(Watts::from_raw(wants));
            (guest.below, guest.below_power, guest.planned) = (0, Watts::ZERO, None);
            self.is_outdated = true;
        }
    }

    /// A charger no longer answers: until its grant ends it is taken to draw all of it, then its default.
    pub fn handle_lost(&mut self, session: SessionId) {
        self.has_news = true;
        if let Some(guest) = self.guests.iter_mut().find(|g| g.session.id == session) {
            (guest.is_lost, guest.planned) = (true, None);
            self.is_outdated = true;
        }
    }

    /// A charger answers again; of one that was not lost, nothing new.
    pub fn handle_found(&mut self, session: SessionId) {
        self.has_news = true;
        let mut lost = self.guests.iter_mut().filter(|guest| guest.is_lost);
        if let Some(guest) = lost.find(|guest| guest.session.id == session) {
            (guest.is_lost, guest.planned) = (false, None);
            self.is_outdated = true;
        }
    }

    /// The load that is not a car's, by the site's meter; acts at once where it leaves less than was granted.
    pub fn handle_background(&mut self, now: Seconds, background: Watts) {
        self.has_news = true;
        self.meter = Some((now, background));
        let granted: i64 = self.guests.iter().map(|guest| guest.power.raw()).sum();
        if granted > self.room_now(now) {
            self.is_outdated = true;
            self.handle_timeout(now);
        }
    }

    /// Looks at the station: cuts, plans if something has happened or the plan's first slot is over, and grants. A second
    /// look at the same time, with nothing new, changes nothing.
    pub fn handle_timeout(&mut self, now: Seconds) {
        self.expect_to_stay(now);
        if self.last_look == Some(now) && !self.has_news {
            return;
        }
        if self.is_outdated || !self.ahead.as_ref().is_some_and(|ahead| ahead.is_for(now)) {
            self.plan(now);
        }
        self.grant(now);
        (self.last_look, self.woken, self.has_news) = (Some(now), None, false);
    }

    /// The next power to send.
    pub fn poll_grant(&mut self) -> Option<Grant> {
        self.grants.pop_front()
    }

    /// When to look again: at once after a car came or left, else when the step is over; `None` while nobody is plugged in.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Seconds> {
        if self.guests.is_empty() {
            return None;
        }
        let step = self.rules.step.raw().max(1);
        let next = |last: Seconds| last.raw().div_euclid(step).saturating_add(1);
        let next = |last| Seconds::from_raw(next(last).saturating_mul(step));
        self.woken.or_else(|| self.last_look.map(next))
    }

    /// Whether at the last look every VIP got [`Rules::vip_power`], or all it could take. Where the limit leaves less than
    /// that to all of them, they share it equally.
    #[must_use]
    pub const fn keeps_guarantees(&self) -> bool {
        self.keeps_guarantees
    }

    /// What a car may draw by the last look; `None` if it is not plugged in.
    #[must_use]
    pub fn granted(&self, session: SessionId) -> Option<Watts> {
        self.guests.iter().find(|guest| guest.session.id == session).map(|guest| guest.power)
    }

    /// What all cars may draw now: the limit less the background by the meter, or by the forecast while there is no meter.
    fn room_now(&self, now: Seconds) -> i64 {
        let slot = slot_of(self.site.grid(), now);
        let background = match (self.meter, self.rules.meter_stale_after) {
            (Some((at, _)), Some(after)) if now.raw().saturating_sub(at.raw()) > after.raw() => {
                return self.rules.safe_power.raw();
            }
            (Some((_, watts)), _) => watts,
            (None, Some(_)) => return self.rules.safe_power.raw(),
            (None, None) => self.site.background(slot),
        };
        let Some(cap) = self.site.steady_cap(slot) else { return i64::MAX };
        cap.raw().saturating_sub(background.raw()).max(0)
    }

    /// A car that is still there at its departure, which was a guess then, is taken to stay for as long as it needs at full
    /// power: it is urgent, but not given up.
    fn expect_to_stay(&mut self, now: Seconds) {
        for guest in &mut self.guests {
            if guest.session.depart <= now && guest.missing > Joules::ZERO {
                let needed = guest.missing.raw() / guest.session.max_power.raw().max(1);
                let until = now.raw().saturating_add(needed).saturating_add(self.rules.step.raw());
                (guest.session.depart, guest.planned) = (Seconds::from_raw(until), None);
                self.is_outdated = true;
            }
        }
    }

    /// What chargers that do not answer are taken to draw.
    fn lost_power(&self, now: Seconds) -> i64 {
        let lost = self.guests.iter().filter(|guest| guest.is_lost);
        lost.map(|guest| {
            let age = now.raw().saturating_sub(guest.granted_at.raw());
            let keeps = age <= self.rules.grant_lasts.raw();
            if keeps { guest.granted.raw() } else { self.rules.charger_default.raw() }
        })
        .sum()
    }

    /// Grants power for the coming step: the plan's part first, then what is no cheaper later; the least laxity first.
    fn grant(&mut self, now: Seconds) {
        let step = self.rules.step.raw().max(1);
        let before: i64 = self.guests.iter().map(|guest| guest.power.raw()).sum();
        let room = self.room_now(now).saturating_sub(self.lost_power(now)).max(0);
        let may_rise = self.may_rise(now);
        let mut left = room;
        if let Some(ramp) = self.rules.ramp_per_minute {
            let minutes = self.last_look.map_or(1, |at| (now.raw() - at.raw()).max(0) / 60).max(1);
            left = left.min(before.saturating_add(ramp.raw().saturating_mul(minutes)));
        }
        if before > room {
            self.last_cut = Some(now);
        }
        let standard = left.min(room.saturating_sub(self.rules.reserved_for_vips.raw())).max(0);
        let nodes = self.site.nodes().iter().map(|node| node.limit.raw()).collect();
        let mut shares =
            Shares { left, standard, nodes, powers: alloc::vec![0; self.guests.len()] };
        self.grant_guarantees(now, step, &mut shares);
        let mut order: Vec<usize> = (0..self.guests.len()).collect();
        order.sort_by_key(|index| self.guests.get(*index).map(Guest::laxity));
        for is_rest in [false, true] {
            for index in &order {
                let Some(guest) = self.guests.get(*index) else { continue };
                let has = shares.powers.get(*index).copied().unwrap_or(0);
                let wanted = if is_rest {
                    has + guest.no_cheaper_later.raw() / step
                } else {
                    guest.due.raw() / step
                };
                let held = if may_rise { i64::MAX } else { guest.power.raw() };
                let wanted = wanted.min(held).min(guest.most(now, step));
                shares.give(*index, guest, &self.path(guest), wanted - has);
            }
        }
        let powers = shares.powers;
        self.send(now, step, &powers);
    }

    /// Gives every VIP its guaranteed power, or all of them the same where there is less; a hold does not keep it from them.
    fn grant_guarantees(&mut self, now: Seconds, step: i64, shares: &mut Shares) {
        self.keeps_guarantees = true;
        let wanted = |guest: &Guest| {
            let is_vip = guest.session.priority == Priority::Vip && !guest.is_lost;
            let most = if is_vip { guest.most(now, step) } else { 0 };
            most.min(self.rules.vip_power.raw())
        };
        let mut vips: Vec<(i64, usize)> =
            self.guests.iter().map(wanted).zip(0..).filter(|(wanted, _)| *wanted > 0).collect();
        // Who wants least first: what it leaves is for the others.
        vips.sort_unstable();
        let mut waiting = i64::try_from(vips.len()).unwrap_or(i64::MAX);
        let mut is_kept = true;
        for (wanted, index) in vips {
            let Some(guest) = self.guests.get(index) else { continue };
            let fair = wanted.min(shares.left / waiting.max(1));
            waiting -= 1;
            is_kept &= shares.give(index, guest, &self.path(guest), fair) == wanted;
        }
        self.keeps_guarantees = is_kept;
    }

    /// Whether powers may be raised: not right after a cut.
    fn may_rise(&self, now: Seconds) -> bool {
        let hold = self.rules.hold.raw();
        hold == 0 || self.last_cut.is_none_or(|at| now.raw().saturating_sub(at.raw()) >= hold)
    }

    /// The nodes above a car, by the site's index.
    fn path(&self, guest: &Guest) -> Vec<usize> {
        let nodes = self.site.nodes();
        let mut path = Vec::new();
        let mut next = guest.session.node;
        while let Some(id) = next {
            let Some(index) = nodes.iter().position(|node| node.id == id) else { break };
            path.push(index);
            next = nodes.get(index).and_then(|node| node.parent);
        }
        path
    }

    /// Sends what has changed by more than the dead band; a fall is always counted and sent, a small rise is not.
    fn send(&mut self, now: Seconds, step: i64, powers: &[i64]) {
        for (guest, power) in self.guests.iter_mut().zip(powers) {
            if guest.is_lost {
                continue;
            }
            let change = power - guest.granted.raw();
            let is_small = change >= 0 && change < self.rules.dead_band.raw();
            let power = if is_small { guest.granted } else { Watts::from_raw(*power) };
            let taken = power.raw().saturating_mul(step);
            let from_due = taken.min(guest.due.raw());
            guest.due = Joules::from_raw(guest.due.raw() - from_due);
            let rest = guest.no_cheaper_later.raw() - (taken - from_due);
            guest.no_cheaper_later = Joules::from_raw(rest.max(0));
            guest.power = power;
            if power != guest.granted {
                guest.granted = power;
                self.grants.push_back(Grant { session: guest.session.id, power });
            }
            guest.granted_at = now;
        }
    }
}

/// What is given out in a step, and what is left to give. Unit W.
struct Shares {
    left: i64,
    /// What cars that are no VIPs may still get.
    standard: i64,
    nodes: Vec<i64>,
    powers: Vec<i64>,
}

impl Shares {
    /// Gives a car so much more, or what is left for it; how much it was.
    fn give(&mut self, index: usize, guest: &Guest, path: &[usize], wanted: i64) -> i64 {
        let Some(power) = self.powers.get_mut(index).filter(|_| !guest.is_lost) else { return 0 };
        let mut more = wanted.min(self.left);
        let is_standard = guest.session.priority == Priority::Standard;
        if is_standard {
            more = more.min(self.standard);
        }
        for node in path {
            more = more.min(self.nodes.get(*node).copied().unwrap_or(0));
        }
        let more = more.max(0);
        *power += more;
        self.left -= more;
        self.standard -= if is_standard { more } else { 0 };
        for node in path {
            if let Some(room) = self.nodes.get_mut(*node) {
                *room -= more;
            }
        }
        more
    }
}

impl Guest {
    /// The most it can draw evenly over the coming step.
    fn most(&self, now: Seconds, step: i64) -> i64 {
        if self.session.depart <= now {
            return 0;
        }
        let wants = self.ceiling().raw();
        // Rounded up, so that the last joule is not left over.
        let missing = self.missing.raw().max(0);
        wants.min(missing.saturating_add(step - 1) / step)
    }

    /// The most it can take, or is taken to want.
    fn ceiling(&self) -> Watts {
        self.wants.unwrap_or(self.session.max_power).min(self.session.max_power)
    }

    /// The order of service: departure less the time needed at the power that it takes, then arrival and id.
    fn laxity(&self) -> (i64, Seconds, SessionId) {
        let needed = self.missing.raw().max(0) / self.ceiling().raw().max(1);
        let laxity = self.session.depart.raw().saturating_sub(needed);
        (laxity, self.session.arrive, self.session.id)
    }
}

/// The slot of the grid in which a time lies; the first or last one for a time outside.
fn slot_of(grid: &Grid, time: Seconds) -> u32 {
    let since = time.raw().saturating_sub(grid.start().raw());
    let slot = since.div_euclid(grid.slot_length().raw());
    u32::try_from(slot.max(0)).unwrap_or(u32::MAX).min(grid.slots() - 1)
}
