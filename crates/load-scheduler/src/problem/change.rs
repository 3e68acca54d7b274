//! Small changes to a checked problem, each checked alone.

use alloc::vec::Vec;

use super::builder::{check, check_session};
use super::{Field, MAX_ENERGY, MAX_POWER, MAX_SESSIONS, PerSlot, Problem, ProblemError};
use crate::session::{Session, SessionId};
use crate::units::{Joules, Watts};

impl Problem {
    /// The index of a session.
    pub(crate) fn index_of(&self, id: SessionId) -> Option<usize> {
        self.sessions.iter().position(|session| session.id == id)
    }

    /// Adds a session as the last; `others` is what the present ones ask for at the meter.
    pub(crate) fn push_session(
        &mut self,
        session: Session,
        others: Joules,
    ) -> Result<(), ProblemError> {
        let index = match u32::try_from(self.sessions.len()) {
            Ok(index) if index < MAX_SESSIONS => index,
            _ => return Err(ProblemError::SessionCount),
        };
        check_session(index, &session, self.minimum_power)?;
        check_total(index, session.energy_at_meter(), others)?;
        if let Some(first) = self.index_of(session.id) {
            let first = u32::try_from(first).unwrap_or(u32::MAX);
            return Err(ProblemError::DuplicateSession { id: session.id, first, second: index });
        }
        let node = match session.node {
            None => None,
            Some(id) => {
                let found = (0u32..).zip(&self.nodes).find(|(_, node)| node.id == id);
                let unknown = ProblemError::UnknownNode { session: index, node: id };
                Some(found.ok_or(unknown)?.0)
            }
        };
        self.sessions.push(session);
        self.tree.of_session.push(node);
        Ok(())
    }

    /// Removes a session, which must be there; those after it move up.
    pub(crate) fn forget_session(&mut self, index: usize) {
        self.sessions.remove(index);
        self.tree.of_session.remove(index);
        self.tapers.retain(|(session, _)| *session as usize != index);
        for (session, _) in &mut self.tapers {
            *session -= u32::from(*session as usize > index);
        }
    }

    /// Changes what a session asks for; `others` is what the others ask for at the meter.
    pub(crate) fn set_energy(
        &mut self,
        index: usize,
        energy: Joules,
        others: Joules,
    ) -> Result<(), ProblemError> {
        let place = u32::try_from(index).unwrap_or(u32::MAX);
        check(Field::Energy, place, energy.raw(), 0, MAX_ENERGY.raw())?;
        if let Some(session) = self.sessions.get_mut(index) {
            let changed = Session { energy, ..*session };
            check_total(place, changed.energy_at_meter(), others)?;
            *session = changed;
        }
        Ok(())
    }

    /// Changes the limit of one slot. Where there was none the others are as good as without: [`MAX_POWER`].
    pub(crate) fn set_limit(&mut self, slot: u32, limit: Watts) -> Result<(), ProblemError> {
        check(Field::Limit, slot, limit.raw(), 0, MAX_POWER.raw())?;
        let series = self.limit.get_or_insert(PerSlot::Same(MAX_POWER));
        let slots = self.grid.slots();
        set(series, slots, slot, limit);
        Ok(())
    }

    /// Changes the background of one slot.
    pub(crate) fn set_background(&mut self, slot: u32, load: Watts) -> Result<(), ProblemError> {
        check(Field::Background, slot, load.raw(), 0, MAX_POWER.raw())?;
        set(&mut self.background, self.grid.slots(), slot, load);
        Ok(())
    }
}

fn check_total(index: u32, energy: Joules, others: Joules) -> Result<(), ProblemError> {
    match others.checked_add(energy) {
        Some(sum) if sum <= MAX_ENERGY => Ok(()),
        _ => Err(ProblemError::TotalEnergy { index }),
    }
}

/// Changes one slot of a series, which then has a value for each.
fn set(series: &mut PerSlot<Watts>, slots: u32, slot: u32, value: Watts) {
    if let PerSlot::Same(same) = series {
        let same: Vec<Watts> = alloc::vec![*same; slots as usize];
        *series = PerSlot::Each(same);
    }
    if let PerSlot::Each(values) = series
        && let Some(place) = values.get_mut(slot as usize)
    {
        *place = value;
    }
}
