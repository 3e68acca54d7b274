//! Which prices hold at the begin of a period, and whether others come to hold before its end.

use super::super::cdr::Dimensions;
use super::MissingQuantity;
use crate::quantity::MicroSeconds;
use crate::rules::{AxisKind, Charge, CompiledTariff, LocalClock, Rows, UNKNOWN_ROWS, Winners};
use crate::time::{Timestamp, Zone};

/// Steps that a single period is walked in search of a price change: more than a year of 10 windows a day. A period that is
/// longer still is a fault of its dates.
const MOST_STEPS: usize = 8_192;

/// Where in a session a period lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// Begin of the session.
    pub(super) origin: Timestamp,
    /// Begin of the period.
    pub(super) start: Timestamp,
    /// Its end.
    pub(super) end: Timestamp,
    /// Energy since the begin of the session, at the begin of the period or at its end, as it is asked for.
    pub(super) energy: i64,
}

impl Stretch {
    fn instant(&self, elapsed_millis: Option<i64>) -> Timestamp {
        elapsed_millis.map_or(Timestamp::MAX, |millis| self.origin.saturating_add_millis(millis))
    }
}

/// What holds at the begin of a period, and how long it does.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) rows: Rows,
    pub(super) winners: Winners,
    missing: MissingQuantity,
    /// When what depends on local time may change.
    local_until: Timestamp,
    /// When anything may change that time brings.
    until: Timestamp,
    /// Energies, since the begin of the session, between which it holds.
    energies: (i64, i64),
}

impl Moment {
    /// Holds at no time.
    pub(super) const NEVER: Self = Self {
        rows: UNKNOWN_ROWS,
        winners: Winners::NOTHING,
        missing: MissingQuantity::Satisfies,
        local_until: Timestamp::from_unix_millis(i64::MIN),
        until: Timestamp::from_unix_millis(i64::MIN),
        energies: (0, 0),
    };

    /// Holds also at a later instant and an energy, and after them.
    #[inline]
    pub(super) fn lasts(&self, at: Timestamp, energy: i64) -> bool {
        at < self.until && energy >= self.energies.0 && energy < self.energies.1
    }

    /// Holds up to a later instant and an energy.
    #[inline]
    pub(super) fn lasts_until(&self, end: Timestamp, energy: i64) -> bool {
        end <= self.until && energy >= self.energies.0 && energy <= self.energies.1
    }

    /// What holds at the begin of a period, with the energy there.
    pub(super) fn at<Z: Zone>(
        tariff: &CompiledTariff,
        period: &Stretch,
        stated: &Dimensions,
        missing: MissingQuantity,
        clock: &mut LocalClock,
        zone: &Z,
    ) -> Self {
        let mut rows = UNKNOWN_ROWS;
        let local = clock.at(zone, period.start);
        let local_until = tariff.local_rows(&mut rows, period.start, local);
        let elapsed = period.start.unix_millis().saturating_sub(period.origin.unix_millis());
        set_row(&mut rows, AxisKind::Elapsed, tariff.row(AxisKind::Elapsed, Some(elapsed)));
        let energy = tariff.row(AxisKind::Energy, Some(period.energy));
        set_row(&mut rows, AxisKind::Energy, energy);
        if tariff.is_measured() {
            let values = [
                (AxisKind::PowerAtLeast, stated.max_power.map(|power| power.raw())),
                (AxisKind::PowerBelow, stated.min_power.map(|power| power.raw())),
                (AxisKind::CurrentAtLeast, stated.max_current.map(|current| current.raw())),
                (AxisKind::CurrentBelow, stated.min_current.map(|current| current.raw())),
            ];
            for (kind, value) in values {
                set_row(&mut rows, kind, tariff.row(kind, value));
            }
        }
        let elapsed_until = period.instant(tariff.end_of(AxisKind::Elapsed, &rows));
        Self {
            rows,
            winners: winners(tariff, &rows, missing),
            missing,
            local_until,
            until: local_until.min(elapsed_until),
            energies: tariff.energies(&rows),
        }
    }

    /// Whether another price comes to hold before the end of a period, with the energy there, for something it states.
    pub(super) fn spans<Z: Zone>(
        &self,
        tariff: &CompiledTariff,
        period: &Stretch,
        stated: &Dimensions,
        clock: &mut LocalClock,
        zone: &Z,
    ) -> bool {
        let is_some = |time: Option<MicroSeconds>| time.is_some_and(|time| time.raw() != 0);
        let volumes = [
            (Charge::Energy, stated.energy.is_some_and(|energy| energy.raw() != 0)),
            (Charge::Time, is_some(stated.time)),
            (Charge::Parking, is_some(stated.parking)),
        ];
        let changed = |rows: &Rows| {
            let now = winners(tariff, rows, self.missing);
            volumes.iter().any(|(charge, there)| {
                *there && now.component(*charge) != self.winners.component(*charge)
            })
        };
        // Energy and time within the period have no order of their own, so each is walked on its own.
        self.energy_rows(tariff, period.energy).any(|rows| changed(&rows))
            || self.time_rows(tariff, period, clock, zone).any(|rows| changed(&rows))
    }

    /// The rows that the energy goes through after this one.
    fn energy_rows(&self, tariff: &CompiledTariff, after: i64) -> impl Iterator<Item = Rows> {
        let mut rows = self.rows;
        core::iter::from_fn(move || {
            let (begin, end) = tariff.energies(&rows);
            let next = if end < after {
                end
            } else if after < begin {
                begin.checked_sub(1)?
            } else {
                return None;
            };
            set_row(&mut rows, AxisKind::Energy, tariff.row(AxisKind::Energy, Some(next)));
            Some(rows)
        })
    }

    /// The rows that time goes through after this one within a period.
    fn time_rows<Z: Zone>(
        &self,
        tariff: &CompiledTariff,
        period: &Stretch,
        clock: &mut LocalClock,
        zone: &Z,
    ) -> impl Iterator<Item = Rows> {
        let (mut rows, mut local_until) = (self.rows, self.local_until);
        let steps = core::iter::from_fn(move || {
            let elapsed_end = tariff.end_of(AxisKind::Elapsed, &rows);
            let elapsed_until = period.instant(elapsed_end);
            let next = local_until.min(elapsed_until);
            if next >= period.end {
                return None;
            }
            if next == local_until {
                let local = clock.at(zone, next);
                local_until = tariff.local_rows(&mut rows, next, local);
            }
            if next == elapsed_until {
                set_row(&mut rows, AxisKind::Elapsed, tariff.row(AxisKind::Elapsed, elapsed_end));
            }
            Some(rows)
        });
        steps.take(MOST_STEPS)
    }
}

fn winners(tariff: &CompiledTariff, rows: &Rows, missing: MissingQuantity) -> Winners {
    match missing {
        MissingQuantity::Satisfies => tariff.winners(rows),
        MissingQuantity::Fails => tariff.winners_where_known(rows),
    }
}

fn set_row(rows: &mut Rows, kind: AxisKind, row: u32) {
    if let Some(cell) = rows.get_mut(kind as usize) {
        *cell = row;
    }
}
