//! Parts that touch: the DC contactor by what it has switched, the gun's contacts by how far they heat.
//!
//! The signals [`super::Signal::Contactor`] and [`super::Signal::Connector`] see change and foresee its end; what is here needs
//! no learning time, counts every operation, and sees two contacts that age alike, which a difference cannot.

use super::baseline::to_f32;
use super::session::{ChargerData, SessionRecord};
use crate::life::contactor_life_used;
use crate::math;

/// Sums over sessions, 20 bytes.
///
/// Averages are over operations and not over time: contacts wear by being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contacts {
    /// Miner's sum in units of 2^-32: an operation takes 10^-5 and less of a life, which a running `f32` would lose.
    damage: u32,
    closings: u32,
    openings_under_load: u16,
    /// Logarithm of the inrush current in units of [`LOG_STEP`]: mean of the first sessions, and running.
    first_inrush: i16,
    inrush: i16,
    inrush_sessions: u8,
    rise_sessions: u8,
    /// Rise of DC+ and DC- over ambient at rated current, in units of [`RISE_STEP_K`].
    rises: [i16; 2],
}

const LIFE: f64 = 4_294_967_296.0;
const LOG_STEP: f64 = 1.0 / 4_096.0;
const RISE_STEP_K: f64 = 1.0 / 128.0;
/// Sessions that a first mean is taken from, and the gain of the running one after them.
const FIRST_SESSIONS: u8 = 30;
const GAIN: f64 = 0.04;
/// Single sessions count as so far off at most: a factor of 2 in inrush, 15 K in rise.
const CLIP_LOG: f64 = 0.7;
const CLIP_RISE_K: f64 = 15.0;
/// Inrush at the end of a contactor's life over the first: pre-charging has become poor.
const INRUSH_GROWTH: f64 = 1.6;
/// Weaker and shorter sessions say nothing about contacts: shares of the rated current and of the final rise.
const LEAST_CURRENT: f64 = 0.4;
const LEAST_HEATED: f64 = 0.5;
/// Gun contacts heat with a time constant of 9 to 16 minutes.
const CONTACT_TAU_MIN: f64 = 12.0;

impl Contacts {
    /// Takes in a session: one closing with its inrush, and how warm the gun became. [`crate::Charger::handle_session`] calls this
    /// for sessions that are neither repeated nor late.
    pub fn handle_session(&mut self, charger: &ChargerData, record: &SessionRecord) {
        let record = record.plausible();
        self.closings = self.closings.saturating_add(1);
        if let Some(amperes) = record.inrush_a {
            self.add_damage(charger, amperes, None);
            self.note_inrush(math::ln(f64::from(amperes)));
        }
        if let Some(rises) = rated_rises(charger, &record) {
            self.note_rises(rises);
        }
    }

    /// The contactor opened under load, at this current: an emergency stop, a fault, a cable pulled. It counts
    /// [`super::ContactorRating::open_load`] times as much as closing at that current.
    pub fn note_opening_under_load(&mut self, charger: &ChargerData, amperes: f32) {
        if amperes.is_finite() {
            self.openings_under_load = self.openings_under_load.saturating_add(1);
            self.add_damage(charger, amperes, Some(charger.contactor.open_load));
        }
    }

