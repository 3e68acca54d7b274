//! Charges without wires and through automated connection devices: what the two sides tell each other, the way back when the
//! vehicle does not stand right, and the charger's state beside all other messages.

use evse_iso15118::SchemaSet;
use evse_iso15118::message::iso20_acdp::{IsolationStatus, MechanicalChargingDeviceStatus};
use evse_iso15118::message::iso20_wpt::{WptPairingMethod, WptSpcChargeDiagnostics};
use evse_iso15118::session::{
    AnswerError, ControlMode, End, Event, Facts, Instant, NextError, Output, Phase, Placing,
    Protocol, Question, Refusal, RequestError, SeccSettings, Service, Station, SystemStatus, Timer,
    Timers, Turn, Vehicle, Want, WptMethods, WptVehicle, minimal_message,
};
use evse_iso15118::v2gtp::PayloadType;

use crate::host::{ID, OFFER, SECONDS, milli, vehicle_state, wish};
use crate::link::{ACDP_VEHICLE, Link, WPT_VEHICLE};

const WPT: [Protocol; 1] = [Protocol::Iso20Wpt];
const ACDP: [Protocol; 1] = [Protocol::Iso20Acdp];

/// The vehicle's next request at the station: the question it leads to.
fn asked(link: &mut Link<'_>) -> Question {
    let (mut request, mut out) = ([0; 1024], [0; 1024]);
    let (now, state) = (link.now(), vehicle_state());
    let (kind, length) = link.vehicle.next(now, SECONDS, &state, &mut request).unwrap();
    let output = link.station.handle_message(now, SECONDS, kind, &request[..length], &mut out);
    let Output::Ask(question) = output else { panic!("{output:?}") };
    question
}

/// The host refuses what was asked; the vehicle hears it.
fn refuse(link: &mut Link<'_>, refusal: Refusal) {
    let (mut out, now) = ([0; 1024], link.now());
    let (kind, length) = link.station.refuse(now, SECONDS, refusal, &mut out).unwrap();
    link.vehicle.handle_message(now, kind, &out[..length]);
}

#[test]
fn wpt_says_all_that_its_messages_say() {
    let (timers, wish) = (Timers::STANDARD, wish(Service::Wpt, ControlMode::Dynamic));
    let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
    let state = vehicle_state();
    link.until(&state, Phase::FinePositioning);
    assert_eq!(asked(&mut link), Question::FinePositioning { vehicle: Placing::Ongoing });

    let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
    link.until(&state, Phase::Pairing);
    link.turn(&state);
    assert_eq!(link.vehicle.wpt().step.observed_id, Some(77));
    let expected = Question::Pairing { vehicle: Placing::Ongoing, observed_id: Some(77) };
    assert_eq!(asked(&mut link), expected);

    let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
    link.until(&state, Phase::Schedule);
    assert_eq!(link.vehicle.wpt().clearance, Some((100, 250)));
    assert_eq!(link.vehicle.wpt().coil_current, Some((milli(1), milli(75))));
    assert_eq!(link.vehicle.heard().limits.max_power, Some(milli(50_000)));
    link.until(&state, Phase::Prepare);
    link.turn(&state);
    assert_eq!(link.vehicle.wpt().step.power, Some(milli(100)));
    link.vehicle.set_wpt(WptVehicle { placing: Placing::Failed, ..WPT_VEHICLE });
    let coil_current = Some(milli(2));
    let expected = Question::AlignmentCheck { vehicle: Placing::Failed, coil_current };
    assert_eq!(asked(&mut link), expected);

    let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
    link.until(&state, Phase::Charging);
    link.turn(&state);
    let heard = link.vehicle.heard();
    // 20 kW were asked for, of which the vehicle can take 11.
    assert_eq!(heard.present.target_power, Some(milli(11_000)));
    assert_eq!(heard.present.power, Some(milli(8_000)));
    assert_eq!(heard.present.meter.unwrap().reading_wh, 1234);
    assert_eq!(link.vehicle.wpt().diagnostics, Some(WptSpcChargeDiagnostics::SpcNoIssue));
    let Question::WptDeliver(demand) = asked(&mut link) else { panic!() };
    let expected = evse_iso15118::session::WptDemand { power: milli(11_000), ..WPT_VEHICLE.demand };
    assert_eq!(demand, expected);
}

