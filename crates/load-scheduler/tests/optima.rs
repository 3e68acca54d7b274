//! The exact solver against brute force, against the `minilp` and `microlp` simplexes, and against itself.
#![cfg(feature = "alloc")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use evse_load_scheduler::{
    Cost, Grid, Joules, MicroPerKwh, Plan, Problem, Seconds, Session, SessionId, SolveError, Watts,
    bottleneck, max_served, min_cost, min_peak, verify,
};
use proptest::prelude::*;

/// A problem of small numbers: ties, empty stays, partial slots, stays beyond the grid, negative prices.
fn problems(slots: u32, sessions: usize, energy: i64) -> impl Strategy<Value = Problem> {
    let end = i64::from(slots) * 4;
    let session = (-2..end + 2, 0..=end, 0..=energy, 0i64..6);
    (
        prop::collection::vec(session, 0..=sessions),
        prop::collection::vec(0i64..12, slots as usize),
        prop::collection::vec(0i64..6, slots as usize),
        prop::collection::vec(-2i64..4, slots as usize),
        any::<bool>(),
    )
        .prop_map(move |(sessions, limits, background, prices, limited)| {
            let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(4), slots).unwrap();
            let sessions = (0u64..)
                .zip(sessions)
                .map(|(id, (arrive, stay, energy, power))| {
                    Session::new(
                        SessionId::from_raw(id),
                        Seconds::from_raw(arrive),
                        Seconds::from_raw(arrive + stay),
                        Joules::from_raw(energy),
                        Watts::from_raw(power),
                    )
                })
                .collect();
            let watts = |v: Vec<i64>| v.into_iter().map(Watts::from_raw).collect::<Vec<_>>();
            let prices: Vec<_> =
                prices.into_iter().map(|p| MicroPerKwh::from_raw(p * 100_000)).collect();
            let mut builder = Problem::builder(grid)
                .background(watts(background))
                .price(prices)
                .sessions(sessions);
            if limited {
                builder = builder.limit(watts(limits));
            }
            builder.build().unwrap()
        })
}

/// The most that a session can take in a slot, from first principles: second by second.
fn reach(problem: &Problem, session: &Session, slot: u32) -> i64 {
    let begin = problem.grid().start_of(slot).raw();
    let there = |second: &i64| session.arrive.raw() <= *second && *second < session.depart.raw();
    let seconds = (begin..begin + problem.grid().slot_length().raw()).filter(there).count();
    session.max_power.raw() * i64::try_from(seconds).unwrap()
}

/// Every possible plan of whole joules, tried: most served, and the least cost and peak among those that serve all.
struct BruteForce<'p> {
    problem: &'p Problem,
    cells: Vec<(usize, u32)>,
    energy: Vec<i64>,
    served: i64,
    cost: Option<i128>,
    peak: Option<i64>,
}

impl<'p> BruteForce<'p> {
    fn new(problem: &'p Problem) -> Self {
        let slots = problem.grid().slots();
        let cells: Vec<_> =
            (0..problem.sessions().len()).flat_map(|i| (0..slots).map(move |t| (i, t))).collect();
        let energy = vec![0; cells.len()];
        let mut brute = Self { problem, cells, energy, served: 0, cost: None, peak: None };
        brute.try_from(0);
        brute
    }

    fn try_from(&mut self, cell: usize) {
        let Some((session, slot)) = self.cells.get(cell).copied() else { return self.judge() };
        let asked = &self.problem.sessions()[session];
        let in_session: i64 =
            self.cells.iter().zip(&self.energy).filter(|(c, _)| c.0 == session).map(|c| c.1).sum();
        let in_slot: i64 =
            self.cells.iter().zip(&self.energy).filter(|(c, _)| c.1 == slot).map(|c| c.1).sum();
        let room = self.problem.headroom(slot).map_or(i64::MAX, |h| h.raw() * 4) - in_slot;
        let most = reach(self.problem, asked, slot).min(asked.energy.raw() - in_session).min(room);
        for energy in 0..=most.max(0) {
            self.energy[cell] = energy;
            self.try_from(cell + 1);
        }
        self.energy[cell] = 0;
    }

    fn judge(&mut self) {
        let served: i64 = self.energy.iter().sum();
        self.served = self.served.max(served);
        if served == self.problem.demand().raw() {
            let cost = self
                .cells
                .iter()
                .zip(&self.energy)
                .map(|(c, e)| i128::from(*e) * i128::from(self.problem.price(c.1).raw()));
            let cost: i128 = cost.sum();
            let peak = (0..self.problem.grid().slots())
                .map(|slot| {
                    let cells = self.cells.iter().zip(&self.energy).filter(|(c, _)| c.1 == slot);
                    cells.map(|(_, e)| e).sum::<i64>() + self.problem.background(slot).raw() * 4
                })
                .max()
                .unwrap();
            self.cost = Some(self.cost.map_or(cost, |c| c.min(cost)));
            self.peak = Some(self.peak.map_or(peak, |p| p.min(peak)));
        }
    }
}

