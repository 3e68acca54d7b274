//! The two ends of a session as state machines without I/O: [`Charger`] and [`Bms`] (GB/T 27930-2015 clauses 8 and 9
//! and annex A; the choices where the public text is silent are rows of [`SETTINGS`]).
//!
//! Feed frames, host events and time; then drain. At equal times call `handle_timeout` before anything else.
//!
//! ```
//! use evse_gbt27930::session::{Charger, Event, State};
//! use evse_gbt27930::{Edition, Instant};
//!
//! let mut charger = Charger::new(Edition::V2015);
//! let mut memory = [0; 1785]; // lent to each call: multi-packet messages are put together here
//! let now = Instant::from_millis(0);
//! charger.connected(now);
//! while let Some(event) = charger.poll_event() {
//!     assert_eq!(event, Event::StateChanged(State::Handshake));
//! }
//! while let Some(frame) = charger.poll_transmit() {
//!     assert_eq!(frame.to_string(), "1826F456#010100");
//! }
//! assert_eq!(charger.poll_timeout(), Some(Instant::from_millis(250)));
//! # charger.handle_timeout(now, &mut memory);
//! ```
//!
//! What the engines leave to the host: the contactors themselves, measuring, the insulation test, whether the battery's
//! and the charger's limits fit together, and the content of the messages (sensible values are built in).

mod bms;
mod charger;
mod core;
mod settings;

pub use bms::{Bms, Lists};
pub use charger::Charger;
pub use settings::{SETTINGS, SettingInfo, Settings, Side};

use crate::message::{ChargerStopCauses, MessageKind, VehicleStopCauses};
use crate::units::{DeciAmps, DeciVolts};

/// An enum whose variants have a name in tools.
macro_rules! named {
    (
        $(#[$meta:meta])+
        $name:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $text:literal, )+ }
    ) => {
        $(#[$meta])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        pub enum $name { $( $(#[doc = $doc])+ $variant, )+ }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            /// The name in tools.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $text, )+ }
            }
        }
    };
}

named! {
    /// State of an engine; the charger knows some, the BMS others.
    #[cfg_attr(feature = "serde", derive(serde::Serialize))]
    State {
        /// Not connected.
        Idle = "Idle",
        /// BMS: woken up, waits for CHM or CRM.
        WaitChm = "WaitChm",
        /// Charger: sends CHM, waits for BHM. BMS: sends BHM, waits for CRM(00).
        Handshake = "Handshake",
        /// Charger: the host tests the insulation; CHM goes on.
        InsulationTest = "InsulationTest",
        /// Charger: sends CRM(00), waits for BRM. BMS: sends BRM, waits for CRM(AA).
        Recognise = "Recognise",
        /// Charger: sends CRM(AA), waits for BCP.
        Recognised = "Recognised",
        /// Charger: sends CTS and CML, waits for BRO. BMS: sends BCP, waits for CML.
        Configure = "Configure",
        /// Charger: BRO(00) came, waits for BRO(AA).
        WaitBmsReady = "WaitBmsReady",
        /// Charger: sends CRO(00) until the host is ready.
        PrepareOutput = "PrepareOutput",
        /// Charger: sends CRO(AA), waits for BCL and BCS. BMS: sends BRO(00) until the host is ready.
        Ready = "Ready",
        /// BMS: sends BRO(AA), waits for CRO(AA).
        WaitCharger = "WaitCharger",
        /// Charging, or pausing.
        Charging = "Charging",
        /// Charger: sends CST, waits for BST and BSD. BMS: sends BST, waits for CST and for the current to fall.
        Stopping = "Stopping",
        /// Charger: sends CSD. BMS: sends BSD, waits for CSD.
        Statistics = "Statistics",
        /// Ended as it should.
        Done = "Done",
        /// A message did not come, or the peer says so; recovery follows.
        CommError = "CommError",
        /// Ended otherwise; only [`Charger::operator_reset`] or unplugging leads on.
        Failed = "Failed",
    }
}

