//! `lint`, `explain` and `verify`: a tariff and a record from files.

use std::path::Path;

use anyhow::{Context, Result};
use evse_tariff::Money;
use evse_tariff::ocpi::{
    self, Cdr, DifferenceField, Language, NamedTariff, Policy, PricedCdr, Pricer, Version,
};
use evse_tariff::rules::CompiledTariff;
use serde_json::{Value, json};

use crate::text::{decimal, money};

/// How the files are to be read.
pub(crate) struct Reading<'a> {
    pub(crate) version: Version,
    pub(crate) timezone: Option<&'a str>,
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// Findings, one JSON object a line.
pub(crate) fn lint(file: &Path, version: Version) -> Result<Vec<Value>> {
    let text = read(file)?;
    let tariff = ocpi::parse_tariff(&text, version).with_context(|| file.display().to_string())?;
    let shown = |finding: ocpi::Finding| json!({ "id": finding.kind.id(), "at": finding.place.to_string() });
    Ok(ocpi::lint(&tariff).into_iter().map(shown).collect())
}

/// Everything that explaining and verifying need.
struct Priced<'a> {
    tariff: ocpi::Tariff,
    compiled: CompiledTariff,
    cdr: Cdr<'a>,
    priced: PricedCdr,
    pricer: Pricer,
}

fn price<'a>(tariff: &str, record: &'a str, reading: &Reading<'_>) -> Result<Priced<'a>> {
    let tariff = ocpi::parse_tariff(tariff, reading.version).context("tariff")?;
    let cdr = ocpi::parse_cdr(record, reading.version).context("record")?;
    let zone = reading.timezone.or(cdr.time_zone.as_deref()).unwrap_or("UTC");
    let zone = crate::price::zone(zone)?;
    let compiled = tariff.compile()?;
    let mut pricer = Pricer::new(Policy::default());
    let named =
        NamedTariff { id: &tariff.id, start: tariff.start, end: tariff.end, compiled: &compiled };
    let priced = pricer.price(&[named], &cdr, &zone)?;
    Ok(Priced { tariff, compiled, cdr, priced, pricer })
}

/// A readable account of what a record costs.
pub(crate) fn explain(
    tariff: &Path,
    record: &Path,
    reading: &Reading<'_>,
    language: Language,
) -> Result<Vec<String>> {
    let (tariff, record) = (read(tariff)?, read(record)?);
    let found = price(&tariff, &record, reading)?;
    let mut shown = Vec::new();
    for line in found.pricer.lines() {
        for explanation in ocpi::explain(&found.tariff, &found.compiled, line) {
            shown.push(explanation.text(language).to_string());
        }
    }
    let english = language == Language::English;
    let totals = &found.priced.totals;
    let amount =
        |amount: Option<evse_tariff::ExactMoney>| amount.map_or_else(|| "-".to_owned(), money);
    match totals.total {
        Some(cost) if english => {
            shown.push(format!(
                "total: {} without tax, {} with tax",
                amount(cost.excl),
                amount(cost.incl)
            ));
        }
        Some(cost) => {
            shown.push(format!("合计：不含税 {}，含税 {}", amount(cost.excl), amount(cost.incl)));
        }
        None => shown.push(
            if english { "total: nothing has a price" } else { "合计：无适用价格" }.to_owned(),
        ),
    }
    let warnings = found.priced.warnings | found.tariff.warnings();
    for warning in warnings.ids() {
        shown.push(format!("{}: {warning}", if english { "warning" } else { "提示" }));
    }
    Ok(shown)
}

/// Differences between what a record states and what its tariff gives, one JSON object a line.
pub(crate) fn verify(
    tariff: &Path,
    record: &Path,
    reading: &Reading<'_>,
    tolerance: Money,
) -> Result<Vec<Value>> {
    let (tariff, record) = (read(tariff)?, read(record)?);
    let found = price(&tariff, &record, reading)?;
    let differences = ocpi::verify(&found.cdr, &found.priced, tolerance);
    let shown = differences.into_iter().map(|difference| {
        let figure = |figure: Option<evse_tariff::ExactMoney>| {
            figure.map(|figure| match difference.field {
                DifferenceField::Energy => decimal(figure.raw(), 9),
                DifferenceField::Time | DifferenceField::ParkingTime => decimal(figure.raw(), 6),
                _ => money(figure),
            })
        };
        json!({
            "field": difference.field.name(),
            "with_tax": difference.with_tax,
            "stated": figure(difference.stated),
            "computed": figure(difference.computed),
            "reason": difference.reason.id(),
        })
    });
    Ok(shown.collect())
}
