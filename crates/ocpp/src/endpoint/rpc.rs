//! Correlation: which answer belongs to which CALL, who may speak, and when to give up waiting.

use core::fmt::{self, Write};

use super::{Buffer, Instant};
use crate::message::{
    Action, Call, CallError, CallResult, DecodeError, ErrorCode, ErrorFrame, Escaped, Exchange,
    Frame, Mode, Number, Reason, Schema, Text, Version, envelope, write_error,
};

/// Which end this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Charging station, charge point.
    Station,
    /// Charging station management system, central system.
    Csms,
}

/// What the endpoint is told about its deployment.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// Which end.
    pub role: Role,
    /// The version of the connection and the actions spoken on it.
    pub schema: &'static Schema,
    /// Milliseconds to wait for an answer.
    pub call_timeout: u64,
    /// Milliseconds until `BootNotification` is sent again when the answer's interval is 0, or no answer counts.
    pub boot_retry: u64,
    /// Read the peer's frames leniently.
    pub lenient: bool,
}

/// Registration of the station, as its own last `BootNotification` was answered (station) or as this end answered
/// (CSMS: always `Accepted`, the application decides).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boot {
    /// Nothing but `BootNotification` may be sent.
    Unknown,
    /// Only what the CSMS triggers may be sent; calls of the CSMS are answered.
    Pending,
    /// Silence until the interval has passed.
    Rejected,
    /// Everything may be sent.
    Accepted,
}

/// A message id: 1 to 36 characters.
#[derive(Clone, Copy)]
pub struct MessageId(Buffer<144>);

impl MessageId {
    /// Keeps an id; `None` if it has not 1 to 36 characters.
    #[must_use]
    pub fn new(id: Text<'_>) -> Option<Self> {
        let mut buffer = Buffer::new();
        write!(buffer, "{id}").ok()?;
        (1..=36).contains(&id.char_count()).then_some(Self(buffer))
    }

