//! Requests and responses of ISO 15118-20 WPT.

use super::super::{Answer, Due, Making, Offer, Question, Told, clipped};
use super::{Read, document, header, meter_info, milli, processing, rational, required, status};
use crate::message::iso20_types::{Processing, ResponseCode};
use crate::message::iso20_wpt as m;
use crate::session::terms::Limits;
use crate::session::{Ask, Placing, Refusal, WptDemand, WptLimits, WptPresent, WptStep};
use crate::{EncodeError, EncodeErrorKind, List, View};

pub(in crate::session::station) fn read(
    message: &m::Message<'_>,
    ask: Ask,
    _: &Offer<'_>,
    told: &mut Told,
) -> Read {
    Ok(match message {
        m::Message::WptFinePositioningSetupReq(_) => (Due::FinePositioningSetup, None),
        m::Message::WptFinePositioningReq(request) => {
            let vehicle = placing(request.ev_processing, request.ev_result_code);
            (Due::FinePositioning, Some(Question::FinePositioning { vehicle }))
        }
        m::Message::WptPairingReq(request) => {
            let vehicle = placing(request.ev_processing, request.ev_result_code);
            let observed_id = request.observed_id_code;
            (Due::Pairing, Some(Question::Pairing { vehicle, observed_id }))
        }
        m::Message::WptAlignmentCheckReq(request) => {
            let vehicle = placing(request.ev_processing, request.ev_result_code);
            let coil_current = request.target_coil_current.and_then(milli);
            (Due::AlignmentCheck, Some(Question::AlignmentCheck { vehicle, coil_current }))
        }
        m::Message::WptChargeParameterDiscoveryReq(request) => {
            let power = milli(request.evpc_max_receivable_power).ok_or(Refusal::ChargeParameter)?;
            let frequency = milli(request.evpc_natural_frequency);
            let vehicle = WptLimits {
                max_power: power,
                min_clearance: request.sd_min_ground_clearence,
                max_clearance: request.sd_max_ground_clearence,
                natural_frequency: frequency.ok_or(Refusal::ChargeParameter)?,
                has_local_control: request.evpc_device_local_control,
            };
            told.vehicle = Limits { max_power: Some(power), ..Limits::NONE };
            (Due::Limits, Some(Question::WptLimits(vehicle)))
        }
        m::Message::WptChargeLoopReq(request) => {
            let most = [told.vehicle.max_power, told.charger.max_power];
            let power = milli(request.evpc_power_request).ok_or(Refusal::Other)?;
            told.requested = clipped(power, most);
            let shown = request.display_parameters;
            let demand = WptDemand {
                power: told.requested,
                output: milli(request.evpc_power_output).ok_or(Refusal::Other)?,
                diagnostics: request.evpc_charge_diagnostics,
                soc: shown.and_then(|shown| shown.present_soc),
                is_complete: shown.is_some_and(|shown| shown.charging_complete == Some(true)),
                meter_requested: request.meter_info_requested,
            };
            (Due::Loop, Some(Question::WptDeliver(demand)))
        }
        _ => (Due::Message, Some(Question::Message(ask))),
    })
}

fn placing(processing: Processing, result: m::WptEvResult) -> Placing {
    match (processing, result) {
        (_, m::WptEvResult::EvResultFailed) => Placing::Failed,
        (Processing::Finished, _) => Placing::Done,
        _ => Placing::Ongoing,
    }
}

pub(super) fn write(due: Due, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let (header, response_code) = (header(making), ResponseCode::Ok);
    let evse_processing = processing(making);
    let step = match making.answer {
        Answer::WptStep(step) => step,
        _ => WptStep::default(),
    };
    match due {
        Due::FinePositioningSetup => send_methods(making, out),
        Due::FinePositioning => document(
            m::element::WPT_FINE_POSITIONING_RES,
            &m::WptFinePositioningRes {
                header,
                response_code,
                evse_processing,
                vendor_specific_data_container: List::EMPTY,
                wpt_lf_data_package_list: None,
            },
            out,
        ),
        Due::Pairing => document(
            m::element::WPT_PAIRING_RES,
            &m::WptPairingRes {
                header,
                response_code,
                evse_processing,
                observed_id_code: step.observed_id,
                alternative_secc_list: None,
                vendor_specific_data_container: List::EMPTY,
            },
            out,
        ),
        Due::AlignmentCheck => document(
            m::element::WPT_ALIGNMENT_CHECK_RES,
            &m::WptAlignmentCheckRes {
                header,
                response_code,
                evse_processing,
                power_transmitted: step.power.map(rational),
                supply_device_current: step.coil_current.map(rational),
                vendor_specific_data_container: List::EMPTY,
            },
            out,
        ),
        Due::Limits => send_limits(making, out),
        _ => send_loop(making, out),
    }
}

/// No device is offered: nothing of it can be said.
const NO_DEVICE: EncodeError = EncodeError::new(EncodeErrorKind::NoDocument);

fn send_methods(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let methods = making.wpt.ok_or(NO_DEVICE)?.methods;
    let response = m::WptFinePositioningSetupRes {
        header: header(making),
        response_code: ResponseCode::Ok,
        primary_device_fine_positioning_method_list: m::WptFinePositioningMethodList {
            wpt_fine_positioning_method: List::new(methods.positioning),
        },
        primary_device_pairing_method_list: m::WptPairingMethodList {
            wpt_pairing_method: List::new(methods.pairing),
        },
        primary_device_alignment_check_method_list: m::WptAlignmentCheckMethodList {
            wpt_alignment_check_method: List::new(methods.alignment),
        },
        natural_offset: methods.natural_offset,
        vendor_specific_data_container: List::EMPTY,
        lf_system_setup_data: None,
    };
    document(m::element::WPT_FINE_POSITIONING_SETUP_RES, &response, out)
}

fn send_limits(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let device = making.wpt.ok_or(NO_DEVICE)?;
    let limits = making.told.charger;
    let response = m::WptChargeParameterDiscoveryRes {
        header: header(making),
        response_code: ResponseCode::Ok,
        pd_input_power_class: device.power_class,
        sd_min_output_power: required(limits.min_power),
        sd_max_output_power: required(limits.max_power),
        sd_max_ground_clearance_support: device.max_clearance,
        sd_min_ground_clearance_support: device.min_clearance,
        pd_min_coil_current: rational(device.min_coil_current),
        pd_max_coil_current: rational(device.max_coil_current),
        sd_manufacturer_specific_data_container: List::EMPTY,
    };
    document(m::element::WPT_CHARGE_PARAMETER_DISCOVERY_RES, &response, out)
}

fn send_loop(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let Answer::WptPresent(WptPresent { power, input, diagnostics, meter }) = making.answer else {
        return Err(NO_DEVICE);
    };
    let (limits, meter) = (making.told.charger, meter.map(meter_info));
    let response = m::WptChargeLoopRes {
        header: header(making),
        response_code: ResponseCode::Ok,
        evse_status: status(making),
        meter_info: meter.as_ref().map(View::new),
        receipt: None,
        evpc_power_request: rational(power.unwrap_or(making.told.requested)),
        sd_power_input: input.map(rational),
        spc_max_output_power_limit: required(limits.max_power),
        spc_min_output_power_limit: required(limits.min_power),
        spc_charge_diagnostics: diagnostics,
        spc_operating_frequency: None,
        spc_power_control_parameter: None,
        manufacturer_specific_data_container: List::EMPTY,
    };
    document(m::element::WPT_CHARGE_LOOP_RES, &response, out)
}
