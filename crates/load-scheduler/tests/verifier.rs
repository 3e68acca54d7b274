//! The verifier, rule by rule: a plan just within a rule is accepted, one just beyond is refused for that rule.
//! (Counts, stays and the headroom are in `hostile.rs`, the sliding window in `mean_limit.rs`.)
#![cfg(feature = "alloc")]
#![allow(clippy::unwrap_used, reason = "tests")]

use evse_load_scheduler::{
    Efficiency, Export, Grid, Joules, MicroPerKwh, Node, NodeId, PerSlot, Phases, Plan, Problem,
    ProblemBuilder, Seconds, Session, SessionId, Storage, TaperLine, V2g, Violation, Watts, verify,
};

fn watts(raw: i64) -> Watts {
    Watts::from_raw(raw)
}

fn joules(raw: i64) -> Joules {
    Joules::from_raw(raw)
}

/// Four slots of 1000 s; a kilowatt for one of them is a megajoule.
fn problem() -> ProblemBuilder {
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(1_000), 4).unwrap();
    Problem::builder(grid).limit(watts(1_000_000))
}

/// Car 0 or 1, there all the time, at 1 kW for up to 4 MJ.
fn car(id: u64) -> Session {
    let (begin, end) = (Seconds::ZERO, Seconds::from_raw(4_000));
    Session::new(SessionId::from_raw(id), begin, end, joules(4_000_000), watts(1_000))
}

fn plan(runs: &[&[i64]]) -> Plan {
    let runs = runs.iter().map(|run| (0, run.iter().copied().map(joules).collect()));
    Plan::from_runs::<_, Vec<_>>(runs)
}

/// One plan that is right, one that breaks a rule, and which.
fn judge(problem: ProblemBuilder, right: &[&[i64]], wrong: &[&[i64]], rule: Violation) {
    let problem = problem.build().unwrap();
    assert_eq!(verify(&problem, &plan(right)), Ok(()));
    assert_eq!(verify(&problem, &plan(wrong)), Err(rule));
}

#[test]
fn least_power() {
    let cars = vec![car(0).with_min_power(watts(600))];
    let rule = Violation::MinPower { session: 0, slot: 1, energy: joules(599_999) };
    let problem = problem().minimum_power().sessions(cars);
    judge(problem, &[&[600_000, 0]], &[&[600_000, 599_999]], rule);
}

#[test]
fn price_ceiling() {
    let cars = vec![car(0).with_price_ceiling(MicroPerKwh::from_raw(50))];
    let prices = [50, 51, 49, 50].map(MicroPerKwh::from_raw).to_vec();
    let rule = Violation::PriceCeiling { session: 0, slot: 1 };
    let problem = problem().price(prices).sessions(cars);
    judge(problem, &[&[1_000, 0, 1_000, 1_000]], &[&[1_000, 1]], rule);
}

#[test]
fn taper() {
    // 0.36 kW less with each 0.1 kWh in the battery: 1 W with each kJ.
    let line = TaperLine { intercept: watts(1_000), slope: 3_600_000_000 };
    let rule = Violation::Taper { session: 0, slot: 1, energy: joules(501_001) };
    let problem = problem().sessions(vec![car(0)]).taper(0, line);
    // A watt is forgiven.
    judge(problem, &[&[500_000, 501_000]], &[&[500_000, 501_001]], rule);
}

#[test]
fn contents_of_a_car() {
    let v2g = V2g {
        max_discharge: watts(1_000),
        efficiency: Efficiency::ONE,
        wear: MicroPerKwh::from_raw(0),
        initial: joules(2_000_000),
        min: joules(1_500_000),
        max: joules(2_500_000),
        max_discharged: Some(joules(600_000)),
    };
    let problem = || {
        let free =
            Export { limit: watts(10_000).into(), price: PerSlot::Same(MicroPerKwh::from_raw(0)) };
        problem().export(free).sessions(vec![car(0).with_v2g(v2g)])
    };
    // A joule a slot is forgiven where efficiencies are applied.
    let content = joules(1_499_995);
    let rule = Violation::BatteryContent { session: 0, slot: 0, content };
    judge(problem(), &[&[-500_000]], &[&[-500_005]], rule);
    let content = joules(2_500_005);
    let rule = Violation::BatteryContent { session: 0, slot: 0, content };
    judge(problem(), &[&[500_000]], &[&[500_005]], rule);
    let rule = Violation::DischargeCap { session: 0, energy: joules(600_005) };
    judge(problem(), &[&[-300_000, 0, -200_000]], &[&[-300_000, 300_000, -300_005]], rule);
    let rule = Violation::PowerLimit { session: 0, slot: 0, energy: joules(-1_000_001) };
    judge(problem(), &[&[]], &[&[-1_000_001]], rule);
}

