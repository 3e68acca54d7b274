//! Settlement arithmetic: sharing an amount so that nothing is lost.

/// Why an amount was not shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SplitError {
    /// Weights and parts are lists of one length, at least one party.
    #[error("{weights} weights for {parts} parts")]
    Parties {
        /// Weights given.
        weights: usize,
        /// Places for parts given.
        parts: usize,
    },
}

/// Shares `total` out by `weights` in whole minor units (fen, cents): each part is the exact share rounded towards zero,
/// and the largest remainders get one unit more, ties to the first party.
///
/// The parts add up to the total, each lies within one unit of its exact share, a refund mirrors the charge
/// (`split(-t) = -split(t)`), and a weight of zero gets nothing, unless all are zero: then all count the same.
///
/// # Errors
/// The lists differ in length or are empty.
///
/// # Examples
/// ```
/// let mut parts = [0; 3];
/// evse_tariff::settlement::split(211_013, &[70, 20, 10], &mut parts)?;
/// assert_eq!(parts, [147_709, 42_203, 21_101]);
/// # Ok::<(), evse_tariff::settlement::SplitError>(())
/// ```
pub fn split(total: i64, weights: &[u64], parts: &mut [i64]) -> Result<(), SplitError> {
    if weights.is_empty() || weights.len() != parts.len() {
        return Err(SplitError::Parties { weights: weights.len(), parts: parts.len() });
    }
    let all_zero = weights.iter().all(|weight| *weight == 0);
    let weight_of = |weight: u64| u128::from(if all_zero { 1 } else { weight });
    let sum: u128 = weights.iter().map(|weight| weight_of(*weight)).sum();
    let magnitude = u128::from(total.unsigned_abs());
    // 64 bits times 64 bits: no overflow. `sum` is at least one.
    let share = |weight: u64| {
        let product = magnitude * weight_of(weight);
        (product / sum.max(1), product % sum.max(1))
    };
    let floors: u128 = weights.iter().map(|weight| share(*weight).0).sum();
    let left = magnitude - floors.min(magnitude);
    for (index, (part, weight)) in parts.iter_mut().zip(weights).enumerate() {
        let (floor, rest) = share(*weight);
        let before = weights
            .iter()
            .map(|other| share(*other).1)
            .enumerate()
            .filter(|(at, other)| *other > rest || (*other == rest && *at < index))
            .count();
        let extra = u128::try_from(before).is_ok_and(|before| before < left);
        // At most the total: within 64 bits, and with its sign also where that is the least number of all.
        let units = i128::try_from(floor + u128::from(extra)).unwrap_or(i128::MAX);
        let signed = if total < 0 { -units } else { units };
        *part = i64::try_from(signed).unwrap_or(total);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn worked_cases() {
        for (total, weights, expected) in [
            (10, &[1u64, 0, 2][..], &[3i64, 0, 7][..]),
            (-100, &[1, 1, 1], &[-34, -33, -33]),
            (7, &[0, 0, 0], &[3, 2, 2]),
            (1, &[0, 0, 5], &[0, 0, 1]),
            (i64::MAX, &[u64::MAX, u64::MAX], &[i64::MAX / 2 + 1, i64::MAX / 2]),
            (i64::MIN, &[1], &[i64::MIN]),
            (i64::MIN, &[1, 0], &[i64::MIN, 0]),
        ] {
            let mut parts = vec![0; weights.len()];
            split(total, weights, &mut parts).unwrap();
            assert_eq!(parts, expected, "{total} by {weights:?}");
        }
        let refused = split(1, &[], &mut []);
        assert_eq!(refused, Err(SplitError::Parties { weights: 0, parts: 0 }));
    }

    proptest! {
        #[test]
        fn parts_conserve_and_mirror(
            total in -i64::MAX..=i64::MAX,
            weights in prop::collection::vec(prop_oneof![0u64..4, any::<u64>()], 1..65),
        ) {
            let mut parts: Vec<i64> = vec![0; weights.len()];
            split(total, &weights, &mut parts).unwrap();
            prop_assert_eq!(parts.iter().map(|p| i128::from(*p)).sum::<i128>(), i128::from(total));
            let mut mirrored = parts.clone();
            split(-total, &weights, &mut mirrored).unwrap();
            prop_assert!(parts.iter().zip(&mirrored).all(|(a, b)| *a == -*b));
            if weights.iter().any(|w| *w != 0) {
                prop_assert!(parts.iter().zip(&weights).all(|(p, w)| *w != 0 || *p == 0));
            }
        }
    }
}
