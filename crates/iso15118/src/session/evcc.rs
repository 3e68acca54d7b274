//! The vehicle's side.

use super::secc::{STATUS, is_limited};
use super::sequence::Sequence;
use super::{
    End, Event, Events, Facts, Generation, Instant, Phase, Protocol, Row, Timer, Timers,
    payload_type_of,
};
use crate::message::app_protocol::{self, AppProtocol, Message, SupportedAppProtocolReq};
use crate::v2gtp::PayloadType;
use crate::{DecodeError, EncodeError, List, SchemaSet, Text};

/// Why a request of the host is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// No protocol is chosen, a response is still due, or the session is over.
    #[error("no request may be sent now")]
    NotNow,
    /// It is no message of the set.
    #[error("not a message of the set")]
    Undecodable(#[source] DecodeError),
    /// It may not come in this phase.
    #[error("out of order")]
    Sequence,
    /// It does not bear the number of the session; see [`Evcc::session_id`].
    #[error("another session number")]
    WrongSessionId,
}

/// What a message of the charger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Turn {
    /// None of the session's, or the session is over.
    Nothing,
    /// The handshake's answer; the next request is `SessionSetup`.
    Chosen(Protocol),
    /// The response due: the host decodes it by its set, and sends its next request.
    Response(SchemaSet, Facts),
    /// ACDP: the answer to [`Evcc::request_aside`].
    Aside(SchemaSet, Facts),
}

/// The vehicle's side of a session.
#[derive(Debug)]
pub struct Evcc<'s> {
    protocols: &'s [Protocol],
    timers: &'s Timers,
    sequence: Option<Sequence>,
    /// Octets of the session number, and how many.
    session_id: ([u8; 8], u8),
    sent: Option<(SchemaSet, Facts, Row)>,
    /// When the answer to what was asked aside must be there.
    aside_by: Option<Instant>,
    /// What is repeated, and since when.
    repeated: Option<(&'static str, Instant)>,
    setup_by: Option<Instant>,
    /// DIN: when energy must flow at the latest.
    ready_by: Option<Instant>,
    deadline: Option<(Instant, Timer)>,
    events: Events,
    ended: bool,
}

