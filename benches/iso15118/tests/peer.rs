//! Random messages of -2 and -20 through the crate `iso15118`: what it decodes it encodes to the same octets as we do.
//!
//! Where it is not right, it is left out by the shape of the message, and every such shape is listed here.
#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "tests"
)]
#![allow(clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "tests")]

#[path = "../../../crates/iso15118/tests/generate/mod.rs"]
mod generate;

use evse_iso15118::codec::{Leaf, Visitor};
use evse_iso15118::{Form, Leniency, SchemaSet, visit};
use iso15118::exi::ExiDocument as _;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// What the peer cannot hold or refuses though the schema allows it.
#[derive(Default)]
struct Beyond {
    /// Serial numbers are 64-bit integers there (`IntegerOverflow`).
    integer: bool,
    /// In XML signatures it refuses parts that no message of the standards uses (`UnsupportedOption`).
    signature: bool,
    /// It has no documents whose root is no message.
    message: Option<bool>,
}

impl Visitor for Beyond {
    fn leaf(&mut self, _: &'static str, _: bool, value: Leaf<'_>) {
        if let Leaf::Integer(number) = value {
            self.integer |= number.to_i64().is_none();
        }
    }
    fn open(&mut self, name: &'static str, _: bool) {
        self.signature |= name == "Signature";
        let message = name == "V2G_Message" || name.ends_with("Req") || name.ends_with("Res");
        self.message.get_or_insert(message);
    }
    fn close(&mut self) {}
}

fn peer(set: SchemaSet, octets: &[u8]) -> Result<Vec<u8>, String> {
    macro_rules! through {
        ($document:ty) => {{
            let message = <$document>::from_bytes(octets).map_err(|e| format!("decode: {e:?}"))?;
            message.to_vec().map_err(|e| format!("encode: {e:?}"))
        }};
    }
    match set {
        SchemaSet::Iso2 => through!(iso15118::iso2::Document),
        SchemaSet::Iso20Common => through!(iso15118::iso20::messages::Document),
        SchemaSet::Iso20Ac => through!(iso15118::iso20::ac::Document),
        SchemaSet::Iso20Dc => through!(iso15118::iso20::dc::Document),
        SchemaSet::Iso20Wpt => through!(iso15118::iso20::wpt::Document),
        SchemaSet::Iso20Acdp => through!(iso15118::iso20::acdp::Document),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_peer_reads_and_writes_the_same_octets() {
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let any_decisions = prop::collection::vec(any::<u8>(), 0..300);
    let (mut same, mut beyond, mut failures) = (0, 0, Vec::new());
    for set in [
        SchemaSet::Iso2,
        SchemaSet::Iso20Common,
        SchemaSet::Iso20Ac,
        SchemaSet::Iso20Dc,
        SchemaSet::Iso20Wpt,
        SchemaSet::Iso20Acdp,
    ] {
        for _ in 0..3_000 {
            let mut decisions = any_decisions.new_tree(&mut runner).expect("bytes").current();
            // A whole message of -2.
            if let Some(first) = decisions.first_mut() {
                *first |= 1;
            }
            let Some(octets) = generate::octets(set, Form::Document, &decisions) else { continue };
            let mut limits = Beyond::default();
            let ours = visit(set, Form::Document, &octets, Leniency::STRICT, &mut limits);
            assert_eq!(ours, Ok(()));
            if limits.integer || limits.message != Some(true) {
                beyond += 1;
                continue;
            }
            match peer(set, &octets) {
                Ok(theirs) if theirs == octets => same += 1,
                Err(error) if limits.signature && error == "decode: UnsupportedOption" => {
                    beyond += 1;
                }
                other => failures.push(format!("{} {octets:02x?}: {other:02x?}", set.name())),
            }
        }
    }
    println!("{same} the same, {beyond} beyond the peer, {} else", failures.len());
    assert!(same > 5_000);
    assert!(failures.is_empty(), "{}", failures[..failures.len().min(5)].join("\n"));
}
