//! The tables for the terminal.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

use crate::billing::{Billing, SHARES, Sum, to_thousandths};
use crate::frames::{Shown, StopReason};
use crate::health::{Balance, ChargerHealth, Health};
use crate::planning::Planned;
use crate::pseudonym::Pseudonyms;
use crate::report::STEPS;

/// Drivers and chargers shown; the JSON has all.
const SHOWN: usize = 5;

/// A rule above and below, and one under the header.
const STYLE: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// A table whose first `left_aligned` columns are text and whose others are numbers.
fn table(header: &[&str], left_aligned: usize) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(header.to_vec());
    for (index, column) in table.column_iter_mut().enumerate() {
        let alignment =
            if index < left_aligned { CellAlignment::Left } else { CellAlignment::Right };
        column.set_cell_alignment(alignment);
    }
    table
}

/// kWh with three decimals from Wh.
fn kwh(wh: i64) -> String {
    let sign = if wh < 0 { "-" } else { "" };
    let wh = wh.unsigned_abs();
    format!("{sign}{}.{:03}", wh / 1_000, wh % 1_000)
}

/// Table 1: what was read.
pub fn reading(billings: &[Billing], pseudonyms: &Pseudonyms) -> String {
    let mut sources = table(
        &[
            "source",
            "sessions",
            "energy kWh",
            "read",
            "repeated",
            "late",
            "refused",
            "unfinished",
            "not billable",
        ],
        1,
    );
    for billing in billings {
        let messages = billing.messages;
        sources.add_row([
            billing.source.clone(),
            billing.sum.sessions.to_string(),
            kwh(billing.sum.energy_wh),
            messages.read.to_string(),
            messages.repeated.to_string(),
            messages.late.to_string(),
            messages.refused.to_string(),
            billing.unfinished.to_string(),
            billing.unbillable.to_string(),
        ]);
    }
    let mut chargers = table(&["source", "busiest chargers", "kWh"], 2);
    let mut drivers = table(&["source", "best customers (pseudonyms)", "kWh"], 2);
    for billing in billings {
        for (place, (charger, wh)) in top(&billing.by_charger).into_iter().enumerate() {
            chargers.add_row([first_only(place, &billing.source), charger, kwh(wh)]);
        }
        for (place, (driver, wh)) in top(&billing.by_driver).into_iter().enumerate() {
            let pseudonym = pseudonyms.of("driver", &driver);
            drivers.add_row([first_only(place, &billing.source), pseudonym, kwh(wh)]);
        }
    }
    format!("Table 1: what was read\n{sources}\n{chargers}\n{drivers}\n\n")
}

/// Those with the most energy, most first; equal ones in order of their names.
fn top(sums: &BTreeMap<String, Sum>) -> Vec<(String, i64)> {
    let mut all: Vec<_> = sums.iter().map(|(id, sum)| (id.clone(), sum.energy_wh)).collect();
    all.sort_by_key(|(_, wh)| Reverse(*wh));
    all.truncate(SHOWN);
    all
}

/// A source's name in the first of its rows only.
fn first_only(row: usize, source: &str) -> String {
    if row == 0 { source.to_owned() } else { String::new() }
}

/// Table 2: energy and money by band, and who gets how much.
pub fn billing(billings: &[Billing]) -> String {
    let mut bands = table(&["source", "band", "Wh"], 2);
    let mut money = table(
        &[
            "source",
            "energy fee CNY",
            "service fee CNY",
            "total CNY",
            "operator 70 %",
            "platform 20 %",
            "site 10 %",
        ],
        1,
    );
    for billing in billings {
        for (index, (band, wh)) in billing.bands_wh.iter().enumerate() {
            bands.add_row([
                first_only(index, &billing.source),
                band.to_string(),
                to_thousandths(wh),
            ]);
        }
        let mut row = vec![
            billing.source.clone(),
            billing.energy_fee.to_string(),
            billing.service_fee.to_string(),
            billing.sum.total.to_string(),
        ];
        row.extend(billing.split.iter().take(SHARES.len()).map(ToString::to_string));
        money.add_row(row);
    }
    format!("Table 2: bills under tariff SZ-Z22\n{bands}\n{money}\n\n")
}

