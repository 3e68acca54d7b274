//! Alarms and remaining life, judged by the rules that the data's makers state (facts, section 9).
#![allow(
    dead_code,
    unreachable_pub,
    clippy::cast_precision_loss,
    reason = "each test takes what it needs"
)]

use std::collections::BTreeMap;

use evse_health_score::degradation::{Event, Signal};

/// Days of a set, and days in which alarms count neither way.
const DAYS: f64 = 200.0;
const WARM_UP: f64 = 35.0;

/// A fault of a charger.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    pub name: &'static str,
    pub onset: f64,
    pub end: f64,
}

/// Faults by name: signal, growth exponent, and signals that it reaches, too.
const LAWS: [(&str, Signal, f64, &[Signal]); 10] = [
    ("capacitor", Signal::Capacitor, 1.0, &[Signal::Efficiency, Signal::Thermal]),
    ("contactor", Signal::Contactor, 1.5, &[]),
    ("connector", Signal::Connector, 1.6, &[]),
    ("filter", Signal::Thermal, 1.2, &[Signal::Capacitor]),
    ("fan", Signal::Thermal, 1.0, &[Signal::Capacitor]),
    ("meter", Signal::Meter, 1.0, &[]),
    ("efficiency", Signal::Efficiency, 1.0, &[Signal::Thermal]),
    ("insulation", Signal::Insulation, 1.0, &[]),
    ("can", Signal::Can, 1.0, &[]),
    ("standby", Signal::Standby, 1.0, &[]),
];

pub fn fault_named(name: &str) -> Option<&'static str> {
    LAWS.iter().map(|law| law.0).find(|known| *known == name)
}

/// A row of the tool's output, as far as it is judged.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    pub signal: Signal,
    pub day: f64,
    pub alarm: bool,
    pub remaining: Option<[f64; 3]>,
    pub progress: f64,
}

impl From<Event> for Told {
    fn from(event: Event) -> Self {
        let (Event::Alarm { signal, at, outlook } | Event::State { signal, at, outlook }) = event;
        Self {
            signal,
            day: at.to_days_f64(),
            alarm: matches!(event, Event::Alarm { .. }),
            remaining: outlook.remaining_days,
            progress: outlook.progress,
        }
    }
}

/// Scorable faults, hits, leads, errors of remaining life, covered.
type OfFault = (u32, u32, Vec<f64>, Vec<f64>, u32);

/// Sums over chargers.
#[derive(Debug, Default, Clone)]
pub struct Verdict {
    pub chargers: f64,
    pub scorable: u32,
    pub hits: u32,
    pub false_alarms: Vec<String>,
    pub missed: Vec<String>,
    pub leads: Vec<f64>,
    pub errors: Vec<f64>,
    pub covered: u32,
    pub by_fault: BTreeMap<&'static str, OfFault>,
}

impl Verdict {
    pub fn judge(&mut self, charger: &str, faults: &[Fault], told: &[Told]) {
        self.chargers += 1.0;
        let law = |fault: &Fault| LAWS.iter().find(|law| law.0 == fault.name).unwrap();
        for fault in faults {
            let (_, signal, exponent, _) = law(fault);
            let progress =
                ((DAYS - fault.onset) / (fault.end - fault.onset)).max(0.0).powf(*exponent);
            let last = fault.end.min(DAYS);
            let alarms = told.iter().filter(|row| row.alarm && row.signal == *signal);
            let hit = alarms.map(|row| row.day).find(|day| (fault.onset..=last).contains(day));
            let shadowed = faults.iter().any(|other| {
                other.name != fault.name
                    && law(other).3.contains(signal)
                    && told.iter().any(|row| {
                        row.alarm
                            && row.signal == *signal
                            && row.day >= other.onset
                            && row.day < fault.onset
                    })
            });
            let entry = self.by_fault.entry(fault.name).or_default();
            if hit.is_some() || (progress >= 0.5 && !shadowed) {
                self.scorable += 1;
                entry.0 += 1;
            }
            match hit {
                Some(day) => {
                    self.hits += 1;
                    entry.1 += 1;
                    let lead = (fault.end - day) / (fault.end - fault.onset);
                    self.leads.push(lead);
                    entry.2.push(lead);
                }
                None if progress >= 0.5 => self.missed.push(format!("{charger} {}", fault.name)),
                None => {}
            }
            let at = fault.onset + 0.6 * (fault.end - fault.onset);
            if at > DAYS {
                continue;
            }
            let known =
                |row: &&Told| row.signal == *signal && row.day <= at && row.remaining.is_some();
            let newest = told.iter().rfind(known);
            let error = match newest.map(|row| (row.day, row.remaining.unwrap())) {
                None => fault.end - at,
                Some((day, [low, median, high])) => {
                    let truth = fault.end - day;
                    let inside = (low..=high).contains(&truth);
                    self.covered += u32::from(inside);
                    entry.4 += u32::from(inside);
                    (median - truth).abs()
                }
            };
            self.errors.push(error);
            entry.3.push(error);
        }
        for row in told.iter().filter(|row| row.alarm && row.day >= WARM_UP) {
            let explained = faults.iter().any(|fault| {
                row.day >= fault.onset
                    && (law(fault).1 == row.signal || law(fault).3.contains(&row.signal))
            });
            if !explained {
                self.false_alarms.push(format!("{charger} {} day {:.0}", row.signal, row.day));
            }
        }
    }

    pub fn recall(&self) -> f64 {
        f64::from(self.hits) / f64::from(self.scorable.max(1))
    }

    pub fn false_per_year(&self) -> f64 {
        f64::from(u32::try_from(self.false_alarms.len()).unwrap())
            / (self.chargers * (DAYS - WARM_UP) / 365.0)
    }

    pub fn coverage(&self) -> f64 {
        f64::from(self.covered) / f64::from(u32::try_from(self.errors.len().max(1)).unwrap())
    }

    pub fn median_lead(&self) -> f64 {
        median(&self.leads)
    }

    pub fn median_error(&self) -> f64 {
        median(&self.errors)
    }

    pub fn mean_error(&self) -> f64 {
        self.errors.iter().sum::<f64>()
            / f64::from(u32::try_from(self.errors.len().max(1)).unwrap())
    }

    pub fn report(&self, name: &str) -> String {
        let mut text = format!(
            "{name}: recall {:.3} ({} of {}), false alarms {:.3} a charger-year ({}), lead {:.2}, \
             RUL error median {:.1} mean {:.1} of {}, coverage {:.2}",
            self.recall(),
            self.hits,
            self.scorable,
            self.false_per_year(),
            self.false_alarms.len(),
            self.median_lead(),
            self.median_error(),
            self.mean_error(),
            self.errors.len(),
            self.coverage(),
        );
        for (fault, (scorable, hits, leads, errors, covered)) in &self.by_fault {
            text += &format!(
                "\n  {fault:<11} {hits:>3} of {scorable:>3}  lead {:.2}  RUL median {:>5.1} mean {:>5.1}  covered {covered} of {}",
                median(leads),
                median(errors),
                errors.iter().sum::<f64>() / (errors.len().max(1) as f64),
                errors.len(),
            );
        }
        text
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[n / 2],
        n => 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]),
    }
}
