//! Pricing by columns: the same results for any order of the rows and however they are shared out.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: a failed unwrap is a failed assertion"
)]
#![cfg(feature = "json")]

use evse_tariff::ocpi::{Version, parse_tariff};
use evse_tariff::rules::{
    BatchCost, BatchError, CompiledTariff, MeterError, MeterPolicy, SessionColumns, price_batch,
};
use evse_tariff::{MicroWattHours, PosixTz, Rounding, Timestamp};
use proptest::prelude::*;

type Row = (i64, i64, i64, i64, u16);

fn tariffs() -> [CompiledTariff; 2] {
    [
        r#"{"elements":[{"price_components":[{"type":"ENERGY","price":0.25,"vat":20}],"restrictions":{"start_time":"22:00","end_time":"06:00"}},
            {"price_components":[{"type":"ENERGY","price":0.45,"vat":20},{"type":"PARKING_TIME","price":6,"step_size":60},{"type":"FLAT","price":0.5}]}]}"#,
        r#"{"elements":[{"price_components":[{"type":"TIME","price":3,"step_size":900}],"restrictions":{"max_kwh":20}},
            {"price_components":[{"type":"TIME","price":1.5,"step_size":900}]}],"min_price":{"excl_vat":1}}"#,
    ]
    .map(|text| parse_tariff(text, Version::V2_2_1).unwrap().compile().unwrap())
}

fn price(rows: &[Row]) -> Vec<Result<BatchCost, MeterError>> {
    let column = |of: fn(&Row) -> i64| {
        rows.iter().map(of).map(Timestamp::from_unix_seconds).collect::<Vec<_>>()
    };
    let (start, charged, end) =
        (column(|r| r.0), column(|r| r.0 + r.1), column(|r| r.0 + r.1 + r.2));
    let energy: Vec<_> = rows.iter().map(|r| MicroWattHours::from_wh(r.3).unwrap()).collect();
    let tariff: Vec<_> = rows.iter().map(|r| r.4).collect();
    let sessions = SessionColumns {
        start: &start,
        charged_until: &charged,
        end: &end,
        energy: &energy,
        tariff: &tariff,
    };
    let mut costs = vec![Ok(BatchCost::default()); rows.len()];
    let zone = PosixTz::parse("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    price_batch(&tariffs(), &zone, MeterPolicy::default(), Rounding::FEN, &sessions, &mut costs)
        .unwrap();
    costs
}

proptest! {
    #[test]
    fn order_and_partition_change_nothing(
        rows in prop::collection::vec(
            // A negative duration now and then: a row that is refused.
            (1_743_000_000i64..1_744_000_000, -100i64..20_000, 0i64..9_000, 0i64..90_000, 0u16..2), 0..40),
        at in 0usize..40,
        turn in 0usize..40,
    ) {
        let whole = price(&rows);
        let at = at.min(rows.len());
        let (first, second) = rows.split_at(at);
        let parts: Vec<_> = price(first).into_iter().chain(price(second)).collect();
        prop_assert_eq!(&parts, &whole);
        let turn = turn.min(rows.len());
        let (mut turned, mut expected) = (rows, whole);
        turned.rotate_left(turn);
        expected.rotate_left(turn);
        prop_assert_eq!(price(&turned), expected);
    }
}

#[test]
fn wrong_columns_are_refused() {
    let start = [Timestamp::from_unix_millis(0)];
    let energy = [MicroWattHours::ZERO];
    let sessions = SessionColumns {
        start: &start,
        charged_until: &start,
        end: &start,
        energy: &energy,
        tariff: &[2],
    };
    let mut costs = [Ok(BatchCost::default())];
    let zone = evse_tariff::FixedOffset::UTC;
    let mut price = |sessions: &SessionColumns<'_>| {
        price_batch(&tariffs(), &zone, MeterPolicy::default(), Rounding::FEN, sessions, &mut costs)
    };
    assert_eq!(price(&sessions), Err(BatchError::UnknownTariff { row: 0, tariff: 2 }));
    assert_eq!(price(&SessionColumns { tariff: &[], ..sessions }), Err(BatchError::Lengths));
}
