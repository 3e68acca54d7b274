//! What one event cannot tell and several can.

use crate::time::Instant;

/// Vehicle or charger? Counts a fault of one charger over its sessions and the vehicle models that had it.
///
/// The same fault with three or more distinct models within 20 sessions is the station's; one vehicle that has it on two
/// or more chargers is the vehicle's (feed [`Self::note_elsewhere`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Blame {
    /// One bit a session, newest lowest: had the fault.
    faults: u32,
    sessions: u8,
    /// Small hashes of the models in the window's faults, newest first.
    models: [u16; 8],
    elsewhere: u8,
}

/// Sessions that are looked back on.
const WINDOW: u8 = 20;
/// Distinct models that make it the station's fault.
const MODELS: usize = 3;

impl Blame {
    /// Nothing seen.
    #[must_use]
    pub const fn new() -> Self {
        Self { faults: 0, sessions: 0, models: [0; 8], elsewhere: 0 }
    }

    /// A session ended, with the fault or without. `model` tells vehicle models apart and is not stored as it is.
    pub fn note_session(&mut self, model: u64, fault: bool) {
        self.faults = (self.faults << 1 | u32::from(fault)) & ((1 << WINDOW) - 1);
        self.sessions = self.sessions.saturating_add(1).min(WINDOW);
        if fault {
            self.models.rotate_right(1);
            if let Some(slot) = self.models.first_mut() {
                *slot = (model.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as u16 | 1;
            }
        }
    }

    /// The vehicle of the newest fault had it on another charger, too.
    pub fn note_elsewhere(&mut self) {
        self.elsewhere = self.elsewhere.saturating_add(1);
    }

    /// Distinct models among the faults within the window.
    #[must_use]
    pub fn models(&self) -> usize {
        let known = self.models.get(..self.faults.count_ones() as usize).unwrap_or(&self.models);
        known
            .iter()
            .enumerate()
            .filter(|(at, model)| !known.iter().take(*at).any(|m| m == *model))
            .count()
    }

    /// Whether the station is to blame, `None` while undecided.
    #[must_use]
    pub fn is_station(&self) -> Option<bool> {
        if self.models() >= MODELS {
            return Some(true);
        }
        (self.elsewhere >= 1).then_some(false)
    }

    /// Mean of the posterior Beta(1 + hits, 1 + others) of the fault's rate per session.
    #[must_use]
    pub fn rate(&self) -> f64 {
        let hits = f64::from(self.faults.count_ones());
        (1.0 + hits) / (2.0 + f64::from(self.sessions))
    }
}

/// Faults that a reset clears and that come back within a day: three times, and it is not software.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clearing {
    cleared: Option<Instant>,
    returns: u8,
}

const DAY_MS: u64 = 86_400_000;
const RETURNS: u8 = 3;

impl Clearing {
    /// A reset cleared the fault.
    pub fn note_cleared(&mut self, now: Instant) {
        self.cleared = Some(now);
    }

    /// The fault is raised; whether somebody must go there.
    pub fn note_raised(&mut self, now: Instant) -> bool {
        if let Some(cleared) = self.cleared.take() {
            let soon = now.raw().saturating_sub(cleared.raw()) <= DAY_MS;
            self.returns = if soon { self.returns.saturating_add(1) } else { 0 };
        }
        self.returns >= RETURNS
    }
}

/// One fault raised and cleared over and over: beyond six times an hour it is one anomaly with a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flapping {
    hour_began: Option<Instant>,
    raised: u16,
    /// Raises that were folded into the one anomaly.
    pub folded: u32,
}

const HOUR_MS: u64 = 3_600_000;
const RAISES_AN_HOUR: u16 = 6;

impl Flapping {
    /// The fault is raised; whether to tell it.
    pub fn note_raised(&mut self, now: Instant) -> bool {
        let began = *self.hour_began.get_or_insert(now);
        if now.raw().saturating_sub(began.raw()) >= HOUR_MS {
            self.hour_began = Some(now);
            self.raised = 0;
        }
        self.raised = self.raised.saturating_add(1);
        let tell = self.raised <= RAISES_AN_HOUR;
        self.folded += u32::from(!tell);
        tell
    }
}

/// The same code on all chargers of a site within five minutes: supply or network of the site. Up to 64 chargers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteWide {
    chargers: u8,
    seen: u64,
    began: Option<Instant>,
}

const SITE_MS: u64 = 300_000;

impl SiteWide {
    /// A site of 2 to 64 chargers; `None` otherwise.
    #[must_use]
    pub const fn new(chargers: u8) -> Option<Self> {
        if chargers < 2 || chargers > 64 {
            return None;
        }
        Some(Self { chargers, seen: 0, began: None })
    }

    /// The code is raised at a charger (0-based); whether the whole site has it.
    pub fn note_raised(&mut self, charger: u8, now: Instant) -> bool {
        let stale = self.began.is_none_or(|began| now.raw().saturating_sub(began.raw()) > SITE_MS);
        if stale {
            self.began = Some(now);
            self.seen = 0;
        }
        if charger < self.chargers {
            self.seen |= 1 << charger;
        }
        self.seen.count_ones() == u32::from(self.chargers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_models_blame_the_station_one_vehicle_on_two_chargers_itself() {
        let mut blame = Blame::new();
        for model in [7, 7, 8] {
            blame.note_session(model, true);
        }
        assert_eq!((blame.models(), blame.is_station()), (2, None));
        blame.note_session(9, true);
        assert_eq!(blame.is_station(), Some(true));
        assert!((blame.rate() - 5.0 / 6.0).abs() < 1e-12);
        for _ in 0..20 {
            blame.note_session(1, false);
        }
        assert_eq!(blame.models(), 0, "the window has passed");
        let mut vehicle = Blame::new();
        vehicle.note_session(3, true);
        vehicle.note_elsewhere();
        assert_eq!(vehicle.is_station(), Some(false));
    }

    #[test]
    fn resets_that_do_not_last() {
        let mut clearing = Clearing::default();
        let mut on_site = false;
        for round in 0..4 {
            on_site = clearing.note_raised(Instant::from_secs(round * 3_600));
            clearing.note_cleared(Instant::from_secs(round * 3_600 + 60));
        }
        assert!(on_site);
        let mut rare = Clearing::default();
        for day in 0..9 {
            rare.note_cleared(Instant::from_secs(day * 200_000));
            assert!(!rare.note_raised(Instant::from_secs(day * 200_000 + 100_000)));
        }
    }

    #[test]
    fn flapping_and_site() {
        let mut flapping = Flapping::default();
        let told =
            (0..10).filter(|second| flapping.note_raised(Instant::from_secs(*second))).count();
        assert_eq!((told, flapping.folded), (6, 4));
        assert!(flapping.note_raised(Instant::from_secs(4_000)));
        let mut site = SiteWide::new(3).unwrap();
        assert!(!site.note_raised(0, Instant::ZERO));
        assert!(!site.note_raised(1, Instant::from_secs(10)));
        assert!(site.note_raised(2, Instant::from_secs(20)));
        assert!(!site.note_raised(2, Instant::from_secs(1_000)), "too late");
        assert!(SiteWide::new(65).is_none());
    }
}
