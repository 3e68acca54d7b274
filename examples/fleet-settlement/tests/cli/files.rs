//! Files of sessions that the tests write themselves.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::parquet::arrow::ArrowWriter;

/// One session; a test changes what it is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) session_id: Option<&'static str>,
    pub(crate) tariff_id: Option<&'static str>,
    pub(crate) started_at: Option<i64>,
    pub(crate) charged_until: Option<i64>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) energy_uwh: Option<i64>,
}

/// 2024-06-03T19:30Z, half past nine in the evening in Berlin. Unit µs.
pub(crate) const START: i64 = 1_717_443_000_000_000;
pub(crate) const HOUR: i64 = 3_600_000_000;

/// 20 kWh over the hour around ten in the evening, when `AC-NIGHT` turns cheap.
pub(crate) const EVENING: Row = Row {
    session_id: Some("A-1"),
    tariff_id: Some("AC-NIGHT"),
    started_at: Some(START),
    charged_until: Some(START + HOUR),
    ended_at: Some(START + HOUR),
    energy_uwh: Some(20_000_000_000),
};

/// 5 kWh within a quarter of an hour.
pub(crate) const QUICK: Row = Row {
    session_id: Some("A-2"),
    tariff_id: Some("DC-FAST"),
    charged_until: Some(START + HOUR / 4),
    ended_at: Some(START + HOUR / 4),
    energy_uwh: Some(5_000_000_000),
    ..EVENING
};

pub(crate) const COLUMNS: [&str; 6] =
    ["session_id", "tariff_id", "started_at", "charged_until", "ended_at", "energy_uwh"];

/// The rows as the columns of [`COLUMNS`].
pub(crate) fn columns(rows: &[Row]) -> Vec<ArrayRef> {
    let text = |of: fn(&Row) -> Option<&'static str>| -> ArrayRef {
        Arc::new(rows.iter().map(of).collect::<StringArray>())
    };
    let instant = |of: fn(&Row) -> Option<i64>| -> ArrayRef {
        let instants: TimestampMicrosecondArray = rows.iter().map(of).collect();
        Arc::new(instants.with_timezone("UTC"))
    };
    vec![
        text(|row| row.session_id),
        text(|row| row.tariff_id),
        instant(|row| row.started_at),
        instant(|row| row.charged_until),
        instant(|row| row.ended_at),
        Arc::new(rows.iter().map(|row| row.energy_uwh).collect::<Int64Array>()),
    ]
}

pub(crate) fn write(path: &Path, rows: &[Row]) {
    write_columns(path, COLUMNS.into_iter().zip(columns(rows)));
}

pub(crate) fn write_columns<'a>(
    path: &Path,
    columns: impl IntoIterator<Item = (&'a str, ArrayRef)>,
) {
    let columns = columns.into_iter().map(|(name, column)| (name, column, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}
