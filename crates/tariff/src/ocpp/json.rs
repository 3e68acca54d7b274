//! Reading OCPP 2.1's `TariffType`.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::Error;
use serde_json::value::RawValue;

use super::{EvseKind, Tariff, TariffDimension, TariffPrice};
use crate::decimal_text::parse_rounded;
use crate::exact::ExactMoney;
use crate::quantity::{MicroWattHours, MilliAmperes, MilliWatts, Price};
use crate::rules::{Conditions, Limit, Range, TaxRate};
use crate::time::{Date, Weekdays};

/// Reads a tariff (`TariffType`). The error has line and column.
///
/// # Errors
/// Text that is not JSON, a field that is missing, or a value that has no meaning.
pub fn parse_tariff(text: &str) -> Result<Tariff, serde_json::Error> {
    let json: TariffJson<'_> = serde_json::from_str(text)?;
    json.into_tariff().map_err(Error::custom)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TariffJson<'a> {
    tariff_id: String,
    currency: String,
    valid_from: Option<String>,
    #[serde(borrow)]
    energy: Option<DimensionJson<'a>>,
    #[serde(borrow)]
    charging_time: Option<DimensionJson<'a>>,
    #[serde(borrow)]
    idle_time: Option<DimensionJson<'a>>,
    #[serde(borrow)]
    fixed_fee: Option<DimensionJson<'a>>,
    #[serde(borrow)]
    reservation_time: Option<DimensionJson<'a>>,
    #[serde(borrow)]
    reservation_fixed: Option<DimensionJson<'a>>,
    #[serde(borrow)]
    min_cost: Option<CostJson<'a>>,
    #[serde(borrow)]
    max_cost: Option<CostJson<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DimensionJson<'a> {
    #[serde(borrow)]
    prices: Vec<PriceJson<'a>>,
    #[serde(borrow)]
    tax_rates: Option<Vec<TaxJson<'a>>>,
}

#[derive(Deserialize)]
struct TaxJson<'a> {
    #[serde(borrow)]
    tax: &'a RawValue,
    stack: Option<u8>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PriceJson<'a> {
    #[serde(borrow, alias = "priceMinute", alias = "priceFixed")]
    price_kwh: &'a RawValue,
    #[serde(borrow)]
    conditions: Option<ConditionsJson<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CostJson<'a> {
    #[serde(borrow)]
    excl_tax: Option<&'a RawValue>,
    #[serde(borrow)]
    incl_tax: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConditionsJson<'a> {
    start_time_of_day: Option<String>,
    end_time_of_day: Option<String>,
    day_of_week: Option<Vec<String>>,
    valid_from_date: Option<String>,
    valid_to_date: Option<String>,
    evse_kind: Option<String>,
    #[serde(borrow)]
    min_energy: Option<&'a RawValue>,
    #[serde(borrow)]
    max_energy: Option<&'a RawValue>,
    #[serde(borrow)]
    min_current: Option<&'a RawValue>,
    #[serde(borrow)]
    max_current: Option<&'a RawValue>,
    #[serde(borrow)]
    min_power: Option<&'a RawValue>,
    #[serde(borrow)]
    max_power: Option<&'a RawValue>,
    #[serde(borrow)]
    min_time: Option<&'a RawValue>,
    #[serde(borrow)]
    max_time: Option<&'a RawValue>,
    #[serde(borrow)]
    min_charging_time: Option<&'a RawValue>,
    #[serde(borrow)]
    max_charging_time: Option<&'a RawValue>,
    #[serde(borrow)]
    min_idle_time: Option<&'a RawValue>,
    #[serde(borrow)]
    max_idle_time: Option<&'a RawValue>,
    payment_brand: Option<String>,
    payment_recognition: Option<String>,
}

/// A number as a count of `10^-places`; digits beyond are rounded half away from zero.
fn fixed(raw: &RawValue, places: u8, field: &str) -> Result<i64, String> {
    let (value, _) = parse_rounded(raw.get(), places)
        .map_err(|error| format!("{field}: {}: {error}", raw.get()))?;
    Ok(value)
}

fn range<T>(
    min: Option<&RawValue>,
    max: Option<&RawValue>,
    places: u8,
    field: &str,
    of: impl Fn(i64) -> T,
) -> Result<Range<T>, String> {
    let bound =
        |raw: Option<&RawValue>| raw.map(|raw| fixed(raw, places, field).map(&of)).transpose();
    Ok(Range { min: bound(min)?, max: bound(max)? })
}

