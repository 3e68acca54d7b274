//! `run`: one side of a session in virtual time.

use std::collections::VecDeque;
use std::io::Write;

use anyhow::{Context, bail, ensure};
use evse_gbt27930::candump::Record;
use evse_gbt27930::codes::{ChargeMode, Fault};
use evse_gbt27930::message::{ChargerStopCause, MessageKind, VehicleStopCause};
use evse_gbt27930::session::{Bms, Charger, Event, Lists, State};
use evse_gbt27930::transport::{Control, LONGEST};
use evse_gbt27930::units::{DeciAmps, DeciVolts, Quantity};
use evse_gbt27930::{Edition, Frame, Instant, PF_TP_CM, PF_TP_DT, Party};
use serde_json::{Value, json};

use crate::Outcome;
use crate::input::{Input, parse_hex, upper_hex};

/// The engine of either side, with what it borrows.
enum Engine {
    Charger(Box<Charger>),
    Bms(Box<Bms>, OwnedLists),
}

#[derive(Default)]
struct OwnedLists {
    cell_voltages: Vec<u8>,
    temperatures: Vec<u8>,
    reserved: Vec<u8>,
}

/// A line of the script.
enum Step {
    Frame(Frame),
    Host(Value),
    Nothing,
}

pub(crate) fn run(
    file: &str,
    role: Party,
    edition: Edition,
    auto_tp: bool,
) -> anyhow::Result<Outcome> {
    let input = Input::read(file)?;
    // The whole script is read before anything is played, so that a mistake in it costs no half-printed run.
    let mut script = Vec::new();
    let mut last = 0;
    for (number, line) in input.lines() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let step =
            parse_step(line, role, last).with_context(|| format!("{}:{number}", input.name))?;
        last = step.0;
        script.push((number, step));
    }
    let mut player = Player::new(role, edition, auto_tp);
    player.print(0, &json!({ "state": state_name(State::Idle) }))?;
    for (number, (at, step)) in script {
        player.advance_to(at)?;
        player.play(at, step).with_context(|| format!("{}:{number}", input.name))?;
    }
    player.out.flush()?;
    Ok(Outcome::AllWell)
}

fn parse_step(line: &[u8], role: Party, last: u64) -> anyhow::Result<(u64, Step)> {
    let line: Value = serde_json::from_slice(line).context("not JSON")?;
    let at = line["t_ms"].as_u64().context("t_ms is not a whole number of milliseconds")?;
    ensure!(at >= last, "time goes back from {last} to {at}");
    let step = if let Some(rx) = line.get("rx") {
        let text = rx.as_str().context("rx is not a string")?;
        let record = Record::parse(text.as_bytes()).with_context(|| format!("rx {text:?}"))?;
        let frame = record.and_then(|r| r.frame);
        Step::Frame(
            frame
                .with_context(|| format!("rx {text:?} is no frame with 8 digits of identifier"))?,
        )
    } else if let Some(host) = line.get("host") {
        check_host(host, role)?;
        Step::Host(host.clone())
    } else {
        Step::Nothing
    };
    Ok((at, step))
}

/// Refuses host events that the role does not have.
fn check_host(host: &Value, role: Party) -> anyhow::Result<()> {
    let kind = host["type"].as_str().context("host event without type")?;
    let only = match kind {
        "connected" | "ready" | "stop" | "pause" | "resume" | "measured" | "payload"
        | "unplugged" | "operator_reset" => None,
        "insulation" => Some(Party::Charger),
        "demand" => Some(Party::Bms),
        _ => bail!("unknown host type {kind:?}"),
    };
    ensure!(only.is_none_or(|party| party == role), "host type {kind:?} is not one of this role");
    Ok(())
}

struct Player {
    engine: Engine,
    memory: Vec<u8>,
    now: u64,
    auto_tp: bool,
    /// Frames that the played transport layer of the other side will send.
    answers: VecDeque<(u64, Frame)>,
    /// Packets of the message under way and its announcement, for the acknowledgement.
    announced: Option<Control>,
    out: std::io::BufWriter<std::io::StdoutLock<'static>>,
}

