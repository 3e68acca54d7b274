//! The analyser: a stream of timestamped frames in, a report per session out.
//!
//! ```
//! use evse_gbt27930::analysis::Analyzer;
//! use evse_gbt27930::candump::Record;
//!
//! let mut analyzer = Analyzer::new(None);
//! for line in ["(0.0) can0 1826F456#010100", "(0.1) can0 182756F4#A510"] {
//!     let record = Record::parse(line.as_bytes())?.unwrap();
//!     analyzer.observe(record.micros, record.frame.as_ref());
//! }
//! let report = analyzer.finish();
//! assert_eq!(report.sessions.len(), 1);
//! # Ok::<(), evse_gbt27930::candump::LineError>(())
//! ```

mod report;
mod session;

pub use report::*;

use alloc::vec::Vec;

use crate::capture::{Heard, Listener, TransportNote};
use crate::message::MessageKind;
use crate::{Edition, Frame};
use session::Tracker;

/// Silence after which the next handshake or recognition message opens another session, in microseconds.
const SILENCE: u64 = 30_000_000;

/// Watches a capture. Several sessions, and a capture that begins in the middle of one, are fine.
#[derive(Debug)]
pub struct Analyzer {
    listener: Listener,
    edition: Option<Edition>,
    current: Option<Tracker>,
    sessions: Vec<SessionReport>,
    frames: u64,
    foreign: u64,
    unknown: u64,
    last_micros: u64,
}

impl Analyzer {
    /// An analyser for captures of an edition, `None` to infer it for each session.
    #[must_use]
    pub const fn new(edition: Option<Edition>) -> Self {
        Self {
            listener: Listener::new(),
            edition,
            current: None,
            sessions: Vec::new(),
            frames: 0,
            foreign: 0,
            unknown: 0,
            last_micros: 0,
        }
    }

    /// Takes the next frame: its time in microseconds (that of the previous one if there is none), and the frame,
    /// `None` for one that this standard does not use.
    pub fn observe(&mut self, micros: Option<u64>, frame: Option<&Frame>) {
        let micros = micros.unwrap_or(self.last_micros);
        let index = self.frames;
        self.frames += 1;
        let Some(frame) = frame else {
            self.foreign += 1;
            return;
        };
        match self.listener.handle_frame(frame) {
            Heard::Foreign => {
                self.foreign += 1;
                return;
            }
            Heard::Unknown { .. } => {
                self.unknown += 1;
                if let Some(tracker) = &mut self.current {
                    tracker.unknown += 1;
                }
            }
            Heard::Transport(note) => {
                let tracker = self.current.get_or_insert_with(|| Tracker::new(micros, index));
                if note != TransportNote::Regular {
                    tracker.transport(micros, note);
                }
            }
            Heard::Message { kind, payload, .. } => {
                let is_new =
                    self.current.as_ref().is_some_and(|t| t.is_over_before(kind, payload, micros));
                if is_new && let Some(old) = self.current.take() {
                    self.sessions.push(old.finish(self.edition));
                }
                let tracker = self.current.get_or_insert_with(|| Tracker::new(micros, index));
                tracker.message(micros, index, kind, payload);
            }
        }
        self.last_micros = micros;
    }

    /// The report over everything observed.
    #[must_use]
    pub fn finish(mut self) -> Report {
        if let Some(tracker) = self.current.take() {
            self.sessions.push(tracker.finish(self.edition));
        }
        Report {
            frames: self.frames,
            foreign_frames: self.foreign,
            unknown_frames: self.unknown,
            sessions: self.sessions,
        }
    }
}

impl Tracker {
    /// Whether a message belongs to the next session: a handshake after the end phase or after charging, a
    /// recognition after the end phase, or either after a long silence.
    fn is_over_before(&self, kind: MessageKind, payload: &[u8], micros: u64) -> bool {
        let is_handshake = matches!(kind, MessageKind::Chm | MessageKind::Bhm);
        let is_start = is_handshake || kind == MessageKind::Crm && payload.first() == Some(&0);
        let is_late = micros.saturating_sub(self.last_micros()) > SILENCE;
        is_start && (self.has_ended() || is_late || is_handshake && self.has_recognised())
    }
}