impl TariffJson<'_> {
    fn into_tariff(self) -> Result<Tariff, String> {
        let dimension = |found: Option<DimensionJson<'_>>, name: &str| {
            let found = found.map(DimensionJson::into_dimension).transpose();
            found.map_err(|error| format!("{name}.{error}"))
        };
        let limit = |cost: Option<CostJson<'_>>, field: &str| -> Result<Limit, String> {
            let Some(cost) = cost else { return Ok(Limit::default()) };
            let amount = |raw: Option<&RawValue>| -> Result<Option<ExactMoney>, String> {
                let nano = raw.map(|raw| fixed(raw, 9, field)).transpose()?;
                let exact = |nano: i64| {
                    ExactMoney::from_raw(i128::from(nano) * (ExactMoney::UNITS / 1_000_000_000))
                };
                Ok(nano.map(exact))
            };
            Ok(Limit { excl: amount(cost.excl_tax)?, incl: amount(cost.incl_tax)? })
        };
        let valid_from = match self.valid_from {
            None => None,
            Some(text) => Some(
                crate::ocpi::parse_timestamp(&text)
                    .ok_or_else(|| format!("validFrom: {text:?} is not an instant"))?,
            ),
        };
        Ok(Tariff {
            id: self.tariff_id,
            currency: self.currency,
            valid_from,
            energy: dimension(self.energy, "energy")?,
            charging_time: dimension(self.charging_time, "chargingTime")?,
            idle_time: dimension(self.idle_time, "idleTime")?,
            fixed_fee: dimension(self.fixed_fee, "fixedFee")?,
            reservation_time: dimension(self.reservation_time, "reservationTime")?,
            reservation_fixed: dimension(self.reservation_fixed, "reservationFixed")?,
            min_cost: limit(self.min_cost, "minCost")?,
            max_cost: limit(self.max_cost, "maxCost")?,
        })
    }
}

impl DimensionJson<'_> {
    fn into_dimension(self) -> Result<TariffDimension, String> {
        let mut prices = Vec::with_capacity(self.prices.len());
        for (at, price) in self.prices.into_iter().enumerate() {
            let of_price = || -> Result<TariffPrice, String> {
                let amount = Price::from_raw(fixed(price.price_kwh, 9, "price")?);
                let Some(found) = price.conditions else {
                    return Ok(TariffPrice { price: amount, ..TariffPrice::default() });
                };
                found.into_price(amount).map_err(|error| format!("conditions.{error}"))
            };
            prices.push(of_price().map_err(|error| format!("prices[{at}].{error}"))?);
        }
        let mut taxes = Vec::new();
        for rate in self.tax_rates.into_iter().flatten() {
            // Percent with seven decimals is a share with nine.
            let share = u32::try_from(fixed(rate.tax, 7, "tax")?);
            let share = share.map_err(|_| format!("taxRates: {}: 0 to 429 %", rate.tax.get()))?;
            taxes.push((rate.stack.unwrap_or(0), TaxRate::from_raw(share)));
        }
        Ok(TariffDimension { prices, taxes })
    }
}

impl ConditionsJson<'_> {
    fn into_price(self, price: Price) -> Result<TariffPrice, String> {
        let evse = match self.evse_kind.as_deref() {
            None => None,
            Some("AC") => Some(EvseKind::Ac),
            Some("DC") => Some(EvseKind::Dc),
            Some(other) => return Err(format!("evseKind: {other:?}: AC or DC")),
        };
        let minute = |text: Option<String>, field: &str| -> Result<Option<u16>, String> {
            let Some(text) = text else { return Ok(None) };
            let found = crate::ocpi::parse_minute(&text);
            found.map(Some).ok_or_else(|| format!("{field}: {text:?} is not a time of day"))
        };
        let date = |text: Option<String>, field: &str| -> Result<Option<Date>, String> {
            let Some(text) = text else { return Ok(None) };
            crate::ocpi::parse_date(&text)
                .map(Some)
                .ok_or_else(|| format!("{field}: {text:?} is not a date"))
        };
        let millis = |value: i64| value;
        let conditions = Conditions {
            start: minute(self.start_time_of_day, "startTimeOfDay")?,
            end: minute(self.end_time_of_day, "endTimeOfDay")?,
            weekdays: weekdays(self.day_of_week)?,
            dates: Range {
                min: date(self.valid_from_date, "validFromDate")?,
                max: date(self.valid_to_date, "validToDate")?,
            },
            energy: range(self.min_energy, self.max_energy, 6, "energy", MicroWattHours::from_raw)?,
            current: range(
                self.min_current,
                self.max_current,
                3,
                "current",
                MilliAmperes::from_raw,
            )?,
            power: range(self.min_power, self.max_power, 3, "power", MilliWatts::from_raw)?,
            elapsed: range(self.min_time, self.max_time, 3, "time", millis)?,
            charging: range(
                self.min_charging_time,
                self.max_charging_time,
                3,
                "chargingTime",
                millis,
            )?,
            idle: range(self.min_idle_time, self.max_idle_time, 3, "idleTime", millis)?,
        };
        let (payment_brand, payment_recognition) = (self.payment_brand, self.payment_recognition);
        Ok(TariffPrice { price, conditions, evse, payment_brand, payment_recognition })
    }
}

