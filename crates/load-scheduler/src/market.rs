//! What a slot's energy costs the site: the sun first or last, import up to its caps, export.
//!
//! For a given load of cars and storage the best use of sun, import and export in a slot is a matter of order: the
//! cheapest source first. This is the only place where that order is made; the flow solver takes its price levels from it,
//! the account settles a plan with it, and the general solver is held against both in tests.

use alloc::vec::Vec;

use crate::problem::Problem;
use crate::units::{Joules, MicroPerKwh, Watts};

/// Where a joule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// The sun, which would have been wasted.
    SpareSun,
    /// The sun, which would have been sold.
    SoldSun,
    /// The grid.
    Import,
}

/// So much energy at a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offer {
    /// 10⁻⁶ per kWh.
    pub(crate) price: i64,
    pub(crate) source: Source,
    /// J; `i64::MAX` for import without a limit.
    pub(crate) energy: i64,
}

/// The energy of a power over a slot. Both are in range: 10¹² W over 604 800 s.
pub(crate) fn in_slot(problem: &Problem, power: Watts) -> i64 {
    power.raw() * problem.grid().slot_length().raw()
}

/// The most that may be imported in a slot in joules: the cap, but never less than the background.
pub(crate) fn import_cap(problem: &Problem, slot: u32) -> i64 {
    let background = in_slot(problem, problem.background(slot));
    problem.import_cap(slot).map_or(i64::MAX, |cap| in_slot(problem, cap).max(background))
}

/// What a slot can draw on, the cheapest first, import bounded by `peak` joules, too.
pub(crate) fn offers(problem: &Problem, slot: u32, peak: i64) -> Vec<Offer> {
    let price = problem.price(slot).raw();
    let sun = in_slot(problem, problem.pv(slot));
    let (export, earned) = problem.export(slot);
    let sold = if earned > MicroPerKwh::ZERO { in_slot(problem, export).min(sun) } else { 0 };
    let mut offers = Vec::new();
    offers.push(Offer { price: 0, source: Source::SpareSun, energy: sun - sold });
    offers.push(Offer { price: earned.raw(), source: Source::SoldSun, energy: sold });
    // Each priced order makes what lies above its cap dearer.
    let mut caps: Vec<(i64, i64)> = problem
        .events()
        .iter()
        .filter(|event| event.from <= slot && slot < event.to)
        .filter_map(|event| Some((in_slot(problem, event.cap), event.price?.raw())))
        .collect();
    caps.sort_unstable();
    let end = import_cap(problem, slot).min(peak);
    let (mut begin, mut dearer) = (0, price);
    for (cap, penalty) in caps {
        let stop = cap.min(end);
        offers.push(Offer { price: dearer, source: Source::Import, energy: (stop - begin).max(0) });
        begin = begin.max(stop);
        dearer = dearer.saturating_add(penalty);
    }
    offers.push(Offer { price: dearer, source: Source::Import, energy: (end - begin).max(0) });
    offers.retain(|offer| offer.energy > 0);
    offers.sort_by_key(|offer| (offer.price, offer.source));
    offers
}

/// How a slot's load is served at the least cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Served {
    pub(crate) import: i64,
    pub(crate) export: i64,
    pub(crate) sun: i64,
}

/// Serves a load (background, cars and storage together; negative where more comes in than goes out), importing no more
/// than `peak` joules unless it must.
///
/// What does not fit is imported beyond the cap or exported beyond the limit: to refuse it is the verifier's business.
pub(crate) fn serve(problem: &Problem, slot: u32, load: i64, peak: i64) -> Served {
    let mut served = Served::default();
    let mut left = load.max(0);
    for offer in offers(problem, slot, peak) {
        let taken = offer.energy.min(left);
        left -= taken;
        match offer.source {
            Source::Import => served.import += taken,
            Source::SpareSun | Source::SoldSun => served.sun += taken,
        }
    }
    served.import += left;
    // What comes in has to go out; the sun that is left is sold as far as it fits and pays.
    served.export = (-load).max(0);
    let (limit, earned) = problem.export(slot);
    if earned > MicroPerKwh::ZERO {
        let room = (in_slot(problem, limit) - served.export).max(0);
        let sold = room.min(in_slot(problem, problem.pv(slot)) - served.sun);
        served.export += sold;
        served.sun += sold;
    }
    served
}

/// The peak (joules of a slot) up to which import that is paid for takes the place of the sun; `i64::MAX` where the peak
/// costs nothing or nothing is paid for.
///
/// Each slot's cost is convex in the import that it is allowed, and so is their sum with the demand charge: the best peak
/// is one at which some slot's import has all it wants or reaches the cap of an order.
pub(crate) fn best_peak(problem: &Problem, loads: &[i64]) -> i64 {
    if !problem.has_paid_import() {
        return i64::MAX;
    }
    let charge = problem.demand_charge();
    let so_far = in_slot(problem, charge.peak_so_far);
    let of_slots = |peak: i64| {
        let slots = (0u32..).zip(loads);
        slots.map(move |(slot, load)| (slot, serve(problem, slot, *load, peak).import))
    };
    let least = of_slots(0).map(|(_, import)| import).fold(so_far, i64::max);
    let mut peaks: Vec<i64> = of_slots(i64::MAX).map(|(_, import)| import).collect();
    let priced = problem.events().iter().filter(|event| event.price.is_some());
    peaks.extend(priced.map(|event| in_slot(problem, event.cap)));
    peaks.retain(|peak| *peak > least);
    peaks.push(least);
    peaks.sort_unstable();
    peaks.dedup();
    let length = i128::from(problem.grid().slot_length().raw());
    let total = |peak: i64| -> i128 {
        let energy: i128 =
            of_slots(peak).map(|(slot, import)| cost_of(problem, slot, import)).sum();
        // 10⁻⁶ per kW is 3600 J of a second's slot.
        let charged = i128::from(peak) * i128::from(charge.price.raw()) * 3_600;
        energy.saturating_mul(length).saturating_add(charged)
    };
    let falls = |pair: &[i64]| matches!(pair, [a, b] if total(*b) < total(*a));
    let pairs: Vec<&[i64]> = peaks.windows(2).collect();
    peaks.get(pairs.partition_point(|pair| falls(pair))).copied().unwrap_or(least)
}

/// Price of an import with what orders add, in 10⁻⁶ per kWh times joules.
fn cost_of(problem: &Problem, slot: u32, import: i64) -> i128 {
    let orders = problem.events().iter().filter(|event| event.from <= slot && slot < event.to);
    let above = orders.filter_map(|event| {
        let above = above_cap(problem, event.cap, Joules::from_raw(import));
        Some(i128::from(above) * i128::from(event.price?.raw()))
    });
    i128::from(import) * i128::from(problem.price(slot).raw()) + above.sum::<i128>()
}

/// Joules above the cap of a priced order, for every slot of it.
pub(crate) fn above_cap(problem: &Problem, cap: Watts, import: Joules) -> i64 {
    (import.raw() - in_slot(problem, cap)).max(0)
}
