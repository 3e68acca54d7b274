//! A station and a CSMS wired together over a link that breaks at random, with restarts of the station: no
//! transaction message is lost, none is booked twice.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    reason = "a failed expectation is the failed test"
)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use evse_ocpp::endpoint::{
    CallOptions, Config, Endpoint, Event, Incoming, Instant, MessageId, MessageIds, MessageKind,
    Outcome, RetryRules, Role, Sequence, Settled, StartKey, StartLog, TransactionEventKind,
    TransactionQueue,
};
use evse_ocpp::message::{Schema, Version};
use evse_ocpp::{v16, v21, v201};
use proptest::prelude::*;

/// The queue's records, in memory.
type Memory = VecDeque<Vec<u8>>;

type Queue = TransactionQueue<Memory, 1024, 4>;
type End = Endpoint<1024>;

#[derive(Debug, Clone)]
enum Step {
    /// The car does something: start, meter value, stop, in turn.
    Car,
    Connect,
    /// The link breaks, losing whatever is on its way.
    Break,
    /// The link carries what waits on the station's side, or on the CSMS's.
    StationToCsms,
    CsmsToStation,
    /// An answer, or a call, is lost without the link breaking.
    Lose,
    Wait(u64),
    /// The station loses everything but its storage.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Car),
        3 => Just(Step::Connect),
        1 => Just(Step::Break),
        6 => Just(Step::StationToCsms),
        6 => Just(Step::CsmsToStation),
        1 => Just(Step::Lose),
        2 => (1_u64..40_000).prop_map(Step::Wait),
        1 => Just(Step::Restart),
    ]
}

fn schema(version: Version) -> &'static Schema {
    match version {
        Version::V16 => &v16::SCHEMA,
        Version::V201 => &v201::SCHEMA,
        Version::V21 => &v21::SCHEMA,
    }
}

fn end(role: Role, version: Version) -> End {
    let schema = schema(version);
    Endpoint::new(Config { role, schema, call_timeout: 30_000, boot_retry: 1_000, lenient: false })
}

// The CSMS never fails to process a message here, so only time-outs count as attempts; a generous limit keeps the
// property free of drops, which have a test of their own.
const RULES: RetryRules = RetryRules { attempts: 1_000_000, interval: 10 };

struct World {
    version: Version,
    now: Instant,
    station: End,
    queue: Queue,
    ids: MessageIds,
    boots: u64,
    /// What the station's application keeps beside the queue.
    known: BTreeMap<u64, i64>,
    csms: End,
    to_csms: Vec<String>,
    to_station: Vec<String>,
    connected: bool,
    booted: bool,
    /// The CSMS's books.
    starts: StartLog<64>,
    open_starts: BTreeMap<i64, u64>,
    stopped: BTreeSet<i64>,
    readings: BTreeMap<i64, Vec<i64>>,
    next_transaction: i64,
    sequences: BTreeMap<String, Sequence<64>>,
    // The truth.
    transaction: Option<(u64, i64)>,
    made: u64,
    started: u64,
    ended: u64,
    offline_events: u64,
}

impl World {
    fn new(version: Version) -> Self {
        Self {
            version,
            now: Instant::from_millis(0),
            station: end(Role::Station, version),
            queue: Queue::new(version, RULES, Memory::default()),
            ids: MessageIds::new(0),
            boots: 0,
            known: BTreeMap::new(),
            csms: end(Role::Csms, version),
            to_csms: Vec::new(),
            to_station: Vec::new(),
            connected: false,
            booted: false,
            starts: StartLog::default(),
            open_starts: BTreeMap::new(),
            stopped: BTreeSet::new(),
            readings: BTreeMap::new(),
            next_transaction: 100,
            sequences: BTreeMap::new(),
            transaction: None,
            made: 0,
            started: 0,
            ended: 0,
            offline_events: 0,
        }
    }

    fn run(&mut self, step: &Step) {
        match step {
            Step::Car => self.car(),
            Step::Connect => self.connect(),
            Step::Break => self.disconnect(),
            Step::StationToCsms => self.carry_up(),
            Step::CsmsToStation => self.carry_down(),
            Step::Lose => {
                self.to_csms.pop();
                self.to_station.pop();
            }
            Step::Wait(millis) => {
                self.now = self.now.after(*millis);
                self.station.handle_timeout(self.now);
                self.csms.handle_timeout(self.now);
            }
            Step::Restart => self.restart(),
        }
        self.pump();
    }

    fn connect(&mut self) {
        if self.connected {
            return;
        }
        self.connected = true;
        self.station.connected(self.now);
        self.csms.connected(self.now);
    }

    fn disconnect(&mut self) {
        if !self.connected {
            return;
        }
        self.connected = false;
        self.to_csms.clear();
        self.to_station.clear();
        self.station.disconnected();
        self.csms.disconnected();
        self.queue.disconnected(self.now).expect("storage works");
    }

