//! `run`: a scripted endpoint in virtual time.

use std::collections::VecDeque;
use std::path::Path;

use anyhow::{Context, Result, bail};
use evse_ocpp::endpoint::{
    CallOptions, Config, Endpoint, EndpointError, Event, Incoming, Instant, MessageId, MessageIds,
    MessageKind, Outcome, RetryRules, Role, Settled, TransactionQueue,
};
use evse_ocpp::message::{Action, ErrorCode, Version};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// A line of the script. Times are milliseconds and never go back. Payloads are kept as their text: no digit is lost.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    at: u64,
    #[serde(rename = "do")]
    step: Step,
    text: Option<String>,
    id: Option<String>,
    action: Option<String>,
    payload: Option<Box<RawValue>>,
    #[serde(default)]
    triggered: bool,
    code: Option<String>,
    #[serde(default)]
    description: String,
    kind: Option<Kind>,
    transaction: Option<u64>,
}

impl Line {
    fn action(&self) -> Result<&str> {
        self.action.as_deref().context("`action` is missing")
    }

    fn payload(&self) -> Result<&str> {
        Ok(self.payload.as_deref().context("`payload` is missing")?.get())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Step {
    Connect,
    Disconnect,
    /// Lets time pass, nothing else.
    Wait,
    Receive,
    Call,
    Answer,
    Refuse,
    Queue,
    Restart,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Start,
    Update,
    End,
}

/// A line of the output.
#[derive(Serialize)]
struct Report {
    at: u64,
    #[serde(flatten)]
    what: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<Box<RawValue>>,
}

/// The queue's records, in memory.
type Memory = VecDeque<Vec<u8>>;

/// Long enough for the largest message a schema allows to be useful at the bench.
const BYTES: usize = 65_536;

/// How the endpoint is set up.
pub(crate) struct Setup {
    pub(crate) role: Role,
    pub(crate) version: Version,
    pub(crate) timeout: u64,
    pub(crate) attempts: u32,
    pub(crate) interval: u64,
}

struct Bench<'o> {
    setup: &'o Setup,
    now: Instant,
    endpoint: Box<Endpoint<BYTES>>,
    queue: TransactionQueue<Memory, BYTES, 16>,
    /// The queued message that is on its way.
    queued: Option<MessageId>,
    connected: bool,
    ids: MessageIds,
    restarts: u64,
    out: &'o mut dyn FnMut(Report),
}

pub(crate) fn run(setup: &Setup, file: Option<&Path>) -> Result<bool> {
    let mut all_good = true;
    let mut collected: Vec<Report> = Vec::new();
    let mut write = |report: Report| collected.push(report);
    let mut bench = Bench::new(setup, &mut write);
    let read = crate::input::each_line(file, |line, _| {
        let line: Line = serde_json::from_slice(line).context("not a step of a script")?;
        let good = bench.step(&line)?;
        all_good &= good;
        Ok(true)
    })?;
    drop(bench);
    let mut out = std::io::stdout().lock();
    for report in collected {
        crate::input::write_line(&mut out, &report)?;
    }
    Ok(read && all_good)
}

impl<'o> Bench<'o> {
    fn new(setup: &'o Setup, out: &'o mut dyn FnMut(Report)) -> Self {
        let rules = RetryRules { attempts: setup.attempts, interval: setup.interval };
        Self {
            setup,
            now: Instant::from_millis(0),
            endpoint: Box::new(Endpoint::new(config(setup))),
            queue: TransactionQueue::new(setup.version, rules, Memory::default()),
            queued: None,
            connected: false,
            ids: MessageIds::new(0),
            restarts: 0,
            out,
        }
    }

    fn say(&mut self, what: Value) {
        self.say_with(what, None);
    }

    fn say_with(&mut self, what: Value, payload: Option<&str>) {
        let payload = payload.and_then(|payload| serde_json::from_str(payload).ok());
        (self.out)(Report { at: self.now.millis(), what, payload });
    }

