//! One charger's nine signals over its sessions.

use super::baseline::Baseline;
use super::indicator::Observation;
use super::session::{ChargerData, SessionRecord};
use super::signal::{SIGNALS, Signal, StepMeaning};
use super::track::{Joining, Track, from_quantised, quantised};
use super::trend::{Outlook, Point, outlook};
use crate::math;
use crate::snapshot::{Reader, Stored, Writer};
use crate::time::Instant;

/// Days that a signal learns at least, and sessions.
const LEARN_DAYS: f64 = 33.0;
const LEARN_SESSIONS: u16 = 30;
/// The alarm's condition must hold for this many days.
const HOLD_DAYS: u8 = 4;
/// It is re-armed below this share of its level.
const REARM: f64 = 0.5;
/// Gain in log-likelihood from which a trend is followed, and that an alarm needs.
const FOLLOW_EVIDENCE: f64 = 5.0;
const ALARM_EVIDENCE: f64 = 10.0;
/// Lead in log-likelihood from which a step that stays is taken as one, and its least height and age.
const STEP_LEAD: f64 = 3.0;
const STEP_HEIGHT: f64 = 0.06;
const STEP_AGE_DAYS: f64 = 9.0;
/// Lead in log-likelihood that growth needs over a step.
const GROWTH_LEAD: f64 = 3.0;
/// Flow that is lost more slowly than this is dust.
const DUST_HORIZON_DAYS: f64 = 62.0;
/// Progress a day that no dust makes.
const FAULT_RATE: f64 = 0.006;
/// Progress must change by this before a state is told again.
const TELL: f64 = 0.02;
/// Sessions back within which the same start is a repetition.
const REMEMBERED: usize = 4;

/// Something to be told about a signal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// A degradation is recognised; told once per episode.
    Alarm {
        /// Which one.
        signal: Signal,
        /// When.
        at: Instant,
        /// What is believed.
        outlook: Outlook,
    },
    /// Progress has changed by 0.02 or more since the last state, looked at once a day.
    State {
        /// Which one.
        signal: Signal,
        /// When.
        at: Instant,
        /// What is believed.
        outlook: Outlook,
    },
}

/// A session was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MonitorError {
    /// A session of the same start was taken before.
    #[error("session repeated")]
    Repeated,
    /// It began before the last one taken and that one's day; there is no bucket for it any more.
    #[error("session {by_ms} ms late")]
    Late {
        /// How far before the last one.
        by_ms: u64,
    },
}

/// A signal's memory: learning needs other things than following does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase<const BUCKETS: usize> {
    Learning(Baseline),
    Following(Track<BUCKETS>),
}

/// Follows one charger. Plain data of fixed size without heap or pointers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Monitor<const BUCKETS: usize = 11> {
    phases: [Phase<BUCKETS>; SIGNALS],
    began: Instant,
    last: Instant,
    recent: [u32; REMEMBERED],
    /// Signals whose events of `last`'s day are still to be polled.
    pending: u16,
    started: bool,
}

