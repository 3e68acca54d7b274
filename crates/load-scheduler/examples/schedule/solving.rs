//! `solve`: one line for every file, whatever is wrong with it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use evse_load_scheduler::{OptimiseError, lp, optimise, verify};
use indicatif::ProgressBar;
use serde::Serialize;

use crate::instance::Instance;

/// A line of the output.
#[derive(Serialize)]
struct Solved {
    file: String,
    status: &'static str,
    objective: Option<f64>,
    method: String,
    millis: f64,
    verified: bool,
    certified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<serde_json::Map<String, serde_json::Value>>,
}

#[derive(Serialize)]
struct Refused {
    file: String,
    error: String,
}

/// Solves every file; the exit code is 1 if one was refused.
pub(crate) fn run(files: &[PathBuf], with_plan: bool) -> Result<ExitCode> {
    let mut refused = false;
    let progress = ProgressBar::new(files.len() as u64);
    for path in files {
        progress.set_message(path.display().to_string());
        let file = path.display().to_string();
        let line = match solve(path, &file, with_plan) {
            Ok(solved) => serde_json::to_string(&solved)?,
            Err(error) => {
                refused = true;
                let error = format!("{error:#}");
                progress.suspend(|| writeln!(std::io::stderr(), "{file}: {error}"))?;
                serde_json::to_string(&Refused { file, error })?
            }
        };
        progress.suspend(|| writeln!(std::io::stdout(), "{line}"))?;
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(ExitCode::from(u8::from(refused)))
}

fn solve(path: &Path, file: &str, with_plan: bool) -> Result<Solved> {
    let text = std::fs::read_to_string(path).context("cannot be read")?;
    let instance = Instance::parse(&text)?;
    let problem = &instance.problem;
    let begin = Instant::now();
    let backends: [&dyn lp::Backend; 2] = [&lp::Microlp::default(), &lp::Minilp::default()];
    let found = match optimise(problem, &backends) {
        Ok(found) => found,
        Err(OptimiseError::Infeasible) => {
            return Ok(Solved {
                file: file.to_owned(),
                status: "infeasible",
                objective: None,
                method: "lp".to_owned(),
                millis: millis(begin),
                verified: false,
                certified: false,
                plan: None,
            });
        }
        Err(error) => return Err(error.into()),
    };
    let millis = millis(begin);
    let objective = instance.currency(found.account.total());
    let certified = match &found.certificate {
        // What a demand charge is weighed to: the joule.
        Some(certificate) => {
            let gap = instance.currency(certificate.gap(problem, &found.account)?);
            gap <= 1e-9 * objective.abs().max(1.0)
        }
        None => false,
    };
    Ok(Solved {
        file: file.to_owned(),
        status: if found.is_optimal { "optimal" } else { "feasible" },
        objective: Some(objective),
        method: found.method.to_string(),
        millis,
        verified: verify(problem, &found.plan).is_ok(),
        certified,
        plan: with_plan.then(|| instance.plan_kw(&found.plan)),
    })
}

fn millis(begin: Instant) -> f64 {
    (begin.elapsed().as_secs_f64() * 1e6).round() / 1e3
}
