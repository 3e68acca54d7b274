//! The engine against a second implementation that is as plain as can be: minute by minute, every element asked anew, exact
//! fractions of any size, rounding nowhere. Besides, the properties that every engine must have.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: a failed unwrap is a failed assertion"
)]
#![cfg(all(feature = "alloc", feature = "chrono-tz"))]

use evse_tariff::ocpi::{
    Cdr, Dimensions, Element, NamedTariff, Period, Policy, PriceComponent, PriceLimit, Pricer,
    Restrictions, StatedTotals, Tariff, Version,
};
use evse_tariff::rules::{
    Activity, Charge, CompiledTariff, Conditions, Cost, Meter, MeterPiece, MeterPolicy,
    MeterReading, Range, TaxRate, Totals,
};
use evse_tariff::{
    Date, ExactMoney, MicroSeconds, MicroWattHours, MilliWatts, PosixTz, Price, Timestamp,
    Weekdays, Zone,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};
use proptest::prelude::*;

const MINUTE: i64 = 60_000;

/// A session at constant power with whole Wh a minute, charging first, then idle.
#[derive(Debug, Clone)]
struct Session {
    start: Timestamp,
    charging: i64,
    idle: i64,
    wh_per_minute: i64,
}

fn sessions() -> impl Strategy<Value = Session> {
    // Around both changes of the clock in 2025, and anywhere in that year.
    let starts = prop_oneof![
        Just(1_743_289_200i64),
        Just(1_761_433_200),
        (0i64..8_760).prop_map(|hour| 1_735_689_600 + hour * 3_600)
    ];
    (starts, 0i64..60, 1i64..400, 0i64..200, 0i64..400).prop_map(
        |(start, minute, charging, idle, wh_per_minute)| Session {
            start: Timestamp::from_unix_seconds(start + minute * 60),
            charging,
            idle,
            wh_per_minute,
        },
    )
}

fn ranges(most: i64, unit: i64) -> impl Strategy<Value = (Option<i64>, Option<i64>)> {
    let bound =
        move || prop_oneof![3 => Just(None), 1 => (0..most).prop_map(move |n| Some(n * unit))];
    (bound(), bound())
}

prop_compose! {
    fn conditions()(
        window in prop_oneof![2 => Just((None, None)), 3 => (prop::option::of(0u16..1_440), prop::option::of(0u16..1_440))],
        days in prop_oneof![2 => Just(127u8), 1 => any::<u8>()],
        dates in (prop::option::weighted(0.1, 20_090i64..20_450), prop::option::weighted(0.1, 20_090i64..20_450)),
        elapsed in ranges(500, MINUTE),
        minutes_of_energy in ranges(300, 1),
        power in ranges(30, 1_000_000),
    ) -> (Conditions, (Option<i64>, Option<i64>)) {
        let conditions = Conditions {
            start: window.0,
            end: window.1,
            weekdays: Weekdays::from_bits_truncate(days),
            dates: Range { min: dates.0.map(Date::from_unix_days), max: dates.1.map(Date::from_unix_days) },
            elapsed: Range { min: elapsed.0, max: elapsed.1 },
            power: Range { min: power.0.map(MilliWatts::from_raw), max: power.1.map(MilliWatts::from_raw) },
            ..Conditions::default()
        };
        (conditions, minutes_of_energy)
    }
}

prop_compose! {
    fn component()(
        charge in prop_oneof![Just(Charge::Energy), Just(Charge::Time), Just(Charge::Parking), Just(Charge::Flat)],
        milli in 0i64..3_000,
        vat in prop_oneof![Just(None), Just(Some(0u32)), Just(Some(70_000_000)), Just(Some(210_000_000))],
        step_size in prop_oneof![Just(0u32), Just(1), Just(60), Just(300), Just(1_000)],
    ) -> PriceComponent {
        PriceComponent { charge: Some(charge), price: Price::from_raw(milli * 1_000_000), vat: vat.map(TaxRate::from_raw), step_size }
    }
}

type Elements = Vec<(Option<(Conditions, (Option<i64>, Option<i64>))>, Vec<PriceComponent>)>;

