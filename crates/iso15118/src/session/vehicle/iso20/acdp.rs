//! Requests and responses of ISO 15118-20 ACDP; what it shares with DC is in the file of DC.

use super::super::{Making, Next};
use super::{document, header};
use crate::message::iso20_acdp::{self as m, Message};
use crate::message::iso20_types::Processing;
use crate::session::{AcdpHeard, Contact, Place, SystemStatus};
use crate::{EncodeError, EncodeErrorKind};

/// Takes what a response says.
pub(in crate::session::vehicle) fn hear(message: &Message<'_>, heard: &mut AcdpHeard) -> bool {
    match message {
        Message::AcdpVehiclePositioningRes(response) => {
            heard.place = Some(Place {
                is_done: response.evse_processing == Processing::Finished,
                helps: response.evse_positioning_support,
                deviation: (response.ev_relative_xdeviation, response.ev_relative_ydeviation),
                window: (response.contact_window_xc, response.contact_window_yc),
                is_reached: response.ev_in_charge_position,
            });
        }
        Message::AcdpConnectRes(response) | Message::AcdpDisconnectRes(response) => {
            heard.contact = Some(Contact {
                is_done: response.evse_processing == Processing::Finished,
                electrical: response.evse_electrical_charging_device_status,
                mechanical: response.evse_mechanical_charging_device_status,
            });
        }
        Message::AcdpSystemStatusRes(response) => {
            heard.system = Some(SystemStatus {
                mechanical: response.evse_mechanical_charging_device_status,
                is_ready: response.evse_ready_to_charge,
                isolation: response.evse_isolation_status,
                is_disabled: response.evse_disabled,
                utility_interrupt: response.evse_utility_interrupt_event,
                emergency_shutdown: response.evse_emergency_shutdown,
                malfunction: response.evse_malfunction,
                is_in_position: response.ev_in_charge_position,
                is_associated: response.ev_association_status,
            });
        }
        _ => {}
    }
    true
}

pub(super) fn write(next: Next, making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let device = making.acdp.ok_or(EncodeError::new(EncodeErrorKind::NoDocument))?;
    let header = header(making);
    let contact =
        m::AcdpConnectReq { header, ev_electrical_charging_device_status: device.electrical };
    match next {
        Next::VehiclePositioning => document(
            m::element::ACDP_VEHICLE_POSITIONING_REQ,
            &m::AcdpVehiclePositioningReq {
                header,
                ev_mobility_status: device.is_immobile,
                ev_positioning_support: device.uses_help,
            },
            out,
        ),
        Next::Connect => document(m::element::ACDP_CONNECT_REQ, &contact, out),
        Next::Disconnect => document(m::element::ACDP_DISCONNECT_REQ, &contact, out),
        _ => document(
            m::element::ACDP_SYSTEM_STATUS_REQ,
            &m::AcdpSystemStatusReq { header, ev_technical_status: device.status },
            out,
        ),
    }
}
