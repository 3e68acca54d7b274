//! Requests and responses of ISO 15118-2.

use super::{Demand, Due, Making, Offer, Question, Told, clipped};
use crate::message::iso2::{self as m, BodyElement, PhysicalValue, ResponseCode, UnitSymbol};
use crate::session::terms::{
    Identification, Limits, Meter, Needs, Notification, Schedule, Service, rounded,
};
use crate::session::{Ask, Refusal};
use crate::{Bytes, EncodeError, List, MilliUnits, Text, View};

/// The number of the charge service in the offers.
const CHARGE_SERVICE: u16 = 1;

pub(super) fn read(
    message: &m::V2gMessage<'_>,
    ask: Ask,
    offer: &Offer<'_>,
    told: &mut Told,
) -> Result<(Due, Option<Question>), Refusal> {
    let body = message.body.body_element.ok_or(Refusal::Other)?;
    Ok(match body {
        BodyElement::SessionSetupReq(_) => (Due::SessionSetup, None),
        BodyElement::ServiceDiscoveryReq(_) => (Due::ServiceDiscovery, None),
        BodyElement::ServiceDetailReq(request) if request.service_id == CHARGE_SERVICE => {
            (Due::ServiceDetail(request.service_id), None)
        }
        BodyElement::ServiceDetailReq(_) => return Err(Refusal::ServiceId),
        BodyElement::PaymentServiceSelectionReq(request) => {
            told.by = match request.selected_payment_option {
                m::PaymentOption::Contract => Identification::Contract,
                m::PaymentOption::ExternalPayment => Identification::External,
            };
            if !offer.identification.contains(&told.by) {
                return Err(Refusal::PaymentSelection);
            }
            let chosen = request.selected_service_list.selected_service;
            if chosen.iter().any(|service| service.service_id != CHARGE_SERVICE) {
                return Err(Refusal::ServiceSelection);
            }
            (Due::Selection, None)
        }
        // By contract: the challenge and its signature are the host's.
        BodyElement::AuthorizationReq(_) if told.by == Identification::Contract => {
            (Due::Message, Some(Question::Message(ask)))
        }
        BodyElement::AuthorizationReq(_) => (Due::Authorization, Some(Question::Authorize)),
        BodyElement::ChargeParameterDiscoveryReq(request) => {
            (Due::Limits, Some(limits_asked(&request, offer, told)?))
        }
        BodyElement::CableCheckReq(_) => (Due::CableCheck, Some(Question::CableCheck)),
        BodyElement::PreChargeReq(request) => {
            let highest = [told.vehicle.max_voltage, told.charger.max_voltage];
            let voltage = clipped(request.ev_target_voltage.to_milli(), highest);
            let current = Some(request.ev_target_current.to_milli());
            (Due::PreCharge, Some(Question::PreCharge { voltage, current }))
        }
        BodyElement::PowerDeliveryReq(request) => (Due::Power, power_asked(&request, told)?),
        BodyElement::CurrentDemandReq(request) => (Due::Loop, Some(demand(&request, told))),
        BodyElement::ChargingStatusReq(_) => {
            (Due::Loop, Some(Question::Deliver(Demand::default())))
        }
        BodyElement::WeldingDetectionReq(_) => (Due::Welding, Some(Question::Welding)),
        BodyElement::MeteringReceiptReq(_) if told.by == Identification::External => {
            (Due::Receipt, None)
        }
        BodyElement::SessionStopReq(request) => {
            if request.charging_session == m::ChargingSession::Pause && !offer.pause {
                return Err(Refusal::Pause);
            }
            (Due::Stop, None)
        }
        _ => (Due::Message, Some(Question::Message(ask))),
    })
}

