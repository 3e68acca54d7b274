//! A message bit by bit: every event, value and padding with its place, width and meaning.

use core::fmt;

#[cfg(feature = "iso2")]
use crate::codec::UNBOUNDED;
use crate::codec::{
    DecodeError, DecodeErrorKind, Expander, FieldInfo, FieldKind, Integer, Leaf, Name, Reader,
    StringEntry, TypeInfo, Visitor, code_width, index_width, productions, productions_before,
};
use crate::{Form, Leniency, SchemaSet, set};

/// What a row of a trace is: an event, a value, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// The header octet.
    Header,
    /// Start of the root element.
    Root {
        /// How many elements could be the root.
        entries: u16,
    },
    /// Start of an element.
    Start,
    /// An attribute.
    Attribute,
    /// Characters follow.
    Characters,
    /// End of an element.
    End,
    /// How many characters a text has, plus 2.
    TextLength,
    /// The characters.
    Text,
    /// How many octets a binary has.
    OctetCount,
    /// The octets.
    Octets,
    /// A boolean.
    Boolean,
    /// The index of a value of an enumeration.
    Index,
    /// An integer as the offset from its minimum.
    Offset,
    /// An unsigned integer.
    Unsigned,
    /// The sign of an integer: 1 for one below zero.
    Sign,
    /// The magnitude of an integer; of one below zero, of `-1 - value`.
    Magnitude,
    /// End of the fragment.
    FragmentEnd,
    /// What fills the last octet.
    Padding,
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
    /// The number in the bits (event code, index, offset, magnitude, count), where they are one of 64 bits.
    pub coded: Option<u64>,
    /// What it means; of an event, its code.
    pub value: Leaf<'a>,
}

impl fmt::Display for TraceRow<'_> {
    /// `| bit | width | value | meaning |`: the value as coded; what an index, an offset or a magnitude below zero stands for
    /// comes after the meaning.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "| {} | {} | ", self.bit, self.width)?;
        match self.coded {
            Some(number) => write!(f, "{number}")?,
            None => write_leaf(f, self.value)?,
        }
        let (name, bare) = (self.name, self.name.trim_start_matches('@'));
        match self.step {
            Step::Header => write!(f, " | header"),
            Step::Root { entries } => {
                let entry = self.coded.unwrap_or_default();
                write!(f, " | SE({name}), entry {entry} of {entries}")
            }
            Step::Start => write!(f, " | SE({name})"),
            Step::Attribute => write!(f, " | AT({bare})"),
            Step::Characters => write!(f, " | CH({name})"),
            Step::End => write!(f, " | EE({name})"),
            Step::TextLength => write!(f, " | {name} string length+2"),
            Step::Text => write!(f, " | {name} characters"),
            Step::OctetCount => write!(f, " | {name} octet count"),
            Step::Octets => write!(f, " | {name} octets"),
            Step::Boolean => write!(f, " | {name} boolean"),
            Step::Index => write!(f, " | {name} enumeration index"),
            Step::Offset => {
                write!(f, " | {name} {}-bit value offset from {}", self.width, self.minimum())
            }
            Step::Unsigned => write!(f, " | {name} unsigned"),
            Step::Sign => write!(f, " | {name} sign"),
            Step::Magnitude => write!(f, " | {name} magnitude"),
            Step::FragmentEnd => write!(f, " | ED of the fragment"),
            Step::Padding => write!(f, " | padding"),
        }?;
        let below_zero = matches!(self.value, Leaf::Signed(..0));
        if matches!(self.step, Step::Index | Step::Offset)
            || self.step == Step::Magnitude && below_zero
        {
            f.write_str(": ")?;
            write_leaf(f, self.value)?;
        }
        f.write_str(" |")
    }
}

impl TraceRow<'_> {
    /// The value whose offset is 0.
    fn minimum(&self) -> i64 {
        let value = match self.value {
            Leaf::Signed(value) => value,
            Leaf::Unsigned(value) => value as i64,
            _ => 0,
        };
        value - self.coded.unwrap_or_default() as i64
    }
}

