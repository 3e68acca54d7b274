//! Requests and responses of DIN SPEC 70121: DC, identification at the charger.

use super::{Demand, Due, Making, Offer, Question, Told, clipped};
use crate::message::din70121::{self as m, BodyElement, PhysicalValue, ResponseCode, UnitSymbol};
use crate::session::terms::{
    Identification, Limits, Needs, Notification, Schedule, Service, rounded,
};
use crate::session::{Ask, Refusal};
use crate::{Bytes, EncodeError, List, MilliUnits, View};

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
        BodyElement::ServicePaymentSelectionReq(request) => {
            if request.selected_payment_option != m::PaymentOption::ExternalPayment
                || !offer.identification.contains(&Identification::External)
            {
                return Err(Refusal::PaymentSelection);
            }
            let chosen = request.selected_service_list.selected_service;
            if chosen.iter().any(|service| service.service_id != CHARGE_SERVICE) {
                return Err(Refusal::ServiceSelection);
            }
            (Due::Selection, None)
        }
        BodyElement::ContractAuthenticationReq(_) => {
            (Due::Authorization, Some(Question::Authorize))
        }
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
        BodyElement::PowerDeliveryReq(request) => (Due::Power, Some(power_asked(&request, told)?)),
        BodyElement::CurrentDemandReq(request) => (Due::Loop, Some(demand(&request, told))),
        BodyElement::WeldingDetectionReq(_) => (Due::Welding, Some(Question::Welding)),
        BodyElement::SessionStopReq(_) => (Due::Stop, None),
        _ => (Due::Message, Some(Question::Message(ask))),
    })
}

fn limits_asked(
    request: &m::ChargeParameterDiscoveryReq,
    offer: &Offer<'_>,
    told: &mut Told,
) -> Result<Question, Refusal> {
    use m::EvRequestedEnergyTransfer as Mode;
    let is_ac = matches!(
        request.ev_requested_energy_transfer_type,
        Mode::AcSinglePhaseCore | Mode::AcThreePhaseCore
    );
    if is_ac || !offer.services.contains(&Service::Dc) {
        return Err(Refusal::EnergyTransferMode);
    }
    let m::EvChargeParameter::DcEvChargeParameter(dc) = request.ev_charge_parameter else {
        return Err(Refusal::ChargeParameter);
    };
    let vehicle = Limits {
        max_voltage: Some(dc.ev_maximum_voltage_limit.to_milli()),
        max_current: Some(dc.ev_maximum_current_limit.to_milli()),
        max_power: dc.ev_maximum_power_limit.map(|power| power.to_milli()),
        ..Limits::NONE
    };
    let needs = Needs {
        departure: None,
        energy: dc.ev_energy_request.map(|energy| energy.to_milli()),
        soc: Some(dc.dc_ev_status.ev_ress_soc),
    };
    told.service = Some(Service::Dc);
    told.vehicle = vehicle;
    Ok(Question::Limits { service: Service::Dc, vehicle, needs })
}

