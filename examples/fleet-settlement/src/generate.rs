//! A day of a fleet's sessions, made up: the same seed gives the same bytes.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use datafusion::arrow::array::{
    ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;
use indicatif::ProgressBar;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::sessions;

/// 2024-10-27T00:00 in Central Europe, the day that has 25 hours. Unit s.
const MIDNIGHT: i64 = 1_729_980_000;
const DAY_SECONDS: i64 = 25 * 3_600;

/// Rows made at a time, and of a row group: a scan is shared out by row groups.
const ROW_GROUP: u64 = 32_768;

/// A kind of charging point: tariff, and bounds of charging time (s), of idle time (s) and of mean power (W).
struct Kind {
    tariff: &'static str,
    charging: (i64, i64),
    idle: (i64, i64),
    watts: (i64, i64),
}

/// One of each is as frequent as another.
const KINDS: [Kind; 3] = [
    Kind {
        tariff: "AC-NIGHT",
        charging: (1_800, 28_800),
        idle: (0, 14_400),
        watts: (3_600, 11_000),
    },
    Kind { tariff: "DC-FAST", charging: (300, 3_600), idle: (0, 600), watts: (30_000, 180_000) },
    Kind { tariff: "CAR-PARK", charging: (900, 7_200), idle: (0, 7_200), watts: (3_600, 22_000) },
];

/// Writes so many sessions into a file.
pub(crate) fn generate(rows: u64, seed: u64, out: &Path, progress: &ProgressBar) -> Result<()> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(usize::try_from(ROW_GROUP)?))
        .build();
    let file = File::create(out)?;
    let mut writer = ArrowWriter::try_new(file, sessions::schema(), Some(properties))?;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    progress.set_length(rows);
    for first in (0..rows).step_by(usize::try_from(ROW_GROUP)?) {
        let group = first..rows.min(first + ROW_GROUP);
        progress.set_position(group.end);
        writer.write(&batch(group, &mut random)?)?;
    }
    writer.close()?;
    Ok(())
}

fn batch(numbers: std::ops::Range<u64>, random: &mut ChaCha8Rng) -> Result<RecordBatch> {
    let (mut session_id, mut tariff_id, mut energy_uwh) = (Vec::new(), Vec::new(), Vec::new());
    let mut instants: [Vec<i64>; 3] = Default::default();
    for number in numbers {
        let kind = KINDS.get(random.random_range(0..KINDS.len())).context("no such kind")?;
        let mut between = |(low, high): (i64, i64)| random.random_range(low..=high);
        let started_at = MIDNIGHT + between((0, DAY_SECONDS - 1));
        let charging = between(kind.charging);
        let charged_until = started_at + charging;
        let ended_at = charged_until + between(kind.idle);
        // A meter counts tenths of a watt-hour.
        let tenths_wh = between(kind.watts) * charging / 360;
        energy_uwh.push(tenths_wh * 100_000);
        for (column, seconds) in instants.iter_mut().zip([started_at, charged_until, ended_at]) {
            column.push(seconds * 1_000_000);
        }
        tariff_id.push(kind.tariff);
        // Times an odd number: unlike for unlike numbers, and in no order, as ids are.
        session_id.push(format!("{:016x}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    }
    let [started_at, charged_until, ended_at] = instants
        .map(|column| Arc::new(TimestampMicrosecondArray::from(column).with_timezone("UTC")));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(session_id)),
        Arc::new(StringArray::from(tariff_id)),
        started_at,
        charged_until,
        ended_at,
        Arc::new(Int64Array::from(energy_uwh)),
    ];
    Ok(RecordBatch::try_new(sessions::schema(), columns)?)
}
