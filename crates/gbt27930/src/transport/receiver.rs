//! The responder: grants packets, asks again for missing ones, acknowledges.

use super::{AbortReason, Control, PRIORITY, Reassembly, Stored, Timing};
use crate::frame::{PF_TP_CM, PF_TP_DT};
use crate::{CanId, Frame, Instant, Party};

/// Receives the multi-packet messages of the other party, one at a time.
///
/// The caller lends the same memory to each [`Self::handle_frame`]; a message longer than it is refused with abort
/// reason 2.
#[derive(Debug, Clone)]
pub struct Receiver {
    own: Party,
    /// Identifier of the other party's TP.DT.
    packets: CanId,
    t1: u16,
    t2: u16,
    window: u8,
    retransmit_requests: u8,
    transfer: Option<Transfer>,
    /// Data of the TP.CM to send.
    answer: Option<[u8; 8]>,
}

#[derive(Debug, Clone)]
struct Transfer {
    message: Reassembly,
    /// Most packets the originator allows per CTS.
    limit: u8,
    /// First and last packet of the present grant.
    grant: (u8, u8),
    /// Highest packet ever granted: a grant at or below it asks again.
    highest: u8,
    requests: u8,
    deadline: Instant,
}

/// What a frame or a timer brought about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ReceiverEvent {
    /// A message is complete: the first `size` bytes of the lent memory.
    Received {
        /// Its parameter group number.
        pgn: u32,
        /// Its length.
        size: u16,
    },
    /// A transfer began; `replaced` names an unfinished one of another message, which is dropped.
    Started {
        /// Parameter group number of the new message.
        pgn: u32,
        /// Parameter group number of the dropped one.
        replaced: Option<u32>,
    },
    /// We refused or gave up a transfer.
    Aborted {
        /// Parameter group number of the message.
        pgn: u32,
        /// Why.
        reason: AbortReason,
    },
    /// The originator gave up a transfer.
    AbortedByPeer {
        /// Parameter group number of the message.
        pgn: u32,
        /// Why, as it says.
        reason: AbortReason,
    },
    /// A hole in the packets; they were asked for again.
    Retransmit {
        /// Parameter group number of the message.
        pgn: u32,
        /// First missing packet.
        from: u8,
    },
}

impl Receiver {
    /// A receiver at the given end of the bus.
    #[must_use]
    pub const fn new(own: Party, timing: Timing) -> Self {
        Self {
            own,
            packets: CanId::new(PRIORITY, PF_TP_DT, own.peer()),
            t1: timing.t1,
            t2: timing.t2,
            window: if timing.window == 0 { 1 } else { timing.window },
            retransmit_requests: timing.retransmit_requests,
            transfer: None,
            answer: None,
        }
    }

    /// Takes a frame; those that are not transport frames of the other party are ignored, as are data packets without
    /// a transfer, duplicates, and packets outside the grant. Afterwards drain [`Self::poll_transmit`].
    #[inline]
    pub fn handle_frame(
        &mut self,
        now: Instant,
        frame: &Frame,
        memory: &mut [u8],
    ) -> Option<ReceiverEvent> {
        // Nearly every frame of a transfer is its next packet, so that one is taken here, where it is inlined.
        if let Some(transfer) = &mut self.transfer
            && frame.id().is_same_message(self.packets)
            && let Some([number, packet @ ..]) = frame.full_data()
            // A grant begins with the first packet that is missing, so the next in order lies within it.
            && transfer.message.append(*number, packet, memory)
        {
            if *number == transfer.grant.1 {
                return self.end_of_window(now);
            }
            transfer.deadline = now.plus_millis(self.t1.into());
            return None;
        }
        self.handle_other(now, frame, memory)
    }

    /// Any frame but the next packet in order.
    fn handle_other(
        &mut self,
        now: Instant,
        frame: &Frame,
        memory: &mut [u8],
    ) -> Option<ReceiverEvent> {
        let data = frame.full_data()?;
        if frame.id().is_same_message(self.packets) {
            self.handle_packet(now, data, memory)
        } else if frame.id().is_same_message(CanId::new(PRIORITY, PF_TP_CM, self.own.peer())) {
            self.handle_control(now, Control::decode(data)?, memory.len())
        } else {
            None
        }
    }

