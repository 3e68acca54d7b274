//! Every captured and made message is fed to the engines where it is legal and where it is not.

use std::path::PathBuf;

use crate::scripts::{ALL, ID, Line, message, set_of};
use evse_iso15118::session::{
    End, Evcc, Event, Facts, Instant, Phase, Protocol, Refusal, Reply, Secc, SeccSettings, Timers,
    Turn,
};
use evse_iso15118::v2gtp::PayloadType;
use evse_iso15118::{Form, Leniency, SchemaSet, visit};
use serde_json::Value;

const NOW: Instant = Instant::from_millis(1000);

fn documents() -> Vec<(String, SchemaSet, Vec<u8>)> {
    let shared = std::env::var_os("EVSE_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let mut all = Vec::new();
    let files = ["captures", "din70121", "iso15118_2", "iso20_common", "iso20_ac", "iso20_dc"];
    for file in files.iter().chain(&["iso20_wpt", "iso20_acdp"]) {
        let path = shared.join("vectors/iso15118").join(format!("{file}.jsonl"));
        let Ok(text) = std::fs::read_to_string(&path) else {
            assert!(std::env::var_os("EVSE_SHARED_REQUIRED").is_none(), "{}", path.display());
            println!("{} is not here; nothing tried", path.display());
            continue;
        };
        for line in text.lines() {
            let vector: Value = serde_json::from_str(line).unwrap();
            let set = SchemaSet::ALL.iter().find(|set| set.name() == vector["generation"]).unwrap();
            if vector["kind"] == "document" {
                let octets = hex::decode(vector["exi_hex"].as_str().unwrap()).unwrap();
                all.push((vector["id"].to_string(), *set, octets));
            }
        }
    }
    all
}

fn payload_type(set: SchemaSet) -> PayloadType {
    match set {
        SchemaSet::Iso20Common => PayloadType::Iso20Common,
        SchemaSet::Iso20Ac => PayloadType::Iso20Ac,
        SchemaSet::Iso20Dc => PayloadType::Iso20Dc,
        SchemaSet::Iso20Wpt => PayloadType::Iso20Wpt,
        SchemaSet::Iso20Acdp => PayloadType::Iso20Acdp,
        _ => PayloadType::Sap,
    }
}

/// The scripts in which a message may come, with its place there.
fn places(set: SchemaSet, base: &str) -> Vec<(Protocol, &'static [Line], usize)> {
    let speaks = |protocol: Protocol| protocol.set_of(payload_type(set)) == Some(set);
    let scripts = ALL.iter().filter(|(protocol, ..)| speaks(*protocol));
    scripts
        .filter_map(|(protocol, script, _)| {
            let place = script.iter().position(|line| line.0 == base)?;
            Some((*protocol, *script, place))
        })
        .collect()
}

/// A charger that has been through the first lines of a script, under that session number.
fn charger<'s>(
    protocols: &'s [Protocol; 1],
    script: &[Line],
    id: [u8; 8],
    timers: &'s Timers,
) -> Secc<'s> {
    let settings = SeccSettings { protocols, session_id: id, paused: None, timers };
    let mut secc = Secc::new(settings, NOW);
    let mut out = [0; 1024];
    let length = Evcc::new(protocols, timers, None, NOW).handshake(&mut out).unwrap();
    let request = out[..length].to_vec();
    secc.handle_message(NOW, 0, PayloadType::Sap, &request, &mut out);
    for (name, says, answers) in script {
        let request_name = format!("{name}Req");
        let set = set_of(protocols[0], &request_name);
        let number = if *name == "SessionSetup" { &[0; 8] } else { &id };
        let request = message(set, &request_name, number, says);
        let reply = secc.handle_message(NOW, 0, payload_type(set), &request, &mut out);
        assert!(matches!(reply, Reply::Ask(_)), "{name}: {reply:?}");
        let response = message(set, &format!("{name}Res"), &id, answers);
        secc.respond(NOW, &response).unwrap();
    }
    secc
}

fn vehicle<'s>(
    protocols: &'s [Protocol; 1],
    script: &[Line],
    id: [u8; 8],
    timers: &'s Timers,
) -> Evcc<'s> {
    let mut evcc = Evcc::new(protocols, timers, None, NOW);
    let settings = SeccSettings { protocols, session_id: id, paused: None, timers };
    let (mut out, mut answer) = ([0; 1024], [0; 1024]);
    let length = evcc.handshake(&mut out).unwrap();
    let mut secc = Secc::new(settings, NOW);
    let reply = secc.handle_message(NOW, 0, PayloadType::Sap, &out[..length], &mut answer);
    let Reply::Send(kind, length) = reply else { panic!("{reply:?}") };
    evcc.handle_message(NOW, kind, &answer[..length]);
    for (name, says, answers) in script {
        send(&mut evcc, protocols[0], name, says);
        let set = set_of(protocols[0], &format!("{name}Res"));
        let response = message(set, &format!("{name}Res"), &id, answers);
        let turn = evcc.handle_message(NOW, payload_type(set), &response);
        assert!(matches!(turn, Turn::Response(..)), "{name}: {turn:?}");
    }
    evcc
}

fn send(
    evcc: &mut Evcc<'_>,
    protocol: Protocol,
    name: &str,
    says: &[(&'static str, &'static str)],
) {
    let request_name = format!("{name}Req");
    let set = set_of(protocol, &request_name);
    let request = message(set, &request_name, evcc.session_id(), says);
    evcc.request(NOW, set, &request).unwrap();
}

