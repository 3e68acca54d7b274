//! A vehicle on TCP: finds a station by SDP or an address, charges for some turns of the loop, and stops or pauses. JSON lines
//! on standard output tell what is said and how the session ended.

use core::net::{Ipv6Addr, SocketAddrV6};
use core::time::Duration;
use std::net::TcpStream;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use evse_iso15118::MilliUnits;
use evse_iso15118::discovery::TlsPolicy;
use evse_iso15118::session::{
    ControlMode, End, Event, Identification, Phase, State, Turn, Vehicle, Want, Wish,
};
use evse_iso15118::v2gtp::PayloadType;
use evse_iso15118_tcp::{
    Clock, Connection, Generation, Received, Stream, Transfer, complain, is_well, limits, name_of,
    protocols, sdp, timers,
};
use serde_json::json;

/// A vehicle on TCP, for a bench: charges from a station over DIN 70121, ISO 15118-2 or -20, identified at the station.
///
/// Exit code 0 if the session ended by its stop or pause, 1 if in another way or not at all, 2 for wrong arguments.
#[derive(Parser)]
#[command(name = "v2g-vehicle")]
struct Arguments {
    /// What it speaks, the best first; may be given more than once.
    #[arg(long, value_enum, default_value = "iso2")]
    protocol: Vec<Generation>,
    /// What it wants.
    #[arg(long, value_enum, default_value = "dc")]
    service: Transfer,
    /// -20: follows the station's power instead of a schedule.
    #[arg(long)]
    dynamic: bool,
    /// The station's address, or with `--sdp-port` that at which it asks (`ff02::1` for all nodes).
    #[arg(long, default_value = "::1")]
    address: Ipv6Addr,
    /// Number of the interface that a link-local address is on.
    #[arg(long, default_value = "0")]
    interface: u32,
    /// The station's TCP port.
    #[arg(long, required_unless_present = "sdp_port", conflicts_with = "sdp_port")]
    port: Option<u16>,
    /// Asks by SDP on this UDP port where the station listens (they answer at 15118).
    #[arg(long)]
    sdp_port: Option<u16>,
    /// DC: the battery's voltage, V.
    #[arg(long, default_value = "400", value_parser = clap::value_parser!(i64).range(150..=500))]
    voltage: i64,
    /// Turns of the charge loop before it stops.
    #[arg(long, default_value = "10")]
    turns: u32,
    /// Milliseconds between two turns.
    #[arg(long, default_value = "20")]
    pace_ms: u64,
    /// Pauses instead of stopping (-2, -20).
    #[arg(long)]
    pause: bool,
    /// Joins the paused session of this number, 16 hexadecimal digits.
    #[arg(long, value_parser = session_number)]
    join: Option<[u8; 8]>,
    /// The time it gives a station to answer, in times that of the standard.
    #[arg(long, default_value = "1")]
    patience: u32,
    /// TLS 1.3 with stations whose certificate comes from one in this PEM file; one without TLS is not taken.
    #[cfg(feature = "tls")]
    #[arg(long)]
    tls_trust: Option<std::path::PathBuf>,
    /// The name in the station's certificate.
    #[cfg(feature = "tls")]
    #[arg(long, default_value = evse_iso15118_tcp::tls::NAME)]
    tls_name: String,
}

fn session_number(text: &str) -> Result<[u8; 8], String> {
    let number = u64::from_str_radix(text, 16).ok().filter(|_| text.len() == 16);
    Ok(number.ok_or("expected 16 hexadecimal digits")?.to_be_bytes())
}

impl Arguments {
    fn wants_tls(&self) -> bool {
        #[cfg(feature = "tls")]
        return self.tls_trust.is_some();
        #[cfg(not(feature = "tls"))]
        false
    }

    fn secured(&self, socket: TcpStream) -> Result<Stream> {
        #[cfg(feature = "tls")]
        if let Some(trusted) = &self.tls_trust {
            return evse_iso15118_tcp::tls::connect(socket, trusted, &self.tls_name);
        }
        Ok(Stream::Plain(socket))
    }

