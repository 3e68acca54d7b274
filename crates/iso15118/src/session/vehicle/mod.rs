//! The vehicle's side without messages: [`Vehicle`] makes the requests of all three generations from the state of the
//! vehicle, and keeps what the charger has said.

mod din;
mod iso2;
mod iso20;

use super::terms::{
    ControlMode, Identification, Limits, Meter, Needs, Notification, Present, Schedule, Service,
};
use super::{
    End, Evcc, Event, Instant, Phase, Protocol, RequestError, Timers, Turn, minimal_message,
};
use crate::v2gtp::PayloadType;
use crate::{EncodeError, MilliUnits, SchemaSet, message};

/// What a vehicle settles before a session.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'s> {
    /// `EVCCID` of DIN and -2: the MAC address.
    pub evcc_id: [u8; 6],
    /// `EVCCID` of -20: up to 255 characters.
    pub evcc_id_text: &'s str,
    /// How energy is transferred.
    pub service: Service,
    /// AC: three phases, or one.
    pub three_phases: bool,
    /// The control mode of -20.
    pub control: ControlMode,
    /// How the user identifies. By contract the host makes the messages that bear certificates and signatures.
    pub identification: Identification,
    /// How far the charger's voltage may be from the battery's at the end of the pre-charge, mV (customary: 20 V).
    pub tolerance: MilliUnits,
}

/// What the vehicle wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Want {
    /// To charge.
    #[default]
    Charge,
    /// To end for good.
    Stop,
    /// To end and join the session again later (-2, -20).
    Pause,
    /// New limits (-2) or a new schedule (-20).
    Renegotiate,
    /// Other services (-20).
    RenegotiateService,
    /// To stay connected without energy (-20).
    Standby,
}

/// The vehicle as it is when a request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct State {
    /// Its limits.
    pub limits: Limits,
    /// What it needs.
    pub needs: Needs,
    /// DC: the voltage it asks for, mV.
    pub target_voltage: MilliUnits,
    /// DC: the current it asks for, mA.
    pub target_current: MilliUnits,
    /// Voltage at its inlet, mV.
    pub present_voltage: MilliUnits,
    /// AC: power that it takes, mW, of all phases.
    pub present_power: MilliUnits,
    /// It needs no more energy.
    pub is_complete: bool,
    /// What it wants next.
    pub want: Want,
}

/// What the charger has said so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Heard {
    /// Its limits.
    pub limits: Limits,
    /// What it measures.
    pub present: Present,
    /// The schedule, the first one offered, as far as it has at most twelve steps.
    pub schedule: Option<Schedule>,
    /// The number of the schedule that the vehicle follows.
    pub schedule_id: Option<u32>,
    /// What it asks of the vehicle.
    pub notification: Notification,
}

/// Why no request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NextError {
    /// The request is the host's: it bears certificates or a signature. [`Vehicle::send`] takes it.
    #[error("the host makes this request")]
    Host,
    /// It cannot be written: the buffer is too short, or a value is out of the schema's range.
    #[error("the request cannot be written")]
    Encode(#[source] EncodeError),
    /// It may not be sent now.
    #[error("the request may not be sent")]
    Request(#[source] RequestError),
}

/// The request that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    SessionSetup,
    AuthorizationSetup,
    ServiceDiscovery,
    ServiceDetail,
    Selection,
    Authorization,
    Limits,
    Schedule,
    CableCheck,
    PreCharge {
        /// The voltage is there; -20 alone wants to be told.
        is_done: bool,
    },
    Power(Progress),
    Loop,
    Welding,
    Stop(Want),
    /// Written by the schema alone.
    Minimal(SchemaSet, &'static str),
    Host,
}

/// What `PowerDelivery` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Start,
    Stop,
    Renegotiate,
    Standby,
}

/// What a request is made of.
struct Making<'m> {
    wish: &'m Wish<'m>,
    state: &'m State,
    heard: &'m Heard,
    parameter_set: u16,
    session_id: &'m [u8],
    seconds: u64,
}

/// The vehicle's side of a session, over all generations.
///
/// ```text
/// handshake -> octets; then: handle_message -> Response -> next(state) -> octets
/// ```
#[derive(Debug)]
pub struct Vehicle<'s> {
    evcc: Evcc<'s>,
    wish: &'s Wish<'s>,
    heard: Heard,
    /// -20: the parameter set of the control mode.
    parameter_set: u16,
    /// Steps of positioning that are done.
    positioned: u8,
    /// -20: the charger has been told that the voltage is there.
    precharge_told: bool,
    welding_checked: bool,
    disconnected: bool,
    renegotiating_services: bool,
}

/// The requests by which a vehicle finds its place, in order.
const WPT_POSITIONING: [&str; 4] = [
    "WPT_FinePositioningSetupReq",
    "WPT_FinePositioningReq",
    "WPT_PairingReq",
    "WPT_ChargeParameterDiscoveryReq",
];
const ACDP_POSITIONING: [&str; 2] = ["ACDP_VehiclePositioningReq", "ACDP_ConnectReq"];

