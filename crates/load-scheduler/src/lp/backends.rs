//! The two simplexes behind the trait.

use alloc::vec::Vec;

use super::program::{Backend, Comparison, Failure, LinearProgram, Point, Row};

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
        self.minimise_with_cuts(program, &mut |_| Vec::new())
    }

    fn minimise_with_cuts(
        &self,
        program: &LinearProgram,
        cuts: &mut dyn FnMut(&Point) -> Vec<Row>,
    ) -> Result<Point, Failure> {
        use minilp::{ComparisonOp, Error, OptimizationDirection, Problem};
        let comparison = |row: &Row| match row.comparison {
            Comparison::AtMost => ComparisonOp::Le,
            Comparison::Exactly => ComparisonOp::Eq,
            Comparison::AtLeast => ComparisonOp::Ge,
        };
        let mut lp = Problem::new(OptimizationDirection::Minimize);
        let columns: Vec<_> =
            program.columns.iter().map(|c| lp.add_var(c.cost, (c.lower, c.upper))).collect();
        for row in &program.rows {
            lp.add_constraint(entries(&columns, row), comparison(row), row.bound);
        }
        let solved = |result: Result<minilp::Solution, Error>| {
            result.map_err(|error| match error {
                Error::Infeasible => Failure::Infeasible,
                Error::Unbounded => Failure::GaveUp,
            })
        };
        unpanicked(|| {
            let point = |solution: &minilp::Solution| {
                let values = columns.iter().map(|v| solution[*v]).collect();
                Point { values, is_optimal: true }
            };
            let add = |solution: minilp::Solution, row: &Row| {
                let entries = entries(&columns, row);
                solved(solution.add_constraint(entries, comparison(row), row.bound))
            };
            follow(solved(lp.solve())?, point, add, cuts)
        })
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
        self.minimise_with_cuts(program, &mut |_| Vec::new())
    }

    fn minimise_with_cuts(
        &self,
        program: &LinearProgram,
        cuts: &mut dyn FnMut(&Point) -> Vec<Row>,
    ) -> Result<Point, Failure> {
        use microlp::{
            ComparisonOp, Error, OptimizationDirection, Problem, Solution, SolutionStatus,
            SolveOptions, SolveOutcome,
        };
        let comparison = |row: &Row| match row.comparison {
            Comparison::AtMost => ComparisonOp::Le,
            Comparison::Exactly => ComparisonOp::Eq,
            Comparison::AtLeast => ComparisonOp::Ge,
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
            lp.add_constraint(entries(&columns, row), comparison(row), row.bound);
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(self.max_nodes);
        let solved = |result: Result<SolveOutcome, Error>| match result {
            Ok(outcome) => outcome.into_solution().map_err(|_| Failure::GaveUp),
            Err(Error::Infeasible) => Err(Failure::Infeasible),
            Err(_) => Err(Failure::GaveUp),
        };
        unpanicked(|| {
            let point = |solution: &Solution| {
                let values = columns.iter().map(|v| solution.var_value(*v)).collect();
                let is_optimal = matches!(solution.status(), SolutionStatus::Optimal);
                Point { values, is_optimal }
            };
            let add = |solution: Solution, row: &Row| {
                let entries = entries(&columns, row);
                solved(solution.add_constraint(entries, comparison(row), row.bound))
            };
            follow(solved(lp.solve_with(options))?, point, add, cuts)
        })
    }
}

/// A row's weights with the solver's own variables.
fn entries<V: Copy>(columns: &[V], row: &Row) -> Vec<(V, f64)> {
    row.entries
        .iter()
        .filter_map(|(column, weight)| Some((*columns.get(*column)?, *weight)))
        .collect()
}

/// Adds rows to what is solved until `cuts` has none for its point.
fn follow<S>(
    mut solved: S,
    point: impl Fn(&S) -> Point,
    add: impl Fn(S, &Row) -> Result<S, Failure>,
    cuts: &mut dyn FnMut(&Point) -> Vec<Row>,
) -> Result<Point, Failure> {
    loop {
        let point = point(&solved);
        if !point.values.iter().all(|value| value.is_finite()) {
            return Err(Failure::GaveUp);
        }
        let rows = cuts(&point);
        if rows.is_empty() {
            return Ok(point);
        }
        for row in &rows {
            solved = add(solved, row)?;
        }
    }
}

/// Both simplexes unwrap here and there, on a singular basis for one; that must not take the caller down.
fn unpanicked(search: impl FnOnce() -> Result<Point, Failure>) -> Result<Point, Failure> {
    std::panic::catch_unwind(core::panic::AssertUnwindSafe(search)).unwrap_or(Err(Failure::GaveUp))
}
