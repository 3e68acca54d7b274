//! The charger's side.

use super::sequence::Sequence;
use super::{
    Choice, End, Event, Events, Facts, Instant, Phase, Protocol, Refusal, Row, Then, Timer, Timers,
    minimal_message, payload_type_of,
};
use crate::SchemaSet;
use crate::message::app_protocol;
use crate::v2gtp::PayloadType;

/// What a charger settles before a session.
#[derive(Debug, Clone, Copy)]
pub struct SeccSettings<'s> {
    /// The protocols it speaks.
    pub protocols: &'s [Protocol],
    /// The number of the session, drawn by the host at random.
    pub session_id: [u8; 8],
    /// The number of a paused session that the vehicle may join again.
    pub paused: Option<[u8; 8]>,
    /// The timers.
    pub timers: &'s Timers,
}

/// What follows from a message of the vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Nothing: it is none of the session's, or the session is over.
    Nothing,
    /// The host makes the response and gives it to [`Secc::respond`].
    Ask(Ask),
    /// The first octets of the caller's buffer are sent, under that payload type.
    Send(PayloadType, usize),
    /// ACDP: a question about the charger's state beside the other requests. The host sends `ACDP_SystemStatusRes` with the
    /// number of the session under the payload type of the request, at once; the engine is not told.
    Aside(Ask),
}

/// A request that waits for the host's response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// The schema set that decodes the request and in which the response is.
    pub set: SchemaSet,
    /// What the engine has read of it.
    pub request: Facts,
}

/// Why a response of the host is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RespondError {
    /// No request waits.
    #[error("no request waits for a response")]
    NothingAsked,
    /// It is no message of the set.
    #[error("not a message of the set")]
    Undecodable,
    /// It is not the response of the request that waits.
    #[error("another message than the response due")]
    WrongMessage,
    /// It does not bear the number of the session; see [`Secc::session_id`].
    #[error("another session number")]
    WrongSessionId,
    /// The response code of `SessionSetup` does not say whether the session is a new one.
    #[error("another response code than that of a new or joined session")]
    WrongResponseCode,
    /// The buffer is too short.
    #[error("the buffer is too short")]
    NoRoom,
}

/// What a vehicle may ask for at any time.
pub(super) const STATUS: &str = "ACDP_SystemStatusReq";

/// The charger's side of a session.
#[derive(Debug)]
pub struct Secc<'s> {
    settings: SeccSettings<'s>,
    sequence: Option<Sequence>,
    session_id: [u8; 8],
    joined: bool,
    asked: Option<(SchemaSet, Facts, Row)>,
    /// The connection's begin.
    opened: Instant,
    /// The request whose answers do not lead on, and since when it is asked.
    repeated: Option<(&'static str, Instant)>,
    deadline: Option<(Instant, Timer)>,
    events: Events,
    ended: bool,
}

impl<'s> Secc<'s> {
    /// A session that begins with a connection.
    #[must_use]
    pub fn new(settings: SeccSettings<'s>, now: Instant) -> Self {
        // Of no generation yet: all have the same.
        let wait = settings.timers.millis(Timer::SeccSequence, super::Generation::Iso2);
        Self {
            settings,
            sequence: None,
            session_id: settings.session_id,
            joined: false,
            asked: None,
            opened: now,
            repeated: None,
            deadline: wait.map(|wait| (now.after(wait), Timer::SeccSequence)),
            events: Events::default(),
            ended: false,
        }
    }

    /// The protocol, once it is chosen.
    #[must_use]
    pub fn protocol(&self) -> Option<Protocol> {
        self.sequence.map(|sequence| sequence.protocol)
    }

