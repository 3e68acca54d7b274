//! Reading a file or stdin, line by line, with refused lines named.

use core::time::Duration;
use std::io::{IsTerminal, Read};
use std::path::Path;

use anyhow::{Context, Result};
use evse_gbt27930::candump::Record;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Refused lines that are printed one by one; of more only the number.
const SHOWN: usize = 100;

/// All of a file, or of stdin for `-`.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>> {
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context("stdin")?;
        Ok(bytes)
    } else {
        std::fs::read(file).with_context(|| file.display().to_string())
    }
}

/// Names refused lines on stderr.
pub(crate) struct Complaints<'a> {
    file: &'a Path,
    count: usize,
}

impl<'a> Complaints<'a> {
    pub(crate) const fn new(file: &'a Path) -> Self {
        Self { file, count: 0 }
    }

    /// `line` counts from 1.
    pub(crate) fn add(&mut self, line: usize, why: impl core::fmt::Display) {
        self.count += 1;
        if self.count <= SHOWN {
            eprintln!("{}:{line}: {why}", self.file.display());
        }
    }

    /// Whether any line was refused; says how many more there were than shown.
    pub(crate) fn finish(self) -> bool {
        if self.count > SHOWN {
            eprintln!("{}: {} more lines refused", self.file.display(), self.count - SHOWN);
        }
        self.count > 0
    }
}

/// The lines of a text with their numbers from 1.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    text.split(|&byte| byte == b'\n').enumerate().map(|(index, line)| (index + 1, line))
}

/// Walks the frames of a capture: index from 0, record. Bad lines are complained of.
pub(crate) fn each_record<'t>(
    text: &'t [u8],
    mut complaints: Option<&mut Complaints<'_>>,
    mut take: impl FnMut(u64, &Record<'t>) -> Result<()>,
) -> Result<()> {
    let progress = progress(text.len());
    let mut index = 0;
    let mut done = 0;
    for (number, line) in lines(text) {
        done += line.len() as u64 + 1;
        match Record::parse(line) {
            Ok(Some(record)) => {
                take(index, &record)?;
                index += 1;
            }
            Ok(None) => {}
            Err(error) => {
                if let Some(complaints) = &mut complaints {
                    complaints.add(number, error);
                }
            }
        }
        if number % 4096 == 0 {
            progress.set_position(done);
        }
    }
    progress.finish_and_clear();
    Ok(())
}

/// A bar on a terminal; drawn first after a second.
fn progress(len: usize) -> ProgressBar {
    let bar = ProgressBar::new(len as u64);
    if std::io::stderr().is_terminal() && len > 20_000_000 {
        bar.set_draw_target(ProgressDrawTarget::stderr());
        bar.enable_steady_tick(Duration::from_secs(1));
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}") {
            bar.set_style(style);
        }
    } else {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar
}