#[test]
fn the_limits_of_wpt_reach_the_host() {
    let (timers, wish) = (Timers::STANDARD, wish(Service::Wpt, ControlMode::Scheduled));
    let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
    link.until(&vehicle_state(), Phase::Parameters);
    assert_eq!(asked(&mut link), Question::WptLimits(WPT_VEHICLE.limits));
    // An answer that is none to this question changes nothing.
    let mut out = [0; 1024];
    let other = evse_iso15118::session::Answer::Done;
    let found = link.station.answer(link.now(), SECONDS, &other, &mut out);
    assert_eq!(found, Err(AnswerError::OtherQuestion));
    assert_eq!(link.station.phase(), Phase::Parameters);
}

/// Either side may say that a step is done.
#[test]
fn a_step_of_wpt_is_done_when_either_side_is() {
    let (timers, wish) = (Timers::STANDARD, wish(Service::Wpt, ControlMode::Scheduled));
    let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
    let state = vehicle_state();
    link.vehicle.set_wpt(WptVehicle { placing: Placing::Done, ..WPT_VEHICLE });
    link.until(&state, Phase::Charging);
    for step in ["fine positioning", "pairing", "alignment"] {
        assert_eq!(link.host.count(step), 1, "{step}");
    }
    let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
    link.until(&state, Phase::Charging);
    for step in ["fine positioning", "pairing", "alignment"] {
        assert_eq!(link.host.count(step), 2, "{step}");
    }
}

#[test]
fn a_vehicle_that_does_not_stand_right_begins_again() {
    let (timers, wish) = (Timers::STANDARD, wish(Service::Wpt, ControlMode::Scheduled));
    let state = vehicle_state();
    for phase in
        [Phase::FinePositioning, Phase::Pairing, Phase::Parameters, Phase::Prepare, Phase::Ready]
    {
        let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
        link.until(&state, phase);
        asked(&mut link);
        refuse(&mut link, Refusal::WptPlace);
        assert_eq!(link.station.phase(), Phase::Positioning, "{phase:?}");
        assert_eq!(link.vehicle.phase(), Phase::Positioning, "{phase:?}");
        link.until(&state, Phase::Charging);
    }
    // In the charge loop it is a remark; the vehicle decides.
    let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
    link.until(&state, Phase::Charging);
    asked(&mut link);
    refuse(&mut link, Refusal::WptPlace);
    assert_eq!([link.station.phase(), link.vehicle.phase()], [Phase::Charging; 2]);
}

#[test]
fn devices_without_a_common_method_part() {
    let (timers, wish) = (Timers::STANDARD, wish(Service::Wpt, ControlMode::Scheduled));
    let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
    let methods = WptMethods { pairing: &[WptPairingMethod::Optical], ..WPT_VEHICLE.methods };
    link.vehicle.set_wpt(WptVehicle { methods, ..WPT_VEHICLE });
    let state = vehicle_state();
    while link.ends[1].is_none() {
        link.turn(&state);
    }
    assert_eq!(link.ends[1], Some(End::NotOffered));
}

/// A charger without a device refuses, a vehicle without one makes no request.
#[test]
fn without_a_device_no_charge_comes_about() {
    let (timers, wish) = (Timers::STANDARD, wish(Service::Wpt, ControlMode::Scheduled));
    let settings = SeccSettings { protocols: &WPT, session_id: ID, paused: None, timers: &timers };
    let now = Instant::from_millis(0);
    let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
    link.station = Station::new(settings, &OFFER, now);
    link.vehicle = Vehicle::new(&WPT, &wish, &timers, None, now);
    let mut out = [0; 1024];
    let length = link.vehicle.handshake(&mut out).unwrap();
    link.exchange(PayloadType::Sap, &out[..length]);
    let state = vehicle_state();
    link.until(&state, Phase::Positioning);
    let next = link.vehicle.next(link.now(), SECONDS, &state, &mut out);
    assert!(matches!(next, Err(NextError::Encode(_))), "{next:?}");
    link.vehicle.set_wpt(WPT_VEHICLE);
    link.turn(&state);
    assert_eq!(link.ends, [Some(End::Refused(Refusal::Other)), Some(End::Failed)]);
}

