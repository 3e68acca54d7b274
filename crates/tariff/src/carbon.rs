//! Carbon: what charging emits, and what the same distance by combustion engine would have. Factors are inputs, with their source and
//! date kept by the caller; results are whole grams and may be negative.

use crate::quantity::MicroWattHours;
use crate::rounding::{RoundingMode, divide};

const BASIS_POINTS: i128 = 10_000;
/// µWh in a kWh.
const MICRO_PER_KILO: i128 = 1_000_000_000;

/// Factors of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarbonFactors {
    /// Loss between the grid and the vehicle, in 10⁻⁴ of the energy.
    pub loss_bp: u32,
    /// Share of green electricity, in 10⁻⁴, at most 10,000.
    pub green_share_bp: u32,
    /// Grams per kWh from the grid.
    pub grid_g_per_kwh: u32,
    /// Grams per kWh of green electricity.
    pub green_g_per_kwh: u32,
    /// Consumption of the vehicle, Wh per km.
    pub vehicle_wh_per_km: u32,
    /// Grams per km of the combustion engine compared with.
    pub engine_g_per_km: u32,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carbon {
    /// Grams emitted by charging.
    pub charging_g: i64,
    /// Distance in metres.
    pub metres: i64,
    /// Grams that the combustion engine would have emitted over the exact distance.
    pub engine_g: i64,
    /// The difference: grams avoided.
    pub avoided_g: i64,
}

/// Compares; every figure is rounded half away from zero once. `None` if the green share is over one, the consumption is zero or a
/// figure is beyond its range.
#[must_use]
pub fn compare(energy: MicroWattHours, factors: &CarbonFactors) -> Option<Carbon> {
    let green = i128::from(factors.green_share_bp);
    let grey = BASIS_POINTS.checked_sub(green).filter(|grey| *grey >= 0)?;
    let energy = i128::from(energy.raw());
    let mixed =
        grey * i128::from(factors.grid_g_per_kwh) + green * i128::from(factors.green_g_per_kwh);
    let drawn = energy * (BASIS_POINTS + i128::from(factors.loss_bp));
    let charging_g =
        round(drawn.checked_mul(mixed)?, MICRO_PER_KILO * BASIS_POINTS * BASIS_POINTS)?;
    let per_km = i128::from(factors.vehicle_wh_per_km);
    // µWh over Wh per km is millionths of a km.
    let metres = round(energy, per_km * 1_000)?;
    let engine_g = round(energy * i128::from(factors.engine_g_per_km), per_km * 1_000_000)?;
    let avoided_g = engine_g.checked_sub(charging_g)?;
    Some(Carbon { charging_g, metres, engine_g, avoided_g })
}

/// Energy of a stretch of time with its factor and green share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarbonSlot {
    /// Energy.
    pub energy: MicroWattHours,
    /// Grams per kWh that are not green.
    pub g_per_kwh: u32,
    /// Share of green electricity, in 10⁻⁴, at most 10,000.
    pub green_bp: u32,
}

/// Sums over slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotCarbon {
    /// Grams emitted.
    pub emission_g: i64,
    /// Green energy in 0.0001 kWh.
    pub green_tenth_wh: i64,
    /// Share of green energy in 10⁻⁴; `None` without energy.
    pub green_share_bp: Option<i64>,
}

/// Emission and green energy over slots, summed exactly and rounded once. `None` if a share is over one or a figure is beyond its
/// range.
#[must_use]
pub fn over_slots(slots: &[CarbonSlot]) -> Option<SlotCarbon> {
    let (mut emission, mut green, mut total) = (0i128, 0i128, 0i128);
    for slot in slots {
        let energy = i128::from(slot.energy.raw());
        let green_bp = i128::from(slot.green_bp);
        let grey_bp = BASIS_POINTS.checked_sub(green_bp).filter(|grey| *grey >= 0)?;
        let emitted = energy.checked_mul(grey_bp * i128::from(slot.g_per_kwh))?;
        emission = emission.checked_add(emitted)?;
        green = green.checked_add(energy * green_bp)?;
        total = total.checked_add(energy)?;
    }
    Some(SlotCarbon {
        emission_g: round(emission, MICRO_PER_KILO * BASIS_POINTS)?,
        // 0.0001 kWh is 100,000 µWh.
        green_tenth_wh: round(green, 100_000 * BASIS_POINTS)?,
        green_share_bp: round(green, total),
    })
}

fn round(numerator: i128, denominator: i128) -> Option<i64> {
    divide(RoundingMode::HalfUp, numerator, denominator).and_then(|value| i64::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_and_green_share() {
        let factors = CarbonFactors {
            loss_bp: 800,
            green_share_bp: 2_500,
            grid_g_per_kwh: 540,
            green_g_per_kwh: 20,
            vehicle_wh_per_km: 160,
            engine_g_per_km: 150,
        };
        let energy = MicroWattHours::from_wh(12_500).unwrap();
        let found = compare(energy, &factors).unwrap();
        assert_eq!((found.charging_g, found.metres), (5_535, 78_125));
        assert_eq!((found.engine_g, found.avoided_g), (11_719, 6_184));
        assert_eq!(compare(energy, &CarbonFactors { green_share_bp: 10_001, ..factors }), None);
        assert_eq!(compare(energy, &CarbonFactors { vehicle_wh_per_km: 0, ..factors }), None);
        assert_eq!(over_slots(&[]).unwrap().green_share_bp, None);
    }
}
