//! The bill: money made from exact energy, once, by the policy.

use super::energy::ExactEnergy;
use super::policy::{FeeRounding, Fees, Policy};
use super::session::{MAX_TOUCHED_RATES, Reading, Remarks, Session};
use super::table::Rate;
use super::tariff::Tariff;
use crate::error::Error;
use crate::quantity::{MicroWattHours, Money};
use crate::rounding::Rounding;
use crate::time::Zone;

/// µWh in a kWh, the energy that prices refer to.
const MICRO_PER_KILO: i128 = 1_000_000_000;
/// The loss factor's unit.
const BASIS_POINTS: i128 = 10_000;

/// What a session costs under one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLine {
    /// Index of the rate in the tariff's table.
    pub index: u8,
    /// The rate: band and prices.
    pub rate: Rate,
    /// Energy metered while it held.
    pub energy: ExactEnergy,
    /// Energy that the prices were applied to: metered energy with the policy's loss and rounding.
    pub billed_energy: ExactEnergy,
    /// Electricity fee.
    pub electricity: Money,
    /// Service fee.
    pub service: Money,
}

/// The bill of a session, or its running cost.
///
/// The amounts tie out: the lines' fees add up to the bill's fees, but for `rounding_difference`, which is zero unless the
/// policy rounds each rate finer than the total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bill {
    /// First reading: time and register at the start.
    pub start: Reading,
    /// Last reading.
    pub end: Reading,
    /// Energy metered: the difference of the two registers.
    pub energy: MicroWattHours,
    /// Electricity fee.
    pub electricity: Money,
    /// Service fee.
    pub service: Money,
    /// Payable: both fees.
    pub total: Money,
    /// `total` minus the fees of all lines.
    pub rounding_difference: Money,
    /// How the energies came about.
    pub remarks: Remarks,
    lines: [Option<RateLine>; MAX_TOUCHED_RATES],
}

impl Bill {
    /// One line per rate that the session touched, in order of first touch; a touched rate without energy is there too.
    pub fn lines(&self) -> impl Iterator<Item = &RateLine> {
        self.lines.iter().flatten()
    }

    pub(crate) fn of<Z: Zone>(session: &Session, tariff: &Tariff<'_, Z>) -> Result<Self, Error> {
        let (start, end) = session.readings().ok_or(Error::NoReading)?;
        let policy = tariff.policy;
        let mut lines = [None; MAX_TOUCHED_RATES];
        for (line, (index, energy)) in lines.iter_mut().zip(session.shares()) {
            let rate = *tariff.table.rate(index).ok_or(Error::UnknownRate { rate: index })?;
            let billed_energy = billed_energy(energy, &policy)?;
            let (electricity, service) = (Money::ZERO, Money::ZERO);
            *line = Some(RateLine { index, rate, energy, billed_energy, electricity, service });
        }
        let denominator = common_denominator(session.denominator(), &policy)?;
        let (electricity, service) = match policy.rates {
            Some(rounding) => round_each(&mut lines, rounding, policy.total)?,
            None => round_once(&mut lines, denominator, policy.total)?,
        };
        let total = electricity.checked_add(service).ok_or(Error::Overflow)?;
        let mut rounding_difference = total;
        for line in lines.iter().flatten() {
            rounding_difference = rounding_difference
                .checked_sub(line.electricity)
                .and_then(|rest| rest.checked_sub(line.service))
                .ok_or(Error::Overflow)?;
        }
        let energy = end.register.checked_sub(start.register).ok_or(Error::Overflow)?;
        let remarks = session.remarks();
        Ok(Self {
            start,
            end,
            energy,
            electricity,
            service,
            total,
            rounding_difference,
            remarks,
            lines,
        })
    }
}

/// Metered energy with loss, rounded to the policy's kWh decimals.
fn billed_energy(energy: ExactEnergy, policy: &Policy) -> Result<ExactEnergy, Error> {
    let (mut numerator, denominator) = energy.to_fraction();
    let mut denominator = i128::from(denominator);
    if policy.loss_bp != 0 {
        numerator = times(numerator, BASIS_POINTS + i128::from(policy.loss_bp))?;
        denominator = times(denominator, BASIS_POINTS)?;
    }
    let Some(rounding) = policy.energy else {
        return ExactEnergy::new(numerator, denominator).ok_or(Error::Overflow);
    };
    // A step of 10^-places kWh, in µWh.
    let step = i128::from(rounding.step()) * 1_000;
    let steps = rounding.divide(numerator, times(denominator, step)?).ok_or(Error::Overflow)?;
    ExactEnergy::new(times(steps, step)?, 1).ok_or(Error::Overflow)
}

/// A denominator, in µWh, that the billed energy of every line goes into.
fn common_denominator(of_shares: u64, policy: &Policy) -> Result<i128, Error> {
    match (policy.energy, policy.loss_bp) {
        (Some(_), _) => Ok(1),
        (None, 0) => Ok(of_shares.into()),
        (None, _) => times(of_shares.into(), BASIS_POINTS),
    }
}