fn power_asked(request: &m::PowerDeliveryReq<'_>, told: &Told) -> Result<Question, Refusal> {
    if !request.ready_to_charge_state {
        return Ok(Question::Contactors { closed: false });
    }
    if let Some(profile) = request.charging_profile {
        // Vehicles of DIN send 0 where the charger gave no schedule, and any number of the charger's otherwise.
        if told.schedule.is_some() && profile.sa_schedule_tuple_id != i16::from(Schedule::TUPLE_ID)
        {
            return Err(Refusal::ScheduleSelection);
        }
        let entries = profile.profile_entry.iter().map(|entry| {
            let watts = i64::from(entry.charging_profile_entry_max_power);
            (entry.charging_profile_entry_start, MilliUnits::from_raw(watts * 1000))
        });
        if told.schedule.is_some_and(|schedule| !schedule.allows(entries)) {
            return Err(Refusal::ChargingProfile);
        }
    }
    Ok(Question::Contactors { closed: true })
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
    let body = match due {
        Due::SessionSetup => BodyElement::SessionSetupRes(m::SessionSetupRes {
            response_code: match making.joined {
                true => ResponseCode::OkOldSessionJoined,
                false => ResponseCode::OkNewSessionEstablished,
            },
            evseid: Bytes::new(making.offer.evse_id_din),
            date_time_now: i64::try_from(making.seconds).ok(),
        }),
        Due::ServiceDiscovery => {
            let tag = m::ServiceTag {
                service_id: CHARGE_SERVICE,
                service_name: None,
                service_category: m::ServiceCategory::EvCharging,
                service_scope: None,
            };
            let options = [m::PaymentOption::ExternalPayment];
            let response = m::ServiceDiscoveryRes {
                response_code: ok,
                payment_options: m::PaymentOptions { payment_option: List::new(&options) },
                charge_service: m::ServiceCharge {
                    service_tag: View::new(&tag),
                    free_service: making.offer.is_free,
                    energy_transfer_type: m::EvseSupportedEnergyTransfer::DcExtended,
                },
                service_list: None,
            };
            return send(BodyElement::ServiceDiscoveryRes(response), making, out);
        }
        Due::Selection => BodyElement::ServicePaymentSelectionRes(m::ServicePaymentSelectionRes {
            response_code: ok,
        }),
        Due::Authorization => {
            BodyElement::ContractAuthenticationRes(m::ContractAuthenticationRes {
                response_code: ok,
                evse_processing: processing(making),
            })
        }
        Due::Limits => return send_limits(making, out),
        Due::CableCheck => BodyElement::CableCheckRes(m::CableCheckRes {
            response_code: ok,
            dc_evse_status: m::DcEvseStatus {
                evse_isolation_status: making.is_done().then_some(m::IsolationLevel::Valid),
                evse_status_code: match making.is_done() {
                    true => m::DcEvseStatusCode::EvseReady,
                    false => m::DcEvseStatusCode::EvseIsolationMonitoringActive,
                },
                ..status(making)
            },
            evse_processing: processing(making),
        }),
        Due::PreCharge => BodyElement::PreChargeRes(m::PreChargeRes {
            response_code: ok,
            dc_evse_status: status(making),
            evse_present_voltage: physical(present.voltage, UnitSymbol::V),
        }),
        Due::Power => BodyElement::PowerDeliveryRes(m::PowerDeliveryRes {
            response_code: ok,
            evse_status: m::EvseStatus::DcEvseStatus(status(making)),
        }),
        Due::Loop => {
            let limits = making.told.charger;
            BodyElement::CurrentDemandRes(m::CurrentDemandRes {
                response_code: ok,
                dc_evse_status: status(making),
                evse_present_voltage: physical(present.voltage, UnitSymbol::V),
                evse_present_current: physical(present.current, UnitSymbol::A),
                evse_current_limit_achieved: present.current_limited,
                evse_voltage_limit_achieved: present.voltage_limited,
                evse_power_limit_achieved: present.power_limited,
                evse_maximum_voltage_limit: limits.max_voltage.map(|v| physical(v, UnitSymbol::V)),
                evse_maximum_current_limit: limits.max_current.map(|v| physical(v, UnitSymbol::A)),
                evse_maximum_power_limit: limits.max_power.map(|v| physical(v, UnitSymbol::W)),
            })
        }
        Due::Welding => BodyElement::WeldingDetectionRes(m::WeldingDetectionRes {
            response_code: ok,
            dc_evse_status: status(making),
            evse_present_voltage: physical(present.voltage, UnitSymbol::V),
        }),
        Due::Stop => BodyElement::SessionStopRes(m::SessionStopRes { response_code: ok }),
        // Not in sessions of DIN.
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
    let parameter = m::DcEvseChargeParameter {
        dc_evse_status: status(making),
        evse_maximum_current_limit: value(limits.max_current, UnitSymbol::A),
        evse_maximum_power_limit: limits.max_power.map(|power| physical(power, UnitSymbol::W)),
        evse_maximum_voltage_limit: value(limits.max_voltage, UnitSymbol::V),
        evse_minimum_current_limit: value(limits.min_current, UnitSymbol::A),
        evse_minimum_voltage_limit: value(limits.min_voltage, UnitSymbol::V),
        evse_current_regulation_tolerance: None,
        evse_peak_current_ripple: physical(zero, UnitSymbol::A),
        evse_energy_to_be_delivered: None,
    };
    let schedule = making.told.schedule.filter(|_| making.is_done());
    let mut entries = [entry(0, None, zero); Schedule::CAPACITY];
    let mut count = 0;
    if let Some(schedule) = &schedule {
        let starts = schedule.steps().iter().map(|step| step.start);
        let last = schedule.steps().len() - 1;
        for (slot, (start, (length, power))) in
            entries.iter_mut().zip(starts.zip(schedule.durations()))
        {
            // The last interval says how long it is.
            let duration = (count == last).then_some(length.min(86_400));
            *slot = entry(start, duration, power);
            count += 1;
        }
    }
    let pmax_schedule_entry = List::new(entries.get(..count).unwrap_or_default());
    let pmax_schedule = m::PmaxSchedule { pmax_schedule_id: 1, pmax_schedule_entry };
    let sa_schedule_tuple_id = i16::from(Schedule::TUPLE_ID);
    let tuples = [m::SaScheduleTuple { sa_schedule_tuple_id, pmax_schedule, sales_tariff: None }];
    let list = m::SaScheduleList { sa_schedule_tuple: List::new(&tuples) };
    let response = m::ChargeParameterDiscoveryRes {
        response_code: ResponseCode::Ok,
        evse_processing: processing(making),
        sa_schedules: match schedule {
            Some(_) => m::SaSchedulesChoice::SaScheduleList(list),
            // As a deployed charger without a schedule sends it.
            None => m::SaSchedulesChoice::SaSchedules(m::SaSchedules {}),
        },
        evse_charge_parameter: m::EvseChargeParameter::DcEvseChargeParameter(parameter),
    };
    send(BodyElement::ChargeParameterDiscoveryRes(response), making, out)
}

/// `PMax` of DIN is in whole watts, up to 32,767.
fn entry(start: u32, duration: Option<u32>, power: MilliUnits) -> m::PmaxScheduleEntry {
    let interval = m::RelativeTimeInterval { start, duration };
    let watts = (power.raw() / 1000).clamp(0, i64::from(i16::MAX)) as i16;
    m::PmaxScheduleEntry {
        time_interval: m::TimeInterval::RelativeTimeInterval(interval),
        pmax: watts,
    }
}

fn processing(making: &Making<'_>) -> m::EvseProcessing {
    if making.is_done() { m::EvseProcessing::Finished } else { m::EvseProcessing::Ongoing }
}

fn status(making: &Making<'_>) -> m::DcEvseStatus {
    let is_isolated = making.told.is_isolated;
    m::DcEvseStatus {
        evse_isolation_status: is_isolated.then_some(m::IsolationLevel::Valid),
        evse_status_code: match making.told.notification {
            Notification::Stop => m::DcEvseStatusCode::EvseShutdown,
            _ if is_isolated => m::DcEvseStatusCode::EvseReady,
            _ => m::DcEvseStatusCode::EvseNotReady,
        },
        notification_max_delay: 0,
        evse_notification: match making.told.notification {
            Notification::Stop | Notification::Pause => m::EvseNotification::StopCharging,
            Notification::Renegotiate | Notification::RenegotiateService => {
                m::EvseNotification::ReNegotiation
            }
            Notification::None | Notification::ConfirmMeter => m::EvseNotification::None,
        },
    }
}

fn physical(value: MilliUnits, unit: UnitSymbol) -> PhysicalValue {
    let zero = PhysicalValue { multiplier: 0, unit: Some(unit), value: 0 };
    PhysicalValue::from_milli(rounded(value), Some(unit)).unwrap_or(zero)
}
