//! `cargo run -p evse-ocpp-codegen` rewrites `crates/ocpp/src/generated/` and `crates/ocpp/MESSAGES.md`.

use std::path::Path;

use anyhow::{Context, Result};

fn main() -> Result<()> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (name, text) in evse_ocpp_codegen::generate(&evse_ocpp_codegen::shared())? {
        let path = target.join(name);
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    Ok(())
}
