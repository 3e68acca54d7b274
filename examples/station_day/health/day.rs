//! What the day's log says of a charger: sessions that failed, time cut off, faults.

use std::collections::{BTreeMap, BTreeSet};

use evse_health_score::fault::{self, Cause, List, causes};
use evse_health_score::{Instant, Item, ItemBank, Quality, Veto};
use serde::Serialize;

use crate::input::Source;

/// A charger's day in the log.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Day {
    /// Sessions that ended.
    pub sessions: u32,
    /// Of these, those that brought no energy or were broken off by the charger.
    pub failed: u32,
    /// Minutes in which its messages waited for a connection.
    pub cut_off_min: f64,
    /// From its first message to its last, minutes.
    pub heard_min: f64,
    /// OCPP error codes and how often each was reported.
    pub faults: BTreeMap<String, u32>,
    /// What is wrong at the end of the day.
    pub still_wrong: BTreeSet<String>,
}

/// What the logs say, by charger.
#[derive(Debug, Default)]
pub struct Logs {
    pub names: Vec<String>,
    pub days: BTreeMap<String, Day>,
}

impl Logs {
    /// Gathers it before the sessions are billed away; session lists say nothing of chargers.
    pub fn of(sources: &[Source]) -> Self {
        let mut logs = Self::default();
        for source in sources.iter().filter(|source| !source.heard.is_empty()) {
            logs.names.push(source.name.clone());
            for session in &source.sessions {
                let day = logs.days.entry(session.charger.clone()).or_default();
                day.sessions += 1;
                day.failed += u32::from(session.energy_wh() == 0);
            }
            for (charger, heard) in &source.heard {
                let day = logs.days.entry(charger.clone()).or_default();
                day.failed = (day.failed + heard.broken_off).min(day.sessions);
                day.cut_off_min += minutes(heard.cut_off());
                day.heard_min += minutes(heard.span());
                for (code, times) in &heard.faults {
                    *day.faults.entry(code.clone()).or_default() += times;
                }
                day.still_wrong.extend(heard.still_wrong().map(str::to_owned));
            }
        }
        logs
    }

    /// Of all faults reported, the share that could be helped from afar.
    pub fn remote_share(&self) -> Option<f64> {
        let codes = self.days.values().flat_map(|day| &day.faults);
        fault::remote_share(codes.flat_map(|(code, times)| (0..*times).map(|_| cause(code))))
    }
}

impl Day {
    /// Puts what the day says into the items of the score.
    pub fn note(&self, items: &mut ItemBank, now: Instant) {
        let percent = |part: f64, whole: f64| narrow(100.0 * part / whole);
        if self.heard_min > 0.0 {
            let downtime = percent(self.cut_off_min, self.heard_min);
            items.record(Item::Downtime, now, downtime, Quality::Estimated);
        }
        if self.sessions > 0 {
            let failed = percent(self.failed.into(), self.sessions.into());
            items.record(Item::FailedSessions, now, failed, Quality::Good);
        }
    }

    /// Caps on the score by what is still wrong.
    pub fn vetoes(&self) -> Vec<Veto> {
        self.still_wrong.iter().filter_map(|code| cause(code).veto()).collect()
    }
}

/// The cause behind an OCPP error code; vendors' own codes are another fault, not none.
fn cause(code: &str) -> &'static Cause {
    List::Ocpp16.find(code).map_or(&causes::OTHER, |row| row.cause)
}

#[expect(clippy::cast_precision_loss, reason = "minutes of a day, for a report")]
fn minutes(span: chrono::TimeDelta) -> f64 {
    span.num_seconds() as f64 / 60.0
}

#[expect(clippy::cast_possible_truncation, reason = "readings are narrow")]
fn narrow(percent: f64) -> f32 {
    percent as f32
}
