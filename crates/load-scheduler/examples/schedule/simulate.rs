//! `simulate` and `compare`: policies, the controller and the optimum on the same day.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::ValueEnum;
use evse_load_scheduler::{
    Controller, Cost, Joules, Plan, Policy, Problem, Replay, Rules, Seconds, cheapest, lp,
    optimise, quantise,
};
use indicatif::ProgressBar;
use serde::Serialize;

use crate::day::{self, Band};
use crate::instance::Instance;
use crate::picture;

/// What `simulate` replays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Rule {
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
    /// One step to each in turn
    RoundRobin,
    /// The least laxity as large as possible
    SmoothedLlf,
    /// Longest remaining time first
    Lrpt,
    /// The rolling controller
    Online,
    /// The rolling controller, told that every car stays as long as the median one
    OnlineGuessed,
    /// The cheapest plan that knows all arrivals, carried out
    Optimum,
}

impl Rule {
    const fn policy(self) -> Option<Policy> {
        Some(match self {
            Self::Uncontrolled => Policy::Uncontrolled,
            Self::Fcfs => Policy::Fcfs,
            Self::EqualSplit => Policy::EqualSplit,
            Self::Edf => Policy::EarliestDeadline,
            Self::Llf => Policy::LeastLaxity,
            Self::Vip => Policy::VipFirst,
            Self::RoundRobin => Policy::RoundRobin,
            Self::SmoothedLlf => Policy::SmoothedLeastLaxity,
            Self::Lrpt => Policy::LongestRemaining,
            Self::Online | Self::OnlineGuessed | Self::Optimum => return None,
        })
    }

    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

/// The arguments of `simulate`.
pub(crate) struct Simulation {
    pub(crate) sessions: PathBuf,
    pub(crate) limit_kw: f64,
    pub(crate) background: Option<PathBuf>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) tariff: Vec<Band>,
    pub(crate) svg: Option<PathBuf>,
}

/// What became of a day.
#[derive(Serialize)]
struct Outcome {
    policy: String,
    served_kwh: f64,
    unserved_kwh: f64,
    sessions_short: usize,
    energy_cost: f64,
    peak_kw: f64,
    peak_kw_15min: f64,
    minutes_over_limit: usize,
}

/// Replays the day in minutes under every rule: one JSON object a line. The exit code is 1 if a row was refused.
pub(crate) fn run(simulation: &Simulation) -> Result<ExitCode> {
    let day = day::read(
        &simulation.sessions,
        simulation.limit_kw,
        simulation.background.as_deref(),
        &simulation.tariff,
    )?;
    let problem = &day.problem;
    let all = Rule::value_variants();
    let rules = if simulation.rules.is_empty() { all } else { &simulation.rules };
    let progress = ProgressBar::new(rules.len() as u64 + 1);
    let mut curves = Vec::new();
    for rule in rules {
        progress.set_message(rule.name());
        let replay = replay(problem, *rule, day.median_stay)?;
        let line = serde_json::to_string(&Outcome::of(*rule, &replay))?;
        progress.suspend(|| writeln!(std::io::stdout(), "{line}"))?;
        if simulation.svg.is_some() {
            curves.push((rule.name(), picture::load_of(problem, replay.loads())));
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    if let Some(path) = &simulation.svg {
        picture::draw(path, problem, &curves)?;
    }
    Ok(ExitCode::from(u8::from(day.refused_rows > 0)))
}

fn replay(problem: &Problem, rule: Rule, median_stay: Seconds) -> Result<Replay<'_>> {
    let minute = Seconds::from_raw(60);
    if let Some(policy) = rule.policy() {
        return Ok(Replay::run(problem, policy, minute)?);
    }
    if rule == Rule::Optimum {
        return Ok(Replay::follow(problem, &cheapest(problem)?.plan, minute)?);
    }
    let mut controller = Controller::new(problem, Rules::default());
    Ok(Replay::run_online(problem, &mut controller, minute, |session| match rule {
        Rule::OnlineGuessed => Seconds::from_raw(session.arrive.raw() + median_stay.raw()),
        _ => session.depart,
    })?)
}

impl Outcome {
    fn of(rule: Rule, replay: &Replay<'_>) -> Self {
        Self {
            policy: rule.name(),
            served_kwh: kwh(replay.served()),
            unserved_kwh: kwh(replay.unserved()),
            sessions_short: replay.sessions_short(),
            energy_cost: currency(replay.cost(), 1.0),
            peak_kw: replay.peak().to_kw_f64(),
            peak_kw_15min: replay.peak_over(Seconds::from_raw(900)).to_kw_f64(),
            minutes_over_limit: replay.steps_over_limit(),
        }
    }
}

/// One method on an instance.
#[derive(Serialize)]
struct Compared {
    file: String,
    method: String,
    objective: f64,
    /// By how much dearer than the optimum, as a part of it; `null` where the optimum is 0.
    regret: Option<f64>,
    unserved_kwh: f64,
    peak_kw: f64,
}

/// Policies beside the optimum, slot by slot: one JSON object a line. Policies know nothing of what has not come yet; their
/// plans are repaired where they would break a limit that is not the site's.
pub(crate) fn compare(path: &Path, svg: Option<&Path>) -> Result<ExitCode> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| file.clone())?;
    let instance = Instance::parse(&text).with_context(|| file.clone())?;
    let problem = &instance.problem;
    let microlp = lp::Microlp::default();
    let best = optimise(problem, &[&microlp as &dyn lp::Backend])?;
    let optimum = instance.currency(best.account.total());
    let mut curves = Vec::new();
    let mut print = |method: String, plan: &Plan| -> Result<()> {
        let account = evse_load_scheduler::Account::of(problem, plan);
        let objective = instance.currency(account.total());
        let unserved: i64 =
            (0..problem.sessions().len()).map(|s| plan.unserved(problem, s).raw()).sum();
        let scale = f64::from(u16::try_from(instance.scale)?);
        let line = Compared {
            file: file.clone(),
            method: method.clone(),
            objective,
            regret: (optimum != 0.0).then(|| (objective - optimum) / optimum.abs()),
            unserved_kwh: kwh(Joules::from_raw(unserved)) / scale,
            peak_kw: account.peak.to_kw_f64() / scale,
        };
        writeln!(std::io::stdout(), "{}", serde_json::to_string(&line)?)?;
        curves.push((method, picture::load_of(problem, &plan.net_totals(problem))));
        Ok(())
    };
    print(format!("optimum ({})", best.method), &best.plan)?;
    for policy in Policy::ALL {
        if policy == Policy::Uncontrolled {
            continue;
        }
        let step = problem.grid().slot_length();
        let replay = Replay::run(problem, policy, step)?;
        let wanted = replay.plan();
        let watt = evse_load_scheduler::Watts::from_raw(1);
        let plan = quantise(problem, &wanted, |_| watt);
        print(policy.name().to_owned(), &plan)?;
    }
    if let Some(path) = svg {
        picture::draw(path, problem, &curves)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// kWh to the nearest mWh.
#[expect(clippy::cast_precision_loss, reason = "a figure for people and JSON")]
fn kwh(energy: Joules) -> f64 {
    (energy.raw() as f64 / 3.6).round() / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people and JSON")]
fn currency(cost: Cost, scale: f64) -> f64 {
    cost.micro_half_up() as f64 / 1e6 / scale
}
