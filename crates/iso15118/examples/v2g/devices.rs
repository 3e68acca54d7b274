//! What a charger offers on a bench, and devices of WPT and ACDP as they are there: in place, paired, aligned, connected at
//! once. The fuzz targets run with the same.

use evse_iso15118::MilliUnits;
use evse_iso15118::message::iso20_acdp::{
    ElectricalChargingDeviceStatus, EvTechnicalStatus, MechanicalChargingDeviceStatus,
};
use evse_iso15118::message::iso20_wpt::{
    WptAlignmentCheckMethod, WptEvpcChargeDiagnostics, WptFinePositioningMethod, WptPairingMethod,
    WptPowerClass, WptSpcChargeDiagnostics,
};
use evse_iso15118::session::{
    AcdpVehicle, Answer, Contact, ControlMode, Identification, Offer, Place, Placing, Question,
    Service, WptCharger, WptDemand, WptLimits, WptMethods, WptPresent, WptStep, WptVehicle,
};

/// Everything, to everyone.
pub(crate) const OFFER: Offer<'static> = Offer {
    evse_id: "DE*ABC*E12345",
    evse_id_din: &[0],
    services: &Service::ALL,
    three_phases: true,
    ac_voltage: MilliUnits::from_raw(230_000),
    frequency: MilliUnits::from_raw(50_000),
    identification: &[Identification::External],
    control: &[ControlMode::Scheduled, ControlMode::Dynamic],
    is_free: true,
    pause: true,
    standby: true,
    service_renegotiation: true,
};

const METHODS: WptMethods<'static> = WptMethods {
    positioning: &[WptFinePositioningMethod::Manual],
    pairing: &[WptPairingMethod::ExternalConfirmation],
    alignment: &[WptAlignmentCheckMethod::PowerCheck],
    natural_offset: 0,
};

pub(crate) const WPT_CHARGER: WptCharger<'static> = WptCharger {
    methods: METHODS,
    power_class: WptPowerClass::MfWpt3,
    min_clearance: 100,
    max_clearance: 250,
    min_coil_current: MilliUnits::from_raw(1_000),
    max_coil_current: MilliUnits::from_raw(75_000),
};

pub(crate) const WPT_VEHICLE: WptVehicle<'static> = WptVehicle {
    methods: METHODS,
    limits: WptLimits {
        max_power: MilliUnits::from_raw(11_000_000),
        min_clearance: 140,
        max_clearance: 210,
        natural_frequency: MilliUnits::from_raw(85_000_000),
        has_local_control: false,
    },
    placing: Placing::Done,
    observed_id: None,
    coil_current: None,
    demand: WptDemand {
        power: MilliUnits::from_raw(11_000_000),
        output: MilliUnits::from_raw(10_000_000),
        diagnostics: WptEvpcChargeDiagnostics::EvpcNoIssue,
        soc: None,
        is_complete: false,
        meter_requested: false,
    },
};

pub(crate) const ACDP_VEHICLE: AcdpVehicle = AcdpVehicle {
    is_immobile: true,
    uses_help: false,
    electrical: ElectricalChargingDeviceStatus::StateA,
    status: EvTechnicalStatus {
        ev_ready_to_charge: true,
        ev_immobilization_request: false,
        ev_immobilized: None,
        ev_wlan_strength: None,
        ev_cp_status: None,
        ev_soc: None,
        ev_error_code: None,
        ev_timeout: None,
    },
};

/// What a charger answers about its device, done or not yet; `None` if the question is about something else.
pub(crate) fn answer(question: &Question, is_done: bool) -> Option<Answer<'static>> {
    let electrical = ElectricalChargingDeviceStatus::StateA;
    let contact = |mechanical| {
        let moving = MechanicalChargingDeviceStatus::Moving;
        let mechanical = if is_done { mechanical } else { moving };
        Answer::Contact(Contact { is_done, electrical, mechanical })
    };
    Some(match question {
        Question::FinePositioning { .. } if is_done => Answer::Done,
        Question::FinePositioning { .. } => Answer::Ongoing,
        Question::Pairing { .. } | Question::AlignmentCheck { .. } => {
            Answer::WptStep(WptStep { is_done, ..WptStep::default() })
        }
        Question::WptDeliver(demand) => Answer::WptPresent(WptPresent {
            power: None,
            input: Some(demand.power),
            diagnostics: WptSpcChargeDiagnostics::SpcNoIssue,
            meter: None,
        }),
        Question::VehiclePositioning { .. } => {
            Answer::Place(Place { is_done, is_reached: is_done, ..Place::default() })
        }
        Question::Connect { .. } => contact(MechanicalChargingDeviceStatus::EndPosition),
        Question::Disconnect { .. } => contact(MechanicalChargingDeviceStatus::Home),
        _ => return None,
    })
}
