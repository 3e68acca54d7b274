//! The settlement without a query engine: one thread, everything in memory. What the others are held against.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Result;

use crate::contract::{Claim, Contract, Record};
use crate::sessions::SessionFile;
use crate::settlement::{Book, Timed, Totals};

/// Records priced at a time, as many as a batch of the query engine has.
const BATCH: usize = 8_192;

/// Settles a file.
pub(crate) fn settle(file: &SessionFile, contract: &Contract) -> Result<Timed> {
    let began = Instant::now();
    let batches = file.read()?.collect::<Result<Vec<_>>>()?;
    let mut records: Vec<_> = batches.iter().flat_map(|batch| batch.records()).collect();
    records.sort_unstable();
    records.dedup();
    let same_session = |a: &Record<'_>, b: &Record<'_>| a.session_id == b.session_id;
    let claims: Vec<_> = records
        .chunk_by(same_session)
        .flat_map(|same| {
            let versions = i64::try_from(same.len()).unwrap_or(i64::MAX);
            same.iter().map(move |record| Claim { record: *record, versions })
        })
        .collect();
    let bills: Vec<_> = claims.chunks(BATCH).flat_map(|batch| contract.settle(batch)).collect();

    let mut by_tariff = BTreeMap::<String, Totals>::new();
    for (claim, bill) in claims.iter().zip(&bills) {
        if let (Ok(bill), Some(tariff), Some(energy)) =
            (bill, claim.record.tariff_id, claim.record.energy_uwh)
        {
            let totals = Totals::of(energy, bill);
            match by_tariff.get_mut(tariff) {
                Some(sum) => sum.add(&totals),
                None => drop(by_tariff.insert(tariff.to_owned(), totals)),
            }
        }
    }
    let totals_took = began.elapsed();

    let began = Instant::now();
    let mut book = Book::new(contract.currency());
    for (claim, bill) in claims.iter().zip(bills) {
        match (claim.record.session_id, bill) {
            (Some(session_id), Ok(bill)) => book.charge(session_id, bill.net, bill.tax)?,
            (session_id, Err(refusal)) => book.refuse(session_id, refusal.to_string()),
            (None, Ok(_)) => {}
        }
    }
    let settlement = book.close(file.rows(), by_tariff)?;
    Ok(Timed { settlement, totals_took, ledger_took: began.elapsed() })
}
