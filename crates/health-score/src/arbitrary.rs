//! `arbitrary`: parameters and assessments for fuzzers, legal by construction. Records and samples derive theirs: any numbers.

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::curve::{Curve, MAX_POINTS};
use crate::degradation::Signal;
use crate::evaluate::{Assessment, Assessments};
use crate::item::Item;
use crate::params::Parameters;
use crate::time::Instant;

/// A share from 0 to 1, both ends included.
fn share(u: &mut Unstructured<'_>) -> Result<f64> {
    Ok(f64::from(u.arbitrary::<u16>()?) / f64::from(u16::MAX))
}

impl<'a> Arbitrary<'a> for Instant {
    /// Within 136 years of the origin.
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::from_millis(u64::from(u.arbitrary::<u32>()?) * 1_000))
    }
}

impl<'a> Arbitrary<'a> for Item {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.choose(&Self::ALL).copied()
    }
}

impl<'a> Arbitrary<'a> for Signal {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.choose(&Self::ALL).copied()
    }
}

impl<'a> Arbitrary<'a> for Assessment {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::new(100.0 * share(u)?, share(u)?).ok_or(arbitrary::Error::IncorrectFormat)
    }
}

impl<'a> Arbitrary<'a> for Assessments {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut found = Self::NONE;
        for item in Item::ALL {
            found.set(item, u.arbitrary()?);
        }
        Ok(found)
    }
}

impl<'a> Arbitrary<'a> for Curve {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let count = u.int_in_range(1..=MAX_POINTS)?;
        let mut points = [(0.0, 0.0); MAX_POINTS];
        let (mut x, mut score) = (f32::from(u.arbitrary::<i16>()?), 100.0);
        for point in points.iter_mut().take(count) {
            *point = (x, score);
            x += 1.0 + f32::from(u.arbitrary::<u8>()?);
            score *= f32::from(u.arbitrary::<u8>()?) / 255.0;
        }
        let points = points.get(..count).unwrap_or(&[]);
        Self::new(points).map_err(|_| arbitrary::Error::IncorrectFormat)
    }
}

impl<'a> Arbitrary<'a> for Parameters {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut parameters = Self { alpha: share(u)?, ..Self::default() };
        for weight in parameters.category_weights.iter_mut().chain(&mut parameters.item_weights) {
            *weight = share(u)?;
        }
        for curve in &mut parameters.curves {
            *curve = u.arbitrary()?;
        }
        Ok(parameters)
    }
}
