//! A bench tool for GB/T 27930: decodes, encodes and analyses captures, plays one side of a session, writes the DBC.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]
#![allow(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    reason = "a program on the standard library"
)]
#![allow(
    clippy::indexing_slicing,
    reason = "serde_json's index gives null for what is absent, it does not panic"
)]

mod analyse;
mod decode;
mod encode;
mod input;
mod run;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use evse_gbt27930::table::Dbc;
use evse_gbt27930::{Edition, Party};

#[derive(Parser)]
#[command(
    name = "gbt27930",
    about = "GB/T 27930 charger-to-BMS communication: captures, sessions, tables"
)]
#[command(
    after_help = "Data goes to standard output, all else to standard error. Exit code 0: all went well; 1: some \
                        input was refused, the rest was done; 2: wrong arguments, unreadable file or wrong script."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Candump log or plain ID#DATA lines to JSON Lines, one per complete message.
    Decode {
        /// Edition of the field tables; inferred over the whole capture when not given.
        #[arg(long)]
        edition: Option<EditionName>,
        /// Print frames of other addresses too, as "(foreign)".
        #[arg(long)]
        all: bool,
        /// The capture, `-` for standard input.
        #[arg(default_value = "-")]
        file: String,
    },
    /// JSON Lines as `decode` prints them to candump frames, transport protocol included.
    Encode {
        /// The JSON Lines, `-` for standard input.
        #[arg(default_value = "-")]
        file: String,
    },
    /// A report on each session of a capture.
    Analyse {
        /// JSON for machines (with identifiers) instead of text.
        #[arg(long)]
        json: bool,
        /// Edition of the field tables; inferred for each session when not given.
        #[arg(long)]
        edition: Option<EditionName>,
        /// Print the VIN in the text report.
        #[arg(long)]
        identifiers: bool,
        /// The capture, `-` for standard input.
        #[arg(default_value = "-")]
        file: String,
    },
    /// The DBC file of the field tables.
    Dbc {
        /// Edition of the layouts.
        #[arg(long, default_value = "2015")]
        edition: EditionName,
    },
    /// One side of a session in virtual time: a script of frames and host events in, frames, events and states out.
    Run {
        /// Which side to play.
        #[arg(long)]
        role: Role,
        /// Edition to speak.
        #[arg(long, default_value = "2015")]
        edition: EditionName,
        /// Play the other side's transport layer for messages that we send.
        #[arg(long)]
        auto_tp: bool,
        /// The script, `-` for standard input.
        #[arg(default_value = "-")]
        file: String,
    },
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

/// How a command that could be carried out ended.
enum Outcome {
    AllWell,
    SomeRefused,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Decode { edition, all, file } => {
            decode::decode(&file, edition.map(Into::into), all)
        }
        Command::Encode { file } => encode::encode(&file),
        Command::Analyse { json, edition, identifiers, file } => {
            analyse::analyse(&file, edition.map(Into::into), json, identifiers)
        }
        Command::Dbc { edition } => dbc(edition.into()),
        Command::Run { role, edition, auto_tp, file } => {
            run::run(&file, role.into(), edition.into(), auto_tp)
        }
    };
    match outcome {
        Ok(Outcome::AllWell) => ExitCode::SUCCESS,
        Ok(Outcome::SomeRefused) => ExitCode::from(1),
        // The reader of our output has gone; nobody is left to tell.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gbt27930: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn dbc(edition: Edition) -> anyhow::Result<Outcome> {
    use std::io::Write;
    write!(std::io::stdout().lock(), "{}", Dbc(edition))?;
    Ok(Outcome::AllWell)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}
