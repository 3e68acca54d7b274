//! The station's queue of transaction messages: in order, one at a time, kept until answered, across disconnects and
//! restarts.
//!
//! Source: 1.6 section 3.7.1 and 4.6 to 4.10 with errata; 2.0.1 and 2.1 use cases E04, E11, E13.
//!
//! A message leaves the storage only when it was answered, or when the CSMS failed to process it as often as the
//! rules allow. A lost connection is not counted as an attempt: the message is simply sent again, with the same id,
//! so that the CSMS can recognise it.

use core::fmt::Write;

use super::{Buffer, Instant, MessageId, Storage};
use crate::message::{Number, ObjectView, Text, Value, Version};

/// The longest number that may take the place of a `transactionId` of -1.
const LONGEST_ID: &str = "-9223372036854775808";
/// What a message of 2.x gets when the connection breaks.
const OFFLINE: &str = ",\"offline\":true";

/// What a queued message is to its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// `StartTransaction`, `TransactionEvent` Started.
    Start,
    /// `MeterValues` of a transaction, `TransactionEvent` Updated.
    Update,
    /// `StopTransaction`, `TransactionEvent` Ended.
    End,
}

/// How often and how fast a message that the CSMS fails to process is sent again: attempt n + 1 waits n intervals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryRules {
    /// 1.6 `TransactionMessageAttempts`, 2.x `MessageAttemptsTransactionEvent`: transmissions before the message is
    /// dropped.
    pub attempts: u32,
    /// 1.6 `TransactionMessageRetryInterval`, 2.x `MessageAttemptIntervalTransactionEvent`, in milliseconds.
    pub interval: u64,
}

/// How a transmission ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// CALLRESULT; with the `transactionId` of a 1.6 `StartTransaction`.
    Answered {
        /// The id, of a `StartTransaction` only.
        transaction: Option<i64>,
    },
    /// CALLERROR, an unusable answer or a time-out.
    Failed,
    /// The connection broke first.
    ConnectionLost,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Delivered and removed.
    Delivered {
        /// The station's own number of the transaction.
        local: u64,
        /// What it was.
        kind: MessageKind,
        /// 1.6, of a `StartTransaction`: the id that later messages carry. Keep it with the transaction.
        transaction: Option<i64>,
    },
    /// Given up after the last attempt and removed: in 1.6 the later messages of a lost start keep -1.
    Dropped {
        /// The station's own number of the transaction.
        local: u64,
        /// What it was.
        kind: MessageKind,
    },
    /// Still queued; sent again later.
    Kept,
}

/// Why the queue cannot do what it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueueError<E> {
    /// The storage failed.
    #[error("storage")]
    Storage(E),
    /// The message is longer than the queue's buffer.
    #[error("the message does not fit the buffer")]
    TooLong,
    /// A stored record cannot be read; it can be dropped with [`TransactionQueue::skip_damaged`].
    #[error("a stored record is damaged")]
    Damaged,
    /// The payload is not a JSON object.
    #[error("the payload is not an object")]
    Payload,
}

impl<E> From<E> for QueueError<E> {
    fn from(error: E) -> Self {
        Self::Storage(error)
    }
}

/// The queue. `B` is the longest record in bytes (payload and about 100), `T` how many transactions may run at once.
#[derive(Debug)]
pub struct TransactionQueue<S, const B: usize, const T: usize> {
    pub(super) version: Version,
    rules: RetryRules,
    pub(super) storage: S,
    pub(super) in_flight: bool,
    transmissions: u32,
    not_before: Instant,
    /// 1.6: ids of running transactions, by their local number.
    ids: [Option<(u64, i64)>; T],
}

/// A record: kind, local number, message id, action and payload, a line each.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    pub(super) kind: MessageKind,
    pub(super) local: u64,
    pub(super) id: &'r str,
    pub(super) action: &'r str,
    pub(super) payload: &'r str,
}

