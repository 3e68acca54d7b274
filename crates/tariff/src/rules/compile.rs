//! From rules to axes, and from a moment to the prices that hold.

use alloc::vec;
use alloc::vec::Vec;

use super::axis::{Axis, Stretches, UNKNOWN};
use super::clock::Local;
use super::{AXES, AxisKind, Charge, Component, Conditions, Limits, Range, Rows, Rule};
use crate::time::{DAY_MILLIS, MINUTE_MILLIS, Timestamp};

/// Why rules were not compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// A tariff has at most 65,534 rules and as many prices.
    #[error("more than 65,534 rules or prices")]
    TooMany,
}

/// The component that wins for each [`Charge`]; none: that costs nothing now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Winners {
    /// Index into the tariff's components, or [`NONE`].
    of: [u16; Charge::ALL.len()],
}

/// 'No component' in [`Winners`] and the component table.
const NONE: u16 = u16::MAX;

impl Winners {
    /// Nothing has a price.
    pub(crate) const NOTHING: Self = Self { of: [NONE; Charge::ALL.len()] };

    /// Index of the component that prices this now.
    #[must_use]
    pub fn component(&self, charge: Charge) -> Option<u16> {
        self.of.get(charge.index()).copied().filter(|index| *index != NONE)
    }
}

/// A tariff ready to price. Size and speed grow with its rules; nothing is looked up by name any more.
#[derive(Debug, Clone)]
pub struct CompiledTariff {
    components: Vec<Component>,
    /// By rule and charge: index of the component, or [`NONE`].
    component_of: Vec<u16>,
    /// By charge: the rules that have a component for it.
    masks: Vec<u64>,
    axes: [Axis; AXES],
    words: usize,
    /// The charges that some rule has a price for.
    priced: Vec<u8>,
    /// The axes that some rule restricts itself on.
    restricted: Vec<u8>,
    /// Some rule asks for power or current.
    measured: bool,
    /// Bounds of the total.
    pub limits: Limits,
    /// Some window begins and ends at the same minute.
    pub(crate) undefined_window: bool,
}

impl CompiledTariff {
    /// Compiles rules, first rule first.
    ///
    /// # Errors
    /// [`CompileError::TooMany`].
    pub fn new(rules: &[Rule<'_>], limits: Limits) -> Result<Self, CompileError> {
        let prices: usize = rules.iter().map(|rule| rule.components.len()).sum();
        if rules.len() >= usize::from(NONE) || prices >= usize::from(NONE) {
            return Err(CompileError::TooMany);
        }
        let words = rules.len().div_ceil(64).max(1);
        let charges = Charge::ALL.len();
        let mut components = Vec::with_capacity(prices);
        let mut component_of = vec![NONE; rules.len() * charges];
        let mut masks = vec![0u64; charges * words];
        for (at, rule) in rules.iter().enumerate() {
            for component in rule.components {
                let charge = component.charge.index();
                let Some(cell) = component_of.get_mut(at * charges + charge) else { continue };
                if *cell != NONE {
                    continue;
                }
                *cell = u16::try_from(components.len()).unwrap_or(NONE);
                components.push(*component);
                if let Some(mask) = masks.get_mut(charge * words + at / 64) {
                    *mask |= 1 << (at % 64);
                }
            }
        }
        let axes = core::array::from_fn(|kind| {
            let stretches: Vec<_> =
                rules.iter().map(|rule| stretches(&rule.conditions, kind)).collect();
            Axis::new(words, &stretches)
        });
        let mut compiled = Self {
            components,
            component_of,
            masks,
            axes,
            words,
            priced: Vec::new(),
            restricted: Vec::new(),
            measured: false,
            limits,
            undefined_window: rules.iter().any(|rule| rule.conditions.is_undefined_window()),
        };
        compiled.measured = MEASURED.into_iter().any(|kind| !compiled.axis(kind).is_free());
        let kinds = (0u8..).zip(&compiled.axes);
        compiled.restricted =
            kinds.filter(|(_, axis)| !axis.is_free()).map(|(kind, _)| kind).collect();
        let is_priced = |charge: &u8| {
            let from = usize::from(*charge) * words;
            compiled.masks.iter().skip(from).take(words).any(|mask| *mask != 0)
        };
        compiled.priced = (0..8).filter(is_priced).collect();
        Ok(compiled)
    }

    /// The component with that index.
    #[must_use]
    pub fn component(&self, index: u16) -> Option<&Component> {
        self.components.get(usize::from(index))
    }

    /// All components, in the order of the rules.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    pub(crate) fn axis(&self, kind: AxisKind) -> &Axis {
        // `kind` numbers the array.
        let [clock, ..] = &self.axes;
        self.axes.get(kind as usize).unwrap_or(clock)
    }

