//! The rules that need no look-ahead: who gets what in the step that begins now.

use core::cmp::Ordering;

use crate::session::{Priority, Session, SessionId};
use crate::units::{Joules, Seconds, Watts};

/// How the headroom of a step is shared. None of them knows a car that has not arrived.
///
/// Every tie goes by arrival, then by [`SessionId`], so that the result is the same on every machine and for every order
/// of the cars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Policy {
    /// Every car draws all it can; the headroom is ignored. For reference only.
    Uncontrolled,
    /// First come, first served: in the order of arrival each takes what is left.
    #[doc(alias = "first come first served")]
    Fcfs,
    /// Max-min fair: nobody gets less than another unless it needs no more (water filling).
    EqualSplit,
    /// The car that leaves first takes first.
    #[doc(alias = "EDF")]
    EarliestDeadline,
    /// The car with the least laxity takes first: time left until departure less time needed at full power.
    #[doc(alias = "LLF")]
    LeastLaxity,
    /// Cars of [`Priority::Vip`] take first, among themselves first come first served; the others share the rest
    /// max-min fair.
    VipFirst,
    /// In turn by arrival, one [`ROUND`] at a time, until nothing is left.
    RoundRobin,
    /// The least laxity at the end of the step is made as large as possible, then the next, and so on.
    #[doc(alias = "sLLF")]
    SmoothedLeastLaxity,
    /// The car that needs the longest at full power takes first.
    #[doc(alias = "LRPT")]
    LongestRemaining,
}

/// What a turn of [`Policy::RoundRobin`] grants: 1 A on one phase of 230 V over the step.
pub const ROUND: Watts = Watts::from_raw(230);

impl Policy {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Uncontrolled,
        Self::Fcfs,
        Self::EqualSplit,
        Self::EarliestDeadline,
        Self::LeastLaxity,
        Self::VipFirst,
        Self::RoundRobin,
        Self::SmoothedLeastLaxity,
        Self::LongestRemaining,
    ];

    /// The short lower-case name used in tables and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uncontrolled => "uncontrolled",
            Self::Fcfs => "fcfs",
            Self::EqualSplit => "equal_split",
            Self::EarliestDeadline => "edf",
            Self::LeastLaxity => "llf",
            Self::VipFirst => "vip",
            Self::RoundRobin => "round_robin",
            Self::SmoothedLeastLaxity => "smoothed_llf",
            Self::LongestRemaining => "lrpt",
        }
    }
}

impl core::fmt::Display for Policy {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// A plugged-in car as [`allocate`] sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Car {
    /// Whose stay it is.
    pub id: SessionId,
    /// When it arrived.
    pub arrive: Seconds,
    /// When it leaves, as far as known.
    pub depart: Seconds,
    /// Energy still missing.
    pub missing: Joules,
    /// The most it can draw now.
    pub max_power: Watts,
    /// Its priority, for [`Policy::VipFirst`].
    pub priority: Priority,
    /// Output: energy granted for the step; its mean power is this over the length of the step.
    pub granted: Joules,
    /// The caller's mark, untouched: an index into its own tables, say. The order of the cars is not kept.
    pub tag: u32,
}

impl Car {
    /// A car that has just arrived for a session.
    #[must_use]
    pub const fn new(session: &Session, tag: u32) -> Self {
        Self {
            id: session.id,
            arrive: session.arrive,
            depart: session.depart,
            missing: session.energy_at_meter(),
            max_power: session.max_power,
            priority: session.priority,
            granted: Joules::ZERO,
            tag,
        }
    }

    /// The most the car can take in a step: what it misses, what its power allows until it leaves or the step ends.
    #[must_use]
    pub fn need(&self, now: Seconds, step: Seconds) -> Joules {
        let left = self.depart.raw().saturating_sub(now.raw());
        let time = if self.arrive > now { 0 } else { left.min(step.raw()).max(0) };
        let reach = self.max_power.raw().max(0).saturating_mul(time);
        Joules::from_raw(self.missing.raw().min(reach).max(0))
    }
}

