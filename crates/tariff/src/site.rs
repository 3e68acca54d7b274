//! What the grid charges a site: energy by slot, demand or capacity, power factor; and the demand charge's way to the sessions.

use crate::quantity::{MicroWattHours, Price};
use crate::rounding::{RoundingMode, divide};
use crate::settlement::{SplitError, split};
use crate::time::Timestamp;

/// Energy of a slot and its price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteEnergy {
    /// Energy drawn.
    pub energy: MicroWattHours,
    /// Price per kWh.
    pub price: Price,
}

/// The basic charge of a two-part tariff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasicCharge {
    /// None, as for many charging stations.
    Exempt,
    /// By demand.
    Demand {
        /// Highest mean power measured, in 0.001 kW (watts).
        measured_watts: u64,
        /// Demand agreed on; the larger of both is billed.
        contract_watts: Option<u64>,
        /// Price per kW and month in minor units.
        minor_per_kw: u64,
    },
    /// By transformer capacity.
    Capacity {
        /// Capacity in VA.
        volt_amperes: u64,
        /// Price per kVA and month in minor units.
        minor_per_kva: u64,
    },
}

/// A grid bill in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteBill {
    /// Energy, each line rounded.
    pub energy: i64,
    /// Basic charge.
    pub basic: i64,
    /// Power-factor adjustment on both.
    pub power_factor: i64,
    /// The sum.
    pub total: i64,
}

/// Makes a site's bill; every figure is rounded half away from zero to the minor unit. `power_factor_bp`: adjustment in 10⁻⁴ of
/// energy and basic charge, negative for a good power factor. `None` on overflow.
#[must_use]
pub fn site_bill(
    lines: &[SiteEnergy],
    basic: BasicCharge,
    power_factor_bp: i32,
) -> Option<SiteBill> {
    let mut energy = 0i64;
    for line in lines {
        let exact = i128::from(line.energy.raw()) * i128::from(line.price.raw());
        // 10⁻¹⁸ of the currency unit; a minor unit is 10⁻².
        energy = energy.checked_add(round(exact, 10_000_000_000_000_000)?)?;
    }
    let basic = match basic {
        BasicCharge::Exempt => 0,
        BasicCharge::Demand { measured_watts, contract_watts, minor_per_kw } => {
            let watts = measured_watts.max(contract_watts.unwrap_or(0));
            round(i128::from(watts) * i128::from(minor_per_kw), 1_000)?
        }
        BasicCharge::Capacity { volt_amperes, minor_per_kva } => {
            round(i128::from(volt_amperes) * i128::from(minor_per_kva), 1_000)?
        }
    };
    let adjusted = energy.checked_add(basic)?;
    let power_factor = round(i128::from(adjusted) * i128::from(power_factor_bp), 10_000)?;
    Some(SiteBill { energy, basic, power_factor, total: adjusted.checked_add(power_factor)? })
}

/// A row of a power-factor table: from this power factor on, per step of 0.01 away from the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PowerFactorRow {
    /// Power factor in 0.01.
    pub from: u8,
    /// Adjustment in 10⁻⁴, negative for a rebate.
    pub adjust_bp: i32,
}

/// The adjustment for a power factor: that of the row with the largest `from` not above it. The table is data of the grid operator;
/// `None` below its lowest row.
#[must_use]
pub fn power_factor_adjustment(table: &[PowerFactorRow], power_factor: u8) -> Option<i32> {
    let rows = table.iter().filter(|row| row.from <= power_factor);
    rows.max_by_key(|row| row.from).map(|row| row.adjust_bp)
}

/// A register of the site's meter at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteReading {
    /// When.
    pub at: Timestamp,
    /// Import register.
    pub register: MicroWattHours,
}

/// The highest mean power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxDemand {
    /// Watts, half-up to the watt.
    pub watts: i64,
    /// Begin of the first window that reached it.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
}

/// The highest mean power over windows of `window_millis` that begin and end at a reading, and that begin a whole number of
/// `step_millis` after the first reading (a step as long as the window: fixed windows; a shorter one: sliding).
///
/// Readings in order of time. `None` if no window fits or an argument is not positive.
#[must_use]
pub fn max_demand(
    readings: &[SiteReading],
    window_millis: i64,
    step_millis: i64,
) -> Option<MaxDemand> {
    if window_millis <= 0 || step_millis <= 0 {
        return None;
    }
    let first = readings.first()?.at.unix_millis();
    let mut best = None::<(i64, Timestamp, Timestamp)>;
    // Ends move on with the begins, so each reading is looked at twice.
    let mut ends = readings.iter().peekable();
    for begin in readings {
        let since = begin.at.unix_millis().checked_sub(first)?;
        if since.checked_rem(step_millis)? != 0 {
            continue;
        }
        let target = begin.at.saturating_add_millis(window_millis);
        while ends.peek().is_some_and(|end| end.at < target) {
            ends.next();
        }
        let Some(end) = ends.peek().filter(|end| end.at == target) else { continue };
        let growth = end.register.checked_sub(begin.register)?.raw();
        if best.is_none_or(|(most, ..)| growth > most) {
            best = Some((growth, begin.at, end.at));
        }
    }
    let (growth, from, until) = best?;
    // 1 µWh in 1 ms is 3.6 W.
    let watts = round(i128::from(growth) * 18, i128::from(window_millis) * 5)?;
    Some(MaxDemand { watts, from, until })
}