prop_compose! {
    fn tariffs()(
        elements in prop::collection::vec((prop::option::weighted(0.8, conditions()), prop::collection::vec(component(), 1..4)), 1..90),
        few in 1usize..90,
        min in prop::option::weighted(0.2, 0i64..20),
        max in prop::option::weighted(0.2, 0i64..20),
    ) -> (Elements, Option<i64>, Option<i64>) {
        let elements: Elements = elements;
        (elements.into_iter().take(few).collect(), min, max)
    }
}

/// Thresholds of energy are given in minutes of the session, so that they are met at a whole minute.
fn tariff(
    (elements, min, max): &(Elements, Option<i64>, Option<i64>),
    wh_per_minute: i64,
) -> Tariff {
    let limit = |euros: Option<i64>| {
        euros.map(|euros| PriceLimit {
            excl: Some(Price::from_raw(euros * 1_000_000_000)),
            incl: Some(Price::from_raw(euros * 1_200_000_000)),
        })
    };
    let energy = |minutes: Option<i64>| {
        minutes.map(|minutes| MicroWattHours::from_wh(minutes * wh_per_minute.max(1)).unwrap())
    };
    let elements = elements.iter().map(|(conditions, components)| Element {
        components: components.clone(),
        restrictions: conditions.map(|(conditions, of_energy)| Restrictions {
            conditions: Conditions {
                energy: Range { min: energy(of_energy.0), max: energy(of_energy.1) },
                ..conditions
            },
            reservation: None,
        }),
    });
    Tariff {
        version: Version::V2_2_1,
        id: "T".into(),
        currency: "EUR".into(),
        elements: elements.collect(),
        min_price: limit(*min),
        max_price: limit(*max),
        start: None,
        end: None,
        tax_included: None,
        rounded_numbers: false,
    }
}

fn ratio(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

/// Everything an element's conditions can ask for.
struct Now {
    minute: i64,
    weekday: u8,
    day: i64,
    elapsed: i64,
    energy_wh: i64,
    power: i64,
}

fn within(value: i64, min: Option<i64>, max: Option<i64>) -> bool {
    min.is_none_or(|min| value >= min) && max.is_none_or(|max| value < max)
}

fn holds(conditions: &Conditions, now: &Now) -> bool {
    let (start, end) = (conditions.start.map(i64::from), conditions.end.map(i64::from));
    let in_window = match (start, end.map(|end| if end == 0 { 1_440 } else { end })) {
        (None, None) => true,
        (Some(start), None) => now.minute >= start,
        (None, Some(end)) => now.minute < end,
        (Some(start), Some(end)) if start <= end => now.minute >= start && now.minute < end,
        (Some(start), Some(end)) => now.minute >= start || now.minute < end,
    };
    in_window
        && conditions.weekdays.bits() & (1 << now.weekday) != 0
        && within(
            now.day,
            conditions.dates.min.map(|d| d.unix_days()),
            conditions.dates.max.map(|d| d.unix_days()),
        )
        && within(now.elapsed, conditions.elapsed.min, conditions.elapsed.max)
        && within(
            now.energy_wh * 1_000_000,
            conditions.energy.min.map(|e| e.raw()),
            conditions.energy.max.map(|e| e.raw()),
        )
        && within(
            now.power,
            conditions.power.min.map(|p| p.raw()),
            conditions.power.max.map(|p| p.raw()),
        )
}

fn find<'t>(tariff: &'t Tariff, charge: Charge, now: &Now) -> Option<&'t PriceComponent> {
    tariff.elements.iter().find_map(|element| {
        let active =
            element.restrictions.is_none_or(|restrictions| holds(&restrictions.conditions, now));
        element.components.iter().find(|component| active && component.charge == Some(charge))
    })
}

/// Net and gross.
type Amount = (BigRational, BigRational);

fn add(sum: &mut Option<Amount>, component: &PriceComponent, quantity: &BigRational) {
    let net = ratio(component.price.raw(), 1_000_000_000) * quantity;
    let tax = ratio(component.vat.map_or(0, |vat| vat.raw().into()), 1_000_000_000);
    let gross = &net * (ratio(1, 1) + tax);
    let (before_net, before_gross) = sum.take().unwrap_or_default();
    *sum = Some((before_net + net, before_gross + gross));
}