    /// Keeps an id given as plain text.
    #[must_use]
    pub fn from_text(id: &str) -> Option<Self> {
        Self::new(Text::quoted(id, false))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl PartialEq for MessageId {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for MessageId {}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

/// Makes message ids that do not repeat across restarts.
#[derive(Debug, Clone, Copy)]
pub struct MessageIds {
    boot: u64,
    next: u64,
}

impl MessageIds {
    /// `boot` differs at every start of the program: a stored counter, or a random number.
    #[must_use]
    pub const fn new(boot: u64) -> Self {
        Self { boot, next: 0 }
    }

    /// The next id.
    pub fn next_id(&mut self) -> MessageId {
        let mut buffer = Buffer::new();
        // 16 + 1 + 16 characters at most: it always fits.
        let _ = write!(buffer, "{:x}-{:x}", self.boot, self.next);
        self.next = self.next.wrapping_add(1);
        MessageId(buffer)
    }
}

/// How a CALL may be sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct CallOptions {
    /// The CSMS asked for it with `TriggerMessage`: allowed while `Pending`.
    pub triggered: bool,
}

/// Why nothing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// There is no connection.
    #[error("not connected")]
    Disconnected,
    /// A CALL is open already: one at a time in each direction.
    #[error("another call is open")]
    Busy,
    /// The station's registration does not allow it.
    #[error("not allowed while {0:?}")]
    Boot(Boot),
    /// The version has no such action, or it is no CALL (SEND).
    #[error("unknown action")]
    UnknownAction,
    /// The frame is longer than the endpoint's buffer.
    #[error("the frame does not fit the buffer")]
    TooLong,
    /// The payload breaks its schema.
    #[error("own payload: {0}")]
    Payload(DecodeError),
    /// No CALL of the peer with this id waits for an answer.
    #[error("no call of the peer with this id is open")]
    NothingToAnswer,
}

/// What a text of the peer turned out to be.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Incoming<'t> {
    /// A CALL: answer it with [`Endpoint::answer`] or [`Endpoint::refuse`], under its own id.
    Call(Call<'t>),
    /// The CALL that was answered last, again (same id, action and payload): the same answer has been queued again,
    /// nothing is to be done.
    Repeated,
    /// A SEND (2.1).
    Send(Call<'t>),
    /// The answer to the open CALL.
    Result(CallResult<'t>),
    /// The refusal of the open CALL.
    Error(CallError<'t>),
    /// The open CALL was answered by something that breaks the schema. It counts as failed; in 2.1 a CALLRESULTERROR
    /// has been queued.
    BadResult(DecodeError),
    /// 2.1: the peer cannot use an answer of ours.
    ResultError(CallError<'t>),
    /// An answer to no open CALL: late, or a duplicate.
    Late,
    /// An unknown message type, or anything while silent: nothing was done.
    Ignored,
    /// Neither a CALL that can be handled nor an answer. A CALLERROR has been queued where the version asks for one.
    Refused(DecodeError),
}

/// What happened without a text of the peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The open CALL was not answered in time.
    TimedOut(MessageId),
    /// The connection broke while this CALL was open.
    ConnectionLost(MessageId),
    /// `BootNotification` is to be sent (again).
    BootDue,
    /// Nothing was heard for an interval: send Heartbeat.
    HeartbeatDue,
}

#[derive(Debug, Clone, Copy)]
struct OpenCall {
    id: MessageId,
    action: &'static Action,
    deadline: Instant,
}

#[derive(Debug, Clone, Copy)]
struct Inbound {
    id: MessageId,
    action: &'static Action,
    /// Of the payload: a peer whose ids begin anew after a restart must not get the answer to another CALL.
    fingerprint: u64,
}

impl Inbound {
    fn is_again(&self, other: &Self) -> bool {
        self.id == other.id
            && self.action.name == other.action.name
            && self.fingerprint == other.fingerprint
    }
}

/// The CALLs of the peer that wait for an answer, the oldest first and no gap between them.
///
/// A peer may have one CALL open (OCPP-J 1.6 section 4.1.1: SHOULD NOT send another; 2.x part 4 section 4.1.1: SHALL
/// NOT). But it sends the next one as soon as it has given the last one up, which this end cannot see, and stations
/// of 1.6 send several at once. So each keeps its own place, and each answer names the CALL that it is for.
#[derive(Debug, Clone, Copy, Default)]
struct Waiting([Option<Inbound>; Self::MOST]);

impl Waiting {
    const MOST: usize = 4;

    fn find(&self, id: &str) -> Option<&Inbound> {
        self.0.iter().flatten().find(|call| call.id.as_str() == id)
    }

    /// Without room the oldest goes: no peer waits for that long.
    fn push(&mut self, call: Inbound) {
        self.remove(call.id.as_str());
        if self.0.iter().all(Option::is_some) {
            self.remove_at(0);
        }
        if let Some(slot) = self.0.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(call);
        }
    }

    fn remove(&mut self, id: &str) {
        let is_it = |slot: &Option<Inbound>| slot.is_some_and(|call| call.id.as_str() == id);
        if let Some(at) = self.0.iter().position(is_it) {
            self.remove_at(at);
        }
    }

    /// Those behind it move up.
    fn remove_at(&mut self, at: usize) {
        let mut slots = self.0.iter_mut().skip(at);
        let Some(mut slot) = slots.next() else { return };
        *slot = None;
        for next in slots {
            core::mem::swap(slot, next);
            slot = next;
        }
    }
}

/// FNV-1a, 64 bits.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// One end of a connection. `B` is the longest frame it sends, in bytes; 2,048 holds 99 % of messages (2.1 part 4,
/// section 5.2). It keeps four such
/// buffers: a CALL, a SEND and an answer on their way out, and the last answer for repeated ids.
///
/// | step | method |
/// |---|---|
/// | the WebSocket opened, closed | [`connected`](Self::connected), [`disconnected`](Self::disconnected) |
/// | a text arrived | [`handle_text`](Self::handle_text) |
/// | time passed | [`handle_timeout`](Self::handle_timeout), harmless when early |
/// | send something | [`poll_transmit`](Self::poll_transmit) until `None` |
/// | what happened | [`poll_event`](Self::poll_event) until `None` |
/// | when to wake | [`poll_timeout`](Self::poll_timeout) |
///
/// Drain both polls after each call; what is not taken is overwritten by its successor.
#[derive(Debug, Clone)]
pub struct Endpoint<const B: usize> {
    config: Config,
    is_connected: bool,
    boot: Boot,
    open: Option<OpenCall>,
    call_out: Buffer<B>,
    send_out: Buffer<B>,
    answer_out: Buffer<B>,
    waiting: Waiting,
    /// The CALL that was answered last.
    answered: Option<Inbound>,
    last_answer_text: Buffer<B>,
    boot_at: Option<Instant>,
    heartbeat_every: Option<u64>,
    heartbeat_at: Option<Instant>,
    events: [Option<Event>; 4],
}

impl<const B: usize> Endpoint<B> {
    /// An end that is not connected; a station has not booted.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let boot = match config.role {
            Role::Station => Boot::Unknown,
            Role::Csms => Boot::Accepted,
        };
        Self {
            config,
            is_connected: false,
            boot,
            open: None,
            call_out: Buffer::new(),
            send_out: Buffer::new(),
            answer_out: Buffer::new(),
            waiting: Waiting::default(),
            answered: None,
            last_answer_text: Buffer::new(),
            boot_at: None,
            heartbeat_every: None,
            heartbeat_at: None,
            events: [None; 4],
        }
    }

    /// The station's registration.
    #[must_use]
    pub const fn boot(&self) -> Boot {
        self.boot
    }

    /// Whether a CALL of this end waits for its answer.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        self.open.is_some()
    }

