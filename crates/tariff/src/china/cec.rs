//! T/CEC 102.3, the interface between Chinese platforms: business policy, order push, and the reconciliation of orders.
//!
//! The wire names keep the standard's misspelling `Sevice`; `Service`, which some vendors write, is read as well. Times are local, without
//! a zone. Energies and amounts have two decimals on the wire; inside they keep what the station measured, and at the edge the details are
//! rounded so that they add up to the totals (largest remainder).
//!
//! Written from public code that speaks the interface, not from the standard's text.

use alloc::string::String;
use alloc::vec::Vec;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::decimal_text::parse_rounded;
use crate::exact::{ExactMoney, energy_cost};
use crate::quantity::{MicroWattHours, Money, Price};
use crate::rounding::{Rounding, RoundingMode, divide};
use crate::settlement::apportion;

/// A decimal of the wire, in 10⁻⁶ of its unit; printed with the decimals of its field. A JSON number, or one in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Decimal<const PLACES: usize>(pub i64);

impl<const PLACES: usize> Serialize for Decimal<PLACES> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = alloc::format!("{:.PLACES$}", Money::from_raw(self.0));
        RawValue::from_string(text).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de, const PLACES: usize> Deserialize<'de> for Decimal<PLACES> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let (value, _) = parse_rounded(raw.trim_matches('"'), 6).map_err(D::Error::custom)?;
        Ok(Self(value))
    }
}

/// A period of a business policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyInfo {
    /// `HHmmss`, local.
    pub start_time: String,
    /// Electricity price per kWh.
    pub elec_price: Decimal<4>,
    /// Service price per kWh.
    #[serde(rename = "SevicePrice", alias = "ServicePrice")]
    pub service_price: Decimal<4>,
}

impl PolicyInfo {
    /// The minute of the day at which it begins; `None` if `start_time` is no time or not a whole minute.
    #[must_use]
    pub fn start_minute(&self) -> Option<u16> {
        let digits = self.start_time.as_bytes();
        let two = |at: usize| -> Option<u16> {
            let pair = digits.get(at..at + 2)?;
            core::str::from_utf8(pair).ok()?.parse().ok()
        };
        let (hour, minute, second) = (two(0)?, two(2)?, two(4)?);
        (digits.len() == 6 && hour < 24 && minute < 60 && second == 0).then_some(hour * 60 + minute)
    }
}

/// The answer to `query_equip_business_policy`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BusinessPolicy {
    /// Number of periods. The standard has at most 32; 48 occur.
    pub sum_period: u8,
    /// The periods.
    pub policy_infos: Vec<PolicyInfo>,
}

/// A detail of an order: one period's part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChargeDetail {
    /// `yyyy-MM-dd HH:mm:ss`, local.
    pub detail_start_time: String,
    /// Its end.
    pub detail_end_time: String,
    /// Electricity price per kWh.
    pub elec_price: Decimal<4>,
    /// Service price per kWh.
    #[serde(rename = "SevicePrice", alias = "ServicePrice")]
    pub service_price: Decimal<4>,
    /// kWh.
    pub detail_power: Decimal<2>,
    /// Electricity fee.
    pub detail_elec_money: Decimal<2>,
    /// Service fee.
    #[serde(rename = "DetailSeviceMoney", alias = "DetailServiceMoney")]
    pub detail_service_money: Decimal<2>,
}

/// An order as it is pushed to the other platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChargeOrder {
    /// Operator's number (9) and its own (18).
    pub start_charge_seq: String,
    /// The connector.
    #[serde(rename = "ConnectorID")]
    pub connector_id: String,
    /// `yyyy-MM-dd HH:mm:ss`, local.
    pub start_time: String,
    /// Its end.
    pub end_time: String,
    /// kWh.
    pub total_power: Decimal<2>,
    /// Electricity fee.
    pub total_elec_money: Decimal<2>,
    /// Service fee.
    #[serde(rename = "TotalSeviceMoney", alias = "TotalServiceMoney")]
    pub total_service_money: Decimal<2>,
    /// Both.
    pub total_money: Decimal<2>,
    /// Why it stopped, as the interface numbers it.
    #[serde(default)]
    pub stop_reason: u8,
    /// Number of details.
    #[serde(default)]
    pub sum_period: u8,
    /// The details.
    #[serde(default)]
    pub charge_details: Vec<ChargeDetail>,
}

impl ChargeOrder {
    /// The details add up to the totals, and the two fees to the whole.
    #[must_use]
    pub fn ties_out(&self) -> bool {
        let sum = |of: fn(&ChargeDetail) -> i64| {
            self.charge_details.iter().map(of).fold(0i64, i64::saturating_add)
        };
        let details = self.charge_details.is_empty()
            || (sum(|detail| detail.detail_power.0) == self.total_power.0
                && sum(|detail| detail.detail_elec_money.0) == self.total_elec_money.0
                && sum(|detail| detail.detail_service_money.0) == self.total_service_money.0);
        let both = self.total_elec_money.0.checked_add(self.total_service_money.0);
        details && both == Some(self.total_money.0)
    }
}

