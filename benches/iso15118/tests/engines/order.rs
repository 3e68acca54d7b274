//! Every request in every state of whole charges: may it come, and if not, with which code is it refused?

use std::collections::HashMap;

use evse_iso15118::SchemaSet;
use evse_iso15118::session::{
    ControlMode, Facts, Instant, Phase, Protocol, Reply, Secc, SeccSettings, Service, State,
    Timers, Vehicle, Want,
};
use evse_iso15118::v2gtp::PayloadType;
use iso15118::{secc, session};

use crate::charges::{Charger, common, next};
use crate::host::{ID, vehicle_state, wish};
use crate::{framed, peer_station, to_peer};

/// What a charger says of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    May,
    Refused(&'static str),
}

/// A request and its response.
#[derive(Clone)]
struct Exchange {
    phase: Phase,
    facts: Facts,
    set: SchemaSet,
    kind: PayloadType,
    request: Vec<u8>,
    response: Vec<u8>,
}

impl Exchange {
    /// What tells requests apart for the order, whatever set they are of.
    fn name(&self) -> String {
        let base = self.facts.base();
        let base = base.split_once('_').map_or(base, |(_, base)| base);
        format!("{base} {}", self.facts.progress.unwrap_or_default()).trim().to_owned()
    }
}

/// A charge of our two ends, with what a vehicle may want in its midst.
fn recorded(protocols: &[Protocol; 1], service: Service, wants: &[Want]) -> Vec<Exchange> {
    let (timers, wish) = (Timers::STANDARD, wish(service, ControlMode::Scheduled));
    let [protocol] = *protocols;
    let mut charger = Charger::new(protocols, &timers);
    let mut vehicle = Vehicle::new(protocols, &wish, &timers, None, Instant::from_millis(0));
    let (mut now, mut out, mut exchanges) = (0, [0; 256], Vec::new());
    let length = vehicle.handshake(&mut out).unwrap();
    let (kind, response) = charger.respond(now, PayloadType::Sap, out.get(..length).unwrap());
    vehicle.handle_message(Instant::from_millis(now), kind, &response);
    let (mut wants, mut want) = (wants.iter(), Want::Charge);
    while vehicle.phase() != Phase::Ended {
        now += 20;
        let phase = vehicle.phase();
        // Once it flows, one wish after the other.
        if matches!(phase, Phase::Charging | Phase::Standby) {
            want = *wants.next().unwrap_or(&Want::Stop);
        }
        let (kind, request) = next(&mut vehicle, now, &State { want, ..vehicle_state() });
        let (_, response) = charger.respond(now, kind, &request);
        vehicle.handle_message(Instant::from_millis(now), kind, &response);
        let set = protocol.set_of(kind).unwrap();
        let facts = Facts::of(set, &request).unwrap();
        exchanges.push(Exchange { phase, facts, set, kind, request, response });
    }
    exchanges
}

/// Where the two judge differently.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Place {
    phase: Phase,
    request: String,
    /// By our charger.
    allowed: bool,
}

/// A difference that stays, and why.
struct Known {
    why: &'static str,
    allowed: bool,
    phases: &'static [Phase],
    requests: &'static [&'static str],
}

impl Known {
    fn holds(&self, place: &Place) -> bool {
        self.allowed == place.allowed
            && self.phases.contains(&place.phase)
            && self.requests.contains(&&*place.request)
    }
}

/// Everything in which the two differ. Where ours refuses, the peer does not look at what its host answered; where ours
/// allows, a vehicle goes the safe way.
const KNOWN: &[Known] = &[
    Known {
        why: "the next step before the charger has said that it is done",
        allowed: false,
        phases: &[
            Phase::Identification,
            Phase::Authorization,
            Phase::Schedule,
            Phase::Prepare,
            Phase::Renegotiation,
        ],
        requests: &[
            "ChargeParameterDiscovery",
            "ServiceDiscovery",
            "CableCheck",
            "PreCharge",
            "PowerDelivery Start",
        ],
    },
    Known {
        why: "the same step again after the charger has said that it is done",
        allowed: false,
        phases: &[
            Phase::Discovery,
            Phase::Parameters,
            Phase::Prepare,
            Phase::PreCharge,
            Phase::Schedule,
            Phase::Renegotiated,
        ],
        requests: &["Authorization", "ChargeParameterDiscovery", "ScheduleExchange", "CableCheck"],
    },
    Known {
        why: "a service chosen whose parameters were not asked for",
        allowed: false,
        phases: &[Phase::Selection],
        requests: &["ServiceSelection"],
    },
    Known {
        why: "new limits after the stop",
        allowed: false,
        phases: &[Phase::Stopping],
        requests: &["ChargeParameterDiscovery"],
    },
    Known {
        why: "a pause while the contactors are closed",
        allowed: false,
        phases: &[Phase::Renegotiation, Phase::Renegotiated],
        requests: &["SessionStop Pause"],
    },
    Known {
        why: "a stop before the start",
        allowed: true,
        phases: &[Phase::Prepare, Phase::Ready, Phase::Renegotiated],
        requests: &["PowerDelivery Stop"],
    },
    Known {
        why: "a pause while the cable is checked, before the battery's voltage is there",
        allowed: true,
        phases: &[Phase::Prepare],
        requests: &["SessionStop Pause"],
    },
];

