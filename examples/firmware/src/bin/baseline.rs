//! An empty program: its size is subtracted from that of the others.
#![no_std]
#![no_main]

use evse_firmware as _;

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    0
}
