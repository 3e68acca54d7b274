//! The code behind the rows of `benches/budgets.toml`: a module per crate.

mod tariff;

use crate::HotPath;

/// Every hot path, by the crate's directory name.
pub const ALL: &[(&str, &[HotPath])] = &[("tariff", tariff::PATHS)];
