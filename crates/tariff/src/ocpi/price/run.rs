//! A record being priced, period by period.

use super::super::cdr::{Dimensions, Period};
use super::super::warnings::Warnings;
use super::moment::{Moment, Place};
use super::{Cell, NamedTariff, Policy, PricedCdr, PricedPeriod, PricingError};
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

/// The state of a record being priced.
pub(super) struct Run {
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
    tariff: Option<u16>,
    /// What held at the begin of the period before.
    moment: Moment,
    expired: bool,
}

impl Run {
    pub(super) const fn new(policy: Policy, origin: Timestamp, expired: bool) -> Self {
        Self {
            policy,
            clock: LocalClock::new(),
            origin,
            energy: 0,
            sums: Sums::new(),
            volumes: [None; 4],
            surplus: [0; 4],
            tariff: None,
            moment: Moment::NEVER,
            expired,
        }
    }

    /// Prices a period that lasts until `end` by the tariff at `position`.
    pub(super) fn period<Z: Zone>(
        &mut self,
        tariff: &CompiledTariff,
        position: u16,
        period: &Period<'_>,
        end: Timestamp,
        zone: &Z,
    ) -> Result<PricedPeriod, Failure> {
        if self.tariff != Some(position) {
            if self.tariff.is_some() {
                self.sums.switch_tariff();
            }
            self.tariff = Some(position);
            self.moment = Moment::NEVER;
        }
        let (start, stated) = (period.start, &period.dimensions);
        let place = Place { origin: self.origin, at: start, energy: self.energy };
        if !self.moment.lasts(start, self.energy) || tariff.is_measured() {
            let missing = self.policy.missing_quantity;
            self.moment = Moment::at(tariff, &place, stated, missing, &mut self.clock, zone);
        }
        let length = end.unix_millis().saturating_sub(start.unix_millis());
        let volumes = Volumes::of(stated, length.saturating_mul(1_000), &self.policy);
        let reserving = volumes.is_reservation();
        let (flat, reservation_flat) = self.fees(tariff, reserving)?;
        let mut line = PricedPeriod {
            start,
            end,
            tariff: position,
            energy: self.cell(tariff, 0, self.charge(Charge::Energy, reserving), volumes.energy)?,
            time: self.cell(tariff, 1, self.charge(Charge::Time, reserving), volumes.charging)?,
            parking: self.cell(
                tariff,
                2,
                self.charge(Charge::Parking, reserving),
                volumes.parking,
            )?,
            reservation: None,
            flat,
            reservation_flat,
            warnings: Warnings::empty(),
        };
        if volumes.reserved.is_some() {
            let component = if reserving { self.reserved_component() } else { None };
            line.reservation = self.cell(tariff, 3, component, volumes.reserved)?;
        }
        let energy_after = match volumes.energy {
            Some(energy) => self.energy.checked_add(energy).ok_or(Failure::Overflow)?,
            None => self.energy,
        };
        if !reserving
            && self.moment.spans(tariff, &place, &line, energy_after, &mut self.clock, zone)
        {
            line.warnings |= Warnings::PERIOD_SPANS_PRICE_CHANGE;
        }
        if stated.unknown || stated.repeated || volumes.exceed {
            line.warnings.set(Warnings::UNKNOWN_DIMENSION, stated.unknown);
            line.warnings.set(Warnings::REPEATED_DIMENSION, stated.repeated);
            line.warnings.set(Warnings::TIME_EXCEEDS_PERIOD, volumes.exceed);
        }
        if tariff.undefined_window || tariff.is_measured() {
            let missing = tariff.is_measured() && tariff.misses(&self.moment.rows);
            line.warnings.set(Warnings::UNDEFINED_TIME_WINDOW, tariff.undefined_window);
            line.warnings.set(Warnings::MISSING_QUANTITY, missing);
        }
        self.energy = energy_after;
        Ok(line)
    }

    /// The component that prices a charge now; unrestricted elements price nothing in a reservation.
    fn charge(&self, charge: Charge, reserving: bool) -> Option<u16> {
        if reserving { None } else { self.moment.winners.component(charge) }
    }

    /// The component that prices reserved time now.
    fn reserved_component(&self) -> Option<u16> {
        let expired = self.moment.winners.component(Charge::ExpiredTime).filter(|_| self.expired);
        expired.or_else(|| self.moment.winners.component(Charge::ReservationTime))
    }

    /// Adds a volume with its price, and gives its cell.
    fn cell(
        &mut self,
        tariff: &CompiledTariff,
        column: usize,
        component: Option<u16>,
        volume: Option<i64>,
    ) -> Result<Option<Cell>, Failure> {
        let Some(volume) = volume else { return Ok(None) };
        if let Some(index) = component {
            let found = tariff.component(index).ok_or(Failure::Overflow)?;
            self.sums.add(index, found, volume)?;
        }
        if let Some(sum) = self.volumes.get_mut(column) {
            *sum = Some(sum.unwrap_or(0).checked_add(volume).ok_or(Failure::Overflow)?);
        }
        Ok(Some(Cell { component, volume, billed: volume }))
    }

    /// Fees that fall due in a period, of the session and of a reservation: each once, the ordinary one neither in a reservation nor
    /// where the reservation ran out unused.
    fn fees(
        &mut self,
        tariff: &CompiledTariff,
        reserving: bool,
    ) -> Result<(Option<u16>, Option<u16>), Failure> {
        if self.sums.has_fee(reserving) || (!reserving && self.expired) {
            return Ok((None, None));
        }
        let winner = |charge| self.moment.winners.component(charge);
        let fee = if reserving {
            let expired = winner(Charge::ExpiredFlat).filter(|_| self.expired);
            expired.or_else(|| winner(Charge::ReservationFlat))
        } else {
            winner(Charge::Flat)
        };
        let Some(index) = fee else { return Ok((None, None)) };
        self.sums.add(index, tariff.component(index).ok_or(Failure::Overflow)?, 1)?;
        Ok(if reserving { (None, fee) } else { (fee, None) })
    }

    /// Lets the step sizes add to the last priced cell of each dimension under the last tariff.
    pub(super) fn add_surplus(
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
            let index = cell.component.ok_or(Failure::Overflow)?;
            let component = tariff.component(index).ok_or(Failure::Overflow)?;
            *more = self.sums.step_surplus(component).ok_or(Failure::Overflow)?;
            if *more != 0 {
                self.sums.add(index, component, *more)?;
                cell.billed = cell.billed.checked_add(*more).ok_or(Failure::Overflow)?;
            }
        }
        Ok(())
    }

    /// The totals within the bounds of `tariff`; `None` on overflow.
    pub(super) fn totals(&self, tariff: &CompiledTariff) -> Option<Totals> {
        self.sums.totals(&tariff.limits, true)
    }

    /// The priced record; `None` on overflow.
    pub(super) fn sum_up(
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
    fn is_reservation(&self) -> bool {
        let others = self.energy.is_some() || self.charging.is_some() || self.parking.is_some();
        self.reserved.is_some_and(|volume| volume != 0 || !others)
    }
}
