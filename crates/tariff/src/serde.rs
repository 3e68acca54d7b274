//! `serde` for the quantities, as decimal strings: a JSON number would pass through binary floating point in most
//! readers.

use core::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::quantity::{Money, PricePerKwh};

macro_rules! as_decimal_text {
    ($name:ident, $expecting:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }

                    fn visit_str<E: Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    };
}

as_decimal_text!(Money, "an amount of money as a decimal string");
as_decimal_text!(PricePerKwh, "a price per kWh as a decimal string");

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn quantities_are_decimal_strings_in_json() {
        let money = Money::from_raw(12_340_000);
        assert_eq!(serde_json::to_string(&money).unwrap(), "\"12.34\"");
        assert_eq!(serde_json::from_str::<Money>("\"12.34\"").unwrap(), money);
        assert!(serde_json::from_str::<Money>("12.34").is_err());
        let refused = serde_json::from_str::<PricePerKwh>("\"0.0000001\"").unwrap_err();
        assert!(refused.to_string().contains("more than 6 decimals"));
    }
}
