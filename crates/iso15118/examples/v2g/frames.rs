//! V2GTP streams and SDP datagrams as JSON.

use std::io::{BufRead, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use evse_iso15118::sdp::Datagram;
use evse_iso15118::v2gtp::{Frame, Header, PayloadType, Reassembler};
use evse_iso15118::{Form, Leniency, SchemaSet, visit};
use serde_json::{Value, json};

use crate::json::{Json, hex};

/// A stream per line, each with its own handshake; both directions of a connection may stand in one stream.
pub(crate) fn frames(file: &Path) -> Result<bool> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut all_well = true;
    let mut conversation = Conversation::default();
    for (number, line) in crate::open(file)?.lines().enumerate() {
        let line = line.with_context(|| file.display().to_string())?;
        if line.trim().is_empty() {
            continue;
        }
        let mut report = |object: Value, well: bool| -> Result<()> {
            if !well {
                eprintln!("{}:{}: {}", file.display(), number + 1, object["error"]);
                all_well = false;
            }
            Ok(writeln!(out, "{object}")?)
        };
        let octets = match crate::octets_of(line.trim(), "hex") {
            Ok(octets) => octets,
            Err(error) => {
                report(json!({ "line": number + 1, "error": format!("{error:#}") }), false)?;
                continue;
            }
        };
        let mut buffer = vec![0; 1 << 20];
        let mut reassembler = Reassembler::new(&mut buffer);
        let mut input = octets.as_slice();
        while !input.is_empty() {
            match reassembler.next_frame(&mut input) {
                Ok(Some(frame)) => {
                    let mut object = conversation.explain(&frame);
                    object["line"] = json!(number + 1);
                    let well = object.get("error").is_none();
                    report(object, well)?;
                }
                Ok(None) => {}
                Err(error) => {
                    report(json!({ "line": number + 1, "error": error.to_string() }), false)?;
                    break;
                }
            }
        }
        if input.is_empty() && reassembler.is_inside() {
            report(
                json!({ "line": number + 1, "error": "the stream ends inside a message" }),
                false,
            )?;
        }
    }
    out.flush()?;
    Ok(all_well)
}

/// What the handshake of a connection has settled.
#[derive(Default)]
struct Conversation {
    /// `(SchemaID, namespace)` that the vehicle offered.
    offers: Vec<(u64, String)>,
    /// The protocol chosen; before it, the handshake.
    chosen: Option<SchemaSet>,
}

impl Conversation {
    fn explain(&mut self, frame: &Frame<'_>) -> Value {
        let raw = frame.payload_type.to_raw();
        let mut object = json!({ "payload_type": format!("{raw:#06x}") });
        let candidates: Vec<SchemaSet> = match frame.payload_type {
            PayloadType::Sap => match self.chosen {
                // A new handshake may follow on the same line of a capture.
                Some(set) => vec![set, SchemaSet::AppProtocol],
                None => vec![SchemaSet::AppProtocol, SchemaSet::Iso2, SchemaSet::Din70121],
            },
            PayloadType::Iso20Common
            | PayloadType::ScheduleRenegotiation
            | PayloadType::MeteringConfirmation => vec![SchemaSet::Iso20Common],
            PayloadType::Iso20Ac => vec![SchemaSet::Iso20Ac],
            PayloadType::Iso20Dc => vec![SchemaSet::Iso20Dc],
            PayloadType::Iso20Acdp | PayloadType::AcdpSystemStatus => vec![SchemaSet::Iso20Acdp],
            PayloadType::Iso20Wpt => vec![SchemaSet::Iso20Wpt],
            PayloadType::SdpRequest
            | PayloadType::SdpResponse
            | PayloadType::SdpRequestWireless
            | PayloadType::SdpResponseWireless => {
                object["payload"] = json!(hex(frame.payload.iter().copied()));
                match discovery(frame) {
                    Ok(value) => object["value"] = value,
                    Err(error) => object["error"] = json!(format!("{error:#}")),
                }
                return object;
            }
            _ => {
                object["payload"] = json!(hex(frame.payload.iter().copied()));
                return object;
            }
        };
        let mut first_error = None;
        for set in candidates {
            let mut value = Json::default();
            match visit(set, Form::Document, frame.payload, Leniency::STRICT, &mut value) {
                Ok(()) => {
                    let value = value.into_value();
                    self.follow(&value);
                    object["set"] = json!(set.name());
                    object["message"] = json!(crate::message_of(&value));
                    object["value"] = value;
                    return object;
                }
                Err(error) => {
                    first_error.get_or_insert(error);
                }
            }
        }
        object["payload"] = json!(hex(frame.payload.iter().copied()));
        if let Some(error) = first_error {
            object["error"] = json!(error.to_string());
        }
        object
    }

    /// Remembers what the handshake offers and chooses.
    fn follow(&mut self, value: &Value) {
        if let Some(offers) = value["supportedAppProtocolReq"]["AppProtocol"].as_array() {
            self.chosen = None;
            self.offers = offers
                .iter()
                .filter_map(|offer| {
                    Some((
                        offer["SchemaID"].as_u64()?,
                        offer["ProtocolNamespace"].as_str()?.to_owned(),
                    ))
                })
                .collect();
        }
        if let Some(id) = value["supportedAppProtocolRes"]["SchemaID"].as_u64() {
            let namespace = self.offers.iter().find(|offer| offer.0 == id).map(|offer| &offer.1);
            self.chosen = namespace.and_then(|namespace| {
                SchemaSet::ALL.iter().copied().find(|set| set.namespace() == namespace)
            });
        }
    }
}

/// A discovery message out of a stream.
fn discovery(frame: &Frame<'_>) -> Result<Value> {
    let length = u32::try_from(frame.payload.len())?;
    let header = Header { payload_type: frame.payload_type, length }.encode();
    sdp(&[&header, frame.payload].concat())
}

/// An SDP datagram as JSON.
pub(crate) fn sdp(octets: &[u8]) -> Result<Value> {
    Ok(match Datagram::decode(octets)? {
        Datagram::Request(request) => {
            let mut object = json!({
                "message": "SdpRequest",
                "security": request.security.to_raw(),
                "transport": request.transport.to_raw(),
                "wireless": request.is_wireless,
            });
            if let Some(wireless) = request.wireless {
                object["pairing_methods"] = json!(wireless.pairing_methods);
                object["coupling_type"] = json!(wireless.coupling_type);
                object["ev_id"] = json!(String::from_utf8_lossy(wireless.ev_id));
                object["evse_id"] = json!(String::from_utf8_lossy(wireless.evse_id));
            }
            object
        }
        Datagram::Response(response) => {
            let mut object = json!({
                "message": "SdpResponse",
                "address": response.address.to_string(),
                "port": response.port,
                "security": response.security.to_raw(),
                "transport": response.transport.to_raw(),
                "wireless": response.is_wireless,
            });
            if let Some(wireless) = response.wireless {
                object["diagnostic_status"] = json!(wireless.diagnostic_status.to_raw());
                object["coupling_type"] = json!(wireless.coupling_type);
                object["evse_id"] = json!(String::from_utf8_lossy(wireless.evse_id));
            }
            object
        }
    })
}
