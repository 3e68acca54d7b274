//! SLAC: every captured frame both ways, and whole matchings in virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::path::PathBuf;

use evse_iso15118::slac::{
    AttenProfileInd, AttenuationRules, Body, Evse, EvseEvent, EvseSettings, Failure, Frame, GROUPS,
    Instant, KeyBytes, Mac, Pev, PevEvent, PevSettings, ReservedGroups, SlacError, SlacTimer,
    SlacTimers,
};
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn every_captured_frame_comes_out_as_it_went_in() {
    let shared = std::env::var_os("EVSE_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = shared.join("vectors/iso15118/link.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        assert!(std::env::var_os("EVSE_SHARED_REQUIRED").is_none(), "{}", path.display());
        println!("{} is not here; nothing compared", path.display());
        return;
    };
    let mut slac = 0;
    for line in text.lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        if vector["kind"] != "homeplug_mme" {
            continue;
        }
        let octets = hex::decode(vector["hex"].as_str().unwrap()).unwrap();
        let frame = Frame::decode(&octets).unwrap();
        let kind = format!("{:#06x}", frame.body.kind());
        assert_eq!(vector["mmtype"], kind, "{}", vector["id"]);
        assert_eq!(vector["mmv"], frame.version, "{}", vector["id"]);
        slac += usize::from(!matches!(frame.body, Body::Other { .. }));
        let mut out = [0; 1600];
        let length = frame.encode(&mut out).unwrap();
        assert_eq!(out[..length], octets, "{}", vector["id"]);
        for short in 0..length {
            assert!(frame.encode(&mut out[..short]).is_err());
        }
        // The message of a frame built anew is the same, filled with zeros as the captured ones are.
        let anew = Frame::new(frame.destination, frame.source, frame.body);
        if !matches!(frame.body, Body::Other { .. }) && frame.rest.iter().all(|octet| *octet == 0) {
            let length = anew.encode(&mut out).unwrap();
            assert_eq!(out[..length], octets, "{}", vector["id"]);
        }
    }
    println!("{slac} messages of SLAC");
    assert!(slac > 30);
}

#[test]
fn what_is_no_frame_says_why() {
    assert_eq!(Frame::decode(&[0; 5]), Err(SlacError::Truncated { kind: 0, need: 6, got: 5 }));
    assert_eq!(Frame::decode(&[0; 60]), Err(SlacError::EtherType { found: 0 }));
    let mut octets = [0; 25];
    octets[12..17].copy_from_slice(&[0x88, 0xE1, 1, 0x64, 0x60]);
    assert_eq!(
        Frame::decode(&octets),
        Err(SlacError::Truncated { kind: 0x6064, need: 29, got: 25 })
    );
}

#[test]
fn keys_and_addresses_are_masked() {
    let body = format!("{:?} {:?}", KeyBytes([0xAB; 16]), Mac([0xCD; 6]));
    assert_eq!(body, "<masked, 16 bytes> <masked, 6 bytes>");
}

const PEV: Mac = Mac([0xA0, 0xCE, 0xC8, 1, 2, 3]);
const NMK: KeyBytes = KeyBytes([7; 16]);

fn evse_mac(index: usize) -> Mac {
    Mac([2, 0, 0, 0, 0, u8::try_from(index).unwrap()])
}

/// One vehicle on a line with chargers, each of which hears it with some attenuation. Every octet goes through the codec.
struct Line {
    now: u64,
    pev: Pev,
    evses: Vec<(Evse, u8)>,
    /// Frames passed on, and which of them are lost.
    passed: usize,
    lost: Vec<bool>,
    pev_events: Vec<PevEvent>,
    evse_events: Vec<(usize, EvseEvent)>,
    frames: usize,
}

impl Line {
    fn new(attenuations: &[u8], rules: AttenuationRules) -> Self {
        let now = Instant::from_millis(0);
        let timers = SlacTimers::STANDARD;
        let settings = |index| EvseSettings {
            mac: evse_mac(index),
            nid: [u8::try_from(index).unwrap(); 7],
            nmk: NMK,
            path_loss: 0,
            timers,
        };
        let evses = attenuations.iter().enumerate();
        let evses = evses.map(|(index, db)| (Evse::new(settings(index), now), *db)).collect();
        let settings =
            PevSettings { mac: PEV, run_id: [9; 8], random: [5; 16], nonce: [1; 4], rules, timers };
        Self {
            now: 0,
            pev: Pev::new(settings, now),
            evses,
            passed: 0,
            lost: Vec::new(),
            pev_events: Vec::new(),
            evse_events: Vec::new(),
            frames: 0,
        }
    }

