//! Whole charges, one end ours, one end the peer's.

use evse_iso15118::message::app_protocol::{
    self, Message as Handshake, ResponseCode, SupportedAppProtocolRes,
};
use evse_iso15118::session::{
    ControlMode, End, Event, Instant, Output, Phase, Protocol, SeccSettings, Service, State,
    Station, Timers, Turn, Vehicle, Want,
};
use evse_iso15118::v2gtp::PayloadType;
use iso15118::{evcc, secc, session};

use crate::host::{CHARGES, Host, ID, OFFER, SECONDS, vehicle_state, wish};
use crate::{framed, of_peer, peer_station, peer_vehicle, to_peer, unframed};

/// A charger of ours with its host.
pub(crate) struct Charger<'s> {
    station: Station<'s>,
    host: Host,
}

impl<'s> Charger<'s> {
    pub(crate) fn new(protocols: &'s [Protocol], timers: &'s Timers) -> Self {
        let settings = SeccSettings { protocols, session_id: ID, paused: None, timers };
        Self { station: Station::new(settings, &OFFER, Instant::from_millis(0)), host: Host::new() }
    }

    /// The response to a request.
    pub(crate) fn respond(
        &mut self,
        now: u64,
        payload_type: PayloadType,
        request: &[u8],
    ) -> (PayloadType, Vec<u8>) {
        let (now, mut out, mut message) = (Instant::from_millis(now), [0; 2048], [0; 1024]);
        let station = &mut self.station;
        let (kind, length) =
            match station.handle_message(now, SECONDS, payload_type, request, &mut out) {
                Output::Send(kind, length) => (kind, length),
                Output::Ask(question) => {
                    let answer = self.host.answer(question, &mut message, ID);
                    station.answer(now, SECONDS, &answer, &mut out).unwrap()
                }
                other => panic!("{other:?}"),
            };
        (kind, out.get(..length).unwrap().to_vec())
    }

    fn end(&mut self) -> Option<End> {
        core::iter::from_fn(|| self.station.poll_event()).find_map(ended)
    }
}

fn ended(event: Event) -> Option<End> {
    match event {
        Event::Ended(end) => Some(end),
        _ => None,
    }
}

/// The state of a vehicle that charges for some turns of the loop and then wants something else.
fn state_at(charged: usize, then: Want) -> State {
    State { want: if charged <= 4 { Want::Charge } else { then }, ..vehicle_state() }
}

pub(crate) fn next(vehicle: &mut Vehicle<'_>, now: u64, state: &State) -> (PayloadType, Vec<u8>) {
    let mut out = [0; 2048];
    let (kind, length) = vehicle.next(Instant::from_millis(now), SECONDS, state, &mut out).unwrap();
    (kind, out.get(..length).unwrap().to_vec())
}

/// The charges that both can hold.
pub(crate) fn common() -> impl Iterator<Item = (Protocol, Service)> {
    let ours_alone = [Protocol::Din70121, Protocol::Iso20Wpt, Protocol::Iso20Acdp];
    CHARGES.into_iter().filter(move |(protocol, _)| !ours_alone.contains(protocol))
}

/// Every charge that both can hold, with each way to end it.
fn all(mut charge: impl FnMut(Protocol, Service, ControlMode, Want)) {
    for (protocol, service) in common() {
        for control in [ControlMode::Scheduled, ControlMode::Dynamic] {
            for end in [Want::Stop, Want::Pause] {
                charge(protocol, service, control, end);
            }
        }
    }
}

fn end_of(want: Want) -> (End, secc::Close, evcc::Close) {
    if want == Want::Pause {
        (End::Paused, secc::Close::Paused, evcc::Close::Paused)
    } else {
        (End::Terminated, secc::Close::Normal, evcc::Close::Normal)
    }
}

