//! The dual of a linear program, as a program of its own: for the prices of its rows, which the simplexes here do not tell.

use alloc::vec::Vec;

use super::program::{Comparison, LinearProgram, Point, Row};

/// The dual of a program without binary columns.
///
/// With `x = lower + x'` the program is `min c·x', A x' (≤ = ≥) b - A·lower, 0 ≤ x' ≤ upper - lower`. Its dual, turned
/// into a minimum, has a column for every row (two for an equality, as columns have a finite lower bound), one for every
/// upper bound, and a row for every column.
pub(super) struct Dual {
    pub(super) program: LinearProgram,
    /// Per row of the primal: the columns whose values add to its price, with their signs.
    prices: Vec<(usize, f64)>,
    /// The second column of an equality, whose value counts negative.
    against: Vec<Option<usize>>,
    /// What the primal's objective has beside the negative of this one's: the cost of all lower bounds.
    at_lower: f64,
}

impl Dual {
    pub(super) fn of(primal: &LinearProgram) -> Self {
        let mut program = LinearProgram::default();
        let mut entries: Vec<Vec<(usize, f64)>> = alloc::vec![Vec::new(); primal.columns.len()];
        let (mut prices, mut against) = (Vec::new(), Vec::new());
        for row in &primal.rows {
            let lowers = row.entries.iter().map(|(column, weight)| {
                primal.columns.get(*column).map_or(0.0, |column| column.lower * weight)
            });
            let bound = row.bound - lowers.sum::<f64>();
            let sign = if row.comparison == Comparison::AtMost { -1.0 } else { 1.0 };
            let mut side = |sign: f64| {
                let price = program.column(-sign * bound, 0.0, f64::INFINITY);
                for (column, weight) in &row.entries {
                    if let Some(entries) = entries.get_mut(*column) {
                        entries.push((price, sign * weight));
                    }
                }
                price
            };
            prices.push((side(sign), sign));
            against.push((row.comparison == Comparison::Exactly).then(|| side(-sign)));
        }
        let mut at_lower = 0.0;
        for (column, mut entries) in primal.columns.iter().zip(entries) {
            at_lower += column.cost * column.lower;
            if column.upper.is_finite() {
                let room = column.upper - column.lower;
                entries.push((program.column(room, 0.0, f64::INFINITY), -1.0));
            }
            program.row(entries, Comparison::AtMost, column.cost);
        }
        Self { program, prices, against, at_lower }
    }

    /// The row that one more column of the primal, at least zero, means.
    pub(super) fn row_of(&self, cost: f64, entries: &[(usize, f64)]) -> Row {
        let mut row = Vec::with_capacity(2 * entries.len());
        for (of, weight) in entries {
            let Some(((price, sign), against)) = self.prices.get(*of).zip(self.against.get(*of))
            else {
                continue;
            };
            row.push((*price, sign * weight));
            row.extend(against.map(|against| (against, -sign * weight)));
        }
        Row { entries: row, comparison: Comparison::AtMost, bound: cost }
    }

    /// The price of every row of the primal: by how much its optimum grows with the row's bound.
    pub(super) fn prices(&self, point: &Point) -> Vec<f64> {
        let value = |column: usize| point.values.get(column).copied().unwrap_or(0.0);
        let pairs = self.prices.iter().zip(&self.against);
        pairs
            .map(|((column, sign), against)| sign * (value(*column) - against.map_or(0.0, value)))
            .collect()
    }

    /// The dual objective: the primal's optimum, if the point is optimal.
    pub(super) fn objective(&self, point: &Point) -> f64 {
        let columns = self.program.columns.iter().zip(&point.values);
        self.at_lower - columns.map(|(column, value)| column.cost * value).sum::<f64>()
    }
}

#[cfg(all(test, feature = "minilp", feature = "microlp"))]
mod tests {
    use super::super::{Backend, Column, Failure, Microlp, Minilp};
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// A program with a point that meets all its conditions, and with an optimum: what has no upper bound costs something.
    fn program(random: &mut ChaCha8Rng) -> LinearProgram {
        let mut program = LinearProgram::default();
        let mut inside = Vec::new();
        for _ in 0..random.random_range(1..12) {
            let lower = f64::from(random.random_range(-5i32..5));
            let value = lower + f64::from(random.random_range(0i32..6));
            let cost = f64::from(random.random_range(-9i32..10));
            let upper = if cost >= 0.0 && random.random_bool(0.5) {
                f64::INFINITY
            } else {
                value + f64::from(random.random_range(0i32..4))
            };
            program.column(cost, lower, upper);
            inside.push(value);
        }
        for _ in 0..random.random_range(0..10) {
            let (mut entries, mut sum) = (Vec::new(), 0.0);
            for (column, value) in inside.iter().enumerate() {
                let weight = f64::from(random.random_range(-4i32..5));
                if random.random_bool(0.5) && weight != 0.0 {
                    entries.push((column, weight));
                    sum += weight * value;
                }
            }
            let room = f64::from(random.random_range(0i32..5));
            match random.random_range(0..3) {
                0 => program.row(entries, Comparison::AtMost, sum + room),
                1 => program.row(entries, Comparison::AtLeast, sum - room),
                _ => program.row(entries, Comparison::Exactly, sum),
            }
        }
        program
    }