    /// The row of a value that may be unknown. An axis nobody uses needs no row.
    pub(crate) fn row(&self, kind: AxisKind, value: Option<i64>) -> u32 {
        let axis = self.axis(kind);
        match value {
            Some(value) if !axis.is_free() => axis.row(value),
            _ => UNKNOWN,
        }
    }

    /// Some rule asks for power or current.
    pub(crate) const fn is_measured(&self) -> bool {
        self.measured
    }

    /// The rows of local time, put into `rows`, and the instant at which any of them ends.
    pub(crate) fn local_rows(&self, rows: &mut Rows, now: Timestamp, local: Local) -> Timestamp {
        let [clock, weekday, date, ..] = rows;
        *clock = self.row(AxisKind::Clock, Some(local.minute));
        *weekday = self.row(AxisKind::Weekday, Some(local.weekday));
        *date = self.row(AxisKind::Date, Some(local.date));
        let mut end = local.until;
        let midnight = DAY_MILLIS - local.of_day;
        let mut ends_after = |millis: i64| end = end.min(now.saturating_add_millis(millis));
        if *clock != UNKNOWN {
            let next = self.axis(AxisKind::Clock).end_of(*clock);
            ends_after(next.map_or(midnight, |minute| {
                (minute.saturating_mul(MINUTE_MILLIS) - local.of_day).min(midnight)
            }));
        }
        if *weekday != UNKNOWN {
            ends_after(midnight);
        }
        if let Some(day) =
            (*date != UNKNOWN).then(|| self.axis(AxisKind::Date).end_of(*date)).flatten()
        {
            let days = day.saturating_sub(local.date).saturating_sub(1);
            ends_after(days.saturating_mul(DAY_MILLIS).saturating_add(midnight));
        }
        end
    }

    /// Where the row that `rows` has on an axis ends.
    pub(crate) fn end_of(&self, kind: AxisKind, rows: &Rows) -> Option<i64> {
        let row = rows.get(kind as usize).copied().unwrap_or(UNKNOWN);
        self.axis(kind).end_of(row)
    }

    /// The energies between which the row that `rows` has holds: the first that is in it, the first that no longer is.
    pub(crate) fn energies(&self, rows: &Rows) -> (i64, i64) {
        let row = rows.get(AxisKind::Energy as usize).copied().unwrap_or(UNKNOWN);
        let axis = self.axis(AxisKind::Energy);
        (axis.begin_of(row).unwrap_or(i64::MIN), axis.end_of(row).unwrap_or(i64::MAX))
    }

    /// The prices that hold in these rows: per charge the first rule that holds and has one. A quantity that is not known
    /// restricts nothing.
    pub(crate) fn winners(&self, rows: &Rows) -> Winners {
        self.first_of(|word| self.active(rows, word))
    }

    /// The same, but a rule that asks for a quantity that is not known does not hold.
    pub(crate) fn winners_where_known(&self, rows: &Rows) -> Winners {
        self.first_of(|word| {
            MEASURED
                .into_iter()
                .filter(|kind| rows.get(*kind as usize) == Some(&UNKNOWN))
                .fold(self.active(rows, word), |active, kind| {
                    active & !self.axis(kind).restricted(word)
                })
        })
    }

    /// The rules that hold, 64 of them.
    fn active(&self, rows: &Rows, word: usize) -> u64 {
        let mut active = u64::MAX;
        for kind in self.restricted.iter().map(|kind| usize::from(*kind)) {
            if let (Some(axis), Some(row)) = (self.axes.get(kind), rows.get(kind)) {
                active &= axis.word(*row, self.words, word);
            }
        }
        active
    }

