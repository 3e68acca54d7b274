//! Targets of `evse-iso15118`: one per schema set, V2GTP streams, SDP datagrams.

#[path = "../../../crates/iso15118/tests/generate/mod.rs"]
mod generate;

use evse_iso15118::codec::{Leaf, StringEntry, Visitor};
use evse_iso15118::sdp::Datagram;
use evse_iso15118::v2gtp::Reassembler;
use evse_iso15118::{Form, Leniency, SchemaSet, expand_value_hits, reencode, trace, visit};

struct Unseen;

impl Visitor for Unseen {
    fn leaf(&mut self, _: &'static str, _: bool, leaf: Leaf<'_>) {
        let _ = format!("{leaf:?}");
    }
    fn open(&mut self, _: &'static str, _: bool) {}
    fn close(&mut self) {}
}

/// Any octets: the typed decoder and the walker over the tables agree, what is accepted comes back as it was.
fn octets(set: SchemaSet, form: Form, octets: &[u8]) -> bool {
    let seen = visit(set, form, octets, Leniency::STRICT, &mut Unseen);
    let traced = trace(set, form, octets, Leniency::STRICT, &mut |row| {
        let _ = row.to_string();
    });
    assert_eq!(seen.is_ok(), traced.is_ok());
    let mut buffer = vec![0; octets.len() + 8];
    let mut table = [StringEntry::default(); 16];
    let _ = expand_value_hits(set, form, octets, Leniency::STRICT, &mut table, &mut buffer);
    match (seen, reencode(set, form, octets, Leniency::STRICT, &mut buffer)) {
        // The other coding of a fragment of `eMAID` is read, too.
        (Ok(()), Ok(Ok(length))) => {
            assert!(
                buffer[..length] == *octets || set == SchemaSet::Iso2 && form == Form::Fragment
            );
        }
        // A text below the schema's lower bound is read and not written.
        (Ok(()), Ok(Err(error))) => assert!(!error.to_string().is_empty()),
        (Err(error), Err(again)) => assert_eq!(error, again),
        (seen, again) => panic!("{seen:?} {again:?}"),
    }
    seen.is_ok()
}

/// The bytes as they are, behind a header, and as decisions that make a document; that one whole and with a bit changed.
fn codec(set: SchemaSet, data: &[u8]) {
    let [first, rest @ ..] = data else { return };
    let form = if first & 1 == 0 { Form::Document } else { Form::Fragment };
    octets(set, form, rest);
    octets(set, form, &[&[0x80], rest].concat());
    let Some(mut made) = generate::octets(set, form, rest) else { return };
    assert!(octets(set, form, &made));
    let bit = usize::from(*first) * 7 % (made.len() * 8);
    made[bit / 8] ^= 0x80 >> (bit % 8);
    octets(set, form, &made);
}

macro_rules! sets {
    ($($target:ident $set:ident;)*) => { $(
        pub(crate) fn $target(data: &[u8]) {
            codec(SchemaSet::$set, data);
        }
    )* };
}

sets! {
    app_protocol AppProtocol;
    din70121 Din70121;
    iso2 Iso2;
    iso20 Iso20Common;
    iso20_ac Iso20Ac;
    iso20_dc Iso20Dc;
    iso20_wpt Iso20Wpt;
    iso20_acdp Iso20Acdp;
    xmldsig XmlDsig;
}

/// Any stream in any pieces gives the frames of the whole stream.
pub(crate) fn v2gtp(data: &[u8]) {
    let [piece, stream @ ..] = data else { return };
    let frames = |size: usize| {
        let mut buffer = [0; 64];
        let mut reassembler = Reassembler::new(&mut buffer);
        let mut frames = Vec::new();
        for mut chunk in stream.chunks(size.max(1)) {
            while !chunk.is_empty() {
                match reassembler.next_frame(&mut chunk) {
                    Ok(Some(frame)) => {
                        frames.push(Ok((frame.payload_type.to_raw(), frame.payload.to_vec())));
                    }
                    Ok(None) => {}
                    Err(error) => {
                        frames.push(Err(error.to_string()));
                        return frames;
                    }
                }
            }
        }
        frames
    };
    assert_eq!(frames(usize::from(*piece)), frames(stream.len()));
    if let Ok(datagram) = Datagram::decode(stream) {
        let _ = format!("{datagram:?}");
    }
}
