//! The messages, one module per schema set: `decode`, `encode`, `encoded_len`, the message types, and in `element` the
//! roots of fragments.

macro_rules! set_module {
    ($(#[$meta:meta])* $feature:literal $name:ident: $generated:ident, $family:ident $(<$lt:lifetime>)?, $only:expr) => {
        $(#[$meta])*
        #[cfg(feature = $feature)]
        pub mod $name {
            pub use crate::generated::$generated::*;
            crate::set::documents!(
                crate::generated::$generated::ROOTS, $family $(<$lt>)?, $only
            );
        }
    };
}

set_module! {
    /// The handshake that chooses a protocol.
    "handshake" app_protocol: app_protocol, Message<'static>, None
}
set_module! {
    /// DIN SPEC 70121.
    "din70121" din70121: din70121, V2gMessage<'static>, Some(77)
}
set_module! {
    /// ISO 15118-2.
    "iso2" iso2: iso15118_2, V2gMessage<'static>, Some(76)
}
set_module! {
    /// ISO 15118-20, messages of all energy transfer modes.
    "iso20" iso20: iso20_common, Message<'static>, None
}
set_module! {
    /// ISO 15118-20, AC.
    "iso20-ac" iso20_ac: iso20_ac, Message<'static>, None
}
set_module! {
    /// ISO 15118-20, DC.
    "iso20-dc" iso20_dc: iso20_dc, Message<'static>, None
}
set_module! {
    /// ISO 15118-20, wireless power transfer.
    "iso20-wpt" iso20_wpt: iso20_wpt, Message<'static>, None
}
set_module! {
    /// ISO 15118-20, automated connection devices.
    "iso20-acdp" iso20_acdp: iso20_acdp, Message<'static>, None
}

/// XML Signature.
#[cfg(feature = "xmldsig")]
pub use crate::generated::xmldsig;

/// Types that several schema sets of ISO 15118-20 share.
#[cfg(any(
    feature = "iso20",
    feature = "iso20-ac",
    feature = "iso20-dc",
    feature = "iso20-wpt",
    feature = "iso20-acdp"
))]
pub use crate::generated::iso20_types;

// Small enough for a task's stack; what is larger stays in the octets behind a `View`.
#[cfg(feature = "iso2")]
const _: () = assert!(size_of::<iso2::V2gMessage<'_>>() <= 256);
#[cfg(feature = "iso20")]
const _: () = assert!(size_of::<iso20::Message<'_>>() <= 384);
