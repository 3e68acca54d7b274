//! What both ends are and want, and a charger's host that answers every question.

use evse_iso15118::MilliUnits;
use evse_iso15118::message::iso20_acdp::{
    ElectricalChargingDeviceStatus, MechanicalChargingDeviceStatus,
};
use evse_iso15118::message::iso20_wpt::WptSpcChargeDiagnostics;
use evse_iso15118::session::{
    Answer, Contact, ControlMode, Demand, Identification, Limits, Meter, Needs, Offer, Place,
    PowerStep, Present, Protocol, Question, Schedule, Service, State, Wish, WptPresent, WptStep,
    minimal_message,
};

pub(crate) const ID: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

pub(crate) const CHARGES: [(Protocol, Service); 9] = [
    (Protocol::Din70121, Service::Dc),
    (Protocol::Iso2, Service::Ac),
    (Protocol::Iso2, Service::Dc),
    (Protocol::Iso20Ac, Service::Ac),
    (Protocol::Iso20Ac, Service::AcBpt),
    (Protocol::Iso20Dc, Service::Dc),
    (Protocol::Iso20Dc, Service::DcBpt),
    (Protocol::Iso20Wpt, Service::Wpt),
    (Protocol::Iso20Acdp, Service::Acdp),
];

pub(crate) const SECONDS: u64 = 1_700_000_000;

pub(crate) const fn milli(units: i64) -> MilliUnits {
    MilliUnits::from_raw(units * 1000)
}

pub(crate) const OFFER: Offer<'static> = Offer {
    evse_id: "DE*ABC*E12345",
    evse_id_din: &[0],
    services: &Service::ALL,
    three_phases: true,
    ac_voltage: MilliUnits::from_raw(230_000),
    frequency: MilliUnits::from_raw(50_000),
    identification: &[Identification::External],
    control: &[ControlMode::Scheduled, ControlMode::Dynamic],
    is_free: false,
    pause: true,
    standby: true,
    service_renegotiation: true,
};

pub(crate) fn charger_limits() -> Limits {
    Limits {
        max_voltage: Some(milli(920)),
        min_voltage: Some(milli(150)),
        max_current: Some(milli(200)),
        min_current: Some(milli(1)),
        max_power: Some(milli(50_000)),
        min_power: Some(milli(100)),
        max_discharge_current: Some(milli(50)),
        max_discharge_power: Some(milli(10_000)),
        min_discharge_power: Some(milli(0)),
    }
}

pub(crate) fn vehicle_state() -> State {
    State {
        limits: Limits {
            max_voltage: Some(milli(450)),
            min_voltage: Some(milli(300)),
            max_current: Some(milli(125)),
            min_current: Some(milli(2)),
            max_power: Some(milli(60_000)),
            min_power: Some(milli(500)),
            max_discharge_current: Some(milli(20)),
            max_discharge_power: Some(milli(5_000)),
            min_discharge_power: Some(milli(0)),
        },
        needs: Needs { departure: Some(7200), energy: Some(milli(20_000)), soc: Some(40) },
        target_voltage: milli(400),
        target_current: milli(100),
        present_voltage: milli(395),
        present_power: milli(7_000),
        ..State::default()
    }
}

pub(crate) fn wish(service: Service, control: ControlMode) -> Wish<'static> {
    Wish {
        evcc_id: [0xA0, 0xCE, 0xC8, 1, 2, 3],
        evcc_id_text: "WMIV1234567890ABCDEX",
        service,
        three_phases: true,
        control,
        identification: Identification::External,
        tolerance: milli(20),
    }
}

/// A charger's power electronics, as slow as the questions.
pub(crate) struct Host {
    pub(crate) asked: Vec<&'static str>,
    pub(crate) voltage: i64,
    pub(crate) schedule: Schedule,
    pub(crate) demands: Vec<Demand>,
}

impl Host {
    pub(crate) fn new() -> Self {
        let steps = [(0, 40_000), (3600, 30_000)];
        let steps = steps.map(|(start, power)| PowerStep { start, power: milli(power) });
        let schedule = Schedule::new(&steps, 86_400).unwrap();
        Self { asked: Vec::new(), voltage: 0, schedule, demands: Vec::new() }
    }

