//! `log`: a message log to a session report.

use std::path::Path;

use anyhow::{Context, Result, bail};
use evse_ocpp::log::{Direction, Report, SessionReader};
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
    if as_json {
        println!("{}", describe(&report, gap_seconds));
    } else {
        print(&report, gap_seconds);
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
    report.sessions.iter().filter_map(|s| s.energy()).map(evse_ocpp::log::MilliWattHours::raw).sum()
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

fn print(report: &Report, gap_seconds: i64) {
    let open = report.sessions.iter().filter(|session| session.stop.is_none()).count();
    println!("frames      {:>10}   refused {}", report.frames, report.refused);
    println!("sessions    {:>10}   without stop {open}", report.sessions.len());
    println!("energy      {:>10} Wh", wh(total(report)));
    println!(
        "gaps        {:>10}   sessions with over {gap_seconds} s between readings",
        gaps(report, gap_seconds)
    );
    println!("duplicates  {:>10}", report.duplicates);
    println!("late        {:>10}   over {} s", report.late, SessionReader::LATE_SECONDS);
    println!("orphans     {:>10}", report.orphans);
    for (code, count) in &report.errors {
        println!("error       {count:>10}   {code}");
    }
    for ((vendor, kind), count) in &report.deviations {
        println!("deviation   {count:>10}   {vendor}: {kind}");
    }
}