/// Table 3: every policy and what is possible at best.
pub fn plans(plans: &[Planned]) -> String {
    let mut text = String::new();
    for plan in plans {
        let mut policies = table(
            &[
                "policy",
                "peak kW",
                "peak kW (15 min)",
                "unserved kWh",
                "sessions short",
                "energy cost CNY",
                "minutes over limit",
            ],
            1,
        );
        let guessed = plan.guessed_departures.iter();
        let guessed = guessed.map(|(name, outcome)| (format!("{name}, stays guessed"), outcome));
        let known = plan.policies.iter().map(|(name, outcome)| ((*name).to_owned(), outcome));
        let optima = plan.optima.iter().map(|(name, outcome)| ((*name).to_owned(), outcome));
        for (name, outcome) in known.chain(guessed).chain(optima) {
            policies.add_row([
                name,
                format!("{:.3}", outcome.peak_kw),
                format!("{:.3}", outcome.peak_kw_15min),
                format!("{:.3}", outcome.unserved_kwh),
                outcome.sessions_short.to_string(),
                format!("{:.2}", outcome.energy_cost),
                outcome.minutes_over_limit.to_string(),
            ]);
        }
        let bounds = &plan.bounds;
        let served = format!("{:.3} kWh", bounds.max_served_kwh);
        let best = bounds.min_cost.map_or_else(
            || format!("not all energy can be served, at most {served}"),
            |cost| format!("all energy can be served, at the least for {cost:.2} CNY"),
        );
        let lowest = bounds
            .min_peak_kw
            .map_or_else(|| "any limit at all".into(), |peak| format!("{peak:.3} kW"));
        text += &format!(
            "Table 3: {} under {} kW, {} sessions, {} kWh asked for, at most {} cars at once\n{policies}\n\
             With all arrivals known (5-minute slots): {best}; no plan that serves all stays below {lowest}.\n\n",
            plan.scene, plan.limit_kw, plan.sessions, plan.demand_kwh, plan.most_at_once,
        );
    }
    text
}

/// Table 4: the plan of one gun on its way to the charger.
pub fn sent(plans: &[Planned]) -> String {
    let mut rows = table(
        &[
            "scene",
            "limit kW",
            "row",
            "periods",
            "frame bytes",
            "largest rounding W",
            "minutes above plan",
        ],
        1,
    );
    for plan in plans {
        let Some(sent) = &plan.sent else { continue };
        rows.add_row([
            plan.scene.clone(),
            plan.limit_kw.to_string(),
            sent.row.to_string(),
            sent.periods.to_string(),
            sent.bytes.to_string(),
            format!("{:.6}", sent.largest_rounding_w),
            sent.minutes_above_plan.to_string(),
        ]);
    }
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "Table 4: the plan of the gun with the most energy as SetChargingProfile, read back\n{rows}\n\n"
    )
}

/// Step 5: sessions as the protocols carry them, decoded again.
pub fn frames(sessions: &[Shown]) -> String {
    let Some(first) = sessions.first() else { return String::new() };
    let mut rows = table(
        &[
            "session",
            "vehicle",
            "SOC %",
            "stopped by",
            "protocol",
            "messages",
            "bytes",
            "energy kWh",
            "steps of Wh",
            "same",
        ],
        5,
    );
    for session in sessions {
        for (index, told) in session.protocols.iter().enumerate() {
            let stopped = match session.stop {
                StopReason::VehicleDone => "vehicle",
                StopReason::User => "user",
            };
            let soc = format!("{} to {}", session.soc_at_start, session.soc_at_end);
            rows.add_row([
                first_only(index, &session.session),
                first_only(index, &session.vehicle),
                first_only(index, &soc),
                first_only(index, stopped),
                told.protocol.to_owned(),
                told.messages.to_string(),
                told.bytes.to_string(),
                kwh(told.energy_wh),
                told.energy_step_wh.to_string(),
                told.contradiction
                    .clone()
                    .map_or_else(|| "yes".into(), |what| format!("no: {what}")),
            ]);
        }
    }
    format!(
        "Frames: three sessions of {} as each protocol carries them, decoded again (pseudonyms)\n{rows}\n\n",
        first.source,
    )
}

