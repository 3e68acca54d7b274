//! Costs, bounds and the totals of a session.

use super::Charge;
use crate::exact::ExactMoney;
use crate::quantity::Price;
use crate::tax::{Tax, TaxRate};

/// An amount without and with tax; `None` where it cannot be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Without tax.
    pub excl: Option<ExactMoney>,
    /// With tax.
    pub incl: Option<ExactMoney>,
}

impl Cost {
    /// Nothing, tax and all.
    pub const ZERO: Self = Self { excl: Some(ExactMoney::ZERO), incl: Some(ExactMoney::ZERO) };

    /// `raw` is price × quantity as [`raw_amount`] has it; `None` on overflow.
    pub(crate) fn of(charge: Charge, tax: Tax, raw: i128) -> Option<Self> {
        const NANO: i128 = 1_000_000_000;
        // What 1 / (18 × 10¹⁸) of the currency unit is in the raw product of this charge.
        let fine = match charge {
            Charge::Energy => 18,
            Charge::Time | Charge::Parking | Charge::ReservationTime | Charge::ExpiredTime => 5,
            Charge::Flat | Charge::ReservationFlat | Charge::ExpiredFlat => 18 * NANO,
        };
        let base = raw.checked_mul(fine)?;
        let stated = ExactMoney::from_raw(base.checked_mul(NANO)?);
        let with = |rate: TaxRate| {
            base.checked_mul(NANO + i128::from(rate.raw())).map(ExactMoney::from_raw)
        };
        Some(match tax {
            // Nothing has no tax, whatever its rate.
            _ if raw == 0 => Self::ZERO,
            Tax::NotApplicable => Self { excl: Some(stated), incl: Some(stated) },
            Tax::Unknown => Self { excl: Some(stated), incl: None },
            Tax::Added(rate) => Self { excl: Some(stated), incl: Some(with(rate)?) },
            Tax::Included(rate) => {
                let net = stated.scale(NANO, NANO + i128::from(rate.raw()))?;
                Self { excl: Some(net), incl: Some(stated) }
            }
            Tax::IncludedUnknown => Self { excl: None, incl: Some(stated) },
        })
    }

    /// The sum; a part that is not known makes the sum unknown. `None` on overflow.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let add = |a: Option<ExactMoney>, b: Option<ExactMoney>| match (a, b) {
            (Some(a), Some(b)) => a.checked_add(b).map(Some),
            _ => Some(None),
        };
        Some(Self { excl: add(self.excl, other.excl)?, incl: add(self.incl, other.incl)? })
    }

    /// The amounts with the other sign.
    #[must_use]
    pub fn checked_neg(self) -> Option<Self> {
        let neg = |amount: Option<ExactMoney>| match amount {
            Some(amount) => amount.checked_neg().map(Some),
            None => Some(None),
        };
        Some(Self { excl: neg(self.excl)?, incl: neg(self.incl)? })
    }
}

/// Price × quantity: the quantity is µWh, µs or pieces, as the charge has it.
pub(crate) fn raw_amount(price: Price, quantity: i64) -> i128 {
    // 63 bits by 63 bits.
    i128::from(price.raw()) * i128::from(quantity)
}

/// One bound of a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limit {
    /// Bound of the amount without tax.
    pub excl: Option<ExactMoney>,
    /// Bound of the amount with tax.
    pub incl: Option<ExactMoney>,
}

/// Bounds of a session's total: OCPI `min_price` and `max_price`, OCPP `minCost` and `maxCost`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// The total is at least this, also if nothing was consumed.
    pub min: Limit,
    /// The total is at most this. It wins over a higher minimum.
    pub max: Limit,
    /// The one tax rate of the tariff, if it has exactly one: for a minimum of a session that consumed nothing.
    pub sole_tax: Option<Tax>,
}

impl Limits {
    /// Applies the bounds, each amount to its own; the minimum (where asked for) first. `None` on overflow.
    ///
    /// Where only the bound without tax is given and it binds, the tax keeps the rate that the unbounded totals had.
    pub(crate) fn apply(&self, total: Option<Cost>, with_minimum: bool) -> Option<Bounded> {
        let mut bounded = Bounded { total, at_minimum: false, at_maximum: false };
        if with_minimum && self.min != Limit::default() {
            let before = bounded.total.unwrap_or(Cost::ZERO);
            let after = self.bound(before, self.min, total, |amount, bound| amount < bound)?;
            bounded.at_minimum = after != before;
            bounded.total = Some(after);
        }
        if let Some(before) = bounded.total.filter(|_| self.max != Limit::default()) {
            let after = self.bound(before, self.max, total, |amount, bound| amount > bound)?;
            bounded.at_maximum = after != before;
            bounded.total = Some(after);
        }
        Some(bounded)
    }

