//! Hot paths of `evse-load-scheduler`: one step of a station of 110 guns, and a planned day.

use core::hint::black_box;

use evse_load_scheduler::{
    Car, Controller, DemandCharge, Efficiency, Grid, Joules, MicroPerKw, MicroPerKwh, Node, NodeId,
    Policy, Problem, Rules, Seconds, Session, SessionId, StandingPlan, Storage, Watts, allocate,
    cheapest, lp, min_cost, min_peak,
};

use crate::HotPath;

pub const PATHS: &[HotPath] = &[
    HotPath { name: "step_equal_split", passes: 200, run: step_equal_split },
    HotPath { name: "step_least_laxity", passes: 200, run: step_least_laxity },
    HotPath { name: "day_at_least_cost", passes: 4, run: day_at_least_cost },
    HotPath { name: "day_with_lowest_peak", passes: 4, run: day_with_lowest_peak },
    HotPath { name: "site_of_1000_cars", passes: 2, run: site_of_1000_cars },
    HotPath { name: "site_of_10_feeders", passes: 2, run: site_of_10_feeders },
    HotPath { name: "change_at_1000_cars", passes: 10, run: change_at_1000_cars },
    HotPath { name: "change_at_10_feeders", passes: 10, run: change_at_10_feeders },
    HotPath { name: "plan_after_change", passes: 10, run: plan_after_change },
    HotPath { name: "battery_beside_1000_cars", passes: 1, run: battery_beside_1000_cars },
    HotPath { name: "controller_event", passes: 10, run: controller_event },
];

/// Cars that come evenly over the day in a scattered order and stay two to ten hours.
fn sessions(count: i64) -> Vec<Session> {
    (0..count)
        .map(|i| {
            let arrive = i * 7_919 % 76_000;
            let stay = 7_200 + i * 104_729 % 28_800;
            let power =
                [7_000, 11_000, 22_000, 60_000, 120_000][usize::try_from(i % 5).unwrap_or(0)];
            let energy = power * stay.min(86_400 - arrive) / 100 * (20 + i * 31 % 60);
            Session::new(
                SessionId::from_raw(i.unsigned_abs()),
                Seconds::from_raw(arrive),
                Seconds::from_raw(arrive + stay),
                Joules::from_raw(energy),
                Watts::from_raw(power),
            )
        })
        .collect()
}

/// 200 cars in quarter hours at three prices; without a limit.
fn day() -> Problem {
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(900), 96).expect("the grid is right");
    let price = |start: Seconds| match start.raw() / 3_600 {
        0..8 => 260_000,
        10..12 | 14..19 => 1_190_000,
        _ => 780_000,
    };
    Problem::builder(grid)
        .price(grid.slot_starts().map(|s| MicroPerKwh::from_raw(price(s))).collect::<Vec<_>>())
        .sessions(sessions(200))
        .build()
        .expect("the day is right")
}

fn step(passes: u32, policy: Policy) {
    let now = Seconds::from_raw(40_000);
    let mut cars: Vec<Car> = (0..).zip(&sessions(110)).map(|(i, s)| Car::new(s, i)).collect();
    for car in &mut cars {
        car.arrive = Seconds::from_raw(car.arrive.raw() / 2);
        car.depart = Seconds::from_raw(car.depart.raw() + 40_000);
    }
    let fresh = cars.clone();
    let (minute, headroom) = (Seconds::from_raw(60), Watts::from_raw(1_500_000));
    for _ in 0..passes {
        // From the unsorted order each time: the worst a controller sees.
        cars.copy_from_slice(&fresh);
        allocate(policy, black_box(now), minute, headroom, black_box(&mut cars));
    }
}

fn step_equal_split(passes: u32) {
    step(passes, Policy::EqualSplit);
}

fn step_least_laxity(passes: u32) {
    step(passes, Policy::LeastLaxity);
}

fn day_at_least_cost(passes: u32) {
    let problem = day();
    let peak = min_peak(&problem).expect("all can be served").peak.milliwatts_half_up() / 1_000;
    let limit = Watts::from_raw(i64::try_from(peak * 105 / 100).expect("a peak in watts"));
    let (grid, sessions) = (*problem.grid(), problem.sessions().to_vec());
    let prices: Vec<_> = (0..grid.slots()).map(|slot| problem.price(slot)).collect();
    let problem = Problem::builder(grid).limit(limit).price(prices).sessions(sessions);
    let problem = problem.build().expect("the day is right");
    for _ in 0..passes {
        black_box(min_cost(black_box(&problem)).expect("all can be served"));
    }
}

fn day_with_lowest_peak(passes: u32) {
    let problem = day();
    for _ in 0..passes {
        black_box(min_peak(black_box(&problem)).expect("all can be served"));
    }
}

