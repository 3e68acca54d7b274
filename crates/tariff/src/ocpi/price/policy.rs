//! What OCPI leaves open when a record is priced.

use crate::quantity::MicroSeconds;

/// What a restriction on power or current means where the period states none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissingQuantity {
    /// It holds, with the warning [`Warnings::MISSING_QUANTITY`](crate::ocpi::Warnings::MISSING_QUANTITY).
    #[default]
    Satisfies,
    /// It does not hold.
    Fails,
}

/// Whether reservations in the record were used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReservationOutcome {
    /// As [`Cdr::reservation_expired`](crate::ocpi::Cdr::reservation_expired) says.
    #[default]
    AsRecorded,
    /// All ran out.
    Expired,
}

/// What OCPI leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// A restriction whose quantity the period does not state.
    pub missing_quantity: MissingQuantity,
    /// Step sizes are applied (OCPI 3 has none).
    pub step_sizes: bool,
    /// A stated time that differs from the length of its period by at most this is taken to be that length: times are written in
    /// hours with four decimals. 0.18 s, half of 0.0001 h.
    pub snap: MicroSeconds,
    /// A window that begins and ends at the same minute is an error instead of one that never holds.
    pub strict_windows: bool,
    /// Whether reservations were used.
    pub reservations: ReservationOutcome,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            missing_quantity: MissingQuantity::default(),
            step_sizes: true,
            snap: MicroSeconds::from_raw(180_000),
            strict_windows: false,
            reservations: ReservationOutcome::default(),
        }
    }
}

impl Policy {
    /// A volume of time that is the length of its period but for the rounding of its text becomes that length.
    #[inline]
    pub(super) const fn snapped(&self, volume: i64, length: i64) -> i64 {
        let close = volume.abs_diff(length) <= self.snap.raw().unsigned_abs();
        if volume != 0 && close { length } else { volume }
    }
}
