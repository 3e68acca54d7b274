//! `explain`: a health report that a person can read, and the history of one charger's wear as a picture.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use evse_health_score::degradation::{
    ChargerData, Contacts, Event, Outlook, SessionRecord, Signal,
};
use evse_health_score::environment::{altitude_derating, cooling_factor};
use evse_health_score::life::FleetRank;
use evse_health_score::{
    Anomalies, Category, Charger, Evaluation, Grade, Instant, Item, Model, Quality, Scan, Stage,
    score_if_repaired,
};

use crate::{Refusals, Refused, Source, picture, sessions};

/// What was seen of one charger.
pub(crate) struct History {
    pub(crate) state: Box<Charger>,
    pub(crate) last: Instant,
    pub(crate) altitude_m: f32,
    /// Of the newest session that tells it.
    pub(crate) dew_point_margin_k: Option<f32>,
    /// Day, signal, progress.
    pub(crate) progress: Vec<(f64, Signal, f64)>,
    /// Day, signal.
    pub(crate) alarms: Vec<(f64, Signal)>,
}

/// What to explain.
pub(crate) struct Wish {
    pub(crate) charger: Option<String>,
    pub(crate) svg: Option<PathBuf>,
}

pub(crate) fn run(
    source: Source,
    chargers: &BTreeMap<String, ChargerData>,
    wish: &Wish,
    out: &mut impl Write,
) -> Result<Refused> {
    let (histories, refused) = read(source, chargers)?;
    let wanted = |name: &str| wish.charger.as_deref().is_none_or(|charger| charger == name);
    ensure!(histories.keys().any(|name| wanted(name)), "no session of a charger to explain");
    let model = Model::default();
    let fleet = Fleet::of(histories.values());
    for (name, history) in histories.iter().filter(|(name, _)| wanted(name)) {
        let mut state = *history.state;
        state.note_wear(history.last);
        let result = state.evaluate(&model, history.last, &[]);
        let about = About { name, history, fleet: &fleet };
        report(&about, &state, &model, &result, out)?;
    }
    if let Some(path) = &wish.svg {
        let name = wish.charger.as_deref().context("--svg needs --charger")?;
        let history = histories.get(name).context("no such charger")?;
        let svg = picture::draw(name, history)?;
        std::fs::write(path, svg).with_context(|| path.display().to_string())?;
    }
    Ok(refused)
}

fn read(
    source: Source,
    chargers: &BTreeMap<String, ChargerData>,
) -> Result<(BTreeMap<String, History>, Refused)> {
    let mut histories: BTreeMap<String, History> = BTreeMap::new();
    let mut refusals = Refusals::of(&source.name);
    let take = |charger: &str, _vehicle: Option<usize>, record: &SessionRecord| {
        let data = chargers.get(charger).copied().unwrap_or_default();
        let history = histories.entry(charger.to_owned()).or_insert_with(|| History {
            state: Box::default(),
            last: Instant::ZERO,
            altitude_m: data.altitude_m,
            dew_point_margin_k: None,
            progress: Vec::new(),
            alarms: Vec::new(),
        });
        let start = record.start;
        if history.state.handle_session(&data, record).is_err() {
            return Ok(());
        }
        history.last = history.last.max(start);
        if let Some(rise) = record.cabinet_rise_k(&data) {
            history.state.items.record(Item::CabinetTemperature, start, rise, Quality::Good);
        }
        history.dew_point_margin_k = record.dew_point_margin_k().or(history.dew_point_margin_k);
        while let Some(event) = history.state.wear.poll_event() {
            let (Event::Alarm { signal, at, outlook } | Event::State { signal, at, outlook }) =
                event;
            history.progress.push((at.to_days_f64(), signal, outlook.progress));
            if matches!(event, Event::Alarm { .. }) {
                history.alarms.push((at.to_days_f64(), signal));
            }
        }
        Ok(())
    };
    sessions::read(source.input, take, |line, what| refusals.refuse(line, what))
        .context(source.name)?;
    Ok((histories, refusals.any))
}

/// What a report is about beside the charger's state.
struct About<'a> {
    name: &'a str,
    history: &'a History,
    fleet: &'a Fleet,
}

/// How fast each signal goes in all chargers of the file: progress a day to the end of life.
struct Fleet {
    ranks: Vec<FleetRank>,
}

/// Fastest progress a day that is told apart: 25 days from new to the end.
const FASTEST: f64 = 0.04;

impl Fleet {
    fn of<'a>(histories: impl Iterator<Item = &'a History> + Clone) -> Self {
        let rank = |signal: Signal| {
            let mut rank = FleetRank::new(0.0, FASTEST)?;
            let outlooks = histories.clone().filter_map(|one| one.state.wear.outlook(signal));
            outlooks.for_each(|outlook| rank.add(outlook.progress_a_day()));
            Some(rank)
        };
        Self { ranks: Signal::ALL.into_iter().filter_map(rank).collect() }
    }

    /// Share of the fleet in which this signal goes more slowly; `None` in a fleet of fewer than 20.
    fn percentile(&self, signal: Signal, outlook: &Outlook) -> Option<f64> {
        let at = Signal::ALL.iter().position(|known| *known == signal)?;
        self.ranks.get(at)?.percentile(outlook.progress_a_day())
    }
}

