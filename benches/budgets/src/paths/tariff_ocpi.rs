//! Hot paths of `evse-tariff`'s OCPI side: a tariff of 10 elements, a record of 20 periods.

use core::fmt::Write;
use core::hint::black_box;

use evse_tariff::ocpi::{self, Cdr, NamedTariff, Policy, Pricer, Tariff, Version};
use evse_tariff::rules::{Activity, CompiledTariff, Meter, MeterPolicy, MeterReading};
use evse_tariff::settlement::{self, ledger::Ledger};
use evse_tariff::{FixedOffset, MicroWattHours, Timestamp};
use sha2::Sha256;

use crate::HotPath;

pub const PATHS: &[HotPath] = &[
    HotPath { name: "price_record", passes: 100, run: price_record },
    HotPath { name: "json_record_to_cost", passes: 100, run: json_record_to_cost },
    HotPath { name: "json_tariff_to_compiled", passes: 100, run: json_tariff_to_compiled },
    HotPath { name: "meter_reading", passes: 1_000, run: meter_reading },
    HotPath { name: "order_split_and_hashed", passes: 1_000, run: order_split_and_hashed },
];

/// Six prices by time of day and weekday, two by energy and duration, fees and parking.
pub fn tariff_json() -> String {
    let mut elements = Vec::new();
    for (at, (start, end, days)) in [
        ("07:00", "10:00", r#"["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"]"#),
        ("10:00", "16:00", r#"["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"]"#),
        ("16:00", "21:00", r#"["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"]"#),
        ("21:00", "07:00", r#"["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"]"#),
        ("08:00", "20:00", r#"["SATURDAY","SUNDAY"]"#),
        ("20:00", "08:00", r#"["SATURDAY","SUNDAY"]"#),
    ]
    .into_iter()
    .enumerate()
    {
        elements.push(format!(
            r#"{{"price_components":[{{"type":"ENERGY","price":0.{}5,"vat":20.0,"step_size":1}}],"restrictions":{{"start_time":"{start}","end_time":"{end}","day_of_week":{days}}}}}"#,
            at + 2
        ));
    }
    for element in [
        r#"{"price_components":[{"type":"PARKING_TIME","price":6.00,"vat":20.0,"step_size":300}],"restrictions":{"min_duration":14400}}"#,
        r#"{"price_components":[{"type":"TIME","price":1.20,"vat":20.0,"step_size":60}],"restrictions":{"min_kwh":60.0}}"#,
        r#"{"price_components":[{"type":"FLAT","price":0.50,"vat":20.0,"step_size":1}]}"#,
        r#"{"price_components":[{"type":"ENERGY","price":0.30,"vat":20.0,"step_size":1},{"type":"TIME","price":0.60,"vat":20.0,"step_size":60}]}"#,
    ] {
        elements.push(element.to_owned());
    }
    format!(
        r#"{{"country_code":"DE","party_id":"ALL","id":"T1","currency":"EUR","type":"REGULAR","elements":[{}],"max_price":{{"excl_vat":60.00,"incl_vat":72.00}},"last_updated":"2024-01-01T00:00:00Z"}}"#,
        elements.join(",")
    )
}

/// Periods of a quarter of an hour, the last four parked.
pub fn record_json() -> String {
    let mut periods = String::new();
    for n in 0..20 {
        let (hour, minute) = (6 + n / 4, n % 4 * 15);
        let separator = if n == 0 { "" } else { "," };
        let dimensions = if n < 16 {
            format!(r#"{{"type":"ENERGY","volume":{}.{:04}}},{{"type":"TIME","volume":0.25}}"#, 2 + n % 3, 1_111 * (n % 9))
        } else {
            r#"{"type":"PARKING_TIME","volume":0.25}"#.to_owned()
        };
        let _ = write!(
            periods,
            r#"{separator}{{"start_date_time":"2024-06-03T{hour:02}:{minute:02}:00Z","dimensions":[{dimensions}]}}"#
        );
    }
    format!(
        r#"{{"country_code":"DE","party_id":"ALL","id":"CDR1","start_date_time":"2024-06-03T06:00:00Z","end_date_time":"2024-06-03T11:00:00Z","session_id":"S1","cdr_token":{{"country_code":"DE","party_id":"ALL","uid":"012345678","type":"RFID","contract_id":"DE-ALL-C12345678-X"}},"auth_method":"WHITELIST","cdr_location":{{"id":"LOC1","address":"Street 1","city":"Town","postal_code":"12345","country":"DEU","coordinates":{{"latitude":"52.0","longitude":"13.0"}},"evse_uid":"1","evse_id":"DE*ALL*E1","connector_id":"1","connector_standard":"IEC_62196_T2_COMBO","connector_format":"CABLE","connector_power_type":"DC"}},"currency":"EUR","charging_periods":[{periods}],"total_cost":{{"excl_vat":20.0,"incl_vat":24.0}},"total_energy":50.0,"total_time":5.0,"last_updated":"2024-06-03T11:00:01Z"}}"#
    )
}

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
