//! `run`: one side of a session in virtual time, as JSON Lines.
//!
//! In: `{"at_ms", "exi_hex", "payload_type"}` a message of the other side (the type as `frames` names it in hexadecimal, 8001
//! by default), `{"at_ms", "answer": ...}` the charger's answer to a question instead of its own, `{"at_ms", "notify": ...}`,
//! `{"at_ms", "want": ...}` what a vehicle wants, `{"at_ms", "ask": "Status"}` a vehicle of ACDP asks for the charger's state,
//! `{"at_ms"}` time alone. Out: `sends`, `asks`, `hears` what was asked for, `event`.

use std::io::Write as _;

use anyhow::{Context as _, Result, bail, ensure};
use clap::ValueEnum;
use evse_iso15118::MilliUnits;
use evse_iso15118::session::{
    Answer, ControlMode, Event, Identification, Instant, Limits, NextError, Notification, Output,
    Phase, Present, Protocol, Question, Schedule, SeccSettings, Service, State, Station, Timers,
    Turn, Vehicle, Want, Wish, minimal_message,
};
use evse_iso15118::v2gtp::PayloadType;
use serde_json::{Value, json};

use crate::devices::{self, ACDP_VEHICLE, OFFER, WPT_CHARGER, WPT_VEHICLE};
use crate::json::{from_hex, hex};

