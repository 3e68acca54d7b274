//! Whole sessions in virtual time, both ends on one link.

use crate::scripts::{
    ALL, ID, ISO2_AC, ISO2_DC_BY_CONTRACT, ISO20_AC, ISO20_DC, Line, NEW, ONGOING, START, message,
    set_of,
};
use evse_iso15118::SchemaSet;
use evse_iso15118::session::{
    End, Evcc, Event, Facts, Instant, Phase, Protocol, Refusal, Reply, RequestError, RespondError,
    Secc, SeccSettings, Timer, Timers, Turn,
};
use evse_iso15118::v2gtp::{Header, PayloadType, Reassembler};
use proptest::prelude::*;

/// What a stream in pieces of that size gives on the other side.
fn across(payload_type: PayloadType, payload: &[u8], piece: usize) -> (PayloadType, Vec<u8>) {
    let header = Header { payload_type, length: u32::try_from(payload.len()).unwrap() }.encode();
    let stream = [&header, payload].concat();
    let mut buffer = [0; 4096];
    let mut reassembler = Reassembler::new(&mut buffer);
    for mut chunk in stream.chunks(piece.max(1)) {
        while !chunk.is_empty() {
            if let Some(frame) = reassembler.next_frame(&mut chunk).unwrap() {
                return (frame.payload_type, frame.payload.to_vec());
            }
        }
    }
    panic!("no frame");
}

pub(crate) struct Link<'s> {
    pub(crate) now: u64,
    pub(crate) piece: usize,
    pub(crate) secc: Secc<'s>,
    pub(crate) evcc: Evcc<'s>,
    pub(crate) secc_end: Option<End>,
    pub(crate) evcc_end: Option<End>,
}

impl<'s> Link<'s> {
    pub(crate) fn new(
        protocols: &'s [Protocol],
        offers: &'s [Protocol],
        timers: &'s Timers,
        paused: Option<[u8; 8]>,
    ) -> Self {
        let settings = SeccSettings { protocols, session_id: ID, paused, timers };
        let now = Instant::from_millis(1000);
        let evcc = Evcc::new(offers, timers, paused, now);
        Self {
            now: 1000,
            piece: 7,
            secc: Secc::new(settings, now),
            evcc,
            secc_end: None,
            evcc_end: None,
        }
    }

    pub(crate) fn now(&self) -> Instant {
        Instant::from_millis(self.now)
    }

    pub(crate) fn events(&mut self) {
        while let Some(event) = self.secc.poll_event() {
            if let Event::Ended(end) = event {
                self.secc_end = Some(end);
            }
        }
        while let Some(event) = self.evcc.poll_event() {
            if let Event::Ended(end) = event {
                self.evcc_end = Some(end);
            }
        }
    }

    pub(crate) fn handshake(&mut self) -> Option<Protocol> {
        let mut out = [0; 1024];
        let length = self.evcc.handshake(&mut out).unwrap();
        let (payload_type, payload) = across(PayloadType::Sap, &out[..length], self.piece);
        let reply = self.secc.handle_message(self.now(), 0, payload_type, &payload, &mut out);
        let Reply::Send(payload_type, length) = reply else { panic!("{reply:?}") };
        let turn = self.evcc.handle_message(self.now(), payload_type, &out[..length]);
        self.events();
        match turn {
            Turn::Chosen(protocol) => Some(protocol),
            _ => None,
        }
    }

    /// A request of the vehicle, sent as it is; the response, if there is one.
    fn ask(
        &mut self,
        payload_type: PayloadType,
        request: &[u8],
        response: &[(&'static str, &'static str)],
    ) -> Option<Vec<u8>> {
        let (payload_type, payload) = across(payload_type, request, self.piece);
        let mut out = [0; 1024];
        let answer = match self.secc.handle_message(self.now(), 0, payload_type, &payload, &mut out)
        {
            Reply::Ask(ask) => {
                let id = self.secc.session_id();
                let name = format!("{}Res", ask.request.base());
                let bytes = message(ask.set, &name, &id, response);
                assert_eq!(self.secc.respond(self.now(), &bytes), Ok(payload_type), "{name}");
                Some(bytes)
            }
            Reply::Send(_, length) => Some(out[..length].to_vec()),
            _ => None,
        };
        self.events();
        answer
    }

