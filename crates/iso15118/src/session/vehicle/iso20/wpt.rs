//! Requests and responses of ISO 15118-20 WPT.

use super::super::{Heard, Making, Next, Want};
use super::{document, header, hear_loop, milli, rational, update};
use crate::message::iso20_types::{DisplayParameters, Processing, ResponseCode};
use crate::message::iso20_wpt::{self as m, Message};
use crate::session::terms::Limits;
use crate::session::{Placing, WptHeard, WptStep, WptVehicle};
use crate::{EncodeError, EncodeErrorKind, List, MilliUnits};

/// Takes what a response says; `false` if the devices have no method in common.
pub(in crate::session::vehicle) fn hear(
    message: &Message<'_>,
    device: Option<&WptVehicle<'_>>,
    heard: &mut Heard,
    wpt: &mut WptHeard,
) -> bool {
    let step =
        |processing| WptStep { is_done: processing == Processing::Finished, ..WptStep::default() };
    match message {
        Message::WptFinePositioningSetupRes(response)
            if response.response_code == ResponseCode::Ok =>
        {
            return device.is_some_and(|device| have_common(device, response));
        }
        Message::WptFinePositioningRes(response) => wpt.step = step(response.evse_processing),
        Message::WptPairingRes(response) => {
            let observed_id = response.observed_id_code;
            wpt.step = WptStep { observed_id, ..step(response.evse_processing) };
        }
        Message::WptAlignmentCheckRes(response) => {
            wpt.step = WptStep {
                power: response.power_transmitted.and_then(milli),
                coil_current: response.supply_device_current.and_then(milli),
                ..step(response.evse_processing)
            };
        }
        Message::WptChargeParameterDiscoveryRes(response) => {
            heard.limits = Limits {
                max_power: milli(response.sd_max_output_power),
                min_power: milli(response.sd_min_output_power),
                ..Limits::NONE
            };
            let [low, high] = [
                response.sd_min_ground_clearance_support,
                response.sd_max_ground_clearance_support,
            ];
            wpt.clearance = Some((low, high));
            let [low, high] =
                [response.pd_min_coil_current, response.pd_max_coil_current].map(milli);
            wpt.coil_current = low.zip(high);
        }
        Message::WptChargeLoopRes(response) => {
            hear_loop(heard, response.evse_status, response.meter_info);
            update(&mut heard.limits.max_power, Some(response.spc_max_output_power_limit));
            update(&mut heard.limits.min_power, Some(response.spc_min_output_power_limit));
            heard.present.target_power = milli(response.evpc_power_request);
            heard.present.power = response.sd_power_input.and_then(milli);
            wpt.diagnostics = Some(response.spc_charge_diagnostics);
        }
        _ => {}
    }
    true
}

fn have_common(device: &WptVehicle<'_>, response: &m::WptFinePositioningSetupRes<'_>) -> bool {
    let own = device.methods;
    let mut positioning =
        response.primary_device_fine_positioning_method_list.wpt_fine_positioning_method.iter();
    let mut pairing = response.primary_device_pairing_method_list.wpt_pairing_method.iter();
    let mut alignment =
        response.primary_device_alignment_check_method_list.wpt_alignment_check_method.iter();
    positioning.any(|method| own.positioning.contains(&method))
        && pairing.any(|method| own.pairing.contains(&method))
        && alignment.any(|method| own.alignment.contains(&method))
}

