//! Requests and responses of ISO 15118-20 that all energy transfer modes share; those of AC, DC, WPT and ACDP stand in files
//! of their own.

#[cfg(feature = "iso20-ac")]
pub(super) mod ac;
#[cfg(feature = "iso20-acdp")]
pub(super) mod acdp;
#[cfg(feature = "iso20-dc")]
pub(super) mod dc;
#[cfg(feature = "iso20-wpt")]
pub(super) mod wpt;

use super::{Demand, Due, Making, Offer, Question, Told};
use crate::message::iso20::{self as m, Message};
use crate::message::iso20_types::{
    DisplayParameters, EvseNotification, EvseStatus, MessageHeader, MeterInfo, Processing,
    RationalNumber, ResponseCode,
};
use crate::session::secc::response_name;
use crate::session::terms::{
    ControlMode, Identification, Limits, Meter, Needs, Notification, Schedule, Service, rounded,
};
use crate::session::{Ask, Choice, Protocol, Refusal, document, minimal_message};
use crate::{Bytes, EncodeError, EncodeErrorKind, List, MilliUnits, Text, View};

type Read = Result<(Due, Option<Question>), Refusal>;

pub(super) fn read(
    message: &Message<'_>,
    ask: Ask,
    offer: &Offer<'_>,
    told: &mut Told,
    protocol: Protocol,
) -> Result<(Due, Option<Question>), Refusal> {
    let is_offered = |service: &Service| offer.services.contains(service);
    Ok(match message {
        Message::SessionSetupReq(_) => (Due::SessionSetup, None),
        // With contracts the response bears a challenge, which the host draws.
        Message::AuthorizationSetupReq(_)
            if offer.identification.contains(&Identification::Contract) =>
        {
            (Due::Message, Some(Question::Message(ask)))
        }
        Message::AuthorizationSetupReq(_) => (Due::AuthorizationSetup, None),
        Message::AuthorizationReq(request) => {
            let by = match request.choice {
                m::AuthorizationReqChoice::EimAreqAuthorizationMode(_) => Identification::External,
                m::AuthorizationReqChoice::PncAreqAuthorizationMode(_) => Identification::Contract,
            };
            let selected = match request.selected_authorization_service {
                m::Authorization::Eim => Identification::External,
                m::Authorization::Pnc => Identification::Contract,
            };
            if by != selected || !offer.identification.contains(&by) {
                return Err(Refusal::PaymentSelection);
            }
            told.by = by;
            match by {
                Identification::Contract => (Due::Message, Some(Question::Message(ask))),
                Identification::External => (Due::Authorization, Some(Question::Authorize)),
            }
        }
        Message::ServiceDiscoveryReq(_) => (Due::ServiceDiscovery, None),
        Message::ServiceDetailReq(request) => {
            let service = Service::from_id(request.service_id);
            let known = service.filter(is_offered).filter(|service| service.is_of(protocol));
            known.ok_or(Refusal::ServiceId)?;
            (Due::ServiceDetail(request.service_id), None)
        }
        Message::ServiceSelectionReq(request) => {
            let selected = request.selected_energy_transfer_service;
            let service = Service::from_id(selected.service_id).ok_or(Refusal::NoEnergyService)?;
            let control = ControlMode::of_parameter_set(selected.parameter_set_id);
            let control = control.filter(|control| offer.control.contains(control));
            let (true, true, Some(control), None) =
                (is_offered(&service), service.is_of(protocol), control, request.selected_vas_list)
            else {
                return Err(Refusal::ServiceSelection);
            };
            *told = Told { service: Some(service), control, by: told.by, ..Told::default() };
            (Due::Selection, None)
        }
        Message::ScheduleExchangeReq(request) => {
            let (control, needs) = needs(request);
            if control != told.control {
                return Err(Refusal::ScheduleSelection);
            }
            (Due::Schedule, Some(Question::Schedule { control, needs }))
        }
        Message::PowerDeliveryReq(request) => (Due::Power, power_asked(request, offer, told)?),
        Message::MeteringConfirmationReq(_) if told.by == Identification::External => {
            (Due::Receipt, None)
        }
        Message::SessionStopReq(request) => {
            match request.charging_session {
                m::ChargingSession::Pause if !offer.pause => return Err(Refusal::Pause),
                m::ChargingSession::ServiceRenegotiation if !offer.service_renegotiation => {
                    return Err(Refusal::ServiceRenegotiation);
                }
                _ => {}
            }
            (Due::Stop, None)
        }
        Message::VehicleCheckInReq(_) | Message::VehicleCheckOutReq(_) => {
            (Due::Minimal(ask), Some(Question::Parking))
        }
        _ => (Due::Message, Some(Question::Message(ask))),
    })
}