/// Shares the demand charge out to sessions by their energy in the peak window, largest remainder first.
///
/// # Errors
/// The lists differ in length or are empty; a negative energy counts as none.
pub fn allocate_demand(
    charge: i64,
    energies: &[MicroWattHours],
    parts: &mut [i64],
) -> Result<(), SplitError> {
    const CHUNK: usize = 64;
    if energies.len() <= CHUNK {
        let mut weights = [0u64; CHUNK];
        for (weight, energy) in weights.iter_mut().zip(energies) {
            *weight = u64::try_from(energy.raw()).unwrap_or(0);
        }
        return split(charge, weights.get(..energies.len()).unwrap_or(&weights), parts);
    }
    #[cfg(feature = "alloc")]
    {
        let weight = |energy: &MicroWattHours| u64::try_from(energy.raw()).unwrap_or(0);
        let weights: alloc::vec::Vec<u64> = energies.iter().map(weight).collect();
        split(charge, &weights, parts)
    }
    #[cfg(not(feature = "alloc"))]
    Err(SplitError::Parties { weights: energies.len(), parts: CHUNK })
}

fn round(numerator: i128, denominator: i128) -> Option<i64> {
    divide(RoundingMode::HalfUp, numerator, denominator).and_then(|value| i64::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demand_by_contract_or_measured() {
        let line = |wh: i64, price: &str| SiteEnergy {
            energy: MicroWattHours::from_wh(wh).unwrap(),
            price: price.parse().unwrap(),
        };
        let lines = [line(1_234_500, "1.02345"), line(4_321_900, "0.30003")];
        let basic = BasicCharge::Demand {
            measured_watts: 310_400,
            contract_watts: Some(300_000),
            minor_per_kw: 3_850,
        };
        let bill = site_bill(&lines, basic, 100).unwrap();
        assert_eq!((bill.energy, bill.basic), (256_015, 1_195_040));
        assert_eq!((bill.power_factor, bill.total), (14_511, 1_465_566));
        let capacity = BasicCharge::Capacity { volt_amperes: 630_000, minor_per_kva: 2_300 };
        assert_eq!(site_bill(&[], capacity, 0).unwrap().total, 1_449_000);
        assert_eq!(site_bill(&lines, BasicCharge::Exempt, -75).unwrap().power_factor, -1_920);
    }

    #[test]
    fn tables_and_windows() {
        let row = |from, adjust_bp| PowerFactorRow { from, adjust_bp };
        let table = [row(90, 0), row(95, -75), row(89, 50), row(88, 100)];
        assert_eq!(power_factor_adjustment(&table, 99), Some(-75));
        assert_eq!(power_factor_adjustment(&table, 88), Some(100));
        assert_eq!(power_factor_adjustment(&table, 87), None);
        let reading = |minute: i64, wh: i64| SiteReading {
            at: Timestamp::from_unix_seconds(minute * 60),
            register: MicroWattHours::from_wh(wh).unwrap(),
        };
        let readings = [
            reading(0, 0),
            reading(5, 10_000),
            reading(10, 50_000),
            reading(15, 90_000),
            reading(20, 130_000),
        ];
        let minutes = |n: i64| n * 60_000;
        let fixed = max_demand(&readings, minutes(15), minutes(15)).unwrap();
        assert_eq!((fixed.watts, fixed.from.unix_millis()), (360_000, 0));
        let sliding = max_demand(&readings, minutes(15), minutes(5)).unwrap();
        assert_eq!((sliding.watts, sliding.from.unix_millis()), (480_000, 300_000));
        assert_eq!(max_demand(&readings, minutes(25), minutes(5)), None);
    }

    #[test]
    fn demand_goes_to_who_charged_in_the_peak() {
        let energies =
            ["12.5", "7.25", "0", "3.1"].map(|kwh| MicroWattHours::parse_kwh(kwh).unwrap());
        let mut parts = [0; 4];
        allocate_demand(100_000, &energies, &mut parts).unwrap();
        assert_eq!(parts, [54_704, 31_729, 0, 13_567]);
    }
}
