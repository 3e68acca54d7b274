//! Requests and responses of DIN SPEC 70121.

use super::{Heard, Making, Next, Progress, Wish};
use crate::message::din70121::{self as m, BodyElement, PhysicalValue, UnitSymbol};
use crate::session::terms::{Limits, Notification, PowerStep, Schedule, rounded};
use crate::{Bytes, EncodeError, EncodeErrorKind, List, MilliUnits};

/// Takes what a response says; `false` if what the vehicle wishes is not offered.
pub(super) fn hear(message: &m::V2gMessage<'_>, wish: &Wish<'_>, heard: &mut Heard) -> bool {
    match message.body.body_element {
        Some(BodyElement::ServiceDiscoveryRes(response)) => {
            use m::EvseSupportedEnergyTransfer as Transfer;
            let external = m::PaymentOption::ExternalPayment;
            let has_dc = !matches!(
                response.charge_service.energy_transfer_type,
                Transfer::AcSinglePhaseCore | Transfer::AcThreePhaseCore
            );
            return has_dc
                && wish.service.is_dc()
                && response.payment_options.payment_option.iter().any(|o| o == external);
        }
        Some(BodyElement::ChargeParameterDiscoveryRes(response)) => {
            if let m::EvseChargeParameter::DcEvseChargeParameter(dc) =
                response.evse_charge_parameter
            {
                heard.limits = Limits {
                    max_voltage: Some(dc.evse_maximum_voltage_limit.to_milli()),
                    min_voltage: Some(dc.evse_minimum_voltage_limit.to_milli()),
                    max_current: Some(dc.evse_maximum_current_limit.to_milli()),
                    min_current: Some(dc.evse_minimum_current_limit.to_milli()),
                    max_power: dc.evse_maximum_power_limit.map(|power| power.to_milli()),
                    ..Limits::NONE
                };
            }
            if let m::SaSchedulesChoice::SaScheduleList(list) = response.sa_schedules
                && let Some(tuple) = list.sa_schedule_tuple.iter().next()
            {
                heard.schedule_id = u32::try_from(tuple.sa_schedule_tuple_id).ok();
                heard.schedule = schedule(&tuple.pmax_schedule);
            }
        }
        Some(BodyElement::PreChargeRes(response)) => {
            heard.present.voltage = response.evse_present_voltage.to_milli();
        }
        Some(BodyElement::WeldingDetectionRes(response)) => {
            heard.present.voltage = response.evse_present_voltage.to_milli();
        }
        Some(BodyElement::CurrentDemandRes(response)) => {
            heard.notification = match response.dc_evse_status.evse_notification {
                m::EvseNotification::None => Notification::None,
                m::EvseNotification::StopCharging => Notification::Stop,
                m::EvseNotification::ReNegotiation => Notification::Renegotiate,
            };
            let present = &mut heard.present;
            present.voltage = response.evse_present_voltage.to_milli();
            present.current = response.evse_present_current.to_milli();
            present.current_limited = response.evse_current_limit_achieved;
            present.voltage_limited = response.evse_voltage_limit_achieved;
            present.power_limited = response.evse_power_limit_achieved;
        }
        _ => {}
    }
    true
}

fn schedule(schedule: &m::PmaxSchedule<'_>) -> Option<Schedule> {
    let nothing = PowerStep { start: 0, power: MilliUnits::default() };
    let mut steps = [nothing; Schedule::CAPACITY];
    let entries = schedule.pmax_schedule_entry;
    let mut end = 86_400;
    for (slot, entry) in steps.iter_mut().zip(&entries) {
        let m::TimeInterval::RelativeTimeInterval(interval) = entry.time_interval;
        let power = MilliUnits::from_raw(i64::from(entry.pmax) * 1000);
        *slot = PowerStep { start: interval.start, power };
        end = interval.start.saturating_add(interval.duration.unwrap_or(86_400));
    }
    Schedule::new(steps.get(..entries.len())?, end)
}

