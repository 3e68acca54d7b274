//! Requests and responses of ISO 15118-20 AC, one-way and bidirectional.

use super::super::{Demand, Due, Making, Offer, Question, Told};
use super::{
    Read, check_mode, document, header, limits_asked, meter_info, rational, required, shown,
    status, total,
};
use crate::message::iso20_ac as m;
use crate::message::iso20_types::ResponseCode;
use crate::session::terms::{ControlMode, Limits, Service};
use crate::session::{Ask, Refusal};
use crate::{EncodeError, View};

/// The three phases of a value of AC.
macro_rules! phases {
    ($mode:ident, ev_maximum_charge_power) => {
        [
            Some($mode.ev_maximum_charge_power),
            $mode.ev_maximum_charge_power_l2,
            $mode.ev_maximum_charge_power_l3,
        ]
    };
    ($mode:ident, ev_minimum_charge_power) => {
        [
            Some($mode.ev_minimum_charge_power),
            $mode.ev_minimum_charge_power_l2,
            $mode.ev_minimum_charge_power_l3,
        ]
    };
    ($mode:ident, ev_maximum_discharge_power) => {
        [
            Some($mode.ev_maximum_discharge_power),
            $mode.ev_maximum_discharge_power_l2,
            $mode.ev_maximum_discharge_power_l3,
        ]
    };
    ($mode:ident, ev_minimum_discharge_power) => {
        [
            Some($mode.ev_minimum_discharge_power),
            $mode.ev_minimum_discharge_power_l2,
            $mode.ev_minimum_discharge_power_l3,
        ]
    };
    ($mode:ident, ev_present_active_power) => {
        [
            Some($mode.ev_present_active_power),
            $mode.ev_present_active_power_l2,
            $mode.ev_present_active_power_l3,
        ]
    };
}

pub(in crate::session::station) fn read(
    message: &m::Message<'_>,
    ask: Ask,
    _: &Offer<'_>,
    told: &mut Told,
) -> Read {
    Ok(match message {
        m::Message::AcChargeParameterDiscoveryReq(request) => {
            use m::AcCpdReqEnergyTransferModeChoice as Mode;
            let is_bidirectional = told.service.is_some_and(Service::is_bidirectional);
            let vehicle = match request.ac_cpd_req_energy_transfer_mode {
                Mode::AcCpdReqEnergyTransferMode(mode) if !is_bidirectional => Limits {
                    max_power: total(phases!(mode, ev_maximum_charge_power)),
                    min_power: total(phases!(mode, ev_minimum_charge_power)),
                    ..Limits::NONE
                },
                Mode::BptAcCpdReqEnergyTransferMode(mode) if is_bidirectional => Limits {
                    max_power: total(phases!(mode, ev_maximum_charge_power)),
                    min_power: total(phases!(mode, ev_minimum_charge_power)),
                    max_discharge_power: total(phases!(mode, ev_maximum_discharge_power)),
                    min_discharge_power: total(phases!(mode, ev_minimum_discharge_power)),
                    ..Limits::NONE
                },
                _ => return Err(Refusal::ChargeParameter),
            };
            limits_asked(vehicle, Service::Ac, told)
        }
        m::Message::AcChargeLoopReq(request) => {
            let demand = Demand {
                meter_requested: request.meter_info_requested,
                ..demand(&request.cl_req_control_mode, told)?
            };
            (Due::Loop, Some(Question::Deliver(shown(demand, request.display_parameters))))
        }
        _ => (Due::Message, Some(Question::Message(ask))),
    })
}

fn demand(mode: &m::ClReqControlMode<'_>, told: &Told) -> Result<Demand, Refusal> {
    use m::ClReqControlMode as Mode;
    let (control, is_bidirectional, power, limits) = match mode {
        Mode::ScheduledAcClReqControlMode(mode) => {
            let mode = mode.get();
            let power = total(phases!(mode, ev_present_active_power));
            (ControlMode::Scheduled, false, power, Limits::NONE)
        }
        Mode::BptScheduledAcClReqControlMode(mode) => {
            let mode = mode.get();
            let power = total(phases!(mode, ev_present_active_power));
            (ControlMode::Scheduled, true, power, Limits::NONE)
        }
        Mode::DynamicAcClReqControlMode(mode) => {
            let mode = mode.get();
            let limits = Limits {
                max_power: total(phases!(mode, ev_maximum_charge_power)),
                min_power: total(phases!(mode, ev_minimum_charge_power)),
                ..Limits::NONE
            };
            let power = total(phases!(mode, ev_present_active_power));
            (ControlMode::Dynamic, false, power, limits)
        }
        Mode::BptDynamicAcClReqControlMode(mode) => {
            let mode = mode.get();
            let limits = Limits {
                max_power: total(phases!(mode, ev_maximum_charge_power)),
                min_power: total(phases!(mode, ev_minimum_charge_power)),
                max_discharge_power: total(phases!(mode, ev_maximum_discharge_power)),
                min_discharge_power: total(phases!(mode, ev_minimum_discharge_power)),
                ..Limits::NONE
            };
            let power = total(phases!(mode, ev_present_active_power));
            (ControlMode::Dynamic, true, power, limits)
        }
    };
    check_mode(told, control, is_bidirectional)?;
    Ok(Demand { power, limits, ..Demand::default() })
}