/// The plain program. Gives the total.
fn by_minutes(tariff: &Tariff, session: &Session, zone: &impl Zone) -> Option<Amount> {
    let mut sums: [Option<Amount>; 4] = Default::default();
    let mut priced = [BigRational::zero(), BigRational::zero(), BigRational::zero()];
    let mut last: [Option<&PriceComponent>; 3] = [None; 3];
    let mut parked = false;
    let minutes = session.charging + session.idle;
    for minute in 0..minutes {
        let at = session.start.unix_millis() + minute * MINUTE;
        let offset = zone.offset_at(Timestamp::from_unix_millis(at)).offset_seconds;
        let local = at + i64::from(offset) * 1_000;
        let charging = minute < session.charging;
        let day = local.div_euclid(86_400_000);
        let now = Now {
            minute: local.rem_euclid(86_400_000) / MINUTE,
            weekday: u8::try_from((day + 3).rem_euclid(7)).unwrap(),
            day,
            elapsed: minute * MINUTE,
            energy_wh: minute.min(session.charging) * session.wh_per_minute,
            power: if charging { session.wh_per_minute * 60_000 } else { 0 },
        };
        if sums[3].is_none()
            && let Some(fee) = find(tariff, Charge::Flat, &now)
        {
            add(&mut sums[3], fee, &ratio(1, 1));
        }
        let energy = if charging { session.wh_per_minute } else { 0 };
        let time = if charging { Charge::Time } else { Charge::Parking };
        for (column, charge, quantity) in [
            (0, Charge::Energy, ratio(energy, 1_000)),
            (1 + usize::from(!charging), time, ratio(1, 60)),
        ] {
            let Some(component) = find(tariff, charge, &now).filter(|_| !quantity.is_zero()) else {
                continue;
            };
            add(&mut sums[column], component, &quantity);
            priced[column] += quantity;
            last[column] = Some(component);
            parked |= charge == Charge::Parking;
        }
    }
    for (column, per_unit) in [(0, 1_000), (1, 3_600), (2, 3_600)] {
        let Some(component) = last[column] else { continue };
        if component.step_size > 0 && !(column == 1 && parked) {
            let step = ratio(component.step_size.into(), per_unit);
            let surplus = (&priced[column] / &step).ceil() * &step - &priced[column];
            add(&mut sums[column], component, &surplus);
        }
    }
    let mut total: Option<Amount> = None;
    for (net, gross) in sums.into_iter().flatten() {
        let (a, b) = total.take().unwrap_or_default();
        total = Some((a + net, b + gross));
    }
    let bound = |price: Option<Price>| ratio(price.unwrap().raw(), 1_000_000_000);
    if let Some(min) = tariff.min_price {
        let (net, gross) = total.take().unwrap_or_default();
        total = Some((net.max(bound(min.excl)), gross.max(bound(min.incl))));
    }
    if let (Some(max), Some((net, gross))) = (tariff.max_price, total.clone()) {
        total = Some((net.min(bound(max.excl)), gross.min(bound(max.incl))));
    }
    total
}

fn fraction(money: ExactMoney) -> BigRational {
    BigRational::new(money.raw().into(), BigInt::from(ExactMoney::UNITS))
}

fn amount(cost: Option<Cost>) -> Option<Amount> {
    cost.map(|cost| (fraction(cost.excl.unwrap()), fraction(cost.incl.unwrap())))
}

fn reading(session: &Session, minute: i64) -> MeterReading {
    let at = session.start.saturating_add_millis(minute * MINUTE);
    let wh = minute.min(session.charging) * session.wh_per_minute;
    MeterReading::new(at, MicroWattHours::from_wh(1_000 + wh).unwrap())
}

