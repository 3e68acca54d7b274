//! Requests and responses of ISO 15118-20 DC, one-way and bidirectional.

use super::super::{Demand, Due, Making, Offer, Question, Told, clipped};
use super::{
    Read, check_mode, document, header, limits_asked, meter_info, milli, processing, rational,
    required, shown, status,
};
use crate::message::iso20_dc as m;
use crate::message::iso20_types::{RationalNumber, ResponseCode};
use crate::session::terms::{ControlMode, Limits, Service};
use crate::session::{Ask, Refusal};
use crate::{EncodeError, MilliUnits, View};

pub(in crate::session::station) fn read(
    message: &m::Message<'_>,
    ask: Ask,
    _: &Offer<'_>,
    told: &mut Told,
) -> Read {
    Ok(match message {
        m::Message::DcChargeParameterDiscoveryReq(request) => {
            use m::DcCpdReqEnergyTransferModeChoice as Mode;
            let is_bidirectional = told.service.is_some_and(Service::is_bidirectional);
            let vehicle = match request.dc_cpd_req_energy_transfer_mode {
                Mode::DcCpdReqEnergyTransferMode(mode) if !is_bidirectional => Limits {
                    max_voltage: milli(mode.ev_maximum_voltage),
                    min_voltage: milli(mode.ev_minimum_voltage),
                    max_current: milli(mode.ev_maximum_charge_current),
                    min_current: milli(mode.ev_minimum_charge_current),
                    max_power: milli(mode.ev_maximum_charge_power),
                    min_power: milli(mode.ev_minimum_charge_power),
                    ..Limits::NONE
                },
                Mode::BptDcCpdReqEnergyTransferMode(mode) if is_bidirectional => Limits {
                    max_voltage: milli(mode.ev_maximum_voltage),
                    min_voltage: milli(mode.ev_minimum_voltage),
                    max_current: milli(mode.ev_maximum_charge_current),
                    min_current: milli(mode.ev_minimum_charge_current),
                    max_power: milli(mode.ev_maximum_charge_power),
                    min_power: milli(mode.ev_minimum_charge_power),
                    max_discharge_current: milli(mode.ev_maximum_discharge_current),
                    max_discharge_power: milli(mode.ev_maximum_discharge_power),
                    min_discharge_power: milli(mode.ev_minimum_discharge_power),
                },
                _ => return Err(Refusal::ChargeParameter),
            };
            limits_asked(vehicle, Service::Dc, told)
        }
        m::Message::DcCableCheckReq(_) => (Due::CableCheck, Some(Question::CableCheck)),
        m::Message::DcPreChargeReq(request) => {
            let target = milli(request.ev_target_voltage).ok_or(Refusal::Other)?;
            let voltage = clipped(target, [told.vehicle.max_voltage, told.charger.max_voltage]);
            (Due::PreCharge, Some(Question::PreCharge { voltage, current: None }))
        }
        m::Message::DcChargeLoopReq(request) => {
            let demand = Demand {
                meter_requested: request.meter_info_requested,
                ..demand(&request.cl_req_control_mode, told)?
            };
            (Due::Loop, Some(Question::Deliver(shown(demand, request.display_parameters))))
        }
        m::Message::DcWeldingDetectionReq(_) => (Due::Welding, Some(Question::Welding)),
        _ => (Due::Message, Some(Question::Message(ask))),
    })
}

