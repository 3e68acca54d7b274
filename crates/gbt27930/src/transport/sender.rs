//! The originator: announces a message, sends packets as they are granted, waits for the acknowledgement.

use super::{AbortReason, Control, LONGEST, PACKET, PRIORITY, Timing, packets_of};
use crate::frame::{PF_TP_CM, PF_TP_DT};
use crate::{CanId, Frame, Instant, Party};

/// Sends multi-packet messages to the other party, one at a time.
///
/// The caller lends the message to each [`Self::poll_transmit`] and keeps it unchanged while [`Self::is_busy`].
#[derive(Debug, Clone)]
pub struct Sender {
    own: Party,
    t3: u16,
    t4: u16,
    spacing: u16,
    state: State,
    pgn: u32,
    size: u16,
    /// Highest packet that went out: the last one's first time makes the message sent, whatever is sent again after it.
    reached: u8,
    /// A control frame to send before anything else.
    control: Option<Control>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// T3 or T4 runs until a CTS or, when all was sent, `EndOfMsgACK`.
    Waiting {
        deadline: Instant,
    },
    /// Packets `next..=last` are due from `due` on, one every spacing.
    Sending {
        next: u8,
        last: u8,
        due: Instant,
    },
}

/// How a transfer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum SenderEvent {
    /// The other party has it all.
    Delivered {
        /// Parameter group number of the message.
        pgn: u32,
    },
    /// We gave up: T3 or T4 (reason 3), CTS during a window (4), CTS beyond the message (250).
    Aborted {
        /// Parameter group number of the message.
        pgn: u32,
        /// Why.
        reason: AbortReason,
    },
    /// The other party gave up.
    AbortedByPeer {
        /// Parameter group number of the message.
        pgn: u32,
        /// Why, as it says.
        reason: AbortReason,
    },
    /// `EndOfMsgACK` early, or with another size: the transfer failed.
    BadAcknowledgement {
        /// Parameter group number of the message.
        pgn: u32,
    },
}

impl Sender {
    /// A sender at the given end of the bus.
    #[must_use]
    pub const fn new(own: Party, timing: Timing) -> Self {
        let Timing { t3, t4, spacing, .. } = timing;
        Self {
            own,
            t3,
            t4,
            spacing,
            state: State::Idle,
            pgn: 0,
            size: 0,
            reached: 0,
            control: None,
        }
    }

    /// Announces a message of that many bytes, dropping an unfinished one. False, and nothing happens, if the length
    /// is not one for the transport protocol (9 to 1785).
    pub fn start(&mut self, now: Instant, pgn: u32, size: u16) -> bool {
        if !(9..=LONGEST).contains(&size) {
            return false;
        }
        (self.pgn, self.size, self.reached) = (pgn, size, 0);
        self.control =
            Some(Control::RequestToSend { size, packets: self.packets(), window: 0xFF, pgn });
        self.wait(now, self.t3);
        true
    }

    /// Drops the transfer without a word: the session has moved on.
    pub fn cancel(&mut self) {
        self.state = State::Idle;
        self.control = None;
    }

    /// Whether a transfer is under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.state != State::Idle
    }

    /// Parameter group number of the message under way.
    #[must_use]
    pub fn sending(&self) -> Option<u32> {
        self.is_busy().then_some(self.pgn)
    }

    fn packets(&self) -> u8 {
        packets_of(self.size) as u8
    }

    fn wait(&mut self, now: Instant, millis: u16) {
        self.state = State::Waiting { deadline: now.plus_millis(millis.into()) };
    }

    /// Takes a frame; those that are not TP.CM of the other party for the message under way are ignored. Afterwards
    /// drain [`Self::poll_transmit`].
    pub fn handle_frame(&mut self, now: Instant, frame: &Frame) -> Option<SenderEvent> {
        if frame.id().sender() != Some(self.own.peer())
            || frame.id().pf() != PF_TP_CM
            || !self.is_busy()
        {
            return None;
        }
        let pgn = self.pgn;
        match Control::decode(frame.full_data()?)? {
            Control::ClearToSend { packets, next, pgn: of } if of == pgn => {
                if matches!(self.state, State::Sending { .. }) {
                    return Some(self.abort(AbortReason::ClearToSendDuringTransfer));
                }
                if packets == 0 {
                    self.wait(now, self.t4);
                    return None;
                }
                if next == 0 || next > self.packets() {
                    return Some(self.abort(AbortReason::Other));
                }
                let last = next.saturating_add(packets - 1).min(self.packets());
                self.state = State::Sending { next, last, due: now };
                None
            }
            Control::EndOfMessage { size, packets, pgn: of } if of == pgn => {
                let whole = size == self.size && packets == self.packets();
                let is_waiting = matches!(self.state, State::Waiting { .. });
                let sent = is_waiting && self.reached == self.packets();
                self.cancel();
                Some(if whole && sent {
                    SenderEvent::Delivered { pgn }
                } else {
                    SenderEvent::BadAcknowledgement { pgn }
                })
            }
            Control::Abort { reason, pgn: of } if of == pgn => {
                self.cancel();
                Some(SenderEvent::AbortedByPeer { pgn, reason })
            }
            _ => None,
        }
    }

    fn abort(&mut self, reason: AbortReason) -> SenderEvent {
        let pgn = self.pgn;
        self.state = State::Idle;
        self.control = Some(Control::Abort { reason, pgn });
        SenderEvent::Aborted { pgn, reason }
    }

    /// Gives up when T3 or T4 ran out: abort reason 3. Harmless when early.
    pub fn handle_timeout(&mut self, now: Instant) -> Option<SenderEvent> {
        match self.state {
            State::Waiting { deadline } if deadline <= now => {
                Some(self.abort(AbortReason::Timeout))
            }
            _ => None,
        }
    }

    /// Whether [`Self::poll_transmit`] would give a frame now.
    #[must_use]
    #[inline]
    pub fn has_output(&self, now: Instant) -> bool {
        self.control.is_some() || matches!(self.state, State::Sending { due, .. } if due <= now)
    }

    /// The frame to send now, if any: a control frame, or a packet that is due. A message shorter than announced is
    /// filled with ones.
    pub fn poll_transmit(&mut self, now: Instant, message: &[u8]) -> Option<Frame> {
        if let Some(control) = self.control.take() {
            return Some(control.encode(self.own));
        }
        let State::Sending { next, last, due } = self.state else {
            return None;
        };
        if due > now {
            return None;
        }
        self.reached = self.reached.max(next);
        if next == last {
            self.wait(now, self.t3);
        } else {
            let due = now.plus_millis(self.spacing.into());
            self.state = State::Sending { next: next + 1, last, due };
        }
        let start = usize::from(next - 1) * PACKET;
        let whole = message.get(..self.size.into()).unwrap_or(message);
        let mut data = [0xFF; 8];
        let [number, packet @ ..] = &mut data;
        *number = next;
        let rest = whole.get(start..).unwrap_or_default();
        if let Some(chunk) = rest.first_chunk::<PACKET>() {
            packet.copy_from_slice(chunk);
        } else {
            for (to, from) in packet.iter_mut().zip(rest) {
                *to = *from;
            }
        }
        Some(Frame::full(CanId::new(PRIORITY, PF_TP_DT, self.own), data))
    }

    /// When to call [`Self::handle_timeout`] and [`Self::poll_transmit`] at the latest.
    #[must_use]
    pub const fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Idle => None,
            State::Waiting { deadline } => Some(deadline),
            State::Sending { due, .. } => Some(due),
        }
    }
}
