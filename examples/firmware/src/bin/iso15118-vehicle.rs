//! A vehicle, octets in, octets out: of DIN 70121, ISO 15118-2 and ISO 15118-20 with AC and DC; under its other name, with fewer
//! features, of ISO 15118-2 alone.
#![no_std]
#![no_main]

use core::hint::black_box;

use evse_firmware as _;
use evse_iso15118::MilliUnits;
use evse_iso15118::session::{
    ControlMode, Event, Identification, Instant, Protocol, Service, State, Timers, Turn, Vehicle,
    Wish,
};
use evse_iso15118::v2gtp::PayloadType;

const WISH: Wish<'static> = Wish {
    evcc_id: [2, 0, 0, 0, 0, 1],
    evcc_id_text: "WMIV1234567890ABCDEX",
    service: Service::Dc,
    three_phases: true,
    control: ControlMode::Scheduled,
    identification: Identification::External,
    tolerance: MilliUnits::from_raw(20_000),
};

/// `supportedAppProtocolRes` that takes the first offer.
static RESPONSE: [u8; 4] = [0x80, 0x40, 0x00, 0x40];

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let protocols = [Protocol::Iso2, Protocol::Iso20Dc, Protocol::Iso20Ac, Protocol::Din70121];
    let now = Instant::from_millis(0);
    let timers = Timers::STANDARD;
    let mut vehicle = Vehicle::new(black_box(&protocols), black_box(&WISH), &timers, None, now);
    let mut out = [0; 1024];
    if vehicle.handshake(&mut out).is_err() {
        return 2;
    }
    let turn = vehicle.handle_message(now, PayloadType::Sap, black_box(&RESPONSE));
    if !matches!(turn, Turn::Chosen(_)) {
        return 3;
    }
    let state = State::default();
    let Ok((_, length)) = vehicle.next(now, 0, black_box(&state), &mut out) else { return 4 };
    vehicle.handle_timeout(black_box(Instant::from_millis(100_000)));
    while let Some(event) = vehicle.poll_event() {
        if matches!(event, Event::Ended(_)) {
            return i32::from(length == 0);
        }
    }
    1
}
