//! Payloads and frames that own their text: kept, passed between tasks, changed, and sent on.
//!
//! The text is the value. Reading goes through the views of the tables, so an owned payload loses nothing: digits,
//! escapes, unknown members and `customData` stay as they came, and what is not changed is sent on byte for byte.
//!
//! ```
//! use evse_ocpp::{message::{Frame, Mode, Timestamp}, owned::Owned, v16};
//!
//! type Stop = v16::StopTransactionRequest<'static>;
//! let text = br#"[2,"7","StopTransaction",{"meterStop":15, "timestamp":"2026-05-01T10:00:00+02:00",
//!     "transactionId":5, "vendorThing":{"a":1.50}}]"#;
//! let frame = v16::SCHEMA.decode(text, &mut Mode::Lenient(&mut |_| {}), &mut |_| None)?;
//! let Frame::Call(call) = frame else { panic!("not a CALL") };
//!
//! // Read: the same views as on borrowed text.
//! let mut stop: Owned<Stop> = call.to_owned().expect("a StopTransaction");
//! assert_eq!(stop.view().meter_stop().and_then(|n| n.to_i64()), Some(15));
//!
//! // Change: by the writers of the tables, or anywhere by JSON Pointer.
//! stop.change(|old, new| {
//!     let offset = old.timestamp().and_then(|time| time.offset_minutes());
//!     assert_eq!(offset, Some(120));
//!     new.timestamp(Timestamp::from_millis(0))
//! })?;
//! stop.set("/vendorThing/b", "true", &mut Mode::Lenient(&mut |_| {}))?;
//! assert_eq!(
//!     stop.as_str(),
//!     r#"{"meterStop":15,"timestamp":"1970-01-01T00:00:00Z","transactionId":5,"vendorThing":{"a":1.50,"b":true}}"#,
//! );
//!
//! // Build.
//! let reset = Owned::<v16::ResetRequest<'static>>::build(|reset| reset.type_(v16::ResetType::Soft))?;
//! assert_eq!(reset.to_call("8", &v16::action::RESET)?, r#"[2,"8","Reset",{"type":"Soft"}]"#);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

use alloc::string::String;
use core::fmt::{self, Write};
use core::marker::PhantomData;

use crate::message::{
    Action, Call, CallResult, DecodeError, EncodeError, ErrorCode, Escaped, Exchange, Frame, Mode,
    ObjectView, Payload, Text, Value, View, Writer, check_payload, read_payload, write_changes,
    write_payload,
};

/// A payload of type `T` that owns its text, which has been checked.
pub struct Owned<T> {
    text: String,
    type_: PhantomData<fn() -> T>,
}

/// Why a payload was not changed. It is then what it was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// The new value is not JSON, or the payload would break its schema; the position counts in the new value or in
    /// the payload as it would be.
    #[error("{0}")]
    Value(DecodeError),
    /// The pointer leads nowhere.
    #[error("no such place")]
    NoSuchPlace,
}

impl<T: Payload> Owned<T> {
    /// Reads and checks a JSON text.
    ///
    /// # Errors
    /// The first fault, as [`read_payload`].
    pub fn parse(text: &str, mode: &mut Mode<'_>) -> Result<Self, DecodeError> {
        Ok(Self::of(read_payload::<T::View<'_>>(text, mode)?.object()))
    }

    /// Writes a new payload.
    ///
    /// # Errors
    /// As [`write_payload`].
    pub fn build(
        fill: impl FnOnce(&mut Writer<'_, T::View<'_>>) -> Result<(), EncodeError>,
    ) -> Result<Self, EncodeError> {
        let mut text = String::new();
        write_payload(&mut text, fill)?;
        Ok(Self { text, type_: PhantomData })
    }

    /// Copies the payload of a view.
    #[must_use]
    pub fn from_view(view: &T::View<'_>) -> Self {
        Self::of(view.object())
    }

    fn of(object: ObjectView<'_>) -> Self {
        Self { text: object.raw().into(), type_: PhantomData }
    }

    /// The payload.
    #[must_use]
    pub fn view(&self) -> T::View<'_> {
        T::View::of(ObjectView::new(&self.text))
    }

    /// Its JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its JSON text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.text
    }

