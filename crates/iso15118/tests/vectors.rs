//! Every shared vector: value for value, octet for octet; every malformed one an error.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing
)]

#[path = "../examples/v2g/json.rs"]
mod json;
mod shared;
mod vector;

use evse_iso15118::codec::StringEntry;
use evse_iso15118::{Form, Leniency, SchemaSet, expand_value_hits, message, visit};
use json::{Json, from_hex, hex};
use vector::{RIGHT, grammar, lines};

/// Decodes by type and encodes again.
fn again(set: SchemaSet, form: Form, octets: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0xAA; octets.len() + 100];
    macro_rules! document {
        ($module:ident) => {{
            let value = message::$module::decode(octets).expect("decodes");
            let length = message::$module::encode(&value, &mut out).expect("encodes");
            assert_eq!(message::$module::encoded_len(&value), Ok(length));
            let mut exact = vec![0; length];
            assert_eq!(message::$module::encode(&value, &mut exact), Ok(length));
            assert_eq!(exact[..], out[..length]);
            for short in 0..length {
                assert!(message::$module::encode(&value, &mut exact[..short]).is_err());
            }
            assert_eq!(message::$module::decode(&exact), Ok(value));
            // Not asserted; it must only not fail.
            let _ = format!("{value:?}");
            length
        }};
    }
    let length = match (set, form) {
        (SchemaSet::AppProtocol, Form::Document) => document!(app_protocol),
        (SchemaSet::Din70121, Form::Document) => document!(din70121),
        (SchemaSet::Iso2, Form::Document) => document!(iso2),
        (SchemaSet::Iso20Common, Form::Document) => document!(iso20),
        (SchemaSet::Iso20Ac, Form::Document) => document!(iso20_ac),
        (SchemaSet::Iso20Dc, Form::Document) => document!(iso20_dc),
        (SchemaSet::Iso20Wpt, Form::Document) => document!(iso20_wpt),
        (SchemaSet::Iso20Acdp, Form::Document) => document!(iso20_acdp),
        (_, _) => return fragment_again(set, octets, &mut out),
    };
    out.truncate(length);
    Some(out)
}

fn fragment_again(set: SchemaSet, octets: &[u8], out: &mut [u8]) -> Option<Vec<u8>> {
    macro_rules! try_all {
        ($($module:path { $($element:ident)* })*) => { $({
            use $module as module;
            $(
                let element = module::element::$element;
                if let Ok(value) = element.decode(octets, Form::Fragment, Leniency::STRICT) {
                    let length = element.encode(&value, Form::Fragment, out).expect("encodes");
                    assert_eq!(element.encoded_len(&value, Form::Fragment), Ok(length));
                    return Some(out[..length].to_vec());
                }
            )*
        })* };
    }
    match set {
        SchemaSet::Iso2 => try_all!(message::iso2 {
            AUTHORIZATION_REQ METERING_RECEIPT_REQ CERTIFICATE_INSTALLATION_REQ CERTIFICATE_UPDATE_REQ
            CONTRACT_SIGNATURE_CERT_CHAIN CONTRACT_SIGNATURE_ENCRYPTED_PRIVATE_KEY DHPUBLICKEY EMAID
            SALES_TARIFF
        }),
        SchemaSet::Iso20Common => try_all!(message::iso20 {
            PNC_AREQ_AUTHORIZATION_MODE OEM_PROVISIONING_CERTIFICATE_CHAIN SIGNED_INSTALLATION_DATA
            SIGNED_METERING_DATA ABSOLUTE_PRICE_SCHEDULE PRICE_LEVEL_SCHEDULE METERING_CONFIRMATION_REQ
            CERTIFICATE_INSTALLATION_REQ
        }),
        SchemaSet::XmlDsig => try_all!(message::xmldsig { SIGNED_INFO }),
        _ => {}
    }
    None
}

#[test]
fn vectors_decode_to_their_value_and_encode_to_their_octets() {
    let mut failures = Vec::new();
    let mut count = 0;
    for file in RIGHT {
        for vector in lines(file) {
            let id = &vector["id"];
            let octets = from_hex(vector["exi_hex"].as_str().unwrap()).unwrap();
            let (set, form) = grammar(&vector);
            let mut value = Json::default();
            count += 1;
            if let Err(error) = visit(set, form, &octets, Leniency::STRICT, &mut value) {
                failures.push(format!("{id}: {error}"));
                continue;
            }
            let value = value.into_value();
            if value != vector["value"] {
                failures.push(format!("{id}:\n got {value}\n not {}", vector["value"]));
                continue;
            }
            match again(set, form, &octets) {
                Some(encoded) if encoded == octets => {}
                Some(encoded) => {
                    failures.push(format!("{id}:\n got {}\n not {}", hex(encoded), hex(octets)));
                }
                None => failures.push(format!("{id}: no element of the test decodes it")),
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {count} failed:\n{}",
        failures.len(),
        failures[..failures.len().min(5)].join("\n")
    );
    println!("{count} vectors");
}

#[test]
fn malformed_vectors_are_errors() {
    for vector in lines("malformed") {
        let octets = from_hex(vector["exi_hex"].as_str().unwrap()).unwrap();
        let (set, form) = grammar(&vector);
        let mut value = Json::default();
        let result = visit(set, form, &octets, Leniency::STRICT, &mut value);
        let error = result.expect_err(vector["id"].as_str().unwrap());
        assert!(!error.to_string().is_empty());
    }
}

#[test]
fn value_hits_expand_to_their_literal_twin() {
    for vector in lines("value_hits") {
        let octets = from_hex(vector["exi_hex"].as_str().unwrap()).unwrap();
        let (set, form) = grammar(&vector);
        let mut table = [StringEntry::default(); 128];
        let mut out = vec![0; 16_384];
        let id = vector["id"].as_str().unwrap();
        let length = expand_value_hits(set, form, &octets, Leniency::STRICT, &mut table, &mut out)
            .unwrap_or_else(|error| panic!("{id}: {error}"));
        out.truncate(length);
        assert_eq!(hex(out.iter().copied()), vector["literal_exi_hex"], "{id}");
        let mut value = Json::default();
        visit(set, form, &out, Leniency::STRICT, &mut value).expect(id);
        assert_eq!(value.into_value(), vector["value"], "{id}");
    }
}