fn end(mut poll: impl FnMut() -> Option<Event>) -> Option<End> {
    core::iter::from_fn(&mut poll).find_map(|event| match event {
        Event::Ended(end) => Some(end),
        _ => None,
    })
}

struct Unseen;

impl evse_iso15118::codec::Visitor for Unseen {
    fn leaf(&mut self, _: &'static str, _: bool, _: evse_iso15118::codec::Leaf<'_>) {}
    fn open(&mut self, _: &'static str, _: bool) {}
    fn close(&mut self) {}
}

#[test]
fn every_request_where_it_may_come_and_where_it_may_not() {
    let timers = Timers::STANDARD;
    let (mut legal, mut illegal) = (0, 0);
    for (name, set, octets) in documents() {
        let facts = Facts::of(set, &octets).unwrap();
        assert!(visit(set, Form::Document, &octets, Leniency::STRICT, &mut Unseen).is_ok());
        if !facts.is_request() {
            continue;
        }
        let (base, kind) = (facts.base(), payload_type(set));
        let mut out = [0; 1024];
        for (protocol, script, place) in places(set, base) {
            let protocols = [protocol];
            // Under the message's own number, which only in -20 always has eight octets.
            let Ok(id) = <[u8; 8]>::try_from(facts.session_id()) else {
                let mut secc = charger(&protocols, &script[..place], ID, &timers);
                let reply = secc.handle_message(NOW, 0, kind, &octets, &mut out);
                let fresh = base == "SessionSetup";
                assert_eq!(matches!(reply, Reply::Ask(_)), fresh, "{name}");
                continue;
            };
            let mut secc = charger(&protocols, &script[..place], id, &timers);
            let reply = secc.handle_message(NOW, 0, kind, &octets, &mut out);
            // A mode or a renegotiation that this script is not in.
            let other_mode = reply_refuses(reply)
                && matches!(base, "PowerDelivery" | "ChargeParameterDiscovery");
            if !other_mode {
                let Reply::Ask(ask) = reply else { panic!("{name}: {reply:?}") };
                assert_eq!((ask.set, ask.request), (set, facts), "{name}");
                legal += 1;
            }

            // As the first request, or a second session setup.
            let length = usize::from(place == 0);
            let mut secc = charger(&protocols, &script[..length], id, &timers);
            let reply = secc.handle_message(NOW, 0, kind, &octets, &mut out);
            let Reply::Send(sent, length) = reply else { panic!("{name}: {reply:?}") };
            let refusal = Facts::of(set, &out[..length]).unwrap();
            assert_eq!((sent, refusal.base()), (kind, base), "{name}");
            assert_eq!(refusal.response_code, Some("FAILED_SequenceError"), "{name}");
            assert_eq!(end(|| secc.poll_event()), Some(End::Refused(Refusal::Sequence)), "{name}");
            illegal += 1;
        }
    }
    println!("{legal} requests where they may come, {illegal} where they may not");
}

fn reply_refuses(reply: Reply) -> bool {
    matches!(reply, Reply::Send(..))
}

#[test]
fn every_response_where_it_is_due_and_where_it_is_not() {
    let timers = Timers::STANDARD;
    let (mut legal, mut illegal) = (0, 0);
    for (name, set, octets) in documents() {
        let facts = Facts::of(set, &octets).unwrap();
        if facts.is_request() {
            continue;
        }
        let (base, kind) = (facts.base(), payload_type(set));
        for (protocol, script, place) in places(set, base) {
            let protocols = [protocol];
            let id = <[u8; 8]>::try_from(facts.session_id()).unwrap_or(ID);
            let is_own = facts.session_id() == id || base == "SessionSetup" || facts.has_failed();
            let mut evcc = vehicle(&protocols, &script[..place], id, &timers);
            // Nobody has asked.
            assert_eq!(evcc.handle_message(NOW, kind, &octets), Turn::Nothing, "{name}");
            let (line, says, _) = script[place];
            send(&mut evcc, protocol, line, says);
            let turn = evcc.handle_message(NOW, kind, &octets);
            let expected = if is_own { Turn::Response(set, facts) } else { Turn::Nothing };
            assert_eq!(turn, expected, "{name}");
            let ended = end(|| evcc.poll_event());
            match () {
                () if !is_own => assert_eq!(ended, Some(End::WrongResponse), "{name}"),
                () if facts.has_failed() => assert_eq!(ended, Some(End::Failed), "{name}"),
                () if base == "SessionStop" => {
                    let goes_on = says.contains(&("ChargingSession", "ServiceRenegotiation"));
                    assert_eq!(ended.is_some(), !goes_on, "{name}");
                }
                () => assert_eq!(ended, None, "{name}"),
            }
            legal += 1;

            // Another response is due.
            let other = usize::from(place == 0);
            let mut evcc = vehicle(&protocols, &script[..other], id, &timers);
            let (line, says, _) = script[other];
            send(&mut evcc, protocol, line, says);
            assert_eq!(evcc.handle_message(NOW, kind, &octets), Turn::Nothing, "{name}");
            let ended = end(|| evcc.poll_event());
            let other_type = payload_type(set_of(protocol, &format!("{line}Res"))) != kind;
            let expected = (!other_type).then_some(End::WrongResponse);
            assert_eq!(ended, expected, "{name}");
            let phase = if other_type { evcc.phase() } else { Phase::Ended };
            assert_eq!(evcc.phase(), phase);
            illegal += 1;
        }
    }
    println!("{legal} responses where they are due, {illegal} where they are not");
}