/// Joules per slot of a mean power, for slots of 4 s: (numerator, denominator).
fn per_slot(power: evse_load_scheduler::MeanPower) -> (i128, i128) {
    (power.joules() * 4, i128::from(power.time().raw()))
}

/// What must hold of any problem, whatever its optimum.
fn check_claims(problem: &Problem) {
    let most = max_served(problem).unwrap();
    verify(problem, &most.plan).unwrap();
    assert_eq!(most.plan.total(), most.served);
    let missing = problem.demand().raw() - most.served.raw();
    match bottleneck(problem).unwrap() {
        None => assert_eq!(missing, 0),
        Some(cut) => {
            assert!(missing > 0);
            assert_eq!(cut.must.raw() - cut.room.raw(), missing);
            // The claim of the cut, from first principles.
            let must: i64 = cut
                .sessions
                .iter()
                .map(|i| {
                    let session = &problem.sessions()[*i];
                    let outside: i64 = (0..problem.grid().slots())
                        .filter(|t| !cut.slots.contains(t))
                        .map(|t| reach(problem, session, t).min(session.energy.raw()))
                        .sum();
                    session.energy.raw() - outside
                })
                .sum();
            assert_eq!(must, cut.must.raw());
            let room: i64 = cut.slots.iter().map(|t| problem.headroom(*t).unwrap().raw() * 4).sum();
            assert_eq!(room, cut.room.raw());
        }
    }
    let not_all = SolveError::NotAllServable { missing: Joules::from_raw(missing) };
    match (min_cost(problem), min_peak(problem)) {
        (Ok(cost), Ok(peak)) => {
            assert_eq!(missing, 0);
            verify(problem, &cost.plan).unwrap();
            verify(problem, &peak.plan).unwrap();
            assert_eq!(cost.plan.total(), problem.demand());
            assert_eq!(peak.plan.total(), problem.demand());
            assert_eq!(cost.cost, cost.plan.cost(problem));
            assert_eq!(peak.peak, peak.plan.peak(problem));
            // Less than a joule per slot above the bound, and the next whole joule at that.
            let (joules, slots) = per_slot(peak.bound);
            let rounded_up = joules.div_euclid(slots) + i128::from(joules.rem_euclid(slots) > 0);
            let (found, one) = per_slot(peak.peak);
            assert_eq!(found, rounded_up * one);
        }
        (cost, peak) => {
            assert_eq!(cost.unwrap_err(), not_all);
            assert_eq!(peak.unwrap_err(), not_all);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_048, max_global_rejects: 100_000, ..Default::default() })]

    #[test]
    fn brute_force_finds_nothing_better(problem in problems(3, 3, 5)) {
        check_claims(&problem);
        let brute = BruteForce::new(&problem);
        prop_assert_eq!(max_served(&problem).unwrap().served.raw(), brute.served);
        prop_assert_eq!(min_cost(&problem).ok().map(|m| m.cost.raw()), brute.cost);
        let peak = min_peak(&problem).ok().map(|m| m.peak.joules());
        prop_assert_eq!(peak, brute.peak.map(i128::from));
    }

    #[test]
    fn claims_hold(problem in problems(12, 12, 60)) {
        check_claims(&problem);
    }

    #[test]
    fn session_order_does_not_matter(problem in problems(8, 8, 40), turn in 0usize..8) {
        let mut sessions = problem.sessions().to_vec();
        let count = sessions.len().max(1);
        sessions.rotate_left(turn % count);
        let mut builder = Problem::builder(*problem.grid())
            .background((0..8).map(|t| problem.background(t)).collect::<Vec<_>>())
            .price((0..8).map(|t| problem.price(t)).collect::<Vec<_>>())
            .sessions(sessions);
        if problem.limit(0).is_some() {
            builder = builder.limit((0..8).map(|t| problem.limit(t).unwrap()).collect::<Vec<_>>());
        }
        let turned = builder.build().unwrap();
        let same = |a: &Plan, b: &Plan| {
            for i in 0..problem.sessions().len() {
                let moved = (i + count - turn % count) % count;
                assert_eq!(a.session(i), b.session(moved));
            }
        };
        same(&max_served(&problem).unwrap().plan, &max_served(&turned).unwrap().plan);
        if let (Ok(a), Ok(b)) = (min_cost(&problem), min_cost(&turned)) {
            same(&a.plan, &b.plan);
        }
        if let (Ok(a), Ok(b)) = (min_peak(&problem), min_peak(&turned)) {
            same(&a.plan, &b.plan);
            prop_assert_eq!(a.bound, b.bound);
        }
    }

    #[test]
    fn more_headroom_never_hurts(problem in problems(8, 8, 40), slot in 0u32..8, more in 1i64..9) {
        prop_assume!(problem.limit(0).is_some());
        let limits = (0..8).map(|t| {
            let extra = if t == slot { more } else { 0 };
            Watts::from_raw(problem.limit(t).unwrap().raw() + extra)
        });
        let wider = Problem::builder(*problem.grid())
            .limit(limits.collect::<Vec<_>>())
            .background((0..8).map(|t| problem.background(t)).collect::<Vec<_>>())
            .price((0..8).map(|t| problem.price(t)).collect::<Vec<_>>())
            .sessions(problem.sessions().to_vec())
            .build()
            .unwrap();
        prop_assert!(max_served(&wider).unwrap().served >= max_served(&problem).unwrap().served);
        if let Ok(tight) = min_cost(&problem) {
            prop_assert!(min_cost(&wider).unwrap().cost <= tight.cost);
        }
        if let Ok(tight) = min_peak(&problem) {
            prop_assert!(min_peak(&wider).unwrap().bound <= tight.bound);
        }
    }
}

