//! What a 2.x station may leave out of its queue when memory is short.
//!
//! Source: 2.0.1 and 2.1 use case E04 (offline): `Updated` events, every second one first, and in the same way the
//! meter values inside an `Ended` event. Never left out: first and last events; in 2.1 events that tell of a limit;
//! events with members that are sent only once (`evse`, `idToken`, `reservationId`, `remoteStartId`), for they come
//! in no other; values of context `Transaction.Begin` and `Transaction.End`, the first and the last value.

use core::fmt::{self, Write};

use super::queue::{MessageKind, Record, object, write_members};
use super::{Buffer, QueueError, Storage, TransactionQueue};
use crate::message::{List, ObjectView, Open, Read, Value, Version};
use crate::v21::{ReadingContext, TriggerReason};

/// What was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Thinned {
    /// Whole `Updated` events.
    pub events: usize,
    /// Meter values inside `Ended` events.
    pub values: usize,
}

impl<S: Storage, const B: usize, const T: usize> TransactionQueue<S, B, T> {
    /// Leaves out every second message and value that may be missed, and gives the room back to the storage. Called
    /// again, it takes every second one of what is left. 1.6 allows no such thing: there it does nothing.
    ///
    /// A restart in the midst of it may leave a message twice in the queue, one right behind the other; the CSMS
    /// knows it by its id and `seqNo`.
    ///
    /// # Errors
    /// The storage's, or a message that does not fit the buffer.
    pub fn thin(&mut self) -> Result<Thinned, QueueError<S::Error>> {
        let mut thinned = Thinned::default();
        if self.version == Version::V16 {
            return Ok(thinned);
        }
        let mut seen = 0_usize;
        // The oldest may be on its way.
        for index in usize::from(self.in_flight)..self.storage.len() {
            let mut bytes = [0; B];
            let Some(record) = Record::parse(self.storage.peek(index, &mut bytes)?) else {
                continue;
            };
            match record.kind {
                MessageKind::Update if !is_protected(self.version, record.payload) => {
                    seen += 1;
                    if seen % 2 == 1 {
                        self.storage.patch(index, &[])?;
                        thinned.events += 1;
                    }
                }
                MessageKind::End => thinned.values += self.thin_values(index, &record)?,
                _ => {}
            }
        }
        self.close_gaps()?;
        Ok(thinned)
    }

    fn thin_values(
        &mut self,
        index: usize,
        record: &Record<'_>,
    ) -> Result<usize, QueueError<S::Error>> {
        let Some(event) = object(record.payload) else { return Ok(0) };
        let mut payload = Buffer::<B>::new();
        let mut left_out = 0;
        let written = write_members(event, &mut payload, |name, value, out| {
            if name == "meterValue" {
                left_out = write_thinned(value, out)?;
                return Ok(());
            }
            out.write_str(value.raw())
        });
        written.and_then(|()| payload.write_str("}")).map_err(|_| QueueError::TooLong)?;
        if left_out > 0 {
            let mut bytes = Buffer::<B>::new();
            let record = Record { payload: payload.as_str(), ..*record };
            record.write(&mut bytes).map_err(|_| QueueError::TooLong)?;
            self.storage.patch(index, bytes.as_bytes())?;
        }
        Ok(left_out)
    }

    /// Moves the messages to the back over the empty records, and takes those out in front.
    fn close_gaps(&mut self) -> Result<(), QueueError<S::Error>> {
        let mut place = self.storage.len();
        for index in (0..self.storage.len()).rev() {
            let mut bytes = [0; B];
            let record = self.storage.peek(index, &mut bytes)?;
            if record.is_empty() {
                continue;
            }
            place -= 1;
            if place != index {
                self.storage.patch(place, record)?;
                self.storage.patch(index, &[])?;
            }
        }
        for _ in 0..place {
            self.storage.pop()?;
        }
        Ok(())
    }
}

fn is_protected(version: Version, payload: &str) -> bool {
    let Some(event) = object(payload) else { return true };
    let info = event.read::<ObjectView<'_>>("transactionInfo");
    let is_only_here =
        ["evse", "idToken", "reservationId"].into_iter().any(|name| event.get(name).is_some())
            || info.is_some_and(|info| info.get("remoteStartId").is_some());
    let trigger = event.get("triggerReason").and_then(Open::<TriggerReason>::read);
    let tells_a_limit = matches!(
        trigger.and_then(|trigger| trigger.known()),
        Some(
            TriggerReason::LimitSet
                | TriggerReason::CostLimitReached
                | TriggerReason::EnergyLimitReached
                | TriggerReason::SocLimitReached
                | TriggerReason::TimeLimitReached
        )
    );
    is_only_here || version == Version::V21 && tells_a_limit
}

/// Writes a list of meter values without every second one that may be missed; how many are left out.
fn write_thinned<W: Write + ?Sized>(list: Value<'_>, out: &mut W) -> Result<usize, fmt::Error> {
    let Some(last) = list.elements().and_then(|values| values.count().checked_sub(1)) else {
        out.write_str(list.raw())?;
        return Ok(0);
    };
    let (mut seen, mut left_out) = (0_usize, 0);
    out.write_str("[")?;
    for (index, value) in list.elements().into_iter().flatten().enumerate() {
        if index != 0 && index != last && !is_begin_or_end(value) {
            seen += 1;
            if seen % 2 == 1 {
                left_out += 1;
                continue;
            }
        }
        if index > 0 {
            out.write_str(",")?;
        }
        out.write_str(value.raw())?;
    }
    out.write_str("]")?;
    Ok(left_out)
}

fn is_begin_or_end(value: Value<'_>) -> bool {
    let samples =
        value.as_object().and_then(|value| value.read::<List<'_, ObjectView<'_>>>("sampledValue"));
    samples.iter().flat_map(List::iter).any(|sample| {
        let context = sample.read::<Open<'_, ReadingContext>>("context");
        let context = context.and_then(|context| context.known());
        matches!(context, Some(ReadingContext::TransactionBegin | ReadingContext::TransactionEnd))
    })
}