/// Rounds the fees of each line, then their sums.
fn round_each(
    lines: &mut [Option<RateLine>],
    each: FeeRounding,
    total: FeeRounding,
) -> Result<(Money, Money), Error> {
    let (mut electricity, mut service) = (Money::ZERO, Money::ZERO);
    for line in lines.iter_mut().flatten() {
        let (energy, denominator) = line.billed_energy.to_fraction();
        let denominator = times(denominator.into(), MICRO_PER_KILO)?;
        let exact = |price: i64| times(energy, price.into()).map(|amount| (amount, denominator));
        let fees = exact(line.rate.electricity.raw())?;
        let services = exact(line.rate.service.raw())?;
        (line.electricity, line.service) = round_fees(fees, services, each)?;
        electricity = electricity.checked_add(line.electricity).ok_or(Error::Overflow)?;
        service = service.checked_add(line.service).ok_or(Error::Overflow)?;
    }
    round_fees((electricity.raw().into(), 1), (service.raw().into(), 1), total)
}

/// Rounds the exact sums and gives each line its part, so that the lines add up to the rounded sums.
fn round_once(
    lines: &mut [Option<RateLine>],
    denominator: i128,
    total: FeeRounding,
) -> Result<(Money, Money), Error> {
    let mut fees = [0i128; MAX_TOUCHED_RATES];
    let mut services = [0i128; MAX_TOUCHED_RATES];
    let (mut fee_sum, mut service_sum) = (0i128, 0i128);
    for ((line, fee), service) in lines.iter().flatten().zip(&mut fees).zip(&mut services) {
        let (energy, over) = line.billed_energy.to_fraction();
        let energy = times(energy, denominator / i128::from(over.max(1)))?;
        *fee = times(energy, line.rate.electricity.raw().into())?;
        *service = times(energy, line.rate.service.raw().into())?;
        fee_sum = fee_sum.checked_add(*fee).ok_or(Error::Overflow)?;
        service_sum = service_sum.checked_add(*service).ok_or(Error::Overflow)?;
    }
    let denominator = times(denominator, MICRO_PER_KILO)?;
    let (electricity, service) =
        round_fees((fee_sum, denominator), (service_sum, denominator), total)?;
    let count = lines.iter().flatten().count();
    allocate(&mut fees, count, denominator, electricity, total.rounding)?;
    allocate(&mut services, count, denominator, service, total.rounding)?;
    for ((line, fee), service) in lines.iter_mut().flatten().zip(fees).zip(services) {
        line.electricity = Money::from_raw(i64::try_from(fee).map_err(|_| Error::Overflow)?);
        line.service = Money::from_raw(i64::try_from(service).map_err(|_| Error::Overflow)?);
    }
    Ok((electricity, service))
}

/// An exact amount: numerator and positive denominator, in micro-units of the currency.
type Fraction = (i128, i128);

fn round_fees(
    (electricity, electricity_over): Fraction,
    (service, service_over): Fraction,
    policy: FeeRounding,
) -> Result<(Money, Money), Error> {
    let fee = rounded(electricity, electricity_over, policy.rounding)?;
    match policy.fees {
        Fees::Separately => Ok((fee, rounded(service, service_over, policy.rounding)?)),
        Fees::Together => {
            // Both callers give the two fees over the same denominator.
            let sum = electricity.checked_add(service).ok_or(Error::Overflow)?;
            let total = rounded(sum, electricity_over, policy.rounding)?;
            Ok((fee, total.checked_sub(fee).ok_or(Error::Overflow)?))
        }
    }
}

fn rounded(numerator: i128, denominator: i128, rounding: Rounding) -> Result<Money, Error> {
    let step = i128::from(rounding.step());
    let steps = rounding.divide(numerator, times(denominator, step)?).ok_or(Error::Overflow)?;
    let micro = i64::try_from(times(steps, step)?).map_err(|_| Error::Overflow)?;
    Ok(Money::from_raw(micro))
}

/// Turns the first `count` exact amounts into parts of `sum`, in micro-units: each rounded down to a step, and one step
/// more for those with the largest remainders, ties to the first. A negative sum is the mirror image.
fn allocate(
    amounts: &mut [i128; MAX_TOUCHED_RATES],
    count: usize,
    denominator: i128,
    sum: Money,
    rounding: Rounding,
) -> Result<(), Error> {
    let mirror = if sum.raw() < 0 { -1 } else { 1 };
    let step = i128::from(rounding.step());
    let over = times(denominator, step)?;
    let mut rests = [0i128; MAX_TOUCHED_RATES];
    let mut left = (i128::from(sum.raw()) * mirror).checked_div(step).ok_or(Error::Overflow)?;
    for (amount, rest) in amounts.iter_mut().zip(&mut rests).take(count) {
        let exact = times(*amount, mirror)?;
        let steps = exact.checked_div_euclid(over).ok_or(Error::Overflow)?;
        *rest = exact - steps * over;
        *amount = steps;
        left -= steps;
    }
    // `left` is 0 to `count` but where a fee is what another rounding left over; then every part may get a step.
    let lines = i128::try_from(count).map_err(|_| Error::Overflow)?;
    let mut all = 0;
    while left < 0 || left > lines {
        let more = if left < 0 { -1 } else { 1 };
        all += more;
        left -= more * lines.max(1);
    }
    let rests = rests.get(..count).unwrap_or(&rests);
    for (index, (amount, own)) in amounts.iter_mut().zip(rests).enumerate() {
        let before = rests
            .iter()
            .enumerate()
            .filter(|(other, rest)| *rest > own || (*rest == own && *other < index));
        let extra = i128::try_from(before.count()).is_ok_and(|before| before < left);
        *amount = times((*amount + all + i128::from(extra)) * mirror, step)?;
    }
    Ok(())
}

fn times(a: i128, b: i128) -> Result<i128, Error> {
    a.checked_mul(b).ok_or(Error::Overflow)
}
