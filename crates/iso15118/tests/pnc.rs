//! Plug & Charge: every shared fragment and `SignedInfo`, signatures both ways with every algorithm, everything that must be
//! refused, the envelope, and certificate chains.
#![cfg(all(feature = "x509", feature = "ed448"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "tests"
)]

use std::path::PathBuf;

use evse_iso15118::message::iso2::{self, BodyElement};
use evse_iso15118::message::xmldsig;
use evse_iso15118::pnc::certificate::{ChainError, Limits, check_chain, public_key};
use evse_iso15118::pnc::rustcrypto::Sha2;
use evse_iso15118::pnc::{
    EnvelopeError, PrivateScalar, Reference, Sign, SignError, SignatureError, Signed, Verify,
    emaid_typed_fragment, is_challenge, open_contract_key, seal_contract_key, sign, verify,
};
use evse_iso15118::{Bytes, Form, Leniency, List, SchemaSet, Text, View, reencode};
use serde_json::Value;

fn vectors(file: &str) -> Vec<Value> {
    let shared = std::env::var_os("EVSE_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = shared.join("vectors/iso15118").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        assert!(std::env::var_os("EVSE_SHARED_REQUIRED").is_none(), "{}", path.display());
        println!("{} is not here; nothing compared", path.display());
        return Vec::new();
    };
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn p256(seed: u8) -> p256::SecretKey {
    p256::SecretKey::from_slice(&[seed; 32]).unwrap()
}

fn point(key: &p256::SecretKey) -> [u8; 65] {
    use p256::elliptic_curve::sec1::ToSec1Point as _;
    key.public_key().to_sec1_point(false).as_bytes().try_into().unwrap()
}

/// The canonical fragments of the vectors are what our encoder writes, and a signature over each is made and holds.
#[test]
fn every_signed_fragment_is_canonical_and_can_be_signed() {
    let key = p256::ecdsa::SigningKey::from(p256(3));
    let mut signed = 0;
    for file in ["iso15118_2.jsonl", "iso20_common.jsonl"] {
        for vector in vectors(file).iter().filter(|vector| vector["kind"] != "document") {
            let octets = hex::decode(vector["exi_hex"].as_str().unwrap()).unwrap();
            let set = match (vector["kind"].as_str(), file) {
                (Some("xmldsig_fragment"), _) => SchemaSet::XmlDsig,
                (_, "iso15118_2.jsonl") => SchemaSet::Iso2,
                _ => SchemaSet::Iso20Common,
            };
            let mut again = vec![0; octets.len() + 64];
            let strict = Leniency::STRICT;
            let length = reencode(set, Form::Fragment, &octets, strict, &mut again).unwrap();
            assert_eq!(again[..length.unwrap()], octets, "{}", vector["id"]);

            let references = [Reference::new("#id1", &octets, Sign::algorithm(&key), &Sha2)];
            let made = sign(&references, &key, &mut [0; 1024]).unwrap();
            let elements = [Signed::new(Text::new("id1"), &octets)];
            let holds = made.with_value(|value| {
                verify(value, &elements, key.verifying_key(), &Sha2, &mut [0; 1024])
            });
            assert_eq!(holds, Ok(()));
            signed += 1;
        }
    }
    println!("{signed} fragments");
}

/// A `SignedInfo` of the vectors is checked up to its first wrong digest: the methods of both profiles are known.
#[test]
fn the_methods_of_every_signed_info_are_known() {
    for file in ["iso15118_2.jsonl", "iso20_common.jsonl"] {
        let all = vectors(file);
        for vector in all.iter().filter(|vector| vector["kind"] == "xmldsig_fragment") {
            let octets = hex::decode(vector["exi_hex"].as_str().unwrap()).unwrap();
            let element = xmldsig::element::SIGNED_INFO;
            let info = element.decode(&octets, Form::Fragment, Leniency::STRICT).unwrap();
            let ids: Vec<String> =
                info.reference.iter().map(|r| r.uri.unwrap().chars().skip(1).collect()).collect();
            let elements: Vec<_> =
                ids.iter().map(|id| Signed::new(Text::new(id), &[0x80])).collect();
            let method: String = info.signature_method.get().algorithm.chars().collect();
            let value = xmldsig::SignatureValue { id: None, value: Bytes::EMPTY };
            let signature = xmldsig::Signature {
                id: None,
                signed_info: View::new(&info),
                signature_value: View::new(&value),
                key_info: None,
                object: List::EMPTY,
            };
            let mut scratch = [0; 2048];
            let found = if method.ends_with("sha256") {
                let key = p256::ecdsa::SigningKey::from(p256(3));
                verify(&signature, &elements, key.verifying_key(), &Sha2, &mut scratch)
            } else {
                let key = p521::ecdsa::SigningKey::from_slice(&[1; 66]).unwrap();
                verify(&signature, &elements, key.verifying_key(), &Sha2, &mut scratch)
            };
            let known = matches!(
                found,
                Err(SignatureError::Digest { .. } | SignatureError::HmacOutputLength)
            );
            assert!(known, "{}: {found:?}", vector["id"]);
        }
    }
}

/// A whole message through the codec: signed, encoded, decoded, its body coded as a fragment again, verified.
#[test]
fn an_authorization_request_is_signed_and_verified() {
    let key = p256::ecdsa::SigningKey::from(p256(9));
    let challenge = [0x5A; 16];
    let request = iso2::AuthorizationReq {
        id: Some(Text::new("ID1")),
        gen_challenge: Some(Bytes::new(&challenge)),
    };
    let mut fragment = [0; 128];
    let element = iso2::element::AUTHORIZATION_REQ;
    let length = element.encode(&request, Form::Fragment, &mut fragment).unwrap();
    let references = [Reference::new("#ID1", &fragment[..length], Sign::algorithm(&key), &Sha2)];
    let made = sign(&references, &key, &mut [0; 1024]).unwrap();
    let mut message = [0; 1024];
    let mut buffer = [0; 2048];
    let signature = made.write(&mut buffer).unwrap();
    let header = iso2::MessageHeader {
        session_id: Bytes::new(&[1; 8]),
        notification: None,
        signature: Some(View::new(&signature)),
    };
    let body = iso2::Body { body_element: Some(BodyElement::AuthorizationReq(request)) };
    let length = iso2::encode(&iso2::V2gMessage { header, body }, &mut message).unwrap();

    let received = iso2::decode(&message[..length]).unwrap();
    let Some(BodyElement::AuthorizationReq(body)) = received.body.body_element else { panic!() };
    let length = element.encode(&body, Form::Fragment, &mut fragment).unwrap();
    let elements = [Signed::new(body.id.unwrap(), &fragment[..length])];
    let signature = received.header.signature.unwrap().get();
    let check = |key: &p256::ecdsa::VerifyingKey, elements: &[Signed<'_>]| {
        verify(&signature, elements, key, &Sha2, &mut [0; 1024])
    };
    assert_eq!(check(key.verifying_key(), &elements), Ok(()));
    assert!(is_challenge(&challenge, body.gen_challenge.unwrap()));
    assert!(!is_challenge(&[0; 16], body.gen_challenge.unwrap()));

    let other = p256::ecdsa::SigningKey::from(p256(8));
    assert_eq!(check(other.verifying_key(), &elements), Err(SignatureError::Value));
    let mut changed = fragment;
    changed[10] ^= 1;
    let changed = [Signed::new(body.id.unwrap(), &changed[..length])];
    assert_eq!(check(key.verifying_key(), &changed), Err(SignatureError::Digest { index: 0 }));
    let elsewhere = [Signed::new(Text::new("ID2"), &fragment[..length])];
    assert_eq!(check(key.verifying_key(), &elsewhere), Err(SignatureError::Uri { index: 0 }));
    let missing = [elements[0], elsewhere[0]];
    let error = SignatureError::References { expected: 2, found: 1 };
    assert_eq!(check(key.verifying_key(), &missing), Err(error));
    assert!(!format!("{elements:?} {made:?}").contains("ID1,"));
}

#[test]
fn the_algorithms_of_iso20_sign_and_verify() {
    fn both<S: Sign, V: Verify>(signing: &S, verifying: &V) {
        let fragment = [0x80, 1, 2, 3];
        let references = [Reference::new("#a", &fragment, signing.algorithm(), &Sha2)];
        let made = sign(&references, signing, &mut [0; 1024]).unwrap();
        assert_eq!(made.value().len(), signing.algorithm().signature_len());
        let elements = [Signed::new(Text::new("a"), &fragment)];
        made.with_value(|value| {
            assert_eq!(verify(value, &elements, verifying, &Sha2, &mut [0; 1024]), Ok(()));
        });
        let p256 = p256::ecdsa::SigningKey::from(p256(1));
        made.with_value(|value| {
            let found = verify(value, &elements, p256.verifying_key(), &Sha2, &mut [0; 1024]);
            assert_eq!(found, Err(SignatureError::SignatureMethod));
        });
    }
    let key = p521::ecdsa::SigningKey::from_slice(&[1; 66]).unwrap();
    both(&key, key.verifying_key());
    let key =
        ed448_goldilocks::SigningKey::from(ed448_goldilocks::EdwardsScalarBytes::from([7; 57]));
    both(&key, &key.verifying_key());
}

#[test]
fn surplus_references_and_shortened_signatures_are_refused() {
    let key = p256::ecdsa::SigningKey::from(p256(3));
    let algorithm = Sign::algorithm(&key);
    let fragments = [[0x80, 1], [0x80, 2]];
    let reference = |uri, index: usize| Reference::new(uri, &fragments[index], algorithm, &Sha2);
    assert_eq!(sign(&[], &key, &mut [0; 1024]).unwrap_err(), SignError::References { got: 0 });
    let twice = [reference("#a", 0), reference("#a", 0)];
    let elements =
        [Signed::new(Text::new("a"), &fragments[0]), Signed::new(Text::new("b"), &fragments[1])];
    let check = |references: &[Reference<'_>], elements: &[Signed<'_>]| {
        sign(references, &key, &mut [0; 1024])
            .unwrap()
            .with_value(|value| verify(value, elements, key.verifying_key(), &Sha2, &mut [0; 1024]))
    };
    assert_eq!(check(&twice, &elements), Err(SignatureError::Uri { index: 1 }));
    let surplus = [reference("#a", 0), reference("#b", 1)];
    assert_eq!(check(&surplus, &elements), Ok(()));
    assert_eq!(
        check(&surplus, &elements[..1]),
        Err(SignatureError::References { expected: 1, found: 2 })
    );
    assert!(matches!(sign(&surplus, &key, &mut [0; 10]).unwrap_err(), SignError::Encode(_)));

    let made = sign(&surplus, &key, &mut [0; 1024]).unwrap();
    let mut octets = [0; 2048];
    let short = xmldsig::SignatureValue { id: None, value: Bytes::new(&made.value()[..63]) };
    let value = made.write(&mut octets).unwrap();
    let check = |value: &xmldsig::Signature<'_>| {
        verify(value, &elements, key.verifying_key(), &Sha2, &mut [0; 1024])
    };
    assert_eq!(check(&value), Ok(()));
    let changed = xmldsig::Signature { signature_value: View::new(&short), ..value };
    assert_eq!(check(&changed), Err(SignatureError::Length { expected: 64, found: 63 }));
}

