//! What an analysis says: plain values, for machines through `serde`, for people through `Display`.

use alloc::string::String;
use alloc::vec::Vec;

use crate::edition::{Edition, Party};
use crate::message::MessageKind;
use crate::table::Phase;
use crate::text::Vin;

/// The sessions of a capture and what else is on the bus.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CaptureReport {
    /// Frames taken, foreign ones included.
    pub frames: u64,
    /// Sessions in order.
    pub sessions: Vec<SessionReport>,
    /// Frames of other address pairs, by source address.
    pub foreign: Vec<ForeignSource>,
}

/// A source of foreign frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ForeignSource {
    /// Source address: the low byte of the identifier.
    pub address: u8,
    /// Frames.
    pub frames: u64,
}

/// A session, or what the capture has of it. Times are microseconds as the capture gives them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SessionReport {
    /// Edition: given, or inferred over the session.
    pub edition: Edition,
    /// What spoke for another edition: message codes.
    pub edition_conflicts: Vec<&'static str>,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether the capture begins after the session's first phase.
    pub starts_midway: bool,
    /// Index of its first and last frame.
    pub frames: (u64, u64),
    /// Time of its first and last frame.
    pub time_us: Option<(u64, u64)>,
    /// Phases in order; recognition appears again after a reconnection.
    pub phases: Vec<PhaseSpan>,
    /// Times that recognition started again.
    pub reconnections: u32,
    /// Messages by kind, with their periods.
    pub messages: Vec<MessageStatistics>,
    /// Messages that the phases seen should have had, and did not.
    pub missing: Vec<MessageKind>,
    /// Vehicle and battery.
    pub identity: Identity,
    /// What was agreed.
    pub limits: Limits,
    /// What was delivered.
    pub delivery: Delivery,
    /// Who stopped, first one first.
    pub stops: Vec<Stop>,
    /// Error messages; repetitions of one are counted.
    pub errors: Vec<ErrorMessage>,
    /// What else is odd.
    pub findings: Vec<Finding>,
    /// Course of the multi-packet transfers.
    pub transport: TransportStatistics,
    /// Parameter groups that no message has: PDU format and frames.
    pub unknown: Vec<(u8, u32)>,
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Outcome {
    /// Both sides sent their statistics.
    Completed,
    /// Stopped, but statistics are missing.
    StoppedWithoutStatistics,
    /// The last words are error messages.
    CommunicationError,
    /// The capture ends in the middle.
    #[default]
    Unfinished,
}

/// A phase of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PhaseSpan {
    /// Which; BST and CST open the end phase.
    pub phase: Phase,
    /// Index of its first and last frame.
    pub frames: (u64, u64),
    /// Time of its first and last frame.
    pub time_us: Option<(u64, u64)>,
}

/// How often a message came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MessageStatistics {
    /// Which.
    pub message: MessageKind,
    /// How often.
    pub count: u32,
    /// Longest time between two of them within a phase.
    pub longest_gap_us: u64,
    /// Gaps above 110 % of the period, as far as the capture's clock can tell.
    pub late: u32,
    /// Gaps above the time-out of the message.
    pub timed_out: u32,
    /// Payloads whose length no edition foresees.
    pub unusual_length: u32,
}

/// Vehicle, battery and charger as they say. Identifiers are masked until [`CaptureReport::reveal_identifiers`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Identity {
    /// VIN of BRM.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub vin: Option<Vin>,
    /// The VIN as text, or that it is masked.
    #[cfg_attr(feature = "serde", serde(rename = "vin"))]
    pub vin_shown: Option<String>,
    /// Whether the VIN has the form of one.
    pub vin_is_well_formed: bool,
    /// Battery type code.
    pub battery_type: Option<u8>,
    /// Name of that code.
    pub battery_type_name: Option<&'static str>,
    /// Rated capacity, 0.1 Ah.
    pub rated_capacity_dah: Option<u16>,
    /// Rated voltage, 0.1 V.
    pub rated_voltage_dv: Option<u16>,
    /// Version bytes of BRM: minor, major.
    pub protocol_version: Option<(u8, u16)>,
    /// Length of BRM.
    pub brm_length: Option<u16>,
    /// Charger's number, of CRM or CSD.
    pub charger_number: Option<u32>,
}

