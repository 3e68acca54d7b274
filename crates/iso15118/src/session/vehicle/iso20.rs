//! Requests and responses of ISO 15118-20 that all energy transfer modes share; those of AC, DC, WPT and ACDP stand in files
//! of their own.

#[cfg(feature = "iso20-ac")]
pub(super) mod ac;
#[cfg(feature = "iso20-acdp")]
pub(super) mod acdp;
#[cfg(feature = "iso20-dc")]
pub(super) mod dc;
#[cfg(feature = "iso20-wpt")]
pub(super) mod wpt;

use super::{Heard, Making, Meter, Next, Progress, Want, Wish};
use crate::message::iso20::{self as m, Message};
use crate::message::iso20_types::{
    EvseNotification, EvseStatus, MessageHeader, MeterInfo, Processing, RationalNumber,
};
use crate::session::document;
use crate::session::terms::{ControlMode, Notification, PowerStep, Schedule, rounded};
use crate::{Bytes, EncodeError, EncodeErrorKind, List, MilliUnits, SchemaSet, Text, View};

/// Takes what a response says; `false` if what the vehicle wishes is not offered.
pub(super) fn hear(
    message: &Message<'_>,
    wish: &Wish<'_>,
    heard: &mut Heard,
    parameter_set: &mut u16,
) -> bool {
    match message {
        Message::ServiceDiscoveryRes(response) => {
            let offered = response.energy_transfer_service_list.service;
            return offered.iter().any(|service| service.service_id == wish.service.id());
        }
        Message::ServiceDetailRes(response) if response.service_id == wish.service.id() => {
            let sets = response.service_parameter_list.parameter_set;
            let set = sets.iter().find(|set| has_control_mode(set, wish.control));
            *parameter_set = set.map_or(0, |set| set.parameter_set_id);
            return set.is_some();
        }
        Message::ScheduleExchangeRes(response) => {
            if let m::ScheduleExchangeResChoice::ScheduledSeResControlMode(mode) = response.choice
                && response.evse_processing == Processing::Finished
                && let Some(tuple) = mode.schedule_tuple.iter().next()
            {
                heard.schedule_id = Some(tuple.schedule_tuple_id);
                heard.schedule = schedule(&tuple.charging_schedule.get().power_schedule);
            }
            heard.notification = Notification::None;
        }
        Message::PowerDeliveryRes(response) => {
            heard.notification = notification(response.evse_status);
        }
        _ => {}
    }
    true
}

/// Whether the parameter `ControlMode` of a set is that mode.
fn has_control_mode(set: &m::ParameterSet<'_>, control: ControlMode) -> bool {
    let number = i64::from(control.parameter_set());
    set.parameter.iter().any(|parameter| {
        let value = match parameter.choice {
            m::ParameterChoice::ByteValue(value) => i64::from(value),
            m::ParameterChoice::ShortValue(value) => i64::from(value),
            m::ParameterChoice::IntValue(value) => i64::from(value),
            _ => return false,
        };
        parameter.name.eq_str("ControlMode") && value == number
    })
}

fn schedule(schedule: &m::PowerSchedule<'_>) -> Option<Schedule> {
    let nothing = PowerStep { start: 0, power: MilliUnits::default() };
    let mut steps = [nothing; Schedule::CAPACITY];
    let entries = schedule.power_schedule_entries.power_schedule_entry;
    let mut start = 0_u32;
    for (slot, entry) in steps.iter_mut().zip(&entries) {
        let phases = [Some(entry.power), entry.power_l2, entry.power_l3];
        let mut power = 0_i64;
        for phase in phases.into_iter().flatten() {
            power = power.checked_add(phase.to_milli().ok()?.raw())?;
        }
        *slot = PowerStep { start, power: MilliUnits::from_raw(power) };
        start = start.saturating_add(entry.duration);
    }
    Schedule::new(steps.get(..entries.len())?, start)
}

fn notification(status: Option<EvseStatus>) -> Notification {
    match status.map(|status| status.evse_notification) {
        None | Some(EvseNotification::ExitStandby) => Notification::None,
        Some(EvseNotification::Pause) => Notification::Pause,
        Some(EvseNotification::Terminate) => Notification::Stop,
        Some(EvseNotification::ScheduleRenegotiation) => Notification::Renegotiate,
        Some(EvseNotification::ServiceRenegotiation) => Notification::RenegotiateService,
        Some(EvseNotification::MeteringConfirmation) => Notification::ConfirmMeter,
    }
}

fn meter(info: &MeterInfo<'_>) -> Meter {
    Meter { reading_wh: info.charged_energy_reading_wh, receipt_required: false }
}

