//! The cheapest plan: time-of-use price, prices on what is not served, and a demand charge.
//!
//! For a fixed peak the sinks are opened in the order of their cost: what the slots still have to offer, and each
//! session's private sink for what is refused. At each level the flow is augmented to its maximum without ever taking
//! energy out of a sink opened before; as the sinks' reachable vectors form a polymatroid, this greedy order is optimal
//! (no assumption that serving pays is needed). The least cost as a function of the peak is convex and piecewise linear,
//! and a minimum cut at any peak gives a line below it; the peak is found by Newton's method on these lines.

use alloc::vec::Vec;

use super::certificate::{Certificate, Support};
use super::{SolveError, checked_plan};
use crate::account::Account;
use crate::flow::{Network, Potentials, Sink};
use crate::market::{Source, import_cap, in_slot, offers};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::session::Priority;
use crate::units::{Cost, Joules, Watts};

/// Levels of cost are counted in 10⁻⁹ of a currency unit per kWh at the meter.
pub(super) const LEVELS_PER_MICRO: i64 = 1_000;

/// A plan of least cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cheapest {
    /// The plan.
    pub plan: Plan,
    /// Its bill; [`Account::total`] is the optimum.
    pub account: Account,
    /// What one more watt of import would have saved in each slot: 10⁻⁹ of a currency unit per kWh, 0 where the limit
    /// does not bind.
    pub shadow_prices: Vec<i64>,
    /// The proof that no plan is cheaper.
    pub certificate: Certificate,
}

/// What the prices on unserved energy are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Those of the sessions.
    ByPrice,
    /// As much as can be served to VIPs, then as much as can be to the others; prices decide only when.
    ByClass,
}

/// The plan of least cost: energy, demand charge, grid orders, and the price of what is not served, together.
///
/// Refusing energy whose price is below that of serving it is optimal, allowed, and shown in the bill. The result is
/// exact in whole joules; with a demand charge the peak is a whole number of joules per slot, less than one from the best.
///
/// # Errors
/// [`SolveError::NotAFlow`] for what needs the general solver (minimum power is ignored); otherwise as
/// [`max_served`](super::max_served).
pub fn cheapest(problem: &Problem) -> Result<Cheapest, SolveError> {
    optimum(problem, Refusal::ByPrice)
}

/// The plan that first serves VIPs all it can, then the others all it can, and then costs the least: the limit of prices
/// on unserved energy that grow beyond all bounds, without using any.
///
/// The demand charge does not hold energy back here; it decides only among plans that serve as much.
///
/// # Errors
/// As [`cheapest`].
pub fn vips_first(problem: &Problem) -> Result<Plan, SolveError> {
    if let Some(coupling) = problem.coupling() {
        return Err(SolveError::NotAFlow { coupling });
    }
    let choice = Choice { refusal: Refusal::ByClass, decisions: &[], most: &[] };
    let best = Evaluation::at(problem, choice, i64::MAX)?.ok_or(SolveError::OutOfRange)?;
    Ok(best.plan)
}

/// The least cost with these cells off or on, and with no session taking more than it can (`most`), if that leaves a plan:
/// the plan (least powers not looked at but where they are decided), and a lower bound on it in levels times joules times
/// the denominator of the demand charge.
pub(super) fn relaxed(
    problem: &Problem,
    decisions: &[(u32, u32, bool, i64)],
    most: &[i64],
) -> Result<Option<(Plan, i128)>, SolveError> {
    let choice = Choice { refusal: Refusal::ByPrice, decisions, most };
    let charge = DemandCost::of(problem);
    if charge.numerator == 0 {
        let only = Evaluation::at(problem, choice, i64::MAX)?;
        return Ok(only.map(|only| (only.plan, only.cost * charge.denominator)));
    }
    let found = lowest_over_peaks(problem, choice)?;
    Ok(found.map(|(best, _)| {
        let cost = charge.total(&best);
        (best.plan, cost)
    }))
}