/// Both chargers, told the same.
struct Both<'s> {
    protocol: Protocol,
    ours: Secc<'s>,
    theirs: secc::Secc,
}

impl<'s> Both<'s> {
    fn new(protocols: &'s [Protocol; 1], timers: &'s Timers) -> Self {
        let settings = SeccSettings { protocols, session_id: ID, paused: None, timers };
        let (now, mut out) = (Instant::from_millis(0), [0; 256]);
        let [protocol] = *protocols;
        let mut ours = Secc::new(settings, now);
        let mut theirs = peer_station(protocol, ID);
        let wish = wish(Service::Dc, ControlMode::Scheduled);
        let mut vehicle = Vehicle::new(protocols, &wish, timers, None, now);
        let length = vehicle.handshake(&mut out).unwrap();
        let offer = out.get(..length).unwrap().to_vec();
        ours.handle_message(now, 0, PayloadType::Sap, &offer, &mut out);
        theirs.handle_input(session::Instant::ZERO, &framed(PayloadType::Sap, &offer)).unwrap();
        assert!(matches!(theirs.poll_event(), Some(secc::Event::ProtocolAgreed(_))));
        let _ = theirs.take_transmit();
        Self { protocol, ours, theirs }
    }

    fn judge(&mut self, exchange: &Exchange) -> [Verdict; 2] {
        let Exchange { set, kind, request, .. } = exchange;
        let code = |octets: &[u8]| {
            Verdict::Refused(Facts::of(*set, octets).unwrap().response_code.unwrap())
        };
        let mut out = [0; 1024];
        let reply = self.ours.handle_message(Instant::from_millis(0), 0, *kind, request, &mut out);
        let ours = match reply {
            Reply::Ask(_) => Verdict::May,
            Reply::Send(_, length) => code(out.get(..length).unwrap()),
            other => panic!("{other:?}"),
        };
        self.theirs.handle_input(session::Instant::ZERO, &framed(*kind, request)).unwrap();
        let theirs = match self.theirs.poll_event() {
            Some(secc::Event::Request(_)) => Verdict::May,
            Some(secc::Event::Refused { message, response_code, .. }) => {
                code(&message.refusal(response_code).unwrap().encode().unwrap().1)
            }
            other => panic!("{}: {other:?}", exchange.name()),
        };
        [ours, theirs]
    }

    /// A request that both must allow, and its response.
    fn go(&mut self, exchange: &Exchange) {
        assert_eq!(self.judge(exchange), [Verdict::May, Verdict::May], "{}", exchange.name());
        self.ours.respond(Instant::from_millis(0), &exchange.response).unwrap();
        let theirs = to_peer(self.protocol, exchange.kind, &exchange.response);
        self.theirs.respond(session::Instant::ZERO, theirs).unwrap();
        while self.theirs.poll_event().is_some() {}
        let _ = self.theirs.take_transmit();
    }
}

#[test]
fn both_allow_and_refuse_the_same() {
    let timers = Timers::STANDARD;
    let (mut same, mut other) = (0, HashMap::new());
    for (protocol, service) in common() {
        let protocols = [protocol];
        let wants: &[Want] = match protocol {
            Protocol::Iso2 => &[Want::Charge, Want::Renegotiate, Want::Charge, Want::Stop],
            _ => &[
                Want::Charge,
                Want::Renegotiate,
                Want::Charge,
                Want::Standby,
                Want::Charge,
                Want::Charge,
                Want::Pause,
            ],
        };
        let charge = recorded(&protocols, service, wants);
        for length in 0..charge.len() {
            for next in &charge {
                let mut both = Both::new(&protocols, &timers);
                charge.iter().take(length).for_each(|exchange| both.go(exchange));
                let phase = both.ours.phase();
                assert_eq!(phase, charge.get(length).unwrap().phase);
                let [ours, theirs] = both.judge(next);
                if ours == theirs {
                    same += 1;
                } else {
                    let allowed = ours == Verdict::May;
                    other.insert(Place { phase, request: next.name(), allowed }, [ours, theirs]);
                }
            }
        }
    }
    println!("{same} judged alike, {} places otherwise", other.len());
    assert!(same > 2_000);
    for (place, verdicts) in &other {
        let [ours, theirs] = verdicts;
        let is_known = KNOWN.iter().any(|known| known.holds(place));
        assert!(is_known, "{place:?}: ours {ours:?}, theirs {theirs:?}");
    }
    for known in KNOWN {
        assert!(other.keys().any(|place| known.holds(place)), "{} is no difference", known.why);
    }
}