    fn connect(&self, clock: Clock) -> Result<Stream> {
        let scoped = |address, port| SocketAddrV6::new(address, port, 0, self.interface);
        let target = match (self.port, self.sdp_port) {
            (Some(port), _) => scoped(self.address, port),
            (None, Some(port)) => {
                let policy = if self.wants_tls() { TlsPolicy::Required } else { TlsPolicy::Never };
                let found = sdp::discover(scoped(self.address, port), policy)?;
                clock.say(json!({ "found": found.address.to_string(), "port": found.port, "tls": found.tls }))?;
                scoped(found.address, found.port)
            }
            (None, None) => bail!("neither --port nor --sdp-port"),
        };
        let socket = TcpStream::connect_timeout(&target.into(), Duration::from_secs(5))
            .with_context(|| format!("connecting to {target}"))?;
        self.secured(socket)
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(end) if is_well(end) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<End> {
    let clock = Clock::start();
    let mut connection = Connection::new(arguments.connect(clock)?)?;
    let service = arguments.service.service();
    let protocols = protocols(&arguments.protocol, &[service]);
    if protocols.is_empty() {
        bail!("no protocol given has this service");
    }
    let timers = timers(arguments.patience);
    let control = if arguments.dynamic { ControlMode::Dynamic } else { ControlMode::Scheduled };
    let wish = Wish {
        evcc_id: [2, 0, 0, 0, 0, 1],
        evcc_id_text: "WMIV1234567890ABCDEX",
        service,
        three_phases: true,
        control,
        identification: Identification::External,
        tolerance: MilliUnits::from_raw(20_000),
    };
    let mut vehicle = Vehicle::new(&protocols, &wish, &timers, arguments.join, clock.now());
    let mut out = vec![0; 16_384];
    let length = vehicle.handshake(&mut out)?;
    connection.send(PayloadType::Sap, out.get(..length).unwrap_or_default())?;
    let mut turns = 0;
    loop {
        while let Some(event) = vehicle.poll_event() {
            clock.say(json!({ "event": format!("{event:?}") }))?;
            if let Event::Ended(end) = event {
                let number: String =
                    vehicle.evcc().session_id().iter().map(|o| format!("{o:02x}")).collect();
                let well = is_well(end);
                clock
                    .say(json!({ "ended": format!("{end:?}"), "well": well, "session": number }))?;
                return Ok(end);
            }
        }
        let (kind, response) = match connection.receive(clock, vehicle.poll_timeout())? {
            Received::Message(kind, response) => (kind, response),
            Received::Timeout => {
                vehicle.handle_timeout(clock.now());
                continue;
            }
            Received::Closed => bail!("the station has left in phase {:?}", vehicle.phase()),
        };
        let received = name_of(vehicle.evcc().protocol(), kind, &response);
        clock.say(json!({ "received": received }))?;
        let turn = vehicle.handle_message(clock.now(), kind, &response);
        if turn == Turn::Nothing || vehicle.phase() == Phase::Ended {
            continue;
        }
        if vehicle.phase() == Phase::Charging {
            turns += 1;
            std::thread::sleep(Duration::from_millis(arguments.pace_ms));
        }
        let state = state(arguments, turns, &vehicle);
        let (kind, length) = vehicle.next(clock.now(), Clock::seconds(), &state, &mut out)?;
        let request = out.get(..length).unwrap_or_default();
        clock.say(json!({ "sends": name_of(vehicle.evcc().protocol(), kind, request) }))?;
        connection.send(kind, request)?;
    }
}

/// The vehicle as it is after so many turns: a battery that takes 100 A.
fn state(arguments: &Arguments, turns: u32, vehicle: &Vehicle<'_>) -> State {
    let wants_more = turns <= arguments.turns;
    State {
        limits: limits(),
        target_voltage: MilliUnits::from_raw(arguments.voltage * 1000),
        target_current: MilliUnits::from_raw(100_000),
        present_voltage: vehicle.heard().present.voltage,
        present_power: MilliUnits::from_raw(11_000_000),
        want: match wants_more {
            true => Want::Charge,
            false if arguments.pause => Want::Pause,
            false => Want::Stop,
        },
        ..State::default()
    }
}
