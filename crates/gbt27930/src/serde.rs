//! `serde`: messages as JSON objects whose names and shapes come from the field table.
//!
//! Quantities are `{raw, value, unit}`: the raw number, the exact decimal as a string (`null` if not available) and
//! the unit. Fields that the payload is too short for are absent.

use core::fmt;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::edition::Edition;
use crate::message::{
    ChargerStopCauses, ChargerTimeouts, Message, MessageKind, TroubleCode, VehicleStopCauses,
    VehicleTimeouts,
};
use crate::table::{Field, FieldValue, Fields, Shape};
use crate::text::{BcdTime, ChargerClock, Escaped, LowerHex, ProductionDate};
use crate::units::Scale;

/// Serialises a `Display` value as a string.
struct Text<T>(T);

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A name with an ending.
struct Key(&'static str, &'static str);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.0, self.1)
    }
}

/// A party as `charger` or `bms`.
#[cfg(feature = "alloc")]
pub(crate) fn party<S: Serializer>(
    party: &crate::edition::Party,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match party {
        crate::edition::Party::Charger => "charger",
        crate::edition::Party::Bms => "bms",
    })
}

macro_rules! as_text {
    ($($ty:ty)+) => { $(
        impl Serialize for $ty {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )+ };
}
as_text! { Edition MessageKind crate::units::Decimal }

macro_rules! as_names {
    ($($ty:ty)+) => { $(
        /// The names of the items in the set.
        impl Serialize for $ty {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.iter().map(|item| item.name()))
            }
        }
    )+ };
}
as_names! { VehicleStopCauses ChargerStopCauses VehicleTimeouts ChargerTimeouts }

impl Serialize for Message<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields().serialize(serializer)
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for field in self.kind().info().fields {
            if field.repeat > 1 {
                list(&mut map, field, self)?;
            } else if let Some(value) = self.field(field.name) {
                single(&mut map, &value)?;
            }
        }
        map.end()
    }
}

fn single<M: SerializeMap>(map: &mut M, value: &FieldValue<'_>) -> Result<(), M::Error> {
    let name = value.field.name;
    let raw = value.raw().unwrap_or_default();
    match value.field.shape {
        Shape::Quantity(scale) => map.serialize_entry(name, &Quantity { value, scale }),
        Shape::Ordinal => map.serialize_entry(name, &Ordinal(raw)),
        Shape::Count => map.serialize_entry(name, &(!value.is_ones()).then_some(raw)),
        Shape::Number | Shape::Code(_) => map.serialize_entry(name, &raw),
        Shape::Text => {
            let text = (!value.is_ones()).then_some(Text(Escaped(value.bytes())));
            map.serialize_entry(name, &text)
        }
        Shape::Bytes => {
            map.serialize_entry(&Text(Key(name, "_hex")), &Text(LowerHex(value.bytes())))
        }
        Shape::Serial => map.serialize_entry(&Text(Key(name, "_raw")), &raw),
        Shape::Date => {
            map.serialize_entry(&Text(Key(name, "_raw")), value.bytes())?;
            let date = value
                .bytes()
                .first_chunk()
                .and_then(|bytes| ProductionDate::from_bytes(*bytes).calendar())
                .map(|date| Text(IsoDate(date)));
            map.serialize_entry(name, &date)
        }
        Shape::Clock => clock(map, name, value.bytes()),
        Shape::Cell(scale) => {
            let crate::table::Value::Number(whole) = value.value else {
                return Ok(());
            };
            map.serialize_entry(&Text(Key(name, "_raw")), &whole)?;
            map.serialize_entry(&Text(Key(name, "_voltage")), &Quantity { value, scale })?;
            map.serialize_entry(&Text(Key(name, "_group")), &(whole >> 12))
        }
        Shape::Trouble => map.serialize_entry(name, &Trouble(raw)),
    }
}

