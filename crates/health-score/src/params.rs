//! The parameters of the score as one versioned value.

use crate::curve::{Curve, CurveError, CurveTable, MAX_POINTS};
use crate::item::{Category, ITEMS, Item, STANDARD_ITEMS};

/// Everything that can be tuned about the score, without code: made on a platform, stored, sent to the charger.
///
/// [`Parameters::default`] is the reference model v1. What is changed need not sum to 1: [`Model::new`] normalises, and the
/// model's fingerprint in every result says which parameters it came from.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Parameters {
    /// Version of this layout: [`Parameters::VERSION`].
    pub version: u16,
    /// Balance exponent a of the variable-weight mean, 0 ..= 1: 1 is the plain weighted mean, 0 close to the harmonic.
    pub alpha: f64,
    /// Scores below this weigh as if they were this, in points; above 0.
    pub floor: f64,
    /// Weight of each category, in the order of [`Category::ALL`].
    pub category_weights: [f64; 4],
    /// Weight of each item inside its category, in the order of [`Item::ALL`].
    pub item_weights: [f64; ITEMS],
    /// Curve of each item, in the order of [`Item::ALL`].
    pub curves: [Curve; ITEMS],
}

impl Parameters {
    /// The layout described here.
    pub const VERSION: u16 = 1;

    /// Sets the weight of an item.
    pub fn set_weight(&mut self, item: Item, weight: f64) {
        if let Some(slot) = self.item_weights.get_mut(item.index()) {
            *slot = weight;
        }
    }

    /// Sets the weight of a category.
    pub fn set_category_weight(&mut self, category: Category, weight: f64) {
        if let Some(slot) = self.category_weights.get_mut(category.index()) {
            *slot = weight;
        }
    }

    /// Sets the curve of an item.
    pub fn set_curve(&mut self, item: Item, curve: Curve) {
        if let Some(slot) = self.curves.get_mut(item.index()) {
            *slot = curve;
        }
    }
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            version: Self::VERSION,
            alpha: 0.5,
            floor: 1.0,
            category_weights: Category::ALL.map(Category::default_weight),
            item_weights: Item::ALL.map(Item::default_weight),
            curves: Item::ALL.map(Item::default_curve),
        }
    }
}

/// The parameters cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// Another layout.
    #[error("parameters of version {actual}, this is version {}", Parameters::VERSION)]
    Version {
        /// The version they state.
        actual: u16,
    },
    /// The exponent is outside 0 ..= 1 or not a number.
    #[error("exponent {actual} is not from 0 to 1")]
    Alpha {
        /// The exponent.
        actual: f64,
    },
    /// The floor is not from above 0 to 100.
    #[error("floor {actual} is not above 0 and at most 100")]
    Floor {
        /// The floor.
        actual: f64,
    },
    /// A weight is negative, not finite, or over a million.
    #[error("weight of {} is {actual}", .item.id())]
    ItemWeight {
        /// Whose weight.
        item: Item,
        /// The weight.
        actual: f64,
    },
    /// As [`Self::ItemWeight`], of a category.
    #[error("weight of category {} is {actual}", .category.letter())]
    CategoryWeight {
        /// Whose weight.
        category: Category,
        /// The weight.
        actual: f64,
    },
    /// All weights are zero.
    #[error("all weights are zero")]
    NoWeight,
}

const _: () = assert!(size_of::<ParameterError>() <= 32 && size_of::<CurveError>() <= 32);

/// Checked parameters with what can be computed once from them. Read-only and shared by any number of chargers.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    parameters: Parameters,
    /// Weights inside each category and of the categories, each summing to 1.
    pub(crate) item_weights: [f64; ITEMS],
    pub(crate) category_weights: [f64; 4],
    pub(crate) curve_table: CurveTable,
    extras_weigh: bool,
    fingerprint: u64,
}

impl Model {
    /// Checks the parameters and normalises their weights. Weights that sum to 1 within 1e-12 are taken as they are.
    ///
    /// # Errors
    /// See [`ParameterError`].
    pub fn new(parameters: Parameters) -> Result<Self, ParameterError> {
        if parameters.version != Parameters::VERSION {
            return Err(ParameterError::Version { actual: parameters.version });
        }
        if !(0.0..=1.0).contains(&parameters.alpha) {
            return Err(ParameterError::Alpha { actual: parameters.alpha });
        }
        if !(parameters.floor.is_normal() && parameters.floor > 0.0 && parameters.floor <= 100.0) {
            return Err(ParameterError::Floor { actual: parameters.floor });
        }
        let legal = |weight: f64| (0.0..=1e6).contains(&weight);
        for (item, weight) in Item::ALL.into_iter().zip(parameters.item_weights) {
            if !legal(weight) {
                return Err(ParameterError::ItemWeight { item, actual: weight });
            }
        }
        for (category, weight) in Category::ALL.into_iter().zip(parameters.category_weights) {
            if !legal(weight) {
                return Err(ParameterError::CategoryWeight { category, actual: weight });
            }
        }
        let mut item_weights = parameters.item_weights;
        let mut category_weights = parameters.category_weights;
        for (category, weight) in Category::ALL.into_iter().zip(&mut category_weights) {
            let of_category = |(item, _): &(Item, _)| item.category() == category;
            let sum =
                Item::ALL.into_iter().zip(item_weights).filter(of_category).map(|(_, w)| w).sum();
            // A category without any weighted item has nothing to say.
            if sum <= 0.0 {
                *weight = 0.0;
            }
            let slots = Item::ALL.into_iter().zip(&mut item_weights);
            for (_, slot) in slots.filter(|(item, _)| item.category() == category) {
                *slot = normalised(*slot, sum);
            }
        }
        let sum: f64 = category_weights.iter().sum();
        if sum <= 0.0 {
            return Err(ParameterError::NoWeight);
        }
        category_weights = category_weights.map(|weight| normalised(weight, sum));
        Ok(Self::of_normalised(parameters, item_weights, category_weights))
    }

