//! What `visit` shows, `walk` shows too, and `TreeWriter` writes: the same octets for random values of every element, and a named error for every
//! part that is missing, foreign, doubled or out of place.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "tests"
)]

mod generate;

use evse_iso15118::codec::{Bytes, Leaf, Text, Visitor};
use evse_iso15118::{Form, Leniency, SchemaSet, TreeError, TreeWriter, visit, walk};
use proptest::prelude::*;

/// Writes what it sees.
struct Copier<'a> {
    tree: TreeWriter<'a>,
    failed: Option<TreeError>,
    root: &'static str,
}

impl Copier<'_> {
    fn note(&mut self, name: &'static str, outcome: Result<(), TreeError>) {
        if self.root.is_empty() {
            self.root = name;
        }
        self.failed = self.failed.or(outcome.err());
    }
}

impl Visitor for Copier<'_> {
    fn leaf(&mut self, name: &'static str, _: bool, value: Leaf<'_>) {
        let outcome = self.tree.leaf(name, value);
        self.note(name, outcome);
    }

    fn open(&mut self, name: &'static str, _: bool) {
        let outcome = self.tree.open(name);
        self.note(name, outcome);
    }

    fn close(&mut self) {
        let outcome = self.tree.close();
        self.note("", outcome);
    }
}

/// Notes what it sees, numbers as numbers whatever they are called.
#[derive(Default, PartialEq, Debug)]
struct Notes(Vec<String>);

impl Visitor for Notes {
    fn leaf(&mut self, name: &'static str, many: bool, value: Leaf<'_>) {
        let value = match value {
            Leaf::Signed(number) => number.to_string(),
            Leaf::Unsigned(number) => number.to_string(),
            Leaf::Integer(number) => {
                format!("{:?} {}", number.groups().collect::<Vec<_>>(), number.is_negative())
            }
            Leaf::Text(text) => text.to_text(),
            Leaf::Bytes(octets) => format!("{:?}", octets.to_vec()),
            other => format!("{other:?}"),
        };
        self.0.push(format!("{name} {many} {value}"));
    }

    fn open(&mut self, name: &'static str, many: bool) {
        self.0.push(format!("open {name} {many}"));
    }

    fn close(&mut self) {
        self.0.push("close".to_owned());
    }
}

fn check(set: SchemaSet, form: Form, decisions: &[u8]) {
    let Some(octets) = generate::octets(set, form, decisions) else { return };
    let (mut typed, mut by_tables) = (Notes::default(), Notes::default());
    visit(set, form, &octets, Leniency::STRICT, &mut typed).unwrap();
    walk(set, form, &octets, Leniency::STRICT, &mut by_tables).unwrap();
    assert_eq!(typed, by_tables);
    let mut buffer = vec![0; octets.len()];
    let tree = TreeWriter::new(set, form, &mut buffer);
    let mut copier = Copier { tree, failed: None, root: "" };
    visit(set, form, &octets, Leniency::STRICT, &mut copier).unwrap();
    let Copier { tree, failed, root } = copier;
    // Where two roots of a fragment share a name, the first is written.
    if set.elements().iter().filter(|e| e.name == root).count() > 1 {
        return;
    }
    assert_eq!(failed, None, "{} {form:?} {root}", set.name());
    let length = tree.finish().unwrap();
    assert_eq!(buffer[..length], octets, "{} {form:?} {root}", set.name());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn what_is_shown_is_written(
        set in prop::sample::select(SchemaSet::ALL),
        form in prop::sample::select(vec![Form::Document, Form::Fragment]),
        decisions in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        check(set, form, &decisions);
    }

    /// Any parts in any order: never a panic, and a failure is final.
    #[test]
    fn any_parts_end_in_a_value_or_an_error(parts in prop::collection::vec((0..4_u8, 0..60_usize, any::<u64>()), 0..60)) {
        let names: Vec<&str> = SchemaSet::Iso2.elements().iter().map(|e| e.name).collect();
        let mut buffer = [0; 64];
        let mut tree = TreeWriter::new(SchemaSet::Iso2, Form::Fragment, &mut buffer);
        let mut failed = false;
        for (what, name, number) in parts {
            let outcome = match what {
                0 => tree.open(names[name]),
                1 => tree.leaf(names[name], Leaf::Unsigned(number)),
                2 => tree.leaf(names[name], Leaf::Bytes(Bytes::new(&number.to_be_bytes()))),
                _ => tree.close(),
            };
            prop_assert!(!failed || outcome.is_err());
            failed |= outcome.is_err();
        }
        prop_assert!(!failed || tree.finish().is_err());
    }
}

fn header(tree: &mut TreeWriter<'_>) -> Result<(), TreeError> {
    tree.open("V2G_Message")?;
    tree.open("Header")?;
    tree.leaf("SessionID", Leaf::Bytes(Bytes::new(&[1; 8])))?;
    tree.close()
}

#[test]
fn every_mistake_has_a_name() {
    type Parts = fn(&mut TreeWriter<'_>) -> Result<(), TreeError>;
    let cases: &[(Parts, TreeError)] = &[
        (|t| t.open("Nonsense"), TreeError::NoRoot),
        (|t| t.close(), TreeError::NothingOpen),
        (
            |t| t.open("SessionSetupReq").and_then(|()| t.close()),
            TreeError::Missing { name: "EVCCID" },
        ),
        (
            |t| header(t).and_then(|()| t.open("Header")),
            TreeError::Unexpected { parent: "V2G_Message" },
        ),
        (
            |t| t.open("V2G_Message").and_then(|()| t.open("Body")),
            TreeError::Missing { name: "Header" },
        ),
        (
            |t| t.open("SessionSetupReq").and_then(|()| t.leaf("EVCCID", Leaf::Unsigned(1))),
            TreeError::Kind { name: "EVCCID" },
        ),
        (
            |t| t.open("SessionSetupReq").and_then(|()| t.open("EVCCID")),
            TreeError::Kind { name: "EVCCID" },
        ),
        (
            |t| {
                t.open("SessionSetupReq")?;
                t.leaf("EVCCID", Leaf::Bytes(Bytes::new(&[1; 7])))
            },
            TreeError::Length { name: "EVCCID", minimum: 0, maximum: 6, got: 7 },
        ),
        (
            |t| {
                t.open("SessionSetupRes")?;
                t.leaf("ResponseCode", Leaf::Text(Text::new("FINE")))
            },
            TreeError::Range { name: "ResponseCode" },
        ),
        (
            |t| {
                t.open("PaymentDetailsReq")?;
                t.leaf("eMAID", Leaf::Text(Text::new("short")))
            },
            TreeError::Length { name: "eMAID", minimum: 14, maximum: 15, got: 5 },
        ),
    ];
    for (parts, expected) in cases {
        let mut buffer = [0; 64];
        let form = if *expected == TreeError::NoRoot { Form::Document } else { Form::Fragment };
        let mut tree = TreeWriter::new(SchemaSet::Iso2, form, &mut buffer);
        assert_eq!(parts(&mut tree), Err(*expected));
        assert_eq!(tree.close(), Err(TreeError::NotComplete), "a failure is the end");
    }
    let mut tree = TreeWriter::new(SchemaSet::Iso2, Form::Fragment, &mut []);
    tree.open("AuthorizationReq").unwrap();
    tree.close().unwrap();
    assert_eq!(tree.finish(), Err(TreeError::BufferTooShort { got: 0 }));
}
