//! Making and checking signatures.

use core::fmt;

use subtle::ConstantTimeEq as _;

use super::{Algorithm, CANONICAL_EXI, Hash, Sign, Verify, digest_of};
use crate::codec::{Coding as _, Writer};
use crate::message::iso2;
use crate::message::xmldsig as m;
use crate::{Bytes, EncodeError, EncodeErrorKind, Form, Leniency, List, Text, View};

/// References at most: as many elements as a message signs.
pub const MAX_REFERENCES: usize = 4;

/// A signed element: its `Id`, and its EXI fragment.
#[derive(Clone, Copy)]
pub struct Signed<'a> {
    /// The attribute `Id`, as a reference `#Id` names it.
    pub id: Text<'a>,
    /// The fragment, as [`Element::encode`](crate::Element::encode) writes it.
    pub fragment: &'a [u8],
    /// Another coding that is accepted as well, for the `eMAID` of -2 only ([`emaid_typed_fragment`]).
    pub alternative: Option<&'a [u8]>,
}

impl<'a> Signed<'a> {
    /// An element with its one coding.
    #[must_use]
    pub const fn new(id: Text<'a>, fragment: &'a [u8]) -> Self {
        Self { id, fragment, alternative: None }
    }
}

impl fmt::Debug for Signed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signed(<masked, {} bytes>)", self.fragment.len())
    }
}

/// A reference of a signature that is made: `#Id` and the digest of the element's fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference<'a> {
    /// `URI`: `#` and the element's `Id`.
    pub uri: &'a str,
    digest: [u8; 64],
}

impl<'a> Reference<'a> {
    /// The reference to an element by the digest of its fragment.
    #[must_use]
    pub fn new(uri: &'a str, fragment: &[u8], algorithm: Algorithm, hash: &impl Hash) -> Self {
        Self { uri, digest: digest_of(algorithm, hash, fragment) }
    }

    /// The digest.
    #[must_use]
    pub fn digest(&self, algorithm: Algorithm) -> &[u8] {
        self.digest.get(..algorithm.digest_len()).unwrap_or_default()
    }
}

/// A signature that was made.
#[derive(Debug, Clone, Copy)]
pub struct Signature<'a> {
    algorithm: Algorithm,
    references: &'a [Reference<'a>],
    value: [u8; 132],
}

/// Why no signature is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// No reference, or more than a message has.
    #[error("expected 1 to 4 references, got {got}")]
    References {
        /// How many.
        got: u8,
    },
    /// `SignedInfo` does not fit the buffer.
    #[error("SignedInfo cannot be written")]
    Encode(#[source] EncodeError),
    /// The key did not sign.
    #[error("the key did not sign")]
    Key,
}

/// Why a signature does not hold. Nothing of what was signed or of the signature is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// Another canonicalization than EXI.
    #[error("another canonicalization than EXI")]
    Canonicalization,
    /// Another signature method than the key's.
    #[error("another signature method than the key's")]
    SignatureMethod,
    /// `HMACOutputLength` is there, which would shorten the signature.
    #[error("HMACOutputLength is there")]
    HmacOutputLength,
    /// Not as many references as the message signs elements.
    #[error("expected {expected} references, found {found}")]
    References {
        /// Elements of the message.
        expected: u8,
        /// References of the signature.
        found: u8,
    },
    /// A reference, counted from 0, names no element of the message, or one that another names already.
    #[error("reference {index} names no element of the message")]
    Uri {
        /// Which reference.
        index: u8,
    },
    /// A reference, counted from 0, has another transformation than the one to EXI.
    #[error("reference {index} has another transformation than the one to EXI")]
    Transform {
        /// Which reference.
        index: u8,
    },
    /// A reference, counted from 0, has another digest method than the profile's.
    #[error("reference {index} has another digest method")]
    DigestMethod {
        /// Which reference.
        index: u8,
    },
    /// The digest of a reference, counted from 0, is not that of its element.
    #[error("the digest of reference {index} is not that of its element")]
    Digest {
        /// Which reference.
        index: u8,
    },
    /// The signature's value has another length than the key's signatures have.
    #[error("expected a signature of {expected} octets, found {found}")]
    Length {
        /// Octets of the key's signatures.
        expected: u16,
        /// Octets found.
        found: u16,
    },
    /// The key did not sign this.
    #[error("the key did not sign this")]
    Value,
    /// `SignedInfo` does not fit the buffer.
    #[error("SignedInfo does not fit the buffer")]
    Scratch(#[source] EncodeError),
}

