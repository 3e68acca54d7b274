//! Payloads written from borrowed values, member by member, each checked against its row of the table on the way.

use core::fmt::{self, Write};
use core::marker::PhantomData;

use super::error::ErrorCode;
use super::number::Number;
use super::schema::{Action, Kind, Object};
use super::text::{Identifier, Text};
use super::time::{DateForm, DateTime, Timestamp};
use super::version::Version;
use super::view::{Coded, List, ObjectView, Open, Value, View, wire_name};

/// Why a value cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The caller's buffer is full.
    #[error("no room")]
    NoRoom,
    /// A required member was not written.
    #[error("{field} is missing")]
    Missing {
        /// The member.
        field: &'static str,
    },
    /// A member was written twice.
    #[error("{field} is repeated")]
    Repeated {
        /// The member.
        field: &'static str,
    },
    /// More characters than allowed.
    #[error("{field}: more than {max} characters")]
    TooLong {
        /// The member.
        field: &'static str,
        /// Most characters.
        max: u32,
    },
    /// A number out of its range, with a fraction where none may be, or with more places than allowed.
    #[error("{field}: out of range")]
    OutOfRange {
        /// The member.
        field: &'static str,
    },
    /// A text that is no value of the enumeration.
    #[error("{field}: not a value of the enumeration")]
    NotInEnumeration {
        /// The member.
        field: &'static str,
    },
    /// A list that is too short or too long.
    #[error("{field}: {length} elements")]
    ListLength {
        /// The member.
        field: &'static str,
        /// Elements written.
        length: u32,
    },
    /// A date that is not RFC 3339.
    #[error("{field}: not an RFC 3339 date-time")]
    DateTime {
        /// The member.
        field: &'static str,
    },
    /// The payload's type does not belong to the action, or the message id has not 1 to 36 characters.
    #[error("the payload or id does not fit the frame")]
    Frame,
}

const _: () = assert!(size_of::<EncodeError>() <= 32);

impl From<fmt::Error> for EncodeError {
    fn from(_: fmt::Error) -> Self {
        Self::NoRoom
    }
}

