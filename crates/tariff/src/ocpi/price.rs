//! Pricing a charge detail record.

use alloc::vec::Vec;

use super::cdr::{Cdr, Dimensions, Period};
use super::warnings::Warnings;
use crate::quantity::{MicroSeconds, MicroWattHours};
use crate::rules::{
    AxisKind, Charge, CompiledTariff, Cost, LocalClock, Rows, SumError, Sums, Totals, UNKNOWN_ROWS,
    Winners,
};
use crate::time::{Timestamp, Zone};

/// What a restriction on power or current means where the period states none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissingQuantity {
    /// It holds, with the warning [`Warnings::MISSING_QUANTITY`].
    #[default]
    Satisfies,
    /// It does not hold.
    Fails,
}

/// Whether reservations in the record were used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReservationOutcome {
    /// As [`Cdr::reservation_expired`] says.
    #[default]
    AsRecorded,
    /// All ran out.
    Expired,
}

/// What OCPI leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// A restriction whose quantity the period does not state.
    pub missing_quantity: MissingQuantity,
    /// Step sizes are applied (OCPI 3 has none).
    pub step_sizes: bool,
    /// A stated time that differs from the length of its period by at most this is taken to be that length: times are written in
    /// hours with four decimals. 0.18 s, half of 0.0001 h.
    pub snap: MicroSeconds,
    /// A window that begins and ends at the same minute is an error instead of one that never holds.
    pub strict_windows: bool,
    /// Whether reservations were used.
    pub reservations: ReservationOutcome,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            missing_quantity: MissingQuantity::default(),
            step_sizes: true,
            snap: MicroSeconds::from_raw(180_000),
            strict_windows: false,
            reservations: ReservationOutcome::default(),
        }
    }
}

/// Why a record was not priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PricingError {
    /// There is no tariff to price with.
    #[error("no tariff")]
    NoTariff,
    /// The record has no charging period.
    #[error("no charging period")]
    NoPeriod,
    /// A window of tariff `tariff` begins and ends at the same minute, and the policy is strict.
    #[error("tariff {tariff}: a window begins and ends at the same minute")]
    UndefinedWindow {
        /// Position of the tariff.
        tariff: usize,
    },
    /// A quantity or an amount is beyond its range.
    #[error("overflow in period {period}")]
    Overflow {
        /// Position of the period in order of time.
        period: usize,
    },
    /// More than 24 different pairs of dimension and tax in one record.
    #[error("more than 24 different pairs of dimension and tax")]
    TooManyTaxes,
}

const _: () = assert!(size_of::<PricingError>() <= 32);

/// A quantity of a period with the price found for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Index of the component in the period's tariff; `None`: it costs nothing.
    pub component: Option<u16>,
    /// What the period states, after the snap: µWh or µs.
    pub volume: i64,
    /// What is billed: the volume, and in the last priced period what the step size adds.
    pub billed: i64,
}

/// A line of the itemised price: one charging period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedPeriod {
    /// Its begin.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
    /// Position of the tariff that priced it.
    pub tariff: u16,
    /// Energy in µWh.
    pub energy: Option<Cell>,
    /// Charging time in µs.
    pub time: Option<Cell>,
    /// Time without demand in µs.
    pub parking: Option<Cell>,
    /// Reserved time in µs.
    pub reservation: Option<Cell>,
    /// Component of the fee that falls due in this period.
    pub flat: Option<u16>,
    /// Component of the reservation fee that falls due in this period.
    pub reservation_flat: Option<u16>,
    /// What is to be said of this period.
    pub warnings: Warnings,
}

impl PricedPeriod {
    const fn empty(start: Timestamp, end: Timestamp) -> Self {
        Self {
            start,
            end,
            tariff: 0,
            energy: None,
            time: None,
            parking: None,
            reservation: None,
            flat: None,
            reservation_flat: None,
            warnings: Warnings::empty(),
        }
    }