/// What an engine tells its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Event {
    /// The state changed.
    StateChanged(State),
    /// A complete application message arrived, single or reassembled, in any state. Its payload is to be had from
    /// `payload` until the next frame.
    Message {
        /// Which.
        kind: MessageKind,
        /// Its length.
        len: u16,
    },
    /// Charger: test the insulation, then call [`Charger::insulation_result`].
    StartInsulationTest {
        /// Highest voltage that the vehicle allows; `None` if it gave none, then the charger's own applies.
        voltage: Option<DeciVolts>,
    },
    /// Charger: check the battery's voltage and precharge; when K1/K2 are closed, call [`Charger::set_ready`].
    PrepareOutput,
    /// Close the contactors of this side (K1/K2 or K5/K6), in the charger's case after precharging.
    CloseContactors,
    /// Open the contactors of this side now: the current is at most 5 A, or the time for it to fall is over.
    OpenContactors,
    /// Charger: deliver this.
    SetOutput {
        /// Voltage asked for.
        voltage: Option<DeciVolts>,
        /// Current asked for, negative for charging.
        current: Option<DeciAmps>,
    },
    /// Charger: stop power now. At every stop and every communication error, also when nothing flows.
    OutputOff,
    /// Charger: output to zero, the session goes on.
    PauseOutput,
    /// Charger: the pause is over.
    ResumeOutput,
    /// Stopping begins.
    Stop {
        /// Who or what caused it.
        by: StopBy,
        /// Why, as far as the causer said.
        causes: StopCauses,
    },
    /// A message did not come in time.
    Timeout {
        /// Which.
        waiting_for: WaitingFor,
    },
    /// The peer's error message, BEM or CEM.
    PeerError {
        /// Its first four bytes.
        payload: [u8; 4],
    },
    /// Charger: recognition starts again.
    Reconnect {
        /// From 1.
        attempt: u8,
    },
    /// The session is over; `errors` of the engine says what went wrong.
    SessionEnd {
        /// Whether it ended as it should.
        done: bool,
    },
}

/// Who or what stopped charging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum StopBy {
    /// This side's host.
    Host,
    /// The vehicle, by BST.
    Bms,
    /// The charger, by CST.
    Charger,
    /// The charger, for an abnormal state in BSM.
    Bsm,
    /// A pause took too long.
    PauseTimeout,
}

/// Causes of a stop, of either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum StopCauses {
    /// As CST carries them.
    Charger(ChargerStopCauses),
    /// As BST carries them.
    Vehicle(VehicleStopCauses),
}

impl StopCauses {
    /// The names of the items.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let (charger, vehicle) = match *self {
            Self::Charger(causes) => (Some(causes), None),
            Self::Vehicle(causes) => (None, Some(causes)),
        };
        let charger = charger.into_iter().flat_map(|c| c.iter().map(|item| item.name()));
        charger.chain(vehicle.into_iter().flat_map(|v| v.iter().map(|item| item.name())))
    }
}

named! {
    /// What did not come in time.
    WaitingFor {
        /// Charger: BRM.
        Brm = "BRM",
        /// Charger: BCP.
        Bcp = "BCP",
        /// Charger: BRO, or BRO(AA).
        Bro = "BRO",
        /// Charger: BCL.
        Bcl = "BCL",
        /// Charger: BCS.
        Bcs = "BCS",
        /// Charger: BST.
        Bst = "BST",
        /// Charger: BSD.
        Bsd = "BSD",
        /// BMS: CRM(00).
        Crm00 = "CRM00",
        /// BMS: CRM(AA).
        CrmAa = "CRMAA",
        /// BMS: CML (and CTS, which shares its error bit).
        CtsCml = "CTS_CML",
        /// BMS: CRO, or CRO(AA).
        Cro = "CRO",
        /// BMS: CCS.
        Ccs = "CCS",
        /// BMS: CST.
        Cst = "CST",
        /// BMS: CSD.
        Csd = "CSD",
    }
}

/// What went wrong in a session, besides time-outs. Names as in tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Mishaps {
    /// The insulation test failed.
    pub insulation_failed: bool,
    /// The host stopped before charging.
    pub stopped_before_charging: bool,
    /// Unplugged during the session.
    pub unplugged: bool,
    /// The last reconnection is used up, or CRM(00) did not come again.
    pub recovery_failed: bool,
}

impl Mishaps {
    /// The names of those that happened.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [
            (self.insulation_failed, "insulation_failed"),
            (self.stopped_before_charging, "stopped_before_charging"),
            (self.unplugged, "unplugged"),
            (self.recovery_failed, "recovery_failed"),
        ]
        .into_iter()
        .filter_map(|(happened, name)| happened.then_some(name))
    }
}

/// The host's content for a message does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ContentError {
    /// The engine does not send this message, or writes it itself.
    #[error("{message} takes no content from the host here")]
    NotTaken {
        /// The message.
        message: MessageKind,
    },
    /// Longer than the engine stores.
    #[error("{message}: {actual} bytes, at most {most}")]
    TooLong {
        /// The message.
        message: MessageKind,
        /// Most bytes.
        most: u16,
        /// Bytes given, 65535 for more.
        actual: u16,
    },
}
