//! The validated problem: a grid of slots, what the site allows and costs in each, and the sessions.

use alloc::vec::Vec;

use crate::session::{Session, SessionId};
use crate::units::{Joules, MicroPerKwh, Seconds, Watts};

/// Most slots of a grid.
pub const MAX_SLOTS: u32 = 1_000_000;
/// Longest slot: seven days.
pub const MAX_SLOT_LENGTH: Seconds = Seconds::from_raw(604_800);
/// Most sessions of a problem.
pub const MAX_SESSIONS: u32 = 10_000_000;
/// Highest power of a session, a limit or the background: 10⁹ kW.
pub const MAX_POWER: Watts = Watts::from_raw(1_000_000_000_000);
/// Most energy of one session and of all sessions together: 10¹² kWh.
pub const MAX_ENERGY: Joules = Joules::from_raw(3_600_000_000_000_000_000);
/// Furthest time from the origin, before or after it: about 30 000 years.
pub const MAX_TIME: Seconds = Seconds::from_raw(1_000_000_000_000);
/// Highest magnitude of a price: a million currency units per kWh.
pub const MAX_PRICE: MicroPerKwh = MicroPerKwh::from_raw(1_000_000_000_000);

/// The planned time, cut into equal slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grid {
    start: Seconds,
    slot_length: Seconds,
    slots: u32,
}

impl Grid {
    /// `slots` slots of `slot_length` each, the first beginning at `start`.
    ///
    /// # Errors
    /// [`ProblemError::SlotCount`] for none or more than [`MAX_SLOTS`], [`ProblemError::OutOfRange`] for a slot length
    /// outside 1 s ..= [`MAX_SLOT_LENGTH`] or a start beyond [`MAX_TIME`].
    pub const fn new(
        start: Seconds,
        slot_length: Seconds,
        slots: u32,
    ) -> Result<Self, ProblemError> {
        if slots == 0 || slots > MAX_SLOTS {
            return Err(ProblemError::SlotCount { slots });
        }
        if slot_length.raw() < 1 || slot_length.raw() > MAX_SLOT_LENGTH.raw() {
            return Err(ProblemError::OutOfRange {
                field: Field::SlotLength,
                index: 0,
                value: slot_length.raw(),
            });
        }
        if start.raw() < -MAX_TIME.raw() || start.raw() > MAX_TIME.raw() {
            return Err(ProblemError::OutOfRange {
                field: Field::GridStart,
                index: 0,
                value: start.raw(),
            });
        }
        Ok(Self { start, slot_length, slots })
    }

    /// When the first slot begins.
    #[must_use]
    pub const fn start(&self) -> Seconds {
        self.start
    }

    /// When the last slot ends.
    #[must_use]
    pub const fn end(&self) -> Seconds {
        self.start_of(self.slots)
    }

    /// Length of every slot.
    #[must_use]
    pub const fn slot_length(&self) -> Seconds {
        self.slot_length
    }

    /// Number of slots.
    #[must_use]
    pub const fn slots(&self) -> u32 {
        self.slots
    }

    /// When a slot begins; continues evenly beyond the last one.
    #[must_use]
    pub const fn start_of(&self, slot: u32) -> Seconds {
        // At most 1e12 + 2^32 * 604 800, far inside an i64.
        Seconds::from_raw(self.start.raw() + slot as i64 * self.slot_length.raw())
    }

    /// When each slot begins, in order: the way to fill a price or limit series.
    #[must_use]
    pub fn slot_starts(&self) -> impl ExactSizeIterator<Item = Seconds> + use<> {
        let grid = *self;
        (0..grid.slots).map(move |slot| grid.start_of(slot))
    }

    /// The stay clipped to the grid: seconds from the start of the grid, `begin <= end`.
    pub(crate) fn clip(&self, session: &Session) -> (i64, i64) {
        let length = i64::from(self.slots) * self.slot_length.raw();
        let begin = (session.arrive.raw() - self.start.raw()).clamp(0, length);
        let end = (session.depart.raw() - self.start.raw()).clamp(begin, length);
        (begin, end)
    }
}

