//! The RPC frame around a payload: CALL, CALLRESULT, CALLERROR, CALLRESULTERROR and SEND.
//!
//! Source: OCPP-J 1.6 section 4; OCPP 2.0.1 and 2.1 part 4 section 4.

use core::fmt;

use super::error::{DecodeError, ErrorCode, JsonType, Reason, Syntax};
use super::json::Scanner;
use super::number::Number;
use super::schema::{Action, Exchange, Schema};
use super::text::Text;
use super::validate::{DeviationKind, Fault, Mode, Reader};
use super::version::Version;
use super::view::{ObjectView, Value, View};

/// Most characters of a message id, in every version.
pub const MAX_MESSAGE_ID: usize = 36;

/// A decoded frame. It borrows the text and holds nothing of its own.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Frame<'a> {
    /// A request: `[2, id, action, payload]`.
    Call(Call<'a>),
    /// Its answer: `[3, id, payload]`.
    CallResult(CallResult<'a>),
    /// Its refusal: `[4, id, code, description, details]`.
    CallError(CallError<'a>),
    /// 2.1, tells the sender that its CALLRESULT could not be used: `[5, id, code, description, details]`.
    CallResultError(CallError<'a>),
    /// 2.1, never answered: `[6, id, action, payload]`.
    Send(Call<'a>),
}

/// A CALL or SEND.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The message id.
    pub id: Text<'a>,
    /// The action.
    pub action: &'static Action,
    /// The payload, checked against `action.request`.
    pub payload: ObjectView<'a>,
}

impl<'a> Call<'a> {
    /// The payload as the type of the action's request; `None` if that is another type.
    #[must_use]
    pub fn view<T: View<'a>>(&self) -> Option<T> {
        self.action.request.same_as(T::SCHEMA).then(|| T::of(self.payload))
    }
}

/// A CALLRESULT.
#[derive(Debug, Clone, Copy)]
pub struct CallResult<'a> {
    /// The message id of the CALL.
    pub id: Text<'a>,
    /// The action of the CALL; `None` if the caller of `decode` knew of no such CALL, and then only the JSON of the
    /// payload is checked.
    pub action: Option<&'static Action>,
    /// The payload, checked against `action.response`.
    pub payload: ObjectView<'a>,
}

impl<'a> CallResult<'a> {
    /// The payload as the type of the action's response; `None` if that is another type or unknown.
    #[must_use]
    pub fn view<T: View<'a>>(&self) -> Option<T> {
        self.action?.response.same_as(T::SCHEMA).then(|| T::of(self.payload))
    }
}

/// A CALLERROR or CALLRESULTERROR.
#[derive(Debug, Clone, Copy)]
pub struct CallError<'a> {
    /// The message id of the CALL; `-1` if the sender could not read it (2.x).
    pub id: Text<'a>,
    /// The error code as received.
    pub code_text: Text<'a>,
    /// The error code, if the version knows it (lenient: in any version's spelling).
    pub code: Option<ErrorCode>,
    /// For people.
    pub description: Text<'a>,
    /// Anything more.
    pub details: ObjectView<'a>,
}

impl<'a> Frame<'a> {
    /// A frame from the text that [`write`](Self::write) has written, which is not checked again.
    #[cfg(feature = "alloc")]
    pub(crate) fn reread(
        text: &'a str,
        action: Option<&'static Action>,
        code: Option<ErrorCode>,
    ) -> Option<Self> {
        let mut parts = Value::checked(text).elements()?;
        let kind = parts.next()?;
        let id = parts.next()?.as_text()?;
        let mut text = || parts.next()?.as_text();
        Some(match kind.raw() {
            "2" | "6" => {
                text()?;
                let call = Call { id, action: action?, payload: parts.next()?.as_object()? };
                if kind.raw() == "2" { Self::Call(call) } else { Self::Send(call) }
            }
            "3" => Self::CallResult(CallResult { id, action, payload: parts.next()?.as_object()? }),
            _ => {
                let (code_text, description) = (text()?, text()?);
                let details = parts.next()?.as_object()?;
                let error = CallError { id, code_text, code, description, details };
                if kind.raw() == "4" {
                    Self::CallError(error)
                } else {
                    Self::CallResultError(error)
                }
            }
        })
    }