    /// Changes the members that `fill` writes and adds those that were not there; it is given the payload as it is.
    ///
    /// # Errors
    /// As [`write_payload`]; nothing has changed then.
    pub fn change(
        &mut self,
        fill: impl FnOnce(T::View<'_>, &mut Writer<'_, T::View<'_>>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let mut changes = String::new();
        let view = self.view();
        let old = view.object();
        write_changes(&mut changes, T::View::SCHEMA, |writer| fill(view, writer))?;
        let changes = ObjectView::new(&changes);
        let mut text = String::new();
        let mut parts = Parts::open(&mut text, '{');
        for (name, value) in old.members() {
            let new = changes.members().find(|(changed, _)| *changed == name);
            parts.member(name.raw()).push_str(new.map_or(value, |(_, value)| value).raw());
        }
        for (name, value) in changes.members() {
            if !old.members().any(|(known, _)| known == name) {
                parts.member(name.raw()).push_str(value.raw());
            }
        }
        text.push('}');
        self.text = text;
        Ok(())
    }

    /// Puts a JSON value at a place given as JSON Pointer (RFC 6901): a member, which is added if the object lacks it,
    /// or an element of a list, `-` standing for a new last one. The payload is then read again in `mode`.
    ///
    /// # Errors
    /// The value or what the payload becomes does not do, or the pointer leads nowhere; nothing has changed then.
    pub fn set(
        &mut self,
        pointer: &str,
        value: &str,
        mode: &mut Mode<'_>,
    ) -> Result<(), ChangeError> {
        let value = Value::parse(value).map_err(ChangeError::Value)?;
        self.edit(pointer, Some(value), mode)
    }

    /// Takes out the member or element at a place given as JSON Pointer; otherwise as [`set`](Self::set).
    ///
    /// # Errors
    /// As [`set`](Self::set): a required member cannot be taken out.
    pub fn remove(&mut self, pointer: &str, mode: &mut Mode<'_>) -> Result<(), ChangeError> {
        self.edit(pointer, None, mode)
    }

    fn edit(
        &mut self,
        pointer: &str,
        new: Option<Value<'_>>,
        mode: &mut Mode<'_>,
    ) -> Result<(), ChangeError> {
        let steps = pointer.strip_prefix('/').ok_or(ChangeError::NoSuchPlace)?;
        let mut text = String::new();
        edited(Value::checked(&self.text), steps, new, &mut text)?;
        check_payload(&text, T::View::SCHEMA, mode).map_err(ChangeError::Value)?;
        self.text = text;
        Ok(())
    }

    /// The CALL or SEND with this payload.
    ///
    /// # Errors
    /// The payload is not the action's request, or the id has not 1 to 36 characters.
    pub fn to_call(&self, id: &str, action: &'static Action) -> Result<String, EncodeError> {
        if !action.request.same_as(T::View::SCHEMA) {
            return Err(EncodeError::Frame);
        }
        let kind = if action.exchange == Exchange::Send { 6 } else { 2 };
        self.frame(id, format_args!("[{kind},\"{}\",\"{}\",", Escaped(id), action.name))
    }

    /// The CALLRESULT with this payload.
    ///
    /// # Errors
    /// The payload is not the action's response, or the id has not 1 to 36 characters.
    pub fn to_result(&self, id: &str, action: &'static Action) -> Result<String, EncodeError> {
        if !action.response.same_as(T::View::SCHEMA) {
            return Err(EncodeError::Frame);
        }
        self.frame(id, format_args!("[3,\"{}\",", Escaped(id)))
    }

    fn frame(&self, id: &str, head: fmt::Arguments<'_>) -> Result<String, EncodeError> {
        if !(1..=36).contains(&id.chars().count()) {
            return Err(EncodeError::Frame);
        }
        let mut frame = String::new();
        write!(frame, "{head}{}]", self.text)?;
        Ok(frame)
    }
}

impl<T> Clone for Owned<T> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), type_: PhantomData }
    }
}

/// Equal texts; `1.0` and `1.00` are two.
impl<T> PartialEq for Owned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Owned<T> {}

/// Shows type and size only, because a payload may hold identifiers.
impl<T: Payload> fmt::Debug for Owned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(<{} bytes>)", T::View::SCHEMA.name, self.text.len())
    }
}

/// The JSON text.
impl<T> fmt::Display for Owned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Call<'_> {
    /// The payload, owned; `None` if `T` is not the action's request.
    #[must_use]
    pub fn to_owned<T: Payload>(&self) -> Option<Owned<T>> {
        self.action.request.same_as(T::View::SCHEMA).then(|| Owned::of(self.payload))
    }
}

