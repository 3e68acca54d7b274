//! The code behind the rows of `benches/budgets.toml`: a module per crate.

mod load_scheduler;
mod tariff;
mod ocpp;

use crate::HotPath;

/// Every hot path, by the crate's directory name.
pub const ALL: &[(&str, &[HotPath])] =
    &[("load-scheduler", load_scheduler::PATHS), ("tariff", tariff::PATHS)];
pub const ALL: &[(&str, &[HotPath])] = &[("ocpp", ocpp::PATHS)];
