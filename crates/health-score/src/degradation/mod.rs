//! Slow degradation, seen weeks ahead: sessions in, alarms and remaining life out.

mod baseline;
mod contacts;
mod indicator;
mod monitor;
mod session;
mod signal;
mod track;
mod trend;
mod vote;

pub use contacts::Contacts;
pub use monitor::{Event, Monitor, MonitorError};
pub use session::{ChargerData, ContactorRating, SessionRecord};
pub use signal::{SIGNALS, Signal};
pub use trend::Outlook;
pub use vote::{EnergyVote, VehicleOffsets, Witness};