fn optimum(problem: &Problem, refusal: Refusal) -> Result<Cheapest, SolveError> {
    if let Some(coupling) = problem.coupling() {
        return Err(SolveError::NotAFlow { coupling });
    }
    let choice = Choice { refusal, decisions: &[], most: &[] };
    let price = i128::from(problem.demand_charge().price.raw());
    let found = if price == 0 {
        Evaluation::at(problem, choice, i64::MAX)?.map(|only| {
            let support = only.support();
            (only, alloc::vec![support])
        })
    } else {
        lowest_over_peaks(problem, choice)?
    };
    // Without decisions there is always a plan: the one that refuses everything.
    let (best, supports) = found.ok_or(SolveError::OutOfRange)?;
    let account = Account::of(problem, &best.plan);
    Ok(Cheapest {
        shadow_prices: best.shadow_prices(problem),
        account,
        certificate: Certificate::new(supports),
        plan: best.plan,
    })
}

/// What is asked of an evaluation beside the problem.
#[derive(Debug, Clone, Copy)]
struct Choice<'a> {
    refusal: Refusal,
    /// Session, slot, whether it is on, and the least energy then.
    decisions: &'a [(u32, u32, bool, i64)],
    /// The most that each session takes, at most what it asks for; empty for just that.
    most: &'a [i64],
}

/// The peak of least cost, and the two lines that prove it; `None` if the decisions leave no plan.
fn lowest_over_peaks(
    problem: &Problem,
    choice: Choice<'_>,
) -> Result<Option<(Evaluation, Vec<Support>)>, SolveError> {
    let charge = DemandCost::of(problem);
    if !charge.fits(problem) {
        return Err(SolveError::OutOfRange);
    }
    // What is decided to be on may need a higher peak than the lowest.
    let lowest = lowest_peak(problem);
    let Some(mut high) = Evaluation::at(problem, choice, highest_peak(problem))? else {
        return Ok(None);
    };
    let lowest = lowest.max(lowest_peak_of_decisions(problem, choice.decisions));
    let Some(mut low) = Evaluation::at(problem, choice, lowest.min(high.peak))? else {
        return Ok(None);
    };
    if charge.slope_of(&low) >= 0 {
        let support = low.support();
        return Ok(Some((low, alloc::vec![support])));
    }
    // Between the two the cost falls from the left and rises to the right.
    while high.peak - low.peak > 1 {
        let peak = charge.meeting_point(&low, &high);
        if peak <= low.peak || peak >= high.peak {
            break;
        }
        let Some(between) = Evaluation::at(problem, choice, peak)? else { break };
        // The lines meet between this joule and the next: no peak of whole joules costs less than the lower of these two.
        let on_both_lines = |peak| charge.below(&low, peak).max(charge.below(&high, peak));
        let least = on_both_lines(peak).min(on_both_lines(peak + 1));
        let found = charge.total(&between);
        if charge.slope_of(&between) < 0 {
            low = between;
        } else {
            high = between;
        }
        if found <= least {
            break;
        }
    }
    let supports = alloc::vec![low.support(), high.support()];
    let best = if charge.total(&low) < charge.total(&high) { low } else { high };
    Ok(Some((best, supports)))
}

/// Joules per slot that the cells decided to be on need, beside the background and behind the sun.
fn lowest_peak_of_decisions(problem: &Problem, decisions: &[(u32, u32, bool, i64)]) -> i64 {
    let mut fixed = alloc::collections::BTreeMap::new();
    for (_, slot, on, least) in decisions {
        *fixed.entry(*slot).or_insert(0i64) += if *on { *least } else { 0 };
    }
    let need = |(slot, fixed): (u32, i64)| {
        let background = in_slot(problem, problem.background(slot));
        background - in_slot(problem, problem.pv(slot)) + fixed
    };
    fixed.into_iter().map(need).max().unwrap_or(0)
}

/// Joules per slot below which the import cannot stay, or that cost nothing more.
fn lowest_peak(problem: &Problem) -> i64 {
    let so_far = in_slot(problem, problem.demand_charge().peak_so_far);
    let background =
        |slot| in_slot(problem, problem.background(slot)) - in_slot(problem, problem.pv(slot));
    (0..problem.grid().slots()).map(background).fold(so_far, i64::max)
}

