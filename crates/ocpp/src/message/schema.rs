//! What a message must look like: the descriptor tables that one interpreter reads to decode, validate and encode.
//!
//! The tables themselves are under `src/generated/`, a row per member, written by `cargo run -p evse-ocpp-codegen`
//! from the published JSON schemas. A row gives the member's name in Rust, its view type, its name on the wire and
//! its [`Kind`]; descriptor, accessor and documentation all come from it.

use super::version::Version;

/// What a member's value must be.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Kind {
    /// A string of at most `max` characters; `u32::MAX` where the schema sets no limit.
    Text {
        /// Most characters (Unicode code points).
        max: u32,
    },
    /// As [`Kind::Text`]; lenient reading also takes an object for its own text (1.6 `DataTransfer.data`).
    OpaqueText {
        /// Most characters (Unicode code points).
        max: u32,
    },
    /// A whole number; `i32::MIN` and `i32::MAX` stand for a missing bound.
    Integer {
        /// Least value.
        min: i32,
        /// Greatest value.
        max: i32,
        /// Written without a fraction (JSON Schema draft-04); later drafts take `1.0` for an integer.
        digits_only: bool,
    },
    /// A decimal number; `i32::MIN` and `i32::MAX` stand for a missing bound.
    Number {
        /// Least value.
        min: i32,
        /// Greatest value.
        max: i32,
        /// A whole number of tenths (1.6 `multipleOf: 0.1`).
        tenths: bool,
    },
    /// `true` or `false`.
    Flag,
    /// An RFC 3339 date-time.
    Time,
    /// One of a closed list of texts.
    Code(&'static Enumeration),
    /// A nested object.
    Object(&'static Object),
    /// A list.
    List {
        /// What each element must be.
        item: &'static Kind,
        /// Fewest elements.
        min: u16,
        /// Most elements; `u16::MAX` where the schema sets no limit.
        max: u16,
    },
    /// Anything.
    Any,
}

const _: () = assert!(size_of::<Kind>() <= 16);

/// A member of an object.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// What its value must be.
    pub kind: Kind,
}

/// The generated file that a table stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableSet {
    /// [`crate::v16`].
    V16,
    /// [`crate::v201`].
    V201,
    /// [`crate::v21`].
    V21,
    /// What 2.0.1 and 2.1 define alike; found in [`crate::v201`] and in [`crate::v21`].
    Both2x,
}

/// An object type: a message's payload or one nested in it.
#[derive(Debug)]
pub struct Object {
    /// Its name: that of the schema file or definition, without a trailing `Type`.
    pub name: &'static str,
    /// Where its table stands.
    pub set: TableSet,
    /// Its members in the order of the schema, at most 64.
    pub fields: &'static [Field],
    /// A bit per field, set where the member must be present.
    pub required: u64,
    /// Whether members beyond `fields` are allowed (`customData`).
    pub open: bool,
}

impl Object {
    /// Index of the member of this name; `hint` is tried first.
    #[inline]
    pub(crate) fn find(&self, name: &str, hint: usize) -> Option<usize> {
        if let Some(field) = self.fields.get(hint)
            && field.name == name
        {
            return Some(hint);
        }
        self.fields.iter().position(|field| field.name == name)
    }

    /// The first required member whose bit is not in `seen`.
    #[inline]
    pub(crate) fn first_missing(&self, seen: u64) -> Option<&'static str> {
        let missing = self.required & !seen;
        if missing == 0 {
            return None;
        }
        let field = self.fields.get(missing.trailing_zeros() as usize);
        field.map(|field| field.name)
    }

    /// Whether two references mean the same type (tables may be stored twice).
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        core::ptr::eq(self, other) || self.set == other.set && self.name == other.name
    }
}

/// A closed list of texts.
#[derive(Debug)]
pub struct Enumeration {
    /// Its name.
    pub name: &'static str,
    /// Its values in the order of the schema.
    pub values: &'static [&'static str],
}

/// How an action is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exchange {
    /// As CALL, answered by CALLRESULT or CALLERROR.
    Call,
    /// As SEND (2.1), never answered.
    Send,
}

/// An action: the message or pair of messages of one name.
#[derive(Debug)]
pub struct Action {
    /// Its name on the wire.
    pub name: &'static str,
    /// How it is sent.
    pub exchange: Exchange,
    /// Payload of the request or of the SEND.
    pub request: &'static Object,
    /// Payload of the answer; that of a SEND is never looked at.
    pub response: &'static Object,
}

