//! The file of sessions: its columns, and how a batch of rows becomes records.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use datafusion::arrow::array::{
    Array, ArrayAccessor, ArrayRef, Int64Array, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::common::cast::{as_int64_array, as_string_array, as_timestamp_microsecond_array};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};

use crate::contract::Record;

/// An instant with its zone; narrower units fit into it without loss.
pub(crate) fn instant_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

/// The columns that are read, as they are worked with. A file may have them in any order, others beside them, and types
/// that widen to these.
pub(crate) fn schema() -> SchemaRef {
    let column = |name, data_type| Field::new(name, data_type, true);
    Arc::new(Schema::new(vec![
        column("session_id", DataType::Utf8),
        column("tariff_id", DataType::Utf8),
        column("started_at", instant_type()),
        column("charged_until", instant_type()),
        column("ended_at", instant_type()),
        column("energy_uwh", DataType::Int64),
    ]))
}

/// Whether every value of one type is exactly one of the other.
fn widens(from: &DataType, to: &DataType) -> bool {
    use DataType::{Dictionary, Int64, LargeUtf8, Timestamp, Utf8, Utf8View};
    match (from, to) {
        (Dictionary(_, values), _) => widens(values, to),
        (Utf8 | LargeUtf8 | Utf8View, Utf8) => true,
        // Whatever zone is named, the number counts from 1970 in UTC; with none it counts from nobody knows where.
        (Timestamp(unit, Some(_)), Timestamp(..)) => *unit != TimeUnit::Nanosecond,
        (_, Int64) => from.is_integer() && *from != DataType::UInt64,
        _ => false,
    }
}

/// A file of sessions whose columns were seen to be right.
#[derive(Debug, Clone)]
pub(crate) struct SessionFile {
    path: PathBuf,
    rows: u64,
}

impl SessionFile {
    /// Looks at the file's metadata; no row is read yet.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let path = path.canonicalize()?;
        let parquet = builder(&path)?;
        for column in schema().fields() {
            let name = column.name();
            let Ok(found) = parquet.schema().field_with_name(name) else {
                bail!("no column {name}");
            };
            ensure!(
                widens(found.data_type(), column.data_type()),
                "column {name} is {}, which does not fit into {}",
                found.data_type(),
                column.data_type()
            );
        }
        let rows = parquet.metadata().file_metadata().num_rows();
        Ok(Self { rows: u64::try_from(rows).context("a negative number of rows")?, path })
    }

    /// Absolute.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) const fn rows(&self) -> u64 {
        self.rows
    }

    /// Reads the file from begin to end.
    pub(crate) fn read(&self) -> Result<impl Iterator<Item = Result<SessionBatch>>> {
        let parquet = builder(&self.path)?;
        let names = schema();
        let names = names.fields().iter().map(|column| column.name().as_str());
        let mask = ProjectionMask::columns(parquet.parquet_schema(), names);
        let reader: ParquetRecordBatchReader = parquet.with_projection(mask).build()?;
        Ok(reader.map(|batch| {
            let batch = batch?;
            let column = |column: &Arc<Field>| {
                let found = batch.column_by_name(column.name()).context("a column is gone")?;
                Ok(cast(found, column.data_type())?)
            };
            let columns: Result<Vec<_>> = schema().fields().iter().map(column).collect();
            SessionBatch::new(&columns?)
        }))
    }
}

fn builder(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>> {
    let file = File::open(path)?;
    ensure!(file.metadata()?.is_file(), "not a file");
    Ok(ParquetRecordBatchReaderBuilder::try_new(file)?)
}

/// Rows of the columns of [`schema`].
#[derive(Debug, Clone)]
pub(crate) struct SessionBatch {
    session_id: StringArray,
    tariff_id: StringArray,
    instants: [TimestampMicrosecondArray; 3],
    energy_uwh: Int64Array,
}

impl SessionBatch {
    /// From arrays of the types of [`schema`], in its order and of one length.
    pub(crate) fn new(columns: &[ArrayRef]) -> Result<Self> {
        let [session_id, tariff_id, started_at, charged_until, ended_at, energy_uwh] = columns
        else {
            bail!("{} columns of sessions", columns.len());
        };
        let instants = |column| as_timestamp_microsecond_array(column).cloned();
        Ok(Self {
            session_id: as_string_array(session_id)?.clone(),
            tariff_id: as_string_array(tariff_id)?.clone(),
            instants: [instants(started_at)?, instants(charged_until)?, instants(ended_at)?],
            energy_uwh: as_int64_array(energy_uwh)?.clone(),
        })
    }

    pub(crate) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let [started_at, charged_until, ended_at] = &self.instants;
        (0..self.session_id.len()).map(move |row| Record {
            session_id: value(&self.session_id, row),
            tariff_id: value(&self.tariff_id, row),
            started_at: value(started_at, row),
            charged_until: value(charged_until, row),
            ended_at: value(ended_at, row),
            energy_uwh: value(&self.energy_uwh, row),
        })
    }
}

/// The value of a row that is there, unless it is null.
fn value<A: ArrayAccessor>(array: A, row: usize) -> Option<A::Item> {
    array.is_valid(row).then(|| array.value(row))
}
