//! Fields of cases: numbers straight from their text, and objects whose order counts.

use core::fmt;
use core::marker::PhantomData;

use anyhow::{Context, Result, bail};
use evse_tariff::{MicroWattHours, Price, Timestamp};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A number, or a number in quotes, as its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Num<'a>(pub(crate) &'a str);

impl<'de: 'a, 'a> Deserialize<'de> for Num<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&RawValue>::deserialize(deserializer)?.get();
        let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        Ok(Self(bare.unwrap_or(text)))
    }
}

impl Num<'_> {
    pub(crate) fn int(self) -> Result<i64> {
        let whole = self.0.strip_suffix(".0").unwrap_or(self.0);
        whole.parse().with_context(|| format!("{:?} is not a whole number", self.0))
    }

    pub(crate) fn count(self) -> Result<u64> {
        let whole = self.0.strip_suffix(".0").unwrap_or(self.0);
        whole.parse().with_context(|| format!("{:?} is not a whole number from 0 on", self.0))
    }

    pub(crate) fn small(self) -> Result<u32> {
        u32::try_from(self.count()?).with_context(|| format!("{:?} is too large", self.0))
    }

    pub(crate) fn kwh(self) -> Result<MicroWattHours> {
        MicroWattHours::parse_kwh(self.0).with_context(|| format!("energy {:?}", self.0))
    }

    pub(crate) fn price(self) -> Result<Price> {
        self.0.parse().with_context(|| format!("price {:?}", self.0))
    }

    /// A percentage as parts per million.
    pub(crate) fn percent(self) -> Result<u32> {
        // A price has nine decimals; one percent is 10⁴ millionths.
        let raw = self.price()?.raw();
        if raw % 100_000 != 0 {
            bail!("{:?} %: more than four decimals", self.0);
        }
        u32::try_from(raw / 100_000).with_context(|| format!("{:?} % is out of range", self.0))
    }
}

/// An object as a list, in the order of its text.
#[derive(Debug)]
pub(crate) struct Ordered<T>(pub(crate) Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Ordered<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ordered<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }

        deserializer.deserialize_map(Entries(PhantomData))
    }
}

/// `yyyy-MM-dd HH:mm:ss` of the local clock (or ISO 8601), read as if it were UTC.
pub(crate) fn local(text: &str) -> Result<Timestamp> {
    evse_tariff::ocpi::parse_timestamp(text)
        .with_context(|| format!("{text:?} is not a local time"))
}

/// Back to `yyyy-MM-dd HH:mm:ss`.
pub(crate) fn local_text(at: Timestamp) -> String {
    at.to_string().replace('T', " ").trim_end_matches('Z').to_owned()
}
