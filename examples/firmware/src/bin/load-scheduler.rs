//! Shares a minute among the cars of a charger with every policy: no heap, no panic.
#![no_std]
#![no_main]

use core::hint::black_box;

use evse_firmware as _;
use evse_load_scheduler::{
    Car, Joules, Policy, Priority, Seconds, Session, SessionId, Watts, allocate,
};

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let mut cars = [Car::new(&session(0), 0); 12];
    for (car, id) in cars.iter_mut().zip(0u8..) {
        *car = Car::new(&session(id), u32::from(id));
    }
    let minute = Seconds::from_raw(60);
    for policy in Policy::ALL {
        let (now, headroom) = (black_box(Seconds::ZERO), black_box(Watts::from_raw(400_000)));
        allocate(policy, now, minute, headroom, black_box(&mut cars));
    }
    i32::from(cars.iter().all(|car| car.granted == Joules::ZERO))
}

fn session(id: u8) -> Session {
    let number = black_box(i64::from(id));
    let (arrive, depart) = (Seconds::from_raw(-number), Seconds::from_raw(3_600 + number));
    let energy = Joules::from_raw(36_000_000 * (number + 1));
    let id = SessionId::from_raw(u64::from(id));
    Session::new(id, arrive, depart, energy, Watts::from_raw(60_000)).with_priority(Priority::Vip)
}
