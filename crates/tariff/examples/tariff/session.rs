//! `price` for metered sessions: tariff, readings and states in, the engine cuts the periods.

use anyhow::{Context, Result};
use evse_tariff::ocpi::{self, Language, Version};
use evse_tariff::rules::{
    Activity, ActivityChange, CompiledTariff, Meter, MeterPiece, MeterPolicy, MeterReading,
    RegisterKind,
};
use evse_tariff::{MicroWattHours, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::price::{cost, instant, zone};
use crate::text::{decimal, money};

#[derive(Deserialize)]
struct Session<'a> {
    start: String,
    end: String,
    #[serde(borrow)]
    readings: Vec<Reading<'a>>,
    #[serde(default)]
    states: Vec<State>,
    /// `import` (the default) or `net`: a register that may fall.
    #[serde(default)]
    register: Option<String>,
}

#[derive(Deserialize)]
struct Reading<'a> {
    t: String,
    /// Wh, as a number or in quotes.
    #[serde(borrow)]
    wh: &'a RawValue,
}

#[derive(Deserialize)]
struct State {
    t: String,
    state: String,
}

pub(crate) fn price(
    tariff: Option<&RawValue>,
    session: &RawValue,
    version: Version,
    timezone: Option<&str>,
) -> Result<Map<String, Value>> {
    let tariff = tariff.context("no tariff")?;
    let tariff = ocpi::parse_tariff(tariff.get(), version).context("tariff")?;
    let compiled = tariff.compile()?;
    let zone = zone(timezone.unwrap_or("UTC"))?;
    let session: Session<'_> = serde_json::from_str(session.get()).context("session")?;
    let (readings, changes, end) = events(&session)?;
    let policy = MeterPolicy { register: register(&session)?, ..MeterPolicy::default() };
    let mut meter = Meter::new(policy, initial(&session)?);
    let mut pieces = Vec::new();
    let mut left = changes.as_slice();
    for reading in readings {
        // A reading comes before a change of the same instant.
        let (before, after) = left.split_at(left.partition_point(|change| change.at < reading.at));
        meter.handle_interval(&compiled, &zone, before, reading, |piece| {
            join(&mut pieces, piece);
        })?;
        left = after;
    }
    if !left.is_empty() {
        let [_, (_, register)] = meter.readings();
        let last = MeterReading::new(end, register);
        meter.handle_interval(&compiled, &zone, left, last, |piece| join(&mut pieces, piece))?;
    }
    meter.finish_with(&compiled, &zone, end, |piece| join(&mut pieces, piece))?;
    let totals = meter.totals(&compiled)?;
    let mut answer = Map::new();
    answer.insert(
        "result".into(),
        json!({
            "total_excl": totals.total.and_then(|cost| cost.excl).map(money),
            "total_incl": totals.total.and_then(|cost| cost.incl).map(money),
            "total_cost": cost(totals.total),
            "total_energy_cost": cost(totals.energy),
            "total_fixed_cost": cost(totals.fixed),
            "total_time_cost": cost(totals.time),
            "total_parking_cost": cost(totals.parking),
            "total_energy_kwh": decimal(meter.energy().raw().into(), 9),
        }),
    );
    let lines: Vec<Value> = pieces.iter().map(|piece| line(piece, &tariff, &compiled)).collect();
    answer.insert("lines".into(), lines.into());
    let warnings: Vec<&str> = tariff.warnings().ids().collect();
    answer.insert("warnings".into(), json!(warnings));
    Ok(answer)
}

fn activity(state: &str) -> Result<Option<Activity>> {
    Ok(match state {
        "charging" => Some(Activity::Charging),
        "idle" => Some(Activity::Idle),
        "reserved" => Some(Activity::Reserved),
        "end" => None,
        other => anyhow::bail!("state {other:?}: charging, idle, reserved or end"),
    })
}

/// The activity that the session begins with: that of the last state at or before its start.
fn initial(session: &Session<'_>) -> Result<Activity> {
    let start = instant(&session.start)?;
    let mut first = Activity::Charging;
    for state in &session.states {
        if instant(&state.t)? <= start
            && let Some(found) = activity(&state.state)?
        {
            first = found;
        }
    }
    Ok(first)
}

fn register(session: &Session<'_>) -> Result<RegisterKind> {
    Ok(match session.register.as_deref() {
        None | Some("import") => RegisterKind::Import,
        Some("net") => RegisterKind::Net,
        Some(other) => anyhow::bail!("register {other:?}: import or net"),
    })
}

/// The readings and the changes of activity in order of time, and the end of the session.
fn events(session: &Session<'_>) -> Result<(Vec<MeterReading>, Vec<ActivityChange>, Timestamp)> {
    let start = instant(&session.start)?;
    let mut end = instant(&session.end)?;
    let mut changes = Vec::new();
    for state in &session.states {
        let at = instant(&state.t)?;
        match activity(&state.state)? {
            Some(activity) if at > start => changes.push(ActivityChange { at, activity }),
            Some(_) => {}
            None => end = at,
        }
    }
    let mut readings = Vec::new();
    for (number, reading) in (1..).zip(&session.readings) {
        let register =
            MicroWattHours::parse_wh(reading.wh.get().trim_matches('"')).context("wh")?;
        readings.push(MeterReading { number, ..MeterReading::new(instant(&reading.t)?, register) });
    }
    readings.sort_by_key(|reading| reading.at);
    // Energy counts from the first reading, time from the start of the session.
    if let Some(first) = readings.first().copied().filter(|first| first.at > start) {
        readings.insert(0, MeterReading { at: start, ..first });
    }
    readings.retain(|reading| reading.at <= end);
    changes.retain(|change| change.at <= end);
    changes.sort_by_key(|change| change.at);
    Ok((readings, changes, end))
}

/// Pieces of one set of prices that follow each other are one line.
fn join(pieces: &mut Vec<MeterPiece>, piece: MeterPiece) {
    match pieces.last_mut() {
        Some(open)
            if (open.activity, open.energy, open.time)
                == (piece.activity, piece.energy, piece.time)
                && open.to == piece.from =>
        {
            open.readings = [open.readings[0], piece.readings[1]];
            open.to = piece.to;
            open.register_to = piece.register_to;
            open.interpolated = piece.interpolated;
        }
        _ => pieces.push(piece),
    }
}

fn line(piece: &MeterPiece, tariff: &ocpi::Tariff, compiled: &CompiledTariff) -> Value {
    let price = |index: Option<u16>| {
        let component = index.and_then(|index| compiled.component(index));
        component.map(|found| {
            json!({ "element": found.rule, "component": found.position, "price": decimal(found.price.raw().into(), 9) })
        })
    };
    let kwh = |register: MicroWattHours| decimal(register.raw().into(), 9);
    let why: Vec<String> = ocpi::explain_piece(tariff, compiled, piece)
        .iter()
        .map(|found| found.text(Language::English).to_string())
        .collect();
    json!({
        "start": piece.from.to_string(),
        "end": piece.to.to_string(),
        "register_start_kwh": kwh(piece.register_from),
        "register_end_kwh": kwh(piece.register_to),
        "readings": piece.readings,
        "interpolated": piece.interpolated,
        "activity": format!("{:?}", piece.activity).to_lowercase(),
        "energy": price(piece.energy),
        "time": price(piece.time),
        "why": why,
    })
}
