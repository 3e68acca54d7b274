//! A charging station on TCP: answers SDP, speaks DIN 70121, ISO 15118-2 and -20, and delivers to vehicles of its own
//! imagination. JSON lines on standard output tell where it listens, what is said, and how the session ended.

use core::net::{IpAddr, Ipv6Addr, SocketAddrV6};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use evse_iso15118::MilliUnits;
use evse_iso15118::discovery::{Listening, TlsPolicy};
use evse_iso15118::session::{
    Answer, ControlMode, End, Event, Identification, Offer, Output, Present, Question, Schedule,
    SeccSettings, Service, Station, minimal_message,
};
use evse_iso15118_tcp::{
    Clock, Connection, Generation, Received, Stream, Transfer, complain, is_well, limits, name_of,
    prices, protocols, sdp, timers,
};
use serde_json::json;

/// A charging station on TCP, for a bench: DIN 70121, ISO 15118-2 and -20, AC and DC, users identified at the station.
///
/// Exit code 0 if the last session ended by a vehicle's stop or pause, 1 if in another way, 2 for wrong arguments.
#[derive(Parser)]
#[command(name = "v2g-station")]
struct Arguments {
    /// What it speaks; may be given more than once. By default everything.
    #[arg(long, value_enum)]
    protocol: Vec<Generation>,
    /// What it delivers; may be given more than once. By default everything.
    #[arg(long, value_enum)]
    service: Vec<Transfer>,
    /// -20: offers no schedules, only power that it sets itself.
    #[arg(long)]
    dynamic: bool,
    /// -20: its schedules have price levels, without which some vehicles take none.
    #[arg(long, conflicts_with = "dynamic")]
    price_levels: bool,
    /// Where it listens.
    #[arg(long, default_value = "::1")]
    address: Ipv6Addr,
    /// Number of the interface that a link-local address is on, and on whose link vehicles ask all nodes.
    #[arg(long, default_value = "0")]
    interface: u32,
    /// The TCP port; 0 takes a free one.
    #[arg(long, default_value = "0")]
    port: u16,
    /// Answers SDP on this UDP port (vehicles ask at 15118; 0 takes a free one).
    #[arg(long)]
    sdp_port: Option<u16>,
    /// How many sessions it serves, one after the other. A paused one may be joined again in the next.
    #[arg(long, default_value = "1")]
    sessions: u32,
    /// TLS 1.3 with the certificates in this PEM file.
    #[cfg(feature = "tls")]
    #[arg(long, requires = "tls_key")]
    tls_certificates: Option<std::path::PathBuf>,
    /// The key that belongs to the first of them, PEM.
    #[cfg(feature = "tls")]
    #[arg(long, requires = "tls_certificates")]
    tls_key: Option<std::path::PathBuf>,
    /// TLS 1.3 with a new certificate signed by itself, written to this file.
    #[cfg(feature = "tls")]
    #[arg(long, conflicts_with = "tls_certificates")]
    tls_new: Option<std::path::PathBuf>,
}

#[cfg(feature = "tls")]
type Identity = evse_iso15118_tcp::tls::Identity;
/// Without the feature there is none.
#[cfg(not(feature = "tls"))]
enum Identity {}

impl Arguments {
    #[cfg(feature = "tls")]
    fn identity(&self) -> Result<Option<Identity>> {
        match (&self.tls_certificates, &self.tls_key, &self.tls_new) {
            (Some(chain), Some(key), _) => Identity::from_files(chain, key).map(Some),
            (_, _, Some(file)) => Identity::new_signed_by_itself(file).map(Some),
            _ => Ok(None),
        }
    }

    #[cfg(not(feature = "tls"))]
    const fn identity(&self) -> Result<Option<Identity>> {
        Ok(None)
    }
}

