//! The charger's side with questions instead of messages: [`Station`] writes the responses of all three generations itself.

#[cfg(feature = "din70121")]
mod din;
#[cfg(feature = "iso2")]
mod iso2;
#[cfg(feature = "iso20")]
mod iso20;

use super::terms::{
    ControlMode, Identification, Limits, Needs, Notification, Present, Schedule, Service,
};
use super::{
    Ask, Event, Generation, Instant, Phase, Protocol, Refusal, Reply, RespondError, Secc,
    SeccSettings,
};
#[cfg(feature = "iso20-acdp")]
use super::{Contact, Place, SystemStatus};
#[cfg(feature = "iso20-wpt")]
use super::{Placing, WptCharger, WptDemand, WptLimits, WptPresent, WptStep};
use crate::message;
#[cfg(feature = "iso20-acdp")]
use crate::message::iso20_acdp::{ElectricalChargingDeviceStatus, EvTechnicalStatus};
use crate::v2gtp::PayloadType;
use crate::{EncodeError, EncodeErrorKind, MilliUnits, SchemaSet};

/// What a charger offers, the same for every session.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'s> {
    /// `EVSEID` of -2 and -20: 7 to 37 characters.
    pub evse_id: &'s str,
    /// `EVSEID` of DIN: up to 32 octets.
    pub evse_id_din: &'s [u8],
    /// The energy services.
    pub services: &'s [Service],
    /// AC: three phases, or one.
    pub three_phases: bool,
    /// AC: nominal voltage, mV.
    pub ac_voltage: MilliUnits,
    /// AC: nominal frequency, mHz.
    pub frequency: MilliUnits,
    /// How users may identify.
    pub identification: &'s [Identification],
    /// The control modes of -20.
    pub control: &'s [ControlMode],
    /// The user pays nothing.
    pub is_free: bool,
    /// -20: a charge may pause and be joined again, stand by, negotiate its services again.
    pub pause: bool,
    /// -20: standby.
    pub standby: bool,
    /// -20: services may be negotiated again.
    pub service_renegotiation: bool,
}

/// What follows from a message of the vehicle.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Output {
    /// Nothing.
    Nothing,
    /// The first octets of the caller's buffer are sent, under that payload type.
    Send(PayloadType, usize),
    /// The host answers with [`Station::answer`] or [`Station::refuse`], before [`Station::poll_timeout`].
    Ask(Question),
}