pub(super) fn write(
    next: Next,
    making: &Making<'_>,
    out: &mut [u8],
) -> Result<(SchemaSet, usize), EncodeError> {
    let header = header(making);
    let wish = making.wish;
    let length = match next {
        Next::SessionSetup => document(
            m::element::SESSION_SETUP_REQ,
            &m::SessionSetupReq { header, evccid: Text::new(wish.evcc_id_text) },
            out,
        ),
        Next::AuthorizationSetup => {
            document(m::element::AUTHORIZATION_SETUP_REQ, &m::AuthorizationSetupReq { header }, out)
        }
        Next::Authorization => document(
            m::element::AUTHORIZATION_REQ,
            &m::AuthorizationReq {
                header,
                selected_authorization_service: m::Authorization::Eim,
                choice: m::AuthorizationReqChoice::EimAreqAuthorizationMode(
                    m::EimAreqAuthorizationMode {},
                ),
            },
            out,
        ),
        Next::ServiceDiscovery => document(
            m::element::SERVICE_DISCOVERY_REQ,
            &m::ServiceDiscoveryReq { header, supported_service_ids: None },
            out,
        ),
        Next::ServiceDetail => document(
            m::element::SERVICE_DETAIL_REQ,
            &m::ServiceDetailReq { header, service_id: wish.service.id() },
            out,
        ),
        Next::Selection => document(
            m::element::SERVICE_SELECTION_REQ,
            &m::ServiceSelectionReq {
                header,
                selected_energy_transfer_service: m::SelectedService {
                    service_id: wish.service.id(),
                    parameter_set_id: making.parameter_set,
                },
                selected_vas_list: None,
            },
            out,
        ),
        Next::Schedule => return Ok((SchemaSet::Iso20Common, write_schedule(making, out)?)),
        Next::Power(progress) => {
            return Ok((SchemaSet::Iso20Common, write_power(progress, making, out)?));
        }
        Next::Stop(want) => document(
            m::element::SESSION_STOP_REQ,
            &m::SessionStopReq {
                header,
                charging_session: match want {
                    Want::Pause => m::ChargingSession::Pause,
                    Want::RenegotiateService => m::ChargingSession::ServiceRenegotiation,
                    _ => m::ChargingSession::Terminate,
                },
                ev_termination_code: None,
                ev_termination_explanation: None,
            },
            out,
        ),
        Next::Limits | Next::Loop => return write_by_service(next, making, out),
        #[cfg(feature = "iso20-dc")]
        Next::CableCheck | Next::PreCharge { .. } | Next::Welding => {
            return Ok((SchemaSet::Iso20Dc, dc::write(next, making, out)?));
        }
        #[cfg(feature = "iso20-wpt")]
        Next::FinePositioningSetup
        | Next::FinePositioning
        | Next::Pairing
        | Next::AlignmentCheck => {
            return Ok((SchemaSet::Iso20Wpt, wpt::write(next, making, out)?));
        }
        #[cfg(feature = "iso20-acdp")]
        Next::VehiclePositioning | Next::Connect | Next::Disconnect | Next::SystemStatus => {
            return Ok((SchemaSet::Iso20Acdp, acdp::write(next, making, out)?));
        }
        #[allow(unreachable_patterns, reason = "what is not built in")]
        _ => return Err(EncodeError::new(EncodeErrorKind::NoDocument)),
    };
    Ok((SchemaSet::Iso20Common, length?))
}

/// What each way of energy transfer has in messages of its own.
fn write_by_service(
    next: Next,
    making: &Making<'_>,
    out: &mut [u8],
) -> Result<(SchemaSet, usize), EncodeError> {
    use crate::session::Service;
    match making.wish.service {
        #[cfg(feature = "iso20-ac")]
        Service::Ac | Service::AcBpt => Ok((SchemaSet::Iso20Ac, ac::write(next, making, out)?)),
        #[cfg(feature = "iso20-dc")]
        Service::Dc | Service::DcBpt | Service::Acdp | Service::AcdpBpt => {
            Ok((SchemaSet::Iso20Dc, dc::write(next, making, out)?))
        }
        #[cfg(feature = "iso20-wpt")]
        Service::Wpt => Ok((SchemaSet::Iso20Wpt, wpt::write(next, making, out)?)),
        #[allow(unreachable_patterns, reason = "what is not built in")]
        _ => Err(EncodeError::new(EncodeErrorKind::NoDocument)),
    }
}