impl<const BUCKETS: usize> Default for Monitor<BUCKETS> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const BUCKETS: usize> Monitor<BUCKETS> {
    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            phases: Signal::ALL.map(|signal| Phase::Learning(Baseline::new(signal))),
            began: Instant::ZERO,
            last: Instant::ZERO,
            recent: [u32::MAX; REMEMBERED],
            pending: 0,
            started: false,
        }
    }

    /// Takes in a session. Then call [`Self::poll_event`] until it gives `None`.
    ///
    /// # Errors
    /// The session repeats one already taken, or comes too late; nothing changes.
    pub fn handle_session(
        &mut self,
        charger: &ChargerData,
        record: &SessionRecord,
    ) -> Result<(), MonitorError> {
        let start = record.start;
        if !self.started {
            self.started = true;
            self.began = start;
            self.last = start;
        }
        // Starts within one second are one session, repeated.
        let key = u32::try_from(start.raw() / 1_000 % u64::from(u32::MAX)).unwrap_or(0);
        if self.recent.contains(&key) {
            return Err(MonitorError::Repeated);
        }
        // Days are counted from the first session: what is a day before that has no day.
        let is_of_the_day = self.day_of(start) >= self.day_of(self.last);
        if start < self.last && !(is_of_the_day && self.last.since(start).as_secs() < 86_400) {
            return Err(MonitorError::Late { by_ms: self.last.raw() - start.raw() });
        }
        self.recent.rotate_right(1);
        if let Some(slot) = self.recent.first_mut() {
            *slot = key;
        }
        let elapsed = start.since(self.last);
        let elapsed_days = elapsed.as_secs_f64() / 86_400.0;
        let today = self.day_of(start);
        self.pending |= if today > self.day_of(self.last) { (1 << SIGNALS) - 1 } else { 0 };
        let age_days = start.since(self.began).as_secs_f64() / 86_400.0;
        let plausible = record.plausible();
        for (signal, phase) in Signal::ALL.into_iter().zip(&mut self.phases) {
            let Some(observation) = Observation::of(signal, &plausible, charger, age_days) else {
                continue;
            };
            match phase {
                Phase::Learning(baseline) => {
                    baseline.learn(signal, &observation);
                    if age_days >= LEARN_DAYS && baseline.sessions >= LEARN_SESSIONS {
                        let spread = baseline.progress_spread(signal, &observation);
                        *phase =
                            Phase::Following(Track::new(baseline.coefficients(), spread, today));
                    }
                }
                Phase::Following(track) => {
                    let explained = Baseline::explain(&track.coefficients, &observation);
                    let progress = observation.progress(signal, explained);
                    if track.is_full(today) {
                        let joining = joining(signal, track, today);
                        track.roll(today, track.is_followed(), joining);
                    }
                    track.add(progress, observation.weight.min(4.0), elapsed_days);
                }
            }
        }
        self.last = self.last.max(start);
        Ok(())
    }

    /// What is to be told about the last day on which a session began; `None` when that is all.
    pub fn poll_event(&mut self) -> Option<Event> {
        let at = self.last;
        let today = at.since(self.began).as_secs_f64() / 86_400.0;
        for (signal, phase) in Signal::ALL.into_iter().zip(&mut self.phases) {
            let bit = 1 << signal.index();
            if self.pending & bit == 0 {
                continue;
            }
            self.pending &= !bit;
            let Phase::Following(track) = phase else { continue };
            if let Some(event) = review(signal, track, today, at) {
                return Some(event);
            }
        }
        None
    }

    /// What is believed about a signal now; `None` while it is still being learned.
    #[must_use]
    pub fn outlook(&self, signal: Signal) -> Option<Outlook> {
        let today = self.last.since(self.began).as_secs_f64() / 86_400.0;
        self.phases.get(signal.index()).and_then(|phase| match phase {
            Phase::Learning(_) => None,
            Phase::Following(track) => Some(look(signal, track, today)),
        })
    }

    /// A part was repaired or replaced: the signal is learned afresh.
    pub fn repaired(&mut self, signal: Signal) {
        if let Some(phase) = self.phases.get_mut(signal.index()) {
            *phase = Phase::Learning(Baseline::new(signal));
        }
    }

    /// Whether a stored state could have come about.
    pub(crate) fn is_possible(&self) -> bool {
        self.began <= self.last
            && self.phases.iter().all(|phase| match phase {
                Phase::Learning(baseline) => baseline.is_possible(),
                Phase::Following(track) => track.is_possible(),
            })
    }

    fn day_of(&self, at: Instant) -> u16 {
        u16::try_from(at.since(self.began).as_secs() / 86_400).unwrap_or(u16::MAX)
    }
}

crate::snapshot::stored_fields!(Monitor<BUCKETS>, const BUCKETS { phases, began, last, recent, pending, started });

