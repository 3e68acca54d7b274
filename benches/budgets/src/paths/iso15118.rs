//! Hot paths of `evse-iso15118`: the charge loop's messages and the largest ones, from the shared vectors' generator.

use core::hint::black_box;

use charge::{Charge, End};
use evse_iso15118::message::{iso2, iso20_dc};
use evse_iso15118::session::Protocol;
use messages::{
    CHARGE_PARAMETER_DISCOVERY_RES, CHARGE_PARAMETER_DISCOVERY_RES_WITH_DURATIONS,
    CURRENT_DEMAND_REQ, CURRENT_DEMAND_RES, DC_CHARGE_LOOP_REQ, DC_CHARGE_LOOP_RES,
    certificate_installation_res, copied_out, entries, octets, with_certificate_installation_res,
};

use crate::HotPath;

#[path = "../iso15118_charge.rs"]
mod charge;
#[path = "../../../iso15118/messages.rs"]
mod messages;

pub const PATHS: &[HotPath] = &[
    HotPath { name: "decode_current_demand_req", passes: 1_000, run: decode_current_demand_req },
    HotPath { name: "encode_current_demand_req", passes: 1_000, run: encode_current_demand_req },
    HotPath { name: "decode_current_demand_res", passes: 1_000, run: decode_current_demand_res },
    HotPath {
        name: "decode_charge_parameter_discovery_res",
        passes: 1_000,
        run: |passes| decode_charge_parameter_discovery_res(CHARGE_PARAMETER_DISCOVERY_RES, passes),
    },
    HotPath {
        name: "decode_charge_parameter_discovery_res_with_durations",
        passes: 1_000,
        run: |passes| {
            decode_charge_parameter_discovery_res(
                CHARGE_PARAMETER_DISCOVERY_RES_WITH_DURATIONS,
                passes,
            );
        },
    },
    HotPath { name: "decode_dc_charge_loop_res", passes: 1_000, run: decode_dc_charge_loop_res },
    HotPath {
        name: "copy_certificate_installation_res",
        passes: 100,
        run: copy_certificate_installation_res,
    },
    HotPath { name: "decode_dc_charge_loop_req", passes: 1_000, run: decode_dc_charge_loop_req },
    HotPath {
        name: "decode_certificate_installation_res",
        passes: 100,
        run: decode_certificate_installation_res,
    },
    HotPath {
        name: "encode_certificate_installation_res",
        passes: 100,
        run: encode_certificate_installation_res,
    },
    HotPath {
        name: "encode_certificate_installation_res_from_slices",
        passes: 100,
        run: encode_certificate_installation_res_from_slices,
    },
    HotPath {
        name: "station_answers_current_demand",
        passes: 100,
        run: |passes| turns(Protocol::Iso2, End::Station, passes),
    },
    HotPath {
        name: "vehicle_asks_current_demand",
        passes: 100,
        run: |passes| turns(Protocol::Iso2, End::Vehicle, passes),
    },
    HotPath {
        name: "station_answers_dc_charge_loop",
        passes: 100,
        run: |passes| turns(Protocol::Iso20Dc, End::Station, passes),
    },
    HotPath {
        name: "vehicle_asks_dc_charge_loop",
        passes: 100,
        run: |passes| turns(Protocol::Iso20Dc, End::Vehicle, passes),
    },
];

/// Turns of the charge loop, in which one end is at work and the other repeats what it said.
fn turns(protocol: Protocol, end: End, passes: u32) {
    let protocols = [protocol];
    let mut charge = Charge::new(&protocols);
    for _ in 0..passes {
        charge.turn(end);
    }
}

fn decode_current_demand_req(passes: u32) {
    let octets = octets(CURRENT_DEMAND_REQ);
    for _ in 0..passes {
        black_box(iso2::decode(black_box(&octets)).expect("the message is right"));
    }
}

fn encode_current_demand_req(passes: u32) {
    let octets = octets(CURRENT_DEMAND_REQ);
    encode(&iso2::decode(&octets).expect("the message is right"), passes);
}

fn decode_dc_charge_loop_req(passes: u32) {
    let octets = octets(DC_CHARGE_LOOP_REQ);
    for _ in 0..passes {
        black_box(iso20_dc::decode(black_box(&octets)).expect("the message is right"));
    }
}

fn decode_dc_charge_loop_res(passes: u32) {
    let octets = octets(DC_CHARGE_LOOP_RES);
    for _ in 0..passes {
        black_box(iso20_dc::decode(black_box(&octets)).expect("the message is right"));
    }
}

fn decode_current_demand_res(passes: u32) {
    let octets = octets(CURRENT_DEMAND_RES);
    for _ in 0..passes {
        black_box(iso2::decode(black_box(&octets)).expect("the message is right"));
    }
}

/// Decodes and looks at every entry of the schedule.
fn decode_charge_parameter_discovery_res(hex: &str, passes: u32) {
    let octets = octets(hex);
    for _ in 0..passes {
        let message = iso2::decode(black_box(&octets)).expect("the message is right");
        let mut count = 0;
        entries(&message, |entry| {
            black_box(entry);
            count += 1;
        });
        assert_eq!(count, 12);
        black_box(message);
    }
}

fn decode_certificate_installation_res(passes: u32) {
    let octets = certificate_installation_res();
    for _ in 0..passes {
        black_box(iso2::decode(black_box(&octets)).expect("the message is right"));
    }
}

/// As it was decoded: the chains are copied bit by bit.
fn encode_certificate_installation_res(passes: u32) {
    let octets = certificate_installation_res();
    encode(&iso2::decode(&octets).expect("the message is right"), passes);
}

/// From the caller's slices.
fn encode_certificate_installation_res_from_slices(passes: u32) {
    with_certificate_installation_res(|message| encode(message, passes));
}

fn encode(message: &iso2::V2gMessage<'_>, passes: u32) {
    let mut buffer = vec![0; 8_192];
    for _ in 0..passes {
        black_box(iso2::encode(black_box(message), &mut buffer).expect("the buffer is large"));
        black_box(&buffer);
    }
}

/// Decodes and copies every certificate and key out.
fn copy_certificate_installation_res(passes: u32) {
    let octets = certificate_installation_res();
    let mut copy = [0; 800];
    for _ in 0..passes {
        let message = iso2::decode(black_box(&octets)).expect("the message is right");
        copied_out(&message, &mut copy, |octets| {
            black_box(octets);
        });
    }
}