/// A value for every slot: one for all, or one for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PerSlot<T> {
    /// The same in every slot.
    Same(T),
    /// One value per slot, in order; the length must be that of the grid.
    Each(Vec<T>),
}

impl<T> From<T> for PerSlot<T> {
    fn from(value: T) -> Self {
        Self::Same(value)
    }
}

impl<T> From<Vec<T>> for PerSlot<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Each(values)
    }
}

/// What an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// Start of the grid.
    GridStart,
    /// Length of a slot.
    SlotLength,
    /// Import limit of a slot; the index is the slot.
    Limit,
    /// Background load of a slot; the index is the slot.
    Background,
    /// Price of a slot; the index is the slot.
    Price,
    /// Arrival of a session; the index is that of the session.
    Arrive,
    /// Departure of a session; the index is that of the session.
    Depart,
    /// Energy of a session; the index is that of the session.
    Energy,
    /// Power limit of a session; the index is that of the session.
    MaxPower,
}

impl core::fmt::Display for Field {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::GridStart => "grid start",
            Self::SlotLength => "slot length",
            Self::Limit => "limit of slot",
            Self::Background => "background of slot",
            Self::Price => "price of slot",
            Self::Arrive => "arrival of session",
            Self::Depart => "departure of session",
            Self::Energy => "energy of session",
            Self::MaxPower => "power limit of session",
        })
    }
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
        /// Slot or session, counted from 0.
        index: u32,
        /// The value in its unit (W, J).
        value: i64,
    },
    /// A value outside its documented range (the `MAX_` constants).
    #[error("{field} {index}: {value} is out of range")]
    OutOfRange {
        /// Which value.
        field: Field,
        /// Slot or session, counted from 0.
        index: u32,
        /// The value in its unit (s, W, J, 10⁻⁶/kWh).
        value: i64,
    },
    /// More than [`MAX_SESSIONS`].
    #[error("more than {MAX_SESSIONS} sessions")]
    SessionCount,
    /// The energies of all sessions together pass [`MAX_ENERGY`].
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
}

const _: () = assert!(size_of::<ProblemError>() <= 32);

/// A site and its sessions over a grid of slots, checked once; nothing in it fails afterwards.
///
/// Sessions keep the order in which they were given and are numbered by it (`usize` indices from 0) in every result.
/// That order never decides anything: ties go by arrival, then by [`SessionId`].
///
/// ```
/// use evse_load_scheduler::{Grid, Joules, MicroPerKwh, Problem, Seconds, Session, SessionId, Watts};
///
/// let quarter_hours = Grid::new(Seconds::ZERO, Seconds::from_raw(900), 96)?;
/// let car = Session::new(
///     SessionId::from_raw(1),
///     Seconds::from_raw(8 * 3600),
///     Seconds::from_raw(9 * 3600),
///     Joules::from_raw(20_000 * 3600),
///     Watts::from_raw(60_000),
/// );
/// let problem = Problem::builder(quarter_hours)
///     .limit(Watts::from_raw(2_000_000))
///     .background(vec![Watts::from_raw(150_000); 96])
///     .price(MicroPerKwh::from_raw(780_000))
///     .sessions(vec![car])
///     .build()?;
/// assert_eq!(problem.headroom(32), Some(Watts::from_raw(1_850_000)));
/// # Ok::<(), evse_load_scheduler::ProblemError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Problem {
    grid: Grid,
    limit: Option<PerSlot<Watts>>,
    background: PerSlot<Watts>,
    price: PerSlot<MicroPerKwh>,
    sessions: Vec<Session>,
}

