//! A bench tool for GB/T 27930: captures to JSON and back, session reports, virtual sessions, the DBC file.
//!
//! ```sh
//! cargo run -p evse-gbt27930 --example gbt27930 -- decode capture.candump
//! cargo run -p evse-gbt27930 --example gbt27930 -- analyse capture.candump
//! cargo run -p evse-gbt27930 --example gbt27930 -- --help
//! ```
//!
//! Data goes to stdout, everything else to stderr. Exit code 0: all went well; 1: some input was refused (named on
//! stderr, the rest was done); 2: wrong arguments, an unreadable file, or a wrong script.
#![allow(clippy::print_stderr, clippy::std_instead_of_alloc, reason = "a command-line tool")]

mod analyse;
mod decode;
mod encode;
mod input;
mod run;
#[cfg(test)]
mod tests;

use std::io::{BufWriter, ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use evse_gbt27930::{Edition, Party};

/// GB/T 27930 (DC charger to vehicle BMS over CAN): decode, encode, analyse and play sessions.
///
/// Exit code 0: all well; 1: some input was refused (named on stderr, the rest was done); 2: wrong arguments, an
/// unreadable file or a wrong script.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Captures (candump log or plain ID#DATA lines) to JSON Lines, one per complete message
    Decode {
        /// Edition; when not given it is inferred over the whole capture
        #[arg(long)]
        edition: Option<EditionName>,
        /// Also print the frames of other address pairs, as message "(foreign)"
        #[arg(long)]
        all: bool,
        /// Capture, `-` for stdin
        #[arg(default_value = "-")]
        file: PathBuf,
    },
    /// JSON Lines as `decode` writes them to candump frames, multi-packet messages with their transport frames
    Encode {
        /// Edition of lines that do not name one
        #[arg(long, default_value = "2015")]
        edition: EditionName,
        /// JSON Lines, `-` for stdin
        #[arg(default_value = "-")]
        file: PathBuf,
    },
    /// The sessions in a capture: who, how much, what went wrong
    Analyse {
        /// JSON instead of text
        #[arg(long)]
        json: bool,
        /// Print the VIN and the pack's serial number instead of masking them
        #[arg(long)]
        show_identifiers: bool,
        /// Edition; when not given it is inferred over the whole capture
        #[arg(long)]
        edition: Option<EditionName>,
        /// Capture, `-` for stdin
        #[arg(default_value = "-")]
        file: PathBuf,
    },
    /// One side of a session in virtual time: a JSON Lines script in, frames, events and states out
    Run {
        /// Which side
        #[arg(long)]
        role: Role,
        /// Edition that this side speaks
        #[arg(long, default_value = "2015")]
        edition: EditionName,
        /// Play the other side's transport layer for messages that we send
        #[arg(long)]
        auto_tp: bool,
        /// Script, `-` for stdin
        #[arg(default_value = "-")]
        file: PathBuf,
    },
    /// The DBC file: every message with all its fields, lists item by item, and the transport frames
    Dbc {
        /// Edition
        #[arg(long, default_value = "2015")]
        edition: EditionName,
    },
    /// The reference table of all messages and fields, in Markdown
    Reference,
}

#[derive(Clone, Copy, ValueEnum)]
enum EditionName {
    #[value(name = "2011")]
    V2011,
    #[value(name = "2015")]
    V2015,
    #[value(name = "2023")]
    V2023,
}

impl From<EditionName> for Edition {
    fn from(name: EditionName) -> Self {
        match name {
            EditionName::V2011 => Self::V2011,
            EditionName::V2015 => Self::V2015,
            EditionName::V2023 => Self::V2023,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Role {
    Charger,
    Bms,
}

impl From<Role> for Party {
    fn from(role: Role) -> Self {
        match role {
            Role::Charger => Self::Charger,
            Role::Bms => Self::Bms,
        }
    }
}

/// Whether some input was refused.
pub(crate) type Refused = bool;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let result = perform(arguments.task, &mut out)
        .and_then(|refused| out.flush().map(|()| refused).map_err(Into::into));
    match result {
        Ok(false) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::from(1),
        // The reader of our output has left: nothing more to do.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = out.flush();
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn perform(task: Task, out: &mut impl Write) -> Result<Refused> {
    match task {
        Task::Decode { edition, all, file } => {
            decode::run(edition.map(Into::into), all, &file, out)
        }
        Task::Encode { edition, file } => encode::run(edition.into(), &file, out),
        Task::Analyse { json, show_identifiers, edition, file } => {
            let how = analyse::How { json, show_identifiers, edition: edition.map(Into::into) };
            analyse::run(&how, &file, out)
        }
        Task::Run { role, edition, auto_tp, file } => {
            run::run(role.into(), edition.into(), auto_tp, &file, out)?;
            Ok(false)
        }
        Task::Dbc { edition } => {
            out.write_all(evse_gbt27930::table::dbc(edition.into()).as_bytes())?;
            Ok(false)
        }
        Task::Reference => {
            out.write_all(evse_gbt27930::table::reference().as_bytes())?;
            Ok(false)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|e| e.io_error_kind() == Some(ErrorKind::BrokenPipe))
    })
}
