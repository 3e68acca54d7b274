//! Lint and verification on small documents.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a failed unwrap is a failed assertion")]
#![cfg(feature = "json")]

use evse_tariff::ocpi::{
    FindingKind, Language, NamedTariff, Place, Policy, Pricer, Reason, Version, explain_piece,
    lint, parse_cdr, parse_tariff, verify,
};
use evse_tariff::rules::{Activity, Charge, Meter, MeterPolicy, MeterReading};
use evse_tariff::{FixedOffset, MicroWattHours, Money, Timestamp};

fn findings(elements: &str) -> Vec<(Place, FindingKind)> {
    let text = format!(r#"{{"currency":"EUR","elements":[{elements}]}}"#);
    let tariff = parse_tariff(&text, Version::V2_2_1).unwrap();
    lint(&tariff).into_iter().map(|finding| (finding.place, finding.kind)).collect()
}

#[test]
fn dead_elements_gaps_and_overlaps_are_found() {
    let energy = |price: &str, restrictions: &str| {
        format!(
            r#"{{"price_components":[{{"type":"ENERGY","price":{price},"step_size":1}}]{restrictions}}}"#
        )
    };
    let window = |start: &str, end: &str| {
        format!(r#","restrictions":{{"start_time":"{start}","end_time":"{end}"}}"#)
    };
    let shadowed = [energy("0.5", ""), energy("0.3", &window("08:00", "20:00"))].join(",");
    assert_eq!(findings(&shadowed), [(Place::Element(1), FindingKind::UnreachableElement)]);
    // Two windows that together leave nothing for the third, though neither does alone.
    let covered = [
        energy("0.5", &window("00:00", "12:00")),
        energy("0.4", &window("12:00", "00:00")),
        energy("0.3", ""),
    ];
    assert_eq!(
        findings(&covered.join(",")),
        [(Place::Element(2), FindingKind::UnreachableElement)]
    );
    let gap = [energy("0.5", &window("06:00", "12:00")), energy("0.4", &window("11:00", "05:00"))]
        .join(",");
    let found = findings(&gap);
    assert!(found.contains(&(Place::Dimension(Charge::Energy), FindingKind::Gap)), "{found:?}");
    assert!(found.contains(&(Place::Elements(0, 1), FindingKind::Overlap)), "{found:?}");
    let undefined =
        findings(&[energy("1", &window("08:00", "08:00")), energy("0.3", "")].join(","));
    assert!(undefined.contains(&(Place::Restrictions(0), FindingKind::UndefinedTimeWindow)));
}

#[test]
fn differences_have_reasons() {
    let tariff = r#"{"elements":[{"price_components":[{"type":"ENERGY","price":0.5,"vat":20,"step_size":1}]}],"max_price":{"excl_vat":4,"incl_vat":4.8}}"#;
    let tariff = parse_tariff(tariff, Version::V2_2_1).unwrap();
    let compiled = tariff.compile().unwrap();
    let reasons = |stated: &str| -> Vec<Reason> {
        let text = format!(
            r#"{{"start_date_time":"2024-06-03T10:00:00Z","end_date_time":"2024-06-03T11:00:00Z",
                "charging_periods":[{{"start_date_time":"2024-06-03T10:00:00Z","dimensions":[{{"type":"ENERGY","volume":10}}]}}],
                {stated},"total_energy":10,"total_time":1}}"#
        );
        let cdr = parse_cdr(&text, Version::V2_2_1).unwrap();
        let named = [NamedTariff { id: "", start: None, end: None, compiled: &compiled }];
        let priced = Pricer::new(Policy::default()).price(&named, &cdr, &FixedOffset::UTC).unwrap();
        verify(&cdr, &priced, Money::from_raw(1_000))
            .into_iter()
            .map(|difference| difference.reason)
            .collect()
    };
    assert_eq!(reasons(r#""total_cost":{"excl_vat":4,"incl_vat":4.8}"#), []);
    let unlimited = reasons(r#""total_cost":{"excl_vat":5,"incl_vat":6}"#);
    assert_eq!(unlimited, [Reason::LimitsNotApplied, Reason::LimitsNotApplied]);
    assert_eq!(reasons(r#""total_cost":{"excl_vat":4.8}"#), [Reason::TaxConfused]);
    assert_eq!(reasons(r#""total_cost":{"excl_vat":-4}"#), [Reason::Sign]);
    assert_eq!(reasons(r#""total_cost":{"excl_vat":4.005}"#), [Reason::Rounding]);
    assert_eq!(
        reasons(r#""total_cost":{"excl_vat":4},"total_time_cost":{"excl_vat":1}"#),
        [Reason::NotPriced]
    );
    assert_eq!(reasons(r#""total_time_cost":{"excl_vat":0}"#), [Reason::NotStated]);
}

#[test]
fn a_metered_piece_names_its_readings() {
    let text = r#"{"currency":"EUR","elements":[
        {"price_components":[{"type":"ENERGY","price":0.5}],"restrictions":{"max_kwh":10}},
        {"price_components":[{"type":"ENERGY","price":0.25}]}]}"#;
    let tariff = parse_tariff(text, Version::V2_2_1).unwrap();
    let compiled = tariff.compile().unwrap();
    let mut meter = Meter::new(MeterPolicy::default(), Activity::Charging);
    let mut lines = Vec::new();
    for (number, hour, wh) in [(7, 0, 0), (8, 1, 20_000)] {
        let at = Timestamp::from_unix_seconds(1_717_408_800 + hour * 3_600);
        let register = MicroWattHours::from_wh(wh).unwrap();
        let reading = MeterReading { number, ..MeterReading::new(at, register) };
        meter
            .handle_reading_with(&compiled, &FixedOffset::UTC, reading, |piece| {
                for line in explain_piece(&tariff, &compiled, &piece) {
                    lines.push(line.text(Language::English).to_string());
                    lines.push(line.text(Language::Chinese).to_string());
                }
            })
            .unwrap();
    }
    assert_eq!(
        lines.iter().step_by(2).map(String::as_str).collect::<Vec<_>>(),
        [
            "2024-06-03T10:00:00Z – 2024-06-03T10:30:00Z  energy: 10000 Wh × 0.50 per kWh = 5 (element 0, component 0; held: max_kwh 10000 Wh); readings 7 and 8, register at the end interpolated",
            "2024-06-03T10:00:00Z – 2024-06-03T10:30:00Z  charging time: 1800 s, no element has a price for it; readings 7 and 8, register at the end interpolated",
            "2024-06-03T10:30:00Z – 2024-06-03T11:00:00Z  energy: 10000 Wh × 0.25 per kWh = 2.5 (element 1, component 0); readings 7 and 8",
            "2024-06-03T10:30:00Z – 2024-06-03T11:00:00Z  charging time: 1800 s, no element has a price for it; readings 7 and 8",
        ]
    );
    assert!(lines.iter().skip(1).step_by(2).all(|line| line.contains("读数 7 与 8")));
}
