//! The fragment of -2's `eMAID`, whose name has two types in the schema set, so that the element fragment grammar codes it
//! (FACTS of the profile: 258 productions in its first state, 246 in the second).

use crate::codec::{
    Coding, DecodeErrorKind, Failed, Reader, Str, Text, TypeInfo, UNBOUNDED, Visitor, Writer,
    code_width,
};
use crate::generated::iso15118_2::Emaid;

/// The `eMAID` of a certificate installation response, as a signed fragment: both the coding of the element fragment
/// grammar and the plain typed one, which a released stack sends, are read; the former is written.
#[derive(Debug)]
pub struct EmaidFragment;

/// Ten attribute names, `AT(*)`, 243 element names, `SE(*)`, EE, CH.
const FIRST_STATE: u32 = 10 + 1 + 243 + 1 + 1 + 1 + 1;
/// 243 element names, `SE(*)`, EE, CH.
const SECOND_STATE: u32 = 243 + 1 + 1 + 1;
/// The attribute `Id` of the namespace MsgDataTypes.
const ID: u32 = 4;
const CHARACTERS: u32 = 256;
const END: u32 = 244;

impl EmaidFragment {
    fn decode_general<'a>(reader: &mut Reader<'a>) -> Result<Emaid<'a>, Failed> {
        Self::expect(reader, FIRST_STATE, ID)?;
        reader.name("@Id{MsgDataTypes");
        let id = reader.text(UNBOUNDED)?;
        Self::expect(reader, FIRST_STATE, CHARACTERS)?;
        reader.name("#text");
        let value = reader.text(15)?;
        Self::expect(reader, SECOND_STATE, END)?;
        Ok(Emaid { id, value })
    }

    fn expect(reader: &mut Reader<'_>, productions: u32, code: u32) -> Result<(), Failed> {
        let found = reader.code(productions)?;
        if found == code {
            return Ok(());
        }
        let (expected, found) = (code as u16, found as u16);
        Err(reader.fail(DecodeErrorKind::OtherRoot { expected, found }))
    }
}

impl Coding for EmaidFragment {
    type Value<'a> = Emaid<'a>;
    const INFO: &'static TypeInfo = <Emaid<'static> as Coding>::INFO;
    const LEAF: bool = false;

    fn empty<'a>() -> Self::Value<'a> {
        Emaid { id: Text::EMPTY, value: Text::EMPTY }
    }

    fn decode<'a>(reader: &mut Reader<'a>, _: u32) -> Result<Emaid<'a>, Failed> {
        let begin = reader.position();
        Self::decode_general(reader).or_else(|failed| {
            let first = reader.error();
            reader.seek(begin);
            Emaid::decode(reader, 0).map_err(|_| {
                reader.fail_at(first.bit(), first.kind());
                failed
            })
        })
    }

    fn encode(
        value: &Emaid<'_>,
        writer: &mut Writer<'_>,
        name: &'static str,
    ) -> Result<(), Failed> {
        writer.bits(u64::from(ID), code_width(FIRST_STATE));
        Str::<0, UNBOUNDED>::encode(&value.id, writer, name)?;
        writer.bits(u64::from(CHARACTERS), code_width(FIRST_STATE));
        Str::<14, 15>::encode(&value.value, writer, name)?;
        writer.bits(u64::from(END), code_width(SECOND_STATE));
        Ok(())
    }

    fn visit(value: &Emaid<'_>, name: &'static str, many: bool, visitor: &mut dyn Visitor) {
        Emaid::visit(value, name, many, visitor);
    }
}
