//! Time-of-use price tables: which price holds at which minute of the local day.

use core::fmt;

use super::calendar::Calendar;
use crate::quantity::PricePerKwh;
use crate::time::{Date, MinuteOfDay};

/// Periods that one day table can hold: the 48 half hours of the Chinese billing models.
pub const MAX_PERIODS: usize = 48;

const MINUTES: MinuteOfDay = 1_440;

/// The kind of a price period, in the words of the Chinese time-of-use tariffs. It names a price; it never decides one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Band {
    /// Critical or super peak, 尖.
    Sharp,
    /// Peak, 峰.
    Peak,
    /// Flat or shoulder, 平.
    Flat,
    /// Valley or off-peak, 谷.
    Valley,
    /// Deep valley, 深谷.
    DeepValley,
    /// A rate of a model that only numbers its rates.
    Numbered(u8),
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sharp => f.write_str("sharp"),
            Self::Peak => f.write_str("peak"),
            Self::Flat => f.write_str("flat"),
            Self::Valley => f.write_str("valley"),
            Self::DeepValley => f.write_str("deep valley"),
            Self::Numbered(number) => write!(f, "rate {number}"),
        }
    }
}

/// One price row: the electricity fee (电费, the grid's price passed through) and the operator's service fee (服务费).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    /// What the tariff calls the hours with this price.
    pub band: Band,
    /// Electricity fee.
    pub electricity: PricePerKwh,
    /// Service fee.
    pub service: PricePerKwh,
}

/// Why a table, calendar or tariff was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A day table needs at least one period and can hold [`MAX_PERIODS`].
    #[error("{count} periods in a day table")]
    PeriodCount {
        /// Periods given.
        count: usize,
    },
    /// The first period must begin at local midnight.
    #[error("the first period begins at minute {start}, not 0")]
    FirstEdge {
        /// Its first minute.
        start: MinuteOfDay,
    },
    /// Periods must begin later than the one before and before the day ends.
    #[error("period {index} begins at minute {start}, out of order or past the day")]
    EdgeOrder {
        /// Position of the period in the list.
        index: usize,
        /// Its first minute.
        start: MinuteOfDay,
    },
    /// A day table names a rate that the rate list does not have.
    #[error("day table {table} names rate {rate} of {rates}")]
    UnknownRate {
        /// Position of the day table.
        table: usize,
        /// The missing rate.
        rate: u8,
        /// Rates in the list.
        rates: usize,
    },
    /// A calendar rule or the default names a day table that is not there.
    #[error("the calendar names day table {table} of {tables}")]
    UnknownTable {
        /// The missing table.
        table: u8,
        /// Day tables in the list.
        tables: usize,
    },
    /// A calendar rule names a day list that is not there.
    #[error("calendar rule {rule} names day list {list} of {lists}")]
    UnknownDayList {
        /// Position of the rule.
        rule: usize,
        /// The missing list.
        list: u8,
        /// Lists given.
        lists: usize,
    },
    /// A rate list holds 1 to 256 rates.
    #[error("{count} rates")]
    RateCount {
        /// Rates given.
        count: usize,
    },
    /// A rate whose electricity and service fee add up beyond the range of a price.
    #[error("the fees of rate {rate} overflow")]
    PriceOverflow {
        /// The rate.
        rate: usize,
    },
}

const _: () = assert!(size_of::<TableError>() <= 32);

/// The periods of one kind of day: from which minute of the local day which rate holds.
///
/// Each period is half-open, from its first minute up to the first minute of the next; the last ends with the day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DayTable {
    starts: [MinuteOfDay; MAX_PERIODS],
    rates: [u8; MAX_PERIODS],
    count: u8,
}

impl DayTable {
    /// From one rate index per half hour, 00:00-00:30 first: the form of the YunKuaiChong family's billing models.
    /// Neighbours with the same rate become one period.
    #[must_use]
    pub const fn from_half_hours(slots: [u8; 48]) -> Self {
        let mut table = Self { starts: [0; MAX_PERIODS], rates: [0; MAX_PERIODS], count: 0 };
        // Slices that shrink as they are read and filled: the index-free way to write a const loop.
        let (mut starts, mut rates): (&mut [MinuteOfDay], &mut [u8]) =
            (&mut table.starts, &mut table.rates);
        let mut slots: &[u8] = &slots;
        let mut start = 0;
        let mut before = None;
        while let [rate, later @ ..] = slots {
            if !matches!(before, Some(before) if before == *rate) {
                if let ([first_start, ..], [first_rate, ..]) = (&mut *starts, &mut *rates) {
                    (*first_start, *first_rate) = (start, *rate);
                    table.count += 1;
                }
                if let ([_, free_starts @ ..], [_, free_rates @ ..]) = (starts, rates) {
                    (starts, rates) = (free_starts, free_rates);
                } else {
                    break;
                }
            }
            before = Some(*rate);
            start += 30;
            slots = later;
        }
        table
    }

    /// From explicit edges: the first minute of each period and its rate index, in order, the first at minute 0.
    ///
    /// # Errors
    /// [`TableError::PeriodCount`], [`TableError::FirstEdge`] or [`TableError::EdgeOrder`].
    pub fn from_edges(edges: &[(MinuteOfDay, u8)]) -> Result<Self, TableError> {
        let count = edges.len();
        let Some(&(first, _)) = edges.first().filter(|_| count <= MAX_PERIODS) else {
            return Err(TableError::PeriodCount { count });
        };
        if first != 0 {
            return Err(TableError::FirstEdge { start: first });
        }
        let mut table = Self { starts: [0; MAX_PERIODS], rates: [0; MAX_PERIODS], count: 0 };
        let mut earliest = 0;
        let slots = table.starts.iter_mut().zip(&mut table.rates);
        for (index, (&(start, rate), slot)) in edges.iter().zip(slots).enumerate() {
            if start < earliest || start >= MINUTES {
                return Err(TableError::EdgeOrder { index, start });
            }
            earliest = start + 1;
            (*slot.0, *slot.1) = (start, rate);
            table.count += 1;
        }
        Ok(table)
    }

