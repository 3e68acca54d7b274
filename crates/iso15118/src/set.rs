//! The schema sets, and their documents and fragments.

use core::marker::PhantomData;

use crate::codec::{
    Coding, DecodeError, DecodeErrorKind, ElementInfo, EncodeError, EncodeErrorKind, Reader,
    Visitor, Writer, code_width,
};

/// The header of every EXI stream of the three generations: no cookie, no options, version 1.
pub(crate) const HEADER: u8 = 0x80;

macro_rules! sets {
    ($( $(#[$meta:meta])* $feature:literal $variant:ident, $module:ident, $name:literal, $namespace:literal; )*) => {
        /// A set of schemas that is coded with one grammar.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum SchemaSet { $( $(#[$meta])* #[cfg(feature = $feature)] $variant, )* }

        impl SchemaSet {
            /// All sets that are built in.
            pub const ALL: &'static [Self] = &[$( #[cfg(feature = $feature)] Self::$variant, )*];

            /// The short name, as tools write it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( #[cfg(feature = $feature)] Self::$variant => $name, )* }
            }

            /// The namespace of the set's messages.
            #[must_use]
            pub const fn namespace(self) -> &'static str {
                match self { $( #[cfg(feature = $feature)] Self::$variant => $namespace, )* }
            }

            /// Every element of the set, by fragment event code.
            #[must_use]
            pub fn elements(self) -> &'static [ElementInfo] {
                match self { $( #[cfg(feature = $feature)] Self::$variant => &crate::generated::$module::ELEMENTS, )* }
            }

            /// How many roots the set has.
            pub(crate) fn roots(self) -> Roots {
                match self { $( #[cfg(feature = $feature)] Self::$variant => crate::generated::$module::ROOTS, )* }
            }

            /// Decodes an element by its fragment code and shows it to the visitor; tells whether there is such a one.
            fn visit_root(
                self,
                code: u16,
                reader: &mut Reader<'_>,
                visitor: &mut dyn Visitor,
            ) -> bool {
                match self { $( #[cfg(feature = $feature)] Self::$variant => {
                    crate::generated::$module::visit_root(code, reader, visitor)
                } )* }
            }

            /// Decodes an element by its fragment code and builds it anew; tells whether there is such a one.
            #[cfg(test)]
            pub(crate) fn rebuild_root(self, code: u16, octets: &[u8]) -> bool {
                match self { $( #[cfg(feature = $feature)] Self::$variant => {
                    crate::generated::$module::rebuild_root(code, octets)
                } )* }
            }

            /// Decodes an element by its fragment code and encodes it; tells whether there is such a one.
            fn reencode_root(self, code: u16, reader: &mut Reader<'_>, writer: &mut Writer<'_>) -> bool {
                match self { $( #[cfg(feature = $feature)] Self::$variant => {
                    crate::generated::$module::reencode_root(code, reader, writer)
                } )* }
            }
        }
    };
}

sets! {
    /// The handshake that chooses a protocol (`supportedAppProtocolReq` and `Res`).
    "handshake" AppProtocol, app_protocol, "app_protocol", "urn:iso:15118:2:2010:AppProtocol";
    /// DIN SPEC 70121:2014.
    "din70121" Din70121, din70121, "din70121", "urn:din:70121:2012:MsgDef";
    /// ISO 15118-2:2014.
    "iso2" Iso2, iso15118_2, "iso15118_2", "urn:iso:15118:2:2013:MsgDef";
    /// ISO 15118-20:2022, messages of all energy transfer modes.
    "iso20" Iso20Common, iso20_common, "iso20_common", "urn:iso:std:iso:15118:-20:CommonMessages";
    /// ISO 15118-20:2022, AC.
    "iso20-ac" Iso20Ac, iso20_ac, "iso20_ac", "urn:iso:std:iso:15118:-20:AC";
    /// ISO 15118-20:2022, DC.
    "iso20-dc" Iso20Dc, iso20_dc, "iso20_dc", "urn:iso:std:iso:15118:-20:DC";
    /// ISO 15118-20:2022, wireless power transfer.
    "iso20-wpt" Iso20Wpt, iso20_wpt, "iso20_wpt", "urn:iso:std:iso:15118:-20:WPT";
    /// ISO 15118-20:2022, automated connection devices.
    "iso20-acdp" Iso20Acdp, iso20_acdp, "iso20_acdp", "urn:iso:std:iso:15118:-20:ACDP";
    /// XML Signature alone: the grammar of the fragment `SignedInfo` that a signature signs.
    "xmldsig" XmlDsig, xmldsig, "xmldsig", "http://www.w3.org/2000/09/xmldsig#";
}

/// A whole document or a fragment (the form in which signed elements are hashed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Header, root element; the end costs no bit.
    Document,
    /// Header, any element of the set, the end of the fragment.
    Fragment,
}

/// What decoding lets pass beyond the schema. All off by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Leniency {
    /// One octet 00 after the last one, as some peers append.
    pub trailing_zero: bool,
}

