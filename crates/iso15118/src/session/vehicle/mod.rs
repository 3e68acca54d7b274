//! The vehicle's side without messages: [`Vehicle`] makes the requests of all three generations from the state of the
//! vehicle, and keeps what the charger has said.

#[cfg(feature = "din70121")]
mod din;
#[cfg(feature = "iso2")]
mod iso2;
#[cfg(feature = "iso20")]
mod iso20;

use super::terms::{
    ControlMode, Identification, Limits, Meter, Needs, Notification, Present, Schedule, Service,
};
#[cfg(feature = "iso20-acdp")]
use super::{AcdpHeard, AcdpVehicle};
use super::{End, Evcc, Event, Generation, Instant, Phase, Protocol, RequestError, Timers, Turn};
#[cfg(feature = "iso20-wpt")]
use super::{WptHeard, WptVehicle};
use crate::v2gtp::PayloadType;
use crate::{EncodeError, EncodeErrorKind, MilliUnits, SchemaSet, message};

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
    FinePositioningSetup,
    FinePositioning,
    Pairing,
    AlignmentCheck,
    VehiclePositioning,
    Connect,
    Disconnect,
    SystemStatus,
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
    #[cfg(feature = "iso20-wpt")]
    wpt: Option<&'m WptVehicle<'m>>,
    #[cfg(feature = "iso20-acdp")]
    acdp: Option<&'m AcdpVehicle>,
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
    /// -20: the charger has been told that the voltage is there.
    precharge_told: bool,
    welding_checked: bool,
    disconnected: bool,
    renegotiating_services: bool,
    #[cfg(feature = "iso20-wpt")]
    wpt: (Option<WptVehicle<'s>>, WptHeard),
    #[cfg(feature = "iso20-acdp")]
    acdp: (Option<AcdpVehicle>, AcdpHeard),
}

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
            precharge_told: false,
            welding_checked: false,
            disconnected: false,
            renegotiating_services: false,
            #[cfg(feature = "iso20-wpt")]
            wpt: (None, WptHeard::default()),
            #[cfg(feature = "iso20-acdp")]
            acdp: (None, AcdpHeard::default()),
        }
    }

    /// WPT: the vehicle's device from now on, without which no such charge comes about. To be given again when something of
    /// it changes: how far it is, what it takes.
    #[cfg(feature = "iso20-wpt")]
    pub const fn set_wpt(&mut self, device: WptVehicle<'s>) {
        self.wpt.0 = Some(device);
    }

    /// WPT: what the charger has said of its device.
    #[cfg(feature = "iso20-wpt")]
    #[must_use]
    pub const fn wpt(&self) -> &WptHeard {
        &self.wpt.1
    }

    /// ACDP: the vehicle's place and contacts from now on, without which no such charge comes about.
    #[cfg(feature = "iso20-acdp")]
    pub const fn set_acdp(&mut self, device: AcdpVehicle) {
        self.acdp.0 = Some(device);
    }

    /// ACDP: what the charger has said of its device.
    #[cfg(feature = "iso20-acdp")]
    #[must_use]
    pub const fn acdp(&self) -> &AcdpHeard {
        &self.acdp.1
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
        let (Turn::Response(set, facts) | Turn::Aside(set, facts)) = turn else { return turn };
        if facts.has_failed() {
            return turn;
        }
        self.note_step(facts.message, facts.is_done != Some(false));
        if !self.hear(set, payload) {
            self.evcc.end(End::NotOffered);
        }
        turn
    }

    /// Takes what a response says; `false` if what the vehicle wishes is not offered.
    fn hear(&mut self, set: SchemaSet, payload: &[u8]) -> bool {
        let heard = &mut self.heard;
        match set {
            #[cfg(feature = "din70121")]
            SchemaSet::Din70121 => message::din70121::decode(payload)
                .is_ok_and(|message| din::hear(&message, self.wish, heard)),
            #[cfg(feature = "iso2")]
            SchemaSet::Iso2 => message::iso2::decode(payload)
                .is_ok_and(|message| iso2::hear(&message, self.wish, heard)),
            #[cfg(feature = "iso20")]
            SchemaSet::Iso20Common => message::iso20::decode(payload).is_ok_and(|message| {
                iso20::hear(&message, self.wish, heard, &mut self.parameter_set)
            }),
            #[cfg(all(feature = "iso20", feature = "iso20-ac"))]
            SchemaSet::Iso20Ac => message::iso20_ac::decode(payload)
                .is_ok_and(|message| iso20::ac::hear(&message, heard)),
            #[cfg(all(feature = "iso20", feature = "iso20-dc"))]
            SchemaSet::Iso20Dc => message::iso20_dc::decode(payload)
                .is_ok_and(|message| iso20::dc::hear(&message, heard)),
            #[cfg(all(feature = "iso20", feature = "iso20-wpt"))]
            SchemaSet::Iso20Wpt => message::iso20_wpt::decode(payload).is_ok_and(|message| {
                let (device, wpt) = &mut self.wpt;
                iso20::wpt::hear(&message, device.as_ref(), heard, wpt)
            }),
            #[cfg(all(feature = "iso20", feature = "iso20-acdp"))]
            SchemaSet::Iso20Acdp => message::iso20_acdp::decode(payload)
                .is_ok_and(|message| iso20::acdp::hear(&message, &mut self.acdp.1)),
            // A set that no protocol of this build has.
            _ => true,
        }
    }

    fn note_step(&mut self, response: &str, is_done: bool) {
        match response {
            "ServiceDiscoveryRes" => {
                self.welding_checked = false;
                self.renegotiating_services = false;
                self.disconnected = false;
                self.heard = Heard::default();
            }
            "WeldingDetectionRes" | "DC_WeldingDetectionRes" => self.welding_checked = true,
            "ACDP_DisconnectRes" => self.disconnected = is_done,
            _ => {}
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
        if next == Next::Host {
            return Err(NextError::Host);
        }
        let (set, length) =
            self.write(next, protocol, state, seconds, out).map_err(NextError::Encode)?;
        let sent = self.send(now, set, out.get(..length).unwrap_or_default())?;
        if let Next::PreCharge { is_done } = next {
            self.precharge_told = is_done;
        }
        self.renegotiating_services |= state.want == Want::RenegotiateService;
        Ok((sent, length))
    }

    /// Writes a request of the protocol's generation.
    fn write(
        &self,
        next: Next,
        protocol: Protocol,
        state: &State,
        seconds: u64,
        out: &mut [u8],
    ) -> Result<(SchemaSet, usize), EncodeError> {
        let making = Making {
            wish: self.wish,
            state,
            heard: &self.heard,
            parameter_set: self.parameter_set,
            session_id: self.evcc.session_id(),
            seconds,
            #[cfg(feature = "iso20-wpt")]
            wpt: self.wpt.0.as_ref(),
            #[cfg(feature = "iso20-acdp")]
            acdp: self.acdp.0.as_ref(),
        };
        match protocol.generation() {
            #[cfg(feature = "din70121")]
            Generation::Din70121 => Ok((SchemaSet::Din70121, din::write(next, &making, out)?)),
            #[cfg(feature = "iso2")]
            Generation::Iso2 => Ok((SchemaSet::Iso2, iso2::write(next, &making, out)?)),
            #[cfg(feature = "iso20")]
            Generation::Iso20 => iso20::write(next, &making, out),
            #[allow(unreachable_patterns, reason = "a generation that is not built in")]
            _ => Err(EncodeError::new(EncodeErrorKind::NoDocument)),
        }
    }

    /// ACDP: asks for the charger's state, whatever else waits: payload type and length in `out`. Once
    /// [`Vehicle::handle_message`] says [`Turn::Aside`], [`Vehicle::acdp`] has the answer.
    ///
    /// # Errors
    /// The session is none of ACDP or has no number yet, an answer is still due, or it cannot be written.
    #[cfg(all(feature = "iso20", feature = "iso20-acdp"))]
    pub fn ask_status(
        &mut self,
        now: Instant,
        seconds: u64,
        out: &mut [u8],
    ) -> Result<(PayloadType, usize), NextError> {
        let state = State::default();
        let (_, length) = self
            .write(Next::SystemStatus, Protocol::Iso20Acdp, &state, seconds, out)
            .map_err(NextError::Encode)?;
        let request = out.get(..length).unwrap_or_default();
        let sent = self.evcc.request_aside(now, request).map_err(NextError::Request)?;
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
        let iso20 = protocol.generation() == Generation::Iso20;
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
            Phase::Positioning if protocol == Protocol::Iso20Acdp => Next::VehiclePositioning,
            Phase::Positioning => Next::FinePositioningSetup,
            Phase::FinePositioning => Next::FinePositioning,
            Phase::Pairing => Next::Pairing,
            Phase::Prepare if protocol == Protocol::Iso20Wpt => Next::AlignmentCheck,
            Phase::Prepare if protocol == Protocol::Iso20Acdp => Next::Connect,
            Phase::Prepare if is_dc => Next::CableCheck,
            Phase::Connected => Next::CableCheck,
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
            // Without wires the loop goes on, with nothing asked for.
            Phase::Standby if state.want == Want::Standby && protocol == Protocol::Iso20Wpt => {
                Next::Loop
            }
            Phase::Standby => Next::Power(Progress::Stop),
            Phase::Stopping if is_dc && !self.welding_checked => Next::Welding,
            Phase::Stopping if protocol == Protocol::Iso20Acdp && !self.disconnected => {
                Next::Disconnect
            }
            Phase::Stopping if self.renegotiating_services => Next::Stop(Want::RenegotiateService),
            Phase::Stopping => Next::Stop(state.want),
            Phase::Handshake | Phase::Ended => Next::Host,
        }
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
