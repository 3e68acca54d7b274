//! The committed tables are those that the schemas give today.

use std::path::Path;

#[test]
fn generated_tables_have_not_drifted() {
    let shared = evse_ocpp_codegen::shared();
    if !shared.join("schemas/ocpp").is_dir() {
        let missing = shared.display();
        assert!(std::env::var_os("EVSE_SHARED_REQUIRED").is_none(), "no schemas in {missing}");
        println!("skipped: no schemas in {missing}");
        return;
    }
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (name, text) in evse_ocpp_codegen::generate(&shared).expect("readable schemas") {
        let committed = std::fs::read_to_string(target.join(name)).unwrap_or_default();
        assert!(committed == text, "{name} is stale: cargo run -p evse-ocpp-codegen");
    }
}
