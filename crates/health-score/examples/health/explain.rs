//! `explain`: a health report that a person can read, and the history of one charger's wear as a picture.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use evse_health_score::degradation::{ChargerData, Event, Outlook, Signal};
use evse_health_score::{
    Anomalies, Category, Charger, Evaluation, Grade, Instant, Item, Model, Quality, Scan, Stage,
    score_if_repaired,
};

use crate::{Refused, picture, sessions};

/// What was seen of one charger.
pub(crate) struct History {
    pub(crate) state: Box<Charger>,
    pub(crate) last: Instant,
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
    input: impl Read,
    chargers: &BTreeMap<String, ChargerData>,
    wish: &Wish,
    out: &mut impl Write,
) -> Result<Refused> {
    let (histories, refused) = read(input, chargers)?;
    let wanted = |name: &str| wish.charger.as_deref().is_none_or(|charger| charger == name);
    ensure!(histories.keys().any(|name| wanted(name)), "no session of such a charger");
    let model = Model::default();
    for (name, history) in histories.iter().filter(|(name, _)| wanted(name)) {
        let mut state = *history.state;
        state.note_wear(history.last);
        let result = state.evaluate(&model, history.last, &[]);
        report(name, &state, &model, &result, history, out)?;
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
    input: impl Read,
    chargers: &BTreeMap<String, ChargerData>,
) -> Result<(BTreeMap<String, History>, Refused)> {
    let mut histories: BTreeMap<String, History> = BTreeMap::new();
    let mut refused = false;
    let take = |row: sessions::Row| {
        let data = chargers.get(&row.charger).copied().unwrap_or_default();
        let history = histories.entry(row.charger).or_insert_with(|| History {
            state: Box::default(),
            last: Instant::ZERO,
            progress: Vec::new(),
            alarms: Vec::new(),
        });
        let start = row.record.start;
        if history.state.wear.handle_session(&data, &row.record).is_err() {
            return Ok(());
        }
        history.last = history.last.max(start);
        if let (Some(inside), Some(outside)) = (row.record.module_inlet_c, row.record.ambient_c) {
            history.state.items.record(
                Item::CabinetTemperature,
                start,
                inside - outside,
                Quality::Good,
            );
        }
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
    sessions::read(input, take, |line, what| {
        refused = true;
        eprintln!("line {line}: {what}");
    })?;
    Ok((histories, refused))
}

fn report(
    name: &str,
    state: &Charger,
    model: &Model,
    result: &Evaluation,
    history: &History,
    out: &mut impl Write,
) -> Result<()> {
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
    writeln!(out, "  scan {} %, {} anomalies", scan.progress_pct(), anomalies.count())?;
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
    for signal in Signal::ALL {
        if let Some(outlook) = state.wear.outlook(signal) {
            wear(signal, &outlook, history, out)?;
        }
    }
    writeln!(out)?;
    Ok(())
}

fn wear(signal: Signal, outlook: &Outlook, history: &History, out: &mut impl Write) -> Result<()> {
    let alarm =
        history.alarms.iter().filter(|(_, of)| *of == signal).map(|(day, _)| day).next_back();
    let alarm = alarm.map_or_else(String::new, |day| format!("; alarm on day {day:.0}"));
    let left = match outlook.remaining_days {
        Some([low, median, high]) if outlook.progress > 0.1 => {
            format!("{median:.0} days left ({low:.0} to {high:.0})")
        }
        _ => "stable".to_owned(),
    };
    writeln!(
        out,
        "  wear {:<11} {:>4.0} % ({:.0} to {:.0}), {left}{alarm}",
        signal.name(),
        100.0 * outlook.progress,
        100.0 * outlook.progress_low,
        100.0 * outlook.progress_high,
    )?;
    Ok(())
}
