//! Prices a session on the charger: readings in, running cost and final bill out.
#![no_std]
#![no_main]

use core::hint::black_box;

use evse_firmware as _;
use evse_tariff::{
    Band, Calendar, DayTable, FixedOffset, MicroWattHours, Policy, PricePerKwh, Rate, Reading,
    Session, Tariff, TimeOfUse, Timestamp, settlement,
};

const fn rate(band: Band, electricity: i64, service: i64) -> Rate {
    Rate {
        band,
        electricity: PricePerKwh::from_raw(electricity),
        service: PricePerKwh::from_raw(service),
    }
}

static RATES: [Rate; 4] = [
    rate(Band::Sharp, 1_487_500, 760_000),
    rate(Band::Peak, 1_190_000, 760_000),
    rate(Band::Flat, 780_000, 760_000),
    rate(Band::Valley, 260_000, 760_000),
];
static DAYS: [DayTable; 1] = [DayTable::from_half_hours([
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 0, 0, 2, 2, 2, 2, 1, 1, 0, 0,
    0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
])];

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let Ok(table) = TimeOfUse::new(&RATES, &DAYS, Calendar::EVERY_DAY) else { return 1 };
    let policy = black_box(Policy::YKC);
    let tariff = Tariff { table, zone: FixedOffset::CHINA, policy };
    let mut session = Session::new();
    for minute in 0..black_box(600) {
        let reading = Reading {
            at: Timestamp::from_unix_seconds(black_box(1_717_372_200) + minute * 60),
            register: MicroWattHours::from_raw(minute * black_box(2_000_000_000)),
        };
        if session.handle_reading(&tariff, reading).is_err() {
            return 2;
        }
    }
    let Ok(bill) = session.bill(&tariff) else { return 3 };
    let mut parts = [0; 3];
    let shared = settlement::split(bill.total.raw(), black_box(&[70, 20, 10]), &mut parts);
    black_box((bill, parts, tariff.price_at(bill.end.at)));
    i32::from(shared.is_err())
}
