//! A day's OCPP 1.6J messages, one JSON object a line: `rx` (when received), `cp`, `dir` and the message itself.
//!
//! Lines come in the order of their arrival, which after an outage is not that of events, and a charge point that got no
//! answer sends again. So nothing is concluded while reading: starts, answers and stops are collected, and paired when
//! all are there. A minimal reader: the messages that open and close a transaction, and their readings.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::BufRead;

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Session, Source};

/// A line of the log.
#[derive(Deserialize)]
struct Line<'a> {
    cp: String,
    dir: Direction,
    #[serde(borrow)]
    msg: &'a RawValue,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Hash)]
#[serde(rename_all = "lowercase")]
enum Direction {
    /// Charge point to platform.
    Up,
    /// Platform to charge point.
    Down,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StartTransaction {
    connector_id: u32,
    id_tag: String,
    meter_start: i64,
    timestamp: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StartTransactionConf {
    transaction_id: i64,
    id_tag_info: Option<IdTagInfo>,
}

#[derive(Deserialize)]
struct IdTagInfo {
    status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StopTransaction {
    transaction_id: i64,
    id_tag: Option<String>,
    meter_stop: i64,
    timestamp: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MeterValues {
    connector_id: u32,
    transaction_id: Option<i64>,
    meter_value: Vec<MeterValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MeterValue {
    timestamp: String,
    sampled_value: Vec<SampledValue>,
}

#[derive(Deserialize)]
struct SampledValue {
    value: String,
    measurand: Option<String>,
    unit: Option<String>,
    phase: Option<String>,
}

/// A transaction's beginning.
struct Start {
    line: u64,
    charge_point: String,
    connector: u32,
    id_tag: String,
    register_wh: i64,
    at: DateTime<Utc>,
    /// The platform's answer to it is there.
    answered: bool,
}

/// A transaction's end.
struct Stop {
    line: u64,
    id_tag: Option<String>,
    register_wh: i64,
    at: DateTime<Utc>,
}

/// A periodic reading of the energy register.
struct Reading {
    line: u64,
    connector: u32,
    at: DateTime<Utc>,
    register_wh: Option<rust_decimal::Decimal>,
}

/// A transaction of one charge point.
type Transaction = (String, i64);

/// All that was collected before pairing.
#[derive(Default)]
struct Collected {
    starts: Vec<Start>,
    /// Starts by charge point and message id, in order of arrival: ids begin anew when a charge point reboots.
    starts_of_message: HashMap<(String, String), Vec<usize>>,
    /// Start by charge point, connector, time and register: the same call under another message id.
    start_of_event: HashMap<(String, u32, DateTime<Utc>, i64), usize>,
    /// Answers by charge point and message id of the call they answer, in order of arrival.
    answers: BTreeMap<(String, String), Vec<(u64, StartTransactionConf)>>,
    stops: BTreeMap<Transaction, Vec<Stop>>,
    readings: BTreeMap<Transaction, BTreeMap<DateTime<Utc>, Reading>>,
    /// Charge point, direction and text of every message taken.
    seen: HashSet<(String, Direction, String)>,
    /// The latest own time stamp of each charge point so far.
    latest: HashMap<String, DateTime<Utc>>,
}

/// What one message turned out to be.
enum Outcome {
    /// New; with its own time stamp, if it has one.
    New(Option<DateTime<Utc>>),
    Repeated(String),
}

/// Reads a log. Lines that cannot be understood are refused and named; only a file that cannot be read is an error.
pub fn read(name: &str, log: impl BufRead) -> Result<Source> {
    let mut source = Source::new(name);
    let mut collected = Collected::default();
    for (line, number) in log.split(b'\n').zip(1u64..) {
        let line = line.with_context(|| format!("{name}:{number}: cannot be read"))?;
        // Some editors put a byte order mark before the first line.
        let line = line.strip_prefix(b"\xEF\xBB\xBF".as_slice()).unwrap_or(&line);
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        source.messages.read += 1;
        match collected.line(number, line) {
            Err(refusal) => {
                source.messages.refused += 1;
                source.remark(Some(number), format!("refused: {refusal:#}"));
            }
            Ok((_, _, Outcome::Repeated(what))) => {
                source.messages.repeated += 1;
                source.remark(Some(number), format!("repeated: {what}"));
            }
            Ok((charge_point, what, Outcome::New(at))) => {
                let Some(at) = at else { continue };
                let latest = collected.latest.entry(charge_point).or_insert(at);
                if at < *latest {
                    source.messages.late += 1;
                    source.remark(
                        Some(number),
                        format!("late: {what} of {at} after one of {latest}"),
                    );
                } else {
                    *latest = at;
                }
            }
        }
    }
    collected.pair(&mut source);
    Ok(source)
}

impl Collected {
    /// Takes one line: the charge point, what the message is, and whether it was new.
    fn line(&mut self, number: u64, line: &[u8]) -> Result<(String, String, Outcome)> {
        let Line { cp, dir, msg } = serde_json::from_slice(line)?;
        let text = msg.get();
        let Value::Array(parts) = serde_json::from_str(text)? else {
            anyhow::bail!("`msg` is no array")
        };
        let kind = parts.first().and_then(Value::as_u64).context("no message type")?;
        let id = parts.get(1).and_then(Value::as_str).context("no message id")?.to_owned();
        let (length, is_call) = match kind {
            2 => (4, true),
            3 => (3, false),
            4 => (5, false),
            _ => anyhow::bail!("message type {kind}"),
        };
        anyhow::ensure!(parts.len() == length, "{} elements, not {length}", parts.len());
        let what = match parts.get(2).and_then(Value::as_str).filter(|_| is_call) {
            Some(action) => format!("{action} {id}"),
            None if is_call => anyhow::bail!("no action"),
            None => format!("answer {id}"),
        };
        // The same text, and so the same id. Another message under a known id is a new one: counters begin anew after
        // a reboot.
        let key = (cp.clone(), dir, text.to_owned());
        if self.seen.contains(&key) {
            return Ok((cp, what.clone(), Outcome::Repeated(what)));
        }
        let payload = parts.into_iter().nth(length - 1).unwrap_or_default();
        let action = what.split(' ').next().unwrap_or_default();
        let outcome = match (dir, kind, action) {
            (Direction::Up, 2, "StartTransaction") => self.start(number, &cp, &id, payload)?,
            (Direction::Up, 2, "StopTransaction") => self.stop(number, &cp, payload)?,
            (Direction::Up, 2, "MeterValues") => self.meter_values(number, &cp, payload)?,
            (Direction::Down, 3, _) => {
                // Only the answer to a StartTransaction has a transaction id; others are none of ours.
                if payload.get("transactionId").is_some() {
                    let answer: StartTransactionConf = serde_json::from_value(payload)?;
                    self.answers
                        .entry((cp.clone(), id.clone()))
                        .or_default()
                        .push((number, answer));
                }
                Outcome::New(None)
            }
            _ => Outcome::New(
                payload.get("timestamp").and_then(Value::as_str).map(time).transpose()?,
            ),
        };
        // A refused message is not remembered: the same id may come again in good order.
        self.seen.insert(key);
        Ok((cp, what, outcome))
    }

    fn start(&mut self, line: u64, cp: &str, id: &str, payload: Value) -> Result<Outcome> {
        let call: StartTransaction = serde_json::from_value(payload)?;
        let at = time(&call.timestamp)?;
        let event = (cp.to_owned(), call.connector_id, at, call.meter_start);
        let message = (cp.to_owned(), id.to_owned());
        if let Some(&known) = self.start_of_event.get(&event) {
            self.starts_of_message.entry(message).or_default().push(known);
            return Ok(Outcome::Repeated(format!(
                "StartTransaction {id}, connector {} at {at}",
                call.connector_id
            )));
        }
        let index = self.starts.len();
        self.starts.push(Start {
            line,
            charge_point: cp.to_owned(),
            connector: call.connector_id,
            id_tag: call.id_tag,
            register_wh: call.meter_start,
            at,
            answered: false,
        });
        self.start_of_event.insert(event, index);
        self.starts_of_message.entry(message).or_default().push(index);
        Ok(Outcome::New(Some(at)))
    }

    fn stop(&mut self, line: u64, cp: &str, payload: Value) -> Result<Outcome> {
        let call: StopTransaction = serde_json::from_value(payload)?;
        let at = time(&call.timestamp)?;
        let stops = self.stops.entry((cp.to_owned(), call.transaction_id)).or_default();
        if stops.iter().any(|known| known.at == at && known.register_wh == call.meter_stop) {
            let text = format!("StopTransaction, transaction {} at {at}", call.transaction_id);
            return Ok(Outcome::Repeated(text));
        }
        stops.push(Stop { line, id_tag: call.id_tag, register_wh: call.meter_stop, at });
        Ok(Outcome::New(Some(at)))
    }

    fn meter_values(&mut self, line: u64, cp: &str, payload: Value) -> Result<Outcome> {
        let call: MeterValues = serde_json::from_value(payload)?;
        let mut own_time = None;
        let mut readings = Vec::new();
        for value in &call.meter_value {
            let at = time(&value.timestamp)?;
            let register_wh = register(&value.sampled_value)?;
            own_time = own_time.max(Some(at));
            readings.push(Reading { line, connector: call.connector_id, at, register_wh });
        }
        let Some(transaction) = call.transaction_id else { return Ok(Outcome::New(own_time)) };
        let known = self.readings.entry((cp.to_owned(), transaction)).or_default();
        if !readings.is_empty() && readings.iter().all(|reading| known.contains_key(&reading.at)) {
            let at = readings.first().map(|reading| reading.at).unwrap_or_default();
            return Ok(Outcome::Repeated(format!(
                "MeterValues, transaction {transaction} at {at}"
            )));
        }
        for reading in readings {
            known.entry(reading.at).or_insert(reading);
        }
        Ok(Outcome::New(own_time))
    }

    /// Pairs starts with stops: by the transaction id of the platform's answer, else, where the answer is missing, if
    /// only one start can be meant.
    fn pair(mut self, source: &mut Source) {
        let starts_of = self.answered(source);
        let mut sessions: Vec<(usize, i64, Stop)> = Vec::new();
        // Time and register of the stop that each start was paired with.
        let mut paired: HashMap<usize, (DateTime<Utc>, i64)> = HashMap::new();
        let mut without_start = Vec::new();
        for (transaction, mut stops) in std::mem::take(&mut self.stops) {
            let Some(starts) = starts_of.get(&transaction) else {
                without_start.extend(stops.into_iter().map(|stop| (transaction.clone(), stop)));
                continue;
            };
            // A platform may give an id again, to a later start: each start gets the first stop that arrived of those
            // between it and the next start.
            for (place, index) in starts.iter().enumerate() {
                let Some(start) = self.starts.get(*index) else { continue };
                let next = starts.get(place + 1).and_then(|next| self.starts.get(*next));
                let ends = |stop: &Stop| {
                    let in_time = start.at <= stop.at || starts.len() == 1;
                    in_time && next.is_none_or(|next| stop.at <= next.at)
                };
                let Some(found) = stops.iter().position(ends) else { continue };
                if let Entry::Vacant(free) = paired.entry(*index) {
                    let stop = stops.remove(found);
                    free.insert((stop.at, stop.register_wh));
                    sessions.push((*index, transaction.1, stop));
                }
            }
            for stop in stops {
                // A start that was sent twice may have two transaction ids, and its stop come under both.
                let ended = (stop.at, stop.register_wh);
                if starts.iter().any(|index| paired.get(index) == Some(&ended)) {
                    source.messages.repeated += 1;
                    let text = format!("repeated: StopTransaction, transaction {}", transaction.1);
                    source.remark(Some(stop.line), text);
                    continue;
                }
                source.messages.refused += 1;
                let text = format!(
                    "refused: another StopTransaction for transaction {}: {} Wh at {}",
                    transaction.1, stop.register_wh, stop.at
                );
                source.remark(Some(stop.line), text);
            }
        }
        // Earliest first, so that a stop cannot take the start of an earlier one.
        without_start.sort_by_key(|(_, stop)| (stop.at, stop.line));
        for (transaction, stop) in without_start {
            match self.only_start(&transaction, &stop, &paired) {
                Ok(index) => {
                    paired.insert(index, (stop.at, stop.register_wh));
                    let line = self.starts.get(index).map_or(0, |start| start.line);
                    let text = format!(
                        "paired with line {line}, the only start it can mean: no answer names transaction {}",
                        transaction.1
                    );
                    source.remark(Some(stop.line), text);
                    sessions.push((index, transaction.1, stop));
                }
                Err(why) => {
                    source.unbillable += 1;
                    let text = format!("end of transaction {} is not billed: {why}", transaction.1);
                    source.remark(Some(stop.line), text);
                }
            }
        }
        for (index, start) in self.starts.iter().enumerate() {
            if !paired.contains_key(&index) {
                source.unfinished += 1;
                let text = format!(
                    "transaction on connector {} of {} has no end; not billed",
                    start.connector, start.charge_point
                );
                source.remark(Some(start.line), text);
            }
        }
        sessions.sort_by_key(|(_, _, stop)| (stop.at, stop.line));
        for (index, transaction, stop) in sessions {
            let Some(start) = self.starts.get(index) else { continue };
            let key = (start.charge_point.clone(), transaction);
            // Under an id that was given twice stand the readings of other transactions, too.
            let alone = starts_of.get(&key).is_none_or(|starts| starts.len() == 1);
            if let Some(readings) = self.readings.get(&key) {
                let own =
                    |reading: &&Reading| alone || (start.at <= reading.at && reading.at <= stop.at);
                cross_check(source, start, &stop, readings.values().filter(own));
            }
            let session = Session {
                id: transaction.to_string(),
                line: stop.line,
                driver: Some(start.id_tag.clone()),
                charger: start.charge_point.clone(),
                start: start.at,
                end: stop.at,
                meter_start_wh: start.register_wh,
                meter_end_wh: stop.register_wh,
            };
            source.take(session);
        }
    }

    /// Notes in each start what it was answered with; the starts of every transaction id, earliest first.
    fn answered(&mut self, source: &mut Source) -> HashMap<Transaction, Vec<usize>> {
        let mut starts_of: HashMap<Transaction, Vec<usize>> = HashMap::new();
        for (message, answers) in std::mem::take(&mut self.answers) {
            let starts = self.starts_of_message.get(&message).map_or(&[][..], Vec::as_slice);
            // Of several calls under one id the answers come in their order; where one of two is missing, or was the
            // same text, the last one stands for both.
            for place in 0..starts.len().max(answers.len()) {
                let last = |length: usize| place.min(length.saturating_sub(1));
                let Some((line, answer)) = answers.get(last(answers.len())) else { continue };
                let transaction = (message.0.clone(), answer.transaction_id);
                // An answer whose call is missing still says that its transaction is no other start's.
                let of_transaction = starts_of.entry(transaction).or_default();
                let Some(index) = starts.get(last(starts.len())) else { continue };
                if !of_transaction.contains(index) {
                    of_transaction.push(*index);
                }
                if let Some(start) = self.starts.get_mut(*index) {
                    start.answered = true;
                }
                let status = answer.id_tag_info.as_ref().map(|info| info.status.as_str());
                if let Some(status) = status.filter(|status| *status != "Accepted") {
                    let text =
                        format!("transaction {} was answered {status}", answer.transaction_id);
                    source.remark(Some(*line), text);
                }
            }
        }
        for starts in starts_of.values_mut() {
            starts.sort_by_key(|index| self.starts.get(*index).map(|start| (start.at, start.line)));
        }
        starts_of
    }

    /// The start that a stop means whose transaction no answer names: without an answer of its own, on the same charge
    /// point, not later, by the same driver, and on the connector that the transaction's readings tell, if any does.
    fn only_start(
        &self,
        transaction: &Transaction,
        stop: &Stop,
        paired: &HashMap<usize, (DateTime<Utc>, i64)>,
    ) -> std::result::Result<usize, String> {
        let readings = self.readings.get(transaction);
        let connector = readings.and_then(|all| all.values().next()).map(|first| first.connector);
        if connector.is_none() && stop.id_tag.is_none() {
            return Err("no answer names it, and neither driver nor connector is known".into());
        }
        let fits = |start: &Start| {
            start.charge_point == transaction.0
                && !start.answered
                && start.at <= stop.at
                && start.register_wh <= stop.register_wh
                && connector.is_none_or(|connector| connector == start.connector)
                && stop.id_tag.as_ref().is_none_or(|tag| tag.eq_ignore_ascii_case(&start.id_tag))
        };
        let mut candidates = self
            .starts
            .iter()
            .enumerate()
            .filter(|(index, start)| !paired.contains_key(index) && fits(start))
            .map(|(index, _)| index);
        match (candidates.next(), candidates.count()) {
            (Some(index), 0) => Ok(index),
            (Some(_), more) => Err(format!("{} starts it could mean", more + 1)),
            (None, _) => Err("no start it could mean".into()),
        }
    }
}

/// Periodic readings are no billing points here, but they must fit between start and stop and never fall.
fn cross_check<'a>(
    source: &mut Source,
    start: &Start,
    stop: &Stop,
    readings: impl Iterator<Item = &'a Reading>,
) {
    let mut lowest = rust_decimal::Decimal::from(start.register_wh);
    for reading in readings {
        let Some(register) = reading.register_wh else { continue };
        let in_time = start.at <= reading.at && reading.at <= stop.at;
        if !in_time || register < lowest || register > stop.register_wh.into() {
            source.contradicting_readings += 1;
            let text =
                format!("reading of {register} Wh at {} does not fit its transaction", reading.at);
            source.remark(Some(reading.line), text);
        } else {
            lowest = register;
        }
    }
}

/// The active import energy register in Wh among the samples, if it is there.
fn register(samples: &[SampledValue]) -> Result<Option<rust_decimal::Decimal>> {
    const REGISTER: &str = "Energy.Active.Import.Register";
    for sample in samples {
        let is_register = sample.measurand.as_deref().unwrap_or(REGISTER) == REGISTER;
        if !is_register || sample.phase.is_some() {
            continue;
        }
        let value: rust_decimal::Decimal =
            sample.value.trim().parse().with_context(|| format!("register {:?}", sample.value))?;
        return match sample.unit.as_deref().unwrap_or("Wh") {
            "Wh" => Ok(Some(value)),
            "kWh" => {
                let wh = value.checked_mul(1_000.into()).context("register beyond any meter")?;
                Ok(Some(wh))
            }
            unit => anyhow::bail!("energy register in {unit}"),
        };
    }
    Ok(None)
}

/// An OCPP time stamp; one without a zone is UTC, as the charge points that omit it mean.
fn time(text: &str) -> Result<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f");
    Ok(local.with_context(|| format!("time stamp {text:?}"))?.and_utc())
}
