//! The packages that a user can book, against every plan of whole kilowatt-hours of tiny days: as these programs are sums over
//! nested slots, no plan with fractions is better.
#![cfg(feature = "microlp")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "what panics is a failed test, and the numbers are small"
)]

use evse_load_scheduler::{
    Grid, Joules, MicroPerKwh, Milestone, Package, Plan, Problem, Seconds, Session, SessionId,
    Watts, lp, optimise, verify,
};
use proptest::prelude::*;

const HOUR: i64 = 3_600;
const SLOTS: i64 = 4;

fn hours(hours: i64) -> Seconds {
    Seconds::from_raw(hours * HOUR)
}

fn kwh(kwh: i64) -> Joules {
    Joules::from_raw(kwh * 1_000 * HOUR)
}

/// Cents per kWh.
fn price(cents: i64) -> MicroPerKwh {
    MicroPerKwh::from_raw(cents * 10_000)
}

/// What a car books beside its energy.
#[derive(Debug, Clone, Copy)]
struct Booking {
    is_fastest: bool,
    ceiling: Option<i64>,
    /// Hour, kWh by then, and cents for each that is late.
    milestone: Option<(i64, i64, i64)>,
}

/// Arrival and stay in hours, kW, kWh, cents for each kWh not served.
type Car = ((i64, i64, i64, i64, i64), Booking);

fn session(id: u64, ((arrive, stay, power, energy, unserved), booking): Car) -> Session {
    let (arrive, depart) = (hours(arrive), hours((arrive + stay).min(SLOTS)));
    let power = Watts::from_kw(power).unwrap();
    let mut session = Session::new(SessionId::from_raw(id), arrive, depart, kwh(energy), power)
        .with_unserved_price(price(unserved));
    session.price_ceiling = booking.ceiling.map(price);
    session.milestone = booking.milestone.map(|(by, energy, late)| Milestone {
        by: hours(by),
        energy: kwh(energy),
        late_price: price(late),
    });
    if booking.is_fastest {
        session.package = Package::Fastest;
    }
    session
}

fn problem(prices: &[i64], limit: i64, cars: &[Car]) -> Problem {
    let grid = Grid::new(Seconds::ZERO, hours(1), u32::try_from(SLOTS).unwrap()).unwrap();
    let sessions = (0..).zip(cars).map(|(id, car)| session(id, *car)).collect();
    Problem::builder(grid)
        .price(prices.iter().map(|cents| price(*cents)).collect::<Vec<_>>())
        .limit(Watts::from_kw(limit).unwrap())
        .sessions(sessions)
        .build()
        .unwrap()
}

/// Every way to take at most `energy` whole kWh in slots that give so many at most.
fn ways(most: &[i64], energy: i64) -> Vec<Vec<i64>> {
    let Some((first, rest)) = most.split_first() else { return vec![Vec::new()] };
    let taken = 0..=energy.min(*first);
    let ways = taken.flat_map(|taken| {
        ways(rest, energy - taken).into_iter().map(move |mut way| {
            way.insert(0, taken);
            way
        })
    });
    ways.collect()
}

/// Every plan that keeps to stays, powers, ceilings and the limit: kWh per car and slot.
fn plans(prices: &[i64], limit: i64, cars: &[Car]) -> Vec<Vec<Vec<i64>>> {
    let mut plans: Vec<Vec<Vec<i64>>> = vec![Vec::new()];
    for ((arrive, stay, power, energy, _), booking) in cars {
        let most: Vec<i64> = (0..SLOTS)
            .zip(prices)
            .map(|(slot, price)| {
                let is_there = *arrive <= slot && slot < arrive + stay;
                let affords = booking.ceiling.is_none_or(|ceiling| *price <= ceiling);
                if is_there && affords { *power } else { 0 }
            })
            .collect();
        let ways = ways(&most, *energy);
        let with_car = |plan: Vec<Vec<i64>>| {
            let longer =
                ways.iter().map(move |way| [plan.as_slice(), core::slice::from_ref(way)].concat());
            longer.filter(|plan| {
                (0..most.len()).all(|slot| plan.iter().map(|way| way[slot]).sum::<i64>() <= limit)
            })
        };
        plans = plans.into_iter().flat_map(with_car).collect();
    }
    plans
}

