//! Prices, settles, checks and explains, from JSON to JSON. `--help` says how.
#![allow(clippy::print_stderr, reason = "a program that talks to people on stderr")]

mod check;
mod grid;
mod input;
mod price;
mod session;
mod settle;
mod text;
mod time_of_use;

use core::fmt::Display;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use check::Reading;
use clap::{Args, Parser, Subcommand};
use evse_tariff::Money;
use evse_tariff::ocpi::Language;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Exact tariffs for electric-vehicle charging: prices, settles, checks and explains
#[derive(Parser)]
#[command(name = "tariff", after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

const EXIT_CODES: &str = "Data goes to stdout, everything else to stderr. Exit code 0: all went well; 1: some input was \
                          refused and the rest done; 2: wrong arguments or an unreadable file.";

#[derive(Subcommand)]
enum Task {
    /// Price OCPI records and metered sessions: one JSON case a line in, {id, result, lines, warnings} a line out
    Price {
        /// File of cases; - or nothing: standard input
        file: Option<PathBuf>,
    },
    /// Settle: the cases of Chinese billing and settlement, one JSON case a line in, {id, result} a line out
    Settle {
        /// File of cases; - or nothing: standard input
        file: Option<PathBuf>,
    },
    /// Look a tariff over: {id, at} a line for every finding; exit code 1 if there is any
    Lint {
        /// File of one OCPI tariff
        tariff: PathBuf,
        #[command(flatten)]
        reading: ReadingArguments,
    },
    /// Explain what a record costs, line by line
    Explain {
        /// File of one OCPI tariff
        tariff: PathBuf,
        /// File of one OCPI charge detail record
        record: PathBuf,
        #[command(flatten)]
        reading: ReadingArguments,
        /// In Chinese
        #[arg(long)]
        chinese: bool,
    },
    /// Hold a record against its tariff: {field, stated, computed, reason} a line for every difference; exit code 1 if any
    Verify {
        /// File of one OCPI tariff
        tariff: PathBuf,
        /// File of one OCPI charge detail record
        record: PathBuf,
        #[command(flatten)]
        reading: ReadingArguments,
        /// Amounts may differ by this much
        #[arg(long, default_value = "0.01")]
        tolerance: Money,
    },
}

#[derive(Args)]
struct ReadingArguments {
    /// OCPI version: 2.1.1, 2.2.1 or 2.3.0
    #[arg(long, default_value = "2.2.1")]
    ocpi: String,
    /// IANA time zone of the location; by default the record's own, else UTC
    #[arg(long)]
    timezone: Option<String>,
}

impl ReadingArguments {
    fn read(&self) -> Result<Reading<'_>> {
        Ok(Reading {
            version: price::version(Some(&self.ocpi))?,
            timezone: self.timezone.as_deref(),
        })
    }
}

/// Prints lines; the exit code tells whether there were any.
fn print(lines: &[impl Display], any_is_failure: bool) -> Result<ExitCode> {
    let mut output = BufWriter::new(io::stdout().lock());
    for line in lines {
        writeln!(output, "{line}")?;
    }
    output.flush()?;
    Ok(ExitCode::from(u8::from(any_is_failure && !lines.is_empty())))
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Price { file } => by_line(file.as_deref(), price::price),
        Task::Settle { file } => by_line(file.as_deref(), settle::settle),
        Task::Lint { tariff, reading } => reading
            .read()
            .and_then(|reading| check::lint(&tariff, reading.version))
            .and_then(|found| print(&found, true)),
        Task::Explain { tariff, record, reading, chinese } => {
            let language = if chinese { Language::Chinese } else { Language::English };
            let lines = reading.read().and_then(|r| check::explain(&tariff, &record, &r, language));
            lines.and_then(|lines| print(&lines, false))
        }
        Task::Verify { tariff, record, reading, tolerance } => reading
            .read()
            .and_then(|reading| check::verify(&tariff, &record, &reading, tolerance))
            .and_then(|found| print(&found, true)),
    };
    match done {
        Ok(code) => code,
        // The reader of our output has left: nothing more to do.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tariff: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind = |cause: &(dyn core::error::Error + 'static)| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        io.or_else(|| cause.downcast_ref::<serde_json::Error>()?.io_error_kind())
    };
    error.chain().any(|cause| kind(cause) == Some(io::ErrorKind::BrokenPipe))
}

#[derive(Deserialize)]
struct Id {
    #[serde(default)]
    id: Value,
}

/// Answers every line of a file. A case that is refused is answered with its error, and named on stderr.
fn by_line(
    file: Option<&Path>,
    answer: impl Fn(&str) -> Result<Map<String, Value>>,
) -> Result<ExitCode> {
    let input: Box<dyn BufRead> = match file {
        Some(path) if path != Path::new("-") => {
            Box::new(BufReader::new(File::open(path).with_context(|| path.display().to_string())?))
        }
        _ => Box::new(BufReader::new(io::stdin())),
    };
    let name = file.map_or_else(|| "standard input".into(), |path| path.display().to_string());
    let mut output = BufWriter::new(io::stdout().lock());
    let mut refused = false;
    for (number, line) in (1..).zip(input.split(b'\n')) {
        let line = line.with_context(|| format!("{name}:{number}"))?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let id = serde_json::from_slice::<Id>(&line).map_or(Value::Null, |case| case.id);
        let mut shown = Map::new();
        shown.insert("id".into(), id);
        match str::from_utf8(&line).context("not UTF-8").and_then(&answer) {
            Ok(found) => shown.extend(found),
            Err(error) => {
                eprintln!("{name}:{number}: {error:#}");
                refused = true;
                shown.insert("error".into(), format!("{error:#}").into());
            }
        }
        serde_json::to_writer(&mut output, &shown)?;
        writeln!(output)?;
    }
    output.flush()?;
    Ok(ExitCode::from(u8::from(refused)))
}
