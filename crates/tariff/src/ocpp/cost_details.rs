//! Writing OCPP 2.1's `CostDetailsType`, as `TransactionEventRequest` carries it.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;
use serde_json::value::RawValue;

use super::{CostDetails, TypeOfCost};
use crate::exact::ExactMoney;
use crate::quantity::MicroWattHours;
use crate::rules::{Activity, Cost, MeterPiece};

impl CostDetails {
    /// The cost details as JSON, with a charging period for every stretch of `pieces` in which activity and prices stayed the same.
    ///
    /// Money has at most twelve decimals. Energy is in Wh, as in OCPP's conditions; the schema does not name its unit. As its text
    /// says, `totalUsage.chargingTime` is the session with its idle time. The enumeration really spells `IdleTIme` so.
    ///
    /// # Errors
    /// None is known: every text and number that goes in is one of JSON.
    pub fn to_json(
        &self,
        currency: &str,
        tariff_id: &str,
        pieces: &[MeterPiece],
    ) -> Result<String, serde_json::Error> {
        let details = DetailsJson {
            charging_periods: periods(tariff_id, pieces)?,
            total_cost: TotalCostJson {
                currency,
                type_of_cost: match self.type_of_cost {
                    TypeOfCost::Normal => "NormalCost",
                    TypeOfCost::Min => "MinCost",
                    TypeOfCost::Max => "MaxCost",
                },
                fixed: price(self.cost.fixed)?,
                energy: price(self.cost.energy)?,
                charging_time: price(self.cost.time)?,
                idle_time: price(self.cost.parking)?,
                reservation_time: price(self.cost.reservation_time)?,
                reservation_fixed: price(self.cost.reservation_fee)?,
                total: price(Some(self.cost.total.unwrap_or(Cost::ZERO)))?.unwrap_or_default(),
            },
            total_usage: UsageJson {
                energy: number(&wh(self.energy))?,
                charging_time: self.charging_seconds.saturating_add(self.idle_seconds),
                idle_time: self.idle_seconds,
                reservation_time: (self.reserved_seconds != 0).then_some(self.reserved_seconds),
            },
            failure_to_calculate: None,
            failure_reason: None,
        };
        serde_json::to_string(&details)
    }
}