impl<'s> Vehicle<'s> {
    /// A session that begins now; as [`Evcc::new`].
    #[must_use]
    pub fn new(
        protocols: &'s [Protocol],
        wish: &'s Wish<'s>,
        timers: &'s Timers,
        paused: Option<[u8; 8]>,
        now: Instant,
    ) -> Self {
        Self {
            evcc: Evcc::new(protocols, timers, paused, now),
            wish,
            heard: Heard::default(),
            parameter_set: wish.control.parameter_set(),
            positioned: 0,
            precharge_told: false,
            welding_checked: false,
            disconnected: false,
            renegotiating_services: false,
        }
    }

    /// Writes the handshake's request, which is sent under [`PayloadType::Sap`].
    ///
    /// # Errors
    /// The buffer is too short, or there are no protocols to offer.
    pub fn handshake(&mut self, out: &mut [u8]) -> Result<usize, EncodeError> {
        self.evcc.handshake(out)
    }

    /// A message of the charger. After a response [`Vehicle::heard`] has what it says, and the next request may be made.
    pub fn handle_message(
        &mut self,
        now: Instant,
        payload_type: PayloadType,
        payload: &[u8],
    ) -> Turn {
        let turn = self.evcc.handle_message(now, payload_type, payload);
        let Turn::Response(set, facts) = turn else { return turn };
        if facts.has_failed() {
            return turn;
        }
        self.note_step(facts.message, facts.is_done != Some(false));
        let heard = &mut self.heard;
        let offered = match set {
            SchemaSet::Din70121 => message::din70121::decode(payload)
                .is_ok_and(|message| din::hear(&message, self.wish, heard)),
            SchemaSet::Iso2 => message::iso2::decode(payload)
                .is_ok_and(|message| iso2::hear(&message, self.wish, heard)),
            SchemaSet::Iso20Common => message::iso20::decode(payload).is_ok_and(|message| {
                iso20::hear(&message, self.wish, heard, &mut self.parameter_set)
            }),
            SchemaSet::Iso20Ac => message::iso20_ac::decode(payload)
                .is_ok_and(|message| iso20::ac::hear(&message, heard)),
            SchemaSet::Iso20Dc => message::iso20_dc::decode(payload)
                .is_ok_and(|message| iso20::dc::hear(&message, heard)),
            _ => true,
        };
        if !offered {
            self.evcc.end(End::NotOffered);
        }
        turn
    }

    fn note_step(&mut self, response: &str, is_done: bool) {
        match response {
            "ServiceDiscoveryRes" => {
                self.positioned = 0;
                self.welding_checked = false;
                self.renegotiating_services = false;
                self.heard = Heard::default();
            }
            "WeldingDetectionRes" | "DC_WeldingDetectionRes" => self.welding_checked = true,
            "ACDP_DisconnectRes" => self.disconnected = is_done,
            _ => {
                let step = |name: &str| {
                    name.strip_suffix("Req").is_some_and(|base| {
                        response.strip_suffix("Res").is_some_and(|response| response == base)
                    })
                };
                let known = WPT_POSITIONING.iter().chain(&ACDP_POSITIONING).any(|name| step(name));
                self.positioned += u8::from(known && is_done);
            }
        }
    }

    /// Makes the next request from the vehicle's state: payload type and length in `out`.
    ///
    /// # Errors
    /// No request may be made now, the host must make it, or it cannot be written.
    pub fn next(
        &mut self,
        now: Instant,
        seconds: u64,
        state: &State,
        out: &mut [u8],
    ) -> Result<(PayloadType, usize), NextError> {
        let not_now = NextError::Request(RequestError::NotNow);
        let protocol = self.evcc.protocol().ok_or(not_now)?;
        let next = self.decide(protocol, state);
        let making = Making {
            wish: self.wish,
            state,
            heard: &self.heard,
            parameter_set: self.parameter_set,
            session_id: self.evcc.session_id(),
            seconds,
        };
        let (set, written) = match (next, protocol) {
            (Next::Host, _) => return Err(NextError::Host),
            (Next::Minimal(set, name), _) => {
                (set, minimal_message(set, name, making.session_id, seconds, &[], out))
            }
            (_, Protocol::Din70121) => (SchemaSet::Din70121, din::write(next, &making, out)),
            (_, Protocol::Iso2) => (SchemaSet::Iso2, iso2::write(next, &making, out)),
            _ => iso20::write(next, &making, out),
        };
        let length = written.map_err(NextError::Encode)?;
        let sent = self.send(now, set, out.get(..length).unwrap_or_default())?;
        if let Next::PreCharge { is_done } = next {
            self.precharge_told = is_done;
        }
        self.renegotiating_services |= state.want == Want::RenegotiateService;
        Ok((sent, length))
    }

    /// Sends a request that the host has made; the payload type under which it goes.
    ///
    /// # Errors
    /// It may not be sent now.
    pub fn send(
        &mut self,
        now: Instant,
        set: SchemaSet,
        request: &[u8],
    ) -> Result<PayloadType, NextError> {
        self.evcc.request(now, set, request).map_err(NextError::Request)
    }