fn limits_asked(
    request: &m::ChargeParameterDiscoveryReq,
    offer: &Offer<'_>,
    told: &mut Told,
) -> Result<Question, Refusal> {
    use m::EnergyTransferMode as Mode;
    let service = match request.requested_energy_transfer_mode {
        Mode::AcSinglePhaseCore | Mode::AcThreePhaseCore => Service::Ac,
        _ => Service::Dc,
    };
    let one_phase_only =
        request.requested_energy_transfer_mode == Mode::AcThreePhaseCore && !offer.three_phases;
    if !offer.services.contains(&service) || one_phase_only {
        return Err(Refusal::EnergyTransferMode);
    }
    // A renegotiation keeps the mode.
    if told.service.is_some_and(|before| before != service) {
        return Err(Refusal::EnergyTransferMode);
    }
    let (vehicle, needs) = match (service, request.ev_charge_parameter) {
        (Service::Ac, m::EvChargeParameter::AcEvChargeParameter(ac)) => {
            let limits = Limits {
                max_voltage: None,
                max_current: Some(ac.ev_max_current.to_milli()),
                min_current: Some(ac.ev_min_current.to_milli()),
                ..Limits::NONE
            };
            let energy = Some(ac.eamount.to_milli());
            (limits, Needs { departure: ac.departure_time, energy, soc: None })
        }
        (Service::Dc, m::EvChargeParameter::DcEvChargeParameter(dc)) => {
            let limits = Limits {
                max_voltage: Some(dc.ev_maximum_voltage_limit.to_milli()),
                max_current: Some(dc.ev_maximum_current_limit.to_milli()),
                max_power: dc.ev_maximum_power_limit.map(|power| power.to_milli()),
                ..Limits::NONE
            };
            let energy = dc.ev_energy_request.map(|energy| energy.to_milli());
            let soc = Some(dc.dc_ev_status.ev_ress_soc);
            (limits, Needs { departure: dc.departure_time, energy, soc })
        }
        _ => return Err(Refusal::ChargeParameter),
    };
    told.service = Some(service);
    told.vehicle = vehicle;
    Ok(Question::Limits { service, vehicle, needs })
}

fn power_asked(
    request: &m::PowerDeliveryReq<'_>,
    told: &Told,
) -> Result<Option<Question>, Refusal> {
    match request.charge_progress {
        m::ChargeProgress::Renegotiate => return Ok(None),
        m::ChargeProgress::Stop => return Ok(Some(Question::Contactors { closed: false })),
        m::ChargeProgress::Start => {}
    }
    if request.sa_schedule_tuple_id != Schedule::TUPLE_ID {
        return Err(Refusal::ScheduleSelection);
    }
    if let (Some(profile), Some(schedule)) = (request.charging_profile, told.schedule) {
        let entries = profile.profile_entry.iter().map(|entry| {
            let power = entry.charging_profile_entry_max_power.to_milli();
            (entry.charging_profile_entry_start, power)
        });
        if !schedule.allows(entries) {
            return Err(Refusal::ChargingProfile);
        }
    }
    Ok(Some(Question::Contactors { closed: true }))
}

fn demand(request: &m::CurrentDemandReq, told: &Told) -> Question {
    let limits = Limits {
        max_voltage: request.ev_maximum_voltage_limit.map(|value| value.to_milli()),
        max_current: request.ev_maximum_current_limit.map(|value| value.to_milli()),
        max_power: request.ev_maximum_power_limit.map(|value| value.to_milli()),
        ..Limits::NONE
    };
    let vehicle = limits.or(told.vehicle);
    let (voltage, current) = (request.ev_target_voltage, request.ev_target_current);
    let highest = [vehicle.max_voltage, told.charger.max_voltage];
    let most = [vehicle.max_current, told.charger.max_current];
    Question::Deliver(Demand {
        voltage: Some(clipped(voltage.to_milli(), highest)),
        current: Some(clipped(current.to_milli(), most)),
        limits,
        soc: Some(request.dc_ev_status.ev_ress_soc),
        is_complete: request.charging_complete,
        ..Demand::default()
    })
}