/// Joules per slot that no import reaches: more than all sessions in one slot, or the limit.
pub(super) fn highest_peak(problem: &Problem) -> i64 {
    let all: i64 = problem.sessions().iter().map(|s| s.energy_at_meter().raw()).sum();
    let most = |slot| {
        let background = in_slot(problem, problem.background(slot));
        import_cap(problem, slot).min(background.saturating_add(all).saturating_add(1))
    };
    (0..problem.grid().slots()).map(most).fold(lowest_peak(problem), i64::max)
}

/// The cost of a peak in levels times joules.
struct DemandCost {
    /// Per joule of a slot.
    numerator: i128,
    /// Length of a slot.
    denominator: i128,
}

impl DemandCost {
    fn of(problem: &Problem) -> Self {
        // 10^-6/kW is 10^-9/W; a W is so many J of a slot; a level is 10^-9/kWh, so per J 3.6e6 smaller.
        let price = i128::from(problem.demand_charge().price.raw());
        Self {
            numerator: price * 3_600 * i128::from(LEVELS_PER_MICRO),
            denominator: i128::from(problem.grid().slot_length().raw()),
        }
    }

    /// Whether every product below stays inside 128 bits: all energy, or the highest peak over all slots, at the highest
    /// price.
    fn fits(&self, problem: &Problem) -> bool {
        let orders: i64 = problem
            .events()
            .iter()
            .filter_map(|e| e.price)
            .map(|p| p.raw())
            .fold(0, i64::saturating_add);
        let prices = (0..problem.grid().slots()).map(|slot| problem.price(slot).raw().abs());
        let refusals = problem.sessions().iter().map(|s| s.unserved_price.raw());
        let highest = prices.chain(refusals).max().unwrap_or(0).saturating_add(orders);
        let level = i128::from(highest) * i128::from(LEVELS_PER_MICRO) * self.denominator;
        let slots = i128::from(problem.grid().slots());
        let energy: i128 =
            problem.sessions().iter().map(|s| i128::from(s.energy_at_meter().raw())).sum();
        let peak = i128::from(highest_peak(problem));
        let steepest = level.checked_mul(slots).and_then(|all| all.checked_add(self.numerator));
        let parts = [
            level.checked_mul(energy.max(peak)),
            steepest.and_then(|steepest| steepest.checked_mul(peak)),
        ];
        // A hundredth of the range, for sums of a few of them.
        parts.iter().all(|part| part.is_some_and(|part| part < i128::MAX / 100))
    }

    /// Change of the total cost for one joule more of peak, times the denominator.
    fn slope_of(&self, at: &Evaluation) -> i128 {
        self.numerator - at.savings * self.denominator
    }

    fn total(&self, at: &Evaluation) -> i128 {
        at.cost * self.denominator + i128::from(at.peak) * self.numerator
    }

    /// The line under the cost that an evaluation gives, at another peak.
    fn below(&self, at: &Evaluation, peak: i64) -> i128 {
        self.total(at) + self.slope_of(at) * i128::from(peak - at.peak)
    }

    /// Where the lines of both meet, rounded to a whole joule strictly between.
    fn meeting_point(&self, low: &Evaluation, high: &Evaluation) -> i64 {
        let fall = self.total(low) - self.below(high, low.peak);
        let steepness = self.slope_of(high) - self.slope_of(low);
        let step = if steepness > 0 { fall / steepness } else { 0 };
        let width = i128::from(high.peak - low.peak);
        low.peak + i64::try_from(step.clamp(1, width - 1)).unwrap_or(1)
    }
}

/// The least cost under a fixed peak, with the prices that prove it.
struct Evaluation {
    peak: i64,
    /// Levels times joules, without the demand charge.
    cost: i128,
    /// What one joule more of peak would save, in levels.
    savings: i128,
    plan: Plan,
    potentials: Potentials,
}

