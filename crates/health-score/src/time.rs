//! Monotonic time of the caller.

use core::time::Duration;

/// Milliseconds since an origin of the caller's choice, the same for all calls about one charger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Instant(u64);

const MILLIS_PER_DAY: f64 = 86_400_000.0;

impl Instant {
    /// The origin.
    pub const ZERO: Self = Self(0);

    /// From milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// From seconds.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// From days, rounded to the millisecond; `None` if negative, not a number, or over two million years.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked first"
    )]
    pub fn from_days_f64(days: f64) -> Option<Self> {
        (0.0..1e9).contains(&days).then_some(Self((days * MILLIS_PER_DAY + 0.5) as u64))
    }

    /// Milliseconds since the origin.
    #[must_use]
    pub const fn raw(self) -> u64 {
        self.0
    }

    /// Days since the origin.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "exact for 285,000 years")]
    pub fn to_days_f64(self) -> f64 {
        self.0 as f64 / MILLIS_PER_DAY
    }

    /// Time from `earlier` to this; zero if that is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}