pub(super) fn write(due: Due, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let ok = ResponseCode::Ok;
    let present = making.present();
    let service = View::<m::ChargeService<'static>>::new;
    let body = match due {
        Due::SessionSetup => BodyElement::SessionSetupRes(m::SessionSetupRes {
            response_code: match making.joined {
                true => ResponseCode::OkOldSessionJoined,
                false => ResponseCode::OkNewSessionEstablished,
            },
            evseid: Text::new(making.offer.evse_id),
            evse_time_stamp: i64::try_from(making.seconds).ok(),
        }),
        Due::ServiceDiscovery => {
            let (options, count) = payment_options(making.offer);
            let (modes, modes_count) = energy_transfer_modes(making.offer);
            let charge_service = m::ChargeService {
                service_id: CHARGE_SERVICE,
                service_name: None,
                service_category: m::ServiceCategory::EvCharging,
                service_scope: None,
                free_service: making.offer.is_free,
                supported_energy_transfer_mode: m::SupportedEnergyTransferMode {
                    energy_transfer_mode: List::new(modes.get(..modes_count).unwrap_or_default()),
                },
            };
            let payment_option = List::new(options.get(..count).unwrap_or_default());
            let response = m::ServiceDiscoveryRes {
                response_code: ok,
                payment_option_list: m::PaymentOptionList { payment_option },
                charge_service: service(&charge_service),
                service_list: None,
            };
            return send(BodyElement::ServiceDiscoveryRes(response), making, out);
        }
        Due::ServiceDetail(service_id) => BodyElement::ServiceDetailRes(m::ServiceDetailRes {
            response_code: ok,
            service_id,
            service_parameter_list: None,
        }),
        Due::Selection => BodyElement::PaymentServiceSelectionRes(m::PaymentServiceSelectionRes {
            response_code: ok,
        }),
        Due::Authorization => BodyElement::AuthorizationRes(m::AuthorizationRes {
            response_code: ok,
            evse_processing: processing(making),
        }),
        Due::Limits => return send_limits(making, out),
        Due::CableCheck => BodyElement::CableCheckRes(m::CableCheckRes {
            response_code: ok,
            dc_evse_status: m::DcEvseStatus {
                evse_isolation_status: making.is_done().then_some(m::IsolationLevel::Valid),
                evse_status_code: match making.is_done() {
                    true => m::DcEvseStatusCode::EvseReady,
                    false => m::DcEvseStatusCode::EvseIsolationMonitoringActive,
                },
                ..dc_status(making)
            },
            evse_processing: processing(making),
        }),
        Due::PreCharge => BodyElement::PreChargeRes(m::PreChargeRes {
            response_code: ok,
            dc_evse_status: dc_status(making),
            evse_present_voltage: physical(present.voltage, UnitSymbol::V),
        }),
        Due::Power => {
            let evse_status = status(making);
            BodyElement::PowerDeliveryRes(m::PowerDeliveryRes { response_code: ok, evse_status })
        }
        Due::Receipt => {
            let evse_status = status(making);
            BodyElement::MeteringReceiptRes(m::MeteringReceiptRes {
                response_code: ok,
                evse_status,
            })
        }
        Due::Loop => return send_loop(making, out),
        Due::Welding => BodyElement::WeldingDetectionRes(m::WeldingDetectionRes {
            response_code: ok,
            dc_evse_status: dc_status(making),
            evse_present_voltage: physical(present.voltage, UnitSymbol::V),
        }),
        Due::Stop => BodyElement::SessionStopRes(m::SessionStopRes { response_code: ok }),
        // -20 only.
        _ => return Err(EncodeError::new(crate::EncodeErrorKind::NoDocument)),
    };
    send(body, making, out)
}

fn send<'b>(
    body: BodyElement<'b>,
    making: &'b Making<'b>,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let header = m::MessageHeader {
        session_id: Bytes::new(&making.session_id),
        notification: None,
        signature: None,
    };
    m::encode(&m::V2gMessage { header, body: m::Body { body_element: Some(body) } }, out)
}

