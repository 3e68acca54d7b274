//! What can go wrong while a session is priced.

use crate::quantity::MicroWattHours;
use crate::time::Timestamp;

/// Why a reading was not taken or a bill could not be made. The session is left as it was before the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The reading's time lies before that of the reading taken last.
    #[error("reading at {at} after one at {last}")]
    TimeWentBack {
        /// Time of the reading taken last.
        last: Timestamp,
        /// Time of the refused reading.
        at: Timestamp,
    },
    /// The register shows less than before: a swapped or reset meter, or a wrapped register.
    #[error("register fell from {last} to {register}")]
    RegisterFell {
        /// The register as taken last.
        last: MicroWattHours,
        /// The refused register.
        register: MicroWattHours,
    },
    /// Two readings lie further apart than [`crate::MAX_GAP_MILLIS`].
    #[error("{millis} ms between two readings")]
    GapTooLong {
        /// The distance.
        millis: i64,
    },
    /// The session touches more rates than [`crate::MAX_TOUCHED_RATES`].
    #[error("the session touches too many rates")]
    TooManyRates,
    /// An amount or energy beyond the range of its type.
    #[error("arithmetic overflow")]
    Overflow,
    /// The bill was asked for before any reading had come.
    #[error("no reading")]
    NoReading,
    /// The tariff passed in is not the one the session was begun with: it lacks a rate that the session has touched.
    #[error("the tariff has no rate {rate}")]
    UnknownRate {
        /// Index of the missing rate.
        rate: u8,
    },
}

const _: () = assert!(size_of::<Error>() <= 32);
