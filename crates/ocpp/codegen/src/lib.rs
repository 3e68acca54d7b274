//! Reads the OCPP JSON schemas and writes the tables under `crates/ocpp/src/generated/`.
//!
//! One pass per version collects the types by name; a second puts the types that 2.0.1 and 2.1 share into a module of
//! their own; the last prints a row per member. What the rows mean is said in `crates/ocpp/src/message/schema.rs`.

mod collect;
mod names;
mod print;
mod schema;

use std::path::Path;

use anyhow::Result;

/// Generates every file: its name under `src/generated/` and its text.
pub fn generate(schemas: &Path) -> Result<Vec<(&'static str, String)>> {
    let v16 = collect::version(&schemas.join("1.6"))?;
    let mut v201 = collect::version(&schemas.join("2.0.1"))?;
    let mut v21 = collect::version(&schemas.join("2.1"))?;
    let v2x = collect::take_shared(&mut v201, &mut v21);
    Ok(vec![
        (
            "v16.rs",
            print::module(&v16, Some("V16"), "OCPP 1.6J with the security extension", false),
        ),
        ("v201.rs", print::module(&v201, Some("V201"), "OCPP 2.0.1", true)),
        ("v21.rs", print::module(&v21, Some("V21"), "OCPP 2.1", true)),
        ("v2x.rs", print::module(&v2x, None, "what OCPP 2.0.1 and 2.1 have in common", false)),
    ])
}
