//! Hot paths of `evse-tariff`'s OCPI side: a tariff of 10 elements, a record of 20 periods.

use core::hint::black_box;

use evse_tariff::ocpi::{self, Cdr, NamedTariff, Policy, Pricer, Tariff, Version};
use evse_tariff::rules::{
    Activity, BatchCost, CompiledTariff, Meter, MeterPolicy, MeterReading, SessionColumns,
    price_batch,
};
use evse_tariff::settlement::{self, ledger::Ledger};
use evse_tariff::{FixedOffset, MicroWattHours, Rounding, Timestamp};
use sha2::Sha256;

use super::tariff_input::{record_json, tariff_json};
use crate::HotPath;

pub const PATHS: &[HotPath] = &[
    HotPath { name: "price_record", passes: 100, run: price_record },
    HotPath { name: "json_record_to_cost", passes: 100, run: json_record_to_cost },
    HotPath { name: "json_tariff_to_compiled", passes: 100, run: json_tariff_to_compiled },
    HotPath { name: "meter_reading", passes: 1_000, run: meter_reading },
    HotPath { name: "session_of_a_batch", passes: 1_000, run: session_of_a_batch },
    HotPath { name: "order_split_and_hashed", passes: 1_000, run: order_split_and_hashed },
];

fn tariff() -> (Tariff, CompiledTariff) {
    let tariff = ocpi::parse_tariff(&tariff_json(), Version::V2_2_1).expect("the tariff is right");
    let compiled = tariff.compile().expect("the tariff is right");
    (tariff, compiled)
}

fn price(pricer: &mut Pricer, tariff: &CompiledTariff, cdr: &Cdr<'_>) {
    let named = [NamedTariff { id: "T1", start: None, end: None, compiled: tariff }];
    let priced = pricer.price(&named, cdr, &FixedOffset::UTC).expect("priced");
    black_box((priced, pricer.lines()));
}

fn price_record(passes: u32) {
    let (_, compiled) = tariff();
    let json = record_json();
    let cdr = ocpi::parse_cdr(&json, Version::V2_2_1).expect("the record is right");
    let mut pricer = Pricer::new(Policy::default());
    price(&mut pricer, &compiled, &cdr);
    for _ in 0..passes {
        price(&mut pricer, &compiled, black_box(&cdr));
    }
}

fn json_record_to_cost(passes: u32) {
    let (_, compiled) = tariff();
    let json = record_json();
    let mut pricer = Pricer::new(Policy::default());
    for _ in 0..passes {
        let cdr = ocpi::parse_cdr(black_box(&json), Version::V2_2_1).expect("the record is right");
        price(&mut pricer, &compiled, &cdr);
    }
}

fn json_tariff_to_compiled(passes: u32) {
    let json = tariff_json();
    for _ in 0..passes {
        let tariff = ocpi::parse_tariff(black_box(&json), Version::V2_2_1).expect("right");
        black_box(tariff.compile().expect("right"));
    }
}

fn meter_reading(passes: u32) {
    let (_, compiled) = tariff();
    let mut meter = Meter::new(MeterPolicy::default(), Activity::Charging);
    // 2024-06-03 06:00 UTC, an hour before the next price.
    let reading = |pass: i64| {
        let at = Timestamp::from_unix_millis(1_717_394_400_000 + pass);
        MeterReading::new(at, MicroWattHours::from_raw(pass * 277_778))
    };
    for pass in 0..i64::from(passes) {
        let next = black_box(reading(pass));
        meter.handle_reading(black_box(&compiled), &FixedOffset::UTC, next).expect("in order");
    }
    black_box(meter);
}

/// Sessions of 5 minutes to 3 hours, all over a day, half of them idle for a while; by columns.
fn session_of_a_batch(passes: u32) {
    let tariffs = [tariff().1];
    let rows = 0..i64::from(passes);
    let midnight = 1_717_344_000;
    let seconds = |at: i64| Timestamp::from_unix_seconds(midnight + at);
    let start = |row: i64| row * 7_919 % 86_400;
    let charged = |row: i64| start(row) + 300 + row * 104_729 % 10_500;
    let end = |row: i64| charged(row) + row % 2 * 1_800;
    let starts: Vec<_> = rows.clone().map(|row| seconds(start(row))).collect();
    let charged_until: Vec<_> = rows.clone().map(|row| seconds(charged(row))).collect();
    let ends: Vec<_> = rows.clone().map(|row| seconds(end(row))).collect();
    let energies: Vec<_> = rows
        .map(|row| MicroWattHours::from_wh(500 + row * 15_485_863 % 89_000).expect("in range"))
        .collect();
    let sessions = SessionColumns {
        start: &starts,
        charged_until: &charged_until,
        end: &ends,
        energy: &energies,
        tariff: &vec![0; energies.len()],
    };
    let mut costs = vec![Ok(BatchCost::default()); energies.len()];
    let (policy, rounding) = (MeterPolicy::default(), Rounding::FEN);
    let priced = price_batch(
        &tariffs,
        &FixedOffset::UTC,
        policy,
        rounding,
        black_box(&sessions),
        &mut costs,
    );
    priced.expect("columns of one length");
    assert!(costs.iter().all(Result::is_ok));
    black_box(costs);
}

fn order_split_and_hashed(passes: u32) {
    let mut ledger = Ledger::<Sha256>::new();
    let mut parts = [0; 4];
    for pass in 0..i64::from(passes) {
        let weights = black_box([70, 15, 10, 5]);
        settlement::split(3_000 + pass, &weights, &mut parts).expect("four parties");
        ledger.append("charge", "O202406030001", 3_000 + pass, "CNY").expect("plain text");
        black_box(parts);
    }
    black_box(ledger);
}
