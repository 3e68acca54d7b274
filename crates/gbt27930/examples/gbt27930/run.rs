//! `run`: one side of a session in virtual time.

use std::collections::VecDeque;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use evse_gbt27930::candump::Record;
use evse_gbt27930::codes::ChargeMode;
use evse_gbt27930::message::{ChargerStopCause, VehicleStopCause};
use evse_gbt27930::session::{Bms, Charger, Event, Lists, State};
use evse_gbt27930::transport::Control;
use evse_gbt27930::units::{DeciAmps, DeciVolts};
use evse_gbt27930::{Edition, Frame, Instant, MessageKind, PF_TP_CM, PF_TP_DT, Party};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::decode::upper_hex;
use crate::encode::unhex;
use crate::input::{lines, read};

/// How long the other side's transport layer takes to answer under `--auto-tp`.
const ANSWER_MS: u64 = 2;

/// A line of the script. Members that are not known here are another project's and mean nothing to us.
#[derive(Deserialize)]
struct Line {
    t_ms: u64,
    rx: Option<String>,
    host: Option<Host>,
}

/// What the host says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Host {
    Connected,
    Insulation { result: Insulation },
    Ready { value: bool },
    Stop { causes: Vec<String> },
    Pause,
    Resume,
    Measured { voltage_dv: i32, current_da: i32 },
    Demand { voltage_dv: i32, current_da: i32, mode: Mode },
    Payload { message: String, payload_hex: String },
    Unplugged,
    OperatorReset,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Insulation {
    Passed,
    Failed,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Cv,
    Cc,
}

pub(crate) fn run(
    role: Party,
    edition: Edition,
    auto_tp: bool,
    file: &Path,
    out: &mut impl Write,
) -> Result<()> {
    let text = read(file)?;
    let mut player = Player::new(role, edition, auto_tp, out);
    player.line(0, "state", player.engine.state().name(), Map::new())?;
    let mut last = 0;
    for (number, line) in lines(&text) {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let place = || format!("{}:{number}", file.display());
        let line: Line = serde_json::from_slice(line).with_context(place)?;
        if line.t_ms < last {
            return Err(anyhow!("t_ms {} after {last}: time goes back", line.t_ms))
                .with_context(place);
        }
        last = line.t_ms;
        player.advance(last)?;
        if let Some(frame) = &line.rx {
            let frame = frame_of(frame).with_context(place)?;
            player.receive(last, &frame)?;
        }
        if let Some(host) = &line.host {
            player.engine.tell(last, host, &mut player.lists).with_context(place)?;
            player.drain(last)?;
        }
    }
    player.out.flush()?;
    Ok(())
}

fn frame_of(text: &str) -> Result<Frame> {
    let record = Record::parse(text.as_bytes())?.context("rx: no ID#DATA")?;
    record.frame.context("rx: not a data frame with 8 digits of identifier")
}

/// The engine under test with the clock, the script's other half of the transport layer, and the output.
struct Player<'a, W> {
    engine: Engine,
    memory: [u8; 1785],
    lists: OwnedLists,
    /// Answers of the other side's transport layer, by time.
    answers: VecDeque<(u64, Frame)>,
    /// Packets of our transfer that the other side waits for: announced size, packets, group number.
    announced: Option<(u16, u8, u32)>,
    auto_tp: bool,
    out: &'a mut W,
}

impl<'a, W: Write> Player<'a, W> {
    fn new(role: Party, edition: Edition, auto_tp: bool, out: &'a mut W) -> Self {
        let engine = match role {
            Party::Charger => Engine::Charger(Box::new(Charger::new(edition))),
            Party::Bms => Engine::Bms(Box::new(Bms::new(edition))),
        };
        Self {
            engine,
            memory: [0; 1785],
            lists: OwnedLists::default(),
            answers: VecDeque::new(),
            announced: None,
            auto_tp,
            out,
        }
    }

