//! OCPP 2.1 tariffs, for the cost that a charging station works out itself.
//!
//! A tariff has a list of prices for each dimension; the first whose conditions hold counts. Taxes are stated per dimension and can be
//! stacked. Conditions that cannot change during a session (kind of the EVSE, means of payment) are looked at once, when the tariff is
//! compiled. `minCost` applies at the end, `maxCost` freezes the cost while usage goes on.
//!
//! Written from code that implements the standard, not from its text.

#[cfg(feature = "json")]
mod cost_details;
#[cfg(feature = "json")]
mod json;

use alloc::string::String;
use alloc::vec::Vec;

use crate::quantity::{MicroWattHours, Price};
use crate::rules::{
    Charge, CompileError, CompiledTariff, Component, Conditions, Limit, Limits, Meter, MeterError,
    Rule, Tax, TaxRate, Totals,
};
use crate::time::Timestamp;

#[cfg(feature = "json")]
pub use cost_details::failure_to_json;
#[cfg(feature = "json")]
pub use json::parse_tariff;

/// Kind of an EVSE (`evseKind`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EvseKind {
    /// Alternating current.
    Ac,
    /// Direct current.
    Dc,
}

/// What is known of a session before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Circumstances<'a> {
    /// Kind of the EVSE.
    pub evse: Option<EvseKind>,
    /// `paymentBrand`.
    pub payment_brand: Option<&'a str>,
    /// `paymentRecognition`.
    pub payment_recognition: Option<&'a str>,
}

/// A price and its conditions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TariffPrice {
    /// Per kWh (`priceKwh`), per minute (`priceMinute`) or per piece (`priceFixed`).
    pub price: Price,
    /// Conditions that are looked at all the time.
    pub conditions: Conditions,
    /// Only for that kind of EVSE.
    pub evse: Option<EvseKind>,
    /// Only for that brand.
    pub payment_brand: Option<String>,
    /// Only for that recognition.
    pub payment_recognition: Option<String>,
}

/// The prices of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TariffDimension {
    /// In order of precedence.
    pub prices: Vec<TariffPrice>,
    /// Taxes: stack and rate. Empty: none applies.
    pub taxes: Vec<(u8, TaxRate)>,
}

/// A tariff (`TariffType`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tariff {
    /// `tariffId`.
    pub id: String,
    /// ISO 4217 code.
    pub currency: String,
    /// First instant it is valid.
    pub valid_from: Option<Timestamp>,
    /// Per kWh.
    pub energy: Option<TariffDimension>,
    /// Per minute of charging.
    pub charging_time: Option<TariffDimension>,
    /// Per minute without demand.
    pub idle_time: Option<TariffDimension>,
    /// Per session.
    pub fixed_fee: Option<TariffDimension>,
    /// Per minute of a reservation.
    pub reservation_time: Option<TariffDimension>,
    /// Per reservation.
    pub reservation_fixed: Option<TariffDimension>,
    /// Least cost.
    pub min_cost: Limit,
    /// Greatest cost.
    pub max_cost: Limit,
}

/// Why a tariff was not compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TariffError {
    /// The taxes of a dimension, stacked, are no rate with nine decimals up to 429 %.
    #[error("{dimension}: stacked taxes are out of range")]
    Taxes {
        /// The dimension.
        dimension: &'static str,
    },
    /// A price per minute is beyond the range of one per hour.
    #[error("{dimension}: price out of range")]
    Price {
        /// The dimension.
        dimension: &'static str,
    },
    /// Too many prices.
    #[error(transparent)]
    Compile(#[from] CompileError),
}

