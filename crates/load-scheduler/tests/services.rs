//! Admission, completion, profiles and the forecast to beat.
#![cfg(feature = "alloc")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss
)]

use evse_load_scheduler::{
    Admission, Grid, Joules, Period, Plan, Problem, SeasonalNaive, Seconds, Session, SessionId,
    Watts, admit, completion, deci_amperes, earliest_start, latest_start, max_served, profile,
};
use proptest::prelude::*;

const SLOT: i64 = 900;

fn grid() -> Grid {
    Grid::new(Seconds::ZERO, Seconds::from_raw(SLOT), 16).unwrap()
}

fn session(id: u64, from: i64, to: i64, wh: i64, watts: i64) -> Session {
    Session::new(
        SessionId::from_raw(id),
        Seconds::from_raw(from * SLOT),
        Seconds::from_raw(to * SLOT),
        Joules::from_wh(wh).unwrap(),
        Watts::from_raw(watts),
    )
}

fn station(sessions: Vec<Session>) -> Problem {
    Problem::builder(grid()).limit(Watts::from_raw(10_000)).sessions(sessions).build().unwrap()
}

#[test]
fn a_newcomer_is_accepted_reduced_queued_or_refused() {
    // One car needs all of the first hour.
    let busy = station(vec![session(1, 0, 4, 10_000, 10_000)]);
    let admit = |newcomer| admit(&busy, newcomer).unwrap();
    assert_eq!(admit(session(2, 4, 8, 10_000, 10_000)), Admission::Accept);
    assert_eq!(admit(session(2, 0, 8, 10_000, 10_000)), Admission::Accept);
    let start = Seconds::from_raw(4 * SLOT);
    assert_eq!(admit(session(2, 0, 4, 10_000, 10_000)), Admission::Queue { start });
    let energy = Joules::from_wh(10_000).unwrap();
    assert_eq!(admit(session(2, 0, 8, 30_000, 10_000)), Admission::Reduced { energy });
    let full = station(vec![session(1, 0, 16, 40_000, 10_000)]);
    assert_eq!(
        evse_load_scheduler::admit(&full, session(2, 0, 4, 1, 1)).unwrap(),
        Admission::Refuse
    );
    assert!(evse_load_scheduler::admit(&full, session(1, 0, 4, 1, 1)).is_err());
}

#[test]
fn the_latest_start_is_the_last_that_is_enough() {
    let busy = station(vec![session(1, 12, 16, 10_000, 10_000)]);
    let newcomer = session(2, 0, 16, 10_000, 10_000);
    // The last hour is taken; the hour before it is enough.
    assert_eq!(latest_start(&busy, newcomer).unwrap(), Some(Seconds::from_raw(8 * SLOT)));
    assert_eq!(
        earliest_start(&busy, session(2, 0, 4, 10_000, 10_000)).unwrap(),
        Some(Seconds::ZERO)
    );
    assert_eq!(latest_start(&busy, session(2, 0, 16, 90_000, 10_000)).unwrap(), None);
}

#[test]
fn completion_is_the_end_of_the_last_energy() {
    let problem = station(vec![session(1, 1, 3, 1_000, 10_000), session(2, 0, 1, 0, 1)]);
    let plan = max_served(&problem).unwrap().plan;
    assert_eq!(completion(&problem, &plan, 0), Some(Seconds::from_raw(2 * SLOT)));
    assert_eq!(completion(&problem, &plan, 1), None);
    assert_eq!(completion(&problem, &plan, 2), None);
}

#[test]
fn profiles_merge_round_down_and_close() {
    let problem = station(vec![session(1, 2, 8, 9_000, 10_000)]);
    let energy = [7_049, 7_049, 3_000, 0, 0, 6_000].map(|watts| Joules::from_raw(watts * SLOT));
    let plan = Plan::from_runs([(2, energy)]);
    let period = |slot: i64, watts| Period {
        start: Seconds::from_raw(slot * SLOT),
        limit: Watts::from_raw(watts),
    };
    let run = plan.session(0).unwrap();
    assert_eq!(
        profile(&problem, run, Watts::from_raw(100), 0),
        [period(2, 7_000), period(4, 3_000), period(5, 0), period(7, 6_000), period(8, 0)]
    );
    // The least energy lost: the 3 kW slot goes.
    assert_eq!(
        profile(&problem, run, Watts::from_raw(100), 3),
        [period(2, 7_000), period(4, 0), period(7, 6_000), period(8, 0)]
    );
    assert_eq!(deci_amperes(Watts::from_raw(7_000), 220, 1), Some(318));
    assert_eq!(deci_amperes(Watts::from_raw(11_000), 230, 3), Some(159));
    assert_eq!(deci_amperes(Watts::from_raw(11_000), 0, 3), None);
}

proptest! {
    #[test]
    fn profiles_never_pass_the_plan(
        watts in prop::collection::vec(0i64..20_000, 1..14), cap in 0usize..6, grain in 1i64..500,
    ) {
        let problem = station(vec![session(1, 0, 16, 9_000, 20_000)]);
        let plan = Plan::from_runs([(1, watts.iter().map(|w| Joules::from_raw(w * SLOT)).collect::<Vec<_>>())]);
        let periods = profile(&problem, plan.session(0).unwrap(), Watts::from_raw(grain), cap);
        prop_assert!(cap == 0 || periods.len() <= cap + 1);
        for (slot, watts) in (1..).zip(&watts) {
            let at = periods.iter().rfind(|p| p.start.raw() <= slot * SLOT).unwrap();
            prop_assert!(at.limit.raw() <= *watts);
            prop_assert!(cap > 0 || at.limit.raw() > watts - grain);
        }
        prop_assert!(periods.last().unwrap().limit == Watts::ZERO);
    }
}

/// The forecast to beat on real load: the hourly energy of 18 zones, a day ahead, over the last two months.
#[test]
fn seasonal_naive_on_the_zones_of_a_city() {
    let shared = std::env::var_os("EVSE_SHARED").map_or_else(
        || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        std::path::PathBuf::from,
    );
    let path = shared.join("data/station/shenzhen_zone_volume.csv");
    if !path.is_file() {
        assert!(std::env::var_os("EVSE_SHARED_REQUIRED").is_none_or(|v| v != "1"));
        println!("skipped: no shared zone data");
        return;
    }
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows: Vec<Vec<f64>> = reader
        .records()
        .map(|row| row.unwrap().iter().skip(1).map(|v| v.parse().unwrap()).collect())
        .collect();
    // All zones together, in watts of mean power.
    #[allow(clippy::cast_possible_truncation)]
    let loads: Vec<i64> = rows.iter().map(|row| (row.iter().sum::<f64>() * 1e3) as i64).collect();
    let mut model = SeasonalNaive::new(168);
    let (mut error, mut plain, mut total) = (0.0, 0.0, 0.0);
    for (hour, load) in loads.iter().enumerate() {
        if hour % 24 == 0 && hour + 24 <= loads.len() && hour > loads.len() - 60 * 24 {
            let ahead = model.forecast(24).values;
            for (i, value) in ahead.iter().enumerate() {
                let real = loads[hour + i] as f64;
                error += (value.raw() as f64 - real).abs();
                plain += (loads[hour + i - 168] as f64 - real).abs();
                total += real;
            }
        }
        model.observe(Watts::from_raw(*load));
    }
    println!(
        "a day ahead: {:.1} % wrong, last week alone {:.1} %",
        100.0 * error / total,
        100.0 * plain / total
    );
    assert!(error / total < 0.25);
    assert!(error <= plain);
}