    fn cost(program: &LinearProgram, point: &Point) -> f64 {
        let columns = program.columns.iter().zip(&point.values);
        columns.map(|(column, value)| column.cost * value).sum()
    }

    /// Goes on from its last point only as the trait does by itself.
    struct FromStart(Microlp);

    impl Backend for FromStart {
        fn name(&self) -> &'static str {
            "from the start"
        }
        fn max_columns(&self) -> usize {
            self.0.max_columns()
        }
        fn max_binaries(&self) -> usize {
            0
        }
        fn minimise(&self, program: &LinearProgram) -> Result<Point, Failure> {
            self.0.minimise(program)
        }
    }

    #[test]
    fn the_dual_has_the_optimum_of_the_program() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        for case in 0..2_000 {
            let primal = program(&mut random);
            let dual = Dual::of(&primal);
            for backend in &[&Minilp::default() as &dyn Backend, &Microlp::default()] {
                let best = cost(&primal, &backend.minimise(&primal).unwrap());
                let point = backend.minimise(&dual.program).unwrap();
                let found = dual.objective(&point);
                assert!((best - found).abs() < 1e-6, "{case}, {}: {best}, {found}", backend.name());
                // The same, summed over the rows at their prices and over the columns at what is left of their costs.
                let prices = dual.prices(&point);
                let mut lagrange: f64 =
                    primal.rows.iter().zip(&prices).map(|(row, price)| row.bound * price).sum();
                for (index, Column { cost, lower, upper, .. }) in primal.columns.iter().enumerate()
                {
                    let rows = primal.rows.iter().zip(&prices);
                    let paid = rows.flat_map(|(row, price)| {
                        row.entries.iter().filter(|(c, _)| *c == index).map(move |(_, w)| w * price)
                    });
                    let left = cost - paid.sum::<f64>();
                    let bound = if left.abs() < 1e-9 || left > 0.0 { *lower } else { *upper };
                    lagrange += if left.abs() < 1e-9 { 0.0 } else { left * bound };
                }
                assert!((best - lagrange).abs() < 1e-6, "{case}: {best}, {lagrange}");
            }
        }
    }

    #[test]
    fn a_column_more_is_a_row_more_of_the_dual() {
        let mut random = ChaCha8Rng::seed_from_u64(2);
        for case in 0..500 {
            let mut primal = program(&mut random);
            let dual = Dual::of(&primal);
            let mut more = Vec::new();
            for _ in 0..3 {
                let entries: Vec<(usize, f64)> = (0..primal.rows.len())
                    .map(|row| (row, f64::from(random.random_range(-3i32..4))))
                    .filter(|(_, weight)| *weight != 0.0)
                    .collect();
                // Dear enough never to be worth an infinite amount.
                more.push((f64::from(random.random_range(0i32..400)) + 100.0, entries));
            }
            let rows: Vec<Row> = more.iter().map(|(cost, e)| dual.row_of(*cost, e)).collect();
            for (cost, entries) in &more {
                let column = primal.column(*cost, 0.0, f64::INFINITY);
                for (row, weight) in entries {
                    if let Some(row) = primal.rows.get_mut(*row) {
                        row.entries.push((column, *weight));
                    }
                }
            }
            let whole = Dual::of(&primal).program;
            let (minilp, microlp) = (Minilp::default(), Microlp::default());
            for backend in [&minilp as &dyn Backend, &microlp, &FromStart(microlp)] {
                let mut left = rows.clone();
                let mut cuts = |_: &Point| left.pop().into_iter().collect();
                let found = backend.minimise_with_cuts(&dual.program, &mut cuts);
                let Ok(expected) = backend.minimise(&whole) else {
                    assert!(found.is_err(), "{case}");
                    continue;
                };
                let (found, expected) =
                    (cost(&dual.program, &found.unwrap()), cost(&whole, &expected));
                assert!((found - expected).abs() < 1e-6, "{case}: {found}, {expected}");
            }
        }
    }
}
