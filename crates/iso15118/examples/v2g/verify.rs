//! `verify-signature`: the signature of a signed message of ISO 15118-2 or -20.

use anyhow::{Context as _, Result, bail, ensure};
use clap::ValueEnum;
use evse_iso15118::message::iso2::{self, BodyElement};
use evse_iso15118::message::{iso20, xmldsig};
use evse_iso15118::pnc::certificate::{PublicKey, public_key};
use evse_iso15118::pnc::rustcrypto::Sha2;
use evse_iso15118::pnc::{Algorithm, Signed, emaid_typed_fragment, verify};
use evse_iso15118::{Element, EncodeError, Form, Text};
use serde_json::{Value, json};

use crate::json::from_hex;

/// How messages are signed.
#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Method {
    /// -2: ECDSA on P-256.
    P256,
    /// -20: ECDSA on P-521.
    P521,
    /// -20: Ed448.
    Ed448,
}

#[derive(clap::Args)]
pub(crate) struct VerifySignature {
    /// The generation of the messages.
    #[arg(long, value_enum)]
    protocol: Generation,
    /// Certificate of the signer, DER in hexadecimal; else that of the message, where it bears one.
    #[arg(long)]
    certificate: Option<String>,
    /// How -20 messages are signed.
    #[arg(long, value_enum, default_value = "p521")]
    method: Method,
    /// A file, or `-` for standard input: hexadecimal lines, or JSON lines with `id` and `exi_hex`.
    #[arg(default_value = "-")]
    pub(crate) file: std::path::PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Generation {
    #[value(name = "iso15118_2")]
    Iso2,
    #[value(name = "iso20_common")]
    Iso20,
}

/// The signed elements of a message: `Id`, fragment, and another coding that is accepted too.
#[derive(Default)]
struct Elements<'a> {
    all: Vec<(Text<'a>, Vec<u8>, Option<Vec<u8>>)>,
}

impl<'a> Elements<'a> {
    fn add<'v, C: evse_iso15118::codec::Coding>(
        &mut self,
        id: Option<Text<'a>>,
        element: Element<C>,
        value: &C::Value<'v>,
    ) -> Result<()> {
        let mut fragment = vec![0; element.encoded_len(value, Form::Fragment)?];
        element.encode(value, Form::Fragment, &mut fragment)?;
        self.all.push((id.context("the signed element has no Id")?, fragment, None));
        Ok(())
    }
}

impl VerifySignature {
    /// Verifies one message.
    pub(crate) fn answer(&self, octets: &[u8]) -> Result<Value> {
        match self.protocol {
            Generation::Iso2 => self.iso2(octets),
            Generation::Iso20 => self.iso20(octets),
        }
    }

    fn key(&self, own: Option<Vec<u8>>, algorithm: Algorithm) -> Result<PublicKey> {
        let given = self.certificate.as_deref();
        let given = given.map(|text| from_hex(text).context("expected hexadecimal")).transpose()?;
        let certificate = given.or(own).context("no certificate: give one with --certificate")?;
        Ok(public_key(&certificate, algorithm)?)
    }

    fn iso2(&self, octets: &[u8]) -> Result<Value> {
        let message = iso2::decode(octets)?;
        let signature = message.header.signature.context("the message has no signature")?.get();
        let mut elements = Elements::default();
        let mut own = None;
        use iso2::element as e;
        let name = match message.body.body_element {
            Some(BodyElement::AuthorizationReq(body)) => {
                elements.add(body.id, e::AUTHORIZATION_REQ, &body)?;
                "AuthorizationReq"
            }
            Some(BodyElement::MeteringReceiptReq(body)) => {
                elements.add(body.id, e::METERING_RECEIPT_REQ, &body)?;
                "MeteringReceiptReq"
            }
            Some(BodyElement::CertificateInstallationReq(body)) => {
                elements.add(Some(body.id), e::CERTIFICATE_INSTALLATION_REQ, &body)?;
                own = Some(body.oem_provisioning_cert.to_vec());
                "CertificateInstallationReq"
            }
            Some(BodyElement::CertificateUpdateReq(body)) => {
                elements.add(Some(body.id), e::CERTIFICATE_UPDATE_REQ, &body)?;
                own = Some(body.contract_signature_cert_chain.get().certificate.to_vec());
                "CertificateUpdateReq"
            }
            Some(BodyElement::CertificateInstallationRes(body)) => {
                own = Some(body.sa_provisioning_certificate_chain.get().certificate.to_vec());
                let chain = body.contract_signature_cert_chain.get();
                let key = body.contract_signature_encrypted_private_key.get();
                provisioning(
                    &mut elements,
                    &chain,
                    &key,
                    &body.dhpublickey.get(),
                    &body.emaid.get(),
                )?;
                "CertificateInstallationRes"
            }
            Some(BodyElement::CertificateUpdateRes(body)) => {
                own = Some(body.sa_provisioning_certificate_chain.get().certificate.to_vec());
                let chain = body.contract_signature_cert_chain.get();
                let key = body.contract_signature_encrypted_private_key.get();
                provisioning(
                    &mut elements,
                    &chain,
                    &key,
                    &body.dhpublickey.get(),
                    &body.emaid.get(),
                )?;
                "CertificateUpdateRes"
            }
            Some(BodyElement::ChargeParameterDiscoveryRes(body)) => {
                let Some(iso2::SaSchedules::SaScheduleList(list)) = body.sa_schedules else {
                    bail!("the message has no schedule")
                };
                for tuple in &list.sa_schedule_tuple {
                    if let Some(tariff) = tuple.sales_tariff {
                        let tariff = tariff.get();
                        elements.add(tariff.id, e::SALES_TARIFF, &tariff)?;
                    }
                }
                "ChargeParameterDiscoveryRes"
            }
            _ => bail!("no message that is signed"),
        };
        let key = self.key(own, Algorithm::EcdsaP256)?;
        check(name, &signature, &elements, &key)
    }

