//! What happened in a capture: timestamped frames in, a report out.
//!
//! ```
//! use evse_gbt27930::analysis::Analyzer;
//! use evse_gbt27930::candump::Record;
//!
//! let mut analyzer = Analyzer::new(None);
//! for line in ["(0.00) can0 1826F456#010100", "(0.01) can0 182756F4#A510", "(0.3) can0 0070F4B5#00"] {
//!     if let Some(record) = Record::parse(line.as_bytes())? {
//!         analyzer.handle_record(&record);
//!     }
//! }
//! let report = analyzer.finish();
//! assert_eq!((report.sessions.len(), report.foreign.len()), (1, 1));
//! # Ok::<(), evse_gbt27930::candump::LineError>(())
//! ```

mod report;
mod session;
mod text;

pub use report::*;

use alloc::vec::Vec;

use crate::candump::Record;
use crate::capture::{Heard, Listener, TransportNote};
use crate::codes::{Code, Recognition};
use crate::message::MessageKind;
use crate::table::Phase;
use crate::{Edition, Frame};
use session::Observer;

/// Silence after which the next frame belongs to a new session.
const SESSION_GAP_US: u64 = 60_000_000;

/// Takes a stream of frames, several sessions or parts of one.
///
/// A session begins with the first message, with CHM after recognition began, with CHM or CRM after a stop, and after a
/// minute of silence, and with any single-frame message of an earlier phase after the statistics of both sides. CRM(00)
/// without a stop before it is a reconnection of the same session.
#[derive(Debug, Clone)]
pub struct Analyzer {
    edition: Option<Edition>,
    listener: Listener,
    frames: u64,
    current: Option<Observer>,
    done: Vec<SessionReport>,
    foreign: Vec<ForeignSource>,
}

impl Analyzer {
    /// An analyzer; without an edition it is inferred session by session.
    #[must_use]
    pub const fn new(edition: Option<Edition>) -> Self {
        Self {
            edition,
            listener: Listener::new(),
            frames: 0,
            current: None,
            done: Vec::new(),
            foreign: Vec::new(),
        }
    }

    /// Takes a line of a capture.
    #[inline]
    pub fn handle_record(&mut self, record: &Record<'_>) {
        match &record.frame {
            Some(frame) => self.handle_frame(record.micros, frame),
            None => {
                self.frames += 1;
                self.count_foreign(record.id as u8);
            }
        }
    }

    /// Takes a frame with its time in microseconds, if known. Times that run backwards count as no time passing.
    pub fn handle_frame(&mut self, micros: Option<u64>, frame: &Frame) {
        let index = self.frames;
        self.frames += 1;
        match self.listener.handle_frame(frame) {
            Heard::Foreign => self.count_foreign(frame.id().raw() as u8),
            Heard::Message { kind, payload, is_multi_packet } => {
                if self.current.as_ref().is_some_and(|now| begins_anew(now, kind, payload, micros))
                {
                    self.done.extend(self.current.take().map(|now| now.finish(self.edition)));
                }
                let observer = self.current.get_or_insert_with(|| Observer::new(index, micros));
                observer.message(index, micros, kind, payload, is_multi_packet);
            }
            Heard::Unknown { id, .. } => {
                let observer = self.current.get_or_insert_with(|| Observer::new(index, micros));
                observer.unknown(id.pf());
            }
            Heard::Transport(note) => {
                if note != TransportNote::Regular {
                    let observer = self.current.get_or_insert_with(|| Observer::new(index, micros));
                    observer.transport(micros, note);
                }
            }
        }
    }

    /// The report. A session under way counts as it stands.
    #[must_use]
    pub fn finish(mut self) -> CaptureReport {
        self.done.extend(self.current.take().map(|now| now.finish(self.edition)));
        self.foreign.sort_by_key(|source| source.address);
        CaptureReport { frames: self.frames, sessions: self.done, foreign: self.foreign }
    }

    fn count_foreign(&mut self, address: u8) {
        match self.foreign.iter_mut().find(|source| source.address == address) {
            Some(source) => source.frames += 1,
            None => self.foreign.push(ForeignSource { address, frames: 1 }),
        }
    }
}

/// Whether this message belongs to a session after the present one.
fn begins_anew(now: &Observer, kind: MessageKind, payload: &[u8], micros: Option<u64>) -> bool {
    let silence = micros.zip(now.last_time()).map_or(0, |(at, last)| at.saturating_sub(last));
    if silence > SESSION_GAP_US {
        return true;
    }
    match (kind, now.phase()) {
        (_, None) => false,
        (MessageKind::Chm, Some(phase)) => phase != Phase::Handshake,
        // The vehicle may still send one or two after CRM(00).
        (MessageKind::Bhm, Some(phase)) => phase > Phase::Recognition,
        (MessageKind::Crm, Some(Phase::End)) => {
            now.has_statistics() || payload.first() == Some(&Recognition::NotRecognised.to_code())
        }
        // Nothing leads back from the statistics, so a capture that lacks the start goes on with another session. A
        // list whose transfer was under way at the stop may still be completed.
        (kind, Some(Phase::End)) => {
            let info = kind.info();
            now.has_statistics()
                && info.phase < Phase::End
                && info.length <= 8
                && !matches!(kind, MessageKind::Bst | MessageKind::Cst)
        }
        _ => false,
    }
}
