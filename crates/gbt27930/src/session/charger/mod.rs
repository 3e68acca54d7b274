//! The charger's end of a session.

mod receiving;
mod sending;
mod tables;
mod transitions;

use super::core::{Content, Deadlines, Events, Last, Schedule, kind_of, may_open, some_time};
use super::{ContentError, Event, Mishaps, Settings, State, StopBy, StopCauses};
use crate::message::{ChargerStopCauses, ChargerTimeouts, MessageKind, VehicleTimeouts};
use crate::transport::{Receiver, ReceiverEvent};
use crate::units::{DeciAmps, DeciVolts};
use crate::{Edition, Frame, Instant, Party};
use tables::{PERIODS, SLOTS, Slot, WAITS, Wait};

/// The charger's state machine.
///
/// After each call drain [`Self::poll_event`] and [`Self::poll_transmit`] until `None`.
#[derive(Debug, Clone)]
pub struct Charger {
    settings: Settings,
    /// What the host configured.
    own_edition: Edition,
    /// What is spoken: 2011 after a fallback.
    edition: Edition,
    state: State,
    events: Events,
    schedule: Schedule<{ SLOTS.len() }>,
    waits: Deadlines<{ WAITS.len() }>,
    receiver: Receiver,
    last: Last,
    contents: Contents,
    stop_causes: ChargerStopCauses,
    timeouts: ChargerTimeouts,
    peer_timeouts: VehicleTimeouts,
    mishaps: Mishaps,
    current: DeciAmps,
    demand: (Option<DeciVolts>, Option<DeciAmps>),
    charging_since: Instant,
    attempt: u8,
    flags: Flags,
}

#[derive(Debug, Clone)]
struct Contents {
    chm: Content<8>,
    crm: Content<8>,
    cts: Content<8>,
    cml: Content<8>,
    ccs: Content<8>,
    csd: Content<8>,
}

#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts of the session")]
struct Flags {
    /// The host said so, and nothing opened the contactors since.
    is_ready: bool,
    contactors_closed: bool,
    /// An `OutputOff` went out and charging was not reached since.
    output_blocked: bool,
    has_bcl: bool,
    has_bcs: bool,
    host_pauses: bool,
    bms_pauses: bool,
    is_paused: bool,
    /// Error messages change nothing until the next BRM.
    ignores_errors: bool,
    /// The host gave the content of CCS, elapsed time included.
    has_own_ccs: bool,
    /// The host gave the content of CRM.
    has_own_crm: bool,
}

impl Charger {
    /// A charger of an edition with the standard's settings.
    #[must_use]
    pub const fn new(edition: Edition) -> Self {
        Self::with_settings(edition, Settings::STANDARD)
    }

    /// A charger with other settings.
    #[must_use]
    pub const fn with_settings(edition: Edition, settings: Settings) -> Self {
        Self {
            settings,
            own_edition: edition,
            edition,
            state: State::Idle,
            events: Events::new(),
            schedule: Schedule::new(),
            waits: Deadlines::new(),
            receiver: Receiver::new(Party::Charger, settings.transport),
            last: Last::None,
            contents: Contents {
                chm: Content::new(&[1, 1, 0]),
                crm: Content::new(&default_crm(edition)),
                cts: Content::new(&[0xFF; 7]),
                // 750.0 V, 150.0 V, -250.0 A, 0.0 A.
                cml: Content::new(&[0x4C, 0x1D, 0xDC, 0x05, 0xDC, 0x05, 0xA0, 0x0F]),
                ccs: Content::new(&[0, 0, 0xA0, 0x0F, 0, 0, 0xFD]),
                csd: Content::new(&[0, 0, 0, 0, 1, 0, 0, 0]),
            },
            stop_causes: ChargerStopCauses::empty(edition),
            timeouts: ChargerTimeouts::empty(edition),
            peer_timeouts: VehicleTimeouts::empty(edition),
            mishaps: Mishaps {
                insulation_failed: false,
                stopped_before_charging: false,
                unplugged: false,
                recovery_failed: false,
            },
            current: DeciAmps::ZERO,
            demand: (None, None),
            charging_since: Instant::from_millis(0),
            attempt: 0,
            flags: Flags {
                is_ready: false,
                contactors_closed: false,
                output_blocked: false,
                has_bcl: false,
                has_bcs: false,
                host_pauses: false,
                bms_pauses: false,
                is_paused: false,
                ignores_errors: false,
                has_own_ccs: false,
                has_own_crm: false,
            },
        }
    }

