//! The messages that budgets and benches decode and encode, and what they look at in them.

use evse_iso15118::message::iso2::{self, BodyElement, PmaxScheduleEntry, SaSchedules, V2gMessage};
use evse_iso15118::{Bytes, List, Text, View};

/// The message that the budget's peers were measured with: every optional element present.
pub(crate) const CURRENT_DEMAND_REQ: &str = "80980204488cd115599de210d1001b81061c41201081d04001061702e0414351840003082203806104203810814a3e00";
pub(crate) const DC_CHARGE_LOOP_REQ: &str =
    "803404089119a22ab33bc40d7bfe1b606201b8540e01fc2847c8c7f0e20903f8528f94";

/// Every optional element, with a signed meter reading.
pub(crate) const CURRENT_DEMAND_RES: &str = "80980204488cd115599de210e00000002040840a01f020c3882400203102601c06187a0181050987501144452a\
     504e582a4531323334352a3100001031454d4830303132333435363738043d6a58101696969696969696969696\
     969696969696969696969696969696969696969696969696969696969696969696969696969696969696969696\
     96969696969696968002080e2cfaa06040";
/// One schedule of twelve entries and the charger's limits.
pub(crate) const CHARGE_PARAMETER_DISCOVERY_RES: &str = "80980204488cd115599de210a0000000000086287c2a802407086284a2a80280e08628582a002c150862866298\
     0301c0862874290034230048628422900382a00486285028803c3100486285e2800203840486286c2780243f40\
     486287a2700282640886284827002c2d408240700c50ac4d0aa000004081861e80608284c3a81881300e061800\
     018812c02030c0040c3002018c1413802000";
/// The same with a duration in every entry.
pub(crate) const CHARGE_PARAMETER_DISCOVERY_RES_WITH_DURATIONS: &str = "80980204488cd115599de210a00000000000240700c50f85500480e0480e018a128aa00a0380901c03142c150016\
     0a8120380628662980301c0240700c50e852006846008480e018a108a400e0a8010901c03142814401e188021203\
     806285e28002038404240700c50d84f00487e808480e018a1e89c00a099020901c03142413801616a04120380628\
     5626855000002040c30f4030414261d40c409807030c0000c409601018600206180100c60a09c01000";
/// Scheduled mode with all four limits and a notification.
pub(crate) const DC_CHARGE_LOOP_RES: &str = "803804089119a22ab33bc4080e2cfaa062000000043f8710481fc2807c000808109875010000004007a0181001\
     300e00";

pub(crate) fn octets(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hexadecimal"))
        .collect()
}

/// Looks at every entry of a schedule.
pub(crate) fn entries(message: &V2gMessage<'_>, mut look: impl FnMut(PmaxScheduleEntry)) {
    let Some(BodyElement::ChargeParameterDiscoveryRes(response)) = &message.body.body_element
    else {
        panic!("another message");
    };
    let Some(SaSchedules::SaScheduleList(schedules)) = &response.sa_schedules else {
        panic!("no schedule");
    };
    for schedule in &schedules.sa_schedule_tuple {
        for entry in &schedule.pmax_schedule.pmax_schedule_entry {
            look(entry);
        }
    }
}

/// Copies every certificate and key of a certificate installation out, one after the other.
pub(crate) fn copied_out(message: &V2gMessage<'_>, copy: &mut [u8], mut look: impl FnMut(&[u8])) {
    let Some(BodyElement::CertificateInstallationRes(response)) = &message.body.body_element else {
        panic!("another message");
    };
    let mut one = |octets: Bytes<'_>| {
        look(octets.copy_into(copy).expect("the buffer is large"));
    };
    for chain in [
        response.sa_provisioning_certificate_chain.get(),
        response.contract_signature_cert_chain.get(),
    ] {
        one(chain.certificate);
        chain.sub_certificates.iter().flat_map(|s| s.certificate.iter()).for_each(&mut one);
    }
    one(response.contract_signature_encrypted_private_key.get().value);
    one(response.dhpublickey.get().value);
    let emaid = response.emaid.get();
    look(emaid.value.copy_into(copy).expect("the buffer is large").as_bytes());
}

/// 4.6 kB, from slices: two chains of a certificate and two subordinate ones of 750 octets each.
pub(crate) fn with_certificate_installation_res(then: impl FnOnce(&V2gMessage<'_>)) {
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
    then(&V2gMessage {
        header: iso2::MessageHeader {
            session_id: Bytes::new(&[1, 2, 3, 4, 5, 6, 7, 8]),
            notification: None,
            signature: None,
        },
        body: iso2::Body { body_element: Some(BodyElement::CertificateInstallationRes(response)) },
    });
}

/// The same as octets.
pub(crate) fn certificate_installation_res() -> Vec<u8> {
    let mut buffer = vec![0; 8_192];
    with_certificate_installation_res(|message| {
        let length = iso2::encode(message, &mut buffer).expect("the buffer is large");
        buffer.truncate(length);
    });
    buffer
}