#[test]
fn both_codings_of_the_emaid_are_accepted() {
    let key = p256::ecdsa::SigningKey::from(p256(3));
    let emaid = iso2::Emaid { id: Text::new("i3"), value: Text::new("Y0CQ65ZT4W_N6I") };
    let (mut general, mut typed) = ([0; 64], [0; 64]);
    let length = iso2::element::EMAID.encode(&emaid, Form::Fragment, &mut general).unwrap();
    let general = &general[..length];
    let expected = "80ec02023499c004164c10d44d8d56950d15d7d38d927d3d00";
    assert_eq!(hex::encode(general), expected);
    let length = emaid_typed_fragment(&emaid, &mut typed).unwrap();
    let typed = &typed[..length];
    let strict = Leniency::STRICT;
    assert_eq!(iso2::element::EMAID.decode(typed, Form::Fragment, strict), Ok(emaid));
    for signed in [general, typed] {
        let references = [Reference::new("#i3", signed, Sign::algorithm(&key), &Sha2)];
        let element = Signed { id: Text::new("i3"), fragment: general, alternative: Some(typed) };
        sign(&references, &key, &mut [0; 1024]).unwrap().with_value(|value| {
            let found = verify(value, &[element], key.verifying_key(), &Sha2, &mut [0; 1024]);
            assert_eq!(found, Ok(()));
        });
    }
}

