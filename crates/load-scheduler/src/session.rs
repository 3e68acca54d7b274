//! One car's stay: what every policy and every solver is told about it.

use crate::units::{Efficiency, Joules, MicroPerKwh, Seconds, Watts};

/// Declares a number of the caller's choice that names something.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
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

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

id! {
    /// The caller's number of a session: unique within a problem, and the last word in every tie.
    SessionId
}
id! {
    /// The caller's number of a node of the tree of limits: unique within a problem.
    NodeId
}

/// Who is served first under [`Policy::VipFirst`](crate::Policy::VipFirst) and by the plans that serve VIPs first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Power guaranteed as far as the headroom goes.
    Vip,
    /// A share of what the others leave.
    #[default]
    Standard,
}

/// The phases of the grid that a session loads, as the building counts them.
///
/// A charger's own L1 is often not the building's: installations rotate the phases from charger to charger so that
/// single-phase cars do not all load the same one. What counts here is where the load arrives, after
/// [`Phases::rotated`]. A session's power is split evenly over its phases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Phases(u8);

impl Phases {
    /// All three.
    pub const ALL: Self = Self(0b111);
    /// L1 alone.
    pub const L1: Self = Self(0b001);
    /// L2 alone.
    pub const L2: Self = Self(0b010);
    /// L3 alone.
    pub const L3: Self = Self(0b100);

    /// From phase numbers 0, 1 and 2; `None` for no phase, another number, or one named twice.
    #[must_use]
    pub fn from_numbers(numbers: &[u8]) -> Option<Self> {
        let set = numbers.iter().try_fold(0u8, |set, number| {
            let bit = 1u8.checked_shl((*number).into()).filter(|_| *number < 3)?;
            (set & bit == 0).then_some(set | bit)
        })?;
        (set != 0).then_some(Self(set))
    }

    /// The same phases behind an installation that connects the charger's L1 to the building's phase `steps` further on.
    #[must_use]
    pub const fn rotated(self, steps: u8) -> Self {
        let steps = steps % 3;
        Self((self.0 << steps | self.0 >> (3 - steps)) & 0b111)
    }

    /// Whether a phase (0, 1 or 2) is loaded.
    #[must_use]
    pub const fn contains(self, phase: u8) -> bool {
        phase < 3 && self.0 >> phase & 1 == 1
    }

    /// How many: 1 to 3.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }
}

impl Default for Phases {
    fn default() -> Self {
        Self::ALL
    }
}

/// What a car offers to the grid (vehicle to grid); off unless a session says so.
///
/// Discharging protects the battery by four means: a price on wear, a floor, a ceiling, and a cap on what a stay may
/// discharge in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct V2g {
    /// The most that it gives. Unit W; not negative.
    pub max_discharge: Watts,
    /// Meter side over battery side.
    pub efficiency: Efficiency,
    /// Price of wear, per kWh that leaves through the meter; not negative.
    pub wear: MicroPerKwh,
    /// Content of the battery at arrival. Unit J.
    pub initial: Joules,
    /// Floor that the content keeps after every slot, at most `initial`: for a car that arrives below its own floor pass what it
    /// arrives with, which it then never falls below.
    pub min: Joules,
    /// Ceiling that the content keeps after every slot.
    pub max: Joules,
    /// The most that the stay may discharge through the meter; `None` for no cap.
    pub max_discharged: Option<Joules>,
}

/// What the user has booked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Package {
    /// All energy by departure, when it is cheapest.
    #[default]
    Cheapest,
    /// As early as possible, whatever the price.
    Fastest,
}