/// Writes a payload of type `T`.
///
/// ```
/// use evse_ocpp::{endpoint::Buffer, message::{Writer, write_payload}, v16};
///
/// let mut out = Buffer::<256>::new();
/// write_payload(&mut out, |boot: &mut Writer<v16::BootNotificationRequest>| {
///     boot.charge_point_vendor("Vendor")?;
///     boot.charge_point_model("Model \"X\"")
/// })?;
/// assert_eq!(out.as_str(), r#"{"chargePointVendor":"Vendor","chargePointModel":"Model \"X\""}"#);
/// # Ok::<(), evse_ocpp::message::EncodeError>(())
/// ```
///
/// # Errors
/// A value that breaks the schema, a required member left out, or no room; what was written until then is useless.
pub fn write_payload<'v, T: View<'v>>(
    out: &mut dyn Write,
    fill: impl FnOnce(&mut Writer<'_, T>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    write_object(out, T::SCHEMA, fill)
}

/// Writes a CALL with a payload of type `T`, which must be the request of the action.
///
/// # Errors
/// As [`write_payload`], and an id or payload that does not fit the frame.
pub fn write_call<'v, T: View<'v>>(
    out: &mut dyn Write,
    id: &str,
    action: &'static Action,
    fill: impl FnOnce(&mut Writer<'_, T>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    check_id(id)?;
    if !action.request.same_as(T::SCHEMA) {
        return Err(EncodeError::Frame);
    }
    let kind = match action.exchange {
        super::schema::Exchange::Call => 2,
        super::schema::Exchange::Send => 6,
    };
    write!(out, "[{kind},\"{}\",\"{}\",", Escaped(id), action.name)?;
    write_object(out, T::SCHEMA, fill)?;
    Ok(out.write_str("]")?)
}

/// Writes a CALLRESULT with a payload of type `T`, which must be the response of the action.
///
/// # Errors
/// As [`write_call`].
pub fn write_result<'v, T: View<'v>>(
    out: &mut dyn Write,
    id: &str,
    action: &'static Action,
    fill: impl FnOnce(&mut Writer<'_, T>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    check_id(id)?;
    if !action.response.same_as(T::SCHEMA) {
        return Err(EncodeError::Frame);
    }
    write!(out, "[3,\"{}\",", Escaped(id))?;
    write_object(out, T::SCHEMA, fill)?;
    Ok(out.write_str("]")?)
}

/// Which of the two frames with an error code is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorFrame {
    /// CALLERROR, refuses a CALL.
    CallError,
    /// CALLRESULTERROR (2.1), tells that a CALLRESULT cannot be used.
    CallResultError,
}

/// Writes a CALLERROR or CALLRESULTERROR without details, the code in the version's spelling. A description is cut to
/// the 255 characters that 2.x allows.
///
/// # Errors
/// An id that has not 1 to 36 characters, a CALLRESULTERROR before 2.1, or no room.
pub fn write_error(
    out: &mut dyn Write,
    frame: ErrorFrame,
    id: &str,
    code: ErrorCode,
    description: &str,
    version: Version,
) -> Result<(), EncodeError> {
    check_id(id)?;
    let kind = match frame {
        ErrorFrame::CallError => 4,
        ErrorFrame::CallResultError if version == Version::V21 => 5,
        ErrorFrame::CallResultError => return Err(EncodeError::Frame),
    };
    let end = description.char_indices().nth(255).map_or(description.len(), |(at, _)| at);
    let description = Escaped(description.get(..end).unwrap_or(""));
    let code = code.as_str(version);
    Ok(write!(out, "[{kind},\"{}\",\"{code}\",\"{description}\",{{}}]", Escaped(id))?)
}

fn check_id(id: &str) -> Result<(), EncodeError> {
    (1..=36).contains(&id.chars().count()).then_some(()).ok_or(EncodeError::Frame)
}

/// Writes an object without asking for its required members: what [`Owned::change`](crate::owned::Owned::change)
/// puts over an object that has them.
#[cfg(feature = "alloc")]
pub(crate) fn write_changes<T>(
    out: &mut dyn Write,
    schema: &'static Object,
    fill: impl FnOnce(&mut Writer<'_, T>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    out.write_str("{")?;
    let mut writer = Writer { out, schema, seen: 0, type_: PhantomData };
    fill(&mut writer)?;
    Ok(writer.out.write_str("}")?)
}

fn write_object<T>(
    out: &mut dyn Write,
    schema: &'static Object,
    fill: impl FnOnce(&mut Writer<'_, T>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    out.write_str("{")?;
    let mut writer = Writer { out, schema, seen: 0, type_: PhantomData };
    fill(&mut writer)?;
    if let Some(field) = schema.first_missing(writer.seen) {
        return Err(EncodeError::Missing { field });
    }
    Ok(writer.out.write_str("}")?)
}

/// Writes the members of an object of type `T`, in whatever order they are given. Each type has a method per member.
pub struct Writer<'w, T> {
    out: &'w mut dyn Write,
    schema: &'static Object,
    seen: u64,
    type_: PhantomData<T>,
}

impl<T> fmt::Debug for Writer<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Writer({})", self.schema.name)
    }
}

impl<T> Writer<'_, T> {
    /// The member of this name: what the methods of the types call.
    #[inline]
    pub(crate) fn member<V>(
        &mut self,
        name: &'static str,
        value: impl Encode<V>,
    ) -> Result<(), EncodeError> {
        let slot = self.slot(name)?;
        value.encode(slot)
    }

    fn slot(&mut self, name: &'static str) -> Result<Slot<'_>, EncodeError> {
        let index = self.schema.find(name, 0).ok_or(EncodeError::Frame)?;
        let field = self.schema.fields.get(index).ok_or(EncodeError::Frame)?;
        let bit = 1_u64.wrapping_shl(u32::try_from(index).unwrap_or(0));
        if self.seen & bit != 0 {
            return Err(EncodeError::Repeated { field: field.name });
        }
        self.out.write_str(if self.seen == 0 { "\"" } else { ",\"" })?;
        self.seen |= bit;
        self.out.write_str(field.name)?;
        self.out.write_str("\":")?;
        Ok(Slot { out: &mut *self.out, kind: &field.kind, field: field.name })
    }
}

/// Writes the elements of a list.
pub struct ListWriter<'w, T> {
    out: &'w mut dyn Write,
    item: &'static Kind,
    field: &'static str,
    length: u32,
    type_: PhantomData<T>,
}

impl<T> fmt::Debug for ListWriter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ListWriter({}, {})", self.field, self.length)
    }
}

impl<T> ListWriter<'_, T> {
    /// Adds an element.
    ///
    /// # Errors
    /// A value that breaks the schema, or no room.
    pub fn push(&mut self, value: impl Encode<T>) -> Result<(), EncodeError> {
        if self.length > 0 {
            self.out.write_str(",")?;
        }
        self.length = self.length.saturating_add(1);
        value.encode(Slot { out: &mut *self.out, kind: self.item, field: self.field })
    }
}

/// The place that a value is written to, and what it must be.
pub struct Slot<'w> {
    out: &'w mut dyn Write,
    kind: &'static Kind,
    field: &'static str,
}

impl fmt::Debug for Slot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot({})", self.field)
    }
}

/// A value that can be written where a member reads as `V`.
pub trait Encode<V> {
    /// Writes the value.
    ///
    /// # Errors
    /// The value breaks the schema, or there is no room.
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError>;
}

