//! The vehicle's end of a session.

mod receiving;
mod sending;
mod tables;
mod transitions;

use super::core::{Content, Deadlines, Events, Last, Schedule, kind_of, may_open, some_time};
use super::{ContentError, Event, Mishaps, Settings, State, StopBy, StopCauses};
use crate::codes::ChargeMode;
use crate::message::{
    ChargeDemand, ChargerTimeouts, MessageKind, VehicleStopCauses, VehicleTimeouts,
};
use crate::transport::{Receiver, ReceiverEvent, Sender};
use crate::units::{DeciAmps, DeciVolts};
use crate::{Edition, EncodeError, Frame, Instant, Party};
use tables::{LISTS, PERIODS, SLOTS, Slot, WAITS, Wait};

/// The payloads of the optional lists, lent to [`Bms::poll_transmit`]; empty ones are not sent. Keep a list unchanged
/// while [`Bms::sending`] names it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lists<'a> {
    /// BMV.
    pub cell_voltages: &'a [u8],
    /// BMT.
    pub temperatures: &'a [u8],
    /// BSP.
    pub reserved: &'a [u8],
}

/// The BMS's state machine.
///
/// After each call drain [`Self::poll_event`] and [`Self::poll_transmit`] until `None`.
#[derive(Debug, Clone)]
pub struct Bms {
    settings: Settings,
    edition: Edition,
    state: State,
    /// Time of the last call.
    now: Instant,
    events: Events,
    schedule: Schedule<{ SLOTS.len() }>,
    waits: Deadlines<{ WAITS.len() }>,
    receiver: Receiver,
    sender: Sender,
    /// What is being sent in packets; lists stay in the caller's memory.
    in_flight: Content<64>,
    last: Last,
    contents: Contents,
    stop_causes: VehicleStopCauses,
    timeouts: VehicleTimeouts,
    peer_timeouts: ChargerTimeouts,
    mishaps: Mishaps,
    current: DeciAmps,
    flags: Flags,
}

#[derive(Debug, Clone)]
struct Contents {
    bhm: Content<8>,
    brm: Content<64>,
    bcp: Content<16>,
    bcl: Content<8>,
    bcs: Content<16>,
    bsm: Content<8>,
    bsd: Content<8>,
}

#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts of the session")]
struct Flags {
    is_ready: bool,
    contactors_closed: bool,
    host_pauses: bool,
    charger_pauses: bool,
    is_paused: bool,
    has_cst: bool,
    has_sent_bst: bool,
}

impl Bms {
    /// A BMS of an edition with the standard's settings.
    #[must_use]
    pub const fn new(edition: Edition) -> Self {
        Self::with_settings(edition, Settings::STANDARD)
    }

    /// A BMS with other settings.
    #[must_use]
    pub const fn with_settings(edition: Edition, settings: Settings) -> Self {
        let minor = if matches!(edition, Edition::V2011) { 0 } else { 1 };
        Self {
            settings,
            edition,
            state: State::Idle,
            now: Instant::from_millis(0),
            events: Events::new(),
            schedule: Schedule::new(),
            waits: Deadlines::new(),
            receiver: Receiver::new(Party::Bms, settings.transport),
            sender: Sender::new(Party::Bms, settings.transport),
            in_flight: Content::new(&[]),
            last: Last::None,
            contents: Contents {
                // 500.0 V.
                bhm: Content::new(&[0x88, 0x13]),
                brm: Content::new(&default_brm(minor)),
                // 4.20 V, -250.0 A, 60.0 kWh, 500.0 V, 65 degC, 50.0 %, 400.0 V.
                bcp: Content::new(&[
                    0xA4, 1, 0xDC, 5, 0x58, 2, 0x88, 0x13, 0x73, 0xF4, 1, 0xA0, 0x0F,
                ]),
                // 400.0 V, -50.0 A, constant voltage.
                bcl: Content::new(&[0xA0, 0x0F, 0xAC, 0x0D, 1]),
                // 400.0 V, 0.0 A, 4.00 V in group 0, 50 %, 60 min.
                bcs: Content::new(&[0xA0, 0x0F, 0xA0, 0x0F, 0x90, 1, 50, 60, 0]),
                bsm: Content::new(&[0, 75, 0, 74, 0, 0, 0xD0]),
                // 50 %, 3.90 V, 4.00 V, 24 degC, 25 degC.
                bsd: Content::new(&[50, 0x86, 1, 0x90, 1, 74, 75]),
            },
            stop_causes: VehicleStopCauses::empty(edition),
            timeouts: VehicleTimeouts::empty(edition),
            peer_timeouts: ChargerTimeouts::empty(edition),
            mishaps: Mishaps {
                insulation_failed: false,
                stopped_before_charging: false,
                unplugged: false,
                recovery_failed: false,
            },
            current: DeciAmps::ZERO,
            flags: Flags {
                is_ready: false,
                contactors_closed: false,
                host_pauses: false,
                charger_pauses: false,
                is_paused: false,
                has_cst: false,
                has_sent_bst: false,
            },
        }
    }