/// What the engine asks its host.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Question {
    /// May the user charge? Asked again while the answer is "ongoing". Answers: [`Answer::Done`], [`Answer::Ongoing`],
    /// [`Answer::WaitForCustomer`].
    Authorize,
    /// Which limits? Answer: [`Answer::Limits`], in DIN and -2 with the schedule, or [`Answer::Ongoing`] there.
    Limits {
        /// How energy is transferred.
        service: Service,
        /// The vehicle's limits.
        vehicle: Limits,
        /// What it needs.
        needs: Needs,
    },
    /// -20: which schedule? Answers: [`Answer::Schedule`], [`Answer::Ongoing`].
    Schedule {
        /// Who says how much power flows.
        control: ControlMode,
        /// What the vehicle needs.
        needs: Needs,
    },
    /// Is the insulation good? Answers: [`Answer::Done`], [`Answer::Ongoing`].
    CableCheck,
    /// Present voltage, on the way to the target? Answer: [`Answer::Present`].
    PreCharge {
        /// mV, not above the limits of the two sides.
        voltage: MilliUnits,
        /// mA; -20 does not say.
        current: Option<MilliUnits>,
    },
    /// Contactors closed, or open again? Answer: [`Answer::Done`].
    Contactors {
        /// Closed, or open.
        closed: bool,
    },
    /// What flows? Asked in every turn of the charge loop. Answer: [`Answer::Present`].
    Deliver(Demand),
    /// Present voltage, for the vehicle's check of its contactors? Answer: [`Answer::Present`].
    Welding,
    /// -20: the vehicle says that it came to its place, or leaves it. Answers: [`Answer::Done`], [`Answer::Ongoing`].
    Parking,
    /// WPT: has the vehicle found its place? Answers: [`Answer::Done`], [`Answer::Ongoing`]. A refusal with
    /// [`Refusal::WptPlace`] sends it back to the begin; so it does in the next three.
    #[cfg(feature = "iso20-wpt")]
    FinePositioning {
        /// How far the vehicle is.
        vehicle: Placing,
    },
    /// WPT: is it this vehicle? Answers: [`Answer::Done`], [`Answer::Ongoing`], [`Answer::WptStep`].
    #[cfg(feature = "iso20-wpt")]
    Pairing {
        /// How far the vehicle is.
        vehicle: Placing,
        /// The pairing code that it has observed.
        observed_id: Option<u32>,
    },
    /// WPT: which limits? Answer: [`Answer::Limits`], of which the powers are sent.
    #[cfg(feature = "iso20-wpt")]
    WptLimits(WptLimits),
    /// WPT: are the coils aligned? Answers: [`Answer::Done`], [`Answer::Ongoing`], [`Answer::WptStep`].
    #[cfg(feature = "iso20-wpt")]
    AlignmentCheck {
        /// How far the vehicle is.
        vehicle: Placing,
        /// The coil current that it wants for that, mA.
        coil_current: Option<MilliUnits>,
    },
    /// WPT: what flows? Asked in every turn of the charge loop. Answer: [`Answer::WptPresent`].
    #[cfg(feature = "iso20-wpt")]
    WptDeliver(WptDemand),
    /// ACDP: where is the vehicle? Answer: [`Answer::Place`].
    #[cfg(feature = "iso20-acdp")]
    VehiclePositioning {
        /// It stands and does not move, if `EVMobilityStatus` means that when it is true (unverified).
        is_immobile: bool,
        /// It uses what the charger says of its place.
        uses_help: bool,
    },
    /// ACDP: is the vehicle connected? Answer: [`Answer::Contact`].
    #[cfg(feature = "iso20-acdp")]
    Connect {
        /// State of its contacts.
        vehicle: ElectricalChargingDeviceStatus,
    },
    /// ACDP: is it disconnected? Answer: [`Answer::Contact`].
    #[cfg(feature = "iso20-acdp")]
    Disconnect {
        /// State of its contacts.
        vehicle: ElectricalChargingDeviceStatus,
    },
    /// The host makes the response itself from the request that it has: contracts, certificates, receipts, and what else has
    /// content of its own. Answer: [`Answer::Message`].
    Message(Ask),
}

/// What the vehicle wants in a turn of the charge loop; `None` where its mode does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Demand {
    /// mV, not above the limits of the two sides.
    pub voltage: Option<MilliUnits>,
    /// mA, not above the limits of the two sides.
    pub current: Option<MilliUnits>,
    /// mW that flows into the vehicle; AC of -20.
    pub power: Option<MilliUnits>,
    /// The vehicle's limits now, where it says them in the loop.
    pub limits: Limits,
    /// State of charge, percent.
    pub soc: Option<u8>,
    /// The vehicle needs no more energy.
    pub is_complete: bool,
    /// -20: the vehicle wants to see the meter.
    pub meter_requested: bool,
}

/// The host's answer.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Answer<'a> {
    /// Yes; done.
    Done,
    /// Not yet; the vehicle asks again.
    Ongoing,
    /// Not yet, because a customer has to do something.
    WaitForCustomer,
    /// The charger's limits; with the schedule in DIN and -2, where its absence means that it is not yet known.
    Limits(Limits, Option<Schedule>),
    /// The schedule.
    Schedule(Schedule),
    /// What is measured.
    Present(Present),
    /// WPT: how far pairing or alignment is.
    #[cfg(feature = "iso20-wpt")]
    WptStep(WptStep),
    /// WPT: what flows.
    #[cfg(feature = "iso20-wpt")]
    WptPresent(WptPresent),
    /// ACDP: where the vehicle is.
    #[cfg(feature = "iso20-acdp")]
    Place(Place),
    /// ACDP: how far the connection is.
    #[cfg(feature = "iso20-acdp")]
    Contact(Contact),
    /// A whole response.
    Message(&'a [u8]),
}

