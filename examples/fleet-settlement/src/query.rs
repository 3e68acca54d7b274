//! The settlement as two SQL statements, for DataFusion in this process and for Ballista's executors alike.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result};
use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::common::ScalarValue;
use datafusion::common::cast::{as_decimal128_array, as_int64_array, as_string_array};
use datafusion::dataframe::DataFrame;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use futures::StreamExt;
use url::Url;

use crate::contract::Contract;
use crate::function;
use crate::sessions::{self, SessionFile};
use crate::settlement::{Book, Timed, Totals};

const BILLS: &str = include_str!("../sql/bills.sql");
const TOTALS: &str = include_str!("../sql/totals.sql");
const LEDGER: &str = include_str!("../sql/ledger.sql");

/// What plans are made and run in: the stock engine and `settle`.
pub(crate) fn state(config: SessionConfig) -> Result<SessionState> {
    let state = SessionStateBuilder::new().with_default_features().with_config(config).build();
    let context = SessionContext::new_with_state(state);
    context.register_udf(function::settle());
    Ok(context.state())
}

/// Splits scans, and everything after them, into so many partitions.
pub(crate) fn with_partitions(config: SessionConfig, partitions: usize) -> SessionConfig {
    config
        .with_target_partitions(partitions)
        // Small files too: nobody would measure with them, but the result must not depend on it.
        .with_repartition_file_min_size(1)
        // The names that this rule makes up do not survive Ballista's way of sending a plan.
        .set_bool("datafusion.optimizer.enable_leaf_expression_pushdown", false)
}

/// Settles a file.
pub(crate) async fn settle(
    context: &SessionContext,
    file: &SessionFile,
    contract: &Contract,
) -> Result<Timed> {
    // By the path, whatever the file is called.
    let schema = sessions::schema();
    let options = ParquetReadOptions::default().schema(&schema).file_extension("");
    let url = Url::from_file_path(file.path()).ok().context("no absolute path")?;
    context.register_parquet("sessions", url.as_str(), options).await?;

    let began = Instant::now();
    let mut by_tariff = BTreeMap::new();
    for batch in statement(context, TOTALS, contract).await?.collect().await? {
        read_totals(&batch, &mut by_tariff)?;
    }
    let totals_took = began.elapsed();

    let began = Instant::now();
    let mut book = Book::new(contract.currency());
    let mut batches = statement(context, LEDGER, contract).await?.execute_stream().await?;
    while let Some(batch) = batches.next().await {
        enter(&batch?, &mut book)?;
    }
    let settlement = book.close(file.rows(), by_tariff)?;
    Ok(Timed { settlement, totals_took, ledger_took: began.elapsed() })
}

async fn statement(
    context: &SessionContext,
    select: &str,
    contract: &Contract,
) -> Result<DataFrame> {
    let frame = context.sql(&format!("{BILLS}{select}")).await?;
    Ok(frame.with_param_values(vec![("contract", ScalarValue::from(contract.text()))])?)
}

fn read_totals(batch: &RecordBatch, by_tariff: &mut BTreeMap<String, Totals>) -> Result<()> {
    let column = |name| batch.column_by_name(name).with_context(|| format!("no column {name}"));
    let tariff_id = as_string_array(column("tariff_id")?)?;
    let sessions = as_int64_array(column("sessions")?)?;
    let sum = |name| anyhow::Ok(as_decimal128_array(column(name)?)?);
    let (energy_uwh, net, tax) = (sum("energy_uwh")?, sum("net")?, sum("tax")?);
    let shares = [sum("operator")?, sum("platform")?, sum("site")?];
    for row in 0..batch.num_rows() {
        let totals = Totals {
            sessions: u64::try_from(sessions.value(row))?,
            energy_uwh: energy_uwh.value(row),
            net: net.value(row),
            tax: tax.value(row),
            shares: shares.map(|share| share.value(row)),
        };
        by_tariff.insert(tariff_id.value(row).to_owned(), totals);
    }
    Ok(())
}

fn enter(batch: &RecordBatch, book: &mut Book) -> Result<()> {
    let column = |name| batch.column_by_name(name).with_context(|| format!("no column {name}"));
    let session_id = as_string_array(column("session_id")?)?;
    let (net, tax) = (as_int64_array(column("net")?)?, as_int64_array(column("tax")?)?);
    let refusal = as_string_array(column("refusal")?)?;
    for row in 0..batch.num_rows() {
        let id = session_id.is_valid(row).then(|| session_id.value(row));
        match id.filter(|_| refusal.is_null(row)) {
            Some(id) => book.charge(id, net.value(row), tax.value(row))?,
            None => book.refuse(id, refusal.value(row).to_owned()),
        }
    }
    Ok(())
}
