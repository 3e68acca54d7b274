//! The worked examples of the shared facts, row by row.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod shared;

use evse_iso15118::codec::Writer;
use evse_iso15118::{Form, Leniency, SchemaSet, trace};

fn rows(set: SchemaSet, form: Form, octets: &[u8]) -> Vec<String> {
    let mut rows = Vec::new();
    trace(set, form, octets, Leniency::STRICT, &mut |row| rows.push(row.to_string())).unwrap();
    rows
}

#[test]
fn the_worked_examples() {
    let Some(text) = shared::shared("spec/iso15118/EXAMPLES.md") else { return };
    let mut count = 0;
    for example in text.split("\n## ").skip(1) {
        let title = example.lines().next().unwrap();
        let (set, form) = match title {
            _ if title.contains("xmldsig_fragment") => (SchemaSet::XmlDsig, Form::Fragment),
            _ if title.contains(", app ") => (SchemaSet::AppProtocol, Form::Document),
            _ if title.contains(", din ") => (SchemaSet::Din70121, Form::Document),
            _ if title.contains(", 20dc ") => (SchemaSet::Iso20Dc, Form::Document),
            _ if title.contains("(fragment)") => (SchemaSet::Iso2, Form::Fragment),
            _ => (SchemaSet::Iso2, Form::Document),
        };
        let (_, octets) = example.split_once("Bytes: `").unwrap();
        let octets = hex::decode(octets.split('`').next().unwrap().replace(' ', "")).unwrap();
        let expected: Vec<_> =
            example.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
        let rows = rows(set, form, &octets);
        assert_eq!(rows.len(), expected.len(), "{title}");
        for (row, expected) in rows.iter().zip(expected) {
            // What an index or offset stands for comes after the example's text.
            let start = expected.strip_suffix(" |").unwrap();
            let more = row.strip_prefix(start).unwrap_or_else(|| panic!("{row}\n{expected}"));
            assert!(more == " |" || more.starts_with(": "), "{row}\n{expected}");
        }
        count += 1;
    }
    assert_eq!(count, 8);
}

#[test]
fn values_below_zero_and_large_serial_numbers() {
    let mut buffer = [0; 64];
    let mut writer = Writer::new(&mut buffer);
    // X509SerialNumber as a fragment of the XML Signature schema: code 42 of 45 names in 6 bits.
    let code = SchemaSet::XmlDsig.elements().iter().position(|e| e.name == "X509SerialNumber");
    writer.bits(0x80, 8);
    writer.bits(code.unwrap() as u64, 6);
    // Characters, sign, twelve octets of seven bits each, end, end of the fragment.
    writer.bits(0, 2);
    (0..11).for_each(|_| writer.bits(0xff, 8));
    writer.bits(0x01, 8);
    writer.bits(0, 1);
    writer.bits(46, 6);
    let length = writer.finish().unwrap();
    let rows = rows(SchemaSet::XmlDsig, Form::Fragment, &buffer[..length]);
    assert!(rows.iter().any(|row| row.ends_with("| 0 | X509SerialNumber sign |")), "{rows:#?}");
    let magnitude = "| 96 | 0x3fffffffffffffffffff | X509SerialNumber magnitude |";
    assert!(rows.iter().any(|row| row.ends_with(magnitude)), "{rows:#?}");
}
