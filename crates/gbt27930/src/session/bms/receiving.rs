//! Messages of the charger.

use super::Bms;
use super::tables::{Slot, Wait};
use crate::Edition;
use crate::codes::{Permit, Readiness, Recognition};
use crate::message::{
    ChargerReadyView, ChargerRecognitionView, ChargerStatusView, ChargerStopCauses,
    ChargerTimeouts, MessageKind, VehicleStopCause,
};
use crate::session::{Event, State, StopBy, StopCauses};

impl Bms {
    pub(super) fn handle_message(&mut self, kind: MessageKind, payload: &[u8]) {
        self.events.push(Event::Message { kind, len: payload.len() as u16 });
        match (kind, self.state) {
            (MessageKind::Ccs, State::Charging) => {
                if let Ok(status) = ChargerStatusView::new(payload, self.edition) {
                    self.wait(Wait::Ccs, self.settings.ccs);
                    match status.charge_permit() {
                        Permit::Forbidden => self.flags.charger_pauses = true,
                        Permit::Permitted => self.flags.charger_pauses = false,
                        Permit::Reserved | Permit::NotAvailable => {}
                    }
                    self.update_pause();
                }
            }
            (MessageKind::Chm, State::WaitChm)
                if self.edition != Edition::V2011 && payload.len() >= 3 =>
            {
                self.enter(State::Handshake);
                self.send(Slot::Bhm);
                self.wait(Wait::Crm00, self.settings.crm00);
            }
            (
                MessageKind::Crm,
                State::WaitChm | State::Handshake | State::Recognise | State::CommError,
            ) => {
                self.on_recognition(payload);
            }
            (MessageKind::Cml, State::Configure) if payload.len() >= 6 => {
                self.waits.clear(Wait::Cml as usize);
                self.stop_sending();
                self.enter(State::Ready);
                self.events.push(Event::CloseContactors);
                self.flags.contactors_closed = true;
                if self.flags.is_ready {
                    self.become_ready();
                } else {
                    self.send(Slot::Bro);
                }
            }
            (MessageKind::Cro, State::WaitCharger) => {
                match ChargerReadyView::new(payload, self.edition).map(|view| view.ready()) {
                    Ok(Readiness::Ready) => self.begin_charging(),
                    Ok(Readiness::NotReady) => self.wait(Wait::Cro, self.settings.cro),
                    _ => {}
                }
            }
            (MessageKind::Cst, State::Charging) => {
                if let Ok(causes) = ChargerStopCauses::decode(payload, self.edition) {
                    self.flags.has_cst = true;
                    let answer = self.no_causes().with(VehicleStopCause::ChargerStop);
                    self.begin_stop(StopBy::Charger, StopCauses::Charger(causes), answer);
                }
            }
            (MessageKind::Cst, State::Stopping) if payload.len() >= 4 => {
                self.flags.has_cst = true;
                self.waits.clear(Wait::Cst as usize);
                self.try_statistics();
            }
            (MessageKind::Csd, State::Statistics)
                if payload.len() >= 5 && !self.waits.is_set(Wait::EndError as usize) =>
            {
                self.finish(self.timeouts.is_empty() && self.peer_timeouts.is_empty());
            }
            (MessageKind::Cem, _) => self.on_error_message(payload),
            _ => {}
        }
    }

    pub(super) fn on_recognition(&mut self, payload: &[u8]) {
        let Ok(view) = ChargerRecognitionView::new(payload, self.edition) else {
            return;
        };
        match (view.recognition(), self.state) {
            (Recognition::NotRecognised, State::Recognise) => {}
            (Recognition::NotRecognised, _) => {
                self.stop_sending();
                self.waits.clear_except(Wait::Contactors as usize);
                self.clean_errors();
                self.enter(State::Recognise);
                self.send(Slot::Brm);
                self.wait(Wait::CrmAa, self.settings.crm_aa);
            }
            // After an error only CRM(00) starts again; a late joiner may see CRM(AA) first.
            (Recognition::Recognised, State::CommError) | (Recognition::Unknown(_), _) => {}
            (Recognition::Recognised, _) => {
                self.stop_sending();
                self.waits.clear_except(Wait::Contactors as usize);
                self.enter(State::Configure);
                self.send(Slot::Bcp);
                self.wait(Wait::Cml, self.settings.cml);
            }
        }
    }

    pub(super) fn become_ready(&mut self) {
        self.enter(State::WaitCharger);
        self.send(Slot::Bro);
        self.wait(Wait::Cro, self.settings.cro);
        self.wait(Wait::CroReady, self.settings.cro_ready);
    }

    pub(super) fn begin_charging(&mut self) {
        self.waits.clear(Wait::Cro as usize);
        self.waits.clear(Wait::CroReady as usize);
        self.stop_sending();
        self.enter(State::Charging);
        for slot in [Slot::Bcl, Slot::Bcs, Slot::Bsm, Slot::Bmv, Slot::Bmt, Slot::Bsp] {
            self.send(slot);
        }
        self.wait(Wait::Ccs, self.settings.ccs);
        self.update_pause();
    }

    pub(super) fn on_error_message(&mut self, payload: &[u8]) {
        let Ok(error) = ChargerTimeouts::decode(payload, self.edition) else {
            return;
        };
        self.events.push(Event::PeerError { payload: error.to_bytes() });
        match self.state {
            State::Idle
            | State::WaitChm
            | State::Handshake
            | State::CommError
            | State::Done
            | State::Failed => {}
            State::Stopping | State::Statistics => self.peer_timeouts = error,
            _ => {
                self.peer_timeouts = error;
                self.communication_error();
            }
        }
    }
}
