//! The two simplexes behind the trait.

use alloc::vec::Vec;

use super::program::{Backend, Comparison, Failure, LinearProgram, Point};

/// The simplex of `minilp` 0.2: real variables only; small programs.
///
/// It computes in doubles, cannot be stopped, and can take minutes on a few thousand columns with many ties.
#[cfg(feature = "minilp")]
#[derive(Debug, Clone, Copy)]
pub struct Minilp {
    /// See [`Backend::max_columns`].
    pub max_columns: usize,
}

#[cfg(feature = "minilp")]
impl Default for Minilp {
    fn default() -> Self {
        Self { max_columns: super::MAX_VARIABLES }
    }
}

#[cfg(feature = "minilp")]
impl Backend for Minilp {
    fn name(&self) -> &'static str {
        "minilp"
    }

    fn max_columns(&self) -> usize {
        self.max_columns
    }

    fn max_binaries(&self) -> usize {
        0
    }

    fn minimise(&self, program: &LinearProgram) -> Result<Point, Failure> {
        use minilp::{ComparisonOp, Error, OptimizationDirection, Problem};
        let mut lp = Problem::new(OptimizationDirection::Minimize);
        let columns: Vec<_> =
            program.columns.iter().map(|c| lp.add_var(c.cost, (c.lower, c.upper))).collect();
        for row in &program.rows {
            let comparison = match row.comparison {
                Comparison::AtMost => ComparisonOp::Le,
                Comparison::Exactly => ComparisonOp::Eq,
                Comparison::AtLeast => ComparisonOp::Ge,
            };
            let entries = row.entries.iter().filter_map(|(i, v)| Some((*columns.get(*i)?, *v)));
            lp.add_constraint(entries.collect::<Vec<_>>().as_slice(), comparison, row.bound);
        }
        // It unwraps on a singular basis; that must not take the caller down.
        let solved = std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| lp.solve()));
        match solved {
            Ok(Ok(solution)) => {
                let values = columns.iter().map(|v| solution[*v]).collect();
                finite(Point { values, is_optimal: true })
            }
            Ok(Err(Error::Infeasible)) => Err(Failure::Infeasible),
            Ok(Err(Error::Unbounded)) | Err(_) => Err(Failure::GaveUp),
        }
    }
}

/// The simplex of `microlp` 0.7, with branch and bound for binary variables.
#[cfg(feature = "microlp")]
#[derive(Debug, Clone, Copy)]
pub struct Microlp {
    /// See [`Backend::max_columns`].
    pub max_columns: usize,
    /// See [`Backend::max_binaries`].
    pub max_binaries: usize,
    /// Nodes of the branch and bound after which it gives what it has.
    pub max_nodes: u64,
}

#[cfg(feature = "microlp")]
impl Default for Microlp {
    fn default() -> Self {
        Self { max_columns: 60_000, max_binaries: 1_000, max_nodes: 2_000 }
    }
}

#[cfg(feature = "microlp")]
impl Backend for Microlp {
    fn name(&self) -> &'static str {
        "microlp"
    }

    fn max_columns(&self) -> usize {
        self.max_columns
    }

    fn max_binaries(&self) -> usize {
        self.max_binaries
    }

    fn minimise(&self, program: &LinearProgram) -> Result<Point, Failure> {
        use microlp::{
            ComparisonOp, Error, OptimizationDirection, Problem, SolutionStatus, SolveOptions,
        };
        let mut lp = Problem::new(OptimizationDirection::Minimize);
        let columns: Vec<_> = program
            .columns
            .iter()
            .map(|column| {
                if column.is_binary {
                    lp.add_binary_var(column.cost)
                } else {
                    lp.add_var(column.cost, (column.lower, column.upper))
                }
            })
            .collect();
        for row in &program.rows {
            let comparison = match row.comparison {
                Comparison::AtMost => ComparisonOp::Le,
                Comparison::Exactly => ComparisonOp::Eq,
                Comparison::AtLeast => ComparisonOp::Ge,
            };
            let entries = row.entries.iter().filter_map(|(i, v)| Some((*columns.get(*i)?, *v)));
            lp.add_constraint(entries.collect::<Vec<_>>().as_slice(), comparison, row.bound);
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(self.max_nodes);
        let solved =
            std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| lp.solve_with(options)));
        match solved {
            Ok(Ok(outcome)) => {
                let solution = outcome.into_solution().map_err(|_| Failure::GaveUp)?;
                let values = columns.iter().map(|v| solution.var_value(*v)).collect();
                let is_optimal = matches!(solution.status(), SolutionStatus::Optimal);
                finite(Point { values, is_optimal })
            }
            Ok(Err(Error::Infeasible)) => Err(Failure::Infeasible),
            Ok(Err(_)) | Err(_) => Err(Failure::GaveUp),
        }
    }
}

fn finite(point: Point) -> Result<Point, Failure> {
    if point.values.iter().all(|value| value.is_finite()) {
        Ok(point)
    } else {
        Err(Failure::GaveUp)
    }
}
