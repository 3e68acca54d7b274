//! The schema sets, and their documents and fragments.

use core::marker::PhantomData;

use crate::codec::{
    Coding, DecodeError, DecodeErrorKind, ElementInfo, EncodeError, Expander, Failed, Reader,
    StringEntry, Visitor, Writer, code_width, decode_alone, encode_alone,
};

/// The header of every EXI stream of the three generations: no cookie, no options, version 1.
const HEADER: u8 = 0x80;

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

            /// Decodes an element by its fragment code and shows it to the visitor.
            fn visit_root(
                self,
                code: u16,
                reader: &mut Reader<'_>,
                visitor: Option<&mut dyn Visitor>,
            ) -> Result<(), Failed> {
                match self { $( #[cfg(feature = $feature)] Self::$variant => {
                    crate::generated::$module::visit_root(code, reader, visitor)
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
        let value = self.decode_with(&mut reader, form, leniency);
        value.map_err(|Failed| error_of(&reader, self.roots.set, Form::Fragment, self.fragment))
    }

    fn decode_with<'a>(
        &self,
        reader: &mut Reader<'a>,
        form: Form,
        leniency: Leniency,
    ) -> Result<C::Value<'a>, Failed> {
        let code = begin(reader, self.roots, form)?;
        match self.code(form) {
            Some(expected) if expected == code => {}
            expected => {
                let expected = expected.unwrap_or(u16::MAX);
                return Err(reader.fail_at(8, DecodeErrorKind::OtherRoot { expected, found: code }));
            }
        }
        let value = decode_alone::<C>(reader, self.name)?;
        end(reader, self.roots, form, leniency)?;
        Ok(value)
    }

    /// Encodes into the start of `buffer` and gives the length.
    ///
    /// # Errors
    /// The schema does not allow the value, or the buffer is too short. An element that is local to a type has no
    /// document form and gives [`EncodeError::IntegerRange`].
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
        let code = self.code(form).ok_or(EncodeError::IntegerRange { field: self.name })?;
        let codes = self.roots.codes(form);
        writer.bits(u64::from(HEADER), 8);
        writer.bits(u64::from(code), code_width(codes));
        if encode_alone::<C>(value, writer, self.name).is_err() {
            return Err(writer.error());
        }
        if form == Form::Fragment {
            writer.bits(u64::from(codes - 1), code_width(codes));
        }
        writer.finish()
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

    fn names(self, form: Form) -> u16 {
        match form {
            Form::Document => self.documents,
            Form::Fragment => self.fragments,
        }
    }
}

/// Reads the header and the root's event code.
fn begin(reader: &mut Reader<'_>, roots: Roots, form: Form) -> Result<u16, Failed> {
    // So that bit offsets fit 32 bits.
    if reader.data().len() > (u32::MAX / 8 - 16) as usize {
        return Err(reader.fail(DecodeErrorKind::TooLong));
    }
    let header = reader.bits(8)? as u8;
    if header != HEADER {
        return Err(reader.fail_at(0, DecodeErrorKind::Header { found: header }));
    }
    let found = reader.bits(code_width(roots.codes(form)))? as u16;
    if found >= roots.names(form) {
        return Err(reader.fail_at(8, DecodeErrorKind::UnknownRoot { found }));
    }
    Ok(found)
}

/// Reads the end of a fragment and checks the padding.
fn end(
    reader: &mut Reader<'_>,
    roots: Roots,
    form: Form,
    leniency: Leniency,
) -> Result<(), Failed> {
    if form == Form::Fragment {
        let codes = roots.codes(form);
        let found = reader.bits(code_width(codes))? as u32;
        if found != codes - 1 {
            let (expected, found) = ((codes - 1) as u16, found as u16);
            return Err(reader.fail(DecodeErrorKind::OtherRoot { expected, found }));
        }
    }
    reader.finish(leniency.trailing_zero)
}

/// Decodes a document or fragment of any root and shows it, by the names of the schema, to a visitor. The visitor may
/// have seen a part when an error comes.
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
    walk(set, form, &mut reader, leniency, Some(visitor)).map(|_| ())
}

#[cold]
fn error_of(reader: &Reader<'_>, set: SchemaSet, form: Form, root: u16) -> DecodeError {
    let mut error = reader.error();
    error.of_root(set, form, root);
    error
}

/// Decodes any root, and shows it if somebody looks; gives the bit at which the root element ends.
fn walk(
    set: SchemaSet,
    form: Form,
    reader: &mut Reader<'_>,
    leniency: Leniency,
    visitor: Option<&mut dyn Visitor>,
) -> Result<u32, DecodeError> {
    let code = match begin(reader, set.roots(), form) {
        Ok(code) => code,
        Err(Failed) => return Err(error_of(reader, set, form, u16::MAX)),
    };
    let root = match form {
        Form::Fragment => Some(code),
        Form::Document => fragment_of(set, code),
    };
    let result = match root {
        None => Err(reader.fail_at(8, DecodeErrorKind::UnknownRoot { found: code })),
        Some(root) => set.visit_root(root, reader, visitor),
    };
    let last = reader.position();
    match result.and_then(|()| end(reader, set.roots(), form, leniency)) {
        Ok(()) => Ok(last),
        Err(Failed) => Err(error_of(reader, set, form, code)),
    }
}

/// The fragment code of a document's root.
fn fragment_of(set: SchemaSet, document: u16) -> Option<u16> {
    let index = set.elements().iter().position(|e| e.document == Some(document))?;
    u16::try_from(index).ok()
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
    let mut reader = Reader::expanding(octets, Expander::new(table, out));
    let last = walk(set, form, &mut reader, leniency, None)?;
    // The fragment's end is copied with the rest.
    let last = match form {
        Form::Document => last,
        Form::Fragment => last + code_width(set.roots().codes(form)),
    };
    match reader.into_expander() {
        Some(expander) => {
            expander.finish(octets, last).map_err(|kind| DecodeError::new(kind, last))
        }
        None => Ok(0),
    }
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
    let code = match begin(&mut reader, roots, Form::Document) {
        Ok(code) => code,
        Err(Failed) => return Err(error_of(&reader, roots.set, Form::Document, u16::MAX)),
    };
    if let Some(expected) = only
        && code != expected
    {
        reader.fail_at(8, DecodeErrorKind::OtherRoot { expected, found: code });
        return Err(error_of(&reader, roots.set, Form::Document, code));
    }
    match C::decode(&mut reader, u32::from(code)) {
        Ok(value) if reader.finish(leniency.trailing_zero).is_ok() => Ok(value),
        _ => Err(error_of(&reader, roots.set, Form::Document, code)),
    }
}

/// Encodes a document whose root is an alternative of `C`.
pub(crate) fn encode_document<C: Coding>(
    roots: Roots,
    only: Option<u16>,
    value: &C::Value<'_>,
    writer: &mut Writer<'_>,
) -> Result<usize, EncodeError> {
    writer.bits(u64::from(HEADER), 8);
    let code = only.map_or_else(|| C::code(value), u32::from);
    writer.bits(u64::from(code), code_width(roots.codes(Form::Document)));
    match C::encode(value, writer, "") {
        Ok(()) => writer.finish(),
        Err(Failed) => Err(writer.error()),
    }
}
