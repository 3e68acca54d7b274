//! The macros that turn rows of the table into types. A row reads
//!
//! ```text
//! name: Type, at BYTE [bit BIT] [width BITS], [in2011 none | (at ..),] spn SPN, M|O|R, CONFIDENCE [, range ..] [, range2011 ..];
//! ```
//!
//! with bytes and bits numbered from 1 as in the standard. Resolution, offset, unit and width come from the type
//! ([`crate::units`], [`crate::codes`]); ranges are in steps of the resolution.

/// The first of two that is there.
macro_rules! given_or {
    ([], $default:expr) => {
        $default
    };
    ([$given:expr], $default:expr) => {
        $given
    };
}

/// A row's position.
macro_rules! position {
    ($ty:ty, at $byte:literal $(bit $bit:literal)? $(width $width:literal)?) => {
        $crate::table::Position {
            byte: $byte,
            bit: $crate::table::declare::given_or!([$($bit)?], 1),
            width: $crate::table::declare::given_or!(
                [$($width)?],
                <$ty as $crate::table::FieldType>::WIDTH
            ),
        }
    };
}

/// What `in2011` says.
macro_rules! in_2011 {
    ($ty:ty, ) => {
        $crate::table::In2011::Same
    };
    ($ty:ty, none) => {
        $crate::table::In2011::Undefined
    };
    ($ty:ty, ($($position:tt)+)) => {
        $crate::table::In2011::At($crate::table::declare::position!($ty, $($position)+))
    };
}

/// M, O or R.
macro_rules! presence {
    (M) => {
        $crate::table::Presence::Mandatory
    };
    (O) => {
        $crate::table::Presence::Optional
    };
    (R) => {
        $crate::table::Presence::Reserved
    };
}

/// An SPN or `none`.
macro_rules! spn {
    (none) => {
        None
    };
    ($spn:literal) => {
        Some($spn)
    };
}

/// A stated range.
macro_rules! range {
    ([] []) => {
        None
    };
    ([$lo:literal $hi:literal] []) => {
        Some($crate::table::Range { min: $lo, max: $hi, only_2011: false })
    };
    ([] [$lo:literal $hi:literal]) => {
        Some($crate::table::Range { min: $lo, max: $hi, only_2011: true })
    };
}

/// The last line of a field's documentation: its place and how sure it is.
macro_rules! place_doc {
    (
        at $byte:literal $(bit $bit:literal)? $(width $width:literal)? $(, in2011 $in2011:tt)?,
        spn $spn:tt, $presence:ident, $confidence:ident
        $(, range $lo:literal ..= $hi:literal)? $(, range2011 $lo11:literal ..= $hi11:literal)?
    ) => {
        concat!(
            "At byte ", $byte, $(".", $bit,)? $(" (", $width, " bits)",)?
            $("; in 2011 ", stringify!($in2011),)?
            "; SPN ", stringify!($spn), "; ", stringify!($presence),
            $("; range ", $lo, " to ", $hi, " in steps of the resolution",)?
            $("; in 2011 range ", $lo11, " to ", $hi11, " in steps of the resolution",)?
            "; confidence ", stringify!($confidence), "."
        )
    };
}