fn demand(mode: &m::ClReqControlMode<'_>, told: &Told) -> Result<Demand, Refusal> {
    use m::ClReqControlMode as Mode;
    let scheduled = |target_voltage, target_current, limits: Limits| {
        let vehicle = limits.or(told.vehicle);
        let most = [vehicle.max_current, told.charger.max_current];
        let highest = [vehicle.max_voltage, told.charger.max_voltage];
        let voltage = milli(target_voltage).map(|value| clipped(value, highest));
        let current = milli(target_current).map(|value| clipped(value, most));
        Demand { voltage, current, limits, ..Demand::default() }
    };
    let some = |value: Option<RationalNumber>| value.and_then(milli);
    Ok(match mode {
        Mode::ScheduledDcClReqControlMode(mode) => {
            check_mode(told, ControlMode::Scheduled, false)?;
            let limits = Limits {
                max_voltage: some(mode.ev_maximum_voltage),
                min_voltage: some(mode.ev_minimum_voltage),
                max_current: some(mode.ev_maximum_charge_current),
                max_power: some(mode.ev_maximum_charge_power),
                min_power: some(mode.ev_minimum_charge_power),
                ..Limits::NONE
            };
            scheduled(mode.ev_target_voltage, mode.ev_target_current, limits)
        }
        Mode::BptScheduledDcClReqControlMode(mode) => {
            check_mode(told, ControlMode::Scheduled, true)?;
            let limits = Limits {
                max_voltage: some(mode.ev_maximum_voltage),
                min_voltage: some(mode.ev_minimum_voltage),
                max_current: some(mode.ev_maximum_charge_current),
                max_power: some(mode.ev_maximum_charge_power),
                min_power: some(mode.ev_minimum_charge_power),
                max_discharge_current: some(mode.ev_maximum_discharge_current),
                max_discharge_power: some(mode.ev_maximum_discharge_power),
                min_discharge_power: some(mode.ev_minimum_discharge_power),
                ..Limits::NONE
            };
            scheduled(mode.ev_target_voltage, mode.ev_target_current, limits)
        }
        Mode::DynamicDcClReqControlMode(mode) => {
            check_mode(told, ControlMode::Dynamic, false)?;
            let limits = Limits {
                max_voltage: milli(mode.ev_maximum_voltage),
                min_voltage: milli(mode.ev_minimum_voltage),
                max_current: milli(mode.ev_maximum_charge_current),
                max_power: milli(mode.ev_maximum_charge_power),
                min_power: milli(mode.ev_minimum_charge_power),
                ..Limits::NONE
            };
            Demand { limits, ..Demand::default() }
        }
        Mode::BptDynamicDcClReqControlMode(mode) => {
            check_mode(told, ControlMode::Dynamic, true)?;
            let mode = mode.get();
            let limits = Limits {
                max_voltage: milli(mode.ev_maximum_voltage),
                min_voltage: milli(mode.ev_minimum_voltage),
                max_current: milli(mode.ev_maximum_charge_current),
                max_power: milli(mode.ev_maximum_charge_power),
                min_power: milli(mode.ev_minimum_charge_power),
                max_discharge_current: milli(mode.ev_maximum_discharge_current),
                max_discharge_power: milli(mode.ev_maximum_discharge_power),
                min_discharge_power: milli(mode.ev_minimum_discharge_power),
                ..Limits::NONE
            };
            Demand { limits, ..Demand::default() }
        }
    })
}

pub(super) fn write(due: Due, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let (header, response_code) = (header(making), ResponseCode::Ok);
    let evse_present_voltage = rational(making.present().voltage);
    match due {
        Due::Limits => document(
            m::element::DC_CHARGE_PARAMETER_DISCOVERY_RES,
            &m::DcChargeParameterDiscoveryRes {
                header,
                response_code,
                dc_cpd_res_energy_transfer_mode: limits(making),
            },
            out,
        ),
        Due::CableCheck => document(
            m::element::DC_CABLE_CHECK_RES,
            &m::DcCableCheckRes { header, response_code, evse_processing: processing(making) },
            out,
        ),
        Due::PreCharge => document(
            m::element::DC_PRE_CHARGE_RES,
            &m::DcPreChargeRes { header, response_code, evse_present_voltage },
            out,
        ),
        Due::Welding => document(
            m::element::DC_WELDING_DETECTION_RES,
            &m::DcWeldingDetectionRes { header, response_code, evse_present_voltage },
            out,
        ),
        _ => send_loop(making, out),
    }
}

