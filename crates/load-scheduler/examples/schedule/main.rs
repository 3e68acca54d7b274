//! Plans charging: instances against proven optima, policies beside the optimum, and whole days replayed in minutes.
//!
//! ```sh
//! cargo run --release -p evse-load-scheduler --example schedule -- solve INSTANCE.json...
//! ```

mod instance;
mod solving;

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
}

fn main() -> Result<ExitCode> {
    match Arguments::parse().task {
        Task::Solve { files, plan } => solving::run(&files, plan),
    }
}