/// A version and the actions of it that a program speaks.
///
/// `v16::SCHEMA`, `v201::SCHEMA` and `v21::SCHEMA` hold every action. Firmware that needs six of them names those
/// six, and the linker leaves the tables of the others out:
///
/// ```
/// use evse_ocpp::{message::{Schema, Version}, v16};
///
/// static SMALL: Schema = Schema {
///     version: Version::V16,
///     actions: &[&v16::action::BOOT_NOTIFICATION, &v16::action::HEARTBEAT],
/// };
/// assert!(SMALL.action("Heartbeat").is_some());
/// ```
#[derive(Debug)]
pub struct Schema {
    /// The version.
    pub version: Version,
    /// The actions, by name in ascending order of bytes.
    pub actions: &'static [&'static Action],
}

impl Schema {
    /// The action of this name; case counts.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<&'static Action> {
        let found = self.actions.binary_search_by(|action| action.name.cmp(name));
        found.ok().and_then(|at| self.actions.get(at)).copied()
    }
}

/// Declares object types: the descriptor, the view and its accessors come from the same rows.
macro_rules! objects {
    ($set:ident; $(
        $(#[$doc:meta])*
        $name:ident<$lt:lifetime> $(($open:ident))? {
            $($need:ident $accessor:ident: $view:ty = $wire:literal, $kind:expr;)*
        }
    )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name<$lt>(crate::message::ObjectView<$lt>);

        impl<$lt> $name<$lt> {
            /// The descriptor of this type.
            pub const SCHEMA: &'static crate::message::Object = &crate::message::Object {
                name: stringify!($name),
                set: crate::message::TableSet::$set,
                fields: &[$(crate::message::Field { name: $wire, kind: $kind }),*],
                required: crate::message::schema::required_mask(&[$(stringify!($need)),*]),
                open: false $(|| { let _ = stringify!($open); true })?,
            };

            objects! { @accessors $lt; $($need $accessor: $view = $wire, $kind;)* }
        }

        /// Members to write, checked on the way.
        impl<$lt> crate::message::Writer<'_, $name<$lt>> {
            $(
                #[doc = concat!("`", $wire, "`: `", stringify!($kind), "`.")]
                ///
                /// # Errors
                /// The value breaks the schema, was given before, or there is no room.
                #[inline]
                pub fn $accessor(
                    &mut self,
                    value: impl crate::message::Encode<$view>,
                ) -> Result<(), crate::message::EncodeError> {
                    self.member($wire, value)
                }
            )*
        }

        impl<$lt> crate::message::View<$lt> for $name<$lt> {
            const SCHEMA: &'static crate::message::Object = Self::SCHEMA;
            #[inline]
            fn of(object: crate::message::ObjectView<$lt>) -> Self { Self(object) }
            #[inline]
            fn object(&self) -> crate::message::ObjectView<$lt> { self.0 }
        }

        impl crate::message::Payload for $name<'static> {
            type View<'a> = $name<'a>;
        }

        /// Goes out as it came in.
        impl<$lt> crate::message::Encode<$name<$lt>> for $name<'_> {
            fn encode(
                self,
                slot: crate::message::Slot<'_>,
            ) -> Result<(), crate::message::EncodeError> {
                crate::message::Encode::<$name<$lt>>::encode(self.0, slot)
            }
        }

        impl<$lt> crate::message::Read<$lt> for $name<$lt> {
            #[inline]
            fn read(value: crate::message::Value<$lt>) -> Option<Self> {
                Some(Self(value.as_object()?))
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl core::fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                self.0.debug_as(stringify!($name), f)
            }
        }
    )* };
    (@accessors $lt:lifetime; ) => {};
    (@accessors $lt:lifetime; req $accessor:ident: $view:ty = $wire:literal, $kind:expr; $($rest:tt)*) => {
        #[doc = concat!("`", $wire, "`, required: `", stringify!($kind), "`.")]
        ///
        /// `None` only if the object was not checked against this type, or lenient reading let it pass unreadable.
        #[inline]
        #[must_use]
        pub fn $accessor(&self) -> Option<$view> { self.0.read($wire) }
        objects! { @accessors $lt; $($rest)* }
    };
    (@accessors $lt:lifetime; opt $accessor:ident: $view:ty = $wire:literal, $kind:expr; $($rest:tt)*) => {
        #[doc = concat!("`", $wire, "`, optional: `", stringify!($kind), "`.")]
        #[inline]
        #[must_use]
        pub fn $accessor(&self) -> Option<$view> { self.0.read($wire) }
        objects! { @accessors $lt; $($rest)* }
    };
}

