//! What a site can offer a grid operator: more or less power over some slots, with everybody served as planned.

use core::ops::Range;

use super::{SolveError, capacity, flow_only};
use crate::flow::Network;
use crate::plan::Plan;
use crate::problem::Problem;
use crate::units::Watts;

/// By how much the cars' load can leave a plan, evenly in every slot of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flexibility {
    /// The most that they can draw more. Unit W, rounded down.
    pub up: Watts,
    /// The most that they can draw less. Unit W, rounded down.
    pub down: Watts,
}

/// How much more, or how much less, all cars together could draw in each of these slots, every one of them still served
/// what the plan serves it within the limits of the problem; how it costs then is not looked at.
///
/// What is offered is exact to the watt: one step beyond it, a minimum cut forbids it. Either offer holds alone, and an
/// empty time offers nothing.
///
/// # Errors
/// [`SolveError::NotAFlow`], [`SolveError::OutOfMemory`].
pub fn flexibility(
    problem: &Problem,
    plan: &Plan,
    slots: Range<u32>,
) -> Result<Flexibility, SolveError> {
    flow_only(problem)?;
    let totals = plan.slot_totals(problem);
    let inside = Range { start: slots.start, end: slots.end.min(problem.grid().slots()) };
    let load = |slot: u32| totals.get(slot as usize).map_or(0, |total| total.raw());
    let least = inside.clone().map(load).min().unwrap_or(0);
    let all: i64 = plan.sessions().map(|run| run.total().raw()).sum();
    let room = |slot| capacity(problem, slot).min(all).saturating_sub(load(slot));
    let room = inside.clone().map(room).min();
    let length = problem.grid().slot_length().raw();
    let offer = |highest: i64, is_up: bool| -> Result<Watts, SolveError> {
        let (mut can, mut cannot) = (0, highest.max(0) / length + 1);
        while cannot - can > 1 {
            let watts = can + (cannot - can) / 2;
            let change = if is_up { watts * length } else { -watts * length };
            let asked = |slot| load(slot).saturating_add(change);
            if fits(problem, plan, &inside, asked, is_up)? {
                can = watts;
            } else {
                cannot = watts;
            }
        }
        Ok(Watts::from_raw(can))
    };
    Ok(Flexibility { up: offer(room.unwrap_or(0), true)?, down: offer(least, false)? })
}

/// Whether all can be served with this load in the slots: at least that, or at most.
fn fits(
    problem: &Problem,
    plan: &Plan,
    inside: &Range<u32>,
    load: impl Fn(u32) -> i64,
    at_least: bool,
) -> Result<bool, SolveError> {
    let mut network = Network::new(problem, 1)?;
    let served: alloc::vec::Vec<i64> = plan.sessions().map(|run| run.total().raw()).collect();
    network.ask(&served);
    let before = network.missing();
    let mut wanted = 0i64;
    for slot in inside.clone() {
        network.open(slot, load(slot));
        wanted = wanted.saturating_add(load(slot));
    }
    network.augment();
    // What these slots receive now no later flow takes from them.
    if at_least && before - network.missing() < wanted {
        return Ok(false);
    }
    for slot in (0..problem.grid().slots()).filter(|slot| !inside.contains(slot)) {
        network.open(slot, capacity(problem, slot));
    }
    network.augment();
    Ok(network.missing() == 0)
}