    /// The cell of a dimension: energy, time, parking, reservation.
    const fn cell_mut(&mut self, column: usize) -> Option<&mut Cell> {
        match column {
            0 => self.energy.as_mut(),
            1 => self.time.as_mut(),
            2 => self.parking.as_mut(),
            _ => self.reservation.as_mut(),
        }
    }

    /// The metered charges of the period and their cells.
    pub fn cells(&self) -> impl Iterator<Item = (Charge, Cell)> {
        let cells = [
            (Charge::Energy, self.energy),
            (Charge::Time, self.time),
            (Charge::Parking, self.parking),
            (Charge::ReservationTime, self.reservation),
        ];
        cells.into_iter().filter_map(|(charge, cell)| cell.map(|cell| (charge, cell)))
    }
}

/// What a record costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedCdr {
    /// The costs.
    pub totals: Totals,
    /// End of the last period minus begin of the first.
    pub duration: MicroSeconds,
    /// Energy stated; `None` if no period states any.
    pub energy: Option<MicroWattHours>,
    /// Charging time, after the snap.
    pub time: Option<MicroSeconds>,
    /// Time without demand.
    pub parking: Option<MicroSeconds>,
    /// Reserved time.
    pub reservation: Option<MicroSeconds>,
    /// Energy with what the step size adds; unpriced energy as stated.
    pub billed_energy: Option<MicroWattHours>,
    /// Charging time likewise.
    pub billed_time: Option<MicroSeconds>,
    /// Time without demand likewise.
    pub billed_parking: Option<MicroSeconds>,
    /// What the reader should know.
    pub warnings: Warnings,
}

/// Steps that a single period is walked in search of a price change: more than a year of 10 windows a day. A period that is
/// longer still is a fault of its dates.
const MOST_STEPS: usize = 8_192;

/// Most different pairs of dimension and tax in one record.
const TAXES: usize = 24;

/// Prices records. It keeps the lines of the last one, so that a warm pricer allocates nothing.
#[derive(Debug, Clone, Default)]
pub struct Pricer {
    /// What OCPI leaves open.
    pub policy: Policy,
    lines: Vec<PricedPeriod>,
    order: Vec<u32>,
}

/// A tariff as a record refers to it.
#[derive(Debug, Clone, Copy)]
pub struct NamedTariff<'a> {
    /// Its id.
    pub id: &'a str,
    /// Valid from, inclusive.
    pub start: Option<Timestamp>,
    /// Valid until, exclusive.
    pub end: Option<Timestamp>,
    /// The tariff.
    pub compiled: &'a CompiledTariff,
}

