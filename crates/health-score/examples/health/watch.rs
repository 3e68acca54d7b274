//! `watch`: sessions in, alarms and states of every charger's wear signals out, as JSON Lines.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use evse_health_score::degradation::{
    ChargerData, EnergyVote, Event, Monitor, MonitorError, SessionRecord, Signal, VehicleOffsets,
    Witness,
};
use serde::Serialize;

use crate::{Refusals, Refused, Source, sessions, write_line};

/// Vehicle models that are told apart.
const MODELS: usize = 256;

#[derive(Serialize)]
struct Line<'a> {
    charger: &'a str,
    signal: &'static str,
    kind: &'static str,
    day: f64,
    progress: f64,
    progress_low: f64,
    progress_high: f64,
    rul_p10: Option<f64>,
    rul_p50: Option<f64>,
    rul_p90: Option<f64>,
    reason: String,
}

impl<'a> Line<'a> {
    fn new(charger: &'a str, event: &Event, vote: &EnergyVote) -> Self {
        let (Event::Alarm { signal, at, outlook } | Event::State { signal, at, outlook }) = event;
        let days = |index: usize| {
            outlook.remaining_days.and_then(|days| days.get(index).copied()).map(|x| round(x, 10.0))
        };
        Self {
            charger,
            signal: signal.name(),
            kind: if matches!(event, Event::Alarm { .. }) { "alarm" } else { "state" },
            day: round(at.to_days_f64(), 1e4),
            progress: round(outlook.progress, 1e4),
            progress_low: round(outlook.progress_low, 1e4),
            progress_high: round(outlook.progress_high, 1e4),
            rul_p10: days(0),
            rul_p50: days(1),
            rul_p90: days(2),
            reason: reason(*signal, vote),
        }
    }
}

/// What the progress is measured by; for the meter also whom the other witnesses of the energy blame.
fn reason(signal: Signal, vote: &EnergyVote) -> String {
    let blamed = match vote.culprit().filter(|_| signal == Signal::Meter) {
        None => "",
        Some(Witness::Meter) => "; vehicles and input agree with the modules: the meter",
        Some(Witness::Modules) => "; vehicles and input agree with the meter: the modules",
        Some(Witness::Vehicle) => "; the vehicles disagree, too",
        Some(Witness::Input) => "; the input disagrees, too",
    };
    format!("{}{blamed}", signal.reason())
}

fn round(x: f64, scale: f64) -> f64 {
    (x * scale).round() / scale
}

pub(crate) fn read_chargers(path: Option<&Path>) -> Result<BTreeMap<String, ChargerData>> {
    let Some(path) = path else { return Ok(BTreeMap::new()) };
    let file = File::open(path).with_context(|| path.display().to_string())?;
    sessions::read_chargers(file).with_context(|| path.display().to_string())
}

pub(crate) fn run(
    source: Source,
    chargers: &BTreeMap<String, ChargerData>,
    out: &mut impl Write,
) -> Result<Refused> {
    let mut monitors: BTreeMap<String, (Box<Monitor>, EnergyVote)> = BTreeMap::new();
    let mut offsets = VehicleOffsets::<MODELS>::new();
    let (mut repeated, mut late) = (0u64, 0u64);
    let mut refusals = Refusals::of(&source.name);
    let take = |charger: &str, vehicle: Option<usize>, record: &SessionRecord| {
        let data = chargers.get(charger).copied().unwrap_or_default();
        let (monitor, vote) = monitors.entry(charger.to_owned()).or_default();
        match monitor.handle_session(&data, record) {
            Ok(()) => {
                if let Some(model) = vehicle {
                    offsets.learn(model, record);
                }
                vote.handle_session(record, vehicle.and_then(|model| offsets.of(model)));
            }
            Err(MonitorError::Repeated) => repeated += 1,
            Err(_) => late += 1,
        }
        while let Some(event) = monitor.poll_event() {
            write_line(out, &Line::new(charger, &event, vote))?;
        }
        Ok(())
    };
    sessions::read(source.input, take, |line, what| refusals.refuse(line, what))
        .context(source.name)?;
    // Both belong to a network's daily life: told, but nothing was lost by them that could be kept.
    if repeated + late > 0 {
        eprintln!("{repeated} repeated and {late} late sessions left out");
    }
    Ok(refusals.any)
}
