//! What the random sessions of `tests/reference.rs` do not have: registers that fall, cuts at readings only, many changes.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::*;
use crate::rules::{Charge, Component, Conditions, Limits, Range, Rule};
use crate::tax::Tax;
use crate::time::FixedOffset;

const UTC: FixedOffset = FixedOffset::UTC;

fn component(charge: Charge, price: &str) -> Component {
    Component {
        charge,
        price: price.parse().unwrap(),
        tax: Tax::NotApplicable,
        step: 0,
        rule: 0,
        position: 0,
    }
}

fn tariff(rules: &[(Conditions, Component)]) -> CompiledTariff {
    let rules: Vec<Rule<'_>> = rules
        .iter()
        .map(|(conditions, component)| Rule {
            conditions: *conditions,
            components: core::slice::from_ref(component),
        })
        .collect();
    CompiledTariff::new(&rules, Limits::default()).unwrap()
}

fn wh(wh: i64) -> MicroWattHours {
    MicroWattHours::from_wh(wh).unwrap()
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_unix_seconds(minute * 60)
}

fn reading(minute: i64, register: i64) -> MeterReading {
    let number = u32::try_from(minute).unwrap();
    MeterReading { number, ..MeterReading::new(at(minute), wh(register)) }
}

/// The bill of these readings, and its pieces: minutes, Wh, index of the energy's price.
fn bill(
    tariff: &CompiledTariff,
    policy: MeterPolicy,
    readings: &[(i64, i64)],
) -> (String, Vec<MeterPiece>) {
    let mut meter = Meter::new(policy, Activity::Charging);
    let mut pieces = Vec::new();
    for (minute, register) in readings {
        meter
            .handle_reading_with(tariff, &UTC, reading(*minute, *register), |p| pieces.push(p))
            .unwrap();
    }
    let end = meter.readings()[1].0;
    meter.finish(tariff, &UTC, end).unwrap();
    let total = meter.totals(tariff).unwrap().total.unwrap().excl.unwrap();
    (total.to_string(), pieces)
}

/// 1.00 up to 10 kWh, 2.00 from there on.
fn by_energy() -> CompiledTariff {
    let below = Range { min: None, max: Some(wh(10_000)) };
    let low = Conditions { energy: below, ..Conditions::default() };
    tariff(&[
        (low, component(Charge::Energy, "1")),
        (Conditions::default(), component(Charge::Energy, "2")),
    ])
}

const NET: MeterPolicy = MeterPolicy {
    cut: MicroWattHours::from_raw(1_000_000),
    cut_at: CutPoint::PriceChange,
    register: RegisterKind::Net,
    step_sizes: true,
};

#[test]
fn a_net_register_falls_through_the_thresholds_it_rose_through() {
    let tariff = by_energy();
    // Up to 15 kWh: 10 + 2 × 5. Down to -5 kWh: 5 at 2 and 15 at 1 taken back. Up to 1 kWh: 6 at 1.
    let readings = [(0, 100_000), (60, 115_000), (120, 95_000), (180, 101_000)];
    let (total, pieces) = bill(&tariff, NET, &readings);
    assert_eq!(total, "1");
    let shape: Vec<_> = pieces
        .iter()
        .map(|p| (p.to.unix_millis() / 60_000, p.register_to.raw() / 1_000_000, p.energy))
        .collect();
    assert_eq!(
        shape,
        [
            (40, 110_000, Some(0)),
            (60, 115_000, Some(1)),
            (75, 110_000, Some(1)),
            (120, 95_000, Some(0)),
            (180, 101_000, Some(0)),
        ]
    );
    let mut refused = Meter::new(MeterPolicy::default(), Activity::Charging);
    refused.handle_reading(&tariff, &UTC, reading(0, 1)).unwrap();
    let before = refused;
    let fell = MeterError::RegisterFell { last: wh(1), register: wh(0) };
    assert_eq!(refused.handle_reading(&tariff, &UTC, reading(1, 0)), Err(fell));
    assert_eq!(refused, before);
}

#[test]
fn turning_at_a_threshold_takes_the_price_of_the_side_gone_to() {
    let tariff = by_energy();
    let readings = [(0, 0), (10, 10_000), (20, 9_000), (30, 10_000), (40, 11_000)];
    // 10 × 1 - 1 × 1 + 1 × 1 + 1 × 2.
    assert_eq!(bill(&tariff, NET, &readings).0, "12");
    // The same energies as a chain of more readings.
    let many: Vec<_> = (0..=40)
        .map(|minute| match minute {
            0..=10 => (minute, minute * 1_000),
            11..=20 => (minute, 10_000 - (minute - 10) * 100),
            _ => (minute, 9_000 + (minute - 20) * 100),
        })
        .collect();
    assert_eq!(bill(&tariff, NET, &many).0, "12");
}

