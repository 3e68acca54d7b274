//! Exact shares of energy: whole µWh and a fraction, kept over one common denominator.

use super::session::Reading;
use crate::error::Error;
use crate::quantity::MicroWattHours;
use crate::rounding::{RoundingMode, divide};
use crate::time::Timestamp;

/// Energy, or a register, as whole µWh and an exact fraction of one: what linear interpolation between two readings gives.
#[derive(Debug, Clone, Copy)]
pub struct ExactEnergy {
    whole: i64,
    numerator: u64,
    denominator: u64,
}

/// Equal values are equal, over whatever denominator.
impl PartialEq for ExactEnergy {
    fn eq(&self, other: &Self) -> bool {
        let ours = u128::from(self.numerator) * u128::from(other.denominator);
        let theirs = u128::from(other.numerator) * u128::from(self.denominator);
        self.whole == other.whole && ours == theirs
    }
}

impl Eq for ExactEnergy {}

impl ExactEnergy {
    /// Nothing.
    pub const ZERO: Self = Self::from_whole(MicroWattHours::ZERO);

    /// Energy without a fraction.
    #[must_use]
    pub const fn from_whole(energy: MicroWattHours) -> Self {
        Self { whole: energy.raw(), numerator: 0, denominator: 1 }
    }

    /// `whole + numerator / denominator`, reduced. `None` if the whole part does not fit or `denominator` is not positive.
    pub(crate) fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator <= 0 {
            return None;
        }
        let whole = i64::try_from(numerator.checked_div_euclid(denominator)?).ok()?;
        let rest = u128::try_from(numerator.checked_rem_euclid(denominator)?).ok()?;
        let denominator = u128::try_from(denominator).ok()?;
        let common = gcd(rest, denominator).max(1);
        Some(Self {
            whole,
            numerator: u64::try_from(rest / common).ok()?,
            denominator: u64::try_from(denominator / common).ok()?,
        })
    }

    /// The value as a fraction of µWh: numerator and (positive) denominator.
    #[must_use]
    pub const fn to_fraction(self) -> (i128, u64) {
        // 63 and 64 bits multiply into 127.
        let whole = self.whole as i128 * self.denominator as i128;
        (whole + self.numerator as i128, self.denominator)
    }

    /// Rounded down to a multiple of `1 / denominator` µWh.
    pub(crate) fn floor_over(self, denominator: u64) -> Self {
        // Below the new denominator, as the fraction is below one.
        let scaled = u128::from(self.numerator) * u128::from(denominator);
        let numerator = u64::try_from(scaled.checked_div(self.denominator.into()).unwrap_or(0));
        Self { whole: self.whole, numerator: numerator.unwrap_or(0), denominator }
    }

    /// The difference of two values over the same denominator, the first not the smaller.
    pub(crate) fn minus(self, other: Self) -> Option<Self> {
        let (minuend, denominator) = self.to_fraction();
        let (subtrahend, _) = other.to_fraction();
        Self::new(minuend.checked_sub(subtrahend)?, denominator.into())
    }

    /// Rounded to the nearest µWh, halves upwards.
    #[must_use]
    pub fn to_nearest(self) -> MicroWattHours {
        let up = self.numerator >= self.denominator - self.numerator;
        MicroWattHours::from_raw(self.whole.saturating_add(i64::from(up)))
    }
}

/// The register between two readings that lie `elapsed` of `duration` apart, where it grew by `growth` from `register`.
pub(crate) fn interpolate_exact(
    register: MicroWattHours,
    growth: i64,
    elapsed: i64,
    duration: i64,
) -> Option<ExactEnergy> {
    let numerator = i128::from(growth).checked_mul(elapsed.into())?;
    let share = ExactEnergy::new(numerator, duration.into())?;
    Some(ExactEnergy { whole: register.raw().checked_add(share.whole)?, ..share })
}

/// The same, rounded half-up to a multiple of `step` and kept between the two readings.
pub(crate) fn interpolate_rounded(
    register: MicroWattHours,
    growth: i64,
    elapsed: i64,
    duration: i64,
    step: MicroWattHours,
) -> Option<ExactEnergy> {
    let step = i128::from(step.raw().max(1));
    let duration = i128::from(duration);
    let numerator = i128::from(register.raw())
        .checked_mul(duration)?
        .checked_add(i128::from(growth).checked_mul(elapsed.into())?)?;
    let steps = divide(RoundingMode::HalfUp, numerator, duration.checked_mul(step)?)?;
    let first = i128::from(register.raw());
    let last = first + i128::from(growth);
    let rounded = steps.checked_mul(step)?.clamp(first.min(last), first.max(last));
    Some(ExactEnergy::from_whole(MicroWattHours::from_raw(i64::try_from(rounded).ok()?)))
}

/// The register at an instant between two readings, interpolated and rounded half-up to a multiple of `step`, within the two
/// readings. `None` if the instant or the register does not lie between them.
#[must_use]
pub fn register_at(
    before: Reading,
    after: Reading,
    at: Timestamp,
    step: MicroWattHours,
) -> Option<MicroWattHours> {
    if at == before.at {
        return Some(before.register);
    }
    let elapsed = at.unix_millis().checked_sub(before.at.unix_millis())?;
    let duration = after.at.unix_millis().checked_sub(before.at.unix_millis())?;
    let growth = after.register.raw().checked_sub(before.register.raw())?;
    if elapsed < 0 || elapsed > duration || growth < 0 {
        return None;
    }
    let found = interpolate_rounded(before.register, growth, elapsed, duration, step)?;
    Some(found.to_nearest())
}

