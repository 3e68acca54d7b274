//! Station and vehicle as programs, charging from each other over TCP on loopback.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

/// Whether there is a network of this machine's own; says that it is skipped if there is none.
fn has_loopback() -> bool {
    let bound = std::net::TcpListener::bind(("::1", 0));
    if let Err(error) = &bound {
        println!("skipped: no loopback of IPv6: {error}");
    }
    bound.is_ok()
}

/// The station at work.
struct Station {
    program: Child,
    lines: BufReader<ChildStdout>,
    listens: Value,
}

impl Station {
    fn start(arguments: &[&str]) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_v2g-station"))
            .args(["--sdp-port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        let listens = serde_json::from_str::<Value>(&first).unwrap()["listening"].clone();
        Self { program, lines, listens }
    }

    fn port(&self, name: &str) -> String {
        self.listens[name].to_string()
    }

    /// What it said until its end, and its exit code.
    fn end(mut self) -> (Vec<Value>, Option<i32>) {
        let lines = self.lines.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap());
        let said = lines.collect();
        (said, self.program.wait().unwrap().code())
    }
}

fn vehicle(arguments: &[&str]) -> Output {
    // The machine that runs the tests may be busy; what is shown is not how fast it answers.
    let patience = ["--patience", "20", "--turns", "3"];
    Command::new(env!("CARGO_BIN_EXE_v2g-vehicle")).args(patience).args(arguments).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = core::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn count(lines: &[Value], name: &str) -> usize {
    lines.iter().filter(|line| line["received"] == name).count()
}

const CHARGES: [(&str, &str, &str); 7] = [
    ("din", "dc", "CurrentDemandReq"),
    ("iso2", "ac", "ChargingStatusReq"),
    ("iso2", "dc", "CurrentDemandReq"),
    ("iso20", "ac", "AC_ChargeLoopReq"),
    ("iso20", "dc", "DC_ChargeLoopReq"),
    ("iso20", "ac-bpt", "AC_ChargeLoopReq"),
    ("iso20", "dc-bpt", "DC_ChargeLoopReq"),
];

#[test]
fn a_vehicle_finds_the_station_and_charges_over_every_protocol() {
    if !has_loopback() {
        return;
    }
    for (protocol, service, turn) in CHARGES {
        let station = Station::start(&["--protocol", protocol]);
        let port = station.port("sdp_port");
        let given = ["--protocol", protocol, "--service", service, "--sdp-port", &port];
        let output = vehicle(&given);
        let (said, code) = station.end();
        assert_eq!(output.status.code(), Some(0), "{given:?} {output:?} {said:?}");
        assert_eq!(code, Some(0), "{given:?} {said:?}");
        assert_eq!(count(&said, turn), 3, "{given:?} {said:?}");
        assert_eq!(said.last().unwrap()["ended"], "Terminated");
        assert_eq!(lines(&output).last().unwrap()["well"], true);
    }
}

#[test]
fn a_paused_session_is_joined_again() {
    if !has_loopback() {
        return;
    }
    let station = Station::start(&["--sessions", "2"]);
    let port = station.port("port");
    let charge = ["--protocol", "iso20", "--dynamic", "--port", &port];
    let first = vehicle(&[&charge[..], &["--pause"]].concat());
    let number = lines(&first).last().unwrap()["session"].as_str().unwrap().to_owned();
    let second = vehicle(&[&charge[..], &["--join", &number]].concat());
    let (said, code) = station.end();
    assert_eq!((first.status.code(), second.status.code(), code), (Some(0), Some(0), Some(0)));
    assert_eq!(said.iter().filter(|line| line["event"] == "Session { joined: true }").count(), 1);
    assert_eq!(lines(&second).last().unwrap()["session"].as_str(), Some(&*number));
}

#[test]
fn what_does_not_end_well_is_no_success() {
    if !has_loopback() {
        return;
    }
    // Nothing in common.
    let station = Station::start(&["--protocol", "iso20"]);
    let output = vehicle(&["--protocol", "iso2", "--port", &station.port("port")]);
    let (said, code) = station.end();
    assert_eq!((output.status.code(), code), (Some(1), Some(1)));
    assert_eq!(said.last().unwrap()["ended"], "NoCommonProtocol");
    // A service that the station does not have.
    let station = Station::start(&["--service", "dc"]);
    let output = vehicle(&["--service", "ac", "--port", &station.port("port")]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(station.end().1, Some(1));
    // Someone who speaks another language, and one who leaves.
    for octets in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[1, 0xFE, 0x80]] {
        let station = Station::start(&[]);
        let port = u16::try_from(station.listens["port"].as_u64().unwrap()).unwrap();
        let mut socket = TcpStream::connect(("::1", port)).unwrap();
        socket.write_all(octets).unwrap();
        drop(socket);
        assert_eq!(station.end().1, Some(1));
    }
    // Nobody there; wrong arguments.
    assert_eq!(vehicle(&["--port", "1"]).status.code(), Some(1));
    for wrong in [&["--port", "x"][..], &[], &["--join", "12", "--port", "1"]] {
        let output = vehicle(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(!output.stderr.is_empty());
    }
}

#[cfg(feature = "tls")]
#[test]
fn a_vehicle_that_wants_tls_takes_no_less() {
    if !has_loopback() {
        return;
    }
    let file = std::env::temp_dir().join(format!("v2g-station-{}.pem", std::process::id()));
    let certificate = file.to_str().unwrap();
    let tls = ["--protocol", "iso20", "--tls-trust", certificate];
    let station = Station::start(&["--tls-new", certificate]);
    let port = station.port("sdp_port");
    let output = vehicle(&[&tls[..], &["--sdp-port", &port]].concat());
    let (said, code) = station.end();
    assert_eq!((output.status.code(), code), (Some(0), Some(0)), "{output:?} {said:?}");
    // Another name than that of the certificate.
    let station = Station::start(&["--tls-new", certificate]);
    let other = ["--tls-name", "example.org", "--port", &station.port("port")];
    let output = vehicle(&[&tls[..], &other].concat());
    assert_eq!((output.status.code(), station.end().1), (Some(1), Some(1)));
    // A station without TLS: its answers are not taken, and no connection is opened.
    let mut station = Station::start(&[]);
    let output = vehicle(&[&tls[..], &["--sdp-port", &station.port("sdp_port")]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("without TLS"), "{output:?}");
    station.program.kill().unwrap();
    station.program.wait().unwrap();
    std::fs::remove_file(file).unwrap();
}
