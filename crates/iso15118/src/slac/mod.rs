//! SLAC (ISO 15118-3): how a vehicle finds out, by the attenuation of its sounds on the power line, which charger it is
//! plugged into, and gets the key of that charger's network.
//!
//! [`Frame`] is the codec of the HomePlug management messages that take part; [`Pev`] and [`Evse`] are the two sides of the
//! matching, without sockets or clocks. Ethernet frames go in by `handle_frame` and come out by `poll_transmit`; the host
//! tells by `link_up` that its modem has joined the network. The network's key travels in clear: whoever hears the matching
//! can join.
//!
//! The durations and thresholds are those of public implementations ([`SlacTimer`], [`AttenuationRules`]); the standard's
//! text was not at hand.

mod evse;
mod frame;
mod pev;
mod timers;

pub use evse::{Evse, EvseEvent, EvseSettings};
pub use frame::{
    AttenCharInd, AttenCharRsp, AttenProfileInd, Body, Frame, Groups, KeyBytes, Mac, MnbcSoundInd,
    ReservedGroups, SetKeyCnf, SetKeyReq, SlacError, SlacMatchCnf, SlacMatchReq, SlacParmCnf,
    SlacParmReq, StartAttenCharInd, ValidateCnf, ValidateReq,
};
pub use pev::{AttenuationRules, Pev, PevEvent, PevSettings};
pub use timers::{SlacTimer, SlacTimers};

/// Sounds of a matching.
pub const SOUNDS: u8 = 10;
/// Start indications before them.
pub const START_INDICATIONS: u8 = 3;
/// How often an unanswered message is repeated.
pub const RETRIES: u8 = 2;
/// Groups of carriers whose attenuation is measured.
pub const GROUPS: usize = 58;

/// Time: milliseconds since an origin of the caller's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

impl Instant {
    /// So many milliseconds after the origin.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the origin.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    const fn after(self, millis: u32) -> Self {
        Self(self.0.saturating_add(millis as u64))
    }
}

/// Why a matching failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// A timer ran out, after all repetitions.
    TimedOut(SlacTimer),
    /// No charger is near enough.
    NotFound,
    /// The nearest charger may as well be a neighbour's, and the rules do not accept that.
    Ambiguous,
    /// The charger heard no sound.
    NoSounds,
}
