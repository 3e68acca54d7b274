//! What `evse-tariff` makes of the same record.

use evse_tariff::FixedOffset;
use evse_tariff::ocpi::{NamedTariff, Policy, Pricer, Version, parse_cdr, parse_tariff};

/// The total without tax.
pub fn total(tariff: &str, record: &str) -> String {
    let tariff = parse_tariff(tariff, Version::V2_2_1).expect("tariff");
    let compiled = tariff.compile().expect("tariff");
    let cdr = parse_cdr(record, Version::V2_2_1).expect("record");
    let named = [NamedTariff { id: "T1", start: None, end: None, compiled: &compiled }];
    let priced = Pricer::new(Policy::default()).price(&named, &cdr, &FixedOffset::UTC);
    let total = priced.expect("priced").totals.total.and_then(|cost| cost.excl);
    format!("{:.2}", total.expect("a total"))
}