    fn arrives(&mut self) -> bool {
        self.passed += 1;
        !self.lost.get(self.passed - 1).copied().unwrap_or(false)
    }

    /// Passes frames on until nobody has any.
    fn settle(&mut self) {
        let now = Instant::from_millis(self.now);
        let mut out = [0; 200];
        loop {
            let mut quiet = true;
            while let Some(length) = self.pev.poll_transmit(&mut out) {
                quiet = false;
                self.frames += 1;
                let octets = out[..length].to_vec();
                let frame = Frame::decode(&octets).unwrap();
                assert_eq!(frame.source, PEV);
                for index in 0..self.evses.len() {
                    let to =
                        frame.destination == Mac::BROADCAST || frame.destination == evse_mac(index);
                    if !to || !self.arrives() {
                        continue;
                    }
                    let (evse, attenuation) = &mut self.evses[index];
                    evse.handle_frame(now, &frame);
                    // The modem of the charger tells how it heard a sound.
                    if matches!(frame.body, Body::MnbcSoundInd(_)) {
                        let groups = [*attenuation; GROUPS];
                        let groups = ReservedGroups { reserved: 0, groups: &groups };
                        let body = Body::AttenProfileInd(AttenProfileInd { pev: PEV, groups });
                        evse.handle_frame(now, &Frame::new(Mac::BROADCAST, evse_mac(99), body));
                    }
                }
            }
            for index in 0..self.evses.len() {
                while let Some(length) = self.evses[index].0.poll_transmit(&mut out) {
                    quiet = false;
                    let octets = out[..length].to_vec();
                    let frame = Frame::decode(&octets).unwrap();
                    assert_eq!((frame.source, frame.destination), (evse_mac(index), PEV));
                    if self.arrives() {
                        self.pev.handle_frame(now, &frame);
                    }
                }
                if let Some(event) = self.evses[index].0.poll_event() {
                    self.evse_events.push((index, event));
                }
            }
            while let Some(event) = self.pev.poll_event() {
                self.pev_events.push(event);
            }
            if quiet {
                return;
            }
        }
    }

    fn next_deadline(&self) -> Option<u64> {
        let evses = self.evses.iter().filter_map(|(evse, _)| evse.poll_timeout());
        evses.chain(self.pev.poll_timeout()).min().map(Instant::as_millis)
    }

    fn step(&mut self, deadline: u64) {
        self.now = self.now.max(deadline);
        let now = Instant::from_millis(self.now);
        self.pev.handle_timeout(now);
        for (evse, _) in &mut self.evses {
            evse.handle_timeout(now);
        }
        self.settle();
    }

    /// Until the vehicle has a key or has failed.
    fn run(&mut self) {
        self.settle();
        let is_last =
            |event: &PevEvent| matches!(event, PevEvent::Matched { .. } | PevEvent::Failed(_));
        while !self.pev_events.iter().any(is_last) {
            let deadline = self.next_deadline().unwrap();
            self.step(deadline);
        }
    }
}

#[test]
fn the_nearest_charger_is_matched_in_the_time_of_the_standard() {
    let mut line = Line::new(&[35, 8, 22], AttenuationRules::CUSTOMARY);
    line.run();
    let nid = [1; 7];
    assert_eq!(
        line.pev_events,
        [
            PevEvent::Chosen { evse: evse_mac(1), attenuation: 8, is_direct: true },
            PevEvent::Matched { nid, nmk: NMK },
        ]
    );
    assert_eq!(line.evse_events, [(1, EvseEvent::Matched { pev: PEV })]);
    // Results are collected for 1.2 s from the parameters on.
    assert_eq!(line.now, 1200);
    // Request, 3 start indications, 10 sounds, 3 receipts, choice, key for the modem.
    assert_eq!(line.frames, 1 + 3 + 10 + 3 + 1 + 1);
    line.pev.link_up();
    line.evses[1].0.link_up();
    line.settle();
    assert_eq!(line.pev_events.last(), Some(&PevEvent::Joined));
    assert_eq!(line.evse_events.last(), Some(&(1, EvseEvent::Joined)));
    // The others wait for a choice that does not come.
    while let Some(deadline) = line.next_deadline() {
        line.step(deadline);
    }
    for index in [0, 2] {
        let failed = EvseEvent::Failed(Failure::TimedOut(SlacTimer::MatchSession));
        assert!(line.evse_events.contains(&(index, failed)));
    }
    assert!(line.now < 12_000);
}

