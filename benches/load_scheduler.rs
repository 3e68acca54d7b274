//! How long does an optimal plan of a day take, how long one step of a policy?
//!
//! The exact flow solver beside general linear programming on the same days: the simplexes `minilp` and `microlp` and the
//! interior-point solver `clarabel`. All are first seen to find the same optimum. Peers that need seconds a plan run only
//! with `EVSE_BENCH_SLOW=1`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros make undocumented items; a failed unwrap is a failed assertion on the input"
)]

use std::hint::black_box;

use clarabel::algebra::CscMatrix;
use clarabel::solver::{
    DefaultSettingsBuilder, DefaultSolver, IPSolver, NonnegativeConeT, SolverStatus, ZeroConeT,
};
use criterion::{
    BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime,
};
use evse_load_scheduler::{
    Car, DemandCharge, DemandResponse, Efficiency, Export, Grid, Joules, MicroPerKw, MicroPerKwh,
    Node, NodeId, Policy, Problem, Replay, Seconds, Session, SessionId, StandingPlan, Storage,
    Watts, allocate, cheapest, lp, max_served, min_cost, min_peak,
};
use rand::{RngExt, SeedableRng};

/// Cars over a day: arrivals at random, stays around `stay` seconds, most of each stay's energy; ties if `alike`.
/// The limit is 5 % above the lowest possible peak; three prices.
fn day(cars: u64, slots: u32, stay: i64, alike: bool) -> Problem {
    let length = 86_400 / i64::from(slots);
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(length), slots).unwrap();
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(7);
    let sessions = (0..cars)
        .map(|id| {
            let (arrive, stay, share, power) = if alike {
                (28_800, 2 * stay, 50, 22_000)
            } else {
                let arrive = random.random_range(0..86_400 - stay / 2);
                let stay = random.random_range(stay / 2..stay * 3 / 2).min(86_400 - arrive);
                let power = [7_000, 11_000, 22_000, 60_000, 120_000][random.random_range(0..5)];
                (arrive, stay, random.random_range(20..90), power)
            };
            let energy = Joules::from_raw(power * stay / 100 * share);
            let (arrive, depart) = (Seconds::from_raw(arrive), Seconds::from_raw(arrive + stay));
            Session::new(SessionId::from_raw(id), arrive, depart, energy, Watts::from_raw(power))
        })
        .collect::<Vec<_>>();
    let prices: Vec<_> = grid
        .slot_starts()
        .map(|start| {
            MicroPerKwh::from_raw(match start.raw() / 3_600 {
                0..8 => 260_000,
                10..12 | 14..19 => 1_190_000,
                _ => 780_000,
            })
        })
        .collect();
    let build = |limit: Option<Watts>| {
        let builder = Problem::builder(grid).price(prices.clone()).sessions(sessions.clone());
        limit.map_or(builder.clone(), |limit| builder.limit(limit)).build().unwrap()
    };
    let lowest = min_peak(&build(None)).unwrap().bound.milliwatts_half_up() / 1_000;
    build(Some(Watts::from_raw(i64::try_from(lowest * 105 / 100).unwrap())))
}

/// A problem as rows and columns: kWh per session and slot.
struct Rows {
    /// Session, slot, most energy.
    columns: Vec<(usize, usize, f64)>,
    energy: Vec<f64>,
    room: Vec<f64>,
    price: Vec<f64>,
}

impl Rows {
    fn new(problem: &Problem) -> Self {
        let kwh = |joules: i64| joules as f64 / 3.6e6;
        let length = problem.grid().slot_length().raw();
        let mut columns = Vec::new();
        for (i, session) in problem.sessions().iter().enumerate() {
            for (t, start) in problem.grid().slot_starts().enumerate() {
                let begin = session.arrive.raw().max(start.raw());
                let end = session.depart.raw().min(start.raw() + length);
                if begin < end {
                    columns.push((i, t, kwh(session.max_power.raw() * (end - begin))));
                }
            }
        }
        let slots = 0..problem.grid().slots();
        Self {
            columns,
            energy: problem.sessions().iter().map(|s| kwh(s.energy.raw())).collect(),
            room: slots.clone().map(|t| kwh(problem.headroom(t).unwrap().raw() * length)).collect(),
            price: slots.map(|t| problem.price(t).raw() as f64 / 1e6).collect(),
        }
    }
}

/// What is asked of the general solvers; the answer is in currency units or in kWh per slot.
#[derive(Clone, Copy, PartialEq)]
enum Question {
    LeastCost,
    LowestPeak,
}