    /// The state.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// The edition that is spoken: 2011 after a fallback.
    #[must_use]
    pub const fn edition(&self) -> Edition {
        self.edition
    }

    /// Own time-outs since the last reconnection.
    #[must_use]
    pub const fn timeouts(&self) -> ChargerTimeouts {
        self.timeouts
    }

    /// Time-outs that the vehicle reported since the last reconnection.
    #[must_use]
    pub const fn peer_timeouts(&self) -> VehicleTimeouts {
        self.peer_timeouts
    }

    /// What else went wrong.
    #[must_use]
    pub const fn mishaps(&self) -> Mishaps {
        self.mishaps
    }

    /// Payload of the message of the last [`Event::Message`]; `memory` is what was lent.
    #[must_use]
    pub fn payload<'a>(&'a self, memory: &'a [u8]) -> &'a [u8] {
        self.last.payload(memory)
    }

    // ---- What the host says.

    /// Plugged, locked, auxiliary power on: the session starts.
    pub fn connected(&mut self, now: Instant) {
        if self.state != State::Idle {
            return;
        }
        if self.own_edition == Edition::V2011 {
            return self.start_insulation_test(None);
        }
        self.enter(State::Handshake);
        self.send(now, Slot::Chm);
        self.wait(Wait::Bhm, now, self.settings.bhm);
    }

    /// The insulation test is over, the output discharged and K1/K2 open.
    pub fn insulation_result(&mut self, now: Instant, passed: bool) {
        if self.state != State::InsulationTest {
            return;
        }
        if !passed {
            self.mishaps.insulation_failed = true;
            self.output_off();
            return self.finish(false);
        }
        self.schedule.stop(Slot::Chm as usize);
        self.recognise(now);
    }

    /// Precharged and K1/K2 closed. May come early; remembered until the session ends or an error opens the contactors.
    pub fn set_ready(&mut self, now: Instant, is_ready: bool) {
        self.flags.is_ready = is_ready;
        match self.state {
            State::PrepareOutput if is_ready => self.become_ready(now),
            State::Ready if !is_ready => {
                self.enter(State::PrepareOutput);
                self.waits.clear(Wait::Bcl as usize);
                self.waits.clear(Wait::Bcs as usize);
                self.send(now, Slot::Cro);
            }
            _ => {}
        }
    }

    /// Stop. Before charging the session fails at once.
    pub fn stop(&mut self, now: Instant, causes: ChargerStopCauses) {
        match self.state {
            State::Charging => {
                self.begin_stop(now, StopBy::Host, StopCauses::Charger(causes), causes, false);
            }
            State::Idle | State::Stopping | State::Statistics | State::Done | State::Failed => {}
            _ => {
                self.mishaps.stopped_before_charging = true;
                self.output_off();
                self.open_contactors(now);
                self.finish(false);
            }
        }
    }

    /// An empty set of causes in the layout of the edition that is spoken.
    #[must_use]
    pub const fn no_causes(&self) -> ChargerStopCauses {
        ChargerStopCauses::empty(self.edition)
    }

    /// Pause: CCS without permission.
    pub fn pause(&mut self, now: Instant) {
        self.flags.host_pauses = true;
        self.update_pause(now);
    }

    /// End of the pause.
    pub fn resume(&mut self, now: Instant) {
        self.flags.host_pauses = false;
        self.update_pause(now);
    }

    /// What the charger measures at its output.
    pub fn measured(&mut self, voltage: DeciVolts, current: DeciAmps) {
        self.current = current;
        let ([v0, v1], [c0, c1]) = (voltage.raw().to_le_bytes(), current.raw().to_le_bytes());
        let [b0, b1, b2, b3, ..] = self.contents.ccs.bytes_mut();
        (*b0, *b1, *b2, *b3) = (v0, v1, c0, c1);
        if self.waits.is_set(Wait::Contactors as usize) && may_open(current) {
            self.waits.clear(Wait::Contactors as usize);
            self.contactors_open();
        }
    }