/// Signs elements by their references. `scratch` takes the fragment of `SignedInfo`: 1 kB is enough.
///
/// # Errors
/// There are not 1 to 4 references, the buffer is too short, or the key does not sign.
pub fn sign<'a>(
    references: &'a [Reference<'a>],
    key: &impl Sign,
    scratch: &mut [u8],
) -> Result<Signature<'a>, SignError> {
    if references.is_empty() || references.len() > MAX_REFERENCES {
        let got = u8::try_from(references.len()).unwrap_or(u8::MAX);
        return Err(SignError::References { got });
    }
    let algorithm = key.algorithm();
    let mut signature = Signature { algorithm, references, value: [0; 132] };
    let length = signature
        .with_signed_info(|info| m::element::SIGNED_INFO.encode(info, Form::Fragment, scratch))
        .map_err(SignError::Encode)?;
    let signed = key.sign(scratch.get(..length).unwrap_or_default(), &mut signature.value);
    if signed { Ok(signature) } else { Err(SignError::Key) }
}

impl Signature<'_> {
    /// The octets of `SignatureValue`.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        self.value.get(..self.algorithm.signature_len()).unwrap_or_default()
    }

    /// Lends `SignedInfo` as the typed value.
    pub fn with_signed_info<R>(&self, then: impl FnOnce(&m::SignedInfo<'_>) -> R) -> R {
        self.with_value(|signature| then(&signature.signed_info.get()))
    }

    /// Writes the signature into `buffer` (2 kB is enough) and reads it there, as the typed value for the header of a message.
    ///
    /// # Errors
    /// The buffer is too short.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<m::Signature<'b>, EncodeError> {
        let element = m::element::SIGNATURE;
        let length = self.with_value(|value| element.encode(value, Form::Fragment, buffer))?;
        let written = buffer.get(..length).unwrap_or_default();
        let read = element.decode(written, Form::Fragment, Leniency::STRICT);
        read.map_err(|_| EncodeError::new(EncodeErrorKind::NoDocument))
    }

    /// Lends the whole `Signature` as the typed value.
    pub fn with_value<R>(&self, then: impl for<'s> FnOnce(&'s m::Signature<'s>) -> R) -> R {
        let exi = Text::new(CANONICAL_EXI);
        let canonicalization = m::CanonicalizationMethod { algorithm: exi, other: List::EMPTY };
        let method = m::SignatureMethod {
            algorithm: Text::new(self.algorithm.signature_method()),
            hmac_output_length: None,
            other: List::EMPTY,
        };
        let digest_method = m::DigestMethod {
            algorithm: Text::new(self.algorithm.digest_method()),
            other: List::EMPTY,
        };
        let transforms = [m::Transform { algorithm: exi, choice: List::EMPTY }];
        let reference = |uri, digest| m::Reference {
            id: None,
            type_: None,
            uri: Some(Text::new(uri)),
            transforms: Some(m::Transforms { transform: List::new(&transforms) }),
            digest_method: View::new(&digest_method),
            digest_value: Bytes::new(digest),
        };
        let mut references = [reference("", &[]); MAX_REFERENCES];
        for (slot, made) in references.iter_mut().zip(self.references) {
            *slot = reference(made.uri, made.digest(self.algorithm));
        }
        let info = m::SignedInfo {
            id: None,
            canonicalization_method: View::new(&canonicalization),
            signature_method: View::new(&method),
            reference: List::new(references.get(..self.references.len()).unwrap_or_default()),
        };
        let value = m::SignatureValue { id: None, value: Bytes::new(self.value()) };
        let signature = m::Signature {
            id: None,
            signed_info: View::new(&info),
            signature_value: View::new(&value),
            key_info: None,
            object: List::EMPTY,
        };
        then(&signature)
    }
}

