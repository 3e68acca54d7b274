//! `verify-signature`: the signature of a signed message of ISO 15118-2 or -20.

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use clap::ValueEnum;
use evse_iso15118::message::iso2::{self, BodyElement};
use evse_iso15118::message::{iso20, xmldsig};
use evse_iso15118::pnc::certificate::{PublicKey, public_key};
use evse_iso15118::pnc::rustcrypto::Sha2;
use evse_iso15118::pnc::{Algorithm, Signed, emaid_typed_fragment, verify};
use evse_iso15118::session::Facts;
use evse_iso15118::{Element, EncodeError, Form, SchemaSet, Text};
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
    #[arg(long, value_parser = der_of)]
    certificate: Option<Der>,
    /// How -20 messages are signed.
    #[arg(long, value_enum, default_value = "p521")]
    method: Method,
    /// A file, or `-` for standard input: hexadecimal lines, or JSON lines with `id` and `exi_hex`.
    #[arg(default_value = "-")]
    pub(crate) file: std::path::PathBuf,
}

#[derive(Clone)]
struct Der(Vec<u8>);

fn der_of(text: &str) -> Result<Der> {
    from_hex(text).map(Der).ok_or_else(|| anyhow!("expected hexadecimal"))
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

    /// The `eMAID` of -2, in both its codings.
    fn add_emaid(&mut self, emaid: &iso2::Emaid<'a>) -> Result<()> {
        self.add(Some(emaid.id), iso2::element::EMAID, emaid)?;
        let mut typed = vec![0; 1024];
        let length: Result<usize, EncodeError> = emaid_typed_fragment(emaid, &mut typed);
        typed.truncate(length?);
        if let Some((_, _, alternative)) = self.all.last_mut() {
            *alternative = Some(typed);
        }
        Ok(())
    }

    /// The price schedules of -20 that have an `Id`.
    fn add_prices(&mut self, mode: &iso20::ScheduleExchangeResChoice<'a>) -> Result<()> {
        use iso20::DynamicSeResControlModeChoice as Dynamic;
        use iso20::element as e;
        use iso20::{ChargingScheduleChoice as Scheduled, ScheduleExchangeResChoice as Mode};
        let (mut absolute, mut levels) = (Vec::new(), Vec::new());
        match mode {
            Mode::DynamicSeResControlMode(mode) => match mode.get().choice {
                Some(Dynamic::AbsolutePriceSchedule(prices)) => absolute.push(prices.get()),
                Some(Dynamic::PriceLevelSchedule(prices)) => levels.push(prices.get()),
                None => {}
            },
            Mode::ScheduledSeResControlMode(mode) => {
                for tuple in &mode.schedule_tuple {
                    let schedules = [Some(tuple.charging_schedule), tuple.discharging_schedule];
                    for schedule in schedules.into_iter().flatten() {
                        match schedule.get().choice {
                            Some(Scheduled::AbsolutePriceSchedule(p)) => absolute.push(p.get()),
                            Some(Scheduled::PriceLevelSchedule(p)) => levels.push(p.get()),
                            None => {}
                        }
                    }
                }
            }
        }
        for prices in absolute.iter().filter(|prices| prices.id.is_some()) {
            self.add(prices.id, e::ABSOLUTE_PRICE_SCHEDULE, prices)?;
        }
        for prices in levels.iter().filter(|prices| prices.id.is_some()) {
            self.add(prices.id, e::PRICE_LEVEL_SCHEDULE, prices)?;
        }
        Ok(())
    }
}

impl VerifySignature {
    /// Refuses a certificate among the arguments that can verify nothing.
    pub(crate) fn check_arguments(&self) -> Result<()> {
        let given = self.certificate.as_ref();
        given.map_or(Ok(()), |Der(given)| {
            public_key(given, self.algorithm()).map(drop).context("--certificate")
        })
    }

    /// Verifies one message.
    pub(crate) fn answer(&self, octets: &[u8]) -> Result<Value> {
        match self.protocol {
            Generation::Iso2 => self.iso2(octets)?,
            Generation::Iso20 => self.iso20(octets)?,
        }
        let set = match self.protocol {
            Generation::Iso2 => SchemaSet::Iso2,
            Generation::Iso20 => SchemaSet::Iso20Common,
        };
        Ok(json!({ "message": Facts::of(set, octets)?.message, "verified": true }))
    }

    fn algorithm(&self) -> Algorithm {
        match (self.protocol, self.method) {
            (Generation::Iso2, _) | (_, Method::P256) => Algorithm::EcdsaP256,
            (_, Method::P521) => Algorithm::EcdsaP521,
            (_, Method::Ed448) => Algorithm::Ed448,
        }
    }