impl Pricer {
    /// A pricer with that policy.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self { policy, lines: Vec::new(), order: Vec::new() }
    }

    /// The lines of the record priced last, in order of time.
    #[must_use]
    pub fn lines(&self) -> &[PricedPeriod] {
        &self.lines
    }

    /// Prices a record. Each period is priced by the tariff it names, else by the first one valid at the start of the
    /// session, else by the first. Defects of the record are priced with a warning.
    ///
    /// # Errors
    /// [`PricingError`]; then [`Pricer::lines`] is of no use.
    pub fn price<Z: Zone>(
        &mut self,
        tariffs: &[NamedTariff<'_>],
        cdr: &Cdr<'_>,
        zone: &Z,
    ) -> Result<PricedCdr, PricingError> {
        self.lines.clear();
        let mut warnings = Warnings::empty();
        warnings.set(Warnings::NUMBER_ROUNDED, cdr.rounded_numbers);
        warnings |= self.sort(cdr);
        let first = self.nth(cdr, 0).ok_or(PricingError::NoPeriod)?;
        let default = choose(tariffs, first.start).ok_or(PricingError::NoTariff)?;
        if self.policy.strict_windows
            && let Some(tariff) = tariffs.iter().position(|tariff| tariff.compiled.undefined_window)
        {
            return Err(PricingError::UndefinedWindow { tariff });
        }
        let expired =
            cdr.reservation_expired || self.policy.reservations == ReservationOutcome::Expired;
        let mut run = Run {
            policy: self.policy,
            clock: LocalClock::new(),
            origin: first.start,
            energy: 0,
            sums: Sums::new(),
            volumes: [None; 4],
            surplus: [0; 4],
            tariff: None,
            moment: Moment::NEVER,
            expired,
        };
        for at in 0..cdr.periods.len() {
            let Some(period) = self.nth(cdr, at) else { break };
            let end = self.nth(cdr, at + 1).map_or(cdr.end, |next| next.start);
            let (position, known) = named(tariffs, period, default);
            let Some(tariff) = tariffs.get(position) else { break };
            self.lines.push(PricedPeriod::empty(period.start, end));
            let Some(line) = self.lines.last_mut() else { break };
            run.period(tariff.compiled, position, period, line, zone).map_err(|e| e.at(at))?;
            let outside =
                period.start < cdr.start || (period.start >= cdr.end && cdr.end > cdr.start);
            if outside || end <= period.start || !known {
                line.warnings.set(Warnings::UNKNOWN_TARIFF, !known && tariffs.len() > 1);
                line.warnings.set(Warnings::EMPTY_PERIOD, end <= period.start);
                line.warnings.set(Warnings::PERIODS_OUTSIDE_SESSION, outside);
            }
            warnings |= line.warnings;
        }
        let limiting = self.lines.first().map_or(default, |line| usize::from(line.tariff));
        let limiting = tariffs.get(limiting).ok_or(PricingError::NoTariff)?;
        let valid = limiting.start.is_none_or(|start| start <= first.start)
            && limiting.end.is_none_or(|end| first.start < end);
        warnings.set(Warnings::TARIFF_NOT_VALID, !valid);
        let overflow = PricingError::Overflow { period: cdr.periods.len() };
        if self.policy.step_sizes {
            run.add_surplus(tariffs, &mut self.lines).map_err(|e| e.at(cdr.periods.len()))?;
        }
        let mut totals = run.sums.totals(&limiting.compiled.limits, true).ok_or(overflow)?;
        warnings.set(Warnings::TOTAL_CLAMPED_TO_MIN, totals.at_minimum);
        warnings.set(Warnings::TOTAL_CLAMPED_TO_MAX, totals.at_maximum);
        let net_unknown = totals.total.is_some_and(|cost| cost.excl.is_none());
        warnings.set(Warnings::NET_UNKNOWN, net_unknown);
        if cdr.credit
            && let Some(total) = totals.total
        {
            totals.total = Some(total.checked_neg().ok_or(overflow)?);
        }
        let duration = cdr.end.unix_millis().checked_sub(first.start.unix_millis());
        let duration = duration.and_then(|millis| millis.checked_mul(1_000)).ok_or(overflow)?;
        run.sum_up(totals, MicroSeconds::from_raw(duration), warnings).ok_or(overflow)
    }

    /// Notes the order of the periods by begin, stably.
    fn sort(&mut self, cdr: &Cdr<'_>) -> Warnings {
        self.order.clear();
        if cdr.periods.is_sorted_by_key(|period| period.start) {
            return Warnings::empty();
        }
        self.order.extend(0..u32::try_from(cdr.periods.len()).unwrap_or(u32::MAX));
        let start = |at: &u32| {
            usize::try_from(*at).ok().and_then(|at| cdr.periods.get(at)).map(|p| p.start)
        };
        self.order.sort_by_key(start);
        Warnings::PERIODS_OUT_OF_ORDER
    }

    /// The period at that place in order of time.
    fn nth<'c, 'a>(&self, cdr: &'c Cdr<'a>, at: usize) -> Option<&'c Period<'a>> {
        let place = match self.order.get(at) {
            Some(place) => usize::try_from(*place).ok()?,
            None => at,
        };
        cdr.periods.get(place)
    }
}

