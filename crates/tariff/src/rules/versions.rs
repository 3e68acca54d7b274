//! Versions of a tariff, each valid from an instant on, and sessions that a change falls into.

use super::CompiledTariff;
use super::meter::{
    Activity, CutPoint, Line, Meter, MeterError, MeterPiece, MeterPolicy, MeterReading,
};
use crate::time::{Timestamp, Zone};

/// A version of a tariff.
#[derive(Debug, Clone, Copy)]
pub struct TariffVersion<'a> {
    /// What the bill calls it.
    pub number: u32,
    /// First instant it is valid; it ends where the next one begins.
    pub from: Timestamp,
    /// The tariff.
    pub tariff: &'a CompiledTariff,
}

/// What becomes of a session that a change of version falls into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VersionPolicy {
    /// The version of its begin prices all of it. OCPI's default, for the sake of consumer law.
    KeepFirst,
    /// Each version prices what falls into its time. Fees fall due once, thresholds count from the begin of the session, and step sizes
    /// do not act across the change.
    Split,
}

/// Why versions cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VersionError {
    /// The list must be ascending by begin.
    #[error("version {index} does not begin after the one before")]
    Order {
        /// Its place in the list.
        index: usize,
    },
    /// No version is valid at the begin of the session.
    #[error("no version is valid at {at}")]
    NoneValid {
        /// The instant.
        at: Timestamp,
    },
    /// The meter refused.
    #[error(transparent)]
    Meter(#[from] MeterError),
}

/// A [`Meter`] that knows which version prices what. The versions are passed to every call, as tariffs are to a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionedMeter {
    meter: Meter,
    policy: VersionPolicy,
    /// Place of the version in force; `None` before the first reading.
    version: Option<usize>,
}

impl VersionedMeter {
    /// A session without readings.
    #[must_use]
    pub const fn new(policy: VersionPolicy, metering: MeterPolicy, activity: Activity) -> Self {
        Self { meter: Meter::new(metering, activity), policy, version: None }
    }

    /// The meter.
    #[must_use]
    pub const fn meter(&self) -> &Meter {
        &self.meter
    }

