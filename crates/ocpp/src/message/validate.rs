//! The interpreter: reads a payload once along its descriptor and checks every constraint of the schema on the way.

use super::error::{DecodeError, JsonType, Reason, Syntax};
use super::json::Scanner;
use super::number::Number;
use super::schema::{Enumeration, Field, Kind, Object};
use super::text::Text;
use super::time::DateTime;

/// A deviation from the schema that lenient reading let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deviation {
    /// What was let pass.
    pub kind: DeviationKind,
    /// Byte offset in the frame, as [`DecodeError::at`].
    pub at: u32,
}

/// What lenient reading lets pass. Everything else is refused as in strict mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeviationKind {
    /// A member that the schema does not know; kept.
    UnknownMember,
    /// A text longer than the schema allows.
    TooLong,
    /// A text that is no value of the enumeration; read as [`Open::Unknown`](crate::message::Open::Unknown).
    UnknownValue,
    /// A value of the enumeration in another case.
    ValueInOtherCase,
    /// A number where a plain string is due; its digits are the string.
    NumberForText,
    /// A string that holds a number where a number or integer is due.
    TextForNumber,
    /// 0 or 1 for a boolean.
    IntegerForFlag,
    /// A single value where a list is due.
    SingleForList,
    /// `null` for an absent optional member, payload or error details.
    NullForAbsent,
    /// `""` for an absent optional member that is no string.
    EmptyForAbsent,
    /// An object where the string `data` of a 1.6 `DataTransfer` is due; its text is the string.
    ObjectForText,
    /// A date without zone; counted as UTC unless the caller knows better.
    DateWithoutZone,
    /// A date whose offset lacks its minutes or its colon.
    DateShortOffset,
    /// An integer written with a fraction of zeros or an exponent where draft-04 asks for digits.
    IntegerForm,
    /// A number out of its range.
    OutOfRange,
    /// A number with more decimal places than the schema allows.
    NotAMultiple,
    /// A list with too few or too many elements.
    ListLength,
    /// An error code that is not in the version's table; kept as text.
    UnknownErrorCode,
}

impl DeviationKind {
    /// A short name for reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownMember => "unknown-member",
            Self::TooLong => "too-long",
            Self::UnknownValue => "unknown-value",
            Self::ValueInOtherCase => "value-in-other-case",
            Self::NumberForText => "number-for-text",
            Self::TextForNumber => "text-for-number",
            Self::IntegerForFlag => "integer-for-flag",
            Self::SingleForList => "single-for-list",
            Self::NullForAbsent => "null-for-absent",
            Self::EmptyForAbsent => "empty-for-absent",
            Self::ObjectForText => "object-for-text",
            Self::DateWithoutZone => "date-without-zone",
            Self::DateShortOffset => "date-short-offset",
            Self::IntegerForm => "integer-form",
            Self::OutOfRange => "out-of-range",
            Self::NotAMultiple => "not-a-multiple",
            Self::ListLength => "list-length",
            Self::UnknownErrorCode => "unknown-error-code",
        }
    }
}

impl core::fmt::Display for DeviationKind {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How exactly a frame must follow its schema.
pub enum Mode<'m> {
    /// Schema-exact: the first violation refuses the frame.
    Strict,
    /// What can be read without guessing is read, and each deviation is handed over.
    Lenient(&'m mut dyn FnMut(Deviation)),
}

impl core::fmt::Debug for Mode<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Strict => "Strict",
            Self::Lenient(_) => "Lenient",
        })
    }
}

impl Mode<'_> {
    pub(crate) const fn is_lenient(&self) -> bool {
        matches!(self, Self::Lenient(_))
    }
}

/// Why reading stopped. One byte: what there is to say is kept in the [`Reader`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// At the scanner's position.
    NotJson(Syntax),
    /// See [`Reader::refuse`].
    Refused,
}

impl From<Syntax> for Fault {
    fn from(syntax: Syntax) -> Self {
        Self::NotJson(syntax)
    }
}

/// Reads a text along descriptors.
pub(crate) struct Reader<'a, 'v, 'm> {
    pub(crate) scanner: Scanner<'a>,
    mode: &'v mut Mode<'m>,
    refusal: Option<DecodeError>,
}

