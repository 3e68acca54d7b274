//! A message bit by bit: every event, value and padding with its place, width and meaning.

use core::fmt;

use crate::codec::{
    DecodeError, FieldInfo, FieldKind, Leaf, Reader, TypeInfo, Visitor, code_width, index_width,
    productions,
};
use crate::{Form, Leniency, SchemaSet};

/// What a row of a trace is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// The header octet.
    Header,
    /// Start of an element.
    Start,
    /// An attribute.
    Attribute,
    /// Characters follow.
    Characters,
    /// End of an element.
    End,
    /// The characters of a text with their count, or octets with theirs.
    Length,
    /// A value.
    Value,
    /// End of the fragment.
    FragmentEnd,
}

/// A row of a trace.
#[derive(Debug, Clone, Copy)]
pub struct TraceRow<'a> {
    /// Bit offset from the start.
    pub bit: u32,
    /// Bits.
    pub width: u32,
    /// Nesting depth.
    pub depth: u8,
    /// What it is.
    pub step: Step,
    /// Of which element or attribute.
    pub name: &'static str,
    /// The bits as a number or value.
    pub value: Leaf<'a>,
}

impl fmt::Display for TraceRow<'_> {
    /// `| bit | width | value | meaning |`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "| {} | {} | ", self.bit, self.width)?;
        match self.value {
            Leaf::Boolean(value) => write!(f, "{value}")?,
            Leaf::Name(value) => f.write_str(value)?,
            Leaf::Signed(value) => write!(f, "{value}")?,
            Leaf::Unsigned(value) => write!(f, "{value}")?,
            Leaf::Integer(value) => match value.to_i64() {
                Some(value) => write!(f, "{value}")?,
                None => f.write_str("(long)")?,
            },
            Leaf::Text(text) => text.chars().try_for_each(|c| write!(f, "{c}"))?,
            Leaf::Bytes(bytes) => bytes.iter().try_for_each(|b| write!(f, "{b:02x}"))?,
        }
        let name = self.name.trim_start_matches('@');
        match self.step {
            Step::Header => write!(f, " | header |"),
            Step::Start => write!(f, " | SE({name}) |"),
            Step::Attribute => write!(f, " | AT({name}) |"),
            Step::Characters => write!(f, " | CH({name}) |"),
            Step::End => write!(f, " | EE({name}) |"),
            Step::Length => write!(f, " | {name} length |"),
            Step::Value => write!(f, " | {name} |"),
            Step::FragmentEnd => write!(f, " | ED |"),
        }
    }
}

