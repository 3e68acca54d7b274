//! Lines in, JSON objects out.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

/// Opens the file, or standard input for `-` and none.
fn open(file: Option<&Path>) -> Result<Box<dyn BufRead>> {
    match file {
        None => Ok(Box::new(io::stdin().lock())),
        Some(path) if path.as_os_str() == "-" => Ok(Box::new(io::stdin().lock())),
        Some(path) => {
            let file = File::open(path).with_context(|| path.display().to_string())?;
            Ok(Box::new(BufReader::new(file)))
        }
    }
}

/// Calls `each` with every line that is not blank and the output. A line it cannot use is named on standard error and
/// the rest is done. `true` if every line was good.
///
/// The byte order mark that some editors put before the first object is not the line's; before anything else it is.
pub(crate) fn each_line(
    file: Option<&Path>,
    mut each: impl FnMut(&[u8], &mut dyn Write) -> Result<bool>,
) -> Result<bool> {
    let name = file.map_or("-".into(), |file| file.display().to_string());
    let mut input = open(file)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut line = Vec::new();
    let mut number = 0;
    let mut all_good = true;
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line).with_context(|| name.clone())? == 0 {
            break;
        }
        number += 1;
        let mut text = without_blanks(&line);
        if number == 1 && text.starts_with(b"\xEF\xBB\xBF{") {
            text = text.get(3..).unwrap_or_default();
        }
        if text.is_empty() {
            continue;
        }
        match each(text, &mut out) {
            Ok(good) => all_good &= good,
            Err(error) if error.is::<io::Error>() => return Err(error),
            Err(error) => {
                all_good = false;
                eprintln!("{name}:{number}: {error:#}");
            }
        }
    }
    out.flush()?;
    if number == 0 {
        eprintln!("{name}: empty");
    }
    Ok(all_good)
}

/// What JSON takes for blanks, and nothing else.
fn without_blanks(line: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let start = line.iter().position(|byte| !is_blank(byte)).unwrap_or(line.len());
    let end = line.iter().rposition(|byte| !is_blank(byte)).map_or(start, |last| last + 1);
    line.get(start..end).unwrap_or_default()
}

/// A line of the output.
pub(crate) fn write_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}
