//! How often the heap is asked for memory, on the tariff of 10 elements and the record of 20 periods that the budgets count instructions on.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed assertion")]
#![cfg(feature = "json")]

use allocation_counter::measure;
use evse_tariff::FixedOffset;
use evse_tariff::ocpi::{Cdr, NamedTariff, Policy, Pricer, Version, parse_cdr, parse_tariff};
use evse_tariff::rules::{
    Activity, BatchCost, CompiledTariff, Meter, MeterPolicy, MeterReading, SessionColumns,
    price_batch,
};
use evse_tariff::{MicroWattHours, Rounding, Timestamp};

#[path = "../../../benches/budgets/src/paths/tariff_input.rs"]
mod tariff_input;

fn compiled() -> CompiledTariff {
    let tariff = parse_tariff(&tariff_input::tariff_json(), Version::V2_2_1).unwrap();
    tariff.compile().unwrap()
}

fn price(pricer: &mut Pricer, compiled: &CompiledTariff, cdr: &Cdr<'_>) {
    let named = [NamedTariff { id: "T1", start: None, end: None, compiled }];
    pricer.price(&named, cdr, &FixedOffset::UTC).unwrap();
    assert_eq!(pricer.lines().len(), 20);
}

#[test]
fn from_json_to_itemised_cost() {
    let (compiled, json) = (compiled(), tariff_input::record_json());
    let cold = measure(|| {
        let cdr = parse_cdr(&json, Version::V2_2_1).unwrap();
        price(&mut Pricer::new(Policy::default()), &compiled, &cdr);
    });
    assert!(cold.count_total <= 20, "{} allocations", cold.count_total);
}

#[test]
fn a_parsed_record_is_priced_without_any() {
    let (compiled, json) = (compiled(), tariff_input::record_json());
    let cdr = parse_cdr(&json, Version::V2_2_1).unwrap();
    let mut pricer = Pricer::new(Policy::default());
    price(&mut pricer, &compiled, &cdr);
    assert_eq!(measure(|| price(&mut pricer, &compiled, &cdr)).count_total, 0);
}

#[test]
fn neither_meter_nor_batch_needs_any() {
    let compiled = compiled();
    let at = |minute: i64| Timestamp::from_unix_seconds(1_717_394_400 + minute * 60);
    let metered = measure(|| {
        let mut meter = Meter::new(MeterPolicy::default(), Activity::Charging);
        for minute in 0..600 {
            let register = MicroWattHours::from_wh(minute * 100).unwrap();
            let reading = MeterReading::new(at(minute), register);
            meter.handle_reading(&compiled, &FixedOffset::UTC, reading).unwrap();
        }
        meter.finish(&compiled, &FixedOffset::UTC, at(600)).unwrap();
        meter.totals(&compiled).unwrap();
    });
    assert_eq!(metered.count_total, 0);

    let (start, end) = ([at(0); 100], [at(600); 100]);
    let energy = [MicroWattHours::from_wh(60_000).unwrap(); 100];
    let sessions = SessionColumns {
        start: &start,
        charged_until: &end,
        end: &end,
        energy: &energy,
        tariff: &[0; 100],
    };
    let mut costs = [Ok(BatchCost::default()); 100];
    let tariffs = [compiled];
    let (policy, rounding) = (MeterPolicy::default(), Rounding::FEN);
    let batch = measure(|| {
        price_batch(&tariffs, &FixedOffset::UTC, policy, rounding, &sessions, &mut costs).unwrap();
    });
    assert_eq!(batch.count_total, 0);
}
