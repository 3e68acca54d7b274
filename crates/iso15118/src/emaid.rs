//! The fragment of -2's `eMAID`, whose name has two types in the schema set, so that the element fragment grammar codes it
//! (FACTS of the profile: 258 productions in its first state, 246 in the second).

use crate::codec::{
    Coding, DecodeErrorKind, Reader, Row, TypeInfo, UNBOUNDED, Visitor, Writer, code_width,
};
use crate::generated::iso15118_2::Emaid;

/// The `eMAID` of a certificate installation response, as a signed fragment: both the coding of the element fragment
/// grammar and the plain typed one, which a released stack sends, are read; the former is written.
#[derive(Debug)]
pub struct EmaidFragment;

/// Ten attribute names, `AT(*)`, 243 element names, `SE(*)`, EE, CH.
pub(crate) const FIRST_STATE: u32 = 10 + 1 + 243 + 1 + 1 + 1 + 1;
/// 243 element names, `SE(*)`, EE, CH.
pub(crate) const SECOND_STATE: u32 = 243 + 1 + 1 + 1;
/// The attribute `Id` of the namespace MsgDataTypes.
pub(crate) const ID: u32 = 4;
pub(crate) const CHARACTERS: u32 = 256;
pub(crate) const END: u32 = 244;

/// The places of the two rows, for errors.
pub(crate) const ROWS: (Row, Row) = (Row::inside(0), Row::inside(1));

impl EmaidFragment {
    /// Whether the fragment is in the coding of the element fragment grammar. The first bits do not tell: the typed coding
    /// of an Id of two characters begins as this one does.
    pub(crate) fn is_general(reader: &Reader<'_>) -> bool {
        let (mut general, mut typed, mut first) = (reader.clone(), reader.clone(), reader.clone());
        Self::decode_general(&mut general);
        Emaid::decode(&mut typed);
        expect(&mut first, FIRST_STATE, ID);
        !first.has_failed() && (!general.has_failed() || typed.has_failed())
    }

    fn decode_general<'a>(reader: &mut Reader<'a>) -> Emaid<'a> {
        reader.enter_path(ROWS.0);
        expect(reader, FIRST_STATE, ID);
        let id = reader.text(0, UNBOUNDED);
        reader.enter_path(ROWS.1);
        expect(reader, FIRST_STATE, CHARACTERS);
        let value = reader.text(14, 15);
        expect(reader, SECOND_STATE, END);
        Emaid { id, value }
    }
}

/// Reads an event code that can only be one.
pub(crate) fn expect(reader: &mut Reader<'_>, productions: u32, expected: u32) -> u32 {
    let bit = reader.position();
    let found = reader.bits(code_width(productions)) as u32;
    if found != expected {
        let (expected, found) = (expected as u16, found as u16);
        reader.fail_at(bit, DecodeErrorKind::OtherRoot { expected, found });
    }
    expected
}

impl Coding for EmaidFragment {
    type Value<'a> = Emaid<'a>;
    const INFO: &'static TypeInfo = <Emaid<'static> as Coding>::INFO;

    fn decode<'a>(reader: &mut Reader<'a>) -> Emaid<'a> {
        if Self::is_general(reader) { Self::decode_general(reader) } else { Emaid::decode(reader) }
    }

    fn encode(value: &Emaid<'_>, writer: &mut Writer<'_>) {
        writer.bits(u64::from(ID), code_width(FIRST_STATE));
        writer.text_row(ROWS.0, &value.id, 0, UNBOUNDED);
        writer.bits(u64::from(CHARACTERS), code_width(FIRST_STATE));
        writer.text_row(ROWS.1, &value.value, 14, 15);
        writer.bits(u64::from(END), code_width(SECOND_STATE));
    }

    fn visit(value: &Emaid<'_>, name: &'static str, many: bool, visitor: &mut dyn Visitor) {
        Emaid::visit(value, name, many, visitor);
    }

    #[cfg(test)]
    fn rebuilt(value: &Emaid<'_>) -> Emaid<'static> {
        Emaid::rebuilt(value)
    }
}
