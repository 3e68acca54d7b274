//! Hot paths of `evse-tariff`: a station's day tariff, readings every ten seconds.

use core::hint::black_box;

use evse_tariff::{
    Band, Calendar, DayTable, FixedOffset, MicroWattHours, Policy, PricePerKwh, Rate, Reading,
    Session, Tariff, TimeOfUse, Timestamp,
};

use crate::HotPath;

pub const PATHS: &[HotPath] = &[
    HotPath { name: "reading_within_a_period", passes: 1_000, run: reading_within_a_period },
    HotPath { name: "session_of_two_readings", passes: 1_000, run: session_of_two_readings },
    HotPath { name: "running_cost", passes: 1_000, run: running_cost },
];

/// 2024-06-03 07:00 in China, an hour before the valley ends.
const START: i64 = 1_717_369_200;

fn with_tariff(run: impl FnOnce(&Tariff<'_, FixedOffset>)) {
    let rate = |band, electricity| Rate {
        band,
        electricity: PricePerKwh::from_raw(electricity),
        service: PricePerKwh::from_raw(760_000),
    };
    let rates =
        [rate(Band::Valley, 260_000), rate(Band::Flat, 780_000), rate(Band::Peak, 1_190_000)];
    let mut slots = [1; 48];
    slots[..16].fill(0);
    slots[20..24].fill(2);
    slots[28..38].fill(2);
    let days = [DayTable::from_half_hours(slots)];
    let table = TimeOfUse::new(&rates, &days, Calendar::EVERY_DAY).expect("the table is right");
    run(&black_box(Tariff { table, zone: FixedOffset::CHINA, policy: Policy::ROUND_ONCE }));
}

fn reading(seconds: i64, wh: i64) -> Reading {
    Reading {
        at: Timestamp::from_unix_seconds(START + seconds),
        register: MicroWattHours::from_wh(wh).expect("in range"),
    }
}

fn reading_within_a_period(passes: u32) {
    with_tariff(|tariff| {
        let mut session = Session::new();
        for pass in 0..i64::from(passes) {
            // Milliseconds apart, so that no pass reaches the next period.
            let at = Timestamp::from_unix_millis(START * 1_000 + pass);
            let next = Reading { at, register: MicroWattHours::from_raw(pass * 277_778) };
            session.handle_reading(tariff, black_box(next)).expect("in order");
        }
        black_box(session);
    });
}

fn session_of_two_readings(passes: u32) {
    with_tariff(|tariff| {
        for pass in 0..passes {
            let mut session = Session::new();
            session.handle_reading(tariff, black_box(reading(0, 0))).expect("first");
            let end = reading(7_200 + i64::from(pass % 60), 45_000);
            session.handle_reading(tariff, black_box(end)).expect("in order");
            black_box(session.bill(tariff).expect("priced"));
        }
    });
}

fn running_cost(passes: u32) {
    with_tariff(|tariff| {
        let mut session = Session::new();
        session.handle_reading(tariff, reading(0, 0)).expect("first");
        session.handle_reading(tariff, reading(7_200, 45_000)).expect("in order");
        for _ in 0..passes {
            black_box(black_box(&session).bill(tariff).expect("priced"));
        }
    });
}
