//! The committed tables, of types and of messages, are what the generator writes.

use std::path::Path;

#[test]
fn the_committed_tables_are_what_the_generator_writes() {
    let Some(shared) = evse_iso15118_codegen::shared() else {
        assert!(
            std::env::var_os("EVSE_SHARED_REQUIRED").is_none(),
            "no shared/spec/iso15118/grammar.json"
        );
        println!("shared/spec/iso15118/grammar.json is not here; nothing compared");
        return;
    };
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (name, text) in evse_iso15118_codegen::generate(&shared).expect("a grammar") {
        let committed = std::fs::read_to_string(target.join(&name)).unwrap_or_default();
        assert!(
            committed == text,
            "{name} is not what `cargo run -p evse-iso15118-codegen` writes"
        );
    }
}
