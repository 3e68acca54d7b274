//! `grammar.json` as values: nested groups flattened to rows where that keeps every event code.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::parse_range;

pub struct Grammar {
    pub sets: BTreeMap<String, Set>,
}

pub struct Set {
    pub document_order: Vec<(String, String)>,
    pub fragment_order: Vec<(String, String)>,
    pub types: BTreeMap<String, Type>,
    pub elements: BTreeMap<String, TypeRef>,
    pub enums: BTreeMap<String, Vec<String>>,
}

pub struct Type {
    pub fields: Vec<Field>,
    pub mixed: bool,
    pub is_abstract: bool,
}

#[derive(Debug, Clone)]
pub struct Field {
    /// Empty for a choice without a head element.
    pub name: String,
    pub min: u32,
    pub max: Option<u32>,
    pub kind: Kind,
}

#[derive(Debug, Clone)]
pub enum Kind {
    Attribute(TypeRef),
    Element(TypeRef),
    Choice(Vec<Alternative>),
    Text(TypeRef),
    Wildcard,
}

#[derive(Debug, Clone)]
pub struct Alternative {
    pub name: String,
    /// `None` for a wildcard.
    pub ty: Option<TypeRef>,
    pub is_abstract: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeRef {
    Complex(String),
    Simple(Coding),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coding {
    Boolean,
    Enumeration(String),
    NBit(i64, i64),
    Unsigned(u64),
    /// Bits.
    Signed(u32),
    Integer,
    Text(u64, Option<u64>),
    Octets(u64, Option<u64>),
}

impl Grammar {
    pub fn read(text: &str) -> Result<Self> {
        let all: BTreeMap<String, Value> = serde_json::from_str(text)?;
        let sets = all.into_iter().map(|(name, set)| {
            let read = Set::read(&set).with_context(|| name.clone())?;
            Ok((name, read))
        });
        Ok(Self { sets: sets.collect::<Result<_>>()? })
    }
}

impl Set {
    fn read(value: &Value) -> Result<Self> {
        let order = |key: &str| -> Result<Vec<(String, String)>> {
            Ok(serde_json::from_value(value[key].clone())?)
        };
        let mut types = BTreeMap::new();
        for (name, ty) in value["types"].as_object().context("types")? {
            types.insert(name.clone(), Type::read(ty).with_context(|| name.clone())?);
        }
        let mut elements = BTreeMap::new();
        for (name, ty) in value["elements"].as_object().context("elements")? {
            elements.insert(name.clone(), TypeRef::read(ty)?);
        }
        Ok(Self {
            document_order: order("document_order")?,
            fragment_order: order("fragment_order")?,
            types,
            elements,
            enums: serde_json::from_value(value["enums"].clone())?,
        })
    }

    /// A type or enumeration with all it refers to: equal texts are equal grammars.
    pub fn shape(&self, name: &str) -> String {
        if let Some(values) = self.enums.get(name) {
            return format!("{values:?}");
        }
        let Some(ty) = self.types.get(name) else { return String::new() };
        let of = |ty: &TypeRef| match ty {
            TypeRef::Complex(name) => format!("{name}({})", self.shape(name)),
            TypeRef::Simple(Coding::Enumeration(name)) => format!("{name}({})", self.shape(name)),
            TypeRef::Simple(coding) => format!("{coding:?}"),
        };
        let mut shape = format!("{}{}", ty.mixed, ty.is_abstract);
        for field in &ty.fields {
            shape += &format!(" {} {}..{:?} ", field.name, field.min, field.max);
            shape += &match &field.kind {
                Kind::Attribute(t) => format!("@{}", of(t)),
                Kind::Text(t) => format!("#{}", of(t)),
                Kind::Element(t) => of(t),
                Kind::Wildcard => "*".to_owned(),
                Kind::Choice(alternatives) => alternatives
                    .iter()
                    .map(|a| {
                        format!(
                            "|{} {} {}",
                            a.name,
                            a.is_abstract,
                            a.ty.as_ref().map_or("*".into(), of)
                        )
                    })
                    .collect(),
            };
        }
        shape
    }

    /// The type of an element that stands in the fragment table, `None` if no message reaches it.
    pub fn type_of_element(
        &self,
        set: &str,
        name: &str,
        namespace: &str,
    ) -> Result<Option<TypeRef>> {
        let mut found: Vec<(TypeRef, &str)> = Vec::new();
        if let Some(ty) = self.elements.get(name) {
            found.push((ty.clone(), ""));
        }
        for (owner, ty) in &self.types {
            for field in &ty.fields {
                match &field.kind {
                    Kind::Element(t) if field.name == name => found.push((t.clone(), owner)),
                    Kind::Choice(alternatives) => found.extend(
                        alternatives
                            .iter()
                            .filter(|a| a.name == name)
                            .filter_map(|a| a.ty.clone())
                            .map(|t| (t, owner.as_str())),
                    ),
                    _ => {}
                }
            }
        }
        let Some((first, _)) = found.first().cloned() else { return Ok(None) };
        if found.iter().all(|(ty, _)| *ty == first) {
            return Ok(Some(first));
        }
        if set == "iso15118_2" && name == "eMAID" {
            return Ok(Some(first));
        }
        // The names that stand there twice, by the namespace rules of FACTS.md section 2.
        let last = namespace.rsplit([':', '#', '/']).find(|s| !s.is_empty()).unwrap_or_default();
        let in_namespace = |owner: &str| match (set, name) {
            ("iso20_common", "Exponent") => (owner == "RSAKeyValueType") == (last == "xmldsig"),
            ("iso20_common", "TimeAnchor") => (owner == "ReceiptType") == (last == "CommonTypes"),
            ("iso20_common", "TaxRuleID") => {
                (owner == "DetailedTaxType") == (last == "CommonTypes")
            }
            ("iso20_common", "SessionID") => {
                (owner == "MessageHeaderType") == (last == "CommonTypes")
            }
            ("iso20_dc", "TargetSOC") => {
                owner.ends_with("CPDReqEnergyTransferModeType") == (last == "DC")
            }
            (_, "Exponent") => (owner == "RSAKeyValueType") == (last == "xmldsig"),
            _ => true,
        };
        found.retain(|(_, owner)| in_namespace(owner));
        let Some((first, _)) = found.first().cloned() else { bail!("{name}: no namespace rule") };
        if !found.iter().all(|(ty, _)| *ty == first) {
            bail!("{set}: {name} {namespace} has several types: {found:?}");
        }
        Ok(Some(first))
    }
}

impl Type {
    fn read(value: &Value) -> Result<Self> {
        let mut fields = Vec::new();
        for attribute in value["attributes"].as_array().unwrap_or(&Vec::new()) {
            let name = text(&attribute["name"])?;
            let min = u32::from(attribute["use"] == "required");
            let kind = Kind::Attribute(TypeRef::read(&attribute["type"])?);
            fields.push(Field { name, min, max: Some(1), kind });
        }
        if let Some(content) = value.get("text") {
            let kind = Kind::Text(TypeRef::read(content)?);
            fields.push(Field { name: String::new(), min: 1, max: Some(1), kind });
        } else {
            rows(&value["content"], &mut fields)?;
        }
        let flag = |key: &str| value[key].as_bool().unwrap_or(false);
        Ok(Self { fields, mixed: flag("mixed"), is_abstract: flag("abstract") })
    }
}

/// Appends the rows of a particle.
fn rows(particle: &Value, fields: &mut Vec<Field>) -> Result<()> {
    let (min, max) = parse_range(&text(&particle["occurs"])?)?;
    if let Some(sequence) = particle["sequence"].as_array() {
        return match (sequence.as_slice(), (min, max)) {
            (_, (1, Some(1))) => sequence.iter().try_for_each(|p| rows(p, fields)),
            // A repeated sequence of one particle is that particle repeated.
            ([only], _) => {
                let from = fields.len();
                rows(only, fields)?;
                for field in fields.iter_mut().skip(from) {
                    (field.min, field.max) = (min, max);
                }
                Ok(())
            }
            // SPKIData: a wildcard after the one named element stands after the repetition as well.
            ([_, wildcard], (1, None)) if wildcard.get("any").is_some() => {
                let from = fields.len();
                sequence.iter().try_for_each(|p| rows(p, fields))?;
                if let Some(field) = fields.get_mut(from) {
                    field.max = None;
                }
                Ok(())
            }
            // The optional groups of DSAKeyValue, which is refused as a whole.
            _ => Ok(()),
        };
    }
    if let Some(choice) = particle["choice"].as_array() {
        let mut alternatives = Vec::new();
        for alternative in choice {
            if alternative.get("sequence").is_some() {
                // PGPData, which is refused as a whole.
                return Ok(());
            }
            let name = alternative["element"].as_str().unwrap_or("*").to_owned();
            let ty = match alternative.get("type") {
                Some(ty) => Some(TypeRef::read(ty)?),
                None if alternative.get("any").is_some() => None,
                None => bail!("an alternative that is a group: {alternative}"),
            };
            alternatives.push(Alternative { name, ty, is_abstract: false });
        }
        // Wildcards stand after all named elements.
        alternatives.sort_by_key(|a| a.ty.is_none());
        let only_wildcard = alternatives.iter().all(|a| a.ty.is_none());
        let kind = if only_wildcard { Kind::Wildcard } else { Kind::Choice(alternatives) };
        fields.push(Field { name: String::new(), min, max, kind });
        return Ok(());
    }
    if particle.get("any").is_some() {
        fields.push(Field { name: "*".to_owned(), min, max, kind: Kind::Wildcard });
        return Ok(());
    }
    let name = text(&particle["element"])?;
    let kind = match particle["members"].as_array() {
        None => Kind::Element(TypeRef::read(&particle["type"])?),
        Some(members) => Kind::Choice(
            members
                .iter()
                .map(|member| {
                    Ok(Alternative {
                        name: text(&member["element"])?,
                        ty: Some(TypeRef::read(&member["type"])?),
                        is_abstract: member["abstract"].as_bool().unwrap_or(false),
                    })
                })
                .collect::<Result<_>>()?,
        ),
    };
    fields.push(Field { name, min, max, kind });
    Ok(())
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().with_context(|| format!("no text: {value}"))?.to_owned())
}

impl TypeRef {
    fn read(value: &Value) -> Result<Self> {
        match value {
            Value::String(name) => Ok(Self::Complex(name.clone())),
            _ => {
                let (simple, coding) = (text(&value["simple"])?, text(&value["coding"])?);
                Ok(Self::Simple(Coding::read(&simple, &coding).with_context(|| coding.clone())?))
            }
        }
    }
}

impl Coding {
    fn read(simple: &str, coding: &str) -> Result<Self> {
        // "name (facets)" or "name:facets".
        let (kind, facets) = coding.split_once([' ', ':']).unwrap_or((coding, ""));
        let facets = facets.trim_matches(['(', ')']);
        let facet = |name: &str| -> Result<Option<u64>> {
            let found = facets.split([',', ';']).find_map(|f| f.trim().strip_prefix(name));
            found.map(|text| Ok(text.trim().parse()?)).transpose()
        };
        Ok(match kind {
            "bool" => Self::Boolean,
            "enum" => Self::Enumeration(simple.to_owned()),
            "nbit" => {
                let range = facets.rsplit(' ').next().context("a range")?;
                let (min, max) = range.split_once("..").context("a range")?;
                Self::NBit(min.parse()?, max.parse()?)
            }
            "unsigned" => {
                let base = facets.split(',').next().unwrap_or_default();
                let max = match base {
                    "unsignedShort" => u64::from(u16::MAX),
                    "unsignedInt" => u64::from(u32::MAX),
                    "unsignedLong" => u64::MAX,
                    other => bail!("unsigned {other}"),
                };
                Self::Unsigned(facet("max ")?.unwrap_or(max))
            }
            "signed" => match facets {
                "short" => Self::Signed(16),
                "int" => Self::Signed(32),
                "long" => Self::Signed(64),
                "integer" => Self::Integer,
                other => bail!("signed {other}"),
            },
            "string" => Self::Text(facet("min ")?.unwrap_or(0), facet("max ")?),
            "base64Binary" | "hexBinary" => match facet("length ")? {
                Some(length) => Self::Octets(length, Some(length)),
                None => Self::Octets(facet("min ")?.unwrap_or(0), facet("max ")?),
            },
            other => bail!("coding {other}"),
        })
    }

    /// The Rust integer that holds the range.
    pub fn integer(&self) -> &'static str {
        match self {
            Self::NBit(min, max) if *min >= 0 && *max <= 255 => "u8",
            Self::NBit(min, max) if *min >= -128 && *max <= 127 => "i8",
            Self::NBit(..) => "u16",
            Self::Unsigned(max) if *max <= u64::from(u16::MAX) => "u16",
            Self::Unsigned(max) if *max <= u64::from(u32::MAX) => "u32",
            Self::Unsigned(_) => "u64",
            Self::Signed(16) => "i16",
            Self::Signed(32) => "i32",
            _ => "i64",
        }
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Self::NBit(..) | Self::Unsigned(_) | Self::Signed(_))
    }

    pub fn size(&self) -> usize {
        match self {
            Self::Boolean | Self::Enumeration(_) => 1,
            Self::Integer | Self::Text(..) | Self::Octets(..) => 24,
            _ => match self.integer() {
                "u8" | "i8" => 1,
                "u16" | "i16" => 2,
                "u32" | "i32" => 4,
                _ => 8,
            },
        }
    }
}