/// What both sides allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Limits {
    /// Vehicle: highest total voltage, 0.1 V (BCP).
    pub vehicle_max_voltage_dv: Option<i32>,
    /// Vehicle: highest current, 0.1 A, negative for charging (BCP).
    pub vehicle_max_current_da: Option<i32>,
    /// Vehicle: highest voltage of a cell, 0.01 V (BCP).
    pub vehicle_max_cell_voltage_cv: Option<i32>,
    /// Vehicle: highest temperature, degrees Celsius (BCP).
    pub vehicle_max_temperature_c: Option<i32>,
    /// Vehicle: present voltage of the battery, 0.1 V (BCP).
    pub battery_voltage_dv: Option<i32>,
    /// Vehicle: energy of the battery, 0.1 kWh (BCP).
    pub battery_energy_dkwh: Option<i32>,
    /// Charger: highest voltage, 0.1 V (CML).
    pub charger_max_voltage_dv: Option<i32>,
    /// Charger: lowest voltage, 0.1 V (CML).
    pub charger_min_voltage_dv: Option<i32>,
    /// Charger: lowest current, 0.1 A, negative for charging (CML).
    pub charger_min_current_da: Option<i32>,
    /// Charger: highest current, 0.1 A, negative for charging (CML).
    pub charger_max_current_da: Option<i32>,
}

/// What was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Delivery {
    /// Energy as the charger says, 0.1 kWh (CSD).
    pub energy_dkwh: Option<i32>,
    /// Energy integrated over CCS, watt-hours; gaps above one second do not count.
    pub integrated_wh: Option<u64>,
    /// Time as the charger says, minutes (CSD, or the last CCS).
    pub minutes: Option<i32>,
    /// State of charge before, 0.1 % (BCP).
    pub soc_configured_permille: Option<i32>,
    /// State of charge at the first BCS, 1 %.
    pub soc_first: Option<i32>,
    /// State of charge at the last BCS, 1 %.
    pub soc_last: Option<i32>,
    /// State of charge at the end, 1 % (BSD).
    pub soc_stop: Option<i32>,
    /// Highest output voltage, 0.1 V (CCS).
    pub highest_voltage_dv: Option<i32>,
    /// Strongest charging current, 0.1 A, negative (CCS).
    pub strongest_current_da: Option<i32>,
}

/// The first BST or CST.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Stop {
    /// Who sent it.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::serde::party"))]
    pub by: Party,
    /// When.
    pub time_us: Option<u64>,
    /// Frame.
    pub frame: u64,
    /// Its bytes.
    pub payload: [u8; 4],
    /// Names of the causes in it.
    pub causes: Vec<&'static str>,
}

/// A BEM or CEM.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ErrorMessage {
    /// Which.
    pub message: MessageKind,
    /// When first.
    pub time_us: Option<u64>,
    /// Frame of the first.
    pub frame: u64,
    /// Its bytes.
    pub payload: [u8; 4],
    /// How often it came in a row.
    pub count: u32,
    /// What timed out, and when that was really last seen before.
    pub timed_out: Vec<TimedOut>,
}

/// An item of an error message.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TimedOut {
    /// Name of the item.
    pub item: &'static str,
    /// When the message was last seen before the error; `None` for never.
    pub last_seen_us: Option<u64>,
    /// Microseconds from then to the error message.
    pub silence_us: Option<u64>,
}

/// Course of the multi-packet transfers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TransportStatistics {
    /// Transfers announced.
    pub started: u32,
    /// Messages completed.
    pub completed: u32,
    /// Announcements that dropped an unfinished transfer.
    pub restarted: u32,
    /// Packets asked for again.
    pub retransmits: u32,
    /// Frames that fit no transfer, repeated packets among them.
    pub irregular: u32,
    /// Aborts.
    pub aborts: Vec<Abort>,
}

/// Aborts of one message for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Abort {
    /// Who aborted.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::serde::party"))]
    pub by: Party,
    /// Parameter group number.
    pub pgn: u32,
    /// Reason code.
    pub reason: u8,
    /// How often.
    pub count: u32,
    /// First time.
    pub time_us: Option<u64>,
}

/// An oddity, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    /// What.
    pub what: FindingKind,
    /// Message in which it shows.
    pub message: MessageKind,
    /// Field, where one is meant.
    pub field: Option<&'static str>,
    /// How often.
    pub count: u32,
    /// Frame of the first.
    pub frame: u64,
    /// The greatest excess, in steps of the field's resolution; 0 where that makes no sense.
    pub excess: i64,
}

/// What is odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum FindingKind {
    /// A value outside the range that the standard states.
    OutOfRange,
    /// BCL asks for more than BCP or CML allow.
    DemandAboveLimit,
    /// BCS and the CCS before it disagree by more than 5 % and more than 10 V or 10 A.
    MeasurementsDisagree,
    /// BSM reports an abnormal state.
    AbnormalState,
    /// The vehicle or the charger withdrew its permission: a pause.
    Paused,
    /// Mandatory fields are missing.
    Truncated,
    /// The edition does not have this message.
    NotInEdition,
}

impl CaptureReport {
    /// Puts the VINs' text in the place of the masks.
    pub fn reveal_identifiers(&mut self) {
        for session in &mut self.sessions {
            let identity = &mut session.identity;
            identity.vin_shown = identity.vin.map(|vin| alloc::format!("{}", vin.escaped()));
        }
    }
}
