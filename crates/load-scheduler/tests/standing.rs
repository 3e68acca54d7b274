//! A standing plan through random events: after each the bill of a solution from nothing, verified and certified.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use evse_load_scheduler::{
    Account, DemandCharge, DemandResponse, Efficiency, Export, Grid, Joules, MAX_ENERGY,
    MicroPerKw, MicroPerKwh, Node, NodeId, Problem, Seconds, Session, SessionId, StandingError,
    StandingPlan, V2g, Watts, cheapest, verify,
};
use proptest::prelude::*;

const SLOTS: u32 = 8;

#[derive(Debug, Clone)]
enum Event {
    Come(Car),
    Leave(prop::sample::Index),
    Need(prop::sample::Index, i64),
    Limit(u32, i64),
    Background(u32, i64),
}

#[derive(Debug, Clone)]
struct Car {
    arrive: i64,
    stay: i64,
    energy: i64,
    power: i64,
    unserved: i64,
    efficiency: i64,
    node: Option<u64>,
    ceiling: Option<i64>,
}

impl Car {
    fn session(&self, id: u64) -> Session {
        let (arrive, depart) =
            (Seconds::from_raw(self.arrive), Seconds::from_raw(self.arrive + self.stay));
        let power = Watts::from_raw(self.power);
        let energy = Joules::from_raw(self.energy);
        let mut session = Session::new(SessionId::from_raw(id), arrive, depart, energy, power)
            .with_unserved_price(price(self.unserved));
        session.efficiency = Efficiency::from_ppb(u32::try_from(self.efficiency).unwrap()).unwrap();
        session.node = self.node.map(NodeId::from_raw);
        session.price_ceiling = self.ceiling.map(price);
        session
    }
}

/// Cents per kWh.
fn price(cents: i64) -> MicroPerKwh {
    MicroPerKwh::from_raw(cents * 10_000)
}

fn car() -> impl Strategy<Value = Car> {
    (
        (-20i64..70, 0i64..60, 0i64..400, 0i64..30),
        (0i64..40, prop_oneof![5 => Just(1_000_000_000i64), 1 => Just(900_000_000)]),
        (prop::option::of(0u64..4), prop::option::weighted(0.2, -2i64..12)),
    )
        .prop_map(
            |((arrive, stay, energy, power), (unserved, efficiency), (node, ceiling))| Car {
                arrive,
                stay,
                energy,
                power,
                unserved,
                efficiency,
                node,
                ceiling,
            },
        )
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => car().prop_map(Event::Come),
        2 => any::<prop::sample::Index>().prop_map(Event::Leave),
        2 => (any::<prop::sample::Index>(), 0i64..400).prop_map(|(i, e)| Event::Need(i, e)),
        2 => (0..SLOTS, 0i64..60).prop_map(|(s, l)| Event::Limit(s, l)),
        1 => (0..SLOTS, 0i64..30).prop_map(|(s, l)| Event::Background(s, l)),
    ]
}

prop_compose! {
    /// Ten seconds a slot, sun and a priced order in some of them, a tree of four nodes.
    fn site()(
        prices in prop::collection::vec(-3i64..10, SLOTS as usize),
        limit in prop::option::of(0i64..60),
        background in 0i64..15,
        sun in prop::collection::vec(0i64..20, SLOTS as usize),
        has_sun in any::<bool>(),
        export in prop::option::of((0i64..10, 0i64..10)),
        order in prop::option::of((0i64..30, prop::option::of(0i64..8))),
        nodes in prop::collection::vec(0i64..40, 4),
    ) -> Problem {
        let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(10), SLOTS).unwrap();
        let nodes = (0u64..).zip(nodes).map(|(id, limit)| {
            let mut node = Node::new(NodeId::from_raw(id), Watts::from_raw(limit));
            // 1 and 2 hang on 0, and 3 on 1.
            node.parent = (id > 0).then(|| NodeId::from_raw(id / 3));
            node
        });
        let mut builder = Problem::builder(grid)
            .price(prices.iter().map(|p| price(*p)).collect::<Vec<_>>())
            .background(Watts::from_raw(background))
            .nodes(nodes.collect());
        if let Some(limit) = limit {
            builder = builder.limit(Watts::from_raw(limit));
        }
        if has_sun {
            builder = builder.pv(sun.iter().map(|w| Watts::from_raw(*w)).collect::<Vec<_>>());
        }
        if let Some((limit, earned)) = export {
            let earned: Vec<_> = prices.iter().map(|p| price((*p).min(earned))).collect();
            builder = builder.export(Export {
                limit: Watts::from_raw(limit).into(),
                price: earned.into(),
            });
        }
        if let Some((cap, penalty)) = order {
            let (from, to, cap) = (2, 5, Watts::from_raw(cap));
            builder = builder.events(vec![DemandResponse { from, to, cap, price: penalty.map(price) }]);
        }
        builder.build().unwrap()
    }
}

