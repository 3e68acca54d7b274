//! What the place does to a charger: thin air, moisture, heat, sun. Thresholds are corrected; a charger is not punished
//! for where it stands.

use crate::math;

/// Air density over that at sea level, by altitude in m: `exp(-h / 8300)`.
#[must_use]
pub fn air_density_ratio(altitude_m: f64) -> f64 {
    math::exp(-altitude_m.clamp(-500.0, 9_000.0) / 8_300.0)
}

/// Factor on a temperature rise by forced air: density to the power -0.8.
#[must_use]
pub fn cooling_factor(altitude_m: f64) -> f64 {
    math::exp(0.8 * altitude_m.clamp(-500.0, 9_000.0) / 8_300.0)
}

/// Power allowed at an altitude over that below the rated one: 1 % less per 100 m above it, down to that at 4,000 m.
///
/// The 1 % is from memory of common practice (`[M]`); a vendor's curve overrides it.
#[must_use]
pub fn altitude_derating(altitude_m: f64, rated_m: f64) -> f64 {
    let above = (altitude_m.min(4_000.0) - rated_m).max(0.0);
    (1.0 - above / 10_000.0).clamp(0.0, 1.0)
}

/// Insulation clearances at an altitude over those at 2,000 m (IEC 60664-1 table A.2, from memory `[M]`): straight lines
/// through 2,000 m 1.00, 3,000 m 1.14, 4,000 m 1.29, 5,000 m 1.48; as at the ends beyond.
#[must_use]
pub fn clearance_factor(altitude_m: f64) -> f64 {
    interpolate(&[(2_000.0, 1.0), (3_000.0, 1.14), (4_000.0, 1.29), (5_000.0, 1.48)], altitude_m)
}

/// Power allowed by ambient temperature in °C: straight lines through a vendor's points, as at the ends beyond. One DC
/// charger states [`DERATING_EXAMPLE`].
#[must_use]
pub fn temperature_derating(points: &[(f64, f64)], ambient_c: f64) -> f64 {
    interpolate(points, ambient_c)
}

/// 100, 90, 85, 75, 65 % at 35, 40, 45, 50, 55 °C: the manual of one DC charger.
pub const DERATING_EXAMPLE: [(f64, f64); 5] =
    [(35.0, 1.0), (40.0, 0.9), (45.0, 0.85), (50.0, 0.75), (55.0, 0.65)];

/// Dew point in °C by Magnus' formula, from air temperature in °C and relative humidity in %; `None` outside -60 to 80 °C
/// or 1 to 100 %.
#[must_use]
pub fn dew_point_c(air_c: f64, humidity_pct: f64) -> Option<f64> {
    if !(-60.0..=80.0).contains(&air_c) || !(1.0..=100.0).contains(&humidity_pct) {
        return None;
    }
    let g = math::ln(humidity_pct / 100.0) + 17.62 * air_c / (243.12 + air_c);
    Some(243.12 * g / (17.62 - g))
}

/// Coldest surface minus dew point, K: warn at 3, alarm at 1.
#[must_use]
pub fn condensation_margin_k(surface_c: f64, air_c: f64, humidity_pct: f64) -> Option<f64> {
    dew_point_c(air_c, humidity_pct).map(|dew| surface_c - dew)
}

/// A condensation margin as the inside rise that scores alike ([`crate::Item::CabinetTemperature`]): 3 K as 15, 1 K as
/// 25, 0 K as 35. Feed the larger of both.
#[must_use]
pub fn condensation_as_inside_rise(margin_k: f64) -> f64 {
    interpolate(&[(0.0, 35.0), (1.0, 25.0), (3.0, 15.0), (6.0, 10.0)], margin_k)
}

/// Where an enclosure stands, for the ageing by ultraviolet light, which nothing measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// Indoors.
    Indoor,
    /// Shade.
    Shade,
    /// Sun.
    Sun,
    /// Sun in the highlands: 10 % more per 1,000 m.
    HighlandSun {
        /// Altitude in m.
        altitude_m: u16,
    },
}

impl Exposure {
    /// Share of a 10-year allowance used in so many hours: a hint for inspections, nothing else.
    #[must_use]
    pub fn share_used(self, hours: f64) -> f64 {
        let class = match self {
            Self::Indoor => 0.0,
            Self::Shade => 0.3,
            Self::Sun => 1.0,
            Self::HighlandSun { altitude_m } => 1.0 + 0.1 * f64::from(altitude_m) / 1_000.0,
        };
        hours.max(0.0) * class / (10.0 * 8_766.0)
    }
}

fn interpolate(points: &[(f64, f64)], x: f64) -> f64 {
    let mut found = points.first().map_or(0.0, |point| point.1);
    for pair in points.windows(2) {
        if let [(left, low), (right, high)] = pair
            && x > *left
        {
            let share = ((x - left) / (right - left)).min(1.0);
            found = low + share * (high - low);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(ours: f64, expected: f64) {
        assert!((ours - expected).abs() < 1e-3, "{ours} {expected}");
    }

    #[test]
    fn by_hand() {
        close(air_density_ratio(8_300.0), 0.367_9);
        close(cooling_factor(0.0), 1.0);
        close(altitude_derating(3_000.0, 2_000.0), 0.9);
        close(altitude_derating(9_000.0, 2_000.0), 0.8);
        close(clearance_factor(2_500.0), 1.07);
        close(clearance_factor(100.0), 1.0);
        close(temperature_derating(&DERATING_EXAMPLE, 47.5), 0.8);
        // 20 °C at 50 %: 9.27 °C in psychrometric tables.
        assert!((dew_point_c(20.0, 50.0).unwrap() - 9.27).abs() < 0.02);
        close(condensation_margin_k(20.0, 20.0, 100.0).unwrap(), 0.0);
        assert_eq!(dew_point_c(20.0, 0.0), None);
        close(condensation_as_inside_rise(2.0), 20.0);
        close(Exposure::HighlandSun { altitude_m: 3_000 }.share_used(8_766.0), 0.13);
    }
}
