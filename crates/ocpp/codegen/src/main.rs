//! `cargo run -p evse-ocpp-codegen [SCHEMA_FOLDER]` rewrites `crates/ocpp/src/generated/`.

use std::path::PathBuf;

use anyhow::{Context, Result};

fn main() -> Result<()> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let schemas = std::env::args_os().nth(1).map(PathBuf::from);
    let schemas = schemas.unwrap_or_else(|| {
        let shared = std::env::var_os("EVSE_SHARED").map(PathBuf::from);
        shared.unwrap_or_else(|| here.join("../../../../shared")).join("schemas/ocpp")
    });
    for (name, text) in evse_ocpp_codegen::generate(&schemas)? {
        let path = here.join("../src/generated").join(name);
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    Ok(())
}