fn weekdays(names: Option<Vec<String>>) -> Result<Weekdays, String> {
    let Some(names) = names.filter(|names| !names.is_empty()) else { return Ok(Weekdays::all()) };
    let mut days = Weekdays::empty();
    for name in &names {
        let day = Weekdays::from_name(&name.to_uppercase());
        days |= day.filter(|day| day.bits().count_ones() == 1).ok_or_else(|| {
            let mut text = "dayOfWeek: ".to_owned();
            text.push_str(name);
            text
        })?;
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::ocpp::{Circumstances, TypeOfCost, cost_details};
    use crate::rules::{Activity, Meter, MeterPolicy, MeterReading};
    use crate::time::{FixedOffset, Timestamp};

    const TARIFF: &str = r#"{
        "tariffId": "T", "currency": "EUR",
        "energy": {
            "prices": [
                {"priceKwh": 0.60, "conditions": {"evseKind": "DC"}},
                {"priceKwh": 0.25, "conditions": {"dayOfWeek": ["Saturday", "Sunday"]}},
                {"priceKwh": 0.40, "conditions": {"maxEnergy": 10000}},
                {"priceKwh": 0.30}
            ],
            "taxRates": [{"type": "vat", "tax": 10}, {"type": "city", "tax": 20, "stack": 1}]
        },
        "chargingTime": {"prices": [{"priceMinute": 0.01, "conditions": {"minChargingTime": 1800}}]},
        "idleTime": {"prices": [{"priceMinute": 0.10, "conditions": {"minIdleTime": 600}}]},
        "fixedFee": {"prices": [
            {"priceFixed": 0.50, "conditions": {"paymentBrand": "VISA"}},
            {"priceFixed": 1.00}
        ]},
        "maxCost": {"exclTax": 100}
    }"#;

    fn cost(circumstances: &Circumstances<'_>, day: i64) -> (String, TypeOfCost, i64) {
        let tariff = parse_tariff(TARIFF).unwrap().compile(circumstances).unwrap();
        let zone = FixedOffset::UTC;
        // 2024-06-03 is a Monday.
        let at =
            |minute: i64| Timestamp::from_unix_seconds(1_717_408_800 + day * 86_400 + minute * 60);
        let mut meter = Meter::new(MeterPolicy::default(), Activity::Charging);
        let wh = |wh| MicroWattHours::from_wh(wh).unwrap();
        meter.handle_reading(&tariff, &zone, MeterReading::new(at(0), wh(0))).unwrap();
        meter.handle_reading(&tariff, &zone, MeterReading::new(at(60), wh(20_000))).unwrap();
        meter.handle_activity(&tariff, &zone, at(60), Activity::Idle).unwrap();
        meter.finish(&tariff, &zone, at(90)).unwrap();
        let details = cost_details(&meter, &tariff).unwrap();
        let total = details.cost.total.unwrap().excl.unwrap().to_string();
        (total, details.type_of_cost, details.idle_seconds)
    }

    #[test]
    fn all_dimensions_are_priced() {
        // 10 × 0.40 + 10 × 0.30 + 30 min × 0.01 + 20 min × 0.10 + 1.00.
        let monday = cost(&Circumstances::default(), 0);
        assert_eq!(monday, ("10.3".to_string(), TypeOfCost::Normal, 1_800));
        let saturday =
            cost(&Circumstances { payment_brand: Some("VISA"), ..Circumstances::default() }, 5);
        assert_eq!(saturday.0, "7.8");
        let direct = Circumstances { evse: Some(EvseKind::Dc), ..Circumstances::default() };
        assert_eq!(cost(&direct, 0).0, "15.3");
    }

    #[test]
    fn stacked_taxes_and_bounds() {
        let text = TARIFF.replace("\"exclTax\": 100", "\"exclTax\": 5");
        let tariff = parse_tariff(&text).unwrap().compile(&Circumstances::default()).unwrap();
        let energy = tariff.components().first().unwrap();
        assert_eq!(energy.tax, crate::Tax::Added(TaxRate::from_raw(320_000_000)));
        let wrong = TARIFF.replace("\"DC\"", "\"XX\"");
        let error = parse_tariff(&wrong).unwrap_err().to_string();
        assert!(error.contains("energy.prices[0].conditions.evseKind"), "{error}");
    }
}
