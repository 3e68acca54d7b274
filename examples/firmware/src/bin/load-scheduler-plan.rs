//! Plans and replays a day: needs `alloc`, but neither the standard library nor floating point.
#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;
use core::hint::black_box;

use evse_firmware as _;
use evse_load_scheduler::{
    Grid, Joules, Policy, Problem, Replay, Seconds, Session, SessionId, Watts, max_served,
    min_cost, min_peak, verify,
};

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
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
    let cheapest = min_cost(&problem).ok()?;
    verify(&problem, &cheapest.plan).ok()?;
    let replay = Replay::run(&problem, Policy::LeastLaxity, Seconds::from_raw(60)).ok()?;
    black_box((max_served(&problem).ok()?.served, min_peak(&problem).ok()?.bound, replay.peak()));
    Some(())
}