fn needs(request: &m::ScheduleExchangeReq<'_>) -> (ControlMode, Needs) {
    match request.choice {
        m::ScheduleExchangeReqChoice::DynamicSeReqControlMode(dynamic) => {
            let needs = Needs {
                departure: Some(dynamic.departure_time),
                energy: dynamic.ev_target_energy_request.to_milli().ok(),
                soc: None,
            };
            (ControlMode::Dynamic, needs)
        }
        m::ScheduleExchangeReqChoice::ScheduledSeReqControlMode(scheduled) => {
            let scheduled = scheduled.get();
            let energy = scheduled.ev_target_energy_request.and_then(|e| e.to_milli().ok());
            let needs = Needs { departure: scheduled.departure_time, energy, soc: None };
            (ControlMode::Scheduled, needs)
        }
    }
}

fn power_asked(
    request: &m::PowerDeliveryReq<'_>,
    offer: &Offer<'_>,
    told: &Told,
) -> Result<Option<Question>, Refusal> {
    match request.charge_progress {
        m::ChargeProgress::Stop => return Ok(Some(Question::Contactors { closed: false })),
        m::ChargeProgress::Standby if !offer.standby => return Err(Refusal::Standby),
        m::ChargeProgress::Standby | m::ChargeProgress::ScheduleRenegotiation => return Ok(None),
        m::ChargeProgress::Start => {}
    }
    if let Some(profile) = request.ev_power_profile {
        check_profile(&profile.get(), told)?;
    }
    // A vehicle that still computes its profile asks again.
    let is_ready = request.ev_processing == Processing::Finished;
    Ok(is_ready.then_some(Question::Contactors { closed: true }))
}

fn check_profile(profile: &m::EvPowerProfile<'_>, told: &Told) -> Result<(), Refusal> {
    match (profile.choice, told.control) {
        (m::EvPowerProfileChoice::DynamicEvPptControlMode(_), ControlMode::Dynamic) => {
            return Ok(());
        }
        (m::EvPowerProfileChoice::ScheduledEvPptControlMode(scheduled), ControlMode::Scheduled)
            if scheduled.selected_schedule_tuple_id == u32::from(Schedule::TUPLE_ID) => {}
        _ => return Err(Refusal::ScheduleSelection),
    }
    let Some(schedule) = told.schedule else { return Ok(()) };
    let entries = profile.ev_power_profile_entries.ev_power_profile_entry;
    let (mut start, mut in_range) = (0_u32, true);
    let steps = entries.iter().map(|entry| {
        let phases = [Some(entry.power), entry.power_l2, entry.power_l3];
        let power = total(phases).unwrap_or_else(|| {
            in_range = false;
            MilliUnits::default()
        });
        let step = (start, power);
        start = start.saturating_add(entry.duration);
        step
    });
    let allowed = schedule.allows(steps);
    if allowed && in_range { Ok(()) } else { Err(Refusal::ChargingProfile) }
}

/// The sum over the phases that are said; `None` where one is no number of milliwatts.
fn total(phases: [Option<RationalNumber>; 3]) -> Option<MilliUnits> {
    let mut sum = 0_i64;
    for phase in phases.into_iter().flatten() {
        sum = sum.checked_add(phase.to_milli().ok()?.raw())?;
    }
    Some(MilliUnits::from_raw(sum))
}

