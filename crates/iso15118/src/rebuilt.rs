//! Every type built from the caller's own slices: what was decoded is taken apart, put together again from `str`s, slices
//! and references, and encodes to the same octets.
#![allow(clippy::expect_used, reason = "tests")]

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

use proptest::prelude::*;

use crate::codec::{Bytes, Coding, Integer, Text};
use crate::{Element, Form, Leniency, SchemaSet};

#[path = "../tests/generate/mod.rs"]
mod generate;

/// A simple value without the document it came from.
pub(crate) trait Rebuilt {
    type Kept;
    fn rebuilt(&self) -> Self::Kept;
}

macro_rules! copied {
    ($($t:ty)*) => { $(
        impl Rebuilt for $t {
            type Kept = Self;
            fn rebuilt(&self) -> Self {
                *self
            }
        }
    )* };
}
copied!(bool u8 i8 u16 i16 u32 i32 u64 i64);

impl Rebuilt for Text<'_> {
    type Kept = Text<'static>;
    fn rebuilt(&self) -> Text<'static> {
        Text::new(self.chars().collect::<String>().leak())
    }
}

impl Rebuilt for Bytes<'_> {
    type Kept = Bytes<'static>;
    fn rebuilt(&self) -> Bytes<'static> {
        Bytes::new(self.iter().collect::<Vec<_>>().leak())
    }
}

impl Rebuilt for Integer<'_> {
    type Kept = Integer<'static>;
    fn rebuilt(&self) -> Integer<'static> {
        if let Some(small) = self.to_i64() {
            return Integer::from_i64(small);
        }
        let mut groups: Vec<u8> = self.groups().collect();
        if self.is_negative() {
            // A serial number below zero, and large: read, but nobody's to build.
            let last = groups.len() - 1;
            groups.iter_mut().take(last).for_each(|group| *group |= 0x80);
            return Integer::of_wire(groups.leak(), 0, last as u32 + 1, true);
        }
        let number =
            num_bigint::BigUint::from_radix_le(&groups, 128).expect("groups of seven bits");
        let octets = number.to_bytes_be();
        Integer::from_be_bytes(octets.leak())
    }
}

/// Memory that a test does not give back.
pub(crate) fn kept<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Items that a test does not give back.
pub(crate) fn kept_items<T>(items: impl Iterator<Item = T>) -> &'static [T] {
    items.collect::<Vec<_>>().leak()
}

macro_rules! field_rebuilt {
    (one, $c:ty, $value:expr) => {
        <$c as $crate::codec::Coding>::rebuilt($value)
    };
    (optional, $c:ty, $value:expr) => {
        $value.as_ref().map(<$c as $crate::codec::Coding>::rebuilt)
    };
    (list, $c:ty, $value:expr) => {{
        let items = $value.iter().map(|item| <$c as $crate::codec::Coding>::rebuilt(&item));
        $crate::codec::List::new($crate::rebuilt::kept_items(items))
    }};
}
pub(crate) use field_rebuilt;

/// A fragment decoded, built anew and encoded is what it was.
pub(crate) fn check<C: Coding>(element: Element<C>, octets: &[u8]) {
    let value = element.decode(octets, Form::Fragment, Leniency::STRICT).expect("was made");
    let built = C::rebuilt(&value);
    let mut buffer = vec![0; octets.len()];
    assert_eq!(element.encoded_len(&built, Form::Fragment), Ok(octets.len()));
    assert_eq!(element.encode(&built, Form::Fragment, &mut buffer), Ok(octets.len()));
    assert_eq!(buffer, octets);
    for short in [0, octets.len() / 2, octets.len() - 1] {
        assert!(element.encode(&built, Form::Fragment, &mut vec![0; short]).is_err());
    }
    let again = element.decode(&buffer, Form::Fragment, Leniency::STRICT).expect("was encoded");
    // Lifetimes hold values of two origins apart but for the type's own comparison.
    assert_eq!(format!("{again:?}"), format!("{built:?}"));
}

fn rebuild(set: SchemaSet, octets: &[u8]) {
    let mut reader = crate::codec::Reader::new(octets);
    let code = crate::set::begin(&mut reader, set.roots(), Form::Fragment);
    assert!(set.rebuild_root(code, octets));
}

/// Every root of every set that a fragment can have, with little and with much in it.
#[test]
fn every_element_from_slices() {
    for set in SchemaSet::ALL {
        for root in generate::roots(*set, Form::Fragment) {
            for content in [&[][..], &[1; 300], &[3; 200], &[7; 900], &[255; 100]] {
                let made = generate::octets_of(*set, Form::Fragment, root, content);
                made.iter().for_each(|octets| rebuild(*set, octets));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_value_from_slices(
        set in any::<prop::sample::Index>(),
        decisions in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        // A build may have no set at all.
        let Some(set) = SchemaSet::ALL.get(set.index(SchemaSet::ALL.len().max(1))) else { return Ok(()) };
        if let Some(octets) = generate::octets(*set, Form::Fragment, &decisions) {
            rebuild(*set, &octets);
        }
    }
}
