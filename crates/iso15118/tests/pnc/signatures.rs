//! Every shared fragment and `SignedInfo`, signatures both ways with every algorithm, everything that must be refused,
//! and the envelope.

use evse_iso15118::message::iso2::{self, BodyElement};
use evse_iso15118::message::xmldsig;
use evse_iso15118::pnc::rustcrypto::Sha2;
use evse_iso15118::pnc::{
    EnvelopeError, PrivateScalar, Reference, Sign, SignError, SignatureError, Signed, Verify,
    emaid_typed_fragment, is_challenge, open_contract_key, seal_contract_key, sign, verify,
};
use evse_iso15118::{Bytes, Form, Leniency, List, SchemaSet, Text, View, reencode};
use serde_json::Value;

use crate::making::p256;
use crate::shared::shared;

fn vectors(file: &str) -> Vec<Value> {
    let text = shared(&format!("vectors/iso15118/{file}")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
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
