//! Collects the types of one version.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::names::pascal;
use crate::schema::Schema;

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Text(Option<u32>),
    Opaque,
    Integer { min: Option<i32>, max: Option<i32>, digits_only: bool },
    Number { min: Option<i32>, max: Option<i32>, tenths: bool },
    Flag,
    Time,
    Code(String),
    Object(String),
    List { item: Box<Kind>, min: u16, max: Option<u16> },
    Any,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: String,
    pub required: bool,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    pub fields: Vec<Field>,
    pub open: bool,
}

impl Object {
    /// The same members, in whatever order: 2.1 moved `customData` to the end.
    fn equals(&self, other: &Self) -> bool {
        let within = |a: &Self, b: &Self| a.fields.iter().all(|field| b.fields.contains(field));
        self.open == other.open && within(self, other) && within(other, self)
    }
}

#[derive(Debug, Clone)]
pub struct Action {
    pub name: String,
    pub request: String,
    /// `None`: a SEND.
    pub response: Option<String>,
}

#[derive(Debug, Default)]
pub struct Types {
    pub objects: BTreeMap<String, Object>,
    pub codes: BTreeMap<String, Vec<String>>,
    pub actions: Vec<Action>,
}

/// Reads every schema file of one version.
pub fn version(folder: &Path) -> Result<Types> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|n| n.to_str()?.strip_suffix(".json")) else {
            continue;
        };
        let text = fs::read_to_string(&path)?;
        let schema: Schema =
            serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        files.insert(name.to_owned(), schema);
    }
    let names = Inline::survey(&files);
    let mut types = Types::default();
    for (file, schema) in &files {
        let draft4 = schema.dialect.as_deref().is_some_and(|d| d.contains("draft-04"));
        let mut reader = Reader { file, root: schema, draft4, names: &names, types: &mut types };
        reader.object(schema, &pascal(file)).with_context(|| file.clone())?;
    }
    types.actions = actions(files.keys());
    Ok(types)
}

fn actions<'a>(files: impl Iterator<Item = &'a String>) -> Vec<Action> {
    let files: BTreeSet<&str> = files.map(String::as_str).collect();
    let mut actions: Vec<Action> = files
        .iter()
        .filter_map(|file| {
            if let Some(name) = file.strip_suffix("Request") {
                let response = Some(pascal(&format!("{name}Response")));
                return Some(Action { name: name.into(), request: pascal(file), response });
            }
            let send = !file.ends_with("Response");
            send.then(|| Action { name: (*file).into(), request: pascal(file), response: None })
        })
        .collect();
    actions.sort_by(|a, b| a.name.cmp(&b.name));
    actions
}

/// The names of types that the 1.6 schemas leave unnamed. A member's name serves where every member of that name has
/// the same type; otherwise the name of the message or object around it is put before it.
struct Inline {
    unique: BTreeSet<String>,
}

impl Inline {
    fn survey(files: &BTreeMap<String, Schema>) -> Self {
        fn walk(schema: &Schema, seen: &mut BTreeMap<String, BTreeSet<String>>) {
            for (name, property) in &schema.properties.0 {
                let inner = property.items.as_deref().unwrap_or(property);
                if inner.values.is_some() || inner.json_type.as_deref() == Some("object") {
                    seen.entry(name.clone()).or_default().insert(format!("{inner:?}"));
                }
                walk(inner, seen);
            }
            schema.definitions.values().for_each(|definition| walk(definition, seen));
        }
        let mut seen = BTreeMap::new();
        files.values().for_each(|schema| walk(schema, &mut seen));
        let unique = seen.into_iter().filter(|(_, kinds)| kinds.len() == 1);
        Self { unique: unique.map(|(name, _)| name).collect() }
    }

    fn name(&self, owner: &str, member: &str) -> String {
        if self.unique.contains(member) {
            return pascal(member);
        }
        let owner = owner.trim_end_matches("Request").trim_end_matches("Response");
        format!("{owner}{}", pascal(member))
    }
}

struct Reader<'a> {
    file: &'a str,
    root: &'a Schema,
    draft4: bool,
    names: &'a Inline,
    types: &'a mut Types,
}