impl Leniency {
    /// Nothing beyond the schema.
    pub const STRICT: Self = Self { trailing_zero: false };

    /// Allows one octet 00 after the document.
    #[must_use]
    pub const fn with_trailing_zero(mut self) -> Self {
        self.trailing_zero = true;
        self
    }
}

/// An element that can be a root, with its event codes.
#[derive(Debug)]
pub struct Element<C> {
    roots: Roots,
    fragment: u16,
    document: Option<u16>,
    name: &'static str,
    coding: PhantomData<fn() -> C>,
}

impl<C> Clone for Element<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Element<C> {}

impl<C: Coding> Element<C> {
    pub(crate) const fn new(
        roots: Roots,
        fragment: u16,
        document: Option<u16>,
        name: &'static str,
    ) -> Self {
        Self { roots, fragment, document, name, coding: PhantomData }
    }

    /// The local name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The event code of the root in that form.
    const fn code(&self, form: Form) -> Option<u16> {
        match form {
            Form::Document => self.document,
            Form::Fragment => Some(self.fragment),
        }
    }

    /// Decodes a document or fragment whose root is this element.
    ///
    /// # Errors
    /// The octets are none, or have another root.
    pub fn decode<'a>(
        &self,
        octets: &'a [u8],
        form: Form,
        leniency: Leniency,
    ) -> Result<C::Value<'a>, DecodeError> {
        let mut reader = Reader::new(octets);
        let code = begin(&mut reader, self.roots, form);
        let expected = self.code(form).unwrap_or(u16::MAX);
        if code != expected {
            reader.fail_at(8, DecodeErrorKind::OtherRoot { expected, found: code });
        }
        let value = C::decode(&mut reader);
        end(&mut reader, self.roots, form, leniency);
        outcome(&reader, self.roots.set, Form::Fragment, self.fragment).map(|()| value)
    }

    /// Encodes into the start of `buffer` and gives the length.
    ///
    /// # Errors
    /// The schema does not allow the value, the buffer is too short, or the element is no root of a document.
    pub fn encode(
        &self,
        value: &C::Value<'_>,
        form: Form,
        buffer: &mut [u8],
    ) -> Result<usize, EncodeError> {
        self.encode_with(value, form, &mut Writer::new(buffer))
    }

    /// The length that [`Element::encode`] will give.
    ///
    /// # Errors
    /// The schema does not allow the value.
    pub fn encoded_len(&self, value: &C::Value<'_>, form: Form) -> Result<usize, EncodeError> {
        self.encode_with(value, form, &mut Writer::counting())
    }

    fn encode_with(
        &self,
        value: &C::Value<'_>,
        form: Form,
        writer: &mut Writer<'_>,
    ) -> Result<usize, EncodeError> {
        let Some(code) = self.code(form) else {
            return Err(EncodeError::new(EncodeErrorKind::NoDocument));
        };
        let codes = self.roots.codes(form);
        writer.bits(u64::from(HEADER), 8);
        writer.bits(u64::from(code), code_width(codes));
        C::encode(value, writer);
        if form == Form::Fragment {
            writer.bits(u64::from(codes - 1), code_width(codes));
        }
        written(writer, self.roots.set, Form::Fragment, self.fragment)
    }
}

/// How many roots a set has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Roots {
    pub(crate) set: SchemaSet,
    /// Global elements.
    pub(crate) documents: u16,
    /// All element names.
    pub(crate) fragments: u16,
}