impl Player {
    fn new(role: Party, edition: Edition, auto_tp: bool) -> Self {
        Self {
            engine: match role {
                Party::Charger => Engine::Charger(Box::new(Charger::new(edition))),
                Party::Bms => Engine::Bms(Box::new(Bms::new(edition)), OwnedLists::default()),
            },
            memory: vec![0; LONGEST.into()],
            now: 0,
            auto_tp,
            answers: VecDeque::new(),
            announced: None,
            out: std::io::BufWriter::new(std::io::stdout().lock()),
        }
    }

    /// Plays everything due up to and including a time.
    fn advance_to(&mut self, end: u64) -> anyhow::Result<()> {
        loop {
            let due = match &self.engine {
                Engine::Charger(charger) => charger.poll_timeout(),
                Engine::Bms(bms, _) => bms.poll_timeout(),
            };
            let due = due.map_or(u64::MAX, Instant::as_millis).max(self.now);
            let answer = self.answers.front().map_or(u64::MAX, |(at, _)| *at);
            let next = due.min(answer);
            if next > end {
                break;
            }
            self.now = next;
            if due <= answer {
                self.with_engine(|engine, now, memory| match engine {
                    Engine::Charger(charger) => charger.handle_timeout(now, memory),
                    Engine::Bms(bms, _) => bms.handle_timeout(now, memory),
                });
            } else if let Some((_, frame)) = self.answers.pop_front() {
                self.receive(&frame);
            }
            self.drain()?;
        }
        self.now = end;
        Ok(())
    }

    fn with_engine(&mut self, act: impl FnOnce(&mut Engine, Instant, &mut [u8])) {
        act(&mut self.engine, Instant::from_millis(self.now), &mut self.memory);
    }

    fn receive(&mut self, frame: &Frame) {
        self.with_engine(|engine, now, memory| match engine {
            Engine::Charger(charger) => charger.handle_frame(now, frame, memory),
            Engine::Bms(bms, _) => bms.handle_frame(now, frame, memory),
        });
    }

    fn play(&mut self, at: u64, step: Step) -> anyhow::Result<()> {
        self.now = at;
        match step {
            Step::Frame(frame) => self.receive(&frame),
            Step::Host(host) => self.host(&host)?,
            Step::Nothing => {}
        }
        self.drain()
    }

    fn host(&mut self, host: &Value) -> anyhow::Result<()> {
        let now = Instant::from_millis(self.now);
        match (&mut self.engine, host["type"].as_str().unwrap_or_default()) {
            (Engine::Charger(c), "connected") => c.connected(now),
            (Engine::Bms(b, _), "connected") => b.connected(now),
            (Engine::Charger(c), "insulation") => match host["result"].as_str() {
                Some("passed") => c.insulation_result(now, true),
                Some("failed") => c.insulation_result(now, false),
                _ => bail!("insulation result is neither \"passed\" nor \"failed\""),
            },
            (Engine::Charger(c), "ready") => c.set_ready(now, flag(host)?),
            (Engine::Bms(b, _), "ready") => b.set_ready(now, flag(host)?),
            (Engine::Charger(c), "stop") => {
                let mut causes = c.no_causes();
                for name in names(host)? {
                    let item = ChargerStopCause::from_name(name)
                        .with_context(|| format!("no cause {name:?} in CST"))?;
                    causes.set(item, Fault::Abnormal);
                }
                c.stop(now, causes);
            }
            (Engine::Bms(b, _), "stop") => {
                let mut causes = b.no_causes();
                for name in names(host)? {
                    let item = VehicleStopCause::from_name(name)
                        .with_context(|| format!("no cause {name:?} in BST"))?;
                    causes.set(item, Fault::Abnormal);
                }
                b.stop(now, causes);
            }
            (Engine::Charger(c), "pause") => c.pause(now),
            (Engine::Bms(b, _), "pause") => b.pause(now),
            (Engine::Charger(c), "resume") => c.resume(now),
            (Engine::Bms(b, _), "resume") => b.resume(now),
            (Engine::Charger(c), "measured") => {
                c.measured(quantity(host, "voltage_dv")?, quantity(host, "current_da")?);
            }
            (Engine::Bms(b, _), "measured") => {
                b.measured(now, quantity(host, "voltage_dv")?, quantity(host, "current_da")?);
            }
            (Engine::Bms(b, _), "demand") => {
                let mode = match host["mode"].as_str() {
                    Some("cv") => ChargeMode::ConstantVoltage,
                    Some("cc") => ChargeMode::ConstantCurrent,
                    _ => bail!("mode is neither \"cv\" nor \"cc\""),
                };
                b.demand(quantity(host, "voltage_dv")?, quantity(host, "current_da")?, mode)?;
            }
            (engine, "payload") => set_payload(engine, host)?,
            (Engine::Charger(c), "unplugged") => c.unplugged(now),
            (Engine::Bms(b, _), "unplugged") => b.unplugged(now),
            (Engine::Charger(c), "operator_reset") => c.operator_reset(),
            (Engine::Bms(b, _), "operator_reset") => b.operator_reset(),
            (_, other) => bail!("unknown host type {other:?}"),
        }
        Ok(())
    }

