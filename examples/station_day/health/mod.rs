//! Step 6: each charger scored from the day's log and from its telemetry, and where the station's energy went.
//!
//! The telemetry is of the weeks before; the log's day is taken for its last.
//!
//! Energies are from meters with errors of their own and from an assumed grid loss, so they are binary floating point and
//! rounded in the report; nothing here is billed.

mod day;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use anyhow::{Context, Result};
use evse_health_score::degradation::{ChargerData, Event, SessionRecord, Signal};
use evse_health_score::{Charger, Grade, Instant, Item, Model, Parameters, Quality};
use serde::Serialize;

use crate::input::Remark;
pub use day::{Day, Logs};

// The health tool reads the same files; one reader, so that both mean the same.
#[path = "../../../crates/health-score/examples/health/sessions.rs"]
mod sessions;

/// A pile that is used less than this share of the median pile's time, or of all time, is idle ('zombie').
const IDLE_SHARE_OF_MEDIAN: f64 = 0.1;
const IDLE_UTILISATION: f64 = 0.005;
/// Efficiencies outside this range are errors of the readings.
const PLAUSIBLE_EFFICIENCY: std::ops::Range<f64> = 0.6..1.05;
/// What an idle pile draws where nothing was measured, W.
const ASSUMED_IDLE_W: f64 = 50.0;

/// The extras' weights in their categories: by default they weigh nothing.
const EXTRAS: [(Item, f64); 7] = [
    (Item::Insulation, 0.2),
    (Item::Contactor, 0.2),
    (Item::Connector, 0.2),
    (Item::Capacitor, 0.2),
    (Item::DeliveredPower, 0.2),
    (Item::Downtime, 0.2),
    (Item::FailedSessions, 0.2),
];

/// A telemetry file and, if there is one, the data of the chargers in it.
pub struct Telemetry<'a> {
    pub name: String,
    pub sessions: Box<dyn Read + 'a>,
    pub chargers: Option<(String, Box<dyn Read + 'a>)>,
}

/// Health of all chargers in log and telemetry.
#[derive(Debug, Serialize)]
pub struct Health {
    /// Names of the logs and telemetry files.
    pub source: String,
    /// Days of telemetry from the first to the last session, begun days counted.
    pub days: u32,
    pub chargers: Vec<ChargerHealth>,
    pub station: Balance,
    /// Share of charger-days of telemetry on which something was heard; of the day's time, where there is a log alone.
    pub online_rate: f64,
    /// Piles that are hardly used.
    pub idle: Vec<String>,
    /// Of the faults in the logs, the share that could be helped from afar.
    pub remotely_recoverable: Option<f64>,
    #[serde(skip)]
    pub remarks: Vec<Remark>,
}

#[derive(Debug, Serialize)]
pub struct ChargerHealth {
    pub charger: String,
    /// 0 to 100; `None` when nothing could be assessed.
    pub score: Option<f64>,
    /// Share of the items' weight that was assessed.
    pub confidence: f64,
    pub grade: Option<Grade>,
    /// The three items that cost most, most first.
    pub worst: Vec<Lost>,
    /// Wear that was alarmed.
    pub alarms: Vec<Signal>,
    /// Sessions in the telemetry.
    pub sessions: u64,
    /// What the day's log says, if it knows this charger.
    pub day: Option<Day>,
    /// Share of days on which something was heard; of the day's time, where there is a log alone.
    pub online_rate: f64,
    /// Share of time spent charging.
    pub utilisation: f64,
    pub balance: Balance,
}

#[derive(Debug, Serialize)]
pub struct Lost {
    pub item: &'static str,
    pub points: f64,
}

/// Energies in kWh: `grid = delivered + conversion + standby + grid_losses`.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct Balance {
    pub grid: f64,
    pub delivered: f64,
    pub conversion: f64,
    pub standby: f64,
    /// Transformer and lines: an assumed share of what the piles draw.
    pub grid_losses: f64,
}

impl Balance {
    fn close(&mut self, grid_loss: f64) {
        let drawn = self.delivered + self.conversion + self.standby;
        self.grid_losses = drawn * grid_loss;
        self.grid = drawn + self.grid_losses;
    }

    fn add(&mut self, other: &Self) {
        self.grid += other.grid;
        self.delivered += other.delivered;
        self.conversion += other.conversion;
        self.standby += other.standby;
        self.grid_losses += other.grid_losses;
    }
}

