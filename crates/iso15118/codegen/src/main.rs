//! `cargo run -p evse-iso15118-codegen` writes `src/generated` and `MESSAGES.md` of the crate; with `--check` it only compares.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;

fn main() -> Result<ExitCode> {
    let check = std::env::args().any(|argument| argument == "--check");
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let Some(shared) = evse_iso15118_codegen::shared() else {
        println!("no grammar.json: set EVSE_SHARED");
        return Ok(ExitCode::FAILURE);
    };
    let mut drifted = false;
    for (name, text) in evse_iso15118_codegen::generate(&shared)? {
        let file: PathBuf = target.join(&name);
        if check {
            if std::fs::read_to_string(&file).unwrap_or_default() != text {
                println!("{name} is not what the generator writes");
                drifted = true;
            }
        } else {
            std::fs::write(&file, text)?;
        }
    }
    Ok(if drifted { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
