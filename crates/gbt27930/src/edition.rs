//! The editions of the standard and the two parties on the bus.

use core::fmt;

/// An edition of GB/T 27930 (class A, the classic protocol).
///
/// What differs: the layouts and lengths that the field tables mark for 2011, and CHM/BHM, which 2011 does not have.
/// For 2023 the tables are those of 2015; its further stop causes are not public and stay undefined bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Edition {
    /// GB/T 27930-2011, protocol version 1.0.
    V2011,
    /// GB/T 27930-2015, protocol version 1.1.
    #[default]
    V2015,
    /// GB/T 27930-2023 class A, protocol version 1.1 still.
    V2023,
}

impl Edition {
    /// All editions, oldest first.
    pub const ALL: [Self; 3] = [Self::V2011, Self::V2015, Self::V2023];

    /// The year of the edition.
    #[must_use]
    pub const fn year(self) -> u16 {
        match self {
            Self::V2011 => 2011,
            Self::V2015 => 2015,
            Self::V2023 => 2023,
        }
    }

    /// The edition of a year.
    #[must_use]
    pub const fn from_year(year: u16) -> Option<Self> {
        match year {
            2011 => Some(Self::V2011),
            2015 => Some(Self::V2015),
            2023 => Some(Self::V2023),
            _ => None,
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.year())
    }
}

/// One of the two nodes on the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Party {
    /// The charger, address 0x56.
    Charger,
    /// The vehicle's battery management system, address 0xF4.
    Bms,
}

impl Party {
    /// The fixed source address (not claimable).
    #[must_use]
    pub const fn address(self) -> u8 {
        match self {
            Self::Charger => 0x56,
            Self::Bms => 0xF4,
        }
    }

    /// The other node.
    #[must_use]
    pub const fn peer(self) -> Self {
        match self {
            Self::Charger => Self::Bms,
            Self::Bms => Self::Charger,
        }
    }
}
