//! A session's plan as what a charging protocol sends: steps of constant power, few of them, never above the plan.

use alloc::vec::Vec;

use crate::plan::SessionPlan;
use crate::problem::Problem;
use crate::units::{Seconds, Watts};

/// A limit from a time on, until the next period begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// When it begins.
    pub start: Seconds,
    /// The most to draw. Unit W.
    pub limit: Watts,
}

/// The steps of a session's plan from its first slot on, closed by a period of 0 W at the end of its last.
///
/// Every limit is the slot's mean power rounded down to a multiple of `resolution` (100 W for the one decimal of kW that
/// OCPP 1.6 has, 1 W for none); equal neighbours are one period. Where these are more than `max_periods` (a charger's
/// `ChargingScheduleMaxPeriods`), the two neighbours are merged at the lower of their limits that lose the least energy,
/// again and again: never above the plan. `max_periods` of 0 means no cap; the closing period is not counted. Discharging
/// counts as 0 W: this is for profiles that only limit.
#[must_use]
pub fn profile(
    problem: &Problem,
    plan: SessionPlan<'_>,
    resolution: Watts,
    max_periods: usize,
) -> Vec<Period> {
    let length = problem.grid().slot_length().raw();
    let grain = resolution.raw().max(1);
    let mut steps: Vec<(i64, i64)> = Vec::new();
    for energy in plan.energy {
        let limit = energy.raw().max(0) / length / grain * grain;
        match steps.last_mut() {
            Some((slots, last)) if *last == limit => *slots += 1,
            _ => steps.push((1, limit)),
        }
    }
    while max_periods > 0 && steps.len() > max_periods {
        let lost = |pair: &[(i64, i64)]| match pair {
            [(_, low), (b, high)] if low <= high => i128::from(high - low) * i128::from(*b),
            [(a, high), (_, low)] => i128::from(high - low) * i128::from(*a),
            _ => i128::MAX,
        };
        let cheapest = steps.windows(2).enumerate().min_by_key(|(_, pair)| lost(pair));
        let Some((place, _)) = cheapest else { break };
        let (slots, limit) = steps.remove(place);
        if let Some(next) = steps.get_mut(place) {
            *next = (next.0 + slots, next.1.min(limit));
        }
    }
    let mut slot = i64::from(plan.first_slot);
    let mut periods = Vec::with_capacity(steps.len() + 1);
    let start = |slot: i64| Seconds::from_raw(problem.grid().start().raw() + slot * length);
    for (slots, limit) in steps {
        periods.push(Period { start: start(slot), limit: Watts::from_raw(limit) });
        slot += slots;
    }
    if periods.last().is_some_and(|last| last.limit > Watts::ZERO) {
        periods.push(Period { start: start(slot), limit: Watts::ZERO });
    }
    periods
}

/// The current per phase that this power is at a phase voltage, rounded down to 0.1 A: unit 0.1 A.
///
/// `None` without a phase or a voltage. A charging pilot (IEC 61851-1) can say 0 or 6 A and more, in whole amperes: what is
/// below 60 must be sent as 0, or lifted by [`quantise`](crate::quantise()) before.
#[must_use]
pub const fn deci_amperes(power: Watts, volts: u32, phases: u32) -> Option<i64> {
    let denominator = volts as i64 * phases as i64;
    match power.raw().checked_mul(10) {
        Some(deciwatts) if denominator > 0 => Some(deciwatts.div_euclid(denominator)),
        _ => None,
    }
}
