//! Requests and responses of ISO 15118-20 DC, one-way and bidirectional.

use super::super::{Heard, Making, Next};
use super::{document, header, hear_loop, milli, rational, required, update};
use crate::message::iso20_dc::{self as m, Message};
use crate::message::iso20_types::Processing;
use crate::session::terms::{ControlMode, Limits};
use crate::{EncodeError, MilliUnits, View};

pub(in crate::session::vehicle) fn hear(message: &Message<'_>, heard: &mut Heard) -> bool {
    match message {
        Message::DcChargeParameterDiscoveryRes(response) => {
            heard.limits = limits(&response.dc_cpd_res_energy_transfer_mode);
        }
        Message::DcPreChargeRes(response) => {
            heard.present.voltage = milli(response.evse_present_voltage).unwrap_or_default();
        }
        Message::DcWeldingDetectionRes(response) => {
            heard.present.voltage = milli(response.evse_present_voltage).unwrap_or_default();
        }
        Message::DcChargeLoopRes(response) => {
            hear_loop(heard, response.evse_status, response.meter_info);
            let present = &mut heard.present;
            present.voltage = milli(response.evse_present_voltage).unwrap_or_default();
            present.current = milli(response.evse_present_current).unwrap_or_default();
            present.current_limited = response.evse_current_limit_achieved;
            present.voltage_limited = response.evse_voltage_limit_achieved;
            present.power_limited = response.evse_power_limit_achieved;
            hear_limits(&mut heard.limits, &response.cl_res_control_mode);
        }
        _ => {}
    }
    true
}

fn limits(mode: &m::DcCpdResEnergyTransferModeChoice) -> Limits {
    use m::DcCpdResEnergyTransferModeChoice as Mode;
    match mode {
        Mode::DcCpdResEnergyTransferMode(mode) => Limits {
            max_voltage: milli(mode.evse_maximum_voltage),
            min_voltage: milli(mode.evse_minimum_voltage),
            max_current: milli(mode.evse_maximum_charge_current),
            min_current: milli(mode.evse_minimum_charge_current),
            max_power: milli(mode.evse_maximum_charge_power),
            min_power: milli(mode.evse_minimum_charge_power),
            ..Limits::NONE
        },
        Mode::BptDcCpdResEnergyTransferMode(mode) => Limits {
            max_voltage: milli(mode.evse_maximum_voltage),
            min_voltage: milli(mode.evse_minimum_voltage),
            max_current: milli(mode.evse_maximum_charge_current),
            min_current: milli(mode.evse_minimum_charge_current),
            max_power: milli(mode.evse_maximum_charge_power),
            min_power: milli(mode.evse_minimum_charge_power),
            max_discharge_current: milli(mode.evse_maximum_discharge_current),
            max_discharge_power: milli(mode.evse_maximum_discharge_power),
            min_discharge_power: milli(mode.evse_minimum_discharge_power),
        },
    }
}

fn hear_limits(limits: &mut Limits, mode: &m::ClResControlMode) {
    use m::ClResControlMode as Mode;
    match mode {
        Mode::ScheduledDcClResControlMode(mode) => {
            update(&mut limits.max_power, mode.evse_maximum_charge_power);
            update(&mut limits.max_current, mode.evse_maximum_charge_current);
            update(&mut limits.max_voltage, mode.evse_maximum_voltage);
        }
        Mode::BptScheduledDcClResControlMode(mode) => {
            update(&mut limits.max_power, mode.evse_maximum_charge_power);
            update(&mut limits.max_current, mode.evse_maximum_charge_current);
            update(&mut limits.max_voltage, mode.evse_maximum_voltage);
            update(&mut limits.max_discharge_power, mode.evse_maximum_discharge_power);
            update(&mut limits.max_discharge_current, mode.evse_maximum_discharge_current);
        }
        Mode::DynamicDcClResControlMode(mode) => {
            update(&mut limits.max_power, Some(mode.evse_maximum_charge_power));
            update(&mut limits.max_current, Some(mode.evse_maximum_charge_current));
            update(&mut limits.max_voltage, Some(mode.evse_maximum_voltage));
        }
        Mode::BptDynamicDcClResControlMode(mode) => {
            update(&mut limits.max_power, Some(mode.evse_maximum_charge_power));
            update(&mut limits.max_current, Some(mode.evse_maximum_charge_current));
            update(&mut limits.max_voltage, Some(mode.evse_maximum_voltage));
            update(&mut limits.max_discharge_power, Some(mode.evse_maximum_discharge_power));
            update(&mut limits.max_discharge_current, Some(mode.evse_maximum_discharge_current));
        }
    }
}

pub(super) fn write(next: Next, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let (header, state) = (header(making), making.state);
    match next {
        Next::Limits => document(
            m::element::DC_CHARGE_PARAMETER_DISCOVERY_REQ,
            &m::DcChargeParameterDiscoveryReq {
                header,
                dc_cpd_req_energy_transfer_mode: ev_limits(making),
            },
            out,
        ),
        Next::CableCheck => {
            document(m::element::DC_CABLE_CHECK_REQ, &m::DcCableCheckReq { header }, out)
        }
        Next::PreCharge { is_done } => document(
            m::element::DC_PRE_CHARGE_REQ,
            &m::DcPreChargeReq {
                header,
                ev_processing: if is_done { Processing::Finished } else { Processing::Ongoing },
                ev_present_voltage: rational(state.present_voltage),
                ev_target_voltage: rational(state.target_voltage),
            },
            out,
        ),
        Next::Welding => document(
            m::element::DC_WELDING_DETECTION_REQ,
            &m::DcWeldingDetectionReq { header, ev_processing: Processing::Finished },
            out,
        ),
        _ => write_loop(making, out),
    }
}

