//! Message logs read back into charging sessions.
//!
//! A [`SessionReader`] takes the frames of many stations in the order of their arrival and pairs starts with stops:
//! 1.6 `StartTransaction`, its answer, `MeterValues` and `StopTransaction`; 2.x `TransactionEvent`. Frames are read
//! leniently. What came twice is counted and not booked; what came late keeps both times, its own and its arrival's.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::message::{
    Action, Call, CallResult, DateTime, DecodeError, Deviation, DeviationKind, Frame, List, Mode,
    Number, ObjectView, Read, Schema, Text, Timestamp, Version,
};
use crate::v16;

/// Who sent a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Station to CSMS.
    Up,
    /// CSMS to station.
    Down,
}

/// Energy in milliwatt-hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct MilliWattHours(i64);

impl MilliWattHours {
    /// From milliwatt-hours.
    #[must_use]
    pub const fn from_raw(raw: i64) -> Self {
        Self(raw)
    }

    /// Milliwatt-hours.
    #[must_use]
    pub const fn raw(self) -> i64 {
        self.0
    }
}

/// The exact decimal in Wh.
impl fmt::Display for MilliWattHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:03} Wh", size / 1000, size % 1000)
    }
}

/// The text of an idTag or idToken; `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdToken(String);

impl IdToken {
    /// The text as received.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<masked, {} bytes>", self.0.len())
    }
}

/// A register reading of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// When it was taken.
    pub time: Timestamp,
    /// When it arrived.
    pub received: Timestamp,
    /// `Energy.Active.Import.Register`.
    pub register: MilliWattHours,
}

/// A charging session, in the order in which its start arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The station.
    pub station: String,
    /// The transaction id; in 1.6 as the answer to the start gave it, `None` if there was no answer.
    pub transaction: Option<String>,
    /// Connector (1.6) or EVSE (2.x).
    pub connector: Option<i64>,
    /// Who charged.
    pub id_token: Option<IdToken>,
    /// When it began.
    pub start: Option<Timestamp>,
    /// When it ended; `None` if no stop was seen.
    pub stop: Option<Timestamp>,
    /// When the message of its start arrived.
    pub received: Timestamp,
    /// Register at the start.
    pub meter_start: Option<MilliWattHours>,
    /// Register at the stop.
    pub meter_stop: Option<MilliWattHours>,
    /// Readings in between, in order of arrival.
    pub readings: Vec<Reading>,
}

impl Session {
    /// Energy from start to stop; `None` while either register is missing.
    #[must_use]
    pub fn energy(&self) -> Option<MilliWattHours> {
        let energy = self.meter_stop?.0.checked_sub(self.meter_start?.0)?;
        Some(MilliWattHours(energy))
    }

    /// The longest time between two successive readings, start and stop included.
    #[must_use]
    pub fn longest_gap_seconds(&self) -> i64 {
        let middle = self.readings.iter().map(|reading| reading.time);
        let mut times: Vec<_> = self.start.into_iter().chain(middle).chain(self.stop).collect();
        times.sort_unstable();
        let gaps = times.iter().zip(times.iter().skip(1)).map(|(a, b)| b.seconds() - a.seconds());
        gaps.max().unwrap_or(0)
    }
}

/// What a log comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The sessions, in order of arrival.
    pub sessions: Vec<Session>,
    /// Frames taken.
    pub frames: usize,
    /// Frames that could not be decoded.
    pub refused: usize,
    /// CALLERRORs and CALLRESULTERRORs, by code.
    pub errors: BTreeMap<String, usize>,
    /// CALLs that came before: same id, or the same start, stop or `seqNo` under another.
    pub duplicates: usize,
    /// Messages that arrived more than [`SessionReader::LATE_SECONDS`] after what they tell.
    pub late: usize,
    /// Readings, stops and results that belong to no known session or call.
    pub orphans: usize,
    /// Deviations from the schema by vendor (`?` before a `BootNotification`) and kind.
    pub deviations: BTreeMap<(String, &'static str), usize>,
}