impl Evaluation {
    fn at(problem: &Problem, choice: Choice<'_>, peak: i64) -> Result<Option<Self>, SolveError> {
        let refusal = choice.refusal;
        let mut network = Network::new(problem, 1)?;
        if !choice.most.is_empty() {
            network.ask(choice.most);
        }
        let all = Level::all(problem, &network, refusal, peak);
        let mut left = None;
        if !choice.decisions.is_empty() {
            let fixed = network.decide(choice.decisions);
            left = fixed.and_then(|fixed| Level::without(&all, fixed));
            if left.is_none() {
                return Ok(None);
            }
        }
        let levels = left.as_ref().unwrap_or(&all);
        open_in_order(&mut network, levels);
        let plan = if choice.decisions.is_empty() {
            checked_plan(problem, &network)?
        } else {
            let mut runs = network.total_flows();
            runs.sort_unstable_by_key(|(index, ..)| *index);
            let joules = |run: Vec<i64>| run.into_iter().map(Joules::from_raw);
            Plan::from_runs(runs.into_iter().map(|(_, first, run)| (first, joules(run))))
        };
        let sinks: Vec<(i64, Sink)> = open_ends(&all, &plan, problem, &network);
        let potentials = network.potentials(&sinks)?;
        let savings = (0u32..).zip(&potentials.slots).map(|(slot, price)| {
            let next = import_price_at(problem, slot, peak);
            let next = next.filter(|_| network.may_open_further(slot));
            next.map_or(0, |next| i128::from(price.saturating_sub(next).max(0)))
        });
        Ok(Some(Self {
            peak,
            cost: cost(problem, refusal, &plan),
            savings: savings.sum(),
            potentials,
            plan,
        }))
    }

    fn support(&self) -> Support {
        Support { peak: self.peak, potentials: self.potentials.clone() }
    }

    /// How much dearer energy is to the sessions than to the site in a slot whose limit binds.
    fn shadow_prices(&self, problem: &Problem) -> Vec<i64> {
        let totals = self.plan.slot_totals(problem);
        (0u32..)
            .zip(self.potentials.slots.iter().zip(totals))
            .map(|(slot, (price, total))| {
                let load = total.raw() + in_slot(problem, problem.background(slot));
                let full = in_slot(problem, problem.pv(slot))
                    .saturating_add(import_cap(problem, slot))
                    <= load;
                let dearest = offers(problem, slot, i64::MAX).last().map_or(0, |o| o.price);
                if full {
                    price.saturating_sub(dearest.saturating_mul(LEVELS_PER_MICRO)).max(0)
                } else {
                    0
                }
            })
            .collect()
    }
}

/// Opens the sinks level by level, augmenting the flow to its maximum at each.
pub(super) fn open_in_order(network: &mut Network, levels: &[Level]) {
    for level in levels.chunk_by(|a, b| (a.cost, a.is_refusal()) == (b.cost, b.is_refusal())) {
        for level in level {
            match level.opens {
                Sink::Slot(slot) => {
                    let capacity = network.capacity(slot).saturating_add(level.energy);
                    network.open(slot, capacity);
                }
                Sink::Refusal(position) => network.refuse(position),
            }
        }
        network.augment();
        if network.missing() == 0 {
            break;
        }
    }
}

/// A sink to open, and what it costs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    cost: i64,
    opens: Sink,
    /// By how much a slot opens further.
    energy: i64,
}

impl Level {
    pub(super) const fn new(cost: i64, opens: Sink, energy: i64) -> Self {
        Self { cost, opens, energy }
    }

    const fn is_refusal(&self) -> bool {
        matches!(self.opens, Sink::Refusal(_))
    }

    /// All sinks, in the order in which they open.
    pub(super) fn all(
        problem: &Problem,
        network: &Network,
        refusal: Refusal,
        peak: i64,
    ) -> Vec<Self> {
        let mut levels = Vec::new();
        for slot in 0..problem.grid().slots() {
            for (price, energy) in left_for_cars(problem, slot, peak) {
                let cost = price.saturating_mul(LEVELS_PER_MICRO);
                levels.push(Self::new(cost, Sink::Slot(slot), energy));
            }
        }
        for (position, index) in (0u32..).zip(network.sessions()) {
            let cost = refusal_cost(problem, refusal, index as usize);
            levels.push(Self::new(cost, Sink::Refusal(position), 0));
        }
        Self::sort(&mut levels);
        levels
    }
}

