//! Which day table holds on which date: seasons, weekdays, holidays and days announced the evening before.

use super::table::TableError;
use crate::time::{Date, MonthDay, Weekdays};

/// The dates a calendar rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateRange {
    /// All dates.
    Always,
    /// Every year from one day through another, both included. `last` before `first` runs over the turn of the year.
    Yearly {
        /// First day.
        first: MonthDay,
        /// Last day.
        last: MonthDay,
    },
    /// From a date, included, up to another, excluded.
    Dates {
        /// First date.
        from: Date,
        /// First date that is no longer meant.
        until: Date,
    },
}

impl DateRange {
    fn contains(self, date: Date) -> bool {
        match self {
            Self::Always => true,
            Self::Yearly { first, last } if first <= last => {
                (first..=last).contains(&date.month_day())
            }
            Self::Yearly { first, last } => date.month_day() >= first || date.month_day() <= last,
            Self::Dates { from, until } => (from..until).contains(&date),
        }
    }
}

/// A condition on one of the day lists that the caller gives (public holidays, announced hot days, ...).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// Whatever the lists say.
    Any,
    /// Only days in that list.
    In(u8),
    /// Only days that are not in that list.
    NotIn(u8),
}

/// One row of a calendar: if all its conditions hold for a date, its day table does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarRule {
    /// Dates it is about.
    pub dates: DateRange,
    /// Weekdays it is about.
    pub weekdays: Weekdays,
    /// Condition on a day list.
    pub days: Days,
    /// Index of the day table that then holds.
    pub table: u8,
}

/// Chooses the day table of a date: the first rule that fits, else the default.
#[derive(Debug, Clone, Copy, Default)]
pub struct Calendar<'a> {
    /// Rules in order of precedence.
    pub rules: &'a [CalendarRule],
    /// The day lists that rules refer to by position. Each is searched from front to back; order does not matter.
    pub day_lists: &'a [&'a [Date]],
    /// Index of the day table for dates that no rule fits.
    pub default_table: u8,
}

impl Calendar<'_> {
    /// The same day table, the first, on every date.
    pub const EVERY_DAY: Calendar<'static> =
        Calendar { rules: &[], day_lists: &[], default_table: 0 };

    /// Index of the day table that holds on a date.
    #[must_use]
    pub fn table_on(&self, date: Date) -> u8 {
        let fits = |rule: &&CalendarRule| {
            rule.dates.contains(date)
                && rule.weekdays.contains(date.weekday())
                && match rule.days {
                    Days::Any => true,
                    Days::In(list) => self.listed(list, date),
                    Days::NotIn(list) => !self.listed(list, date),
                }
        };
        self.rules.iter().find(fits).map_or(self.default_table, |rule| rule.table)
    }

    fn listed(&self, list: u8, date: Date) -> bool {
        self.day_lists.get(usize::from(list)).is_some_and(|days| days.contains(&date))
    }

    /// Every index leads somewhere.
    pub(crate) fn check(&self, tables: usize) -> Result<(), TableError> {
        let named = self.rules.iter().map(|rule| rule.table).chain([self.default_table]);
        for table in named {
            if usize::from(table) >= tables {
                return Err(TableError::UnknownTable { table, tables });
            }
        }
        for (rule, row) in self.rules.iter().enumerate() {
            if let Days::In(list) | Days::NotIn(list) = row.days {
                let lists = self.day_lists.len();
                if usize::from(list) >= lists {
                    return Err(TableError::UnknownDayList { rule, list, lists });
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u8, day: u8) -> Date {
        Date::new(year, month, day).unwrap()
    }

    /// Guangdong-like: sharp prices in July to September and on announced hot days, another table on holidays.
    #[test]
    fn the_first_rule_that_fits_wins() {
        let holidays = [day(2026, 10, 1)];
        let hot_days = [day(2026, 10, 1), day(2026, 6, 3)];
        let rule = |dates, weekdays, days, table| CalendarRule { dates, weekdays, days, table };
        let summer = DateRange::Yearly {
            first: MonthDay::new(7, 1).unwrap(),
            last: MonthDay::new(9, 30).unwrap(),
        };
        let winter = DateRange::Yearly {
            first: MonthDay::new(12, 1).unwrap(),
            last: MonthDay::new(2, 29).unwrap(),
        };
        let trial = DateRange::Dates { from: day(2026, 5, 1), until: day(2026, 5, 3) };
        let rules = [
            rule(DateRange::Always, Weekdays::all(), Days::In(0), 3),
            rule(DateRange::Always, Weekdays::all(), Days::In(1), 1),
            rule(summer, Weekdays::all().difference(Weekdays::WEEKEND), Days::NotIn(0), 1),
            rule(winter, Weekdays::SUNDAY, Days::Any, 2),
            rule(trial, Weekdays::all(), Days::Any, 4),
        ];
        let calendar =
            Calendar { rules: &rules, day_lists: &[&holidays, &hot_days], default_table: 0 };
        for (date, table) in [
            (day(2026, 10, 1), 3), // holiday and hot: the holiday rule stands first
            (day(2026, 6, 3), 1),  // hot
            (day(2026, 6, 4), 0),
            (day(2026, 7, 1), 1),  // a Wednesday in summer
            (day(2026, 7, 4), 0),  // a Saturday in summer
            (day(2026, 9, 30), 1), // last day included
            (day(2026, 12, 6), 2), // a Sunday in winter
            (day(2027, 1, 3), 2),  // over the turn of the year
            (day(2027, 3, 7), 0),
            (day(2026, 5, 1), 4),
            (day(2026, 5, 3), 0), // end excluded
        ] {
            assert_eq!(calendar.table_on(date), table, "{date}");
        }
        assert_eq!(calendar.check(5), Ok(()));
        assert_eq!(calendar.check(4), Err(TableError::UnknownTable { table: 4, tables: 4 }));
        let one_list = Calendar { day_lists: &[&holidays], ..calendar };
        assert_eq!(
            one_list.check(5),
            Err(TableError::UnknownDayList { rule: 1, list: 1, lists: 1 })
        );
    }
}
