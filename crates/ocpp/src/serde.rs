//! `serde`: messages inside other JSON, digit by digit.
//!
//! Payloads, views and values are handed to `serde_json` as raw JSON, the only way through `serde` that keeps every
//! digit, escape and unknown member. So these impls are for `serde_json`; other formats see its raw value. Read back,
//! an [`Owned`] payload is checked strictly. Enumerations, versions and moments are strings in every format.

use alloc::boxed::Box;
use alloc::string::String;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::message::{
    DateTime, Identifier, Mode, Number, ObjectView, Payload, Text, Timestamp, Value, Version,
};
use crate::owned::{Owned, OwnedFrame};

/// Hands JSON text on as it is.
fn raw<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let raw: &RawValue = serde_json::from_str(text).map_err(S::Error::custom)?;
    raw.serialize(serializer)
}

macro_rules! raw_json {
    ($($name:ty => $text:expr;)*) => { $(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                raw($text(self), serializer)
            }
        }
    )* };
}

raw_json! {
    Value<'_> => Value::raw;
    ObjectView<'_> => ObjectView::raw;
    Number<'_> => Number::as_str;
    OwnedFrame => OwnedFrame::as_str;
}

impl<T: Payload> Serialize for Owned<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        raw(self.as_str(), serializer)
    }
}

macro_rules! as_text {
    ($($name:ty => $text:expr;)*) => { $(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&$text(self))
            }
        }
    )* };
}

as_text! {
    Text<'_> => |text: &Self| *text;
    Identifier<'_> => Identifier::expose;
    DateTime<'_> => DateTime::text;
    Timestamp => |moment: &Self| *moment;
    Version => |version: &Self| version.as_str();
}

impl<'de, T: Payload> Deserialize<'de> for Owned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::parse(raw.get(), &mut Mode::Strict).map_err(|error| {
            D::Error::custom(format_args!("{}: {}", error.path(raw.get().as_bytes()), error.reason))
        })
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not an RFC 3339 date-time"))
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("expected 1.6, 2.0.1 or 2.1"))
    }
}

/// A value of an enumeration from its text on the wire.
pub(crate) fn code<'de, E: crate::message::Coded, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<E, D::Error> {
    let text = String::deserialize(deserializer)?;
    let mut rows = E::TABLE.values.iter().zip(E::ALL);
    let found = rows.find(|(wire, _)| **wire == text);
    found
        .map(|(_, value)| *value)
        .ok_or_else(|| D::Error::custom(format_args!("not a value of {}", E::TABLE.name)))
}