#[test]
fn the_contract_key_comes_out_of_its_envelope() {
    let (vehicle, sender, contract) = (p256(11), p256(12), p256(13));
    let scalar = PrivateScalar::from_be_bytes([13; 32]);
    let envelope = seal_contract_key(&scalar, &point(&vehicle), [1; 16], &sender, &Sha2).unwrap();
    let open = |envelope: &[u8], sender: &[u8; 65], certificate: &p256::SecretKey| {
        open_contract_key(envelope, sender, &point(certificate), &vehicle, &Sha2)
    };
    let opened = open(&envelope, &point(&sender), &contract).unwrap();
    assert_eq!(opened.expose(), scalar.expose());
    assert_eq!(format!("{opened:?}"), "<masked, 32 bytes>");
    let error = open(&envelope, &point(&sender), &vehicle).unwrap_err();
    assert_eq!(error, EnvelopeError::OtherKey);
    let error = open(&envelope[..47], &point(&sender), &contract).unwrap_err();
    assert_eq!(error, EnvelopeError::Length { found: 47 });
    let error = open(&envelope, &[4; 65], &contract).unwrap_err();
    assert_eq!(error, EnvelopeError::PublicKey);
    let mut changed = envelope;
    changed[40] ^= 1;
    let error = open(&changed, &point(&sender), &contract).unwrap_err();
    assert_eq!(error, EnvelopeError::OtherKey);
}

