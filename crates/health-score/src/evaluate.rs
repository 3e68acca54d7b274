//! The reference score v1: variable-weight mean, confidence, interval, vetoes, and where every lost point went.

use core::ops::Range;

use crate::item::{Category, ITEMS, Item, STANDARD_ITEMS};
use crate::math;
use crate::params::Model;

/// Score and confidence of one item, as the evaluation takes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assessment {
    score: f64,
    confidence: f64,
}

impl Assessment {
    /// `score` in 0 ..= 100 points, `confidence` in 0 ..= 1 (0: not assessed); `None` outside.
    #[must_use]
    pub fn new(score: f64, confidence: f64) -> Option<Self> {
        let legal = (0.0..=100.0).contains(&score) && (0.0..=1.0).contains(&confidence);
        legal.then_some(Self { score, confidence })
    }

    /// Points, 0 ..= 100.
    #[must_use]
    pub const fn score(self) -> f64 {
        self.score
    }

    /// 0 ..= 1.
    #[must_use]
    pub const fn confidence(self) -> f64 {
        self.confidence
    }
}

/// The assessments of one charger by item; what is missing is not assessed.
///
/// Scores and confidences lie apart from each other, so that the evaluation works on several items at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assessments {
    /// In the order of [`Item::ALL`].
    scores: [f64; ITEMS],
    /// 0 stands for 'not assessed'.
    confidences: [f64; ITEMS],
}

impl Assessments {
    /// Nothing assessed yet.
    pub const NONE: Self = Self { scores: [100.0; ITEMS], confidences: [0.0; ITEMS] };

    /// Scores and confidences of all items at once; the caller keeps both in their ranges.
    pub(crate) const fn columns_mut(&mut self) -> (&mut [f64; ITEMS], &mut [f64; ITEMS]) {
        (&mut self.scores, &mut self.confidences)
    }

    /// Sets or removes the assessment of an item.
    pub fn set(&mut self, item: Item, assessment: Option<Assessment>) {
        let Assessment { score, confidence } =
            assessment.unwrap_or(Assessment { score: 100.0, confidence: 0.0 });
        let index = item.index();
        let slots = (self.scores.get_mut(index), self.confidences.get_mut(index));
        if let (Some(score_slot), Some(confidence_slot)) = slots {
            (*score_slot, *confidence_slot) = (score, confidence);
        }
    }

    /// The assessment of an item, `None` if it is not assessed or its confidence is 0.
    #[must_use]
    pub fn get(&self, item: Item) -> Option<Assessment> {
        let (score, confidence) =
            (*self.scores.get(item.index())?, *self.confidences.get(item.index())?);
        (confidence > 0.0).then_some(Assessment { score, confidence })
    }
}

/// A cap on the score, because of what no mean may hide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Veto {
    /// Highest score while this is active, 0 ..= 100 points.
    pub cap: f64,
    /// Why, for the reader of the result.
    pub reason: &'static str,
}

impl Veto {
    /// A safety fault is present: welded contactor, protective earth broken, smoke, cut cable, malicious code.
    pub const SAFETY: Self = Self { cap: 0.0, reason: "safety fault" };
    /// Insulation at or below 100 ohm/V, water, tilt, ground fault.
    pub const ISOLATION: Self = Self { cap: 20.0, reason: "isolation or ingress fault" };
    /// Out of service but safe.
    pub const OUT_OF_SERVICE: Self = Self { cap: 39.0, reason: "out of service" };
    /// One function is lost.
    pub const FUNCTION_LOST: Self = Self { cap: 59.0, reason: "one function lost" };
    /// Works, but worse.
    pub const DEGRADED: Self = Self { cap: 80.0, reason: "degraded" };

    fn legal_cap(&self) -> f64 {
        // A cap that is no number must not lift a veto.
        if self.cap.is_nan() { 0.0 } else { self.cap.clamp(0.0, 100.0) }
    }
}