impl<const BUCKETS: usize> Stored for Phase<BUCKETS> {
    fn put(&self, writer: &mut Writer<'_>) {
        match self {
            Self::Learning(baseline) => {
                0u8.put(writer);
                baseline.put(writer);
            }
            Self::Following(track) => {
                1u8.put(writer);
                track.put(writer);
            }
        }
    }

    fn take(reader: &mut Reader<'_>) -> Self {
        match u8::take(reader) {
            1 => Self::Following(Track::take(reader)),
            kind => {
                if kind != 0 {
                    reader.refuse();
                }
                Self::Learning(Baseline::take(reader))
            }
        }
    }

    fn len(&self) -> usize {
        1 + match self {
            Self::Learning(baseline) => baseline.len(),
            Self::Following(track) => track.len(),
        }
    }
}

fn look<const BUCKETS: usize>(signal: Signal, track: &Track<BUCKETS>, today: f64) -> Outlook {
    let mut points = [Point { day: 0.0, progress: 0.0, variance: 1.0 }; 64];
    let used = track.points(today, signal.law().wander, &mut points);
    outlook(signal, points.get(..used).unwrap_or(&[]), track.width_days())
}

/// How falls of a signal are judged; `None` where they mean nothing in particular.
fn joining<const BUCKETS: usize>(
    signal: Signal,
    track: &Track<BUCKETS>,
    today: u16,
) -> Option<Joining> {
    let law = signal.law();
    let rate = || look(signal, track, f64::from(today)).rate;
    let of_fault = |rate: &f64| *rate > FAULT_RATE;
    (law.step == StepMeaning::FanOrCleaning).then(|| Joining {
        wander: law.wander,
        rate: track.is_followed().then(rate).filter(of_fault).unwrap_or(0.0),
    })
}

/// Looks at a signal once a day: rises, steps, alarms, states.
fn review<const BUCKETS: usize>(
    signal: Signal,
    track: &mut Track<BUCKETS>,
    today: f64,
    at: Instant,
) -> Option<Event> {
    let law = signal.law();
    let mut found = look(signal, track, today);
    let (age, height) = found.step;
    let steps = found.step_lead > STEP_LEAD && height.abs() > STEP_HEIGHT && age > STEP_AGE_DAYS;
    if steps && law.step == StepMeaning::Swap {
        track.rebase(height, age);
        found = look(signal, track, today);
    }
    track.follow(found.evidence > FOLLOW_EVIDENCE);
    let rises = found.floor > law.alarm && found.evidence > ALARM_EVIDENCE;
    let credible = match law.step {
        StepMeaning::Swap => found.step_lead < -GROWTH_LEAD,
        // Dust grows, too, but slowly; a fan that fails does not wait.
        StepMeaning::FanOrCleaning => {
            found.remaining_days.is_some_and(|[_, median, _]| median < DUST_HORIZON_DAYS)
                || found.step.1 > 0.45 && found.step.0 < 40.0
        }
    };
    let rises = rises && credible;
    track.held = if rises { track.held.saturating_add(1) } else { 0 };
    if track.raised && found.progress < REARM * law.alarm {
        track.raised = false;
    }
    if track.held >= HOLD_DAYS && !track.raised {
        track.raised = true;
        track.told = quantised(found.progress);
        return Some(Event::Alarm { signal, at, outlook: found });
    }
    if (found.progress - from_quantised(track.told)).abs() >= TELL {
        track.told = quantised(found.progress);
        return Some(Event::State { signal, at, outlook: found });
    }
    None
}

impl Baseline {
    /// Spread of one session's progress, from that of its target.
    fn progress_spread(&self, signal: Signal, observation: &Observation) -> f64 {
        let explained = Self::explain(&self.coefficients(), observation);
        let spread = self.spread();
        let at = |difference: f64| {
            observation.with_target(explained + difference).progress(signal, explained)
        };
        let weight = math::sqrt(observation.weight.max(1e-3));
        0.5 * (at(spread) - at(-spread)).abs() * weight
    }
}
