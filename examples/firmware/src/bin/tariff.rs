//! Prices a session on the charger: linked with neither heap nor standard library.
#![no_std]
#![no_main]

use evse_firmware as _;

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    0
}
