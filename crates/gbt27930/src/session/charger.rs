//! The charger's end of a session.

use super::core::{
    Content, Deadlines, Events, Last, Schedule, enter, frame_of, may_open, periods, some_time,
};
use super::{ContentError, Event, Mishaps, Settings, State, StopBy, StopCauses, WaitingFor};
use crate::capture::edition_of_brm;
use crate::codes::{Code, Permit, Readiness, Recognition};
use crate::message::{
    BatteryStateView, ChargeDemandView, ChargerStopCause, ChargerStopCauses, ChargerTimeout,
    ChargerTimeouts, MessageKind, VehicleHandshakeView, VehicleReadyView, VehicleRecognitionView,
    VehicleStopCauses, VehicleTimeouts,
};
use crate::transport::{Receiver, ReceiverEvent};
use crate::units::{DeciAmps, DeciVolts};
use crate::{Edition, Frame, Instant, Party};

/// What the charger sends, in order of urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
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

const SLOTS: [MessageKind; 9] = [
    MessageKind::Cem,
    MessageKind::Cst,
    MessageKind::Chm,
    MessageKind::Crm,
    MessageKind::Cts,
    MessageKind::Cml,
    MessageKind::Cro,
    MessageKind::Ccs,
    MessageKind::Csd,
];

/// What the charger waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
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

