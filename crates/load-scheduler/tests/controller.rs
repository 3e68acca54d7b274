//! The controller's rules, one scenario each, and whole days of random events against the limit.
#![cfg(feature = "alloc")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use evse_load_scheduler::{
    Controller, Grant, Grid, Joules, MicroPerKwh, Node, NodeId, Priority, Problem, Rules, Seconds,
    Session, SessionId, Watts,
};
use proptest::prelude::*;

const MINUTE: i64 = 60;

fn at(minute: i64) -> Seconds {
    Seconds::from_raw(minute * MINUTE)
}

fn watts(kw: i64) -> Watts {
    Watts::from_raw(kw * 1_000)
}

fn id(number: u64) -> SessionId {
    SessionId::from_raw(number)
}

/// Four hours in minutes, dear in the first of them.
fn site(limit_kw: i64, background_kw: i64) -> Problem {
    let grid = Grid::new(Seconds::ZERO, at(1), 240).unwrap();
    let price = |slot| MicroPerKwh::from_raw(if slot < 60 { 900_000 } else { 300_000 });
    Problem::builder(grid)
        .limit(watts(limit_kw))
        .background(watts(background_kw))
        .price((0..240).map(price).collect::<Vec<_>>())
        .build()
        .unwrap()
}

fn car(number: u64, leaves: i64, kwh: i64, kw: i64) -> Session {
    let energy = Joules::from_wh(kwh * 1_000).unwrap();
    Session::new(id(number), Seconds::ZERO, at(leaves), energy, watts(kw))
}

fn drain(controller: &mut Controller) -> Vec<Grant> {
    core::iter::from_fn(|| controller.poll_grant()).collect()
}

fn kw(controller: &Controller, number: u64) -> i64 {
    controller.granted(id(number)).unwrap().raw() / 1_000
}

#[test]
fn acts_at_plug_in_and_waits_for_the_price() {
    let mut controller = Controller::new(&site(100, 0), Rules::default());
    assert_eq!(controller.poll_timeout(), None);
    // Leaves before it gets cheap: at once. Stays: waits.
    controller.handle_plug_in(at(0), car(1, 30, 20, 50));
    controller.handle_plug_in(at(0), car(2, 240, 20, 50));
    controller.handle_timeout(at(0));
    let grants = drain(&mut controller);
    assert_eq!(grants, [Grant { session: id(1), power: watts(50) }]);
    assert_eq!(kw(&controller, 2), 0);
    assert_eq!(controller.poll_timeout(), Some(at(1)));
    controller.handle_unplug(at(30), id(1));
    controller.handle_timeout(at(60));
    assert_eq!(kw(&controller, 2), 50);
    controller.handle_unplug(at(90), id(2));
    assert_eq!((controller.poll_timeout(), controller.granted(id(2))), (None, None));
}

#[test]
fn the_meter_cuts_at_once_and_a_hold_only_delays_raising() {
    let mut rules = Rules::default();
    rules.hold = at(5);
    let mut controller = Controller::new(&site(100, 0), rules);
    controller.handle_plug_in(at(60), car(1, 240, 90, 90));
    controller.handle_timeout(at(60));
    assert_eq!(kw(&controller, 1), 90);
    // Between two looks: 70 kW of other load.
    controller.handle_background(at(60), watts(70));
    assert_eq!(kw(&controller, 1), 30);
    controller.handle_background(at(62), watts(0));
    controller.handle_timeout(at(62));
    assert_eq!(kw(&controller, 1), 30, "held");
    controller.handle_timeout(at(65));
    assert_eq!(kw(&controller, 1), 90);
}

#[test]
fn a_silent_meter_leaves_the_safe_power() {
    let mut rules = Rules::default();
    (rules.meter_stale_after, rules.safe_power) = (Some(at(3)), watts(11));
    let mut controller = Controller::new(&site(100, 0), rules);
    controller.handle_plug_in(at(60), car(1, 240, 90, 90));
    controller.handle_timeout(at(60));
    assert_eq!(kw(&controller, 1), 11, "never heard of");
    controller.handle_background(at(61), watts(20));
    controller.handle_timeout(at(61));
    assert_eq!(kw(&controller, 1), 80);
    controller.handle_timeout(at(65));
    assert_eq!(kw(&controller, 1), 11, "stale");
}

#[test]
fn a_lost_charger_counts_with_its_last_grant_then_with_its_default() {
    let mut rules = Rules::default();
    (rules.grant_lasts, rules.charger_default) = (at(5), watts(10));
    let mut controller = Controller::new(&site(100, 0), rules);
    controller.handle_plug_in(at(60), car(1, 240, 150, 60));
    controller.handle_plug_in(at(60), car(2, 239, 150, 90));
    controller.handle_timeout(at(60));
    let (first, second) = (kw(&controller, 1), kw(&controller, 2));
    assert_eq!(first + second, 100);
    controller.handle_lost(id(1));
    controller.handle_timeout(at(61));
    assert_eq!(kw(&controller, 2), second.min(100 - first));
    controller.handle_timeout(at(66));
    assert_eq!(kw(&controller, 2), 90, "only its default of 10 kW is set aside");
    for (minute, tells) in [(67, false), (70, true)] {
        controller.handle_lost(id(1));
        controller.handle_timeout(at(minute - 1));
        // A reading says as much as a word.
        if tells {
            controller.handle_power(id(1), watts(10));
        } else {
            controller.handle_found(id(1));
        }
        controller.handle_timeout(at(minute));
        assert_eq!(kw(&controller, 1) + kw(&controller, 2), 100, "{minute}");
    }
}

