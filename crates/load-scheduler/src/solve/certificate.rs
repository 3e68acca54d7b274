//! A proof that a plan is the cheapest, and the checker that trusts nothing but the problem.
//!
//! The proof is a price for every session and every place of the tree: by weak duality any such prices give a lower bound
//! on the cost of every plan, so the checker only has to sum. They are the minimum cuts of all price levels at once; with
//! a demand charge there are two sets of them, one for each line that meets at the best peak.

use alloc::vec::Vec;

use super::cheapest::{
    LEVELS_PER_MICRO, as_money, highest_peak, import_price_at, joules, left_for_cars,
    unserved_level,
};
use crate::account::Account;
use crate::flow::Potentials;
use crate::market::in_slot;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::units::Cost;

/// The prices found at one peak (joules per slot; `i64::MAX` without a demand charge).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Support {
    pub(crate) peak: i64,
    pub(crate) potentials: Potentials,
}

/// Prices that prove a lower bound on the cost of every plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    supports: Vec<Support>,
}

/// Why a certificate proves nothing about a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// It is made for another number of sessions, slots or nodes.
    #[error("the certificate is for another problem")]
    OtherProblem,
    /// The problem is not a flow, so that these prices say nothing about it.
    #[error("the problem is not a flow")]
    NotAFlow,
    /// A sum does not fit in 128 bits.
    #[error("the bound does not fit in 128 bits")]
    OutOfRange,
}

impl Certificate {
    pub(crate) const fn new(supports: Vec<Support>) -> Self {
        Self { supports }
    }

    /// Sums up the proof: no plan of the problem costs less than this.
    ///
    /// Shares nothing with the search that found the prices; wrong prices only give a lower bound that is too low. Exact,
    /// except that a demand charge is weighed to the joule of a slot, and an efficiency to 10⁻⁹ of a currency unit per kWh.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn bound(&self, problem: &Problem) -> Result<Cost, CertificateError> {
        if problem.coupling().is_some() {
            return Err(CertificateError::NotAFlow);
        }
        let mut lines = Vec::new();
        for support in &self.supports {
            lines.push(Line::of(problem, support)?);
        }
        let flow = lowest_of_lines(problem, &lines).ok_or(CertificateError::OutOfRange)?;
        // What the background alone costs or earns is not the plan's choice.
        let nothing = Account::of(problem, &Plan::default());
        let base = nothing.energy.raw() + nothing.export.raw() + nothing.events.raw();
        Ok(Cost::from_raw(as_money(flow).raw() + base))
    }

    /// By how much the plan's bill is above the bound: zero proves it optimal. Never negative for a plan that keeps the
    /// limits, but for the rounding that [`Certificate::bound`] names.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn gap(&self, problem: &Problem, account: &Account) -> Result<Cost, CertificateError> {
        let bound = self.bound(problem)?;
        Ok(Cost::from_raw(account.total().raw().saturating_sub(bound.raw())))
    }
}

/// A line below the cost as a function of the peak: value at its own peak, and what a joule more saves.
struct Line {
    peak: i64,
    value: i128,
    savings: i128,
}

impl Line {
    fn of(problem: &Problem, support: &Support) -> Result<Self, CertificateError> {
        let prices = &support.potentials;
        let slots = problem.grid().slots() as usize;
        let fits = prices.sessions.len() == problem.sessions().len()
            && prices.slots.len() == slots
            && prices
                .places
                .iter()
                .all(|(node, row)| row.len() == slots && (*node as usize) < problem.nodes().len());
        if !fits {
            return Err(CertificateError::OtherProblem);
        }
        // More than all energy passes nowhere.
        let demand = problem.sessions().iter().map(|s| i128::from(s.energy_at_meter().raw())).sum();
        let site_limit = limit_over_all(problem).min(demand);
        let mut value = 0i128;
        let mut rows: Vec<Option<&[i64]>> = alloc::vec![None; problem.nodes().len()];
        for (node, row) in &prices.places {
            if let Some(place) = rows.get_mut(*node as usize) {
                *place = Some(row);
            }
        }
        // A node without prices of its own passes on those above it, which bounds nothing.
        let above = |node: Option<u32>| -> &[i64] {
            core::iter::successors(node, |n| problem.tree().parent.get(*n as usize).copied()?)
                .find_map(|n| rows.get(n as usize).copied().flatten())
                .unwrap_or(&prices.slots)
        };
        for (index, price) in prices.sessions.iter().enumerate() {
            let node = problem.tree().of_session.get(index).copied().flatten();
            value += session_part(problem, index, *price, above(node))?;
        }
        for (node, row) in &prices.places {
            let parent = problem.tree().parent.get(*node as usize).copied().flatten();
            let limit = problem.nodes().get(*node as usize).map_or(0, |n| {
                let by_phase = n.phase_limit.map_or(demand, |limit| 3 * joules(problem, limit));
                joules(problem, n.limit).min(by_phase).min(demand)
            });
            for (inner, outer) in row.iter().zip(above(parent)) {
                value -= limit * (i128::from(*inner) - i128::from(*outer)).max(0);
            }
        }
        let mut savings = 0i128;
        for (slot, price) in (0u32..).zip(&prices.slots) {
            let mut room = site_limit;
            for (offer, energy) in left_for_cars(problem, slot, support.peak) {
                let gain = i128::from(*price) - i128::from(offer) * i128::from(LEVELS_PER_MICRO);
                let taken = i128::from(energy).min(room);
                room -= taken;
                value -= taken * gain.max(0);
            }
            // Where the nodes over all let no more through, a higher peak saves nothing.
            if room > 0
                && let Some(next) = import_price_at(problem, slot, support.peak)
            {
                savings += (i128::from(*price) - i128::from(next)).max(0);
            }
        }
        Ok(Self { peak: support.peak, value, savings })
    }

