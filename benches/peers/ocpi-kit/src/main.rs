//! `ocpi-kit` on the inputs of the budgets.

use std::hint::black_box;

use ocpi_kit::tariffs::{PricedSession, PricingEngine, TimeZone};
use ocpi_kit::v2_2_1::cdrs::Cdr;
use ocpi_kit::v2_3_0::tariffs::Tariff;

#[path = "../../../budgets/src/paths/tariff_input.rs"]
mod tariff_input;
#[path = "../../ours.rs"]
mod ours;

/// The tariff in the words of 2.3.0, which is what this engine prices with.
fn tariff_json() -> String {
    tariff_input::tariff_json()
        .replace("excl_vat", "before_taxes")
        .replace("incl_vat", "after_taxes")
        .replacen('{', r#"{"tax_included":"NO","#, 1)
}

fn total(tariff: &Tariff, cdr: &Cdr) -> String {
    let session = PricedSession::from_cdr_v2_2_1(cdr, TimeZone::utc());
    let cost = PricingEngine::new().price(&session, std::slice::from_ref(tariff)).expect("priced");
    cost.total_excl_vat.to_string()
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (task, passes): (&str, u32) = match arguments.as_slice() {
        [_, task, passes] => (task, passes.parse().expect("a number of passes")),
        _ => ("total", 0),
    };
    let (tariff_text, record) = (tariff_json(), tariff_input::record_json());
    let tariff: Tariff = serde_json::from_str(&tariff_text).expect("tariff");
    let cdr: Cdr = serde_json::from_str(&record).expect("record");
    match task {
        "price_record" => (0..passes).for_each(|_| drop(black_box(total(&tariff, black_box(&cdr))))),
        "json_record_to_cost" => (0..passes).for_each(|_| {
            let cdr: Cdr = serde_json::from_str(black_box(&record)).expect("record");
            black_box(total(&tariff, &cdr));
        }),
        "json_tariff_to_compiled" => (0..passes).for_each(|_| {
            let tariff: Tariff = serde_json::from_str(black_box(&tariff_text)).expect("tariff");
            black_box(tariff);
        }),
        _ => {
            let ours = ours::total(&tariff_input::tariff_json(), &record);
            let theirs = total(&tariff, &cdr);
            println!("evse-tariff {ours}, ocpi-kit {theirs}");
        }
    }
}
