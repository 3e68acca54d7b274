//! The anomaly list of a scan: what was found, how grave it is, and what a person has decided about it.

use crate::evaluate::Evaluation;
use crate::item::{ITEMS, Item};
use crate::time::Instant;

/// How grave an anomaly or a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Severity {
    /// No fault: a normal end.
    None,
    /// 1: worth knowing.
    Notice,
    /// 2: works, but worse.
    Degraded,
    /// 3: out of service.
    OutOfService,
    /// 4: somebody could be hurt.
    Safety,
}

impl Severity {
    /// 0 to 4.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Of an item's score: at or below the alarm level degraded, at 0 out of service (malicious code: safety), at or below
    /// the warning level a notice.
    #[must_use]
    pub fn of_score(item: Item, score: f64) -> Self {
        if score <= 0.0 {
            if item == Item::MaliciousCode { Self::Safety } else { Self::OutOfService }
        } else if score <= 40.0 {
            Self::Degraded
        } else if score <= 80.0 {
            Self::Notice
        } else {
            Self::None
        }
    }

    /// One step graver, as for what goes faster than in 95 % of the fleet ([`crate::life::FleetRank`]); only a safety fault is one.
    #[must_use]
    pub const fn raised(self) -> Self {
        match self {
            Self::None => Self::Notice,
            Self::Notice => Self::Degraded,
            Self::Degraded | Self::OutOfService => Self::OutOfService,
            Self::Safety => Self::Safety,
        }
    }

    /// Whether to handle it now rather than with the next visit: severity 3 and more, or 2 with a failure foreseen within
    /// 14 days.
    #[must_use]
    pub fn is_urgent(self, days_left: Option<f64>) -> bool {
        self >= Self::OutOfService
            || self == Self::Degraded && days_left.is_some_and(|days| days < 14.0)
    }
}

/// What a person has decided about an anomaly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Decision {
    /// Nothing yet.
    #[default]
    Open,
    /// Handle later: silent until then, or until it gets graver.
    Deferred {
        /// Until when.
        until: Instant,
    },
    /// Seen and being handled: silent until it is gone or gets graver.
    Acknowledged,
}

/// One anomaly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anomaly {
    /// Where.
    pub item: Item,
    /// How grave.
    pub severity: Severity,
    /// Points that it costs the charger.
    pub lost: f64,
    /// What was decided.
    pub decision: Decision,
    /// Whether it should be shown now.
    pub is_due: bool,
}

/// The anomalies of one charger, at most one an item. Forgetting a decision never forgets the item's history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anomalies {
    severities: [Severity; ITEMS],
    decisions: [Decision; ITEMS],
}

impl Default for Anomalies {
    fn default() -> Self {
        Self::new()
    }
}

impl Anomalies {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self { severities: [Severity::None; ITEMS], decisions: [Decision::Open; ITEMS] }
    }

    /// Takes over a scan's item scores; `None` leaves an item as it was. What got graver is open again, what is gone forgets
    /// its decision.
    pub fn update(&mut self, score_of: impl Fn(Item) -> Option<f64>) {
        let slots = self.severities.iter_mut().zip(&mut self.decisions);
        for (item, (severity, decision)) in Item::ALL.into_iter().zip(slots) {
            let Some(score) = score_of(item) else { continue };
            let now = Severity::of_score(item, score);
            if now > *severity || now == Severity::None {
                *decision = Decision::Open;
            }
            *severity = now;
        }
    }

    /// Decides about an item's anomaly; `false` if there is none.
    pub fn decide(&mut self, item: Item, decision: Decision) -> bool {
        let found = self.severities.get(item.index()).is_some_and(|found| *found > Severity::None);
        if let Some(slot) = self.decisions.get_mut(item.index()).filter(|_| found) {
            *slot = decision;
        }
        found
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.severities.iter().filter(|severity| **severity > Severity::None).count()
    }

    /// All of them in the order of [`Item::ALL`].
    pub fn iter<'a>(
        &'a self,
        evaluation: &'a Evaluation,
        now: Instant,
    ) -> impl Iterator<Item = Anomaly> + 'a {
        let rows = Item::ALL.into_iter().zip(self.severities).zip(self.decisions);
        rows.filter(|((_, severity), _)| *severity > Severity::None).map(
            move |((item, severity), decision)| {
                let lost = evaluation.lost(item).unwrap_or(0.0);
                let is_due = match decision {
                    Decision::Open => true,
                    Decision::Deferred { until } => now >= until,
                    Decision::Acknowledged => false,
                };
                Anomaly { item, severity, lost, decision, is_due }
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Assessments, Model, evaluate};

    #[test]
    fn decisions_hold_until_it_gets_graver() {
        let mut anomalies = Anomalies::new();
        let with = |score: f64| move |item| (item == Item::Filter).then_some(score);
        anomalies.update(with(70.0));
        assert_eq!(anomalies.count(), 1);
        assert!(
            anomalies.decide(Item::Filter, Decision::Deferred { until: Instant::from_secs(100) })
        );
        assert!(!anomalies.decide(Item::Encryption, Decision::Acknowledged));
        let result = evaluate(&Model::default(), &Assessments::NONE, &[]);
        let due = |anomalies: &Anomalies, second| {
            anomalies.iter(&result, Instant::from_secs(second)).filter(|a| a.is_due).count()
        };
        assert_eq!((due(&anomalies, 50), due(&anomalies, 100)), (0, 1));
        anomalies.update(with(65.0));
        assert_eq!(due(&anomalies, 50), 0, "no graver");
        anomalies.update(with(30.0));
        assert_eq!(due(&anomalies, 50), 1, "graver");
        anomalies.update(with(95.0));
        assert_eq!(anomalies.count(), 0);
        assert!(Severity::OutOfService.is_urgent(None) && !Severity::Degraded.is_urgent(None));
        assert!(Severity::Degraded.is_urgent(Some(13.0)));
        assert_eq!(Severity::Notice.raised(), Severity::Degraded);
        assert_eq!(Severity::OutOfService.raised(), Severity::OutOfService);
    }
}