/// Certificates made for these tests.
mod making {
    use der::asn1::{BitString, ObjectIdentifier};
    use der::{Decode as _, Encode as _};
    use signature::Signer as _;
    use x509_cert::der;

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let head = match length {
            0..128 => vec![tag, length as u8],
            128..256 => vec![tag, 0x81, length as u8],
            _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
        };
        [head, content.to_vec()].concat()
    }

    fn name(text: &str) -> Vec<u8> {
        let common_name = ObjectIdentifier::new_unwrap("2.5.4.3").to_der().unwrap();
        let attribute = tlv(0x30, &[common_name, tlv(0x0C, text.as_bytes())].concat());
        tlv(0x30, &tlv(0x31, &attribute))
    }

    /// A certificate in DER, valid from 2023 to 2026. `authority`: certificates below it that it may sign, if it is one.
    pub(super) fn certificate(
        subject: (&str, &p256::SecretKey),
        issuer: (&str, &p256::SecretKey),
        authority: Option<u8>,
        extra: &[u8],
    ) -> Vec<u8> {
        let method =
            tlv(0x30, &ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2").to_der().unwrap());
        let validity =
            tlv(0x30, &[tlv(0x17, b"230101000000Z"), tlv(0x17, b"260101000000Z")].concat());
        let extension = |oid: &str, value: &[u8]| {
            let oid = ObjectIdentifier::new_unwrap(oid).to_der().unwrap();
            tlv(0x30, &[oid, tlv(1, &[0xFF]), tlv(4, value)].concat())
        };
        let constraints = match authority {
            Some(most) => tlv(0x30, &[tlv(1, &[0xFF]), tlv(2, &[most])].concat()),
            None => tlv(0x30, &[]),
        };
        let usage: &[u8] = if authority.is_some() { &[3, 2, 2, 4] } else { &[3, 2, 7, 0x80] };
        let extensions =
            [extension("2.5.29.19", &constraints), extension("2.5.29.15", usage), extra.to_vec()];
        let curve = ["1.2.840.10045.2.1", "1.2.840.10045.3.1.7"]
            .map(|oid| ObjectIdentifier::new_unwrap(oid).to_der().unwrap());
        let point = BitString::from_bytes(&super::point(subject.1)).unwrap().to_der().unwrap();
        let spki = tlv(0x30, &[tlv(0x30, &curve.concat()), point].concat());
        let tbs = [
            tlv(0xA0, &tlv(2, &[2])),
            tlv(2, &[7]),
            method.clone(),
            name(issuer.0),
            validity,
            name(subject.0),
            spki,
            tlv(0xA3, &tlv(0x30, &extensions.concat())),
        ];
        let tbs = tlv(0x30, &tbs.concat());
        let key = p256::ecdsa::SigningKey::from(issuer.1.clone());
        let signature: p256::ecdsa::DerSignature = key.sign(&tbs);
        let value = BitString::from_bytes(signature.as_bytes()).unwrap().to_der().unwrap();
        let made = tlv(0x30, &[tbs, method, value].concat());
        assert!(x509_cert::Certificate::from_der(&made).is_ok());
        made
    }

    pub(super) fn unknown_critical() -> Vec<u8> {
        let oid = ObjectIdentifier::new_unwrap("1.2.3.4").to_der().unwrap();
        tlv(0x30, &[oid, tlv(1, &[0xFF]), tlv(4, &[5, 0])].concat())
    }
}