/// The first tariff valid at an instant, else the first.
fn choose(tariffs: &[NamedTariff<'_>], instant: Timestamp) -> Option<usize> {
    let valid = |tariff: &NamedTariff<'_>| {
        tariff.start.is_none_or(|start| start <= instant)
            && tariff.end.is_none_or(|end| instant < end)
    };
    tariffs.iter().position(valid).or_else(|| (!tariffs.is_empty()).then_some(0))
}

/// The tariff a period names, or the default; whether it is the one named.
fn named(tariffs: &[NamedTariff<'_>], period: &Period<'_>, default: usize) -> (usize, bool) {
    match &period.tariff_id {
        Some(id) => match tariffs.iter().position(|tariff| tariff.id.eq_ignore_ascii_case(id)) {
            Some(position) => (position, true),
            None => (default, false),
        },
        None => (default, true),
    }
}

/// An error without its place.
#[derive(Debug, Clone, Copy)]
enum Failure {
    Overflow,
    TooManyTaxes,
}

impl Failure {
    const fn at(self, period: usize) -> PricingError {
        match self {
            Self::Overflow => PricingError::Overflow { period },
            Self::TooManyTaxes => PricingError::TooManyTaxes,
        }
    }
}

impl From<SumError> for Failure {
    fn from(error: SumError) -> Self {
        match error {
            SumError::TooManyTaxes => Self::TooManyTaxes,
            SumError::Overflow => Self::Overflow,
        }
    }
}

/// The state of a record being priced.
struct Run {
    policy: Policy,
    clock: LocalClock,
    /// Begin of the first period.
    origin: Timestamp,
    /// Energy of the periods before.
    energy: i64,
    sums: Sums<TAXES>,
    /// By dimension, the volumes stated.
    volumes: [Option<i64>; 4],
    /// By dimension, what the step size adds.
    surplus: [i64; 4],
    /// Position of the tariff of the period before.
    tariff: Option<usize>,
    /// What held at the begin of the period before.
    moment: Moment,
    expired: bool,
}

impl Run {
    fn period<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        position: usize,
        period: &Period<'_>,
        line: &mut PricedPeriod,
        zone: &Z,
    ) -> Result<(), Failure> {
        if self.tariff.is_some_and(|before| before != position) {
            self.sums.switch_tariff();
            self.moment = Moment::NEVER;
        }
        self.tariff = Some(position);
        let position = u16::try_from(position).map_err(|_| Failure::Overflow)?;
        line.tariff = position;
        let stated = &period.dimensions;
        let length = line.end.unix_millis().saturating_sub(period.start.unix_millis());
        let volumes = Volumes::of(stated, length.saturating_mul(1_000), &self.policy);
        self.find_prices(tariff, period, zone);
        let (winners, reserving) = (self.moment.winners, volumes.is_reservation());
        let use_expired = self.expired && winners.component(Charge::ExpiredTime).is_some();
        let of_reservation =
            if use_expired { Charge::ExpiredTime } else { Charge::ReservationTime };
        let priced = |charge| if reserving { None } else { winners.component(charge) };
        if let Some(volume) = volumes.energy {
            line.energy = Some(self.cell(tariff, 0, priced(Charge::Energy), volume)?);
        }
        if let Some(volume) = volumes.charging {
            line.time = Some(self.cell(tariff, 1, priced(Charge::Time), volume)?);
        }
        if let Some(volume) = volumes.parking {
            line.parking = Some(self.cell(tariff, 2, priced(Charge::Parking), volume)?);
        }
        if let Some(volume) = volumes.reserved {
            let component = if reserving { winners.component(of_reservation) } else { None };
            line.reservation = Some(self.cell(tariff, 3, component, volume)?);
        }
        self.fees(tariff, &winners, reserving, line)?;
        let energy_after =
            self.energy.checked_add(volumes.energy.unwrap_or(0)).ok_or(Failure::Overflow)?;
        let odd = stated.unknown || stated.repeated || volumes.exceed;
        if odd || tariff.undefined_window || tariff.is_measured() {
            self.warn(tariff, stated, &volumes, &mut line.warnings);
        }
        if !reserving && self.spans(tariff, line, energy_after, zone) {
            line.warnings |= Warnings::PERIOD_SPANS_PRICE_CHANGE;
        }
        self.energy = energy_after;
        Ok(())
    }

    /// Adds a volume with its price, and gives its cell.
    fn cell(
        &mut self,
        tariff: &CompiledTariff,
        column: usize,
        component: Option<u16>,
        volume: i64,
    ) -> Result<Cell, Failure> {
        if let Some(index) = component {
            let found = tariff.component(index).ok_or(Failure::Overflow)?;
            self.sums.add(found, volume)?;
        }
        if let Some(sum) = self.volumes.get_mut(column) {
            *sum = Some(sum.unwrap_or(0).checked_add(volume).ok_or(Failure::Overflow)?);
        }
        Ok(Cell { component, volume, billed: volume })
    }

    /// What is to be said of a period that is not as it should be.
    fn warn(
        &self,
        tariff: &CompiledTariff,
        stated: &Dimensions,
        volumes: &Volumes,
        warnings: &mut Warnings,
    ) {
        warnings.set(Warnings::UNKNOWN_DIMENSION, stated.unknown);
        warnings.set(Warnings::REPEATED_DIMENSION, stated.repeated);
        warnings.set(Warnings::UNDEFINED_TIME_WINDOW, tariff.undefined_window);
        warnings.set(Warnings::TIME_EXCEEDS_PERIOD, volumes.exceed);
        let missing = tariff.is_measured() && tariff.misses(&self.moment.rows);
        warnings.set(Warnings::MISSING_QUANTITY, missing);
    }

    /// Fees that fall due in a period: each once, the ordinary one not in a reservation.
    fn fees(
        &mut self,
        tariff: &CompiledTariff,
        winners: &Winners,
        reserving: bool,
        line: &mut PricedPeriod,
    ) -> Result<(), Failure> {
        if self.sums.has_fee(reserving) || (!reserving && self.expired) {
            return Ok(());
        }
        let expired = winners.component(Charge::ExpiredFlat).filter(|_| self.expired);
        let fee = match (reserving, expired) {
            (false, _) => winners.component(Charge::Flat),
            (true, None) => winners.component(Charge::ReservationFlat),
            (true, expired) => expired,
        };
        if let Some((index, component)) = fee.and_then(|i| tariff.component(i).map(|c| (i, c))) {
            self.sums.add(component, 1)?;
            *(if reserving { &mut line.reservation_flat } else { &mut line.flat }) = Some(index);
        }
        Ok(())
    }

    /// Finds what holds at the begin of a period, unless what held before still does.
    fn find_prices<Z: Zone>(&mut self, tariff: &CompiledTariff, period: &Period<'_>, zone: &Z) {
        if self.moment.lasts(period.start, self.energy) && !tariff.is_measured() {
            return;
        }
        let mut rows = UNKNOWN_ROWS;
        let local = self.clock.at(zone, period.start);
        let local_until = tariff.local_rows(&mut rows, period.start, local);
        let stated = &period.dimensions;
        let elapsed = period.start.unix_millis().saturating_sub(self.origin.unix_millis());
        let values = [
            (AxisKind::Elapsed, Some(elapsed)),
            (AxisKind::Energy, Some(self.energy)),
            (AxisKind::PowerAtLeast, stated.max_power.map(|power| power.raw())),
            (AxisKind::PowerBelow, stated.min_power.map(|power| power.raw())),
            (AxisKind::CurrentAtLeast, stated.max_current.map(|current| current.raw())),
            (AxisKind::CurrentBelow, stated.min_current.map(|current| current.raw())),
        ];
        for (kind, value) in values {
            set_row(&mut rows, kind, tariff.row(kind, value));
        }
        let elapsed_until = tariff.end_of(AxisKind::Elapsed, &rows);
        let elapsed_until = elapsed_until
            .map_or(Timestamp::MAX, |millis| self.origin.saturating_add_millis(millis));
        self.moment = Moment {
            rows,
            winners: self.winners(tariff, rows),
            local_until,
            until: local_until.min(elapsed_until),
            energies: (self.energy, tariff.end_of(AxisKind::Energy, &rows).unwrap_or(i64::MAX)),
        };
    }

    fn winners(&self, tariff: &CompiledTariff, rows: Rows) -> Winners {
        match self.policy.missing_quantity {
            MissingQuantity::Satisfies => tariff.winners(&rows),
            MissingQuantity::Fails => tariff.winners_where_known(&rows),
        }
    }

    /// Whether another price than that at the begin of a period comes to hold before its end, for something it states.
    fn spans<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        line: &PricedPeriod,
        energy_after: i64,
        zone: &Z,
    ) -> bool {
        if line.end <= self.moment.until && energy_after <= self.moment.energies.1 {
            return false;
        }
        let Moment { mut rows, winners, mut local_until, .. } = self.moment;
        let volumes = [
            (Charge::Energy, line.energy),
            (Charge::Time, line.time),
            (Charge::Parking, line.parking),
        ];
        let changed = |now: &Winners| {
            volumes.iter().any(|(charge, cell)| {
                cell.is_some_and(|cell| cell.volume != 0)
                    && now.component(*charge) != winners.component(*charge)
            })
        };
        // Energy and time within the period have no order of their own, so each is walked on its own.
        let start_rows = rows;
        while let Some(end) = tariff.end_of(AxisKind::Energy, &rows)
            && end < energy_after
        {
            set_row(&mut rows, AxisKind::Energy, tariff.row(AxisKind::Energy, Some(end)));
            if changed(&self.winners(tariff, rows)) {
                return true;
            }
        }
        rows = start_rows;
        for _ in 0..MOST_STEPS {
            let elapsed_end = tariff.end_of(AxisKind::Elapsed, &rows);
            let elapsed_until = elapsed_end
                .map_or(Timestamp::MAX, |millis| self.origin.saturating_add_millis(millis));
            let next = local_until.min(elapsed_until);
            if next >= line.end {
                return false;
            }
            if next == local_until {
                let local = self.clock.at(zone, next);
                local_until = tariff.local_rows(&mut rows, next, local);
            }
            if next == elapsed_until {
                set_row(&mut rows, AxisKind::Elapsed, tariff.row(AxisKind::Elapsed, elapsed_end));
            }
            if changed(&self.winners(tariff, rows)) {
                return true;
            }
        }
        false
    }

    fn sum_up(
        &self,
        totals: Totals,
        duration: MicroSeconds,
        warnings: Warnings,
    ) -> Option<PricedCdr> {
        let [energy, time, parking, reservation] = self.volumes;
        let [more_energy, more_time, more_parking, _] = self.surplus;
        let billed = |volume: Option<i64>, more: i64| match volume {
            Some(volume) => volume.checked_add(more).map(Some),
            None => Some(None),
        };
        Some(PricedCdr {
            totals,
            duration,
            energy: energy.map(MicroWattHours::from_raw),
            time: time.map(MicroSeconds::from_raw),
            parking: parking.map(MicroSeconds::from_raw),
            reservation: reservation.map(MicroSeconds::from_raw),
            billed_energy: billed(energy, more_energy)?.map(MicroWattHours::from_raw),
            billed_time: billed(time, more_time)?.map(MicroSeconds::from_raw),
            billed_parking: billed(parking, more_parking)?.map(MicroSeconds::from_raw),
            warnings,
        })
    }

    /// Lets the step sizes add to the last priced cell of each dimension under the last tariff.
    fn add_surplus(
        &mut self,
        tariffs: &[NamedTariff<'_>],
        lines: &mut [PricedPeriod],
    ) -> Result<(), Failure> {
        let Some(position) = lines.last().map(|line| line.tariff) else { return Ok(()) };
        let tariff = tariffs.get(usize::from(position)).ok_or(Failure::Overflow)?.compiled;
        for (column, more) in [0, 1, 2, 3].into_iter().zip(&mut self.surplus) {
            let of_tariff = lines.iter_mut().rev().take_while(|line| line.tariff == position);
            let mut cells = of_tariff.filter_map(|line| line.cell_mut(column));
            let Some(cell) = cells.find(|cell| cell.component.is_some()) else { continue };
            let component = cell.component.and_then(|index| tariff.component(index));
            let component = component.ok_or(Failure::Overflow)?;
            *more = self.sums.step_surplus(component).ok_or(Failure::Overflow)?;
            if *more != 0 {
                self.sums.add(component, *more)?;
                cell.billed = cell.billed.checked_add(*more).ok_or(Failure::Overflow)?;
            }
        }
        Ok(())
    }
}

