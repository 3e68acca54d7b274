//! A whole station of OCPP 2.1: endpoint, transaction queue, profile store, composite schedule, authorisation stores.
#![no_std]
#![no_main]

use core::hint::black_box;

use evse_firmware as _;
use evse_ocpp::charging::{
    ClearFilter, CompositePeriod, CompositeRequest, Cursor, Evse, Period, Profile, ProfileStore,
    RateUnit, compose,
};
use evse_ocpp::endpoint::{
    CallOptions, Config, Endpoint, Incoming, Instant, MessageId, MessageIds, MessageKind, Outcome,
    Reconnect, ReconnectRules, RetryRules, Role, Sequence, Storage, TransactionEventKind,
    TransactionQueue,
};
use evse_ocpp::message::{ErrorCode, Identifier, Read, Timestamp, Value, Version};
use evse_ocpp::stores::{
    AuthorizationCache, Entry, LocalList, Ocmf, OfflineRules, ReportParts, Status, TokenKey, decide,
};
use evse_ocpp::v21;

/// Eight records of 512 bytes, the oldest first.
struct Ram {
    records: [([u8; 512], usize); 8],
    used: usize,
}

struct Full;

impl Storage for Ram {
    type Error = Full;
    fn len(&self) -> usize {
        self.used
    }
    fn append(&mut self, record: &[u8]) -> Result<(), Full> {
        self.used += 1;
        self.patch(self.used - 1, record).inspect_err(|_| self.used -= 1)
    }
    fn peek<'b>(&self, index: usize, buffer: &'b mut [u8]) -> Result<&'b [u8], Full> {
        let (bytes, length) = self.records.get(index).ok_or(Full)?;
        let record = bytes.get(..*length).ok_or(Full)?;
        let room = buffer.get_mut(..record.len()).ok_or(Full)?;
        room.copy_from_slice(record);
        Ok(room)
    }
    fn pop(&mut self) -> Result<(), Full> {
        self.records.rotate_left(1);
        self.used = self.used.saturating_sub(1);
        Ok(())
    }
    fn patch(&mut self, index: usize, record: &[u8]) -> Result<(), Full> {
        let (bytes, length) = self.records.get_mut(index).ok_or(Full)?;
        bytes.get_mut(..record.len()).ok_or(Full)?.copy_from_slice(record);
        *length = record.len();
        Ok(())
    }
}

fn station(text: &[u8], payload: &str) -> Option<usize> {
    let now = Instant::from_millis(black_box(5));
    let mut endpoint = Endpoint::<1024>::new(Config {
        role: Role::Station,
        schema: &v21::SCHEMA,
        call_timeout: 30_000,
        boot_retry: 60_000,
        lenient: black_box(true),
    });
    let rules = RetryRules { attempts: 3, interval: 60_000 };
    let storage = Ram { records: [([0; 512], 0); 8], used: 0 };
    let mut queue = TransactionQueue::<Ram, 512, 2>::new(Version::V21, rules, storage);
    let mut ids = MessageIds::new(black_box(7));
    endpoint.connected(now);
    let id = ids.next_id();
    queue.append(MessageKind::Start, 1, &id, "TransactionEvent", payload, false).ok()?;
    if let Some(head) = queue.poll(now).ok()? {
        endpoint
            .call(now, head.id()?, head.action(), head.payload(), CallOptions::default())
            .ok()?;
    }
    queue.settle(now, Outcome::Answered { transaction: None }).ok()?;
    queue.disconnected(now).ok()?;
    let thinned = queue.thin().ok()?;
    if let Incoming::Call(call) = endpoint.handle_text(now, text) {
        let id = MessageId::new(call.id)?;
        let answered = endpoint.answer(&id, payload);
        answered.or_else(|_| endpoint.refuse(&id, ErrorCode::NotSupported, "")).ok()?;
    }
    endpoint.handle_timeout(now);
    let wait = Reconnect::default().next_wait(
        &ReconnectRules { wait_minimum: 1, random_range: 2, repeat_times: 3 },
        black_box(9),
    );
    black_box((endpoint.poll_transmit(), endpoint.poll_event(), endpoint.poll_timeout(), wait));
    Some(thinned.events + thinned.values)
}

fn smart_charging(profile: &str) -> Option<usize> {
    let object = Value::parse(profile).ok()?.as_object()?;
    let mut store = ProfileStore::<8, 64>::new(Version::V21, None);
    let mut periods = [Period::default(); 24];
    let profile = Profile::read(1, object, &mut periods).ok()?;
    store.install(&profile, true).ok()?;
    let (profiles, count) = store.profiles();
    let evses = [Evse { in_transaction: true, ..Evse::default() }; 2];
    let request = CompositeRequest {
        version: Version::V21,
        start: black_box(0),
        duration: black_box(86_400),
        evse: black_box(0),
        unit: RateUnit::Watts,
        evses: &evses,
        assume_transaction: true,
        millivolts: black_box(230_000),
        default_phases: 3,
        default_limit: None,
        offline_since: None,
        soc: None,
        zone: &[],
    };
    let mut scratch = [Cursor::default(); 24];
    let mut out = [CompositePeriod::default(); 48];
    let summary = compose(&request, profiles.get(..count)?, &mut scratch, &mut out).ok()?;
    black_box(&out);
    Some(summary.periods + store.clear(&ClearFilter::default()) + store.end_transaction(1))
}

fn stores(token: &str, ocmf: &str) -> Option<usize> {
    let now = Timestamp::from_millis(black_box(0));
    let token = TokenKey::<36>::new(Identifier::read(Value::parse(token).ok()?)?)?;
    let entry = Entry { token, status: Status::Accepted, expiry: None, group: None };
    let mut list = LocalList::<4, 36>::default();
    list.replace(1, [entry]).ok()?;
    list.amend(2, [(token, None)]).ok()?;
    let mut cache = AuthorizationCache::<4, 36>::new(Some(60));
    cache.update(now, entry, &list);
    black_box(decide(now, &token, &list, &cache, OfflineRules::default()));
    black_box(ReportParts::<8>::new(1).take(black_box(1), black_box(0), black_box(false)));
    let mut sequence = Sequence::<4>::default();
    black_box(sequence.record(TransactionEventKind::Started, black_box(0)).is_ok());
    Some(Ocmf::parse(ocmf).ok()?.readings().count())
}

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let payload = black_box("{}");
    let text = black_box(br#"[2,"1","Reset",{"type":"Immediate"}]"#.as_slice());
    black_box((station(text, payload), smart_charging(payload), stores(payload, payload)));
    0
}
