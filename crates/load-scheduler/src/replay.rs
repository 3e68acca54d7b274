//! A day in fixed steps, seen only up to now: what a policy, or a plan, really delivers.

use alloc::vec::Vec;

use crate::online::Controller;
use crate::plan::Plan;
use crate::policy::{Car, Policy, allocate};
use crate::problem::Problem;
use crate::session::Session;
use crate::units::{Cost, Joules, MeanPower, Seconds, Watts};

/// A car is counted as short if it misses more than this at departure: 10 Wh.
pub const SHORT_BY: Joules = Joules::from_raw(36_000);

/// Why a replay cannot run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The step is not positive or does not divide the slot length.
    #[error("a step of {step} does not divide slots of {slot_length}")]
    Step {
        /// The step asked for.
        step: Seconds,
        /// The problem's slot length.
        slot_length: Seconds,
    },
    /// Memory for one value per step could not be had.
    #[error("no memory for {steps} steps")]
    OutOfMemory {
        /// The number of steps.
        steps: u64,
    },
    /// The plan is for another number of sessions.
    #[error("plan of {found} sessions for a problem of {expected}")]
    SessionCount {
        /// Sessions of the problem.
        expected: usize,
        /// Sessions of the plan.
        found: usize,
    },
}

const _: () = assert!(size_of::<ReplayError>() <= 32);

/// What happened: the load of every step and the energy of every session.
///
/// A car takes part from the first step that begins at or after its arrival (nothing is known of it before) until it
/// leaves or misses nothing. All figures are exact.
#[derive(Debug, Clone)]
pub struct Replay<'p> {
    problem: &'p Problem,
    step: Seconds,
    /// The cars' energy in every step.
    loads: Vec<Joules>,
    /// Energy per session at the meter, in the order of the problem.
    delivered: Vec<Joules>,
    /// First slot and energy in each slot from there on, per session.
    runs: Vec<(u32, Vec<Joules>)>,
}

impl<'p> Replay<'p> {
    /// Runs a policy over the problem's grid.
    ///
    /// Except under [`Policy::Uncontrolled`] no step passes the limit; where the background alone does, the cars draw
    /// nothing.
    ///
    /// # Errors
    /// [`ReplayError::Step`], [`ReplayError::OutOfMemory`].
    pub fn run(problem: &'p Problem, policy: Policy, step: Seconds) -> Result<Self, ReplayError> {
        let mut replay = Self::begin(problem, step)?;
        replay.simulate(|moment, cars| {
            allocate(policy, moment.now, step, moment.headroom, cars);
        });
        Ok(replay)
    }

    /// Carries a plan out.
    ///
    /// In each slot a car's planned energy is spread evenly over its steps. Where the cars of a slot do not stay for
    /// all of it, a step can want more than the limit: then the car with the least laxity comes first and the rest
    /// catches up later, as far as power and stay allow. So no step passes the limit, and a little energy of the plan
    /// may stay unserved.
    ///
    /// # Errors
    /// [`ReplayError::Step`], [`ReplayError::OutOfMemory`], [`ReplayError::SessionCount`].
    pub fn follow(problem: &'p Problem, plan: &Plan, step: Seconds) -> Result<Self, ReplayError> {
        let (expected, found) = (problem.sessions().len(), plan.len());
        if expected != found {
            return Err(ReplayError::SessionCount { expected, found });
        }
        let mut replay = Self::begin(problem, step)?;
        // What the plan has given each session up to the end of the present slot, and how many slots that counts.
        let mut due = alloc::vec![(0u32, 0i64); found];
        replay.simulate(|moment, cars| {
            // Twice over the cars: an even part each, rounded down; then a joule more where the rest asks for it.
            let room = i128::from(moment.headroom.raw()) * i128::from(step.raw());
            let mut wanted = 0i128;
            for car in cars.iter_mut() {
                let Some((counted, due)) = due.get_mut(car.tag as usize) else { continue };
                if let Some(run) = plan.session(car.tag as usize) {
                    while *counted <= moment.slot {
                        *due = due.saturating_add(run.in_slot(*counted).raw());
                        *counted += 1;
                    }
                }
                let asked = problem
                    .sessions()
                    .get(car.tag as usize)
                    .map_or(0, |s| s.energy_at_meter().raw());
                let delivered = asked - car.missing.raw();
                // Only what the plan owes by now is given out; `simulate` restores what is missing.
                car.missing = Joules::from_raw((*due - delivered).clamp(0, car.missing.raw()));
                let even = car.missing.raw() / moment.steps_left(car, step);
                car.granted = Joules::from_raw(even.min(car.need(moment.now, step).raw()));
                wanted += i128::from(car.granted.raw());
            }
            if wanted > room {
                allocate(Policy::LeastLaxity, moment.now, step, moment.headroom, cars);
                return;
            }
            for car in cars.iter_mut() {
                let uneven = car.missing.raw() % moment.steps_left(car, step) > 0;
                if uneven && wanted < room && car.granted < car.need(moment.now, step) {
                    car.granted = Joules::from_raw(car.granted.raw() + 1);
                    wanted += 1;
                }
            }
        });
        Ok(replay)
    }

