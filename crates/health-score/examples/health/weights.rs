//! `weights`: pairwise comparison, entropy, combination and fuzzy evaluation of a vector file.

use std::io::Write;

use anyhow::{Context, Result, ensure};
use evse_health_score::weighting::{
    Ahp, combine_linear, combine_multiplicative, entropy, fuzzy, membership,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Refused, write_line};

/// Reads one entry's input and gives the line for it; the second argument is the whole file.
type Evaluate = fn(&Value, &Value) -> Result<Value>;

/// The lists of the file in the order of the output; a single object counts as a list of one.
const KINDS: [(&str, Evaluate); 5] = [
    ("ahp", ahp),
    ("entropy", entropy_weights),
    ("combine_multiplicative", multiplicative),
    ("combine_linear", linear),
    ("fuzzy", fuzzy_grades),
];

pub(crate) fn run(file: &Value, out: &mut impl Write) -> Result<Refused> {
    ensure!(file.is_object(), "the file is no JSON object");
    ensure!(KINDS.iter().any(|(kind, _)| file.get(kind).is_some()), "none of the known entries");
    let mut refused = false;
    for (kind, evaluate) in KINDS {
        let entries = match file.get(kind) {
            None => continue,
            Some(Value::Array(entries)) => entries.as_slice(),
            Some(entry) => core::slice::from_ref(entry),
        };
        for (index, entry) in entries.iter().enumerate() {
            match evaluate(entry, file) {
                Ok(line) => write_line(out, &line)?,
                Err(error) => {
                    refused = true;
                    eprintln!("{kind} {index}: {error:#}");
                    write_line(out, &Value::Null)?;
                }
            }
        }
    }
    Ok(refused)
}

fn field<T: for<'de> Deserialize<'de>>(entry: &Value, name: &str) -> Result<T> {
    let value = entry.get(name).with_context(|| format!("no `{name}`"))?;
    T::deserialize(value).with_context(|| name.to_owned())
}

fn ahp(entry: &Value, _: &Value) -> Result<Value> {
    let rows: Vec<Vec<f64>> = field(entry, "matrix")?;
    ensure!(rows.iter().all(|row| row.len() == rows.len()), "the matrix is not square");
    let found = Ahp::new(&rows.concat(), rows.len())?;
    Ok(json!({
        "weights": found.weights(),
        "lambda_max": found.lambda_max,
        "ci": found.ci,
        "cr": found.cr,
        "consistent": found.is_consistent(),
    }))
}

fn entropy_weights(entry: &Value, _: &Value) -> Result<Value> {
    let rows: Vec<Vec<f64>> = field(entry, "data")?;
    let benefit: Vec<bool> = field(entry, "benefit")?;
    ensure!(rows.iter().all(|row| row.len() == benefit.len()), "rows of different lengths");
    ensure!(!benefit.is_empty(), "no columns");
    let base = match entry.get("base") {
        Some(_) => field(entry, "base")?,
        None => vec![1.0 / f64::from(u32::try_from(benefit.len())?); benefit.len()],
    };
    let (mut entropies, mut weights) = (vec![0.0; benefit.len()], vec![0.0; benefit.len()]);
    entropy(&rows.concat(), &benefit, &base, &mut entropies, &mut weights)?;
    Ok(json!({ "entropy": entropies, "weights": weights }))
}

/// The sets to combine; `combine_linear` takes those of `combine_multiplicative` where it has none of its own.
fn sets(entry: &Value, file: &Value) -> Result<(Vec<f64>, Vec<f64>)> {
    let other = file.get("combine_multiplicative").unwrap_or(entry);
    let source = if entry.get("a").is_some() { entry } else { other };
    Ok((field(source, "a")?, field(source, "b")?))
}

fn multiplicative(entry: &Value, file: &Value) -> Result<Value> {
    let (a, b) = sets(entry, file)?;
    let mut w = vec![0.0; a.len()];
    combine_multiplicative(&a, &b, &mut w)?;
    Ok(json!({ "w": w }))
}

fn linear(entry: &Value, file: &Value) -> Result<Value> {
    let (a, b) = sets(entry, file)?;
    let t = if entry.get("t").is_some() { field(entry, "t")? } else { 0.5 };
    let mut w = vec![0.0; a.len()];
    combine_linear(&a, &b, t, &mut w)?;
    Ok(json!({ "w": w }))
}

fn fuzzy_grades(entry: &Value, _: &Value) -> Result<Value> {
    let scores: Vec<f64> = field(entry, "scores")?;
    let weights: Vec<f64> = field(entry, "weights")?;
    let (grade, score) = fuzzy(&scores, &weights)?;
    let memberships: Vec<_> = scores.iter().map(|score| membership(*score)).collect();
    Ok(json!({ "membership": memberships, "grade": grade, "defuzzified": score }))
}