/// 1000 cars with prices on unserved energy under a limit that is too low for all, below so many feeders.
fn site(feeders: u64) -> Problem {
    let day = day();
    let sessions = sessions(1_000).into_iter().map(|session| {
        let price = MicroPerKwh::from_raw(
            [5_000_000, 8_000_000, 40_000_000][(session.id.raw() % 3) as usize],
        );
        let session = session.with_unserved_price(price);
        match session.id.raw().checked_rem(feeders) {
            Some(feeder) => session.with_node(NodeId::from_raw(feeder)),
            None => session,
        }
    });
    let nodes = (0..feeders).map(|id| Node::new(NodeId::from_raw(id), Watts::from_raw(1_200_000)));
    Problem::builder(*day.grid())
        .price((0..96).map(|slot| day.price(slot)).collect::<Vec<_>>())
        .limit(Watts::from_raw(9_000_000))
        .nodes(nodes.collect())
        .sessions(sessions.collect())
        .build()
        .expect("the site is right")
}

fn plan_site(passes: u32, feeders: u64) {
    let problem = site(feeders);
    for _ in 0..passes {
        black_box(cheapest(black_box(&problem)).expect("a flow"));
    }
}

fn site_of_1000_cars(passes: u32) {
    plan_site(passes, 0);
}

fn site_of_10_feeders(passes: u32) {
    plan_site(passes, 10);
}

/// One change of a standing plan and the new bill: in turn a car comes, wants more, and leaves, and a slot's limit falls and
/// rises.
fn change(passes: u32, feeders: u64, with_plan: bool) {
    let mut plan = StandingPlan::new(site(feeders)).expect("a flow");
    let newcomers = sessions(1_000 + i64::from(passes)).split_off(1_000);
    for (pass, newcomer) in (0..passes).zip(newcomers) {
        let mut newcomer = newcomer.with_unserved_price(MicroPerKwh::from_raw(8_000_000));
        newcomer.node = newcomer.id.raw().checked_rem(feeders).map(NodeId::from_raw);
        let id = SessionId::from_raw(u64::from(pass / 5) * 37);
        match pass % 5 {
            0 => plan.add(newcomer).expect("a flow"),
            1 => {
                let more = plan.problem().sessions()[id.raw() as usize].energy.raw() * 11 / 10;
                plan.set_energy(id, Joules::from_raw(more)).expect("it is there");
            }
            2 => plan.set_limit(40, Watts::from_raw(8_000_000)).expect("it is there"),
            3 => drop(plan.remove(id).expect("it is there")),
            _ => plan.set_limit(40, Watts::from_raw(9_000_000)).expect("it is there"),
        }
        black_box(plan.account());
        if with_plan {
            black_box(plan.plan().expect("it is right"));
        }
    }
}

fn change_at_1000_cars(passes: u32) {
    change(passes, 0, false);
}

fn change_at_10_feeders(passes: u32) {
    change(passes, 10, false);
}

fn plan_after_change(passes: u32) {
    change(passes, 0, true);
}

/// The same 1000 cars in hours, with a battery and a demand charge: the linear program in sums over cars.
fn battery_beside_1000_cars(passes: u32) {
    let site = site(0);
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(3_600), 24).expect("the grid is right");
    let energy = Joules::from_raw(2_000_000 * 3_600);
    let power = Watts::from_raw(1_000_000);
    let battery = Storage {
        max: energy,
        min: Joules::ZERO,
        initial: energy,
        final_min: energy,
        max_charge: power,
        max_discharge: power,
        charge_efficiency: Efficiency::from_ppb(950_000_000).expect("below one"),
        discharge_efficiency: Efficiency::from_ppb(950_000_000).expect("below one"),
        wear: MicroPerKwh::from_raw(80_000),
    };
    let charge = DemandCharge { price: MicroPerKw::from_raw(1_400_000), peak_so_far: power };
    let problem = Problem::builder(grid)
        .price((0..24).map(|hour| site.price(4 * hour)).collect::<Vec<_>>())
        .limit(Watts::from_raw(9_000_000))
        .demand_charge(charge)
        .storages(vec![battery])
        .sessions(site.sessions().to_vec())
        .build()
        .expect("the site is right");
    for _ in 0..passes {
        let found = lp::solve_pooled(black_box(&problem), &lp::Microlp::default());
        assert!(black_box(found).expect("it can be solved").is_optimal);
    }
}

/// A car plugs in beside 110 others, the plan is repaired and all is granted; then it leaves again.
fn controller_event(passes: u32) {
    let mut controller = Controller::new(&day(), Rules::default());
    let now = Seconds::from_raw(40_000);
    for session in sessions(110) {
        let mut session = session;
        session.depart = Seconds::from_raw(session.depart.raw() + 40_000);
        controller.handle_plug_in(now, session);
    }
    let mut newcomer = sessions(111).pop().expect("111 cars");
    newcomer.depart = Seconds::from_raw(70_000);
    for _ in 0..passes {
        controller.handle_plug_in(now, black_box(newcomer));
        controller.handle_timeout(now);
        while black_box(controller.poll_grant()).is_some() {}
        controller.handle_unplug(now, newcomer.id);
    }
}
