//! What the charger sends and what it waits for.

use crate::CanId;
use crate::message::MessageKind;
use crate::session::core::{identifiers, lengths_2011, numbered, periods};

numbered! {
    /// What the charger sends, in order of urgency; [`SLOTS`] are the messages.
    pub(super) Slot, SLOTS: MessageKind {
        Cem,
        Cst,
        Chm,
        Crm,
        Cts,
        Cml,
        Cro,
        Ccs,
        Csd,
    }
}

/// Identifiers of the slots, from the message table.
pub(super) const IDS: [CanId; SLOTS.len()] = identifiers(&SLOTS);

/// Lengths of the slots in 2011, from the message table.
pub(super) const LENGTHS_2011: [u16; SLOTS.len()] = lengths_2011(&SLOTS);

/// Periods of the slots, from the message table.
pub(super) const PERIODS: [u32; SLOTS.len()] = periods(&SLOTS);

impl Slot {
    pub(super) fn period(self) -> u32 {
        PERIODS.get(self as usize).copied().unwrap_or_default()
    }
}

numbered! {
    /// What the charger waits for.
    pub(super) Wait, WAITS: Wait {
        Bhm,
        Brm,
        Bcp,
        Bro,
        BroReady,
        Bcl,
        Bcs,
        Bsm,
        Bst,
        Bsd,
        Pause,
        /// The end of the CEM after a time-out: recognition again.
        Reopen,
        /// The end of the CSD.
        Statistics,
        /// The end of the CEM in the end phase.
        EndError,
        /// The current should have fallen by now.
        Contactors,
    }
}