    /// The message id.
    #[must_use]
    pub const fn id(&self) -> Text<'a> {
        match self {
            Self::Call(call) | Self::Send(call) => call.id,
            Self::CallResult(result) => result.id,
            Self::CallError(error) | Self::CallResultError(error) => error.id,
        }
    }

    /// Writes the frame: its own brackets without blanks, every value as it was received.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        let message_type = match self {
            Self::Call(_) => "[2,\"",
            Self::CallResult(_) => "[3,\"",
            Self::CallError(_) => "[4,\"",
            Self::CallResultError(_) => "[5,\"",
            Self::Send(_) => "[6,\"",
        };
        // Two strings at most stand between the id and the object at the end.
        let (first, second, object) = match self {
            Self::Call(call) | Self::Send(call) => (Some(call.action.name), None, call.payload),
            Self::CallResult(result) => (None, None, result.payload),
            Self::CallError(error) | Self::CallResultError(error) => {
                (Some(error.code_text.raw()), Some(error.description.raw()), error.details)
            }
        };
        out.write_str(message_type)?;
        out.write_str(self.id().raw())?;
        for text in [first, second].into_iter().flatten() {
            out.write_str("\",\"")?;
            out.write_str(text)?;
        }
        out.write_str("\",")?;
        out.write_str(object.raw())?;
        out.write_str("]")
    }
}

impl Schema {
    /// Decodes and checks one frame.
    ///
    /// A CALLRESULT does not name its action: `pending` is asked for the action of the CALL with that id. Where it
    /// answers `None` the payload is read as JSON only.
    ///
    /// # Errors
    /// The first fault of the text, but a text that is not JSON is always reported as that.
    ///
    /// ```
    /// use evse_ocpp::{message::{Frame, Mode}, v16};
    ///
    /// let text = br#"[2,"19","StartTransaction",{"connectorId":1,"idTag":"B4F62C","meterStart":12272427,
    ///     "timestamp":"2026-05-01T10:00:00+02:00"}]"#;
    /// let frame = v16::SCHEMA.decode(text, &mut Mode::Strict, &mut |_| None)?;
    /// let Frame::Call(call) = frame else { panic!("not a CALL") };
    /// let start = call.view::<v16::StartTransactionRequest>().expect("the action's own type");
    /// assert_eq!(start.meter_start().and_then(|n| n.to_i64()), Some(12_272_427));
    /// assert_eq!(start.timestamp().and_then(|t| t.offset_minutes()), Some(120));
    /// assert_eq!(format!("{:?}", start.id_tag()), "Some(<masked, 6 bytes>)");
    /// # Ok::<(), evse_ocpp::message::DecodeError>(())
    /// ```
    pub fn decode<'a>(
        &self,
        bytes: &'a [u8],
        mode: &mut Mode<'_>,
        pending: &mut dyn FnMut(Text<'a>) -> Option<&'static Action>,
    ) -> Result<Frame<'a>, DecodeError> {
        let text = utf8(bytes)?;
        let mut reader = Reader::new(text, mode);
        let fault = match reader.frame(self, pending) {
            Ok(frame) => return Ok(frame),
            Err(fault) => fault,
        };
        if fault == Fault::Refused {
            // Broken JSON behind the fault is the graver one: nothing in such a text can be relied on.
            Value::parse(text)?;
        }
        Err(reader.error(fault))
    }
}

/// Reads and checks a payload that does not stand in a frame, such as one kept in a file.
///
/// # Errors
/// The first fault, as [`Schema::decode`].
pub fn read_payload<'a, T: View<'a>>(text: &'a str, mode: &mut Mode<'_>) -> Result<T, DecodeError> {
    check_payload(text, T::SCHEMA, mode).map(T::of)
}

