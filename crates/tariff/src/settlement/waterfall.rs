//! Sharing by rules one after the other: pass-through first, then percentages, and somebody takes the rest.

use crate::rounding::{RoundingMode, divide};

/// A share of something.
///
/// Unit 10⁻⁶ (8 % is 80,000) · range 0 to 429,496 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartsPerMillion(pub u32);

/// What a party takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// A share of a component as it was at the beginning, half-up to the minor unit.
    OfComponent {
        /// Position of the component.
        component: usize,
        /// The share.
        share: PartsPerMillion,
    },
    /// A share of what is left of a component, half-up to the minor unit.
    OfRemainder {
        /// Position of the component.
        component: usize,
        /// The share.
        share: PartsPerMillion,
    },
    /// All that is left of everything.
    Rest,
}

/// Why an amount was not shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WaterfallError {
    /// There is a part for every rule and a remainder for every component.
    #[error("{rules} rules for {parts} parts")]
    Parties {
        /// Rules given.
        rules: usize,
        /// Places for parts given.
        parts: usize,
    },
    /// A rule names a component that is not there.
    #[error("rule {rule}: there is no component {component}")]
    UnknownComponent {
        /// Position of the rule.
        rule: usize,
        /// The component it names.
        component: usize,
    },
    /// A rule takes more than is left of its component.
    #[error("rule {rule} takes more than is left")]
    Overdrawn {
        /// Position of the rule.
        rule: usize,
    },
    /// The rules leave something that nobody takes.
    #[error("{left} is left over")]
    LeftOver {
        /// What is left, in minor units.
        left: i64,
    },
    /// Beyond the range of an amount.
    #[error("arithmetic overflow")]
    Overflow,
}

/// Shares components (electricity and service fee, say) out by rules in their order. `components` holds the amounts in minor
/// units; afterwards, what is left of them, which is nothing. The parts add up to the components.
///
/// # Errors
/// [`WaterfallError`]; then the contents of both lists are of no use.
pub fn waterfall(
    components: &mut [i64],
    originals: &[i64],
    rules: &[Take],
    parts: &mut [i64],
) -> Result<(), WaterfallError> {
    if rules.len() != parts.len() || components.len() != originals.len() {
        return Err(WaterfallError::Parties { rules: rules.len(), parts: parts.len() });
    }
    for (rule, (take, part)) in rules.iter().zip(parts.iter_mut()).enumerate() {
        let (component, share, of_original) = match *take {
            Take::OfComponent { component, share } => (component, share, true),
            Take::OfRemainder { component, share } => (component, share, false),
            Take::Rest => {
                let rest = components.iter().try_fold(0i64, |sum, left| sum.checked_add(*left));
                *part = rest.ok_or(WaterfallError::Overflow)?;
                components.fill(0);
                continue;
            }
        };
        let unknown = WaterfallError::UnknownComponent { rule, component };
        let left = components.get_mut(component).ok_or(unknown)?;
        let original = originals.get(component).copied().ok_or(unknown)?;
        let base = if of_original { original } else { *left };
        let exact = i128::from(base) * i128::from(share.0);
        let taken = divide(RoundingMode::HalfUp, exact, 1_000_000);
        let taken =
            taken.and_then(|taken| i64::try_from(taken).ok()).ok_or(WaterfallError::Overflow)?;
        let after = left.checked_sub(taken).ok_or(WaterfallError::Overflow)?;
        if after.signum() * original.signum() < 0 {
            return Err(WaterfallError::Overdrawn { rule });
        }
        (*left, *part) = (after, taken);
    }
    match components.iter().try_fold(0i64, |sum, left| sum.checked_add(*left)) {
        Some(0) => Ok(()),
        Some(left) => Err(WaterfallError::LeftOver { left }),
        None => Err(WaterfallError::Overflow),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_takes_what() {
        let percent = |percent: u32| PartsPerMillion(percent * 10_000);
        let rules = [
            Take::OfComponent { component: 0, share: percent(100) },
            Take::OfComponent { component: 1, share: percent(8) },
            Take::OfRemainder { component: 1, share: percent(30) },
            Take::Rest,
        ];
        let mut parts = [0; 4];
        waterfall(&mut [3_681, 1_500], &[3_681, 1_500], &rules, &mut parts).unwrap();
        assert_eq!(parts, [3_681, 120, 414, 966]);
        // A refund is the mirror image.
        waterfall(&mut [-3_681, -1_500], &[-3_681, -1_500], &rules, &mut parts).unwrap();
        assert_eq!(parts, [-3_681, -120, -414, -966]);
        let refused = |rules: &[Take]| {
            let mut parts = [0; 4];
            waterfall(&mut [100, 50], &[100, 50], rules, parts.get_mut(..rules.len()).unwrap())
                .unwrap_err()
        };
        let all = Take::OfComponent { component: 0, share: percent(100) };
        assert_eq!(refused(&[all]), WaterfallError::LeftOver { left: 50 });
        assert_eq!(refused(&[all, all]), WaterfallError::Overdrawn { rule: 1 });
        let third = Take::OfRemainder { component: 2, share: percent(1) };
        assert_eq!(refused(&[third]), WaterfallError::UnknownComponent { rule: 0, component: 2 });
    }
}