/// Why an answer is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// Nothing is asked.
    #[error("nothing is asked")]
    NothingAsked,
    /// The answer is to another question.
    #[error("the answer is to another question")]
    OtherQuestion,
    /// The response cannot be written: the buffer is too short, or a value is out of the schema's range.
    #[error("the response cannot be written")]
    Encode(#[source] EncodeError),
    /// The response is not the one due.
    #[error("the response is not the one due")]
    Respond(#[source] RespondError),
}

/// The request that waits for an answer, as far as its response depends on it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Due {
    SessionSetup,
    AuthorizationSetup,
    ServiceDiscovery,
    ServiceDetail(u16),
    Selection,
    Authorization,
    Limits,
    Schedule,
    CableCheck,
    PreCharge,
    Power,
    Loop,
    Welding,
    Stop,
    Receipt,
    /// Written by the schema alone.
    Minimal(Ask),
    FinePositioningSetup,
    FinePositioning,
    Pairing,
    AlignmentCheck,
    VehiclePositioning,
    Connect,
    Disconnect,
    Message,
}

/// What was agreed so far.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    service: Option<Service>,
    control: ControlMode,
    by: Identification,
    vehicle: Limits,
    charger: Limits,
    schedule: Option<Schedule>,
    notification: Notification,
    is_isolated: bool,
    /// WPT: the power that the last request of the loop wants.
    requested: MilliUnits,
}

/// What a response is made of.
struct Making<'m> {
    offer: &'m Offer<'m>,
    told: &'m Told,
    session_id: [u8; 8],
    joined: bool,
    seconds: u64,
    answer: Answer<'m>,
    #[cfg(feature = "iso20-wpt")]
    wpt: Option<&'m WptCharger<'m>>,
}

impl Making<'_> {
    fn is_done(&self) -> bool {
        match self.answer {
            Answer::Ongoing | Answer::WaitForCustomer | Answer::Limits(_, None) => false,
            #[cfg(feature = "iso20-wpt")]
            Answer::WptStep(step) => step.is_done,
            #[cfg(feature = "iso20-acdp")]
            Answer::Place(place) => place.is_done,
            #[cfg(feature = "iso20-acdp")]
            Answer::Contact(contact) => contact.is_done,
            _ => true,
        }
    }

    fn present(&self) -> Present {
        match self.answer {
            Answer::Present(present) => present,
            _ => Present::default(),
        }
    }
}

/// The charger's side of a session, over all generations.
///
/// ```text
/// handle_message -> Send(octets) | Ask(question) -> answer | refuse -> octets
/// ```
/// A request is checked against what was offered and agreed before the host is asked; what does not fit is refused with the
/// response code of [`Refusal`].
#[derive(Debug)]
pub struct Station<'s> {
    secc: Secc<'s>,
    offer: &'s Offer<'s>,
    told: Told,
    due: Option<Due>,
    #[cfg(feature = "iso20-wpt")]
    wpt: Option<&'s WptCharger<'s>>,
    /// What is answered when the vehicle asks for the charger's state, and what it said of its own.
    #[cfg(feature = "iso20-acdp")]
    status: (SystemStatus, Option<EvTechnicalStatus>),
}