fn send_limits(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let zero = MilliUnits::default();
    let limits = making.told.charger;
    let value = |value: Option<MilliUnits>, unit| physical(value.unwrap_or(zero), unit);
    let parameter = if making.told.service == Some(Service::Ac) {
        m::EvseChargeParameter::AcEvseChargeParameter(m::AcEvseChargeParameter {
            ac_evse_status: ac_status(making),
            evse_nominal_voltage: value(limits.max_voltage, UnitSymbol::V),
            evse_max_current: value(limits.max_current, UnitSymbol::A),
        })
    } else {
        m::EvseChargeParameter::DcEvseChargeParameter(m::DcEvseChargeParameter {
            dc_evse_status: dc_status(making),
            evse_maximum_current_limit: value(limits.max_current, UnitSymbol::A),
            evse_maximum_power_limit: value(limits.max_power, UnitSymbol::W),
            evse_maximum_voltage_limit: value(limits.max_voltage, UnitSymbol::V),
            evse_minimum_current_limit: value(limits.min_current, UnitSymbol::A),
            evse_minimum_voltage_limit: value(limits.min_voltage, UnitSymbol::V),
            evse_current_regulation_tolerance: None,
            evse_peak_current_ripple: physical(zero, UnitSymbol::A),
            evse_energy_to_be_delivered: None,
        })
    };
    let schedule = making.told.schedule.filter(|_| making.is_done());
    let mut entries = [entry(0, None, zero); Schedule::CAPACITY];
    let mut count = 0;
    if let Some(schedule) = &schedule {
        for (slot, step) in entries.iter_mut().zip(schedule.steps()) {
            *slot = entry(step.start, None, step.power);
            count += 1;
        }
        // The last interval says how long it is.
        if let (Some(slot), Some((length, power)), Some(step)) =
            (entries.get_mut(count - 1), schedule.durations().last(), schedule.steps().last())
        {
            *slot = entry(step.start, Some(length.min(86_400)), power);
        }
    }
    let pmax_schedule_entry = List::new(entries.get(..count).unwrap_or_default());
    let tuples = [m::SaScheduleTuple {
        sa_schedule_tuple_id: Schedule::TUPLE_ID,
        pmax_schedule: m::PmaxSchedule { pmax_schedule_entry },
        sales_tariff: None,
    }];
    let list = m::SaScheduleList { sa_schedule_tuple: List::new(&tuples) };
    let response = m::ChargeParameterDiscoveryRes {
        response_code: ResponseCode::Ok,
        evse_processing: processing(making),
        sa_schedules: schedule.map(|_| m::SaSchedules::SaScheduleList(list)),
        evse_charge_parameter: parameter,
    };
    send(BodyElement::ChargeParameterDiscoveryRes(response), making, out)
}

fn entry(start: u32, duration: Option<u32>, power: MilliUnits) -> m::PmaxScheduleEntry {
    let interval = m::RelativeTimeInterval { start, duration };
    m::PmaxScheduleEntry {
        time_interval: m::TimeInterval::RelativeTimeInterval(interval),
        pmax: physical(power, UnitSymbol::W),
    }
}

fn send_loop(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let (present, limits) = (making.present(), making.told.charger);
    let meter = present.meter.map(meter_info);
    let meter_info = meter.as_ref().map(View::new);
    let receipt_required = present.meter.map(|meter| meter.receipt_required);
    let evseid = Text::new(making.offer.evse_id);
    let body = if making.told.service == Some(Service::Ac) {
        BodyElement::ChargingStatusRes(m::ChargingStatusRes {
            response_code: ResponseCode::Ok,
            evseid,
            sa_schedule_tuple_id: Schedule::TUPLE_ID,
            evse_max_current: limits.max_current.map(|value| physical(value, UnitSymbol::A)),
            meter_info,
            receipt_required,
            ac_evse_status: ac_status(making),
        })
    } else {
        BodyElement::CurrentDemandRes(m::CurrentDemandRes {
            response_code: ResponseCode::Ok,
            dc_evse_status: dc_status(making),
            evse_present_voltage: physical(present.voltage, UnitSymbol::V),
            evse_present_current: physical(present.current, UnitSymbol::A),
            evse_current_limit_achieved: present.current_limited,
            evse_voltage_limit_achieved: present.voltage_limited,
            evse_power_limit_achieved: present.power_limited,
            evse_maximum_voltage_limit: limits.max_voltage.map(|v| physical(v, UnitSymbol::V)),
            evse_maximum_current_limit: limits.max_current.map(|v| physical(v, UnitSymbol::A)),
            evse_maximum_power_limit: limits.max_power.map(|v| physical(v, UnitSymbol::W)),
            evseid,
            sa_schedule_tuple_id: Schedule::TUPLE_ID,
            meter_info,
            receipt_required,
        })
    };
    send(body, making, out)
}

