//! `price`: charge detail records and metered sessions, one JSON case a line.

use anyhow::{Context, Result, bail};
use evse_tariff::ocpi::{
    self, Cell, NamedTariff, Policy, PricedCdr, PricedPeriod, Pricer, Version, Warnings, cost_of,
    cost_of_fee,
};
use evse_tariff::rules::{Charge, CompiledTariff, Cost};
use evse_tariff::{MicroSeconds, MicroWattHours, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::text::{decimal, money};

/// A case of kind `ocpi_cdr` or `ocpi_session`. Fields it has besides are not needed.
#[derive(Deserialize)]
struct Case<'a> {
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    ocpi_version: Option<String>,
    #[serde(default)]
    timezone: Option<String>,
    #[serde(borrow, default)]
    tariff: Option<&'a RawValue>,
    #[serde(borrow, default)]
    cdr: Option<&'a RawValue>,
    #[serde(borrow, default)]
    session: Option<&'a RawValue>,
}

/// The answer to a case without its id.
pub(crate) fn price(line: &str) -> Result<Map<String, Value>> {
    let case: Case<'_> = serde_json::from_str(line).context("not a case")?;
    let version = version(case.ocpi_version.as_deref())?;
    let tariff = case.tariff.filter(|raw| raw.get() != "null");
    match (case.kind.as_deref(), case.cdr, case.session) {
        (Some("ocpi_session"), _, Some(session)) | (None, None, Some(session)) => {
            crate::session::price(tariff, session, version, case.timezone.as_deref())
        }
        (Some("ocpi_cdr") | None, Some(cdr), _) => {
            price_cdr(tariff, cdr, version, case.timezone.as_deref())
        }
        (Some(kind), ..) => {
            bail!("kind {kind:?}: ocpi_cdr with a cdr, or ocpi_session with a session")
        }
        (None, ..) => bail!("neither a cdr nor a session"),
    }
}

pub(crate) fn version(text: Option<&str>) -> Result<Version> {
    Ok(match text {
        Some("2.1.1") => Version::V2_1_1,
        Some("2.2.1" | "2.2") | None => Version::V2_2_1,
        Some("2.3.0" | "2.3") => Version::V2_3_0,
        Some(other) => bail!("ocpi_version {other:?}: 2.1.1, 2.2.1 or 2.3.0"),
    })
}

/// The zone of that IANA name.
pub(crate) fn zone(name: &str) -> Result<chrono_tz::Tz> {
    name.parse().ok().with_context(|| format!("timezone {name:?} is not in the IANA database"))
}

fn price_cdr(
    tariff: Option<&RawValue>,
    cdr: &RawValue,
    version: Version,
    timezone: Option<&str>,
) -> Result<Map<String, Value>> {
    let cdr = ocpi::parse_cdr(cdr.get(), version).context("cdr")?;
    let given =
        tariff.map(|raw| ocpi::parse_tariff(raw.get(), version).context("tariff")).transpose()?;
    let tariffs = given.as_ref().map_or(cdr.tariffs.as_slice(), core::slice::from_ref);
    let zone_name = timezone.or(cdr.time_zone.as_deref());
    let mut notes = Vec::new();
    let zone = match zone_name {
        Some(name) => zone(name)?,
        None => {
            notes.push("timezone_assumed_utc");
            chrono_tz::UTC
        }
    };
    let compiled: Vec<CompiledTariff> =
        tariffs.iter().map(ocpi::Tariff::compile).collect::<Result<_, _>>()?;
    let named: Vec<NamedTariff<'_>> = tariffs
        .iter()
        .zip(&compiled)
        .map(|(tariff, compiled)| NamedTariff {
            id: &tariff.id,
            start: tariff.start,
            end: tariff.end,
            compiled,
        })
        .collect();
    let mut pricer = Pricer::new(Policy::default());
    let priced = pricer.price(&named, &cdr, &zone)?;
    let mut warnings = priced.warnings;
    for tariff in tariffs {
        warnings |= tariff.warnings();
        let differs = !cdr.currency.is_empty()
            && !tariff.currency.is_empty()
            && *tariff.currency != *cdr.currency;
        warnings |= if differs { Warnings::CURRENCY_DIFFERS } else { Warnings::empty() };
    }
    let ids: Vec<&str> = warnings.ids().chain(notes).collect();
    let mut answer = Map::new();
    answer.insert("result".into(), result(&priced, pricer.lines(), &compiled));
    answer.insert("lines".into(), lines(pricer.lines(), tariffs, &compiled));
    answer.insert("warnings".into(), json!(ids));
    Ok(answer)
}

