//! Counts the instructions of every hot path with callgrind and holds them against `benches/budgets.toml`.
//!
//! One pass of a path is measured as a difference: the program runs itself under callgrind once with N and once with
//! 2N passes; what both runs share (start-up, set-up of inputs) cancels, and the rest is N passes. So no symbol names,
//! no inlining tricks and no wall clock are involved, and the figure repeats exactly for one compiler.

mod paths;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use serde::Deserialize;

/// A hot path: prepares its input once, then runs the given number of passes over it.
pub struct HotPath {
    /// `path` of the `[crate.path]` row in `benches/budgets.toml`.
    pub name: &'static str,
    /// Passes of the shorter run; the longer one takes twice as many.
    pub passes: u32,
    /// Runs that many passes. Inputs and results go through `core::hint::black_box`.
    pub run: fn(passes: u32),
}

/// One row of `benches/budgets.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    /// What one pass does, for the reader of the report.
    what: String,
    /// The most instructions that one pass may take.
    limit: u64,
}

type Budgets = BTreeMap<String, BTreeMap<String, Budget>>;

#[derive(Parser)]
#[command(about = "Instruction budgets of the hot paths, counted by valgrind --tool=callgrind")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Count every path and fail if one is over its budget, without a budget, or without code.
    Check {
        /// Only paths whose `crate.path` contains this text.
        filter: Option<String>,
    },
    /// Run one path, nothing else: what `check` runs under callgrind.
    Pass { krate: String, path: String, passes: u32 },
}

fn main() -> Result<ExitCode> {
    match Arguments::parse().command {
        Task::Pass { krate, path, passes } => {
            let found = paths::ALL
                .iter()
                .filter(|(name, _)| *name == krate)
                .flat_map(|(_, paths)| *paths)
                .find(|p| p.name == path)
                .with_context(|| format!("no code for {krate}.{path}"))?;
            (found.run)(passes);
            Ok(ExitCode::SUCCESS)
        }
        Task::Check { filter } => check(filter.as_deref()),
    }
}

fn check(filter: Option<&str>) -> Result<ExitCode> {
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../budgets.toml"));
    let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let budgets: Budgets = toml::from_str(&text).with_context(|| file.display().to_string())?;

    let mut failed = false;
    let mut rows = 0;
    for (krate, paths) in paths::ALL {
        for path in *paths {
            if !budgets.get(*krate).is_some_and(|rows| rows.contains_key(path.name)) {
                println!("{krate}.{}: no row in benches/budgets.toml", path.name);
                failed = true;
            }
        }
    }
    println!("{:>12} {:>12}  path", "instructions", "budget");
    for (krate, rows_of_crate) in &budgets {
        for (name, budget) in rows_of_crate {
            let full = format!("{krate}.{name}");
            if filter.is_some_and(|f| !full.contains(f)) {
                continue;
            }
            let path = paths::ALL
                .iter()
                .filter(|(k, _)| k == krate)
                .flat_map(|(_, paths)| *paths)
                .find(|p| p.name == name);
            let Some(path) = path else {
                println!("{full}: no code in benches/budgets/src/paths");
                failed = true;
                continue;
            };
            let count = instructions_per_pass(krate, path)?;
            let over = count > budget.limit;
            failed |= over;
            rows += 1;
            let mark = if over { "OVER BUDGET " } else { "" };
            println!("{count:>12} {:>12}  {mark}{full}: {}", budget.limit, budget.what);
        }
    }
    println!("{rows} paths counted");
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// `(instructions of 2N passes - instructions of N passes) / N`.
fn instructions_per_pass(krate: &str, path: &HotPath) -> Result<u64> {
    let short = instructions(krate, path.name, path.passes)?;
    let long = instructions(krate, path.name, path.passes * 2)?;
    Ok(long.saturating_sub(short).div_ceil(u64::from(path.passes)))
}

/// Instructions of this program running one path, as callgrind counts them.
fn instructions(krate: &str, path: &str, passes: u32) -> Result<u64> {
    let itself: &Path = &std::env::current_exe()?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(itself)
        .args(["pass", krate, path, &passes.to_string()])
        .output()
        .context("valgrind does not start; install it (Debian: apt-get install valgrind)")?;
    let report = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{krate}.{path} failed under callgrind:\n{report}");
    }
    report
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, count)| count.trim().parse().ok())
        .with_context(|| format!("no 'Collected :' line from callgrind:\n{report}"))
}
