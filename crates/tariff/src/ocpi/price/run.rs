//! A record being priced, period by period.

use super::super::cdr::{Dimensions, Period};
use super::super::warnings::Warnings;
use super::moment::{Moment, Stretch};
use super::{Cell, Policy, PricedCdr, PricedPeriod, PricingError};
use crate::quantity::{MicroSeconds, MicroWattHours};
use crate::rules::{Charge, CompiledTariff, LocalClock, SumError, Sums, Totals};
use crate::time::{Timestamp, Zone};

/// Most different pairs of dimension and tax in one record.
const TAXES: usize = 24;

/// An error without its place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Failure {
    Overflow,
    TooManyTaxes,
}

impl Failure {
    pub(super) const fn at(self, period: usize) -> PricingError {
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

/// The volumes of a dimension and its price.
#[derive(Debug, Clone, Copy)]
struct Dimension {
    /// The component that prices it now.
    component: Option<u16>,
    /// Some period has stated it.
    stated: bool,
    /// Some period has stated it since the prices were found.
    is_new: bool,
    /// All that was stated.
    volume: i64,
    /// What of it has gone into the sums.
    summed: i64,
    /// The last line that the present tariff has a price for.
    last: Option<usize>,
    /// What the step size adds.
    surplus: i64,
}

impl Dimension {
    const NOTHING: Self = Self {
        component: None,
        stated: false,
        is_new: false,
        volume: 0,
        summed: 0,
        last: None,
        surplus: 0,
    };

    /// Adds what line `at` states into it and its cell.
    #[inline]
    fn add(
        &mut self,
        volume: Option<i64>,
        at: usize,
        cell: &mut Option<Cell>,
    ) -> Result<(), Failure> {
        let Some(volume) = volume else { return Ok(()) };
        self.volume = self.volume.checked_add(volume).ok_or(Failure::Overflow)?;
        (self.stated, self.is_new) = (true, true);
        if self.component.is_some() {
            self.last = Some(at);
        }
        *cell = Some(Cell { component: self.component, volume, billed: volume });
        Ok(())
    }

    const fn total(&self) -> Option<i64> {
        if self.stated { Some(self.volume) } else { None }
    }
}

/// The state of a record being priced.
///
/// As long as the same prices hold, only volumes are added up; they go into the sums when the prices change.
pub(super) struct Run<'t> {
    policy: Policy,
    clock: LocalClock,
    /// Begin of the first period.
    origin: Timestamp,
    sums: Sums<TAXES>,
    /// Energy, charging, parking and reserved time.
    dimensions: [Dimension; 4],
    /// Position and tariff of the period before.
    tariff: Option<(u16, &'t CompiledTariff)>,
    /// What held at the begin of the period before, and whether that was in a reservation.
    moment: Moment,
    reserving: bool,
    expired: bool,
}

impl<'t> Run<'t> {
    pub(super) const fn new(policy: Policy, origin: Timestamp, expired: bool) -> Self {
        Self {
            policy,
            clock: LocalClock::new(),
            origin,
            sums: Sums::new(),
            dimensions: [Dimension::NOTHING; 4],
            tariff: None,
            moment: Moment::NEVER,
            reserving: false,
            expired,
        }
    }

    /// Prices a period that lasts until `line.end` by the tariff at `line.tariff`, into line number `at`.
    pub(super) fn period<Z: Zone>(
        &mut self,
        tariff: &'t CompiledTariff,
        period: &Period<'_>,
        (at, line): (usize, &mut PricedPeriod),
        zone: &Z,
    ) -> Result<(), Failure> {
        let (start, end, stated) = (line.start, line.end, &period.dimensions);
        let length = end.unix_millis().checked_sub(start.unix_millis());
        let length =
            length.and_then(|millis| millis.checked_mul(1_000)).ok_or(Failure::Overflow)?;
        let volumes = Volumes::of(stated, length, &self.policy);
        let reserving = volumes.is_reservation();
        if self.tariff.is_none_or(|(before, _)| before != line.tariff) {
            self.switch_tariff(tariff, line.tariff)?;
        }
        let [Dimension { volume: energy_before, .. }, ..] = self.dimensions;
        let origin = self.origin;
        let stretch = |energy| Stretch { origin, start, end, energy };
        if !self.moment.lasts(start, energy_before)
            || self.reserving != reserving
            || tariff.is_measured()
        {
            self.sum_up_to_here(tariff)?;
            let missing = self.policy.missing_quantity;
            let begin = stretch(energy_before);
            self.moment = Moment::at(tariff, &begin, stated, missing, &mut self.clock, zone);
            self.find_components(reserving);
            self.add_fee(tariff, line)?;
        }
        let [energy, time, parking, reservation] = &mut self.dimensions;
        energy.add(volumes.energy, at, &mut line.energy)?;
        time.add(volumes.charging, at, &mut line.time)?;
        parking.add(volumes.parking, at, &mut line.parking)?;
        reservation.add(volumes.reserved, at, &mut line.reservation)?;
        let energy_after = energy.volume;
        if !reserving && !self.moment.lasts_until(end, energy_after) {
            let end = stretch(energy_after);
            let spans = self.moment.spans(tariff, &end, stated, &mut self.clock, zone);
            line.warnings.set(Warnings::PERIOD_SPANS_PRICE_CHANGE, spans);
        }
        if stated.unknown || stated.repeated || volumes.exceed {
            line.warnings.set(Warnings::UNKNOWN_DIMENSION, stated.unknown);
            line.warnings.set(Warnings::REPEATED_DIMENSION, stated.repeated);
            line.warnings.set(Warnings::TIME_EXCEEDS_PERIOD, volumes.exceed);
        }
        line.warnings.set(Warnings::UNDEFINED_TIME_WINDOW, tariff.undefined_window);
        if tariff.is_measured() {
            let missing = tariff.misses(&self.moment.rows);
            line.warnings.set(Warnings::MISSING_QUANTITY, missing);
        }
        Ok(())
    }

    /// Another tariff prices what comes.
    fn switch_tariff(&mut self, tariff: &'t CompiledTariff, position: u16) -> Result<(), Failure> {
        if let Some((_, before)) = self.tariff {
            self.sum_up_to_here(before)?;
            self.sums.switch_tariff();
            self.dimensions.iter_mut().for_each(|dimension| dimension.last = None);
        }
        self.tariff = Some((position, tariff));
        self.moment = Moment::NEVER;
        Ok(())
    }

    /// Puts into the sums what was stated since the prices were found.
    fn sum_up_to_here(&mut self, tariff: &CompiledTariff) -> Result<(), Failure> {
        for dimension in self.dimensions.iter_mut().filter(|dimension| dimension.is_new) {
            if let Some(index) = dimension.component {
                let component = tariff.component(index).ok_or(Failure::Overflow)?;
                let more = dimension.volume.checked_sub(dimension.summed);
                self.sums.add(index, component, more.ok_or(Failure::Overflow)?)?;
            }
            dimension.summed = dimension.volume;
            dimension.is_new = false;
        }
        Ok(())
    }

    /// The components that price each dimension now: in a reservation its own, and unrestricted elements price nothing there.
    fn find_components(&mut self, reserving: bool) {
        self.reserving = reserving;
        let winner = |charge| self.moment.winners.component(charge);
        let components = if reserving {
            let expired = winner(Charge::ExpiredTime).filter(|_| self.expired);
            [None, None, None, expired.or_else(|| winner(Charge::ReservationTime))]
        } else {
            [winner(Charge::Energy), winner(Charge::Time), winner(Charge::Parking), None]
        };
        for (dimension, component) in self.dimensions.iter_mut().zip(components) {
            dimension.component = component;
        }
    }

    /// The fee that falls due in a period, of the session or of a reservation: each once, the ordinary one neither in a reservation nor
    /// where the reservation ran out unused.
    fn add_fee(&mut self, tariff: &CompiledTariff, line: &mut PricedPeriod) -> Result<(), Failure> {
        if self.sums.has_fee(self.reserving) || (!self.reserving && self.expired) {
            return Ok(());
        }
        let winner = |charge| self.moment.winners.component(charge);
        let fee = if self.reserving {
            let expired = winner(Charge::ExpiredFlat).filter(|_| self.expired);
            expired.or_else(|| winner(Charge::ReservationFlat))
        } else {
            winner(Charge::Flat)
        };
        let Some(index) = fee else { return Ok(()) };
        self.sums.add(index, tariff.component(index).ok_or(Failure::Overflow)?, 1)?;
        *(if self.reserving { &mut line.reservation_flat } else { &mut line.flat }) = fee;
        Ok(())
    }

    /// Ends the record: puts the last volumes into the sums, and lets the step sizes add to the last priced cell of each dimension
    /// under the last tariff.
    pub(super) fn finish(&mut self, lines: &mut [PricedPeriod]) -> Result<(), Failure> {
        let Some((_, tariff)) = self.tariff else { return Ok(()) };
        self.sum_up_to_here(tariff)?;
        if !self.policy.step_sizes {
            return Ok(());
        }
        for (column, dimension) in self.dimensions.iter_mut().enumerate() {
            let line = dimension.last.and_then(|at| lines.get_mut(at));
            let Some(cell) = line.and_then(|line| line.cell_mut(column)) else { continue };
            let index = cell.component.ok_or(Failure::Overflow)?;
            let component = tariff.component(index).ok_or(Failure::Overflow)?;
            let more = self.sums.step_surplus(component).ok_or(Failure::Overflow)?;
            if more != 0 {
                self.sums.add(index, component, more)?;
                cell.billed = cell.billed.checked_add(more).ok_or(Failure::Overflow)?;
                dimension.surplus = more;
            }
        }
        Ok(())
    }

    /// The totals within the bounds of `tariff`; `None` on overflow.
    pub(super) fn totals(&self, tariff: &CompiledTariff) -> Option<Totals> {
        self.sums.totals(&tariff.limits, true)
    }

    /// The priced record; `None` on overflow.
    pub(super) fn priced(
        &self,
        totals: Totals,
        duration: MicroSeconds,
        warnings: Warnings,
    ) -> Option<PricedCdr> {
        let [energy, time, parking, reservation] = &self.dimensions;
        let billed = |dimension: &Dimension| match dimension.total() {
            Some(volume) => volume.checked_add(dimension.surplus).map(Some),
            None => Some(None),
        };
        Some(PricedCdr {
            totals,
            duration,
            energy: energy.total().map(MicroWattHours::from_raw),
            time: time.total().map(MicroSeconds::from_raw),
            parking: parking.total().map(MicroSeconds::from_raw),
            reservation: reservation.total().map(MicroSeconds::from_raw),
            billed_energy: billed(energy)?.map(MicroWattHours::from_raw),
            billed_time: billed(time)?.map(MicroSeconds::from_raw),
            billed_parking: billed(parking)?.map(MicroSeconds::from_raw),
            warnings,
        })
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
    #[inline]
    fn of(stated: &Dimensions, length: i64, policy: &Policy) -> Self {
        let longest = length.max(0);
        let mut exceed = false;
        let mut snapped = |time: Option<MicroSeconds>| {
            let volume = policy.snapped(time?.raw(), length);
            exceed |= volume > longest;
            Some(volume)
        };
        let charging = snapped(stated.time);
        let parking = snapped(stated.parking);
        let reserved = snapped(stated.reservation);
        let energy = stated.energy.map(MicroWattHours::raw);
        Self { energy, charging, parking, reserved, exceed }
    }

    /// A reservation of nothing beside something else is a sender that writes out every dimension.
    #[inline]
    fn is_reservation(&self) -> bool {
        let others = self.energy.is_some() || self.charging.is_some() || self.parking.is_some();
        self.reserved.is_some_and(|volume| volume != 0 || !others)
    }
}
