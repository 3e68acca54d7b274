//! Charger and vehicle charge together over a bus in memory: both engines, codec and transport protocol.
#![no_std]
#![no_main]

use core::hint::black_box;

use evse_firmware as _;
use evse_gbt27930::message::Message;
use evse_gbt27930::session::{Bms, Charger, Event, Lists, State};
use evse_gbt27930::{Edition, Instant};

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let edition = black_box(Edition::V2015);
    let (mut charger, mut bms) = (Charger::new(edition), Bms::new(edition));
    let (mut at_charger, mut at_bms) = ([0; 1785], [0; 64]);
    let mut energy = None;
    charger.connected(Instant::from_millis(0));
    bms.connected(Instant::from_millis(0));
    for millis in 0..black_box(20_000) {
        let now = Instant::from_millis(millis);
        charger.handle_timeout(now, &mut at_charger);
        bms.handle_timeout(now, &mut at_bms);
        if millis == 10_000 {
            bms.stop(now, bms.no_causes());
        }
        loop {
            while let Some(event) = charger.poll_event() {
                match event {
                    Event::StartInsulationTest { .. } => charger.insulation_result(now, true),
                    Event::PrepareOutput => charger.set_ready(now, true),
                    Event::Message { kind, .. } => {
                        let payload = charger.payload(&at_charger);
                        black_box(Message::decode(kind, payload, edition).is_ok());
                    }
                    _ => {}
                }
            }
            while let Some(event) = bms.poll_event() {
                match event {
                    Event::CloseContactors => bms.set_ready(now, true),
                    Event::Message { kind, .. } => {
                        if let Ok(Message::Csd(csd)) =
                            Message::decode(kind, bms.payload(&at_bms), edition)
                        {
                            energy = csd.energy();
                        }
                    }
                    _ => {}
                }
            }
            if let Some(frame) = charger.poll_transmit() {
                bms.handle_frame(now, &frame, &mut at_bms);
            } else if let Some(frame) = bms.poll_transmit(&Lists::default()) {
                charger.handle_frame(now, &frame, &mut at_charger);
            } else {
                break;
            }
        }
    }
    let done = charger.state() == State::Done && bms.state() == State::Done;
    i32::from(!done || energy.is_none())
}
