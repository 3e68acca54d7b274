//! `ocpi-tariffs` on the inputs of the budgets.

use std::hint::black_box;

use ocpi_tariffs::{Version, cdr, json, price, tariff};

#[path = "../../../budgets/src/paths/tariff_input.rs"]
mod tariff_input;
#[path = "../../ours.rs"]
mod ours;

fn tariff_of(text: &str) -> tariff::Versioned<'_> {
    let document = json::parse_object(text).expect("tariff");
    tariff::from_json(document, Version::V221).into_parts().0
}

fn cdr_of(text: &str) -> cdr::Versioned<'_> {
    let document = json::parse_object(text).expect("record");
    cdr::from_json(document, Version::V221).into_parts().0
}

fn total(tariff: tariff::Versioned<'_>, cdr: &cdr::Versioned<'_>) -> String {
    let source = price::TariffSource::single(tariff);
    let Ok(report) = cdr::price(cdr, source, chrono_tz::Tz::UTC) else { panic!("not priced") };
    let (report, _) = report.into_parts();
    let total = report.total_cost.calculated.expect("a total");
    format!("{:?}", total.excl_vat)
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (task, passes): (&str, u32) = match arguments.as_slice() {
        [_, task, passes] => (task, passes.parse().expect("a number of passes")),
        _ => ("total", 0),
    };
    let (tariff_text, record) = (tariff_input::tariff_json(), tariff_input::record_json());
    let (tariff, cdr) = (tariff_of(&tariff_text), cdr_of(&record));
    match task {
        "price_record" => (0..passes).for_each(|_| drop(black_box(total(tariff.clone(), black_box(&cdr))))),
        "json_record_to_cost" => (0..passes).for_each(|_| {
            let cdr = cdr_of(black_box(&record));
            black_box(total(tariff.clone(), &cdr));
        }),
        "json_tariff_to_compiled" => (0..passes).for_each(|_| {
            black_box(tariff_of(black_box(&tariff_text)));
        }),
        _ => {
            let ours = ours::total(&tariff_input::tariff_json(), &record);
            let theirs = total(tariff, &cdr);
            println!("evse-tariff {ours}, ocpi-tariffs {theirs}");
        }
    }
}