#[test]
fn chains_are_checked_under_the_limits_of_the_profile() {
    use evse_iso15118::pnc::Algorithm;
    let (root, sub1, sub2, leaf) = (p256(1), p256(2), p256(3), p256(4));
    let make = making::certificate;
    let root_cert = make(("Root", &root), ("Root", &root), Some(2), &[]);
    let sub1_cert = make(("Sub 1", &sub1), ("Root", &root), Some(1), &[]);
    let sub2_cert = make(("Sub 2", &sub2), ("Sub 1", &sub1), Some(0), &[]);
    let leaf_cert = make(("Leaf", &leaf), ("Sub 2", &sub2), None, &[]);
    let now = 1_700_000_000;
    let roots = [&root_cert[..]];
    let check = |chain: &[&[u8]], seconds| {
        check_chain(chain, &roots, Limits::ISO2, seconds).map(|key| key.algorithm())
    };
    let chain = [&leaf_cert[..], &sub2_cert, &sub1_cert];
    assert_eq!(check(&chain, now), Ok(Algorithm::EcdsaP256));
    assert!(public_key(&leaf_cert, Algorithm::EcdsaP256).is_ok());
    assert_eq!(check(&chain, 1_600_000_000), Err(ChainError::NotYetValid { index: 0 }));
    assert_eq!(check(&chain, 1_800_000_000), Err(ChainError::Expired { index: 0 }));
    assert_eq!(check(&[], now), Err(ChainError::Length { most: 3, got: 0 }));
    let long = [chain[0], chain[1], chain[2], &root_cert];
    assert_eq!(check(&long, now), Err(ChainError::Length { most: 3, got: 4 }));
    assert_eq!(check(&chain[..2], now), Err(ChainError::Issuer { index: 1 }));
    assert_eq!(check(&[chain[0], chain[2]], now), Err(ChainError::Issuer { index: 0 }));
    assert_eq!(check(&[&[0x30, 0]], now), Err(ChainError::Undecodable { index: 0 }));
    assert_eq!(check(&[&[0; 801]], now), Err(ChainError::Octets { index: 0, got: 801 }));
    let other = check_chain(&chain, &roots, Limits::ISO20, now).map(|key| key.algorithm());
    assert_eq!(other, Err(ChainError::Algorithm { index: 0 }));

    // Signed by another key, by a leaf, by an authority that may have none below it; a critical extension.
    let forged = make(("Leaf", &leaf), ("Sub 2", &leaf), None, &[]);
    let forged = [&forged[..], &sub2_cert, &sub1_cert];
    assert_eq!(check(&forged, now), Err(ChainError::Signature { index: 0 }));
    let by_leaf = make(("Leaf 2", &root), ("Leaf", &leaf), None, &[]);
    let found = check(&[&by_leaf, &leaf_cert, &sub2_cert], now);
    assert_eq!(found, Err(ChainError::NotAnAuthority { index: 0 }));
    let short = make(("Sub 1", &sub1), ("Root", &root), Some(0), &[]);
    let found = check(&[&leaf_cert, &sub2_cert, &short], now);
    assert_eq!(found, Err(ChainError::NotAnAuthority { index: 1 }));
    let critical = make(("Leaf", &leaf), ("Sub 2", &sub2), None, &making::unknown_critical());
    let found = check(&[&critical, &sub2_cert, &sub1_cert], now);
    assert_eq!(found, Err(ChainError::CriticalExtension { index: 0 }));
    let authority = make(("Leaf", &leaf), ("Sub 2", &sub2), Some(0), &[]);
    let found = check(&[&authority, &sub2_cert, &sub1_cert], now);
    assert_eq!(found, Err(ChainError::KeyUsage));
    for length in 0..leaf_cert.len() {
        assert!(check(&[&leaf_cert[..length], &sub2_cert, &sub1_cert], now).is_err());
    }
}