    fn iso20(&self, octets: &[u8]) -> Result<Value> {
        use iso20::Message;
        use iso20::element as e;
        let message = iso20::decode(octets)?;
        let mut elements = Elements::default();
        let mut own = None;
        let (name, header) = match message {
            Message::AuthorizationReq(body) => {
                let iso20::AuthorizationReqChoice::PncAreqAuthorizationMode(mode) = body.choice
                else {
                    bail!("the authorization is not by contract")
                };
                let mode = mode.get();
                own = Some(mode.contract_certificate_chain.get().certificate.to_vec());
                elements.add(Some(mode.id), e::PNC_AREQ_AUTHORIZATION_MODE, &mode)?;
                ("AuthorizationReq", body.header)
            }
            Message::CertificateInstallationReq(body) => {
                let chain = body.oem_provisioning_certificate_chain.get();
                own = Some(chain.certificate.to_vec());
                elements.add(Some(chain.id), e::OEM_PROVISIONING_CERTIFICATE_CHAIN, &chain)?;
                ("CertificateInstallationReq", body.header)
            }
            Message::CertificateInstallationRes(body) => {
                own = Some(body.cp_s_certificate_chain.get().certificate.to_vec());
                let data = body.signed_installation_data.get();
                elements.add(Some(data.id), e::SIGNED_INSTALLATION_DATA, &data)?;
                ("CertificateInstallationRes", body.header)
            }
            Message::MeteringConfirmationReq(body) => {
                let data = body.signed_metering_data.get();
                elements.add(Some(data.id), e::SIGNED_METERING_DATA, &data)?;
                ("MeteringConfirmationReq", body.header)
            }
            _ => bail!("no message that is signed"),
        };
        let signature = header.signature.context("the message has no signature")?.get();
        let algorithm = match self.method {
            Method::P256 => Algorithm::EcdsaP256,
            Method::P521 => Algorithm::EcdsaP521,
            Method::Ed448 => Algorithm::Ed448,
        };
        let key = self.key(own, algorithm)?;
        check(name, &signature, &elements, &key)
    }
}

/// The four elements of a certificate response, the `eMAID` in both its codings.
fn provisioning<'a>(
    elements: &mut Elements<'a>,
    chain: &iso2::CertificateChain<'a>,
    key: &iso2::ContractSignatureEncryptedPrivateKey<'a>,
    public: &iso2::DiffieHellmanPublickey<'a>,
    emaid: &iso2::Emaid<'a>,
) -> Result<()> {
    use iso2::element as e;
    elements.add(chain.id, e::CONTRACT_SIGNATURE_CERT_CHAIN, chain)?;
    elements.add(Some(key.id), e::CONTRACT_SIGNATURE_ENCRYPTED_PRIVATE_KEY, key)?;
    elements.add(Some(public.id), e::DHPUBLICKEY, public)?;
    elements.add(Some(emaid.id), e::EMAID, emaid)?;
    let mut typed = vec![0; 1024];
    let length: Result<usize, EncodeError> = emaid_typed_fragment(emaid, &mut typed);
    typed.truncate(length?);
    if let Some((_, _, alternative)) = elements.all.last_mut() {
        *alternative = Some(typed);
    }
    Ok(())
}

fn check(
    message: &str,
    signature: &xmldsig::Signature<'_>,
    elements: &Elements<'_>,
    key: &PublicKey,
) -> Result<Value> {
    ensure!(!elements.all.is_empty(), "the message has no signed element");
    let signed: Vec<Signed<'_>> = elements
        .all
        .iter()
        .map(|(id, fragment, alternative)| Signed {
            alternative: alternative.as_deref(),
            ..Signed::new(*id, fragment)
        })
        .collect();
    verify(signature, &signed, key, &Sha2, &mut vec![0; 65_536])?;
    Ok(json!({ "message": message, "verified": true }))
}
