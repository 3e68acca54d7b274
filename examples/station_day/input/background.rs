//! The load that is not a car's: one column of a file of load shapes, one day of it, scaled.

use std::io::Read;

use anyhow::{Context, Result};
use chrono::{NaiveDate, NaiveDateTime, Timelike};
use rust_decimal::Decimal;

use super::sessions::{Columns, Rows};

/// Minutes of a day.
const DAY: usize = 1_440;

/// Background load of every minute of one day; the days after it are the same.
#[derive(Debug, Clone)]
pub struct Background {
    /// W, one value a minute.
    watts: Vec<i64>,
}

impl Background {
    /// From W per minute of a day.
    pub fn new(watts: Vec<i64>) -> Self {
        Self { watts }
    }

    /// No load.
    pub fn none() -> Self {
        Self::new(vec![0])
    }

    /// W in a minute counted from 00:00 of the first day.
    pub fn watts_at(&self, minute: usize) -> i64 {
        self.watts.get(minute % self.watts.len().max(1)).copied().unwrap_or(0)
    }
}

/// Reads the named column on that day, divides it by its own maximum and scales it to `scale_kw`. Each value holds until
/// the next.
pub fn read(
    name: &str,
    file: impl Read,
    column: &str,
    day: NaiveDate,
    scale_kw: Decimal,
) -> Result<Background> {
    let mut rows = Rows::new(file);
    let header = rows.header(name)?;
    let columns = Columns::new(name, &header, &[column])?;
    // The time stands in the first column, whatever its name says of the zone.
    let time_column = header.get(0).unwrap_or_default().to_owned();
    let mut steps: Vec<(usize, Decimal)> = Vec::new();
    for (line, row) in rows {
        let place = || format!("{name}:{line}");
        let row = row.with_context(place)?;
        let text = columns.text(&row, &time_column).with_context(place)?;
        let time = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
            .with_context(|| format!("{}: time {text:?}", place()))?;
        if time.date() != day {
            continue;
        }
        let text = columns.text(&row, column).unwrap_or_default();
        let value: Decimal =
            text.parse().with_context(|| format!("{}: {column} {text:?}", place()))?;
        anyhow::ensure!(!value.is_sign_negative(), "{}: {column} is negative", place());
        let minute = usize::try_from(time.num_seconds_from_midnight() / 60)?;
        let in_order = steps.last().is_none_or(|(last, _)| *last < minute);
        anyhow::ensure!(in_order, "{}: {text} is out of order", place());
        steps.push((minute, value));
    }
    anyhow::ensure!(
        steps.first().is_some_and(|(minute, _)| *minute == 0),
        "{name}: no values from 00:00 of {day} on"
    );
    let highest = steps.iter().map(|(_, value)| *value).max().unwrap_or_default();
    anyhow::ensure!(!highest.is_zero(), "{name}: {column} is 0 all day on {day}");
    let ends = steps.iter().skip(1).map(|(minute, _)| *minute).chain([DAY]);
    let mut watts = Vec::with_capacity(DAY);
    for ((_, value), end) in steps.iter().zip(ends) {
        let scaled = (value / highest)
            .checked_mul(scale_kw)
            .and_then(|kw| kw.checked_mul(Decimal::from(1_000)))
            .and_then(|watts| i64::try_from(watts.round()).ok());
        let scaled = scaled.with_context(|| format!("{name}: {scale_kw} kW is no station's"))?;
        watts.resize(end, scaled);
    }
    Ok(Background::new(watts))
}