    fn at(&self, peak: i128) -> Option<i128> {
        let further = peak - i128::from(self.peak);
        self.value.checked_sub(self.savings.checked_mul(further)?)
    }
}

/// What the least of all nodes that stand above every session lets through in a slot.
fn limit_over_all(problem: &Problem) -> i128 {
    let mut counts = alloc::vec![0usize; problem.nodes().len()];
    for session in 0..problem.sessions().len() {
        for node in problem.nodes_above(session) {
            if let Some(count) = counts.get_mut(node) {
                *count += 1;
            }
        }
    }
    let over_all = counts.iter().zip(problem.nodes());
    over_all
        .filter(|(count, _)| **count == problem.sessions().len())
        .map(|(_, node)| {
            joules(problem, node.limit)
                .min(node.phase_limit.map_or(i128::MAX, |l| 3 * joules(problem, l)))
        })
        .min()
        .unwrap_or(i128::MAX)
}

/// A session's energy at its price, less what the price is above that of each place times what it could take there.
fn session_part(
    problem: &Problem,
    index: usize,
    price: i64,
    places: &[i64],
) -> Result<i128, CertificateError> {
    let Some(session) = problem.sessions().get(index) else {
        return Err(CertificateError::OtherProblem);
    };
    // A price above that of refusing would be worth nothing; the lower one is always allowed.
    let price = i128::from(price.min(unserved_level(session)));
    let mut value = i128::from(session.energy_at_meter().raw()) * price;
    let (begin, end) = problem.grid().clip(session);
    let length = problem.grid().slot_length().raw();
    let first = usize::try_from(begin / length).unwrap_or(usize::MAX);
    for (slot, place) in (begin / length..).zip(places.get(first..).unwrap_or_default()) {
        if slot * length >= end {
            break;
        }
        let time = end.min((slot + 1) * length) - begin.max(slot * length);
        if !u32::try_from(slot).is_ok_and(|slot| problem.affordable(session, slot)) {
            continue;
        }
        // No slot ever takes more than the whole energy.
        let reach = i128::from(session.max_power.raw()) * i128::from(time);
        let reach = reach.min(session.energy_at_meter().raw().into());
        value -= reach * (price - i128::from(*place)).max(0);
    }
    Ok(value)
}

/// The least, over all peaks, of the demand charge and the highest line together; lowered by a joule's worth where the
/// lines meet between two whole joules.
fn lowest_of_lines(problem: &Problem, lines: &[Line]) -> Option<i128> {
    let charge = problem.demand_charge();
    if charge.price.raw() == 0 {
        return lines.iter().map(|line| line.value).max();
    }
    let so_far = i128::from(in_slot(problem, charge.peak_so_far));
    let length = i128::from(problem.grid().slot_length().raw());
    let per_joule = i128::from(charge.price.raw()) * 3_600 * i128::from(LEVELS_PER_MICRO);
    let least = (0..problem.grid().slots())
        .map(|slot| joules(problem, problem.background(slot)) - joules(problem, problem.pv(slot)))
        .fold(so_far, i128::max);
    let total = |peak: i128| -> Option<i128> {
        let mut highest = None;
        for line in lines {
            highest = highest.max(Some(line.at(peak)?));
        }
        let demand = (peak - so_far).checked_mul(per_joule)?.div_euclid(length);
        highest?.checked_add(demand)
    };
    // Beyond the highest import that is possible nothing changes but the charge.
    let most = i128::from(highest_peak(problem)).max(least);
    let mut lowest = total(least)?.min(total(most)?);
    for (i, a) in lines.iter().enumerate() {
        for b in lines.get(i + 1..).unwrap_or_default() {
            // a.value - a.savings (p - a.peak) = b.value - b.savings (p - b.peak)
            let steepness = a.savings - b.savings;
            if steepness == 0 {
                continue;
            }
            let meeting = (a.at(0)? - b.at(0)?).div_euclid(steepness).clamp(least, most);
            let worth = a.savings.max(b.savings).max(per_joule / length + 1);
            lowest = lowest.min(total(meeting)?.min(total(meeting + 1)?).checked_sub(worth)?);
        }
    }
    Some(lowest)
}