/// Shares the headroom of the step [`now`, `now + step`) among the cars and writes [`Car::granted`].
///
/// The cars' energies together never pass `headroom` times `step` ([`Policy::Uncontrolled`] excepted), no car gets more
/// than [`Car::need`], and nothing that some car could take is left over. Cars that have not arrived, have left, or miss
/// nothing get nothing. What does not divide in an equal split, less than a joule per car, goes one joule each to the
/// first in order of arrival.
///
/// Needs no memory: the slice is reordered in place, in O(n log n). Same cars, same grants, whatever their order was,
/// provided their ids differ.
///
/// ```
/// use evse_load_scheduler::{Car, Joules, Policy, Seconds, Session, SessionId, Watts, allocate};
///
/// let wish = Joules::from_wh(10_000).ok_or("energy")?;
/// let car = |id, watts| {
///     let (now, later) = (Seconds::ZERO, Seconds::from_raw(3600));
///     Car::new(&Session::new(SessionId::from_raw(id), now, later, wish, Watts::from_raw(watts)), 0)
/// };
/// let mut cars = [car(1, 7_000), car(2, 60_000), car(3, 60_000)];
/// let minute = Seconds::from_raw(60);
/// allocate(Policy::EqualSplit, Seconds::ZERO, minute, Watts::from_raw(47_000), &mut cars);
/// cars.sort_by_key(|car| car.id);
/// let watts = cars.map(|car| car.granted.raw() / 60);
/// assert_eq!(watts, [7_000, 20_000, 20_000]);
/// # Ok::<(), &str>(())
/// ```
pub fn allocate(policy: Policy, now: Seconds, step: Seconds, headroom: Watts, cars: &mut [Car]) {
    let left = headroom.raw().max(0).saturating_mul(step.raw().max(0));
    match policy {
        Policy::Uncontrolled => {
            for car in cars {
                car.granted = car.need(now, step);
            }
        }
        Policy::Fcfs => {
            heap_sort(cars, &by_arrival);
            take_in_turn(now, step, left, cars);
        }
        Policy::EarliestDeadline => {
            heap_sort(cars, &|a, b| a.depart.cmp(&b.depart).then_with(|| by_arrival(a, b)));
            take_in_turn(now, step, left, cars);
        }
        Policy::LeastLaxity => {
            heap_sort(cars, &|a, b| by_laxity(a, b).then_with(|| by_arrival(a, b)));
            take_in_turn(now, step, left, cars);
        }
        Policy::EqualSplit => share_equally(now, step, left, cars),
        Policy::VipFirst => {
            heap_sort(cars, &|a, b| a.priority.cmp(&b.priority).then_with(|| by_arrival(a, b)));
            let vips = cars.iter().take_while(|car| car.priority == Priority::Vip).count();
            let Some((vips, others)) = cars.split_at_mut_checked(vips) else { return };
            let left = take_in_turn(now, step, left, vips);
            share_equally(now, step, left, others);
        }
        Policy::RoundRobin => {
            heap_sort(cars, &by_arrival);
            let round = ROUND.raw().saturating_mul(step.raw().max(0)).max(1);
            take_in_rounds(now, step, left, round, cars);
        }
        Policy::SmoothedLeastLaxity => {
            heap_sort(cars, &|a, b| by_laxity(a, b).then_with(|| by_arrival(a, b)));
            raise_laxities(now, step, left, cars);
        }
        Policy::LongestRemaining => {
            heap_sort(cars, &|a, b| by_remaining(b, a).then_with(|| by_arrival(a, b)));
            take_in_turn(now, step, left, cars);
        }
    }
}

/// Each car takes what it needs of what the ones before it left; returns what is left in the end.
fn take_in_turn(now: Seconds, step: Seconds, left: i64, cars: &mut [Car]) -> i64 {
    let mut left = left;
    for car in cars {
        let granted = car.need(now, step).raw().min(left);
        car.granted = Joules::from_raw(granted);
        left -= granted;
    }
    left
}

