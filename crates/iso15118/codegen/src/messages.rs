//! `MESSAGES.md`: every message, where it stands, and what is tested with it; and what is not read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::is_unsupported;
use crate::schema::{Alternative, Grammar, Kind, Set, TypeRef};

/// How many shared vectors there are, by `(set, root or message, kind)`.
pub struct Vectors(BTreeMap<(String, String, String), usize>);

impl Vectors {
    /// Counts the right messages of a folder; `malformed`, `value_hits` and `link` are no such.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut counts = BTreeMap::new();
        for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
            let is_lines = path.extension().is_some_and(|e| e == "jsonl");
            if !is_lines || matches!(name, "malformed" | "value_hits" | "link") {
                continue;
            }
            for line in std::fs::read_to_string(&path)?.lines() {
                let vector: Value = serde_json::from_str(line)?;
                let text = |member: &str| vector[member].as_str().unwrap_or_default().to_owned();
                let kind = text("kind");
                let set = if kind == "xmldsig_fragment" {
                    "xmldsig".to_owned()
                } else {
                    text("generation")
                };
                *counts.entry((set, text("message"), kind)).or_default() += 1;
            }
        }
        Ok(Self(counts))
    }

    fn of(&self, set: &str, message: &str, kind: &str) -> usize {
        let key = (set.to_owned(), message.to_owned(), kind.to_owned());
        self.0.get(&key).copied().unwrap_or(0)
    }
}

const HEAD: &str = "<!-- Written by `cargo run -p evse-iso15118-codegen` from the grammar and the shared vectors; do not edit. -->
# Messages of `evse-iso15118`

Every message and every signed element is decoded and encoded. *Code* is the event code: of the root, or in DIN 70121 and
ISO 15118-2 of the body element. *Vectors* are those of the shared folder, each read value for value and written octet for
octet (`tests/vectors.rs`), cut and changed bit by bit (`tests/mutated.rs`). Beside them every element of every set, whether
it has a vector or not, is made with random content, decoded, encoded from the decoded views (`tests/generated.rs`), and
encoded from slices (`src/rebuilt.rs`); messages of -2 and -20 go through the crate `iso15118` as well
(`benches/iso15118/tests`).
";

/// The whole file.
pub fn table(grammar: &Grammar, vectors: &Vectors) -> Result<String> {
    let mut out = HEAD.to_owned();
    for (name, set) in &grammar.sets {
        write!(out, "\n## {}\n", crate::title(name).trim_end_matches('.'))?;
        if name != "xmldsig" {
            out.push_str("\n| message | code | rows of its type | decode | encode | vectors |\n|---|---|---|---|---|---|\n");
            for (code, message, ty) in messages(set) {
                let rows = match &ty {
                    TypeRef::Complex(ty) => set.types.get(ty).map_or(0, |ty| ty.fields.len()),
                    TypeRef::Simple(_) => 1,
                };
                let count = vectors.of(name, &message, "document");
                writeln!(out, "| `{message}` | {code} | {rows} | yes | yes | {count} |")?;
            }
        }
        let mut fragments = Vec::new();
        for (element, _) in &set.fragment_order {
            let kind = if name == "xmldsig" { "xmldsig_fragment" } else { "fragment" };
            match vectors.of(name, element, kind) {
                0 => {}
                count => fragments.push(format!("`{element}` ({count})")),
            }
        }
        fragments.dedup();
        if !fragments.is_empty() {
            writeln!(out, "\nFragments with vectors: {}.", fragments.join(", "))?;
        }
        let refused = refused(set);
        if !refused.is_empty() {
            writeln!(out, "\nRefused, on reading and on writing: {}.", refused.join(", "))?;
        }
        let open = open_content(set);
        if !open.is_empty() {
            writeln!(
                out,
                "\nOpen content (`xs:any`, mixed text) is refused in {}.",
                open.join(", ")
            )?;
        }
    }
    Ok(out)
}

/// The messages of a set with their event codes: those of the body's choice where there is one.
fn messages(set: &Set) -> Vec<(usize, String, TypeRef)> {
    let body = set.types.get("BodyType").and_then(|body| body.fields.first());
    if let Some(Kind::Choice(alternatives)) = body.map(|field| &field.kind) {
        let of = |(code, a): (usize, &Alternative)| {
            let ty = a.ty.clone().filter(|_| !a.is_abstract)?;
            Some((code, a.name.clone(), ty))
        };
        return alternatives.iter().enumerate().filter_map(of).collect();
    }
    let of = |(code, (name, _)): (usize, &(String, String))| {
        let message = name.ends_with("Req") || name.ends_with("Res");
        Some((code, name.clone(), set.elements.get(name).filter(|_| message)?.clone()))
    };
    set.document_order.iter().enumerate().filter_map(of).collect()
}

/// The alternatives that keep a code and have no value.
fn refused(set: &Set) -> Vec<String> {
    let mut names = Vec::new();
    let choices = set.types.values().flat_map(|ty| &ty.fields).filter_map(|f| match &f.kind {
        Kind::Choice(alternatives) => Some(alternatives),
        _ => None,
    });
    for alternative in choices.flatten() {
        let why = match &alternative.ty {
            Some(TypeRef::Complex(ty)) if is_unsupported(ty) => "not supported",
            Some(TypeRef::Complex(ty)) if ty == "SASchedulesType" && alternative.is_abstract => {
                // DIN's is read and written, empty.
                continue;
            }
            Some(_) if alternative.is_abstract => "abstract",
            _ => continue,
        };
        names.push(format!("`{}` ({why})", alternative.name));
    }
    names.sort();
    names.dedup();
    names
}

fn open_content(set: &Set) -> Vec<String> {
    let open = set.types.iter().filter(|(_, ty)| {
        let wild = |kind: &Kind| match kind {
            Kind::Wildcard => true,
            Kind::Choice(alternatives) => alternatives.iter().any(|a| a.ty.is_none()),
            _ => false,
        };
        ty.mixed || ty.fields.iter().any(|field| wild(&field.kind))
    });
    open.map(|(name, _)| format!("`{name}`")).collect()
}
