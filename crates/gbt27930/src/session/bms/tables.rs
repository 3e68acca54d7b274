//! What the BMS sends and what it waits for.

use crate::CanId;
use crate::message::MessageKind;
use crate::session::core::{identifiers, numbered, periods};

numbered! {
    /// What the BMS sends, in order of urgency; [`SLOTS`] are the messages.
    pub(super) Slot, SLOTS: MessageKind {
        Bem,
        Bst,
        Bhm,
        Brm,
        Bcp,
        Bro,
        Bcl,
        Bcs,
        Bsm,
        Bsd,
        Bmv,
        Bmt,
        Bsp,
    }
}

/// Messages that may wait until the transport protocol is free.
pub(super) const LISTS: u16 = 1 << Slot::Bmv as u16 | 1 << Slot::Bmt as u16 | 1 << Slot::Bsp as u16;

/// Identifiers of the slots, from the message table.
pub(super) const IDS: [CanId; SLOTS.len()] = identifiers(&SLOTS);

/// Periods of the slots, from the message table.
pub(super) const PERIODS: [u32; SLOTS.len()] = periods(&SLOTS);

impl Slot {
    pub(super) fn period(self) -> u32 {
        PERIODS.get(self as usize).copied().unwrap_or_default()
    }
}

numbered! {
    /// What the BMS waits for.
    pub(super) Wait, WAITS: Wait {
        Crm00,
        CrmAa,
        Cml,
        Cro,
        CroReady,
        Ccs,
        Cst,
        Csd,
        Pause,
        /// CRM(00) after an error.
        Again,
        /// The end of the BEM in the end phase.
        EndError,
        /// The current should have fallen by now.
        Contactors,
    }
}