    /// One step; `false` if the endpoint refused it.
    fn step(&mut self, line: &Line) -> Result<bool> {
        let at = Instant::from_millis(line.at);
        if at < self.now {
            bail!("at {} lies before {}", line.at, self.now.millis());
        }
        while let Some(next) = self.next_deadline().filter(|next| *next <= at) {
            self.now = self.now.max(next);
            self.endpoint.handle_timeout(self.now);
            self.pump()?;
        }
        self.now = at;
        let done = self.act(line);
        if let Err(error) = &done {
            self.say(json!({ "refused": format!("{error:#}") }));
        }
        self.pump()?;
        Ok(done.is_ok())
    }

    fn next_deadline(&self) -> Option<Instant> {
        let ready = self.connected && !self.endpoint.is_busy();
        let queue = if ready { self.queue.poll_timeout() } else { None };
        // A retry that is already due waits for the station to be accepted.
        let queue = queue.filter(|at| *at > self.now);
        [self.endpoint.poll_timeout(), queue].into_iter().flatten().min()
    }

    fn act(&mut self, line: &Line) -> Result<()> {
        match line.step {
            Step::Connect => {
                self.connected = true;
                self.endpoint.connected(self.now);
            }
            Step::Disconnect => self.disconnect()?,
            Step::Wait => {}
            Step::Receive => self.receive(line.text.as_deref().context("`text` is missing")?)?,
            Step::Call => {
                let id = self.id(line.id.as_deref())?;
                let options = CallOptions { triggered: line.triggered };
                self.endpoint.call(self.now, id, line.action()?, line.payload()?, options)?;
            }
            Step::Answer => {
                let id = self.asked(line.id.as_deref())?;
                self.endpoint.answer(&id, line.payload()?)?;
            }
            Step::Refuse => {
                let code = line.code.as_deref().context("`code` is missing")?;
                let code =
                    ErrorCode::parse(code, self.setup.version).context("unknown error code")?;
                let id = self.asked(line.id.as_deref())?;
                self.endpoint.refuse(&id, code, &line.description)?;
            }
            Step::Queue => {
                let id = self.id(line.id.as_deref())?;
                let kind = match line.kind.context("`kind` is missing")? {
                    Kind::Start => MessageKind::Start,
                    Kind::Update => MessageKind::Update,
                    Kind::End => MessageKind::End,
                };
                let local = line.transaction.context("`transaction` is missing")?;
                self.queue
                    .append(kind, local, &id, line.action()?, line.payload()?, self.connected)
                    .map_err(|error| anyhow::anyhow!("{error:?}"))?;
            }
            Step::Restart => {
                self.disconnect()?;
                let rules =
                    RetryRules { attempts: self.setup.attempts, interval: self.setup.interval };
                let storage = self.queue.storage().clone();
                self.queue = TransactionQueue::new(self.setup.version, rules, storage);
                *self.endpoint = Endpoint::new(config(self.setup));
                self.restarts += 1;
                self.ids = MessageIds::new(self.restarts);
            }
        }
        Ok(())
    }

    fn disconnect(&mut self) -> Result<()> {
        self.connected = false;
        self.queued = None;
        self.endpoint.disconnected();
        self.queue.disconnected(self.now).map_err(|error| anyhow::anyhow!("{error:?}"))
    }

    fn id(&mut self, given: Option<&str>) -> Result<MessageId> {
        match given {
            Some(id) => MessageId::from_text(id).context("a message id has 1 to 36 characters"),
            None => Ok(self.ids.next_id()),
        }
    }

    /// The peer's CALL of this id, or the one that waits longest.
    fn asked(&self, given: Option<&str>) -> Result<MessageId> {
        match given {
            Some(id) => MessageId::from_text(id).context("a message id has 1 to 36 characters"),
            None => Ok(self.endpoint.unanswered().next().ok_or(EndpointError::NothingToAnswer)?),
        }
    }