pub(super) fn write(
    due: Due,
    making: &Making<'_>,
    protocol: Protocol,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let header = header(making);
    let response_code = ResponseCode::Ok;
    let evse_processing = processing(making);
    match due {
        Due::SessionSetup => document(
            m::element::SESSION_SETUP_RES,
            &m::SessionSetupRes {
                header,
                response_code: match making.joined {
                    true => ResponseCode::OkOldSessionJoined,
                    false => ResponseCode::OkNewSessionEstablished,
                },
                evseid: Text::new(making.offer.evse_id),
            },
            out,
        ),
        Due::AuthorizationSetup => {
            let choice = m::AuthorizationSetupResChoice::EimAsResAuthorizationMode(
                m::EimAsResAuthorizationMode {},
            );
            document(
                m::element::AUTHORIZATION_SETUP_RES,
                &m::AuthorizationSetupRes {
                    header,
                    response_code,
                    authorization_services: List::new(&[m::Authorization::Eim]),
                    certificate_installation_service: false,
                    choice,
                },
                out,
            )
        }
        Due::Authorization => document(
            m::element::AUTHORIZATION_RES,
            &m::AuthorizationRes { header, response_code, evse_processing },
            out,
        ),
        Due::ServiceDiscovery => send_services(making, protocol, out),
        Due::ServiceDetail(service_id) => send_details(service_id, making, out),
        Due::Selection => document(
            m::element::SERVICE_SELECTION_RES,
            &m::ServiceSelectionRes { header, response_code },
            out,
        ),
        Due::Schedule => send_schedule(making, out),
        Due::Power => document(
            m::element::POWER_DELIVERY_RES,
            &m::PowerDeliveryRes { header, response_code, evse_status: status(making) },
            out,
        ),
        Due::Receipt => document(
            m::element::METERING_CONFIRMATION_RES,
            &m::MeteringConfirmationRes { header, response_code },
            out,
        ),
        Due::Stop => document(
            m::element::SESSION_STOP_RES,
            &m::SessionStopRes { header, response_code },
            out,
        ),
        Due::Minimal(ask) => send_minimal(ask, making, out),
        Due::Limits | Due::Loop => write_by_service(due, making, out),
        #[cfg(feature = "iso20-dc")]
        Due::CableCheck | Due::PreCharge | Due::Welding => dc::write(due, making, out),
        #[cfg(feature = "iso20-wpt")]
        Due::FinePositioningSetup | Due::FinePositioning | Due::Pairing | Due::AlignmentCheck => {
            wpt::write(due, making, out)
        }
        #[cfg(feature = "iso20-acdp")]
        Due::VehiclePositioning | Due::Connect | Due::Disconnect => acdp::write(due, making, out),
        #[allow(unreachable_patterns, reason = "what is not built in")]
        _ => Err(EncodeError::new(EncodeErrorKind::NoDocument)),
    }
}

/// What each way of energy transfer has in messages of its own.
fn write_by_service(due: Due, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    match making.told.service {
        #[cfg(feature = "iso20-ac")]
        Some(Service::Ac | Service::AcBpt) => ac::write(due, making, out),
        #[cfg(feature = "iso20-dc")]
        Some(Service::Dc | Service::DcBpt | Service::Acdp | Service::AcdpBpt) => {
            dc::write(due, making, out)
        }
        #[cfg(feature = "iso20-wpt")]
        Some(Service::Wpt) => wpt::write(due, making, out),
        _ => Err(EncodeError::new(EncodeErrorKind::NoDocument)),
    }
}

fn send_services(
    making: &Making<'_>,
    protocol: Protocol,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let free_service = making.offer.is_free;
    let mut services = [m::Service { service_id: 0, free_service }; Service::ALL.len()];
    let offered = making.offer.services.iter().filter(|service| service.is_of(protocol));
    let mut count = 0;
    for (slot, service) in services.iter_mut().zip(offered) {
        slot.service_id = service.id();
        count += 1;
    }
    let service = List::new(services.get(..count).unwrap_or_default());
    let response = m::ServiceDiscoveryRes {
        header: header(making),
        response_code: ResponseCode::Ok,
        service_renegotiation_supported: making.offer.service_renegotiation,
        energy_transfer_service_list: m::ServiceList { service },
        vas_list: None,
    };
    document(m::element::SERVICE_DISCOVERY_RES, &response, out)
}