impl Reader<'_> {
    fn object(&mut self, schema: &Schema, name: &str) -> Result<()> {
        for required in &schema.required {
            let known = schema.properties.0.iter().any(|(name, _)| name == required);
            ensure!(known, "{name} requires {required}, which it does not have");
        }
        let mut fields = Vec::new();
        for (member, property) in &schema.properties.0 {
            fields.push(Field {
                name: member.clone(),
                required: schema.required.contains(member),
                kind: self.kind(name, member, property)?,
            });
        }
        ensure!(fields.len() <= 64, "{name} has more than 64 members");
        let open = schema.additional_properties != Some(false);
        let object = Object { fields, open };
        let old = self.types.objects.insert(name.to_owned(), object.clone());
        ensure!(old.is_none_or(|old| old == object), "two different objects named {name}");
        Ok(())
    }

    fn code(&mut self, name: &str, values: &[String]) -> Result<Kind> {
        let old = self.types.codes.insert(name.to_owned(), values.to_vec());
        ensure!(old.is_none_or(|old| old == values), "two different enumerations named {name}");
        Ok(Kind::Code(name.to_owned()))
    }

    fn kind(&mut self, owner: &str, member: &str, schema: &Schema) -> Result<Kind> {
        if let Some(reference) = &schema.reference {
            let definition = reference.strip_prefix("#/definitions/").context("foreign $ref")?;
            let schema = self.root.definitions.get(definition).context("dangling $ref")?;
            let plain = definition.strip_suffix("EnumType");
            if let Some(values) = &schema.values {
                let plain = plain.unwrap_or(definition);
                // An object of the same name exists: IdToken, VPN, CostDimension, CertificateStatus.
                let taken = self.root.definitions.contains_key(&format!("{plain}Type"))
                    || ["IdToken", "VPN", "CostDimension", "CertificateStatus"].contains(&plain);
                let name = pascal(plain) + if taken { "Kind" } else { "" };
                return self.code(&name, values);
            }
            if schema.json_type.as_deref() != Some("object") {
                return self.kind(owner, member, schema);
            }
            let name = pascal(definition.strip_suffix("Type").unwrap_or(definition));
            self.object(schema, &name)?;
            return Ok(Kind::Object(name));
        }
        let whole = |bound: Option<f64>| -> Result<Option<i32>> {
            let Some(bound) = bound else { return Ok(None) };
            ensure!(bound.fract() == 0.0 && bound.abs() < 1e6, "{member}: bound {bound}");
            Ok(Some(bound as i32))
        };
        let (min, max) = (whole(schema.minimum)?, whole(schema.maximum)?);
        Ok(match schema.json_type.as_deref() {
            None => Kind::Any,
            Some("string") if schema.values.is_some() => {
                let values = schema.values.as_deref().unwrap_or_default();
                let name = self.names.name(owner, member);
                self.code(&name, values)?
            }
            Some("string") => match schema.format.as_deref() {
                Some("date-time") => Kind::Time,
                // The old schemas mark two members as URIs; no version asks a receiver to check that.
                None | Some("uri") if self.file.starts_with("DataTransfer") && member == "data" => {
                    Kind::Opaque
                }
                None | Some("uri") => Kind::Text(schema.max_length),
                Some(format) => bail!("{member}: format {format}"),
            },
            Some("integer") => Kind::Integer { min, max, digits_only: self.draft4 },
            Some("number") => {
                let tenths = match schema.multiple_of {
                    None => false,
                    Some(0.1) => true,
                    Some(step) => bail!("{member}: multipleOf {step}"),
                };
                Kind::Number { min, max, tenths }
            }
            Some("boolean") => Kind::Flag,
            Some("array") => {
                let items = schema.items.as_deref().context("a list without items")?;
                let item = Box::new(self.kind(owner, member, items)?);
                Kind::List { item, min: schema.min_items.unwrap_or(0), max: schema.max_items }
            }
            Some("object") => {
                let name = self.names.name(owner, member);
                self.object(schema, &name)?;
                Kind::Object(name)
            }
            Some(other) => bail!("{member}: type {other}"),
        })
    }
}

/// Moves what is the same in both versions, down to the last nested type, into a set of its own.
pub fn take_shared(a: &mut Types, b: &mut Types) -> Types {
    let same_codes = |(name, values): &(&String, &Vec<String>)| b.codes.get(*name) == Some(*values);
    let same_objects = |(name, object): &(&String, &Object)| {
        a.objects.get(*name).is_some_and(|other| other.equals(object))
    };
    let mut shared = Types {
        codes: a.codes.iter().filter(same_codes).map(clone).collect(),
        objects: b.objects.iter().filter(same_objects).map(clone).collect(),
        actions: Vec::new(),
    };
    // An object whose nested types differ is not the same after all.
    loop {
        let known = |kind: &Kind| match innermost(kind) {
            Kind::Code(name) => shared.codes.contains_key(name),
            Kind::Object(name) => shared.objects.contains_key(name),
            _ => true,
        };
        let broken: Vec<String> = shared
            .objects
            .iter()
            .filter(|(_, object)| !object.fields.iter().all(|field| known(&field.kind)))
            .map(|(name, _)| name.clone())
            .collect();
        if broken.is_empty() {
            break;
        }
        broken.iter().for_each(|name| drop(shared.objects.remove(name)));
    }
    for types in [a, b] {
        types.codes.retain(|name, _| !shared.codes.contains_key(name));
        types.objects.retain(|name, _| !shared.objects.contains_key(name));
    }
    shared
}

fn clone<T: Clone>((name, value): (&String, &T)) -> (String, T) {
    (name.clone(), value.clone())
}

pub fn innermost(kind: &Kind) -> &Kind {
    match kind {
        Kind::List { item, .. } => innermost(item),
        other => other,
    }
}
