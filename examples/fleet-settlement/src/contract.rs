//! What a fleet's sessions are priced and shared out by: tariffs, their validity, and the parties' shares.
//!
//! One function settles records, [`Contract::settle`]; every engine calls it, so that they can differ in how they read,
//! order and add up, but not in what a session costs.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use evse_tariff::ocpi::{Tariff, Version, parse_tariff};
use evse_tariff::rules::{
    BatchCost, CompiledTariff, MeterError, MeterPolicy, SessionColumns, price_batch,
};
use evse_tariff::settlement::split;
use evse_tariff::{MicroWattHours, Money, PosixTz, Rounding, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Who shares in the price without tax, in the order of all lists of shares.
pub(crate) const PARTIES: [&str; 3] = ["operator", "platform", "site"];

/// One session as its record states it; the order is that of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Record<'a> {
    pub(crate) session_id: Option<&'a str>,
    pub(crate) tariff_id: Option<&'a str>,
    /// Begin of charging. Unit µs since 1970-01-01T00:00Z, as the two below.
    pub(crate) started_at: Option<i64>,
    /// End of charging; energy is spread evenly until here.
    pub(crate) charged_until: Option<i64>,
    /// End of the session; idle until here.
    pub(crate) ended_at: Option<i64>,
    /// Energy delivered. Unit µWh.
    pub(crate) energy_uwh: Option<i64>,
}

/// A record, and how many different ones state the same session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim<'a> {
    pub(crate) record: Record<'a>,
    pub(crate) versions: i64,
}

/// What a session costs, in minor units (cents).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bill {
    /// Without tax.
    pub(crate) net: i64,
    pub(crate) tax: i64,
    /// The parties' shares in `net`, which they add up to; in the order of [`PARTIES`].
    pub(crate) shares: [i64; PARTIES.len()],
}