const WAITS: [Wait; 15] = [
    Wait::Bhm,
    Wait::Brm,
    Wait::Bcp,
    Wait::Bro,
    Wait::BroReady,
    Wait::Bcl,
    Wait::Bcs,
    Wait::Bsm,
    Wait::Bst,
    Wait::Bsd,
    Wait::Pause,
    Wait::Reopen,
    Wait::Statistics,
    Wait::EndError,
    Wait::Contactors,
];

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
    schedule: Schedule<9>,
    waits: Deadlines<15>,
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
                crm: Content::new(&[0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF]),
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
        let (own_ccs, closed) = (self.flags.has_own_ccs, self.flags.contactors_closed);
        self.flags = Flags { has_own_ccs: own_ccs, contactors_closed: closed, ..Flags::default() };
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
        {
            let kind = MessageKind::from_pf((pgn >> 8) as u8, Party::Bms);
            if let Some(kind) = kind.filter(|kind| kind.info().pgn() == pgn) {
                self.last = Last::Reassembled(size);
                self.handle_message(now, kind, memory.get(..size.into()).unwrap_or_default());
            }
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
        self.schedule.tick(now, period);
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

    fn build(&mut self, index: usize) -> Option<Frame> {
        let kind = *SLOTS.get(index)?;
        let length = usize::from(kind.info().length_in(self.edition));
        let length = if length == 0 { 8 } else { length };
        let contents = &mut self.contents;
        let payload: &[u8] = match kind {
            MessageKind::Cem => &self.timeouts.to_bytes(),
            MessageKind::Cst => &self.stop_causes.to_bytes(),
            MessageKind::Chm => contents.chm.as_bytes(),
            MessageKind::Crm => {
                let recognition = match self.state {
                    State::Recognised => Recognition::Recognised,
                    _ => Recognition::NotRecognised,
                };
                let [first, ..] = contents.crm.bytes_mut();
                *first = recognition.to_code();
                contents.crm.as_bytes()
            }
            MessageKind::Cts => contents.cts.as_bytes(),
            MessageKind::Cml => contents.cml.cut(length),
            MessageKind::Cro => {
                let readiness = match self.state {
                    State::Ready => Readiness::Ready,
                    _ => Readiness::NotReady,
                };
                &[readiness.to_code()]
            }
            MessageKind::Ccs => {
                let permit =
                    if self.flags.host_pauses { Permit::Forbidden } else { Permit::Permitted };
                let [.., permission, _] = contents.ccs.bytes_mut();
                *permission = *permission & !3 | permit.to_code();
                // 8 bytes if the host gave so many, 6 in 2011.
                contents.ccs.cut(if self.edition == Edition::V2011 { 6 } else { 8 })
            }
            _ => contents.csd.cut(length),
        };
        frame_of(kind, Party::Charger, payload)
    }

    // ---- Messages of the vehicle.

    fn handle_message(&mut self, now: Instant, kind: MessageKind, payload: &[u8]) {
        self.events.push(Event::Message { kind, len: payload.len() as u16 });
        match (kind, self.state) {
            (MessageKind::Bcl, State::Ready | State::Charging) => self.on_demand(now, payload),
            (MessageKind::Bcs, State::Ready | State::Charging) if payload.len() >= 9 => {
                self.wait(Wait::Bcs, now, self.settings.bcs);
                self.flags.has_bcs = true;
                self.try_charging(now);
            }
            (MessageKind::Bsm, State::Ready | State::Charging) => {
                self.on_battery_state(now, payload);
            }
            (MessageKind::Bhm, State::Handshake | State::InsulationTest) => {
                if let Ok(view) = VehicleHandshakeView::new(payload, self.edition) {
                    self.speak(self.own_edition);
                    if self.state == State::Handshake {
                        self.waits.clear(Wait::Bhm as usize);
                        self.start_insulation_test(view.max_total_voltage());
                    }
                }
            }
            (MessageKind::Brm, State::Recognise)
                if VehicleRecognitionView::new(payload, self.edition).is_ok() =>
            {
                // After a fallback the vehicle's own version decides.
                if self.edition != self.own_edition && edition_of_brm(payload) != Edition::V2011 {
                    self.speak(self.own_edition);
                }
                self.flags.ignores_errors = false;
                self.waits.clear(Wait::Brm as usize);
                self.enter(State::Recognised);
                self.send(now, Slot::Crm);
                self.wait(Wait::Bcp, now, self.settings.bcp);
            }
            (MessageKind::Bcp, State::Recognised) if payload.len() >= 13 => {
                self.waits.clear(Wait::Bcp as usize);
                self.schedule.stop(Slot::Crm as usize);
                self.enter(State::Configure);
                self.send(now, Slot::Cts);
                self.send(now, Slot::Cml);
                self.wait(Wait::Bro, now, self.settings.bro);
                self.wait(Wait::BroReady, now, self.settings.bro_ready);
            }
            (MessageKind::Bro, State::Configure | State::WaitBmsReady) => {
                self.on_vehicle_ready(now, payload);
            }
            (MessageKind::Bst, State::Ready | State::Charging) => {
                if let Ok(causes) = VehicleStopCauses::decode(payload, self.edition) {
                    let answer = self.no_causes().with(ChargerStopCause::BmsStop);
                    self.begin_stop(now, StopBy::Bms, StopCauses::Vehicle(causes), answer, true);
                }
            }
            (MessageKind::Bst, State::Stopping) if payload.len() >= 4 => {
                self.waits.clear(Wait::Bst as usize);
            }
            (MessageKind::Bsd, State::Stopping)
                if payload.len() >= 7 && !self.waits.is_set(Wait::EndError as usize) =>
            {
                self.waits.clear(Wait::Bst as usize);
                self.waits.clear(Wait::Bsd as usize);
                self.schedule.stop_all();
                self.enter(State::Statistics);
                self.send(now, Slot::Csd);
                let length = self.settings.csd_repeats.saturating_mul(period(Slot::Csd as usize));
                self.wait(Wait::Statistics, now, length);
            }
            (MessageKind::Bem, _) => self.on_error_message(now, payload),
            _ => {}
        }
    }

    fn on_vehicle_ready(&mut self, now: Instant, payload: &[u8]) {
        match VehicleReadyView::new(payload, self.edition).map(|view| view.ready()) {
            Ok(Readiness::Ready) => {
                self.waits.clear(Wait::Bro as usize);
                self.waits.clear(Wait::BroReady as usize);
                self.schedule.stop(Slot::Cts as usize);
                self.schedule.stop(Slot::Cml as usize);
                self.enter(State::PrepareOutput);
                self.events.push(Event::PrepareOutput);
                self.events.push(Event::CloseContactors);
                self.flags.contactors_closed = true;
                if self.flags.is_ready {
                    self.become_ready(now);
                } else {
                    self.send(now, Slot::Cro);
                }
            }
            Ok(Readiness::NotReady) => {
                self.wait(Wait::Bro, now, self.settings.bro);
                self.enter(State::WaitBmsReady);
            }
            _ => {}
        }
    }

    fn become_ready(&mut self, now: Instant) {
        self.enter(State::Ready);
        self.send(now, Slot::Cro);
        self.flags.has_bcl = false;
        self.flags.has_bcs = false;
        self.flags.bms_pauses = false;
        self.wait(Wait::Bcl, now, self.settings.bcl);
        self.wait(Wait::Bcs, now, self.settings.bcs);
    }

    fn on_demand(&mut self, now: Instant, payload: &[u8]) {
        let Ok(demand) = ChargeDemandView::new(payload, self.edition) else {
            return;
        };
        self.wait(Wait::Bcl, now, self.settings.bcl);
        self.demand = (demand.voltage_demand(), demand.current_demand());
        self.flags.has_bcl = true;
        if !self.flags.output_blocked {
            self.set_output();
        }
        self.try_charging(now);
    }

    /// Never during a pause: the output is at zero then.
    fn set_output(&mut self) {
        if !self.flags.is_paused {
            let (voltage, current) = self.demand;
            self.events.push(Event::SetOutput { voltage, current });
        }
    }

    fn try_charging(&mut self, now: Instant) {
        if self.state != State::Ready || !self.flags.has_bcl || !self.flags.has_bcs {
            return;
        }
        self.schedule.stop(Slot::Cro as usize);
        self.enter(State::Charging);
        self.attempt = 0;
        self.charging_since = now;
        if !self.flags.has_own_ccs {
            self.set_elapsed(now);
        }
        self.send(now, Slot::Ccs);
        if self.settings.bsm != 0 {
            self.wait(Wait::Bsm, now, self.settings.bsm);
        }
        self.update_pause(now);
        if self.flags.output_blocked {
            self.flags.output_blocked = false;
            self.set_output();
        }
    }

    fn on_battery_state(&mut self, now: Instant, payload: &[u8]) {
        let Ok(view) = BatteryStateView::new(payload, self.edition) else {
            return;
        };
        if self.settings.bsm != 0 && self.state == State::Charging {
            self.wait(Wait::Bsm, now, self.settings.bsm);
        }
        if view.demands_stop() {
            return self.stop_for_fault(now, StopBy::Bsm);
        }
        match view.charge_permit() {
            Permit::Forbidden => self.flags.bms_pauses = true,
            Permit::Permitted => self.flags.bms_pauses = false,
            Permit::Reserved | Permit::NotAvailable => {}
        }
        self.update_pause(now);
    }

    fn on_error_message(&mut self, now: Instant, payload: &[u8]) {
        let Ok(error) = VehicleTimeouts::decode(payload, self.edition) else {
            return;
        };
        self.events.push(Event::PeerError { payload: error.to_bytes() });
        match self.state {
            // Nothing to interrupt, or the insulation test must not be skipped, or known already.
            State::Idle
            | State::Handshake
            | State::InsulationTest
            | State::CommError
            | State::Done
            | State::Failed => {}
            State::Recognise if self.flags.ignores_errors => {}
            State::Stopping | State::Statistics => self.peer_timeouts = error,
            _ => {
                self.peer_timeouts = error;
                self.communication_error(now);
            }
        }
    }

    // ---- Transitions.

    fn expire(&mut self, now: Instant, at: Instant, wait: Wait) {
        let (item, waiting_for) = match wait {
            Wait::Bhm => {
                self.speak(Edition::V2011);
                return self.start_insulation_test(None);
            }
            Wait::Bsm => return self.stop_for_fault(now, StopBy::Bsm),
            Wait::Pause => return self.stop_for_fault(now, StopBy::PauseTimeout),
            Wait::Contactors => return self.contactors_open(),
            Wait::Statistics => {
                return self.finish(self.timeouts.is_empty() && self.peer_timeouts.is_empty());
            }
            Wait::EndError => return self.finish(false),
            Wait::Reopen => return self.reopen(now),
            Wait::Brm => (ChargerTimeout::Brm, WaitingFor::Brm),
            Wait::Bcp => (ChargerTimeout::Bcp, WaitingFor::Bcp),
            Wait::Bro | Wait::BroReady => (ChargerTimeout::Bro, WaitingFor::Bro),
            Wait::Bcl => (ChargerTimeout::Bcl, WaitingFor::Bcl),
            Wait::Bcs => (ChargerTimeout::Bcs, WaitingFor::Bcs),
            Wait::Bst => (ChargerTimeout::Bst, WaitingFor::Bst),
            Wait::Bsd => (ChargerTimeout::Bsd, WaitingFor::Bsd),
        };
        self.timeouts.set(item, crate::codes::Fault::Abnormal);
        self.events.push(Event::Timeout { waiting_for });
        if self.state == State::Stopping {
            // The end phase never reconnects: the error is sent while the other deadline runs on.
            self.output_off();
            if wait == Wait::Bsd {
                self.schedule.stop(Slot::Cst as usize);
                self.wait(Wait::EndError, at, self.settings.end_error);
            }
        } else {
            self.communication_error(now);
        }
        self.send(now, Slot::Cem);
    }

    /// Power off; recognition again after the time for the error messages.
    fn communication_error(&mut self, now: Instant) {
        self.output_off();
        self.schedule.stop_all();
        self.waits.clear_except(Wait::Contactors as usize);
        self.end_pause();
        self.flags.ignores_errors = true;
        self.enter(State::CommError);
        self.open_contactors(now);
        self.wait(Wait::Reopen, now, self.settings.reopen);
    }

    fn reopen(&mut self, now: Instant) {
        if u32::from(self.attempt) >= self.settings.reconnections {
            self.mishaps.recovery_failed = true;
            return self.finish(false);
        }
        self.attempt = self.attempt.saturating_add(1);
        self.schedule.stop_all();
        self.events.push(Event::Reconnect { attempt: self.attempt });
        self.timeouts = ChargerTimeouts::empty(self.edition);
        self.peer_timeouts = VehicleTimeouts::empty(self.edition);
        self.recognise(now);
    }

    fn recognise(&mut self, now: Instant) {
        self.enter(State::Recognise);
        self.send(now, Slot::Crm);
        self.wait(Wait::Brm, now, self.settings.brm);
    }

    fn start_insulation_test(&mut self, voltage: Option<DeciVolts>) {
        self.events.push(Event::StartInsulationTest { voltage });
        self.enter(State::InsulationTest);
    }

    fn stop_for_fault(&mut self, now: Instant, by: StopBy) {
        let causes =
            self.no_causes().with(ChargerStopCause::FaultStop).with(ChargerStopCause::OtherFault);
        self.begin_stop(now, by, StopCauses::Charger(causes), causes, false);
    }

    fn begin_stop(
        &mut self,
        now: Instant,
        by: StopBy,
        causes: StopCauses,
        cst: ChargerStopCauses,
        has_bst: bool,
    ) {
        self.output_off();
        self.events.push(Event::Stop { by, causes });
        self.schedule.stop_all();
        self.waits.clear_except(Wait::Contactors as usize);
        self.end_pause();
        self.timeouts = ChargerTimeouts::empty(self.edition);
        self.peer_timeouts = VehicleTimeouts::empty(self.edition);
        self.stop_causes = cst;
        self.enter(State::Stopping);
        self.open_contactors(now);
        self.send(now, Slot::Cst);
        if !has_bst {
            self.wait(Wait::Bst, now, self.settings.bst);
        }
        self.wait(Wait::Bsd, now, self.settings.bsd);
    }

    fn finish(&mut self, done: bool) {
        self.schedule.stop_all();
        self.waits.clear_except(Wait::Contactors as usize);
        self.end_pause();
        self.flags.is_ready = false;
        self.enter(if done { State::Done } else { State::Failed });
        self.events.push(Event::SessionEnd { done });
    }

    fn output_off(&mut self) {
        self.flags.output_blocked = true;
        self.events.push(Event::OutputOff);
    }

    /// Opens K1/K2 as soon as the current allows, at the latest when the time for it is over.
    fn open_contactors(&mut self, now: Instant) {
        if !self.flags.contactors_closed {
            return;
        }
        if may_open(self.current) {
            self.contactors_open();
        } else if !self.waits.is_set(Wait::Contactors as usize) {
            self.wait(Wait::Contactors, now, self.settings.charger_contactors);
        }
    }

    fn contactors_open(&mut self) {
        self.flags.contactors_closed = false;
        self.flags.is_ready = false;
        self.events.push(Event::OpenContactors);
    }

    fn update_pause(&mut self, now: Instant) {
        let pauses = self.flags.host_pauses || self.flags.bms_pauses;
        if self.state != State::Charging || pauses == self.flags.is_paused {
            return;
        }
        self.flags.is_paused = pauses;
        if pauses {
            self.events.push(Event::PauseOutput);
            self.wait(Wait::Pause, now, self.settings.pause);
        } else {
            self.events.push(Event::ResumeOutput);
            self.waits.clear(Wait::Pause as usize);
        }
    }

    fn end_pause(&mut self) {
        self.flags.is_paused = false;
        self.flags.host_pauses = false;
        self.flags.bms_pauses = false;
    }

    /// Changes the edition that is spoken, with empty sets in its layout.
    fn speak(&mut self, edition: Edition) {
        self.edition = edition;
        self.stop_causes = ChargerStopCauses::empty(edition);
        self.timeouts = ChargerTimeouts::empty(edition);
        self.peer_timeouts = VehicleTimeouts::empty(edition);
    }

    fn enter(&mut self, state: State) {
        enter(&mut self.state, &mut self.events, state);
    }

    fn send(&mut self, now: Instant, slot: Slot) {
        self.schedule.start(slot as usize, now, period(slot as usize));
    }

    fn set_elapsed(&mut self, now: Instant) {
        let minutes =
            u16::try_from(now.millis_since(self.charging_since) / 60_000).unwrap_or(600).min(600);
        let [low, high] = minutes.to_le_bytes();
        let [_, _, _, _, b4, b5, ..] = self.contents.ccs.bytes_mut();
        (*b4, *b5) = (low, high);
    }

    fn wait(&mut self, wait: Wait, now: Instant, millis: u32) {
        self.waits.set(wait as usize, now.plus_millis(millis));
    }
}

/// Period of a slot, from the message table.
fn period(index: usize) -> u32 {
    const PERIODS: [u32; SLOTS.len()] = periods(&SLOTS);
    PERIODS.get(index).copied().unwrap_or(250)
}
