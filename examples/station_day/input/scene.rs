//! A scene to plan: who comes when, for how long, with how much to charge. CSV with a header; `session_id`, `arrive_min`,
//! `depart_min`, `energy_wh` and `pmax_w` are required, minutes counted from 00:00 of the virtual day.

use std::collections::HashSet;
use std::io::Read;

use anyhow::{Context, Result};
use csv::StringRecord;

use super::Remark;
use super::sessions::{Columns, Rows};

/// More energy (Wh) or power (W) than any car has: 1 GWh, 1 GW.
const MOST: i64 = 1_000_000_000;

/// A car of the scene.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Car {
    pub arrive_min: i64,
    pub depart_min: i64,
    pub energy_wh: i64,
    pub max_power_w: i64,
    pub vip: bool,
}

/// The cars of a station on one virtual day, in the order of the file: the order that ties go by.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    pub name: String,
    pub cars: Vec<Car>,
    /// Rows left out, with the reason.
    pub remarks: Vec<Remark>,
}

impl Scene {
    /// Energy that all cars ask for, Wh.
    pub fn demand_wh(&self) -> i64 {
        self.cars.iter().map(|car| car.energy_wh).sum()
    }

    /// The most cars that are there at once.
    pub fn most_at_once(&self) -> usize {
        let mut changes: Vec<(i64, i64)> =
            self.cars.iter().flat_map(|car| [(car.arrive_min, 1), (car.depart_min, -1)]).collect();
        // A car that leaves makes room for one that comes in the same minute.
        changes.sort_unstable();
        let mut there = 0i64;
        let most = changes.iter().map(|(_, change)| {
            there += change;
            there
        });
        most.max().map_or(0, |most| usize::try_from(most).unwrap_or(0))
    }

    /// The median stay (the longer of the two middle ones), in minutes; 0 without cars.
    pub fn median_stay_min(&self) -> i64 {
        let mut stays: Vec<i64> =
            self.cars.iter().map(|car| car.depart_min - car.arrive_min).collect();
        stays.sort_unstable();
        stays.get(stays.len() / 2).copied().unwrap_or(0)
    }
}

/// Reads a scene. Rows that cannot be understood are refused and named.
pub fn read(name: &str, file: impl Read) -> Result<Scene> {
    let mut scene = Scene { name: name.into(), ..Scene::default() };
    let mut rows = Rows::new(file);
    let header = rows.header(name)?;
    let required = ["session_id", "arrive_min", "depart_min", "energy_wh", "pmax_w"];
    let columns = Columns::new(name, &header, &required)?;
    let mut known = HashSet::new();
    for (line, row) in rows {
        let car = row.and_then(|row| car(&columns, &row, &mut known));
        match car {
            Ok(car) => scene.cars.push(car),
            Err(refusal) => scene.remarks.push(Remark {
                source: name.into(),
                line: Some(line),
                text: format!("refused: {refusal:#}"),
            }),
        }
    }
    if scene.cars.is_empty() && scene.remarks.is_empty() {
        let text = "holds nothing to plan".into();
        scene.remarks.push(Remark { source: name.into(), line: None, text });
    }
    Ok(scene)
}

fn car(columns: &Columns, row: &StringRecord, known: &mut HashSet<String>) -> Result<Car> {
    columns.check(row)?;
    let id = columns.text(row, "session_id").context("no session_id")?;
    let car = Car {
        arrive_min: columns.number(row, "arrive_min")?,
        depart_min: columns.number(row, "depart_min")?,
        energy_wh: columns.number(row, "energy_wh")?,
        max_power_w: columns.number(row, "pmax_w")?,
        vip: match columns.text(row, "vip") {
            None | Some("0") => false,
            Some("1") => true,
            Some(other) => anyhow::bail!("vip {other:?}, not 0 or 1"),
        },
    };
    let (energy, power) = (0..=MOST, 0..=MOST);
    anyhow::ensure!(energy.contains(&car.energy_wh), "energy_wh {} is no car's", car.energy_wh);
    anyhow::ensure!(power.contains(&car.max_power_w), "pmax_w {} is no car's", car.max_power_w);
    anyhow::ensure!(car.arrive_min >= 0, "arrive_min {} is before the day", car.arrive_min);
    // Two weeks: beyond that a column is wrong, not a car patient.
    anyhow::ensure!(car.depart_min <= 20_160, "depart_min {} is over two weeks on", car.depart_min);
    anyhow::ensure!(car.arrive_min <= car.depart_min, "leaves before it arrives");
    anyhow::ensure!(known.insert(id.to_owned()), "session {id} is there already");
    Ok(car)
}