    /// The state.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// The edition.
    #[must_use]
    pub const fn edition(&self) -> Edition {
        self.edition
    }

    /// Own time-outs since the last reconnection.
    #[must_use]
    pub const fn timeouts(&self) -> VehicleTimeouts {
        self.timeouts
    }

    /// Time-outs that the charger reported since the last reconnection.
    #[must_use]
    pub const fn peer_timeouts(&self) -> ChargerTimeouts {
        self.peer_timeouts
    }

    /// What else went wrong.
    #[must_use]
    pub const fn mishaps(&self) -> Mishaps {
        self.mishaps
    }

    /// The multi-packet message that is being sent.
    #[must_use]
    pub fn sending(&self) -> Option<MessageKind> {
        MessageKind::from_pf((self.sender.sending()? >> 8) as u8, Party::Bms)
    }

    /// Payload of the message of the last [`Event::Message`]; `memory` is what was lent.
    #[must_use]
    pub fn payload<'a>(&'a self, memory: &'a [u8]) -> &'a [u8] {
        self.last.payload(memory)
    }

    // ---- What the host says.

    /// Plugged, locked, auxiliary power on: waits for the charger.
    pub fn connected(&mut self, now: Instant) {
        self.now = now;
        if self.state == State::Idle {
            self.enter(State::WaitChm);
            self.wait(Wait::Crm00, self.settings.crm00_without_chm);
        }
    }

    /// K5/K6 closed and able to charge. May come early; remembered until the session ends or an error opens the
    /// contactors.
    pub fn set_ready(&mut self, now: Instant, is_ready: bool) {
        self.now = now;
        self.flags.is_ready = is_ready;
        match self.state {
            State::Ready if is_ready => self.become_ready(),
            State::WaitCharger if !is_ready => {
                self.enter(State::Ready);
                self.waits.clear(Wait::Cro as usize);
                self.waits.clear(Wait::CroReady as usize);
                self.send(Slot::Bro);
            }
            _ => {}
        }
    }

    /// Stop. Before charging the session fails at once.
    pub fn stop(&mut self, now: Instant, causes: VehicleStopCauses) {
        self.now = now;
        match self.state {
            State::Charging => self.begin_stop(StopBy::Host, StopCauses::Vehicle(causes), causes),
            State::Idle | State::Stopping | State::Statistics | State::Done | State::Failed => {}
            _ => {
                self.mishaps.stopped_before_charging = true;
                self.contactors_open();
                self.finish(false);
            }
        }
    }

    /// An empty set of causes in the layout of the edition.
    #[must_use]
    pub const fn no_causes(&self) -> VehicleStopCauses {
        VehicleStopCauses::empty(self.edition)
    }

    /// Pause: BSM without permission.
    pub fn pause(&mut self, now: Instant) {
        self.now = now;
        self.flags.host_pauses = true;
        self.update_pause();
    }

    /// End of the pause.
    pub fn resume(&mut self, now: Instant) {
        self.now = now;
        self.flags.host_pauses = false;
        self.update_pause();
    }

    /// What the vehicle measures; goes into BCS.
    pub fn measured(&mut self, now: Instant, voltage: DeciVolts, current: DeciAmps) {
        self.now = now;
        self.current = current;
        let ([v0, v1], [c0, c1]) = (voltage.raw().to_le_bytes(), current.raw().to_le_bytes());
        let [b0, b1, b2, b3, ..] = self.contents.bcs.bytes_mut();
        (*b0, *b1, *b2, *b3) = (v0, v1, c0, c1);
        if may_open(current) && self.waits.is_set(Wait::Contactors as usize) {
            self.contactors_open();
        }
        self.try_statistics();
    }

    /// What the vehicle wants; goes into BCL.
    ///
    /// # Errors
    /// [`EncodeError::OutOfRange`] for a value that means 'not available'.
    pub fn demand(
        &mut self,
        voltage: DeciVolts,
        current: DeciAmps,
        mode: ChargeMode,
    ) -> Result<(), EncodeError> {
        let demand =
            ChargeDemand { voltage_demand: Some(voltage), current_demand: Some(current), mode };
        let mut payload = [0; 5];
        let len = demand.encode(self.edition, &mut payload)?;
        // Five bytes fit.
        let _ = self.contents.bcl.set(MessageKind::Bcl, payload.get(..len).unwrap_or_default());
        Ok(())
    }