/// [`read_payload`] for a type known only by its descriptor.
pub(crate) fn check_payload<'a>(
    text: &'a str,
    schema: &'static super::schema::Object,
    mode: &mut Mode<'_>,
) -> Result<ObjectView<'a>, DecodeError> {
    let mut reader = Reader::new(text, mode);
    reader.scanner.token();
    let payload = reader.payload(Some(schema)).and_then(|payload| {
        reader.scanner.end()?;
        Ok(payload)
    });
    payload.map_err(|fault| reader.error(fault))
}

/// The message id of a frame that was refused, if it can be read: what a CALLERROR is addressed to. Otherwise 2.x
/// answers to `-1` and 1.6 not at all.
#[must_use]
pub fn message_id(bytes: &[u8]) -> Option<Text<'_>> {
    envelope(bytes)?.1
}

/// The message type of a frame that was refused, as it is written, and the message id if that can be read too.
pub(crate) fn envelope(bytes: &[u8]) -> Option<(&str, Option<Text<'_>>)> {
    let mut scanner = Scanner::new(utf8(bytes).ok()?, 0);
    scanner.expect(b'[').ok()?;
    scanner.token();
    let message_type = scanner.number().ok()?;
    let mut id = || {
        scanner.expect(b',').ok()?;
        scanner.token();
        let id = scanner.string().ok()?;
        (1..=MAX_MESSAGE_ID).contains(&id.char_count()).then_some(id)
    };
    Some((message_type, id()))
}

fn utf8(bytes: &[u8]) -> Result<&str, DecodeError> {
    core::str::from_utf8(bytes)
        .map_err(|error| DecodeError::new(Reason::Json(Syntax::Utf8), error.valid_up_to()))
}

impl<'a> Reader<'a, '_, '_> {
    fn frame(
        &mut self,
        schema: &Schema,
        pending: &mut dyn FnMut(Text<'a>) -> Option<&'static Action>,
    ) -> Result<Frame<'a>, Fault> {
        if self.scanner.token() != b'[' {
            let at = self.scanner.at();
            self.scanner.value()?;
            return Err(self.refuse(Reason::NotAList, at));
        }
        let start = self.scanner.at();
        self.scanner.advance();
        if self.scanner.token() == b']' {
            return Err(self.refuse(Reason::NotAList, start));
        }
        let at = self.scanner.at();
        let number = match JsonType::of(self.scanner.peek()) {
            JsonType::Number => self.scanner.number()?,
            _ => return Err(self.refuse(Reason::MessageTypeForm, at)),
        };
        let modern = schema.version == Version::V21;
        let expected = match number {
            "2" => 4,
            "3" => 3,
            "4" => 5,
            "5" if modern => 5,
            "6" if modern => 4,
            _ => {
                let number = Number::new(number);
                let whole = number.to_i64().filter(|_| number.is_plain_integer());
                let reason = whole.map_or(Reason::MessageTypeForm, Reason::MessageTypeUnknown);
                return Err(self.refuse(reason, at));
            }
        };
        self.next(1, expected)?;
        let id = self.message_id()?;
        self.next(2, expected)?;
        let frame = match number {
            "2" => Frame::Call(self.call(schema, id, Exchange::Call)?),
            "3" => {
                let action = pending(id);
                let payload = self.payload(action.map(|action| action.response))?;
                Frame::CallResult(CallResult { id, action, payload })
            }
            "4" => Frame::CallError(self.call_error(schema.version, id)?),
            "5" => Frame::CallResultError(self.call_error(schema.version, id)?),
            _ => Frame::Send(self.call(schema, id, Exchange::Send)?),
        };
        if self.scanner.token() == b',' {
            let at = self.scanner.at();
            let mut got = expected;
            while self.scanner.token() == b',' {
                self.scanner.advance();
                self.scanner.value()?;
                got = got.saturating_add(1);
            }
            return Err(self.refuse(Reason::ElementCount { expected, got }, at));
        }
        self.scanner.expect(b']')?;
        self.scanner.end()?;
        Ok(frame)
    }