/// Reads frames into sessions.
#[derive(Debug)]
pub struct SessionReader {
    schema: &'static Schema,
    report: Report,
    /// Open calls by station, sender and id; of a start also its session.
    calls: BTreeMap<(String, Direction, String), (&'static Action, Option<usize>)>,
    /// Ids of every call a station sent.
    seen: BTreeSet<(String, String)>,
    /// 1.6 starts that may be retried under another id: station, connector, token, register, time.
    starts: BTreeMap<(String, i64, String, i64, i64), usize>,
    by_transaction: BTreeMap<(String, String), usize>,
    /// 2.x events seen: session and `seqNo`.
    events: BTreeSet<(usize, i64)>,
    vendors: BTreeMap<String, String>,
}

impl SessionReader {
    /// A message is late when it arrives so long after the time it tells.
    pub const LATE_SECONDS: i64 = 60;

    /// A reader for logs of this version.
    #[must_use]
    pub fn new(schema: &'static Schema) -> Self {
        Self {
            schema,
            report: Report::default(),
            calls: BTreeMap::new(),
            seen: BTreeSet::new(),
            starts: BTreeMap::new(),
            by_transaction: BTreeMap::new(),
            events: BTreeSet::new(),
            vendors: BTreeMap::new(),
        }
    }

    /// What has been read.
    #[must_use]
    pub fn finish(self) -> Report {
        self.report
    }

    /// Takes a frame that arrived at `received` from or for `station`.
    ///
    /// # Errors
    /// The frame cannot be decoded; it is counted in [`Report::refused`] and reading can go on.
    pub fn push(
        &mut self,
        received: Timestamp,
        station: &str,
        direction: Direction,
        text: &[u8],
    ) -> Result<(), DecodeError> {
        self.report.frames += 1;
        let asker = match direction {
            Direction::Up => Direction::Down,
            Direction::Down => Direction::Up,
        };
        let mut deviations: Vec<DeviationKind> = Vec::new();
        let mut sink = |deviation: Deviation| deviations.push(deviation.kind);
        let calls = &self.calls;
        let decoded = self.schema.decode(text, &mut Mode::Lenient(&mut sink), &mut |id| {
            let key = (station.to_string(), asker, id.to_string());
            calls.get(&key).map(|(action, _)| *action)
        });
        for kind in deviations {
            let vendor = self.vendors.get(station).map_or("?", String::as_str);
            let key = (vendor.to_string(), kind.as_str());
            *self.report.deviations.entry(key).or_default() += 1;
        }
        let frame = decoded.inspect_err(|_| self.report.refused += 1)?;
        match frame {
            Frame::Call(call) => self.call(received, station, direction, &call),
            Frame::CallResult(result) => self.result(station, asker, &result),
            Frame::CallError(error) | Frame::CallResultError(error) => {
                *self.report.errors.entry(error.code_text.to_string()).or_default() += 1;
            }
            Frame::Send(_) => {}
        }
        Ok(())
    }

    fn call(&mut self, received: Timestamp, station: &str, direction: Direction, call: &Call<'_>) {
        let key = (station.to_string(), direction, call.id.to_string());
        if direction == Direction::Up && !self.seen.insert((key.0.clone(), key.2.clone())) {
            self.report.duplicates += 1;
            return;
        }
        let mut session = None;
        match (self.schema.version, call.action.name) {
            (_, "BootNotification") => self.boot(station, call.payload),
            (Version::V16, "StartTransaction") => session = self.start(received, station, call),
            (Version::V16, "MeterValues") => self.meter_values(received, station, call.payload),
            (Version::V16, "StopTransaction") => self.stop(received, station, call.payload),
            (_, "TransactionEvent") => self.event(received, station, call.payload),
            _ => {}
        }
        self.calls.insert(key, (call.action, session));
    }

    fn boot(&mut self, station: &str, payload: ObjectView<'_>) {
        let inner = payload.read::<ObjectView<'_>>("chargingStation");
        let vendor = payload
            .read::<Text<'_>>("chargePointVendor")
            .or_else(|| inner.and_then(|inner| inner.read("vendorName")));
        if let Some(vendor) = vendor {
            self.vendors.insert(station.to_string(), vendor.to_string());
        }
    }

