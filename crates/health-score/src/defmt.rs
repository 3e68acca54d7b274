//! `defmt`: what `Debug` shows, on the target's log. No value of this crate holds an identifier.

use crate::defence::{Action, Alarm, Check, PackLimits, Sample};
use crate::degradation::{
    ChargerData, Event, MonitorError, Outlook, SessionRecord, Signal, Witness,
};
use crate::fault::{Party, Remote, Skill};
use crate::weighting::WeightError;
use crate::{
    Anomaly, Assessment, Category, CurveError, Decision, Evaluation, Grade, Instant, Item,
    ParameterError, Quality, Reason, Scan, Severity, SnapshotError, Stage, Taken, Veto,
};

macro_rules! as_debug {
    ($($name:ty),* $(,)?) => { $(
        impl defmt::Format for $name {
            fn format(&self, f: defmt::Formatter<'_>) {
                defmt::write!(f, "{}", defmt::Debug2Format(self));
            }
        }
    )* };
}

as_debug! {
    Instant, Item, Category, Quality, Taken, Reason, Scan, Stage, Grade, Severity, Decision, Anomaly, Assessment, Evaluation,
    Veto, CurveError, ParameterError, SnapshotError, WeightError, Signal, Event, Outlook, MonitorError, SessionRecord,
    ChargerData, Witness, Check, Action, Alarm, Sample, PackLimits, Party, Remote, Skill,
}