/// What is gathered of one charger while its rows pass.
#[derive(Default)]
struct Gathered {
    state: Box<Charger>,
    alarms: Vec<Signal>,
    sessions: u64,
    days: BTreeSet<u32>,
    minutes: f64,
    balance: Balance,
    idle_w: (f64, u32),
    last: Instant,
}

/// Scores every charger of the logs and of the telemetry; `None` where neither names any. `grid_loss` is the share lost in
/// transformer and lines.
pub fn assess(
    logs: &Logs,
    telemetry: Vec<Telemetry<'_>>,
    grid_loss: f64,
) -> Result<Option<Health>> {
    let mut names = logs.names.clone();
    let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
    let mut remarks = Vec::new();
    for Telemetry { name, sessions, chargers } in telemetry {
        let data = match chargers {
            Some((name, chargers)) => sessions::read_chargers(chargers).context(name)?,
            None => BTreeMap::new(),
        };
        let take = |charger: &str, _vehicle: Option<usize>, record: &SessionRecord| {
            let of_charger = data.get(charger).copied().unwrap_or_default();
            gathered.entry(charger.to_owned()).or_default().take(&of_charger, record);
            Ok(())
        };
        sessions::read(sessions, take, |line, text| {
            remarks.push(Remark { source: name.clone(), line: Some(line), text: text.to_owned() });
        })
        .with_context(|| name.clone())?;
        names.push(name);
    }
    for charger in logs.days.keys() {
        gathered.entry(charger.clone()).or_default();
    }
    if names.is_empty() {
        return Ok(None);
    }
    let source = names.join(", ");
    Ok(Some(summarise(source, &gathered, logs, remarks, grid_loss)?))
}

impl Gathered {
    fn take(&mut self, data: &ChargerData, record: &SessionRecord) {
        // A repetition was counted when it came first.
        if self.state.handle_session(data, record).is_err() {
            return;
        }
        while let Some(event) = self.state.wear.poll_event() {
            if let Event::Alarm { signal, .. } = event {
                self.alarms.push(signal);
            }
        }
        let start = record.start;
        self.last = self.last.max(start);
        self.sessions += 1;
        self.days.insert(day_of(start));
        self.minutes += record.duration_min.map_or(0.0, f64::from).max(0.0);
        if let (Some(input), Some(output)) = (record.input_kwh, record.metered_kwh) {
            let (input, output) = (f64::from(input), f64::from(output));
            if input > 0.0 && PLAUSIBLE_EFFICIENCY.contains(&(output / input)) {
                self.balance.delivered += output;
                self.balance.conversion += input - output;
            }
        }
        if let Some(watts) = record.idle_w.filter(|watts| (1.0..2_000.0).contains(watts)) {
            self.idle_w.0 += f64::from(watts);
            self.idle_w.1 += 1;
        }
        if let Some(rise) = record.cabinet_rise_k(data) {
            self.state.items.record(Item::CabinetTemperature, start, rise, Quality::Good);
        }
    }
}

fn day_of(at: Instant) -> u32 {
    u32::try_from(at.raw() / 86_400_000).unwrap_or(u32::MAX)
}

fn summarise(
    source: String,
    gathered: &BTreeMap<String, Gathered>,
    logs: &Logs,
    remarks: Vec<Remark>,
    grid_loss: f64,
) -> Result<Health> {
    let all_days = || gathered.values().flat_map(|one| one.days.iter().copied());
    let days = match (all_days().min(), all_days().max()) {
        (Some(first), Some(last)) => last - first + 1,
        _ => 0,
    };
    let mut parameters = Parameters::default();
    for (item, weight) in EXTRAS {
        parameters.set_weight(item, weight);
    }
    let model = Model::new(parameters)?;
    let period = Period { days, grid_loss };
    let chargers: Vec<ChargerHealth> = gathered
        .iter()
        .map(|(name, one)| charger_health(name, one, logs.days.get(name), period, &model))
        .collect();
    let mut station = Balance::default();
    chargers.iter().for_each(|charger| station.add(&charger.balance));
    let rates: f64 = chargers.iter().map(|charger| charger.online_rate).sum();
    Ok(Health {
        source,
        days,
        online_rate: share(rates, f64::from(u32::try_from(chargers.len()).unwrap_or(0))),
        idle: if days > 0 { idle(&chargers) } else { Vec::new() },
        chargers,
        station,
        remotely_recoverable: logs.remote_share(),
        remarks,
    })
}

/// What the telemetry covers.
#[derive(Clone, Copy)]
struct Period {
    days: u32,
    grid_loss: f64,
}

