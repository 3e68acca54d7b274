//! A day's OCPP 1.6J messages, one JSON object a line: `rx` (when received), `cp`, `dir` and the message itself.
//!
//! Lines come in the order of their arrival, which after an outage is not that of events, and a charge point that got no
//! answer sends again. So nothing is concluded while reading: starts, answers and stops are collected, and paired when
//! all are there. The messages that open and close a transaction, and their readings, are decoded and checked; of the
//! others only the frame and the time stamp are looked at.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::BufRead;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use evse_ocpp::message::{
    Deviation, DeviationKind, Frame, JsonType, List, Mode, Number, ObjectView, Reason, Schema,
    Text, Value, Version, View, path,
};
use evse_ocpp::v16::{self, action};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::heard::Heard;
use super::{Session, Source};

/// What bills rest on.
static BILLED: Schema = Schema {
    version: Version::V16,
    actions: &[&action::METER_VALUES, &action::START_TRANSACTION, &action::STOP_TRANSACTION],
};

/// A line of the log.
#[derive(Deserialize)]
struct Line<'a> {
    /// When it arrived. Bills do not need it, so a line without counts all the same.
    #[serde(borrow, default)]
    rx: Option<&'a RawValue>,
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

/// The platform's answer to a start.
struct Answer {
    transaction: i64,
    /// What the driver was told, if not `Accepted`.
    refusal: Option<String>,
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
    answers: BTreeMap<(String, String), Vec<(u64, Answer)>>,
    stops: BTreeMap<Transaction, Vec<Stop>>,
    readings: BTreeMap<Transaction, BTreeMap<DateTime<Utc>, Reading>>,
    /// Charge point, direction and text of every message taken.
    seen: HashSet<(String, Direction, String)>,
    /// The latest own time stamp of each charge point so far.
    latest: HashMap<String, DateTime<Utc>>,
    heard: BTreeMap<String, Heard>,
}

/// A message that was taken.
struct Taken {
    charge_point: String,
    /// Action or answer, and id.
    what: String,
    /// When it arrived, if the charge point sent it and the log says so.
    received: Option<DateTime<Utc>>,
    outcome: Outcome,
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
            Ok(Taken { outcome: Outcome::Repeated(what), .. }) => {
                source.messages.repeated += 1;
                source.remark(Some(number), format!("repeated: {what}"));
            }
            Ok(Taken { charge_point, what, received, outcome: Outcome::New(at) }) => {
                let Some(at) = at else { continue };
                if let Some(received) = received {
                    collected.heard(&charge_point).arrived(at, received);
                }
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
    source.heard = std::mem::take(&mut collected.heard);
    collected.pair(&mut source);
    source.check_not_empty();
    Ok(source)
}

impl Collected {
    fn heard(&mut self, charge_point: &str) -> &mut Heard {
        self.heard.entry(charge_point.to_owned()).or_default()
    }

    /// Takes one line.
    fn line(&mut self, number: u64, line: &[u8]) -> Result<Taken> {
        let Line { rx, cp, dir, msg } = serde_json::from_slice(line)?;
        let received = rx.filter(|_| dir == Direction::Up).and_then(|rx| {
            serde_json::from_str::<String>(rx.get()).ok()?.parse::<DateTime<Utc>>().ok()
        });
        let text = msg.get();
        let message = Message::read(text)?;
        let what = match message.action {
            Some(action) => format!("{action} {}", message.id),
            None => format!("answer {}", message.id),
        };
        // The same text, and so the same id. Another message under a known id is a new one: counters begin anew after
        // a reboot.
        let key = (cp.clone(), dir, text.to_owned());
        if self.seen.contains(&key) {
            let outcome = Outcome::Repeated(what.clone());
            return Ok(Taken { charge_point: cp, what, received, outcome });
        }
        let payload = message.payload;
        let outcome = match (dir, message.action) {
            (Direction::Up, Some("StartTransaction")) => {
                self.start(number, &cp, &message.id, View::of(payload))?
            }
            (Direction::Up, Some("StopTransaction")) => {
                self.stop(number, &cp, View::of(payload))?
            }
            (Direction::Up, Some("MeterValues")) => {
                self.meter_values(number, &cp, View::of(payload))?
            }
            (Direction::Down, None) => {
                if let Some(answer) = answer(payload)? {
                    let call = (cp.clone(), message.id.clone());
                    self.answers.entry(call).or_default().push((number, answer));
                }
                Outcome::New(None)
            }
            (Direction::Up, Some("StatusNotification")) => {
                let at = payload.get("timestamp").map(other_time).transpose()?;
                let connector = payload.read::<Number<'_>>("connectorId");
                let connector = connector.and_then(|number| number.to_i64()).unwrap_or(0);
                if let Some(code) = payload.read::<Text<'_>>("errorCode") {
                    self.heard(&cp).reported(connector, at, &code.to_string());
                }
                Outcome::New(at)
            }
            (_, Some(_)) => Outcome::New(payload.get("timestamp").map(other_time).transpose()?),
            (Direction::Up, None) => Outcome::New(None),
        };
        // A refused message is not remembered: the same id may come again in good order.
        self.seen.insert(key);
        Ok(Taken { charge_point: cp, what, received, outcome })
    }

