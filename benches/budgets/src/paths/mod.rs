//! The code behind the rows of `benches/budgets.toml`: a module per crate.

mod gbt27930;
mod health_score;
mod iso15118;
mod load_scheduler;
mod ocpp;
mod tariff;
mod tariff_input;
mod tariff_ocpi;

use crate::HotPath;

/// Every hot path, by the crate's directory name.
pub const ALL: &[(&str, &[HotPath])] = &[
    ("gbt27930", gbt27930::PATHS),
    ("health-score", health_score::PATHS),
    ("iso15118", iso15118::PATHS),
    ("load-scheduler", load_scheduler::PATHS),
    ("ocpp", ocpp::PATHS),
    ("tariff", tariff::PATHS),
    ("tariff", tariff_ocpi::PATHS),
];