/// The meter's serial number is the host's secret: a host that shows it answers with a message of its own.
fn meter_info(meter: Meter) -> m::MeterInfo<'static> {
    m::MeterInfo {
        meter_id: Text::new("0"),
        meter_reading: Some(meter.reading_wh),
        sig_meter_reading: None,
        meter_status: None,
        tmeter: None,
    }
}

fn payment_options(offer: &Offer<'_>) -> ([m::PaymentOption; 2], usize) {
    let mut options = [m::PaymentOption::ExternalPayment; 2];
    let mut count = 0;
    for (slot, by) in options.iter_mut().zip(offer.identification) {
        *slot = match by {
            Identification::Contract => m::PaymentOption::Contract,
            Identification::External => m::PaymentOption::ExternalPayment,
        };
        count += 1;
    }
    (options, count)
}

fn energy_transfer_modes(offer: &Offer<'_>) -> ([m::EnergyTransferMode; 3], usize) {
    use m::EnergyTransferMode as Mode;
    let mut modes = [Mode::DcExtended; 3];
    let ac = offer.services.contains(&Service::Ac);
    let offered = [
        (ac && offer.three_phases, Mode::AcThreePhaseCore),
        (ac, Mode::AcSinglePhaseCore),
        (offer.services.contains(&Service::Dc), Mode::DcExtended),
    ];
    let mut count = 0;
    for (slot, (_, mode)) in modes.iter_mut().zip(offered.into_iter().filter(|(is, _)| *is)) {
        *slot = mode;
        count += 1;
    }
    (modes, count)
}

fn processing(making: &Making<'_>) -> m::EvseProcessing {
    match making.answer {
        super::Answer::WaitForCustomer => m::EvseProcessing::OngoingWaitingForCustomerInteraction,
        _ if making.is_done() => m::EvseProcessing::Finished,
        _ => m::EvseProcessing::Ongoing,
    }
}

fn notification(making: &Making<'_>) -> m::EvseNotification {
    match making.told.notification {
        Notification::Stop | Notification::Pause => m::EvseNotification::StopCharging,
        Notification::Renegotiate | Notification::RenegotiateService => {
            m::EvseNotification::ReNegotiation
        }
        Notification::None | Notification::ConfirmMeter => m::EvseNotification::None,
    }
}

fn ac_status(making: &Making<'_>) -> m::AcEvseStatus {
    let evse_notification = notification(making);
    m::AcEvseStatus { notification_max_delay: 0, evse_notification, rcd: false }
}

fn dc_status(making: &Making<'_>) -> m::DcEvseStatus {
    let is_isolated = making.told.is_isolated;
    m::DcEvseStatus {
        notification_max_delay: 0,
        evse_notification: notification(making),
        evse_isolation_status: is_isolated.then_some(m::IsolationLevel::Valid),
        evse_status_code: match making.told.notification {
            Notification::Stop => m::DcEvseStatusCode::EvseShutdown,
            _ if is_isolated => m::DcEvseStatusCode::EvseReady,
            _ => m::DcEvseStatusCode::EvseNotReady,
        },
    }
}

fn status(making: &Making<'_>) -> m::EvseStatus {
    match making.told.service {
        Some(Service::Ac) => m::EvseStatus::AcEvseStatus(ac_status(making)),
        _ => m::EvseStatus::DcEvseStatus(dc_status(making)),
    }
}

fn physical(value: MilliUnits, unit: UnitSymbol) -> PhysicalValue {
    let zero = PhysicalValue { multiplier: 0, unit, value: 0 };
    PhysicalValue::from_milli(rounded(value), unit).unwrap_or(zero)
}
