//! What an engine must know of a message, whatever its generation, by the names of the schema.

use crate::codec::{Leaf, Visitor};
use crate::{DecodeError, Form, Leniency, SchemaSet, walk};

/// What an engine reads from a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Facts {
    /// The message, by its name in the schema.
    pub message: &'static str,
    /// The header's `SessionID`, and how many of its octets there are.
    session_id: Option<([u8; 8], u8)>,
    /// `ResponseCode`.
    pub response_code: Option<&'static str>,
    /// `EVSEProcessing`: the charger is done.
    pub is_done: Option<bool>,
    /// What `PowerDelivery` or `SessionStop` asks for: `ChargeProgress`, `ReadyToChargeState`, `ChargingSession`.
    pub progress: Option<&'static str>,
    /// `EVProcessing`: the vehicle is done.
    pub is_vehicle_done: Option<bool>,
    /// `SelectedPaymentOption`, as `Contract` or not.
    pub by_contract: Option<bool>,
    /// `RequestedEnergyTransferMode` is one of DC.
    pub is_dc: Option<bool>,
}

impl Facts {
    /// Reads a document.
    ///
    /// # Errors
    /// The octets are none of the set.
    pub fn of(set: SchemaSet, octets: &[u8]) -> Result<Self, DecodeError> {
        let mut reading = Reading { facts: Self::default(), depth: 0 };
        walk(set, Form::Document, octets, Leniency::STRICT, &mut reading)?;
        Ok(reading.facts)
    }

    /// The octets of `SessionID`.
    #[must_use]
    pub fn session_id(&self) -> &[u8] {
        let Some((octets, count)) = &self.session_id else { return &[] };
        octets.get(..usize::from(*count)).unwrap_or_default()
    }

    /// The message's name without `Req` or `Res`.
    #[must_use]
    pub fn base(&self) -> &'static str {
        let name = self.message;
        name.strip_suffix("Req").or_else(|| name.strip_suffix("Res")).unwrap_or(name)
    }

    /// Whether it is a request.
    #[must_use]
    pub fn is_request(&self) -> bool {
        self.message.ends_with("Req")
    }

    /// Whether its response code says that the request failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.response_code.is_some_and(|code| code.starts_with("FAILED"))
    }
}

struct Reading {
    facts: Facts,
    depth: u8,
}

impl Visitor for Reading {
    fn leaf(&mut self, name: &'static str, _: bool, value: Leaf<'_>) {
        let facts = &mut self.facts;
        match (name, value) {
            ("SessionID", Leaf::Bytes(bytes)) if facts.session_id.is_none() => {
                let mut id = ([0; 8], 0);
                for (slot, octet) in id.0.iter_mut().zip(bytes.iter()) {
                    *slot = octet;
                    id.1 += 1;
                }
                facts.session_id = Some(id);
            }
            ("ResponseCode", Leaf::Name(code)) => facts.response_code = Some(code),
            ("EVSEProcessing", Leaf::Name(name)) => facts.is_done = Some(name == "Finished"),
            ("EVProcessing", Leaf::Name(name)) => facts.is_vehicle_done = Some(name == "Finished"),
            ("ChargeProgress" | "ChargingSession", Leaf::Name(name)) => {
                facts.progress = Some(name);
            }
            ("ReadyToChargeState", Leaf::Boolean(starts)) => {
                facts.progress = Some(if starts { "Start" } else { "Stop" });
            }
            ("SelectedPaymentOption", Leaf::Name(name)) => {
                facts.by_contract = Some(name == "Contract");
            }
            ("RequestedEnergyTransferMode", Leaf::Name(name)) => {
                facts.is_dc = Some(name.starts_with("DC"));
            }
            _ => {}
        }
    }

    fn open(&mut self, name: &'static str, _: bool) {
        // The root; of DIN and -2 the element in the body.
        let message = name.ends_with("Req") || name.ends_with("Res");
        if message && self.depth < 3 && self.facts.message.is_empty() {
            self.facts.message = name;
        }
        self.depth = self.depth.saturating_add(1);
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}