/// A driver may take his time; what machines do is limited.
#[test]
fn only_machines_are_hurried() {
    let (timers, wish) = (Timers::STANDARD, wish(Service::Wpt, ControlMode::Scheduled));
    let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
    let state = vehicle_state();
    link.until(&state, Phase::FinePositioning);
    for _ in 0..100 {
        link.host.asked.clear();
        link.turn(&state);
        link.now += 5_000;
    }
    assert_eq!(link.vehicle.phase(), Phase::FinePositioning);
    link.until(&state, Phase::Prepare);
    for _ in 0..15 {
        link.host.asked.clear();
        if link.ends[1].is_none() {
            link.turn(&state);
        }
        link.now += 5_000;
    }
    assert_eq!(link.ends[0], Some(End::TimedOut(Timer::SeccOngoing)));
}

#[test]
fn without_wires_the_loop_goes_on_in_standby() {
    let (timers, wish) = (Timers::STANDARD, wish(Service::Wpt, ControlMode::Scheduled));
    let mut link = Link::new(&WPT, &OFFER, &wish, &timers, None);
    let mut state = vehicle_state();
    link.until(&state, Phase::Charging);
    state.want = Want::Standby;
    link.until(&state, Phase::Standby);
    let before = link.host.count("deliver");
    link.turn(&state);
    link.turn(&state);
    assert_eq!(link.host.count("deliver"), before + 2);
    assert_eq!(link.vehicle.heard().present.target_power, Some(milli(0)));
    state.want = Want::Charge;
    link.until(&state, Phase::Charging);
    state.want = Want::Stop;
    assert_eq!(link.finish(&state), [Some(End::Terminated); 2]);
}

#[test]
fn acdp_says_all_that_its_messages_say() {
    let (timers, wish) = (Timers::STANDARD, wish(Service::Acdp, ControlMode::Scheduled));
    let mut link = Link::new(&ACDP, &OFFER, &wish, &timers, None);
    let mut state = vehicle_state();
    link.until(&state, Phase::Positioning);
    link.turn(&state);
    let place = link.vehicle.acdp().place.unwrap();
    assert_eq!((place.is_done, place.deviation, place.window), (false, (-40, 12), (25, 30)));
    let expected = Question::VehiclePositioning { is_immobile: true, uses_help: true };
    assert_eq!(asked(&mut link), expected);

    let mut link = Link::new(&ACDP, &OFFER, &wish, &timers, None);
    link.until(&state, Phase::Prepare);
    link.turn(&state);
    let moving = link.vehicle.acdp().contact.unwrap();
    assert_eq!(moving.mechanical, MechanicalChargingDeviceStatus::Moving);
    link.until(&state, Phase::Connected);
    let there = link.vehicle.acdp().contact.unwrap();
    assert_eq!(there.mechanical, MechanicalChargingDeviceStatus::EndPosition);
    link.until(&state, Phase::Charging);
    state.want = Want::Stop;
    assert_eq!(link.finish(&state), [Some(End::Terminated); 2]);
    assert_eq!((link.host.count("connect"), link.host.count("disconnect")), (2, 2));
    assert!(link.vehicle.acdp().place.unwrap().is_reached);

    // Another vehicle is there: that ends it.
    let mut link = Link::new(&ACDP, &OFFER, &wish, &timers, None);
    link.until(&vehicle_state(), Phase::Positioning);
    asked(&mut link);
    refuse(&mut link, Refusal::Association);
    assert_eq!([link.station.phase(), link.vehicle.phase()], [Phase::Ended; 2]);
}

