//! Reading input whole and line by line, with a progress bar where a person waits.

use std::io::{IsTerminal, Read};
use std::time::{Duration, Instant};

use anyhow::Context;
use evse_gbt27930::candump::Record;
use indicatif::{ProgressBar, ProgressStyle};

/// The content of a file or of standard input.
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Input {
    pub(crate) fn read(file: &str) -> anyhow::Result<Self> {
        let mut bytes = Vec::new();
        if file == "-" {
            std::io::stdin().read_to_end(&mut bytes).context("standard input")?;
            return Ok(Self { name: "standard input".into(), bytes });
        }
        let bytes = std::fs::read(file).with_context(|| file.to_owned())?;
        Ok(Self { name: file.into(), bytes })
    }

    /// Lines with their number, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let text = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
        text.split(|byte| *byte == b'\n').enumerate().map(|(i, line)| (i + 1, line))
    }

    /// The frames of a capture in order; lines that cannot be read are named on standard error and counted.
    pub(crate) fn records<'a>(
        &'a self,
        refused: &'a mut usize,
    ) -> impl Iterator<Item = Record<'a>> {
        let mut progress = Progress::new(self.bytes.len());
        self.lines().filter_map(move |(number, line)| {
            progress.advance(line.len() + 1);
            match Record::parse(line) {
                Ok(record) => record,
                Err(error) => {
                    *refused += 1;
                    eprintln!("{}:{number}: {error}", self.name);
                    None
                }
            }
        })
    }
}

/// A bar on standard error, if that is a terminal and the work takes over a second.
struct Progress {
    started: Instant,
    bar: Option<ProgressBar>,
    total: usize,
    done: usize,
    reported: usize,
}

impl Progress {
    fn new(total: usize) -> Self {
        Self { started: Instant::now(), bar: None, total, done: 0, reported: 0 }
    }

    fn advance(&mut self, bytes: usize) {
        self.done += bytes;
        if self.done - self.reported < 1 << 18 {
            return;
        }
        self.reported = self.done;
        if self.bar.is_none()
            && self.started.elapsed() > Duration::from_secs(1)
            && std::io::stderr().is_terminal()
        {
            let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}");
            let bar = ProgressBar::new(self.total as u64);
            self.bar =
                Some(style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style)));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done as u64);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Upper-case hexadecimal digits.
pub(crate) fn upper_hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

/// Bytes of hexadecimal digits.
pub(crate) fn parse_hex(text: &str) -> anyhow::Result<Vec<u8>> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    anyhow::ensure!(odd.is_empty(), "an odd number of hexadecimal digits");
    pairs
        .iter()
        .map(|pair| {
            let digits = std::str::from_utf8(pair)?;
            anyhow::ensure!(
                pair.iter().all(u8::is_ascii_hexdigit),
                "{digits:?} is not hexadecimal"
            );
            Ok(u8::from_str_radix(digits, 16)?)
        })
        .collect()
}