    fn start(&mut self, received: Timestamp, station: &str, call: &Call<'_>) -> Option<usize> {
        let start = call.view::<v16::StartTransactionRequest<'_>>()?;
        let connector = start.connector_id().and_then(|n| n.to_i64());
        let token = start.id_tag().map(|tag| tag.expose().to_string()).unwrap_or_default();
        let meter = start.meter_start().and_then(|n| n.to_i64());
        let time = start.timestamp().and_then(|t| t.to_timestamp());
        self.note_late(received, time);
        let key = (
            station.to_string(),
            connector.unwrap_or(-1),
            token.to_ascii_lowercase(),
            meter.unwrap_or(-1),
            time.map_or(i64::MIN, Timestamp::millis),
        );
        if let Some(session) = self.starts.get(&key) {
            self.report.duplicates += 1;
            return Some(*session);
        }
        let index = self.report.sessions.len();
        self.starts.insert(key, index);
        self.report.sessions.push(Session {
            station: station.to_string(),
            transaction: None,
            connector,
            id_token: Some(IdToken(token)),
            start: time,
            stop: None,
            received,
            meter_start: meter.and_then(|wh| wh.checked_mul(1000)).map(MilliWattHours),
            meter_stop: None,
            readings: Vec::new(),
        });
        Some(index)
    }

    fn result(&mut self, station: &str, asker: Direction, result: &CallResult<'_>) {
        let key = (station.to_string(), asker, result.id.to_string());
        let Some((_, session)) = self.calls.remove(&key) else {
            self.report.orphans += 1;
            return;
        };
        let transaction = result.payload.read::<Number<'_>>("transactionId");
        if let Some(session) = session
            && let Some(transaction) = transaction
        {
            let id = transaction.to_string();
            self.by_transaction.insert((station.to_string(), id.clone()), session);
            if let Some(session) = self.report.sessions.get_mut(session) {
                session.transaction.get_or_insert(id);
            }
        }
    }

    /// The session of a 1.6 message; -1 or none means the one that runs on the connector.
    fn find(&self, station: &str, payload: ObjectView<'_>) -> Option<usize> {
        let id = payload.read::<Number<'_>>("transactionId");
        if let Some(id) = id
            && let Some(index) = self.by_transaction.get(&(station.to_string(), id.to_string()))
        {
            return Some(*index);
        }
        if id.and_then(|id| id.to_i64()).is_some_and(|id| id >= 0) {
            return None;
        }
        let connector = payload.read::<Number<'_>>("connectorId").and_then(|n| n.to_i64());
        let open = |session: &Session| {
            session.station == station
                && session.stop.is_none()
                && connector.is_none_or(|connector| session.connector == Some(connector))
        };
        self.report.sessions.iter().rposition(open)
    }

    fn meter_values(&mut self, received: Timestamp, station: &str, payload: ObjectView<'_>) {
        let index = self.find(station, payload);
        let readings = registers(payload, "meterValue", received);
        self.note_late(received, readings.first().map(|reading| reading.time));
        match index.and_then(|index| self.report.sessions.get_mut(index)) {
            Some(session) => session.readings.extend(readings),
            None if payload.get("transactionId").is_some() => self.report.orphans += 1,
            None => {}
        }
    }

    fn stop(&mut self, received: Timestamp, station: &str, payload: ObjectView<'_>) {
        let index = self.find(station, payload);
        let time = payload.read::<DateTime<'_>>("timestamp").and_then(|t| t.to_timestamp());
        self.note_late(received, time);
        let meter = payload.read::<Number<'_>>("meterStop").map(|number| number.scaled(3));
        let data = registers(payload, "transactionData", received);
        let Some(session) = index.and_then(|index| self.report.sessions.get_mut(index)) else {
            self.report.orphans += 1;
            return;
        };
        if session.stop.is_some() {
            self.report.duplicates += 1;
            return;
        }
        session.stop = time.or(Some(received));
        session.meter_stop =
            meter.and_then(|meter| i64::try_from(meter.units).ok()).map(MilliWattHours);
        session.readings.extend(data);
    }