    /// Everything that is due until then, then included: time-outs before the answers of one time.
    fn advance(&mut self, until: u64) -> Result<()> {
        loop {
            let timer = self.engine.poll_timeout().map(Instant::as_millis);
            let answer = self.answers.front().map(|(at, _)| *at);
            match (timer, answer) {
                (Some(at), other) if at <= until && other.is_none_or(|other| at <= other) => {
                    self.engine.handle_timeout(Instant::from_millis(at), &mut self.memory);
                    self.drain(at)?;
                }
                (_, Some(at)) if at <= until => {
                    if let Some((at, frame)) = self.answers.pop_front() {
                        self.receive(at, &frame)?;
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    fn receive(&mut self, at: u64, frame: &Frame) -> Result<()> {
        self.engine.handle_frame(Instant::from_millis(at), frame, &mut self.memory);
        self.drain(at)
    }

    /// Events, then frames, until there are no more.
    fn drain(&mut self, at: u64) -> Result<()> {
        loop {
            while let Some(event) = self.engine.poll_event() {
                self.event(at, &event)?;
            }
            let Some(frame) = self.engine.poll_transmit(&self.lists) else { return Ok(()) };
            self.line(at, "tx", &frame.to_string(), Map::new())?;
            self.answer(at, &frame);
        }
    }

    /// What the other side's transport layer says to a frame of ours.
    fn answer(&mut self, at: u64, frame: &Frame) {
        if !self.auto_tp {
            return;
        }
        let by = self.engine.party().peer();
        let answer = match (frame.id().pf(), <&[u8; 8]>::try_from(frame.data())) {
            (PF_TP_CM, Ok(data)) => match Control::decode(data) {
                Some(Control::RequestToSend { size, packets, pgn, .. }) => {
                    self.announced = Some((size, packets, pgn));
                    Control::ClearToSend { packets, next: 1, pgn }
                }
                _ => return,
            },
            (PF_TP_DT, Ok(&[number, ..])) => match self.announced {
                Some((size, packets, pgn)) if packets == number => {
                    self.announced = None;
                    Control::EndOfMessage { size, packets, pgn }
                }
                _ => return,
            },
            _ => return,
        };
        self.answers.push_back((at + ANSWER_MS, answer.encode(by)));
    }

    fn event(&mut self, at: u64, event: &Event) -> Result<()> {
        let (name, fields) = match *event {
            Event::StateChanged(state) => {
                return self.line(at, "state", state.name(), Map::new());
            }
            Event::Message { kind, .. } => {
                let payload = upper_hex(self.engine.payload(&self.memory));
                ("message", json!({"message": kind.code(), "payload_hex": payload}))
            }
            Event::StartInsulationTest { voltage: Some(voltage) } => {
                ("start_insulation_test", json!({"voltage_dv": voltage.value()}))
            }
            Event::StartInsulationTest { voltage: None } => ("start_insulation_test", json!({})),
            Event::PrepareOutput => ("prepare_output", json!({})),
            Event::CloseContactors => match self.engine.party() {
                // The charger's host closes K1/K2 after precharging; it is told by `prepare_output` already.
                Party::Charger => ("close_k1k2", json!({})),
                Party::Bms => ("close_k5k6", json!({})),
            },
            Event::OpenContactors => match self.engine.party() {
                Party::Charger => ("open_k1k2", json!({})),
                Party::Bms => ("open_k5k6", json!({})),
            },
            Event::SetOutput { voltage, current } => (
                "set_output",
                json!({"voltage_dv": voltage.map(DeciVolts::value),
                       "current_da": current.map(DeciAmps::value)}),
            ),
            Event::OutputOff => ("output_off", json!({})),
            Event::PauseOutput => ("pause_output", json!({})),
            Event::ResumeOutput => ("resume_output", json!({})),
            Event::Stop { by, causes } => {
                ("stop", json!({"by": by, "causes": causes.names().collect::<Vec<_>>()}))
            }
            Event::Timeout { waiting_for } => {
                ("timeout", json!({"waiting_for": waiting_for.name()}))
            }
            Event::PeerError { payload } => {
                let message = match self.engine.party() {
                    Party::Charger => MessageKind::Bem,
                    Party::Bms => MessageKind::Cem,
                };
                let payload = upper_hex(&payload);
                ("peer_error", json!({"message": message.code(), "payload_hex": payload}))
            }
            Event::Reconnect { attempt } => ("reconnect", json!({"attempt": attempt})),
            Event::SessionEnd { done } => {
                let result = if done { "done" } else { "failed" };
                ("session_end", json!({"result": result, "errors": self.engine.errors()}))
            }
            _ => ("other", json!({})),
        };
        let fields = if let Value::Object(fields) = fields { fields } else { Map::new() };
        self.line(at, "event", name, fields)
    }

    fn line(&mut self, at: u64, key: &str, value: &str, fields: Map<String, Value>) -> Result<()> {
        let mut line = Map::new();
        line.insert("t_ms".to_owned(), at.into());
        line.insert(key.to_owned(), value.into());
        line.extend(fields);
        serde_json::to_writer(&mut *self.out, &line)?;
        self.out.write_all(b"\n")?;
        Ok(())
    }
}

/// Payloads of the optional lists.
#[derive(Default)]
struct OwnedLists {
    cell_voltages: Vec<u8>,
    temperatures: Vec<u8>,
    reserved: Vec<u8>,
}

/// Either engine.
enum Engine {
    Charger(Box<Charger>),
    Bms(Box<Bms>),
}

impl Engine {
    const fn party(&self) -> Party {
        match self {
            Self::Charger(_) => Party::Charger,
            Self::Bms(_) => Party::Bms,
        }
    }

    fn state(&self) -> State {
        match self {
            Self::Charger(charger) => charger.state(),
            Self::Bms(bms) => bms.state(),
        }
    }

    fn payload<'a>(&'a self, memory: &'a [u8]) -> &'a [u8] {
        match self {
            Self::Charger(charger) => charger.payload(memory),
            Self::Bms(bms) => bms.payload(memory),
        }
    }

    /// Own time-outs by the names of CEM or BEM, the peer's with `peer_` in front, and what else went wrong.
    fn errors(&self) -> Vec<String> {
        let (own, peer, mishaps): (Vec<_>, Vec<_>, _) = match self {
            Self::Charger(charger) => (
                charger.timeouts().iter().map(|item| item.name()).collect(),
                charger.peer_timeouts().iter().map(|item| item.name()).collect(),
                charger.mishaps(),
            ),
            Self::Bms(bms) => (
                bms.timeouts().iter().map(|item| item.name()).collect(),
                bms.peer_timeouts().iter().map(|item| item.name()).collect(),
                bms.mishaps(),
            ),
        };
        own.into_iter()
            .map(str::to_owned)
            .chain(peer.into_iter().map(|name| format!("peer_{name}")))
            .chain(mishaps.names().map(str::to_owned))
            .collect()
    }

    fn handle_frame(&mut self, now: Instant, frame: &Frame, memory: &mut [u8]) {
        match self {
            Self::Charger(charger) => charger.handle_frame(now, frame, memory),
            Self::Bms(bms) => bms.handle_frame(now, frame, memory),
        }
    }

    fn handle_timeout(&mut self, now: Instant, memory: &mut [u8]) {
        match self {
            Self::Charger(charger) => charger.handle_timeout(now, memory),
            Self::Bms(bms) => bms.handle_timeout(now, memory),
        }
    }

    fn poll_event(&mut self) -> Option<Event> {
        match self {
            Self::Charger(charger) => charger.poll_event(),
            Self::Bms(bms) => bms.poll_event(),
        }
    }

    fn poll_transmit(&mut self, lists: &OwnedLists) -> Option<Frame> {
        match self {
            Self::Charger(charger) => charger.poll_transmit(),
            Self::Bms(bms) => bms.poll_transmit(&Lists {
                cell_voltages: &lists.cell_voltages,
                temperatures: &lists.temperatures,
                reserved: &lists.reserved,
            }),
        }
    }

    fn poll_timeout(&self) -> Option<Instant> {
        match self {
            Self::Charger(charger) => charger.poll_timeout(),
            Self::Bms(bms) => bms.poll_timeout(),
        }
    }

    fn tell(&mut self, at: u64, host: &Host, lists: &mut OwnedLists) -> Result<()> {
        let now = Instant::from_millis(at);
        match (self, host) {
            (Self::Charger(charger), Host::Connected) => charger.connected(now),
            (Self::Bms(bms), Host::Connected) => bms.connected(now),
            (Self::Charger(charger), Host::Insulation { result }) => {
                charger.insulation_result(now, *result == Insulation::Passed);
            }
            (Self::Charger(charger), Host::Ready { value }) => charger.set_ready(now, *value),
            (Self::Bms(bms), Host::Ready { value }) => bms.set_ready(now, *value),
            (Self::Charger(charger), Host::Stop { causes }) => {
                let mut set = charger.no_causes();
                for name in causes {
                    let cause = ChargerStopCause::from_name(name);
                    set = set.with(cause.with_context(|| format!("no cause {name:?} in CST"))?);
                }
                charger.stop(now, set);
            }
            (Self::Bms(bms), Host::Stop { causes }) => {
                let mut set = bms.no_causes();
                for name in causes {
                    let cause = VehicleStopCause::from_name(name);
                    set = set.with(cause.with_context(|| format!("no cause {name:?} in BST"))?);
                }
                bms.stop(now, set);
            }
            (Self::Charger(charger), Host::Pause) => charger.pause(now),
            (Self::Bms(bms), Host::Pause) => bms.pause(now),
            (Self::Charger(charger), Host::Resume) => charger.resume(now),
            (Self::Bms(bms), Host::Resume) => bms.resume(now),
            (Self::Charger(charger), Host::Measured { voltage_dv, current_da }) => {
                charger.measured(volts(*voltage_dv)?, amps(*current_da)?);
            }
            (Self::Bms(bms), Host::Measured { voltage_dv, current_da }) => {
                bms.measured(now, volts(*voltage_dv)?, amps(*current_da)?);
            }
            (Self::Bms(bms), Host::Demand { voltage_dv, current_da, mode }) => {
                let mode = match mode {
                    Mode::Cv => ChargeMode::ConstantVoltage,
                    Mode::Cc => ChargeMode::ConstantCurrent,
                };
                bms.demand(volts(*voltage_dv)?, amps(*current_da)?, mode)?;
            }
            (engine, Host::Payload { message, payload_hex }) => {
                let payload = unhex(payload_hex).context("payload_hex")?;
                engine.set_content(message, payload, lists)?;
            }
            (Self::Charger(charger), Host::Unplugged) => charger.unplugged(now),
            (Self::Bms(bms), Host::Unplugged) => bms.unplugged(now),
            (Self::Charger(charger), Host::OperatorReset) => charger.operator_reset(),
            (Self::Bms(bms), Host::OperatorReset) => bms.operator_reset(),
            (Self::Bms(_), Host::Insulation { .. }) => {
                bail!("insulation: the charger's host says this")
            }
            (Self::Charger(_), Host::Demand { .. }) => {
                bail!("demand: the vehicle's host says this")
            }
        }
        Ok(())
    }

    fn set_content(&mut self, code: &str, payload: Vec<u8>, lists: &mut OwnedLists) -> Result<()> {
        let kind = MessageKind::from_code(code).with_context(|| format!("no message {code:?}"))?;
        match (self, kind) {
            (Self::Charger(charger), _) => charger.set_content(kind, &payload)?,
            (Self::Bms(_), MessageKind::Bmv | MessageKind::Bmt | MessageKind::Bsp) => {
                if payload.len() > 1785 {
                    bail!("{code}: {} bytes, at most 1785", payload.len());
                }
                match kind {
                    MessageKind::Bmv => lists.cell_voltages = payload,
                    MessageKind::Bmt => lists.temperatures = payload,
                    _ => lists.reserved = payload,
                }
            }
            (Self::Bms(bms), _) => bms.set_content(kind, &payload)?,
        }
        Ok(())
    }
}

fn volts(deci: i32) -> Result<DeciVolts> {
    DeciVolts::from_value(deci).context("voltage_dv: out of range")
}

fn amps(deci: i32) -> Result<DeciAmps> {
    DeciAmps::from_value(deci).context("current_da: out of range")
}
