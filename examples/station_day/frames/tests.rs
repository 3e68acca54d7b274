//! Three protocols, one session.

use chrono::{TimeDelta, TimeZone, Utc};

use super::*;

const PROTOCOLS: usize = 3;

fn session(id: &str, wh: i64, minutes: i64) -> Session {
    let start = Utc.with_ymd_and_hms(2018, 6, 15, 23, 40, 0).single().expect("a time");
    Session {
        id: id.into(),
        line: 1,
        driver: None,
        charger: "50347".into(),
        start,
        end: start + TimeDelta::minutes(minutes),
        meter_start_wh: 7_000_001,
        meter_end_wh: 7_000_001 + wh,
    }
}

#[test]
fn every_protocol_tells_the_same_session() {
    let pseudonyms = Pseudonyms::new(b"key");
    for (wh, minutes) in [
        (1, 1),
        (49, 0),
        (50, 1),
        (2_149, 9),
        (12_345, 27),
        (35_999, 30),
        (36_000, 31),
        (600_000, 1_500),
    ] {
        let shown = show_one("log", &session("s", wh, minutes), &pseudonyms).expect("carried");
        assert_eq!(shown.energy_wh, wh);
        assert!(shown.is_same() && shown.protocols.len() == PROTOCOLS, "{shown:?}");
        assert_eq!((shown.soc_at_start, shown.soc_at_end <= 80), (20, true));
        assert_eq!(shown.stop == StopReason::VehicleDone, wh >= 36_000 - 300, "{wh}");
    }
}

#[test]
fn the_smallest_middle_and_largest_are_chosen() {
    let sessions: Vec<_> = [0, 900, 100, 700_000, 500, 300, 700]
        .iter()
        .enumerate()
        .map(|(at, wh)| session(&at.to_string(), *wh, 20))
        .collect();
    let energies = |of: &[Session]| chosen(of).iter().map(|s| s.energy_wh()).collect::<Vec<_>>();
    assert_eq!(energies(&sessions), [100, 500, 900]);
    assert_eq!(energies(&sessions[1..3]), [100, 900]);
    assert_eq!(energies(&sessions[1..2]), [900]);
    assert_eq!(energies(&sessions[..1]), [0; 0]);
}

#[test]
fn a_record_that_differs_is_named() {
    let session = session("s", 12_345, 27);
    let charging = Charging::of(&session).expect("a vehicle");
    let truth = charging.record();
    let differing = [
        ("VIN", SessionRecord { vin: Some("LDEM0000000000000".into()), ..truth.clone() }),
        ("EVCCID", SessionRecord { evcc_id: Some("020000000000".into()), ..truth.clone() }),
        ("energy", SessionRecord { energy: Energy::exact(12_346), ..truth.clone() }),
        ("energy", SessionRecord { energy: Energy { wh: 12_400, step_wh: 100 }, ..truth.clone() }),
        ("SOC at start", SessionRecord { soc_at_start: 21, ..truth.clone() }),
        ("SOC at end", SessionRecord { soc_at_end: 21, ..truth.clone() }),
        ("stop reason", SessionRecord { stop: StopReason::VehicleDone, ..truth.clone() }),
    ];
    for (what, record) in differing {
        assert_eq!(truth.contradiction(&record), Some(what));
    }
    let coarse =
        SessionRecord { energy: Energy { wh: 12_300, step_wh: 100 }, vin: None, ..truth.clone() };
    assert_eq!(truth.contradiction(&coarse), None);
    assert_eq!(coarse.with(truth.clone()), truth);
}

#[test]
fn no_identifier_is_shown() {
    let session = session("s", 12_345, 27);
    let charging = Charging::of(&session).expect("a vehicle");
    let shown = show_one("log", &session, &Pseudonyms::new(b"key")).expect("carried");
    let text = serde_json::to_string(&shown).expect("JSON");
    assert!(!text.contains(&charging.vin) && !text.contains(&charging.evcc_text()), "{text}");
}

#[test]
fn real_sessions_are_told_alike() {
    let Some(path) = crate::tests::shared("dundee_rapid_2018_jun_jul.csv") else { return };
    let file = std::fs::File::open(path).expect("readable");
    let source = crate::input::sessions::read("list", file).expect("a list");
    let pseudonyms = Pseudonyms::new(b"key");
    for session in source.sessions.iter().filter(|session| session.energy_wh() > 0).step_by(50) {
        let shown = show_one("list", session, &pseudonyms).expect("carried");
        assert!(shown.is_same() && shown.energy_wh == session.energy_wh(), "{shown:?}");
    }
}