    fn iso2(&self, octets: &[u8]) -> Result<()> {
        let message = iso2::decode(octets)?;
        let signature = message.header.signature.context("the message has no signature")?.get();
        let mut elements = Elements::default();
        let mut own = None;
        use iso2::element as e;
        match message.body.body_element {
            Some(BodyElement::AuthorizationReq(body)) => {
                elements.add(body.id, e::AUTHORIZATION_REQ, &body)?;
            }
            Some(BodyElement::MeteringReceiptReq(body)) => {
                elements.add(body.id, e::METERING_RECEIPT_REQ, &body)?;
            }
            Some(BodyElement::CertificateInstallationReq(body)) => {
                elements.add(Some(body.id), e::CERTIFICATE_INSTALLATION_REQ, &body)?;
                own = Some(body.oem_provisioning_cert.to_vec());
            }
            Some(BodyElement::CertificateUpdateReq(body)) => {
                elements.add(Some(body.id), e::CERTIFICATE_UPDATE_REQ, &body)?;
                own = Some(body.contract_signature_cert_chain.get().certificate.to_vec());
            }
            Some(
                BodyElement::CertificateInstallationRes(iso2::CertificateInstallationRes {
                    sa_provisioning_certificate_chain: signer,
                    contract_signature_cert_chain: chain,
                    contract_signature_encrypted_private_key: key,
                    dhpublickey: public,
                    emaid,
                    ..
                })
                | BodyElement::CertificateUpdateRes(iso2::CertificateUpdateRes {
                    sa_provisioning_certificate_chain: signer,
                    contract_signature_cert_chain: chain,
                    contract_signature_encrypted_private_key: key,
                    dhpublickey: public,
                    emaid,
                    ..
                }),
            ) => {
                own = Some(signer.get().certificate.to_vec());
                let (chain, key, public) = (chain.get(), key.get(), public.get());
                elements.add(chain.id, e::CONTRACT_SIGNATURE_CERT_CHAIN, &chain)?;
                elements.add(Some(key.id), e::CONTRACT_SIGNATURE_ENCRYPTED_PRIVATE_KEY, &key)?;
                elements.add(Some(public.id), e::DHPUBLICKEY, &public)?;
                elements.add_emaid(&emaid.get())?;
            }
            Some(BodyElement::ChargeParameterDiscoveryRes(body)) => {
                let Some(iso2::SaSchedules::SaScheduleList(list)) = body.sa_schedules else {
                    bail!("the message has no schedule")
                };
                for tariff in list.sa_schedule_tuple.iter().filter_map(|tuple| tuple.sales_tariff) {
                    let tariff = tariff.get();
                    elements.add(tariff.id, e::SALES_TARIFF, &tariff)?;
                }
            }
            _ => bail!("no message that is signed"),
        }
        self.check(&signature, &elements, own)
    }

    fn iso20(&self, octets: &[u8]) -> Result<()> {
        use iso20::Message;
        use iso20::element as e;
        let message = iso20::decode(octets)?;
        let mut elements = Elements::default();
        let mut own = None;
        let header = match message {
            Message::AuthorizationReq(body) => {
                let iso20::AuthorizationReqChoice::PncAreqAuthorizationMode(mode) = body.choice
                else {
                    bail!("the authorization is not by contract")
                };
                let mode = mode.get();
                own = Some(mode.contract_certificate_chain.get().certificate.to_vec());
                elements.add(Some(mode.id), e::PNC_AREQ_AUTHORIZATION_MODE, &mode)?;
                body.header
            }
            Message::CertificateInstallationReq(body) => {
                let chain = body.oem_provisioning_certificate_chain.get();
                own = Some(chain.certificate.to_vec());
                elements.add(Some(chain.id), e::OEM_PROVISIONING_CERTIFICATE_CHAIN, &chain)?;
                body.header
            }
            Message::CertificateInstallationRes(body) => {
                own = Some(body.cp_s_certificate_chain.get().certificate.to_vec());
                let data = body.signed_installation_data.get();
                elements.add(Some(data.id), e::SIGNED_INSTALLATION_DATA, &data)?;
                body.header
            }
            Message::MeteringConfirmationReq(body) => {
                let data = body.signed_metering_data.get();
                elements.add(Some(data.id), e::SIGNED_METERING_DATA, &data)?;
                body.header
            }
            Message::ScheduleExchangeRes(body) => {
                elements.add_prices(&body.choice)?;
                body.header
            }
            _ => bail!("no message that is signed"),
        };
        let signature = header.signature.context("the message has no signature")?.get();
        self.check(&signature, &elements, own)
    }

    /// Under the certificate of the arguments, else that of the message.
    fn check(
        &self,
        signature: &xmldsig::Signature<'_>,
        elements: &Elements<'_>,
        own: Option<Vec<u8>>,
    ) -> Result<()> {
        ensure!(!elements.all.is_empty(), "the message has no signed element");
        let given = self.certificate.clone().map(|Der(given)| given);
        let certificate = given.or(own).context("no certificate: give one with --certificate")?;
        let key: PublicKey = public_key(&certificate, self.algorithm())?;
        let signed: Vec<Signed<'_>> = elements
            .all
            .iter()
            .map(|(id, fragment, alternative)| Signed {
                alternative: alternative.as_deref(),
                ..Signed::new(*id, fragment)
            })
            .collect();
        Ok(verify(signature, &signed, &key, &Sha2, &mut vec![0; 65_536])?)
    }
}
