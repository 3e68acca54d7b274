//! The forecast to beat: as a season ago.
//!
//! Forecasting is not this crate's business, but a controller needs something to begin with. A seasonal-naive forecast of
//! load repeats the last season (a week of hours, say), scaled by how the last day compared with the same day of the
//! season before, within bounds; a better model must first beat it.

use alloc::vec::Vec;

use crate::units::Watts;

/// A forecast of one value per slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// From the slot after the last one observed.
    pub values: Vec<Watts>,
}

/// Repeats the last season.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeasonalNaive {
    season: usize,
    /// The last two seasons at most.
    history: Vec<i64>,
}

impl SeasonalNaive {
    /// With a season of so many slots (168 hours for a week); at least 1.
    #[must_use]
    pub fn new(season: usize) -> Self {
        Self { season: season.max(1), history: Vec::new() }
    }

    /// A slot has passed with this mean load.
    pub fn observe(&mut self, load: Watts) {
        if self.history.len() >= 2 * self.season {
            self.history.remove(0);
        }
        self.history.push(load.raw());
    }

    /// The coming slots. Zero where nothing is known of the same slot a season ago.
    #[must_use]
    pub fn forecast(&self, slots: usize) -> Forecast {
        let known = self.history.len();
        let (recent, before) = self.level(self.season.div_ceil(7));
        let value = |ahead: usize| {
            // The same place of the last whole season before that slot.
            let back = self.season - ahead % self.season;
            let value = known.checked_sub(back).and_then(|at| self.history.get(at)).copied();
            // Half of the way to the present level: the other half is chance.
            let scaled = i128::from(value.unwrap_or(0)) * (recent + before) / (2 * before);
            Watts::from_raw(i64::try_from(scaled).unwrap_or(i64::MAX))
        };
        Forecast { values: (0..slots).map(value).collect() }
    }

    /// The sum over the last `slots`, and over the same a season earlier; the ratio kept within a half and twice.
    fn level(&self, slots: usize) -> (i128, i128) {
        let sum = |end: usize| -> Option<i128> {
            let values = self.history.get(end.checked_sub(slots)?..end)?;
            Some(values.iter().map(|value| i128::from(*value)).sum())
        };
        let known = self.history.len();
        let before = known.checked_sub(self.season).and_then(sum);
        match (sum(known), before) {
            (Some(recent), Some(before)) if before > 0 => {
                (recent.clamp(before / 2, before * 2), before)
            }
            _ => (1, 1),
        }
    }
}
