//! Requests and responses of ISO 15118-2.

use super::{Heard, Making, Meter, Next, Progress, Want, Wish};
use crate::message::iso2::{self as m, BodyElement, PhysicalValue, UnitSymbol};
use crate::session::terms::{
    Identification, Limits, Notification, PowerStep, Schedule, Service, rounded,
};
use crate::{Bytes, EncodeError, EncodeErrorKind, List, MilliUnits};

/// Takes what a response says; `false` if what the vehicle wishes is not offered.
pub(super) fn hear(message: &m::V2gMessage<'_>, wish: &Wish<'_>, heard: &mut Heard) -> bool {
    match message.body.body_element {
        Some(BodyElement::ServiceDiscoveryRes(response)) => {
            let payment = payment(wish);
            let mode = energy_transfer_mode(wish);
            let modes = response.charge_service.get().supported_energy_transfer_mode;
            let is_mode = |offered: m::EnergyTransferMode| match wish.service {
                Service::Ac => offered == mode,
                _ => offered.name().starts_with("DC"),
            };
            return response.payment_option_list.payment_option.iter().any(|o| o == payment)
                && modes.energy_transfer_mode.iter().any(is_mode);
        }
        Some(BodyElement::ChargeParameterDiscoveryRes(response)) => {
            heard.limits = limits(&response.evse_charge_parameter);
            if let Some(m::SaSchedules::SaScheduleList(list)) = response.sa_schedules
                && let Some(tuple) = list.sa_schedule_tuple.iter().next()
            {
                heard.schedule_id = Some(u32::from(tuple.sa_schedule_tuple_id));
                heard.schedule = schedule(&tuple.pmax_schedule);
            }
            // What the charger asked for is done by this.
            heard.notification = Notification::None;
        }
        Some(BodyElement::CableCheckRes(response)) => {
            heard.notification = notification(response.dc_evse_status.evse_notification);
        }
        Some(BodyElement::PreChargeRes(response)) => {
            heard.present.voltage = response.evse_present_voltage.to_milli();
        }
        Some(BodyElement::WeldingDetectionRes(response)) => {
            heard.present.voltage = response.evse_present_voltage.to_milli();
        }
        Some(BodyElement::CurrentDemandRes(response)) => {
            heard.notification = notification(response.dc_evse_status.evse_notification);
            let now = Limits {
                max_voltage: response.evse_maximum_voltage_limit.map(|v| v.to_milli()),
                max_current: response.evse_maximum_current_limit.map(|v| v.to_milli()),
                max_power: response.evse_maximum_power_limit.map(|v| v.to_milli()),
                ..Limits::NONE
            };
            heard.limits = now.or(heard.limits);
            let present = &mut heard.present;
            present.voltage = response.evse_present_voltage.to_milli();
            present.current = response.evse_present_current.to_milli();
            present.current_limited = response.evse_current_limit_achieved;
            present.voltage_limited = response.evse_voltage_limit_achieved;
            present.power_limited = response.evse_power_limit_achieved;
            let receipt = response.receipt_required;
            present.meter = response.meter_info.map(|info| meter(&info.get(), receipt));
        }
        Some(BodyElement::ChargingStatusRes(response)) => {
            heard.notification = notification(response.ac_evse_status.evse_notification);
            let max_current = response.evse_max_current.map(|v| v.to_milli());
            heard.limits.max_current = max_current.or(heard.limits.max_current);
            let receipt = response.receipt_required;
            heard.present.meter = response.meter_info.map(|info| meter(&info.get(), receipt));
        }
        _ => {}
    }
    true
}