    /// A 2.x `TransactionEvent`.
    fn event(&mut self, received: Timestamp, station: &str, payload: ObjectView<'_>) {
        let info = payload.read::<ObjectView<'_>>("transactionInfo");
        let id =
            info.and_then(|info| info.read::<Text<'_>>("transactionId")).map(|id| id.to_string());
        let Some(id) = id else { return };
        let time = payload.read::<DateTime<'_>>("timestamp").and_then(|t| t.to_timestamp());
        self.note_late(received, time);
        let key = (station.to_string(), id.clone());
        let index = *self.by_transaction.entry(key).or_insert_with(|| {
            self.report.sessions.push(Session {
                station: station.to_string(),
                transaction: Some(id),
                connector: None,
                id_token: None,
                start: None,
                stop: None,
                received,
                meter_start: None,
                meter_stop: None,
                readings: Vec::new(),
            });
            self.report.sessions.len() - 1
        });
        let number = payload.read::<Number<'_>>("seqNo").and_then(|n| n.to_i64()).unwrap_or(-1);
        if !self.events.insert((index, number)) {
            self.report.duplicates += 1;
            return;
        }
        let readings = registers(payload, "meterValue", received);
        let Some(session) = self.report.sessions.get_mut(index) else {
            return;
        };
        let evse =
            payload.read::<ObjectView<'_>>("evse").and_then(|evse| evse.read::<Number<'_>>("id"));
        session.connector = session.connector.or(evse.and_then(|id| id.to_i64()));
        let token =
            payload.read::<ObjectView<'_>>("idToken").and_then(|t| t.read::<Text<'_>>("idToken"));
        if session.id_token.is_none() {
            session.id_token = token.map(|token| IdToken(token.to_string()));
        }
        let event = payload.read::<Text<'_>>("eventType");
        if event.is_some_and(|event| event == "Started") {
            session.start = time;
            session.meter_start = readings.first().map(|reading| reading.register);
        } else if event.is_some_and(|event| event == "Ended") {
            session.stop = time.or(Some(received));
            session.meter_stop = readings.last().map(|reading| reading.register);
        }
        session.readings.extend(readings);
    }

    fn note_late(&mut self, received: Timestamp, time: Option<Timestamp>) {
        if time.is_some_and(|time| received.seconds() - time.seconds() > Self::LATE_SECONDS) {
            self.report.late += 1;
        }
    }
}

/// The energy registers of a list of meter values, of the whole connection and not of a single phase.
fn registers(payload: ObjectView<'_>, member: &str, received: Timestamp) -> Vec<Reading> {
    let mut readings = Vec::new();
    let Some(values) = payload.read::<List<'_, ObjectView<'_>>>(member) else {
        return readings;
    };
    for value in values.iter() {
        let Some(time) = value.read::<DateTime<'_>>("timestamp").and_then(|t| t.to_timestamp())
        else {
            continue;
        };
        let samples = value.read::<List<'_, ObjectView<'_>>>("sampledValue");
        for sample in samples.iter().flat_map(List::iter) {
            if let Some(register) = register(sample) {
                readings.push(Reading { time, received, register });
            }
        }
    }
    readings
}

/// The register that a sampled value tells; `None` for any other measurand, phase or format.
fn register(sample: ObjectView<'_>) -> Option<MilliWattHours> {
    let is = |name: &str, default: &str, wanted: &str| {
        sample.read::<Text<'_>>(name).map_or(default == wanted, |text| text == wanted)
    };
    // Both versions default to this measurand; 2.x carries the unit in an object of its own.
    let measurand = "Energy.Active.Import.Register";
    if !is("measurand", measurand, measurand) || sample.get("phase").is_some() {
        return None;
    }
    if !is("format", "Raw", "Raw") {
        return None;
    }
    let unit_of_measure = sample.read::<ObjectView<'_>>("unitOfMeasure");
    let unit = sample
        .read::<Text<'_>>("unit")
        .or_else(|| unit_of_measure.and_then(|unit| unit.read("unit")));
    let multiplier = unit_of_measure.and_then(|unit| unit.read::<Number<'_>>("multiplier"));
    let multiplier = multiplier.map_or(Some(0), |n| n.to_i64())?;
    let kilo = match unit.as_ref().map(|unit| unit.as_str()) {
        None | Some(Some("Wh")) => 0,
        Some(Some("kWh")) => 3,
        Some(_) => return None,
    };
    let scale = i32::try_from(multiplier).ok()?.checked_add(3 + kilo)?;
    let value = Number::read(sample.get("value")?)?;
    i64::try_from(value.scaled(scale).units).ok().map(MilliWattHours)
}
