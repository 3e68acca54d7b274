//! Why a problem is refused: the field, its place and its value.

use super::{MAX_DEPTH, MAX_NODES, MAX_SESSIONS, MAX_SLOTS};
use crate::session::{NodeId, SessionId};

/// Declares the fields with the words that name them; each is followed by the index it is found at.
macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $words:literal,)*) => {
        /// What an error is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Field {
            $($(#[$doc])* $name,)*
        }

        impl core::fmt::Display for Field {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(match self {
                    $(Self::$name => $words,)*
                })
            }
        }
    };
}

fields! {
    /// Start of the grid.
    GridStart = "grid start",
    /// Length of a slot.
    SlotLength = "slot length",
    /// Import limit of a slot; the index is the slot.
    Limit = "limit of slot",
    /// Limit or window of the mean limit.
    MeanLimit = "mean limit",
    /// Background load of a slot; the index is the slot.
    Background = "background of slot",
    /// Price of a slot; the index is the slot.
    Price = "price of slot",
    /// Export limit of a slot; the index is the slot.
    ExportLimit = "export limit of slot",
    /// Export price of a slot; the index is the slot.
    ExportPrice = "export price of slot",
    /// Power of the sun in a slot; the index is the slot.
    Pv = "PV power of slot",
    /// Price of the highest import; the index is 0.
    DemandCharge = "demand charge",
    /// The peak so far; the index is 0.
    PeakSoFar = "peak so far",
    /// Limit of a node; the index is that of the node.
    NodeLimit = "limit of node",
    /// Limit of a node per phase; the index is that of the node.
    NodePhaseLimit = "phase limit of node",
    /// Limit of the difference of two phases; the index is that of the node.
    NodeUnbalance = "unbalance of node",
    /// Arrival of a session; the index is that of the session.
    Arrive = "arrival of session",
    /// Departure of a session; the index is that of the session.
    Depart = "departure of session",
    /// Energy of a session; the index is that of the session.
    Energy = "energy of session",
    /// Power limit of a session; the index is that of the session.
    MaxPower = "power limit of session",
    /// Least power of a session; the index is that of the session.
    MinPower = "least power of session",
    /// Price of a session's unserved energy; the index is that of the session.
    UnservedPrice = "price of unserved energy of session",
    /// Price ceiling of a session; the index is that of the session.
    PriceCeiling = "price ceiling of session",
    /// A session's earlier deadline: time, energy or price; the index is that of the session.
    Milestone = "milestone of session",
    /// Discharge limit of a session; the index is that of the session.
    MaxDischarge = "discharge limit of session",
    /// Price of battery wear of a session; the index is that of the session.
    Wear = "price of wear of session",
    /// Battery content of a session at arrival, between its floor and ceiling; the index is that of the session.
    Content = "battery content of session",
    /// Cap on a session's discharged energy; the index is that of the session.
    MaxDischarged = "cap on discharged energy of session",
    /// Line of a session's falling power limit; the index is that of the session.
    Taper = "taper of session",
    /// Content of a storage, between its least and most; the index is that of the storage.
    StorageContent = "content of storage",
    /// Power limit of a storage; the index is that of the storage.
    StoragePower = "power of storage",
    /// Price of wear of a storage; the index is that of the storage.
    StorageWear = "price of wear of storage",
    /// Slots of a grid order; the index is that of the order.
    EventSlots = "slots of grid order",
    /// Cap of a grid order; the index is that of the order.
    EventCap = "cap of grid order",
    /// Price of a grid order; the index is that of the order.
    EventPrice = "price of grid order",
}

/// Why a problem was refused; nothing has been computed or allocated for it then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemError {
    /// No slot, or more than [`MAX_SLOTS`].
    #[error("{slots} slots, allowed are 1 to {MAX_SLOTS}")]
    SlotCount {
        /// The number asked for.
        slots: u32,
    },
    /// A series does not have one value per slot.
    #[error("{field}: {found} values for {expected} slots")]
    SeriesLength {
        /// Which series.
        field: Field,
        /// Slots of the grid.
        expected: u32,
        /// Values found; `u32::MAX` stands for that many or more.
        found: u32,
    },
    /// A value that may not be negative is.
    #[error("{field} {index}: {value} is negative")]
    Negative {
        /// Which value.
        field: Field,
        /// Slot, session, node or whatever the field says, counted from 0.
        index: u32,
        /// The value in its unit (W, J).
        value: i64,
    },
    /// A value outside its documented range (the `MAX_` constants), or outside the bounds that the problem itself gives:
    /// a content below its floor, a least power above the highest, a slot beyond the grid.
    #[error("{field} {index}: {value} is out of range")]
    OutOfRange {
        /// Which value.
        field: Field,
        /// Slot, session, node or whatever the field says, counted from 0.
        index: u32,
        /// The value in its unit (s, W, J, 10⁻⁶/kWh).
        value: i64,
    },
    /// Selling earns more than buying costs: the site would trade through its own meter.
    #[error("slot {slot}: energy sells for more than it costs")]
    ExportAbovePrice {
        /// The slot.
        slot: u32,
    },
    /// More than [`MAX_SESSIONS`].
    #[error("more than {MAX_SESSIONS} sessions")]
    SessionCount,
    /// More than [`MAX_NODES`].
    #[error("more than {MAX_NODES} nodes")]
    NodeCount,
    /// The energies of all sessions together pass [`MAX_ENERGY`](super::MAX_ENERGY).
    #[error("the energy of sessions 0 to {index} together is out of range")]
    TotalEnergy {
        /// The session with which the sum passed.
        index: u32,
    },
    /// Two sessions have the same number.
    #[error("sessions {first} and {second} have the same id {id}")]
    DuplicateSession {
        /// The number.
        id: SessionId,
        /// The earlier of the two, counted from 0.
        first: u32,
        /// The later of the two.
        second: u32,
    },
    /// Two nodes have the same number.
    #[error("nodes {first} and {second} have the same id {id}")]
    DuplicateNode {
        /// The number.
        id: NodeId,
        /// The earlier of the two, counted from 0.
        first: u32,
        /// The later of the two.
        second: u32,
    },
    /// A session hangs on a node that is not there.
    #[error("session {session} hangs on the unknown node {node}")]
    UnknownNode {
        /// Index of the session.
        session: u32,
        /// The node it names.
        node: NodeId,
    },
    /// A node hangs on a node that is not there.
    #[error("node {node} hangs on the unknown node {parent}")]
    UnknownParent {
        /// Index of the node.
        node: u32,
        /// The node it names.
        parent: NodeId,
    },
    /// Nodes hang on each other in a ring.
    #[error("node {node} is above itself")]
    CyclicTree {
        /// Index of a node of or below the ring.
        node: u32,
    },
    /// A node lies more than [`MAX_DEPTH`] levels deep.
    #[error("node {node} lies more than {MAX_DEPTH} levels deep")]
    TreeTooDeep {
        /// Index of the node.
        node: u32,
    },
    /// A falling power limit is given for a session that is not there.
    #[error("a taper is given for session {session}, which is not there")]
    NoSuchSession {
        /// The index given.
        session: u32,
    },
}

const _: () = assert!(size_of::<ProblemError>() <= 32);
