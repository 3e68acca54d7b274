//! Session files: one row a session, one charger file beside it.

use std::collections::BTreeMap;
use std::io::Read;

use anyhow::{Context, Result, ensure};
use csv::StringRecord;
use evse_health_score::Instant;
use evse_health_score::degradation::{ChargerData, SessionRecord};

/// Column names and where their value goes.
type Setter = fn(&mut SessionRecord, f32);
#[rustfmt::skip]
const COLUMNS: [(&str, Setter); 23] = [
    ("dur_min", |r, x| r.duration_min = Some(x)),
    ("amb_c", |r, x| r.ambient_c = Some(x)),
    ("rh_pct", |r, x| r.humidity_pct = Some(x)),
    ("i_avg_a", |r, x| r.mean_current_a = Some(x)),
    ("i_rms_a", |r, x| r.rms_current_a = Some(x)),
    ("v_avg_v", |r, x| r.mean_voltage_v = Some(x)),
    ("e_in_kwh", |r, x| r.input_kwh = Some(x)),
    ("e_out_kwh", |r, x| r.metered_kwh = Some(x)),
    ("e_mod_kwh", |r, x| r.module_kwh = Some(x)),
    ("e_bms_kwh", |r, x| r.vehicle_kwh = Some(x)),
    ("n_mod", |r, x| r.modules_running = Some(x)),
    ("mod_tin_c", |r, x| r.module_inlet_c = Some(x)),
    ("mod_tmax_c", |r, x| r.module_hottest_c = Some(x)),
    ("fan_pct", |r, x| r.fan_pct = Some(x)),
    ("ripple_mv", |r, x| r.ripple_mv = Some(x)),
    ("inrush_a", |r, x| r.inrush_a = Some(x)),
    ("kclose_ms", |r, x| r.closing_ms = Some(x)),
    ("gun_tp_c", |r, x| r.gun_positive_c = Some(x)),
    ("gun_tn_c", |r, x| r.gun_negative_c = Some(x)),
    ("ins_kohm", |r, x| r.insulation_kohm = Some(x)),
    ("can_err", |r, x| r.can_errors = Some(x)),
    ("can_frames", |r, x| r.can_frames = Some(x)),
    ("idle_w", |r, x| r.idle_w = Some(x)),
];

/// Reads session rows in the order of the file: charger, number of the vehicle's model where the file tells it, and session. What is
/// refused goes to `refuse` with its line.
pub(crate) fn read(
    input: impl Read,
    mut take: impl FnMut(&str, Option<usize>, &SessionRecord) -> Result<()>,
    mut refuse: impl FnMut(u64, &str),
) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let header = reader.headers()?.clone();
    let column = |name: &str| header.iter().position(|found| found.trim() == name);
    let charger = column("charger").context("no column `charger`")?;
    let day = column("day").context("no column `day`")?;
    let vehicle = column("veh");
    let columns: Vec<(usize, &str, Setter)> =
        COLUMNS.iter().filter_map(|(name, set)| column(name).map(|at| (at, *name, *set))).collect();
    ensure!(!columns.is_empty(), "no column of a session's readings");
    let mut row = StringRecord::new();
    loop {
        match reader.read_record(&mut row) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) if error.is_io_error() => return Err(error.into()),
            Err(error) => {
                refuse(error.position().map_or(0, csv::Position::line), &error.to_string());
                continue;
            }
        }
        let line = row.position().map_or(0, csv::Position::line);
        if row.len() != header.len() {
            refuse(line, &format!("{} fields under a header of {}", row.len(), header.len()));
            continue;
        }
        let start = row.get(day).and_then(|text| text.trim().parse().ok());
        let start = start.and_then(Instant::from_days_f64);
        let (Some(start), Some(name)) = (start, row.get(charger).filter(|name| !name.is_empty()))
        else {
            refuse(line, "no charger, or a day that is no time");
            continue;
        };
        let mut record = SessionRecord { start, ..SessionRecord::default() };
        for (at, name, set) in &columns {
            let text = row.get(*at).unwrap_or("").trim();
            if text.is_empty() {
                continue;
            }
            match text.parse::<f32>() {
                Ok(value) if value.is_finite() => set(&mut record, value),
                // The rest of the row still counts.
                _ => refuse(line, &format!("{name}: `{text}` is no number")),
            }
        }
        let vehicle = vehicle.and_then(|at| row.get(at)?.trim().parse().ok());
        take(name.trim(), vehicle, &record)?;
    }
}

/// Reads the charger file; columns `charger`, `module_kw`, `rated_a`, `altitude_m`, others ignored.
pub(crate) fn read_chargers(input: impl Read) -> Result<BTreeMap<String, ChargerData>> {
    let mut reader = csv::Reader::from_reader(input);
    let header = reader.headers()?.clone();
    let column = |name: &str| header.iter().position(|found| found.trim() == name);
    let charger = column("charger").context("no column `charger`")?;
    let mut chargers = BTreeMap::new();
    for row in reader.records() {
        let row = row?;
        let number = |name: &str| -> Result<Option<f32>> {
            let text = column(name).and_then(|at| row.get(at)).map(str::trim);
            let parse = |text: &str| {
                let value = text.parse::<f32>().ok().filter(|value| value.is_finite());
                value.with_context(|| format!("{name}: `{text}` is no number"))
            };
            text.filter(|text| !text.is_empty()).map(parse).transpose()
        };
        let usual = ChargerData::default();
        let data = ChargerData {
            module_kw: number("module_kw")?.filter(|kw| *kw > 0.0).unwrap_or(usual.module_kw),
            rated_a: number("rated_a")?.filter(|a| *a > 0.0).unwrap_or(usual.rated_a),
            altitude_m: number("altitude_m")?.unwrap_or(usual.altitude_m),
            ..usual
        };
        let name = row.get(charger).context("no charger")?.trim().to_owned();
        chargers.insert(name, data);
    }
    Ok(chargers)
}