fn by_microlp(rows: &Rows, question: Question) -> f64 {
    use microlp::{ComparisonOp, OptimizationDirection, Problem};
    let mut lp = Problem::new(OptimizationDirection::Minimize);
    let mut by_session = vec![Vec::new(); rows.energy.len()];
    let mut by_slot = vec![Vec::new(); rows.room.len()];
    for (i, t, most) in &rows.columns {
        let cost = if question == Question::LeastCost { rows.price[*t] } else { 0.0 };
        let variable = lp.add_var(cost, (0.0, *most));
        by_session[*i].push((variable, 1.0));
        by_slot[*t].push((variable, 1.0));
    }
    for (row, energy) in by_session.into_iter().zip(&rows.energy) {
        lp.add_constraint(row.as_slice(), ComparisonOp::Eq, *energy);
    }
    let peak = (question == Question::LowestPeak).then(|| lp.add_var(1.0, (0.0, f64::INFINITY)));
    for (mut row, room) in by_slot.into_iter().zip(&rows.room) {
        let bound = if let Some(peak) = peak {
            row.push((peak, -1.0));
            0.0
        } else {
            *room
        };
        lp.add_constraint(row.as_slice(), ComparisonOp::Le, bound);
    }
    lp.solve().unwrap().into_solution().unwrap().objective()
}

fn by_clarabel(rows: &Rows, question: Question) -> f64 {
    let (sessions, slots, cells) = (rows.energy.len(), rows.room.len(), rows.columns.len());
    let peak = question == Question::LowestPeak;
    let variables = cells + usize::from(peak);
    // Rows: sessions (equal), slots (at most), upper bounds, lower bounds.
    let (mut i, mut j, mut v) = (Vec::new(), Vec::new(), Vec::new());
    let mut entry = |row, column, value| {
        i.push(row);
        j.push(column);
        v.push(value);
    };
    for (column, (session, slot, _)) in rows.columns.iter().enumerate() {
        entry(*session, column, 1.0);
        entry(sessions + slot, column, 1.0);
        entry(sessions + slots + column, column, 1.0);
        entry(sessions + slots + cells + column, column, -1.0);
    }
    let mut bounds = rows.energy.clone();
    if peak {
        for slot in 0..slots {
            entry(sessions + slot, cells, -1.0);
        }
        bounds.extend(std::iter::repeat_n(0.0, slots));
    } else {
        bounds.extend(&rows.room);
    }
    bounds.extend(rows.columns.iter().map(|(.., most)| most));
    bounds.extend(std::iter::repeat_n(0.0, cells));
    let mut cost: Vec<f64> = rows.columns.iter().map(|(_, t, _)| rows.price[*t]).collect();
    if peak {
        cost.fill(0.0);
        cost.push(1.0);
    }
    let a = CscMatrix::new_from_triplets(bounds.len(), variables, i, j, v);
    let cones = [ZeroConeT(sessions), NonnegativeConeT(slots + 2 * cells)];
    let settings = DefaultSettingsBuilder::default().verbose(false).build().unwrap();
    let p = CscMatrix::zeros((variables, variables));
    let mut solver = DefaultSolver::new(&p, &cost, &a, &bounds, &cones, settings).unwrap();
    solver.solve();
    assert_eq!(solver.solution.status, SolverStatus::Solved);
    solver.solution.obj_val
}

#[track_caller]
fn assert_near(found: f64, exact: f64, tolerance: f64) {
    assert!((found - exact).abs() <= tolerance * exact.abs(), "{found} instead of {exact}");
}

fn slow_too() -> bool {
    std::env::var_os("EVSE_BENCH_SLOW").is_some_and(|v| v == "1")
}

fn group<'c>(c: &'c mut Criterion, name: &str) -> BenchmarkGroup<'c, WallTime> {
    let mut group = c.benchmark_group(name);
    group.sample_size(10);
    group
}

