//! Requests and responses of ISO 15118-20 ACDP; what it shares with DC is in the file of DC.

use super::super::{Answer, Due, Making, Offer, Question, Told};
use super::{Read, document, header, processing};
use crate::message::iso20_acdp as m;
use crate::message::iso20_types::{MessageHeader, ResponseCode};
use crate::session::{Ask, SystemStatus};
use crate::{EncodeError, EncodeErrorKind};

pub(in crate::session::station) fn read(
    message: &m::Message<'_>,
    ask: Ask,
    _: &Offer<'_>,
    _: &mut Told,
) -> Read {
    Ok(match message {
        m::Message::AcdpVehiclePositioningReq(request) => {
            let question = Question::VehiclePositioning {
                is_immobile: request.ev_mobility_status,
                uses_help: request.ev_positioning_support,
            };
            (Due::VehiclePositioning, Some(question))
        }
        m::Message::AcdpConnectReq(request) => {
            let vehicle = request.ev_electrical_charging_device_status;
            (Due::Connect, Some(Question::Connect { vehicle }))
        }
        m::Message::AcdpDisconnectReq(request) => {
            let vehicle = request.ev_electrical_charging_device_status;
            (Due::Disconnect, Some(Question::Disconnect { vehicle }))
        }
        _ => (Due::Message, Some(Question::Message(ask))),
    })
}

pub(super) fn write(due: Due, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let (header, response_code) = (header(making), ResponseCode::Ok);
    let evse_processing = processing(making);
    match (due, making.answer) {
        (Due::VehiclePositioning, Answer::Place(place)) => document(
            m::element::ACDP_VEHICLE_POSITIONING_RES,
            &m::AcdpVehiclePositioningRes {
                header,
                response_code,
                evse_processing,
                evse_positioning_support: place.helps,
                ev_relative_xdeviation: place.deviation.0,
                ev_relative_ydeviation: place.deviation.1,
                contact_window_xc: place.window.0,
                contact_window_yc: place.window.1,
                ev_in_charge_position: place.is_reached,
            },
            out,
        ),
        (_, Answer::Contact(contact)) => {
            let response = m::AcdpConnectRes {
                header,
                response_code,
                evse_processing,
                evse_electrical_charging_device_status: contact.electrical,
                evse_mechanical_charging_device_status: contact.mechanical,
            };
            match due {
                Due::Connect => document(m::element::ACDP_CONNECT_RES, &response, out),
                _ => document(m::element::ACDP_DISCONNECT_RES, &response, out),
            }
        }
        _ => Err(EncodeError::new(EncodeErrorKind::NoDocument)),
    }
}

/// The answer beside the other messages.
pub(in crate::session::station) fn write_status(
    status: &SystemStatus,
    header: MessageHeader<'_>,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let response = m::AcdpSystemStatusRes {
        header,
        response_code: ResponseCode::Ok,
        evse_mechanical_charging_device_status: status.mechanical,
        evse_ready_to_charge: status.is_ready,
        evse_isolation_status: status.isolation,
        evse_disabled: status.is_disabled,
        evse_utility_interrupt_event: status.utility_interrupt,
        evse_emergency_shutdown: status.emergency_shutdown,
        evse_malfunction: status.malfunction,
        ev_in_charge_position: status.is_in_position,
        ev_association_status: status.is_associated,
    };
    document(m::element::ACDP_SYSTEM_STATUS_RES, &response, out)
}
