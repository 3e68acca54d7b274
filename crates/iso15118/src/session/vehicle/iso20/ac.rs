//! Requests and responses of ISO 15118-20 AC, one-way and bidirectional. Powers are of all phases together.

use super::super::{Heard, Making, Next};
use super::{document, header, hear_loop, milli, rational, required};
use crate::message::iso20_ac::{self as m, Message};
use crate::message::iso20_types::RationalNumber;
use crate::session::terms::{ControlMode, Limits};
use crate::{EncodeError, MilliUnits, View};

pub(in crate::session::vehicle) fn hear(message: &Message<'_>, heard: &mut Heard) -> bool {
    use m::AcCpdResEnergyTransferModeChoice as Limit;
    use m::ClResControlMode as Mode;
    match message {
        Message::AcChargeParameterDiscoveryRes(response) => {
            heard.limits = match response.ac_cpd_res_energy_transfer_mode {
                Limit::AcCpdResEnergyTransferMode(mode) => Limits {
                    max_power: milli(mode.evse_maximum_charge_power),
                    min_power: milli(mode.evse_minimum_charge_power),
                    ..Limits::NONE
                },
                Limit::BptAcCpdResEnergyTransferMode(mode) => {
                    let mode = mode.get();
                    Limits {
                        max_power: milli(mode.evse_maximum_charge_power),
                        min_power: milli(mode.evse_minimum_charge_power),
                        max_discharge_power: milli(mode.evse_maximum_discharge_power),
                        min_discharge_power: milli(mode.evse_minimum_discharge_power),
                        ..Limits::NONE
                    }
                }
            };
        }
        Message::AcChargeLoopRes(response) => {
            hear_loop(heard, response.evse_status, response.meter_info);
            let (target, present): (Option<RationalNumber>, _) = match response.cl_res_control_mode
            {
                Mode::ScheduledAcClResControlMode(mode) => {
                    (mode.evse_target_active_power, mode.evse_present_active_power)
                }
                Mode::BptScheduledAcClResControlMode(mode) => {
                    (mode.evse_target_active_power, mode.evse_present_active_power)
                }
                Mode::DynamicAcClResControlMode(mode) => {
                    let mode = mode.get();
                    (Some(mode.evse_target_active_power), mode.evse_present_active_power)
                }
                Mode::BptDynamicAcClResControlMode(mode) => {
                    let mode = mode.get();
                    (Some(mode.evse_target_active_power), mode.evse_present_active_power)
                }
            };
            heard.present.target_power = target.and_then(milli);
            heard.present.power = present.and_then(milli);
        }
        _ => {}
    }
    true
}

pub(super) fn write(next: Next, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    match next {
        Next::Limits => write_limits(making, out),
        _ => write_loop(making, out),
    }
}

fn write_limits(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    use m::AcCpdReqEnergyTransferModeChoice as Mode;
    let limits = making.state.limits;
    let mode = if making.wish.service.is_bidirectional() {
        Mode::BptAcCpdReqEnergyTransferMode(m::BptAcCpdReqEnergyTransferMode {
            ev_maximum_charge_power: required(limits.max_power),
            ev_maximum_charge_power_l2: None,
            ev_maximum_charge_power_l3: None,
            ev_minimum_charge_power: required(limits.min_power),
            ev_minimum_charge_power_l2: None,
            ev_minimum_charge_power_l3: None,
            ev_maximum_discharge_power: required(limits.max_discharge_power),
            ev_maximum_discharge_power_l2: None,
            ev_maximum_discharge_power_l3: None,
            ev_minimum_discharge_power: required(limits.min_discharge_power),
            ev_minimum_discharge_power_l2: None,
            ev_minimum_discharge_power_l3: None,
        })
    } else {
        Mode::AcCpdReqEnergyTransferMode(m::AcCpdReqEnergyTransferMode {
            ev_maximum_charge_power: required(limits.max_power),
            ev_maximum_charge_power_l2: None,
            ev_maximum_charge_power_l3: None,
            ev_minimum_charge_power: required(limits.min_power),
            ev_minimum_charge_power_l2: None,
            ev_minimum_charge_power_l3: None,
        })
    };
    let request = m::AcChargeParameterDiscoveryReq {
        header: header(making),
        ac_cpd_req_energy_transfer_mode: mode,
    };
    document(m::element::AC_CHARGE_PARAMETER_DISCOVERY_REQ, &request, out)
}

