//! A message bit by bit: every event, value and padding with its place, width and meaning.

use core::fmt;

#[cfg(feature = "iso2")]
use crate::codec::UNBOUNDED;
use crate::codec::{
    DecodeError, DecodeErrorKind, Expander, FieldInfo, FieldKind, Leaf, Name, Reader, StringEntry,
    TypeInfo, Visitor, code_width, index_width, productions, productions_before,
};
use crate::{Form, Leniency, SchemaSet, set};

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

/// Shows a document or fragment row by row, as far as it can be followed.
///
/// This is a second reader of the type tables, without the typed messages: what it refuses, and where, is what they refuse.
///
/// # Errors
/// The octets are no document or fragment of the set; the rows before the place were shown.
pub fn trace(
    set: SchemaSet,
    form: Form,
    octets: &[u8],
    leniency: Leniency,
    show: &mut dyn FnMut(TraceRow<'_>),
) -> Result<(), DecodeError> {
    Walker::new(octets, show).document(set, form, leniency).map(|_| ())
}

/// Shows a document or fragment of any root to a visitor, as [`visit`](crate::visit) does, but reading the type tables instead
/// of typed messages: a tenth of the code for all sets together, several times the work for each message. The visitor may
/// have seen parts when an error comes.
///
/// # Errors
/// The octets are no document or fragment of the set.
pub fn walk(
    set: SchemaSet,
    form: Form,
    octets: &[u8],
    leniency: Leniency,
    visitor: &mut dyn Visitor,
) -> Result<(), DecodeError> {
    let show = &mut |_: TraceRow<'_>| {};
    let mut walker = Walker { visitor: Some(visitor), ..Walker::new(octets, show) };
    walker.document(set, form, leniency).map(|_| ())
}

/// Rewrites a document or fragment that refers to its string table as the one that spells every string out, and gives
/// the length of the copy in `out`; one without such references is copied as it is.
///
/// No deployed charger or vehicle is known to send such references, so decoding refuses them; who wants to read them
/// expands first. `table` bounds how many different strings are remembered.
///
/// # Errors
/// The octets are no document or fragment of the set, or need more room.
pub fn expand_value_hits(
    set: SchemaSet,
    form: Form,
    octets: &[u8],
    leniency: Leniency,
    table: &mut [StringEntry],
    out: &mut [u8],
) -> Result<usize, DecodeError> {
    let expander = Some(Expander::new(table, out));
    let show = &mut |_: TraceRow<'_>| {};
    let mut walker = Walker { expander, ..Walker::new(octets, show) };
    let end = walker.document(set, form, leniency)?;
    let expander = walker.expander.take();
    let length = expander.map_or(Ok(0), |expander| expander.finish(octets, end));
    length.map_err(|kind| DecodeError::new(kind, end))
}

/// Walks over a document by the type tables.
struct Walker<'w, 'a> {
    reader: Reader<'a>,
    depth: u8,
    show: &'w mut dyn FnMut(TraceRow<'_>),
    visitor: Option<&'w mut dyn Visitor>,
    expander: Option<Expander<'w>>,
}

/// An element, attribute or text beside attributes, as a visitor sees it.
#[derive(Clone, Copy)]
struct Part {
    name: &'static str,
    many: bool,
}

impl Part {
    const fn one(name: &'static str) -> Self {
        Self { name, many: false }
    }
}

/// Nothing to follow any more; the reader knows why.
struct Stop;

