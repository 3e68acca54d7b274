//! Checks a plan against a problem, sharing no code with the solvers.

use alloc::vec::Vec;

use crate::plan::{Plan, SessionPlan};
use crate::problem::Problem;
use crate::session::Session;
use crate::units::{Joules, Watts};

/// The first rule that a plan breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// The plan is not for this number of sessions.
    #[error("plan of {found} sessions for a problem of {expected}")]
    SessionCount {
        /// Sessions of the problem.
        expected: usize,
        /// Sessions of the plan.
        found: usize,
    },
    /// The plan is not for these storages.
    #[error("plan of {found} storages for a problem of {expected}")]
    StorageCount {
        /// Storages of the problem.
        expected: usize,
        /// Storages of the plan.
        found: usize,
    },
    /// A session or storage has energy in a slot that the grid does not have.
    #[error("session {session}: slot {slot} is beyond the grid")]
    BeyondGrid {
        /// Index of the session (or of the storage).
        session: u32,
        /// The slot.
        slot: u32,
    },
    /// Negative energy of a session that does not discharge.
    #[error("session {session}, slot {slot}: negative energy")]
    Negative {
        /// Index of the session.
        session: u32,
        /// The slot.
        slot: u32,
    },
    /// More than the session's power limit allows for the part of the slot in which it is there.
    #[error(
        "session {session}, slot {slot}: {energy} are more than its power limit and stay allow"
    )]
    PowerLimit {
        /// Index of the session.
        session: u32,
        /// The slot.
        slot: u32,
        /// The energy planned.
        energy: Joules,
    },
    /// Less than the session's least power, and more than nothing.
    #[error("session {session}, slot {slot}: {energy} are less than its least power")]
    MinPower {
        /// Index of the session.
        session: u32,
        /// The slot.
        slot: u32,
        /// The energy planned.
        energy: Joules,
    },
    /// Energy in a slot that costs more than the session's price ceiling.
    #[error("session {session}, slot {slot}: the price is above its ceiling")]
    PriceCeiling {
        /// Index of the session.
        session: u32,
        /// The slot.
        slot: u32,
    },
    /// More than the power limit that falls with the energy delivered.
    #[error("session {session}, slot {slot}: {energy} are more than its taper allows")]
    Taper {
        /// Index of the session.
        session: u32,
        /// The slot.
        slot: u32,
        /// The energy planned.
        energy: Joules,
    },
    /// More than the session asks for.
    #[error("session {session}: {energy} are more than it asks for")]
    Overserved {
        /// Index of the session.
        session: u32,
        /// The energy planned.
        energy: Joules,
    },
    /// A car's battery leaves its bounds.
    #[error("session {session}, slot {slot}: a battery content of {content} is out of bounds")]
    BatteryContent {
        /// Index of the session.
        session: u32,
        /// The slot.
        slot: u32,
        /// The content after the slot.
        content: Joules,
    },
    /// A car discharges more than its cap over the stay.
    #[error("session {session}: {energy} discharged are more than its cap")]
    DischargeCap {
        /// Index of the session.
        session: u32,
        /// Energy discharged at the meter.
        energy: Joules,
    },
    /// A storage charges or discharges faster than it can.
    #[error("storage {storage}, slot {slot}: {energy} are more than its power")]
    StoragePower {
        /// Index of the storage.
        storage: u32,
        /// The slot.
        slot: u32,
        /// The energy planned.
        energy: Joules,
    },
    /// A storage leaves its bounds, or ends below its final content.
    #[error("storage {storage}, slot {slot}: a content of {content} is out of bounds")]
    StorageContent {
        /// Index of the storage.
        storage: u32,
        /// The slot.
        slot: u32,
        /// The content after the slot.
        content: Joules,
    },
    /// The sessions below a node pass its limit, in either direction.
    #[error("node {node}, slot {slot}: {energy} pass its limit")]
    NodeLimit {
        /// Index of the node.
        node: u32,
        /// The slot.
        slot: u32,
        /// The energy planned for the sessions below.
        energy: Joules,
    },
    /// The sessions below a node pass its limit of a phase.
    #[error("node {node}, slot {slot}: {energy} on phase {phase} pass its limit")]
    PhaseLimit {
        /// Index of the node.
        node: u32,
        /// The slot.
        slot: u32,
        /// The phase, 0 to 2.
        phase: u8,
        /// The energy on the phase.
        energy: Joules,
    },
    /// Two phases of a node differ by too much.
    #[error("node {node}, slot {slot}: two phases differ by {energy}")]
    Unbalance {
        /// Index of the node.
        node: u32,
        /// The slot.
        slot: u32,
        /// By how much.
        energy: Joules,
    },
    /// The cars and storages together pass what the import limit, the sun and the background leave.
    #[error("slot {slot}: {energy} pass the headroom of {headroom}")]
    Headroom {
        /// The slot.
        slot: u32,
        /// The energy planned for all cars and storages.
        energy: Joules,
        /// What the import limit leaves beside the background, without the sun.
        headroom: Watts,
    },
    /// The mean import over a sliding window passes its limit.
    #[error("slots up to {slot}: a mean import of {mean} passes its limit")]
    MeanLimit {
        /// The last slot of the window.
        slot: u32,
        /// The mean import over the window, rounded down.
        mean: Watts,
    },
    /// More comes back than may be exported.
    #[error("slot {slot}: {energy} of net load cannot be exported")]
    Export {
        /// The slot.
        slot: u32,
        /// The net load, background included: negative.
        energy: Joules,
    },
}