/// A mode of the loop: what all four have, and the fields that one has beside.
macro_rules! mode {
    ($mode:ident { $($field:ident: $value:expr,)* }, $power:expr) => {
        m::$mode {
            $($field: $value,)*
            ev_maximum_charge_power_l2: None,
            ev_maximum_charge_power_l3: None,
            ev_minimum_charge_power_l2: None,
            ev_minimum_charge_power_l3: None,
            ev_present_active_power: $power,
            ev_present_active_power_l2: None,
            ev_present_active_power_l3: None,
            ev_present_reactive_power_l2: None,
            ev_present_reactive_power_l3: None,
        }
    };
    (both $mode:ident { $($field:ident: $value:expr,)* }, $power:expr) => {
        mode!($mode {
            $($field: $value,)*
            ev_maximum_discharge_power_l2: None,
            ev_maximum_discharge_power_l3: None,
            ev_minimum_discharge_power_l2: None,
            ev_minimum_discharge_power_l3: None,
        }, $power)
    };
}

fn write_loop(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    use m::ClReqControlMode as Mode;
    let (needs, limits) = (making.state.needs, making.state.limits);
    let power = rational(making.state.present_power);
    let some = |value: Option<MilliUnits>| value.map(rational);
    let (energy, zero) = (required(needs.energy), required(None));
    let scheduled = mode!(
        ScheduledAcClReqControlMode {
            ev_target_energy_request: some(needs.energy),
            ev_maximum_energy_request: None,
            ev_minimum_energy_request: None,
            ev_maximum_charge_power: some(limits.max_power),
            ev_minimum_charge_power: some(limits.min_power),
            ev_present_reactive_power: None,
        },
        power
    );
    let scheduled_both = mode!(both BptScheduledAcClReqControlMode {
        ev_target_energy_request: some(needs.energy),
        ev_maximum_energy_request: None,
        ev_minimum_energy_request: None,
        ev_maximum_charge_power: some(limits.max_power),
        ev_minimum_charge_power: some(limits.min_power),
        ev_present_reactive_power: None,
        ev_maximum_discharge_power: some(limits.max_discharge_power),
        ev_minimum_discharge_power: some(limits.min_discharge_power),
    }, power);
    let dynamic = mode!(
        DynamicAcClReqControlMode {
            departure_time: needs.departure,
            ev_target_energy_request: energy,
            ev_maximum_energy_request: energy,
            ev_minimum_energy_request: zero,
            ev_maximum_charge_power: required(limits.max_power),
            ev_minimum_charge_power: required(limits.min_power),
            ev_present_reactive_power: zero,
        },
        power
    );
    let dynamic_both = mode!(both BptDynamicAcClReqControlMode {
        departure_time: needs.departure,
        ev_target_energy_request: energy,
        ev_maximum_energy_request: energy,
        ev_minimum_energy_request: zero,
        ev_maximum_charge_power: required(limits.max_power),
        ev_minimum_charge_power: required(limits.min_power),
        ev_present_reactive_power: zero,
        ev_maximum_discharge_power: required(limits.max_discharge_power),
        ev_minimum_discharge_power: required(limits.min_discharge_power),
        ev_maximum_v2x_energy_request: None,
        ev_minimum_v2x_energy_request: None,
    }, power);
    let mode = match (making.wish.control, making.wish.service.is_bidirectional()) {
        (ControlMode::Scheduled, false) => Mode::ScheduledAcClReqControlMode(View::new(&scheduled)),
        (ControlMode::Scheduled, true) => {
            Mode::BptScheduledAcClReqControlMode(View::new(&scheduled_both))
        }
        (ControlMode::Dynamic, false) => Mode::DynamicAcClReqControlMode(View::new(&dynamic)),
        (ControlMode::Dynamic, true) => {
            Mode::BptDynamicAcClReqControlMode(View::new(&dynamic_both))
        }
    };
    let request = m::AcChargeLoopReq {
        header: header(making),
        display_parameters: None,
        meter_info_requested: false,
        cl_req_control_mode: mode,
    };
    document(m::element::AC_CHARGE_LOOP_REQ, &request, out)
}
