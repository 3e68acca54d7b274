//! Values as JSON, in the form of the test vectors: elements by name in schema order, `@Name` for attributes, `#text` for
//! text beside attributes, arrays wherever the schema allows more than one, binaries in hexadecimal, integers beyond 2^53
//! as decimal strings.

use evse_iso15118::codec::{Leaf, Visitor};
use num_bigint::{BigInt, BigUint};
use serde_json::{Map, Number, Value};

/// Builds the value from what a visitor sees.
#[derive(Default)]
pub(crate) struct Json {
    /// The root, then every open element: its name, whether it is one of several, its members.
    open: Vec<(&'static str, bool, Map<String, Value>)>,
    root: Map<String, Value>,
}

impl Json {
    /// The value; an object with the root as its one member.
    pub(crate) fn into_value(self) -> Value {
        Value::Object(self.root)
    }

    fn put(&mut self, name: &'static str, many: bool, value: Value) {
        let members = self.open.last_mut().map_or(&mut self.root, |(_, _, members)| members);
        if !many {
            members.insert(name.to_owned(), value);
        } else if let Value::Array(items) =
            members.entry(name).or_insert_with(|| Value::Array(Vec::new()))
        {
            items.push(value);
        }
    }
}

impl Visitor for Json {
    fn leaf(&mut self, name: &'static str, many: bool, value: Leaf<'_>) {
        let value = match value {
            Leaf::Boolean(value) => Value::Bool(value),
            Leaf::Name(value) => Value::String(value.to_owned()),
            Leaf::Signed(value) => number(&BigInt::from(value)),
            Leaf::Unsigned(value) => number(&BigInt::from(value)),
            Leaf::Integer(value) => {
                let groups: Vec<u8> = value.groups().collect();
                let magnitude = BigUint::from_radix_le(&groups, 128).unwrap_or_default();
                let magnitude = BigInt::from(magnitude);
                number(&if value.is_negative() { -magnitude - 1 } else { magnitude })
            }
            Leaf::Text(value) => Value::String(value.chars().collect()),
            Leaf::Bytes(value) => Value::String(hex(value.iter())),
            _ => Value::Null,
        };
        self.put(name, many, value);
    }

    fn open(&mut self, name: &'static str, many: bool) {
        self.open.push((name, many, Map::new()));
    }

    fn close(&mut self) {
        if let Some((name, many, members)) = self.open.pop() {
            self.put(name, many, Value::Object(members));
        }
    }
}

fn number(value: &BigInt) -> Value {
    const EXACT: i64 = 1 << 53;
    match i64::try_from(value) {
        Ok(small) if (-EXACT..=EXACT).contains(&small) => Value::Number(Number::from(small)),
        _ => Value::String(value.to_string()),
    }
}

/// Octets as lower-case hexadecimal.
pub(crate) fn hex(octets: impl IntoIterator<Item = u8>) -> String {
    hex::encode(octets.into_iter().collect::<Vec<_>>())
}

/// Octets from hexadecimal; blanks and a leading `0x` are passed over.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim().trim_start_matches("0x").split_whitespace().collect::<String>();
    hex::decode(digits).ok()
}