/// The parameter sets of a service, one a control mode. Names and numbers are those of public implementations.
fn send_details(
    service_id: u16,
    making: &Making<'_>,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let service = Service::from_id(service_id).unwrap_or(Service::Dc);
    let parameter = |name: &'static str, value: i32| m::Parameter {
        name: Text::new(name),
        choice: m::ParameterChoice::IntValue(value),
    };
    let volts = (making.offer.ac_voltage.raw() / 1000).clamp(0, 1_000_000) as i32;
    // DC: the extended connector; AC: one phase or three.
    let connector = if service.is_dc() || making.offer.three_phases { 2 } else { 1 };
    let parameters = |mode: ControlMode| {
        let both = [
            parameter("Connector", connector),
            parameter("ControlMode", i32::from(mode.parameter_set())),
            // The vehicle says what it needs.
            parameter("MobilityNeedsMode", 1),
            // No prices.
            parameter("Pricing", 0),
            parameter("EVSENominalVoltage", volts),
            parameter("BPTChannel", 1),
            parameter("GeneratorMode", 1),
        ];
        let [connector, control, needs, pricing, voltage, channel, generator] = both;
        match service {
            Service::Ac => ([connector, control, voltage, needs, pricing, pricing, pricing], 5),
            Service::AcBpt => {
                ([connector, control, voltage, needs, pricing, channel, generator], 7)
            }
            Service::DcBpt | Service::AcdpBpt => {
                ([connector, control, needs, pricing, channel, generator, generator], 6)
            }
            Service::Wpt => ([control, pricing, pricing, pricing, pricing, pricing, pricing], 2),
            Service::Dc | Service::Acdp => {
                ([connector, control, needs, pricing, pricing, pricing, pricing], 4)
            }
        }
    };
    let all = [parameters(ControlMode::Scheduled), parameters(ControlMode::Dynamic)];
    let nothing = m::ParameterSet { parameter_set_id: 0, parameter: List::EMPTY };
    let (mut sets, mut count) = ([nothing; 2], 0);
    let modes = [ControlMode::Scheduled, ControlMode::Dynamic];
    let offered = modes.iter().zip(&all).filter(|(mode, _)| making.offer.control.contains(mode));
    for (slot, (mode, (parameters, length))) in sets.iter_mut().zip(offered) {
        slot.parameter_set_id = mode.parameter_set();
        slot.parameter = List::new(parameters.get(..*length).unwrap_or_default());
        count += 1;
    }
    let parameter_set = List::new(sets.get(..count).unwrap_or_default());
    let response = m::ServiceDetailRes {
        header: header(making),
        response_code: ResponseCode::Ok,
        service_id,
        service_parameter_list: m::ServiceParameterList { parameter_set },
    };
    document(m::element::SERVICE_DETAIL_RES, &response, out)
}

fn send_schedule(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let zero = rational(MilliUnits::default());
    let entry =
        |duration, power| m::PowerScheduleEntry { duration, power, power_l2: None, power_l3: None };
    // While it is not known the schema wants one all the same: no power.
    let (mut entries, mut count) = ([entry(86_400, zero); Schedule::CAPACITY], 1);
    if let Some(schedule) = making.told.schedule.filter(|_| making.is_done()) {
        count = 0;
        for (slot, (duration, power)) in entries.iter_mut().zip(schedule.durations()) {
            *slot = entry(duration, rational(power));
            count += 1;
        }
    }
    let power_schedule_entry = List::new(entries.get(..count).unwrap_or_default());
    let charging_schedule = m::ChargingSchedule {
        power_schedule: m::PowerSchedule {
            time_anchor: making.seconds,
            available_energy: None,
            power_tolerance: None,
            power_schedule_entries: m::PowerScheduleEntryList { power_schedule_entry },
        },
        choice: None,
    };
    let tuples = [m::ScheduleTuple {
        schedule_tuple_id: u32::from(Schedule::TUPLE_ID),
        charging_schedule: View::new(&charging_schedule),
        discharging_schedule: None,
    }];
    let dynamic = m::DynamicSeResControlMode {
        departure_time: None,
        minimum_soc: None,
        target_soc: None,
        choice: None,
    };
    let response = m::ScheduleExchangeRes {
        header: header(making),
        response_code: ResponseCode::Ok,
        evse_processing: processing(making),
        go_to_pause: None,
        choice: match making.told.control {
            ControlMode::Dynamic => {
                m::ScheduleExchangeResChoice::DynamicSeResControlMode(View::new(&dynamic))
            }
            ControlMode::Scheduled => {
                let mode = m::ScheduledSeResControlMode { schedule_tuple: List::new(&tuples) };
                m::ScheduleExchangeResChoice::ScheduledSeResControlMode(mode)
            }
        },
    };
    document(m::element::SCHEDULE_EXCHANGE_RES, &response, out)
}

