//! `defend`: traces of sessions and their packs' limits in, alarms out, as JSON Lines.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use anyhow::{Context, Result};
use csv::StringRecord;
use evse_health_score::Instant;
use evse_health_score::defence::{Action, Alarm, Guard, PackLimits, Sample};
use serde::Serialize;

use crate::write_line;

#[derive(Serialize)]
struct Line<'a> {
    session: &'a str,
    second: f64,
    check: &'static str,
    severity: &'static str,
    evidence: Evidence,
}

#[derive(Serialize)]
struct Evidence {
    seen: f32,
    allowed: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_by_second: Option<f64>,
}

/// Columns of the trace and where their value goes.
type Setter = fn(&mut Sample, f32);
#[rustfmt::skip]
const COLUMNS: [(&str, Setter); 12] = [
    ("u_out_v", |s, x| s.output_v = Some(x)),
    ("i_out_a", |s, x| s.output_a = Some(x)),
    ("u_mod_v", |s, x| s.module_v = Some(x)),
    ("e_out_kwh", |s, x| s.delivered_kwh = Some(x)),
    ("bcl_u_req_v", |s, x| s.demand_v = Some(x)),
    ("bcl_i_req_a", |s, x| s.demand_a = Some(x)),
    ("bcs_u_v", |s, x| s.vehicle_v = Some(x)),
    ("bcs_i_a", |s, x| s.vehicle_a = Some(x)),
    ("bcs_cell_vmax", |s, x| s.cell_v = Some(x)),
    ("bcs_soc_pct", |s, x| s.soc_pct = Some(x)),
    ("bsm_tmax_c", |s, x| s.hottest_c = Some(x)),
    ("bsm_tmin_c", |s, x| s.coldest_c = Some(x)),
];

/// Runs every session of a trace against its pack's limits; rows that are none go to `refuse` with their line.
pub(crate) fn run(
    trace: impl Read,
    packs: &BTreeMap<String, PackLimits>,
    mut refuse: impl FnMut(u64, &str),
    out: &mut impl Write,
) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(trace);
    let header = reader.headers()?.clone();
    let column = |name: &str| header.iter().position(|found| found.trim() == name);
    let session_at = column("session").context("no column `session`")?;
    let second_at = column("t_s").context("no column `t_s`")?;
    let columns: Vec<_> =
        COLUMNS.iter().filter_map(|(name, set)| column(name).map(|at| (at, *name, set))).collect();
    for (name, _) in COLUMNS.iter().filter(|(name, _)| *name != "u_mod_v" && column(name).is_none())
    {
        eprintln!("no column `{name}`: what needs it is not checked");
    }
    let mut guards: BTreeMap<String, Guard> = BTreeMap::new();
    for (line, row) in rows(reader) {
        let row = match row {
            Ok(row) if row.len() == header.len() => row,
            Ok(row) => {
                let what = format!("{} fields under a header of {}", row.len(), header.len());
                refuse(line, &what);
                continue;
            }
            Err(error) if error.is_io_error() => return Err(error.into()),
            Err(error) => {
                refuse(line, &error.to_string());
                continue;
            }
        };
        let session = row.get(session_at).unwrap_or("").trim();
        let second = row.get(second_at).and_then(|text| text.trim().parse::<f64>().ok());
        let now = second.and_then(|second| Instant::from_days_f64(second / 86_400.0));
        let Some(now) = now else {
            refuse(line, "`t_s` is no time");
            continue;
        };
        let guard = match guards.get_mut(session) {
            Some(guard) => guard,
            None => {
                let Some(found) = packs.get(session) else {
                    refuse(line, &format!("no limits for session `{session}`"));
                    continue;
                };
                guards.entry(session.to_owned()).or_insert(Guard::new(*found))
            }
        };
        let mut sample = Sample::default();
        for (at, name, set) in &columns {
            let text = row.get(*at).unwrap_or("").trim();
            if text.is_empty() {
                continue;
            }
            match text.parse::<f32>() {
                Ok(value) if value.is_finite() => set(&mut sample, value),
                _ => refuse(line, &format!("{name}: `{text}` is no number")),
            }
        }
        guard.handle_sample(now, &sample);
        while let Some(alarm) = guard.poll_alarm() {
            write_line(out, &Line::new(session, &alarm))?;
        }
    }
    Ok(())
}