    pub(crate) fn turn(&mut self, protocol: Protocol, (name, says, answers): Line) {
        let request_name = format!("{name}Req");
        let set = set_of(protocol, &request_name);
        let request = message(set, &request_name, self.evcc.session_id(), says);
        let payload_type = self.evcc.request(self.now(), set, &request).unwrap_or_else(|e| {
            panic!("{name} in {:?}: {e}", self.evcc.phase());
        });
        let response = self.ask(payload_type, &request, answers).expect(name);
        self.now += 20;
        let turn = self.evcc.handle_message(self.now(), payload_type, &response);
        assert!(matches!(turn, Turn::Response(..)), "{name}: {turn:?}");
        self.events();
        assert_eq!(self.secc.phase(), self.evcc.phase(), "{name}");
        self.now += 20;
    }
}

#[test]
fn whole_sessions_of_every_generation() {
    for (protocol, script, end) in ALL {
        let (protocols, timers) = ([protocol], Timers::STANDARD);
        let mut link = Link::new(&protocols, &protocols, &timers, None);
        assert_eq!(link.handshake(), Some(protocol));
        for line in script {
            link.turn(protocol, *line);
        }
        assert_eq!((link.secc_end, link.evcc_end), (Some(end), Some(end)), "{protocol:?}");
        assert_eq!(link.secc.poll_timeout(), None);
    }
}

#[test]
fn the_vehicles_best_protocol_that_both_speak_is_chosen() {
    let timers = Timers::STANDARD;
    let spoken = [Protocol::Din70121, Protocol::Iso2];
    let offers = [Protocol::Iso20Dc, Protocol::Iso2, Protocol::Din70121];
    assert_eq!(Link::new(&spoken, &offers, &timers, None).handshake(), Some(Protocol::Iso2));
    let mut link = Link::new(&spoken, &[Protocol::Iso20Ac], &timers, None);
    assert_eq!(link.handshake(), None);
    assert_eq!(link.secc_end, Some(End::NoCommonProtocol));
    assert_eq!(link.evcc_end, Some(End::NoCommonProtocol));
}

#[test]
fn a_paused_session_is_joined_under_its_number() {
    let timers = Timers::STANDARD;
    let paused = [9; 8];
    let mut link = Link::new(&[Protocol::Iso2], &[Protocol::Iso2], &timers, Some(paused));
    link.handshake();
    link.turn(Protocol::Iso2, ("SessionSetup", &[], &[("ResponseCode", "OK_OldSessionJoined")]));
    assert_eq!(link.secc.session_id(), paused);
    assert!(link.secc.is_joined());
    link.turn(Protocol::Iso2, ISO2_AC[1]);
}

/// In every phase every request that may not come is refused with the code of the standard, in a whole response.
#[test]
fn what_is_out_of_order_is_refused() {
    for (protocol, script, _) in ALL {
        let (protocols, timers) = ([protocol], Timers::STANDARD);
        for length in 0..script.len() {
            for name in script.iter().map(|line| line.0) {
                let mut link = Link::new(&protocols, &protocols, &timers, None);
                link.handshake();
                for line in &script[..length] {
                    link.turn(protocol, *line);
                }
                let name = format!("{name}Req");
                let set = set_of(protocol, &name);
                let request = message(set, &name, link.evcc.session_id(), &[]);
                let allowed = link.evcc.request(link.now(), set, &request);
                let payload_type = match allowed {
                    Ok(_) => continue,
                    Err(RequestError::Sequence | RequestError::WrongSessionId) => [
                        PayloadType::Sap,
                        PayloadType::Iso20Common,
                        PayloadType::Iso20Ac,
                        PayloadType::Iso20Dc,
                        PayloadType::Iso20Wpt,
                        PayloadType::Iso20Acdp,
                    ]
                    .into_iter()
                    .find(|t| protocol.set_of(*t) == Some(set))
                    .unwrap(),
                    Err(other) => panic!("{other}"),
                };
                let response = link.ask(payload_type, &request, &[]).unwrap();
                let facts = Facts::of(set, &response).unwrap();
                assert_eq!(facts.base(), name.strip_suffix("Req").unwrap());
                assert_eq!(
                    facts.response_code,
                    Some("FAILED_SequenceError"),
                    "{name} after {length}"
                );
                assert_eq!(link.secc_end, Some(End::Refused(Refusal::Sequence)));
            }
        }
    }
}