#[derive(clap::Args)]
pub(crate) struct Run {
    /// The side that runs here.
    #[arg(long, value_enum)]
    role: Role,
    /// The protocol that it speaks.
    #[arg(long, value_enum)]
    protocol: Name,
    /// How energy is transferred; by default as the protocol says, in ISO 15118-2 with DC.
    #[arg(long, value_enum)]
    service: Option<Transfer>,
    /// The control mode of -20.
    #[arg(long, value_enum, default_value = "scheduled")]
    control: Control,
    /// The session number that a charger gives, 16 hexadecimal digits.
    #[arg(long, default_value = "0102030405060708")]
    session_id: String,
    /// Virtual time of day at `at_ms` 0, seconds since 1970-01-01T00:00Z.
    #[arg(long, default_value = "1700000000")]
    seconds: u64,
    /// A file, or `-` for standard input.
    #[arg(default_value = "-")]
    file: std::path::PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Role {
    Secc,
    Evcc,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Name {
    Din70121,
    #[value(name = "iso15118_2")]
    Iso2,
    #[value(name = "iso20_ac")]
    Iso20Ac,
    #[value(name = "iso20_dc")]
    Iso20Dc,
    #[value(name = "iso20_wpt")]
    Iso20Wpt,
    #[value(name = "iso20_acdp")]
    Iso20Acdp,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Transfer {
    Ac,
    Dc,
    AcBpt,
    DcBpt,
    Wpt,
    Acdp,
    AcdpBpt,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Control {
    Scheduled,
    Dynamic,
}

fn milli(units: i64) -> Option<MilliUnits> {
    Some(MilliUnits::from_raw(units * 1000))
}

/// A charger of 50 kW, or a vehicle that takes as much.
fn limits() -> Limits {
    Limits {
        max_voltage: milli(500),
        min_voltage: milli(150),
        max_current: milli(125),
        min_current: milli(0),
        max_power: milli(50_000),
        min_power: milli(0),
        max_discharge_current: milli(25),
        max_discharge_power: milli(10_000),
        min_discharge_power: milli(0),
    }
}

impl Run {
    /// Runs the script; tells whether every line was understood and sent what it should.
    pub(crate) fn run(&self) -> Result<bool> {
        let protocol = [match self.protocol {
            Name::Din70121 => Protocol::Din70121,
            Name::Iso2 => Protocol::Iso2,
            Name::Iso20Ac => Protocol::Iso20Ac,
            Name::Iso20Dc => Protocol::Iso20Dc,
            Name::Iso20Wpt => Protocol::Iso20Wpt,
            Name::Iso20Acdp => Protocol::Iso20Acdp,
        }];
        let service = match (self.service, self.protocol) {
            (Some(Transfer::Ac), _) | (None, Name::Iso20Ac) => Service::Ac,
            (Some(Transfer::Dc), _) => Service::Dc,
            (Some(Transfer::AcBpt), _) => Service::AcBpt,
            (Some(Transfer::DcBpt), _) => Service::DcBpt,
            (Some(Transfer::Wpt), _) | (None, Name::Iso20Wpt) => Service::Wpt,
            (Some(Transfer::Acdp), _) | (None, Name::Iso20Acdp) => Service::Acdp,
            (Some(Transfer::AcdpBpt), _) => Service::AcdpBpt,
            (None, Name::Din70121 | Name::Iso2 | Name::Iso20Dc) => Service::Dc,
        };
        let control = match self.control {
            Control::Scheduled => ControlMode::Scheduled,
            Control::Dynamic => ControlMode::Dynamic,
        };
        ensure!(service.is_of(protocol[0]), "the protocol has no such service");
        let id = from_hex(&self.session_id).and_then(|id| <[u8; 8]>::try_from(id).ok());
        let session_id = id.context("--session-id: expected 16 hexadecimal digits")?;
        let timers = Timers::STANDARD;
        match self.role {
            Role::Secc => {
                let settings = SeccSettings {
                    protocols: &protocol,
                    session_id,
                    paused: None,
                    timers: &timers,
                };
                let station = Station::new(settings, &OFFER, Instant::from_millis(0));
                let station = station.with_wpt(&WPT_CHARGER);
                self.each(Charger { station, voltage: 0 })
            }
            Role::Evcc => {
                let wish = Wish {
                    evcc_id: [2, 0, 0, 0, 0, 1],
                    evcc_id_text: "WMIV1234567890ABCDEX",
                    service,
                    three_phases: true,
                    control,
                    identification: Identification::External,
                    tolerance: MilliUnits::from_raw(20_000),
                };
                let now = Instant::from_millis(0);
                let mut vehicle = Vehicle::new(&protocol, &wish, &timers, None, now);
                vehicle.set_wpt(WPT_VEHICLE);
                vehicle.set_acdp(ACDP_VEHICLE);
                let state = State {
                    limits: limits(),
                    target_voltage: MilliUnits::from_raw(400_000),
                    target_current: MilliUnits::from_raw(100_000),
                    present_voltage: MilliUnits::from_raw(400_000),
                    ..State::default()
                };
                self.each(Car { vehicle, state })
            }
        }
    }

    fn each(&self, mut side: impl Side) -> Result<bool> {
        let mut out = std::io::stdout().lock();
        let (mut all_well, mut now) = (true, 0);
        let mut show = |mut line: Value, at: u64| -> Result<()> {
            line["at_ms"] = json!(at);
            Ok(writeln!(out, "{line}")?)
        };
        for line in side.begin()? {
            show(line, 0)?;
        }
        for (number, line) in std::io::BufRead::lines(crate::open(&self.file)?).enumerate() {
            let line = line?;
            if line.trim().is_empty() {
                continue;
            }
            let told = serde_json::from_str::<Value>(&line)
                .context("expected a line of JSON")
                .and_then(|line| {
                    let at = line.get("at_ms").map_or(Some(now), Value::as_u64);
                    let at = at.context("`at_ms`: expected a number of milliseconds")?;
                    ensure!(at >= now, "`at_ms`: time goes backward");
                    now = at;
                    side.line(&line, at, self.seconds + at / 1000)
                });
            match told {
                Ok(lines) => {
                    for line in lines {
                        show(line, now)?;
                    }
                }
                Err(error) => {
                    eprintln!("{}:{}: {error:#}", self.file.display(), number + 1);
                    show(json!({ "error": format!("{error:#}") }), now)?;
                    all_well = false;
                }
            }
        }
        Ok(all_well)
    }
}

/// A side of the session that reads a line and says what follows.
trait Side {
    fn begin(&mut self) -> Result<Vec<Value>>;
    fn line(&mut self, line: &Value, at: u64, seconds: u64) -> Result<Vec<Value>>;
}

/// The message of a line, if it has one.
fn message(line: &Value) -> Result<Option<(PayloadType, Vec<u8>)>> {
    let Some(exi) = line.get("exi_hex") else { return Ok(None) };
    let octets = exi.as_str().and_then(from_hex).context("`exi_hex`: expected hexadecimal")?;
    let kind = match line.get("payload_type") {
        None => 0x8001,
        Some(kind) => kind
            .as_str()
            .and_then(|text| u16::from_str_radix(text.trim_start_matches("0x"), 16).ok())
            .context("`payload_type`: expected four hexadecimal digits")?,
    };
    Ok(Some((PayloadType::from_raw(kind), octets)))
}

fn sends(payload_type: PayloadType, octets: &[u8]) -> Value {
    let kind = format!("{:04x}", payload_type.to_raw());
    json!({ "sends": { "payload_type": kind, "exi_hex": hex(octets.iter().copied()) } })
}

fn event(event: Event) -> Value {
    json!({ "event": format!("{event:?}") })
}

struct Charger<'s> {
    station: Station<'s>,
    voltage: i64,
}

impl Charger<'_> {
    /// What a charger answers that is well and whose voltage rises at once.
    fn answer(&mut self, question: &Question) -> Answer<'static> {
        let schedule = Schedule::constant(MilliUnits::from_raw(50_000_000), 86_400);
        let present = |voltage: i64, current: i64| {
            Answer::Present(Present {
                voltage: MilliUnits::from_raw(voltage),
                current: MilliUnits::from_raw(current),
                ..Present::default()
            })
        };
        match question {
            Question::Limits { .. } | Question::WptLimits(_) => Answer::Limits(limits(), schedule),
            Question::Schedule { .. } => schedule.map_or(Answer::Ongoing, Answer::Schedule),
            Question::PreCharge { voltage, .. } => {
                self.voltage = voltage.raw();
                present(self.voltage, 0)
            }
            Question::Deliver(demand) => {
                let voltage = demand.voltage.map_or(self.voltage, MilliUnits::raw);
                present(voltage, demand.current.map_or(0, MilliUnits::raw))
            }
            Question::Welding => present(0, 0),
            _ => Answer::Done,
        }
    }
}

impl Side for Charger<'_> {
    fn begin(&mut self) -> Result<Vec<Value>> {
        Ok(Vec::new())
    }