/// The bill of a plan in cents: energy, what is not served, what is late.
fn bill(prices: &[i64], cars: &[Car], plan: &[Vec<i64>]) -> i64 {
    let of_car = |(((.., energy, unserved), booking), way): (&Car, &Vec<i64>)| {
        let paid: i64 = way.iter().zip(prices).map(|(kwh, price)| kwh * price).sum();
        let missing = energy - way.iter().sum::<i64>();
        let late = booking.milestone.map_or(0, |(by, due, late)| {
            let got: i64 = (0..by).zip(way).map(|(_, kwh)| kwh).sum();
            (due.min(*energy) - got).max(0) * late
        });
        paid + missing * unserved + late
    };
    cars.iter().zip(plan).map(of_car).sum()
}

/// What a plan of joules has for each car and slot, in kWh; it must be whole here.
fn in_kwh(plan: &Plan) -> Vec<Vec<i64>> {
    let of_car = |run: evse_load_scheduler::SessionPlan<'_>| {
        let slots = 0..u32::try_from(SLOTS).unwrap();
        // A joule per slot may be lost to rounding.
        slots.map(|slot| (run.in_slot(slot).raw() + 2) / (1_000 * HOUR)).collect()
    };
    plan.sessions().map(of_car).collect()
}

fn booking(may_be_fastest: bool) -> impl Strategy<Value = Booking> {
    (any::<bool>(), prop::option::of(-1i64..8), prop::option::of((0..=SLOTS, 0i64..4, 0i64..12)))
        .prop_map(move |(is_fastest, ceiling, milestone)| Booking {
            is_fastest: is_fastest && may_be_fastest,
            ceiling: ceiling.filter(|_| !may_be_fastest),
            milestone: milestone.filter(|_| !may_be_fastest),
        })
}

fn cars(may_be_fastest: bool, unserved: core::ops::Range<i64>) -> impl Strategy<Value = Vec<Car>> {
    let stay = (0..SLOTS, 1..=SLOTS, 1i64..4, 0i64..5, unserved);
    prop::collection::vec((stay, booking(may_be_fastest)), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Lowest cost and custom: a price ceiling, an energy by an intermediate deadline.
    #[test]
    fn custom_packages_cost_least(
        prices in prop::collection::vec(-2i64..9, 4),
        limit in 0i64..6,
        cars in cars(false, 0..12),
    ) {
        let problem = problem(&prices, limit, &cars);
        let found = optimise(&problem, &[&lp::Microlp::default()]).unwrap();
        prop_assert_eq!(verify(&problem, &found.plan), Ok(()));
        let plans = plans(&prices, limit, &cars);
        let best = plans.iter().map(|plan| bill(&prices, &cars, plan)).min().unwrap();
        let cents = found.account.total().to_currency_f64() * 100.0;
        prop_assert!((cents - best as f64).abs() < 1e-3, "{cents} instead of {best}");
        prop_assert!(found.is_optimal);
    }

    /// Shortest time: whatever the price, as much as early as can be without serving less in all; then the cheapest.
    #[test]
    fn urgent_packages_are_first(
        prices in prop::collection::vec(-2i64..9, 4),
        limit in 0i64..6,
        cars in cars(true, 100_000..100_001),
    ) {
        let problem = problem(&prices, limit, &cars);
        let found = optimise(&problem, &[&lp::Microlp::default()]).unwrap();
        prop_assert_eq!(verify(&problem, &found.plan), Ok(()));
        let measure = |plan: &[Vec<i64>]| {
            let served: i64 = plan.iter().flatten().sum();
            let urgent = cars.iter().zip(plan).filter(|((_, booking), _)| booking.is_fastest);
            let urgent = urgent.flat_map(|(_, way)| (0..).zip(way));
            let early: i64 = urgent.map(|(slot, kwh)| (SLOTS - slot) * kwh).sum();
            (-served, -early, bill(&prices, &cars, plan))
        };
        let best = plans(&prices, limit, &cars).iter().map(|plan| measure(plan)).min().unwrap();
        prop_assert_eq!(measure(&in_kwh(&found.plan)), best);
    }
}