fn report(
    about: &About<'_>,
    state: &Charger,
    model: &Model,
    result: &Evaluation,
    out: &mut impl Write,
) -> Result<()> {
    let About { name, history, .. } = *about;
    let mut scan = Scan::new();
    let mut anomalies = Anomalies::new();
    let found = state.items.assess(model, history.last);
    for item in Item::ALL.into_iter().filter(|item| found.get(*item).is_some()) {
        scan.note(item);
    }
    anomalies.update(|item| found.get(item).map(|assessment| assessment.score()));
    match (result.score, result.interval) {
        (Some(score), Some((low, high))) => {
            let grade = Grade::of(score);
            writeln!(
                out,
                "Charger {name}: {score:.1} of 100 ({grade:?}: {}); {:.0} % of the weight assessed, \
                 anything from {low:.0} to {high:.0} is possible",
                grade.action(),
                100.0 * result.confidence,
            )?;
        }
        _ => writeln!(out, "Charger {name}: nothing assessed")?,
    }
    writeln!(out, "  scan {} %, anomalies: {}", scan.progress_pct(), anomalies.count())?;
    for category in Category::ALL {
        let stage = match scan.stage(category) {
            Stage::Waiting => "not assessed",
            Stage::Scanning => "in part",
            Stage::Done => "done",
        };
        let mean = result.category(category).map_or_else(|| "-".to_owned(), |x| format!("{x:.1}"));
        writeln!(
            out,
            "    {} {:<22} {mean:>6}  {stage}",
            category.letter(),
            format!("{category:?}")
        )?;
    }
    for anomaly in anomalies.iter(result, history.last) {
        let repaired = score_if_repaired(model, &found, &[anomaly.item], &[]);
        let after = repaired.map_or_else(String::new, |score| format!("; {score:.1} if repaired"));
        let item = anomaly.item;
        writeln!(
            out,
            "  {item} {item:?}: {:?}, costs {:.1} points{after}",
            anomaly.severity, anomaly.lost
        )?;
    }
    for reason in state.reasons(result) {
        let level = reason.level(model).map_or_else(String::new, |(score, x)| {
            format!(" (past {x} {}, score {score})", reason.item.unit())
        });
        writeln!(
            out,
            "    lost {:.1}: {} at {:.2} {}{level}: {}",
            reason.lost,
            reason.item,
            reason.measured,
            reason.item.unit(),
            reason.advice()
        )?;
    }
    place(history, out)?;
    contacts(&state.contacts, out)?;
    for signal in Signal::ALL {
        if let Some(outlook) = state.wear.outlook(signal) {
            wear(signal, &outlook, about, out)?;
        }
    }
    writeln!(out)?;
    Ok(())
}

/// What the place does to the charger.
fn place(history: &History, out: &mut impl Write) -> Result<()> {
    let altitude = f64::from(history.altitude_m);
    let derated = 100.0 * altitude_derating(altitude, RATED_ALTITUDE_M);
    let dew = history.dew_point_margin_k.map_or_else(
        || "humidity unknown".to_owned(),
        |margin| {
            let damp = if margin < 3.0 { " (condensation near)" } else { "" };
            format!("air {margin:.1} K over its dew point{damp}")
        },
    );
    writeln!(
        out,
        "  place {altitude:.0} m: modules rise {:.2} times as far as at sea level, {derated:.0} % of rated power; {dew}",
        cooling_factor(altitude),
    )?;
    Ok(())
}

/// What the contacts have been through.
fn contacts(contacts: &Contacts, out: &mut impl Write) -> Result<()> {
    let (closings, openings) = contacts.operations();
    let inrush = contacts
        .inrush_growth()
        .map_or_else(String::new, |growth| format!(", inrush {growth:.2} times the first"));
    let gun = contacts.gun_rise_k().map_or_else(String::new, |rise| {
        format!("; gun contacts rise {rise:.0} K at rated current")
    });
    writeln!(
        out,
        "  contactor closed {closings} times, opened {openings} times under load: {:.1} % of its life{inrush}{gun}",
        100.0 * contacts.life_used(),
    )?;
    Ok(())
}

/// Modules are rated up to here; vendors differ.
const RATED_ALTITUDE_M: f64 = 2_000.0;

fn wear(signal: Signal, outlook: &Outlook, about: &About<'_>, out: &mut impl Write) -> Result<()> {
    let alarm =
        about.history.alarms.iter().filter(|(_, of)| *of == signal).map(|(day, _)| day).next_back();
    let alarm = alarm.map_or_else(String::new, |day| format!("; alarm on day {day:.0}"));
    let left = match outlook.remaining_days {
        Some([low, median, high]) if outlook.progress > 0.1 => {
            format!("{median:.0} days left ({low:.0} to {high:.0})")
        }
        _ => "stable".to_owned(),
    };
    // What goes faster than in 95 % of the fleet is taken one step graver than its level says.
    let rank = about.fleet.percentile(signal, outlook).filter(|share| *share > 0.95);
    let rank = rank.map_or_else(String::new, |share| {
        let severity = outlook.severity().raised();
        format!("; faster than {:.0} % of the fleet: {severity:?}", 100.0 * share)
    });
    writeln!(
        out,
        "  wear {:<11} {:>4.0} % ({:.0} to {:.0}), {left}{alarm}{rank}",
        signal.name(),
        100.0 * outlook.progress,
        100.0 * outlook.progress_low,
        100.0 * outlook.progress_high,
    )?;
    Ok(())
}