#[test]
fn what_a_car_does_not_take_goes_to_others() {
    let mut rules = Rules::default();
    rules.reclaim_after = Some(3);
    let mut controller = Controller::new(&site(100, 0), rules);
    controller.handle_plug_in(at(60), car(1, 175, 152, 80));
    controller.handle_plug_in(at(60), car(2, 240, 150, 80));
    controller.handle_timeout(at(60));
    assert_eq!((kw(&controller, 1), kw(&controller, 2)), (80, 20));
    for minute in 61..64 {
        controller.handle_power(id(1), watts(30));
        controller.handle_timeout(at(minute));
    }
    // 30 kW and the margin of 1 kW.
    assert_eq!((kw(&controller, 1), kw(&controller, 2)), (31, 69));
    for minute in 64..74 {
        controller.handle_power(id(1), watts(30));
        controller.handle_timeout(at(minute));
        assert_eq!(kw(&controller, 1), 31, "steady power is not offered more");
    }
    let mut offered = Vec::new();
    for minute in 74..77 {
        let all = controller.granted(id(1)).unwrap();
        controller.handle_power(id(1), all);
        controller.handle_timeout(at(minute));
        offered.push(kw(&controller, 1));
    }
    assert_eq!(offered, [47, 72, 80], "who takes it all gets half as much more");
}

#[test]
fn the_return_after_want_is_a_ramp_and_small_rises_are_not_sent() {
    let mut rules = Rules::default();
    (rules.ramp_per_minute, rules.dead_band) = (Some(watts(20)), watts(15));
    let mut controller = Controller::new(&site(100, 0), rules);
    controller.handle_plug_in(at(60), car(1, 240, 150, 90));
    controller.handle_timeout(at(60));
    let mut steps = vec![kw(&controller, 1)];
    for minute in 61..66 {
        controller.handle_timeout(at(minute));
        steps.push(kw(&controller, 1));
    }
    // The last 10 kW are within the dead band.
    assert_eq!(steps, [20, 40, 60, 80, 80, 80]);
}

#[test]
fn a_car_that_overstays_its_guess_is_not_given_up() {
    let mut controller = Controller::new(&site(100, 0), Rules::default());
    controller.handle_plug_in(at(60), car(1, 70, 50, 50));
    for minute in [60, 69, 71, 90] {
        controller.handle_timeout(at(minute));
        assert_eq!(kw(&controller, 1), 50);
    }
}

#[test]
fn a_node_holds_its_cars_back() {
    let stage = NodeId::from_raw(1);
    let problem = site(100, 0);
    let grid = *problem.grid();
    let problem = Problem::builder(grid)
        .limit(watts(100))
        .nodes(vec![Node::new(stage, watts(60))])
        .build()
        .unwrap();
    let mut controller = Controller::new(&problem, Rules::default());
    controller.handle_plug_in(at(0), car(1, 240, 150, 60).with_node(stage));
    controller.handle_plug_in(at(0), car(2, 240, 150, 60).with_node(stage));
    controller.handle_plug_in(at(0), car(3, 240, 150, 60));
    controller.handle_timeout(at(0));
    assert!(kw(&controller, 1) + kw(&controller, 2) <= 60);
    assert_eq!((1..4).map(|n| kw(&controller, n)).sum::<i64>(), 100);
}