/// The charger's state, asked for while another question waits.
#[test]
fn the_chargers_state_is_told_at_any_time() {
    let (timers, wish) = (Timers::STANDARD, wish(Service::Acdp, ControlMode::Scheduled));
    let mut link = Link::new(&ACDP, &OFFER, &wish, &timers, None);
    let mut out = [0; 1024];
    let early = link.vehicle.ask_status(link.now(), SECONDS, &mut out);
    assert_eq!(early, Err(NextError::Request(RequestError::NotNow)));
    link.until(&vehicle_state(), Phase::Prepare);
    asked(&mut link);
    let status = SystemStatus {
        isolation: IsolationStatus::Safe,
        is_ready: true,
        is_in_position: true,
        ..SystemStatus::AT_REST
    };
    link.station.report(status);
    let (kind, length) = link.vehicle.ask_status(link.now(), SECONDS, &mut out).unwrap();
    assert_eq!(kind, PayloadType::AcdpSystemStatus);
    // One at a time.
    let again = link.vehicle.ask_status(link.now(), SECONDS, &mut [0; 64]);
    assert_eq!(again, Err(NextError::Request(RequestError::NotNow)));
    let request = out[..length].to_vec();
    let output = link.station.handle_message(link.now(), SECONDS, kind, &request, &mut out);
    let Output::Send(kind, length) = output else { panic!("{output:?}") };
    assert_eq!(kind, PayloadType::AcdpSystemStatus);
    assert_eq!(link.station.vehicle_status(), Some(ACDP_VEHICLE.status));
    let turn = link.vehicle.handle_message(link.now(), kind, &out[..length]);
    assert!(matches!(turn, Turn::Aside(SchemaSet::Iso20Acdp, _)), "{turn:?}");
    assert_eq!(link.vehicle.acdp().system, Some(status));
    // The other question still waits, and is answered.
    assert_eq!(link.station.phase(), Phase::Prepare);
    refuse(&mut link, Refusal::Contactor);
    assert_eq!([link.station.phase(), link.vehicle.phase()], [Phase::Ended; 2]);
}

#[test]
fn what_is_asked_aside_is_checked_and_timed() {
    let (timers, wish) = (Timers::STANDARD, wish(Service::Acdp, ControlMode::Scheduled));
    let send = |id: [u8; 8], name, kind| {
        let mut link = Link::new(&ACDP, &OFFER, &wish, &timers, None);
        link.until(&vehicle_state(), Phase::Charging);
        let (mut request, mut out) = ([0; 256], [0; 1024]);
        let set = SchemaSet::Iso20Acdp;
        let length = minimal_message(set, name, &id, SECONDS, &[], &mut request).unwrap();
        let request = &request[..length];
        let output = link.station.handle_message(link.now(), SECONDS, kind, request, &mut out);
        let Output::Send(_, length) = output else { panic!("{output:?}") };
        let code = Facts::of(set, &out[..length]).unwrap().response_code.unwrap();
        (code, link.station.phase())
    };
    let beside = PayloadType::AcdpSystemStatus;
    let status = "ACDP_SystemStatusReq";
    assert_eq!(send(ID, status, beside), ("OK", Phase::Charging));
    // A vehicle may ask in the main stream, too.
    assert_eq!(send(ID, status, PayloadType::Iso20Acdp), ("OK", Phase::Charging));
    assert_eq!(send([9; 8], status, beside), ("FAILED_UnknownSession", Phase::Ended));
    assert_eq!(send(ID, "ACDP_DisconnectReq", beside), ("FAILED_SequenceError", Phase::Ended));

    // A charger that does not answer.
    let mut link = Link::new(&ACDP, &OFFER, &wish, &timers, None);
    link.until(&vehicle_state(), Phase::Charging);
    let now = link.now();
    link.vehicle.ask_status(now, SECONDS, &mut [0; 256]).unwrap();
    let due = Instant::from_millis(now.as_millis() + 2_000);
    assert_eq!(link.vehicle.poll_timeout(), Some(due));
    link.vehicle.handle_timeout(due);
    let ended = core::iter::from_fn(|| link.vehicle.poll_event()).last();
    assert_eq!(ended, Some(Event::Ended(End::TimedOut(Timer::Message))));
}
