//! The part of JSON Schema that the OCPP schemas use. Any other keyword is an error, so that none is ever ignored.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Schema {
    #[serde(rename = "$schema")]
    pub dialect: Option<String>,
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    #[serde(rename = "type")]
    pub json_type: Option<String>,
    #[serde(default)]
    pub properties: Ordered<Schema>,
    #[serde(default)]
    pub definitions: BTreeMap<String, Schema>,
    #[serde(default)]
    pub required: Vec<String>,
    pub additional_properties: Option<bool>,
    pub items: Option<Box<Schema>>,
    #[serde(rename = "enum")]
    pub values: Option<Vec<String>>,
    pub max_length: Option<u32>,
    pub min_items: Option<u16>,
    pub max_items: Option<u16>,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    pub multiple_of: Option<f64>,
    pub format: Option<String>,

    // Without effect on validation, and not copied: the texts belong to the Open Charge Alliance.
    #[serde(rename = "$id")]
    _identifier: Option<String>,
    #[serde(rename = "id")]
    _old_identifier: Option<String>,
    #[serde(rename = "title")]
    _title: Option<String>,
    #[serde(rename = "comment")]
    _comment: Option<String>,
    #[serde(rename = "description")]
    _description: Option<String>,
    #[serde(rename = "javaType")]
    _java_type: Option<String>,
    #[serde(rename = "default")]
    _default: Option<serde_json::Value>,
    #[serde(rename = "additionalItems")]
    _additional_items: Option<bool>,
}

/// The members of a JSON object in the order of the file.
#[derive(Debug, Clone)]
pub struct Ordered<T>(pub Vec<(String, T)>);

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
            type Value = Ordered<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Ordered(members))
            }
        }
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}
