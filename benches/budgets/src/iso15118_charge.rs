//! A DC charge of both engines, driven into its loop, of which then one end alone is at work.

use core::hint::black_box;

use evse_iso15118::MilliUnits;
use evse_iso15118::session::{
    Answer, ControlMode, Identification, Instant, Limits, Offer, Output, Phase, Present, Protocol,
    Question, Schedule, SeccSettings, Service, State, Station, Timers, Turn, Vehicle, Wish,
};
use evse_iso15118::v2gtp::PayloadType;

const NOW: Instant = Instant::from_millis(0);

const OFFER: Offer<'static> = Offer {
    evse_id: "DE*ABC*E12345",
    evse_id_din: &[0],
    services: &[Service::Dc],
    three_phases: true,
    ac_voltage: MilliUnits::from_raw(230_000),
    frequency: MilliUnits::from_raw(50_000),
    identification: &[Identification::External],
    control: &[ControlMode::Scheduled],
    is_free: true,
    pause: true,
    standby: true,
    service_renegotiation: true,
};

const WISH: Wish<'static> = Wish {
    evcc_id: [2, 0, 0, 0, 0, 1],
    evcc_id_text: "WMIV1234567890ABCDEX",
    service: Service::Dc,
    three_phases: true,
    control: ControlMode::Scheduled,
    identification: Identification::External,
    tolerance: MilliUnits::from_raw(20_000),
};

static TIMERS: Timers = Timers::STANDARD;

/// Which end is at work.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Station,
    Vehicle,
}

/// Both ends in the charge loop.
pub(crate) struct Charge<'s> {
    station: Station<'s>,
    vehicle: Vehicle<'s>,
    state: State,
    /// The last request and response of the loop.
    request: (PayloadType, Vec<u8>),
    response: (PayloadType, Vec<u8>),
}

impl<'s> Charge<'s> {
    pub(crate) fn new(protocols: &'s [Protocol]) -> Self {
        let settings =
            SeccSettings { protocols, session_id: [1; 8], paused: None, timers: &TIMERS };
        let volts = MilliUnits::from_raw(400_000);
        let mut charge = Self {
            station: Station::new(settings, &OFFER, NOW),
            vehicle: Vehicle::new(protocols, &WISH, &TIMERS, None, NOW),
            state: State { target_voltage: volts, present_voltage: volts, ..State::default() },
            request: (PayloadType::Sap, Vec::new()),
            response: (PayloadType::Sap, Vec::new()),
        };
        let mut out = [0; 2048];
        let length = charge.vehicle.handshake(&mut out).expect("room");
        charge.request.1 = out.get(..length).expect("written").to_vec();
        // Twice in the loop, so that a whole turn of it has been said.
        let mut in_loop = 0;
        while in_loop < 2 {
            let response = charge.answer();
            charge.response = response;
            let request = charge.ask();
            charge.request = request;
            in_loop += u32::from(charge.vehicle.phase() == Phase::Charging);
        }
        charge
    }

    /// The station takes the last request; its response.
    fn answer(&mut self) -> (PayloadType, Vec<u8>) {
        let mut out = [0; 2048];
        let (kind, length) = self.answer_into(&mut out);
        (kind, out.get(..length).expect("written").to_vec())
    }

    fn answer_into(&mut self, out: &mut [u8]) -> (PayloadType, usize) {
        let (kind, octets) = &self.request;
        match self.station.handle_message(NOW, 0, *kind, black_box(octets), out) {
            Output::Send(kind, length) => (kind, length),
            Output::Ask(question) => {
                let schedule = Schedule::constant(MilliUnits::from_raw(50_000_000), 86_400);
                let present = Present { voltage: self.state.target_voltage, ..Present::default() };
                let answer = match question {
                    Question::Limits { .. } => Answer::Limits(Limits::NONE, schedule),
                    Question::Schedule { .. } => Answer::Schedule(schedule.expect("not empty")),
                    Question::PreCharge { .. } | Question::Deliver(_) => Answer::Present(present),
                    _ => Answer::Done,
                };
                self.station.answer(NOW, 0, &answer, out).expect("the answer fits")
            }
            _ => panic!("no answer"),
        }
    }

    /// The vehicle takes the last response; its next request.
    fn ask(&mut self) -> (PayloadType, Vec<u8>) {
        let mut out = [0; 2048];
        let (kind, length) = self.ask_into(&mut out);
        (kind, out.get(..length).expect("written").to_vec())
    }

    fn ask_into(&mut self, out: &mut [u8]) -> (PayloadType, usize) {
        let (kind, octets) = &self.response;
        let turn = self.vehicle.handle_message(NOW, *kind, black_box(octets));
        assert_ne!(turn, Turn::Nothing);
        self.vehicle.next(NOW, 0, black_box(&self.state), out).expect("a request")
    }

    /// A turn of the loop at one end.
    pub(crate) fn turn(&mut self, end: End) {
        let mut out = [0; 2048];
        match end {
            End::Station => self.answer_into(&mut out),
            End::Vehicle => self.ask_into(&mut out),
        };
        black_box(out);
    }
}
