//! OCPP at the bench: check frames, compose charging profiles, read message logs, run an endpoint. JSON in and out.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::std_instead_of_alloc,
    reason = "it is a command-line tool"
)]

mod check;
mod compose;
mod input;
mod log;
mod run;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use evse_ocpp::endpoint::Role;
use evse_ocpp::message::{Schema, Version};

#[derive(Parser)]
#[command(about = "OCPP 1.6J, 2.0.1 and 2.1 at the bench", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Decode frames against the schemas and write them back, one JSON object a line.
    ///
    /// Each line of the input is an object with `frame` (the text) and perhaps `id`, `version` and `action` (of the call
    /// that a result answers), or else a frame as it is. Out come `id`, `ok`, and `frame` or `error`; with --lenient
    /// also `deviations`.
    Check {
        /// 1.6, 2.0.1 or 2.1; a line's own `version` wins.
        #[arg(long, value_name = "V", value_parser = version)]
        version: Option<Version>,
        /// Read what can be read and list each deviation.
        #[arg(long)]
        lenient: bool,
        /// Input; standard input if it is missing or `-`.
        file: Option<PathBuf>,
    },
    /// Read a message log (`rx`, `cp`, `dir`, `msg` a line) into a report of its charging sessions.
    Log {
        /// The log.
        file: PathBuf,
        /// Version of the messages.
        #[arg(long, value_name = "V", value_parser = version, default_value = "1.6")]
        version: Version,
        /// A session has a gap when two readings lie further apart.
        #[arg(long, value_name = "SECONDS", default_value_t = 900)]
        gap: i64,
        /// One JSON object instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Run a scripted endpoint in virtual time.
    ///
    /// A line of the script is `{"at": MILLISECONDS, "do": STEP, ...}` with the steps `connect`, `disconnect`, `wait`,
    /// `restart`, `receive` (`text`), `call` (`action`, `payload`, perhaps `id`, `triggered`), `answer` (`payload`,
    /// perhaps `id`: else the call of the peer that waits longest), `refuse` (`code`, perhaps `description`, `id`)
    /// and `queue` (`kind`: start, update or end; `transaction`: a number of
    /// your own; `action`, `payload`, perhaps `id`). Out come lines with `at` and `send`, `received`, `event` or
    /// `refused`.
    Run {
        /// Which end to be.
        #[arg(long, value_enum)]
        role: RoleName,
        /// 1.6, 2.0.1 or 2.1.
        #[arg(long, value_name = "V", value_parser = version)]
        version: Version,
        /// Milliseconds to wait for an answer.
        #[arg(long, default_value_t = 30_000)]
        timeout: u64,
        /// Transmissions of a transaction message before it is dropped.
        #[arg(long, default_value_t = 3)]
        attempts: u32,
        /// Milliseconds between them, times the transmissions so far.
        #[arg(long, default_value_t = 60_000)]
        interval: u64,
        /// The script; standard input if it is missing or `-`.
        file: Option<PathBuf>,
    },
    /// Composite schedules of cases as JSON Lines: `{id, version, input}` in, `{id, result}` out.
    ///
    /// A profile that cannot be read counts for nothing and is named on standard error.
    Compose {
        /// Input; standard input if it is missing or `-`.
        file: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum RoleName {
    Station,
    Csms,
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<std::io::Error>();
    error.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| "expected 1.6, 2.0.1 or 2.1".into())
}

/// Every action of a version.
fn schema(version: Version) -> &'static Schema {
    match version {
        Version::V16 => &evse_ocpp::v16::SCHEMA,
        Version::V201 => &evse_ocpp::v201::SCHEMA,
        Version::V21 => &evse_ocpp::v21::SCHEMA,
    }
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Check { version, lenient, file } => check::run(version, lenient, file.as_deref()),
        Command::Compose { file } => compose::run(file.as_deref()),
        Command::Log { file, version, gap, json } => log::run(&file, version, gap, json),
        Command::Run { role, version, timeout, attempts, interval, file } => {
            let role = match role {
                RoleName::Station => Role::Station,
                RoleName::Csms => Role::Csms,
            };
            let setup = run::Setup { role, version, timeout, attempts, interval };
            run::run(&setup, file.as_deref())
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        // The reader of our output has left: nothing more to do.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ocpp: {error:#}");
            ExitCode::from(2)
        }
    }
}
