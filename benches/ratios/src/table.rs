//! The table of ratios.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::measured::Times;

/// What a row asks, and which benches answer it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    /// The first column.
    question: String,
    /// The bench file.
    bench: String,
    /// Criterion's group.
    group: String,
    /// Our bench in it.
    ours: String,
    /// The others: bench and what the table calls it.
    peers: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Questions {
    row: Vec<Question>,
}

/// Prints the table.
pub fn print(times: &Times, questions: &Path) -> Result<()> {
    let text = fs::read_to_string(questions)
        .with_context(|| format!("cannot read {}", questions.display()))?;
    let questions: Questions = toml::from_str(&text).context("the questions")?;
    let mut missing = Vec::new();
    println!("| question | ours | peers | command |\n|---|---|---|---|");
    for row in &questions.row {
        let time = |name: &str| {
            let found = times.iter().find(|(bench, _)| {
                bench.group == row.group && bench.name.as_deref().unwrap_or_default() == name
            });
            found.map(|(_, nanos)| *nanos)
        };
        let Some(ours) = time(&row.ours) else {
            missing.push(format!("{}: {}", row.group, row.ours));
            continue;
        };
        let mut peers = Vec::new();
        for (bench, shown) in &row.peers {
            match time(bench) {
                Some(theirs) => peers.push((theirs / ours, shown)),
                None => missing.push(format!("{}: {bench}", row.group)),
            }
        }
        peers.sort_by(|a, b| a.0.total_cmp(&b.0));
        let peers: Vec<_> =
            peers.iter().map(|(ratio, shown)| format!("{shown} {} ×", digits(*ratio))).collect();
        println!(
            "| {} | {} | {} | `cargo bench --bench {}` |",
            row.question,
            time_text(ours),
            peers.join(", "),
            row.bench
        );
    }
    if !missing.is_empty() {
        bail!("not measured: {}", missing.join("; "));
    }
    Ok(())
}

/// Two significant digits, as many as a busy machine repeats.
fn digits(ratio: f64) -> String {
    match ratio {
        r if r >= 100.0 => {
            let step = 10_f64.powf(r.log10().floor() - 1.0);
            format!("{:.0}", (r / step).round() * step)
        }
        r if r >= 9.95 => format!("{r:.0}"),
        r if r >= 0.995 => format!("{r:.1}"),
        r => format!("{r:.2}"),
    }
}

fn time_text(nanos: f64) -> String {
    let (value, unit) = match nanos {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    format!("{} {unit}", digits(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits() {
        let shown: Vec<_> = [0.271, 1.04, 9.96, 24.6, 298.4, 1_465.0].map(digits).to_vec();
        assert_eq!(shown, ["0.27", "1.0", "10", "25", "300", "1500"]);
        assert_eq!(time_text(270_400.0), "270 µs");
        assert_eq!(time_text(1_820_000_000.0), "1.8 s");
    }

    /// The README quotes the table as it was measured last.
    #[test]
    fn the_readme_quotes_the_table() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let read = |file: &str| fs::read_to_string(root.join(file)).unwrap();
        let table = read("benches/RATIOS.md");
        let table = table.split_once("| question").unwrap().1.trim();
        assert!(read("README.md").contains(table), "the README quotes another table");
    }
}
