//! Station and vehicle on one link in virtual time.

use evse_iso15118::message::iso20_acdp::{ElectricalChargingDeviceStatus, EvTechnicalStatus};
use evse_iso15118::message::iso20_wpt::{
    WptAlignmentCheckMethod, WptEvpcChargeDiagnostics, WptFinePositioningMethod, WptPairingMethod,
    WptPowerClass,
};
use evse_iso15118::session::{
    AcdpVehicle, End, Event, Instant, Offer, Output, Phase, Placing, Protocol, SeccSettings, State,
    Station, Timers, Turn, Vehicle, Wish, WptCharger, WptDemand, WptLimits, WptMethods, WptVehicle,
};
use evse_iso15118::v2gtp::PayloadType;

use crate::host::{Host, ID, SECONDS, milli};

pub(crate) const WPT_CHARGER: WptCharger<'static> = WptCharger {
    methods: WptMethods {
        positioning: &[WptFinePositioningMethod::Manual, WptFinePositioningMethod::LfTxEv],
        pairing: &[WptPairingMethod::ExternalConfirmation, WptPairingMethod::LfTxEv],
        alignment: &[WptAlignmentCheckMethod::PowerCheck],
        natural_offset: 3,
    },
    power_class: WptPowerClass::MfWpt3,
    min_clearance: 100,
    max_clearance: 250,
    min_coil_current: milli(1),
    max_coil_current: milli(75),
};

pub(crate) const WPT_VEHICLE: WptVehicle<'static> = WptVehicle {
    methods: WptMethods {
        positioning: &[WptFinePositioningMethod::LfTxEv],
        pairing: &[WptPairingMethod::LfTxEv],
        alignment: &[WptAlignmentCheckMethod::Lpe, WptAlignmentCheckMethod::PowerCheck],
        natural_offset: 5,
    },
    limits: WptLimits {
        max_power: milli(11_000),
        min_clearance: 140,
        max_clearance: 210,
        natural_frequency: milli(85_000),
        has_local_control: true,
    },
    placing: Placing::Ongoing,
    observed_id: Some(77),
    coil_current: Some(milli(2)),
    demand: WptDemand {
        power: milli(20_000),
        output: milli(7_300),
        diagnostics: WptEvpcChargeDiagnostics::EvpcTempOverheatDetected,
        soc: Some(55),
        is_complete: false,
        meter_requested: true,
    },
};

pub(crate) const ACDP_VEHICLE: AcdpVehicle = AcdpVehicle {
    is_immobile: true,
    uses_help: true,
    electrical: ElectricalChargingDeviceStatus::StateC,
    status: EvTechnicalStatus {
        ev_ready_to_charge: true,
        ev_immobilization_request: false,
        ev_immobilized: Some(true),
        ev_wlan_strength: None,
        ev_cp_status: None,
        ev_soc: Some(55),
        ev_error_code: None,
        ev_timeout: None,
    },
};

pub(crate) struct Link<'s> {
    pub(crate) now: u64,
    pub(crate) station: Station<'s>,
    pub(crate) vehicle: Vehicle<'s>,
    pub(crate) host: Host,
    pub(crate) events: Vec<Event>,
    pub(crate) ends: [Option<End>; 2],
}

impl<'s> Link<'s> {
    pub(crate) fn new(
        protocols: &'s [Protocol],
        offer: &'s Offer<'s>,
        wish: &'s Wish<'s>,
        timers: &'s Timers,
        paused: Option<[u8; 8]>,
    ) -> Self {
        let settings = SeccSettings { protocols, session_id: ID, paused, timers };
        let now = Instant::from_millis(0);
        let mut link = Self {
            now: 0,
            station: Station::new(settings, offer, now).with_wpt(&WPT_CHARGER),
            vehicle: Vehicle::new(protocols, wish, timers, paused, now),
            host: Host::new(),
            events: Vec::new(),
            ends: [None; 2],
        };
        link.vehicle.set_wpt(WPT_VEHICLE);
        link.vehicle.set_acdp(ACDP_VEHICLE);
        let mut out = [0; 2048];
        let length = link.vehicle.handshake(&mut out).unwrap();
        link.exchange(PayloadType::Sap, &out[..length]);
        link
    }

    pub(crate) fn now(&self) -> Instant {
        Instant::from_millis(self.now)
    }

    /// A request to the station, its response back to the vehicle; the response.
    pub(crate) fn exchange(&mut self, payload_type: PayloadType, request: &[u8]) -> Vec<u8> {
        let mut out = [0; 2048];
        let now = self.now();
        let output = self.station.handle_message(now, SECONDS, payload_type, request, &mut out);
        let (payload_type, length) = match output {
            Output::Send(payload_type, length) => (payload_type, length),
            Output::Ask(question) => {
                let mut message = [0; 1024];
                let id = self.station.secc().session_id();
                let answer = self.host.answer(question, &mut message, id);
                self.station.answer(now, SECONDS, &answer, &mut out).unwrap()
            }
            other => panic!("{other:?}"),
        };
        self.now += 20;
        let turn = self.vehicle.handle_message(self.now(), payload_type, &out[..length]);
        assert_ne!(turn, Turn::Nothing);
        self.now += 20;
        while let Some(event) = self.station.poll_event() {
            self.events.push(event);
            if let Event::Ended(end) = event {
                self.ends[0] = Some(end);
            }
        }
        while let Some(event) = self.vehicle.poll_event() {
            if let Event::Ended(end) = event {
                self.ends[1] = Some(end);
            }
        }
        out[..length].to_vec()
    }

    pub(crate) fn turn(&mut self, state: &State) -> Vec<u8> {
        let mut out = [0; 2048];
        let (payload_type, length) =
            self.vehicle.next(self.now(), SECONDS, state, &mut out).unwrap_or_else(|error| {
                panic!("{:?} {error:?}", self.vehicle.phase());
            });
        self.exchange(payload_type, &out[..length])
    }

    /// Goes on until the phase is reached.
    pub(crate) fn until(&mut self, state: &State, phase: Phase) {
        for _ in 0..100 {
            if self.vehicle.phase() == phase || self.ends[1].is_some() {
                break;
            }
            self.turn(state);
        }
        assert_eq!(self.vehicle.phase(), phase, "{:?}", self.ends);
    }

    pub(crate) fn finish(&mut self, state: &State) -> [Option<End>; 2] {
        for _ in 0..100 {
            if self.ends[1].is_some() {
                return self.ends;
            }
            self.turn(state);
        }
        panic!("{:?}", self.vehicle.phase());
    }
}