pub(super) fn write(due: Due, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    match due {
        Due::Limits => send_limits(making, out),
        _ => send_loop(making, out),
    }
}

fn send_limits(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    use m::AcCpdResEnergyTransferModeChoice as Mode;
    let limits = making.told.charger;
    let one_way = m::AcCpdResEnergyTransferMode {
        evse_maximum_charge_power: required(limits.max_power),
        evse_maximum_charge_power_l2: None,
        evse_maximum_charge_power_l3: None,
        evse_minimum_charge_power: required(limits.min_power),
        evse_minimum_charge_power_l2: None,
        evse_minimum_charge_power_l3: None,
        evse_nominal_frequency: rational(making.offer.frequency),
        maximum_power_asymmetry: None,
        evse_power_ramp_limitation: None,
        evse_present_active_power: None,
        evse_present_active_power_l2: None,
        evse_present_active_power_l3: None,
    };
    let both_ways = m::BptAcCpdResEnergyTransferMode {
        evse_maximum_charge_power: one_way.evse_maximum_charge_power,
        evse_maximum_charge_power_l2: None,
        evse_maximum_charge_power_l3: None,
        evse_minimum_charge_power: one_way.evse_minimum_charge_power,
        evse_minimum_charge_power_l2: None,
        evse_minimum_charge_power_l3: None,
        evse_nominal_frequency: one_way.evse_nominal_frequency,
        maximum_power_asymmetry: None,
        evse_power_ramp_limitation: None,
        evse_present_active_power: None,
        evse_present_active_power_l2: None,
        evse_present_active_power_l3: None,
        evse_maximum_discharge_power: required(limits.max_discharge_power),
        evse_maximum_discharge_power_l2: None,
        evse_maximum_discharge_power_l3: None,
        evse_minimum_discharge_power: required(limits.min_discharge_power),
        evse_minimum_discharge_power_l2: None,
        evse_minimum_discharge_power_l3: None,
    };
    let response = m::AcChargeParameterDiscoveryRes {
        header: header(making),
        response_code: ResponseCode::Ok,
        ac_cpd_res_energy_transfer_mode: if is_bidirectional(making) {
            Mode::BptAcCpdResEnergyTransferMode(View::new(&both_ways))
        } else {
            Mode::AcCpdResEnergyTransferMode(one_way)
        },
    };
    document(m::element::AC_CHARGE_PARAMETER_DISCOVERY_RES, &response, out)
}

/// The four modes of AC have the same fields; only a dynamic one must say its target.
macro_rules! ac_mode {
    ($mode:ident, $target:expr, $present:expr) => {
        m::$mode {
            evse_target_active_power: $target,
            evse_target_active_power_l2: None,
            evse_target_active_power_l3: None,
            evse_target_reactive_power: None,
            evse_target_reactive_power_l2: None,
            evse_target_reactive_power_l3: None,
            evse_present_active_power: $present,
            evse_present_active_power_l2: None,
            evse_present_active_power_l3: None,
        }
    };
    (dynamic $mode:ident, $target:expr, $present:expr) => {
        m::$mode {
            departure_time: None,
            minimum_soc: None,
            target_soc: None,
            ack_max_delay: None,
            evse_target_active_power: $target,
            evse_target_active_power_l2: None,
            evse_target_active_power_l3: None,
            evse_target_reactive_power: None,
            evse_target_reactive_power_l2: None,
            evse_target_reactive_power_l3: None,
            evse_present_active_power: $present,
            evse_present_active_power_l2: None,
            evse_present_active_power_l3: None,
        }
    };
}

fn is_bidirectional(making: &Making<'_>) -> bool {
    making.told.service.is_some_and(Service::is_bidirectional)
}

fn send_loop(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    use m::ClResControlMode as Mode;
    let present = making.present();
    let meter = present.meter.map(meter_info);
    let power = present.power.map(rational);
    let target = present.target_power.map(rational);
    let must = required(present.target_power.or(making.told.charger.max_power));
    let dynamic = ac_mode!(dynamic DynamicAcClResControlMode, must, power);
    let dynamic_both_ways = ac_mode!(dynamic BptDynamicAcClResControlMode, must, power);
    let mode = match (making.told.control, is_bidirectional(making)) {
        (ControlMode::Scheduled, false) => {
            Mode::ScheduledAcClResControlMode(ac_mode!(ScheduledAcClResControlMode, target, power))
        }
        (ControlMode::Scheduled, true) => Mode::BptScheduledAcClResControlMode(ac_mode!(
            BptScheduledAcClResControlMode,
            target,
            power
        )),
        (ControlMode::Dynamic, false) => Mode::DynamicAcClResControlMode(View::new(&dynamic)),
        (ControlMode::Dynamic, true) => {
            Mode::BptDynamicAcClResControlMode(View::new(&dynamic_both_ways))
        }
    };
    let response = m::AcChargeLoopRes {
        header: header(making),
        response_code: ResponseCode::Ok,
        evse_status: status(making),
        meter_info: meter.as_ref().map(View::new),
        receipt: None,
        evse_target_frequency: None,
        cl_res_control_mode: mode,
    };
    document(m::element::AC_CHARGE_LOOP_RES, &response, out)
}
