//! Messages of the vehicle.

use super::Charger;
use super::tables::{Slot, Wait};
use crate::capture::edition_of_brm;
use crate::codes::{Permit, Readiness};
use crate::message::{
    BatteryStateView, ChargeDemandView, ChargerStopCause, MessageKind, VehicleHandshakeView,
    VehicleReadyView, VehicleRecognitionView, VehicleStopCauses, VehicleTimeouts,
};
use crate::session::{Event, State, StopBy, StopCauses};
use crate::{Edition, Instant};

impl Charger {
    pub(super) fn handle_message(&mut self, now: Instant, kind: MessageKind, payload: &[u8]) {
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
                let length = self.settings.csd_repeats.saturating_mul(Slot::Csd.period());
                self.wait(Wait::Statistics, now, length);
            }
            (MessageKind::Bem, _) => self.on_error_message(now, payload),
            _ => {}
        }
    }

    pub(super) fn on_vehicle_ready(&mut self, now: Instant, payload: &[u8]) {
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

    pub(super) fn become_ready(&mut self, now: Instant) {
        self.enter(State::Ready);
        self.send(now, Slot::Cro);
        self.flags.has_bcl = false;
        self.flags.has_bcs = false;
        self.flags.bms_pauses = false;
        self.wait(Wait::Bcl, now, self.settings.bcl);
        self.wait(Wait::Bcs, now, self.settings.bcs);
    }

    pub(super) fn on_demand(&mut self, now: Instant, payload: &[u8]) {
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
    #[inline(never)]
    pub(super) fn set_output(&mut self) {
        if !self.flags.is_paused {
            let (voltage, current) = self.demand;
            self.events.push(Event::SetOutput { voltage, current });
        }
    }

    pub(super) fn try_charging(&mut self, now: Instant) {
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

    pub(super) fn on_battery_state(&mut self, now: Instant, payload: &[u8]) {
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

    pub(super) fn on_error_message(&mut self, now: Instant, payload: &[u8]) {
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
}