/// What a request that a vehicle should not send gets, after so many lines of a script.
fn verdict(
    (protocol, script): (Protocol, &[Line]),
    length: usize,
    (name, says): (&str, &[(&'static str, &'static str)]),
) -> (Phase, Option<&'static str>) {
    let (protocols, timers) = ([protocol], Timers::STANDARD);
    let mut link = Link::new(&protocols, &protocols, &timers, None);
    link.handshake();
    for line in &script[..length] {
        link.turn(protocol, *line);
    }
    let (phase, name) = (link.secc.phase(), format!("{name}Req"));
    let set = set_of(protocol, &name);
    let request = message(set, &name, &ID, says);
    let payload_type =
        if set == SchemaSet::Iso2 { PayloadType::Sap } else { PayloadType::Iso20Common };
    let mut out = [0; 1024];
    let now = link.now();
    match link.secc.handle_message(now, 0, payload_type, &request, &mut out) {
        Reply::Ask(_) => (phase, None),
        Reply::Send(_, length) => (phase, Facts::of(set, &out[..length]).unwrap().response_code),
        other => panic!("{other:?}"),
    }
}

/// Services are negotiated again in the phase after the authorization: who has not passed it may not go there, and nobody
/// may while there is voltage at the outlet.
#[test]
fn no_renegotiation_leads_past_the_authorization() {
    let again: &[(&str, &str)] = &[("ChargingSession", "ServiceRenegotiation")];
    for script in [ISO20_AC, ISO20_DC] {
        let protocol = if script == ISO20_AC { Protocol::Iso20Ac } else { Protocol::Iso20Dc };
        for length in 1..script.len() {
            let (phase, code) = verdict((protocol, script), length, ("SessionStop", again));
            let may = matches!(
                phase,
                Phase::Parameters
                    | Phase::Schedule
                    | Phase::Prepare
                    | Phase::Standby
                    | Phase::Stopping
            );
            assert_eq!(code, (!may).then_some("FAILED_SequenceError"), "{phase:?}");
        }
    }
}

#[test]
fn a_session_does_not_pause_while_there_is_voltage() {
    let pause: &[(&str, &str)] = &[("ChargingSession", "Pause")];
    for (protocol, script) in [
        (Protocol::Iso2, ISO2_AC),
        (Protocol::Iso2, ISO2_DC_BY_CONTRACT),
        (Protocol::Iso20Ac, ISO20_AC),
        (Protocol::Iso20Dc, ISO20_DC),
    ] {
        for length in 1..script.len() {
            let (phase, code) = verdict((protocol, script), length, ("SessionStop", pause));
            let is_live = matches!(
                phase,
                Phase::PreCharge
                    | Phase::Ready
                    | Phase::Charging
                    | Phase::Renegotiation
                    | Phase::Renegotiated
            );
            assert_eq!(code, is_live.then_some("FAILED_SequenceError"), "{protocol:?} {phase:?}");
        }
    }
}

#[test]
fn a_start_comes_once_and_waits_for_a_vehicle_that_still_computes() {
    let (dc, ac) = ((Protocol::Iso20Dc, ISO20_DC), (Protocol::Iso2, ISO2_AC));
    let at = |script: &[Line], name| script.iter().position(|line| line.0 == name).unwrap();
    let charging = at(dc.1, "DC_ChargeLoop");
    assert_eq!(
        verdict(dc, charging, ("PowerDelivery", START)),
        (Phase::Charging, Some("FAILED_SequenceError"))
    );
    let charging = at(ac.1, "ChargingStatus");
    assert_eq!(
        verdict(ac, charging, ("PowerDelivery", START)),
        (Phase::Charging, Some("FAILED_SequenceError"))
    );
    // The first of the two starts in the script says that the vehicle still computes.
    let first = at(ISO20_AC, "PowerDelivery");
    let after = |length| verdict((Protocol::Iso20Ac, ISO20_AC), length, ("PowerDelivery", START)).0;
    assert_eq!((after(first + 1), after(first + 2)), (Phase::Prepare, Phase::Charging));
}