/// Water filling: from the least need up, each gets it in full while it is no more than an equal part of the rest; the
/// others get equal parts.
fn share_equally(now: Seconds, step: Seconds, left: i64, cars: &mut [Car]) {
    let need = |car: &Car| car.need(now, step).raw();
    heap_sort(cars, &|a, b| need(a).cmp(&need(b)).then_with(|| by_arrival(a, b)));
    let mut left = left;
    let mut waiting = i64::try_from(cars.len()).unwrap_or(i64::MAX);
    let mut served = 0;
    for car in &mut *cars {
        // `waiting` counts this car and those after it, so it is at least 1.
        let part = left.checked_div(waiting).unwrap_or(0);
        if need(car) > part {
            break;
        }
        car.granted = Joules::from_raw(need(car));
        left -= car.granted.raw();
        waiting -= 1;
        served += 1;
    }
    let Some((_, others)) = cars.split_at_mut_checked(served) else { return };
    // Each of them needs more than the equal part, so at least a joule more: the remainder fits too.
    heap_sort(others, &by_arrival);
    let part = left.checked_div(waiting).unwrap_or(0);
    let remainder = left.checked_rem(waiting).unwrap_or(0);
    for (rank, car) in (0i64..).zip(others) {
        car.granted = Joules::from_raw(part + i64::from(rank < remainder));
    }
}

/// The largest value in `0..=most` at which a growing amount does not pass `left`.
fn largest(most: i64, left: i64, amount: impl Fn(i64) -> i128) -> i64 {
    let (mut fits, mut beyond) = (0, most.saturating_add(1));
    while beyond.saturating_sub(fits) > 1 {
        let middle = fits + (beyond - fits) / 2;
        if amount(middle) <= i128::from(left) {
            fits = middle;
        } else {
            beyond = middle;
        }
    }
    fits
}

/// Whole rounds for all by bisection over their number, then one more each in turn, then what is left.
fn take_in_rounds(now: Seconds, step: Seconds, left: i64, round: i64, cars: &mut [Car]) {
    let need = |car: &Car| car.need(now, step).raw();
    let highest = cars.iter().map(need).max().unwrap_or(0);
    let most = highest.checked_div(round).unwrap_or(0).saturating_add(1);
    let taken = |rounds: i64| {
        let each = rounds.saturating_mul(round);
        cars.iter().fold(0i128, |sum, car| sum.saturating_add(need(car).min(each).into()))
    };
    let each = largest(most, left, taken).saturating_mul(round);
    let mut left = left;
    for car in &mut *cars {
        car.granted = Joules::from_raw(need(car).min(each));
        left = left.saturating_sub(car.granted.raw());
    }
    for car in cars {
        let more = (need(car) - car.granted.raw()).min(round).min(left).max(0);
        car.granted = Joules::from_raw(car.granted.raw() + more);
        left -= more;
    }
}

/// Bisection over the laxity that every car shall reach by the end of the step, in microseconds; each gets what that takes,
/// within its need. What is left then, less than a microsecond's worth each, goes in the order of the cars.
fn raise_laxities(now: Seconds, step: Seconds, left: i64, cars: &mut [Car]) {
    const MICROS: i128 = 1_000_000;
    // By how much the laxity of a car is below the highest one, so that the search is over positive numbers.
    let laxity = |car: &Car| -> i128 {
        let power = i128::from(car.max_power.raw());
        let needed = (i128::from(car.missing.raw().max(0)) * MICROS).checked_div(power);
        let stay = i128::from(car.depart.raw()) - i128::from(now.raw()) - i128::from(step.raw());
        stay * MICROS - needed.unwrap_or(0)
    };
    let need = |car: &Car| car.need(now, step).raw();
    let lowest = cars.iter().filter(|car| need(car) > 0).map(laxity).min().unwrap_or(0);
    let granted = |car: &Car, level: i64| -> i64 {
        let below = (i128::from(level) - (laxity(car) - lowest)).max(0);
        let energy = below.saturating_mul(car.max_power.raw().max(0).into()) / MICROS;
        i64::try_from(energy).unwrap_or(i64::MAX).min(need(car))
    };
    let taken =
        |level: i64| cars.iter().fold(0i128, |sum, car| sum + i128::from(granted(car, level)));
    let level = largest(i64::MAX - 1, left, taken);
    let mut left = left;
    for car in &mut *cars {
        car.granted = Joules::from_raw(granted(car, level));
        left = left.saturating_sub(car.granted.raw());
    }
    for car in cars {
        let more = (need(car) - car.granted.raw()).min(left).max(0);
        car.granted = Joules::from_raw(car.granted.raw() + more);
        left -= more;
    }
}