fn least_cost(c: &mut Criterion) {
    let mut group = group(c, "one day planned at least cost, 200 cars x 96 slots");
    let problem = day(200, 96, 23_000, false);
    let rows = Rows::new(&problem);
    let exact = min_cost(&problem).unwrap().cost.raw() as f64 / 3.6e12;
    println!("{} variables, {exact:.4} currency units", rows.columns.len());
    group.bench_function("exact flow", |b| b.iter(|| min_cost(black_box(&problem)).unwrap()));
    assert_near(by_microlp(&rows, Question::LeastCost), exact, 1e-9);
    group.bench_function("microlp", |b| {
        b.iter(|| by_microlp(black_box(&rows), Question::LeastCost));
    });
    assert_near(by_clarabel(&rows, Question::LeastCost), exact, 1e-6);
    group.bench_function("clarabel", |b| {
        b.iter(|| by_clarabel(black_box(&rows), Question::LeastCost));
    });
    assert_near(
        lp::min_cost(&problem, &lp::Minilp::default()).unwrap().objective_f64 / 1e6,
        exact,
        1e-9,
    );
    group.bench_function("minilp", |b| {
        b.iter(|| lp::min_cost(black_box(&problem), &lp::Minilp::default()).unwrap())
    });
    group.finish();
}

fn lowest_peak(c: &mut Criterion) {
    for (cars, slow) in [(110u64, false), (2_000, true)] {
        let name = format!("lowest peak of a 110-gun day, {cars} sessions x 288 slots");
        let mut group = group(c, &name);
        let problem = day(cars, 288, 1_620, false).without_limit();
        let bound = min_peak(&problem).unwrap().bound;
        group.bench_function("exact flow", |b| b.iter(|| min_peak(black_box(&problem)).unwrap()));
        let limited = day(cars, 288, 1_620, false);
        let rows = Rows::new(&limited);
        let exact = bound.to_kw_f64() / 12.0;
        println!("{} variables, {bound}", rows.columns.len());
        if !slow || slow_too() {
            assert_near(by_clarabel(&rows, Question::LowestPeak), exact, 1e-6);
            group.bench_function("clarabel", |b| {
                b.iter(|| by_clarabel(black_box(&rows), Question::LowestPeak));
            });
            assert_near(by_microlp(&rows, Question::LowestPeak), exact, 1e-9);
            group.bench_function("microlp", |b| {
                b.iter(|| by_microlp(black_box(&rows), Question::LowestPeak));
            });
        }
        if !slow {
            let watts = lp::min_peak(&problem, &lp::Minilp::default()).unwrap().objective_f64;
            assert_near(watts / 1_000.0, bound.to_kw_f64(), 1e-9);
            group.bench_function("minilp", |b| {
                b.iter(|| lp::min_peak(black_box(&problem), &lp::Minilp::default()).unwrap());
            });
        }
        group.finish();
    }
}

fn growth(c: &mut Criterion) {
    let mut group = group(c, "the exact flow on larger days");
    for (name, problem) in [
        ("1000 cars x 96 slots", day(1_000, 96, 23_000, false)),
        ("2000 cars x 288 slots", day(2_000, 288, 23_000, false)),
        ("1000 equal cars x 96 slots", day(1_000, 96, 23_000, true)),
    ] {
        group.bench_function(format!("least cost, {name}"), |b| {
            b.iter(|| min_cost(black_box(&problem)).unwrap());
        });
        group.bench_function(format!("most served, {name}"), |b| {
            b.iter(|| max_served(black_box(&problem)).unwrap());
        });
        group.bench_function(format!("lowest peak, {name}"), |b| {
            b.iter(|| min_peak(black_box(&problem)).unwrap());
        });
    }
    group.finish();
    // A curve: the same kind of day with ever more cars, then with ever more slots.
    let mut group = self::group(c, "the exact flow by size, least cost");
    let sizes = [(125, 96), (250, 96), (500, 96), (1_000, 96), (2_000, 96)];
    let finer = [(500, 24), (500, 48), (500, 144), (500, 288), (500, 576)];
    for (cars, slots) in sizes.into_iter().chain(finer) {
        let problem = day(cars, slots, 23_000, false);
        group.bench_function(format!("{cars} cars x {slots} slots"), |b| {
            b.iter(|| min_cost(black_box(&problem)).unwrap());
        });
    }
    group.finish();
}

fn policies(c: &mut Criterion) {
    let mut group = c.benchmark_group("one step shared among 110 cars");
    let problem = day(110, 96, 23_000, true);
    let cars: Vec<Car> = (0..).zip(problem.sessions()).map(|(i, s)| Car::new(s, i)).collect();
    let (now, step) = (Seconds::from_raw(30_000), Seconds::from_raw(60));
    for policy in Policy::ALL {
        group.bench_function(policy.name(), |b| {
            let mut cars = cars.clone();
            b.iter(|| {
                cars.reverse();
                allocate(policy, now, step, Watts::from_raw(1_000_000), black_box(&mut cars));
            });
        });
    }
    group.finish();
    let mut group = c.benchmark_group("a day of 2000 sessions replayed in minutes");
    group.sample_size(10);
    let problem = day(2_000, 288, 1_620, false);
    for policy in Policy::ALL {
        group.bench_function(policy.name(), |b| {
            b.iter(|| Replay::run(black_box(&problem), policy, step).unwrap());
        });
    }
    group.finish();
}

