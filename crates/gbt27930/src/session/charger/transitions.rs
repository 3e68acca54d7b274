//! Transitions: what time brings about, and the ways from phase to phase.

use super::tables::{Slot, Wait};
use super::{Charger, default_crm};
use crate::codes::Fault;
use crate::message::{
    ChargerStopCause, ChargerStopCauses, ChargerTimeout, ChargerTimeouts, VehicleTimeouts,
};
use crate::session::core::{Content, enter, may_open};
use crate::session::{Event, State, StopBy, StopCauses, WaitingFor};
use crate::units::DeciVolts;
use crate::{Edition, Instant};

impl Charger {
    pub(super) fn expire(&mut self, now: Instant, at: Instant, wait: Wait) {
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
        self.timeouts.set(item, Fault::Abnormal);
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
    pub(super) fn communication_error(&mut self, now: Instant) {
        self.output_off();
        self.schedule.stop_all();
        self.waits.clear_except(Wait::Contactors as usize);
        self.end_pause();
        self.flags.ignores_errors = true;
        self.enter(State::CommError);
        self.open_contactors(now);
        self.wait(Wait::Reopen, now, self.settings.reopen);
    }

    pub(super) fn reopen(&mut self, now: Instant) {
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

    pub(super) fn recognise(&mut self, now: Instant) {
        self.enter(State::Recognise);
        self.send(now, Slot::Crm);
        self.wait(Wait::Brm, now, self.settings.brm);
    }

    pub(super) fn start_insulation_test(&mut self, voltage: Option<DeciVolts>) {
        self.events.push(Event::StartInsulationTest { voltage });
        self.enter(State::InsulationTest);
    }

    pub(super) fn stop_for_fault(&mut self, now: Instant, by: StopBy) {
        let causes =
            self.no_causes().with(ChargerStopCause::FaultStop).with(ChargerStopCause::OtherFault);
        self.begin_stop(now, by, StopCauses::Charger(causes), causes, false);
    }

    pub(super) fn begin_stop(
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

    pub(super) fn finish(&mut self, done: bool) {
        self.schedule.stop_all();
        self.waits.clear_except(Wait::Contactors as usize);
        self.end_pause();
        self.flags.is_ready = false;
        self.enter(if done { State::Done } else { State::Failed });
        self.events.push(Event::SessionEnd { done });
    }

    pub(super) fn output_off(&mut self) {
        self.flags.output_blocked = true;
        self.events.push(Event::OutputOff);
    }

    /// Opens K1/K2 as soon as the current allows, at the latest when the time for it is over.
    pub(super) fn open_contactors(&mut self, now: Instant) {
        if !self.flags.contactors_closed {
            return;
        }
        if may_open(self.current) {
            self.contactors_open();
        } else if !self.waits.is_set(Wait::Contactors as usize) {
            self.wait(Wait::Contactors, now, self.settings.charger_contactors);
        }
    }

    pub(super) fn contactors_open(&mut self) {
        self.flags.contactors_closed = false;
        self.flags.is_ready = false;
        self.events.push(Event::OpenContactors);
    }

    pub(super) fn update_pause(&mut self, now: Instant) {
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

    pub(super) fn end_pause(&mut self) {
        self.flags.is_paused = false;
        self.flags.host_pauses = false;
        self.flags.bms_pauses = false;
    }

    /// Changes the edition that is spoken, with empty sets and our own CRM in its layout.
    #[inline(never)]
    pub(super) fn speak(&mut self, edition: Edition) {
        self.edition = edition;
        if !self.flags.has_own_crm {
            self.contents.crm = Content::new(&default_crm(edition));
        }
        self.stop_causes = ChargerStopCauses::empty(edition);
        self.timeouts = ChargerTimeouts::empty(edition);
        self.peer_timeouts = VehicleTimeouts::empty(edition);
    }

    pub(super) fn enter(&mut self, state: State) {
        enter(&mut self.state, &mut self.events, state);
    }

    pub(super) fn send(&mut self, now: Instant, slot: Slot) {
        self.schedule.start(slot as usize, now, slot.period());
    }

    pub(super) fn set_elapsed(&mut self, now: Instant) {
        let minutes =
            u16::try_from(now.millis_since(self.charging_since) / 60_000).unwrap_or(600).min(600);
        let [low, high] = minutes.to_le_bytes();
        let [_, _, _, _, b4, b5, ..] = self.contents.ccs.bytes_mut();
        (*b4, *b5) = (low, high);
    }

    #[inline(never)]
    pub(super) fn wait(&mut self, wait: Wait, now: Instant, millis: u32) {
        self.waits.set(wait as usize, now.plus_millis(millis));
    }
}