pub(super) fn write(next: Next, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let device = making.wpt.ok_or(EncodeError::new(EncodeErrorKind::NoDocument))?;
    let header = header(making);
    let (ev_processing, ev_result_code) = match device.placing {
        Placing::Done => (Processing::Finished, m::WptEvResult::EvResultSuccess),
        Placing::Ongoing => (Processing::Ongoing, m::WptEvResult::EvResultUnknown),
        Placing::Failed => (Processing::Finished, m::WptEvResult::EvResultFailed),
    };
    let vendor_specific_data_container = List::EMPTY;
    match next {
        Next::FinePositioningSetup => write_methods(device, making, out),
        Next::FinePositioning => document(
            m::element::WPT_FINE_POSITIONING_REQ,
            &m::WptFinePositioningReq {
                header,
                ev_processing,
                ev_result_code,
                vendor_specific_data_container,
                wpt_lf_data_package_list: None,
            },
            out,
        ),
        Next::Pairing => document(
            m::element::WPT_PAIRING_REQ,
            &m::WptPairingReq {
                header,
                ev_processing,
                observed_id_code: device.observed_id,
                ev_result_code,
                vendor_specific_data_container,
            },
            out,
        ),
        Next::AlignmentCheck => document(
            m::element::WPT_ALIGNMENT_CHECK_REQ,
            &m::WptAlignmentCheckReq {
                header,
                ev_processing,
                target_coil_current: device.coil_current.map(rational),
                ev_result_code,
                vendor_specific_data_container,
            },
            out,
        ),
        Next::Limits => {
            let limits = device.limits;
            document(
                m::element::WPT_CHARGE_PARAMETER_DISCOVERY_REQ,
                &m::WptChargeParameterDiscoveryReq {
                    header,
                    evpc_max_receivable_power: rational(limits.max_power),
                    sd_max_ground_clearence: limits.max_clearance,
                    sd_min_ground_clearence: limits.min_clearance,
                    evpc_natural_frequency: rational(limits.natural_frequency),
                    evpc_device_local_control: limits.has_local_control,
                    vendor_specific_data_container,
                },
                out,
            )
        }
        _ => write_loop(device, making, out),
    }
}

fn write_methods(
    device: &WptVehicle<'_>,
    making: &Making<'_>,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let methods = device.methods;
    let request = m::WptFinePositioningSetupReq {
        header: header(making),
        ev_processing: Processing::Finished,
        ev_device_fine_positioning_method_list: m::WptFinePositioningMethodList {
            wpt_fine_positioning_method: List::new(methods.positioning),
        },
        ev_device_pairing_method_list: m::WptPairingMethodList {
            wpt_pairing_method: List::new(methods.pairing),
        },
        ev_device_alignment_check_method_list: m::WptAlignmentCheckMethodList {
            wpt_alignment_check_method: List::new(methods.alignment),
        },
        natural_offset: methods.natural_offset,
        vendor_specific_data_container: List::EMPTY,
        lf_system_setup_data: None,
    };
    document(m::element::WPT_FINE_POSITIONING_SETUP_REQ, &request, out)
}

fn write_loop(
    device: &WptVehicle<'_>,
    making: &Making<'_>,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let demand = device.demand;
    // Standing by, it asks for nothing.
    let stands_by = making.state.want == Want::Standby;
    let power = if stands_by { MilliUnits::default() } else { demand.power };
    let shown = demand.soc.is_some() || demand.is_complete;
    let display_parameters = shown.then_some(DisplayParameters {
        present_soc: demand.soc,
        charging_complete: Some(demand.is_complete),
        minimum_soc: None,
        target_soc: None,
        maximum_soc: None,
        remaining_time_to_minimum_soc: None,
        remaining_time_to_target_soc: None,
        remaining_time_to_maximum_soc: None,
        battery_energy_capacity: None,
        inlet_hot: None,
    });
    let request = m::WptChargeLoopReq {
        header: header(making),
        display_parameters,
        meter_info_requested: demand.meter_requested,
        evpc_power_request: rational(power),
        evpc_power_output: rational(demand.output),
        evpc_charge_diagnostics: demand.diagnostics,
        evpc_operating_frequency: None,
        evpc_power_control_parameter: None,
        manufacturer_specific_data_container: List::EMPTY,
    };
    document(m::element::WPT_CHARGE_LOOP_REQ, &request, out)
}
