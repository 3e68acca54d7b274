//! Transitions: what time brings about, and the ways from phase to phase.

use super::Bms;
use super::tables::{Slot, Wait};
use crate::Instant;
use crate::codes::Fault;
use crate::message::{
    ChargerTimeouts, VehicleStopCause, VehicleStopCauses, VehicleTimeout, VehicleTimeouts,
};
use crate::session::core::{enter, may_open};
use crate::session::{Event, State, StopBy, StopCauses, WaitingFor};

impl Bms {
    pub(super) fn expire(&mut self, at: Instant, wait: Wait) {
        let (item, waiting_for) = match wait {
            Wait::Pause => {
                let causes = self.no_causes().with(VehicleStopCause::OtherFault);
                return self.begin_stop(StopBy::PauseTimeout, StopCauses::Vehicle(causes), causes);
            }
            Wait::Again => {
                self.mishaps.recovery_failed = true;
                return self.finish(false);
            }
            Wait::EndError => return self.finish(false),
            Wait::Contactors => return self.contactors_open(),
            Wait::Crm00 => (VehicleTimeout::Crm00, WaitingFor::Crm00),
            Wait::CrmAa => (VehicleTimeout::CrmAa, WaitingFor::CrmAa),
            Wait::Cml => (VehicleTimeout::CtsCml, WaitingFor::CtsCml),
            Wait::Cro | Wait::CroReady => (VehicleTimeout::Cro, WaitingFor::Cro),
            Wait::Ccs => (VehicleTimeout::Ccs, WaitingFor::Ccs),
            Wait::Cst => (VehicleTimeout::Cst, WaitingFor::Cst),
            Wait::Csd => (VehicleTimeout::Csd, WaitingFor::Csd),
        };
        self.timeouts.set(item, Fault::Abnormal);
        self.events.push(Event::Timeout { waiting_for });
        if matches!(self.state, State::Stopping | State::Statistics) {
            // The end phase never reconnects: the error is sent while the other deadline runs on.
            if wait == Wait::Csd {
                self.schedule.stop(Slot::Bst as usize);
                self.schedule.stop(Slot::Bsd as usize);
                let end = at.plus_millis(self.settings.end_error);
                self.waits.set(Wait::EndError as usize, end);
            }
        } else {
            self.communication_error();
        }
        self.send(Slot::Bem);
    }

    /// Contactors open at once; then the charger has to start recognition again.
    pub(super) fn communication_error(&mut self) {
        self.stop_sending();
        self.waits.clear_except(Wait::Contactors as usize);
        self.end_pause();
        self.contactors_open();
        self.enter(State::CommError);
        self.wait(Wait::Again, self.settings.crm00_again);
    }

    pub(super) fn begin_stop(&mut self, by: StopBy, causes: StopCauses, bst: VehicleStopCauses) {
        self.events.push(Event::Stop { by, causes });
        self.stop_sending();
        self.waits.clear_except(Wait::Contactors as usize);
        self.end_pause();
        self.clean_errors();
        self.stop_causes = bst;
        self.flags.has_sent_bst = false;
        // A CST of an earlier attempt does not count.
        self.flags.has_cst &= by == StopBy::Charger;
        self.enter(State::Stopping);
        self.send(Slot::Bst);
        if !self.flags.has_cst {
            self.wait(Wait::Cst, self.settings.cst);
        }
        self.wait(Wait::Csd, self.settings.csd);
        if may_open(self.current) {
            self.contactors_open();
        } else {
            self.wait(Wait::Contactors, self.settings.bms_contactors);
        }
    }

    /// Statistics begin when the charger has stopped too, the current is small, and a BST went out.
    pub(super) fn try_statistics(&mut self) {
        let is_over = self.flags.has_cst && self.flags.has_sent_bst && may_open(self.current);
        if self.state == State::Stopping && is_over && !self.waits.is_set(Wait::EndError as usize) {
            self.schedule.stop(Slot::Bst as usize);
            self.enter(State::Statistics);
            self.send(Slot::Bsd);
        }
    }

    pub(super) fn finish(&mut self, done: bool) {
        self.stop_sending();
        self.waits.clear_except(Wait::Contactors as usize);
        self.end_pause();
        self.flags.is_ready = false;
        self.enter(if done { State::Done } else { State::Failed });
        self.events.push(Event::SessionEnd { done });
    }

    pub(super) fn contactors_open(&mut self) {
        self.waits.clear(Wait::Contactors as usize);
        if self.flags.contactors_closed {
            self.flags.contactors_closed = false;
            self.flags.is_ready = false;
            self.events.push(Event::OpenContactors);
        }
    }

    pub(super) fn update_pause(&mut self) {
        let pauses = self.flags.host_pauses || self.flags.charger_pauses;
        if self.state != State::Charging || pauses == self.flags.is_paused {
            return;
        }
        self.flags.is_paused = pauses;
        if pauses {
            self.wait(Wait::Pause, self.settings.pause);
        } else {
            self.waits.clear(Wait::Pause as usize);
        }
    }

    pub(super) fn end_pause(&mut self) {
        self.flags.is_paused = false;
        self.flags.host_pauses = false;
        self.flags.charger_pauses = false;
    }

    #[inline(never)]
    pub(super) fn clean_errors(&mut self) {
        self.timeouts = VehicleTimeouts::empty(self.edition);
        self.peer_timeouts = ChargerTimeouts::empty(self.edition);
    }

    pub(super) fn stop_sending(&mut self) {
        self.schedule.stop_all();
        self.sender.cancel();
    }

    pub(super) fn enter(&mut self, state: State) {
        enter(&mut self.state, &mut self.events, state);
    }

    pub(super) fn send(&mut self, slot: Slot) {
        self.schedule.start(slot as usize, self.now, slot.period());
    }

    #[inline(never)]
    pub(super) fn wait(&mut self, wait: Wait, millis: u32) {
        self.waits.set(wait as usize, self.now.plus_millis(millis));
    }
}
