//! A fleet's charging sessions, from a Parquet file to bills, shares and a ledger: priced by `evse-tariff` alone, as a
//! function in SQL under `DataFusion`, and by the same statements on Ballista's distributed scheduler.
//!
//! Whoever works it out and in however many partitions, the totals and the head of the ledger are the same.

mod cluster;
mod contract;
mod function;
mod generate;
mod plain;
mod query;
mod sessions;
mod settlement;

use std::fs;
use std::io::{ErrorKind, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand, ValueEnum};
use datafusion::prelude::{SessionConfig, SessionContext};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use tokio::runtime::Runtime;

use cluster::Cluster;
use contract::Contract;
use sessions::SessionFile;
use settlement::{Measured, Refused, Timed};

/// The tariffs that generated sessions are under.
const CONTRACT: &str = include_str!("../tariffs.json");

/// Refused records named one by one; of more only the number.
const REFUSED_SHOWN: usize = 200;

/// Settles a fleet's charging sessions: prices, shares, ledger.
///
/// Exit code 0: all well; 1: some sessions were refused (named on stderr, the rest was settled); 2: wrong arguments or a
/// file that cannot be used.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Makes a day's sessions up; the same seed gives the same file
    Generate {
        /// How many
        #[arg(long, value_name = "N")]
        sessions: u64,
        /// File to write
        #[arg(long, value_name = "FILE.parquet")]
        out: PathBuf,
        /// Seed
        #[arg(long, value_name = "S", default_value_t = 1)]
        seed: u64,
    },
    /// Settles a file of sessions
    Run(Run),
    /// An executor, as `run --engine ballista` starts it
    #[command(hide = true)]
    Executor {
        #[arg(long)]
        scheduler: String,
        #[arg(long)]
        cores: usize,
    },
}

#[derive(Args)]
struct Run {
    /// Sessions, one a row
    #[arg(value_name = "FILE.parquet")]
    file: PathBuf,
    /// Who does it
    #[arg(long, value_enum, default_value_t = Engine::Datafusion)]
    engine: Engine,
    /// Into how many parts the work is split [default: one a core; the plain engine has one]
    #[arg(long, value_name = "P")]
    partitions: Option<NonZeroUsize>,
    /// Executors of Ballista, each a process with its share of the cores
    #[arg(long, value_name = "N", default_value = "2")]
    executors: NonZeroUsize,
    /// Tariffs and shares [default: those of the generated sessions]
    #[arg(long, value_name = "FILE.json")]
    tariffs: Option<PathBuf>,
    /// Print two lines of JSON instead of a table: the settlement, and how long it took
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// One thread and no query engine
    Plain,
    /// SQL in this process
    Datafusion,
    /// The same SQL, by executors in processes of their own
    Ballista,
}

impl Engine {
    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Datafusion => "datafusion",
            Self::Ballista => "ballista",
        }
    }
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Task::Generate { sessions, out, seed } => {
            let progress = progress("{wide_bar} {human_pos} of {human_len} sessions");
            generate::generate(sessions, seed, &out, &progress)
                .with_context(|| out.display().to_string())
                .map(|()| true)
        }
        Task::Run(run) => settle(&run),
        Task::Executor { scheduler, cores } => Runtime::new()
            .map_err(Into::into)
            .and_then(|runtime| runtime.block_on(cluster::execute(scheduler, cores)))
            .map(|()| true),
    };
    match done {
        Ok(all_well) => ExitCode::from(u8::from(!all_well)),
        Err(error) => {
            complain(&format!("error: {}", chain(&error)));
            ExitCode::from(2)
        }
    }
}

/// Does the whole job; false if some of the sessions were refused.
fn settle(run: &Run) -> Result<bool> {
    let contract = read_contract(run.tariffs.as_deref())?;
    let file = SessionFile::open(&run.file).with_context(|| run.file.display().to_string())?;
    let partitions = match run.engine {
        Engine::Plain => 1,
        _ => run.partitions.map_or_else(cores, NonZeroUsize::get),
    };
    let progress = progress("{spinner} settling, {elapsed}");
    progress.enable_steady_tick(Duration::from_millis(200));
    let (timed, start_up, executors) = match run.engine {
        Engine::Plain => (plain::settle(&file, &contract)?, Duration::ZERO, Vec::new()),
        Engine::Datafusion => {
            let config = query::with_partitions(SessionConfig::new(), partitions);
            let context = SessionContext::new_with_state(query::state(config)?);
            let settling = query::settle(&context, &file, &contract);
            (Runtime::new()?.block_on(settling)?, Duration::ZERO, Vec::new())
        }
        Engine::Ballista => {
            Runtime::new()?.block_on(distributed(run, partitions, &file, &contract))?
        }
    };
    progress.finish_and_clear();

    let Timed { settlement, totals_took, ledger_took } = timed;
    name_refused(&run.file, settlement.refused());
    let millis = |took: Duration| u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let micros = u64::try_from((totals_took + ledger_took).as_micros()).unwrap_or(u64::MAX);
    let measured = Measured {
        engine: run.engine.name(),
        partitions,
        sessions: file.rows(),
        start_up_ms: millis(start_up),
        totals_ms: millis(totals_took),
        ledger_ms: millis(ledger_took),
        sessions_per_second: file.rows().saturating_mul(1_000_000) / micros.max(1),
        executors,
    };
    if run.json {
        say(&json!({ "settlement": settlement.to_json() }).to_string())?;
        say(&json!({ "measured": measured }).to_string())?;
    } else {
        say(&settlement.to_string())?;
        say(&measured.to_string())?;
    }
    Ok(settlement.refused().is_empty())
}

async fn distributed(
    run: &Run,
    partitions: usize,
    file: &SessionFile,
    contract: &Contract,
) -> Result<(Timed, Duration, Vec<u64>)> {
    let executors = run.executors.get();
    let mut cluster = Cluster::start(partitions, executors, (cores() / executors).max(1)).await?;
    let timed = cluster.run(async |context| query::settle(context, file, contract).await).await?;
    let start_up = cluster.start_up();
    Ok((timed, start_up, cluster.stop().await?))
}

fn read_contract(path: Option<&Path>) -> Result<Contract> {
    let Some(path) = path else { return Contract::parse(CONTRACT) };
    let read = || Contract::parse(&fs::read_to_string(path)?);
    read().with_context(|| path.display().to_string())
}

fn cores() -> usize {
    available_parallelism().map_or(1, NonZeroUsize::get)
}

fn name_refused(file: &Path, refused: &[Refused]) {
    for Refused { session_id, reason } in refused.iter().take(REFUSED_SHOWN) {
        let id = session_id.as_deref().unwrap_or("without an id");
        complain(&format!("{}: session {id}: {reason}", file.display()));
    }
    if let Some(more) = refused.len().checked_sub(REFUSED_SHOWN).filter(|more| *more > 0) {
        complain(&format!("{}: {more} more sessions refused", file.display()));
    }
}

/// Drawn on a terminal only, and not for what is over at once.
fn progress(template: &str) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr_with_hz(5)
    } else {
        ProgressDrawTarget::hidden()
    };
    let style = ProgressStyle::with_template(template);
    let bar = ProgressBar::with_draw_target(None, target);
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A line on standard output, at once. Who reads no further, as `head` does, wants no more.
fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// An error with its causes, unless it already tells of them.
fn chain(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |told, cause| match () {
        () if told.is_empty() => cause,
        () if told.contains(&cause) => told,
        () => format!("{told}: {cause}"),
    })
}

/// A line on standard error, if anybody listens.
fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
