//! The exact solvers against the general linear program and against brute force, on random sites with trees, prices on
//! unserved energy, demand charge, sun, export, grid orders, losses and price ceilings.
#![cfg(all(feature = "minilp", feature = "microlp"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::cast_precision_loss)]

use evse_load_scheduler::{
    Account, Coupling, DemandCharge, DemandResponse, Efficiency, Export, Grid, Joules, MicroPerKw,
    MicroPerKwh, Milestone, Node, NodeId, Package, Phases, Plan, Priority, Problem, Seconds,
    Session, SessionId, SolveError, Storage, TaperLine, V2g, Watts, cheapest, fairest, flattest,
    flexibility, lp, max_served, min_peak, optimise, quantise, verify, vips_first,
    with_minimum_power,
};
use proptest::prelude::*;

const SLOT: i64 = 900;

fn watts(kw: i64) -> Watts {
    Watts::from_raw(kw * 1_000)
}

fn price(milli: i64) -> MicroPerKwh {
    MicroPerKwh::from_raw(milli * 1_000)
}

#[derive(Debug, Clone)]
struct Car {
    arrive: u32,
    stay: u32,
    power: i64,
    energy: i64,
    price: i64,
    node: usize,
    loses: bool,
    ceiling: Option<i64>,
}

fn car(slots: u32) -> impl Strategy<Value = Car> {
    (
        (0..slots, 0..=slots, 0..30i64, 0..12i64),
        (
            0..1_500i64,
            0..4usize,
            prop::bool::weighted(0.2),
            prop::option::weighted(0.1, -100..900i64),
        ),
    )
        .prop_map(|((arrive, stay, power, energy), (price, node, loses, ceiling))| Car {
            arrive,
            stay,
            power,
            energy,
            price,
            node,
            loses,
            ceiling,
        })
}

impl Car {
    fn session(&self, id: u64) -> Session {
        let at = |slot: u32| Seconds::from_raw(i64::from(slot) * SLOT);
        let mut session = Session::new(
            SessionId::from_raw(id),
            at(self.arrive),
            at(self.arrive + self.stay),
            Joules::from_wh(self.energy * 1_000).unwrap(),
            watts(self.power),
        )
        .with_unserved_price(price(self.price));
        if self.node > 0 {
            session = session.with_node(NodeId::from_raw(self.node as u64));
        }
        if self.loses {
            session = session.with_efficiency(Efficiency::from_ppb(900_000_000).unwrap());
        }
        if let Some(ceiling) = self.ceiling {
            session = session.with_price_ceiling(price(ceiling));
        }
        session
    }
}

#[derive(Debug, Clone)]
struct Site {
    cars: Vec<Car>,
    limits: Vec<i64>,
    background: Vec<i64>,
    prices: Vec<i64>,
    nodes: [i64; 3],
    sun: Option<Vec<i64>>,
    export: Option<(i64, i64)>,
    demand: Option<(i64, i64)>,
    order: Option<(u32, u32, i64, Option<i64>)>,
}

fn site() -> impl Strategy<Value = Site> {
    (1u32..8).prop_flat_map(|slots| {
        let each = |low: i64, high: i64| prop::collection::vec(low..high, slots as usize);
        (
            (prop::collection::vec(car(slots), 0..7), each(0, 60), each(0, 30), each(-50, 1_000)),
            ([0..40i64, 0..40, 0..40], prop::option::of(each(0, 40))),
            (
                prop::option::of((0..30i64, 0..300i64)),
                prop::option::of((0..3_000i64, 0..40i64)),
                prop::option::of((0..slots, 0..=slots, 0..40i64, prop::option::of(0..500i64))),
            ),
        )
            .prop_map(
                |((cars, limits, background, prices), (nodes, sun), (export, demand, order))| {
                    Site { cars, limits, background, prices, nodes, sun, export, demand, order }
                },
            )
    })
}