impl Roots {
    /// Event codes before and after a root: of a document its elements (the escape stands for `SE(*)`), of a fragment all
    /// names, `SE(*)` and the end.
    pub(crate) fn codes(self, form: Form) -> u32 {
        match form {
            Form::Document => u32::from(self.documents),
            Form::Fragment => u32::from(self.fragments) + 2,
        }
    }

    pub(crate) fn names(self, form: Form) -> u16 {
        match form {
            Form::Document => self.documents,
            Form::Fragment => self.fragments,
        }
    }
}

/// Reads the header and the root's event code.
pub(crate) fn begin(reader: &mut Reader<'_>, roots: Roots, form: Form) -> u16 {
    // So that bit offsets and a mark fit 32 bits.
    if reader.data().len() >= (1 << 28) {
        reader.fail_at(0, DecodeErrorKind::TooLong);
    }
    let header = reader.bits(8) as u8;
    if header != HEADER {
        reader.fail_at(0, DecodeErrorKind::Header { found: header });
    }
    let found = reader.bits(code_width(roots.codes(form))) as u16;
    if found >= roots.names(form) {
        reader.fail_at(8, DecodeErrorKind::UnknownRoot { found });
    }
    if reader.has_failed() { u16::MAX } else { found }
}

/// Reads the end of a fragment and checks the padding.
pub(crate) fn end(reader: &mut Reader<'_>, roots: Roots, form: Form, leniency: Leniency) {
    reader.leave_root();
    if form == Form::Fragment {
        let codes = roots.codes(form);
        let bit = reader.position();
        let found = reader.bits(code_width(codes)) as u32;
        if found != codes - 1 {
            let (expected, found) = ((codes - 1) as u16, found as u16);
            reader.fail_at(bit, DecodeErrorKind::OtherRoot { expected, found });
        }
    }
    reader.finish(leniency.trailing_zero);
}

/// What a reader met.
pub(crate) fn outcome(
    reader: &Reader<'_>,
    set: SchemaSet,
    form: Form,
    root: u16,
) -> Result<(), DecodeError> {
    if !reader.has_failed() {
        return Ok(());
    }
    let mut error = reader.error();
    error.of_root(set, form, root);
    Err(error)
}

/// What became of a writer.
fn written(
    writer: &mut Writer<'_>,
    set: SchemaSet,
    form: Form,
    root: u16,
) -> Result<usize, EncodeError> {
    writer.finish().map_err(|mut error| {
        error.of_root(set, form, root);
        error
    })
}

/// Decodes a document or fragment of any root and shows it, by the names of the schema, to a visitor. The visitor may
/// have seen it when an error comes.
///
/// # Errors
/// The octets are no document or fragment of the set.
pub fn visit(
    set: SchemaSet,
    form: Form,
    octets: &[u8],
    leniency: Leniency,
    visitor: &mut dyn Visitor,
) -> Result<(), DecodeError> {
    let mut reader = Reader::new(octets);
    let code = begin(&mut reader, set.roots(), form);
    let root = match form {
        Form::Fragment => Some(code),
        Form::Document => fragment_of(set, code),
    };
    if root.is_none_or(|root| !set.visit_root(root, &mut reader, visitor)) {
        reader.fail_at(8, DecodeErrorKind::UnknownRoot { found: code });
    }
    end(&mut reader, set.roots(), form, leniency);
    outcome(&reader, set, form, code)
}

/// Decodes a document or fragment of any root by its type and encodes it again into the start of `buffer`; gives the
/// length. What was accepted strictly comes out as it went in, but for an `eMAID` fragment in its other coding.
///
/// # Errors
/// Outside: the octets are no document or fragment of the set. Inside: the value may not be written (a text is shorter than
/// the schema's lower bound), or the buffer is too short.
pub fn reencode(
    set: SchemaSet,
    form: Form,
    octets: &[u8],
    leniency: Leniency,
    buffer: &mut [u8],
) -> Result<Result<usize, EncodeError>, DecodeError> {
    let (mut reader, mut writer) = (Reader::new(octets), Writer::new(buffer));
    let roots = set.roots();
    let width = code_width(roots.codes(form));
    let code = begin(&mut reader, roots, form);
    writer.bits(u64::from(HEADER), 8);
    writer.bits(u64::from(code), width);
    let root = match form {
        Form::Fragment => Some(code),
        Form::Document => fragment_of(set, code),
    };
    if root.is_none_or(|root| !set.reencode_root(root, &mut reader, &mut writer)) {
        reader.fail_at(8, DecodeErrorKind::UnknownRoot { found: code });
    }
    if form == Form::Fragment {
        writer.bits(u64::from(roots.codes(form) - 1), width);
    }
    end(&mut reader, roots, form, leniency);
    outcome(&reader, set, form, code)?;
    Ok(written(&mut writer, set, form, code))
}