    fn add_damage(&mut self, charger: &ChargerData, amperes: f32, open_load: Option<f32>) {
        let rating = charger.contactor;
        let amperes = f64::from(amperes);
        let used = contactor_life_used(
            amperes * amperes * f64::from(rating.inrush_s),
            f64::from(rating.reference_a2s),
            f64::from(rating.exponent),
            f64::from(rating.operations),
            open_load.map(f64::from),
        );
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a conversion of float to integer ends at the integer's ends; damage is not negative"
        )]
        let used = (used * LIFE) as u32;
        self.damage = self.damage.saturating_add(used);
    }

    fn note_inrush(&mut self, log: f64) {
        self.inrush =
            followed(self.inrush, log / LOG_STEP, CLIP_LOG / LOG_STEP, self.inrush_sessions);
        if self.inrush_sessions < FIRST_SESSIONS {
            self.inrush_sessions += 1;
            self.first_inrush = self.inrush;
        }
    }

    fn note_rises(&mut self, rises: [f64; 2]) {
        for (slot, rise) in self.rises.iter_mut().zip(rises) {
            let clip = CLIP_RISE_K / RISE_STEP_K;
            *slot = followed(*slot, rise / RISE_STEP_K, clip, self.rise_sessions);
        }
        self.rise_sessions = self.rise_sessions.saturating_add(1).min(FIRST_SESSIONS);
    }

    /// Share of the contactor's life that switching has used: Miner's sum, 0 to 1.
    #[must_use]
    pub fn life_used(&self) -> f64 {
        f64::from(self.damage) / LIFE
    }

    /// Closings counted, and openings under load.
    #[must_use]
    pub const fn operations(&self) -> (u32, u16) {
        (self.closings, self.openings_under_load)
    }

    /// Inrush current over that of the first sessions; `None` before 30 of them.
    #[must_use]
    pub fn inrush_growth(&self) -> Option<f64> {
        let grown = f64::from(self.inrush) - f64::from(self.first_inrush);
        (self.inrush_sessions >= FIRST_SESSIONS).then(|| math::exp(grown * LOG_STEP))
    }

    /// Progress of the contactor towards its end, 0 to 1 and beyond: the larger of Miner's sum and what inrush says; `None` before
    /// anything was switched.
    #[must_use]
    pub fn contactor_progress(&self) -> Option<f64> {
        let by_inrush = self.inrush_growth().map_or(0.0, |growth| (growth - 1.0) / INRUSH_GROWTH);
        (self.damage > 0).then(|| f64::max(self.life_used(), by_inrush))
    }

    /// Rise of the hotter gun contact over ambient air, projected to rated current and to the end of its heating, K; `None` before
    /// 10 sessions of at least 0.4 of the rated current. The errors of the sensors are in it: some K.
    #[must_use]
    pub fn gun_rise_k(&self) -> Option<f32> {
        let [positive, negative] = self.rises;
        let hotter = f64::from(positive.max(negative)) * RISE_STEP_K;
        (self.rise_sessions >= 10).then_some(to_f32(hotter))
    }

    /// The contactor was replaced.
    pub fn contactor_replaced(&mut self) {
        *self = Self { rises: self.rises, rise_sessions: self.rise_sessions, ..Self::default() };
    }

    /// The gun or its contacts were replaced.
    pub fn gun_replaced(&mut self) {
        (self.rises, self.rise_sessions) = ([0; 2], 0);
    }
}

crate::snapshot::stored_fields!(Contacts {
    damage,
    closings,
    openings_under_load,
    first_inrush,
    inrush,
    inrush_sessions,
    rise_sessions,
    rises,
});

/// Rises of DC+ and DC- at rated current, K.
fn rated_rises(charger: &ChargerData, record: &SessionRecord) -> Option<[f64; 2]> {
    let share = f64::from(record.rms_current_a?) / f64::from(charger.rated_a);
    let heated = 1.0 - math::exp(-f64::from(record.duration_min?) / CONTACT_TAU_MIN);
    if !(share >= LEAST_CURRENT && heated >= LEAST_HEATED) {
        return None;
    }
    let ambient = record.ambient_c?;
    let rise = |contact: f32| f64::from(contact - ambient) / (share * share * heated);
    Some([rise(record.gun_positive_c?), rise(record.gun_negative_c?)])
}

