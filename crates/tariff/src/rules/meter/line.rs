//! The straight line between two readings.

use super::MeterError;
use crate::quantity::{MicroWattHours, MilliWatts};
use crate::rounding::{RoundingMode, divide};
use crate::time::Timestamp;
use crate::tou::{MAX_GAP_MILLIS, interpolate_rounded};

/// Where the register is taken to be between two readings.
#[derive(Debug, Clone, Copy)]
pub(in crate::rules) struct Line {
    at: Timestamp,
    register: MicroWattHours,
    /// Milliseconds to the second reading.
    duration: i64,
    /// µWh to the second reading; negative where the register falls.
    growth: i64,
}

impl Line {
    /// From a reading to a later one.
    pub(in crate::rules) fn new(
        (at, register): (Timestamp, MicroWattHours),
        (end, last): (Timestamp, MicroWattHours),
    ) -> Result<Self, MeterError> {
        if end < at {
            return Err(MeterError::TimeWentBack { last: at, at: end });
        }
        let duration = end.unix_millis().saturating_sub(at.unix_millis());
        if duration > MAX_GAP_MILLIS {
            return Err(MeterError::GapTooLong { millis: duration });
        }
        let growth = last.raw().checked_sub(register.raw()).ok_or(MeterError::Overflow)?;
        Ok(Self { at, register, duration, growth })
    }

    pub(super) const fn end(&self) -> Timestamp {
        self.at.saturating_add_millis(self.duration)
    }

    pub(super) const fn last_register(&self) -> MicroWattHours {
        MicroWattHours::from_raw(self.register.raw().saturating_add(self.growth))
    }

    pub(super) const fn is_level(&self) -> bool {
        self.growth == 0
    }

    pub(super) const fn is_falling(&self) -> bool {
        self.growth < 0
    }

    /// Whether the line goes beyond a value of the register.
    pub(super) fn passes(&self, register: MicroWattHours) -> bool {
        if self.is_falling() {
            register > self.last_register()
        } else {
            register < self.last_register()
        }
    }

    /// The later, on this line, of two values of the register.
    pub(super) fn later(&self, a: MicroWattHours, b: MicroWattHours) -> MicroWattHours {
        if self.is_falling() { a.min(b) } else { a.max(b) }
    }

    /// Rounded half-up to a multiple of `cut`, and within the two readings.
    pub(in crate::rules) fn register_at(
        &self,
        at: Timestamp,
        cut: MicroWattHours,
    ) -> Option<MicroWattHours> {
        if self.duration == 0 {
            return Some(self.register);
        }
        let elapsed = at.unix_millis().checked_sub(self.at.unix_millis())?;
        let found = interpolate_rounded(self.register, self.growth, elapsed, self.duration, cut)?;
        Some(found.to_nearest())
    }

    /// When the register passes a value, half-up to a whole second; `None` if it stands still.
    pub(super) fn instant_of(&self, register: MicroWattHours) -> Option<Timestamp> {
        let growth = i128::from(self.growth);
        let gone = i128::from(register.raw()) - i128::from(self.register.raw());
        // Both have the sign of the growth.
        let millis = gone.checked_mul(self.duration.into())?.checked_mul(growth.signum())?;
        let growth = growth.abs();
        let exact = i128::from(self.at.unix_millis()).checked_mul(growth)?.checked_add(millis)?;
        let seconds = divide(RoundingMode::HalfUp, exact, growth.checked_mul(1_000)?)?;
        let at = Timestamp::from_unix_seconds(i64::try_from(seconds).ok()?);
        Some(at.max(self.at).min(self.end()))
    }

    /// Energy over time; `None` between two readings of one instant.
    pub(super) fn mean_power(&self) -> Option<MilliWatts> {
        // 1 µWh in 1 ms is 3.6 W.
        let power = i128::from(self.growth).checked_mul(3_600)?;
        let power = divide(RoundingMode::HalfUp, power, self.duration.into())?;
        i64::try_from(power).ok().map(MilliWatts::from_raw)
    }
}
