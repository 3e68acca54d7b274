//! The engine against a second implementation that is as plain as can be: it walks the session minute by minute with exact
//! fractions of arbitrary size, asks the table for every minute on its own, and rounds at the end.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use proptest::prelude::*;

use crate::{
    Band, Calendar, Cut, DayTable, Error, ExactEnergy, FixedOffset, MicroWattHours, Money, Policy,
    PricePerKwh, Rate, Reading, Remarks, Session, Tariff, TimeOfUse, Timestamp, itemise,
};

/// A tariff of 48 half hours, the same every day, in the naive program's own form.
#[derive(Debug, Clone)]
struct Model {
    slots: [u8; 48],
    /// Electricity and service price of each rate, in 10⁻⁶ per kWh.
    prices: Vec<(i64, i64)>,
    offset_minutes: i64,
}

/// Readings at whole minutes: minute since 1970 in UTC and register in µWh.
type Readings = Vec<(i64, i64)>;

fn rational(n: i64) -> BigRational {
    BigRational::from(BigInt::from(n))
}

/// Half away from zero, to a multiple of `step`.
fn half_up(value: &BigRational, step: &BigRational) -> BigRational {
    let half = BigRational::new(1.into(), 2.into());
    let steps = (value.abs() / step + half).floor();
    if value.is_negative() { -steps * step } else { steps * step }
}

/// Energy of each rate touched, minute by minute: µWh as fractions.
fn naive_energy(model: &Model, readings: &Readings, cut: Cut) -> BTreeMap<u8, BigRational> {
    let mut energy = BTreeMap::new();
    for pair in readings.windows(2) {
        let [(from, before), (to, after)] = pair else { unreachable!() };
        let growth = rational(after - before);
        let register_at = |minute: i64| {
            let exact = rational(*before)
                + &growth * rational(minute - from) / rational((to - from).max(1));
            match cut {
                Cut::Register(step) if minute != *from && minute != *to => {
                    let rounded = half_up(&exact, &rational(step.raw()));
                    rounded.clamp(rational(*before), rational(*after))
                }
                _ => exact,
            }
        };
        // A rounded register is read at price changes only; between them minutes take no part of the rounding.
        let mut opened = *from;
        for minute in *from..*to {
            let rate_of = |minute: i64| {
                let local = (minute + model.offset_minutes).rem_euclid(1_440);
                model.slots[usize::try_from(local / 30).unwrap()]
            };
            let rate = rate_of(minute);
            if minute + 1 == *to || rate_of(minute + 1) != rate {
                let share = register_at(minute + 1) - register_at(opened);
                *energy.entry(rate).or_insert_with(BigRational::zero) += share;
                opened = minute + 1;
            }
        }
    }
    energy
}

fn money(micro: &BigRational) -> Money {
    assert!(micro.is_integer());
    Money::from_raw(micro.to_integer().try_into().unwrap())
}

/// (electricity, service) of `Policy::ROUND_ONCE`.
fn naive_round_once(model: &Model, readings: &Readings) -> (Money, Money) {
    let kilo = rational(1_000_000_000);
    let fen = rational(10_000);
    let (mut electricity, mut service) = (BigRational::zero(), BigRational::zero());
    for (rate, energy) in naive_energy(model, readings, Cut::Exact) {
        let (fee, extra) = model.prices[usize::from(rate)];
        electricity += &energy * rational(fee) / &kilo;
        service += &energy * rational(extra) / &kilo;
    }
    (money(&half_up(&electricity, &fen)), money(&half_up(&service, &fen)))
}