fn write_schedule(making: &Making<'_>, out: &mut [u8]) -> Result<usize, EncodeError> {
    let (needs, limits) = (making.state.needs, making.state.limits);
    let energy = needs.energy.map(rational);
    let zero = rational(MilliUnits::default());
    let scheduled = m::ScheduledSeReqControlMode {
        departure_time: needs.departure,
        ev_target_energy_request: energy,
        ev_maximum_energy_request: None,
        ev_minimum_energy_request: None,
        ev_energy_offer: None,
    };
    let gives_back = limits.max_discharge_power.is_some();
    let choice = match making.wish.control {
        ControlMode::Scheduled => {
            m::ScheduleExchangeReqChoice::ScheduledSeReqControlMode(View::new(&scheduled))
        }
        ControlMode::Dynamic => {
            m::ScheduleExchangeReqChoice::DynamicSeReqControlMode(m::DynamicSeReqControlMode {
                departure_time: needs.departure.unwrap_or(86_400),
                minimum_soc: None,
                target_soc: None,
                ev_target_energy_request: energy.unwrap_or(zero),
                ev_maximum_energy_request: energy.unwrap_or(zero),
                ev_minimum_energy_request: zero,
                ev_maximum_v2x_energy_request: gives_back.then_some(zero),
                ev_minimum_v2x_energy_request: gives_back.then_some(zero),
            })
        }
    };
    let request = m::ScheduleExchangeReq {
        header: header(making),
        maximum_supporting_points: Schedule::CAPACITY as u16,
        choice,
    };
    document(m::element::SCHEDULE_EXCHANGE_REQ, &request, out)
}

fn write_power(
    progress: Progress,
    making: &Making<'_>,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let heard = making.heard;
    // The vehicle takes at most what every step of the schedule allows.
    let steps = heard.schedule.as_ref().map(Schedule::steps).unwrap_or_default();
    let least = steps.iter().map(|step| step.power).min();
    let power = [least, making.state.limits.max_power].into_iter().flatten().min();
    let duration = heard.schedule.map_or(86_400, |schedule| schedule.duration());
    let entries = [m::PowerScheduleEntry {
        duration,
        power: rational(power.unwrap_or_default()),
        power_l2: None,
        power_l3: None,
    }];
    let choice = match making.wish.control {
        ControlMode::Dynamic => {
            m::EvPowerProfileChoice::DynamicEvPptControlMode(m::DynamicEvPptControlMode {})
        }
        ControlMode::Scheduled => {
            m::EvPowerProfileChoice::ScheduledEvPptControlMode(m::ScheduledEvPptControlMode {
                selected_schedule_tuple_id: heard.schedule_id.unwrap_or(1),
                // Optional in the schema; a deployed charger wants it.
                power_tolerance_acceptance: Some(
                    m::PowerToleranceAcceptance::PowerToleranceConfirmed,
                ),
            })
        }
    };
    let ev_power_profile_entry = List::new(&entries);
    let profile = m::EvPowerProfile {
        time_anchor: making.seconds,
        choice,
        ev_power_profile_entries: m::EvPowerProfileEntryList { ev_power_profile_entry },
    };
    let is_start = progress == Progress::Start;
    let is_bidirectional = making.wish.service.is_bidirectional();
    let request = m::PowerDeliveryReq {
        header: header(making),
        ev_processing: Processing::Finished,
        charge_progress: match progress {
            Progress::Start => m::ChargeProgress::Start,
            Progress::Stop => m::ChargeProgress::Stop,
            Progress::Standby => m::ChargeProgress::Standby,
            Progress::Renegotiate => m::ChargeProgress::ScheduleRenegotiation,
        },
        ev_power_profile: is_start.then_some(View::new(&profile)),
        bpt_channel_selection: is_bidirectional.then_some(m::ChannelSelection::Charge),
    };
    document(m::element::POWER_DELIVERY_REQ, &request, out)
}

fn header<'m>(making: &'m Making<'_>) -> MessageHeader<'m> {
    MessageHeader {
        session_id: Bytes::new(making.session_id),
        time_stamp: making.seconds,
        signature: None,
    }
}

fn rational(value: MilliUnits) -> RationalNumber {
    let zero = RationalNumber { exponent: 0, value: 0 };
    RationalNumber::from_milli(rounded(value)).unwrap_or(zero)
}

/// A value that the schema wants, zero where the vehicle says none.
fn required(value: Option<MilliUnits>) -> RationalNumber {
    rational(value.unwrap_or_default())
}

fn milli(value: RationalNumber) -> Option<MilliUnits> {
    value.to_milli().ok()
}

fn update(limit: &mut Option<MilliUnits>, value: Option<RationalNumber>) {
    *limit = value.and_then(milli).or(*limit);
}

/// What a loop's response says beside its mode.
fn hear_loop(
    heard: &mut Heard,
    status: Option<EvseStatus>,
    info: Option<View<'_, MeterInfo<'static>>>,
) {
    heard.notification = notification(status);
    heard.present.meter = info.map(|info| meter(&info.get()));
}
