//! `defend`: traces of sessions and their packs' limits in, alarms out, as JSON Lines.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use anyhow::{Context, Result};
use csv::StringRecord;
use evse_health_score::Instant;
use evse_health_score::defence::{Action, Alarm, Guard, PackLimits, Sample};
use serde::Serialize;

use crate::{Refused, write_line};

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

/// Runs every session of a trace.
pub(crate) fn run(trace: impl Read, limits: impl Read, out: &mut impl Write) -> Result<Refused> {
    let limits = read_limits(limits)?;
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
    let mut refused = false;
    let mut refuse = |line: u64, what: &str| {
        refused = true;
        eprintln!("line {line}: {what}");
    };
    let mut row = StringRecord::new();
    while reader.read_record(&mut row)? {
        let line = row.position().map_or(0, csv::Position::line);
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
                let Some(found) = limits.get(session) else {
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
    Ok(refused)
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

/// Reads the packs' limits by session.
pub(crate) fn read_limits(input: impl Read) -> Result<BTreeMap<String, PackLimits>> {
    let mut reader = csv::Reader::from_reader(input);
    let header = reader.headers()?.clone();
    let mut limits = BTreeMap::new();
    for row in reader.records() {
        let row = row?;
        let number = |name: &str| -> Result<f32> {
            let at = header.iter().position(|found| found.trim() == name);
            let text = row.get(at.with_context(|| format!("no column `{name}`"))?).unwrap_or("");
            let value =
                text.trim().parse::<f32>().ok().filter(|value| *value >= 0.0 && value.is_finite());
            value.with_context(|| format!("{name}: `{text}` is no limit"))
        };
        let at = header.iter().position(|found| found.trim() == "session");
        let session = at.and_then(|at| row.get(at)).context("no column `session`")?;
        let pack = PackLimits {
            voltage_v: number("bcp_u_max_v")?,
            current_a: number("bcp_i_max_a")?,
            cell_v: number("bcp_cell_vmax")?,
            temperature_c: number("bcp_tmax_c")?,
            energy_kwh: number("bcp_energy_kwh")?,
            start_soc_pct: number("soc_start_pct")?,
        };
        limits.insert(session.trim().to_owned(), pack);
    }
    Ok(limits)
}