/// Declares enumerations, a row per type: its name, then each value's name in Rust and on the wire.
macro_rules! enumerations {
    ($(
        $(#[$doc:meta])*
        $name:ident { $($variant:ident = $wire:literal),* $(,)? }
    )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $(#[doc = concat!("`", $wire, "`.")] $variant),* }

        impl $name {
            /// The texts of the schema, in its order.
            pub const TABLE: &'static crate::message::Enumeration = &crate::message::Enumeration {
                name: stringify!($name),
                values: &[$($wire),*],
            };
            const ALL: &'static [Self] = &[$(Self::$variant),*];
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(crate::message::wire_name(*self))
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::serde::code(deserializer)
            }
        }

        impl crate::message::Coded for $name {
            const TABLE: &'static crate::message::Enumeration = Self::TABLE;
            const ALL: &'static [Self] = Self::ALL;
        }
    )* };
}

/// Declares the actions and the schema of a version.
macro_rules! actions {
    ($version:ident; $($constant:ident = $wire:literal: $exchange:ident($request:ident $(-> $response:ident)?);)*) => {
        /// The actions, one descriptor each.
        pub mod action {
            use super::*;
            $(
                #[doc = concat!("`", $wire, "`.")]
                pub static $constant: crate::message::Action = crate::message::Action {
                    name: $wire,
                    exchange: crate::message::Exchange::$exchange,
                    request: $request::SCHEMA,
                    response: actions!(@response $request $($response)?),
                };
            )*
        }

        /// Every action of the version.
        pub static SCHEMA: crate::message::Schema = crate::message::Schema {
            version: crate::message::Version::$version,
            actions: &[$(&action::$constant),*],
        };
    };
    (@response $request:ident) => { $request::SCHEMA };
    (@response $request:ident $response:ident) => { $response::SCHEMA };
}

/// The mask of `req` among the rows of an object.
#[expect(clippy::indexing_slicing, reason = "runs in the compiler only")]
pub(crate) const fn required_mask(needs: &[&str]) -> u64 {
    assert!(needs.len() <= 64, "an object has at most 64 members");
    let mut mask = 0;
    let mut at = 0;
    while at < needs.len() {
        if needs[at].as_bytes()[0] == b'r' {
            mask |= 1 << at;
        }
        at += 1;
    }
    mask
}

/// The kinds in the short form of the generated rows.
pub(crate) mod kinds {
    use super::{Enumeration, Kind, Object};

    pub(crate) const FLAG: Kind = Kind::Flag;
    pub(crate) const TIME: Kind = Kind::Time;
    pub(crate) const ANY: Kind = Kind::Any;
    /// Text without a limit.
    pub(crate) const TEXT: Kind = Kind::Text { max: u32::MAX };
    pub(crate) const OPAQUE: Kind = Kind::OpaqueText { max: u32::MAX };
    /// An integer of draft-06.
    pub(crate) const INTEGER: Kind = integer(i32::MIN, i32::MAX);
    /// An integer of draft-04.
    pub(crate) const DIGITS: Kind =
        Kind::Integer { min: i32::MIN, max: i32::MAX, digits_only: true };
    pub(crate) const NUMBER: Kind = number(i32::MIN, i32::MAX);
    pub(crate) const TENTHS: Kind = Kind::Number { min: i32::MIN, max: i32::MAX, tenths: true };

    pub(crate) const fn text(max: u32) -> Kind {
        Kind::Text { max }
    }
    pub(crate) const fn integer(min: i32, max: i32) -> Kind {
        Kind::Integer { min, max, digits_only: false }
    }
    pub(crate) const fn number(min: i32, max: i32) -> Kind {
        Kind::Number { min, max, tenths: false }
    }
    pub(crate) const fn code(table: &'static Enumeration) -> Kind {
        Kind::Code(table)
    }
    pub(crate) const fn object(schema: &'static Object) -> Kind {
        Kind::Object(schema)
    }
    pub(crate) const fn list(item: &'static Kind, min: u16, max: u16) -> Kind {
        Kind::List { item, min, max }
    }
}
