//! Hot paths of `evse-iso15118`: the charge loop's messages and the largest ones, from the shared vectors' generator.

use core::hint::black_box;

use evse_iso15118::message::{iso2, iso20_dc};

use crate::HotPath;

pub const PATHS: &[HotPath] = &[
    HotPath { name: "decode_current_demand_req", passes: 1_000, run: decode_current_demand_req },
    HotPath { name: "encode_current_demand_req", passes: 1_000, run: encode_current_demand_req },
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
];

/// The message that the budget's peers were measured with: every optional element present.
const CURRENT_DEMAND_REQ: &str = "80980204488cd115599de210d1001b81061c41201081d04001061702e0414351840003082203806104203810814a3e00";
const DC_CHARGE_LOOP_REQ: &str =
    "803404089119a22ab33bc40d7bfe1b606201b8540e01fc2847c8c7f0e20903f8528f94";

fn octets(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hexadecimal"))
        .collect()
}

fn decode_current_demand_req(passes: u32) {
    let octets = octets(CURRENT_DEMAND_REQ);
    for _ in 0..passes {
        black_box(iso2::decode(black_box(&octets)).expect("the message is right"));
    }
}

fn encode_current_demand_req(passes: u32) {
    let octets = octets(CURRENT_DEMAND_REQ);
    let message = iso2::decode(&octets).expect("the message is right");
    let mut buffer = [0; 256];
    for _ in 0..passes {
        black_box(iso2::encode(black_box(&message), &mut buffer).expect("the buffer is large"));
        black_box(&buffer);
    }
}

fn decode_dc_charge_loop_req(passes: u32) {
    let octets = octets(DC_CHARGE_LOOP_REQ);
    for _ in 0..passes {
        black_box(iso20_dc::decode(black_box(&octets)).expect("the message is right"));
    }
}

/// 4.6 kB: two chains of a certificate and two subordinate ones of 750 octets each.
fn certificate_installation_res() -> Vec<u8> {
    use evse_iso15118::{Bytes, List, Text, View};
    let certificate = [0x5A; 750];
    let subordinates = [Bytes::new(&certificate); 2];
    let sub_certificates = iso2::SubCertificates { certificate: List::new(&subordinates) };
    let chain = iso2::CertificateChain {
        id: Some(Text::new("id1")),
        certificate: Bytes::new(&certificate),
        sub_certificates: Some(sub_certificates),
    };
    let key = iso2::ContractSignatureEncryptedPrivateKey {
        id: Text::new("id2"),
        value: Bytes::new(&[7; 48]),
    };
    let public_key =
        iso2::DiffieHellmanPublickey { id: Text::new("id3"), value: Bytes::new(&[9; 65]) };
    let emaid = iso2::Emaid { id: Text::new("id4"), value: Text::new("DE1ABCD2EF357A") };
    let response = iso2::CertificateInstallationRes {
        response_code: iso2::ResponseCode::Ok,
        sa_provisioning_certificate_chain: View::new(&chain),
        contract_signature_cert_chain: View::new(&chain),
        contract_signature_encrypted_private_key: View::new(&key),
        dhpublickey: View::new(&public_key),
        emaid: View::new(&emaid),
    };
    let message = iso2::V2gMessage {
        header: iso2::MessageHeader {
            session_id: Bytes::new(&[1, 2, 3, 4, 5, 6, 7, 8]),
            notification: None,
            signature: None,
        },
        body: iso2::Body {
            body_element: Some(iso2::BodyElement::CertificateInstallationRes(response)),
        },
    };
    let mut buffer = vec![0; 8_192];
    let length = iso2::encode(&message, &mut buffer).expect("the buffer is large");
    buffer.truncate(length);
    buffer
}

fn decode_certificate_installation_res(passes: u32) {
    let octets = certificate_installation_res();
    for _ in 0..passes {
        black_box(iso2::decode(black_box(&octets)).expect("the message is right"));
    }
}

fn encode_certificate_installation_res(passes: u32) {
    let octets = certificate_installation_res();
    let message = iso2::decode(&octets).expect("the message is right");
    let mut buffer = vec![0; 8_192];
    for _ in 0..passes {
        black_box(iso2::encode(black_box(&message), &mut buffer).expect("the buffer is large"));
        black_box(&buffer);
    }
}
