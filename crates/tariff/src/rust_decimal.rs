//! Conversions from and to `rust_decimal`. That crate needs an allocator, even without its `std` feature.

use rust_decimal::Decimal;

use crate::decimal_text::ParseError;
use crate::quantity::{Money, PricePerKwh};

/// Decimals of a price or an amount.
const PLACES: u8 = 6;

fn to_micro(mut value: Decimal) -> Result<i64, ParseError> {
    value.normalize_assign();
    let Some(missing) = u32::from(PLACES).checked_sub(value.scale()) else {
        return Err(ParseError::TooPrecise { places: PLACES });
    };
    value
        .mantissa()
        .checked_mul(10i128.pow(missing))
        .and_then(|micro| i64::try_from(micro).ok())
        .ok_or(ParseError::OutOfRange)
}

macro_rules! decimal {
    ($name:ident) => {
        impl TryFrom<Decimal> for $name {
            type Error = ParseError;

            /// Exact: more than six decimals are refused, not rounded.
            fn try_from(value: Decimal) -> Result<Self, ParseError> {
                to_micro(value).map(Self::from_raw)
            }
        }

        impl From<$name> for Decimal {
            fn from(value: $name) -> Self {
                Self::new(value.raw(), PLACES.into()).normalize()
            }
        }
    };
}

decimal!(Money);
decimal!(PricePerKwh);

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn conversions_are_exact() {
        let price: Decimal = "0.785".parse().unwrap();
        let ours = PricePerKwh::try_from(price).unwrap();
        assert_eq!(ours.raw(), 785_000);
        assert_eq!(Decimal::from(ours).to_string(), "0.785");
        let fine: Decimal = "0.0000001".parse().unwrap();
        assert_eq!(Money::try_from(fine), Err(ParseError::TooPrecise { places: 6 }));
        assert_eq!(Money::try_from(Decimal::MAX), Err(ParseError::OutOfRange));
    }
}