/// What holds at the begin of a period, and how long it does.
#[derive(Clone, Copy)]
struct Moment {
    rows: Rows,
    winners: Winners,
    /// When what depends on local time may change.
    local_until: Timestamp,
    /// When anything may change that time brings.
    until: Timestamp,
    /// Energies, since the begin of the session, between which it holds.
    energies: (i64, i64),
}

impl Moment {
    /// Holds at no time.
    const NEVER: Self = Self {
        rows: UNKNOWN_ROWS,
        winners: Winners::NOTHING,
        local_until: Timestamp::from_unix_millis(i64::MIN),
        until: Timestamp::from_unix_millis(i64::MIN),
        energies: (0, 0),
    };

    /// Holds also at a later instant and an energy.
    fn lasts(&self, at: Timestamp, energy: i64) -> bool {
        at < self.until && (self.energies.0..self.energies.1).contains(&energy)
    }
}

/// What a period states, times after the snap.
struct Volumes {
    energy: Option<i64>,
    charging: Option<i64>,
    parking: Option<i64>,
    reserved: Option<i64>,
    /// A time is longer than the period.
    exceed: bool,
}

impl Volumes {
    fn of(stated: &Dimensions, length: i64, policy: &Policy) -> Self {
        let snapped =
            |time: Option<MicroSeconds>| time.map(|volume| policy.snapped(volume.raw(), length));
        let times = [stated.time, stated.parking, stated.reservation].map(snapped);
        let exceed = times.iter().flatten().any(|volume| *volume > length.max(0));
        let [charging, parking, reserved] = times;
        let energy = stated.energy.map(MicroWattHours::raw);
        Self { energy, charging, parking, reserved, exceed }
    }