    fn handle_control(
        &mut self,
        now: Instant,
        control: Control,
        memory: usize,
    ) -> Option<ReceiverEvent> {
        match control {
            Control::RequestToSend { size, packets, window, pgn } => {
                match Reassembly::new(pgn, size, packets, memory) {
                    Ok(message) => {
                        let replaced =
                            self.transfer.take().map(|t| t.message.pgn()).filter(|old| *old != pgn);
                        let limit = if window == 0 { u8::MAX } else { window };
                        let transfer = Transfer {
                            message,
                            limit,
                            grant: (1, 0),
                            highest: 0,
                            requests: 0,
                            deadline: now,
                        };
                        let transfer = self.transfer.insert(transfer);
                        let last = packets.min(limit).min(self.window);
                        let grant = transfer.allow(now, 1, last, self.t2);
                        self.answer = Some(grant.to_data());
                        Some(ReceiverEvent::Started { pgn, replaced })
                    }
                    Err(reason) => {
                        // The refused RTS ends an unfinished transfer of the same message.
                        self.transfer.take_if(|t| t.message.pgn() == pgn);
                        Some(self.abort(pgn, reason))
                    }
                }
            }
            Control::Abort { reason, pgn } => {
                self.transfer.take_if(|t| t.message.pgn() == pgn)?;
                // A pending answer belongs to the transfer that is over.
                self.answer = None;
                Some(ReceiverEvent::AbortedByPeer { pgn, reason })
            }
            Control::ClearToSend { .. } | Control::EndOfMessage { .. } => None,
        }
    }

    fn handle_packet(
        &mut self,
        now: Instant,
        data: &[u8; 8],
        memory: &mut [u8],
    ) -> Option<ReceiverEvent> {
        let transfer = self.transfer.as_mut()?;
        let [number, packet @ ..] = data;
        let (first, last) = transfer.grant;
        if *number < first || *number > last {
            return None;
        }
        match transfer.message.store(*number, packet, memory) {
            Stored::Complete => self.end_of_window(now),
            Stored::More if *number == last => self.end_of_window(now),
            Stored::More => {
                transfer.deadline = now.plus_millis(self.t1.into());
                None
            }
            Stored::Duplicate | Stored::NoSuchPacket => None,
        }
    }

    /// The message is complete, or the last packet of a grant is there: delivers, grants the next packets, or asks again
    /// for missing ones.
    fn end_of_window(&mut self, now: Instant) -> Option<ReceiverEvent> {
        let transfer = self.transfer.as_mut()?;
        let pgn = transfer.message.pgn();
        let Some((first, run)) = transfer.message.missing() else {
            let (size, packets) = (transfer.message.size(), transfer.message.packets());
            self.transfer = None;
            self.answer = Some(Control::EndOfMessage { size, packets, pgn }.to_data());
            return Some(ReceiverEvent::Received { pgn, size });
        };
        let again = first <= transfer.highest;
        if again {
            if transfer.requests >= self.retransmit_requests {
                self.transfer = None;
                return Some(self.abort(pgn, AbortReason::TooManyRetransmits));
            }
            transfer.requests += 1;
        }
        let count = run.min(transfer.limit).min(self.window);
        let grant = transfer.allow(now, first, first.saturating_add(count - 1), self.t2);
        self.answer = Some(grant.to_data());
        again.then_some(ReceiverEvent::Retransmit { pgn, from: first })
    }

    fn abort(&mut self, pgn: u32, reason: AbortReason) -> ReceiverEvent {
        self.answer = Some(Control::Abort { reason, pgn }.to_data());
        ReceiverEvent::Aborted { pgn, reason }
    }

    /// Gives up a transfer whose T1 or T2 ran out: abort reason 3. Harmless when early.
    #[inline]
    pub fn handle_timeout(&mut self, now: Instant) -> Option<ReceiverEvent> {
        let transfer = self.transfer.as_ref().filter(|t| t.deadline <= now)?;
        let pgn = transfer.message.pgn();
        self.transfer = None;
        Some(self.abort(pgn, AbortReason::Timeout))
    }

    /// The frame to send now, if any.
    #[inline]
    pub fn poll_transmit(&mut self) -> Option<Frame> {
        let data = self.answer?;
        self.answer = None;
        Some(Frame::full(CanId::new(PRIORITY, PF_TP_CM, self.own), data))
    }

    /// When to call [`Self::handle_timeout`] at the latest.
    #[must_use]
    #[inline]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.transfer.as_ref().map(|t| t.deadline)
    }

    /// Parameter group number of the message that is being received.
    #[must_use]
    pub fn receiving(&self) -> Option<u32> {
        self.transfer.as_ref().map(|t| t.message.pgn())
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        self.transfer = None;
        self.answer = None;
    }
}

impl Transfer {
    /// Grants packets `first..=last` and starts T2.
    fn allow(&mut self, now: Instant, first: u8, last: u8, t2: u16) -> Control {
        self.grant = (first, last);
        self.highest = self.highest.max(last);
        self.deadline = now.plus_millis(t2.into());
        Control::ClearToSend { packets: last - first + 1, next: first, pgn: self.message.pgn() }
    }
}
