//! The code behind the rows of `benches/budgets.toml`: a module per crate.

mod iso15118;
mod load_scheduler;
mod tariff;

use crate::HotPath;

/// Every hot path, by the crate's directory name.
pub const ALL: &[(&str, &[HotPath])] = &[
    ("iso15118", iso15118::PATHS),
    ("load-scheduler", load_scheduler::PATHS),
    ("tariff", tariff::PATHS),
];
