//! The committed tables are those that the schemas give today.

use std::path::PathBuf;

#[test]
fn generated_tables_have_not_drifted() {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("EVSE_SHARED").map(PathBuf::from);
    let schemas = shared.unwrap_or_else(|| here.join("../../../../shared")).join("schemas/ocpp");
    if !schemas.is_dir() {
        assert!(
            std::env::var_os("EVSE_SHARED_REQUIRED").is_none(),
            "no schemas at {}",
            schemas.display()
        );
        println!("skipped: no schemas at {}", schemas.display());
        return;
    }
    for (name, text) in evse_ocpp_codegen::generate(&schemas).expect("readable schemas") {
        let path = here.join("../src/generated").join(name);
        let committed = std::fs::read_to_string(&path).expect("a committed file");
        assert!(committed == text, "{name} is stale: cargo run -p evse-ocpp-codegen");
    }
}