#[cfg(feature = "minilp")]
mod simplex {
    use super::*;
    use evse_load_scheduler::lp::{self, LpError};

    fn is_short<T>(found: &Result<T, SolveError>) -> bool {
        matches!(found, Err(SolveError::NotAllServable { .. }))
    }

    #[allow(clippy::cast_precision_loss)]
    fn near(found: f64, exact: f64) -> bool {
        (found - exact).abs() <= 1e-6 * exact.abs().max(1.0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_024))]

        #[test]
        #[allow(clippy::cast_precision_loss)]
        fn minilp_finds_the_same_optimum(problem in problems(12, 12, 60)) {
            let exact = max_served(&problem).unwrap();
            let simplex = lp::max_served(&problem, &lp::Minilp::default()).unwrap();
            prop_assert!(near(simplex.objective_f64, exact.served.raw() as f64));
            verify(&problem, &simplex.plan).unwrap();
            // A vertex of this polytope is integer: the rounded plan is the optimum, to the joule.
            prop_assert_eq!(simplex.plan.total(), exact.served);

            match (min_cost(&problem), lp::min_cost(&problem, &lp::Minilp::default())) {
                (Ok(exact), Ok(simplex)) => {
                    prop_assert_eq!(simplex.plan.cost(&problem), exact.cost);
                    let micro = exact.cost.raw() as f64 / 3.6e6;
                    prop_assert!(near(simplex.objective_f64, micro));
                }
                (exact, simplex) => {
                    prop_assert!(is_short(&exact), "{:?}", exact);
                    prop_assert_eq!(simplex, Err(LpError::Infeasible));
                }
            }
            match (min_peak(&problem), lp::min_peak(&problem, &lp::Minilp::default())) {
                (Ok(exact), Ok(simplex)) => {
                    let watts = exact.bound.joules() as f64 / exact.bound.time().raw() as f64;
                    prop_assert!(
                        near(simplex.objective_f64, watts),
                        "{} instead of {watts}", simplex.objective_f64
                    );
                }
                (exact, simplex) => {
                    prop_assert!(is_short(&exact), "{:?}", exact);
                    prop_assert_eq!(simplex, Err(LpError::Infeasible));
                }
            }
        }
    }

    #[test]
    fn large_problems_are_refused() {
        let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(900), 8_193).unwrap();
        let car = Session::new(
            SessionId::from_raw(0),
            Seconds::ZERO,
            grid.end(),
            Joules::from_raw(1),
            Watts::from_raw(1),
        );
        let problem = Problem::builder(grid).sessions(vec![car]).build().unwrap();
        assert_eq!(
            lp::max_served(&problem, &lp::Minilp::default()),
            Err(LpError::TooLarge { variables: 8_193 })
        );
    }
}

#[test]
fn a_bound_between_two_joules_is_exact() {
    // Five joules over three slots: 5/3 J per slot, reached by no plan of whole joules.
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(1), 3).unwrap();
    let car = Session::new(
        SessionId::from_raw(0),
        Seconds::ZERO,
        Seconds::from_raw(3),
        Joules::from_raw(5),
        Watts::from_raw(9),
    );
    let problem = Problem::builder(grid).sessions(vec![car]).build().unwrap();
    let found = min_peak(&problem).unwrap();
    assert_eq!((found.bound.joules(), found.bound.time().raw()), (5, 3));
    assert_eq!(found.peak.to_string(), "2.000 W");
    assert_eq!(found.binding_slots, [0, 1, 2]);
}

#[test]
fn nothing_to_do_is_done() {
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(900), 96).unwrap();
    let problem = Problem::builder(grid).background(Watts::from_raw(7)).build().unwrap();
    assert_eq!(max_served(&problem).unwrap().served, Joules::ZERO);
    assert_eq!(min_cost(&problem).unwrap().cost, Cost::ZERO);
    let peak = min_peak(&problem).unwrap();
    assert_eq!(peak.bound.to_string(), "7.000 W");
    assert_eq!(peak.binding_slots, [0u32; 0]);
}
