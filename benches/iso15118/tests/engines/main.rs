//! The engines of the crate `iso15118` against ours, both roles: whole charges over -2 and -20, and every request in every
//! state of them, where both must judge alike.
//!
//! The peer's engines leave every message to their host. What a charger or vehicle says comes from our typed engine behind
//! them, read and written by the peer's codec; framing, handshake, session numbers, order and refusals are theirs. So this
//! shows that the two agree on these, not on the meaning of a message's content.
//!
//! It stops where the peer does: it has no DIN 70121, seeks the place of WPT and ACDP only after a service was chosen (ours
//! before the authorization, see `session::order`), and refuses contracts without TLS, which is a matter of its settings.
//! Timers are not compared: the peer's engine has values of its own choice for some.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod charges;
#[path = "../../../../crates/iso15118/tests/sessions/host.rs"]
mod host;
mod order;

use evse_iso15118::session::Protocol;
use evse_iso15118::v2gtp::{Header, PayloadType};
use iso15118::Iso20Set;
use iso15118::evcc::{Evcc, EvccConfig};
use iso15118::message::Message;
use iso15118::secc::{Secc, SeccConfig};
use iso15118::session::{Instant, Security, SessionId};
use iso15118::{Protocol as PeerProtocol, Protocols};

/// The peer's name of a protocol, and the set of -20.
fn peer_protocol(protocol: Protocol) -> (PeerProtocol, Vec<Iso20Set>) {
    match protocol {
        Protocol::Din70121 => panic!("the peer has no DIN 70121"),
        Protocol::Iso2 => (PeerProtocol::Iso2, Vec::new()),
        Protocol::Iso20Ac => (PeerProtocol::Iso20, vec![Iso20Set::Ac]),
        Protocol::Iso20Dc => (PeerProtocol::Iso20, vec![Iso20Set::Dc]),
        Protocol::Iso20Wpt | Protocol::Iso20Acdp => panic!("the peer orders these otherwise"),
    }
}

fn peer_station(protocol: Protocol, id: [u8; 8]) -> Secc {
    let (protocol, iso20_sets) = peer_protocol(protocol);
    let mut secc = Secc::new(SeccConfig {
        protocols: Protocols::only(protocol),
        session_id: SessionId::new(id),
        security: Security::Tls,
        iso20_sets,
        ..SeccConfig::default()
    });
    secc.opened(Instant::ZERO);
    secc
}

fn peer_vehicle(protocol: Protocol) -> Evcc {
    let (protocol, iso20_sets) = peer_protocol(protocol);
    let mut evcc = Evcc::new(EvccConfig {
        protocols: Protocols::only(protocol),
        security: Security::Tls,
        iso20_sets,
        ..EvccConfig::default()
    });
    evcc.start(Instant::ZERO).expect("something to offer");
    evcc
}

/// A message of ours as the peer holds it.
fn to_peer(protocol: Protocol, payload_type: PayloadType, octets: &[u8]) -> Message {
    let kind = iso15118::v2gtp::PayloadType::from_u16(payload_type.to_raw());
    Message::decode(Some(peer_protocol(protocol).0), kind, octets)
        .unwrap_or_else(|error| panic!("{octets:02x?}: {error}"))
}

/// A message of the peer's as octets.
fn of_peer(message: &Message) -> (PayloadType, Vec<u8>) {
    let (kind, octets) = message.encode().expect("what was decoded");
    (PayloadType::from_raw(kind.as_u16()), octets)
}

/// A frame of V2GTP.
fn framed(payload_type: PayloadType, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap();
    [&Header { payload_type, length }.encode(), payload].concat()
}

/// The one frame in what the peer sends.
fn unframed(stream: &[u8]) -> (PayloadType, &[u8]) {
    let (head, payload) = stream.split_first_chunk().expect("a header");
    let header = Header::decode(*head).expect("a header");
    assert_eq!(header.length as usize, payload.len(), "one frame");
    (header.payload_type, payload)
}
