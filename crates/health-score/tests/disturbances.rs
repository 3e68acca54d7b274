//! What must not be taken for wear, and what must not hide it: each disturbance alone, over several seeds.
#![allow(clippy::print_stdout, reason = "the report is the point")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    reason = "test helpers: a failed unwrap is the failed assertion"
)]

#[path = "common/judge.rs"]
mod judge;
#[path = "common/synth.rs"]
mod synth;

use evse_health_score::Charger;
use evse_health_score::degradation::{Monitor, MonitorError, SessionRecord, Signal};
use judge::{Fault, Told, Verdict};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use synth::{Fate, Made, TEMPERATE, fleet_with};

const SEEDS: std::ops::Range<u64> = 500..503;
const CHARGERS: usize = 8;

/// Neither faults nor any of the disturbances that a fleet usually has: each test adds its own.
fn calm() -> Fate {
    let never = 1_000.0;
    Fate {
        faults: Some(Vec::new()),
        sensor_swap: Some((never, 0.0)),
        clientele: Some((never, 1.0)),
    }
}

fn faulty(name: &str) -> Fate {
    let name = judge::fault_named(name).unwrap();
    Fate { faults: Some(vec![Fault { name, onset: 60.0, end: 150.0 }]), ..calm() }
}

/// Healthy chargers, and some with each of these faults.
fn healthy_and(faults: &[&str]) -> Vec<Fate> {
    std::iter::once(calm()).chain(faults.iter().map(|name| faulty(name))).collect()
}

fn watch(made: &Made, records: &[SessionRecord]) -> Vec<Told> {
    let mut monitor = Monitor::<11>::new();
    let mut told = Vec::new();
    for record in records {
        let _ = monitor.handle_session(&made.data, record);
        while let Some(event) = monitor.poll_event() {
            told.push(event.into());
        }
    }
    told
}

/// Verdict over the seeds and fates, each charger's records changed on the way.
fn judged(
    fates: &[Fate],
    mut change: impl FnMut(&mut ChaCha8Rng, &mut Vec<SessionRecord>),
) -> Verdict {
    let mut verdict = Verdict::default();
    // Other chargers for each fate.
    let fates = (0..).step_by(10).zip(fates);
    for (seed, fate) in fates.flat_map(|(more, fate)| SEEDS.map(move |seed| (seed + more, fate))) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for mut made in fleet_with(seed, &TEMPERATE, CHARGERS, fate) {
            let mut records = std::mem::take(&mut made.records);
            change(&mut rng, &mut records);
            let told = watch(&made, &records);
            verdict.judge(&format!("{seed}/{}", made.name), &made.faults, &told);
        }
    }
    println!("{} {:?}", verdict.report("disturbed"), verdict.false_alarms);
    verdict
}

fn from_day(records: &mut [SessionRecord], day: f64, change: impl Fn(&mut SessionRecord)) {
    records.iter_mut().filter(|record| record.start.to_days_f64() >= day).for_each(change);
}

fn assert_quiet(verdict: &Verdict) {
    let rate = verdict.false_per_year();
    assert!(rate <= 0.15, "{rate} false alarms a charger-year: {:?}", verdict.false_alarms);
}

fn assert_sees(verdict: &Verdict) {
    assert!(verdict.recall() >= 0.94, "recall {}: {:?}", verdict.recall(), verdict.missed);
    assert_quiet(verdict);
}

#[test]
fn other_customers_neither_are_wear_nor_hide_it() {
    for current in [0.6, 1.5] {
        let fates = healthy_and(&["capacitor", "connector", "efficiency"]);
        let fates: Vec<_> =
            fates.into_iter().map(|f| Fate { clientele: Some((80.0, current)), ..f }).collect();
        assert_sees(&judged(&fates, |_, _| {}));
    }
}

/// A replaced sensor steps once and stays: of 360 of them, four in every charger, one in forty may be taken for wear.
#[test]
fn a_replaced_sensor_is_not_wear() {
    let meters = |_: &mut ChaCha8Rng, records: &mut Vec<SessionRecord>| {
        from_day(records, 100.0, |record| {
            record.idle_w = record.idle_w.map(|watts| 1.3 * watts);
            record.closing_ms = record.closing_ms.map(|millis| 1.15 * millis);
            record.metered_kwh = record.metered_kwh.map(|kwh| 1.005 * kwh);
        });
    };
    let gun = |kelvin| Fate { sensor_swap: Some((100.0, kelvin)), ..calm() };
    let verdict = judged(&[calm(), gun(2.5), gun(-2.5), gun(4.0)], meters);
    assert!(verdict.false_alarms.len() <= 9, "{:?}", verdict.false_alarms);
}

#[test]
fn lost_cells_rows_and_sessions_hide_nothing() {
    let lose = |rng: &mut ChaCha8Rng, records: &mut Vec<SessionRecord>| {
        records.retain(|_| rng.random_bool(0.8));
        for record in records {
            if rng.random_bool(0.4) {
                (record.ambient_c, record.humidity_pct, record.rms_current_a) = (None, None, None);
            }
            if rng.random_bool(0.4) {
                (record.closing_ms, record.can_frames, record.idle_w) = (None, None, None);
            }
            if rng.random_bool(0.2) {
                *record = SessionRecord { start: record.start, ..SessionRecord::default() };
            }
        }
    };
    assert_sees(&judged(&healthy_and(&["contactor", "insulation", "can"]), lose));
}