fn limits(parameter: &m::EvseChargeParameter) -> Limits {
    match parameter {
        m::EvseChargeParameter::AcEvseChargeParameter(ac) => Limits {
            max_voltage: Some(ac.evse_nominal_voltage.to_milli()),
            max_current: Some(ac.evse_max_current.to_milli()),
            ..Limits::NONE
        },
        m::EvseChargeParameter::DcEvseChargeParameter(dc) => Limits {
            max_voltage: Some(dc.evse_maximum_voltage_limit.to_milli()),
            min_voltage: Some(dc.evse_minimum_voltage_limit.to_milli()),
            max_current: Some(dc.evse_maximum_current_limit.to_milli()),
            min_current: Some(dc.evse_minimum_current_limit.to_milli()),
            max_power: Some(dc.evse_maximum_power_limit.to_milli()),
            ..Limits::NONE
        },
    }
}

fn schedule(schedule: &m::PmaxSchedule<'_>) -> Option<Schedule> {
    let nothing = PowerStep { start: 0, power: MilliUnits::default() };
    let mut steps = [nothing; Schedule::CAPACITY];
    let entries = schedule.pmax_schedule_entry;
    let mut end = 86_400;
    for (slot, entry) in steps.iter_mut().zip(&entries) {
        let m::TimeInterval::RelativeTimeInterval(interval) = entry.time_interval;
        *slot = PowerStep { start: interval.start, power: entry.pmax.to_milli() };
        end = interval.start.saturating_add(interval.duration.unwrap_or(86_400));
    }
    Schedule::new(steps.get(..entries.len())?, end)
}

fn meter(info: &m::MeterInfo<'_>, receipt: Option<bool>) -> Meter {
    Meter { reading_wh: info.meter_reading.unwrap_or(0), receipt_required: receipt == Some(true) }
}

fn notification(notification: m::EvseNotification) -> Notification {
    match notification {
        m::EvseNotification::None => Notification::None,
        m::EvseNotification::StopCharging => Notification::Stop,
        m::EvseNotification::ReNegotiation => Notification::Renegotiate,
    }
}

fn payment(wish: &Wish<'_>) -> m::PaymentOption {
    match wish.identification {
        Identification::Contract => m::PaymentOption::Contract,
        Identification::External => m::PaymentOption::ExternalPayment,
    }
}

fn energy_transfer_mode(wish: &Wish<'_>) -> m::EnergyTransferMode {
    match wish.service {
        Service::Ac if wish.three_phases => m::EnergyTransferMode::AcThreePhaseCore,
        Service::Ac => m::EnergyTransferMode::AcSinglePhaseCore,
        _ => m::EnergyTransferMode::DcExtended,
    }
}