/// Checks a received signature: every algorithm, exactly one reference for each of `elements` and no other, every digest, and
/// the signature itself. `KeyInfo` and `Object` are not looked at: the key is the one that the caller trusts. `scratch`
/// takes the fragment of `SignedInfo`: 1 kB is enough for what peers send.
///
/// # Errors
/// It does not hold, or `scratch` is too short.
pub fn verify(
    signature: &m::Signature<'_>,
    elements: &[Signed<'_>],
    key: &impl Verify,
    hash: &impl Hash,
    scratch: &mut [u8],
) -> Result<(), SignatureError> {
    let algorithm = key.algorithm();
    let info = signature.signed_info.get();
    check_methods(&info, algorithm)?;
    check_references(&info, elements, algorithm, hash)?;

    let mut octets = [0; 132];
    let value = signature.signature_value.get().value;
    let expected = algorithm.signature_len();
    let found = u16::try_from(value.len()).unwrap_or(u16::MAX);
    let wrong = SignatureError::Length { expected: expected as u16, found };
    let value = value.copy_into(&mut octets).filter(|value| value.len() == expected);
    let value = value.ok_or(wrong)?;
    let length = m::element::SIGNED_INFO
        .encode(&info, Form::Fragment, scratch)
        .map_err(SignatureError::Scratch)?;
    let signed = scratch.get(..length).unwrap_or_default();
    if key.verify(signed, value) { Ok(()) } else { Err(SignatureError::Value) }
}

fn check_methods(info: &m::SignedInfo<'_>, algorithm: Algorithm) -> Result<(), SignatureError> {
    if !info.canonicalization_method.get().algorithm.eq_str(CANONICAL_EXI) {
        return Err(SignatureError::Canonicalization);
    }
    let method = info.signature_method.get();
    if method.hmac_output_length.is_some() {
        return Err(SignatureError::HmacOutputLength);
    }
    if !method.algorithm.eq_str(algorithm.signature_method()) {
        return Err(SignatureError::SignatureMethod);
    }
    Ok(())
}

fn check_references(
    info: &m::SignedInfo<'_>,
    elements: &[Signed<'_>],
    algorithm: Algorithm,
    hash: &impl Hash,
) -> Result<(), SignatureError> {
    let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
    let (expected, found) = (small(elements.len()), small(info.reference.len()));
    if found != expected || elements.is_empty() || elements.len() > MAX_REFERENCES {
        return Err(SignatureError::References { expected, found });
    }
    let mut named = [false; MAX_REFERENCES];
    for (reference, index) in info.reference.iter().zip(0_u8..) {
        let is_named = |element: &Signed<'_>| {
            let uri = reference.uri.map(|uri| uri.chars());
            uri.is_some_and(|uri| uri.eq(core::iter::once('#').chain(element.id.chars())))
        };
        let place = elements.iter().zip(&mut named).find(|(element, _)| is_named(element));
        let element = match place {
            Some((element, named)) if !*named => {
                *named = true;
                element
            }
            _ => return Err(SignatureError::Uri { index }),
        };
        let is_exi = |transform: m::Transform<'_>| {
            transform.algorithm.eq_str(CANONICAL_EXI) && transform.choice.is_empty()
        };
        let transforms = reference.transforms.map(|transforms| transforms.transform);
        if !transforms.is_some_and(|t| t.len() == 1 && t.iter().all(is_exi)) {
            return Err(SignatureError::Transform { index });
        }
        if !reference.digest_method.get().algorithm.eq_str(algorithm.digest_method()) {
            return Err(SignatureError::DigestMethod { index });
        }
        let is_digest_of = |fragment: &[u8]| is_digest(&reference, fragment, algorithm, hash);
        if !is_digest_of(element.fragment) && !element.alternative.is_some_and(is_digest_of) {
            return Err(SignatureError::Digest { index });
        }
    }
    Ok(())
}

/// Compared in constant time.
fn is_digest(
    reference: &m::Reference<'_>,
    fragment: &[u8],
    algorithm: Algorithm,
    hash: &impl Hash,
) -> bool {
    let digest = digest_of(algorithm, hash, fragment);
    let digest = digest.get(..algorithm.digest_len()).unwrap_or_default();
    let mut octets = [0; 64];
    match reference.digest_value.copy_into(&mut octets) {
        Some(came) if came.len() == digest.len() => came.ct_eq(digest).into(),
        _ => false,
    }
}

/// The fragment of -2's `eMAID` in the plain typed coding, which a released stack signs; ours, as EXI wants it, is that of
/// [`Element::encode`](crate::Element::encode). [`Signed::alternative`] takes it.
///
/// # Errors
/// The text has not 14 or 15 characters, or the buffer is too short.
pub fn emaid_typed_fragment(
    emaid: &iso2::Emaid<'_>,
    buffer: &mut [u8],
) -> Result<usize, EncodeError> {
    let mut writer = Writer::new(buffer);
    // Header, root 236 of 245 productions, the element, the end of the fragment.
    writer.bits(0x80, 8);
    writer.bits(236, 8);
    iso2::Emaid::encode(emaid, &mut writer);
    writer.bits(244, 8);
    writer.finish()
}
