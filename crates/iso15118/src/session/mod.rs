//! Sessions: the handshake, the order of the messages and every timer, for both sides, without sockets or clocks.
//!
//! [`Secc`] (the charger) and [`Evcc`] (the vehicle) stand between a stream of V2GTP messages and a host. The host makes
//! and reads the typed messages; the engine says which may come, refuses the others with the right response code, keeps the
//! session number and the timers, and ends the session when one runs out.
//!
//! What may follow what is one table a generation ([`order`]), every timer stands in one ([`Timer`]). The engines read from
//! a message only what these tables ask for, by the names of the schema, so that they hold for DIN 70121, ISO 15118-2 and
//! ISO 15118-20 alike.
//!
//! | when | call |
//! |---|---|
//! | a message arrived | `handle_message(now, payload_type, payload, ..)` |
//! | the host has its message ready | [`Secc::respond`], [`Evcc::request`] |
//! | time has passed | `handle_timeout(now)`, harmless when early |
//! | to sleep until | `poll_timeout()` |
//! | what happened | `poll_event()` until `None` |

#[cfg(any(feature = "iso20-wpt", feature = "iso20-acdp"))]
mod coupling;
mod evcc;
mod facts;
mod minimal;
pub mod order;
mod refusal;
mod secc;
mod sequence;
mod station;
mod terms;
mod timers;
mod vehicle;

#[cfg(any(feature = "iso20-wpt", feature = "iso20-acdp"))]
pub use coupling::*;
pub use evcc::{Evcc, RequestError, Turn};
pub use facts::Facts;
pub use minimal::{Choice, minimal_message};
pub use order::{Phase, Row, Then, When};
pub use refusal::Refusal;
pub use secc::{Ask, Reply, RespondError, Secc, SeccSettings};
pub use sequence::Mode;
pub use station::{Answer, AnswerError, Demand, Offer, Output, Question, Station};
pub use terms::{
    ControlMode, Identification, Limits, Meter, Needs, Notification, PowerStep, Present, Schedule,
    Service,
};
pub use timers::{Timer, TimerInfo, Timers};
pub use vehicle::{Heard, NextError, State, Vehicle, Want, Wish};

#[cfg(feature = "iso20")]
use crate::codec::Coding;
use crate::v2gtp::PayloadType;
use crate::{DecodeError, SchemaSet};
#[cfg(feature = "iso20")]
use crate::{Element, EncodeError, Form};

/// Session time: milliseconds since an origin of the caller's choice.
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

/// A generation of the protocol, as timers and message order tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Generation {
    /// DIN SPEC 70121.
    Din70121,
    /// ISO 15118-2.
    Iso2,
    /// ISO 15118-20.
    Iso20,
}

/// What the handshake chooses from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// DIN SPEC 70121: DC.
    Din70121,
    /// ISO 15118-2: AC and DC.
    Iso2,
    /// ISO 15118-20, AC, bidirectional too.
    Iso20Ac,
    /// ISO 15118-20, DC, bidirectional too.
    Iso20Dc,
    /// ISO 15118-20, wireless power transfer.
    Iso20Wpt,
    /// ISO 15118-20, automated connection devices.
    Iso20Acdp,
}

macro_rules! protocols {
    ($( $protocol:ident, $generation:ident, $major:literal, $namespace:literal, $set:ident: $built_in:meta; )*) => {
        impl Protocol {
            /// All of them.
            pub const ALL: [Self; 6] = [$(Self::$protocol),*];

            /// The namespace that the handshake offers.
            #[must_use]
            pub const fn namespace(self) -> &'static str {
                match self { $( Self::$protocol => $namespace, )* }
            }

            /// The major version; the minor one is 0.
            #[must_use]
            pub const fn major_version(self) -> u32 {
                match self { $( Self::$protocol => $major, )* }
            }

            /// The generation.
            #[must_use]
            pub const fn generation(self) -> Generation {
                match self { $( Self::$protocol => Generation::$generation, )* }
            }

            /// The schema set that no other protocol has; `None` if it is not built in.
            const fn own_set(self) -> Option<SchemaSet> {
                match self { $( Self::$protocol => {
                    #[cfg($built_in)]
                    let set = Some(SchemaSet::$set);
                    #[cfg(not($built_in))]
                    let set = None;
                    set
                } )* }
            }
        }
    };
}