    fn bound(
        &self,
        cost: Cost,
        limit: Limit,
        unbounded: Option<Cost>,
        beyond: impl Fn(ExactMoney, ExactMoney) -> bool,
    ) -> Option<Cost> {
        let mut after = cost;
        if let (Some(bound), Some(excl)) = (limit.excl, cost.excl)
            && beyond(excl, bound)
        {
            after.excl = Some(bound);
            if limit.incl.is_none() {
                after.incl = self.with_tax(bound, unbounded)?;
            }
        }
        if let (Some(bound), Some(incl)) = (limit.incl, cost.incl)
            && beyond(incl, bound)
        {
            after.incl = Some(bound);
        }
        Some(after)
    }

    /// `bound` with tax at the rate of the unbounded totals, or at the tariff's only rate if nothing was consumed.
    fn with_tax(&self, bound: ExactMoney, unbounded: Option<Cost>) -> Option<Option<ExactMoney>> {
        match unbounded.map(|cost| (cost.excl, cost.incl)) {
            Some((Some(excl), Some(incl))) if excl != ExactMoney::ZERO => {
                bound.scale(incl.raw(), excl.raw()).map(Some)
            }
            Some((Some(excl), None)) if excl != ExactMoney::ZERO => Some(None),
            _ => match self.sole_tax {
                Some(Tax::NotApplicable) => Some(Some(bound)),
                Some(Tax::Added(rate) | Tax::Included(rate)) => {
                    bound.scale(1_000_000_000 + i128::from(rate.raw()), 1_000_000_000).map(Some)
                }
                Some(Tax::Unknown | Tax::IncludedUnknown) | None => Some(None),
            },
        }
    }
}

/// A total within its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounded {
    pub(crate) total: Option<Cost>,
    pub(crate) at_minimum: bool,
    pub(crate) at_maximum: bool,
}

/// What a session costs: each sum is `None` if nothing had a price for it, and a number, 0 included, otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Everything, within the tariff's bounds; of a credit, negated.
    pub total: Option<Cost>,
    /// Everything before the bounds.
    pub unbounded: Option<Cost>,
    /// Energy.
    pub energy: Option<Cost>,
    /// Charging time.
    pub time: Option<Cost>,
    /// Time without demand.
    pub parking: Option<Cost>,
    /// Fees of the session, those of reservations apart.
    pub fixed: Option<Cost>,
    /// Reserved time and the fees of reservations.
    pub reservation: Option<Cost>,
    /// Of `reservation`, the reserved time.
    pub reservation_time: Option<Cost>,
    /// Of `reservation`, the fees.
    pub reservation_fee: Option<Cost>,
    /// The total was lifted to the minimum.
    pub at_minimum: bool,
    /// The total was lowered to the maximum.
    pub at_maximum: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Money;

    fn money(text: &str) -> Option<ExactMoney> {
        ExactMoney::from_money(text.parse::<Money>().unwrap())
    }

    fn cost(excl: &str, incl: &str) -> Cost {
        Cost { excl: money(excl), incl: money(incl) }
    }

    #[test]
    fn a_price_with_its_tax() {
        let ten = TaxRate::from_raw(100_000_000);
        let raw = raw_amount("-0.25".parse().unwrap(), 10_000_000_000);
        let by = |tax| Cost::of(Charge::Energy, tax, raw).unwrap();
        assert_eq!(by(Tax::Added(ten)), cost("-2.50", "-2.75"));
        assert_eq!(by(Tax::NotApplicable), cost("-2.50", "-2.50"));
        assert_eq!(by(Tax::Unknown), Cost { incl: None, ..cost("-2.50", "0") });
        assert_eq!(by(Tax::IncludedUnknown), Cost { excl: None, ..cost("0", "-2.50") });
        let gross = raw_amount("1.10".parse().unwrap(), 3_600_000_000);
        let included = Cost::of(Charge::Time, Tax::Included(ten), gross).unwrap();
        assert_eq!(included, cost("1.00", "1.10"));
    }

    #[test]
    fn bounds() {
        let limit = |excl: &str, incl: Option<&str>| Limit {
            excl: money(excl),
            incl: incl.map(|text| money(text).unwrap()),
        };
        let limits = Limits { max: limit("5", None), ..Limits::default() };
        let bounded = limits.apply(Some(cost("10", "11")), true).unwrap();
        assert_eq!(bounded.total, Some(cost("5", "5.5")), "the tax keeps its rate");
        assert!(bounded.at_maximum && !bounded.at_minimum);
        let limits = Limits { max: limit("10", Some("11")), ..Limits::default() };
        assert_eq!(
            limits.apply(Some(cost("20.4", "24.48")), true).unwrap().total,
            Some(cost("10", "11"))
        );
        let sole_tax = Some(Tax::Added(TaxRate::from_raw(100_000_000)));
        let limits = Limits { min: limit("2", None), sole_tax, ..Limits::default() };
        assert_eq!(limits.apply(None, true).unwrap().total, Some(cost("2", "2.2")));
        assert_eq!(limits.apply(None, false).unwrap().total, None, "no minimum while it runs");
        let crossed = Limits { min: limit("8", Some("8")), max: limit("5", Some("5")), sole_tax };
        assert_eq!(crossed.apply(Some(cost("1", "1")), true).unwrap().total, Some(cost("5", "5")));
    }
}