    /// A reservation of nothing beside something else is a sender that writes out every dimension.
    fn is_reservation(&self) -> bool {
        let others = self.energy.is_some() || self.charging.is_some() || self.parking.is_some();
        self.reserved.is_some_and(|volume| volume != 0 || !others)
    }
}

fn set_row(rows: &mut Rows, kind: AxisKind, row: u32) {
    if let Some(cell) = rows.get_mut(kind as usize) {
        *cell = row;
    }
}

impl Policy {
    /// A volume of time that is the length of its period but for the rounding of its text becomes that length.
    fn snapped(&self, volume: i64, length: i64) -> i64 {
        let close = volume.abs_diff(length) <= self.snap.raw().unsigned_abs();
        if volume != 0 && close { length } else { volume }
    }
}

/// The cost of a cell, as its line states it.
///
/// `None` if it has no price; the inner overflow cannot happen for a record that was priced.
#[must_use]
pub fn cost_of(tariff: &CompiledTariff, charge: Charge, cell: Cell) -> Option<Cost> {
    let component = tariff.component(cell.component?)?;
    Cost::of(charge, component.tax, crate::rules::raw_amount(component.price, cell.billed))
}

/// The cost of a fee.
#[must_use]
pub fn cost_of_fee(tariff: &CompiledTariff, component: u16) -> Option<Cost> {
    let component = tariff.component(component)?;
    Cost::of(component.charge, component.tax, crate::rules::raw_amount(component.price, 1))
}
