//! `settle` in SQL: the tariff engine as a scalar function over columns.
//!
//! ```sql
//! settle(contract, session_id, tariff_id, started_at, charged_until, ended_at, energy_uwh, versions)
//! ```
//!
//! gives a struct of `net`, `tax`, `operator`, `platform`, `site` (minor units, BIGINT) and `refusal` (text). Either the
//! first five are null or the last is. The contract is a literal, so the plan itself carries the tariffs: an executor
//! cannot price with another version of them, and holds nothing but this function.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::{ArrayRef, Int64Array, StringArray, StructArray};
use datafusion::arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::cast::as_int64_array;
use datafusion::common::{DataFusionError, Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use crate::contract::{Bill, Claim, Contract, PARTIES, Refusal};
use crate::sessions::{self, SessionBatch};

/// The function, to be registered wherever a plan is made or run.
pub(crate) fn settle() -> ScalarUDF {
    let mut arguments = vec![DataType::Utf8];
    arguments.extend(sessions::schema().fields().iter().map(|column| column.data_type().clone()));
    arguments.push(DataType::Int64);
    ScalarUDF::from(Settle { signature: Signature::exact(arguments, Volatility::Immutable) })
}

/// How many records this process has settled, however many were refused.
pub(crate) fn records_settled() -> u64 {
    RECORDS.load(Ordering::Relaxed)
}

static RECORDS: AtomicU64 = AtomicU64::new(0);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Settle {
    signature: Signature,
}

impl ScalarUDFImpl for Settle {
    fn name(&self) -> &'static str {
        "settle"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Struct(bill_fields()))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some((ColumnarValue::Scalar(ScalarValue::Utf8(Some(text))), columns)) =
            args.args.split_first()
        else {
            return exec_err!("the contract is to be a literal");
        };
        let contract = compiled(text)?;
        // Of one length even if all of them are literals.
        let columns = columns.iter().map(|column| column.to_array(args.number_rows));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let Some((versions, columns)) = columns.split_last() else {
            return exec_err!("no columns of sessions");
        };
        let versions = as_int64_array(versions)?;
        let batch = SessionBatch::new(columns).map_err(external)?;
        let versions = versions.iter().map(|versions| versions.unwrap_or_default());
        let claims = batch.records().zip(versions);
        let claims: Vec<_> = claims.map(|(record, versions)| Claim { record, versions }).collect();
        let bills = contract.settle(&claims);
        RECORDS.fetch_add(u64::try_from(bills.len()).unwrap_or_default(), Ordering::Relaxed);
        Ok(ColumnarValue::Array(Arc::new(to_struct(&bills)?)))
    }
}

fn bill_fields() -> Fields {
    let amounts = ["net", "tax"].into_iter().chain(PARTIES);
    let amounts = amounts.map(|name| Field::new(name, DataType::Int64, true));
    amounts.chain([Field::new("refusal", DataType::Utf8, true)]).collect()
}

fn to_struct(bills: &[std::result::Result<Bill, Refusal>]) -> Result<StructArray> {
    let amount = |of: &dyn Fn(&Bill) -> i64| -> ArrayRef {
        Arc::new(bills.iter().map(|bill| bill.as_ref().ok().map(of)).collect::<Int64Array>())
    };
    let mut columns = vec![amount(&|bill| bill.net), amount(&|bill| bill.tax)];
    for party in 0..PARTIES.len() {
        columns.push(amount(&|bill| bill.shares.get(party).copied().unwrap_or_default()));
    }
    let refusal =
        |bill: &std::result::Result<Bill, Refusal>| bill.as_ref().err().map(Refusal::to_string);
    columns.push(Arc::new(bills.iter().map(refusal).collect::<StringArray>()));
    Ok(StructArray::try_new(bill_fields(), columns, None)?)
}

/// The contract of that text. The one compiled last is kept, for every batch of a plan brings the same.
fn compiled(text: &str) -> Result<Arc<Contract>> {
    static LAST: Mutex<Option<Arc<Contract>>> = Mutex::new(None);

    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(contract) = last.as_ref().filter(|contract| contract.text() == text) {
        return Ok(Arc::clone(contract));
    }
    let contract = Arc::new(Contract::parse(text).map_err(external)?);
    *last = Some(Arc::clone(&contract));
    Ok(contract)
}

fn external(error: anyhow::Error) -> DataFusionError {
    DataFusionError::External(error.into())
}
