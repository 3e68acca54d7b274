//! Step 3: the scene under every policy, and what would be possible at best.

use anyhow::{Context, Result};
use evse_load_scheduler::{
    Controller, Cost, Grid, Joules, MeanPower, MicroPerKwh, Policy, Priority, Problem, Replay,
    Rules, Seconds, Session, SessionId, SolveError, Watts, max_served, min_cost, min_peak,
};
use indicatif::ProgressBar;
use serde::{Serialize, Serializer};

use crate::billing::SzZ22;
use crate::input::background::Background;
use crate::input::scene::Scene;
use crate::sending::{Sent, send};

/// A policy by the name it has on the command line and in the JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum PolicyName {
    /// Every car at its own limit, whatever the station's
    Uncontrolled,
    /// First come, first served
    Fcfs,
    /// Max-min fair shares
    EqualSplit,
    /// Earliest departure first
    Edf,
    /// Least laxity first
    Llf,
    /// VIPs first, the others share the rest
    Vip,
    /// The rolling planner: the cheapest plan of the cars that are there, made anew at every event
    Online,
}

impl PolicyName {
    pub const ALL: [Self; 7] = [
        Self::Uncontrolled,
        Self::Fcfs,
        Self::EqualSplit,
        Self::Edf,
        Self::Llf,
        Self::Vip,
        Self::Online,
    ];

    /// The rule of one step; `None` for the planner, which looks ahead.
    const fn policy(self) -> Option<Policy> {
        Some(match self {
            Self::Uncontrolled => Policy::Uncontrolled,
            Self::Fcfs => Policy::Fcfs,
            Self::EqualSplit => Policy::EqualSplit,
            Self::Edf => Policy::EarliestDeadline,
            Self::Llf => Policy::LeastLaxity,
            Self::Vip => Policy::VipFirst,
            Self::Online => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self.policy() {
            Some(policy) => policy.name(),
            None => "online",
        }
    }

    /// The day under this policy, minute by minute.
    fn replay(self, problem: &Problem) -> Result<Replay<'_>> {
        match self.policy() {
            Some(policy) => Ok(Replay::run(problem, policy, REPLAY_STEP)?),
            None => online(problem, |session| session.depart),
        }
    }

    /// What the picture calls it; `None` if it is not drawn.
    const fn label(self) -> Option<&'static str> {
        match self {
            Self::Uncontrolled => Some("uncontrolled"),
            Self::Llf => Some("least laxity, no look-ahead"),
            Self::Online => Some("online planner"),
            _ => None,
        }
    }
}

/// What is to be planned.
#[derive(Clone, Copy)]
pub struct Station<'a> {
    pub scene: &'a Scene,
    pub background: &'a Background,
    /// Most power, background included.
    pub limit_w: i64,
    pub tariff: &'a SzZ22,
}