    fn line(&mut self, line: &Value, at: u64, seconds: u64) -> Result<Vec<Value>> {
        let now = Instant::from_millis(at);
        let mut lines = Vec::new();
        self.station.handle_timeout(now);
        if let Some(notify) = line.get("notify") {
            self.station.notify(match notify.as_str() {
                Some("None") => Notification::None,
                Some("Stop") => Notification::Stop,
                Some("Renegotiate") => Notification::Renegotiate,
                Some("Pause") => Notification::Pause,
                Some("RenegotiateService") => Notification::RenegotiateService,
                _ => {
                    bail!("`notify`: expected None, Stop, Renegotiate, Pause or RenegotiateService")
                }
            });
        }
        if let Some((payload_type, octets)) = message(line)? {
            let mut out = vec![0; 16_384];
            let station = &mut self.station;
            match station.handle_message(now, seconds, payload_type, &octets, &mut out) {
                Output::Send(kind, length) => lines.push(sends(kind, &out[..length])),
                Output::Ask(question) => {
                    lines.push(json!({ "asks": format!("{question:?}") }));
                    let is_ongoing = line.get("answer").is_some_and(|a| a == "Ongoing");
                    let id = self.station.secc().session_id();
                    let mut own = vec![0; 4096];
                    let answer = match question {
                        Question::Message(ask) => {
                            let name = format!("{}Res", ask.request.base());
                            let length =
                                minimal_message(ask.set, &name, &id, seconds, &[], &mut own)?;
                            Answer::Message(&own[..length])
                        }
                        question => match devices::answer(&question, !is_ongoing) {
                            Some(answer) => answer,
                            None if is_ongoing => Answer::Ongoing,
                            None => self.answer(&question),
                        },
                    };
                    let (kind, length) = self.station.answer(now, seconds, &answer, &mut out)?;
                    lines.push(sends(kind, &out[..length]));
                }
                _ => {}
            }
        }
        lines.extend(core::iter::from_fn(|| self.station.poll_event()).map(event));
        Ok(lines)
    }
}

struct Car<'s> {
    vehicle: Vehicle<'s>,
    state: State,
}

impl Side for Car<'_> {
    fn begin(&mut self) -> Result<Vec<Value>> {
        let mut out = vec![0; 1024];
        let length = self.vehicle.handshake(&mut out)?;
        Ok(vec![sends(PayloadType::Sap, &out[..length])])
    }

    fn line(&mut self, line: &Value, at: u64, seconds: u64) -> Result<Vec<Value>> {
        let now = Instant::from_millis(at);
        let mut lines = Vec::new();
        self.vehicle.handle_timeout(now);
        if let Some(want) = line.get("want") {
            self.state.want = match want.as_str() {
                Some("Charge") => Want::Charge,
                Some("Stop") => Want::Stop,
                Some("Pause") => Want::Pause,
                Some("Renegotiate") => Want::Renegotiate,
                Some("RenegotiateService") => Want::RenegotiateService,
                Some("Standby") => Want::Standby,
                _ => bail!(
                    "`want`: expected Charge, Stop, Pause, Renegotiate, RenegotiateService or Standby"
                ),
            };
        }
        if let Some(ask) = line.get("ask") {
            ensure!(ask == "Status", "`ask`: expected Status");
            let mut out = [0; 256];
            let (kind, length) = self.vehicle.ask_status(now, seconds, &mut out)?;
            lines.push(sends(kind, &out[..length]));
        }
        if let Some((payload_type, octets)) = message(line)? {
            let turn = self.vehicle.handle_message(now, payload_type, &octets);
            lines.extend(core::iter::from_fn(|| self.vehicle.poll_event()).map(event));
            let goes_on = !matches!(turn, Turn::Nothing | Turn::Aside(..));
            if let Some(system) = self.vehicle.acdp().system.filter(|_| !goes_on) {
                lines.push(json!({ "hears": format!("{system:?}") }));
            }
            if goes_on && self.vehicle.phase() != Phase::Ended {
                let mut out = vec![0; 16_384];
                match self.vehicle.next(now, seconds, &self.state, &mut out) {
                    Ok((kind, length)) => lines.push(sends(kind, &out[..length])),
                    Err(NextError::Host) => {
                        lines.push(json!({ "asks": "the request of the host" }));
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        lines.extend(core::iter::from_fn(|| self.vehicle.poll_event()).map(event));
        Ok(lines)
    }
}
