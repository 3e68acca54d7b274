//! The two readers held against each other: the typed decoders, and the walker over the tables that makes the traces.

use evse_iso15118::codec::{Leaf, Visitor};
use evse_iso15118::{DecodeError, DecodeErrorKind, Form, Leniency, SchemaSet, Step, trace, visit};

/// Names and values in the order in which they stand in the document.
#[derive(Default)]
pub(crate) struct Leaves(pub(crate) Vec<(String, String)>);

fn said(leaf: &Leaf<'_>) -> String {
    match leaf {
        Leaf::Text(text) => text.chars().collect(),
        Leaf::Bytes(octets) => octets.iter().map(|octet| format!("{octet:02x}")).collect(),
        Leaf::Integer(number) => {
            format!("{} {:?}", number.is_negative(), number.groups().collect::<Vec<_>>())
        }
        Leaf::Signed(number) => number.to_string(),
        Leaf::Unsigned(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}

impl Visitor for Leaves {
    fn leaf(&mut self, name: &'static str, _: bool, value: Leaf<'_>) {
        // Text beside attributes has no name of its own there.
        let name = if name == "#text" { "" } else { name };
        self.0.push((name.to_owned(), said(&value)));
    }
    fn open(&mut self, _: &'static str, _: bool) {}
    fn close(&mut self) {}
}

/// The leaves of a document, if both readers see the same; the error, if both refuse it at the same place for the same
/// reason.
pub(crate) fn of(set: SchemaSet, form: Form, octets: &[u8]) -> Result<Leaves, DecodeError> {
    let mut typed = Leaves::default();
    let seen = visit(set, form, octets, Leniency::STRICT, &mut typed);
    let mut walked = Leaves::default();
    let traced = trace(set, form, octets, Leniency::STRICT, &mut |row| match row.step {
        Step::Boolean
        | Step::Index
        | Step::Offset
        | Step::Unsigned
        | Step::Magnitude
        | Step::Text
        | Step::Octets => {
            walked.0.push((row.name.to_owned(), said(&row.value)));
        }
        _ => assert!(row.coded.is_some(), "{row}"),
    });
    // The typed reader takes a simple element in one window, so that it may find the octets too few before it sees that
    // the last ones are wrong, too.
    let short = matches!(&seen, Err(error) if error.kind() == DecodeErrorKind::Truncated);
    assert!(seen == traced || short && traced.is_err(), "{seen:?} {traced:?} {octets:02x?}");
    seen?;
    // A text or binary without content has a length and no value in a trace.
    let typed_values = typed.0.iter().map(|(_, value)| value).filter(|value| !value.is_empty());
    let walked_values = walked.0.iter().map(|(_, value)| value);
    assert!(typed_values.eq(walked_values), "{octets:02x?}\n{:?}\n{:?}", typed.0, walked.0);
    Ok(typed)
}