impl<'s> Station<'s> {
    /// A session that begins with a connection.
    #[must_use]
    pub fn new(settings: SeccSettings<'s>, offer: &'s Offer<'s>, now: Instant) -> Self {
        Self {
            secc: Secc::new(settings, now),
            offer,
            told: Told::default(),
            due: None,
            #[cfg(feature = "iso20-wpt")]
            wpt: None,
            #[cfg(feature = "iso20-acdp")]
            status: (SystemStatus::AT_REST, None),
        }
    }

    /// WPT: with this device, without which no such charge comes about.
    #[cfg(feature = "iso20-wpt")]
    #[must_use]
    pub const fn with_wpt(mut self, device: &'s WptCharger<'s>) -> Self {
        self.wpt = Some(device);
        self
    }

    /// ACDP: the charger's state from now on, with which the vehicle's questions for it are answered.
    #[cfg(feature = "iso20-acdp")]
    pub const fn report(&mut self, status: SystemStatus) {
        self.status.0 = status;
    }

    /// ACDP: what the vehicle said of itself when it asked for the charger's state last.
    #[cfg(feature = "iso20-acdp")]
    #[must_use]
    pub const fn vehicle_status(&self) -> Option<EvTechnicalStatus> {
        self.status.1
    }

    /// A message of the vehicle. `seconds`: the time of day since 1970-01-01T00:00Z, for the responses' headers.
    pub fn handle_message(
        &mut self,
        now: Instant,
        seconds: u64,
        payload_type: PayloadType,
        payload: &[u8],
        out: &mut [u8],
    ) -> Output {
        let ask = match self.secc.handle_message(now, seconds, payload_type, payload, out) {
            Reply::Ask(ask) => ask,
            Reply::Send(payload_type, length) => return Output::Send(payload_type, length),
            Reply::Aside(_) => return self.answer_aside(seconds, payload_type, payload, out),
            Reply::Nothing => return Output::Nothing,
        };
        let sent = match self.read(ask, payload) {
            Ok((due, Some(question))) => {
                self.due = Some(due);
                return Output::Ask(question);
            }
            Ok((due, None)) => {
                self.due = Some(due);
                let sent = self.answer(now, seconds, &Answer::Done, out);
                // An offer that the schema cannot say, such as no service at all.
                sent.or_else(|_| self.refuse(now, seconds, Refusal::Other, out))
            }
            Err(refusal) => self.refuse(now, seconds, refusal, out),
        };
        match sent {
            Ok((payload_type, length)) => Output::Send(payload_type, length),
            Err(_) => {
                self.secc.end(super::End::NoRoom);
                Output::Nothing
            }
        }
    }

    /// The vehicle asks for the charger's state, whatever else waits.
    #[cfg(all(feature = "iso20", feature = "iso20-acdp"))]
    fn answer_aside(
        &mut self,
        seconds: u64,
        payload_type: PayloadType,
        payload: &[u8],
        out: &mut [u8],
    ) -> Output {
        use message::iso20_acdp::{Message, decode};
        if let Ok(Message::AcdpSystemStatusReq(request)) = decode(payload) {
            self.status.1 = Some(request.ev_technical_status);
        }
        let id = self.secc.session_id();
        match iso20::acdp::write_status(&self.status.0, iso20::header_of(&id, seconds), out) {
            Ok(length) => Output::Send(payload_type, length),
            Err(_) => {
                self.secc.end(super::End::NoRoom);
                Output::Nothing
            }
        }
    }

    #[cfg(not(all(feature = "iso20", feature = "iso20-acdp")))]
    const fn answer_aside(&mut self, _: u64, _: PayloadType, _: &[u8], _: &mut [u8]) -> Output {
        Output::Nothing
    }

