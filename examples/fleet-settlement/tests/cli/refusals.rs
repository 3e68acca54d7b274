//! What wrong input gives: clear words, the right exit code, and the rest settled all the same.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, TimeUnit};

use crate::files::{COLUMNS, EVENING, HOUR, QUICK, Row, START, columns, write, write_columns};
use crate::fleet::{Said, fleet, settle, settle_in_every_way};

/// Every reason for a refusal, in one file with two good sessions, one of which came three times.
#[test]
fn refused_sessions_are_named_and_the_rest_is_settled() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faults.parquet");
    let row = |id, change: fn(&mut Row)| {
        let mut row = Row { session_id: Some(id), ..EVENING };
        change(&mut row);
        row
    };
    let faults = [
        row("", |row| row.session_id = None),
        row("conflict", |_| {}),
        row("conflict", |row| row.energy_uwh = Some(1)),
        row("energy falls", |row| row.energy_uwh = Some(-1)),
        row("finer than ms", |row| row.charged_until = Some(START + 1)),
        row("long", |row| row.charged_until = Some(START + 32 * 24 * HOUR)),
        row("no charged", |row| row.charged_until = None),
        row("no end", |row| row.ended_at = None),
        row("no energy", |row| row.energy_uwh = None),
        row("no start", |row| row.started_at = None),
        row("no tariff", |row| row.tariff_id = None),
        row("other tariff", |row| row.tariff_id = Some("AC-DAY")),
        row("separator|", |_| {}),
        row("time goes back", |row| row.ended_at = Some(START)),
    ];
    let rows: Vec<_> = [EVENING, QUICK, QUICK].into_iter().chain(faults).chain([QUICK]).collect();
    write(&file, &rows);
    let said = settle_in_every_way(&file);
    assert_eq!(said.code, 1);
    let settlement = said.settlement();
    assert_eq!(settlement["total"]["gross"], "13.03");
    assert_eq!(settlement["repeated"], 2);
    assert_eq!(settlement["refused"], faults.len());
    let expected = [
        "without an id: session_id is null",
        "conflict: 2 different records of one session",
        "conflict: 2 different records of one session",
        "energy falls: register fell from 0 Wh to -0.000001 Wh",
        "finer than ms: charged_until is no whole millisecond",
        "long: 2764800000 ms between two readings",
        "no charged: charged_until is null",
        "no end: ended_at is null",
        "no energy: energy_uwh is null",
        "no start: started_at is null",
        "no tariff: tariff_id is null",
        "other tariff: no tariff \"AC-DAY\"",
        "separator|: a session id with a separator of the ledger ('|' or a control character)",
        "time goes back: event at ",
    ];
    let complaints: Vec<_> = said.complaints.lines().collect();
    assert_eq!(complaints.len(), expected.len(), "{said:?}");
    for (complaint, expected) in complaints.iter().zip(expected) {
        let begin = format!("{}: session {expected}", file.display());
        assert!(complaint.starts_with(&begin), "{complaint:?}, not {begin:?}");
    }
}

/// In every engine, before it starts.
fn assert_unusable(file: PathBuf, expected: &str) {
    for engine in ["plain", "datafusion", "ballista"] {
        let Said { code, out, complaints } = settle(&file, engine, "2");
        assert_eq!((code, out.as_str()), (2, ""), "{complaints}");
        let begin = format!("error: {}: {expected}", file.display());
        assert!(complaints.starts_with(&begin), "{complaints:?}, not {begin:?}");
        assert_eq!(complaints.lines().count(), 1, "{complaints:?}");
    }
}

#[test]
fn unusable_files_are_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    assert_unusable(file("missing.parquet"), "No such file");
    assert_unusable(folder.path().to_owned(), "not a file");
    fs::write(file("empty.parquet"), "").unwrap();
    assert_unusable(file("empty.parquet"), "");
    fs::write(file("text.parquet"), "session_id,tariff_id\nA-1,AC-NIGHT\n").unwrap();
    assert_unusable(file("text.parquet"), "Parquet error: Invalid Parquet file");
    // The footer whole, a page before it not. (DataFusion does not even read a column of which the footer says that all its
    // values are one.)
    write(&file("whole.parquet"), &[EVENING, QUICK]);
    let mut bytes = fs::read(file("whole.parquet")).unwrap();
    bytes[4..200].fill(0xff);
    fs::write(file("broken.parquet"), bytes).unwrap();
    for engine in ["plain", "datafusion", "ballista"] {
        let said = settle(&file("broken.parquet"), engine, "2");
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
    }
}