    fn receive(&mut self, text: &str) -> Result<()> {
        let incoming = self.endpoint.handle_text(self.now, text.as_bytes());
        let action = |action: Option<&Action>| action.map(|action| action.name);
        let mut payload = None;
        let mut outcome = None;
        let value = match incoming {
            Incoming::Call(call) => {
                payload = Some(call.payload.raw());
                json!({ "received": "call", "id": call.id.to_string(), "action": call.action.name })
            }
            Incoming::Send(call) => {
                payload = Some(call.payload.raw());
                json!({ "received": "send", "id": call.id.to_string(), "action": call.action.name })
            }
            Incoming::Repeated => json!({ "received": "repeated" }),
            Incoming::Result(result) => {
                let transaction = result.payload.get("transactionId");
                let transaction =
                    transaction.and_then(|value| value.read::<evse_ocpp::message::Number<'_>>());
                outcome =
                    Some(Outcome::Answered { transaction: transaction.and_then(|n| n.to_i64()) });
                {
                    payload = Some(result.payload.raw());
                    json!({ "received": "result", "id": result.id.to_string(), "action": action(result.action) })
                }
            }
            Incoming::Error(error) => {
                outcome = Some(Outcome::Failed);
                json!({ "received": "error", "id": error.id.to_string(), "code": error.code_text.to_string() })
            }
            Incoming::BadResult(fault) => {
                outcome = Some(Outcome::Failed);
                json!({ "received": "bad-result", "reason": fault.reason.to_string() })
            }
            Incoming::ResultError(error) => {
                json!({ "received": "result-error", "id": error.id.to_string(), "code": error.code_text.to_string() })
            }
            Incoming::Late => json!({ "received": "late" }),
            Incoming::Ignored => json!({ "received": "ignored" }),
            Incoming::Refused(fault) => {
                json!({ "received": "refused", "reason": fault.reason.to_string() })
            }
            _ => json!({ "received": "other" }),
        };
        self.say_with(value, payload);
        if let Some(outcome) = outcome {
            self.settle(outcome)?;
        }
        Ok(())
    }

    /// Tells the queue how its message ended, if it was one of the queue's.
    fn settle(&mut self, outcome: Outcome) -> Result<()> {
        if self.queued.take().is_none() {
            return Ok(());
        }
        let settled =
            self.queue.settle(self.now, outcome).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        match settled {
            Settled::Delivered { local, transaction, .. } => {
                self.say(json!({ "event": "delivered", "transaction": local, "transactionId": transaction }));
            }
            Settled::Dropped { local, .. } => {
                self.say(json!({ "event": "dropped", "transaction": local }));
            }
            Settled::Kept => {}
        }
        Ok(())
    }

    fn pump(&mut self) -> Result<()> {
        while let Some(event) = self.endpoint.poll_event() {
            match event {
                Event::TimedOut(id) => {
                    self.say(json!({ "event": "timed-out", "id": id.as_str() }));
                    if self.queued == Some(id) {
                        self.settle(Outcome::Failed)?;
                    }
                }
                Event::ConnectionLost(id) => {
                    self.say(json!({ "event": "connection-lost", "id": id.as_str() }));
                }
                Event::BootDue => self.say(json!({ "event": "boot-due" })),
                Event::HeartbeatDue => self.say(json!({ "event": "heartbeat-due" })),
                _ => {}
            }
        }
        let accepted = self.endpoint.boot() == evse_ocpp::endpoint::Boot::Accepted;
        if self.connected && accepted && !self.endpoint.is_busy() {
            let head = self.queue.poll(self.now).map_err(|error| anyhow::anyhow!("{error:?}"))?;
            if let Some(head) = head {
                let id = head.id().context("a stored id")?;
                let sent = self.endpoint.call(
                    self.now,
                    id,
                    head.action(),
                    head.payload(),
                    CallOptions::default(),
                );
                self.queued = Some(id);
                if let Err(error) = sent {
                    self.say(json!({ "refused": error.to_string() }));
                    self.settle(Outcome::Failed)?;
                }
            }
        }
        while let Some(text) = self.endpoint.poll_transmit() {
            self.say(json!({ "send": text.as_str() }));
        }
        Ok(())
    }
}

fn config(setup: &Setup) -> Config {
    Config {
        role: setup.role,
        schema: crate::schema(setup.version),
        call_timeout: setup.timeout,
        boot_retry: 60_000,
        lenient: false,
    }
}