fn charger_health(
    name: &str,
    one: &Gathered,
    day: Option<&Day>,
    period: Period,
    model: &Model,
) -> ChargerHealth {
    let mut state = *one.state;
    state.note_wear(one.last);
    let mut vetoes = Vec::new();
    if let Some(day) = day {
        day.note(&mut state.items, one.last);
        vetoes = day.vetoes();
    }
    let result = state.evaluate(model, one.last, &vetoes);
    let worst = result.worst::<3>().into_iter().flatten();
    let hours = f64::from(period.days) * 24.0;
    let idle_w =
        if one.idle_w.1 > 0 { one.idle_w.0 / f64::from(one.idle_w.1) } else { ASSUMED_IDLE_W };
    let mut balance = one.balance;
    balance.standby = idle_w / 1_000.0 * (hours - one.minutes / 60.0).max(0.0);
    balance.close(period.grid_loss);
    let days_heard = f64::from(u32::try_from(one.days.len()).unwrap_or(0));
    ChargerHealth {
        charger: name.to_owned(),
        score: result.score,
        confidence: result.confidence,
        grade: result.score.map(Grade::of),
        worst: worst.map(|(item, points)| Lost { item: item.id(), points }).collect(),
        alarms: one.alarms.clone(),
        sessions: one.sessions,
        online_rate: match day {
            Some(day) if period.days == 0 => 1.0 - share(day.cut_off_min, day.heard_min),
            _ => share(days_heard, f64::from(period.days)),
        },
        day: day.cloned(),
        utilisation: share(one.minutes / 60.0, hours),
        balance,
    }
}

fn idle(chargers: &[ChargerHealth]) -> Vec<String> {
    let mut used: Vec<f64> = chargers.iter().map(|charger| charger.utilisation).collect();
    used.sort_by(f64::total_cmp);
    let median = used.get(used.len() / 2).copied().unwrap_or(0.0);
    let level = f64::max(IDLE_UTILISATION, IDLE_SHARE_OF_MEDIAN * median);
    let is_idle = |charger: &&ChargerHealth| charger.utilisation < level;
    chargers.iter().filter(is_idle).map(|charger| charger.charger.clone()).collect()
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn telemetry(text: &str) -> Health {
        let file = Telemetry {
            name: "telemetry".to_owned(),
            sessions: Box::new(text.as_bytes()),
            chargers: None,
        };
        assess(&Logs::default(), vec![file], 0.02).unwrap().unwrap()
    }

    /// Two days; A charges an hour a day and loses 1 of 20 kWh each time, B charged once for six minutes.
    const TWO_PILES: &str = "charger,day,dur_min,e_in_kwh,e_out_kwh,idle_w,amb_c,mod_tin_c
A,0.25,60,20,19,100,20,24
B,0.50,6,2,1.9,50,20,24
A,1.25,60,20,19,100,20,24
A,1.25,60,20,19,100,20,24
";

    #[test]
    fn the_balance_closes_and_an_idle_pile_is_seen() {
        let health = telemetry(TWO_PILES);
        assert_eq!((health.days, health.chargers.len()), (2, 2));
        let [a, b] = health.chargers.as_slice() else { panic!() };
        assert_eq!((a.sessions, b.sessions), (2, 1), "the repeated row counts once");
        let close =
            |ours: f64, expected: f64| assert!((ours - expected).abs() < 1e-5, "{ours} {expected}");
        close(a.balance.delivered, 38.0);
        close(a.balance.conversion, 2.0);
        close(a.balance.standby, 0.1 * 46.0);
        close(a.balance.grid, (38.0 + 2.0 + 4.6) * 1.02);
        close(b.balance.standby, 0.05 * 47.9);
        let station = health.station;
        let sum = station.delivered + station.conversion + station.standby + station.grid_losses;
        close(station.grid, sum);
        close(a.online_rate, 1.0);
        close(b.online_rate, 0.5);
        close(a.utilisation, 2.0 / 48.0);
        assert_eq!(health.idle, ["B"]);
        assert!(a.score.is_some() && a.confidence < 0.2);
    }

    #[test]
    fn bad_rows_are_named_and_the_rest_counts() {
        let health = telemetry("charger,day,dur_min\nA,0.1,20\n,0.2,20\nA,x,20\nA,0.3,z\n");
        let lines: Vec<_> = health.remarks.iter().map(|remark| remark.line).collect();
        assert_eq!(lines, [Some(3), Some(4), Some(5)]);
        assert_eq!(health.chargers[0].sessions, 2);
        let empty = telemetry("charger,day,dur_min\n");
        assert!(empty.chargers.is_empty() && empty.idle.is_empty());
    }
}
