//! Any octets: an answer, never a panic, and what is accepted encodes to the same octets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use evse_iso15118::codec::{Leaf, StringEntry, Visitor};
use evse_iso15118::{
    DecodeErrorKind, Form, Leniency, SchemaSet, expand_value_hits, message, trace, visit,
};
use proptest::prelude::*;

struct Unseen;

impl Visitor for Unseen {
    fn leaf(&mut self, _: &'static str, _: bool, _: Leaf<'_>) {}
    fn open(&mut self, _: &'static str, _: bool) {}
    fn close(&mut self) {}
}

fn check(octets: &[u8]) {
    for set in SchemaSet::ALL {
        for form in [Form::Document, Form::Fragment] {
            let seen = visit(*set, form, octets, Leniency::STRICT, &mut Unseen);
            if let Err(error) = &seen {
                assert!(!format!("{error} {:?}", error.field()).is_empty());
            }
            let traced = trace(*set, form, octets, Leniency::STRICT, &mut |row| {
                assert!(!row.to_string().is_empty());
            });
            // Two readers of the same tables. The typed one takes a simple element in one window, so that it may find the
            // octets too few before it sees that the last ones are wrong, too.
            let short = matches!(&seen, Err(error) if error.kind() == DecodeErrorKind::Truncated);
            assert!(seen == traced || (short && traced.is_err()), "{seen:?} {traced:?}");
            let mut out = [0; 4096];
            let mut table = [StringEntry::default(); 16];
            let _ = expand_value_hits(*set, form, octets, Leniency::STRICT, &mut table, &mut out);
        }
    }
    macro_rules! same {
        ($($module:ident)*) => { $(
            if let Ok(value) = message::$module::decode(octets) {
                // Texts below the schema's lower bound are read and not written.
                let mut out = [0; 4096];
                if let Ok(length) = message::$module::encode(&value, &mut out) {
                    assert_eq!(&out[..length], octets);
                }
            }
        )* };
    }
    same!(app_protocol din70121 iso2 iso20 iso20_ac iso20_dc iso20_wpt iso20_acdp);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_octets(mut octets in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&octets);
        // Past the header.
        if let Some(first) = octets.first_mut() {
            *first = 0x80;
            check(&octets);
        }
    }

    #[test]
    fn a_real_message_with_any_octet_changed(at in 0_usize..48, octet in any::<u8>(), cut in 0_usize..48) {
        let mut octets = [
            0x80, 0x98, 0x02, 0x04, 0x48, 0x8c, 0xd1, 0x15, 0x59, 0x9d, 0xe2, 0x10, 0xd1, 0x00, 0x1b,
            0x81, 0x06, 0x1c, 0x41, 0x20, 0x10, 0x81, 0xd0, 0x40, 0x01, 0x06, 0x17, 0x02, 0xe0, 0x41,
            0x43, 0x51, 0x84, 0x00, 0x03, 0x08, 0x22, 0x03, 0x80, 0x61, 0x04, 0x20, 0x38, 0x10, 0x81,
            0x4a, 0x3e, 0x00,
        ];
        assert!(message::iso2::decode(&octets).is_ok());
        assert!(message::iso2::decode(&octets[..cut]).is_err());
        octets[at] = octet;
        check(&octets);
    }
}