    pub(crate) fn count(&self, name: &str) -> usize {
        self.asked.iter().filter(|asked| **asked == name).count()
    }

    pub(crate) fn first(&mut self, name: &'static str) -> bool {
        self.asked.push(name);
        self.count(name) == 1
    }

    pub(crate) fn answer<'m>(
        &mut self,
        question: Question,
        message: &'m mut [u8],
        id: [u8; 8],
    ) -> Answer<'m> {
        let present = |voltage: i64, current: i64| {
            Answer::Present(Present {
                voltage: milli(voltage),
                current: milli(current),
                power: Some(milli(7_000)),
                target_power: Some(milli(11_000)),
                meter: Some(Meter { reading_wh: 1234, receipt_required: false }),
                ..Present::default()
            })
        };
        match question {
            Question::Authorize if self.first("authorize") => Answer::WaitForCustomer,
            Question::Authorize => Answer::Done,
            Question::Limits { .. } => {
                self.asked.push("limits");
                Answer::Limits(charger_limits(), Some(self.schedule))
            }
            Question::Schedule { .. } if self.first("schedule") => Answer::Ongoing,
            Question::Schedule { .. } => Answer::Schedule(self.schedule),
            Question::CableCheck if self.first("cable check") => Answer::Ongoing,
            Question::CableCheck => Answer::Done,
            Question::PreCharge { voltage, .. } => {
                self.asked.push("pre-charge");
                assert_eq!(voltage, milli(400));
                self.voltage = 400.min(self.voltage + 200);
                present(self.voltage, 0)
            }
            Question::Contactors { closed } => {
                self.asked.push(if closed { "close" } else { "open" });
                Answer::Done
            }
            Question::Deliver(demand) => {
                self.asked.push("deliver");
                self.demands.push(demand);
                present(400, 100)
            }
            Question::Welding => {
                self.asked.push("welding");
                present(3, 0)
            }
            Question::FinePositioning { .. } if self.first("fine positioning") => Answer::Ongoing,
            Question::FinePositioning { .. } => Answer::Done,
            Question::Pairing { .. } => {
                let is_done = !self.first("pairing");
                Answer::WptStep(WptStep { is_done, observed_id: Some(77), ..WptStep::default() })
            }
            Question::WptLimits(_) => {
                self.asked.push("limits");
                Answer::Limits(charger_limits(), None)
            }
            Question::AlignmentCheck { .. } => {
                let is_done = !self.first("alignment");
                let power = Some(milli(100));
                Answer::WptStep(WptStep { is_done, power, ..WptStep::default() })
            }
            Question::WptDeliver(_) => {
                self.asked.push("deliver");
                Answer::WptPresent(WptPresent {
                    power: None,
                    input: Some(milli(8_000)),
                    diagnostics: WptSpcChargeDiagnostics::SpcNoIssue,
                    meter: Some(Meter { reading_wh: 1234, receipt_required: false }),
                })
            }
            Question::VehiclePositioning { .. } => {
                let is_done = !self.first("place");
                let deviation = if is_done { (0, 0) } else { (-40, 12) };
                let (helps, window, is_reached) = (true, (25, 30), is_done);
                Answer::Place(Place { is_done, helps, deviation, window, is_reached })
            }
            Question::Connect { .. } | Question::Disconnect { .. } => {
                let connects = matches!(question, Question::Connect { .. });
                let is_done = !self.first(if connects { "connect" } else { "disconnect" });
                let mechanical = match (is_done, connects) {
                    (false, _) => MechanicalChargingDeviceStatus::Moving,
                    (true, true) => MechanicalChargingDeviceStatus::EndPosition,
                    (true, false) => MechanicalChargingDeviceStatus::Home,
                };
                let electrical = ElectricalChargingDeviceStatus::StateB;
                Answer::Contact(Contact { is_done, electrical, mechanical })
            }
            Question::Message(ask) => {
                let name = format!("{}Res", ask.request.base());
                let length = minimal_message(ask.set, &name, &id, SECONDS, &[], message).unwrap();
                Answer::Message(message.get(..length).unwrap())
            }
            other => panic!("{other:?}"),
        }
    }
}