/// The result for one charger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation {
    /// Final score, 0 ..= 100 points; `None` when nothing is assessed.
    pub score: Option<f64>,
    /// The mean before vetoes.
    pub uncapped: Option<f64>,
    /// What the score could be if everything not assessed were as bad, or as good, as can be; vetoes applied.
    pub interval: Option<(f64, f64)>,
    /// Share of the weight that is assessed, 0 ..= 1.
    pub confidence: f64,
    /// Points lost to vetoes: mean minus score.
    pub lost_to_veto: f64,
    /// [`Model::fingerprint`] of the parameters.
    pub model: u64,
    categories: [f64; 4],
    lost: [f64; ITEMS],
}

/// Marks an absent entry of the arrays; no score or loss is negative.
const ABSENT: f64 = -1.0;

/// An item or a category with less weight than this is as good as not assessed; it keeps quotients finite.
const LEAST_WEIGHT: f64 = 1e-12;

fn present(value: f64) -> Option<f64> {
    (value >= 0.0).then_some(value)
}

impl Evaluation {
    /// Mean of a category, `None` if nothing of it is assessed.
    #[must_use]
    pub fn category(&self, category: Category) -> Option<f64> {
        self.categories.get(category.index()).copied().and_then(present)
    }

    /// Points of the charger's 100 lost to an item, `None` if it is not assessed. All of these and
    /// [`Self::lost_to_veto`] sum to 100 minus the score.
    #[must_use]
    pub fn lost(&self, item: Item) -> Option<f64> {
        self.lost.get(item.index()).copied().and_then(present)
    }

    /// Sets score and interval from the mean and the vetoes.
    fn cap(&mut self, mean: f64, vetoes: &[Veto]) {
        let cap = vetoes.iter().map(Veto::legal_cap).fold(100.0, f64::min);
        let score = f64::min(mean, cap);
        let low = mean * self.confidence;
        let high = low + 100.0 * (1.0 - self.confidence);
        self.uncapped = Some(mean);
        self.score = Some(score);
        self.interval = Some((f64::min(low, score), math::between(high, mean, 100.0).min(cap)));
        self.lost_to_veto = mean - score;
    }

    /// Points lost by every item, negative where it is not assessed.
    pub(crate) const fn losses(&self) -> &[f64; ITEMS] {
        &self.lost
    }

    /// The `N` items that cost most, most first; ties in the order of [`Item::ALL`]. Items that cost nothing are left out.
    #[must_use]
    pub fn worst<const N: usize>(&self) -> [Option<(Item, f64)>; N] {
        let mut worst: [Option<(Item, f64)>; N] = [None; N];
        for (item, lost) in Item::ALL.into_iter().zip(self.lost).filter(|(_, lost)| *lost > 0.0) {
            let mut moved = Some((item, lost));
            for slot in &mut worst {
                let worse = match (&moved, &*slot) {
                    (Some(new), Some(old)) => new.1 > old.1,
                    (Some(_), None) => true,
                    (None, _) => break,
                };
                if worse {
                    core::mem::swap(slot, &mut moved);
                }
            }
        }
        worst
    }
}

/// The variable-weight mean: raw weights `r`, scores `s`, weights `r * max(s, floor)^(alpha - 1)`.
struct VariableWeight {
    exponent: f64,
    floor: f64,
}

/// What the mean is made of: by item first, by category then.
struct Weighed<const N: usize> {
    /// Weight times confidence; 0 where that is as good as nothing.
    raw: [f64; N],
    /// The variable weights.
    shares: [f64; N],
    /// Variable weight times score.
    products: [f64; N],
}

impl<const N: usize> Weighed<N> {
    const NONE: Self = Self { raw: [0.0; N], shares: [0.0; N], products: [0.0; N] };