    /// Runs the rolling-horizon controller over the problem's grid, as if it sat in the station: it learns of a car when the
    /// car arrives, of its departure what `guess` says then, of the background by a meter, and of nothing else before it
    /// happens. What it expects beside that is what it was made with: the site's forecasts, and
    /// [`Controller::set_expected`].
    ///
    /// # Errors
    /// [`ReplayError::Step`], [`ReplayError::OutOfMemory`].
    pub fn run_online(
        problem: &'p Problem,
        controller: &mut Controller,
        step: Seconds,
        guess: impl Fn(&Session) -> Seconds,
    ) -> Result<Self, ReplayError> {
        Self::run_online_with(problem, controller, step, guess, |session, _| session.max_power)
    }

    /// The same with cars that take what their batteries let them: `takes` says how much at most, given what the car has
    /// got so far at the meter. The controller does not know; it sees what each car has drawn in the step before.
    ///
    /// # Errors
    /// [`ReplayError::Step`], [`ReplayError::OutOfMemory`].
    pub fn run_online_with(
        problem: &'p Problem,
        controller: &mut Controller,
        step: Seconds,
        guess: impl Fn(&Session) -> Seconds,
        takes: impl Fn(&Session, Joules) -> Watts,
    ) -> Result<Self, ReplayError> {
        let mut replay = Self::begin(problem, step)?;
        let mut told: Vec<u32> = Vec::new();
        replay.simulate(|moment, cars| {
            let is_gone = |tag: &u32| !cars.iter().any(|car| car.tag == *tag);
            for tag in told.extract_if(.., |tag| is_gone(tag)) {
                if let Some(session) = problem.sessions().get(tag as usize) {
                    controller.handle_unplug(moment.now, session.id);
                }
            }
            for car in cars.iter() {
                if told.contains(&car.tag) {
                    let drawn = car.granted.raw() / step.raw();
                    controller.handle_power(car.id, Watts::from_raw(drawn));
                } else {
                    told.push(car.tag);
                    if let Some(session) = problem.sessions().get(car.tag as usize) {
                        let mut seen = *session;
                        seen.depart = guess(session);
                        controller.handle_plug_in(moment.now, seen);
                    }
                }
                controller.handle_missing(car.id, car.missing);
            }
            controller.handle_background(moment.now, problem.background(moment.slot));
            controller.handle_timeout(moment.now);
            while controller.poll_grant().is_some() {}
            for car in cars {
                let Some(session) = problem.sessions().get(car.tag as usize) else { continue };
                let had = session.energy_at_meter().raw() - car.missing.raw();
                let power = controller.granted(car.id).unwrap_or(Watts::ZERO);
                let power = power.min(takes(session, Joules::from_raw(had)));
                let most = power.raw().saturating_mul(step.raw());
                car.granted = Joules::from_raw(most.min(car.need(moment.now, step).raw()));
            }
        });
        Ok(replay)
    }

