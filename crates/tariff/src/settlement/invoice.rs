//! Invoice lines: net, tax and gross, tied out.

use crate::exact::ExactMoney;
use crate::quantity::Money;
use crate::rounding::Rounding;
use crate::rules::{Cost, TaxRate};

/// How tax is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaxPolicy {
    /// On each line; a group's tax is the sum of its lines'.
    PerLine,
    /// Once on the net sum of a tax rate; the lines share it by largest remainder.
    PerGroup,
}

/// A line before it is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraftLine {
    /// Net amount, exact.
    pub net: ExactMoney,
    /// Tax rate; `None`: no tax applies.
    pub rate: Option<TaxRate>,
}

/// A line of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InvoiceLine {
    /// Net amount.
    pub net: Money,
    /// Tax.
    pub tax: Money,
    /// Net and tax.
    pub gross: Money,
}

/// Rounds exact amounts so that they add up to their rounded sum: each is rounded down, and one step more goes to the largest
/// remainders, ties to the first.
///
/// Gives the sum; `None` on overflow or if the lists differ in length.
#[must_use]
pub fn apportion(exact: &[ExactMoney], rounding: Rounding, parts: &mut [Money]) -> Option<Money> {
    if exact.len() != parts.len() {
        return None;
    }
    let sum = exact.iter().try_fold(ExactMoney::ZERO, |sum, amount| sum.checked_add(*amount))?;
    let total = sum.round(rounding)?;
    let step = i128::from(rounding.step()).checked_mul(ExactMoney::UNITS / 1_000_000)?;
    // A negative sum is the mirror image.
    let mirror = if total.raw() < 0 { -1 } else { 1 };
    let mut left = (i128::from(total.raw()) * mirror).checked_div(i128::from(rounding.step()))?;
    let rest = |amount: &ExactMoney| (amount.raw().saturating_mul(mirror)).rem_euclid(step);
    for (amount, part) in exact.iter().zip(parts.iter_mut()) {
        let floor = amount.raw().checked_mul(mirror)?.div_euclid(step);
        left -= floor;
        let steps = floor.checked_mul(mirror * i128::from(rounding.step()))?;
        *part = Money::from_raw(i64::try_from(steps).ok()?);
    }
    // The floors fall short of the sum by less than one step each, so `left` is 0 to the number of parts.
    let mut served = None::<(i128, usize)>;
    while left > 0 {
        let mut best = None::<(i128, usize)>;
        for (at, amount) in exact.iter().enumerate() {
            let rest = rest(amount);
            let is_next =
                served.is_none_or(|(before, of)| rest < before || (rest == before && at > of));
            if is_next && best.is_none_or(|(found, _)| rest > found) {
                best = Some((rest, at));
            }
        }
        let (_, at) = best?;
        let part = parts.get_mut(at)?;
        let step = Money::from_raw(rounding.step());
        *part = if mirror < 0 { part.checked_sub(step)? } else { part.checked_add(step)? };
        served = best;
        left -= 1;
    }
    Some(total)
}

/// Makes invoice lines; gives their sums. Lines of one rate share the tax of their group where the policy says so, so the sums tie
/// out to the last step either way.
///
/// `None` on overflow, or if the lists differ in length.
#[must_use]
pub fn invoice(
    drafts: &[DraftLine],
    rounding: Rounding,
    policy: TaxPolicy,
    lines: &mut [InvoiceLine],
) -> Option<InvoiceLine> {
    if drafts.len() != lines.len() {
        return None;
    }
    for (draft, line) in drafts.iter().zip(lines.iter_mut()) {
        line.net = draft.net.round(rounding)?;
        line.tax = tax(line.net, draft.rate)?.round(rounding)?;
    }
    if policy == TaxPolicy::PerGroup {
        for (at, draft) in drafts.iter().enumerate() {
            let is_first = drafts.iter().take(at).all(|other| other.rate != draft.rate);
            if is_first {
                share_tax_of_group(drafts, draft.rate, rounding, lines)?;
            }
        }
    }
    let mut sums = InvoiceLine::default();
    for line in lines {
        line.gross = line.net.checked_add(line.tax)?;
        sums.net = sums.net.checked_add(line.net)?;
        sums.tax = sums.tax.checked_add(line.tax)?;
        sums.gross = sums.gross.checked_add(line.gross)?;
    }
    Some(sums)
}

/// The tax on a net amount, exact.
fn tax(net: Money, rate: Option<TaxRate>) -> Option<ExactMoney> {
    let Some(rate) = rate else { return Some(ExactMoney::ZERO) };
    ExactMoney::from_money(net)?.scale(rate.raw().into(), 1_000_000_000)
}

