//! Ways to come by weights: pairwise comparison (AHP), spread in the fleet (entropy, CRITIC), order relation (G1),
//! combinations of two, and fuzzy evaluation.

use crate::math;

/// Items of a comparison at most.
pub const MAX_ITEMS: usize = 10;

/// Random index by matrix size from 1; older tables print 0.58 and 0.90 for sizes 3 and 4.
pub const RANDOM_INDEX: [f64; MAX_ITEMS] =
    [0.0, 0.0, 0.52, 0.89, 1.12, 1.26, 1.36, 1.41, 1.46, 1.49];

/// Rounds of the power iteration; fixed, so that the result is the same everywhere.
const ROUNDS: usize = 64;

/// The input makes no weights.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WeightError {
    /// The size is 0, above the most, or the lists differ in length.
    #[error("{actual} entries where {expected} are needed (or 1 to {MAX_ITEMS} for a comparison)")]
    Size {
        /// Entries needed.
        expected: usize,
        /// Entries given.
        actual: usize,
    },
    /// An entry is not a finite number, or not positive where it must be.
    #[error("entry {row}, {column} is {actual}")]
    Entry {
        /// Row, from 0.
        row: u16,
        /// Column, from 0.
        column: u16,
        /// The entry.
        actual: f64,
    },
    /// An entry is not the reciprocal of its mirror.
    #[error("entries {row}, {column} and {column}, {row} are not reciprocal")]
    NotReciprocal {
        /// Row, from 0.
        row: u16,
        /// Column, from 0.
        column: u16,
    },
    /// All weights are zero.
    #[error("all weights are zero")]
    NoWeight,
}

const _: () = assert!(size_of::<WeightError>() <= 32);

/// Weights by pairwise comparison (analytic hierarchy process).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahp {
    weights: [f64; MAX_ITEMS],
    len: usize,
    /// Largest eigenvalue.
    pub lambda_max: f64,
    /// Consistency index, (lambda max - n) / (n - 1).
    pub ci: f64,
    /// Consistency ratio: the index over the random index of that size; 0 for n up to 2.
    pub cr: f64,
}

impl Ahp {
    /// From a square matrix, row by row, whose entry (i, j) says how many times item i matters more than item j.
    ///
    /// # Errors
    /// The matrix is empty, not square, over 10 x 10, or not positive and reciprocal (within one part in a million).
    /// An inconsistent one is no error: see [`Self::is_consistent`].
    pub fn new(matrix: &[f64], n: usize) -> Result<Self, WeightError> {
        if n == 0 || n > MAX_ITEMS || matrix.len() != n * n {
            return Err(WeightError::Size { expected: n * n, actual: matrix.len() });
        }
        let entry =
            |row: usize, column: usize| matrix.get(row * n + column).copied().unwrap_or(0.0);
        for row in 0..n {
            for column in 0..n {
                let (actual, mirrored) = (entry(row, column), entry(column, row));
                let (at_row, at_column) = (short(row), short(column));
                if !(actual > 0.0 && actual.is_finite()) {
                    return Err(WeightError::Entry { row: at_row, column: at_column, actual });
                }
                if !((actual * mirrored - 1.0).abs() <= 1e-6) {
                    return Err(WeightError::NotReciprocal { row: at_row, column: at_column });
                }
            }
        }
        let product = |weights: &[f64; MAX_ITEMS]| -> [f64; MAX_ITEMS] {
            core::array::from_fn(|row| {
                if row >= n {
                    return 0.0;
                }
                (0..n).zip(weights).map(|(column, weight)| entry(row, column) * weight).sum()
            })
        };
        let mut weights: [f64; MAX_ITEMS] =
            core::array::from_fn(|row| f64::from(u8::from(row < n)));
        for _ in 0..ROUNDS {
            weights = product(&weights);
            let sum: f64 = weights.iter().sum();
            weights = weights.map(|weight| weight / sum);
        }
        let size = count(n);
        let ratios = product(&weights).into_iter().zip(weights).take(n).map(|(p, w)| p / w);
        let lambda_max = ratios.sum::<f64>() / size;
        let ci = if n < 2 { 0.0 } else { (lambda_max - size) / (size - 1.0) };
        let random = RANDOM_INDEX.get(n - 1).copied().unwrap_or(0.0);
        let cr = if random > 0.0 { ci / random } else { 0.0 };
        Ok(Self { weights, len: n, lambda_max, ci, cr })
    }

    /// The weights, summing to 1.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        self.weights.get(..self.len).unwrap_or(&[])
    }

    /// Whether the consistency ratio is below 0.1; weights of a matrix that is not should not be used.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        self.cr < 0.1
    }
}

