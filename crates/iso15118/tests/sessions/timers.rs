//! Every timer of the table, to the millisecond.

use evse_iso15118::session::{
    End, Event, Facts, Generation, Instant, Phase, Protocol, Reply, Timer, Timers,
};
use evse_iso15118::v2gtp::PayloadType;

use crate::order::Link;
use crate::scripts::{
    ALL, DIN_DC, ID, ISO2_AC, ISO2_DC_BY_CONTRACT, ISO20_ACDP, ISO20_DC, ISO20_WPT, Line, ONGOING,
    SEEKING, message, set_of,
};

static TIMERS: Timers = Timers::STANDARD;

/// After so many lines of a script.
fn link(protocols: &'static [Protocol], script: &[Line], length: usize) -> Link<'static> {
    let mut link = Link::new(protocols, protocols, &TIMERS, None);
    link.handshake();
    for line in &script[..length] {
        link.turn(protocols[0], *line);
    }
    link
}

fn at(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

fn position(script: &[Line], name: &str) -> usize {
    script.iter().position(|line| line.0 == name).unwrap()
}

const DIN: &[Protocol] = &[Protocol::Din70121];
const ISO2: &[Protocol] = &[Protocol::Iso2];
const ISO20: &[Protocol] = &[Protocol::Iso20Dc];
const WPT: &[Protocol] = &[Protocol::Iso20Wpt];
const ACDP: &[Protocol] = &[Protocol::Iso20Acdp];

/// A millisecond earlier nothing has happened; then the charger's session is over.
fn charger_ends(mut link: Link<'_>, deadline: u64, timer: Timer) {
    assert_eq!(link.secc.poll_timeout(), Some(at(deadline)), "{timer:?}");
    link.secc.handle_timeout(at(deadline - 1));
    assert_ne!(link.secc.phase(), Phase::Ended, "{timer:?}");
    link.secc.handle_timeout(at(deadline));
    link.events();
    assert_eq!(link.secc_end, Some(End::TimedOut(timer)));
}

/// The same of the vehicle's.
fn vehicle_ends(mut link: Link<'_>, deadline: u64, timer: Timer) {
    assert_eq!(link.evcc.poll_timeout(), Some(at(deadline)), "{timer:?}");
    link.evcc.handle_timeout(at(deadline - 1));
    assert_ne!(link.evcc.phase(), Phase::Ended, "{timer:?}");
    link.evcc.handle_timeout(at(deadline));
    link.events();
    assert_eq!(link.evcc_end, Some(End::TimedOut(timer)));
}

#[test]
fn the_communication_is_set_up_in_time() {
    for protocols in [DIN, ISO2, ISO20] {
        let link = Link::new(protocols, protocols, &TIMERS, None);
        vehicle_ends(link, 1_000 + 20_000, Timer::EvccCommunicationSetup);
    }
    charger_ends(link(ISO2, ISO2_AC, 0), 1_000 + 18_000, Timer::SeccCommunicationSetup);
    charger_ends(link(DIN, DIN_DC, 0), 1_000 + 60_000, Timer::SeccSequence);
    charger_ends(link(ISO20, ISO20_DC, 0), 1_000 + 60_000, Timer::SeccSequence);
}

#[test]
fn the_next_request_comes_in_time() {
    // A turn's response is 40 ms old at the charger and 20 ms at the vehicle.
    for (protocols, script) in [(DIN, DIN_DC), (ISO2, ISO2_AC), (ISO20, ISO20_DC)] {
        for length in 1..script.len() {
            let after = link(protocols, script, length);
            let deadline = after.now - 40 + 60_000;
            charger_ends(after, deadline, Timer::SeccSequence);
            let after = link(protocols, script, length);
            let deadline = after.now - 20 + 40_000;
            if protocols != DIN {
                vehicle_ends(after, deadline, Timer::EvccSequence);
            }
        }
    }
}

#[test]
fn energy_flows_in_time() {
    let first = 1_000 + 20;
    let power = position(DIN_DC, "PowerDelivery");
    for length in 1..=power {
        vehicle_ends(link(DIN, DIN_DC, length), first + 150_000, Timer::EvccReadyToCharge);
    }
    assert_eq!(link(DIN, DIN_DC, power + 1).evcc.poll_timeout(), None);
}

/// For how long the vehicle waits for a response, and the charger's host has for it.
fn response_times(generation: Generation, request: &str) -> (u64, Option<u64>) {
    let is_loop = request == "CurrentDemand" || request.ends_with("ChargeLoop");
    let is_backend = matches!(request, "PaymentDetails" | "CertificateInstallation");
    let is_long = is_backend || matches!(request, "ServiceDetail" | "PowerDelivery");
    let vehicle = match generation {
        Generation::Iso20 if is_loop => 500,
        _ if is_loop => 250,
        Generation::Din70121 => 2_000,
        _ if is_long => 5_000,
        _ => 2_000,
    };
    let charger = match request {
        _ if generation != Generation::Iso2 => None,
        "CurrentDemand" => Some(25),
        _ if is_backend => Some(4_500),
        _ => Some(1_500),
    };
    (vehicle, charger)
}

#[test]
fn responses_come_in_time() {
    for (protocol, script, _) in ALL {
        let protocols = [protocol];
        for (length, (name, says, _)) in script.iter().enumerate() {
            let mut link = Link::new(&protocols, &protocols, &TIMERS, None);
            link.handshake();
            script[..length].iter().for_each(|line| link.turn(protocol, *line));
            let (now, base) = (link.now, *name);
            let (vehicle, charger) = response_times(protocol.generation(), base);
            let name = format!("{base}Req");
            let set = set_of(protocol, &name);
            let request = message(set, &name, link.evcc.session_id(), says);
            let kind = link.evcc.request(at(now), set, &request).unwrap();
            let mut out = [0; 512];
            let reply = link.secc.handle_message(at(now), 0, kind, &request, &mut out);
            assert!(matches!(reply, Reply::Ask(_)));
            assert_eq!(link.secc.poll_timeout(), charger.map(|time| at(now + time)), "{name}");
            if let Some(time) = charger {
                late_once(&mut link, now + time);
            }
            // What goes on for too long is in the tests below.
            let timer = if vehicle < 1_000 {
                Timer::LoopMessage
            } else if vehicle == 5_000 || (protocol == Protocol::Din70121 && is_long(base)) {
                Timer::LongMessage
            } else {
                Timer::Message
            };
            vehicle_ends(link, now + vehicle, timer);
        }
    }
}

fn is_long(request: &str) -> bool {
    request == "PowerDelivery"
}

/// The host is told once that it is late, and has ended nothing.
fn late_once(link: &mut Link<'_>, deadline: u64) {
    while link.secc.poll_event().is_some() {}
    link.secc.handle_timeout(at(deadline - 1));
    assert_eq!(link.secc.poll_event(), None);
    link.secc.handle_timeout(at(deadline));
    assert!(matches!(link.secc.poll_event(), Some(Event::Late(_))));
    link.secc.handle_timeout(at(deadline + 1));
    assert_eq!(link.secc.poll_event(), None);
    assert_ne!(link.secc.phase(), Phase::Ended);
}

/// A host that never answers does not keep the charger.
#[test]
fn a_silent_host_ends_the_session() {
    let mut link = link(ISO2, ISO2_AC, 1);
    let request = message(set_of(ISO2[0], "ServiceDiscoveryReq"), "ServiceDiscoveryReq", &ID, &[]);
    let now = link.now;
    link.secc.handle_message(at(now), 0, PayloadType::Sap, &request, &mut [0; 512]);
    link.secc.handle_timeout(at(now + 1_500));
    charger_ends(link, now + 1_500 + 60_000, Timer::SeccSequence);
}

/// What a vehicle asks again and again.
struct Repeated {
    protocols: &'static [Protocol],
    script: &'static [Line],
    request: &'static str,
    /// How long the vehicle lets it go on.
    vehicle: (u64, Timer),
    /// How long the charger does.
    charger: Option<(u64, Timer)>,
}

const fn asked(
    protocols: &'static [Protocol],
    script: &'static [Line],
    request: &'static str,
    vehicle: (u64, Timer),
    charger: Option<(u64, Timer)>,
) -> Repeated {
    Repeated { protocols, script, request, vehicle, charger }
}

#[rustfmt::skip]
const REPEATED: &[Repeated] = &[
    asked(ISO2, ISO2_AC, "Authorization", (60_000, Timer::EvccOngoing), Some((55_000, Timer::SeccOngoing))),
    asked(ISO20, ISO20_DC, "Authorization", (60_000, Timer::EvccOngoing), Some((55_000, Timer::SeccOngoing))),
    asked(ISO20, ISO20_DC, "ScheduleExchange", (60_000, Timer::EvccOngoing), Some((55_000, Timer::SeccOngoing))),
    asked(DIN, DIN_DC, "CableCheck", (40_000, Timer::EvccCableCheck), None),
    asked(ISO2, ISO2_DC_BY_CONTRACT, "CableCheck", (40_000, Timer::EvccCableCheck), Some((38_000, Timer::SeccCableCheck))),
    asked(ISO20, ISO20_DC, "DC_CableCheck", (40_000, Timer::EvccCableCheck), None),
    asked(DIN, DIN_DC, "PreCharge", (7_000, Timer::EvccPreCharge), None),
    asked(ISO2, ISO2_DC_BY_CONTRACT, "PreCharge", (7_000, Timer::EvccPreCharge), Some((5_000, Timer::SeccPreCharge))),
    asked(ISO20, ISO20_DC, "DC_PreCharge", (10_000, Timer::EvccPreCharge), None),
    asked(WPT, ISO20_WPT, "WPT_AlignmentCheck", (60_000, Timer::EvccOngoing), Some((55_000, Timer::SeccOngoing))),
    asked(ACDP, ISO20_ACDP, "ACDP_Connect", (60_000, Timer::EvccOngoing), Some((55_000, Timer::SeccOngoing))),
    asked(ACDP, ISO20_ACDP, "ACDP_Disconnect", (60_000, Timer::EvccOngoing), Some((55_000, Timer::SeccOngoing))),
];

#[test]
fn a_vehicle_does_not_ask_for_ever() {
    for Repeated { protocols, script, request: name, vehicle: (limit, timer), .. } in REPEATED {
        let mut link = link(protocols, script, position(script, name));
        let (begin, request_name) = (link.now, format!("{name}Req"));
        let set = set_of(protocols[0], &request_name);
        let answer = if name.ends_with("PreCharge") { &[][..] } else { ONGOING };
        let response = message(set, &format!("{name}Res"), &ID, answer);
        let request = message(set, &request_name, &ID, SEEKING);
        // Again and again until shortly before the end, when a response would be in time.
        while link.now < begin + limit - 1_000 {
            let kind = link.evcc.request(at(link.now), set, &request).unwrap();
            link.now += 500;
            link.evcc.handle_message(at(link.now), kind, &response);
        }
        link.evcc.request(at(link.now), set, &request).unwrap();
        vehicle_ends(link, begin + limit, *timer);
    }
}

#[test]
fn a_charger_refuses_in_its_own_time() {
    for Repeated { protocols, script, request: name, charger, .. } in REPEATED {
        let Some((limit, timer)) = charger else { continue };
        let request_name = format!("{name}Req");
        let set = set_of(protocols[0], &request_name);
        let answer = if name.ends_with("PreCharge") { &[][..] } else { ONGOING };
        let response = message(set, &format!("{name}Res"), &ID, answer);
        let request = message(set, &request_name, &ID, SEEKING);
        for (late, expected) in [(limit - 1, None), (*limit, Some("FAILED"))] {
            let mut link = link(protocols, script, position(script, name));
            let (begin, mut out) = (link.now, [0; 512]);
            let kind = link.evcc.request(at(begin), set, &request).unwrap();
            link.secc.handle_message(at(begin), 0, kind, &request, &mut out);
            link.secc.respond(at(begin), &response).unwrap();
            let reply = link.secc.handle_message(at(begin + late), 0, kind, &request, &mut out);
            let code = match reply {
                Reply::Send(_, length) => Facts::of(set, &out[..length]).unwrap().response_code,
                _ => None,
            };
            assert_eq!(code, expected, "{name} after {late} ms");
            link.events();
            assert_eq!(link.secc_end, expected.map(|_| End::TimedOut(*timer)));
        }
    }
}

/// Every timer of the table has a test here, or is the host's.
#[test]
fn every_timer_is_played() {
    let played = [
        Timer::EvccCommunicationSetup,
        Timer::SeccCommunicationSetup,
        Timer::SeccSequence,
        Timer::EvccSequence,
        Timer::EvccReadyToCharge,
        Timer::Message,
        Timer::LongMessage,
        Timer::LoopMessage,
        Timer::SeccMessage,
        Timer::SeccBackend,
        Timer::SeccCurrentDemand,
    ];
    let pilot = [Timer::CpStateDetection, Timer::CpOscillatorRetain];
    for timer in Timer::ALL {
        let repeated = REPEATED.iter().any(|Repeated { vehicle, charger, .. }| {
            vehicle.1 == *timer || charger.is_some_and(|(_, charger)| charger == *timer)
        });
        assert!(repeated || played.contains(timer) || pilot.contains(timer), "{timer:?}");
    }
}