impl<'w, 'a> Walker<'w, 'a> {
    fn new(octets: &'a [u8], show: &'w mut dyn FnMut(TraceRow<'_>)) -> Self {
        Self { reader: Reader::new(octets), depth: 0, show, visitor: None, expander: None }
    }

    /// The whole document; gives the bit at which its padding begins.
    fn document(
        &mut self,
        set: SchemaSet,
        form: Form,
        leniency: Leniency,
    ) -> Result<u32, DecodeError> {
        let code = set::begin(&mut self.reader, set.roots(), form);
        // Where the root stops, the reader has failed, and what follows does nothing.
        let _ = self.root(set, form, code);
        let end = self.end(set, form, leniency);
        set::outcome(&self.reader, set, form, code).map(|()| end)
    }

    fn root(&mut self, set: SchemaSet, form: Form, code: u16) -> Result<(), Stop> {
        if self.reader.has_failed() {
            return Err(Stop);
        }
        let bit = 8;
        self.show(0, bit, Step::Header, "header", Leaf::Unsigned(0x80));
        let element = set.elements().iter().enumerate().find(|(index, element)| match form {
            Form::Document => element.document == Some(code),
            Form::Fragment => *index == usize::from(code),
        });
        let element = element.and_then(|(_, element)| Some((element.name, element.info?)));
        let Some((name, info)) = element else {
            return self.stop(bit, DecodeErrorKind::UnknownRoot { found: code });
        };
        self.row(bit, Step::Start, name, Leaf::Unsigned(u64::from(code)));
        #[cfg(feature = "iso2")]
        if (set, form, name) == (SchemaSet::Iso2, Form::Fragment, "eMAID") {
            return self.emaid(info);
        }
        self.content(Part::one(name), info)
    }

    /// The end of the document; gives the bit at which its padding begins.
    fn end(&mut self, set: SchemaSet, form: Form, leniency: Leniency) -> u32 {
        let mut end = self.reader.position();
        if form == Form::Fragment {
            end += code_width(set.roots().codes(form));
        }
        let mut ahead = self.reader.clone();
        set::end(&mut ahead, set.roots(), form, leniency);
        if !ahead.has_failed() {
            if form == Form::Fragment {
                let _ = self.bits(code_width(set.roots().codes(form)), Step::FragmentEnd, "");
            }
            let rest = end.next_multiple_of(8) - end;
            if rest > 0 {
                let _ = self.bits(rest, Step::Value, "padding");
            }
        }
        self.reader = ahead;
        end
    }

    /// The fragment whose name has two types: in either coding.
    #[cfg(feature = "iso2")]
    fn emaid(&mut self, info: &'static TypeInfo) -> Result<(), Stop> {
        use crate::emaid::{
            CHARACTERS, END, EmaidFragment, FIRST_STATE, ID, ROWS, SECOND_STATE, expect,
        };
        if !EmaidFragment::is_general(&self.reader) {
            return self.content(Part::one("eMAID"), info);
        }
        let event = |walker: &mut Self, states, code, step, name| {
            let bit = walker.reader.position();
            let code = expect(&mut walker.reader, states, code);
            walker.row(bit, step, name, Leaf::Unsigned(u64::from(code)));
            walker.so_far(())
        };
        self.reader.enter_path(ROWS.0);
        event(self, FIRST_STATE, ID, Step::Attribute, "@Id")?;
        self.open(Part::one("eMAID"));
        let (id, text) = (Part::one("@Id"), Part::one("#text"));
        self.value(("@Id", "MsgDataTypes"), id, &TypeInfo::Text { min: 0, max: UNBOUNDED })?;
        self.reader.enter_path(ROWS.1);
        event(self, FIRST_STATE, CHARACTERS, Step::Characters, "eMAID")?;
        self.value(("eMAID", ""), text, &TypeInfo::Text { min: 0, max: 15 })?;
        event(self, SECOND_STATE, END, Step::End, "eMAID")?;
        self.close();
        Ok(())
    }

    fn stop<T>(&mut self, bit: u32, kind: DecodeErrorKind) -> Result<T, Stop> {
        self.reader.fail_at(bit, kind);
        Err(Stop)
    }

    fn show(&mut self, bit: u32, end: u32, step: Step, name: &'static str, value: Leaf<'_>) {
        (self.show)(TraceRow { bit, width: end - bit, depth: self.depth, step, name, value });
    }

    fn open(&mut self, part: Part) {
        if let Some(visitor) = &mut self.visitor {
            visitor.open(part.name, part.many);
        }
    }

    fn close(&mut self) {
        if let Some(visitor) = &mut self.visitor {
            visitor.close();
        }
    }

    fn leaf(&mut self, part: Part, value: Leaf<'_>) {
        if let Some(visitor) = &mut self.visitor
            && !self.reader.has_failed()
        {
            visitor.leaf(part.name, part.many, value);
        }
    }

    /// Shows what was read since `bit`, unless it was not there.
    fn row(&mut self, bit: u32, step: Step, name: &'static str, value: Leaf<'_>) {
        if !self.reader.has_failed() {
            self.show(bit, self.reader.position(), step, name, value);
        }
    }

    fn bits(&mut self, width: u32, step: Step, name: &'static str) -> Result<u64, Stop> {
        let bit = self.reader.position();
        let value = self.reader.bits(width);
        self.row(bit, step, name, Leaf::Unsigned(value));
        self.so_far(value)
    }

    fn so_far<T>(&self, value: T) -> Result<T, Stop> {
        if self.reader.has_failed() { Err(Stop) } else { Ok(value) }
    }

    /// From after an element's start to its end.
    fn content(&mut self, part: Part, info: &'static TypeInfo) -> Result<(), Stop> {
        let name = part.name;
        match info {
            TypeInfo::Complex { fields, mixed, .. } => {
                self.open(part);
                self.depth = self.depth.saturating_add(1);
                let result = self.fields(name, fields, *mixed);
                self.depth = self.depth.saturating_sub(1);
                self.close();
                result
            }
            TypeInfo::Refused(why) => self.stop(self.reader.position(), *why),
            _ => {
                self.framed(Step::Characters, name)?;
                self.value((name, ""), part, info)?;
                self.framed(Step::End, name)
            }
        }
    }

    /// The one event before or after a simple value.
    fn framed(&mut self, step: Step, name: &'static str) -> Result<(), Stop> {
        let bit = self.reader.position();
        match self.bits(1, step, name)? {
            0 => Ok(()),
            _ => self.stop(bit, DecodeErrorKind::EventCode { expected: 1, found: 1 }),
        }
    }

    fn fields(
        &mut self,
        name: &'static str,
        fields: &'static [FieldInfo],
        mixed: bool,
    ) -> Result<(), Stop> {
        let mut place = Place { fields, mixed, row: 0, count: 0 };
        loop {
            let (bit, codes) = (self.reader.position(), place.codes());
            let code = self.reader.bits(code_width(codes)) as u32;
            self.so_far(())?;
            if code >= codes {
                let (expected, found) = (codes as u16, code as u16);
                return self.stop(bit, DecodeErrorKind::EventCode { expected, found });
            }
            match place.find(code) {
                Found::End => {
                    self.row(bit, Step::End, name, Leaf::Unsigned(u64::from(code)));
                    return Ok(());
                }
                Found::Text => {
                    return self.stop(self.reader.position(), DecodeErrorKind::MixedContent);
                }
                Found::Row(field, alternative) => {
                    if place.count == u32::from(u16::MAX) {
                        return self.stop(self.reader.position(), DecodeErrorKind::ListLength);
                    }
                    let before = productions_before(fields, place.row) + alternative;
                    self.reader.enter_production(before as u8);
                    self.field((bit, code), name, field, alternative)?;
                    self.reader.leave_path();
                    place.count += 1;
                }
            }
        }
    }

    fn field(
        &mut self,
        (bit, code): (u32, u32),
        owner: &'static str,
        field: &'static FieldInfo,
        alternative: u32,
    ) -> Result<(), Stop> {
        let number = Leaf::Unsigned(u64::from(code));
        let part = Part { name: field.name, many: field.max > 1 };
        match (field.kind, field.info) {
            (FieldKind::Attribute, info) => {
                self.row(bit, Step::Attribute, field.name, number);
                self.value((field.name, field.namespace), part, info)
            }
            (FieldKind::Text, info) => {
                self.row(bit, Step::Characters, owner, number);
                self.value((owner, ""), part, info)
            }
            (FieldKind::Choice, TypeInfo::Choice { alternatives }) => {
                let alternative = alternatives.get(alternative as usize).ok_or(Stop)?;
                self.row(bit, Step::Start, alternative.name, number);
                self.content(Part { name: alternative.name, ..part }, alternative.info)
            }
            (_, info) => {
                self.row(bit, Step::Start, field.name, number);
                self.content(part, info)
            }
        }
    }

    /// A simple value of an element or attribute.
    fn value(&mut self, of: Name, part: Part, info: &TypeInfo) -> Result<(), Stop> {
        let (bit, name) = (self.reader.position(), of.0);
        let leaf = match info {
            TypeInfo::Boolean => Leaf::Boolean(self.reader.bits(1) != 0),
            TypeInfo::Enumeration { values } => {
                let count = values.len() as u32;
                let index = self.reader.bits(index_width(count)) as u16;
                let Some(value) = values.get(usize::from(index)) else {
                    let expected = count as u16;
                    let kind = DecodeErrorKind::EnumerationIndex { expected, found: index };
                    return self.stop(bit, kind);
                };
                Leaf::Name(value)
            }
            TypeInfo::NBit { min, max } => {
                let width = index_width((i32::from(*max) - i32::from(*min) + 1) as u32);
                let value = i64::from(*min) + self.reader.bits(width) as i64;
                if value > i64::from(*max) {
                    let found = value as u64;
                    let kind = DecodeErrorKind::IntegerRange { negative: false, found };
                    return self.stop(bit, kind);
                }
                if *min < 0 { Leaf::Signed(value) } else { Leaf::Unsigned(value as u64) }
            }
            TypeInfo::Unsigned { max } => Leaf::Unsigned(self.reader.unsigned(*max)),
            TypeInfo::Signed { max, .. } => Leaf::Signed(self.reader.signed(*max as u64)),
            TypeInfo::Integer => Leaf::Integer(self.reader.integer()),
            TypeInfo::Text { max, .. } => {
                if let Some(expander) = &mut self.expander {
                    expander.text(&mut self.reader, of, *max);
                    return self.so_far(());
                }
                let text = self.reader.text(0, *max);
                self.leaf(part, Leaf::Text(text));
                return self.counted(bit, name, text.len() as u64 + 2, Leaf::Text(text));
            }
            TypeInfo::Octets { min, max } => {
                let octets = self.reader.octets(*min, *max);
                self.leaf(part, Leaf::Bytes(octets));
                return self.counted(bit, name, octets.len() as u64, Leaf::Bytes(octets));
            }
            _ => return Err(Stop),
        };
        self.row(bit, Step::Value, name, leaf);
        self.leaf(part, leaf);
        self.so_far(())
    }

    /// Shows a count and what it counts.
    fn counted(
        &mut self,
        bit: u32,
        name: &'static str,
        count: u64,
        leaf: Leaf<'_>,
    ) -> Result<(), Stop> {
        self.so_far(())?;
        let end = self.reader.position();
        let groups = (u64::BITS - count.leading_zeros()).div_ceil(7).max(1);
        let middle = bit + groups * 8;
        self.show(bit, middle, Step::Length, name, Leaf::Unsigned(count));
        if end > middle {
            self.show(middle, end, Step::Value, name, leaf);
        }
        Ok(())
    }
}

/// A state of a type: the row at hand and how many items of it there were.
struct Place {
    fields: &'static [FieldInfo],
    mixed: bool,
    row: usize,
    count: u32,
}

/// What an event code means.
enum Found {
    /// A row and the alternative in it.
    Row(&'static FieldInfo, u32),
    End,
    Text,
}

impl Place {
    /// Whether the row may come again, and how many event codes it has.
    fn again(&self) -> (bool, u32) {
        let field = self.fields.get(self.row);
        field.map_or((false, 0), |f| (self.count > 0 && self.count < f.max, f.span()))
    }

    /// How many event codes the state has.
    fn codes(&self) -> u32 {
        let next = productions(self.fields, self.row + 1, self.mixed);
        let min = self.fields.get(self.row).map_or(0, |f| f.min);
        match self.again() {
            _ if self.count == 0 => productions(self.fields, self.row, self.mixed),
            (true, span) if self.count < min => span,
            (true, span) => span + next,
            (false, _) => next,
        }
    }

    /// Goes to the row that an event code falls into.
    fn find(&mut self, code: u32) -> Found {
        let mut left = code;
        if self.count > 0 && !self.again().0 {
            (self.row, self.count) = (self.row + 1, 0);
        }
        while let Some(field) = self.fields.get(self.row) {
            if left < field.span() {
                return Found::Row(field, left);
            }
            if self.count == 0 && field.min > 0 {
                return Found::Text;
            }
            left -= field.span();
            (self.row, self.count) = (self.row + 1, 0);
        }
        if left == 0 { Found::End } else { Found::Text }
    }
}
