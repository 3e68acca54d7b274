//! A charging station with its host, octets in, octets out: of DIN 70121, ISO 15118-2 and ISO 15118-20 with AC and DC; under its
//! other name, with fewer features, of ISO 15118-2 alone.
#![no_std]
#![no_main]

use core::hint::black_box;

use evse_firmware as _;
use evse_iso15118::MilliUnits;
use evse_iso15118::session::{
    Answer, ControlMode, Event, Identification, Instant, Limits, Offer, Output, Present, Protocol,
    Question, Schedule, SeccSettings, Service, Station, Timers,
};
use evse_iso15118::v2gtp::PayloadType;

const OFFER: Offer<'static> = Offer {
    evse_id: "DE*ABC*E12345",
    evse_id_din: &[0],
    services: &[Service::Ac, Service::Dc],
    three_phases: true,
    ac_voltage: MilliUnits::from_raw(230_000),
    frequency: MilliUnits::from_raw(50_000),
    identification: &[Identification::External],
    control: &[ControlMode::Scheduled, ControlMode::Dynamic],
    is_free: true,
    pause: true,
    standby: true,
    service_renegotiation: true,
};

/// A message of the vehicle; the octets of the response in `out`.
fn exchange(station: &mut Station<'_>, request: &[u8], out: &mut [u8]) -> usize {
    let now = Instant::from_millis(0);
    let question = match station.handle_message(now, 0, PayloadType::Sap, request, out) {
        Output::Send(_, length) => return length,
        Output::Ask(question) => question,
        _ => return 0,
    };
    let schedule = Schedule::constant(MilliUnits::from_raw(50_000_000), 86_400);
    let answer = match question {
        Question::Limits { .. } => Answer::Limits(Limits::NONE, schedule),
        Question::Schedule { .. } => schedule.map_or(Answer::Ongoing, Answer::Schedule),
        Question::PreCharge { .. } | Question::Deliver(_) | Question::Welding => {
            Answer::Present(Present::default())
        }
        Question::Message(_) => Answer::Message(&[]),
        _ => Answer::Done,
    };
    station.answer(now, 0, &answer, out).map_or(0, |(_, length)| length)
}

/// `supportedAppProtocolReq` that offers ISO 15118-2 alone, and the `SessionSetupReq` after it.
static REQUESTS: [&[u8]; 2] = [
    &[
        0x80, 0x00, 0xdb, 0xab, 0x93, 0x71, 0xd3, 0x23, 0x4b, 0x71, 0xd1, 0xb9, 0x81, 0x89, 0x91,
        0x89, 0xd1, 0x91, 0x81, 0x89, 0x91, 0xd2, 0x6b, 0x9b, 0x3a, 0x23, 0x2b, 0x30, 0x02, 0x00,
        0x00, 0x04, 0x00, 0x40,
    ],
    &[
        0x80, 0x98, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0xd0, 0x1a, 0x83, 0x3b, 0x23, 0x29, 0x7e,
        0x88, 0,
    ],
];

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let protocols = [Protocol::Din70121, Protocol::Iso2, Protocol::Iso20Ac, Protocol::Iso20Dc];
    let settings = SeccSettings {
        protocols: black_box(&protocols),
        session_id: [1; 8],
        paused: None,
        timers: &Timers::STANDARD,
    };
    let mut station = Station::new(settings, &OFFER, Instant::from_millis(0));
    let mut out = [0; 1024];
    let mut sent = 0;
    for request in black_box(&REQUESTS) {
        sent += exchange(&mut station, request, &mut out);
    }
    station.handle_timeout(black_box(Instant::from_millis(100_000)));
    while let Some(event) = station.poll_event() {
        if matches!(event, Event::Ended(_)) {
            return i32::from(sent == 0);
        }
    }
    1
}
