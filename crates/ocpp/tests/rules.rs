//! A test per rule of the standards outside messages and composition.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::std_instead_of_alloc,
    reason = "a failed expectation is the failed test"
)]

use std::collections::VecDeque;

use evse_ocpp::charging::{
    ClearFilter, InstallError, Micro, Period, Profile, ProfileError, ProfileKind, ProfileStore,
    Purpose, RateUnit, Rates,
};
use evse_ocpp::endpoint::{
    Boot, CallOptions, Config, Endpoint, EndpointError, Event, Incoming, Instant, MessageId,
    MessageKind, Outcome, QueueError, Reconnect, ReconnectRules, RetryRules, Role, Sequence,
    SequenceError, Settled, StartKey, StartLog, TransactionEventKind, TransactionQueue,
};
use evse_ocpp::message::{ErrorCode, Identifier, Read, Text, Timestamp, Value, Version};
use evse_ocpp::stores::{
    AuthorizationCache, Decision, DeviceModel, Entry, ListError, LocalList, Ocmf, OcmfError,
    OfflineRules, PartOutcome, ReportParts, Status, TokenKey, VariableKey, decide,
};
use evse_ocpp::{v16, v21};

fn at(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

fn id(text: &str) -> MessageId {
    MessageId::from_text(text).expect("a message id")
}

fn station(schema: &'static evse_ocpp::message::Schema) -> Endpoint<1024> {
    Endpoint::new(Config {
        role: Role::Station,
        schema,
        call_timeout: 1000,
        boot_retry: 500,
        lenient: false,
    })
}

const BOOT: &str = r#"{"chargePointVendor":"V","chargePointModel":"M"}"#;

/// Connects and has `BootNotification` answered with this status and an interval of 10 s.
fn boot(endpoint: &mut Endpoint<1024>, status: &str) {
    endpoint.connected(at(0));
    assert_eq!(endpoint.poll_event(), Some(Event::BootDue));
    endpoint
        .call(at(0), id("b"), "BootNotification", BOOT, CallOptions::default())
        .expect("allowed");
    endpoint.poll_transmit().expect("the call");
    let answer = format!(
        r#"[3,"b",{{"status":"{status}","currentTime":"2026-01-01T00:00:00Z","interval":10}}]"#
    );
    assert!(matches!(endpoint.handle_text(at(1), answer.as_bytes()), Incoming::Result(_)));
}

#[test]
fn boot_states() {
    let mut endpoint = station(&v16::SCHEMA);
    endpoint.connected(at(0));
    let early = endpoint.call(at(0), id("h"), "Heartbeat", "{}", CallOptions::default());
    assert_eq!(early, Err(EndpointError::Boot(Boot::Unknown)));

    let mut endpoint = station(&v16::SCHEMA);
    boot(&mut endpoint, "Pending");
    let unasked = endpoint.call(at(2), id("h"), "Heartbeat", "{}", CallOptions::default());
    assert_eq!(unasked, Err(EndpointError::Boot(Boot::Pending)));
    endpoint
        .call(at(2), id("h"), "Heartbeat", "{}", CallOptions { triggered: true })
        .expect("asked for");
    let asked = endpoint.handle_text(at(3), br#"[2,"x","Reset",{"type":"Soft"}]"#);
    assert!(matches!(asked, Incoming::Call(_)), "pending stations answer");

    let mut endpoint = station(&v16::SCHEMA);
    boot(&mut endpoint, "Rejected");
    let silent = endpoint.handle_text(at(3), br#"[2,"x","Reset",{"type":"Soft"}]"#);
    assert!(matches!(silent, Incoming::Ignored));
    let early = endpoint.call(at(4), id("c"), "BootNotification", BOOT, CallOptions::default());
    assert_eq!(early, Err(EndpointError::Boot(Boot::Rejected)));
    assert_eq!(endpoint.poll_timeout(), Some(at(10_001)));
    endpoint.handle_timeout(at(10_001));
    assert_eq!(endpoint.poll_event(), Some(Event::BootDue));
    endpoint
        .call(at(10_001), id("c"), "BootNotification", BOOT, CallOptions::default())
        .expect("due");

    let mut endpoint = station(&v16::SCHEMA);
    boot(&mut endpoint, "Accepted");
    endpoint.disconnected();
    endpoint.connected(at(50));
    assert_eq!(endpoint.poll_event(), None, "a mere reconnect does not boot again");
}

/// Without an accepted `BootNotification` a station is mute: one that is not answered is due again, whatever became of it.
#[test]
fn a_boot_that_fails_is_due_again() {
    let send = |endpoint: &mut Endpoint<1024>, now| {
        endpoint
            .call(at(now), id("c"), "BootNotification", BOOT, CallOptions::default())
            .expect("due");
    };
    for status in [None, Some("Pending"), Some("Rejected")] {
        let mut fresh = station(&v16::SCHEMA);
        let now = match status {
            None => {
                fresh.connected(at(0));
                0
            }
            Some(status) => {
                boot(&mut fresh, status);
                fresh.handle_timeout(at(10_001));
                10_001
            }
        };
        assert_eq!(fresh.poll_event(), Some(Event::BootDue), "{status:?}");

        let mut refused = fresh.clone();
        send(&mut refused, now);
        let answer = br#"[4,"c","InternalError","",{}]"#;
        assert!(matches!(refused.handle_text(at(now + 1), answer), Incoming::Error(_)));
        assert_eq!(refused.poll_timeout(), Some(at(now + 501)), "{status:?}");

        let mut unreadable = fresh.clone();
        send(&mut unreadable, now);
        let answer = br#"[3,"c",{}]"#;
        assert!(matches!(unreadable.handle_text(at(now + 1), answer), Incoming::BadResult(_)));
        assert_eq!(unreadable.poll_timeout(), Some(at(now + 501)), "{status:?}");

        let mut cut_off = fresh;
        send(&mut cut_off, now);
        cut_off.disconnected();
        assert_eq!(cut_off.poll_event(), Some(Event::ConnectionLost(id("c"))));
        cut_off.connected(at(now + 60));
        assert_eq!(cut_off.poll_event(), Some(Event::BootDue), "{status:?}");
    }
}

#[test]
fn one_call_at_a_time_and_late_answers() {
    let mut endpoint = station(&v16::SCHEMA);
    boot(&mut endpoint, "Accepted");
    endpoint.call(at(2), id("1"), "Heartbeat", "{}", CallOptions::default()).expect("free");
    let second = endpoint.call(at(2), id("2"), "Heartbeat", "{}", CallOptions::default());
    assert_eq!(second, Err(EndpointError::Busy));
    endpoint.handle_timeout(at(1002));
    assert_eq!(endpoint.poll_event(), Some(Event::TimedOut(id("1"))));
    endpoint
        .call(at(1003), id("2"), "Heartbeat", "{}", CallOptions::default())
        .expect("free again");
    let answer = br#"[3,"1",{"currentTime":"2026-01-01T00:00:00Z"}]"#;
    assert!(matches!(endpoint.handle_text(at(1004), answer), Incoming::Late));
    assert!(endpoint.is_busy(), "the late answer does not disturb the next call");
    let answer = br#"[3,"2",{"currentTime":"2026-01-01T00:00:00Z"}]"#;
    assert!(matches!(endpoint.handle_text(at(1005), answer), Incoming::Result(_)));
    assert!(matches!(endpoint.handle_text(at(1006), answer), Incoming::Late), "a duplicate");
}

#[test]
fn repeated_calls_get_the_same_answer() {
    let mut endpoint = station(&v16::SCHEMA);
    boot(&mut endpoint, "Accepted");
    let call = br#"[2,"x","Reset",{"type":"Soft"}]"#;
    assert!(matches!(endpoint.handle_text(at(2), call), Incoming::Call(_)));
    endpoint.answer(&id("x"), r#"{"status":"Accepted"}"#).expect("valid");
    let first = endpoint.poll_transmit().expect("the answer").as_str().to_owned();
    assert!(matches!(endpoint.handle_text(at(3), call), Incoming::Repeated));
    assert_eq!(endpoint.poll_transmit().expect("again").as_str(), first);
    assert_eq!(endpoint.answer(&id("x"), "{}"), Err(EndpointError::NothingToAnswer));
    // A peer whose ids begin anew asks something else under the same one.
    let other = br#"[2,"x","Reset",{"type":"Hard"}]"#;
    assert!(matches!(endpoint.handle_text(at(4), other), Incoming::Call(_)));
}

/// The peer may have given the first CALL up, or be one of those that send several at once: each answer goes to the
/// CALL that it names.
#[test]
fn a_second_call_does_not_displace_the_first() {
    let mut endpoint = station(&v16::SCHEMA);
    boot(&mut endpoint, "Accepted");
    let call = |name: &str| format!(r#"[2,"{name}","Reset",{{"type":"Soft"}}]"#);
    let open = |endpoint: &Endpoint<1024>| {
        let ids = endpoint.unanswered().map(|id| id.as_str().to_owned());
        ids.collect::<Vec<_>>().join(" ")
    };
    for name in ["1", "2", "3"] {
        let call = call(name);
        let taken = endpoint.handle_text(at(2), call.as_bytes());
        assert!(matches!(taken, Incoming::Call(_)), "{name}");
    }
    let first = call("1");
    let again = endpoint.handle_text(at(2), first.as_bytes());
    assert!(matches!(again, Incoming::Ignored), "the one answer to come will do");
    endpoint.answer(&id("2"), r#"{"status":"Rejected"}"#).expect("valid");
    let answer = endpoint.poll_transmit().expect("the answer");
    assert_eq!(answer.as_str(), r#"[3,"2",{"status":"Rejected"}]"#);
    assert_eq!(open(&endpoint), "1 3");
    endpoint.refuse(&id("1"), ErrorCode::InternalError, "").expect("open");
    let answer = endpoint.poll_transmit().expect("the refusal");
    assert_eq!(answer.as_str(), r#"[4,"1","InternalError","",{}]"#);

    // The same id for something else is a CALL of its own, and the last one counts.
    let other = br#"[2,"3","Reset",{"type":"Hard"}]"#;
    assert!(matches!(endpoint.handle_text(at(3), other), Incoming::Call(_)));
    assert_eq!(open(&endpoint), "3");
    for name in ["4", "5", "6", "7"] {
        let call = call(name);
        let taken = endpoint.handle_text(at(4), call.as_bytes());
        assert!(matches!(taken, Incoming::Call(_)), "{name}");
    }
    assert_eq!(open(&endpoint), "4 5 6 7", "without room the oldest goes");
    assert_eq!(endpoint.answer(&id("3"), "{}"), Err(EndpointError::NothingToAnswer));
    endpoint.disconnected();
    assert_eq!(open(&endpoint), "");
}

#[test]
fn a_lenient_station_reads_its_status_in_any_case() {
    let mut endpoint = Endpoint::<1024>::new(Config {
        role: Role::Station,
        schema: &v16::SCHEMA,
        call_timeout: 1000,
        boot_retry: 500,
        lenient: true,
    });
    boot(&mut endpoint, "accepted");
    assert_eq!(endpoint.boot(), Boot::Accepted);
}

#[test]
fn broken_frames_are_answered_per_version() {
    let mut old = station(&v16::SCHEMA);
    boot(&mut old, "Accepted");
    assert!(matches!(old.handle_text(at(2), b"[2,"), Incoming::Refused(_)));
    assert!(old.poll_transmit().is_none(), "1.6 has no id to answer to");
    assert!(matches!(old.handle_text(at(2), br#"[2,"q","Nope",{}]"#), Incoming::Refused(_)));
    assert_eq!(
        old.poll_transmit().expect("an error").as_str(),
        r#"[4,"q","NotImplemented","",{}]"#
    );
    let mut new = Endpoint::<1024>::new(Config {
        role: Role::Csms,
        schema: &v21::SCHEMA,
        call_timeout: 1000,
        boot_retry: 500,
        lenient: false,
    });
    new.connected(at(0));
    assert!(matches!(new.handle_text(at(2), b"[2,"), Incoming::Refused(_)));
    assert_eq!(
        new.poll_transmit().expect("an error").as_str(),
        r#"[4,"-1","FormatViolation","",{}]"#
    );
    // Not an answer, though its number begins as one.
    assert!(matches!(new.handle_text(at(2), br#"[30,"q",{}]"#), Incoming::Refused(_)));
    assert_eq!(
        new.poll_transmit().expect("an error").as_str(),
        r#"[4,"q","MessageTypeNotSupported","",{}]"#
    );
    // An answer that breaks the schema is told so in 2.1.
    new.call(at(3), id("r"), "Reset", r#"{"type":"Immediate"}"#, CallOptions::default())
        .expect("free");
    new.poll_transmit().expect("the call");
    assert!(matches!(new.handle_text(at(4), br#"[3,"r",{}]"#), Incoming::BadResult(_)));
    let error = new.poll_transmit().expect("an error");
    assert_eq!(error.as_str(), r#"[5,"r","OccurrenceConstraintViolation","",{}]"#);
    assert!(matches!(
        new.handle_text(at(5), br#"[6,"s","Reset",{"type":"Immediate"}]"#),
        Incoming::Refused(_)
    ));
    assert!(new.poll_transmit().is_none(), "a SEND is never answered");
}

#[test]
fn reconnection_backs_off() {
    let rules = ReconnectRules { wait_minimum: 10, random_range: 4, repeat_times: 2 };
    let mut reconnect = Reconnect::default();
    let waits: Vec<u64> = (0..5).map(|n| reconnect.next_wait(&rules, n)).collect();
    assert_eq!(waits, [10, 21, 42, 43, 44]);
    reconnect.connected();
    assert_eq!(reconnect.next_wait(&rules, 5), 10);
}

/// The queue's records, in memory.
type Memory = VecDeque<Vec<u8>>;

type Queue = TransactionQueue<Memory, 1024, 2>;

fn queue(version: Version) -> Queue {
    Queue::new(version, RetryRules { attempts: 3, interval: 60_000 }, Memory::default())
}

#[test]
fn failed_messages_are_retried_and_dropped() {
    let mut queue = queue(Version::V16);
    queue
        .append(MessageKind::Start, 1, &id("s"), "StartTransaction", r#"{"a":1}"#, true)
        .expect("room");
    let stop = r#"{"transactionId":-1,"x":[-1]}"#;
    queue.append(MessageKind::End, 1, &id("e"), "StopTransaction", stop, true).expect("room");
    let mut sent = Vec::new();
    let mut now = 0;
    let dropped = loop {
        assert!(queue.poll(at(now)).expect("sound").is_some());
        assert!(queue.poll(at(now)).expect("sound").is_none(), "one at a time");
        sent.push(now);
        // A break does not count: the same message again, at once.
        queue.settle(at(now), Outcome::ConnectionLost).expect("sound");
        assert!(queue.poll(at(now)).expect("sound").is_some());
        match queue.settle(at(now), Outcome::Failed).expect("sound") {
            Settled::Kept => now = queue.poll_timeout().expect("a retry").millis(),
            other => break other,
        }
    };
    assert_eq!(sent, [0, 60_000, 180_000]);
    assert_eq!(dropped, Settled::Dropped { local: 1, kind: MessageKind::Start });
    let head = queue.poll(at(now)).expect("sound").expect("the stop");
    assert_eq!(head.payload(), stop, "a lost start leaves -1");
}

/// What is filled in later has its room from the beginning: a message that had none would hold up the whole queue.
#[test]
fn room_is_kept_for_what_is_filled_in() {
    for (version, kept) in [(Version::V16, 18), (Version::V21, 15)] {
        let payload = |length: usize| {
            let rest = r#"{"transactionId":-1,"note":""}"#.len();
            format!(r#"{{"transactionId":-1,"note":"{}"}}"#, "x".repeat(length - rest))
        };
        let append = |queue: &mut Queue, length: usize| {
            queue.append(MessageKind::End, 1, &id("e"), "StopTransaction", &payload(length), true)
        };
        // Kind, number, id and action take 22 bytes.
        let longest = 1024 - 22 - kept;
        let mut queue = queue(version);
        queue
            .append(MessageKind::Start, 1, &id("s"), "StartTransaction", "{}", true)
            .expect("room");
        assert_eq!(append(&mut queue, longest + 1), Err(QueueError::TooLong), "{version:?}");
        append(&mut queue, longest).expect("room");
        queue.poll(at(0)).expect("sound").expect("the start");
        let longest_id = Outcome::Answered { transaction: Some(i64::MIN) };
        queue.settle(at(0), longest_id).expect("room");
        queue.disconnected(at(0)).expect("room");
        let head = queue.poll(at(0)).expect("sound").expect("the stop");
        assert_eq!(head.payload().len(), longest + kept, "{version:?}");
    }
}

/// A record that went bad while its message was on its way.
#[test]
fn a_damaged_record_is_skipped() {
    let mut queue = queue(Version::V16);
    for number in ["1", "2"] {
        queue.append(MessageKind::Update, 1, &id(number), "MeterValues", "{}", true).expect("room");
    }
    queue.poll(at(0)).expect("sound").expect("the first");
    let mut records = queue.into_storage();
    records[0] = b"?".to_vec();
    let mut queue = Queue::new(Version::V16, RetryRules { attempts: 3, interval: 1 }, records);
    assert!(matches!(queue.poll(at(0)), Err(QueueError::Damaged)));
    queue.skip_damaged().expect("there");
    let head = queue.poll(at(0)).expect("sound").expect("the second");
    assert_eq!(head.id(), Some(id("2")));
    queue.skip_damaged().expect("there");
    assert!(queue.poll(at(0)).expect("sound").is_none(), "nothing is left, and nothing in flight");
    queue.append(MessageKind::Update, 1, &id("3"), "MeterValues", "{}", true).expect("room");
    assert!(queue.poll(at(0)).expect("sound").is_some());
}

#[test]
fn the_transaction_id_is_filled_in() {
    let mut queue = queue(Version::V16);
    queue.append(MessageKind::Start, 1, &id("s"), "StartTransaction", "{}", true).expect("room");
    let stop = r#"{"transactionId":-1,"note":{"transactionId":-1}}"#;
    queue.append(MessageKind::End, 1, &id("e"), "StopTransaction", stop, true).expect("room");
    queue.append(MessageKind::Update, 2, &id("o"), "MeterValues", stop, true).expect("room");
    queue.poll(at(0)).expect("sound").expect("the start");
    let settled = queue.settle(at(0), Outcome::Answered { transaction: Some(7) }).expect("sound");
    assert_eq!(
        settled,
        Settled::Delivered { local: 1, kind: MessageKind::Start, transaction: Some(7) }
    );
    queue.append(MessageKind::Update, 1, &id("m"), "MeterValues", stop, true).expect("room");
    let mut payloads = Vec::new();
    while let Some(head) = queue.poll(at(0)).expect("sound") {
        payloads.push(head.payload().to_owned());
        queue.settle(at(0), Outcome::Answered { transaction: None }).expect("sound");
    }
    // The second is another transaction; after the end the id is forgotten, as no message may follow.
    let patched = r#"{"transactionId":7,"note":{"transactionId":-1}}"#;
    assert_eq!(payloads, [patched, stop, patched]);
}

/// Queues `TransactionEvent`s of one transaction as given, with message ids counted from 0.
fn queue_events(version: Version, events: &[(MessageKind, &str)], online: bool) -> Queue {
    let mut queue = queue(version);
    for (n, (kind, payload)) in events.iter().enumerate() {
        let id = id(&n.to_string());
        queue.append(*kind, 1, &id, "TransactionEvent", payload, online).expect("room");
    }
    queue
}

fn drained(queue: &mut Queue) -> Vec<String> {
    let mut payloads = Vec::new();
    while let Some(head) = queue.poll(at(0)).expect("sound") {
        payloads.push(head.payload().to_owned());
        queue.settle(at(0), Outcome::Answered { transaction: None }).expect("sound");
    }
    payloads
}

#[test]
fn offline_events_are_marked() {
    use MessageKind::{Start, Update};
    let mut queue = queue_events(Version::V21, &[(Start, "{}")], false);
    for (n, payload) in [(1, r#"{"n":1}"#), (2, r#"{"n":2,"offline":false}"#)] {
        let id = id(&n.to_string());
        queue.append(Update, 1, &id, "TransactionEvent", payload, true).expect("room");
    }
    assert_eq!(
        queue.poll(at(0)).expect("sound").expect("a message").payload(),
        r#"{"offline":true}"#
    );
    queue.disconnected(at(0)).expect("sound");
    let expected =
        [r#"{"offline":true}"#, r#"{"n":1,"offline":true}"#, r#"{"n":2,"offline":true}"#];
    assert_eq!(drained(&mut queue), expected);
}

#[test]
fn what_may_be_missed_is_thinned() {
    use MessageKind::{End, Start, Update};
    let sample = |n: u32, context: &str| {
        format!(
            r#"{{"timestamp":"2026-01-01T00:00:0{n}Z","sampledValue":[{{"value":{n},"context":"{context}"}}]}}"#
        )
    };
    let contexts = [
        "Sample.Periodic",
        "Transaction.Begin",
        "Sample.Periodic",
        "Sample.Clock",
        "Trigger",
        "Other",
    ];
    let values: Vec<String> =
        contexts.iter().zip(0..).map(|(context, n)| sample(n, context)).collect();
    let ended = format!(r#"{{"meterValue":[{}],"seqNo":9}}"#, values.join(","));
    let events = [
        (Start, "{}"),
        (Update, r#"{"n":1}"#),
        (Update, r#"{"triggerReason":"EnergyLimitReached"}"#),
        (Update, r#"{"idToken":{}}"#),
        (Update, r#"{"transactionInfo":{"remoteStartId":1}}"#),
        (Update, r#"{"n":2}"#),
        (Update, r#"{"n":3}"#),
        (End, ended.as_str()),
    ];
    let mut queue = queue_events(Version::V21, &events, true);
    let thinned = queue.thin().expect("sound");
    assert_eq!((thinned.events, thinned.values), (2, 2), "n 1 and 3; values 2 and 4");
    assert_eq!(queue.storage().len(), 6, "the room is given back");
    let kept = [0, 1, 3, 5].map(|n| values[n].clone()).join(",");
    let kept = format!(r#"{{"meterValue":[{kept}],"seqNo":9}}"#);
    let expected: Vec<&str> =
        [events[0].1, events[2].1, events[3].1, events[4].1, events[5].1, kept.as_str()].to_vec();
    assert_eq!(drained(&mut queue), expected);

    // 2.0.1 does not know of limits; what is on its way stays in front; the last to go are those left.
    let mut queue = queue_events(Version::V201, &events[1..3], true);
    queue.poll(at(0)).expect("sound").expect("a message");
    assert_eq!(queue.thin().expect("sound").events, 1);
    queue.settle(at(0), Outcome::ConnectionLost).expect("sound");
    assert_eq!(drained(&mut queue), [events[1].1]);

    let mut old = queue_events(Version::V16, &events[..2], true);
    assert_eq!(old.thin().expect("sound").events, 0, "1.6 may leave nothing out");
}

#[test]
fn sequence_numbers() {
    use TransactionEventKind::{Ended, Started, Updated};
    let mut sequence = Sequence::<3>::default();
    for (kind, number) in [(Updated, 6), (Started, 4), (Ended, 8)] {
        assert_eq!(sequence.record(kind, number), Ok(()));
    }
    assert_eq!(sequence.gaps().collect::<Vec<_>>(), [(5, 5), (7, 7)]);
    assert_eq!(sequence.record(Updated, 6), Err(SequenceError::Duplicate(6)));
    assert_eq!(sequence.record(Updated, 9), Err(SequenceError::Outside(9)));
    assert_eq!(sequence.record(Updated, 3), Err(SequenceError::Outside(3)));
    assert_eq!(sequence.record(Started, 5), Err(SequenceError::SecondEnd));
    assert_eq!(sequence.record(Updated, 5), Ok(()));
    assert!(!sequence.is_complete());
    assert_eq!(sequence.record(Updated, 7), Ok(()));
    assert!(sequence.is_complete());
    let mut narrow = Sequence::<1>::default();
    narrow.record(Started, 0).expect("first");
    assert_eq!(narrow.record(Updated, 2), Err(SequenceError::TooManyGaps));
    assert_eq!(narrow.record(Updated, 1), Ok(()));
}

fn identifier(json: &str) -> Identifier<'_> {
    Identifier::read(Value::parse(json).expect("JSON")).expect("a text")
}

fn token(json: &str) -> TokenKey<20> {
    TokenKey::new(identifier(json)).expect("short")
}

fn entry(json: &str, status: Status) -> Entry<20> {
    Entry { token: token(json), status, expiry: None, group: None }
}

#[test]
fn a_retried_start_gets_the_same_id() {
    let text = |json| Value::parse(json).expect("JSON").as_text().expect("a text");
    let key = |tag: Text<'_>, meter| {
        StartKey::new(1, tag, meter, Timestamp::from_millis(5)).expect("short")
    };
    let mut log = StartLog::<2>::default();
    assert_eq!(log.transaction(key(text("\"abc\""), 1), 10), (10, true));
    assert_eq!(
        log.transaction(key(text(r#""AB\u0043""#), 1), 11),
        (10, false),
        "case and escapes do not matter"
    );
    assert_eq!(log.transaction(key(text("\"abc\""), 2), 12), (12, true));
}

#[test]
fn authorization() {
    let now = Timestamp::from_millis(0);
    let later = Timestamp::from_millis(61_000);
    let mut list = LocalList::<2, 20>::default();
    let mut cache = AuthorizationCache::<2, 20>::new(Some(60));
    let rules = OfflineRules { local_authorize: true, unknown_allowed: false };

    cache.update(now, entry("\"abc\"", Status::Accepted), &list);
    assert_eq!(decide(now, &token("\"ABC\""), &list, &cache, rules), Decision::Allow);
    assert_eq!(
        decide(now, &token("\"ABC \""), &list, &cache, rules),
        Decision::Refuse(None),
        "blanks count"
    );
    assert_eq!(
        decide(later, &token("\"abc\""), &list, &cache, rules),
        Decision::Refuse(Some(Status::Expired))
    );
    list.replace(3, [entry("\"Abc\"", Status::Blocked)]).expect("room");
    let listed = decide(now, &token("\"abc\""), &list, &cache, rules);
    assert_eq!(listed, Decision::Refuse(Some(Status::Blocked)), "the list beats the cache");
    cache.update(now, entry("\"abc\"", Status::Accepted), &list);
    assert!(cache.get(now, &token("\"abc\"")).is_none(), "a listed id is not cached");
    let open = OfflineRules { unknown_allowed: true, ..rules };
    assert_eq!(decide(now, &token("\"zzz\""), &list, &cache, open), Decision::AllowUnknown);

    for (name, status) in
        [("\"1\"", Status::Accepted), ("\"2\"", Status::Invalid), ("\"3\"", Status::Accepted)]
    {
        cache.update(now, entry(name, status), &list);
    }
    let known = |name| cache.get(now, &token(name)).is_some();
    assert!(known("\"1\"") && !known("\"2\"") && known("\"3\""), "the useless one goes first");
    let mut cache = cache.clone();
    cache.update(now, entry("\"4\"", Status::Accepted), &list);
    assert!(cache.get(now, &token("\"1\"")).is_none(), "then the oldest");

    let old = list.amend(3, [(token("\"abc\""), None)]);
    assert_eq!(old, Err(ListError::VersionMismatch { current: 3, new: 3 }));
    let many = ["\"a\"", "\"b\""].map(|name| (token(name), Some(entry(name, Status::Accepted))));
    assert_eq!(list.amend(4, many), Err(ListError::Full));
    assert!(list.get(&token("\"a\"")).is_none() && list.version() == 3, "all or nothing");
    list.amend(4, [(token("\"ABC\""), None)]).expect("room");
    assert!(list.get(&token("\"abc\"")).is_none());
    assert_eq!(format!("{:?}", token("\"abc\"")), "<masked, 3 bytes>");
}

#[test]
fn report_parts() {
    let mut parts = ReportParts::<4>::new(9);
    assert_eq!(parts.take(8, 0, true), PartOutcome::OtherRequest);
    assert_eq!(parts.take(9, 2, false), PartOutcome::Kept);
    assert_eq!(parts.take(9, 3, true), PartOutcome::OutOfRange);
    assert_eq!(parts.take(9, 0, true), PartOutcome::Kept);
    assert_eq!(parts.take(9, 0, true), PartOutcome::Duplicate);
    assert_eq!(parts.take(9, 1, true), PartOutcome::Complete);
    assert_eq!(parts.take(9, -1, true), PartOutcome::OutOfRange);
}

#[test]
fn a_report_becomes_one_model() {
    use evse_ocpp::message::Mode;
    let mut model = DeviceModel::new(1);
    let mut take = |request: i64, seq_no: i64, tbc: bool, rows: &str| {
        let text = format!(
            r#"{{"requestId":{request},"generatedAt":"2026-01-01T00:00:00Z","seqNo":{seq_no},"tbc":{tbc},"reportData":[{rows}]}}"#
        );
        let report = evse_ocpp::message::read_payload::<v21::NotifyReportRequest<'_>>(
            &text,
            &mut Mode::Strict,
        );
        model.take(evse_ocpp::message::View::object(&report.expect("valid")))
    };
    let row = |name: &str, attribute: &str, more: &str| {
        format!(
            r#"{{"component":{{"name":"{name}","instance":"X"}},"variable":{{"name":"Limit"}},"variableAttribute":[{attribute}]{more}}}"#
        )
    };
    let actual = row("Ctrlr", r#"{"value":"5","mutability":"ReadOnly"}"#, "");
    let target = row(
        "CTRLR",
        r#"{"type":"Target","value":"7.50"}"#,
        r#","variableCharacteristics":{"dataType":"decimal","supportsMonitoring":false,"maxLimit":100.10}"#,
    );
    assert_eq!(take(2, 0, false, &actual), PartOutcome::OtherRequest);
    assert_eq!(take(1, 1, false, &target), PartOutcome::Kept);
    assert_eq!(take(1, 1, false, &target), PartOutcome::Duplicate);
    assert_eq!(take(1, 0, true, &actual), PartOutcome::Complete);
    assert_eq!(model.iter().count(), 1, "names ignore case");
    let key = VariableKey::new("ctrlr", "LIMIT").of_component_instance("x");
    let limit = model.get(&key).expect("reported");
    assert!(limit.actual().expect("a value") == "5");
    assert!(
        limit.attribute("Target").expect("reported").get("value").expect("a value").raw()
            == "\"7.50\""
    );
    let most = limit.characteristics().expect("reported").get("maxLimit");
    assert_eq!(most.expect("a limit").raw(), "100.10");
    assert!(model.get(&key.clone().at(1, None)).is_none());
    assert!(model.get(&key.of_variable_instance("a")).is_none());
}

#[test]
fn ocmf() {
    let text = r#"OCMF|{"FV":"1.0","GS":"a}|{b","RD":[{"TM":"2018-07-24T13:22:04,000+0200 S","TX":"B","RV":2935.60,"RU":"kWh","ST":"G"}]}|{"SD":"3045"}"#;
    let ocmf = Ocmf::parse(text).expect("OCMF");
    assert!(text.contains(ocmf.signed_text()) && ocmf.signed_text().ends_with("]}"));
    let reading = ocmf.readings().next().expect("a reading");
    assert_eq!(reading.value().expect("a value").as_str(), "2935.60");
    assert!(reading.reason().expect("a reason") == "B");
    assert!(ocmf.signature_data().expect("a signature") == "3045");
    assert_eq!(Ocmf::parse("OCMF|{}").err(), Some(OcmfError::Form));
    assert_eq!(Ocmf::parse("OCMF|{}|{}x").err(), Some(OcmfError::Form));
    assert!(matches!(Ocmf::parse("OCMF|{]|{}"), Err(OcmfError::Json { section: 1, .. })));
    assert!(matches!(Ocmf::parse("OCMF|{}|[]"), Err(OcmfError::NotAnObject { section: 2 })));
}

fn profile<'a>(id: i64, evse: i64, purpose: Purpose, periods: &'a [Period]) -> Profile<'a> {
    Profile { evse, id, purpose, periods, ..Profile::BLANK }
}

/// What cannot be read is not guessed: without its end or its limit a profile would allow more than was meant.
#[test]
fn unreadable_profiles_are_refused() {
    let read = |members: &str, period: &str| {
        let text = format!(
            r#"{{"id":1,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Absolute",{members}
            "chargingSchedule":[{{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{{"startPeriod":0,{period}}}]}}]}}"#
        );
        let object = Value::parse(&text).expect("JSON").as_object().expect("an object");
        let mut periods = [Period::default(); 1];
        Profile::read(0, object, &mut periods).map(|profile| (profile.valid_to, profile.periods[0]))
    };
    let field = |field| Err(ProfileError::Field { field });
    assert_eq!(read(r#""validTo":"tomorrow","#, r#""limit":6"#), field("validTo"));
    assert_eq!(read("", r#""limit":"six""#), field("limit"));
    assert_eq!(read("", r#""limit":6,"startPeriod":0.5"#), field("startPeriod"));
    let (end, period) =
        read(r#""validTo":"","validFrom":null,"#, r#""limit":"6.5""#).expect("read");
    assert_eq!((end, period.limit.map(Micro::raw)), (None, Some(6_500_000)));
    let (_, period) = read("", r#""limit":1e300,"numberPhases":0"#).expect("read");
    assert_eq!((period.limit.map(Micro::raw), period.phases), (Some(i64::MAX), None));
}

#[test]
fn profile_store() {
    let period =
        |start, limit| Period { start, limit: Some(Micro::from_units(limit)), ..Period::default() };
    let two = [period(0, 16), period(60, 8)];
    let one = [period(0, 32)];
    let late = [period(5, 32)];
    let mut store = ProfileStore::<3, 4>::new(Version::V201, Some(9));
    let mut install = |p: Profile<'_>| store.install(&p, true).map(|installed| installed.replaced);
    assert_eq!(install(profile(10, 1, Purpose::TxDefault, &two)), Ok(0));
    assert_eq!(install(profile(10, 1, Purpose::TxDefault, &one)), Ok(1), "same id");
    assert_eq!(
        install(profile(11, 0, Purpose::TxDefault, &one)),
        Err(InstallError::Conflict { id: 10 })
    );
    assert_eq!(install(profile(12, 1, Purpose::StationMax, &one)), Err(InstallError::Evse));
    assert_eq!(install(profile(13, 0, Purpose::Tx, &one)), Err(InstallError::Evse));
    assert_eq!(
        install(profile(14, 0, Purpose::ExternalConstraints, &one)),
        Err(InstallError::Purpose)
    );
    assert_eq!(install(profile(9, 0, Purpose::StationMax, &one)), Err(InstallError::ReservedId));
    assert_eq!(install(profile(15, 0, Purpose::StationMax, &late)), Err(InstallError::Periods));
    let dynamic = Profile { kind: ProfileKind::Dynamic, ..profile(16, 1, Purpose::Tx, &two) };
    assert_eq!(install(dynamic), Err(InstallError::Dynamic));
    assert_eq!(install(profile(17, 0, Purpose::StationMax, &two)), Ok(0));
    assert_eq!(
        install(profile(18, 2, Purpose::TxDefault, &two)),
        Err(InstallError::Full),
        "periods"
    );
    assert_eq!(install(profile(18, 2, Purpose::Tx, &one)), Ok(0));
    store
        .install(&profile(1, 0, Purpose::ExternalConstraints, &one), false)
        .expect_err("profiles full");
    assert_eq!(store.clear(&ClearFilter { id: Some(10), ..ClearFilter::default() }), 1);
    let (profiles, count) = store.profiles();
    let left: Vec<_> = profiles[..count].iter().map(|p| (p.id, p.periods.to_vec())).collect();
    assert_eq!(left, [(17, two.to_vec()), (18, one.to_vec())], "periods follow their profiles");
    store.install(&profile(1, 0, Purpose::ExternalConstraints, &one), false).expect("room");
    assert_eq!(store.end_transaction(2), 1);
    assert_eq!(store.clear(&ClearFilter::default()), 1, "external constraints stay");
    assert_eq!(store.profiles().1, 1);

    let mut old = ProfileStore::<3, 4>::new(Version::V16, None);
    old.install(&profile(1, 1, Purpose::TxDefault, &one), true).expect("room");
    let same_stack = old.install(&profile(2, 1, Purpose::TxDefault, &two), true).expect("room");
    assert_eq!(same_stack.replaced, 1, "1.6: same connector, purpose and level");
}

#[test]
fn profile_rules_of_2_1() {
    use evse_ocpp::v21::OperationMode;
    let limit = Micro::from_units;
    let plain = [Period { limit: Some(limit(16)), ..Period::default() }];
    let mut store = ProfileStore::<4, 8>::new(Version::V21, None);
    let mut refused = |p: Profile<'_>| store.install(&p, true).expect_err("refused");
    fn tx(periods: &[Period]) -> Profile<'_> {
        profile(1, 1, Purpose::Tx, periods)
    }
    fn watts(periods: &[Period]) -> Profile<'_> {
        Profile { unit: RateUnit::Watts, ..tx(periods) }
    }

    let updated = Profile { dynamic_interval: Some(60), ..tx(&plain) };
    assert_eq!(refused(updated), InstallError::Dynamic, "not dynamic, but updated");
    assert_eq!(InstallError::Dynamic.reason_code(), Some("InvalidProfile"));
    let lasting = Profile { duration: Some(5), ..profile(1, 1, Purpose::Priority, &plain) };
    assert_eq!(refused(lasting), InstallError::Priority);
    assert_eq!(InstallError::Priority.reason_code(), Some("InvalidSchedule"));
    let steered = [Period { mode: Some(OperationMode::CentralSetpoint), ..plain[0] }];
    assert_eq!(refused(profile(1, 0, Purpose::Priority, &steered)), InstallError::Priority);
    let delayed = Profile { longest_delay: Some(5), ..profile(1, 0, Purpose::StationMax, &plain) };
    assert_eq!(refused(delayed), InstallError::Delay);
    let several = Profile { schedules: 2, ..profile(1, 0, Purpose::TxDefault, &plain) };
    assert_eq!(refused(several), InstallError::Schedules);
    let on_l2 = [Period { phase_to_use: Some(2), phases: Some(3), ..plain[0] }];
    assert_eq!(refused(tx(&on_l2)), InstallError::PhaseToUse);
    let beyond = [Period { setpoint: Some(limit(17)), ..plain[0] }];
    assert_eq!(refused(tx(&beyond)), InstallError::SetPoint);
    let l3 = Rates { limit: Some(limit(9)), setpoint: Some(limit(10)), ..Rates::NONE };
    assert_eq!(refused(tx(&[Period { l3, ..plain[0] }])), InstallError::SetPoint);
    let mode = Some(OperationMode::LocalFrequency);
    let curve = |curve_points| [Period { mode, curve_points, ..Period::default() }];
    assert_eq!(refused(watts(&curve(1))), InstallError::Frequency);
    assert_eq!(refused(tx(&curve(2))), InstallError::Frequency, "in amperes");
    store.install(&watts(&curve(2)), true).expect("sound");
}

#[test]
fn dynamic_profiles_are_updated_and_some_die_offline() {
    let values = |amperes, setpoint| Period {
        limit: Some(Micro::from_units(amperes)),
        setpoint: Some(Micro::from_units(setpoint)),
        ..Period::default()
    };
    let first = [values(16, 10)];
    let dynamic = Profile {
        kind: ProfileKind::Dynamic,
        dynamic_update: Some(1000),
        dynamic_interval: Some(60),
        max_offline: Some(300),
        dies_offline: true,
        ..profile(7, 1, Purpose::Tx, &first)
    };
    let mut store = ProfileStore::<4, 8>::new(Version::V21, None);
    store.install(&dynamic, true).expect("sound");
    assert_eq!(store.next_dynamic_pull(), Some((7, 1060)));
    assert_eq!(store.update_dynamic(8, 1060, &values(8, 8)), Err(InstallError::Dynamic));
    assert_eq!(store.update_dynamic(7, 1060, &values(8, 9)), Err(InstallError::SetPoint));
    store.update_dynamic(7, 1060, &values(8, 8)).expect("sound");
    assert_eq!(store.next_dynamic_pull(), Some((7, 1120)));
    assert_eq!(store.profiles().0[0].periods, [values(8, 8)]);
    assert_eq!(store.back_online(300), 0);
    assert_eq!(store.back_online(301), 1);
}