impl Problem {
    /// Begins a problem: no limit, no background, price 0 and no sessions until told otherwise.
    pub const fn builder(grid: Grid) -> ProblemBuilder {
        ProblemBuilder {
            grid,
            limit: None,
            background: PerSlot::Same(Watts::ZERO),
            price: PerSlot::Same(MicroPerKwh::ZERO),
            sessions: Vec::new(),
        }
    }

    /// The grid of slots.
    #[must_use]
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The sessions, in the order given.
    #[must_use]
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// Import limit of a slot; `None` where the problem has no limit (or no such slot).
    #[must_use]
    pub fn limit(&self, slot: u32) -> Option<Watts> {
        self.limit.as_ref().and_then(|series| at(series, slot))
    }

    /// Background load of a slot; zero beyond the grid.
    #[must_use]
    pub fn background(&self, slot: u32) -> Watts {
        at(&self.background, slot).unwrap_or_default()
    }

    /// Price of a slot; zero beyond the grid.
    #[must_use]
    pub fn price(&self, slot: u32) -> MicroPerKwh {
        at(&self.price, slot).unwrap_or_default()
    }

    /// What the limit leaves to the cars in a slot: `max(0, limit - background)`; `None` where there is no limit.
    #[must_use]
    pub fn headroom(&self, slot: u32) -> Option<Watts> {
        let limit = self.limit(slot)?.raw();
        // Both are between 0 and MAX_POWER.
        Some(Watts::from_raw((limit - self.background(slot).raw()).max(0)))
    }

    /// Slots in which the background alone passes the limit, with the excess; no plan can help there.
    pub fn background_overloads(&self) -> impl Iterator<Item = (u32, Watts)> + '_ {
        (0..self.grid.slots).filter_map(|slot| {
            let excess = self.background(slot).raw() - self.limit(slot)?.raw();
            (excess > 0).then_some((slot, Watts::from_raw(excess)))
        })
    }

    /// Energy that all sessions ask for.
    #[must_use]
    pub fn demand(&self) -> Joules {
        // The sum was checked on construction.
        Joules::from_raw(self.sessions.iter().map(|s| s.energy.raw()).sum())
    }

    /// The most that a session could draw at its own power limit within its stay, were it alone and the limit absent;
    /// at most the energy it asks for. What it asks beyond that no plan can serve. `None` if there is no such session.
    #[must_use]
    pub fn reach(&self, session: usize) -> Option<Joules> {
        let session = self.sessions.get(session)?;
        let (begin, end) = self.grid.clip(session);
        let reach = i128::from(session.max_power.raw()) * i128::from(end - begin);
        Some(
            i64::try_from(reach)
                .map_or(session.energy, |reach| Joules::from_raw(reach.min(session.energy.raw()))),
        )
    }

    /// The problem without its limit: for the question how low the peak could be.
    #[must_use]
    pub fn without_limit(mut self) -> Self {
        self.limit = None;
        self
    }
}

/// The value of a slot; `None` beyond the last.
fn at<T: Copy>(series: &PerSlot<T>, slot: u32) -> Option<T> {
    match series {
        PerSlot::Same(value) => Some(*value),
        PerSlot::Each(values) => values.get(usize::try_from(slot).ok()?).copied(),
    }
}

/// Collects the parts of a [`Problem`]; everything is checked in [`ProblemBuilder::build`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ProblemBuilder {
    grid: Grid,
    limit: Option<PerSlot<Watts>>,
    background: PerSlot<Watts>,
    price: PerSlot<MicroPerKwh>,
    sessions: Vec<Session>,
}

impl ProblemBuilder {
    /// The most the site may import, background included. Unit W (active power: a transformer's kVA times its power
    /// factor). Without this call there is no limit.
    pub fn limit(mut self, limit: impl Into<PerSlot<Watts>>) -> Self {
        self.limit = Some(limit.into());
        self
    }

