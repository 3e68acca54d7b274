//! The two ends of an OCPP connection, without I/O: correlation of calls, boot, reconnection, and the queue of
//! transaction messages.
//!
//! Time is passed in as [`Instant`]; texts go in and come out; nothing here opens a socket or reads a clock. The
//! layers are independent: [`Endpoint`] correlates, [`TransactionQueue`] decides what to send next and when, and the
//! caller carries texts between the two (the property tests show how).

mod buffer;
mod queue;
mod reconnect;
mod rpc;
mod sequence;
mod storage;
mod thinning;
mod timers;

pub use buffer::Buffer;
pub use queue::{Head, MessageKind, Outcome, QueueError, RetryRules, Settled, TransactionQueue};
pub use reconnect::{Reconnect, ReconnectRules};
pub use rpc::{
    Boot, CallOptions, Config, Endpoint, EndpointError, Event, Incoming, MessageId, MessageIds,
    Role,
};
pub use sequence::{Sequence, SequenceError, StartKey, StartLog, TransactionEventKind};
pub use storage::{RecordError, Storage};
pub use thinning::Thinned;
pub use timers::{TIMERS, Timer};

/// A moment of the session: milliseconds since an origin of the caller's choice, never going back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(u64);

impl Instant {
    /// A moment from its milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the origin.
    #[must_use]
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// This many milliseconds later.
    #[must_use]
    pub const fn after(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}