#[test]
fn neighbours_are_not_matched() {
    let sure = AttenuationRules { accept_ambiguous: false, ..AttenuationRules::CUSTOMARY };
    for (attenuation, rules, expected) in [
        (21, AttenuationRules::CUSTOMARY, PevEvent::Failed(Failure::NotFound)),
        (11, sure, PevEvent::Failed(Failure::Ambiguous)),
    ] {
        let mut line = Line::new(&[attenuation], rules);
        line.run();
        assert_eq!(line.pev_events, [expected]);
    }
    let mut line = Line::new(&[20], AttenuationRules::CUSTOMARY);
    line.run();
    let chosen = PevEvent::Chosen { evse: evse_mac(0), attenuation: 20, is_direct: false };
    assert_eq!(line.pev_events[0], chosen);
}

#[test]
fn nobody_there_is_told_after_three_requests() {
    let mut line = Line::new(&[], AttenuationRules::CUSTOMARY);
    line.run();
    let failed = PevEvent::Failed(Failure::TimedOut(SlacTimer::MatchResponse));
    assert_eq!(line.pev_events, [failed]);
    assert_eq!((line.frames, line.now), (3, 600));
}

#[test]
fn a_charger_without_a_vehicle_or_without_sounds_says_so() {
    let now = Instant::from_millis(0);
    let timers = SlacTimers::STANDARD.with(SlacTimer::Init, 20_000);
    let settings = EvseSettings { mac: evse_mac(0), nid: [0; 7], nmk: NMK, path_loss: 0, timers };
    let mut evse = Evse::new(settings, now);
    assert_eq!(evse.poll_timeout(), Some(Instant::from_millis(20_000)));
    evse.handle_timeout(Instant::from_millis(20_000));
    let failed = EvseEvent::Failed(Failure::TimedOut(SlacTimer::Init));
    assert_eq!(evse.poll_event(), Some(failed));

    let mut line = Line::new(&[5], AttenuationRules::CUSTOMARY);
    // The request and the first start indication arrive, and nothing more of the vehicle.
    line.lost = vec![false, false, false];
    line.lost.resize(60, true);
    line.run();
    while let Some(deadline) = line.next_deadline() {
        line.step(deadline);
    }
    assert_eq!(line.evse_events, [(0, EvseEvent::Failed(Failure::NoSounds))]);
}

proptest! {
    /// Whatever is lost: both sides come to an end in bounded time, and never disagree about who is matched.
    #[test]
    fn a_lossy_line_ends(lost in prop::collection::vec(prop::bool::weighted(0.25), 0..120)) {
        let mut line = Line::new(&[9, 14], AttenuationRules::CUSTOMARY);
        line.lost = lost;
        line.settle();
        while let Some(deadline) = line.next_deadline() {
            prop_assert!(deadline < 80_000);
            line.step(deadline);
        }
        let matched = line.pev_events.iter().any(|event| matches!(event, PevEvent::Matched { .. }));
        if matched {
            let is_matched = |(_, event): &(usize, EvseEvent)| *event == EvseEvent::Matched { pev: PEV };
            prop_assert!(line.evse_events.iter().any(is_matched));
        }
    }

    #[test]
    fn any_octets(octets in prop::collection::vec(any::<u8>(), 0..120), kind in 0x6000_u16..0x6100) {
        let mut framed = [&[0; 12][..], &[0x88, 0xE1, 1], &kind.to_le_bytes(), &octets].concat();
        let mut out = [0; 200];
        for octets in [&octets, &framed] {
            if let Ok(frame) = Frame::decode(octets) {
                let length = frame.encode(&mut out).unwrap();
                prop_assert!(out[..length].starts_with(octets));
            }
        }
        framed.truncate(30);
        let _ = Frame::decode(&framed);
    }
}