/// Our vehicle at the peer's charger, whose host is our station.
#[test]
fn our_vehicle_charges_at_the_peers_charger() {
    all(|protocol, service, control, want| {
        let (protocols, timers, wish) = ([protocol], Timers::STANDARD, wish(service, control));
        let mut vehicle = Vehicle::new(&protocols, &wish, &timers, None, Instant::from_millis(0));
        let mut secc = peer_station(protocol, ID);
        let mut content = Charger::new(&protocols, &timers);
        let (mut buffer, mut close, mut now, mut charged) = ([0; 1024], None, 0, 0);
        let length = vehicle.handshake(&mut buffer).unwrap();
        let handshake = buffer.get(..length).unwrap();
        let mut sent = (PayloadType::Sap, handshake.to_vec());
        content.respond(now, PayloadType::Sap, handshake);
        let end = loop {
            secc.handle_input(peer(now), &framed(sent.0, &sent.1)).unwrap();
            let mut made = None;
            while let Some(event) = secc.poll_event() {
                match event {
                    secc::Event::ProtocolAgreed(_) => {}
                    secc::Event::Request(request) => {
                        let (kind, octets) = of_peer(&request);
                        assert_eq!(octets, sent.1, "{}", request.name());
                        let (kind, octets) = content.respond(now, kind, &octets);
                        secc.respond(peer(now), to_peer(protocol, kind, &octets)).unwrap();
                        made = Some((kind, octets));
                    }
                    secc::Event::Closed(reason) => close = Some(reason),
                    other => panic!("{protocol:?} {service:?}: {other:?}"),
                }
            }
            let stream = secc.take_transmit();
            let (kind, response) = unframed(&stream);
            if let Some((made_kind, made)) = made {
                assert_eq!((kind, response), (made_kind, &*made), "what its host made");
            }
            now += 20;
            let turn = vehicle.handle_message(Instant::from_millis(now), kind, response);
            assert_ne!(turn, Turn::Nothing, "{protocol:?} {service:?}");
            if let Some(end) = core::iter::from_fn(|| vehicle.poll_event()).find_map(ended) {
                break end;
            }
            now += 20;
            charged += usize::from(vehicle.phase() == Phase::Charging);
            let state = state_at(charged, want);
            sent = next(&mut vehicle, now, &state);
        };
        assert_eq!((end, close), (end_of(want).0, Some(end_of(want).1)));
        assert_eq!(content.host.count("open"), 1, "{protocol:?}");
    });
}

/// The peer's vehicle, whose host is our vehicle, at our charger.
#[test]
fn the_peers_vehicle_charges_at_our_charger() {
    all(|protocol, service, control, want| {
        let (protocols, timers, wish) = ([protocol], Timers::STANDARD, wish(service, control));
        let mut charger = Charger::new(&protocols, &timers);
        let mut evcc = peer_vehicle(protocol);
        let mut content = Vehicle::new(&protocols, &wish, &timers, None, Instant::from_millis(0));
        let (mut now, mut charged, mut close) = (0, 0, None);
        while close.is_none() {
            let stream = evcc.take_transmit();
            let (kind, request) = unframed(&stream);
            let (kind, response) = charger.respond(now, kind, request);
            now += 20;
            evcc.handle_input(peer(now), &framed(kind, &response)).unwrap();
            while let Some(event) = evcc.poll_event() {
                let (kind, octets) = match event {
                    evcc::Event::ProtocolAgreed(_) => (PayloadType::Sap, agreed()),
                    evcc::Event::Response(message) => of_peer(&message),
                    evcc::Event::Closed(reason) => {
                        close = Some(reason);
                        continue;
                    }
                    other => panic!("{protocol:?} {service:?}: {other:?}"),
                };
                let turn = content.handle_message(Instant::from_millis(now), kind, &octets);
                assert_ne!(turn, Turn::Nothing, "{protocol:?} {service:?}");
            }
            if close.is_none() {
                now += 20;
                charged += usize::from(content.phase() == Phase::Charging);
                let state = state_at(charged, want);
                let (kind, request) = next(&mut content, now, &state);
                evcc.request(peer(now), to_peer(protocol, kind, &request))
                    .unwrap_or_else(|error| panic!("{protocol:?} {service:?}: {error}"));
            }
        }
        assert_eq!((charger.end(), close), (Some(end_of(want).0), Some(end_of(want).2)));
        assert_eq!(evcc.session_id(), session::SessionId::new(ID));
        assert_eq!(charger.host.count("open"), 1, "{protocol:?}");
    });
}

fn peer(now: u64) -> session::Instant {
    session::Instant::from_millis(now)
}

/// What a charger answers in the handshake, for the vehicle behind the peer's, which offers one protocol.
fn agreed() -> Vec<u8> {
    let response = SupportedAppProtocolRes {
        response_code: ResponseCode::OkSuccessfulNegotiation,
        schema_id: Some(1),
    };
    let mut out = [0; 32];
    let length =
        app_protocol::encode(&Handshake::SupportedAppProtocolRes(response), &mut out).unwrap();
    out.get(..length).unwrap().to_vec()
}