    fn begin(problem: &'p Problem, step: Seconds) -> Result<Self, ReplayError> {
        let slot_length = problem.grid().slot_length();
        if step.raw() <= 0 || slot_length.raw() % step.raw() != 0 {
            return Err(ReplayError::Step { step, slot_length });
        }
        let steps_per_slot = (slot_length.raw() / step.raw()).unsigned_abs();
        let steps = u64::from(problem.grid().slots()) * steps_per_slot;
        let mut loads = Vec::new();
        let room = usize::try_from(steps).ok().and_then(|n| loads.try_reserve_exact(n).ok());
        room.ok_or(ReplayError::OutOfMemory { steps })?;
        let delivered = alloc::vec![Joules::ZERO; problem.sessions().len()];
        let runs = problem.sessions().iter().map(|_| (0, Vec::new())).collect();
        Ok(Self { problem, step, loads, delivered, runs })
    }

    /// Steps through the grid; `grant` sets [`Car::granted`] of the cars that are there.
    fn simulate(&mut self, mut grant: impl FnMut(&Moment, &mut [Car])) {
        let grid = self.problem.grid();
        let mut coming: Vec<Car> = (0u32..)
            .zip(self.problem.sessions())
            .map(|(index, session)| Car::new(session, index))
            .collect();
        // Popped from the end: the earliest last.
        coming.sort_unstable_by_key(|car| core::cmp::Reverse((car.arrive, car.id)));
        let mut cars: Vec<Car> = Vec::new();
        for slot in 0..grid.slots() {
            let headroom = self.problem.headroom(slot).unwrap_or(Watts::from_raw(i64::MAX));
            let slot_end = grid.start_of(slot + 1);
            let mut now = grid.start_of(slot);
            while now < slot_end {
                while let Some(car) = coming.pop_if(|car| car.arrive <= now) {
                    cars.push(car);
                }
                cars.retain(|car| car.missing > Joules::ZERO && car.depart > now);
                grant(&Moment { now, slot, slot_end, headroom }, &mut cars);
                let mut load = 0i64;
                for car in &mut cars {
                    let asked = self.problem.sessions().get(car.tag as usize);
                    let asked = asked.map_or(0, |session| session.energy_at_meter().raw());
                    if let Some(delivered) = self.delivered.get_mut(car.tag as usize) {
                        *delivered = Joules::from_raw(delivered.raw() + car.granted.raw());
                        car.missing = Joules::from_raw(asked - delivered.raw());
                    }
                    load += car.granted.raw();
                    if let Some(run) = self.runs.get_mut(car.tag as usize) {
                        record(run, slot, car.granted);
                    }
                }
                self.loads.push(Joules::from_raw(load));
                now = Seconds::from_raw(now.raw() + self.step.raw());
            }
        }
    }

    /// Length of a step.
    #[must_use]
    pub const fn step(&self) -> Seconds {
        self.step
    }

    /// The cars' energy in every step, in order; the background is not in it.
    #[must_use]
    pub fn loads(&self) -> &[Joules] {
        &self.loads
    }

