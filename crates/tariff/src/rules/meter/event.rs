//! What goes into a meter and what it tells.

use super::super::sums::SumError;
use super::super::{Charge, Winners};
use crate::quantity::{MicroWattHours, MilliAmperes, MilliWatts};
use crate::time::Timestamp;

/// What the session is doing. Throttling by the station while the vehicle still wants power is charging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Activity {
    /// Charging: OCPI `TIME`, OCPP `chargingTime`.
    #[default]
    Charging,
    /// The vehicle asks for no power: OCPI `PARKING_TIME`, OCPP `idleTime`.
    Idle,
    /// The place is reserved and the session has not begun.
    Reserved,
}

impl Activity {
    /// What its time is priced as.
    #[must_use]
    pub const fn charge(self) -> Charge {
        match self {
            Self::Charging => Charge::Time,
            Self::Idle => Charge::Parking,
            Self::Reserved => Charge::ReservationTime,
        }
    }
}

/// An activity and the instant from which on the session has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityChange {
    /// From when on.
    pub at: Timestamp,
    /// What the session then does.
    pub activity: Activity,
}

/// What the register counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RegisterKind {
    /// Energy taken. It never falls; a reading below the one before is refused.
    #[default]
    Import,
    /// Energy taken less energy given, as a net contract for vehicle-to-grid bills it. It falls while the vehicle gives, and that energy
    /// is negative, at the price that holds then; conditions on energy are on the net energy since the begin of the session.
    Net,
}

/// Where a session may be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CutPoint {
    /// At every change of price; the register there is interpolated between the two readings around it.
    #[default]
    PriceChange,
    /// At readings only, where a contract or a calibration regime forbids to bill on interpolated values. What lies between two readings
    /// is priced as it began; [`MeterPiece::over_change`] marks where that matters.
    Reading,
}

/// What a contract says of metering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeterPolicy {
    /// The cumulative register at a cut between two readings is rounded half-up to a multiple of this.
    pub cut: MicroWattHours,
    /// Where the session may be cut.
    pub cut_at: CutPoint,
    /// What the register counts.
    pub register: RegisterKind,
    /// Step sizes apply to the bill.
    pub step_sizes: bool,
}

impl Default for MeterPolicy {
    /// An import register, cut wherever a price changes, at whole Wh; step sizes apply.
    fn default() -> Self {
        Self {
            cut: MicroWattHours::from_raw(1_000_000),
            cut_at: CutPoint::PriceChange,
            register: RegisterKind::Import,
            step_sizes: true,
        }
    }
}

/// A register reading, with what was measured since the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeterReading {
    /// When.
    pub at: Timestamp,
    /// Energy register; see [`RegisterKind`].
    pub register: MicroWattHours,
    /// Power since the reading before; if it is not known, the mean that the registers give.
    pub power: Option<MilliWatts>,
    /// Current since the reading before; if it is not known, restrictions on current hold.
    pub current: Option<MilliAmperes>,
    /// The caller's number of the reading, for bills that name the signed values they rest on (the pagination of an OCMF record, the
    /// position in OCPI's `signed_data`). The meter only passes it on.
    pub number: u32,
}

impl MeterReading {
    /// A reading of the register alone, number 0.
    #[must_use]
    pub const fn new(at: Timestamp, register: MicroWattHours) -> Self {
        Self { at, register, power: None, current: None, number: 0 }
    }
}

/// A stretch in which one set of prices held: a charging period of one's own record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeterPiece {
    /// Its begin.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
    /// Register at its begin.
    pub register_from: MicroWattHours,
    /// Register at its end.
    pub register_to: MicroWattHours,
    /// The numbers of the two readings it lies between; both are the last one's after the last reading.
    pub readings: [u32; 2],
    /// The register at its end lies between two readings and was interpolated.
    pub interpolated: bool,
    /// Prices may change within it, and it was not cut there ([`CutPoint::Reading`]).
    pub over_change: bool,
    /// What the session was doing.
    pub activity: Activity,
    /// Component of the energy.
    pub energy: Option<u16>,
    /// Component of the time.
    pub time: Option<u16>,
}

/// Why an event was not taken, or no cost could be told. The meter is left as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MeterError {
    /// The event lies before the reading taken last, or before a change that already waits.
    #[error("event at {at} after one at {last}")]
    TimeWentBack {
        /// Time of the event before.
        last: Timestamp,
        /// Time of the refused event.
        at: Timestamp,
    },
    /// The register shows less than before, and it is one that never falls.
    #[error("register fell from {last} to {register}")]
    RegisterFell {
        /// The register as taken last.
        last: MicroWattHours,
        /// The refused register.
        register: MicroWattHours,
    },
    /// Two readings lie further apart than 31 days.
    #[error("{millis} ms between two readings")]
    GapTooLong {
        /// The distance.
        millis: i64,
    },
    /// More changes of activity wait for a reading than the meter keeps: read the register at a change, or hand over any number
    /// of them with the reading ([`Meter::handle_interval`](super::Meter::handle_interval)).
    #[error("more than 12 changes of activity wait for a reading")]
    TooManyChanges,
    /// More than eight different pairs of dimension and tax.
    #[error("more than eight different pairs of dimension and tax")]
    TooManyTaxes,
    /// The session is over.
    #[error("the session has ended")]
    Ended,
    /// No reading has come yet.
    #[error("no reading")]
    NoReading,
    /// Beyond the range of money, energy or time.
    #[error("arithmetic overflow")]
    Overflow,
}

const _: () = assert!(size_of::<MeterError>() <= 32);

impl From<SumError> for MeterError {
    fn from(error: SumError) -> Self {
        match error {
            SumError::TooManyTaxes => Self::TooManyTaxes,
            SumError::Overflow => Self::Overflow,
        }
    }
}

/// What the display says of prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// The prices that hold now, by component.
    pub prices: Winners,
    /// The next instant at which other prices hold, if the session goes on as it does; `None` if none is near.
    pub next_change: Option<Timestamp>,
    /// Energy since the start at which other prices may hold.
    pub next_energy: Option<MicroWattHours>,
}