/// Why a session was not settled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("{0} is null")]
    Null(&'static str),
    #[error("{0} different records of one session")]
    Conflict(i64),
    #[error("a session id with a separator of the ledger ('|' or a control character)")]
    Separator,
    #[error("{0} is no whole millisecond")]
    Fraction(&'static str),
    #[error("no tariff {0:?}")]
    UnknownTariff(String),
    #[error("tariff {0:?} does not hold at the session's start")]
    NotValid(String),
    #[error("nothing of the session has a price")]
    NoPrice,
    #[error("the tariff leaves the price without tax, or the tax, open")]
    TaxUnknown,
    #[error("amount out of range")]
    OutOfRange,
    #[error(transparent)]
    Meter(#[from] MeterError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContractFile {
    currency: String,
    time_zone: String,
    tariffs: Vec<TariffEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TariffEntry {
    shares: Shares,
    tariff: Box<RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shares {
    operator: u64,
    platform: u64,
    site: u64,
}

/// Tariffs ready to price with.
pub(crate) struct Contract {
    /// The text that it was read from: what travels with a plan.
    text: String,
    currency: String,
    zone: PosixTz,
    /// In the order of the text; `compiled` and `shares` too.
    tariffs: Vec<Tariff>,
    compiled: Vec<CompiledTariff>,
    shares: Vec<[u64; PARTIES.len()]>,
    /// Positions of the tariffs of one id, which hold at different times.
    by_id: HashMap<String, Vec<u16>>,
}

impl Contract {
    /// Reads a contract: one currency, one time zone (POSIX `TZ`), and OCPI 2.2.1 tariffs with the parties' shares.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let file: ContractFile = serde_json::from_str(text)?;
        let zone = PosixTz::parse(&file.time_zone)
            .with_context(|| format!("time_zone {:?}", file.time_zone))?;
        let mut contract = Self {
            text: text.to_owned(),
            currency: file.currency,
            zone,
            tariffs: Vec::new(),
            compiled: Vec::new(),
            shares: Vec::new(),
            by_id: HashMap::new(),
        };
        for (index, entry) in file.tariffs.iter().enumerate() {
            contract.add(entry).with_context(|| format!("tariffs[{index}]"))?;
        }
        ensure!(!contract.tariffs.is_empty(), "no tariffs");
        Ok(contract)
    }

    fn add(&mut self, entry: &TariffEntry) -> Result<()> {
        let tariff = parse_tariff(entry.tariff.get(), Version::V2_2_1)?;
        ensure!(
            tariff.currency == self.currency,
            "currency {:?} is not the contract's {:?}",
            tariff.currency,
            self.currency
        );
        let position = u16::try_from(self.tariffs.len()).context("more than 65,536 tariffs")?;
        let same_id = self.by_id.entry(tariff.id.clone()).or_default();
        for other in same_id.iter().filter_map(|at| self.tariffs.get(usize::from(*at))) {
            let ends_before = |a: &Tariff, b: &Tariff| {
                a.end.zip(b.start).is_some_and(|(a_ends, b_starts)| a_ends <= b_starts)
            };
            let apart = ends_before(other, &tariff) || ends_before(&tariff, other);
            ensure!(apart, "two tariffs {:?} hold at one time", tariff.id);
        }
        same_id.push(position);
        let Shares { operator, platform, site } = entry.shares;
        self.shares.push([operator, platform, site]);
        self.compiled.push(tariff.compile()?);
        self.tariffs.push(tariff);
        Ok(())
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// ISO 4217 code; the minor unit is a hundredth.
    pub(crate) fn currency(&self) -> &str {
        &self.currency
    }

    /// Settles every record on its own: the result is that of the same place, whatever stands beside it.
    pub(crate) fn settle(&self, claims: &[Claim<'_>]) -> Vec<Result<Bill, Refusal>> {
        let checked: Vec<_> = claims.iter().map(|claim| self.check(claim)).collect();
        let sound = || checked.iter().filter_map(|checked| checked.as_ref().ok());
        let column = |of: fn(&Checked) -> Timestamp| sound().map(of).collect::<Vec<_>>();
        let (start, charged_until, end) =
            (column(|c| c.started_at), column(|c| c.charged_until), column(|c| c.ended_at));
        let energy: Vec<_> = sound().map(|c| c.energy).collect();
        let tariff: Vec<_> = sound().map(|c| c.tariff).collect();
        let sessions = SessionColumns {
            start: &start,
            charged_until: &charged_until,
            end: &end,
            energy: &energy,
            tariff: &tariff,
        };
        let mut costs = vec![Ok(BatchCost::default()); start.len()];
        let policy = MeterPolicy::default();
        let priced =
            price_batch(&self.compiled, &self.zone, policy, Rounding::FEN, &sessions, &mut costs);
        let mut costs = costs.into_iter();
        let bill = |checked: Result<Checked, Refusal>| {
            let checked = checked?;
            // The columns are of one length and every tariff is there, so a batch is never refused as a whole.
            let cost = costs.next().filter(|_| priced.is_ok()).ok_or(Refusal::OutOfRange)?;
            self.share(&checked, cost?)
        };
        checked.into_iter().map(bill).collect()
    }

    fn check(&self, claim: &Claim<'_>) -> Result<Checked, Refusal> {
        let Record { session_id, tariff_id, started_at, charged_until, ended_at, energy_uwh } =
            claim.record;
        let session_id = session_id.ok_or(Refusal::Null("session_id"))?;
        if claim.versions != 1 {
            return Err(Refusal::Conflict(claim.versions));
        }
        if session_id.chars().any(|c| c == '|' || c.is_control()) {
            return Err(Refusal::Separator);
        }
        let tariff_id = tariff_id.ok_or(Refusal::Null("tariff_id"))?;
        let started_at = instant(started_at, "started_at")?;
        let same_id = self.by_id.get(tariff_id);
        let same_id = same_id.ok_or_else(|| Refusal::UnknownTariff(tariff_id.to_owned()))?;
        let holds = |at: &&u16| {
            self.tariffs.get(usize::from(**at)).is_some_and(|t| t.is_valid_at(started_at))
        };
        let tariff = same_id.iter().find(holds);
        Ok(Checked {
            tariff: *tariff.ok_or_else(|| Refusal::NotValid(tariff_id.to_owned()))?,
            started_at,
            charged_until: instant(charged_until, "charged_until")?,
            ended_at: instant(ended_at, "ended_at")?,
            energy: MicroWattHours::from_raw(energy_uwh.ok_or(Refusal::Null("energy_uwh"))?),
        })
    }

    fn share(&self, checked: &Checked, cost: BatchCost) -> Result<Bill, Refusal> {
        let (net, gross) = match (cost.excl, cost.incl) {
            (None, None) => return Err(Refusal::NoPrice),
            (Some(net), Some(gross)) => (net, gross),
            _ => return Err(Refusal::TaxUnknown),
        };
        let minor = |amount: Money| amount.to_minor().ok_or(Refusal::OutOfRange);
        let (net, gross) = (minor(net)?, minor(gross)?);
        let mut shares = [0; PARTIES.len()];
        let weights = self.shares.get(usize::from(checked.tariff)).ok_or(Refusal::OutOfRange)?;
        split(net, weights, &mut shares).map_err(|_| Refusal::OutOfRange)?;
        let tax = gross.checked_sub(net).ok_or(Refusal::OutOfRange)?;
        Ok(Bill { net, tax, shares })
    }
}

/// A record that can be priced.
struct Checked {
    tariff: u16,
    started_at: Timestamp,
    charged_until: Timestamp,
    ended_at: Timestamp,
    energy: MicroWattHours,
}

/// The engine counts milliseconds; what does not fit is refused, not cut off.
fn instant(micros: Option<i64>, field: &'static str) -> Result<Timestamp, Refusal> {
    let micros = micros.ok_or(Refusal::Null(field))?;
    if micros.rem_euclid(1_000) != 0 {
        return Err(Refusal::Fraction(field));
    }
    Ok(Timestamp::from_unix_millis(micros.div_euclid(1_000)))
}
