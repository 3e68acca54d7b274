//! The compiled tariff: what OCPI and OCPP tariffs both become, and what the engine prices from.
//!
//! A tariff is a list of *rules* (OCPI: tariff elements; OCPP: the prices of each dimension's list), each with conditions and
//! prices. For every dimension on its own, the first rule whose conditions hold now and that has a price for the dimension
//! wins. Compiling turns each kind of condition into an axis: sorted cuts, and for every stretch between two cuts the set of
//! rules that hold there. Which prices hold at a moment is then one look-up per axis and the intersection of the sets; the next
//! moment at which prices can change is the least of the next cuts.

mod axis;
mod batch;
mod clock;
mod compile;
mod cost;
mod meter;
mod sums;
mod versions;

pub(crate) use axis::{AXES, AxisKind, Rows, UNKNOWN_ROWS};
pub use batch::{BatchCost, BatchError, SessionColumns, price_batch};
pub(crate) use clock::LocalClock;
pub use compile::{CompileError, CompiledTariff, Winners};
pub(crate) use compile::{weekdays, window};
pub(crate) use cost::raw_amount;
pub use cost::{Cost, Limit, Limits, Totals};
pub use meter::{
    Activity, ActivityChange, CutPoint, Meter, MeterError, MeterPiece, MeterPolicy, MeterReading,
    Outlook, RegisterKind,
};
pub(crate) use sums::{SumError, Sums};
pub use versions::{TariffVersion, VersionError, VersionPolicy, VersionedMeter};

pub use crate::tax::{Tax, TaxRate};

use crate::quantity::{MicroWattHours, MilliAmperes, MilliWatts, Price};
use crate::time::{Date, MinuteOfDay, Weekdays};

/// What a price is for. The first four are OCPI's `TariffDimensionType`; the others come from elements restricted to
/// reservations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Charge {
    /// Energy, per kWh; step unit 1 Wh.
    #[doc(alias = "ENERGY")]
    Energy,
    /// Charging time, per hour; step unit 1 s. OCPP: `chargingTime`.
    #[doc(alias = "TIME")]
    Time,
    /// Time in which the vehicle asks for no power, per hour; step unit 1 s. OCPP: `idleTime`.
    #[doc(alias = "PARKING_TIME")]
    Parking,
    /// Reserved time, per hour.
    ReservationTime,
    /// Fee per session.
    #[doc(alias = "FLAT")]
    Flat,
    /// Fee per reservation.
    ReservationFlat,
    /// Reserved time of a reservation that ran out unused, per hour.
    ExpiredTime,
    /// Fee of a reservation that ran out unused.
    ExpiredFlat,
}

impl Charge {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Energy,
        Self::Time,
        Self::Parking,
        Self::ReservationTime,
        Self::Flat,
        Self::ReservationFlat,
        Self::ExpiredTime,
        Self::ExpiredFlat,
    ];

    pub(crate) const fn index(self) -> usize {
        self as usize
    }

    /// It prices a quantity: energy or a time. The others are fees that fall due once.
    #[must_use]
    pub const fn is_metered(self) -> bool {
        matches!(
            self,
            Self::Energy | Self::Time | Self::Parking | Self::ReservationTime | Self::ExpiredTime
        )
    }
}

/// A range of a growing or measured quantity: `min` is in it, `max` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range<T> {
    /// Least value that is meant.
    pub min: Option<T>,
    /// First value that is no longer meant.
    pub max: Option<T>,
}

impl<T> Default for Range<T> {
    fn default() -> Self {
        Self { min: None, max: None }
    }
}

/// Conditions of a rule; all of them must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conditions {
    /// First minute of the local day. With `end` before it the window runs over midnight.
    pub start: Option<MinuteOfDay>,
    /// First minute of the local day that is no longer meant; 0 is the end of the day.
    pub end: Option<MinuteOfDay>,
    /// Local weekdays of the moment itself, also in a window over midnight.
    pub weekdays: Weekdays,
    /// Local dates: the first one meant, the first one no longer meant.
    pub dates: Range<Date>,
    /// Energy since the session began.
    pub energy: Range<MicroWattHours>,
    /// Milliseconds since the session began, by elapsed time and not by the wall clock.
    pub elapsed: Range<i64>,
    /// Milliseconds of charging (OCPP only).
    pub charging: Range<i64>,
    /// Milliseconds without demand (OCPP only).
    pub idle: Range<i64>,
    /// Power now.
    pub power: Range<MilliWatts>,
    /// Current now, sum over the phases.
    pub current: Range<MilliAmperes>,
}

impl Default for Conditions {
    fn default() -> Self {
        Self {
            start: None,
            end: None,
            weekdays: Weekdays::all(),
            dates: Range::default(),
            energy: Range::default(),
            elapsed: Range::default(),
            charging: Range::default(),
            idle: Range::default(),
            power: Range::default(),
            current: Range::default(),
        }
    }
}

impl Conditions {
    /// `start` and `end` are the same minute and not midnight: OCPI does not say what that means. Here such a window never holds.
    #[must_use]
    pub fn is_undefined_window(&self) -> bool {
        self.start.is_some() && self.start == self.end && self.start != Some(0)
    }
}

/// A price and what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Component {
    /// What it prices.
    pub charge: Charge,
    /// Per kWh, hour or piece.
    pub price: Price,
    /// The tax on it.
    pub tax: Tax,
    /// Step size: Wh or seconds; 0 for none.
    pub step: u32,
    /// Position of its rule (OCPI: of the tariff element).
    pub rule: u16,
    /// Its position in that rule.
    pub position: u16,
}

/// A rule as it goes into [`CompiledTariff::new`].
#[derive(Debug, Clone, Copy)]
pub struct Rule<'a> {
    /// When it holds.
    pub conditions: Conditions,
    /// Its prices. Of two for the same charge the first counts.
    pub components: &'a [Component],
}
