//! Rounding to decimals, by named mode.

use crate::quantity::Money;

/// Which way a value between two steps goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundingMode {
    /// To the nearest, halves away from zero (四舍五入).
    HalfUp,
    /// To the nearest, halves to the even neighbour.
    HalfEven,
    /// Towards zero.
    Truncate,
    /// Away from zero.
    AwayFromZero,
}

/// Rounding to decimals of the unit (money: of the currency unit; energy: of the kWh).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounding {
    /// Which way.
    pub mode: RoundingMode,
    /// Decimals kept, at most 6 (more are taken as 6).
    pub places: u8,
}

impl Rounding {
    /// Half-up to 0.01, the fen or cent.
    pub const FEN: Self = Self { mode: RoundingMode::HalfUp, places: 2 };
    /// Half-up to 0.0001, as in the transaction records of the YunKuaiChong family.
    pub const TEN_THOUSANDTH: Self = Self { mode: RoundingMode::HalfUp, places: 4 };

    /// The step as 10⁻⁶ of the unit.
    pub(crate) const fn step(self) -> i64 {
        let mut step = 1;
        let mut places = self.places;
        while places < 6 {
            step *= 10;
            places += 1;
        }
        step
    }

    /// Rounds an amount that is already in micro-units.
    #[must_use]
    pub fn round(self, amount: Money) -> Option<Money> {
        let steps = self.divide(i128::from(amount.raw()), i128::from(self.step()))?;
        i64::try_from(steps.checked_mul(i128::from(self.step()))?).ok().map(Money::from_raw)
    }

    /// `numerator / per_micro` micro-units, rounded to money; `None` beyond its range.
    pub(crate) fn to_money(self, numerator: i128, per_micro: i128) -> Option<Money> {
        let step = i128::from(self.step());
        let steps = self.divide(numerator, per_micro.checked_mul(step)?)?;
        i64::try_from(steps.checked_mul(step)?).ok().map(Money::from_raw)
    }

    /// `numerator / denominator` as a whole number of steps; `None` if the denominator is not positive.
    pub(crate) fn divide(self, numerator: i128, denominator: i128) -> Option<i128> {
        divide(self.mode, numerator, denominator)
    }
}

/// `numerator / denominator`, rounded to an integer; `None` if the denominator is not positive.
pub(crate) fn divide(mode: RoundingMode, numerator: i128, denominator: i128) -> Option<i128> {
    if denominator <= 0 {
        return None;
    }
    let quotient = numerator.checked_div(denominator)?;
    let remainder = numerator.checked_rem(denominator)?;
    let away = if numerator < 0 { -1 } else { 1 };
    // Twice the remainder against the denominator, without the overflow that doubling could bring.
    let magnitude = remainder.abs();
    let to_half = magnitude.cmp(&(denominator - magnitude));
    let outward = match mode {
        RoundingMode::Truncate => false,
        RoundingMode::AwayFromZero => remainder != 0,
        RoundingMode::HalfUp => to_half.is_ge(),
        RoundingMode::HalfEven => to_half.is_gt() || (to_half.is_eq() && quotient % 2 != 0),
    };
    Some(if outward { quotient + away } else { quotient })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_and_signs() {
        use RoundingMode::{AwayFromZero, HalfEven, HalfUp, Truncate};
        for (numerator, up, even, truncated, outward) in [
            (14, 1, 1, 1, 2),
            (15, 2, 2, 1, 2),
            (25, 3, 2, 2, 3),
            (26, 3, 3, 2, 3),
            (20, 2, 2, 2, 2),
            (-15, -2, -2, -1, -2),
            (-25, -3, -2, -2, -3),
            (-24, -2, -2, -2, -3),
            (0, 0, 0, 0, 0),
        ] {
            let by = |mode| divide(mode, numerator, 10);
            assert_eq!(by(HalfUp), Some(up), "{numerator}");
            assert_eq!(by(HalfEven), Some(even), "{numerator}");
            assert_eq!(by(Truncate), Some(truncated), "{numerator}");
            assert_eq!(by(AwayFromZero), Some(outward), "{numerator}");
        }
        assert_eq!(divide(HalfUp, 1, 0), None);
        assert_eq!(divide(HalfUp, i128::MIN, 1), Some(i128::MIN));
        assert_eq!(divide(HalfUp, i128::MAX, i128::MAX), Some(1));
    }
}
