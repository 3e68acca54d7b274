//! The JSON object of the job. Its names are the ones other programs rely on; more may be added, none taken away.

use std::collections::BTreeMap;

use anyhow::Result;
use evse_tariff::Band;
use serde::Serialize;

use crate::billing::{self, Billing, SHARES, Sum};
use crate::frames::Shown;
use crate::health::Health;
use crate::input::Messages;
use crate::planning::Planned;
use crate::pseudonym::Pseudonyms;

#[derive(Debug, Serialize)]
pub struct Report {
    pub billing: Vec<BillingReport>,
    pub plans: Vec<Planned>,
    /// Three sessions as the protocols carry them.
    pub frames: Vec<Shown>,
    /// The chargers of logs and telemetry; at most one entry.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub health: Vec<Health>,
    /// Which steps of the job this version does, and which it leaves out and why.
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub struct Step {
    pub step: u8,
    pub name: &'static str,
    /// `None`: done where there is input for it.
    pub missing: Option<&'static str>,
}

pub const STEPS: [Step; 7] = [
    Step { step: 1, name: "read", missing: None },
    Step { step: 2, name: "bill", missing: None },
    Step { step: 3, name: "plan", missing: None },
    Step { step: 4, name: "send", missing: None },
    Step { step: 5, name: "frames", missing: None },
    Step { step: 6, name: "score", missing: None },
    Step { step: 7, name: "picture", missing: None },
];

#[derive(Debug, Serialize)]
pub struct BillingReport {
    pub source: String,
    pub sessions: u64,
    pub energy_wh: i64,
    /// Wh, half-up to 0.001.
    pub bands_wh: BTreeMap<String, String>,
    pub energy_fee: String,
    pub service_fee: String,
    pub total: String,
    pub split: BTreeMap<&'static str, String>,
    /// SHA-256 of the last entry of the ledger of bills, hexadecimal.
    pub ledger_head: String,
    /// Merkle root over its entries.
    pub ledger_root: String,
    pub messages: Messages,
    /// Transactions without an end.
    pub unfinished: u64,
    /// Transactions that ended but cannot be billed.
    pub unbillable: u64,
    /// Periodic readings outside what start and stop allow.
    pub contradicting_readings: u64,
    pub chargers: BTreeMap<String, SumReport>,
    /// By keyed pseudonym.
    pub drivers: BTreeMap<String, SumReport>,
}

#[derive(Debug, Serialize)]
pub struct SumReport {
    pub sessions: u64,
    pub energy_wh: i64,
    pub total: String,
}

impl From<&Sum> for SumReport {
    fn from(sum: &Sum) -> Self {
        Self { sessions: sum.sessions, energy_wh: sum.energy_wh, total: sum.total.to_string() }
    }
}

impl BillingReport {
    pub fn new(billing: &Billing, pseudonyms: &Pseudonyms) -> Self {
        let shares = SHARES.iter().map(|(party, _)| *party);
        let by_driver = billing.by_driver.iter();
        Self {
            source: billing.source.clone(),
            sessions: billing.sum.sessions,
            energy_wh: billing.sum.energy_wh,
            bands_wh: billing
                .bands_wh
                .iter()
                .map(|(band, wh)| (band_key(*band), billing::to_thousandths(wh)))
                .collect(),
            energy_fee: billing.energy_fee.to_string(),
            service_fee: billing.service_fee.to_string(),
            total: billing.sum.total.to_string(),
            split: shares.zip(billing.split.iter().map(ToString::to_string)).collect(),
            ledger_head: hexadecimal(&billing.ledger_head),
            ledger_root: hexadecimal(&billing.ledger_root),
            messages: billing.messages,
            unfinished: billing.unfinished,
            unbillable: billing.unbillable,
            contradicting_readings: billing.contradicting_readings,
            chargers: billing.by_charger.iter().map(|(id, sum)| (id.clone(), sum.into())).collect(),
            drivers: by_driver.map(|(id, sum)| (pseudonyms.of("driver", id), sum.into())).collect(),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn band_key(band: Band) -> String {
    band.to_string().replace(' ', "_")
}

/// Writes the report, indented, with a line feed at the end.
pub fn to_json(report: &Report) -> Result<String> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}