/// The engine, with readings at the given minutes besides begin, end of charging and end.
fn metered(
    tariff: &CompiledTariff,
    session: &Session,
    zone: &impl Zone,
    minutes: &[i64],
    pieces: &mut Vec<MeterPiece>,
) -> Totals {
    let end = session.charging + session.idle;
    let mut minutes: Vec<i64> = minutes.iter().map(|minute| minute % (end + 1)).collect();
    minutes.extend([0, session.charging]);
    minutes.sort_unstable();
    minutes.dedup();
    let first = if session.charging == 0 { Activity::Idle } else { Activity::Charging };
    let mut meter = Meter::new(MeterPolicy::default(), first);
    for minute in minutes {
        meter
            .handle_reading_with(tariff, zone, reading(session, minute), |piece| pieces.push(piece))
            .unwrap();
        if minute == session.charging && minute > 0 && session.idle > 0 {
            meter
                .handle_activity(tariff, zone, reading(session, minute).at, Activity::Idle)
                .unwrap();
        }
    }
    let before = meter.totals(tariff).unwrap().unbounded;
    meter.finish_with(tariff, zone, reading(session, end).at, |piece| pieces.push(piece)).unwrap();
    let after = meter.totals(tariff).unwrap();
    // A running cost never falls while prices are not negative.
    let net = |cost: Option<Cost>| cost.and_then(|cost| cost.excl).unwrap_or_default();
    assert!(net(before) <= net(after.unbounded));
    after
}