impl<'a, 'v, 'm> Reader<'a, 'v, 'm> {
    pub(crate) const fn new(text: &'a str, mode: &'v mut Mode<'m>) -> Self {
        Self { scanner: Scanner::new(text, 0), mode, refusal: None }
    }

    /// What a fault was.
    pub(crate) fn error(&self, fault: Fault) -> DecodeError {
        match (fault, self.refusal) {
            (Fault::Refused, Some(refusal)) => refusal,
            // Never so: who refuses says why.
            (Fault::Refused, None) => DecodeError::new(Reason::NotAList, 0),
            (Fault::NotJson(syntax), _) => {
                DecodeError::new(Reason::Json(syntax), self.scanner.at())
            }
        }
    }

    /// Keeps the reason why the frame is refused.
    #[cold]
    pub(crate) fn refuse(&mut self, reason: Reason, at: usize) -> Fault {
        self.refusal = Some(DecodeError::new(reason, at));
        Fault::Refused
    }

    /// Hands the deviation over, or refuses the frame in strict mode.
    pub(crate) fn deviate(
        &mut self,
        kind: DeviationKind,
        reason: Reason,
        at: usize,
    ) -> Result<(), Fault> {
        let Mode::Lenient(sink) = self.mode else {
            return Err(self.refuse(reason, at));
        };
        sink(Deviation { kind, at: u32::try_from(at).unwrap_or(u32::MAX) });
        Ok(())
    }

    /// An object from its opening brace.
    pub(crate) fn object(&mut self, schema: &'static Object) -> Result<(), Fault> {
        let start = self.scanner.at();
        self.scanner.advance();
        let mut seen = 0_u64;
        let mut next = 0;
        if self.scanner.token() == b'}' {
            self.scanner.advance();
        } else {
            loop {
                self.scanner.token();
                let at = self.scanner.at();
                let key = self.scanner.key()?;
                self.scanner.token();
                match find(schema, key, next) {
                    Some((index, field)) => {
                        let bit = 1_u64.wrapping_shl(u32::try_from(index).unwrap_or(0));
                        if seen & bit != 0 {
                            let field = field.name;
                            return Err(self.refuse(Reason::Repeated { field }, at));
                        }
                        seen |= bit;
                        next = index + 1;
                        self.value(&field.kind, schema.required & bit == 0)?;
                    }
                    None => {
                        if !schema.open {
                            self.deviate(DeviationKind::UnknownMember, Reason::UnknownMember, at)?;
                        }
                        self.scanner.value()?;
                    }
                }
                match self.scanner.token() {
                    b',' => self.scanner.advance(),
                    b'}' => break,
                    _ => return Err(self.scanner.fail(Syntax::Unexpected).into()),
                }
            }
            self.scanner.advance();
        }
        match schema.first_missing(seen) {
            Some(field) => Err(self.refuse(Reason::Missing { field }, start)),
            None => Ok(()),
        }
    }

    fn value(&mut self, kind: &'static Kind, optional: bool) -> Result<(), Fault> {
        let first = self.scanner.peek();
        match *kind {
            Kind::Text { max } | Kind::OpaqueText { max } => match first {
                b'"' => {
                    let at = self.scanner.at();
                    let text = self.scanner.string()?;
                    self.length(text, max, at)
                }
                _ => self.instead_of_text(kind, max, optional),
            },
            Kind::Integer { .. } | Kind::Number { .. } => self.number(kind, optional),
            Kind::Flag => match first {
                b't' => Ok(self.scanner.literal("true")?),
                b'f' => Ok(self.scanner.literal("false")?),
                b'0' | b'1' => {
                    let at = self.scanner.at();
                    let digit = self.scanner.number()?;
                    let reason =
                        Reason::Type { expected: JsonType::Boolean, got: JsonType::Integer };
                    if digit.len() > 1 {
                        return Err(self.refuse(reason, at));
                    }
                    self.deviate(DeviationKind::IntegerForFlag, reason, at)
                }
                _ => self.absent(JsonType::Boolean, optional),
            },
            Kind::Time => self.time(optional),
            Kind::Code(table) => self.code(table, optional),
            Kind::Object(schema) => match first {
                b'{' => self.object(schema),
                _ => self.absent(JsonType::Object, optional),
            },
            Kind::List { item, min, max } => match first {
                b'[' => self.list(item, min, max),
                _ => self.instead_of_list(item, optional),
            },
            Kind::Any => Ok(self.scanner.value()?),
        }
    }