impl<'s> Evcc<'s> {
    /// A session that begins now. `protocols` in the order in which they are liked; `paused` is the number of a paused
    /// session to join again.
    #[must_use]
    pub fn new(
        protocols: &'s [Protocol],
        timers: &'s Timers,
        paused: Option<[u8; 8]>,
        now: Instant,
    ) -> Self {
        let setup = timers.millis(Timer::EvccCommunicationSetup, Generation::Iso2);
        let setup_by = setup.map(|wait| now.after(wait));
        Self {
            protocols,
            timers,
            sequence: None,
            session_id: (paused.unwrap_or_default(), 8),
            sent: None,
            aside_by: None,
            repeated: None,
            setup_by,
            ready_by: None,
            deadline: setup_by.map(|by| (by, Timer::EvccCommunicationSetup)),
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

    /// The number of the session, which requests bear: zeros for a new one until the charger has given it.
    #[must_use]
    pub fn session_id(&self) -> &[u8] {
        self.session_id.0.get(..usize::from(self.session_id.1)).unwrap_or_default()
    }

    /// Writes the handshake's request, which is sent under [`PayloadType::Sap`].
    ///
    /// # Errors
    /// The buffer is too short, or there are no protocols to offer.
    pub fn handshake(&mut self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let mut offers = [AppProtocol {
            protocol_namespace: Text::EMPTY,
            version_number_major: 0,
            version_number_minor: 0,
            schema_id: 0,
            priority: 1,
        }; Protocol::ALL.len()];
        let mut count = 0;
        let built_in = self.protocols.iter().filter(|protocol| protocol.is_built_in());
        for ((offer, protocol), index) in offers.iter_mut().zip(built_in).zip(1..) {
            *offer = AppProtocol {
                protocol_namespace: Text::new(protocol.namespace()),
                version_number_major: protocol.major_version(),
                version_number_minor: 0,
                schema_id: index,
                priority: index,
            };
            count += 1;
        }
        let app_protocol = List::new(offers.get(..count).unwrap_or_default());
        let request = Message::SupportedAppProtocolReq(SupportedAppProtocolReq { app_protocol });
        app_protocol::encode(&request, out)
    }

    /// The host's next request; if it is right, it is sent under the payload type given back.
    ///
    /// # Errors
    /// It may not be sent. Nothing has changed then.
    pub fn request(
        &mut self,
        now: Instant,
        set: SchemaSet,
        request: &[u8],
    ) -> Result<PayloadType, RequestError> {
        self.handle_timeout(now);
        let (Some(sequence), None, false) = (self.sequence, self.sent, self.ended) else {
            return Err(RequestError::NotNow);
        };
        let facts = Facts::of(set, request).map_err(RequestError::Undecodable)?;
        let payload_type = payload_type_of(set);
        if sequence.protocol.set_of(payload_type) != Some(set) {
            return Err(RequestError::Sequence);
        }
        let row = sequence.row(&facts).ok_or(RequestError::Sequence)?;
        // A single 00 or eight of them stand for no session yet; vehicles send both.
        let fresh = row.request == "SessionSetup" && facts.session_id().iter().all(|o| *o == 0);
        if facts.session_id() != self.session_id() && !fresh {
            return Err(RequestError::WrongSessionId);
        }
        self.sent = Some((set, facts, row));
        let timer = message_timer(row.request);
        let wait = self.timers.millis(timer, sequence.protocol.generation());
        self.deadline = wait.map(|wait| (now.after(wait), timer));
        self.not_after(self.setup_by, Timer::EvccCommunicationSetup);
        self.not_after(self.ready_by, Timer::EvccReadyToCharge);
        self.watch_repetition(now, row);
        Ok(payload_type)
    }

    /// ACDP: asks for the charger's state, whatever else waits; `request` is an `ACDP_SystemStatusReq`.
    ///
    /// # Errors
    /// It is something else, the session is not one of ACDP or has no number yet, or an answer is still due.
    pub fn request_aside(
        &mut self,
        now: Instant,
        request: &[u8],
    ) -> Result<PayloadType, RequestError> {
        self.handle_timeout(now);
        let (Some(sequence), None, false) = (self.sequence, self.aside_by, self.ended) else {
            return Err(RequestError::NotNow);
        };
        let set = sequence.protocol.set_of(PayloadType::AcdpSystemStatus);
        let (Some(set), true) = (set, sequence.phase != Phase::Setup) else {
            return Err(RequestError::NotNow);
        };
        let facts = Facts::of(set, request).map_err(RequestError::Undecodable)?;
        if facts.message != STATUS {
            return Err(RequestError::Sequence);
        }
        if facts.session_id() != self.session_id() {
            return Err(RequestError::WrongSessionId);
        }
        let wait = self.timers.millis(Timer::Message, sequence.protocol.generation());
        self.aside_by = Some(wait.map_or(Instant::from_millis(u64::MAX), |wait| now.after(wait)));
        Ok(PayloadType::AcdpSystemStatus)
    }

    /// Takes the answer to what was asked aside.
    fn heard_aside(&mut self, set: SchemaSet, payload: &[u8]) -> Turn {
        let facts = match Facts::of(set, payload) {
            Ok(facts) => facts,
            Err(error) => {
                self.end(End::Undecodable(error));
                return Turn::Nothing;
            }
        };
        self.aside_by = None;
        if facts.is_request()
            || facts.base() != "ACDP_SystemStatus"
            || facts.session_id() != self.session_id()
        {
            self.end(End::WrongResponse);
            return Turn::Nothing;
        }
        if facts.has_failed() {
            self.end(End::Failed);
        }
        Turn::Aside(set, facts)
    }

    /// Ends a session in which the charger is asked the same for too long.
    fn watch_repetition(&mut self, now: Instant, row: Row) {
        let timer = match row.request {
            "CableCheck" | "DC_CableCheck" => Timer::EvccCableCheck,
            "PreCharge" | "DC_PreCharge" => Timer::EvccPreCharge,
            _ if is_limited(row) => Timer::EvccOngoing,
            _ => {
                self.repeated = None;
                return;
            }
        };
        let same = self.repeated.filter(|(request, _)| *request == row.request);
        let (_, since) = *self.repeated.insert(same.unwrap_or((row.request, now)));
        let Some(sequence) = self.sequence else { return };
        let limit = self.timers.millis(timer, sequence.protocol.generation());
        self.not_after(limit.map(|limit| since.after(limit)), timer);
    }

    /// Brings the deadline forward to that of another timer, if that runs and is earlier.
    fn not_after(&mut self, by: Option<Instant>, timer: Timer) {
        let Some(by) = by else { return };
        let first = self.deadline.filter(|(deadline, _)| *deadline <= by);
        self.deadline = first.or(Some((by, timer)));
    }

    /// A message of the charger.
    pub fn handle_message(
        &mut self,
        now: Instant,
        payload_type: PayloadType,
        payload: &[u8],
    ) -> Turn {
        self.handle_timeout(now);
        if self.ended {
            return Turn::Nothing;
        }
        let Some(mut sequence) = self.sequence else {
            return if payload_type == PayloadType::Sap {
                self.chosen(payload)
            } else {
                Turn::Nothing
            };
        };
        if payload_type == PayloadType::AcdpSystemStatus && self.aside_by.is_some() {
            let set = sequence.protocol.set_of(payload_type);
            return set.map_or(Turn::Nothing, |set| self.heard_aside(set, payload));
        }
        let Some((set, request, row)) = self.sent else { return Turn::Nothing };
        if payload_type != payload_type_of(set) {
            return Turn::Nothing;
        }
        let response = match Facts::of(set, payload) {
            Ok(response) => response,
            Err(error) => {
                self.end(End::Undecodable(error));
                return Turn::Nothing;
            }
        };
        let setup = row.request == "SessionSetup";
        let wrong = response.is_request()
            || response.base() != request.base()
            || (!setup && response.session_id() != self.session_id() && !response.has_failed());
        if wrong {
            self.end(End::WrongResponse);
            return Turn::Nothing;
        }
        if setup && !response.has_failed() {
            let mut id = ([0; 8], 0);
            for (slot, octet) in id.0.iter_mut().zip(response.session_id()) {
                *slot = *octet;
                id.1 += 1;
            }
            self.session_id = id;
            self.setup_by = None;
            let ready = Timer::EvccReadyToCharge;
            let ready = self.timers.millis(ready, sequence.protocol.generation());
            self.ready_by = ready.map(|wait| now.after(wait));
            let joined = response.response_code == Some("OK_OldSessionJoined");
            self.events.push(Event::Session { joined });
        }
        self.sent = None;
        let before = sequence.phase;
        let end = sequence.advance(row, &request, &response);
        self.sequence = Some(sequence);
        if sequence.phase == Phase::Charging {
            self.ready_by = None;
        }
        match end {
            Some(end) => self.end(end),
            None => {
                if sequence.phase != before {
                    self.events.push(Event::Phase(sequence.phase));
                }
                let generation = sequence.protocol.generation();
                let wait = self.timers.millis(Timer::EvccSequence, generation);
                self.deadline = wait.map(|wait| (now.after(wait), Timer::EvccSequence));
                self.not_after(self.ready_by, Timer::EvccReadyToCharge);
            }
        }
        Turn::Response(set, response)
    }

    fn chosen(&mut self, payload: &[u8]) -> Turn {
        let response = match app_protocol::decode(payload) {
            Ok(Message::SupportedAppProtocolRes(response)) => response,
            Ok(_) => return Turn::Nothing,
            Err(error) => {
                self.end(End::Undecodable(error));
                return Turn::Nothing;
            }
        };
        let index = response.schema_id.and_then(|id| usize::from(id).checked_sub(1));
        let failed = response.response_code == app_protocol::ResponseCode::FailedNoNegotiation;
        let mut built_in = self.protocols.iter().filter(|protocol| protocol.is_built_in());
        let protocol = index.and_then(|index| built_in.nth(index)).filter(|_| !failed);
        let Some(&protocol) = protocol else {
            self.end(End::NoCommonProtocol);
            return Turn::Nothing;
        };
        self.sequence = Some(Sequence::new(protocol));
        // Only -20 has numbers of eight octets before the charger has given one; zeros do for all.
        self.events.push(Event::Protocol(protocol));
        Turn::Chosen(protocol)
    }

    /// The host ends the session without a message.
    pub fn abort(&mut self) {
        self.end(End::Failed);
    }

    pub(super) fn end(&mut self, end: End) {
        if !self.ended {
            self.ended = true;
            self.deadline = None;
            self.sent = None;
            self.aside_by = None;
            self.events.push(Event::Ended(end));
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        if let Some((deadline, timer)) = self.next_deadline()
            && deadline <= now
        {
            self.end(End::TimedOut(timer));
        }
    }

    fn next_deadline(&self) -> Option<(Instant, Timer)> {
        let aside = self.aside_by.map(|by| (by, Timer::Message));
        [self.deadline, aside].into_iter().flatten().min_by_key(|(by, _)| *by)
    }

    /// When [`Evcc::handle_timeout`] has something to do.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.next_deadline().map(|(deadline, _)| deadline)
    }

    /// What happened.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop()
    }
}

/// How long the response of a request may take.
fn message_timer(request: &str) -> Timer {
    match request {
        "ServiceDetail" | "PaymentDetails" | "CertificateInstallation" | "CertificateUpdate" => {
            Timer::LongMessage
        }
        "PowerDelivery" => Timer::LongMessage,
        "CurrentDemand" | "AC_ChargeLoop" | "DC_ChargeLoop" | "WPT_ChargeLoop" => {
            Timer::LoopMessage
        }
        _ => Timer::Message,
    }
}