    fn first_of(&self, active: impl Fn(usize) -> u64) -> Winners {
        let mut winners = Winners::NOTHING;
        let mut missing = self.priced.len();
        for word in 0..self.words {
            let active = active(word);
            for charge in self.priced.iter().map(|charge| usize::from(*charge)) {
                let mask = self.masks.get(charge * self.words + word).copied().unwrap_or(0);
                let (hit, winner) = (active & mask, winners.of.get_mut(charge));
                if let Some(winner) = winner.filter(|winner| hit != 0 && **winner == NONE) {
                    let rule = word * 64 + usize::try_from(hit.trailing_zeros()).unwrap_or(0);
                    let cell = self.component_of.get(rule * Charge::ALL.len() + charge);
                    *winner = cell.copied().unwrap_or(NONE);
                    missing -= 1;
                }
            }
            if missing == 0 {
                break;
            }
        }
        winners
    }

    /// Whether a rule that would otherwise hold asks for a quantity that is not known here.
    pub(crate) fn misses(&self, rows: &Rows) -> bool {
        MEASURED.into_iter().any(|kind| {
            let axis = self.axis(kind);
            !axis.is_free()
                && rows.get(kind as usize) == Some(&UNKNOWN)
                && (0..self.words).any(|word| self.active(rows, word) & axis.restricted(word) != 0)
        })
    }
}

/// Axes of quantities that a record may not state.
const MEASURED: [AxisKind; 4] = [
    AxisKind::PowerAtLeast,
    AxisKind::PowerBelow,
    AxisKind::CurrentAtLeast,
    AxisKind::CurrentBelow,
];

/// What a rule's conditions are on the axis with that number.
fn stretches(conditions: &Conditions, kind: usize) -> Option<Stretches> {
    let range = |min: Option<i64>, max: Option<i64>| -> Option<Stretches> {
        let stretch = (min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX));
        (min.is_some() || max.is_some()).then_some([stretch, (0, 0), (0, 0), (0, 0)])
    };
    let whole = |bounds: Range<i64>| range(bounds.min, bounds.max);
    match kind {
        0 => window(conditions),
        1 => weekdays(conditions),
        2 => range(
            conditions.dates.min.map(|date| date.unix_days()),
            conditions.dates.max.map(|date| date.unix_days()),
        ),
        3 => whole(conditions.elapsed),
        4 => whole(conditions.charging),
        5 => whole(conditions.idle),
        6 => range(
            conditions.energy.min.map(|energy| energy.raw()),
            conditions.energy.max.map(|energy| energy.raw()),
        ),
        7 => range(conditions.power.min.map(|power| power.raw()), None),
        8 => range(None, conditions.power.max.map(|power| power.raw())),
        9 => range(conditions.current.min.map(|current| current.raw()), None),
        _ => range(None, conditions.current.max.map(|current| current.raw())),
    }
}

/// Minutes of the day: one stretch, or two for a window over midnight.
pub(crate) fn window(conditions: &Conditions) -> Option<Stretches> {
    const DAY: i64 = 1_440;
    let (start, end) = (conditions.start.map(i64::from), conditions.end.map(i64::from));
    if start.is_none() && end.is_none() {
        return None;
    }
    let start = start.unwrap_or(0);
    let end = end.filter(|end| *end != 0).unwrap_or(DAY);
    let (first, second) =
        if start <= end { ((start, end), (0, 0)) } else { ((start, DAY), (0, end)) };
    Some([first, second, (0, 0), (0, 0)])
}

/// Runs of weekdays, Monday 0.
pub(crate) fn weekdays(conditions: &Conditions) -> Option<Stretches> {
    let bits = conditions.weekdays.bits();
    if conditions.weekdays.is_all() {
        return None;
    }
    let mut runs = [(0, 0); 4];
    let mut run = runs.iter_mut();
    let mut begin = None;
    for day in 0..8 {
        let set = day < 7 && bits & (1 << day) != 0;
        match begin {
            None if set => begin = Some(day),
            Some(from) if !set => {
                if let Some(run) = run.next() {
                    *run = (from, day);
                }
                begin = None;
            }
            _ => {}
        }
    }
    Some(runs)
}