impl Level {
    /// Into the order in which they open.
    pub(super) fn sort(levels: &mut [Self]) {
        levels.sort_unstable_by_key(|level| (level.cost, level.is_refusal(), level.opens));
    }

    /// The levels less what is fixed in each slot, which takes the cheapest part; `None` if a slot has less than that.
    fn without(levels: &[Self], fixed: Vec<i64>) -> Option<Vec<Self>> {
        let mut fixed = fixed;
        let mut left = Vec::with_capacity(levels.len());
        for level in levels {
            let mut level = *level;
            if let Sink::Slot(slot) = level.opens
                && let Some(fixed) = fixed.get_mut(slot as usize)
            {
                let taken = level.energy.min(*fixed);
                *fixed -= taken;
                level.energy -= taken;
            }
            left.push(level);
        }
        fixed.iter().all(|fixed| *fixed == 0).then_some(left)
    }
}

/// What a slot still has to offer after the background has taken its part: price and energy, the cheapest first.
pub(super) fn left_for_cars(
    problem: &Problem,
    slot: u32,
    peak: i64,
) -> impl Iterator<Item = (i64, i64)> {
    let mut background = in_slot(problem, problem.background(slot));
    offers(problem, slot, peak).into_iter().filter_map(move |offer| {
        let taken = offer.energy.min(background);
        background -= taken;
        (offer.energy > taken).then_some((offer.price, offer.energy - taken))
    })
}

/// The price of the next joule of import beyond this peak, in levels; `None` where the slot's own cap ends before.
pub(super) fn import_price_at(problem: &Problem, slot: u32, peak: i64) -> Option<i64> {
    if peak == i64::MAX || import_cap(problem, slot) <= peak {
        return None;
    }
    let beyond = offers(problem, slot, peak + 1);
    let imports = beyond.iter().filter(|offer| offer.source == Source::Import);
    let price = imports.map(|offer| offer.price).max()?;
    Some(price.saturating_mul(LEVELS_PER_MICRO))
}

/// The cost of refusing a joule at the meter, in levels.
fn refusal_cost(problem: &Problem, refusal: Refusal, session: usize) -> i64 {
    // Beyond any price of energy, in levels.
    const STANDARD: i64 = i64::MAX / 4;
    let Some(session) = problem.sessions().get(session) else { return 0 };
    match (refusal, session.priority) {
        (Refusal::ByPrice, _) => unserved_level(session),
        (Refusal::ByClass, Priority::Standard) => STANDARD,
        (Refusal::ByClass, Priority::Vip) => STANDARD + 1,
    }
}

/// A session's price on unserved energy, seen from the meter, in levels.
pub(super) fn unserved_level(session: &crate::session::Session) -> i64 {
    let price = i128::from(session.unserved_price.raw()) * i128::from(LEVELS_PER_MICRO);
    let at_meter = price * i128::from(session.efficiency.ppb()) / 1_000_000_000;
    i64::try_from(at_meter).unwrap_or(i64::MAX)
}

/// The sinks that could take more than they do, in the order of their cost.
fn open_ends(
    levels: &[Level],
    plan: &Plan,
    problem: &Problem,
    network: &Network,
) -> Vec<(i64, Sink)> {
    let totals = plan.slot_totals(problem);
    let mut used: Vec<i64> = totals.iter().map(|total| total.raw()).collect();
    levels
        .iter()
        .filter(|level| match level.opens {
            Sink::Refusal(_) => true,
            Sink::Slot(slot) => {
                let Some(used) = used.get_mut(slot as usize) else { return false };
                let taken = level.energy.min(*used);
                *used -= taken;
                taken < level.energy && network.may_take_more(slot)
            }
        })
        .map(|level| (level.cost, level.opens))
        .collect()
}