/// A [`crate::table::Field`] from the tokens of a row.
macro_rules! field {
    (
        $(#[doc = $doc:literal])+
        $name:ident: $ty:ty,
        at $byte:literal $(bit $bit:literal)? $(width $width:literal)? $(, in2011 $in2011:tt)?,
        spn $spn:tt, $presence:ident, $confidence:ident
        $(, range $lo:literal ..= $hi:literal)?
        $(, range2011 $lo11:literal ..= $hi11:literal)?
        $(, repeat $repeat:literal)?
    ) => {
        $crate::table::Field {
            name: stringify!($name),
            meaning: concat!($($doc),+),
            position: $crate::table::declare::position!($ty, at $byte $(bit $bit)? $(width $width)?),
            in_2011: $crate::table::declare::in_2011!($ty, $($in2011)?),
            shape: <$ty as $crate::table::FieldType>::SHAPE,
            repeat: $crate::table::declare::given_or!([$($repeat)?], 1),
            range: $crate::table::declare::range!([$($lo $hi)?] [$($lo11 $hi11)?]),
            spn: $crate::table::declare::spn!($spn),
            presence: $crate::table::declare::presence!($presence),
            confidence: $crate::table::Confidence::$confidence,
        }
    };
}

/// A party, or `Both`.
macro_rules! sender {
    (Both) => {
        None
    };
    ($party:ident) => {
        Some($crate::edition::Party::$party)
    };
}

/// The row of the message table, as `NAME: MessageInfo`.
macro_rules! message {
    (
        $visibility:vis $const:ident = $code:literal $meaning:literal, clause $clause:literal, from $sender:ident,
        pf $pf:literal, priority $priority:literal, period $period:literal, in $phase:ident,
        minimum $minimum:literal, length $length:literal, in2011 $length_2011:literal, $confidence:ident,
        fields $fields:expr
    ) => {
        $visibility const $const: $crate::table::MessageInfo = $crate::table::MessageInfo {
            code: $code,
            meaning: $meaning,
            clause: $clause,
            sender: $crate::table::declare::sender!($sender),
            pf: $pf,
            priority: $priority,
            period_ms: $period,
            phase: $crate::table::Phase::$phase,
            minimum: $minimum,
            length_2011: $length_2011,
            length: $length,
            fields: $fields,
            confidence: $crate::table::Confidence::$confidence,
        };
    };
}

/// The line of a message's documentation that gives its row.
macro_rules! row_doc {
    (
        $code:literal $meaning:literal, clause $clause:literal, from $sender:ident,
        pf $pf:literal, priority $priority:literal, period $period:literal, in $phase:ident,
        minimum $minimum:literal, length $length:literal, in2011 $length_2011:literal, $confidence:ident
    ) => {
        concat!(
            "From ",
            stringify!($sender),
            ", PF ",
            stringify!($pf),
            ", priority ",
            $priority,
            ", every ",
            $period,
            " ms, ",
            $length,
            " bytes (2011: ",
            $length_2011,
            ", 0 is none), of which ",
            $minimum,
            " must be there; confidence ",
            stringify!($confidence),
            ". Source: GB/T 27930-2015 clause ",
            $clause,
            " (the number from memory)."
        )
    };
}

/// A message with fixed fields: its table rows, the borrowed view that decoding gives, and the owned value that
/// encoding takes.
macro_rules! typed_message {
    (
        $(#[$doc:meta])+
        $owned:ident, $view:ident, $kind:ident = { $($message:tt)+ }
        $(
            $(#[doc = $fdoc:literal])+
            $field:ident: $ty:ty, at $byte:literal $(bit $bit:literal)? $(width $width:literal)?
            $(, in2011 $in2011:tt)?, spn $spn:tt, $presence:ident, $confidence:ident
            $(, range $lo:literal ..= $hi:literal)? $(, range2011 $lo11:literal ..= $hi11:literal)?;
        )+
    ) => {
        $(#[$doc])+
        ///
        #[doc = $crate::table::declare::row_doc!($($message)+)]
        ///
        /// The owned value: fill it in and [`Self::encode`] it. `Default` is 'not available' throughout.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub struct $owned {
            $(
                $(#[doc = $fdoc])+
                #[doc = ""]
                #[doc = $crate::table::declare::place_doc!(
                    at $byte $(bit $bit)? $(width $width)? $(, in2011 $in2011)?, spn $spn, $presence, $confidence
                    $(, range $lo ..= $hi)? $(, range2011 $lo11 ..= $hi11)?
                )]
                pub $field: $ty,
            )+
        }

        impl $owned {
            $crate::table::declare::message! {
                pub(crate) INFO = $($message)+, fields &[ $(
                    $crate::table::declare::field! {
                        $(#[doc = $fdoc])+
                        $field: $ty, at $byte $(bit $bit)? $(width $width)? $(, in2011 $in2011)?,
                        spn $spn, $presence, $confidence $(, range $lo ..= $hi)? $(, range2011 $lo11 ..= $hi11)?
                    }
                ),+ ]
            }

            /// Reads all fields of a payload.
            ///
            /// # Errors
            /// [`DecodeError::Truncated`](crate::DecodeError::Truncated) if a mandatory field is missing.
            #[inline]
            pub fn decode(payload: &[u8], edition: $crate::Edition) -> Result<Self, $crate::DecodeError> {
                $view::new(payload, edition).map(Self::from)
            }

            /// Writes the payload of an edition and returns its length. Fields that the edition does not have are
            /// left out; undefined bits are ones.
            ///
            /// # Errors
            /// [`EncodeError`](crate::EncodeError): a value without a code, a short buffer, or an edition that does
            /// not have the message.
            #[inline]
            pub fn encode(&self, edition: $crate::Edition, out: &mut [u8]) -> Result<usize, $crate::EncodeError> {
                let mut payload = [0xFF; $owned::INFO.length as usize];
                $( {
                    const FIELD: $crate::table::Field = $crate::table::declare::field! {
                        $(#[doc = $fdoc])+
                        $field: $ty, at $byte $(bit $bit)? $(width $width)? $(, in2011 $in2011)?,
                        spn $spn, $presence, $confidence
                    };
                    if let Some(at) = FIELD.position_in(edition) {
                        $crate::table::FieldType::write(self.$field, &mut payload, at, FIELD.name)?;
                    }
                } )+
                let kind = $crate::message::MessageKind::$kind;
                $crate::message::put(const { Self::INFO.lengths() }, kind, edition, &payload, out)
            }
        }

        impl Default for $owned {
            fn default() -> Self {
                $view { payload: &[], edition: $crate::Edition::V2015 }.into()
            }
        }

        impl From<$view<'_>> for $owned {
            #[inline]
            fn from(view: $view<'_>) -> Self {
                // Out of line the many fields of a long message are read once into their place.
                if $owned::INFO.length > 8 { view.read_long() } else { view.read() }
            }
        }

        $(#[$doc])+
        ///
        #[doc = $crate::table::declare::row_doc!($($message)+)]
        ///
        /// The borrowed view: fields are read when asked for, and every byte is kept.
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub struct $view<'a> {
            payload: &'a [u8],
            edition: $crate::Edition,
        }

        impl<'a> $view<'a> {
            /// A view of a payload. Longer ones than the edition foresees are accepted.
            ///
            /// # Errors
            /// [`DecodeError::Truncated`](crate::DecodeError::Truncated) if a mandatory field is missing.
            #[inline]
            pub const fn new(payload: &'a [u8], edition: $crate::Edition) -> Result<Self, $crate::DecodeError> {
                if payload.len() < $owned::INFO.minimum as usize {
                    return Err($crate::DecodeError::Truncated {
                        message: $crate::message::MessageKind::$kind,
                        needed: $owned::INFO.minimum,
                        actual: payload.len() as u16,
                    });
                }
                Ok(Self { payload, edition })
            }

            #[inline(always)]
            fn read(self) -> $owned {
                let mut padded;
                // One check of the length, then every field is there.
                let payload: &[u8; $owned::INFO.length as usize] = match self.payload.first_chunk() {
                    Some(whole) => whole,
                    None => {
                        padded = [0xFF; $owned::INFO.length as usize];
                        const ENDS: [[u16; $owned::INFO.fields.len()]; 2] =
                            $crate::message::field_ends(&$owned::INFO);
                        $crate::message::pad(ENDS.as_flattened(), self.edition, self.payload, &mut padded);
                        &padded
                    }
                };
                let view = $view { payload, edition: self.edition };
                $owned { $( $field: view.$field(), )+ }
            }

            #[inline(never)]
            fn read_long(self) -> $owned {
                self.read()
            }

            /// The payload as received.
            #[must_use]
            pub const fn as_bytes(&self) -> &'a [u8] {
                self.payload
            }

            /// The edition whose layout applies.
            #[must_use]
            pub const fn edition(&self) -> $crate::Edition {
                self.edition
            }

            $(
                $(#[doc = $fdoc])+
                #[doc = ""]
                #[doc = $crate::table::declare::place_doc!(
                    at $byte $(bit $bit)? $(width $width)? $(, in2011 $in2011)?, spn $spn, $presence, $confidence
                    $(, range $lo ..= $hi)? $(, range2011 $lo11 ..= $hi11)?
                )]
                #[must_use]
                #[inline]
                pub fn $field(&self) -> $ty {
                    const FIELD: $crate::table::Field = $crate::table::declare::field! {
                        $(#[doc = $fdoc])+
                        $field: $ty, at $byte $(bit $bit)? $(width $width)? $(, in2011 $in2011)?,
                        spn $spn, $presence, $confidence
                    };
                    match FIELD.position_in(self.edition) {
                        Some(at) => <$ty as $crate::table::FieldType>::read(self.payload, at),
                        None => <$ty as $crate::table::FieldType>::read(&[], FIELD.position),
                    }
                }
            )+
        }

        impl core::fmt::Debug for $view<'_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $owned::from(*self).fmt(f)
            }
        }

        const _: () = $crate::message::assert_fits(&$owned::INFO);
    };
}

/// The 4 bytes of a message of 2-bit items with every defined item 00 and every undefined bit 1.
pub(crate) const fn empty_causes(fields: &[super::Field], edition: crate::Edition) -> [u8; 4] {
    let mut bits = u32::MAX;
    let mut rest = fields;
    while let [field, tail @ ..] = rest {
        if let (2, Some(at)) = (field.position.width, field.position_in(edition)) {
            bits &= !(3 << ((at.byte as u32 - 1) * 8 + at.bit as u32 - 1));
        }
        rest = tail;
    }
    bits.to_le_bytes()
}

pub(crate) use {
    field, given_or, in_2011, message, place_doc, position, presence, range, row_doc, sender, spn,
    typed_message,
};
