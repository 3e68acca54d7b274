//! Criterion's results: a folder for each bench, with what it was in `benchmark.json` and how long it took in
//! `estimates.json`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A bench by its group, its name in it, and its size where it has one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Bench {
    #[serde(rename = "group_id")]
    pub group: String,
    #[serde(rename = "function_id", default)]
    pub name: Option<String>,
    #[serde(rename = "value_str", default)]
    pub size: Option<String>,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

/// Median times in nanoseconds.
pub type Times = BTreeMap<Bench, f64>;

/// Reads the newest result of every bench under a folder.
pub fn read(folder: &Path) -> Result<Times> {
    let mut times = Times::new();
    gather(folder, &mut times)
        .with_context(|| format!("{}: run `cargo bench` first", folder.display()))?;
    ensure!(!times.is_empty(), "no results in {}: run `cargo bench` first", folder.display());
    Ok(times)
}

fn gather(folder: &Path, times: &mut Times) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.is_dir() {
            continue;
        }
        if path.ends_with("new") && path.join("benchmark.json").is_file() {
            let bench: Bench = parse(&path.join("benchmark.json"))?;
            let estimates: Estimates = parse(&path.join("estimates.json"))?;
            times.insert(bench, estimates.median.point_estimate);
        } else {
            gather(&path, times)?;
        }
    }
    Ok(())
}

fn parse<T: DeserializeOwned>(file: &Path) -> Result<T> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    serde_json::from_str(&text).with_context(|| file.display().to_string())
}
