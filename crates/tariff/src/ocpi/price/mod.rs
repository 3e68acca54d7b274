//! Pricing a charge detail record.

mod moment;
mod policy;
mod priced;
mod run;

pub use policy::{MissingQuantity, Policy, ReservationOutcome};
pub use priced::{Cell, PricedCdr, PricedPeriod, PricingError, cost_of, cost_of_fee};

use alloc::vec::Vec;

use super::cdr::{Cdr, Period};
use super::warnings::Warnings;
use crate::quantity::MicroSeconds;
use crate::rules::CompiledTariff;
use crate::time::{Timestamp, Zone};
use run::Run;

/// Prices records. It keeps the lines of the last one, so that a warm pricer allocates nothing.
#[derive(Debug, Clone, Default)]
pub struct Pricer {
    /// What OCPI leaves open.
    pub policy: Policy,
    lines: Vec<PricedPeriod>,
    order: Vec<u32>,
}

/// A tariff as a record refers to it.
#[derive(Debug, Clone, Copy)]
pub struct NamedTariff<'a> {
    /// Its id.
    pub id: &'a str,
    /// Valid from, inclusive.
    pub start: Option<Timestamp>,
    /// Valid until, exclusive.
    pub end: Option<Timestamp>,
    /// The tariff.
    pub compiled: &'a CompiledTariff,
}

impl Pricer {
    /// A pricer with that policy.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self { policy, lines: Vec::new(), order: Vec::new() }
    }

    /// The lines of the record priced last, in order of time.
    #[must_use]
    pub fn lines(&self) -> &[PricedPeriod] {
        &self.lines
    }

    /// Prices a record. Each period is priced by the tariff it names, else by the first one valid at the start of the
    /// session, else by the first. Defects of the record are priced with a warning.
    ///
    /// # Errors
    /// [`PricingError`]; then [`Pricer::lines`] is of no use.
    pub fn price<Z: Zone>(
        &mut self,
        tariffs: &[NamedTariff<'_>],
        cdr: &Cdr<'_>,
        zone: &Z,
    ) -> Result<PricedCdr, PricingError> {
        self.lines.clear();
        let mut warnings = Warnings::empty();
        warnings.set(Warnings::NUMBER_ROUNDED, cdr.rounded_numbers);
        warnings |= self.sort(cdr);
        let first = self.nth(cdr, 0).ok_or(PricingError::NoPeriod)?;
        let default = choose(tariffs, first.start).ok_or(PricingError::NoTariff)?;
        if self.policy.strict_windows
            && let Some(tariff) = tariffs.iter().position(|tariff| tariff.compiled.undefined_window)
        {
            return Err(PricingError::UndefinedWindow { tariff });
        }
        let expired =
            cdr.reservation_expired || self.policy.reservations == ReservationOutcome::Expired;
        let mut run = Run::new(self.policy, first.start, expired);
        let mut following = Some(first);
        for at in 0..cdr.periods.len() {
            let Some(period) = following else { break };
            following = self.nth(cdr, at + 1);
            let end = following.map_or(cdr.end, |next| next.start);
            let (position, known) = match &period.tariff_id {
                None => (default, true),
                Some(id) => {
                    named(tariffs, id).map_or((default, false), |position| (position, true))
                }
            };
            let Some(tariff) = tariffs.get(usize::from(position)) else { break };
            self.lines.push(PricedPeriod::EMPTY);
            let Some(line) = self.lines.last_mut() else { break };
            (line.start, line.end, line.tariff) = (period.start, end, position);
            line.warnings = oddities(cdr, line, known || tariffs.len() == 1);
            run.period(tariff.compiled, period, (at, line), zone).map_err(|e| e.at(at))?;
            warnings |= line.warnings;
        }
        run.finish(&mut self.lines).map_err(|failure| failure.at(cdr.periods.len()))?;
        let limiting = self.lines.first().map_or(default, |line| line.tariff);
        let limiting = tariffs.get(usize::from(limiting)).ok_or(PricingError::NoTariff)?;
        let valid = limiting.start.is_none_or(|start| start <= first.start)
            && limiting.end.is_none_or(|end| first.start < end);
        warnings.set(Warnings::TARIFF_NOT_VALID, !valid);
        let overflow = PricingError::Overflow { period: cdr.periods.len() };
        let mut totals = run.totals(limiting.compiled).ok_or(overflow)?;
        warnings.set(Warnings::TOTAL_CLAMPED_TO_MIN, totals.at_minimum);
        warnings.set(Warnings::TOTAL_CLAMPED_TO_MAX, totals.at_maximum);
        let net_unknown = totals.total.is_some_and(|cost| cost.excl.is_none());
        warnings.set(Warnings::NET_UNKNOWN, net_unknown);
        if cdr.credit
            && let Some(total) = totals.total
        {
            totals.total = Some(total.checked_neg().ok_or(overflow)?);
        }
        let duration = cdr.end.unix_millis().checked_sub(first.start.unix_millis());
        let duration = duration.and_then(|millis| millis.checked_mul(1_000)).ok_or(overflow)?;
        run.priced(totals, MicroSeconds::from_raw(duration), warnings).ok_or(overflow)
    }

    /// Notes the order of the periods by begin, stably.
    fn sort(&mut self, cdr: &Cdr<'_>) -> Warnings {
        self.order.clear();
        if cdr.periods.is_sorted_by_key(|period| period.start) {
            return Warnings::empty();
        }
        self.order.extend(0..u32::try_from(cdr.periods.len()).unwrap_or(u32::MAX));
        let start = |at: &u32| {
            usize::try_from(*at).ok().and_then(|at| cdr.periods.get(at)).map(|p| p.start)
        };
        self.order.sort_by_key(start);
        Warnings::PERIODS_OUT_OF_ORDER
    }

    /// The period at that place in order of time.
    fn nth<'c, 'a>(&self, cdr: &'c Cdr<'a>, at: usize) -> Option<&'c Period<'a>> {
        let place = match self.order.get(at) {
            Some(place) => usize::try_from(*place).ok()?,
            None => at,
        };
        cdr.periods.get(place)
    }
}

/// The first tariff valid at an instant, else the first.
fn choose(tariffs: &[NamedTariff<'_>], instant: Timestamp) -> Option<u16> {
    let valid = |tariff: &NamedTariff<'_>| {
        tariff.start.is_none_or(|start| start <= instant)
            && tariff.end.is_none_or(|end| instant < end)
    };
    let position = tariffs.iter().position(valid).or((!tariffs.is_empty()).then_some(0));
    position.and_then(|position| u16::try_from(position).ok())
}

/// What is wrong with a period's place in its record.
fn oddities(cdr: &Cdr<'_>, line: &PricedPeriod, tariff_known: bool) -> Warnings {
    let mut odd = Warnings::empty();
    if line.start < cdr.start || line.start >= cdr.end || line.end <= line.start || !tariff_known {
        let outside = line.start < cdr.start || (line.start >= cdr.end && cdr.end > cdr.start);
        odd.set(Warnings::PERIODS_OUTSIDE_SESSION, outside);
        odd.set(Warnings::EMPTY_PERIOD, line.end <= line.start);
        odd.set(Warnings::UNKNOWN_TARIFF, !tariff_known);
    }
    odd
}

/// The tariff with that id; ids are compared as OCPI does, whatever the case.
fn named(tariffs: &[NamedTariff<'_>], id: &str) -> Option<u16> {
    let found = tariffs.iter().position(|tariff| tariff.id.eq_ignore_ascii_case(id));
    found.and_then(|position| u16::try_from(position).ok())
}