/// A part of the energy that is wanted before departure already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Milestone {
    /// When; a slot counts if it ends by then.
    pub by: Seconds,
    /// How much, on the battery's side. Unit J.
    pub energy: Joules,
    /// Price of each kWh that comes later.
    pub late_price: MicroPerKwh,
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
    /// Energy still to deliver, on the battery's side. Unit J; not negative.
    pub energy: Joules,
    /// The least of the charger's, the cable's, the car's and the user's limit. Unit W; not negative.
    pub max_power: Watts,
    /// Least power other than none, where the problem asks for it (pilot signals begin at 6 A). Unit W.
    pub min_power: Watts,
    /// Who is served first where a policy asks for it.
    pub priority: Priority,
    /// Price of each kWh (battery's side) that is not delivered; not negative. Below the price of energy it means that
    /// not serving is cheaper, and then that is the optimum.
    pub unserved_price: MicroPerKwh,
    /// Battery side over meter side.
    pub efficiency: Efficiency,
    /// The node of the tree of limits that it hangs on; `None` for the site itself.
    pub node: Option<NodeId>,
    /// The phases it loads.
    pub phases: Phases,
    /// What the user has booked.
    pub package: Package,
    /// The car draws nothing in slots whose price is above this.
    pub price_ceiling: Option<MicroPerKwh>,
    /// An earlier deadline for a part of the energy.
    pub milestone: Option<Milestone>,
    /// What it offers to the grid; `None` is the rule.
    pub v2g: Option<V2g>,
}

impl Session {
    /// Price on unserved energy unless told otherwise: 1000 currency units per kWh, so that whatever can be served is.
    pub const SERVE_WHAT_CAN_BE: MicroPerKwh = MicroPerKwh::from_raw(1_000_000_000);

    /// A session of standard priority on all phases, without losses, hanging on the site itself.
    #[must_use]
    pub const fn new(
        id: SessionId,
        arrive: Seconds,
        depart: Seconds,
        energy: Joules,
        max_power: Watts,
    ) -> Self {
        Self {
            id,
            arrive,
            depart,
            energy,
            max_power,
            min_power: Watts::ZERO,
            priority: Priority::Standard,
            unserved_price: Self::SERVE_WHAT_CAN_BE,
            efficiency: Efficiency::ONE,
            node: None,
            phases: Phases::ALL,
            package: Package::Cheapest,
            price_ceiling: None,
            milestone: None,
            v2g: None,
        }
    }

    /// The same session with another priority.
    #[must_use]
    pub const fn with_priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// The same session with a price on what is not delivered.
    #[must_use]
    pub const fn with_unserved_price(mut self, price: MicroPerKwh) -> Self {
        self.unserved_price = price;
        self
    }

    /// The same session hanging on a node of the tree of limits.
    #[must_use]
    pub const fn with_node(mut self, node: NodeId) -> Self {
        self.node = Some(node);
        self
    }

    /// The same session with a least power other than none.
    #[must_use]
    pub const fn with_min_power(mut self, min_power: Watts) -> Self {
        self.min_power = min_power;
        self
    }

    /// The same session with losses between meter and battery.
    #[must_use]
    pub const fn with_efficiency(mut self, efficiency: Efficiency) -> Self {
        self.efficiency = efficiency;
        self
    }

    /// The same session on these phases.
    #[must_use]
    pub const fn with_phases(mut self, phases: Phases) -> Self {
        self.phases = phases;
        self
    }

    /// The same session with another package.
    #[must_use]
    pub const fn with_package(mut self, package: Package) -> Self {
        self.package = package;
        self
    }

    /// The same session, drawing nothing while energy costs more than this.
    #[must_use]
    pub const fn with_price_ceiling(mut self, ceiling: MicroPerKwh) -> Self {
        self.price_ceiling = Some(ceiling);
        self
    }

    /// The same session with an earlier deadline for a part of its energy.
    #[must_use]
    pub const fn with_milestone(mut self, milestone: Milestone) -> Self {
        self.milestone = Some(milestone);
        self
    }

    /// The same session, offering to discharge.
    #[must_use]
    pub const fn with_v2g(mut self, v2g: V2g) -> Self {
        self.v2g = Some(v2g);
        self
    }

    /// The energy asked for on the meter's side, to the nearest joule.
    #[must_use]
    pub const fn energy_at_meter(&self) -> Joules {
        self.efficiency.for_arriving(self.energy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_turn_with_the_installation() {
        assert_eq!(Phases::L1.rotated(1), Phases::L2);
        assert_eq!(Phases::L3.rotated(1), Phases::L1);
        assert_eq!(Phases::L1.rotated(5), Phases::L3);
        assert_eq!(Phases::ALL.rotated(2), Phases::ALL);
        assert_eq!(Phases::from_numbers(&[0, 2]).unwrap().count(), 2);
        for wrong in [&[][..], &[3], &[0, 0], &[255]] {
            assert_eq!(Phases::from_numbers(wrong), None);
        }
    }
}
