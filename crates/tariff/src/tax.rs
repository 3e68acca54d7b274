//! Tax rates and what is known of the tax on a price.

/// A tax rate.
///
/// Unit 10⁻⁹ (21 % is 210,000,000) · range 0 to 429 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxRate(u32);

impl TaxRate {
    /// From a count of 10⁻⁹.
    #[must_use]
    pub const fn from_raw(raw: u32) -> Self {
        Self(raw)
    }

    /// The count of 10⁻⁹.
    #[must_use]
    pub const fn raw(self) -> u32 {
        self.0
    }

    /// The tax over several taxes, each (stack, rate): those of stack 0 are on the net amount, those of each further stack on
    /// what the stacks below have made of it (OCPP 2.1 `taxRates.stack`). `None` if it does not fit or is not a whole
    /// number of 10⁻⁹.
    #[must_use]
    pub fn stacked(rates: &[(u8, Self)]) -> Option<Self> {
        const ONE: u128 = 1_000_000_000;
        let mut factor = ONE;
        let mut stack = rates.iter().map(|(stack, _)| *stack).min();
        while let Some(level) = stack {
            let of_level = rates.iter().filter(|(stack, _)| *stack == level);
            let sum: u128 = of_level.map(|(_, rate)| u128::from(rate.0)).sum();
            let product = factor.checked_mul(ONE + sum)?;
            factor = (product % ONE == 0).then_some(product / ONE)?;
            stack = rates.iter().map(|(stack, _)| *stack).filter(|stack| *stack > level).min();
        }
        u32::try_from(factor - ONE).ok().map(Self)
    }
}

/// What is known of the tax on a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tax {
    /// No tax applies: with and without tax are the same (OCPI 2.2.1 without `vat`).
    NotApplicable,
    /// The price is net and its tax is not stated (OCPI 2.1.1; 2.3.0 `tax_included: NO` without `vat`).
    Unknown,
    /// The price is net, the tax comes on top.
    Added(TaxRate),
    /// The price is gross and contains the tax.
    Included(TaxRate),
    /// The price is gross and its tax is not stated: the net amount cannot be known.
    IncludedUnknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacked_taxes_multiply_by_level() {
        let rate = |percent: u32| TaxRate::from_raw(percent * 10_000_000);
        assert_eq!(TaxRate::stacked(&[(0, rate(10)), (1, rate(20))]), Some(rate(32)));
        assert_eq!(TaxRate::stacked(&[(0, rate(10)), (0, rate(20))]), Some(rate(30)));
        assert_eq!(TaxRate::stacked(&[]), Some(rate(0)));
        let fine = TaxRate::from_raw(1);
        assert_eq!(TaxRate::stacked(&[(0, fine), (1, fine)]), None, "no whole number of 10⁻⁹");
    }
}
