//! The bill of a plan: what is imported, exported and paid, slot by slot and in all.

use alloc::vec::Vec;

use crate::market::{above_cap, best_peak, in_slot, serve};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::units::{Cost, Joules, MeanPower, Watts};

/// What flows through the site's meters in a slot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SlotAccount {
    /// Energy from the grid.
    pub import: Joules,
    /// Energy to the grid.
    pub export: Joules,
    /// Energy of the sun that is used or sold.
    pub sun: Joules,
}

/// The costs of a plan by their cause; their sum is what the optimal plans minimise.
///
/// The background's own energy is not in it, so that nothing costs nothing while no car charges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Every slot of the grid.
    pub slots: Vec<SlotAccount>,
    /// Price of the import beyond the background.
    pub energy: Cost,
    /// What export earns, as a cost: zero or less where the export price is not negative.
    pub export: Cost,
    /// Highest mean import of a slot, or the peak so far if that is higher.
    pub peak: MeanPower,
    /// Demand charge for the peak beyond the peak so far.
    pub demand_charge: Cost,
    /// Prices on what is not delivered, and on what comes after a milestone.
    pub unserved: Cost,
    /// Wear of discharged batteries.
    pub wear: Cost,
    /// Prices of import above the caps of grid orders.
    pub events: Cost,
}

impl Account {
    /// Settles a plan. The sun, import and export of each slot are what costs least for the plan's load, the demand charge
    /// included.
    ///
    /// Nothing is checked here: a plan that breaks limits has a bill, too.
    #[must_use]
    pub fn of(problem: &Problem, plan: &Plan) -> Self {
        let totals = plan.net_totals(problem);
        let totals = totals.iter().map(|total| total.raw());
        Self::settle(problem, totals, unserved(problem, plan), wear(problem, plan))
    }

    /// Settles what the cars and storages take in every slot.
    pub(crate) fn settle(
        problem: &Problem,
        totals: impl Iterator<Item = i64>,
        unserved: Cost,
        wear: Cost,
    ) -> Self {
        let background = |slot| in_slot(problem, problem.background(slot));
        let loads: Vec<i64> = (0u32..)
            .zip(totals)
            .map(|(slot, total)| total.saturating_add(background(slot)))
            .collect();
        let allowed = best_peak(problem, &loads);
        let mut slots = Vec::with_capacity(loads.len());
        let (mut energy, mut export, mut events) = (0i128, 0i128, 0i128);
        let mut highest = 0;
        for (slot, load) in (0u32..).zip(&loads) {
            let background = in_slot(problem, problem.background(slot));
            let served = serve(problem, slot, *load, allowed);
            let price = i128::from(problem.price(slot).raw());
            energy += i128::from(served.import - background) * price;
            export -= i128::from(served.export) * i128::from(problem.export(slot).1.raw());
            highest = highest.max(served.import);
            slots.push(SlotAccount {
                import: Joules::from_raw(served.import),
                export: Joules::from_raw(served.export),
                sun: Joules::from_raw(served.sun),
            });
        }
        for event in problem.events() {
            let Some(price) = event.price else { continue };
            for slot in slots.iter().take(event.to as usize).skip(event.from as usize) {
                let above = above_cap(problem, event.cap, slot.import);
                events += i128::from(above) * i128::from(price.raw());
            }
        }
        let charge = problem.demand_charge();
        let so_far = in_slot(problem, charge.peak_so_far);
        let length = problem.grid().slot_length();
        let mean = |joules: i64| MeanPower::new(joules.into(), length).unwrap_or(MeanPower::ZERO);
        Self {
            slots,
            energy: Cost::from_raw(energy),
            export: Cost::from_raw(export),
            peak: mean(highest.max(so_far)),
            demand_charge: Cost::of_peak(mean((highest - so_far).max(0)), charge.price),
            unserved,
            wear,
            events: Cost::from_raw(events),
        }
    }

    /// The sum of all costs: the objective.
    #[must_use]
    pub fn total(&self) -> Cost {
        let parts =
            [self.energy, self.export, self.demand_charge, self.unserved, self.wear, self.events];
        Cost::from_raw(parts.iter().fold(0i128, |sum, cost| sum.saturating_add(cost.raw())))
    }

    /// Mean import of a slot.
    #[must_use]
    pub fn mean_import(&self, problem: &Problem, slot: u32) -> Watts {
        let import = self.slots.get(slot as usize).map_or(0, |slot| slot.import.raw());
        Watts::from_raw(import / problem.grid().slot_length().raw().max(1))
    }
}

fn unserved(problem: &Problem, plan: &Plan) -> Cost {
    let mut cost = 0i128;
    for (index, session) in problem.sessions().iter().enumerate() {
        let missing = plan.unserved(problem, index);
        cost += i128::from(missing.raw()) * i128::from(session.unserved_price.raw());
        if let Some(milestone) = session.milestone {
            let due = milestone.energy.min(session.energy).raw();
            let late = (due - delivered_by(problem, plan, index, milestone.by.raw())).max(0);
            cost += i128::from(late) * i128::from(milestone.late_price.raw());
        }
    }
    Cost::from_raw(cost)
}

/// What a session's battery has got in slots that end by a time.
fn delivered_by(problem: &Problem, plan: &Plan, session: usize, time: i64) -> i64 {
    let Some(run) = plan.session(session) else { return 0 };
    let grid = problem.grid();
    let before = (run.first_slot..)
        .zip(run.energy)
        .take_while(|(slot, _)| grid.start_of(slot.saturating_add(1)).raw() <= time);
    let net = before.fold(0i64, |sum, (_, energy)| sum.saturating_add(energy.raw()));
    let efficiency = problem.sessions().get(session).map(|s| s.efficiency).unwrap_or_default();
    efficiency.of(Joules::from_raw(net)).raw()
}

fn wear(problem: &Problem, plan: &Plan) -> Cost {
    let mut cost = 0i128;
    let discharged = |energies: &[Joules]| -> i128 {
        energies.iter().map(|energy| i128::from(energy.raw().min(0))).sum::<i128>().abs()
    };
    for (session, run) in problem.sessions().iter().zip(plan.sessions()) {
        if let Some(v2g) = session.v2g {
            cost += discharged(run.energy) * i128::from(v2g.wear.raw());
        }
    }
    for (index, storage) in problem.storages().iter().enumerate() {
        cost += discharged(plan.storage(index)) * i128::from(storage.wear.raw());
    }
    Cost::from_raw(cost)
}
