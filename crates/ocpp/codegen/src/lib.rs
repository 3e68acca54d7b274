//! Reads the OCPP JSON schemas and writes the tables under `crates/ocpp/src/generated/` and `crates/ocpp/MESSAGES.md`.
//!
//! One pass per version collects the types by name; a second puts the types that 2.0.1 and 2.1 share into a module of
//! their own; the last prints a row per member. What the rows mean is said in `crates/ocpp/src/message/schema.rs`.

mod collect;
mod messages;
mod names;
mod print;
mod schema;

use std::path::{Path, PathBuf};

use anyhow::Result;

/// The folder with the schemas and the corpus: `EVSE_SHARED`, else `shared` beside the workspace.
#[must_use]
pub fn shared() -> PathBuf {
    let named = std::env::var_os("EVSE_SHARED").map(PathBuf::from);
    named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared"))
}

/// Generates every file: its name in the crate's folder and its text.
pub fn generate(shared: &Path) -> Result<Vec<(&'static str, String)>> {
    let schemas = shared.join("schemas/ocpp");
    let v16 = collect::version(&schemas.join("1.6"))?;
    let mut v201 = collect::version(&schemas.join("2.0.1"))?;
    let mut v21 = collect::version(&schemas.join("2.1"))?;
    let corpus = messages::Corpus::read(&shared.join("vectors/ocpp/messages.jsonl"))?;
    let table = messages::table(&[("1.6", &v16), ("2.0.1", &v201), ("2.1", &v21)], &corpus)?;
    let v2x = collect::take_shared(&mut v201, &mut v21);
    let both = "what OCPP 2.0.1 and 2.1 have in common";
    let with_security = "OCPP 1.6J with the security extension";
    Ok(vec![
        ("MESSAGES.md", table),
        ("src/generated/v16.rs", print::module(&v16, Some("V16"), with_security, false)),
        ("src/generated/v201.rs", print::module(&v201, Some("V201"), "OCPP 2.0.1", true)),
        ("src/generated/v21.rs", print::module(&v21, Some("V21"), "OCPP 2.1", true)),
        ("src/generated/v2x.rs", print::module(&v2x, None, both, false)),
    ])
}
