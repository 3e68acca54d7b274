//! Messages with nothing in them that need not be there: what the engines refuse with, and what tests talk with.

use crate::codec::{
    EncodeErrorKind, FieldInfo, FieldKind, TypeInfo, Writer, code_width, index_width, productions,
};
use crate::{EncodeError, Form, SchemaSet};

/// What a minimal message shall have: an enumeration's value or `true` by its name; an optional element or an alternative,
/// by being named at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The element.
    pub element: &'static str,
    /// Its value; of elements that are no enumeration or boolean, empty.
    pub value: &'static str,
}

/// Writes a message by its name in the schema, with the smallest value of every element that is required, and `choices`.
///
/// # Errors
/// The set has no such message, or the buffer is too short.
pub fn minimal_message(
    set: SchemaSet,
    message: &str,
    session_id: &[u8],
    seconds: u64,
    choices: &[Choice],
    buffer: &mut [u8],
) -> Result<usize, EncodeError> {
    let none = EncodeError::new(EncodeErrorKind::NoDocument);
    let elements = set.elements();
    let root = |name: &str| elements.iter().find(|e| e.name == name && e.document.is_some());
    let envelope = root("V2G_Message");
    let (element, choices) = (envelope.or_else(|| root(message)), Choices { message, choices });
    let (Some(code), Some(info)) = (element.and_then(|e| e.document), element.and_then(|e| e.info))
    else {
        return Err(none);
    };
    let mut minimal = Minimal { writer: Writer::new(buffer), choices, session_id, seconds };
    let documents = elements.iter().filter(|e| e.document.is_some()).count() as u32;
    minimal.writer.bits(0x80, 8);
    minimal.writer.bits(u64::from(code), code_width(documents));
    debug_assert_eq!(set.roots().codes(Form::Document), documents);
    minimal.element("", info).ok_or(none)?;
    minimal.writer.finish()
}

#[derive(Clone, Copy)]
struct Choices<'c> {
    message: &'c str,
    choices: &'c [Choice],
}

impl Choices<'_> {
    /// The value chosen for an element.
    fn of(&self, element: &str) -> Option<&'static str> {
        self.choices.iter().find(|choice| choice.element == element).map(|choice| choice.value)
    }

    fn has(&self, element: &str) -> bool {
        element == self.message || self.of(element).is_some()
    }
}

struct Minimal<'c, 'b> {
    writer: Writer<'b>,
    choices: Choices<'c>,
    session_id: &'c [u8],
    seconds: u64,
}

impl Minimal<'_, '_> {
    /// From after an element's start to its end; `None` if it has no value that can be written.
    fn element(&mut self, name: &str, info: &TypeInfo) -> Option<()> {
        if let TypeInfo::Complex { fields, mixed, .. } = info {
            return self.fields(fields, *mixed);
        }
        self.writer.bits(0, 1);
        self.value(name, info)?;
        self.writer.bits(0, 1);
        Some(())
    }

    fn fields(&mut self, fields: &[FieldInfo], mixed: bool) -> Option<()> {
        let (mut codes, mut code) = (productions(fields, 0, mixed), 0);
        for (row, field) in fields.iter().enumerate() {
            let next = productions(fields, row + 1, mixed);
            let (alternative, name, info) = self.alternative(field)?;
            let present = field.min > 0 || self.choices.has(name);
            for number in 1..=field.min.max(u32::from(present)) {
                self.writer.bits(u64::from(code + alternative), code_width(codes));
                match field.kind {
                    FieldKind::Attribute | FieldKind::Text => self.value(name, info)?,
                    _ => self.element(name, info)?,
                }
                (code, codes) = if number < field.min {
                    (0, field.span())
                } else if number < field.max {
                    (field.span(), field.span() + next)
                } else {
                    (0, next)
                };
            }
            if !present {
                code += field.span();
            }
        }
        self.writer.bits(u64::from(code), code_width(codes));
        Some(())
    }

    /// The alternative of a choice that was chosen, or the first that can be written; of other rows the element.
    fn alternative(&self, field: &FieldInfo) -> Option<(u32, &'static str, &'static TypeInfo)> {
        let (FieldKind::Choice, TypeInfo::Choice { alternatives }) = (field.kind, field.info)
        else {
            return Some((0, field.name, field.info));
        };
        let possible =
            || (0..).zip(*alternatives).filter(|(_, a)| !matches!(a.info, TypeInfo::Refused(_)));
        let chosen = possible().find(|(_, a)| self.choices.has(a.name));
        let (code, alternative) = chosen.or_else(|| possible().next())?;
        Some((code, alternative.name, alternative.info))
    }

    fn value(&mut self, name: &str, info: &TypeInfo) -> Option<()> {
        let chosen = self.choices.of(name);
        match info {
            TypeInfo::Boolean => self.writer.bits(u64::from(chosen == Some("true")), 1),
            TypeInfo::Enumeration { values } => {
                let index = values.iter().position(|value| Some(*value) == chosen).unwrap_or(0);
                self.writer.bits(index as u64, index_width(values.len() as u32));
            }
            TypeInfo::NBit { min, max } => {
                let count = i32::from(*max) - i32::from(*min) + 1;
                // Zero where the range has it, else the smallest value.
                let offset = if (*min..=*max).contains(&0) { -i32::from(*min) } else { 0 };
                self.writer.bits(offset as u64, index_width(count as u32));
            }
            TypeInfo::Unsigned { max } => {
                let value = if name == "TimeStamp" { self.seconds.min(*max) } else { 0 };
                self.writer.unsigned(value);
            }
            TypeInfo::Signed { .. } | TypeInfo::Integer => self.writer.signed(0),
            TypeInfo::Text { min, .. } => {
                self.writer.unsigned(u64::from(*min) + 2);
                (0..*min).for_each(|_| self.writer.bits(u64::from(b'0'), 8));
            }
            TypeInfo::Octets { min, .. } if name != "SessionID" => {
                self.writer.unsigned(u64::from(*min));
                (0..*min).for_each(|_| self.writer.bits(0, 8));
            }
            TypeInfo::Octets { .. } => {
                self.writer.unsigned(self.session_id.len() as u64);
                self.writer.octets(self.session_id);
            }
            _ => return None,
        }
        Some(())
    }
}