pub(super) fn write(next: Next, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let (state, wish) = (making.state, making.wish);
    let dc_ev_status = status(making);
    let selected = [m::SelectedService { service_id: 1, parameter_set_id: None }];
    let entries = [m::ProfileEntry {
        charging_profile_entry_start: 0,
        charging_profile_entry_max_power: physical(profile_power(making), UnitSymbol::W),
        charging_profile_entry_max_number_of_phases_in_use: None,
    }];
    let body = match next {
        Next::SessionSetup => {
            BodyElement::SessionSetupReq(m::SessionSetupReq { evccid: Bytes::new(&wish.evcc_id) })
        }
        Next::ServiceDiscovery => BodyElement::ServiceDiscoveryReq(m::ServiceDiscoveryReq {
            service_scope: None,
            service_category: Some(m::ServiceCategory::EvCharging),
        }),
        Next::Selection => {
            let selected_service = List::new(&selected);
            BodyElement::PaymentServiceSelectionReq(m::PaymentServiceSelectionReq {
                selected_payment_option: payment(wish),
                selected_service_list: m::SelectedServiceList { selected_service },
            })
        }
        Next::Authorization => {
            let request = m::AuthorizationReq { id: None, gen_challenge: None };
            BodyElement::AuthorizationReq(request)
        }
        Next::Limits => BodyElement::ChargeParameterDiscoveryReq(m::ChargeParameterDiscoveryReq {
            max_entries_sa_schedule_tuple: Some(Schedule::CAPACITY as u16),
            requested_energy_transfer_mode: energy_transfer_mode(wish),
            ev_charge_parameter: ev_limits(making),
        }),
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
            let is_start = progress == Progress::Start;
            let is_dc = wish.service.is_dc();
            let profile = m::ChargingProfile { profile_entry: List::new(&entries) };
            BodyElement::PowerDeliveryReq(m::PowerDeliveryReq {
                charge_progress: match progress {
                    Progress::Start => m::ChargeProgress::Start,
                    Progress::Stop => m::ChargeProgress::Stop,
                    Progress::Renegotiate | Progress::Standby => m::ChargeProgress::Renegotiate,
                },
                sa_schedule_tuple_id: making.heard.schedule_id.map_or(1, |id| id as u8),
                charging_profile: is_start.then_some(profile),
                ev_power_delivery_parameter: is_dc
                    .then_some(m::EvPowerDeliveryParameter::DcEvPowerDeliveryParameter(parameter)),
            })
        }
        Next::Loop if wish.service.is_dc() => {
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
        Next::Loop => BodyElement::ChargingStatusReq(m::ChargingStatusReq {}),
        Next::Welding => BodyElement::WeldingDetectionReq(m::WeldingDetectionReq { dc_ev_status }),
        Next::Stop(want) => BodyElement::SessionStopReq(m::SessionStopReq {
            charging_session: match want {
                Want::Pause => m::ChargingSession::Pause,
                _ => m::ChargingSession::Terminate,
            },
        }),
        // -20 only, or the host's.
        _ => return Err(EncodeError::new(EncodeErrorKind::NoDocument)),
    };
    let header = m::MessageHeader {
        session_id: Bytes::new(making.session_id),
        notification: None,
        signature: None,
    };
    m::encode(&m::V2gMessage { header, body: m::Body { body_element: Some(body) } }, out)
}

/// The most that the vehicle takes, under every step of the schedule.
fn profile_power(making: &Making<'_>) -> MilliUnits {
    let least = making
        .heard
        .schedule
        .and_then(|schedule| schedule.steps().iter().map(|step| step.power).min());
    let most = making.state.limits.max_power;
    [least, most].into_iter().flatten().min().unwrap_or_default()
}

fn ev_limits(making: &Making<'_>) -> m::EvChargeParameter {
    let (limits, needs) = (making.state.limits, making.state.needs);
    let value = |value: Option<MilliUnits>, unit| physical(value.unwrap_or_default(), unit);
    if making.wish.service == Service::Ac {
        return m::EvChargeParameter::AcEvChargeParameter(m::AcEvChargeParameter {
            departure_time: needs.departure,
            eamount: value(needs.energy, UnitSymbol::Wh),
            ev_max_voltage: value(limits.max_voltage, UnitSymbol::V),
            ev_max_current: value(limits.max_current, UnitSymbol::A),
            ev_min_current: value(limits.min_current, UnitSymbol::A),
        });
    }
    m::EvChargeParameter::DcEvChargeParameter(m::DcEvChargeParameter {
        departure_time: needs.departure,
        dc_ev_status: status(making),
        ev_maximum_current_limit: value(limits.max_current, UnitSymbol::A),
        ev_maximum_power_limit: limits.max_power.map(|v| physical(v, UnitSymbol::W)),
        ev_maximum_voltage_limit: value(limits.max_voltage, UnitSymbol::V),
        ev_energy_capacity: None,
        ev_energy_request: needs.energy.map(|v| physical(v, UnitSymbol::Wh)),
        full_soc: None,
        bulk_soc: None,
    })
}

fn status(making: &Making<'_>) -> m::DcEvStatus {
    m::DcEvStatus {
        ev_ready: true,
        ev_error_code: m::DcEvErrorCode::NoError,
        ev_ress_soc: making.state.needs.soc.unwrap_or(0).min(100),
    }
}

fn physical(value: MilliUnits, unit: UnitSymbol) -> PhysicalValue {
    let zero = PhysicalValue { multiplier: 0, unit, value: 0 };
    PhysicalValue::from_milli(rounded(value), unit).unwrap_or(zero)
}