    /// Content of a message. The engine still sets the recognition of CRM, the permission of CCS and 2011 lengths.
    ///
    /// # Errors
    /// [`ContentError`]: not a message that takes content here (CHM CRM CTS CML CCS CSD), or too long.
    pub fn set_content(
        &mut self,
        message: MessageKind,
        content: &[u8],
    ) -> Result<(), ContentError> {
        let slot = match message {
            MessageKind::Chm => &mut self.contents.chm,
            MessageKind::Crm => &mut self.contents.crm,
            MessageKind::Cts => &mut self.contents.cts,
            MessageKind::Cml => &mut self.contents.cml,
            MessageKind::Ccs => &mut self.contents.ccs,
            MessageKind::Csd => &mut self.contents.csd,
            _ => return Err(ContentError::NotTaken { message }),
        };
        slot.set(message, content)?;
        self.flags.has_own_ccs |= message == MessageKind::Ccs;
        self.flags.has_own_crm |= message == MessageKind::Crm;
        Ok(())
    }

    /// The connector was pulled: power off, nothing more is sent.
    pub fn unplugged(&mut self, now: Instant) {
        match self.state {
            State::Idle => {}
            State::Done | State::Failed => self.reset(),
            _ => {
                self.mishaps.unplugged = true;
                self.output_off();
                self.open_contactors(now);
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
        self.schedule.stop_all();
        // Contactors that still wait for the current to fall open when it is due.
        self.waits.clear_except(Wait::Contactors as usize);
        self.attempt = 0;
        self.mishaps = Mishaps::default();
        let Flags { has_own_ccs, has_own_crm, contactors_closed, .. } = self.flags;
        self.flags = Flags { has_own_ccs, has_own_crm, contactors_closed, ..Flags::default() };
        self.speak(self.own_edition);
    }

    // ---- Frames, time, output.

    /// Takes a frame. `memory` is where multi-packet messages are put together: the same on each call, 1785 bytes to
    /// be ready for any, 49 for all that the session itself needs.
    #[inline]
    pub fn handle_frame(&mut self, now: Instant, frame: &Frame, memory: &mut [u8]) {
        if frame.id().sender() != Some(Party::Bms) {
            return;
        }
        if let Some(kind) = MessageKind::from_pf(frame.id().pf(), Party::Bms) {
            self.last = Last::Single(*frame);
            self.handle_message(now, kind, frame.data());
        } else if let Some(ReceiverEvent::Received { pgn, size }) =
            self.receiver.handle_frame(now, frame, memory)
            && let Some(kind) = kind_of(pgn, Party::Bms)
        {
            self.last = Last::Reassembled(size);
            self.handle_message(now, kind, memory.get(..size.into()).unwrap_or_default());
        }
    }

    /// Does what is due at this time; harmless when early.
    pub fn handle_timeout(&mut self, now: Instant, _memory: &mut [u8]) {
        self.receiver.handle_timeout(now);
        while let Some((index, at)) = self.waits.take_due(now) {
            if let Some(wait) = WAITS.get(index) {
                self.expire(now, at, *wait);
            }
        }
        if self.state == State::Charging && !self.flags.has_own_ccs {
            self.set_elapsed(now);
        }
        self.schedule.tick(now, &PERIODS);
    }

    /// The next event.
    #[inline]
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop()
    }

    /// The next frame to send.
    #[inline]
    pub fn poll_transmit(&mut self) -> Option<Frame> {
        if let Some(frame) = self.receiver.poll_transmit() {
            return Some(frame);
        }
        let index = self.schedule.take_due(u16::MAX)?;
        self.build(index)
    }

    /// When to call [`Self::handle_timeout`] next.
    #[must_use]
    #[inline]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let own = self.waits.earliest().min(self.schedule.earliest());
        some_time(self.receiver.poll_timeout().map_or(own, |at| at.min(own)))
    }
}

/// A CRM of charger 1 without an area code, in the layout of the edition.
const fn default_crm(edition: Edition) -> [u8; 8] {
    match edition {
        Edition::V2011 => [0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        Edition::V2015 | Edition::V2023 => [0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF],
    }
}