/// What a plan costs in levels times joules: energy and refusals, without the background and the demand charge.
fn cost(problem: &Problem, refusal: Refusal, plan: &Plan) -> i128 {
    let mut cost = 0i128;
    for (slot, total) in (0u32..).zip(plan.slot_totals(problem)) {
        let mut left = total.raw();
        for (price, energy) in left_for_cars(problem, slot, i64::MAX) {
            let taken = energy.min(left);
            left -= taken;
            cost += i128::from(taken) * i128::from(price) * i128::from(LEVELS_PER_MICRO);
        }
    }
    for (index, (session, run)) in problem.sessions().iter().zip(plan.sessions()).enumerate() {
        let missing = session.energy_at_meter().raw() - run.total().raw();
        cost += i128::from(missing) * i128::from(refusal_cost(problem, refusal, index));
    }
    cost
}

/// The value of a number of levels times joules as money.
pub(super) fn as_money(levels: i128) -> Cost {
    Cost::from_raw(levels.div_euclid(i128::from(LEVELS_PER_MICRO)))
}

/// The watts of a limit that a certificate weighs.
pub(super) fn joules(problem: &Problem, power: Watts) -> i128 {
    i128::from(in_slot(problem, power))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::problem::Grid;
    use crate::session::{Session, SessionId};
    use crate::site::DemandCharge;
    use crate::units::{MicroPerKw, MicroPerKwh, Seconds};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// Slots of a second and a few watts, so that every peak of whole joules can be tried.
        #[test]
        fn no_peak_is_cheaper(
            prices in prop::collection::vec(-2i64..12, 1..5),
            cars in prop::collection::vec((0i64..4, 1i64..4, 1i64..12, 1i64..6, 0i64..15), 1..5),
            limit in 1i64..15,
            background in 0i64..4,
            per_kw in 1i64..30,
            decisions in prop::collection::vec((0u32..5, 0u32..4, any::<bool>(), 0i64..4), 0..8),
        ) {
            let slots = u32::try_from(prices.len()).unwrap();
            let grid = Grid::new(Seconds::ZERO, Seconds::from_raw(1), slots).unwrap();
            let sessions = (0u64..).zip(&cars).map(|(id, (arrive, stay, energy, power, price))| {
                let (arrive, depart) =
                    (Seconds::from_raw(*arrive), Seconds::from_raw(arrive + stay));
                let energy = Joules::from_raw(*energy);
                Session::new(SessionId::from_raw(id), arrive, depart, energy, Watts::from_raw(*power))
                    .with_unserved_price(MicroPerKwh::from_raw(price * 3_600))
            });
            let problem = Problem::builder(grid)
                .price(prices.iter().map(|p| MicroPerKwh::from_raw(p * 3_600)).collect::<Vec<_>>())
                .limit(Watts::from_raw(limit))
                .background(Watts::from_raw(background))
                .demand_charge(DemandCharge {
                    price: MicroPerKw::from_raw(per_kw),
                    peak_so_far: Watts::ZERO,
                })
                .sessions(sessions.collect())
                .build()
                .unwrap();
            let mut decisions: Vec<_> = decisions
                .into_iter()
                .filter(|(session, slot, ..)| {
                    let asked = problem.sessions().get(*session as usize);
                    asked.is_some_and(|asked| problem.presence(asked, *slot) > 0) && *slot < slots
                })
                .collect();
            decisions.sort_unstable();
            decisions.dedup_by_key(|(session, slot, ..)| (*session, *slot));
            let choice = Choice { refusal: Refusal::ByPrice, decisions: &decisions, most: &[] };
            let charge = DemandCost::of(&problem);
            let all = (lowest_peak(&problem)..=highest_peak(&problem))
                .filter_map(|peak| Evaluation::at(&problem, choice, peak).unwrap())
                .map(|found| charge.total(&found))
                .min();
            let found = lowest_over_peaks(&problem, choice).unwrap();
            prop_assert_eq!(found.map(|(best, _)| charge.total(&best)), all);
        }
    }
}