/// Entropy weights of the columns of `data` (`benefit.len()` columns, row by row, a row a charger).
///
/// Writes each column's entropy (1 for a constant one) and weight. They measure the spread in the fleet, not importance: never use them
/// alone for safety items. If every column is constant the weights are `fallback`'s.
///
/// # Errors
/// Lengths differ, fewer than two rows, or an entry is not finite.
pub fn entropy(
    data: &[f64],
    benefit: &[bool],
    fallback: &[f64],
    entropies: &mut [f64],
    weights: &mut [f64],
) -> Result<(), WeightError> {
    let table = Table::new(data, benefit)?;
    table.check_outputs(&[fallback.len(), entropies.len(), weights.len()])?;
    let scale = math::ln(count(table.rows));
    let mut sum = 0.0;
    for (column, (entropy, weight)) in entropies.iter_mut().zip(&mut *weights).enumerate() {
        *entropy = table.entropy(column, scale);
        *weight = 1.0 - *entropy;
        sum += *weight;
    }
    finish(weights, sum, fallback)
}

/// CRITIC weights: spread of a column (standard deviation after min-max normalising) times its conflict with the others
/// (sum of 1 - correlation). Arguments as for [`entropy`].
///
/// # Errors
/// As for [`entropy`].
pub fn critic(
    data: &[f64],
    benefit: &[bool],
    fallback: &[f64],
    weights: &mut [f64],
) -> Result<(), WeightError> {
    let table = Table::new(data, benefit)?;
    table.check_outputs(&[fallback.len(), weights.len()])?;
    let mut sum = 0.0;
    for (column, weight) in weights.iter_mut().enumerate() {
        let spread = math::sqrt(table.covariance(column, column));
        let conflict = (0..benefit.len()).map(|other| {
            let other_spread = math::sqrt(table.covariance(other, other));
            let both = spread * other_spread;
            if both > 0.0 { 1.0 - table.covariance(column, other) / both } else { 1.0 }
        });
        *weight = spread * conflict.sum::<f64>();
        sum += *weight;
    }
    finish(weights, sum, fallback)
}

/// G1 order relation: items in falling importance, `ratios[k]` says how many times item k matters more than item k + 1
/// (1.0 to 1.8 is usual); one ratio fewer than weights.
///
/// # Errors
/// Lengths do not fit, or a ratio is below 1 or not finite.
pub fn order_relation(ratios: &[f64], weights: &mut [f64]) -> Result<(), WeightError> {
    if ratios.len() + 1 != weights.len() {
        return Err(WeightError::Size { expected: ratios.len() + 1, actual: weights.len() });
    }
    let mut weight = 1.0;
    let mut sum = weight;
    if let Some(last) = weights.last_mut() {
        *last = weight;
    }
    let rows = ratios.iter().zip(weights.iter_mut()).enumerate().rev();
    for (row, (ratio, slot)) in rows {
        if !(*ratio >= 1.0 && ratio.is_finite()) {
            return Err(WeightError::Entry { row: short(row), column: 0, actual: *ratio });
        }
        weight *= ratio;
        *slot = weight;
        sum += weight;
    }
    finish(weights, sum, &[])
}

/// Combines two sets of weights by `sqrt(a b)`, normalised.
///
/// # Errors
/// Lengths differ, an entry is negative or not finite, or nothing is left.
pub fn combine_multiplicative(a: &[f64], b: &[f64], out: &mut [f64]) -> Result<(), WeightError> {
    check_pair(a, b, out)?;
    let mut sum = 0.0;
    for ((a, b), slot) in a.iter().zip(b).zip(&mut *out) {
        *slot = math::sqrt(a * b);
        sum += *slot;
    }
    finish(out, sum, &[])
}

/// Combines two sets of weights by `t a + (1 - t) b`; `t` from 0 to 1.
///
/// # Errors
/// As for [`combine_multiplicative`]; `t` outside its range.
pub fn combine_linear(a: &[f64], b: &[f64], t: f64, out: &mut [f64]) -> Result<(), WeightError> {
    check_pair(a, b, out)?;
    if !(0.0..=1.0).contains(&t) {
        return Err(WeightError::Entry { row: 0, column: 0, actual: t });
    }
    for ((a, b), slot) in a.iter().zip(b).zip(&mut *out) {
        *slot = t * a + (1.0 - t) * b;
    }
    Ok(())
}

/// Centres of the five grades of the fuzzy evaluation, best first, in points.
pub const GRADE_CENTRES: [f64; 5] = [95.0, 85.0, 70.0, 50.0, 20.0];

/// Membership of a score in the five grades: triangles between the centres, summing to 1.
#[must_use]
pub fn membership(score: f64) -> [f64; 5] {
    let mut memberships = [0.0; 5];
    let [best, .., worst] = GRADE_CENTRES;
    let bounded = if score.is_nan() { worst } else { score.clamp(worst, best) };
    for (index, pair) in GRADE_CENTRES.windows(2).enumerate() {
        let [upper, lower] = pair else { continue };
        if bounded <= *upper && bounded >= *lower {
            let share = (bounded - lower) / (upper - lower);
            if let Some([high, low]) = memberships.get_mut(index..index + 2) {
                *high = share;
                *low = 1.0 - share;
            }
            break;
        }
    }
    memberships
}