/// A period of a session before it is rounded for the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExactDetail {
    /// `yyyy-MM-dd HH:mm:ss`, local.
    pub start_time: String,
    /// Its end.
    pub end_time: String,
    /// Energy.
    pub energy: MicroWattHours,
    /// Electricity price.
    pub elec_price: Price,
    /// Service price.
    pub service_price: Price,
}

/// The money and energy of an order: fills totals and details so that they tie out. Each total is the exact sum, half-up to two decimals;
/// the details are its parts by largest remainder. `None` on overflow, or with more than 255 details.
#[must_use]
pub fn fill_order(mut order: ChargeOrder, details: &[ExactDetail]) -> Option<ChargeOrder> {
    const FEN: Rounding = Rounding { mode: RoundingMode::HalfUp, places: 2 };
    let share = |exact: Vec<ExactMoney>| -> Option<(Money, Vec<Money>)> {
        let mut parts = alloc::vec![Money::ZERO; exact.len()];
        let total = apportion(&exact, FEN, &mut parts)?;
        Some((total, parts))
    };
    let fee = |price: fn(&ExactDetail) -> Price| -> Option<Vec<ExactMoney>> {
        details.iter().map(|detail| energy_cost(detail.energy, price(detail))).collect()
    };
    // Energy is shared out like money: kWh in place of yuan.
    let kwh = |detail: &ExactDetail| energy_cost(detail.energy, Price::from_raw(1_000_000_000));
    let (power, powers) = share(details.iter().map(kwh).collect::<Option<_>>()?)?;
    let (elec, elecs) = share(fee(|detail| detail.elec_price)?)?;
    let (service, services) = share(fee(|detail| detail.service_price)?)?;
    order.sum_period = u8::try_from(details.len()).ok()?;
    order.total_power = Decimal(power.raw());
    order.total_elec_money = Decimal(elec.raw());
    order.total_service_money = Decimal(service.raw());
    order.total_money = Decimal(elec.checked_add(service)?.raw());
    let price = |price: Price| divide(RoundingMode::HalfUp, price.raw().into(), 1_000);
    order.charge_details.clear();
    for (((detail, power), elec), service) in details.iter().zip(powers).zip(elecs).zip(services) {
        order.charge_details.push(ChargeDetail {
            detail_start_time: detail.start_time.clone(),
            detail_end_time: detail.end_time.clone(),
            elec_price: Decimal(i64::try_from(price(detail.elec_price)?).ok()?),
            service_price: Decimal(i64::try_from(price(detail.service_price)?).ok()?),
            detail_power: Decimal(power.raw()),
            detail_elec_money: Decimal(elec.raw()),
            detail_service_money: Decimal(service.raw()),
        });
    }
    Some(order)
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec;

    use super::*;

    fn empty() -> ChargeOrder {
        serde_json::from_str(
            r#"{"StartChargeSeq":"1","ConnectorID":"2","StartTime":"2024-06-03 08:00:00","EndTime":"2024-06-03 09:00:00",
                "TotalPower":0,"TotalElecMoney":"0","TotalServiceMoney":0.00,"TotalMoney":0}"#,
        )
        .unwrap()
    }

    #[test]
    fn both_spellings_are_read_and_the_standard_one_is_written() {
        let text = r#"{"StartTime":"083000","ElecPrice":0.6543,"ServicePrice":"0.35"}"#;
        let info: PolicyInfo = serde_json::from_str(text).unwrap();
        assert_eq!(info.start_minute(), Some(510));
        assert_eq!(
            serde_json::to_string(&info).unwrap(),
            r#"{"StartTime":"083000","ElecPrice":0.6543,"SevicePrice":0.3500}"#
        );
        assert_eq!(
            serde_json::from_str::<PolicyInfo>(&text.replace("Service", "Sevice")).unwrap(),
            info
        );
        assert_eq!(PolicyInfo { start_time: "0830".into(), ..info }.start_minute(), None);
    }

    #[test]
    fn details_add_up_to_the_totals() {
        // 48 details of 0.0150 yuan are 72 fen, not 96.
        let detail = ExactDetail {
            start_time: "a".into(),
            end_time: "b".into(),
            energy: MicroWattHours::from_wh(15).unwrap(),
            elec_price: "1".parse().unwrap(),
            service_price: "0.3333".parse().unwrap(),
        };
        let order = fill_order(empty(), &vec![detail; 48]).unwrap();
        assert!(order.ties_out());
        assert_eq!(format!("{}", Money::from_raw(order.total_elec_money.0)), "0.72");
        assert_eq!(order.sum_period, 48);
        let text = serde_json::to_string(&order).unwrap();
        assert!(text.contains(r#""TotalSeviceMoney":0.24"#), "{text}");
        let mut read: ChargeOrder = serde_json::from_str(&text).unwrap();
        assert_eq!(read, order);
        read.total_money.0 += 10_000;
        assert!(!read.ties_out());
    }
}
