//! Voltage over state of charge against earlier sessions of the same vehicle model.

/// Bins of 2 % state of charge.
const BINS: usize = 50;
/// Longest series that [`warped_distance`] takes.
pub const DTW_MOST: usize = 50;
/// A bin says nothing before it has seen so many sessions.
const LEAST_SEEN: u8 = 8;
/// Steps of the two running quantiles.
const GAIN: f32 = 0.05;

/// A vehicle model's band: running 5 % and 95 % quantiles of the pack voltage per 2 % of state of charge.
///
/// Kept on the platform, one per model, 450 bytes. Quantiles are followed by stochastic approximation: a step of the bin's own
/// spread up or down for each reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    low: [f32; BINS],
    high: [f32; BINS],
    seen: [u8; BINS],
}

impl Default for Band {
    fn default() -> Self {
        Self::new()
    }
}

impl Band {
    /// Nothing seen yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { low: [0.0; BINS], high: [0.0; BINS], seen: [0; BINS] }
    }

    fn bin(soc_pct: f32) -> Option<usize> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range is checked"
        )]
        let bin = (0.0..=100.0).contains(&soc_pct).then(|| (soc_pct / 2.0) as usize);
        bin.map(|bin| bin.min(BINS - 1))
    }

    /// Learns a reading of a session taken to be well.
    pub fn learn(&mut self, soc_pct: f32, volts: f32) {
        let Some(bin) = Self::bin(soc_pct).filter(|_| volts.is_finite()) else { return };
        let slots = (self.low.get_mut(bin), self.high.get_mut(bin), self.seen.get_mut(bin));
        let (Some(low), Some(high), Some(seen)) = slots else { return };
        if *seen == 0 {
            (*low, *high) = (volts, volts);
        } else {
            let step = f32::max(*high - *low, 0.002 * volts.abs())
                * f32::max(GAIN, 0.5 / f32::from(*seen));
            *low += if volts < *low { -0.95 * step } else { 0.05 * step };
            *high += if volts > *high { 0.95 * step } else { -0.05 * step };
            *high = high.max(*low);
        }
        *seen = seen.saturating_add(1);
    }

    /// How far a reading is outside the band, in V; `None` where the band is not known yet.
    #[must_use]
    pub fn outside(&self, soc_pct: f32, volts: f32) -> Option<f32> {
        let bin = Self::bin(soc_pct)?;
        self.seen.get(bin).filter(|seen| **seen >= LEAST_SEEN)?;
        let (low, high) = (*self.low.get(bin)?, *self.high.get(bin)?);
        Some(f32::max(volts - high, low - volts).max(0.0))
    }
}

/// Dynamic time warping distance of two series of at most [`DTW_MOST`] points within a band of `width` points; the mean distance
/// along the best path. For the platform: 2,500 steps at most. `None` for empty, long or non-finite series.
#[must_use]
pub fn warped_distance(a: &[f32], b: &[f32], width: usize) -> Option<f32> {
    let usable = |series: &[f32]| {
        !series.is_empty() && series.len() <= DTW_MOST && series.iter().all(|x| x.is_finite())
    };
    if !usable(a) || !usable(b) || a.len().abs_diff(b.len()) > width {
        return None;
    }
    let mut above = [f32::INFINITY; DTW_MOST + 1];
    if let Some(corner) = above.first_mut() {
        *corner = 0.0;
    }
    for (row, x) in a.iter().enumerate() {
        let mut line = [f32::INFINITY; DTW_MOST + 1];
        let mut left = f32::INFINITY;
        for (column, y) in b.iter().enumerate() {
            if row.abs_diff(column) > width {
                continue;
            }
            let (diagonal, up) = match above.get(column..column + 2) {
                Some([diagonal, up]) => (*diagonal, *up),
                _ => return None,
            };
            left = (x - y).abs() + diagonal.min(up).min(left);
            if let Some(slot) = line.get_mut(column + 1) {
                *slot = left;
            }
        }
        above = line;
    }
    let total = above.get(b.len()).copied()?;
    let longest = u16::try_from(a.len().max(b.len())).ok()?;
    total.is_finite().then(|| total / f32::from(longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warping_forgives_a_shift_and_not_a_level() {
        let ramp: [f32; 20] = core::array::from_fn(|i| if i < 10 { 0.0 } else { 1.0 });
        let later: [f32; 20] = core::array::from_fn(|i| if i < 12 { 0.0 } else { 1.0 });
        assert_eq!(warped_distance(&ramp, &later, 5), Some(0.0));
        assert!(warped_distance(&ramp, &later, 0).unwrap() > 0.09);
        assert!(warped_distance(&ramp, &[0.5; 20], 5).unwrap() > 0.4);
        assert_eq!(warped_distance(&[], &ramp, 5), None);
        assert_eq!(warped_distance(&ramp, &[f32::NAN; 20], 5), None);
    }

    #[test]
    fn a_band_knows_what_is_usual() {
        let mut band = Band::new();
        assert_eq!(band.outside(50.0, 400.0), None);
        for round in 0..200u16 {
            band.learn(50.0, 400.0 + f32::from(round % 11) * 0.2);
        }
        assert_eq!(band.outside(50.5, 401.0), Some(0.0));
        assert!(band.outside(50.0, 420.0).unwrap() > 15.0);
        band.learn(f32::NAN, 1.0);
        assert_eq!(band.outside(130.0, 1.0), None);
    }
}