/// Shows a document or fragment row by row, as far as it can be followed, then tells whether it can be decoded.
///
/// # Errors
/// Decoding fails; the rows before the place were shown.
pub fn trace(
    set: SchemaSet,
    form: Form,
    octets: &[u8],
    leniency: Leniency,
    show: &mut dyn FnMut(TraceRow<'_>),
) -> Result<(), DecodeError> {
    struct Unseen;
    impl Visitor for Unseen {
        fn leaf(&mut self, _: &'static str, _: bool, _: Leaf<'_>) {}
        fn open(&mut self, _: &'static str, _: bool) {}
        fn close(&mut self) {}
    }
    let mut tracer = Tracer { reader: Reader::new(octets), depth: 0, show };
    // Where it stops, decoding says why.
    let _ = tracer.root(set, form);
    crate::visit(set, form, octets, leniency, &mut Unseen)
}

struct Tracer<'t, 'a> {
    reader: Reader<'a>,
    depth: u8,
    show: &'t mut dyn FnMut(TraceRow<'_>),
}

/// The trace cannot be followed further.
struct Stop;

impl<'a> Tracer<'_, 'a> {
    fn row(&mut self, bit: u32, step: Step, name: &'static str, value: Leaf<'_>) {
        let width = self.reader.position() - bit;
        (self.show)(TraceRow { bit, width, depth: self.depth, step, name, value });
    }

    fn bits(&mut self, width: u32, step: Step, name: &'static str) -> Result<u64, Stop> {
        let bit = self.reader.position();
        let value = self.reader.bits(width).map_err(|_| Stop)?;
        self.row(bit, step, name, Leaf::Unsigned(value));
        Ok(value)
    }

    fn root(&mut self, set: SchemaSet, form: Form) -> Result<(), Stop> {
        self.bits(8, Step::Header, "header")?;
        let roots = set.roots();
        let width = code_width(roots.codes(form));
        let bit = self.reader.position();
        let code = self.reader.bits(width).map_err(|_| Stop)?;
        let element = set.elements().iter().enumerate().find(|(index, element)| match form {
            Form::Document => element.document.is_some_and(|c| u64::from(c) == code),
            Form::Fragment => *index as u64 == code,
        });
        let (_, element) = element.ok_or(Stop)?;
        self.row(bit, Step::Start, element.name, Leaf::Unsigned(code));
        self.content(element.name, element.info.ok_or(Stop)?)?;
        if form == Form::Fragment {
            self.bits(width, Step::FragmentEnd, "")?;
        }
        let rest = 8 - self.reader.position() % 8;
        if rest < 8 {
            self.bits(rest, Step::Value, "padding")?;
        }
        Ok(())
    }

    /// From after an element's start to its end.
    fn content(&mut self, name: &'static str, info: &'static TypeInfo) -> Result<(), Stop> {
        if let TypeInfo::Complex { fields, mixed, .. } = info {
            self.depth = self.depth.saturating_add(1);
            let result = self.fields(name, fields, *mixed);
            self.depth = self.depth.saturating_sub(1);
            return result;
        }
        self.bits(1, Step::Characters, name)?;
        self.value(name, info)?;
        self.bits(1, Step::End, name).map(|_| ())
    }

    fn fields(
        &mut self,
        name: &'static str,
        fields: &'static [FieldInfo],
        mixed: bool,
    ) -> Result<(), Stop> {
        let (mut row, mut count) = (0, 0_u32);
        loop {
            let (again, span) = fields.get(row).map_or((false, 0), |f| (count < f.max, f.span()));
            let next = productions(fields, row + 1, mixed);
            let codes = match fields.get(row) {
                // A repeated row that may come again, or must.
                Some(field) if count > 0 && again && count < field.min => span,
                Some(_) if count > 0 && again => span + next,
                Some(_) if count > 0 => next,
                _ => productions(fields, row, mixed),
            };
            let bit = self.reader.position();
            let code = self.reader.bits(code_width(codes)).map_err(|_| Stop)? as u32;
            if code >= codes {
                return Err(Stop);
            }
            let mut left = code;
            if count > 0 && !again {
                (row, count) = (row + 1, 0);
            }
            // The row that the code falls into.
            loop {
                let Some(field) = fields.get(row) else {
                    if left > 0 {
                        return Err(Stop);
                    }
                    self.row(bit, Step::End, name, Leaf::Unsigned(u64::from(code)));
                    return Ok(());
                };
                if left < field.span() {
                    self.field(bit, code, name, field, left)?;
                    count += 1;
                    break;
                }
                left -= field.span();
                (row, count) = (row + 1, 0);
            }
        }
    }

    fn field(
        &mut self,
        bit: u32,
        code: u32,
        owner: &'static str,
        field: &'static FieldInfo,
        alternative: u32,
    ) -> Result<(), Stop> {
        let number = Leaf::Unsigned(u64::from(code));
        match (field.kind, field.info) {
            (FieldKind::Attribute, info) => {
                self.row(bit, Step::Attribute, field.name, number);
                self.value(field.name, info)
            }
            (FieldKind::Text, info) => {
                self.row(bit, Step::Characters, owner, number);
                self.value(owner, info)
            }
            (FieldKind::Choice, TypeInfo::Choice { alternatives }) => {
                let alternative = alternatives.get(alternative as usize).ok_or(Stop)?;
                self.row(bit, Step::Start, alternative.name, number);
                self.content(alternative.name, alternative.info)
            }
            (FieldKind::Wildcard, _) => Err(Stop),
            (_, info) => {
                self.row(bit, Step::Start, field.name, number);
                self.content(field.name, info)
            }
        }
    }

    fn value(&mut self, name: &'static str, info: &'static TypeInfo) -> Result<(), Stop> {
        let bit = self.reader.position();
        let leaf = match info {
            TypeInfo::Boolean => Leaf::Boolean(self.reader.bits(1).map_err(|_| Stop)? != 0),
            TypeInfo::Enumeration { values } => {
                let width = index_width(values.len() as u32);
                let index = self.reader.bits(width).map_err(|_| Stop)?;
                Leaf::Name(values.get(index as usize).ok_or(Stop)?)
            }
            TypeInfo::NBit { min, max } => {
                let width = index_width((i32::from(*max) - i32::from(*min) + 1) as u32);
                let offset = self.reader.bits(width).map_err(|_| Stop)?;
                Leaf::Signed(i64::from(*min) + offset as i64)
            }
            TypeInfo::Unsigned { max } => {
                Leaf::Unsigned(self.reader.unsigned(*max).map_err(|_| Stop)?)
            }
            TypeInfo::Signed { max, .. } => {
                Leaf::Signed(self.reader.signed(*max as u64).map_err(|_| Stop)?)
            }
            TypeInfo::Integer => Leaf::Integer(self.reader.integer().map_err(|_| Stop)?),
            TypeInfo::Text { max, .. } => {
                let text = self.reader.text(*max).map_err(|_| Stop)?;
                let end = self.reader.position();
                self.counted(bit, end, name, text.len() as u64 + 2, Leaf::Text(text));
                return Ok(());
            }
            TypeInfo::Octets { min, max } => {
                let octets = self.reader.octets(*min, *max).map_err(|_| Stop)?;
                let end = self.reader.position();
                self.counted(bit, end, name, octets.len() as u64, Leaf::Bytes(octets));
                return Ok(());
            }
            _ => return Err(Stop),
        };
        self.row(bit, Step::Value, name, leaf);
        Ok(())
    }

    /// A count and what it counts.
    fn counted(&mut self, bit: u32, end: u32, name: &'static str, count: u64, leaf: Leaf<'_>) {
        let groups = (u64::BITS - count.leading_zeros()).div_ceil(7).max(1);
        let middle = bit + groups * 8;
        let depth = self.depth;
        let length = Leaf::Unsigned(count);
        (self.show)(TraceRow {
            bit,
            width: groups * 8,
            depth,
            step: Step::Length,
            name,
            value: length,
        });
        if end > middle {
            let width = end - middle;
            (self.show)(TraceRow {
                bit: middle,
                width,
                depth,
                step: Step::Value,
                name,
                value: leaf,
            });
        }
    }
}
