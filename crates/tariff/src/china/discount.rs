//! Discounts on an order: a chain of steps, each on what the steps before left. The order of the steps changes the result, so it is
//! the caller's list.

use crate::rounding::{RoundingMode, divide};
use crate::settlement::PartsPerMillion;

/// A step of the chain; amounts in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discount {
    /// A member's share off the service fee, half-up.
    MemberService(PartsPerMillion),
    /// An amount off the service fee if it is at least `service_at_least`.
    Threshold {
        /// Least service fee.
        service_at_least: i64,
        /// What comes off, at most all of it.
        minus: i64,
    },
    /// A coupon: off the service fee and then, unless `service_only`, off the electricity fee. What is left of it is lost.
    Coupon {
        /// Its value.
        minus: i64,
        /// It cannot pay for electricity.
        service_only: bool,
    },
}

/// What a step took off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// Taken off, in fen.
    pub taken: i64,
    /// Coupon value lost.
    pub unused: i64,
}

/// The fees after the chain, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DiscountedFees {
    /// Electricity fee.
    pub electricity: i64,
    /// Service fee.
    pub service: i64,
    /// Both.
    pub payable: i64,
    /// Coupon value lost over all steps.
    pub unused: i64,
}

/// Why a chain was not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiscountError {
    /// There is a place for what each step took.
    #[error("{steps} steps, {places} places")]
    Places {
        /// Steps of the chain.
        steps: usize,
        /// Places for what they took.
        places: usize,
    },
    /// Fees and discounts are not negative.
    #[error("a negative fee, or step {step} is negative")]
    Negative {
        /// Position of the step; past the last one for a fee.
        step: usize,
    },
    /// Beyond the range of an amount.
    #[error("arithmetic overflow")]
    Overflow,
}

/// Applies a chain to the fees of an order; `applied` tells what each step took.
///
/// # Errors
/// [`DiscountError`].
pub fn apply_discounts(
    electricity: i64,
    service: i64,
    chain: &[Discount],
    applied: &mut [Applied],
) -> Result<DiscountedFees, DiscountError> {
    if applied.len() != chain.len() {
        return Err(DiscountError::Places { steps: chain.len(), places: applied.len() });
    }
    if electricity < 0 || service < 0 {
        return Err(DiscountError::Negative { step: chain.len() });
    }
    let mut fees = DiscountedFees { electricity, service, payable: 0, unused: 0 };
    for (step, (discount, applied)) in chain.iter().zip(applied).enumerate() {
        *applied = fees.take(*discount).ok_or(DiscountError::Negative { step })?;
        fees.unused = fees.unused.checked_add(applied.unused).ok_or(DiscountError::Overflow)?;
    }
    fees.payable = fees.electricity.checked_add(fees.service).ok_or(DiscountError::Overflow)?;
    Ok(fees)
}

impl DiscountedFees {
    /// Takes one step off; `None` if its amount is negative.
    fn take(&mut self, discount: Discount) -> Option<Applied> {
        match discount {
            Discount::MemberService(share) => {
                let exact = i128::from(self.service) * i128::from(share.0);
                let taken = divide(RoundingMode::HalfUp, exact, 1_000_000)?;
                let taken = i64::try_from(taken).ok()?.min(self.service);
                self.service -= taken;
                Some(Applied { taken, unused: 0 })
            }
            Discount::Threshold { service_at_least, minus } => {
                let reached = self.service >= service_at_least;
                let taken = if reached { minus.min(self.service) } else { 0 };
                self.service -= taken;
                (minus >= 0).then_some(Applied { taken, unused: 0 })
            }
            Discount::Coupon { minus, service_only } => {
                if minus < 0 {
                    return None;
                }
                let of_service = minus.min(self.service);
                let rest = minus - of_service;
                let of_electricity = if service_only { 0 } else { rest.min(self.electricity) };
                self.service -= of_service;
                self.electricity -= of_electricity;
                Some(Applied { taken: of_service + of_electricity, unused: rest - of_electricity })
            }
        }
    }
}

/// A cap on a month's service fees. It is the state carried from order to order: store it, and give it back with the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthlyCap {
    /// What may still be charged, in fen.
    pub left: i64,
}

impl MonthlyCap {
    /// A month with that cap.
    #[must_use]
    pub const fn new(cap: i64) -> Self {
        Self { left: if cap < 0 { 0 } else { cap } }
    }

    /// The service fee that is charged of an order's; the rest is over the cap. A refund, negative, gives room back.
    pub fn charge(&mut self, service: i64) -> i64 {
        let charged = service.min(self.left);
        self.left = self.left.saturating_sub(charged);
        charged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_work_on_what_is_left() {
        let chain = [
            Discount::MemberService(PartsPerMillion(125_000)),
            Discount::Threshold { service_at_least: 800, minus: 300 },
            Discount::Coupon { minus: 1_000, service_only: false },
        ];
        let mut applied = [Applied::default(); 3];
        let fees = apply_discounts(2_000, 900, &chain, &mut applied).unwrap();
        assert_eq!(applied.map(|step| step.taken), [113, 0, 1_000]);
        assert_eq!(
            (fees.electricity, fees.service, fees.payable, fees.unused),
            (1_787, 0, 1_787, 0)
        );
        let coupon = [Discount::Coupon { minus: 1_000, service_only: true }];
        let fees = apply_discounts(2_000, 900, &coupon, &mut applied[..1]).unwrap();
        assert_eq!((fees.electricity, fees.service, fees.unused), (2_000, 0, 100));
        let negative = [Discount::Coupon { minus: -1, service_only: true }];
        let refused = apply_discounts(1, 1, &negative, &mut applied[..1]);
        assert_eq!(refused, Err(DiscountError::Negative { step: 0 }));
    }

    #[test]
    fn a_month_is_capped() {
        let mut cap = MonthlyCap::new(10_000);
        assert_eq!(
            [4_000, 3_500, 3_000, 2_000].map(|fee| cap.charge(fee)),
            [4_000, 3_500, 2_500, 0]
        );
        assert_eq!((cap.charge(-500), cap.charge(800)), (-500, 500));
    }
}