/// Time-of-use price, one limit or a tree of them, prices on unserved energy: a third of the cars cannot be served in full.
fn site(cars: u64, slots: u32, feeders: u64, alike: bool, demand: bool) -> Problem {
    let plain = day(cars, slots, 23_000, alike);
    let grid = *plain.grid();
    let limit = Watts::from_raw(plain.limit(0).unwrap().raw() * 8 / 10);
    let price =
        |id: u64| MicroPerKwh::from_raw([5_000_000, 8_000_000, 40_000_000][(id % 3) as usize]);
    let sessions = plain.sessions().iter().map(|session| {
        let session = session.with_unserved_price(price(if alike { 0 } else { session.id.raw() }));
        match session.id.raw().checked_rem(feeders) {
            Some(feeder) => session.with_node(NodeId::from_raw(feeder)),
            None => session,
        }
    });
    let share = limit.raw() * 12 / 10 / i64::try_from(feeders.max(1)).unwrap();
    let nodes = (0..feeders).map(|id| Node::new(NodeId::from_raw(id), Watts::from_raw(share)));
    let charge = DemandCharge {
        price: MicroPerKw::from_raw(if demand { 1_300_000 } else { 0 }),
        peak_so_far: Watts::ZERO,
    };
    let prices: Vec<_> = if alike {
        vec![MicroPerKwh::from_raw(500_000); slots as usize]
    } else {
        (0..slots).map(|slot| plain.price(slot)).collect()
    };
    Problem::builder(grid)
        .price(prices)
        .limit(limit)
        .nodes(nodes.collect())
        .sessions(sessions.collect())
        .demand_charge(charge)
        .build()
        .unwrap()
}

/// The whole bill with its proof, beside the general solvers on the same linear program.
fn whole_bill(c: &mut Criterion) {
    let mut group = group(c, "the whole bill, with its proof");
    for (name, problem, peers) in [
        ("55 cars x 96 slots", site(55, 96, 0, false, false), 2),
        ("200 cars x 96 slots", site(200, 96, 0, false, false), 2),
        ("1000 cars x 96 slots", site(1_000, 96, 0, false, false), 1),
        ("2000 cars x 288 slots", site(2_000, 288, 0, false, false), 0),
        ("1000 equal cars x 96 slots", site(1_000, 96, 0, true, false), 0),
        ("1000 cars x 96 slots, 10 feeders", site(1_000, 96, 10, false, false), 0),
        ("1000 cars x 96 slots, 500 pairs of guns", site(1_000, 96, 500, false, false), 0),
        ("200 cars x 96 slots, demand charge", site(200, 96, 0, false, true), 1),
    ] {
        let exact = cheapest(&problem).unwrap();
        let bill = exact.account.total().raw() as f64 / 3.6e12;
        group.bench_function(format!("exact flow, {name}"), |b| {
            b.iter(|| cheapest(black_box(&problem)).unwrap());
        });
        let backends: [&dyn lp::Backend; 2] =
            [&lp::Microlp::default(), &lp::Minilp { max_columns: 30_000 }];
        let slow = problem.sessions().len() > 200 && !slow_too();
        for backend in backends.iter().take(if slow { 0 } else { peers }) {
            let found = lp::solve(&problem, *backend).unwrap();
            assert_near(found.account.total().raw() as f64 / 3.6e12, bill, 1e-6);
            group.bench_function(format!("{}, {name}", backend.name()), |b| {
                b.iter(|| lp::solve(black_box(&problem), *backend).unwrap());
            });
        }
    }
    group.finish();
}

