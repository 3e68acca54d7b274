//! Decodes an ISO 15118-2 message of a vehicle and encodes it again.
#![no_std]
#![no_main]

use core::hint::black_box;

use evse_firmware as _;
use evse_iso15118::message::iso2;

static REQUEST: [u8; 21] = [
    0x80, 0x98, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0xd0, 0x1a, 0x83, 0x3b, 0x23, 0x29, 0x7e, 0x88,
    0,
];

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let Ok(message) = iso2::decode(black_box(&REQUEST)) else { return 1 };
    let mut buffer = [0; 64];
    match iso2::encode(black_box(&message), &mut buffer) {
        Ok(length) => i32::from(buffer.get(..length) != Some(&REQUEST[..])),
        Err(_) => 2,
    }
}