impl<'r> Record<'r> {
    pub(super) fn parse(bytes: &'r [u8]) -> Option<Self> {
        let mut rest = core::str::from_utf8(bytes).ok()?;
        let mut line = || {
            let end = rest.bytes().position(|byte| byte == b'\n')?;
            let line = rest.get(..end)?;
            rest = rest.get(end + 1..)?;
            Some(line)
        };
        let kind = match line()? {
            "S" => MessageKind::Start,
            "U" => MessageKind::Update,
            "E" => MessageKind::End,
            _ => return None,
        };
        let local = line()?.parse().ok()?;
        let (id, action) = (line()?, line()?);
        Some(Self { kind, local, id, action, payload: rest })
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> core::fmt::Result {
        let kind = match self.kind {
            MessageKind::Start => "S",
            MessageKind::Update => "U",
            MessageKind::End => "E",
        };
        write!(out, "{kind}\n{}\n{}\n{}\n{}", self.local, self.id, self.action, self.payload)
    }
}

/// A message to send now.
#[derive(Debug)]
pub struct Head<const B: usize> {
    record: Buffer<B>,
}

impl<const B: usize> Head<B> {
    fn read(&self) -> Option<Record<'_>> {
        Record::parse(self.record.as_bytes())
    }

    /// The message id, the same at every transmission.
    #[must_use]
    pub fn id(&self) -> Option<MessageId> {
        MessageId::from_text(self.read()?.id)
    }

    /// The action.
    #[must_use]
    pub fn action(&self) -> &str {
        self.read().map_or("", |record| record.action)
    }

    /// The payload.
    #[must_use]
    pub fn payload(&self) -> &str {
        self.read().map_or("{}", |record| record.payload)
    }
}

impl<S: Storage, const B: usize, const T: usize> TransactionQueue<S, B, T> {
    /// A queue over what the storage holds from before.
    #[must_use]
    pub const fn new(version: Version, rules: RetryRules, storage: S) -> Self {
        Self {
            version,
            rules,
            storage,
            in_flight: false,
            transmissions: 0,
            not_before: Instant::from_millis(0),
            ids: [None; T],
        }
    }

    /// The storage.
    pub const fn storage(&self) -> &S {
        &self.storage
    }

    /// Gives the storage back.
    pub fn into_storage(self) -> S {
        self.storage
    }

    /// 1.6, after a restart: the id of a transaction that still runs and whose start was confirmed before.
    pub fn restore(&mut self, local: u64, transaction: i64) {
        self.learn(local, transaction);
    }

    /// Adds a message. In 1.6 a `transactionId` of -1 is filled in as soon as it is known; in 2.x `offline` is set
    /// when the station is.
    ///
    /// # Errors
    /// The storage's, or a payload that does not fit, with what may yet be filled in, or is no object; nothing is queued
    /// then.
    pub fn append(
        &mut self,
        kind: MessageKind,
        local: u64,
        id: &MessageId,
        action: &str,
        payload: &str,
        online: bool,
    ) -> Result<(), QueueError<S::Error>> {
        let object = object(payload).ok_or(QueueError::Payload)?;
        let mut patched = Buffer::<B>::new();
        let known = self.ids.iter().flatten().find(|(number, _)| *number == local);
        let payload = match (self.version, known) {
            (Version::V16, Some((_, transaction))) if lacks_id(object) => {
                write!(patched, "{}", SetId { object, transaction: *transaction })
                    .map_err(|_| QueueError::TooLong)?;
                patched.as_str()
            }
            (Version::V201 | Version::V21, _) if !online => {
                set_offline(object, &mut patched).map_err(|_| QueueError::TooLong)?;
                patched.as_str()
            }
            _ => payload,
        };
        // A message that cannot be filled in later would hold up all that stand before it.
        let filled_in_later = match (self.version, known) {
            (Version::V16, None) if lacks_id(object) => LONGEST_ID.len() - "-1".len(),
            (Version::V201 | Version::V21, _) if online => OFFLINE.len(),
            _ => 0,
        };
        let record = Record { kind, local, id: id.as_str(), action, payload };
        let mut bytes = Buffer::<B>::new();
        record.write(&mut bytes).map_err(|_| QueueError::TooLong)?;
        if bytes.as_bytes().len() + filled_in_later > B {
            return Err(QueueError::TooLong);
        }
        self.storage.append(bytes.as_bytes())?;
        Ok(())
    }