/// A scene planned under one limit.
#[derive(Debug, Serialize)]
pub struct Planned {
    pub scene: String,
    pub limit_kw: f64,
    pub sessions: usize,
    pub demand_kwh: String,
    /// Most cars that are there at once.
    pub most_at_once: usize,
    #[serde(serialize_with = "as_map")]
    pub policies: Vec<(&'static str, Outcome)>,
    /// The online planner when it is told that every car stays as long as the median one.
    #[serde(serialize_with = "as_map")]
    pub guessed_departures: Vec<(&'static str, Outcome)>,
    /// The optimal plans that know all arrivals, made in minutes and carried out minute by minute; a plan that cannot
    /// be (not all energy fits) is not there.
    #[serde(serialize_with = "as_map")]
    pub optima: Vec<(&'static str, Outcome)>,
    pub bounds: Bounds,
    /// The plan of one gun sent as an OCPP charging profile and read back; `None` if nobody charges.
    pub sent: Option<Sent>,
    #[serde(skip)]
    pub curves: Curves,
}

fn as_map<S: Serializer>(
    policies: &[(&'static str, Outcome)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(policies.iter().map(|(name, outcome)| (name, outcome)))
}

/// What became of the day under a policy, replayed minute by minute.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Highest load of a minute, background included.
    pub peak_kw: f64,
    /// Highest mean load of a clock quarter hour, background included.
    pub peak_kw_15min: f64,
    pub unserved_kwh: f64,
    /// Cars that leave with more than 10 Wh missing.
    pub sessions_short: usize,
    /// Electricity fee of the energy charged, CNY.
    pub energy_cost: f64,
    pub minutes_over_limit: usize,
}

/// The best that is possible with all arrivals known, on a grid of five minutes.
#[derive(Debug, Clone, Serialize)]
pub struct Bounds {
    pub max_served_kwh: f64,
    /// `None` where not all energy can be served.
    pub min_cost: Option<f64>,
    /// Lowest peak with all energy served, whatever the limit; background included. `None` if some car asks for more
    /// than its power and stay allow.
    pub min_peak_kw: Option<f64>,
}

/// Load over time, for the picture.
#[derive(Debug, Clone, Default)]
pub struct Curves {
    pub hours_per_step: f64,
    pub background: Curve,
    pub lines: Vec<Curve>,
}

/// A mean load for every step.
#[derive(Debug, Clone, Default)]
pub struct Curve {
    pub label: String,
    pub kw: Vec<f64>,
}

/// Steps of the replay: nothing is smoothed over, every minute must stay within the limit.
const REPLAY_STEP: Seconds = Seconds::from_raw(60);
/// Slots of the plans that know all arrivals.
const SLOT_MINUTES: usize = 5;
const QUARTER_HOUR: Seconds = Seconds::from_raw(900);

/// Replays the policies and computes the bounds.
pub fn plan(
    station: &Station<'_>,
    policies: &[PolicyName],
    progress: &ProgressBar,
) -> Result<Planned> {
    let scene = station.scene;
    progress.inc_length(u64::try_from(policies.len() + 5)?);
    let by_minute = station.problem(1)?;
    let by_slot = station.problem(SLOT_MINUTES)?;
    let mut lines = Vec::new();
    let mut outcomes = Vec::new();
    for name in policies {
        progress.set_message(format!("{}: {}", scene.name, name.name()));
        let replay = name.replay(&by_minute)?;
        outcomes.push((name.name(), Outcome::of(&replay)));
        if let Some(label) = name.label() {
            let watts = replay.loads().chunks(SLOT_MINUTES).map(|minutes| {
                let joules = minutes.iter().map(|load| load.raw()).sum::<i64>();
                joules / (REPLAY_STEP.raw() * i64::try_from(minutes.len()).unwrap_or(1))
            });
            lines.push(curve(label, &by_slot, watts));
        }
        progress.inc(1);
    }

    let mut guessed = Vec::new();
    if policies.contains(&PolicyName::Online) {
        let stay = scene.median_stay_min();
        let stay = Seconds::from_minutes(stay).context("a stay out of range")?;
        let replay =
            online(&by_minute, |session| Seconds::from_raw(session.arrive.raw() + stay.raw()))?;
        guessed.push(("online", Outcome::of(&replay)));
    }

    progress.set_message(format!("{}: bounds", scene.name));
    let served = max_served(&by_slot)?;
    progress.inc(1);
    let cheapest = match min_cost(&by_slot) {
        Ok(cheapest) => Some(cheapest),
        Err(SolveError::NotAllServable { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    progress.inc(1);
    let unlimited = by_slot.clone().without_limit();
    let lowest = match min_peak(&unlimited) {
        Ok(lowest) => Some(lowest.bound),
        // A car that could not be served even alone: no plan serves all, at any peak.
        Err(SolveError::NotAllServable { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    progress.inc(1);

    let (label, best) = match &cheapest {
        Some(cheapest) => ("least cost, all arrivals known", &cheapest.plan),
        None => ("most energy, all arrivals known", &served.plan),
    };
    let slot = by_slot.grid().slot_length().raw();
    let watts = best.slot_totals(&by_slot).into_iter().map(|energy| energy.raw() / slot);
    lines.push(curve(label, &by_slot, watts));
    let background = curve("background", &by_slot, std::iter::repeat(0));

    progress.set_message(format!("{}: optimal plans", scene.name));
    let optima = [
        ("lp_min_cost", min_cost(&by_minute).map(|cheapest| cheapest.plan)),
        ("lp_min_peak", min_peak(&by_minute).map(|lowest| lowest.plan)),
    ];
    let mut carried_out = Vec::new();
    let mut sent = None;
    for (name, plan) in optima {
        match plan {
            Ok(plan) => {
                let replay = Replay::follow(&by_minute, &plan, REPLAY_STEP)?;
                carried_out.push((name, Outcome::of(&replay)));
                if sent.is_none() {
                    sent = send(&by_minute, &plan)?;
                }
            }
            Err(SolveError::NotAllServable { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        progress.inc(1);
    }

    if sent.is_none() {
        // Not all energy fits: the gun gets its part of the most that does.
        sent = send(&by_minute, &max_served(&by_minute)?.plan)?;
    }

    let demand_wh = scene.demand_wh();
    Ok(Planned {
        scene: scene.name.clone(),
        limit_kw: kilo(station.limit_w.into()),
        sessions: scene.cars.len(),
        demand_kwh: format!("{}.{:03}", demand_wh / 1_000, demand_wh % 1_000),
        most_at_once: scene.most_at_once(),
        policies: outcomes,
        guessed_departures: guessed,
        optima: carried_out,
        bounds: Bounds {
            max_served_kwh: kwh(served.served),
            min_cost: cheapest.map(|cheapest| currency(cheapest.cost)),
            min_peak_kw: lowest.map(MeanPower::to_kw_f64),
        },
        sent,
        curves: Curves { hours_per_step: 5.0 / 60.0, background, lines },
    })
}

/// The day under the online planner, which is told this departure of a car when it arrives.
fn online(problem: &Problem, departure: impl Fn(&Session) -> Seconds) -> Result<Replay<'_>> {
    let mut controller = Controller::new(problem, Rules::default());
    Ok(Replay::run_online(problem, &mut controller, REPLAY_STEP, departure)?)
}

impl Station<'_> {
    /// The scene as a problem on slots of that many minutes, from 00:00 until the last car has left, at least a day.
    /// Price and background repeat daily.
    fn problem(&self, slot_minutes: usize) -> Result<Problem> {
        let last = self.scene.cars.iter().map(|car| car.depart_min).max().unwrap_or(0);
        // Whole quarter hours, so that the last of them is not cut.
        let minutes = usize::try_from(last)?.max(1_440).next_multiple_of(15);
        let slots = minutes / slot_minutes;
        let length = i64::try_from(slot_minutes * 60)?;
        let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(length), u32::try_from(slots)?)?;
        let starts = (0..slots).map(|slot| slot * slot_minutes);
        let background: Vec<Watts> = starts
            .clone()
            .map(|start| {
                // Rounded up, so that a slot never has more room than its minutes.
                let minutes = start..start + slot_minutes;
                let sum: i64 = minutes.map(|minute| self.background.watts_at(minute)).sum();
                let count = i64::try_from(slot_minutes).unwrap_or(1);
                Watts::from_raw(sum.div_euclid(count) + i64::from(sum.rem_euclid(count) != 0))
            })
            .collect();
        let prices: Vec<MicroPerKwh> = starts
            .map(|start| {
                let minute = u32::try_from(start).unwrap_or(0);
                MicroPerKwh::from_raw(self.tariff.price_at(minute).raw())
            })
            .collect();
        let mut sessions = Vec::with_capacity(self.scene.cars.len());
        for (car, number) in self.scene.cars.iter().zip(0u64..) {
            // Numbered by row: ties go in the order of the file.
            let session = Session::new(
                SessionId::from_raw(number),
                Seconds::from_minutes(car.arrive_min).context("arrival out of range")?,
                Seconds::from_minutes(car.depart_min).context("departure out of range")?,
                Joules::from_wh(car.energy_wh).context("energy out of range")?,
                Watts::from_raw(car.max_power_w),
            );
            let priority = if car.vip { Priority::Vip } else { Priority::Standard };
            sessions.push(session.with_priority(priority));
        }
        Ok(Problem::builder(grid)
            .limit(Watts::from_raw(self.limit_w))
            .background(background)
            .price(prices)
            .sessions(sessions)
            .build()?)
    }
}

impl Outcome {
    fn of(replay: &Replay<'_>) -> Self {
        Self {
            peak_kw: replay.peak().to_kw_f64(),
            peak_kw_15min: replay.peak_over(QUARTER_HOUR).to_kw_f64(),
            unserved_kwh: kwh(replay.unserved()),
            sessions_short: replay.sessions_short(),
            energy_cost: currency(replay.cost()),
            minutes_over_limit: replay.steps_over_limit(),
        }
    }
}

/// Load of every slot with the background under it.
fn curve(label: &str, problem: &Problem, watts: impl Iterator<Item = i64>) -> Curve {
    let slots = 0..problem.grid().slots();
    let kw = slots
        .zip(watts)
        .map(|(slot, watts)| kilo((problem.background(slot).raw() + watts).into()))
        .collect();
    Curve { label: label.into(), kw }
}

// The figures leave exact arithmetic here, on their way to people and JSON.

/// A thousandth, as a double.
#[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
fn kilo(units: i128) -> f64 {
    units as f64 / 1_000.0
}

/// kWh, to the nearest Wh.
fn kwh(energy: Joules) -> f64 {
    kilo(i128::from(energy.raw() + 1_800).div_euclid(3_600))
}

/// Currency units, to the nearest 0.000001.
fn currency(cost: Cost) -> f64 {
    kilo(cost.micro_half_up()) / 1_000.0
}