/// A running mean of whole numbers: of all values at first, then with a fixed gain and clipped steps.
#[expect(clippy::cast_possible_truncation, reason = "rounded; at the ends of i16 beyond them")]
fn followed(mean: i16, value: f64, clip: f64, seen: u8) -> i16 {
    let old = f64::from(mean);
    // The first few set the level, and an outlier among them is averaged away.
    let clip = if seen < 5 { f64::INFINITY } else { clip };
    let gain = if seen < FIRST_SESSIONS { 1.0 / (f64::from(seen) + 1.0) } else { GAIN };
    let moved = old + gain * math::between(value - old, -clip, clip);
    (if moved < 0.0 { moved - 0.5 } else { moved + 0.5 }) as i16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::degradation::ContactorRating;

    fn session(inrush_a: f32) -> SessionRecord {
        SessionRecord {
            duration_min: Some(600.0),
            rms_current_a: Some(125.0),
            ambient_c: Some(20.0),
            gun_positive_c: Some(25.0),
            gun_negative_c: Some(24.0),
            inrush_a: Some(inrush_a),
            ..SessionRecord::default()
        }
    }

    #[test]
    fn miner_counts_every_operation() {
        let charger = ChargerData {
            contactor: ContactorRating {
                reference_a2s: 1.0,
                exponent: 2.0,
                operations: 10_000.0,
                inrush_s: 0.01,
                open_load: 50.0,
            },
            ..ChargerData::default()
        };
        let mut contacts = Contacts::default();
        // (20² * 0.01 / 1)² / 10,000 = 0.001,6 of a life each; 250 of them are 0.4.
        (0..250).for_each(|_| contacts.handle_session(&charger, &session(20.0)));
        assert!((contacts.life_used() - 0.4).abs() < 1e-6, "{}", contacts.life_used());
        // (10² * 0.01)² / 10,000 * 50 = 0.005.
        contacts.note_opening_under_load(&charger, 10.0);
        assert!((contacts.life_used() - 0.405).abs() < 1e-6);
        assert_eq!(contacts.operations(), (250, 1));
        contacts.note_opening_under_load(&charger, 1e9);
        contacts.note_opening_under_load(&charger, f32::NAN);
        assert!(
            (contacts.contactor_progress().unwrap() - 1.0).abs() < 1e-6,
            "at the end it stays there"
        );
        contacts.contactor_replaced();
        assert!(contacts.life_used().abs() < 1e-12 && contacts.gun_rise_k().is_some());
    }

    #[test]
    fn small_damages_add_up() {
        let charger = ChargerData::default();
        let mut contacts = Contacts::default();
        let amperes = 5.0_f32;
        (0..100_000).for_each(|_| contacts.handle_session(&charger, &session(amperes)));
        let rating = charger.contactor;
        let each = f64::from(amperes * amperes * rating.inrush_s / rating.reference_a2s)
            / f64::from(rating.operations);
        assert!((contacts.life_used() / (1e5 * each) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn inrush_grows_and_an_outlier_does_not_count() {
        let charger = ChargerData::default();
        let mut contacts = Contacts::default();
        (0..60).for_each(|_| contacts.handle_session(&charger, &session(10.0)));
        assert!((contacts.inrush_growth().unwrap() - 1.0).abs() < 1e-3);
        contacts.handle_session(&charger, &session(30.0));
        assert!(contacts.inrush_growth().unwrap() < 1.04);
        (0..200).for_each(|_| contacts.handle_session(&charger, &session(18.0)));
        assert!((contacts.contactor_progress().unwrap() - 0.5).abs() < 0.01, "0.8 of 1.6");
    }

    #[test]
    fn both_contacts_are_projected_to_rated_current() {
        let charger = ChargerData::default();
        let mut contacts = Contacts::default();
        let weak = SessionRecord { rms_current_a: Some(90.0), ..session(10.0) };
        (0..50).for_each(|_| contacts.handle_session(&charger, &weak));
        assert_eq!(contacts.gun_rise_k(), None, "below 0.4 of 250 A");
        (0..50).for_each(|_| contacts.handle_session(&charger, &session(10.0)));
        // 5 K at half of the current are 20 K at all of it.
        assert!((contacts.gun_rise_k().unwrap() - 20.0).abs() < 0.05);
        contacts.gun_replaced();
        assert_eq!(contacts.gun_rise_k(), None);
    }
}