    /// The comma before an element, and the blanks around it; `got` elements have been read.
    fn next(&mut self, got: u8, expected: u8) -> Result<(), Fault> {
        if self.scanner.token() == b']' {
            let reason = Reason::ElementCount { expected, got };
            return Err(self.refuse(reason, self.scanner.at()));
        }
        self.scanner.expect(b',')?;
        self.scanner.token();
        Ok(())
    }

    fn message_id(&mut self) -> Result<Text<'a>, Fault> {
        let at = self.scanner.at();
        let id = self.string(Reason::MessageIdForm)?;
        let length = if id.as_str().is_some_and(|id| (1..=MAX_MESSAGE_ID).contains(&id.len())) {
            return Ok(id);
        } else {
            id.char_count()
        };
        if (1..=MAX_MESSAGE_ID).contains(&length) {
            return Ok(id);
        }
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        Err(self.refuse(Reason::MessageIdLength { length }, at))
    }

    fn string(&mut self, otherwise: Reason) -> Result<Text<'a>, Fault> {
        if self.scanner.peek() != b'"' {
            return Err(self.refuse(otherwise, self.scanner.at()));
        }
        Ok(self.scanner.string()?)
    }

    fn call(
        &mut self,
        schema: &Schema,
        id: Text<'a>,
        exchange: Exchange,
    ) -> Result<Call<'a>, Fault> {
        let at = self.scanner.at();
        let name = self.string(Reason::ActionForm)?;
        let action = match name.as_str() {
            Some(name) => schema.action(name),
            None => schema.actions.iter().find(|action| name == *action.name).copied(),
        };
        let Some(action) = action else {
            return Err(self.refuse(Reason::UnknownAction, at));
        };
        if action.exchange != exchange {
            let reason = Reason::WrongMessageType { action: action.name };
            return Err(self.refuse(reason, at));
        }
        self.next(3, 4)?;
        let payload = self.payload(Some(action.request))?;
        Ok(Call { id, action, payload })
    }

    fn payload(
        &mut self,
        schema: Option<&'static super::schema::Object>,
    ) -> Result<ObjectView<'a>, Fault> {
        let at = self.scanner.at();
        match self.scanner.peek() {
            b'{' => {
                match schema {
                    Some(schema) => {
                        self.object(schema)?;
                    }
                    None => self.scanner.value()?,
                }
                Ok(ObjectView::new(self.scanner.since(at)))
            }
            b'n' => {
                self.scanner.literal("null")?;
                self.deviate(DeviationKind::NullForAbsent, Reason::NotAnObject, at)?;
                match schema.and_then(|schema| schema.first_missing(0)) {
                    Some(field) => Err(self.refuse(Reason::Missing { field }, at)),
                    None => Ok(ObjectView::EMPTY),
                }
            }
            _ => {
                self.scanner.value()?;
                Err(self.refuse(Reason::NotAnObject, at))
            }
        }
    }

    fn call_error(&mut self, version: Version, id: Text<'a>) -> Result<CallError<'a>, Fault> {
        let at = self.scanner.at();
        let code_text = self.string(Reason::ErrorPartForm)?;
        let mut code = code_text.as_str().and_then(|text| ErrorCode::parse(text, version));
        if code.is_none() {
            let kind = DeviationKind::UnknownErrorCode;
            self.deviate(kind, Reason::UnknownErrorCode, at)?;
            let mut versions = Version::ALL.into_iter();
            code = versions.find_map(|version| ErrorCode::parse(code_text.as_str()?, version));
        }
        self.next(3, 5)?;
        let at = self.scanner.at();
        let description = self.string(Reason::ErrorPartForm)?;
        if version != Version::V16 && description.raw().len() > 255 {
            let length = description.char_count();
            if length > 255 {
                let length = u32::try_from(length).unwrap_or(u32::MAX);
                let reason = Reason::TooLong { length, max: 255 };
                self.deviate(DeviationKind::TooLong, reason, at)?;
            }
        }
        self.next(4, 5)?;
        let details = self.payload(None)?;
        Ok(CallError { id, code_text, code, description, details })
    }
}