impl Slot<'_> {
    fn text(self, text: &str) -> Result<(), EncodeError> {
        let field = self.field;
        if let Kind::Text { max } | Kind::OpaqueText { max } = *self.kind
            && text.len() > usize::try_from(max).unwrap_or(usize::MAX)
            && text.chars().count() > usize::try_from(max).unwrap_or(usize::MAX)
        {
            return Err(EncodeError::TooLong { field, max });
        }
        Ok(write!(self.out, "\"{}\"", Escaped(text))?)
    }

    /// A text of a frame goes out as it came in.
    fn received(self, text: Text<'_>) -> Result<(), EncodeError> {
        let field = self.field;
        if let Kind::Text { max } | Kind::OpaqueText { max } = *self.kind
            && text.char_count() > usize::try_from(max).unwrap_or(usize::MAX)
        {
            return Err(EncodeError::TooLong { field, max });
        }
        if text.is_quoted() {
            return Ok(write!(self.out, "\"{}\"", text.raw())?);
        }
        Ok(write!(self.out, "\"{}\"", Escaped(text.raw()))?)
    }

    fn number(self, number: Number<'_>) -> Result<(), EncodeError> {
        let (min, max, fits) = match *self.kind {
            Kind::Integer { min, max, .. } => (min, max, number.is_plain_integer()),
            Kind::Number { min, max, tenths } => (min, max, !tenths || number.is_tenths()),
            _ => (i32::MIN, i32::MAX, true),
        };
        let min = (min != i32::MIN).then_some(min);
        let max = (max != i32::MAX).then_some(max);
        if !fits || !number.within(min, max) {
            return Err(EncodeError::OutOfRange { field: self.field });
        }
        Ok(self.out.write_str(number.as_str())?)
    }
}

impl Encode<Text<'_>> for &str {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        slot.text(self)
    }
}

impl Encode<Text<'_>> for Text<'_> {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        slot.received(self)
    }
}

impl Encode<Identifier<'_>> for &str {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        slot.text(self)
    }
}

impl Encode<Identifier<'_>> for Identifier<'_> {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        slot.received(self.expose())
    }
}

impl Encode<Number<'_>> for Number<'_> {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        slot.number(self)
    }
}

impl Encode<Number<'_>> for i64 {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        let mut text = crate::endpoint::Buffer::<20>::new();
        write!(text, "{self}")?;
        slot.number(Number::new(text.as_str()))
    }
}

impl Encode<bool> for bool {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        Ok(slot.out.write_str(if self { "true" } else { "false" })?)
    }
}

impl Encode<DateTime<'_>> for Timestamp {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        // Years before 0 and after 9999 have no form in RFC 3339.
        if !(-62_167_219_200_000..253_402_300_800_000).contains(&self.millis()) {
            return Err(EncodeError::DateTime { field: slot.field });
        }
        Ok(write!(slot.out, "\"{self}\"")?)
    }
}

impl Encode<DateTime<'_>> for DateTime<'_> {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        if self.form() != Some(DateForm::Rfc3339) {
            return Err(EncodeError::DateTime { field: slot.field });
        }
        slot.received(self.text())
    }
}

impl<E: Coded + PartialEq> Encode<Open<'_, E>> for E {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        Ok(write!(slot.out, "\"{}\"", wire_name(self))?)
    }
}

impl<E: Coded + PartialEq> Encode<Open<'_, E>> for Open<'_, E> {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        match self {
            Self::Known(value) => value.encode(slot),
            Self::Unknown(_) => Err(EncodeError::NotInEnumeration { field: slot.field }),
        }
    }
}

/// Anything where the schema asks for nothing.
impl Encode<Value<'_>> for Value<'_> {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        Ok(slot.out.write_str(self.raw())?)
    }
}

/// An object, member by member.
impl<'v, T, F> Encode<T> for F
where
    T: View<'v>,
    F: FnOnce(&mut Writer<'_, T>) -> Result<(), EncodeError>,
{
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        write_object(slot.out, T::SCHEMA, self)
    }
}

/// A list, element by element.
impl<T, F> Encode<List<'_, T>> for F
where
    F: FnOnce(&mut ListWriter<'_, T>) -> Result<(), EncodeError>,
{
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        let Kind::List { item, min, max } = *slot.kind else {
            return Err(EncodeError::Frame);
        };
        let Slot { out, field, .. } = slot;
        out.write_str("[")?;
        let mut list = ListWriter { out, item, field, length: 0, type_: PhantomData };
        self(&mut list)?;
        let length = list.length;
        if length < u32::from(min) || max != u16::MAX && length > u32::from(max) {
            return Err(EncodeError::ListLength { field, length });
        }
        Ok(list.out.write_str("]")?)
    }
}

/// `customData` and other objects that were received go out byte for byte.
impl<'v, T: View<'v>> Encode<T> for ObjectView<'_> {
    fn encode(self, slot: Slot<'_>) -> Result<(), EncodeError> {
        Ok(slot.out.write_str(self.raw())?)
    }
}

/// Text as it stands between the quotation marks of a JSON string.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                c if c < ' ' => write!(f, "\\u{:04x}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