    /// The sums over the items of each category.
    fn by_category(&self) -> Weighed<4> {
        let sum = |column: &[f64; N], range: Range<usize>| -> f64 {
            column.get(range).unwrap_or(&[]).iter().sum()
        };
        let mut sums = Weighed {
            raw: Item::STANDARD_RANGES.map(|range| sum(&self.raw, range)),
            shares: Item::STANDARD_RANGES.map(|range| sum(&self.shares, range)),
            products: Item::STANDARD_RANGES.map(|range| sum(&self.products, range)),
        };
        for (at, category) in Item::EXTRAS {
            let columns = (self.raw.get(at), self.shares.get(at), self.products.get(at));
            if let (Some(raw), Some(share), Some(product)) = columns
                && *raw > 0.0
            {
                add(&mut sums.raw, category, *raw);
                add(&mut sums.shares, category, *share);
                add(&mut sums.products, category, *product);
            }
        }
        sums
    }
}

fn add(sums: &mut [f64; 4], category: usize, amount: f64) {
    if let Some(sum) = sums.get_mut(category) {
        *sum += amount;
    }
}

/// Exponent of the default alpha, 1/2: a root, which needs no logarithm.
const ROOT: f64 = -0.5;

impl VariableWeight {
    fn new(model: &Model) -> Self {
        let parameters = model.parameters();
        Self { exponent: parameters.alpha - 1.0, floor: parameters.floor }
    }

    /// Weighs rows of weights, confidences and scores, in place: columns that are returned are copied.
    // Inlined, they would be spread over registers that there are not.
    #[inline(never)]
    fn weigh<const N: usize>(&self, rows: [&[f64; N]; 3], weighed: &mut Weighed<N>) {
        if self.exponent.to_bits() == ROOT.to_bits() {
            self.weigh_by(rows, weighed, math::reciprocal_sqrt);
        } else if self.exponent < 0.0 {
            self.weigh_by(rows, weighed, |base| math::pow(base, self.exponent));
        } else {
            self.weigh_by(rows, weighed, |_| 1.0);
        }
    }

    /// One loop without branches over assessed and other items alike, which takes several in one instruction.
    fn weigh_by<const N: usize>(
        &self,
        [weights, confidences, scores]: [&[f64; N]; 3],
        weighed: &mut Weighed<N>,
        power: impl Fn(f64) -> f64,
    ) {
        let rows = weights.iter().zip(confidences).zip(scores);
        let slots = weighed.raw.iter_mut().zip(&mut weighed.shares).zip(&mut weighed.products);
        for (((weight, confidence), score), ((raw, share), product)) in rows.zip(slots) {
            let confident = weight * confidence;
            *raw = if confident > LEAST_WEIGHT { confident } else { 0.0 };
            *share = *raw * power(if *score > self.floor { *score } else { self.floor });
            *product = *share * score;
        }
    }
}

/// Evaluates one charger.
///
/// Of the score: `score = min(mean, every cap)`; the mean of a category weighs item i by
/// `w_i c_i max(s_i, floor)^(alpha - 1)`, that of the charger weighs categories in the same way with `W sum(w_i c_i)`, so one
/// bad item is not averaged away. Missing data lowers confidence, not the score. The same arguments give the same bits on every
/// target; no table depends on the order in which anything arrived.
///
/// ```
/// use evse_health_score::{Assessment, Assessments, Item, Model, evaluate};
///
/// let mut found = Assessments::NONE;
/// for item in Item::ALL.into_iter().filter(|item| item.is_standard()) {
///     found.set(item, Assessment::new(100.0, 1.0));
/// }
/// found.set(Item::ModuleTemperature, Assessment::new(0.0, 1.0));
/// let result = evaluate(&Model::default(), &found, &[]);
/// let score = result.score.ok_or("assessed")?;
/// assert!((score - 59.346).abs() < 0.001); // the plain mean would be 91.25
/// assert!((result.lost(Item::ModuleTemperature).ok_or("assessed")? - (100.0 - score)).abs() < 1e-9);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn evaluate(model: &Model, found: &Assessments, vetoes: &[Veto]) -> Evaluation {
    // Loops over a number of items that the compiler knows; the extras weigh nothing by default.
    if model.extras_weigh() {
        evaluate_first::<ITEMS>(model, found, vetoes)
    } else {
        evaluate_first::<STANDARD_ITEMS>(model, found, vetoes)
    }
}

