//! What every policy promises of a step, and of a day.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use evse_load_scheduler::{
    Car, Joules, Policy, Priority, Seconds, Session, SessionId, Watts, allocate,
};
use proptest::prelude::*;

const NOW: Seconds = Seconds::from_raw(100);
const STEP: Seconds = Seconds::from_raw(10);

/// Cars that have arrived, not yet arrived, left, are full, or have no power.
fn cars(most: usize) -> impl Strategy<Value = Vec<Car>> {
    let car = (90i64..103, 95i64..140, -1i64..200, -1i64..12, any::<bool>());
    prop::collection::vec(car, 0..=most).prop_map(|cars| {
        (0u32..)
            .zip(cars)
            .map(|(i, (arrive, depart, missing, power, vip))| {
                let session = Session::new(
                    SessionId::from_raw(u64::from(i)),
                    Seconds::from_raw(arrive),
                    Seconds::from_raw(depart),
                    Joules::from_raw(missing),
                    Watts::from_raw(power),
                )
                .with_priority(if vip {
                    Priority::Vip
                } else {
                    Priority::Standard
                });
                Car::new(&session, i)
            })
            .collect()
    })
}

/// Grants by tag.
fn grants(policy: Policy, headroom: i64, cars: &[Car]) -> Vec<i64> {
    let mut cars = cars.to_vec();
    allocate(policy, NOW, STEP, Watts::from_raw(headroom), &mut cars);
    cars.sort_by_key(|car| car.tag);
    cars.iter().map(|car| car.granted.raw()).collect()
}

fn need(car: &Car) -> i64 {
    car.need(NOW, STEP).raw()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_024))]

    #[test]
    fn all_headroom_is_used_and_no_more(cars in cars(40), headroom in -5i64..120) {
        let wanted: i64 = cars.iter().map(need).sum();
        for policy in Policy::ALL {
            let granted = grants(policy, headroom, &cars);
            for (car, granted) in cars.iter().zip(&granted) {
                prop_assert!((0..=need(car)).contains(granted), "{policy}");
            }
            let room = if policy == Policy::Uncontrolled { wanted } else { headroom.max(0) * 10 };
            prop_assert_eq!(granted.iter().sum::<i64>(), wanted.min(room), "{}", policy);
        }
    }

    #[test]
    fn the_order_of_the_cars_does_not_matter(
        (cars, shuffled) in cars(40).prop_flat_map(|c| (Just(c.clone()), Just(c).prop_shuffle())),
        headroom in 0i64..120,
    ) {
        for policy in Policy::ALL {
            prop_assert_eq!(grants(policy, headroom, &cars), grants(policy, headroom, &shuffled));
        }
    }

    #[test]
    fn an_equal_split_is_max_min_fair(cars in cars(40), headroom in 0i64..120) {
        let granted = grants(Policy::EqualSplit, headroom, &cars);
        for (a, less) in cars.iter().zip(&granted) {
            for (b, more) in cars.iter().zip(&granted) {
                // Whoever gets less than another needs no more, but for the joule that does not divide.
                prop_assert!(*less == need(a) || *more <= less + 1);
                let earlier = (a.arrive, a.id) < (b.arrive, b.id);
                prop_assert!(!(earlier && *less != need(a) && more > less));
            }
        }
    }

    #[test]
    fn queues_serve_in_their_order(cars in cars(40), headroom in 0i64..120) {
        // Seconds of laxity as an exact fraction, from its definition.
        let laxity = |car: &Car| {
            let power = i128::from(car.max_power.raw());
            let left = i128::from(car.depart.raw() - NOW.raw());
            (left * power - i128::from(car.missing.raw()), power)
        };
        for policy in [Policy::Fcfs, Policy::EarliestDeadline, Policy::LeastLaxity] {
            let granted = grants(policy, headroom, &cars);
            for (a, of_a) in cars.iter().zip(&granted) {
                for (b, of_b) in cars.iter().zip(&granted) {
                    let before = match policy {
                        Policy::EarliestDeadline => a.depart < b.depart,
                        Policy::LeastLaxity => {
                            let ((num_a, den_a), (num_b, den_b)) = (laxity(a), laxity(b));
                            den_a > 0 && den_b > 0 && num_a * den_b < num_b * den_a
                        }
                        _ => (a.arrive, a.id) < (b.arrive, b.id),
                    };
                    prop_assert!(!before || *of_a == need(a) || *of_b == 0, "{policy}");
                }
            }
        }
    }

    #[test]
    fn vips_together_never_get_less_than_in_an_equal_split(
        cars in cars(40),
        headroom in 0i64..120,
    ) {
        let of_vips = |granted: Vec<i64>| -> i64 {
            let vips = cars.iter().zip(granted).filter(|(c, _)| c.priority == Priority::Vip);
            vips.map(|(_, granted)| granted).sum()
        };
        let first = of_vips(grants(Policy::VipFirst, headroom, &cars));
        prop_assert!(first >= of_vips(grants(Policy::EqualSplit, headroom, &cars)));
        let wanted = cars.iter().filter(|c| c.priority == Priority::Vip).map(need).sum::<i64>();
        prop_assert_eq!(first, wanted.min(headroom * 10));
    }
}