    /// The WebSocket is open. A station that has not been accepted is told to send `BootNotification`; a mere reconnect
    /// does not boot again.
    pub fn connected(&mut self, now: Instant) {
        self.is_connected = true;
        self.answer_out.clear();
        self.send_out.clear();
        self.call_out.clear();
        // Also where the connection broke before an answer came.
        if self.boot != Boot::Accepted && self.boot_at.is_none() {
            self.boot_at = Some(now);
        }
        self.heartbeat_at = self.heartbeat_every.map(|every| now.after(every));
        self.handle_timeout(now);
    }

    /// The WebSocket is closed. An open CALL ends with [`Event::ConnectionLost`].
    pub fn disconnected(&mut self) {
        self.is_connected = false;
        self.waiting = Waiting::default();
        self.heartbeat_at = None;
        self.call_out.clear();
        self.send_out.clear();
        self.answer_out.clear();
        if let Some(open) = self.open.take() {
            self.push(Event::ConnectionLost(open.id));
        }
    }

    /// Sends a CALL, or a SEND where the action is one.
    ///
    /// # Errors
    /// Why it cannot be sent now; nothing has changed then.
    pub fn call(
        &mut self,
        now: Instant,
        id: MessageId,
        action: &str,
        payload: &str,
        options: CallOptions,
    ) -> Result<(), EndpointError> {
        if !self.is_connected {
            return Err(EndpointError::Disconnected);
        }
        let schema = self.config.schema;
        let action = schema.action(action).ok_or(EndpointError::UnknownAction)?;
        let is_send = action.exchange == Exchange::Send;
        if !is_send && self.open.is_some() {
            return Err(EndpointError::Busy);
        }
        let allowed = match self.boot {
            Boot::Accepted => true,
            Boot::Pending => options.triggered || action.name == "BootNotification",
            Boot::Rejected => action.name == "BootNotification" && self.boot_at.is_none(),
            Boot::Unknown => action.name == "BootNotification",
        };
        if !allowed {
            return Err(EndpointError::Boot(self.boot));
        }
        let mut text = Buffer::<B>::new();
        let kind = if is_send { 6 } else { 2 };
        write!(text, "[{kind},\"{}\",\"{}\",{payload}]", Escaped(id.as_str()), action.name)
            .map_err(|_| EndpointError::TooLong)?;
        self.check(text.as_bytes(), None)?;
        if is_send {
            self.send_out = text;
            return Ok(());
        }
        self.call_out = text;
        let deadline = now.after(self.config.call_timeout);
        self.open = Some(OpenCall { id, action, deadline });
        Ok(())
    }

    /// The ids of the peer's CALLs that wait for an answer, the oldest first: four at most. A fifth CALL takes the place
    /// of the oldest, which the peer must have given up.
    pub fn unanswered(&self) -> impl Iterator<Item = MessageId> {
        self.waiting.0.iter().flatten().map(|call| call.id)
    }

    /// Answers the peer's CALL of this id.
    ///
    /// # Errors
    /// No such CALL waits, or the payload does not do; the CALL then stays open.
    pub fn answer(&mut self, id: &MessageId, payload: &str) -> Result<(), EndpointError> {
        let inbound = self.inbound(id)?;
        let mut text = Buffer::<B>::new();
        write!(text, "[3,\"{}\",{payload}]", Escaped(id.as_str()))
            .map_err(|_| EndpointError::TooLong)?;
        self.check(text.as_bytes(), Some(inbound.action))?;
        self.settle_inbound(inbound, text);
        Ok(())
    }