/// The cost details of a session whose cost could not be worked out: no cost, no usage, `failureToCalculate` and the reason, cut to the
/// 500 characters it may have.
///
/// # Errors
/// None is known.
pub fn failure_to_json(currency: &str, reason: &str) -> Result<String, serde_json::Error> {
    let nothing = price(Some(Cost::ZERO))?.unwrap_or_default();
    serde_json::to_string(&DetailsJson {
        charging_periods: Vec::new(),
        total_cost: TotalCostJson {
            currency,
            type_of_cost: "NormalCost",
            fixed: None,
            energy: None,
            charging_time: None,
            idle_time: None,
            reservation_time: None,
            reservation_fixed: None,
            total: nothing,
        },
        total_usage: UsageJson {
            energy: number("0")?,
            charging_time: 0,
            idle_time: 0,
            reservation_time: None,
        },
        failure_to_calculate: Some(true),
        failure_reason: Some(reason.chars().take(500).collect()),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DetailsJson<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    charging_periods: Vec<PeriodJson<'a>>,
    total_cost: TotalCostJson<'a>,
    total_usage: UsageJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_to_calculate: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PeriodJson<'a> {
    tariff_id: &'a str,
    start_period: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dimensions: Vec<DimensionJson>,
}

#[derive(Serialize)]
struct DimensionJson {
    r#type: &'static str,
    volume: Box<RawValue>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TotalCostJson<'a> {
    currency: &'a str,
    type_of_cost: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<PriceJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    energy: Option<PriceJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    charging_time: Option<PriceJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_time: Option<PriceJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_time: Option<PriceJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_fixed: Option<PriceJson>,
    total: PriceJson,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct PriceJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    excl_tax: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incl_tax: Option<Box<RawValue>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UsageJson {
    energy: Box<RawValue>,
    charging_time: i64,
    idle_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_time: Option<i64>,
}

/// A decimal as a JSON number, digit by digit.
fn number(text: &str) -> Result<Box<RawValue>, serde_json::Error> {
    RawValue::from_string(text.to_string())
}

fn price(cost: Option<Cost>) -> Result<Option<PriceJson>, serde_json::Error> {
    let Some(cost) = cost else { return Ok(None) };
    let amount =
        |amount: Option<ExactMoney>| amount.map(|money| number(&money.to_string())).transpose();
    Ok(Some(PriceJson { excl_tax: amount(cost.excl)?, incl_tax: amount(cost.incl)? }))
}

/// Energy in Wh.
fn wh(energy: MicroWattHours) -> String {
    decimal(energy.raw())
}

/// A count of millionths as a decimal.
fn decimal(millionths: i64) -> String {
    let magnitude = millionths.unsigned_abs();
    let sign = if millionths < 0 { "-" } else { "" };
    let text = alloc::format!("{sign}{}.{:06}", magnitude / 1_000_000, magnitude % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// Pieces joined as long as activity and prices stay the same.
fn periods<'a>(
    tariff_id: &'a str,
    pieces: &[MeterPiece],
) -> Result<Vec<PeriodJson<'a>>, serde_json::Error> {
    let same = |a: &MeterPiece, b: &MeterPiece| {
        (a.activity, a.energy, a.time) == (b.activity, b.energy, b.time)
    };
    let mut periods = Vec::new();
    for stretch in pieces.chunk_by(same) {
        let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else { continue };
        let energy = last.register_to.raw().saturating_sub(first.register_from.raw());
        let millis = last.to.unix_millis().saturating_sub(first.from.unix_millis());
        let mut dimensions = Vec::new();
        if energy != 0 {
            dimensions.push(DimensionJson { r#type: "Energy", volume: number(&decimal(energy))? });
        }
        let time = match first.activity {
            Activity::Charging => Some("ChargingTime"),
            Activity::Idle => Some("IdleTIme"),
            // The enumeration has none for it.
            Activity::Reserved => None,
        };
        if let Some(name) = time {
            let volume = number(&decimal(millis.saturating_mul(1_000)))?;
            dimensions.push(DimensionJson { r#type: name, volume });
        }
        periods.push(PeriodJson { tariff_id, start_period: first.from.to_string(), dimensions });
    }
    Ok(periods)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ocpp::{Circumstances, cost_details, parse_tariff};
    use crate::rules::{Meter, MeterPolicy, MeterReading};
    use crate::time::{FixedOffset, Timestamp};

    #[test]
    fn a_session_with_a_reservation() {
        let tariff = parse_tariff(
            r#"{"tariffId": "T", "currency": "EUR",
                "energy": {"prices": [{"priceKwh": 0.3, "conditions": {"endTimeOfDay": "11:00"}}, {"priceKwh": 0.4}],
                           "taxRates": [{"type": "vat", "tax": 20}]},
                "idleTime": {"prices": [{"priceMinute": 0.01}]},
                "reservationTime": {"prices": [{"priceMinute": 0.1}]},
                "reservationFixed": {"prices": [{"priceFixed": 2}]},
                "maxCost": {"exclTax": 8}}"#,
        )
        .unwrap();
        let compiled = tariff.compile(&Circumstances::default()).unwrap();
        let zone = FixedOffset::UTC;
        // 2024-06-03T10:00Z.
        let at = |minute: i64| Timestamp::from_unix_seconds(1_717_408_800 + minute * 60);
        let reading =
            |minute, wh| MeterReading::new(at(minute), MicroWattHours::from_wh(wh).unwrap());
        let mut meter = Meter::new(MeterPolicy::default(), Activity::Reserved);
        let mut pieces = Vec::new();
        let mut take = |meter: &mut Meter, minute, wh| {
            meter
                .handle_reading_with(&compiled, &zone, reading(minute, wh), |p| pieces.push(p))
                .unwrap();
        };
        take(&mut meter, 0, 0);
        take(&mut meter, 10, 0);
        meter.handle_activity(&compiled, &zone, at(10), Activity::Charging).unwrap();
        take(&mut meter, 30, 5_000);
        take(&mut meter, 90, 20_000);
        meter.handle_activity(&compiled, &zone, at(90), Activity::Idle).unwrap();
        take(&mut meter, 100, 20_000);
        meter.finish(&compiled, &zone, at(100)).unwrap();
        let details = cost_details(&meter, &compiled).unwrap();
        // 10 min reserved 1.00 and 2.00; 12.5 kWh at 0.30, 7.5 at 0.40; 10 min idle 0.10.
        let expected = r#"{"chargingPeriods":[
            {"tariffId":"T","startPeriod":"2024-06-03T10:00:00Z"},
            {"tariffId":"T","startPeriod":"2024-06-03T10:10:00Z",
             "dimensions":[{"type":"Energy","volume":12500},{"type":"ChargingTime","volume":3000}]},
            {"tariffId":"T","startPeriod":"2024-06-03T11:00:00Z",
             "dimensions":[{"type":"Energy","volume":7500},{"type":"ChargingTime","volume":1800}]},
            {"tariffId":"T","startPeriod":"2024-06-03T11:30:00Z","dimensions":[{"type":"IdleTIme","volume":600}]}],
            "totalCost":{"currency":"EUR","typeOfCost":"MaxCost",
             "energy":{"exclTax":6.75,"inclTax":8.1},
             "idleTime":{"exclTax":0.1,"inclTax":0.1},
             "reservationTime":{"exclTax":1,"inclTax":1},
             "reservationFixed":{"exclTax":2,"inclTax":2},
             "total":{"exclTax":8,"inclTax":9.096446700508}},
            "totalUsage":{"energy":20000,"chargingTime":5400,"idleTime":600,"reservationTime":600}}"#;
        let written = details.to_json("EUR", "T", &pieces).unwrap();
        let without_space = |text: &str| text.replace(['\n', ' '], "");
        assert_eq!(written, without_space(expected));
    }

    #[test]
    fn a_failure_names_its_reason() {
        let written = failure_to_json("EUR", "register fell").unwrap();
        assert_eq!(
            written,
            r#"{"totalCost":{"currency":"EUR","typeOfCost":"NormalCost","total":{"exclTax":0,"inclTax":0}},"totalUsage":{"energy":0,"chargingTime":0,"idleTime":0},"failureToCalculate":true,"failureReason":"register fell"}"#
        );
    }
}