const _: () = assert!(size_of::<Violation>() <= 32);

/// Whether a plan keeps every hard limit of a problem.
///
/// This is independent code: it shares nothing with the solvers but the problem and the plan. Every plan that a solver
/// of this crate hands out has passed it.
///
/// Limits from above are exact. Where a whole number of joules cannot meet a condition exactly, because an efficiency
/// or a slope is applied to it, a joule per slot and session is forgiven: battery and storage contents, taper (1 W),
/// phases, and what flows back.
///
/// # Errors
/// The first [`Violation`], by session and slot, then by storage, node and slot.
pub fn verify(problem: &Problem, plan: &Plan) -> Result<(), Violation> {
    verify_but_minimum_power(problem, plan)?;
    if !problem.has_minimum_power() {
        return Ok(());
    }
    for (session, (asked, planned)) in (0u32..).zip(problem.sessions().iter().zip(plan.sessions()))
    {
        for (slot, energy) in (planned.first_slot..).zip(planned.energy) {
            let least = asked.min_power.raw() * presence(problem, asked, slot);
            if energy.raw() > 0 && energy.raw() < least {
                return Err(Violation::MinPower { session, slot, energy: *energy });
            }
        }
    }
    Ok(())
}

/// The same but for least powers, which the flow solvers do not know.
pub(crate) fn verify_but_minimum_power(problem: &Problem, plan: &Plan) -> Result<(), Violation> {
    let (expected, found) = (problem.sessions().len(), plan.len());
    if expected != found {
        return Err(Violation::SessionCount { expected, found });
    }
    let slots = problem.grid().slots() as usize;
    let mut totals: Vec<i128> = alloc::vec![0; slots];
    for (session, (asked, planned)) in (0u32..).zip(problem.sessions().iter().zip(plan.sessions()))
    {
        check_slots(problem, session, asked, planned, &mut totals)?;
        check_taper(problem, session, asked, planned)?;
        match asked.v2g {
            Some(_) => check_battery(problem, session, asked, planned)?,
            None if planned.total() > asked.energy_at_meter() => {
                return Err(Violation::Overserved { session, energy: planned.total() });
            }
            None => {}
        }
    }
    check_nodes(problem, plan)?;
    check_storages(problem, plan, &mut totals)?;
    check_site(problem, plan, &totals)
}