/// Evaluates by the first `N` items.
fn evaluate_first<const N: usize>(
    model: &Model,
    found: &Assessments,
    vetoes: &[Veto],
) -> Evaluation {
    let law = VariableWeight::new(model);
    let scores = first(&found.scores);
    let mut items = Weighed::<N>::NONE;
    law.weigh([first(&model.item_weights), first(&found.confidences), scores], &mut items);
    let sums = items.by_category();
    let means = means(&sums.products, &sums.shares);
    let mut categories = Weighed::<4>::NONE;
    law.weigh([&model.category_weights, &sums.raw, &means], &mut categories);
    let total: f64 = categories.shares.iter().sum();
    let mut result = Evaluation {
        score: None,
        uncapped: None,
        interval: None,
        confidence: f64::min(categories.raw.iter().sum(), 1.0),
        lost_to_veto: 0.0,
        model: model.fingerprint(),
        categories: [ABSENT; 4],
        lost: [ABSENT; ITEMS],
    };
    if total > 0.0 {
        let mut points_per_share = [0.0; 4];
        let columns = categories.shares.iter().zip(&sums.shares).zip(&means);
        let outputs = result.categories.iter_mut().zip(&mut points_per_share);
        for (((share, weight), mean), (category, points)) in columns.zip(outputs) {
            // Divided first and chosen then: no branches, two at a time.
            let each = share / total / weight;
            *category = if *share > 0.0 { *mean } else { ABSENT };
            *points = if *share > 0.0 { each } else { 0.0 };
        }
        let points = spread::<N>(&points_per_share);
        let rows = items.shares.iter().zip(points).zip(scores);
        for (((share, points), score), lost) in rows.zip(&mut result.lost) {
            let cost = points * share * (100.0 - score);
            *lost = if points * share > 0.0 { cost } else { ABSENT };
        }
        let mean = math::between(categories.products.iter().sum::<f64>() / total, 0.0, 100.0);
        result.cap(mean, vetoes);
    }
    result
}

/// The first `N` of a column.
fn first<const N: usize>(column: &[f64; ITEMS]) -> &[f64; N] {
    const { assert!(N <= ITEMS) };
    column.first_chunk().unwrap_or(&[0.0; N])
}

/// Weighted sums over sums of weights; 0 where there is no weight.
fn means(sums: &[f64; 4], weights: &[f64; 4]) -> [f64; 4] {
    let mut means = *sums;
    for (mean, weight) in means.iter_mut().zip(weights) {
        let quotient = math::between(*mean / weight, 0.0, 100.0);
        *mean = if *weight > 0.0 { quotient } else { 0.0 };
    }
    means
}

/// Gives every item the value of its category.
fn spread<const N: usize>(values: &[f64; 4]) -> [f64; N] {
    let mut spread = [0.0; N];
    for (range, value) in Item::STANDARD_RANGES.into_iter().zip(values) {
        spread.get_mut(range).unwrap_or(&mut []).fill(*value);
    }
    for (at, category) in Item::EXTRAS {
        if let (Some(slot), Some(value)) = (spread.get_mut(at), values.get(category)) {
            *slot = *value;
        }
    }
    spread
}

/// The score if the named items were repaired, that is, scored 100 at full confidence, and the vetoes that remain applied.
#[must_use]
pub fn score_if_repaired(
    model: &Model,
    found: &Assessments,
    repaired: &[Item],
    remaining: &[Veto],
) -> Option<f64> {
    let mut after = *found;
    for item in repaired {
        after.set(*item, Assessment::new(100.0, 1.0));
    }
    evaluate(model, &after, remaining).score
}