    /// Bytes are never fewer than characters: the count is needed only for texts that might be too long.
    fn length(&mut self, text: Text<'a>, max: u32, at: usize) -> Result<(), Fault> {
        let limit = usize::try_from(max).unwrap_or(usize::MAX);
        if text.raw().len() <= limit {
            return Ok(());
        }
        let length = text.char_count();
        if length <= limit {
            return Ok(());
        }
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        self.deviate(DeviationKind::TooLong, Reason::TooLong { length, max }, at)
    }

    fn instead_of_text(&mut self, kind: &Kind, max: u32, optional: bool) -> Result<(), Fault> {
        let at = self.scanner.at();
        let got = JsonType::of(self.scanner.peek());
        let deviation = match (got, kind) {
            (JsonType::Number, _) => DeviationKind::NumberForText,
            (JsonType::Object, Kind::OpaqueText { .. }) => DeviationKind::ObjectForText,
            _ => return self.absent(JsonType::String, optional),
        };
        self.scanner.value()?;
        let reason = Reason::Type { expected: JsonType::String, got };
        self.deviate(deviation, reason, at)?;
        self.length(Text::bare(self.scanner.since(at)), max, at)
    }

    /// A number or integer.
    fn number(&mut self, kind: &Kind, optional: bool) -> Result<(), Fault> {
        let (expected, min, max) = match *kind {
            Kind::Integer { min, max, .. } => (JsonType::Integer, min, max),
            Kind::Number { min, max, .. } => (JsonType::Number, min, max),
            _ => (JsonType::Number, i32::MIN, i32::MAX),
        };
        let before = self.scanner;
        let at = before.at();
        let number = match self.scanner.peek() {
            b'-' | b'0'..=b'9' => Number::new(self.scanner.number()?),
            b'"' => {
                let text = self.scanner.string()?;
                let Some(number) = text.as_str().and_then(Number::parse) else {
                    self.scanner = before;
                    return self.absent(expected, optional);
                };
                let reason = Reason::Type { expected, got: JsonType::String };
                self.deviate(DeviationKind::TextForNumber, reason, at)?;
                number
            }
            _ => return self.absent(expected, optional),
        };
        match *kind {
            Kind::Integer { digits_only, .. } if !number.is_plain_integer() => {
                let is_whole = number.is_whole();
                let reason = Reason::Type { expected, got: JsonType::Number };
                if !is_whole {
                    return Err(self.refuse(reason, at));
                }
                if digits_only {
                    self.deviate(DeviationKind::IntegerForm, reason, at)?;
                }
            }
            Kind::Number { tenths: true, .. } if !number.is_tenths() => {
                self.deviate(DeviationKind::NotAMultiple, Reason::NotAMultiple, at)?;
            }
            _ => {}
        }
        let min = (min != i32::MIN).then_some(min);
        let max = (max != i32::MAX).then_some(max);
        if (min.is_some() || max.is_some()) && !number.within(min, max) {
            let reason = Reason::OutOfRange { min, max };
            self.deviate(DeviationKind::OutOfRange, reason, at)?;
        }
        Ok(())
    }

    fn time(&mut self, optional: bool) -> Result<(), Fault> {
        use super::time::DateForm;
        if self.scanner.peek() != b'"' {
            return self.absent(JsonType::String, optional);
        }
        let at = self.scanner.at();
        let text = self.scanner.string()?;
        let deviation = match DateTime::new(text).form() {
            Some(DateForm::Rfc3339) => return Ok(()),
            Some(DateForm::WithoutZone) => DeviationKind::DateWithoutZone,
            Some(DateForm::ShortOffset) => DeviationKind::DateShortOffset,
            None if optional && text.is_empty() => DeviationKind::EmptyForAbsent,
            None => return Err(self.refuse(Reason::DateTime, at)),
        };
        self.deviate(deviation, Reason::DateTime, at)
    }

