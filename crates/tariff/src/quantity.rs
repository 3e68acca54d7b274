//! Energy, prices and money as integers of a named resolution.

use core::fmt;
use core::str::FromStr;

use crate::decimal_text::{ParseError, parse_fixed, write_fixed};

/// Energy, or the reading of an energy register.
///
/// Unit µWh · range ±9.2 × 10⁹ kWh. The resolution is finer than any meter's (0.1 Wh on most interfaces), so that a cut
/// interpolated between two readings loses nothing that money could show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MicroWattHours(i64);

/// Price of energy.
///
/// Unit 10⁻⁶ of the currency unit per kWh · range ±9.2 × 10¹². Negative prices are prices like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PricePerKwh(i64);

/// An amount of money in the tariff's currency; positive is payable by the driver.
///
/// Unit 10⁻⁶ of the currency unit · range ±9.2 × 10¹² currency units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i64);

/// Price of a kWh, of an hour or of one piece, as the roaming and charger protocols have them.
///
/// Unit 10⁻⁹ of the currency unit · range ±9.2 × 10⁹. [`PricePerKwh`] is its coarser form in the Chinese models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Price(i64);

/// A stretch of time that is billed.
///
/// Unit µs · range ±292,000 years. Fine enough for hours with nine decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MicroSeconds(i64);

/// Power of a charging session; export is negative.
///
/// Unit mW · range ±9.2 × 10¹² kW.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MilliWatts(i64);

/// Current, the sum over all phases.
///
/// Unit mA · range ±9.2 × 10¹⁵ A.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MilliAmperes(i64);

macro_rules! fixed_point {
    ($name:ident, $unit:literal) => {
        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            #[doc = concat!("From a count of ", $unit, ".")]
            #[must_use]
            pub const fn from_raw(raw: i64) -> Self {
                Self(raw)
            }

            #[doc = concat!("The count of ", $unit, ".")]
            #[must_use]
            pub const fn raw(self) -> i64 {
                self.0
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
        }
    };
}

fixed_point!(MicroWattHours, "µWh");
fixed_point!(PricePerKwh, "10⁻⁶ currency units per kWh");
fixed_point!(Money, "10⁻⁶ currency units");
fixed_point!(Price, "10⁻⁹ currency units");
fixed_point!(MicroSeconds, "µs");
fixed_point!(MilliWatts, "mW");
fixed_point!(MilliAmperes, "mA");

impl MicroWattHours {
    /// From whole watt-hours; `None` beyond the range.
    #[must_use]
    pub const fn from_wh(wh: i64) -> Option<Self> {
        match wh.checked_mul(1_000_000) {
            Some(raw) => Some(Self(raw)),
            None => None,
        }
    }

    /// Parses decimal watt-hours (`"1078312.5"`).
    ///
    /// # Errors
    /// Anything but a plain decimal number of at most 6 decimals in range.
    pub fn parse_wh(text: &str) -> Result<Self, ParseError> {
        parse_fixed(text, 6).map(Self)
    }

    /// Parses decimal kilowatt-hours (`"1078.3125"`).
    ///
    /// # Errors
    /// Anything but a plain decimal number of at most 9 decimals in range.
    pub fn parse_kwh(text: &str) -> Result<Self, ParseError> {
        parse_fixed(text, 9).map(Self)
    }
}

impl PricePerKwh {
    /// The sum of two prices, for instance electricity and service fee; `None` beyond the range.
    #[must_use]
    pub const fn plus(self, other: Self) -> Option<Self> {
        self.checked_add(other)
    }
}

impl Money {
    /// From minor units (fen, cents: 10⁻² of the currency unit); `None` beyond the range.
    #[must_use]
    pub const fn from_minor(minor: i64) -> Option<Self> {
        match minor.checked_mul(10_000) {
            Some(raw) => Some(Self(raw)),
            None => None,
        }
    }

    /// In minor units (fen, cents), or `None` if the amount is not a whole number of them.
    #[must_use]
    pub const fn to_minor(self) -> Option<i64> {
        if self.0 % 10_000 == 0 { Some(self.0 / 10_000) } else { None }
    }
}

/// Prints Wh (`1234.5 Wh`), all decimals that are not zero; a precision asks for at least that many.
impl fmt::Display for MicroWattHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_fixed(f, self.0, 6, 0)?;
        f.write_str(" Wh")
    }
}

/// Prints currency units (`0.253`), at least two decimals and all that are not zero.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_fixed(f, self.0, 9, 2)
    }
}

/// Prints seconds (`5400 s`), all decimals that are not zero.
impl fmt::Display for MicroSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_fixed(f, self.0, 6, 0)?;
        f.write_str(" s")
    }
}

/// Prints currency units per kWh (`0.78`), at least two decimals and all that are not zero.
impl fmt::Display for PricePerKwh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_fixed(f, self.0, 6, 2)
    }
}

/// Prints currency units (`12.30`), at least two decimals and all that are not zero.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_fixed(f, self.0, 6, 2)
    }
}

/// Parses currency units (`"0.253"`).
impl FromStr for Price {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse_fixed(text, 9).map(Self)
    }
}

/// Parses currency units per kWh (`"0.78"`).
impl FromStr for PricePerKwh {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse_fixed(text, 6).map(Self)
    }
}

/// Parses currency units (`"12.30"`).
impl FromStr for Money {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse_fixed(text, 6).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn display_hides_no_digit() {
        assert_eq!(Money::from_raw(12_300_000).to_string(), "12.30");
        assert_eq!(Money::from_raw(-12_345_678).to_string(), "-12.345678");
        assert_eq!(format!("{:.4}", Money::from_raw(12_300_000)), "12.3000");
        assert_eq!(format!("{:.8}", Money::from_raw(1)), "0.00000100");
        assert_eq!(format!("{:.0}", Money::from_raw(12_000_000)), "12");
        assert_eq!(format!("{:.0}", Money::from_raw(12_500_000)), "12.5");
        assert_eq!(MicroWattHours::from_raw(1_500_000).to_string(), "1.5 Wh");
        assert_eq!(Money::from_raw(i64::MIN).to_string(), "-9223372036854.775808");
    }

    proptest! {
        #[test]
        fn text_round_trips(raw: i64) {
            prop_assert_eq!(Money::from_raw(raw).to_string().parse(), Ok(Money::from_raw(raw)));
            prop_assert_eq!(format!("{:.6}", PricePerKwh::from_raw(raw)).parse(), Ok(PricePerKwh::from_raw(raw)));
        }
    }
}