    fn decide(&self, protocol: Protocol, state: &State) -> Next {
        let iso20 = protocol.generation() == super::Generation::Iso20;
        let is_dc = self.wish.service.is_dc();
        let by_contract = self.wish.identification == Identification::Contract;
        let phase = self.evcc.phase();
        let runs = matches!(phase, Phase::Charging | Phase::Standby | Phase::Stopping);
        let is_live = matches!(
            phase,
            Phase::PreCharge | Phase::Ready | Phase::Renegotiation | Phase::Renegotiated
        );
        let ends = match state.want {
            Want::Stop => phase != Phase::Setup && !runs,
            // Not while there is voltage at the inlet.
            Want::Pause => phase != Phase::Setup && !runs && !is_live,
            _ => false,
        };
        if ends {
            return Next::Stop(state.want);
        }
        match phase {
            Phase::Setup => Next::SessionSetup,
            Phase::AuthorizationSetup => Next::AuthorizationSetup,
            Phase::Discovery => Next::ServiceDiscovery,
            Phase::Selection if iso20 => Next::ServiceDetail,
            Phase::Selection | Phase::Selected => Next::Selection,
            Phase::Identification | Phase::Authorization if by_contract => Next::Host,
            Phase::Identification | Phase::Authorization => Next::Authorization,
            Phase::Parameters => Next::Limits,
            Phase::Schedule => Next::Schedule,
            Phase::Positioning => self.positioning(protocol),
            Phase::Prepare if is_dc => Next::CableCheck,
            Phase::PreCharge => Next::PreCharge { is_done: false },
            Phase::Ready | Phase::Renegotiated if state.want == Want::Pause => {
                Next::Power(Progress::Stop)
            }
            Phase::Ready if is_dc && !self.is_precharged(state) => {
                Next::PreCharge { is_done: false }
            }
            Phase::Ready if is_dc && iso20 && !self.precharge_told => {
                Next::PreCharge { is_done: true }
            }
            Phase::Prepare | Phase::Ready | Phase::Renegotiated => Next::Power(Progress::Start),
            Phase::Charging => self.charging(state, iso20, protocol),
            Phase::Renegotiation if iso20 => Next::Schedule,
            Phase::Renegotiation => Next::Limits,
            Phase::Standby if state.want == Want::Charge => Next::Power(Progress::Start),
            Phase::Standby => Next::Power(Progress::Stop),
            Phase::Stopping if is_dc && !self.welding_checked => Next::Welding,
            Phase::Stopping if protocol == Protocol::Iso20Acdp && !self.disconnected => {
                Next::Minimal(SchemaSet::Iso20Acdp, "ACDP_DisconnectReq")
            }
            Phase::Stopping if self.renegotiating_services => Next::Stop(Want::RenegotiateService),
            Phase::Stopping => Next::Stop(state.want),
            Phase::Handshake | Phase::Ended => Next::Host,
        }
    }

    fn positioning(&self, protocol: Protocol) -> Next {
        let step = usize::from(self.positioned);
        let (set, name) = match protocol {
            Protocol::Iso20Wpt => (SchemaSet::Iso20Wpt, WPT_POSITIONING.get(step)),
            _ => (SchemaSet::Iso20Acdp, ACDP_POSITIONING.get(step)),
        };
        name.map_or(Next::Host, |name| Next::Minimal(set, name))
    }

    fn is_precharged(&self, state: &State) -> bool {
        let difference = self.heard.present.voltage.raw().abs_diff(state.target_voltage.raw());
        difference <= self.wish.tolerance.raw().unsigned_abs()
    }

    /// In the charge loop: what the vehicle wants, then what the charger asks for.
    fn charging(&self, state: &State, iso20: bool, protocol: Protocol) -> Next {
        let early = protocol == Protocol::Din70121;
        match (state.want, self.heard.notification) {
            (Want::Stop | Want::Pause | Want::RenegotiateService, _)
            | (_, Notification::Stop | Notification::Pause | Notification::RenegotiateService) => {
                Next::Power(Progress::Stop)
            }
            (Want::Standby, _) if iso20 => Next::Power(Progress::Standby),
            (Want::Renegotiate, _) | (_, Notification::Renegotiate) if !early => {
                Next::Power(Progress::Renegotiate)
            }
            _ if protocol == Protocol::Iso20Wpt => {
                Next::Minimal(SchemaSet::Iso20Wpt, "WPT_ChargeLoopReq")
            }
            _ => Next::Loop,
        }
    }

    /// What the charger has said so far.
    #[must_use]
    pub const fn heard(&self) -> &Heard {
        &self.heard
    }

    /// The engine below: session number, protocol.
    #[must_use]
    pub const fn evcc(&self) -> &Evcc<'s> {
        &self.evcc
    }

    /// The phase.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.evcc.phase()
    }

    /// The host ends the session without a message.
    pub fn abort(&mut self) {
        self.evcc.abort();
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.evcc.handle_timeout(now);
    }

    /// When [`Vehicle::handle_timeout`] has something to do.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.evcc.poll_timeout()
    }

    /// What happened.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.evcc.poll_event()
    }
}
