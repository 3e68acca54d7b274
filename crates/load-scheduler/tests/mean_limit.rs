//! The limit on the mean of a sliding window, beside the limit of each slot.
#![cfg(all(feature = "minilp", feature = "microlp"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "what panics is a failed test, and the numbers are small"
)]

use evse_load_scheduler::{
    Coupling, Field, Grid, Joules, MeanLimit, Method, MicroPerKwh, Plan, Policy, Problem,
    ProblemBuilder, ProblemError, Replay, Seconds, Session, SessionId, Violation, Watts, cheapest,
    lp, optimise, quantise, verify,
};
use proptest::prelude::*;

const SLOTS: usize = 5;
/// A kilowatt-hour, or a kilowatt over a slot.
const KWH: i64 = 3_600_000;

fn kw(kw: i64) -> Watts {
    Watts::from_kw(kw).unwrap()
}

/// Cents per kWh.
fn price(cents: i64) -> MicroPerKwh {
    MicroPerKwh::from_raw(cents * 10_000)
}

/// A car of so many kW and kWh that stays all the time.
fn car(id: u64, power: i64, energy: i64) -> Session {
    let end = Seconds::from_raw(3_600 * 5);
    let energy = Joules::from_raw(energy * KWH);
    Session::new(SessionId::from_raw(id), Seconds::ZERO, end, energy, kw(power))
        .with_unserved_price(price(50))
}

fn site(prices: &[i64], background: &[i64], limit: i64, window: u32, mean: i64) -> ProblemBuilder {
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(3_600), 5).unwrap();
    Problem::builder(grid)
        .price(prices.iter().map(|cents| price(*cents)).collect::<Vec<_>>())
        .background(background.iter().map(|load| kw(*load)).collect::<Vec<_>>())
        .limit(kw(limit))
        .mean_limit(MeanLimit { window, limit: kw(mean) })
}

fn backends() -> [&'static dyn lp::Backend; 2] {
    [
        &lp::Microlp { max_columns: 60_000, max_binaries: 1_000, max_nodes: 2_000 },
        &lp::Minilp { max_columns: 8_192 },
    ]
}

