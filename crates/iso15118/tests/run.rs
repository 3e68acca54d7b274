//! `v2g run`: both sides as programs that charge from each other over every protocol, JSON lines between them.
#![cfg(all(feature = "session", feature = "iso20-wpt", feature = "iso20-acdp"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "shared/built.rs"]
mod built;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// One side, and what it has said so far.
struct Side {
    program: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    said: Vec<Value>,
}

impl Side {
    fn new(role: &str, protocol: &str) -> Self {
        let mut program = Command::new(built::tool())
            .args(["run", "--role", role, "--protocol", protocol])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (program.stdin.take(), program.stdout.take());
        let output = BufReader::new(output.unwrap());
        Self { program, input, output, said: Vec::new() }
    }

    fn tell(&mut self, line: &Value) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }

    /// The message that it sends next; `None` once it says that the session is over.
    fn sends(&mut self) -> Option<Value> {
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).unwrap();
            let line: Value = serde_json::from_str(&line).expect("a line of JSON");
            assert_eq!(line.get("error"), None);
            self.said.push(line);
            let line = self.said.last().unwrap();
            if let Some(sent) = line.get("sends") {
                return Some(sent.clone());
            }
            if line["event"].as_str().is_some_and(|event| event.starts_with("Ended")) {
                return None;
            }
        }
    }

    /// Its exit code, and how the session ended for it.
    fn end(mut self) -> (i32, String) {
        drop(self.input.take());
        let rest = self.output.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap());
        self.said.extend(rest);
        let mut events = self.said.iter().filter_map(|line| line["event"].as_str());
        let ended = events.rfind(|event| event.starts_with("Ended")).unwrap().to_owned();
        (self.program.wait().unwrap().code().unwrap(), ended)
    }
}

#[test]
fn both_sides_charge_from_each_other() {
    for (protocol, asks) in [
        ("din70121", "Deliver("),
        ("iso15118_2", "Deliver("),
        ("iso20_ac", "Deliver("),
        ("iso20_dc", "Deliver("),
        ("iso20_wpt", "WptDeliver("),
        ("iso20_acdp", "Deliver("),
    ] {
        let (mut car, mut charger) = (Side::new("evcc", protocol), Side::new("secc", protocol));
        let (mut at, mut turns) = (0, 0);
        while let Some(request) = car.sends() {
            at += 20;
            charger.tell(&json!({
                "at_ms": at, "exi_hex": request["exi_hex"], "payload_type": request["payload_type"],
            }));
            let Some(response) = charger.sends() else { panic!("{protocol}: {:?}", charger.said) };
            let flows = |line: &Value| line["asks"].as_str().is_some_and(|q| q.starts_with(asks));
            turns += usize::from(charger.said.iter().rev().nth(1).is_some_and(flows));
            let want = if turns < 4 { "Charge" } else { "Stop" };
            at += 20;
            car.tell(&json!({
                "at_ms": at, "exi_hex": response["exi_hex"], "payload_type": response["payload_type"],
                "want": want,
            }));
        }
        assert_eq!(turns, 4, "{protocol}");
        let well = (0, "Ended(Terminated)".to_owned());
        assert_eq!((car.end(), charger.end()), (well.clone(), well), "{protocol}");
    }
}
