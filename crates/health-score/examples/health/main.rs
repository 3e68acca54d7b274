//! A bench tool for charger health: scores, weights, degradation, active defence.
//!
//! ```sh
//! cargo run --release -p evse-health-score --example health -- score cases.json
//! cargo run --release -p evse-health-score --example health -- --help
//! ```
//!
//! Data goes to stdout, everything else to stderr. Exit code 0: all went well; 1: some input was refused (named on
//! stderr, the rest was done); 2: wrong arguments or an unreadable file.
#![allow(clippy::print_stderr, clippy::std_instead_of_alloc, reason = "a command-line tool")]

mod defend;
mod explain;
mod picture;
mod score;
mod sessions;
mod watch;
mod weights;

use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

/// Charger health: score it, weigh it, watch it age, defend it.
///
/// Exit code 0: all well; 1: some input was refused (named on stderr, the rest was done); 2: wrong arguments or an
/// unreadable file.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Reference scores: a JSON object with `cases`, weights optional; one JSON line a case
    Score {
        /// JSON file, `-` for stdin
        file: PathBuf,
    },
    /// Weighting mathematics: `ahp`, `entropy`, `combine_*`, `fuzzy`; one JSON line an entry
    Weights {
        /// JSON file, `-` for stdin
        file: PathBuf,
    },
    /// Degradation over charging sessions: alarms and states of nine signals as JSON Lines
    Watch {
        /// Sessions, CSV, `-` for stdin
        file: PathBuf,
        /// Chargers, CSV: `charger`, `module_kw`, `rated_a` [default: 30 kW modules, 250 A]
        #[arg(long, value_name = "FILE")]
        chargers: Option<PathBuf>,
    },
    /// Active defence over traces of sessions: alarms as JSON Lines
    Defend {
        /// Trace, CSV: charger's measurements beside BCL, BCS and BSM values, `-` for stdin
        trace: PathBuf,
        /// Packs' limits (BCP) by session, CSV
        limits: PathBuf,
    },
    /// A report for people: score, scan, lost points, wear and what to do
    Explain {
        /// Sessions, CSV, `-` for stdin
        file: PathBuf,
        /// Chargers, CSV, as for `watch`
        #[arg(long, value_name = "FILE")]
        chargers: Option<PathBuf>,
        /// Only this charger [default: all]
        #[arg(long, value_name = "NAME")]
        charger: Option<String>,
        /// Write that charger's wear over time as a picture
        #[arg(long, value_name = "FILE", requires = "charger")]
        svg: Option<PathBuf>,
    },
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
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
    })
}

fn perform(task: Task, out: &mut impl Write) -> Result<Refused> {
    match task {
        Task::Score { file } => score::run(&read_json(&file)?, out),
        Task::Weights { file } => weights::run(&read_json(&file)?, out),
        Task::Watch { file, chargers } => {
            let chargers = watch::read_chargers(chargers.as_deref())?;
            watch::run(Source::open(&file)?, &chargers, out)
        }
        Task::Explain { file, chargers, charger, svg } => {
            let chargers = watch::read_chargers(chargers.as_deref())?;
            let wish = explain::Wish { charger, svg };
            explain::run(Source::open(&file)?, &chargers, &wish, out)
        }
        Task::Defend { trace, limits } => {
            let (trace, limits) = (Source::open(&trace)?, Source::open(&limits)?);
            let mut of_limits = Refusals::of(&limits.name);
            let packs =
                defend::read_limits(limits.input, |line, what| of_limits.refuse(line, what));
            let packs = packs.context(limits.name)?;
            let mut of_trace = Refusals::of(&trace.name);
            let refuse = |line: u64, what: &str| of_trace.refuse(line, what);
            defend::run(trace.input, &packs, refuse, out).context(trace.name)?;
            Ok(of_limits.any || of_trace.any)
        }
    }
}

/// An input and what it is called in messages.
pub(crate) struct Source {
    name: String,
    input: Box<dyn Read>,
}

impl Source {
    fn open(path: &Path) -> Result<Self> {
        let name =
            if path.as_os_str() == "-" { "stdin".into() } else { path.display().to_string() };
        Ok(Self { name, input: open(path)? })
    }
}

/// Names rows that are refused, and remembers that there were any.
pub(crate) struct Refusals {
    name: String,
    any: Refused,
}

impl Refusals {
    pub(crate) fn of(name: &str) -> Self {
        Self { name: name.to_owned(), any: false }
    }

    pub(crate) fn refuse(&mut self, line: u64, what: &str) {
        self.any = true;
        eprintln!("{}:{line}: {what}", self.name);
    }
}

/// A file, or stdin for `-`.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    Ok(Box::new(BufReader::new(File::open(path).with_context(|| path.display().to_string())?)))
}

fn read_json(path: &Path) -> Result<serde_json::Value> {
    serde_json::from_reader(open(path)?).with_context(|| path.display().to_string())
}

/// One JSON object on a line of its own.
pub(crate) fn write_line(out: &mut impl Write, value: &impl serde::Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)?;
    Ok(())
}