#[test]
fn extreme_values_neither_panic_nor_pass_the_headroom() {
    let extremes = [i64::MIN, -1, 0, 1, i64::MAX];
    let mut cars = Vec::new();
    for arrive in extremes {
        for depart in extremes {
            for missing in extremes {
                for power in extremes {
                    let tag = u32::try_from(cars.len()).unwrap();
                    cars.push(Car::new(
                        &Session::new(
                            SessionId::from_raw(u64::from(tag)),
                            Seconds::from_raw(arrive),
                            Seconds::from_raw(depart),
                            Joules::from_raw(missing),
                            Watts::from_raw(power),
                        ),
                        tag,
                    ));
                }
            }
        }
    }
    for policy in Policy::ALL {
        for now in extremes {
            for step in extremes {
                let (now, step) = (Seconds::from_raw(now), Seconds::from_raw(step));
                allocate(policy, now, step, Watts::from_raw(1_000), &mut cars);
                let total: i128 = cars.iter().map(|car| i128::from(car.granted.raw())).sum();
                let room = i128::from(step.raw().max(0)) * 1_000;
                assert!(policy == Policy::Uncontrolled || total <= room, "{policy}");
            }
        }
    }
}

#[cfg(feature = "alloc")]
mod day {
    use super::*;
    use evse_load_scheduler::{Grid, Problem, Replay, ReplayError, max_served};

    /// A day of 12 slots of 60 s; stays begin and end at multiples of `align` seconds.
    fn days(align: i64) -> impl Strategy<Value = Problem> {
        let session = (0i64..12, 0i64..8, 0i64..4_000, 0i64..30, 0i64..60, any::<bool>());
        (
            prop::collection::vec(session, 0..20),
            prop::collection::vec(0i64..60, 12),
            prop::collection::vec(0i64..30, 12),
        )
            .prop_map(move |(sessions, limits, background)| {
                let sessions = (0u64..)
                    .zip(sessions)
                    .map(|(id, (slot, stay, energy, power, shift, vip))| {
                        let arrive = slot * 60 + shift / align * align;
                        Session::new(
                            SessionId::from_raw(id),
                            Seconds::from_raw(arrive),
                            Seconds::from_raw(arrive + stay * 60),
                            Joules::from_raw(energy),
                            Watts::from_raw(power),
                        )
                        .with_priority(if vip {
                            Priority::Vip
                        } else {
                            Priority::Standard
                        })
                    })
                    .collect();
                let watts = |v: Vec<i64>| v.into_iter().map(Watts::from_raw).collect::<Vec<_>>();
                Problem::builder(Grid::new(Seconds::ZERO, Seconds::from_raw(60), 12).unwrap())
                    .limit(watts(limits))
                    .background(watts(background))
                    .sessions(sessions)
                    .build()
                    .unwrap()
            })
    }

    /// Steps that divide a slot.
    fn steps() -> impl Strategy<Value = i64> {
        prop::sample::select(vec![1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60])
    }

    /// Steps that the background alone puts over the limit.
    fn unavoidable(problem: &Problem, step: i64) -> usize {
        problem.background_overloads().count() * usize::try_from(60 / step).unwrap()
    }

    fn check(problem: &Problem, replay: &Replay<'_>, step: i64) {
        assert_eq!(replay.steps_over_limit(), unavoidable(problem, step));
        let loads: i64 = replay.loads().iter().map(|l| l.raw()).sum();
        assert_eq!(loads, replay.served().raw());
        assert_eq!(replay.served().raw() + replay.unserved().raw(), problem.demand().raw());
        for (session, delivered) in problem.sessions().iter().zip(replay.delivered()) {
            assert!((0..=session.energy.raw()).contains(&delivered.raw()));
        }
    }

    proptest! {
        #[test]
        fn no_policy_passes_the_limit_or_beats_the_optimum(problem in days(1), step in steps()) {
            let best = max_served(&problem).unwrap().served;
            for policy in Policy::ALL.into_iter().filter(|p| *p != Policy::Uncontrolled) {
                let replay = Replay::run(&problem, policy, Seconds::from_raw(step)).unwrap();
                check(&problem, &replay, step);
                prop_assert!(replay.served() <= best, "{policy}");
            }
        }

        #[test]
        fn a_followed_plan_never_passes_the_limit(problem in days(1), step in steps()) {
            let best = max_served(&problem).unwrap();
            let replay = Replay::follow(&problem, &best.plan, Seconds::from_raw(step)).unwrap();
            check(&problem, &replay, step);
            prop_assert!(replay.served() <= best.served);
        }

        #[test]
        fn whole_slots_are_followed_to_the_joule(problem in days(60), step in steps()) {
            let best = max_served(&problem).unwrap();
            let replay = Replay::follow(&problem, &best.plan, Seconds::from_raw(step)).unwrap();
            for (planned, delivered) in best.plan.sessions().zip(replay.delivered()) {
                prop_assert_eq!(planned.total(), *delivered);
            }
        }
    }

    #[test]
    fn a_step_must_divide_the_slot() {
        let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(300), 2).unwrap();
        let problem = Problem::builder(grid).build().unwrap();
        for step in [i64::MIN, -60, 0, 7, 301] {
            let step = Seconds::from_raw(step);
            let slot_length = Seconds::from_raw(300);
            let refused = Replay::run(&problem, Policy::Fcfs, step);
            assert_eq!(refused.unwrap_err(), ReplayError::Step { step, slot_length });
        }
    }

    #[test]
    fn windows_are_cut_at_the_ends() {
        // 600 W in the first of two 5-minute slots, at 00:10 and 00:15: the quarter hours meet at 00:15.
        let grid = Grid::new(Seconds::from_raw(600), Seconds::from_raw(300), 2).unwrap();
        let problem = Problem::builder(grid)
            .background(vec![Watts::from_raw(600), Watts::from_raw(100)])
            .build()
            .unwrap();
        let replay = Replay::run(&problem, Policy::Fcfs, Seconds::from_raw(60)).unwrap();
        assert_eq!(replay.peak_over(Seconds::from_raw(900)).to_string(), "600.000 W");
        assert_eq!(replay.peak_over(Seconds::from_raw(1_800)).to_string(), "350.000 W");
    }
}