#[test]
fn storages() {
    let storage = Storage {
        max: joules(2_000_000),
        min: joules(500_000),
        initial: joules(1_000_000),
        final_min: joules(800_000),
        max_charge: watts(600),
        max_discharge: watts(400),
        charge_efficiency: Efficiency::ONE,
        discharge_efficiency: Efficiency::ONE,
        wear: MicroPerKwh::from_raw(0),
    };
    let free =
        Export { limit: watts(10_000).into(), price: PerSlot::Same(MicroPerKwh::from_raw(0)) };
    let problem = problem().export(free).storages(vec![storage]).build().unwrap();
    let check = |energies: &[i64]| {
        let energies = energies.iter().copied().map(joules).collect();
        verify(&problem, &plan(&[]).with_storages(vec![energies]))
    };
    assert_eq!(check(&[600_000, -400_000, -400_000, 0]), Ok(()));
    let power = |slot, raw| Violation::StoragePower { storage: 0, slot, energy: joules(raw) };
    assert_eq!(check(&[600_002]), Err(power(0, 600_002)));
    assert_eq!(check(&[0, -400_002]), Err(power(1, -400_002)));
    let content = |slot, raw| Violation::StorageContent { storage: 0, slot, content: joules(raw) };
    assert_eq!(check(&[600_000, 400_005]), Err(content(1, 2_000_005)));
    assert_eq!(check(&[-400_000, -100_005]), Err(content(1, 499_995)));
    // Within its bounds, and too empty at the end.
    assert_eq!(check(&[-200_005, 0, 0, 0]), Err(content(3, 799_995)));
    let beyond = Violation::BeyondGrid { session: 0, slot: 4 };
    assert_eq!(check(&[0, 0, 0, 0, 0]), Err(beyond));
    let two = plan(&[]).with_storages(vec![Vec::new(), Vec::new()]);
    let count = Violation::StorageCount { expected: 1, found: 2 };
    assert_eq!(verify(&problem, &two), Err(count));
}

#[test]
fn nodes_and_their_phases() {
    let id = NodeId::from_raw(7);
    let below = |node: Node| {
        let cars = [(0, Phases::L1), (1, Phases::L2), (2, Phases::L3)];
        let cars = cars.map(|(number, phases)| car(number).with_node(id).with_phases(phases));
        problem().nodes(vec![node]).sessions(cars.to_vec())
    };
    let rule = Violation::NodeLimit { node: 0, slot: 1, energy: joules(1_500_001) };
    let node = Node::new(id, watts(1_500));
    let (right, wrong): (&[&[i64]], &[&[i64]]) =
        (&[&[0, 700_000], &[0, 800_000], &[]], &[&[0, 700_000], &[0, 800_001], &[]]);
    judge(below(node), right, wrong, rule);
    // A joule of each car below is forgiven on phases.
    let rule = Violation::PhaseLimit { node: 0, slot: 0, phase: 1, energy: joules(800_004) };
    let node = Node::new(id, watts(3_000)).with_phase_limit(watts(800));
    judge(below(node), &[&[800_000], &[800_003], &[]], &[&[800_000], &[800_004], &[]], rule);
    let rule = Violation::Unbalance { node: 0, slot: 0, energy: joules(300_004) };
    let node = Node::new(id, watts(3_000)).with_unbalance(watts(300));
    let (right, wrong): (&[&[i64]], &[&[i64]]) =
        (&[&[800_003], &[500_000], &[600_000]], &[&[800_004], &[500_000], &[600_000]]);
    judge(below(node), right, wrong, rule);
}

#[test]
fn export() {
    let v2g = V2g {
        max_discharge: watts(1_000),
        efficiency: Efficiency::ONE,
        wear: MicroPerKwh::from_raw(0),
        initial: joules(4_000_000),
        min: joules(0),
        max: joules(8_000_000),
        max_discharged: None,
    };
    let sold = Export { limit: watts(200).into(), price: PerSlot::Same(MicroPerKwh::from_raw(0)) };
    let problem =
        problem().background(watts(300)).export(sold).sessions(vec![car(0).with_v2g(v2g)]);
    let rule = Violation::Export { slot: 0, energy: joules(-200_002) };
    judge(problem, &[&[-500_000]], &[&[-500_002]], rule);
}
