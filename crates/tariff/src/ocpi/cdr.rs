//! The charge detail record (OCPI `mod_cdrs`), as far as it is priced.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::exact::ExactMoney;
use crate::quantity::{MicroSeconds, MicroWattHours, MilliAmperes, MilliWatts};
use crate::time::Timestamp;

/// What a charging period states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dimensions {
    /// `ENERGY`; negative where the vehicle gave more than it took.
    pub energy: Option<MicroWattHours>,
    /// `TIME`: charging.
    pub time: Option<MicroSeconds>,
    /// `PARKING_TIME`: the vehicle asked for no power.
    pub parking: Option<MicroSeconds>,
    /// `RESERVATION_TIME`.
    pub reservation: Option<MicroSeconds>,
    /// `MIN_POWER`.
    pub min_power: Option<MilliWatts>,
    /// `MAX_POWER`.
    pub max_power: Option<MilliWatts>,
    /// `MIN_CURRENT`.
    pub min_current: Option<MilliAmperes>,
    /// `MAX_CURRENT`.
    pub max_current: Option<MilliAmperes>,
    /// There was a dimension that is not in OCPI's list.
    pub unknown: bool,
    /// A dimension was there twice; the volumes are added.
    pub repeated: bool,
}

/// A charging period: it ends where the next one begins, the last one with the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period<'a> {
    /// Its begin.
    pub start: Timestamp,
    /// Quantities.
    pub dimensions: Dimensions,
    /// The tariff it names (2.2.1 and later).
    pub tariff_id: Option<Cow<'a, str>>,
}

/// A cost as the record states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatedCost {
    /// Without tax.
    pub excl: Option<ExactMoney>,
    /// With tax.
    pub incl: Option<ExactMoney>,
}

/// The totals that a record states. Pricing ignores them; [`verify`](super::verify) compares them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatedTotals {
    /// `total_cost`.
    pub cost: Option<StatedCost>,
    /// `total_fixed_cost`.
    pub fixed: Option<StatedCost>,
    /// `total_energy_cost`.
    pub energy_cost: Option<StatedCost>,
    /// `total_time_cost`.
    pub time_cost: Option<StatedCost>,
    /// `total_parking_cost`.
    pub parking_cost: Option<StatedCost>,
    /// `total_reservation_cost`.
    pub reservation_cost: Option<StatedCost>,
    /// `total_energy`.
    pub energy: Option<MicroWattHours>,
    /// `total_time`.
    pub time: Option<MicroSeconds>,
    /// `total_parking_time`.
    pub parking: Option<MicroSeconds>,
}

/// A charge detail record. It borrows the text it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cdr<'a> {
    /// `start_date_time`.
    pub start: Timestamp,
    /// `end_date_time`, in 2.1.1 `stop_date_time`.
    pub end: Timestamp,
    /// ISO 4217 code.
    pub currency: Cow<'a, str>,
    /// Charging periods as they came.
    pub periods: Vec<Period<'a>>,
    /// It takes back another record: the total is negated.
    pub credit: bool,
    /// IANA name of the location's zone, if the record has it.
    pub time_zone: Option<Cow<'a, str>>,
    /// Tariffs inside the record.
    pub tariffs: Vec<super::Tariff>,
    /// What it states.
    pub stated: StatedTotals,
    /// The reservation ran out without a session. Not in OCPI: known from the reservation itself.
    pub reservation_expired: bool,
    /// Some number had more decimals than its quantity holds and was rounded.
    pub rounded_numbers: bool,
}