#[test]
fn another_session_number_is_refused() {
    let timers = Timers::STANDARD;
    for (protocol, script, _) in ALL {
        let protocols = [protocol];
        let mut link = Link::new(&protocols, &protocols, &timers, None);
        link.handshake();
        link.turn(protocol, script[0]);
        let name = format!("{}Req", script[1].0);
        let set = set_of(protocol, &name);
        let request = message(set, &name, &[1; 8], &[]);
        assert_eq!(link.evcc.request(link.now(), set, &request), Err(RequestError::WrongSessionId));
        let payload_type = match set {
            SchemaSet::Iso20Common => PayloadType::Iso20Common,
            SchemaSet::Iso20Wpt => PayloadType::Iso20Wpt,
            SchemaSet::Iso20Acdp => PayloadType::Iso20Acdp,
            _ => PayloadType::Sap,
        };
        let response = link.ask(payload_type, &request, &[]).unwrap();
        let facts = Facts::of(set, &response).unwrap();
        assert_eq!(facts.response_code, Some("FAILED_UnknownSession"));
        assert_eq!(link.secc_end, Some(End::Refused(Refusal::UnknownSession)));
    }
}

#[test]
fn silence_ends_a_session_after_the_timers_of_the_standard() {
    let timers = Timers::STANDARD;
    let mut link = Link::new(&[Protocol::Iso2], &[Protocol::Iso2], &timers, None);
    link.handshake();
    link.turn(Protocol::Iso2, ISO2_AC[0]);
    let secc = link.secc.poll_timeout().unwrap();
    link.secc.handle_timeout(Instant::from_millis(secc.as_millis() - 1));
    assert_eq!(link.secc.phase(), Phase::Discovery);
    link.secc.handle_timeout(secc);
    link.events();
    assert_eq!(link.secc_end, Some(End::TimedOut(Timer::SeccSequence)));

    // The vehicle waits two seconds for a response.
    let set = SchemaSet::Iso2;
    let request = message(set, "ServiceDiscoveryReq", &ID, &[]);
    link.evcc.request(link.now(), set, &request).unwrap();
    let deadline = link.evcc.poll_timeout().unwrap();
    assert_eq!(deadline.as_millis() - link.now, 2_000);
    link.evcc.handle_timeout(deadline);
    link.events();
    assert_eq!(link.evcc_end, Some(End::TimedOut(Timer::Message)));
}

#[test]
fn a_charger_that_stays_ongoing_is_left_and_the_time_can_be_changed() {
    for (timers, expected) in [
        (Timers::STANDARD.with(Timer::SeccOngoing, u32::MAX), 60_000),
        (
            Timers::STANDARD.with(Timer::EvccOngoing, 180_000).with(Timer::SeccOngoing, u32::MAX),
            180_000,
        ),
    ] {
        let mut link = Link::new(&[Protocol::Iso2], &[Protocol::Iso2], &timers, None);
        link.handshake();
        for line in &ISO2_AC[..3] {
            link.turn(Protocol::Iso2, *line);
        }
        let begin = link.now;
        let request = message(SchemaSet::Iso2, "AuthorizationReq", &ID, &[]);
        while link.evcc_end.is_none() {
            let _ = link.evcc.request(link.now(), SchemaSet::Iso2, &request);
            if let Some(response) = link.ask(PayloadType::Sap, &request, ONGOING) {
                link.now += 500;
                let now = link.now();
                link.evcc.handle_message(now, PayloadType::Sap, &response);
            }
            link.events();
        }
        assert_eq!(link.evcc_end, Some(End::TimedOut(Timer::EvccOngoing)));
        assert_eq!(link.now - begin, expected);
    }
}

