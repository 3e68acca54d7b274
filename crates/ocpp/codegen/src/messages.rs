//! `MESSAGES.md`: every action of every version, and what is tested with it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::collect::{Action, Types};

const HEAD: &str = "<!-- Written by `cargo run -p evse-ocpp-codegen` from the schemas and the shared corpus; do not edit. -->
# Messages of `evse-ocpp`

Every action is decoded, checked and encoded, as request and as response. *Members* counts those of the request and of the
response itself, `customData` aside. *Corpus* counts the valid and the refused frames of the shared corpus, each of which is
read, written back and compared, or refused with its code (`tests/corpus.rs`, `tests/encode.rs`). Beside them every rule of
every message is kept and broken, one at a time, against a JSON-Schema validator (`tests/json_schema.rs`).
";

/// How many frames of the corpus there are, valid and not, by version and action.
pub(crate) struct Corpus(BTreeMap<(String, String), [u32; 2]>);

impl Corpus {
    pub(crate) fn read(file: &Path) -> Result<Self> {
        #[derive(Deserialize)]
        struct Row {
            version: String,
            action: Option<String>,
            valid: bool,
        }
        let mut counts = BTreeMap::<_, [u32; 2]>::new();
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        for line in text.lines() {
            let row: Row = serde_json::from_str(line)?;
            if let Some(action) = row.action {
                let [valid, refused] = counts.entry((row.version, action)).or_default();
                *(if row.valid { valid } else { refused }) += 1;
            }
        }
        Ok(Self(counts))
    }
}

/// The whole file, from the types of each version before what two of them share is taken out.
pub(crate) fn table(versions: &[(&str, &Types)], corpus: &Corpus) -> Result<String> {
    let mut out = HEAD.to_owned();
    for (version, types) in versions {
        writeln!(out, "\n## OCPP {version}: {} actions\n", types.actions.len())?;
        out.push_str("| action | frames | members | decode | encode | corpus: valid, refused |\n|---|---|---|---|---|---|\n");
        for action in &types.actions {
            let Action { name, request, response } = action;
            let members = |object: &String| {
                let fields = types.objects.get(object).map(|object| &object.fields);
                fields.into_iter().flatten().filter(|field| field.name != "customData").count()
            };
            let (frames, count) = match response {
                Some(response) => {
                    ("CALL, CALLRESULT", format!("{}, {}", members(request), members(response)))
                }
                None => ("SEND", members(request).to_string()),
            };
            let key = ((*version).to_owned(), name.clone());
            let [valid, refused] = corpus.0.get(&key).copied().unwrap_or_default();
            writeln!(out, "| `{name}` | {frames} | {count} | yes | yes | {valid}, {refused} |")?;
        }
    }
    Ok(out)
}