    /// Prints all events and frames of this moment.
    fn drain(&mut self) -> anyhow::Result<()> {
        loop {
            let event = match &mut self.engine {
                Engine::Charger(charger) => charger.poll_event(),
                Engine::Bms(bms, _) => bms.poll_event(),
            };
            let Some(event) = event else { break };
            let line = self.describe(event);
            self.print(self.now, &line)?;
        }
        loop {
            let frame = match &mut self.engine {
                Engine::Charger(charger) => charger.poll_transmit(),
                Engine::Bms(bms, lists) => bms.poll_transmit(&Lists {
                    cell_voltages: &lists.cell_voltages,
                    temperatures: &lists.temperatures,
                    reserved: &lists.reserved,
                }),
            };
            let Some(frame) = frame else { break };
            self.print(self.now, &json!({ "tx": frame.to_string() }))?;
            if self.auto_tp {
                self.answer(&frame);
            }
        }
        Ok(())
    }

    /// The other side's transport layer: grants everything 2 ms after an announcement, acknowledges 2 ms after the
    /// last packet.
    fn answer(&mut self, frame: &Frame) {
        let (Some(sender), pf) = (frame.id().sender(), frame.id().pf()) else { return };
        let Some(data) = frame.data().first_chunk::<8>() else { return };
        let reply = match (pf, self.announced) {
            (PF_TP_CM, _) => match Control::decode(data) {
                Some(Control::RequestToSend { size, packets, pgn, .. }) => {
                    self.announced = Some(Control::EndOfMessage { size, packets, pgn });
                    Control::ClearToSend { packets, next: 1, pgn }
                }
                _ => return,
            },
            (PF_TP_DT, Some(done @ Control::EndOfMessage { packets, .. }))
                if data[0] == packets =>
            {
                self.announced = None;
                done
            }
            _ => return,
        };
        self.answers.push_back((self.now + 2, reply.encode(sender.peer())));
    }

    fn print(&mut self, at: u64, line: &Value) -> anyhow::Result<()> {
        let mut whole = json!({ "t_ms": at });
        if let (Value::Object(whole), Value::Object(line)) = (&mut whole, line) {
            whole.extend(line.clone());
        }
        serde_json::to_writer(&mut self.out, &whole).map_err(std::io::Error::from)?;
        Ok(self.out.write_all(b"\n")?)
    }

