//! Physical values in exact thousandths of their unit, without floating point.

/// A quantity in thousandths of its unit (mV, mA, mW, ...), the resolution of the smallest multiplier of DIN and -2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MilliUnits(i64);

/// The quantity has no exact form in the type asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no exact form: out of range, or finer than the exponent allows")]
pub struct OutOfRange;

impl MilliUnits {
    /// So many thousandths.
    #[must_use]
    pub const fn from_raw(raw: i64) -> Self {
        Self(raw)
    }

    /// The thousandths.
    #[must_use]
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// `value` times ten to the power of `exponent`, exactly.
    ///
    /// # Errors
    /// It is no whole number of thousandths, or too large for 64 bits.
    pub fn from_scaled(value: i16, exponent: i8) -> Result<Self, OutOfRange> {
        let mut raw = i64::from(value);
        let power = i32::from(exponent) + 3;
        if raw == 0 {
            return Ok(Self(0));
        }
        for _ in 0..power {
            raw = raw.checked_mul(10).ok_or(OutOfRange)?;
        }
        for _ in power..0 {
            if raw % 10 != 0 {
                return Err(OutOfRange);
            }
            raw /= 10;
        }
        Ok(Self(raw))
    }

    /// `(value, exponent)` with the smallest exponent of `-3..=max_exponent` at which the value fits 16 bits.
    ///
    /// # Errors
    /// At no exponent it fits exactly.
    pub fn to_scaled(self, max_exponent: i8) -> Result<(i16, i8), OutOfRange> {
        let (mut raw, mut exponent) = (self.0, -3_i8);
        loop {
            // Symmetric, as the standard bounds the magnitude.
            if let Ok(value) = i16::try_from(raw)
                && value != i16::MIN
            {
                return Ok((value, exponent));
            }
            if raw % 10 != 0 || exponent >= max_exponent {
                return Err(OutOfRange);
            }
            raw /= 10;
            exponent += 1;
        }
    }
}

impl core::fmt::Display for MilliUnits {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:03}", magnitude / 1000, magnitude % 1000)
    }
}

#[cfg(feature = "iso2")]
impl crate::message::iso2::PhysicalValue {
    /// The quantity in thousandths of its unit.
    #[must_use]
    pub fn to_milli(&self) -> MilliUnits {
        // -3..=3 and 16 bits fit.
        MilliUnits::from_scaled(self.value, self.multiplier).unwrap_or(MilliUnits(0))
    }

    /// The value with the smallest multiplier that fits.
    ///
    /// # Errors
    /// No multiplier of -3..=3 gives the quantity exactly.
    pub fn from_milli(
        milli: MilliUnits,
        unit: crate::message::iso2::UnitSymbol,
    ) -> Result<Self, OutOfRange> {
        let (value, multiplier) = milli.to_scaled(3)?;
        Ok(Self { multiplier, unit, value })
    }
}

#[cfg(feature = "din70121")]
impl crate::message::din70121::PhysicalValue {
    /// The quantity in thousandths of its unit.
    #[must_use]
    pub fn to_milli(&self) -> MilliUnits {
        MilliUnits::from_scaled(self.value, self.multiplier).unwrap_or(MilliUnits(0))
    }

    /// The value with the smallest multiplier that fits.
    ///
    /// # Errors
    /// No multiplier of -3..=3 gives the quantity exactly.
    pub fn from_milli(
        milli: MilliUnits,
        unit: Option<crate::message::din70121::UnitSymbol>,
    ) -> Result<Self, OutOfRange> {
        let (value, multiplier) = milli.to_scaled(3)?;
        Ok(Self { multiplier, unit, value })
    }
}

#[cfg(any(
    feature = "iso20",
    feature = "iso20-ac",
    feature = "iso20-dc",
    feature = "iso20-wpt",
    feature = "iso20-acdp"
))]
impl crate::message::iso20_types::RationalNumber {
    /// The quantity in thousandths of its unit.
    ///
    /// # Errors
    /// The exponent, which may be any from -128 to 127, leaves no exact 64-bit number of thousandths.
    pub fn to_milli(&self) -> Result<MilliUnits, OutOfRange> {
        MilliUnits::from_scaled(self.value, self.exponent)
    }

    /// The number with the smallest exponent from -3 that fits.
    ///
    /// # Errors
    /// No exponent gives the quantity exactly.
    pub fn from_milli(milli: MilliUnits) -> Result<Self, OutOfRange> {
        let (value, exponent) = milli.to_scaled(i8::MAX)?;
        Ok(Self { exponent, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaled_values_are_exact_both_ways() {
        for exponent in -3..=3 {
            for value in [-32_767, -1, 0, 1, 9, 10, 400, 12_345, 32_767] {
                let milli =
                    MilliUnits::from_scaled(value, exponent).unwrap_or(MilliUnits(i64::MIN));
                let (again, power) = milli.to_scaled(3).unwrap_or((0, 99));
                assert_eq!(MilliUnits::from_scaled(again, power), Ok(milli));
            }
        }
        assert_eq!(MilliUnits::from_scaled(1, -4), Err(OutOfRange));
        assert_eq!(MilliUnits::from_scaled(30, -4), Ok(MilliUnits(3)));
        assert_eq!(MilliUnits::from_scaled(1, 127), Err(OutOfRange));
        assert_eq!(MilliUnits::from_scaled(1, -128), Err(OutOfRange));
        assert_eq!(MilliUnits(32_768).to_scaled(3), Err(OutOfRange));
        assert_eq!(MilliUnits(400_000).to_scaled(3), Ok((4000, -1)));
    }
}
