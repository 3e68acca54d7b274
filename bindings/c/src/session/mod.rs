//! The session engines of GB/T 27930, and what both sides share: frames and events.

mod bms;
mod charger;

pub use bms::*;
pub use charger::*;

use evse_gbt27930::session::{ContentError, Event, StopBy, StopCauses};
use evse_gbt27930::units::{DeciAmps, DeciVolts};
use evse_gbt27930::{CanId, Frame};

use crate::status::evse_status_t::{
    self, EVSE_ARGUMENT, EVSE_NOT_FOUND, EVSE_NULL, EVSE_RANGE, EVSE_TOO_SMALL,
};

/// A classic CAN data frame with an extended identifier.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct evse_can_frame_t {
    /// The identifier, 29 bits.
    pub id: u32,
    /// Bytes of data, 0 to 8.
    pub len: u8,
    /// The data.
    pub data: [u8; 8],
}

/// What an engine tells its host.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum evse_gbt_event_kind_t {
    /// The state changed: `state`.
    EVSE_GBT_STATE_CHANGED,
    /// A message arrived, single or reassembled: `message`, `len`; its payload until the next frame.
    EVSE_GBT_MESSAGE,
    /// Charger: test the insulation at `voltage` (the charger's own highest if there is none), then tell the result.
    EVSE_GBT_START_INSULATION_TEST,
    /// Charger: check the battery's voltage and precharge; with K1/K2 closed, say ready.
    EVSE_GBT_PREPARE_OUTPUT,
    /// Close the contactors of this side.
    EVSE_GBT_CLOSE_CONTACTORS,
    /// Open the contactors of this side now.
    EVSE_GBT_OPEN_CONTACTORS,
    /// Charger: deliver `voltage` and `current`.
    EVSE_GBT_SET_OUTPUT,
    /// Charger: stop power now.
    EVSE_GBT_OUTPUT_OFF,
    /// Charger: output to zero, the session goes on.
    EVSE_GBT_PAUSE_OUTPUT,
    /// Charger: the pause is over.
    EVSE_GBT_RESUME_OUTPUT,
    /// Stopping begins: `stop_by`, `causes`.
    EVSE_GBT_STOP,
    /// A message did not come in time: `waiting_for`.
    EVSE_GBT_TIMEOUT,
    /// The peer's error message: its first four bytes in `causes`.
    EVSE_GBT_PEER_ERROR,
    /// Charger: recognition starts again: `attempt`.
    EVSE_GBT_RECONNECT,
    /// The session is over: `done`.
    EVSE_GBT_SESSION_END,
    /// One that this version of the header does not know.
    EVSE_GBT_OTHER_EVENT,
}

/// Who or what stopped charging.
#[repr(u8)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum evse_gbt_stop_by_t {
    /// This side's host.
    EVSE_GBT_BY_HOST,
    /// The vehicle, by BST.
    EVSE_GBT_BY_BMS,
    /// The charger, by CST.
    EVSE_GBT_BY_CHARGER,
    /// The charger, for an abnormal state in BSM.
    EVSE_GBT_BY_BSM,
    /// A pause took too long.
    EVSE_GBT_BY_PAUSE_TIMEOUT,
}

/// An event. Members that its kind does not name are 0.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct evse_gbt_event_t {
    /// What happened.
    pub kind: evse_gbt_event_kind_t,
    /// A state, `EVSE_GBT_STATE_...`.
    pub state: u8,
    /// A message, `EVSE_GBT_...`.
    pub message: u8,
    /// What did not come, `EVSE_GBT_WAIT_...`.
    pub waiting_for: u8,
    /// Who stopped.
    pub stop_by: evse_gbt_stop_by_t,
    /// Which attempt, from 1.
    pub attempt: u8,
    /// Whether the session ended as it should.
    pub done: bool,
    /// Whether `voltage` says something.
    pub has_voltage: bool,
    /// Whether `current` says something.
    pub has_current: bool,
    /// Bytes of the message.
    pub len: u16,
    /// In 0.1 V.
    pub voltage: i32,
    /// In 0.1 A, negative for charging.
    pub current: i32,
    /// The four bytes of CST, BST, CEM or BEM as they come on the wire.
    pub causes: [u8; 4],
}

pub(crate) fn frame_of(frame: Option<&evse_can_frame_t>) -> Result<Frame, evse_status_t> {
    let frame = frame.ok_or(EVSE_NULL)?;
    let id = CanId::from_raw(frame.id).ok_or(EVSE_ARGUMENT)?;
    let data = frame.data.get(..usize::from(frame.len)).ok_or(EVSE_ARGUMENT)?;
    Frame::new(id, data).ok_or(EVSE_ARGUMENT)
}