/// A site with all that couples the slots: a battery, the sun, export, an order and a demand charge.
fn park(cars: u64, slots: u32, feeders: u64) -> Problem {
    let site = site(cars, slots, feeders, false, true);
    let grid = *site.grid();
    let limit = site.limit(0).unwrap();
    let part = |percent: i64| Watts::from_raw(limit.raw() / 100 * percent);
    let hours = |power: Watts, hours: i64| Joules::from_raw(power.raw() * 3_600 * hours);
    let efficiency = Efficiency::from_ppb(950_000_000).unwrap();
    let battery = Storage {
        max: hours(part(25), 2),
        min: Joules::ZERO,
        initial: hours(part(25), 1),
        final_min: hours(part(25), 1),
        max_charge: part(25),
        max_discharge: part(25),
        charge_efficiency: efficiency,
        discharge_efficiency: efficiency,
        wear: MicroPerKwh::from_raw(80_000),
    };
    let sun = |start: Seconds| {
        // A parabola from six to eighteen.
        let hour = start.raw() / 3_600;
        part(((hour - 6) * (18 - hour)).max(0))
    };
    let (from, to) = (slots * 10 / 24, slots * 12 / 24);
    let order =
        DemandResponse { from, to, cap: part(60), price: Some(MicroPerKwh::from_raw(3_000_000)) };
    let prices: Vec<_> = (0..slots).map(|slot| site.price(slot)).collect();
    let earned = MicroPerKwh::from_raw(200_000);
    Problem::builder(grid)
        .price(prices)
        .limit(limit)
        .pv(grid.slot_starts().map(sun).collect::<Vec<_>>())
        .export(Export { limit: part(30).into(), price: earned.into() })
        .demand_charge(site.demand_charge())
        .storages(vec![battery])
        .events(vec![order])
        .nodes(site.nodes().to_vec())
        .sessions(site.sessions().to_vec())
        .build()
        .unwrap()
}

/// What is more than a flow while the cars are one: the program in sums over cars beside the whole one.
fn sums_over_cars(c: &mut Criterion) {
    let mut group = group(c, "battery, sun, export, order and demand charge");
    let microlp = lp::Microlp::default();
    for (name, problem, is_slow) in [
        ("200 cars x 96 slots", park(200, 96, 0), false),
        ("1000 cars x 96 slots", park(1_000, 96, 0), true),
        ("1000 cars x 96 slots, 10 feeders", park(1_000, 96, 10), true),
    ] {
        let pooled = lp::solve_pooled(&problem, &microlp).unwrap();
        assert!(pooled.is_optimal);
        let bill = pooled.account.total().raw() as f64 / 3.6e12;
        group.bench_function(format!("sums over cars, {name}"), |b| {
            b.iter(|| lp::solve_pooled(black_box(&problem), &microlp).unwrap());
        });
        if !is_slow || slow_too() {
            let whole = lp::solve(&problem, &microlp).unwrap();
            assert_near(whole.account.total().raw() as f64 / 3.6e12, bill, 1e-6);
            group.bench_function(format!("whole program, {name}"), |b| {
                b.iter(|| lp::solve(black_box(&problem), &microlp).unwrap());
            });
        }
    }
    group.finish();
}

/// One event in a plan that stands, beside the same bill from nothing.
fn changes(c: &mut Criterion) {
    for (name, feeders) in [("1000 cars x 96 slots", 0), ("1000 cars x 96 slots, 10 feeders", 10)] {
        let mut group = group(c, &format!("one change, {name}"));
        let problem = site(1_000, 96, feeders, false, false);
        group.bench_function("from nothing", |b| {
            b.iter(|| cheapest(black_box(&problem)).unwrap());
        });
        let mut plan = StandingPlan::new(problem).unwrap();
        let car = plan.remove(SessionId::from_raw(500)).unwrap();
        // Each iteration is two events.
        group.bench_function("a car comes and leaves, two bills", |b| {
            b.iter(|| {
                plan.add(black_box(car)).unwrap();
                let bill = plan.account();
                plan.remove(car.id).unwrap();
                (bill, plan.account())
            });
        });
        let limit = plan.problem().limit(40).unwrap();
        let lower = Watts::from_raw(limit.raw() * 9 / 10);
        group.bench_function("a limit falls and rises, two bills", |b| {
            b.iter(|| {
                plan.set_limit(40, black_box(lower)).unwrap();
                let bill = plan.account();
                plan.set_limit(40, limit).unwrap();
                (bill, plan.account())
            });
        });
        let cold = cheapest(plan.problem()).unwrap();
        assert_eq!(plan.account().total(), cold.account.total());
        group.finish();
    }
}

criterion_group!(
    benches,
    least_cost,
    lowest_peak,
    growth,
    whole_bill,
    sums_over_cars,
    changes,
    policies
);
criterion_main!(benches);