    /// The periods: first minute and rate index.
    pub fn periods(&self) -> impl Iterator<Item = (MinuteOfDay, u8)> + '_ {
        let starts = self.starts.iter().copied();
        starts.zip(self.rates.iter().copied()).take(usize::from(self.count))
    }

    /// The rate that holds at a minute of the local day, and the minute at which its period ends (1440: with the day).
    #[must_use]
    pub fn at(&self, minute: MinuteOfDay) -> (u8, MinuteOfDay) {
        let mut found = 0;
        for (start, rate) in self.periods() {
            if start > minute {
                return (found, start);
            }
            found = rate;
        }
        (found, MINUTES)
    }
}

impl fmt::Debug for DayTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.periods()).finish()
    }
}

/// A time-of-use price table: rates, the day tables that refer to them, and the calendar that chooses among those.
///
/// All parts are borrowed, so a table can stand in flash as a constant or in memory received from a platform.
#[derive(Debug, Clone, Copy)]
pub struct TimeOfUse<'a> {
    rates: &'a [Rate],
    days: &'a [DayTable],
    calendar: Calendar<'a>,
}

impl<'a> TimeOfUse<'a> {
    /// Checks that every index leads somewhere; after this, looking a price up cannot fail.
    ///
    /// # Errors
    /// The [`TableError`] that names the first index or count that is wrong.
    pub fn new(
        rates: &'a [Rate],
        days: &'a [DayTable],
        calendar: Calendar<'a>,
    ) -> Result<Self, TableError> {
        if rates.is_empty() || rates.len() > 256 {
            return Err(TableError::RateCount { count: rates.len() });
        }
        for (rate, row) in rates.iter().enumerate() {
            if row.electricity.plus(row.service).is_none() {
                return Err(TableError::PriceOverflow { rate });
            }
        }
        for (table, day) in days.iter().enumerate() {
            for (_, rate) in day.periods() {
                if usize::from(rate) >= rates.len() {
                    return Err(TableError::UnknownRate { table, rate, rates: rates.len() });
                }
            }
        }
        calendar.check(days.len())?;
        Ok(Self { rates, days, calendar })
    }

    /// The rates, in the order of their indexes.
    #[must_use]
    pub const fn rates(&self) -> &'a [Rate] {
        self.rates
    }

    /// The rate with that index.
    #[must_use]
    pub fn rate(&self, index: u8) -> Option<&'a Rate> {
        self.rates.get(usize::from(index))
    }

    /// Index of the day table that holds on a local date.
    #[must_use]
    pub fn day_table_on(&self, date: Date) -> u8 {
        self.calendar.table_on(date)
    }

    /// The same rates with one of the day tables on every date.
    pub(super) const fn with_day_table(&self, table: u8) -> Self {
        let calendar = Calendar { rules: &[], day_lists: &[], default_table: table };
        Self { rates: self.rates, days: self.days, calendar }
    }

    /// The rate index that holds at a minute of a local day, and the minute at which its period ends.
    #[must_use]
    pub fn at(&self, date: Date, minute: MinuteOfDay) -> (u8, MinuteOfDay) {
        let table = self.calendar.table_on(date);
        // `new` has checked that the table is there.
        self.days.get(usize::from(table)).map_or((0, MINUTES), |day| day.at(minute))
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn half_hours_and_edges_say_the_same() {
        let mut slots = [0u8; 48];
        slots[16..].fill(1);
        slots[38..].fill(2);
        let by_slot = DayTable::from_half_hours(slots);
        let by_edge = DayTable::from_edges(&[(0, 0), (480, 1), (1_140, 2)]).unwrap();
        for minute in 0..MINUTES {
            assert_eq!(by_slot.at(minute).0, by_edge.at(minute).0, "minute {minute}");
        }
        assert_eq!(by_edge.at(479), (0, 480));
        assert_eq!(by_edge.at(480), (1, 1_140));
        assert_eq!(by_edge.at(1_439), (2, 1_440));
        assert!(by_slot.periods().eq(by_edge.periods()), "equal neighbours are one period");
        let changing = DayTable::from_half_hours(core::array::from_fn(|n| u8::from(n % 2 == 0)));
        assert_eq!(changing.periods().count(), 48);
        assert_eq!(changing.at(1_439), (0, 1_440));
    }

    #[test]
    fn wrong_edges_are_named() {
        let refused = |edges: &[(u16, u8)]| DayTable::from_edges(edges).unwrap_err();
        assert_eq!(refused(&[]), TableError::PeriodCount { count: 0 });
        assert_eq!(refused(&[(1, 0)]), TableError::FirstEdge { start: 1 });
        assert_eq!(refused(&[(0, 0), (0, 1)]), TableError::EdgeOrder { index: 1, start: 0 });
        assert_eq!(
            refused(&[(0, 0), (1_440, 1)]),
            TableError::EdgeOrder { index: 1, start: 1_440 }
        );
        let many: Vec<_> = (0..49).map(|n| (n, 0)).collect();
        assert_eq!(refused(&many), TableError::PeriodCount { count: 49 });
    }
}
