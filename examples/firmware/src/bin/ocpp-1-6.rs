//! Decodes, checks and writes back every message of OCPP 1.6.
#![no_std]
#![no_main]

use core::hint::black_box;

use evse_firmware as _;
use evse_ocpp::endpoint::Buffer;
use evse_ocpp::message::{Mode, Schema};
use evse_ocpp::v16;

fn round_trip(schema: &Schema, action: &str, text: &[u8]) -> bool {
    let pending = schema.action(action);
    let mut deviations = 0_u32;
    let mut count = |_| deviations += 1;
    let strict = schema.decode(text, &mut Mode::Strict, &mut |_| pending);
    let lenient = schema.decode(text, &mut Mode::Lenient(&mut count), &mut |_| pending);
    let mut out = Buffer::<2048>::new();
    let written = strict.or(lenient).is_ok_and(|frame| frame.write(&mut out).is_ok());
    black_box((out.as_str().len(), deviations));
    written
}

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let text = black_box(br#"[2,"1","Heartbeat",{}]"#.as_slice());
    i32::from(!round_trip(black_box(&v16::SCHEMA), black_box("Heartbeat"), text))
}
