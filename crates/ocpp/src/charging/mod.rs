//! Smart charging: profiles as installed, the store that installs them, and the composite schedule they come to.
//!
//! Source: OCPP 1.6 edition 2 section 3.13 with errata; OCPP 2.0.1 and 2.1 part 2, functional block K; V2X from 2.1
//! functional block Q.

mod combine;
mod compose;
mod profile;
mod store;

pub use compose::{
    ComposeError, CompositePeriod, CompositeRequest, Cursor, Evse, Summary, ZoneOffset, compose,
    scratch_len,
};
pub use profile::{
    LimitAtSoc, Micro, Period, Profile, ProfileError, ProfileKind, Purpose, RateUnit, Rates,
    Recurrence,
};
pub use store::{ClearFilter, InstallError, Installed, ProfileStore};
