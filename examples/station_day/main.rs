//! One day of a charging station: logs read, sessions billed to the cent, charging planned under the transformer limit,
//! and the day drawn.
//!
//! Without arguments it runs on a demonstration day of its own (`demo.rs` says what it is made of); with files it runs on
//! real input. No network, no clock, no chance: the same input gives the same bytes.
//!
//! ```sh
//! cargo run --release --example station_day
//! cargo run --release --example station_day -- --help
//! ```

mod billing;
mod demo;
mod frames;
mod health;
mod input;
mod picture;
mod planning;
#[path = "../common/pseudonym.rs"]
mod pseudonym;
mod report;
mod sending;
mod tables;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{BufReader, Cursor, ErrorKind, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use clap::Parser;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rust_decimal::Decimal;

use billing::SzZ22;
use frames::Shown;
use health::{Logs, Telemetry};
use input::background::{self, Background};
use input::scene::{self, Scene};
use input::{Remark, Source, ocpp_log, sessions};
use planning::{Planned, PolicyName};
use pseudonym::Pseudonyms;
use report::{BillingReport, Report, STEPS};

/// Remarks of one source printed one by one; of more only the number.
const REMARKS_SHOWN: usize = 200;

/// Reads a charging station's day, bills its sessions, plans its charging under a limit and draws it.
///
/// Without --log, --sessions or --scene it runs on a demonstration day. Exit code 0: all well; 1: some input was refused
/// (named on stderr, the rest was done); 2: wrong arguments or a file that cannot be used.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    /// OCPP 1.6J log of one day, JSON Lines in UTC; may be given several times, each stands alone
    #[arg(long, value_name = "FILE.jsonl")]
    log: Vec<PathBuf>,
    /// Session list to bill, CSV with local times; may be given several times
    #[arg(long, value_name = "FILE.csv")]
    sessions: Vec<PathBuf>,
    /// Minutes from the logs' UTC to the tariff's local clock
    #[arg(long, value_name = "N", default_value_t = 0, allow_hyphen_values = true)]
    utc_offset_min: i32,
    /// Scene to plan, CSV; may be given several times
    #[arg(long, value_name = "FILE.csv", requires = "limit_kw")]
    scene: Vec<PathBuf>,
    /// Most power of the station, background included; may be given several times for several plans
    #[arg(long, value_name = "N")]
    limit_kw: Vec<Decimal>,
    /// Load shapes for the background, CSV
    #[arg(
        long,
        value_name = "FILE.csv",
        requires_all = ["background_column", "background_day", "background_scale_kw", "scene"]
    )]
    background: Option<PathBuf>,
    /// Column of the load shape
    #[arg(long, value_name = "NAME", requires = "background")]
    background_column: Option<String>,
    /// Day of the load shape
    #[arg(long, value_name = "YYYY-MM-DD", requires = "background")]
    background_day: Option<NaiveDate>,
    /// Highest background load, in kW
    #[arg(long, value_name = "N", requires = "background")]
    background_scale_kw: Option<Decimal>,
    /// Telemetry of charging sessions to score the chargers from, CSV; may be given several times
    #[arg(long, value_name = "FILE.csv")]
    telemetry: Vec<PathBuf>,
    /// Data of the chargers in the telemetry, CSV
    #[arg(long, value_name = "FILE.csv", requires = "telemetry")]
    chargers: Option<PathBuf>,
    /// Share of energy lost in transformer and lines, in %, for the loss balance
    #[arg(long, value_name = "N", default_value_t = 2.0)]
    grid_loss_pct: f64,
    /// Policy to replay; may be given several times [default: all]
    #[arg(long, value_name = "NAME")]
    policy: Vec<PolicyName>,
    /// Key of the pseudonyms that drivers are shown under
    #[arg(long, value_name = "TEXT", default_value = "station-day")]
    pseudonym_key: String,
    /// Write the results as one JSON object
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the picture of the first plan
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Print no tables
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(all_well) => ExitCode::from(u8::from(!all_well)),
        Err(error) => {
            complain(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// What there is to do: sources to bill, scenes to plan, telemetry to score.
struct Input {
    sources: Vec<Source>,
    /// Minutes from the clock of each source to the tariff's: session lists stand on it already, logs are in UTC.
    offsets_min: Vec<i32>,
    scenes: Vec<Scene>,
    background: Background,
    limits_w: Vec<i64>,
    telemetry: Vec<Telemetry<'static>>,
}

/// Does the whole job; false if some of the input was refused.
fn run(arguments: &Arguments) -> Result<bool> {
    let progress = progress();
    progress.set_message("reading");
    let nothing_given = arguments.log.is_empty()
        && arguments.sessions.is_empty()
        && arguments.scene.is_empty()
        && arguments.telemetry.is_empty();
    let mut input = if nothing_given { demonstration(arguments)? } else { given(arguments)? };
    let nothing_to_draw = arguments.svg.is_some() && input.scenes.is_empty();
    anyhow::ensure!(!nothing_to_draw, "--svg: there is no plan to draw; give a --scene");
    let grid_loss = arguments.grid_loss_pct / 100.0;
    anyhow::ensure!((0.0..1.0).contains(&grid_loss), "--grid-loss-pct is from 0 to below 100");
    let tariff = SzZ22::new()?;
    let pseudonyms = Pseudonyms::new(arguments.pseudonym_key.as_bytes());

    let logs = Logs::of(&input.sources);
    let mut shown = Vec::new();
    let mut billings = Vec::new();
    for (source, offset_min) in input.sources.iter_mut().zip(&input.offsets_min) {
        progress.set_message(format!("billing {}", source.name));
        if shown.is_empty() {
            shown = frames::show(&source.name, &source.sessions, &pseudonyms)?;
        }
        billings.push(billing::bill(source, &tariff, *offset_min)?);
    }
    let plans = plan_all(arguments, &input, &tariff, &progress)?;
    progress.set_message("scoring");
    let health = health::assess(&logs, input.telemetry, grid_loss)?;
    progress.finish_and_clear();

    for source in &input.sources {
        print_remarks(&source.remarks);
    }
    for scene in &input.scenes {
        print_remarks(&scene.remarks);
    }
    if let Some(health) = &health {
        print_remarks(&health.remarks);
    }
    let all_well = shown.iter().all(Shown::is_same)
        && !input.sources.iter().any(Source::has_refusals)
        && input.scenes.iter().all(|scene| scene.remarks.is_empty())
        && health.iter().all(|health| health.remarks.is_empty());

    if !arguments.quiet {
        let mut text = String::new();
        if !billings.is_empty() {
            text += &tables::reading(&billings, &pseudonyms);
            text += &tables::billing(&billings);
        }
        text += &tables::plans(&plans);
        text += &tables::sent(&plans);
        text += &tables::frames(&shown);
        text += &health.as_ref().map(tables::health).unwrap_or_default();
        text += &tables::steps();
        print(&text)?;
    }
    if let (Some(file), Some(plan)) = (&arguments.svg, plans.first()) {
        write(file, &picture::draw(plan, &tariff)?)?;
    }
    if let Some(file) = &arguments.json {
        let billing =
            billings.iter().map(|billing| BillingReport::new(billing, &pseudonyms)).collect();
        let health = health.into_iter().collect();
        let report = Report { billing, plans, frames: shown, health, steps: STEPS.to_vec() };
        write(file, &report::to_json(&report)?)?;
    }
    Ok(all_well)
}

/// Every scene under every limit.
fn plan_all(
    arguments: &Arguments,
    input: &Input,
    tariff: &SzZ22,
    progress: &ProgressBar,
) -> Result<Vec<Planned>> {
    let policies = if arguments.policy.is_empty() {
        PolicyName::ALL.to_vec()
    } else {
        arguments.policy.clone()
    };
    let mut plans = Vec::new();
    for scene in &input.scenes {
        for &limit_w in &input.limits_w {
            let background = &input.background;
            let station = planning::Station { scene, background, limit_w, tariff };
            plans.push(planning::plan(&station, &policies, progress)?);
        }
    }
    Ok(plans)
}

/// A bar on stderr if that is a terminal and the work takes longer than a second; else nothing.
fn progress() -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr_with_hz(10)
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn demonstration(arguments: &Arguments) -> Result<Input> {
    let demo = demo::day()?;
    let limits_w = if arguments.limit_kw.is_empty() {
        vec![demo::LIMIT_KW * 1_000]
    } else {
        watts(&arguments.limit_kw)?
    };
    let telemetry = Telemetry {
        name: "demonstration telemetry".to_owned(),
        sessions: Box::new(Cursor::new(demo.telemetry.sessions)),
        chargers: Some((
            "demonstration chargers".to_owned(),
            Box::new(Cursor::new(demo.telemetry.chargers)),
        )),
    };
    Ok(Input {
        sources: vec![ocpp_log::read("demonstration log", demo.log.as_bytes())?],
        offsets_min: vec![demo::UTC_OFFSET_MINUTES],
        scenes: vec![demo.scene],
        background: demo.background,
        limits_w,
        telemetry: vec![telemetry],
    })
}

fn given(arguments: &Arguments) -> Result<Input> {
    let (mut sources, mut offsets_min) = (Vec::new(), Vec::new());
    for path in &arguments.log {
        sources.push(ocpp_log::read(&name_of(path), BufReader::new(open(path)?))?);
        offsets_min.push(arguments.utc_offset_min);
    }
    for path in &arguments.sessions {
        sources.push(sessions::read(&name_of(path), open(path)?)?);
        offsets_min.push(0);
    }
    let mut telemetry = Vec::new();
    for path in &arguments.telemetry {
        let chargers = match &arguments.chargers {
            Some(path) => Some((name_of(path), Box::new(open(path)?) as Box<dyn Read>)),
            None => None,
        };
        let sessions = Box::new(open(path)?);
        telemetry.push(Telemetry { name: name_of(path), sessions, chargers });
    }
    let mut scenes = Vec::new();
    for path in &arguments.scene {
        scenes.push(scene::read(&name_of(path), open(path)?)?);
    }
    let shape = (&arguments.background, &arguments.background_column);
    let scale = (arguments.background_day, arguments.background_scale_kw);
    let background = match (shape, scale) {
        ((Some(path), Some(column)), (Some(day), Some(scale_kw))) => {
            background::read(&name_of(path), open(path)?, column, day, scale_kw)?
        }
        _ => Background::none(),
    };
    let limits_w = watts(&arguments.limit_kw)?;
    Ok(Input { sources, offsets_min, scenes, background, limits_w, telemetry })
}

fn watts(limits_kw: &[Decimal]) -> Result<Vec<i64>> {
    let watts = |kw: &Decimal| {
        let watts = kw.checked_mul(Decimal::from(1_000)).filter(|watts| !watts.is_sign_negative());
        let whole = watts.and_then(|watts| i64::try_from(watts.floor()).ok());
        whole.with_context(|| format!("--limit-kw {kw}: not a power"))
    };
    limits_kw.iter().map(watts).collect()
}

fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| path.display().to_string())
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| path.display().to_string())
}

/// Prints to stdout; whoever stops reading early (`| head`) has seen enough.
fn print(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("stdout"),
    }
}

/// The file's name without its folders: what reports call it.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn print_remarks(remarks: &[Remark]) {
    for remark in remarks.iter().take(REMARKS_SHOWN) {
        complain(&remark.to_string());
    }
    if let Some(more) = remarks.len().checked_sub(REMARKS_SHOWN).filter(|more| *more > 0) {
        complain(&format!("and {more} remarks more"));
    }
}

/// A line on stderr. Where that cannot be written, there is nobody to tell.
fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
