//! A day of sessions from CSV, with a limit, a background and a tariff, in minutes.

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use evse_load_scheduler::{
    Grid, Joules, MAX_ENERGY, MAX_POWER, MicroPerKwh, Priority, Problem, Seconds, Session,
    SessionId, Watts,
};

/// Minutes of a day.
const DAY: usize = 1_440;
/// The last minute that a grid of a million slots can hold in whole quarter hours.
const LATEST: i64 = 999_000;

/// What `simulate` is told of a day.
pub(crate) struct Day {
    /// In slots of a minute.
    pub(crate) problem: Problem,
    /// The median stay.
    pub(crate) median_stay: Seconds,
    /// Rows that are no session.
    pub(crate) refused_rows: usize,
}

/// Reads the columns `session_id, arrive_min, depart_min, energy_wh, pmax_w` and, where it is there, `vip`.
pub(crate) fn read(
    path: &Path,
    limit_kw: f64,
    background: Option<&Path>,
    tariff: &[Band],
) -> Result<Day> {
    let (sessions, refused_rows) = sessions(path)?;
    let last = sessions.iter().map(|s| s.depart.raw()).max().unwrap_or(0);
    let minutes = usize::try_from(last.div_euclid(60).max(0) + 1)?.max(DAY).next_multiple_of(15);
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(60), u32::try_from(minutes)?)?;
    let background = match background {
        Some(path) => load(path, minutes)?,
        None => vec![Watts::ZERO; minutes],
    };
    let price = |minute: usize| {
        let of_day = minute % DAY;
        let band = tariff.iter().rfind(|band| band.from_min <= of_day);
        band.map_or(MicroPerKwh::ZERO, |band| band.price)
    };
    let mut stays: Vec<i64> = sessions.iter().map(|s| s.depart.raw() - s.arrive.raw()).collect();
    stays.sort_unstable();
    let problem = Problem::builder(grid)
        .limit(watts("--limit-kw", limit_kw)?)
        .background(background)
        .price((0..minutes).map(price).collect::<Vec<_>>())
        .sessions(sessions)
        .build()?;
    let median_stay = Seconds::from_raw(stays.get(stays.len() / 2).copied().unwrap_or(0));
    Ok(Day { problem, median_stay, refused_rows })
}

/// A price from a minute of the day on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Band {
    from_min: usize,
    price: MicroPerKwh,
}

/// `HH:MM=PRICE,...`: each price holds from its time on; the last one of the day goes on after midnight.
pub(crate) fn tariff(text: &str) -> Result<Vec<Band>, String> {
    let mut bands = Vec::new();
    for part in text.split(',') {
        let band = || {
            let (time, price) = part.trim().split_once('=')?;
            let (hour, minute) = time.split_once(':')?;
            let (hour, minute): (usize, usize) = (hour.parse().ok()?, minute.parse().ok()?);
            let price: f64 = price.parse().ok()?;
            let is_sound = hour < 24 && minute < 60 && price.abs() < 1e6;
            #[expect(clippy::cast_possible_truncation, reason = "below 10^12")]
            is_sound.then(|| Band {
                from_min: hour * 60 + minute,
                price: MicroPerKwh::from_raw((price * 1e6).round() as i64),
            })
        };
        bands.push(band().ok_or_else(|| format!("{part:?} is not HH:MM=PRICE"))?);
    }
    bands.sort_by_key(|band| band.from_min);
    if let Some(last) = bands.last().copied()
        && bands.first().is_some_and(|first| first.from_min > 0)
    {
        bands.insert(0, Band { from_min: 0, ..last });
    }
    Ok(bands)
}

