//! Prices, settles, checks and explains, from JSON to JSON. `--help` says how.
#![allow(missing_docs, clippy::print_stderr, reason = "a program that talks to people on stderr")]

mod grid;
mod input;
mod price;
mod session;
mod settle;
mod text;
mod time_of_use;

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
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
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Price { file } => by_line(file.as_deref(), price::price),
        Task::Settle { file } => by_line(file.as_deref(), settle::settle),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("tariff: {error:#}");
            ExitCode::from(2)
        }
    }
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
    for (number, line) in (1..).zip(input.lines()) {
        let line = line.with_context(|| format!("{name}:{number}"))?;
        if line.trim().is_empty() {
            continue;
        }
        let id = serde_json::from_str::<Id>(&line).map_or(Value::Null, |case| case.id);
        let mut shown = Map::new();
        shown.insert("id".into(), id);
        match answer(&line) {
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
