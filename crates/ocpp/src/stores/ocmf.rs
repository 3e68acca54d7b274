//! Signed meter values in the Open Charge Metering Format: `OCMF|{payload}|{signature}`.
//!
//! The signed text is never rebuilt: [`Ocmf::signed_text`] is the very bytes that were signed. The signature is not
//! verified here. Source: the format's public description, version 1.0, from memory; its member names are not in the
//! OCPP texts.

use crate::message::{DecodeError, List, Number, ObjectView, Text, Value};

/// A parsed OCMF text. It borrows the text, unescaped: copy the string of a frame out with
/// [`Text::copy_to`](crate::message::Text::copy_to) first.
#[derive(Debug, Clone, Copy)]
pub struct Ocmf<'a> {
    payload: ObjectView<'a>,
    signature: ObjectView<'a>,
}

/// Why a text is no OCMF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OcmfError {
    /// It does not begin with `OCMF|`, or has not two sections.
    #[error("not of the form OCMF|payload|signature")]
    Form,
    /// A section is not JSON; the position counts from its beginning.
    #[error("section {section}: {error}")]
    Json {
        /// 1: payload, 2: signature.
        section: u8,
        /// What is wrong.
        error: DecodeError,
    },
    /// A section is not an object.
    #[error("section {section} is not an object")]
    NotAnObject {
        /// 1: payload, 2: signature.
        section: u8,
    },
}

impl<'a> Ocmf<'a> {
    /// Parses the text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &'a str) -> Result<Self, OcmfError> {
        let sections = text.strip_prefix("OCMF|").ok_or(OcmfError::Form)?;
        // A bar may stand in a string of the payload: the one that ends it follows its closing brace.
        let (payload, rest) = section(1, sections)?;
        let rest = rest.strip_prefix("|").ok_or(OcmfError::Form)?;
        let (signature, rest) = section(2, rest)?;
        if !rest.is_empty() {
            return Err(OcmfError::Form);
        }
        Ok(Self { payload, signature })
    }

    /// The bytes that the signature covers: the payload section as it came.
    #[must_use]
    pub const fn signed_text(&self) -> &'a str {
        self.payload.raw()
    }

    /// The payload, for members not named here.
    #[must_use]
    pub const fn payload(&self) -> ObjectView<'a> {
        self.payload
    }

    /// The signature section.
    #[must_use]
    pub const fn signature(&self) -> ObjectView<'a> {
        self.signature
    }

    /// `SA`, the signature algorithm; `ECDSA-secp256r1-SHA256` where it is left out.
    #[must_use]
    pub fn algorithm(&self) -> Option<Text<'a>> {
        self.signature.read("SA")
    }

    /// `SD`, the signature itself, in the encoding `SE` (hexadecimal where that is left out).
    #[must_use]
    pub fn signature_data(&self) -> Option<Text<'a>> {
        self.signature.read("SD")
    }

    /// `RD`, the readings.
    pub fn readings(&self) -> impl Iterator<Item = OcmfReading<'a>> + use<'a> {
        let list = self.payload.read::<List<'a, ObjectView<'a>>>("RD");
        list.into_iter().flat_map(|list| list.iter()).map(OcmfReading)
    }
}

/// A reading of an OCMF payload. A member that is left out has the value it had in the reading before.
#[derive(Debug, Clone, Copy)]
pub struct OcmfReading<'a>(ObjectView<'a>);

impl<'a> OcmfReading<'a> {
    /// `TM`, time with a letter for how the clock was set.
    #[must_use]
    pub fn time(&self) -> Option<Text<'a>> {
        self.0.read("TM")
    }

    /// `TX`, why it was taken: `B` begin, `C` during, `E` end, ...
    #[must_use]
    pub fn reason(&self) -> Option<Text<'a>> {
        self.0.read("TX")
    }

    /// `RV`, the value with every digit.
    #[must_use]
    pub fn value(&self) -> Option<Number<'a>> {
        self.0.read("RV")
    }

    /// `RU`, its unit.
    #[must_use]
    pub fn unit(&self) -> Option<Text<'a>> {
        self.0.read("RU")
    }

    /// `ST`, the state of the meter: `G` good.
    #[must_use]
    pub fn status(&self) -> Option<Text<'a>> {
        self.0.read("ST")
    }
}

/// The object at the beginning of the text, and what follows it.
fn section(section: u8, text: &str) -> Result<(ObjectView<'_>, &str), OcmfError> {
    let (value, rest) =
        Value::parse_prefix(text).map_err(|error| OcmfError::Json { section, error })?;
    Ok((value.as_object().ok_or(OcmfError::NotAnObject { section })?, rest))
}