    fn describe(&self, event: Event) -> Value {
        match event {
            Event::StateChanged(state) => json!({ "state": state_name(state) }),
            Event::Message { kind, .. } => {
                let payload = match &self.engine {
                    Engine::Charger(charger) => charger.payload(&self.memory),
                    Engine::Bms(bms, _) => bms.payload(&self.memory),
                };
                json!({ "event": "message", "message": kind.code(), "payload_hex": upper_hex(payload) })
            }
            Event::StartInsulationTest { voltage: Some(voltage) } => {
                json!({ "event": "start_insulation_test", "voltage_dv": voltage.value() })
            }
            Event::StartInsulationTest { voltage: None } => {
                json!({ "event": "start_insulation_test" })
            }
            Event::PrepareOutput => json!({ "event": "prepare_output" }),
            Event::CloseContactors => json!({ "event": format!("close_{}", self.contactors()) }),
            Event::OpenContactors => json!({ "event": format!("open_{}", self.contactors()) }),
            Event::SetOutput { voltage, current } => json!({
                "event": "set_output",
                "voltage_dv": voltage.map(DeciVolts::value),
                "current_da": current.map(DeciAmps::value),
            }),
            Event::OutputOff => json!({ "event": "output_off" }),
            Event::PauseOutput => json!({ "event": "pause_output" }),
            Event::ResumeOutput => json!({ "event": "resume_output" }),
            Event::Stop { by, causes } => {
                json!({ "event": "stop", "by": by, "causes": causes.names().collect::<Vec<_>>() })
            }
            Event::Timeout { waiting_for } => {
                json!({ "event": "timeout", "waiting_for": waiting_for.name() })
            }
            Event::PeerError { payload } => {
                let message = match self.engine {
                    Engine::Charger(_) => "BEM",
                    Engine::Bms(..) => "CEM",
                };
                json!({ "event": "peer_error", "message": message, "payload_hex": upper_hex(&payload) })
            }
            Event::Reconnect { attempt } => json!({ "event": "reconnect", "attempt": attempt }),
            Event::SessionEnd { done } => json!({
                "event": "session_end",
                "result": if done { "done" } else { "failed" },
                "errors": self.errors(),
            }),
            other => json!({ "event": format!("{other:?}") }),
        }
    }

    const fn contactors(&self) -> &'static str {
        match self.engine {
            Engine::Charger(_) => "k1k2",
            Engine::Bms(..) => "k5k6",
        }
    }

    /// Own time-outs, those the peer reported, and mishaps, by name.
    fn errors(&self) -> Vec<&'static str> {
        match &self.engine {
            Engine::Charger(c) => {
                let own = c.timeouts().iter().map(|item| item.name());
                let peer = c.peer_timeouts().iter().map(|item| item.name());
                own.chain(peer).chain(c.mishaps().names()).collect()
            }
            Engine::Bms(b, _) => {
                let own = b.timeouts().iter().map(|item| item.name());
                let peer = b.peer_timeouts().iter().map(|item| item.name());
                own.chain(peer).chain(b.mishaps().names()).collect()
            }
        }
    }
}

fn set_payload(engine: &mut Engine, host: &Value) -> anyhow::Result<()> {
    let code = host["message"].as_str().context("payload without message")?;
    let kind = MessageKind::from_code(code).with_context(|| format!("no message {code:?}"))?;
    let content = parse_hex(host["payload_hex"].as_str().context("payload without payload_hex")?)?;
    match (engine, kind) {
        (Engine::Bms(_, lists), MessageKind::Bmv) => lists.cell_voltages = content,
        (Engine::Bms(_, lists), MessageKind::Bmt) => lists.temperatures = content,
        (Engine::Bms(_, lists), MessageKind::Bsp) => lists.reserved = content,
        (Engine::Bms(bms, _), _) => bms.set_content(kind, &content)?,
        (Engine::Charger(charger), _) => charger.set_content(kind, &content)?,
    }
    Ok(())
}

fn flag(host: &Value) -> anyhow::Result<bool> {
    host["value"].as_bool().context("value is neither true nor false")
}

fn names(host: &Value) -> anyhow::Result<Vec<&str>> {
    let causes = host["causes"].as_array().context("causes is no list")?;
    causes.iter().map(|name| name.as_str().context("a cause is no string")).collect()
}

/// A voltage or current in tenths.
fn quantity<Q: Quantity>(host: &Value, name: &str) -> anyhow::Result<Q> {
    let value = host[name].as_i64().with_context(|| format!("{name} is no whole number"))?;
    let raw = value - i64::from(Q::SCALE.offset);
    let raw = u16::try_from(raw).ok().with_context(|| format!("{name} {value} is out of range"))?;
    Ok(Q::from_bits(raw.into()))
}

fn state_name(state: State) -> Value {
    serde_json::to_value(state).unwrap_or(Value::Null)
}