impl Site {
    fn problem(&self) -> Problem {
        let slots = u32::try_from(self.limits.len()).unwrap();
        let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(SLOT), slots).unwrap();
        let id = NodeId::from_raw;
        let nodes = vec![
            Node::new(id(1), watts(self.nodes[0])),
            Node::new(id(2), watts(self.nodes[1])).under(id(1)),
            Node::new(id(3), watts(self.nodes[2])).under(id(1)),
        ];
        let kilo = |values: &[i64]| values.iter().map(|kw| watts(*kw)).collect::<Vec<_>>();
        let mut builder = Problem::builder(grid)
            .limit(kilo(&self.limits))
            .background(kilo(&self.background))
            .price(self.prices.iter().map(|p| price(*p)).collect::<Vec<_>>())
            .nodes(nodes)
            .sessions((0..).zip(&self.cars).map(|(i, car)| car.session(i)).collect());
        if let Some(sun) = &self.sun {
            builder = builder.pv(kilo(sun));
        }
        if let Some((limit, below)) = self.export {
            let prices = self.prices.iter().map(|p| price(p - below)).collect::<Vec<_>>();
            builder = builder.export(Export { limit: watts(limit).into(), price: prices.into() });
        }
        if let Some((per_kw, so_far)) = self.demand {
            builder = builder.demand_charge(DemandCharge {
                price: MicroPerKw::from_raw(per_kw * 1_000),
                peak_so_far: watts(so_far),
            });
        }
        if let Some((from, to, cap, penalty)) = self.order {
            let (from, to) = (from.min(to), to.max(from));
            let order = DemandResponse { from, to, cap: watts(cap), price: penalty.map(price) };
            builder = builder.events(vec![order]);
        }
        builder.build().unwrap()
    }
}

fn currency(account: &Account) -> f64 {
    account.total().raw() as f64 / 3.6e12
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    /// Two ways that share nothing but the model: the flow in integers, and the simplex on the whole linear program.
    #[test]
    fn the_flow_finds_what_the_simplex_finds(site in site()) {
        let problem = site.problem();
        let exact = match cheapest(&problem) {
            Ok(exact) => exact,
            Err(error) => {
                let is_known = matches!(
                    error, SolveError::NotAFlow { coupling: Coupling::PaidImport { .. } });
                prop_assert!(is_known, "{error}");
                return Ok(());
            }
        };
        verify(&problem, &exact.plan).unwrap();
        let simplex = lp::solve(&problem, &lp::Microlp::default()).unwrap();
        let (ours, theirs) = (currency(&exact.account), currency(&simplex.account));
        // The simplex's plan is rounded to joules, and losses are, too.
        prop_assert!((ours - theirs).abs() <= 1e-5, "{ours} is not {theirs}");
        let gap = exact.certificate.gap(&problem, &exact.account).unwrap();
        let gap = gap.raw() as f64 / 3.6e12;
        prop_assert!(gap.abs() <= 1e-5, "the certificate leaves {gap}");
    }

    /// Prices that grow beyond all bounds: VIPs get what is possible for them alone, all together the most.
    #[test]
    fn vips_are_served_first(site in site(), vips in any::<u8>()) {
        let sessions = |only_vips: bool| {
            let mut site = site.clone();
            site.export = None;
            site.sun = None;
            let problem = site.problem();
            let of = |(i, session): (usize, &Session)| {
                let is_vip = vips >> (i % 8) & 1 == 1;
                let class = if is_vip { Priority::Vip } else { Priority::Standard };
                (is_vip || !only_vips).then(|| session.with_priority(class))
            };
            let sessions = problem.sessions().iter().enumerate().filter_map(of).collect();
            (problem, sessions)
        };
        let build = |only_vips| {
            let (problem, sessions): (Problem, Vec<Session>) = sessions(only_vips);
            let grid = *problem.grid();
            let series = |f: &dyn Fn(u32) -> Watts| (0..grid.slots()).map(f).collect::<Vec<_>>();
            Problem::builder(grid)
                .limit(series(&|slot| problem.limit(slot).unwrap()))
                .background(series(&|slot| problem.background(slot)))
                .nodes(problem.nodes().to_vec())
                .price((0..grid.slots()).map(|slot| problem.price(slot)).collect::<Vec<_>>())
                .sessions(sessions)
                .build()
                .unwrap()
        };
        let (all, alone) = (build(false), build(true));
        let plan = vips_first(&all).unwrap();
        verify(&all, &plan).unwrap();
        prop_assert_eq!(plan.total(), max_served(&all).unwrap().served);
        let of_vips: i64 = all.sessions().iter().zip(plan.sessions())
            .filter(|(s, _)| s.priority == Priority::Vip).map(|(_, run)| run.total().raw()).sum();
        prop_assert_eq!(of_vips, max_served(&alone).unwrap().served.raw());
    }

    /// Quantised plans keep every limit, whatever the steps, and waste less than a step for each session with room.
    #[test]
    fn quantised_plans_keep_all_limits(site in site(), step in 1i64..4_000, least in 0i64..4_000) {
        let problem = site.problem();
        let Ok(exact) = cheapest(&problem) else { return Ok(()) };
        let plan = quantise(&problem, &exact.plan, |_| Watts::from_raw(step));
        verify(&problem, &plan).unwrap();
        prop_assert!(plan.total() <= exact.plan.total());
        for energy in plan.sessions().flat_map(|run| run.energy) {
            prop_assert_eq!(energy.raw() % (step * SLOT), 0);
        }
        let mut sessions: Vec<Session> = problem.sessions().to_vec();
        for session in &mut sessions {
            session.min_power = Watts::from_raw(least.min(session.max_power.raw()));
        }
        let grid = *problem.grid();
        let problem = Problem::builder(grid)
            .limit((0..grid.slots()).map(|slot| problem.limit(slot).unwrap()).collect::<Vec<_>>())
            .nodes(problem.nodes().to_vec())
            .sessions(sessions)
            .minimum_power()
            .build()
            .unwrap();
        let wanted = cheapest(&problem).unwrap().plan;
        verify(&problem, &quantise(&problem, &wanted, |_| Watts::from_raw(step))).unwrap();
        let found = with_minimum_power(&problem, 300).unwrap();
        verify(&problem, &found.plan).unwrap();
    }
}

