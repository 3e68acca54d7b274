//! `defmt`: what the crate shows through `Debug`, identifiers masked, on the target's log.

use crate::charging::{
    ComposeError, CompositePeriod, InstallError, Installed, Micro, Period, ProfileError, Summary,
};
use crate::endpoint::{
    Boot, EndpointError, Event, Incoming, Instant, MessageId, MessageKind, Outcome, SequenceError,
    Settled,
};
use crate::message::{
    Action, DateTime, DecodeError, Deviation, DeviationKind, EncodeError, ErrorCode, Frame,
    Identifier, Number, ObjectView, Reason, Text, Timestamp, Value, Version,
};
use crate::stores::{Decision, ListError, OcmfError, PartOutcome, Status};

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
    Version, DecodeError, Reason, Deviation, DeviationKind, EncodeError, ErrorCode, Action, Frame<'_>,
    ObjectView<'_>, Value<'_>, Text<'_>, Identifier<'_>, Number<'_>, DateTime<'_>, Timestamp, Instant, MessageId,
    Boot, EndpointError, Event, Incoming<'_>, MessageKind, Outcome, Settled, SequenceError, ComposeError,
    CompositePeriod, Summary, InstallError, Installed, Micro, Period, ProfileError, Decision, ListError, OcmfError,
    PartOutcome, Status,
}