/// The rows behind the header, with their line numbers.
fn rows<R: Read>(
    reader: csv::Reader<R>,
) -> impl Iterator<Item = (u64, Result<StringRecord, csv::Error>)> {
    reader.into_records().map(|row| {
        let at = match &row {
            Ok(row) => row.position(),
            Err(error) => error.position(),
        };
        (at.map_or(0, csv::Position::line), row)
    })
}

impl<'a> Line<'a> {
    fn new(session: &'a str, alarm: &Alarm) -> Self {
        let severity = match alarm.check.action() {
            Action::Derate => "derate",
            Action::StopAfterHold => "stop_after_hold",
            Action::Stop => "stop",
        };
        Self {
            session,
            second: seconds(alarm.at),
            check: alarm.check.name(),
            severity,
            evidence: Evidence {
                seen: (alarm.seen * 1e3).round() / 1e3,
                allowed: (alarm.allowed * 1e3).round() / 1e3,
                stop_by_second: alarm.stop_by.map(seconds),
            },
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a session")]
fn seconds(at: Instant) -> f64 {
    at.raw() as f64 / 1_000.0
}

/// Columns of the limits, beside the session.
const LIMITS: [&str; 6] = [
    "bcp_u_max_v",
    "bcp_i_max_a",
    "bcp_cell_vmax",
    "bcp_tmax_c",
    "bcp_energy_kwh",
    "soc_start_pct",
];

/// Reads the packs' limits by session; rows that are none go to `refuse` with their line.
pub(crate) fn read_limits(
    input: impl Read,
    mut refuse: impl FnMut(u64, &str),
) -> Result<BTreeMap<String, PackLimits>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let header = reader.headers()?.clone();
    let column = |name: &str| {
        let found = header.iter().position(|found| found.trim() == name);
        found.with_context(|| format!("no column `{name}`"))
    };
    let session_at = column("session")?;
    let mut places = [0; LIMITS.len()];
    for (place, name) in places.iter_mut().zip(LIMITS) {
        *place = column(name)?;
    }
    let pack = |row: &StringRecord| -> Result<(String, PackLimits)> {
        let mut values = [0.0; LIMITS.len()];
        for ((value, at), name) in values.iter_mut().zip(places).zip(LIMITS) {
            let text = row.get(at).unwrap_or("").trim();
            let parsed = text.parse::<f32>().ok().filter(|x| *x >= 0.0 && x.is_finite());
            *value = parsed.with_context(|| format!("{name}: `{text}` is no limit"))?;
        }
        let [voltage_v, current_a, cell_v, temperature_c, energy_kwh, start_soc_pct] = values;
        let session = row.get(session_at).unwrap_or("").trim().to_owned();
        let pack =
            PackLimits { voltage_v, current_a, cell_v, temperature_c, energy_kwh, start_soc_pct };
        Ok((session, pack))
    };
    let mut limits = BTreeMap::new();
    for (line, row) in rows(reader) {
        match row.map_err(anyhow::Error::from).and_then(|row| pack(&row)) {
            Ok((session, pack)) => {
                limits.insert(session, pack);
            }
            Err(error) if is_io(&error) => return Err(error),
            Err(error) => refuse(line, &error.to_string()),
        }
    }
    Ok(limits)
}

/// The file cannot be read any further.
fn is_io(error: &anyhow::Error) -> bool {
    error.downcast_ref::<csv::Error>().is_some_and(csv::Error::is_io_error)
}