    fn start(
        &mut self,
        line: u64,
        cp: &str,
        id: &str,
        call: v16::StartTransactionRequest<'_>,
    ) -> Result<Outcome> {
        let connector = connector(call.connector_id())?;
        let register_wh = whole("meterStart", call.meter_start())?;
        let at = time(call.timestamp())?;
        let id_tag = call.id_tag().context("no idTag")?.expose().to_string();
        let event = (cp.to_owned(), connector, at, register_wh);
        let message = (cp.to_owned(), id.to_owned());
        if let Some(&known) = self.start_of_event.get(&event) {
            self.starts_of_message.entry(message).or_default().push(known);
            return Ok(Outcome::Repeated(format!(
                "StartTransaction {id}, connector {connector} at {at}"
            )));
        }
        let index = self.starts.len();
        self.starts.push(Start {
            line,
            charge_point: cp.to_owned(),
            connector,
            id_tag,
            register_wh,
            at,
            answered: false,
        });
        self.start_of_event.insert(event, index);
        self.starts_of_message.entry(message).or_default().push(index);
        Ok(Outcome::New(Some(at)))
    }

    fn stop(
        &mut self,
        line: u64,
        cp: &str,
        call: v16::StopTransactionRequest<'_>,
    ) -> Result<Outcome> {
        let transaction = whole("transactionId", call.transaction_id())?;
        let register_wh = whole("meterStop", call.meter_stop())?;
        let at = time(call.timestamp())?;
        let stops = self.stops.entry((cp.to_owned(), transaction)).or_default();
        if stops.iter().any(|known| known.at == at && known.register_wh == register_wh) {
            let text = format!("StopTransaction, transaction {transaction} at {at}");
            return Ok(Outcome::Repeated(text));
        }
        let id_tag = call.id_tag().map(|tag| tag.expose().to_string());
        let breaks_off = call.reason().and_then(|reason| reason.known()).is_some_and(is_break_off);
        if breaks_off {
            self.heard.entry(cp.to_owned()).or_default().broken_off += 1;
        }
        stops.push(Stop { line, id_tag, register_wh, at });
        Ok(Outcome::New(Some(at)))
    }

