//! `settle`: sessions under a model of 48 half hours.

use anyhow::{Context, Result, bail};
use evse_tariff::{
    Band, Calendar, DayTable, FixedOffset, MicroWattHours, Money, Policy, PricePerKwh, Rate,
    Reading, Session, Tariff, TimeOfUse, Timestamp, register_at,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::input::{Num, local, local_text};
use crate::text::fixed;

#[derive(Deserialize)]
struct Case<'a> {
    #[serde(borrow)]
    model: Model<'a>,
    #[serde(borrow)]
    readings: Vec<(String, Num<'a>)>,
}

#[derive(Deserialize)]
struct Model<'a> {
    #[serde(borrow)]
    rates: Vec<RateJson<'a>>,
    slots: String,
    #[serde(borrow, default)]
    loss_bp: Option<Num<'a>>,
    #[serde(borrow, default)]
    slot_minutes: Option<Num<'a>>,
}

#[derive(Deserialize)]
struct RateJson<'a> {
    name: String,
    #[serde(borrow)]
    elec: Num<'a>,
    #[serde(borrow)]
    service: Num<'a>,
}

const HALF_HOUR: i64 = 1_800_000;
/// 0.0001 kWh, what registers are cut at.
const STEP: MicroWattHours = MicroWattHours::from_raw(100_000);

pub(crate) fn session(line: &str) -> Result<Value> {
    let case: Case<'_> = serde_json::from_str(line)?;
    let model = &case.model;
    if model.slot_minutes.map_or(Ok(30), Num::int)? != 30 {
        bail!("slot_minutes: only half hours");
    }
    let rates = rates(&model.rates)?;
    let slots = slots(&model.slots, rates.len())?;
    let days = [DayTable::from_half_hours(slots)];
    let table = TimeOfUse::new(&rates, &days, Calendar::EVERY_DAY)?;
    let loss_bp = model.loss_bp.map_or(Ok(0), Num::small)?;
    let loss_bp = u16::try_from(loss_bp).context("loss_bp: at most 65,535")?;
    // Cases are in local time throughout, so no zone is needed: local time is read as UTC.
    let tariff =
        Tariff { table, zone: FixedOffset::UTC, policy: Policy { loss_bp, ..Policy::YKC } };
    let mut session = Session::new();
    let mut readings = Vec::new();
    for (time, register) in &case.readings {
        let reading = Reading { at: local(time)?, register: register.kwh()? };
        session.handle_reading(&tariff, reading)?;
        readings.push(reading);
    }
    let bill = session.bill(&tariff)?;
    let name = |rate: u8| model.rates.get(usize::from(rate)).map_or("", |rate| rate.name.as_str());
    let mut by_rate = Map::new();
    let (mut billed, mut amounts) = (MicroWattHours::ZERO, Money::ZERO);
    for line in bill.lines() {
        let amount = line.electricity.checked_add(line.service).context("amount out of range")?;
        billed =
            billed.checked_add(line.billed_energy.to_nearest()).context("energy out of range")?;
        amounts = amounts.checked_add(amount).context("amount out of range")?;
        let price = line.rate.electricity.plus(line.rate.service).context("price out of range")?;
        by_rate.insert(
            name(line.index).into(),
            json!({
                "energy": kwh(line.energy.to_nearest()),
                "billed_energy": kwh(line.billed_energy.to_nearest()),
                "unit_price": fixed((price.raw() / 10).into(), 5),
                "amount": four(amount),
                "elec": four(line.electricity),
                "service": four(line.service),
            }),
        );
    }
    let slots: Vec<Value> = slot_energies(&readings)
        .context("energy out of range")?
        .into_iter()
        .map(|(from, to, energy)| {
            let rate = tariff.period_at(from).0;
            json!({ "from": local_text(from), "to": local_text(to), "rate": name(rate), "energy": kwh(energy) })
        })
        .collect();
    Ok(json!({
        "slots": slots,
        "by_rate": by_rate,
        "total_energy": kwh(bill.energy),
        "total_billed_energy": kwh(billed),
        "total_amount": four(amounts),
        "settle_fen": bill.total.to_minor(),
    }))
}

fn kwh(energy: MicroWattHours) -> String {
    fixed((energy.raw() / STEP.raw()).into(), 4)
}

fn four(money: Money) -> String {
    fixed((money.raw() / 100).into(), 4)
}

fn rates(list: &[RateJson<'_>]) -> Result<Vec<Rate>> {
    if list.len() > 16 {
        bail!("{} rates: at most 16", list.len());
    }
    (0..)
        .zip(list)
        .map(|(number, rate)| {
            let price = |text: Num<'_>| -> Result<PricePerKwh> {
                text.0.parse().with_context(|| format!("price {:?}", text.0))
            };
            Ok(Rate {
                band: Band::Numbered(number),
                electricity: price(rate.elec)?,
                service: price(rate.service)?,
            })
        })
        .collect()
}

fn slots(digits: &str, rates: usize) -> Result<[u8; 48]> {
    let slots = digits
        .chars()
        .map(|digit| {
            let rate = digit.to_digit(16).and_then(|rate| u8::try_from(rate).ok());
            let rate = rate.filter(|rate| usize::from(*rate) < rates);
            rate.with_context(|| format!("slots: {digit:?} is no rate"))
        })
        .collect::<Result<Vec<u8>>>()?;
    let count = slots.len();
    slots.try_into().ok().with_context(|| format!("slots: {count} digits, not 48"))
}

/// The session cut at every half hour strictly inside it, and the energy of each piece.
fn slot_energies(readings: &[Reading]) -> Option<Vec<(Timestamp, Timestamp, MicroWattHours)>> {
    let (Some(first), Some(last)) = (readings.first(), readings.last()) else {
        return Some(Vec::new());
    };
    let mut edges = vec![*first];
    let mut at = (first.at.unix_millis().div_euclid(HALF_HOUR) + 1) * HALF_HOUR;
    while at < last.at.unix_millis() {
        let edge = Timestamp::from_unix_millis(at);
        // The two readings around it; of several at its instant, the last.
        let after = readings.partition_point(|reading| reading.at <= edge);
        let (before, after) = (readings.get(after.checked_sub(1)?)?, readings.get(after)?);
        edges.push(Reading { at: edge, register: register_at(*before, *after, edge, STEP)? });
        at += HALF_HOUR;
    }
    edges.push(*last);
    let pieces = edges.windows(2).map(|pair| match pair {
        [from, to] => Some((from.at, to.at, to.register.checked_sub(from.register)?)),
        _ => None,
    });
    pieces.collect()
}
