//! What a station keeps beside its transactions, as pure data without a heap: who may charge, the pieces of a
//! device-model report, signed meter values.

mod authorization;
#[cfg(feature = "alloc")]
mod device_model;
mod ocmf;
mod report;

pub use authorization::{
    AuthorizationCache, Decision, Entry, ListError, LocalList, OfflineRules, Status, TokenKey,
    decide,
};
#[cfg(feature = "alloc")]
#[cfg_attr(docsrs, doc(cfg(feature = "alloc")))]
pub use device_model::{DeviceModel, Variable, VariableKey};
pub use ocmf::{Ocmf, OcmfError, OcmfReading};
pub use report::{PartOutcome, ReportParts, same_name};
