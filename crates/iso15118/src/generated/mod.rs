//! The type tables, one module per schema set, written by `cargo run -p evse-iso15118-codegen`.
#![allow(unreachable_pub, reason = "re-exported by `message`")]

#[cfg(feature = "handshake")]
pub mod app_protocol;
#[cfg(feature = "din70121")]
pub mod din70121;
#[cfg(feature = "iso2")]
pub mod iso15118_2;
#[cfg(feature = "iso20-ac")]
pub mod iso20_ac;
#[cfg(feature = "iso20-acdp")]
pub mod iso20_acdp;
#[cfg(feature = "iso20")]
pub mod iso20_common;
#[cfg(feature = "iso20-dc")]
pub mod iso20_dc;
#[cfg(any(
    feature = "iso20",
    feature = "iso20-ac",
    feature = "iso20-dc",
    feature = "iso20-wpt",
    feature = "iso20-acdp"
))]
pub mod iso20_types;
#[cfg(feature = "iso20-wpt")]
pub mod iso20_wpt;
#[cfg(feature = "xmldsig")]
pub mod xmldsig;