    fn of_normalised(
        parameters: Parameters,
        item_weights: [f64; ITEMS],
        category_weights: [f64; 4],
    ) -> Self {
        let extras_weigh = item_weights.iter().skip(STANDARD_ITEMS).any(|weight| *weight > 0.0);
        Self {
            curve_table: CurveTable::new(&parameters.curves),
            extras_weigh,
            fingerprint: fingerprint(&parameters),
            parameters,
            item_weights,
            category_weights,
        }
    }

    /// The parameters as given.
    #[must_use]
    pub const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// FNV-1a hash of all parameters: equal for equal parameters, and in every result.
    #[must_use]
    pub const fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// Whether any of the extras weighs something.
    pub(crate) const fn extras_weigh(&self) -> bool {
        self.extras_weigh
    }

    /// The curve of an item.
    #[must_use]
    pub fn curve(&self, item: Item) -> &Curve {
        #[expect(
            clippy::indexing_slicing,
            reason = "an enum of ITEMS variants indexes ITEMS curves"
        )]
        &self.parameters.curves[item.index()]
    }

    /// Weight of an item inside its category, after normalising.
    #[must_use]
    pub fn weight(&self, item: Item) -> f64 {
        self.item_weights.get(item.index()).copied().unwrap_or(0.0)
    }

    /// Weight of a category, after normalising.
    #[must_use]
    pub fn category_weight(&self, category: Category) -> f64 {
        self.category_weights.get(category.index()).copied().unwrap_or(0.0)
    }
}

impl Default for Model {
    /// The reference model v1.
    fn default() -> Self {
        let parameters = Parameters::default();
        let (item_weights, category_weights) =
            (parameters.item_weights, parameters.category_weights);
        Self::of_normalised(parameters, item_weights, category_weights)
    }
}

fn normalised(weight: f64, sum: f64) -> f64 {
    if (sum - 1.0).abs() <= 1e-12 || sum <= 0.0 { weight } else { weight / sum }
}

/// FNV-1a, 64 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fnv(pub(crate) u64);

impl Fnv {
    pub(crate) const NEW: Self = Self(0xcbf2_9ce4_8422_2325);

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

fn fingerprint(parameters: &Parameters) -> u64 {
    let mut hash = Fnv::NEW;
    hash.add(&parameters.version.to_le_bytes());
    let numbers = [parameters.alpha, parameters.floor];
    let weights = parameters.category_weights.iter().chain(&parameters.item_weights);
    for number in numbers.iter().chain(weights) {
        hash.add(&number.to_bits().to_le_bytes());
    }
    for curve in &parameters.curves {
        for (x, score) in curve.points() {
            hash.add(&x.to_bits().to_le_bytes());
            hash.add(&score.to_bits().to_le_bytes());
        }
        hash.add(&[0xff; MAX_POINTS]);
    }
    hash.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_needs_no_normalising() {
        let checked = Model::new(Parameters::default()).unwrap();
        assert_eq!(checked, Model::default());
    }

    #[test]
    fn bad_parameters_are_named() {
        let with = |change: fn(&mut Parameters)| {
            let mut parameters = Parameters::default();
            change(&mut parameters);
            Model::new(parameters).map(|model| model.fingerprint())
        };
        assert_eq!(with(|p| p.alpha = 1.5), Err(ParameterError::Alpha { actual: 1.5 }));
        assert_eq!(with(|p| p.version = 7), Err(ParameterError::Version { actual: 7 }));
        assert!(matches!(with(|p| p.floor = 0.0), Err(ParameterError::Floor { .. })));
        let negative = with(|p| p.set_weight(Item::Filter, -1.0));
        assert_eq!(negative, Err(ParameterError::ItemWeight { item: Item::Filter, actual: -1.0 }));
        assert_eq!(with(|p| p.category_weights = [0.0; 4]), Err(ParameterError::NoWeight));
        assert_ne!(with(|p| p.alpha = 0.4), with(|p| p.alpha = 0.6));
    }
}
