//! The code behind the rows of `benches/budgets.toml`: a module per crate.

use crate::HotPath;

/// Every hot path, by the crate's directory name.
pub const ALL: &[(&str, &[HotPath])] = &[];
