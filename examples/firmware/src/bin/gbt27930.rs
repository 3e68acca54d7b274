//! Charger and vehicle charge together over a bus in memory: both engines and the transport protocol; and the whole
//! codec, for every message that arrives is decoded field by field into its owned value and encoded again.
#![no_std]
#![no_main]

use core::hint::black_box;

use evse_firmware as _;
use evse_gbt27930::message::*;
use evse_gbt27930::session::{Bms, Charger, Event, Lists, State};
use evse_gbt27930::{Edition, Instant};

/// Every field of a message read and written: whether the bytes are the same. (Undefined bits are ones in ours.)
fn is_encoded_alike(message: &Message<'_>, edition: Edition) -> bool {
    let mut out = [0; 64];
    macro_rules! again {
        ($($kind:ident $owned:ident),+; $($set:ident),+; $($list:ident),+) => {
            match message {
                $( Message::$kind(view) => $owned::from(*view).encode(edition, &mut out), )+
                $( Message::$set(set) => set.items().encode(&mut out), )+
                $( Message::$list(view) => {
                    black_box(view.as_bytes());
                    return true;
                } )+
                Message::Bmv(view) => CellVoltagesView::encode(view.iter(), &mut out),
                Message::Bmt(view) => BatteryTemperaturesView::encode(view.iter(), &mut out),
                _ => return false,
            }
        };
    }
    let encoded = again! {
        Chm ChargerHandshake, Bhm VehicleHandshake, Crm ChargerRecognition, Brm VehicleRecognition,
        Bcp BatteryParameters, Cts ChargerTime, Cml ChargerLimits, Bro VehicleReady, Cro ChargerReady,
        Bcl ChargeDemand, Bcs BatteryStatus, Ccs ChargerStatus, Bsm BatteryState,
        Bsd VehicleStatistics, Csd ChargerStatistics;
        Bst, Cst, Bem, Cem;
        Bsp, Dm1, Dm2, Dm3, Dm4, Dm5, Dm6
    };
    encoded.is_ok_and(|len| out.get(..len) == Some(message.as_bytes()))
}

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let edition = black_box(Edition::V2015);
    let mut charger = Charger::new(edition);
    let mut bms = Bms::new(edition);
    let (mut at_charger, mut at_bms) = ([0; 1785], [0; 64]);
    let mut energy = None;
    let mut alike = true;
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
                        let message = Message::decode(kind, charger.payload(&at_charger), edition);
                        alike &= message.is_ok_and(|m| is_encoded_alike(&m, edition));
                    }
                    _ => {}
                }
            }
            while let Some(event) = bms.poll_event() {
                match event {
                    Event::CloseContactors => bms.set_ready(now, true),
                    Event::Message { kind, .. } => {
                        let message = Message::decode(kind, bms.payload(&at_bms), edition);
                        alike &= message.is_ok_and(|m| is_encoded_alike(&m, edition));
                        if let Ok(Message::Csd(csd)) = message {
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
    i32::from(!done || energy.is_none() || !alike)
}
