//! The live state of one charger: newest readings of its items, the staged scan, and its wear signals.

use crate::degradation::{ChargerData, Contacts, Monitor, MonitorError, SessionRecord, Signal};
use crate::evaluate::{Assessments, Evaluation, Veto, evaluate};
use crate::grade::GradeTracker;
use crate::item::{Category, ITEMS, Item, STANDARD_ITEMS, Window};
use crate::math;
use crate::params::Model;
use crate::time::Instant;

/// How good a sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Quality {
    /// Measured.
    Good,
    /// Estimated from other things: counts half towards coverage.
    Estimated,
    /// Too old to say anything: not taken.
    Stale,
    /// Not there: not taken.
    Missing,
}

/// What became of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It counts.
    Yes,
    /// It is no finite number; counted in [`ItemBank::refused`].
    NotFinite,
    /// Its time is before that of the newest sample of the item; counted in [`ItemBank::refused`].
    Late,
    /// Its quality says that there is no value.
    NoValue,
}

/// Newest readings of every item, with freshness and coverage.
///
/// Missing data lowers confidence, never a score: confidence is coverage (samples that came over samples expected) times
/// freshness, `2^(-age / half-life)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItemBank {
    pub(crate) values: [f32; ITEMS],
    /// Seconds of the newest sample; they last 136 years from the caller's origin.
    pub(crate) last: [u32; ITEMS],
    /// Share of expected samples that came, in 65,535ths; 0: no sample yet.
    pub(crate) coverage: [u16; ITEMS],
    /// Samples that were refused.
    pub refused: u32,
}

const FULL: f32 = 65_535.0;
const SHARE: f32 = 1.0 / FULL;
// All of it is 1, no more and no less.
const _: () = assert!(FULL * SHARE == 1.0);

impl Default for ItemBank {
    fn default() -> Self {
        Self::new()
    }
}

impl ItemBank {
    /// No readings.
    #[must_use]
    pub const fn new() -> Self {
        Self { values: [0.0; ITEMS], last: [0; ITEMS], coverage: [0; ITEMS], refused: 0 }
    }

    /// Takes in a sample of an item, in the item's unit. Of samples with one time stamp the worst counts, in any order; a
    /// repeated one changes nothing.
    pub fn record(&mut self, item: Item, at: Instant, value: f32, quality: Quality) -> Taken {
        let received = match quality {
            Quality::Good => 1.0,
            Quality::Estimated => 0.5,
            Quality::Stale | Quality::Missing => return Taken::NoValue,
        };
        if !value.is_finite() {
            self.refused = self.refused.saturating_add(1);
            return Taken::NotFinite;
        }
        let index = item.index();
        let slots =
            (self.values.get_mut(index), self.last.get_mut(index), self.coverage.get_mut(index));
        let (Some(slot), Some(last), Some(coverage)) = slots else { return Taken::NoValue };
        let now = seconds(at);
        if *coverage == 0 {
            (*slot, *last, *coverage) = (value, now, narrow(received * FULL));
            return Taken::Yes;
        }
        let Some(elapsed) = now.checked_sub(*last) else {
            self.refused = self.refused.saturating_add(1);
            return Taken::Late;
        };
        if elapsed == 0 || item.window() == Window::Peak && is_same_window(item, *last, elapsed) {
            *slot = slot.max(value);
        } else {
            *slot = value;
        }
        if elapsed > 0 {
            let period = item.period_s();
            let on_time = elapsed <= period;
            let elapsed = float(elapsed);
            let came = if on_time { received } else { received * float(period) / elapsed };
            let gain = elapsed / (elapsed + float(item.window_s()));
            let old = f32::from(*coverage);
            *coverage = narrow((old + gain * (came * FULL - old)).max(1.0));
        }
        *last = now;
        Taken::Yes
    }

    /// The value that counts for an item, and when its newest sample came.
    #[must_use]
    pub fn reading(&self, item: Item) -> Option<(f32, Instant)> {
        let index = item.index();
        self.coverage.get(index).filter(|coverage| **coverage > 0)?;
        let seconds = u64::from(*self.last.get(index)?);
        let at = Instant::from_secs(seconds);
        Some((*self.values.get(index)?, at))
    }

    /// Scores and confidences of all items at a time.
    #[must_use]
    pub fn assess(&self, model: &Model, now: Instant) -> Assessments {
        let mut found = Assessments::NONE;
        self.assess_first::<ITEMS>(model, now, &mut found);
        found
    }

