//! Reading the day: OCPP logs, session lists, scenes and background load.

pub mod background;
pub mod heard;
pub mod ocpp_log;
pub mod scene;
pub mod sessions;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use heard::Heard;

/// What became of the messages of a log, or of the rows of a list. `read` counts all of them; the others are among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Messages {
    /// Lines that held anything.
    pub read: u64,
    /// Messages that had come before: the same id, or the same transaction and time.
    pub repeated: u64,
    /// Messages that came after a later one of the same charge point. They count all the same.
    pub late: u64,
    /// Lines that could not be understood or contradict what is known. They are left out.
    pub refused: u64,
}

/// A finished charging session, as it is billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Identifier in the source.
    pub id: String,
    /// Line that ends it in the source.
    pub line: u64,
    /// Who charged; `None` where the source does not say.
    pub driver: Option<String>,
    /// Charger it was at.
    pub charger: String,
    /// Start of the transaction.
    pub start: DateTime<Utc>,
    /// End of the transaction.
    pub end: DateTime<Utc>,
    /// Energy register at the start, Wh.
    pub meter_start_wh: i64,
    /// Energy register at the end, Wh.
    pub meter_end_wh: i64,
}

impl Session {
    /// Energy delivered, Wh.
    pub fn energy_wh(&self) -> i64 {
        self.meter_end_wh - self.meter_start_wh
    }

    /// Why the session cannot be billed, if it cannot.
    fn fault(&self) -> Option<String> {
        if self.end < self.start {
            return Some(format!("ends at {} before its start at {}", self.end, self.start));
        }
        let Some(energy) = self.meter_end_wh.checked_sub(self.meter_start_wh) else {
            return Some("registers beyond any meter".into());
        };
        if energy < 0 {
            return Some(format!(
                "register falls from {} to {} Wh",
                self.meter_start_wh, self.meter_end_wh
            ));
        }
        if energy > 0 && self.end == self.start {
            return Some(format!("{energy} Wh in no time"));
        }
        None
    }
}

/// A remark on the input, for stderr: where and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// File name as given.
    pub source: String,
    /// Line in the file, from 1; `None` if the remark is about the whole.
    pub line: Option<u64>,
    /// What is the matter.
    pub text: String,
}

impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:", self.source)?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.text)
    }
}

/// A source read: its sessions and what there was to say.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// File name as given, without its folders.
    pub name: String,
    /// Sessions to bill, in order of their end.
    pub sessions: Vec<Session>,
    /// Counts of messages or rows.
    pub messages: Messages,
    /// Transactions that began and did not end.
    pub unfinished: u64,
    /// Transactions that ended, but cannot be billed: no start, a falling register, ...
    pub unbillable: u64,
    /// Periodic readings that lie outside what start and stop allow.
    pub contradicting_readings: u64,
    /// What a log tells of each charge point beside its sessions; empty for a session list.
    pub heard: BTreeMap<String, Heard>,
    /// What was left out, and what was odd.
    pub remarks: Vec<Remark>,
}

impl Source {
    pub fn new(name: &str) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    pub fn remark(&mut self, line: Option<u64>, text: impl Into<String>) {
        self.remarks.push(Remark { source: self.name.clone(), line, text: text.into() });
    }

    /// Takes a session if it can be billed, else names why not.
    pub fn take(&mut self, session: Session) {
        match session.fault() {
            None => self.sessions.push(session),
            Some(fault) => self.not_billed(&session, &fault),
        }
    }

    /// Names a session that cannot be billed.
    pub fn not_billed(&mut self, session: &Session, fault: &str) {
        self.unbillable += 1;
        self.remark(Some(session.line), format!("session {} is not billed: {fault}", session.id));
    }

    /// A source without a single message is hardly what was meant: says so.
    pub fn check_not_empty(&mut self) {
        if self.messages.read == 0 {
            self.remark(None, "holds nothing to bill");
        }
    }

    /// True if something was refused or could not be billed, or nothing was there: what exit code 1 is about.
    pub fn has_refusals(&self) -> bool {
        self.messages.refused > 0 || self.unbillable > 0 || self.messages.read == 0
    }
}
