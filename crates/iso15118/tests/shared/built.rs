//! The tool, as a program.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The tool beside this test: `cargo test` builds a package's examples, but not where it is told which test to run.
pub(crate) fn tool() -> &'static Path {
    static TOOL: OnceLock<PathBuf> = OnceLock::new();
    TOOL.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let built = test.parent().and_then(|deps| deps.parent()).unwrap();
        let tool = built.join("examples/v2g").with_extension(std::env::consts::EXE_EXTENSION);
        if !tool.exists() {
            let cargo = Command::new(env!("CARGO"))
                .args(["build", "--quiet", "--package", "evse-iso15118", "--example", "v2g"])
                .status();
            assert!(cargo.unwrap().success());
        }
        tool
    })
}