    fn restart(&mut self) {
        self.disconnect();
        let storage = self.queue.storage().clone();
        self.queue = Queue::new(self.version, RULES, storage);
        for (local, id) in &self.known {
            self.queue.restore(*local, *id);
        }
        self.boots += 1;
        self.ids = MessageIds::new(self.boots);
        self.station = end(Role::Station, self.version);
        self.booted = false;
        self.now = self.now.after(1);
        if self.version != Version::V16 {
            self.queue.disconnected(self.now).expect("storage works");
        }
    }

    fn car(&mut self) {
        let (kind, local, seq) = match self.transaction {
            None => {
                self.made += 1;
                self.started += 1;
                self.transaction = Some((self.made, 0));
                (MessageKind::Start, self.made, 0)
            }
            Some((local, seq)) if seq >= 2 => {
                self.transaction = None;
                self.ended += 1;
                (MessageKind::End, local, seq + 1)
            }
            Some((local, seq)) => {
                self.transaction = Some((local, seq + 1));
                (MessageKind::Update, local, seq + 1)
            }
        };
        let time = "2026-01-01T00:00:00Z";
        let (action, payload) = match (self.version, kind) {
            (Version::V16, MessageKind::Start) => (
                "StartTransaction",
                format!(
                    r#"{{"connectorId":1,"idTag":"A","meterStart":{local},"timestamp":"{time}"}}"#
                ),
            ),
            (Version::V16, MessageKind::Update) => (
                "MeterValues",
                format!(
                    r#"{{"connectorId":1,"transactionId":-1,"meterValue":[{{"timestamp":"{time}","sampledValue":[{{"value":"{seq}"}}]}}]}}"#
                ),
            ),
            (Version::V16, MessageKind::End) => (
                "StopTransaction",
                format!(r#"{{"meterStop":{seq},"timestamp":"{time}","transactionId":-1}}"#),
            ),
            (_, kind) => {
                let (event, trigger) = match kind {
                    MessageKind::Start => ("Started", "CablePluggedIn"),
                    MessageKind::Update => ("Updated", "MeterValuePeriodic"),
                    MessageKind::End => ("Ended", "EVDeparted"),
                };
                (
                    "TransactionEvent",
                    format!(
                        r#"{{"eventType":"{event}","timestamp":"{time}","triggerReason":"{trigger}","seqNo":{seq},"transactionInfo":{{"transactionId":"t{local}"}}}}"#
                    ),
                )
            }
        };
        let id = self.ids.next_id();
        if !self.connected {
            self.offline_events += 1;
        }
        self.queue
            .append(kind, local, &id, action, &payload, self.connected)
            .expect("storage works");
    }

    /// The station's application: boots, then empties the queue.
    fn pump(&mut self) {
        while let Some(event) = self.station.poll_event() {
            match event {
                Event::BootDue => self.send_boot(),
                Event::TimedOut(_) if self.booted => {
                    self.queue.settle(self.now, Outcome::Failed).expect("storage works");
                }
                _ => {}
            }
        }
        while self.csms.poll_event().is_some() {}
        if self.booted
            && self.connected
            && !self.station.is_busy()
            && let Some(head) = self.queue.poll(self.now).expect("sound records")
        {
            let id = head.id().expect("a message id");
            self.station
                .call(self.now, id, head.action(), head.payload(), CallOptions::default())
                .expect("a valid transaction message");
        }
        while let Some(text) = self.station.poll_transmit() {
            self.to_csms.push(text.as_str().to_owned());
        }
        while let Some(text) = self.csms.poll_transmit() {
            self.to_station.push(text.as_str().to_owned());
        }
    }

    fn send_boot(&mut self) {
        let payload = match self.version {
            Version::V16 => r#"{"chargePointVendor":"V","chargePointModel":"M"}"#,
            _ => r#"{"reason":"PowerUp","chargingStation":{"model":"M","vendorName":"V"}}"#,
        };
        let id: MessageId = self.ids.next_id();
        // Fails only if the link broke in the meantime; it is due again on the next connection then.
        let _ =
            self.station.call(self.now, id, "BootNotification", payload, CallOptions::default());
    }

    fn carry_up(&mut self) {
        if self.to_csms.is_empty() {
            return;
        }
        let text = self.to_csms.remove(0);
        let Incoming::Call(call) = self.csms.handle_text(self.now, text.as_bytes()) else {
            return;
        };
        let answer = match call.action.name {
            "BootNotification" => {
                r#"{"status":"Accepted","currentTime":"2026-01-01T00:00:00Z","interval":600}"#
                    .to_owned()
            }
            "StartTransaction" => {
                let start = call.view::<v16::StartTransactionRequest<'_>>().expect("its type");
                let number = start.meter_start().and_then(|n| n.to_i64()).expect("a number");
                let tag = start.id_tag().expect("a tag").expose();
                let time = start.timestamp().and_then(|t| t.to_timestamp()).expect("a time");
                let key = StartKey::new(1, tag, number, time).expect("short");
                let (id, new) = self.starts.transaction(key, self.next_transaction);
                if new {
                    self.next_transaction += 1;
                    self.open_starts.insert(id, number.cast_unsigned());
                }
                format!(r#"{{"idTagInfo":{{"status":"Accepted"}},"transactionId":{id}}}"#)
            }
            "MeterValues" => {
                let values = call.view::<v16::MeterValuesRequest<'_>>().expect("its type");
                let id = values.transaction_id().and_then(|n| n.to_i64()).expect("an id");
                let value = values.meter_value().expect("a list").iter().next().expect("one");
                let sample = value.sampled_value().expect("a list").iter().next().expect("one");
                let text = sample.value().expect("a text");
                let reading = text.as_str().and_then(|t| t.parse().ok()).expect("a number");
                let readings = self.readings.entry(id).or_default();
                // A retry brings the same reading again: order must hold, repeats are one.
                if readings.last() != Some(&reading) {
                    readings.push(reading);
                }
                "{}".to_owned()
            }
            "StopTransaction" => {
                let stop = call.view::<v16::StopTransactionRequest<'_>>().expect("its type");
                let id = stop.transaction_id().and_then(|n| n.to_i64()).expect("an id");
                assert!(self.open_starts.contains_key(&id), "stop of unknown transaction {id}");
                self.stopped.insert(id);
                "{}".to_owned()
            }
            "TransactionEvent" => {
                let number =
                    call.payload.get("seqNo").expect("a number").raw().parse().expect("digits");
                let kind = call.payload.get("eventType").and_then(|v| v.as_text()).expect("a type");
                let kind = match kind.raw() {
                    "Started" => TransactionEventKind::Started,
                    "Ended" => TransactionEventKind::Ended,
                    _ => TransactionEventKind::Updated,
                };
                let info =
                    call.payload.get("transactionInfo").and_then(|v| v.as_object()).expect("info");
                let id = info.get("transactionId").expect("an id").raw().to_owned();
                // Retries are duplicates and not booked.
                let _ = self.sequences.entry(id).or_default().record(kind, number);
                "{}".to_owned()
            }
            other => panic!("unexpected {other}"),
        };
        let id = MessageId::new(call.id).expect("its id");
        self.csms.answer(&id, &answer).expect("a valid answer");
    }

    fn carry_down(&mut self) {
        if self.to_station.is_empty() {
            return;
        }
        let text = self.to_station.remove(0);
        match self.station.handle_text(self.now, text.as_bytes()) {
            Incoming::Result(result)
                if result.action.is_some_and(|a| a.name == "BootNotification") =>
            {
                self.booted = true;
            }
            Incoming::Result(result) => {
                let start = result.view::<v16::StartTransactionResponse<'_>>();
                let transaction = start.and_then(|start| start.transaction_id()?.to_i64());
                let settled = self
                    .queue
                    .settle(self.now, Outcome::Answered { transaction })
                    .expect("storage");
                if let Settled::Delivered { local, transaction: Some(id), .. } = settled {
                    self.known.insert(local, id);
                }
            }
            Incoming::Late | Incoming::Ignored => {}
            other => panic!("unexpected {other:?}"),
        }
    }

    /// Gives the link all the time it needs.
    fn finish(&mut self) {
        for _ in 0..10_000 {
            if self.queue.storage().is_empty() && !self.station.is_busy() {
                return;
            }
            for step in [Step::Connect, Step::StationToCsms, Step::CsmsToStation, Step::Wait(500)] {
                self.run(&step);
            }
        }
        panic!("the queue does not empty: {:?}", self.queue.storage());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_nothing_booked_twice_1_6(steps in prop::collection::vec(step(), 0..160)) {
        let mut world = World::new(Version::V16);
        for step in &steps {
            world.run(step);
        }
        world.finish();
        let booked: Vec<u64> = world.open_starts.values().copied().collect();
        let made: Vec<u64> = (1..=world.started).collect();
        prop_assert_eq!(booked, made);
        prop_assert_eq!(world.stopped.len() as u64, world.ended);
        for readings in world.readings.values() {
            prop_assert!(readings.is_sorted(), "{:?}", readings);
        }
        prop_assert!(!world.readings.contains_key(&-1));
    }

    #[test]
    fn nothing_is_lost_and_nothing_booked_twice_2_x(steps in prop::collection::vec(step(), 0..160), newer: bool) {
        let version = if newer { Version::V21 } else { Version::V201 };
        let mut world = World::new(version);
        for step in &steps {
            world.run(step);
        }
        world.finish();
        prop_assert_eq!(world.sequences.len() as u64, world.started);
        let complete = world.sequences.values().filter(|sequence| sequence.is_complete()).count();
        prop_assert_eq!(complete as u64, world.ended);
        for sequence in world.sequences.values() {
            prop_assert_eq!(sequence.gaps().count(), 0);
        }
    }
}