/// The plan is right, its bill is its own, and both a solution from nothing and its own proof say it is the least.
fn is_cheapest(standing: &StandingPlan) -> Result<(), TestCaseError> {
    let problem = standing.problem();
    let plan = standing.plan().unwrap();
    prop_assert_eq!(verify(problem, &plan), Ok(()));
    let account = standing.account();
    prop_assert_eq!(&account, &Account::of(problem, &plan));
    let gap = standing.certificate().unwrap().gap(problem, &account).unwrap().raw();
    let apart = account.total().raw() - cheapest(problem).unwrap().account.total().raw();
    // With losses every session's delivery is rounded to a joule, which the bill prices.
    let lossy = problem.sessions().iter().filter(|session| session.efficiency != Efficiency::ONE);
    let rounding: i128 = lossy.map(|session| i128::from(session.unserved_price.raw()) + 1).sum();
    prop_assert!(gap.abs() <= rounding && apart.abs() <= rounding, "{gap} {apart}");
    for (index, session) in problem.sessions().iter().enumerate() {
        let (first, energies) = standing.session(session.id).unwrap();
        let run = plan.session(index).unwrap();
        prop_assert_eq!(first, run.first_slot);
        prop_assert!(energies.eq(run.energy.iter().copied()));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn stays_the_cheapest(
        site in site(),
        cars in prop::collection::vec(car(), 0..9),
        events in prop::collection::vec(event(), 1..20),
    ) {
        let grid = *site.grid();
        let mut next = cars.len() as u64;
        let mut problem = site;
        for (id, car) in (0u64..).zip(&cars) {
            problem = problem.with_newcomer(car.session(id)).unwrap();
        }
        let mut standing = StandingPlan::new(problem).unwrap();
        is_cheapest(&standing)?;
        for event in events {
            let present: Vec<SessionId> =
                standing.problem().sessions().iter().map(|session| session.id).collect();
            match event {
                Event::Come(car) => {
                    standing.add(car.session(next)).unwrap();
                    next += 1;
                }
                Event::Leave(which) if !present.is_empty() => {
                    standing.remove(*which.get(&present)).unwrap();
                }
                Event::Need(which, energy) if !present.is_empty() => {
                    standing.set_energy(*which.get(&present), Joules::from_raw(energy)).unwrap();
                }
                Event::Limit(slot, limit) => {
                    standing.set_limit(slot, Watts::from_raw(limit)).unwrap();
                }
                Event::Background(slot, load) => {
                    standing.set_background(slot, Watts::from_raw(load)).unwrap();
                }
                Event::Leave(_) | Event::Need(..) => {}
            }
            prop_assert_eq!(standing.problem().grid(), &grid);
            is_cheapest(&standing)?;
        }
    }
}

/// What is refused changes nothing.
#[test]
fn refuses_what_it_cannot_keep() {
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(10), SLOTS).unwrap();
    let charged = Problem::builder(grid)
        .demand_charge(DemandCharge { price: MicroPerKw::from_raw(1), peak_so_far: Watts::ZERO })
        .build()
        .unwrap();
    assert_eq!(StandingPlan::new(charged).err(), Some(StandingError::DemandCharge));

    let car = |id| {
        let (energy, power) = (Joules::from_raw(300), Watts::from_raw(10));
        Session::new(SessionId::from_raw(id), Seconds::ZERO, grid.end(), energy, power)
    };
    let mut standing = StandingPlan::new(Problem::builder(grid).build().unwrap()).unwrap();
    standing.add(car(1)).unwrap();
    let before = standing.account();
    let mut discharging = car(2);
    discharging.v2g = Some(V2g {
        max_discharge: Watts::from_raw(5),
        efficiency: Efficiency::ONE,
        wear: MicroPerKwh::ZERO,
        initial: Joules::ZERO,
        min: Joules::ZERO,
        max: Joules::from_raw(1_000),
        max_discharged: None,
    });
    for wrong in [
        discharging,
        car(1),
        car(3).with_node(NodeId::from_raw(7)),
        with_energy(car(4), Joules::from_raw(-1)),
        with_energy(car(5), MAX_ENERGY),
    ] {
        assert!(standing.add(wrong).is_err());
    }
    let (nobody, one) = (SessionId::from_raw(9), SessionId::from_raw(1));
    assert_eq!(standing.remove(nobody), Err(StandingError::NoSuchSession { id: nobody }));
    assert!(standing.set_energy(nobody, Joules::ZERO).is_err());
    assert!(standing.set_energy(one, Joules::from_raw(-1)).is_err());
    let beyond = standing.set_limit(SLOTS, Watts::ZERO);
    assert_eq!(beyond, Err(StandingError::NoSuchSlot { slot: SLOTS }));
    assert!(standing.set_limit(0, Watts::from_raw(-1)).is_err());
    assert_eq!(standing.account(), before);
    is_cheapest(&standing).unwrap();
}

fn with_energy(mut session: Session, energy: Joules) -> Session {
    session.energy = energy;
    session
}