    /// The same, of those alone that weigh something: what the score is made of.
    pub(crate) fn assess_weighing(&self, model: &Model, now: Instant) -> Assessments {
        let mut found = Assessments::NONE;
        if model.extras_weigh() {
            self.assess_first::<ITEMS>(model, now, &mut found);
        } else {
            self.assess_first::<STANDARD_ITEMS>(model, now, &mut found);
        }
        found
    }

    /// The first `N` items, a number known to the compiler: whole vectors and nothing left over.
    fn assess_first<const N: usize>(&self, model: &Model, now: Instant, found: &mut Assessments) {
        let now = seconds(now);
        // One loop for what takes four items in an instruction, one for what takes two.
        let mut fresh = [0.0; N];
        for ((last, half_lives), fresh) in
            self.last.iter().zip(&HALF_LIVES_A_SECOND).zip(&mut fresh)
        {
            *fresh = math::after_half_lives(float(now.saturating_sub(*last)) * half_lives);
        }
        let (scores, confidences) = found.columns_mut();
        for ((coverage, fresh), confidence) in self.coverage.iter().zip(fresh).zip(confidences) {
            *confidence = f64::from(f32::from(*coverage) * SHARE * fresh);
        }
        // What was never read has a score, too, but no confidence.
        for (found, score) in scores.iter_mut().zip(model.curve_table.scores::<N>(&self.values)) {
            *found = f64::from(score);
        }
    }
}

/// Half-lives that pass in a second, by item.
const HALF_LIVES_A_SECOND: [f32; ITEMS] = {
    let mut rates = [0.0; ITEMS];
    let mut at = 0;
    while at < ITEMS {
        #[expect(
            clippy::indexing_slicing,
            clippy::cast_precision_loss,
            reason = "evaluated by the compiler"
        )]
        {
            rates[at] = 1.0 / Item::ALL[at].half_life_s() as f32;
        }
        at += 1;
    }
    rates
};

/// Where lost points come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// The item.
    pub item: Item,
    /// Points of the charger's 100 that it costs.
    pub lost: f64,
    /// What was measured, in [`Item::unit`].
    pub measured: f32,
    /// When.
    pub at: Instant,
}

impl Reason {
    /// The gravest level passed: score at it, and x, in [`Item::unit`]; `None` below all. Where levels come from stands with
    /// each [`Item`].
    #[must_use]
    pub fn level(&self, model: &Model) -> Option<(u8, f32)> {
        let (x, score) = model.curve(self.item).reached(self.measured)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "scores of a curve are from 0 to 100"
        )]
        (score < 100.0).then_some((score as u8, x))
    }

    /// What to do.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        self.item.advice()
    }
}

/// Everything that is kept of one charger: at most 1,024 bytes with the usual eleven buckets. The wear signals alone fit 512
/// with three buckets ([`Monitor`]`<3>`), at the price of coarser trends.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Charger<const BUCKETS: usize = 11> {
    /// Newest readings.
    pub items: ItemBank,
    /// Wear signals.
    pub wear: Monitor<BUCKETS>,
    /// Contactor and gun contacts by their use.
    pub contacts: Contacts,
    /// The grade that stands.
    pub grade: GradeTracker,
}

const _: () = assert!(size_of::<Charger>() <= 1_024 && size_of::<Monitor<3>>() <= 512);

impl<const BUCKETS: usize> Charger<BUCKETS> {
    /// Takes in a session: wear signals and contacts. Then call [`Monitor::poll_event`] of [`Self::wear`] until it gives `None`.
    ///
    /// # Errors
    /// The session repeats one already taken, or comes too late; nothing changes.
    pub fn handle_session(
        &mut self,
        data: &ChargerData,
        record: &SessionRecord,
    ) -> Result<(), MonitorError> {
        self.wear.handle_session(data, record)?;
        self.contacts.handle_session(data, record);
        Ok(())
    }

    /// A part was repaired or replaced: its signal is learned afresh, and what was counted of the part is forgotten.
    pub fn repaired(&mut self, signal: Signal) {
        self.wear.repaired(signal);
        match signal {
            Signal::Contactor => self.contacts.contactor_replaced(),
            Signal::Connector => self.contacts.gun_replaced(),
            _ => {}
        }
    }