/// A share whose denominator is kept beside it, in common with other shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Share {
    pub(crate) whole: i64,
    pub(crate) numerator: u64,
}

impl Share {
    pub(crate) const fn over(self, denominator: u64) -> ExactEnergy {
        ExactEnergy { whole: self.whole, numerator: self.numerator, denominator }
    }
}

/// Why energy was not added to a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAdded {
    /// There is no share with that index.
    NoShare,
    /// The share would pass the range of energy.
    Overflow,
    /// The common denominator would pass [`MAX_DENOMINATOR`].
    DenominatorTooLarge,
}

impl From<NotAdded> for Error {
    fn from(why: NotAdded) -> Self {
        match why {
            NotAdded::NoShare => Self::TooManyRates,
            // A denominator that is too large is dealt with by the session and never comes here.
            NotAdded::Overflow | NotAdded::DenominatorTooLarge => Self::Overflow,
        }
    }
}

/// Largest common denominator of a session's shares, a millionth of a millionth of a µWh: what is left of 128 bits then
/// holds the price, the loss factor and a million kWh.
pub(crate) const MAX_DENOMINATOR: u64 = 1 << 40;

/// Adds `energy` to the share at `index`; brings all shares to a new common denominator if the old one does not do.
///
/// # Errors
/// [`NotAdded`]; then nothing was added.
pub(crate) fn add_to_share(
    shares: &mut [Share],
    denominator: &mut u64,
    index: usize,
    energy: ExactEnergy,
) -> Result<(), NotAdded> {
    let mut numerator = u128::from(energy.numerator);
    if numerator != 0 && energy.denominator != *denominator {
        let common = gcd(u128::from(*denominator), u128::from(energy.denominator)).max(1);
        let factor = u64::try_from(u128::from(energy.denominator) / common)
            .map_err(|_| NotAdded::DenominatorTooLarge)?;
        let wider = denominator
            .checked_mul(factor)
            .filter(|wider| *wider <= MAX_DENOMINATOR)
            .ok_or(NotAdded::DenominatorTooLarge)?;
        for share in shares.iter_mut() {
            // Below the denominator before, so below the wider one after.
            share.numerator *= factor;
        }
        *denominator = wider;
        numerator *= u128::from(wider / energy.denominator.max(1));
    }
    let share = shares.get_mut(index).ok_or(NotAdded::NoShare)?;
    let sum = u128::from(share.numerator) + numerator;
    let carried = sum >= u128::from(*denominator);
    let sum = if carried { sum - u128::from(*denominator) } else { sum };
    let whole = share.whole.checked_add(energy.whole).and_then(|w| w.checked_add(carried.into()));
    *share = Share {
        whole: whole.ok_or(NotAdded::Overflow)?,
        numerator: u64::try_from(sum).map_err(|_| NotAdded::DenominatorTooLarge)?,
    };
    Ok(())
}

const fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Shares of several intervals, each cut at any instant, add up to the energy metered, to the last µWh.
        #[test]
        fn shares_add_up(parts in prop::collection::vec((0i64..1_000_000_000, 1i64..10_000, 0i64..1_000), 1..4)) {
            let mut shares = [Share::default(); 2];
            let mut denominator = 1;
            let mut total = 0;
            for (growth, duration, permille) in parts {
                let elapsed = duration * permille / 1_000;
                let numerator = i128::from(growth) * i128::from(elapsed);
                let first = ExactEnergy::new(numerator, duration.into()).unwrap();
                let rest = i128::from(growth) * i128::from(duration - elapsed);
                let second = ExactEnergy::new(rest, duration.into()).unwrap();
                add_to_share(&mut shares, &mut denominator, 0, first).unwrap();
                add_to_share(&mut shares, &mut denominator, 1, second).unwrap();
                total += growth;
            }
            let [a, b] = shares;
            let fraction = u128::from(a.numerator) + u128::from(b.numerator);
            prop_assert!(fraction == 0 || fraction == u128::from(denominator));
            prop_assert_eq!(a.whole + b.whole + i64::from(fraction != 0), total);
        }
    }

    #[test]
    fn equal_values_are_equal_over_any_denominator() {
        let half = |denominator| ExactEnergy { whole: 2, numerator: denominator / 2, denominator };
        assert_eq!(half(2), half(1 << 40));
        assert_ne!(half(2), ExactEnergy::new(7, 3).unwrap());
        assert_eq!(
            ExactEnergy::new(7, 3).unwrap().floor_over(10),
            ExactEnergy::new(23, 10).unwrap()
        );
    }

    #[test]
    fn a_rounded_register_stays_between_its_readings() {
        let wh = |n| MicroWattHours::from_wh(n).unwrap();
        let at = |register, growth| {
            interpolate_rounded(MicroWattHours::from_raw(register), growth, 1, 2, wh(1))
                .unwrap()
                .to_nearest()
                .raw()
        };
        assert_eq!(at(400_000, 200_000), 600_000, "0.5 Wh would round to 1 Wh, beyond the reading");
        assert_eq!(at(1_400_000, 200_000), 1_600_000);
        assert_eq!(at(600_000, 200_000), 800_000, "0.7 Wh would round to 1 Wh");
        assert_eq!(at(1_000_000, 3_000_000), 3_000_000, "2.5 Wh, half up");
    }
}
