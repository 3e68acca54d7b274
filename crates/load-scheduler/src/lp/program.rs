//! A linear program as data, and what a backend must do with it.

use alloc::vec::Vec;

/// A variable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Its weight in the objective, which is minimised.
    pub cost: f64,
    /// Lowest value; finite.
    pub lower: f64,
    /// Highest value; may be infinite.
    pub upper: f64,
    /// Whether it is 0 or 1 and nothing between.
    pub is_binary: bool,
}

/// How a row compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// At most.
    AtMost,
    /// Exactly.
    Exactly,
    /// At least.
    AtLeast,
}

/// A condition on a weighted sum of variables.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Columns and weights; no column twice.
    pub entries: Vec<(usize, f64)>,
    /// How the sum compares with `bound`.
    pub comparison: Comparison,
    /// The right-hand side.
    pub bound: f64,
}

/// A linear program to minimise. Built from integers of a validated problem, so every number in it is finite (but for
/// upper bounds that are not there).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinearProgram {
    /// The variables.
    pub columns: Vec<Column>,
    /// The conditions.
    pub rows: Vec<Row>,
}

impl LinearProgram {
    /// Adds a variable and returns its index.
    pub fn column(&mut self, cost: f64, lower: f64, upper: f64) -> usize {
        self.columns.push(Column { cost, lower, upper, is_binary: false });
        self.columns.len() - 1
    }

    /// Adds a variable that is 0 or 1, and returns its index.
    pub fn binary(&mut self) -> usize {
        self.columns.push(Column { cost: 0.0, lower: 0.0, upper: 1.0, is_binary: true });
        self.columns.len() - 1
    }

    /// Adds a condition; one without variables is left out.
    pub fn row(&mut self, entries: Vec<(usize, f64)>, comparison: Comparison, bound: f64) {
        if !entries.is_empty() {
            self.rows.push(Row { entries, comparison, bound });
        }
    }

    /// Whether some variable is 0 or 1 and nothing between.
    #[must_use]
    pub fn has_binaries(&self) -> bool {
        self.columns.iter().any(|column| column.is_binary)
    }
}

/// What a backend found.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The value of every column.
    pub values: Vec<f64>,
    /// Whether the backend says that no point is better.
    pub is_optimal: bool,
}

/// Why a backend found nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No point meets all conditions.
    Infeasible,
    /// It gave up: its work budget ran out, or its numbers failed.
    GaveUp,
}

/// A solver of linear programs.
///
/// Nothing it says is believed: the plan made of its point passes the independent check, or is withheld.
pub trait Backend {
    /// Its name, for reports.
    fn name(&self) -> &'static str;

    /// The most columns it should be given; its work budget, as neither simplex here can be stopped after so many pivots.
    fn max_columns(&self) -> usize;

    /// The most binary columns it should be given; 0 if it cannot.
    fn max_binaries(&self) -> usize;

    /// Minimises.
    ///
    /// # Errors
    /// [`Failure`].
    fn minimise(&self, program: &LinearProgram) -> Result<Point, Failure>;

    /// Minimises a program whose rows are found on the way: `cuts` is shown the best point under the rows so far and gives
    /// rows that it breaks; none where the point is good, or to end the search.
    ///
    /// This starts anew each time; a backend that can go on from its last point should.
    ///
    /// # Errors
    /// [`Failure`].
    fn minimise_with_cuts(
        &self,
        program: &LinearProgram,
        cuts: &mut dyn FnMut(&Point) -> Vec<Row>,
    ) -> Result<Point, Failure> {
        let mut program = program.clone();
        loop {
            let point = self.minimise(&program)?;
            let mut rows = cuts(&point);
            if rows.is_empty() {
                return Ok(point);
            }
            program.rows.append(&mut rows);
        }
    }
}