/// The sessions of a file, and how many of its rows were refused: each is named on stderr.
fn sessions(path: &Path) -> Result<(Vec<Session>, usize)> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    let header = reader.headers().with_context(|| path.display().to_string())?.clone();
    let columns = Columns::of(&header).with_context(|| path.display().to_string())?;
    let (mut sessions, mut refused) = (Vec::new(), 0);
    let mut ids = HashSet::new();
    for (number, row) in (0u64..).zip(reader.records()) {
        let line = match &row {
            Ok(row) => row.position().map(csv::Position::line),
            Err(error) if error.is_io_error() => bail!("{}: {error}", path.display()),
            Err(error) => error.position().map(csv::Position::line),
        };
        let session = row.map_err(anyhow::Error::from).and_then(|row| {
            let id = row.get(columns.id).unwrap_or_default().to_owned();
            ensure!(!ids.contains(&id), "the session_id {id:?} was there before");
            let session = columns.session(SessionId::from_raw(number), &row)?;
            ids.insert(id);
            Ok(session)
        });
        match session {
            Ok(session) => sessions.push(session),
            Err(error) => {
                refused += 1;
                let line = line.unwrap_or(number + 2);
                writeln!(std::io::stderr(), "{}:{line}: {error:#}", path.display())?;
            }
        }
    }
    Ok((sessions, refused))
}

/// Where the columns of a file are.
struct Columns {
    id: usize,
    arrive: usize,
    depart: usize,
    energy: usize,
    power: usize,
    vip: Option<usize>,
}

impl Columns {
    fn of(header: &csv::StringRecord) -> Result<Self> {
        let find = |name: &str| header.iter().position(|column| column.trim() == name);
        let need = |name: &str| find(name).with_context(|| format!("no column {name}"));
        Ok(Self {
            id: need("session_id")?,
            arrive: need("arrive_min")?,
            depart: need("depart_min")?,
            energy: need("energy_wh")?,
            power: need("pmax_w")?,
            vip: find("vip"),
        })
    }

    /// A row's session.
    fn session(&self, id: SessionId, row: &csv::StringRecord) -> Result<Session> {
        let value = |name: &str, column: usize, least: i64, most: i64| -> Result<i64> {
            let text = row.get(column).unwrap_or_default();
            let value = text.trim().parse().with_context(|| format!("{name}: {text:?}"))?;
            ensure!((least..=most).contains(&value), "{name}: {value} is not {least} to {most}");
            Ok(value)
        };
        let minutes = |name: &str, column: usize| -> Result<Seconds> {
            let minutes = value(name, column, -LATEST, LATEST)?;
            Seconds::from_minutes(minutes).with_context(|| format!("{name}: out of range"))
        };
        let energy = value("energy_wh", self.energy, 0, MAX_ENERGY.raw() / 3_600)?;
        let power = value("pmax_w", self.power, 0, MAX_POWER.raw())?;
        let session = Session::new(
            id,
            minutes("arrive_min", self.arrive)?,
            minutes("depart_min", self.depart)?,
            Joules::from_wh(energy).context("energy_wh: out of range")?,
            Watts::from_raw(power),
        );
        let is_vip = match self.vip {
            Some(column) => value("vip", column, 0, 1)? == 1,
            None => false,
        };
        Ok(session.with_priority(if is_vip { Priority::Vip } else { Priority::Standard }))
    }
}

/// The last column of a CSV file with a header, kW, in equal steps over a day (96 rows are quarter hours); repeats daily.
fn load(path: &Path, minutes: usize) -> Result<Vec<Watts>> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    let mut values = Vec::new();
    for (line, row) in (2..).zip(reader.records()) {
        let row = row.with_context(|| path.display().to_string())?;
        let text = row.iter().next_back().unwrap_or_default();
        let kw: f64 =
            text.trim().parse().with_context(|| format!("{}:{line}: {text:?}", path.display()))?;
        let place = || format!("{}:{line}", path.display());
        values.push(watts("background", kw).with_context(place)?);
    }
    if values.is_empty() || !DAY.is_multiple_of(values.len()) {
        bail!("{}: {} rows do not divide the minutes of a day", path.display(), values.len());
    }
    let each = DAY / values.len();
    Ok((0..minutes)
        .map(|minute| values.get(minute % DAY / each).copied().unwrap_or(Watts::ZERO))
        .collect())
}

#[expect(clippy::cast_possible_truncation, reason = "checked against the range before")]
fn watts(name: &str, kw: f64) -> Result<Watts> {
    ensure!(kw.is_finite() && (0.0..=1e9).contains(&kw), "{name}: {kw} kW is out of range");
    Ok(Watts::from_raw((kw * 1e3).round() as i64))
}