    /// Refuses the peer's CALL of this id. The description is cut to what 2.x allows.
    ///
    /// # Errors
    /// No such CALL waits.
    pub fn refuse(
        &mut self,
        id: &MessageId,
        code: ErrorCode,
        description: &str,
    ) -> Result<(), EndpointError> {
        let inbound = self.inbound(id)?;
        let text = self.error_text(ErrorFrame::CallError, id.as_str(), code, description)?;
        self.settle_inbound(inbound, text);
        Ok(())
    }

    fn inbound(&self, id: &MessageId) -> Result<Inbound, EndpointError> {
        self.waiting.find(id.as_str()).copied().ok_or(EndpointError::NothingToAnswer)
    }

    fn settle_inbound(&mut self, inbound: Inbound, text: Buffer<B>) {
        self.waiting.remove(inbound.id.as_str());
        self.answered = Some(inbound);
        self.last_answer_text = text;
        self.answer_out = text;
    }

    fn check(&self, text: &[u8], pending: Option<&'static Action>) -> Result<(), EndpointError> {
        let decoded = self.config.schema.decode(text, &mut Mode::Strict, &mut |_| pending);
        decoded.map(drop).map_err(EndpointError::Payload)
    }

    fn error_text(
        &self,
        frame: ErrorFrame,
        id: &str,
        code: ErrorCode,
        description: &str,
    ) -> Result<Buffer<B>, EndpointError> {
        let mut text = Buffer::<B>::new();
        write_error(&mut text, frame, id, code, description, self.config.schema.version)
            .map_err(|_| EndpointError::TooLong)?;
        Ok(text)
    }