    /// Content of a message. The engine still sets the permission of BSM and 2011 lengths.
    ///
    /// # Errors
    /// [`ContentError`]: not a message that takes content here (BHM BRM BCP BCL BCS BSM BSD; the lists are lent to
    /// [`Self::poll_transmit`]), or too long.
    pub fn set_content(
        &mut self,
        message: MessageKind,
        content: &[u8],
    ) -> Result<(), ContentError> {
        let contents = &mut self.contents;
        match message {
            MessageKind::Bhm => contents.bhm.set(message, content),
            MessageKind::Brm => contents.brm.set(message, content),
            MessageKind::Bcp => contents.bcp.set(message, content),
            MessageKind::Bcl => contents.bcl.set(message, content),
            MessageKind::Bcs => contents.bcs.set(message, content),
            MessageKind::Bsm => contents.bsm.set(message, content),
            MessageKind::Bsd => contents.bsd.set(message, content),
            _ => Err(ContentError::NotTaken { message }),
        }
    }

    /// The connector was pulled: contactors open, nothing more is sent.
    pub fn unplugged(&mut self, now: Instant) {
        self.now = now;
        match self.state {
            State::Idle => {}
            State::Done | State::Failed => self.reset(),
            _ => {
                self.mishaps.unplugged = true;
                self.contactors_open();
                self.finish(false);
            }
        }
    }

    /// From done or failed back to idle.
    pub fn operator_reset(&mut self) {
        if matches!(self.state, State::Done | State::Failed) {
            self.reset();
        }
    }

    fn reset(&mut self) {
        self.enter(State::Idle);
        self.stop_sending();
        self.waits.clear_except(Wait::Contactors as usize);
        self.mishaps = Mishaps::default();
        self.flags = Flags { contactors_closed: self.flags.contactors_closed, ..Flags::default() };
        self.clean_errors();
    }

    // ---- Frames, time, output.

    /// Takes a frame. `memory` is where multi-packet messages are put together; the session itself has none from the
    /// charger, so it may be empty.
    #[inline]
    pub fn handle_frame(&mut self, now: Instant, frame: &Frame, memory: &mut [u8]) {
        if frame.id().sender() != Some(Party::Charger) {
            return;
        }
        self.now = now;
        if let Some(kind) = MessageKind::from_pf(frame.id().pf(), Party::Charger) {
            self.last = Last::Single(*frame);
            self.handle_message(kind, frame.data());
            return;
        }
        self.sender.handle_frame(now, frame);
        if let Some(ReceiverEvent::Received { pgn, size }) =
            self.receiver.handle_frame(now, frame, memory)
            && let Some(kind) = kind_of(pgn, Party::Charger)
        {
            self.last = Last::Reassembled(size);
            self.handle_message(kind, memory.get(..size.into()).unwrap_or_default());
        }
    }

    /// Does what is due at this time; harmless when early.
    pub fn handle_timeout(&mut self, now: Instant, _memory: &mut [u8]) {
        self.now = now;
        self.receiver.handle_timeout(now);
        self.sender.handle_timeout(now);
        while let Some((index, at)) = self.waits.take_due(now) {
            if let Some(wait) = WAITS.get(index) {
                self.expire(at, *wait);
            }
        }
        self.schedule.tick(now, &PERIODS);
        // BSD takes the place of a BST that has become due.
        self.try_statistics();
    }

    /// The next event.
    #[inline]
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop()
    }

    /// The next frame to send.
    pub fn poll_transmit(&mut self, lists: &Lists<'_>) -> Option<Frame> {
        if let Some(frame) = self.receiver.poll_transmit() {
            return Some(frame);
        }
        loop {
            if self.sender.has_output(self.now) {
                let message = match self.sending() {
                    Some(MessageKind::Bmv) => lists.cell_voltages,
                    Some(MessageKind::Bmt) => lists.temperatures,
                    Some(MessageKind::Bsp) => lists.reserved,
                    _ => self.in_flight.as_bytes(),
                };
                if let Some(frame) = self.sender.poll_transmit(self.now, message) {
                    return Some(frame);
                }
            }
            let mask = if self.sender.is_busy() { !LISTS } else { u16::MAX };
            let index = self.schedule.take_due(mask)?;
            if let Some(frame) = self.build(index, lists) {
                return Some(frame);
            }
        }
    }

    /// When to call [`Self::handle_timeout`] next.
    #[must_use]
    #[inline]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let mut at = self.waits.earliest().min(self.schedule.earliest());
        for other in
            [self.receiver.poll_timeout(), self.sender.poll_timeout()].into_iter().flatten()
        {
            at = at.min(other);
        }
        some_time(at)
    }
}

/// A BRM of 49 bytes: version 1.1 or 1.0, ternary, 150.0 Ah, 400.0 V, the rest not available.
const fn default_brm(minor: u8) -> [u8; 49] {
    let mut brm = [0xFF; 49];
    let [version, b1, b2, kind, ah0, ah1, v0, v1, ..] = &mut brm;
    *version = minor;
    (*b1, *b2, *kind) = (1, 0, 6);
    (*ah0, *ah1, *v0, *v1) = (0xDC, 5, 0xA0, 0x0F);
    brm
}
