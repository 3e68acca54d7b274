//! Sharing an amount out by weights, largest remainder first.

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
    /// A refund is not negative and at most what is left of the shares, none of which is negative.
    #[error("refund of {refund} does not fit the shares")]
    Refund {
        /// The refund.
        refund: i64,
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
    let weight = |at: usize| if all_zero { 1 } else { weights.get(at).copied().unwrap_or(0) };
    apportion(total, weight, parts);
    Ok(())
}

/// Takes `refund` back out of `shares`, in proportion to what is left of them and never more than that; a refund of all that is
/// left brings every share to zero. What each party gives is written to `parts`, negative.
///
/// # Errors
/// [`SplitError::Parties`]; [`SplitError::Refund`] if it is negative, a share is, or it is more than is left.
pub fn refund(shares: &mut [i64], refund: i64, parts: &mut [i64]) -> Result<(), SplitError> {
    if shares.is_empty() || shares.len() != parts.len() {
        return Err(SplitError::Parties { weights: shares.len(), parts: parts.len() });
    }
    let left: i128 = shares.iter().map(|share| i128::from(*share)).sum();
    let negative = shares.iter().any(|share| *share < 0);
    let taken =
        refund.checked_neg().filter(|_| refund >= 0 && !negative && i128::from(refund) <= left);
    let taken = taken.ok_or(SplitError::Refund { refund })?;
    // Not negative, as seen above. With all shares at zero nothing is taken, so their weights do not matter.
    apportion(taken, |at| shares.get(at).map_or(0, |share| share.unsigned_abs()), parts);
    for (share, part) in shares.iter_mut().zip(parts) {
        *share += *part;
    }
    Ok(())
}

/// Parts of `total` by weights that are not all zero unless `total` is.
fn apportion(total: i64, weight: impl Fn(usize) -> u64, parts: &mut [i64]) {
    let sum: u128 = (0..parts.len()).map(|at| u128::from(weight(at))).sum();
    let magnitude = total.unsigned_abs();
    // What the parts rounded towards zero leave over: fewer units than there are parties.
    let mut left = u128::from(magnitude);
    for (at, part) in parts.iter_mut().enumerate() {
        let (floor, _) = share(magnitude, weight(at), sum);
        left = left.saturating_sub(u128::from(floor));
        *part = signed(floor, total);
    }
    // They go to the largest remainders, ties to the first party; the one served before says where to go on.
    let mut served = None::<(u128, usize)>;
    while left > 0 {
        let mut best = None::<(u128, usize)>;
        for at in 0..parts.len() {
            let (_, rest) = share(magnitude, weight(at), sum);
            let is_next =
                served.is_none_or(|(before, of)| rest < before || (rest == before && at > of));
            if is_next && best.is_none_or(|(found, _)| rest > found) {
                best = Some((rest, at));
            }
        }
        let Some((_, at)) = best else { break };
        if let Some(part) = parts.get_mut(at) {
            *part += total.signum();
        }
        served = best;
        left -= 1;
    }
}

/// The share rounded down and its remainder over `sum`. Amounts and weights of everyday size take the short division.
fn share(magnitude: u64, weight: u64, sum: u128) -> (u64, u128) {
    if let (Some(product), Ok(sum)) = (magnitude.checked_mul(weight), u64::try_from(sum.max(1))) {
        return (product / sum, u128::from(product % sum));
    }
    let (product, sum) = (u128::from(magnitude) * u128::from(weight), sum.max(1));
    // A weight is at most the sum of all, so a share is at most the whole.
    (u64::try_from(product / sum).unwrap_or(magnitude), product % sum)
}

/// `magnitude` with the sign of `total`, whose magnitude is not the smaller.
fn signed(magnitude: u64, total: i64) -> i64 {
    if total < 0 {
        0i64.checked_sub_unsigned(magnitude).unwrap_or(total)
    } else {
        i64::try_from(magnitude).unwrap_or(total)
    }
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
        let parties = |weights, parts| Err(SplitError::Parties { weights, parts });
        assert_eq!(split(1, &[], &mut []), parties(0, 0));
        assert_eq!(split(1, &[1, 1], &mut [0]), parties(2, 1));
        assert_eq!(refund(&mut [], 0, &mut []), parties(0, 0));
        let mut shares = [5, 5];
        assert_eq!(refund(&mut shares, 5, &mut [0]), parties(2, 1));
        assert_eq!(shares, [5, 5]);
    }

    /// Every share rounded towards zero; what is left over, a unit each, to the largest remainders, the first of equals.
    fn by_the_definition(total: i64, weights: &[u64], sum: u128) -> Vec<i64> {
        let products =
            || weights.iter().map(|weight| u128::from(total.unsigned_abs()) * u128::from(*weight));
        let mut parts: Vec<i64> =
            products().map(|product| i64::try_from(product / sum).unwrap()).collect();
        let mut order: Vec<(u128, usize)> =
            products().map(|product| product % sum).zip(0..).collect();
        order.sort_by_key(|(rest, at)| (core::cmp::Reverse(*rest), *at));
        let left =
            i128::from(total.unsigned_abs()) - parts.iter().copied().map(i128::from).sum::<i128>();
        for (_, at) in order.iter().take(usize::try_from(left).unwrap()) {
            parts[*at] += 1;
        }
        parts.iter().map(|part| part * total.signum()).collect()
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
            let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
            if sum != 0 {
                prop_assert_eq!(&parts, &by_the_definition(total, &weights, sum));
                prop_assert!(parts.iter().zip(&weights).all(|(p, w)| *w != 0 || *p == 0));
            }
        }
    }

    proptest! {
        /// Refunds in any portions end at zero for every party, and no party gives more than it has.
        #[test]
        fn refunds_end_at_zero(
            shares in prop::collection::vec(0i64..10_000, 1..20),
            portions in prop::collection::vec(1i64..5_000, 1..30),
        ) {
            let mut left = shares.clone();
            let mut parts = vec![0; shares.len()];
            let all: i64 = shares.iter().sum();
            let mut refunded = 0;
            for portion in portions.into_iter().chain([i64::MAX]) {
                let portion = portion.min(all - refunded);
                refund(&mut left, portion, &mut parts).unwrap();
                refunded += portion;
                prop_assert_eq!(parts.iter().sum::<i64>(), -portion);
                prop_assert!(left.iter().all(|share| *share >= 0));
            }
            prop_assert!(left.iter().all(|share| *share == 0));
            prop_assert!(refund(&mut left, 1, &mut parts).is_err());
        }
    }
}