protocols! {
    Din70121, Din70121, 2, "urn:din:70121:2012:MsgDef", Din70121: feature = "din70121";
    Iso2, Iso2, 2, "urn:iso:15118:2:2013:MsgDef", Iso2: feature = "iso2";
    Iso20Ac, Iso20, 1, "urn:iso:std:iso:15118:-20:AC", Iso20Ac: all(feature = "iso20", feature = "iso20-ac");
    Iso20Dc, Iso20, 1, "urn:iso:std:iso:15118:-20:DC", Iso20Dc: all(feature = "iso20", feature = "iso20-dc");
    Iso20Wpt, Iso20, 1, "urn:iso:std:iso:15118:-20:WPT", Iso20Wpt: all(feature = "iso20", feature = "iso20-wpt");
    Iso20Acdp, Iso20, 1, "urn:iso:std:iso:15118:-20:ACDP", Iso20Acdp:
        all(feature = "iso20", feature = "iso20-dc", feature = "iso20-acdp");
}

impl Protocol {
    /// Whether the features of this build have it. One that is not there is neither chosen nor offered.
    #[must_use]
    pub const fn is_built_in(self) -> bool {
        self.own_set().is_some()
    }

    /// The schema set of a message of this protocol, by the type of its V2GTP payload; `None` if none of it has that type.
    #[must_use]
    pub fn set_of(self, payload_type: PayloadType) -> Option<SchemaSet> {
        let own = self.own_set()?;
        match (self, payload_type) {
            #[cfg(feature = "iso20")]
            (_, PayloadType::Iso20Common) if self.generation() == Generation::Iso20 => {
                Some(SchemaSet::Iso20Common)
            }
            // An automated connection device charges with DC messages.
            #[cfg(feature = "iso20-dc")]
            (Self::Iso20Acdp, PayloadType::Iso20Dc) => Some(SchemaSet::Iso20Dc),
            (Self::Iso20Acdp, PayloadType::AcdpSystemStatus) => Some(own),
            _ => (payload_type_of(own) == payload_type).then_some(own),
        }
    }
}

/// The payload type under which messages of a set travel.
pub(crate) const fn payload_type_of(set: SchemaSet) -> PayloadType {
    match set {
        #[cfg(feature = "iso20")]
        SchemaSet::Iso20Common => PayloadType::Iso20Common,
        #[cfg(feature = "iso20-ac")]
        SchemaSet::Iso20Ac => PayloadType::Iso20Ac,
        #[cfg(feature = "iso20-dc")]
        SchemaSet::Iso20Dc => PayloadType::Iso20Dc,
        #[cfg(feature = "iso20-wpt")]
        SchemaSet::Iso20Wpt => PayloadType::Iso20Wpt,
        #[cfg(feature = "iso20-acdp")]
        SchemaSet::Iso20Acdp => PayloadType::Iso20Acdp,
        _ => PayloadType::Sap,
    }
}

/// Writes a message of -20. Through its own element, so that not the encoders of all messages of its set are linked.
#[cfg(feature = "iso20")]
fn document<C: Coding>(
    element: Element<C>,
    value: &C::Value<'_>,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    element.encode(value, Form::Document, out)
}

/// What happened in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The handshake chose a protocol.
    Protocol(Protocol),
    /// The session has a number: a new one, or that of a paused session.
    Session {
        /// A paused session goes on.
        joined: bool,
    },
    /// The session is in another phase.
    Phase(Phase),
    /// A request was refused with a warning, which leaves the session as it is (-20).
    Warned(Refusal),
    /// The charger's host has not answered within the time the standard gives it; the vehicle may give up soon.
    Late(Timer),
    /// The session is over.
    Ended(End),
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// By `SessionStop`, for good.
    Terminated,
    /// By `SessionStop`, to be joined again under its number.
    Paused,
    /// No protocol is common to both.
    NoCommonProtocol,
    /// A request was refused with a response code that ends the session.
    Refused(Refusal),
    /// The host's response, or the charger's, says that it failed.
    Failed,
    /// A timer ran out.
    TimedOut(Timer),
    /// What arrived is no message of the protocol.
    Undecodable(DecodeError),
    /// The charger does not offer what the vehicle wishes.
    NotOffered,
    /// The charger answered with something else than the response due.
    WrongResponse,
    /// A message cannot be written into the buffer of the caller.
    NoRoom,
}

/// The events that wait for the host; of more than it holds the oldest are lost.
#[derive(Debug, Clone, Copy, Default)]
struct Events {
    waiting: [Option<Event>; 4],
}

impl Events {
    fn push(&mut self, event: Event) {
        if let [_, .., Some(_)] = self.waiting {
            self.waiting.rotate_left(1);
            if let Some(last) = self.waiting.last_mut() {
                *last = None;
            }
        }
        if let Some(slot) = self.waiting.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(event);
        }
    }

    fn pop(&mut self) -> Option<Event> {
        let first = self.waiting.first_mut()?.take();
        self.waiting.rotate_left(1);
        first
    }
}
