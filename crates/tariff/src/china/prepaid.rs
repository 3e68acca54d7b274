//! When a prepaid session must stop: the largest energy whose bill the balance still covers.

use crate::quantity::{MicroWattHours, Price};

/// How the bill is rounded that the balance must cover. It must be the rounding of the bill and of the display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopRule {
    /// The exact amount fits.
    Exact,
    /// The exact amount, half-up to the fen once, fits.
    RoundedToFen,
    /// The exact amount, half-up to 0.0001 yuan and then to the fen, fits.
    RoundedTwice,
}

/// The largest energy, a multiple of `step`, whose cost at one price is covered by `available_fen`. Nothing without a balance.
///
/// `None` if price or step is not positive (there is no largest energy) or a figure is beyond its range.
#[must_use]
pub fn prepaid_stop(
    available_fen: i64,
    price: Price,
    step: MicroWattHours,
    rule: StopRule,
) -> Option<MicroWattHours> {
    /// A fen in units of µWh × 10⁻⁹ per kWh, 10⁻¹⁸ of the currency unit.
    const FEN: i128 = 10_000_000_000_000_000;
    if price <= Price::ZERO || step <= MicroWattHours::ZERO {
        return None;
    }
    if available_fen <= 0 {
        return Some(MicroWattHours::ZERO);
    }
    let available = i128::from(available_fen);
    // The largest cost that is covered, in 10⁻¹⁸.
    let most = match rule {
        StopRule::Exact => available * FEN,
        // Everything below the next half fen rounds down to what is there.
        StopRule::RoundedToFen => available * FEN + FEN / 2 - 1,
        // 0.0001 yuan is a hundredth of a fen; 49 of them still round down, and so does all below 49.5.
        StopRule::RoundedTwice => available * FEN + 49 * (FEN / 100) + FEN / 200 - 1,
    };
    let per_step = i128::from(price.raw()) * i128::from(step.raw());
    let steps = most.checked_div(per_step)?;
    let energy = steps.checked_mul(step.raw().into())?;
    i64::try_from(energy).ok().map(MicroWattHours::from_raw)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::quantity::Money;
    use crate::rounding::Rounding;

    const STEP: MicroWattHours = MicroWattHours::from_raw(100_000);

    #[test]
    fn worked_cases() {
        let price = "0.98765".parse().unwrap();
        let by = |rule| prepaid_stop(4_700, price, STEP, rule).unwrap().raw() / 100_000;
        assert_eq!(by(StopRule::Exact), 475_877);
        assert_eq!(by(StopRule::RoundedToFen), 475_927);
        assert_eq!(prepaid_stop(-1, price, STEP, StopRule::Exact), Some(MicroWattHours::ZERO));
        assert_eq!(prepaid_stop(1, Price::ZERO, STEP, StopRule::Exact), None);
    }

    proptest! {
        /// The bill of the energy fits, the bill of one step more does not.
        #[test]
        fn one_step_more_does_not_fit(available in 1i64..10_000_000, price in 1_000i64..3_000_000, rule in 0..3) {
            let rule = [StopRule::Exact, StopRule::RoundedToFen, StopRule::RoundedTwice][usize::try_from(rule).unwrap()];
            let price = Price::from_raw(price * 1_000);
            let fits = |energy: i64| {
                let exact = i128::from(energy) * i128::from(price.raw());
                let fen = |money: Money| Rounding::FEN.round(money).unwrap().to_minor().unwrap();
                match rule {
                    StopRule::Exact => exact <= i128::from(available) * 10i128.pow(16),
                    StopRule::RoundedToFen => {
                        fen(Rounding::FEN.to_money(exact, 10i128.pow(12)).unwrap()) <= available
                    }
                    StopRule::RoundedTwice => {
                        fen(Rounding::TEN_THOUSANDTH.to_money(exact, 10i128.pow(12)).unwrap()) <= available
                    }
                }
            };
            let most = prepaid_stop(available, price, STEP, rule).unwrap().raw();
            prop_assert!(fits(most));
            prop_assert!(!fits(most + STEP.raw()));
        }
    }
}