impl Tariff {
    /// Compiles the tariff for a session under these circumstances. A condition on something that is not known does not hold.
    ///
    /// # Errors
    /// [`TariffError`].
    pub fn compile(
        &self,
        circumstances: &Circumstances<'_>,
    ) -> Result<CompiledTariff, TariffError> {
        let dimensions = [
            ("energy", Charge::Energy, &self.energy),
            ("chargingTime", Charge::Time, &self.charging_time),
            ("idleTime", Charge::Parking, &self.idle_time),
            ("fixedFee", Charge::Flat, &self.fixed_fee),
            ("reservationTime", Charge::ReservationTime, &self.reservation_time),
            ("reservationFixed", Charge::ReservationFlat, &self.reservation_fixed),
        ];
        let mut components = Vec::new();
        let mut conditions = Vec::new();
        for (dimension, charge, found) in dimensions {
            let Some(found) = found else { continue };
            let tax = match TaxRate::stacked(&found.taxes) {
                _ if found.taxes.is_empty() => Tax::NotApplicable,
                Some(rate) => Tax::Added(rate),
                None => return Err(TariffError::Taxes { dimension }),
            };
            for (position, price) in found.prices.iter().enumerate() {
                if !price.fits(circumstances) {
                    continue;
                }
                let per_minute = charge.is_metered() && charge != Charge::Energy;
                let raw = price.price.raw().checked_mul(if per_minute { 60 } else { 1 });
                components.push(Component {
                    charge,
                    price: Price::from_raw(raw.ok_or(TariffError::Price { dimension })?),
                    tax,
                    step: 0,
                    rule: u16::try_from(components.len()).map_err(|_| CompileError::TooMany)?,
                    position: u16::try_from(position).map_err(|_| CompileError::TooMany)?,
                });
                conditions.push(price.conditions);
            }
        }
        let rules: Vec<Rule<'_>> = conditions
            .iter()
            .zip(components.chunks(1))
            .map(|(conditions, components)| Rule { conditions: *conditions, components })
            .collect();
        let first = components.first().map(|component| component.tax);
        let sole_tax = first.filter(|tax| components.iter().all(|other| other.tax == *tax));
        let limits = Limits { min: self.min_cost, max: self.max_cost, sole_tax };
        Ok(CompiledTariff::new(&rules, limits)?)
    }
}

impl TariffPrice {
    fn fits(&self, circumstances: &Circumstances<'_>) -> bool {
        let is = |wanted: &Option<String>, given: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| given == Some(wanted))
        };
        self.evse.is_none_or(|wanted| circumstances.evse == Some(wanted))
            && is(&self.payment_brand, circumstances.payment_brand)
            && is(&self.payment_recognition, circumstances.payment_recognition)
    }
}

/// `typeOfCost`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TypeOfCost {
    /// `NormalCost`.
    Normal,
    /// `MinCost`: the minimum was billed.
    Min,
    /// `MaxCost`: the maximum was reached.
    Max,
}

/// Cost and usage of a session: `CostDetailsType` without its periods, which [`Meter::handle_reading_with`] tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostDetails {
    /// What it costs, in all and by dimension.
    pub cost: Totals,
    /// Whether a bound was met.
    pub type_of_cost: TypeOfCost,
    /// `totalUsage.energy`.
    pub energy: MicroWattHours,
    /// Charging, whole seconds.
    pub charging_seconds: i64,
    /// `totalUsage.idleTime`, whole seconds.
    pub idle_seconds: i64,
    /// `totalUsage.reservationTime`, whole seconds.
    pub reserved_seconds: i64,
}

/// The cost details of a session so far, or at its end.
///
/// # Errors
/// [`MeterError`]: OCPP's `failureToCalculate`.
pub fn cost_details(meter: &Meter, tariff: &CompiledTariff) -> Result<CostDetails, MeterError> {
    let cost = meter.totals(tariff)?;
    let type_of_cost = match (cost.at_maximum, cost.at_minimum) {
        (true, _) => TypeOfCost::Max,
        (false, true) => TypeOfCost::Min,
        (false, false) => TypeOfCost::Normal,
    };
    let (charging, idle) = meter.durations_millis();
    Ok(CostDetails {
        cost,
        type_of_cost,
        energy: meter.energy(),
        charging_seconds: charging / 1_000,
        idle_seconds: idle / 1_000,
        reserved_seconds: meter.reserved_millis() / 1_000,
    })
}