fn limits(making: &Making<'_>) -> m::DcCpdResEnergyTransferModeChoice {
    let limits = making.told.charger;
    let evse_maximum_charge_power = required(limits.max_power);
    let evse_minimum_charge_power = required(limits.min_power);
    let evse_maximum_charge_current = required(limits.max_current);
    let evse_minimum_charge_current = required(limits.min_current);
    let evse_maximum_voltage = required(limits.max_voltage);
    let evse_minimum_voltage = required(limits.min_voltage);
    if making.told.service.is_some_and(Service::is_bidirectional) {
        m::DcCpdResEnergyTransferModeChoice::BptDcCpdResEnergyTransferMode(
            m::BptDcCpdResEnergyTransferMode {
                evse_maximum_charge_power,
                evse_minimum_charge_power,
                evse_maximum_charge_current,
                evse_minimum_charge_current,
                evse_maximum_voltage,
                evse_minimum_voltage,
                evse_power_ramp_limitation: None,
                evse_maximum_discharge_power: required(limits.max_discharge_power),
                evse_minimum_discharge_power: required(limits.min_discharge_power),
                evse_maximum_discharge_current: required(limits.max_discharge_current),
                evse_minimum_discharge_current: required(None),
            },
        )
    } else {
        m::DcCpdResEnergyTransferModeChoice::DcCpdResEnergyTransferMode(
            m::DcCpdResEnergyTransferMode {
                evse_maximum_charge_power,
                evse_minimum_charge_power,
                evse_maximum_charge_current,
                evse_minimum_charge_current,
                evse_maximum_voltage,
                evse_minimum_voltage,
                evse_power_ramp_limitation: None,
            },
        )
    }
}

fn send_loop(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let present = making.present();
    let meter = present.meter.map(meter_info);
    let meter_info = meter.as_ref().map(View::new);
    let (header, response_code) = (header(making), ResponseCode::Ok);
    let response = m::DcChargeLoopRes {
        header,
        response_code,
        evse_status: status(making),
        meter_info,
        receipt: None,
        evse_present_current: rational(present.current),
        evse_present_voltage: rational(present.voltage),
        evse_power_limit_achieved: present.power_limited,
        evse_current_limit_achieved: present.current_limited,
        evse_voltage_limit_achieved: present.voltage_limited,
        cl_res_control_mode: loop_mode(making),
    };
    document(m::element::DC_CHARGE_LOOP_RES, &response, out)
}

fn loop_mode(making: &Making<'_>) -> m::ClResControlMode {
    use m::ClResControlMode as Mode;
    let limits = making.told.charger;
    let some = |value: Option<MilliUnits>| value.map(rational);
    let is_bidirectional = making.told.service.is_some_and(Service::is_bidirectional);
    match (making.told.control, is_bidirectional) {
        (ControlMode::Scheduled, false) => {
            Mode::ScheduledDcClResControlMode(m::ScheduledDcClResControlMode {
                evse_maximum_charge_power: some(limits.max_power),
                evse_minimum_charge_power: some(limits.min_power),
                evse_maximum_charge_current: some(limits.max_current),
                evse_maximum_voltage: some(limits.max_voltage),
            })
        }
        (ControlMode::Scheduled, true) => {
            Mode::BptScheduledDcClResControlMode(m::BptScheduledDcClResControlMode {
                evse_maximum_charge_power: some(limits.max_power),
                evse_minimum_charge_power: some(limits.min_power),
                evse_maximum_charge_current: some(limits.max_current),
                evse_maximum_voltage: some(limits.max_voltage),
                evse_maximum_discharge_power: some(limits.max_discharge_power),
                evse_minimum_discharge_power: some(limits.min_discharge_power),
                evse_maximum_discharge_current: some(limits.max_discharge_current),
                evse_minimum_voltage: some(limits.min_voltage),
            })
        }
        (ControlMode::Dynamic, false) => {
            Mode::DynamicDcClResControlMode(m::DynamicDcClResControlMode {
                departure_time: None,
                minimum_soc: None,
                target_soc: None,
                ack_max_delay: None,
                evse_maximum_charge_power: required(limits.max_power),
                evse_minimum_charge_power: required(limits.min_power),
                evse_maximum_charge_current: required(limits.max_current),
                evse_maximum_voltage: required(limits.max_voltage),
            })
        }
        (ControlMode::Dynamic, true) => {
            Mode::BptDynamicDcClResControlMode(m::BptDynamicDcClResControlMode {
                departure_time: None,
                minimum_soc: None,
                target_soc: None,
                ack_max_delay: None,
                evse_maximum_charge_power: required(limits.max_power),
                evse_minimum_charge_power: required(limits.min_power),
                evse_maximum_charge_current: required(limits.max_current),
                evse_maximum_voltage: required(limits.max_voltage),
                evse_maximum_discharge_power: required(limits.max_discharge_power),
                evse_minimum_discharge_power: required(limits.min_discharge_power),
                evse_maximum_discharge_current: required(limits.max_discharge_current),
                evse_minimum_voltage: required(limits.min_voltage),
            })
        }
    }
}