/// Every way to take whole kWh that keeps both limits.
fn ways(power: i64, energy: i64, keeps: &impl Fn(&[i64]) -> bool) -> Vec<Vec<i64>> {
    let mut ways = vec![Vec::new()];
    for _ in 0..SLOTS {
        let longer = ways.iter().flat_map(|way: &Vec<i64>| {
            (0..=power).map(move |taken| [way.as_slice(), &[taken]].concat())
        });
        ways = longer.filter(|way| way.iter().sum::<i64>() <= energy && keeps(way)).collect();
    }
    ways
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// One car: its sums are over intervals of slots, so no plan with fractions beats those of whole kWh.
    #[test]
    fn costs_the_least_of_all_plans(
        prices in prop::collection::vec(-2i64..9, SLOTS),
        background in prop::collection::vec(0i64..5, SLOTS),
        (limit, window, mean) in (0i64..8, 1u32..6, 0i64..5),
        (power, energy) in (1i64..5, 0i64..14),
    ) {
        let builder = site(&prices, &background, limit, window, mean);
        let problem = builder.sessions(vec![car(0, power, energy)]).build().unwrap();
        let keeps = |way: &[i64]| {
            let loads: Vec<i64> = way.iter().zip(&background).map(|(a, b)| a + b).collect();
            let in_slots = loads.iter().zip(&background).all(|(all, own)| *all <= limit.max(*own));
            let counted: Vec<i64> = background.iter().map(|own| mean.max(*own)).collect();
            let windows = loads.windows(window as usize).zip(counted.windows(window as usize));
            in_slots
                && windows.into_iter().all(|(l, c)| l.iter().sum::<i64>() <= c.iter().sum::<i64>())
        };
        let bill = |way: &Vec<i64>| -> i64 {
            let paid: i64 = way.iter().zip(&prices).map(|(kwh, price)| kwh * price).sum();
            paid + 50 * (energy - way.iter().sum::<i64>())
        };
        let best = ways(power, energy, &keeps).iter().map(bill).min().unwrap();
        let found = optimise(&problem, &backends()).unwrap();
        prop_assert_eq!(verify(&problem, &found.plan), Ok(()));
        let cents = found.account.total().to_currency_f64() * 100.0;
        prop_assert!((cents - best as f64).abs() < 1e-3, "{} instead of {}", cents, best);
        prop_assert!(found.is_optimal);
        // Neither rounding nor rules without foresight pass either limit.
        let coarse = quantise(&problem, &found.plan, |_| Watts::from_raw(700));
        prop_assert_eq!(verify(&problem, &coarse), Ok(()));
        let replay = Replay::run(&problem, Policy::LeastLaxity, Seconds::from_raw(60)).unwrap();
        prop_assert_eq!(verify(&problem, &replay.plan()), Ok(()));
    }

    /// Some cars, both simplexes, and no simplex at all.
    #[test]
    fn all_methods_keep_it(
        prices in prop::collection::vec(-2i64..9, SLOTS),
        (limit, window, mean) in (1i64..12, 1u32..6, 0i64..9),
        cars in prop::collection::vec((1i64..5, 0i64..14), 1..4),
    ) {
        let cars = (0..).zip(cars).map(|(id, (power, energy))| car(id, power, energy)).collect();
        let builder = site(&prices, &[0; SLOTS], limit, window, mean).sessions(cars);
        let problem = builder.build().unwrap();
        let bills = backends().map(|backend| {
            let found = optimise(&problem, &[backend]).unwrap();
            assert_eq!(verify(&problem, &found.plan), Ok(()));
            found.account.total().to_currency_f64()
        });
        prop_assert!((bills[0] - bills[1]).abs() < 1e-5, "{:?}", bills);
        let repaired = optimise(&problem, &[]).unwrap();
        prop_assert_eq!(verify(&problem, &repaired.plan), Ok(()));
        prop_assert!(repaired.account.total().to_currency_f64() >= bills[0] - 1e-5);
    }
}

#[test]
fn an_overload_is_for_a_short_time() {
    let cars = vec![car(0, 8, 40)];
    let problem = site(&[1, 2, 3, 4, 5], &[0; SLOTS], 8, 3, 4).sessions(cars).build().unwrap();
    assert_eq!(problem.coupling(), Some(Coupling::MeanLimit));
    assert!(cheapest(&problem).is_err());
    let found = optimise(&problem, &backends()).unwrap();
    assert!(matches!(found.method, Method::LinearProgram(_)));
    // 12 kWh in any three hours: 8 + 4 first, then nothing, then again.
    let run: Vec<i64> = (0..5).map(|s| found.plan.slot_totals(&problem)[s].raw() / KWH).collect();
    assert_eq!(run, [8, 4, 0, 8, 4]);
    let steady = Plan::from_runs([(0, [8, 4, 1].map(|kwh| Joules::from_raw(kwh * KWH)))]);
    let wrong = Violation::MeanLimit { slot: 2, mean: Watts::from_raw(4_333) };
    assert_eq!(verify(&problem, &steady), Err(wrong));
    // A mean limit that no slot's limit reaches leaves a flow.
    let loose = site(&[1; SLOTS], &[0; SLOTS], 8, 3, 8).build().unwrap();
    assert_eq!(loose.coupling(), None);
}

#[test]
fn wrong_windows_are_refused() {
    for window in [0, 6] {
        let refused = site(&[1; SLOTS], &[0; SLOTS], 8, window, 4).build().unwrap_err();
        let value = i64::from(window);
        assert_eq!(refused, ProblemError::OutOfRange { field: Field::MeanLimit, index: 0, value });
    }
    let refused = site(&[1; SLOTS], &[0; SLOTS], 8, 1, -1).build().unwrap_err();
    let negative = ProblemError::Negative { field: Field::MeanLimit, index: 0, value: -1_000 };
    assert_eq!(refused, negative);
}