    /// The message to send now, if there is one. It counts as sent: say with [`settle`](Self::settle) how that ended.
    ///
    /// # Errors
    /// The storage's, or a damaged record.
    pub fn poll(&mut self, now: Instant) -> Result<Option<Head<B>>, QueueError<S::Error>> {
        if self.in_flight || now < self.not_before {
            return Ok(None);
        }
        while !self.storage.is_empty() {
            let mut bytes = [0; B];
            let record = self.storage.peek(0, &mut bytes)?;
            if record.is_empty() {
                // Thinned out.
                self.storage.pop()?;
                continue;
            }
            Record::parse(record).ok_or(QueueError::Damaged)?;
            let mut head = Buffer::new();
            let text = core::str::from_utf8(record).map_err(|_| QueueError::Damaged)?;
            head.write_str(text).map_err(|_| QueueError::TooLong)?;
            self.in_flight = true;
            self.transmissions = self.transmissions.saturating_add(1);
            return Ok(Some(Head { record: head }));
        }
        Ok(None)
    }

    /// When [`poll`](Self::poll) has something to send, if it has.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        (!self.in_flight && !self.storage.is_empty()).then_some(self.not_before)
    }

    /// Says how the last transmission ended.
    ///
    /// # Errors
    /// The storage's, or a damaged record; the message then stays queued and in flight.
    pub fn settle(
        &mut self,
        now: Instant,
        outcome: Outcome,
    ) -> Result<Settled, QueueError<S::Error>> {
        if !self.in_flight {
            return Ok(Settled::Kept);
        }
        let mut bytes = [0; B];
        let record = Record::parse(self.storage.peek(0, &mut bytes)?).ok_or(QueueError::Damaged)?;
        let Record { kind, local, .. } = record;
        let settled = match outcome {
            Outcome::ConnectionLost => {
                self.in_flight = false;
                self.transmissions = self.transmissions.saturating_sub(1);
                return Ok(Settled::Kept);
            }
            Outcome::Failed if self.transmissions < self.rules.attempts => {
                self.in_flight = false;
                let wait = self.rules.interval.saturating_mul(u64::from(self.transmissions));
                self.not_before = now.after(wait);
                return Ok(Settled::Kept);
            }
            Outcome::Failed => Settled::Dropped { local, kind },
            Outcome::Answered { transaction } => {
                if let Some(transaction) = transaction
                    && kind == MessageKind::Start
                    && self.version == Version::V16
                {
                    // First the later messages, then the start goes: a restart between the two repeats both.
                    self.learn(local, transaction);
                    self.fill_in(local, transaction)?;
                }
                Settled::Delivered { local, kind, transaction }
            }
        };
        self.storage.pop()?;
        if kind == MessageKind::End {
            for slot in &mut self.ids {
                if slot.is_some_and(|(number, _)| number == local) {
                    *slot = None;
                }
            }
        }
        self.in_flight = false;
        self.transmissions = 0;
        self.not_before = now;
        Ok(settled)
    }

    /// Drops the oldest record without looking at it: for one that [`poll`](Self::poll) or [`settle`](Self::settle) calls
    /// damaged. It is then no longer in flight.
    ///
    /// # Errors
    /// The storage's.
    pub fn skip_damaged(&mut self) -> Result<(), QueueError<S::Error>> {
        self.storage.pop()?;
        self.in_flight = false;
        self.transmissions = 0;
        Ok(())
    }

    /// The connection is gone. 2.x: whatever is still queued gets `offline: true` (E11.FR.07).
    ///
    /// # Errors
    /// The storage's.
    pub fn disconnected(&mut self, now: Instant) -> Result<(), QueueError<S::Error>> {
        self.settle(now, Outcome::ConnectionLost)?;
        if self.version == Version::V16 {
            return Ok(());
        }
        self.rewrite(|record, out| {
            let object = object(record.payload).ok_or(core::fmt::Error)?;
            set_offline(object, out)
        })
    }

    fn learn(&mut self, local: u64, transaction: i64) {
        let free = self.ids.iter().position(Option::is_none);
        let same = self.ids.iter().position(|slot| slot.is_some_and(|(number, _)| number == local));
        if let Some(slot) = same.or(free).and_then(|index| self.ids.get_mut(index)) {
            *slot = Some((local, transaction));
        }
    }

    fn fill_in(&mut self, local: u64, transaction: i64) -> Result<(), QueueError<S::Error>> {
        self.rewrite(|record, out| {
            let object = object(record.payload).ok_or(core::fmt::Error)?;
            if record.local != local || !lacks_id(object) {
                return out.write_str(record.payload);
            }
            write!(out, "{}", SetId { object, transaction })
        })
    }

    /// Rewrites every queued payload that `change` writes differently.
    fn rewrite(
        &mut self,
        change: impl Fn(&Record<'_>, &mut Buffer<B>) -> core::fmt::Result,
    ) -> Result<(), QueueError<S::Error>> {
        for index in 0..self.storage.len() {
            let mut bytes = [0; B];
            let stored = self.storage.peek(index, &mut bytes)?;
            // An empty record was thinned out; a damaged one is reported when its turn comes.
            let Some(record) = Record::parse(stored) else {
                continue;
            };
            let mut payload = Buffer::<B>::new();
            change(&record, &mut payload).map_err(|_| QueueError::TooLong)?;
            if payload.as_str() == record.payload {
                continue;
            }
            let mut changed = Buffer::<B>::new();
            let record = Record { payload: payload.as_str(), ..record };
            record.write(&mut changed).map_err(|_| QueueError::TooLong)?;
            self.storage.patch(index, changed.as_bytes())?;
        }
        Ok(())
    }
}