#[test]
fn wrong_responses_of_the_host_are_not_sent() {
    let timers = Timers::STANDARD;
    let mut link = Link::new(&[Protocol::Iso2], &[Protocol::Iso2], &timers, None);
    let (now, mut out) = (link.now(), [0; 512]);
    link.handshake();
    let set = SchemaSet::Iso2;
    assert_eq!(link.secc.respond(now, &[]), Err(RespondError::NothingAsked));
    let request = message(set, "SessionSetupReq", &[0], &[]);
    let reply = link.secc.handle_message(now, 0, PayloadType::Sap, &request, &mut out);
    assert!(matches!(reply, Reply::Ask(_)));
    assert_eq!(link.secc.respond(now, &[0x80]), Err(RespondError::Undecodable));
    let other = message(set, "ServiceDiscoveryRes", &ID, &[]);
    assert_eq!(link.secc.respond(now, &other), Err(RespondError::WrongMessage));
    let other = message(set, "SessionSetupRes", &[7; 8], NEW);
    assert_eq!(link.secc.respond(now, &other), Err(RespondError::WrongSessionId));
    let other = message(set, "SessionSetupRes", &ID, &[("ResponseCode", "OK")]);
    assert_eq!(link.secc.respond(now, &other), Err(RespondError::WrongResponseCode));
    let right = message(set, "SessionSetupRes", &ID, NEW);
    assert_eq!(link.secc.respond(now, &right), Ok(PayloadType::Sap));
}

proptest! {
    /// Whatever is lost, delayed, cut or changed on the way: both ends come to an end they can name, in bounded time.
    #[test]
    fn both_ends_end(
        which in 0..ALL.len(),
        piece in 1_usize..40,
        mishaps in prop::collection::vec((any::<u8>(), any::<u16>()), 0..30),
    ) {
        let (protocol, script, _) = ALL[which];
        let (protocols, timers) = ([protocol], Timers::STANDARD);
        let mut link = Link::new(&protocols, &protocols, &timers, None);
        link.piece = piece;
        link.handshake();
        let mut mishaps = mishaps.into_iter();
        for (name, says, answers) in script.iter().copied() {
            let name = format!("{name}Req");
            let set = set_of(protocol, &name);
            let mut request = message(set, &name, link.evcc.session_id(), says);
            let Ok(payload_type) = link.evcc.request(link.now(), set, &request) else { break };
            let (kind, much) = mishaps.next().unwrap_or((255, 0));
            match kind {
                0..20 => {
                    let bit = usize::from(much) % (request.len() * 8);
                    request[bit / 8] ^= 1 << (bit % 8);
                }
                20..40 => link.now += u64::from(much) * 2,
                // Lost: nothing comes back.
                40..60 => continue,
                _ => {}
            }
            let Some(response) = link.ask(payload_type, &request, answers) else { continue };
            link.now += u64::from(much % 300);
            let now = link.now();
            link.evcc.handle_message(now, payload_type, &response);
            link.events();
        }
        for _ in 0..10 {
            if let Some(deadline) = link.secc.poll_timeout() {
                link.secc.handle_timeout(deadline);
            }
            if let Some(deadline) = link.evcc.poll_timeout() {
                prop_assert!(deadline.as_millis() < link.now + 200_000);
                link.evcc.handle_timeout(deadline);
            }
        }
        link.events();
        prop_assert_eq!(link.evcc.poll_timeout(), None);
        prop_assert!(link.evcc_end.is_some(), "{:?}", link.evcc.phase());
        // A host that never answers would keep the charger; here it always does.
        prop_assert!(link.secc_end.is_some(), "{:?}", link.secc.phase());
    }

    /// Any octets at any time: no panic, and an end or a phase.
    #[test]
    fn any_octets(octets in prop::collection::vec(any::<u8>(), 0..100), kinds in prop::collection::vec(0x8000_u16..0x8008, 1..6)) {
        let timers = Timers::STANDARD;
        let mut link = Link::new(&Protocol::ALL, &Protocol::ALL, &timers, None);
        let mut out = [0; 256];
        for kind in kinds {
            let payload_type = PayloadType::from_raw(kind);
            let now = link.now();
            link.secc.handle_message(now, 0, payload_type, &octets, &mut out);
            link.evcc.handle_message(now, payload_type, &octets);
            link.handshake_again();
        }
    }
}

impl Link<'_> {
    fn handshake_again(&mut self) {
        let mut out = [0; 1024];
        let Ok(length) = self.evcc.handshake(&mut out) else { return };
        let request = out[..length].to_vec();
        let now = self.now();
        if let Reply::Send(kind, length) =
            self.secc.handle_message(now, 0, PayloadType::Sap, &request, &mut out)
        {
            self.evcc.handle_message(now, kind, &out[..length]);
        }
    }
}