    /// Takes over what the wear signals and the contacts say into the items that show it: M5, E1, E3, E4, E5 and the extras X1 to
    /// X4.
    pub fn note_wear(&mut self, now: Instant) {
        for signal in Signal::ALL {
            let outlook = self.wear.outlook(signal);
            let progress = outlook.map(|outlook| to_f32(outlook.progress.max(0.0)));
            let counted = match signal {
                Signal::Contactor => self.contacts.contactor_progress().map(to_f32),
                // Only where both contacts heat does this say more than their difference; the margin is for the sensors.
                Signal::Connector => self.contacts.gun_rise_k().map(|rise| rise - SENSORS_K),
                _ => None,
            };
            let shown = progress.map(|progress| match signal {
                Signal::Capacitor | Signal::Contactor | Signal::Meter | Signal::Insulation => {
                    progress
                }
                // From 15 K of a healthy contact to 50 K at the end of life.
                Signal::Connector => 15.0 + 35.0 * progress,
                // Half of the flow is the end of life.
                Signal::Thermal => 50.0 * progress,
                Signal::Efficiency => 1.8 * progress,
                Signal::Can => -5.0 + 3.0 * progress,
                Signal::Standby => 0.6 + 0.9 * progress,
            });
            let worst = match (shown, counted) {
                (Some(shown), Some(counted)) => Some(f32::max(shown, counted)),
                (shown, counted) => shown.or(counted),
            };
            if let Some(value) = worst {
                self.items.record(item_of(signal), now, value, Quality::Estimated);
            }
        }
    }

    /// Evaluates the charger at a time and updates its grade. `safety`: one of the vetoes is a safety fault.
    pub fn evaluate(&mut self, model: &Model, now: Instant, vetoes: &[Veto]) -> Evaluation {
        let result = evaluate(model, &self.items.assess_weighing(model, now), vetoes);
        let safety = vetoes.iter().any(|veto| veto.cap <= Veto::SAFETY.cap);
        self.grade.update(result.score, safety);
        result
    }

    /// Why points were lost, in the order of [`Item::ALL`].
    pub fn reasons<'a>(&'a self, result: &'a Evaluation) -> impl Iterator<Item = Reason> + 'a {
        const ALL: &[Item; ITEMS] = &Item::ALL;
        let readings = self.items.values.iter().zip(&self.items.last);
        let rows = ALL.iter().zip(result.losses()).zip(readings);
        rows.filter(|((_, lost), _)| **lost > 0.0).map(|((item, lost), (measured, last))| Reason {
            item: *item,
            lost: *lost,
            measured: *measured,
            at: Instant::from_secs(u64::from(*last)),
        })
    }
}

/// What sensors of gun and ambient air may be off together, projected to rated current, K.
const SENSORS_K: f32 = 8.0;

/// The item that shows a wear signal.
const fn item_of(signal: Signal) -> Item {
    match signal {
        Signal::Capacitor => Item::Capacitor,
        Signal::Contactor => Item::Contactor,
        Signal::Connector => Item::Connector,
        Signal::Thermal => Item::Filter,
        Signal::Meter => Item::MeterError,
        Signal::Efficiency => Item::Efficiency,
        Signal::Insulation => Item::Insulation,
        Signal::Can => Item::CanQuality,
        Signal::Standby => Item::StandbyPower,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "readings are narrow")]
fn to_f32(x: f64) -> f32 {
    x as f32
}

/// A scan of a charger in four stages, as the white paper's picture shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scan {
    done: u32,
}

/// Where a stage of the scan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Not begun.
    Waiting,
    /// Some items are done.
    Scanning,
    /// All items are done.
    Done,
}

impl Scan {
    /// Begins: nothing is done.
    #[must_use]
    pub const fn new() -> Self {
        Self { done: 0 }
    }

    /// An item is done, found or not.
    pub fn note(&mut self, item: Item) {
        self.done |= 1 << item.index();
    }

    fn count(&self, category: Option<Category>) -> (u32, u32) {
        let of = |item: &Item| category.is_none_or(|category| item.category() == category);
        let items = Item::ALL.into_iter().filter(|item| item.is_standard()).filter(of);
        items.fold((0, 0), |(done, all), item| (done + (self.done >> item.index() & 1), all + 1))
    }

    /// Progress over the twenty items, %.
    #[must_use]
    pub fn progress_pct(&self) -> u8 {
        let (done, all) = self.count(None);
        u8::try_from(done * 100 / all.max(1)).unwrap_or(100)
    }

