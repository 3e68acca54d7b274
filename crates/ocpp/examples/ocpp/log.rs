//! `log`: a message log to a session report.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use evse_ocpp::log::{Direction, MilliWattHours, Report, Session, SessionReader};
use evse_ocpp::message::{Timestamp, Version};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Line {
    rx: String,
    cp: String,
    dir: String,
    msg: Box<RawValue>,
}

pub(crate) fn run(file: &Path, version: Version, gap_seconds: i64, as_json: bool) -> Result<bool> {
    let mut reader = SessionReader::new(crate::schema(version));
    let all_good = crate::input::each_line(Some(file), |line, _| {
        let line: Line = serde_json::from_slice(line).context("not a line of a message log")?;
        let received = Timestamp::parse(&line.rx).context("rx is no date-time")?;
        let direction = match line.dir.as_str() {
            "up" => Direction::Up,
            "down" => Direction::Down,
            other => bail!("dir is up or down, not {other:?}"),
        };
        // The frame itself, or its text as a string.
        let text = if line.msg.get().starts_with('"') {
            serde_json::from_str::<String>(line.msg.get())?
        } else {
            line.msg.get().to_owned()
        };
        let taken = reader.push(received, &line.cp, direction, text.as_bytes());
        if let Err(error) = taken {
            bail!("{}: {}", error.path(text.as_bytes()), error.reason);
        }
        Ok(true)
    })?;
    let report = reader.finish();
    let mut out = io::stdout().lock();
    if as_json {
        crate::input::write_line(&mut out, &describe(&report, gap_seconds))?;
    } else {
        print(&report, gap_seconds, &mut out)?;
    }
    Ok(all_good)
}

/// Exact Wh as a JSON number.
fn wh(raw: i64) -> Value {
    let sign = if raw < 0 { "-" } else { "" };
    let size = raw.unsigned_abs();
    let mut text = format!("{sign}{}", size / 1000);
    if !size.is_multiple_of(1000) {
        text = format!("{text}.{:03}", size % 1000);
    }
    serde_json::from_str(&text).unwrap_or_default()
}

fn total(report: &Report) -> i64 {
    let energies = report.sessions.iter().filter_map(Session::energy);
    energies.map(MilliWattHours::raw).fold(0, i64::saturating_add)
}

fn gaps(report: &Report, gap_seconds: i64) -> usize {
    report.sessions.iter().filter(|session| session.longest_gap_seconds() > gap_seconds).count()
}

fn describe(report: &Report, gap_seconds: i64) -> Value {
    let sessions: Vec<Value> = report
        .sessions
        .iter()
        .map(|session| {
            json!({
                "cp": session.station,
                "transaction": session.transaction,
                "connector": session.connector,
                "start": session.start.map(|t| t.to_string()),
                "stop": session.stop.map(|t| t.to_string()),
                "received": session.received.to_string(),
                "energyWh": session.energy().map(|energy| wh(energy.raw())),
                "readings": session.readings.len(),
                "longestGapSeconds": session.longest_gap_seconds(),
            })
        })
        .collect();
    let deviations: Vec<Value> = report
        .deviations
        .iter()
        .map(|((vendor, kind), count)| json!({ "vendor": vendor, "kind": kind, "count": count }))
        .collect();
    json!({
        "frames": report.frames,
        "refused": report.refused,
        "sessions": sessions,
        "open": report.sessions.iter().filter(|session| session.stop.is_none()).count(),
        "energyWh": wh(total(report)),
        "gaps": gaps(report, gap_seconds),
        "duplicates": report.duplicates,
        "late": report.late,
        "orphans": report.orphans,
        "errors": report.errors,
        "deviations": deviations,
    })
}

fn print(report: &Report, gap_seconds: i64, out: &mut dyn Write) -> io::Result<()> {
    let open = report.sessions.iter().filter(|session| session.stop.is_none()).count();
    writeln!(out, "frames      {:>10}   refused {}", report.frames, report.refused)?;
    writeln!(out, "sessions    {:>10}   without stop {open}", report.sessions.len())?;
    writeln!(out, "energy      {:>10} Wh", wh(total(report)))?;
    writeln!(
        out,
        "gaps        {:>10}   sessions with over {gap_seconds} s between readings",
        gaps(report, gap_seconds)
    )?;
    writeln!(out, "duplicates  {:>10}", report.duplicates)?;
    writeln!(out, "late        {:>10}   over {} s", report.late, SessionReader::LATE_SECONDS)?;
    writeln!(out, "orphans     {:>10}", report.orphans)?;
    for (code, count) in &report.errors {
        writeln!(out, "error       {count:>10}   {code}")?;
    }
    for ((vendor, kind), count) in &report.deviations {
        writeln!(out, "deviation   {count:>10}   {vendor}: {kind}")?;
    }
    Ok(())
}