fn write_leaf(f: &mut fmt::Formatter<'_>, leaf: Leaf<'_>) -> fmt::Result {
    match leaf {
        Leaf::Boolean(value) => write!(f, "{value}"),
        Leaf::Name(value) => f.write_str(value),
        Leaf::Signed(value) => write!(f, "{value}"),
        Leaf::Unsigned(value) => write!(f, "{value}"),
        Leaf::Integer(value) => write_magnitude(f, value),
        Leaf::Text(text) => text.chars().try_for_each(|c| write!(f, "{c}")),
        Leaf::Bytes(bytes) => bytes.iter().try_for_each(|b| write!(f, "{b:02x}")),
    }
}

/// The magnitude of a large integer in hexadecimal: four bits after the other out of groups of seven.
fn write_magnitude(f: &mut fmt::Formatter<'_>, number: Integer<'_>) -> fmt::Result {
    f.write_str("0x")?;
    let bit = |index: usize| {
        let group = number.groups().nth(index / 7).unwrap_or(0);
        u32::from(group >> (index % 7) & 1)
    };
    let digit = |index: usize| (0..4).fold(0, |digit, i| digit | bit(index * 4 + i) << i);
    let digits = (number.groups().count() * 7).div_ceil(4);
    let leading = (1..digits).rev().take_while(|index| digit(*index) == 0).count();
    (0..digits - leading).rev().try_for_each(|index| write!(f, "{:x}", digit(index)))
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
        self.show((0, bit), Step::Header, "header", Some(0x80), Leaf::Unsigned(0x80));
        let element = set.elements().iter().enumerate().find(|(index, element)| match form {
            Form::Document => element.document == Some(code),
            Form::Fragment => *index == usize::from(code),
        });
        let element = element.and_then(|(_, element)| Some((element.name, element.info?)));
        let Some((name, info)) = element else {
            return self.stop(bit, DecodeErrorKind::UnknownRoot { found: code });
        };
        let entries = set.roots().names(form);
        self.event(bit, Step::Root { entries }, name, code.into());
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
                let _ = self.bits(rest, Step::Padding, "padding");
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
            walker.event(bit, step, name, code);
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

    fn show(
        &mut self,
        (bit, end): (u32, u32),
        step: Step,
        name: &'static str,
        coded: Option<u64>,
        value: Leaf<'_>,
    ) {
        let (width, depth) = (end - bit, self.depth);
        (self.show)(TraceRow { bit, width, depth, step, name, coded, value });
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
    fn row(&mut self, bit: u32, step: Step, name: &'static str, coded: u64, value: Leaf<'_>) {
        if !self.reader.has_failed() {
            self.show((bit, self.reader.position()), step, name, Some(coded), value);
        }
    }

    /// Shows an event code that was read since `bit`.
    fn event(&mut self, bit: u32, step: Step, name: &'static str, code: u32) {
        self.row(bit, step, name, code.into(), Leaf::Unsigned(code.into()));
    }

    fn bits(&mut self, width: u32, step: Step, name: &'static str) -> Result<u64, Stop> {
        let bit = self.reader.position();
        let value = self.reader.bits(width);
        self.row(bit, step, name, value, Leaf::Unsigned(value));
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
                    self.event(bit, Step::End, name, code);
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
        let part = Part { name: field.name, many: field.max > 1 };
        match (field.kind, field.info) {
            (FieldKind::Attribute, info) => {
                self.event(bit, Step::Attribute, field.name, code);
                self.value((field.name, field.namespace), part, info)
            }
            (FieldKind::Text, info) => {
                self.event(bit, Step::Characters, owner, code);
                self.value((owner, ""), part, info)
            }
            (FieldKind::Choice, TypeInfo::Choice { alternatives }) => {
                let alternative = alternatives.get(alternative as usize).ok_or(Stop)?;
                self.event(bit, Step::Start, alternative.name, code);
                self.content(Part { name: alternative.name, ..part }, alternative.info)
            }
            (_, info) => {
                self.event(bit, Step::Start, field.name, code);
                self.content(part, info)
            }
        }
    }

    /// A simple value of an element or attribute.
    fn value(&mut self, of: Name, part: Part, info: &TypeInfo) -> Result<(), Stop> {
        let (bit, name) = (self.reader.position(), of.0);
        let leaf = match info {
            TypeInfo::Boolean => {
                let value = self.reader.bits(1);
                let leaf = Leaf::Boolean(value != 0);
                self.row(bit, Step::Boolean, name, value, leaf);
                leaf
            }
            TypeInfo::Enumeration { values } => {
                let count = values.len() as u32;
                let index = self.reader.bits(index_width(count)) as u16;
                let Some(value) = values.get(usize::from(index)) else {
                    let expected = count as u16;
                    let kind = DecodeErrorKind::EnumerationIndex { expected, found: index };
                    return self.stop(bit, kind);
                };
                self.row(bit, Step::Index, name, index.into(), Leaf::Name(value));
                Leaf::Name(value)
            }
            TypeInfo::NBit { min, max } => {
                let offset =
                    self.reader.bits(index_width((i32::from(*max) - i32::from(*min) + 1) as u32));
                let value = i64::from(*min) + offset as i64;
                if value > i64::from(*max) {
                    let found = value as u64;
                    let kind = DecodeErrorKind::IntegerRange { negative: false, found };
                    return self.stop(bit, kind);
                }
                let leaf =
                    if *min < 0 { Leaf::Signed(value) } else { Leaf::Unsigned(value as u64) };
                self.row(bit, Step::Offset, name, offset, leaf);
                leaf
            }
            TypeInfo::Unsigned { max } => {
                let value = self.reader.unsigned(*max);
                self.row(bit, Step::Unsigned, name, value, Leaf::Unsigned(value));
                Leaf::Unsigned(value)
            }
            TypeInfo::Signed { max, .. } => {
                let value = self.reader.signed(*max as u64);
                let magnitude = if value < 0 { !value } else { value } as u64;
                self.signed((bit, name), value < 0, Some(magnitude), Leaf::Signed(value));
                Leaf::Signed(value)
            }
            TypeInfo::Integer => {
                let value = self.reader.integer();
                let small = value.to_i64().map(|v| if v < 0 { !v } else { v } as u64);
                self.signed((bit, name), value.is_negative(), small, Leaf::Integer(value));
                Leaf::Integer(value)
            }
            TypeInfo::Text { max, .. } => {
                if let Some(expander) = &mut self.expander {
                    expander.text(&mut self.reader, of, *max);
                    return self.so_far(());
                }
                let text = self.reader.text(0, *max);
                let steps = (Step::TextLength, Step::Text);
                self.counted((bit, name), steps, text.len() as u64 + 2, Leaf::Text(text));
                Leaf::Text(text)
            }
            TypeInfo::Octets { min, max } => {
                let octets = self.reader.octets(*min, *max);
                let steps = (Step::OctetCount, Step::Octets);
                self.counted((bit, name), steps, octets.len() as u64, Leaf::Bytes(octets));
                Leaf::Bytes(octets)
            }
            _ => return Err(Stop),
        };
        self.leaf(part, leaf);
        self.so_far(())
    }

    /// Shows a sign and a magnitude.
    fn signed(
        &mut self,
        (bit, name): (u32, &'static str),
        negative: bool,
        magnitude: Option<u64>,
        value: Leaf<'_>,
    ) {
        if !self.reader.has_failed() {
            let (sign, end) = (u64::from(negative), self.reader.position());
            self.show((bit, bit + 1), Step::Sign, name, Some(sign), Leaf::Unsigned(sign));
            self.show((bit + 1, end), Step::Magnitude, name, magnitude, value);
        }
    }

    /// Shows a count and what it counts.
    fn counted(
        &mut self,
        (bit, name): (u32, &'static str),
        (length, content): (Step, Step),
        count: u64,
        leaf: Leaf<'_>,
    ) {
        if self.reader.has_failed() {
            return;
        }
        let end = self.reader.position();
        let groups = (u64::BITS - count.leading_zeros()).div_ceil(7).max(1);
        let middle = bit + groups * 8;
        self.show((bit, middle), length, name, Some(count), Leaf::Unsigned(count));
        if end > middle {
            self.show((middle, end), content, name, None, leaf);
        }
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
