//! The committed header is what the source and the tables give, and the names of every schema fit its room.

#[path = "../examples/header.rs"]
mod header;

use std::path::Path;

use evse_iso15118::SchemaSet;
use evse_iso15118::codec::TypeInfo;

#[test]
fn the_header_is_that_of_the_source() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/evse.h");
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        committed == header::header(),
        "run: cargo run -p evse-c --example header > bindings/c/include/evse.h"
    );
}

fn longest(info: &TypeInfo, depth: u8) -> usize {
    if depth == 0 {
        return 0;
    }
    let inner = |name: &str, info| name.len().max(longest(info, depth - 1));
    match info {
        TypeInfo::Complex { fields, .. } => {
            fields.iter().map(|f| inner(f.name, f.info)).max().unwrap_or(0)
        }
        TypeInfo::Choice { alternatives } => {
            alternatives.iter().map(|a| inner(a.name, a.info)).max().unwrap_or(0)
        }
        _ => 0,
    }
}

#[test]
fn every_name_fits() {
    for set in SchemaSet::ALL {
        for element in set.elements() {
            let inside = element.info.map_or(0, |info| longest(info, 5));
            assert!(element.name.len().max(inside) < evse::EVSE_EXI_NAME_SIZE, "{}", element.name);
        }
    }
}