/// The fragment code of a document's root.
fn fragment_of(set: SchemaSet, document: u16) -> Option<u16> {
    let index = set.elements().iter().position(|e| e.document == Some(document))?;
    u16::try_from(index).ok()
}

/// The document functions of a schema set: over the choice of its messages, or over the one root that has all of them.
macro_rules! documents {
    ($roots:expr, $family:ty, $only:expr) => {
        /// Decodes a document, strictly.
        ///
        /// # Errors
        /// The octets are no document of this schema set, or one whose root is no message.
        pub fn decode(
            octets: &[u8],
        ) -> Result<<$family as $crate::codec::Coding>::Value<'_>, $crate::DecodeError> {
            decode_with(octets, $crate::Leniency::STRICT)
        }

        /// Decodes a document, with leniency.
        ///
        /// # Errors
        /// As for [`decode`].
        pub fn decode_with(
            octets: &[u8],
            leniency: $crate::Leniency,
        ) -> Result<<$family as $crate::codec::Coding>::Value<'_>, $crate::DecodeError> {
            $crate::set::decode_document::<$family>($roots, $only, octets, leniency)
        }

        /// Encodes a document into the start of `buffer` and gives its length. What is left of the buffer has no
        /// defined content afterwards.
        ///
        /// # Errors
        /// The schema does not allow the value, or the buffer is too short.
        pub fn encode(
            message: &<$family as $crate::codec::Coding>::Value<'_>,
            buffer: &mut [u8],
        ) -> Result<usize, $crate::EncodeError> {
            $crate::set::encode_document::<$family>(
                $roots,
                $only,
                message,
                &mut $crate::codec::Writer::new(buffer),
            )
        }

        /// The length that [`encode`] will give.
        ///
        /// # Errors
        /// The schema does not allow the value.
        pub fn encoded_len(
            message: &<$family as $crate::codec::Coding>::Value<'_>,
        ) -> Result<usize, $crate::EncodeError> {
            $crate::set::encode_document::<$family>(
                $roots,
                $only,
                message,
                &mut $crate::codec::Writer::counting(),
            )
        }
    };
}
pub(crate) use documents;

/// Decodes a document whose root is an alternative of `C`, by document event code, or the `only` one.
pub(crate) fn decode_document<C: Coding>(
    roots: Roots,
    only: Option<u16>,
    octets: &[u8],
    leniency: Leniency,
) -> Result<C::Value<'_>, DecodeError> {
    let mut reader = Reader::new(octets);
    let code = begin(&mut reader, roots, Form::Document);
    match only {
        None => reader.code = u32::from(code),
        Some(expected) if code != expected => {
            reader.fail_at(8, DecodeErrorKind::OtherRoot { expected, found: code });
        }
        Some(_) => {}
    }
    let value = C::decode(&mut reader);
    end(&mut reader, roots, Form::Document, leniency);
    outcome(&reader, roots.set, Form::Document, code).map(|()| value)
}

/// Encodes a document whose root is an alternative of `C`.
pub(crate) fn encode_document<C: Coding>(
    roots: Roots,
    only: Option<u16>,
    value: &C::Value<'_>,
    writer: &mut Writer<'_>,
) -> Result<usize, EncodeError> {
    writer.bits(u64::from(HEADER), 8);
    let code = only.unwrap_or_else(|| C::code(value) as u16);
    writer.bits(u64::from(code), code_width(roots.codes(Form::Document)));
    C::encode(value, writer);
    written(writer, roots.set, Form::Document, code)
}
