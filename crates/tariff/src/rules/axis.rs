//! One kind of condition, compiled: sorted cuts and the set of rules that hold between them.

use alloc::vec::Vec;

/// The quantities that conditions are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum AxisKind {
    /// Minute of the local day.
    Clock,
    /// Local weekday, Monday 0.
    Weekday,
    /// Local date, days since 1970.
    Date,
    /// Milliseconds since the session began.
    Elapsed,
    /// Milliseconds of charging.
    Charging,
    /// Milliseconds without demand.
    Idle,
    /// µWh since the session began.
    Energy,
    /// mW against lower bounds. With a period's aggregates this is its maximum, so it is apart from the next.
    PowerAtLeast,
    /// mW against upper bounds.
    PowerBelow,
    /// mA against lower bounds.
    CurrentAtLeast,
    /// mA against upper bounds.
    CurrentBelow,
}

/// How many axes there are.
pub(crate) const AXES: usize = 11;

/// The row of each axis that a moment lies in; `u32::MAX` for a quantity that is not known, which then restricts nothing.
pub(crate) type Rows = [u32; AXES];

/// Row of a quantity that is not known.
pub(crate) const UNKNOWN: u32 = u32::MAX;

/// Nothing is known.
pub(crate) const UNKNOWN_ROWS: Rows = [UNKNOWN; AXES];

/// Half-open stretch of an axis.
pub(crate) type Stretch = (i64, i64);

/// What one rule restricts itself to on one axis. Four stretches hold every set of weekdays; unused ones are empty.
pub(crate) type Stretches = [Stretch; 4];

#[derive(Debug, Clone, Default)]
pub(crate) struct Axis {
    /// Where the set of rules can change, ascending.
    cuts: Vec<i64>,
    /// The sets, one for each stretch between cuts, one more than there are cuts; `words` numbers each.
    sets: Vec<u64>,
    /// The rules that restrict themselves on this axis.
    restricted: Vec<u64>,
}

impl Axis {
    /// Compiles what each rule restricts itself to; `None` is a rule that does not restrict itself.
    ///
    /// If no rule does, the axis is free and never looked up.
    pub(crate) fn new(words: usize, rules: &[Option<Stretches>]) -> Self {
        let mut cuts: Vec<i64> = Vec::new();
        for (from, to) in rules.iter().flatten().flatten() {
            if from < to {
                let cut = |at: &&i64| **at != i64::MIN && **at != i64::MAX;
                cuts.extend([from, to].iter().filter(|at| cut(at)).copied());
            }
        }
        if rules.iter().all(Option::is_none) {
            return Self::default();
        }
        cuts.sort_unstable();
        cuts.dedup();
        let mut sets = Vec::with_capacity((cuts.len() + 1) * words);
        for row in 0..=cuts.len() {
            // The stretch begins at the cut before it; the first one has none and lies below all.
            let begin = row.checked_sub(1).and_then(|before| cuts.get(before)).copied();
            let begin = begin.unwrap_or(i64::MIN);
            for chunk in rules.chunks(64) {
                let mut word = 0u64;
                for (bit, rule) in chunk.iter().enumerate() {
                    let holds = rule.is_none_or(|stretches| {
                        stretches.iter().any(|(from, to)| *from <= begin && begin < *to)
                    });
                    word |= u64::from(holds) << bit;
                }
                sets.push(word);
            }
        }
        let flags = |chunk: &[Option<Stretches>]| {
            chunk
                .iter()
                .enumerate()
                .fold(0, |word, (bit, rule)| word | u64::from(rule.is_some()) << bit)
        };
        Self { cuts, sets, restricted: rules.chunks(64).map(flags).collect() }
    }

    /// No rule restricts itself on this axis.
    pub(crate) fn is_free(&self) -> bool {
        self.sets.is_empty()
    }

    /// The row a value lies in.
    pub(crate) fn row(&self, value: i64) -> u32 {
        let row = if self.cuts.len() <= 8 {
            // Short lists are counted through: no branch to mispredict.
            self.cuts.iter().filter(|cut| **cut <= value).count()
        } else {
            self.cuts.partition_point(|cut| *cut <= value)
        };
        u32::try_from(row).unwrap_or(0)
    }

    /// Where the row ends; `None` if it never does.
    pub(crate) fn end_of(&self, row: u32) -> Option<i64> {
        self.cuts.get(usize::try_from(row).ok()?).copied()
    }

    /// Where the row begins; `None` if it is the lowest.
    pub(crate) fn begin_of(&self, row: u32) -> Option<i64> {
        self.cuts.get(usize::try_from(row).ok()?.checked_sub(1)?).copied()
    }

    /// Word `word` of the set that holds in a row; all rules for a free axis or an unknown quantity.
    pub(crate) fn word(&self, row: u32, words: usize, word: usize) -> u64 {
        if self.is_free() || row == UNKNOWN {
            return u64::MAX;
        }
        let row = usize::try_from(row).unwrap_or(usize::MAX);
        // A row that is there times the words of each is the length of a list.
        self.sets.get(row.wrapping_mul(words).wrapping_add(word)).copied().unwrap_or(0)
    }

    /// Word `word` of the rules that restrict themselves on this axis.
    pub(crate) fn restricted(&self, word: usize) -> u64 {
        self.restricted.get(word).copied().unwrap_or(0)
    }
}