pub(super) fn object(payload: &str) -> Option<ObjectView<'_>> {
    Value::parse(payload).ok()?.as_object()
}

/// Whether a 1.6 payload waits for its transaction id.
fn lacks_id(payload: ObjectView<'_>) -> bool {
    payload.read::<Number<'_>>("transactionId").and_then(|number| number.to_i64()) == Some(-1)
}

/// The object with its `transactionId` replaced.
struct SetId<'a> {
    object: ObjectView<'a>,
    transaction: i64,
}

impl core::fmt::Display for SetId<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write_members(self.object, f, |name, value, f| {
            if name == "transactionId" {
                return write!(f, "{}", self.transaction);
            }
            f.write_str(value.raw())
        })?;
        f.write_str("}")
    }
}

/// The object with `offline` set.
fn set_offline(object: ObjectView<'_>, out: &mut dyn Write) -> core::fmt::Result {
    let mut any = false;
    let mut set = false;
    write_members(object, out, |name, value, out| {
        any = true;
        if name == "offline" {
            set = true;
            return out.write_str("true");
        }
        out.write_str(value.raw())
    })?;
    if !set {
        out.write_str(if any { OFFLINE } else { OFFLINE.strip_prefix(',').unwrap_or(OFFLINE) })?;
    }
    out.write_str("}")
}

/// Writes an object but for its closing brace, each value as `each` writes it.
pub(super) fn write_members<W: Write + ?Sized>(
    object: ObjectView<'_>,
    out: &mut W,
    mut each: impl FnMut(Text<'_>, Value<'_>, &mut W) -> core::fmt::Result,
) -> core::fmt::Result {
    out.write_str("{")?;
    for (index, (name, value)) in object.members().enumerate() {
        out.write_str(if index > 0 { ",\"" } else { "\"" })?;
        out.write_str(name.raw())?;
        out.write_str("\":")?;
        each(name, value, out)?;
    }
    Ok(())
}