    /// Reads and checks a request: what its response depends on, and what the host is asked.
    fn read(&mut self, ask: Ask, payload: &[u8]) -> Result<(Due, Option<Question>), Refusal> {
        let (offer, told) = (self.offer, &mut self.told);
        let protocol = self.secc.protocol().ok_or(Refusal::Other)?;
        macro_rules! read {
            ($set:ident, $read:path $(, $protocol:ident)?) => {
                $read(
                    &message::$set::decode(payload).map_err(|_| Refusal::Other)?,
                    ask,
                    offer,
                    told,
                    $($protocol)?
                )
            };
        }
        match ask.set {
            #[cfg(feature = "din70121")]
            SchemaSet::Din70121 => read!(din70121, din::read),
            #[cfg(feature = "iso2")]
            SchemaSet::Iso2 => read!(iso2, iso2::read),
            #[cfg(feature = "iso20")]
            SchemaSet::Iso20Common => read!(iso20, iso20::read, protocol),
            #[cfg(all(feature = "iso20", feature = "iso20-ac"))]
            SchemaSet::Iso20Ac => read!(iso20_ac, iso20::ac::read),
            #[cfg(all(feature = "iso20", feature = "iso20-dc"))]
            SchemaSet::Iso20Dc => read!(iso20_dc, iso20::dc::read),
            #[cfg(all(feature = "iso20", feature = "iso20-wpt"))]
            SchemaSet::Iso20Wpt => read!(iso20_wpt, iso20::wpt::read),
            #[cfg(all(feature = "iso20", feature = "iso20-acdp"))]
            SchemaSet::Iso20Acdp => read!(iso20_acdp, iso20::acdp::read),
            // A set that no protocol of this build has.
            _ => Err(Refusal::Other),
        }
    }

    /// The host's answer; the response's payload type and length in `out`.
    ///
    /// # Errors
    /// It does not fit the question, or cannot be written. Nothing has changed then; another answer may be given.
    pub fn answer(
        &mut self,
        now: Instant,
        seconds: u64,
        answer: &Answer<'_>,
        out: &mut [u8],
    ) -> Result<(PayloadType, usize), AnswerError> {
        let due = self.due.ok_or(AnswerError::NothingAsked)?;
        if !fits(due, self.secc.protocol(), answer) {
            return Err(AnswerError::OtherQuestion);
        }
        let mut told = self.told;
        if let Answer::Limits(limits, schedule) = answer {
            if !limits.have_common(&told.vehicle) {
                return self.refuse(now, seconds, Refusal::ChargeParameter, out);
            }
            told.charger = *limits;
            told.schedule = schedule.or(told.schedule);
        }
        if let Answer::Schedule(schedule) = answer {
            told.schedule = Some(*schedule);
        }
        let making = Making {
            offer: self.offer,
            told: &told,
            session_id: self.secc.session_id(),
            joined: self.secc.is_joined(),
            seconds,
            answer: *answer,
            #[cfg(feature = "iso20-wpt")]
            wpt: self.wpt,
        };
        let protocol = self.secc.protocol().ok_or(AnswerError::NothingAsked)?;
        let length = match (due, answer) {
            (_, Answer::Message(octets)) => copy(octets, out)?,
            _ => write(due, &making, protocol, out).map_err(AnswerError::Encode)?,
        };
        let response = out.get(..length).unwrap_or_default();
        let payload_type = self.secc.respond(now, response).map_err(AnswerError::Respond)?;
        if due == Due::CableCheck {
            told.is_isolated = making.is_done();
        }
        self.told = told;
        self.due = None;
        Ok((payload_type, length))
    }

    /// Refuses the request that waits.
    ///
    /// # Errors
    /// None waits, or the response cannot be written.
    pub fn refuse(
        &mut self,
        now: Instant,
        seconds: u64,
        refusal: Refusal,
        out: &mut [u8],
    ) -> Result<(PayloadType, usize), AnswerError> {
        let sent =
            self.secc.refuse_asked(now, seconds, refusal, out).map_err(AnswerError::Respond)?;
        self.due = None;
        Ok(sent)
    }

    /// What the charger asks of the vehicle in its responses from now on; a stop of the charger begins with
    /// [`Notification::Stop`].
    pub fn notify(&mut self, notification: Notification) {
        self.told.notification = notification;
    }