    /// Where a stage stands.
    #[must_use]
    pub fn stage(&self, category: Category) -> Stage {
        match self.count(Some(category)) {
            (0, _) => Stage::Waiting,
            (done, all) if done == all => Stage::Done,
            _ => Stage::Scanning,
        }
    }
}

/// Whether no window of the item ended in the `elapsed` seconds since `last`.
fn is_same_window(item: Item, last: u32, elapsed: u32) -> bool {
    let window = item.window_s();
    let into = last.checked_rem(window).unwrap_or(0);
    elapsed < window - into
}

fn seconds(at: Instant) -> u32 {
    u32::try_from(at.raw() / 1_000).unwrap_or(u32::MAX)
}

/// Seconds as a number, 68 years at most: signed integers are converted four at a time.
#[expect(clippy::cast_precision_loss, reason = "seconds of a window; the share needs no more")]
fn float(seconds: u32) -> f32 {
    seconds.min(i32::MAX.cast_unsigned()).cast_signed() as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 65,535")]
fn narrow(coverage: f32) -> u16 {
    (coverage + 0.5).clamp(1.0, FULL) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Instant {
        Instant::from_secs(1_000_000 + seconds)
    }

    #[test]
    fn fresh_readings_are_trusted_and_old_ones_less() {
        let mut bank = ItemBank::new();
        let item = Item::BoardTemperature;
        for second in (0..600).step_by(10) {
            assert_eq!(bank.record(item, at(second), 75.0, Quality::Good), Taken::Yes);
        }
        let model = Model::default();
        let fresh = bank.assess(&model, at(590)).get(item).unwrap();
        assert!((fresh.score() - 60.0).abs() < 1e-6 && fresh.confidence() > 0.999);
        let old = bank.assess(&model, at(620)).get(item).unwrap();
        assert!((old.confidence() - 0.5).abs() < 0.01, "one half-life of 30 s");
        assert!(
            (old.score() - fresh.score()).abs() < 1e-12,
            "missing data lowers confidence alone"
        );
        bank.record(item, at(1_190), 75.0, Quality::Good);
        let gap = bank.assess(&model, at(1_190)).get(item).unwrap();
        assert!(gap.confidence() < 0.5, "half of the samples did not come: {}", gap.confidence());
    }

    #[test]
    fn bad_late_repeated_and_simultaneous_samples() {
        let item = Item::BoardTemperature;
        let mut bank = ItemBank::new();
        assert_eq!(bank.record(item, at(0), f32::NAN, Quality::Good), Taken::NotFinite);
        assert_eq!(bank.record(item, at(0), 60.0, Quality::Missing), Taken::NoValue);
        assert_eq!(bank.reading(item), None);
        bank.record(item, at(10), 60.0, Quality::Good);
        assert_eq!(bank.record(item, at(5), 90.0, Quality::Good), Taken::Late);
        let before = bank;
        bank.record(item, at(10), 60.0, Quality::Good);
        assert_eq!(bank, before, "a repetition changes nothing");
        assert_eq!(bank.refused, 2);
        let (mut one, mut other) = (ItemBank::new(), ItemBank::new());
        for (first, second) in [(50.0, 70.0), (70.0, 50.0)] {
            one.record(item, at(0), first, Quality::Good);
            other.record(item, at(0), second, Quality::Good);
        }
        assert_eq!(one, other, "order of equal time stamps");
    }

    #[test]
    fn a_scan_has_stages_and_progress() {
        let mut scan = Scan::new();
        assert_eq!(scan.stage(Category::Modules), Stage::Waiting);
        for item in Item::ALL.into_iter().filter(|item| item.category() == Category::Modules) {
            scan.note(item);
        }
        scan.note(Item::Filter);
        assert_eq!((scan.progress_pct(), scan.stage(Category::Modules)), (30, Stage::Done));
        assert_eq!(scan.stage(Category::Environment), Stage::Scanning);
    }

    #[test]
    fn reasons_name_level_and_advice() {
        let mut charger = Charger::<11>::default();
        charger.items.record(Item::BoardTemperature, at(0), 85.0, Quality::Good);
        let model = Model::default();
        let result = charger.evaluate(&model, at(0), &[]);
        let reason = charger.reasons(&result).next().unwrap();
        assert_eq!((reason.item, reason.level(&model)), (Item::BoardTemperature, Some((40, 80.0))));
        assert!((reason.lost - (100.0 - result.score.unwrap())).abs() < 1e-9);
    }
}