#[test]
fn wrong_columns_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let good = || COLUMNS.into_iter().zip(columns(&[EVENING]));
    for missing in COLUMNS {
        let file = folder.path().join(missing);
        write_columns(&file, good().filter(|(name, _)| *name != missing));
        assert_unusable(file, &format!("no column {missing}"));
    }
    let with = |wrong: &'static str, column: ArrayRef| {
        let file = folder.path().join(format!("wrong {wrong}"));
        let columns = good()
            .map(|(name, good)| (name, if name == wrong { Arc::clone(&column) } else { good }));
        write_columns(&file, columns);
        assert_unusable(file, &format!("column {wrong} is "));
    };
    with("energy_uwh", Arc::new(Float64Array::from(vec![20e9])));
    with("tariff_id", Arc::clone(&columns(&[EVENING])[5]));
    let [started_at, charged_until] = [2, 3].map(|at| Arc::clone(&columns(&[EVENING])[at]));
    with(
        "started_at",
        cast(&started_at, &DataType::Timestamp(TimeUnit::Microsecond, None)).unwrap(),
    );
    let nanos = DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into()));
    with("charged_until", cast(&charged_until, &nanos).unwrap());
}

#[test]
fn unusable_tariffs_are_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let sessions = folder.path().join("one.parquet");
    write(&sessions, &[EVENING]);
    let tariff = |validity: &str, shares: &str, currency: &str| {
        format!(
            r#"{{"shares": {shares}, "tariff": {{"id": "AC-NIGHT", "currency": "{currency}", {validity}
                "elements": [{{"price_components": [{{"type": "ENERGY", "price": 1, "vat": 19, "step_size": 1}}]}}]}}}}"#
        )
    };
    let contract = |tariffs: &str, zone: &str| {
        format!(r#"{{"currency": "EUR", "time_zone": "{zone}", "tariffs": [{tariffs}]}}"#)
    };
    let run = |text: &str| {
        let file = folder.path().join("tariffs.json");
        fs::write(&file, text).unwrap();
        let (sessions, tariffs) = (sessions.to_str().unwrap(), file.to_str().unwrap());
        fleet(["run", sessions, "--json", "--tariffs", tariffs])
    };
    let shares = r#"{"operator": 1, "platform": 1, "site": 1}"#;
    let good = tariff("", shares, "EUR");
    for (text, expected) in [
        (String::new(), "EOF while parsing"),
        (contract("", "UTC0"), "no tariffs"),
        (contract(&good, "Europe/Berlin"), "time_zone"),
        (contract(&tariff("", shares, "CNY"), "UTC0"), "tariffs[0]: currency \"CNY\""),
        (contract(&tariff("", r#"{"operator": 1}"#, "EUR"), "UTC0"), "missing field"),
        (contract(&tariff("", r#"{"operator": -1}"#, "EUR"), "UTC0"), "invalid value"),
        (contract(&format!("{good}, {good}"), "UTC0"), "tariffs[1]: two tariffs"),
    ] {
        let said = run(&text);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{text}");
        assert!(said.complaints.contains(expected), "{said:?}, not {expected:?}");
    }

    // One that followed another: each session has that of its start.
    let before = tariff(r#""end_date_time": "2024-06-03T19:30:00Z","#, shares, "EUR");
    let from = tariff(r#""start_date_time": "2024-06-03T19:30:00Z","#, shares, "EUR");
    let said = run(&contract(&format!("{before}, {from}"), "UTC0"));
    assert_eq!(said.settlement()["total"]["net"], "20.00");
    let said = run(&contract(&before, "UTC0"));
    assert_eq!(said.code, 1);
    assert!(said.complaints.contains("tariff \"AC-NIGHT\" does not hold"), "{said:?}");
}

#[test]
fn wrong_arguments_are_said_so() {
    for arguments in [
        &["run"][..],
        &["run", "x", "--partitions", "0"],
        &["run", "x", "--engine", "spark"],
        &["generate", "--sessions", "-1", "--out", "x"],
        &["generate", "--sessions", "1", "--out", "/no/such/folder/x.parquet"],
        &["--no-such-option"],
    ] {
        let said = fleet(arguments);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{arguments:?}: {said:?}");
        assert!(!said.complaints.is_empty());
    }
    for arguments in [&["--help"][..], &["run", "--help"], &["generate", "--help"]] {
        assert_eq!(fleet(arguments).code, 0);
    }
}