fn berlin() -> PosixTz {
    PosixTz::parse("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

/// The record that a station would write of its own pieces.
fn record(session: &Session, pieces: &[MeterPiece]) -> Cdr<'static> {
    let periods = pieces.iter().filter(|piece| piece.from != piece.to).map(|piece| {
        let time = Some(MicroSeconds::from_raw(
            (piece.to.unix_millis() - piece.from.unix_millis()) * 1_000,
        ));
        let charging = piece.activity == Activity::Charging;
        let energy = piece.register_to.checked_sub(piece.register_from).unwrap();
        let power =
            Some(MilliWatts::from_raw(if charging { session.wh_per_minute * 60_000 } else { 0 }));
        Period {
            start: piece.from,
            dimensions: Dimensions {
                energy: (energy != MicroWattHours::ZERO).then_some(energy),
                time: time.filter(|_| charging),
                parking: time.filter(|_| !charging),
                min_power: power,
                max_power: power,
                ..Dimensions::default()
            },
            tariff_id: None,
        }
    });
    Cdr {
        start: session.start,
        end: reading(session, session.charging + session.idle).at,
        currency: "EUR".into(),
        periods: periods.collect(),
        credit: false,
        time_zone: None,
        tariffs: Vec::new(),
        stated: StatedTotals::default(),
        reservation_expired: false,
        rounded_numbers: false,
    }
}

fn price(compiled: &CompiledTariff, cdr: &Cdr<'_>, zone: &impl Zone) -> Option<Amount> {
    let named = [NamedTariff { id: "T", start: None, end: None, compiled }];
    amount(Pricer::new(Policy::default()).price(&named, cdr, zone).unwrap().totals.total)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Compiled engine and plain program agree to the last digit, with any readings in between; and the record of the engine's own
    /// pieces is priced to the same.
    #[test]
    fn engine_and_plain_program_agree(
        rules in tariffs(),
        session in sessions(),
        minutes in prop::collection::vec(0i64..1_000, 0..12),
    ) {
        let tariff = tariff(&rules, session.wh_per_minute);
        let compiled = tariff.compile().unwrap();
        let zone = berlin();
        let expected = by_minutes(&tariff, &session, &zone);
        let mut pieces = Vec::new();
        let found = metered(&compiled, &session, &zone, &minutes, &mut pieces);
        prop_assert_eq!(amount(found.total), expected.clone());
        prop_assert!(pieces.windows(2).all(|pair| pair[0].to == pair[1].from));
        let cdr = record(&session, &pieces);
        if !cdr.periods.is_empty() {
            prop_assert_eq!(price(&compiled, &cdr, &zone), expected, "its own record");
        }
    }

    /// The IANA database gives what the zone's rule gives.
    #[test]
    fn zones_agree(rules in tariffs(), session in sessions()) {
        let compiled = tariff(&rules, session.wh_per_minute).compile().unwrap();
        let mut pieces = Vec::new();
        let by_rule = metered(&compiled, &session, &berlin(), &[], &mut pieces);
        let by_database = metered(&compiled, &session, &chrono_tz::Europe::Berlin, &[], &mut pieces);
        prop_assert_eq!(by_rule, by_database);
    }

    /// More energy never costs less, prices times three cost three times as much, and a credit takes back exactly the charge.
    #[test]
    fn monotone_linear_and_mirrored(rules in tariffs(), session in sessions(), more in 0i64..100) {
        let (mut elements, _, _) = rules;
        for (conditions, components) in &mut elements {
            // Conditions on energy or power may choose a cheaper element for more of it.
            if let Some((conditions, energy)) = conditions {
                *energy = (None, None);
                conditions.power = Range::default();
            }
            for component in components {
                component.step_size = 0;
            }
        }
        let rules = (elements, None, None);
        let mut pieces = Vec::new();
        let compiled = tariff(&rules, 1).compile().unwrap();
        let base = amount(metered(&compiled, &session, &berlin(), &[], &mut pieces).total).unwrap_or_default();
        let cdr = record(&session, &pieces);
        let larger = Session { wh_per_minute: session.wh_per_minute + more, ..session.clone() };
        let more = amount(metered(&compiled, &larger, &berlin(), &[], &mut Vec::new()).total).unwrap_or_default();
        prop_assert!(more.0 >= base.0 && more.1 >= base.1);

        let mut tripled = rules.clone();
        for component in tripled.0.iter_mut().flat_map(|(_, components)| components) {
            component.price = Price::from_raw(component.price.raw() * 3);
        }
        let tripled = tariff(&tripled, 1).compile().unwrap();
        let tripled = amount(metered(&tripled, &session, &berlin(), &[], &mut Vec::new()).total).unwrap_or_default();
        prop_assert_eq!(tripled, (&base.0 * ratio(3, 1), &base.1 * ratio(3, 1)));

        if !cdr.periods.is_empty() {
            let charge = price(&compiled, &cdr, &berlin()).unwrap_or_default();
            let credit = price(&compiled, &Cdr { credit: true, ..cdr }, &berlin()).unwrap_or_default();
            prop_assert!((charge.0 + credit.0).abs().is_zero() && (charge.1 + credit.1).is_zero());
        }
    }

    /// What the display shows last is what the bill says, but for the minimum and the step sizes, which only the end knows.
    #[test]
    fn the_running_cost_at_the_end_is_the_bill(
        rules in tariffs(),
        session in sessions(),
        minutes in prop::collection::vec(0i64..1_000, 0..12),
    ) {
        let (elements, _, max) = rules;
        let compiled = tariff(&(elements, None, max), session.wh_per_minute).compile().unwrap();
        let policy = MeterPolicy { step_sizes: false, ..MeterPolicy::default() };
        let mut meter = Meter::new(policy, Activity::Charging);
        let end = session.charging + session.idle;
        let mut minutes: Vec<i64> = minutes.iter().map(|minute| minute % (end + 1)).collect();
        minutes.extend([0, end]);
        minutes.sort_unstable();
        for minute in minutes {
            meter.handle_reading(&compiled, &berlin(), reading(&session, minute)).unwrap();
        }
        let shown = meter.totals(&compiled).unwrap();
        meter.finish(&compiled, &berlin(), reading(&session, end).at).unwrap();
        prop_assert_eq!(meter.totals(&compiled).unwrap(), shown);
    }

    /// Without dates and without summer time a week later costs the same.
    #[test]
    fn a_week_later_costs_the_same(rules in tariffs(), session in sessions()) {
        let (mut elements, min, max) = rules;
        for (conditions, _) in elements.iter_mut().filter_map(|(c, e)| c.as_mut().map(|c| (c, e))) {
            conditions.0.dates = Range::default();
        }
        let compiled = tariff(&(elements, min, max), session.wh_per_minute).compile().unwrap();
        let zone = PosixTz::parse("CST-8").unwrap();
        let later = Session { start: session.start.saturating_add_millis(7 * 86_400_000), ..session.clone() };
        let costs = [session, later].map(|session| metered(&compiled, &session, &zone, &[], &mut Vec::new()));
        prop_assert_eq!(costs[0], costs[1]);
    }
}