#[derive(Debug, Clone)]
enum Event {
    PlugIn { number: u64, stay: i64, kwh: i64, kw: i64, stage: bool },
    Unplug(u64),
    Meter(i64),
    Power(u64, i64),
    Lost(u64),
    Found(u64),
    Look,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (0..12u64, 1..200i64, 0..80i64, 0..80i64, any::<bool>()).prop_map(
            |(number, stay, kwh, kw, stage)| Event::PlugIn { number, stay, kwh, kw, stage }
        ),
        (0..12u64).prop_map(Event::Unplug),
        (0..140i64).prop_map(Event::Meter),
        (0..12u64, 0..80i64).prop_map(|(number, kw)| Event::Power(number, kw)),
        (0..12u64).prop_map(Event::Lost),
        (0..12u64).prop_map(Event::Found),
        Just(Event::Look),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever happens, and in whatever order: after a look the answering cars' grants fit beside what the lost ones are
    /// taken to draw, under the limit and under the node.
    #[test]
    fn no_event_leads_over_the_limit(
        events in prop::collection::vec((0..4i64, event()), 1..80),
        hold in 0..4i64, ramp in prop::option::of(1..60i64), dead_band in 0..20i64,
        stale in prop::option::of(1..5i64),
    ) {
        let stage = NodeId::from_raw(1);
        let grid = *site(1, 0).grid();
        let problem = Problem::builder(grid)
            .limit(watts(100))
            .background(watts(30))
            .price((0..240).map(|slot| MicroPerKwh::from_raw(slot % 7 * 100_000)).collect::<Vec<_>>())
            .nodes(vec![Node::new(stage, watts(60))])
            .build()
            .unwrap();
        let mut rules = Rules::default();
        rules.hold = at(hold);
        rules.ramp_per_minute = ramp.map(watts);
        rules.dead_band = watts(dead_band);
        rules.meter_stale_after = stale.map(at);
        (rules.safe_power, rules.charger_default) = (watts(25), watts(4));
        rules.reclaim_after = Some(2);
        let mut controller = Controller::new(&problem, rules);
        let (mut minute, mut meter) = (0, None);
        let mut stages = [false; 12];
        let mut lost = [false; 12];
        let mut present = [false; 12];
        for (later, event) in events {
            minute += later;
            let now = at(minute);
            match event {
                Event::PlugIn { number, stay, kwh, kw, stage: below } => {
                    let mut session = car(number, minute + stay, kwh, kw);
                    if below {
                        session = session.with_node(stage);
                    }
                    controller.handle_plug_in(now, session);
                    let place = usize::try_from(number).unwrap();
                    (stages[place], lost[place], present[place]) = (below, false, true);
                }
                Event::Unplug(number) => {
                    controller.handle_unplug(now, id(number));
                    let place = usize::try_from(number).unwrap();
                    (lost[place], present[place]) = (false, false);
                }
                Event::Meter(kw) => {
                    meter = Some((minute, kw));
                    controller.handle_background(now, watts(kw));
                }
                Event::Power(number, kw) => {
                    controller.handle_power(id(number), watts(kw));
                    lost[usize::try_from(number).unwrap()] = false;
                }
                Event::Lost(number) => {
                    controller.handle_lost(id(number));
                    let place = usize::try_from(number).unwrap();
                    lost[place] = present[place];
                }
                Event::Found(number) => {
                    controller.handle_found(id(number));
                    lost[usize::try_from(number).unwrap()] = false;
                }
                Event::Look => {}
            }
            controller.handle_timeout(now);
            let room = match (meter, stale) {
                (Some((at, _)), Some(after)) if minute - at > after => 25,
                (None, Some(_)) => 25,
                (Some((_, kw)), _) => (100 - kw).max(0),
                (None, None) => 70,
            };
            let granted = |wanted: &dyn Fn(usize) -> bool| -> i64 {
                (0..12).filter(|n| wanted(*n)).filter_map(|n| {
                    controller.granted(id(u64::try_from(n).unwrap())).map(Watts::raw)
                }).sum()
            };
            prop_assert!(granted(&|n| !lost[n]) <= room * 1_000);
            prop_assert!(granted(&|n| !lost[n] && stages[n]) <= 60_000);
            let mut told = 0;
            while controller.poll_grant().is_some() {
                told += 1;
            }
            prop_assert!(told <= 12);
        }
    }
}

#[test]
fn room_is_kept_for_vips_and_their_power_is_guaranteed() {
    let vip = |number, leaves, kwh, kw| car(number, leaves, kwh, kw).with_priority(Priority::Vip);
    let mut rules = Rules::default();
    (rules.reserved_for_vips, rules.vip_power) = (watts(40), watts(30));
    let mut controller = Controller::new(&site(100, 0), rules);
    for number in 1..4 {
        controller.handle_plug_in(at(0), car(number, 60, 50, 50));
    }
    assert_eq!(controller.poll_timeout(), Some(at(0)));
    controller.handle_timeout(at(0));
    let all = |controller: &Controller| (1..4).map(|number| kw(controller, number)).sum::<i64>();
    assert_eq!(all(&controller), 60);
    // A VIP with all the time in the world gets its power at once, though energy is dear now.
    controller.handle_plug_in(at(1), vip(4, 240, 20, 50));
    controller.handle_timeout(at(1));
    assert_eq!((kw(&controller, 4), all(&controller)), (30, 60));
    assert!(controller.keeps_guarantees());
    // Four of them: more than there is, so that all get the same, and the others nothing.
    for number in 5..8 {
        controller.handle_plug_in(at(2), vip(number, 240, 20, 50));
    }
    controller.handle_timeout(at(2));
    assert_eq!((4..8).map(|number| kw(&controller, number)).collect::<Vec<_>>(), [25; 4]);
    assert_eq!(all(&controller), 0);
    assert!(!controller.keeps_guarantees());
}

/// Looking again is always later: a loop over `poll_timeout` ends.
#[test]
fn time_goes_on() {
    let mut controller = Controller::new(&site(100, 0), Rules::default());
    for number in 1..40 {
        let arrive = i64::try_from(number).unwrap() * 5;
        controller.handle_plug_in(at(arrive), car(number, arrive + 60, 50, 50));
        let mut last = None;
        while let Some(next) = controller.poll_timeout().filter(|next| *next < at(arrive + 5)) {
            assert!(last < Some(next));
            last = Some(next);
            controller.handle_timeout(next);
            drain(&mut controller);
        }
    }
}
