//! Reads what criterion left behind and prints the README's table of ratios, or draws the growth curves.

mod growth;
mod measured;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    about = "What `cargo bench` measured, as a table or a picture. Exit code 0: all was there; 1: something is missing."
)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
    /// Where criterion leaves its results.
    #[arg(long, global = true, default_value = "target/criterion")]
    criterion: PathBuf,
}

#[derive(Subcommand)]
enum Task {
    /// One Markdown table: the questions of `benches/ratios.toml`, our time, the peers' times as ratios.
    Table {
        /// The questions.
        #[arg(long, default_value = "benches/ratios.toml")]
        questions: PathBuf,
    },
    /// A picture: time against size, from the groups named `growth: ...`.
    Growth {
        /// The SVG file to write.
        #[arg(long, default_value = "docs/growth.svg")]
        svg: PathBuf,
    },
}

fn main() -> ExitCode {
    let Arguments { command, criterion } = Arguments::parse();
    let outcome = measured::read(&criterion).and_then(|times| match command {
        Task::Table { questions } => table::print(&times, &questions),
        Task::Growth { svg } => growth::draw(&times, &svg),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
