//! Plans charging: instances against proven optima, policies beside the optimum, and whole days replayed in minutes.
//!
//! ```sh
//! cargo run --release -p evse-load-scheduler --example schedule -- solve INSTANCE.json...
//! ```

mod day;
mod instance;
mod picture;
mod simulate;
mod solving;

use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Plans the charging of many cars under the limits of a site.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Find the plan of least cost of each instance; one JSON object a line
    Solve {
        /// Files in the format load-scheduler-instance/1
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Add the plan: net power of every session in every slot, kW
        #[arg(long)]
        plan: bool,
    },
    /// Put the policies beside the optimum of an instance; one JSON object a line
    Compare {
        /// File in the format load-scheduler-instance/1
        file: PathBuf,
        /// Write a picture of the loads, the limit and the price
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
    },
    /// Replay a day of sessions minute by minute; one JSON object a line
    Simulate {
        #[arg(
            help = "CSV with the columns session_id, arrive_min, depart_min, energy_wh, pmax_w \
                      and, if wanted, vip"
        )]
        sessions: PathBuf,
        /// Most power, background included
        #[arg(long, value_name = "N", allow_negative_numbers = true)]
        limit_kw: f64,
        /// CSV whose last column is the background in kW, in equal steps over a day
        #[arg(long, value_name = "FILE")]
        background: Option<PathBuf>,
        /// What to replay; may be given several times [default: all]
        #[arg(long, value_name = "NAME")]
        policy: Vec<simulate::Rule>,
        /// Price of energy over the day, each from its time on
        #[arg(long, value_name = "HH:MM=PRICE,...", value_parser = Tariff::parse,
              default_value = "00:00=0.26,08:00=0.78,10:00=1.19,12:00=0.78,14:00=1.19,19:00=0.78")]
        tariff: Tariff,
        /// Write a picture of the loads, the limit and the price
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
    },
}

/// Prices over a day.
#[derive(Debug, Clone)]
struct Tariff(Vec<day::Band>);

impl Tariff {
    fn parse(text: &str) -> Result<Self, String> {
        day::tariff(text).map(Self)
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(code) => code,
        // The reader of our output has left: nothing more to do.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error:#}");
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
    })
}

fn run(task: Task) -> Result<ExitCode> {
    match task {
        Task::Solve { files, plan } => solving::run(&files, plan),
        Task::Compare { file, svg } => simulate::compare(&file, svg.as_deref()),
        Task::Simulate { sessions, limit_kw, background, policy, tariff, svg } => {
            simulate::run(&simulate::Simulation {
                sessions,
                limit_kw,
                background,
                rules: policy,
                tariff: tariff.0,
                svg,
            })
        }
    }
}