    /// The version in force.
    #[must_use]
    pub fn version<'v, 'a>(
        &self,
        versions: &'v [TariffVersion<'a>],
    ) -> Option<&'v TariffVersion<'a>> {
        versions.get(self.version?)
    }

    /// Takes a reading; tells of every piece with the number of the version that priced it. Where a version begins between two readings
    /// the register is interpolated.
    ///
    /// # Errors
    /// [`VersionError`]; then nothing has changed.
    pub fn handle_reading<Z: Zone>(
        &mut self,
        versions: &[TariffVersion<'_>],
        zone: &Z,
        reading: MeterReading,
        on_piece: impl FnMut(u32, MeterPiece),
    ) -> Result<(), VersionError> {
        let mut after = *self;
        after.take(versions, zone, reading, on_piece)?;
        *self = after;
        Ok(())
    }

    /// As [`Meter::handle_activity`].
    ///
    /// # Errors
    /// [`VersionError`].
    pub fn handle_activity<Z: Zone>(
        &mut self,
        versions: &[TariffVersion<'_>],
        zone: &Z,
        at: Timestamp,
        activity: Activity,
    ) -> Result<(), VersionError> {
        let version = self.version(versions).ok_or(MeterError::NoReading)?;
        Ok(self.meter.handle_activity(version.tariff, zone, at, activity)?)
    }

    /// As [`Meter::finish`].
    ///
    /// # Errors
    /// [`VersionError`].
    pub fn finish<Z: Zone>(
        &mut self,
        versions: &[TariffVersion<'_>],
        zone: &Z,
        at: Timestamp,
        mut on_piece: impl FnMut(u32, MeterPiece),
    ) -> Result<(), VersionError> {
        let mut after = *self;
        let [_, (_, register)] = after.meter.readings();
        after.take(versions, zone, MeterReading::new(at, register), &mut on_piece)?;
        let version = after.version(versions).ok_or(MeterError::NoReading)?;
        after
            .meter
            .finish_with(version.tariff, zone, at, |piece| on_piece(version.number, piece))?;
        *self = after;
        Ok(())
    }

    fn take<Z: Zone>(
        &mut self,
        versions: &[TariffVersion<'_>],
        zone: &Z,
        reading: MeterReading,
        mut on_piece: impl FnMut(u32, MeterPiece),
    ) -> Result<(), VersionError> {
        let unordered = versions.windows(2).position(|pair| match pair {
            [first, second] => first.from >= second.from,
            _ => false,
        });
        if let Some(index) = unordered {
            return Err(VersionError::Order { index: index + 1 });
        }
        let mut place = match self.version {
            Some(place) => place,
            None => {
                let valid = versions.partition_point(|version| version.from <= reading.at);
                valid.checked_sub(1).ok_or(VersionError::NoneValid { at: reading.at })?
            }
        };
        let none = VersionError::NoneValid { at: reading.at };
        let splits = self.policy == VersionPolicy::Split && self.version.is_some();
        let next =
            |place: usize| versions.get(place + 1).filter(|next| splits && next.from <= reading.at);
        let policy = self.meter.policy();
        while policy.cut_at == CutPoint::PriceChange
            && let Some(next) = next(place)
        {
            let version = versions.get(place).ok_or(none)?;
            let [_, last] = self.meter.readings();
            let line = Line::new(last, (reading.at, reading.register))?;
            let register = line.register_at(next.from, policy.cut).ok_or(MeterError::Overflow)?;
            let at_change = MeterReading { at: next.from, register, ..reading };
            self.meter.handle_reading_with(version.tariff, zone, at_change, |piece| {
                on_piece(version.number, MeterPiece { interpolated: true, ..piece });
            })?;
            self.meter.switch_tariff(next.tariff, zone)?;
            place += 1;
        }
        let version = versions.get(place).ok_or(none)?;
        self.meter.handle_reading_with(version.tariff, zone, reading, |piece| {
            on_piece(version.number, piece);
        })?;
        // Where only readings may cut, the interval kept the version it began with.
        while let Some(next) = next(place) {
            self.meter.switch_tariff(next.tariff, zone)?;
            place += 1;
        }
        self.version = Some(place);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::quantity::MicroWattHours;
    use crate::rules::{Charge, Component, Conditions, Limits, Rule};
    use crate::tax::Tax;
    use crate::time::FixedOffset;

    fn tariff(energy: &str, fee: &str) -> CompiledTariff {
        let component = |charge, price: &str| Component {
            charge,
            price: price.parse().unwrap(),
            tax: Tax::NotApplicable,
            step: 1,
            rule: 0,
            position: 0,
        };
        let components = [component(Charge::Energy, energy), component(Charge::Flat, fee)];
        let rule = Rule { conditions: Conditions::default(), components: &components };
        CompiledTariff::new(&[rule], Limits::default()).unwrap()
    }

    #[test]
    fn a_change_in_the_middle_is_kept_or_split() {
        let (old, new) = (tariff("0.30", "1"), tariff("0.50", "2"));
        let at = |hours: i64| Timestamp::from_unix_seconds(hours * 3_600);
        let versions = [
            TariffVersion { number: 7, from: at(0), tariff: &old },
            TariffVersion { number: 8, from: at(11), tariff: &new },
        ];
        let wh = |wh| MicroWattHours::from_wh(wh).unwrap();
        for (policy, total, numbers) in
            [(VersionPolicy::KeepFirst, "4", &[7][..]), (VersionPolicy::Split, "5", &[7, 8][..])]
        {
            let mut meter = VersionedMeter::new(policy, MeterPolicy::default(), Activity::Charging);
            let mut priced = Vec::new();
            for (hours, register) in [(10, 0), (12, 10_000)] {
                let reading = MeterReading::new(at(hours), wh(register));
                meter
                    .handle_reading(&versions, &FixedOffset::UTC, reading, |n, _| priced.push(n))
                    .unwrap();
            }
            meter.finish(&versions, &FixedOffset::UTC, at(13), |n, _| priced.push(n)).unwrap();
            let version = meter.version(&versions).unwrap();
            let found = meter.meter().totals(version.tariff).unwrap().total.unwrap().excl.unwrap();
            assert_eq!(alloc::format!("{found}"), total, "{policy:?}");
            priced.dedup();
            assert_eq!(priced, numbers, "{policy:?}");
        }
        let early = MeterReading::new(at(-1), wh(0));
        let mut meter =
            VersionedMeter::new(VersionPolicy::Split, MeterPolicy::default(), Activity::Charging);
        let refused = meter.handle_reading(&versions, &FixedOffset::UTC, early, |_, _| {});
        assert_eq!(refused, Err(VersionError::NoneValid { at: at(-1) }));
    }
}
