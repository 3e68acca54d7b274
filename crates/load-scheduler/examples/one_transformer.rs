//! An evening at one transformer: what each policy serves, and what would be possible at best.
//!
//! ```sh
//! cargo run -p evse-load-scheduler --example one_transformer -- --limit-kw 150
//! ```

use std::io::Write;

use clap::Parser;
use evse_load_scheduler::{
    Grid, Joules, MicroPerKwh, Policy, Problem, Replay, Seconds, Session, SessionId, Watts,
    max_served, min_cost, min_peak,
};

/// Compares the policies and the exact optima on twelve cars behind one transformer.
#[derive(Parser)]
struct Arguments {
    /// Most power of all cars together
    #[arg(long, default_value_t = 150, value_parser = clap::value_parser!(i64).range(0..=10_000))]
    limit_kw: i64,
}

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let arguments = Arguments::parse();
    let mut out = std::io::stdout().lock();
    // Six hours from 18:00 in minutes; dear until 19:00, then 0.78.
    let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(60), 360)?;
    let prices: Vec<_> = grid
        .slot_starts()
        .map(|at| MicroPerKwh::from_raw(if at.raw() < 3_600 { 1_190_000 } else { 780_000 }))
        .collect();
    // A car every ten minutes; each stays 40 to 150 minutes and wants 24 to 46 kWh at up to 60 kW.
    let sessions = (0..12u64)
        .map(|car| {
            let (arrive, stay) =
                (i64::try_from(car)? * 600, 2_400 + i64::try_from(car * 7 % 12)? * 600);
            let energy =
                Joules::from_wh(24_000 + i64::try_from(car * 5 % 12)? * 2_000).ok_or("energy")?;
            let (arrive, depart) = (Seconds::from_raw(arrive), Seconds::from_raw(arrive + stay));
            Ok(Session::new(
                SessionId::from_raw(car),
                arrive,
                depart,
                energy,
                Watts::from_raw(60_000),
            ))
        })
        .collect::<Result<Vec<_>, Box<dyn core::error::Error>>>()?;
    let limit = Watts::from_kw(arguments.limit_kw).ok_or("limit")?;
    let problem = Problem::builder(grid).limit(limit).price(prices).sessions(sessions).build()?;

    let wanted = problem.demand().wh_towards_zero();
    writeln!(out, "{} cars want {wanted} Wh, at most {limit} together", problem.sessions().len())?;
    writeln!(
        out,
        "{:<14} {:>14} {:>6} {:>12} {:>16}",
        "policy", "unserved Wh", "short", "cost", "peak"
    )?;
    for policy in Policy::ALL {
        let replay = Replay::run(&problem, policy, Seconds::from_raw(60))?;
        writeln!(
            out,
            "{:<14} {:>14} {:>6} {:>12} {:>16}",
            policy.name(),
            replay.unserved().wh_towards_zero(),
            replay.sessions_short(),
            replay.cost().to_string(),
            replay.peak().to_string(),
        )?;
    }
    let served = max_served(&problem)?.served.wh_towards_zero();
    writeln!(out, "most energy, all arrivals known: {served} Wh")?;
    match min_cost(&problem) {
        Ok(cheapest) => writeln!(out, "least cost for all of it: {}", cheapest.cost)?,
        Err(error) => writeln!(out, "least cost for all of it: {error}")?,
    }
    writeln!(out, "lowest peak for all of it: {}", min_peak(&problem.without_limit())?.bound)?;
    Ok(())
}