    /// What is negotiated so far.
    #[must_use]
    pub fn service(&self) -> Option<Service> {
        self.told.service
    }

    /// How the user identifies.
    #[must_use]
    pub fn identification(&self) -> Identification {
        self.told.by
    }

    /// The engine below: session number, protocol.
    #[must_use]
    pub const fn secc(&self) -> &Secc<'s> {
        &self.secc
    }

    /// The phase.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.secc.phase()
    }

    /// The host ends the session without a message: a fault, an emergency stop.
    pub fn abort(&mut self) {
        self.secc.abort();
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.secc.handle_timeout(now);
    }

    /// When [`Station::handle_timeout`] has something to do.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.secc.poll_timeout()
    }

    /// What happened.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.secc.poll_event()
    }
}

/// The response of the protocol's generation.
fn write(
    due: Due,
    making: &Making<'_>,
    protocol: Protocol,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    match protocol.generation() {
        #[cfg(feature = "din70121")]
        Generation::Din70121 => din::write(due, making, out),
        #[cfg(feature = "iso2")]
        Generation::Iso2 => iso2::write(due, making, out),
        #[cfg(feature = "iso20")]
        Generation::Iso20 => iso20::write(due, making, protocol, out),
        #[allow(unreachable_patterns, reason = "a generation that is not built in")]
        _ => Err(EncodeError::new(EncodeErrorKind::NoDocument)),
    }
}

/// Whether an answer is one to the question of a request.
fn fits(due: Due, protocol: Option<Protocol>, answer: &Answer<'_>) -> bool {
    let early = matches!(protocol, Some(Protocol::Din70121 | Protocol::Iso2));
    match (due, answer) {
        (_, Answer::Message(_)) => true,
        (Due::Limits, Answer::Limits(..)) => true,
        (Due::Limits, Answer::Ongoing) => early,
        (Due::Limits | Due::Message, _) => false,
        (Due::Schedule, Answer::Schedule(_) | Answer::Ongoing | Answer::WaitForCustomer) => true,
        (Due::Schedule, _) => false,
        #[cfg(feature = "iso20-wpt")]
        (Due::Loop, answer) if protocol == Some(Protocol::Iso20Wpt) => {
            matches!(answer, Answer::WptPresent(_))
        }
        (Due::PreCharge | Due::Loop | Due::Welding, answer) => {
            matches!(answer, Answer::Present(_))
        }
        #[cfg(feature = "iso20-wpt")]
        (Due::Pairing | Due::AlignmentCheck, Answer::WptStep(_)) => true,
        #[cfg(feature = "iso20-acdp")]
        (Due::VehiclePositioning, answer) => matches!(answer, Answer::Place(_)),
        #[cfg(feature = "iso20-acdp")]
        (Due::Connect | Due::Disconnect, answer) => matches!(answer, Answer::Contact(_)),
        (Due::Authorization, Answer::WaitForCustomer | Answer::Ongoing | Answer::Done) => true,
        (
            Due::CableCheck
            | Due::Minimal(_)
            | Due::FinePositioning
            | Due::Pairing
            | Due::AlignmentCheck,
            Answer::Ongoing | Answer::Done,
        ) => true,
        (_, answer) => *answer == Answer::Done,
    }
}

fn copy(octets: &[u8], out: &mut [u8]) -> Result<usize, AnswerError> {
    let got = out.len() as u32;
    let no_room = EncodeError::new(EncodeErrorKind::BufferTooShort { got });
    let no_room = AnswerError::Encode(no_room);
    out.get_mut(..octets.len()).ok_or(no_room)?.copy_from_slice(octets);
    Ok(octets.len())
}

/// The smaller of what is asked for and what both sides allow.
fn clipped(value: MilliUnits, limits: [Option<MilliUnits>; 2]) -> MilliUnits {
    limits.into_iter().flatten().fold(value, MilliUnits::min)
}