#[test]
fn what_is_given_costs_what_was_paid() {
    let peak = Conditions { start: Some(60), ..Conditions::default() };
    let tariff = tariff(&[
        (peak, component(Charge::Energy, "0.9")),
        (Conditions::default(), component(Charge::Energy, "0.3")),
    ]);
    // 8 kWh in before one o'clock, 8 out after.
    let (total, _) = bill(&tariff, NET, &[(0, 0), (60, 8_000), (120, 0)]);
    assert_eq!(total, "-4.8");
    // From 00:30 to 01:30 half of the energy given falls on either side.
    let (total, pieces) = bill(&tariff, NET, &[(30, 4_000), (90, 1_000)]);
    assert_eq!(total, "-1.8");
    assert_eq!(pieces.first().unwrap().register_to, wh(2_500));
    assert!(pieces.first().unwrap().interpolated);
}

#[test]
fn cut_at_readings_only() {
    let tariff = by_energy();
    let policy = MeterPolicy { cut_at: CutPoint::Reading, ..MeterPolicy::default() };
    let readings = [(0, 0), (10, 8_000), (20, 12_000), (30, 15_000)];
    let (total, pieces) = bill(&tariff, policy, &readings);
    assert_eq!(total, "18", "8 and 4 as they began, 3 at the next price");
    let shape: Vec<_> =
        pieces.iter().map(|p| (p.readings, p.energy, p.over_change, p.interpolated)).collect();
    assert_eq!(
        shape,
        [
            ([0, 10], Some(0), false, false),
            ([10, 20], Some(0), true, false),
            ([20, 30], Some(1), false, false)
        ]
    );
    let (interpolated, pieces) = bill(&tariff, MeterPolicy::default(), &readings);
    assert_eq!(interpolated, "20");
    assert_eq!(pieces.get(1).unwrap().readings, [10, 20]);
    assert!(pieces.get(1).unwrap().interpolated && !pieces.get(1).unwrap().over_change);
}

#[test]
fn any_number_of_changes_between_two_readings() {
    let tariff = tariff(&[
        (Conditions::default(), component(Charge::Time, "60")),
        (Conditions::default(), component(Charge::Parking, "6")),
    ]);
    let activity = |minute| if minute % 2 == 0 { Activity::Charging } else { Activity::Idle };
    let changes: Vec<_> = (1..1_000)
        .map(|minute| ActivityChange { at: at(minute), activity: activity(minute) })
        .collect();
    for cut_at in [CutPoint::PriceChange, CutPoint::Reading] {
        let policy = MeterPolicy { cut_at, ..MeterPolicy::default() };
        let mut meter = Meter::new(policy, Activity::Charging);
        meter.handle_reading(&tariff, &UTC, reading(0, 0)).unwrap();
        meter.handle_interval(&tariff, &UTC, &changes, reading(1_000, 5), |_| {}).unwrap();
        meter.finish(&tariff, &UTC, at(1_000)).unwrap();
        let total = meter.totals(&tariff).unwrap().total.unwrap().excl.unwrap();
        assert_eq!(total.to_string(), "550", "500 min at 1.00, 500 at 0.10");
    }
}

#[test]
fn changes_wait_for_a_reading() {
    let tariff = tariff(&[
        (Conditions::default(), component(Charge::Time, "60")),
        (Conditions::default(), component(Charge::Parking, "6")),
    ]);
    let mut meter = Meter::new(MeterPolicy::default(), Activity::Charging);
    meter.handle_reading(&tariff, &UTC, reading(0, 0)).unwrap();
    for minute in 1..=12 {
        let activity = if minute % 2 == 0 { Activity::Charging } else { Activity::Idle };
        meter.handle_activity(&tariff, &UTC, at(minute), activity).unwrap();
    }
    let full = meter.handle_activity(&tariff, &UTC, at(13), Activity::Idle);
    assert_eq!(full, Err(MeterError::TooManyChanges));
    let unordered = [ActivityChange { at: at(11), activity: Activity::Idle }];
    let refused = meter.handle_interval(&tariff, &UTC, &unordered, reading(20, 0), |_| {});
    assert_eq!(refused, Err(MeterError::TimeWentBack { last: at(12), at: at(11) }));
    let beyond = [ActivityChange { at: at(21), activity: Activity::Idle }];
    let refused = meter.handle_interval(&tariff, &UTC, &beyond, reading(20, 0), |_| {});
    assert_eq!(refused, Err(MeterError::TimeWentBack { last: at(21), at: at(20) }));
    // Some of the changes lie beyond the reading and go on waiting.
    meter.handle_reading(&tariff, &UTC, reading(6, 0)).unwrap();
    meter.handle_activity(&tariff, &UTC, at(13), Activity::Idle).unwrap();
    meter.finish(&tariff, &UTC, at(20)).unwrap();
    let total = meter.totals(&tariff).unwrap().total.unwrap().excl.unwrap();
    assert_eq!(total.to_string(), "8.3", "7 min of charging, 13 idle");
    assert_eq!(
        meter.handle_activity(&tariff, &UTC, at(20), Activity::Idle),
        Err(MeterError::Ended)
    );
}
