//! What a contract says about rounding and about energy between two readings. Nothing here has a hidden default: OCPI does
//! not define the rounding of money, and the Chinese interfaces contradict each other.

use crate::quantity::{MicroWattHours, Money};

/// How the register is read at a price change that lies between two readings. Energy is taken as spread evenly over the
/// time between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Exactly: the share of each band is a fraction, and money is rounded only where [`Policy`] says so. Where readings
    /// at odd milliseconds surround several price changes the fractions may have no common denominator up to 2⁴⁰; then a
    /// share is rounded to less than a millionth of a µWh, and [`Remarks::FINELY_ROUNDED`](crate::Remarks) says so.
    Exact,
    /// The interpolated **cumulative** register is rounded half-up to a multiple of this, so the shares add up to the
    /// energy metered. 0.1 Wh in the YunKuaiChong family. Zero or negative means 1 µWh.
    Register(MicroWattHours),
}

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

    const fn kept_places(self) -> u8 {
        if self.places > 6 { 6 } else { self.places }
    }

    /// The step as 10⁻⁶ of the unit.
    pub(crate) const fn step(self) -> i64 {
        let mut step = 1;
        let mut places = self.kept_places();
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

/// Which figures are rounded when electricity and service fee are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fees {
    /// Each of the two fees on its own; the total is their sum.
    Separately,
    /// The sum of both and the electricity fee; the service fee is the difference.
    Together,
}

/// A rounding of money and what it is applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeRounding {
    /// The rounding.
    pub rounding: Rounding,
    /// The figures it is applied to.
    pub fees: Fees,
}

/// The arithmetic of a contract.
///
/// Order of work, once, when the bill is made: energy of each rate → loss factor → `energy` → price → `rates` → sum →
/// `total`. A step that is `None` leaves the exact value for the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Energy between two readings.
    pub cut: Cut,
    /// Loss added to the metered energy (计损), in 10⁻⁴; 0 for none.
    pub loss_bp: u16,
    /// Rounding of the billed energy of each rate, in kWh decimals.
    pub energy: Option<Rounding>,
    /// Rounding of the amounts of each rate.
    pub rates: Option<FeeRounding>,
    /// Rounding of the session's amounts.
    pub total: FeeRounding,
}

impl Policy {
    /// Exact shares, exact sums, and one rounding of each fee to the fen at the end.
    pub const ROUND_ONCE: Self = Self {
        cut: Cut::Exact,
        loss_bp: 0,
        energy: None,
        rates: None,
        total: FeeRounding { rounding: Rounding::FEN, fees: Fees::Separately },
    };

    /// The transaction record of the YunKuaiChong family: register cut at 0.1 Wh, billed energy and amounts per rate at
    /// four decimals, the sum settled to the fen. `loss_bp` is the platform's to set. Public implementations disagree on
    /// the loss (see the README); this is energy × (1 + loss), rounded before it is priced.
    pub const YKC: Self = Self {
        cut: Cut::Register(MicroWattHours::from_raw(100_000)),
        loss_bp: 0,
        energy: Some(Rounding::TEN_THOUSANDTH),
        rates: Some(FeeRounding { rounding: Rounding::TEN_THOUSANDTH, fees: Fees::Together }),
        total: FeeRounding { rounding: Rounding::FEN, fees: Fees::Together },
    };
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
