//! What a charger's display shows during a session: energy, cost so far, the price now and when it changes.
//!
//! ```sh
//! cargo run -p evse-tariff --example running_cost -- --start 07:30 --kw 60 --minutes 60
//! ```

use std::io::Write;

use chrono::{NaiveTime, Timelike};
use clap::Parser;
use evse_tariff::{
    Band, Calendar, Date, DayTable, FixedOffset, MicroWattHours, ParseError, Policy, Rate, Reading,
    Session, Tariff, TimeOfUse, Timestamp,
};

/// Shows the running cost of a session under a time-of-use tariff as seen in Shenzhen.
#[derive(Parser)]
struct Arguments {
    /// Local time at which charging starts
    #[arg(long, default_value = "07:30", value_parser = |text: &str| NaiveTime::parse_from_str(text, "%H:%M"))]
    start: NaiveTime,
    /// Power, constant
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    kw: u16,
    /// Length of the session
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=1_440))]
    minutes: u16,
}

fn rate(band: Band, electricity: &str, service: &str) -> Result<Rate, ParseError> {
    Ok(Rate { band, electricity: electricity.parse()?, service: service.parse()? })
}

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let arguments = Arguments::parse();
    let mut out = std::io::stdout().lock();
    let rates = [
        rate(Band::Valley, "0.26", "0.76")?,
        rate(Band::Flat, "0.78", "0.76")?,
        rate(Band::Peak, "1.19", "0.76")?,
    ];
    let edges = [(0, 0), (480, 1), (600, 2), (720, 1), (840, 2), (1_140, 1)];
    let days = [DayTable::from_edges(&edges)?];
    let table = TimeOfUse::new(&rates, &days, Calendar::EVERY_DAY)?;
    let tariff = Tariff { table, zone: FixedOffset::CHINA, policy: Policy::ROUND_ONCE };

    let midnight = Date::new(2026, 6, 15).ok_or("no such date")?.unix_days() * 86_400 - 8 * 3_600;
    let start = midnight + i64::from(arguments.start.num_seconds_from_midnight());
    let clock = |at: Timestamp| {
        let minute = (at.unix_millis() / 60_000 + 8 * 60) % 1_440;
        format!("{:02}:{:02}", minute / 60, minute % 60)
    };

    writeln!(
        out,
        "{:>5} {:>10} {:>9} {:>7} {:>9}  until",
        "time", "kWh", "CNY", "band", "CNY/kWh"
    )?;
    let mut session = Session::new();
    for minute in 0..=i64::from(arguments.minutes) {
        // kW times minutes over 60, in µWh.
        let energy = i64::from(arguments.kw) * minute * 1_000_000_000 / 60;
        let at = Timestamp::from_unix_seconds(start + minute * 60);
        session
            .handle_reading(&tariff, Reading { at, register: MicroWattHours::from_raw(energy) })?;
        if minute % 10 != 0 && minute != i64::from(arguments.minutes) {
            continue;
        }
        let bill = session.bill(&tariff)?;
        let now = tariff.price_at(at).ok_or("the tariff has no price")?;
        let price = now.rate.electricity.plus(now.rate.service).ok_or("the price is too high")?;
        let wh = bill.energy.raw() / 1_000_000;
        writeln!(
            out,
            "{:>5} {:>10} {:>9} {:>7} {:>9}  {}",
            clock(at),
            format!("{}.{:03}", wh / 1_000, wh % 1_000),
            bill.total.to_string(),
            now.rate.band.to_string(),
            price.to_string(),
            now.next_change.map_or_else(|| "further notice".into(), clock),
        )?;
    }
    Ok(())
}