impl CallResult<'_> {
    /// The payload, owned; `None` if `T` is not the action's response or the action is unknown.
    #[must_use]
    pub fn to_owned<T: Payload>(&self) -> Option<Owned<T>> {
        self.action?.response.same_as(T::View::SCHEMA).then(|| Owned::of(self.payload))
    }
}

impl Frame<'_> {
    /// The frame, owned.
    #[must_use]
    pub fn to_owned(&self) -> OwnedFrame {
        let (action, code) = match self {
            Self::Call(call) | Self::Send(call) => (Some(call.action), None),
            Self::CallResult(result) => (result.action, None),
            Self::CallError(error) | Self::CallResultError(error) => (None, error.code),
        };
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = self.write(&mut text);
        OwnedFrame { text, action, code }
    }
}

/// A checked frame that owns its text.
#[derive(Clone)]
pub struct OwnedFrame {
    text: String,
    action: Option<&'static Action>,
    code: Option<ErrorCode>,
}

impl OwnedFrame {
    /// The frame. Its text is not checked again.
    #[must_use]
    pub fn frame(&self) -> Frame<'_> {
        let empty = Frame::CallResult(CallResult {
            id: Text::quoted("", false),
            action: None,
            payload: ObjectView::EMPTY,
        });
        Frame::reread(&self.text, self.action, self.code).unwrap_or(empty)
    }

    /// Its text, without blanks between the parts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its text, without blanks between the parts.
    #[must_use]
    pub fn into_string(self) -> String {
        self.text
    }
}

impl fmt::Debug for OwnedFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.frame().fmt(f)
    }
}

/// Writes `value` with what stands at `steps` below it replaced, or taken out where there is nothing new.
fn edited(
    value: Value<'_>,
    steps: &str,
    new: Option<Value<'_>>,
    out: &mut String,
) -> Result<(), ChangeError> {
    let (step, rest) = match steps.split_once('/') {
        Some((step, rest)) => (step, Some(rest)),
        None => (steps, None),
    };
    let is_taken_out = rest.is_none() && new.is_none();
    let change = |old: Value<'_>, out: &mut String| match (rest, new) {
        (Some(rest), _) => edited(old, rest, new, out),
        (None, new) => {
            out.push_str(new.map_or("", |new| new.raw()));
            Ok(())
        }
    };
    let mut found = false;
    if let Some(object) = value.as_object() {
        let name = step.replace("~1", "/").replace("~0", "~");
        let mut parts = Parts::open(out, '{');
        for (key, member) in object.members() {
            let is_it = !found && key == *name.as_str();
            found |= is_it;
            if !is_it {
                parts.member(key.raw()).push_str(member.raw());
            } else if !is_taken_out {
                change(member, parts.member(key.raw()))?;
            }
        }
        if let (false, None, Some(new)) = (found, rest, new) {
            found = true;
            let _ = write!(parts.next(), "\"{}\":{}", Escaped(&name), new.raw());
        }
        out.push('}');
    } else if let Some(elements) = value.elements() {
        let mut parts = Parts::open(out, '[');
        for (index, element) in elements.enumerate() {
            let is_it = step.parse() == Ok(index);
            found |= is_it;
            if !is_it {
                parts.next().push_str(element.raw());
            } else if !is_taken_out {
                change(element, parts.next())?;
            }
        }
        if let ("-", None, Some(new)) = (step, rest, new) {
            found = true;
            parts.next().push_str(new.raw());
        }
        out.push(']');
    }
    if found { Ok(()) } else { Err(ChangeError::NoSuchPlace) }
}

/// The members of an object or the elements of a list, with commas between them.
struct Parts<'o> {
    out: &'o mut String,
    any: bool,
}

impl<'o> Parts<'o> {
    fn open(out: &'o mut String, bracket: char) -> Self {
        out.push(bracket);
        Self { out, any: false }
    }

    /// Where the next part is to be written.
    fn next(&mut self) -> &mut String {
        if core::mem::replace(&mut self.any, true) {
            self.out.push(',');
        }
        self.out
    }

    /// Where the value of the next member is to be written; the name is still escaped.
    fn member(&mut self, name: &str) -> &mut String {
        let out = self.next();
        out.push('"');
        out.push_str(name);
        out.push_str("\":");
        out
    }
}
