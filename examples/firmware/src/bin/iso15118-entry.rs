//! One entry point of `evse-iso15118` at a time: `ISO15118_ENTRY` names it when this is compiled, and only that one is
//! linked. `prove` builds this program once for every name below.
#![no_std]
#![no_main]

use core::fmt::Write;
use core::hint::black_box;

use evse_firmware as _;
use evse_iso15118::codec::StringEntry;
use evse_iso15118::message::{
    app_protocol, din70121, iso2, iso20, iso20_ac, iso20_acdp, iso20_dc, iso20_wpt, xmldsig,
};
use evse_iso15118::v2gtp::{self, Reassembler};
use evse_iso15118::{Form, Leniency, SchemaSet, expand_value_hits, reencode, sdp, trace};

/// The first name is linked where none is given.
macro_rules! entries {
    ($first:literal => $run_first:expr, $( $name:literal => $run:expr, )*) => {
        fn run(octets: &[u8], buffer: &mut [u8]) -> bool {
            match option_env!("ISO15118_ENTRY") {
                $( Some($name) => $run(octets, buffer), )*
                _ => $run_first(octets, buffer),
            }
        }
    };
}

/// Decodes a document.
macro_rules! decode {
    ($set:ident) => {
        |octets: &[u8], _: &mut [u8]| black_box($set::decode(octets)).is_ok()
    };
}

/// Decodes a document and encodes it again.
macro_rules! encode {
    ($set:ident) => {
        |octets: &[u8], buffer: &mut [u8]| match $set::decode(octets) {
            Ok(message) => $set::encode(black_box(&message), buffer).is_ok(),
            Err(_) => false,
        }
    };
}

/// Decodes a fragment and encodes it again.
macro_rules! fragment {
    ($element:path) => {
        |octets: &[u8], buffer: &mut [u8]| match $element.decode(
            octets,
            Form::Fragment,
            Leniency::STRICT,
        ) {
            Ok(value) => $element.encode(black_box(&value), Form::Fragment, buffer).is_ok(),
            Err(_) => false,
        }
    };
}

entries! {
    "decode-app-protocol" => decode!(app_protocol),
    "decode-din70121" => decode!(din70121),
    "decode-iso2" => decode!(iso2),
    "decode-iso20-common" => decode!(iso20),
    "decode-iso20-ac" => decode!(iso20_ac),
    "decode-iso20-dc" => decode!(iso20_dc),
    "decode-iso20-wpt" => decode!(iso20_wpt),
    "decode-iso20-acdp" => decode!(iso20_acdp),
    "both-app-protocol" => encode!(app_protocol),
    "both-din70121" => encode!(din70121),
    "both-iso2" => encode!(iso2),
    "both-iso20-common" => encode!(iso20),
    "both-iso20-ac" => encode!(iso20_ac),
    "both-iso20-dc" => encode!(iso20_dc),
    "both-iso20-wpt" => encode!(iso20_wpt),
    "both-iso20-acdp" => encode!(iso20_acdp),
    "fragment-signed-info" => fragment!(xmldsig::element::SIGNED_INFO),
    "fragment-emaid" => fragment!(iso2::element::EMAID),
    "any-root-again" => any_root_again,
    "trace" => traced,
    "value-hits" => value_hits,
    "v2gtp" => reassembled,
    "sdp" => discovered,
}

/// Whatever root of whatever set, by its type.
fn any_root_again(octets: &[u8], buffer: &mut [u8]) -> bool {
    SchemaSet::ALL.iter().any(|set| {
        [Form::Document, Form::Fragment].iter().any(|form| {
            matches!(reencode(*set, *form, octets, Leniency::STRICT, buffer), Ok(Ok(_)))
        })
    })
}

/// With the text of every row.
fn traced(octets: &[u8], _: &mut [u8]) -> bool {
    let mut text = Length(0);
    let result = trace(SchemaSet::Iso2, Form::Document, octets, Leniency::STRICT, &mut |row| {
        let _ = write!(text, "{row}");
    });
    result.is_ok() && text.0 > 0
}

/// Counts what is written.
struct Length(usize);

impl Write for Length {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.0 = self.0.wrapping_add(text.len());
        Ok(())
    }
}

fn value_hits(octets: &[u8], buffer: &mut [u8]) -> bool {
    let mut table = [StringEntry::default(); 8];
    let (set, form) = (SchemaSet::Iso2, Form::Document);
    expand_value_hits(set, form, octets, Leniency::STRICT, &mut table, buffer).is_ok()
}

fn reassembled(octets: &[u8], buffer: &mut [u8]) -> bool {
    let mut reassembler = Reassembler::new(buffer);
    let mut input = octets;
    let frame = reassembler.next_frame(&mut input);
    let datagram = v2gtp::decode_datagram(octets);
    black_box((frame, datagram)).1.is_ok()
}

fn discovered(octets: &[u8], buffer: &mut [u8]) -> bool {
    match sdp::Datagram::decode(octets) {
        Ok(datagram) => datagram.encode(buffer).is_ok(),
        Err(_) => false,
    }
}

/// What an entry answers to these octets is for the tests of the crate to say; that it comes back is all that is asked here.
static REQUEST: [u8; 21] = [
    0x80, 0x98, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0xd0, 0x1a, 0x83, 0x3b, 0x23, 0x29, 0x7e, 0x88,
    0,
];

#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let mut buffer = [0; 256];
    black_box(run(black_box(&REQUEST), black_box(&mut buffer)));
    0
}
