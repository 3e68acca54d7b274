//! Every hazard of a problem's input is a typed error or a defined result.
#![cfg(feature = "alloc")]
#![allow(clippy::unwrap_used)]

use evse_load_scheduler::{
    Field, Grid, Joules, MAX_ENERGY, MAX_SLOTS, MicroPerKwh, Plan, Policy, Problem, ProblemError,
    Replay, Seconds, Session, SessionId, SolveError, Violation, Watts, bottleneck, max_served,
    min_cost, min_peak, quantise, verify,
};

fn grid() -> Grid {
    Grid::new(Seconds::ZERO, Seconds::from_raw(900), 4).unwrap()
}

fn session(id: u64, arrive: i64, depart: i64, energy: i64, power: i64) -> Session {
    Session::new(
        SessionId::from_raw(id),
        Seconds::from_raw(arrive),
        Seconds::from_raw(depart),
        Joules::from_raw(energy),
        Watts::from_raw(power),
    )
}

fn with(sessions: Vec<Session>) -> Result<Problem, ProblemError> {
    Problem::builder(grid()).limit(Watts::from_raw(1_000)).sessions(sessions).build()
}

#[test]
fn wrong_grids_are_refused() {
    let second = Seconds::from_raw(1);
    for slots in [0, MAX_SLOTS + 1, u32::MAX] {
        let refused = Grid::new(Seconds::ZERO, second, slots);
        assert_eq!(refused, Err(ProblemError::SlotCount { slots }));
    }
    for value in [i64::MIN, 0, 604_801, i64::MAX] {
        let refused = Grid::new(Seconds::ZERO, Seconds::from_raw(value), 1);
        let field = Field::SlotLength;
        assert_eq!(refused, Err(ProblemError::OutOfRange { field, index: 0, value }));
    }
    for value in [i64::MIN, i64::MAX] {
        let refused = Grid::new(Seconds::from_raw(value), second, 1);
        let field = Field::GridStart;
        assert_eq!(refused, Err(ProblemError::OutOfRange { field, index: 0, value }));
    }
}

#[test]
fn wrong_series_are_refused() {
    let refused = Problem::builder(grid()).limit(vec![Watts::ZERO; 3]).build();
    let wrong_length = ProblemError::SeriesLength { field: Field::Limit, expected: 4, found: 3 };
    assert_eq!(refused.unwrap_err(), wrong_length);

    let background = vec![Watts::ZERO, Watts::ZERO, Watts::from_raw(-1), Watts::ZERO];
    let refused = Problem::builder(grid()).background(background).build();
    let negative = ProblemError::Negative { field: Field::Background, index: 2, value: -1 };
    assert_eq!(refused.unwrap_err(), negative);

    let refused = Problem::builder(grid()).price(MicroPerKwh::from_raw(i64::MIN)).build();
    let out = ProblemError::OutOfRange { field: Field::Price, index: 0, value: i64::MIN };
    assert_eq!(refused.unwrap_err(), out);
}

#[test]
fn wrong_sessions_are_refused() {
    let negative = |field, value| ProblemError::Negative { field, index: 1, value };
    let out = |field, value| ProblemError::OutOfRange { field, index: 1, value };
    let good = session(0, 0, 900, 1, 1);
    // 10^15 kWh in one session.
    let absurd = 3_600_000_000_000_000_000 + 1;
    for (bad, error) in [
        (session(1, 0, 900, -1, 1), negative(Field::Energy, -1)),
        (session(1, 0, 900, 1, -1), negative(Field::MaxPower, -1)),
        (session(1, 0, 900, absurd, 1), out(Field::Energy, absurd)),
        (session(1, 0, 900, 1, i64::MAX), out(Field::MaxPower, i64::MAX)),
        (session(1, i64::MIN, 900, 1, 1), out(Field::Arrive, i64::MIN)),
        (session(1, 0, i64::MAX, 1, 1), out(Field::Depart, i64::MAX)),
        (
            session(0, 0, 900, 1, 1),
            ProblemError::DuplicateSession { id: SessionId::from_raw(0), first: 0, second: 1 },
        ),
        (session(1, 0, 900, MAX_ENERGY.raw(), 1), ProblemError::TotalEnergy { index: 1 }),
    ] {
        assert_eq!(with(vec![good, bad]).unwrap_err(), error);
    }
}

#[test]
fn the_documented_range_is_accepted() {
    // 10 000 slots, 10^7 kW, 10^9 kWh.
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(900), 10_000).unwrap();
    let power = 10_000_000_000;
    let energy = 3_600_000_000_000_000;
    let sessions = (0..3).map(|id| session(id, 0, 9_000_000, energy, power)).collect();
    let problem =
        Problem::builder(grid).limit(Watts::from_raw(power)).sessions(sessions).build().unwrap();
    assert_eq!(max_served(&problem).unwrap().served.raw(), 3 * energy);
    assert!(min_cost(&problem).is_ok());
    // 1.2e9 kW·s · 10 000 slots does not fit 64 bits, and is said not to.
    assert!(matches!(min_peak(&problem), Ok(_) | Err(SolveError::OutOfRange)));
}

#[test]
fn a_hundred_thousand_sessions_are_planned() {
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(300), 288).unwrap();
    let sessions = (0..100_000)
        .map(|id| {
            let arrive = i64::try_from(id).unwrap() * 7_919 % 86_400;
            session(id, arrive, arrive + 2_000, 7_000_000, 7_000)
        })
        .collect();
    let problem = Problem::builder(grid)
        .limit(Watts::from_raw(8_000_000))
        .sessions(sessions)
        .build()
        .unwrap();
    let most = max_served(&problem).unwrap();
    let missing = problem.demand().raw() - most.served.raw();
    let found = bottleneck(&problem).unwrap().map_or(0, |b| b.must.raw() - b.room.raw());
    assert_eq!(missing, found);
}

