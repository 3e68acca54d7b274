//! Voltage over state of charge against earlier sessions of the same vehicle model.
//!
//! The platform collects a [`SocCurve`] of each session, learns a [`Band`] per vehicle model from those that were well, and sends
//! its [`BandLimits`] to the chargers, where the guard holds a running session against them.

use crate::estimator::Quantile;

/// Bins of 2 % state of charge.
const BINS: usize = 50;
/// Longest series that [`warped_distance`] takes.
pub const DTW_MOST: usize = 50;
/// A bin says nothing before it has seen so many sessions.
const LEAST_SESSIONS: u32 = 8;
/// Of the sessions of a bin this share is below the band, and above it.
const TAIL: f64 = 0.05;
/// Voltages of a bin count as usual up to this share beyond the band: packs age, and currents differ.
const MARGIN: f32 = 0.006;
/// A bin is outside with so many samples, and a session with so many bins.
const SAMPLES: u8 = 5;
const BINS_OUTSIDE: u8 = 2;

fn bin_of(soc_pct: f32) -> Option<usize> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    let bin = (0.0..=100.0).contains(&soc_pct).then(|| (soc_pct / 2.0) as usize);
    bin.map(|bin| bin.min(BINS - 1))
}

/// One session's pack voltage by state of charge: a mean per 2 %, where it was seen. 300 bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SocCurve {
    means: [f32; BINS],
    samples: [u16; BINS],
}

impl Default for SocCurve {
    fn default() -> Self {
        Self::new()
    }
}

impl SocCurve {
    /// Nothing seen yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { means: [0.0; BINS], samples: [0; BINS] }
    }

    /// Takes in a reading while the battery charges; what is outside 0 to 100 % or not finite is left out.
    pub fn note(&mut self, soc_pct: f32, volts: f32) {
        let Some(bin) = bin_of(soc_pct).filter(|_| volts.is_finite()) else { return };
        if let (Some(mean), Some(samples)) = (self.means.get_mut(bin), self.samples.get_mut(bin)) {
            *samples = samples.saturating_add(1);
            *mean += (volts - *mean) / f32::from(*samples);
        }
    }

    /// Bins that were seen, and their voltage.
    fn bins(&self) -> impl Iterator<Item = (usize, f32)> + '_ {
        let seen = self.samples.iter().zip(self.means).enumerate();
        seen.filter(|(_, (samples, _))| **samples > 0).map(|(bin, (_, mean))| (bin, mean))
    }

    /// How far the session is from another one of the same model or user, V: [`warped_distance`] over the states of charge that both
    /// have seen, 5 bins wide; `None` where these are fewer than 5.
    #[must_use]
    pub fn distance(&self, other: &Self) -> Option<f32> {
        let (mut ours, mut theirs) = ([0.0; BINS], [0.0; BINS]);
        let other_at = |bin: usize| other.bins().find(|(at, _)| *at == bin).map(|(_, mean)| mean);
        let common = self.bins().filter_map(|(bin, mean)| Some((mean, other_at(bin)?)));
        let mut count = 0;
        for ((mean, other), slots) in common.zip(ours.iter_mut().zip(&mut theirs)) {
            (*slots.0, *slots.1) = (mean, other);
            count += 1;
        }
        let (ours, theirs) = (ours.get(..count)?, theirs.get(..count)?);
        (count >= 5).then(|| warped_distance(ours, theirs, 5)).flatten()
    }
}

/// A vehicle model's band: 5 % and 95 % quantiles of the pack voltage per 2 % of state of charge, each followed by P-square.
///
/// Kept on the platform, one per model: 10 kB, whatever the number of sessions. A session counts once per bin, so that a slow one does
/// not outweigh the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    bins: [Bin; BINS],
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Bin {
    low: Quantile,
    high: Quantile,
    sessions: u32,
}

impl Default for Band {
    fn default() -> Self {
        Self::new()
    }
}

impl Band {
    /// Nothing seen yet.
    #[must_use]
    pub fn new() -> Self {
        let bin = Bin { low: Quantile::new(TAIL), high: Quantile::new(1.0 - TAIL), sessions: 0 };
        Self { bins: [bin; BINS] }
    }

    /// Learns a session taken to be well.
    pub fn learn(&mut self, session: &SocCurve) {
        for (bin, volts) in session.bins() {
            if let Some(slot) = self.bins.get_mut(bin) {
                slot.low.update(f64::from(volts));
                slot.high.update(f64::from(volts));
                slot.sessions = slot.sessions.saturating_add(1);
            }
        }
    }