/// Seconds of a slot in which a session is there.
fn presence(problem: &Problem, session: &Session, slot: u32) -> i64 {
    let grid = problem.grid();
    let slot_begin = grid.start_of(slot).max(session.arrive);
    let slot_end = grid.start_of(slot + 1).min(session.depart);
    (slot_end.raw() - slot_begin.raw()).max(0)
}

fn check_slots(
    problem: &Problem,
    session: u32,
    asked: &Session,
    planned: SessionPlan<'_>,
    totals: &mut [i128],
) -> Result<(), Violation> {
    let (first, count) = (planned.first_slot as usize, planned.energy.len());
    let Some(totals) = first.checked_add(count).and_then(|end| totals.get_mut(first..end)) else {
        return Err(Violation::BeyondGrid { session, slot: problem.grid().slots() });
    };
    for (energy, total) in planned.energy.iter().zip(totals) {
        *total += i128::from(energy.raw());
    }
    for (slot, energy) in (planned.first_slot..).zip(planned.energy) {
        let (energy, raw) = (*energy, energy.raw());
        if raw == 0 {
            continue;
        }
        let time = presence(problem, asked, slot);
        if raw < 0 {
            let Some(v2g) = asked.v2g else { return Err(Violation::Negative { session, slot }) };
            if raw < -(v2g.max_discharge.raw() * time) {
                return Err(Violation::PowerLimit { session, slot, energy });
            }
            continue;
        }
        // The highest power over the longest slot is far inside 64 bits.
        if raw > asked.max_power.raw() * time {
            return Err(Violation::PowerLimit { session, slot, energy });
        }
        if asked.price_ceiling.is_some_and(|ceiling| problem.price(slot) > ceiling) {
            return Err(Violation::PriceCeiling { session, slot });
        }
    }
    Ok(())
}

/// Power against the lines that fall with the energy delivered before.
fn check_taper(
    problem: &Problem,
    session: u32,
    asked: &Session,
    planned: SessionPlan<'_>,
) -> Result<(), Violation> {
    // 10^-9 kW/kWh is 10^-9 per hour.
    const PER_SECOND: i128 = 3_600 * 1_000_000_000;
    let lines: Vec<_> = problem.taper(session as usize).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let mut delivered = 0i128;
    for (slot, energy) in (planned.first_slot..).zip(planned.energy) {
        let time = presence(problem, asked, slot);
        for line in &lines {
            let falls = delivered.saturating_mul(line.slope.into()).div_euclid(PER_SECOND);
            let most = i128::from(line.intercept.raw()).saturating_sub(falls) + 1;
            if energy.raw() > 0 && i128::from(energy.raw()) > most.saturating_mul(time.into()) {
                return Err(Violation::Taper { session, slot, energy: *energy });
            }
        }
        delivered += battery_side(asked, i128::from(energy.raw()));
    }
    Ok(())
}

/// What an energy at the meter means to the battery, to the nearest joule.
fn battery_side(asked: &Session, energy: i128) -> i128 {
    const ONE: i128 = 1_000_000_000;
    if energy >= 0 {
        return (energy * i128::from(asked.efficiency.ppb()) + ONE / 2) / ONE;
    }
    let ppb = asked.v2g.map_or(ONE, |v2g| i128::from(v2g.efficiency.ppb()));
    (energy * ONE - ppb / 2) / ppb
}

fn check_battery(
    problem: &Problem,
    session: u32,
    asked: &Session,
    planned: SessionPlan<'_>,
) -> Result<(), Violation> {
    let Some(v2g) = asked.v2g else { return Ok(()) };
    let forgiven = i128::from(problem.grid().slots());
    let mut content = i128::from(v2g.initial.raw());
    let mut discharged = 0i128;
    for (slot, energy) in (planned.first_slot..).zip(planned.energy) {
        content += battery_side(asked, i128::from(energy.raw()));
        discharged += i128::from(energy.raw().min(0)).abs();
        let (least, most) = (i128::from(v2g.min.raw()), i128::from(v2g.max.raw()));
        if content < least - forgiven || content > most + forgiven {
            let content = saturated(content);
            return Err(Violation::BatteryContent { session, slot, content });
        }
    }
    match v2g.max_discharged {
        Some(cap) if discharged > i128::from(cap.raw()) + forgiven => {
            Err(Violation::DischargeCap { session, energy: saturated(discharged) })
        }
        _ => Ok(()),
    }
}