    /// The phase.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.sequence {
            _ if self.ended => Phase::Ended,
            Some(sequence) => sequence.phase,
            None => Phase::Handshake,
        }
    }

    /// The number of the session, which responses bear.
    #[must_use]
    pub const fn session_id(&self) -> [u8; 8] {
        self.session_id
    }

    /// Whether a paused session goes on, which the response of `SessionSetup` must say.
    #[must_use]
    pub const fn is_joined(&self) -> bool {
        self.joined
    }

    /// A message of the vehicle. `seconds` is the time of day since 1970 for the header of a refusal of -20.
    pub fn handle_message(
        &mut self,
        now: Instant,
        seconds: u64,
        payload_type: PayloadType,
        payload: &[u8],
        out: &mut [u8],
    ) -> Reply {
        self.handle_timeout(now);
        // While the host has not answered, a vehicle may not ask again, but for what it asks aside.
        let is_aside = payload_type == PayloadType::AcdpSystemStatus;
        if self.ended || (self.asked.is_some() && !is_aside) {
            return Reply::Nothing;
        }
        let Some(sequence) = self.sequence else {
            return if payload_type == PayloadType::Sap {
                self.handshake(now, payload, out)
            } else {
                Reply::Nothing
            };
        };
        let Some(set) = sequence.protocol.set_of(payload_type) else { return Reply::Nothing };
        let request = match Facts::of(set, payload) {
            Ok(request) => request,
            Err(error) => {
                self.end(End::Undecodable(error));
                return Reply::Nothing;
            }
        };
        let is_status = request.message == STATUS && sequence.phase != Phase::Setup;
        if is_status && request.session_id() == self.session_id {
            return Reply::Aside(Ask { set, request });
        }
        let row = sequence.row(&request).filter(|_| !is_aside);
        let setup = row.is_some_and(|row| row.request == "SessionSetup");
        let refusal = match row {
            _ if !request.is_request() => Some(Refusal::Sequence),
            _ if sequence.phase != Phase::Setup && request.session_id() != self.session_id => {
                Some(Refusal::UnknownSession)
            }
            None => Some(Refusal::Sequence),
            Some(_) => None,
        };
        let (Some(row), None) = (row, refusal) else {
            let refusal = refusal.unwrap_or(Refusal::Sequence);
            return self.refuse(set, &request, refusal, seconds, out);
        };
        if let Some(timer) = self.has_run_out(now, row.request) {
            // The charger's own time is over before the vehicle's, so that it can still say so.
            self.end(End::TimedOut(timer));
            return self.send_refusal(set, &request, Refusal::Other, seconds, out);
        }
        if setup {
            self.joined = self.settings.paused.is_some_and(|id| request.session_id() == id);
            let paused = self.settings.paused.filter(|_| self.joined);
            self.session_id = paused.unwrap_or(self.settings.session_id);
        }
        self.asked = Some((set, request, row));
        let timer = response_timer(row.request);
        let wait = self.millis(timer);
        self.deadline = wait.map(|wait| (now.after(wait), timer));
        Reply::Ask(Ask { set, request })
    }

    fn handshake(&mut self, now: Instant, payload: &[u8], out: &mut [u8]) -> Reply {
        use app_protocol::{Message, ResponseCode, SupportedAppProtocolRes};
        let offers = match app_protocol::decode(payload) {
            Ok(Message::SupportedAppProtocolReq(request)) => request.app_protocol,
            Ok(_) => return Reply::Nothing,
            Err(error) => {
                self.end(End::Undecodable(error));
                return Reply::Nothing;
            }
        };
        // The offer that the vehicle likes best among those spoken here.
        let spoken = |offer: &app_protocol::AppProtocol<'_>| {
            self.settings.protocols.iter().copied().find(|protocol| {
                protocol.is_built_in()
                    && offer.protocol_namespace.eq_str(protocol.namespace())
                    && offer.version_number_major == protocol.major_version()
            })
        };
        let common = offers.iter().filter_map(|offer| Some((offer, spoken(&offer)?)));
        let best = common.min_by_key(|(offer, _)| offer.priority);
        let (response_code, schema_id) = match best {
            None => (ResponseCode::FailedNoNegotiation, None),
            Some((offer, _)) if offer.version_number_minor != 0 => {
                (ResponseCode::OkSuccessfulNegotiationWithMinorDeviation, Some(offer.schema_id))
            }
            Some((offer, _)) => (ResponseCode::OkSuccessfulNegotiation, Some(offer.schema_id)),
        };
        let response = SupportedAppProtocolRes { response_code, schema_id };
        let encoded = app_protocol::encode(&Message::SupportedAppProtocolRes(response), out);
        let Ok(length) = encoded else {
            self.end(End::NoRoom);
            return Reply::Nothing;
        };
        match best {
            None => self.end(End::NoCommonProtocol),
            Some((_, protocol)) => {
                self.sequence = Some(Sequence::new(protocol));
                self.events.push(Event::Protocol(protocol));
                self.wait(now);
            }
        }
        Reply::Send(PayloadType::Sap, length)
    }

    /// Answers with a refusal and ends the session.
    fn refuse(
        &mut self,
        set: SchemaSet,
        request: &Facts,
        refusal: Refusal,
        seconds: u64,
        out: &mut [u8],
    ) -> Reply {
        self.end(End::Refused(refusal));
        self.send_refusal(set, request, refusal, seconds, out)
    }

    fn send_refusal(
        &self,
        set: SchemaSet,
        request: &Facts,
        refusal: Refusal,
        seconds: u64,
        out: &mut [u8],
    ) -> Reply {
        let written = self.refusal(set, request, refusal, seconds, out);
        written.map_or(Reply::Nothing, |length| Reply::Send(payload_type_of(set), length))
    }

    /// Writes the response of a refused request: its code, and of all else that it must have the smallest value.
    fn refusal(
        &self,
        set: SchemaSet,
        request: &Facts,
        refusal: Refusal,
        seconds: u64,
        out: &mut [u8],
    ) -> Option<usize> {
        let generation = self.sequence?.protocol.generation();
        let value = refusal.response_code(generation);
        let name = response_name(set, request.message)?;
        let choices = [Choice { element: "ResponseCode", value }];
        minimal_message(set, name, &self.session_id, seconds, &choices, out).ok()
    }

    /// Refuses the request that waits, instead of [`Secc::respond`]: the response's payload type and length in `out`. The
    /// session ends, unless the code of its generation is a warning.
    ///
    /// # Errors
    /// No request waits, or the buffer is too short.
    pub fn refuse_asked(
        &mut self,
        now: Instant,
        seconds: u64,
        refusal: Refusal,
        out: &mut [u8],
    ) -> Result<(PayloadType, usize), RespondError> {
        let (set, request, _) = self.asked.ok_or(RespondError::NothingAsked)?;
        let written = self.refusal(set, &request, refusal, seconds, out);
        let length = written.ok_or(RespondError::NoRoom)?;
        let facts = Facts::of(set, out.get(..length).unwrap_or_default())
            .map_err(|_| RespondError::Undecodable)?;
        if facts.has_failed() {
            self.end(End::Refused(refusal));
            return Ok((payload_type_of(set), length));
        }
        self.events.push(Event::Warned(refusal));
        let payload_type = self.respond(now, out.get(..length).unwrap_or_default())?;
        Ok((payload_type, length))
    }

    /// The host's response to the request that waits; if it is right, it may be sent under the request's payload type.
    ///
    /// # Errors
    /// It is not the response due. Nothing has changed then; another may be given.
    pub fn respond(&mut self, now: Instant, response: &[u8]) -> Result<PayloadType, RespondError> {
        let (Some((set, request, row)), Some(mut sequence)) = (self.asked, self.sequence) else {
            return Err(RespondError::NothingAsked);
        };
        let facts = Facts::of(set, response).map_err(|_| RespondError::Undecodable)?;
        if facts.is_request() || facts.base() != request.base() {
            return Err(RespondError::WrongMessage);
        }
        if facts.session_id() != self.session_id {
            return Err(RespondError::WrongSessionId);
        }
        if row.request == "SessionSetup" && !facts.has_failed() {
            let code = if self.joined { "OK_OldSessionJoined" } else { "OK_NewSessionEstablished" };
            if facts.response_code != Some(code) {
                return Err(RespondError::WrongResponseCode);
            }
            self.events.push(Event::Session { joined: self.joined });
        }
        self.asked = None;
        let before = sequence.phase;
        let end = sequence.advance(row, &request, &facts);
        self.sequence = Some(sequence);
        if let Some(end) = end {
            self.end(end);
            return Ok(payload_type_of(set));
        }
        if sequence.phase != before {
            self.events.push(Event::Phase(sequence.phase));
        }
        self.wait(now);
        // What the vehicle will ask again: until the charger is done, or the voltage is there.
        let is_ongoing = is_limited(row) && facts.is_done == Some(false);
        let is_repeated = is_ongoing || row.request.ends_with("PreCharge");
        let same = self.repeated.filter(|(request, _)| *request == row.request);
        self.repeated = is_repeated.then_some(same.unwrap_or((row.request, now)));
        Ok(payload_type_of(set))
    }

    /// The timer that has run out for a request that is asked again and again.
    fn has_run_out(&self, now: Instant, request: &str) -> Option<Timer> {
        let (_, since) = self.repeated.filter(|(repeated, _)| *repeated == request)?;
        let timer = match request {
            "CableCheck" | "DC_CableCheck" => Timer::SeccCableCheck,
            "PreCharge" | "DC_PreCharge" => Timer::SeccPreCharge,
            _ => Timer::SeccOngoing,
        };
        (since.after(self.millis(timer)?) <= now).then_some(timer)
    }

    fn millis(&self, timer: Timer) -> Option<u32> {
        let generation = self.sequence?.protocol.generation();
        self.settings.timers.millis(timer, generation)
    }

    /// Waits for the next request.
    fn wait(&mut self, now: Instant) {
        let sequence = self.millis(Timer::SeccSequence).map(|wait| now.after(wait));
        let sequence = sequence.map(|by| (by, Timer::SeccSequence));
        let setup = self.millis(Timer::SeccCommunicationSetup).map(|wait| self.opened.after(wait));
        let setup = setup.filter(|_| self.phase() == Phase::Setup);
        let setup = setup.map(|by| (by, Timer::SeccCommunicationSetup));
        self.deadline = [setup, sequence].into_iter().flatten().min_by_key(|(by, _)| *by);
    }

    /// The host ends the session without a message.
    pub fn abort(&mut self) {
        self.end(End::Failed);
    }

    pub(super) fn end(&mut self, end: End) {
        if !self.ended {
            self.ended = true;
            self.deadline = None;
            self.asked = None;
            self.events.push(Event::Ended(end));
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        let Some((_, timer)) = self.deadline.filter(|(deadline, _)| *deadline <= now) else {
            return;
        };
        if matches!(timer, Timer::SeccMessage | Timer::SeccBackend | Timer::SeccCurrentDemand) {
            // The host is late. The vehicle may still wait; a host that never answers does not keep the charger.
            self.events.push(Event::Late(timer));
            self.wait(now);
        } else {
            self.end(End::TimedOut(timer));
        }
    }

    /// When [`Secc::handle_timeout`] has something to do.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.deadline.map(|(deadline, _)| deadline)
    }

    /// What happened.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop()
    }
}

/// Whether the time is limited in which a request is asked again: while a driver seeks the place it is not.
pub(super) fn is_limited(row: Row) -> bool {
    let seeks = matches!(row.phase, Phase::Positioning | Phase::FinePositioning | Phase::Pairing);
    !seeks && matches!(row.then, Then::Done(_) | Then::Either(_))
}

/// How soon the charger answers a request.
fn response_timer(request: &str) -> Timer {
    match request {
        "CurrentDemand" => Timer::SeccCurrentDemand,
        "PaymentDetails" | "CertificateInstallation" | "CertificateUpdate" => Timer::SeccBackend,
        _ => Timer::SeccMessage,
    }
}

/// The name of the response of a request.
pub(super) fn response_name(set: SchemaSet, request: &str) -> Option<&'static str> {
    let base = request.strip_suffix("Req")?;
    let is_response = |name: &&str| name.strip_suffix("Res") == Some(base);
    set.elements().iter().map(|element| element.name).find(is_response)
}
