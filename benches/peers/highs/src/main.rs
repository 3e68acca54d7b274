//! How many times longer HiGHS takes than the exact flow: time-of-use price, one limit, prices on unserved energy.
//!
//! HiGHS gets the crate's own linear program through `lp::Backend`, and only its solving is counted. Both bills must be equal.

use std::cell::Cell;
use std::time::{Duration, Instant};

use evse_load_scheduler::lp::{self, Comparison, Failure, LinearProgram, Point};
use evse_load_scheduler::{
    Grid, Joules, MicroPerKwh, Problem, Seconds, Session, SessionId, Watts, cheapest,
};
use highs::{HighsModelStatus, RowProblem, Sense};

/// HiGHS by one of its methods, and how long it solved last.
struct Highs {
    method: &'static str,
    took: Cell<Duration>,
}

impl lp::Backend for Highs {
    fn name(&self) -> &'static str {
        self.method
    }

    fn max_columns(&self) -> usize {
        usize::MAX
    }

    fn max_binaries(&self) -> usize {
        0
    }

    fn minimise(&self, program: &LinearProgram) -> Result<Point, Failure> {
        let mut rows = RowProblem::default();
        let columns: Vec<_> =
            program.columns.iter().map(|c| rows.add_column(c.cost, c.lower..=c.upper)).collect();
        for row in &program.rows {
            let entries: Vec<_> = row.entries.iter().map(|(i, v)| (columns[*i], *v)).collect();
            match row.comparison {
                Comparison::AtMost => rows.add_row(..=row.bound, entries),
                Comparison::Exactly => rows.add_row(row.bound..=row.bound, entries),
                Comparison::AtLeast => rows.add_row(row.bound.., entries),
            };
        }
        let mut model = rows.optimise(Sense::Minimise);
        model.make_quiet();
        model.set_option("threads", 1);
        model.set_option("solver", self.method);
        let begin = Instant::now();
        let solved = model.solve();
        self.took.set(begin.elapsed());
        match solved.status() {
            HighsModelStatus::Optimal => {
                let values = solved.get_solution().columns().to_vec();
                Ok(Point { values, is_optimal: true })
            }
            HighsModelStatus::Infeasible => Err(Failure::Infeasible),
            _ => Err(Failure::GaveUp),
        }
    }
}

/// Cars over a day in a scattered order, or all alike, under a limit that is too low for all.
fn site(cars: i64, slots: u32, alike: bool) -> Problem {
    let length = 86_400 / i64::from(slots);
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(length), slots).expect("a grid");
    let sessions = (0..cars).map(|id| {
        let i = if alike { 0 } else { id };
        let (arrive, stay) = (i * 7_919 % 76_000, 7_200 + i * 104_729 % 28_800);
        let power = [7_000, 11_000, 22_000, 60_000, 120_000][i as usize % 5];
        let energy = power * stay.min(86_400 - arrive) / 100 * (20 + i * 31 % 60);
        Session::new(
            SessionId::from_raw(id.unsigned_abs()),
            Seconds::from_raw(arrive),
            Seconds::from_raw(arrive + stay),
            Joules::from_raw(energy),
            Watts::from_raw(power),
        )
        .with_unserved_price(MicroPerKwh::from_raw(
            [5_000_000, 8_000_000, 40_000_000][i as usize % 3],
        ))
    });
    let price = |start: Seconds| {
        MicroPerKwh::from_raw(match start.raw() / 3_600 {
            _ if alike => 500_000,
            0..8 => 260_000,
            10..12 | 14..19 => 1_190_000,
            _ => 780_000,
        })
    };
    Problem::builder(grid)
        .price(grid.slot_starts().map(price).collect::<Vec<_>>())
        .limit(Watts::from_raw(9_000 * cars))
        .sessions(sessions.collect())
        .build()
        .expect("a site")
}

fn main() {
    println!(
        "{:<28} {:>10} {:>16} {:>16}",
        "least cost with its proof", "flow, ms", "HiGHS simplex", "HiGHS ipm"
    );
    for (cars, slots, alike) in [
        (55, 96, false),
        (200, 96, false),
        (200, 96, true),
        (1_000, 96, false),
        (2_000, 288, false),
    ] {
        let problem = site(cars, slots, alike);
        let mut times: Vec<Duration> = (0..9)
            .map(|_| {
                let begin = Instant::now();
                std::hint::black_box(cheapest(&problem).expect("a flow"));
                begin.elapsed()
            })
            .collect();
        times.sort();
        let ours = times[times.len() / 2];
        let bill = cheapest(&problem).expect("a flow").account.total().to_currency_f64();
        let ratios = ["simplex", "ipm"].map(|method| {
            let highs = Highs { method, took: Cell::default() };
            let found = lp::solve(&problem, &highs).expect("HiGHS solves it");
            let theirs = found.account.total().to_currency_f64();
            assert!((bill - theirs).abs() <= 1e-6 * bill.abs(), "{bill}, {theirs}");
            format!("{:.0} x", highs.took.get().as_secs_f64() / ours.as_secs_f64())
        });
        let name = format!("{cars} {}cars x {slots} slots", if alike { "equal " } else { "" });
        let millis = ours.as_secs_f64() * 1e3;
        println!("{name:<28} {millis:>10.3} {:>16} {:>16}", ratios[0], ratios[1]);
    }
}