/// The sums below every node: in all and per phase, both in sixths of a joule so that a third and a half are whole.
fn check_nodes(problem: &Problem, plan: &Plan) -> Result<(), Violation> {
    let length = i128::from(problem.grid().slot_length().raw());
    let slots = problem.grid().slots() as usize;
    let mut members: Vec<Vec<usize>> = alloc::vec![Vec::new(); problem.nodes().len()];
    for session in 0..problem.sessions().len() {
        for node in problem.nodes_above(session) {
            if let Some(members) = members.get_mut(node) {
                members.push(session);
            }
        }
    }
    for (node, (limits, members)) in (0u32..).zip(problem.nodes().iter().zip(members)) {
        let most = i128::from(limits.limit.raw()) * length;
        let forgiven = members.len() as i128;
        let mut sums = alloc::vec![0i128; slots];
        for run in members.iter().filter_map(|session| plan.session(*session)) {
            let from = sums.get_mut(run.first_slot as usize..).unwrap_or_default();
            for (energy, sum) in run.energy.iter().zip(from) {
                *sum += i128::from(energy.raw());
            }
        }
        for (slot, sum) in (0u32..).zip(sums) {
            if sum > most || -sum > most + forgiven {
                return Err(Violation::NodeLimit { node, slot, energy: saturated(sum) });
            }
        }
        if limits.phase_limit.is_some() || limits.unbalance.is_some() {
            check_phases_of(problem, plan, node, &members)?;
        }
    }
    Ok(())
}

/// The phases below a node, in sixths of a joule: a third and a half are whole.
fn check_phases_of(
    problem: &Problem,
    plan: &Plan,
    node: u32,
    members: &[usize],
) -> Result<(), Violation> {
    let Some(limits) = problem.nodes().get(node as usize) else { return Ok(()) };
    let length = i128::from(problem.grid().slot_length().raw());
    let mut phases = alloc::vec![[0i128; 3]; problem.grid().slots() as usize];
    for session in members {
        let (Some(asked), Some(run)) = (problem.sessions().get(*session), plan.session(*session))
        else {
            continue;
        };
        let share = 6 / i128::from(asked.phases.count());
        for (energy, sums) in run.energy.iter().zip(phases.iter_mut().skip(run.first_slot as usize))
        {
            for (phase, sum) in (0u8..).zip(sums) {
                if asked.phases.contains(phase) {
                    *sum += i128::from(energy.raw()) * share;
                }
            }
        }
    }
    let in_sixths = |power: Watts| i128::from(power.raw()) * length * 6;
    let (limit, unbalance) = (limits.phase_limit.map(in_sixths), limits.unbalance.map(in_sixths));
    for (slot, sums) in (0u32..).zip(&phases) {
        check_phases(node, slot, sums, limit, unbalance, 6 * members.len() as i128)?;
    }
    Ok(())
}

fn check_phases(
    node: u32,
    slot: u32,
    sums: &[i128; 3],
    limit: Option<i128>,
    unbalance: Option<i128>,
    forgiven: i128,
) -> Result<(), Violation> {
    for (phase, sum) in (0u8..).zip(sums) {
        if limit.is_some_and(|limit| sum.abs() > limit + forgiven) {
            return Err(Violation::PhaseLimit { node, slot, phase, energy: saturated(sum / 6) });
        }
    }
    let (least, most) = (sums.iter().min().unwrap_or(&0), sums.iter().max().unwrap_or(&0));
    if unbalance.is_some_and(|unbalance| most - least > unbalance + forgiven) {
        return Err(Violation::Unbalance { node, slot, energy: saturated((most - least) / 6) });
    }
    Ok(())
}