    /// What every session got in every slot.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan::from_runs(self.runs.iter().map(|(first, run)| (*first, run.iter().copied())))
    }

    /// Energy delivered to every session, in the order of the problem.
    #[must_use]
    pub fn delivered(&self) -> &[Joules] {
        &self.delivered
    }

    /// Energy delivered to all sessions.
    #[must_use]
    pub fn served(&self) -> Joules {
        Joules::from_raw(self.delivered.iter().map(|d| d.raw()).sum())
    }

    /// Energy asked for and not delivered, over all sessions, at the meter.
    #[must_use]
    pub fn unserved(&self) -> Joules {
        let asked = self.problem.sessions().iter().map(|s| s.energy_at_meter().raw());
        Joules::from_raw(asked.sum::<i64>() - self.served().raw())
    }

    /// Sessions that miss more than [`SHORT_BY`] when they leave (or when the replay ends).
    #[must_use]
    pub fn sessions_short(&self) -> usize {
        let sessions = self.problem.sessions().iter().zip(&self.delivered);
        sessions.filter(|(s, d)| s.energy_at_meter().raw() - d.raw() > SHORT_BY.raw()).count()
    }

    /// The exact cost of the cars' energy at the problem's prices.
    #[must_use]
    pub fn cost(&self) -> Cost {
        let cost = self.slots().map(|(slot, loads)| {
            let energy = loads.iter().map(|load| i128::from(load.raw())).sum::<i128>();
            energy * i128::from(self.problem.price(slot).raw())
        });
        Cost::from_raw(cost.sum())
    }

    /// The highest mean power of a step, background included.
    #[must_use]
    pub fn peak(&self) -> MeanPower {
        self.peak_over(self.step)
    }

    /// The highest mean power of a window of this length, background included: 900 s for clock quarter hours.
    ///
    /// Windows begin at multiples of their length from the origin of time; a step belongs to the window in which it
    /// begins; a window cut by the start or the end of the replay is averaged over its part inside.
    #[must_use]
    pub fn peak_over(&self, window: Seconds) -> MeanPower {
        let length = window.raw().max(1);
        let mut peak: Option<MeanPower> = None;
        let mut current: Option<(i64, i128, i64)> = None;
        for (time, energy) in self.totals() {
            let index = time.raw().div_euclid(length);
            current = match current {
                Some((same, sum, seconds)) if same == index => {
                    Some((same, sum + energy, seconds + self.step.raw()))
                }
                finished => {
                    peak = peak.max(mean(finished));
                    Some((index, energy, self.step.raw()))
                }
            };
        }
        peak.max(mean(current)).unwrap_or(MeanPower::ZERO)
    }

    /// Steps whose load, background included, passes the limit.
    #[must_use]
    pub fn steps_over_limit(&self) -> usize {
        let over = self.slots().map(|(slot, loads)| {
            let Some(limit) = self.problem.limit(slot) else { return 0 };
            let step = i128::from(self.step.raw());
            let left = i128::from(limit.raw()) - i128::from(self.problem.background(slot).raw());
            loads.iter().filter(|load| i128::from(load.raw()) > left * step).count()
        });
        over.sum()
    }

    /// The load of every step in joules, background included, with the time at which it begins.
    fn totals(&self) -> impl Iterator<Item = (Seconds, i128)> {
        let step = self.step.raw();
        self.slots().flat_map(move |(slot, loads)| {
            let start = self.problem.grid().start_of(slot).raw();
            let background = i128::from(self.problem.background(slot).raw()) * i128::from(step);
            (0i64..).zip(loads).map(move |(i, load)| {
                (Seconds::from_raw(start + i * step), background + i128::from(load.raw()))
            })
        })
    }

    /// Every slot with the loads of its steps.
    fn slots(&self) -> impl Iterator<Item = (u32, &[Joules])> {
        let steps = self.problem.grid().slot_length().raw() / self.step.raw();
        (0u32..).zip(self.loads.chunks(usize::try_from(steps).unwrap_or(1).max(1)))
    }
}

/// The beginning of a step.
struct Moment {
    now: Seconds,
    slot: u32,
    slot_end: Seconds,
    headroom: Watts,
}

impl Moment {
    /// Steps from now to the end of the slot or of the car's stay; at least 1.
    fn steps_left(&self, car: &Car, step: Seconds) -> i64 {
        let left = self.slot_end.min(car.depart).raw() - self.now.raw();
        (left.max(1) - 1) / step.raw() + 1
    }
}

/// Adds energy to a session's slot, which is the last one so far or a later one.
fn record((first, run): &mut (u32, Vec<Joules>), slot: u32, energy: Joules) {
    if energy <= Joules::ZERO {
        return;
    }
    if run.is_empty() {
        *first = slot;
    }
    let place = slot.saturating_sub(*first) as usize;
    run.resize(run.len().max(place + 1), Joules::ZERO);
    if let Some(sum) = run.get_mut(place) {
        *sum = Joules::from_raw(sum.raw() + energy.raw());
    }
}

fn mean(window: Option<(i64, i128, i64)>) -> Option<MeanPower> {
    let (_, joules, seconds) = window?;
    MeanPower::new(joules, Seconds::from_raw(seconds))
}