/// Sensors that give nothing send zeros, and bad rows hold any number.
#[test]
fn outliers_are_left_out() {
    let spoil = |rng: &mut ChaCha8Rng, records: &mut Vec<SessionRecord>| {
        for record in records {
            let factor = [0.0, -1.0, 1e9, f32::NAN][rng.random_range(0..4)];
            let cells = [
                &mut record.closing_ms,
                &mut record.idle_w,
                &mut record.ripple_mv,
                &mut record.input_kwh,
                &mut record.insulation_kohm,
                &mut record.can_frames,
            ];
            for cell in cells.into_iter().filter(|_| rng.random_bool(0.08)) {
                *cell = cell.map(|x| x * factor);
            }
        }
    };
    assert_sees(&judged(&healthy_and(&["contactor", "standby"]), spoil));
}

#[test]
fn a_month_of_silence_raises_nothing_and_hides_nothing() {
    let silent = |_: &mut ChaCha8Rng, records: &mut Vec<SessionRecord>| {
        records.retain(|record| !(85.0..115.0).contains(&record.start.to_days_f64()));
    };
    assert_sees(&judged(&healthy_and(&["capacitor", "meter"]), silent));
}

/// Uploads that are repeated at once, and once more after the next two, leave the same state.
#[test]
fn repeated_uploads_change_nothing() {
    for seed in SEEDS {
        for made in fleet_with(seed, &TEMPERATE, 2, &faulty("standby")) {
            let (mut once, mut often) = (Charger::<11>::default(), Charger::<11>::default());
            let mut sent: Vec<SessionRecord> = Vec::new();
            for record in &made.records {
                if once.handle_session(&made.data, record).is_err() {
                    continue; // the set's own repetitions
                }
                sent.push(*record);
                assert_eq!(often.handle_session(&made.data, record), Ok(()));
                for again in sent.iter().rev().take(3) {
                    let refused = often.handle_session(&made.data, again);
                    assert_eq!(refused, Err(MonitorError::Repeated));
                }
                loop {
                    let event = once.wear.poll_event();
                    assert_eq!(often.wear.poll_event(), event);
                    if event.is_none() {
                        break;
                    }
                }
            }
            assert_eq!(once, often);
        }
    }
}

/// Sessions of one day, counted from the first, come in any order; those of an earlier day are refused by name.
#[test]
fn the_order_within_a_day_matters_little() {
    let shuffle = |rng: &mut ChaCha8Rng, records: &mut Vec<SessionRecord>| {
        let first = records[0].start;
        let day = |record: &SessionRecord| record.start.since(first).as_secs() / 86_400;
        let later = &mut records[1..];
        later.chunk_by_mut(|a, b| day(a) == day(b)).for_each(|day| day.shuffle(rng));
    };
    assert_sees(&judged(&healthy_and(&["contactor", "connector"]), shuffle));
    let made = &fleet_with(500, &TEMPERATE, 1, &calm())[0];
    let mut records = made.records.clone();
    shuffle(&mut ChaCha8Rng::seed_from_u64(1), &mut records);
    let mut monitor = Monitor::<11>::new();
    for record in &records {
        let taken = monitor.handle_session(&made.data, record);
        assert!(!matches!(taken, Err(MonitorError::Late { .. })), "{taken:?}");
    }
    let late = monitor.handle_session(&made.data, &made.records[1]);
    assert!(matches!(late, Err(MonitorError::Late { .. })));
}

/// After a repair the part is learned afresh: told once before, quiet after, and nothing left of the old part.
#[test]
fn a_repaired_part_begins_anew() {
    let repaired_at = 125.0;
    for (name, signal) in [("contactor", Signal::Contactor), ("connector", Signal::Connector)] {
        let mut alarms = [0, 0];
        for seed in SEEDS {
            let worn = fleet_with(seed, &TEMPERATE, CHARGERS, &faulty(name));
            let new = fleet_with(seed, &TEMPERATE, CHARGERS, &calm());
            for (worn, new) in worn.iter().zip(&new) {
                let is_before = |record: &&SessionRecord| record.start.to_days_f64() < repaired_at;
                let mut charger = Charger::<11>::default();
                let mut follow = |charger: &mut Charger, record: &SessionRecord, life: usize| {
                    let _ = charger.handle_session(&worn.data, record);
                    while let Some(event) = charger.wear.poll_event() {
                        let told = Told::from(event);
                        alarms[life] += u32::from(told.alarm && told.signal == signal);
                    }
                };
                for record in worn.records.iter().filter(is_before) {
                    follow(&mut charger, record, 0);
                }
                charger.repaired(signal);
                assert_eq!(charger.wear.outlook(signal), None, "learned afresh");
                for record in new.records.iter().filter(|record| !is_before(record)) {
                    follow(&mut charger, record, 1);
                }
                let outlook = charger.wear.outlook(signal).unwrap();
                // Before the repair it was 0.6 and more.
                assert!(outlook.progress < 0.2, "{seed} {} {outlook:?}", worn.name);
            }
        }
        println!("{name}: alarms of the worn part and of the new one {alarms:?}");
        assert!(alarms[0] >= 22 && alarms[1] == 0, "{name} {alarms:?}");
    }
}