    fn code(&mut self, table: &'static Enumeration, optional: bool) -> Result<(), Fault> {
        if self.scanner.peek() != b'"' {
            return self.absent(JsonType::String, optional);
        }
        let at = self.scanner.at();
        let text = self.scanner.string()?;
        if text.as_str().is_some_and(|plain| table.values.contains(&plain)) {
            return Ok(());
        }
        self.unusual_code(table, text, optional, at)
    }

    /// A text of an enumeration that is written with escapes, in another case, or is none of its values.
    #[cold]
    fn unusual_code(
        &mut self,
        table: &'static Enumeration,
        text: Text<'a>,
        optional: bool,
        at: usize,
    ) -> Result<(), Fault> {
        let reason = Reason::NotInEnumeration { enumeration: table.name };
        let mut other_case = false;
        for value in table.values {
            if text.is_ignore_case(value) {
                if text == **value {
                    return Ok(());
                }
                other_case = true;
            }
        }
        let deviation = match text.is_empty() {
            true if optional => DeviationKind::EmptyForAbsent,
            true => return Err(self.refuse(reason, at)),
            false if other_case => DeviationKind::ValueInOtherCase,
            false => DeviationKind::UnknownValue,
        };
        self.deviate(deviation, reason, at)
    }

    /// A list from its opening bracket.
    fn list(&mut self, item: &'static Kind, min: u16, max: u16) -> Result<(), Fault> {
        let start = self.scanner.at();
        self.scanner.advance();
        let mut length = 0_u32;
        if self.scanner.token() == b']' {
            self.scanner.advance();
        } else {
            loop {
                self.scanner.token();
                self.value(item, false)?;
                length = length.saturating_add(1);
                match self.scanner.token() {
                    b',' => self.scanner.advance(),
                    b']' => break,
                    _ => return Err(self.scanner.fail(Syntax::Unexpected).into()),
                }
            }
            self.scanner.advance();
        }
        if length < u32::from(min) || max != u16::MAX && length > u32::from(max) {
            let reason = Reason::ListLength { length, min, max };
            self.deviate(DeviationKind::ListLength, reason, start)?;
        }
        Ok(())
    }

    /// A lone value is a list of one if it has the JSON type of the list's elements.
    fn instead_of_list(&mut self, item: &'static Kind, optional: bool) -> Result<(), Fault> {
        let at = self.scanner.at();
        let got = JsonType::of(self.scanner.peek());
        let single = match item {
            Kind::Text { .. } | Kind::OpaqueText { .. } | Kind::Time | Kind::Code(_) => {
                got == JsonType::String
            }
            Kind::Integer { .. } | Kind::Number { .. } => got == JsonType::Number,
            Kind::Flag => got == JsonType::Boolean,
            Kind::Object(_) => got == JsonType::Object,
            Kind::List { .. } | Kind::Any => false,
        };
        let empty_text = self.mode.is_lenient() && optional && self.next_is_empty_text();
        if !single || empty_text {
            return self.absent(JsonType::List, optional);
        }
        let reason = Reason::Type { expected: JsonType::List, got };
        self.deviate(DeviationKind::SingleForList, reason, at)?;
        self.value(item, false)
    }

    fn next_is_empty_text(&self) -> bool {
        let mut ahead = self.scanner;
        ahead.string().is_ok_and(|text| text.is_empty())
    }

    /// A value of the wrong type: lenient reading takes `null` and `""` for an absent optional member.
    #[cold]
    fn absent(&mut self, expected: JsonType, optional: bool) -> Result<(), Fault> {
        let at = self.scanner.at();
        let got = JsonType::of(self.scanner.peek());
        self.scanner.value()?;
        let reason = Reason::Type { expected, got };
        let deviation = match self.scanner.since(at) {
            "null" if optional => DeviationKind::NullForAbsent,
            "\"\"" if optional => DeviationKind::EmptyForAbsent,
            _ => return Err(self.refuse(reason, at)),
        };
        self.deviate(deviation, reason, at)
    }
}

/// The member that a key names; a key with escape sequences is unescaped first.
#[inline]
fn find(schema: &'static Object, key: Text<'_>, hint: usize) -> Option<(usize, &'static Field)> {
    let index = match key.as_str() {
        Some(name) => schema.find(name, hint),
        None => schema.fields.iter().position(|field| key == *field.name),
    }?;
    schema.fields.get(index).map(|field| (index, field))
}
