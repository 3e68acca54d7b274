//! Active defence: what the charger measures against what the vehicle's battery management reports, several times a second.
//!
//! A [`Guard`] watches one session. It needs nothing from the health score and does not wait for it.

mod agreement;
mod band;
mod guard;
mod progress;

pub use band::{Band, BandLimits, DTW_MOST, SocCurve, warped_distance};
pub use guard::{Action, Alarm, Check, Guard, PackLimits, Sample};
