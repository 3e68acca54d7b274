//! The physical quantities of the field tables. Each type holds the raw number of the wire and is named by its
//! resolution; one row of `quantity!` says everything about it.

use core::fmt;

/// How a raw number becomes a physical one: `physical = (raw + offset) / 10^decimals`, in `unit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Decimals of the physical value; the resolution is `10^-decimals`.
    pub decimals: u8,
    /// Added to the raw number, in steps of the resolution.
    pub offset: i32,
    /// Unit symbol as printed (`V`, `A`, `degC`), empty for a plain number.
    pub unit: &'static str,
}

impl Scale {
    /// The physical value in steps of the resolution: `raw + offset`.
    #[must_use]
    pub const fn value(&self, raw: u32) -> i64 {
        // Both operands fit 33 bits, so the sum cannot overflow.
        raw as i64 + self.offset as i64
    }

    /// The physical value as an exact decimal without its unit, for `Display`.
    #[must_use]
    pub const fn decimal(&self, raw: u32) -> Decimal {
        Decimal { steps: self.value(raw), decimals: self.decimals }
    }
}

/// An exact decimal number, printed with all its decimals (`-250.2`, `3.70`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    steps: i64,
    decimals: u8,
}

impl Decimal {
    /// `steps / 10^decimals`.
    #[must_use]
    pub const fn new(steps: i64, decimals: u8) -> Self {
        Self { steps, decimals }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(divisor) = 10_u64.checked_pow(u32::from(self.decimals)) else {
            return Err(fmt::Error);
        };
        let sign = if self.steps < 0 { "-" } else { "" };
        let magnitude = self.steps.unsigned_abs();
        let (whole, rest) = (magnitude / divisor, magnitude % divisor);
        match self.decimals {
            0 => write!(f, "{sign}{whole}"),
            decimals => write!(f, "{sign}{whole}.{rest:0width$}", width = decimals.into()),
        }
    }
}

/// A quantity of the field tables: a raw number with a [`Scale`].
pub trait Quantity: Copy {
    /// Resolution, offset and unit.
    const SCALE: Scale;
    /// Bits of the raw number where a table does not say otherwise.
    const WIDTH: u8;
    /// From the low [`Self::WIDTH`] bits of a raw number.
    fn from_bits(raw: u32) -> Self;
    /// The raw number.
    fn to_bits(self) -> u32;
}

macro_rules! quantity {
    ($( $(#[$doc:meta])+ $name:ident: $raw:ty, $width:literal bits, $decimals:literal decimals, offset $offset:literal, $unit:literal; )+) => { $(
        $(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub struct $name($raw);

        impl $name {
            /// From the raw number of the wire.
            #[must_use]
            pub const fn from_raw(raw: $raw) -> Self {
                Self(raw)
            }
            /// The raw number of the wire.
            #[must_use]
            pub const fn raw(self) -> $raw {
                self.0
            }
            /// The physical value in steps of the resolution that the type is named after.
            #[must_use]
            pub const fn value(self) -> i32 {
                <Self as Quantity>::SCALE.value(self.0 as u32) as i32
            }
            /// From the physical value in steps of the resolution, `None` if it has no raw number.
            #[must_use]
            pub fn from_value(value: i32) -> Option<Self> {
                value.checked_sub($offset)?.try_into().ok().map(Self)
            }
        }

        impl Quantity for $name {
            const SCALE: Scale = Scale { decimals: $decimals, offset: $offset, unit: $unit };
            const WIDTH: u8 = $width;
            #[inline(always)]
            fn from_bits(raw: u32) -> Self {
                Self(raw as $raw)
            }
            #[inline(always)]
            fn to_bits(self) -> u32 {
                self.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let scale = <Self as Quantity>::SCALE;
                write!(f, "{}", scale.decimal(self.0.into()))?;
                if scale.unit.is_empty() { Ok(()) } else { write!(f, " {}", scale.unit) }
            }
        }
    )+ };
}

quantity! {
    /// Voltage of the pack or the output, 0.1 V.
    DeciVolts: u16, 16 bits, 1 decimals, offset 0, "V";
    /// Voltage of a cell, 0.01 V. On the wire 12 bits beside a group number, or 16 bits.
    CentiVolts: u16, 16 bits, 2 decimals, offset 0, "V";
    /// Current, 0.1 A: **positive while the battery discharges, negative while it charges**. Raw 0 is -400.0 A, raw
    /// 4000 is zero.
    DeciAmps: u16, 16 bits, 1 decimals, offset -4000, "A";
    /// Charge, 0.1 Ah.
    DeciAmpHours: u16, 16 bits, 1 decimals, offset 0, "Ah";
    /// Energy, 0.1 kWh.
    DeciKilowattHours: u16, 16 bits, 1 decimals, offset 0, "kWh";
    /// State of charge in BCP, 0.1 %. (BCS and BSD carry whole [`Percent`].)
    PerMille: u16, 16 bits, 1 decimals, offset 0, "%";
    /// State of charge in BCS and BSD, 1 %. (BCP carries [`PerMille`].)
    Percent: u8, 8 bits, 0 decimals, offset 0, "%";
    /// Temperature, 1 degree Celsius. Raw 0 is -50 degrees.
    Celsius: u8, 8 bits, 0 decimals, offset -50, "degC";
    /// Duration, 1 minute.
    Minutes: u16, 16 bits, 0 decimals, offset 0, "min";
}

impl DeciAmps {
    /// No current.
    pub const ZERO: Self = Self(4000);

    /// The current into the battery in 0.1 A, positive while charging; negative while the battery discharges.
    #[must_use]
    pub const fn charging_magnitude(self) -> i32 {
        -self.value()
    }

    /// From the current into the battery in 0.1 A, positive while charging; `None` above 400.0 A.
    #[must_use]
    pub fn from_charging_magnitude(value: i32) -> Option<Self> {
        Self::from_value(value.checked_neg()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn exact_decimals() {
        assert_eq!(DeciAmps::from_raw(1498).to_string(), "-250.2 A");
        assert_eq!(DeciAmps::from_raw(1498).charging_magnitude(), 2502);
        assert_eq!(DeciAmps::from_charging_magnitude(2502), Some(DeciAmps::from_raw(1498)));
        assert_eq!(DeciAmps::from_charging_magnitude(4001), None);
        assert_eq!(DeciAmps::from_raw(3999).to_string(), "-0.1 A");
        assert_eq!(CentiVolts::from_raw(370).to_string(), "3.70 V");
        assert_eq!(Celsius::from_raw(0).to_string(), "-50 degC");
        assert_eq!(Celsius::from_value(-51), None);
        assert_eq!(DeciVolts::from_raw(65535).to_string(), "6553.5 V");
        assert_eq!(DeciVolts::from_value(4261).map(DeciVolts::raw), Some(4261));
    }

    #[test]
    fn every_raw_number_survives_its_value() {
        for raw in 0..=u16::MAX {
            let amps = DeciAmps::from_raw(raw);
            assert_eq!(DeciAmps::from_value(amps.value()), Some(amps));
        }
    }
}