/// Chargers that table 5 shows, worst first; the JSON has all.
const CHARGERS_SHOWN: usize = 12;

/// Table 5: the chargers' health, and where the energy went.
pub fn health(health: &Health) -> String {
    let mut rows = table(
        &[
            "charger",
            "worst three items",
            "wear alarms",
            "wrong now",
            "score",
            "assessed %",
            "failed of sessions",
            "cut off min",
            "online %",
            "used %",
        ],
        4,
    );
    let mut energy = table(
        &["charger", "grid kWh", "delivered", "conversion", "standby", "transformer, lines"],
        1,
    );
    let mut worst_first: Vec<&ChargerHealth> = health.chargers.iter().collect();
    let score = |charger: &ChargerHealth| charger.score.unwrap_or(f64::INFINITY);
    worst_first.sort_by(|a, b| score(a).total_cmp(&score(b)));
    for charger in worst_first.iter().take(CHARGERS_SHOWN) {
        rows.add_row(health_row(charger, health.days > 0));
        energy.add_row(balance_row(&charger.charger, &charger.balance));
    }
    energy.add_row(balance_row("station", &health.station));
    let more = match worst_first.len().saturating_sub(CHARGERS_SHOWN) {
        0 => String::new(),
        more => format!("and {more} that score no worse\n"),
    };
    let idle = if health.idle.is_empty() { "none".to_owned() } else { health.idle.join(", ") };
    let remote = health.remotely_recoverable.map_or_else(
        || "no faults".to_owned(),
        |share| format!("{:.0} % of the faults can be helped from afar", 100.0 * share),
    );
    let mut text = format!(
        "\nTable 5: health, from {}\n{rows}\n{more}Online rate {:.1} %; idle piles: {idle}; {remote}\n",
        health.source,
        100.0 * health.online_rate,
    );
    if health.days > 0 {
        text += &format!("\nWhere the energy went in {} days\n{energy}\n{more}", health.days);
    }
    text
}

fn health_row(charger: &ChargerHealth, has_telemetry: bool) -> [String; 10] {
    let worst = charger.worst.iter().map(|lost| format!("{} -{:.1}", lost.item, lost.points));
    let alarms: Vec<_> = charger.alarms.iter().map(|signal| signal.name()).collect();
    let day = charger.day.as_ref();
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    [
        charger.charger.clone(),
        worst.collect::<Vec<_>>().join(", "),
        alarms.join(", "),
        day.map(|day| Vec::from_iter(day.still_wrong.iter().cloned()).join(", "))
            .unwrap_or_default(),
        or_dash(charger.score.map(|score| format!("{score:.1}"))),
        format!("{:.0}", 100.0 * charger.confidence),
        or_dash(day.map(|day| format!("{} of {}", day.failed, day.sessions))),
        or_dash(day.map(|day| format!("{:.0}", day.cut_off_min))),
        format!("{:.0}", 100.0 * charger.online_rate),
        or_dash(has_telemetry.then(|| format!("{:.1}", 100.0 * charger.utilisation))),
    ]
}

fn balance_row(name: &str, balance: &Balance) -> [String; 6] {
    let kwh = |x: f64| format!("{x:.1}");
    [
        name.to_owned(),
        kwh(balance.grid),
        kwh(balance.delivered),
        kwh(balance.conversion),
        kwh(balance.standby),
        kwh(balance.grid_losses),
    ]
}

/// Which steps of the job this version does.
pub fn steps() -> String {
    let mut text = String::from("Steps:");
    for step in STEPS {
        let state = step.missing.map_or_else(|| "yes".to_owned(), |why| format!("no, {why}"));
        text += &format!("\n  {} {}: {state}", step.step, step.name);
    }
    text + "\n"
}