fn send_minimal(ask: Ask, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let value = if making.is_done() { "Finished" } else { "Ongoing" };
    let choices = [Choice { element: "EVSEProcessing", value }];
    let name = response_name(ask.set, ask.request.message)
        .ok_or(EncodeError::new(EncodeErrorKind::NoDocument))?;
    minimal_message(ask.set, name, &making.session_id, making.seconds, &choices, out)
}

fn header<'m>(making: &'m Making<'_>) -> MessageHeader<'m> {
    header_of(&making.session_id, making.seconds)
}

pub(super) const fn header_of(session_id: &[u8; 8], time_stamp: u64) -> MessageHeader<'_> {
    MessageHeader { session_id: Bytes::new(session_id), time_stamp, signature: None }
}

fn processing(making: &Making<'_>) -> Processing {
    match making.answer {
        super::Answer::WaitForCustomer => Processing::OngoingWaitingForCustomerInteraction,
        _ if making.is_done() => Processing::Finished,
        _ => Processing::Ongoing,
    }
}

fn status(making: &Making<'_>) -> Option<EvseStatus> {
    let evse_notification = match making.told.notification {
        Notification::None => return None,
        Notification::Stop => EvseNotification::Terminate,
        Notification::Renegotiate => EvseNotification::ScheduleRenegotiation,
        Notification::Pause => EvseNotification::Pause,
        Notification::RenegotiateService => EvseNotification::ServiceRenegotiation,
        Notification::ConfirmMeter => EvseNotification::MeteringConfirmation,
    };
    Some(EvseStatus { notification_max_delay: 0, evse_notification })
}

fn rational(value: MilliUnits) -> RationalNumber {
    let zero = RationalNumber { exponent: 0, value: 0 };
    RationalNumber::from_milli(rounded(value)).unwrap_or(zero)
}

fn milli(value: RationalNumber) -> Option<MilliUnits> {
    value.to_milli().ok()
}

fn limits_asked(vehicle: Limits, otherwise: Service, told: &mut Told) -> (Due, Option<Question>) {
    let service = told.service.unwrap_or(otherwise);
    told.vehicle = vehicle;
    (Due::Limits, Some(Question::Limits { service, vehicle, needs: Needs::default() }))
}

/// What the display parameters say of the battery.
fn shown(demand: Demand, parameters: Option<DisplayParameters>) -> Demand {
    let Some(shown) = parameters else { return demand };
    Demand { soc: shown.present_soc, is_complete: shown.charging_complete == Some(true), ..demand }
}

/// The mode of a loop must be the one chosen.
fn check_mode(told: &Told, control: ControlMode, is_bidirectional: bool) -> Result<(), Refusal> {
    let chosen = told.service.is_some_and(Service::is_bidirectional);
    let is_chosen = told.control == control && chosen == is_bidirectional;
    if is_chosen { Ok(()) } else { Err(Refusal::ChargeParameter) }
}

/// A limit that the schema wants, zero where the host says none.
fn required(value: Option<MilliUnits>) -> RationalNumber {
    rational(value.unwrap_or_default())
}

/// The meter's serial number is the host's secret: a host that shows it answers with a message of its own.
fn meter_info(meter: Meter) -> MeterInfo<'static> {
    MeterInfo {
        meter_id: Text::new("0"),
        charged_energy_reading_wh: meter.reading_wh,
        bpt_discharged_energy_reading_wh: None,
        capacitive_energy_reading_va_rh: None,
        bpt_inductive_energy_reading_va_rh: None,
        meter_signature: None,
        meter_status: None,
        meter_timestamp: None,
    }
}