    /// Takes a text of the peer.
    pub fn handle_text<'t>(&mut self, now: Instant, text: &'t [u8]) -> Incoming<'t> {
        if !self.is_connected {
            return Incoming::Ignored;
        }
        let open = self.open;
        let matches = |id: &Text<'_>| open.filter(|open| *id == *open.id.as_str());
        let schema = self.config.schema;
        let mut ignore = |_| {};
        let mut mode = if self.config.lenient { Mode::Lenient(&mut ignore) } else { Mode::Strict };
        let decoded =
            schema.decode(text, &mut mode, &mut |id| matches(&id).map(|open| open.action));
        match decoded {
            Ok(Frame::Call(call)) => self.handle_call(call),
            Ok(Frame::Send(send)) => Incoming::Send(send),
            Ok(Frame::CallResult(result)) => {
                let Some(open) = matches(&result.id) else {
                    return Incoming::Late;
                };
                self.open = None;
                self.heartbeat_at = self.heartbeat_every.map(|every| now.after(every));
                if open.action.name == "BootNotification" && self.config.role == Role::Station {
                    self.booted(now, &result);
                }
                Incoming::Result(result)
            }
            Ok(Frame::CallError(error)) => {
                let Some(open) = matches(&error.id) else {
                    return Incoming::Late;
                };
                self.failed(now, &open);
                Incoming::Error(error)
            }
            Ok(Frame::CallResultError(error)) => Incoming::ResultError(error),
            Err(fault) => self.handle_fault(now, text, fault),
        }
    }

    fn handle_call<'t>(&mut self, call: Call<'t>) -> Incoming<'t> {
        if self.boot == Boot::Rejected {
            return Incoming::Ignored;
        }
        let Some(id) = MessageId::new(call.id) else {
            return Incoming::Ignored;
        };
        let fingerprint = fingerprint(call.payload.raw());
        let inbound = Inbound { id, action: call.action, fingerprint };
        if self.answered.is_some_and(|answered| answered.is_again(&inbound)) {
            self.answer_out = self.last_answer_text;
            return Incoming::Repeated;
        }
        if self.waiting.find(id.as_str()).is_some_and(|open| open.is_again(&inbound)) {
            // Sent again before it was answered: the one answer will do.
            return Incoming::Ignored;
        }
        self.waiting.push(inbound);
        Incoming::Call(call)
    }

    /// A frame that could not be decoded: what it was decides what it does.
    fn handle_fault<'t>(
        &mut self,
        now: Instant,
        text: &'t [u8],
        fault: DecodeError,
    ) -> Incoming<'t> {
        let version = self.config.schema.version;
        let code = fault.code(version);
        let (message_type, id) = envelope(text).unwrap_or(("", None));
        if matches!(fault.reason, Reason::MessageTypeUnknown(_)) && version == Version::V16 {
            return Incoming::Ignored;
        }
        if matches!(message_type, "3" | "4") {
            let open = self.open.filter(|open| id.is_some_and(|id| id == *open.id.as_str()));
            let Some(open) = open else {
                return Incoming::Late;
            };
            self.failed(now, &open);
            if version == Version::V21
                && message_type == "3"
                && let Ok(error) =
                    self.error_text(ErrorFrame::CallResultError, open.id.as_str(), code, "")
            {
                self.answer_out = error;
            }
            return Incoming::BadResult(fault);
        }
        if matches!(message_type, "5" | "6") && version == Version::V21 {
            // Neither is ever answered.
            return Incoming::Refused(fault);
        }
        let mut raw = Buffer::<144>::new();
        let id = match id {
            Some(id) if write!(raw, "{id}").is_ok() => raw.as_str(),
            _ if version == Version::V16 => return Incoming::Refused(fault),
            _ => "-1",
        };
        if self.boot != Boot::Rejected
            && let Ok(error) = self.error_text(ErrorFrame::CallError, id, code, "")
        {
            self.answer_out = error;
        }
        Incoming::Refused(fault)
    }

    /// The open CALL got no answer that counts. A `BootNotification` is then tried again: without it the station is mute.
    fn failed(&mut self, now: Instant, open: &OpenCall) {
        self.open = None;
        if open.action.name == "BootNotification" && self.boot != Boot::Accepted {
            self.boot_at = Some(now.after(self.config.boot_retry));
        }
    }

    fn booted(&mut self, now: Instant, result: &CallResult<'_>) {
        let interval = result.payload.read::<Number<'_>>("interval").and_then(|n| n.to_i64());
        let interval = u64::try_from(interval.unwrap_or(0)).unwrap_or(0).saturating_mul(1000);
        let status = result.payload.get("status").and_then(|value| value.as_text());
        let is = |word| status.is_some_and(|status| status.is_ignore_case(word));
        self.boot = if is("Accepted") {
            Boot::Accepted
        } else if is("Pending") {
            Boot::Pending
        } else {
            Boot::Rejected
        };
        if self.boot == Boot::Accepted {
            self.boot_at = None;
            self.heartbeat_every = (interval > 0).then_some(interval);
            self.heartbeat_at = self.heartbeat_every.map(|every| now.after(every));
        } else {
            let wait = if interval > 0 { interval } else { self.config.boot_retry };
            self.boot_at = Some(now.after(wait));
        }
    }

    /// Lets time pass.
    pub fn handle_timeout(&mut self, now: Instant) {
        if let Some(open) = self.open
            && open.deadline <= now
        {
            self.failed(now, &open);
            self.call_out.clear();
            self.push(Event::TimedOut(open.id));
        }
        if self.is_connected && self.boot_at.is_some_and(|at| at <= now) {
            self.boot_at = None;
            self.push(Event::BootDue);
        }
        if let (Some(at), Some(every)) = (self.heartbeat_at, self.heartbeat_every)
            && at <= now
        {
            self.heartbeat_at = Some(now.after(every));
            self.push(Event::HeartbeatDue);
        }
    }

    /// The next text to send.
    pub fn poll_transmit(&mut self) -> Option<Buffer<B>> {
        let mut outs = [&mut self.answer_out, &mut self.send_out, &mut self.call_out].into_iter();
        let out = outs.find(|out| !out.is_empty())?;
        let text = *out;
        out.clear();
        Some(text)
    }

    /// What happened.
    pub fn poll_event(&mut self) -> Option<Event> {
        let first = self.events[0].take();
        self.events.rotate_left(1);
        first
    }

    /// When [`handle_timeout`](Self::handle_timeout) has something to do.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let call = self.open.map(|open| open.deadline);
        let boot = self.boot_at.filter(|_| self.is_connected);
        [call, boot, self.heartbeat_at].into_iter().flatten().min()
    }

    fn push(&mut self, event: Event) {
        match self.events.iter_mut().find(|slot| slot.is_none()) {
            Some(slot) => *slot = Some(event),
            None => {
                self.events.rotate_left(1);
                if let Some(last) = self.events.last_mut() {
                    *last = Some(event);
                }
            }
        }
    }
}
