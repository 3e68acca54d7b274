//! Decodes a message of each of DIN 70121, ISO 15118-2 and ISO 15118-20 Common, AC and DC and encodes it again.
#![no_std]
#![no_main]

use core::hint::black_box;

use evse_firmware as _;
use evse_iso15118::message::{din70121, iso2, iso20, iso20_ac, iso20_dc};

/// The same through one set: 0 if the octets come out as they went in.
macro_rules! again {
    ($set:ident, $octets:expr) => {{
        let octets: &[u8] = black_box($octets);
        let mut buffer = [0; 64];
        match $set::decode(octets) {
            Ok(message) => match $set::encode(black_box(&message), &mut buffer) {
                Ok(length) => i32::from(buffer.get(..length) != Some(octets)),
                Err(_) => 2,
            },
            Err(_) => 1,
        }
    }};
}

const SESSION_SETUP_REQ: &[u8] = &[
    0x80, 0x98, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0xd0, 0x1a, 0x83, 0x3b, 0x23, 0x29, 0x7e, 0x88,
    0,
];
const DC_CHARGE_LOOP_REQ: &[u8] = &[
    0x80, 0x34, 0x04, 0x08, 0x91, 0x19, 0xa2, 0x2a, 0xb3, 0x3b, 0xc4, 0x0d, 0x7b, 0xfe, 0x1b, 0x60,
    0x62, 0x01, 0xb8, 0x54, 0x0e, 0x01, 0xfc, 0x28, 0x47, 0xc8, 0xc7, 0xf0, 0xe2, 0x09, 0x03, 0xf8,
    0x52, 0x8f, 0x94,
];

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let refused = again!(din70121, &[0x80]) + again!(iso20, &[0x80]) + again!(iso20_ac, &[0x80]);
    again!(iso2, SESSION_SETUP_REQ) | again!(iso20_dc, DC_CHARGE_LOOP_REQ) | i32::from(refused != 3)
}
