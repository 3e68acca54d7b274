//! What the station and the vehicle over TCP share: the connection with its V2GTP frames, the clock, and what they print.
//!
//! The engines of `evse-iso15118` know no sockets, clocks or threads. These programs lend them all three: the whole of it is
//! a loop that waits for octets until the engine's next deadline.

mod connection;
pub mod prices;
pub mod sdp;
#[cfg(feature = "tls")]
pub mod tls;

use std::io::Write as _;

use anyhow::Result;
use clap::ValueEnum;
use evse_iso15118::MilliUnits;
use evse_iso15118::SchemaSet;
use evse_iso15118::session::{End, Facts, Instant, Limits, Protocol, Service, Timer, Timers};
use evse_iso15118::v2gtp::PayloadType;
use serde_json::{Value, json};

pub use connection::{Connection, Received, Stream};

/// A generation of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Generation {
    /// DIN SPEC 70121.
    Din,
    /// ISO 15118-2.
    Iso2,
    /// ISO 15118-20.
    Iso20,
}

/// How energy is transferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Transfer {
    /// Alternating current.
    Ac,
    /// Direct current.
    Dc,
    /// Alternating current, both directions (-20).
    AcBpt,
    /// Direct current, both directions (-20).
    DcBpt,
}

impl Transfer {
    /// The service.
    #[must_use]
    pub const fn service(self) -> Service {
        match self {
            Self::Ac => Service::Ac,
            Self::Dc => Service::Dc,
            Self::AcBpt => Service::AcBpt,
            Self::DcBpt => Service::DcBpt,
        }
    }
}

/// The protocols of these generations that have one of these services.
#[must_use]
pub fn protocols(generations: &[Generation], services: &[Service]) -> Vec<Protocol> {
    let of = |generation: &Generation| match generation {
        Generation::Din => &[Protocol::Din70121][..],
        Generation::Iso2 => &[Protocol::Iso2],
        Generation::Iso20 => &[Protocol::Iso20Dc, Protocol::Iso20Ac],
    };
    let all = generations.iter().flat_map(of).copied();
    all.filter(|protocol| services.iter().any(|service| service.is_of(*protocol))).collect()
}

/// The limits of a charger of 50 kW, and of a vehicle that takes as much.
#[must_use]
pub fn limits() -> Limits {
    let units = |units: i64| Some(MilliUnits::from_raw(units * 1000));
    Limits {
        max_voltage: units(500),
        min_voltage: units(150),
        max_current: units(125),
        min_current: units(0),
        max_power: units(50_000),
        min_power: units(0),
        max_discharge_current: units(25),
        max_discharge_power: units(10_000),
        min_discharge_power: units(0),
    }
}

/// The standard's timers, those of a response `patience` times as long: for peers that are slow to answer.
#[must_use]
pub fn timers(patience: u32) -> Timers {
    let mut timers = Timers::STANDARD;
    for timer in [Timer::Message, Timer::LongMessage, Timer::LoopMessage] {
        let longest = timer.info().iso20.or(timer.info().iso2);
        if let Some(millis) = longest.filter(|_| patience > 1) {
            timers = timers.with(timer, millis.saturating_mul(patience));
        }
    }
    timers
}

/// Session time from the start of the program, and the time of day.
#[derive(Debug, Clone, Copy)]
pub struct Clock(std::time::Instant);

impl Clock {
    /// Starts now.
    #[must_use]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Milliseconds since the start.
    #[must_use]
    pub fn millis(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The engines' time.
    #[must_use]
    pub fn now(&self) -> Instant {
        Instant::from_millis(self.millis())
    }

    /// Seconds since 1970-01-01T00:00Z, which the headers of -20 bear.
    #[must_use]
    pub fn seconds() -> u64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |since| since.as_secs())
    }

    /// Prints a line of JSON with the time.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn say(&self, mut line: Value) -> Result<()> {
        if let Value::Object(members) = &mut line {
            members.insert("at_ms".to_owned(), json!(self.millis()));
        }
        let mut out = std::io::stdout().lock();
        writeln!(out, "{line}")?;
        Ok(out.flush()?)
    }
}

/// Words to people, on standard error.
#[expect(clippy::print_stderr, reason = "where a tool says what went wrong")]
pub fn complain(words: &str) {
    eprintln!("{words}");
}

/// The name of a message, for people.
#[must_use]
pub fn name_of(protocol: Option<Protocol>, kind: PayloadType, payload: &[u8]) -> String {
    let set = match protocol {
        None => Some(SchemaSet::AppProtocol),
        Some(protocol) => protocol.set_of(kind),
    };
    let facts = set.and_then(|set| Facts::of(set, payload).ok());
    let name = facts.map(|facts| facts.message).filter(|name| !name.is_empty());
    name.map_or_else(|| format!("{:04x}", kind.to_raw()), str::to_owned)
}

/// Whether a session ended as it should: stopped or paused by the vehicle.
#[must_use]
pub const fn is_well(end: End) -> bool {
    matches!(end, End::Terminated | End::Paused)
}