/// All ways to place `energy` whole joules in cells of at most `most`.
fn ways(most: &[i64], energy: i64, exactly: bool) -> Vec<Vec<i64>> {
    let Some((first, rest)) = most.split_first() else {
        return if energy == 0 || !exactly { vec![Vec::new()] } else { Vec::new() };
    };
    let mut all = Vec::new();
    for taken in 0..=energy.min(*first) {
        for mut way in ways(rest, energy - taken, exactly) {
            way.insert(0, taken);
            all.push(way);
        }
    }
    all
}

/// Tiny problems with one-second slots, so that a joule is a watt, and every plan of them.
fn tiny() -> impl Strategy<Value = (Problem, Vec<Plan>, bool)> {
    let car = (0..3i64, 1..4i64, 1..4i64, 1..5i64);
    (prop::collection::vec(car, 1..4), prop::collection::vec(0..4i64, 3), 1..7i64, prop::bool::ANY)
        .prop_map(|(cars, background, limit, exactly)| {
            let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(1), 3).unwrap();
            let sessions = (0..).zip(&cars).map(|(id, (arrive, stay, power, energy))| {
                let depart = (arrive + stay).min(3);
                Session::new(
                    SessionId::from_raw(id),
                    Seconds::from_raw(*arrive),
                    Seconds::from_raw(depart),
                    Joules::from_raw(*energy),
                    Watts::from_raw(*power),
                )
            });
            let problem = Problem::builder(grid)
                .limit(Watts::from_raw(limit))
                .background(background.iter().map(|w| Watts::from_raw(*w)).collect::<Vec<_>>())
                .sessions(sessions.collect())
                .build()
                .unwrap();
            let mut plans: Vec<Vec<(u32, Vec<Joules>)>> = vec![Vec::new()];
            for session in problem.sessions() {
                let most: Vec<i64> = (0..3)
                    .map(|slot| {
                        let is_there = session.arrive.raw() <= slot && slot < session.depart.raw();
                        if is_there { session.max_power.raw() } else { 0 }
                    })
                    .collect();
                let ways = ways(&most, session.energy.raw(), exactly);
                plans = plans
                    .into_iter()
                    .flat_map(|plan| {
                        ways.iter().map(move |way| {
                            let mut plan = plan.clone();
                            plan.push((0, way.iter().map(|j| Joules::from_raw(*j)).collect()));
                            plan
                        })
                    })
                    .collect();
            }
            let plans = plans.into_iter().map(Plan::from_runs);
            let plans = plans.filter(|plan| verify(&problem, plan).is_ok()).collect();
            (problem, plans, exactly)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn nothing_is_flatter_or_fairer((problem, plans, exactly) in tiny()) {
        let squares = |plan: &Plan| -> i64 {
            let loads = (0..).zip(plan.slot_totals(&problem));
            loads.map(|(slot, load)| (load.raw() + problem.background(slot).raw()).pow(2)).sum()
        };
        if exactly {
            match flattest(&problem) {
                Ok(plan) => {
                    let best = plans.iter().map(squares).min().unwrap();
                    prop_assert_eq!(squares(&plan), best);
                }
                Err(error) => {
                    prop_assert!(plans.is_empty(), "{error}");
                }
            }
            return Ok(());
        }
        // The worst-off share, in units that make every fraction whole.
        let worst = |plan: &Plan| -> i64 {
            let shares = problem.sessions().iter().zip(plan.sessions());
            shares.map(|(s, run)| run.total().raw() * 12 / s.energy.raw()).min().unwrap()
        };
        let plan = fairest(&problem).unwrap();
        let best = plans.iter().map(worst).max().unwrap();
        // Whole joules: a share may be rounded down by one joule.
        let most = problem.sessions().iter().map(|s| s.energy.raw()).min().unwrap();
        prop_assert!(worst(&plan) + 12 / most + 1 > best, "{} of {best}", worst(&plan));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Against every plan of tiny problems that serves all: the load of some slots together a watt higher or lower.
    #[test]
    fn offers_are_all_that_is_possible((problem, plans, exactly) in tiny(), from in 0u32..3, count in 0u32..4) {
        if !exactly || plans.is_empty() {
            return Ok(());
        }
        let slots = from..from + count;
        let inside: Vec<usize> = (from..(from + count).min(3)).map(|slot| slot as usize).collect();
        let plan = max_served(&problem).unwrap().plan;
        let offer = flexibility(&problem, &plan, slots).unwrap();
        let load = |plan: &Plan| plan.slot_totals(&problem);
        let change = |other: &Plan, sign: i64| {
            let (before, after) = (load(&plan), load(other));
            inside.iter().map(|slot| sign * (after[*slot].raw() - before[*slot].raw())).min()
        };
        for (sign, offered) in [(1, offer.up), (-1, offer.down)] {
            let best = plans.iter().filter_map(|other| change(other, sign)).max().unwrap_or(0);
            prop_assert_eq!(offered.raw(), best.max(0));
        }
    }
}

#[test]
fn a_tree_has_its_lowest_peak() {
    // Two guns share 60 kW; a third car has its own charger.
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(SLOT), 4).unwrap();
    let stage = NodeId::from_raw(7);
    let session = |id: u64, kwh: i64| {
        Session::new(
            SessionId::from_raw(id),
            Seconds::ZERO,
            grid.end(),
            Joules::from_wh(kwh * 1_000).unwrap(),
            watts(60),
        )
    };
    let sessions =
        vec![session(1, 30).with_node(stage), session(2, 30).with_node(stage), session(3, 20)];
    let problem = Problem::builder(grid)
        .nodes(vec![Node::new(stage, watts(60))])
        .sessions(sessions)
        .build()
        .unwrap();
    // The stage needs its 60 kW all the hour; the third car 20 kW.
    assert_eq!(min_peak(&problem).unwrap().bound.to_string(), "80000.000 W");
    assert_eq!(flattest(&problem).unwrap().peak(&problem).to_string(), "80000.000 W");
}

/// A node above all sessions bounds each slot more than the level that is looked for: the search must know, or never ends.
#[test]
fn a_node_above_all_bounds_the_slots_below_the_level() {
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(SLOT), 2).unwrap();
    let root = NodeId::from_raw(1);
    // 55 kW for a slot; no more than 30 of it in either.
    let energy = Joules::from_raw(55_000 * SLOT);
    let session =
        Session::new(SessionId::from_raw(1), Seconds::ZERO, grid.end(), energy, watts(60));
    let problem = Problem::builder(grid)
        .background(vec![watts(100), watts(0)])
        .nodes(vec![Node::new(root, watts(30))])
        .sessions(vec![session.with_node(root)])
        .build()
        .unwrap();
    assert_eq!(min_peak(&problem).unwrap().bound.to_string(), "125000.000 W");
    assert_eq!(flattest(&problem).unwrap().peak(&problem).to_string(), "125000.000 W");
}

