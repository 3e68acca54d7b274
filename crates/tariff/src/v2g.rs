//! Vehicle to grid: two registers, a price for each direction, and what the contract adds.

use crate::quantity::{MicroWattHours, Money, Price};
use crate::rounding::{Rounding, RoundingMode};
use crate::tax::TaxRate;

/// A stretch of time with its prices: what the vehicle took and what it gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Leg {
    /// Growth of the import register.
    pub import: MicroWattHours,
    /// Growth of the export register.
    pub export: MicroWattHours,
    /// Price the user pays per kWh taken.
    pub buy: Price,
    /// Price the user gets per kWh given.
    pub sell: Price,
}

/// A selling price as a base price times a coefficient of the time of day, in 10⁻⁴ (Guangdong 2025); `None` beyond the range of a
/// price or if it is not a whole number of 10⁻⁹.
#[must_use]
pub fn coefficient_price(base: Price, coefficient_bp: u32) -> Option<Price> {
    let product = i128::from(base.raw()) * i128::from(coefficient_bp);
    let exact = product % 10_000 == 0;
    i64::try_from(product / 10_000).ok().filter(|_| exact).map(Price::from_raw)
}

/// What the contract says beside the prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contract {
    /// Rounding of each leg's amounts.
    pub leg: Rounding,
    /// Rounding of the payable amount.
    pub total: Rounding,
    /// Paid to the user for each kWh given, for the wear of the battery.
    pub wear: Price,
    /// Service fee per kWh taken.
    pub service: Price,
    /// Tax on what the user pays for energy taken.
    pub import_tax: TaxRate,
    /// Tax on what the user gets for energy given.
    pub export_tax: TaxRate,
}

impl Contract {
    /// Legs at four decimals and the total at two, half away from zero; no wear, service fee or tax.
    pub const PLAIN: Self = Self {
        leg: Rounding { mode: RoundingMode::HalfUp, places: 4 },
        total: Rounding { mode: RoundingMode::HalfUp, places: 2 },
        wear: Price::ZERO,
        service: Price::ZERO,
        import_tax: TaxRate::from_raw(0),
        export_tax: TaxRate::from_raw(0),
    };
}

/// The settlement of a session. Amounts are positive in the direction their name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct V2gBill {
    /// Energy taken.
    pub import: MicroWattHours,
    /// Energy given.
    pub export: MicroWattHours,
    /// For energy taken.
    pub buy: Money,
    /// Service fee on energy taken.
    pub service: Money,
    /// For energy given.
    pub sell: Money,
    /// Compensation for wear.
    pub wear: Money,
    /// Tax on `buy` and `service`.
    pub import_tax: Money,
    /// Tax on `sell`.
    pub export_tax: Money,
    /// `buy` + `service` - `sell` - `wear` and the taxes of each side, before the last rounding; negative: payable to the user.
    pub net: Money,
    /// `net` rounded to what is paid.
    pub payable: Money,
}

/// Settles by two registers: what was taken at the buying prices, what was given at the selling prices.
///
/// `None` on overflow.
#[must_use]
pub fn settle_gross(legs: &[Leg], contract: &Contract) -> Option<V2gBill> {
    let mut bill = V2gBill::default();
    for leg in legs {
        bill.import = bill.import.checked_add(leg.import)?;
        bill.export = bill.export.checked_add(leg.export)?;
        bill.buy = bill.buy.checked_add(amount(leg.import, leg.buy, contract.leg)?)?;
        bill.sell = bill.sell.checked_add(amount(leg.export, leg.sell, contract.leg)?)?;
    }
    bill.service = amount(bill.import, contract.service, contract.leg)?;
    bill.wear = amount(bill.export, contract.wear, contract.leg)?;
    let taken = bill.buy.checked_add(bill.service)?;
    bill.import_tax = share(taken, contract.import_tax, contract.leg)?;
    bill.export_tax = share(bill.sell, contract.export_tax, contract.leg)?;
    let owed = taken.checked_add(bill.import_tax)?;
    let earned = bill.sell.checked_add(bill.wear)?.checked_add(bill.export_tax)?;
    bill.net = owed.checked_sub(earned)?;
    bill.payable = contract.total.round(bill.net)?;
    Some(bill)
}

/// Settles by net energy: each leg's difference of both registers at its buying price if the vehicle took more than it gave, else at
/// its selling price. Gives the net amount, each leg rounded; `None` on overflow.
#[must_use]
pub fn settle_net_metering(legs: &[Leg], contract: &Contract) -> Option<Money> {
    legs.iter().try_fold(Money::ZERO, |sum, leg| {
        let net = leg.import.checked_sub(leg.export)?;
        let price = if net > MicroWattHours::ZERO { leg.buy } else { leg.sell };
        sum.checked_add(amount(net, price, contract.leg)?)
    })
}

/// Energy × price, rounded.
fn amount(energy: MicroWattHours, price: Price, rounding: Rounding) -> Option<Money> {
    // µWh × 10⁻⁹ per kWh is 10⁻¹⁸; a step of the rounding is a multiple of 10⁻⁶.
    let exact = i128::from(energy.raw()) * i128::from(price.raw());
    rounding.to_money(exact, 1_000_000_000_000)
}

fn share(base: Money, rate: TaxRate, rounding: Rounding) -> Option<Money> {
    rounding.to_money(i128::from(base.raw()) * i128::from(rate.raw()), 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(import: &str, export: &str, buy: &str, sell: &str) -> Leg {
        Leg {
            import: MicroWattHours::parse_kwh(import).unwrap(),
            export: MicroWattHours::parse_kwh(export).unwrap(),
            buy: buy.parse().unwrap(),
            sell: sell.parse().unwrap(),
        }
    }

    #[test]
    fn gross_and_net_metering_differ() {
        let legs = [leg("5", "8", "1.48765", "0.9")];
        let bill = settle_gross(&legs, &Contract::PLAIN).unwrap();
        assert_eq!(bill.net, "0.2383".parse().unwrap());
        assert_eq!(bill.payable.to_minor(), Some(24));
        assert_eq!(settle_net_metering(&legs, &Contract::PLAIN), Some("-2.7".parse().unwrap()));
    }

    #[test]
    fn wear_service_and_taxes_by_direction() {
        let tax = TaxRate::from_raw(100_000_000);
        let contract = Contract {
            wear: "0.08".parse().unwrap(),
            service: "0.5".parse().unwrap(),
            import_tax: tax,
            export_tax: tax,
            ..Contract::PLAIN
        };
        let bill = settle_gross(&[leg("10", "20", "1", "2")], &contract).unwrap();
        // 10 + 5 + 1.5 taken, 40 + 4 + 1.6 given.
        assert_eq!(bill.net, "-29.1".parse().unwrap());
        let base = "0.453".parse().unwrap();
        assert_eq!(coefficient_price(base, 17_000), Some("0.7701".parse().unwrap()));
        assert_eq!(coefficient_price(Price::from_raw(1), 1), None);
    }
}