fn accept(socket: TcpStream, identity: Option<&Identity>) -> Result<Stream> {
    match identity {
        None => Ok(Stream::Plain(socket)),
        #[cfg(feature = "tls")]
        Some(identity) => identity.accept(socket),
        #[cfg(not(feature = "tls"))]
        Some(never) => match *never {},
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool> {
    let clock = Clock::start();
    let identity = arguments.identity()?;
    let address = SocketAddrV6::new(arguments.address, arguments.port, 0, arguments.interface);
    let listener = TcpListener::bind(address).with_context(|| format!("listening on {address}"))?;
    let (local, tls) = (listener.local_addr()?, identity.is_some());
    let IpAddr::V6(own) = local.ip() else { bail!("not an IPv6 address: {local}") };
    let sdp = arguments.sdp_port.map(|port| {
        let listening = Listening {
            address: own,
            tls_port: tls.then(|| local.port()),
            plain_port: (!tls).then(|| local.port()),
            policy: if tls { TlsPolicy::Required } else { TlsPolicy::Never },
        };
        sdp::answer(port, arguments.interface, listening)
    });
    let sdp = sdp.transpose()?;
    let listens =
        json!({ "address": own.to_string(), "port": local.port(), "sdp_port": sdp, "tls": tls });
    clock.say(json!({ "listening": listens }))?;
    let (mut paused, mut well) = (None, false);
    for _ in 0..arguments.sessions {
        let (socket, from) = listener.accept()?;
        clock.say(json!({ "connected": from.to_string() }))?;
        let mut connection = Connection::new(accept(socket, identity.as_ref())?)?;
        let (end, session_id) = serve(arguments, clock, &mut connection, paused)?;
        clock.say(json!({ "ended": format!("{end:?}"), "well": is_well(end) }))?;
        paused = (end == End::Paused).then_some(session_id);
        well = is_well(end);
    }
    Ok(well)
}

/// One session: how it ended, and its number.
fn serve(
    arguments: &Arguments,
    clock: Clock,
    connection: &mut Connection,
    paused: Option<[u8; 8]>,
) -> Result<(End, [u8; 8])> {
    let services: Vec<Service> = match arguments.service.as_slice() {
        [] => vec![Service::Ac, Service::Dc, Service::AcBpt, Service::DcBpt],
        some => some.iter().map(|transfer| transfer.service()).collect(),
    };
    let every = [Generation::Iso20, Generation::Iso2, Generation::Din];
    let spoken: &[Generation] =
        if arguments.protocol.is_empty() { &every } else { &arguments.protocol };
    let protocols = protocols(spoken, &services);
    let timers = timers(1);
    let mut session_id = [0; 8];
    getrandom::fill(&mut session_id)?;
    let every_mode = [ControlMode::Scheduled, ControlMode::Dynamic];
    let offer = Offer {
        evse_id: "DE*ABC*E12345",
        evse_id_din: &[0],
        services: &services,
        three_phases: true,
        ac_voltage: MilliUnits::from_raw(230_000),
        frequency: MilliUnits::from_raw(50_000),
        identification: &[Identification::External],
        control: if arguments.dynamic { &[ControlMode::Dynamic] } else { &every_mode },
        is_free: false,
        pause: true,
        standby: true,
        service_renegotiation: true,
    };
    let settings = SeccSettings { protocols: &protocols, session_id, paused, timers: &timers };
    let mut station = Station::new(settings, &offer, clock.now());
    let price_levels = arguments.price_levels;
    let mut outlet = Outlet { voltage: MilliUnits::default(), price_levels };
    let mut out = vec![0; 16_384];
    loop {
        while let Some(event) = station.poll_event() {
            clock.say(json!({ "event": format!("{event:?}") }))?;
            if let Event::Ended(end) = event {
                return Ok((end, station.secc().session_id()));
            }
        }
        let (kind, request) = match connection.receive(clock, station.poll_timeout())? {
            Received::Message(kind, request) => (kind, request),
            Received::Timeout => {
                station.handle_timeout(clock.now());
                continue;
            }
            Received::Closed => bail!("the vehicle has left in phase {:?}", station.phase()),
        };
        let received = name_of(station.secc().protocol(), kind, &request);
        clock.say(json!({ "received": received }))?;
        let (now, seconds) = (clock.now(), Clock::seconds());
        let sent = match station.handle_message(now, seconds, kind, &request, &mut out) {
            Output::Send(kind, length) => Some((kind, length)),
            Output::Ask(question) => {
                let mut message = vec![0; 4096];
                let id = station.secc().session_id();
                let answer = outlet.answer(&question, id, &mut message)?;
                Some(station.answer(now, seconds, &answer, &mut out)?)
            }
            _ => None,
        };
        if let Some((kind, length)) = sent {
            connection.send(kind, out.get(..length).unwrap_or_default())?;
        }
    }
}

/// Power electronics whose voltage and current are at once what is asked for.
struct Outlet {
    voltage: MilliUnits,
    price_levels: bool,
}

impl Outlet {
    fn answer<'m>(
        &mut self,
        question: &Question,
        session_id: [u8; 8],
        message: &'m mut [u8],
    ) -> Result<Answer<'m>> {
        let schedule = Schedule::constant(MilliUnits::from_raw(50_000_000), 86_400);
        let present = |voltage, current| Present {
            voltage,
            current,
            power: Some(MilliUnits::from_raw(11_000_000)),
            target_power: Some(MilliUnits::from_raw(11_000_000)),
            ..Present::default()
        };
        let nothing = MilliUnits::default();
        Ok(match question {
            Question::Limits { .. } => Answer::Limits(limits(), schedule),
            Question::Schedule { control: ControlMode::Scheduled, .. } if self.price_levels => {
                let length = prices::one_step(&session_id, Clock::seconds(), 50, message)?;
                Answer::Message(message.get(..length).unwrap_or_default())
            }
            Question::Schedule { .. } => schedule.map_or(Answer::Ongoing, Answer::Schedule),
            Question::PreCharge { voltage, .. } => {
                self.voltage = *voltage;
                Answer::Present(present(self.voltage, nothing))
            }
            Question::Deliver(demand) => {
                let voltage = demand.voltage.unwrap_or(self.voltage);
                Answer::Present(present(voltage, demand.current.unwrap_or(nothing)))
            }
            Question::Welding => Answer::Present(present(nothing, nothing)),
            Question::Message(ask) => {
                let name = format!("{}Res", ask.request.base());
                let seconds = Clock::seconds();
                let length = minimal_message(ask.set, &name, &session_id, seconds, &[], message)?;
                Answer::Message(message.get(..length).unwrap_or_default())
            }
            _ => Answer::Done,
        })
    }
}
