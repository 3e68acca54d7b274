//! Money before it is rounded.
//!
//! Every amount that OCPI and OCPP tariffs make is a whole number of one very small unit, so that sums over any number of
//! lines are exact and nothing is divided before the end.

use core::fmt;

use crate::quantity::{MicroWattHours, Money, Price};
use crate::rounding::{Rounding, RoundingMode, divide};

/// An exact amount of money; positive is payable by the driver.
///
/// Unit 1 / (18 × 10²⁷) of the currency unit · range ±9.4 × 10⁹ currency units. The unit divides what all dimensions give: price
/// (10⁻⁹) × energy (µWh) is a multiple of 10⁻¹⁸, price × time (µs) of 1 / (3.6 × 10¹⁸), and a tax rate (10⁻⁹) on top of them goes
/// into it without a rest. The one figure that is not exact is the net part of a gross price: it is a quotient, rounded
/// half away from zero to this unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ExactMoney(i128);

/// Decimals that `Display` shows at most.
const SHOWN: usize = 12;

impl ExactMoney {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// Units in one currency unit.
    pub const UNITS: i128 = 18 * 10i128.pow(27);

    /// From a count of units.
    #[must_use]
    pub const fn from_raw(raw: i128) -> Self {
        Self(raw)
    }

    /// The count of units.
    #[must_use]
    pub const fn raw(self) -> i128 {
        self.0
    }

    /// From money at 10⁻⁶; `None` beyond the range.
    #[must_use]
    pub fn from_money(money: Money) -> Option<Self> {
        i128::from(money.raw()).checked_mul(Self::UNITS / 1_000_000).map(Self)
    }

    /// The sum, or `None` beyond the range.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }

    /// The difference, or `None` beyond the range.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Self(difference)),
            None => None,
        }
    }

    /// The amount with the other sign; `None` for the least one.
    #[must_use]
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(negated) => Some(Self(negated)),
            None => None,
        }
    }

    /// Rounded to money; `None` beyond its range.
    #[must_use]
    pub fn round(self, rounding: Rounding) -> Option<Money> {
        let micro = Self::UNITS / 1_000_000;
        let step = i128::from(rounding.step());
        let steps = rounding.divide(self.0, micro.checked_mul(step)?)?;
        i64::try_from(steps.checked_mul(step)?).ok().map(Money::from_raw)
    }

    /// `self * numerator / denominator`, half away from zero; `None` if that does not fit or is not defined.
    #[must_use]
    pub fn scale(self, numerator: i128, denominator: i128) -> Option<Self> {
        let (numerator, denominator) = if denominator < 0 {
            (numerator.checked_neg()?, denominator.checked_neg()?)
        } else {
            (numerator, denominator)
        };
        if let Some(product) = self.0.checked_mul(numerator) {
            return divide(RoundingMode::HalfUp, product, denominator).map(Self);
        }
        let magnitude = i128::try_from(multiply_divide(
            self.0.unsigned_abs(),
            numerator.unsigned_abs(),
            denominator.unsigned_abs(),
        )?);
        let negative = (self.0 < 0) != (numerator < 0);
        magnitude.ok().map(|magnitude| Self(if negative { -magnitude } else { magnitude }))
    }
}

/// Energy at a price per kWh, exactly; `None` beyond the range.
#[must_use]
pub fn energy_cost(energy: MicroWattHours, price: Price) -> Option<ExactMoney> {
    // 10⁻¹⁸ of the currency unit.
    let raw = i128::from(energy.raw()) * i128::from(price.raw());
    raw.checked_mul(ExactMoney::UNITS / 1_000_000_000_000_000_000).map(ExactMoney)
}

/// `a * b / d`, half up, where the product may have 256 bits: one bit of `b` at a time.
fn multiply_divide(a: u128, b: u128, d: u128) -> Option<u128> {
    let (quotient_of_a, rest_of_a) = (a.checked_div(d)?, a.checked_rem(d)?);
    let (mut quotient, mut rest) = (0u128, 0u128);
    // `rest` stays below `d`, and `d` below 2¹²⁷, so a sum of two rests fits.
    let carry = |rest: u128| if rest >= d { (1, rest - d) } else { (0, rest) };
    for bit in (0..u128::BITS - b.leading_zeros()).rev() {
        let (carried, doubled) = carry(rest.checked_mul(2)?);
        quotient = quotient.checked_mul(2)?.checked_add(carried)?;
        rest = doubled;
        if b >> bit & 1 == 1 {
            let (carried, sum) = carry(rest.checked_add(rest_of_a)?);
            quotient = quotient.checked_add(quotient_of_a)?.checked_add(carried)?;
            rest = sum;
        }
    }
    quotient.checked_add(u128::from(rest >= d - rest))
}

/// Prints the exact decimal (`13.6653333333`), at most twelve decimals, half away from zero where it goes on; a precision
/// asks for that many decimals instead.
impl fmt::Display for ExactMoney {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = f.precision().unwrap_or(SHOWN).min(SHOWN);
        let scale = 10i128.pow(u32::try_from(places).unwrap_or(0));
        let value = divide(RoundingMode::HalfUp, self.0, Self::UNITS / scale).unwrap_or(0);
        let magnitude = value.unsigned_abs();
        let unit = scale.unsigned_abs();
        let (whole, mut fraction) = (magnitude / unit, magnitude % unit);
        let mut shown = places;
        while f.precision().is_none() && shown > 0 && fraction % 10 == 0 {
            fraction /= 10;
            shown -= 1;
        }
        let sign = if value < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}")?;
        if shown > 0 { write!(f, ".{fraction:0shown$}") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn amounts_print_as_exact_decimals() {
        let money = |micro| ExactMoney::from_money(Money::from_raw(micro)).unwrap();
        assert_eq!(money(12_500_000).to_string(), "12.5");
        assert_eq!(money(-50_000).to_string(), "-0.05");
        assert_eq!(money(0).to_string(), "0");
        let third = ExactMoney::from_raw(ExactMoney::UNITS / 3);
        assert_eq!(third.to_string(), "0.333333333333");
        assert_eq!(format!("{third:.4}"), "0.3333");
        assert_eq!(format!("{:.2}", money(-5_000)), "-0.01", "half away from zero");
    }

    #[test]
    fn rounding_is_by_the_named_mode() {
        let amount = ExactMoney::from_money(Money::from_raw(31_250)).unwrap();
        let by = |mode| amount.round(Rounding { mode, places: 4 }).unwrap().raw();
        assert_eq!(by(RoundingMode::HalfUp), 31_300);
        assert_eq!(by(RoundingMode::HalfEven), 31_200);
        assert_eq!(by(RoundingMode::Truncate), 31_200);
    }

    #[test]
    fn large_amounts_scale_without_overflow() {
        let large = ExactMoney::from_raw(i128::MAX / 2);
        let net = large.scale(1_000_000_000, 1_210_000_000).unwrap();
        assert!(net < large);
        assert_eq!(ExactMoney::from_raw(121).scale(100, 121), Some(ExactMoney::from_raw(100)));
        assert_eq!(large.scale(3, 1), None);
        assert_eq!(large.scale(large.raw(), large.raw()), Some(large));
        assert_eq!(
            large.scale(-large.raw(), large.raw()),
            Some(ExactMoney::from_raw(-large.raw()))
        );
        assert_eq!(large.scale(1, 0), None);
    }
}