pub(super) fn write(next: Next, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let (state, wish) = (making.state, making.wish);
    let dc_ev_status = status(making);
    let selected = [m::SelectedService { service_id: 1, parameter_set_id: None }];
    let body = match next {
        Next::SessionSetup => {
            BodyElement::SessionSetupReq(m::SessionSetupReq { evccid: Bytes::new(&wish.evcc_id) })
        }
        Next::ServiceDiscovery => BodyElement::ServiceDiscoveryReq(m::ServiceDiscoveryReq {
            service_scope: None,
            service_category: None,
        }),
        Next::Selection => {
            let selected_service = List::new(&selected);
            BodyElement::ServicePaymentSelectionReq(m::ServicePaymentSelectionReq {
                selected_payment_option: m::PaymentOption::ExternalPayment,
                selected_service_list: m::SelectedServiceList { selected_service },
            })
        }
        Next::Authorization => {
            let request = m::ContractAuthenticationReq { id: None, gen_challenge: None };
            BodyElement::ContractAuthenticationReq(request)
        }
        Next::Limits => {
            let limits = state.limits;
            let value = |value: Option<MilliUnits>, unit| physical(value.unwrap_or_default(), unit);
            let parameter = m::DcEvChargeParameter {
                dc_ev_status,
                ev_maximum_current_limit: value(limits.max_current, UnitSymbol::A),
                ev_maximum_power_limit: limits.max_power.map(|v| physical(v, UnitSymbol::W)),
                ev_maximum_voltage_limit: value(limits.max_voltage, UnitSymbol::V),
                ev_energy_capacity: None,
                ev_energy_request: state.needs.energy.map(|v| physical(v, UnitSymbol::Wh)),
                full_soc: None,
                bulk_soc: None,
            };
            BodyElement::ChargeParameterDiscoveryReq(m::ChargeParameterDiscoveryReq {
                ev_requested_energy_transfer_type: m::EvRequestedEnergyTransfer::DcExtended,
                ev_charge_parameter: m::EvChargeParameter::DcEvChargeParameter(parameter),
            })
        }
        Next::CableCheck => BodyElement::CableCheckReq(m::CableCheckReq { dc_ev_status }),
        Next::PreCharge { .. } => BodyElement::PreChargeReq(m::PreChargeReq {
            dc_ev_status,
            ev_target_voltage: physical(state.target_voltage, UnitSymbol::V),
            ev_target_current: physical(MilliUnits::default(), UnitSymbol::A),
        }),
        Next::Power(progress) => {
            let parameter = m::DcEvPowerDeliveryParameter {
                dc_ev_status,
                bulk_charging_complete: None,
                charging_complete: state.is_complete,
            };
            BodyElement::PowerDeliveryReq(m::PowerDeliveryReq {
                ready_to_charge_state: progress == Progress::Start,
                charging_profile: None,
                ev_power_delivery_parameter: Some(
                    m::EvPowerDeliveryParameter::DcEvPowerDeliveryParameter(parameter),
                ),
            })
        }
        Next::Loop => {
            let limits = state.limits;
            BodyElement::CurrentDemandReq(m::CurrentDemandReq {
                dc_ev_status,
                ev_target_current: physical(state.target_current, UnitSymbol::A),
                ev_maximum_voltage_limit: limits.max_voltage.map(|v| physical(v, UnitSymbol::V)),
                ev_maximum_current_limit: limits.max_current.map(|v| physical(v, UnitSymbol::A)),
                ev_maximum_power_limit: limits.max_power.map(|v| physical(v, UnitSymbol::W)),
                bulk_charging_complete: None,
                charging_complete: state.is_complete,
                remaining_time_to_full_soc: None,
                remaining_time_to_bulk_soc: None,
                ev_target_voltage: physical(state.target_voltage, UnitSymbol::V),
            })
        }
        Next::Welding => BodyElement::WeldingDetectionReq(m::WeldingDetectionReq { dc_ev_status }),
        Next::Stop(_) => BodyElement::SessionStopReq(m::SessionStop {}),
        // Not in sessions of DIN, or the host's.
        _ => return Err(EncodeError::new(EncodeErrorKind::NoDocument)),
    };
    let header = m::MessageHeader {
        session_id: Bytes::new(making.session_id),
        notification: None,
        signature: None,
    };
    m::encode(&m::V2gMessage { header, body: m::Body { body_element: Some(body) } }, out)
}

fn status(making: &Making<'_>) -> m::DcEvStatus {
    m::DcEvStatus {
        ev_ready: true,
        ev_cabin_conditioning: None,
        ev_ress_conditioning: None,
        ev_error_code: m::DcEvErrorCode::NoError,
        ev_ress_soc: making.state.needs.soc.unwrap_or(0).min(100),
    }
}

fn physical(value: MilliUnits, unit: UnitSymbol) -> PhysicalValue {
    let zero = PhysicalValue { multiplier: 0, unit: Some(unit), value: 0 };
    PhysicalValue::from_milli(rounded(value), Some(unit)).unwrap_or(zero)
}
