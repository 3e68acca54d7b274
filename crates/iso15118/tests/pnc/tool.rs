//! `v2g verify-signature` on messages signed here: what it prints, what it says, and how it ends.

use std::io::Write as _;
use std::process::{Command, Stdio};

use evse_iso15118::message::iso2::{self, BodyElement};
use evse_iso15118::message::{iso20, iso20_types};
use evse_iso15118::pnc::rustcrypto::Sha2;
use evse_iso15118::pnc::{Reference, Sign, sign};
use evse_iso15118::{Bytes, Form, List, Text, View};
use serde_json::{Value, json};
use x509_cert::ext::pkix::KeyUsages;

use crate::built::tool;
use crate::making::{Says, certificate, p256, p521};

/// Exit code, lines of standard output, and standard error.
fn verify(arguments: &[&str], input: &str) -> (i32, Vec<Value>, String) {
    let mut tool = Command::new(tool());
    let tool = tool.arg("verify-signature").args(arguments);
    let pipes = tool.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = pipes.spawn().unwrap();
    // One that ends by its arguments alone does not read.
    let _ = running.stdin.take().unwrap().write_all(input.as_bytes());
    let ended = running.wait_with_output().unwrap();
    let lines = String::from_utf8(ended.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (ended.status.code().unwrap(), lines, String::from_utf8(ended.stderr).unwrap())
}

/// A certificate of the signer in hexadecimal.
fn of_leaf<S>(key: &impl crate::making::Key<S>) -> String
where
    S: x509_cert::spki::SignatureBitStringEncoding,
{
    let usage = KeyUsages::DigitalSignature;
    let valid = (1_672_531_200, 1_767_225_600);
    let says = Says { subject: "A", issuer: "A", valid, authority: None, usage, extra: None };
    hex::encode(certificate(says, key, key))
}

/// `AuthorizationReq` of -2 with a challenge, signed over that of `signed`.
fn iso2_message(key: &impl Sign, challenge: [u8; 16], signed: [u8; 16]) -> String {
    let request = |challenge| iso2::AuthorizationReq {
        id: Some(Text::new("ID1")),
        gen_challenge: Some(Bytes::new(challenge)),
    };
    let (mut fragment, mut signature, mut message) = ([0; 128], [0; 2048], [0; 2048]);
    let element = iso2::element::AUTHORIZATION_REQ;
    let length = element.encode(&request(&signed), Form::Fragment, &mut fragment).unwrap();
    let references = [Reference::new("#ID1", &fragment[..length], key.algorithm(), &Sha2)];
    let signature = sign(&references, key, &mut [0; 1024]).unwrap().write(&mut signature).unwrap();
    let header = iso2::MessageHeader {
        session_id: Bytes::new(&[1; 8]),
        notification: None,
        signature: Some(View::new(&signature)),
    };
    let body = BodyElement::AuthorizationReq(request(&challenge));
    let body = iso2::Body { body_element: Some(body) };
    let length = iso2::encode(&iso2::V2gMessage { header, body }, &mut message).unwrap();
    hex::encode(&message[..length])
}

/// `AuthorizationReq` of -20 by contract, which bears the certificate.
fn iso20_message(key: &impl Sign, certificate: &str, changed: bool) -> String {
    let certificate = hex::decode(certificate).unwrap();
    let above = [Bytes::new(&[0x30])];
    let chain = iso20::ContractCertificateChain {
        certificate: Bytes::new(&certificate),
        sub_certificates: iso20::SubCertificates { certificate: List::new(&above) },
    };
    let mode = |challenge| iso20::PncAreqAuthorizationMode {
        id: Text::new("id7"),
        gen_challenge: Bytes::new(challenge),
        contract_certificate_chain: View::new(&chain),
    };
    let (mut fragment, mut signature, mut message) = ([0; 2048], [0; 2048], [0; 4096]);
    let element = iso20::element::PNC_AREQ_AUTHORIZATION_MODE;
    let length = element.encode(&mode(&[7; 16]), Form::Fragment, &mut fragment).unwrap();
    let references = [Reference::new("#id7", &fragment[..length], key.algorithm(), &Sha2)];
    let signature = sign(&references, key, &mut [0; 1024]).unwrap().write(&mut signature).unwrap();
    let header = iso20_types::MessageHeader {
        session_id: Bytes::new(&[1; 8]),
        time_stamp: 1_700_000_000,
        signature: Some(View::new(&signature)),
    };
    let challenge = [if changed { 8 } else { 7 }; 16];
    let mode = mode(&challenge);
    let request = iso20::AuthorizationReq {
        header,
        selected_authorization_service: iso20::Authorization::Pnc,
        choice: iso20::AuthorizationReqChoice::PncAreqAuthorizationMode(View::new(&mode)),
    };
    let message_of = iso20::Message::AuthorizationReq(request);
    let length = iso20::encode(&message_of, &mut message).unwrap();
    hex::encode(&message[..length])
}

#[test]
fn messages_of_iso2_are_verified_or_refused_with_the_reason() {
    let [key, other] = [p256(3), p256(4)].map(p256::ecdsa::SigningKey::from);
    let certificate = of_leaf::<p256::ecdsa::DerSignature>(&key);
    let right = iso2_message(&key, [9; 16], [9; 16]);
    let by = ["--protocol", "iso15118_2", "--certificate", &certificate];
    let line = json!({ "id": 1, "message": "AuthorizationReq", "verified": true });
    assert_eq!(verify(&by, &right), (0, vec![line], String::new()));
    assert_eq!(verify(&by, ""), (0, vec![], String::new()));

    // Each line is answered; the good one after bad ones, too. An `id` of the input comes back.
    let tampered = iso2_message(&key, [8; 16], [9; 16]);
    let another_method = iso2_message(&p521(3), [9; 16], [9; 16]);
    let unsigned = "809a0211d63f74d2297ac91800";
    let input = [
        &json!({ "id": "m1", "exi_hex": tampered }).to_string(),
        &another_method,
        unsigned,
        "808080",
        "no hexadecimal",
        &json!({ "id": "m6", "exi": right }).to_string(),
        &json!({ "id": "m7", "exi_hex": right }).to_string(),
    ];
    let (code, lines, said) = verify(&by, &input.join("\n"));
    assert_eq!((code, lines.len()), (1, 7));
    assert_eq!(
        lines[0],
        json!({ "id": "m1", "error": "the digest of reference 0 is not that of its element" })
    );
    assert_eq!(lines[1], json!({ "id": 2, "error": "another signature method than the key's" }));
    assert_eq!(lines[4], json!({ "id": 5, "error": "expected hexadecimal" }));
    assert_eq!(lines[5], json!({ "id": "m6", "error": "no member `exi_hex`" }));
    assert_eq!(lines[6], json!({ "id": "m7", "message": "AuthorizationReq", "verified": true }));
    for (index, line) in lines.iter().enumerate().take(6) {
        let error = line["error"].as_str().unwrap();
        assert!(said.contains(&format!("-:{}: {error}\n", index + 1)), "{said}");
        assert_eq!(line.get("verified"), None);
    }
    assert_eq!(said.lines().count(), 6);

    let another_key = of_leaf::<p256::ecdsa::DerSignature>(&other);
    let by = ["--protocol", "iso15118_2", "--certificate", &another_key];
    let (code, lines, _) = verify(&by, &right);
    let line = json!({ "id": 1, "error": "the key did not sign this" });
    assert_eq!((code, lines), (1, vec![line]));
    let (code, lines, _) = verify(&["--protocol", "iso15118_2"], &right);
    let line = json!({ "id": 1, "error": "no certificate: give one with --certificate" });
    assert_eq!((code, lines), (1, vec![line]));
}

#[test]
fn messages_of_iso20_are_verified_by_the_certificate_they_bear() {
    let key = p521(3);
    let certificate = of_leaf::<p521::ecdsa::DerSignature>(&key);
    let by = ["--protocol", "iso20_common"];
    let line = json!({ "id": 1, "message": "AuthorizationReq", "verified": true });
    let right = iso20_message(&key, &certificate, false);
    assert_eq!(verify(&by, &right), (0, vec![line], String::new()));
    let (code, lines, _) = verify(&by, &iso20_message(&key, &certificate, true));
    let line = json!({ "id": 1, "error": "the digest of reference 0 is not that of its element" });
    assert_eq!((code, lines), (1, vec![line]));
    let (code, lines, _) = verify(&by, &iso20_message(&p521(4), &certificate, false));
    assert_eq!((code, lines), (1, vec![json!({ "id": 1, "error": "the key did not sign this" })]));
    let (code, lines, _) = verify(&["--protocol", "iso20_common", "--method", "ed448"], &right);
    let line = json!({ "id": 1, "error": "certificate 0 is of another algorithm" });
    assert_eq!((code, lines), (1, vec![line]));
}

#[test]
fn wrong_arguments_and_unreadable_files_are_exit_code_2() {
    let missing = ["--protocol", "iso15118_2", "no-such-file.jsonl"];
    let key = of_leaf::<p521::ecdsa::DerSignature>(&p521(3));
    for (arguments, reason) in [
        (&missing[..], "v2g: no-such-file.jsonl: "),
        (&["--protocol", "iso15118_3"], "iso15118_3"),
        (&["--protocol", "iso15118_2", "--certificate", "xyz"], "expected hexadecimal"),
        (&["--protocol", "iso15118_2", "--certificate", "3000"], "is not DER of X.509"),
        (&["--protocol", "iso15118_2", "--certificate", &key], "is of another algorithm"),
    ] {
        let (code, lines, said) = verify(arguments, "80");
        assert_eq!((code, lines), (2, vec![]), "{arguments:?}");
        assert!(said.contains(reason), "{said}");
    }
}
