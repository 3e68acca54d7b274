//! What right input gives.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use serde_json::json;

use crate::files::{COLUMNS, EVENING, QUICK, Row, columns, write, write_columns};
use crate::fleet::{fleet, settle, settle_in_every_way};

fn generate(path: &Path, sessions: &str, seed: &str) {
    let path = path.to_str().unwrap();
    let said = fleet(["generate", "--sessions", sessions, "--seed", seed, "--out", path]);
    assert_eq!((said.code, said.out.as_str(), said.complaints.as_str()), (0, "", ""));
}

/// Worked out by hand: 10 kWh at 0.45 and 10 at 0.25, tax 19 %, shared 70:20:10; and 0.50 with 5 kWh at 0.69, whose 3.95 share
/// as 3.16, 0.5925 and 0.1975, the cent over going to the last. The head is SHA-256 twice over, by another program.
#[test]
fn two_sessions_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("two.parquet");
    write(&file, &[QUICK, EVENING]);
    let said = settle_in_every_way(&file);
    assert_eq!((said.code, said.complaints.as_str()), (0, ""));
    let evening = json!({
        "sessions": 1, "energy_kwh": "20.000000000", "net": "7.00", "tax": "1.33", "gross": "8.33",
        "shares": {"operator": "4.90", "platform": "1.40", "site": "0.70"},
    });
    let quick = json!({
        "sessions": 1, "energy_kwh": "5.000000000", "net": "3.95", "tax": "0.75", "gross": "4.70",
        "shares": {"operator": "3.16", "platform": "0.59", "site": "0.20"},
    });
    let total = json!({
        "sessions": 2, "energy_kwh": "25.000000000", "net": "10.95", "tax": "2.08", "gross": "13.03",
        "shares": {"operator": "8.06", "platform": "1.99", "site": "0.90"},
    });
    let settlement = json!({
        "currency": "EUR", "repeated": 0, "refused": 0, "total": total,
        "by_tariff": {"AC-NIGHT": evening, "DC-FAST": quick},
        "ledger": {
            "entries": 2, "balance": "13.03",
            "head": "de70211a5d69d94f5128ac68a2a7a80cba723ab9e43144427411c8fb85b49ce4",
        },
    });
    assert_eq!(said.settlement(), settlement);
}

/// More sessions than two row groups hold, in every way; and each executor did a part.
#[test]
fn a_generated_day_in_every_way() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("day.parquet");
    generate(&file, "70000", "5");
    let said = settle_in_every_way(&file);
    assert_eq!((said.code, said.complaints.as_str()), (0, ""));
    let settlement = said.settlement();
    assert_eq!(settlement["total"]["sessions"], 70_000);
    assert_eq!(settlement["by_tariff"].as_object().unwrap().len(), 3);

    let measured = settle(&file, "ballista", "6").measured();
    let executors = measured["executors"].as_array().unwrap();
    assert_eq!(executors.len(), 2);
    let settled: u64 = executors.iter().map(|records| records.as_u64().unwrap()).sum();
    assert_eq!(settled, 2 * 70_000, "each statement settles each record once");
}

#[test]
fn a_seed_gives_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let [first, again, other] =
        [("first", "1"), ("again", "1"), ("other", "2")].map(|(name, seed)| {
            let file = folder.path().join(name);
            generate(&file, "1000", seed);
            fs::read(file).unwrap()
        });
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[test]
fn no_sessions_are_settled_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.parquet");
    write(&file, &[]);
    let settlement = settle_in_every_way(&file).settlement();
    let ledger = json!({"entries": 0, "balance": "0.00", "head": "0".repeat(64)});
    assert_eq!(settlement["ledger"], ledger);
}

/// Other programs write other types, and the columns in another order beside their own.
#[test]
fn types_that_widen_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    // Less energy than 32 bits hold of it.
    let rows = [EVENING, QUICK].map(|row| Row { energy_uwh: Some(2_000_000_000), ..row });
    write(&ours, &rows);
    let text = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let millis = DataType::Timestamp(TimeUnit::Millisecond, Some("Europe/Berlin".into()));
    let seconds = DataType::Timestamp(TimeUnit::Second, Some("UTC".into()));
    let types = [DataType::LargeUtf8, text, millis.clone(), seconds, millis, DataType::Int32];
    let columns = columns(&rows).into_iter().zip(types);
    let columns = columns.map(|(column, data_type)| cast(&column, &data_type).unwrap());
    let extra: ArrayRef = Arc::new(StringArray::from(vec!["x", "y"]));
    let columns = COLUMNS.into_iter().zip(columns).rev().chain([("colour", extra)]);
    write_columns(&theirs, columns);
    assert_eq!(settle_in_every_way(&theirs).settlement(), settle_in_every_way(&ours).settlement());
}

/// Sums beyond 64 bits, as a wrong meter brings them.
#[test]
fn sums_do_not_wrap() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("much.parquet");
    let much =
        |id| Row { session_id: Some(id), energy_uwh: Some(9_000_000_000_000_000_000), ..QUICK };
    write(&file, &[much("A"), much("B"), much("C")]);
    let settlement = settle_in_every_way(&file).settlement();
    assert_eq!(settlement["total"]["energy_kwh"], "27000000000.000000000");
}

#[test]
fn names_of_files_are_only_names() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a day.parquet", "100%25 [a]?*#.parquet", "no extension", "ünï.csv"] {
        let file = folder.path().join(name);
        write(&file, &[EVENING]);
        for engine in ["plain", "datafusion", "ballista"] {
            let said = settle(&file, engine, "2");
            assert_eq!(said.code, 0, "{name}, {engine}: {said:?}");
        }
    }
}

/// For people: the same figures, and how fast.
#[test]
fn the_table_shows_the_totals() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("two.parquet");
    write(&file, &[EVENING, QUICK]);
    let said = fleet(["run", file.to_str().unwrap()]);
    assert_eq!(said.code, 0);
    let all = said.out.lines().find(|line| line.starts_with("all ")).unwrap();
    let all: Vec<_> = all.split_whitespace().collect();
    assert_eq!(all, ["all", "2", "25.000", "10.95", "2.08", "8.06", "1.99", "0.90"]);
    assert!(said.out.contains("sessions/s"), "{said:?}");
}