/// A problem with something of everything.
fn everything() -> Problem {
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(SLOT), 16).unwrap();
    let feeder = NodeId::from_raw(1);
    let ppb = |ppb| Efficiency::from_ppb(ppb).unwrap();
    let session = |id: u64, from: i64, to: i64, kwh: i64, kw: i64| {
        Session::new(
            SessionId::from_raw(id),
            Seconds::from_raw(from * SLOT),
            Seconds::from_raw(to * SLOT),
            Joules::from_wh(kwh * 1_000).unwrap(),
            watts(kw),
        )
        .with_node(feeder)
        .with_min_power(Watts::from_raw(1_400))
    };
    let v2g = V2g {
        max_discharge: watts(10),
        efficiency: ppb(950_000_000),
        wear: price(50),
        initial: Joules::from_wh(20_000).unwrap(),
        min: Joules::from_wh(10_000).unwrap(),
        max: Joules::from_wh(50_000).unwrap(),
        max_discharged: Some(Joules::from_wh(5_000).unwrap()),
    };
    let milestone = Milestone {
        by: Seconds::from_raw(8 * SLOT),
        energy: Joules::from_wh(4_000).unwrap(),
        late_price: price(900),
    };
    let prices = (0..16).map(|slot| price(if slot < 8 { 900 } else { 250 })).collect::<Vec<_>>();
    let sun = (0..16).map(|slot| watts(if slot < 6 { 12 } else { 0 })).collect::<Vec<_>>();
    Problem::builder(grid)
        .limit(watts(60))
        .background(watts(15))
        .price(prices)
        .pv(sun)
        .export(Export { limit: watts(20).into(), price: price(100).into() })
        .demand_charge(DemandCharge {
            price: MicroPerKw::from_raw(500_000),
            peak_so_far: watts(20),
        })
        .events(vec![DemandResponse { from: 9, to: 12, cap: watts(40), price: Some(price(2_000)) }])
        .storages(vec![Storage {
            max: Joules::from_wh(30_000).unwrap(),
            min: Joules::ZERO,
            initial: Joules::from_wh(10_000).unwrap(),
            final_min: Joules::from_wh(10_000).unwrap(),
            max_charge: watts(10),
            max_discharge: watts(10),
            charge_efficiency: ppb(950_000_000),
            discharge_efficiency: ppb(950_000_000),
            wear: price(30),
        }])
        .nodes(vec![
            Node::new(feeder, watts(50)).with_phase_limit(watts(20)).with_unbalance(watts(12)),
        ])
        .sessions(vec![
            session(1, 0, 16, 20, 11).with_v2g(v2g).with_efficiency(ppb(930_000_000)),
            session(2, 1, 12, 12, 7).with_phases(Phases::L1).with_milestone(milestone),
            session(3, 2, 10, 10, 7).with_phases(Phases::L2.rotated(1)),
            session(4, 0, 16, 18, 22).with_package(Package::Fastest),
            session(5, 4, 14, 15, 20),
        ])
        .taper(4, TaperLine { intercept: watts(20), slope: 1_200_000_000 })
        .build()
        .unwrap()
}

#[test]
fn everything_at_once_is_planned_alike_by_both_simplexes() {
    let problem = everything();
    let costs =
        [&lp::Microlp::default() as &dyn lp::Backend, &lp::Minilp::default()].map(|backend| {
            let found = lp::solve(&problem, backend).unwrap();
            verify(&problem, &found.plan).unwrap();
            currency(&found.account)
        });
    // The urgent session's order of slots is not in the bill, so that plans of equal rank may differ a little in it.
    assert!((costs[0] - costs[1]).abs() < 1e-2, "{costs:?}");
}

#[test]
fn without_a_backend_there_is_still_a_plan() {
    let problem = everything();
    let repaired = optimise(&problem, &[]).unwrap();
    verify(&problem, &repaired.plan).unwrap();
    assert!(!repaired.is_optimal);
    let best = optimise(&problem, &[&lp::Microlp::default()]).unwrap();
    assert!(best.account.total() <= repaired.account.total());
    assert!(repaired.plan.total() > Joules::ZERO);
}