#[test]
fn empty_stays_and_stays_elsewhere_are_served_nothing() {
    for stay in [
        session(0, 900, 900, 10, 10),
        session(0, 1_800, 900, 10, 10),
        session(0, -900, 0, 10, 10),
        session(0, 3_600, 7_200, 10, 10),
        session(0, 0, 900, 10, 0),
    ] {
        let problem = with(vec![stay]).unwrap();
        let most = max_served(&problem).unwrap();
        assert_eq!(most.served, Joules::ZERO);
        assert_eq!(most.plan.unserved(&problem, 0), Joules::from_raw(10));
        assert_eq!(problem.reach(0), Some(Joules::ZERO));
        let missing = Joules::from_raw(10);
        assert_eq!(min_cost(&problem), Err(SolveError::NotAllServable { missing }));
        assert_eq!(min_peak(&problem), Err(SolveError::NotAllServable { missing }));
        let why = bottleneck(&problem).unwrap().unwrap();
        assert_eq!((why.sessions, why.slots), (vec![0], vec![]));
        let replay = Replay::run(&problem, Policy::Fcfs, Seconds::from_raw(60)).unwrap();
        assert_eq!(replay.unserved(), missing);
    }
}

#[test]
fn stays_are_clipped_to_the_grid() {
    let problem = with(vec![session(0, -5_000, 5_000, 1_000_000, 200)]).unwrap();
    assert_eq!(max_served(&problem).unwrap().served.raw(), 3_600 * 200);
    assert_eq!(problem.reach(0).unwrap().raw(), 3_600 * 200);
}

#[test]
fn a_background_over_the_limit_is_reported_and_leaves_nothing() {
    let load = [0, 1_500, 1_000, 0].map(Watts::from_raw).to_vec();
    let problem = Problem::builder(grid())
        .limit(Watts::from_raw(1_000))
        .background(load)
        .sessions(vec![session(0, 0, 3_600, 3_600_000, 1_000)])
        .build()
        .unwrap();
    let overloads: Vec<_> = problem.background_overloads().collect();
    assert_eq!(overloads, [(1, Watts::from_raw(500))]);
    assert_eq!(problem.headroom(1), Some(Watts::ZERO));
    let most = max_served(&problem).unwrap();
    let run = most.plan.session(0).unwrap();
    let slots = [0, 1, 2, 3].map(|slot| run.in_slot(slot).raw());
    assert_eq!(slots, [900_000, 0, 0, 900_000]);
}

#[test]
fn a_negative_price_buys_no_more_than_asked() {
    let prices = [5, -7, 3, 5].map(MicroPerKwh::from_raw).to_vec();
    let problem = Problem::builder(grid())
        .price(prices)
        .sessions(vec![session(0, 0, 3_600, 1_000_000, 1_000)])
        .build()
        .unwrap();
    let cheapest = min_cost(&problem).unwrap();
    assert_eq!(cheapest.plan.total().raw(), 1_000_000);
    assert_eq!(cheapest.cost.raw(), 900_000 * -7 + 100_000 * 3);
}

#[test]
fn the_verifier_rejects_each_kind_of_fault() {
    let problem =
        with(vec![session(0, 0, 1_000, 500_000, 600), session(1, 0, 1_800, 900_000, 600)]);
    let problem = problem.unwrap();
    let plan = |a: &[i64], b: &[i64]| {
        let runs = [a, b].map(|run| (0, run.iter().copied().map(Joules::from_raw).collect()));
        Plan::from_runs::<_, Vec<_>>(runs)
    };
    assert_eq!(verify(&problem, &plan(&[400_000], &[500_000, 100_000])), Ok(()));
    let [empty] = [Plan::default()];
    let wrong = Violation::SessionCount { expected: 2, found: 0 };
    assert_eq!(verify(&problem, &empty), Err(wrong));
    let wrong = Violation::Negative { session: 1, slot: 0 };
    assert_eq!(verify(&problem, &plan(&[0], &[-1])), Err(wrong));
    let wrong = Violation::BeyondGrid { session: 1, slot: 4 };
    assert_eq!(verify(&problem, &plan(&[], &[0, 0, 0, 0, 1])), Err(wrong));
    // 100 s of the second slot at 600 W.
    assert_eq!(verify(&problem, &plan(&[0, 60_000], &[])), Ok(()));
    let energy = Joules::from_raw(60_001);
    let wrong = Violation::PowerLimit { session: 0, slot: 1, energy };
    assert_eq!(verify(&problem, &plan(&[0, 60_001], &[])), Err(wrong));
    let wrong = Violation::Overserved { session: 0, energy: Joules::from_raw(500_001) };
    assert_eq!(verify(&problem, &plan(&[500_001], &[])), Err(wrong));
    let (energy, headroom) = (Joules::from_raw(900_001), Watts::from_raw(1_000));
    let wrong = Violation::Headroom { slot: 0, energy, headroom };
    assert_eq!(verify(&problem, &plan(&[450_000], &[450_001])), Err(wrong));
}

/// A car that leaves at the second at which it came, in the middle of a slot, is there for none of it.
#[test]
fn an_empty_stay_within_a_slot_is_quantised() {
    let problem = with(vec![session(1, 100, 100, 5, 10), session(2, 0, 900, 900, 10)]).unwrap();
    let plan = max_served(&problem).unwrap().plan;
    let stepped = quantise(&problem, &plan, |_| Watts::from_raw(2));
    verify(&problem, &stepped).unwrap();
    assert_eq!(stepped.total(), Joules::from_raw(0));
    assert_eq!(quantise(&problem, &plan, |_| Watts::from_raw(1)).total(), plan.total());
}
