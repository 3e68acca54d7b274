//! The reference score v1: variable-weight mean, confidence, interval, vetoes, and where every lost point went.

use crate::item::{Category, ITEMS, Item};
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assessments {
    /// In the order of [`Item::ALL`]; confidence 0 stands for 'not assessed'.
    by_item: [Assessment; ITEMS],
}

impl Assessments {
    /// Nothing assessed yet.
    pub const NONE: Self = Self { by_item: [Assessment { score: 100.0, confidence: 0.0 }; ITEMS] };

    /// Sets or removes the assessment of an item.
    pub fn set(&mut self, item: Item, assessment: Option<Assessment>) {
        if let Some(slot) = self.by_item.get_mut(item.index()) {
            *slot = assessment.unwrap_or(Assessment { score: 100.0, confidence: 0.0 });
        }
    }

    /// The assessment of an item, `None` if it is not assessed or its confidence is 0.
    #[must_use]
    pub fn get(&self, item: Item) -> Option<Assessment> {
        self.by_item.get(item.index()).copied().filter(|found| found.confidence > 0.0)
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
    /// The default exponent, -1/2, needs no logarithm.
    is_root: bool,
}

impl VariableWeight {
    fn new(model: &Model) -> Self {
        let parameters = model.parameters();
        let exponent = parameters.alpha - 1.0;
        let is_root = exponent.to_bits() == (-0.5_f64).to_bits();
        Self { exponent, floor: parameters.floor, is_root }
    }

    /// `(max(s, floor) / 100)^(alpha - 1)`: the scale cancels in the mean, and a perfect score costs no power.
    fn factor(&self, score: f64) -> f64 {
        let base = if score > self.floor { score } else { self.floor };
        if base >= 100.0 || self.exponent >= 0.0 {
            1.0
        } else if self.is_root {
            math::reciprocal_sqrt(base / 100.0)
        } else {
            math::pow(base / 100.0, self.exponent)
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
    let law = VariableWeight::new(model);
    // Per category: raw weight, sum of weights, weighted sum of scores.
    let mut raw = [0.0; 4];
    let mut weights = [0.0; 4];
    let mut scores = [0.0; 4];
    let mut shares = [0.0; ITEMS];
    let rows = Item::ALL.into_iter().zip(&found.by_item).zip(&model.item_weights).zip(&mut shares);
    for (((item, assessment), weight), share) in rows {
        let confident = weight * assessment.confidence;
        if confident > LEAST_WEIGHT {
            let weighted = confident * law.factor(assessment.score);
            let category = item.category_index();
            *share = weighted;
            add(&mut raw, category, confident);
            add(&mut weights, category, weighted);
            add(&mut scores, category, weighted * assessment.score);
        }
    }
    let mut categories = [ABSENT; 4];
    let mut category_shares = [0.0; 4];
    let (mut confidence, mut total, mut sum) = (0.0, 0.0, 0.0);
    let columns = raw.iter().zip(&weights).zip(&scores).zip(&model.category_weights);
    let outputs = categories.iter_mut().zip(&mut category_shares);
    for ((((raw, weights), scores), category_weight), (mean, share)) in columns.zip(outputs) {
        let confident = category_weight * raw;
        if confident > LEAST_WEIGHT {
            *mean = (scores / weights).clamp(0.0, 100.0);
            *share = confident * law.factor(*mean);
            confidence += confident;
            total += *share;
            sum += *share * *mean;
        }
    }
    let mut result = Evaluation {
        score: None,
        uncapped: None,
        interval: None,
        confidence: f64::min(confidence, 1.0),
        lost_to_veto: 0.0,
        model: model.fingerprint(),
        categories,
        lost: [ABSENT; ITEMS],
    };
    if total <= 0.0 {
        return result;
    }
    let mean = (sum / total).clamp(0.0, 100.0);
    let per_category: [f64; 4] = core::array::from_fn(|index| {
        let share = category_shares.get(index).copied().unwrap_or(0.0);
        let weight = weights.get(index).copied().unwrap_or(0.0);
        if weight > 0.0 { share / (total * weight) } else { 0.0 }
    });
    let rows = Item::ALL.into_iter().zip(shares).zip(&found.by_item).zip(&mut result.lost);
    for (((item, share), assessment), lost) in rows {
        let factor = per_category.get(item.category_index()).copied().unwrap_or(0.0);
        if share > 0.0 && factor > 0.0 {
            *lost = factor * share * (100.0 - assessment.score);
        }
    }
    let cap = vetoes.iter().map(Veto::legal_cap).fold(100.0, f64::min);
    let score = f64::min(mean, cap);
    let low = mean * result.confidence;
    let high = low + 100.0 * (1.0 - result.confidence);
    result.uncapped = Some(mean);
    result.score = Some(score);
    result.interval = Some((f64::min(low, score), math::between(high, mean, 100.0).min(cap)));
    result.lost_to_veto = mean - score;
    result
}

fn add(sums: &mut [f64; 4], category: usize, amount: f64) {
    if let Some(sum) = sums.get_mut(category) {
        *sum += amount;
    }
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