fn list<M: SerializeMap>(
    map: &mut M,
    field: &'static Field,
    fields: &Fields<'_>,
) -> Result<(), M::Error> {
    match field.shape {
        Shape::Bytes => {
            map.serialize_entry(&Text(Key(field.name, "_hex")), &Text(LowerHex(fields.payload())))
        }
        _ => {
            map.serialize_entry(field.name, &Items { field, fields })?;
            let item = usize::from(field.position.width / 8);
            let whole = (fields.payload().len() / item).min(field.repeat.into()) * item;
            match fields.payload().get(whole..) {
                Some(rest) if !rest.is_empty() => {
                    map.serialize_entry("remainder_hex", &Text(LowerHex(rest)))
                }
                _ => Ok(()),
            }
        }
    }
}

/// `{raw, value, unit}`.
struct Quantity<'a> {
    value: &'a FieldValue<'a>,
    scale: Scale,
}

impl Serialize for Quantity<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("raw", &self.value.raw())?;
        map.serialize_entry("value", &self.value.physical())?;
        map.serialize_entry("unit", self.scale.unit)?;
        map.end()
    }
}

/// `{raw, value}` of a number counted from 1.
struct Ordinal(u32);

impl Serialize for Ordinal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("raw", &self.0)?;
        map.serialize_entry("value", &(self.0 + 1))?;
        map.end()
    }
}

/// The items of a list.
struct Items<'a> {
    field: &'static Field,
    fields: &'a Fields<'a>,
}

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        for value in self.fields.iter().filter(|v| v.field.name == self.field.name) {
            let raw = value.raw().unwrap_or_default();
            match self.field.shape {
                Shape::Cell(_) => seq.serialize_element(&Cell(&value))?,
                Shape::Trouble => seq.serialize_element(&Trouble(raw))?,
                Shape::Quantity(scale) => {
                    seq.serialize_element(&(!value.is_ones()).then_some(scale.value(raw)))?;
                }
                _ => seq.serialize_element(&raw)?,
            }
        }
        seq.end()
    }
}

/// A cell of a list: `{group, raw, value}`.
struct Cell<'a>(&'a FieldValue<'a>);

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let crate::table::Value::Number(whole) = self.0.value else {
            return serializer.serialize_none();
        };
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("group", &(whole >> 12))?;
        map.serialize_entry("raw", &self.0.raw())?;
        map.serialize_entry("value", &self.0.physical())?;
        map.end()
    }
}

/// A trouble code by its parts.
struct Trouble(u32);

impl Serialize for Trouble {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let code = TroubleCode::from_bytes(self.0.to_le_bytes());
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("raw", &self.0)?;
        map.serialize_entry("spn", &code.spn())?;
        map.serialize_entry("fmi", &code.fmi())?;
        map.serialize_entry("occurrences", &code.occurrences())?;
        map.serialize_entry("conversion", &u8::from(code.conversion()))?;
        map.end()
    }
}

struct IsoDate((u16, u8, u8));

impl fmt::Display for IsoDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0;
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

fn clock<M: SerializeMap>(map: &mut M, name: &'static str, bytes: &[u8]) -> Result<(), M::Error> {
    let Some(raw) = bytes.first_chunk() else {
        return Ok(());
    };
    let time = BcdTime::from_bytes(*raw);
    let reading = time.reading();
    if reading == ChargerClock::NotProvided {
        return map.serialize_entry(name, &None::<u8>);
    }
    map.serialize_entry("bcd_raw_hex", &Text(LowerHex(raw)))?;
    match reading {
        ChargerClock::Reading { second, minute, hour, day, month, year } => {
            let parts = [
                ("second", second),
                ("minute", minute),
                ("hour", hour),
                ("day", day),
                ("month", month),
            ];
            for (part, number) in parts {
                map.serialize_entry(part, &number)?;
            }
            map.serialize_entry("year", &year)
        }
        _ => map.serialize_entry(name, "invalid"),
    }
}