fn ev_limits(making: &Making<'_>) -> m::DcCpdReqEnergyTransferModeChoice {
    use m::DcCpdReqEnergyTransferModeChoice as Mode;
    let limits = making.state.limits;
    let one_way = m::DcCpdReqEnergyTransferMode {
        ev_maximum_charge_power: required(limits.max_power),
        ev_minimum_charge_power: required(limits.min_power),
        ev_maximum_charge_current: required(limits.max_current),
        ev_minimum_charge_current: required(limits.min_current),
        ev_maximum_voltage: required(limits.max_voltage),
        ev_minimum_voltage: required(limits.min_voltage),
        target_soc: None,
    };
    if !making.wish.service.is_bidirectional() {
        return Mode::DcCpdReqEnergyTransferMode(one_way);
    }
    Mode::BptDcCpdReqEnergyTransferMode(m::BptDcCpdReqEnergyTransferMode {
        ev_maximum_charge_power: one_way.ev_maximum_charge_power,
        ev_minimum_charge_power: one_way.ev_minimum_charge_power,
        ev_maximum_charge_current: one_way.ev_maximum_charge_current,
        ev_minimum_charge_current: one_way.ev_minimum_charge_current,
        ev_maximum_voltage: one_way.ev_maximum_voltage,
        ev_minimum_voltage: one_way.ev_minimum_voltage,
        target_soc: None,
        ev_maximum_discharge_power: required(limits.max_discharge_power),
        ev_minimum_discharge_power: required(limits.min_discharge_power),
        ev_maximum_discharge_current: required(limits.max_discharge_current),
        ev_minimum_discharge_current: required(None),
    })
}

fn write_loop(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    use m::ClReqControlMode as Mode;
    let (state, limits) = (making.state, making.state.limits);
    let some = |value: Option<MilliUnits>| value.map(rational);
    let energy = required(state.needs.energy);
    let both_ways = m::BptDynamicDcClReqControlMode {
        departure_time: state.needs.departure,
        ev_target_energy_request: energy,
        ev_maximum_energy_request: energy,
        ev_minimum_energy_request: required(None),
        ev_maximum_charge_power: required(limits.max_power),
        ev_minimum_charge_power: required(limits.min_power),
        ev_maximum_charge_current: required(limits.max_current),
        ev_maximum_voltage: required(limits.max_voltage),
        ev_minimum_voltage: required(limits.min_voltage),
        ev_maximum_discharge_power: required(limits.max_discharge_power),
        ev_minimum_discharge_power: required(limits.min_discharge_power),
        ev_maximum_discharge_current: required(limits.max_discharge_current),
        ev_maximum_v2x_energy_request: None,
        ev_minimum_v2x_energy_request: None,
    };
    let (target_current, target_voltage) =
        (rational(state.target_current), rational(state.target_voltage));
    let mode = match (making.wish.control, making.wish.service.is_bidirectional()) {
        (ControlMode::Scheduled, false) => {
            Mode::ScheduledDcClReqControlMode(m::ScheduledDcClReqControlMode {
                ev_target_energy_request: some(state.needs.energy),
                ev_maximum_energy_request: None,
                ev_minimum_energy_request: None,
                ev_target_current: target_current,
                ev_target_voltage: target_voltage,
                ev_maximum_charge_power: some(limits.max_power),
                ev_minimum_charge_power: some(limits.min_power),
                ev_maximum_charge_current: some(limits.max_current),
                ev_maximum_voltage: some(limits.max_voltage),
                ev_minimum_voltage: some(limits.min_voltage),
            })
        }
        (ControlMode::Scheduled, true) => {
            Mode::BptScheduledDcClReqControlMode(m::BptScheduledDcClReqControlMode {
                ev_target_energy_request: some(state.needs.energy),
                ev_maximum_energy_request: None,
                ev_minimum_energy_request: None,
                ev_target_current: target_current,
                ev_target_voltage: target_voltage,
                ev_maximum_charge_power: some(limits.max_power),
                ev_minimum_charge_power: some(limits.min_power),
                ev_maximum_charge_current: some(limits.max_current),
                ev_maximum_voltage: some(limits.max_voltage),
                ev_minimum_voltage: some(limits.min_voltage),
                ev_maximum_discharge_power: some(limits.max_discharge_power),
                ev_minimum_discharge_power: some(limits.min_discharge_power),
                ev_maximum_discharge_current: some(limits.max_discharge_current),
            })
        }
        (ControlMode::Dynamic, false) => {
            Mode::DynamicDcClReqControlMode(m::DynamicDcClReqControlMode {
                departure_time: both_ways.departure_time,
                ev_target_energy_request: energy,
                ev_maximum_energy_request: energy,
                ev_minimum_energy_request: both_ways.ev_minimum_energy_request,
                ev_maximum_charge_power: both_ways.ev_maximum_charge_power,
                ev_minimum_charge_power: both_ways.ev_minimum_charge_power,
                ev_maximum_charge_current: both_ways.ev_maximum_charge_current,
                ev_maximum_voltage: both_ways.ev_maximum_voltage,
                ev_minimum_voltage: both_ways.ev_minimum_voltage,
            })
        }
        (ControlMode::Dynamic, true) => Mode::BptDynamicDcClReqControlMode(View::new(&both_ways)),
    };
    let request = m::DcChargeLoopReq {
        header: header(making),
        display_parameters: None,
        meter_info_requested: false,
        ev_present_voltage: rational(state.present_voltage),
        cl_req_control_mode: mode,
    };
    document(m::element::DC_CHARGE_LOOP_REQ, &request, out)
}