/// By the time needed at full power, exactly, by cross multiplication; without power it is none.
fn by_remaining(a: &Car, b: &Car) -> Ordering {
    let part = |car: &Car| (i128::from(car.missing.raw().max(0)), i128::from(car.max_power.raw()));
    let ((missing_a, power_a), (missing_b, power_b)) = (part(a), part(b));
    match (power_a > 0, power_b > 0) {
        (true, true) => (missing_a * power_b).cmp(&(missing_b * power_a)),
        (can_a, can_b) => can_a.cmp(&can_b),
    }
}

fn by_arrival(a: &Car, b: &Car) -> Ordering {
    (a.arrive, a.id).cmp(&(b.arrive, b.id))
}

/// By departure less time needed at full power: as `now` is the same for all, that is the order of laxity.
fn by_laxity(a: &Car, b: &Car) -> Ordering {
    // Whole seconds less a fraction of a second below one: compared apart, exactly, for any values.
    let parts = |car: &Car| {
        let (missing, power) = (car.missing.raw().max(0), car.max_power.raw());
        match (missing.checked_div(power), missing.checked_rem(power)) {
            (Some(whole), Some(rest)) if power > 0 => {
                let seconds = i128::from(car.depart.raw()) - i128::from(whole);
                (seconds, i128::from(rest), i128::from(power))
            }
            // A car without power comes last; it takes nothing anyway.
            _ => (i128::MAX, 0, 1),
        }
    };
    let ((seconds_a, rest_a, power_a), (seconds_b, rest_b, power_b)) = (parts(a), parts(b));
    seconds_a.cmp(&seconds_b).then_with(|| (rest_b * power_a).cmp(&(rest_a * power_b)))
}

/// Sorts in place without memory, in O(n log n) for any input, and without a way to panic (the library's sorts have one
/// for inconsistent orders).
fn heap_sort(cars: &mut [Car], order: &impl Fn(&Car, &Car) -> Ordering) {
    // Mostly the cars come in the order of the step before.
    if cars.is_sorted_by(|a, b| order(a, b).is_le()) {
        return;
    }
    for root in (0..cars.len() / 2).rev() {
        sift_down(cars, root, order);
    }
    for end in (1..cars.len()).rev() {
        let Some(heap) = cars.get_mut(..=end) else { return };
        if let [first, .., last] = heap {
            core::mem::swap(first, last);
        }
        let Some(heap) = cars.get_mut(..end) else { return };
        sift_down(heap, 0, order);
    }
}

fn sift_down(heap: &mut [Car], root: usize, order: &impl Fn(&Car, &Car) -> Ordering) {
    let Some(sinking) = heap.get(root).copied() else { return };
    let mut hole = root;
    loop {
        let child = 2 * hole + 1;
        let larger = match (heap.get(child), heap.get(child + 1)) {
            (Some(left), Some(right)) if order(left, right).is_lt() => child + 1,
            (Some(_), _) => child,
            (None, _) => break,
        };
        let Some(candidate) = heap.get(larger).copied() else { break };
        if order(&candidate, &sinking).is_le() {
            break;
        }
        if let Some(place) = heap.get_mut(hole) {
            *place = candidate;
        }
        hole = larger;
    }
    if let Some(place) = heap.get_mut(hole) {
        *place = sinking;
    }
}