    fn meter_values(
        &mut self,
        line: u64,
        cp: &str,
        call: v16::MeterValuesRequest<'_>,
    ) -> Result<Outcome> {
        let connector = connector(call.connector_id())?;
        let mut own_time = None;
        let mut readings = Vec::new();
        for value in call.meter_value().iter().flat_map(List::iter) {
            let at = time(value.timestamp())?;
            let samples = value.sampled_value();
            let register_wh = register(samples.iter().flat_map(List::iter))?;
            own_time = own_time.max(Some(at));
            readings.push(Reading { line, connector, at, register_wh });
        }
        let Some(transaction) = call.transaction_id() else { return Ok(Outcome::New(own_time)) };
        let transaction = whole("transactionId", Some(transaction))?;
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
                let transaction = (message.0.clone(), answer.transaction);
                // An answer whose call is missing still says that its transaction is no other start's.
                let of_transaction = starts_of.entry(transaction).or_default();
                let Some(index) = starts.get(last(starts.len())) else { continue };
                if !of_transaction.contains(index) {
                    of_transaction.push(*index);
                }
                if let Some(start) = self.starts.get_mut(*index) {
                    start.answered = true;
                }
                if let Some(refusal) = &answer.refusal {
                    let text = format!("transaction {} was answered {refusal}", answer.transaction);
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

/// A frame, as far as it concerns this job.
struct Message<'a> {
    id: String,
    /// The action of a CALL; none in an answer.
    action: Option<&'a str>,
    payload: ObjectView<'a>,
}

impl<'a> Message<'a> {
    fn read(text: &'a str) -> Result<Self> {
        let mut unbillable: Option<Deviation> = None;
        let mut note = |deviation: Deviation| {
            if !is_billable(deviation.kind) {
                unbillable.get_or_insert(deviation);
            }
        };
        let frame = BILLED.decode(text.as_bytes(), &mut Mode::Lenient(&mut note), &mut |_| None);
        if let Some(Deviation { kind, at, .. }) = unbillable {
            anyhow::bail!("{}: {kind}", path(text.as_bytes(), at));
        }
        match frame {
            Ok(Frame::Call(call)) => {
                let action = Some(call.action.name);
                Ok(Self { id: call.id.to_string(), action, payload: call.payload })
            }
            Ok(Frame::CallResult(result)) => {
                Ok(Self { id: result.id.to_string(), action: None, payload: result.payload })
            }
            Ok(other) => {
                Ok(Self { id: other.id().to_string(), action: None, payload: ObjectView::EMPTY })
            }
            Err(fault) if fault.reason == Reason::UnknownAction => Self::of_other_action(text),
            Err(fault) => anyhow::bail!("{}: {}", fault.path(text.as_bytes()), fault.reason),
        }
    }

    /// A CALL that no bill rests on: its frame alone is checked.
    fn of_other_action(text: &'a str) -> Result<Self> {
        let parts: Vec<Value<'_>> = Value::parse(text)?.elements().into_iter().flatten().collect();
        let [_, id, action, payload] = parts[..] else {
            anyhow::bail!("{} elements, not 4", parts.len())
        };
        let id = id.as_text().context("no message id")?.to_string();
        let action = action.as_text().and_then(|action| action.as_str()).context("no action")?;
        let payload = payload.as_object().context("the payload is no object")?;
        Ok(Self { id, action: Some(action), payload })
    }
}

/// Whether a message that deviates so from its schema can still be billed: not if a value is of another type.
fn is_billable(kind: DeviationKind) -> bool {
    !matches!(
        kind,
        DeviationKind::NumberForText
            | DeviationKind::TextForNumber
            | DeviationKind::SingleForList
            | DeviationKind::IntegerForm
            | DeviationKind::DateShortOffset
    )
}

/// Only the answer to a `StartTransaction` has a transaction id; others are none of ours.
fn answer(payload: ObjectView<'_>) -> Result<Option<Answer>> {
    let Some(id) = payload.get("transactionId") else { return Ok(None) };
    anyhow::ensure!(id.json_type() == JsonType::Number, "transactionId is {}", id.json_type());
    let answer = v16::StartTransactionResponse::of(payload);
    let info = answer.id_tag_info().map(|info| info.object());
    let status = info.and_then(|info| info.read::<Text<'_>>("status"));
    let refusal = status.filter(|status| *status != "Accepted").map(|status| status.to_string());
    let transaction = whole("transactionId", answer.transaction_id())?;
    Ok(Some(Answer { transaction, refusal }))
}

/// Whether a transaction that ends so failed for the charge point or its supply, and nobody's wish.
fn is_break_off(reason: v16::Reason) -> bool {
    use v16::Reason::{EmergencyStop, HardReset, PowerLoss, Reboot};
    matches!(reason, EmergencyStop | HardReset | PowerLoss | Reboot)
}

fn whole(name: &str, number: Option<Number<'_>>) -> Result<i64> {
    let number = number.with_context(|| format!("no {name}"))?;
    number.to_i64().with_context(|| format!("{name} {number} is beyond any"))
}

fn connector(number: Option<Number<'_>>) -> Result<u32> {
    Ok(u32::try_from(whole("connectorId", number)?)?)
}

/// The active import energy register in Wh among the samples, if it is there.
fn register<'a>(
    samples: impl Iterator<Item = v16::SampledValue<'a>>,
) -> Result<Option<rust_decimal::Decimal>> {
    let unsigned = samples.filter(|sample| {
        sample.format().and_then(|format| format.known()) != Some(v16::Format::SignedData)
    });
    for sample in unsigned {
        let measurand = sample.measurand().map(|measurand| measurand.known());
        let import = Some(v16::Measurand::EnergyActiveImportRegister);
        if measurand.unwrap_or(import) != import || sample.phase().is_some() {
            continue;
        }
        let text = sample.value().context("no value")?.to_string();
        let value: rust_decimal::Decimal =
            text.trim().parse().with_context(|| format!("register {text:?}"))?;
        return match sample.unit().map(|unit| unit.known()) {
            None | Some(Some(v16::Unit::Wh)) => Ok(Some(value)),
            Some(Some(v16::Unit::KWh)) => {
                let wh = value.checked_mul(1_000.into()).context("register beyond any meter")?;
                Ok(Some(wh))
            }
            Some(_) => anyhow::bail!("energy register in another unit than Wh and kWh"),
        };
    }
    Ok(None)
}

/// An OCPP time stamp; one without a zone is UTC, as the charge points that omit it mean.
fn time(stamp: Option<evse_ocpp::message::DateTime<'_>>) -> Result<DateTime<Utc>> {
    let stamp = stamp.context("no time stamp")?;
    let read = stamp.to_chrono().with_context(|| format!("time stamp {stamp}"))?;
    Ok(read.to_utc())
}

/// The time stamp of a message that is not decoded.
fn other_time(value: Value<'_>) -> Result<DateTime<Utc>> {
    time(value.read())
}