/// Rounds the tax of a group once: its lines have theirs rounded already, and the difference goes to the lines with the largest net
/// amounts, a step each, ties to the first.
fn share_tax_of_group(
    drafts: &[DraftLine],
    rate: Option<TaxRate>,
    rounding: Rounding,
    lines: &mut [InvoiceLine],
) -> Option<()> {
    let of_group = |at: usize| drafts.get(at).is_some_and(|draft| draft.rate == rate);
    let (mut net, mut taxed, mut members) = (Money::ZERO, Money::ZERO, 0);
    for (_, line) in lines.iter().enumerate().filter(|(at, _)| of_group(*at)) {
        net = net.checked_add(line.net)?;
        taxed = taxed.checked_add(line.tax)?;
        members += 1;
    }
    let step = Money::from_raw(rounding.step());
    let difference = tax(net, rate)?.round(rounding)?.checked_sub(taxed)?;
    // Each line was off by less than one step.
    let mut steps = difference.raw().checked_div(step.raw())?;
    let mut served = None::<(u64, usize)>;
    for _ in 0..members {
        if steps == 0 {
            break;
        }
        let mut best = None::<(u64, usize)>;
        for (at, line) in lines.iter().enumerate().filter(|(at, _)| of_group(*at)) {
            let size = line.net.raw().unsigned_abs();
            let is_next =
                served.is_none_or(|(before, of)| size < before || (size == before && at > of));
            if is_next && best.is_none_or(|(found, _)| size > found) {
                best = Some((size, at));
            }
        }
        let line = lines.get_mut(best?.1)?;
        let more = Money::from_raw(step.raw().checked_mul(steps.signum())?);
        line.tax = line.tax.checked_add(more)?;
        steps -= steps.signum();
        served = best;
    }
    Some(())
}

/// The draft of a cost whose net amount is known.
#[must_use]
pub fn draft(cost: Cost, rate: Option<TaxRate>) -> Option<DraftLine> {
    cost.excl.map(|net| DraftLine { net, rate })
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::rounding::RoundingMode;

    const CENTS: Rounding = Rounding { mode: RoundingMode::HalfUp, places: 2 };

    fn exact(micro: i64) -> ExactMoney {
        ExactMoney::from_money(Money::from_raw(micro)).unwrap()
    }

    #[test]
    fn forty_eight_details_of_one_and_a_half_fen() {
        let details = vec![exact(15_000); 48];
        let mut parts = vec![Money::ZERO; 48];
        let sum = apportion(&details, CENTS, &mut parts).unwrap();
        assert_eq!(sum.to_minor(), Some(72));
        assert_eq!(parts.iter().map(|part| part.to_minor().unwrap()).sum::<i64>(), 72);
        assert!(parts.iter().all(|part| [1, 2].contains(&part.to_minor().unwrap())));
    }

    #[test]
    fn tax_by_line_and_by_group() {
        let rate = Some(TaxRate::from_raw(190_000_000));
        let drafts = vec![DraftLine { net: exact(20_000), rate }; 5];
        let mut lines = vec![InvoiceLine::default(); 5];
        let by_line = invoice(&drafts, CENTS, TaxPolicy::PerLine, &mut lines).unwrap();
        assert_eq!((by_line.net.to_minor(), by_line.tax.to_minor()), (Some(10), Some(0)));
        let by_group = invoice(&drafts, CENTS, TaxPolicy::PerGroup, &mut lines).unwrap();
        assert_eq!((by_group.tax.to_minor(), by_group.gross.to_minor()), (Some(2), Some(12)));
        assert_eq!(lines.iter().filter(|line| line.tax.to_minor() == Some(1)).count(), 2);
    }

    proptest! {
        #[test]
        fn parts_add_up_and_lines_tie_out(
            drafts in prop::collection::vec((-5_000_000i64..5_000_000, 0u32..3), 1..20),
            per_group: bool,
        ) {
            let drafts: Vec<_> = drafts
                .into_iter()
                .map(|(micro, rate)| DraftLine { net: exact(micro), rate: (rate > 0).then(|| TaxRate::from_raw(rate * 70_000_000)) })
                .collect();
            let nets: Vec<_> = drafts.iter().map(|draft| draft.net).collect();
            let mut parts = vec![Money::ZERO; nets.len()];
            let sum = apportion(&nets, CENTS, &mut parts).unwrap();
            prop_assert_eq!(parts.iter().map(|part| part.raw()).sum::<i64>(), sum.raw());
            let policy = if per_group { TaxPolicy::PerGroup } else { TaxPolicy::PerLine };
            let mut lines = vec![InvoiceLine::default(); drafts.len()];
            let sums = invoice(&drafts, CENTS, policy, &mut lines).unwrap();
            prop_assert_eq!(lines.iter().map(|line| line.gross.raw()).sum::<i64>(), sums.gross.raw());
            prop_assert_eq!(sums.net.raw() + sums.tax.raw(), sums.gross.raw());
            if per_group {
                for rate in drafts.iter().map(|draft| draft.rate) {
                    let group = |at: &usize| drafts[*at].rate == rate;
                    let net: i64 = (0..lines.len()).filter(group).map(|at| lines[at].net.raw()).sum();
                    let taxed: i64 = (0..lines.len()).filter(group).map(|at| lines[at].tax.raw()).sum();
                    prop_assert_eq!(tax(Money::from_raw(net), rate).unwrap().round(CENTS).unwrap().raw(), taxed);
                }
            }
        }
    }
}
