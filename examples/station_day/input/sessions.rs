//! A list of sessions: CSV with a header; `session_id`, `start_local`, `end_local` and `energy_wh` are required.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDateTime, Utc};
use csv::StringRecord;

use super::{Session, Source};

/// The columns of a CSV file by name.
pub struct Columns {
    places: HashMap<String, usize>,
    count: usize,
}

impl Columns {
    /// From the header; `required` names must be in it.
    pub fn new(name: &str, header: &StringRecord, required: &[&str]) -> Result<Self> {
        let mut places: HashMap<String, usize> = HashMap::new();
        for (at, column) in header.iter().enumerate() {
            let before = places.insert(column.trim().to_owned(), at);
            anyhow::ensure!(before.is_none(), "{name}:1: column `{column}` twice");
        }
        for column in required {
            anyhow::ensure!(places.contains_key(*column), "{name}:1: no column `{column}`");
        }
        Ok(Self { places, count: header.len() })
    }

    /// Refuses a row with too few or too many fields.
    pub fn check(&self, row: &StringRecord) -> Result<()> {
        anyhow::ensure!(row.len() == self.count, "{} fields, not {}", row.len(), self.count);
        Ok(())
    }

    /// The field of that column, without surrounding space; empty fields count as absent.
    pub fn text<'a>(&self, row: &'a StringRecord, column: &str) -> Option<&'a str> {
        let text = row.get(*self.places.get(column)?)?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The field of that column as a whole number.
    pub fn number(&self, row: &StringRecord, column: &str) -> Result<i64> {
        let text = self.text(row, column).with_context(|| format!("no {column}"))?;
        text.parse().with_context(|| format!("{column} {text:?}"))
    }
}

/// The rows of a CSV file, one a line, with their line numbers from 1. Blank lines are passed over. No field of ours
/// goes over several lines, so a quotation mark that is not closed spoils its own row and no other.
pub struct Rows<R> {
    file: BufReader<R>,
    line: u64,
    /// The file cannot be read any further.
    broken: bool,
}

impl<R: Read> Rows<R> {
    pub fn new(file: R) -> Self {
        Self { file: BufReader::new(file), line: 0, broken: false }
    }

    /// The header: the first row.
    pub fn header(&mut self, name: &str) -> Result<StringRecord> {
        let (line, header) = self.next().with_context(|| format!("{name}: empty"))?;
        header.with_context(|| format!("{name}:{line}: no header"))
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = (u64, Result<StringRecord>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.broken {
            let mut line = Vec::new();
            self.line += 1;
            match self.file.read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(_) if line.iter().all(u8::is_ascii_whitespace) => {}
                Ok(_) => return Some((self.line, row(&line))),
                Err(error) => {
                    self.broken = true;
                    return Some((self.line, Err(error.into())));
                }
            }
        }
        None
    }
}

fn row(line: &[u8]) -> Result<StringRecord> {
    let quotes = line.iter().filter(|byte| **byte == b'"').count();
    anyhow::ensure!(quotes.is_multiple_of(2), "a quotation mark is not closed");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line);
    let mut row = StringRecord::new();
    reader.read_record(&mut row)?;
    Ok(row)
}

/// Reads a session list. Rows that cannot be understood are refused and named.
pub fn read(name: &str, file: impl Read) -> Result<Source> {
    let mut source = Source::new(name);
    let mut rows = Rows::new(file);
    let header = rows.header(name)?;
    let columns =
        Columns::new(name, &header, &["session_id", "start_local", "end_local", "energy_wh"])?;
    let mut known: HashMap<String, Session> = HashMap::new();
    for (line, row) in rows {
        source.messages.read += 1;
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                source.messages.refused += 1;
                source.remark(Some(line), format!("refused: {error:#}"));
                continue;
            }
        };
        let session = match session(&columns, &row, line) {
            Ok(session) => session,
            Err(refusal) => {
                source.messages.refused += 1;
                source.remark(Some(line), format!("refused: {refusal:#}"));
                continue;
            }
        };
        match known.get(&session.id) {
            None => {
                known.insert(session.id.clone(), session.clone());
                source.take(session);
            }
            Some(before) if *before == (Session { line: before.line, ..session.clone() }) => {
                source.messages.repeated += 1;
                source.remark(Some(line), format!("repeated: session {}", session.id));
            }
            Some(_) => {
                source.messages.refused += 1;
                let text = format!("refused: another session {} with other values", session.id);
                source.remark(Some(line), text);
            }
        }
    }
    source.check_not_empty();
    Ok(source)
}

fn session(columns: &Columns, row: &StringRecord, line: u64) -> Result<Session> {
    columns.check(row)?;
    let id = columns.text(row, "session_id").context("no session_id")?.to_owned();
    // User 0 stands for nobody known.
    let driver = columns.text(row, "user").filter(|user| *user != "0").map(str::to_owned);
    Ok(Session {
        id,
        line,
        driver,
        charger: columns.text(row, "charger_id").unwrap_or("").to_owned(),
        start: local(columns, row, "start_local")?,
        end: local(columns, row, "end_local")?,
        meter_start_wh: 0,
        meter_end_wh: columns.number(row, "energy_wh")?,
    })
}

/// Civil time as printed. It stands on the tariff's own clock, so it is held as if it were UTC.
fn local(columns: &Columns, row: &StringRecord, column: &str) -> Result<DateTime<Utc>> {
    let text = columns.text(row, column).with_context(|| format!("no {column}"))?;
    let parsed = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    Ok(parsed.with_context(|| format!("{column} {text:?}"))?.and_utc())
}