    /// The load that is not a car's. Unit W. Where it passes the limit the cars get nothing, and
    /// [`Problem::background_overloads`] says so.
    pub fn background(mut self, background: impl Into<PerSlot<Watts>>) -> Self {
        self.background = background.into();
        self
    }

    /// The price of energy.
    pub fn price(mut self, price: impl Into<PerSlot<MicroPerKwh>>) -> Self {
        self.price = price.into();
        self
    }

    /// The sessions; replaces those of an earlier call.
    pub fn sessions(mut self, sessions: Vec<Session>) -> Self {
        self.sessions = sessions;
        self
    }

    /// Checks everything and hands out the problem.
    ///
    /// # Errors
    /// The first [`ProblemError`] found: series in the order limit, background, price; then the sessions in their order,
    /// then their sum and their ids.
    pub fn build(self) -> Result<Problem, ProblemError> {
        if let Some(limit) = &self.limit {
            check_series(&self.grid, limit, Field::Limit, Watts::raw, 0, MAX_POWER.raw())?;
        }
        let (grid, background) = (&self.grid, &self.background);
        check_series(grid, background, Field::Background, Watts::raw, 0, MAX_POWER.raw())?;
        let max = MAX_PRICE.raw();
        check_series(grid, &self.price, Field::Price, MicroPerKwh::raw, -max, max)?;
        check_sessions(&self.sessions)?;
        Ok(Problem {
            grid: self.grid,
            limit: self.limit,
            background: self.background,
            price: self.price,
            sessions: self.sessions,
        })
    }
}

/// `Ok` if the value lies in `min..=max`; a lower bound of 0 makes the error a `Negative`.
fn check(field: Field, index: u32, value: i64, min: i64, max: i64) -> Result<(), ProblemError> {
    if min == 0 && value < 0 {
        return Err(ProblemError::Negative { field, index, value });
    }
    if value < min || value > max {
        return Err(ProblemError::OutOfRange { field, index, value });
    }
    Ok(())
}

fn check_series<T: Copy>(
    grid: &Grid,
    series: &PerSlot<T>,
    field: Field,
    raw: fn(T) -> i64,
    min: i64,
    max: i64,
) -> Result<(), ProblemError> {
    match series {
        PerSlot::Same(value) => check(field, 0, raw(*value), min, max),
        PerSlot::Each(values) => {
            let found = u32::try_from(values.len()).unwrap_or(u32::MAX);
            if found != grid.slots {
                let expected = grid.slots;
                return Err(ProblemError::SeriesLength { field, expected, found });
            }
            (0..).zip(values).try_for_each(|(i, v)| check(field, i, raw(*v), min, max))
        }
    }
}

fn check_sessions(sessions: &[Session]) -> Result<(), ProblemError> {
    if u32::try_from(sessions.len()).map_or(true, |count| count > MAX_SESSIONS) {
        return Err(ProblemError::SessionCount);
    }
    let mut total = Joules::ZERO;
    for (index, session) in (0..).zip(sessions) {
        let time = MAX_TIME.raw();
        check(Field::Arrive, index, session.arrive.raw(), -time, time)?;
        check(Field::Depart, index, session.depart.raw(), -time, time)?;
        check(Field::Energy, index, session.energy.raw(), 0, MAX_ENERGY.raw())?;
        check(Field::MaxPower, index, session.max_power.raw(), 0, MAX_POWER.raw())?;
        total = match total.checked_add(session.energy) {
            Some(sum) if sum <= MAX_ENERGY => sum,
            _ => return Err(ProblemError::TotalEnergy { index }),
        };
    }
    let mut ids: Vec<(SessionId, u32)> = (0..).zip(sessions).map(|(i, s)| (s.id, i)).collect();
    ids.sort_unstable();
    for pair in ids.windows(2) {
        if let [(id, first), (other, second)] = *pair
            && id == other
        {
            return Err(ProblemError::DuplicateSession { id, first, second });
        }
    }
    Ok(())
}
