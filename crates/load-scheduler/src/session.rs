//! One car's stay: what every policy and every solver is told about it.

use crate::units::{Joules, Seconds, Watts};

/// The caller's number of a session: unique within a problem, and the last word in every tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(u64);

impl SessionId {
    /// From a number of the caller's choice, such as a row or a transaction number.
    #[must_use]
    pub const fn from_raw(raw: u64) -> Self {
        Self(raw)
    }

    /// The number.
    #[must_use]
    pub const fn raw(self) -> u64 {
        self.0
    }
}

impl core::fmt::Display for SessionId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Who is served first under [`Policy::VipFirst`](crate::Policy::VipFirst).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Power guaranteed as far as the headroom goes.
    Vip,
    /// A share of what the others leave.
    #[default]
    Standard,
}

/// A car's stay at a charger.
///
/// The car can draw in [`arrive`, `depart`); a stay that is empty or lies outside the planned time is served nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Session {
    /// Unique within a problem.
    pub id: SessionId,
    /// First second in which the car can draw.
    pub arrive: Seconds,
    /// First second in which it no longer can.
    pub depart: Seconds,
    /// Energy still to deliver. Unit J; not negative.
    pub energy: Joules,
    /// The least of the charger's, the cable's, the car's and the user's limit. Unit W; not negative.
    pub max_power: Watts,
    /// Who is served first where a policy asks for it.
    pub priority: Priority,
}

impl Session {
    /// A session of standard priority.
    #[must_use]
    pub const fn new(
        id: SessionId,
        arrive: Seconds,
        depart: Seconds,
        energy: Joules,
        max_power: Watts,
    ) -> Self {
        Self { id, arrive, depart, energy, max_power, priority: Priority::Standard }
    }

    /// The same session with another priority.
    #[must_use]
    pub const fn with_priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }
}