/// Fuzzy evaluation by weighted sum: the grade vector and the score at its centres.
///
/// # Errors
/// Lengths differ, or a weight is negative or not finite.
pub fn fuzzy(scores: &[f64], weights: &[f64]) -> Result<([f64; 5], f64), WeightError> {
    if scores.is_empty() || scores.len() != weights.len() {
        return Err(WeightError::Size { expected: scores.len(), actual: weights.len() });
    }
    let mut grade = [0.0; 5];
    for (row, (score, weight)) in scores.iter().zip(weights).enumerate() {
        if !(*weight >= 0.0 && weight.is_finite()) {
            return Err(WeightError::Entry { row: short(row), column: 0, actual: *weight });
        }
        for (sum, part) in grade.iter_mut().zip(membership(*score)) {
            *sum += weight * part;
        }
    }
    let score = grade.iter().zip(GRADE_CENTRES).map(|(share, centre)| share * centre).sum();
    Ok((grade, score))
}

/// Chargers by items, checked.
struct Table<'a> {
    data: &'a [f64],
    benefit: &'a [bool],
    rows: usize,
}

impl<'a> Table<'a> {
    fn new(data: &'a [f64], benefit: &'a [bool]) -> Result<Self, WeightError> {
        let columns = benefit.len();
        let rows = data.len().checked_div(columns).unwrap_or(0);
        if rows < 2 || rows * columns != data.len() {
            return Err(WeightError::Size {
                expected: (rows + 1).max(2) * columns,
                actual: data.len(),
            });
        }
        for (index, actual) in data.iter().copied().enumerate() {
            if !actual.is_finite() {
                let (row, column) = (short(index / columns), short(index % columns));
                return Err(WeightError::Entry { row, column, actual });
            }
        }
        Ok(Self { data, benefit, rows })
    }

    fn check_outputs(&self, lengths: &[usize]) -> Result<(), WeightError> {
        let expected = self.benefit.len();
        match lengths.iter().find(|length| **length != expected) {
            Some(actual) => Err(WeightError::Size { expected, actual: *actual }),
            None => Ok(()),
        }
    }

    /// The column's entries from 0 (worst) to 1 (best); zeros where all are equal.
    fn normalised(&self, column: usize) -> impl Iterator<Item = f64> + Clone + '_ {
        let entries = self.data.iter().skip(column).step_by(self.benefit.len()).copied();
        let low = entries.clone().fold(f64::INFINITY, f64::min);
        let range = entries.clone().fold(f64::NEG_INFINITY, f64::max) - low;
        let benefit = self.benefit.get(column).copied().unwrap_or(true);
        entries.map(move |entry| {
            let share = if range > 0.0 { (entry - low) / range } else { 0.0 };
            if benefit || range <= 0.0 { share } else { 1.0 - share }
        })
    }

    fn entropy(&self, column: usize, scale: f64) -> f64 {
        let entries = self.normalised(column);
        let sum: f64 = entries.clone().sum();
        if sum <= 0.0 {
            return 1.0;
        }
        let terms = entries.map(|entry| {
            let p = entry / sum;
            if p > 0.0 { p * math::ln(p) } else { 0.0 }
        });
        -terms.sum::<f64>() / scale
    }

    fn covariance(&self, one: usize, other: usize) -> f64 {
        let rows = count(self.rows);
        let mean = |column| self.normalised(column).sum::<f64>() / rows;
        let (a, b) = (mean(one), mean(other));
        let products = self.normalised(one).zip(self.normalised(other));
        products.map(|(x, y)| (x - a) * (y - b)).sum::<f64>() / (rows - 1.0)
    }
}

fn finish(weights: &mut [f64], sum: f64, fallback: &[f64]) -> Result<(), WeightError> {
    // Rounding of a column's entropy leaves at most this much where nothing varies.
    if sum > 1e-12 {
        for weight in weights {
            *weight = f64::max(*weight / sum, 0.0);
        }
        return Ok(());
    }
    if fallback.is_empty() {
        return Err(WeightError::NoWeight);
    }
    for (weight, fallback) in weights.iter_mut().zip(fallback) {
        *weight = *fallback;
    }
    Ok(())
}

fn check_pair(a: &[f64], b: &[f64], out: &[f64]) -> Result<(), WeightError> {
    if a.is_empty() || a.len() != b.len() || a.len() != out.len() {
        return Err(WeightError::Size { expected: a.len(), actual: b.len().min(out.len()) });
    }
    for (column, list) in (0..).zip([a, b]) {
        for (row, actual) in list.iter().copied().enumerate() {
            if !(actual >= 0.0 && actual.is_finite()) {
                return Err(WeightError::Entry { row: short(row), column, actual });
            }
        }
    }
    Ok(())
}

fn short(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows and columns")]
fn count(n: usize) -> f64 {
    n as f64
}
