//! Plans and replays a day, and controls a station: needs `alloc`, but neither the standard library nor floating point.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;
use core::hint::black_box;

use evse_load_scheduler::{
    Controller, Grid, Joules, Policy, Problem, Replay, Rules, Seconds, Session, SessionId, Watts,
    cheapest, max_served, min_cost, min_peak, quantise, verify,
};

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    evse_firmware::heap::begin();
    i32::from(run().is_none())
}

fn run() -> Option<()> {
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(900), 96).ok()?;
    let sessions: Vec<Session> = (0..black_box(20u32))
        .map(|car| {
            let arrive = Seconds::from_raw(i64::from(car) * 1_800);
            let depart = Seconds::from_raw(arrive.raw() + 5_400);
            let energy = Joules::from_raw(72_000_000);
            Session::new(
                SessionId::from_raw(car.into()),
                arrive,
                depart,
                energy,
                Watts::from_raw(60_000),
            )
        })
        .collect();
    let limit = Watts::from_raw(black_box(150_000));
    let problem = Problem::builder(grid).limit(limit).sessions(sessions).build().ok()?;
    let all_served = min_cost(&problem).ok()?;
    verify(&problem, &all_served.plan).ok()?;
    let replay = Replay::run(&problem, Policy::LeastLaxity, Seconds::from_raw(60)).ok()?;
    let proved = cheapest(&problem).ok()?;
    black_box(proved.certificate.gap(&problem, &proved.account).ok()?);
    black_box(quantise(&problem, &proved.plan, |_| Watts::from_raw(690)));
    let mut controller = Controller::new(&problem, Rules::default());
    let now = black_box(Seconds::ZERO);
    for session in problem.sessions().iter().take(3) {
        controller.handle_plug_in(now, *session);
    }
    controller.handle_timeout(now);
    black_box(controller.poll_grant());
    // A whole day of the controller: it re-solves at every event and every five minutes.
    let step = Seconds::from_raw(60);
    let mut controller = Controller::new(&problem, Rules::default());
    let online = Replay::run_online(&problem, &mut controller, step, |car| car.depart).ok()?;
    black_box((online.steps_over_limit() == 0).then_some(())?);
    black_box((max_served(&problem).ok()?.served, min_peak(&problem).ok()?.bound, replay.peak()));
    Some(())
}