/// A cost in the shape of the vectors: nothing priced is `null`.
pub(crate) fn cost(cost: Option<Cost>) -> Value {
    cost.map_or(
        Value::Null,
        |cost| json!({ "excl": cost.excl.map(money), "incl": cost.incl.map(money) }),
    )
}

fn kwh(energy: MicroWattHours) -> String {
    decimal(energy.raw().into(), 9)
}

fn seconds(time: MicroSeconds) -> String {
    decimal(time.raw().into(), 6)
}

fn result(priced: &PricedCdr, lines: &[PricedPeriod], compiled: &[CompiledTariff]) -> Value {
    let totals = &priced.totals;
    let periods: Vec<Value> = lines.iter().map(|line| period(line, compiled)).collect();
    json!({
        "total_cost": cost(totals.total),
        "total_energy_cost": cost(totals.energy),
        "total_fixed_cost": cost(totals.fixed),
        "total_time_cost": cost(totals.time),
        "total_parking_cost": cost(totals.parking),
        "total_reservation_cost": cost(totals.reservation),
        "total_energy_kwh": priced.energy.map(kwh),
        "total_time_s": seconds(priced.duration),
        "charging_time_s": priced.time.map(seconds),
        "parking_time_s": priced.parking.map(seconds),
        "billed_energy_kwh": priced.billed_energy.map(kwh),
        "billed_time_s": priced.billed_time.map(seconds),
        "billed_parking_s": priced.billed_parking.map(seconds),
        "periods": periods,
    })
}

pub(crate) fn name(charge: Charge) -> &'static str {
    match charge {
        Charge::Energy => "ENERGY",
        Charge::Time => "TIME",
        Charge::Parking => "PARKING_TIME",
        Charge::ReservationTime | Charge::ExpiredTime => "RESERVATION_TIME",
        Charge::Flat | Charge::ReservationFlat | Charge::ExpiredFlat => "FLAT",
    }
}

/// A quantity in the unit of the vectors: kWh or seconds.
fn quantity(charge: Charge, quantity: i64) -> String {
    decimal(quantity.into(), if charge == Charge::Energy { 9 } else { 6 })
}

fn period(line: &PricedPeriod, compiled: &[CompiledTariff]) -> Value {
    let mut shown = Map::new();
    shown.insert("start".into(), line.start.to_string().into());
    shown.insert("end".into(), line.end.to_string().into());
    let Some(tariff) = compiled.get(usize::from(line.tariff)) else { return shown.into() };
    for (charge, cell) in line.cells() {
        shown.insert(name(charge).into(), dimension(tariff, charge, cell));
    }
    if let Some(fee) = line.flat.or(line.reservation_flat) {
        shown.insert("FLAT".into(), json!({ "cost": cost(cost_of_fee(tariff, fee)) }));
    }
    shown.into()
}

fn dimension(tariff: &CompiledTariff, charge: Charge, cell: Cell) -> Value {
    let price = cell.component.and_then(|index| tariff.component(index));
    json!({
        "price": price.map(|component| decimal(component.price.raw().into(), 9)),
        "volume": quantity(charge, cell.volume),
        "billed": quantity(charge, cell.billed),
        "cost": cost(cost_of(tariff, charge, cell)),
    })
}

/// The itemised lines: one for each price that was applied, with the element and component it came from.
fn lines(lines: &[PricedPeriod], tariffs: &[ocpi::Tariff], compiled: &[CompiledTariff]) -> Value {
    let mut items = Vec::new();
    for line in lines {
        let at = usize::from(line.tariff);
        let (Some(tariff), Some(compiled)) = (tariffs.get(at), compiled.get(at)) else { continue };
        let mut item =
            |charge: Charge, index: u16, billed: Option<i64>, cost_of_line: Option<Cost>| {
                let Some(component) = compiled.component(index) else { return };
                items.push(json!({
                    "start": line.start.to_string(),
                    "end": line.end.to_string(),
                    "dimension": name(charge),
                    "tariff_id": tariff.id,
                    "element": component.rule,
                    "component": component.position,
                    "price": decimal(component.price.raw().into(), 9),
                    "billed": billed.map(|billed| quantity(charge, billed)),
                    "cost": cost(cost_of_line),
                }));
            };
        for fee in [line.flat, line.reservation_flat].into_iter().flatten() {
            item(Charge::Flat, fee, None, cost_of_fee(compiled, fee));
        }
        for (charge, cell) in line.cells() {
            if let Some(component) = cell.component {
                item(charge, component, Some(cell.billed), cost_of(compiled, charge, cell));
            }
        }
    }
    items.into()
}

/// For `session`: an instant in any of the forms that documents have.
pub(crate) fn instant(text: &str) -> Result<Timestamp> {
    ocpi::parse_timestamp(text).with_context(|| format!("{text:?} is not an instant"))
}
