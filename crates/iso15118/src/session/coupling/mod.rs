//! What charger and vehicle tell each other where nobody plugs in a cable: wireless power transfer (WPT) and automated
//! connection devices (ACDP) of ISO 15118-20. The enumerations are those of the schemas.
//!
//! The order of these messages is in no public document whole. An open implementation has the positioning of ACDP between
//! `SessionSetup` and `AuthorizationSetup`, which excerpts of the standard on the web confirm; from these, too, is that WPT
//! finds its place and pairs there, that alignment is checked after the schedule, and that an automated connection device
//! connects then. [`order::ISO20`](super::order::ISO20) follows them.

#[cfg(feature = "iso20-acdp")]
mod acdp;
#[cfg(feature = "iso20-wpt")]
mod wpt;

#[cfg(feature = "iso20-acdp")]
pub use acdp::{AcdpHeard, AcdpVehicle, Contact, Place, SystemStatus};
#[cfg(feature = "iso20-wpt")]
pub use wpt::{
    Placing, WptCharger, WptDemand, WptHeard, WptLimits, WptMethods, WptPresent, WptStep,
    WptVehicle,
};