/// Hands a frame to C; false for none.
pub(crate) fn sent(frame: Option<Frame>, into: Option<&mut evse_can_frame_t>) -> bool {
    let (Some(frame), Some(into)) = (frame, into) else { return false };
    let mut data = [0xFF; 8];
    for (to, from) in data.iter_mut().zip(frame.data()) {
        *to = *from;
    }
    let len = u8::try_from(frame.data().len()).unwrap_or(8);
    *into = evse_can_frame_t { id: frame.id().raw(), len, data };
    true
}

pub(crate) fn volts(steps: i32) -> Result<DeciVolts, evse_status_t> {
    DeciVolts::from_value(steps).ok_or(EVSE_RANGE)
}

pub(crate) fn amps(steps: i32) -> Result<DeciAmps, evse_status_t> {
    DeciAmps::from_value(steps).ok_or(EVSE_RANGE)
}

impl From<ContentError> for evse_status_t {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::TooLong { .. } => EVSE_TOO_SMALL,
            _ => EVSE_NOT_FOUND,
        }
    }
}

/// Hands an event to C; false for none.
pub(crate) fn told(event: Option<Event>, into: Option<&mut evse_gbt_event_t>) -> bool {
    use evse_gbt_event_kind_t as Kind;
    let (Some(event), Some(into)) = (event, into) else { return false };
    *into = evse_gbt_event_t {
        kind: Kind::EVSE_GBT_OTHER_EVENT,
        state: 0,
        message: 0,
        waiting_for: 0,
        stop_by: evse_gbt_stop_by_t::EVSE_GBT_BY_HOST,
        attempt: 0,
        done: false,
        has_voltage: false,
        has_current: false,
        len: 0,
        voltage: 0,
        current: 0,
        causes: [0; 4],
    };
    let mut demand = |voltage: Option<DeciVolts>, current: Option<DeciAmps>| {
        (into.has_voltage, into.voltage) = (voltage.is_some(), voltage.map_or(0, DeciVolts::value));
        (into.has_current, into.current) = (current.is_some(), current.map_or(0, DeciAmps::value));
    };
    into.kind = match event {
        Event::StateChanged(state) => {
            into.state = state as u8;
            Kind::EVSE_GBT_STATE_CHANGED
        }
        Event::Message { kind, len } => {
            (into.message, into.len) = (kind as u8, len);
            Kind::EVSE_GBT_MESSAGE
        }
        Event::StartInsulationTest { voltage } => {
            demand(voltage, None);
            Kind::EVSE_GBT_START_INSULATION_TEST
        }
        Event::PrepareOutput => Kind::EVSE_GBT_PREPARE_OUTPUT,
        Event::CloseContactors => Kind::EVSE_GBT_CLOSE_CONTACTORS,
        Event::OpenContactors => Kind::EVSE_GBT_OPEN_CONTACTORS,
        Event::SetOutput { voltage, current } => {
            demand(voltage, current);
            Kind::EVSE_GBT_SET_OUTPUT
        }
        Event::OutputOff => Kind::EVSE_GBT_OUTPUT_OFF,
        Event::PauseOutput => Kind::EVSE_GBT_PAUSE_OUTPUT,
        Event::ResumeOutput => Kind::EVSE_GBT_RESUME_OUTPUT,
        Event::Stop { by, causes } => {
            into.stop_by = match by {
                StopBy::Host => evse_gbt_stop_by_t::EVSE_GBT_BY_HOST,
                StopBy::Bms => evse_gbt_stop_by_t::EVSE_GBT_BY_BMS,
                StopBy::Charger => evse_gbt_stop_by_t::EVSE_GBT_BY_CHARGER,
                StopBy::Bsm => evse_gbt_stop_by_t::EVSE_GBT_BY_BSM,
                StopBy::PauseTimeout => evse_gbt_stop_by_t::EVSE_GBT_BY_PAUSE_TIMEOUT,
            };
            into.causes = match causes {
                StopCauses::Charger(causes) => causes.to_bytes(),
                StopCauses::Vehicle(causes) => causes.to_bytes(),
            };
            Kind::EVSE_GBT_STOP
        }
        Event::Timeout { waiting_for } => {
            into.waiting_for = waiting_for as u8;
            Kind::EVSE_GBT_TIMEOUT
        }
        Event::PeerError { payload } => {
            into.causes = payload;
            Kind::EVSE_GBT_PEER_ERROR
        }
        Event::Reconnect { attempt } => {
            into.attempt = attempt;
            Kind::EVSE_GBT_RECONNECT
        }
        Event::SessionEnd { done } => {
            into.done = done;
            Kind::EVSE_GBT_SESSION_END
        }
        _ => Kind::EVSE_GBT_OTHER_EVENT,
    };
    true
}