fn check_storages(problem: &Problem, plan: &Plan, totals: &mut [i128]) -> Result<(), Violation> {
    const ONE: i128 = 1_000_000_000;
    let (expected, found) = (problem.storages().len(), plan.storages());
    // A plan that says nothing of storages leaves them alone.
    if found != 0 && found != expected {
        return Err(Violation::StorageCount { expected, found });
    }
    let length = i128::from(problem.grid().slot_length().raw());
    let forgiven = i128::from(problem.grid().slots());
    for (storage, limits) in (0u32..).zip(problem.storages()) {
        let mut content = i128::from(limits.initial.raw());
        let mut last = 0;
        for (slot, energy) in (0u32..).zip(plan.storage(storage as usize)) {
            let Some(total) = totals.get_mut(slot as usize) else {
                return Err(Violation::BeyondGrid { session: storage, slot });
            };
            let raw = i128::from(energy.raw());
            *total += raw;
            let power = if raw < 0 { limits.max_discharge } else { limits.max_charge };
            if raw.abs() > i128::from(power.raw()) * length + 1 {
                return Err(Violation::StoragePower { storage, slot, energy: *energy });
            }
            content += if raw < 0 {
                raw * ONE / i128::from(limits.discharge_efficiency.ppb())
            } else {
                raw * i128::from(limits.charge_efficiency.ppb()) / ONE
            };
            let (least, most) = (i128::from(limits.min.raw()), i128::from(limits.max.raw()));
            if content < least - forgiven || content > most + forgiven {
                let content = saturated(content);
                return Err(Violation::StorageContent { storage, slot, content });
            }
            last = slot;
        }
        if content < i128::from(limits.final_min.raw()) - forgiven {
            let content = saturated(content);
            return Err(Violation::StorageContent { storage, slot: last, content });
        }
    }
    Ok(())
}

fn check_site(problem: &Problem, plan: &Plan, totals: &[i128]) -> Result<(), Violation> {
    let length = i128::from(problem.grid().slot_length().raw());
    let forgiven = i128::try_from(plan.len() + plan.storages()).unwrap_or(0);
    for (slot, total) in (0u32..).zip(totals) {
        let background = i128::from(problem.background(slot).raw()) * length;
        let sun = i128::from(problem.pv(slot).raw()) * length;
        if let (Some(headroom), Some(cap)) = (problem.headroom(slot), problem.import_cap(slot)) {
            let cap = (i128::from(cap.raw()) * length).max(background);
            if total + background > cap + sun {
                return Err(Violation::Headroom { slot, energy: saturated(*total), headroom });
            }
        }
        let back = i128::from(problem.export(slot).0.raw()) * length;
        if total + background + back + forgiven < 0 {
            return Err(Violation::Export { slot, energy: saturated(total + background) });
        }
    }
    check_mean(problem, totals)
}

/// The sums of import over every window, the sun having served what it can.
fn check_mean(problem: &Problem, totals: &[i128]) -> Result<(), Violation> {
    let Some(mean) = problem.mean_limit() else { return Ok(()) };
    let length = i128::from(problem.grid().slot_length().raw());
    let limit = i128::from(mean.limit.raw()) * length;
    let excess: Vec<i128> = (0u32..)
        .zip(totals)
        .map(|(slot, total)| {
            let background = i128::from(problem.background(slot).raw()) * length;
            let sun = i128::from(problem.pv(slot).raw()) * length;
            (total + background - sun).max(0) - limit.max(background)
        })
        .collect();
    for (slot, window) in (mean.window - 1..).zip(excess.windows(mean.window as usize)) {
        let above: i128 = window.iter().sum();
        if above > 0 {
            let mean = limit + above / i128::from(mean.window);
            let mean = Watts::from_raw(saturated(mean / length).raw());
            return Err(Violation::MeanLimit { slot, mean });
        }
    }
    Ok(())
}

fn saturated(joules: i128) -> Joules {
    Joules::from_raw(i64::try_from(joules).unwrap_or(if joules < 0 { i64::MIN } else { i64::MAX }))
}