    /// What a charger needs of it; bins of fewer than 8 sessions are left open.
    #[must_use]
    pub fn limits(&self) -> BandLimits {
        let limits = self.bins.map(|bin| {
            let known = bin.sessions >= LEAST_SESSIONS;
            let found = bin.low.get().zip(bin.high.get()).filter(|_| known);
            #[expect(clippy::cast_possible_truncation, reason = "volts of f32 readings")]
            found.map_or(OPEN, |(low, high)| (low as f32, high as f32))
        });
        BandLimits { limits }
    }
}

/// No limit.
const OPEN: (f32, f32) = (f32::NEG_INFINITY, f32::INFINITY);

/// The quantiles of a [`Band`] as a charger holds them, one model in 400 bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandLimits {
    limits: [(f32, f32); BINS],
}

impl BandLimits {
    /// Lowest and highest usual voltage at a state of charge; `None` where the band is open.
    #[must_use]
    pub fn at(&self, soc_pct: f32) -> Option<(f32, f32)> {
        let limits = self.limits.get(bin_of(soc_pct)?).copied()?;
        (limits != OPEN).then_some(limits)
    }
}

/// Counts the bins in which a running session is outside its model's band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CurveWatch {
    bin: usize,
    samples: u8,
    bins: u8,
}

impl CurveWatch {
    pub(crate) const fn new() -> Self {
        Self { bin: BINS, samples: 0, bins: 0 }
    }

    /// The voltage and the limit that it passed, once enough bins are outside.
    pub(crate) fn handle(&mut self, soc: f32, volts: f32, band: &BandLimits) -> Option<(f32, f32)> {
        let bin = bin_of(soc)?;
        let (low, high) = band.at(soc)?;
        let margin = MARGIN * volts.abs();
        if bin != self.bin {
            (self.bin, self.samples) = (bin, 0);
        }
        let allowed = if volts < low - margin {
            low - margin
        } else if volts > high + margin {
            high + margin
        } else {
            return None;
        };
        if self.samples < SAMPLES {
            self.samples += 1;
            self.bins = self.bins.saturating_add(u8::from(self.samples == SAMPLES));
        }
        (self.bins >= BINS_OUTSIDE).then_some((volts, allowed))
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

    fn session(volts: f32, from_pct: u8) -> SocCurve {
        let mut curve = SocCurve::new();
        (from_pct..100).for_each(|soc| curve.note(f32::from(soc), volts + 0.3 * f32::from(soc)));
        curve
    }

    #[test]
    fn a_band_knows_what_is_usual() {
        let mut band = Band::new();
        (0..7u16).for_each(|_| band.learn(&session(400.0, 20)));
        assert_eq!(band.limits().at(50.0), None, "too few sessions");
        (0..200u16).for_each(|round| band.learn(&session(400.0 + f32::from(round % 11), 20)));
        let limits = band.limits();
        let (low, high) = limits.at(50.9).unwrap();
        // Both states of charge of the bin: 400 to 410 V, and 0.3 V times 50.5.
        assert!((low - 415.15).abs() < 0.6 && (high - 425.15).abs() < 0.6, "{low} {high}");
        assert_eq!((limits.at(10.0), limits.at(130.0), limits.at(f32::NAN)), (None, None, None));
        let mut watch = CurveWatch::new();
        let seen = |watch: &mut CurveWatch, soc: f32, volts| {
            (0..5).filter_map(|_| watch.handle(soc, volts, &limits)).count()
        };
        assert_eq!(seen(&mut watch, 50.0, 421.0), 0);
        assert_eq!(seen(&mut watch, 52.0, 441.0), 0, "one bin may be");
        assert_eq!(seen(&mut watch, 54.0, 441.0), 1, "two are not");
    }

    #[test]
    fn sessions_of_one_user_are_compared() {
        let usual = session(400.0, 20);
        assert_eq!(usual.distance(&session(400.0, 40)), Some(0.0));
        assert!((usual.distance(&session(410.0, 20)).unwrap() - 10.0).abs() < 3.0);
        assert_eq!(usual.distance(&session(400.0, 95)), None, "too little in common");
        let mut bad = SocCurve::new();
        bad.note(f32::NAN, 1.0);
        bad.note(50.0, f32::INFINITY);
        assert_eq!(bad, SocCurve::new());
    }
}