/// (amount per rate, payable) of `Policy::YKC`.
fn naive_ykc(model: &Model, readings: &Readings, loss_bp: u16) -> (BTreeMap<u8, Money>, Money) {
    let cut = Cut::Register(MicroWattHours::from_raw(100_000));
    let loss = BigRational::new((10_000 + i64::from(loss_bp)).into(), 10_000.into());
    let mut lines = BTreeMap::new();
    let mut sum = BigRational::zero();
    for (rate, energy) in naive_energy(model, readings, cut) {
        let (fee, extra) = model.prices[usize::from(rate)];
        let billed = half_up(&(energy * &loss), &rational(100_000));
        let amount =
            half_up(&(billed * rational(fee + extra) / rational(1_000_000_000)), &rational(100));
        sum += &amount;
        lines.insert(rate, money(&amount));
    }
    (lines, money(&half_up(&sum, &rational(10_000))))
}

/// Calls `check` with the engine's form of the model.
fn with_tariff<R>(
    model: &Model,
    policy: Policy,
    check: impl FnOnce(&Tariff<'_, FixedOffset>) -> R,
) -> R {
    let rates: Vec<_> = model
        .prices
        .iter()
        .zip(0..)
        .map(|((fee, extra), number)| Rate {
            band: Band::Numbered(number),
            electricity: PricePerKwh::from_raw(*fee),
            service: PricePerKwh::from_raw(*extra),
        })
        .collect();
    let days = [DayTable::from_half_hours(model.slots)];
    let table = TimeOfUse::new(&rates, &days, Calendar::EVERY_DAY).unwrap();
    let seconds = i32::try_from(model.offset_minutes * 60).unwrap();
    let zone = FixedOffset::east_seconds(seconds).unwrap();
    check(&Tariff { table, zone, policy })
}

fn engine_readings(readings: &Readings) -> Vec<Reading> {
    readings
        .iter()
        .map(|(minute, register)| Reading {
            at: Timestamp::from_unix_seconds(minute * 60),
            register: MicroWattHours::from_raw(*register),
        })
        .collect()
}

fn run(tariff: &Tariff<'_, FixedOffset>, readings: &[Reading]) -> Session {
    let mut session = Session::new();
    for reading in readings {
        session.handle_reading(tariff, *reading).unwrap();
    }
    session
}

fn models() -> impl Strategy<Value = Model> {
    let price = prop_oneof![4 => 0i64..2_000_000, 1 => (0i64..200).prop_map(|p| p * 10_000), 1 => -500_000i64..0];
    let prices = prop::collection::vec((price, 0i64..1_000_000), 1..=5);
    let runs = prop::collection::vec((any::<u8>(), 1usize..12), 1..12);
    (prices, runs, -720i64..840).prop_map(|(prices, runs, offset)| {
        let count = u8::try_from(prices.len()).unwrap();
        let mut slots: Vec<u8> =
            runs.iter().flat_map(|(rate, length)| vec![rate % count; *length]).collect();
        slots.resize(48, 0);
        Model { slots: slots.try_into().unwrap(), prices, offset_minutes: offset }
    })
}

fn sessions() -> impl Strategy<Value = Readings> {
    let growth = prop_oneof![
        2 => (0i64..60_000).prop_map(|wh| wh * 1_000_000),
        1 => (0i64..600_000).prop_map(|tenths| tenths * 100_000),
        1 => 0i64..1_000_000_000,
    ];
    let steps = prop::collection::vec((1i64..400, growth), 1..6);
    (28_000_000i64..29_000_000, 0i64..1_000_000_000_000, steps).prop_map(
        |(start, register, steps)| {
            let mut readings = vec![(start, register)];
            for (minutes, growth) in steps {
                let (at, register) = *readings.last().unwrap();
                readings.push((at + minutes, register + growth));
            }
            readings
        },
    )
}

proptest! {
    #[test]
    fn rounding_once_agrees(model in models(), readings in sessions()) {
        let expected = naive_round_once(&model, &readings);
        with_tariff(&model, Policy::ROUND_ONCE, |tariff| {
            let bill = run(tariff, &engine_readings(&readings)).bill(tariff).unwrap();
            prop_assert_eq!((bill.electricity, bill.service), expected);
            prop_assert_eq!(bill.rounding_difference, Money::ZERO);
            let energy = naive_energy(&model, &readings, Cut::Exact);
            prop_assert_eq!(bill.lines().count(), energy.len());
            for line in bill.lines() {
                let (numerator, denominator) = line.energy.to_fraction();
                let ours = BigRational::new(numerator.into(), denominator.into());
                prop_assert_eq!(&ours, &energy[&line.index]);
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_ykc_record_agrees(model in models(), readings in sessions(), loss_bp in 0u16..1_000) {
        let (lines, payable) = naive_ykc(&model, &readings, loss_bp);
        with_tariff(&model, Policy { loss_bp, ..Policy::YKC }, |tariff| {
            let bill = run(tariff, &engine_readings(&readings)).bill(tariff).unwrap();
            prop_assert_eq!(bill.total, payable);
            for line in bill.lines() {
                let amount = line.electricity.checked_add(line.service).unwrap();
                prop_assert_eq!(amount, lines[&line.index]);
            }
            Ok(())
        })?;
    }

    /// Whoever cuts the stream of readings, and however often the running cost is asked for, gets the same bill; the
    /// itemised bill is that bill, and its visits add up to it.
    #[test]
    fn batch_stream_and_items_are_one(model in models(), readings in sessions(), ykc: bool) {
        let policy = if ykc { Policy::YKC } else { Policy::ROUND_ONCE };
        with_tariff(&model, policy, |tariff| {
            let readings = engine_readings(&readings);
            let batch = run(tariff, &readings).bill(tariff).unwrap();
            let mut session = Session::new();
            for reading in &readings {
                session.handle_reading(tariff, *reading).unwrap();
                session.bill(tariff).unwrap();
                // A repeated reading changes nothing.
                session.handle_reading(tariff, *reading).unwrap();
            }
            prop_assert_eq!(session.bill(tariff).unwrap(), batch);
            let items = itemise(tariff, &readings).unwrap();
            prop_assert_eq!(items.bill, batch);
            for line in batch.lines() {
                let of_rate = || items.visits.iter().filter(|v| v.index == line.index);
                let sum = |amount: fn(&crate::Visit) -> Money| -> i64 {
                    of_rate().map(|v| amount(v).raw()).sum()
                };
                prop_assert_eq!(sum(|v| v.electricity), line.electricity.raw());
                prop_assert_eq!(sum(|v| v.service), line.service.raw());
            }
            let energy: i64 = items.visits.iter().map(|v| v.energy().raw()).sum();
            prop_assert_eq!(energy, batch.energy.raw());
            for pair in items.visits.windows(2) {
                prop_assert_eq!(pair[0].to, pair[1].from);
                prop_assert_eq!(pair[0].register_to, pair[1].register_from);
                prop_assert!(pair[0].index != pair[1].index);
            }
            Ok(())
        })?;
    }
}

fn sz_z22() -> Model {
    let mut slots = [1u8; 48];
    slots[..16].fill(0);
    slots[20..24].fill(2);
    slots[28..38].fill(2);
    let prices = vec![(260_000, 760_000), (780_000, 760_000), (1_190_000, 760_000)];
    Model { slots, prices, offset_minutes: 480 }
}

fn reading(minute: i64, wh: i64) -> Reading {
    Reading {
        at: Timestamp::from_unix_seconds((minute - 480) * 60),
        register: MicroWattHours::from_wh(wh).unwrap(),
    }
}

/// 07:50 to 08:10 with 7 kWh: half at 0.26, half at 0.78; by hand 3.5 x 1.04 = 3.64 and 7 x 0.76 = 5.32.
#[test]
fn a_session_over_an_edge_by_hand() {
    with_tariff(&sz_z22(), Policy::ROUND_ONCE, |tariff| {
        let session = run(tariff, &[reading(470, 1_000), reading(490, 8_000)]);
        let bill = session.bill(tariff).unwrap();
        assert_eq!(bill.electricity, Money::from_raw(3_640_000));
        assert_eq!(bill.service, Money::from_raw(5_320_000));
        assert_eq!(bill.total, Money::from_raw(8_960_000));
        assert_eq!(bill.remarks, Remarks::INTERPOLATED);
        let fees: Vec<_> = bill.lines().map(|line| line.electricity.to_minor()).collect();
        assert_eq!(fees, [Some(91), Some(273)]);
    });
}

/// A tie that only exact shares see: 1 Wh over three minutes, two of them at price zero, makes exactly 0.5 fen.
#[test]
fn a_half_fen_from_a_third_is_rounded_up() {
    let model = Model {
        slots: core::array::from_fn(|slot| u8::from(slot >= 16)),
        prices: vec![(15_000_000, 0), (0, 0)],
        offset_minutes: 480,
    };
    with_tariff(&model, Policy::ROUND_ONCE, |tariff| {
        let session = run(tariff, &[reading(479, 0), reading(482, 1)]);
        assert_eq!(session.bill(tariff).unwrap().electricity.to_minor(), Some(1));
    });
}

#[test]
fn refused_readings_change_nothing() {
    with_tariff(&sz_z22(), Policy::ROUND_ONCE, |tariff| {
        let mut session = run(tariff, &[reading(400, 100), reading(500, 200)]);
        let before = session;
        let (back, fell) = (reading(499, 300), reading(501, 199));
        let last = reading(500, 200);
        for (reading, error) in [
            (back, Error::TimeWentBack { last: last.at, at: back.at }),
            (fell, Error::RegisterFell { last: last.register, register: fell.register }),
            (
                reading(500 + 31 * 1_440 + 1, 300),
                Error::GapTooLong { millis: 31 * 86_400_000 + 60_000 },
            ),
        ] {
            assert_eq!(session.handle_reading(tariff, reading), Err(error));
            assert_eq!(session, before);
        }
        assert_eq!(Session::new().bill(tariff), Err(Error::NoReading));
    });
}

#[test]
fn energy_without_time_is_billed_and_remarked() {
    with_tariff(&sz_z22(), Policy::ROUND_ONCE, |tariff| {
        let readings = [reading(480, 0), reading(480, 10_000)];
        let bill = run(tariff, &readings).bill(tariff).unwrap();
        assert_eq!(bill.electricity.to_minor(), Some(780));
        assert_eq!(bill.remarks, Remarks::ENERGY_WITHOUT_TIME);
        let items = itemise(tariff, &readings).unwrap();
        assert_eq!(items.visits.len(), 1);
        assert_eq!(items.visits[0].electricity.to_minor(), Some(780));
    });
}

#[test]
fn the_display_knows_the_next_change() {
    with_tariff(&sz_z22(), Policy::ROUND_ONCE, |tariff| {
        // 21:00: flat until midnight, then valley.
        let now = tariff.price_at(reading(1_260, 0).at).unwrap();
        assert_eq!(now.rate.electricity.raw(), 780_000);
        assert_eq!(now.next_change, Some(reading(1_440, 0).at));
    });
    let flat = Model { slots: [0; 48], prices: vec![(1, 1)], offset_minutes: 0 };
    with_tariff(&flat, Policy::ROUND_ONCE, |tariff| {
        assert_eq!(tariff.price_at(reading(0, 0).at).unwrap().next_change, None);
    });
}

#[test]
fn extreme_instants_and_registers_are_refused_not_wrapped() {
    with_tariff(&sz_z22(), Policy::ROUND_ONCE, |tariff| {
        let extreme = |millis, raw| Reading {
            at: Timestamp::from_unix_millis(millis),
            register: MicroWattHours::from_raw(raw),
        };
        for millis in [i64::MIN, -1, i64::MAX - 10] {
            let mut session = Session::new();
            session.handle_reading(tariff, extreme(millis, i64::MIN)).unwrap();
            let result = session.handle_reading(tariff, extreme(millis + 5, i64::MAX));
            assert_eq!(result, Err(Error::Overflow));
            session.handle_reading(tariff, extreme(millis + 5, -1)).unwrap();
            assert_eq!(session.bill(tariff).map(|bill| bill.energy.raw()), Ok(i64::MAX));
        }
    });
    assert_eq!(ExactEnergy::ZERO.to_nearest(), MicroWattHours::ZERO);
    assert!(format!("{:?}", Remarks::INTERPOLATED).contains("INTERPOLATED"));
}

/// A reading every minute, give or take 200 ms, over a whole day of price changes: taken, and nothing lost.
#[test]
fn odd_milliseconds_over_many_price_changes_are_rounded_finely() {
    with_tariff(&sz_z22(), Policy { loss_bp: 600, ..Policy::ROUND_ONCE }, |tariff| {
        let mut session = Session::new();
        for minute in 0..1_440i64 {
            let off = (minute * minute * 7_919 + minute * 31) % 401 - 200;
            let at = Timestamp::from_unix_millis((minute - 480) * 60_000 + off);
            let register = MicroWattHours::from_raw(minute * 1_000_003 + off);
            session.handle_reading(tariff, Reading { at, register }).unwrap();
        }
        let bill = session.bill(tariff).unwrap();
        assert!(bill.remarks.contains(Remarks::FINELY_ROUNDED | Remarks::INTERPOLATED));
        let energy = bill.lines().fold(BigRational::zero(), |sum, line| {
            let (numerator, denominator) = line.energy.to_fraction();
            sum + BigRational::new(numerator.into(), denominator.into())
        });
        assert_eq!(energy, rational(bill.energy.raw()));
    });
}

/// Central European summer time in 2024, as far as the tests need it.
struct SummerTime;

impl crate::Zone for SummerTime {
    fn offset_at(&self, instant: Timestamp) -> crate::OffsetSpan {
        let spring = Timestamp::from_unix_seconds(1_711_846_800); // 2024-03-31T01:00Z
        let autumn = Timestamp::from_unix_seconds(1_729_990_800); // 2024-10-27T01:00Z
        if instant < spring {
            crate::OffsetSpan { offset_seconds: 3_600, until: Some(spring) }
        } else if instant < autumn {
            crate::OffsetSpan { offset_seconds: 7_200, until: Some(autumn) }
        } else {
            crate::OffsetSpan { offset_seconds: 3_600, until: None }
        }
    }
}

/// The band 02:00-03:00 is skipped in spring and lasts two hours in autumn; 01:00-04:00 around it takes 2 and 4 hours.
#[test]
fn days_of_23_and_25_hours() {
    let price = |fee| Rate {
        band: Band::Flat,
        electricity: PricePerKwh::from_raw(fee),
        service: PricePerKwh::ZERO,
    };
    let rates = [price(1_000_000), price(2_000_000)];
    let days = [DayTable::from_edges(&[(0, 0), (120, 1), (180, 0)]).unwrap()];
    let table = TimeOfUse::new(&rates, &days, Calendar::EVERY_DAY).unwrap();
    let tariff = Tariff { table, zone: SummerTime, policy: Policy::ROUND_ONCE };
    // One kWh an hour from 01:00 to 04:00 local time.
    for (from, hours, minor) in [(1_711_843_200, 2, 200), (1_729_983_600, 4, 400 + 200)] {
        let reading = |hour: i64| Reading {
            at: Timestamp::from_unix_seconds(from + hour * 3_600),
            register: MicroWattHours::from_wh(hour * 1_000).unwrap(),
        };
        let readings = [reading(0), reading(hours)];
        let items = itemise(&tariff, &readings).unwrap();
        assert_eq!(items.bill.total.to_minor(), Some(minor));
        let visits: Vec<_> = items.visits.iter().map(|v| (v.index, v.energy().raw())).collect();
        let kwh = 1_000_000_000;
        let expected =
            if hours == 2 { vec![(0, 2 * kwh)] } else { vec![(0, kwh), (1, 2 * kwh), (0, kwh)] };
        assert_eq!(visits, expected);
    }
}
